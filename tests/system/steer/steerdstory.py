# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories with steerd: health checks that look at servers on loopback."""

from steer.backend import Backend
from steer.policystory import PolicyStory, addresses
from steer.steerd import Steerd
from steer.wait import until


class SteerdStory(PolicyStory):

    def steerd(self, store, name="steerd", **options):
        """A steerd, not yet started; it is stopped at the end, and a bad exit fails the test."""
        daemon = Steerd(self.path(name), store.directory, **options)
        self.addCleanup(daemon.stop)
        return daemon

    def backend(self, *behaviour, **options):
        """A server on loopback that accepts connections."""
        backend = Backend(*behaviour, **options).start()
        self.addCleanup(backend.stop)
        return backend

    def backends(self, count):
        return [self.backend() for _ in range(count)]

    @staticmethod
    def set_check(store, name, backend, kind="tcp", **options):
        """Defines a check of a backend, probed each second; one result decides unless options say
        otherwise; None leaves one out. Underscores in the names of options are hyphens."""
        words = {"address": backend.address, "port": backend.port, "interval": "1s", "rise": 1,
                 "fall": 1, **options}
        store.ok("health", "set", name, kind,
                 *(f"{option.replace('_', '-')}={value}"
                   for option, value in words.items() if value is not None))

    def answered(self, server, name):
        """The addresses that a name has now."""
        return addresses(self.ask(server, name))

    @staticmethod
    def state(store, name):
        """State of a check, and what has decided it."""
        for line in store.ok("health", "list").splitlines():
            fields = line.split("\t")
            if fields[0] == name:
                return fields[2], fields[3].split(":", 1)[0]
        return None

    def until_state(self, store, name, state, by="probe"):
        """Waits until a check has a state in the store."""
        until(f"{name} being {state} by {by}",
              lambda: self.state(store, name) == (state, by), pause=0.05)
