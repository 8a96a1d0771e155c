# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories in which a steerd is asked."""

from steer import asking
from steer.asking import checks
from steer.steerdstory import SteerdStory
from steer.wait import until


class EndpointStory(SteerdStory):

    def use(self, store, *ids):
        """Lets record sets refer to health checks."""
        for name in ids:
            store.ok("set", f"{name}.example.com", "A", "--health", name, "192.0.2.1")

    def watched(self, *ids):
        """A store with a check of a backend for each id, and the backends."""
        store = self.store()
        store.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        backends = self.backends(len(ids))
        for name, backend in zip(ids, backends):
            self.set_check(store, name, backend)
        self.use(store, *ids)
        return store, *backends

    def place(self, store):
        return store.path(asking.SOCKET)

    def is_probed_on(self, place, name):
        """Waits for one more probe."""
        def probes():
            return checks(place, f"/checks?id={name}")[name]["probes"]
        before = probes()
        until("another probe", lambda: probes() > before)
