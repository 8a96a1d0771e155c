# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of mod-steer(8), "Beside existing DNS", with the commands given there."""

import json
import os
import threading

import dns.query
import dns.zone

from steer.beside import Beside, zone_lines
from steer.case import write
from steer.client import Udp, ask
from steer.differ import ALL_TRANSPORTS, Comparison, UDP, questions_of
from steer.wait import until
from steer.wire import NOERROR, NXDOMAIN, REFUSED, TYPES, Answer, labels, question
from steer.zonemodel import Zone

A, MX, SOA, TXT = (TYPES[t] for t in ("A", "MX", "SOA", "TXT"))
APEX = "ex.test."
LINES = ("@ MX 10 mail", "@ A 192.0.2.1", "mail A 192.0.2.2", "www CNAME @", "*.wild TXT any",
         "child NS ns.child", "ns.child A 192.0.2.3", "a.deep.tree AAAA 2001:db8::1",
         "old DNAME elsewhere.test.")


class Watcher:
    """Asks without a pause; the answer must stay the same, byte by byte."""

    def __init__(self, server, name, rrtype):
        self.query = question(labels(name), rrtype)
        self.client = Udp(server.address)
        self.first = self._ask()
        self.asked = 0
        self.others = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _ask(self):
        self.client.send([self.query])
        return self.client.receive(1)[0][2:]

    def _run(self):
        while not self.ended.is_set():
            answer = self._ask()
            self.asked += 1
            if answer != self.first:
                self.others.append(answer)

    def end(self):
        """The answers that differed."""
        self.ended.set()
        self.thread.join()
        self.client.close()
        return [str(Answer(b"\0\0" + message)) for message in self.others[:3]]


class Recipes(Beside):

    def setUp(self):
        super().setUp()
        self.zone_file = self.file("ex.test.zone", zone_lines(APEX, *LINES, serial=7))
        self.zone = Zone.read(self.zone_file, APEX)

    def equal(self, left, right, transports=ALL_TRANSPORTS, **more):
        """Two servers give the same answers for all names and types of the zone."""
        comparison = Comparison(left, right, [self.zone], **more)
        pairs = questions_of([self.zone], [self.zone.questions()])
        for transport in transports:
            comparison.run(pairs, transport)
        comparison.check()

    def export(self, store, path):
        os.replace(write(path + ".new", store.ok("export", APEX)), path)

    def transfer(self, server):
        return dns.zone.from_xfr(dns.query.xfr("127.0.0.1", APEX, port=server.port, lifetime=60))

    def server(self, name, zone="", remotes=(), **more):
        """A knotd that may transfer to this machine."""
        listed = "".join(f"  - id: {other.name}\n"
                         f"    address: 127.0.0.1@{other.port}\n" for other in remotes)
        extra = "acl:\n  - id: local\n    address: 127.0.0.1\n    action: [transfer, notify]\n"
        if listed:
            extra = f"remote:\n{listed}" + extra
        return self.knot(name, extra=extra, zone={APEX: f"    acl: local\n{zone}"}
                         if "zones" in more else None, **more)


class HostedAndExported(Recipes):
    """Others serve what steerctl exports."""

    def setUp(self):
        super().setUp()
        self.records = self.store()
        self.records.ok("import", self.zone_file)
        self.exported = self.path("exported.zone")
        self.export(self.records, self.exported)

    def follow_change(self, hosted, primary, secondary):
        for number in range(3):
            self.records.ok("set", f"new{number}.{APEX}", "A", f"198.51.100.{number}")
            self.export(self.records, self.exported)
            primary.control("zone-reload", APEX)
            serial = json.loads(self.records.ok("--json", "zone", "show", APEX))["serial"]
            self.assertEqual(serial, 8 + number)
            self.follow(APEX, serial, [primary, secondary])
            self.served(hosted, f"new{number}.{APEX}", A)
            self.zone.add(labels(f"new{number}.{APEX}"), A, f"198.51.100.{number}")
            self.equal(secondary, hosted, transports=(UDP,))
        self.assertEqual(len(secondary.log.lines("IXFR, incoming.*finished")), 3)
        self.assertEqual(len(secondary.log.lines("AXFR, incoming.*finished")), 1)

    def test_from_another_server(self):
        secondary = self.server("secondary", zones={APEX: self.path("secondary.zone")},
                                zone="    master: primary\n")
        primary = self.server("primary", zones={APEX: self.exported}, remotes=[secondary],
                              zone="    notify: secondary\n    journal-content: changes\n"
                                   "    zonefile-load: difference\n")
        secondary.extra = f"remote:\n  - id: primary\n    address: 127.0.0.1@{primary.port}\n" + \
            secondary.extra
        hosted = self.knot("hosted", store=self.records.directory).start()
        primary.start(wait=False)
        secondary.start(wait=False)
        self.follow(APEX, 7, [primary, secondary])
        self.equal(secondary, hosted)
        self.follow_change(hosted, primary, secondary)

    def test_from_the_same_server(self):
        """The store answers, Knot transfers the file that was exported."""
        secondary = self.server("secondary", zones={APEX: self.path("secondary.zone")},
                                zone="    master: hosted\n")
        hosted = self.server("hosted", zones={APEX: self.exported}, store=self.records.directory,
                             remotes=[secondary],
                             zone="    notify: secondary\n    journal-content: changes\n"
                                  "    zonefile-load: difference\n")
        secondary.extra = f"remote:\n  - id: hosted\n    address: 127.0.0.1@{hosted.port}\n" + \
            secondary.extra
        hosted.start(wait=False)
        secondary.start(wait=False)
        self.follow(APEX, 7, [secondary])
        self.follow_change(hosted, hosted, secondary)
        self.records.ok("set", f"early.{APEX}", "A", "198.51.100.9")
        self.served(hosted, f"early.{APEX}", A)
        mark = len(secondary.log)
        secondary.control("zone-refresh", APEX)  # Too early: the file is older than the answers.
        secondary.log.wait("refresh, remote.*(up-to-date|outdated|updated|failed)", since=mark)
        self.assertEqual(ask(secondary, labels(f"early.{APEX}"), A).rcode, NXDOMAIN)
        self.assertEqual(ask(secondary, labels(f"mail.{APEX}"), A).rcode, NOERROR)
        self.export(self.records, self.exported)
        hosted.control("zone-reload", APEX)
        self.served(secondary, f"early.{APEX}", A)


class Moved(Recipes):
    """Between zone files of Knot and the store, without a gap."""

    def setUp(self):
        super().setUp()
        self.records = self.store()
        self.oracle = self.knot("oracle", zones={APEX: self.zone_file}).start()
        self.steer = self.server("steer", zones={APEX: self.zone_file},
                                 store=self.records.directory).start()

    def watch(self):
        return [Watcher(self.steer, name, rrtype) for name, rrtype in
                ((APEX, A), (f"www.{APEX}", A), (APEX, SOA), (f"no.{APEX}", A), (APEX, MX))]

    def undisturbed(self, watchers):
        for watcher in watchers:
            self.assertEqual(watcher.end(), [])
            self.assertGreater(watcher.asked, 10)

    def counted(self):
        """Answers of mod-steer."""
        return sum(self.steer.stats("mod-steer.answer").values())

    def flushed(self):
        """The zone as Knot serves it."""
        self.steer.control("-b", "zone-flush", "+outdir", self.path("move"), APEX)
        return self.path("move", os.path.basename(self.steer.zones[APEX]))

    def test_into_the_store(self):
        watchers = self.watch()
        self.steer.control("-b", "zone-freeze", APEX)
        file = self.flushed()
        self.assertEqual(self.counted(), 0)
        self.records.ok("import", file)
        until("answers from the store", self.counted)
        result = self.records.run("import", "--dry-run", self.flushed())
        self.assert_status(result, 0)
        self.assertEqual(result.out, "")
        self.equal(self.oracle, self.steer)
        self.assertEqual(self.transfer(self.steer).get_soa().serial, 7)

        self.steer.zones, self.steer.zone = {}, {}
        self.steer.reload()
        self.assertEqual(self.steer.control("zone-status").strip(), "")
        self.undisturbed(watchers)
        self.equal(self.oracle, self.steer)
        with self.assertRaises(dns.query.TransferError):
            self.transfer(self.steer)

    def test_a_change_between_is_seen(self):
        """The comparison before the zone is removed finds what came after the flush."""
        file = self.flushed()
        self.records.ok("import", file)
        self.steer.control("zone-begin", APEX)
        self.steer.control("zone-set", APEX, "late", "300", "A", "192.0.2.9")
        self.steer.control("zone-commit", APEX)
        again = self.flushed()
        result = self.records.run("import", "--dry-run", again)
        self.assertIn(f"+late.{APEX}", result.out.replace(" ", ""))
        self.records.ok("import", again)
        self.served(self.steer, f"late.{APEX}", A)
        self.assertEqual(self.records.run("import", "--dry-run", again).out, "")

    def test_into_the_store_and_to_secondaries(self):
        """Knot's zone stays, with the exported file."""
        secondary = self.server("secondary", zones={APEX: self.path("secondary.zone")},
                                zone="    master: steer\n", remotes=[self.steer])
        secondary.start(wait=False)
        self.follow(APEX, 7, [secondary])
        self.steer.control("-b", "zone-freeze", APEX)
        self.records.ok("import", self.flushed())
        exported = self.path("exported.zone")
        self.export(self.records, exported)
        self.steer.zones[APEX] = exported
        self.steer.zone[APEX] += "    zonefile-load: difference\n    journal-content: changes\n" \
                                 "    notify: secondary\n"
        self.steer.extra += f"remote:\n  - id: secondary\n    address: 127.0.0.1@{secondary.port}\n"
        self.steer.reload()
        self.steer.control("-b", "zone-thaw", APEX)
        self.records.ok("set", f"www2.{APEX}", "A", "198.51.100.1")
        self.export(self.records, exported)
        self.steer.control("zone-reload", APEX)
        self.follow(APEX, 8, [secondary])
        self.served(secondary, f"www2.{APEX}", A)
        self.assertEqual(self.records.run("import", "--dry-run", exported).out, "")

    def test_secondaries_stop_following(self):
        """They keep what they have; the next change does not reach them."""
        secondary = self.server("secondary", zones={APEX: self.path("secondary.zone")},
                                zone="    master: steer\n", remotes=[self.steer])
        secondary.start(wait=False)
        self.follow(APEX, 7, [secondary])
        self.records.ok("import", self.flushed())
        self.steer.zones, self.steer.zone = {}, {}
        self.steer.reload()
        mark = len(secondary.log)
        secondary.control("zone-refresh", APEX)
        secondary.log.wait("zone is up-to-date", since=mark)
        self.records.ok("set", f"www2.{APEX}", "A", "198.51.100.1")
        self.served(self.steer, f"www2.{APEX}", A)
        secondary.control("zone-refresh", APEX)
        secondary.log.wait("refresh.*(failed|not usable)", since=mark)
        self.assertEqual(ask(secondary, labels(f"www2.{APEX}"), A).rcode, NXDOMAIN)
        self.assertEqual(ask(secondary, labels(f"mail.{APEX}"), A).rcode, NOERROR)

    def test_and_back(self):
        self.records.ok("import", self.flushed())
        self.steer.zones, zones = {}, self.steer.zones
        self.steer.zone, sections = {}, self.steer.zone
        self.steer.reload()
        self.records.ok("set", APEX, "A", "198.51.100.1")
        self.served(self.steer, APEX, A, value=bytes((198, 51, 100, 1)))
        watchers = self.watch()

        exported = self.path("back.zone")
        self.export(self.records, exported)
        self.steer.zones, self.steer.zone = dict.fromkeys(zones, exported), sections
        self.steer.reload()
        until("the zone being loaded", lambda: self.steer.serial(APEX) == 8)
        file = self.flushed()
        self.assertEqual(self.records.run("import", "--dry-run", file).out, "")
        self.records.ok("zone", "delete", APEX, "--force")
        until("answers of Knot", self.quiet)
        self.undisturbed(watchers)
        self.assertEqual(self.transfer(self.steer).get_soa().serial, 8)
        for server in (self.oracle, self.steer):
            answer = ask(server, labels(f"missing.{APEX}"), TXT)
            self.assertEqual((answer.rcode, answer.aa), (NXDOMAIN, True))

    def quiet(self):
        """Whether mod-steer has left a query to Knot."""
        before = self.counted()
        return ask(self.steer, labels(f"mail.{APEX}"), A).rcode == NOERROR and \
            self.counted() == before

    def test_a_deleted_zone_without_knots(self):
        """The order matters: deleted first, nobody serves it."""
        self.records.ok("import", self.flushed())
        self.steer.zones, self.steer.zone = {}, {}
        self.steer.reload()
        self.records.ok("zone", "delete", APEX, "--force")
        self.served(self.steer, APEX, A, rcode=REFUSED)
