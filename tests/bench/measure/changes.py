# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets at a steady pace, and a client that watches for them: programs of tests/stress."""

import re
import subprocess
import tempfile

from measure.questions import APEX
from steer import env
from steer.server import Log

# The writer changes this name; the second zone is not touched by a chain of one link.
ZONES = (APEX, "unused.test")
WATCHED = "chain." + APEX
LINKS = ("-l", "1")

# Seconds within which a change must be seen.
PATIENCE = 10


def address(version):
    """The value of a version of the watched name, as the writer writes it."""
    return ".".join(str(version >> shift & 255) for shift in (24, 16, 8, 0))


class Writer:
    """Commits change sets; each sets the watched name and a random one of a zone of a size."""

    def __init__(self, directory, since, rate, count, drawn=None, how=()):
        words = [env.stress("writer"), "-f", since, "-n", count, "-r", rate, *LINKS, *how]
        words += ["-m", drawn] if drawn else []
        # A pipe would fill up long before the end.
        self.out = tempfile.TemporaryFile("w+", encoding="ascii")
        self.process = subprocess.Popen([str(word) for word in (*words, directory, *ZONES)],
                                        stdout=self.out)

    def end(self):
        """When each version's commit had returned, in nanoseconds."""
        status = self.process.wait()
        if status != 0:
            raise AssertionError(f"the writer ended with {status}")
        self.out.seek(0)
        return {int(version): int(when) for version, when in map(str.split, self.out)}

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.out.close()


class Probe:
    """Asks for the watched name every 200 microseconds."""

    def __init__(self, port):
        self.process = subprocess.Popen(
            [env.stress("probe"), "-p", str(port), *LINKS, *ZONES], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.log = Log(self.process.stdout)
        self.wait(0)

    def wait(self, version):
        """Waits until a version is seen; one that is soon followed by another may never be."""
        self.log.wait(rf"^{version} ", patience=PATIENCE)

    def end(self):
        """When each version was seen first, in nanoseconds; how many were asked and how many of
        them were not answered, or wrongly."""
        self.process.stdin.close()
        self.process.wait()
        self.log.end()
        out = "\n".join(self.log.lines())
        seen = {int(version): int(came) for version, came in
                re.findall(r"^(\d+) \d+ (\d+)$", out, re.M)}
        counts = {word: int(number) for word, number in
                  re.findall(r"(\w+) (\d+)", self.log.lines()[-1])}
        if self.process.returncode != 0 or not counts.get("sent"):
            raise AssertionError(f"the probe says:\n{self.log.tail()}")
        bad = counts["sent"] - counts["answered"] + sum(
            counts[word] for word in ("failed", "mixed", "back"))
        return seen, counts["sent"], bad

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def delays(returned, seen):
    """For each commit, milliseconds from its return to the first answer that has it or a later
    one; none if the answer came first."""
    found = []
    newer = sorted(seen.items(), reverse=True)
    when = None
    for version, at in sorted(returned.items(), reverse=True):
        while newer and newer[0][0] >= version:
            came = newer.pop(0)[1]
            when = came if when is None else min(came, when)
        if when is None:
            raise AssertionError(f"version {version} was never seen")
        found.append(max(0, when - at) / 1e6)
    return sorted(found)


def percentile(values, share):
    """The least of sorted values that so large a share does not exceed."""
    return values[min(len(values) - 1, int(len(values) * share))]
