# SPDX-License-Identifier: GPL-3.0-or-later
"""knotc reload while clients ask: no query fails, nothing is left behind."""

import contextlib
import os
import socket
import threading

from steer.case import Case, zone_text
from steer.client import Udp, WINDOW, ask
from steer.wait import until
from steer.wire import NOERROR, TYPES, Answer, labels, question

A = TYPES["A"]


def left_behind(knot):
    """Number of threads of knotd, and its open files and maps of stores."""
    pid = knot.pid()
    files = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(OSError):
            files.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as maps:
        mapped = [line.split()[-1] for line in maps if ".mdb" in line and "store" in line]
    return (len(os.listdir(f"/proc/{pid}/task")), sorted(mapped),
            sorted(path for path in files if ".mdb" in path and "store" in path))


def steady(knot):
    """What is there once all threads of a reload have begun or ended."""
    looks = [left_behind(knot)]

    def is_same():
        looks.append(left_behind(knot))
        return looks[-1] == looks[-2]

    until("no thread begins or ends", is_same)
    return looks[-1]


class Load:
    """Asks one question without pause from a thread; counts what is not the right answer."""

    def __init__(self, server, name, value):
        self.value = value
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
                        if answer.rcode != NOERROR or answer.values(A) != {self.value}:
                            self.wrong.append(str(answer))
                except (OSError, AssertionError) as error:
                    self.wrong.append(f"no answer: {error}")
                    return

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
        knot = self.knot(store=store.directory, zones={"own.test.": own}, threads=2).start()
        self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
        return knot

    def test_no_query_fails(self):
        knot = self.serve()
        value = socket.inet_aton("192.0.2.1")
        knot.reload()  # The first one may make threads of Knot's own.
        before = steady(knot)
        with Load(knot, "www.example.com", value) as load:
            for _ in range(25):
                knot.reload()
            enough = load.asked
        self.assertEqual(load.wrong[:3], [])
        self.assertGreater(enough, 0)
        until("the threads and files of before", lambda: left_behind(knot) == before)
        self.assertEqual(knot.log.lines("error: "), [])

    def test_zone_reload_and_statistics(self):
        """Other commands of knotc that touch zones and modules."""
        knot = self.serve()
        with Load(knot, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
            for _ in range(10):
                knot.control("zone-reload", "own.test.")
                knot.control("stats")
        self.assertEqual(load.wrong[:3], [])

    def test_zone_backup_and_restore(self):
        """Restoring a zone of Knot leaves the global modules alone."""
        knot = self.serve()
        with Load(knot, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
            knot.control("-f", "-b", "zone-backup", "+backupdir", self.path("backup"))
            for _ in range(5):
                knot.control("-f", "-b", "zone-restore", "+backupdir", self.path("backup"))
        self.assertEqual(load.wrong[:3], [])
        self.assertEqual(ask(knot, labels("www.own.test"), A).rcode, NOERROR)

    def test_a_bad_configuration_changes_nothing(self):
        """A reload that is refused leaves the module serving."""
        knot = self.serve()
        with Load(knot, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
            knot.write_config(knot.config().replace("storage: " + knot.store,
                                                    "storage: /nonexistent"))
            with self.assertRaises(AssertionError):
                knot.control("reload")
            knot.reload()
        self.assertEqual(load.wrong[:3], [])
