# SPDX-License-Identifier: GPL-3.0-or-later
"""What questions cost, in instructions: tests/stress/worst under callgrind gives reproducible
figures."""

import collections
import os
import subprocess

from steer import env
from steer.wire import TYPES, labels, wire_name

# Instructions that knotd itself takes to receive a query, find a module that answers it at once,
# and send the answer: the row "floor" of make bench, with Knot 3.2.6.
FLOOR = 2278
AIM = 30  # Static answers for each KiB sent, at most.
SIZES = (512, 1232, 65535)  # Message sizes: over UDP, plain and with EDNS, and over TCP.

# ratio: instructions, knotd's own included, for each KiB sent (at least one), in static answers.
Cost = collections.namedtuple("Cost", "ratio instructions kib sent what name rrtype size")


def _number(rrtype):
    return TYPES[rrtype] if rrtype in TYPES else int(rrtype.removeprefix("TYPE"))


def _read(path):
    """Instructions by what triggered the dump: number of the question, "first" or "again"."""
    counts, trigger = {}, None
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("desc: Trigger: Client Request: "):
                number, turn = line.split()[-2:]
                trigger = int(number), turn
            elif line.startswith("summary: ") and trigger is not None:
                counts[trigger] = int(line.split()[1])
                trigger = None
    return counts


def _count(store, asked, prefix):
    """Runs the questions; returns the bytes sent for each, and the counts."""
    lines = [f"{wire_name(labels(name)).hex()} {_number(rrtype)} {size}\n"
             for _, name, rrtype, size in asked]
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--combine-dumps=yes",
         "--dump-line=no", f"--callgrind-out-file={prefix}", "-q", env.stress("worst"),
         store.directory], input="".join(lines), capture_output=True, text=True, check=False,
        env=env.environment())
    if done.returncode != 0:
        raise AssertionError(f"worst ended with {done.returncode}: {done.stderr[-4000:]}")
    counts = _read(prefix) if os.path.exists(prefix) else {}
    sent = done.stdout.split()
    if len(sent) != len(asked) or (0, "again") not in counts:
        raise AssertionError("nothing was counted: without valgrind's header (contrib/packages) "
                             "tests/stress/worst is built without that")
    return sent, counts


def measure(store, questions, static, prefix, sizes=SIZES):
    """Costs of questions (what, name, type) with messages of some sizes, the most expensive first.

    Also that of a static answer, including knotd's part.
    """
    asked = [("static", static, "A", SIZES[0])]
    asked += [(*question, size) for question in questions for size in sizes]
    sent, counts = _count(store, asked, prefix)
    unit = counts[0, "again"] + FLOOR
    costs = []
    for number, (question, size) in enumerate(zip(asked, sent)):
        most = max(counts.get((number, turn), 0) for turn in ("first", "again"))
        kib = max(1, int(size) / 1024) if size.isdigit() else 1
        costs.append(Cost((most + FLOOR) / kib / unit, most + FLOOR, kib, size, *question))
    return sorted(costs, reverse=True), unit


def shown(cost):
    """A line about a question."""
    sent = f"{cost.sent} bytes" if cost.sent.isdigit() else \
        "stopped" if cost.sent == "stopped" else "SERVFAIL"
    return f"{cost.ratio:9.1f} {cost.instructions:12,}  {cost.what}: {cost.name} {cost.rrtype}, " \
           f"{sent} of {cost.size}"
