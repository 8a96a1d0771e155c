# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin of BIND answers as mod-steer does from the same store, apart from a closed list of
exceptions (steer/hosts.py).

STEER_BIND_ZONES  small random zones, and as many that enclose each other
"""

import os
import random

import test_differential

from steer import env, generate
from steer.case import zone_text
from steer.client import Udp, ask
from steer.differ import ALL_TRANSPORTS, TCP, TCP_EDNS, UDP, Difference, Transport, questions_of
from steer.hosts import EXCEPTIONS, MINIMAL, META, Hosts, SIZE
from steer.named import NamedCase
from steer.wire import TYPES, labels, opt
from steer.zonemodel import Zone

# As much as named sends over UDP if it may, which it and knotd may here.
UDP_4096 = Transport("UDP, EDNS 4096", Udp, (1, opt(4096)))
NAMED_SIZE = "recursion no; max-udp-size 4096;"
KNOT_SIZE = "    udp-max-payload: 4096\n"
ZONES = env.number("STEER_BIND_ZONES", 60, 12)
# Other data, and types that stand for no data.
MORE_TYPES = [TYPES[t] for t in ("PTR", "HINFO", "CAA", "HTTPS", "SVCB", "NAPTR", "TLSA", "RRSIG",
                                 "OPT")] + [25, 47, 48, 50, 249, 250, 253, 254, 65535]


class BothHosts(NamedCase):

    def serve(self, word, *files):
        """mod-steer and the plugin with the same store of that name, filled from files: pairs of
        apex and path."""
        store = self.store(name=f"store-{word}")
        for apex, path in files:
            store.ok("import", "--zone", apex, path)
        knot = self.knot(f"mod-steer-{word}", store=store.directory, modules=(),
                         server=KNOT_SIZE).start()
        named = self.named(f"plugin-{word}", store=store.directory, options=NAMED_SIZE).start()
        self.loaded(named)
        for server in knot, named:
            self.served(server, files[-1][0], TYPES["SOA"])
        return knot, named

    def finish(self, title, comparison):
        print(f"     {title}: {comparison.asked} questions, {comparison.parsed} answers not equal "
              f"byte by byte, {len(comparison.differences)} differences")
        for exception in EXCEPTIONS:
            print(f"       {comparison.excused[exception.name]:9d}  exception: {exception.name}: "
                  f"{exception.reason}")
        comparison.check()

    def sample(self, rng, comparison, pairs, part):
        """Asks a part of the questions over each transport."""
        for transport in (*ALL_TRANSPORTS, UDP_4096):
            comparison.run(rng.sample(pairs, len(pairs) // part), transport)

    def test_corner_cases(self):
        path, zone = test_differential.Differential.corner_zone(self)
        servers = self.serve("corners", (zone.name, path))
        for server in servers:
            large = ask(server, labels("big80.corner.test"), TYPES["A"], UDP_4096.edns)
            self.assertFalse(large.tc)
            self.assertGreater(len(large.message), 1232)
        comparison = Hosts(*servers, [zone])
        rng = random.Random(9)
        self.sample(rng, comparison, questions_of([zone], [zone.questions()]), 6)
        comparison.run(questions_of([zone], [rng.sample(zone.questions(), 100)], MORE_TYPES), UDP)
        vast = [labels(f"{word}{number}.corner.test") for word in ("huge", "vast")
                for number in range(1, 6)]
        for transport in (TCP, TCP_EDNS):
            comparison.run(questions_of([zone], [vast]), transport)
        self.finish("corner cases", comparison)
        for exception in SIZE, MINIMAL, META:
            self.assertGreater(comparison.excused[exception.name], 0, exception.name)

    def test_small_and_nested_zones(self):
        for title, zones in (
                ("small zones", [generate.small(random.Random(n), (b"zone%d" % n, b"test"))
                                 for n in range(ZONES)]),
                ("zones inside zones", generate.nested(random.Random(10), ZONES))):
            word = title.replace(" ", "-")
            files = [(zone.name, zone.write(self.path(f"{word}-{number}.zone")))
                     for number, zone in enumerate(zones)]
            comparison = Hosts(*self.serve(word, *files), zones)
            pairs = questions_of(zones, [zone.questions() for zone in zones])
            self.sample(random.Random(11), comparison, pairs, 6)
            self.finish(title, comparison)

    def test_a_planted_difference_is_found(self):
        """Another address, TTL or name in the store of one."""
        lines = ("www A 192.0.2.1", "sub NS ns.sub", "ns.sub A 192.0.2.2", "alias CNAME www")
        zone = Zone.read(self.file("zone", zone_text("example.com.", *lines)), "example.com.")
        for old, new in (("192.0.2.1", "192.0.2.9"), ("192.0.2.2", "192.0.2.9"),
                         ("www A", "www 60 A"), ("CNAME www", "CNAME ww"), ("sub NS ns.sub", "")):
            number = len(os.listdir(self.dir))
            servers = []
            for host, text in ((self.knot, "\n".join(lines)),
                               (self.named, "\n".join(lines).replace(old, new))):
                store = self.hosted(("example.com.", zone_text("example.com.", text)),
                                    name=f"store-{number}-{host.__name__}")
                servers.append(host(f"{host.__name__}-{number}", store=store.directory).start())
                self.served(servers[-1], "example.com", TYPES["SOA"])
            comparison = Hosts(*servers, [zone])
            comparison.run(questions_of([zone], [zone.questions()]), UDP)
            with self.assertRaises(Difference, msg=old):
                comparison.check()
            for server in servers:
                server.stop()
