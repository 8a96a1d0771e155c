# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that resolves in the way of steerd (tests/stress/resolve.c)."""

import contextlib
import os
import subprocess

from steer import env
from steer.server import Log

LISTEN = "0A"  # In /proc/net/tcp.


class Resolving:
    """options  of its command line: -a TRUST_ANCHORS, -c CA_FILE, -r ROOT_HINTS"""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [env.stress("resolve"), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1, env=env.environment())
        self.log = Log(self.process.stdout)

    def tell(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")

    def configure(self, *servers):
        self.tell("configure", *servers)

    def ports(self):
        """Ports that it listens on."""
        own = set()
        for fd in os.listdir(f"/proc/{self.process.pid}/fd"):
            with contextlib.suppress(OSError):
                own.add(os.readlink(f"/proc/{self.process.pid}/fd/{fd}"))
        with open(f"/proc/{self.process.pid}/net/tcp", encoding="ascii") as file:
            sockets = [line.split() for line in list(file)[1:]]
        return [int(fields[1].split(":")[1], 16) for fields in sockets
                if fields[3] == LISTEN and f"socket:[{fields[9]}]" in own]

    def ask(self, name, rrtype="A", verb="ask"):
        """What the response says."""
        since = len(self.log)
        self.tell(verb, name, rrtype)
        question = f"{name} {rrtype}: "
        return self.log.wait("^" + question.replace(".", r"\."), since)[len(question):]

    def stop(self):
        self.process.stdin.close()
        status = self.process.wait(env.PATIENCE)
        self.log.end()
        if status != 0:
            raise AssertionError(f"resolve ended with status {status}:\n{self.log.tail()}")
