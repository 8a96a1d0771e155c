# SPDX-License-Identifier: GPL-3.0-or-later
"""How steerd resolves alias targets: what it makes of responses, and whom it asks and believes."""

import contextlib
import os
import re
import shutil
import socket
import subprocess

import dns.dnssec
import dns.message
import dns.rrset

from steer import env
from steer.case import Case, zone_text
from steer.certificates import Authority
from steer.network import Namespace, namespaces_lack
from steer.resolver import NO_ANSWER, Resolver
from steer.resolving import Resolving
from steer.steerdstory import SteerdStory
from steer.wait import until

SOA = "SOA ns.example. mail.example. 1 2 3 4"
LARGE = 200  # Responses of 60 KB.
# Addresses of one name; libunbound 1.22 compresses few of a message's names, so no more would fit.
MANY = 2000
CONNECTIONS = 64  # Over TLS, at the same time.
NO_USE = "FAILURE SERVFAIL, or no answer from the resolver"


def records(knot, zone, of):
    """Records of a zone of knotd, as lines of a zone file."""
    lines = [line.split("] ", 1)[1] for line in knot.control("zone-read", zone).splitlines()]
    return [line for line in lines if f" {of}" in line]


class ResolveStory(SteerdStory):

    def resolver(self, **options):
        resolver = Resolver(**options).start()
        self.addCleanup(resolver.stop)
        return resolver

    def resolving(self, *options):
        resolving = Resolving(*options)
        self.addCleanup(resolving.stop)
        return resolving

    def asking(self, *servers):
        """One that asks these."""
        resolving = self.resolving()
        resolving.configure(*(server.option for server in servers))
        return resolving


class Responses(ResolveStory):

    @staticmethod
    def say_links(resolver, name, records):
        """libunbound believes what is said of the first name of a chain, and asks for each other
        one."""
        for owner in {record.split(" ", 1)[0] for record in records} - {name}:
            resolver.say(owner, *(record for record in records if record.startswith(owner)))

    def test_what_responses_say(self):
        resolver = self.resolver()
        resolver.say("nothing.example.", authority=[f"example. 60 {SOA} 60"])
        resolving = self.asking(resolver)
        cases = {
            "mx": ("MX", ["mx.example. 300 MX 20 B.example.", "mx.example. 300 MX 10 a.example."],
                   [], "RECORDS 300 mx.example. 10 a.example., 20 b.example."),
            "txt": ("TXT", ['txt.example. 86401 TXT "Words" "and more"'], [],
                    'RECORDS 86401 txt.example. "Words" "and more"'),
            "https": ("HTTPS", ["https.example. 60 HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1"], [],
                      "RECORDS 60 https.example. 1 . alpn=h2,h3 ipv4hint=192.0.2.1"),
            "week": ("A", ["week.example. 604801 A 192.0.2.1"], [],
                     "RECORDS 604800 week.example. 192.0.2.1"),
            "unknown": ("TYPE65280", [r"unknown.example. 60 TYPE65280 \# 2 abcd"], [],
                        r"RECORDS 60 unknown.example. \# 2 ABCD"),
            "cname": ("CNAME", ["cname.example. 60 CNAME a.example.", "a.example. 9 A 192.0.2.1"],
                      [], "RECORDS 60 cname.example. a.example."),
            "chain": ("A", ["chain.example. 60 CNAME a.chain.example.",
                            "a.chain.example. 50 CNAME b.chain.example.",
                            "b.chain.example. 70 A 192.0.2.2", "b.chain.example. 70 A 192.0.2.1"],
                      [], "RECORDS 50 b.chain.example. 192.0.2.1, 192.0.2.2"),
            "x.dname": ("A", ["dname.example. 40 DNAME end.example.",
                              "x.dname.example. 0 CNAME x.end.example.",
                              "x.end.example. 70 A 192.0.2.1"],
                        [], "RECORDS 40 x.end.example. 192.0.2.1"),
            "other": ("A", ["stranger.example. 60 A 192.0.2.1"], [], "NODATA 0"),
            "more": ("A", ["more.example. 60 A 192.0.2.1", "stranger.example. 9 A 192.0.2.2"], [],
                     "RECORDS 60 more.example. 192.0.2.1"),
            "low": ("A", ["low.example. 60 A 192.0.2.1", "low.example. 50 A 192.0.2.2"], [],
                    "RECORDS 50 low.example. 192.0.2.1, 192.0.2.2"),
            "zero": ("A", ["zero.example. 0 A 192.0.2.1"], [], "RECORDS 0 zero.example. 192.0.2.1"),
            "empty": ("A", [], [f"example. 7200 {SOA} 9000"], "NODATA 7200"),
            "never": ("A", [], [f"example. 86400 {SOA} 86400"], "NODATA 10800"),
            "soon": ("A", [], [f"example. 7200 {SOA} 30"], "NODATA 30"),
            "lost": ("A", ["lost.example. 20 CNAME nothing.example."], [f"example. 60 {SOA} 60"],
                     "NODATA 20"),
        }
        for name, (rrtype, answer, authority, want) in cases.items():
            with self.subTest(name):
                resolver.say(f"{name}.example.", *answer, authority=authority)
                self.say_links(resolver, f"{name}.example.", answer)
                self.assertEqual(resolving.ask(f"{name}.example", rrtype), want)

    def test_names_without_an_answer(self):
        resolver = self.resolver()
        resolving = self.asking(resolver)
        resolver.say("gone.example.", authority=[f"example. 60 {SOA} 50"], rcode="NXDOMAIN")
        resolver.say("turn.example.", "turn.example. 9 CNAME circle.example.",
                     "circle.example. 9 CNAME turn.example.")
        resolver.say("circle.example.", "circle.example. 9 CNAME turn.example.",
                     "turn.example. 9 CNAME circle.example.")
        resolver.fail("broken.example.", "SERVFAIL")
        resolver.fail("refused.example.", "REFUSED")
        self.assertEqual(resolving.ask("gone.example"), "NXDOMAIN 50")
        for name in "turn", "broken", "refused":
            self.assertEqual(resolving.ask(f"{name}.example"), NO_USE, name)
        self.assertEqual(resolving.ask("a..b"), "FAILURE not a domain name")
        resolver.fail("silent.example.", NO_ANSWER)
        resolving.tell("ask", "silent.example", "A")
        resolver.wait_for("silent.example.", 1)

    def test_names_of_addresses(self):
        resolver = self.resolver()
        resolving = self.asking(resolver)
        for name in "1.0.0.10.in-addr.arpa", "1.2.0.192.in-addr.arpa", 31 * "0." + "f.d.ip6.arpa":
            resolver.say(f"{name}.", f"{name}. 60 PTR host.example.")
            self.assertEqual(resolving.ask(name, "PTR"), f"RECORDS 60 {name}. host.example.")
        self.assertEqual(resolving.ask("1.0.0.127.in-addr.arpa", "PTR"),
                         "RECORDS 10800 1.0.0.127.in-addr.arpa. localhost.")

    def test_nothing_is_cached(self):
        resolver = self.resolver()
        resolving = self.asking(resolver)
        resolver.say("www.example.", "www.example. 300 A 192.0.2.1")
        self.assertEqual(resolving.ask("www.example"), "RECORDS 300 www.example. 192.0.2.1")
        resolver.say("www.example.", authority=[f"example. 60 {SOA} 60"])
        self.assertEqual(resolving.ask("www.example"), "NODATA 60")
        resolver.say("www.example.", authority=[f"example. 50 {SOA} 50"], rcode="NXDOMAIN")
        self.assertEqual(resolving.ask("www.example"), "NXDOMAIN 50")
        resolver.fail("www.example.", "SERVFAIL")
        self.assertEqual(resolving.ask("www.example"), NO_USE)
        resolver.say("www.example.", "www.example. 300 A 192.0.2.2")
        self.assertEqual(resolving.ask("www.example"), "RECORDS 300 www.example. 192.0.2.2")

    def test_large_responses_come_over_tcp(self):
        resolver = self.resolver()
        resolving = self.asking(resolver)
        for count in 100, MANY:
            addresses = [f"10.0.{number // 250}.{number % 250}" for number in range(count)]
            resolver.say(f"n{count}.example.", *(f"n{count}.example. 300 A {address}"
                                                 for address in addresses))
            with self.subTest(count):
                said = resolving.ask(f"n{count}.example")
                self.assertEqual(said, f"RECORDS 300 n{count}.example. " + ", ".join(addresses))
                self.assertEqual(resolver.asked.count((f"n{count}.example.", "A")), 2)

    def test_other_servers_are_asked_at_run_time(self):
        first, second = self.resolver(), self.resolver()
        for number, resolver in enumerate((first, second)):
            resolver.say("www.example.", f"www.example. 300 A 192.0.2.{number}")
        resolving = self.asking(first)
        self.assertEqual(resolving.ask("www.example"), "RECORDS 300 www.example. 192.0.2.0")
        first.fail("www.example.", NO_ANSWER)
        resolving.tell("ask", "www.example", "A")
        first.wait_for("www.example.", 1)
        resolving.configure(second.option)
        resolving.log.wait(r"www\.example A: RECORDS 300 www\.example\. 192\.0\.2\.1")


class OverTls(ResolveStory):

    def setUp(self):
        super().setUp()
        self.authority = Authority(self.path("certificates"))

    def secured(self, *names, authority=None, **options):
        context = (authority or self.authority).context(*names, **options)
        resolver = self.resolver(context=context)
        resolver.say("www.example.", "www.example. 300 A 192.0.2.1")
        return resolver

    def asking(self, *servers):
        resolving = self.resolving("-c", self.authority.file)
        resolving.configure(*servers)
        return resolving

    def test_servers_are_verified(self):
        other = Authority(self.path("other"))
        right = self.secured("dns.example")
        for name, server, want in (
                ("right", f"{right.option}#dns.example", "RECORDS 300 www.example. 192.0.2.1"),
                ("wrong name", f"{right.option}#other.example", "hostname mismatch"),
                ("expired", f"{self.secured('dns.example', days=0).option}#dns.example",
                 "certificate has expired"),
                ("unknown", f"{self.secured('dns.example', authority=other).option}#dns.example",
                 "unable to get local issuer certificate"),
                ("plain", f"{self.resolver().option}#dns.example", "no answer")):
            with self.subTest(name):
                resolving = self.asking(server)
                fault = f"{NO_USE}: TLS with {server}: {want}"
                self.assertEqual(resolving.ask("www.example"),
                                 want if want.startswith("RECORDS") else fault)
        self.assertEqual(right.asked, [("www.example.", "A")])

    def test_many_queries_share_connections(self):
        resolver = self.secured("dns.example")
        resolving = self.asking(f"{resolver.option}#dns.example")
        for number in range(1000):
            resolver.say(f"n{number}.example.", f"n{number}.example. 300 A 192.0.2.1")
            resolving.tell("ask", f"n{number}.example", "A")
        for number in range(1000):
            resolving.log.wait(rf"^n{number}\.example A: RECORDS")
        self.assertLessEqual(resolver.backend.connections, 16)

    def test_a_large_response(self):
        resolver = self.secured("dns.example")
        resolving = self.asking(f"{resolver.option}#dns.example")
        addresses = [f"10.0.{number // 250}.{number % 250}" for number in range(MANY)]
        resolver.say("www.example.", *(f"www.example. 300 A {address}" for address in addresses))
        self.assertEqual(resolving.ask("www.example"),
                         "RECORDS 300 www.example. " + ", ".join(addresses))

    def test_a_server_that_comes_back(self):
        resolver = self.secured("dns.example")
        resolving = self.asking(f"{resolver.option}#dns.example")
        self.assertIn("RECORDS", resolving.ask("www.example"))
        resolver.stop()
        said = resolving.ask("www.example")
        self.assertEqual(said, f"{NO_USE}: TLS with {resolver.option}#dns.example: "
                         "Connection refused")
        resolver.start()
        while "RECORDS" not in resolving.ask("www.example"):
            pass
        resolver.fail("www.example.", "SERVFAIL")
        self.assertEqual(resolving.ask("www.example"), NO_USE)

    def test_a_server_that_closes_connections(self):
        resolver = self.secured("dns.example")
        resolver.few = 3
        resolving = self.asking(f"{resolver.option}#dns.example")
        for number in range(30):
            resolver.say(f"n{number}.example.", f"n{number}.example. 300 A 192.0.2.1")
            self.assertIn("RECORDS", resolving.ask(f"n{number}.example"))
        self.assertGreaterEqual(resolver.backend.connections, 10)

    def test_who_reads_slowly_gets_all(self):
        resolver = self.secured("dns.example")
        resolving = self.asking(f"{resolver.option}#dns.example")
        self.assertIn("RECORDS", resolving.ask("www.example"))
        resolver.say("big.example.", *(f"big.example. 300 TXT {number:0250}"
                                       for number in range(230)))
        port, = resolving.ports()
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.settimeout(env.PATIENCE)
            for number in range(LARGE):  # More than sockets hold.
                query = dns.message.make_query("big.example.", "TXT", id=number).to_wire()
                client.sendall(len(query).to_bytes(2, "big") + query)
            resolver.wait_for("big.example.", 1)
            with client.makefile("rb") as stream:
                for number in range(LARGE):
                    answer = dns.message.from_wire(
                        stream.read(int.from_bytes(stream.read(2), "big")))
                    self.assertEqual((answer.id, len(answer.answer[0])), (number, 230))

    def test_connections_of_others_are_bounded(self):
        resolver = self.secured("dns.example")
        resolving = self.asking(f"{resolver.option}#dns.example")
        self.assertIn("RECORDS", resolving.ask("www.example"))
        port, = resolving.ports()
        with contextlib.ExitStack() as stack:
            others = [stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                      for _ in range(CONNECTIONS + 1)]
            others[0].settimeout(env.PATIENCE / 2)  # The server's is longer.
            self.assertEqual(others[0].recv(1), b"")
            self.assertIn("RECORDS", resolving.ask("www.example"))
            self.assertEqual(others[1].recv(1), b"")
            others[-1].setblocking(False)
            self.assertRaises(BlockingIOError, others[-1].recv, 1)

    def test_one_of_two_servers_is_enough(self):
        wrong, right = self.secured("other.example"), self.secured("dns.example")
        resolving = self.asking(f"{wrong.option}#dns.example", f"{right.option}#dns.example")
        for _ in range(20):
            self.assertIn("RECORDS", resolving.ask("www.example"))
        self.assertEqual(wrong.asked, [])


class Validated(ResolveStory):
    """Answers of a knotd that has signed them."""

    SIGNED = "    dnssec-signing: on\n"

    def setUp(self):
        super().setUp()
        child = self.signed("child", "sub.example.", ["www A 192.0.2.2", "good A 192.0.2.1"])
        key = records(child, "sub.example.", "DNSKEY 257 ")[0].split(" ", 3)[3]
        digest = dns.dnssec.make_ds("sub.example.", dns.rrset.from_text(
            "sub.example.", 300, "IN", "DNSKEY", key)[0], "SHA256").to_text()
        # What has a DS record must be signed: sub.example is, though one signature is of other
        # data, bare.example is not.
        sub = "\n".join(records(child, "sub.example.", ""))
        self.parent = self.signed(
            "parent", "example.", ["www 600 A 192.0.2.1", "chain CNAME www",
                                   "sub NS ns.example.net.", f"sub DS {digest}",
                                   "bare NS ns.example.net.", f"bare DS {digest}",
                                   "free NS ns.example.net."],
            {"sub.example.": sub.replace(" A 192.0.2.2", " A 192.0.2.3"),
             "bare.example.": zone_text("bare.example.", "www A 192.0.2.1"),
             "free.example.": zone_text("free.example.", "www A 192.0.2.1")})
        keys = records(self.parent, "example.", "DNSKEY 257 ")
        self.anchors = self.file("anchors", "\n".join(keys) + "\n")
        self.validating = self.resolving("-a", self.anchors)
        self.trusting = self.resolving()
        for resolving in self.validating, self.trusting:
            resolving.configure(f"127.0.0.1@{self.parent.port}")

    def signed(self, name, apex, lines, others=None):
        """A knotd that signs a zone, and serves others as they are."""
        texts = {apex: zone_text(apex, *lines), **(others or {})}
        return self.knot(name, zones={
            zone: self.file(f"{name}-{zone}zone", text) for zone, text in texts.items()
        }, zone={apex: self.SIGNED}).start()

    def test_what_is_signed_is_believed(self):
        for name, want in (
                ("www.example", "RECORDS 600 www.example. 192.0.2.1"),
                ("chain.example", "RECORDS 300 www.example. 192.0.2.1"),
                ("good.sub.example", "RECORDS 300 good.sub.example. 192.0.2.1"),
                ("www.free.example", "RECORDS 300 www.free.example. 192.0.2.1")):
            with self.subTest(name):
                self.assertEqual(self.validating.ask(name), want)
        self.assertRegex(self.validating.ask("gone.example"), r"^NXDOMAIN \d+$")
        self.assertRegex(self.validating.ask("www.example", "MX"), r"^NODATA \d+$")

    def test_what_is_not_is_bogus(self):
        for name in "www.sub.example", "www.bare.example":
            with self.subTest(name):
                self.assertRegex(self.trusting.ask(name), f"^RECORDS 300 {name}")
                self.assertRegex(self.validating.ask(name),
                                 rf"^FAILURE bogus: validation failure <{name}\. A IN>: .")

    def test_nothing_is_validated_by_other_anchors(self):
        other = self.file("other", "other. IN DS 1 13 2 " + 64 * "0" + "\n")
        resolving = self.resolving("-a", other)
        resolving.configure(f"127.0.0.1@{self.parent.port}")
        self.assertEqual(resolving.ask("www.bare.example"),
                         "RECORDS 300 www.bare.example. 192.0.2.1")

    def test_anchors_are_read_again(self):
        right = self.anchors + ".right"
        shutil.copy(self.anchors, right)
        self.file("anchors", "example. IN DS 1 13 2 " + 64 * "0" + "\n")
        self.validating.tell("reload")
        self.assertIn("FAILURE bogus: ", self.validating.ask("www.example"))
        os.replace(right, self.anchors)
        self.validating.tell("reload")
        self.assertIn("RECORDS", self.validating.ask("www.example"))
        self.file("anchors", "example. A 192.0.2.1\n")
        self.validating.tell("reload")
        self.validating.log.wait("anchors:1:1: not a trust anchor; allowed: DS and DNSKEY records: "
                                 "what was read before stays")
        self.assertIn("RECORDS", self.validating.ask("www.example"))
        self.assertIn("FAILURE bogus: ", self.validating.ask("www.bare.example"))


class Recursion(ResolveStory):
    """The servers of the root, of a domain and of a zone, in a network of their own."""

    def setUp(self):
        super().setUp()
        lacking = namespaces_lack()
        if lacking is not None:
            self.skipTest(f"needs {lacking}")
        self.network = Namespace()
        self.addCleanup(self.network.close)
        self.root = self.server("root", 1, ".", "a.root", "example NS ns.example",
                                "ns.example A 127.0.1.2")
        self.server("domain", 2, "example.", "ns", "zone NS ns.zone", "ns.zone A 127.0.1.3")
        self.zone = self.server("zone", 3, "zone.example.", "ns", "www A 192.0.2.1",
                                "other A 192.0.2.2", "chain 60 CNAME www")
        self.hints = self.file("hints", ". 3600 NS a.root.\na.root. 3600 A 127.0.1.1\n")
        with self.network.inside():
            self.asking = self.resolving("-r", self.hints)
        self.asking.configure("recursion")

    @staticmethod
    def text(apex, host, number, *lines):
        """A zone with its name server."""
        return "\n".join([f"$ORIGIN {apex}", "$TTL 300", f"@ NS {host}",
                          "@ 40 SOA ns.example. mail.example. 1 2 3 4 86400",
                          f"{host} A 127.0.1.{number}", *lines]) + "\n"

    def server(self, name, number, apex, *lines):
        file = self.file(f"{name}.zone", self.text(apex, lines[0], number, *lines[1:]))
        knot = self.knot(name, zones={apex: file}, server=f"    listen: 127.0.1.{number}@53\n")
        with self.network.inside():
            return knot.start()

    @staticmethod
    def queries(knot):
        """How many queries it has answered."""
        return sum(number for name, number in knot.stats().items() if ".request-protocol[" in name)

    def test_delegations_are_cached_and_answers_too(self):
        self.assertEqual(self.asking.ask("www.zone.example"),
                         "RECORDS 300 www.zone.example. 192.0.2.1")
        root, zone = self.queries(self.root), self.queries(self.zone)
        self.assertGreater(root, 0)
        self.assertEqual(self.asking.ask("other.zone.example"),
                         "RECORDS 300 other.zone.example. 192.0.2.2")
        self.assertRegex(self.asking.ask("chain.zone.example"),
                         r"^RECORDS 60 www\.zone\.example\. 192\.0\.2\.1$")
        self.assertEqual(self.queries(self.root), root)
        self.assertGreater(self.queries(self.zone), zone)
        zone = self.queries(self.zone)
        ttl = int(re.match(r"RECORDS (\d+) ", self.asking.ask("www.zone.example"))[1])
        self.assertLessEqual(ttl, 300)
        self.assertEqual(self.queries(self.zone), zone)

    def test_what_is_asked_anew_does_not_come_from_the_cache(self):
        self.assertEqual(self.asking.ask("new.zone.example"), "NXDOMAIN 40")
        self.file("zone.zone", self.text("zone.example.", "ns", 3, "new A 192.0.2.3"))
        self.zone.control("zone-reload", "zone.example.")
        self.assertRegex(self.asking.ask("new.zone.example"), r"^NXDOMAIN \d+$")
        self.assertEqual(self.asking.ask("new.zone.example", verb="anew"),
                         "RECORDS 300 new.zone.example. 192.0.2.3")

    def test_a_target_without_records_is_asked_anew(self):
        def serve(*lines):
            self.file("zone.zone", self.text("zone.example.", "ns", 3, *lines))
            self.zone.control("zone-reload", "zone.example.")
        store, server = self.served_policies("""
            zone: example.com
            records:
              www: {type: A, alias: short.zone.example., evaluate-target-health: no}
        """)
        for name, value in (("forwarders", "recursion"), ("target-ttl-min", "1s"),
                            ("target-empty-hold", "3s")):
            store.ok("config", name, value)
        serve("short 2 A 192.0.2.1")
        with self.network.inside():
            daemon = self.steerd(store, options=["--root-hints", self.hints]).start()
        self.until_answered(server, "www.example.com", "192.0.2.1")
        serve()
        daemon.log.wait("NXDOMAIN, its records are held")
        serve("short 2 A 192.0.2.1")
        self.assertIn(": records again, ", daemon.log.wait("its records are no longer held"))
        self.assertEqual(self.answered(server, "www.example.com"), "192.0.2.1")

    def test_a_zone_whose_servers_come_back(self):
        self.assertIn("RECORDS", self.asking.ask("other.zone.example"))
        root = self.queries(self.root)
        self.zone.stop()
        self.assertEqual(self.asking.ask("www.zone.example"), NO_USE)
        for number in range(5):  # libunbound knows that its servers do not answer.
            self.assertEqual(self.asking.ask(f"n{number}.zone.example"), NO_USE)
        with self.network.inside():
            self.zone.start()
        until("an answer", lambda: "RECORDS" in self.asking.ask("www.zone.example"), pause=0.2)
        self.assertEqual(self.queries(self.root), root)

    def test_a_bogus_answer_is_not_kept(self):
        text = self.text("zone.example.", "ns", 3, "www A 192.0.2.1")
        signer = self.knot("signer", zones={"zone.example.": self.file("signer.zone", text)},
                           zone={"zone.example.": "    dnssec-signing: on\n"}).start()
        lines = records(signer, "zone.example.", "")
        anchors = [line for line in lines if " DNSKEY 257 " in line]
        with self.network.inside():
            validating = self.resolving("-r", self.hints, "-a", self.file("anchors", anchors[0]))
        validating.configure("recursion")
        for address, want in ("192.0.2.9", "FAILURE bogus: "), ("192.0.2.1", "RECORDS"):
            self.file("zone.zone", "\n".join(lines).replace("A 192.0.2.1", f"A {address}") + "\n")
            self.zone.control("zone-reload", "zone.example.")
            until(want, lambda want=want: want in validating.ask("www.zone.example"), pause=0.2)

    def test_forwarders_and_recursion_in_turn(self):
        self.asking.configure("127.0.1.3")
        self.assertEqual(self.asking.ask("www.zone.example"),
                         "RECORDS 300 www.zone.example. 192.0.2.1")
        self.assertEqual(self.queries(self.root), 0)
        self.asking.configure("recursion")
        self.assertEqual(self.asking.ask("www.zone.example"),
                         "RECORDS 300 www.zone.example. 192.0.2.1")
        self.assertGreater(self.queries(self.root), 0)


class Files(Case):

    KEY = "257 3 {} AQID"
    DIGEST = 64 * "0"
    ANCHORS = "allowed: DS and DNSKEY records"
    HINTS = "allowed: NS records of the root, and A and AAAA records"

    def refused(self, option, text):
        """What steerd says of a file."""
        path = self.file("file", text) if text is not None else self.path("none")
        done = subprocess.run([env.STEERD, "-d", self.path("store"), option, path],
                              capture_output=True, text=True, check=False, env=env.environment(),
                              timeout=env.PATIENCE)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr.replace(self.path(""), "")

    def test_trust_anchors(self):
        for text, want in (
                (None, "none: No such file or directory"),
                ("; nothing\n", f"file: no trust anchors in it; {self.ANCHORS}"),
                (". A 192.0.2.1\n", f"file:1:1: not a trust anchor; {self.ANCHORS}"),
                (f"\n. DS 1 8 1 {40 * '0'}\n",
                 "file:2:1: a DS record that cannot be validated by; "
                 "allowed: algorithms 8, 10, 13, 14 and 15, with digests of type 2 and 4"),
                (f". DS 1 3 2 {self.DIGEST}\n",
                 "file:1:1: a DS record that cannot be validated by"),
                (f". DNSKEY {self.KEY.format(5)}\n", "file:1:1: a DNSKEY record that cannot be "
                 "validated by; allowed: algorithms 8, 10, 13, 14 and 15"),
                (". DS 1 8\n", "file:1:")):
            with self.subTest(text):
                self.assertIn(f"steerd: {want}", self.refused("--trust-anchor", text))

    def test_root_hints(self):
        for text, want in (
                (None, "none: No such file or directory"),
                ("; nothing\n", f"file: no root servers with addresses in it; {self.HINTS}"),
                (". NS a.root.\n", "file: no root servers with addresses in it"),
                ("a.root. A 127.0.0.1\n", "file: no root servers with addresses in it"),
                ("example. NS a.root.\n", f"file:1:1: not a root hint; {self.HINTS}"),
                (". TXT text\n", "file:1:1: not a root hint"),
                (". NS\n", "file:1:")):
            with self.subTest(text):
                self.assertIn(f"steerd: {want}", self.refused("--root-hints", text))

    def test_files_as_they_are_in_use(self):
        key = f". 172800 IN DNSKEY {self.KEY.format(8)} ;{{id = 20326 (ksk)}} ;;state=2\n"
        for option, text in (("--trust-anchor", key + f". IN DS 1 8 2 {self.DIGEST}\n"),
                             ("--root-hints", ";  comment\n.  3600000  NS  A.ROOT-SERVERS.NET.\n"
                              "A.ROOT-SERVERS.NET.  3600000  AAAA  2001:503:ba3e::2:30\n")):
            with self.subTest(option):  # The store is missed after them.
                self.assertIn("steerd: store: No such file", self.refused(option, text))
