# SPDX-License-Identifier: GPL-3.0-or-later
"""knotc reload, or another store, under load: no query fails, nothing is left behind."""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import threading

from steer.case import Case, zone_text
from steer.client import Udp, WINDOW, ask
from steer.wait import until
from steer.wire import NOERROR, REFUSED, TYPES, Answer, labels, question

A = TYPES["A"]
WWW = "www.example.com"


def left_behind(host):
    """Number of the module's threads in knotd, and its open files and maps of stores."""
    pid = host.pid()
    threads, files = 0, []
    for number in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{number}/comm",
                                                encoding="utf-8") as comm:
            threads += comm.read() == "steer\n"
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(OSError):
            files.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as maps:
        mapped = [line.split()[-1] for line in maps if ".mdb" in line and "store" in line]
    return (threads, sorted(mapped),
            sorted(path for path in files if ".mdb" in path and "store" in path))


class Load:
    """Asks one question without a pause from a thread; counts wrong answers: right are the value
    seen last and the next one."""

    def __init__(self, server, name, *values):
        self.values = values
        self.seen = 0  # Position of the value seen last.
        self.query = question(labels(name), A)
        self.server = server
        self.asked = 0
        self.wrong = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        with contextlib.closing(Udp(self.server.address)) as client:
            while not self.stop.is_set():
                try:
                    client.send([self.query] * WINDOW)
                    for message in client.receive(WINDOW):
                        self.asked += 1
                        answer = Answer(message)
                        if not self._is_right(answer):
                            self.wrong.append(str(answer))
                except (OSError, AssertionError) as error:
                    self.wrong.append(f"no answer: {error}")
                    return

    def _is_right(self, answer):
        for position, value in enumerate(self.values[self.seen:self.seen + 2], self.seen):
            if answer.rcode == NOERROR and answer.values(A) == {value}:
                self.seen = position
                return True
        return False

    def more(self):
        """Waits until some thousand more questions are answered."""
        enough = self.asked + 32 * WINDOW
        until("answers", lambda: self.asked > enough or self.wrong)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *ignored):
        self.stop.set()
        self.thread.join()


class ReloadUnderLoad(Case):

    def serve(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
        host = self.host(store=store.directory, zones={"own.test.": own}, threads=2).start()
        self.assertEqual(ask(host, labels("www.example.com"), A).rcode, NOERROR)
        return host

    def test_no_query_fails(self):
        host = self.serve()
        value = socket.inet_aton("192.0.2.1")
        before = left_behind(host)
        self.assertEqual(before[0], 1)
        with Load(host, "www.example.com", value) as load:
            for _ in range(25):
                host.reload()
            enough = load.asked
        self.assertEqual(load.wrong[:3], [])
        self.assertGreater(enough, 0)
        until("the threads and files of before", lambda: left_behind(host) == before)
        self.assertEqual(host.log.lines("error: "), [])

    def test_zone_reload_and_statistics(self):
        """Other commands of knotc that touch zones and modules."""
        host = self.serve()
        with Load(host, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
            for _ in range(10):
                host.control("zone-reload", "own.test.")
                host.control("stats")
        self.assertEqual(load.wrong[:3], [])

    def test_zone_backup_and_restore(self):
        """Restoring a zone of Knot leaves the global modules alone."""
        host = self.serve()
        with Load(host, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
            host.control("-f", "-b", "zone-backup", "+backupdir", self.path("backup"))
            for _ in range(5):
                host.control("-f", "-b", "zone-restore", "+backupdir", self.path("backup"))
        self.assertEqual(load.wrong[:3], [])
        self.assertEqual(ask(host, labels("www.own.test"), A).rcode, NOERROR)

    def test_a_bad_configuration_changes_nothing(self):
        """A reload that is refused leaves the module serving."""
        host = self.serve()
        with Load(host, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
            host.write_config(host.config().replace(host.store, "/nonexistent"))
            with self.assertRaises(AssertionError):
                host.control("reload")
            host.reload()
        self.assertEqual(load.wrong[:3], [])


@contextlib.contextmanager
def opening_held(store):
    """Whoever opens the store meanwhile waits: LMDB takes this lock."""
    with open(store.path("records", "lock.mdb"), "r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX, 1)
        yield f":{os.fstat(file.fileno()).st_ino} "


def waits(inode):
    """Whether a process waits for a lock on a file."""
    with open("/proc/locks", encoding="ascii") as locks:
        return any("-> POSIX" in line and inode in line for line in locks)


class StoreReplacedUnderLoad(Case):

    def test_the_old_one_is_served_until_the_new_one_can_be(self):
        zone = zone_text("example.com.", "www A 192.0.2.1")
        old = self.hosted(("example.com.", zone), name="store")
        new = self.hosted(("example.com.", zone.replace("192.0.2.1", "192.0.2.2")),
                          name="new-store")
        host = self.host(store=old.directory, threads=2).start()
        self.served(host, WWW, A)
        path, moved = old.directory, self.path("old-store")
        values = map(socket.inet_aton, ("192.0.2.1", "192.0.2.2", "192.0.2.3"))
        with Load(host, WWW, *values) as load:
            load.more()
            with opening_held(new) as inode:
                os.rename(path, moved)
                load.more()
                os.rename(new.directory, path)
                until("knotd opening the new store", lambda: waits(inode))
                load.more()
                host.reload()  # Which finds the store open, and waits for nothing.
                load.more()
                self.assertEqual((load.seen, load.wrong[:3]), (0, []))
            until("the new store", lambda: load.seen == 1 or load.wrong)
            old.ok("set", WWW, "A", "192.0.2.3")  # By its path, where the new one is.
            until("a change of it", lambda: load.seen == 2 or load.wrong)
            load.more()
        self.assertEqual(load.wrong[:3], [])
        until("the old one being closed", lambda: not self.is_open(host, moved))
        self.assertTrue(self.is_open(host, path))

    @staticmethod
    def is_open(host, directory):
        """Whether files of a store are open in knotd, or mapped."""
        _, mapped, files = left_behind(host)
        return any(file.startswith(directory + "/") for file in mapped + files)


class FailedReload(Case):
    """A store's refresher cannot be started, which no check of the configuration can foresee."""

    @contextlib.contextmanager
    def no_descriptor(self, host):
        """knotd reaches its limit of open files where it creates an eventfd."""
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        with subprocess.Popen(["strace", "-f", "-q", "-p", str(host.pid()), "-o",
                               self.path("trace"), "-e", "trace=eventfd2", "-e",
                               "inject=eventfd2:error=EMFILE"]) as trace:
            try:
                until("strace being attached", lambda: self.is_traced(host))
                yield
            finally:
                trace.terminate()

    @staticmethod
    def is_traced(host):
        tasks = f"/proc/{host.pid()}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/status", encoding="ascii", errors="replace") as file:
                if "TracerPid:\t0\n" in file.read():
                    return False
        return True

    def test_queries_go_to_the_host_until_the_next_reload(self):
        zone = zone_text("example.com.", "www A 192.0.2.1")
        first = self.hosted(("example.com.", zone))
        second = self.hosted(("example.com.", zone.replace("192.0.2.1", "192.0.2.2")),
                             name="second-store")
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
        host = self.host(store=first.directory, zones={"own.test.": own}, threads=2).start()
        self.served(host, WWW, A)
        host.store = second.directory
        with self.no_descriptor(host):
            with contextlib.suppress(AssertionError):  # Some versions of Knot tell knotc, too.
                host.reload()
            host.log.wait("steer.*cannot be followed: Too many open files")
        for _ in range(100):
            self.assertEqual(ask(host, labels(WWW), A).rcode, REFUSED)
            self.assertEqual(ask(host, labels("www.own.test"), A).values(A),
                             {socket.inet_aton("192.0.2.9")})
        self.assertEqual(left_behind(host)[1:], ([], []))
        host.reload()
        self.served(host, WWW, A, value=socket.inet_aton("192.0.2.2"))
        second.ok("set", WWW, "A", "192.0.2.3")
        self.served(host, WWW, A, value=socket.inet_aton("192.0.2.3"))
