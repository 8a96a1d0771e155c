# SPDX-License-Identifier: GPL-3.0-or-later
"""A knotd with mod-geoip, and one with the overlays that steerctl import makes of its configuration:
clients have the same answers, apart from what mod-geoip does wrong, each of which is seen here, and
from what steer-import(5) tells to be otherwise."""

import collections
import contextlib
import ipaddress
import signal
import unittest

from steer import env
from steer.case import zone_text
from steer.client import WINDOW, Udp
from steer.compared import (COUNTRIES, ECS, NAMED, Compared, Place, named, record_of)
from steer.mmdb import mmdb
from steer.policystory import QUERIES
from steer.wire import TYPES, Answer, labels, question, subnet

KEYS = "[continent/code, country/iso_code, subdivisions/0/iso_code]"
CLIENTS = env.number("STEER_GEOIP_CLIENTS", 4000, 700, sanitized=300)
NUMBER = {country: number for number, country in enumerate(COUNTRIES, 1)}
SHARES = (1, 10, 10, 0, 79)

Reply = collections.namedtuple("Reply", "rcode records scope")


def view(key, *records):
    return f"  - {key}\n" + "".join(f"    {record}\n" for record in records)


def reply(message):
    answer = Answer(message)
    return Reply(answer.rcode, sorted((kind, ttl, data) for _, kind, _, ttl, data in answer.answer),
                 answer.scope())


def ask_each(server, questions):
    """Replies to (name, type, client)."""
    found = []
    with contextlib.closing(Udp(server.address)) as asking:
        for begin in range(0, len(questions), WINDOW):
            some = questions[begin:begin + WINDOW]
            asking.send([question(labels(name), TYPES[kind], subnet(str(client)))
                         for name, kind, client in some])
            found += map(reply, asking.receive(len(some)))
    return found


@unittest.skipIf(env.installed_module("geoip") is None, "the package knot-module-geoip is missing")
class GeoipImport(Compared):

    def peer(self, sections, zones, server=ECS):
        """A knotd with sections (identifier, options, file) of mod-geoip, each in one zone."""
        extra = "mod-geoip:\n"
        for name, options, text in sections:
            extra += f"  - id: {name}\n    config-file: {self.file(f'{name}.conf', text)}\n" + \
                "".join(f"    {option}\n" for option in options)
        files = {zone: self.file(f"{zone}.zone", text) for zone, text in zones.items()}
        modules = {zone: f"    module: mod-geoip/{name}\n"
                   for zone, (name, *_) in zip(zones, sections)}
        return self.knot(name="peer", zones=files, modules=(), server=server, extra=extra,
                         zone=modules), files

    def imported(self, peer, files, *maps, words=()):
        """A knotd with mod-steer over the same zones, and what the import makes."""
        self.steer = self.store("--ns", "ns.example.net.")
        peer.write_config()
        result = self.steer.run("import", "--format", "geoip", peer.path("knot.conf"))
        self.assert_status(result, 0, *words)
        for file in maps:
            self.steer.ok("map", "import", "--type", "geo", file)
        return self.host(store=self.steer.directory, zones=files, ecs=True).start()

    def assert_same(self, questions, ours, theirs):
        other = [f"{' '.join(map(str, one))}: {x.rcode} {x.records}, beside {y.rcode} {y.records}"
                 for one, x, y in zip(questions, ours, theirs) if x[:2] != y[:2]]
        self.assertEqual(other[:20], [], f"{len(other)} of {len(questions)}")

    # By subnet.

    def test_subnet_mode(self):
        networks = self.networks(self.country)
        lines = {network: f"net: {network}" for network in networks.values}

        def views(*records):
            """Of all networks: records in which {} is the number of the country."""
            return "".join(view(lines[network], *(one.format(NUMBER[country]) for one in records))
                           for network, country in networks.values.items())

        def some(record, other, lacks):
            return "".join(view(lines[network], record.format(NUMBER[country]), *(
                () if country in lacks else (other.format(NUMBER[country]),)))
                           for network, country in networks.values.items())
        text = ("www.sub.test:\n" + views("A: [192.0.2.{0}, 198.51.100.{0}]", "AAAA: 2001:db8::{0}",
                                          "TXT: \"number\\ {0}\"") +
                "none.sub.test:\n" + views("A: 192.0.2.{0}") +
                "wild.sub.test:\n" + views("A: 192.0.2.{0}") +
                "alias.sub.test:\n" + views("CNAME: c{0}.example.net.") +
                "sub.test:\n" + views("A: 192.0.2.{0}") +
                "lacks.sub.test:\n" + some("A: 192.0.2.{0}", "AAAA: 2001:db8::{0}", ("DE", "US")) +
                "host.sub.test:\n" + view("net: 20.0.0.1", "A: 192.0.2.70") +
                view("net: 0.0.0.0/0", "A: 192.0.2.71"))
        zone = zone_text("sub.test.", "www A 192.0.2.200", "www AAAA 2001:db8::200",
                         "*.sub.test. A 192.0.2.201", "*.sub.test. MX 10 mail",
                         "alias CNAME other.example.net.", "@ A 192.0.2.202",
                         "lacks AAAA 2001:db8::203", "none TXT \"nothing else\"")
        peer, files = self.peer([("sub", ["ttl: 77"], text)], {"sub.test": zone})
        ours = self.imported(peer, files)
        peer.start()
        clients = self.clients(networks)[::5][:CLIENTS]
        whole = [client for client in clients
                 if networks.within(client) == networks.network(client)]
        self.assertLess(CLIENTS // 4, len(whole))
        self.assertLess(len(whole), len(clients))
        names = [("www", "A"), ("www", "AAAA"), ("www", "TXT"), ("none", "A"), ("wild", "A"),
                 ("alias", "A"), ("alias", "CNAME"), ("", "A"), ("lacks", "A"), ("lacks", "AAAA"),
                 ("host", "A")]
        questions = [(f"{name}.sub.test".lstrip("."), kind, client)
                     for client in whole for name, kind in names]
        mine, theirs = ask_each(ours, questions), ask_each(peer, questions)
        self.assert_same(questions, mine, theirs)
        self.assert_scopes_of_mod_geoip(peer, networks, whole)
        # A client of which only a part is in a network: mod-geoip takes its first address.
        parts = [("www.sub.test", "A", client) for client in clients if client not in whole]
        values = [networks.values.get(networks.within(client)) for _, _, client in parts]
        for one, got, country in zip(parts, ask_each(ours, parts), values):
            number = NUMBER[country] if country else 200
            self.assertIn(bytes((192, 0, 2, number)), [data for _, _, data in got.records], one)

    def assert_scopes_of_mod_geoip(self, peer, networks, clients):
        """Its faults a and b: scopes of the network that matches, whatever is inside; 0 for none."""
        short = [client for client in clients
                 if networks.scope(client) > (0 if networks.network(client) is None
                                              else networks.network(client).prefixlen)]
        self.assertLess(0, len(short))
        for client, got in zip(short, ask_each(peer, [("www.sub.test", "A", client)
                                                      for client in short])):
            within = networks.network(client)
            self.assertEqual(got.scope, 0 if within is None else within.prefixlen, client)

    # By place.

    def test_geodb_mode(self):
        networks = self.networks(self.place)
        database = self.file("places.mmdb", mmdb({network: record_of(place) for network, place
                                                  in networks.values.items()}))
        number = {place: at for at, place in enumerate(NAMED, 1)}
        lacks = (Place("NA", "US"), Place("EU"))
        text = ("www.geo.test:\n" + "".join(
            view(f"geo: \"{';'.join(filter(None, place))}\"", f"A: 192.0.2.{at}", *(
                () if place in lacks else (f"AAAA: 2001:db8::{at}",)))
                                            for place, at in number.items()) +
                "alias.geo.test:\n" + "".join(
                    view(f"geo: {';'.join(filter(None, place))}", f"CNAME: c{at}.example.net.")
                    for place, at in number.items()) +
                "country.geo.test:\n" + view("geo: \"*;US\"", "A: 192.0.2.50") +
                view("geo: \"NA;US;NY\"", "A: 192.0.2.51") +
                "city.geo.test:\n" + view("geo: EU;Atlantis", "A: 192.0.2.60"))
        zone = zone_text("geo.test.", "www A 192.0.2.200", "country A 192.0.2.201",
                         "city A 192.0.2.202")
        peer, files = self.peer([("geo", ["mode: geodb", f"geodb-file: {database}",
                                          f"geodb-key: {KEYS}"], text)], {"geo.test": zone})
        ours = self.imported(peer, files, database, words=(
            r"geo\.conf:\d+:\d+: warning: geo: 'EU;Atlantis' is left out",
            f"warning: geodb-file: .*map import --type geo {database}"))
        peer.start()
        clients = self.clients(networks)[::5][:CLIENTS]
        names = [("www", "A"), ("www", "AAAA"), ("alias", "CNAME"), ("country", "A"), ("city", "A")]
        def differs(name, place):
            """Fault e: a view without a value before its last one misses clients of whom nothing
            more is known. And nothing is at alias for others: mod-geoip leaves it to the zone,
            which has no such name."""
            return (name == "country" and place == Place("NA", "US") or
                    name == "alias" and named(place) is None)
        questions = [(f"{name}.geo.test", kind, client) for client in clients
                     for name, kind in names if not differs(name, networks.value(client))]
        mine, theirs = ask_each(ours, questions), ask_each(peer, questions)
        self.assert_same(questions, mine, theirs)
        for name, kind, rcode, records in (("alias", "CNAME", 3, 0), ("country", "A", 0, 1)):
            others = [(f"{name}.geo.test", kind, client) for client in clients
                      if differs(name, networks.value(client))]
            self.assertEqual({(got.rcode, len(got.records)) for got in ask_each(peer, others)},
                             {(rcode, records)})
            self.assertEqual({(got.rcode, len(got.records)) for got in ask_each(ours, others)},
                             {(0, records)})
            if records:
                self.assertEqual({got.records[0][2][3] for got in ask_each(peer, others)}, {201})
                self.assertEqual({got.records[0][2][3] for got in ask_each(ours, others)}, {50})

    # By weight.

    def counts_of(self, server, name, count=QUERIES):
        client = ipaddress.ip_network("20.0.0.0/24")
        found = ask_each(server, [(name, "A", client)] * count)
        self.assertEqual({one.rcode for one in found}, {0})
        return collections.Counter(one.records[0][2][3] if one.records else None for one in found)

    def test_weighted_mode(self):
        text = ("www.weight.test:\n" + "".join(view(f"weight: {weight}", f"A: 192.0.2.{number}")
                                               for number, weight in enumerate(SHARES, 1)) +
                "lacks.weight.test:\n" + view("weight: 3", "A: 192.0.2.1", "TXT: x") +
                view("weight: 1", "TXT: x") +
                "alone.weight.test:\n" + view("weight: 9", "A: 192.0.2.9") +
                "many.weight.test:\n" + "".join(view("weight: 255", f"A: 192.0.2.{number % 250}")
                                                for number in range(258)))
        zone = zone_text("weight.test.", "www A 192.0.2.200", "alone A 192.0.2.201")
        peer, files = self.peer([("weight", ["mode: weighted", "ttl: 5"], text)],
                                {"weight.test": zone})
        ours = self.imported(peer, files)
        peer.start()
        shares = {number: weight for number, weight in enumerate(SHARES, 1) if weight}
        for server in ours, peer:
            self.assert_shares(self.counts_of(server, "www.weight.test"), shares)
            self.assert_shares(self.counts_of(server, "lacks.weight.test"), {1: 3, None: 1})
            self.assertEqual(set(self.counts_of(server, "alone.weight.test", 64)), {9})
        # The sum of weights has 16 bits there, here 258 x 255 = 254.
        self.assertLess(len(self.counts_of(peer, "many.weight.test", 2000)), 3)
        self.assertLess(200, len(self.counts_of(ours, "many.weight.test", 5000)))

    # What mod-geoip does wrong, or otherwise.

    def test_faults(self):
        nets = ("bits.fault.test:\n" + view("net: 20.1.2.3/8", "A: 192.0.2.1") +
                "private.fault.test:\n" + view("net: 10.0.0.0/8", "A: 192.0.2.1"))
        zero = "www.zero.test:\n" + view("weight: 0", "A: 192.0.2.1") + \
            view("weight: 0", "A: 192.0.2.2")
        peer, files = self.peer(
            [("nets", [], nets), ("zero", ["mode: weighted"], zero)],
            {"fault.test": zone_text("fault.test.", "bits A 192.0.2.200", "private A 192.0.2.200"),
             "zero.test": zone_text("zero.test.")})
        ours = self.imported(peer, files, words=(
            r"nets\.conf:2:10: warning: net: 20\.1\.2\.3/8 has bits after its length",
            r"zero\.conf:1:1: warning: weight: all are 0"))
        peer.start()
        # Fault f: clients below an address that has bits after the length of its network.
        questions = [("bits.fault.test", "A", "20.1.2.2/32"), ("bits.fault.test", "A", "20.2.0.0/16"),
                     ("private.fault.test", "A", "10.0.0.0/24")]
        for server, want in (ours, [1, 1, 200]), (peer, [200, 1, 1]):
            self.assertEqual([got.records[0][2][3] for got in ask_each(server, questions)], want)
        # Fault d: knotd ends, since it divides by the sum of weights.
        self.assert_shares(self.counts_of(ours, "www.zero.test"), {1: 1, 2: 1})
        with contextlib.closing(Udp(peer.address)) as asking:
            asking.send([question(labels("www.zero.test"), TYPES["A"])])
        self.assertEqual(peer.process.wait(env.PATIENCE), -signal.SIGFPE)
        peer.stop(good=False)

    def test_an_error_changes_nothing(self):
        peer, _ = self.peer([("nets", ["ttl: 1y"], "www.a.test:\n" + view("net: 20.0.0/8"))],
                            {"a.test": zone_text("a.test.")})
        peer.write_config()
        store = self.store()
        result = store.run("import", "--format", "geoip", peer.path("knot.conf"))
        self.assert_status(result, 1, r"knot\.conf:\d+:10: ttl: '1y' is no time; allowed: ",
                           r"nets\.conf:2:10: net: '20\.0\.0/8' is not a network; allowed: ",
                           r"knot\.conf: 2 errors")
        self.assertEqual(store.ok("list"), "")
        self.assertEqual(store.ok("map", "list"), "")
