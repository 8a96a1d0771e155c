# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole zone costs: import, load, memory."""

import os
import re
import resource
import shutil
import subprocess
import time

from measure import process
from measure.questions import APEX, BY_NAME

IMPORT = "a zone file read, seconds"
LOAD = "ready to answer, milliseconds"
MEMORY = "memory after every name was asked once, MiB"

# Below this many names the programs themselves outweigh the zone.
NAMES_THAT_COUNT = 100000

# Larger zones are loaded once, and not by every server: it takes minutes.
LARGE = 2000000


def _aim(names, aim):
    return aim if names >= NAMES_THAT_COUNT else None


def _children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _knotd_start(rig, zones):
    """Seconds that knotd takes to start, and their CPU time."""
    began = time.monotonic()
    with rig.server(zones=zones) as knot:
        return time.monotonic() - began, process.cpu_seconds(knot.pid())


def knotd_load(rig, names):
    """Seconds that knotd takes for the zone, and their CPU time."""
    empty = _knotd_start(rig, {})
    full = _knotd_start(rig, {APEX: rig.zone(names)})
    return [max(0.0, b - a) for a, b in zip(empty, full)]


def timed_import(rig, name, run, *what):
    """Seconds that an import into an empty store takes, and their CPU time."""
    shutil.rmtree(rig.path(name), ignore_errors=True)
    store = rig.new_store(name)
    began, used = time.monotonic(), _children()
    run(store, *what)
    return time.monotonic() - began, _children() - used


def _pdnsutil(rig, names):
    """Seconds that pdnsutil takes to load the zone into an empty LMDB backend."""
    directory = rig.path("pdns")
    os.makedirs(directory)
    with open(os.path.join(directory, "pdns.conf"), "w", encoding="ascii") as out:
        out.write(f"launch=lmdb\nlmdb-filename={directory}/pdns.lmdb\n")
    began = time.monotonic()
    try:
        subprocess.run(["pdnsutil", f"--config-dir={directory}", "load-zone", APEX,
                        rig.zone(names)], check=True, capture_output=True)
        return time.monotonic() - began
    finally:
        shutil.rmtree(directory)


def measure_import(rig, report, names, rounds):
    rig.zone(names)
    theirs = [min(tries) for tries in zip(*(knotd_load(rig, names) for _ in range(rounds)))]
    ours = [min(tries) for tries in zip(*(
        timed_import(rig, f"{names}.store", rig.import_zone, names) for _ in range(rounds)))]
    report.add(IMPORT, "knotd loads it, steerctl imports it", names, theirs[0], ours[0],
               _aim(names, 1.0))
    report.add(IMPORT, "CPU time of that", names, theirs[1], ours[1])
    if shutil.which("pdnsutil") and names <= LARGE:
        report.add(IMPORT, "pdnsutil load-zone (LMDB) instead of knotd", names,
                   _pdnsutil(rig, names), ours[0], _aim(names, 0.3))
    report.show()


def _forget_pages(directory):
    """Drops a store's pages from memory, so that the next reader finds them on disk."""
    path = os.path.join(directory, "records", "data.mdb")
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def module_load(rig, directory, cold):
    """Milliseconds in the module's load callback."""
    if cold:
        _forget_pages(directory)
    with rig.timed(directory) as knot:
        return int(re.search(r"load took (\d+) us", knot.log.wait("load took")).group(1)) / 1000


def measure_load(rig, report, names, rounds):
    theirs = min(knotd_load(rig, names)[0] for _ in range(rounds)) * 1000
    for cold, title in ((False, "zone load, module load"), (True, "the same, store not in memory")):
        ours = min(module_load(rig, rig.store(names), cold) for _ in range(rounds))
        # The speed of the disk is not ours.
        report.add(LOAD, title, names, theirs, ours, None if cold else 5, by="own")
    report.show()


def memory(rig, knot, names):
    """MiB of anonymous and file memory after each name was asked for once."""
    rig.tools.ask(knot.address, BY_NAME["static"], names, names, 64, in_order=True)
    return [size / 2**20 for size in process.memory(knot.pid())]


def measure_memory(rig, report, names):
    with rig.static(names) as knot:
        their_own, their_files = memory(rig, knot, names)
    with rig.hosted(names) as knot:
        own, files = memory(rig, knot, names)
    report.add(MEMORY, "anonymous", names, their_own, own, _aim(names, 0.05))
    report.add(MEMORY, "of files", names, their_files, files)
    report.add(MEMORY, "anonymous of knotd, files of mod-steer", names, their_own, files,
               _aim(names, 0.67))
    report.show()
