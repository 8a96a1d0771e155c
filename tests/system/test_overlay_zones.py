# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlays where zones meet: signed, missing and nested ones, and the module at one zone."""

from steer.case import zone_text
from steer.beside import Beside, zone_lines
from steer.client import ask
from steer.differ import ALL_TRANSPORTS, TWELVE, UDP, UDP_DO
from steer.layers import Layers, Overlay
from steer.wait import until
from steer.wire import NOERROR, NXDOMAIN, SERVFAIL, TYPES, labels

A, AAAA, DS, SOA, TXT, MX = (TYPES[t] for t in ("A", "AAAA", "DS", "SOA", "TXT", "MX"))
DNSKEY = 48
APEX = "ex.test."
LINES = ("@ MX 10 mail", "mail A 192.0.2.1", "www CNAME @", "app A 192.0.2.2")
HELD = ("@ 60 A 198.51.100.1", "app 60 A 198.51.100.2", "new 60 A 198.51.100.3",
        "x.ent 60 A 198.51.100.4")
NAMES = tuple(labels(f"{word}.{APEX}") for word in
              ("www", "mail", "app", "new", "ent", "x.ent", "missing", "ns1")) + (labels(APEX),)
AT_ZONES = {"global_scope": False}
SIGNED = "    dnssec-signing: on\n"
LOGGED = "ex.test.*signed"


def address(number):
    return bytes((198, 51, 100, number))


class Zones(Beside):

    def serve(self, lines=LINES, held=HELD, **more):
        self.overlay = Overlay(APEX, *held)
        self.records = self.overlay.put(self.store())
        self.chain((APEX, zone_lines(APEX, *lines)), store=self.records, **more)

    def laid_over(self, names=NAMES, transports=ALL_TRANSPORTS, without=()):
        """Answers are Knot's with the overlay over them."""
        layers = Layers(self.plain, self.steer, self.overlay)
        types = [rrtype for rrtype in TWELVE if rrtype not in without]
        layers.compare(names, types, transports).check()
        self.assertGreater(layers.own, 0)

    def passed_on(self, names=NAMES, transports=ALL_TRANSPORTS):
        """Answers are Knot's, as if there were no overlay."""
        layers = Layers(self.plain, self.steer)
        layers.compare(names, transports=transports).check()
        self.assertEqual(layers.own, 0)


class Signed(Zones):
    """Unsigned answers in a signed zone would be bogus, so Knot's stand, and the log says so."""

    def warned(self, server=None):
        return (server or self.steer).log.lines(LOGGED)

    def test_a_signed_zone(self):
        self.serve(zone_primary=SIGNED)
        self.assertTrue(ask(self.plain, labels(APEX), DNSKEY).answer)
        self.passed_on()
        self.steer.log.wait(LOGGED)
        self.passed_on(transports=(UDP, UDP_DO))
        self.assertEqual(len(self.warned()), 1, self.warned())

    def test_a_zone_that_becomes_signed(self):
        """And then unsigned again, and signed again; the log says so the first time."""
        self.serve()
        for number in (1, 2):
            self.laid_over()
            self.assertEqual(bool(self.warned()), number > 1)
            self.sign(True)
            self.passed_on()
            self.steer.log.wait(LOGGED)
            self.passed_on()
            self.sign(False)
        self.assertEqual(len(self.warned()), 1, self.warned())
        self.laid_over()

    def sign(self, on):
        """Turns signing on or off at the primary, and waits until the secondaries have it."""
        zone = self.primary.zone[APEX].replace(SIGNED, "")
        self.primary.zone[APEX] = zone + (SIGNED if on else "")
        if on:
            self.primary.reload()
            self.primary.log.wait("signing zone|zone is signed|next signing")
        else:
            serial = self.primary.serial(APEX) + 100
            self.file(f"{APEX}primary", zone_lines(APEX, *LINES, serial=serial))
            self.primary.zone[APEX] = zone.replace("zonefile-load: difference",
                                                   "zonefile-load: whole")
            self.primary.reload()
            self.primary.control("zone-reload", APEX)
            self.primary.zone[APEX] = zone
        for server in self.secondaries:
            self.served_signed(server, on)

    def served_signed(self, server, on):
        def right():
            return bool(ask(server, labels(APEX), DNSKEY).answer) == on
        until(f"a zone that is {'' if on else 'not '}signed", right, pause=0.02)

    def test_with_another_zone_unsigned(self):
        """The rule applies zone by zone."""
        other = Overlay("other.test.", "@ 60 A 198.51.100.9")
        self.overlay = Overlay(APEX, *HELD)
        store = self.overlay.put(other.put(self.store()))
        self.chain((APEX, zone_lines(APEX, *LINES)),
                   ("other.test.", zone_lines("other.test.", *LINES)), store=store)
        self.sign(True)
        self.passed_on()
        self.assertEqual(ask(self.steer, labels("other.test"), A).values(A), {address(9)})
        self.assertEqual(len(ask(self.steer, labels("www.other.test"), A).answer), 2)


class Absent(Zones):
    """The zone below an overlay is missing for a time: Knot says so."""

    def test_expired(self):
        """The primary is dead for too long; then it comes back."""
        self.serve()
        self.laid_over()
        self.primary.stop()
        for server in self.secondaries:
            server.control("-f", "zone-purge", "+expire", APEX)
            self.served(server, f"mail.{APEX}", A, rcode=SERVFAIL)
        self.passed_on()
        self.primary.start(wait=False)
        for server in self.secondaries:
            server.control("zone-retransfer", APEX)
            self.served(server, f"mail.{APEX}", A)
        self.laid_over()

    def test_not_loaded_yet(self):
        """A secondary whose primary has never answered; then it does."""
        self.overlay = Overlay(APEX, *HELD)
        store = self.overlay.put(self.store())
        self.files = {APEX: self.path("missing.zone")}
        zones = {"zones": self.files}
        self.plain = self.host("plain", **zones).start(wait=False)
        self.steer = self.host("steer", store=store.directory, **zones).start(wait=False)
        self.passed_on()
        self.assertEqual(ask(self.steer, labels(APEX), A).rcode, SERVFAIL)
        self.file("missing.zone", zone_lines(APEX, *LINES))
        for server in (self.plain, self.steer):
            server.reload_zone(APEX)
            self.served(server, f"mail.{APEX}", A)
        self.laid_over()

    def test_no_zone_at_all(self):
        """There is no zone below: names are left to Knot, which refuses them."""
        self.overlay = Overlay(APEX, *HELD)
        self.plain = self.host("plain").start()
        self.steer = self.host("steer", store=self.overlay.put(self.store()).directory).start()
        self.passed_on()

    def test_removed_and_added_again(self):
        self.serve()
        zones = [(server, server.zones) for server in self.secondaries]
        for _ in range(2):
            for server, _ in zones:
                server.zones = {}
                server.reload()
            self.passed_on()
            for server, server.zones in zones:
                server.reload()
                self.served(server, f"mail.{APEX}", A)
            self.laid_over(transports=(UDP,))


class Nested(Zones):
    """Zones of Knot and hosted zones around, beside and in overlays."""

    def start(self, store, *zones):
        files = {apex: self.file(f"{apex}zone", text) for apex, text in zones}
        self.plain = self.host("plain", zones=files).start()
        self.steer = self.host("steer", zones=files, store=store.directory).start()

    @staticmethod
    def names_of(*zones):
        names = {}
        for name in zones:
            for word in ("", "www.", "app.", "new.", "missing.", "x.ent.", "ent.", "ns.", "mail.",
                         "child.", "www.child.", "new.child.", "host.child.", "deep.a.b.",
                         "a.b.", "b."):
                names[labels(word + name)] = None
        return list(names)

    def test_child_zones_of_knot(self):
        """Below the apex of Knot's child zone the overlay of the parent holds nothing."""
        child = f"child.{APEX}"
        self.overlay = Overlay(APEX, *HELD, "child 60 A 198.51.100.5",
                               "www.child 60 A 198.51.100.6", "b.child 60 TXT \"hidden\"")
        store = self.overlay.put(self.store())
        lines = (*LINES, "child NS ns.child", "ns.child A 192.0.2.9", "tochild CNAME www.child")
        self.start(store, (APEX, zone_lines(APEX, *lines)),
                   (child, zone_text(child, "www A 192.0.2.7", "ns A 192.0.2.9")))
        names = self.names_of(APEX)
        inside = [name for name in names if name[-3:] == labels(child)]
        self.laid_over([name for name in names if name not in inside])
        layers = Layers(self.plain, self.steer).compare(inside, types=[A, TXT, SOA, MX]).check()
        self.assertEqual(layers.own, 0)
        below, above = (ask(server, labels(child), DS) for server in (self.plain, self.steer))
        self.assertEqual(below.message, above.message)

    def test_overlays_of_parent_and_child(self):
        child = f"child.{APEX}"
        overlays = (Overlay(APEX, *HELD), Overlay(child, "@ 60 A 198.51.100.7",
                                                  "new 60 A 198.51.100.8"))
        store = self.store()
        for overlay in overlays:
            overlay.put(store)
        self.start(store, (APEX, zone_lines(APEX, *LINES, "child NS ns.child",
                                            "ns.child A 192.0.2.9", "tochild CNAME new.child")),
                   (child, zone_lines(child, "www CNAME @", "ns A 192.0.2.9")))
        types = [A, AAAA, TXT, SOA, MX]
        for overlay in overlays:
            layers = Layers(self.plain, self.steer, overlay)
            names = [name for name in self.names_of(APEX)
                     if (name[-3:] == labels(child)) == (overlay is overlays[1])]
            layers.compare(names, types).check()
            self.assertGreater(layers.own, 0)
        store.ok("zone", "delete", child, "--force")
        self.served(self.steer, child, MX)
        self.assertEqual(store.run("check").status, 0)

    def test_inside_a_hosted_zone(self):
        """The parent is answered from the store, the child from the overlay and from Knot."""
        self.overlay = Overlay(APEX, *HELD)
        parent = zone_text("test.", "www A 203.0.113.1", "ex NS ns1.ex", "ns1.ex A 192.0.2.251",
                           "to CNAME mail.ex", "toapex CNAME ex", "other TXT \"parent\"")
        store = self.overlay.put(self.hosted(("test.", parent)))
        self.start(store, (APEX, zone_lines(APEX, *LINES, "up CNAME www.test.")))
        self.laid_over(self.names_of(APEX), without=(DS,))
        self.assertEqual(ask(self.steer, labels("www.test"), A).values(A),
                         {bytes((203, 0, 113, 1))})
        missing = ask(self.steer, labels("missing.test"), A)
        self.assertEqual((missing.rcode, missing.authority[0][0]), (NXDOMAIN, labels("test")))
        for name, target in (("to", f"mail.{APEX}"), ("toapex", APEX)):
            answer = ask(self.steer, labels(f"{name}.test"), A)  # Resolvers ask on.
            self.assertEqual((answer.rcode, answer.aa, [rr[0] for rr in answer.answer]),
                             (NOERROR, True, [labels(f"{name}.test")]), target)
        delegation = ask(self.steer, labels(APEX), DS)
        self.assertEqual((delegation.rcode, delegation.aa, delegation.authority[0][0]),
                         (NOERROR, True, labels("test")))
        self.assertEqual(store.run("check").status, 0, store.run("check").out)

    def test_around_a_hosted_zone(self):
        """A hosted zone in an overlay is answered whole."""
        child = f"child.{APEX}"
        self.overlay = Overlay(APEX, *HELD, "tochild 60 CNAME www.child")
        store = self.overlay.put(self.store())
        store.ok("import", "--zone", child, self.file("child.zone", zone_text(
            child, "www A 203.0.113.2", "out CNAME mail.ex.test.", "outnew CNAME new.ex.test.")))
        self.start(store, (APEX, zone_lines(APEX, *LINES, "child NS ns.child",
                                            "ns.child A 192.0.2.9")))
        self.laid_over([name for name in self.names_of(APEX) if name[-3:] != labels(child)])
        www = ask(self.steer, labels(f"www.{child}"), A)
        self.assertEqual((www.aa, www.values(A)), (True, {bytes((203, 0, 113, 2))}))
        self.assertEqual(ask(self.steer, labels(f"missing.{child}"), A).rcode, NXDOMAIN)
        below, above = (ask(server, labels(child), DS) for server in (self.plain, self.steer))
        self.assertEqual(below.message, above.message)
        answer = ask(self.steer, labels(f"tochild.{APEX}"), A)
        self.assertEqual(answer.values(A), {bytes((203, 0, 113, 2))})
        self.assertEqual(store.run("check").status, 0, store.run("check").out)

    def test_over_the_zone_of_an_ancestor(self):
        """Then it lies over that part of the zone."""
        self.overlay = Overlay(f"sub.{APEX}", "@ 60 A 198.51.100.7", "new 60 A 198.51.100.8")
        self.start(self.overlay.put(self.store()),
                   (APEX, zone_lines(APEX, *LINES, "sub MX 10 mail", "www.sub A 192.0.2.8")))
        self.laid_over(self.names_of(f"sub.{APEX}", APEX))


class ZoneScope(Zones):
    """The module at one zone of Knot."""

    def test_its_overlay(self):
        self.serve(knot=AT_ZONES)
        self.steer.zone[APEX] = "    module: mod-steer/default\n"
        self.steer.reload()
        self.served(self.steer, f"new.{APEX}", A)
        self.laid_over()
        self.change(APEX, "set new 300 TXT below", "set toent 300 CNAME ent")
        self.laid_over([*NAMES, labels(f"toent.{APEX}")])

    def test_an_overlay_of_another_zone(self):
        """Is not looked at."""
        other = "other.test."
        overlays = [Overlay(apex, *HELD) for apex in (APEX, other)]
        store = overlays[1].put(overlays[0].put(self.store()))
        self.chain((APEX, zone_lines(APEX, *LINES)), (other, zone_lines(other, *LINES)),
                   store=store, knot=AT_ZONES)
        self.steer.zone[APEX] = "    module: mod-steer/default\n"
        self.steer.reload()
        self.served(self.steer, f"new.{APEX}", A)
        self.overlay = overlays[0]
        self.laid_over()
        self.passed_on([name[:-2] + labels(other) for name in NAMES])

    def test_signed(self):
        self.serve(knot=AT_ZONES, zone_primary=SIGNED)
        self.steer.zone[APEX] = "    module: mod-steer/default\n"
        self.steer.reload()
        self.steer.assert_built_module()
        self.passed_on()
        self.steer.log.wait(LOGGED)
        self.assertEqual(len(self.steer.log.lines(LOGGED)), 1)
