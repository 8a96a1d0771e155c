# SPDX-License-Identifier: GPL-3.0-or-later
"""From dead servers to the answers without them: under load, in groups, in trees of aliases.

STEER_DEATHS  how often a server dies under load (12)
"""

import contextlib
import random
import statistics
import threading
import time

from steer import asking, env
from steer.client import Udp
from steer.policystory import A, addresses
from steer.steerdstory import SteerdStory
from steer.stress import Load, dropped
from steer.wait import until
from steer.wire import NOERROR, Answer, labels, question

DEATHS = env.number("STEER_DEATHS", 12, 6)
ONE, TWO, THREE, LAST = "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.9"
WWW = "www.example.com."


class Watch:
    """Asks a question without a pause from a thread: when which addresses came first."""

    def __init__(self, server, name):
        self.server = server
        self.query = question(labels(name), A)
        self.changes = []  # Time of the first answer with these addresses; the addresses.
        self.wrong = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        with contextlib.closing(Udp(self.server.address)) as client:
            while not self.stop.is_set():
                try:
                    client.send([self.query])
                    self._take(Answer(client.receive(1)[0]))
                except (OSError, AssertionError) as error:
                    self.wrong.append(f"no answer: {error}")
                    return

    def _take(self, answer):
        if answer.rcode != NOERROR:
            self.wrong.append(str(answer))
        elif not self.changes or self.changes[-1][1] != addresses(answer):
            self.changes.append((time.monotonic(), addresses(answer)))

    def until(self, count):
        """Waits until the answer has changed so often; the time of the last change."""
        until(f"change {count} of the answer", lambda: len(self.changes) >= count or self.wrong)
        return self.changes[count - 1][0]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *ignored):
        self.stop.set()
        self.thread.join()


class UnderLoad(SteerdStory):
    alone = True
    FALL, INTERVAL, TIMEOUT = 2, 1.0, 0.3

    def test_a_dead_server_leaves_the_answers(self):
        """In the time that the check's options and 50 ms allow, which is printed; no query
        fails."""
        main = self.backend()
        store, knot = self.served_policies("""
            zone: example.com
            records:
              "*": {type: A, values: [192.0.2.8]}
              www: {type: A, policy: failover, sets: {
                main: {failover: primary, health: main, values: [192.0.2.1]},
                spare: {failover: secondary, values: [192.0.2.2]}}}
        """, threads=2)
        self.set_check(store, "main", main, fall=self.FALL, timeout="300ms")
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")
        delays = {main.stop: [], main.hang: []}
        lost = dropped()
        load = Load(self, knot, "example.com", 100, rate=2000)
        with Watch(knot, WWW) as watch:
            watch.until(1)
            for turn in range(DEATHS):
                time.sleep(random.uniform(0, self.INTERVAL))
                die = (main.stop, main.hang)[turn % 2]
                began = time.monotonic()
                die()
                delays[die].append(watch.until(2 * turn + 2) - began)
                main.start()
                watch.until(2 * turn + 3)
        counts = load.finish()
        self.assertEqual(watch.wrong[:3], [])
        self.assertEqual([seen for _, seen in watch.changes], [ONE, TWO] * DEATHS + [ONE])
        self.assertEqual(daemon.changes(), ["up", "down"] * DEATHS + ["up"])
        self.assertEqual(set(counts["rcodes"]), {"NOERROR"})
        self.assertLessEqual(counts["lost"], dropped() - lost, counts)
        for die, seen in delays.items():
            limit = self.FALL * self.INTERVAL + (self.TIMEOUT if die == main.hang else 0) + 0.05
            print(f"     {die.__name__}: gone after {statistics.median(seen) * 1000:.0f} ms, at "
                  f"most {max(seen) * 1000:.0f} ms; {sum(one <= limit for one in seen)} of "
                  f"{len(seen)} within {limit * 1000:.0f} ms, at {counts['rate']:.0f} queries/s")


class Groups(SteerdStory):

    def servers(self, store, *names, **options):
        """A backend for each check, which are up."""
        found = self.backends(len(names))
        for name, backend in zip(names, found):
            self.set_check(store, name, backend, **options)
        self.daemon = self.steerd(store).start()
        for name in names:
            self.until_state(store, name, "up")
        return found

    def until_only(self, knot, name, *wanted):
        """Waits until all of these answers come and no others."""
        until(f"only {wanted} for {name}",
              lambda: set(self.counted(knot, name, count=512)) == set(wanted), pause=0.02)

    def test_active_active(self):
        """What is down leaves weighted and multivalue groups, and its branch of aliases if nothing
        else is in it; if all are down, all are answered."""
        store, knot = self.served_policies("""
            zone: example.com
            records:
              weighted: {type: A, policy: weighted, sets: {
                a: {weight: 2, health: a, values: [192.0.2.1]},
                b: {weight: 1, health: b, values: [192.0.2.2]},
                c: {weight: 1, health: c, values: [192.0.2.3]}}}
              multi: {type: A, policy: multivalue, sets: {
                a: {health: a, values: [192.0.2.1]},
                b: {health: b, values: [192.0.2.2]},
                c: {health: c, values: [192.0.2.3]}}}
              pool: {type: A, policy: weighted, sets: {
                a: {weight: 1, health: a, values: [192.0.2.1]},
                b: {weight: 1, health: b, values: [192.0.2.2]}}}
              other: {type: A, policy: weighted, sets: {
                c: {weight: 1, health: c, values: [192.0.2.3]}}}
              tree: {type: A, policy: weighted, sets: {
                near: {weight: 1, alias: pool}, far: {weight: 1, alias: other}}}
        """)
        a, b, c = self.servers(store, "a", "b", "c")
        every = f"{ONE} {TWO} {THREE}"
        for what, change, weighted, multi, tree in (
                ("all are up", lambda: None, (ONE, TWO, THREE), every, (ONE, TWO, THREE)),
                ("a dies", a.stop, (TWO, THREE), f"{TWO} {THREE}", (TWO, THREE)),
                ("b dies, too, and its branch", b.stop, (THREE,), THREE, (THREE,)),
                ("c dies: all count as up", c.stop, (ONE, TWO, THREE), every, (ONE, TWO, THREE)),
                ("b is back", b.start, (TWO,), TWO, (TWO,)),
                ("a is back", a.start, (ONE, TWO), f"{ONE} {TWO}", (ONE, TWO)),
                ("c is back", c.start, (ONE, TWO, THREE), every, (ONE, TWO, THREE))):
            with self.subTest(what):
                change()
                self.until_only(knot, "weighted.example.com.", *weighted)
                self.until_only(knot, "multi.example.com.", multi)
                self.until_only(knot, "tree.example.com.", *tree)
        counts = self.counted(knot, "weighted.example.com.")
        self.assert_shares(counts, {ONE: 2, TWO: 1, THREE: 1})

    def test_active_passive(self):
        """The secondary group answers only while the whole primary group is down, and until what
        is back has been up for up-delay."""
        store, knot = self.served_policies("""
            zone: example.com
            records:
              main: {type: A, policy: weighted, sets: {
                a: {weight: 1, health: a, values: [192.0.2.1]},
                b: {weight: 1, health: b, values: [192.0.2.2]}}}
              spare: {type: A, policy: multivalue, sets: {
                c: {health: c, values: [192.0.2.3]},
                d: {values: [192.0.2.9]}}}
              www: {type: A, policy: failover, sets: {
                first: {failover: primary, alias: main},
                second: {failover: secondary, alias: spare}}}
        """)
        a, b, c = self.servers(store, "a", "b", "c", up_delay="3s")
        self.until_only(knot, WWW, ONE, TWO)
        a.stop()
        self.until_only(knot, WWW, TWO)
        b.stop()
        self.until_only(knot, WWW, f"{THREE} {LAST}")
        c.stop()
        self.until_only(knot, WWW, LAST)
        began = time.monotonic()
        b.start()
        c.start()
        self.until_only(knot, WWW, TWO)
        self.assertGreaterEqual(time.monotonic() - began, 3)
        self.assertNotIn(ONE, self.counted(knot, WWW, count=512))
        a.start()
        self.until_only(knot, WWW, ONE, TWO)
        self.assertEqual(self.daemon.changes("[ab]"), ["up"] * 2 + ["down"] * 2 + ["up"] * 2)

    def test_flapping_within_the_thresholds_changes_nothing(self):
        """One failure of two, or one success of two, in turn. A witness that one result decides is
        probed after the other in each interval, and tells when it has been."""
        store, knot = self.served_policies("""
            zone: example.com
            records:
              www: {type: A, policy: failover, sets: {
                main: {failover: primary, health: y, values: [192.0.2.1]},
                spare: {failover: secondary, health: x, values: [192.0.2.2]}}}
        """)
        main = self.backend()
        for name, threshold in (("y", 2), ("x", 1)):
            self.set_check(store, name, main, rise=threshold, fall=threshold)
        daemon = self.steerd(store).start()
        self.until_state(store, "y", "up")

        def flap(first, then, words, rounds=3):
            for _ in range(rounds):
                for change, word in ((first, words[0]), (then, words[1])):
                    since = len(daemon.log)
                    change()
                    daemon.log.wait(f"'x' is {word}", since)
        flap(main.stop, main.start, ("down", "up"))
        self.assertEqual(daemon.changes("y"), ["up"])
        self.assertEqual(self.answered(knot, WWW), ONE)
        main.stop()
        self.until_state(store, "y", "down")
        flap(main.start, main.stop, ("up", "down"))
        self.assertEqual(daemon.changes("y"), ["up", "down"])
        main.start()
        self.until_state(store, "y", "up")
        self.assertEqual(daemon.changes("y"), ["up", "down", "up"])
        main.wait_for(2)
        published = asking.Metrics(store.path(asking.SOCKET))("steerd_published_states_total")
        self.assertEqual(published, len(daemon.changes()))
