# SPDX-License-Identifier: GPL-3.0-or-later
"""What maps of networks cost: their import, and a look into them."""

import re
import subprocess

from measure import callgrind
from measure.whole import timed_import
from steer import env

IMPORT = "a map imported, seconds"
LOOKUP = "a look into a map"
ROUNDS = 3
LOOKS = 100000  # That tests/stress/lookup takes to be counted.


def _dump(rig):
    """The networks of libloc-database."""
    path = rig.path("libloc.dump")
    subprocess.run(["location", "dump", path], check=True, capture_output=True)
    return path


def measure_import(rig, report):
    path = _dump(rig)
    with open(path, "rb") as file:
        networks = sum(line.startswith(b"net:") for line in file)
    for kind in ("geo", "asn"):
        def run(store, kind=kind):
            store.ok("map", "import", "--type", kind, path)
        wall, used = (min(each) for each in
                      zip(*(timed_import(rig, "maps", run) for _ in range(ROUNDS))))
        title = f"{kind}, {networks:,} networks of libloc"
        for row, value, aim in ((title, wall, 5), ("CPU time of that", used, None)):
            report.add(IMPORT, row, None, None, value, aim, by="own", columns=("", "steerctl"))
    report.show()


def measure_lookup(rig, report):
    """By tests/stress/lookup, which runs once more to count."""
    path = _dump(rig)
    lookup = [env.stress("lookup"), "asn", path]
    said = subprocess.run(lookup, check=True, capture_output=True, text=True).stdout
    prefix = rig.path("lookup.counts")
    subprocess.run([*callgrind.wrapper(prefix), "--collect-atstart=no",
                    "--toggle-collect=steer_network_map_find", *lookup], check=True,
                   capture_output=True)
    found = re.findall(r"IPv(\d): networks (\d+), .*, ([\d.]+) ns, in turn ([\d.]+) ns", said)
    for dump, (family, networks, free, in_turn) in enumerate(found, 1):
        instructions = sum(callgrind.read_profile(f"{prefix}.{dump}").values()) / LOOKS
        title = f"IPv{family}, {int(networks):,} networks of libloc: "
        for row, value, aim in (("ns", float(free), 25), ("instructions", instructions, 60),
                                ("ns, each after the one before", float(in_turn), None)):
            report.add(LOOKUP, title + row, None, None, value, aim, by="own",
                       columns=("", "mod-steer"))
    report.show()
