# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients have the answers and the scopes that gdnsd's plugin geoip gives them on the same data."""

import ipaddress
import math
import unittest

from steer import gdnsd
from steer.compared import (ADDRESS_OF, ADDRESS_OF_PLACE, ZONE, Compared, addresses_of, ask_all,
                            csv_of_countries, group, group_of_countries, group_of_places, named,
                            record_of)
from steer.mmdb import mmdb
from steer.networks import Networks, network_of

# gdnsd knows that addresses of IPv4 are in them, so it divides what is around them.
OF_IPV4 = [ipaddress.ip_network(network) for network in ("2001::/32", "2002::/16")]
ZONE_TEXT = ("@ SOA ns.example.net. admin.example.net. 1 900 900 900 900\n@ NS ns.example.net.\n"
             "www 60 DYNA geoip!www\n")
SITES = {"fra": (50.11, 8.68), "iad": (38.9, -77.04), "gru": (-23.55, -46.63),
         "nrt": (35.68, 139.69), "jnb": (-26.2, 28.05)}
RADIUS = 6371
APART = 10  # Kilometres, so that no rounding decides which site is nearer.


def kilometres(one, two):
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *two))
    half = math.sin((lat2 - lat1) / 2) ** 2 + \
        math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(half))


def nearest(point):
    return min(SITES, key=lambda site: kilometres(point, SITES[site]))


def draw_point(random):
    """Coordinates that have a nearest site."""
    while True:
        point = round(random.uniform(-90, 90), 2), round(random.uniform(-180, 180), 2)
        first, second, *_ = sorted(kilometres(point, site) for site in SITES.values())
        if second - first > APART:
            return point


@unittest.skipIf(gdnsd.PROGRAM is None, "the package gdnsd is missing")
class Gdnsd(Compared):

    def gdnsd(self, options, address_of, files, name="gdnsd"):
        """A gdnsd whose www has an address for each datacenter of a map."""
        server = gdnsd.Gdnsd(self.path(name), {ZONE: ZONE_TEXT}, f"""geoip => {{
            maps => {{ peer => {{ datacenters => [{', '.join(address_of)}], {options} }} }}
            resources => {{ www => {{ map => peer, service_types => up, dcmap => {{
                {', '.join(f'{each} => {address}' for each, address in address_of.items())}
            }} }} }} }}""", files)
        self.addCleanup(server.stop)
        return server.start()

    def nets(self, networks, name="gdnsd"):
        """A gdnsd with these networks in a file."""
        return self.gdnsd("nets => nets",
                          {country or "none": each for country, each in ADDRESS_OF.items()},
                          {"geoip/nets": "".join(f"{network} => {value}\n" for network, value in
                                                 networks.values.items())}, name)

    def assert_its_scopes(self, clients, got, networks):
        """They are the shortest that are right, except around what it holds for IPv4."""
        def around(client):
            whole = network_of(client.version, int(client.network_address), networks.scope(client))
            return any(each.version == client.version and each.overlaps(whole) for each in OF_IPV4)
        other = [(client, one) for client, one in zip(clients, got) if around(client)]
        self.assertEqual([client for client, one in other if one.scope <= networks.scope(client)],
                         [])
        print(f"     {len(other)} of {len(clients)} scopes of gdnsd are longer around IPv4 in IPv6")
        rest = [(client, one) for client, one in zip(clients, got) if not around(client)]
        self.assert_scopes(*zip(*rest), networks.scope)

    def test_nets(self):
        """Of a network wholly covered by others with one value, gdnsd warns that its value may win;
        it is left out, since no client is its own."""
        networks = self.networks(self.country)
        clients = self.clients(networks)
        steer = self.steer({"www": group_of_countries()},
                           ("geo", "geo", csv_of_countries(networks)))
        ours = ask_all(steer, clients)
        self.assert_scopes(clients, ours, networks.scope)
        theirs = ask_all(self.nets(networks, "covered"), clients)
        wrong = [client for client, one, two in zip(clients, ours, theirs)
                 if one.address != two.address]
        print(f"     gdnsd answers {len(wrong)} clients with the value of a covered network")
        self.assertGreater(len(wrong), 0)
        self.assertEqual([client for client in wrong if not any(
            client.network_address in each for each in networks.covered)], [])
        theirs = ask_all(self.nets(networks.without_covered()), clients)
        self.assert_alike(clients, ours, theirs)
        self.assert_its_scopes(clients, theirs, networks)

    def test_places(self):
        """By a database; gdnsd's scopes depend on what a client is answered, ours on the map."""
        networks = self.networks(self.place)
        clients = self.clients(networks)
        database = mmdb({network: record_of(place) for network, place in networks.values.items()})
        steer = self.steer({"www": group_of_places()}, ("geo", "geo", database))
        theirs = ask_all(self.gdnsd(
            "geoip2_db => peer.mmdb, map => { default => none, EU => { default => EU, DE => DE }, "
            "NA => { default => NA, US => { default => US, NY => NY }, "
            "CA => { default => CA, QC => QC } }, AS => AS, SA => { BR => BR } }",
            {[each for each in place or ("none",) if each][-1]: address
             for place, address in ADDRESS_OF_PLACE.items()}, {"geoip/peer.mmdb": database}),
            clients)
        ours = ask_all(steer, clients)
        self.assert_alike(clients, ours, theirs)
        self.assert_scopes(clients, ours, networks.scope)
        self.assert_its_scopes(clients, theirs, Networks(
            {network: named(place) for network, place in networks.values.items()}))

    def test_nearest(self):
        """By coordinates; both take the sites as they are listed if they do not know a client's."""
        points = [draw_point(self.random) for _ in range(100)]
        networks = self.networks(lambda: self.random.choice(points))
        clients = self.clients(networks)
        database = mmdb({network: {"location": dict(zip(("latitude", "longitude"), point))}
                         for network, point in networks.values.items()})
        address_of = {site: address for site, address in addresses_of(SITES).items() if site}
        steer = self.steer({"www": group("geoproximity", {
            address: {"coordinates": SITES[site]} for site, address in address_of.items()})},
            ("geo", "geo", database))
        coordinates = ", ".join(f"{site} => [{lat}, {lon}]" for site, (lat, lon) in SITES.items())
        theirs = ask_all(self.gdnsd(
            f"geoip2_db => peer.mmdb, auto_dc_coords => {{ {coordinates} }}, auto_dc_limit => 1",
            address_of, {"geoip/peer.mmdb": database}), clients)
        ours = ask_all(steer, clients)
        self.assert_alike(clients, ours, theirs)
        self.assert_scopes(clients, ours, networks.scope)
        self.assert_its_scopes(clients, theirs, Networks(
            {network: nearest(point) for network, point in networks.values.items()}))
