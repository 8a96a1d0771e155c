# SPDX-License-Identifier: GPL-3.0-or-later
"""A knotd of its own: run directory, configuration, control, log."""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

from steer import env
from steer.wait import until

# Every option of mod-stats.
STATS = """
mod-stats:
  - id: default
    request-protocol: on
    server-operation: on
    request-bytes: on
    response-bytes: on
    edns-presence: on
    flag-presence: on
    response-code: on
    request-edns-option: on
    response-edns-option: on
    reply-nodata: on
    query-type: on
    query-size: on
    reply-size: on
"""


XDP = """
xdp:
    listen: {interface}@53
    tcp: on
"""

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


class Knot:
    """One knotd on 127.0.0.1.

    zones    zone name -> zone file
    store    directory of a store: mod-steer is loaded, last among the global modules
    modules  names of other global modules, before it ("mod-stats/default", ...)
    xdp      a network interface on which it answers over AF_XDP, too
    server, template, zone, extra   more lines for these sections, or whole sections
    confdb   the configuration goes into a configuration database
    """

    def __init__(self, directory, zones=None, store=None, modules=("mod-stats/default",),
                 server="", template="", zone=None, extra="", confdb=False, global_scope=True,
                 user=None, threads=1, semantic="off", xdp=None):
        self.directory = directory
        self.zones = dict(zones or {})
        self.store = store
        self.modules = list(modules)
        self.server = server
        self.template = template
        self.zone = dict(zone or {})
        self.extra = extra
        self.confdb = confdb
        self.global_scope = global_scope
        self.user = user
        self.threads = threads
        self.semantic = semantic
        self.xdp = xdp
        self._port = Port()
        self.port = self._port.number
        self.process = None
        self.log = None
        self.wrapper = []
        self.variables = {}
        os.makedirs(directory, exist_ok=True)
        os.makedirs(self._in("db"), exist_ok=True)
        if user is not None:
            for path in (directory, self._in("db")):
                shutil.chown(path, *user)

    def _in(self, name):
        return os.path.join(self.directory, name)

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    def config(self):
        user = f"    user: {':'.join(self.user)}\n" if self.user else ""
        text = (f"server:\n    rundir: {self.directory}\n"
                f"    listen: 127.0.0.1@{self.port}\n"
                f"    udp-workers: {self.threads}\n    tcp-workers: {self.threads}\n"
                f"    background-workers: 1\n    tcp-idle-timeout: 600\n"
                f"{user}{self.server}"
                f"{'' if self.xdp is None else XDP.format(interface=self.xdp)}"
                f"log:\n  - target: stderr\n    any: info\n"
                f"database:\n    storage: {self._in('db')}\n")
        modules = list(self.modules)
        if "mod-stats/default" in modules:
            text += STATS
        text += self.extra
        if self.store is not None:
            text += (f"module:\n  - id: mod-steer\n    file: {env.MODULE}\n"
                     f"mod-steer:\n  - id: default\n    storage: {self.store}\n")
            if self.global_scope:
                modules.append("mod-steer/default")
        text += "template:\n  - id: default\n"
        if modules:
            text += f"    global-module: [{', '.join(modules)}]\n"
        text += (f"    semantic-checks: {self.semantic}\n    zonefile-sync: -1\n"
                 f"    journal-content: none\n{self.template}")
        if self.zones or self.zone:
            text += "zone:\n"
        for name, file in self.zones.items():
            text += f"  - domain: \"{name}\"\n    file: {file}\n{self.zone.get(name, '')}"
        return text

    def write_config(self, text=None):
        with open(self._in("knot.conf"), "w", encoding="utf-8") as out:
            out.write(self.config() if text is None else text)

    def _config_arguments(self):
        if self.confdb:
            return ["-C", self._in("confdb")]
        return ["-c", self._in("knot.conf")]

    def check(self):
        """knotc conf-check: exit status and output."""
        self.write_config()
        return self.knotc("conf-check")

    def knotc(self, *words):
        """Runs knotc with the configuration."""
        done = subprocess.run([env.KNOTC, *self._config_arguments(), *words], text=True,
                              capture_output=True, env=env.environment(host=True), check=False,
                              timeout=env.PATIENCE * 2)
        return done.returncode, done.stdout + done.stderr

    def control(self, *words):
        """Runs knotc through the socket, without opening the configuration."""
        done = subprocess.run([env.KNOTC, "-s", self._in("knot.sock"), "-t", "60", *words],
                              text=True, capture_output=True, env=env.environment(host=True),
                              check=False, timeout=env.PATIENCE * 2)
        if done.returncode != 0:
            raise AssertionError(f"knotc {' '.join(words)}: {done.stdout}{done.stderr}"
                                 f"\n{self.log.tail() if self.log else ''}")
        return done.stdout

    def spawn(self):
        """Starts knotd without waiting for anything."""
        self.write_config()
        if self.confdb and not os.path.exists(self._in("confdb")):
            status, text = self.knotc("conf-import", self._in("knot.conf"))
            assert status == 0, text
        # Its own session, so that a strace around it ends with it.
        self.process = subprocess.Popen(
            [*self.wrapper, env.KNOTD, *self._config_arguments()], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
            env=env.environment(host=True, **self.variables))
        self.log = Log(self.process.stderr)

    def _spawn_bound(self):
        """Starts knotd until it has its port, from which libunbound, in some steerd, may just have
        sent a query: it takes ports at random, whoever has claimed them here."""
        end = time.monotonic() + env.PATIENCE
        self.spawn()
        while "in use" in self.log.wait("server started|address already in use"):
            if time.monotonic() > end:
                raise AssertionError(self.log.tail())
            self.process.wait(env.PATIENCE)
            self.log.end()
            self.spawn()

    def start(self, wait=True):
        """Starts knotd; wait: until all its zones are served."""
        self._spawn_bound()
        until("the control socket", lambda: os.path.exists(self._in("knot.sock")))
        if wait:
            self.loaded()
        if self.store is not None and self.global_scope:
            self.assert_built_module()
        return self

    def loaded(self):
        """Waits until every zone is served."""
        def all_there():
            bad = self.log.lines(" error: \\[")
            if bad:
                raise AssertionError("a zone cannot be loaded:\n" + "\n".join(bad))
            return len(re.findall(r"serial: \d", self.control("zone-status"))) == len(self.zones)
        if self.zones:
            until("all zones being loaded", all_there, pause=0.02)

    def pid(self):
        """Process id of knotd, even under a wrapper."""
        if not self.wrapper:
            return self.process.pid
        with open(self._in("knot.pid"), encoding="ascii") as file:
            return int(file.read())

    def assert_built_module(self):
        """The steer.so in memory is the one under test."""
        env.assert_mapped(self.pid(), env.MODULE)

    def stats(self, prefix="mod-stats."):
        """knotc stats as a dict, without zeros."""
        text = self.control("stats")
        found = dict(re.findall(r"^(\S+) = (\d+)$", text, re.M))
        return {name: int(value) for name, value in found.items()
                if name.startswith(prefix) and value != "0"}

    def reload(self):
        self.write_config()
        return self.control("reload")

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """kill -9"""
        os.kill(self.pid(), signal.SIGKILL)
        self.process.wait(env.PATIENCE)
        self.log.end()
        self.process = None

    def stop(self):
        """Ends knotd; a crash, a bad exit status or a sanitizer's report is an error."""
        if self.process is None:
            return
        if self.alive():
            try:
                os.kill(self.pid(), signal.SIGTERM)
            except (ProcessLookupError, FileNotFoundError):
                pass
        try:
            status = self.process.wait(env.PATIENCE * 2)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            status = "none: it did not end"
        self.log.end()
        self.process = None
        report = env.sanitizer_reports("\n".join(self.log.lines()))
        if status != 0 or report:
            raise AssertionError(f"knotd ended with status {status}: {report or ''}\n"
                                 f"{self.log.tail(120)}")
