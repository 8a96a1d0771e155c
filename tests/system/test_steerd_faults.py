# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong around steerd: a full disk, clocks that are set, definitions that change without
end.

STEER_DEFINITIONS  how many definitions are changed while others are probed (5000)
"""

import glob
import json
import re
import time

from steer import asking, env
from steer.steerdstory import SteerdStory
from steer.targets import fails
from steer.targetstory import TargetStory
from steer.wait import until
from test_full_disk_and_map import Disk

DEFINITIONS = env.number("STEER_DEFINITIONS", 5000, 400, sanitized=200)
MAIN, SPARE = "192.0.2.1", "192.0.2.2"
WWW = "www.example.com."


def failover(*checks):
    """A name for each check: its record set, and a secondary one."""
    return "zone: example.com\nrecords:\n" + "".join(
        f"  {check}: {{type: A, policy: failover, sets: {{\n"
        f"    main: {{failover: primary, health: {check}, values: [{MAIN}]}},\n"
        f"    spare: {{failover: secondary, values: [{SPARE}]}}}}}}\n" for check in checks)


class FullDisk(Disk, SteerdStory):

    def test_states_are_published_when_there_is_room_again(self):
        main, beat = self.backends(2)
        self.bring(self.small, failover("www", "beat"))
        self.set_check(self.small, "www", main)
        self.set_check(self.small, "beat", beat)
        knot = self.knot(store=self.small.directory).start()
        main.stop()
        self.fill()
        daemon = self.steerd(self.small).start()
        daemon.log.wait("'www' is down")
        daemon.log.wait("states and targets cannot be published: .*disk is full")
        for change, word in ((main.start, "up"), (main.stop, "down")):
            since = len(daemon.log)
            change()
            daemon.log.wait(f"'www' is {word}", since)
        beat.wait_for(2)
        self.assertEqual(self.answered(knot, WWW), MAIN)
        self.make_room()
        self.until_answered(knot, WWW, SPARE)
        self.until_state(self.small, "www", "down")
        self.assertEqual(len(daemon.log.lines("cannot be published")), 1)
        daemon.log.wait("states and targets are published again")

    def test_what_is_left_is_published_at_the_end(self):
        main = self.backend()
        self.bring(self.small, failover("www"))
        self.set_check(self.small, "www", main)
        main.stop()
        self.fill()
        daemon = self.steerd(self.small).start()
        daemon.log.wait("states and targets cannot be published: .*disk is full")
        daemon.log.wait("'www' is down")
        self.make_room()
        daemon.stop()
        self.assertEqual(self.state(self.small, "www"), ("down", "probe"))


class LateError(SteerdStory):

    def test_a_wake_before_the_error_is_no_connection(self):
        """A kernel may wake who waits for a connection before it has the error."""
        gone = self.backend()
        gone.stop()
        store = self.policies(failover("www"))
        self.set_check(store, "www", gone)
        daemon = self.steerd(store, ASAN_OPTIONS="detect_leaks=0", prefix=[
            "strace", "-D", "-f", "-o", self.path("trace"), "-e", "trace=getsockopt",
            "-e", "inject=getsockopt:retval=0:when=3+2"]).spawn()
        self.assertRegex(daemon.log.wait("'www' is "), "is down: .*: Connection refused")
        with open(self.path("trace"), encoding="ascii") as trace:
            self.assertRegex(trace.read(), r"SO_ERROR, \[0\], \[4\]\) = 0 \(INJECTED\)")


class Clock(TargetStory):
    """The time of day is set while steerd runs: forward, backward, by days."""

    def setUp(self):
        super().setUp()
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not library or env.SANITIZED:
            self.skipTest("libfaketime is missing, or a sanitizer must be loaded before it")
        self.clock = self.file("clock", "+0")
        self.faked = {"LD_PRELOAD": library[0], "FAKETIME_TIMESTAMP_FILE": self.clock,
                      "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}

    def since(self, store, check):
        return re.search(r"(\d{4})-", store.ok("health", "show", check))[1]

    def test_states_and_probes_do_not_care(self):
        """Not even while up-delay runs. Nor does what follows the store."""
        main = self.backend()
        store, knot = self.served_policies(failover("www"))
        self.set_check(store, "www", main, up_delay="3s")
        daemon = self.steerd(store, **self.faked).start()
        place = store.path(asking.SOCKET)
        self.until_state(store, "www", "up")
        year = self.since(store, "www")
        for step in ("+400d", "-400d", "+0"):
            with self.subTest(step):
                main.stop()
                self.until_answered(knot, WWW, SPARE)
                began = time.monotonic()
                main.start()
                main.wait_for(1)
                self.file("clock", step)
                self.until_answered(knot, WWW, MAIN)
                self.assertGreaterEqual(time.monotonic() - began, 3)
                self.assertEqual(self.since(store, "www") == year, step == "+0")
                main.wait_for(2)
                store.ok("set", "clock.example.com", "TXT", f"step {step}")
                sequence = json.loads(store.ok("stats", "--json"))["sequence"]
                until("the change set", lambda wanted=sequence: wanted == asking.Metrics(place)(
                    "steerd_snapshot_change_set"))
        self.assertEqual(daemon.changes(), ["up"] + ["down", "up"] * 3)

    def test_targets_do_not_care(self):
        """One is resolved on; another one is stale, and stays since no day has passed."""
        good, bad = "good.target.test.", "bad.target.test."
        targets = self.targets("target.test.")
        for name in good, bad:
            targets.set(name, f"A {MAIN}")
        targets.start()
        _, knot, daemon = self.resolving(
            targets, f"zone: example.com\nrecords:\n  good: {{type: A, alias: {good}}}\n"
                     f"  bad: {{type: A, alias: {bad}}}\n", stale_max="23h",
            variables=self.faked)
        self.until_shown(knot, "good.example.com.", MAIN)
        self.until_shown(knot, "bad.example.com.", MAIN)
        targets.misbehave(bad, fails)
        daemon.log.wait("alias target bad.* not resolved")
        for step, address in ("+400d", SPARE), ("-400d", MAIN), ("+0", SPARE):
            with self.subTest(step):
                self.file("clock", step)
                tried = len(targets.times(bad))
                targets.set(good, f"A {address}")
                self.until_shown(knot, "good.example.com.", address)
                self.stays(knot, "bad.example.com.", MAIN,
                           lambda since=tried: len(targets.times(bad)) > since)

class Definitions(SteerdStory):
    CHANGED = 40

    def change(self, store, number):
        """Changes one of the definitions: deletes it, or has it look at a server, dead or not."""
        name = f"c{number * 7 % self.CHANGED}"
        kind = number % 4
        if kind == 3:
            store.run("health", "del", name)
            self.wanted[name] = None
        else:
            server = (self.alive, self.dead)[number // self.CHANGED % 2]
            self.set_check(store, name, server, rise=1 + kind)
            self.wanted[name] = server is self.alive

    def is_right(self, knot):
        """Whether the answers are those of the last definitions; a check that is not defined
        counts as up."""
        return all(self.answered(knot, f"{name}.example.com.") ==
                   (SPARE if up is False else MAIN) for name, up in self.wanted.items())

    def test_thousands_change_while_others_are_probed(self):
        """Nothing is lost, no state of a deleted check counts, memory and descriptors stay."""
        self.alive, self.dead, steady = self.backends(3)
        self.dead.stop()
        self.wanted = {f"c{number}": None for number in range(self.CHANGED)}
        others = [f"s{number}" for number in range(20)]
        store, knot = self.served_policies(failover(*self.wanted, *others))
        for name in others:
            self.set_check(store, name, steady)
        daemon = self.steerd(store).start()
        files = daemon.files()
        memory = []
        for number in range(DEFINITIONS):
            self.change(store, number)
            if number % (DEFINITIONS // 8) == 0:
                (steady.stop, steady.start)[len(memory) % 2]()
                memory.append(daemon.memory())
        until("the answers of the last definitions", lambda: self.is_right(knot), pause=0.1)
        until("as many descriptors as before", lambda: daemon.files() <= files)
        grown = daemon.memory() - memory[2]
        print(f"     {DEFINITIONS} definitions changed: {memory[2] >> 10} KiB after a quarter, "
              f"{grown >> 10} KiB more at the end")
        if not env.SANITIZED:  # Which keeps freed memory for a while.
            self.assertLess(grown, (32 << 10) + 64 * DEFINITIONS)
