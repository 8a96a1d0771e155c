# SPDX-License-Identifier: GPL-3.0-or-later
"""A named of its own: directory, configuration, control, log."""

import contextlib
import os
import re
import shutil
import subprocess
import unittest

from steer import env
from steer.case import Case
from steer.server import Port, Server, Unlike

NAMED, CHECKCONF, RNDC = (
    shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    for name in ("named", "named-checkconf", "rndc"))

# Severities are shown, which -g does not do.
LOGGING = """logging {
    channel all { stderr; severity info; print-severity yes; print-category yes; };
    category default { all; };
};
"""
KEY = ('key "control" { algorithm hmac-sha256; '
       'secret "c3RlZXIgc3RvcmllcyBuZWVkIG5vIHNlY3JldHM="; };\n')

# Messages hold what Knot's do, and values have the order in which they were put there.
AS_KNOT = "recursion no; minimal-responses no-auth; rrset-order {{ order {order}; }};"
SECONDARY = ("type secondary; primaries {{ 127.0.0.1 port {port}; }}; masterfile-format text; "
             "allow-notify {{ 127.0.0.1; }}; allow-transfer {{ 127.0.0.1; }}; "
             "allow-update-forwarding {{ 127.0.0.1; }}; notify no;")


class Named(Server):
    """One named on 127.0.0.1, without recursion, that heeds client subnets.

    options  more lines of the options section, or ones that replace them
    zone     zone name -> more lines of its section
    extra    more sections
    views    name -> what a view contains; the plugin and the zones are in each of them
    words    more words of the command line
    """

    PROGRAM, PID_FILE, MODULE = NAMED, "named.pid", env.BIND_PLUGIN
    SETTLED = r"\brunning$|exiting \(due to"

    def __init__(self, directory, zones=None, options="recursion no;", zone=None, extra="",
                 views=None, words=(), ecs=True, **more):
        super().__init__(directory, zones, ecs=ecs, **more)
        self.options = options
        self.zone = dict(zone or {})
        self.extra = extra
        self.views = views
        self.words = list(words)
        self._control_port = Port()
        self.control_port = self._control_port.number

    def _kind(self):
        """Of its zones, unless another is given."""
        if self.primary is not None:
            return SECONDARY.format(port=self.primary.port)
        return "type primary;" + (" allow-transfer { any; };" if self.transfers else "")

    def _contents(self):
        """What belongs to a view."""
        text = ""
        if self.store is not None:
            text += (f'plugin query "{self.MODULE}" {{ storage "{self.store}"; '
                     f'threads {self.threads}; ecs {"yes" if self.ecs else "no"}; }};\n')
        for name, file in self.zones.items():
            text += (f'zone "{name}" {{ {self.zone.get(name, self._kind())} '
                     f'file "{file}"; }};\n')
        return text

    def config(self):
        text = (f'options {{\n    directory "{self.directory}";\n    pid-file "named.pid";\n'
                f"    listen-on port {self.port} {{ 127.0.0.1; }};\n    listen-on-v6 {{ none; }};\n"
                f"    session-keyfile none;\n    empty-zones-enable no;\n"
                f"    dnssec-validation no;\n    {self.options}\n}};\n"
                f"{LOGGING}{KEY}controls {{ inet 127.0.0.1 port {self.control_port} "
                f'allow {{ 127.0.0.1; }} keys {{ "control"; }}; }};\n{self.extra}')
        if self.views is None:
            return text + self._contents()
        return text + "".join(f'view "{name}" {{\n{lines}\n{self._contents()}}};\n'
                              for name, lines in self.views.items())

    def write_config(self, text=None):
        for name, content in (("named.conf", self.config() if text is None else text),
                              ("rndc.key", KEY)):
            with open(self.path(name), "w", encoding="utf-8") as out:
                out.write(content)

    def check(self, text=None):
        """named-checkconf: exit status and output."""
        self.write_config(text)
        done = subprocess.run([CHECKCONF, self.path("named.conf")], text=True, check=False,
                              capture_output=True, env=env.environment(host=True),
                              timeout=env.PATIENCE * 2)
        return done.returncode, done.stdout + done.stderr

    def arguments(self):
        return ["-f", "-L", "/dev/stderr", "-c", self.path("named.conf"), "-n", str(self.threads),
                *self.words]

    def start(self, wait=True):
        """Starts named until it serves; only then it says that it has started."""
        del wait
        self.spawn_bound()
        if self.store is not None:
            self.assert_built_module()
        return self

    def control(self, *words):
        """Runs rndc; it returns when named has done it."""
        done = subprocess.run([RNDC, "-s", "127.0.0.1", "-p", str(self.control_port), "-k",
                               self.path("rndc.key"), *words], text=True, check=False,
                              capture_output=True, timeout=env.PATIENCE * 2)
        if done.returncode != 0:
            raise AssertionError(f"rndc {' '.join(words)}: {done.stdout}{done.stderr}\n"
                                 f"{self.log.tail()}")
        return done.stdout

    def serial(self, apex):
        """Serial of a zone as named reports it, whatever it answers; None: it is not there."""
        with contextlib.suppress(AssertionError):
            found = re.search(r"^serial: (\d+)", self.control("zonestatus", apex), re.M)
            return int(found.group(1)) if found else None

    def reload_zone(self, apex):
        self.control("reload", apex)

    def stats(self, *_):
        raise Unlike("BIND has no statistics of plugins, and others than Knot")

    def transfers_in(self):
        raise Unlike("BIND does not log of which kind a transfer was")

    def reload(self):
        """Has it read its configuration, and load zones that it has not got."""
        self.write_config()
        return self.control("reconfig")


@unittest.skipIf(env.BIND_PLUGIN is None, "the plugin of BIND is not built")
@unittest.skipIf(None in (NAMED, CHECKCONF, RNDC), "named, named-checkconf or rndc is missing")
class NamedCase(Case):
    """A story of named."""

    def named(self, name="named", **options):
        """A named, not yet started; it is stopped at the end, and a bad exit fails the test."""
        server = Named(self.path(name), **options)
        self.addCleanup(server.stop)
        return server

    def loaded(self, server):
        """Waits until a started named has opened its store."""
        server.log.wait("steer: serving ")
        return server
