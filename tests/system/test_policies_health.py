# SPDX-License-Identifier: GPL-3.0-or-later
"""What is forced and reported decides the answers: soon, for as long as it was given, and after
restarts."""

import contextlib
import statistics
import time

from steer.policystory import PolicyStory
from steer.wire import EDNS_1232, NOERROR, SERVFAIL

FAILOVER = """
    zone: example.com
    ttl: 60
    records:
      www:
        type: A
        policy: failover
        sets:
          main: {failover: primary, health: main, values: [192.0.2.1]}
          spare: {failover: secondary, health: spare, values: [192.0.2.2]}
      strict:
        type: A
        policy: [up all-down=servfail, shuffle, take 1]
        sets:
          a: {health: main, values: [192.0.2.1]}
          b: {health: spare, values: [192.0.2.2]}
      silent:
        type: A
        policy: [up all-down=none, shuffle]
        sets:
          a: {health: main, values: [192.0.2.1]}
          b: {health: spare, values: [192.0.2.2]}
      few:
        type: A
        policy: [up min-healthy=60%, shuffle]
        sets:
          a: {health: main, values: [192.0.2.1]}
          b: {health: spare, values: [192.0.2.2]}
      tree:
        type: A
        policy: failover
        sets:
          first: {tier: 0, alias: www}
          last: {tier: 1, values: [192.0.2.9]}
      blind:
        type: A
        policy: failover
        sets:
          first: {tier: 0, alias: www, evaluate-target-health: no, health: door}
          last: {tier: 1, values: [192.0.2.9]}
    ---
    health:
      main: {type: tcp, address: 192.0.2.1, port: 80}
      spare: {type: manual}
      door: {type: manual}
"""
CALCULATED = """
    zone: example.com
    records:
      www:
        type: A
        policy: failover
        sets:
          main: {failover: primary, health: main, values: [192.0.2.1]}
          spare: {failover: secondary, values: [192.0.2.2]}
    ---
    health:
      main: {type: calculated, children: [left, right], threshold: 2}
      left: {type: tcp, address: 192.0.2.1, port: 80}
      right: {type: manual}
"""
WWW = "www.example.com."
MAIN, SPARE, LAST = "192.0.2.1", "192.0.2.2", "192.0.2.9"
SWITCHES = 40
LIMITS = 1, 2, 4, 8, 16, 32, 64  # Seconds.


class HealthDecides(PolicyStory):

    def for_a_while(self, store, host, name, during, *words):
        """Gives a check a state with a time limit, the shortest in which this machine sees the
        answer that a name has meanwhile; returns the time before which it must not end."""
        for seconds in LIMITS:
            end = time.monotonic() + seconds
            store.ok("health", *words, "--for", f"{seconds}s")
            with contextlib.suppress(AssertionError):
                self.until_answered(host, name, during, patience=seconds)
                return end
        return self.fail(f"{name} was never {during}")

    def test_failover_by_force_is_soon_visible(self):
        store, host = self.served_policies(FAILOVER)
        self.until_answered(host, WWW, MAIN)
        delays = []
        for turn in range(SWITCHES):
            state, wanted = (("down", SPARE), ("up", MAIN))[turn % 2]
            store.ok("health", "force", "main", state)
            begin = time.monotonic()
            self.until_answered(host, WWW, wanted)
            delays.append((time.monotonic() - begin) * 1000)
        print(f"     seen {statistics.median(delays):.1f} ms after steerctl ended, at most "
              f"{max(delays):.1f} ms, {SWITCHES} times")

    def test_a_calculated_check_follows_its_children_as_soon(self):
        store, host = self.served_policies(CALCULATED)
        self.until_answered(host, WWW, MAIN)
        delays = {"main": [], "left": []}
        for turn in range(SWITCHES):
            check = ("main", "left")[turn // 2 % 2]  # The one that is served, or its child.
            state, wanted = (("down", SPARE), ("up", MAIN))[turn % 2]
            store.ok("health", "force", check, "clear" if check == "main" and state == "up"
                     else state)
            begin = time.monotonic()
            self.until_answered(host, WWW, wanted)
            delays[check].append((time.monotonic() - begin) * 1000)
        for check, seen in delays.items():
            print(f"     {check}: seen {statistics.median(seen):.1f} ms after steerctl ended, at "
                  f"most {max(seen):.1f} ms, {len(seen)} times")

    def test_a_calculated_check_counts_its_children(self):
        store, host = self.served_policies(CALCULATED)
        for words, wanted in (
                (["report", "right", "down"], SPARE),
                (["set", "main", "calculated", "children=left", "children=right", "threshold=1"],
                 MAIN),
                (["force", "left", "down"], SPARE),
                (["set", "main", "calculated", "children=left", "children=right", "threshold=1",
                  "inverted=yes"], MAIN),
                (["force", "left", "clear"], SPARE),
                (["force", "main", "up"], MAIN),
                (["force", "main", "clear"], SPARE),
                (["set", "main", "calculated", "children=left", "children=right", "threshold=2"],
                 SPARE),
                (["del", "right"], MAIN)):
            with self.subTest(words):
                store.ok("health", *words)
                self.until_answered(host, WWW, wanted)

    def test_a_time_limit_of_a_child_ends_by_itself(self):
        store, host = self.served_policies(CALCULATED)
        end = self.for_a_while(store, host, WWW, SPARE, "force", "left", "down")
        self.until_answered(host, WWW, MAIN)
        self.assertGreaterEqual(time.monotonic(), end)

    def test_the_table_of_failover(self):
        store, host = self.served_policies(FAILOVER)
        for main, spare, wanted in (("down", "up", SPARE), ("down", "down", MAIN),
                                    ("up", "down", MAIN), ("up", "up", MAIN)):
            with self.subTest(main=main, spare=spare):
                store.ok("health", "force", "spare", spare)
                store.ok("health", "force", "main", main)
                self.until_answered(host, WWW, wanted)

    def test_all_down_is_as_the_policy_says(self):
        store, host = self.served_policies(FAILOVER)
        store.ok("health", "force", "*", "down")
        answer = self.served(host, "strict.example.com.", 1, SERVFAIL)
        self.assertEqual(self.ask(host, "strict.example.com.", edns=EDNS_1232).extended_error(), 0)
        self.assertEqual(answer.answer, [])
        answer = self.ask(host, "silent.example.com.")
        self.assertEqual((answer.rcode, answer.answer, len(answer.authority)), (NOERROR, [], 1))
        self.until_answered(host, "few.example.com.", f"{MAIN} {SPARE}")
        self.until_answered(host, WWW, MAIN)
        store.ok("health", "force", "main", "up")
        self.until_answered(host, "strict.example.com.", MAIN)
        self.until_answered(host, "silent.example.com.", MAIN)
        with self.subTest("one of two is fewer than 60 %"):
            self.until_answered(host, "few.example.com.", f"{MAIN} {SPARE}")

    def test_a_dead_branch_is_backed_out_of_unless_nobody_looks(self):
        store, host = self.served_policies(FAILOVER)
        self.until_answered(host, "tree.example.com.", MAIN)
        store.ok("health", "force", "main", "down")
        self.until_answered(host, "tree.example.com.", SPARE)
        store.ok("health", "report", "spare", "down")
        self.until_answered(host, "tree.example.com.", LAST)
        self.until_answered(host, "blind.example.com.", MAIN)
        with self.subTest("a check on the alias itself closes the branch"):
            store.ok("health", "report", "door", "down")
            self.until_answered(host, "blind.example.com.", LAST)
        with self.subTest("the last one is without a check, and never dies"):
            store.ok("health", "force", "*", "down")
            self.until_answered(host, "tree.example.com.", LAST)

    def test_states_survive_restarts(self):
        store, host = self.served_policies(FAILOVER)
        store.ok("health", "force", "main", "down")
        store.ok("health", "report", "spare", "down")
        self.until_answered(host, "tree.example.com.", LAST)
        host.stop()
        self.assertRegex(store.ok("health", "list"), r"main.*down")
        host.start()
        self.until_answered(host, "tree.example.com.", LAST)
        store.ok("health", "force", "main", "clear")
        self.until_answered(host, "tree.example.com.", MAIN)

    def test_a_time_limit_ends_by_itself(self):
        # Only knotd is running: its refresher wakes when the state expires.
        store, host = self.served_policies(FAILOVER)
        end = self.for_a_while(store, host, WWW, SPARE, "force", "main", "down")
        self.until_answered(host, WWW, MAIN)
        self.assertGreaterEqual(time.monotonic(), end)
        store.ok("health", "report", "spare", "down", "--for", "1s")
        store.ok("health", "force", "main", "down")
        self.until_answered(host, WWW, SPARE)

    def test_the_earliest_of_several_time_limits_ends_first(self):
        """Whatever the order of the checks' identifiers."""
        store, host = self.served_policies(FAILOVER)
        both = f"{MAIN} {SPARE}"
        for early, late, during in (("main", "door", SPARE), ("main", "spare", SPARE),
                                    ("spare", "main", MAIN)):
            with self.subTest(early=early, late=late):
                store.ok("health", "force", late, "up", "--for", "1h")
                self.for_a_while(store, host, "silent.example.com.", during, "force", early,
                                 "down")
                self.until_answered(host, "silent.example.com.", both)
                store.ok("health", "force", "*", "clear")

    def test_a_check_that_is_defined_later_counts_from_then_on(self):
        store, host = self.served_policies("""
            zone: example.com
            records:
              www:
                type: A
                policy: failover
                sets:
                  main: {tier: 0, health: later, values: [192.0.2.1]}
                  spare: {tier: 1, values: [192.0.2.2]}
        """)
        self.until_answered(host, WWW, MAIN)
        store.ok("health", "set", "later", "tcp", "address=192.0.2.1", "port=80", "inverted=yes")
        self.until_answered(host, WWW, SPARE)
        store.ok("health", "del", "later")
        self.until_answered(host, WWW, MAIN)
