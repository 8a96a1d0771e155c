# SPDX-License-Identifier: GPL-3.0-or-later
"""init, backup and health force that were killed at any call, or met a full disk: the next one
finishes.

STEER_KILLED_EVERY  of the calls of init and backup, one in so many is tried (1; with sanitizers 4)
"""

import collections
import json
import os
import re
import shutil
import subprocess

from steer import env
from steer.case import Case, zone_text
from steer.store import Store

# All calls by which something is created, written, changed or made durable.
CALLS = ["mkdir", "mkdirat", "openat", "write", "pwrite64", "writev", "pwritev", "ftruncate",
         "fallocate", "fsync", "fdatasync", "fchmod", "fchown", "fchownat", "rename", "renameat",
         "renameat2", "unlinkat", "symlinkat", "flock", "utimensat", "mmap"]
FULL = ["mkdir", "mkdirat", "write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate",
        "fsync", "fdatasync", "rename", "renameat", "renameat2", "symlinkat"]
EVERY = env.number("STEER_KILLED_EVERY", 1, sanitized=4)


class Injected(Case):

    def setUp(self):
        super().setUp()
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")

    def traced(self, store, *words, inject=()):
        """Runs steerctl under strace; returns how it ended, and its system calls with their
        paths."""
        trace = self.path("trace")
        done = subprocess.run(
            ["strace", "-f", "-y", "-o", trace, "-e", "trace=" + ",".join(CALLS), *inject,
             *store.command(*words)], capture_output=True, text=True, check=False,
            timeout=env.PATIENCE, env=env.environment(ASAN_OPTIONS="detect_leaks=0"))
        with open(trace, encoding="utf-8", errors="replace") as file:
            return done, file.read().splitlines()

    def points(self, calls, store, *words):
        """(call, number of it in its thread) of all that steerctl makes once it has begun with its
        work."""
        _, lines = self.traced(store, *words)
        begun, counts, found = False, collections.Counter(), set()
        for line in lines:
            call = re.match(r"(\d+) +(\w+)\(", line)
            if call is not None:
                counts[call.groups()] += 1
                begun = begun or store.directory in line
                if begun and call.group(2) in calls:
                    found.add((call.group(2), counts[call.groups()]))
        self.assertGreater(len(found), 20)
        return sorted(found)

    @staticmethod
    def at(point, what):
        name, number = point
        return "-e", f"inject={name}:{what}:when={number}"


class KilledInit(Injected):
    INIT = ("init", "--map-size", "64M", "--ns", "ns.example.net")

    def finished(self, store):
        """The next init finishes it, and the store works."""
        store.ok(*self.INIT)
        store.ok("zone", "create", "example.com")
        self.assertIn("ns.example.net.", store.ok("list"))
        store.ok("check")
        self.assertNotIn("version.new", os.listdir(store.directory))

    def test_killed_at_any_call(self):
        for point in self.points(CALLS, Store(self.path("store")), *self.INIT)[::EVERY]:
            with self.subTest(f"{point}"):
                store = Store(self.path(f"killed-{point[0]}-{point[1]}"))
                done, _ = self.traced(store, *self.INIT, inject=self.at(point, "signal=KILL"))
                self.assertNotEqual(done.returncode, 0)
                self.finished(store)

    def test_a_full_disk_at_any_call(self):
        for point in self.points(FULL, Store(self.path("store")), *self.INIT)[::EVERY]:
            with self.subTest(f"{point}"):
                store = Store(self.path(f"full-{point[0]}-{point[1]}"))
                done, _ = self.traced(store, *self.INIT, inject=self.at(point, "error=ENOSPC"))
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("full", done.stderr)
                self.finished(store)

    def test_a_data_file_that_is_cut_short(self):
        """As a disk that filled up while its first pages were written leaves it."""
        for folder in ("records", "status"):
            for size in (0, 1, 100, 4096, 8191):
                with self.subTest(f"{folder}: {size} bytes"):
                    store = Store(self.path(f"{folder}-{size}"))
                    store.ok(*self.INIT)
                    os.unlink(store.path("version"))
                    os.truncate(store.path(folder, "data.mdb"), size)
                    self.finished(store)

    def test_a_store_whose_version_was_lost_keeps_its_zones(self):
        store = Store(self.path("store"))
        store.ok(*self.INIT)
        store.ok("zone", "create", "example.com")
        os.unlink(store.path("version"))
        store.ok(*self.INIT)
        self.assertIn("example.com.", store.ok("list"))


class KilledBackup(Injected):

    def made(self):
        return self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))

    def test_killed_at_any_call(self):
        """What is left is reported by check, which finds nothing else, and removed by the next
        one."""
        store = self.made()
        places = self.path("places")
        os.mkdir(places)
        points = self.points(CALLS, store, "backup", f"{places}/first")
        shutil.rmtree(f"{places}/first")
        left = 0
        for number, point in enumerate(points[::EVERY]):
            with self.subTest(f"{point}"):
                done, _ = self.traced(store, "backup", f"{places}/killed{number}",
                                      inject=self.at(point, "signal=KILL"))
                self.assertNotEqual(done.returncode, 0)
                partial = [name for name in os.listdir(places) if "partial" in name]
                found = store.run("check")
                self.assert_status(found, 1 if partial else 0, *partial)
                said = json.loads(store.run("check", "--json").out)
                self.assertEqual([os.path.basename(finding["path"]) for finding in said], partial)
                left += len(partial)
                store.ok("backup", f"{places}/next")
                # A complete copy may be there, if only the answer was lost.
                self.assertLessEqual(set(os.listdir(places)), {"next", f"killed{number}"})
                for name in os.listdir(places):
                    self.assertIn("192.0.2.1", Store(f"{places}/{name}").ok("list"))
                    shutil.rmtree(f"{places}/{name}")
                store.ok("check")
                self.assertNotIn("backup", os.listdir(store.directory))
        self.assertGreater(left, 10 / EVERY)

    def test_the_next_one_may_go_elsewhere(self):
        store = self.made()
        first, second = self.path("first"), self.path("second")
        os.mkdir(first)
        os.mkdir(second)
        self.traced(store, "backup", f"{first}/copy", inject=self.at(("fsync", 1), "signal=KILL"))
        self.assertEqual(len(os.listdir(first)), 1)
        self.assertIn(first, store.run("check").out)
        store.ok("backup", f"{second}/copy")
        self.assertEqual(os.listdir(first), [])
        store.ok("check")

    def test_a_place_inside_the_store(self):
        """Whatever path leads there, nothing is put among the store's files."""
        store = self.made()
        os.symlink(store.path("status"), self.path("link"))
        os.makedirs(store.path("status", "deep", "er"))
        before = sorted(os.walk(store.directory))
        for place in (store.path("copy"), store.path("records", "copy"), self.path("link", "copy/"),
                      store.path("..", os.path.basename(store.directory), "copy"),
                      store.path("status", "deep", "er", "copy")):
            with self.subTest(place):
                self.assert_status(store.run("backup", place), 1, "inside the store")
                self.assertEqual(sorted(os.walk(store.directory)), before)
        store.ok("backup", store.directory + "-copy")

    def test_what_only_looks_like_a_copy_stays(self):
        store = self.made()
        other = self.path("mine.steerctl-partial")
        os.mkdir(other)
        with open(f"{other}/letter", "w", encoding="ascii") as file:
            file.write("dear\n")
        store.ok("backup", self.path("copy"))
        self.assertEqual(os.listdir(other), ["letter"])


class Durable(Injected):
    """What was acknowledged survives a power cut: the order of writes, syncs and what tells of
    them."""

    @staticmethod
    def calls(lines):
        """(call, path, line) of the calls with a path, once they have returned well."""
        found = []
        for line in lines:
            call = re.match(r"\d+ +(\w+)\((?:\d+|AT_FDCWD)<([^>]*)>(.*)", line)
            if call is not None and " = -1" not in line:
                found.append(call.groups())
        return found

    def index(self, calls, names, path, last=False):
        places = [place for place, (call, at, _) in enumerate(calls)
                  if call in names and at.endswith(path)]
        self.assertTrue(places, f"{names} of {path} in {calls}")
        return places[-1 if last else 0]

    WRITES = ("write", "pwrite64", "writev", "pwritev")
    SYNCS = ("fsync", "fdatasync")

    def assert_synced(self, calls, path, before):
        """All that was written to a file was synced, or written by a call that syncs."""
        end = self.index(calls, before[0], before[1], last=True)
        written = [place for place, (call, at, _) in enumerate(calls[:end])
                   if call in self.WRITES and at.endswith(path)]
        synced = self.index(calls[:end], self.SYNCS, path, last=True)
        self.assertTrue(written and written[0] < synced, path)
        return [place for place in written if place > synced]

    def test_a_change_is_synced_before_the_doorbell(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        done, lines = self.traced(store, "set", "www.example.com", "A", "192.0.2.2")
        self.assertEqual(done.returncode, 0)
        calls = self.calls(lines)
        data = "records/data.mdb"
        late = self.assert_synced(calls, data, (("utimensat",), "doorbell"))
        # LMDB's meta page comes last, through a descriptor that syncs each write.
        self.assertEqual(len(late), 1, calls)
        descriptor = re.search(r"(\d+)<", [line for line in lines if data in line and
                                           re.search("write", line)][-1]).group(1)
        opened = [line for line in lines if "openat(" in line and f"= {descriptor}<" in line and
                  "data.mdb" in line]
        self.assertIn("O_DSYNC", opened[0] if len(opened) == 1 else opened[-3])

    def test_a_backup_is_synced_before_it_has_its_name(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        done, lines = self.traced(store, "backup", self.path("copy"))
        self.assertEqual(done.returncode, 0)
        calls = self.calls(lines)
        named = (("renameat", "renameat2"), self.dir)
        partial = "/copy.steerctl-partial"
        for folder in ("records", "status"):
            self.assertEqual(self.assert_synced(calls, f"{partial}/{folder}/data.mdb", named), [])
            self.assert_directory(calls, f"{partial}/{folder}", named)
        self.assertEqual(self.assert_synced(calls, f"{partial}/version", named), [])
        self.assert_directory(calls, partial, named)
        after = calls[self.index(calls, *named):]
        self.index(after, self.SYNCS, self.dir)

    def assert_directory(self, calls, path, before):
        """A directory is synced after everything was created in it."""
        end = self.index(calls, *before, last=True)
        made = self.index(calls[:end], ("openat",), path, last=True)
        self.assertGreater(self.index(calls[:end], self.SYNCS, path, last=True), made)

    def test_init_syncs_all_before_the_version(self):
        store = Store(self.path("store"))
        done, lines = self.traced(store, "init", "--map-size", "64M")
        self.assertEqual(done.returncode, 0)
        calls = self.calls(lines)
        named = (("renameat", "renameat2"), "/store")
        for folder in ("records", "status"):
            self.assert_synced(calls, f"/{folder}/data.mdb", named)
            self.assert_directory(calls, f"/store/{folder}", named)
        self.assertEqual(self.assert_synced(calls, "/version.new", named), [])
        after = calls[self.index(calls, *named):]
        self.index(after, self.SYNCS, "/store")
        self.index(calls, self.SYNCS, self.dir)  # The store's own name.


class KilledForce(Injected):

    def shown(self, store):
        found = json.loads(store.ok("health", "list", "--json"))
        return [check["state"] for check in found if check["health_check"] == "web"]

    def logged(self, store):
        """What the log says that it is forced to."""
        changes = [change for one in json.loads(store.ok("log", "-p", "--json"))
                   for change in one["changes"]]
        return [change["state"] for change in changes
                if change["sign"] == "+" and change.get("by") == "force" and
                change["health_check"] == "web"][-1:]

    def test_killed_at_any_call(self):
        """Forces stand in the log and in the status, each with a commit of its own."""
        store = self.store()
        for name in ("web", "other"):
            store.ok("health", "set", name, "manual")
        store.ok("health", "force", "web", "up")
        mended = 0
        for point in self.points(CALLS, store, "health", "force", "web", "up"):
            with self.subTest(f"{point}"):
                state = "down" if self.shown(store) == ["up"] else "up"
                done, _ = self.traced(store, "health", "force", "web", state,
                                      inject=self.at(point, "signal=KILL"))
                if done.returncode == 0 and point[0] in ("pwrite64", "writev"):
                    continue  # How many writes a commit takes depends on where its pages lie.
                self.assertNotEqual(done.returncode, 0)
                before = self.shown(store)
                store.ok("health", "force", "other", state)  # Any writer.
                self.assertEqual(self.shown(store), self.logged(store))
                store.ok("check")
                mended += self.shown(store) != before
        self.assertGreater(mended, 0)
