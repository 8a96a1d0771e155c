# SPDX-License-Identifier: GPL-3.0-or-later
"""What knotc stats gives to monitoring: failures by reason, what is served, since when it is
stale."""

import os
import re
import time

from steer.client import ask
from steer.policystory import PolicyStory, addresses
from steer.wait import until
from steer.wire import EDNS_1232, NOERROR, SERVFAIL, TYPES, labels

A, TXT = TYPES["A"], TYPES["TXT"]
NUMBER = "mod-steer.change-set"
STALE = "mod-steer.stale-answer"
SINCE = "mod-steer.stale-since"

REASONS = """
    zone: example.com
    records:
      www: {type: A, values: [192.0.2.1]}
      outside: {type: A, alias: www.elsewhere.test.}
      chain: {type: CNAME, values: [outside]}
      strict:
        type: A
        policy: [up all-down=servfail, shuffle]
        sets:
          a: {health: main, values: [192.0.2.1]}
          b: {health: main, values: [192.0.2.2]}
    ---
    health:
      main: {type: manual}
"""


class Statistics(PolicyStory):

    def failures(self, knot):
        return {**knot.stats("mod-steer.servfail"), **knot.stats("mod-steer.error")}

    def test_failures_by_reason(self):
        """What waits for an answer of others, or fails as configured, is not an error."""
        store, knot = self.served_policies(REASONS)
        store.ok("health", "force", "main", "down")
        self.served(knot, "strict.example.com", A, SERVFAIL)
        self.assertEqual(set(self.failures(knot)), {"mod-steer.servfail[policy]"})
        before = self.failures(knot)["mod-steer.servfail[policy]"]
        for count in (1, 2, 3):
            self.assertEqual(ask(knot, labels("outside.example.com"), A).rcode, SERVFAIL)
            self.assertEqual(ask(knot, labels("www.example.com"), A).rcode, NOERROR)
            self.assertEqual(self.failures(knot), {"mod-steer.servfail[policy]": before,
                                                   "mod-steer.servfail[not-ready]": count})

    def test_stale_answers(self):
        """What is remembered of a question does not hide that its answer has become stale."""
        store, knot = self.served_policies(REASONS)
        known = ("www.elsewhere.test.", 30, "203.0.113.1")
        self.know(store, known)
        self.served(knot, "outside.example.com", A)
        self.assertEqual(knot.stats(STALE), {})
        self.know(store, known, age=60, failures=2)
        self.until_stale(knot, True)
        before = knot.stats(STALE)[STALE]
        for name in ("outside.example.com", "chain.example.com", "outside.example.com"):
            answer = self.ask(knot, name, edns=EDNS_1232)
            self.assertEqual((addresses(answer), answer.extended_error()), ("203.0.113.1", None))
        self.ask(knot, "www.example.com")
        self.assertEqual(knot.stats(STALE), {STALE: before + 3})
        self.know(store, known)
        self.until_stale(knot, False)

    def until_stale(self, knot, stale):
        """Waits until asking for the external target counts as a stale answer, or does not."""
        def asked():
            before = knot.stats(STALE)
            self.ask(knot, "outside.example.com")
            return (knot.stats(STALE) != before) == stale
        until(f"an answer whose being stale is {stale}", asked)

    def test_what_is_served(self):
        """It is the number that steerctl prints; an instance created by a reload has it, too."""
        store, knot = self.served_policies(REASONS)
        for count in range(3):
            store.ok("set", "more.example.com", "A", f"192.0.2.{count}")
            sequence = int(re.search(r"change sets: +(\d+)", store.ok("stats"))[1])
            until(f"change set {sequence}",
                  lambda number=sequence: knot.stats(NUMBER) == {NUMBER: number})
        knot.reload()
        self.assertEqual(knot.stats(NUMBER), {NUMBER: sequence})
        self.assertEqual(knot.stats(SINCE), {})

    def test_since_when_it_is_stale(self):
        store, knot = self.served_policies(REASONS)
        self.served(knot, "www.example.com", A)
        self.assertEqual(knot.stats(SINCE), {})
        begin = int(time.time())
        os.rename(store.directory, self.path("away"))
        until("staleness", lambda: knot.stats(SINCE))
        since = knot.stats(SINCE)[SINCE]
        self.assertTrue(begin <= since <= time.time(), since)
        knot.log.wait("mod-steer.*the last good snapshot is served")
        os.rename(self.path("away"), store.directory)
        knot.log.wait("mod-steer.*following .* again")
        until("no staleness", lambda: not knot.stats(SINCE))
        self.assertEqual(len(knot.log.lines("following .* again")), 1)

    def test_no_store(self):
        """Nothing is served, and that is stale from the load on."""
        directory = self.path("nothing")
        os.mkdir(directory)
        begin = int(time.time())
        knot = self.knot(store=directory).start()
        self.assertEqual(knot.stats(NUMBER), {})
        self.assertTrue(begin <= knot.stats(SINCE)[SINCE] <= time.time())
