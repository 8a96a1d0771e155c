# SPDX-License-Identifier: GPL-3.0-or-later
"""The store logs who changed what and when, and keeps its settings."""

import datetime
import getpass
import re
import struct

from steer.case import Case, zone_text
from steer.schema import value_of
from steer.store import Store

PART, HEAD = 8, 56  # Bytes of the headers, schema/layout.h.


def data_of(store):
    with open(store.path("records", "data.mdb"), "rb") as file:
        return file.read()


def write_data(store, data):
    with open(store.path("records", "data.mdb"), "r+b") as file:
        file.write(data)


def part_of(store, what):
    """The first part of the change set that a command has made."""
    data = data_of(store)
    who_len = len(getpass.getuser())
    at = data.index(what) - who_len - HEAD - PART
    entries, = struct.unpack_from("<H", data, at + 6)
    what_len, = struct.unpack_from("<H", data, at + PART + 34)
    end = at + PART + HEAD + who_len + what_len
    for _ in range(entries):
        end += struct.unpack_from("<I", data, end)[0]
    return data[at:end]


class LogAndConfig(Case):

    def as_user(self, store, **variables):
        """The same store with a steerctl in another environment."""
        words = [f"{name}={value}" for name, value in variables.items()]
        return Store(store.directory, prefix=["env", *words])

    def lines(self, store, *words):
        """Lines of the log, each as its fields."""
        return [line.split("\t") for line in store.ok("log", *words).splitlines()]

    def numbers(self, store, *words):
        return [int(fields[0]) for fields in self.lines(store, *words)]

    def test_who_when_and_what(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        store.ok("set", "www.example.com", "TXT", "some text")
        self.as_user(store, SUDO_USER="alice").ok("set", "www.example.com", "A", "192.0.2.1")
        self.as_user(store, SUDO_USER=getpass.getuser()).ok("del", "www.example.com", "A")
        after = datetime.datetime.now(datetime.timezone.utc)
        first, second, third = self.lines(store)[1:]
        self.assertEqual(first[0::2], ["2", getpass.getuser()])
        self.assertEqual(first[3], "set www.example.com TXT 'some text'")
        self.assertEqual(second[2:], [f"alice ({getpass.getuser()})",
                                      "set www.example.com A 192.0.2.1"])
        self.assertEqual(third[2:], [getpass.getuser(), "del www.example.com A"])
        for fields in (first, second, third):
            self.assertTrue(before <= datetime.datetime.fromisoformat(fields[1]) <= after, fields)

    def test_times_are_local(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        utc, east, west = (
            self.lines(self.as_user(store, TZ=zone))[0][1]
            for zone in ("UTC0", "EAST-5:30", "WEST3:30"))
        self.assertTrue(utc.endswith("+00:00") and east.endswith("+05:30") and
                        west.endswith("-03:30"), (utc, east, west))
        self.assertEqual(len({datetime.datetime.fromisoformat(time)
                              for time in (utc, east, west)}), 1)

    def test_the_log_tells_what_the_dry_run_told(self):
        store = self.store()
        steps = [
            ("import", "--zone", "example.com", self.file("first.zone", zone_text(
                "example.com.", "www A 192.0.2.1", "www A 192.0.2.2", "*.w TXT \"a b\"",
                "sub NS ns.sub", "ns.sub A 192.0.2.3"))),
            ("import", "--zone", "example.com", self.file("second.zone", zone_text(
                "example.com.", "www 60 A 192.0.2.1", "sub NS ns.example.net.",
                "big TXT \"" + "x" * 200 + "\""))),
            ("set", "www.example.com", "A", "192.0.2.9"),
            ("del", "www.example.com"),
            ("config", "log-keep", "50"),
            ("config", "log-keep", "60"),
            ("config", "log-keep", "--default"),
            ("zone", "delete", "example.com", "--force"),
        ]
        actions = ["created", "changed", "changed", "changed", None, None, None, "deleted"]
        for number, step in enumerate(steps, 1):
            told = store.ok(*step, "--dry-run").splitlines()
            self.assertGreater(len(told), 0)
            store.ok(*step)
            logged = store.ok("log", str(number)).splitlines()
            self.assertTrue(logged[0].startswith(f"{number}\t"))
            if actions[number - 1] is not None:
                self.assertEqual(logged.pop(1), f"; zone example.com. {actions[number - 1]}")
            if step[0] == "import" and actions[number - 1] == "created":
                self.assertEqual(told.pop(0), "; zone example.com. created, named by --zone")
            self.assertEqual(logged[1:], told)
        whole = store.ok("log", "-p")
        parts = [store.ok("log", str(number)) for number in range(1, len(steps) + 1)]
        self.assertEqual(whole, "\n".join(parts))

    def test_what_changes_nothing_is_not_in_it(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        store.ok("set", "www.example.com", "A", "192.0.2.1")
        store.ok("set", "www.example.com", "A", "192.0.2.2", "--dry-run")
        self.assertNotEqual(store.run("set", "www.example.com", "CNAME", "a.").status, 0)
        store.ok("config", "log-keep", "--default")
        self.assertEqual(self.numbers(store), [1])

    def test_choosing_change_sets(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        for last in range(1, 8):
            store.ok("set", "www.example.com", "A", f"192.0.2.{last}")
        self.assertEqual(self.numbers(store), list(range(1, 9)))
        self.assertEqual(self.numbers(store, "-n", "3"), [6, 7, 8])
        self.assertEqual(self.numbers(store, "-n", "99"), list(range(1, 9)))
        self.assertEqual(self.numbers(store, "--since", "5"), [6, 7, 8])
        self.assertEqual(self.numbers(store, "--since", "5", "-n", "2"), [7, 8])
        self.assertEqual(self.numbers(store, "--since", "7", "-n", "2"), [8])
        self.assertEqual(self.numbers(store, "--since", "8"), [])
        self.assertEqual(self.numbers(store, "--since", "99"), [])
        self.assert_status(store.run("log", "9"), 1, "change set 9 is not in the log")
        for words in (["-n", "0"], ["-n", "x"], ["--since", "-1"], ["0"], ["x"], ["1", "2"],
                      ["1", "-n", "1"], ["-q"]):
            self.assert_status(store.run("log", *words), 2, "usage: steerctl log")

    def test_words_that_no_command_takes(self):
        store = self.store()
        for words in (["list", "a.test", "b.test"], ["stats", "x"], ["check", "x"],
                      ["get", "a.test", "A", "x"], ["zone", "list", "x"], ["config", "a", "b", "c"],
                      ["zone", "show"], ["zone", "create"], ["zone", "create", "a.test", "b.test"],
                      ["get"], ["set"], ["del"], ["backup"], ["backup", "a", "b"], ["import"],
                      ["health", "list", "x", "y"], ["explain", "a.test"],
                      ["explain", "a.test", "A", "x"], ["init", "x"]):
            with self.subTest(words):
                self.assert_status(store.run(*words), 2, f"usage: steerctl {words[0]}")

    def test_as_many_as_wanted_are_kept(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        store.ok("config", "log-keep", "3")
        for last in range(1, 6):
            store.ok("set", "www.example.com", "A", f"192.0.2.{last}")
        self.assertEqual(self.numbers(store), [5, 6, 7])
        since = store.run("log", "--since", "2")
        self.assert_status(since, 0, "the log begins with change set 5")
        self.assertEqual(len(since.out.splitlines()), 3)
        self.assertEqual(store.run("log", "--since", "4").err, "")
        store.ok("config", "log-keep", "0")
        store.ok("set", "www.example.com", "A", "192.0.2.9")
        self.assertEqual(store.ok("log"), "")
        self.assertEqual(value_of(store.ok("log", "--json"), "log"), [])
        store.ok("config", "log-keep", "--default")
        self.assertEqual(self.numbers(store), [10])

    def test_values_of_settings(self):
        store = self.store("--ns", "ns1.example.net", "--ns", "ns2.example.net")
        self.assertEqual(store.ok("config").splitlines(), [
            "forwarders\tsystem\tsystem",
            "health-log-keep\t10000\t10000", "log-keep\t1000\t1000",
            "name-servers\tns1.example.net. ns2.example.net.\t-",
            "stale\tkeep\tkeep", "stale-after\t10m\t10m", "stale-max\t1d\t1d",
            "target-empty-hold\t1m\t1m", "target-ttl-max\t1h\t1h", "target-ttl-min\t5s\t5s"])
        store.ok("config", "name-servers", "A.example.net.", "b.example.net")
        self.assertEqual(store.ok("config", "name-servers"), "a.example.net. b.example.net.\n")
        store.ok("zone", "create", "example.com")
        self.assertEqual(store.ok("get", "example.com", "NS").count("example.net."), 2)
        store.ok("config", "name-servers", "--default")
        self.assertEqual(store.ok("config", "name-servers"), "")
        self.assert_status(store.run("zone", "create", "example.org"), 1, "--ns")
        for value, shown in (("90", "90s"), ("1h30m", "90m"), ("365d", "365d"), ("30s", "30s")):
            store.ok("config", "stale-after", value)
            self.assertEqual(store.ok("config", "stale-after"), f"{shown}\n")
        store.ok("config", "stale", "up")
        self.assertEqual(store.ok("config", "stale"), "up\n")
        self.assertEqual(store.ok("config", "stale", "keep", "--dry-run").splitlines()[:2],
                         ["-config stale up", "+config stale keep"])
        self.assertIn("-config stale-after 365d\n+config stale-after 30s\n", store.ok("log", "-p"))

    def test_values_of_settings_of_alias_targets(self):
        store = self.store()
        for name, *cases in (
                ("stale-max", ("0", "0s"), ("30d", "30d"), ("90m", "90m")),
                ("target-ttl-max", ("7d", "1w"), ("2d", "2d")),
                ("target-ttl-min", ("1d", "1d"), ("1", "1s")),
                ("target-ttl-max", ("1s", "1s"),),
                ("target-empty-hold", ("1d", "1d"), ("0s", "0s")),
                ("forwarders", ("recursion", "recursion"), ("192.0.2.1", "192.0.2.1@53"),
                 ("2001:DB8::1@5353 192.0.2.1", "2001:db8::1@5353 192.0.2.1@53"),
                 ("192.0.2.1#Dns.Example. 192.0.2.2@443#dns.example",
                  "192.0.2.1@853#dns.example 192.0.2.2@443#dns.example"),
                 ("system", "system"))):
            for value, shown in cases:
                with self.subTest(f"{name} {value}"):
                    before = store.ok("config", name)
                    store.ok("config", name, *value.split())
                    self.assertEqual(store.ok("config", name), f"{shown}\n")
                    self.assertIn(f"+config {name} {shown}\n", store.ok("log", "-p", "-n", "1"))
                    store.ok("config", name, *before.split())
                    store.ok("config", name, *shown.split())
                    self.assertEqual(store.ok("config", name), f"{shown}\n")
        sequence = store.ok("log")
        store.ok("config", "forwarders", "system")  # As it is already.
        self.assertEqual(store.ok("log"), sequence)
        store.ok("config", "forwarders", "192.0.2.1#dns.example")
        for name in ("forwarders", "stale-max", "target-ttl-max", "target-ttl-min",
                     "target-empty-hold"):
            store.ok("config", name, "--default")
        self.assertEqual([line.split("\t")[1] for line in store.ok("config").splitlines()
                          if line.startswith(("forwarders", "stale-max", "target-"))],
                         ["system", "1d", "1m", "1h", "5s"])

    def test_bounds_of_ttls_do_not_cross(self):
        store = self.store()
        for words, said in (
                (["target-ttl-min", "2h"], "7200s is above a target-ttl-max of 3600s; allowed: up"),
                (["target-ttl-max", "4s"], "5s is above a target-ttl-max of 4s; allowed: up")):
            self.assert_status(store.run("config", *words), 1, said)
            self.assert_status(store.run("config", *words, "--dry-run"), 1, said)
        self.assertEqual(store.ok("log"), "")
        store.ok("config", "target-ttl-max", "2h")
        store.ok("config", "target-ttl-min", "2h")
        self.assert_status(store.run("config", "target-ttl-max", "--default"), 1,
                           "7200s is above a target-ttl-max of 3600s")
        self.assertEqual(store.ok("config", "target-ttl-max"), "2h\n")

    def test_a_damaged_setting_is_told(self):
        store = self.store()
        store.ok("config", "forwarders", "192.0.2.77")
        data, stored = data_of(store), b"\4\0\x35\0\xc0\0\2\x4d\0"
        self.assertIn(b"forwarders" + stored, data)
        write_data(store, data.replace(stored, b"\5" + stored[1:]))
        self.assert_status(store.run("config", "forwarders"), 3, "the setting forwarders: damaged")
        self.assert_status(store.run("config"), 3, "the setting forwarders: damaged")
        store.ok("config", "forwarders", "--default")
        self.assertEqual(store.ok("config", "forwarders"), "system\n")

    def test_mistakes_are_told(self):
        store = self.store()
        names = [f"ns{number}.example.net" for number in range(14)]
        for words, *said in (
                (["nothing"], "no setting 'nothing'; allowed: forwarders, health-log-keep, "
                 "log-keep, name-servers, stale, stale-after, stale-max, target-empty-hold, "
                 "target-ttl-max, target-ttl-min\n"),
                (["health-log-keep", "x"], "'x' is not a value of health-log-keep; allowed: a number "
                 "from 0 to 4294967295"),
                (["log-keep", "x"], "'x' is not a value.*a number from 0 to 4294967295"),
                (["log-keep", "4294967296"], "allowed: a number"),
                (["log-keep", "-1"], "usage"),
                (["log-keep", "1", "2"], "allowed: a number"),
                (["name-servers", *names], "14 values.*allowed: 1 to 13 names"),
                (["name-servers", "a..b"], "'a..b' is not a domain name"),
                (["name-servers", "a.", "A"], "'A' is given twice"),
                (["stale-after", "29s"], "'29s' is not a value.*a time from 30s to 365d"),
                (["stale-after", "366d"], "allowed: a time from 30s to 365d"),
                (["stale-after", "10.5m"], "allowed: a time"),
                (["stale-after", "1m", "2m"], "'2m' is not a value"),
                (["stale", "down"], "'down' is not a value of stale; allowed: keep, up"),
                (["stale", "keep", "up"], "allowed: keep, up"),
                (["stale-max", "31d"], "'31d' is not a value.*a time from 0s to 30d"),
                (["target-ttl-min", "0"], "'0' is not a value.*a time from 1s to 1d"),
                (["target-ttl-min", "25h"], "a time from 1s to 1d"),
                (["target-ttl-max", "0s"], "a time from 1s to 1w"),
                (["target-ttl-max", "8d"], "a time from 1s to 1w"),
                (["target-empty-hold", "25h"], "a time from 0s to 1d"),
                (["forwarders", "other"], "forwarders: 'other' is not the address of a name "
                 "server; allowed: system, recursion, or 1 to 8 servers, each "
                 r"ADDRESS\[@PORT\]\[#NAME\]"),
                (["forwarders", "system", "192.0.2.1"], "'system' is not the address"),
                (["forwarders", ""], "'' is not the address"),
                (["forwarders", "192.0.2.1@0"], "'0' is not a port; allowed: 1 to 65535"),
                (["forwarders", "192.0.2.1#a b"], "'a b' is not the name of a host; allowed"),
                (["forwarders", "192.0.2.1#a", "192.0.2.2"], "beside.*allowed: #NAME after each"),
                (["forwarders", "192.0.2.1", "192.0.2.1@53"], "is the same server as"),
                (["forwarders", *[f"192.0.2.{last}" for last in range(9)]], "9 servers; allowed: 1"),
                (["log-keep", "5", "--default"], "takes a setting and no value"),
                (["--default"], "takes a setting"),
                (["log-keep", "--dry-run"], "takes a setting and a value")):
            self.assert_status(store.run("config", *words), 2, *said)
        self.assertEqual(store.ok("log"), "")
        store.ok("config", "name-servers", *names[:13])

    def test_json(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        change = value_of(store.ok("config", "log-keep", "9", "--json"), "config KEY VALUE")
        self.assertEqual((change["sequence"], change["settings"]), (2, 1))
        change = value_of(store.ok("config", "name-servers", "a.", "--dry-run", "--json"),
                            "config KEY VALUE")
        self.assertEqual(change["changes"],
                         [{"setting": "name-servers", "value": ["a."], "sign": "+"}])
        self.assertEqual(value_of(store.ok("config", "--json"), "config"),
                         [{"setting": "forwarders", "value": "system", "default": "system"},
                          {"setting": "health-log-keep", "value": 10000, "default": 10000},
                          {"setting": "log-keep", "value": 9, "default": 1000},
                          {"setting": "name-servers", "value": [], "default": []},
                          {"setting": "stale", "value": "keep", "default": "keep"},
                          {"setting": "stale-after", "value": "10m", "default": "10m"},
                          {"setting": "stale-max", "value": "1d", "default": "1d"},
                          {"setting": "target-empty-hold", "value": "1m", "default": "1m"},
                          {"setting": "target-ttl-max", "value": "1h", "default": "1h"},
                          {"setting": "target-ttl-min", "value": "5s", "default": "5s"}])
        servers = ["192.0.2.1@53#a-b.example", "2001:db8::1@853#c"]
        change = value_of(store.ok("config", "forwarders", *servers, "--dry-run", "--json"),
                          "config KEY VALUE")
        self.assertEqual(change["changes"],
                         [{"setting": "forwarders", "value": servers, "sign": "+"}])
        value_of(store.ok("config", "log-keep", "--json"), "config KEY")
        store.ok("set", "www.example.com", "A", "192.0.2.2")
        plain = value_of(store.ok("log", "--json"), "log")
        full = value_of(store.ok("log", "-p", "--json"), "log")
        self.assertEqual([entry["sequence"] for entry in plain], [1, 2, 3])
        self.assertEqual(plain[2]["record_sets"], {"added": 0, "changed": 2, "removed": 0})
        for entry in full:
            self.assertIsInstance(entry.pop("changes"), list)
        self.assertEqual(full, plain)
        one = value_of(store.ok("log", "3", "--json"), "log")[0]["changes"]
        self.assertEqual(one[0], {"zone": "example.com.", "action": "changed",
                                  "mode": "authoritative", "comment": ""})
        self.assertEqual([(entry["sign"], entry["values"]) for entry in one
                          if entry.get("type") == "A"],
                         [("-", ["192.0.2.1"]), ("+", ["192.0.2.2"])])

    def test_odd_texts_cannot_play_with_the_terminal(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        evil = self.file("x\x1b[2J\n\u009b\udcff\u00e4.zone",
                         zone_text("example.com.", "www A 192.0.2.1"))
        self.as_user(store, SUDO_USER="a\tb\nc").ok("import", "--zone", "example.com", evil)
        line = self.lines(store)[-1]
        self.assertEqual(line[2], f"a\\x09b\\x0ac ({getpass.getuser()})")
        self.assertIn("x\\x1b[2J\\x0a\\xc2\\x9b\\xff\u00e4.zone", line[3])
        entry = value_of(store.ok("log", "--json"), "log")[-1]
        self.assertEqual((entry["who"], entry["what"]), (line[2], line[3]))

    def test_a_change_set_of_another_history_is_found(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        store.ok("backup", self.path("other"))
        other = Store(self.path("other"))
        store.ok("set", "www.example.com", "A", "192.0.2.1")
        other.ok("set", "www.example.com", "A", "192.0.2.2")
        other.ok("set", "one.example.com", "A", "192.0.2.1")
        store.ok("set", "one.example.com", "A", "192.0.2.1")
        self.assertEqual(store.run("check").status, 0)
        part, theirs = (part_of(one, b"set one.example.com A") for one in (store, other))
        self.assertEqual(len(part), len(theirs))
        write_data(store, data_of(store).replace(part, theirs))
        self.assertEqual([line[0] for line in self.lines(store)], ["1", "2", "3"])
        found = store.run("check", "--json")
        self.assertEqual((found.status, value_of(found.out, "check")), (1, [
            {"name": ".", "finding": "does not follow from the one before: change set 3 in the log"},
            {"name": ".", "finding": "not of this store: change set 3 in the log"}]))

    def test_a_damaged_change_set_is_told_and_the_others_are_shown(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        for name in ("before", "between", "behind"):
            store.ok("set", f"{name}.example.com", "A", "192.0.2.1")
        spoiled = data_of(store).replace(b"set between.example", b"set BETWEEN.example")
        self.assertNotEqual(spoiled, data_of(store))
        write_data(store, spoiled)
        for words in ([], ["-p"], ["--json"], ["-p", "--json"]):
            result = store.run("log", *words)
            self.assert_status(result, 3, "change set 3 is damaged in the log")
            shown = ([entry["sequence"] for entry in value_of(result.out, "log")]
                     if "--json" in words
                     else [int(number) for number in re.findall(r"^(\d+)\t", result.out, re.M)])
            self.assertEqual(shown, [1, 2, 4])
        self.assert_status(store.run("log", "3"), 3, "change set 3 is damaged in the log")
        found = store.run("check", "--json")
        self.assertEqual((found.status, value_of(found.out, "check")), (1, [
            {"name": ".", "finding": "damaged: change set 3 in the log"}]))
        store.ok("set", "later.example.com", "A", "192.0.2.1")
        self.assertEqual(store.run("log", "-n", "1").status, 0)
