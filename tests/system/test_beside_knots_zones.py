# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones of Knot and hosted zones in one server: nested both ways, of the same name, at zone
scope."""

import random
import socket

import dns.query
import dns.zone

from steer import env, generate
from steer.case import Case, zone_text
from steer.client import ask
from steer.differ import ALL_TRANSPORTS, Comparison, EXCEPTIONS, UDP, questions_of
from steer.wire import NOERROR, NXDOMAIN, REFUSED, TYPES, labels
import test_differential
from test_reload_under_load import left_behind

A, SOA, DS = (TYPES[t] for t in ("A", "SOA", "DS"))
COUNTED = {"modules": ("mod-stats/default",)}
DIGEST = "0123456789ABCDEF" * 4


def address(text):
    return socket.inet_aton(text)


def is_in(name, zone):
    return f".{name}".endswith(f".{zone}")


class HalfHosted(Case):
    """Every other zone is hosted; a Knot with all zones in files says what is right."""

    oracle = test_differential.Differential.oracle
    below_dname = staticmethod(test_differential.Differential.below_dname)

    def compare(self, zones, hosted):
        files = {zone.name: zone.write(self.path(f"{number}.zone"))
                 for number, zone in enumerate(zones)}
        store = self.store()
        for zone in hosted:
            store.ok("import", "--zone", zone.name, files[zone.name])
        own = {zone.name: files[zone.name] for zone in zones if zone not in hosted}
        knot = self.knot("Knot", zones=files).start()
        steer = self.host("half", zones=own, store=store.directory, knot=COUNTED).start()
        comparison = Comparison(knot, steer, zones, self.oracle(hosted),
                                may_differ={zone.apex for zone in hosted})
        pairs = questions_of(zones, [zone.questions() for zone in zones])
        comparison.run(pairs, UDP)
        rng = random.Random(1)
        for transport in ALL_TRANSPORTS[1:]:
            comparison.run(rng.sample(pairs, len(pairs) // 6), transport)
        comparison.check_counters()
        for exception in EXCEPTIONS:
            print(f"     {comparison.excused[exception.name]:9d}  exception: {exception.name}")
        comparison.check()

    def test_generated_zones(self):
        rng = random.Random(2136)
        zones = generate.nested(rng, env.number("STEER_HALF_HOSTED_ZONES", 40, 20))
        self.compare(zones, zones[::2])

    def test_hosted_below_the_root_of_knot(self):
        rng = random.Random(1996)
        zones = generate.nest(rng, [(), (b"com",), (b"a", b"com"), (b"b", b"a", b"com")])
        self.compare(zones, [zones[1], zones[3]])

    def test_zones_of_knot_below_a_hosted_root(self):
        rng = random.Random(1995)
        zones = generate.nest(rng, [(), (b"com",), (b"a", b"com"), (b"b", b"a", b"com")])
        self.compare(zones, [zones[0], zones[2]])


class Nested(Case):
    """Written by hand, since DS is where it matters."""

    PARENT = ("child NS ns.child", "ns.child A 192.0.2.1", f"child DS 1 8 2 {DIGEST}",
              "www A 192.0.2.2", "bare.nodeleg TXT \"a name below no delegation\"")
    CHILD = ("www A 192.0.2.3", "only A 192.0.2.4")

    def check(self, host):
        """Whoever serves the parent answers DS, the child the rest."""
        self.assertEqual(len(ask(host, labels("child.parent.test"), DS).answer), 1)
        soa = ask(host, labels("child.parent.test"), SOA)
        self.assertEqual((soa.aa, len(soa.answer)), (True, 1))
        self.assertEqual(ask(host, labels("www.child.parent.test"), A).values(A),
                         {address("192.0.2.3")})
        self.assertEqual(ask(host, labels("www.parent.test"), A).values(A),
                         {address("192.0.2.2")})
        missing = ask(host, labels("missing.child.parent.test"), A)
        self.assertEqual((missing.rcode, missing.authority[0][0]),
                         (NXDOMAIN, labels("child.parent.test")))
        below = ask(host, labels("only.child.parent.test"), DS)
        self.assertEqual((below.rcode, below.aa, below.authority[0][0]),
                         (NOERROR, True, labels("child.parent.test")))

    def zones(self):
        return (("parent.test.", zone_text("parent.test.", *self.PARENT)),
                ("child.parent.test.", zone_text("child.parent.test.", *self.CHILD)))

    def test_hosted_child_of_a_zone_of_knot(self):
        parent, child = self.zones()
        store = self.hosted(child)
        host = self.host(zones={parent[0]: self.file("parent.zone", parent[1])},
                         store=store.directory).start()
        self.check(host)

    def test_hosted_parent_of_a_zone_of_knot(self):
        parent, child = self.zones()
        store = self.hosted(parent)
        host = self.host(zones={child[0]: self.file("child.zone", child[1])},
                         store=store.directory).start()
        self.check(host)

    def test_both_hosted(self):
        host = self.host(store=self.hosted(*self.zones()).directory).start()
        self.check(host)

    def test_ds_without_a_parent_here(self):
        """NODATA from the child."""
        host = self.host(store=self.hosted(self.zones()[1]).directory).start()
        answer = ask(host, labels("child.parent.test"), DS)
        self.assertEqual((answer.rcode, answer.aa, answer.answer), (NOERROR, True, []))
        self.assertEqual([rr[0] for rr in answer.authority], [labels("child.parent.test")])


class ComeAndGo(Case):
    """Hosted zones come and go above, at, below and beside a zone of Knot's that is being asked."""

    NAMES = ("own.test", "www.own.test", "in.own.test", "www.in.own.test", "deep.in.own.test",
             "www.deep.in.own.test", "www.other.test")
    APEXES = ("test", "own.test", "in.own.test", "deep.in.own.test", "beside.test")
    MARKER = "marker.example"

    def setUp(self):
        super().setUp()
        lines = [f"{name}. A 192.0.2.1" for name in self.NAMES if is_in(name, "own.test")]
        own = self.file("own.zone", zone_text("own.test.", *lines, "chain CNAME new"))
        self.steer_store = self.hosted((f"{self.MARKER}.", zone_text(f"{self.MARKER}.")))
        self.steer = self.host(zones={"own.test.": own}, store=self.steer_store.directory).start()
        self.changes = 0

    def change(self, *words):
        """Runs steerctl, and waits until what it changed is served."""
        self.steer_store.ok(*words)
        self.changes += 1
        self.steer_store.ok("set", self.MARKER, "A", f"198.51.100.{self.changes}")
        self.served(self.steer, self.MARKER, A, value=address(f"198.51.100.{self.changes}"))

    def toggle(self, hosted, apex):
        if apex in hosted:
            hosted.remove(apex)
            self.change("zone", "delete", apex, "--force")
            return
        hosted.add(apex)
        lines = [f"{name}. A 192.0.2.{2 + self.APEXES.index(apex)}" for name in self.NAMES
                 if is_in(name, apex)]
        path = self.file(f"{apex}.zone", zone_text(f"{apex}.", *lines))
        self.change("import", "--zone", apex, path)

    def check(self, hosted):
        """The closest zone answers, of equal ones the hosted one; DS belongs to the parent."""
        for name in self.NAMES:
            zones = {apex for apex in hosted if is_in(name, apex)}
            if is_in(name, "own.test"):
                zones -= {"test"}
            closest = max(zones, key=len, default=None)
            answer = ask(self.steer, labels(name), A)
            if closest is None and name == "www.other.test":
                self.assertEqual(answer.rcode, REFUSED, (name, hosted))
            else:
                last = 1 if closest is None else 2 + self.APEXES.index(closest)
                self.assertEqual(answer.values(A), {address(f"192.0.2.{last}")}, (name, hosted))
        for name, parents in (("own.test", ("test", "own.test")),
                              ("in.own.test", ("own.test",))):
            answer = ask(self.steer, labels(name), DS)
            parent = parents[0] if parents[0] in hosted else "own.test"
            self.assertEqual([rr[0] for rr in answer.authority], [labels(parent)], (name, hosted))

    def test_each_alone(self):
        self.check(set())
        for apex in self.APEXES:
            hosted = set()
            self.toggle(hosted, apex)
            self.check(hosted)
            self.toggle(hosted, apex)
            self.check(hosted)

    def test_several(self):
        rng = random.Random(1035)
        hosted = set()
        for _ in range(40):
            self.toggle(hosted, rng.choice(self.APEXES))
            self.check(hosted)

    def check_overlay(self, held):
        """What it holds; that its name exists; the end of a chain."""
        value = {address("192.0.2.9")} if held else set()
        for name, rrtype in (("new.own.test", A), ("new.own.test", TYPES["AAAA"]),
                             ("chain.own.test", A)):
            answer = ask(self.steer, labels(name), rrtype)
            self.assertEqual((answer.rcode, answer.values(A)),
                             (NOERROR if held else NXDOMAIN, value if rrtype == A else set()), name)
        self.assertEqual(ask(self.steer, labels("www.own.test"), A).values(A),
                         {address("192.0.2.1")})

    def test_an_overlay(self):
        self.check_overlay(False)
        for _ in range(3):
            self.change("zone", "create", "own.test", "--overlay")
            self.check_overlay(False)
            self.change("set", "new.own.test", "A", "192.0.2.9")
            self.check_overlay(True)
            self.change("zone", "delete", "own.test", "--force")
            self.check_overlay(False)


class EqualNames(Case):
    """Knot and the store have a zone of the same name: the store answers, Knot transfers."""

    def setUp(self):
        super().setUp()
        own = self.file("own.zone", zone_text("same.test.", "www A 192.0.2.1", "old A 192.0.2.1"))
        store = self.hosted(("same.test.", zone_text("same.test.", "www A 192.0.2.2",
                                                     "new A 192.0.2.2")))
        self.steer = self.host(zones={"same.test.": own}, store=store.directory,
                               transfers=True).start()

    def test_queries_are_the_stores(self):
        for tcp in (False, True):
            self.assertEqual(ask(self.steer, labels("www.same.test"), A, tcp=tcp).values(A),
                             {address("192.0.2.2")})
            self.assertEqual(ask(self.steer, labels("new.same.test"), A, tcp=tcp).rcode, NOERROR)
            self.assertEqual(ask(self.steer, labels("old.same.test"), A, tcp=tcp).rcode, NXDOMAIN)

    def test_transfers_are_knots(self):
        zone = dns.zone.from_xfr(dns.query.xfr("127.0.0.1", "same.test", port=self.steer.port,
                                               lifetime=60))
        self.assertEqual({str(name) for name in zone.nodes}, {"@", "www", "old"})
        self.assertEqual(str(zone["www"].rdatasets[0][0]), "192.0.2.1")

    def test_knots_commands_work_on_its_zone(self):
        self.steer.control("zone-begin", "same.test")
        self.steer.control("zone-set", "same.test", "set.same.test.", "300", "A", "192.0.2.3")
        self.steer.control("zone-commit", "same.test")
        self.assertIn("192.0.2.3", self.steer.control("zone-read", "same.test", "set"))
        self.assertEqual(ask(self.steer, labels("set.same.test"), A).rcode, NXDOMAIN)


class ZoneScope(Case):
    """The module at one zone of Knot answers only for that hosted zone."""

    def test_only_its_own_name(self):
        own = self.file("own.zone", zone_text("scope.test.", "www A 192.0.2.1", "old A 192.0.2.1"))
        other = self.file("other.zone", zone_text("other.test.", "www A 192.0.2.1"))
        store = self.hosted(
            ("scope.test.", zone_text("scope.test.", "www A 192.0.2.2")),
            ("other.test.", zone_text("other.test.", "www A 192.0.2.2")),
            ("third.test.", zone_text("third.test.", "www A 192.0.2.2")),
            ("test.", zone_text("test.", "www A 192.0.2.2")))
        knot = self.knot(zones={"scope.test.": own, "other.test.": other}, store=store.directory,
                         global_scope=False,
                         zone={"scope.test.": "    module: mod-steer/default\n"}).start()
        knot.assert_built_module()
        self.assertEqual(ask(knot, labels("www.scope.test"), A).values(A), {address("192.0.2.2")})
        self.assertEqual(ask(knot, labels("old.scope.test"), A).rcode, NXDOMAIN)
        self.assertEqual(ask(knot, labels("www.other.test"), A).values(A), {address("192.0.2.1")})
        self.assertEqual(ask(knot, labels("www.third.test"), A).rcode, REFUSED)
        self.assertEqual(ask(knot, labels("www.test"), A).rcode, REFUSED)
        store.ok("set", "www.scope.test", "A", "192.0.2.3")
        self.served(knot, "www.scope.test", A, value=address("192.0.2.3"))
        # A restore unloads the modules of the zone and loads them again.
        knot.control("-f", "-b", "zone-backup", "+backupdir", self.path("backup"))
        for _ in range(3):
            knot.control("-f", "-b", "zone-restore", "+backupdir", self.path("backup"),
                         "scope.test")
            self.served(knot, "www.scope.test", A, value=address("192.0.2.3"))
        knot.control("zone-reload", "scope.test")
        self.assertEqual(ask(knot, labels("www.scope.test"), A).values(A), {address("192.0.2.3")})

    def test_several_instances_share_the_store(self):
        """LMDB forbids to open an environment twice in a process."""
        zones = {f"{name}.test.": self.file(name, zone_text(f"{name}.test.", "www A 192.0.2.1"))
                 for name in ("a", "b")}
        store = self.hosted(*((apex, zone_text(apex, "www A 192.0.2.2"))
                              for apex in ("a.test.", "b.test.", "c.test.")))
        alone = self.knot("alone", zones=zones, store=store.directory).start()
        both = self.knot("both", zones=zones, store=store.directory, zone={
            apex: "    module: mod-steer/default\n" for apex in zones}).start()
        self.assertEqual(left_behind(both), left_behind(alone))
        for _ in range(3):
            for name in ("a", "b", "c"):
                self.assertEqual(ask(both, labels(f"www.{name}.test"), A).values(A),
                                 {address("192.0.2.2")})
            both.reload()
            both.control("zone-reload")
            self.assertEqual(left_behind(both), left_behind(alone))
        store.ok("set", "www.b.test", "A", "192.0.2.3")
        self.served(both, "www.b.test", A, value=address("192.0.2.3"))

    def test_a_zone_that_the_store_does_not_have(self):
        """Knot's own answers, also if an enclosing zone is hosted."""
        own = self.file("own.zone", zone_text("scope.test.", "www A 192.0.2.1"))
        store = self.hosted(("test.", zone_text("test.", "www.scope A 192.0.2.2")))
        knot = self.knot(zones={"scope.test.": own}, store=store.directory, global_scope=False,
                         zone={"scope.test.": "    module: mod-steer/default\n"}).start()
        self.assertEqual(ask(knot, labels("www.scope.test"), A).values(A), {address("192.0.2.1")})
        store.ok("zone", "create", "scope.test", "--ns", "ns.test")
        self.served(knot, "www.scope.test", A, rcode=NXDOMAIN)
        store.ok("zone", "delete", "scope.test")
        self.served(knot, "www.scope.test", A)
