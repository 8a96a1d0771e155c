# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk, a full map: a clear message, exit 3, the last commit remains, the next one works."""

import os
import random
import subprocess

from steer import generate
from steer.case import Case, zone_text
from steer.client import ask
from steer.store import Store
from steer.wire import NOERROR, TYPES, labels

A = TYPES["A"]


class Full(Case):

    def large(self, names):
        return generate.large(random.Random(7), "large.test", names).write(
            self.path("large.zone"))

    def refused(self, store, words, *command):
        """A command that finds no room: nothing has changed."""
        before = store.ok("export")
        result = store.run(*command)
        self.assert_status(result, 3, words)
        self.assertEqual(store.ok("export"), before)
        store.ok("check")


class FullMap(Full):

    def test_an_import_that_does_not_fit(self):
        store = self.store("--map-size", "1M")
        store.ok("import", self.file("example.com.zone",
                                     zone_text("example.com.", "www A 192.0.2.1")))
        knot = self.knot(store=store.directory).start()
        large = self.large(20000)
        for _ in range(3):
            self.refused(store, "map", "import", large)
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        self.served(knot, "www.example.com", A, value=b"\xc0\0\x02\x02")


class Disk(Full):
    """A small disk with a store on it."""

    def setUp(self):
        super().setUp()
        self.mount = self.path("disk")
        os.mkdir(self.mount)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m,mode=755", "disk",
                               self.mount], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"no mount here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.mount], check=False)
        self.small = Store(os.path.join(self.mount, "store")).init()
        self.small.ok("import", self.file("example.com.zone",
                                          zone_text("example.com.", "www A 192.0.2.1")))

    def fill(self):
        """Leaves no page at all."""
        with open(os.path.join(self.mount, "filler"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65536)
            except OSError:
                pass
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass

    def make_room(self):
        os.remove(os.path.join(self.mount, "filler"))


class FullDisk(Disk):

    def test_an_import_that_does_not_fit(self):
        knot = self.knot(store=self.small.directory).start()
        large = self.large(40000)
        for _ in range(3):
            self.refused(self.small, "disk is full", "import", large)
        self.small.ok("set", "www.example.com", "A", "192.0.2.2")
        self.served(knot, "www.example.com", A, value=b"\xc0\0\x02\x02")

    def test_not_one_page_left(self):
        """Reading and serving need none, also in a process that starts then."""
        knot = self.knot(store=self.small.directory).start()
        self.fill()
        self.refused(self.small, "disk is full", "set", "www.example.com", "A", "192.0.2.2")
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
        knot.stop()
        knot = self.knot(name="knot2", store=self.small.directory, threads=16).start()
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
        self.make_room()
        self.small.ok("set", "www.example.com", "A", "192.0.2.2")
        self.served(knot, "www.example.com", A, value=b"\xc0\0\x02\x02")

    def test_a_backup_that_does_not_fit(self):
        """It leaves nothing behind."""
        self.fill()
        target = os.path.join(self.mount, "copy")
        result = self.small.run("backup", target)
        self.assertNotEqual(result.status, 0)
        self.assertEqual(sorted(os.listdir(self.mount)), ["filler", "store"])

    def test_an_init_that_does_not_fit(self):
        self.fill()
        other = Store(os.path.join(self.mount, "other"))
        self.assert_status(other.run("init", "--map-size", "64M"), 3, "full")
        self.make_room()
        other.init()
        other.ok("zone", "create", "example.net", "--ns", "ns.example.com")
