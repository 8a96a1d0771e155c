# SPDX-License-Identifier: GPL-3.0-or-later
"""A gdnsd of its own, if it is installed."""

import os
import shutil
import subprocess

from steer import env
from steer.client import ask
from steer.server import Port
from steer.wait import until
from steer.wire import TYPES, labels

PROGRAM = shutil.which("gdnsd", path=os.environ.get("PATH", "") + ":/usr/sbin")


class Gdnsd:
    """One gdnsd on 127.0.0.1.

    zones    zone name -> text of the zone file
    plugins  the section of that name of its configuration
    files    other files in the folder of its configuration: name -> content
    options  more of its options
    services the section service_types of its configuration
    forced   states that it begins with, as admin_state has them
    wrapper  what it is run by
    """

    def __init__(self, directory, zones, plugins, files=None, options="", wrapper=(),
                 services="", forced=""):
        self.directory = directory
        self.wrapper = list(wrapper)
        self._port = Port()
        self.address = ("127.0.0.1", self._port.number)
        self.zone = next(iter(zones))
        self.process = None
        for folder in ("run", "state", "etc/zones", "etc/geoip"):
            os.makedirs(os.path.join(directory, folder))
        config = (f"options => {{ listen => 127.0.0.1:{self._port.number}, "
                  f"run_dir => {directory}/run, state_dir => {directory}/state {options} }}\n"
                  f"service_types => {{ {services} }}\nplugins => {{ {plugins} }}\n")
        texts = {"config": config, **{f"zones/{name}": text for name, text in zones.items()},
                 **(files or {})}
        for name, text in texts.items():
            with open(os.path.join(directory, "etc", name), "wb") as out:
                out.write(text if isinstance(text, bytes) else text.encode())
        if forced:
            with open(os.path.join(directory, "state", "admin_state"), "w", encoding="utf-8") as out:
                out.write(forced)

    def start(self):
        with open(os.path.join(self.directory, "log"), "wb") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, PROGRAM, "-c", os.path.join(self.directory, "etc"), "start"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until("gdnsd answering", self._answers, pause=0.05)
        return self

    def _answers(self):
        if self.process.poll() is not None:
            with open(os.path.join(self.directory, "log"), encoding="utf-8") as log:
                raise AssertionError(f"gdnsd has ended:\n{log.read()}")
        try:
            return ask(self, labels(self.zone), TYPES["SOA"])
        except ConnectionError:  # Nobody listens yet.
            return None

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(env.PATIENCE)
            self.process = None
