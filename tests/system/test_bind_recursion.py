# SPDX-License-Identifier: GPL-3.0-or-later
"""Views that recurse: BIND goes on where a hosted zone leads out, and hosted zones are answered
where its own answers, or those of other servers, lead to them."""

import contextlib
import socket
import threading

from steer.case import zone_text
from steer.client import Udp, WINDOW, ask
from steer.named import NamedCase
from steer.nameserver import NameServer, reply, rr
from steer.wire import NOERROR, NXDOMAIN, SERVFAIL, TYPES, Answer, labels, question, subnet

A, CNAME, DS, NS = (TYPES[t] for t in ("A", "CNAME", "DS", "NS"))
RD = 0x100

HOSTED = ("www A 192.0.2.1", "out CNAME www.outside.test.", "deep CNAME out",
          "sub NS ns.outside.test.", "tosub CNAME a.sub", "loop CNAME pool", "pool CNAME loop",
          "nowhere CNAME x.outside.test.", "dname DNAME outside.test.")
DELEGATION = "sub NS ns.sub", "ns.sub A 127.0.0.1"
OUTSIDE = ("www A 192.0.2.50", "tohosted CNAME www.example.com.", "tomissing CNAME x.example.com.",
           "toout CNAME out.example.com.", "ns A 127.0.0.1")
STICKY = "zone: sticky.test\nrecords:\n  \"@\": {type: NS, values: [ns.own.test.]}\n" + "".join(
    f"  {name}:\n    type: CNAME\n    policy: [up, weighted sticky=client, take 1]\n"
    f"    sets: {{a: {{weight: 1, values: [{target}]}}, b: {{weight: 1, values: [{target}]}}}}\n"
    for name, target in (("sub", "a.sub.example.com."), ("out", "www.outside.test."),
                         ("own", "www.own.test."), ("back", "back.own.test.")))


def address(last):
    return socket.inet_aton(f"192.0.2.{last}")


class BindRecursion(NamedCase):

    def serve(self, port, own=()):
        """A named that asks the server with this port for what it has not got."""
        store = self.hosted(("example.com.", zone_text("example.com.", *HOSTED)))
        store.ok("import", self.file("sticky.yaml", STICKY))
        zone = self.file("own.zone", zone_text("own.test.", *own))
        server = self.named(
            store=store.directory, zones={"own.test": zone}, threads=2,
            options=f"recursion yes; forward only; qname-minimization off; "
                    f"forwarders {{ 127.0.0.1 port {port}; }};")
        return self.loaded(server.start())

    def serve_all(self, *own):
        zones = {apex: self.file(f"{apex}.zone", zone_text(f"{apex}.", *lines)) for apex, lines in (
            ("outside.test", OUTSIDE), ("sub.example.com", ("a A 192.0.2.60",)))}
        outside = self.named("outside", zones=zones).start()
        return self.serve(outside.port, ("tohosted CNAME www.example.com.",
                                         "toout CNAME out.example.com.", *own))

    def test_who_wants_recursion(self):
        server = self.serve_all()
        for name, owners, value in (
                ("www.example.com", [], 1),
                ("out.example.com", ["www.outside.test"], 50),
                ("deep.example.com", ["out.example.com", "www.outside.test"], 50),
                ("www.dname.example.com", ["www.dname.example.com", "www.outside.test"], 50),
                ("a.sub.example.com", [], 60),
                ("tosub.example.com", ["a.sub.example.com"], 60),
                ("www.outside.test", [], 50),
                ("tohosted.outside.test", ["www.example.com"], 1),
                ("toout.outside.test", ["out.example.com", "www.outside.test"], 50),
                ("tohosted.own.test", ["www.example.com"], 1),
                ("toout.own.test", ["out.example.com", "www.outside.test"], 50)):
            for _ in range(2):  # By recursion, and from the cache.
                answer = ask(server, labels(name), A, flags=RD)
                self.assertEqual((answer.rcode, answer.values(A)), (NOERROR, {address(value)}),
                                 f"{name}\n{answer}")
                first = name if "dname" not in name else "dname.example.com"
                self.assertEqual(answer.names(), [labels(each) for each in [first, *owners]],
                                 f"{name}\n{answer}")
        for name in ("nowhere.example.com", "tomissing.outside.test", "x.example.com"):
            self.assertEqual(ask(server, labels(name), A, flags=RD).rcode, NXDOMAIN, name)

    def test_who_does_not(self):
        """A referral is a referral, a chain ends where it leads out."""
        server = self.serve_all()
        out = ask(server, labels("out.example.com"), A)
        self.assertEqual((out.rcode, out.aa, [rr[1] for rr in out.answer]),
                         (NOERROR, True, [CNAME]))
        referral = ask(server, labels("a.sub.example.com"), A)
        self.assertEqual((referral.aa, referral.answer, [rr[1] for rr in referral.authority]),
                         (False, [], [NS]))

    def test_the_scope_of_a_chain(self):
        """It is that of the CNAME that depends on the client, whoever answers the rest."""
        server = self.serve_all("www A 192.0.2.9", "back CNAME www.example.com.")
        for name, last in (("out", 50), ("own", 9), ("sub", 60), ("back", 1)):
            for _ in range(2):  # By recursion, and from the cache.
                with self.subTest(name):
                    answer = ask(server, labels(f"{name}.sticky.test"), A,
                                 subnet("198.51.100.0/24"), flags=RD)
                    self.assertEqual((answer.values(A), answer.scope()), ({address(last)}, 24))

    def serve_delegations(self, *lines, own=None):
        """A named that resolves by itself, by the delegations of a hosted zone, and has a zone of
        its own. The server of the other zones has its port, which is 53 on the Internet; there is
        none of the root."""
        zones = {apex: self.file(f"{apex}.zone", zone_text(
            f"{apex}.", f"@ NS ns.{apex}.", "ns A 127.0.0.1", f"a A 192.0.2.{last}",
            f"b A 192.0.2.{last}", "back CNAME www.example.com.").replace("@ NS ns.example.net.\n",
                                                                          ""))
                 for apex, last in (("sub.example.com", 60), ("many.example.com", 61))}
        servers = self.named("servers", zones=zones).start()
        store = self.hosted(("example.com.", zone_text("example.com.", *lines)))
        hints = self.file("hints", ". 3600 IN NS ns.\nns. 3600 IN A 127.0.0.9\n")
        server = self.named(
            store=store.directory, threads=2,
            zones={} if own is None else {own: self.file("own", zone_text(
                f"{own}.", "ns A 192.0.2.99", "ns.sub.example.com. A 127.0.0.1"))},
            extra=f'zone "." {{ type hint; file "{hints}"; }};\n',
            options=f"port {servers.port}; recursion yes; servfail-ttl 0;")
        return store, self.loaded(server.start())

    def is_answered(self, server, name, value, *chain):
        for _ in range(2):  # By recursion, and from the cache.
            answer = ask(server, labels(name), A, flags=RD)
            self.assertEqual((answer.rcode, answer.values(A)), (NOERROR, {address(value)}),
                             f"{name}\n{answer}")
            self.assertEqual(answer.names(), [labels(each) for each in (name, *chain)])

    def test_what_a_hosted_zone_delegates(self):
        """Its name servers, and where they are, are known from the store alone."""
        _, server = self.serve_delegations(
            *DELEGATION, "www A 192.0.2.1", "tosub CNAME a.sub",
            *(f"many NS ns{n}.many\nns{n}.many A 127.0.0.1" for n in range(40)))
        self.is_answered(server, "a.sub.example.com", 60)
        self.is_answered(server, "tosub.example.com", 60, "a.sub.example.com")
        self.is_answered(server, "back.sub.example.com", 1, "www.example.com")
        self.is_answered(server, "a.many.example.com", 61)
        self.assertEqual(ask(server, labels("x.sub.example.com"), A, flags=RD).rcode, NXDOMAIN)
        self.assertEqual(ask(server, labels("a.sub.example.com"), DS, flags=RD).rcode, NOERROR)
        referral = ask(server, labels("b.sub.example.com"), A)
        self.assertEqual((referral.answer, [rr[1] for rr in referral.authority]), ([], [NS]))

    def test_what_is_delegated_below_a_zone_of_binds(self):
        """One that has the hosted zone's name, or encloses it, and has no such names."""
        for own in "example.com", "com":
            with self.subTest(own):
                _, server = self.serve_delegations(*DELEGATION, "tosub CNAME a.sub", own=own)
                self.is_answered(server, "a.sub.example.com", 60)
                self.is_answered(server, "tosub.example.com", 60, "a.sub.example.com")
                server.stop()

    def test_a_delegation_that_changes(self):
        """The servers of the store are asked until the delegated zone has told its own."""
        store, server = self.serve_delegations("sub NS ns.sub", "ns.sub A 127.0.0.9")
        self.assertEqual(ask(server, labels("a.sub.example.com"), A, flags=RD).rcode, SERVFAIL)
        store.ok("set", "sub.example.com", "NS", "ns.elsewhere.example.com")
        store.ok("set", "ns.elsewhere.example.com", "A", "127.0.0.1")
        self.served(server, "ns.elsewhere.example.com", A)
        self.is_answered(server, "b.sub.example.com", 60)

    def test_a_loop_is_the_same_for_both(self):
        server = self.serve_all()
        for flags in (0, RD):
            loop = ask(server, labels("loop.example.com"), A, flags=flags)
            self.assertEqual((loop.rcode, [rr[1] for rr in loop.answer]), (NOERROR, [CNAME] * 2))

    def test_other_queries_while_it_waits(self):
        """What has been put into a reply stays as it is while BIND waits for another server."""
        go = threading.Event()

        def answer(query):
            go.wait(30)
            return [reply(query, rr(query.name, "A", address(70)))]
        upstream = NameServer(answer).start()
        self.addCleanup(upstream.stop)
        self.addCleanup(go.set)
        server = self.serve(upstream.port)
        waiting = 8
        with contextlib.closing(Udp(server.address)) as slow, \
                contextlib.closing(Udp(server.address)) as fast:
            slow.send([question(labels(name), A, flags=RD)
                       for name in ("out.example.com", "a.sub.example.com")] * waiting)
            for name, rcode in (("www.example.com", NOERROR), ("x.example.com", NXDOMAIN),
                                ("loop.example.com", NOERROR)):
                for _ in range(20):
                    fast.send([question(labels(name), A, flags=RD)] * WINDOW)
                    for message in fast.receive(WINDOW):
                        self.assertEqual(Answer(message).rcode, rcode)
            go.set()
            for message in slow.receive(2 * waiting):
                got = Answer(message)
                expected = [(labels("a.sub.example.com"), A)]
                if got.question[0] != labels("a.sub.example.com"):
                    expected = [(labels("out.example.com"), CNAME), (labels("www.outside.test"), A)]
                self.assertEqual([got.rcode, *((rr[0], rr[1]) for rr in got.answer)],
                                 [NOERROR, *expected], got)
