# SPDX-License-Identifier: GPL-3.0-or-later
"""Locks, allocations and system calls of the thread that answers, counted."""

import glob
import os
import re
import struct

from measure.questions import asked_of

# As in count_calls.c: the first identifies the thread that answers, the rest are counted.
NAMES = ("recvmmsg malloc calloc realloc free aligned_alloc posix_memalign mmap munmap "
         "pthread_mutex_lock pthread_mutex_trylock pthread_rwlock_rdlock pthread_rwlock_wrlock "
         "pthread_spin_lock pthread_cond_wait sem_wait").split()
MEMORY = ("malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign", "mmap",
          "munmap")
THREADS = 256

# A thread registers with RCU at its first query.
FIRST = 10
TABLE = "calls per query of the thread that answers"


def _read(path):
    row = struct.Struct(f"={len(NAMES)}Q")
    with open(path, "rb") as file:
        data = file.read(row.size * THREADS)
    return [dict(zip(NAMES, counts)) for counts in row.iter_unpack(data)]


def _library_calls(rig, server, questions, names, count):
    """Allocations and locks per query, for each question."""
    path = rig.path("counts")
    with open(path, "wb"):
        pass
    variables = {"LD_PRELOAD": rig.tools.library("count_calls"), "BENCH_COUNTS": path}
    with server(names, variables=variables) as knot:
        return [_risen(rig, knot, question, names, count, path) for question in questions]


def _risen(rig, knot, question, names, count, path):
    rig.tools.ask(knot.address, question, names, count)  # What only a first query costs.
    before = _read(path)
    rig.tools.ask(knot.address, question, names, count)
    risen = [{call: new[call] - old[call] for call in NAMES}
             for old, new in zip(before, _read(path))]
    worker = max(risen, key=lambda calls: calls["recvmmsg"])
    if not (worker["recvmmsg"] and any(row["malloc"] and row["free"] for row in before)
            and any(row["pthread_mutex_lock"] for row in before)):
        raise AssertionError("the calls of knotd were not counted")
    memory = sum(worker[call] for call in MEMORY)
    return memory / count, (sum(worker.values()) - worker["recvmmsg"] - memory) / count


def _traced(prefix):
    """System calls of the thread that answers, in order: name, result."""
    threads = []
    for path in glob.glob(glob.escape(prefix) + ".*"):
        with open(path, encoding="utf-8", errors="replace") as file:
            found = [re.match(r"(\w+)\(.* = (-?\w+)", line) for line in file]
        os.remove(path)
        threads.append([call.groups() for call in found if call])
    return max(threads, key=lambda calls: sum(name == "recvmmsg" for name, _ in calls))


def _system_calls(rig, server, question, names, count):
    """System calls per query, once the thread has answered some."""
    prefix = rig.path("strace")
    with server(names, wrapper=["strace", "-ff", "-o", prefix]) as knot:
        rig.tools.ask(knot.address, question, names, FIRST + count)
    calls = _traced(prefix)
    answered = [at for at, (name, _) in enumerate(calls) if name == "sendmmsg"]
    if len(answered) != FIRST + count:
        raise AssertionError(f"strace saw {len(answered)} of {FIRST + count} answers")
    return (answered[-1] - answered[FIRST - 1]) / count


def measure(rig, report, names, chosen, count):
    compare(rig, report, (rig.static, rig.hosted), asked_of(names, chosen), names, count)


def compare(rig, report, servers, questions, names, count):
    """What the second of two servers adds to the calls of the first."""
    library = [_library_calls(rig, server, questions, names, count) for server in servers]
    for question, theirs, ours in zip(questions, *library):
        system = [_system_calls(rig, server, question, names, count // 10) for server in servers]
        rows = ("allocations and releases", theirs[0], ours[0]), \
            ("locks", theirs[1], ours[1]), ("system calls", *system)
        for title, *values in rows:
            report.add(TABLE, f"{question.title}: {title}", names, *values, 0, by="added")
    report.show()
