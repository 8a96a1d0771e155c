# SPDX-License-Identifier: GPL-3.0-or-later
"""Several writers at once: each change set is whole, none is lost."""

import os
import re
import select
import shutil
import signal
import threading

from steer import env
from steer.case import Case, zone_text
from steer.store import Store


class TwoWriters(Case):

    def sequence(self, store):
        return int(re.search(r"(?:sequence|change sets)\D+(\d+)", store.ok("stats")).group(1))

    def test_sets_from_two_sides(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        first = self.sequence(store)
        for number in range(15):
            pair = [store.start("set", f"{side}{number}.example.com", "A", f"192.0.2.{number}")
                    for side in ("left", "right")]
            for process in pair:
                out, err = process.communicate()
                self.assertEqual(process.returncode, 0, out + err)
        listed = store.ok("list", "example.com")
        for number in range(15):
            for side in ("left", "right"):
                self.assertIn(f"{side}{number}.example.com.", listed)
        self.assertEqual(self.sequence(store), first + 30)

    def test_two_imports(self):
        store = self.store()
        lines = [f"n{number} A 192.0.2.1" for number in range(3000)]
        files = {apex: self.file(apex + "zone", zone_text(apex, *lines))
                 for apex in ("left.test.", "right.test.")}
        processes = [store.start("import", "--zone", apex, file) for apex, file in files.items()]
        for process in processes:
            out, err = process.communicate()
            self.assertEqual(process.returncode, 0, out + err)
        for apex in files:
            self.assertEqual(store.ok("export", apex).count(" A\t192.0.2.1")
                             or len(re.findall(r"\sA\s+192\.0\.2\.1", store.ok("export", apex))),
                             3000)

    def test_beside_busy_writers(self):
        """Commits of others to another zone are not a reason to fail."""
        store = self.hosted(("example.com.", zone_text("example.com.")),
                            ("busy.test.", zone_text("busy.test.")))
        done = threading.Event()
        commits, refused = [0, 0], []

        def write(writer):
            while not done.is_set():
                result = store.run("set", f"w{writer}.busy.test", "TXT", f"n{commits[writer]}")
                commits[writer] += 1
                if result.status != 0:
                    refused.append(result.err)

        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
        for writer in writers:
            writer.start()
        try:
            for number in range(50):
                name = (f"n{number}.example.com", "A", "--id", "a")
                store.ok("set", *name, "--weight", "1", "192.0.2.1")
                store.ok("set", *name, "--weight", "2")
                store.ok("zone", "create", f"z{number}.test", "--ns", "ns.example.net")
                store.ok("zone", "delete", f"z{number}.test")
        finally:
            done.set()
            for writer in writers:
                writer.join()
        self.assertEqual(refused, [])
        self.assertGreater(min(commits), 0)
        listed = store.ok("list", "example.com")
        self.assertEqual(listed.count("{policy: weighted, id: a, weight: 2}"), 50)

    def test_behind_a_stopped_writer(self):
        """A waiting process says once for whom it waits, and continues when it is its turn."""
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        store = self.hosted(("example.com.", zone_text("example.com.")))
        store.ok("health", "set", "site", "manual")
        os.symlink(store.directory, self.path("\u202e"))  # Which would turn the line around.
        for first, second in ((["set", "a.example.com", "A", "192.0.2.1"],
                               ["--json", "set", "b.example.com", "A", "192.0.2.2"]),
                              (["health", "report", "site", "down"],
                               ["health", "force", "site", "up"])):
            with self.subTest(first[0]):
                tracer, pid = Store(self.path("\u202e")).stopped(self.path("trace"), *first)
                try:
                    waits = store.start(*second)
                    self.assertTrue(select.select([waits.stderr], [], [], env.PATIENCE)[0])
                    line = waits.stderr.readline()
                    self.assertRegex(line, rf"^steerctl: waiting for process {pid} \(.*steerctl -d "
                                     rf".* {first[0]} .*\), which is changing the store\n$")
                    self.assertIn(r"\xe2\x80\xae", line)
                    self.assertIsNone(waits.poll())
                finally:
                    os.kill(pid, signal.SIGCONT)
                out, err = waits.communicate(timeout=env.PATIENCE)
                self.assertEqual((waits.returncode, err), (0, ""), out)
                self.assertEqual(tracer.wait(env.PATIENCE), 0)
                os.unlink(self.path("trace"))
        self.assertRegex(store.ok("list", "example.com"), "(?s)a.example.com.*b.example.com")

    def test_init_twice_at_once(self):
        """One of them creates the store, both succeed."""
        store = self.store(name="other")
        target = type(store)(self.path("store"))
        processes = [target.start("init", "--map-size", "64M") for _ in range(2)]
        for process in processes:
            out, err = process.communicate()
            self.assertEqual(process.returncode, 0, out + err)
        target.ok("zone", "create", "example.com", "--ns", "ns.example.net")
