# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy's program keeps of a group, and how likely: a model of steer-policies(7), S1 to
S10.

It carries out each step in full and computes in fractions what the server draws: "odds" are a dict
of possible results and their probabilities.
"""

import collections
import dataclasses
from fractions import Fraction

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

    def __str__(self):
        words = [self.name]
        words += [f"all-down={self.all_down}"] if self.all_down != "all" else []
        words += [f"min-healthy={self.min_healthy}%"] if self.min_healthy else []
        words += ["sticky=client"] if self.sticky else []
        words += [str(self.count)] if self.name == "take" else []
        return " ".join(words)


UP, TIER, WEIGHTED, SHUFFLE = Step("up"), Step("tier"), Step("weighted"), Step("shuffle")


def take(count):
    return Step("take", count=count)


PRESETS = {
    "weighted": (UP, WEIGHTED, take(1)),
    "failover": (UP, TIER, SHUFFLE, take(1)),
    "multivalue": (UP, SHUFFLE, take(8)),
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


@dataclasses.dataclass(frozen=True, eq=False)
class Group:
    """The record sets of a name and type; program: steps, none for a group of one set."""
    type: str
    sets: tuple
    program: tuple = ()


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
        if step.name in ("weighted", "shuffle"):
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


def up(step, candidates, is_up):
    """What the step "up" keeps (rules S2 to S4)."""
    healthy = tuple(one for one in candidates if is_up(one))
    if healthy and len(healthy) * 100 >= step.min_healthy * len(candidates):
        return healthy
    return {"all": candidates, "none": (), "servfail": SERVFAIL}[step.all_down]


def step_odds(step, candidates, rest, rrtype, is_up):
    """Odds of what a step makes of candidates; other steps follow it."""
    if step.name == "up":
        return certain(up(step, candidates, is_up))
    if step.name == "tier":
        best = min((one.tier for one in candidates), default=0)
        return certain(tuple(one for one in candidates if one.tier == best))
    if step.name == "take":
        return certain(candidates[:step.count])
    return reordered(step, candidates, rest, rrtype)


def strictly(program):
    """The program as it says whether a group is healthy (rule H3)."""
    if not program or program[0].name != "up":
        program = (UP,) + program
    return tuple(dataclasses.replace(step, all_down="none") if step.name == "up" else step
                 for step in program)


def kept_odds(group, program, is_up, met):
    """Odds of the sets that a program keeps, or SERVFAIL, and whether a sticky step was run.

    met(step, candidates) sees each step.
    """
    odds = certain((group.sets, False))
    for at, step in enumerate(program):
        def go_on(run, step=step, rest=program[at + 1:]):
            candidates, sticky = run
            if candidates == SERVFAIL:
                return certain(run)
            met(step, candidates)
            after = step_odds(step, candidates, rest, group.type, is_up)
            return {(kept, sticky or step.sticky): share for kept, share in after.items()}
        odds = then(odds, go_on)

    def answering(run):
        kept, sticky = run
        if kept == SERVFAIL:
            return certain(run)
        if group.type in ONE:
            return certain((kept[:1], sticky))
        in_any_order = tuple(one for one in group.sets if one in kept)
        return certain((in_any_order, sticky))
    return then(odds, answering)
