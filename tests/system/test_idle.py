# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that nobody queries and whose store nobody changes sleeps."""

import os
import re
import time

from steer.case import Case
from steer.stress import Probe, Writer, chain

CHAIN = ("first.test.", "second.test.")
SECONDS = 5
WAKES = 2  # A second.


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
