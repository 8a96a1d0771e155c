# SPDX-License-Identifier: GPL-3.0-or-later
"""Many zones: what one that comes or goes writes to the disk, and what an answer costs."""

import re

from measure.cpu_time import COUNT_FOR_TICKS, USER, compare
from measure.groups import label, write_documents, zone_of
from measure.instructions import TABLE as INSTRUCTIONS, costs_of
from measure.process import settled
from measure.questions import A, HOT, NO_AIMS, Question
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


# What they cost: each zone has an address at its apex.

MANY = Question("many-zones", 0, "many.test", A, "NOERROR", 1, HOT, NO_AIMS,
                "A at the apex, of 1,000 zones")
EACH = MANY._replace(name="each-zone", names=None, title="A at the apex, each zone once")


def _names(zones):
    return [f"{label(number)}.{MANY.suffix}" for number in range(zones)]


def _knotd(rig, zones, **options):
    """All zones from one file, which has no names of its own."""
    path = rig.path("many.zone")
    with open(path, "w", encoding="ascii") as out:
        out.write("@ 3600 SOA ns.example.net. admin.example.net. 1 3600 600 86400 300\n"
                  "@ 3600 NS ns.example.net.\n@ 60 A 192.0.2.1\n")
    return rig.server(zones=dict.fromkeys(_names(zones), path), **options)


def _fill(rig, zones):
    store = rig.new_store("many.store")
    path = write_documents(rig.path("many.yaml"), (
        zone_of(name, {"@": [{"type": "NS", "values": ["ns.example.net."]},
                             {"type": "A", "values": ["192.0.2.1"]}]}) for name in _names(zones)))
    rig.import_yaml(store, path, "yaml")
    return store.directory


def measure_answers(rig, report, zones, counts, count):
    """Beside knotd with as many zones."""
    store = _fill(rig, zones)
    servers = (lambda **more: _knotd(rig, zones, **more),
               lambda **more: rig.serving(store, **more))
    costs = [costs_of(rig, server, zones, (MANY, EACH), counts, {False: {}})
             for server in servers]
    for question in MANY, EACH:
        report.add(f"{INSTRUCTIONS}, many zones", question.title, zones,
                   *(cost[question.name, False][0] for cost in costs))
    if count >= COUNT_FOR_TICKS:
        with servers[0]() as theirs, servers[1]() as ours:
            settled(theirs.pid())
            (_, one), (_, other) = compare(rig, (theirs, ours), MANY, zones, count, 1, False)
        report.add(f"CPU time per query, microseconds, {USER}, many zones", MANY.title, zones,
                   one, other)
    report.show()
