# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories with steerd: health checks that look at servers on loopback."""

import re

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

    def serve(self, behave):
        """A server that behaves like this, for probed()."""
        return self.backend(behave)

    @staticmethod
    def shown(server):
        """A server in reasons; it may have no port."""
        if server.port is None:
            return server.address
        address = f"[{server.address}]" if ":" in server.address else server.address
        return f"{address}:{server.port}"

    def probed(self, kind, cases, **options):
        """Probes servers: name -> (behaviour or server, options of the check, its state, the
        reason, where PEER is the server and to which " after ... ms" is added)."""
        sets = "".join(f"      {name}: {{health: {name}, values: [192.0.2.{number}]}}\n"
                       for number, name in enumerate(cases))
        store = self.policies("zone: example.com\nrecords:\n  www:\n    type: A\n"
                              f"    policy: multivalue\n    sets:\n{sets}")
        peers = {}
        for name, (server, more, *_) in cases.items():
            server = self.serve(server) if callable(server) else server
            peers[name] = re.escape(self.shown(server))
            self.set_check(store, name, server, kind, **more)
        daemon = self.steerd(store, **options).start()
        for name, (_, _, state, reason) in cases.items():
            line = daemon.log.wait(f"health check '{name}' is ")
            reason = reason.replace("PEER", peers[name])
            self.assertRegex(line, rf"'{name}' is {state}: {reason} after \d+ ms$")
        return daemon

    @staticmethod
    def set_check(store, name, backend, kind="tcp", **options):
        """Defines a check of a backend, probed each second; one result decides unless options say
        otherwise; None leaves one out. A list gives an option several times. Underscores in the
        names of options are hyphens."""
        words = {"address": backend.address, "port": backend.port, "interval": "1s", "rise": 1,
                 "fall": 1, **options}
        store.ok("health", "set", name, kind,
                 *(f"{option.replace('_', '-')}={value}" for option, values in words.items()
                   for value in (values if isinstance(values, list) else [values])
                   if value is not None))

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
