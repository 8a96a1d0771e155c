# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones of octoDNS, imported and served: answers are those that its rules say, by a model of them."""

import itertools
import textwrap

from steer.mapstory import MapStory
from steer.policystory import addresses
from steer.wait import until
from steer.wire import SOA_TYPE, subnet

GEO = """
    prefix,country,subdivision
    198.51.100.0/25,US,CA
    198.51.100.128/25,US,
    203.0.113.0/25,CA,
    203.0.113.128/25,NO,
"""
# Clients: their subnets, and the codes of octoDNS for where they are, the narrowest first.
CLIENTS = {
    "198.51.100.1/32": ["NA-US-CA", "NA-US", "NA"],
    "198.51.100.129/32": ["NA-US", "NA"],
    "203.0.113.1/32": ["NA-CA", "NA"],
    "203.0.113.129/32": ["EU-NO", "EU"],
    "9.9.9.9/32": [],
    "192.0.2.1/32": [],
}

# Of www: pools with values and the pool to fall back to, rules, and the record's own values.
POOLS = {
    "apac": (["10.0.1.1"], "na"),
    "eu": (["10.0.2.1", "10.0.2.2"], "apac"),
    "na": (["10.0.3.1", "10.0.3.2"], None),
    "office": (["10.0.4.1"], "eu"),
}
RULES = [
    (["192.0.2.0/24"], [], "office"),
    ([], ["NA-US-CA", "EU-NO"], "apac"),
    ([], ["NA-US", "EU"], "eu"),
    ([], [], "na"),
]
OWN = ["10.0.9.1", "10.0.9.2"]
NETWORKS = {"192.0.2.1/32": ["192.0.2.0/24"]}

ZONE = """
    '':
    - type: ALIAS
      value: www.example.com.
    - type: NS
      values: [ns1.example.net.]
    shares:
      type: A
      value: 10.0.9.1
      dynamic:
        pools: {p: {values: [{value: 10.0.1.1, weight: 3}, {value: 10.0.1.2}]}}
        rules: [{pool: p}]
    status:
      type: A
      value: 10.0.9.1
      dynamic:
        pools:
          p: {values: [{value: 10.0.1.1, status: down}, {value: 10.0.1.2, status: down}], fallback: q}
          q: {values: [{value: 10.0.1.3, status: up}, {value: 10.0.1.4, status: down}]}
        rules: [{pool: p}]
    old:
      type: A
      value: 10.0.9.1
      geo: {NA-US: [10.0.1.1, 10.0.1.2], NA-US-CA: [10.0.1.3]}
    www:
      type: A
      ttl: 60
"""


def www():
    """The record of that name, as YAML."""
    lines = [f"  values: [{', '.join(OWN)}]", "  dynamic:", "    pools:"]
    for name, (values, fallback) in POOLS.items():
        members = ", ".join(f"{{value: {value}}}" for value in values)
        then = f", fallback: {fallback}" if fallback else ""
        lines.append(f"      {name}: {{values: [{members}]{then}}}")
    lines.append("    rules:")
    for subnets, geos, pool in RULES:
        lines.append(f"    - {{subnets: [{', '.join(subnets)}], geos: [{', '.join(geos)}], "
                     f"pool: {pool}}}")
    return "\n".join(lines) + "\n"


def may_answer(client, down):
    """What octoDNS's rules allow as answers for a client while these values are down."""
    for subnets, geos, pool in RULES:
        if set(subnets) & set(NETWORKS.get(client, [])) or set(geos) & set(CLIENTS[client]) or \
           not subnets and not geos:
            break
    while pool is not None:
        values, fallback = POOLS[pool]
        up = [value for value in values if value not in down]
        if up:
            return set(up)
        pool = fallback
    return {" ".join(OWN)}


class Octodns(MapStory):

    def setUp(self):
        super().setUp()
        self.steer = self.store("--map-size", "64M", "--ns", "ns.set.test.")
        self.zone = self.file("example.com.yaml", textwrap.dedent(ZONE).lstrip("\n") + www())

    def give(self, *options, status=0, words=()):
        result = self.steer.run("import", "--format", "octodns", *options, self.zone)
        self.assert_status(result, status, *words)
        return result.out + result.err

    def set_down(self, before, after):
        """Forces the checks of www's values down, and up, where they differ."""
        for value in before ^ after:
            self.steer.ok("health", "force", f"www.example.com/{value}",
                          "down" if value in after else "up")

    def test_answers_are_those_of_its_rules(self):
        """Every client, while one pool after the other and all of them are down."""
        self.give()
        self.bring_map(self.steer, "geo", "geo", textwrap.dedent(GEO).lstrip())
        host = self.heeding(self.steer)
        self.served(host, "example.com.", SOA_TYPE)
        self.assertTrue(all(may_answer(client, set()) for client in CLIENTS))
        states = [set()] + [set(sum((POOLS[pool][0] for pool in pools), []))
                            for count in (1, 2, 4) for pools in itertools.combinations(POOLS, count)]
        states.append({"10.0.2.1", "10.0.3.2"})
        before = set()
        for down in states:
            self.set_down(before, down)
            before = down
            for client in CLIENTS:
                self.until_answers(host, "www.example.com.", client, may_answer(client, down))
        self.set_down(before, set())
        self.until_answers(host, "example.com.", "192.0.2.1/32", {"10.0.4.1"})
        for name, client, want in (
                ("status", "9.9.9.9/32", {"10.0.1.3"}),
                ("old", "198.51.100.129/32", {"10.0.1.1 10.0.1.2"}),
                ("old", "198.51.100.1/32", {"10.0.1.3"}),
                ("old", "203.0.113.1/32", {"10.0.9.1"})):
            self.until_answers(host, f"{name}.example.com.", client, want)
        self.assert_shares(self.counted(host, "shares.example.com."),
                           {"10.0.1.1": 3, "10.0.1.2": 1})

    def until_answers(self, host, name, client, want):
        """Waits until the answers to some questions of a client are all that may be, and no others."""
        def answered():
            got = {addresses(self.ask(host, name, edns=subnet(client))) for _ in range(30)}
            return got == want
        until(f"{name} for {client} being one of {sorted(want)}", answered)

    def test_again_changes_nothing(self):
        self.give()
        before = self.steer.ok("stats"), self.steer.ok("map", "list")
        self.assertEqual(self.give(), "")
        self.assertEqual(self.give("--dry-run"), "")
        self.assertEqual((self.steer.ok("stats"), self.steer.ok("map", "list")), before)
        self.assertRegex(before[1], "^octodns-[0-9a-f]{16}\tcidr\t1\t.*\toctoDNS\t")

    def test_what_is_wrong_changes_nothing(self):
        self.zone = self.file("example.com.yaml", "www:\n  type: A\n  value: 192.0.2\n")
        self.give(status=1, words=["example.com.yaml:3:10: A: "])
        self.assertEqual(self.steer.ok("zone", "list") + self.steer.ok("map", "list"), "")

    def test_the_zone_is_that_of_the_file_or_option(self):
        self.zone = self.file("zone.txt", "www: {type: A, value: 192.0.2.1}\n")
        self.give(status=1, words=["allowed: such as example.com.yaml, or --zone"])
        self.assertRegex(self.give("--zone", "b.test"), "zone b.test. created, named by --zone")
        self.assertRegex(self.steer.ok("list", "b.test"), r"www\.b\.test\.\tA\t3600\t192\.0\.2\.1")
