# SPDX-License-Identifier: GPL-3.0-or-later
"""A steerd that is silent for too long is told, and its last states stay or count as up."""

import re
import time

from steer.policystory import PolicyStory
from steer.schema import value_of
from steer.steerdstory import SteerdStory
from steer.wait import until

ZONE = """
    zone: example.com
    records:
      www:
        type: A
        policy: failover
        sets:
          main: {failover: primary, health: main, values: [192.0.2.1]}
          spare: {failover: secondary, values: [192.0.2.2]}
      all:
        type: A
        policy: failover
        sets:
          main: {failover: primary, health: all, values: [192.0.2.1]}
          spare: {failover: secondary, values: [192.0.2.2]}
    ---
    health:
      main: {type: http, host: www.example.com}
      other: {type: tcp, address: 192.0.2.1, port: 80, inverted: yes}
      all: {type: calculated, children: [main, other], threshold: 2}
"""
WWW, ALL = "www.example.com.", "all.example.com."
MAIN, SPARE = "192.0.2.1", "192.0.2.2"
SINCE = "mod-steer.steerd-silent-since"
SILENT = r"steerd of \S+ has been silent since 20\d\d-\S+Z, "
DOWN = ("state main down", "state other up")
SOON = "heartbeat 29000"  # It ends a second later.


class SteerdIsSilent(PolicyStory):

    def probed(self, stale):
        """A store with steerd at work, which has found all down; with a knotd that serves it."""
        store, knot = self.served_policies(ZONE)
        store.ok("config", "stale-after", "30s")
        store.ok("config", "stale", stale)
        self.publish(store, *DOWN, "heartbeat 0")
        for name in (WWW, ALL):
            self.until_answered(knot, name, SPARE)
        return store, knot

    def sources(self, store):
        rows = [line.split("\t") for line in store.ok("health", "list").splitlines()]
        return {row[0]: (row[2], row[3].partition(":")[0]) for row in rows}

    def test_its_last_states_stay(self):
        store, knot = self.probed("keep")
        self.assertEqual(knot.stats(SINCE), {})
        self.assertNotIn("silent", store.run("health", "list").err)
        begin = int(time.time())
        self.publish(store, SOON)
        knot.log.wait(SILENT + "the last states of health checks are kept$")
        until("the gauge", lambda: begin - 30 <= knot.stats(SINCE).get(SINCE, 0) <= time.time())
        for name in (WWW, ALL):
            self.until_answered(knot, name, SPARE)
        for words in (["list"], ["show", "main"]):
            result = store.run("health", *words)
            self.assert_status(result, 0)
            self.assertRegex(result.err, r"^warning: steerd has been silent since 20\S+; the last "
                             r"states of health checks are kept\n$")
            value = store.run("health", *words, "--json")
            self.assertEqual(value.err, "")
            value = value_of(value.out, f"health {words[0]}")
            for one in value if words == ["list"] else [value]:
                self.assertIn(one["steerd_silent_since"], result.err)
        self.assertEqual(self.sources(store), {"main": ("down", "probe"), "other": ("down", "probe"),
                                               "all": ("down", "calculated")})

        self.publish(store, "heartbeat 0")
        knot.log.wait("steerd of .* is back$")
        until("the gauge", lambda: knot.stats(SINCE) == {})
        self.assertNotIn("silent", store.run("health", "list").err)
        for one in value_of(store.ok("health", "list", "--json"), "health list"):
            self.assertIsNone(one["steerd_silent_since"])
        self.assertEqual(len(knot.log.lines("silent since")), 1)

    def test_all_it_probes_counts_as_up_if_wanted(self):
        store, knot = self.probed("up")
        self.publish(store, SOON)
        for name in (WWW, ALL):
            self.until_answered(knot, name, MAIN)
        knot.log.wait(SILENT + "all health checks that it probes count as up$")
        self.assertEqual(self.sources(store), {"main": ("up", "stale"), "other": ("up", "stale"),
                                               "all": ("up", "calculated")})
        self.assertRegex(store.run("health", "show", "main").err,
                         "; all health checks that it probes count as up\n$")
        said = store.ok("explain", "www.example.com", "A")
        self.assertRegex(said, r"kept +main: healthy, main up \(stale\)")
        value_of(store.ok("explain", "www.example.com", "A", "--json"), "explain")

        store.ok("health", "force", "main", "down")
        self.until_answered(knot, WWW, SPARE)
        store.ok("health", "force", "main", "clear")
        self.until_answered(knot, WWW, MAIN)
        store.ok("config", "stale", "keep")
        self.until_answered(knot, WWW, SPARE)
        store.ok("config", "stale", "--default")
        store.ok("config", "stale", "up")
        self.until_answered(knot, WWW, MAIN)
        self.publish(store, "heartbeat 0")
        self.until_answered(knot, WWW, SPARE)
        self.until_answered(knot, ALL, SPARE)

    def test_what_it_was_counts_from_the_first_answer_on(self):
        store = self.policies(ZONE)
        store.ok("config", "stale", "up")
        self.publish(store, *DOWN, "heartbeat 600000")
        knot = self.knot(store=store.directory).start()
        self.served(knot, "www.example.com", 1, value=bytes(map(int, MAIN.split("."))))
        knot.log.wait(SILENT)
        knot.reload()
        self.until_answered(knot, WWW, MAIN)
        self.assertEqual(len(knot.log.lines("silent since")), 1)
        self.assertRegex(knot.control("stats"), re.escape(SINCE) + r" = \d{10}")

    def test_where_none_ever_was_none_is_missed(self):
        store, knot = self.served_policies(ZONE)
        store.ok("config", "stale", "up")
        self.publish(store, *DOWN)
        self.until_answered(knot, WWW, SPARE)
        self.assertNotIn("silent", store.run("health", "list").err)
        self.assertEqual(knot.stats(SINCE), {})


class AliasTargets(SteerdStory):

    def test_they_are_warned_of_while_it_is_not_at_work(self):
        store = self.policies("""
            zone: example.com
            records:
              www: {type: A, values: [192.0.2.1]}
            """)

        def warning(target):
            result = store.run("set", "far.example.com", "AAAA", "--alias", target)
            self.assertEqual(result.status, 0)
            return result.err

        warned = "no AAAA records of it are known, and no steerd is at work to resolve it"
        self.assertIn(warned, warning("a.invalid."))
        daemon = self.steerd(store).start()
        until("its heartbeat",
              lambda: "steerd has never been at work" not in store.run("check").out)
        self.assertEqual(warning("b.invalid."), "")
        daemon.kill()
        self.assertEqual(warning("c.invalid."), "")
        self.publish(store, "heartbeat 30000")
        self.assertIn(warned, warning("d.invalid."))
        self.assertRegex(store.run("check").out, "d.invalid. is in no hosted zone, and nothing "
                         r"resolves it: steerd has been silent since 20\S+\n$")


class SteerdComesBack(SteerdStory):

    def test_after_it_was_killed(self):
        store, knot = self.served_policies(ZONE)
        store.ok("config", "stale", "up")
        backend = self.backend()
        self.set_check(store, "main", backend)
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")
        backend.stop()
        self.until_answered(knot, WWW, SPARE)
        daemon.kill()
        self.publish(store, "heartbeat 600000")
        self.until_answered(knot, WWW, MAIN)
        knot.log.wait(SILENT)
        daemon.start()
        self.until_answered(knot, WWW, SPARE)
        knot.log.wait("steerd of .* is back$")
