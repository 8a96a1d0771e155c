# SPDX-License-Identifier: GPL-3.0-or-later
"""Other authoritative servers, each with the same zones on 127.0.0.1, in one thread."""

import os
import shutil
import subprocess

from steer import env, gdnsd, named
from steer.client import ask
from steer.server import Port
from steer.wait import until
from steer.wire import TYPES, labels

PATH = os.environ.get("PATH", "") + ":/usr/sbin"


class Server:
    """A server in a directory of its own; program and command() are those of its kind.

    zones  name -> zone file
    """

    program = None

    def __init__(self, directory, zones, wrapper=()):
        self.directory = directory
        self.zones = zones
        self.wrapper = list(wrapper)
        self.process = None
        port = Port()
        self.address = ("127.0.0.1", port.number)
        self._port = port  # Taken for as long as this lives.
        os.makedirs(directory)

    @classmethod
    def path(cls):
        """The program, or None: it is not installed."""
        return shutil.which(cls.program, path=PATH)

    def command(self):
        raise NotImplementedError

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="ascii") as out:
            out.write(text)
        return path

    def _answers(self):
        if self.process.poll() is not None:
            with open(os.path.join(self.directory, "log"), encoding="utf-8") as log:
                raise AssertionError(f"{self.program} has ended:\n{log.read()}")
        try:
            return all(ask(self, labels(zone), TYPES["SOA"]).rcode == 0 for zone in self.zones)
        except ConnectionError:  # Nobody listens yet.
            return False

    def __enter__(self):
        with open(os.path.join(self.directory, "log"), "wb") as log:
            self.process = subprocess.Popen([*self.wrapper, *self.command()], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        until(f"{self.program} answering", self._answers, pause=0.05)
        return self

    def pid(self):
        return self.process.pid

    def __exit__(self, *ignored):
        self.process.terminate()
        self.process.wait(env.PATIENCE)
        shutil.rmtree(self.directory)


class Bind:
    """named. store: the plugin answers from there."""

    # Nothing else in a message, nothing to do between queries.
    OPTIONS = "recursion no; minimal-responses yes; notify no; dnssec-validation no;"

    def __init__(self, directory, zones, wrapper=(), store=None):
        self.directory = directory
        self.server = named.Named(directory, zones, store=store, options=self.OPTIONS,
                                  words=("-U", "1"))  # One socket.
        self.server.wrapper = list(wrapper)
        self.address = self.server.address

    @staticmethod
    def path():
        return named.NAMED

    def pid(self):
        return self.server.pid()

    def __enter__(self):
        self.server.start()
        if self.server.store is not None:
            self.server.log.wait("steer: serving ")
        return self

    def __exit__(self, *ignored):
        self.server.stop()
        shutil.rmtree(self.directory)


class Pdns(Server):
    """PowerDNS with its LMDB backend. caches: its packet cache and query cache are on."""

    program = "pdns_server"

    def __init__(self, *args, caches=True, **options):
        super().__init__(*args, **options)
        caching = "" if caches else "cache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\n"
        self.write("pdns.conf", f"""
launch=lmdb
lmdb-filename={self.directory}/pdns.lmdb
lmdb-shards=1
lmdb-map-size=2000
local-address=127.0.0.1
local-port={self.address[1]}
socket-dir={self.directory}
enable-lua-records=yes
receiver-threads=1
distributor-threads=1
security-poll-suffix=
{caching}""")
        for name, file in self.zones.items():
            subprocess.run(["pdnsutil", f"--config-dir={self.directory}", "load-zone", name,
                            file], check=True, capture_output=True)

    def command(self):
        return [self.path(), f"--config-dir={self.directory}", "--daemon=no", "--guardian=no",
                "--disable-syslog"]


class Gdnsd:
    """gdnsd. plugins: the section of that name of its configuration."""

    def __init__(self, directory, zones, wrapper=(), plugins=""):
        texts = {}
        for name, file in zones.items():
            with open(file, encoding="ascii") as zone:
                texts[name] = zone.read()
        self.directory = directory
        self.server = gdnsd.Gdnsd(directory, texts, plugins, options=", udp_threads => 1",
                                  wrapper=wrapper)
        self.address = self.server.address

    @staticmethod
    def path():
        return gdnsd.PROGRAM

    def pid(self):
        return self.server.process.pid

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *ignored):
        self.server.stop()
        shutil.rmtree(self.directory)
