# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients have the answers that mod-geoip gives them on the same data, in both of its modes.

The scopes of mod-geoip are others: the lengths of the networks of its configuration or database, or
0 where there is none. They are too short where networks inside say something else and where there
is none: what a resolver keeps for such a scope is shown to be wrong for another client in it. Where
networks side by side say the same, they are longer than is needed.
"""

import contextlib
import itertools
import unittest

from steer import env
from steer.case import zone_text
from steer.client import Udp
from steer.compared import (ADDRESS_OF, ADDRESS_OF_PLACE, DEFAULT, ECS, WWW, ZONE, Compared,
                            ask_all, csv_of_countries, group_of_countries, group_of_locations,
                            group_of_places, list_of_countries, named, record_of)
from steer.mmdb import mmdb
from steer.networks import Networks
from steer.policystory import A, addresses
from steer.wire import Answer, labels, question

LOOPBACK = {4: (100, "127.0.0.0/8")}
KEYS = "[continent/code, country/iso_code, subdivisions/0/iso_code]"


def length_of(network):
    return 0 if network is None else network.prefixlen


@unittest.skipIf(env.installed_module("geoip") is None, "the package knot-module-geoip is missing")
class ModGeoip(Compared):

    def geoip(self, views, options):
        """A knotd with mod-geoip, where www has (view, address)."""
        config = self.file("geoip.conf", f"{WWW}:\n" + "".join(
            f"  - {view}\n    A: {address}\n" for view, address in views))
        zone = self.file("geoip.zone", zone_text(ZONE + ".", f"www A {DEFAULT}"))
        extra = f"mod-geoip:\n  - id: peer\n    config-file: {config}\n{options}"
        return self.knot(name="geoip", zones={ZONE: zone}, server=ECS, modules=(), extra=extra,
                         zone={ZONE: "    module: mod-geoip/peer\n"}).start()

    def subnets(self, networks):
        return self.geoip([(f"net: {network}", ADDRESS_OF[country])
                           for network, country in networks.values.items()], "    mode: subnet\n")

    def assert_wrong_beyond(self, geoip, networks, got, why):
        """Some scopes of mod-geoip are too short: others in them have another address."""
        print(f"     {len(got)} scopes of mod-geoip are too short where {why}")
        self.assertGreater(len(got), 0)
        others = [networks.beyond(client, one.scope) for client, one in got]
        for (client, one), other, two in zip(got, others, ask_all(geoip, others)):
            self.assertNotEqual(one.address, two.address, f"{client} and {other}")

    def test_subnet_mode(self):
        networks = self.networks(self.country)
        clients = self.clients(networks)
        steer = self.steer({"www": group_of_countries()},
                           ("geo", "geo", csv_of_countries(networks)))
        geoip = self.subnets(networks)
        ours, theirs = ask_all(steer, clients), ask_all(geoip, clients)
        self.assert_alike(clients, ours, theirs)
        self.assert_scopes(clients, ours, networks.scope)
        self.assert_scopes(clients, theirs, lambda client: length_of(networks.network(client)))
        short = [(client, two) for client, one, two in zip(clients, ours, theirs)
                 if two.scope < one.scope]
        for matches, why in ((True, "networks are inside"), (False, "no network matches")):
            self.assert_wrong_beyond(geoip, networks, [
                (client, two) for client, two in short
                if (networks.network(client) is not None) == matches], why)

    def test_subnet_mode_and_ip(self):
        """The policy ip wants the whole client in a block; mod-geoip its first address."""
        networks = self.networks(self.country)
        clients = self.clients(networks)
        steer = self.steer({"www": group_of_locations()},
                           ("cidr", "nets", list_of_countries(networks)))
        geoip = self.subnets(networks)
        ours, theirs = ask_all(steer, clients), ask_all(geoip, clients)
        whole = [networks.within(client) == networks.network(client) for client in clients]
        self.assertLess(0, sum(whole))
        self.assertLess(sum(whole), len(clients))
        self.assert_alike(clients, ours, [
            two if same else two._replace(address=ADDRESS_OF[networks.values.get(
                networks.within(client))])
            for client, two, same in zip(clients, theirs, whole)])
        # Each block is something else, unless the one around it has the same location: it may be
        # too long for a client.
        blocks = Networks({network: [each for each in itertools.takewhile(
            lambda around, value=value: networks.values[around] == value,
            networks.around(network))][-1] for network, value in networks.values.items()})
        self.assert_scopes(clients, ours, blocks.scope)

    def test_subnet_mode_by_source_address(self):
        networks = self.networks(self.country, LOOPBACK)
        steer = self.steer({"www": group_of_countries()},
                           ("geo", "geo", csv_of_countries(networks)))
        geoip = self.subnets(networks)
        seen = set()
        for _ in range(300):
            source = f"127.{self.random.getrandbits(8)}.{self.random.getrandbits(8)}.1"
            ours, theirs = (self.ask_from(source, server) for server in (steer, geoip))
            self.assertEqual(ours, theirs, source)
            seen.add(ours)
        self.assertGreater(len(seen), 1)

    def ask_from(self, source, server):
        with contextlib.closing(Udp(server.address, source=source)) as client:
            client.send([question(labels(WWW), A)])
            return addresses(Answer(client.receive(1)[0]))

    def test_geodb_mode(self):
        networks = self.networks(self.place)
        clients = self.clients(networks)
        database = mmdb({network: record_of(place) for network, place in networks.values.items()})
        steer = self.steer({"www": group_of_places()}, ("geo", "geo", database))
        geoip = self.geoip([(f"geo: {';'.join(filter(None, place))}", address)
                            for place, address in ADDRESS_OF_PLACE.items() if place],
                           f"    mode: geodb\n    geodb-file: {self.file('peer.mmdb', database)}\n"
                           f"    geodb-key: {KEYS}\n")
        ours, theirs = ask_all(steer, clients), ask_all(geoip, clients)
        self.assert_alike(clients, ours, theirs)
        self.assert_scopes(clients, ours, networks.scope)
        # A database has a tree of networks, in which no two are one, whatever they have.
        blocks = Networks({network: network for network in networks.values})
        answers = Networks({network: named(place) for network, place in networks.values.items()})
        self.assert_scopes(clients, theirs, lambda client: 0 if answers.value(client) is None
                           else blocks.scope(client))
        self.assert_wrong_beyond(geoip, answers, [
            (client, two) for client, two in zip(clients, theirs)
            if answers.value(client) is None], "no view matches")
