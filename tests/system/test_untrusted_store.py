# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever may write to a store can change answers, and nothing more: not root's steerctl."""

import contextlib
import os
import re
import shutil
import stat
import subprocess

from steer import env
from steer.case import Case, write, zone_text
from steer.client import ask
from steer.store import Store
from steer.wait import until
from steer.wire import NOERROR, TYPES, labels

A = TYPES["A"]

PLACES = ["version", "doorbell", "records", "maps", "status",
          *(f"{folder}/{file}.mdb" for folder in ("records", "status")
            for file in ("data", "lock"))]
VERBS = [["list"], ["set", "www.example.com", "A", "192.0.2.9"], ["check"], ["stats"], ["init"],
         ["backup", "COPY"], ["health", "list"]]


def look(path):
    """All that can be seen of a file or directory."""
    status = os.lstat(path)
    seen = [status.st_mode, status.st_uid, status.st_gid, status.st_nlink, status.st_size,
            status.st_mtime_ns]
    if stat.S_ISDIR(status.st_mode):
        return seen + [(name, look(os.path.join(path, name))) for name in sorted(os.listdir(path))]
    with open(path, "rb") as file:
        return seen + [file.read()]


class Untrusted(Case):
    """A victim's files outside the store, and what can be put in the places of the store's."""

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("needs root")
        self.victim = self.path("victim")
        os.mkdir(self.victim, 0o700)
        os.chmod(write(f"{self.victim}/file", "1\nof root\n" * 1000), 0o600)
        os.mkdir(f"{self.victim}/folder", 0o700)
        write(f"{self.victim}/folder/data.mdb", "of root\n")

    def kinds(self):
        """What a member of the group can put in a place: (what, how it is put there)"""
        return [
            ("a link to a file", lambda path: os.symlink(f"{self.victim}/file", path)),
            ("a link to a directory", lambda path: os.symlink(f"{self.victim}/folder", path)),
            ("a link to nothing", lambda path: os.symlink(f"{self.victim}/new", path)),
            ("a hard link", lambda path: os.link(f"{self.victim}/file", path)),
            ("a FIFO", os.mkfifo),
        ]

    def replaced(self, store, place, put):
        """Puts something in a place of a store; returns how to restore what was there."""
        path, kept = store.path(place), self.path("kept")
        there = os.path.exists(path)  # There are no maps.
        if there:
            os.rename(path, kept)
        put(path)

        def back():
            os.unlink(path)
            if there:
                os.rename(kept, path)
        return back

    def made(self):
        return self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))

    @staticmethod
    def text(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()


class ByRoot(Untrusted):
    """steerctl as root."""

    def test_what_lies_in_a_place_is_not_followed(self):
        store = self.made()
        for place in PLACES:
            for what, put in self.kinds():
                back = self.replaced(store, place, put)
                before = look(self.victim)
                for verb in VERBS:
                    words = [self.path("copy") if word == "COPY" else word for word in verb]
                    with self.subTest(f"{what} as {place}: {verb[0]}"):
                        result = store.run(*words)
                        self.assert_status(result, 3, place)
                        self.assertEqual(look(self.victim), before)
                back()
        self.assertFalse(os.path.exists(self.path("copy")))
        self.assertIn("192.0.2.1", store.ok("list"))
        store.ok("set", "www.example.com", "A", "192.0.2.2")

    def test_init_follows_nothing_in_a_directory_that_is_not_finished(self):
        store = self.made()
        os.unlink(store.path("version"))
        for place in PLACES[1:]:
            for what, put in self.kinds():
                back = self.replaced(store, place, put)
                before = look(self.victim)
                with self.subTest(f"{what} as {place}"):
                    result = store.run("init", "--map-size", "64M")
                    after = look(self.victim)
                    back()
                    self.assertEqual(after, before)
                    self.assert_status(result, 3, place)
        store.ok("init", "--map-size", "64M")
        self.assertIn("192.0.2.1", store.ok("list"))

    def test_init_removes_what_is_in_the_place_of_its_last_file(self):
        store = self.made()
        for what, put in self.kinds()[:3]:
            with self.subTest(what):
                os.unlink(store.path("version"))
                put(store.path("version.new"))
                before = look(self.victim)
                store.ok("init", "--map-size", "64M")
                self.assertEqual(look(self.victim), before)
                self.assertFalse(os.path.lexists(store.path("version.new")))

    def test_init_takes_nothing_that_others_have_put_there(self):
        directory = self.path("given")
        os.mkdir(directory)
        shutil.chown(directory, "root", "knot")
        os.chmod(directory, 0o2770)
        os.mkdir(f"{directory}/records")
        shutil.chown(f"{directory}/records", "nobody", "knot")
        self.assert_status(Store(directory).run("init", "--map-size", "64M"), 3, "records")

    def test_what_is_swapped_between_the_look_and_lmdb_leads_nowhere(self):
        """LMDB opens its files by name: whoever is fast enough makes root open what they want, but
        not with root's rights."""
        store = self.made()
        before = look(self.victim)
        trace = self.path("trace")
        for place in ("records/lock.mdb", "records/data.mdb"):
            with self.subTest(place):
                process = subprocess.Popen(
                    ["strace", "-o", trace, "-e", "trace=faccessat,faccessat2", "-e",
                     "inject=faccessat,faccessat2:signal=SIGSTOP:when=1",
                     *store.command("set", "www.example.com", "A", "192.0.2.3")],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    env=env.environment(ASAN_OPTIONS="detect_leaks=0"))
                until("the look at the lock file", lambda: os.path.exists(trace) and
                      "stopped by SIGSTOP" in self.text(trace))
                back = self.replaced(store, place,
                                     lambda path: os.symlink(f"{self.victim}/file", path))
                children = f"/proc/{process.pid}/task/{process.pid}/children"
                subprocess.run(["kill", "-CONT", *self.text(children).split()], check=True)
                _, said = process.communicate(timeout=env.PATIENCE)
                self.assertEqual(process.returncode, 3, said)
                self.assertEqual(look(self.victim), before)
                back()
                os.unlink(trace)
        self.assertIn("192.0.2.1", store.ok("list"))

    def test_who_changed_it_is_who_called(self):
        store = self.made()
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        self.assertEqual(store.ok("log").splitlines()[-1].split("\t")[2], "root")

    def test_files_of_the_user_are_the_users(self):
        """What root imports and where root puts a backup is none of the group's business."""
        store = self.made()
        private = self.path("private")
        os.mkdir(private, 0o700)
        os.chmod(write(f"{private}/zone", zone_text("example.net.", "www A 192.0.2.4")), 0o600)
        store.ok("import", "--zone", "example.net", f"{private}/zone")
        store.ok("backup", f"{private}/copy")
        self.assertIn("192.0.2.4", Store(f"{private}/copy").ok("list"))

    def test_bytes_of_a_file_are_masked(self):
        store = self.made()
        write(store.path("version"), b"1\x1b[31m\xe2\x80\xaered")
        result = store.run("list")
        self.assert_status(result, 3, "version '1")
        zone = write(self.path("zone"), b"www A \x1b[31m\xe2\x80\xaered\n")
        write(store.path("version"), "1\n")
        refused = store.run("import", "--zone", "example.com", zone)
        self.assert_status(refused, 1)
        for said in (result.err, refused.err):
            self.assertNotIn("\x1b", said)
            self.assertNotIn("\u202e", said)


class ByKnotd(Untrusted):
    """A server that reads the store."""

    @staticmethod
    def watched(host):
        """Inodes of what the server watches."""
        found = set()
        for entry in os.scandir(f"/proc/{host.pid()}/fdinfo"):
            with contextlib.suppress(FileNotFoundError):
                found |= {int(inode, 16) for inode in
                          re.findall(r"(?m)^inotify wd:\S+ ino:(\w+)", ByKnotd.text(entry.path))}
        return found

    def test_no_watch_where_a_link_leads(self):
        store = self.made()
        host = self.host(store=store.directory).start()
        self.served(host, "www.example.com", A)
        back = self.replaced(store, "doorbell",
                             lambda path: os.symlink(f"{self.victim}/file", path))
        link, file = os.lstat(store.path("doorbell")), os.stat(f"{self.victim}/file")
        until("the watch of what is there now", lambda: link.st_ino in self.watched(host))
        self.assertNotIn(file.st_ino, self.watched(host))
        back()
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        self.served(host, "www.example.com", A, value=b"\xc0\0\x02\x02")

    def test_conf_check_names_the_place_and_does_not_hang(self):
        store = self.made()
        host = self.host(store=store.directory)
        for place in PLACES:
            for what, put in self.kinds():
                with self.subTest(f"{what} as {place}"):
                    back = self.replaced(store, place, put)
                    status, said = host.check()
                    back()
                    self.assertNotEqual(status, 0)
                    self.assertRegex(said, place)
        self.assertEqual(host.check()[0], 0)

    def test_a_running_server_answers_on(self):
        store = self.made()
        host = self.host(store=store.directory).start()
        self.served(host, "www.example.com", A)
        for place in ("version", "doorbell", "maps", "status/data.mdb"):
            with self.subTest(place):
                since = len(host.log)
                back = self.replaced(store, place, os.mkfifo)
                host.log.wait(f"steer.*{place}", since)
                self.assertEqual(ask(host, labels("www.example.com"), A).rcode, NOERROR)
                back()
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        self.served(host, "www.example.com", A, value=b"\xc0\0\x02\x02")
