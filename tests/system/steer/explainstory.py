# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories of steerctl explain: zones with every kind of policy, and what it prints about them."""

from steer.policystory import PolicyStory
from steer.schema import value_of

ZONES = """
    zone: example.com
    ttl: 300
    soa: {mname: ns, rname: admin, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60}
    records:
      "@":
        - {type: NS, values: [ns.example.net.]}
        - {type: A, alias: www}
        - {type: MX, values: [10 many]}
      plain: {type: A, values: [192.0.2.80]}
      www:
        type: A
        ttl: 60
        policy: weighted
        sets:
          a: {weight: 90, health: a, values: [192.0.2.1]}
          b: {weight: 30, health: b, values: [192.0.2.2]}
          c: {weight: 60, alias: nothing}
          d: {weight: 60, alias: plain}
      turn:
        type: A
        ttl: 30
        policy: failover
        sets:
          first: {failover: primary, health: a, values: [192.0.2.11]}
          second: {failover: secondary, health: b, values: [192.0.2.12]}
      only:
        type: A
        policy: [up all-down=servfail, shuffle, take 1]
        sets:
          a: {health: a, values: [192.0.2.1]}
          b: {health: b, values: [192.0.2.2]}
      many:
        type: A
        policy: multivalue
        sets:
          a: {health: a, values: [192.0.2.1]}
          b: {values: [192.0.2.2, 192.0.2.3]}
      own:
        type: A
        policy: [weighted sticky=client, up, take 1]
        sets:
          a: {weight: 1, values: [192.0.2.1]}
          b: {weight: 1, values: [192.0.2.2]}
      zero:
        type: A
        policy: weighted
        sets:
          a: {weight: 0, values: [192.0.2.1]}
          b: {weight: 0, health: never, values: [192.0.2.2]}
      links:
        type: CNAME
        ttl: 40
        policy: failover
        sets:
          a: {failover: primary, health: a, values: [turn]}
          b: {failover: secondary, values: [plain]}
      way: {type: A, alias: links}
      named: {type: CNAME, values: [only]}
      post: {type: MX, values: [10 only]}
      "*.any": {type: A, alias: way}
      far: {type: A, alias: lb.elsewhere.invalid.}
      none: {type: A, alias: nothing}
      undefined: {type: A, health: never, values: [192.0.2.9]}
    ---
    zone: over.test
    mode: overlay
    records: {held: {type: A, values: [192.0.2.1]}}
    ---
    health: {a: {type: manual}, b: {type: manual}}
"""
WWW, TURN = ("www.example.com", "A"), ("turn.example.com", "A")


def values_of(said):
    """Values of the answer section."""
    return [value for event in said["events"] if event.get("put") == "answer"
            for value in event["values"]]


def candidates(said, step):
    """Candidates of the steps of this name, by id; of the first group."""
    group = next(event for event in said["events"] if "group" in event)
    return {one["id"]: one for each in group["steps"] if each["step"].split()[0] == step
            for one in each["candidates"]}


class ExplainStory(PolicyStory):

    def setUp(self):
        super().setUp()
        self.store_of_zones = self.policies(ZONES)

    def ok(self, *words):
        return self.store_of_zones.ok(*words)

    def said(self, *words):
        """An explained answer as a value that the schema allows."""
        return value_of(self.ok("explain", *words, "--json"), "explain")

    def sampled(self, *words):
        return value_of(self.ok("explain", *words, "--json"), "explain --samples")

    def down(self, *checks):
        for check in checks:
            self.ok("health", "report", check, "down")

    def until_seed(self, words, met):
        """The first answer, by seed, for which this is true."""
        for seed in range(200):
            said = self.said(*words, "--seed", str(seed))
            if met(said):
                return said
        raise AssertionError(f"no seed gives {words} what is looked for")
