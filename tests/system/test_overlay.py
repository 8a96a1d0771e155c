# SPDX-License-Identifier: GPL-3.0-or-later
"""An overlay on a secondary of another server, with NOTIFY and IXFR flowing.

Every answer is held against that of a second secondary without mod-steer: what the overlay does not
hold must be the same to the byte.
"""

import json

import dns.query
import dns.rdatatype
import dns.rcode
import dns.update
import dns.zone

from steer import env
from steer.beside import Beside, zone_lines
from steer.client import ask
from steer.differ import ALL_TRANSPORTS, TCP, UDP
from steer.layers import Layers, Overlay
from steer.wait import until
from steer.wire import NOERROR, NXDOMAIN, PLAIN, TYPES, labels, opt
from steer.zonemodel import Zone

A, AAAA, MX, SOA, TXT, CNAME, ANY, NS = (
    TYPES[t] for t in ("A", "AAAA", "MX", "SOA", "TXT", "CNAME", "ANY", "NS"))
APEX = "ex.test."
DIGEST = "0123456789ABCDEF" * 4
# A company's zone at its primary.
LINES = (
    "@ MX 10 mail", "@ MX 20 mx.elsewhere.test.", "@ TXT \"v=spf1 mx -all\"",
    "mail A 192.0.2.1", "mail AAAA 2001:db8::1", "_sip._tcp SRV 1 2 5060 mail",
    "www CNAME @", "ftp CNAME www", "home CNAME nowhere", "shop CNAME app", "gone CNAME nothing",
    "away CNAME www.elsewhere.test.", "toover CNAME over", "toent CNAME ent",
    "tohost CNAME host.child", "tochild CNAME other.child", "tomany CNAME many",
    "tomail CNAME mail", "towild CNAME z.wild", "tolast CNAME last", "toold CNAME host.old",
    "one CNAME two",
    "two CNAME three", "three CNAME @", "loop CNAME pool", "pool CNAME loop", "first CNAME second",
    "second CNAME mail", "zero CNAME first", "bad CNAME worse", "worse CNAME bad",
    "app A 192.0.2.2", "app 60 TXT app", "over A 192.0.2.3", "over TXT over",
    "a.deep.tree A 192.0.2.4", "*.wild A 192.0.2.5", "*.wild MX 10 mail", "*.cloud CNAME @",
    "child NS ns.child", "child NS ns.elsewhere.test.", "ns.child A 192.0.2.6",
    f"child DS 1 8 2 {DIGEST}", "old DNAME @", "moved DNAME elsewhere.test.",
    *(f"c{n} CNAME c{n + 1}" for n in range(1, 9)), "c9 CNAME @",          # Knot follows five.
    *(f"d{n} DNAME d{n + 1}" for n in range(1, 7)), "d7 DNAME @",
    "big TXT " + " ".join(f"\"{n:0200d}\"" for n in range(8)),
)
# The overlay.
HELD = (
    "@ 60 A 198.51.100.1", "@ 60 A 198.51.100.2",       # The reason for all this.
    "app 60 A 198.51.100.3", "app 60 AAAA 2001:db8::3", # One in place of Knot's, one beside it.
    "new 60 A 198.51.100.4", "x.ent 60 A 198.51.100.5", # Names that Knot does not have.
    "nowhere 60 A 198.51.100.6",                        # The end of a chain that led nowhere.
    "over 60 CNAME new", "last 60 CNAME over",          # In place of all that Knot has there.
    "second 60 A 198.51.100.10", "cc1 60 CNAME cc2", "cc2 60 CNAME cc3", "cc3 60 CNAME new",
    "mailed 60 CNAME mail", "ring 60 CNAME gnir", "gnir 60 CNAME ring",
    "post2 60 CNAME post", "pool 60 CNAME last", "out 60 CNAME www.elsewhere.test.",
    "post 60 MX 5 new", "post 60 MX 6 mail", "b.deep.tree 60 TXT \"in the tree\"",
    "z.wild 60 TXT \"below a wildcard\"", "z.cloud 60 A 198.51.100.7",
    "host.child 60 A 198.51.100.8", "host.old 60 A 198.51.100.9",
    "many 60 TXT " + " ".join(f"\"{n:0200d}\"" for n in range(8)),
)


class OnASecondary(Beside):

    def serve(self, lines=LINES, held=HELD, apex=APEX, **more):
        self.overlay = Overlay(apex, *held)
        self.records = self.overlay.put(self.store())
        self.lines = lines
        self.chain((apex, zone_lines(apex, *lines)), store=self.records, **more)

    def names(self, *more):
        """Names of the zone, of the overlay and around both."""
        zone = Zone.read(self.files[APEX], APEX)
        for name, types in self.overlay.records.items():
            for rrtype in types:
                zone.add(name, rrtype, "")
        return zone.questions() + [labels(f"{word}.{APEX}") for word in more]

    def compare(self, *more, names=None, types=None, transports=ALL_TRANSPORTS):
        layers = Layers(self.plain, self.steer, self.overlay)
        layers.compare(self.names(*more) if names is None else names, types, transports).check()
        return layers

    def address_of(self, name, **more):
        answer = ask(self.steer, labels(name), A, **more)
        self.assertEqual(answer.rcode, NOERROR, answer)
        return {".".join(str(byte) for byte in rdata) for rdata in answer.values(A)}


class Answers(OnASecondary):

    def test_all_names_and_types(self):
        self.serve()
        layers = self.compare("y.wild", "y.cloud", "y.x.ent", "x.nowhere",
                              *(f"{word}.d{n}" for n in range(1, 8)
                                for word in ("new", "www", "cc1", "x.ent", "ent", "second")))
        print(f"     {layers.asked:9d}  questions: {layers.same} as Knot to the byte, {layers.own} "
              f"with the overlay in them, {layers.truncated} of these truncated")
        self.assertGreater(layers.own, 1000)
        self.assertGreater(layers.same, 10 * 1000)
        self.assertGreater(layers.truncated, 0)

    def test_what_people_want_it_for(self):
        """By hand, without the model."""
        self.serve()
        apex = ask(self.steer, labels(APEX), A)
        self.assertEqual((apex.rcode, apex.aa, len(apex.answer), apex.authority),
                         (NOERROR, True, 2, []))
        self.assertEqual(self.address_of(APEX), {"198.51.100.1", "198.51.100.2"})
        www = ask(self.steer, labels(f"ftp.{APEX}"), A)
        self.assertEqual([rr[0] for rr in www.answer],
                         [labels(f"ftp.{APEX}"), labels(f"www.{APEX}"), labels(APEX), labels(APEX)])
        self.assertEqual(www.authority, [])
        for rrtype, count in ((SOA, 1), (NS, 2), (MX, 2), (TXT, 1)):
            answer = ask(self.steer, labels(APEX), rrtype)
            self.assertEqual((answer.rcode, answer.aa, len(answer.answer)), (NOERROR, True, count))
            self.assertEqual(answer.message, ask(self.plain, labels(APEX), rrtype).message)
        for name in ("new", "ent", "x.ent"):
            answer = ask(self.steer, labels(f"{name}.{APEX}"), TXT)
            self.assertEqual((answer.rcode, answer.aa, answer.answer), (NOERROR, True, []))
            self.assertEqual([rr[1] for rr in answer.authority], [SOA])
            self.assertEqual(ask(self.plain, labels(f"{name}.{APEX}"), TXT).rcode, NXDOMAIN)
        self.assertEqual(ask(self.steer, labels(f"y.new.{APEX}"), A).rcode, NXDOMAIN)

    def test_a_chain_through_a_held_name(self):
        """It continues from the overlay, not from Knot's zone."""
        self.serve()
        for name in ("second", "first", "zero"):
            answer = ask(self.steer, labels(f"{name}.{APEX}"), A)
            self.assertEqual(answer.values(A), {bytes((198, 51, 100, 10))}, answer)

    def test_cookies_and_identity(self):
        """An EDNS option of Knot's own is in answers of both kinds."""
        self.serve()
        nsid = (1, opt(1232, options=b"\0\3\0\0"))
        for name in (APEX, f"new.{APEX}", f"mail.{APEX}", f"ent.{APEX}", f"www.{APEX}"):
            for tcp in (False, True):
                below = ask(self.plain, labels(name), A, nsid, tcp)
                above = ask(self.steer, labels(name), A, nsid, tcp)
                self.assertEqual(len(above.additional), len(below.additional), name)
                self.assertEqual([rr[:4] for rr in above.additional],
                                 [rr[:4] for rr in below.additional])

    def test_answers_that_do_not_fit(self):
        """A big set at the end of Knot's chain is truncated, and complete over TCP."""
        held = [f"@ 60 A 198.51.100.{n}" for n in range(200)]
        self.serve(held=held)
        for name in (APEX, f"www.{APEX}", f"ftp.{APEX}", f"y.cloud.{APEX}"):
            for edns in (PLAIN, (1, opt(512)), (1, opt(1232))):
                answer = ask(self.steer, labels(name), A, edns)
                self.assertEqual((answer.rcode, answer.aa, answer.tc), (NOERROR, True, True), name)
                self.assertEqual(len(answer.additional), edns[0])
                self.assertEqual(answer.authority, [])
                limit = 1232 if edns[1][3:5] == b"\x04\xd0" else 512
                self.assertLessEqual(len(answer.message), limit)
                self.assertEqual(len(self.address_of(name, edns=edns, tcp=True)), 200)
        for room in range(512, 3500):  # Wherever the end of the message comes.
            answer = ask(self.steer, labels(f"www.{APEX}"), A, (1, opt(room)))
            self.assertEqual((answer.rcode, answer.additional[0][1]), (NOERROR, TYPES["OPT"]))

    def test_a_type_in_place_of_all_is_counted_once(self):
        """mod-stats counts an answer of the overlay like one of Knot's."""
        self.serve()
        names = [labels(f"{name}.{APEX}") for name in ("mail", "missing", "y.wild", "host.child")]
        self.assertEqual(self.steer.stats(), self.plain.stats())
        for server in (self.plain, self.steer):
            for name in names:
                ask(server, name, MX)
        self.assertEqual(self.steer.stats(), self.plain.stats())
        before = self.steer.stats()
        ask(self.steer, labels(APEX), A)
        after = self.steer.stats()
        counted = {key: after[key] - before.get(key, 0) for key in after
                   if after[key] != before.get(key, 0)}
        self.assertEqual(counted["mod-stats.response-code[NOERROR]"], 1)
        self.assertEqual(counted["mod-stats.server-operation[query]"], 1)


class Changes(OnASecondary):

    def test_of_the_overlay(self):
        """Live, and only for what changed."""
        self.serve()
        self.records.ok("set", f"mail.{APEX}", "A", "--ttl", "60", "198.51.100.20")
        self.overlay.add("mail 60 A 198.51.100.20")
        self.served(self.steer, f"mail.{APEX}", A, value=bytes((198, 51, 100, 20)))
        self.compare(transports=(UDP,))
        self.records.ok("del", f"new.{APEX}")
        del self.overlay.records[labels(f"new.{APEX}")]
        self.served(self.steer, f"new.{APEX}", A, rcode=NXDOMAIN)
        self.compare("new", transports=(UDP, TCP))
        self.records.ok("del", APEX, "A")
        del self.overlay.records[labels(APEX)]
        self.records.ok("del", f"over.{APEX}")
        del self.overlay.records[labels(f"over.{APEX}")]
        self.served(self.steer, f"over.{APEX}", TXT, value=b"\x04over")
        self.compare("new", transports=(UDP, TCP))

    def test_of_the_overlay_as_a_whole(self):
        """Created beside the running server; deleted: Knot's answers again."""
        store = self.store()
        self.overlay = Overlay(APEX)
        self.chain((APEX, zone_lines(APEX, *LINES)), store=store)
        self.assertEqual(self.compare(transports=(UDP,)).own, 0)
        for _ in range(2):
            self.overlay = Overlay(APEX, *HELD)
            self.overlay.put(store)
            self.served(self.steer, f"many.{APEX}", TXT)
            self.assertGreater(self.compare(transports=(UDP,)).own, 100)
            result = store.run("zone", "delete", APEX)
            self.assert_status(result, 1, "--force")
            store.ok("zone", "delete", APEX, "--force")
            names = self.names()
            self.overlay = Overlay(APEX)
            self.served(self.steer, f"many.{APEX}", TXT, rcode=NXDOMAIN)
            self.assertEqual(self.compare(names=names, transports=(UDP,)).own, 0)

    def test_an_empty_overlay_changes_nothing(self):
        self.serve(held=())
        names = self.names()
        if env.KNOT_VERSION >= (3, 4):
            # Which takes this for the wildcard, and denies the apex that its CNAME leads to; with
            # an overlay, even an empty one, the apex exists.
            names.remove((b"*\0", *labels(f"cloud.{APEX}")))
        self.assertEqual(self.compare(names=names).own, 0)
        self.records.ok("zone", "delete", APEX)

    def test_of_the_zone_below(self):
        """The host's zone changes under the overlay, which hides what it holds and no more."""
        self.serve()
        self.change(APEX, "set new 300 A 192.0.2.20", "set new 300 TXT both",
                    "set later 300 CNAME @", "unset app 300 TXT", "unset old", "unset child")
        self.assertEqual(self.address_of(f"new.{APEX}"), {"198.51.100.4"})
        self.compare("later", transports=(UDP, TCP))
        self.rewrite(APEX, zone_lines(APEX, *self.lines[:8], serial=50), 50)
        self.compare("later")

    def test_of_the_zone_below_come_by_ixfr(self):
        self.serve()
        self.change(APEX, "set new 300 A 192.0.2.20")
        self.rewrite(APEX, zone_lines(APEX, *self.lines[:8], serial=50), 50)
        for server in self.secondaries:
            # Knot serves a zone before it logs that it has come.
            until("three transfers", lambda server=server: len(server.transfers_in()) == 3)
            self.assertEqual(server.transfers_in(), ["AXFR", "IXFR", "IXFR"])
            self.assertFalse(server.log.lines("AXFR, incoming.*fallback"))

    def test_of_both_in_turn(self):
        self.serve()
        for number in range(12):
            self.change(APEX, f"set turn{number} 300 CNAME step{number}",
                        f"set step{number} 300 TXT below")
            self.records.ok("set", f"step{number}.{APEX}", "A", "--ttl", "60",
                            f"198.51.100.{number}")
            self.overlay.add(f"step{number} 60 A 198.51.100.{number}")
            self.served(self.steer, f"step{number}.{APEX}", A)
            self.compare(names=[labels(f"{word}{n}.{APEX}") for n in range(number + 2)
                                for word in ("turn", "step")], transports=(UDP,))


    def test_of_the_mode(self):
        """A hosted zone becomes an overlay and one again, by the YAML that says so."""
        store = self.store()
        whole = self.file("whole.zone", zone_lines(APEX, "www A 203.0.113.1",
                                                   "a.b.c A 203.0.113.2"))
        store.ok("import", "--zone", APEX, whole)
        hosted = store.ok("export", "--format", "yaml", APEX)
        self.chain((APEX, zone_lines(APEX, *LINES)), store=store)
        self.overlay = Overlay(APEX, "a.b.c 60 A 203.0.113.2", "@ 60 A 203.0.113.3")
        over = self.file("over.yaml", f"zone: {APEX}\nmode: overlay\nttl: 60\nrecords:\n"
                         "  \"@\": {type: A, values: [203.0.113.3]}\n"
                         "  a.b.c: {type: A, values: [203.0.113.2]}\n")
        for _ in range(2):
            self.served(self.steer, f"mail.{APEX}", A, rcode=NXDOMAIN)
            self.assertEqual(ask(self.steer, labels(f"b.c.{APEX}"), TXT).rcode, NOERROR)
            store.ok("import", over)
            self.served(self.steer, f"mail.{APEX}", A)
            self.compare(transports=(UDP, TCP))
            self.assertEqual(store.run("check").out, "")
            self.assert_status(store.run("import", self.file("hosted.yaml", hosted)), 1, "mode")
            store.ok("import", self.file("hosted.yaml", hosted.replace(
                "\n", "\nmode: authoritative\n", 1)))
            self.assertEqual(store.run("check").out, "")


class KnotsBusiness(OnASecondary):
    """Everything but plain queries is Knot's."""

    def transfer(self, server, **more):
        zone = dns.zone.from_xfr(dns.query.xfr("127.0.0.1", APEX, port=server.port, lifetime=60,
                                               **more))
        return sorted(zone.to_text().splitlines())

    def test_transfers(self):
        self.serve()
        self.assertEqual(self.transfer(self.steer), self.transfer(self.primary))
        self.assertNotIn("198.51.100", "\n".join(self.transfer(self.steer)))

    def test_incremental_transfers(self):
        self.serve()
        self.change(APEX, "set more 300 A 192.0.2.30")
        answers = []
        for server in (self.plain, self.steer):
            messages = dns.query.xfr("127.0.0.1", APEX, rdtype=dns.rdatatype.IXFR, serial=1,
                                     port=server.port, lifetime=60)
            answers.append([rrset.to_text() for message in messages for rrset in message.answer])
        self.assertEqual(*answers)
        self.steer.log.wait("IXFR.*serial 1 -> 2")

    def test_a_secondary_of_the_secondary(self):
        """It gets Knot's zone, and follows it."""
        self.serve()
        third = self.knot("third", zones={APEX: self.path("third.zone")},
                          primary=self.steer).start(wait=False)
        self.follow(APEX, 1, [third])
        serial = self.change(APEX, "set more 300 A 192.0.2.30")
        third.control("zone-refresh", APEX)
        self.follow(APEX, serial, [third])
        self.assertEqual(ask(third, labels(f"new.{APEX}"), A).rcode, NXDOMAIN)

    def test_updates(self):
        """Forwarded to the primary, which sends them back by IXFR."""
        self.serve()
        update = dns.update.Update(APEX)
        update.replace("added", 300, "A", "192.0.2.40")
        update.replace("new", 300, "TXT", "\"below the overlay\"")
        reply = dns.query.tcp(update, "127.0.0.1", port=self.steer.port, timeout=60)
        self.assertEqual(reply.rcode(), dns.rcode.NOERROR)
        self.follow(APEX, 2)
        self.assertEqual(self.address_of(f"added.{APEX}"), {"192.0.2.40"})
        self.compare("added", transports=(UDP,))

    def test_other_classes_and_operations(self):
        self.serve()
        for opcode, rclass, flags in ((0, 3, 0), (0, 255, 0), (2, 1, 0), (4, 1, 0x400),
                                      (0, 1, 0x100), (0, 1, 0x20), (0, 1, 0x10)):
            for name in (f"mail.{APEX}", f"missing.{APEX}"):
                replies = [ask(server, labels(name), A, opcode=opcode, rclass=rclass,
                               flags=flags).message for server in (self.plain, self.steer)]
                self.assertEqual(*replies, f"{name} {opcode} {rclass} {flags}")
        for opcode, rclass in ((2, 1), (0, 3)):
            replies = [ask(server, labels(APEX), A, opcode=opcode, rclass=rclass).message
                       for server in (self.plain, self.steer)]
            self.assertEqual(*replies)

    def test_any(self):
        """Knot's, at any name of its zone."""
        self.serve()
        for name in ("mail", "app", "over", "@", "missing", "new"):
            name = labels(APEX if name == "@" else f"{name}.{APEX}")
            below, above = (ask(server, name, ANY) for server in (self.plain, self.steer))
            self.assertEqual(above.answer, below.answer)


class Rules(OnASecondary):
    """What an overlay refuses to hold."""

    def test_refused_record_sets(self):
        store = self.store()
        store.ok("zone", "create", APEX, "--overlay")
        refused = (
            (APEX, "SOA", f"ns.{APEX} admin.{APEX} 1 2 3 4 5"),
            (f"sub.{APEX}", "NS", "ns.elsewhere.test"),
            (f"sub.{APEX}", "DNAME", "elsewhere.test"),
            (APEX, "DNAME", "elsewhere.test"),
            (f"*.{APEX}", "A", "192.0.2.1"),
            (f"*.sub.{APEX}", "TXT", "any"),
            (APEX, "CNAME", "elsewhere.test"),
            (APEX, "DNSKEY", "257 3 13 AAAA"),
        )
        for name, rrtype, value in refused:
            self.assert_status(store.run("set", name, rrtype, value), 1, ".")
        for name, rrtype, value in ((f"x.*.{APEX}", "A", "192.0.2.1"), (APEX, "A", "192.0.2.1"),
                                    (APEX, "HTTPS", "0 elsewhere.test"), (APEX, "MX", "1 mail"),
                                    (APEX, "CAA", "0 issue \"ca.test\""),
                                    (f"www.{APEX}", "CNAME", "elsewhere.test")):
            store.ok("set", name, rrtype, value)
        self.assert_status(store.run("set", f"www.{APEX}", "A", "192.0.2.1"), 1, "CNAME")
        self.assertEqual(store.run("check").status, 0, store.run("check").out)

    def test_commands(self):
        store = self.store()
        self.assert_status(store.run("zone", "create", APEX, "--overlay", "--ns", "ns.test"), 2,
                           "--overlay")
        store.ok("zone", "create", "full.test", "--ns", "ns.test")
        store.ok("zone", "create", APEX, "--overlay")
        self.assert_status(store.run("zone", "create", APEX, "--overlay"), 1, "exists")
        self.assertEqual(store.ok("zone", "list"), f"{APEX}\toverlay\nfull.test.\n")
        modes = [zone["mode"] for zone in self.json(store, "zone", "list")]
        self.assertEqual(modes, ["overlay", "authoritative"])
        self.assertRegex(store.ok("zone", "show", APEX), r"mode: +overlay")
        shown = self.json(store, "zone", "show", APEX)
        self.assertEqual((shown["mode"], shown["serial"], shown["record_sets"]),
                         ("overlay", None, 0))
        store.ok("set", f"new.{APEX}", "A", "192.0.2.1")
        self.assertEqual(store.ok("list", APEX), f"new.{APEX}\tA\t300\t192.0.2.1\n")
        self.assertIn("192.0.2.1", store.ok("get", f"new.{APEX}"))
        self.assert_status(store.run("export", APEX), 1, "overlay")
        self.assertEqual(store.ok("export", "--lossy", APEX), f"new.{APEX}\t300\tA\t192.0.2.1\n")
        self.assert_status(store.run("zone", "delete", APEX), 1, f"new.{APEX}")
        store.ok("zone", "delete", APEX, "--force")

    def test_an_export_fills_another_overlay(self):
        one, other = self.store(name="one"), self.store(name="other")
        Overlay(APEX, *HELD).put(one)
        text = one.ok("export", "--lossy", APEX)
        file = self.file("exported.zone", text)
        self.assert_status(other.run("import", "--zone", APEX, file), 1, "SOA")
        other.ok("zone", "create", APEX, "--overlay")
        other.ok("import", "--merge", "--zone", APEX, file)
        self.assertEqual(other.ok("export", "--lossy", APEX), text)
        self.assertEqual(other.run("check").status, 0)

    def test_yaml_makes_one(self):
        """It gives the mode, so nothing need be there before."""
        one, other = self.store(name="one"), self.store(name="other")
        Overlay(APEX, *HELD).put(one)
        text = one.ok("export", "--format", "yaml", APEX)
        self.assertIn("overlay", text)
        other.ok("import", "--format", "yaml", self.file("exported.yaml", text))
        self.assertEqual(other.ok("export", "--format", "yaml", APEX), text)
        self.assertEqual(other.ok("zone", "list"), f"{APEX}\toverlay\n")

    def test_a_zone_file_with_an_soa(self):
        store = self.store()
        store.ok("zone", "create", APEX, "--overlay")
        file = self.file("whole.zone", zone_lines(APEX, "www A 192.0.2.1"))
        self.assert_status(store.run("import", file), 1, "SOA")
        self.assertEqual(store.ok("list", APEX), "")

    @staticmethod
    def json(store, *words):
        return json.loads(store.ok("--json", *words))
