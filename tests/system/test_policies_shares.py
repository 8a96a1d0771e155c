# SPDX-License-Identifier: GPL-3.0-or-later
"""Over many queries each answer has its share.

STEER_QUERIES  queries for each name
"""

import itertools

from steer.policystory import PolicyStory, addresses
from steer.wait import until

WEIGHTED = """
    zone: example.com
    records:
      www:
        type: A
        policy: weighted
        sets:
          a: {weight: 10, health: a, values: [192.0.2.1]}
          b: {weight: 20, health: b, values: [192.0.2.2]}
          c: {weight: 20, health: c, values: [192.0.2.3]}
      zero:
        type: A
        policy: weighted
        sets:
          a: {weight: 0, values: [192.0.2.1]}
          b: {weight: 0, values: [192.0.2.2]}
          c: {weight: 0, values: [192.0.2.3]}
      some:
        type: A
        policy: weighted
        sets:
          a: {weight: 0, values: [192.0.2.1]}
          b: {weight: 3, health: b, values: [192.0.2.2]}
          c: {weight: 0, values: [192.0.2.3]}
      half:
        type: A
        policy: weighted
        sets:
          a: {weight: 20000, values: [192.0.2.1]}
          b: {weight: 20000, values: [192.0.2.2]}
      large:
        type: A
        policy: weighted
        sets:
          a: {weight: 4294967295, values: [192.0.2.1]}
          b: {weight: 2147483647, values: [192.0.2.2]}
          c: {weight: 1, values: [192.0.2.3]}
      two:
        type: A
        policy: [up, weighted, take 2]
        sets:
          a: {weight: 1, values: [192.0.2.1]}
          b: {weight: 2, values: [192.0.2.2]}
          c: {weight: 3, values: [192.0.2.3]}
      tree:
        type: A
        policy: weighted
        sets:
          far: {weight: 3, alias: www}
          near: {weight: 1, values: [192.0.2.9]}
    ---
    health:
      a: {type: manual}
      b: {type: manual}
      c: {type: manual}
"""
ONE, TWO, THREE, NINE = (f"192.0.2.{n}" for n in (1, 2, 3, 9))


class SharesOfWeightedAnswers(PolicyStory):

    def test_weights_and_health_decide(self):
        store, host = self.served_policies(WEIGHTED)
        with self.subTest("w / sum of weights"):
            self.assert_shares(self.counted(host, "www.example.com."),
                               {ONE: 10, TWO: 20, THREE: 20})
        with self.subTest("a tree: the product of the shares"):
            self.assert_shares(self.counted(host, "tree.example.com."),
                               {NINE: 25, ONE: 15, TWO: 30, THREE: 30})
        store.ok("health", "report", "c", "down")
        self.until_gone(host, "www.example.com.", THREE)
        with self.subTest("the unhealthy are drawn past"):
            self.assert_shares(self.counted(host, "www.example.com."), {ONE: 10, TWO: 20})
            self.assert_shares(self.counted(host, "tree.example.com."),
                               {NINE: 3, ONE: 3, TWO: 6})

    def until_gone(self, host, name, gone):
        """Waits until an answer has been missing for longer than chance allows."""
        until(f"{gone} being gone", lambda: gone not in self.counted(host, name, 256))

    def test_weight_0(self):
        store, host = self.served_policies(WEIGHTED)
        with self.subTest("all weights 0 are equal, and do no harm"):
            self.assert_shares(self.counted(host, "zero.example.com."),
                               {ONE: 1, TWO: 1, THREE: 1})
        with self.subTest("weight 0 waits"):
            self.assertEqual(set(self.counted(host, "some.example.com.")), {TWO})
        store.ok("health", "report", "b", "down")
        self.until_gone(host, "some.example.com.", TWO)
        with self.subTest("until no other is healthy"):
            self.assert_shares(self.counted(host, "some.example.com."), {ONE: 1, THREE: 1})

    def test_draws_have_no_bias(self):
        _, host = self.served_policies(WEIGHTED)
        with self.subTest("40000 divides no power of two"):
            # A remainder of 16 random bits would give the first one 61 %.
            self.assert_shares(self.counted(host, "half.example.com."), {ONE: 1, TWO: 1})
        with self.subTest("weights to 2^32 - 1"):
            counts = self.counted(host, "large.example.com.")
            self.assertLessEqual(counts.pop(THREE, 0), 1)
            self.assert_shares(counts, {ONE: 2, TWO: 1})

    def test_several_are_drawn_without_replacement(self):
        _, host = self.served_policies(WEIGHTED)
        counts = self.counted(host, "two.example.com.")
        # Of 1, 2, 3 the first is drawn, then the second among those left.
        weights = {1: 1, 2: 2, 3: 3}
        shares = {}
        for pair in itertools.combinations(weights, 2):
            shares[" ".join(f"192.0.2.{one}" for one in pair)] = sum(
                weights[x] / 6 * weights[y] / (6 - weights[x]) for x, y in (pair, pair[::-1]))
        self.assert_shares(counts, shares)


class SharesOfOtherPolicies(PolicyStory):

    def many(self, policy, count, more=""):
        return f"""
    zone: example.com
    records:
      www:
        type: A
        policy: {policy}
        sets:
""" + "".join(f"          s{n:02}: {{values: [192.0.2.{n}], health: h{n}{more}}}\n"
              for n in range(1, count + 1)) + "    ---\n    health:\n" + "".join(
                  f"      h{n}: {{type: manual}}\n" for n in range(1, count + 1))

    def test_multivalue_gives_eight_of_the_healthy(self):
        store, host = self.served_policies(self.many("multivalue", 10))

        def missing(answer):
            given = addresses(answer).split()
            self.assertEqual(len(given), 8)
            return " ".join(str(n) for n in range(1, 11) if f"192.0.2.{n}" not in given)
        counts = self.counted(host, "www.example.com.", take=missing)
        self.assert_shares(counts, {f"{a} {b}": 1 for a, b in
                                    itertools.combinations(range(1, 11), 2)})
        for n in (3, 4, 5):
            store.ok("health", "report", f"h{n}", "down")
        self.until_answered(host, "www.example.com.", " ".join(
            f"192.0.2.{n}" for n in (1, 2, 6, 7, 8, 9, 10)))
        store.ok("health", "force", "*", "down")
        until("eight addresses again", lambda: len(
            addresses(self.ask(host, "www.example.com.")).split()) == 8)
        with self.subTest("all down: up to eight of any"):
            self.assert_shares(self.counted(host, "www.example.com.", take=missing),
                               {f"{a} {b}": 1 for a, b in
                                itertools.combinations(range(1, 11), 2)})

    def test_a_tier_of_several_is_drawn_from_equally(self):
        _, host = self.served_policies(self.many("failover", 4))
        self.assert_shares(self.counted(host, "www.example.com."),
                           {f"192.0.2.{n}": 1 for n in range(1, 5)})

    def test_answers_of_a_simple_set_stay_whole(self):
        """Rule G7."""
        _, host = self.served_policies("""
            zone: example.com
            records:
              www: {type: A, values: [192.0.2.1, 192.0.2.2, 192.0.2.3]}
        """)
        counts = self.counted(host, "www.example.com.", 200)
        self.assertEqual(dict(counts), {f"{ONE} {TWO} {THREE}": 200})
