# SPDX-License-Identifier: GPL-3.0-or-later
"""root and members of the group knot write while knotd serves as user knot."""

import os
import pwd
import shutil
import socket

from steer.case import Case, zone_text
from steer.store import Store
from steer.users import ManyUsers
from steer.wire import TYPES

A = TYPES["A"]


class Users(ManyUsers, Case):

    def serve(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        knot = self.knot(store=store.directory, user=("knot", "knot")).start()
        with open(f"/proc/{knot.pid()}/status", encoding="ascii") as status:
            uid = next(line for line in status if line.startswith("Uid:")).split()[1]
        self.assertEqual(int(uid), pwd.getpwnam("knot").pw_uid)
        self.served(knot, "www.example.com", A)
        return store, knot

    def change(self, store, knot, last):
        store.ok("set", "www.example.com", "A", f"192.0.2.{last}")
        self.served(knot, "www.example.com", A, value=socket.inet_aton(f"192.0.2.{last}"))

    def test_root_writes(self):
        store, knot = self.serve()
        for last in (2, 3):
            self.change(store, knot, last)

    def test_a_member_of_the_group_writes(self):
        store, knot = self.serve()
        member = self.as_user(store, self.group)
        self.change(member, knot, 4)
        self.change(store, knot, 5)
        self.change(member, knot, 6)
        self.assertIn("192.0.2.6", member.ok("get", "www.example.com"))

    def test_the_server_starts_again_after_both_wrote(self):
        store, knot = self.serve()
        self.as_user(store, self.group).ok("set", "new.example.com", "A", "192.0.2.7")
        knot.stop()
        knot.start()
        self.served(knot, "new.example.com", A)
        knot.reload()
        self.change(store, knot, 8)

    def test_others_are_kept_out(self):
        store, _ = self.serve()
        stranger = self.as_user(store)
        for words in (("list",), ("set", "www.example.com", "A", "192.0.2.9"), ("stats",)):
            self.assert_status(stranger.run(*words), 3, "[Pp]ermission")

    def test_the_log_names_who_has_no_name_by_number(self):
        store, _ = self.serve()
        uid = 60000
        while any(entry.pw_uid == uid for entry in pwd.getpwall()):
            uid += 1
        self.as_user(store, self.group, uid=uid).ok("set", "x.example.com", "A", "192.0.2.8")
        self.assertEqual(store.ok("log").splitlines()[-1].split("\t")[2], str(uid))

    def test_a_member_makes_a_store(self):
        """Not only root: a directory of the user's own."""
        home = self.path("home")
        os.mkdir(home)
        shutil.chown(home, "nobody", "knot")
        member = self.as_user(Store(os.path.join(home, "store")), self.group)
        member.init()
        member.ok("zone", "create", "example.net", "--ns", "ns.example.com")
        knot = self.knot(store=member.directory, user=("knot", "knot")).start()
        self.served(knot, "example.net", TYPES["SOA"])
