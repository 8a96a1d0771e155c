# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl check finds what is hardly meant in policies and aliases."""

import os

from steer.policystory import PolicyStory
from steer.schema import value_of


class CheckFindsWhatIsHardlyMeant(PolicyStory):

    def findings(self, text):
        """Pairs of name and finding, of a store with these documents."""
        result = self.policies(text).run("check", "--json")
        found = value_of(result.out, "check")
        self.assertEqual(result.status, 1 if found else 0)
        return {(one["name"], one["finding"]) for one in found}

    def test_targets_checks_and_sets(self):
        self.assertEqual(self.findings("""
            zone: example.com
            records:
              dangling: {type: A, alias: nothing}
              other: {type: AAAA, alias: plain}
              far: {type: A, alias: lb.elsewhere.invalid.}
              plain: {type: A, health: never, values: [192.0.2.1]}
              turn:
                type: A
                policy: failover
                sets:
                  first: {failover: primary, health: up, values: [192.0.2.1]}
                  second: {tier: 1, values: [192.0.2.2]}
                  third: {tier: 2, values: [192.0.2.3]}
              share:
                type: A
                policy: weighted
                sets:
                  always: {weight: 1, values: [192.0.2.1]}
                  evaluated: {weight: 1, alias: plain}
                  without: {weight: 0, health: gone, values: [192.0.2.2]}
            ---
            health: {up: {type: manual}}
        """), {
            ("dangling.example.com.",
             "A: its alias target nothing.example.com. has no A records"),
            ("far.example.com.",
             "A: its alias target lb.elsewhere.invalid. is of no hosted zone, and not resolved yet"),
            ("other.example.com.",
             "AAAA: its alias target plain.example.com. has no AAAA records"),
            ("plain.example.com.",
             "A: its health check never is not defined, so it counts as healthy"),
            ("turn.example.com.",
             "A set third: is never chosen: tier 1 always has a healthy record set"),
            ("share.example.com.",
             "A set without: its health check gone is not defined, so it counts as healthy"),
            ("share.example.com.",
             "A set without: is never chosen: its weight is 0, and others with weight are always "
             "healthy"),
        })

    def test_sets_whose_turn_may_come(self):
        self.assertEqual(self.findings("""
            zone: example.com
            records:
              turn:
                type: A
                policy: failover
                sets:
                  first: {failover: primary, health: up, values: [192.0.2.1]}
                  second: {failover: secondary, health: up, values: [192.0.2.2]}
                  third: {tier: 2, values: [192.0.2.3]}
              checked:
                type: A
                policy: weighted
                sets:
                  a: {weight: 1, health: up, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              zero:
                type: A
                policy: weighted
                sets:
                  a: {weight: 0, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              two:
                type: A
                policy: [up, weighted, take 2]
                sets:
                  a: {weight: 1, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              late:
                type: A
                policy: [shuffle, take 2, weighted, take 1]
                sets:
                  a: {weight: 1, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
                  c: {weight: 0, values: [192.0.2.3]}
              mixed:
                type: A
                policy: [weighted, shuffle, take 1]
                sets:
                  a: {weight: 1, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              behind:
                type: A
                policy: [shuffle, take 1, tier]
                sets:
                  a: {tier: 0, values: [192.0.2.1]}
                  b: {tier: 1, values: [192.0.2.2]}
            ---
            health: {up: {type: manual}}
        """), set())

    def test_the_sample_is_well(self):
        sample = os.path.join(os.path.dirname(__file__), "..", "..", "contrib", "example.com.yaml")
        with open(sample, encoding="utf-8") as file:
            self.assertEqual(self.findings(file.read()), set())
