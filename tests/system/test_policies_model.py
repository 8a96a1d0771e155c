# SPDX-License-Identifier: GPL-3.0-or-later
"""The model itself agrees with the rules' own examples."""

import unittest
from fractions import Fraction

from steer.odds import NOERROR, NOT_READY, NXDOMAIN, World, Zone
from steer.odds_program import (PRESETS, SERVFAIL, SHUFFLE, TIER, UP, WEIGHTED, Group, Set, Step,
                                take)

ZONE = "example.com."


def flat(policy, *sets, rrtype="A"):
    return Group(rrtype, tuple(sets), PRESETS.get(policy, policy))


def weighted(*weights, ids="abcdefgh"):
    return [Set(one, (one,), weight=weight, check=f"c-{one}") for one, weight in zip(ids, weights)]


class Model(unittest.TestCase):
    maxDiff = 4000

    def world(self, down=(), targets=None, **groups):
        """A zone of names with one group each."""
        zone = Zone(ZONE)
        for name, group in groups.items():
            zone.add(f"{name}.{ZONE}".replace("wildcard.", "*."), group)
        return World([zone], ["c-" + one for one in down], targets)

    def values(self, world, name="www", rrtype="A"):
        """Odds of the values given; NODATA is the empty text, SERVFAIL its name."""
        odds = world.answer(f"{name}.{ZONE}", rrtype)
        self.assertEqual(sum(odds.values()), 1)
        shown = {}
        for outcome, share in odds.items():
            text = "SERVFAIL" if outcome.rcode == SERVFAIL else \
                " ".join(outcome.rrsets[-1][3]) if outcome.rrsets else ""
            shown[text] = shown.get(text, 0) + share
        return shown

    def test_a_draw_is_renormalised_without_the_unhealthy(self):
        # 10/20/20 with the third down: 10 of 30.
        group = flat("weighted", *weighted(10, 20, 20))
        self.assertEqual(self.values(self.world(www=group)),
                         {"a": Fraction(1, 5), "b": Fraction(2, 5), "c": Fraction(2, 5)})
        self.assertEqual(self.values(self.world("c", www=group)),
                         {"a": Fraction(1, 3), "b": Fraction(2, 3)})

    def test_weight_0_waits_for_the_others(self):
        group = flat("weighted", *weighted(0, 3, 0))
        self.assertEqual(self.values(self.world(www=group)), {"b": 1})
        self.assertEqual(self.values(self.world("b", www=group)),
                         {"a": Fraction(1, 2), "c": Fraction(1, 2)})
        self.assertEqual(self.values(self.world("abc", www=group)), {"b": 1})

    def test_all_weights_0_are_equal(self):
        self.assertEqual(self.values(self.world(www=flat("weighted", *weighted(0, 0, 0, 0)))),
                         dict.fromkeys("abcd", Fraction(1, 4)))

    def test_successive_draws_are_without_replacement(self):
        group = flat((WEIGHTED, take(2)), *weighted(1, 2, 3))
        # a and b: 1/6 * 2/5 + 2/6 * 1/4.
        self.assertEqual(self.values(self.world(www=group))["a b"],
                         Fraction(1, 6) * Fraction(2, 5) + Fraction(2, 6) * Fraction(1, 4))

    def test_the_table_of_failover(self):
        group = flat("failover", Set("p", ("p",), tier=0, check="c-p"),
                     Set("s", ("s",), tier=1, check="c-s"))
        for down, answer in (("", "p"), ("s", "p"), ("p", "s"), ("ps", "p")):
            with self.subTest(down=down):
                self.assertEqual(self.values(self.world(down, www=group)), {answer: 1})

    def test_a_tier_of_several_is_drawn_from_equally(self):
        group = flat("failover", *(Set(one, (one,), tier=one in "cd", check=f"c-{one}")
                                   for one in "abcd"))
        half = Fraction(1, 2)
        self.assertEqual(self.values(self.world(www=group)), {"a": half, "b": half})
        self.assertEqual(self.values(self.world("ab", www=group)), {"c": half, "d": half})
        self.assertEqual(self.values(self.world("abc", www=group)), {"d": 1})

    def test_multivalue_gives_eight_at_most(self):
        ids = "abcdefghi"
        odds = self.values(self.world(www=flat("multivalue", *weighted(*[1] * 9, ids=ids))))
        self.assertEqual(odds, {" ".join(sorted(set(ids) - {left})): Fraction(1, 9)
                                for left in ids})
        odds = self.values(self.world("ab", www=flat("multivalue", *weighted(*[1] * 9, ids=ids))))
        self.assertEqual(odds, {"c d e f g h i": 1})
        odds = self.values(self.world(ids, www=flat("multivalue", *weighted(*[1] * 9, ids=ids))))
        self.assertEqual(len(odds), 9)

    def test_all_down_is_as_the_step_says(self):
        for mode, want in (("all", {"a": Fraction(1, 3), "b": Fraction(2, 3)}), ("none", {"": 1}),
                           ("servfail", {"SERVFAIL": 1})):
            program = (Step("up", all_down=mode), WEIGHTED, take(1))
            with self.subTest(mode=mode):
                world = self.world("ab", www=flat(program, *weighted(1, 2)))
                self.assertEqual(self.values(world), want)

    def test_too_few_healthy_are_as_none(self):
        program = (Step("up", min_healthy=50), SHUFFLE, take(8))
        group = flat(program, *weighted(1, 1, 1, 1))
        self.assertEqual(self.values(self.world("ab", www=group)), {"c d": 1})
        self.assertEqual(self.values(self.world("abc", www=group)), {"a b c d": 1})

    def test_where_up_stands_matters(self):
        sets = (Set("a", ("a",), tier=0, check="c-a"), Set("b", ("b",), tier=1, check="c-b"))
        self.assertEqual(self.values(self.world("a", www=flat((UP, TIER), *sets))), {"b": 1})
        self.assertEqual(self.values(self.world("a", www=flat((TIER, UP), *sets))), {"a": 1})

    def tree(self, evaluate=True):
        """Two branches, each an alias of a weighted group of two."""
        return {"www": flat("weighted", Set("l", alias=f"left.{ZONE}", evaluate=evaluate, weight=3),
                            Set("r", alias=f"right.{ZONE}", weight=1)),
                "left": flat("weighted", *weighted(1, 1)),
                "right": flat("weighted", *weighted(1, 1, ids="cd"))}

    def test_a_dead_branch_is_backed_out_of(self):
        self.assertEqual(self.values(self.world("ab", **self.tree())),
                         {"c": Fraction(1, 2), "d": Fraction(1, 2)})
        self.assertEqual(self.values(self.world("a", **self.tree()))["b"], Fraction(3, 4))

    def test_without_evaluation_a_dead_branch_fails_open(self):
        self.assertEqual(self.values(self.world("ab", **self.tree(False))),
                         {"a": Fraction(3, 8), "b": Fraction(3, 8), "c": Fraction(1, 8),
                          "d": Fraction(1, 8)})

    def test_the_root_fails_open_into_its_branches(self):
        self.assertEqual(self.values(self.world("abcd", **self.tree())),
                         {"a": Fraction(3, 8), "b": Fraction(3, 8), "c": Fraction(1, 8),
                          "d": Fraction(1, 8)})

    def test_a_check_on_an_alias_closes_the_branch(self):
        groups = {"www": flat("weighted", Set("l", alias=f"left.{ZONE}", check="c-l"),
                              Set("r", ("r",), check="c-r")),
                  "left": flat(None, Set("", ("a",)))}
        groups["left"] = Group("A", groups["left"].sets)
        self.assertEqual(self.values(self.world("l", **groups)), {"r": 1})

    def test_a_strict_run_forgets_all_down(self):
        program = (Step("up", all_down="servfail"), WEIGHTED, take(1))
        groups = {"www": flat("failover", Set("p", alias=f"left.{ZONE}", tier=0),
                              Set("s", ("s",), tier=1)),
                  "left": flat(program, *weighted(1, 1))}
        self.assertEqual(self.values(self.world("ab", **groups)), {"s": 1})
        del groups["www"]
        self.assertEqual(self.values(self.world("ab", **groups), "left"), {"SERVFAIL": 1})

    def test_a_program_without_up_still_has_a_health(self):
        groups = {"www": flat("failover", Set("p", alias=f"left.{ZONE}", tier=0),
                              Set("s", ("s",), tier=1)),
                  "left": flat((WEIGHTED, take(1)), *weighted(1, 1))}
        self.assertEqual(self.values(self.world("ab", **groups)), {"s": 1})
        self.assertEqual(self.values(self.world("a", **groups)), {"b": 1})
        self.assertEqual(self.values(self.world("a", **groups), "left"),
                         {"a": Fraction(1, 2), "b": Fraction(1, 2)})

    def test_the_ttl_is_the_smallest_on_the_way(self):
        zone = Zone(ZONE)
        zone.add(f"www.{ZONE}", flat((), Set(alias=f"c.{ZONE}")))
        zone.add(f"c.{ZONE}", flat((), Set(values=(f"x.{ZONE}",), ttl=20), rrtype="CNAME"))
        zone.add(f"x.{ZONE}", flat("multivalue", Set("a", ("a",), ttl=40),
                                   Set("b", ("b",), ttl=30)))
        odds = World([zone]).answer(f"www.{ZONE}", "A")
        self.assertEqual([outcome.rrsets for outcome in odds],
                         [((f"www.{ZONE}", "A", 20, ("a", "b")),)])
        (chain,) = World([zone]).answer(f"c.{ZONE}", "A")
        self.assertEqual(chain.rrsets, ((f"c.{ZONE}", "CNAME", 20, (f"x.{ZONE}",)),
                                        (f"x.{ZONE}", "A", 30, ("a", "b"))))

    def test_targets_are_found_as_questions_are(self):
        groups = {"wildcard": flat((), Set(values=("w",))), "plain": flat((), Set(values=("p",))),
                  "www": flat((), Set(alias=f"any.{ZONE}")),
                  "none": flat((), Set(alias=f"under.plain.{ZONE}")),
                  "far": flat((), Set(alias="www.example.net."))}
        known = {("www.example.net.", "A"): (60, ("f",))}
        self.assertEqual(self.values(self.world(**groups)), {"w": 1})
        self.assertEqual(self.values(self.world(**groups), "none"), {"": 1})
        self.assertEqual(self.values(self.world(**groups), "far"), {"SERVFAIL": 1})
        self.assertEqual(self.values(self.world(targets=known, **groups), "far"), {"f": 1})
        (unknown,) = self.world(**groups).answer(f"far.{ZONE}", "A")
        self.assertEqual(unknown.error, NOT_READY)

    def test_negative_answers_are_those_of_dns(self):
        world = self.world(**{"a.b": flat((), Set(values=("v",)))})
        for name, rrtype, rcode in (("a.b", "TXT", NOERROR), ("b", "A", NOERROR),
                                    ("c", "A", NXDOMAIN)):
            (outcome,) = world.answer(f"{name}.{ZONE}", rrtype)
            self.assertEqual((outcome.rcode, outcome.rrsets, outcome.negative), (rcode, (), ZONE))
        (outside,) = world.answer("example.net.", "A")
        self.assertIsNone(outside.rcode)

    def test_sticky_answers_depend_on_the_client(self):
        program = (UP, Step("weighted", sticky=True), take(1))
        for outcome in self.world(www=flat(program, *weighted(1, 1))).answer(f"www.{ZONE}", "A"):
            self.assertEqual(outcome.looked, {"sticky"})
