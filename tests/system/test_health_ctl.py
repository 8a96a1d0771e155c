# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl manages health checks, and sets their states by hand."""

import datetime
import getpass
import pathlib
import shlex

from steer.case import Case
from steer.schema import value_of
from steer.store import Store


class HealthCtl(Case):

    def setUp(self):
        super().setUp()
        self.steer = self.store()
        for words in (["web-a", "https", "host=www.example.com", "interval=10s"],
                      ["web-b", "tcp", "address=192.0.2.1", "port=80"],
                      ["hand", "manual"]):
            self.steer.ok("health", "set", *words)

    def rows(self):
        """Rows of health list by id."""
        rows = [line.split("\t") for line in self.steer.ok("health", "list").splitlines()]
        return {row[0]: row[1:] for row in rows}

    def states(self):
        return {check: tuple(row[1:3]) for check, row in self.rows().items()}

    def test_what_names_a_deleted_check_is_told(self):
        self.steer.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        self.assertEqual(self.steer.run("health", "del", "web-a").err, "")
        for name, one in (("a", "x"), ("b", "x"), ("b", "y")):
            self.steer.ok("set", f"{name}.example.com", "A", "--id", one, "--weight", "1",
                          "--health", "hand", "192.0.2.1")
        result = self.steer.run("health", "del", "hand")
        self.assert_status(result, 0)
        self.assertEqual(result.err, "warning: health check 'hand': 3 record sets refer to it; "
                         "without it they count as healthy\n")

    def test_the_record_sets_that_refer_to_a_check_are_counted(self):
        self.steer.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        for one in ("x", "y"):
            self.steer.ok("set", "a.example.com", "A", "--id", one, "--weight", "1",
                          "--health", "hand", "192.0.2.1")
        self.assertEqual({check: row[7] for check, row in self.rows().items()},
                         {"hand": "2", "web-a": "0", "web-b": "0"})
        self.assertRegex(self.steer.ok("health", "show", "hand"), r"(?m)^used by: +2 record sets$")
        for words in (("list",), ("show", "hand")):
            value = value_of(self.steer.ok("health", *words, "--json"), "health " + words[0])
            self.assertEqual((value[0] if words == ("list",) else value)["uses"], 2)
        databases = value_of(self.steer.ok("stats", "--json"), "stats")["databases"]
        self.assertEqual(databases["uses"]["entries"], 1)
        self.steer.ok("set", "a.example.com", "A", "--id", "x", "--weight", "1",
                      "--health", "web-a", "192.0.2.1")
        self.steer.ok("del", "a.example.com", "A", "y")
        self.assertEqual({check: row[7] for check, row in self.rows().items()},
                         {"hand": "0", "web-a": "1", "web-b": "0"})
        self.assertNotIn("damaged", self.steer.run("check").out)

    def test_check_finds_a_wrong_number_of_uses(self):
        self.steer.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        for one in ("x", "y"):
            self.steer.ok("set", "a.example.com", "A", "--id", one, "--weight", "1",
                          "--health", "hand", "192.0.2.1")
        records = pathlib.Path(self.steer.directory, "records", "data.mdb")
        stored = records.read_bytes()
        right, wrong = (b"chand" + number.to_bytes(8, "little") for number in (2, 5))
        self.assertIn(right, stored)
        records.write_bytes(stored.replace(right, wrong))
        finding = "damaged: 5 record sets that refer to it are counted, 2 are there"
        self.assert_status(self.steer.run("check"), 1, f"health check hand: {finding}")
        value = value_of(self.steer.run("check", "--json").out, "check")
        self.assertIn({"health_check": "hand", "finding": finding}, value)
        records.write_bytes(stored.replace(right, b"chbnd" + right[5:]))
        self.assert_status(
            self.steer.run("check"), 1,
            "health check hand: damaged: 0 record sets that refer to it are counted, 2 are there")

    def test_the_last_name_server_is_missed(self):
        self.steer.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        result = self.steer.run("del", "example.com", "NS")
        self.assert_status(result, 0, "warning: no NS record at the zone's apex")
        self.assert_status(self.steer.run("check"), 1, "example.com.: no NS record at the apex")

    def test_new_checks_are_up(self):
        self.assertEqual(self.rows(), {
            "hand": ["manual", "up", "unknown", "-", "-", "-", "-", "0", "-", "-"],
            "web-a": ["https", "up", "unknown", "-", "-", "-", "-", "0", "-", "-"],
            "web-b": ["tcp", "up", "unknown", "-", "-", "-", "-", "0", "-", "-"]})
        self.steer.ok("health", "set", "hand", "manual", "inverted=yes")
        self.steer.ok("health", "set", "web-b", "tcp", "address=192.0.2.1", "port=80",
                      "disabled=yes")
        self.assertEqual(self.states(), {"hand": ("down", "unknown"), "web-a": ("up", "unknown"),
                                         "web-b": ("up", "disabled")})

    def test_show_tells_that_a_state_is_inverted(self):
        def shown():
            return self.steer.ok("health", "show", "hand").splitlines()[2]
        self.steer.ok("health", "set", "hand", "manual", "inverted=yes")
        self.assertRegex(shown(), r"^state: +down \(unknown, inverted\)$")
        self.steer.ok("health", "report", "hand", "down")
        self.assertRegex(shown(), r"^state: +up \(report, inverted\)$")
        self.steer.ok("health", "force", "hand", "up")
        self.assertRegex(shown(), r"^state: +up \(force\)$")

    def test_show_tells_options_and_defaults(self):
        shown = self.steer.ok("health", "show", "web-a")
        for line in (r"health check: +web-a", r"type: +https", r"state: +up \(unknown\)",
                     r"host: +www.example.com", r"interval: +10s", r"rise: +3 \(default\)"):
            self.assertRegex(shown, rf"(?m)^{line}$")
        value = value_of(self.steer.ok("health", "show", "web-a", "--json"), "health show")
        self.assertEqual(value["options"], {"host": "www.example.com", "interval": "10s"})
        self.assertEqual((value["defaults"]["rise"], value["force"]), ("3", None))
        self.assertNotIn("interval", value["defaults"])
        self.steer.ok("health", "set", "run", "command", "command=/bin/true", "command=a b")
        value = value_of(self.steer.ok("health", "show", "run", "--json"), "health show")
        self.assertEqual(value["options"], {"command": ["/bin/true", "a b"]})

    def test_show_tells_defaults_as_they_count(self):
        """Times are cut to the whole that they are part of; what would be refused is not there."""
        cases = ((("http", "address=192.0.2.1", "interval=1s"),
                  {"connect-timeout": "1s", "response-timeout": "1s", "timeout": "1s"},
                  ("resolve", "body-timeout")),
                 (("https", "host=a.example", "search=up", "interval=5s", "timeout=1500ms"),
                  {"connect-timeout": "1500ms", "body-timeout": "1500ms", "resolve": "a"}, ()),
                 (("https", "host=a.example", "search=up", "timeout=3s"),
                  {"connect-timeout": "3s", "response-timeout": "2s", "body-timeout": "2s"}, ()),
                 (("dns", "host=a.example", "query-name=a", "rcode=NXDOMAIN", "interval=3s"),
                  {"timeout": "3s", "query-type": "A"}, ("min-records",)))
        for words, defaults, missing in cases:
            self.steer.ok("health", "set", "one", *words)
            shown = self.steer.ok("health", "show", "one")
            told = value_of(self.steer.ok("health", "show", "one", "--json"), "health show")
            for key, value in defaults.items():
                self.assertEqual(told["defaults"][key], value, words)
                self.assertRegex(shown, rf"(?m)^{key}: +{value} \(default\)$")
            for key in missing:
                self.assertNotIn(key, told["defaults"])
                self.assertNotRegex(shown, rf"(?m)^{key}:")

    def test_every_type_has_its_options(self):
        checks = (("http", "host=a.example", "resolve=both", "path=/?a", "redirects=follow",
                   "headers=A: b", "headers=Host: c", "search=up", "connect-timeout=1s",
                   "response-timeout=1500ms", "body-timeout=1s", "timeout=5s"),
                  ("https", "address=192.0.2.1", "http2=yes", "server-name=b.example",
                   "verify=yes"),
                  ("tcp", "host=a.example", "resolve=aaaa", "port=25"),
                  ("tls", "address=2001:db8::1", "port=853", "sni=no"),
                  ("dns", "address=192.0.2.53", "query-name=example.com.", "query-type=NS",
                   "values=ns1.example.com.", "values=ns2.example.com.", "min-records=2"),
                  ("icmp", "host=a.example", "interval=2s", "timeout=1s"),
                  ("command", "command=/bin/true", "command=a b", "timeout=1s"),
                  ("calculated", "children=tcp", "children=icmp", "threshold=1"),
                  ("manual", "inverted=yes"))
        for words in checks:
            self.steer.ok("health", "set", words[0], *words)
        said = self.steer.ok("health", "show", "dns")
        for line in (r"port: +53 \(default\)", r"rcode: +NOERROR \(default\)", r"timeout: +5s .*",
                     r"values: +ns1\.example\.com\.", r"values: +ns2\.example\.com\."):
            self.assertRegex(said, rf"(?m)^{line}$")
        self.assertRegex(self.steer.ok("health", "show", "https"),
                         r"(?m)^response-timeout: 2s \(default\)$")
        exported = self.steer.ok("export", "--format", "yaml")
        other = self.store("--map-size", "64M")
        other.ok("import", self.file("checks.yaml", exported))
        self.assertEqual(other.ok("export", "--format", "yaml"), exported)
        for words in checks:
            shown = value_of(other.ok("health", "show", words[0], "--json"), "health show")
            pairs = [f"{key}={one}" for key, value in shown["options"].items()
                     for one in (value if isinstance(value, list) else [value])]
            self.assertEqual((shown["type"], sorted(pairs)), (words[0], sorted(words[1:])))

    def test_a_calculated_check_tells_how_its_children_are(self):
        self.steer.ok("health", "set", "all", "calculated", "children=web-a", "children=hand",
                      "children=lost", "threshold=3")
        self.steer.ok("health", "report", "hand", "down")
        said = "2 of 3 children up, needs 3"
        self.assertEqual(self.rows()["all"],
                         ["calculated", "down", f"calculated: {said}", *4 * "-", "0", "-", "-"])
        shown = self.steer.ok("health", "show", "all")
        self.assertRegex(shown, rf"(?m)^state: +down \(calculated: {said}\)$")
        value = value_of(self.steer.ok("health", "list", "--json"), "health list")[0]
        self.assertEqual([value[key] for key in ("health_check", "state", "by", "reason")],
                         ["all", "down", "calculated", said])
        self.steer.ok("health", "force", "all", "up")
        self.assertEqual(self.states()["all"], ("up", "force"))
        shown = self.steer.ok("health", "show", "all")
        self.assertRegex(shown, rf"(?m)^calculated: +{said}$")
        value = value_of(self.steer.ok("health", "show", "all", "--json"), "health show")
        self.assertEqual(value["children"], {"count": 3, "up": 2, "threshold": 3})
        value = value_of(self.steer.ok("health", "show", "hand", "--json"), "health show")
        self.assertIsNone(value["children"])
        self.steer.ok("health", "force", "all", "clear")
        self.steer.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        self.steer.ok("set", "www.example.com", "A", "--id", "a", "--weight", "1", "--health",
                      "all", "192.0.2.1")
        self.assertIn(f"all down (calculated: {said})",
                      self.steer.ok("explain", "www.example.com", "A"))

    def test_set_replaces_and_del_deletes(self):
        change = value_of(self.steer.ok("health", "set", "web-b", "tcp", "address=192.0.2.1",
                                        "port=80", "--json"), "health set")
        self.assertEqual((change["sequence"], change["health_checks"]), (0, 0))
        change = value_of(self.steer.ok("health", "set", "web-b", "manual", "--json"), "health set")
        self.assertEqual(change["health_checks"], 1)
        self.assertEqual(self.rows()["web-b"][0], "manual")
        before = self.steer.ok("log")
        change = value_of(self.steer.ok("health", "del", "web-b", "--dry-run", "--json"),
                          "health del")
        self.assertEqual(change["changes"], [
            {"health_check": "web-b", "type": "manual", "options": {}, "sign": "-"}])
        self.assertEqual(self.steer.ok("log"), before)
        self.steer.ok("health", "del", "web-b")
        self.assertEqual(self.rows()["web-b"],
                         ["-", "up", "undefined", "-", "-", "-", "-", "0", "-", "-"])
        self.assertEqual(value_of(self.steer.ok("health", "show", "web-b", "--json"),
                                  "health show")["type"], None)
        self.assert_status(self.steer.run("health", "del", "web-b"), 1, "web-b")
        self.assert_status(self.steer.run("health", "force", "web-b", "down"), 1, "matches")
        self.assert_status(self.steer.run("health", "show", "web-c"), 1, "no such health check")

    def test_a_difference_is_a_command_that_makes_it(self):
        words = ["health", "set", "web-b", "http", "address=192.0.2.1", "search=up and 'running'"]
        said = self.steer.ok(*words, "--dry-run")
        self.assertEqual([shlex.split(line[1:]) for line in said.splitlines() if line[0] == "+"],
                         [words])

    def test_force_goes_by_pattern(self):
        self.assertEqual(self.steer.ok("health", "force", "web-*", "down"),
                         "2 health checks forced down\n")
        self.assertEqual(self.states(), {"hand": ("up", "unknown"), "web-a": ("down", "force"),
                                         "web-b": ("down", "force")})
        self.assertEqual(self.steer.ok("health", "force", "web-a", "up"),
                         "1 health check forced up\n")
        self.assertEqual(self.states()["web-a"], ("up", "force"))
        self.assertEqual(self.steer.ok("health", "force", "hand", "clear"),
                         "0 health checks no longer forced\n")
        self.assertEqual(value_of(self.steer.ok("health", "force", "hand", "clear", "--json"),
                                  "health force")["health_checks"], [])
        self.assertEqual(value_of(self.steer.ok("health", "force", "web-[ab]", "clear", "--json"),
                                  "health force"),
                         {"by": "force", "state": None, "until": None, "reason": None,
                          "health_checks": ["web-a", "web-b"]})
        self.assertEqual(self.states()["web-b"], ("up", "unknown"))
        self.assert_status(self.steer.run("health", "force", "x*", "down"), 1,
                           "no health check matches 'x\\*'")
        # Three others, and none for clearing nothing.
        self.assertEqual(len(self.steer.ok("log").splitlines()), 3 + 3)

    def test_what_is_forced_and_reported_is_in_the_log(self):
        self.steer.ok("health", "force", "web-a", "down", "--for", "2h")
        self.steer.ok("health", "report", "hand", "up")
        self.steer.ok("health", "force", "web-a", "up")
        self.steer.ok("health", "force", "web-*", "clear")
        last = value_of(self.steer.ok("log", "-n", "4", "-p", "--json"), "log")
        until = last[0]["changes"][0]["until"]
        shown = self.steer.ok("log", "-n", "4", "-p").split("\n\n")
        self.assertEqual([part.strip().split("\n")[1:] for part in shown], [
            [f"+health force web-a down until {until}"],
            ["+health report hand up"],
            [f"-health force web-a down until {until}", "+health force web-a up"],
            ["-health force web-a up", "+health force web-a cleared"]])
        self.assertEqual([change["what"] for change in last], [
            "health force web-a down --for 2h", "health report hand up", "health force web-a up",
            "health force 'web-*' clear"])
        self.assertEqual(
            [(change["sign"], change["health_check"], change["by"], change["state"], change["who"])
             for change in last[2]["changes"]],
            [("-", "web-a", "force", "down", getpass.getuser()),
             ("+", "web-a", "force", "up", getpass.getuser())])
        self.assertEqual([change["record_sets"] for change in last],
                         [{"added": 0, "changed": 0, "removed": 0}] * 4)

    def test_who_and_how_long(self):
        before = datetime.datetime.now().astimezone().replace(microsecond=0)
        as_alice = Store(self.steer.directory, prefix=["env", "SUDO_USER=alice"])
        as_alice.ok("health", "force", "web-a", "down", "--for", "1h30m")
        as_alice.ok("health", "report", "hand", "down")
        after = datetime.datetime.now().astimezone()
        state, by, since, until, who = self.rows()["web-a"][1:6]
        self.assertEqual((state, by, who), ("down", "force", f"alice ({getpass.getuser()})"))
        since, until = (datetime.datetime.fromisoformat(time) for time in (since, until))
        self.assertTrue(before <= since <= after, since)
        self.assertEqual(until - since, datetime.timedelta(minutes=90))
        self.assertEqual(self.rows()["hand"][4], "-")
        self.assertRegex(self.steer.ok("health", "show", "web-a"),
                         r"(?m)^force: +down since \S+, until \S+, by alice")
        value = value_of(self.steer.ok("health", "list", "--json"), "health list")[1]
        self.assertEqual((value["health_check"], value["state"], value["by"]),
                         ("web-a", "down", "force"))
        self.assertEqual(datetime.datetime.fromisoformat(value["until"]), until)

    def test_reports_are_of_manual_checks(self):
        self.assertEqual(self.steer.ok("health", "report", "hand", "down"),
                         "1 health check reported down\n")
        self.assertEqual(self.states()["hand"], ("down", "report"))
        self.steer.ok("health", "force", "hand", "up")
        self.assertEqual(self.states()["hand"], ("up", "force"))
        value = value_of(self.steer.ok("health", "show", "hand", "--json"), "health show")
        self.assertEqual((value["force"]["state"], value["report"]["state"]), ("up", "down"))
        self.steer.ok("health", "force", "*", "clear")
        self.assertEqual(self.states()["hand"], ("down", "report"))
        value_of(self.steer.ok("health", "report", "hand", "clear", "--json"), "health report")
        self.assertEqual(self.states()["hand"], ("up", "unknown"))
        self.assert_status(self.steer.run("health", "report", "web-a", "down"), 1,
                           "web-a: https; allowed: a health check of type manual")
        self.assert_status(self.steer.run("health", "report", "none", "down"), 1,
                           "no such health check")

    def test_states_belong_to_their_check(self):
        self.steer.ok("health", "force", "web-a", "down")
        self.steer.ok("health", "set", "web-a", "tcp", "address=192.0.2.1", "port=1")
        self.assertEqual(self.states()["web-a"], ("down", "force"))
        self.steer.ok("health", "del", "web-a")
        self.steer.ok("health", "set", "web-a", "manual")
        self.assertEqual(self.states()["web-a"], ("up", "unknown"))

    def test_mistakes_are_told(self):
        before = self.steer.ok("log") + self.steer.ok("health", "list")
        for words, status, said in (
                ([], 2, "usage: steerctl health"),
                (["lists"], 2, "no action 'lists'; allowed: list, show, set, del, force, report, log"),
                (["list", "x"], 2, "too many arguments"),
                (["show"], 2, "too few arguments"),
                (["show", "a b"], 2, "'a b' is not an id"),
                (["set", "x"], 2, "too few arguments"),
                (["set", "x" * 129, "manual"], 2, "is not an id of a health check"),
                (["set", "x", "ping"], 2,
                 "no type 'ping'; allowed: http, https, tcp, tls, dns, icmp, command, calculated, "
                 "manual"),
                (["set", "x", "none"], 2, "no type 'none'"),
                (["set", "x", "manual", "fall"], 2, "'fall'; allowed: KEY=VALUE"),
                (["set", "x", "manual", "colour=red"], 1, "colour"),
                (["set", "x", "tcp", "address=192.0.2.1", "port=0"], 1, "port"),
                (["set", "x", "tcp", "address=192.0.2.1"], 1, "port"),
                (["set", "x", "icmp", "address=::1", "resolve=a", "host=h"], 1,
                 "host with address ::1"),
                (["set", "x", "icmp", "host=h", "interval=1s", "timeout=2s"], 1,
                 "timeout: 2s, but interval is 1s; allowed: up to 1s"),
                (["set", "x", "dns", "host=h", "query-name=a", "values=b"], 1,
                 "values: 'b' is not one of A: "),
                (["set", "x", "tcp", "address=192.0.2.1", "port=1", "port=2"], 1, "port"),
                (["del"], 2, "too few arguments"),
                (["del", "none"], 1, "none"),
                (["force", "web-a"], 2, "too few arguments"),
                (["force", "web-a", "off"], 2, "'off' is not a state; allowed: up, down, clear"),
                (["force", "web-a", "down", "--for", "1x"], 2, "--for: '1x' is not a time"),
                (["force", "web-a", "down", "--for", "0"], 2, "--for: '0' is not a time"),
                (["force", "web-a", "clear", "--for", "5"], 2, "--for takes up or down"),
                (["report", "web-?", "up"], 2, "is not an id")):
            with self.subTest(words):
                self.assert_status(self.steer.run("health", *words), status, said)
        self.assertEqual(self.steer.ok("log") + self.steer.ok("health", "list"), before)
