# SPDX-License-Identifier: GPL-3.0-or-later
"""Anything but a plain query of class IN is answered as by a named without the plugin: transfers,
updates and notifications, also of a zone that both have."""

import contextlib
import os

import dns.message
import dns.query
import dns.update
import dns.zone

from steer.case import SOA, write, zone_text
from steer.client import ask
from steer.named import NamedCase
from steer.wire import NOERROR, NOTAUTH, NXDOMAIN, TYPES, labels

A = TYPES["A"]
OPTIONS = ('recursion no; allow-transfer { 127.0.0.1; }; rrset-order { order none; }; '
           'version "same"; hostname "same"; server-id "same";')
LINES = "www A 192.0.2.1", "* TXT \"any\"", "sub NS ns.sub", "ns.sub A 192.0.2.3"


class BindOtherQueries(NamedCase):
    """host.test is hosted, own.test is named's, both.test is both; one named has no plugin."""

    def setUp(self):
        super().setUp()
        store = self.hosted(*((apex, zone_text(apex, *LINES))
                              for apex in ("host.test.", "both.test.")))
        self.plain, self.steer = (
            self.named(name, options=OPTIONS, store=directory, zones={
                apex: self.file(f"{name}-{apex}", zone_text(f"{apex}.", *LINES))
                for apex in ("own.test", "both.test")},
                zone=dict.fromkeys(("own.test", "both.test"),
                                   "type primary; allow-update { 127.0.0.1; };"))
            for name, directory in (("plain", None), ("steer", store.directory)))
        self.plain.start()
        self.loaded(self.steer.start())
        self.served(self.steer, "www.host.test", A)

    def reply_of(self, server, message):
        """rcode of a reply over TCP, and whether it has the message's opcode."""
        reply = dns.query.tcp(message, "127.0.0.1", port=server.port, timeout=60)
        return reply.rcode(), reply.opcode() == message.opcode()

    def transferred(self, server, apex):
        """A zone by AXFR, without its serial; None: it is refused."""
        with contextlib.suppress(dns.xfr.TransferError):
            zone = dns.zone.from_xfr(dns.query.xfr("127.0.0.1", f"{apex}.", port=server.port,
                                                   lifetime=60, relativize=False),
                                    relativize=False)
            return sorted(zone.to_text(relativize=False).splitlines())
        return None

    def test_updates(self):
        """named takes what it may of its own zones, and nothing gets into the store."""
        for apex, expected in (("own.test", NOERROR), ("both.test", NOERROR),
                               ("host.test", NOTAUTH), ("other.test", NOTAUTH)):
            for prerequisite, met in (("www", True), ("nothing", False)):
                update = dns.update.UpdateMessage(apex)
                update.present(prerequisite)
                update.add("new", 300, "A", "192.0.2.99")
                wanted = NXDOMAIN if expected != NOTAUTH and not met else expected
                for server in self.plain, self.steer:
                    self.assertEqual(self.reply_of(server, update), (wanted, True),
                                     f"{apex} {prerequisite}")
            zones = [self.transferred(server, apex) for server in (self.plain, self.steer)]
            self.assertEqual(*zones, apex)
            self.assertEqual(zones[0] is not None, expected != NOTAUTH)
            self.assertEqual(any("192.0.2.99" in line for line in zones[1] or ()),
                             expected != NOTAUTH)
        new = bytes((192, 0, 2, 99))
        self.assertEqual(ask(self.steer, labels("new.own.test"), A).values(A), {new})
        for apex in "host.test", "both.test":  # The store answers, which has a wildcard.
            self.assertEqual(ask(self.steer, labels(f"new.{apex}"), A).answer, [], apex)

    def notified(self, server, apex):
        notify = dns.message.make_query(apex, "SOA")
        notify.set_opcode(dns.opcode.NOTIFY)
        return self.reply_of(server, notify)

    def test_notifications_of_a_primary(self):
        for apex, rcode in (("own.test", NOERROR), ("both.test", NOERROR), ("host.test", NOTAUTH),
                            ("other.test", NOTAUTH)):
            for server in self.plain, self.steer:
                self.assertEqual(self.notified(server, apex), (rcode, True), apex)

    def test_notifications_of_a_secondary(self):
        """It gets the new zone at once, though the store answers queries of that name."""
        apexes = "own.test", "both.test"
        primary = self.named("primary", options=OPTIONS, zones={
            apex: self.file(f"primary-{apex}", zone_text(f"{apex}.", *LINES)) for apex in apexes})
        primary.start()
        for server in self.plain, self.steer:
            server.zones = {apex: self.path(f"{os.path.basename(server.directory)}-copy-{apex}")
                            for apex in apexes}
            server.zone = dict.fromkeys(
                apexes, f"type secondary; primaries {{ 127.0.0.1 port {primary.port}; }};")
            server.reload()
            for apex in apexes:
                server.log.wait(f"zone {apex}/IN: transferred serial 1\\b")
        for apex in apexes:
            write(primary.zones[apex], zone_text(f"{apex}.", *LINES, soa=SOA.replace(" 1 ", " 2 ")))
            primary.control("reload", apex)
            for server in self.plain, self.steer:
                self.assertEqual(self.notified(server, apex), (NOERROR, True), apex)
                server.log.wait(f"zone {apex}/IN: transferred serial 2\\b")
