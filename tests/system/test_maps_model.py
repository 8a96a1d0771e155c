# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of maps, and of the steps that look at the client, agrees with the rules' own examples.
"""

import ipaddress
import unittest
from fractions import Fraction

from steer.maps import (Client, Collection, Maps, NetworkMap, Place, Sight, distance, files,
                        in_country)
from steer.odds import World, Zone
from steer.odds_client import Ambiguous
from steer.odds_program import (ASN, CIDR, GEO, LATENCY, NEAREST, PRESETS, SERVFAIL, SHUFFLE, UP,
                                WEIGHTED, Group, Set, Step, take, within)

NAME = "www.example.com."
GEO_MAP = NetworkMap((
    ("192.0.2.0/25", in_country("US", "CA", (37, -122))), ("192.0.2.128/26", in_country("US")),
    ("198.51.100.0/24", in_country("NO")), ("203.0.113.0/24", in_country("DE", None, (52.5, 13.4))),
    ("2001:db8::/32", in_country("US", "NY"))))
LATENCY_MAP = NetworkMap((("192.0.2.0/24", {"r1": 20000, "r2": 100000, "r3": 24000}),
                          ("203.0.113.0/25", {"r1": 10000, "r2": 10000})))
BLOCKS = Collection((("192.0.2.0/24", "x"), ("192.0.2.0/26", "y"), ("192.0.2.0/28", "z"),
                     ("2001:db8::/48", "x")))
ASN_MAP = NetworkMap((("192.0.2.0/24", 64500), ("198.51.100.0/24", 64501)))
MAPS = Maps(GEO_MAP, LATENCY_MAP, ASN_MAP, {"nets": BLOCKS},
            {"r1": (39.04, -77.49), "r2": (50.11, 8.68), "r3": (-23.55, -46.63)})
CALIFORNIA, AMERICA, NORWAY, GERMANY = "192.0.2.1", "192.0.2.129", "198.51.100.1", "203.0.113.1"
EU, NA, US, US_CA = Place("EU"), Place("NA"), Place(None, "US"), Place(None, "US", "CA")


def client(network):
    return Client(ipaddress.ip_network(network))


def sets(attribute, *values):
    """Sets a, b, ..., each with a check c-a, c-b, ... and one of these values of an attribute."""
    return tuple(Set(one, (one,), check=f"c-{one}", **{attribute: value})
                 for one, value in zip("abcdefgh", values))


class Model(unittest.TestCase):

    def values(self, program, members, network, down="", maps=MAPS):
        """Odds of the values given, and the scope of all outcomes."""
        zone = Zone("example.com.")
        program = PRESETS.get(program, program)
        zone.add(NAME, Group("A", members, program, "nets"))
        sight = Sight(maps, client(network))
        odds = World([zone], ["c-" + one for one in down], sight=sight).answer(NAME, "A")
        shown = {}
        for outcome, share in odds.items():
            text = "servfail" if outcome.rcode == SERVFAIL else \
                " ".join(outcome.rrsets[-1][3]) if outcome.rrsets else ""
            shown[text] = shown.get(text, 0) + share
        (scope,) = {max(map(sight.scope, outcome.looked), default=0) for outcome in odds}
        return shown, scope

    def gives(self, cases):
        """cases: program, sets, client, what is down, the one that is certain, scope."""
        for program, members, network, down, want, scope in cases:
            with self.subTest(program=program, client=network, down=down, want=want):
                self.assertEqual(self.values(program, members, network, down),
                                 ({want: 1}, scope))

    def test_the_most_specific_place_counts(self):
        all_levels = sets("geo", None, NA, US, US_CA)
        self.gives((
            ("geolocation", all_levels, CALIFORNIA, "", "d", 25),
            ("geolocation", all_levels, AMERICA, "", "c", 26),
            ("geolocation", all_levels, "192.0.2.193", "", "a", 26),
            ("geolocation", all_levels, NORWAY, "", "a", 24),
            ("geolocation", sets("geo", EU, Place(None, "US", "NY")), CALIFORNIA, "", "", 25),
            ("geolocation", sets("geo", US_CA, Place(None, "US", "NY")), "2001:db8::/48", "", "b",
             32)))

    def test_up_behind_a_match_climbs(self):
        all_levels = sets("geo", None, NA, US, US_CA)
        fenced = (GEO, SHUFFLE, Step("up", all_down="none"), take(1))
        self.gives((
            ("geolocation", all_levels, CALIFORNIA, "d", "c", 25),
            ("geolocation", all_levels, CALIFORNIA, "cd", "b", 25),
            ("geolocation", all_levels, CALIFORNIA, "bcd", "a", 25),
            ("geolocation", all_levels, CALIFORNIA, "abcd", "d", 25),
            ((UP, GEO, take(1)), all_levels, CALIFORNIA, "d", "c", 25),
            (fenced, all_levels, CALIFORNIA, "d", "", 25),
            ((GEO, Step("up", min_healthy=60)), sets("geo", US, US, None), CALIFORNIA, "a", "c",
             25),
            ((GEO, Step("up", all_down="servfail")), sets("geo", EU), CALIFORNIA, "", "servfail",
             25)))

    def test_the_longest_block_that_is_named_counts(self):
        xyz = sets("location", "x", "y", "z", None)
        self.gives((
            ("ip", xyz, CALIFORNIA, "", "c", 28), ("ip", xyz, "192.0.2.40", "", "b", 27),
            ("ip", xyz[:2], CALIFORNIA, "", "b", 28), ("ip", xyz, "192.0.2.0/26", "", "b", 28),
            ("ip", xyz, "192.0.0.0/16", "", "d", 23), ("ip", xyz[:2], NORWAY, "", "", 6),
            ("ip", xyz, CALIFORNIA, "c", "d", 28), ("ip", xyz, CALIFORNIA, "cd", "c", 28),
            ((UP, CIDR, take(1)), xyz, CALIFORNIA, "c", "b", 28),
            ("ip", xyz, "2001:db8::/32", "", "d", 48), ("ip", xyz, "2001:db8::/48", "", "a", 48)))

    def test_a_block_in_one_of_its_own_location_is_none(self):
        nested = Collection((("10.0.0.0/8", "x"), ("10.1.0.0/16", "x"), ("10.1.1.0/24", "y")))
        self.assertEqual(nested.scope(ipaddress.ip_network("10.1.128.0/24")), 17)
        self.assertEqual(nested.scope(ipaddress.ip_network("10.2.0.0/24")), 15)

    def test_autonomous_systems(self):
        members = sets("asns", (64501, 64500), (), (64502,))
        self.gives((
            ((ASN, take(1)), members, CALIFORNIA, "", "a", 24),
            ((ASN, take(1)), members, GERMANY, "", "b", 5),
            ((ASN, UP, take(1)), members, CALIFORNIA, "a", "b", 24),
            ((ASN, take(1)), members[2:], CALIFORNIA, "", "", 24)))

    def test_latencies_count_if_all_are_known(self):
        self.gives((
            ("latency", sets("region", "r2", "r3", "r1"), CALIFORNIA, "", "c", 24),
            ("latency", sets("region", "r2", "r3", "r1"), CALIFORNIA, "c", "b", 24),
            ("latency", sets("region", "r2", "r3", "r1"), CALIFORNIA, "abc", "c", 24),
            ("latency", sets("region", "r3", "r1", "r2"), GERMANY, "", "c", 25),
            ("latency", sets("region", "r2", "r1"), GERMANY, "", "a", 25),
            ("latency", sets("region", "r4", "r1"), GERMANY, "", "a", 25),
            ("latency", sets("region", "r3", "r1"), "224.0.0.1", "", "a", 3)))

    def test_within_a_percentage_of_the_least(self):
        members = sets("region", "r2", "r3", "r1")
        self.gives((
            ((LATENCY, within(20)), members, CALIFORNIA, "", "b c", 24),
            ((LATENCY, within(19)), members, CALIFORNIA, "", "c", 24),
            ((LATENCY, UP, within(20)), members, CALIFORNIA, "c", "b", 24),
            ((within(0),), members, CALIFORNIA, "", "a b c", 0),
            ((NEAREST, within(0)), sets("region", "r2", "r4"), GERMANY, "", "a", 24),
            ((NEAREST, within(0)), sets("region", "r5", "r4"), GERMANY, "", "a b", 24)))

    def test_then_by_weight(self):
        members = sets("region", "r2", "r3", "r1")
        odds, _ = self.values((LATENCY, within(20), WEIGHTED, take(1)), members, CALIFORNIA)
        self.assertEqual(odds, {"b": Fraction(1, 2), "c": Fraction(1, 2)})

    def test_a_bias_is_a_share_of_the_distance(self):
        east = [Set(one, (one,), point=(0, lon), bias=bias)
                for one, lon, bias in (("a", 15, 0), ("b", 24, 50), ("c", 9, -50))]
        here = NetworkMap((("192.0.2.0/24", Place(point=(0, 0))),))
        self.assertEqual(self.values((NEAREST, take(1)), tuple(east), CALIFORNIA, "", Maps(here)),
                         ({"b": 1}, 24))
        self.assertEqual(self.values((NEAREST, take(2)), tuple(east), CALIFORNIA, "", Maps(here)),
                         ({"a b": 1}, 24))

    def test_what_cannot_be_told_is_not_guessed(self):
        near = (Set("a", ("a",), point=(40.0, 0.0)), Set("b", ("b",), point=(40.001, 0.0)))
        with self.assertRaises(Ambiguous):
            self.values((NEAREST, take(1)), near, GERMANY)

    def test_distances(self):
        for one, other, kilometres in (((0, 0), (0, 90), 10007.557), ((90, 0), (-90, 0), 20015.115),
                                       ((52.5, 13.4), (52.5, 13.4), 0),
                                       ((51.5, -0.1), (40.7, -74.0), 5571)):
            self.assertAlmostEqual(distance(one, other) / 1000, kilometres, delta=2)

    def test_the_scope_is_the_longest(self):
        members = sets("geo", None, US)
        self.gives((
            ((GEO, Step("weighted", sticky=True), take(1)), members, AMERICA, "", "b", 26),
            ((GEO, Step("weighted", sticky=True), take(1)), members, NORWAY, "", "a", 24),
            ((GEO, ASN, CIDR, LATENCY), members[1:], CALIFORNIA, "", "b", 28)))
        self.assertEqual(self.values((GEO, take(1)), members, "10.1.2.3"), ({"a": 1}, 8))
        self.assertEqual(self.values((GEO, take(1)), members, "0.0.0.0/0"), ({"a": 1}, 0))
        self.assertEqual(self.values((GEO, take(1)), members, CALIFORNIA, maps=Maps()),
                         ({"a": 1}, 0))

    def test_the_health_of_a_group_is_that_for_the_client(self):
        zone = Zone("example.com.")
        zone.add(f"branch.{NAME}", Group("A", sets("geo", EU), (GEO, take(1))))
        zone.add(NAME, Group("A", (Set("far", alias=f"branch.{NAME}", tier=0),
                                   Set("near", ("n",), tier=1)), PRESETS["failover"]))
        for network, want in ((GERMANY, "a"), (CALIFORNIA, "n")):
            world = World([zone], sight=Sight(MAPS, client(network)))
            (outcome,) = world.answer(NAME, "A")
            self.assertEqual(outcome.rrsets[-1][3], (want,))
            self.assertEqual(world.may_look(NAME, "A"), ({"geo"}, {"geo"}))

    def test_maps_as_files(self):
        self.assertEqual([(kind, name) for kind, name, _ in files(MAPS)],
                         [("geo", "geo"), ("latency", "latency"), ("asn", "asn"), ("cidr", "nets"),
                          ("regions", "regions")])
