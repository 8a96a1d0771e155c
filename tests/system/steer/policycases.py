# SPDX-License-Identifier: GPL-3.0-or-later
"""Random zones with policies and aliases, from a seed, for the model and as Steer YAML.

A case is a pair of zones of its own; all cases are in one store and share the health checks and the
names that none of their zones has.
"""

import dataclasses

from steer import mapcases
from steer.maps import Place
from steer.odds import World, Zone
from steer.odds_program import (ASN, CIDR, GEO, LATENCY, NEAREST, PRESETS, SHUFFLE, TIER, UP,
                                WEIGHTED, Group, Set, Step, take, within)

# Health checks: id -> (document, how its state comes about, whether it is up).
CHECKS = {
    "up-new": ("{type: tcp, address: 192.0.2.1, port: 80}", None, True),
    "up-forced": ("{type: tcp, address: 192.0.2.1, port: 80, inverted: yes}", "force", True),
    "up-reported": ("{type: manual}", "report", True),
    "up-off": ("{type: tcp, address: 192.0.2.1, port: 80, disabled: yes}", None, True),
    "up-nowhere": (None, None, True),
    "down-forced": ("{type: tcp, address: 192.0.2.1, port: 80}", "force", False),
    "down-reported": ("{type: manual}", "report", False),
    "down-new": ("{type: tcp, address: 192.0.2.1, port: 80, inverted: yes}", None, False),
    "down-off": ("{type: tcp, address: 192.0.2.1, port: 80, disabled: yes, inverted: yes}", None,
                 False),
}
DOWN = tuple(name for name, (_, _, is_up) in CHECKS.items() if not is_up)
HEALTHY = tuple(name for name, (_, _, is_up) in CHECKS.items() if is_up)

OVERLAY = "overlay.test."
# Targets that no zone has authority for: name -> what is known, if anything, by type.
TARGETS = {
    "known.outside.invalid.": {"A": (33, ("203.0.113.1", "203.0.113.2")),
                               "TXT": (33, ('"outside"',))},
    "empty.outside.invalid.": {"A": (33, ()), "TXT": (33, ())},
    "unknown.outside.invalid.": {},
    f"lacks.{OVERLAY}": {"A": (44, ("203.0.113.3",))},
}
VALUES = {"A": tuple(f"192.0.2.{n}" for n in range(1, 8)),
          "TXT": tuple(f'"text {n}"' for n in range(1, 5))}
TTLS = (5, 30, 60, 300)
PLACES = (None, *map(Place, mapcases.CONTINENTS),
          *(Place(None, country) for country in mapcases.COUNTRIES),
          *(Place(None, *codes) for codes in mapcases.SUBDIVISIONS))
# Record sets of a group with these presets differ by these.
DIFFERENT = {"latency": ("region", mapcases.REGIONS_OF_SETS), "geolocation": ("geo", PLACES),
             "ip": ("location", (None, *mapcases.LOCATIONS))}


def known_targets():
    return {(name, rrtype): data for name, types in TARGETS.items()
            for rrtype, data in types.items()}


def overlay():
    """A zone of which the store has only one record set."""
    zone = Zone(OVERLAY, overlay=True)
    zone.add(f"held.{OVERLAY}", Group("A", (Set(values=("203.0.113.4",), ttl=44),)))
    return zone


def alone(program):
    """A step that has the name of a preset cannot be written alone: this means the same."""
    return (*program, take(1000)) if program == (LATENCY,) else program


class Case:
    """Makes a case: its zones, and how deep the aliases of a group go."""

    def __init__(self, rng, number):
        self.rng = rng
        self.zones = [Zone(f"a{number}.test."), Zone(f"b{number}.example.")]
        self.cut = f"cut.{self.zones[0].apex}"
        self.zones[0].add(self.cut, Group("NS", (Set(values=("ns.outside.invalid.",)),)))
        self.names = 0
        self.sick = rng.choice((0, 0.2, 0.5, 1))  # Share of checks that are down.
        self.sticky = rng.random() < 0.15
        self.depths = {}  # (name, type) -> aliases one after the other
        for _ in range(rng.randrange(3, 6)):
            self.leaf()
        for _ in range(rng.randrange(3, 8)):
            self.alias_group()

    def name(self):
        self.names += 1
        apex = self.rng.choice(self.zones).apex
        return apex if self.rng.random() < 0.05 and not self.zone(apex).names[apex] else \
            f"{self.rng.choice(('n', '*.w', 'e.n'))}{self.names}.{apex}"

    def zone(self, name):
        return next(zone for zone in self.zones if name.endswith(zone.apex))

    def check(self, needed=False):
        if self.rng.random() < 0.3 and not needed:
            return None
        return self.rng.choice(DOWN if self.rng.random() < self.sick else HEALTHY)

    # Programs.

    def step(self):
        rng = self.rng
        dice = rng.random()
        if dice < 0.3:
            return rng.choice((GEO, GEO, CIDR, CIDR, ASN, LATENCY, NEAREST,
                               within(rng.choice((0, 20, 50, 400, 10000)))))
        if dice < 0.5:
            return Step("up", all_down=rng.choice(("all", "all", "none", "servfail")),
                        min_healthy=rng.choice((0, 0, 1, 34, 50, 67, 100)))
        if dice < 0.6:
            return TIER
        if dice < 0.75:
            return Step("weighted", sticky=self.sticky and rng.random() < 0.7)
        return SHUFFLE if dice < 0.82 else take(rng.choice((1, 1, 2, 3, 8)))

    def program(self, rrtype):
        rng = self.rng
        dice = rng.random()
        if dice < 0.1:
            return PRESETS["weighted"]
        if dice < 0.2:
            return PRESETS["failover"]
        if dice < 0.25 and rrtype != "CNAME":
            return PRESETS["multivalue"]
        if dice < 0.45:
            return PRESETS[rng.choice(("latency", "geolocation", "geoproximity", "ip"))]
        if dice < 0.55:
            return self.client_program()
        if dice < 0.7:
            last = rng.choice(((), (take(1),), (take(2),), (TIER,)))
            order = Step("weighted", sticky=self.sticky) if rng.random() < 0.6 else SHUFFLE
            return (self.up(), order, *last)
        return alone(tuple(self.step() for _ in range(rng.randrange(1, 5))))

    def client_program(self):
        """Steps in an order that is of use."""
        rng = self.rng
        near = rng.choice((LATENCY, NEAREST))
        return rng.choice(((near, within(rng.choice((0, 20, 100))), WEIGHTED, take(2)),
                           (self.up(), near, within(20), take(1)),
                           (rng.choice((GEO, CIDR, ASN)), SHUFFLE, self.up(), take(1)),
                           (rng.choice((GEO, CIDR, ASN)), self.up(), near, take(1)),
                           (CIDR, self.up(), GEO, self.up()),
                           (NEAREST, take(3), LATENCY, within(50)),
                           (GEO, self.up(), Step("weighted", sticky=self.sticky), take(1))))

    def up(self):
        mode = self.rng.choice(("all", "none", "servfail"))
        return UP if self.rng.random() < 0.5 else Step("up", mode, self.rng.choice((0, 50, 75)))

    # Groups.

    def attributes(self, program, one):
        """Gives a set the attributes that the program uses, and those that a preset needs (rules
        G4, F2)."""
        rng = self.rng
        names = {step.name for step in program}
        if "weighted" in names:
            one = dataclasses.replace(one, weight=rng.choice((0, 1, 1, 2, 3)))
        if "tier" in names:
            one = dataclasses.replace(one, tier=rng.choice((0, 0, 1, 2)))
        if program == PRESETS["failover"] and one.tier == 0 and one.check is None and \
                not (one.alias and one.evaluate):
            one = dataclasses.replace(one, check=self.check(needed=True))
        return self.place(names, one)

    def place(self, names, one):
        """Gives a set what the steps that look at the client read."""
        rng = self.rng
        if {"latency", "nearest"} & names:
            one = dataclasses.replace(
                one, region=rng.choice(mapcases.REGIONS_OF_SETS) if rng.random() < 0.8 else None,
                point=mapcases.some_point(rng) if rng.random() < 0.3 else None)
        if "nearest" in names and rng.random() < 0.5:
            one = dataclasses.replace(one, bias=rng.choice((-99, -50, -10, 10, 50, 99)))
        if "geo" in names:
            one = dataclasses.replace(one, geo=rng.choice(PLACES))
        if "cidr" in names:
            one = dataclasses.replace(one, location=rng.choice((None, *mapcases.LOCATIONS)))
        if "asn" in names:
            count = rng.choice((0, 1, 2))
            one = dataclasses.replace(one, asns=tuple(rng.sample(mapcases.ASNS, count)))
        return one

    def differ(self, program, sets):
        """Makes sets as different as a preset wants them."""
        rng = self.rng
        for preset, (attribute, values) in DIFFERENT.items():
            if program == PRESETS[preset]:
                own = rng.sample(values, min(len(values), len(sets)))
                return [dataclasses.replace(one, point=None, **{attribute: value})
                        for one, value in zip(sets, own)]
        if program == PRESETS["geoproximity"]:
            regions = rng.sample(mapcases.REGIONS_OF_SETS, len(sets))
            return [dataclasses.replace(one, region=region, point=None) if rng.random() < 0.6 else
                    dataclasses.replace(one, region=None, point=mapcases.some_point(rng))
                    for one, region in zip(sets, regions)]
        return sets

    def count(self, program):
        """Sets of a group: few where a whole order of them is drawn."""
        orders = [behind for step, behind in zip(program, (*program[1:], None))
                  if step.name in ("weighted", "shuffle")]
        if orders == [take(1)] and self.rng.random() < 0.1:
            return self.rng.randrange(9, 12)  # These have a draw table.
        if orders in ([], [take(1)], [take(2)]):
            return self.rng.randrange(1, 5 if program == PRESETS["ip"] else 8)
        return self.rng.randrange(1, 5)

    def add(self, name, rrtype, program, sets, depth):
        """Adds a group; sets get their identifiers and attributes here."""
        if program:
            ids = self.rng.sample("abcdefghijk", len(sets))
            one_ttl = self.rng.choice(TTLS)
            if any(step.name == "weighted" for step in program):  # Rule W5
                sets = [dataclasses.replace(one, ttl=one_ttl) for one in sets]
            sets = [self.attributes(program, dataclasses.replace(one, id=key))
                    for one, key in zip(sets, ids)]
            sets = self.differ(program, sets)
        sets = sorted(sets, key=lambda one: (one.tier, one.id))
        located = any(one.location is not None for one in sets)
        collection = self.rng.choice(mapcases.COLLECTIONS) if located else None
        self.zone(name).add(name, Group(rrtype, tuple(sets), program, collection))
        self.depths[name, rrtype] = depth

    def values_set(self, rrtype):
        rng = self.rng
        if rrtype == "CNAME":
            values = (self.some_name("A")[0],)
        else:
            count = rng.choice((1, 1, 1, 2, 3))
            values = tuple(rng.sample(VALUES[rrtype], count))
        return Set(values=values, ttl=rng.choice(TTLS), check=self.check())

    def some_name(self, rrtype):
        """An existing name with a type, as a question would spell it; and its depth."""
        there = [(name, self.depths[name, kind]) for name, kind in self.depths if kind == rrtype]
        two = (self.rng.choice(there), self.rng.choice(there))
        name, depth = max(two, key=lambda one: one[1]) if self.rng.random() < 0.6 else two[0]
        return name.replace("*.", self.rng.choice(("x.", "y.z.")), 1), depth

    def leaf(self):
        rng = self.rng
        name = self.name()
        for rrtype in ("A", "TXT") if rng.random() < 0.2 else ("A",):
            if rng.random() < 0.25:
                self.add(name, rrtype, (), [self.values_set(rrtype)], 0)
            else:
                program = self.program(rrtype)
                self.add(name, rrtype, program,
                         [self.values_set(rrtype) for _ in range(self.count(program))], 0)
        if rng.random() < 0.3:
            self.way(name)

    def way(self, name):
        """A CNAME group, or a DNAME, by which a leaf can be reached."""
        rng = self.rng
        owner = self.name()
        if owner in [zone.apex for zone in self.zones]:
            return
        if rng.random() < 0.7:
            program = rng.choice(((), PRESETS["weighted"], PRESETS["failover"], (self.up(),)))
            count = rng.randrange(1, 4) if program else 1
            self.add(owner, "CNAME", program, [self.values_set("CNAME") for _ in range(count)], 0)
        elif not owner.startswith("*") and not name.startswith("*"):
            self.add(owner, "DNAME", (), [Set(values=(name.split(".", 1)[1],), ttl=25)], 0)
            self.depths[f"{name.split('.', 1)[0]}.{owner}", "by DNAME"] = 0

    def target(self, rrtype):
        """A name to point to, and its depth: a group, or one of the odd places."""
        rng = self.rng
        dice = rng.random()
        ways = [name for name, kind in self.depths if kind in ("CNAME", "by DNAME")]
        if dice < 0.72 or rrtype == "CNAME":
            return self.some_name(rrtype)
        if dice < 0.82 and ways:
            return rng.choice(ways).replace("*.", "x.", 1), 0
        if dice < 0.87:
            return f"none.{rng.choice(self.zones).apex}", 0
        return rng.choice((*TARGETS, f"held.{OVERLAY}", f"at.{self.cut}")), 0

    def alias_set(self, rrtype):
        target, depth = self.target(rrtype)
        return Set(alias=target, evaluate=self.rng.random() < 0.75,
                   check=self.check() if self.rng.random() < 0.3 else None), depth

    def alias_group(self):
        rng = self.rng
        rrtype = rng.choice(("A",) * 8 + ("TXT", "CNAME"))
        name = self.name()
        if (rrtype == "CNAME" and name in [zone.apex for zone in self.zones]) or \
                not any(kind == rrtype for _, kind in self.depths):
            return
        program = () if rng.random() < 0.25 else self.program(rrtype)
        if program == PRESETS["multivalue"]:
            program = (UP, WEIGHTED, take(2))
        count = min(self.count(program), 4) if program else 1
        sets, depth = [], 0
        for _ in range(count):
            if rng.random() < 0.7 or not program:
                one, below = self.alias_set(rrtype)
                depth = max(depth, below + 1)
            else:
                one = self.values_set(rrtype)
            sets.append(one)
        if depth <= 5:
            self.add(name, rrtype, program, sets, depth)

    # What comes out.

    def world(self, sight):
        return World([*self.zones, overlay()], DOWN, known_targets(), sight)

    def questions(self):
        """Names and types worth asking: all groups, and some without data."""
        asked = [(name.replace("*.", "q.", 1), rrtype) for name, rrtype in self.depths
                 if rrtype not in ("by DNAME", "DNAME")]
        asked += [(name.replace("*.", "q.", 1), "A") for name, kind in self.depths
                  if kind in ("CNAME", "by DNAME")]
        apex = self.zones[1].apex
        return [*asked, (f"missing.{apex}", "A"), (apex, "MX")]
