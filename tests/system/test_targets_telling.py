# SPDX-License-Identifier: GPL-3.0-or-later
"""What steerd, steerctl and the server tell of external alias targets that are resolved."""

import json

from steer import asking
from steer.asking import Metrics, get
from steer.schema import value_of
from steer.targets import fails, refuses, silent
from steer.targetstory import TargetStory
from steer.wait import until

ZONE = """
    zone: example.com
    records:
      "@": {type: A, alias: good.elsewhere.test.}
      both: {type: A, alias: good.elsewhere.test.}
      none: {type: A, alias: none.elsewhere.test.}
      missing: {type: A, alias: missing.elsewhere.test.}
      broken: {type: A, alias: broken.elsewhere.test.}
"""
GOOD, BROKEN = "good.elsewhere.test.", "broken.elsewhere.test."
FIELDS = {"target", "type", "state", "records", "nxdomain", "ttl", "age", "removed_in", "next",
          "tried", "failures", "error", "refreshes", "failed"}
STALE = "mod-steer.stale-answer"
MANY = 2500  # More than steerd has under way at once.


class TargetsAreTold(TargetStory):

    def begin(self, **settings):
        """Servers of targets, a store, a knotd and a steerd that has tried to resolve all of them
        and has written what has an answer."""
        targets = self.targets("elsewhere.test.").start()
        targets.set(GOOD, "A 192.0.2.1", "A 192.0.2.2", ttl=300)
        targets.set("none.elsewhere.test.", ttl=300)
        targets.misbehave(BROKEN, refuses)
        store, knot, daemon = self.resolving(targets, ZONE, **settings)
        until("all tried", lambda: len(self.told(store)) == 4 and
              all(one["tried"] for one in self.told(store).values()))
        until("being written", lambda: self.metrics(store)("steerd_published_answers_total") == 3)
        return targets, store, knot, daemon

    def told(self, store, query=""):
        """What the page of steerd tells, by name."""
        reply = get(store.path(asking.SOCKET), f"/targets{query}")
        self.assertEqual(reply.headers["content-type"], "application/json")
        told = json.loads(reply.body)
        for one in told:
            self.assertEqual(set(one), FIELDS)
        return {one["target"]: one for one in told}

    def listed(self, store):
        result = store.run("--json", "target", "list")
        self.assertEqual((result.status, result.err), (0, ""))
        return {one["target"]: one for one in value_of(result.out, "target list")}

    def metrics(self, store):
        return Metrics(store.path(asking.SOCKET))

    def counts(self, store, name, label, *values):
        metrics = self.metrics(store)
        return [int(metrics(name, **{label: value})) for value in values]

    def test_each_result_is_told(self):
        _, store, _, daemon = self.begin()
        told = self.told(store)
        self.assertEqual({name: (one["state"], one["records"], one["nxdomain"], one["ttl"])
                          for name, one in told.items()},
                         {GOOD: ("fresh", 2, False, 300),
                          "none.elsewhere.test.": ("fresh", 0, False, 1),
                          "missing.elsewhere.test.": ("fresh", 0, True, 1),
                          BROKEN: ("failed", None, False, None)})
        good, broken = told[GOOD], told[BROKEN]
        self.assertEqual(good["age"] + good["removed_in"], 300 + 86400)
        self.assertTrue(290 < good["next"] - good["tried"] <= 331, good)
        self.assertEqual([good[key] for key in ("failures", "error", "refreshes", "failed")],
                         [0, None, 1, 0])
        self.assertRegex(broken["error"], "^SERVFAIL")
        self.assertEqual((broken["age"], broken["removed_in"], broken["refreshes"]), (None, None, 0))
        self.assertTrue(0 < broken["failures"] <= broken["failed"])
        self.assertEqual(list(self.told(store, f"?name={GOOD}")), [GOOD])
        self.assertEqual(list(self.told(store, "?name=Good.Elsewhere.test")), [GOOD])
        for name in "", "x", "elsewhere.test", "a..b", "a" * 3000, "%FF", "%00":
            self.assertEqual(self.told(store, f"?name={name}"), {})
        listed = self.listed(store)
        self.assertEqual({name: one["state"] for name, one in listed.items()},
                         {name: one["state"] for name, one in told.items()})
        self.assertEqual((listed[GOOD]["uses"], listed[GOOD]["refreshes"]), (2, 1))
        shown, = value_of(store.ok("--json", "target", "show", GOOD), "target show")
        self.assertEqual(shown["values"], ["192.0.2.1", "192.0.2.2"])
        self.assertRegex(store.ok("explain", "broken.example.com", "A"),
                         r"external, failed, \d+ tr(y|ies) in a row failed: SERVFAIL")
        daemon.stop()
        result = store.run("target", "list")
        self.assert_status(result, 0, f"(?m)^{GOOD}\tA\tfresh\t2\t300\t", f"(?m)^{BROKEN}\tA\tpending",
                           r"warning: \S+: no steerd is running; ")

    def test_what_becomes_of_a_target_is_counted(self):
        targets, store, knot, _ = self.begin(stale_max="3s", target_ttl_max="1s")
        states = "pending", "failed", "fresh", "stale", "held"
        results = "records", "nodata", "nxdomain", "failure"
        until("all states", lambda: self.counts(store, "steerd_targets", "state", *states) ==
              [0, 1, 3, 0, 0])
        before = self.counts(store, "steerd_target_refreshes_total", "result", *results)
        for count in before:
            self.assertGreater(count, 0)
        metrics = self.metrics(store)
        self.assertEqual([metrics(f"steerd_target_{name}_total")
                          for name in ("changes", "answers_removed")], [3, 0])
        self.assertEqual(knot.stats(STALE), {})

        targets.set(GOOD, "A 192.0.2.9")
        self.until_shown(knot, "example.com", "192.0.2.9")
        self.assertEqual(self.metrics(store)("steerd_target_changes_total"), 4)
        targets.misbehave(GOOD, fails)
        until("a stale answer", lambda: self.told(store)[GOOD]["state"] == "stale" and
              self.counts(store, "steerd_targets", "state", "stale") == [1] and
              self.ask(knot, "example.com") and knot.stats(STALE))
        self.until_shown(knot, "example.com", "SERVFAIL 14")
        self.assertEqual(self.told(store)[GOOD]["state"], "failed")
        self.assertEqual(self.metrics(store)("steerd_target_answers_removed_total"), 1)
        after = self.counts(store, "steerd_target_refreshes_total", "result", *results)
        self.assertEqual([one < other for one, other in zip(before, after)], [True] * 4)

    def test_targets_that_are_not_in_use_are_not_told(self):
        _, store, _, _ = self.begin()
        for name in "both", "none", "missing", "broken":
            store.ok("del", f"{name}.example.com", "A")
        until("one target", lambda: list(self.told(store)) == [GOOD])
        self.assertEqual(self.counts(store, "steerd_targets", "state", "fresh", "failed"), [1, 0])
        self.assertEqual(list(self.listed(store)), [GOOD])

    def test_queries_that_wait_for_a_turn_are_told(self):
        """All are due at once, and none is answered."""
        targets = self.targets("elsewhere.test.").start()
        aliases = ""
        for number in range(MANY):
            targets.misbehave(f"t{number}.elsewhere.test.", silent)
            aliases += f"  n{number}: {{type: A, alias: t{number}.elsewhere.test.}}\n"
        store, *_ = self.resolving(targets, f"zone: example.com\nrecords:\n{aliases}")
        def queries():
            metrics = self.metrics(store)
            return [int(metrics(f"steerd_target_queries_{what}")) for what in ("running", "waiting")]
        until("all queries", lambda: sum(queries()) == MANY)
        self.assertGreater(min(queries()), 0)
        self.assertEqual(self.counts(store, "steerd_targets", "state", "pending"), [MANY])
        self.assertEqual({one["next"] for one in self.told(store).values()}, {None})
        until("all have failed", lambda: self.counts(store, "steerd_targets", "state", "failed") ==
              [MANY], pause=0.1)
