# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets outlive steerd, knotd and what is done meanwhile; how often they are written."""

import os
import statistics
import time

from steer import asking
from steer.store import Store
from steer.targets import fails
from steer.targetstory import NOT_READY, TargetStory
from steer.wait import until
from test_full_disk_and_map import Disk

HOST, OTHER, MORE = "host.target.test.", "other.target.test.", "more.target.test."
OLD, NEW = "192.0.2.1", "192.0.2.2"
ZONE = f"""
    zone: example.com
    records:
      www: {{type: A, alias: {HOST}}}
      other: {{type: A, alias: {OTHER}}}
"""
WWW, OTHER_ALIAS = "www.example.com.", "other.example.com."


class RestartStory(TargetStory):

    def served_targets(self, *names, ttl=1):
        targets = self.targets("target.test.")
        for name in names:
            targets.set(name, f"A {OLD}", ttl=ttl)
        return targets.start()


class Restart(RestartStory):

    def test_answers_stay_while_steerd_is_dead(self):
        targets = self.served_targets(HOST, OTHER)
        store, knot, daemon = self.resolving(targets, ZONE)
        for name in WWW, OTHER_ALIAS:
            self.until_shown(knot, name, OLD)
        daemon.kill()
        for name in HOST, OTHER:
            targets.set(name, f"A {NEW}")
        self.assertEqual(self.shown(knot, WWW), OLD)
        knot.stop()
        knot.start()
        self.assertEqual(self.shown(knot, WWW), OLD)
        store.ok("del", OTHER_ALIAS, "A")
        store.ok("set", "more.example.com", "A", "--alias", MORE)
        self.assertEqual(self.shown(knot, "more.example.com."), NOT_READY)
        targets.set(MORE, f"A {OLD}")
        asked = len(targets.times(OTHER))
        daemon.start()
        self.until_shown(knot, WWW, NEW)
        self.until_shown(knot, "more.example.com.", OLD)
        until("the key of the deleted one being gone", lambda: self.known(store, OTHER) is None)
        targets.wait_for(HOST, 2)
        self.assertEqual(len(targets.times(OTHER)), asked)

    def test_what_is_known_goes_on(self):
        """The time and the failures of a stale answer."""
        targets = self.served_targets(HOST, OTHER)
        store, knot, daemon = self.resolving(targets, ZONE, target_ttl_min="2s")
        self.until_shown(knot, WWW, OLD)
        targets.misbehave(HOST, fails)
        daemon.log.wait(rf"alias target {HOST} A: not resolved")
        daemon.stop()
        before = self.known(store, HOST)
        self.assertGreaterEqual(before.failures, 1)
        self.assertIn("SERVFAIL", before.error)
        asked = len(targets.times(HOST))
        daemon.start()
        until("a try", lambda: len(targets.times(HOST)) > asked)
        targets.wait_for(OTHER, 2)
        self.assertEqual(self.shown(knot, WWW), OLD)
        daemon.stop()
        after = self.known(store, HOST)
        self.assertEqual((after.resolved, after.ttl, after.count),
                         (before.resolved, before.ttl, before.count))
        self.assertGreater(after.failures, before.failures)
        self.assertEqual(self.known(store, OTHER).failures, 0)

    def test_a_hold_goes_on(self):
        """What says that there is nothing before and after a restart says so twice."""
        targets = self.served_targets(HOST, OTHER)
        store, knot, daemon = self.resolving(targets, ZONE, target_empty_hold="3s")
        self.until_shown(knot, WWW, OLD)
        asked = len(targets.times(HOST))
        targets.remove(HOST)
        until("the first answer being known", lambda: self.known(store, HOST).held)
        daemon.kill()
        self.assertEqual(self.shown(knot, WWW), OLD)
        daemon.start()
        self.until_shown(knot, WWW, "no data")
        # Since when it is held is stored in whole seconds.
        self.assertGreaterEqual(targets.times(HOST)[-1] - targets.times(HOST)[asked], 2)

    def test_a_store_is_replaced(self):
        targets = self.served_targets(HOST, OTHER)
        store, knot, daemon = self.resolving(targets, ZONE)
        self.until_shown(knot, WWW, OLD)
        other = Store(self.path("next")).init("--ns", "ns.example.net.")
        for setting in "target-ttl-min", "target-empty-hold":
            other.ok("config", setting, "1s")
        self.bring(other, f"zone: example.com\nrecords: {{www: {{type: A, alias: {OTHER}}}}}\n")
        targets.set(OTHER, f"A {NEW}")
        os.rename(store.directory, self.path("before"))
        os.rename(other.directory, store.directory)
        self.until_shown(knot, WWW, NEW)
        asked = len(targets.times(HOST))
        targets.wait_for(OTHER, 2)
        self.assertLessEqual(len(targets.times(HOST)), asked + 1)  # One may have been on its way.
        daemon.log.wait("was replaced or removed")


class Many(RestartStory):
    COUNT = 200
    TTL = 2

    def setUp(self):
        super().setUp()
        self.names = [f"n{number}.target.test." for number in range(self.COUNT)]
        self.servers = self.served_targets(*self.names, ttl=self.TTL)
        self.steer, self.server, self.daemon = self.resolving(
            self.servers, "zone: example.com\nrecords:\n" + "".join(
                f"  n{number}: {{type: A, alias: {name}}}\n"
                for number, name in enumerate(self.names)))
        until("all of them", lambda: all(map(self.is_known, range(self.COUNT))))

    def is_known(self, number):
        return self.shown(self.server, f"n{number}.example.com.") == OLD

    def test_no_burst_after_a_restart(self):
        self.daemon.kill()
        due = self.TTL + 1 + max(self.known(self.steer, name).resolved
                                 for name in self.names[::20])
        until("all being overdue", lambda: time.time() > due)
        since = len(self.servers.asked)
        self.daemon.start()
        until("each being asked for", lambda: len({
            name for name, *_ in self.servers.asked[since:]}) == self.COUNT)
        asked = list(self.servers.asked[since:])
        first = {}
        for name, _, when in asked:
            first.setdefault(name, when)
        begun = min(first.values())
        half = statistics.median(first.values()) - begun
        self.assertGreater(half, self.TTL / 5)
        self.assert_calm(self.daemon, self.TTL)

    def test_what_does_not_change_is_not_written(self):
        """Except with the heartbeat."""
        before, begun = self.commits(self.steer), time.monotonic()
        self.servers.wait_for(self.names[-1], 2)
        beats = 2 + (time.monotonic() - begun) / 10
        self.assertLessEqual(self.commits(self.steer) - before, beats)
        before = self.commits(self.steer)
        self.servers.set(self.names[0], f"A {NEW}")
        self.until_shown(self.server, "n0.example.com.", NEW)
        self.assertGreater(self.commits(self.steer), before)


class FullDisk(Disk, RestartStory):

    def test_answers_are_published_when_there_is_room_again(self):
        targets = self.served_targets(HOST, OTHER)
        self.bring(self.small, ZONE)
        self.small.ok("config", "target-ttl-min", "1s")
        knot = self.host(store=self.small.directory).start()
        daemon = self.resolver(self.small, targets).start()
        self.until_shown(knot, WWW, OLD)
        self.fill()
        targets.set(HOST, f"A {NEW}")
        daemon.log.wait("cannot be published: .*disk is full")
        targets.wait_for(HOST, 2)
        self.assertEqual(self.shown(knot, WWW), OLD)
        self.make_room()
        self.until_shown(knot, WWW, NEW)
        daemon.log.wait("published again")
        self.assertEqual(len(daemon.log.lines("cannot be published")), 1)

    def test_what_is_left_is_published_at_the_end(self):
        targets = self.served_targets(HOST, OTHER)
        self.bring(self.small, ZONE)
        knot = self.host(store=self.small.directory).start()
        self.fill()
        daemon = self.resolver(self.small, targets).start()
        daemon.log.wait("cannot be published: .*disk is full")
        place = self.small.path(asking.SOCKET)
        until("answers", lambda: asking.Metrics(place)(
            "steerd_target_refreshes_total", result="records") == 2)
        self.assertEqual(self.shown(knot, WWW), NOT_READY)
        self.make_room()
        daemon.stop()
        self.until_shown(knot, WWW, OLD)
