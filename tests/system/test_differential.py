# SPDX-License-Identifier: GPL-3.0-or-later
"""mod-steer answers as Knot answers the same zones from files.

Knot serves the zone files; a second Knot, without zones, has mod-steer with a store into which
steerctl imported the same files. Both get the same questions; see steer/differ.py for what must
be equal. What Knot's own zone files are like: its loader takes RRsets in the order of the file,
and ANY gets the first one, so the files here have the types of a name in rising order.

STEER_SMALL_ZONES     small random zones, side by side
STEER_NESTED_ZONES    random zones that enclose each other
STEER_LARGE_ZONE      names of the large zone; twice as many questions
"""

import contextlib
import os
import random
import shutil
import struct

from steer import env, features, generate
from steer.case import Case
from steer.client import Tcp, Udp, WINDOW
from steer.differ import (ALL_TRANSPORTS, Comparison, Difference, EXCEPTIONS, Oracle, TCP, TCP_EDNS,
                          TWELVE, UDP, UDP_1232, UDP_512, UDP_DO, difference, questions_of)
from steer.wire import TYPES, Answer, labels, lower, name_of, question, text, wire_name
from steer.zonemodel import Zone, closest

HERE = os.path.dirname(os.path.abspath(__file__))
# Other data, types that Knot treats apart, and types that stand for no data.
MORE_TYPES = [TYPES[t] for t in ("PTR", "HINFO", "CAA", "HTTPS", "SVCB", "NAPTR", "TLSA", "RRSIG",
                                 "OPT")] + [0, 25, 47, 48, 50, 249, 250, 253, 254, 65535]

SMALL_ZONES = env.number("STEER_SMALL_ZONES", 120, 40)
NESTED_ZONES = env.number("STEER_NESTED_ZONES", 100, 40)
LARGE_ZONE = env.number("STEER_LARGE_ZONE", 100000, 20000)

# Corner cases that only the hand-written zone has, or has for certain.
BY_HAND = {"does not fit 64 KiB", "chain: chain beyond the limit",
           "chain: YXDOMAIN after a CNAME", "YXDOMAIN", "chain: YXDOMAIN",
           "name: a name of 255 bytes", "name: a name of more than 100 labels",
           "name: a label of 63 bytes", "chain: truncated chain", "chain: DNAME loop"}
# In nested zones the loops lead through other zones.
NESTED = BY_HAND | {"chain: CNAME loop"}
# What the hand-written zone cannot have.
NOT_BY_HAND = {"chain: DNAME at the apex"}
# Names of a SOA: of its zone, of others, in common with each other or with the names asked for.
SOA_NAMES = [(mname, rname) for mname in (
    "@", "ns", "www", "a.missing.www", "missing", ".", "test.", "ns.test.", "ns.example.net.",
    "ns.@.example.net.", "a\\.b", "\\004test.", "l" * 63 + ".x" * 30)
    for rname in ("@", "admin", "admin.ns", "mail.www", ".", "net.", "admin.example.net.",
                  "first\\.last.ns", "b.a.missing.www", "r" * 63 + ".y" * 30)]
# The large zone is plain.
LARGE = {"no DS at the cut", "positive", "NODATA", "NXDOMAIN", "wildcard", "wildcard NODATA",
         "wildcard, several labels", "empty non-terminal", "CNAME", "below a DNAME",
         "referral at the cut", "referral below the cut", "chain: CNAME to data",
         "chain: CNAME to NODATA", "chain: CNAME to nothing", "chain: DNAME with synthesis",
         "chain: referral with glue below the cut"}


class Differential(Case):

    def corner_zone(self):
        """The hand-written zone, a set whose answer by TCP just fits, and sets that with the CNAME
        to them just fit, fit without EDNS alone, and do not fit."""
        path = self.path("corner.zone")
        shutil.copy(os.path.join(HERE, "zones", "corner.zone"), path)
        alone = 65489
        cname = alone - 20
        with open(path, "a", encoding="ascii") as out:
            for which, size in enumerate((alone, cname, cname + 11, cname + 12, cname + 20), 1):
                out.write(f"vast{which} CNAME huge{which}\n")
                number = 0
                while size > 0:  # Records of 210 bytes, and one of the rest.
                    length = 210 if size >= 500 else size if size < 260 else 240
                    out.write(f"huge{which} TXT \"{number:03d}{'z' * (length - 16)}\"\n")
                    size -= length
                    number += 1
        return path, Zone.read(path, "corner.test.")

    def serve(self, zones, files=None, **options):
        """A Knot with the files and a Knot with a store filled from them."""
        if files is None:
            files = {zone.name: zone.write(self.path(f"{number}.zone"))
                     for number, zone in enumerate(zones)}
        knot = self.knot("Knot", zones=files, **options).start()
        store = self.store()
        for zone in zones:
            store.ok("import", "--zone", zone.name, files[zone.name])
        steer = self.knot("mod-steer", store=store.directory, **options).start()
        self.served(steer, zones[-1])
        return knot, steer

    def served(self, steer, zone):
        """The counters start with the first question, so nothing is asked to learn that the
        store is there: a load is complete when knotd has started."""
        self.assertEqual(steer.stats(), {}, zone.name)

    def oracle(self, zones):
        """A Knot where the ancestors of inner apexes exist; see Oracle."""
        by_apex = {zone.apex: zone for zone in zones}
        files = {}
        for number, zone in enumerate(zones):
            path = zone.write(self.path(f"oracle-{number}.zone"))
            files[zone.name] = path
            with open(path, "a", encoding="ascii") as out:
                for inner in zones:
                    if len(inner.apex) > len(zone.apex) and zone.contains(inner.apex) and \
                            closest({a: z for a, z in by_apex.items() if a != inner.apex},
                                    inner.apex) is zone and \
                            inner.apex not in zone.exists and not self.below_dname(zone, inner):
                        out.write(f"{inner.name} TYPE65281 \\# 0\n")
        oracle = Oracle(self.knot("oracle", zones=files, modules=()).start(), by_apex)
        self.addCleanup(oracle.close)
        return oracle

    @staticmethod
    def below_dname(zone, inner):
        return any(TYPES["DNAME"] in zone.types(inner.apex[start:])
                   for start in range(1, len(inner.apex)))

    def finish(self, title, comparison, names, transports, expected):
        """Counters, the table, the verdict."""
        comparison.check_counters()
        counts = features.table(comparison.reached, names, transports)
        features.show(f"{title}: {comparison.asked} questions, {comparison.parsed} answers not "
                      f"equal byte by byte, {len(comparison.differences)} differences", counts,
                      expected)
        for exception in EXCEPTIONS:
            if comparison.oracle is not None:
                print(f"       {comparison.excused[exception.name]:9d}  exception: "
                      f"{exception.name}: {exception.reason}")
        comparison.check()
        missing = [word for word, count in counts.items() if count == 0 and expected(word)]
        self.assertEqual(missing, [], "never reached")

    def test_corner_cases(self):
        """The hand-written zone: every corner case, every transport."""
        path, zone = self.corner_zone()
        knot, steer = self.serve([zone], {zone.name: path})
        comparison = Comparison(knot, steer, [zone])
        names = zone.questions()
        pairs = questions_of([zone], [names])
        for transport in ALL_TRANSPORTS:
            comparison.run(pairs, transport)
        comparison.run(questions_of([zone], [names], MORE_TYPES), UDP)
        self.finish("corner cases", comparison, names, ALL_TRANSPORTS,
                    lambda word: word not in NOT_BY_HAND)

    def test_answer_rotation(self):
        """server: answer-rotation turns the records of a set as Knot does."""
        path, zone = self.corner_zone()
        knot, steer = self.serve([zone], {zone.name: path},
                                 server="    answer-rotation: on\n")
        comparison = Comparison(knot, steer, [zone], ordered=True)
        names = [labels(name + ".corner.test") if name else zone.apex for name in (
            "", "www", "cname-www", "mx", "big29", "big80", "cname-big", "text", "x.wild",
            "inside", "a.inside", "many", "missing", "www.dname", "_sip._tcp", "huge1")]
        for transport in ALL_TRANSPORTS:  # The id decides, and it differs from round to round.
            for _ in range(7):
                comparison.run(questions_of([zone], [names]), transport)
        comparison.check_counters()
        comparison.check()

    def test_example_of_rfc_4592(self):
        """The zone and the questions of RFC 4592, section 2.2.1, and all others about it."""
        path = os.path.join(HERE, "zones", "rfc4592.zone")
        zone = Zone.read(path, "example.")
        knot, steer = self.serve([zone], {zone.name: path})
        comparison = Comparison(knot, steer, [zone])
        names = zone.questions() + [labels(name) for name in (
            "host3.example", "foo.bar.example", "host1.example", "sub.*.example",
            "_telnet._tcp.host1.example", "host.subdel.example", "ghost.*.example")]
        for transport in ALL_TRANSPORTS:
            comparison.run(questions_of([zone], [names]), transport)
        expected = {"wildcard", "wildcard, several labels", "wildcard NODATA", "below a wildcard",
                    "blocked wildcard", "referral below the cut"}
        self.finish("RFC 4592", comparison, names, ALL_TRANSPORTS, lambda word: word in expected)

    def test_names_of_a_soa(self):
        """The SOA of negative answers has libknot's bytes, whatever compresses in it."""
        zones = []
        for number, names in enumerate(SOA_NAMES):
            zone = Zone(f"zone{number}.test")
            mname, rname = (zone.name if name == "@" else
                            name.replace("@.", zone.name) if name.endswith(".") else
                            f"{name}.{zone.name}" for name in names)
            zone.add(zone.apex, TYPES["NS"], "ns.example.org.")
            zone.add(zone.apex, TYPES["SOA"], f"{mname} {rname} 1 3600 600 86400 {number}")
            zone.add((b"www",) + zone.apex, TYPES["A"], "192.0.2.1")
            zones.append(zone)
        knot, steer = self.serve(zones)
        comparison = Comparison(knot, steer, zones)
        names = [[zone.apex, *((*name, *zone.apex) for name in (
            (b"www",), (b"missing",), (b"missing", b"www"), (b"a", b"missing", b"www"),
            (b"WwW",), (b"MISSING", b"wWw"), (b"m" * 63, b"www")))] for zone in zones]
        pairs = questions_of(zones, names, [TYPES["A"], TYPES["TXT"]])
        for transport in ALL_TRANSPORTS:
            comparison.run(pairs, transport)
        comparison.check_counters()
        comparison.check()
        self.assertEqual(comparison.parsed, 0, "answers not equal byte by byte")
        self.assertIn("mod-stats.reply-nodata[A]", steer.stats())

    def test_small_zones(self):
        """Random zones, side by side."""
        rng = random.Random(4592)
        zones = [generate.small(rng, (b"zone%d" % number, b"test"))
                 for number in range(SMALL_ZONES)]
        knot, steer = self.serve(zones)
        comparison = Comparison(knot, steer, zones)
        names = self.ask_small(rng, comparison, zones)
        self.finish(f"{SMALL_ZONES} small zones", comparison, names, ALL_TRANSPORTS,
                    lambda word: word not in BY_HAND)
        counted = steer.stats("mod-steer.answer")
        self.assertEqual(sum(counted.values()), comparison.asked, counted)
        self.assertEqual(steer.stats("mod-steer.error"), {})

    def test_zones_inside_zones(self):
        """Random zones that enclose each other and point at each other."""
        rng = random.Random(1034)
        zones = generate.nested(rng, NESTED_ZONES)
        knot, steer = self.serve(zones)
        comparison = Comparison(knot, steer, zones, self.oracle(zones))
        names = self.ask_small(rng, comparison, zones)
        self.finish(f"{NESTED_ZONES} nested zones", comparison, names, ALL_TRANSPORTS,
                    lambda word: word not in NESTED)
        for exception in EXCEPTIONS:
            self.assertGreater(comparison.excused[exception.name], 0, exception.name)

    def test_zones_inside_the_root(self):
        """The root zone encloses all others."""
        rng = random.Random(6672)
        zones = generate.nest(rng, [(), (b"com",), (b"a", b"com"), (b"b", b"a", b"com"),
                                    (b"x", b"y", b"z"), (b"net",)])
        knot, steer = self.serve(zones)
        comparison = Comparison(knot, steer, zones, self.oracle(zones))
        names = self.ask_small(rng, comparison, zones)
        self.finish("the root", comparison, names, ALL_TRANSPORTS, lambda word: False)

    def ask_small(self, rng, comparison, zones):
        """All questions over UDP, a part of them over the other transports."""
        asked = [zone.questions() for zone in zones]
        pairs = questions_of(zones, asked)
        comparison.run(pairs, UDP)
        for transport in (UDP_512, UDP_1232, UDP_DO, TCP, TCP_EDNS):
            comparison.run(rng.sample(pairs, len(pairs) // 6), transport)
        return [name for names in asked for name in names]

    def test_large_zone(self):
        """Many names, and random questions about them."""
        rng = random.Random(2308)
        zone = generate.large(rng, "large.test", LARGE_ZONE)
        knot, steer = self.serve([zone])
        comparison = Comparison(knot, steer, [zone])
        names = sorted(zone.records)
        pairs = []
        while len(pairs) < 2 * LARGE_ZONE:
            name = rng.choice(names)
            dice = rng.random()
            if dice < 0.25:
                name = (b"m",) + (name[1:] if name[0] == b"*" else name)
            elif dice < 0.3 and name[0] == b"*":
                name = (b"one", b"two") + name[1:]
            elif dice < 0.35:
                name = (b"m%06d" % rng.randrange(LARGE_ZONE),) + zone.apex
            elif dice < 0.45 and len(name) > len(zone.apex) + 1:
                name = name[1:]
            elif dice < 0.5:
                name = tuple(label.upper() for label in name)
            low = lower(name)
            pairs.append((name, zone.place(low), zone, rng.choice(TWELVE)))
        fifth = len(pairs) // 5
        comparison.run(pairs[:3 * fifth], UDP)
        comparison.run(pairs[3 * fifth:4 * fifth], UDP_1232)
        comparison.run(pairs[4 * fifth:], TCP)
        self.finish("large zone", comparison, [pair[0] for pair in pairs],
                    (UDP, UDP_1232, TCP), lambda word: word in LARGE)


class ZeroBytes(Case):
    """Labels with zero bytes, which Knot's tree of names confuses with the ends of labels.

    Knot serves the zone with the byte 7 in their place and is asked for such names; apart from
    that the answers are equal.
    """

    @staticmethod
    def twin(name):
        return tuple(label.replace(b"\0", b"\7") for label in name)

    def seen(self, answer):
        """A reply as it is with the byte 7."""
        def rdata(rr):
            if rr[1] in (TYPES["NS"], TYPES["CNAME"], TYPES["DNAME"]):
                return wire_name(self.twin(name_of(rr[4])))
            return rr[4]
        return (answer.flags, answer.question[1:],
                *({(self.twin(lower(rr[0])), *rr[1:4], rdata(rr)) for rr in section}
                  for section in (answer.answer, answer.authority, answer.additional)))

    def test_as_any_other_byte(self):
        path = os.path.join(HERE, "zones", "zero.zone")
        with open(path, encoding="ascii") as file:
            twin = self.file("twin.zone", file.read().replace("\\000", "\\007"))
        knot = self.knot("Knot", zones={"zero.test.": twin}, modules=()).start()
        store = self.store()
        store.ok("import", "--zone", "zero.test.", path)
        steer = self.knot("mod-steer", store=store.directory, modules=()).start()
        zone = Zone.read(path, "zero.test.")
        pairs = [(name, rrtype) for name in zone.questions() for rrtype in TWELVE]
        for kind in (Udp, Tcp):
            with contextlib.closing(kind(knot.address)) as left, \
                    contextlib.closing(kind(steer.address)) as right:
                for start in range(0, len(pairs), WINDOW):
                    block = pairs[start:start + WINDOW]
                    left.send([question(self.twin(name), rrtype) for name, rrtype in block])
                    right.send([question(name, rrtype) for name, rrtype in block])
                    for (name, rrtype), a, b in zip(block, left.receive(len(block)),
                                                    right.receive(len(block))):
                        a, b = Answer(a), Answer(b)
                        self.assertEqual(b.question[0], name)
                        self.assertEqual(self.seen(a), self.seen(b),
                                         f"{text(name)} type {rrtype}\n{a}\n{b}")


class TheComparisonItself(Case):
    """A test that cannot fail tests nothing."""

    ZONE = ("$ORIGIN planted.test.\n$TTL 300\n@ NS ns\n@ SOA ns admin 1 2 3 4 5\n"
            "ns A 192.0.2.1\nwww A 192.0.2.2\nwww A 192.0.2.3\nsub NS ns.sub\n"
            "ns.sub A 192.0.2.4\nc CNAME www\n")
    PLANTED = {
        "answer": ("192.0.2.3", "192.0.2.33"),
        "authority": ("sub NS ns.sub", "sub NS ns"),
        "additional": ("192.0.2.4", "192.0.2.44"),
        "rcode": ("c CNAME www", "c CNAME w"),
        "TTL": ("c CNAME", "c 301 CNAME"),
    }

    def compare(self, left, right):
        files = [self.file("left.zone", left), self.file("right.zone", right)]
        servers = [self.knot(f"server{number}", zones={"planted.test.": file}).start()
                   for number, file in enumerate(files)]
        zone = Zone.read(files[0], "planted.test.")
        comparison = Comparison(*servers, [zone])
        comparison.run(questions_of([zone], [zone.questions()]), UDP)
        comparison.check_counters()
        for server in servers:
            server.stop()
        return comparison

    def test_equal_servers_are_equal(self):
        self.compare(self.ZONE, self.ZONE).check()

    def test_a_planted_difference_is_found(self):
        for what, (old, new) in self.PLANTED.items():
            with self.subTest(what):
                with self.assertRaises(Difference):
                    self.compare(self.ZONE, self.ZONE.replace(old, new)).check()

    def test_the_case_of_an_owner_is_compared(self):
        """Also where the owner is not the QNAME. Knot has no upper-case data to show it."""
        def reply(owner):
            cname, target = labels("c.planted.test"), labels("www.planted.test")
            rrs = [(cname, TYPES["CNAME"], wire_name(target)), (owner, TYPES["A"], b"\xc0\0\2\1")]
            return Answer(struct.pack("!HHHHHH", 1, 0x8400, 1, len(rrs), 0, 0) +
                          wire_name(cname) + struct.pack("!HH", TYPES["A"], 1) +
                          b"".join(wire_name(name) +
                                   struct.pack("!HHIH", rrtype, 1, 300, len(data)) + data
                                   for name, rrtype, data in rrs))
        self.assertIsNone(difference(reply(labels("www.planted.test")),
                                     reply(labels("www.planted.test"))))
        self.assertEqual(difference(reply(labels("www.planted.test")),
                                    reply(labels("WWW.planted.test"))), "answer")

    def test_a_difference_of_counters_is_found(self):
        comparison = self.compare(self.ZONE, self.ZONE.replace("www A 192.0.2.3\n", ""))
        self.assertTrue([line for line in comparison.differences if line.startswith("counter")])
