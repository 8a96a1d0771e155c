# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions per query in user space, which are reproducible on a noisy machine."""

import collections

from measure import callgrind
from measure.questions import QUESTIONS, asked_of

TABLE = "instructions per query"

# As many as knotd receives at once, so that a full batch shares the cost of waiting.
WINDOW = 10

# With more names knotd would load for long under valgrind; its cost with fewer stands in for it.
LARGEST_STATIC = 2000000


def costs_of(rig, server, names, questions, counts):
    """Cost of each question, in all and by function, without and with EDNS."""
    found = {}
    prefix = rig.path("callgrind")
    with server(wrapper=callgrind.wrapper(prefix)) as knot:
        counter = callgrind.Counter(prefix, knot.pid())
        for question in questions:
            for edns in (False, True):
                def ask(count, question=question, edns=edns):
                    rig.tools.ask(knot.address, question, names, count, WINDOW, edns)
                found[question.name, edns] = callgrind.slope(counter, ask, counts)
    return found


def titled(question, edns):
    return question.title + (", EDNS and ECS" if edns else "")


def show_profiles(report, names, questions, costs, depth):
    """Shows where the instructions of each question go, if requested."""
    for question in questions if depth else []:
        report.profile(titled(question, False), names,
                       collections.Counter(costs[question.name, False][1]), depth)


class Instructions:
    """Measures one size after the other, and compares the sizes."""

    def __init__(self, rig, report, counts, depth):
        self.rig = rig
        self.report = report
        self.counts = counts
        self.depth = depth
        self.static = {}  # Of the largest size so far.
        self.before = {}
        self.before_names = None

    def floor(self):
        """What the host costs without looking anything up."""
        question = QUESTIONS[0]
        costs = costs_of(self.rig, self.rig.constant, 1, [question], self.counts)
        for edns in (False, True):
            self.report.add(TABLE, "a constant answer" + (", EDNS and ECS" if edns else ""), None,
                            costs[question.name, edns][0], None)

    def measure(self, names, chosen):
        questions = asked_of(names, chosen)
        if names <= LARGEST_STATIC:
            self.static = costs_of(self.rig, lambda **more: self.rig.static(names, **more), names,
                                   questions, self.counts)
        ours = costs_of(self.rig, lambda **more: self.rig.hosted(names, **more), names, questions,
                        self.counts)
        for key, (cost, _) in ours.items():
            question = next(q for q in questions if q.name == key[0])
            theirs = self.static.get(key)
            self.report.add(TABLE, titled(question, key[1]), names, theirs and theirs[0], cost,
                            question.aim)
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
