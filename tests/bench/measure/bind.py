# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer costs named by the plugin, compared with named's own zones and with mod-steer."""

import contextlib
import functools

from measure import groups
from measure.instructions import TABLE, WAYS, WINDOW, costs_of, show_profiles, titled
from measure.questions import APEX, BESIDE, BY_NAME, HOT, NO_AIMS
from measure.servers import Bind
from steer import env, named

OWN = ("own zones", "plugin")
HOSTS = ("mod-steer", "plugin")

# named needs more instructions for a query than knotd, and fewer queries to tell how many.
COUNTS = (2000, 6000)

AIMS = {"hot": (0.75, None), "nxdomain": (0.85, None), "passed-on": (1.05, None)}
HOSTED = [question._replace(aims=AIMS.get(question.name, NO_AIMS)) for question in (
    *(BY_NAME[name] for name in ("hot", "nodata", "nxdomain", "wildcard")),
    groups.GROUP_QUESTIONS[0], groups.ALIAS)]
PASSED_ON = BY_NAME["passed-on"]._replace(title="A of a zone of the host's, passed on",
                                          aims=AIMS["passed-on"])
QUESTIONS = [*HOSTED, PASSED_ON]


class Served:
    """The servers."""

    def __init__(self, rig):
        self.rig = rig
        self.store = rig.new_store("bind.store")
        rig.import_zone(self.store, HOT)
        self.store.ok("import", groups.write_documents(rig.path("bind.yaml"),
                                                       groups.all_documents()))

    @functools.cached_property
    def _zones(self):
        """The names in zone files, those of groups with plain addresses."""
        written = {question.suffix: groups.write_static(self.rig.path(f"{question.name}.zone"),
                                                        question)
                   for question in (groups.GROUP_QUESTIONS[0], groups.ALIAS)}
        return {APEX: self.rig.zone(HOT), **written}

    def own(self, **options):
        """named that has all names in zones of its own."""
        return self._named({**self._zones, BESIDE: self.rig.beside}, **options)

    def plugin(self, **options):
        """named with the plugin."""
        return self.alone(store=self.store.directory, **options)

    def alone(self, **options):
        """The same without the plugin."""
        return self._named({BESIDE: self.rig.beside}, **options)

    def _named(self, zones, **options):
        return Bind(self.rig.path("named"), zones, **options)

    def knotd(self, **options):
        """knotd with mod-steer."""
        return self.rig.serving(self.store.directory, **options)


@contextlib.contextmanager
def _warm(rig, server, questions, **options):
    """A server that has been asked for each name once, so that all are hot."""
    with server(**options) as started:
        for question in questions:
            rig.tools.ask(started.address, question, HOT, HOT, WINDOW, in_order=True)
        yield started


def _costs(rig, server, questions, counts):
    return costs_of(rig, lambda **more: _warm(rig, server, questions, **more), HOT, questions,
                    counts)


def measure(rig, report, counts, depth):
    """Instructions of each query."""
    if env.BIND_PLUGIN is None or named.NAMED is None:
        print("\nnamed: not measured, it is not installed or the plugin is not built")
        return
    served = Served(rig)
    theirs = {**_costs(rig, served.own, HOSTED, counts),
              **_costs(rig, served.alone, [PASSED_ON], counts)}
    ours, knotds = (_costs(rig, server, QUESTIONS, counts)
                    for server in (served.plugin, served.knotd))
    for edns in WAYS:
        for question in QUESTIONS:
            title, cost = titled(question, edns), ours[question.name, edns][0]
            report.add(f"{TABLE}, named", title, HOT, theirs[question.name, edns][0], cost,
                       question.aims[edns], columns=OWN)
            report.add(f"{TABLE}, by host", title, HOT, knotds[question.name, edns][0], cost,
                       columns=HOSTS)
    report.show()
    show_profiles(report, HOT, QUESTIONS, ours, depth)
