# SPDX-License-Identifier: GPL-3.0-or-later
"""A question in capitals is answered in its own case, as Knot does; 0x20 resolvers insist on it."""

import random

from steer.case import zone_text
from steer.client import ask
from steer.policystory import A, PolicyStory
from steer.wire import NOERROR, TYPES, labels, lower

CNAME, MX, TXT = (TYPES[t] for t in ("CNAME", "MX", "TXT"))
APEX = "example.com."
LINES = ("www A 192.0.2.1", "www MX 10 Mail", "Mail A 192.0.2.2", "*.wild A 192.0.2.3",
         "*.wild MX 10 WWW", "*.cn CNAME www.wild", "to CNAME X.Wild", "d DNAME Other.wild",
         "deep.d2 DNAME example.com.", "cut NS ns.cut", "ns.cut A 192.0.2.4", "here.ent TXT x")
NAMES = ("", "www", "mail", "x.wild", "y.x.wild", "x.cn", "to", "x.d", "a.b.d", "www.deep.d2",
         "d", "x.cut", "cut", "ent", "missing", "missing.www")
POLICIES = """
    zone: example.com
    records:
      "@": {type: A, alias: lb}
      lb:
        type: A
        policy: weighted
        sets:
          a: {values: [192.0.2.1]}
          b: {values: [192.0.2.2, 192.0.2.3]}
      "*.any": {type: A, alias: lb}
      "*.drawn":
        type: A
        policy: multivalue
        sets:
          a: {values: [192.0.2.1]}
          b: {values: [192.0.2.2]}
      mail: {type: MX, alias: post}
      post: {type: MX, values: ["10 lb"]}
      links:
        type: CNAME
        policy: weighted
        sets:
          a: {values: [lb]}
          b: {values: [x.any]}
      way: {type: A, alias: links}
      old: {type: DNAME, values: [any]}
"""


def in_capitals(rng, name):
    return tuple(bytes(rng.choice((byte, byte ^ 0x20)) if 97 <= byte <= 122 else byte
                       for byte in label) for label in name)


def owners(answer):
    return [sorted((rr[0], rr[1], rr[4]) for rr in section if rr[1] != TYPES["OPT"])
            for section in (answer.answer, answer.authority, answer.additional)]


class CaseOfNames(PolicyStory):

    def test_records_as_knot(self):
        """Even if the question was answered in another case before."""
        text = zone_text(APEX, *LINES)
        store = self.hosted((APEX, text))
        steer = self.host("steer", store=store.directory).start()
        plain = self.knot("plain", zones={APEX: self.file("plain.zone", text)}).start()
        rng = random.Random(20)
        for word in NAMES:
            name = labels(f"{word}.{APEX}".lstrip("."))
            for rrtype in (A, MX, TXT):
                for asked in (name, in_capitals(rng, name), in_capitals(rng, name)):
                    for tcp in (False, True):
                        below, above = (ask(server, asked, rrtype, tcp=tcp)
                                        for server in (plain, steer))
                        self.assertEqual(above.question[0], asked)
                        self.assertEqual(owners(above), owners(below), below)

    def test_aliases_and_policies(self):
        _, host = self.served_policies(POLICIES)
        rng = random.Random(21)
        for word, rrtype in (("", A), ("lb", A), ("x.any", A), ("x.drawn", A), ("mail", MX),
                             ("links", A), ("links", CNAME), ("way", A), ("x.old", A)):
            name = labels(f"{word}.{APEX}".lstrip("."))
            for turn in range(20):
                asked = in_capitals(rng, name)
                answer = ask(host, asked, rrtype, tcp=turn % 2 == 1)
                self.assertEqual((answer.rcode, answer.question[0]), (NOERROR, asked))
                own = [rr for rr in answer.answer if lower(rr[0]) == name]
                self.assertTrue(own, answer)
                self.assertEqual({rr[0] for rr in own}, {asked}, answer)
