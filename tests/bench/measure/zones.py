# SPDX-License-Identifier: GPL-3.0-or-later
"""What a zone that comes or goes among many others writes to the disk."""

import re

from steer.store import Store

TABLE = "bytes written by a change of one zone, on average"
AIM = 64 * 1024
TIMES = 20
CALLS = "write,pwrite64,writev,pwritev,pwritev2"


def _make(rig, zones):
    """A store with that many zones."""
    store = rig.new_store(f"{zones}.zones")
    path = rig.path("zones.yaml")
    with open(path, "w", encoding="ascii") as out:
        for number in range(zones):
            out.write(f"---\nzone: zone-{number}.test\nrecords:\n"
                      '  "@":\n    - {type: NS, values: [ns.example.net.]}\n')
    if zones > 0:
        rig.import_yaml(store, path, "yaml")
    return store


def _written(rig, store, *words):
    """Bytes that a command writes to files of the store."""
    trace = rig.path("strace")
    Store(store.directory, prefix=["strace", "-f", "-y", "-o", trace, "-e",
                                   f"trace={CALLS}"]).ok(*words)
    with open(trace, encoding="utf-8", errors="replace") as file:
        found = re.findall(rf"^\d+ +\w+\(\d+<{re.escape(store.directory)}/.*\) += (\d+)$",
                           file.read(), re.M)
    return sum(map(int, found))


def _costs(rig, zones):
    """Bytes written when a zone is created, and when it is deleted."""
    store = _make(rig, zones)
    created, deleted = (
        [_written(rig, store, "zone", verb, f"new-{number}.test", *words)
         for number in range(TIMES)]
        for verb, words in (("create", ["--ns", "ns.example.net"]), ("delete", [])))
    return sum(created) / TIMES, sum(deleted) / TIMES


def measure(rig, report, zones):
    alone, among = _costs(rig, 0), _costs(rig, zones)
    for title, *values in zip(("created", "deleted"), alone, among):
        report.add(TABLE, title, zones, *values, AIM, by="own", columns=("alone", "among many"))
    report.show()
