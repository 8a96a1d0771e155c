# SPDX-License-Identifier: GPL-3.0-or-later
"""Anything but a plain query of class IN is answered as by a host without the module."""

import contextlib
import struct

import dns.message
import dns.name
import dns.query
import dns.tsig
import dns.tsigkeyring
import dns.update
import dns.zone

from steer.case import Case, zone_text
from steer.client import Tcp, Udp, ask, ask_wire
from steer.named import AS_KNOT
from steer.wire import (EDNS_1232, NOERROR, NOTAUTH, REFUSED, TYPES, Answer, labels, opt,
                        question, wire_name)

A, SOA, AXFR, IXFR, TXT, ANY = (TYPES[t] for t in ("A", "SOA", "AXFR", "IXFR", "TXT", "ANY"))
KEY = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
KNOT = {"server": "    identity: same\n    version: same\n    nsid: same\n",
        "zone": {"own.test.": "    acl: [signed, local]\n"}, "extra": f"""
key:
  - id: key
    algorithm: hmac-sha256
    secret: {KEY}
acl:
  - id: signed
    key: key
    action: [transfer, update, notify, query]
  - id: local
    address: 127.0.0.1
    action: transfer
"""}
BIND = {"options": AS_KNOT.format(order="none") + 'version "same"; hostname "same"; '
                   'server-id "same"; allow-transfer { 127.0.0.1; };',
        "zone": {"own.test.": 'type primary; allow-update { key "key"; };'},
        "extra": f'key "key" {{ algorithm hmac-sha256; secret "{KEY}"; }};\n'}


class OtherQueries(Case):
    """The hosted zone is host.test, the host's own is own.test; another host has own.test only."""

    def setUp(self):
        super().setUp()
        records = ("www A 192.0.2.1", "* TXT \"any\"", "sub NS ns.sub", "ns.sub A 192.0.2.3")
        own = self.file("own.zone", zone_text("own.test.", *records))
        store = self.hosted(("host.test.", zone_text("host.test.", *records)))
        options = {"zones": {"own.test.": own}, "knot": KNOT, "bind": BIND}
        self.plain = self.host("plain", **options).start()
        self.steer = self.host("steer", store=store.directory, **options).start()
        self.served(self.steer, "www.host.test", A)

    def same(self, query, what, tcp=False):
        """Both answer a wire query (without id) with the same bytes, or not at all.

        A second question on the same socket is answered after the first one, so there is no
        answer to the first if there is none before."""
        second = question(labels("www.own.test"), A)
        answers = []
        for server in (self.plain, self.steer):
            with contextlib.closing((Tcp if tcp else Udp)(server.address)) as client:
                client.send([query, second])
                answers.append(client.first_of_two())
        if None in answers and answers != [None, None]:
            # An update is answered once the zone has been asked, maybe behind the second question.
            answers = [ask_wire(server.address, query, tcp) for server in (self.plain, self.steer)]
        if answers[0] != answers[1]:
            shown = [str(Answer(a)) if a else "no answer" for a in answers]
            self.assertEqual(*shown, what)
            self.assertEqual(*answers, what)
        return answers[0]

    def test_other_operations(self):
        for opcode in range(1, 16):
            for name in ("host.test", "www.host.test", "own.test", "other.test"):
                for rrtype in (A, SOA):
                    for tcp in (False, True):
                        self.same(question(labels(name), rrtype, opcode=opcode),
                                  f"opcode {opcode}, {name}", tcp)

    def test_other_classes(self):
        for rclass in (0, 2, 3, 4, 254, 255, 65280):
            for name in ("www.host.test", "host.test", "version.bind", "id.server", "own.test"):
                for rrtype in (A, TXT, SOA, ANY):
                    self.same(question(labels(name), rrtype, rclass=rclass),
                              f"class {rclass}, {name}")

    def test_malformed_messages(self):
        name = wire_name(labels("www.host.test"))
        header = struct.pack("!HHHHH", 0, 1, 0, 0, 0)
        question_rr = name + struct.pack("!HH", A, 1)
        for what, query in {
                "no question": struct.pack("!HHHHH", 0, 0, 0, 0, 0),
                "two questions": struct.pack("!HHHHH", 0, 2, 0, 0, 0) + question_rr * 2,
                "cut": header + question_rr[:-3],
                "an answer": struct.pack("!HHHHH", 0x8000, 1, 0, 0, 0) + question_rr,
                "a header": header[:6],
                "two OPT RRs": struct.pack("!HHHHH", 0, 1, 0, 0, 2) + question_rr + opt(1232) * 2,
                "a bad name": header + b"\x40" + question_rr[1:],
                "a compression loop": header + b"\xc0\x0c" + struct.pack("!HH", A, 1),
        }.items():
            self.same(query, what)

    def test_bytes_behind_a_message(self):
        self.same(question(labels("www.host.test"), A) + b"more", "bytes behind")

    def test_edns_of_hosted_answers(self):
        """Versions, options and sizes: as for the host's own zone."""
        for what, edns in {
                "version 1": (1, opt(1232, 0x00010000)), "NSID": (1, opt(1232, 0, b"\0\3\0\0")),
                "DO": (1, opt(1232, 0x8000)), 
                "an unknown option": (1, opt(1232, 0, b"\xff\x01\0\2ab")),
                "size 0": (1, opt(0)), "size 65535": (1, opt(65535)),
                "client subnet": (1, opt(1232, 0, b"\0\x08\0\x07\0\1\x18\0\xc0\0\2")),
                "a broken option": (1, opt(1232, 0, b"\0\3\0\xff")),
                "padding": (1, opt(1232, 0, b"\0\x0c\0\4\0\0\0\0")),
        }.items():
            for name, rrtype in (("www", A), ("missing.www", A), ("www", TXT), ("x.sub", A),
                                 ("any.thing", TXT)):
                for tcp in (False, True):
                    own, host = (Answer(ask_wire(
                        self.steer.address,
                        question(labels(f"{name}.{zone}.test"), rrtype, edns), tcp))
                                 for zone in ("own", "host"))
                    self.assertEqual((own.rcode, own.flags, own.additional[-1:]),
                                     (host.rcode, host.flags, host.additional[-1:]),
                                     f"{what}: {name}")

    def test_header_bits(self):
        """RD, CD, AD and Z come back as the host sends them."""
        for flags in (0x0100, 0x0010, 0x0020, 0x0040, 0x0400, 0x0200, 0x0080, 0x000f, 0x07ff):
            own = ask(self.steer, labels("www.own.test"), A, flags=flags)
            host = ask(self.steer, labels("www.host.test"), A, flags=flags)
            self.assertEqual((own.flags, own.rcode), (host.flags, host.rcode), hex(flags))

    def test_transfers_of_a_hosted_zone(self):
        """Refused just as by a host that does not know the zone."""
        for rrtype in (AXFR, IXFR):
            for tcp in (False, True):
                answer = self.same(question(labels("host.test"), rrtype), f"type {rrtype}", tcp)
                if tcp:
                    self.assertEqual(Answer(answer).rcode, NOTAUTH)

    def test_transfers_of_its_own_zone(self):
        for server in (self.plain, self.steer):
            zone = dns.zone.from_xfr(dns.query.xfr("127.0.0.1", "own.test", port=server.port,
                                                   lifetime=60))
            self.assertEqual(len(zone.nodes), 5)

    def keyring(self):
        return dns.tsigkeyring.from_text({"key": KEY})

    def test_queries_with_tsig(self):
        """Passed on: the host's zone is answered and signed, the hosted one is refused."""
        for name, expected in (("www.own.test", NOERROR), ("www.host.test", REFUSED)):
            codes = []
            for server in (self.plain, self.steer):
                query = dns.message.make_query(name, "A")
                query.use_tsig(self.keyring(), "key", algorithm=dns.tsig.HMAC_SHA256)
                with contextlib.suppress(dns.tsig.PeerError):
                    answer = dns.query.udp(query, "127.0.0.1", port=server.port, timeout=60,
                                           raise_on_truncation=False)
                    codes.append((answer.rcode(), answer.had_tsig, len(answer.answer)))
            self.assertEqual(codes[0], codes[1], name)
            if expected == REFUSED:
                self.assertNotEqual(codes[1][0], NOERROR)

    def test_queries_with_a_broken_tsig(self):
        for name in ("www.own.test", "www.host.test"):
            query = dns.message.make_query(name, "A")
            query.use_tsig(dns.tsigkeyring.from_text({"key": "d3Jvbmd3cm9uZw=="}), "key",
                           algorithm=dns.tsig.HMAC_SHA256)
            self.same(query.to_wire()[2:], f"{name}, wrong key")

    def test_updates_and_notifications(self):
        """UPDATE and NOTIFY of the hosted zone are not for the store."""
        for zone in ("host.test", "own.test"):
            update = dns.update.UpdateMessage(zone)
            update.add("new", 300, "A", "192.0.2.99")
            self.same(update.to_wire()[2:], f"unsigned update of {zone}")
            notify = dns.message.make_query(zone, "SOA")
            notify.set_opcode(dns.opcode.NOTIFY)
            self.same(notify.to_wire()[2:], f"unsigned notify of {zone}")
        self.assertEqual(ask(self.steer, labels("new.host.test"), A).answer, [])

    def test_plain_queries_of_its_own_zone(self):
        """All that the module passes on is byte for byte the host's."""
        for name in ("www.own.test", "missing.sub.own.test", "any.own.test", "own.test", "test",
                     "", "other"):
            for rrtype in (A, TXT, SOA, ANY, TYPES["DS"], TYPES["NS"]):
                for edns in ((0, b""), EDNS_1232):
                    for tcp in (False, True):
                        self.same(question(labels(name), rrtype, edns), name, tcp)
