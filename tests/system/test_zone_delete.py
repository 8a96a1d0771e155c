# SPDX-License-Identifier: GPL-3.0-or-later
"""Many zones are deleted in one change set, or none of them."""

from steer.case import Case
from steer.schema import value_of

MANY = 2000


class ZoneDelete(Case):

    def zones(self, *names):
        """A store with zones that have only SOA and NS."""
        store = self.store("--ns", "ns.test")
        for name in names:
            store.ok("zone", "create", name)
        return store

    def deleted(self, store, *words):
        return value_of(store.ok("zone", "delete", *words, "--json"), "zone delete")

    def refuse(self, store, status, names, *said):
        before = store.ok("zone", "list")
        for dry_run in ([], ["--dry-run"]):
            self.assert_status(store.run("zone", "delete", *names, *dry_run), status, *said)
        self.assertEqual(store.ok("zone", "list"), before)

    def test_all_go_in_one_change_set(self):
        store = self.zones("test", "inner.test", "deep.inner.test", "other", "kept")
        names = ("inner.test", "test.", "other", "deep.inner.test")
        told = self.deleted(store, *names, "--dry-run")
        self.assertEqual((told["zones"]["deleted"], len(store.ok("zone", "list").splitlines())),
                         (4, 5))
        made = self.deleted(store, *names)
        self.assertEqual((made["zones"]["deleted"], made["sequence"]), (4, 6))
        self.assertEqual(store.ok("zone", "list"), "kept.\n")
        logged = store.ok("log", "6")
        for name in names:
            self.assertIn(f"; zone {name.rstrip('.')}. deleted\n", logged)

    def test_one_that_cannot_go_keeps_all(self):
        store = self.zones("a.test", "b.test", "c.test")
        store.ok("set", "www.b.test", "A", "192.0.2.1")
        self.refuse(store, 1, ("a.test", "b.test", "c.test"), "b.test has more than SOA and NS",
                    r"at www\.b\.test", "--force")
        self.refuse(store, 1, ("a.test", "none.test"), "none.test: not a hosted zone")
        self.refuse(store, 2, ("a.test", "A.test."), "A.test. is given twice", "usage: ")
        self.refuse(store, 2, ("a.test", "b..test"), r"b\.\.test")
        store.ok("zone", "delete", "a.test", "b.test", "--force")
        self.assertEqual(store.ok("zone", "list"), "c.test.\n")

    def test_thousands(self):
        store = self.store("--ns", "ns.test")
        names = [f"z{number}.test" for number in range(MANY)]
        store.ok("import", self.file("many.yaml", "".join(
            f"---\nzone: {name}\nrecords:\n  www:\n    - {{type: A, values: [192.0.2.1]}}\n"
            for name in names)))
        self.refuse(store, 1, names, "has more than SOA and NS")
        store.ok("zone", "delete", *names, "--force")
        self.assertEqual(store.ok("zone", "list"), "")
