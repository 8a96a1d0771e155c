# SPDX-License-Identifier: GPL-3.0-or-later
"""Zone files, stores and servers of one size."""

import contextlib
import glob
import os
import re
import shutil

from measure import groups
from measure.changes import WATCHED, address
from measure.questions import APEX, BESIDE, BESIDE_NAMES, write_zone
from measure.tools import Tools
from steer import env
from steer.knot import Knot
from steer.store import Store
from steer.wait import until

# valgrind 3.19 cannot map the default size of a store.
MAP_SIZE = "16G"
ECS = "    edns-client-subnet: on\n"
MANY = 100  # Zones.


class Server(Knot):
    """A knotd whose start can be timed: nothing asks it whether it is ready."""

    def loaded(self):
        if len(self.zones) > MANY:  # Of these it takes longer to look for each.
            until("all zones being loaded",
                  lambda: len(self.log.lines(r"\] loaded, ")) == len(self.zones), pause=1)
            return
        for zone in self.zones:
            ready = rf"\[{re.escape(zone)}\.\] loaded, "
            line = self.log.wait(ready + "|(warning|error|critical): ")
            if not re.search(ready, line):
                raise AssertionError(f"knotd says: {line}")


class Rig:
    """Creates what is measured in one directory, for the size at hand."""

    def __init__(self, directory, seed):
        self.directory = directory
        self.tools = Tools(directory, seed)
        self.servers = 0
        self.beside = write_zone(self.path("beside.zone"), BESIDE, BESIDE_NAMES)

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def zone(self, names):
        path = self.path(f"{names}.zone")
        return path if os.path.exists(path) else write_zone(path, APEX, names)

    def new_store(self, name):
        """An empty store."""
        return Store(self.path(name)).init("--map-size", MAP_SIZE)

    def store(self, names):
        """A store with the zone; import_zone has made it where imports are measured."""
        path = self.path(f"{names}.store")
        if not os.path.exists(path):
            self.import_zone(self.new_store(f"{names}.store"), names)
        return path

    def import_zone(self, store, names):
        store.ok("import", "--zone", APEX, self.zone(names))

    def yaml(self, names, write):
        """The zone as Steer YAML, as a function writes it."""
        path = self.path(f"{names}.{write.__name__}.yaml")
        return path if os.path.exists(path) else write(path, names)

    def policies(self, names):
        """A store with the zone, a policy for each name."""
        path = self.path(f"{names}.policies")
        if not os.path.exists(path):
            self.import_yaml(self.new_store(f"{names}.policies"),
                             self.yaml(names, groups.write_policies), "yaml")
        return path

    def import_yaml(self, store, file, how):
        store.ok("import", "--format", how, file)

    @contextlib.contextmanager
    def copy(self, directory, name):
        """A copy of a store that may be changed; it has the zones that a writer changes."""
        store = Store(self.path(name))
        Store(directory).ok("backup", store.directory)
        try:
            store.ok("set", WATCHED, "A", address(0))
            yield store
        finally:
            shutil.rmtree(store.directory)

    def drop(self, names):
        """Removes what was made for a size."""
        for path in glob.glob(glob.escape(self.path(str(names))) + ".*"):
            if os.path.isdir(path):
                shutil.rmtree(path)
            else:
                os.remove(path)

    @contextlib.contextmanager
    def server(self, wrapper=(), variables=(), **options):
        """A knotd, running."""
        self.servers += 1
        knot = Server(self.path(f"knot-{self.servers}"), modules=options.pop("modules", ()),
                    server=ECS, **options)
        knot.wrapper = list(wrapper)
        knot.variables = dict(variables)
        try:
            knot.start()
            yield knot
        finally:
            knot.stop()
            shutil.rmtree(knot.directory)

    def static(self, names, **options):
        """knotd that has the zone as a zone file."""
        return self.server(zones={APEX: self.zone(names), BESIDE: self.beside}, **options)

    def hosted(self, names, **options):
        """knotd with mod-steer and the zone in a store."""
        return self.serving(self.store(names), **options)

    def serving(self, directory, **options):
        """knotd with mod-steer and a store."""
        return self.server(zones={BESIDE: self.beside}, store=directory, **options)

    def constant(self, **options):
        """knotd with a module that gives every question the same answer; as any other, it looks for
        the zone first, which costs nothing if it has none."""
        module = self.tools.library("constant")
        return self.server(extra=f"module:\n  - id: mod-constant\n    file: {module}\n",
                           modules=("mod-constant",), zones={BESIDE: self.beside}, **options)

    def timed(self, directory, **options):
        """As serving; the log says how long the module's load callback took."""
        module = self.tools.library("timed_module")
        extra = (f"module:\n  - id: mod-steer\n    file: {module}\n"
                 f"mod-steer:\n  - id: default\n    storage: {directory}\n")
        return self.server(extra=extra, modules=("mod-steer/default",),
                           variables={"BENCH_MODULE": env.MODULE}, **options)
