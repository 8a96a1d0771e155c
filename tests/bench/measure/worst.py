# SPDX-License-Identifier: GPL-3.0-or-later
"""The most expensive questions of the stores in steer/worst.py, as the system test counts them."""

from steer.cost import AIM, measure as count
from steer.worst import DOWN, STATIC, Shapes

TABLE = "instructions of the dearest questions"
SHOWN = 20


def measure(rig, report):
    """One row for each shape, the most expensive first."""
    shapes = Shapes(1)
    store = rig.new_store("worst")
    path = rig.path("worst.yaml")
    with open(path, "w", encoding="ascii") as out:
        out.writelines(f"---\n{text}\n" for text in shapes.documents())
    store.ok("import", "--format", "yaml", path)
    store.ok("health", "force", DOWN, "down")
    costs, unit = count(store, shapes.questions(), STATIC, rig.path("worst.counts"))
    rows = {}
    for cost in costs:
        rows.setdefault(cost.what, cost)
    for cost in list(rows.values())[:SHOWN]:
        report.add(TABLE, f"{cost.what}: {cost.rrtype}, {cost.size} bytes", None,
                   unit * cost.kib, cost.instructions, AIM, columns=("static x KiB", "mod-steer"))
    report.show()
