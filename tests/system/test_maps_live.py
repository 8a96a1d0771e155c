# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of a store that is served: each takes effect when it comes, is replaced, and goes."""

import shutil

from steer.case import zone_text
from steer.policystory import PolicyStory, addresses
from steer.wire import NOERROR, SERVFAIL, subnet

CLIENT = "81.0.0.1/32"  # Not private: of such a subnet, the source address would count.
POLICIES = """
    zone: example.com
    records:
      place:
        type: A
        policy: [geo, take 1]
        sets:
          no: {geo: {country: NO}, values: [192.0.2.1]}
          eu: {geo: {continent: EU}, values: [192.0.2.2]}
          else: {geo: default, values: [192.0.2.9]}
      system:
        type: A
        policy: [asn, take 1]
        sets:
          one: {asn: 64500, values: [192.0.2.1]}
          two: {asn: [64501, 64502], values: [192.0.2.2]}
          else: {asn: default, values: [192.0.2.9]}
      network:
        type: A
        policy: [cidr, take 1]
        sets:
          oslo: {cidr: {collection: offices, location: oslo}, values: [192.0.2.1]}
          rome: {cidr: {collection: offices, location: rome}, values: [192.0.2.2]}
          else: {cidr: default, values: [192.0.2.9]}
      near:
        type: A
        policy: latency
        sets:
          fra: {region: eu-central-1, values: [192.0.2.1]}
          iad: {region: us-east-1, values: [192.0.2.2]}
          own: {region: harbour, values: [192.0.2.3]}
"""
NAMES = ("place", "system", "network", "near")

GEO = "prefix,country,lat,lon\n81.0.0.0/{},{},{}\n"
REGIONS = "region,lat,lon\nharbour,{}\n"
LATENCY = "prefix,region,rtt_ms\n" + "".join(
    f"81.0.0.0/8,{region},{{}}\n" for region in ("eu-central-1", "us-east-1", "harbour"))
FRANKFURT, WASHINGTON, SYDNEY = "50.1,8.7", "38.9,-77", "-33.9,151.2"

# What is done, and then the last bytes of the addresses of all names, and the scopes.
STEPS = [
    (None, (9, 9, 9, 1), (0, 0, 0, 0)),
    (("geo", GEO.format(8, "NO", WASHINGTON)), (1, 9, 9, 1), (8, 0, 0, 8)),  # "harbour" is nowhere.
    (("regions", REGIONS.format(SYDNEY)), (1, 9, 9, 2), (8, 0, 0, 8)),
    (("regions", REGIONS.format(WASHINGTON)), (1, 9, 9, 3), (8, 0, 0, 8)),
    (("asn", "prefix,asn\n81.0.0.0/16,64500\n"), (1, 1, 9, 3), (8, 16, 0, 8)),
    (("offices cidr", "81.0.0.0/24 oslo\n"), (1, 1, 1, 3), (8, 16, 24, 8)),
    (("latency", LATENCY.format(5, 9, 9)), (1, 1, 1, 1), (8, 16, 24, 8)),
    (("geo", GEO.format(9, "SE", WASHINGTON)), (2, 1, 1, 1), (9, 16, 24, 8)),
    (("asn", "prefix,asn\n81.0.0.0/17,64502\n"), (2, 2, 1, 1), (9, 17, 24, 8)),
    (("offices cidr", "81.0.0.0/25 rome\n"), (2, 2, 2, 1), (9, 17, 25, 8)),
    (("latency", LATENCY.format(9, 5, 9)), (2, 2, 2, 2), (9, 17, 25, 8)),
    (("another geo", GEO.format(10, "NO", FRANKFURT)), (2, 2, 2, 2), (9, 17, 25, 8)),  # Not used.
    ("latency", (2, 2, 2, 3), (9, 17, 25, 9)),
    ("regions", (2, 2, 2, 1), (9, 17, 25, 9)),
    ("offices", (2, 2, 9, 1), (9, 17, 0, 9)),
    ("asn", (2, 9, 9, 1), (9, 0, 0, 9)),
    ("geo", (9, 9, 9, 1), (0, 0, 0, 0)),
    (("geo", GEO.format(12, "NO", WASHINGTON)), (1, 9, 9, 1), (12, 0, 0, 12)),
]


class MapsTakeEffect(PolicyStory):

    def change(self, store, what):
        """Imports a map, (name and type, rows), or deletes one; the line that the log has for it."""
        if isinstance(what, str):
            store.ok("map", "delete", what)
            return f"map {what} of .* was deleted"
        words, rows = what
        name, kind = words.split(" ") if " " in words else (words, words)
        done = store.ok("map", "import", "--type", kind, "--name", name, self.file("rows", rows))
        became = "replaced" if "replaced" in done else "added"
        return f"map {name} of .* was {became}"

    def told(self, host):
        """What a client gets for each name: last bytes of addresses, and scopes."""
        answers = [self.ask(host, f"{name}.example.com.", edns=subnet(CLIENT)) for name in NAMES]
        return (tuple(int(addresses(one).rsplit(".", 1)[1]) for one in answers),
                tuple(one.scope() for one in answers))

    def test_each_type_comes_changes_and_goes(self):
        store, host = self.served_policies(POLICIES, ecs=True)
        for what, wanted, scopes in STEPS:
            with self.subTest(what):
                if what is not None:
                    since = len(host.log)
                    host.log.wait(self.change(store, what), since=since)
                self.assertEqual(self.told(host), (wanted, scopes))
        with self.subTest("and from the first query of a new server on"):
            last = self.told(host)
            host.stop()
            other = self.host("other", store=store.directory,
                              ecs=True).start()
            self.assertEqual(self.told(other), last)

    def test_maps_that_were_removed_by_hand_come_again(self):
        store, host = self.served_policies(POLICIES, ecs=True)
        for row, last in ("8,NO,,", 1), ("9,SE,,", 2):
            since = len(host.log)
            told = self.change(store, ("geo", f"prefix,country,lat,lon\n81.0.0.0/{row}\n"))
            host.log.wait(told, since=since)
            self.assertEqual(self.told(host)[0][0], last)
            since = len(host.log)
            shutil.rmtree(store.path("maps"))
            host.log.wait("serving ", since=since)
            self.assertEqual(self.told(host)[0][0], 9)


class AtTheEndOfAChain(PolicyStory):

    OVERLAY = """
        zone: example.com
        mode: overlay
        records:
          place:
            type: A
            policy: [geo, shuffle, up all-down=servfail, take 1]
            sets:
              no: {geo: {country: NO}, values: [192.0.2.1]}
              se: {geo: {country: SE}, values: [192.0.2.2]}
              fi: {geo: {country: FI}, health: fi, values: [192.0.2.3]}
          nowhere:
            type: A
            policy: [geo, take 1]
            sets:
              no: {geo: {country: NO}, values: [192.0.2.1]}
        ---
        health: {fi: {type: manual}}
        """
    HOST = zone_text("example.com.", "at-place CNAME place", "place A 192.0.2.99",
                     "at-nowhere CNAME nowhere", "nowhere A 192.0.2.99")
    MAP = GEO.format(8, "NO", "1,2") + "85.0.0.0/16,SE,,\n86.0.0.0/24,FI,,\n"
    # Name, client, the address that it gets, or the rcode without one, scope.
    CLIENTS = [
        ("place", CLIENT, "192.0.2.1", 8),
        ("place", "85.0.0.0/24", "192.0.2.2", 16),
        ("place", "86.0.0.0/24", SERVFAIL, 24),
        ("nowhere", CLIENT, "192.0.2.1", 8),
        ("nowhere", "85.1.0.0/24", NOERROR, 16),
    ]

    def test_a_chain_of_knot_that_an_overlay_ends(self):
        """It has the answer and the scope of its end, also if that has no data, or fails."""
        store = self.store()
        self.bring(store, self.OVERLAY)
        store.ok("health", "report", "fi", "down")
        store.ok("map", "import", "--type", "geo", self.file("map", self.MAP))
        host = self.host(store=store.directory, ecs=True,
                         zones={"example.com.": self.file("zone", self.HOST)}).start()
        for end, client, wanted, scope in self.CLIENTS:
            for name in end, f"at-{end}":
                with self.subTest(f"{name} for {client}"):
                    answer = self.ask(host, f"{name}.example.com.", edns=subnet(client))
                    self.assertEqual((addresses(answer) or answer.rcode, answer.scope()),
                                     (wanted, scope))
                    self.assertEqual(len(answer.authority), 1 if wanted == NOERROR else 0)
