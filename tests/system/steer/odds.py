# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosted zones with policies and aliases answer, and how likely: a model of steer-policies(7).

Written from the rules alone. Names are lower-case text with a final dot, without escapes.
"""

import collections

from steer.maps import Client, Maps, Sight
from steer.odds_program import SERVFAIL, certain, kept_odds, lookups, of_health, strictly, then

NOERROR, NXDOMAIN = 0, 3
OTHER, NOT_READY = 0, 14  # Extended DNS errors (rules S3, A4)
ANY = -2        # One of several: no rule says which.
CHAIN = 5       # CNAMEs followed for one question
DEPTH = 16      # Aliases followed one after the other

NOTHING = frozenset()

# What may be given for a question. rcode: None if no hosted zone answers; rrsets: (owner, type,
# TTL, sorted values); negative: the zone whose SOA goes with it, or None; looked: the maps by which
# it depends on the client; error: an extended DNS error, or None.
Outcome = collections.namedtuple("Outcome", "rcode rrsets negative looked error")

# What a group or an alias' target gives: SERVFAIL, or values (a frozenset; none: NODATA). end: they
# are not the CNAME that was wanted, but what it leads to.
Data = collections.namedtuple("Data", "rcode ttl values looked error end", defaults=(False,))
NODATA = Data(NOERROR, None, NOTHING, NOTHING, None)

# What a CNAME or DNAME is followed for, and the labels before the names it leads to.
Goal = collections.namedtuple("Goal", "rrtype prefix")

# Where a name lies: outside, cut, dname, node, empty or missing; the zone, the name whose records
# count, and these by type.
Place = collections.namedtuple("Place", "kind zone owner groups")


class Zone:
    """A hosted zone: its groups by name, then by type."""

    def __init__(self, apex, overlay=False):
        self.apex = apex
        self.overlay = overlay
        self.names = {apex: {}}

    def add(self, name, group):
        self.names.setdefault(name, {})[group.type] = group

    def has(self, name):
        """Whether the name has records, or others below it have."""
        return name in self.names or any(other.endswith("." + name) for other in self.names)

    def holder(self, name, above):
        """The first of a name's ancestors, from the apex down, that holds NS or DNAME."""
        for owner in reversed(above):
            held = self.names.get(owner, {})
            if "NS" in held and owner != self.apex:
                return Place("cut", self, owner, {})
            if "DNAME" in held and owner != name:
                return Place("dname", self, owner, held)
        return None

    def locate(self, name):
        if self.overlay:
            return Place("node" if name in self.names else "outside", self, name,
                         self.names.get(name, {}))
        above = [name]
        while above[-1] != self.apex:
            above.append(parent(above[-1]))
        held = self.holder(name, above)
        if held is not None:
            return held
        encloser = next(owner for owner in above if self.has(owner))
        owner = name if encloser == name else "*." + encloser
        if not self.has(owner):
            return Place("missing", self, encloser, {})
        groups = self.names.get(owner, {})
        return Place("node" if groups else "empty", self, owner, groups)


def parent(name):
    return name.split(".", 1)[1] or "."


def below(name, owner, rrtype):
    """What is wanted of a DNAME at owner for a name below it."""
    return Goal(rrtype, name.removesuffix(owner))


class World:
    """Hosted zones, the checks that are down, what is known of external targets, and a client.

    targets: (name, type) -> (TTL, values); no values: the target has no data.
    """

    def __init__(self, zones, down=(), targets=None, sight=None):
        self.zones = {zone.apex: zone for zone in zones}
        self.down = frozenset(down)
        self.targets = dict(targets or {})
        self.sight = sight or Sight(Maps(), Client())
        self.met = collections.Counter()  # For tests that want to have met all there is.
        self._healthy = {}
        self._drawn = {}

    def locate(self, name):
        apex = name
        while apex not in self.zones:
            if apex == ".":
                return Place("outside", None, None, {})
            apex = parent(apex)
        return self.zones[apex].locate(name)

    # Health. CNAMEs and DNAMEs on the way of an alias are no end, which "goal" says: the type
    # wanted, and what stands before the names that they lead to; None: their own records are
    # wanted. What they lead to counts on the way of an alias that evaluates its target (rule A3).

    def set_is_up(self, one, rrtype, goal=None, follows=True):
        """Whether a record set is healthy (rule H2)."""
        if one.check in self.down:
            return False
        if one.alias is not None:
            return not one.evaluate or self.target_is_up(one.alias, rrtype, goal)
        return (goal is None or not follows or
                self.target_is_up(goal.prefix + one.values[0], goal.rrtype))

    def group_is_up(self, group, goal=None):
        """Whether the program, run strictly, keeps a candidate (rule H3)."""
        key = (id(group), goal)
        if key not in self._healthy:
            (run,) = self.run(group, of_health(group.program), True, goal)
            self._healthy[key] = bool(run[0])
        return self._healthy[key]

    def target_is_up(self, name, rrtype, goal=None):
        """Whether a question for an alias' target finds a healthy group, or known data."""
        place = self.locate(name)
        if place.kind == "dname":
            return self.group_is_up(place.groups["DNAME"], below(name, place.owner, rrtype))
        if rrtype in place.groups:
            return self.group_is_up(place.groups[rrtype], goal)
        if "CNAME" in place.groups:
            return self.group_is_up(place.groups["CNAME"], Goal(rrtype, ""))
        return bool(self.external(name, goal.rrtype if goal else rrtype, place).values)

    # Data.

    def run(self, group, program, strict, goal):
        """Odds of the sets that a program keeps, or SERVFAIL, and the maps that were looked up."""
        return kept_odds(group, program,
                         lambda one: self.set_is_up(one, group.type, goal, follows=strict),
                         lambda step, levels: self.meet(group, step, levels), self.sight)

    def draw(self, group, strict=False, depth=0, goal=None):
        """Odds of a group's data."""
        assert depth <= DEPTH, "too deep for this model"
        key = (id(group), strict, goal)
        if key not in self._drawn:
            program = strictly(group.program) if strict else group.program
            self._drawn[key] = then(self.run(group, program, strict, goal), lambda run:
                                    self.of_kept(group, *run, depth, goal))
        return self._drawn[key]

    def of_kept(self, group, kept, looked, depth, goal):
        """Odds of the data of the sets that a program kept, all of them."""
        if kept == SERVFAIL:
            return certain(Data(SERVFAIL, None, NOTHING, looked, OTHER))
        odds = certain((NODATA._replace(looked=looked),))
        for one in kept:
            data = self.of_set(one, group.type, depth, goal)
            odds = then(odds, lambda before, data=data:
                        then(data, lambda more: certain(before + (more,))))
        return then(odds, lambda parts: certain(self.merge(parts)))

    def merge(self, parts):
        """The data of several sets as one RRset: what some lack the others give (rules A4, G10)."""
        failed = [part for part in parts if part.rcode == SERVFAIL]
        merged = Data(NOERROR, smallest_ttl(parts),
                      NOTHING.union(*(part.values for part in parts)),
                      NOTHING.union(*(part.looked for part in parts)), None,
                      any(part.end for part in parts))
        if sum(len(part.values) for part in parts) > len(merged.values):
            self.met["a record of several sets"] += 1
        if failed and not merged.values:
            errors = {part.error for part in failed}
            return merged._replace(rcode=SERVFAIL, error=errors.pop() if len(errors) == 1 else ANY)
        return merged

    def of_set(self, one, rrtype, depth, goal):
        if one.alias is None:
            return certain(Data(NOERROR, one.ttl, frozenset(one.values), NOTHING, None))
        strict = one.evaluate and self.target_is_up(one.alias, rrtype, goal)
        self.met["alias entered " + ("strictly" if strict else "without evaluation"
                                     if not one.evaluate else "though down")] += 1
        return self.target(one.alias, rrtype, strict, depth + 1, goal)

    def target(self, name, rrtype, strict, depth, goal=None):
        """Odds of the data of an alias' target, which is found as a question for it would."""
        place = self.locate(name)
        if place.kind == "node" and place.owner != name:
            self.met["target at a wildcard"] += 1
        if place.kind == "dname":
            return self.by_way_of(place.groups["DNAME"], strict, depth,
                                  below(name, place.owner, rrtype))
        if rrtype in place.groups:
            return self.draw(place.groups[rrtype], strict, depth, goal)
        if "CNAME" in place.groups:
            return self.by_way_of(place.groups["CNAME"], strict, depth, Goal(rrtype, ""))
        if goal is None:
            return certain(self.external(name, rrtype, place))
        # Whoever resolves it follows its CNAMEs (rule A4).
        return certain(self.external(name, goal.rrtype, place)._replace(end=True))

    def by_way_of(self, group, strict, depth, goal):
        """Odds of the data that a CNAME or DNAME leads to."""
        self.met["target by way of " + group.type] += 1

        def follow(link):
            if not link.values or link.end:
                return certain(link)
            (value,) = link.values
            name = goal.prefix + value
            healthy = strict and self.target_is_up(name, goal.rrtype)
            behind = self.target(name, goal.rrtype, healthy, depth + 1)
            return then(behind, lambda data: certain(join(link, data)))
        return then(self.draw(group, strict, depth, goal), follow)

    def external(self, name, rrtype, place):
        """What is known of a target: that there is nothing, or what a resolver has found."""
        if place.zone is not None and not place.zone.overlay and place.kind != "cut":
            self.met["target without data"] += 1
            return NODATA
        if (name, rrtype) not in self.targets:
            self.met["external target, unknown"] += 1
            return Data(SERVFAIL, None, NOTHING, NOTHING, NOT_READY)
        ttl, values = self.targets[name, rrtype]
        self.met["external target, with" + ("" if values else "out") + " data"] += 1
        return Data(NOERROR, ttl, frozenset(values), NOTHING, None) if values else NODATA

    # Maps.

    def behind(self, name, rrtype):
        """All groups that a question may lead to."""
        names, groups = [name], []
        for name in names:
            place = self.locate(name)
            kinds = ("DNAME",) if place.kind == "dname" else {rrtype, "CNAME"} & set(place.groups)
            groups += [place.groups[kind] for kind in kinds]
            for one in (one for kind in kinds for one in place.groups[kind].sets):
                targets = [one.alias] if one.alias else \
                    [name.removesuffix(place.owner) + one.values[0]] if "DNAME" in kinds else \
                    [one.values[0]] if "CNAME" in kinds else []
                names += [target for target in targets if target not in names]
        return groups

    def may_look(self, name, rrtype):
        """The maps that are looked up for a question at most; and those of them by which it may be
        found out whether groups are healthy."""
        groups = self.behind(name, rrtype)
        return (NOTHING.union(*(lookups(group, group.program) for group in groups)),
                NOTHING.union(*(lookups(group, of_health(group.program)) for group in groups)))

    # Questions.

    def answer(self, name, rrtype, links=(), looked=NOTHING):
        """Odds of the outcomes of a question; links: the chain so far."""
        place = self.locate(name)
        end = Outcome(NOERROR, links, None, looked, None)
        if place.kind == "outside" or (place.zone.overlay and
                                       not {rrtype, "CNAME"} & set(place.groups)):
            return certain(end if links else end._replace(rcode=None))
        if place.kind == "cut":
            return certain(end)
        if place.kind == "dname":
            return self.link(place, "DNAME", name, rrtype, end)
        if rrtype in place.groups:
            return then(self.draw(place.groups[rrtype]), lambda data:
                        certain(given(place, name, rrtype, data, end)))
        if "CNAME" in place.groups:
            return self.link(place, "CNAME", name, rrtype, end)
        rcode = NXDOMAIN if place.kind == "missing" else NOERROR
        return certain(end._replace(rcode=rcode, negative=place.zone.apex))

    def link(self, place, rrtype, name, asked, end):
        """Odds of what a CNAME or DNAME leads to."""
        def follow(data):
            here = given(place, name if rrtype == "CNAME" else place.owner, rrtype, data, end)
            if not data.values:
                return certain(here)
            (goal,) = data.values
            links = here.rrsets
            if rrtype == "DNAME":
                goal = name.removesuffix(place.owner) + goal
                links += ((name, "CNAME", data.ttl, (goal,)),)
            assert sum(link[1] == "CNAME" for link in links) <= CHAIN, "too long for this model"
            return self.answer(goal, asked, links, here.looked)
        return then(self.draw(place.groups[rrtype]), follow)

    def meet(self, group, step, levels):
        """Records what a step meets."""
        self.met[f"step {step.name}"] += 1
        candidates = levels[0]
        if step.sticky:
            self.met["sticky=client"] += 1
        if step.name != "up":
            return
        healthy = [one for one in candidates if self.set_is_up(one, group.type)]
        enough = len(healthy) * 100 >= step.min_healthy * len(candidates)
        if step.min_healthy:
            self.met["min-healthy, " + ("enough" if enough else "too few")] += 1
        if levels[1:] and not (healthy and enough):
            self.met["the most specific level left"] += 1
        elif not (healthy and enough):
            self.met[f"all-down={step.all_down}"] += 1
        elif any(one.alias and one.check not in self.down and one not in healthy
                 for one in candidates):
            self.met["backed out of a branch"] += 1


def given(place, name, rrtype, data, end):
    """The outcome that ends with a group's data."""
    end = end._replace(looked=end.looked | data.looked)
    if data.rcode == SERVFAIL:
        return end._replace(rcode=SERVFAIL, rrsets=(), error=data.error)
    if not data.values:
        return end._replace(negative=place.zone.apex)
    rrset = (name, rrtype, data.ttl, tuple(sorted(data.values)))
    return end._replace(rrsets=end.rrsets + (rrset,))


def smallest_ttl(parts):
    """The smallest TTL of sets and of links passed, also of those that led to nothing (rule G8)."""
    return min((part.ttl for part in parts if part.ttl is not None), default=None)


def join(link, data):
    """Data reached through a link."""
    return data._replace(ttl=smallest_ttl((link, data)), looked=link.looked | data.looked)
