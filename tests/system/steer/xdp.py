# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that answer over AF_XDP, each joined by a veth pair to a client that knows nothing of it.

The servers have no socket but on loopback, so what comes over the pair is of AF_XDP. Everything
goes away with the process, at the latest. Only root can make namespaces.
"""

import contextlib
import functools
import subprocess
import tempfile

from steer.knot import Knot
from steer.network import Namespace, namespaces_lack

PORT = 53
INTERFACE = "veth0"  # Of a server.


class Link:
    """The namespace of a server, the addresses of both ends, the client's interface."""

    def __init__(self, client, number):
        self.server = Namespace()
        self.address, self.address6 = (f"10.53.{number}.1", PORT), (f"fd53:{number}::1", PORT)
        self.client, self.client6 = f"10.53.{number}.2", f"fd53:{number}::2"
        self.interface = other = f"veth{number}"
        client.ip("link", "add", other, "type", "veth",
                  "peer", "name", INTERFACE, "netns", self.server.path)
        for end, interface, address, address6 in (
                (self.server, INTERFACE, self.address[0], self.address6[0]),
                (client, other, self.client, self.client6)):
            end.ip("address", "add", f"{address}/24", "dev", interface)
            end.ip("address", "add", f"{address6}/64", "dev", interface, "nodad")
            end.ip("link", "set", interface, "up")


class Links:
    """The namespace of the client, and the links that begin there."""

    def __init__(self):
        self.client = Namespace()
        self.links = []

    def add(self):
        self.links.append(Link(self.client, len(self.links)))
        return self.links[-1]

    def close(self):
        for link in self.links:
            link.server.close()
        self.client.close()


@functools.cache
def lacks():
    """What is missing for AF_XDP, as a server says that tries; None: nothing."""
    lacking = namespaces_lack()
    if lacking is not None:
        return lacking
    with contextlib.closing(Links()) as links, tempfile.TemporaryDirectory() as directory:
        try:
            link = links.add()
        except subprocess.CalledProcessError as error:
            return f"what '{' '.join(error.cmd)}' makes"
        knot = Knot(directory, modules=(), xdp=INTERFACE)
        with link.server.inside():
            knot.spawn()
        try:
            said = knot.log.wait("server started|XDP .*\\(.*\\)$|error: |critical: ")
            return None if "server started" in said else \
                f"AF_XDP: knotd says '{said.partition(': ')[2]}'"
        finally:
            knot.kill()
