# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd runs: dead servers leave the answers, the store is followed, states outlive it."""

import json
import os
import signal

from steer import asking
from steer.steerdstory import SteerdStory
from steer.store import Store
from steer.stress import Writer, chain
from steer.wait import until

WWW = "www.example.com."
CHAIN = "first.test.", "second.test."
MAIN, SPARE = "192.0.2.1", "192.0.2.2"
FAILOVER = """
    zone: example.com
    records:
      www:
        type: A
        policy: failover
        sets:
          main: {failover: primary, health: main, values: [192.0.2.1]}
          spare: {failover: secondary, values: [192.0.2.2]}
"""


class Steering(SteerdStory):

    def test_a_dead_server_leaves_the_answers_until_it_is_back(self):
        main = self.backend()
        store, knot = self.served_policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")
        self.until_answered(knot, WWW, MAIN)
        for _ in range(2):
            main.stop()
            self.until_answered(knot, WWW, SPARE)
            main.start()
            self.until_answered(knot, WWW, MAIN)
        self.assertEqual(daemon.changes("main"), ["up", "down", "up", "down", "up"])
        self.assertRegex(store.ok("health", "show", "main"),
                         rf"up since .*: connected to 127\.0\.0\.1:{main.port} after \d+ ms")

    def test_one_that_hangs_is_down(self):
        main = self.backend()
        store, knot = self.served_policies(FAILOVER)
        self.set_check(store, "main", main, timeout="200ms")
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")
        main.hang()
        self.until_answered(knot, WWW, SPARE)
        daemon.log.wait(rf"'main' is down: connection to 127\.0\.0\.1:{main.port} takes too long ")

    def test_an_inverted_check_is_down_while_its_server_answers(self):
        main = self.backend()
        store, knot = self.served_policies(FAILOVER)
        self.set_check(store, "main", main, inverted="yes")
        self.steerd(store).start()
        self.until_answered(knot, WWW, SPARE)
        main.stop()
        self.until_answered(knot, WWW, MAIN)

    def test_a_force_wins_while_it_lasts(self):
        main = self.backend()
        store, knot = self.served_policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")
        store.ok("health", "force", "main", "down")
        self.until_answered(knot, WWW, SPARE)
        main.wait_for(3)
        self.assertEqual(self.answered(knot, WWW), SPARE)
        store.ok("health", "force", "main", "clear")
        self.until_answered(knot, WWW, MAIN)
        self.assertEqual(daemon.changes(), ["up"])


class Life(SteerdStory):

    def refusal(self, directory):
        """The only line of a steerd that cannot start."""
        daemon = self.steerd(Store(directory), name="refused").spawn()
        self.assertEqual(daemon.wait(), 1)
        self.assertEqual(daemon.told.lines(), [])
        lines = daemon.log.lines()
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    def test_a_store_has_one_steerd(self):
        store = self.store()
        first = self.steerd(store).start()
        self.assertRegex(self.refusal(store.directory),
                         rf"^steerd: {store.directory}: another steerd is at work on this store")
        self.assertTrue(first.alive())
        self.steerd(self.store(name="other"), name="other-steerd").start()
        first.kill()
        self.steerd(store, name="next").start()

    def test_without_a_store_it_does_not_start(self):
        os.mkdir(self.path("empty"))
        self.assertRegex(self.refusal(self.path("missing")),
                         r"/missing: No such file or directory: make a store with 'steerctl init'$")
        self.assertRegex(self.refusal(self.path("empty")),
                         r"/empty: not a store: make one with 'steerctl init'$")

    def test_term_and_int_end_it(self):
        store = self.store()
        for number, word in ((signal.SIGTERM, "Terminated"), (signal.SIGINT, "Interrupt")):
            daemon = self.steerd(store).start()
            daemon.signal(number)
            self.assertEqual(daemon.wait(), 0)
            self.assertEqual(daemon.log.lines(), [
                f"steerd: at work on the store {store.directory}",
                f"steerd: stopping: {word}"])
            self.assertEqual(daemon.told.lines(), ["READY=1", "STOPPING=1"])

    def test_what_is_decided_is_published_before_the_end(self):
        main = self.backend()
        store = self.policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store)
        for change, word in (main.stop, "down"), (main.start, "up"), (main.stop, "down"):
            change()
            daemon.start()
            daemon.log.wait(f"'main' is {word}")
            daemon.stop()
            self.assertEqual(self.state(store, "main"), (word, "probe"))

    def test_the_watchdog_is_told_that_it_goes_on(self):
        """Also while probes hang; not if another process is watched."""
        main = self.backend()
        main.hang()
        store = self.policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store, WATCHDOG_USEC="200000").start()
        daemon.log.wait("'main' is down")
        since = len(daemon.told)
        until("the watchdog being told", lambda: len(daemon.told) >= since + 5)
        daemon.stop()
        self.assertEqual(set(daemon.told.lines()[1:-1]), {"WATCHDOG=1"})
        self.assertEqual(daemon.told.lines()[::len(daemon.told) - 1], ["READY=1", "STOPPING=1"])
        daemon = self.steerd(store, WATCHDOG_USEC="200000", WATCHDOG_PID="1").start()
        main.start()
        daemon.log.wait("'main' is up")
        daemon.stop()
        self.assertEqual(daemon.told.lines(), ["READY=1", "STOPPING=1"])

    def test_it_says_that_it_is_at_work_at_once_and_later(self):
        store = self.store()
        self.steerd(store).start()
        place = store.path(asking.SOCKET)

        def beats():
            return asking.Metrics(place)("steerd_commits_total", result="success")
        until("a second heartbeat", lambda: beats() >= 2, pause=0.1)
        self.assertLess(beats(), 4)

    def test_it_is_ready_when_it_knows_its_checks(self):
        main = self.backend()
        store = self.policies(FAILOVER)
        self.set_check(store, "main", main, interval="1d")
        for _ in range(5):
            daemon = self.steerd(store).start()
            self.assertEqual(set(asking.checks(store.path(asking.SOCKET))), {"main"})
            daemon.stop()

    def test_the_journal_gets_priorities(self):
        main = self.backend()
        store = self.policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store, JOURNAL_STREAM="8:1").start()
        daemon.log.wait("^<5>health check 'main' is up")
        daemon.stop()
        self.assertEqual(daemon.log.lines("^<6>"), [
            f"<6>at work on the store {store.directory}", "<6>stopping: Terminated"])

    def test_closed_streams_are_not_those_of_the_store(self):
        """What is logged would be written into one of its files, or to a resolver."""
        store = self.store()
        close = ["sh", "-c", 'exec "$0" "$@" <&- >&-']
        daemon = self.steerd(store, prefix=close).start()
        for number in 0, 1:
            self.assertEqual(os.readlink(f"/proc/{daemon.pid()}/fd/{number}"), "/dev/null")

    def test_it_ends_while_a_probe_hangs(self):
        main = self.backend()
        main.hang()
        store = self.policies(FAILOVER)
        self.set_check(store, "main", main, interval="2s", timeout="2s")
        daemon = self.steerd(store).start()
        place = store.path(asking.SOCKET)
        until("a probe", lambda: asking.Metrics(place)("steerd_probes_running", type="tcp"))
        daemon.stop()

    def test_hup_changes_nothing_by_itself(self):
        main = self.backend()
        store = self.policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")
        for _ in range(5):
            daemon.reload()
        main.wait_for(2)
        self.assertEqual(len(daemon.log.lines("reloading")), 5)
        self.assertEqual(daemon.changes(), ["up"])

    def test_states_survive_a_restart(self):
        main = self.backend()
        store, knot = self.served_policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")
        main.stop()
        self.until_answered(knot, WWW, SPARE)
        self.set_check(store, "main", main, interval="1d")
        knot.stop()
        daemon.stop()
        main.start()
        probed = main.connections
        daemon.start()
        knot.start()
        self.assertEqual(self.answered(knot, WWW), SPARE)
        self.assertEqual(self.state(store, "main"), ("down", "probe"))
        self.assertEqual(main.connections, probed)
        self.set_check(store, "main", main)
        self.until_answered(knot, WWW, MAIN)
        daemon.stop()
        daemon.start()
        main.wait_for(2)
        self.assertEqual(daemon.changes(), [])  # It was up, and is.


class Following(SteerdStory):

    def setUp(self):
        super().setUp()
        self.beat = self.backend()  # Of a check that is probed all the time.
        self.steer = self.policies("""
            zone: example.com
            records:
              beat: {type: A, policy: failover, sets: {
                a: {tier: 0, health: beat, values: [192.0.2.1]},
                b: {tier: 1, values: [192.0.2.2]}}}
        """)
        self.set_check(self.steer, "beat", self.beat)

    def use(self, check):
        """A record set that names the check."""
        self.steer.ok("set", f"{check}.example.com", "A", "--id", "a", "--weight", "1",
                      "--health", check, "192.0.2.1")

    def assert_quiet(self, *backends):
        """They are probed no more, or not at all."""
        self.beat.wait_for(2)
        probed = [one.connections for one in backends]
        self.beat.wait_for(2)
        self.assertEqual([one.connections for one in backends], probed)

    @staticmethod
    def sequence(store):
        return json.loads(store.ok("stats", "--json"))["sequence"]

    def damage(self, old, new):
        """Changes bytes of the records in their place."""
        with open(self.steer.path("records/data.mdb"), "r+b") as file:
            before = file.read()
            self.assertIn(old, before)
            file.seek(0)
            file.write(before.replace(old, new))

    def test_checks_are_probed_while_they_are_used(self):
        one = self.backend()
        self.steerd(self.steer).start()
        self.set_check(self.steer, "one", one)
        self.assert_quiet(one)
        self.assertEqual(one.connections, 0)
        self.assertEqual(self.state(self.steer, "one"), ("up", "unknown"))
        self.use("one")
        one.wait_for(1)
        self.steer.ok("del", "one.example.com", "A", "a")
        self.assert_quiet(one)
        self.use("one")
        one.wait_for(1)
        self.set_check(self.steer, "one", one, disabled="yes")
        self.assert_quiet(one)
        self.set_check(self.steer, "one", one)
        one.wait_for(1)
        self.steer.ok("health", "del", "one")
        self.assert_quiet(one)

    def test_a_store_without_checks_gets_some(self):
        store = self.store("--ns", "ns.example.net.", name="empty")
        daemon = self.steerd(store).start()
        main = self.backend()
        self.bring(store, FAILOVER)
        self.set_check(store, "main", main)
        self.until_state(store, "main", "up")
        self.assertEqual(daemon.changes(), ["up"])

    def test_a_changed_definition_counts_at_once(self):
        one, other = self.backends(2)
        daemon = self.steerd(self.steer).start()
        self.set_check(self.steer, "one", one)
        self.use("one")
        self.until_state(self.steer, "one", "up")
        other.stop()
        self.set_check(self.steer, "one", other)
        self.until_state(self.steer, "one", "down")
        self.assert_quiet(one)
        other.start()
        self.until_state(self.steer, "one", "up")
        self.assertEqual(daemon.changes("one"), ["up", "down", "up"])

    def test_a_store_that_takes_the_place_of_another(self):
        """Its checks are others, also those of the same name."""
        one, other = self.backends(2)
        self.set_check(self.steer, "one", one)
        self.use("one")
        old = self.path("old-store")
        new = self.policies(FAILOVER.replace("health: main", "health: one"), name="new-store")
        self.set_check(new, "one", other)
        while self.sequence(new) < self.sequence(self.steer):  # Both have the same transactions.
            new.ok("set", "number.example.com", "TXT", str(self.sequence(new)))
        while self.sequence(self.steer) < self.sequence(new):
            self.steer.ok("set", "number.example.com", "TXT", str(self.sequence(self.steer)))
        other.stop()
        daemon = self.steerd(self.steer).start()
        self.until_state(self.steer, "one", "up")
        os.rename(self.steer.directory, old)
        os.rename(new.directory, self.steer.directory)
        new, probed = self.steer, self.beat.connections
        self.until_state(new, "one", "down")
        self.assertLess(self.beat.connections - probed, 5)  # Without a ring.
        self.assertEqual(self.state(Store(old), "one"), ("up", "probe"))
        self.assertEqual(daemon.changes("one"), ["up", "down"])
        self.assertEqual(len(daemon.log.lines("was replaced or removed")), 1)
        probed = one.connections, self.beat.connections
        other.start()
        other.wait_for(3)
        self.assertEqual((one.connections, self.beat.connections), probed)
        self.assertTrue(daemon.watches(new.path("doorbell")))

    def test_nothing_is_probed_while_the_store_is_away(self):
        """And the log says so; it comes back with all its checks."""
        away = Store(self.steer.directory + ".away")
        daemon = self.steerd(self.steer).start()
        self.until_state(self.steer, "beat", "up")
        os.rename(self.steer.directory, away.directory)
        line = daemon.log.wait("No such file or directory")
        self.assertTrue(line.endswith("steerctl init'; nothing is probed"), line)
        self.assertEqual(asking.checks(away.path(asking.SOCKET)), {})
        os.rename(away.directory, self.steer.directory)
        daemon.log.wait(f"following {self.steer.directory} again")
        self.beat.wait_for(2)

    def test_commits_are_found_without_a_doorbell(self):
        """And the log says so, once."""
        one = self.backend()
        daemon = self.steerd(self.steer).start()
        self.until_state(self.steer, "beat", "up")
        os.remove(self.steer.path("doorbell"))
        daemon.log.wait("doorbell cannot be watched; changes take up to 1 s")
        self.set_check(self.steer, "one", one)
        self.use("one")
        self.until_state(self.steer, "one", "up")
        self.assertEqual(len(daemon.log.lines("cannot be watched")), 1)

    def test_one_that_was_deleted_begins_anew(self):
        """Even if steerd sees it only once it is there again."""
        one = self.backend()
        one.stop()
        daemon = self.steerd(self.steer).start()
        self.set_check(self.steer, "one", one)
        self.use("one")
        self.until_state(self.steer, "one", "down")
        daemon.signal(signal.SIGSTOP)
        self.steer.ok("health", "del", "one")
        self.set_check(self.steer, "one", one)
        self.assertEqual(self.state(self.steer, "one"), ("up", "unknown"))
        daemon.signal(signal.SIGCONT)
        self.until_state(self.steer, "one", "down")
        self.assertEqual(daemon.changes("one"), ["down", "down"])

    def test_a_type_in_between_takes_the_state_away(self):
        """Even if steerd does not see it."""
        one = self.backend()
        one.stop()
        daemon = self.steerd(self.steer).start()
        self.set_check(self.steer, "one", one)
        self.use("one")
        self.until_state(self.steer, "one", "down")
        daemon.signal(signal.SIGSTOP)
        self.steer.ok("health", "set", "one", "manual")
        self.set_check(self.steer, "one", one)
        self.assertEqual(self.state(self.steer, "one"), ("up", "unknown"))
        daemon.signal(signal.SIGCONT)
        self.until_state(self.steer, "one", "down")
        self.assertEqual(daemon.changes("one"), ["down", "down"])

    def test_the_children_of_a_used_check_are_probed(self):
        left, right, other = self.backends(3)
        self.steerd(self.steer).start()
        for name, backend in (("left", left), ("right", right), ("other", other)):
            self.set_check(self.steer, name, backend)
        self.steer.ok("health", "set", "both", "calculated", "children=left", "children=right",
                      "threshold=2")
        self.assert_quiet(left, right)
        self.assertEqual(left.connections + right.connections, 0)
        self.use("both")
        self.until_state(self.steer, "left", "up")
        self.until_state(self.steer, "right", "up")
        right.stop()
        self.until_state(self.steer, "both", "down", by="calculated")
        self.assert_quiet(other)
        self.assertEqual(other.connections, 0)
        self.steer.ok("health", "set", "both", "calculated", "children=left", "threshold=1")
        right.start()
        self.assert_quiet(right)
        left.wait_for(1)

    def test_a_child_that_is_not_defined_stops_no_other(self):
        left, right = self.backends(2)
        self.set_check(self.steer, "left", left)
        self.set_check(self.steer, "right", right)
        self.steer.ok("health", "set", "both", "calculated", "children=gone", "children=left",
                      "threshold=1")
        self.use("both")
        self.use("right")
        self.steerd(self.steer).start()
        self.until_state(self.steer, "left", "up")
        self.until_state(self.steer, "right", "up")

    def test_a_damaged_check_stops_no_other(self):
        """Neither one that a record set names, nor a child."""
        one, last = self.backends(2)
        self.set_check(self.steer, "broken", one, "http", path="/damaged")
        self.set_check(self.steer, "last", last)
        self.steer.ok("health", "set", "both", "calculated", "children=broken", "children=last",
                      "threshold=1")
        for name in "broken", "both":
            self.use(name)
        self.damage(b"/damaged", b"/damageX")
        daemon = self.steerd(self.steer).start()
        daemon.log.wait("'last' is up")
        self.assertEqual(set(asking.checks(self.steer.path(asking.SOCKET))), {"beat", "last"})
        self.assertEqual(daemon.log.lines("cannot be read"), [])

    def test_hup_takes_all_definitions_again(self):
        """Also those of a commit that was seen: here after damage was repaired."""
        one = self.backend()
        self.set_check(self.steer, "one", one, "http", path="/damaged", codes="200-599")
        self.use("one")
        self.damage(b"/damaged", b"/damageX")
        daemon = self.steerd(self.steer).start()
        self.assert_quiet(one)
        self.damage(b"/damageX", b"/damaged")
        self.assert_quiet(one)
        self.assertEqual(one.connections, 0)
        daemon.reload()
        one.wait_for(1)

    def test_a_check_is_probed_if_the_number_of_its_uses_is_damaged(self):
        one = self.backend()
        self.set_check(self.steer, "one", one)
        self.use("one")
        self.damage(b"cone" + (1).to_bytes(8, "little"), b"cone" + bytes(8))
        self.steerd(self.steer).start().log.wait("'one' is up")

    def test_commits_are_noticed_by_the_doorbell(self):
        """More of them than there are looks without a ring, which are as rare as probes."""
        for apex, text in chain(*CHAIN):
            self.steer.ok("import", "--zone", apex, self.file(f"{apex}zone", text))
        daemon = self.steerd(self.steer).start()
        self.assertTrue(daemon.watches(self.steer.path("doorbell")))
        place = self.steer.path(asking.SOCKET)
        self.beat.wait_for(1)
        probed, seen = self.beat.connections, set()
        writer = Writer(self, self.steer, CHAIN, rate=20)
        until("30 change sets", lambda: seen.add(asking.Metrics(place)(
            "steerd_snapshot_change_set")) or len(seen) >= 30)
        self.assertLess(self.beat.connections - probed, 20)
        writer.kill()
        used = daemon.processor_time()
        self.beat.wait_for(3)
        self.assertLess(daemon.processor_time() - used, 0.3)  # Nothing keeps it busy.

    def test_probes_are_spread_over_the_interval(self):
        """Each check has its place in it, also after a restart: here in the opposite order of
        their identifiers, a quarter of the interval from each other."""
        def note(name):
            return lambda _: order.append(name)
        order = []
        for name in "gmxy":
            self.set_check(self.steer, name, self.backend(note(name)))
            self.use(name)
        daemon = self.steerd(self.steer)
        for _ in range(2):
            order.clear()
            daemon.start()
            until("three rounds", lambda: len(order) >= 12)
            daemon.stop()
            self.assertIn("".join(order[:12]), "yxmg" * 4)
