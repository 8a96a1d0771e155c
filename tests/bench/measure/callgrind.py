# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions per query: the slope between a smaller and a larger number of queries."""

import collections
import glob
import os
import re
import subprocess

_NAME = re.compile(r"^(fn|cfn|ob|cob|fl|fi|fe|cfi|cfl)=\((\d+)\)(?: (.*))?$")


def wrapper(prefix):
    """Counts nothing until it is told to, so that a zone loads in reasonable time."""
    return ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--dump-instr=no",
            f"--callgrind-out-file={prefix}", "-q"]


def read_profile(path):
    """Instructions by function (name, object), without those of what it calls."""
    names = {"fn": {}, "ob": {}}
    cost = collections.Counter()
    function, binary, skip = None, None, False
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = _NAME.match(line)
            if found:
                key, number, name = found.groups()
                table = names.get(key[-2:])
                if table is not None:
                    if name is not None:
                        table[number] = name
                    if key == "fn":
                        function = table[number]
                    elif key == "ob":
                        binary = os.path.basename(table[number])
            elif line.startswith("calls="):
                skip = True
            elif line[:1].isdigit() or line[:1] in "+-*":
                fields = line.split()
                if not skip and len(fields) > 1:
                    cost[function, binary] += int(fields[1])
                skip = False
    return cost


class Counter:
    """Counts the instructions of a knotd under callgrind."""

    def __init__(self, prefix, pid):
        self.prefix = prefix
        self.pid = str(pid)
        self._control("-i", "on")

    def _control(self, *words):
        done = subprocess.run(["callgrind_control", *words, self.pid], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0 or "Error" in done.stdout + done.stderr:
            raise AssertionError(f"callgrind_control {words}: {done.stdout}{done.stderr}")

    def _dumps(self):
        return set(glob.glob(glob.escape(self.prefix) + ".*"))

    def count(self, work):
        """Instructions by function while some work is done."""
        self._control("-z")
        before = self._dumps()
        work()
        self._control("-d")
        cost = collections.Counter()
        for path in self._dumps() - before:
            cost.update(read_profile(path))
            os.remove(path)
        return cost


def slope(counter, ask, counts):
    """Instructions per query, in all and by function; ask(count) asks."""
    few, many = counts
    ask(few // 2)  # What only a first query costs.
    small = counter.count(lambda: ask(few))
    large = counter.count(lambda: ask(many))
    each = {function: (cost - small[function]) / (many - few) for function, cost in large.items()}
    return sum(each.values()), each
