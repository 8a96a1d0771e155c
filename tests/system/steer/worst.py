# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones that make questions as expensive as a store allows, and those questions.

A shape is a zone of its own, with the names and types to ask. What is shared is in the zone
"pool.test": names that others lead to.
"""

import collections
import json
import random

SETS = 1000       # In a group, at most.
LARGE = 4000      # Addresses that fit the largest message.
DEPTH = 16        # Links of an alias chain, at most.
PROGRAM = 4096    # Bytes of a program, at most.
UP, DOWN = "up", "down"  # Health checks; the second is to be forced down.
POOL = "pool.test"
STATIC = "a.static.test"  # What all others are compared with.
TTL = 60

Shape = collections.namedtuple("Shape", "what zone asked")  # asked: pairs of name and types


def address(number):
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def address6(number):
    return f"2001:db8::{number >> 16:x}:{number & 65535:x}"


def addresses(count, first=0):
    return [address(first + at) for at in range(count)]


def values(rrtype, *data):
    return {"type": rrtype, "values": list(data)}


def a_set(*data, health=UP):
    return {"values": list(data), "health": health}


def an_alias(target, evaluate=True):
    return {"alias": target, "evaluate-target-health": "yes" if evaluate else "no"}


def group(rrtype, policy, sets):
    """A group of sets, which are given their identifiers here."""
    return {"type": rrtype, "policy": policy,
            "sets": {f"s{at:04}": one for at, one in enumerate(sets)}}


def weighted(sets):
    return [{"weight": 1 + at % 7, **one} for at, one in enumerate(sets)]


def many(health=UP, count=SETS, first=0):
    """As many sets as are allowed, each with one address."""
    return [a_set(address(first + at), health=health) for at in range(count)]


STICKY = ["up", "weighted sticky=client", "take 1"]


class Shapes:
    """All shapes; documents() and questions() once they are made."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.shapes = []
        self.pool = {}
        self.add("static", {"a": values("A", "192.0.2.1")}, ("a", ("A",)), apex="static.test")
        for make in (self.pools, self.groups, self.programs, self.aliases, self.trees, self.links,
                     self.names, self.additional, self.large, self.mixed):
            make()

    def add(self, what, records, *asked, apex=None):
        """A zone with these records; asked: names, below it unless they end in a dot, and types."""
        apex = apex or f"z{len(self.shapes)}.test"
        names = [(name if name.endswith(".") else apex if name == "@" else f"{name}.{apex}", types)
                 for name, types in asked]
        self.shapes.append(Shape(what, (apex, records), names))

    # What others lead to.

    def pools(self):
        """Names in the pool."""
        for at in range(10):
            self.pool[f"a{at}"] = values("A", *addresses(LARGE, at * LARGE))
        self.pool["sticky"] = group("A", STICKY, weighted(many()))
        self.pool["all"] = group("A", ["up"], many())
        self.pool["sick"] = group("A", ["up all-down=none"], many(DOWN))
        self.pool["*.sticky"] = [group("A", STICKY, weighted(many())),
                                 group("AAAA", STICKY, weighted(
                                     [a_set(address6(at)) for at in range(SETS)]))]
        for at in range(SETS):
            self.pool[f"n{at}"] = values("A", address(at))

    def groups(self):
        """One group that is large."""
        shared = [a_set("192.0.2.1", *addresses(3, 3 * at)) for at in range(SETS)]
        for policy in (["up"], "multivalue", ["shuffle"], "weighted", "failover", STICKY,
                       ["weighted sticky=client"], ["up min-healthy=50%", "tier", "weighted"]):
            sets = weighted(shared) if "weighted" in str(policy) else shared
            if policy == "failover":
                sets = [{"failover": "primary", **one} for one in sets]
            self.add(f"1,000 sets that share a record, {policy}",
                     {"w": group("A", policy, sets)}, ("w", ("A", "ANY")))
        for health in (UP, DOWN):
            self.add(f"1,000 sets that are {health}", {
                "a": group("A", ["up all-down=none"], many(health)),
                "b": group("A", ["up all-down=none", "weighted sticky=client"],
                           weighted(many(health)))}, ("a", ("A",)), ("b", ("A",)))
        self.add("30 sets of 4,000, as much as a name may have", {"w": group("A", ["up"], [
            a_set(*addresses(LARGE, at * LARGE // 2)) for at in range(30)])}, ("w", ("A",)))
        self.add("1,000 sets of 65 that are all the same", {"w": group("A", ["up"], [
            a_set(*addresses(65)) for at in range(SETS)])}, ("w", ("A",)))
        kinds = [group(f"TYPE{65280 + at}", ["up all-down=none"],
                       [a_set(r"\# 4 0a000001", health=DOWN) for _ in range(SETS)])
                 for at in range(22)]
        self.add("22 types of 1,000 sets that are down", {"w": kinds},
                 ("w", ("ANY", "TYPE65280", "MX")))

    def programs(self):
        """Programs as long as allowed."""
        for step, size in (("shuffle", 2), ("shuffle, take 1000", 6), ("weighted, take 1000", 7),
                           ("weighted sticky=client, take 1000", 7), ("up all-down=all", 4),
                           ("tier", 2)):
            for count in (1, PROGRAM // size):
                program = step.split(", ") * count
                self.add(f"{count} times {step}",
                         {"w": group("A", program, weighted(many()) if "weighted" in step
                                     else many())}, ("w", ("A",)))

    # Aliases and chains.

    def aliases(self):
        """Aliases beside each other."""
        targets = {
            "ten to 4,000 addresses each": [f"a{at}" for at in range(10)],
            "two to the same group of 4,000": ["a0", "a0"],
            "1,000 to as many names": [f"n{at}" for at in range(SETS)],
            "1,000 to the same name": ["n0"] * SETS,
            "1,000 to the same group of 1,000": ["all"] * SETS,
            "1,000 to a sticky group of 1,000": ["sticky"] * SETS,
            "1,000 to a group of which all is down": ["sick"] * SETS,
            "1,000 to names that are not there": [f"x{at}" for at in range(SETS)],
        }
        for what, names in targets.items():
            for evaluate in (True, False):
                sets = [an_alias(f"{name}.{POOL}.", evaluate) for name in names]
                self.add(f"aliases, {what}, {'' if evaluate else 'not '}evaluated",
                         {"w": group("A", ["up all-down=none"], sets),
                          "f": group("A", ["up", "shuffle", "take 1"], sets)},
                         ("w", ("A",)), ("f", ("A",)))

    def trees(self):
        """Aliases below each other."""
        for width, depth in ((1, DEPTH), (2, DEPTH), (4, 8), (31, 3), (SETS, 2)):
            for evaluate in (True, False):
                for health in (UP, DOWN):
                    records = {}
                    for level in range(depth - 1):
                        for at in range(min(width, 8)):
                            sets = [an_alias(f"t{level + 1}-{to % min(width, 8)}", evaluate)
                                    for to in range(width)]
                            records[f"t{level}-{at}"] = group("A", ["up", "shuffle"], sets)
                    for at in range(min(width, 8)):
                        records[f"t{depth - 1}-{at}"] = group(
                            "A", ["up"], [a_set(address(at), health=health)])
                    self.add(f"a tree, {width} wide, {depth} deep, "
                             f"{'' if evaluate else 'not '}evaluated, {health}", records,
                             ("t0-0", ("A", "ANY")))

    def links(self):
        """Chains of CNAMEs and DNAMEs, and aliases that lead through them."""
        for count, program in ((1, ["up"]), (SETS, ["up", "shuffle"]), (SETS, STICKY)):
            for health in (UP, DOWN):
                records = {f"c{at}": group("CNAME", program, weighted(
                    [a_set(f"c{at + 1}", health=health)] * count) if program == STICKY else
                    [a_set(f"c{at + 1}", health=health)] * count) for at in range(DEPTH)}
                records[f"c{DEPTH}"] = values("A", "192.0.2.1")
                records["a"] = {"type": "A", "alias": "c1"}
                records["e"] = group("A", ["up"], [an_alias("c1"), an_alias("c2")])
                self.add(f"a chain of CNAME groups of {count}, {program}, {health}", records,
                         ("c0", ("A", "CNAME", "ANY", "TXT")), ("a", ("A",)), ("e", ("A",)))
        label = "d" * 20
        records = {f"{label}{at}": values("DNAME", f"{label}{at + 1}") for at in range(30)}
        records["*.d30"] = values("A", "192.0.2.1")
        records["a"] = {"type": "A", "alias": f"{'x.' * 60}{label}16"}
        self.add("DNAMEs after each other", records, (f"{'x.' * 60}{label}0", ("A",)),
                 (f"x.{label}0", ("A", "ANY")), ("a", ("A",)))

    # Names.

    def names(self):
        """Names of many labels, none or all of which exist."""
        deep = ".".join(["x"] * 110)
        self.add("a wildcard for a deep name", {
            "*": group("A", STICKY, weighted(many())), "*.y": values("A", "192.0.2.1"),
            f"{deep}.z": values("A", "192.0.2.1")},
            (deep, ("A", "TXT")), (f"{deep}.y", ("A",)), (f"{deep}.z", ("A", "TXT")),
            (f"x.{deep}.z", ("A",)))
        self.add("an alias to a wildcard for a deep name", {
            "*.w": group("A", STICKY, weighted(many())),
            "a": group("A", ["up"], [an_alias(f"{deep}.w")] * 20)}, ("a", ("A",)))

    def additional(self):
        """Records whose targets have addresses."""
        for rrtype, form in (("MX", "10 {}"), ("SRV", "1 1 1 {}"), ("SVCB", "1 {}"), ("NS", "{}")):
            for count in (25, 1500):
                hosts = [f"h{at}.sticky.{POOL}." for at in range(count)]
                own = [f"h{at}.t" for at in range(count)]
                same = values(rrtype, *(form.format(host) for host in own))
                records = {"w": values(rrtype, *(form.format(host) for host in hosts)), "v": same,
                           "*.t": [values("A", *addresses(1024)),
                                   group("AAAA", STICKY,
                                         weighted([a_set(address6(at)) for at in range(SETS)]))]}
                self.add(f"{count} {rrtype} to wildcards", records,
                         *((name, (rrtype, "A")) for name in "wv"))
        glue = {f"h{at}.c": values("A", *addresses(1100, 1100 * at)) for at in range(60)}
        self.add("60 NS with 1,100 addresses each", {
            "c": values("NS", *(f"h{at}.c" for at in range(60))), **glue},
            ("x.c", ("A", "NS")), ("c", ("NS", "ANY", "DS")))
        own = {f"h{at}": [group("A", STICKY, weighted(many(first=at))),
                          group("AAAA", STICKY, weighted(
                              [a_set(address6(at)) for at in range(SETS)]))] for at in range(10)}
        self.add("10 targets of 1,000 sets", {
            "m": values("MX", *(f"{at} h{at}" for at in range(10))),
            "h": values("HTTPS", *(f"{at + 1} h{at}" for at in range(10))), **own},
            ("m", ("MX",)), ("h", ("HTTPS",)))

    def large(self):
        """RRsets that are as large as a message, or larger."""
        text = '"' + "x" * 250 + '"'
        lines = [f'"{at:05}" {text}' for at in range(230)]
        sizes = {
            "TXT": [lines, [" ".join([text] * 250)]],
            "MX": [[f"{at} mx" for at in range(2400)]],
            "A": [addresses(4090)], "AAAA": [[address6(at) for at in range(2330)]],
        }
        for rrtype, cases in sizes.items():
            for data in cases:
                halves = [a_set(*data[::2]), a_set(*data[1::2], *data[:1])] if len(data) > 1 else \
                    [a_set(*data), a_set('"other"')]
                self.add(f"{len(data)} {rrtype} near 64 KiB", {
                    "p": values(rrtype, *data), "g": group(rrtype, ["up"], halves),
                    "w": group(rrtype, ["up"], [halves[0], a_set(*data)])},
                    ("p", (rrtype,)), ("g", (rrtype, "ANY")), ("w", (rrtype,)))

    def mixed(self):
        """Random zones."""
        for number in range(12):
            self.random_zone(number)

    def random_zone(self, number):
        rng = self.rng
        records, asked = {}, []
        apex = f"r{number}.test"
        for at in range(rng.randrange(4, 12)):
            rrtype = rng.choice(("A", "A", "A", "AAAA", "CNAME"))
            owner = f"{rng.choice(('n', 'n', '*.n'))}{at}"
            before = [name.replace("*", "x") for name, one in records.items()
                      if one["type"] in (rrtype, "CNAME")]
            pool = [f"{name}.{POOL}."
                    for name in ("a0", "a1", "sticky", "all", "sick", "x.sticky", "n1")]
            count = rng.choice((1, 2, 10, 100, SETS))
            program = rng.choice((["up"], ["up", "shuffle"], ["up all-down=none"], STICKY,
                                  ["weighted"], ["up", "tier", "shuffle", "take 8"], ["shuffle"],
                                  ["weighted sticky=client", "take 500", "shuffle", "up"]))
            sets = []
            first = rng.randrange(1000)
            for _ in range(count):
                health = rng.choice((UP, UP, DOWN))
                if rrtype == "CNAME":
                    sets.append(a_set(rng.choice(before + pool), health=health))
                elif rng.random() < 0.5 and before + pool:
                    targets = before if before and rng.random() < 0.6 else pool
                    sets.append(an_alias(rng.choice(targets), rng.random() < 0.7))
                else:
                    of = address if rrtype == "A" else address6
                    sets.append(a_set(*dict.fromkeys(
                        of(first + rng.randrange(2000)) for _ in range(rng.choice((1, 1, 4, 60)))),
                        health=health))
            records[owner] = group(rrtype, program,
                                   weighted(sets) if "weighted" in str(program) else sets)
            if "tier" in program:
                for one in records[owner]["sets"].values():
                    one["tier"] = rng.randrange(2)
            asked.append((owner.replace("*", "x"), ("A", "ANY" if rrtype == "A" else rrtype)))
        self.add(f"chance {number}", records, *asked, apex=apex)

    # What comes out.

    def documents(self):
        """Documents of Steer YAML, as text."""
        yield json.dumps({"health": {check: {"type": "manual"} for check in (UP, DOWN)}})
        for apex, records in [(POOL, self.pool)] + [shape.zone for shape in self.shapes]:
            servers = values("NS", "ns.example.net.")
            yield json.dumps({"zone": apex, "ttl": TTL, "records": {"@": servers, **records}})

    def questions(self):
        """Triples: what it is, name, type."""
        for shape in self.shapes:
            for name, types in shape.asked:
                for rrtype in types:
                    yield shape.what, name, rrtype
