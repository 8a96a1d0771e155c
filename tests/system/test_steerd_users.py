# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd as an unprivileged user in the group of the store, and who may ask it."""

import grp
import os
import pwd
import stat

from steer import asking
from steer.steerdstory import SteerdStory
from steer.users import ManyUsers

WWW = "www.example.com."
MAIN, SPARE = "192.0.2.1", "192.0.2.2"
FAILOVER = """
    zone: example.com
    records:
      www:
        type: A
        policy: failover
        sets:
          main: {failover: primary, health: main, values: [192.0.2.1]}
          spare: {failover: secondary, values: [192.0.2.2]}
"""
RESULT = r"last probe: +success at .*: connected to "


class SteerdUsers(ManyUsers, SteerdStory):

    def probed_by_a_member(self, uid=None):
        """A store of root's whose steerd is of another user in the group, and what it probes."""
        main = self.backend()
        store = self.policies(FAILOVER)
        self.set_check(store, "main", main)
        daemon = self.steerd(store, prefix=self.user(self.group, uid=uid)).start()
        self.until_state(store, "main", "up")
        return store, daemon, main

    def test_a_member_of_the_group_probes_and_publishes(self):
        store, daemon, main = self.probed_by_a_member()
        with open(f"/proc/{daemon.pid()}/status", encoding="ascii") as file:
            fields = dict(line.rstrip("\n").split(":\t", 1) for line in file)
        nobody = str(pwd.getpwnam("nobody").pw_uid)
        self.assertEqual(set(fields["Uid"].split()), {nobody})
        self.assertEqual(int(fields["CapEff"], 16), 0)
        knot = self.knot(store=store.directory, user=("knot", "knot")).start()
        self.until_answered(knot, WWW, MAIN)
        main.stop()
        self.until_answered(knot, WWW, SPARE)
        for writer in store, self.as_user(store, self.group):
            writer.ok("health", "force", "main", "up")
            self.until_answered(knot, WWW, MAIN)
            writer.ok("health", "force", "main", "clear")
            self.until_answered(knot, WWW, SPARE)
        main.start()
        self.until_answered(knot, WWW, MAIN)
        store.ok("check")

    def test_root_and_members_of_the_group_ask_it(self):
        store, _, _ = self.probed_by_a_member()
        socket = os.stat(store.path(asking.SOCKET))
        self.assertEqual((grp.getgrgid(socket.st_gid).gr_name, stat.S_IMODE(socket.st_mode)),
                         ("knot", 0o660))
        self.assertEqual(socket.st_uid, pwd.getpwnam("nobody").pw_uid)
        members = [self.as_user(store, self.group), self.as_user(store, self.group, uid=60001)]
        for one in store, *members:
            result = one.run("health", "show", "main")
            self.assert_status(result, 0, RESULT)
            self.assertEqual(result.err, "")

    def test_one_without_a_name_steers_and_root_asks_it(self):
        """As with DynamicUser= of systemd, whose users have no entry in passwd(5)."""
        store, daemon, main = self.probed_by_a_member(uid=61184)
        self.assert_status(store.run("health", "show", "main"), 0, RESULT)
        main.stop()
        self.until_state(store, "main", "down")
        daemon.stop()
        following = self.steerd(store, "of-nobody", prefix=self.user(self.group)).start()
        main.start()
        self.until_state(store, "main", "up")
        self.assertEqual(following.changes(), ["up"])

    def test_others_are_kept_out(self):
        store, daemon, _ = self.probed_by_a_member()
        stranger = self.as_user(store)
        self.assert_status(stranger.run("health", "show", "main"), 3, "Permission denied")
        refused = self.steerd(store, "refused", prefix=self.user()).spawn()
        self.assertEqual(refused.wait(), 1)
        self.assertEqual(refused.log.lines(),
                         [f"steerd: {store.directory}: Permission denied: only the owner of a store "
                          "and the members of its group may use it"])
        self.assertTrue(daemon.alive())
