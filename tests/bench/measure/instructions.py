# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions per query in user space, which are reproducible on a noisy machine."""

import collections

from measure import callgrind
from measure.process import settled
from measure.questions import BY_NAME, asked_of
from measure.report import BESIDE

TABLE = "instructions per query"
BEYOND = "instructions per query beyond a constant answer's"

# As many as knotd receives at once, so that a full batch shares the cost of waiting.
WINDOW = 10

# With more names knotd would load for long under valgrind; its cost with fewer stands in for it.
LARGEST_STATIC = 2000000


# How a question is asked: key and options of Tools.ask().
WAYS = {False: {}, True: {"edns": True}}


def costs_of(rig, server, names, questions, counts, ways=None):
    """Cost of each question, in all and by function, for each way to ask it: without and with EDNS,
    if no others are given."""
    found = {}
    prefix = rig.path("callgrind")
    with server(wrapper=callgrind.wrapper(prefix)) as knot:
        counter = callgrind.Counter(prefix, settled(knot.pid()))
        for question in questions:
            for key, options in (ways or WAYS).items():
                def ask(count, question=question, options=options):
                    rig.tools.ask(knot.address, question, names, count, WINDOW, **options)
                found[question.name, key] = callgrind.slope(counter, ask, counts)
    return found


def titled(question, edns):
    return question.title + (", EDNS and ECS" if edns else "")


def show_profiles(report, names, questions, costs, depth):
    """Shows where the instructions of each question go, if requested."""
    for question in questions if depth else []:
        report.profile(titled(question, False), names,
                       collections.Counter(costs[question.name, False][1]), depth)


class Floor:
    """What the host costs without looking anything up, which is counted once."""

    def __init__(self, rig, report, counts):
        self.rig = rig
        self.report = report
        self.counts = counts
        self.known = None

    def costs(self):
        """Instructions without and with EDNS."""
        if self.known is None:
            question = BY_NAME["hot"]
            found = costs_of(self.rig, self.rig.constant, 1, [question], self.counts)
            self.known = [found[question.name, edns][0] for edns in (False, True)]
            for edns, cost in enumerate(self.known):
                self.report.add(TABLE, "a constant answer" + (", EDNS and ECS" if edns else ""),
                                None, cost, None)
        return self.known

    def compare(self, question, edns, names, theirs, ours, columns=BESIDE):
        """What is left of a row: all that can differ, however cheaply queries come and go."""
        floor = self.costs()[edns]
        self.report.add(f"{BEYOND}, beside {columns[0]}", titled(question, edns), names,
                        theirs - floor, ours - floor, columns=columns)


class Instructions:
    """Measures one size after the other, and compares the sizes."""

    def __init__(self, rig, report, counts, depth, floor):
        self.rig = rig
        self.report = report
        self.counts = counts
        self.depth = depth
        self.floor = floor
        self.static = {}  # Of the largest size so far.
        self.before = {}
        self.before_names = None

    def measure(self, names, chosen):
        questions = asked_of(names, chosen)
        self.floor.costs()
        if names <= LARGEST_STATIC:
            self.static = costs_of(self.rig, lambda **more: self.rig.static(names, **more), names,
                                   questions, self.counts)
        ours = costs_of(self.rig, lambda **more: self.rig.hosted(names, **more), names, questions,
                        self.counts)
        for (name, edns), (cost, _) in ours.items():
            question = BY_NAME[name]
            theirs = self.static.get((name, edns))
            self.report.add(TABLE, titled(question, edns), names, theirs and theirs[0], cost,
                            question.aim(names, edns))
            if theirs:
                self.floor.compare(question, edns, names, theirs[0], cost)
        self._compare(names, ours)
        self.report.show()
        show_profiles(self.report, names, questions, ours, self.depth)
        self.before, self.before_names = ours, names

    def _compare(self, names, ours):
        """Our own cost as the number of names grows."""
        key = ("static", False)
        if key in ours and key in self.before:
            self.report.add(TABLE, f"static A, mod-steer at {self.before_names:,} names instead",
                            names, self.before[key][0], ours[key][0], 1.15)
