# SPDX-License-Identifier: GPL-3.0-or-later
"""Any number of clients: dnsperf."""

import collections
import random
import re
import signal
import subprocess
import time

from measure.questions import APEX, DISTANCE
from steer.server import Log

# Names that dnsperf asks for again and again; more would only thrash its cache.
DRAWN = 300000

# Share of the highest rate that a server takes: a busy server.
SHARE = 0.8

# Seconds after which an answer counts as lost, and between samples of the rate.
TIMEOUT = 1
LOOKS = 0.1
FOREVER = 86400

Result = collections.namedtuple("Result", "seconds completed failed slowest")


def write_questions(path, names):
    """Random names of a zone of that size, as dnsperf reads them."""
    draw = random.Random(names)
    with open(path, "w", encoding="ascii") as out:
        for _ in range(min(DRAWN, names * 10)):
            out.write(f"n{draw.randrange(names) * DISTANCE:08}.{APEX} A\n")
    return path


def _number(pattern, text):
    found = re.search(pattern, text)
    if not found:
        raise AssertionError(f"dnsperf says:\n{text}")
    return float(found.group(1))


class Load:
    """A running dnsperf."""

    def __init__(self, port, questions, rate=None, seconds=FOREVER):
        # Line-buffered, or it would report its start only at the end.
        words = ["stdbuf", "-oL", "dnsperf", "-s", "127.0.0.1", "-p", port, "-d", questions,
                 "-c", 4, "-T", 1, "-t", TIMEOUT, "-S", LOOKS, "-l", seconds]
        words += ["-Q", int(rate)] if rate else []
        self.process = subprocess.Popen([str(word) for word in words], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.log = Log(self.process.stdout)
        self.log.wait("Sending queries")
        self.said = None

    def end(self):
        """Waits for its end: what it sent and received."""
        status = self.process.wait()
        self.log.end()
        self.said = "\n".join(self.log.lines())
        if status != 0:
            raise AssertionError(f"dnsperf says:\n{self.log.tail()}")
        completed = _number(r"Queries completed: +(\d+)", self.said)
        good = _number(r"Response codes: +NOERROR (\d+)", self.said)
        lost = _number(r"Queries lost: +(\d+)", self.said)
        return Result(_number(r"Run time \(s\): +([\d.]+)", self.said), completed,
                      lost + completed - good,
                      _number(r"Average Latency.*max ([\d.]+)\)", self.said))

    def stop(self):
        """Ends it once it knows for all questions so far whether they were answered."""
        time.sleep(TIMEOUT + LOOKS)
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def rate(self, began, ended):
        """After its end: queries a second between two times of the wall clock."""
        looks = [float(rate) for when, rate in
                 re.findall(r"^(\d+\.\d+): (\d+\.\d+)$", self.said, re.M)
                 if began + LOOKS <= float(when) <= ended]
        return sum(looks) / len(looks) if looks else None

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def run(port, questions, seconds):
    with Load(port, questions, seconds=seconds) as load:
        return load.end()


def maximum(port, questions, seconds, tries):
    """The most queries a second that a server takes; the best of some tries."""
    results = [run(port, questions, seconds) for _ in range(tries)]
    return max(result.completed / result.seconds for result in results)
