# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of who puts maps, and backups meanwhile: a map is whole, what was acknowledged stands.

STEER_KILLED_PUTS   how many are killed while they put maps (60)
STEER_KILLED_FIRST  how many while they make the environment of maps (30)
"""

import os
import random
import shutil
import subprocess
import time

from steer import env
from steer.case import Case
from steer.store import Store
from steer.stress import Program
from steer.wait import until

PUTS = env.number("STEER_KILLED_PUTS", 60, 25)
FIRST = env.number("STEER_KILLED_FIRST", 30, 15)
NETWORKS = 100000  # More than 2 MB.
SPAN = 0.3  # Within so many seconds it is killed.
# The calls by which a writer makes the environment, the maps in it and the change sets before.
CALLS = "mkdirat,renameat,fchmod,fallocate,pwrite64,pwritev,writev,fdatasync,fsync,utimensat"
BACKUPS = 3


class Putter(Program):
    """Puts one version of a map after the other."""

    def __init__(self, case, store, since=0, networks=NETWORKS):
        super().__init__(case, "maps", [env.stress("maps"), store.directory, "put", "net", since,
                                        networks])

    def put(self):
        """The last version that was acknowledged; 0: none."""
        lines = self.lines()
        return int(lines[-1]) if lines else 0


class Maps(Case):

    def setUp(self):
        super().setUp()
        self.random = random.Random(12)
        self.steer = self.store()

    def version(self, store=None):
        """Version of the map, which is whole, and the names of whose numbers are known."""
        store = store or self.steer
        done = subprocess.run([env.stress("maps"), store.directory, "get", "net"], text=True,
                              capture_output=True, env=env.environment(), check=False,
                              timeout=env.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return int(done.stdout)

    def assert_sound(self, store=None):
        found = (store or self.steer).run("check")
        self.assertEqual((found.status, found.out + found.err), (0, ""))

    def test_killed_while_they_put(self):
        stands = unsaid = 0
        for _ in range(PUTS):
            putter = Putter(self, self.steer, since=stands)
            if self.random.random() < 0.7:
                until("a map", lambda: putter.put() > stands)  # pylint: disable=cell-var-from-loop
            time.sleep(self.random.uniform(0, SPAN))
            putter.kill()
            said = max(stands, putter.put())
            stands = self.version()
            self.assertIn(stands, (said, said + 1))
            unsaid += stands - said
            self.assert_sound()
        self.assertGreater(stands, PUTS // 2)
        print(f"     {stands} maps put, {unsaid} without word; "
              f"{os.path.getsize(self.steer.path('maps', 'data.mdb')) >> 20} MiB")

    def test_killed_while_they_make_the_environment(self):
        """At one of its calls, the first ones in turn."""
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        made = 0
        for number in range(1, FIRST + 1):
            steer = Store(self.path(f"first-{number}")).init()
            putter = subprocess.run(
                ["strace", "-f", "-o", self.path("trace"), "-e",
                 f"inject={CALLS}:signal=KILL:when={number}", env.stress("maps"), steer.directory,
                 "put", "net", "0", "10"], capture_output=True, check=False,
                env=env.environment(ASAN_OPTIONS="detect_leaks=0"), timeout=env.PATIENCE)
            self.assertLess(putter.returncode, 0)
            self.assertNotIn("damaged", steer.run("check").out)
            made += os.path.exists(steer.path("maps"))
            stands = self.version(steer)
            after = Putter(self, steer, since=stands, networks=10)
            until("the next map", lambda: after.put() > stands)  # pylint: disable=cell-var-from-loop
            after.kill()
            self.assertFalse(os.path.exists(steer.path("maps.new")))
            self.assert_sound(steer)
        print(f"     {FIRST} killed, {FIRST - made} of them before the environment was there")
        self.assertNotIn(made, (0, FIRST))

    def test_damage_is_found(self):
        putter = Putter(self, self.steer, networks=10)
        until("a map", lambda: putter.put() > 0)
        putter.kill()
        self.assert_sound()
        whole = Store(self.path("whole"))
        self.steer.ok("backup", whole.directory)
        # A map of one store in another, which has given its numbers to no names.
        other = self.store(name="other")
        shutil.copytree(whole.path("maps"), other.path("maps"), copy_function=shutil.copy)
        self.assert_found(other, r"has a region without a name, number \d+; import it again")
        with open(whole.path("maps", "data.mdb"), "r+b") as file:
            origin = b"\1\0\x20\0" + bytes(24)  # After its sum; a backup has each page once.
            place = file.read().find(origin)
            self.assertGreater(place, 0)
            file.seek(place + len(origin) + 10)
            file.write(b"\x55")
        self.assert_found(whole, "cannot be read; import it again")

    def assert_found(self, store, text):
        found = store.run("check")
        self.assertEqual(found.status, 1, found.err)
        self.assertRegex(found.out, r"^\.: damaged: map 'net' " + text + "\n$")

    def test_backups_meanwhile(self):
        """Each is a version, whose number has its name, though maps are put between its parts."""
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        slow = Store(self.steer.directory, prefix=[
            "strace", "-o", self.path("trace"), "-e", "inject=mkdirat:delay_enter=200000"])
        putter = Putter(self, self.steer, networks=1000)
        until("a map", lambda: putter.put() > 0)
        for number in range(BACKUPS):
            before = putter.put()
            subprocess.run(slow.command("backup", self.path(f"copy-{number}")), check=True,
                           env=env.environment(ASAN_OPTIONS="detect_leaks=0"))
            copy = Store(self.path(f"copy-{number}"))
            self.assertGreaterEqual(self.version(copy), before)
            self.assert_sound(copy)
        putter.kill()
