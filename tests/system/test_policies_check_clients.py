# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl check finds clients without an answer, and what policies lack in maps."""

from steer.policystory import PolicyStory
from steer.schema import value_of

# Five networks of the same size, and a small one.
GEO = """\
prefix,continent,country,subdivision
10.0.0.0/8,,NO,
11.0.0.0/8,,DE,
12.0.0.0/8,,US,NY
13.0.0.0/8,,JP,
14.0.0.0/8,AF,EH,
15.0.0.0/24,,KR,
2001:db8::/34,,NO,
2001:db8:4000::/34,,US,CA
"""
ASN = """\
prefix,asn
10.0.0.0/8,64500
11.0.0.0/9,64501
11.128.0.0/9,64502
2001:db8::/32,64503
"""
OFFICES = """\
prefix,location
10.0.0.0/8,norway
10.0.0.0/10,oslo
11.0.0.0/8,germany
2001:db8::/32,oslo
2001:db8::/33,norway
"""
LATENCY = """\
prefix,region,rtt_ms
10.0.0.0/8,eu-north-1,9
10.0.0.0/8,own-1,4
"""
REGIONS = """\
region,lat,lon
own-1,59.91,10.75
"""
MAPS = {"geo": GEO, "asn": ASN, "offices": OFFICES, "latency": LATENCY, "regions": REGIONS}


class CheckLooksAtClients(PolicyStory):

    def store_of(self, groups, *maps):
        """A store with these maps and groups: (policy, attributes of a set, ...) by name."""
        lines = ["zone: example.com", "ttl: 60", "records:"]
        for name, (policy, *sets) in groups.items():
            lines += [f"  {name}:", "    type: A", f"    policy: {policy}", "    sets:"]
            for i, attributes in enumerate(sets, 1):
                comma = ", " if attributes else ""
                lines.append(f"      s{i}: {{{attributes}{comma}values: [192.0.2.{i}]}}")
        store = self.policies("\n".join(lines))
        for name in maps:
            store.ok("map", "import", "--type", "cidr" if name == "offices" else name,
                     "--name", name, self.file(f"{name}.csv", MAPS[name]))
        return store

    def assert_found(self, groups, maps, wanted):
        """These are the findings in such a store, by name of a group or a map."""
        result = self.store_of(groups, *maps).run("check", "--json")
        found = {}
        for one in value_of(result.out, "check"):
            of = one["map"] if "map" in one else one["name"].partition(".")[0]
            found.setdefault(of, []).append(one["finding"])
        self.assertEqual(found, wanted)
        self.assertEqual(result.status, 1 if found else 0)

    def assert_unanswered(self, step, rule, name, groups):
        """Of each group, a policy and sets, this is said about the addresses that the map knows."""
        def finding(known):
            some = f", nor have {known} addresses that it knows" if known else ""
            return [f"A: {step} without a default: clients that map {name} does not know have no "
                    f"answer{some} (rule {rule})"]
        self.assert_found({of: group for of, (_, *group) in groups.items()}, [name],
                          {of: finding(known) for of, (known, *_) in groups.items()})

    def test_places_without_an_answer(self):
        self.assert_unanswered("geo", "GL3", "geo", {
            "three": ("40 % of the IPv4 addresses and 50 % of the IPv6", "geolocation",
                      "geo: {country: 'NO'}", "geo: {country: DE}",
                      "geo: {country: US, subdivision: NY}"),
            "nested": ("60 % of the IPv4 addresses and 50 % of the IPv6", "geolocation",
                       "geo: {country: 'NO'}", "geo: {continent: EU}"),
            "twice": ("60 % of the IPv4 addresses and 50 % of the IPv6", "[geo, up]",
                      "geo: {continent: EU}", "geo: {continent: EU}"),
            "only4": ("40 % of the IPv4", "geolocation", "geo: {continent: EU}",
                      "geo: {continent: NA}", "geo: {country: US, subdivision: CA}"),
            "none6": ("80 % of the IPv4 addresses and all IPv6", "geolocation",
                      "geo: {country: EH}", "geo: {continent: AF}"),
            "few": ("less than 0.1 % of the IPv4", "geolocation", "geo: {continent: EU}",
                    "geo: {continent: NA}", "geo: {country: JP}", "geo: {continent: AF}"),
            "most": ("more than 99.9 % of the IPv4 addresses and all IPv6", "geolocation",
                     "geo: {country: KR}"),
            "whole": ("", "[geo, shuffle, up]", "geo: {continent: EU}", "geo: {continent: NA}",
                      "geo: {continent: AS}", "geo: {continent: AF}"),
            "divided": ("40 % of the IPv4", "[shuffle, take 1, geo]", "geo: {continent: EU}",
                        "geo: {continent: NA}"),
        })

    def test_locations_without_an_answer(self):
        def of(*locations):
            return ["ip", *(f"cidr: {{collection: offices, location: {one}}}" for one in locations)]
        self.assert_unanswered("cidr", "IP3", "offices", {
            "inner": ("87.5 % of the IPv4", *of("oslo")),
            "outer": ("50 % of the IPv4 addresses and 50 % of the IPv6", *of("norway")),
            "both": ("50 % of the IPv4", *of("norway", "oslo")),
            "apart": ("37.5 % of the IPv4", *of("germany", "oslo")),
            "whole": ("", *of("norway", "oslo", "germany")),
        })

    def test_the_share_is_unknown_after_much_work(self):
        """Blocks deep inside others, and several groups that use them."""
        lines = ["prefix,location", *(f"8000::/{length},y{length % 2}" for length in range(1, 101)),
                 *(f"8000::{address:x},x" for address in range(1, 60001))]
        store = self.store_of({f"www{i}": ("ip", "cidr: {collection: offices, location: x}")
                               for i in range(6)})
        store.ok("map", "import", "--type", "cidr", "--name", "offices",
                 self.file("deep.csv", "\n".join(lines)))
        found = [line.partition(", nor have ")[2] for line in store.run("check").out.splitlines()]
        known = "more than 99.9 % of the IPv6 addresses that it knows (rule IP3)"
        unknown = "an unknown share of the addresses that it knows (rule IP3)"
        self.assertEqual(found, [known] * 3 + [unknown] * 3)

    def test_systems_without_an_answer(self):
        policy = "[asn, up, take 1]"
        self.assert_unanswered("asn", "AS2", "asn", {
            "one": ("50 % of the IPv4 addresses and all IPv6", policy, "asn: 64500"),
            "some": ("25 % of the IPv4", policy, "asn: [64503, 64500]", "asn: [64501, 64500]"),
        })

    def test_a_default_is_for_all(self):
        self.assert_found({
            "places": ("geolocation", "geo: {country: 'NO'}", "geo: default"),
            "locations": ("ip", "cidr: {collection: offices, location: oslo}", "cidr: default"),
            "systems": ("[asn, up]", "asn: 64500", ""),
            "defaults": ("[geo, cidr, asn, up]", "", ""),
            "divided": ("[geo, cidr]", "geo: {country: 'NO'}", "",
                        "cidr: {collection: offices, location: oslo}",
                        "geo: {country: 'NO'}, cidr: {collection: offices, location: oslo}"),
        }, ["geo", "offices", "asn"], {})

    def test_steps_before_leave_no_default(self):
        def finding(step, rule):
            return [f"A: {step} can be left with record sets of which none is its default: then "
                    f"clients for which there is none have no answer (rule {rule})"]
        norway, oslo = "geo: {country: 'NO'}", "cidr: {collection: offices, location: oslo}"
        self.assert_found({
            "tier": ("[up, tier, geo]", f"{norway}, health: up", "tier: 1"),
            "take": ("[shuffle, take 2, geo]", norway, "", ""),
            "within": ("[latency, within 10%, geo]", f"{norway}, region: own-1", "region: own-1"),
            "places": ("[geo, cidr]", f"{norway}, {oslo}", ""),
            "locations": ("[cidr, geo]", f"{norway}, {oslo}", ""),
            "systems": ("[asn, geo]", f"{norway}, asn: 64500", ""),
        }, ["geo", "offices", "asn", "regions"], {
            "tier": ["A set s1: its health check up is not defined, so it counts as healthy",
                     *finding("geo", "GL3")],
            "take": finding("geo", "GL3"), "within": finding("geo", "GL3"),
            "places": finding("cidr", "IP3"), "locations": finding("geo", "GL3"),
            "systems": finding("geo", "GL3"),
        })

    def test_clients_that_do_not_exist(self):
        def of(i, of_map, number):
            return f"A set s{i}: map {of_map} knows no client of {number}"
        self.assert_found({
            "places": ("geolocation", "geo: {country: SE}", "geo: {continent: OC}", "",
                       "geo: {country: 'NO', subdivision: '03'}", "geo: {country: US}"),
            "locations": ("ip", "cidr: {collection: offices, location: oslo}",
                          "cidr: {collection: offices, location: bergen}", ""),
            "systems": ("[asn, up]", "asn: [64500, 1, 2]", "asn: [64503, 64501]", ""),
        }, ["geo", "offices", "asn"], {
            "places": [of(1, "geo", "country:SE"), of(2, "geo", "continent:OC"),
                       of(4, "geo", "country:NO/03")],
            "locations": [of(2, "offices", "offices/bergen")],
            "systems": [of(1, "asn", "AS1")],
        })

    def test_regions_that_are_nowhere(self):
        last = "so nearest puts it last (rule GP2)"
        self.assert_found({
            "aws": ("geoproximity", "region: eu-central-1", "region: own-1"),
            "own": ("geoproximity", "region: own-2", "coordinates: [59.9, 10.7]"),
            "none": ("[nearest]", "", "region: own-3, coordinates: [59.9, 10.7]"),
        }, ["geo", "regions"], {
            "own": [f"A set s1: its region own-2 has no coordinates, {last}"],
            "none": [f"A set s1: has neither a region nor coordinates, {last}"],
        })

    def test_regions_without_a_latency(self):
        groups = {
            "all": ("latency", "region: eu-north-1", "region: own-1"),
            "some": ("latency", "region: eu-north-1", "region: eu-west-1"),
            "nowhere": ("latency", "region: own-1", "region: own-2"),
            "no": ("[latency, take 1]", "coordinates: [59.9, 10.7]", "region: own-1"),
        }
        latency = "so none counts beside it (rule L2)"
        distance = "A set s2: its region own-2 has no coordinates, so no distance counts beside " \
                   "it (rule L3)"
        west, own = (f"A set s2: map latency has no latency of its region {region}, {latency}"
                     for region in ("eu-west-1", "own-2"))
        no = "A set s1: has no region, so no latency counts beside it (rule L2)"
        for maps, wanted in (
                (["latency"], {"some": [west], "nowhere": [own], "no": [no]}),
                (["latency", "geo", "regions"],
                 {"some": [west], "nowhere": [own, distance], "no": [no]}),
                (["geo", "regions"], {"nowhere": [distance]})):
            with self.subTest(maps):
                self.setUp()
                self.assert_found(groups, maps, wanted)

    def test_maps_that_are_not_there(self):
        def finding(of_type, groups):
            return [f"there is none of the type {of_type}, but the policies of {groups} need it"]

        def unanswered(step, rule):
            return [f"A: {step} without a default, and without a map: no client has an answer "
                    f"(rule {rule})"]
        self.assert_found({
            "places": ("geolocation", "geo: {country: 'NO'}", ""),
            "again": ("[geo, geo, up]", "geo: {country: SE}", "geo: {country: DE}"),
            "near": ("geoproximity", "region: eu-central-1"),
            "fast": ("latency", "region: eu-central-1"),
            "locations": ("ip", "cidr: {collection: geo, location: oslo}"),
            "defaults": ("ip", ""),
            "systems": ("[asn, up]", "asn: 64500", ""),
        }, ["offices", "regions"], {
            "again": unanswered("geo", "GL3"), "locations": unanswered("cidr", "IP3"),
            "geo": [*finding("geo", "3 groups"), *finding("cidr", "1 group")],
            "latency": finding("latency", "1 group"), "asn": finding("asn", "1 group"),
        })

    def test_a_map_of_another_type_is_none(self):
        store = self.store_of({"www": ("geolocation", "geo: {country: 'NO'}", "")})
        store.ok("map", "import", "--type", "asn", "--name", "geo", self.file("asn.csv", ASN))
        self.assertEqual(store.run("check").out, "map geo: there is none of the type geo, but the "
                                                 "policies of 1 group need it\n")

    def test_sets_that_are_chosen_for_some_clients(self):
        self.assert_found({
            "tier": ("[geo, tier]", "geo: {country: 'NO'}", "tier: 1"),
            "weight": ("[asn, weighted, take 1]", "asn: 64500, weight: 1", "weight: 0"),
            "near": ("[latency, within 10%, weighted, take 1]", "region: own-1, weight: 1",
                     "region: eu-north-1, weight: 0"),
            "ordered": ("[weighted, latency, take 1]", "region: own-1, weight: 1",
                        "region: eu-north-1, weight: 0"),
        }, ["geo", "asn", "regions"], {})
