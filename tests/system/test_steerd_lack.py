# SPDX-License-Identifier: GPL-3.0-or-later
"""What steerd's host lacks says nothing of the servers that are probed."""

from steer.backend import http, until_closed
from steer.certificates import Authority
from steer.steerdstory import SteerdStory
from steer.wait import until
from steer.web import secure

CANNOT = "' cannot be probed and keeps its state: Too many open files$"


class Lack(SteerdStory):

    def test_without_descriptors_a_check_keeps_its_state(self):
        context = Authority(self.path("certificates")).context("www.example.com")
        servers = {"tcp": self.backend(until_closed), "http": self.backend(http()),
                   "tls": self.backend(secure(context, until_closed))}
        store = self.policies("zone: example.com\nrecords:\n" + "".join(
            f"  {kind}: {{type: A, policy: [up], sets: {{a: {{values: [192.0.2.1], "
            f"health: {kind}}}}}}}\n" for kind in servers))
        for kind, server in servers.items():
            self.set_check(store, kind, server, kind)
        daemon = self.steerd(store).start()
        for kind in servers:
            self.until_state(store, kind, "up")

        def starved():
            daemon.allow_no_more_files()
            return all(daemon.log.lines("'" + kind + CANNOT) for kind in servers)
        until("probes without a socket", starved)
        for server in servers.values():
            server.stop()
        for kind in servers:
            self.assertEqual(self.state(store, kind), ("up", "probe"))
        daemon.allow_files()
        for kind in servers:
            self.until_state(store, kind, "down")
            self.assertEqual(daemon.changes(kind), ["up", "down"])
            daemon.log.wait(f"'{kind}' is down: .*: Connection refused after")
