# SPDX-License-Identifier: GPL-3.0-or-later
"""A store that is changed for minutes: what grows."""

import contextlib
import json
import os
import time

from measure import load, process
from measure.changes import Writer

TABLE = "100 commits a second, for {:g} s"
COLUMNS = ("after {:g} s", "most since")
COMMITS_PER_SECOND = 100

# That many clients ask meanwhile: readers come and go, and pages are touched.
QUERIES_PER_SECOND = 5000


class Plan:
    """Seconds in all, until what is there is taken as the first state, and between looks."""

    def __init__(self, quick):
        self.seconds, self.warm, self.pause = (6, 3, 1) if quick else (300, 60, 10)
        # The log has its full length after the first part.
        self.log_keep = 100 if quick else None


def _look(knot, store, since):
    stats = json.loads(store.ok("--json", "stats"))
    anonymous, files = process.memory(knot.pid())
    sample = {"seconds": time.monotonic() - since, "anonymous": anonymous, "files": files,
              "data.mdb": os.path.getsize(store.path("records", "data.mdb")),
              "used": stats["used"], "transaction": stats["transaction"]}
    for name, database in stats["databases"].items():
        sample[name] = database["bytes"]
        sample[name + " entries"] = database["entries"]
    return sample


def _samples(rig, names, plan):
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(rig.copy(rig.store(names), "live.store"))
        if plan.log_keep is not None:
            store.ok("config", "log-keep", str(plan.log_keep))
        knot = stack.enter_context(rig.serving(store.directory))
        questions = load.write_questions(rig.path("questions"), names)
        stack.enter_context(load.Load(knot.port, questions, QUERIES_PER_SECOND))
        began = time.monotonic()
        writer = stack.enter_context(Writer(store.directory, 0, COMMITS_PER_SECOND,
                                            COMMITS_PER_SECOND * plan.seconds, names))
        samples = [_look(knot, store, began)]
        while samples[-1]["seconds"] < plan.seconds - plan.pause / 2:
            time.sleep(plan.pause - (time.monotonic() - began) % plan.pause)
            samples.append(_look(knot, store, began))
        writer.end()
        return samples


def measure(rig, report, names, plan):
    """Memory of knotd and size of the file, after a while and at their largest from then on."""
    samples = _samples(rig, names, plan)
    report.keep("steady", names, samples)
    warm = [sample for sample in samples if sample["seconds"] >= plan.warm]
    table = TABLE.format(plan.seconds)
    columns = (COLUMNS[0].format(plan.warm), COLUMNS[1])
    for key, title, aim in (("anonymous", "knotd: anonymous memory, MiB", 1.05),
                            ("files", "knotd: memory of files, MiB", None),
                            ("data.mdb", "size of data.mdb, MiB", 1.05),
                            ("used", "pages ever used, MiB", None),
                            ("nodes", "pages of names, MiB", None),
                            ("log", "pages of the log, MiB", None)):
        report.add(table, title, names, warm[0][key] / 2**20,
                   max(sample[key] for sample in warm) / 2**20, aim, columns=columns)
    done = warm[-1]["transaction"] - warm[0]["transaction"]
    report.add(table, "commits a second", names, COMMITS_PER_SECOND,
               done / (warm[-1]["seconds"] - warm[0]["seconds"]), 0.97, least=True,
               columns=columns)
    report.show()
