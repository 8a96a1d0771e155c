# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd probes hosts behind a network that loses packets and has no way to some of them."""

import types

from steer import network
from steer.nameserver import NameServer, reply
from steer.network import (BLACKHOLE, BLACKHOLE6, EVERYBODY, HOST, HOST6, NO_ROUTE, PING_GROUPS,
                           PROHIBITED, UNREACHABLE, UNREACHABLE6, Network)
from steer.resolver import Resolver
from steer.steerdstory import SteerdStory
from steer.wait import until
from steer.wire import NOERROR, SERVFAIL

SHORT = {"timeout": "300ms"}
REPLY = ("up", "echo reply from PEER")
NO_REPLY = ("down", "echo reply from PEER takes too long")
NO_WAY = ("down", "PEER: No route to host")
NO_WAY6 = ("down", "PEER: (No route to host|Network is unreachable)")


def host(address, port=None):
    return types.SimpleNamespace(address=address, port=port)


class NetworkStory(SteerdStory):

    def setUp(self):
        super().setUp()
        lacking = network.lacks()
        if lacking is not None:
            self.skipTest(f"needs {lacking}")
        self.network = Network()
        self.addCleanup(self.network.close)

    def far_server(self, make, *arguments, address=HOST, **options):
        """A server that can be reached over the link alone."""
        with self.network.far.inside():
            return make(*arguments, address=address, **options)

    def far_name_server(self, rcode=NOERROR, **options):
        server = self.far_server(NameServer, lambda query: [reply(query, rcode=rcode)], **options)
        self.addCleanup(server.start().stop)
        return server

    def near_resolver(self):
        def stop():
            with self.network.near.inside():
                resolver.stop()
        with self.network.near.inside():
            resolver = Resolver().start()
        self.addCleanup(stop)
        return resolver

    def probed(self, kind, cases, **options):
        """As elsewhere, by a steerd that is near."""
        with self.network.near.inside():
            return super().probed(kind, cases, **options)

    def pinged(self, cases):
        """As probed(), by echo requests; a server is an address."""
        return self.probed("icmp", {
            name: (host(address), more, state, reason)
            for name, (address, more, state, reason) in cases.items()})


class Ping(NetworkStory):

    def test_hosts_that_reply(self):
        self.pinged({
            "loopback": ("127.0.0.1", {}, *REPLY),
            "other": ("127.3.2.1", {}, *REPLY),
            "loopback6": ("::1", {}, *REPLY),
            "far": (HOST, {}, *REPLY),
            "far6": (HOST6, {}, *REPLY),
        })

    def test_hosts_that_cannot_be_reached(self):
        self.pinged({
            "far": (UNREACHABLE, {}, *NO_WAY),
            "far6": (UNREACHABLE6, {}, *NO_WAY6),
            "forbidden": (PROHIBITED, {}, *NO_WAY),
            "near": (NO_ROUTE, {}, *NO_WAY),
            "silent": (BLACKHOLE, SHORT, *NO_REPLY),
            "silent6": (BLACKHOLE6, SHORT, *NO_REPLY),
        })

    def test_a_lost_request_is_sent_again(self):
        requests = []

        def lossy(packet):
            requests.append(packet)
            return [packet] if not packet.is_echo() or packet.sequence() >= 2 else []
        self.network.out = lossy
        self.pinged({"far": (HOST, {}, *REPLY), "far6": (HOST6, {}, *REPLY)})
        echoes = [packet for packet in requests if packet.is_echo() and packet.to == HOST][:3]
        self.assertEqual([packet.sequence() for packet in echoes], [0, 1, 2])

    def test_a_late_reply_counts(self):
        """That to the first request, after the second one was sent."""
        held = []

        def slow(packet):
            held.append(packet)
            return [held[0]] if held[1:] else []
        self.network.back = slow
        self.pinged({"far": (HOST, {}, *REPLY)})

    def test_the_advice_of_a_router_is_no_error(self):
        """A redirect, before each reply."""
        requests = []

        def sent(packet):
            requests.append(packet)
            return [packet]
        self.network.out = sent
        self.network.back = lambda packet: [packet.redirect(requests[-1], BLACKHOLE), packet]
        self.pinged({"far": (HOST, {}, *REPLY)})

    def test_other_replies_are_ignored(self):
        """Those of another host, and those to other requests."""
        def false(packet):
            data = packet.data
            return [packet.changed(source=BLACKHOLE),
                    packet.changed(data=data[:-1] + bytes((data[-1] ^ 1,))),
                    packet.changed(data=data[:-1]), packet.changed(data=data + b"\0")]
        self.network.back = false
        self.pinged({"far": (HOST, SHORT, *NO_REPLY)})

    def test_a_host_goes_and_comes_back(self):
        daemon = self.pinged({"far": (HOST, SHORT, *REPLY)})
        self.network.far.ip("address", "delete", f"{HOST}/32", "dev", "lo")
        daemon.log.wait("'far' is down: ")
        self.network.far.ip("address", "add", f"{HOST}/32", "dev", "lo")
        until("it being up again", lambda: daemon.changes("far") == ["up", "down", "up"])

    def test_without_the_right_to_ping_a_check_keeps_its_state(self):
        other = self.far_server(self.backend)
        store = self.policies("""
            zone: example.com
            records:
              www:
                type: A
                policy: multivalue
                sets:
                  far: {health: far, values: [192.0.2.1]}
                  other: {health: other, values: [192.0.2.2]}
        """)
        self.set_check(store, "far", host(HOST), "icmp", **SHORT)
        self.set_check(store, "other", other)
        with self.network.near.inside():
            daemon = self.steerd(store).start()
        self.until_state(store, "far", "up")
        self.network.near.set(PING_GROUPS, "1 0")
        cannot = "'far' cannot be probed and keeps its state: ping sockets are not allowed: see " \
                 r"net\.ipv4\.ping_group_range in steerd\(8\)$"
        daemon.log.wait(cannot)
        self.network.far.ip("route", "replace", "blackhole", HOST)
        self.network.far.ip("address", "delete", f"{HOST}/32", "dev", "lo")
        self.until_state(store, "other", "down")
        self.assertEqual(daemon.changes("far"), ["up"])
        self.assertEqual(len(daemon.log.lines(cannot)), 1)
        self.network.near.set(PING_GROUPS, EVERYBODY)
        self.until_state(store, "far", "down")


class Connections(NetworkStory):

    def test_hosts_that_cannot_be_reached(self):
        late = ("down", "connection to PEER takes too long")
        self.probed("tcp", {
            "far": (self.far_server(self.backend), {}, "up", "connected to PEER"),
            "closed": (host(HOST, 1), {}, "down", "PEER: Connection refused"),
            "none": (host(UNREACHABLE, 80), {}, *NO_WAY),
            "none6": (host(UNREACHABLE6, 80), {}, *NO_WAY6),
            "forbidden": (host(PROHIBITED, 80), {}, *NO_WAY),
            "near": (host(NO_ROUTE, 80), {}, *NO_WAY),
            "silent": (host(BLACKHOLE, 80), SHORT, *late),
            "silent6": (host(BLACKHOLE6, 80), SHORT, *late),
        })

    def test_what_is_lost_is_sent_again(self):
        lost = []

        def lossy(packet):
            lost.append(packet)
            return [packet] if lost[1:] else []
        server = self.far_server(self.backend)
        self.network.out = lossy
        self.probed("tcp", {"far": (server, {"interval": "4s", "timeout": "4s"},
                                    "up", "connected to PEER")})


class Queries(NetworkStory):

    def test_name_servers_that_cannot_be_reached(self):
        options = {"query_name": "example.net"}
        late = ("down", "answer from PEER takes too long")
        self.probed("dns", {
            name: (server, {**options, **more}, state, reason)
            for name, (server, more, state, reason) in {
                "far": (self.far_name_server(), {}, "up", "NOERROR from PEER"),
                "closed": (host(HOST, 1), {}, "down", "PEER: Connection refused"),
                "none": (host(UNREACHABLE, 53), {}, *NO_WAY),
                "none6": (host(UNREACHABLE6, 53), {}, *NO_WAY6),
                "silent": (host(BLACKHOLE, 53), SHORT, *late),
            }.items()})

    def test_a_lost_answer_is_asked_for_again(self):
        lost = []

        def lossy(packet):
            lost.append(packet)
            return [packet] if lost[1:] else []
        server = self.far_name_server()
        self.network.back = lossy
        self.probed("dns", {"far": (server, {"query_name": "example.net", "timeout": "1s"},
                                    "up", "NOERROR from PEER")})
        self.assertEqual(server.queries[0].id, server.queries[1].id)


class SeveralAddresses(NetworkStory):
    """Of names: the IPv4 address is tried first."""

    TIMES = {"interval": "2s", "timeout": "2s"}

    def resolved(self, kind, cases):
        """As probed(): name -> (IPv4 address, server on the IPv6 address, options, ...)."""
        resolver = self.near_resolver()
        checks = {}
        for name, (first, server, more, state, reason) in cases.items():
            resolver.set(f"{name}.example.", f"A {first}", f"AAAA {server.address}")
            checks[name] = (server, {"address": None, "host": f"{name}.example", "resolve": "both",
                                     **self.TIMES, **more}, state, reason)
        self.probed(kind, checks, options=["--resolver", resolver.option])

    def test_of_hosts_the_next_one_is_pinged(self):
        self.resolved("icmp", {
            "silent": (BLACKHOLE, host(HOST6), {}, *REPLY),
            "gone": (UNREACHABLE, host(HOST6), {}, *REPLY),
            "near": (NO_ROUTE, host(HOST6), {}, *REPLY),
            "dead": (BLACKHOLE, host(BLACKHOLE6), {}, *NO_REPLY),
        })

    def test_of_servers_the_next_one_is_connected(self):
        server = self.far_server(self.backend, address=HOST6)
        good = ("up", "connected to PEER")
        self.resolved("tcp", {
            "silent": (BLACKHOLE, server, {}, *good),
            "gone": (UNREACHABLE, server, {}, *good),
            "closed": (HOST, server, {}, *good),
            "dead": (BLACKHOLE, host(BLACKHOLE6, 80), {}, "down",
                     "connection to PEER takes too long"),
        })

    def test_of_name_servers_the_next_one_is_asked(self):
        server = self.far_name_server(address=HOST6)
        broken = self.far_name_server(rcode=SERVFAIL)
        unused = host(HOST6, broken.port)
        ask = {"query_name": "example.net"}
        good = ("up", "NOERROR from PEER")
        self.resolved("dns", {
            "silent": (BLACKHOLE, server, ask, *good),
            "gone": (UNREACHABLE, server, ask, *good),
            "closed": (HOST, server, ask, *good),
            "broken": (HOST, unused, ask, "down", rf"SERVFAIL from {HOST}:{broken.port}"),
            "dead": (BLACKHOLE, host(BLACKHOLE6, 53), ask, "down",
                     "answer from PEER takes too long"),
        })
