# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers at every message size: complete or truncated (TC), never partial without TC."""

import contextlib

from steer.case import zone_text
from steer.client import Tcp, Udp, WINDOW, ask
from steer.differ import difference
from steer.policystory import PolicyStory
from steer.wire import Answer, EDNS_1232, NOERROR, PLAIN, SERVFAIL, TYPES, labels, opt, question

A, AAAA, MX, NS, OPT, TXT = (TYPES[one] for one in ("A", "AAAA", "MX", "NS", "OPT", "TXT"))
APEX = "example.com."

# Message sizes, every one of which is asked for.
SIZES = range(512, 1433)

MANY = [f"many A 10.0.{n}.1" for n in range(60)]
TEXTS = [f'texts TXT "{str(n) * 40}"' for n in range(12)]
MAIL = [f"mail MX {n} m{n}.mail" for n in range(12)]
HOSTS = [f"m{n}.mail A 10.1.{n}.1\nm{n}.mail AAAA 2001:db8::{n}" for n in range(12)]
# Required glue comes after glue that is not, in the order of names.
CUT = [f"cut NS a{n}.beside\na{n}.beside A 10.2.{n}.1" for n in range(8)] + \
      [f"cut NS n{n}.cut\nn{n}.cut A 10.3.{n}.1\nn{n}.cut AAAA 2001:db8:3::{n}" for n in range(8)]
CHAIN = ["one CNAME two.chain", "two.chain CNAME many"]
QUESTIONS = (("many", A), ("texts", TXT), ("mail", MX), ("x.cut", A), ("one", A), ("none", A),
             ("mail", A))

# Groups of record sets that fit in a message each, but not together if all of them are up.
LARGE = """
    zone: example.com
    ttl: 60
    records:
      mail:
        type: MX
        policy: [up all-down=none, shuffle]
        sets: {%s}
      four: {type: A, policy: shuffle, sets: {%s}}
      lead: {type: A, policy: shuffle, sets: {%s}}
      %s
      hosts: {type: MX, values: ["10 wide"]}
      wide: {type: A, policy: shuffle, sets: {%s}}
      halves:
        type: A
        policy: [up all-down=none, shuffle]
        sets: {a: {health: h, values: [%s]}, b: {health: h, values: [%s]}}
      alike: {type: A, policy: shuffle, sets: {%s}}
    ---
    health: {h: {type: manual}}
"""


def numbered(base, count, step=1):
    return ", ".join(f"10.{base + n * step // 65536}.{n * step // 256 % 256}.{n * step % 256}"
                     for n in range(count))


def sets(count, values, more=""):
    return ", ".join(f"s{n}: {{{more}values: [{values(n)}]}}" for n in range(count))


def large():
    mail = sets(12, lambda n: ", ".join(f'"{n * 1000 + i} h{i}.mail"' for i in range(1000)),
                "health: h, ")
    four = sets(1000, lambda n: f"192.0.2.1, 10.9.{n // 256}.{n % 256}, "
                                f"10.8.{n // 256}.{n % 256}, 10.7.{n // 256}.{n % 256}")
    lead = ", ".join(f"s{n}: {{alias: big{n}}}" for n in range(10))
    big = "\n      ".join(f"big{n}: {{type: A, values: [{numbered(10 * n, 4000)}]}}"
                          for n in range(10))
    return LARGE % (mail, four, lead, big, sets(100, lambda n: f"10.6.0.{n}"),
                    numbered(20, 3000, 2), numbered(20, 3000, 3),
                    sets(300, lambda n: numbered(30, 100)))


class AtEverySize(PolicyStory):

    def test_plain_zones_answer_as_knot_does(self):
        text = zone_text(APEX, *MANY, *TEXTS, *MAIL, *HOSTS, *CUT, *CHAIN)
        zones = [(APEX, self.file("example.com.zone", text))]
        plain = self.knot("plain", zones=zones).start()
        steer = self.host("steer", store=self.hosted((APEX, text)).directory).start()
        truncated = [one.tc for one in self.compared(plain, steer)]
        self.assertEqual(set(truncated), {False, True})

    def compared(self, plain, steer):
        """Answers of both for all questions and sizes, which are equal."""
        asked = [(size, question(labels(f"{name}.{APEX}"), rrtype, (1, opt(size))))
                 for name, rrtype in QUESTIONS for size in SIZES]
        with contextlib.closing(Udp(plain.address)) as left, \
                contextlib.closing(Udp(steer.address)) as right:
            for at in range(0, len(asked), WINDOW):
                block = asked[at:at + WINDOW]
                for client in (left, right):
                    client.send([query for _, query in block])
                for (size, _), a, b in zip(block, left.receive(len(block)),
                                           right.receive(len(block))):
                    one, other = Answer(a), Answer(b)
                    self.assertIsNone(difference(one, other), f"{size}:\n{one}\n{other}")
                    self.assertEqual(other.additional[-1][1], OPT, f"{size}: no OPT")
                    self.assertLessEqual(len(b), size)
                    yield other


    def test_large_sets_over_tcp(self):
        """More RRs than libknot is given at once, all of them, with what their names lead to."""
        lines = [f"mail MX {n} m{n % 40}.mail" for n in range(1800)] + HOSTS + \
            [f"deep.wide MX {n} m{n % 40}.mail.example.net." for n in range(1700)] + \
            [f"srv SRV 0 0 {n} m{n % 40}.mail" for n in range(1000)]
        text = zone_text(APEX, *lines)
        zones = [(APEX, self.file("example.com.zone", text))]
        plain = self.knot("plain", zones=zones).start()
        steer = self.host("steer", store=self.hosted((APEX, text)).directory).start()
        for name, rrtype in (("mail", MX), ("deep.wide", MX), ("srv", TYPES["SRV"])):
            for edns in (PLAIN, EDNS_1232):
                one, other = (ask(server, labels(f"{name}.{APEX}"), rrtype, edns, tcp=True)
                              for server in (plain, steer))
                self.assertIsNone(difference(one, other), name)
                self.assertLessEqual(len(other.message), len(one.message), name)
            self.assertTrue(ask(steer, labels(f"{name}.{APEX}"), rrtype).tc)


class MoreThanFits(PolicyStory):

    @classmethod
    def setUpClass(cls):
        cls.text = large()

    def answer(self, name, rrtype, edns=EDNS_1232, **more):
        return ask(self.server, labels(f"{name}.{APEX}"), rrtype, edns, **more)

    def test_groups(self):
        _, self.server = self.served_policies(self.text)
        for name, rrtype in (("mail", MX), ("four", A), ("lead", A), ("halves", A), ("alike", A)):
            for edns in (PLAIN, EDNS_1232):
                answer = self.answer(name, rrtype, edns)
                self.assertEqual((answer.rcode, answer.tc, answer.aa), (NOERROR, True, True), name)
                self.assertEqual((answer.answer, answer.authority), ([], []), name)
        for name, rrtype in (("mail", MX), ("lead", A), ("alike", A)):
            self.assertEqual(self.answer(name, rrtype, tcp=True).rcode, SERVFAIL, name)
        for name, count in (("four", 3001), ("halves", 5000)):
            answer = self.answer(name, A, tcp=True)
            self.assertEqual(answer.rcode, NOERROR if count * 16 < 65000 else SERVFAIL, name)
            if answer.rcode == NOERROR:
                self.assertEqual((len(answer.answer), len(answer.values(A))), (count, count), name)
        wide = [rr for rr in self.answer("hosts", MX, tcp=True).additional if rr[1] == A]
        self.assertEqual(len(wide), 100)

    def test_a_stream_goes_on_behind_one(self):
        """What does not fit leaves no trace in the next answer."""
        _, self.server = self.served_policies(self.text)
        with contextlib.closing(Tcp(self.server.address)) as client:
            client.send([question(labels(f"{name}.{APEX}"), rrtype)
                         for name, rrtype in (("mail", MX), ("hosts", MX), ("four", A))])
            codes = [Answer(one).rcode for one in client.receive(3)]
        self.assertEqual(codes, [SERVFAIL, NOERROR, NOERROR])
