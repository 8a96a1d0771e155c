# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of the whole Internet, served by knotd: random clients get what a plain search through the
source says, with its scope.

STEER_CLIENTS_SERVED  how many clients, each in a subnet
STEER_SOURCES_SERVED  how many source addresses
"""

import collections
import contextlib
import ipaddress
import os
import random
import re
import shutil
import socket
import subprocess
import unittest

from steer import env
from steer.client import Udp
from steer.mapstory import MapStory
from steer.maps import BITS, Client, Line, LineMap, Maps, NetworkMap, Sight
from steer.policystory import A, addresses
from steer.wire import Answer, labels, question

TOR = "/usr/share/tor/geoip", "/usr/share/tor/geoip6"
CLIENTS = env.number("STEER_CLIENTS_SERVED", 100000, 10000, sanitized=2000)
SOURCES = env.number("STEER_SOURCES_SERVED", 10000, 3000, sanitized=500)
NAME = "www.example.com."
OTHERS = "192.0.2.1"  # The default.
ASNS_OF_A_SET, SETS = 63, 199


def address_of(number):
    """The address with which a set answers."""
    return str(ipaddress.IPv4Address(int(ipaddress.IPv4Address("198.18.0.0")) + number))


def zone_of(policy, sets):
    """A group of sets, each with its attributes and its address; and the default."""
    return "\n".join([
        "zone: example.com", "records:", "  www:", "    type: A", f"    policy: {policy}",
        "    sets:", f"      default: {{values: [{OTHERS}]}}",
        *(f"      s{number}: {{{words}, values: [{address_of(number)}]}}"
          for number, words in enumerate(sets))]) + "\n"


def number_of(text):
    """An address as in the files of Tor: a number, or as usual."""
    return int.from_bytes(socket.inet_pton(socket.AF_INET6, text), "big") if ":" in text \
        else int(text)


def line_of_ranges(version, path):
    """A line through a file of Tor: first address, last address, country."""
    pieces, behind = [(0, None)], 0
    with open(path, encoding="ascii") as file:
        for text in file:
            if text[0] != "#":
                first, last, country = text.strip().split(",")
                first = number_of(first)
                if first < behind:
                    raise AssertionError(f"{path}: ranges are not in order")
                behind = number_of(last) + 1
                pieces += [(first, None if country in ("", "??") else country), (behind, None)]
    # What begins where another ends takes its place.
    return Line(version, dict(pieces).items())


def line_of_networks(version, networks):
    """A line through networks, which may be nested: (first address, length, what is said)."""
    bits = BITS[version]
    pieces, around = [(0, None)], []  # The networks around the place, each with its end.

    def leave(place):
        while around and around[-1][0] <= place:
            end, _ = around.pop()
            pieces.append((end, around[-1][1] if around else None))
    for first, length, said in sorted(networks, key=lambda one: one[:2]):
        leave(first)
        pieces.append((first, said))
        around.append((first + (1 << bits - length), said))
    leave(1 << bits)
    return Line(version, (piece for piece in dict(pieces).items() if piece[0] < 1 << bits))


def networks_of_dump(path):
    """The networks in what "location dump" prints, by IP version, with their systems."""
    networks = {4: [], 6: []}
    pattern = re.compile(r"(net|aut-num): +(\S+)")
    network = None
    with open(path, encoding="utf-8") as file:
        for text in file:
            if text == "\n":
                if network is not None:
                    networks[network[0]].append(network[1:])
                network = None
                continue
            found = pattern.match(text)
            if found is None:
                continue
            if found[1] == "net":
                address, _, length = found[2].partition("/")
                kind = socket.AF_INET6 if ":" in address else socket.AF_INET
                first = int.from_bytes(socket.inet_pton(kind, address), "big")
                network = 6 if ":" in address else 4, first, int(length), None
            elif network is not None:
                network = (*network[:3], int(found[2].removeprefix("AS")))
    if network is not None:
        networks[network[0]].append(network[1:])
    return networks


def some_clients(rng, lines, count):
    """Subnets in and beside the pieces of a map."""
    for _ in range(count):
        line = lines[rng.choice((4, 6))]
        address = rng.choice(line.starts) + rng.choice((0, 0, -1, rng.getrandbits(12)))
        if rng.random() < 0.1:
            address = rng.getrandbits(line.bits)
        kind = ipaddress.IPv4Address if line.bits == 32 else ipaddress.IPv6Address
        length = rng.choice((24, 24, 20, 32) if line.bits == 32 else (48, 56, 64, 128))
        yield ipaddress.ip_network((kind(address % (1 << line.bits)), length), strict=False)


class MapsServed(MapStory):

    def compare(self, host, kind, lines, values):
        """Answers and scopes of random clients; then of clients that a cache would serve with them.

        kind: of the map, which has these lines; values: what it says -> the address given for it.
        """
        rng = random.Random(7)
        maps = Maps(**{kind: LineMap(lines)})
        here = ipaddress.ip_network(host.address[0])
        asked = list(some_clients(rng, lines, CLIENTS))
        others, wanted = [], []
        for client, answer in zip(asked, self.asked(host, [(NAME, one) for one in asked])):
            sight = Sight(maps, Client(client, here))
            self.assertEqual((addresses(answer), answer.scope()),
                             (values.get(sight.find(kind), OTHERS), sight.scope(kind)), str(client))
            if len(others) < CLIENTS // 5 and answer.scope() <= client.prefixlen:
                kept = client.supernet(new_prefix=answer.scope())
                inside = int(kept.network_address) | rng.getrandbits(128) & int(kept.hostmask)
                others.append(ipaddress.ip_network(type(kept.network_address)(inside)))
                wanted.append(addresses(answer))
        self.assertGreater(len(others), len(asked) // 20)
        got = [addresses(answer) for answer in self.asked(host, [(NAME, one) for one in others])]
        self.assertEqual([what for what in zip(others, got, wanted) if what[1] != what[2]], [])

    @unittest.skipUnless(all(map(os.path.exists, TOR)), "the package tor-geoipdb is missing")
    def test_countries_of_tor_geoipdb(self):
        lines = {version: line_of_ranges(version, path) for version, path in zip(BITS, TOR)}
        countries = sorted(filter(None, {said for line in lines.values() for said in line.said}))
        values = {country: address_of(number) for number, country in enumerate(countries)}
        store = self.policies(zone_of("geolocation", (f"geo: {{country: '{country}'}}"
                                                      for country in countries)))
        store.ok("map", "import", "--type", "geo", *TOR)
        self.compare(self.heeding(store), "geo", lines, values)

    @unittest.skipIf(shutil.which("location") is None, "the package location is missing")
    def test_autonomous_systems_of_libloc(self):
        dump = self.path("dump")
        done = subprocess.run(["location", "dump", dump], capture_output=True, text=True,
                              timeout=300, check=False)
        if done.returncode != 0:
            self.skipTest(f"no database: {done.stderr.strip()}")
        lines = {version: line_of_networks(version, networks)
                 for version, networks in networks_of_dump(dump).items()}
        pieces = collections.Counter(said for line in lines.values() for said in line.said)
        del pieces[None]
        systems = [system for system, _ in pieces.most_common(SETS * ASNS_OF_A_SET)]
        groups = [systems[begin::SETS] for begin in range(SETS)]
        values = {system: address_of(number) for number, group in enumerate(groups)
                  for system in group}
        store = self.policies(zone_of("[asn, take 1]", (f"asn: {group}" for group in groups)))
        store.ok("map", "import", "--type", "asn", dump)
        self.compare(self.heeding(store), "asn", lines, values)

    def test_source_addresses(self):
        """Without a subnet the source address counts: here, many of 127.0.0.0/8, which are what a
        test on loopback can have, in a map of nested networks there."""
        rng = random.Random(4)
        countries = [one + other for one in "ACDEFGHI" for other in "EGILMRS"]
        networks = {}
        for _ in range(300):
            length = rng.randrange(9, 33)
            first = 127 << 24 | rng.getrandbits(24)
            networks[ipaddress.ip_network((first, length), strict=False)] = rng.choice(countries)
        plain = NetworkMap((str(network), said) for network, said in networks.items())
        values = {country: address_of(number) for number, country in enumerate(countries)}
        store = self.store_of_maps(
            zone_of("geolocation", (f"geo: {{country: '{country}'}}" for country in countries)),
            geo="prefix,country\n" + "".join(f"{at},{said}\n" for at, said in networks.items()))
        deaf = self.host("deaf", store=store.directory).start()
        heeding = self.heeding(store)
        given = set()
        for number in range(SOURCES):
            start = rng.choice(plain.lines[4].starts[1:-1]) - rng.randrange(2)
            source = str(ipaddress.IPv4Address(max(start, (127 << 24) + 1)))
            host = deaf if number % 2 == 0 else heeding
            with contextlib.closing(Udp(host.address, source=source)) as udp:
                udp.send([question(labels(NAME), A)])
                answer = Answer(udp.receive(1)[0])
            want = values.get(plain.find(ipaddress.ip_network(source)), OTHERS)
            self.assertEqual((addresses(answer), answer.scope()), (want, None), source)
            given.add(want)
        self.assertGreater(len(given), len(countries) // 2)
