# SPDX-License-Identifier: GPL-3.0-or-later
"""What knotd's refresher does for a commit of steerd's: a check that flips among many, or only a
heartbeat."""

import contextlib
import subprocess

from measure import callgrind
from measure.groups import write_documents
from steer import env

TABLE = "instructions of the refresher for a commit of steerd's"
COLUMNS = ("of 100 checks", "of many")
FEW = 100
AIM = 50000
AT_ONCE = 1000  # That tests/stress/status takes.


class Commits:
    """A store with probed checks, all up, and the commits that its steerd would make."""

    def __init__(self, rig, checks):
        self.store = rig.new_store(f"{checks}.refreshed")
        rig.import_yaml(self.store, write_documents(rig.path("refreshed.yaml"), [{"health": {
            f"c{at}": {"type": "tcp", "address": "192.0.2.1", "port": 53}
            for at in range(checks)}}]), "yaml")
        for first in range(0, checks, AT_ONCE):
            self._write("heartbeat 0", *(f"state c{at} up" for at in
                                         range(first, min(first + AT_ONCE, checks))))
        self.down = 0  # Checks that went down so far, from the first one on.

    def _write(self, *lines):
        subprocess.run([env.stress("status"), self.store.directory], check=True, text=True,
                       input="".join(f"{line}\n" for line in lines))

    def flip(self):
        self._write("heartbeat 0", f"state c{self.down} down")
        self.down += 1

    def heartbeat(self):
        self._write("heartbeat 0")


class Refresher:
    """tests/stress/refresh under callgrind."""

    def __init__(self, rig, directory):
        prefix = rig.path("callgrind")
        self.process = subprocess.Popen(
            [*callgrind.wrapper(prefix), env.stress("refresh"), directory], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.transaction = self._read()
        self.counter = callgrind.Counter(prefix, self.process.pid)

    def _read(self):
        return int(self.process.stdout.readline())

    def _refresh(self):
        self.transaction += 1
        print(file=self.process.stdin, flush=True)
        seen = self._read()
        if seen != self.transaction:
            raise AssertionError(f"transaction {seen} instead of {self.transaction} was seen")

    def cost(self, commit, counts):
        """Instructions for a commit."""
        def work(count):
            for _ in range(count):
                commit()
                self._refresh()
        return callgrind.slope(self.counter, work, counts)[0]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def _costs(rig, checks, counts):
    commits = Commits(rig, checks)
    with contextlib.closing(Refresher(rig, commits.store.directory)) as refresher:
        return [refresher.cost(commit, counts) for commit in (commits.flip, commits.heartbeat)]


def measure(rig, report, checks, counts):
    for title, aim, few, many in zip(("a check that flips", "a heartbeat"), (AIM, None),
                                     _costs(rig, FEW, counts), _costs(rig, checks, counts)):
        report.add(TABLE, title, checks, few, many, aim, by="own", columns=COLUMNS)
    report.show()
