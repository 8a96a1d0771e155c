# SPDX-License-Identifier: GPL-3.0-or-later
"""Which zones steerctl import creates from zone files, and what it prints about them."""

import random
import subprocess

from steer import env
from steer.case import Case
from steer.schema import value_of

SOA = "SOA ns.example.net. admin.example.net. 1 2 3 4 5\n"
HEAD = f"$TTL 300\n@ {SOA}@ NS ns.example.net.\n"

# Name of the file, its text, the zone, and where its name is taken from.
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
        """To $ORIGIN, before the first one to the zone or to what the SOA's owner was."""
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

    def test_an_export_of_all_zones_has_titles(self):
        """That of one zone has none; each record stands once, the SOA first."""
        store = self.store()
        for zone in ("a.test", "b.test"):
            store.ok("import", self.file(f"{zone}.zone", HEAD + "@ A 192.0.2.1\n"))
        one, other = store.ok("export", "a.test"), store.ok("export", "b.test")
        self.assertEqual([line.split("\t")[2] for line in one.splitlines()], ["SOA", "A", "NS"])
        self.assertEqual(store.ok("export"), f"; zone a.test.\n{one}; zone b.test.\n{other}")

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


class ImportLosses(Case):
    """What is lost with a policy, an alias or a health check is reported."""

    def setUp(self):
        super().setUp()
        self.hosted = self.store()
        self.hosted.ok("import", self.file("a.test.zone", HEAD))

    def weighted(self, name, *ids):
        for one in ids:
            self.hosted.ok("set", name, "A", "--id", one, "--weight", "1", "192.0.2.1")

    def notes(self, text, *words, name="a.test.zone"):
        result = self.hosted.run("import", *words, self.file(name, text))
        self.assert_status(result, 0)
        return [line for line in result.err.splitlines() if "note: " in line]

    def test_a_policy_an_alias_and_a_health_check(self):
        store = self.hosted
        for words in (("--replace",), ("--merge",), ("--replace", "--dry-run")):
            with self.subTest(words):
                store.ok("import", self.file("a.test.zone", HEAD))
                self.weighted("p.a.test", "a", "b")
                store.ok("set", "b.a.test", "A", "--alias", "p.a.test")
                store.ok("set", "c.a.test", "A", "--health", "h", "192.0.2.1")
                store.ok("set", "d.a.test", "A", "192.0.2.1")
                text = HEAD + "".join(f"{name} A 192.0.2.9\n" for name in "pbcd")
                self.assertEqual(self.notes(text, *words), [
                    "b.a.test. A: note: was an alias for p.a.test.",
                    "c.a.test. A: note: had the health check h",
                    "p.a.test. A: note: was weighted with 2 record sets"])

    def test_nothing_is_told_where_nothing_goes(self):
        self.weighted("p.a.test", "a", "b")
        text = self.hosted.ok("export", "--format", "yaml")
        self.assertEqual(self.notes(text, name="a.yaml"), [])
        self.assertEqual(self.notes(HEAD, "--merge"), [])

    def test_what_is_left_out_is_told_too(self):
        self.weighted("p.a.test", "a", "b")
        self.hosted.ok("set", "b.a.test", "A", "--alias", "p.a.test")
        self.hosted.ok("set", "c.a.test", "A", "--health", "h", "192.0.2.1")
        self.assertEqual(self.notes(HEAD), [
            "b.a.test. A: note: was an alias for p.a.test.",
            "c.a.test. A: note: had the health check h",
            "p.a.test. A: note: was weighted with 2 record sets"])

    def test_record_sets_of_a_policy(self):
        self.weighted("p.a.test", "a", "b", "c")
        text = "zone: a.test\nrecords: {p: {type: A, policy: %s, sets: {a: {values: 192.0.2.1}}}}\n"
        self.assertEqual(
            self.notes(text % "weighted", name="a.yaml"),
            ["p.a.test. A: note: was weighted with 3 record sets; 2 record sets gone: b and more"])
        self.assertEqual(
            self.notes(text % "multivalue", name="a.yaml"),
            ["p.a.test. A: note: was weighted with 1 record set, is now multivalue"])

    def test_what_record_sets_of_a_policy_lose(self):
        store = self.hosted
        store.ok("set", "d.a.test", "A", "192.0.2.1")
        for one, words in (("a", ("--alias", "d.a.test")), ("b", ("--health", "h", "192.0.2.1")),
                           ("c", ("--health", "h", "192.0.2.2"))):
            store.ok("set", "p.a.test", "A", "--id", one, "--weight", "1", *words)
        text = "zone: a.test\nrecords: {p: {type: A, policy: weighted, sets: {%s}}}\n" % \
            ", ".join(f"{one}: {{weight: 1, values: 192.0.2.1}}" for one in "abc")
        self.assertEqual(self.notes(text, name="a.yaml"), [
            "p.a.test. A: note: was weighted with 3 record sets; 1 of its record sets is no longer "
            "an alias; 2 of its record sets lost the health check"])

    def test_many_are_one_line_of_a_zone(self):
        text = "---\n".join(
            f"zone: {zone}.test\nrecords:\n  '@': {{type: NS, values: ns}}\n" + "".join(
                f"  w{number}: {{type: A, policy: weighted, sets: {{x: {{values: 192.0.2.1}}}}}}\n"
                for number in range(count)) for zone, count in (("a", 5), ("b", 6), ("c", 300)))
        self.hosted.ok("import", self.file("all.yaml", text))
        exported = "".join(f"$ORIGIN {zone}.test.\n" + HEAD for zone in "abc")
        notes = self.notes(exported, name="all")
        self.assertEqual(len(notes), 7, notes)
        self.assertEqual(sum("w" in note.split(".")[0] for note in notes), 5)
        self.assertRegex("\n".join(notes), r"(?m)^zone b\.test\.: note: .*policies: 6,")
        self.assertRegex("\n".join(notes), r"(?m)^zone c\.test\.: note: .*policies: 300,")

    def test_what_is_refused_is_not_told(self):
        self.weighted("p.a.test", "a", "b")
        file = self.file("a.test.zone", HEAD + "x CNAME y\nx A 192.0.2.1\n")
        result = self.hosted.run("import", file)
        self.assert_status(result, 1)
        self.assertNotIn("note: ", result.err)


class ImportTtl(Case):
    """TTLs that a file does not give."""

    def ttls(self, store, *names):
        rows = [line.split("\t") for line in store.ok("list", "a.test").splitlines()]
        return [int(row[2]) for name in names for row in rows if row[0] == f"{name}.a.test."]

    def setUp(self):
        super().setUp()
        self.zone = self.store()
        self.zone.ok("import", self.file("a.test.zone", HEAD + "w 60 A 192.0.2.1\nm 60 MX 1 m\n"))
        self.zone.ok("set", "p.a.test", "A", "--ttl", "61", "--id", "a", "--tier", "0",
                     "--health", "h", "192.0.2.1")
        self.zone.ok("set", "p.a.test", "A", "--ttl", "62", "--id", "b", "--tier", "1",
                     "192.0.2.2")
        self.zone.ok("set", "l.a.test", "A", "--alias", "w.a.test")

    def merge(self, text, name="a.test.zone"):
        result = self.zone.run("import", "--merge", self.file(name, text))
        self.assert_status(result, 0)
        return result.err

    def test_a_merge_keeps_them(self):
        said = self.merge("w A 192.0.2.9\nw A 192.0.2.8\nw TXT w\nm 5 MX 2 m\nn A 192.0.2.1\n")
        self.assertRegex(said, r"a\.test\.zone:1:1: warning: records without a TTL and without a "
                         r"\$TTL before them: 4;")
        self.assertEqual(self.ttls(self.zone, "w", "m", "n"), [60, 3600, 5, 3600])
        self.merge("$TTL 7\nw A 192.0.2.9\n")
        self.assertEqual(self.ttls(self.zone, "w"), [7, 3600])
        self.merge("l A 192.0.2.9\n")
        self.assertEqual(self.ttls(self.zone, "l"), [3600])

    def test_a_merge_of_yaml_keeps_them(self):
        yaml = "zone: a.test\nrecords: {%s}\n"
        self.merge(yaml % "w: {type: A, values: 192.0.2.9}, n: {type: A, values: 192.0.2.1}",
                   "a.yaml")
        self.assertEqual(self.ttls(self.zone, "w", "n"), [60, 3600])
        group = "p: {type: A, %s policy: failover, sets: {b: {tier: 1, values: 192.0.2.9}%s}}"
        self.merge(yaml % (group % ("", ", c: {tier: 2, values: 192.0.2.3}")), "a.yaml")
        self.assertEqual(self.ttls(self.zone, "p"), [61, 62, 61])
        self.merge(yaml % (group % ("ttl: 9,", "")), "a.yaml")
        self.assertEqual(self.ttls(self.zone, "p"), [61, 9, 61])
        self.merge("ttl: 8\n" + yaml % "w: {type: A, values: 192.0.2.9}", "a.yaml")
        self.assertEqual(self.ttls(self.zone, "w"), [8])
        self.merge("zone: a.test\nsoa: {mname: ns}\n", "a.yaml")
        self.assertIn("a.test.\t300\tSOA\tns.a.test. ", self.zone.ok("export", "--lossy"))

    def test_a_replacement_takes_the_default(self):
        text = f"@ {SOA}@ NS ns.example.net.\nw A 192.0.2.1\nw A 192.0.2.2\n"
        result = self.zone.run("import", self.file("a.test.zone", text))
        self.assert_status(result, 0, r"a\.test\.zone:1:1: warning: .*: 4;")
        self.assertEqual(self.ttls(self.zone, "w"), [3600])


class ImportDialects(Case):
    """Policies that other programs put in zone files are not lost silently."""

    def test_what_steerctl_prints_itself(self):
        store = self.store()
        store.ok("import", self.file("a.test.zone", HEAD))
        for one in "ab":
            store.ok("set", "w.a.test", "A", "--id", one, "--weight", "1", "192.0.2.1")
        got = store.ok("get", "w.a.test", "A")
        result = store.run("import", "--merge", "--zone", "a.test", self.file("got", got))
        self.assert_status(result, 0, r"got:1:\d+: warning: policies in comments, .*: 2; ")

    def test_types_of_others(self):
        store = self.store()
        for line, words in (("w 60 DYNA geo!x", "near 'DYNA'; allowed: policies in Steer YAML"),
                            ("w DYNC weighted!x", "near 'DYNC'; allowed: policies in Steer YAML"),
                            ("w 60 AWS A 10 192.0.2.1 x", "near 'AWS'; allowed: NAME TTL AWS ")):
            with self.subTest(line):
                result = store.run("import", self.file("a.test.zone", HEAD + line + "\n"))
                self.assert_status(result, 1, rf"a\.test\.zone:4:\d+: .*{words}")


class ImportInput(Case):
    """Input that is not text, or never ends, is refused before it fills the memory."""

    def test_zero_bytes(self):
        store = self.store()
        for path in ("/dev/zero", "/dev/urandom", self.file("a.test.zone", HEAD + "; \0\n"),
                     self.file("a.yaml", "zone: a.test # \0\n"), store.path("records", "data.mdb")):
            for words in ((), ("--format", "yaml"), ("--zone", "a.test")):
                with self.subTest(path, words=words):
                    self.assert_status(store.run("import", *words, path), 1,
                                       rf"^{path}: it has zero bytes; allowed: text\n$")

    def test_a_directory(self):
        store = self.store()
        for words in ((), ("--format", "octodns"), ("--format", "geoip")):
            with self.subTest(words):
                self.assert_status(store.run("import", *words, self.dir), 1,
                                   rf"^{self.dir}: a directory; allowed: files, or with --format "
                                   "gdnsd the folder of its configuration\n$")

    def test_a_pipe_without_end(self):
        store = self.store()
        with subprocess.Popen(["yes", "x" * 1000], stdout=subprocess.PIPE) as yes:
            done = subprocess.run(store.command("import", "-"), stdin=yes.stdout, check=False,
                                  env=env.environment(), capture_output=True, text=True,
                                  timeout=env.PATIENCE * 5)
            yes.stdout.close()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "/dev/stdin: more than 256 MiB from what is not a regular "
                         "file; allowed: a file of any size\n")

    def test_include_in_standard_input(self):
        """Relative to the file itself; a pipe has no directory."""
        store = self.store()
        self.file("more", "w A 192.0.2.1\n")
        text = HEAD + "$INCLUDE more\n"
        result = store.run("import", "--zone", "a.test", "-", text=text)
        self.assert_status(result, 1, r"/dev/stdin:4:1: \$INCLUDE has no folder to look in; allowed")
        with open(self.file("main", text), encoding="ascii") as file:
            subprocess.run(store.command("import", "--zone", "a.test", "-"), stdin=file, check=True,
                           capture_output=True, env=env.environment())
        self.assertIn("w.a.test.", store.ok("list"))
