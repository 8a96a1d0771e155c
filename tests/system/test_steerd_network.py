# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd probes hosts behind a network that loses packets and has no way to some of them."""

import types

from steer import network
from steer.nameserver import NameServer, reply
from steer.network import (BLACKHOLE, BLACKHOLE6, HOST, NO_ROUTE, PROHIBITED, UNREACHABLE,
                           UNREACHABLE6, Network)
from steer.steerdstory import SteerdStory

SHORT = {"timeout": "300ms"}
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

    def far_server(self, make, *arguments, **options):
        """A server that can be reached over the link alone."""
        with self.network.far.inside():
            return make(*arguments, address=HOST, **options)

    def far_name_server(self):
        server = self.far_server(NameServer, lambda query: [reply(query)]).start()
        self.addCleanup(server.stop)
        return server

    def probed(self, kind, cases, **options):
        """As elsewhere, by a steerd that is near."""
        with self.network.near.inside():
            return super().probed(kind, cases, **options)


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
