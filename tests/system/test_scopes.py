# SPDX-License-Identifier: GPL-3.0-or-later
"""The scope of an answer: a resolver that caches by it gives no client the answer of another, and
it is no longer than it must be.

A resolver keeps an answer for all clients in the first scope bits of the one it has asked for; if
the scope is longer than the subnet it asked with, for that subnet alone (RFC 7871, section 7.3.1).

STEER_SCOPE_WORLDS  number of worlds
STEER_SCOPE_SEED    seed of all of them
"""

import collections
import ipaddress
import os
import random

from steer import env, mapcases
from steer.checklist import CHECKS as MANUAL_CHECKS
from steer.mapstory import MapStory
from steer.maps import Client, Sight, files
from steer.odds_client import Ambiguous
from steer.odds_program import (ASN, CIDR, GEO, LATENCY, NEAREST, PRESETS, TIER, UP, Step, take,
                                within)
from steer.policycases import CHECKS, Case as PolicyCase, known_targets, overlay
from steer.policystory import A, addresses
from steer.policyyaml import health_document, zone_document
from steer.wire import SERVFAIL, TYPES, subnet

WORLDS = env.number("STEER_SCOPE_WORLDS", 30, 8)
SEED = int(os.environ.get("STEER_SCOPE_SEED", "1"))
CASES = 3
DEEP = 4  # All networks are in the first so many bits behind a window.


class SureCase(PolicyCase):
    """A case without chance: of a client, a question has one answer."""

    def program(self, rrtype):
        rng = self.rng
        near, match = rng.choice((LATENCY, NEAREST)), rng.choice((GEO, CIDR, ASN))
        return rng.choice((
            PRESETS["latency"], PRESETS["geolocation"], PRESETS["geoproximity"], PRESETS["ip"],
            (UP, TIER, take(1)), (UP, TIER, take(1)), (match, take(1)),
            (match, self.up(), near, take(1)), (near, within(20), match),
            (TIER, match, self.up()), (self.up(), Step("weighted", sticky=True), take(1)),
            (match, self.up(), rng.choice((GEO, CIDR, ASN)), self.up())))

    def way(self, name):
        """Neither CNAME nor DNAME groups, of which some are drawn from."""


def scope_of(sight, looked):
    return max(map(sight.scope, looked), default=0)


class AResolverThatCaches(MapStory):

    def test_never_gives_a_client_what_another_must_get(self):
        met = collections.Counter()
        for number in range(WORLDS):
            with self.subTest(seed=SEED, world=number):
                self.one_world(number, met)
        self.assertLess(met["ambiguous"], met["asked"] / 50)
        for what in "dead branch", "no data", "longer than the subnet", "0", "shorter", "private":
            self.assertGreater(met[what], 0, what)

    def one_world(self, number, met):
        rng = random.Random(f"{SEED} {number}")
        maps = mapcases.some_maps(rng, DEEP)
        cases = [SureCase(rng, case) for case in range(CASES)]
        store = self.filled(cases, maps, number)
        host = self.heeding(store, f"knot{number}")
        here = ipaddress.ip_network(host.address[0])
        clients = list(dict.fromkeys(mapcases.all_clients(DEEP)))
        for case in cases:
            worlds = {client: case.world(Sight(maps, Client(client, here))) for client in clients}
            for name, rrtype in case.questions():
                looked, of_health = case.world(None).may_look(name, rrtype)
                if rrtype == "A" and looked:
                    self.judge(host, name, worlds, of_health, met)
        host.stop()

    def filled(self, cases, maps, number):
        store = self.store(name=f"store{number}")
        zones = [overlay()] + [zone for case in cases for zone in case.zones]
        self.bring(store, "---\n".join([
            health_document({name: check[0] for name, check in CHECKS.items()}),
            *map(zone_document, zones)]))
        for name, (_, how, is_up) in CHECKS.items():
            if how is not None:
                store.ok("health", how, name, "up" if is_up else "down")
        self.know(store, *((name, ttl, *values) for (name, rrtype), (ttl, values) in
                           known_targets().items() if rrtype == "A"))
        for kind, name, text in files(maps):
            self.bring_map(store, kind, name, text)
        return store

    def judge(self, host, name, worlds, of_health, met):
        """All clients ask for a name. of_health: maps by which groups may be found to be down."""
        answers = dict(zip(worlds, self.asked(host, [(name, client) for client in worlds])))
        self.assert_cached(answers, name)
        for client, answer in answers.items():
            self.compare(worlds[client], f"{name} for {client}", answer, of_health, met)
            self.count(answer, client, met)

    @staticmethod
    def count(answer, client, met):
        met["asked"] += 1
        met["no data"] += (answer.rcode != SERVFAIL and not answer.answer and
                           answer.scope() > 0)
        met["longer than the subnet"] += answer.scope() > client.prefixlen
        met["0"] += answer.scope() == 0
        met["shorter"] += 0 < answer.scope() < client.prefixlen
        met["private"] += client in mapcases.PRIVATE and answer.scope() > 0

    def compare(self, world, question, answer, of_health, met):
        """Answer and scope of one client are those of the model."""
        try:
            odds = world.answer(question.split()[0], "A")
        except Ambiguous:
            met["ambiguous"] += 1
            return
        text = addresses(answer)
        likely = [outcome for outcome in odds if text == " ".join(
            sorted(outcome.rrsets[-1][3], key=ipaddress.ip_address) if outcome.rrsets else ())]
        self.assertTrue(likely, f"{question}: {text}, not of {odds}")
        least = min(scope_of(world.sight, outcome.looked) for outcome in likely)
        most = max(scope_of(world.sight, outcome.looked | of_health) for outcome in likely)
        self.assertTrue(least <= answer.scope() <= most,
                        f"{question}: scope {answer.scope()}, not {least} to {most}")
        met["dead branch"] += answer.scope() > least

    def assert_cached(self, answers, name):
        """No client that a cached answer is for has another one. A private client gets what its
        resolver's own address does, not what a public network around it has; but it must not be
        cached for others."""
        given = {client: (answer.rcode, addresses(answer)) for client, answer in answers.items()}
        cache = {}
        for client, answer in answers.items():
            if answer.scope() <= client.prefixlen:
                cache[client.supernet(new_prefix=answer.scope())] = client
        scopes = {(kept.version, kept.prefixlen) for kept in cache}
        for other, wanted in given.items():
            for version, scope in scopes:
                if version == other.version and scope <= other.prefixlen:
                    client = cache.get(other.supernet(new_prefix=scope), other)
                    if other in mapcases.PRIVATE and client not in mapcases.PRIVATE:
                        continue
                    self.assertEqual(given[client], wanted, f"{name}: {other} would get what "
                                     f"{client} was answered with scope {scope}")


NETS = """
    prefix,country
    20.0.0.0/8,NO
    20.1.2.0/24,US
    20.1.2.64/26,NO
    127.0.0.0/8,US
    2001:db8::/32,NO
    2001:db8:7::/48,US
"""
BLOCKS = """
    prefix,location
    20.0.0.0/8,wide
    20.1.2.0/24,near
    20.1.2.0/25,wide
"""
SETS = """
    zone: example.com
    records:
      geo:
        type: A
        policy: geolocation
        sets:
          no: {geo: {country: "NO"}, health: a, values: [192.0.2.1]}
          us: {geo: {country: US}, values: [192.0.2.2]}
          all: {values: [192.0.2.3]}
      ip:
        type: A
        policy: ip
        sets:
          wide: {cidr: {collection: nets, location: wide}, values: [192.0.2.1]}
          near: {cidr: {collection: nets, location: near}, values: [192.0.2.2]}
          all: {values: [192.0.2.3]}
      sticky:
        type: A
        policy: [geo, weighted sticky=client, take 1]
        sets: {one: {values: [192.0.2.1]}}
      tree:
        type: A
        policy: failover
        sets:
          one: {failover: primary, alias: only}
          two: {failover: secondary, values: [192.0.2.9]}
      only:
        type: A
        policy: [geo, up]
        sets: {us: {geo: {country: US}, values: [192.0.2.2]}}
      plain: {type: A, values: [192.0.2.1]}
      named: {type: CNAME, values: [geo]}
      post: {type: MX, values: ["10 geo"]}
      "*.any": {type: A, alias: named}
""" + MANUAL_CHECKS
WHERE, BLOCK, STICKY, TREE = (f"{name}.example.com." for name in ("geo", "ip", "sticky", "tree"))


class TheScope(MapStory):

    def test_is_the_shortest_prefix_that_is_as_it_is(self):
        """Faults of mod-geoip are among these: it answers with the scope of the network that
        matched, though another is inside it, and with 0 if none matched."""
        host = self.heeding(self.store_of_maps(SETS, geo=NETS, nets=BLOCKS))
        one, two, three, nine = (f"192.0.2.{n}" for n in (1, 2, 3, 9))
        for name, client, value, scope in (
                (WHERE, "20.9.9.0/24", one, 13),      # Another network is in the one around it.
                (WHERE, "20.1.2.0/24", two, 26),      # Longer than the subnet.
                (WHERE, "20.1.2.200/32", two, 25),
                (WHERE, "20.1.2.70/32", one, 26),
                (WHERE, "99.5.5.0/24", three, 4),     # Nothing matches: the gap counts.
                (WHERE, "200.0.0.0/24", three, 1),    # It reaches to the end of the address space.
                (WHERE, "21.0.0.0/8", three, 8),
                (WHERE, "16.0.0.0/4", three, 6),      # Shorter than the networks in it.
                (WHERE, "20.0.0.0/7", one, 16),
                (WHERE, "0.0.0.0/1", three, 4),
                (WHERE, "0.0.0.0/0", two, 0), (WHERE, "::/0", two, 0),  # The source counts.
                (WHERE, "10.1.2.0/24", two, 8), (WHERE, "192.168.9.0/24", two, 16),
                (WHERE, "100.64.0.0/16", two, 10), (WHERE, "fd00::/48", two, 7),
                (WHERE, "2001:db8:1::/48", one, 46), (WHERE, "2001:db8:7:1::/64", two, 48),
                (WHERE, "2001:db9::/32", three, 32), (WHERE, "2a00::/16", three, 5),
                (BLOCK, "20.1.2.0/24", two, 25), (BLOCK, "20.1.2.0/25", one, 25),
                (BLOCK, "20.1.2.128/32", two, 25), (BLOCK, "20.0.0.0/8", one, 16),
                (BLOCK, "16.0.0.0/4", three, 6), (BLOCK, "2001:db8::/32", three, 0),
                (STICKY, "20.9.9.0/24", one, 24), (STICKY, "20.1.2.0/24", one, 26),
                (STICKY, "2001:db8:1::/48", one, 56),
                (TREE, "20.1.2.200/32", two, 25),
                (TREE, "20.9.9.0/24", nine, 13)):   # By the branch that was left.
            with self.subTest(name=name, client=client):
                answer = self.ask(host, name, edns=subnet(client))
                self.assertEqual((addresses(answer), answer.scope()), (value, scope))

    def test_counts_all_that_is_in_the_message(self):
        """Links of a chain, additional addresses, one of the groups of ANY."""
        host = self.heeding(self.store_of_maps(SETS, geo=NETS))
        for name, rrtype in (("named", "A"), ("x.any", "A"), ("post", "MX"), ("geo", "ANY")):
            with self.subTest(name):
                answer = self.ask(host, f"{name}.example.com.", TYPES[rrtype],
                                  edns=subnet("20.1.2.0/24"))
                given = {rr[4] for rr in answer.answer + answer.additional if rr[1] == A}
                self.assertEqual((given, answer.scope()), ({bytes((192, 0, 2, 2))}, 26))

    def test_does_not_depend_on_health(self):
        store = self.store_of_maps(SETS, geo=NETS, nets=BLOCKS)
        host = self.heeding(store)
        store.ok("health", "report", "a", "down")
        self.until_answered(host, WHERE, "192.0.2.3", edns=subnet("20.9.9.0/24"))
        self.assertEqual(self.ask(host, WHERE, edns=subnet("20.9.9.0/24")).scope(), 13)

    def test_is_0_where_no_map_was_used(self):
        store = self.store_of_maps(SETS)
        host = self.heeding(store)
        for name, value in (("plain.example.com.", "192.0.2.1"), (WHERE, "192.0.2.3"),
                            (BLOCK, "192.0.2.3")):
            answer = self.ask(host, name, edns=subnet("20.1.2.0/24"))
            self.assertEqual((addresses(answer), answer.scope()), (value, 0))
