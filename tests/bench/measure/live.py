# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes under load: when they are seen, and what they take from the clients."""

import contextlib
import resource
import shutil
import statistics
import time

from measure import groups, load, process
from measure.changes import WATCHED, Probe, Writer, address, delays, percentile
from measure.questions import APEX, HOT, write_zone

VISIBLE = "from a commit's return to its first answer, ms"
POLICY_VISIBLE = "from the commit of a policy to its first answer, ms"
STATE_VISIBLE = "from a forced state's return to its first answer, ms"
FAILED = "queries that failed meanwhile"
RATE = "100 commits a second, queries a second"
COST = "100 commits a second, CPU time of knotd per query, microseconds"
IMPORT = "an import while knotd is asked"

COMMITS_PER_SECOND = 100
# Seconds in which knotd and its clients warm up, or show their highest rate.
SECONDS = 5


class Plan:
    """How long each measurement lasts."""

    def __init__(self, quick):
        self.commits = 200 if quick else 5000
        # Many short ones: a machine's speed changes over time.
        self.rounds = 1 if quick else 21
        self.round_seconds = 2
        self.imports = 1 if quick else 3
        self.maximum = (1, 1) if quick else (SECONDS, 3)


def _questions(rig, names):
    return load.write_questions(rig.path("questions"), names)


def measure_visibility(rig, report, names, plan):
    """One changed name, at a large share of the highest query rate."""
    with rig.copy(rig.store(names), "live.store") as store:
        _watch(rig, report, VISIBLE, store, names, plan, plan.commits)


def measure_policy(rig, report, names, plan):
    """Likewise for one changed policy, in a store in which each name has one."""
    with rig.copy(rig.policies(names), "live.store") as store:
        _watch(rig, report, POLICY_VISIBLE, store, names, plan, plan.commits, "-p")


def measure_health(rig, report, names, plan):
    """Likewise for one forced health check after the other; each takes down the set that
    answers."""
    with rig.copy(rig.policies(names), "live.store") as store:
        store.ok("import", "--merge",
                 groups.write_documents(rig.path("forced.yaml"), groups.forced()))
        _watch(rig, report, STATE_VISIBLE, store, names, plan,
               min(plan.commits, groups.FORCED - 1), "-d")


def _watch(rig, report, table, store, names, plan, commits, *how):
    """When a writer's changes are seen, and whether a query fails meanwhile."""
    with contextlib.ExitStack() as stack:
        knot = stack.enter_context(rig.serving(store.directory))
        questions = _questions(rig, names)
        rate = load.SHARE * load.maximum(knot.port, questions, *plan.maximum)
        probe = stack.enter_context(Probe(knot.port))
        clients = stack.enter_context(load.Load(knot.port, questions, rate))
        writer = stack.enter_context(
            Writer(store.directory, 0, COMMITS_PER_SECOND, commits, how=how))
        returned = writer.end()
        probe.wait(max(returned))
        asked = clients.stop()
        seen, probes, bad = probe.end()
    found = delays(returned, seen)
    for title, share, aim in (("half of them", 0.5, None), ("99 % of them", 0.99, 20),
                              ("99.9 % of them", 0.999, None), ("all of them", 1, None)):
        report.add(table, title, names, None, percentile(found, share), aim, by="own")
    each = asked.completed / asked.seconds
    report.add(FAILED, f"of {asked.completed:,.0f} of dnsperf, {each:,.0f} a second", names, None,
               asked.failed, 0, by="own")
    report.add(FAILED, f"of {probes:,} probes, one every 200 microseconds", names, None, bad, 0,
               by="own")
    report.show()


class _Rounds:
    """Rounds of load, quiet or beside a writer."""

    def __init__(self, rig, names, plan, stack):
        self.served = stack.enter_context(rig.copy(rig.store(names), "live.store"))
        self.other = stack.enter_context(rig.copy(rig.store(names), "other.store"))
        self.knot = stack.enter_context(rig.serving(self.served.directory))
        self.questions = _questions(rig, names)
        self.names = names
        self.plan = plan
        self.version = {}
        self.rates = {}
        self.costs = {}

    def run(self, kind, store):
        """One round: queries a second, and CPU time of knotd for each."""
        pid = self.knot.pid()
        with contextlib.ExitStack() as stack:
            clients = load.Load(self.knot.port, self.questions, seconds=self.plan.round_seconds)
            stack.enter_context(clients)
            before = process.cpu_seconds(pid)
            if store is not None:
                since = self.version.get(kind, 0)
                # As many as there is time for: the last one comes after the load has ended.
                count = COMMITS_PER_SECOND * self.plan.round_seconds
                writer = stack.enter_context(Writer(store.directory, since, COMMITS_PER_SECOND,
                                                    count, self.names))
                asked = clients.end()
                self.version[kind] = max(writer.end(), default=since)
            else:
                asked = clients.end()
            used = process.cpu_seconds(pid) - before
        self.rates.setdefault(kind, []).append(asked.completed / asked.seconds)
        self.costs.setdefault(kind, []).append(used / asked.completed * 1e6)


def measure_commits(rig, report, names, plan):
    """Query rate while a writer changes the store; writing to another store shows the writer's
    share."""
    with contextlib.ExitStack() as stack:
        rounds = _Rounds(rig, names, plan, stack)
        kinds = {"quiet": None, "other": rounds.other, "served": rounds.served}
        load.run(rounds.knot.port, rounds.questions, SECONDS)  # Pages and caches fill.
        for turn in range(plan.rounds):
            order = list(kinds)[turn % 3:] + list(kinds)[:turn % 3]
            for kind in order:
                rounds.run(kind, kinds[kind])
    rates = {kind: statistics.median(rounds.rates[kind]) for kind in kinds}
    costs = {kind: statistics.median(rounds.costs[kind]) for kind in kinds}
    pairs = (("no commits, commits to the store served", "quiet", "served"),
             ("no commits, commits to a store not served", "quiet", "other"),
             ("commits to a store not served, to the one served", "other", "served"))
    for title, one, two in pairs:
        report.add(RATE, title, names, rates[one], rates[two], None if two == "other" else 0.97,
                   least=True, columns=("first", "second"))
    for title, one, two in pairs:
        report.add(COST, title, names, costs[one], costs[two], columns=("first", "second"))
    report.show()


def _children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Import:
    """A zone that becomes large while clients query what was in it before."""

    def __init__(self, rig, names):
        self.rig = rig
        self.small = self._file("small.zone", HOT, 0)
        self.large = self._file("large.zone", max(names, HOT), 1)
        self.questions = _questions(rig, HOT)
        self.found = {"seconds": [], "cpu": [], "rate": [], "slowest": [], "failed": []}
        self.delays = []

    def _file(self, name, names, version):
        path = write_zone(self.rig.path(name), APEX, names)
        with open(path, "a", encoding="ascii") as out:
            out.write(f"{WATCHED}. A {address(version)}\n")
        return path

    @contextlib.contextmanager
    def store(self, name):
        store = self.rig.new_store(name)
        try:
            store.ok("import", "--zone", APEX, self.small)
            yield store
        finally:
            shutil.rmtree(store.directory)

    def _run(self, store, knot, rate):
        """Seconds and CPU seconds of the import, what clients got meanwhile, and its end."""
        with Probe(knot.port) as probe, load.Load(knot.port, self.questions, rate) as clients:
            day, began, used = time.time(), time.monotonic(), _children()
            store.ok("import", "--zone", APEX, self.large)
            ended, used = time.monotonic(), _children() - used
            asked = clients.stop()
            if store.directory == knot.store:
                probe.wait(1)
            seen, _, bad = probe.end()
        if store.directory == knot.store:
            self.delays.append(max(0.0, seen[1] / 1e9 - ended) * 1000)
        # Without a sample in between, it was too short to have cost much.
        got = clients.rate(day, day + ended - began) or asked.completed / asked.seconds
        return {"seconds": ended - began, "cpu": used, "rate": got,
                "slowest": asked.slowest * 1000, "failed": asked.failed + bad}

    def round(self, plan):
        """The import into a store not served, then into the one served."""
        with self.store("live.store") as served, self.store("other.store") as other, \
                self.rig.serving(served.directory) as knot:
            rate = load.SHARE * load.maximum(knot.port, self.questions, *plan.maximum)
            turns = [self._run(store, knot, rate) for store in (other, served)]
        for key, values in self.found.items():
            values.append([turn[key] for turn in turns])


def measure_import(rig, report, names, plan):
    """A large import into the store that is served, beside one into a store that is not."""
    imports = _Import(rig, names)
    for _ in range(plan.imports):
        imports.round(plan)
    for key, title, pick, aim in (
            ("seconds", "seconds that it takes", min, None),
            ("cpu", "CPU seconds of it", min, None),
            ("rate", "queries a second meanwhile", max, None),
            ("slowest", "slowest answer meanwhile, ms", max, None),
            ("failed", "queries that failed meanwhile", max, 0)):
        other, served = (pick(values) for values in zip(*imports.found[key]))
        report.add(IMPORT, title, names, other, served, aim, by="added" if aim == 0 else "ratio",
                   columns=("not served", "served"))
    report.add(IMPORT, "visible after steerctl has ended, ms", names, None, max(imports.delays), 20,
               by="own", columns=("not served", "served"))
    report.show()
