# SPDX-License-Identifier: GPL-3.0-or-later
"""The C programs next to this folder, compiled when needed."""

import os
import random
import shlex
import subprocess

from measure.questions import APEX, RCODE

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
FLAGS = ["-O2", "-D_GNU_SOURCE"]


def _compile(name, target, *flags):
    compiler = shlex.split(os.environ.get("CC", "cc"))
    subprocess.run([*compiler, *FLAGS, "-o", target, os.path.join(HERE, name + ".c"), *flags],
                   check=True)
    return target


class Tools:
    """Compiles into a directory, each program once. What is asked is drawn anew each time, by a
    seed."""

    def __init__(self, directory, seed):
        self.directory = directory
        self.seeds = random.Random(seed)
        self.next = self.seeds.getrandbits(20)  # Of the names that are asked for once.
        self.made = {}

    def program(self, name):
        return self._get(name, "", [])

    def library(self, name):
        flags = subprocess.run(["pkg-config", "--cflags", "knotd", "libknot"], check=True,
                               capture_output=True, text=True).stdout.split()
        return self._get(name, ".so", ["-shared", "-fPIC", *flags, "-ldl"])

    def _get(self, name, ending, flags):
        if name not in self.made:
            target = os.path.join(self.directory, name + ending)
            self.made[name] = _compile(name, target, *flags)
        return self.made[name]

    def ask(self, address, question, names, count, window=1, edns=False, in_order=False, clients=0):
        """Asks a server, with EDNS if requested, or for that many clients; bytes of all answers.
        Of a large zone it asks for all names of a part, each once, then for those of the next."""
        drawn, step = question.drawn(names)
        words = [self.program("ask"), "-t", address[0], "-p", address[1], "-n", drawn, "-s", step,
                 "-f", question.first, "-c", count, "-w", window, "-r", RCODE[question.rcode],
                 "-a", question.answers, "-d", self.seeds.getrandbits(32)]
        words += ["-e"] if edns else []
        if in_order:
            words += ["-o"]
        elif question.is_once(names):
            words += ["-u", self.next % names]
            self.next += count
        words += ["-k", clients] if clients else []
        words += ["n", question.suffix, question.rrtype]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise AssertionError(f"{question.name} below {APEX}: {done.stderr}")
        return int(done.stdout.split()[0])
