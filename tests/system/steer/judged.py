# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions that are asked without a pause, and which answers to them are right at what time."""

import collections
import contextlib
import ipaddress
import itertools
import threading

from steer.client import WINDOW, Udp
from steer.wait import until
from steer.wire import NOERROR, TYPES, Answer, labels, question

# What is told: (type, TTL, rdata) of each record.
Told = collections.namedtuple("Told", "rcode rrs")


def told(rrtype, ttl, *rdata, rcode=NOERROR):
    return Told(rcode, frozenset((TYPES[rrtype], ttl, each) for each in rdata))


def told_addresses(ttl, *addresses):
    """Addresses as text, of one family."""
    packed = [ipaddress.ip_address(address).packed for address in addresses]
    return told("A" if len(packed[0]) == 4 else "AAAA", ttl, *packed)


class Stage:
    """A time with the same right answers.

    right   what is told from now on ...
    old     ... or still is; empty once that has an end
    counts  how often each was told to a question of this stage
    """

    def __init__(self, right, old=frozenset()):
        self.right = frozenset(right)
        self.old = old
        self.counts = collections.Counter()

    def allows(self, what):
        return what in self.right or what in self.old


class Judged:
    """A question, and its stages.

    Changes are atomic: once something was told that is right only after a change, everything told
    to later questions is.
    """

    def __init__(self, name, rrtype):
        self.name = labels(name)
        self.query = question(self.name, TYPES[rrtype])
        self.stage = None

    def change(self, right):
        """What is told changes, soon; whether it does at all."""
        old = self.stage.right
        if old == frozenset(right):
            return False
        self.stage = Stage(right, old)
        return True

    def settle(self):
        """The last change is done."""
        self.stage = Stage(self.stage.right)

    def pending(self):
        """Whether something will be told that was not right before the change."""
        return bool(self.stage.old) and not self.stage.right <= self.stage.old

    def judge(self, asked_in, message):
        """Takes the answer to a question of a stage; whether it is right."""
        answer = Answer(message)
        what = Told(answer.rcode, frozenset((rr[1], rr[3], rr[4]) for rr in answer.answer))
        now = self.stage
        if len(what.rrs) != len(answer.answer) or set(answer.names()) - {self.name} or \
           not (asked_in.allows(what) or now.allows(what)):
            return False
        now.counts[what] += asked_in is now
        if now.old and what not in now.old:
            self.settle()
        return True


class JudgedLoad:
    """Asks questions from a thread, those that are given several times that much more often.

    wrong  answers that are not right
    """

    def __init__(self, server, questions):
        self.server = server
        self.asked = 0
        self.wrong = []
        self._turns = itertools.cycle(questions)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        with contextlib.closing(Udp(self.server.address)) as client:
            try:
                while not self._stop.is_set():
                    self._ask(client)
            except (OSError, ValueError, AssertionError) as error:
                self.wrong.append(f"no answer: {error}")

    def _ask(self, client):
        block = [(judged, judged.stage) for judged in itertools.islice(self._turns, WINDOW)]
        client.send([judged.query for judged, _ in block])
        for (judged, stage), message in zip(block, client.receive(len(block))):
            if not judged.judge(stage, message):
                self.wrong.append(f"{b'.'.join(judged.name).decode()}\n{Answer(message)}")
        self.asked += len(block)

    def until(self, what, condition):
        """Waits for a condition while all answers are right."""
        until(what, lambda: self.wrong or condition(), pause=0.02)
        if self.wrong:
            raise AssertionError(f"{what}: {len(self.wrong)} wrong answers\n" +
                                 "\n".join(self.wrong[:3]))

    def more(self, what):
        """Waits for some answers more."""
        enough = self.asked + 16 * WINDOW
        self.until(what, lambda: self.asked >= enough)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *ignored):
        self._stop.set()
        self._thread.join()
