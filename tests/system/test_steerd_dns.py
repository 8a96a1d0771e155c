# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd probes name servers, also hostile ones."""

import ipaddress
import socket
import types

from steer.backend import reset, until_closed
from steer.case import zone_text
from steer.nameserver import RESPONSE, TRUNCATED, NameServer, reply, rr, stream
from steer.steerdstory import SteerdStory
from steer.wait import until
from steer.wire import FORMERR, NOTIMPL, NXDOMAIN, REFUSED, SERVFAIL, labels, opt, wire_name

NAME = labels("www.example.net")
TARGET = labels("a.example.org")
OK = ("up", "NOERROR from PEER")
OVER_TCP = ("up", "NOERROR from PEER over TCP")
SHORT = {"timeout": "300ms"}
UPDATE = 5 << 11  # Opcode


def a(number, owner=NAME, **more):
    return rr(owner, "A", bytes((192, 0, 2, number)), **more)


def cname(owner, target):
    return rr(owner, "CNAME", wire_name(target))


def says(*answer, **more):
    """Answers each query like this."""
    return lambda query: [reply(query, *answer, **more)]


def truncated(query):
    return [reply(query, flags=RESPONSE | TRUNCATED)]


def asks(name, rrtype="A", rclass=1):
    """A question."""
    return wire_name(labels(name)) + bytes((0, {"A": 1, "AAAA": 28}[rrtype], 0, rclass))


class DnsStory(SteerdStory):

    def serve(self, behave, **options):
        server = NameServer(behave, **options).start()
        self.addCleanup(server.stop)
        return server

    def over_tcp(self, behave):
        """A server whose answers are truncated over UDP."""
        return self.serve(truncated, tcp=behave)

    def asked(self, cases, **options):
        """As probed(), by checks that ask for the addresses of a name."""
        ask = {"query_name": "www.example.net", "timeout": "1s"}
        return self.probed("dns", {name: (server, {**ask, **more}, state, reason)
                                   for name, (server, more, state, reason) in cases.items()},
                           **options)


class Answers(DnsStory):

    def test_response_codes(self):
        self.asked({
            "ok": (says(a(1)), {}, *OK),
            "nothing": (says(), {}, *OK),
            "missing": (says(rcode=NXDOMAIN), {}, "down", "NXDOMAIN from PEER"),
            "failed": (says(rcode=SERVFAIL), {}, "down", "SERVFAIL from PEER"),
            "refused": (says(rcode=REFUSED), {}, "down", "REFUSED from PEER"),
            "other": (says(rcode=NOTIMPL), {}, "down", "NOTIMP from PEER"),
            "bad": (says(rcode=FORMERR, question=b""), {}, "down", "FORMERR from PEER"),
            "extended": (says(additional=[opt(1232)[:5] + b"\1" + opt(1232)[6:]]), {},
                         "down", "BADVERS from PEER"),
            "unknown": (says(rcode=12), {}, "down", "RCODE12 from PEER"),
            "want-missing": (says(rcode=NXDOMAIN), {"rcode": "NXDOMAIN"},
                             "up", "NXDOMAIN from PEER"),
            "want-other": (says(rcode=NOTIMPL), {"rcode": "NOTIMP"}, "up", "NOTIMP from PEER"),
            "want-bad": (says(rcode=FORMERR, question=b""), {"rcode": "FORMERR"},
                         "up", "FORMERR from PEER"),
            "want-none": (says(a(1)), {"rcode": "NXDOMAIN"}, "down", "NOERROR from PEER"),
        })

    def test_records_are_counted(self):
        none = "NOERROR from PEER with 0 records, at least 1 expected"
        one, two = {"min_records": 1}, {"min_records": 2}
        self.asked({
            "enough": (says(a(1), a(2)), two, *OK),
            "few": (says(a(1)), two, "down",
                    "NOERROR from PEER with 1 record, at least 2 expected"),
            "type": (says(rr(NAME, "AAAA", bytes(16))), one, "down", none),
            "class": (says(a(1, rclass=3)), one, "down", none),
            "section": (says(additional=[a(1)]), one, "down", none),
            "chain": (says(cname(NAME, TARGET), cname(TARGET, labels("b")), a(1, labels("b"))),
                      one, *OK),
            "no-end": (says(cname(NAME, TARGET)), one, "down", none),
            "cname": (says(cname(NAME, TARGET)), {**one, "query_type": "CNAME"}, *OK),
        })

    def test_values(self):
        aaaa = rr(NAME, "AAAA", ipaddress.IPv6Address("2001:db8::1").packed)
        mx = rr(NAME, "MX", b"\0\x0a" + wire_name(labels("Mail.example.ORG")))
        txt = rr(NAME, "TXT", b"\x05a b;c\x02de")
        self.asked({
            "one": (says(a(1), a(2)), {"values": ["192.0.2.2"]}, *OK),
            "all": (says(a(1), a(2)), {"values": ["192.0.2.2", "192.0.2.1"]}, *OK),
            "not-all": (says(a(1), a(2)), {"values": ["192.0.2.2", "192.0.2.7"]},
                        "down", "NOERROR from PEER without 192.0.2.7"),
            "none": (says(), {"values": ["192.0.2.7"]},
                     "down", "NOERROR from PEER without 192.0.2.7"),
            "chain": (says(cname(NAME, TARGET), a(1, TARGET)), {"values": ["192.0.2.1"]}, *OK),
            "generic": (says(a(1)), {"values": [r"\# 4 C0000201"]}, *OK),
            "aaaa": (says(aaaa), {"query_type": "AAAA", "values": ["2001:DB8:0:0::0001"]}, *OK),
            "mx": (says(mx), {"query_type": "MX", "values": ["10 mail.EXAMPLE.org"]}, *OK),
            "mx-other": (says(mx), {"query_type": "MX", "values": ["1 mail.example.org."]},
                         "down", r"NOERROR from PEER without 1 mail\.example\.org\."),
            "txt": (says(txt), {"query_type": "TXT", "values": [r'"a\032b\;c" de']}, *OK),
            "txt-joined": (says(txt), {"query_type": "TXT", "values": ['"a b;cde"']},
                           "down", 'NOERROR from PEER without "a b;cde"'),
            "txt-case": (says(txt), {"query_type": "TXT", "values": ['"A b;c" de']},
                         "down", 'NOERROR from PEER without "A b;c" de'),
        })

    def test_queries(self):
        server = self.serve(says(a(1)))
        six = self.serve(says(a(1)), address="::1")
        self.asked({"one": (server, {"query_name": "WWW.example.net"}, *OK), "six": (six, {}, *OK)})
        until("more queries", lambda: len(server.queries) >= 3)
        for query in server.queries:
            self.assertEqual(query.question, asks("www.example.net"))
            self.assertEqual(query.rest, opt(1232))
            self.assertEqual(query.header, (0x0100, 1, 0, 0, 1))  # Recursion is desired.
        self.assertGreater(len({query.id for query in server.queries}), 1)
        self.assertGreater(len({query.peer for query in server.queries}), 1)


class HostileServers(DnsStory):

    def test_what_is_no_answer_is_ignored(self):
        def lie(first):
            return lambda query: [first(query), reply(query, a(1), rcode=NXDOMAIN)]
        late = ("down", "answer to the query from PEER takes too long")
        real = ("down", "NXDOMAIN from PEER")
        others = {
            "empty": lambda _: b"",
            "short": lambda query: reply(query)[:11],
            "garbage": lambda query: bytes(range(255, 0, -1)),
            "id": lambda query: reply(query, a(1), ident=query.id ^ 1),
            "name": lambda query: reply(query, a(1), question=asks("ww.example.net")),
            "type": lambda query: reply(query, a(1), question=asks("www.example.net", "AAAA")),
            "class": lambda query: reply(query, a(1), question=asks("www.example.net", rclass=3)),
            "no-question": lambda query: reply(query, a(1), question=b""),
            "a-query": lambda query: reply(query, a(1), flags=0),
            "opcode": lambda query: reply(query, a(1), flags=RESPONSE | UPDATE),
        }
        cases = {}
        for name, other in others.items():
            cases[name] = lie(other), {}, *real
            cases[f"{name}-alone"] = (lambda query, other=other: [other(query)]), SHORT, *late
        self.asked(cases)

    def test_another_address_does_not_answer_for_it(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            def from_another(query):
                other.sendto(reply(query, a(1)), query.peer)
                return []
            server = self.serve(from_another)
            other.bind(("127.0.0.2", server.port))
            self.asked({"one": (server, SHORT, "down", "answer from PEER takes too long")})

    def test_malformed_answers(self):
        bad = ("down", "malformed answer from PEER")
        self.asked({
            "count": (says(a(1), count=2), {}, *bad),
            "trailing": (lambda query: [reply(query, a(1)) + b"\0"], {}, *bad),
            "cut": (lambda query: [reply(query, a(1))[:-1]], {}, *bad),
            "loop": (says(b"\xc0\x21" + a(1)[17:], question=asks("www.example.net")), {}, *bad),
            "beyond": (says(b"\xff\xff" + a(1)[17:]), {}, *bad),
            "rdata": (says(rr(NAME, "A", b"\xc0\0\2")), {}, *bad),
            "two-opts": (says(additional=[opt(512), opt(512)]), {}, *bad),
        })

    def test_letter_case_does_not_matter(self):
        self.asked({
            "case": (says(a(1), question=asks("WWW.Example.NET")), {"min_records": 1}, *OK),
        })

    def test_a_lost_query_is_sent_again(self):
        def lost(query):
            return [] if query.number < 2 else [reply(query, a(1))]
        server = self.serve(lost)
        self.asked({
            "lossy": (server, {}, *OK),
            "silent": (lambda _: [], SHORT, "down", "answer from PEER takes too long"),
            "closed": (self.backend(), {}, "down", "PEER: Connection refused"),
        })
        first, second, third = server.queries[:3]
        self.assertEqual({query.id for query in (first, second, third)}, {first.id})

    def test_a_late_answer_counts(self):
        """The answer to the first query, when the second one comes."""
        waiting = []

        def answer(query):
            waiting.append(query)
            return [reply(waiting[0], a(1))] if waiting[1:] else []
        self.asked({"late": (answer, {}, *OK)})


class Truncation(DnsStory):

    def test_truncated_answers_are_asked_for_over_tcp(self):
        big = [a(number % 256) for number in range(2100)]

        def broken(query):
            """Truncated within a record."""
            return [reply(query, a(1), flags=RESPONSE | TRUNCATED)[:-3]]

        def still(query):
            return reply(query, a(1), flags=RESPONSE | TRUNCATED)
        self.asked({
            "good": (self.over_tcp(stream(lambda query: reply(query, a(1)), 1)),
                     {"min_records": 1}, *OVER_TCP),
            "broken": (self.serve(broken, tcp=stream(lambda query: reply(query, a(1)))),
                       {"min_records": 1}, *OVER_TCP),
            "big": (self.over_tcp(stream(lambda query: reply(query, *big), 997)),
                    {"min_records": 1000}, *OVER_TCP),
            "still": (self.over_tcp(stream(still)), {"min_records": 1}, *OVER_TCP),
            "bad": (self.over_tcp(stream(lambda query: reply(query, rcode=SERVFAIL))), {},
                    "down", "SERVFAIL from PEER over TCP"),
            "lacking": (self.over_tcp(stream(lambda query: reply(query, a(1)))),
                        {"values": ["192.0.2.7"]},
                        "down", "NOERROR from PEER over TCP without 192.0.2.7"),
        })

    def test_the_longest_answer(self):
        def longest(query):
            head = len(reply(query))
            room = 65535 - head
            full = [a(1)] * (room // len(a(1)) - 1)
            rest = room - len(b"".join(full)) - len(rr(NAME, "TXT", b""))
            message = reply(query, *full, rr(NAME, "TXT", bytes((rest - 1,)) + bytes(rest - 1)))
            assert len(message) == 65535
            return message
        self.asked({"longest": (self.over_tcp(stream(longest, 4096)), {"min_records": 1000},
                                *OVER_TCP)})

    def test_hostile_streams(self):
        def closed(*_):
            pass

        def partly(query, connection):
            connection.sendall(b"\0\x40" + reply(query)[:20])

        def resets(_, connection):
            reset(connection)

        def hangs(query, connection):
            connection.sendall(b"\xff\xff" + reply(query))
            until_closed(connection)

        def silent(_, connection):
            until_closed(connection)
        no_end = ("down", "PEER over TCP closes the connection without an answer")
        late = ("down", "answer from PEER over TCP takes too long")
        other = ("down", "no answer to the query from PEER over TCP")
        self.asked({
            "refused": (self.serve(truncated), {}, "down", "PEER over TCP: Connection refused"),
            "closed": (self.over_tcp(closed), {}, *no_end),
            "partly": (self.over_tcp(partly), {}, *no_end),
            "reset": (self.over_tcp(resets), {}, "down",
                      "PEER over TCP: Connection reset by peer"),
            "silent": (self.over_tcp(silent), SHORT, *late),
            "hangs": (self.over_tcp(hangs), SHORT, *late),
            "other": (self.over_tcp(stream(lambda query: reply(query, ident=query.id ^ 1))), {},
                      *other),
            "empty": (self.over_tcp(stream(lambda query: b"")), {}, *other),
            "garbage": (self.over_tcp(stream(lambda query: reply(query, a(1), count=9))), {},
                        "down", "malformed answer from PEER over TCP"),
        })


class RealServer(DnsStory):

    def test_a_name_server_leaves_the_answers_until_it_is_back(self):
        many = "\n".join(f'big TXT "{number:03d} {"x" * 200}"' for number in range(40))
        zone = zone_text("example.net.", "www CNAME a", "a A 192.0.2.1", "a A 192.0.2.2",
                         "@ MX 10 mail.example.org.", many)
        target = self.knot("target", zones={"example.net.": self.file("target.zone", zone)}).start()
        store, knot = self.served_policies("""
            zone: example.com
            records:
              www:
                type: A
                policy: failover
                sets:
                  main: {failover: primary, health: all, values: [192.0.2.1]}
                  spare: {failover: secondary, values: [192.0.2.2]}
        """)
        checks = {
            "addresses": {"query_name": "www.example.net", "values": ["192.0.2.1", "192.0.2.2"]},
            "mx": {"query_name": "example.net", "query_type": "MX",
                   "values": ["10 MAIL.example.org"]},
            "big": {"query_name": "big.example.net", "query_type": "TXT", "min_records": 40},
            "none": {"query_name": "none.example.net", "rcode": "NXDOMAIN"},
        }
        peer = types.SimpleNamespace(address=target.address[0], port=target.port)
        for name, options in checks.items():
            self.set_check(store, name, peer, "dns", timeout="1s", **options)
        store.ok("health", "set", "all", "calculated", "threshold=4",
                 *(f"children={name}" for name in checks))
        daemon = self.steerd(store).start()
        for name in checks:
            self.until_state(store, name, "up")
        daemon.log.wait(rf"'big' is up: NOERROR from 127\.0\.0\.1:{target.port} over TCP after")
        self.until_answered(knot, "www.example.com.", "192.0.2.1")
        target.stop()
        self.until_answered(knot, "www.example.com.", "192.0.2.2")
        for name in checks:
            self.until_state(store, name, "down")
        target.start()
        self.until_answered(knot, "www.example.com.", "192.0.2.1")
        for name in checks:
            self.assertEqual(daemon.changes(name), ["up", "down", "up"])
