# SPDX-License-Identifier: GPL-3.0-or-later
"""A knotd of its own: run directory, configuration, control, log."""

import contextlib
import os
import re
import shutil
import subprocess

from steer import env
from steer.server import Server
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

ECS = "    edns-client-subnet: on\n"
ROTATION = "    answer-rotation: on\n"

ACL = """
acl:
  - id: local
    address: 127.0.0.1
    action: [{actions}]
"""
PRIMARY = ACL.format(actions="transfer, notify, update") + """
remote:
  - id: primary
    address: 127.0.0.1@{port}
"""
SECONDARY = "    master: primary\n    acl: local\n    journal-content: changes\n"


class Knot(Server):
    """One knotd on 127.0.0.1.

    modules  names of other global modules, before mod-steer; mod-stats alone if it counts
    xdp      a network interface on which it answers over AF_XDP, too
    server, template, zone, extra   more lines for these sections, or whole sections
    confdb   the configuration goes into a configuration database
    """

    PROGRAM, PID_FILE, MODULE = env.KNOTD, "knot.pid", env.MODULE
    SETTLED = "server started|address already in use"

    def __init__(self, directory, zones=None, modules=None, server="", template="", zone=None,
                 extra="", confdb=False, global_scope=True, user=None, semantic="off", xdp=None,
                 **more):
        super().__init__(directory, zones, **more)
        if modules is None:
            modules = ("mod-stats/default",) if self.counts else ()
        self.modules = list(modules)
        self.server = server
        self.template = template
        self.zone = dict(zone or {})
        self.extra = extra
        self.confdb = confdb
        self.global_scope = global_scope
        self.user = user
        self.semantic = semantic
        self.xdp = xdp
        os.makedirs(self.path("db"), exist_ok=True)
        if user is not None:
            for path in (directory, self.path("db")):
                shutil.chown(path, *user)

    def config(self):
        user = f"    user: {':'.join(self.user)}\n" if self.user else ""
        text = (f"server:\n    rundir: {self.directory}\n"
                f"    listen: 127.0.0.1@{self.port}\n"
                f"    udp-workers: {self.threads}\n    tcp-workers: {self.threads}\n"
                f"    background-workers: 1\n    tcp-idle-timeout: 600\n"
                f"{user}{ECS if self.ecs else ''}"
                f"{ROTATION if self.rotation else ''}{self.server}"
                f"{'' if self.xdp is None else XDP.format(interface=self.xdp)}"
                f"log:\n  - target: stderr\n    any: info\n"
                f"database:\n    storage: {self.path('db')}\n")
        modules = list(self.modules)
        if "mod-stats/default" in modules:
            text += STATS
        if self.primary is not None:
            text += PRIMARY.format(port=self.primary.port)
        elif self.transfers:
            text += ACL.format(actions="transfer")
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
            text += f"  - domain: \"{name}\"\n    file: {file}\n"
            if self.primary is not None:
                text += SECONDARY
            elif self.transfers:
                text += "    acl: local\n"
            text += self.zone.get(name, "")
        return text

    def write_config(self, text=None):
        with open(self.path("knot.conf"), "w", encoding="utf-8") as out:
            out.write(self.config() if text is None else text)

    def arguments(self):
        if self.confdb:
            return ["-C", self.path("confdb")]
        return ["-c", self.path("knot.conf")]

    def check(self):
        """knotc conf-check: exit status and output."""
        self.write_config()
        return self.knotc("conf-check")

    def knotc(self, *words):
        """Runs knotc with the configuration."""
        done = subprocess.run([env.KNOTC, *self.arguments(), *words], text=True,
                              capture_output=True, env=env.environment(host=True), check=False,
                              timeout=env.PATIENCE * 2)
        return done.returncode, done.stdout + done.stderr

    def _through_socket(self, *words):
        return subprocess.run([env.KNOTC, "-s", self.path("knot.sock"), "-t", "60", *words],
                              text=True, capture_output=True, env=env.environment(host=True),
                              check=False, timeout=env.PATIENCE * 2)

    def takes_commands(self):
        """Whether knotd listens on its control socket, which is there before it does."""
        return self._through_socket("status").returncode == 0

    def control(self, *words):
        """Runs knotc through the socket, without opening the configuration."""
        done = self._through_socket(*words)
        if done.returncode != 0:
            raise AssertionError(f"knotc {' '.join(words)}: {done.stdout}{done.stderr}"
                                 f"\n{self.log.tail() if self.log else ''}")
        return done.stdout

    def spawn(self):
        self.write_config()
        if self.confdb and not os.path.exists(self.path("confdb")):
            status, text = self.knotc("conf-import", self.path("knot.conf"))
            assert status == 0, text
        with contextlib.suppress(FileNotFoundError):  # Of one that was killed.
            os.remove(self.path("knot.sock"))
        super().spawn()

    def start(self, wait=True):
        """Starts knotd; wait: until all its zones are served."""
        self.spawn_bound()
        until("commands being taken", self.takes_commands)
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

    def stats(self, prefix="mod-stats."):
        """knotc stats as a dict, without zeros."""
        text = self.control("stats")
        found = dict(re.findall(r"^(\S+) = (\d+)$", text, re.M))
        return {name: int(value) for name, value in found.items()
                if name.startswith(prefix) and value != "0"}

    def serial(self, apex):
        """Serial of a zone as knotd reports it, whatever it answers; None: it is not there."""
        found = re.search(r"serial: (\d+)", self.control("zone-status", apex))
        return int(found.group(1)) if found else None

    def transfers_in(self):
        """Kinds of the transfers that have come, in their order."""
        return [re.search("[AI]XFR", line)[0]
                for line in self.log.lines("[AI]XFR, incoming.*finished")]

    def reload_zone(self, apex):
        self.control("zone-reload", apex)

    def reload(self):
        self.write_config()
        return self.control("reload")
