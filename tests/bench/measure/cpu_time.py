# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time per query: of knotd alone, whatever its clients cost."""

from measure import process
from measure.instructions import titled
from measure.questions import asked_of

TABLE = "CPU time per query, microseconds"
USER = "of it in user space"
WINDOW = 32

# That many questions take enough of the kernel's ticks to tell user space from system.
COUNT_FOR_TICKS = 100000


def asked(rig, server, question, names, count, edns=False):
    """Microseconds per query in all, those in user space, bytes of the answers."""
    pid = server.pid()
    before = process.cpu_seconds(pid), process.user_seconds(pid)
    size = rig.tools.ask(server.address, question, names, count, WINDOW, edns)
    after = process.cpu_seconds(pid), process.user_seconds(pid)
    return [(b - a) / count * 1e6 for a, b in zip(before, after)] + [size]


def compare(rig, servers, question, names, count, rounds, edns):
    """Of some rounds, in which the servers take turns: the least time in all, and the mean of that
    in user space, as ticks are samples, the least of which would be too little."""
    times = [([], []) for _ in servers]
    for _ in range(rounds):
        sizes = set()
        for (totals, users), knot in zip(times, servers):
            total, user, size = asked(rig, knot, question, names, count, edns)
            totals.append(total)
            users.append(user)
            sizes.add(size)
        if len(sizes) != 1:
            raise AssertionError(f"{question.name}: answers of different size: {sizes}")
    return [(min(totals), sum(users) / rounds) for totals, users in times]


def measure(rig, report, names, chosen, count, rounds):
    with rig.static(names) as static, rig.hosted(names) as hosted:
        process.settled(static.pid())
        for question in asked_of(names, chosen):
            for edns in (False, True):
                theirs, ours = compare(rig, (static, hosted), question, names, count, rounds,
                                       edns)
                title = titled(question, edns)
                report.add(TABLE, title, names, theirs[0], ours[0])
                if count >= COUNT_FOR_TICKS:
                    report.add(USER, title, names, theirs[1], ours[1])
    report.show()
