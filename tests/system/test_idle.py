# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that nobody queries sleeps: unless its store is changed, and then it wakes once."""

import os
import re
import time

from steer.case import Case
from steer.stress import Probe, Writer, chain
from steer.wire import TYPES

CHAIN = ("first.test.", "second.test.")
SECONDS = 5
WAKES = 2  # A second.
COMMITS = 30
WAKES_BY_COMMIT = 8  # Some are the scheduler's.


def switches(knot):
    """How often the thread of the engine has gone to sleep, or was made to."""
    folder = f"/proc/{knot.pid()}/task"
    for task in os.listdir(folder):
        with open(f"{folder}/{task}/status", encoding="utf-8") as file:
            status = file.read()
        if re.search(r"^Name:\tsteer$", status, re.M):
            return sum(int(number) for number in re.findall(r"ctxt_switches:\t(\d+)", status))
    raise AssertionError("knotd has no thread of the name steer")


class Idle(Case):

    alone = True

    def test_wakes(self):
        """With a store, after commits with the writer still there, and without a store."""
        quiet = self.hosted(*chain(*CHAIN), name="quiet")
        used = self.hosted(*chain(*CHAIN), name="used")
        os.mkdir(self.path("nothing"))
        knots = {what: self.knot(name=what, store=store, modules=()).start()
                 for what, store in (("quiet", quiet.directory), ("used", used.directory),
                                     ("empty", self.path("nothing")))}
        probe = Probe(self, knots["used"], CHAIN, interval_us=2000)
        writer = Writer(self, used, CHAIN, count=50, keep=True)
        probe.wait_for(50)
        probe.finish()
        # What follows the last ring, or a start, ends before counting starts.
        time.sleep(1)
        before = {what: switches(knot) for what, knot in knots.items()}
        began = time.monotonic()
        time.sleep(SECONDS)
        wakes = {what: switches(knot) - before[what] for what, knot in knots.items()}
        most = WAKES * (time.monotonic() - began)
        print(f"     the engine's thread woke in {SECONDS} s: {wakes}")
        for what, count in wakes.items():
            self.assertLessEqual(count, most, what)
            self.assertGreater(count, 0, f"{what}: the poll that is the net has not come")
        writer.wait()

    def test_wakes_by_commits(self):
        """A commit is looked for when the bell rings, and not again."""
        store = self.hosted(*chain(*CHAIN), name="changed")
        knot = self.knot(name="changed", store=store.directory, modules=()).start()
        name = "bell." + CHAIN[0]
        before = switches(knot)
        for number in range(COMMITS):
            store.ok("set", name, "A", f"192.0.2.{number}")
            self.served(knot, name, TYPES["A"], value=bytes([192, 0, 2, number]))
        wakes = switches(knot) - before
        print(f"     the engine's thread woke {wakes} times for {COMMITS} commits")
        self.assertLessEqual(wakes, WAKES_BY_COMMIT * COMMITS)
