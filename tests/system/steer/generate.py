# SPDX-License-Identifier: GPL-3.0-or-later
"""Random zones from a seed: small ones full of corner cases, and a large one."""

from steer.wire import TYPES, lower, text, wire_length
from steer.zonemodel import Zone

A, NS, CNAME, SOA, MX, TXT, AAAA, SRV, DNAME, DS = (
    TYPES[t] for t in ("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "SRV", "DNAME", "DS"))
PRIVATE = TYPES["TYPE65280"]

# Few labels, so that names collide.
LABELS = (b"a", b"b", b"c", b"d", b"*", b"www", b"ns", b"\1", b"\2", b"B-\xe9", b"e.f")
DIGEST = "0123456789ABCDEF" * 4


class Small:
    """Makes a small zone."""

    def __init__(self, rng, apex):
        self.rng = rng
        self.zone = Zone(apex)
        self.apex = self.zone.apex

    def name(self):
        rng = self.rng
        depth = rng.choice((1, 1, 1, 2, 2, 3, 4))
        name = tuple(rng.choice(LABELS) for _ in range(depth)) + self.apex
        return name if wire_length(name) <= 255 else (b"a",) + self.apex

    def target(self):
        """A name to point to: usually an existing one, sometimes a missing one or one outside the
        zone."""
        rng = self.rng
        dice = rng.random()
        if dice < 0.55 and self.zone.records:
            name = rng.choice(sorted(self.zone.records))
            if rng.random() < 0.25 and wire_length(name) < 240:
                name = (rng.choice(LABELS),) + name
            return text(name)
        if dice < 0.85:
            return text(self.name())
        return rng.choice(("ns.example.net.", "www.elsewhere.invalid.", "."))

    def data(self, name, rrtype):
        rng, add = self.rng, self.zone.add
        ttl = rng.choice((60, 300, 3600))
        # Knot 3.2 keeps the place of only the first 16 names of an RRset; an additional record that
        # comes from a wildcard for a later one is sent as "*". So sets with names stay small.
        many = 12 if rrtype in (MX, SRV, NS) else 40
        for number in range(rng.choice((1, 1, 2, 3, many if rng.random() < 0.1 else 2))):
            rdata = {
                A: lambda: f"192.0.2.{number}", AAAA: lambda: f"2001:db8::{number:x}",
                MX: lambda: f"{number} {self.target()}", TXT: lambda: f"\"text {number}\"",
                SRV: lambda: f"0 {number} 53 {self.target()}",
                DS: lambda: f"{number} 8 2 {DIGEST}", NS: self.target,
                PRIVATE: lambda: f"\\# 2 {number:04x}",
            }[rrtype]()
            if rdata not in self.zone.types(name).get(rrtype, ()):
                add(name, rrtype, rdata, ttl)

    def fill(self):
        """Adds records at a name."""
        rng, zone, name = self.rng, self.zone, lower(self.name())
        if zone.types(name) or self.below_dname(name):
            return
        dice = rng.random()
        if dice < 0.16:
            zone.add(name, CNAME, self.target())
        elif dice < 0.24:
            if any(other != name and other[-len(name):] == name for other in zone.records):
                return  # Data below a DNAME is refused.
            zone.add(name, DNAME, self.target())
            if rng.random() < 0.3:
                self.data(name, rng.choice((A, TXT)))
        elif dice < 0.38:
            self.cut(name)
        else:
            for rrtype in sorted(rng.sample((A, MX, TXT, AAAA, SRV, PRIVATE), rng.choice((1, 1, 2,
                                                                                         3)))):
                self.data(name, rrtype)

    def cut(self, name):
        rng, zone = self.rng, self.zone
        for server in rng.sample(("below", "at", "any", "out"), rng.choice((1, 2, 3))):
            if server == "below" and wire_length(name) < 250:
                glue = (b"ns",) + name
                if CNAME not in zone.types(glue) and not self.below_dname(glue):
                    zone.add(name, NS, text(glue))
                    if rng.random() < 0.8 and A not in zone.types(glue):
                        zone.add(glue, A, "192.0.2.53")
            elif server == "at":
                zone.add(name, NS, text(name))
                zone.add(name, A, "192.0.2.54")
            elif server == "any":
                target = self.target()
                if target not in zone.types(name).get(NS, ()):
                    zone.add(name, NS, target)
            else:
                zone.add(name, NS, "ns.example.net.")
        if NS in zone.types(name) and rng.random() < 0.4:
            self.data(name, DS)

    def below_dname(self, name):
        return any(DNAME in self.zone.types(name[start:]) for start in range(1, len(name)))

    def make(self):
        rng, zone = self.rng, self.zone
        zone.add(self.apex, NS, "ns.example.net.")
        if rng.random() < 0.5:
            zone.add(self.apex, NS, text((b"ns",) + self.apex))
        zone.add(self.apex, SOA, f"ns.example.net. admin.example.net. {rng.randrange(1, 2**32)} "
                                 f"3600 600 86400 {rng.choice((30, 300, 7200))}",
                 rng.choice((60, 600)))
        if rng.random() < 0.06:  # Nothing else may be in a zone with a DNAME at its apex.
            zone.add(self.apex, DNAME, rng.choice(("ns.example.net.", text((b"to",) + self.apex))))
            return zone
        for rrtype in (A, MX, TXT):
            if rng.random() < 0.4:
                self.data(self.apex, rrtype)
        for _ in range(rng.randrange(6, 18)):
            self.fill()
        self.mend()
        return zone

    def mend(self):
        """Removes what a zone must not hold: data beside a CNAME, data below a DNAME."""
        records = self.zone.records
        for name in sorted(records):
            if CNAME in records[name] and len(records[name]) > 1:
                records[name] = {CNAME: records[name][CNAME]}
            if self.below_dname(name):
                del records[name]
        # pylint: disable=protected-access
        self.zone._exists = None


def small(rng, apex):
    return Small(rng, apex).make()


def nested(rng, count):
    """Zones inside zones: apexes up to three levels below others, with and without a delegation."""
    apexes = []
    for number in range(count):
        dice = rng.random()
        if not apexes or dice < 0.2:
            apexes.append((b"top%d" % number, b"test"))
            continue
        depth = rng.choice((1, 1, 2, 3))
        apex = tuple(rng.choice(LABELS[:6]) for _ in range(depth)) + rng.choice(apexes)
        if apex not in apexes and wire_length(apex) < 120:
            apexes.append(apex)
    return nest(rng, apexes)


def nest(rng, apexes):
    """Small zones with these apexes, which point at each other."""
    zones = []
    for apex in apexes:
        maker = Small(rng, apex)
        zone = maker.make()
        below = [other for other in apexes if len(other) > len(apex) and zone.contains(other)]
        for name in [name for name in zone.records if DNAME in zone.types(name)]:
            if any(len(inner) > len(name) and inner[-len(name):] == name for inner in below):
                del zone.records[name][DNAME]  # A hosted zone below it is refused.
                if not zone.records[name]:
                    del zone.records[name]
        for inner in below:
            if DNAME in zone.types(zone.apex):
                break
            if rng.random() < 0.5 and not zone.types(inner) and not maker.below_dname(inner):
                zone.add(inner, NS, rng.choice(("ns.example.net.", text((b"ns",) + inner))))
                if rng.random() < 0.5:
                    zone.add(inner, DS, f"1 8 2 {DIGEST}")
            if rng.random() < 0.3 and wire_length(inner) < 200:
                hidden = (b"hidden",) + inner
                if not maker.below_dname(hidden):
                    zone.add(hidden, TXT, "\"the inner zone hides this\"")
        for number in range(3):
            name = (b"to%d" % number,) + zone.apex
            other = rng.choice(apexes)
            label = rng.choice(LABELS)
            if not zone.types(name) and DNAME not in zone.types(zone.apex):
                if number == 2:
                    zone.add(name, DNAME, text(other))
                else:
                    zone.add(name, CNAME, text((label,) + other if number else other))
        following = apexes[(apexes.index(apex) + 1) % len(apexes)]
        if DNAME not in zone.types(zone.apex):  # Two loops through all zones.
            zone.add((b"circle",) + zone.apex, CNAME, text((b"circle",) + following))
            zone.add((b"ring",) + zone.apex, DNAME, text((b"ring",) + following))
        maker.mend()
        zones.append(zone)
    return zones


def large(rng, apex, names):
    """A zone of many names: hosts, aliases, wildcards, delegations, empty non-terminals."""
    zone = Zone(apex)
    top = zone.apex
    zone.add(top, NS, "ns.example.net.")
    zone.add(top, SOA, "ns.example.net. admin.example.net. 1 3600 600 86400 300")
    for number in range(names):
        host = (b"n%06d" % number,) + top
        dice = rng.random()
        if dice < 0.70:
            zone.add(host, A, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
            if dice < 0.15:
                zone.add(host, MX, f"10 {text((b'n%06d' % rng.randrange(names),) + top)}")
            if dice < 0.05:
                zone.add(host, AAAA, f"2001:db8::{number >> 16:x}:{number & 65535:x}")
        elif dice < 0.80:  # One in twenty points to a missing name.
            zone.add(host, CNAME, text((b"n%06d" % rng.randrange(names * 20 // 19),) + top))
        elif dice < 0.86:
            zone.add((b"*",) + host, A, "192.0.2.1")
        elif dice < 0.92:
            zone.add((b"x", b"y") + host, TXT, "\"deep\"")
        elif dice < 0.99:
            zone.add(host, NS, text((b"ns",) + host))
            zone.add((b"ns",) + host, A, "192.0.2.53")
        else:
            zone.add(host, DNAME, text((b"n%06d" % rng.randrange(names),) + top))
    return zone
