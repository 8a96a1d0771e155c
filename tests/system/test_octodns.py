# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones of octoDNS, imported and served: answers are those of its rules, by a model of them."""

import itertools
import os
import textwrap

from steer.mapstory import MapStory
from steer.policystory import addresses
from steer.wait import until
from steer.wire import SOA_TYPE, subnet

SEEDS = os.path.join(os.path.dirname(__file__), "..", "fuzz", "octodns.seeds")

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
          p:
            values: [{value: 10.0.1.1, status: down}, {value: 10.0.1.2, status: down}]
            fallback: q
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

# A zone as it is exported.
EXPORTED = """
    ---
    "":
      ttl: 3600
      type: NS
      value: ns1.example.net.
    both:
      octodns: {lenient: true}
      type: ALIAS
      value: www.example.com.
    nets:
      dynamic:
        pools:
          a:
            values:
            - {status: up, value: 10.0.0.1}
          z:
            values:
            - {status: up, value: 10.0.0.2}
        rules:
        - {pool: z, subnets: [10.1.0.0/16]}
        - {pool: a, subnets: [10.0.0.0/8]}
        - {pool: a}
      ttl: 60
      type: A
      value: 10.0.0.3
    often:
      dynamic:
        pools:
          a:
            values:
            - {value: 10.0.0.1}
        rules:
        - {pool: a}
      octodns: {route53: {healthcheck: {request_interval: 10}}}
      ttl: 60
      type: A
      value: 10.0.0.3
    one:
      type: Route53Provider/ALIAS
      values:
      - {evaluate-target-health: true, name: www.example.com., type: A}
      - {evaluate-target-health: false, name: www.example.com., type: AAAA}
    root:
      dynamic:
        pools:
          a:
            values:
            - {value: 10.0.0.1}
        rules:
        - {pool: a}
      octodns: {healthcheck: {path: /}}
      ttl: 60
      type: A
      value: 10.0.0.3
    six:
      dynamic:
        pools:
          a:
            values:
            - {status: up, value: 10.0.0.1}
          z:
            values:
            - {status: up, value: 10.0.0.2}
        rules:
        - {pool: a, subnets: [0.0.0.0/0]}
        - {pool: z, subnets: [2001:db8::/32]}
        - {pool: a}
      ttl: 60
      type: A
      value: 10.0.0.3
    target:
      dynamic:
        pools:
          a:
            values:
            - {value: b.example.net.}
        rules:
        - {pool: a}
      ttl: 60
      type: CNAME
      value: c.example.net.
    www:
    - ttl: 60
      type: A
      value: 10.0.0.1
    - ttl: 60
      type: AAAA
      value: 2001:db8::1
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


def maps(store):
    """All maps of a store, by name."""
    names = [line.split("\t")[0] for line in store.ok("map", "list").splitlines()]
    return {name: store.ok("map", "export", name) for name in names}


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
        states = [set()] + [
            set(sum((POOLS[pool][0] for pool in pools), []))
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
        """Waits until answers to a client are all those that may be, and no others."""
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
        self.bring(self.steer, "{zone: example.com, comment: ours}", "--merge")
        self.assertEqual(self.give("--dry-run"), "")
        self.assertRegex(before[1], "^octodns-[0-9a-f]{16}\tcidr\t1\t.*\toctoDNS\t")

    def test_an_export_is_read_back(self):
        """All types, forms and options that the reader takes, and the zone above."""
        self.give()
        texts = [self.steer.ok("export", "--format", "octodns", "example.com")]
        for seed in "types", "dynamic", "options":
            with open(os.path.join(SEEDS, seed), encoding="utf-8") as file:
                self.zone = self.file(f"{seed}.test.yaml", file.read())
            self.give()
            texts.append(self.steer.ok("export", "--format", "octodns", f"{seed}.test"))
        first, self.steer = self.steer, self.store("--map-size", "64M", "--ns", "ns.set.test.",
                                                   name="other")
        for name, text in zip(("example.com", "types.test", "dynamic.test", "options.test"), texts):
            self.zone = self.file(f"{name}.yaml", text)
            self.give()
            self.assertEqual(self.steer.ok("export", "--format", "octodns", name), text)
        self.assertEqual(self.steer.ok("export", "--format", "yaml"),
                         first.ok("export", "--format", "yaml"))
        self.assertEqual(maps(self.steer), maps(first))
        self.assertRegex(texts[0], "(?s)- {geos: .EU-NO, NA-US-CA., pool: apac}\n.*pool: eu}")

    def test_an_export_is_what_was_written(self):
        """An ALIAS aside, the narrower network first, nothing that octoDNS takes itself."""
        text = textwrap.dedent(EXPORTED).lstrip("\n")
        self.zone = self.file("example.com.yaml", text)
        self.give()
        self.assertEqual(self.steer.ok("export", "--format", "octodns", "example.com"), text)

    def test_what_cannot_be_expressed_is_told(self):
        """All else is printed with --lossy; a group that was changed is none of octoDNS's."""
        self.give()
        self.bring(self.steer, """
            zone: b.test
            comment: a test
            records:
              "@": {type: NS, values: [ns1.example.net.]}
              a: {type: A, values: [192.0.2.1], health: c}
              h: {type: HINFO, values: [a b]}
              t: {type: TXT, values: ['"a" "b"']}
              w: {type: A, policy: weighted, sets: {x: {values: [192.0.2.1]}}}
              x: {type: A, alias: a, health: c}
              z: {type: A, values: [192.0.2.2]}
            health: {c: {type: manual}}
            """)
        result = self.steer.run("export", "--format", "octodns", "b.test")
        self.assert_status(result, 1, "b.test.: a comment", "a.b.test. A: a health check of values",
                           "h.b.test. HINFO: records of the type", "t.b.test. TXT: text that is",
                           "w.b.test. A: a policy", "x.b.test. A: an alias with a health check")
        self.assertEqual(result.out, "")
        self.assertEqual(self.steer.ok("export", "--format", "octodns", "--lossy", "b.test"),
                         "---\n\"\":\n  ttl: 3600\n  type: NS\n  value: ns1.example.net.\n"
                         "z:\n  ttl: 3600\n  type: A\n  value: 192.0.2.2\n")
        for changed, undone in (
                (["set", "shares.example.com", "A", "--id", "default p 1", "--weight", "101"],
                 ["set", "shares.example.com", "A", "--id", "default p 1", "--weight", "3"]),
                (["health", "set", "shares.example.com/10.0.1.2", "https", "address=10.0.1.2",
                  "host=shares.example.com", "path=/other"],
                 ["health", "set", "shares.example.com/10.0.1.2", "https", "address=10.0.1.2",
                  "host=shares.example.com", "path=/_dns"])):
            self.steer.ok(*changed)
            self.assert_status(self.steer.run("export", "--format", "octodns", "example.com"), 1,
                               "shares.example.com. A: a policy that no dynamic record has")
            self.steer.ok(*undone)
            self.steer.ok("export", "--format", "octodns", "example.com")
        self.assert_status(self.steer.run("export", "--format", "octodns"), 2, "allowed: one ZONE")

    def test_what_is_wrong_changes_nothing(self):
        self.zone = self.file("example.com.yaml", "www:\n  type: A\n  value: 192.0.2\n")
        self.give(status=1, words=["example.com.yaml:3:10: A: "])
        self.assertEqual(self.steer.ok("zone", "list") + self.steer.ok("map", "list"), "")

    def test_the_zone_is_that_of_the_file_or_option(self):
        self.zone = self.file("zone.txt", "www: {type: A, value: 192.0.2.1}\n")
        self.give(status=1, words=["allowed: such as example.com.yaml, or --zone"])
        self.assertRegex(self.give("--zone", "b.test"), "zone b.test. created, named by --zone")
        self.assertRegex(self.steer.ok("list", "b.test"), r"www\.b\.test\.\tA\t3600\t192\.0\.2\.1")
