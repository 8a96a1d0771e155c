# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of steerd, of writers and of knotd at random points, and of steerd at each of its writes,
while targets change: answers are as the targets are.

STEER_KILLED_WHILE_RESOLVING  how many are killed (30)
STEER_TARGET_STRIKES          at how many writes steerd is killed, one after the other (12)
"""

import random
import shutil
import signal
import time

from steer import env
from steer.stress import reader_pids
from steer.targetstory import TargetStory
from steer.wait import until
from test_steerd_killed import SPAN, WRITES

KILLS = env.number("STEER_KILLED_WHILE_RESOLVING", 30, 8)
STRIKES = env.number("STEER_TARGET_STRIKES", 12, 4)
COUNT = 5


class KilledWhileResolving(TargetStory):

    def setUp(self):
        super().setUp()
        for program in "mdb_stat", "strace":
            if shutil.which(program) is None:
                self.skipTest(f"{program} is missing")
        self.random = random.Random(11)
        self.addresses = [0] * COUNT
        self.servers = self.targets("target.test.")
        for number in range(COUNT):
            self.turn(number)
        self.servers.start()
        self.steer, self.server, self.daemon = self.resolving(
            self.servers, "zone: example.com\nrecords:\n" + "".join(
                f"  n{number}: {{type: A, alias: n{number}.target.test.}}\n"
                for number in range(COUNT)))
        self.until_right()

    def turn(self, number):
        """A target gets another address."""
        self.addresses[number] += 1
        self.servers.set(f"n{number}.target.test.", f"A {self.address(number)}")

    def address(self, number):
        return f"192.0.{number}.{self.addresses[number]}"

    def until_right(self):
        """Waits until the answers are as the targets are."""
        for number in range(COUNT):
            self.until_shown(self.server, f"n{number}.example.com.", self.address(number))

    def assert_good_store(self, *pids):
        self.assertNotIn("damaged", self.steer.run("check").out)
        self.steer.ok("stats")
        self.assertLessEqual(reader_pids(self.steer), {self.server.pid(), *pids})

    def kill_steerctl(self):
        writer = self.steer.start("set", f"m{self.random.randrange(3)}.example.com", "A",
                                  "--alias", f"n{self.random.randrange(COUNT)}.target.test.")
        time.sleep(self.random.uniform(0, SPAN["steerctl"]))
        writer.kill()
        writer.communicate()

    def kill(self, program):
        """Kills one that runs, and one that starts."""
        time.sleep(self.random.uniform(0, SPAN["steerd"]))
        program.kill()
        program.spawn()
        time.sleep(self.random.uniform(0, SPAN["steerd"]))
        program.kill()
        program.start()

    def test_each_at_random_points(self):
        for kill in range(KILLS):
            victim = (self.kill_steerctl, lambda: self.kill(self.daemon),
                      lambda: self.kill(self.server))[kill % 3]
            self.turn(self.random.randrange(COUNT))
            victim()
            self.until_right()
        self.assert_good_store(self.daemon.pid())

    def struck(self, number):
        """A steerd that is killed at one of its writes, while a target changes."""
        daemon = self.resolver(
            self.steer, self.servers, name=f"struck-{number}", ASAN_OPTIONS="detect_leaks=0",
            prefix=["strace", "-f", "-o", self.path("trace"), "-e",
                    f"inject={WRITES}:signal=KILL:when={number}"]).spawn()
        while daemon.alive():
            self.turn(0)
            until("the new address or the end", lambda: not daemon.alive() or self.shown(
                self.server, "n0.example.com.") == self.address(0))
        self.assertEqual(daemon.wait(), -signal.SIGKILL)

    def test_before_each_write(self):
        """Of the commits of steerd; the next one finds a good store, and tells the truth."""
        self.daemon.stop()
        for number in range(1, STRIKES + 1):
            self.struck(number)
            self.assert_good_store()
            self.daemon.start()
            self.until_right()
            self.daemon.stop()
