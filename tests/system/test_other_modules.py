# SPDX-License-Identifier: GPL-3.0-or-later
"""Other query modules beside mod-steer treat hosted answers as Knot's own.

Each server has own.test from a file and host.test from the store, with the same records; what
happens to a question about one must happen to the same question about the other.
"""

import contextlib

from steer.case import Case, zone_text
from steer.client import Udp, ask, ask_wire
from steer.wire import (BADCOOKIE, EDNS_1232, NOERROR, NOTAUTH, NXDOMAIN, PLAIN, REFUSED, TYPES,
                        Answer, labels, opt, question)

A, TXT, MX = (TYPES[t] for t in ("A", "TXT", "MX"))
RECORDS = ("last A 192.0.2.9", "www A 192.0.2.1", "www A 192.0.2.2", "* TXT \"any\"",
           "alias CNAME www", "sub NS ns.sub", "ns.sub A 192.0.2.3", "away DNAME example.net.")
QUESTIONS = (("www", A), ("www", TXT), ("missing.www", A), ("some.name", TXT), ("alias", A),
             ("x.sub", A), ("x.away", A))
ZONES = ("own.test", "host.test")


class OtherModules(Case):

    def serve(self, modules, extra="", name="knot", **more):
        own = self.file(name + ".zone", zone_text("own.test.", *RECORDS))
        store = self.hosted(("host.test.", zone_text("host.test.", *RECORDS)), name=name + "-store")
        return self.knot(name, zones={"own.test.": own}, store=store.directory, modules=modules,
                         extra=extra, **more).start()

    @staticmethod
    def outcome(answer):
        """What does not depend on the zone's name."""
        return (answer.rcode, answer.aa, answer.tc, [rr[1:] for rr in answer.answer if rr[1] == A],
                len(answer.answer), len(answer.authority), len(answer.additional))

    def both(self, knot, name, rrtype, edns=PLAIN, tcp=False):
        outcomes = [self.outcome(ask(knot, labels(f"{name}.{zone}"), rrtype, edns, tcp))
                    for zone in ZONES]
        self.assertEqual(*outcomes, f"{name} {rrtype}")
        return outcomes[0]

    @staticmethod
    def burst(knot, queries, zone):
        """Sends all, and a last one that is answered in any case; returns what comes back before
        that."""
        answers = []
        with contextlib.closing(Udp(knot.address)) as client:
            client.send([*queries, question(labels(f"last.{zone}"), A)])
            last = len(queries) + client.next & 0xFFFF
            while True:
                answer = Answer(client.socket.recv(65535))
                if answer.id == last:
                    return answers
                answers.append(answer)

    def test_stats_counts_each(self):
        """Every option of mod-stats; the differential test compares the numbers."""
        knot = self.serve(("mod-stats/default",))
        counted = []
        for zone in ZONES:
            before = knot.stats()
            for name, rrtype in QUESTIONS:
                for edns in (PLAIN, EDNS_1232):
                    ask(knot, labels(f"{name}.{zone}"), rrtype, edns)
            after = knot.stats()
            counted.append({key: value - before.get(key, 0) for key, value in after.items()
                            if value != before.get(key, 0) and "size" not in key
                            and "bytes" not in key})
        self.assertEqual(*counted)
        self.assertIn("mod-stats.reply-nodata[other]", counted[0])

    def test_rrl_slips(self):
        """Of a burst, some are answered and the others truncated."""
        knot = self.serve(("mod-rrl/default", "mod-stats/default"),
                          "\nmod-rrl:\n  - id: default\n    rate-limit: 5\n    slip: 1\n")
        for what, names, rrtype in (
                ("positive", ["www"] * 400, A), ("NODATA", ["www"] * 400, TXT),
                ("NXDOMAIN", [f"m{i}.www" for i in range(400)], A),
                ("referral", ["x.sub"] * 400, A)):
            for zone in ZONES:
                answers = []
                for start in range(0, len(names), 50):
                    answers += self.burst(knot, [question(labels(f"{name}.{zone}"), rrtype)
                                                 for name in names[start:start + 50]], zone)
                slipped = sum(answer.tc for answer in answers)
                self.assertEqual(len(answers), len(names), f"{what} {zone}")
                self.assertGreater(slipped, len(names) // 2, f"{what} {zone}")
                self.assertLess(slipped, len(names), f"{what} {zone}")
                for answer in answers:
                    if answer.tc:
                        self.assertEqual(answer.answer + answer.authority, [])

    def test_rrl_drops(self):
        knot = self.serve(("mod-rrl/default",),
                          "\nmod-rrl:\n  - id: default\n    rate-limit: 5\n    slip: 0\n")
        for zone in ZONES:
            answers = self.burst(knot, [question(labels(f"www.{zone}"), A)] * 200, zone)
            self.assertLess(len(answers), 150, zone)
            self.assertGreater(len(answers), 0, zone)

    COOKIES = ("\nmod-cookies:\n  - id: default\n    badcookie-slip: 1\n"
               "    secret: 0x000102030405060708090a0b0c0d0e0f\n")

    @staticmethod
    def cookie(data):
        return (1, opt(1232, 0, b"\0\x0a" + len(data).to_bytes(2, "big") + data))

    def test_cookies(self):
        """No cookie, none of the server, a right one, a wrong one, a broken one."""
        knot = self.serve(("mod-cookies/default",), self.COOKIES)
        client = b"\1\2\3\4\5\6\7\x08"
        for name, rrtype in QUESTIONS:
            self.both(knot, name, rrtype)
            learnt = []
            for zone in ZONES:
                first = ask(knot, labels(f"{name}.{zone}"), rrtype, self.cookie(client))
                rcode = first.rcode | first.additional[-1][3] >> 24 << 4
                self.assertEqual((rcode, first.answer), (BADCOOKIE, []), zone)
                learnt.append(first.additional[-1][4][4:])
            self.assertEqual(len(learnt[0]), 24)
            good = self.both(knot, name, rrtype, self.cookie(learnt[0]))
            self.assertNotEqual(good[0], BADCOOKIE & 15, name)
            self.assertEqual(good[6] > 0, True)
            self.both(knot, name, rrtype, self.cookie(client + b"\0" * 16))
            self.both(knot, name, rrtype, self.cookie(b"\0" * 3))
            self.both(knot, name, rrtype, self.cookie(client), tcp=True)

    def test_dropped_cookies_stay_dropped(self):
        knot = self.serve(("mod-cookies/default",),
                          self.COOKIES.replace("badcookie-slip: 1", "badcookie-slip: 4"))
        for zone in ZONES:
            answers = self.burst(knot, [question(labels(f"www.{zone}"), A,
                                                 self.cookie(b"12345678"))] * 40, zone)
            self.assertEqual(len(answers), 10, zone)
            self.assertEqual({answer.rcode for answer in answers}, {BADCOOKIE & 15}, zone)

    def test_queryacl(self):
        """Who may not ask gets no answer of either kind."""
        for network, expected in (("192.0.2.0/24", NOTAUTH), ("127.0.0.0/8", NOERROR)):
            knot = self.serve(("mod-queryacl/default",), name="acl" + str(expected),
                              extra=f"\nmod-queryacl:\n  - id: default\n    address: {network}\n")
            for name, rrtype in QUESTIONS:
                outcome = self.both(knot, name, rrtype)
                if name == "www":
                    self.assertEqual(outcome[0], expected)
            self.assertEqual(bool(knot.stats("mod-steer.answer")), expected == NOERROR)

    def test_noudp(self):
        """Every UDP answer is truncated, TCP is served."""
        knot = self.serve(("mod-noudp",))
        for name, rrtype in QUESTIONS:
            outcome = self.both(knot, name, rrtype)
            self.assertEqual((outcome[2], outcome[4]), (True, 0))
            self.assertFalse(self.both(knot, name, rrtype, tcp=True)[2])
        self.assertEqual(sum(knot.stats("mod-steer.answer").values()), len(QUESTIONS))

    def test_noudp_lets_some_through(self):
        knot = self.serve(("mod-noudp/default",),
                          "\nmod-noudp:\n  - id: default\n    udp-allow-rate: 4\n")
        for zone in ZONES:
            answers = self.burst(knot, [question(labels(f"www.{zone}"), A)] * 40, zone)
            self.assertEqual(sum(not answer.tc for answer in answers), 10, zone)

    def test_all_together(self):
        """As the manual orders them."""
        knot = self.serve(
            ("mod-cookies/default", "mod-rrl/default", "mod-stats/default"),
            self.COOKIES + "\nmod-rrl:\n  - id: default\n    rate-limit: 100000\n")
        for name, rrtype in QUESTIONS:
            for edns in (PLAIN, EDNS_1232):
                for tcp in (False, True):
                    self.both(knot, name, rrtype, edns, tcp)
        self.assertEqual(ask(knot, labels("www.nowhere"), A).rcode, REFUSED)
        self.assertEqual(ask(knot, labels("missing.www.host.test"), MX).rcode, NXDOMAIN)
        self.assertTrue(ask_wire(knot.address, question(labels("www.host.test"), A)))
