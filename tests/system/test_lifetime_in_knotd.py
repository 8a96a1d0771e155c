# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module takes and leaves in a knotd that is reloaded: library, store, thread, signals."""

import os
import re
import signal
import unittest

from steer import env
from steer.case import Case, zone_text
from steer.client import ask
from steer.store import Store
from steer.wait import until
from steer.wire import NOERROR, REFUSED, TYPES, labels

A = TYPES["A"]
REFRESHER = "steer"


def mapped(host):
    """How often each file is in the memory of knotd: mappings of its start."""
    count = {}
    with open(f"/proc/{host.pid()}/maps", encoding="utf-8", errors="replace") as file:
        for line in file:
            fields = line.split(maxsplit=5)
            if len(fields) == 6 and int(fields[2], 16) == 0:
                path = fields[5].strip()
                count[path] = count.get(path, 0) + 1
    return count


def threads(host, name):
    """The status of the threads of that name, each as a dict."""
    found = []
    for task in os.listdir(f"/proc/{host.pid()}/task"):
        with open(f"/proc/{host.pid()}/task/{task}/status", encoding="ascii") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        if status["Name"] == name:
            found.append(status)
    return found


class LifetimeInKnotd(Case):

    def serve(self, **options):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        return store, self.host(store=store.directory, **options).start()

    def rcode(self, host):
        return ask(host, labels("www.example.com"), A).rcode

    def test_the_store_is_open_once(self):
        """LMDB can be opened only once in a process: reloads and a second instance share it."""
        own = self.file("own.zone", zone_text("example.com.", "www A 192.0.2.9"))
        store, host = self.serve(zones={"example.com.": own},
                                 knot={"zone": {"example.com.": "    module: mod-steer/default\n"}},
                                 bind={"views": {"one": "match-recursive-only yes;", "two": ""}})
        data = os.path.join(store.directory, "records", "data.mdb")
        for _ in range(5):
            self.assertEqual(mapped(host).get(data), 1)
            self.assertEqual(len(threads(host, REFRESHER)), 1)
            self.assertEqual(self.rcode(host), NOERROR)
            host.reload()

    def test_the_library_stays_and_the_store_is_closed(self):
        store, host = self.serve()
        data = os.path.join(store.directory, "records", "data.mdb")
        directory, host.store = host.store, None
        host.reload()
        self.assertEqual(self.rcode(host), REFUSED)
        until("the store being closed", lambda: data not in mapped(host))
        self.assertIn(host.MODULE, mapped(host))
        self.assertEqual(threads(host, REFRESHER), [])
        host.store = directory
        host.reload()
        self.assertEqual(self.rcode(host), NOERROR)

    def test_more_workers_than_lmdb_has_readers_by_default(self):
        """Two banks for each worker, and room for others."""
        store, host = self.serve(threads=80)
        self.assertEqual(self.rcode(host), NOERROR)
        found = re.search(r"readers: +(\d+) of (\d+)", store.ok("stats"))
        self.assertGreater(int(found[1]), 126)
        self.assertEqual(int(found[2]), 4096)
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        self.served(host, "www.example.com", A, value=b"\xc0\0\x02\x02")

    @unittest.skipIf(env.SANITIZED, "the sanitizers want all the address space")
    def test_little_address_space(self):
        """The 4 GiB that the store reserves are not available, neither here nor for steerctl."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        host = self.host(store=store.directory)
        host.wrapper = ["prlimit", f"--as={2 << 30}", "--"]
        host.start()
        self.assertEqual(self.rcode(host), NOERROR)
        small = Store(store.directory, prefix=["prlimit", f"--as={256 << 20}", "--"])
        for number in range(2, 5):
            small.ok("set", "www.example.com", "A", f"192.0.2.{number}")
            self.served(host, "www.example.com", A, value=bytes((192, 0, 2, number)))
        small.ok("check")

    def test_signals_are_not_for_the_refresher(self):
        """Not even for one created during a reload, when Knot's are not blocked."""
        _, host = self.serve()
        directory = host.store
        for _ in range(2):
            refresher, = threads(host, REFRESHER)
            blocked = int(refresher["SigBlk"], 16)
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGTERM):
                self.assertTrue(blocked >> (number - 1) & 1, number)
            host.store = None
            host.reload()
            host.store = directory
            host.reload()
