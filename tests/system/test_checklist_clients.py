# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of Route 53's feature checklist that concern where the client is: each is a test, named
by its number, like those of test_checklist_policies.py.
"""

import contextlib

from steer.checklist import NINE, ONE, THREE, TWO, WWW, ChecklistCase, zone
from steer.client import Udp
from steer.mapstory import MapStory
from steer.policystory import A, addresses
from steer.wire import NOERROR, SOA_TYPE, Answer, labels, question, subnet

# Countries on each continent, as Route 53's developer guide lists them.
ROUTE_53 = {
    "AF": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG "
          "ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
    "AN": "AQ GS TF",
    "AS": "AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK "
          "MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TW UZ VN YE",
    "EU": "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE "
          "LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK",
    "NA": "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX "
          "NI PA PM PR SV SX TC TT US VC VG VI",
    "OC": "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS",
    "SA": "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
}
NOT_IN_ROUTE_53 = ("BV", "CX", "EH", "HM")

GEO = """
    prefix,country,subdivision,lat,lon
    198.51.100.0/25,US,CA,37,-122
    198.51.100.128/26,US,NY,,
    198.51.100.192/26,US,,,
    203.0.113.0/25,CA,,,
    203.0.113.128/25,NO,,0,0
    192.0.2.0/24,CN,,,
"""
CALIFORNIA, NEW_YORK, AMERICA = "198.51.100.1/32", "198.51.100.129/32", "198.51.100.193/32"
CANADA, NORWAY, CHINA, NOWHERE = "203.0.113.1/32", "203.0.113.129/32", "192.0.2.1/32", "9.9.9.0/24"

LATENCY = """
    prefix,region,rtt_ms
    198.51.100.0/24,us-east-1,20
    198.51.100.0/24,eu-central-1,90
    198.51.100.0/24,cn-north-1,200
    192.0.2.0/24,us-east-1,150
    192.0.2.0/24,eu-central-1,140
    192.0.2.0/24,cn-north-1,300
"""

BLOCKS = """
    prefix,location
    198.51.100.0/24,office
    198.51.100.0/28,lab
    2001:db8:0:1234::/64,office
"""


def group(policy, *sets, name="www"):
    """A group; each set: its attributes; its address is 192.0.2.1, .2, ..., and its check that of
    its letter."""
    lines = [f"{name}:", "  type: A", f"  policy: {policy}", "  sets:"]
    return "\n".join(lines + [
        f"    {one}: {{{words}, health: {one}, values: [192.0.2.{number}]}}"
        for number, (one, words) in enumerate(zip("abcdefgh", sets), 1)]) + "\n"


class ChecklistOfClients(ChecklistCase, MapStory):

    def serve_maps(self, records, **maps):
        store = self.store_of_maps(zone(records), **maps)
        return store, self.heeding(store)

    def gives(self, host, **clients):
        """A client is an upper-case name of this file."""
        for client, want in clients.items():
            with self.subTest(client):
                self.assertEqual(addresses(self.ask(host, WWW, edns=subnet(globals()[client]))),
                                 want)

    def until_given(self, host, client, want):
        self.until_answered(host, WWW, want, edns=subnet(client))

    # Latency.

    def latency(self):
        return group("latency", "region: us-east-1", "region: eu-central-1", "region: cn-north-1")

    def test_row_39_the_lowest_latency_and_the_next_on_failure(self):
        store, host = self.serve_maps(self.latency(), latency=LATENCY)
        self.gives(host, CALIFORNIA=ONE)
        self.down(store, "a")
        self.until_given(host, CALIFORNIA, TWO)
        self.down(store, "b")
        self.until_given(host, CALIFORNIA, THREE)
        self.down(store, "c")
        self.until_given(host, CALIFORNIA, ONE)

    def test_row_39_one_set_for_a_region(self):
        self.refuse(group("latency", "region: us-east-1", "region: us-east-1"),
                    "the same region as .a.")
        self.refuse(group("latency", "region: us-east-1", "bias: 1"), "bias")

    def test_row_40_in_china_the_lowest_latency_too_departure(self):
        """Route 53 gives the set of cn-north-1 to all of China."""
        _, host = self.serve_maps(self.latency(), latency=LATENCY)
        self.gives(host, CHINA=TWO)

    def test_row_40_a_program_can_do_as_route_53_departure(self):
        china = group("[geo, up, latency, take 1]", "geo: default, region: us-east-1",
                      "geo: default, region: eu-central-1",
                      "geo: {country: CN}, region: cn-north-1")
        store, host = self.serve_maps(china, latency=LATENCY, geo=GEO)
        self.gives(host, CHINA=THREE, CALIFORNIA=ONE)
        self.down(store, "c")
        self.until_given(host, CHINA, TWO)

    # Geolocation.

    def levels(self, policy="geolocation"):
        return group(policy, "geo: default", "geo: {continent: NA}", "geo: {country: US}",
                     "geo: {country: US, subdivision: CA}")

    def test_row_43_the_most_specific_place(self):
        _, host = self.serve_maps(self.levels(), geo=GEO)
        self.gives(host, CALIFORNIA="192.0.2.4", NEW_YORK=THREE, AMERICA=THREE, CANADA=TWO,
                   NORWAY=ONE, NOWHERE=ONE)

    def test_row_43_no_place_twice(self):
        self.refuse(group("geolocation", "geo: {country: NO}", "geo: {country: NO}"),
                    "the same place as .a.")

    def test_row_44_without_a_default_there_is_no_answer(self):
        store, host = self.serve_maps(
            group("geolocation", "geo: {continent: EU}", "geo: {country: US, subdivision: NY}") +
            group("[up all-down=none, take 1]", "ttl: 60", name="seen"), geo=GEO)
        for checks, seen in (((), ONE), (("b", "a"), "")):
            self.down(store, *checks)
            self.until_answered(host, "seen.example.com.", seen)
            for client in CALIFORNIA, AMERICA, NOWHERE:
                answer = self.ask(host, WWW, edns=subnet(client))
                self.assertEqual((answer.rcode, answer.answer), (NOERROR, []))
                self.assertEqual([rr[1] for rr in answer.authority], [SOA_TYPE])

    def test_row_45_an_unhealthy_place_is_left_for_a_larger_one(self):
        store, host = self.serve_maps(self.levels(), geo=GEO)
        for down, given in (("d", THREE), ("c", TWO), ("b", ONE), ("a", "192.0.2.4")):
            self.down(store, down)
            self.until_given(host, CALIFORNIA, given)
        self.gives(host, NEW_YORK=THREE, CANADA=TWO, NORWAY=ONE)

    def test_row_45_a_place_can_be_fenced_departure(self):
        store, host = self.serve_maps(self.levels("[geo, shuffle, up all-down=none, take 1]"),
                                      geo=GEO)
        self.down(store, "d")
        self.until_given(host, CALIFORNIA, "")
        self.gives(host, NEW_YORK=THREE)

    def test_row_46_countries_are_on_route_53s_continents(self):
        network = {code: f"198.18.{number}.0/24" for number, code in
                   enumerate(" ".join(ROUTE_53.values()).split())}
        geo = "prefix,country\n" + "".join(f"{at},{code}\n" for code, at in network.items())
        sets = {place: f"192.0.2.{number}" for number, place in enumerate(ROUTE_53, 1)}
        records = "www:\n  type: A\n  policy: geolocation\n  sets:\n" + "".join(
            f"    {place}: {{geo: {{continent: {place}}}, values: [{value}]}}\n"
            for place, value in sets.items())
        _, host = self.serve_maps(records, geo=geo)
        self.assertEqual(len(network), 246)
        for continent, codes in ROUTE_53.items():
            for code in codes.split():
                answer = self.ask(host, WWW, edns=subnet(network[code]))
                self.assertEqual(addresses(answer), sets[continent], code)

    def test_row_46_countries_that_route_53_has_not_departure(self):
        """They are on the continent of the map."""
        geo = "prefix,continent,country\n" + "".join(
            f"198.18.{number}.0/24,AF,{code}\n" for number, code in enumerate(NOT_IN_ROUTE_53))
        _, host = self.serve_maps(group("geolocation", "geo: {continent: AF}",
                                        "geo: {country: EH}"), geo=geo)
        for number, code in enumerate(NOT_IN_ROUTE_53):
            answer = self.ask(host, WWW, edns=subnet(f"198.18.{number}.0/24"))
            self.assertEqual(addresses(answer), TWO if code == "EH" else ONE, code)

    # Geoproximity.

    def test_row_47_a_bias_makes_a_place_nearer_or_farther(self):
        """Norway is at 0, 0 here, and 0.9 degrees of longitude are 100 km."""
        cases = (
            ("[0, 0.9]", 0, "[0, 1.35]", 0, ONE),
            ("[0, 0.9]", 0, "[0, 1.35]", 50, TWO),   # 150 km count as 75.
            ("[0, 0.9]", 0, "[0, 1.85]", 50, ONE),   # 206 km as 103.
            ("[0, 0.9]", -50, "[0, 1.75]", 0, TWO),  # 100 km as 200.
            ("[0, 0.9]", -50, "[0, 1.85]", 0, ONE),
            ("[0, 0.9]", -99, "[0, 85]", 0, TWO),    # As 10,000 km,
            ("[0, 0.9]", -99, "[0, 95]", 0, ONE),    # less than 10,560.
            ("[0, 0.9]", 0, "[0, 85]", 99, TWO),     # 9,450 km as 94.
            ("[0, 0.9]", 0, "[0, 95]", 99, ONE))
        _, host = self.serve_maps("".join(
            group("geoproximity", f"coordinates: {one}, bias: {bias}",
                  f"coordinates: {other}, bias: {other_bias}", name=f"n{number}")
            for number, (one, bias, other, other_bias, _) in enumerate(cases)), geo=GEO)
        for number, case in enumerate(cases):
            answer = self.ask(host, f"n{number}.example.com.", edns=subnet(NORWAY))
            self.assertEqual(addresses(answer), case[-1], case)

    def test_row_47_the_next_nearest_on_failure(self):
        store, host = self.serve_maps(group("geoproximity", "region: eu-north-1",
                                            "coordinates: [1, 1]", "coordinates: [-20.25, 3.5]"),
                                      geo=GEO)
        for down, given in (("", TWO), ("b", THREE), ("c", ONE), ("a", TWO)):
            self.down(store, *down)
            self.until_given(host, NORWAY, given)

    def test_row_48_regions_local_zones_coordinates(self):
        self.take(group("geoproximity", "region: eu-west-1", "region: us-west-2-den-1",
                        "coordinates: [59.91, 10.75], bias: -99", "coordinates: [-90, 180]"))
        for words, told in (("region: eu-west-1, coordinates: [1, 1]", "coordinates"),
                            ("ttl: 60", "region"), ("coordinates: [91, 0]", "90"),
                            ("region: eu-west-1, bias: 100", "99")):
            self.refuse(group("geoproximity", words), told)

    def test_row_48_more_than_two_decimals_are_rounded_departure(self):
        """Route 53 refuses them."""
        store = self.take(group("geoproximity", "coordinates: [1.236, -7.004]"))
        self.assertIn("coordinates: [1.24, -7]", store.ok("export", "--format", "yaml"))

    def test_row_48_regions_of_your_own_departure(self):
        own = group("geoproximity", "region: rack-1", "region: eu-north-1")
        store, host = self.serve_maps(own, geo=GEO,
                                      regions="region,lat,lon\nrack-1,1,1\neu-north-1,2,2\n")
        self.gives(host, NORWAY=ONE)
        store.ok("map", "import", "--type", "regions",
                 self.file("moved.csv", "region,lat,lon\nrack-1,3,3\neu-north-1,2,2\n"))
        self.until_given(host, NORWAY, TWO)

    # IP-based.

    def test_row_49_blocks_of_any_length_departure(self):
        blocks = "prefix,location\n0.0.0.0/0,all\n198.51.100.7/32,one\n2001:db8::1/128,one\n"
        _, host = self.serve_maps(group("ip", "cidr: {collection: nets, location: all}",
                                        "cidr: {collection: nets, location: one}",
                                        "cidr: default"), nets=blocks)
        for client, want in (("198.51.100.7/32", TWO), ("198.51.100.6/32", ONE),
                             ("2001:db8::1/128", TWO), ("2001:db8::/128", THREE)):
            self.assertEqual(addresses(self.ask(host, WWW, edns=subnet(client))), want)

    def ip(self):
        return group("ip", "cidr: {collection: nets, location: office}",
                     "cidr: {collection: nets, location: lab}", "cidr: default")

    def test_row_50_the_client_must_be_inside_the_block(self):
        _, host = self.serve_maps(self.ip(), nets=BLOCKS)
        for client, want in (("198.51.100.0/24", ONE), ("198.51.100.77/32", ONE),
                             ("198.51.100.0/28", TWO), ("198.51.100.9/32", TWO),
                             ("198.51.100.0/27", ONE), ("198.51.0.0/16", THREE),
                             ("2001:db8::/32", THREE), ("2001:db8:0:1234::/64", ONE),
                             ("2001:db8:0:1200::/56", THREE), (NOWHERE, THREE)):
            with self.subTest(client):
                self.assertEqual(addresses(self.ask(host, WWW, edns=subnet(client))), want)

    def test_row_50_an_unhealthy_location_has_the_default(self):
        store, host = self.serve_maps(self.ip(), nets=BLOCKS)
        self.down(store, "b")
        self.until_given(host, "198.51.100.9/32", THREE)
        self.down(store, "c")
        self.until_given(host, "198.51.100.9/32", TWO)

    def test_row_51_one_collection_for_a_group(self):
        self.refuse(group("ip", "cidr: {collection: nets, location: a}",
                          "cidr: {collection: hubs, location: b}"), "collection")
        self.refuse(group("ip", "cidr: {collection: nets, location: a}",
                          "cidr: {collection: nets, location: a}"), "the same location as .a.")

    # Many values.

    def test_row_52_aliases_in_a_program_of_your_own_departure(self):
        _, host = self.serve_maps(
            "many: {type: A, values: [192.0.2.1, 192.0.2.2]}\n"
            "www:\n  type: A\n  policy: [up, shuffle, take 7]\n  sets:\n"
            f"    a: {{alias: many}}\n    b: {{values: [{NINE}]}}\n")
        self.gives(host, NOWHERE=f"{ONE} {TWO} {NINE}")

    # Who asks.

    def test_row_53_the_subnet_of_the_query_or_its_source(self):
        here = ("prefix,country,subdivision\n198.51.100.0/24,US,\n127.0.0.0/16,NO,\n"
                "127.1.0.0/16,CA,\n")
        records = group("geolocation", "geo: {country: US}", "geo: {country: NO}",
                        "geo: {country: CA}")
        store, heeding = self.serve_maps(records, geo=here)
        deaf = self.host("deaf", store=store.directory).start()
        for host, source, edns, want in (
                (heeding, "127.0.0.9", subnet(CALIFORNIA), ONE),
                (heeding, "127.1.0.9", subnet("10.1.2.0/24"), THREE),
                (heeding, "127.1.0.9", subnet("0.0.0.0/0"), THREE),
                (heeding, "127.0.0.9", (0, b""), TWO), (heeding, "127.1.0.9", (0, b""), THREE),
                (deaf, "127.0.0.9", subnet(CALIFORNIA), TWO),
                (deaf, "127.1.0.9", subnet(CALIFORNIA), THREE)):
            with self.subTest(source=source), \
                    contextlib.closing(Udp(host.address, source=source)) as udp:
                udp.send([question(labels(WWW), A, edns)])
                self.assertEqual(addresses(Answer(udp.receive(1)[0])), want)
