# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store costs in which each name has a policy, compared with the same names with plain
values."""

import json
import os

from measure import groups, whole
from steer.store import Store

IMPORT = "policies imported, seconds"
GUESSED = "the same, the format named or guessed"
SIZE = "policies: the store"
LOAD = "policies: ready to answer, milliseconds"
MEMORY = "policies: memory after every name was asked once, MiB"
BESIDE_KNOTD = "the same beside knotd"
PLAIN = ("plain A", "policies")
KNOTD = ("knotd, plain A", "policies")


def _imports(rig, report, names, rounds):
    def best(kind, file, how):
        return [min(tries) for tries in zip(*(
            whole.timed_import(rig, f"{names}.{kind}", rig.import_yaml, file, how)
            for _ in range(rounds)))]

    file = rig.yaml(names, groups.write_policies)
    guessed = best("policies", file, "auto")
    ours = best("policies", file, "yaml")
    plain = best("plain", rig.yaml(names, groups.write_plain), "yaml")
    zone = whole.timed_import(rig, f"{names}.store", rig.import_zone, names)
    for title, theirs in (("both YAML", plain), ("a zone file and YAML", zone),
                          ("knotd loads a zone file", whole.knotd_load(rig, names))):
        report.add(IMPORT, title, names, theirs[0], ours[0], columns=PLAIN)
        report.add(IMPORT, "CPU time of that", names, theirs[1], ours[1], columns=PLAIN)
    report.add(GUESSED, "policies", names, ours[0], guessed[0], columns=("named", "guessed"))


def _sizes(rig, report, names):
    stores = [Store(rig.path(f"{names}.{kind}")) for kind in ("plain", "policies")]
    stats = [json.loads(store.ok("--json", "stats")) for store in stores]
    files = [os.path.getsize(store.path("records", "data.mdb")) for store in stores]
    report.add(SIZE, "data.mdb, MiB", names, *(size / 2**20 for size in files), columns=PLAIN)
    for name in ("nodes", "log"):
        report.add(SIZE, f"bytes of {name}, for each name", names,
                   *(each["databases"][name]["bytes"] / names for each in stats), columns=PLAIN)


def _loads(rig, report, names, rounds):
    for cold, title, aim in ((False, "module load", 5), (True, "the same, not in memory", None)):
        theirs, ours = (min(whole.module_load(rig, rig.path(f"{names}.{kind}"), cold)
                            for _ in range(rounds)) for kind in ("plain", "policies"))
        report.add(LOAD, title, names, theirs, ours, aim, by="own", columns=PLAIN)


def _memory(rig, report, names):
    found = []
    for server in (rig.static(names), rig.serving(rig.path(f"{names}.plain")),
                   rig.serving(rig.policies(names))):
        with server as knot:
            found.append(whole.memory(rig, knot, names))
    knotd, plain, ours = found
    for title, theirs, columns in ((MEMORY, plain, PLAIN), (BESIDE_KNOTD, knotd, KNOTD)):
        report.add(title, "anonymous", names, theirs[0], ours[0], columns=columns)
        report.add(title, "of files", names, theirs[1], ours[1], columns=columns)


def measure(rig, report, names, rounds):
    _imports(rig, report, names, rounds)
    _sizes(rig, report, names)
    _loads(rig, report, names, rounds)
    _memory(rig, report, names)
    report.show()
