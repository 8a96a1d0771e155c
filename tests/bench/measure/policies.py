# SPDX-License-Identifier: GPL-3.0-or-later
"""What policies cost a query: compared with mod-geoip and plain addresses, and in larger groups."""

import os

from measure import calls, groups
from measure.instructions import WAYS, costs_of, show_profiles, titled
from measure.questions import HOT

BESIDE_GEOIP = "instructions per query, policies"
BESIDE_STATIC = "instructions per query, beside a plain A"
BY_SIZE = "instructions per query, by sets in the group"
GEOIP = ("mod-geoip weighted", "mod-steer")
CLIENTS = {"100 clients": {"clients": 100}}  # Each comes back soon.
COUNTED = [groups.STICKY_QUESTION, *groups.HOT_QUESTIONS]  # Whose calls are counted.


class Served:
    """The servers that have the groups, or their names."""

    def __init__(self, rig):
        self.rig = rig

    def _file(self, name, write, *what):
        path = self.rig.path(name)
        return path if os.path.exists(path) else write(path, *what)

    def _zones(self, questions):
        return {question.suffix: self._file(question.suffix + ".zone", groups.write_static,
                                            question) for question in questions}

    def static(self, _names=None, **options):
        return self.rig.server(zones=self._zones(COUNTED), **options)

    def geoip(self, beside=None, **options):
        """knotd with mod-geoip, which it loads from its own directory, and zones without it."""
        config = self._file("geoip.conf", groups.write_geoip)
        question = groups.HOT_QUESTIONS[0]
        extra = (f"mod-geoip:\n  - id: weighted\n    config-file: {config}\n"
                 f"    ttl: {groups.TTL}\n    mode: weighted\n")
        return self.rig.server(zones={**self._zones([question]), **(beside or {})}, extra=extra,
                               zone={question.suffix: "    module: mod-geoip/weighted\n"},
                               **options)

    def hosted(self, _names=None, **options):
        store = self.rig.path("groups.store")
        if not os.path.exists(store):
            self._fill(self.rig.new_store("groups.store"))
        return self.rig.serving(store, **options)

    def _fill(self, store):
        file = groups.write_documents(self.rig.path("groups.yaml"), groups.all_documents())
        store.ok("import", file)
        store.ok("health", "force", groups.DOWN + "*", "down")


def _measure_sizes(rig, report, served, counts):
    """Groups of few sets and of many, and that of clients who come back."""
    for pairs, ways in ((groups.BY_SIZE, WAYS), ([groups.BY_SIZE[-1]], CLIENTS)):
        asked = [[group.question() for group in pair] for pair in pairs]
        ours = costs_of(rig, served.hosted, HOT, [each for pair in asked for each in pair], counts,
                        ways)
        for pair in asked:
            for way in ways:
                title = titled(pair[0], way) if way in WAYS else f"{pair[0].title}, {way}"
                report.add(BY_SIZE, title, groups.NAMES_OF_FEW,
                           *(ours[question.name, way][0] for question in pair), groups.GROWTH,
                           columns=[f"{size:,} sets" for size in (groups.FEW, groups.MANY)])


def measure(rig, report, counts, depth, floor):
    """Instructions of each query."""
    served = Served(rig)
    hot = groups.HOT_QUESTIONS
    floor.costs()
    geoip = costs_of(rig, served.geoip, HOT, hot[:1], counts)
    static = costs_of(rig, served.static, HOT, hot, counts)
    ours = costs_of(rig, served.hosted, HOT, hot, counts)
    for edns in (False, True):
        for question in hot:
            title, cost = titled(question, edns), ours[question.name, edns][0]
            plain, aim = static[question.name, edns][0], question.aims[edns]
            if question in groups.GROUP_QUESTIONS:
                weighted = geoip[groups.WEIGHTED, edns][0]
                report.add(BESIDE_GEOIP, title, HOT, weighted, cost, aim, columns=GEOIP)
                floor.compare(question, edns, HOT, weighted, cost, GEOIP)
                aim = None
            report.add(BESIDE_STATIC, title, HOT, plain, cost, aim)
            floor.compare(question, edns, HOT, plain, cost)
    _measure_sizes(rig, report, served, counts)
    report.show()
    show_profiles(report, HOT, hot, ours, depth)


def measure_calls(rig, report, count):
    """Allocations, locks and system calls."""
    served = Served(rig)
    calls.compare(rig, report, (served.static, served.hosted), COUNTED, HOT, count)
