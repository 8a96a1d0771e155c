# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl explain tells what maps say of the client, and what record sets are measured by."""

import math
import os
import re
import shutil
import signal
import subprocess
import unittest

from steer import env
from steer.explainstory import ExplainStory, candidates, values_of
from steer.policystory import addresses
from steer.wire import subnet

ZONE = """
    zone: where.test
    records:
      place:
        type: A
        policy: [geo, up, take 1]
        sets:
          ny: {geo: {country: US, subdivision: NY}, values: [192.0.2.1]}
          us: {geo: {country: US}, values: [192.0.2.2]}
          eu: {geo: {continent: EU}, values: [192.0.2.3]}
          any: {geo: default, values: [192.0.2.4]}
      net:
        type: A
        policy: ip
        sets:
          oslo: {cidr: {collection: offices, location: oslo}, values: [192.0.2.1]}
          any: {cidr: default, values: [192.0.2.2]}
      carrier:
        type: A
        policy: [asn, up, take 1]
        sets:
          one: {asn: [64500, 64501], values: [192.0.2.1]}
          any: {asn: default, values: [192.0.2.2]}
      fast:
        type: A
        policy: [up, latency, within 20%, take 2]
        sets:
          fra: {region: eu-central-1, values: [192.0.2.1]}
          iad: {region: us-east-1, values: [192.0.2.2]}
          berlin: {region: berlin, values: [192.0.2.3]}
      near:
        type: A
        policy: [nearest, within 50%, take 1]
        sets:
          fra: {region: eu-central-1, values: [192.0.2.1]}
          syd: {coordinates: [-33.9, 151.2], bias: 50, values: [192.0.2.2]}
          lost: {region: lost, values: [192.0.2.3]}
      plain: {type: A, values: [192.0.2.1]}
      first:
        type: A
        policy: failover
        sets:
          own: {failover: primary, health: a, values: [192.0.2.9]}
          other: {failover: secondary, alias: place}
      left:
        type: A
        policy: failover
        sets:
          other: {failover: primary, alias: silent}
          own: {failover: secondary, values: [192.0.2.9]}
      silent:
        type: A
        policy: [geo, up, take 1]
        sets:
          us: {geo: {country: US}, values: [192.0.2.2]}
"""
MAPS = {
    "geo": "prefix,continent,country,subdivision,lat,lon,anycast\n"
           "198.51.100.0/25,EU,NO,03,59.91,10.75,\n198.51.100.128/26,NA,US,,,,1\n"
           "2001:db8::/32,NA,US,NY,,,\n203.0.113.0/25,EU,,,,,\n"
           "203.0.113.128/25,,,,-12.5,40.1,\n",
    "latency": "prefix,region,rtt_ms,time\n"
               "198.51.100.0/24,eu-central-1,12.345,1700000000\n198.51.100.0/24,berlin,14.5,\n"
               "198.51.100.0/24,us-east-1,90,\n2001:db8::/32,us-east-1,7,\n",
    "cidr": "prefix,location\n198.51.0.0/16,bergen\n198.51.100.0/24,oslo\n",
    "asn": "prefix,asn\n198.51.100.0/23,64501\n",
    "regions": "region,lat,lon\nberlin,52.5,13.4\n",
}
NORWAY, AMERICA = "198.51.100.7", "198.51.100.130"


def kilometres(a, b):
    """Great-circle distance by the haversine formula."""
    north, east, other_north, other_east = map(math.radians, (*a, *b))
    half = (math.sin((other_north - north) / 2) ** 2 + math.cos(north) * math.cos(other_north)
            * math.sin((other_east - east) / 2) ** 2)
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


class MapsStory(ExplainStory):

    def setUp(self):
        super().setUp()
        for kind, text in MAPS.items():
            self.put(kind, text)
        self.bring(self.store_of_zones, ZONE)

    def put(self, kind, text):
        name = "offices" if kind == "cidr" else kind
        self.ok("map", "import", "--type", kind, "--name", name, self.file(f"{kind}.csv", text))

    def where(self, name, *words):
        """Explained: the value, by schema; the text."""
        words = (f"{name}.where.test", "A", "--seed", "1", *words)
        return self.said(*words), self.ok("explain", *words)

    def lookup(self, said, name):
        found, = [lookup for lookup in said["lookups"] if lookup["map"] == name]
        return found

    def assert_lines(self, text, *lines):
        for line in lines:
            self.assertRegex(text, rf"(?m)^ *{line}$")


class WhatMapsSay(MapsStory):

    def test_a_place(self):
        said, text = self.where("place", "--ecs", f"{NORWAY}/32")
        lookup, = said["lookups"]
        self.assertRegex(lookup.pop("imported"), r"^20\d\d-")
        self.assertEqual(lookup, {
            "map": "geo", "type": "geo", "file": self.path("geo.csv"), "format": "CSV",
            "network": "198.51.100.0/25", "scope": 25,
            "place": {"continent": "EU", "country": "NO", "country_name": "Norway",
                      "subdivision": "03", "coordinates": [59.91, 10.75],
                      "coordinates_of": "network", "anycast": False}})
        self.assertEqual(said["scope"], 25)
        self.assertEqual({name: (one["kept"], one["geo"], one["why"])
                          for name, one in candidates(said, "geo").items()},
                         {"ny": (False, "country:US/NY", "the client is elsewhere"),
                          "us": (False, "country:US", "the client is elsewhere"),
                          "eu": (True, "continent:EU", "the client is there"),
                          "any": (True, "default", "for all clients")})
        self.assert_lines(
            text, r"map geo: 198\.51\.100\.0/25, EU, NO \(Norway\), 03, at 59\.91, 10\.75; "
            r"imported 20\S+ from \S*geo\.csv \(CSV\)",
            "dropped ny: the client is elsewhere, country:US/NY",
            "kept    eu: the client is there, continent:EU", "kept    any: for all clients")

    def test_places_that_are_not_known_well(self):
        for client, network, line in (
                (AMERICA, "198.51.100.128/26", r", NA, US \(United States\), at 39\.5, -98\.5 "
                 r"\(the middle of the country\), anycast"),
                ("203.0.113.1", "203.0.113.0/25", ", EU"),
                ("203.0.113.128", "203.0.113.128/25", r", at -12\.5, 40\.1"),
                ("192.0.2.1", "192.0.0.0/6", ", nowhere")):
            with self.subTest(client):
                said, text = self.where("place", "--from", client)
                self.assertEqual(self.lookup(said, "geo")["network"], network)
                self.assertEqual(said["scope"], 0)
                self.assert_lines(text, f"map geo: {network}{line}; imported .*")

    def test_a_location(self):
        said, text = self.where("net", "--ecs", f"{NORWAY}/32")
        lookup = self.lookup(said, "offices")
        self.assertEqual((lookup["type"], lookup["blocks"]), ("cidr", [
            {"network": "198.51.100.0/24", "location": "oslo"},
            {"network": "198.51.0.0/16", "location": "bergen"}]))
        self.assertEqual({name: one["cidr"] for name, one in candidates(said, "cidr").items()},
                         {"oslo": "offices/oslo", "any": "default"})
        self.assert_lines(
            text, r"map offices: 198\.51\.100\.0/24, oslo \(198\.51\.100\.0/24\), bergen "
            r"\(198\.51\.0\.0/16\); imported .*", "kept    oslo: the client is there, offices/oslo")
        said, text = self.where("net", "--from", "192.0.2.1")
        self.assertEqual(self.lookup(said, "offices")["blocks"], [])
        self.assert_lines(text, r"map offices: \S+, no location; imported .*",
                          "dropped oslo: the client is elsewhere, offices/oslo")

    def test_an_autonomous_system(self):
        said, text = self.where("carrier", "--from", NORWAY)
        self.assertEqual(self.lookup(said, "asn")["asn"], 64501)
        self.assertEqual({name: one["asn"] for name, one in candidates(said, "asn").items()},
                         {"one": [64500, 64501], "any": []})
        self.assert_lines(text, r"map asn: 198\.51\.100\.0/23, AS64501; imported .*",
                          "kept    one: the client is there, AS64500, AS64501")
        said, text = self.where("carrier", "--from", "192.0.2.1")
        self.assertIsNone(self.lookup(said, "asn")["asn"])
        self.assert_lines(text, r"map asn: \S+, no autonomous system; imported .*")

    def test_latencies(self):
        said, text = self.where("fast", "--ecs", f"{NORWAY}/32")
        self.assertEqual([lookup["map"] for lookup in said["lookups"]], ["latency"])
        self.assertEqual([(row["region"], row["rtt_ms"])
                          for row in self.lookup(said, "latency")["regions"]],
                         [("eu-central-1", 12.345), ("berlin", 14.5), ("us-east-1", 90)])
        near = candidates(said, "latency")["fra"]
        self.assertGreater(near.pop("age"), 86400 * 365)
        self.assertRegex(near.pop("measured"), "^2023-11-1[45]T")
        self.assertEqual(near, {"id": "fra", "kept": True, "why": "by latency", "rtt_ms": 12.345,
                                "region": "eu-central-1", "source": "import"})
        self.assertEqual(list(candidates(said, "latency")), ["fra", "berlin", "iad"])
        self.assertEqual({name: (one["kept"], one["rtt_ms"])
                          for name, one in candidates(said, "within").items()},
                         {"fra": (True, 12.345), "berlin": (True, 14.5), "iad": (False, 90)})
        self.assert_lines(
            text, r"map latency: 198\.51\.100\.0/24, latencies of 3 regions; imported .*",
            r"kept    fra: by latency, region eu-central-1, 12\.345 ms \(import, measured 2023\S+, "
            r"\d+[smhdw] ago\)", r"kept    iad: by latency, region us-east-1, 90 ms \(import\)",
            r"kept    berlin: near the first, 14\.5 ms",
            "dropped iad: too far from the first, 90 ms")

    def test_latencies_that_do_not_cover_all(self):
        """Distance decides; what is known of latencies is told."""
        said, text = self.where("fast", "--ecs", "2001:db8::/56")
        self.assertEqual([lookup["map"] for lookup in said["lookups"]], ["latency", "geo"])
        ordered = candidates(said, "latency")
        self.assertEqual({one["why"] for one in ordered.values()}, {"by distance"})
        self.assertEqual((ordered["iad"]["rtt_ms"], "rtt_ms" in ordered["fra"]), (7, False))
        self.assertEqual(list(ordered), ["iad", "fra", "berlin"])
        for name, point in (("iad", (39, -77.5)), ("fra", (50.1, 8.7)), ("berlin", (52.5, 13.4))):
            self.assertAlmostEqual(ordered[name]["distance_km"],
                                   kilometres((39.5, -98.5), point), delta=0.1)
        self.assert_lines(
            text, r"map latency: 2001:db8::/32, latencies of 1 region; imported .*",
            r"kept    iad: by distance, region us-east-1, 7 ms \(import\), 1805\.0 km",
            r"kept    fra: by distance, region eu-central-1, \d+\.\d km")

    def test_distances_with_a_bias(self):
        said, text = self.where("near", "--from", NORWAY)
        ordered = candidates(said, "nearest")
        self.assertEqual(list(ordered), ["fra", "syd", "lost"])
        self.assertEqual((ordered["syd"]["coordinates"], ordered["syd"]["bias"]),
                         ([-33.9, 151.2], 50))
        for one in (ordered["syd"], candidates(said, "within")["syd"]):
            self.assertAlmostEqual(one["biased_km"], one["distance_km"] / 2, delta=0.002)
            self.assertAlmostEqual(one["distance_km"], kilometres((59.91, 10.75), (-33.9, 151.2)),
                                   delta=0.1)
        self.assertNotIn("biased_km", ordered["fra"])
        self.assertEqual(ordered["lost"]["why"], "last: its distance is not known")
        self.assert_lines(
            text, r"kept    fra: by distance, region eu-central-1, 1098\.5 km",
            r"kept    syd: by distance, at -33\.9, 151\.2, bias 50, 15952\.2 km, with the bias "
            r"7976\.1 km", "kept    lost: last: its distance is not known, region lost",
            r"dropped syd: too far from the first, 15952\.2 km, with the bias 7976\.1 km")

    def test_without_a_client(self):
        hint = "it depends on the client: --from or --ecs tell .* where"
        said, text = self.where("place")
        self.assertEqual((said["client"], said["scope"]), ({"by": "nothing", "prefix": None}, 0))
        lookup = self.lookup(said, "geo")
        self.assertEqual((lookup["network"], lookup["place"]), (None, None))
        self.assertEqual(values_of(said), ["192.0.2.4"])
        self.assert_lines(text, hint, "map geo: no client to look up; imported .*")
        said, text = self.where("plain")
        self.assertNotIn("lookups", said)
        self.assertNotRegex(text, "depends|map")

    def test_maps_that_are_missing_or_damaged(self):
        self.ok("map", "delete", "asn")
        self.ok("map", "delete", "offices")
        self.ok("map", "import", "--type", "cidr", "--name", "asn", self.path("cidr.csv"))
        for name, missing in (("carrier", "asn"), ("net", "offices")):
            said, text = self.where(name, "--from", NORWAY)
            self.assertEqual(said["lookups"], [
                {"map": missing, "type": "cidr" if missing == "offices" else missing,
                 "missing": True}])
            self.assertEqual(values_of(said), ["192.0.2.2"])
            self.assert_lines(text, f"map {missing}: there is none")
        with open(self.store_of_zones.path("maps", "data.mdb"), "r+b") as file:
            path = self.path("geo.csv").encode()
            places = [match.start() for match in re.finditer(re.escape(path), file.read())]
            self.assertNotEqual(places, [])
            for place in places:
                file.seek(place)
                file.write(b"G")
        said, text = self.where("place", "--from", NORWAY)
        self.assertEqual(said["lookups"], [{"map": "geo", "type": "geo", "damaged": True}])
        self.assert_lines(text, "map geo: it is damaged, and counts for nothing")

    def test_a_collection_with_the_name_of_another_map(self):
        self.ok("map", "delete", "geo")
        self.ok("map", "import", "--type", "cidr", "--name", "geo", self.path("cidr.csv"))
        self.bring(self.store_of_zones, """
            zone: both.test
            records:
              www:
                type: A
                policy: [geo, cidr, take 1]
                sets:
                  a: {cidr: {collection: geo, location: oslo}, values: [192.0.2.1]}
        """)
        said = self.said("www.both.test", "A", "--from", NORWAY)
        self.assertEqual([(lookup["map"], lookup["type"], "missing" in lookup)
                          for lookup in said["lookups"]],
                         [("geo", "geo", True), ("geo", "cidr", False)])

    @unittest.skipIf(shutil.which("strace") is None, "strace is missing")
    def test_a_map_imported_in_between(self):
        """Its names are newer than the records that were opened before it."""
        tracer, pid = self.store_of_zones.stopped(
            self.path("trace"), "explain", "net.where.test", "A", "--from", NORWAY, call="openat",
            path="/proc/sys/kernel/random/boot_id", out=subprocess.PIPE)
        try:
            self.put("cidr", MAPS["cidr"].replace("bergen", "stavanger"))
        finally:
            os.kill(pid, signal.SIGCONT)
        out, _ = tracer.communicate(timeout=env.PATIENCE)
        self.assertEqual(tracer.returncode, 0)
        self.assert_lines(out, r"map offices: .*, stavanger \(198\.51\.0\.0/16\); imported .*")


class TheServerAgrees(MapsStory):

    CLIENTS = ("198.51.100.7/32", "198.51.100.0/24", "198.51.0.0/16", "198.51.100.128/25",
               "192.0.2.1/32", "203.0.113.0/24", "0.0.0.0/0", "10.1.2.0/24", "2001:db8::/32",
               "2001:db8:1::/56", "2001:db9::/48", "fd00::/56")
    NAMES = ("place", "net", "carrier", "fast", "near", "plain", "first", "left")

    def served(self):
        return self.host(store=self.store_of_zones.directory, ecs=True).start()

    def test_in_addresses_and_scope(self):
        host = self.served()
        scopes = set()
        for name in self.NAMES:
            for client in self.CLIENTS:
                with self.subTest(name, client=client):
                    said = self.said(f"{name}.where.test", "A", "--from", "127.0.0.1", "--ecs",
                                     client)
                    answer = self.ask(host, f"{name}.where.test.", edns=subnet(client))
                    self.assertEqual((answer.scope(), addresses(answer)),
                                     (said["scope"], " ".join(sorted(values_of(said)))))
                    scopes.add(said["scope"])
        self.assertGreater(len(scopes), 10, scopes)

    def test_in_the_scope_where_explain_looks_at_more(self):
        """To tell why, it looks at the health of what the answer does not look at."""
        host, client = self.served(), f"{NORWAY}/32"
        for address, scope, maps in (("192.0.2.9", 0, []), ("192.0.2.3", 25, ["geo"])):
            self.until_answered(host, "first.where.test.", address, edns=subnet(client))
            said, text = self.where("first", "--ecs", client)
            self.assertEqual((values_of(said), said["scope"]), ([address], scope))
            self.assertEqual([lookup["map"] for lookup in said.get("lookups", [])], maps)
            self.assertEqual(set(candidates(said, "up")), {"own", "other"})
            self.assertEqual("  map " in text, maps != [])
            answer = self.ask(host, "first.where.test.", edns=subnet(client))
            self.assertEqual(answer.scope(), scope)
            self.down("a")

    def test_lookups_on_a_way_that_was_left(self):
        for client, scope in ((f"{NORWAY}/32", 25), (f"{AMERICA}/25", 26), ("2001:db8::/56", 32)):
            said, _ = self.where("left", "--ecs", client)
            self.assertEqual((said["scope"], self.lookup(said, "geo")["scope"]), (scope, scope))


class AsIfElsewhere(MapsStory):

    def test_at_a_place(self):
        for place, address, line in (
                ("US/NY", "192.0.2.1", r"NA, US \(United States\), NY, at 39\.5, -98\.5 \(the "
                 r"middle of the country\)"),
                ("country:us", "192.0.2.2", r"NA, US \(United States\), at .*"),
                ("DE/BE", "192.0.2.3", r"EU, DE \(Germany\), BE, at 51, 10\.5 .*"),
                ("continent:EU", "192.0.2.3", "EU"),
                ("ZZ", "192.0.2.4", r"ZZ \(an unknown country\)")):
            for client in ((), ("--ecs", f"{AMERICA}/32"), ("--from", NORWAY)):
                with self.subTest(place, client=client):
                    said, text = self.where("place", "--at", place, *client)
                    self.assertEqual(values_of(said), [address])
                    self.assertEqual((said["what_if"]["at"], said["what_if"]["region_of"]),
                                     (place, None))
                    self.assert_lines(text, f"as if the client were in {line}")
                    self.assertNotRegex(text, "depends on the client")

    def test_the_scope_stays(self):
        said, text = self.where("place", "--at", "US/NY", "--ecs", f"{AMERICA}/32")
        self.assertEqual(said["scope"], 26)
        self.assertNotIn("place", self.lookup(said, "geo"))
        self.assert_lines(text, r"map geo: 198\.51\.100\.128/26; imported .*")
        said, text = self.where("place", "--at", "US/NY")
        self.assertEqual((said["scope"], "lookups" in said), (0, False))

    def test_without_any_map(self):
        for name in ("geo", "latency", "offices", "asn", "regions"):
            self.ok("map", "delete", name)
        self.assertEqual(values_of(self.where("place", "--at", "US/NY")[0]), ["192.0.2.1"])
        self.assertEqual(values_of(self.where("near", "--region-of", "ap-southeast-2")[0]),
                         ["192.0.2.2"])
        self.assert_lines(self.where("fast", "--region-of", "eu-central-1")[1],
                          "map latency: there is none")

    def test_in_a_region(self):
        """Known by the map of regions, by a record set that names it, or to all."""
        for region, point, first in (("berlin", [52.5, 13.4], "berlin"),
                                     ("us-east-1", [39, -77.5], "iad"),
                                     ("eu-west-3", [48.9, 2.4], "fra")):
            for client in ((), ("--from", NORWAY)):
                with self.subTest(region, client=client):
                    said, text = self.where("fast", "--region-of", region, *client)
                    self.assertEqual(said["what_if"]["place"], {
                        "continent": None, "country": None, "country_name": None,
                        "subdivision": None, "coordinates": point, "coordinates_of": "region",
                        "anycast": False})
                    ordered = candidates(said, "latency")
                    self.assertEqual(list(ordered)[0], first)
                    self.assertEqual(ordered[first]["why"], "by distance")
                    self.assertNotIn("rtt_ms", ordered[first])
                    self.assertNotIn("map latency", text)
                    self.assert_lines(text, rf"as if the client were in the region {region}, at .*")
        self.assertEqual(values_of(self.where("place", "--region-of", "berlin")[0]), ["192.0.2.4"])

    def test_both(self):
        said, text = self.where("place", "--at", "US", "--region-of", "berlin")
        self.assertEqual(values_of(said), ["192.0.2.2"])
        self.assert_lines(text, r"as if the client were in NA, US \(United States\), in the region "
                          r"berlin, at 52\.5, 13\.4")

    def test_other_maps_say_what_they_say(self):
        self.assertEqual(values_of(self.where("net", "--at", "US", "--from", NORWAY)[0]),
                         ["192.0.2.1"])
        said, _ = self.where("fast", "--at", "US", "--from", NORWAY)
        self.assertEqual(candidates(said, "latency")["fra"]["why"], "by latency")

    def test_samples(self):
        for words, address in (((), "192.0.2.4"), (("--from", NORWAY), "192.0.2.3"),
                               (("--ecs", "2001:db8::/56"), "192.0.2.1"),
                               (("--at", "US", "--from", NORWAY), "192.0.2.2")):
            said = self.sampled("place.where.test", "A", "--samples", "5", *words)
            self.assertEqual([(one["answer"], one["count"]) for one in said["outcomes"]],
                             [([address], 5)])

    def test_wrong_places(self):
        for words, status, allowed in (
                (("--at", "USA"), 2, "'USA' is not a place; allowed: COUNTRY[/SUBDIVISION] such as "
                 "US or US/NY, continent:CODE such as continent:EU"),
                (("--at", "default"), 2, "'default' is not a place; allowed"),
                (("--at", "continent:XX"), 2, "'continent:XX' is not a place"),
                (("--at", "US/"), 2, "'US/' is not a place"),
                (("--at", ""), 2, "'' is not a place"),
                (("--region-of", "moon\x1b"), 1, "moon?: nobody knows where this region is; "
                 "allowed: those of the map regions, and AWS's, such as eu-central-1"),
                (("--region-of", "lost"), 1, "lost: nobody knows where this region is"),
                (("--region-of", ""), 1, ": nobody knows where this region is")):
            with self.subTest(words):
                result = self.store_of_zones.run("explain", "place.where.test", "A", *words)
                self.assert_status(result, status, re.escape(allowed))
                self.assertEqual(result.out, "")
