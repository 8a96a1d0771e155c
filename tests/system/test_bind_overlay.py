# SPDX-License-Identifier: GPL-3.0-or-later
"""An overlay over a zone that named itself signs; all else is in test_overlay.py."""

from steer.case import zone_text
from steer.client import ask
from steer.named import NamedCase
from steer.wire import NXDOMAIN, TYPES, labels

A = TYPES["A"]
APEX = "ex.test."


class BindOverlay(NamedCase):

    def address_of(self, server, name):
        return {".".join(map(str, rdata)) for rdata in ask(server, labels(name), A).values(A)}

    def test_a_zone_that_becomes_signed(self):
        """Unsigned answers in it would be bogus, so BIND's stand, and the log says so."""
        store = self.store()
        store.ok("zone", "create", APEX, "--overlay")
        for name in f"new.{APEX}", f"app.{APEX}", APEX:
            store.ok("set", name, "A", "198.51.100.4")
        server = self.named(store=store.directory, zones={
            APEX: self.file("zone", zone_text(APEX, "app A 192.0.2.2"))}).start()
        for name in f"new.{APEX}", f"app.{APEX}", APEX:
            self.assertEqual(self.address_of(server, name), {"198.51.100.4"})
        server.zone = {APEX: "type primary; dnssec-policy default; inline-signing yes;"}
        server.reload()
        self.served(server, f"new.{APEX}", A, rcode=NXDOMAIN)
        self.assertEqual(self.address_of(server, f"app.{APEX}"), {"192.0.2.2"})
        self.assertEqual(self.address_of(server, APEX), set())
        server.log.wait(f"steer: .*{APEX}.*signed")
