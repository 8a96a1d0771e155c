# SPDX-License-Identifier: GPL-3.0-or-later
"""Which zones steerctl import makes of zone files, and what it says of them."""

import random

from steer.case import Case
from steer.schema import value_of

SOA = "SOA ns.example.net. admin.example.net. 1 2 3 4 5\n"
HEAD = f"$TTL 300\n@ {SOA}@ NS ns.example.net.\n"

# Name of the file, its text, the zone, and what it is named by.
NAMED = (
    ("a.test.zone", HEAD, "a.test.", "the file's name"),
    ("db.b.test", "$ORIGIN b.test.\n" + HEAD, "b.test.", "$ORIGIN"),
    ("c.test.db", "$TTL 300\nc.test. " + SOA + "c.test. NS ns.example.net.\n", "c.test.",
     "the owner of its SOA"),
    ("root.zone", "$TTL 300\n. " + SOA + ". NS ns.example.net.\n", ".", "the owner of its SOA"),
)
# Name of the file, its text, words of the message.
REFUSED = (
    ("db.a.test", HEAD, "allowed: --zone NAME"),
    ("a.test.db", HEAD, "allowed: --zone NAME"),
    ("a.test.txt", HEAD, "allowed: --zone NAME"),
    ("a.test.dns", HEAD, "allowed: --zone NAME"),
    ("a.test.hosts", HEAD, "allowed: --zone NAME"),
    ("a.test", HEAD, "allowed: --zone NAME"),
    ("root.zone", "$ORIGIN .\n" + HEAD, r"root\.zone:3:1: .*the root; allowed: --zone NAME"),
    ("dot.test.zone", "$TTL 300\ndot.test " + SOA,
     r"dot\.test\.zone:2:1: .*dot\.test\.dot\.test\.; allowed: dot\.test\.\n"),
    ("dot", "$TTL 300\n$ORIGIN dot.test.\ndot.test " + SOA,
     r"dot:3:1: .*dot\.test\.dot\.test\.; allowed: dot\.test\.\n"),
    ("second.test.zone", HEAD + "$ORIGIN dot.test.\ndot.test " + SOA,
     r"second\.test\.zone:5:1: .*dot\.test\.dot\.test\.; allowed: dot\.test\.\n"),
    ("second.test.zone", HEAD + "$ORIGIN .\n@ " + SOA,
     r"second\.test\.zone:5:1: .*the root; allowed: --zone NAME"),
)


class ImportZones(Case):

    def test_each_zone_created_is_printed_with_what_names_it(self):
        store = self.store()
        for file, text, zone, by in NAMED:
            with self.subTest(file):
                path = self.file(file, text)
                line = f"zone {zone} created, named by {by}\n"
                dry = store.ok("import", "--dry-run", path)
                self.assertTrue(dry.startswith("; " + line), dry)
                value = value_of(store.ok("--json", "import", "--dry-run", path), "import")
                self.assertEqual(value["created"], [{"zone": zone, "named_by": by}])
                self.assertEqual(store.ok("import", path), line)
                self.assertEqual(store.ok("import", path), "")
                value = value_of(store.ok("--json", "import", path), "import")
                self.assertEqual(value["created"], [])
        self.assertEqual(store.ok("import", "--zone", "z.test", self.file("db.z", HEAD)),
                         "zone z.test. created, named by --zone\n")
        document = self.file("y.yaml", "zone: y.test\nrecords: {'@': {type: NS, values: ns}}\n")
        self.assertEqual(store.ok("import", document),
                         "zone y.test. created, named by the document\n")

    def test_a_name_that_nobody_means_is_refused(self):
        store = self.store()
        for file, text, words in REFUSED:
            with self.subTest(file):
                self.assert_status(store.run("import", self.file(file, text)), 1, words)
                self.assertEqual(store.ok("zone", "list"), "")
        bad = self.file("dot.test.zone", "$TTL 300\ndot.test " + SOA)
        self.assert_status(store.run("import", "--zone", "dot.test", bad), 1,
                           r"dot\.test\.zone:2:1: .*allowed: dot\.test\.")
        store.ok("import", "--zone", ".", self.file("root", "$ORIGIN .\n" + HEAD))
        self.assertEqual(store.ok("zone", "list"), ".\n")

    def test_relative_names(self):
        """To $ORIGIN, before the first one to the zone, or to what its own owner was relative to."""
        store = self.store()
        for file, text, words, shown in (
                ("a.test.zone", HEAD, (), "w.a.test."),
                ("x.zone", f"$TTL 300\nb.test. {SOA}b.test. NS ns.example.net.\n", (), "w.b.test."),
                ("c.test.zone", f"$TTL 300\nsub {SOA}sub NS ns.example.net.\nv.sub TXT v\n",
                 (), "v.sub.c.test."),
                ("db", HEAD, ("--zone", "d.test"), "w.d.test."),
                ("o.zone", "$ORIGIN e.test.\n" + HEAD, (), "w.e.test.")):
            with self.subTest(file):
                store.ok("import", *words, self.file(file, text + "w TXT w\n"))
                self.assertIn(shown, store.ok("list"))

    def test_the_next_soa_begins_the_next_zone(self):
        """Records belong to the zone whose SOA stands above them, also where zones are nested."""
        store = self.store()
        file = self.file("all", "$TTL 300\n$ORIGIN a.test.\n" + HEAD +
                         "sub NS ns.sub\nns.sub A 192.0.2.1\n$ORIGIN sub.a.test.\n" + HEAD +
                         "ns A 192.0.2.2\n$ORIGIN b.test.\n" + HEAD + "w TXT b\nw.a.test. TXT a\n")
        result = store.run("import", file)
        self.assert_status(result, 0, r"all:\d+:1: warning: ignoring w\.a\.test\. TXT outside the "
                           r"zone b\.test\.")
        self.assertEqual(store.ok("zone", "list"), "a.test.\nsub.a.test.\nb.test.\n")
        self.assertIn("ns.sub.a.test.\t300\tA\t192.0.2.1\n", store.ok("export", "a.test"))
        self.assertIn("ns.sub.a.test.\t300\tA\t192.0.2.2\n", store.ok("export", "sub.a.test"))
        self.assertNotIn("w.", store.ok("export", "a.test"))
        self.assertIn("w.b.test.", store.ok("export", "b.test"))

    def test_zone_says_that_a_file_is_of_one_zone(self):
        store = self.store()
        file = self.file("all.zone", HEAD + "sub SOA ns hm 1 2 3 4 5\nsub NS ns\n")
        result = store.run("import", "--zone", "a.test", file)
        self.assert_status(result, 0, r"all\.zone:4:1: .* ignoring the SOA of sub\.a\.test\.,")
        self.assertEqual(store.ok("zone", "list"), "a.test.\n")

    def test_an_export_of_all_zones_is_read_back(self):
        """The text of the export of 200 zones, many of them nested, is the same after it."""
        draws = random.Random(8)
        store = self.store()
        zones = ["test"]
        for number in range(200):
            zones.append(f"z{number}.{draws.choice(zones)}")
            if len(zones[-1]) > 150:
                zones[-1] = f"z{number}"
        files = []
        for zone in zones:
            lines = [HEAD]
            for number in range(draws.randrange(6)):
                lines.append(f"w{number} {draws.randrange(9)} A 192.0.2.{draws.randrange(200)}\n")
            for child in zones:
                if child.endswith("." + zone) and draws.random() < 0.5:
                    lines.append(f"{child}. NS ns.{child}.\nns.{child}. A 192.0.2.1\n")
            files.append(self.file(f"{zone}.zone", "".join(lines)))
        store.ok("import", *files)
        exported = store.ok("export")
        other = type(store)(self.path("other")).init()
        said = other.ok("import", self.file("exported", exported))
        self.assertEqual(said.count(" created, named by the owner of its SOA\n"), len(zones))
        self.assertEqual(other.ok("export"), exported)
        self.assertEqual(other.run("import", self.file("exported", exported)).err, "")
