# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of steerd, of writers and of knotd at random points: states and answers are as the
servers are, what was acknowledged stands.

STEER_KILLED_WHILE_PROBING  how many are killed (150)
STEER_STRIKES               at how many writes steerd is killed, one after the other (16)
"""

import collections
import random
import re
import shutil
import signal
import time

from steer import env
from steer.steerdstory import SteerdStory
from steer.stress import reader_pids
from steer.wait import until

KILLS = env.number("STEER_KILLED_WHILE_PROBING", 150, 30)
SERVERS = 6
MAIN, SPARE = "192.0.2.1", "192.0.2.2"
RIGHT = {True: MAIN, False: SPARE}
# The calls by which LMDB writes, and that rings the doorbell.
WRITES = "pwrite64,pwritev,writev,fdatasync,utimensat"
# How often they come in about three commits.
STRIKES = env.number("STEER_STRIKES", 16, 9)
# Within that many seconds, steerctl, steerd and knotd are killed: some while they start.
SPAN = {"steerctl": 0.02, "steerd": 0.3, "knotd": 0.3}


class KilledWhileProbing(SteerdStory):

    def setUp(self):
        super().setUp()
        if shutil.which("mdb_stat") is None:
            self.skipTest("mdb_stat is missing")
        self.random = random.Random(10)
        self.servers = self.backends(SERVERS)
        self.runs = [True] * SERVERS
        self.steer = self.policies("zone: example.com\nrecords:\n" + "".join(
            f"  n{n}: {{type: A, policy: failover, sets: {{\n"
            f"    main: {{failover: primary, health: c{n}, values: [{MAIN}]}},\n"
            f"    spare: {{failover: secondary, values: [{SPARE}]}}}}}}\n"
            for n in range(SERVERS)))
        for number, server in enumerate(self.servers):
            self.set_check(self.steer, f"c{number}", server)
        self.written = 0

    def turn(self, number):
        """A server dies, or is back."""
        server = self.servers[number]
        (server.stop if self.runs[number] else server.start)()
        self.runs[number] = not self.runs[number]

    def until_right(self, knot):
        """Waits until states and answers are as the servers are."""
        until("the right answers", lambda: all(
            self.answered(knot, f"n{number}.example.com.") == RIGHT[runs]
            for number, runs in enumerate(self.runs)), pause=0.02)

    def kill_steerctl(self):
        """Kills one that writes a number; the one acknowledged before stands, or this one."""
        self.written += 1
        writer = self.steer.start("set", "number.example.com", "TXT", str(self.written))
        time.sleep(self.random.uniform(0, SPAN["steerctl"]))
        writer.kill()
        writer.communicate()
        got = self.steer.ok("get", "number.example.com", "TXT")
        found = re.search(r'"(\d+)"', got)
        stands = int(found[1]) if found else 0
        self.assertIn(stands, (self.written - 1, self.written), got)
        self.written = stands

    def test_each_at_random_points(self):
        daemon = self.steerd(self.steer).start()
        knot = self.knot(store=self.steer.directory).start()
        self.steer.ok("set", "number.example.com", "TXT", "0")
        self.until_right(knot)
        killed = collections.Counter()
        for _ in range(KILLS):
            victim = self.random.choice(sorted(SPAN))
            self.turn(self.random.randrange(SERVERS))
            if victim == "steerctl":
                self.kill_steerctl()
            else:
                program = knot if victim == "knotd" else daemon
                time.sleep(self.random.uniform(0, SPAN[victim]))
                program.kill()
                program.spawn()
                time.sleep(self.random.uniform(0, SPAN[victim]))
                program.kill()
                program.start()
            self.until_right(knot)
            killed[victim] += 1
        for number, runs in enumerate(self.runs):
            self.until_state(self.steer, f"c{number}", "up" if runs else "down")
        self.assertNotIn("damaged", self.steer.run("check").out)
        self.steer.ok("stats")
        self.assertLessEqual(reader_pids(self.steer), {knot.pid(), daemon.pid()})
        print("     killed: " + ", ".join(f"{victim} {count} times" for victim, count in
                                          sorted(killed.items())))

    def struck(self, number):
        """A steerd that is killed at one of its writes, while a server dies and comes back."""
        daemon = self.steerd(self.steer, name=f"struck-{number}", ASAN_OPTIONS="detect_leaks=0",
                             prefix=["strace", "-f", "-o", self.path("trace"), "-e",
                                     f"inject={WRITES}:signal=KILL:when={number}"]).spawn()
        while daemon.alive():
            seen = len(daemon.changes("c0"))
            self.turn(0)
            until("a change or the end", lambda: len(daemon.changes("c0")) > seen or
                  not daemon.alive())
        self.assertEqual(daemon.wait(), -signal.SIGKILL)

    def test_before_each_write(self):
        """Of the commits of steerd; the next one finds a good store, and tells the truth."""
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        knot = self.knot(store=self.steer.directory).start()
        daemon = self.steerd(self.steer)
        for number in range(1, STRIKES + 1):
            self.struck(number)
            self.assertNotIn("damaged", self.steer.run("check").out)
            daemon.start()
            self.until_right(knot)
            daemon.stop()
        self.assertLessEqual(reader_pids(self.steer), {knot.pid()})
