# SPDX-License-Identifier: GPL-3.0-or-later
"""What the processes of servers have in common: ports, logs, and how they begin and end."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time

from steer import env

# Below those that the system assigns by itself (ip_local_port_range), so that no client gets one
# between the choice and the server's start.
PORTS = range(20000, 32000)


class Port:
    """A port that nobody uses, neither over TCP nor UDP; other tests avoid it for as long as this
    process lives: a socket's name marks it as taken, and goes away with the process."""

    def __init__(self):
        self.claim = None
        while self.claim is None:
            self.number = random.SystemRandom().choice(PORTS)
            self.claim = self._claim()

    def _claim(self):
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0steer-test-port-{self.number}")
            for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
                with socket.socket(socket.AF_INET, kind) as one:
                    one.bind(("127.0.0.1", self.number))
        except OSError:
            claim.close()
            return None
        return claim


class Log:
    """Output of a process, line by line, as it comes."""

    def __init__(self, stream):
        self._lines = []
        self._closed = False
        self._news = threading.Condition()
        self._stream = stream
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        with self._stream:
            for line in self._stream:
                with self._news:
                    self._lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._closed = True
            self._news.notify_all()

    def __len__(self):
        with self._news:
            return len(self._lines)

    def lines(self, pattern="", since=0):
        with self._news:
            return [line for line in self._lines[since:] if re.search(pattern, line)]

    def wait(self, pattern, since=0, patience=env.PATIENCE):
        """First line that matches, even if it is yet to come."""
        end = time.monotonic() + patience
        with self._news:
            at = since
            while True:
                for line in self._lines[at:]:
                    if re.search(pattern, line):
                        return line
                at = max(at, len(self._lines))
                left = end - time.monotonic()
                if self._closed or left <= 0:
                    raise AssertionError(f"no '{pattern}' in the log:\n" + self.tail())
                self._news.wait(left)

    def tail(self, count=40):
        return "\n".join("    " + line for line in self._lines[-count:])

    def end(self):
        self._thread.join(env.PATIENCE)


class Unlike(AssertionError):
    """This host has nothing of the kind."""


class Server:
    """One DNS server on 127.0.0.1, with a directory of its own.

    zones      zone name -> zone file
    store      directory of a store: hosted zones are answered from it
    threads    number of workers
    ecs        whether the networks in EDNS Client Subnet count
    primary    another server, from which it has its zones; who asks from there may do anything
    transfers  whether its zones may be transferred
    rotation   whether the values of a record set take turns in being the first
    stats      whether it counts all that it can, which has a cost; knotd does
    """

    # The program, the file with its process id, what is loaded into it to answer hosted zones.
    PROGRAM = PID_FILE = MODULE = None
    # What it logs when it has started, or cannot.
    SETTLED = None

    def __init__(self, directory, zones=None, store=None, threads=1, ecs=False, primary=None,
                 transfers=False, rotation=False, stats=True):
        self.directory = directory
        self.zones = dict(zones or {})
        self.store = store
        self.threads = threads
        self.ecs = ecs
        self.primary = primary
        self.transfers = transfers
        self.rotation = rotation
        self.counts = stats
        self._port = Port()
        self.port = self._port.number
        self.process = None
        self.log = None
        self.wrapper = []
        self.variables = {}
        os.makedirs(directory, exist_ok=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    @property
    def name(self):
        """That of its directory."""
        return os.path.basename(self.directory)

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    def config(self):
        """The text of its configuration."""
        raise NotImplementedError

    def write_config(self, text=None):
        raise NotImplementedError

    def arguments(self):
        """Words of its command line."""
        raise NotImplementedError

    def spawn(self):
        """Starts it without waiting for anything."""
        self.write_config()
        # Its own session, so that a strace around it ends with it.
        self.process = subprocess.Popen(
            [*self.wrapper, self.PROGRAM, *self.arguments()], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
            env=env.environment(host=True, **self.variables))
        self.log = Log(self.process.stderr)

    def spawn_bound(self):
        """Starts it until it has its ports, from which libunbound, in some steerd, may just have
        sent a query: it takes ports at random, whoever has claimed them here."""
        end = time.monotonic() + env.PATIENCE
        self.spawn()
        self.log.wait(self.SETTLED)
        while self.log.lines("address (already )?in use"):
            if time.monotonic() > end:
                raise AssertionError(self.log.tail())
            self.stop(good=False)
            self.spawn()
            self.log.wait(self.SETTLED)

    def pid(self):
        """Process id of the server, even under a wrapper."""
        if not self.wrapper:
            return self.process.pid
        with open(self.path(self.PID_FILE), encoding="ascii") as file:
            return int(file.read())

    def assert_built_module(self):
        """The steer.so in memory is the one under test."""
        env.assert_mapped(self.pid(), self.MODULE)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """kill -9"""
        os.kill(self.pid(), signal.SIGKILL)
        self.process.wait(env.PATIENCE)
        self.log.end()
        self.process = None

    def stop(self, good=True):
        """Ends it; a crash, a bad exit status or a sanitizer's report is an error."""
        if self.process is None:
            return
        if self.alive():
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                os.kill(self.pid(), signal.SIGTERM)
        try:
            status = self.process.wait(env.PATIENCE * 2)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            status = "none: it did not end"
        self.log.end()
        self.process = None
        report = env.sanitizer_reports("\n".join(self.log.lines()))
        if good and (status != 0 or report):
            raise AssertionError(f"{os.path.basename(self.PROGRAM)} ended with status {status}: "
                                 f"{report or ''}\n{self.log.tail(120)}")
