# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets flap while questions are asked without a pause: each answer is one that the target had,
whole and not older than a refresh.

STEER_FLAPPING  for how many seconds (20)
"""

import collections
import contextlib
import itertools
import random
import threading
import time

from steer import env
from steer.client import Udp
from steer.targets import fails, refuses, silent
from steer.targetstory import TargetStory
from steer.wait import until
from steer.wire import EDNS_1232, NOERROR, NXDOMAIN, SOA_TYPE, TYPES, Answer, labels, question

SECONDS = env.number("STEER_FLAPPING", 20, 8)
A = TYPES["A"]
COUNT = 12    # Targets; every third one has a CNAME before it.
EMPTY = None  # In place of a version.
ENOUGH = 36   # Versions to be seen, whatever time that takes.
PAUSE = 0.03  # Seconds between two changes, on average.


def version_rdata(number, version):
    """The addresses of a version of a target, each of which tells how many there are."""
    size = 1 + version % 5
    return {bytes((10 + number, version >> 8, version & 0xFF, 16 * size + at))
            for at in range(size)}


def version_of(number, answer):
    """The version that an answer is; EMPTY if it has no data. Else AssertionError."""
    values = answer.values(A)
    if not values and [rr[1] for rr in answer.authority] == [SOA_TYPE]:
        return EMPTY
    if not values:
        raise AssertionError(f"no answer\n{answer}")
    one = next(iter(values))
    version = one[1] << 8 | one[2]
    if values != version_rdata(number, version):
        raise AssertionError(f"no version of {number}\n{answer}")
    return version


# What was told. One that comes sooner after another than TTLs and holds last has the same number: it
# was asked for again since the other one came too late.
#
# may  what an alias may answer once it is taken
Said = collections.namedtuple("Said", "version may number when")
SOONEST = 1


class Flapper:
    """A target that changes, and what it has said."""

    def __init__(self, targets, number):
        self.targets = targets
        self.number = number
        self.name = f"t{number}.target.test."
        self.version = 0
        self.said = []
        self._behaviour = targets.relay
        targets.misbehave(self.name, self._tell)
        self.renew()

    def _tell(self, query):
        messages = self._behaviour(query)
        for message in messages:
            answer = Answer(message)
            if answer.rcode in (NOERROR, NXDOMAIN) and not answer.tc:
                self._note(version_of(self.number, answer))
        return messages

    def _note(self, version):
        """EMPTY may be taken if it was told before; if not, what was taken before stays."""
        now = time.monotonic()
        last = self.said[-1] if self.said else Said(version, set(), 0, 0)
        number = last.number + (now - last.when >= SOONEST)
        may = {version}
        if version is EMPTY:
            may = self._since(number - 1) | ({EMPTY} if last.version is EMPTY else set())
        self.said.append(Said(version, may, number, now))

    def _since(self, number):
        late = itertools.takewhile(lambda one: one.number >= number, reversed(self.said))
        return set().union(*(one.may for one in late))

    def allowed(self, before):
        """What may be answered to a question before which so many things had been said: what was
        taken last is about to be published, and the one before that may have come too late."""
        return self._since(self.said[before - 1].number - 2)

    def renew(self):
        """It has other addresses."""
        self.version += 1
        self.targets.set(self.name, *(f"A {'.'.join(map(str, rdata))}"
                                      for rdata in version_rdata(self.number, self.version)))

    def flap(self, chance):
        """Does one thing or another."""
        self._behaviour = chance.choice(
            [self.targets.relay] * 9 + [self.targets.truncates, fails, refuses, silent])
        chance.choice([self.renew] * 6 + [lambda: self.targets.remove(self.name),
                                          lambda: self.targets.set(self.name)])()

    def settle(self):
        self._behaviour = self.targets.relay
        self.renew()


class Flapping(TargetStory):

    def setUp(self):
        super().setUp()
        self.chance = random.Random(11)
        self.servers = self.targets("target.test.", "other.test.")
        self.flappers = [Flapper(self.servers, number) for number in range(COUNT)]
        for number in range(0, COUNT, 3):
            self.servers.set(f"c{number}.other.test.", f"CNAME t{number}.target.test.")
        self.servers.start()
        _, self.server, self.daemon = self.resolving(
            self.servers, "zone: example.com\nrecords:\n" + "".join(
                f"  n{number}: {{type: A, alias: "
                f"{f'c{number}.other.test.' if number % 3 == 0 else f't{number}.target.test.'}}}\n"
                for number in range(COUNT)))
        self.last = [0] * COUNT
        self.seen = collections.Counter()

    def check(self, number, before, message):
        """An answer to a question before which that was said of the target."""
        answer = Answer(message)
        self.assertEqual(answer.rcode, NOERROR, answer)
        version = version_of(number, answer)
        allowed = self.flappers[number].allowed(before)
        self.assertIn(version, allowed, f"{number}: {self.flappers[number].said[-8:]}")
        if version is not EMPTY:
            self.assertGreaterEqual(version, self.last[number], "an older version is back")
            self.last[number] = version
        self.seen[number, version] += 1

    def ask_all(self, client):
        queries = [question(labels(f"n{number}.example.com."), A, EDNS_1232)
                   for number in range(COUNT)]
        before = [len(flapper.said) for flapper in self.flappers]
        client.send(queries)
        for number, message in enumerate(client.receive(COUNT)):
            self.check(number, before[number], message)

    def flap_until(self, stop):
        while not stop.wait(self.chance.uniform(0, 2 * PAUSE)):
            self.chance.choice(self.flappers).flap(self.chance)

    def test_no_answer_is_wrong_missing_or_mixed(self):
        for number in range(COUNT):
            until(f"n{number} being resolved", lambda name=f"n{number}.example.com.":
                  self.ask(self.server, name).rcode == NOERROR)
        stop = threading.Event()
        thread = threading.Thread(target=self.flap_until, args=(stop,), daemon=True)
        end = time.monotonic() + SECONDS
        with contextlib.closing(Udp(self.server.address)) as client:
            thread.start()
            try:
                while time.monotonic() < end or len(self.seen) < ENOUGH:
                    self.ask_all(client)
                    self.assertTrue(thread.is_alive())
                    self.assertLess(time.monotonic(), end + env.PATIENCE, "few versions are seen")
            finally:
                stop.set()
                thread.join()
            for flapper in self.flappers:
                flapper.settle()
            until("the last version of all", lambda: self.ask_all(client) or all(
                last == flapper.version for last, flapper in zip(self.last, self.flappers)))
        print(f"     {sum(self.seen.values())} answers; of {sum(f.version for f in self.flappers)} "
              f"versions {sum(key[1] is not EMPTY for key in self.seen)} were seen, "
              f"{sum(key[1] is EMPTY for key in self.seen)} targets had no data at times")
