# SPDX-License-Identifier: GPL-3.0-or-later
"""Of named alone: what it answers itself beside the plugin, views, keys, workers, sizes."""

import os
import socket

import dns.message
import dns.query
import dns.rdatatype
import dns.tsig
import dns.tsigkeyring

from steer.case import zone_text
from steer.client import ask
from steer.named import NamedCase
from steer.wire import EDNS_1232, NOERROR, REFUSED, SERVFAIL, TYPES, labels, opt

A, SOA, TXT, ANY, DS = (TYPES[t] for t in ("A", "SOA", "TXT", "ANY", "DS"))
NOT_READY = 14  # Extended DNS error.
CHAOS = 3


def address(text):
    return socket.inet_aton(text)


def types(section):
    return [rr[1] for rr in section]


class BindAnswers(NamedCase):

    def test_what_is_not_hosted_is_binds(self):
        """Its zones, names of nobody, other classes, transfers."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        own = {"own.test": self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))}
        options = "recursion no; allow-transfer { any; };"
        plain = self.named("plain", zones=own, options=options).start()
        server = self.loaded(self.named("steer", zones=own, store=store.directory,
                                        options=options).start())
        for name in ("example.net", "com", "xexample.com", "", "www.own.test", "x.own.test",
                     "own.test"):
            for rrtype in (A, SOA, TXT, ANY, DS):
                one, other = (ask(each, labels(name), rrtype, EDNS_1232).message
                              for each in (plain, server))
                self.assertEqual(one, other, f"{name} type {rrtype}")
        version = ask(server, labels("version.bind"), TXT, rclass=CHAOS)
        self.assertEqual((version.rcode, types(version.answer)), (NOERROR, [TXT]))
        self.assertEqual(ask(server, labels("www.example.com"), A, rclass=CHAOS).rcode, REFUSED)
        for transferred, rcode in (("own.test.", NOERROR), ("example.com.", 9)):
            query = dns.message.make_query(transferred, dns.rdatatype.AXFR)
            reply = dns.query.tcp(query, "127.0.0.1", port=server.port)
            self.assertEqual(reply.rcode(), rcode, transferred)

    def test_a_failure_is_not_remembered(self):
        """BIND would, for a second."""
        store = self.store("--ns", "ns.example.net.")
        store.ok("import", "--format", "yaml", self.file(
            "zone.yaml", "zone: example.com\nrecords:\n"
            "  out: {type: A, alias: lb.elsewhere.test.}\n"))
        server = self.loaded(self.named(store=store.directory).start())
        for _ in range(2):
            failed = ask(server, labels("out.example.com"), A, EDNS_1232)
            self.assertEqual((failed.rcode, failed.extended_error()), (SERVFAIL, NOT_READY))
        store.ok("set", "out.example.com", "A", "192.0.2.5")
        self.served(server, "out.example.com", A, value=address("192.0.2.5"))

    def test_signed_queries(self):
        """BIND signs the reply; a view that is found by the key has the plugin, too."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        secret = "c3RlZXIgc3RvcmllcyBuZWVkIG5vIHNlY3JldHM="
        server = self.named(
            store=store.directory,
            extra=f'key "k" {{ algorithm hmac-sha256; secret "{secret}"; }};\n',
            views={"keyed": 'match-clients { key "k"; };'})
        self.loaded(server.start())
        self.assertEqual(ask(server, labels("www.example.com"), A).rcode, REFUSED)
        query = dns.message.make_query("www.example.com", "A")
        query.use_tsig(dns.tsigkeyring.from_text({"k": secret}), "k",
                       algorithm=dns.tsig.HMAC_SHA256)
        reply = dns.query.udp(query, "127.0.0.1", port=server.port)
        self.assertTrue(reply.had_tsig)
        self.assertEqual(reply.answer[0][0].to_text(), "192.0.2.1")

    def test_every_size_is_whole_or_truncated(self):
        texts = [f'texts TXT "{str(n) * 40}"' for n in range(12)]
        store = self.hosted(("example.com.", zone_text(
            "example.com.", *texts, *(f"many A 10.0.{n}.1" for n in range(60)),
            *(f"cut NS n{n}.cut\nn{n}.cut A 10.3.{n}.1" for n in range(8)))))
        server = self.loaded(self.named(store=store.directory).start())
        for name, rrtype, count in (("texts", TXT, 12), ("many", A, 60), ("x.cut", A, 8)):
            whole = ask(server, labels(f"{name}.example.com"), rrtype, tcp=True)
            self.assertEqual(len(whole.answer or whole.authority), count)
            seen = set()
            for size in range(512, 1433, 4):
                answer = ask(server, labels(f"{name}.example.com"), rrtype, (1, opt(size)))
                self.assertLessEqual(len(answer.message), size)
                seen.add(answer.tc)
                if not answer.tc:
                    self.assertEqual(len(answer.answer or answer.authority), count)
            self.assertIn(False, seen)
            self.assertIn(True, seen | {name == "x.cut"})


class BindSeveralViews(NamedCase):

    def test_views_share_an_engine(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        server = self.named(store=store.directory, threads=2, views={
            "one": "match-recursive-only yes;", "two": "match-clients { any; };"})
        self.loaded(server.start())
        for flags in (0, 0x100):
            self.assertEqual(ask(server, labels("www.example.com"), A, flags=flags).values(A),
                             {address("192.0.2.1")})
        threads = 0
        for number in os.listdir(f"/proc/{server.pid()}/task"):
            with open(f"/proc/{server.pid()}/task/{number}/comm", encoding="utf-8") as comm:
                threads += comm.read() == "steer\n"
        self.assertEqual(threads, 1)


class BindWorkers(NamedCase):

    def test_more_workers_than_the_plugin_knows(self):
        """It cannot be known whose name it is: SERVFAIL, never REFUSED or another's answer."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        server = self.named(store=store.directory, words=("-n", "4"))  # The last -n counts.
        self.loaded(server.start())
        rcodes = {ask(server, labels("www.example.com"), A).rcode for _ in range(200)}
        self.assertLessEqual(rcodes, {NOERROR, SERVFAIL})
        self.assertIn(SERVFAIL, rcodes)
        server.log.wait("steer: worker . cannot answer")
        self.assertEqual(len(server.log.lines("steer: worker . cannot answer")), 1)
