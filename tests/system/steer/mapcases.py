# SPDX-License-Identifier: GPL-3.0-or-later
"""Random maps of small worlds, and clients in and beside their networks, from a seed."""

import ipaddress

from steer.maps import BITS, Collection, Maps, NetworkMap, Place, in_country

# Where all networks are that are drawn: few, so that many are nested and many side by side.
WINDOWS = tuple(map(ipaddress.ip_network, ("203.0.112.0/20", "2001:db8:40::/44")))
DEEP = 9  # Most bits of a network behind those of its window.

COUNTRIES = "US", "CA", "NO", "DE"
SUBDIVISIONS = ("US", "CA"), ("US", "NY"), ("NO", "03")
CONTINENTS = "NA", "EU", "AS"
AWS = "us-east-1", "eu-central-1", "sa-east-1"
OWN = "rack-1", "rack_2", "Rack-3"   # In the map of regions, if there is one.
LOST = "nowhere-1"                   # In none.
REGIONS_OF_SETS = *AWS, *OWN, LOST
LOCATIONS = "x", "y", "z"
COLLECTIONS = "nets", "hubs"
ASNS = 64500, 64501, 4200000000
PRIVATE = tuple(map(ipaddress.ip_network, ("10.1.2.0/24", "10.200.0.0/16", "192.168.0.0/20",
                                           "fd00::/56", "fd80:1::/32")))
ELSEWHERE = tuple(map(ipaddress.ip_network, ("0.0.0.0/0", "::/0", "198.51.100.0/24",
                                             "2001:db8:1::/56", "128.0.0.0/1")))


def some_point(rng):
    return rng.randrange(-60, 71), rng.randrange(-180, 181)


def some_place(rng):
    """What a map of places says of a network; None: nothing."""
    dice = rng.random()
    if dice < 0.1:
        return None
    if dice < 0.25:
        return Place(rng.choice(CONTINENTS), point=some_point(rng) if dice < 0.15 else None)
    if dice < 0.3:
        return Place(point=some_point(rng))
    country, subdivision = rng.choice(SUBDIVISIONS)
    if dice < 0.5:
        country, subdivision = rng.choice(COUNTRIES), None
    return in_country(country, subdivision, some_point(rng) if rng.random() < 0.5 else None)


def some_latencies(rng):
    """Round-trip times; equal ones, and some just within a percentage, are likely."""
    regions = rng.sample(REGIONS_OF_SETS, rng.randrange(1, len(REGIONS_OF_SETS)))
    return {region: rng.choice((1000, 10000, 12000, 12001, 15000, 20000, 99999))
            for region in regions}


def some_network(rng, deep=DEEP):
    """A network in a window, or once in a while one around it."""
    window = rng.choice(WINDOWS)
    if rng.random() < 0.1:
        return window.supernet(new_prefix=rng.randrange(1, window.prefixlen + 1))
    length = window.prefixlen + rng.randrange(1, deep + 1)
    bits = rng.getrandbits(deep) << (BITS[window.version] - window.prefixlen - deep)
    address = type(window.network_address)(int(window.network_address) | bits)
    return ipaddress.ip_network((address, length), strict=False)


def some_maps(rng, deep=DEEP):
    """A store's maps; each may be missing."""
    def there():
        return rng.random() < 0.9

    def rows(said):
        networks = {some_network(rng, deep) for _ in range(rng.randrange(3, 25))}
        return [(str(network), said(rng)) for network in sorted(networks, key=str)]
    return Maps(
        geo=NetworkMap(rows(some_place)) if there() else None,
        latency=NetworkMap(rows(some_latencies)) if there() else None,
        asn=NetworkMap(rows(lambda rng: rng.choice((*ASNS, 7, None)))) if there() else None,
        cidr={name: Collection(rows(lambda rng: rng.choice(LOCATIONS)))
              for name in COLLECTIONS if there()},
        regions={name: some_point(rng) for name in (*OWN, AWS[0])} if there() else {})


def all_clients(deep):
    """All networks of a window down to so many bits, the first and the last address of the smallest
    ones, some networks around the window with one beside each, and private ones."""
    yield from PRIVATE
    for window in WINDOWS:
        for length in (*range(1, window.prefixlen, 4), window.prefixlen):
            around = window.supernet(new_prefix=length)
            beside = int(around.network_address) ^ 1 << BITS[window.version] - length
            yield around
            yield ipaddress.ip_network((type(around.network_address)(beside), length))
        for length in range(1, deep + 1):
            yield from window.subnets(length)
        for leaf in window.subnets(deep):
            yield ipaddress.ip_network(leaf.network_address)
            yield ipaddress.ip_network(leaf.broadcast_address)


def some_client(rng, maps):
    """A subnet as a query has it: in, around or beside a network of a map, or anywhere."""
    dice = rng.random()
    if dice < 0.1:
        return rng.choice(PRIVATE + ELSEWHERE)
    rows = [row for found in (maps.geo, maps.latency, maps.asn, *maps.collections.values())
            if found is not None for row in found.rows]
    network = rng.choice(rows)[0] if rows else some_network(rng)
    bits = BITS[network.version]
    address = int(network.network_address) | rng.getrandbits(bits - network.prefixlen or 1) & \
        int(network.hostmask)
    if rng.random() < 0.4:
        address ^= 1 << (bits - rng.randrange(max(1, network.prefixlen - 4), network.prefixlen + 1))
    length = rng.choice((network.prefixlen, bits, 24 if bits == 32 else 56,
                         max(1, network.prefixlen - 1), min(bits, network.prefixlen + 1)))
    return ipaddress.ip_network((address, length), strict=False)
