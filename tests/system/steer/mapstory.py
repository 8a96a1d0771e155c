# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories of policies that look at maps, on a real knotd."""

import contextlib
import textwrap

from steer.client import WINDOW, Udp
from steer.policystory import A, PolicyStory
from steer.wire import Answer, labels, question, subnet

TYPES = "geo", "latency", "asn", "regions"


class MapStory(PolicyStory):

    def store_of_maps(self, text, name="store", **maps):
        """A store with these documents, and with maps: CSV by type, or by name of a collection."""
        store = self.policies(text, name=name)
        for called, rows in maps.items():
            kind = called if called in TYPES else "cidr"
            self.bring_map(store, kind, called, textwrap.dedent(rows).lstrip())
        return store

    def bring_map(self, store, kind, name, text):
        file = self.file(f"{name}.csv", text)
        store.ok("map", "import", "--type", kind, "--name", name, file)

    def heeding(self, store, name="knot"):
        """A knotd that serves a store and heeds the subnets of queries."""
        return self.host(name, store=store.directory, ecs=True).start()

    def asked(self, server, questions):
        """Answers to many questions, pairs of name and subnet."""
        with contextlib.closing(Udp(server.address)) as udp:
            for begin in range(0, len(questions), WINDOW):
                block = [question(labels(name), A, subnet(client))
                         for name, client in questions[begin:begin + WINDOW]]
                yield from map(Answer, udp.receive(udp.send(block)))
