# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of Route 53's feature checklist that concern probing. Rows 61 and 62 (a quorum of
checkers in several regions) and 66 (CloudWatch) come later."""

from steer.backend import http, until_closed
from steer.certificates import Authority
from steer.checklist import ONE, TWO, WWW, ChecklistCase
from steer.steerdstory import SteerdStory
from steer.wait import until
from steer.web import answer, page, secure
from steer.resolver import Resolver
from steer.schema import value_of

TEXT = "x" * 255  # The longest that can be searched for.
SEARCHED = 5120
FAILOVER = ("www:\n  type: A\n  policy: failover\n  sets:\n"
            f"    main: {{failover: primary, values: [{ONE}], health: a}}\n"
            f"    standby: {{failover: secondary, values: [{TWO}]}}\n")


class Probing(ChecklistCase, SteerdStory):

    def probe(self, backend, kind, *words, **options):
        """A failover group whose primary has a check of a server, a knotd and a steerd with these
        words on its command line."""
        store, knot = self.serve(FAILOVER)
        store.ok("health", "del", "a")
        self.set_check(store, "a", backend, kind, **options)
        daemon = self.steerd(store, options=words)
        daemon.start()
        return store, knot, daemon

    def becomes(self, backend, kind, up, **options):
        """Probed once, the check decides for the primary or against it."""
        _, knot, daemon = self.probe(backend, kind, **options)
        daemon.log.wait(f"health check 'a' is {'up' if up else 'down'}: ")
        self.until_only(knot, [ONE if up else TWO])

    def defaults(self, kind, *words):
        """Of a check of a type."""
        store = self.take("www: {type: A, values: [192.0.2.1]}")
        store.ok("health", "set", "new", kind, "address=192.0.2.1", "port=80", *words)
        return value_of(store.ok("health", "show", "new", "--json"), "health show")["defaults"]


class Rows(Probing):

    def probes(self, kind, behave, **options):
        """Row 57: a server that goes is noticed."""
        backend = self.backend(behave)
        _, knot, daemon = self.probe(backend, kind, **options)
        daemon.log.wait("health check 'a' is up: ")
        backend.stop()
        self.until_only(knot, [TWO])

    def secure(self, behave, *names, days=30, **more):
        """The behaviour by TLS, with a certificate of an authority that nobody knows."""
        return secure(Authority(self.path("ca")).context(*names, days=days), behave, **more)

    def test_row_57_tcp(self):
        self.probes("tcp", until_closed)

    def test_row_57_http(self):
        self.probes("http", http())

    def test_row_57_http_str_match(self):
        self.probes("http", answer(page(TEXT.encode())), search=TEXT)

    def test_row_57_https(self):
        self.probes("https", self.secure(http(), "www.example.com"))

    def test_row_57_https_str_match(self):
        text = answer(page(TEXT.encode()))
        self.probes("https", self.secure(text, "www.example.com"), search=TEXT)

    def test_row_58_time_limits(self):
        self.assertEqual(self.defaults("tcp")["timeout"], "10s")
        for kind in ("http", "https"):
            limits = self.defaults(kind, "search=text")
            self.assertEqual([limits[step + "-timeout"] for step in
                              ("connect", "response", "body")], ["4s", "2s", "2s"])

    def test_row_58_a_connection_that_is_slow_is_none(self):
        backend = self.backend()
        backend.hang()
        self.becomes(backend, "http", False, connect_timeout="100ms")

    def test_row_58_a_response_that_is_slow_is_none(self):
        self.becomes(self.backend(until_closed), "http", False, response_timeout="100ms")

    def test_row_58_a_text_that_is_slow_is_none(self):
        slow = answer(b"HTTP/1.1 200 OK\r\n\r\n", then=until_closed)
        self.becomes(self.backend(slow), "http", False, search="text", body_timeout="100ms")

    def test_row_59_a_text_has_at_most_255_characters(self):
        store = self.take("www: {type: A, values: [192.0.2.1]}")
        words = ("health", "set", "new", "http", "address=192.0.2.1")
        self.assert_status(store.run(*words, f"search={TEXT}x"), 1, "search: ")
        store.ok(*words, f"search={TEXT}")

    def test_row_59_a_text_within_the_first_bytes_is_found(self):
        body = b"a" * (SEARCHED - len(TEXT)) + TEXT.encode()
        self.becomes(self.backend(answer(page(body))), "http", True, search=TEXT)

    def test_row_59_a_text_behind_them_is_not(self):
        body = b"a" * (SEARCHED - len(TEXT) + 1) + TEXT.encode()
        self.becomes(self.backend(answer(page(body))), "http", False, search=TEXT)

    def test_row_59_case_matters(self):
        self.becomes(self.backend(answer(page(TEXT.upper().encode()))), "http", False, search=TEXT)

    def test_row_60_interval_and_threshold(self):
        defaults = self.defaults("http")
        self.assertEqual([defaults[option] for option in ("interval", "rise", "fall")],
                         ["30s", "3", "3"])

    def test_row_60_results_in_a_row_decide(self):
        """Three of them in both directions: one that differs begins the count anew."""
        results = [200, 503, 503, 200, 503, 503, 503, 200, 200, 503, 200, 200, 200]
        seen = iter(results)
        served = []

        def behave(connection):
            served.append(next(seen, results[-1]))
            http(served[-1])(connection)

        store, knot, daemon = self.probe(self.backend(behave), "http", rise=3, fall=3)
        self.until_state(store, "a", "down")
        self.assertEqual(served[:7], results[:7])
        self.assertLess(len(served), 9)
        self.until_only(knot, [TWO])
        self.until_state(store, "a", "up")
        self.assertGreaterEqual(len(served), len(results))
        self.until_only(knot, [ONE])
        self.assertEqual(daemon.changes("a"), ["down", "up"])

    def test_row_67_certificates_are_not_verified(self):
        wrong = self.secure(http(), "other.example.com", days=-1)
        self.becomes(self.backend(wrong), "https", True, host="www.example.com")

    def names_told(self, **options):
        """What the clients of a server have said in their hello."""
        names = []
        backend = self.backend(self.secure(http(), "www.example.com", names=names))
        self.probe(backend, "https", host="www.example.com", **options)
        until("a handshake", lambda: names)
        return set(names)

    def test_row_67_the_name_is_told(self):
        self.assertEqual(self.names_told(), {"www.example.com"})

    def test_row_67_the_name_is_not_told_without_sni(self):
        self.assertEqual(self.names_told(sni="no"), {None})

    def probe_by_name(self, *records, **options):
        """A check of a name, and who answers for that."""
        resolver = Resolver().start()
        self.addCleanup(resolver.stop)
        resolver.set("web.example.", *records)
        _, knot, daemon = self.probe(self.backend(), "tcp", "--resolver", resolver.option,
                                     address=None, host="web.example", **options)
        return resolver, knot, daemon

    def test_row_68_a_name_is_resolved_for_each_probe(self):
        resolver, knot, daemon = self.probe_by_name("A 127.0.0.1")
        daemon.log.wait("health check 'a' is up: ")
        resolver.set("web.example.", "A 127.0.0.2")
        self.until_only(knot, [TWO])
        resolver.set("web.example.", "A 127.0.0.1")
        self.until_only(knot, [ONE])
        self.assertEqual(daemon.changes("a"), ["up", "down", "up"])

    def test_row_68_by_default_only_ipv4(self):
        resolver, _, daemon = self.probe_by_name("AAAA ::1")
        daemon.log.wait("health check 'a' is down: DNS resolution of web.example: no A records")
        self.assertEqual({rrtype for _, rrtype in resolver.asked}, {"A"})

    def test_row_68_both_families_departure(self):
        resolver, _, daemon = self.probe_by_name("A 127.0.0.1", "AAAA ::1", resolve="both")
        daemon.log.wait("health check 'a' is up: ")
        self.assertEqual({rrtype for _, rrtype in resolver.asked}, {"A", "AAAA"})
