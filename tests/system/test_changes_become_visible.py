# SPDX-License-Identifier: GPL-3.0-or-later
"""A change is served soon after steerctl has ended, by all workers, and never taken back."""

import contextlib
import shutil
import socket
import unittest

from steer.case import Case, zone_text
from steer.client import Udp
from steer.stress import readers
from steer.wait import until
from steer.wire import NXDOMAIN, REFUSED, SOA_TYPE, TYPES, Answer, labels, question

A = TYPES["A"]


class ChangesBecomeVisible(Case):

    def test_a_set(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        host = self.host(store=store.directory).start()
        for last in range(2, 6):
            store.ok("set", "www.example.com", "A", f"192.0.2.{last}")
            self.served(host, "www.example.com", A, value=socket.inet_aton(f"192.0.2.{last}"))

    def test_a_name_and_a_zone_come_and_go(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        host = self.host(store=store.directory).start()
        store.ok("set", "new.example.com", "A", "192.0.2.2")
        self.served(host, "new.example.com", A)
        store.ok("del", "new.example.com")
        self.served(host, "new.example.com", A, rcode=NXDOMAIN)
        store.ok("zone", "create", "example.net", "--ns", "ns.example.com")
        self.served(host, "example.net", TYPES["NS"])
        store.ok("zone", "delete", "example.net")
        self.served(host, "example.net", TYPES["NS"], rcode=REFUSED)

    def test_the_serial_rises_with_what_is_served(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        host = self.host(store=store.directory).start()

        def serial():
            answer = self.served(host, "example.com", SOA_TYPE)
            return int.from_bytes(answer.answer[0][4][-20:-16], "big")
        first = serial()
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        until("a higher serial", lambda: serial() == first + 1, pause=0.02)
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        self.served(host, "www.example.com", A, value=b"\xc0\0\x02\x02")
        self.assertEqual(serial(), first + 1)

    @unittest.skipIf(shutil.which("mdb_stat") is None, "mdb_stat is missing")
    def test_no_reader_stays_behind(self):
        """The next change can reuse pages that a change has freed: no reader holds an older
        version."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        host = self.host(store=store.directory, threads=4).start()

        def one_is_read():
            read = {transaction for pid, transaction in readers(store) if pid == host.pid()}
            return None in read and len(read) == 2
        for last in range(2, 6):
            store.ok("set", "www.example.com", "A", f"192.0.2.{last}")
            self.served(host, "www.example.com", A, value=socket.inet_aton(f"192.0.2.{last}"))
            until("one transaction being read", one_is_read, pause=0.02)

    def test_no_worker_goes_back(self):
        """Once one worker has shown the new record, none shows the old one."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        host = self.host(store=store.directory, threads=4).start()
        query = [question(labels("www.example.com"), A)]
        with contextlib.ExitStack() as stack:
            # Sockets spread over the workers by their ports.
            clients = [stack.enter_context(contextlib.closing(Udp(host.address)))
                       for _ in range(16)]

            def now(client):
                client.send(query)
                return min(Answer(client.receive(1)[0]).values(A))[-1]
            for last in range(2, 5):
                store.ok("set", "www.example.com", "A", f"192.0.2.{last}")
                until("the new record", lambda last=last: now(clients[0]) == last)
                self.assertEqual([now(client) for client in clients], [last] * len(clients))
