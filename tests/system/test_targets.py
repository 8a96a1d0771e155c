# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases of names outside: what they answer, where they stand, and what is asked for them."""

from steer.case import zone_text
from steer.targets import silent
from steer.targetstory import NO_DATA, NOT_READY, TargetStory, as_shown
from steer.wait import until
from steer.wire import TYPES, labels

APEXES = "target.test.", "other.test."
HOST, FAR, NEAR = "host.target.test.", "far.target.test.", "near.other.test."
RECORDS = ("A 192.0.2.1", "A 192.0.2.2", "AAAA 2001:db8::1", "MX 10 mail.target.test.",
           'TXT "one" "two"', "HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1")
LATER = ("A 192.0.2.3", "AAAA 2001:db8::3", "AAAA 2001:db8::4", "MX 20 mail.target.test.",
         'TXT "three"', "HTTPS 1 . alpn=h3")


class Places(TargetStory):
    """Everywhere where an alias can stand, of whatever type."""

    TYPES = "A", "AAAA", "MX", "TXT", "HTTPS"

    def check(self, knot, questions, records):
        for name, rrtype in questions:
            with self.subTest(name, type=rrtype):
                self.until_shown(knot, name, as_shown(records, rrtype), rrtype)
                answer = self.ask(knot, name, TYPES[rrtype])
                self.assertEqual({(rr[0], rr[1], rr[3]) for rr in answer.answer},
                                 {(labels(name), TYPES[rrtype], 1)})
                self.assertTrue(answer.aa)

    def test_of_any_type(self):
        targets = self.targets(*APEXES)
        targets.set(HOST, *RECORDS)
        targets.set(NEAR, f"CNAME {HOST}")
        targets.start()
        store, knot, daemon = self.resolving(targets, f"""
            zone: example.com
            records:
              "@": [{", ".join(f"{{type: {rrtype}, alias: {HOST}}}" for rrtype in self.TYPES)}]
              "*.any": {{type: A, alias: {HOST}}}
              canonical: {{type: CNAME, values: [{HOST}]}}
              named: {{type: A, alias: canonical}}
              old: {{type: DNAME, values: [target.test.]}}
              below: {{type: A, alias: host.old}}
              chained: {{type: A, alias: {NEAR}}}
              alias: {{type: CNAME, alias: {NEAR}}}
        """)
        zone = zone_text("example.org.", f"@ ALIAS {HOST}", f"www ALIAS {HOST}",
                         r"number TYPE65401 \# 18 04686f7374067461726765740474657374 00")
        store.ok("import", "--zone", "example.org.", self.file("example.org.zone", zone))
        single = ("named.example.com.", "below.example.com.", "chained.example.com.",
                  "x.any.example.com.", "y.any.example.com.")
        questions = [("example.com.", rrtype) for rrtype in self.TYPES]
        questions += [(name, "A") for name in single]
        questions += [(f"{name}example.org.", rrtype) for name in ("", "www.", "number.")
                      for rrtype in ("A", "AAAA")]
        self.check(knot, questions, RECORDS)
        self.until_shown(knot, "alias.example.com.", HOST, "CNAME")
        targets.set(HOST, *LATER)
        self.check(knot, questions, LATER)
        targets.set(NEAR, f"CNAME {FAR}")
        self.until_shown(knot, "alias.example.com.", FAR, "CNAME")
        self.assert_calm(daemon, 1)

    def test_at_the_apex_of_an_overlay(self):
        targets = self.targets(*APEXES).start()
        targets.set(HOST, *RECORDS)
        zone = self.file("over.zone", zone_text("over.test.", "@ MX 10 mail", "www A 192.0.2.9"))
        _, knot, _ = self.resolving(targets, f"""
            zone: over.test
            mode: overlay
            records:
              "@": {{type: A, alias: {HOST}}}
        """, zones={"over.test.": zone})
        self.check(knot, [("over.test.", "A")], RECORDS)
        self.assertEqual(self.shown(knot, "over.test.", "MX"), "10 mail.over.test.")
        targets.set(HOST, *LATER)
        self.check(knot, [("over.test.", "A")], LATER)
        targets.set(HOST)
        self.until_shown(knot, "over.test.", NO_DATA)
        self.assertEqual(self.ask(knot, "over.test.").authority[0][0], labels("over.test."))


class Trees(TargetStory):

    def test_failover_between_two_names(self):
        """To the second name while the first one has nothing, or cannot be resolved at all."""
        targets = self.targets(*APEXES)
        targets.set(FAR, "A 192.0.2.1")
        targets.set(NEAR, "A 192.0.2.2")
        targets.start()
        tree = "".join(f"""
              {name}:
                type: A
                policy: failover
                sets:
                  first: {{failover: primary, alias: {first}}}
                  second: {{failover: secondary, alias: {NEAR}}}
        """ for name, first in (("www", FAR), ("never", "never.target.test.")))
        targets.misbehave("never.target.test.", silent)
        _, knot, _ = self.resolving(targets, f"zone: example.com\nrecords:\n{tree}",
                                    target_empty_hold="0s")
        self.until_shown(knot, "www.example.com.", "192.0.2.1")
        self.until_shown(knot, "never.example.com.", "192.0.2.2")
        targets.remove(FAR)
        self.until_shown(knot, "www.example.com.", "192.0.2.2")
        targets.set(FAR, "A 192.0.2.3")
        self.until_shown(knot, "www.example.com.", "192.0.2.3")
        targets.set(FAR)
        self.until_shown(knot, "www.example.com.", "192.0.2.2")

    def test_weights_over_three_names(self):
        targets = self.targets(*APEXES)
        names = [f"cdn{number}.target.test." for number in range(3)]
        for number, name in enumerate(names):
            targets.set(name, f"A 192.0.2.{number}")
        targets.start()
        sets = "".join(f"      cdn{number}: {{weight: {1 + number}, alias: {name}}}\n"
                       for number, name in enumerate(names))
        store, knot, _ = self.resolving(
            targets, f"zone: example.com\nrecords:\n  www:\n    type: A\n    policy: weighted\n"
                     f"    sets:\n{sets}", target_empty_hold="0s")
        until("all three", lambda: all(self.known(store, name) for name in names))
        weights = {f"192.0.2.{number}": 1 + number for number in range(3)}
        seen = set()
        until("all of them", lambda: seen.add(self.shown(knot, "www.example.com.")) or
              weights.keys() <= seen)
        self.assert_shares(self.counted(knot, "www.example.com."), weights)
        targets.remove(names[2])
        until("the third one having nothing", lambda: self.known(store, names[2]).count == 0)
        until("none of the third one", lambda: "192.0.2.2" not in {
            self.shown(knot, "www.example.com.") for _ in range(60)})
        del weights["192.0.2.2"]
        self.assert_shares(self.counted(knot, "www.example.com."), weights)


class Uses(TargetStory):

    def test_many_aliases_of_one_target_are_one_query(self):
        targets = self.targets(*APEXES)
        targets.set(HOST, *RECORDS)
        targets.start()
        names = [f"n{number}.example.com." for number in range(300)]
        _, knot, daemon = self.resolving(targets, "zone: example.com\nrecords:\n" + "".join(
            f"  n{number}: {{type: A, alias: {HOST}}}\n" for number in range(len(names))))
        for name in names:
            self.until_shown(knot, name, as_shown(RECORDS, "A"))
        targets.wait_for(HOST, 2)
        self.assert_calm(daemon, 1)
        self.assertEqual({(name, rrtype) for name, rrtype, _ in targets.asked}, {(HOST, "A")})

    def test_a_new_alias_and_a_deleted_one(self):
        """The new one is resolved at once; the deleted one is forgotten, and not asked for."""
        targets = self.targets(*APEXES)
        targets.set(HOST, *RECORDS)
        targets.set(FAR, "A 192.0.2.9", ttl=3600)
        targets.start()
        store, knot, _ = self.resolving(
            targets, f"zone: example.com\nrecords:\n  www: {{type: A, alias: {HOST}}}\n")
        self.until_shown(knot, "www.example.com.", as_shown(RECORDS, "A"))
        store.ok("set", "new.example.com", "A", "--alias", FAR)
        self.until_shown(knot, "new.example.com.", "192.0.2.9")
        self.assertEqual(len(targets.times(FAR)), 1)
        store.ok("set", "mail.example.com", "MX", "--alias", HOST)
        self.until_shown(knot, "mail.example.com.", as_shown(RECORDS, "MX"), "MX")
        store.ok("del", "mail.example.com", "MX")
        until("the key of a deleted one being gone", lambda: self.known(store, HOST, "MX") is None)
        asked = len(targets.times(HOST, "MX"))
        targets.wait_for(HOST, 3)
        self.assertEqual(len(targets.times(HOST, "MX")), asked)
        self.assertEqual(self.shown(knot, "www.example.com."), as_shown(RECORDS, "A"))

    def test_a_target_that_becomes_hosted_and_is_no_longer(self):
        targets = self.targets(*APEXES)
        targets.set(HOST, "A 192.0.2.1")
        targets.start()
        store, knot, _ = self.resolving(
            targets, f"zone: example.com\nrecords:\n  www: {{type: A, alias: {HOST}}}\n")
        self.until_shown(knot, "www.example.com.", "192.0.2.1")
        self.bring(store, "zone: target.test\nrecords: {host: {type: A, values: [192.0.2.2]}}\n")
        self.until_shown(knot, "www.example.com.", "192.0.2.2")
        until("the key being gone", lambda: self.known(store, HOST) is None)
        store.ok("zone", "delete", "target.test", "--force")
        self.until_shown(knot, "www.example.com.", "192.0.2.1")

    def test_until_steerd_has_resolved_it_is_not_ready(self):
        targets = self.targets(*APEXES)
        targets.set(HOST, "A 192.0.2.1")
        targets.start()
        store, knot = self.served_policies(
            f"zone: example.com\nrecords:\n  www: {{type: A, alias: {HOST}}}\n")
        self.assertEqual(self.shown(knot, "www.example.com."), NOT_READY)
        self.resolver(store, targets).start()
        self.until_shown(knot, "www.example.com.", "192.0.2.1")
