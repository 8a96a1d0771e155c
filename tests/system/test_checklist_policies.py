# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of Route 53's feature checklist that concern records, aliases, weights, failover, many
values and selection: each is a test, named by its number. Where Steer is other on purpose
(steer-policies(7), DIFFERENCES FROM ROUTE 53), the test is of what Steer does.
"""

from steer.checklist import NINE, ONE, THREE, TWO, WWW, ChecklistCase, weighted, zone
from steer.policystory import A, address, addresses
from steer.wait import until
from steer.wire import labels


class ChecklistOfSelection(ChecklistCase):

    def test_row_26_an_alias_answers_under_the_asked_name(self):
        _, host = self.serve("www: {type: A, alias: a}\na: {type: A, alias: b}\n"
                             "b: {type: A, values: [192.0.2.1, 192.0.2.2]}")
        answer = self.ask(host, WWW)
        self.assertEqual([(rr[0], rr[1]) for rr in answer.answer], [(labels(WWW), A)] * 2)

    def test_row_27_an_alias_has_the_ttl_of_the_set_selected(self):
        store, host = self.serve("www: {type: A, alias: a}\n"
                                 "a:\n  type: A\n  policy: failover\n  sets:\n"
                                 "    a: {tier: 0, health: a, ttl: 70, values: [192.0.2.1]}\n"
                                 "    b: {tier: 1, ttl: 80, values: [192.0.2.2]}\n")
        self.assertEqual(self.ask(host, WWW).answer[0][3], 70)
        self.down(store, "a")
        self.until_answered(host, WWW, TWO)
        self.assertEqual(self.ask(host, WWW).answer[0][3], 80)

    def tree(self, evaluate="yes"):
        return (weighted("group", a=1, b=1) + "www:\n  type: A\n  policy: failover\n  sets:\n"
                f"    far: {{tier: 0, alias: group, evaluate-target-health: {evaluate}, "
                f"health: d}}\n    near: {{tier: 1, values: [{NINE}]}}\n")

    def test_row_28_one_healthy_set_makes_a_group_healthy(self):
        store, host = self.serve(self.tree())
        self.down(store, "a")
        self.until_only(host, [TWO])
        self.down(store, "b")
        self.until_only(host, [NINE])

    def test_row_29_without_evaluation_there_is_no_way_back(self):
        store, host = self.serve(self.tree("no"))
        self.down(store, "a")
        self.until_only(host, [TWO])
        self.down(store, "b")
        self.until_only(host, [ONE, TWO])
        self.shares(host, {ONE: 1, TWO: 1})

    def test_row_30_evaluation_and_a_check_must_both_pass(self):
        store, host = self.serve(self.tree())
        self.down(store, "d")
        self.until_only(host, [NINE])
        store.ok("health", "report", "d", "up")
        self.until_only(host, [ONE, TWO])
        self.down(store, "a", "b")
        self.until_only(host, [NINE])

    # Groups.

    def test_row_31_one_policy_for_a_group(self):
        self.refuse("www:\n  - {type: A, policy: weighted, sets: {a: {values: [192.0.2.1]}}}\n"
                    "  - {type: A, policy: multivalue, sets: {b: {values: [192.0.2.2]}}}\n", "A")
        self.refuse("www:\n  type: A\n  policy: multivalue\n  sets:\n"
                    "    a: {weight: 1, values: [192.0.2.1]}\n", "weight")
        with self.subTest("another type of the name may have another"):
            self.take("www:\n  - {type: A, policy: weighted, sets: {a: {values: [192.0.2.1]}}}\n"
                      "  - {type: AAAA, policy: multivalue, sets: {b: {values: ['::1']}}}\n")

    def test_row_32_set_identifiers(self):
        def group(key):
            return ("www:\n  type: A\n  policy: weighted\n  sets:\n"
                    f"    {key}: {{values: [192.0.2.1]}}\n")
        self.take(group("x" * 128))
        self.refuse(group("x" * 129), "128")
        self.refuse(group('""'))
        self.refuse(group("a") + "    a: {values: [192.0.2.2]}\n", "a")
        self.refuse("www: {type: A, sets: {a: {values: [192.0.2.1]}}}", "policy")
        self.refuse("www: {type: A, policy: weighted, values: [192.0.2.1]}", "sets")

    def test_row_33_a_health_check_on_a_simple_set_departure(self):
        store, host = self.serve("one: {type: A, health: a, values: [192.0.2.1]}\n"
                                 "www:\n  type: A\n  policy: failover\n  sets:\n"
                                 "    x: {tier: 0, alias: one}\n"
                                 f"    y: {{tier: 1, values: [{NINE}]}}\n")
        self.assertEqual(addresses(self.ask(host, WWW)), ONE)
        self.down(store, "a")
        self.until_answered(host, WWW, NINE)
        self.assertEqual(addresses(self.ask(host, "one.example.com.")), ONE)

    def test_row_34_all_values_in_changing_order(self):
        _, host = self.serve("www: {type: A, values: [192.0.2.1, 192.0.2.2, 192.0.2.3]}",
                             rotation=True)
        first = self.counted(host, WWW, 100, take=lambda answer: (
            addresses(answer), address(answer.answer[0][4])))
        self.assertEqual(set(first), {(f"{ONE} {TWO} {THREE}", one) for one in (ONE, TWO, THREE)})

    # Weights.

    def test_row_35_weights_are_shares(self):
        _, host = self.serve(weighted(a=1, b=2, c=5))
        self.shares(host, {ONE: 1, TWO: 2, THREE: 5})

    def test_row_35_weights_to_32_bits_departure(self):
        self.take(weighted(a=4294967295, b=255))
        self.refuse(weighted(a=4294967296), "4294967295")

    def test_row_36_all_weights_0_are_equal(self):
        _, host = self.serve(weighted(a=0, b=0, c=0))
        self.shares(host, {ONE: 1, TWO: 1, THREE: 1})

    def test_row_37_weight_0_after_all_others_are_down(self):
        store, host = self.serve(weighted(a=0, b=3, c=0))
        self.shares(host, {TWO: 1})
        self.down(store, "b")
        self.until_only(host, [ONE, THREE])
        self.shares(host, {ONE: 1, THREE: 1})

    def test_row_38_the_unhealthy_are_drawn_past(self):
        store, host = self.serve(weighted(a=10, b=20, c=20))
        self.down(store, "c")
        self.until_only(host, [ONE, TWO])
        self.shares(host, {ONE: 1, TWO: 2})

    # Failover, many values.

    def failover(self):
        return ("www:\n  type: A\n  policy: failover\n  sets:\n"
                "    a: {failover: primary, health: a, values: [192.0.2.1]}\n"
                "    b: {failover: secondary, health: b, values: [192.0.2.2]}\n")

    def test_row_41_failover(self):
        store, host = self.serve(self.failover())
        for a, b, given in (("up", "up", ONE), ("down", "up", TWO), ("down", "down", ONE),
                            ("up", "down", ONE)):
            with self.subTest(a=a, b=b):
                store.ok("health", "report", "b", b)
                store.ok("health", "report", "a", a)
                self.until_only(host, [given])

    def test_row_42_what_a_primary_needs(self):
        self.refuse(self.failover().replace(" health: a,", ""), "health")
        alias = "    {{tier: 0, alias: group, evaluate-target-health: {}{}}}"
        group = weighted("group", a=1) + "www:\n  type: A\n  policy: failover\n  sets:\n    x:\n  "
        self.take(group + alias.format("yes", "") + "\n")
        self.refuse(group + alias.format("no", "") + "\n", "evaluate")
        store = self.store("--ns", "ns.example.net.", name="checked")
        self.bring(store, zone(group + alias.format("no", ", health: a") + "\n"))

    def many(self, count):
        return "www:\n  type: A\n  policy: multivalue\n  sets:\n" + "".join(
            f"    s{n}: {{values: [192.0.2.{n}], health: {'a' if n > 4 else 'b'}}}\n"
            for n in range(1, count + 1))

    def test_row_52_multivalue(self):
        store, host = self.serve(self.many(12))
        for _ in range(50):
            self.assertEqual(len(addresses(self.ask(host, WWW)).split()), 8)
        self.down(store, "a")
        self.until_only(host, [" ".join(f"192.0.2.{n}" for n in range(1, 5))])
        self.down(store, "b")
        until("any eight", lambda: len(self.ask(host, WWW).answer) == 8)
        self.refuse("www: {type: A, policy: multivalue, sets: {a: {alias: b}}}", "alias")

    # Health.

    def test_row_54_all_down_is_as_all_up(self):
        store, host = self.serve(weighted(a=1, b=3, c=0))
        self.down(store, "a", "b")
        self.until_only(host, [THREE])
        self.down(store, "c")
        self.until_only(host, [ONE, TWO])
        self.shares(host, {ONE: 1, TWO: 3})

    def test_row_55_without_a_check_a_set_is_healthy(self):
        store, host = self.serve(weighted(a=1, b=1).replace(" health: b,", ""))
        self.down(store, "a")
        self.until_only(host, [TWO])

    def test_row_56_a_branch_is_left_only_if_it_is_evaluated(self):
        for evaluate, given in (("yes", {NINE}), ("no", {ONE, TWO})):
            with self.subTest(evaluate=evaluate):
                store = self.policies(zone(self.tree(evaluate)), name=evaluate)
                host = self.host("knot-" + evaluate, store=store.directory).start()
                self.down(store, "a", "b")
                self.until_only(host, given)

    def serve_check(self, *words):
        """A failover group whose primary has a new check with these options."""
        store, host = self.serve(self.failover().replace("health: a", "health: new"))
        store.ok("health", "set", "new", *words)
        return store, host

    def test_row_63_a_new_check_is_up(self):
        _, host = self.serve_check("tcp", "address=192.0.2.1", "port=80")
        self.assertEqual(addresses(self.ask(host, WWW)), ONE)

    def test_row_63_a_new_inverted_check_is_down(self):
        _, host = self.serve_check("tcp", "address=192.0.2.1", "port=80", "inverted=yes")
        self.until_only(host, [TWO])

    def test_row_64_a_disabled_check_is_up(self):
        store, host = self.serve_check("manual")
        self.down(store, "new")
        self.until_only(host, [TWO])
        store.ok("health", "set", "new", "manual", "disabled=yes")
        self.until_only(host, [ONE])

    def test_row_64_a_disabled_inverted_check_is_down(self):
        _, host = self.serve_check("manual", "disabled=yes", "inverted=yes")
        self.until_only(host, [TWO])

    def serve_calculated(self, threshold):
        """A failover group whose primary has a check of three children, a, c and d."""
        return self.serve_check("calculated", "children=a", "children=c", "children=d",
                                f"threshold={threshold}")

    def test_row_65_as_many_children_as_the_threshold_must_be_up(self):
        store, host = self.serve_calculated(3)
        for threshold, last in ((3, "a"), (2, "c"), (1, "d")):
            with self.subTest(threshold=threshold):
                store.ok("health", "set", "new", "calculated", "children=a", "children=c",
                         "children=d", f"threshold={threshold}")
                self.until_only(host, [ONE])
                self.down(store, last)
                self.until_only(host, [TWO])

    def test_row_65_with_threshold_0_a_check_is_up(self):
        store, host = self.serve_calculated(1)
        self.down(store, "a", "c", "d")
        self.until_only(host, [TWO])
        store.ok("health", "set", "new", "calculated", "children=a", "children=c", "children=d",
                 "threshold=0")
        self.until_only(host, [ONE])

    def test_row_65_disabled_children_are_up(self):
        store, host = self.serve_calculated(3)
        self.down(store, "a")
        self.until_only(host, [TWO])
        store.ok("health", "set", "a", "manual", "disabled=yes")
        self.until_only(host, [ONE])

    def test_row_65_more_than_there_are_is_refused_departure(self):
        store = self.take("www: {type: A, values: [192.0.2.1]}")
        result = store.run("health", "set", "new", "calculated", "children=a", "threshold=2")
        self.assert_status(result, 1, "threshold: 2, but it has 1 child; allowed: 0 to 1")
