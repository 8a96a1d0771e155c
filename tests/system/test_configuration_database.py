# SPDX-License-Identifier: GPL-3.0-or-later
"""The module comes and goes by conf-set and conf-commit on a configuration database.

Knot 3.2.6 survives one commit that is not a full reload (an identity, a comment): whatever is
committed or reloaded after it crashes knotd, even without any module, and so may a first one that
adds a zone. Commits that concern modules are full reloads.
"""

import socket

from steer import env
from steer.case import Case, zone_text
from steer.client import ask
from steer.wire import NOERROR, REFUSED, TYPES, labels
from test_reload_under_load import Load

A = TYPES["A"]


class ConfigurationDatabase(Case):

    FILE = (("conf-set", "module[mod-steer]"), ("conf-set", "module[mod-steer].file", env.MODULE))
    USE = (("conf-set", "template[default].global-module", "mod-steer/default"),)
    DO_NOT_USE = (("conf-unset", "template[default].global-module", "mod-steer/default"),)

    @staticmethod
    def transaction(knot, *changes):
        knot.control("conf-begin")
        for change in changes:
            knot.control(*change)
        knot.control("conf-commit")

    def configure(self, store):
        return (("conf-set", "mod-steer[default]"),
                ("conf-set", "mod-steer[default].storage", store.directory))

    def serve(self, module=False):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
        knot = self.knot(zones={"own.test.": own}, confdb=True, threads=2,
                         store=store.directory if module else None).start()
        return store, knot

    def rcode(self, knot, name="www.example.com"):
        return ask(knot, labels(name), A).rcode

    def test_added_and_removed(self):
        """The file first: only then does Knot know the section mod-steer."""
        store, knot = self.serve()
        self.assertEqual(self.rcode(knot), REFUSED)
        self.transaction(knot, *self.FILE)
        self.assertEqual(self.rcode(knot), REFUSED)
        self.transaction(knot, *self.configure(store), *self.USE)
        self.assertEqual(self.rcode(knot), NOERROR)
        knot.assert_built_module()
        for _ in range(5):
            self.transaction(knot, *self.DO_NOT_USE)
            self.assertEqual(self.rcode(knot), REFUSED)
            self.assertEqual(self.rcode(knot, "www.own.test"), NOERROR)
            self.transaction(knot, *self.USE)
            self.assertEqual(self.rcode(knot), NOERROR)
            self.assertEqual(self.rcode(knot, "www.own.test"), NOERROR)

    def test_full_commits_disturb_nothing(self):
        """The module is loaded again at each, as by a reload."""
        _, knot = self.serve(module=True)
        with Load(knot, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
            for number in range(20):
                self.transaction(knot, ("conf-set", "mod-stats[default].query-size",
                                        "on" if number % 2 else "off"))
                knot.control("reload")
        self.assertEqual(load.wrong[:3], [])

    def test_a_partial_commit_disturbs_nothing(self):
        """Knot before 3.2.10 unmaps modules in use at one."""
        for number, changes in enumerate((
                [("conf-set", "server.identity", "new")],
                [("conf-set", "zone[own.test].comment", "new")],
                [("conf-set", "log[stderr].server", "notice")])):
            with self.subTest(changes):
                store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")),
                                    name=f"store{number}")
                own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
                knot = self.knot(f"knot{number}", zones={"own.test.": own}, confdb=True,
                                 store=store.directory, threads=2).start()
                with Load(knot, "www.example.com", socket.inet_aton("192.0.2.1")) as load:
                    self.transaction(knot, *changes)
                    store.ok("set", "new.example.com", "A", "192.0.2.2")
                    self.served(knot, "new.example.com", A)
                self.assertEqual(load.wrong[:3], [])
                self.assertTrue(knot.stats("mod-steer.answer"))
                knot.assert_built_module()
                knot.stop()

    def test_a_wrong_storage_is_refused(self):
        _, knot = self.serve(module=True)
        knot.control("conf-begin")
        with self.assertRaisesRegex(AssertionError, "nothing"):
            knot.control("conf-set", "mod-steer[default].storage", self.path("nothing"))
            knot.control("conf-commit")
        if env.KNOT_VERSION < (3, 4):  # Which reports that it is busy from then on.
            knot.control("conf-abort")
        self.assertEqual(self.rcode(knot), NOERROR)
