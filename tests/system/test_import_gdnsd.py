# SPDX-License-Identifier: GPL-3.0-or-later
"""What steerctl import makes of gdnsd's configuration and zones answers as gdnsd does."""

import contextlib
import os
import unittest

from steer import gdnsd
from steer.client import Udp
from steer.compared import Place, record_of
from steer.mmdb import mmdb
from steer.policystory import PolicyStory
from steer.wait import until
from steer.wire import PLAIN, TYPES, Answer, labels, question, subnet

ZONE = "peer.test"
# States come from files, which say nothing, so that all are up and forced ones are what counts.
SERVICES = """
    direct => { plugin => extfile, file => FOLDER/states, direct => true }
    slow => { plugin => extfile, file => FOLDER/states, interval => 8, down_thresh => 5 }
"""
PLUGINS = """
    multifo => {
        service_types => direct
        half => [ 192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5 ]
        any => { up_thresh => 0.01, a => 192.0.2.1, b => 192.0.2.2, c => 192.0.2.3 }
        most => { up_thresh => 0.67, a => 192.0.2.1, b => 192.0.2.2, c => 192.0.2.3 }
        ever => { ignore_health => true, a => 192.0.2.1, b => 192.0.2.2 }
        both => { addrs_v4 => [ 192.0.2.1, 192.0.2.2 ],
                  addrs_v6 => { service_types => slow, x => 2001:db8::1, y => 2001:db8::2 } }
    }
    simplefo => { service_types => [ direct, slow ]
        pair => { primary => 192.0.2.1, secondary => 192.0.2.2 }
        still => { service_types => up, primary => 192.0.2.1, secondary => 192.0.2.2 } }
    weighted => { service_types => direct, up_thresh => 0.01
        one => { a => [ 192.0.2.1, 2 ], b => [ 192.0.2.2, 3 ] }
        all => { multi => true, a => [ 192.0.2.1, 7 ], b => [ 192.0.2.2, 7 ] }
        group => { x => { a => [ 192.0.2.1, 1 ], b => [ 192.0.2.2, 1 ] },
                   y => { c => [ 192.0.2.3, 1 ] } }
        groups => { multi => true, x => { a => [ 192.0.2.1, 1 ], b => [ 192.0.2.2, 1 ] },
                    y => { c => [ 192.0.2.3, 1 ], d => [ 192.0.2.4, 1 ] } }
        names => { a => [ a.example.net., 1 ], b => [ b.example.net., 1 ] }
    }
    static => { fixed => 192.0.2.9, name => name.example.net. }
    null => {}
    metafo => { service_types => direct
        resources => {
            sites => { datacenters => [ d1, d2, d3 ]
                dcmap => { d1 => 192.0.2.1, d2 => [ 192.0.2.2, 192.0.2.3 ], d3 => %simplefo!pair } }
            second => { skip_first => true, datacenters => [ d1, d2 ]
                dcmap => { d1 => 192.0.2.1, d2 => 192.0.2.2 } }
            outer => { datacenters => [ in, out ]
                dcmap => { in => %metafo!sites, out => 192.0.2.5 } }
            sixes => { datacenters => [ four, six ]
                dcmap => { four => 192.0.2.1, six => 2001:db8::1 } }
        } }
    geoip => { service_types => direct
        maps => {
            places => { geoip2_db => peer.mmdb, datacenters => [ d1, d2, d3 ],
                map => { default => [ d3 ], EU => { default => [ d1, d2 ], DE => d2 },
                         NA => { US => { NY => [ d2, d1 ], default => d1 } }, SA => [] },
                nets => { 198.51.100.0/24 => [ d3, d1 ], 198.51.100.128/25 => d2,
                          203.0.113.0/24 => [] } }
            nets => { datacenters => [ d1, d2, d3 ],
                nets => { 198.51.100.0/24 => [ d3, d1 ], 2001:db8:5::/48 => [ d2, d3 ] } }
            near => { geoip2_db => peer.mmdb, datacenters => [ d1, d2, d3 ], auto_dc_limit => 2,
                auto_dc_coords => { d1 => [ 50.11, 8.68 ], d2 => [ 38.9, -77.04 ],
                                    d3 => [ -23.55, -46.63 ] } }
            mixed => { geoip2_db => peer.mmdb, datacenters => [ d1, d2, d3 ],
                auto_dc_coords => { d1 => [ 50.11, 8.68 ], d2 => [ 38.9, -77.04 ],
                                    d3 => [ -23.55, -46.63 ] },
                map => { EU => [ d3, d2, d1 ] } }
        }
        resources => {
            places => { map => places, DCMAP }, nets => { map => nets, DCMAP }
            near => { map => near, DCMAP }, mixed => { map => mixed, DCMAP }
        } }
""".replace("DCMAP", """
    dcmap => { d1 => 192.0.2.1, d2 => [ 192.0.2.2, 192.0.2.3 ], d3 => 192.0.2.4 }""")
RESOURCES = ("multifo!half", "multifo!any", "multifo!most", "multifo!ever", "multifo!both",
             "simplefo!pair", "simplefo!still", "weighted!one", "weighted!all", "weighted!group",
             "weighted!groups", "static!fixed", "null", "metafo!sites", "metafo!sites/d2",
             "metafo!second", "metafo!outer", "metafo!sixes", "geoip!places", "geoip!places/d2",
             "geoip!nets", "geoip!near", "geoip!mixed")
ALIASES = ("weighted!names", "static!name")
NAMES = [resource.replace("!", "-").replace("/", "-") for resource in RESOURCES + ALIASES]
TEXT = f"""
@ 500 SOA ns hostmaster 7 7200 1800 259200 900
@ NS ns
ns 1 A 192.0.2.53
$ORIGIN sub
@ 300 MX 10 mail.@Z
mail.@F 300 A 192.0.2.54
text 300 TXT "{'long ' * 70}"
bare.text (300)TXT(a)
$ORIGIN ( @Z
)
wild.* 300 A 192.0.2.55
""" + "".join(f"{name} 600/30 DYNA {resource}\n" for name, resource in zip(NAMES, RESOURCES)) + \
    "".join(f"{name} ( ; )\n600)DYNC({resource})\n"
            for name, resource in zip(NAMES[len(RESOURCES):], ALIASES))
PLACES = {
    "2.16.0.0/16": (Place("EU", "DE"), (51.0, 9.0)),
    "2.17.0.0/16": (Place("EU", "FR"), (48.8, 2.3)),
    "3.0.0.0/16": (Place("NA", "US", "NY"), (40.7, -74.0)),
    "3.1.0.0/16": (Place("NA", "US", "TX"), (29.7, -95.4)),
    "3.2.0.0/16": (Place("NA", "CA"), (43.6, -79.4)),
    "4.0.0.0/16": (Place("SA", "BR"), (-22.9, -43.2)),
    "5.0.0.0/16": (Place("AS", "JP"), (35.7, 139.7)),
}
CLIENTS = [*(network.replace("/16", "/24") for network in PLACES), "9.9.9.0/24", "198.51.100.0/26",
           "198.51.100.192/26", "203.0.113.0/24", "2001:db8:5:1::/64"]
STATES = [(), ("192.0.2.1",), ("192.0.2.1", "192.0.2.2"), ("192.0.2.2", "192.0.2.3"),
          ("192.0.2.1", "192.0.2.2", "192.0.2.3"), ("192.0.2.4", "192.0.2.1", "2001:db8::1"),
          ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5")]
DRAWN = ("weighted-one", "weighted-group", "weighted-groups", "weighted-names")
DRAWS = 100  # So that the least likely of two answers is missing by chance once in 2^70.
# Of a client whose place is not known, gdnsd tries all datacenters, not only so many as are near.
CLIENTS_OF = {"geoip-places": CLIENTS, "geoip-nets": CLIENTS, "geoip-mixed": CLIENTS,
              "geoip-near": CLIENTS[:len(PLACES)]}


def questions():
    """What is asked: (name, type, client); by where clients are only where that matters."""
    for name in NAMES:
        for rrtype in ("A", "AAAA", "CNAME"):
            for client in CLIENTS_OF.get(name, (None,)):
                for _ in range(DRAWS if name in DRAWN else 1):
                    yield name, rrtype, client
    for name, rrtype in (("@", "SOA"), ("@", "NS"), ("ns", "A"), ("sub", "MX"), ("mail.sub", "A"),
                         ("text.sub", "TXT"), ("bare.text.sub", "TXT"), ("wild.*", "A"), ("none", "A")):
        yield name, rrtype, None


def answered(server, ttls):
    """All answers to all questions, of each question those that came."""
    asked = list(questions())
    found = {}
    with contextlib.closing(Udp(server.address)) as asking:
        for begin in range(0, len(asked), 64):
            some = asked[begin:begin + 64]
            asking.send([question(labels(ZONE if name == "@" else f"{name}.{ZONE}"), TYPES[rrtype],
                                  PLAIN if client is None else subnet(client))
                         for name, rrtype, client in some])
            for what, message in zip(some, asking.receive(len(some))):
                answer = Answer(message)
                records = frozenset((rrtype, bytes(rdata), ttl if ttls else None)
                                    for _, rrtype, _, ttl, rdata in answer.answer)
                found.setdefault(what, set()).add((answer.rcode, records))
    return found


def differences(ours, theirs, down):
    """Where answers are other ones. A group that is down in part, gdnsd leaves out at times."""
    def alike(what):
        if down and what[0] == "weighted-groups":
            return ours[what] <= theirs[what]
        return ours[what] == theirs[what]
    return [f"{what}: {sorted(map(str, ours[what]))}, beside {sorted(map(str, theirs[what]))}"
            for what in ours if not alike(what)]


@unittest.skipIf(gdnsd.PROGRAM is None, "the package gdnsd is missing")
class ImportGdnsd(PolicyStory):

    def gdnsd(self, name, down):
        """A gdnsd in which these addresses are down."""
        services = SERVICES.replace("FOLDER", self.path("."))
        forced = "".join(f"{address}/{service} => DOWN\n" for address in down
                         for service in ("direct", "slow"))
        server = gdnsd.Gdnsd(self.path(name), {ZONE: TEXT}, PLUGINS,
                             {"geoip/peer.mmdb": self.database()}, services=services, forced=forced)
        self.addCleanup(server.stop)
        return server

    @staticmethod
    def database():
        return mmdb({network: {**record_of(place),
                               "location": dict(zip(("latitude", "longitude"), point))}
                     for network, (place, point) in PLACES.items()})

    def test_answers_in_all_states(self):
        self.file("states", "192.0.2.250 => UP\n")
        peers = [self.gdnsd(f"gdnsd-{at}", down) for at, down in enumerate(STATES)]
        store = self.store("--ns", "ns.example.net.")
        store.ok("map", "import", "--type", "geo", self.file("peer.mmdb", self.database()))
        store.ok("import", "--format", "gdnsd", self.path("gdnsd-0/etc"))
        self.assertEqual(store.ok("import", "--format", "gdnsd", self.path("gdnsd-0/etc")), "")
        host = self.host(store=store.directory, ecs=True).start()
        for peer, down in zip(peers, STATES):
            with self.subTest(down=down):
                wanted = answered(peer.start(), ttls=not down)
                peer.stop()
                store.ok("health", "force", "*", "clear")
                for address in down:
                    store.ok("health", "force", f"{address}/*", "down")
                left = []

                def alike():
                    left[:] = differences(answered(host, ttls=not down), wanted, down)
                    return not left
                with contextlib.suppress(AssertionError):
                    until("answers as those of gdnsd", alike, patience=10, pause=0.1)
                self.assertEqual(left, [])

    def test_a_zone_without_soa_or_ns_is_refused(self):
        """As gdnsd does: the delegation set would take their place, unnoticed."""
        store = self.store("--ns", "ns.example.net.")
        os.makedirs(self.path("etc/zones"))
        self.file("etc/config", "options => { }\n")
        soa, servers = "@ SOA ns hostmaster 7 7200 1800 259200 900\n", "@ NS ns\n"
        for text, missing in (("ns A 192.0.2.53\n", "SOA"), (servers, "SOA"), (soa, "NS")):
            with self.subTest(text=text):
                zone = self.file(f"etc/zones/{ZONE}", text)
                result = store.run("import", "--format", "gdnsd", self.path("etc"))
                self.assert_status(result, 1, f"{zone}:1:1: no {missing} record")
        self.file(f"etc/zones/{ZONE}", soa + servers)
        store.ok("import", "--format", "gdnsd", self.path("etc"))
        self.assertEqual(store.ok("zone", "list"), f"{ZONE}.\n")
