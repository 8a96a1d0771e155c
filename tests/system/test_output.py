# SPDX-License-Identifier: GPL-3.0-or-later
"""What steerctl prints reaches whoever asked for it, or an error is reported."""

import os
import subprocess

from steer import env
from steer.case import Case
from steer.schema import value_of

HEAD = "$TTL 300\n@ SOA ns.example.net. admin.example.net. 1 2 3 4 5\n@ NS ns.example.net.\n"

# Verbs that print, as on the store of setUp().
PRINT = (
    ("check",), ("list",), ("list", "a.test"), ("get", "x.a.test"), ("export", "--lossy"),
    ("export", "--format", "yaml"), ("zone", "list"), ("zone", "show", "a.test"),
    ("health", "list"), ("health", "show", "h"), ("health", "log"), ("target", "list"),
    ("target", "show", "b.test"), ("map", "list"), ("map", "export", "asn"),
    ("map", "lookup", "asn", "10.0.0.0"), ("map", "import", "--type", "asn", "asn.csv"),
    ("config",), ("config", "log-keep"), ("log",), ("log", "-p"), ("log", "1"), ("stats",),
    ("explain", "x.a.test", "A"), ("explain", "x.a.test", "A", "--samples", "9"),
    ("set", "x.a.test", "A", "--dry-run", "192.0.2.9"),
    ("del", "x.a.test", "--dry-run"), ("zone", "delete", "a.test", "--force", "--dry-run"),
    ("--help",), ("--version",), ("set", "--help"),
)
# Commands that fail, and the exit status.
FAIL = (
    (3, "-d", "missing", "list"), (3, "-d", "missing", "import", "a.test.zone"),
    (3, "-d", "missing", "stats"), (3, "-d", "missing", "log"), (3, "-d", "missing", "config"),
    (3, "-d", "missing", "health", "list"), (3, "-d", "missing", "explain", "a.test", "A"),
    (3, "-d", "missing", "backup", "to"), (3, "-d", "missing", "check"),
    (1, "get", "missing.a.test"), (1, "list", "missing.test"), (1, "export", "missing.test"),
    (1, "export", "--format", "zone"), (1, "zone", "show", "missing.test"),
    (1, "zone", "delete", "a.test"), (1, "zone", "create", "a.test", "--ns", "ns.test"),
    (1, "set", "x.missing.test", "A", "192.0.2.1"), (1, "set", "x.a.test", "A", "192.0.2.256"),
    (1, "del", "missing.a.test"), (1, "import", "missing"), (1, "health", "show", "missing"),
    (1, "health", "del", "missing"), (1, "health", "force", "missing", "up"), (1, "log", "999"),
    (1, "target", "list", "missing"), (1, "target", "show", "missing"),
    (3, "-d", "missing", "map", "list"), (1, "map", "export", "missing"),
    (1, "map", "lookup", "missing", "10.0.0.0"), (1, "map", "delete", "missing"),
    (1, "map", "import", "--type", "asn", "missing"), (2, "map", "import", "asn.csv"),
    (1, "explain", "missing.test", "A"), (1, "import", b"no\xffname"),
    (2, "set", "--no-such-option", "x"), (2, "no-such-verb"), (2,), (2, "config", "missing"),
    (2, "init", "--map-size", "1x"), (2, "list", "a", "b", "c"), (2, "zone", "no-such-action"),
)


class Output(Case):

    def setUp(self):
        super().setUp()
        self.one = self.store()
        self.one.ok("import", self.file("a.test.zone", HEAD + "x A 192.0.2.1\n"))
        self.one.ok("health", "set", "h", "manual")
        self.one.ok("health", "report", "h", "up")
        self.one.ok("set", "l.a.test", "A", "--alias", "missing.a.test")
        self.one.ok("set", "m.a.test", "A", "--alias", "b.test")
        self.one.ok("map", "import", "--type", "asn",
                    self.file("asn.csv", "prefix,asn\n10.0.0.0/8,64500\n"))

    def steerctl(self, *words, **streams):
        return subprocess.run(self.one.command(*words), check=False, env=env.environment(),
                              timeout=env.PATIENCE, cwd=self.dir, **streams)

    def test_a_full_disk_behind_standard_output(self):
        for form in ((), ("--json",)):
            for words in PRINT:
                if form and words[-1].startswith("--") and words[-1] != "--dry-run":
                    continue
                with self.subTest(words, form=form), open("/dev/full", "wb") as full:
                    done = self.steerctl(*form, *words, stdout=full, stderr=subprocess.PIPE)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn(b"steerctl: standard output: ", done.stderr)

    def test_a_closed_standard_output(self):
        """No file of the store gets its number, and with it what is printed."""
        before = self.one.ok("export", "--lossy")
        for words in PRINT:
            with self.subTest(words):
                done = self.steerctl(*words, stderr=subprocess.PIPE,
                                     preexec_fn=lambda: os.close(1))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(b"steerctl: standard output: Bad file descriptor", done.stderr)
        self.assertEqual(self.one.ok("export", "--lossy"), before)

    def test_of_nothing_a_list_is_empty(self):
        store = self.store(name="empty")
        for words in (("list",), ("zone", "list"), ("health", "list"), ("health", "log"),
                      ("target", "list"), ("map", "list"), ("log",), ("check",)):
            with self.subTest(words):
                self.assertEqual(value_of(store.ok("--json", *words), " ".join(words)), [])

    def test_errors_are_json(self):
        """Every verb that prints no value of its own prints one that says why."""
        for status, *words in FAIL:
            with self.subTest(words):
                text = self.steerctl(*words, capture_output=True)
                done = self.steerctl("--json", *words, capture_output=True)
                self.assertEqual((text.returncode, done.returncode), (status, status), text)
                self.assertEqual(text.stdout, b"")
                self.assertEqual(done.stderr, text.stderr)
                error = value_of(done.stdout, "error")["error"]
                self.assertEqual(error["status"], status)
                lines = text.stderr.replace(b"\xff", b"?").decode().splitlines()
                self.assertEqual(error["messages"], lines)

    def test_json_behind_the_verb(self):
        done = self.steerctl("get", "missing.a.test", "--json", capture_output=True)
        self.assertEqual(value_of(done.stdout, "error")["error"]["status"], 1)

    def test_a_value_is_one_value_with_messages_too(self):
        done = self.steerctl("--json", "check", capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertGreater(len(value_of(done.stdout, "check")), 0)
        file = self.file("b.test.zone", HEAD + "x.c.test. A 192.0.2.1\n")
        done = self.steerctl("--json", "import", file, capture_output=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"warning", done.stderr)
        self.assertEqual(len(value_of(done.stdout, "import")["created"]), 1)

    def test_many_messages_are_kept_up_to_a_bound(self):
        lines = "".join(f"x{number} A {'9' * 40}\n" for number in range(99))
        files = [self.file(f"{number}.zone", HEAD + lines) for number in range(40)]
        done = self.steerctl("--json", "import", *files, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(value_of(done.stdout, "error")["error"]["messages"]), 100)
        text = "".join(f"w{'x' * 50}{number} ALIAS y\n" for number in range(3000))
        self.one.ok("import", self.file("big.test.zone", HEAD + text))
        done = self.steerctl("--json", "export", capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertGreater(len(done.stderr), 3000 * 50)
        self.assertLess(len(done.stdout), 2 * 65536)
        value_of(done.stdout, "error")
