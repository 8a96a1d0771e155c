# SPDX-License-Identifier: GPL-3.0-or-later
"""What steerd's host lacks says nothing of the servers that are probed."""

import os
import resource

from steer.steerdstory import SteerdStory
from steer.wait import until

CANNOT = "'main' cannot be probed and keeps its state: Too many open files$"


class Lack(SteerdStory):

    @staticmethod
    def allow_no_more_files(daemon):
        """From here on it gets no descriptor that it does not have."""
        has = {int(name) for name in os.listdir(f"/proc/{daemon.pid()}/fd")}
        free = min(set(range(len(has) + 1)) - has)
        _, most = resource.prlimit(daemon.pid(), resource.RLIMIT_NOFILE)
        resource.prlimit(daemon.pid(), resource.RLIMIT_NOFILE, (free, most))

    @staticmethod
    def allow_files(daemon):
        _, most = resource.prlimit(daemon.pid(), resource.RLIMIT_NOFILE)
        resource.prlimit(daemon.pid(), resource.RLIMIT_NOFILE, (most, most))

    def test_without_descriptors_a_check_keeps_its_state(self):
        main = self.backend()
        store = self.policies("""
            zone: example.com
            records:
              www: {type: A, policy: [up], sets: {main: {values: [192.0.2.1], health: main}}}
        """)
        self.set_check(store, "main", main)
        daemon = self.steerd(store).start()
        self.until_state(store, "main", "up")

        def starved():
            self.allow_no_more_files(daemon)
            return daemon.log.lines(CANNOT)
        until("a probe without a socket", starved)
        main.stop()
        self.assertEqual(self.state(store, "main"), ("up", "probe"))
        self.allow_files(daemon)
        self.until_state(store, "main", "down")
        self.assertEqual(daemon.changes(), ["up", "down"])
        daemon.log.wait("'main' is down: .*: Connection refused after")
