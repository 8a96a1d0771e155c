# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup made while writers commit and knotd serves is one version, and can be put in place."""

import contextlib
import json
import os
import re
import threading

from steer.case import Case, zone_text
from steer.client import Udp
from steer.store import Store
from steer.wait import until
from steer.wire import NOERROR, TYPES, Answer, labels, question

A = TYPES["A"]
LINKS = 4  # Of the chain; knotd follows five.


def chain(version):
    """A zone whose every name but the first is another one in each version."""
    names = ["www", *(f"link{number}-v{version}" for number in range(LINKS))]
    lines = [f"{name} CNAME {to}" for name, to in zip(names, names[1:])]
    return zone_text("example.com.", *lines, f"{names[-1]} A 192.0.2.{version % 250}")


class BackupWhileRunning(Case):

    def setUp(self):
        super().setUp()
        self.source = self.hosted(("example.com.", chain(0)))
        self.server = self.knot(store=self.source.directory).start()
        self.ended = threading.Event()
        self.version = 0     # The last one that was acknowledged.
        self.asked = 0
        self.failures = []

    def follow(self, answer):
        """Version of the chain in an answer; an error if it is incomplete."""
        self.assertEqual(answer.rcode, NOERROR)
        targets = [record[4] for record in answer.answer]
        self.assertEqual(len(targets), LINKS + 1)
        versions = {int(found.group(1)) for found in
                    (re.search(rb"-v(\d+)", bytes(target)) for target in targets[:-1])}
        self.assertEqual(len(versions), 1, "a chain of several versions")
        version = versions.pop()
        self.assertEqual(bytes(targets[-1])[-1], version % 250)
        return version

    def now(self, server=None):
        with contextlib.closing(Udp((server or self.server).address)) as client:
            client.send([question(labels("www.example.com"), A)])
            return self.follow(Answer(client.receive(1)[0]))

    def _run(self, step):
        try:
            while not self.ended.is_set():
                step()
        except Exception as error:  # pylint: disable=broad-except
            self.failures.append(error)

    def _write(self):
        file = self.file("next.zone", chain(self.version + 1))
        self.source.ok("import", "--zone", "example.com", file)
        self.version += 1

    def _write_other(self):
        self.source.ok("set", "other.example.com", "TXT", f"\"{self.asked}\"")

    def _ask(self):
        self.now()
        self.asked += 1

    @contextlib.contextmanager
    def life(self, *steps):
        """What goes on meanwhile; nothing of it may fail."""
        self.ended.clear()
        threads = [threading.Thread(target=self._run, args=(step,)) for step in steps]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()
        self.assertEqual(self.failures, [])

    def version_of(self, store):
        """Version of the chain in a store, which is whole there."""
        names = set(re.findall(r"link(\d+)-v(\d+)\.example\.com\.", store.ok("export")))
        self.assertEqual({link for link, _ in names}, {str(number) for number in range(LINKS)})
        self.assertEqual(len({version for _, version in names}), 1, names)
        return int(names.pop()[1])

    def assert_log_fits(self, store, version):
        """The log ends with what the store holds: the newest chain in it is the store's."""
        entries = json.loads(store.ok("log", "-p", "--json"))
        self.assertEqual([entry["sequence"] for entry in entries],
                         list(range(1, len(entries) + 1)))
        stats = json.loads(store.ok("stats", "--json"))
        self.assertEqual(stats["sequence"], len(entries))
        came = [change["values"][0] for entry in entries for change in entry["changes"]
                if change.get("name") == "www.example.com." and change["sign"] == "+"]
        self.assertEqual(came[-1], f"link0-v{version}.example.com.")

    def backup(self, name):
        self.source.ok("backup", self.path(name))
        return Store(self.path(name))

    def test_backups_between_commits(self):
        seen = []
        with self.life(self._write, self._write_other, self._ask):
            for number in range(5):
                least = self.version
                until("more commits", lambda least=least: self.version > least + 1 or
                      self.failures)
                acknowledged = self.version
                copy = self.backup(f"backup{number}")
                copy.ok("check")
                seen.append(self.version_of(copy))
                # Not older than what was acknowledged before, nor newer than what was written.
                self.assertTrue(acknowledged <= seen[-1] <= self.version + 1, seen)
                self.assert_log_fits(copy, seen[-1])
        self.assertEqual(seen, sorted(set(seen)))
        self.assertGreater(self.asked, 5)
        other = self.knot(name="other", store=self.path("backup2")).start()
        self.assertEqual(self.now(other), seen[2])

    def move(self, copy):
        """As the manual says."""
        os.rename(self.source.directory, self.path("old"))
        os.rename(copy.directory, self.source.directory)

    def test_a_backup_put_in_place_is_served_by_the_running_server(self):
        copy = self.backup("backup")
        while self.version < 3:
            self._write()
        until("the last version", lambda: self.now() == 3)
        begin = len(self.server.log)
        with self.life(self._ask):
            self.move(copy)
            until("the restored version", lambda: self.now() == 0 or self.failures)
            asked = self.asked
            until("more questions", lambda: self.asked > asked + 20 or self.failures)
        self.server.log.wait(f"serving {self.source.directory}", since=begin)
        self.assertEqual(self.now(), 0)
        self.assertEqual(len(self.source.ok("log").splitlines()), 1)

        self.version = 6
        self._write()
        until("a change of the restored store", lambda: self.now() == 7)
        self.source.ok("check")
        self.assertEqual([line.split("\t")[0] for line in self.source.ok("log").splitlines()],
                         ["1", "2"])
        # The one that was moved away is complete and can be read.
        self.assertEqual(self.version_of(Store(self.path("old"))), 3)

    def test_a_backup_put_in_place_is_served_by_the_next_server(self):
        copy = self.backup("backup")
        self._write()
        self.server.stop()
        self.move(copy)
        self.server.start()
        self.assertEqual(self.now(), 0)
        self._write_other()
        self.assertEqual(len(self.source.ok("log").splitlines()), 2)
