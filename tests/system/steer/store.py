# SPDX-License-Identifier: GPL-3.0-or-later
"""A store and the steerctl that manages it."""

import collections
import os
import subprocess

from steer import env
from steer.wait import until

Result = collections.namedtuple("Result", "status out err")

# The default of 1 TiB of address space is fine for knotd, but not for a sanitizer's core dump.
MAP_SIZE = "4G"


def _text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Store:
    """A store in a directory."""

    def __init__(self, directory, prefix=()):
        self.directory = directory
        self.prefix = list(prefix)

    def command(self, *words):
        return [*self.prefix, env.STEERCTL, "-d", self.directory, *words]

    def start(self, *words, **more):
        """Starts a steerctl without waiting for it."""
        return subprocess.Popen(self.command(*words), text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                env=env.environment(), **more)

    def run(self, *words, text=None):
        """Runs steerctl; the caller judges the result."""
        done = subprocess.run(self.command(*words), input=text, text=True, capture_output=True,
                              env=env.environment(), check=False, timeout=env.PATIENCE * 5)
        report = env.sanitizer_reports(done.stderr)
        if done.returncode < 0 or report:
            raise AssertionError(f"steerctl {' '.join(words)} ended with {done.returncode}:\n"
                                 f"{done.stderr[:8000]}")
        return Result(done.returncode, done.stdout, done.stderr)

    def ok(self, *words):
        """Runs steerctl, which must succeed; returns its output."""
        result = self.run(*words)
        if result.status != 0:
            raise AssertionError(f"steerctl {' '.join(words[:6])} gave {result.status}:\n"
                                 f"{result.out[:2000]}{result.err[:2000]}")
        return result.out

    def init(self, *options):
        if "--map-size" not in options:
            options += ("--map-size", MAP_SIZE)
        self.ok("init", *options)
        return self

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def stopped(self, trace, *words, call="fdatasync", path=None, out=subprocess.DEVNULL):
        """
        A steerctl stopped at its first call of this name, of the file with that path if given: in
        the middle of its commit if nothing is. The strace that runs it, and its process.
        """
        of_path = () if path is None else ("-P", path)
        tracer = subprocess.Popen(
            ["strace", "-o", trace, *of_path, "-e", f"trace={call}", "-e",
             f"inject={call}:signal=SIGSTOP:when=1", *self.command(*words)],
            stdout=out, stderr=subprocess.DEVNULL, text=True,
            env=env.environment(ASAN_OPTIONS="detect_leaks=0"))
        until(f"the first {call}", lambda: os.path.exists(trace) and
              "stopped by SIGSTOP" in _text(trace))
        with open(f"/proc/{tracer.pid}/task/{tracer.pid}/children", encoding="ascii") as file:
            return tracer, int(file.read())
