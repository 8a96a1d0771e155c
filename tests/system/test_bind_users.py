# SPDX-License-Identifier: GPL-3.0-or-later
"""named started with -u: its user may use a store of its group; what it may not use is named, and
takes no other zone down."""

import grp
import os
import pwd
import shutil
import socket
import subprocess

from steer import env
from steer.case import zone_text
from steer.client import ask
from steer.named import CHECKCONF, NamedCase
from steer.store import Store
from steer.wait import until
from steer.wire import NOERROR, REFUSED, TYPES, labels

A = TYPES["A"]
WWW = "www.example.com"
USER = "bind"
# What is said of a store, and of a part of it.
DENIED = "{}: Permission denied: only the owner of a store and the members of its group may use it"
PART_DENIED = "{}: {}: permission denied: the user must be of the store's group"


def address(last):
    return socket.inet_aton(f"192.0.2.{last}")


class BindUser(NamedCase):

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("needs root")
        try:
            self.user, self.group = pwd.getpwnam(USER), grp.getgrnam(USER)
        except KeyError:
            self.skipTest(f"there is no user {USER}")

    def serve(self, store):
        """A named of that user, with a zone of its own."""
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
        # -g, since it could not open again what its first messages go to.
        server = self.named(store=store.directory, zones={"own.test": own},
                            words=("-u", USER, "-g"))
        # The one that has been built may be where only its builder may look.
        server.MODULE = shutil.copy(env.BIND_PLUGIN, self.path("steer.so"))
        shutil.chown(server.directory, USER, USER)
        return server

    def store_of(self, group):
        store = self.store("--group", group)
        store.ok("import", "--zone", "example.com.", self.file(
            "zone", zone_text("example.com.", "www A 192.0.2.1")))
        return store

    def check(self, server):
        """named-checkconf as that user: exit status and output."""
        server.write_config()
        done = subprocess.run(
            ["setpriv", "--reuid", USER, "--regid", USER, "--init-groups", CHECKCONF,
             server.path("named.conf")], text=True, check=False, capture_output=True,
            env=env.environment(host=True), timeout=env.PATIENCE * 2)
        return done.returncode, done.stdout + done.stderr

    def assert_runs_as_user(self, server):
        with open(f"/proc/{server.pid()}/status", encoding="ascii") as status:
            uids = next(line for line in status if line.startswith("Uid:")).split()[1:]
        self.assertEqual({int(uid) for uid in uids}, {self.user.pw_uid})

    def test_a_store_of_its_group(self):
        """Both read and write it from then on."""
        store = self.store_of(USER)
        server = self.serve(store)
        self.assertEqual(self.check(server), (0, ""))
        self.loaded(server.start())
        self.assert_runs_as_user(server)
        self.served(server, WWW, A, value=address(1))
        store.ok("set", WWW, "A", "192.0.2.2")
        self.served(server, WWW, A, value=address(2))
        member = Store(store.directory, ["setpriv", "--reuid", "nobody", "--regid", USER,
                                         "--clear-groups"])
        member.ok("set", WWW, "A", "192.0.2.3")
        self.served(server, WWW, A, value=address(3))
        server.reload()
        self.served(server, WWW, A, value=address(3))

    def test_a_store_that_it_may_not_use(self):
        """named-checkconf says which file and why; named serves its own zones, and the store as
        soon as it may."""
        store = self.store_of(USER)
        for name, forbidden, denied in (
                ("", 0o700, DENIED), ("records", 0o700, PART_DENIED),
                ("records/data.mdb", 0o600, PART_DENIED), ("records/lock.mdb", 0o640, PART_DENIED),
                ("status", 0o700, PART_DENIED)):
            with self.subTest(f"{name} {forbidden:o}"):
                path = store.path(name)
                refused = denied.format(store.directory, name)
                allowed = os.stat(path).st_mode & 0o7777
                os.chmod(path, forbidden)
                server = self.serve(store)
                status, text = self.check(server)
                self.assertEqual(status, 1, text)
                self.assertRegex(text, r"named\.conf:\d+: " + refused)
                server.start()
                self.assert_runs_as_user(server)
                server.log.wait("steer: " + refused)
                self.assertEqual(ask(server, labels("www.own.test"), A).values(A), {address(9)})
                self.assertEqual(ask(server, labels(WWW), A).rcode, REFUSED)
                os.chmod(path, allowed)
                self.served(server, WWW, A, rcode=NOERROR, value=address(1))
                server.stop()

    def test_a_store_of_another_group(self):
        store = self.store_of("nogroup")
        refused = DENIED.format(store.directory)
        server = self.serve(store)
        status, text = self.check(server)
        self.assertEqual(status, 1, text)
        self.assertRegex(text, refused)
        server.start()
        server.log.wait("steer: " + refused)
        self.assertEqual(ask(server, labels("www.own.test"), A).values(A), {address(9)})
        until("the refusal", lambda: ask(server, labels(WWW), A).rcode == REFUSED)
