# SPDX-License-Identifier: GPL-3.0-or-later
"""How steerd resolves alias targets: what it makes of responses, and whom it asks and believes."""

from steer.case import Case
from steer.certificates import Authority
from steer.resolver import NO_ANSWER, Resolver
from steer.resolving import Resolving

SOA = "SOA ns.example. mail.example. 1 2 3 4"
NO_USE = "FAILURE SERVFAIL, or no answer from the resolver"


class ResolveStory(Case):

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
        for count in 100, 3700:
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
        addresses = [f"10.0.{number // 250}.{number % 250}" for number in range(3700)]
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

    def test_one_of_two_servers_is_enough(self):
        wrong, right = self.secured("other.example"), self.secured("dns.example")
        resolving = self.asking(f"{wrong.option}#dns.example", f"{right.option}#dns.example")
        for _ in range(20):
            self.assertIn("RECORDS", resolving.ask("www.example"))
        self.assertEqual(wrong.asked, [])
