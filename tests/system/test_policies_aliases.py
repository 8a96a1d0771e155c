# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases on a server: the apex, wildcards, other zones, chains, targets that nobody here has."""

from steer.client import ask
from steer.policystory import A, PolicyStory, address, addresses
from steer.wait import until
from steer.wire import EDNS_1232, NOERROR, SERVFAIL, TYPES, labels, name_of

CNAME, MX, NS, SOA, TXT = (TYPES[one] for one in ("CNAME", "MX", "NS", "SOA", "TXT"))

ZONES = """
    zone: example.com
    ttl: 300
    records:
      "@":
        - {type: A, alias: lb}
        - {type: MX, values: ["10 mail"]}
      mail: {type: A, values: [192.0.2.25]}
      lb:
        - type: A
          ttl: 60
          policy: weighted
          sets:
            a: {health: a, values: [192.0.2.1]}
            b: {health: b, values: [192.0.2.2]}
        - {type: MX, values: ["20 mail"]}
      "*.any": {type: A, alias: lb}
      under: {type: A, alias: deep.down.any}
      post: {type: MX, alias: lb}
      links:
        type: CNAME
        policy: weighted
        ttl: 40
        sets:
          a: {health: a, values: [one.example.org.]}
          b: {health: b, values: [two.example.org.]}
      way: {type: A, alias: links}
      named: {type: CNAME, alias: links}
      beyond: {type: A, alias: www.example.org.}
      none: {type: A, alias: nothing}
      empty: {type: TXT, alias: lb}
      both:
        type: A
        policy: [up, weighted]
        sets:
          near: {weight: 1, values: [192.0.2.1]}
          far: {weight: 1, alias: lb}
          dead: {weight: 1, alias: nothing}
          lost: {weight: 1, alias: www.elsewhere.invalid.}
    ---
    zone: example.org
    ttl: 20
    records:
      one: {type: A, ttl: 50, values: [198.51.100.1]}
      two: {type: A, ttl: 50, values: [198.51.100.2]}
      www: {type: A, values: [198.51.100.3], ttl: 3600}
      old: {type: DNAME, values: [new]}
      host.new: {type: A, ttl: 50, values: [198.51.100.4]}
      through: {type: A, alias: host.old}
    ---
    health: {a: {type: manual}, b: {type: manual}}
"""


def chain_of(count):
    """A zone with a chain of that many aliases and an address at the end."""
    return "zone: deep.test\nrecords:\n" + "".join(
        f"  a{n}: {{type: A, alias: a{n + 1}}}\n" for n in range(count)) + \
        f"  a{count}: {{type: A, values: [192.0.2.1]}}\n"


class AliasesAreFollowed(PolicyStory):

    def assert_alias(self, answer, name, ttl, *values):
        """One RRset owned by the QNAME, with these addresses."""
        self.assertEqual(answer.rcode, NOERROR, answer)
        self.assertTrue(answer.aa)
        self.assertEqual({(rr[0], rr[1], rr[3]) for rr in answer.answer},
                         {(labels(name), A, ttl)}, answer)
        self.assertIn(addresses(answer), values)

    def test_at_the_apex_beside_soa_ns_and_mx(self):
        _, host = self.served_policies(ZONES)
        for _ in range(30):
            self.assert_alias(self.ask(host, "example.com."), "example.com.", 60,
                              "192.0.2.1", "192.0.2.2")
        for rrtype in (SOA, NS, MX):
            answer = self.ask(host, "example.com.", rrtype)
            self.assertEqual([rr[1] for rr in answer.answer], [rrtype])
        self.assertEqual(self.ask(host, "example.com.", TXT).authority[0][1], SOA)

    def test_at_a_wildcard_and_of_a_name_that_a_wildcard_covers(self):
        _, host = self.served_policies(ZONES)
        for name in ("x.any.example.com.", "x.y.any.example.com.", "under.example.com."):
            self.assert_alias(self.ask(host, name), name, 60, "192.0.2.1", "192.0.2.2")

    def test_in_another_zone_with_its_ttl(self):
        _, host = self.served_policies(ZONES)
        self.assert_alias(self.ask(host, "beyond.example.com."), "beyond.example.com.", 3600,
                          "198.51.100.3")

    def test_with_several_records_that_get_a_smaller_ttl(self):
        texts = '"one", "one and two", "three"'
        _, host = self.served_policies(f"""
            zone: example.com
            ttl: 300
            records:
              many: {{type: A, alias: short}}
              words: {{type: TXT, alias: short}}
              short: {{type: CNAME, ttl: 30, values: [far]}}
              far:
                - {{type: A, values: [192.0.2.1, 192.0.2.2, 192.0.2.3]}}
                - {{type: TXT, values: ['{texts.replace(", ", "', '")}']}}
        """)
        for _ in range(2):
            self.assert_alias(self.ask(host, "many.example.com."), "many.example.com.", 30,
                              "192.0.2.1 192.0.2.2 192.0.2.3")
            answer = self.ask(host, "words.example.com.", TXT)
            self.assertEqual({rr[3] for rr in answer.answer}, {30})
            self.assertEqual(answer.values(TXT), {b"\3one", b"\x0bone and two", b"\5three"})

    def test_of_its_own_type_alone(self):
        _, host = self.served_policies(ZONES)
        answer = self.ask(host, "post.example.com.", MX)
        self.assertEqual([(rr[0], rr[1]) for rr in answer.answer],
                         [(labels("post.example.com."), MX)])
        self.assertEqual({address(rr[4]) for rr in answer.additional if rr[1] == A},
                         {"192.0.2.25"})
        self.assertEqual(self.ask(host, "post.example.com.").answer, [])

    def test_along_a_cname_group_and_a_dname(self):
        store, host = self.served_policies(ZONES)
        self.assert_alias(self.ask(host, "way.example.com."), "way.example.com.", 40,
                          "198.51.100.1", "198.51.100.2")
        self.assert_alias(self.ask(host, "through.example.org."), "through.example.org.", 20,
                          "198.51.100.4")
        store.ok("health", "report", "a", "down")
        # One answer of the other set is chance; so many, with the first one up, are not.
        until("a being down", lambda: all(
            addresses(self.ask(host, "lb.example.com.")) == "192.0.2.2" for _ in range(30)))
        for _ in range(30):
            self.assert_alias(self.ask(host, "way.example.com."), "way.example.com.", 40,
                              "198.51.100.2")

    def test_a_cname_group_is_followed_in_hosted_zones(self):
        _, host = self.served_policies(ZONES)
        for name in ("links.example.com.", "named.example.com."):
            seen = set()
            for _ in range(60):
                answer = self.ask(host, name)
                first, second = answer.answer
                self.assertEqual((first[0], first[1], first[3]), (labels(name), CNAME, 40))
                self.assertEqual((second[0], second[1], second[3]), (name_of(first[4]), A, 50))
                seen.add(addresses(answer))
            self.assertEqual(seen, {"198.51.100.1", "198.51.100.2"})

    def test_a_name_has_one_cname_each_time_it_is_asked_for(self):
        """Rule G9; its program keeps both."""
        _, host = self.served_policies("""
            zone: example.com
            records:
              both:
                type: CNAME
                policy: [up]
                sets:
                  a: {values: [one.example.org.]}
                  b: {values: [two.example.org.]}
        """)
        for _ in range(3):
            answer = self.ask(host, "both.example.com.", CNAME)
            self.assertEqual([name_of(rr[4]) for rr in answer.answer], [labels("one.example.org.")])

    def test_without_data_they_answer_nodata_with_the_soa_of_their_zone(self):
        _, host = self.served_policies(ZONES)
        for name, rrtype in (("none", A), ("empty", TXT)):
            answer = self.ask(host, f"{name}.example.com.", rrtype)
            self.assertEqual((answer.rcode, answer.answer), (NOERROR, []))
            self.assertEqual([(rr[0], rr[1]) for rr in answer.authority],
                             [(labels("example.com."), SOA)])

    def test_of_several_sets_those_answer_that_can(self):
        _, host = self.served_policies(ZONES)
        for _ in range(30):
            self.assertIn(addresses(self.ask(host, "both.example.com.")),
                          ("192.0.2.1", "192.0.2.1 192.0.2.2"))

    def test_to_a_depth_of_sixteen(self):
        store, host = self.served_policies(chain_of(16))
        self.assert_alias(self.ask(host, "a0.deep.test."), "a0.deep.test.", 3600, "192.0.2.1")
        self.bring(store, chain_of(17))
        answer = self.served(host, "a0.deep.test.", A, SERVFAIL)
        self.assertEqual(answer.answer, [])
        self.assertEqual(self.ask(host, "a0.deep.test.", edns=EDNS_1232).extended_error(), 0)
        self.assert_alias(self.ask(host, "a1.deep.test."), "a1.deep.test.", 3600, "192.0.2.1")

    def test_loops_are_refused_with_their_chain(self):
        store, host = self.served_policies(chain_of(3))
        file = self.file("loop.yaml", "zone: deep.test\nrecords:\n"
                                      "  a3: {type: A, alias: a1}\n")
        refused = store.run("import", "--merge", file)
        self.assert_status(refused, 1, r"a1\.deep\.test.*a2\.deep\.test.*a3\.deep\.test")
        self.assertEqual(addresses(self.ask(host, "a0.deep.test.")), "192.0.2.1")


class TargetsOfNobodyHere(PolicyStory):

    def test_are_answered_as_the_status_says(self):
        store, host = self.served_policies("""
            zone: example.com
            records:
              "@": {type: A, alias: lb.elsewhere.invalid.}
              both:
                type: A
                policy: failover
                sets:
                  far: {tier: 0, alias: lb.elsewhere.invalid.}
                  near: {tier: 1, values: [192.0.2.1]}
              sub: {type: NS, values: [ns.elsewhere.invalid.]}
              cut: {type: A, alias: www.sub}
        """)
        with self.subTest("not resolved yet"):
            for name in ("example.com.", "cut.example.com."):
                answer = self.ask(host, name, edns=EDNS_1232)
                self.assertEqual((answer.rcode, answer.answer, answer.extended_error()),
                                 (SERVFAIL, [], 14))
            self.assertEqual(addresses(self.ask(host, "both.example.com.")), "192.0.2.1")
        with self.subTest("resolved"):
            self.know(store, ("lb.elsewhere.invalid.", 55, "203.0.113.1", "203.0.113.2"),
                      ("www.sub.example.com.", 5, "203.0.113.3"))
            answer = self.served(host, "example.com.", A)
            self.assertEqual({(rr[0], rr[3]) for rr in answer.answer},
                             {(labels("example.com."), 55)})
            self.assertEqual(addresses(answer), "203.0.113.1 203.0.113.2")
            self.until_answered(host, "cut.example.com.", "203.0.113.3")
            self.until_answered(host, "both.example.com.", "203.0.113.1 203.0.113.2")
        with self.subTest("resolved to nothing"):
            self.know(store, ("lb.elsewhere.invalid.", 55))
            self.until_answered(host, "both.example.com.", "192.0.2.1")
            answer = self.ask(host, "example.com.")
            self.assertEqual((answer.rcode, answer.answer, answer.authority[0][1]),
                             (NOERROR, [], SOA))
        with self.subTest("forgotten"):
            self.know(store, ("lb.elsewhere.invalid.", None))
            self.served(host, "example.com.", A, SERVFAIL)
        with self.subTest("hosted now"):
            self.bring(store, "zone: elsewhere.invalid\n"
                              "records: {lb: {type: A, values: [192.0.2.9]}}\n")
            self.until_answered(host, "example.com.", "192.0.2.9")

    def test_that_an_overlay_lacks(self):
        store, host = self.served_policies("""
            zone: over.test
            mode: overlay
            records:
              held: {type: A, values: [192.0.2.1]}
              other: {type: AAAA, values: ["2001:db8::1"]}
            ---
            zone: example.com
            records:
              held: {type: A, alias: held.over.test.}
              lacks: {type: A, alias: lacks.over.test.}
              other: {type: A, alias: other.over.test.}
        """)
        self.assertEqual(addresses(self.ask(host, "held.example.com.")), "192.0.2.1")
        for word, known in (("lacks", "203.0.113.1"), ("other", "203.0.113.2")):
            self.assertEqual(self.ask(host, f"{word}.example.com.").rcode, SERVFAIL)
            self.know(store, (f"{word}.over.test.", 5, known))
            self.until_answered(host, f"{word}.example.com.", known)


class InAnOverlay(PolicyStory):

    def test_without_data_they_have_the_soa_of_the_hosts_zone(self):
        """Its TTL is the smaller one of the SOA's own and its minimum (RFC 2308, section 3)."""
        soas = {"long.test.": (3600, 300), "short.test.": (200, 300), "even.test.": (300, 300)}
        zones = {apex: self.file(f"{apex}zone", f"{apex} {ttl} SOA ns.{apex} admin.{apex} 1 3600 "
                                 f"600 86400 {minimum}\n{apex} 60 NS ns.example.net.\n")
                 for apex, (ttl, minimum) in soas.items()}
        store = self.policies("zone: example.com\n" + "".join(
            f"---\nzone: {apex}\nmode: overlay\n"
            "records: {none: {type: A, alias: nothing.example.com.}}\n" for apex in soas))
        host = self.host(store=store.directory, zones=zones).start()
        for apex, (ttl, minimum) in soas.items():
            own = ask(host, labels(apex), SOA).answer
            self.assertEqual([rr[3] for rr in own], [ttl])
            for tcp in (False, True):
                with self.subTest(apex, tcp=tcp):
                    answer = ask(host, labels(f"none.{apex}"), A, tcp=tcp)
                    self.assertEqual((answer.rcode, answer.aa, answer.answer),
                                     (NOERROR, True, []))
                    self.assertEqual(answer.authority,
                                     [(*own[0][:3], min(ttl, minimum), own[0][4])])
