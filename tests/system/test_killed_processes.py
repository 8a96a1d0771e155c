# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of knotd and of steerctl: the last commit stands, the next command works."""

import collections
import random
import re
import shutil
import subprocess

from steer import env, generate
from steer.case import Case, zone_text
from steer.client import ask
from steer.wire import NOERROR, TYPES, labels

A = TYPES["A"]
# What LMDB writes by.
WRITES = "pwrite64,pwritev,writev,fdatasync,fsync,msync"


class KilledProcesses(Case):

    def test_knotd(self):
        """A killed knotd leaves reader slots and a lock; nobody minds."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        for last in range(2, 5):
            knot = self.knot(name=f"knot{last}", store=store.directory).start()
            self.served(knot, "www.example.com", A)
            knot.kill()
            store.ok("set", "www.example.com", "A", f"192.0.2.{last}")
        knot = self.knot(store=store.directory).start()
        self.served(knot, "www.example.com", A, value=b"\xc0\0\x02\x04")
        # The slots of dead processes were cleared, so the file does not grow by old snapshots.
        self.assertLess(self.readers(store), 64)

    @staticmethod
    def readers(store):
        return int(re.search(r"readers\D+(\d+)", store.ok("stats")).group(1))

    def traced(self, store, trace, *words):
        """Runs a steerctl under strace; its status, negative or above 128 if it was killed."""
        return subprocess.run(["strace", "-f", "-o", self.path("trace"), *trace,
                               *store.command(*words)], capture_output=True, text=True,
                              env=env.environment(ASAN_OPTIONS="detect_leaks=0"),
                              check=False).returncode

    def count_calls(self, store, *words):
        self.assertEqual(self.traced(store, [], *words), 0)
        with open(self.path("trace"), encoding="utf-8", errors="replace") as file:
            return sum(1 for line in file if re.match(r"\d+ +\w+\(", line))

    def test_steerctl_in_the_middle_of_an_import(self):
        """Killed before each write to the store, and at 20 of its other system calls from the
        first to the last, with knotd at work."""
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        large = generate.large(random.Random(9), "example.com", 3000)
        large.add(labels("www.example.com"), A, "192.0.2.2")
        large_file = large.write(self.path("large.zone"))
        small_file = self.file("small.zone", zone_text("example.com.", "www A 192.0.2.1"))
        store = self.store()
        store.ok("import", "--zone", "example.com", large_file)
        after = self.names(store)
        store.ok("import", "--zone", "example.com", small_file)
        before = self.names(store)
        calls = self.count_calls(store, "import", "--zone", "example.com", large_file)
        store.ok("import", "--zone", "example.com", small_file)

        knot = self.knot(store=store.directory).start()
        stood = collections.Counter()
        for number in range(1, 100):
            struck = self.killed(store, f"{WRITES}:signal=KILL:when={number}", large_file)
            stood.update([self.verdict(store, knot, before, after, small_file)])
            if not struck:
                break
        self.assertGreater(number, 3, "writes of a commit: pages, sync, root")
        for number in range(20):
            at = 2 + number * (calls - 3) // 19
            self.killed(store, f"all:signal=KILL:when={at}", large_file)
            stood.update([self.verdict(store, knot, before, after, small_file)])
        # The bell rings behind the commit.
        self.assertTrue(self.killed(store, "utimensat:signal=KILL:when=1", large_file))
        self.assertEqual(self.verdict(store, knot, before, after, small_file), "after")
        print(f"     killed: the state before stood {stood['before']} times, the one after "
              f"{stood['after']} times")
        self.assertGreater(stood["before"], 10)
        self.assertGreater(stood["after"], 1)
        store.ok("import", "--zone", "example.com", large_file)
        self.served(knot, "www.example.com", A, value=b"\xc0\0\x02\x02")

    def killed(self, store, inject, file):
        """Imports a file under a killer; whether it struck."""
        return self.traced(store, ["-e", "inject=" + inject], "import", "--zone", "example.com",
                           file) != 0

    def verdict(self, store, knot, before, after, small_file):
        """Which of the two states stands; the next commands work and restore the first one."""
        names = self.names(store)
        self.assertIn(names, (before, after), "half a change set")
        store.ok("set", "next.example.com", "TXT", "next")
        self.assertIn("next", store.ok("get", "next.example.com"))
        store.ok("import", "--zone", "example.com", small_file)
        self.assertEqual(self.names(store), before)
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
        return "before" if names == before else "after"

    @staticmethod
    def names(store):
        """The zone's records but for its SOA, whose serial rises."""
        return "\n".join(line for line in store.ok("export", "example.com").splitlines()
                         if "SOA" not in line)
