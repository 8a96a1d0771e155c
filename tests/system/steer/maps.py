# SPDX-License-Identifier: GPL-3.0-or-later
"""What maps say of clients, by the plainest of searches: a model of steer-policies(7), clients.

A map says something of networks: of an address that of the longest network that contains it.
"""

import bisect
import collections
import csv
import ipaddress
import math
import os

from steer.schema import SCHEMA

BITS = {4: 32, 6: 128}
# Networks whose addresses mean nothing outside them (rule C1).
PRIVATE = tuple(map(ipaddress.ip_network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.168.0.0/16", "::/8", "fc00::/7", "fe80::/10")))
EARTH = 6371008.8  # Mean radius in metres.

# Where a network is. Codes, as in "EU", "NO" and "03", or None; point: latitude and longitude in
# degrees, or None.
Place = collections.namedtuple("Place", "continent country subdivision point",
                               defaults=(None, None, None, None))


def _table(name):
    """Rows of a CSV file of schema/, with its header's names."""
    with open(os.path.join(os.path.dirname(SCHEMA), name), encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _point(row):
    return float(row["lat"]), float(row["lon"])


CONTINENT_OF = {row["country"]: row["continent"] for row in _table("countries.csv")}
MIDDLE_OF = {row["country"]: _point(row) for row in _table("countries.csv")}
REGIONS = {row["region"]: _point(row) for row in _table("regions.csv")}


def in_country(country, subdivision=None, point=None):
    return Place(CONTINENT_OF[country], country, subdivision, point)


def point_of(place):
    """Where a client of that place is: as the map says, else in the middle of its country."""
    if place is None:
        return None
    return place.point or MIDDLE_OF.get(place.country)


def distance(one, other):
    """Metres between two points, by the haversine formula."""
    lat, lon, to_lat, to_lon = map(math.radians, one + other)
    square = math.sin((to_lat - lat) / 2) ** 2 + \
        math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH * math.asin(min(1, math.sqrt(square)))


class Line:
    """What a map says along all addresses of an IP version: pieces, each up to the next one."""

    def __init__(self, version, pieces):
        """pieces: (first address, what is said) in order, the first of address 0."""
        self.bits = BITS[version]
        self.starts, self.said = [], []
        for start, said in pieces:
            if not self.said or self.said[-1] != said:
                self.starts.append(start)
                self.said.append(said)

    def find(self, address):
        return self.said[bisect.bisect_right(self.starts, address) - 1]

    def scope(self, address):
        """Length of the shortest prefix around an address in which the same is said of all."""
        behind = bisect.bisect_right(self.starts, address)
        first = self.starts[behind - 1]
        last = (self.starts[behind] if behind < len(self.starts) else 1 << self.bits) - 1
        for length in range(self.bits + 1):
            rest = self.bits - length
            begin = address >> rest << rest
            if first <= begin and begin + (1 << rest) - 1 <= last:
                return length
        raise AssertionError("a single address is constant")


class LineMap:
    """A map as a line for each IP version."""

    def __init__(self, lines):
        self.lines = lines

    def find(self, network):
        return self.lines[network.version].find(int(network.network_address))

    def scope(self, network):
        return self.lines[network.version].scope(int(network.network_address))


class NetworkMap(LineMap):
    """A map of networks, nested or not; None is said of everything else."""

    def __init__(self, rows):
        """rows: (network as text, what is said of it)."""
        self.rows = [(ipaddress.ip_network(network), said) for network, said in rows]
        super().__init__({version: Line(version, self._pieces(version)) for version in BITS})

    def _pieces(self, version):
        starts = {0}
        for network, _ in self.rows:
            if network.version == version:
                starts |= {int(network.network_address), int(network.broadcast_address) + 1}
        starts.discard(1 << BITS[version])
        return [(start, self.say(version, start)) for start in sorted(starts)]

    def around(self, version, address):
        """Rows whose networks contain an address, the shortest first."""
        return sorted((row for row in self.rows if row[0].version == version and
                       int(row[0].network_address) <= address <= int(row[0].broadcast_address)),
                      key=lambda row: row[0].prefixlen)

    def say(self, version, address):
        around = self.around(version, address)
        return around[-1][1] if around else None


class Collection(NetworkMap):
    """A collection of locations: of an address it says all blocks around it."""

    def say(self, version, address):
        """Blocks, (network, location), without those in one of the same location."""
        blocks = []
        for block in self.around(version, address):
            if not blocks or blocks[-1][1] != block[1]:
                blocks.append(block)
        return tuple(blocks)


class Client:
    """Who asks: the subnet given with the question, or where it comes from (rule C1).

    subnet, source: networks, or None: not given, not known.
    """

    def __init__(self, subnet=None, source=None):
        block = [private.prefixlen for private in PRIVATE
                 if subnet is not None and private.version == subnet.version and
                 subnet.subnet_of(private)]
        self.by_subnet = subnet is not None and subnet.prefixlen > 0 and not block
        self.network = subnet if self.by_subnet else source
        self.block = block[0] if block else 0


class Maps:
    """The maps of a store. geo: of Place; latency: of {region: microseconds}; asn: of numbers;
    None: there is none. cidr, regions: by name; a region is a point."""

    def __init__(self, geo=None, latency=None, asn=None, cidr=None, regions=None):
        self.geo, self.latency, self.asn = geo, latency, asn
        self.collections = cidr or {}
        self.regions = REGIONS | (regions or {})

    def named(self, name):
        """A map by its name; that of a collection is "cidr/" and its own."""
        kind, _, collection = name.partition("/")
        return self.collections.get(collection) if collection else getattr(self, kind)


class Sight:
    """What the maps say of one client."""

    def __init__(self, maps, client):
        self.maps, self.client = maps, client

    def find(self, name):
        """What a map says; None if it says nothing, or is not there."""
        found = self.maps.named(name)
        if found is None or self.client.network is None:
            return None
        return found.find(self.client.network)

    def scope(self, name):
        """How long a prefix counts for an answer that depends on a map (rule C2)."""
        if name != "sticky" and self.maps.named(name) is None:
            return 0
        if not self.client.by_subnet:
            return self.client.block
        network = self.client.network
        if name == "sticky":
            return 24 if network.version == 4 else 56
        return self.maps.named(name).scope(network)


# The maps as files for "map import".

def _field(value):
    return "" if value is None else str(value)


def _cells(kind, said):
    """What is said as cells of CSV: a list of rows."""
    if kind == "geo":
        place = said or Place()
        return [[*place[:3], *(place.point or (None, None))]]
    if kind == "latency":
        return [[region, f"{rtt / 1000:.3f}"] for region, rtt in said.items()]
    return [[said]]


HEADERS = {"geo": "prefix,continent,country,subdivision,lat,lon", "latency": "prefix,region,rtt_ms",
           "asn": "prefix,asn", "cidr": "prefix,location", "regions": "region,lat,lon"}


def _text(kind, rows):
    return "\n".join([HEADERS[kind], *(",".join(map(_field, row)) for row in rows)]) + "\n"


def files(maps):
    """The files of maps: (type, name, text) of each."""
    for kind in "geo", "latency", "asn":
        found = maps.named(kind)
        if found is not None:
            yield kind, kind, _text(kind, ([network, *cells] for network, said in found.rows
                                           for cells in _cells(kind, said)))
    for name, found in maps.collections.items():
        yield "cidr", name, _text("cidr", found.rows)
    own = {name: point for name, point in maps.regions.items() if REGIONS.get(name) != point}
    if own:
        yield "regions", "regions", _text("regions", ([name, *at] for name, at in own.items()))
