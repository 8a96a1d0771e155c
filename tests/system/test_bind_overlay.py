# SPDX-License-Identifier: GPL-3.0-or-later
"""An overlay over a zone of BIND's, and what leads into hosted zones from BIND's own answers.

Every answer is held against that of a named without the plugin: what the overlay does not hold must
be the same to the byte.
"""

import test_overlay

from steer.beside import zone_lines
from steer.case import write
from steer.client import ask
from steer.differ import TCP, TCP_EDNS, TWELVE, UDP, UDP_DO
from steer.layers import Layers, Overlay
from steer.named import NamedCase
from steer.wait import until
from steer.wire import NXDOMAIN, REFUSED, SERVFAIL, TYPES, labels
from steer.zonemodel import Zone

A = TYPES["A"]
APEX = "ex.test."


class BindOverlay(NamedCase):

    def serve(self, lines=test_overlay.LINES, held=test_overlay.HELD, apex=APEX, **more):
        """Two named with a zone, one of them with an overlay."""
        self.overlay = Overlay(apex, *held)
        self.records = self.overlay.put(self.store())
        self.zone_file = self.file("zone", zone_lines(apex, *lines))
        zones = {apex: self.zone_file}
        order = "recursion no; minimal-responses yes; rrset-order { order none; };"
        self.plain = self.named("plain", zones=zones, options=order).start()
        self.steer = self.named("steer", zones=zones, store=self.records.directory, options=order,
                                **more)
        self.loaded(self.steer.start())

    def test_all_names_and_types(self):
        """minimal-responses makes BIND's answers as long as Knot's."""
        self.serve()
        zone = Zone.read(self.zone_file, APEX)
        for name, types in self.overlay.records.items():
            for rrtype in types:
                zone.add(name, rrtype, "")
        layers = Layers(self.plain, self.steer, self.overlay)
        layers.compare(zone.questions(), TWELVE, (UDP, UDP_DO, TCP, TCP_EDNS)).check()
        print(f"     {layers.asked:9d}  questions: {layers.same} as BIND to the byte, {layers.own} "
              f"with the overlay in them, {layers.truncated} of these truncated")
        self.assertGreater(layers.own, 1000)
        self.assertGreater(layers.same, 10 * 1000)


    def address_of(self, name):
        return {".".join(map(str, rdata)) for rdata in ask(self.steer, labels(name), A).values(A)}

    def test_a_zone_that_becomes_signed(self):
        """Unsigned answers in it would be bogus, so BIND's stand, and the log says so."""
        self.serve()
        self.assertEqual(self.address_of(f"new.{APEX}"), {"198.51.100.4"})
        self.assertEqual(self.address_of(f"app.{APEX}"), {"198.51.100.3"})
        self.steer.zone = {APEX: "type primary; dnssec-policy default; inline-signing yes;"}
        self.steer.reload()
        self.served(self.steer, f"new.{APEX}", A, rcode=NXDOMAIN)
        self.assertEqual(self.address_of(f"app.{APEX}"), {"192.0.2.2"})
        self.assertEqual(self.address_of(APEX), set())
        self.steer.log.wait(f"steer: .*{APEX}.*signed")

    def test_a_zone_that_is_not_there(self):
        """What it has is unknown: BIND's answer stands. Then it is loaded."""
        lines = test_overlay.LINES
        self.serve(lines)
        with open(self.zone_file, encoding="ascii") as file:
            text = file.read()
        write(self.path("late"), "no zone file\n")
        self.steer.zones = {APEX: self.path("late")}
        self.steer.stop()
        self.loaded(self.steer.start())
        self.assertEqual(ask(self.steer, labels(APEX), A).rcode, SERVFAIL)
        self.assertEqual(ask(self.steer, labels(f"new.{APEX}"), A).rcode, SERVFAIL)
        write(self.path("late"), text)
        self.steer.control("reload", APEX)
        self.served(self.steer, f"new.{APEX}", A, value=bytes((198, 51, 100, 4)))

    def test_no_zone_around_it(self):
        """An overlay alone answers nothing."""
        self.serve()
        self.steer.zones = {}
        self.steer.reload()
        for name in (APEX, f"new.{APEX}", f"x.{APEX}"):
            self.assertEqual(ask(self.steer, labels(name), A).rcode, REFUSED, name)

    def test_an_alias_without_data_has_the_soa_of_binds_zone(self):
        self.serve()
        self.records.ok("zone", "create", "lb.test", "--ns", "ns.lb.test")
        self.records.ok("set", "x.lb.test", "A", "192.0.2.8")
        self.records.ok("set", f"void.{APEX}", "A", "--alias", "x.lb.test")
        self.served(self.steer, f"void.{APEX}", A, value=bytes((192, 0, 2, 8)))
        self.records.ok("set", "x.lb.test", "AAAA", "2001:db8::9")
        self.records.ok("del", "x.lb.test", "A")
        until("no address", lambda: not self.address_of(f"void.{APEX}"))
        answer = ask(self.steer, labels(f"void.{APEX}"), A)
        soa = ask(self.plain, labels(f"x.{APEX}"), A).authority
        self.assertEqual((answer.answer, answer.authority), ([], soa))

    def test_changes_of_both(self):
        self.serve()
        self.records.ok("set", f"app.{APEX}", "A", "198.51.100.77")
        self.served(self.steer, f"app.{APEX}", A, value=bytes((198, 51, 100, 77)))
        self.records.ok("del", f"app.{APEX}", "A")
        self.served(self.steer, f"app.{APEX}", A, value=bytes((192, 0, 2, 2)))
        with open(self.zone_file, encoding="ascii") as file:
            text = file.read()
        write(self.zone_file, text.replace("app A 192.0.2.2", "app A 192.0.2.22")
              .replace(" 1 3600", " 2 3600"))
        self.steer.control("reload", APEX)
        self.served(self.steer, f"app.{APEX}", A, value=bytes((192, 0, 2, 22)))
