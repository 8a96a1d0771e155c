# SPDX-License-Identifier: GPL-3.0-or-later
"""The health log tells how checks came to be up or down, since when, by whom and why."""

import datetime
import getpass
import pathlib
import subprocess

from steer import env
from steer.case import Case
from steer.schema import value_of
from steer.steerdstory import SteerdStory
from steer.store import Store

ODD = "tab\there \x1b[31m and \udcff, ja \u2713"
SHOWN = r"tab\x09here \x1b[31m and \xff, ja " + "\u2713"


def find_states(store, *states):
    """Writes what steerd would have found: id, state, since when."""
    subprocess.run([env.stress("status"), store.directory], check=True, text=True,
                   input="".join(f"state {check} {state} {int(since.timestamp())}\n"
                                 for check, state, since in states))


class HealthLog(Case):

    def setUp(self):
        super().setUp()
        self.steer = self.store()
        for name in ("web-a", "web-b", "hand"):
            self.steer.ok("health", "set", name, "manual")

    def rows(self, *words, store=None):
        """Lines of health log without the time."""
        lines = (store or self.steer).ok("health", "log", *words).splitlines()
        return [tuple(line.split("\t")[1:]) for line in lines]

    def test_who_did_what_and_why(self):
        me = getpass.getuser()
        as_alice = Store(self.steer.directory, prefix=["env", "SUDO_USER=alice"])
        self.steer.ok("health", "force", "web-*", "down", "--for", "2h", "--reason", "new switch")
        as_alice.ok("health", "report", "hand", "up")
        self.steer.ok("health", "report", "hand", "up", "--reason", "seen by me")
        as_alice.ok("health", "force", "web-a", "clear", "--reason", "done")
        self.steer.ok("health", "force", "web-a", "clear", "--reason", "nothing to clear")
        value = value_of(self.steer.ok("health", "log", "--json"), "health log")
        until = value[0]["until"]
        self.assertEqual(self.rows(), [
            ("web-a", "down", "force", until, me, "new switch"),
            ("web-b", "down", "force", until, me, "new switch"),
            ("hand", "up", "report", "-", f"alice ({me})", "-"),
            ("hand", "up", "report", "-", me, "seen by me"),
            ("web-a", "cleared", "force", "-", f"alice ({me})", "done")])
        since, until = (datetime.datetime.fromisoformat(value[0][key]) for key in
                        ("since", "until"))
        self.assertEqual(until - since, datetime.timedelta(hours=2))
        self.assertEqual([(one["health_check"], one["state"], one["by"], one["who"], one["reason"])
                          for one in value[2:]],
                         [("hand", "up", "report", f"alice ({me})", None),
                          ("hand", "up", "report", me, "seen by me"),
                          ("web-a", "cleared", "force", f"alice ({me})", "done")])
        self.assertEqual([line.split("\t")[0] for line in
                          self.steer.ok("health", "log").splitlines()],
                         [one["since"] for one in value])

    def test_a_reason_is_shown_wherever_the_state_is(self):
        done = value_of(self.steer.ok("health", "force", "web-a", "down", "--reason", ODD, "--json"),
                        "health force")
        self.assertEqual(done["reason"], SHOWN)
        row = self.steer.ok("health", "list").splitlines()[1].split("\t")
        self.assertEqual((row[0], row[2], row[7]), ("web-a", "down", SHOWN))
        value = value_of(self.steer.ok("health", "list", "--json"), "health list")[1]
        self.assertEqual(value["reason"], SHOWN)
        for words, said in ((("health", "show", "web-a"), f": {SHOWN}\n"),
                            (("log", "-n", "1", "-p"), f"+health force web-a down: {SHOWN}\n"),
                            (("health", "log"), f"\t{SHOWN}\n")):
            shown = self.steer.ok(*words)
            self.assertIn(said, shown)
            self.assertNotIn("\x1b", shown)
        self.steer.ok("health", "force", "web-a", "clear", "--reason", "x" * 512)
        self.assertIn("+health force web-a cleared: " + "x" * 512 + "\n",
                      self.steer.ok("log", "-n", "1", "-p"))
        self.assertEqual(self.rows()[-1][-1], "x" * 512)

    def test_some_are_chosen_by_pattern_and_time(self):
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        noon = now.replace(hour=12, minute=0, second=0) - datetime.timedelta(days=10)
        find_states(self.steer, ("web-a", "down", noon - datetime.timedelta(hours=2)),
                    ("web-a", "up", noon), ("web-b", "up", noon),
                    ("hand", "down", noon - datetime.timedelta(days=1)))  # The clock was set back.
        a, both, late = ("web-a", "down"), [("web-a", "up"), ("web-b", "up")], ("hand", "down")
        utc = Store(self.steer.directory, prefix=["env", "TZ=UTC0"])
        ago = int((now - noon).total_seconds())
        day, after = noon.strftime("%Y-%m-%d"), f"{noon:%Y-%m-%d}T12:00:01"
        for words, want in (((), [a, *both, late]), (("*",), [a, *both, late]),
                            (("web-*",), [a, *both]), (("web-b",), both[1:]), (("other",), []),
                            (("web-[a]",), [a, both[0]]), (("web-a", "--since", day), [a, both[0]]),
                            (("--since", str(ago + 3600)), both), (("--since", "9d"), []),
                            (("--since", f"{ago + 3600}s"), both),
                            (("--since", f"{ago // 3600 + 3}h"), [a, *both]),
                            (("--since", "2w"), [a, *both, late]),
                            (("--since", "7000w"), [a, *both, late]),
                            (("--since", f"{day}T12:00:00+00:00"), both),
                            (("--since", f"{day}T13:00:00+01:00"), both),
                            (("--since", f"{after}Z"), []), (("--since", after), []),
                            (("--since", f"{day}T10:00:01"), both),
                            (("--since", f"{day}T10:00"), [a, *both]),
                            (("--since", day), [a, *both]),
                            (("--since", f"@{int(noon.timestamp())}"), both)):
            with self.subTest(words):
                self.assertEqual([row[:2] for row in self.rows(*words, store=utc)], want)
        east = Store(self.steer.directory, prefix=["env", "TZ=XXX-02"])
        self.assertEqual(len(self.rows("--since", f"{day}T14:00", store=east)), 2)
        self.assertEqual(self.rows("--since", f"{day}T14:01", store=east), [])
        self.assertEqual(self.rows("web-b")[0][2:], ("probe", "-", "-", "-"))

    def test_as_many_are_kept_as_the_setting_says(self):
        for _ in range(2):
            self.steer.ok("health", "force", "*", "down")
            self.steer.ok("health", "force", "*", "clear")
        self.assertEqual(len(self.rows()), 12)
        self.steer.ok("config", "health-log-keep", "4")
        self.steer.ok("health", "force", "web-a", "up")
        self.assertEqual([row[:2] for row in self.rows()],
                         [("hand", "cleared"), ("web-a", "cleared"), ("web-b", "cleared"),
                          ("web-a", "up")])
        self.steer.ok("config", "health-log-keep", "0")
        self.steer.ok("health", "force", "web-a", "clear")
        self.assertEqual(self.rows(), [])
        self.assertEqual(value_of(self.steer.ok("health", "log", "--json"), "health log"), [])

    def test_a_backup_has_it(self):
        self.steer.ok("health", "force", "web-a", "down", "--reason", "new switch")
        copy = pathlib.Path(self.dir, "copy")
        self.steer.ok("backup", str(copy))
        self.assertEqual(self.rows(store=Store(str(copy))), self.rows())
        self.assertEqual(len(self.rows()), 1)

    def test_damage_costs_one_transition(self):
        for number in range(3):
            self.steer.ok("health", "force", "web-a", "down", "--reason", f"reason-{number}")
        self.steer.ok("health", "force", "web-a", "clear")
        self.assertEqual(self.steer.run("check").out, "")
        data = pathlib.Path(self.steer.directory, "status", "data.mdb")
        data.write_bytes(data.read_bytes().replace(b"reason-1", b"reason-X"))
        result = self.steer.run("health", "log")
        self.assert_status(result, 3,
                           "(?m)^steerctl health log: transition 2 is damaged in the health log$")
        self.assertEqual([line.split("\t")[-1] for line in result.out.splitlines()],
                         ["reason-0", "reason-2", "-"])
        value = value_of(self.steer.run("health", "log", "--json").out, "health log")
        self.assertEqual(len(value), 3)
        self.assert_status(self.steer.run("check"), 1,
                           r"(?m)^\.: damaged: transition 2 in the health log$")

    def test_mistakes_are_told(self):
        before = self.steer.ok("log") + self.steer.ok("health", "list")
        time = (r"--since: '{}' is not a time; allowed: how long ago, in seconds, or in ms, s, m, h, "
                r"d, w as in 1h30m; or a date as in 2026-11-22T16:00:00\+01:00")
        for words, said in (
                (["log", "a", "b"], "too many arguments"),
                *((["log", "--since", since], time.format(since)) for since in (
                    "x", "1x", "2026-02-30", "2026-13-01", "2026-03-01T25:00", "2026-03-01 x",
                    "1969-12-31T00:00:00Z", "@")),
                (["force", "web-a", "down", "--reason"], "requires an argument"),
                (["force", "web-a", "down", "--reason", "x" * 513],
                 "--reason: 513 bytes; allowed: at most 512"),
                (["report", "hand", "clear", "--reason", "x" * 9999], "allowed: at most 512")):
            with self.subTest(words):
                self.assert_status(self.steer.run("health", *words), 2, said)
        self.assertEqual(self.steer.ok("log") + self.steer.ok("health", "list"), before)
        self.assertEqual(self.rows(), [])


class WhatSteerdFinds(SteerdStory):

    def test_is_in_the_log_when_it_changes(self):
        backend = self.backend()
        store = self.store()
        self.set_check(store, "main", backend)
        store.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        store.ok("set", "www.example.com", "A", "--id", "x", "--weight", "1", "--health", "main",
                 "192.0.2.1")
        self.steerd(store).start()
        self.until_state(store, "main", "up")
        backend.wait_for(3)
        backend.stop()
        self.until_state(store, "main", "down")
        lines = store.ok("health", "log").splitlines()
        self.assertEqual([line.split("\t")[1:6] for line in lines],
                         [["main", "up", "probe", "-", "-"], ["main", "down", "probe", "-", "-"]])
        self.assertRegex(lines[0], r"\tconnected to 127\.0\.0\.1:\d+ after \d+ ms$")
        shown = store.ok("health", "show", "main")
        self.assertIn(": " + lines[1].split("\t")[-1] + "\n", shown)
