# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of knotd and of who writes: what was acknowledged stands, the next command works.

STEER_KILLED_WRITERS  how many writers are killed (300)
STEER_KILLED_SERVERS  how many knotds are killed (50)
"""

import collections
import contextlib
import fcntl
import os
import random
import re
import shutil
import subprocess
import time

from steer import env, generate
from steer.case import Case, zone_text
from steer.client import ask
from steer.stress import Probe, Writer, chain, chain_version, dropped, reader_pids
from steer.wait import until
from steer.wire import NOERROR, TYPES, labels

A = TYPES["A"]
# The calls by which LMDB writes.
WRITES = "pwrite64,pwritev,writev,fdatasync,fsync,msync"

WRITERS = env.number("STEER_KILLED_WRITERS", 300, 60)
SERVERS = env.number("STEER_KILLED_SERVERS", 50, 12)
LEFT = ("left.test.", "left-2.test.")
RIGHT = ("right.test.", "right-2.test.")
PAGE = 4096
COMMIT = 4  # Pages that each commit takes at least.


class Slot:
    """A chain and the writer at work on it, which is killed and replaced."""

    def __init__(self, case, store, zones, rate=None):
        self.case, self.store, self.zones, self.rate = case, store, zones, rate
        self.version = chain_version(store, zones[0])
        self.writer = None
        self.acknowledged = self.unsaid = self.mended = 0
        self.start()

    def start(self):
        self.writer = Writer(self.case, self.store, self.zones, since=self.version,
                             rate=self.rate)

    def kill(self):
        """Kills it and compares what it has said with what the store holds."""
        if self.writer.process.poll() is not None:
            self.writer.wait()  # Reports why it has ended.
        self.writer.kill()
        said = [version for version, _ in self.writer.acknowledged()]
        last = said[-1] if said else self.version
        self.case.assertEqual(said, list(range(self.version + 1, last + 1)))
        # A commit that nobody was told of may stand, for readers perhaps only once the next writer
        # has come.
        read = chain_version(self.store, self.zones[0])
        self.store.ok("set", f"next.{self.zones[0]}", "TXT", str(last))
        self.version = chain_version(self.store, self.zones[0])
        self.case.assertIn(read, (last, last + 1), "acknowledged, and lost")
        self.case.assertIn(self.version, (read, last + 1), "seen, and lost")
        self.acknowledged += len(said)
        self.unsaid += self.version - last
        self.mended += self.version - read


class KilledWhileAtWork(Case):
    """Writers and knotd at full speed, killed at times that nobody chose."""

    def setUp(self):
        super().setUp()
        if shutil.which("mdb_stat") is None:
            self.skipTest("mdb_stat is missing")
        self.random = random.Random(3)
        self.dropped = dropped()
        self.hosts = self.hosted(*chain(*LEFT), *chain(*RIGHT))
        self.hosts.ok("config", "log-keep", "50")  # Otherwise the log makes the file grow.

    def usual_start(self):
        """Two and a half times the seconds that a writer takes to its first commit."""
        began = time.monotonic()
        writer = Writer(self, self.hosts, LEFT, count=1)
        writer.wait()
        return 2.5 * (time.monotonic() - began)

    def size(self):
        return os.path.getsize(self.hosts.path("records", "data.mdb"))

    def free_pages(self):
        done = subprocess.run(["mdb_stat", "-f", self.hosts.path("records")], capture_output=True,
                              text=True, check=False)
        return int(re.search(r"Free pages: (\d+)", done.stdout)[1])

    def assert_no_growth(self, zones, since):
        """Commits that follow take pages that are free. If a dead process counts as their reader,
        they take those that were free before it, and then new ones.

        How far the file grew before tells nothing: what a dead reader holds is kept until the next
        command, for as long as the machine takes."""
        before = self.size()
        commits = self.free_pages() // COMMIT + 50
        Writer(self, self.hosts, zones, since=since, count=commits).wait()
        self.assertLess(self.size() - before, 50 * COMMIT * PAGE, f"{commits} commits")

    @contextlib.contextmanager
    def in_use(self):
        """As if a process had the store open: LMDB clears the table of readers for the first."""
        with open(self.hosts.path("records", "lock.mdb"), "rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH, 1)
            yield

    def assert_readers(self, *pids):
        """Only these processes have slots; the next command has taken those of dead ones."""
        self.hosts.ok("stats")
        self.assertLessEqual(reader_pids(self.hosts), set(pids))

    def assert_probe(self, probe):
        counts, said = probe.finish()
        bad = sum(counts[word] for word in ("failed", "mixed", "back"))
        self.assertEqual(bad, 0, f"{counts}\n{said}")
        self.assertLessEqual(counts["sent"] - counts["answered"], dropped() - self.dropped)

    def test_writers(self):
        """Two chains, each with a writer; one of the two is killed, the other one goes on and
        finds locks and slots of a dead one."""
        knot = self.knot(store=self.hosts.directory, modules=()).start()
        span = self.usual_start()
        slots = [Slot(self, self.hosts, zones) for zones in (LEFT, RIGHT)]
        probes = [Probe(self, knot, zones, interval_us=2000) for zones in (LEFT, RIGHT)]
        for number in range(WRITERS):
            time.sleep(self.random.uniform(0, span))
            slot = self.random.choice(slots)
            if number % 2 == 0:
                until("a commit", slot.writer.acknowledged)
            slot.kill()
            slot.start()
        for slot, probe in zip(slots, probes):
            slot.kill()
            probe.wait_for(slot.version)
            self.assert_probe(probe)
            Writer(self, self.hosts, slot.zones, since=slot.version, count=10).wait()
        self.assert_readers(knot.pid())
        acknowledged = sum(slot.acknowledged for slot in slots)
        print(f"     {WRITERS} writers killed: {acknowledged} commits acknowledged, none lost; "
              f"{sum(slot.unsaid for slot in slots)} stood unsaid, of these "
              f"{sum(slot.mended for slot in slots)} published by the next writer; "
              f"the file has {self.size()} bytes")
        self.assertGreaterEqual(acknowledged, WRITERS / 2)
        with self.in_use():
            knot.kill()
            self.assert_no_growth(LEFT, slots[0].version + 10)
        self.assert_readers()

    def test_knotd(self):
        """Killed while it starts or serves and commits come; the writer and the next knotd go
        on."""
        knot = self.knot(store=self.hosts.directory, modules=(), threads=4)
        began = time.monotonic()
        knot.start()
        span = time.monotonic() - began
        # What a dead knotd has read stays in the file until the next one starts, so a writer
        # without limit would make it large.
        slot = Slot(self, self.hosts, LEFT, rate=100)
        for number in range(SERVERS):
            if number % 2 == 0:
                version = slot.writer.acknowledged()[-1:]
                probe = Probe(self, knot, LEFT, interval_us=2000)
                probe.wait_for(version[0][0] if version else 0)
                self.assert_probe(probe)
                time.sleep(self.random.uniform(0, span / 4))
                knot.kill()
                knot.spawn()
            else:
                time.sleep(self.random.uniform(0, span))
                knot.kill()
                knot.start()
            self.hosts.ok("set", f"next.{LEFT[0]}", "TXT", str(number))
        if SERVERS % 2 == 1:
            knot.log.wait("server started")
        slot.kill()
        until("the last version", lambda: ask(knot, labels(f"v{slot.version:08}-4.{LEFT[0]}"),
                                              A).rcode == NOERROR)
        self.assert_readers(knot.pid())
        print(f"     {SERVERS} knotds killed: {slot.acknowledged} commits acknowledged meanwhile, "
              f"none lost; the file has {self.size()} bytes")
        with self.in_use():
            knot.kill()
            self.assert_no_growth(LEFT, slot.version)
        self.assert_readers()


class KilledInAnImport(Case):

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
        # The bell rings after the commit.
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
        """The zone's records except its SOA, whose serial rises."""
        return "\n".join(line for line in store.ok("export", "example.com").splitlines()
                         if "SOA" not in line)
