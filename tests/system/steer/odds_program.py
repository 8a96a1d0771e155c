# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy's program keeps of a group, and how likely: a model of steer-policies(7), S1 to
S16.

It carries out each step in full and computes in fractions what the server draws: "odds" are a dict
of possible results and their probabilities.
"""

import collections
import dataclasses
from fractions import Fraction

from steer.maps import Place
from steer.odds_client import matching, measured, near

SERVFAIL = 2
ONE = ("CNAME", "DNAME")  # Types that a name has one record of (rule G9).


@dataclasses.dataclass(frozen=True)
class Step:
    """A step of a program."""
    name: str
    all_down: str = "all"   # up
    min_healthy: int = 0    # up: percent
    sticky: bool = False    # weighted
    count: int = 0          # take
    percent: int = 0        # within

    def __str__(self):
        words = [self.name]
        words += [f"all-down={self.all_down}"] if self.all_down != "all" else []
        words += [f"min-healthy={self.min_healthy}%"] if self.min_healthy else []
        words += ["sticky=client"] if self.sticky else []
        words += [str(self.count)] if self.name == "take" else []
        words += [f"{self.percent}%"] if self.name == "within" else []
        return " ".join(words)


UP, TIER, WEIGHTED, SHUFFLE = Step("up"), Step("tier"), Step("weighted"), Step("shuffle")
LATENCY, NEAREST = Step("latency"), Step("nearest")
GEO, CIDR, ASN = Step("geo"), Step("cidr"), Step("asn")

# Steps by what they do: they keep the sets that name the client, or order, or drop by that order.
MATCHES = "geo", "cidr", "asn"
ORDERS = "weighted", "shuffle", "latency", "nearest", "within", "take"


def take(count):
    return Step("take", count=count)


def within(percent):
    return Step("within", percent=percent)


PRESETS = {
    "weighted": (UP, WEIGHTED, take(1)),
    "failover": (UP, TIER, SHUFFLE, take(1)),
    "multivalue": (UP, SHUFFLE, take(8)),
    "latency": (UP, LATENCY, take(1)),
    "geolocation": (GEO, UP, take(1)),
    "geoproximity": (UP, NEAREST, take(1)),
    "ip": (CIDR, UP, take(1)),
}


@dataclasses.dataclass(frozen=True, eq=False)
class Set:
    """A record set: values with a TTL, or an alias."""
    id: str = ""
    values: tuple = ()
    ttl: int = 300
    alias: str = None
    evaluate: bool = True
    weight: int = 1
    tier: int = 0
    check: str = None
    region: str = None
    point: tuple = None     # Latitude and longitude in degrees.
    bias: int = 0
    geo: Place = None       # Of its clients, like the next two; None, or no number: default.
    location: str = None
    asns: tuple = ()


@dataclasses.dataclass(frozen=True, eq=False)
class Group:
    """The record sets of a name and type; program: steps, none for a group of one set."""
    type: str
    sets: tuple
    program: tuple = ()
    collection: str = None  # Of the sets' locations.


# Where a run is. levels: tuples of candidates, the most specific first, among which a step "up"
# chooses; before any other step there is one. SERVFAIL: that is the answer. measures: pairs of set
# and measure, or None. looked: what was looked up to find out about the client, see Sight.
Run = collections.namedtuple("Run", "levels measures looked")


def certain(value):
    return {value: Fraction(1)}


def then(odds, follow):
    """Odds of what follows: follow(value) gives the odds after each value."""
    result = collections.defaultdict(Fraction)
    for value, share in odds.items():
        for rest, part in follow(value).items():
            result[rest] += share * part
    return dict(result)


def one_drawn(candidates, weights):
    """Odds of the one drawn first; without any weight all are equally likely."""
    total = sum(weights[one] for one in candidates)
    return {one: Fraction(weights[one], total) if total > 0 else Fraction(1, len(candidates))
            for one in candidates if weights[one] > 0 or total == 0}


def drawn(candidates, weights, count, in_order):
    """Odds of those drawn one after the other, without replacement: in their order or in any."""
    odds = certain(())
    for _ in range(count):
        def draw(before):
            left = [one for one in candidates if one not in before]
            found = {}
            for one, share in one_drawn(left, weights).items():
                after = before + (one,)
                if not in_order:
                    after = tuple(one for one in candidates if one in after)
                found[after] = share
            return found
        odds = then(odds, draw)
    return odds


def order_counts(rest, rrtype):
    """Whether the order that enters these steps has a part in the answer."""
    for step in rest:
        if step.name == "take":
            return True
        if step.name in ("weighted", "shuffle", "latency", "nearest"):
            return False
    return rrtype in ONE


def reordered(step, candidates, rest, rrtype):
    """Odds of the order that a step makes; places that have no part in the answer are not drawn."""
    count = len(candidates)
    in_order = order_counts(rest, rrtype)
    if rest and rest[0].name == "take":
        count = min(count, rest[0].count)
        in_order = order_counts(rest[1:], rrtype)
    elif not in_order:
        count = 0
    weights = {one: one.weight if step.name == "weighted" else 1 for one in candidates}
    return {first + tuple(one for one in candidates if one not in first): share
            for first, share in drawn(candidates, weights, count, in_order).items()}


def up(step, levels, is_up):
    """What the step "up" keeps (rules S2 to S4): of the first level that has enough."""
    for candidates in levels:
        healthy = tuple(one for one in candidates if is_up(one))
        if healthy and len(healthy) * 100 >= step.min_healthy * len(candidates):
            return healthy
    return {"all": levels[0], "none": (), "servfail": SERVFAIL}[step.all_down]


def filtered(step, run, is_up):
    """What the other steps keep: up, tier and take."""
    candidates = run.levels[0]
    if step.name == "up":
        return up(step, run.levels, is_up)
    if step.name == "tier":
        best = min((one.tier for one in candidates), default=0)
        return tuple(one for one in candidates if one.tier == best)
    return candidates[:step.count]


def step_odds(step, run, rest, group, is_up, sight):
    """Odds of what a step makes of a run; other steps follow it."""
    if step.name in MATCHES:
        levels, looked = matching(step, run.levels[0], group, sight)
        climbs = rest and rest[0].name == "up"
        return certain(run._replace(levels=levels if climbs else levels[:1],
                                    looked=run.looked | looked))
    if step.name in ("latency", "nearest"):
        kept, measures, looked = measured(step, run.levels[0], group, sight)
        return certain(Run((kept,), measures, run.looked | looked))
    if step.name == "within":
        return certain(run._replace(levels=(near(step, run.levels[0], run.measures),)))
    if step.name in ("weighted", "shuffle"):
        looked = run.looked | ({"sticky"} if step.sticky else set())
        return {run._replace(levels=(kept,), looked=looked): share for kept, share in
                reordered(step, run.levels[0], rest, group.type).items()}
    kept = filtered(step, run, is_up)
    return certain(run._replace(levels=kept if kept == SERVFAIL else (kept,)))


def strictly(program):
    """The program as it is run strictly (rule H3)."""
    if not program or program[0].name != "up":
        program = (UP,) + program
    return tuple(dataclasses.replace(step, all_down="none") if step.name == "up" else step
                 for step in program)


def of_health(program):
    """The steps that say whether a group is healthy: no order has a part in it (rule H3)."""
    return tuple(step for step in strictly(program) if step.name not in ORDERS)


def lookups(group, program):
    """Names of the maps that a program may look up for the sets of a group, see Sight."""
    of_step = {"geo": ("geo",), "nearest": ("geo",), "asn": ("asn",), "latency": ("latency", "geo"),
               "cidr": (f"cidr/{group.collection}",)}
    return {name for step in program
            for name in of_step.get(step.name, ("sticky",) if step.sticky else ())}


def kept_odds(group, program, is_up, met, sight):
    """Odds of the sets that a program keeps, or SERVFAIL, and what was looked up for it.

    met(step, levels) sees each step.
    """
    odds = certain(Run((group.sets,), None, frozenset()))
    for at, step in enumerate(program):
        def go_on(run, step=step, rest=program[at + 1:]):
            if run.levels == SERVFAIL:
                return certain(run)
            met(step, run.levels)
            return step_odds(step, run, rest, group, is_up, sight)
        odds = then(odds, go_on)

    def answering(run):
        if run.levels == SERVFAIL:
            return certain((SERVFAIL, run.looked))
        kept = run.levels[0]
        if group.type in ONE:
            return certain((kept[:1], run.looked))
        return certain((tuple(one for one in group.sets if one in kept), run.looked))
    return then(odds, answering)
