# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl explain for clients, with seeds and many times; and a server answers the same."""

import re

from steer.chance import p_value
from steer.explainstory import WWW, ExplainStory, values_of
from steer.policystory import A, UNLIKELY
from steer.wire import EDNS_1232, NOERROR, TYPES, labels


class ClientsAndDraws(ExplainStory):
    OWN = ("own.example.com", "A")

    def test_who_counts_as_the_client_and_the_scope(self):
        for words, by, prefix, scope in (
                ((), "nothing", None, 0),
                (("--from", "203.0.113.9"), "source", "203.0.113.9/32", 0),
                (("--ecs", "198.51.100.77/24"), "subnet", "198.51.100.0/24", 24),
                (("--from", "203.0.113.9", "--ecs", "198.51.100.0/20"), "subnet",
                 "198.51.96.0/20", 24),
                (("--ecs", "2001:db8:1:2::/64"), "subnet", "2001:db8:1:2::/64", 56),
                (("--from", "203.0.113.9", "--ecs", "10.1.2.0/24"), "source", "203.0.113.9/32", 8),
                (("--from", "2001:db8::7"), "source", "2001:db8::7/128", 0)):
            with self.subTest(words):
                said = self.said(*self.OWN, *words)
                self.assertEqual((said["client"], said["scope"]),
                                 ({"by": by, "prefix": prefix}, scope))
                self.assertEqual(self.said(*WWW, *words)["scope"], 0)
                text = self.ok("explain", *self.OWN, *words).splitlines()
                self.assertRegex(text[0], f", client {f'{by} {prefix}' if prefix else 'unknown'}, ")
                self.assertEqual(text[-1], f"NOERROR, answer, scope {scope}")

    def test_a_sticky_client_keeps_its_answer(self):
        seen = set()
        for network in range(40):
            hosts = (f"198.51.{network}.{host}/32" for host in (1, 200))
            answers = {tuple(values_of(self.said(*self.OWN, "--ecs", host))) for host in hosts}
            self.assertEqual(len(answers), 1)
            seen |= answers
        self.assertEqual(seen, {("192.0.2.1",), ("192.0.2.2",)})

    def test_a_seed_repeats_the_draws(self):
        once, again = ([self.ok("explain", *WWW, "--seed", str(seed)) for seed in range(40)]
                       for _ in range(2))
        self.assertEqual(once, again)
        self.assertEqual({tuple(values_of(self.said(*WWW, "--seed", str(seed))))
                          for seed in range(40)},
                         {("192.0.2.1",), ("192.0.2.2",), ("192.0.2.80",)})
        said = self.said(*WWW)
        again = self.said(*WWW, "--seed", str(said["seed"]))
        self.assertEqual(again, said)
        self.assertNotEqual(len({self.said(*WWW)["seed"] for _ in range(5)}), 1)

    def test_samples_have_the_shares_of_the_weights(self):
        count = 20000
        for words in (WWW, ("example.com", "A")):
            said = self.sampled(*words, "--samples", str(count))
            self.assertEqual(said["samples"], count)
            counts = {" ".join(one["answer"]): one["count"] for one in said["outcomes"]}
            self.assertEqual(sum(counts.values()), count)
            self.assertEqual(list(counts.values()), sorted(counts.values(), reverse=True))
            self.assertGreater(p_value(counts, {"192.0.2.1": 90 / 180, "192.0.2.2": 30 / 180,
                                                "192.0.2.80": 60 / 180}), UNLIKELY, counts)
        self.down("a")
        counts = {" ".join(one["answer"]): one["count"]
                  for one in self.sampled(*WWW, "--samples", str(count))["outcomes"]}
        self.assertGreater(p_value(counts, {"192.0.2.2": 1 / 3, "192.0.2.80": 2 / 3}), UNLIKELY)

    def test_samples_are_those_of_the_seeds_that_follow(self):
        said = self.sampled(*WWW, "--seed", "100", "--samples", "30")
        self.assertEqual(said["seed"], 100)
        counts = {}
        for seed in range(100, 130):
            answer = " ".join(values_of(self.said(*WWW, "--seed", str(seed))))
            counts[answer] = counts.get(answer, 0) + 1
        self.assertEqual(counts, {" ".join(one["answer"]): one["count"]
                                  for one in said["outcomes"]})

    def test_samples_as_text(self):
        self.assertEqual(self.ok("explain", "many.example.com", "A", "--samples", "8"),
                         "100.00 %         8  192.0.2.1, 192.0.2.2, 192.0.2.3\n")
        self.assertEqual(self.ok("explain", "missing.example.com", "A", "--samples", "8"),
                         "100.00 %         8  NXDOMAIN, no such name\n")
        self.assertEqual(self.ok("explain", "far.example.com", "A", "--samples", "8"),
                         "100.00 %         8  SERVFAIL, alias target not resolved yet\n")
        self.assertEqual(self.ok("explain", "links.example.com", "A", "--samples", "1"),
                         "100.00 %         1  turn.example.com., 192.0.2.11\n")

    def test_answers_as_frequent_stand_in_order(self):
        """One of the two is a prefix of the other."""
        self.bring(self.store_of_zones, """
            zone: two.test
            records:
              www:
                type: A
                policy: weighted
                sets:
                  a: {weight: 1, values: [192.0.2.1, 192.0.2.2]}
                  b: {weight: 1, values: [192.0.2.1]}
        """)
        both = [said for seed in range(40) if len(said := self.sampled(
            "www.two.test", "A", "--seed", str(seed), "--samples", "2")["outcomes"]) == 2]
        self.assertGreater(len(both), 5)
        for outcomes in both:
            self.assertEqual([one["answer"] for one in outcomes],
                             [["192.0.2.1"], ["192.0.2.1", "192.0.2.2"]])

    def test_wrong_options(self):
        for words, allowed in (
                (("--from", "192.0.2"), "'192.0.2' is not an address; allowed: IPv4 or IPv6"),
                (("--from", "192.0.2.0/24"), "is not an address; allowed: IPv4 or IPv6"),
                (("--ecs", "192.0.2.0/33"), "is not a prefix; allowed: one such as 192.0.2.0/24"),
                (("--ecs", "2001:db8::/129"), "is not a prefix; allowed"),
                (("--ecs", "192.0.2.0/"), "is not a prefix; allowed"),
                (("--ecs", "192.0.2.0/024"), "is not a prefix; allowed"),
                (("--seed", "-1"), "'-1' is not a seed; allowed: 0 to 9007199254740991"),
                (("--seed", "9007199254740992"), "is not a seed; allowed: 0 to"),
                (("--samples", "0"), "'0' is not a number of samples; allowed: 1 to 1000000"),
                (("--samples", "1000001"), "is not a number of samples; allowed: 1 to 1000000"),
                (("--zone", "x"), "--zone"), (("more",), "explain NAME TYPE")):
            with self.subTest(words):
                result = self.store_of_zones.run("explain", *WWW, *words)
                self.assert_status(result, 2, re.escape(allowed))
                self.assertEqual(result.out, "")
        self.assert_status(self.store_of_zones.run("explain", "www.example.com"), 2)
        self.assert_status(self.store_of_zones.run("explain", "www.example.com", "WHAT"), 2, "WHAT")
        self.assert_status(self.store_of_zones.run("explain", "..", "A"), 2)


class TheServerAgrees(ExplainStory):
    """Where only one answer is possible; which of several a server draws, no seed tells."""
    QUESTIONS = [(name, rrtype) for name in (
        "example.com.", "plain.example.com.", "turn.example.com.", "many.example.com.",
        "zero.example.com.", "links.example.com.", "way.example.com.", "x.any.example.com.",
        "y.x.any.example.com.", "any.example.com.", "far.example.com.", "none.example.com.",
        "only.example.com.", "undefined.example.com.", "missing.example.com.", "www.example.com.")
                 for rrtype in ("A", "AAAA", "MX", "CNAME", "TXT", "NS")]

    def expected(self, name, rrtype):
        """Codes and answers of many samples."""
        said = self.sampled(name, rrtype, "--samples", "200", "--seed", "1")
        return {(one["rcode"], tuple(one["answer"])) for one in said["outcomes"]}

    def agree(self, host):
        """Compares with a server; returns the number of questions with only one answer."""
        single = 0
        for name, rrtype in self.QUESTIONS:
            expected = self.expected(name, rrtype)
            if len(expected) > 1:
                continue
            single += 1
            (rcode, values), = expected
            said = self.said(name, rrtype)
            answer = self.ask(host, name, TYPES[rrtype], EDNS_1232)
            with self.subTest(f"{name} {rrtype}"):
                self.assertEqual(answer.rcode,
                                 {"NOERROR": NOERROR, "NXDOMAIN": 3, "SERVFAIL": 2}[rcode])
                self.assertEqual(len(answer.answer), len(values), answer)
                for section in ("answer", "authority"):
                    self.assertEqual(
                        {(labels(event["name"]), TYPES[event["type"]], event["ttl"])
                         for event in said["events"] if event.get("put") == section},
                        {(rr[0], rr[1], rr[3]) for rr in getattr(answer, section)})
                self.assertEqual(sorted(one for one in values if re.fullmatch(r"[\d.]+", one)),
                                 sorted(".".join(map(str, rr[4])) for rr in answer.answer
                                        if rr[1] == A))
                self.assertEqual(said.get("extended_error"),
                                 answer.extended_error() if rcode == "SERVFAIL" else None)
        return single

    def test_before_and_after_failover(self):
        host = self.host(store=self.store_of_zones.directory).start()
        self.assertGreater(self.agree(host), 80)
        self.ok("health", "force", "a", "down")
        self.until_answered(host, "turn.example.com.", "192.0.2.12")
        self.assertGreater(self.agree(host), 80)
        self.ok("health", "force", "b", "down")
        self.until_answered(host, "turn.example.com.", "192.0.2.11")
        self.assertGreater(self.agree(host), 80)
        self.assertEqual(self.expected("only.example.com.", "A"), {("SERVFAIL", ())})
