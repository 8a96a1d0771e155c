# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer costs mod-steer and other servers that have the same names, those installed.

callgrind counts each step of a string instruction: gdnsd's plugin clears 16 KiB by one."""

import functools

from measure import callgrind, groups, policies
from measure.cpu_time import COUNT_FOR_TICKS, asked
from measure.instructions import WINDOW
from measure.process import settled
from measure.questions import APEX, BY_NAME, HEAD, HOT
from measure.servers import Bind, Gdnsd, Pdns

INSTRUCTIONS = "instructions per query, beside other servers"
TIME = "CPU time in user space per query, microseconds, beside other servers"
COLUMNS = ("other", "mod-steer")
GROUP = groups.HOT_GROUPS[0]
WEIGHTED = groups.GROUP_QUESTIONS[0]
QUESTIONS = [
    BY_NAME["hot"], BY_NAME["static"],
    BY_NAME["nxdomain"]._replace(names=HOT, title="NXDOMAIN, between 1,000 of the names"),
    WEIGHTED,
]
PLAIN = QUESTIONS[:-1]   # For those without weights.
AGAIN = QUESTIONS[:3:2]  # Asked for the same names, and slowly by some.

# Of a row; a few questions tell how many of them that is.
MOST_INSTRUCTIONS = 3e8
MOST_SECONDS = 3
FEW = (50, 150)
SAMPLE = 1000


def _write_weighted(path, line):
    """The weighted names in a zone file, in a server's own form."""
    with open(path, "w", encoding="ascii") as out:
        out.write(HEAD.format(apex=WEIGHTED.suffix) + "ns A 192.0.2.1\n")
        out.writelines(f"{groups.label(name)} {groups.TTL} {line(name)}\n"
                       for name in range(GROUP.names))
    return path


def _sets(name):
    """Weights and addresses of a name."""
    return [(each["weight"], each["values"][0])
            for each in GROUP.group(name)["sets"].values()]


def _lua(name):
    pairs = ", ".join(f"{{{weight}, '{address}'}}" for weight, address in _sets(name))
    return f'LUA A "pickwrandom({{{pairs}}})"'


def _weighted_plugin():
    """gdnsd's plugin of that name."""
    resources = "".join(
        f"  w{name} => {{ " + ", ".join(
            f"s{at} => [ {address}, {weight} ]" for at, (weight, address) in enumerate(_sets(name)))
        + " }\n" for name in range(GROUP.names))
    return f"weighted => {{\n{resources}}}\n"


class Served:
    """The servers: what each is called, how it is started, which questions it is asked."""

    def __init__(self, rig, names):
        self.rig = rig
        self.names = names
        plain = {APEX: rig.zone(names)}
        path = rig.path("peer")
        lua = {**plain, WEIGHTED.suffix: _write_weighted(rig.path("lua.zone"), _lua)}
        dyna = {**plain, WEIGHTED.suffix: _write_weighted(
            rig.path("dyna.zone"), lambda name: f"DYNA weighted!w{name}")}
        knotd = functools.partial(policies.Served(rig).geoip, plain)
        found = [
            ("mod-steer", None, self._hosted, QUESTIONS),
            ("knotd, mod-geoip", None, knotd, QUESTIONS),
            ("BIND", Bind, functools.partial(Bind, path, plain), PLAIN),
            ("gdnsd", Gdnsd, functools.partial(Gdnsd, path, dyna, plugins=_weighted_plugin()),
             QUESTIONS),
            ("PowerDNS", Pdns, functools.partial(Pdns, path, lua), QUESTIONS),
            ("PowerDNS, no caches", Pdns, functools.partial(Pdns, path, lua, caches=False),
             QUESTIONS),
        ]
        self.servers = [each for each in found if each[1] is None or each[1].path() is not None]
        self.lacking = [each[0] for each in found if each not in self.servers]

    @functools.cached_property
    def _store(self):
        store = self.rig.new_store("peers.store")
        self.rig.import_zone(store, self.names)
        store.ok("import", groups.write_documents(self.rig.path("peers.yaml"), [
            groups.checks_of(f"c{at}" for at in range(groups.CHECKS)), GROUP.zone()]))
        return store.directory

    def _hosted(self, **options):
        return self.rig.serving(self._store, **options)


def _instructions(rig, names, start, questions, counts):
    """Of each question; asked less often where it costs much."""
    found = {}
    prefix = rig.path("callgrind")
    with start(wrapper=callgrind.wrapper(prefix)) as server:
        counter = callgrind.Counter(prefix, settled(server.pid()))
        for question in questions:
            def ask(count, question=question):
                rig.tools.ask(server.address, question, names, count, WINDOW)
            if question in AGAIN:  # So that caches have all names.
                rig.tools.ask(server.address, question, names, HOT, WINDOW, in_order=True)
            about, _ = callgrind.slope(counter, ask, FEW)
            share = min(1, MOST_INSTRUCTIONS / (about * sum(counts)))
            asked_for = [int(count * share) for count in counts]
            found[question.name] = about if asked_for[0] <= FEW[0] else callgrind.slope(
                counter, ask, asked_for)[0]
    return found


def _times(rig, names, start, questions, count):
    """Of each question; asked less often where it takes long."""
    found = {}
    with start() as server:
        for question in questions:
            about, *_ = asked(rig, server, question, names, SAMPLE)
            most = min(count, int(MOST_SECONDS * 1e6 / about))
            _, found[question.name], _ = asked(
                rig, server, question, names,
                min(most, names - SAMPLE) if question.is_once(names) else most)
    return found


def measure(rig, report, names, counts, count):
    served = Served(rig, names)
    for title in served.lacking:
        print(f"\n{title}: not measured, it is not installed")
    runs = [(INSTRUCTIONS, _instructions, counts)]
    if count >= COUNT_FOR_TICKS:
        runs.append((TIME, _times, count))
    for table, run, amount in runs:
        found = [(title, run(rig, names, start, questions, amount))
                 for title, _, start, questions in served.servers]
        (_, ours), *others = found
        for question in QUESTIONS:
            for title, theirs in others:
                if question.name in theirs:
                    report.add(table, f"{question.title}: {title}", names, theirs[question.name],
                               ours[question.name], columns=COLUMNS)
        report.show()
