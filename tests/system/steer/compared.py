# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of drawn networks, whose answers are compared with those of other servers.

STEER_PEERS_SEED     seed of networks and clients
STEER_PEERS_CLIENTS  how many are compared (20,000; 4,000)
"""

import collections
import contextlib
import ipaddress
import json
import os
import random

from steer import env
from steer.client import WINDOW, Udp
from steer.networks import Networks, clients_of, drawn
from steer.policystory import A, PolicyStory, addresses
from steer.wire import Answer, labels, question, subnet

SEED = int(os.environ.get("STEER_PEERS_SEED", "1"))
CLIENTS = env.number("STEER_PEERS_CLIENTS", 20000, 4000, sanitized=1000)
WITHIN = {4: (600, "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/3", "128.0.0.0/3"),
          6: (300, "2600::/7", "2a00::/8", "2400::/12")}

ZONE = "peer.test"
WWW = f"www.{ZONE}"
ECS = "    edns-client-subnet: on\n"
DEFAULT = "192.0.2.200"
CONTINENT_OF = {"DE": "EU", "FR": "EU", "NO": "EU", "US": "NA", "CA": "NA", "BR": "SA", "JP": "AS",
                "ZA": "AF"}
COUNTRIES = list(CONTINENT_OF)
STATES = {"US": ("NY", "TX"), "CA": ("ON", "QC")}

Got = collections.namedtuple("Got", "address scope")
Place = collections.namedtuple("Place", "continent country state", defaults=(None, None))


def addresses_of(values):
    """An address for each value; that of None, which is no value, is the default."""
    return {None: DEFAULT, **{value: f"192.0.2.{at}" for at, value in enumerate(values, 1)}}


ADDRESS_OF = addresses_of(COUNTRIES)


def ask_all(server, clients, name=WWW):
    """Addresses and scopes in the answers to the questions of clients, by their client subnets."""
    found = []
    with contextlib.closing(Udp(server.address)) as asking:
        for begin in range(0, len(clients), WINDOW):
            some = clients[begin:begin + WINDOW]
            asking.send([question(labels(name), A, subnet(str(client))) for client in some])
            for answer in map(Answer, asking.receive(len(some))):
                found.append(Got(addresses(answer), answer.scope()))
    return found


def csv_of_countries(networks):
    return "prefix,country\n" + "".join(f"{network},{value}\n"
                                        for network, value in networks.values.items())


def group(policy, sets):
    """A group as Steer YAML has it, of sets by address."""
    return {"type": "A", "policy": policy, "sets": {
        address: {**about, "values": [address]} for address, about in sets.items()}}


def group_of_countries():
    return group("geolocation", {address: {"geo": {"country": country} if country else "default"}
                                 for country, address in ADDRESS_OF.items()})


def list_of_countries(networks):
    """A list of blocks whose locations are named after countries."""
    return "".join(f"{network} {value}\n" for network, value in networks.values.items())


def group_of_locations():
    return group("ip", {address: {"cidr": {"collection": "nets", "location": country}
                                  if country else "default"}
                        for country, address in ADDRESS_OF.items()})


# A tree of places, of which not all are named.
NAMED = [Place("EU"), Place("NA"), Place("AS"), Place("EU", "DE"), Place("NA", "US"),
         Place("NA", "CA"), Place("SA", "BR"), Place("NA", "US", "NY"), Place("NA", "CA", "QC")]
ADDRESS_OF_PLACE = addresses_of(NAMED)


def named(place):
    """The most specific place that is named; None: there is none."""
    if place is None:
        return None
    return next((each for each in (place, place._replace(state=None), Place(place.continent))
                 if each in NAMED), None)


def record_of(place):
    """A place as MaxMind's City databases have it."""
    record = {"continent": {"code": place.continent}}
    if place.country is not None:
        record["country"] = {"iso_code": place.country}
    if place.state is not None:
        record["subdivisions"] = [{"iso_code": place.state}]
    return record


def group_of_places():
    def geo(place):
        if place is None:
            return "default"
        if place.country is None:
            return {"continent": place.continent}
        return {"country": place.country, **({"subdivision": place.state} if place.state else {})}
    return group("geolocation", {address: {"geo": geo(place)}
                                 for place, address in ADDRESS_OF_PLACE.items()})


class Compared(PolicyStory):

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        print(f"     seed {SEED}")

    def networks(self, draw, drawn_within=WITHIN):
        """Networks, many nested, with values drawn."""
        found = {}
        for version, (count, *within) in drawn_within.items():
            found |= drawn(self.random, count, version, draw,
                           [ipaddress.ip_network(network) for network in within])
        return Networks(found)

    def country(self):
        return self.random.choice(COUNTRIES)

    def place(self):
        country = self.country()
        state = self.random.choice((None, *STATES.get(country, ())))
        return Place(CONTINENT_OF[country], *self.random.choice(((country, state), (None, None))))

    def clients(self, networks):
        return clients_of(self.random, networks, CLIENTS)

    def steer(self, records, *maps):
        """A knotd with mod-steer, its store with records and (type, name, content) of maps."""
        store = self.store("--ns", "ns.example.net.")
        for kind, name, content in maps:
            store.ok("map", "import", "--type", kind, "--name", name,
                     self.file(f"{name}.map", content))
        self.bring(store, json.dumps({"zone": ZONE, "ttl": 60, "records": records}))
        return self.host(store=store.directory, ecs=True).start()

    def assert_alike(self, clients, ours, theirs):
        """All have the same address."""
        other = [f"{client}: {one.address}, beside {two.address}"
                 for client, one, two in zip(clients, ours, theirs) if one.address != two.address]
        self.assertEqual(other, [], f"{len(other)} of {len(clients)}")

    def assert_scopes(self, clients, got, want):
        """want(client): the scope it must have."""
        other = [f"{client}: {one.scope}, not {want(client)}"
                 for client, one in zip(clients, got) if one.scope != want(client)]
        self.assertEqual(other, [], f"{len(other)} of {len(clients)}")
