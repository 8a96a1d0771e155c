# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores that cannot be served: what conf-check, start, reload and a running knotd do."""

import os
import shutil
import stat
import subprocess

from steer import env
from steer.case import Case, write, zone_text
from steer.client import ask
from steer.wait import until
from steer.wire import NOERROR, REFUSED, TYPES, labels

A = TYPES["A"]


AS_KNOT = ["setpriv", "--reuid", "knot", "--regid", "knot", "--init-groups"]


class BadStores(Case):

    def good(self, name="good", value="192.0.2.1"):
        store = self.hosted(("example.com.", zone_text("example.com.", f"www A {value}")),
                            name=name)
        return store.directory

    def spoiled(self, name, spoil):
        path = self.good(name)
        spoil(path)
        return path

    def bad_stores(self):
        """(what, directory, words of the message, whether only user knot is kept out)"""
        newer = self.spoiled("newer", lambda d: write(f"{d}/version", "2\n"))
        foreign = self.spoiled("foreign", lambda d: write(f"{d}/version", "hello\n"))
        no_lmdb = self.spoiled("no-lmdb", lambda d: write(f"{d}/records/data.mdb", b"x" * 8192))
        cut = self.spoiled("cut", lambda d: os.truncate(f"{d}/records/data.mdb", 4096))
        gone = self.spoiled("gone", lambda d: os.remove(f"{d}/records/lock.mdb"))
        no_status = self.spoiled("no-status", lambda d: shutil.rmtree(f"{d}/status"))
        no_maps = self.spoiled("no-maps", lambda d: os.mkdir(f"{d}/maps"))
        file = self.file("file", "not a directory\n")
        other_files = self.path("other-files")
        os.mkdir(other_files)
        write(f"{other_files}/notes", "no store\n")
        closed = self.spoiled("closed", lambda d: os.chmod(d, 0o700))
        no_read = self.spoiled("no-read", lambda d: os.chmod(f"{d}/records/data.mdb", 0o600))
        no_lock = self.spoiled("no-lock", lambda d: os.chmod(f"{d}/records/lock.mdb", 0o640))
        return [
            ("missing", self.path("missing"), "missing.*[Nn]o such", False),
            ("relative", "relative/store", "absolute", False),
            ("a file", file, "[Nn]ot a directory", False),
            ("other files", other_files, "steerctl init", False),
            ("a newer version", newer, "version.*2", False),
            ("a foreign version", foreign, "version.*hello", False),
            ("no LMDB file", no_lmdb, "LMDB", False),
            ("a truncated file", cut, "LMDB|truncated|damaged", False),
            ("no lock file", gone, "lock|[Nn]o such", False),
            ("an environment is missing", no_status, "status", False),
            ("an environment is empty", no_maps, "maps", False),
            ("a closed directory", closed, "[Pp]ermission", True),
            ("unreadable data", no_read, "[Pp]ermission", True),
            ("a lock that cannot be written", no_lock, "[Pp]ermission", True),
        ]

    def test_the_check_finds_each(self):
        """knotc conf-check refuses with a sentence, knotd does not start. Debian's unit runs both
        as user knot."""
        for what, directory, words, user in self.bad_stores():
            with self.subTest(what):
                knot = self.knot(name="knot-" + what.replace(" ", "-"), store=directory,
                                 user=("knot", "knot"))
                knot.write_config()
                config = ["-c", knot.directory + "/knot.conf"]
                for command in ([env.KNOTC, *config, "conf-check"], [env.KNOTD, *config]):
                    if user:
                        command = [*AS_KNOT, *command]
                    done = subprocess.run(command, capture_output=True, text=True, check=False,
                                          timeout=env.PATIENCE, env=env.environment(host=True))
                    self.assertNotEqual(done.returncode, 0)
                    self.assertRegex(done.stdout + done.stderr, words)

    def test_the_check_accepts_a_good_store(self):
        for user in (None, ("knot", "knot")):
            knot = self.knot(store=self.good(), user=user)
            self.assertEqual(knot.check()[0], 0, knot.check()[1])

    def test_the_check_disturbs_no_server(self):
        """It opens no lock file, so it drops no lock of a process that has the store open."""
        store = self.good()
        knot = self.knot(store=store).start()
        for _ in range(3):
            self.assertEqual(knot.check()[0], 0)
            self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
        readers = subprocess.run([env.STEERCTL, "-d", store, "stats"], capture_output=True,
                                 text=True, env=env.environment(), check=True).stdout
        self.assertRegex(readers, "reader")

    def test_a_reload_to_each_is_refused(self):
        """The module continues with the store that it has."""
        knot = self.knot(store=self.good()).start()
        good = knot.store
        for what, directory, words, user in self.bad_stores():
            if user:
                continue
            with self.subTest(what):
                knot.store = directory
                since = len(knot.log)
                with self.assertRaises(AssertionError):
                    knot.reload()
                self.assertTrue(knot.alive())
                knot.log.wait(words, since)
                self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
        knot.store = good
        knot.reload()
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)

    def unchecked(self, directory, spoil):
        """A knotd that starts although its store is bad by then: a configuration database is
        checked when it is written."""
        knot = self.knot(store=directory, confdb=True)
        knot.write_config()
        status, said = knot.knotc("conf-import", knot.directory + "/knot.conf")
        self.assertEqual(status, 0, said)
        spoil(directory)
        return knot.start()

    def test_an_empty_directory_awaits_its_store(self):
        """knotd starts; the store made there later is served."""
        directory = self.path("store")
        os.mkdir(directory)
        knot = self.knot(store=directory)
        self.assertEqual(knot.check()[0], 0)
        knot.start()
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, REFUSED)
        knot.log.wait("mod-steer.*steerctl init")
        self.good("store")
        self.served(knot, "www.example.com", A)
        knot.log.wait("mod-steer.*serving")

    def test_a_store_made_after_the_start_is_served(self):
        directory = self.good()
        kept = self.path("kept")
        knot = self.unchecked(directory, lambda d: os.rename(d, kept))
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, REFUSED)
        knot.log.wait(r"mod-steer.*(steerctl init|[Nn]o such)")
        os.rename(kept, directory)
        self.served(knot, "www.example.com", A)

    def test_an_unreadable_store_is_served_once_it_can_be_read(self):
        directory = self.good()
        knot = self.unchecked(directory, lambda d: write(f"{d}/version", "2\n"))
        knot.log.wait("mod-steer.*version")
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, REFUSED)
        write(f"{directory}/version", "1\n")
        self.served(knot, "www.example.com", A)

    def test_permissions_mended_while_knotd_runs(self):
        """Root started it, the configured user may not read; the log says so until it may."""
        directory = self.good()
        knot = self.knot(store=directory, user=("knot", "knot"), confdb=True)
        knot.write_config()
        status, said = knot.knotc("conf-import", knot.directory + "/knot.conf")
        self.assertEqual(status, 0, said)
        for path, _, _ in os.walk(knot.directory):
            shutil.chown(path, "knot", "knot")
        for file in os.listdir(knot.directory + "/confdb"):
            shutil.chown(f"{knot.directory}/confdb/{file}", "knot", "knot")
        os.chmod(directory, 0o700)
        knot.start()
        if ask(knot, labels("www.example.com"), A).rcode != NOERROR:  # Not opened as root.
            knot.log.wait("mod-steer.*[Pp]ermission")
            os.chmod(directory, 0o2770)
        self.served(knot, "www.example.com", A)

    def test_the_reason_is_logged_once(self):
        """A store that stays away does not log a line a second."""
        directory = self.good()
        knot = self.unchecked(directory, shutil.rmtree)
        knot.log.wait("mod-steer.*(steerctl init|[Nn]o such)")
        # The retries show as lookups of the directory; five of them leave one line.
        trace = subprocess.Popen(
            ["strace", "-f", "-p", str(knot.pid()), "-e", "trace=stat,newfstatat,statx,openat",
             "-o", self.path("trace")], stderr=subprocess.DEVNULL)
        try:
            until("five retries", lambda: os.path.exists(self.path("trace")) and
                  self.text(self.path("trace")).count(directory) >= 5)
        finally:
            trace.terminate()
            trace.wait()
        self.assertEqual(len(knot.log.lines("mod-steer.*(steerctl init|[Nn]o such)")), 1)

    @staticmethod
    def text(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def test_a_store_that_is_replaced_is_served(self):
        """The whole directory is replaced by another."""
        directory = self.good()
        other = self.good("other", "192.0.2.2")
        knot = self.knot(store=directory).start()
        self.served(knot, "www.example.com", A, value=b"\xc0\0\x02\x01")
        os.rename(directory, self.path("old"))
        os.rename(other, directory)
        self.served(knot, "www.example.com", A, value=b"\xc0\0\x02\x02")

    def test_a_store_that_goes_bad_is_served_on(self):
        """Newer version or removed directory: the last good state stays, and one line says so."""
        spoils = {
            "newer": lambda d: write(f"{d}/version", "2\n"),  # As a newer steerctl would.
            "removed": shutil.rmtree,
        }
        for what, spoil in spoils.items():
            with self.subTest(what):
                directory = self.good(what)
                knot = self.knot(name="knot-" + what, store=directory).start()
                self.served(knot, "www.example.com", A)
                spoil(directory)
                knot.log.wait("mod-steer.*(version|[Nn]o such|last)")
                for _ in range(10):
                    self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
                self.assertTrue(knot.alive())

    def test_a_read_only_file_system_is_refused(self):
        """LMDB would silently use it without locks."""
        directory = self.good()
        mount = self.path("mount")
        os.mkdir(mount)
        if os.geteuid() != 0 or subprocess.run(["mount", "--bind", directory, mount],
                                               capture_output=True, check=False).returncode != 0:
            self.skipTest("no mount here")
        self.addCleanup(subprocess.run, ["umount", mount], check=False)
        subprocess.run(["mount", "-o", "remount,bind,ro", mount], check=True)
        status, said = self.knot(store=mount).check()
        self.assertNotEqual(status, 0, said)
        self.assertRegex(said, "[Rr]ead-only")

    def test_files_of_a_new_store(self):
        """Modes whatever the umask, and the group knot."""
        old = os.umask(0o077)
        try:
            directory = self.store().directory
        finally:
            os.umask(old)
        import grp  # pylint: disable=import-outside-toplevel
        group = grp.getgrnam("knot").gr_gid
        for path, folders, files in os.walk(directory):
            entries = [(path, 0o2770)] + [(os.path.join(path, name), 0o660) for name in files]
            for entry, mode in entries:
                status = os.stat(entry)
                self.assertEqual(stat.S_IMODE(status.st_mode), mode, entry)
                self.assertEqual(status.st_gid, group, entry)
            del folders
