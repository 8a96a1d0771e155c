# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl target: external alias targets by what the store has, and by what steerd tells."""

import pathlib
import re
import time

from steer import asking
from steer.peer import Peer, answers, says
from steer.policystory import PolicyStory
from steer.schema import value_of

ZONES = """
    zone: example.com
    records:
      "@":
        - {type: A, alias: fresh.elsewhere.test.}
        - {type: AAAA, alias: fresh.elsewhere.test.}
      b: {type: A, alias: fresh.elsewhere.test.}
      c: {type: A, alias: stale.elsewhere.test.}
      d: {type: A, alias: held.elsewhere.test.}
      e: {type: A, alias: none.elsewhere.test.}
      f: {type: A, alias: missing.elsewhere.test.}
      g: {type: A, alias: 'o\\.dd.elsewhere.test.'}
      h: {type: A, alias: b}
      i: {type: A, alias: www.hosted.test.}
      j: {type: A, alias: out.hosted.test.}
      k: {type: A, alias: also.hosted.test.}
    ---
    zone: hosted.test
    records:
      www: {type: A, values: [192.0.2.1]}
      out: {type: CNAME, values: [end.elsewhere.test.]}
      also: {type: CNAME, values: [end.elsewhere.test.]}
"""
FRESH, STALE, HELD = "fresh.elsewhere.test.", "stale.elsewhere.test.", "held.elsewhere.test."
NONE, MISSING, ODD = "none.elsewhere.test.", "missing.elsewhere.test.", "o\\.dd.elsewhere.test."
END = "end.elsewhere.test."
UNKNOWN = "how alias targets are resolved is not known\n"


def error(text):
    return text.encode().hex()


class Target(PolicyStory):

    def setUp(self):
        super().setUp()
        self.steer = self.policies(ZONES)

    def know_all(self):
        """Writes what steerd would: a target in each state, but no answer for the odd name."""
        self.know(self.steer, (FRESH, 30, "203.0.113.1", "203.0.113.2"), age=10)
        self.know(self.steer, (STALE, 20, "203.0.113.3"), age=3600, tried=7, failures=120,
                  error=error("192.0.2.53: no answer"))
        self.know(self.steer, (HELD, 60, "203.0.113.4"), age=90, held=1)
        self.know(self.steer, (NONE, 60))
        self.know(self.steer, (MISSING, 5), nxdomain=1)

    def listed(self, *words):
        """Rows of target list by name and type."""
        result = self.steer.run("target", "list", *words)
        self.assert_status(result, 0)
        rows = [line.split("\t") for line in result.out.splitlines()]
        self.assertEqual({len(row) for row in rows}, {10})
        return {tuple(row[:2]): row[2:] for row in rows}

    def told(self, name, rrtype="A"):
        """What both actions tell of a target in JSON, which is the same except its records."""
        listed = value_of(self.steer.ok("target", "list", "--json"), "target list")
        shown, = value_of(self.steer.ok("target", "show", name, rrtype, "--json"), "target show")
        one, = [one for one in listed if (one["target"], one["type"]) == (name, rrtype)]
        self.assertEqual({key for key in shown if one.get(key) != shown[key]} -
                         {"age", "resolved", "until", "next"}, {"values"})
        return shown

    def lines(self, name, *more):
        """Lines of target show that are the same at any time."""
        out = self.steer.ok("target", "show", name, *more)
        return [re.sub(" +", " ", re.sub(r"\d{4}-\d\d-\d\dT[\d:]+[+-][\d:]{5}", "TIME", line))
                for line in out.splitlines()]

    def test_each_state_is_listed(self):
        rows = self.listed()
        self.assertEqual(list(rows), [(END, "A"), (FRESH, "A"), (FRESH, "AAAA"), (HELD, "A"),
                                      (MISSING, "A"), (NONE, "A"), (ODD, "A"), (STALE, "A")])
        for row in rows.values():
            self.assertEqual(row, ["pending", "-", "-", "-", "-", "-", "0", "-"])
        self.know_all()
        rows = self.listed()
        ages = {name: (row[3], row[5]) for (name, rrtype), row in rows.items() if rrtype == "A"}
        for row in rows.values():
            del row[5], row[3]
        self.assertEqual(rows, {
            (FRESH, "A"): ["fresh", "2", "30", "-", "0", "-"],
            (FRESH, "AAAA"): ["pending", "-", "-", "-", "0", "-"],
            (STALE, "A"): ["stale", "1", "20", "-", "120", "192.0.2.53: no answer"],
            (HELD, "A"): ["held", "1", "60", "-", "0", "-"],
            (NONE, "A"): ["fresh", "NODATA", "60", "-", "0", "-"],
            (MISSING, "A"): ["fresh", "NXDOMAIN", "5", "-", "0", "-"],
            (ODD, "A"): ["pending", "-", "-", "-", "0", "-"],
            (END, "A"): ["pending", "-", "-", "-", "0", "-"],
        })
        for name, age, stays in ((FRESH, 10, 30), (HELD, 90, 60), (MISSING, 0, 5)):
            seconds = int(ages[name][0].rstrip("s"))
            self.assertTrue(age <= seconds < age + 60, ages)
            self.assertEqual(int(ages[name][1].rstrip("s")), 86400 + stays - seconds)
        self.steer.ok("config", "stale-max", "1h")
        self.assertTrue(0 <= int(self.listed()[STALE, "A"][5].rstrip("s")) <= 20)
        self.steer.ok("config", "stale-max", "0")
        self.assertEqual(self.listed()[STALE, "A"][5], "0s")

    def test_each_state_is_shown(self):
        self.know_all()
        stays = "stays until: TIME unless it resolves before"
        self.assertEqual(self.lines(STALE), [
            f"target: {STALE}", "type: A", "state: stale (it does not resolve again)",
            "used by: 1 alias", "record: 203.0.113.3", "ttl: 20", "resolved: TIME",
            "last try: TIME: 192.0.2.53: no answer", stays, "failures: 120 in a row"])
        self.assertEqual(self.lines(FRESH), [
            f"target: {FRESH}", "type: A", "state: fresh", "used by: 2 aliases",
            "record: 203.0.113.1", "record: 203.0.113.2", "ttl: 30", "resolved: TIME",
            "last try: TIME", stays, "",
            f"target: {FRESH}", "type: AAAA", "state: pending (it has not been resolved yet)",
            "used by: 1 alias", "answer: none"])
        self.assertEqual(self.lines(FRESH, "A"), self.lines(FRESH)[:10])
        self.assertEqual(self.lines(HELD)[2:6], [
            "state: held (it says that it has no records; they stay until it says so again)",
            "used by: 1 alias", "record: 203.0.113.4", "ttl: 60"])
        for name, lack in (NONE, "NODATA"), (MISSING, "NXDOMAIN"):
            self.assertEqual(self.lines(name)[2:5],
                             ["state: fresh", "used by: 1 alias", f"answer: {lack}"])
        self.assertEqual(self.lines(END)[3], "used by: 0 aliases")
        self.assertEqual(self.lines("O\\046DD.Elsewhere.test")[0], f"target: {ODD}")

    def test_values(self):
        self.know_all()
        one = self.told(STALE)
        until = one.pop("until")
        self.assertRegex(until, r"^\d{4}-\d\d-\d\dT")
        self.assertTrue(3600 <= one.pop("age") < 3660)
        self.assertLess(one.pop("resolved"), one.pop("tried"))
        self.assertEqual(one, {
            "target": STALE, "type": "A", "state": "stale", "records": 1, "nxdomain": False,
            "ttl": 20, "next": None, "failures": 120, "error": "192.0.2.53: no answer",
            "refreshes": None, "failed": None, "uses": 1, "steerd_silent_since": None,
            "values": ["203.0.113.3"]})
        for name, rrtype, records, nxdomain in ((NONE, "A", 0, False), (MISSING, "A", 0, True),
                                                (FRESH, "A", 2, False),
                                                (FRESH, "AAAA", None, False)):
            one = self.told(name, rrtype)
            self.assertEqual((one["records"], one["nxdomain"], len(one["values"])),
                             (records, nxdomain, records or 0))

    def test_patterns(self):
        for pattern, names in ((STALE, {STALE}), (STALE[:-1], {STALE}), ("STALE.*", {STALE}),
                               ("?e*.elsewhere.test", {HELD}), ("*\\\\.dd.*", {ODD}),
                               ("*", {FRESH, STALE, HELD, NONE, MISSING, ODD, END})):
            with self.subTest(pattern):
                self.assertEqual({name for name, _ in self.listed(pattern)}, names)

    def test_mistakes_are_told(self):
        for status, words, said in (
                (1, ["list", "*.hosted.test"],
                 r"^steerctl target list: no external alias target matches '\*\.hosted\.test'$"),
                (1, ["show", "www.hosted.test"], r"^www\.hosted\.test: no such external alias "
                 r"target; steerctl target list shows them$"),
                (1, ["show", "c.example.com", "A"], "no such external alias target"),
                (1, ["show", STALE, "MX"], "no such external alias target"),
                (2, ["list", "a", "b"], "too many arguments"), (2, ["show"], "argument"),
                (2, ["show", "a", "A", "b"], "too many arguments"),
                (2, ["show", "a..b"], "'a..b' is not a domain name"),
                (2, ["show", STALE, "X1"], "'X1' is not a record type"),
                (2, [], "too few arguments"),
                (2, ["forget"], "no action 'forget'; allowed: list, show")):
            with self.subTest(words):
                result = self.steer.run("target", *words)
                self.assert_status(result, status, f"(?m){said}")
                self.assertEqual(result.out, "")
        empty = self.store(name="empty")
        result = empty.run("target", "list")
        self.assertEqual(result, (0, "", ""))
        self.assertEqual(value_of(empty.ok("target", "list", "--json"), "target list"), [])

    def test_a_damaged_answer_is_told(self):
        self.know_all()
        data = pathlib.Path(self.steer.directory, "status", "data.mdb")
        data.write_bytes(data.read_bytes().replace(b"192.0.2.53: no", b"192.0.2.53: NO"))
        said = rf"(?m)^{re.escape(STALE)}: A: its answer: damaged data$"
        result = self.steer.run("target", "list")
        self.assert_status(result, 3, said)
        self.assertEqual(len(result.out.splitlines()), 8)
        self.assertIn(f"{STALE}\tA\tpending\t-", result.out)
        self.assert_status(self.steer.run("target", "show", STALE), 3, said, "answer: +none")
        self.assert_status(self.steer.run("target", "show", FRESH), 0)

    def test_the_terminal_gets_no_control_characters(self):
        self.know(self.steer, (STALE, 20, "203.0.113.3"), failures=1, error=error("a\x1b[2J\nb"))
        self.assertEqual(self.listed()[STALE, "A"][-1], r"a\x1b[2J\x0ab")
        self.assertIn(r"last try: TIME: a\x1b[2J\x0ab", self.lines(STALE))
        self.assertEqual(self.told(STALE)["error"], r"a\x1b[2J\x0ab")

    def test_a_steerd_that_is_not_at_work_is_told(self):
        self.know_all()
        for words in ["list"], ["show", FRESH]:
            result = self.steer.run("target", *words)
            self.assertEqual(result.err, f"warning: {self.steer.directory}: no steerd is running; "
                             + UNKNOWN)
            self.assertEqual(self.steer.run("target", *words, "--json").err, "")
        self.publish(self.steer, "heartbeat 100000000")
        for words in ["list"], ["show", FRESH]:
            self.assertRegex(self.steer.run("target", *words).err,
                             r"^warning: steerd has been silent since 20\S+; the last answers of "
                             r"alias targets are kept\n$")
        self.know(self.steer, (FRESH, 30, "203.0.113.1"), age=40)
        self.assertEqual(self.listed()[FRESH, "A"][0], "stale")
        self.assertEqual(self.listed()[NONE, "A"][0], "fresh")
        self.assertIn("state: stale (steerd does not resolve it again)", self.lines(FRESH))
        self.assertRegex(self.told(FRESH)["steerd_silent_since"], "^20")

    def place(self):
        return self.steer.path(asking.SOCKET)

    def test_what_steerd_tells_is_newer(self):
        self.know_all()
        told = {"target": FRESH, "type": "A", "state": "stale", "records": 1, "nxdomain": False,
                "ttl": 30, "age": 100, "removed_in": 5000, "next": int(time.time()) + 20,
                "tried": int(time.time()) - 5, "failures": 3, "error": "SERVFAIL",
                "refreshes": 7, "failed": 4}
        odd = {**told, "target": "o\\046dd.elsewhere.test.", "state": "failed", "age": None,
               "removed_in": None, "records": None, "ttl": None}
        peer = Peer(self.place(), answers([told, odd]))
        result = self.steer.run("target", "list")
        self.assertEqual((result.status, result.err), (0, ""))
        rows = self.listed()
        self.assertEqual(rows[FRESH, "A"][:4] + rows[FRESH, "A"][5:],
                         ["stale", "2", "30", "100s", "5000s", "3", "SERVFAIL"])
        self.assertTrue(0 < int(rows[FRESH, "A"][4].rstrip("s")) <= 20)
        self.assertEqual(rows[ODD, "A"][:4] + rows[ODD, "A"][5:],
                         ["failed", "-", "-", "-", "-", "3", "SERVFAIL"])
        self.assertEqual(rows[STALE, "A"][0], "stale")
        lines = self.lines(FRESH, "A")
        for line in ("last try: TIME: SERVFAIL", "next try: TIME", "failures: 3 in a row",
                     "tries: 11, 4 failed"):
            self.assertIn(line, lines)
        self.assertIn("state: failed (it has no answer, and does not resolve)", self.lines(ODD))
        one = self.told(FRESH)
        self.assertEqual((one["refreshes"], one["failed"], one["age"]), (7, 4, 100))
        self.assertRegex(one["next"], "^20")
        peer.stop()

    def test_only_one_name_is_asked_for(self):
        asked = []
        def behave(one):
            asked.append(one.recv(4096).split(b"\r\n")[0])
            one.sendall(b"HTTP/1.1 200 OK\r\n\r\n[]")
        peer = Peer(self.place(), behave)
        self.steer.ok("target", "show", ODD)
        self.steer.ok("target", "list")
        peer.stop()
        self.assertEqual([line.split(b" ")[1] for line in asked],
                         [b"/targets?name=o%5C.dd.elsewhere.test.", b"/targets"])

    def test_targets_are_told_whatever_answers(self):
        self.know_all()
        before = self.listed()[STALE, "A"]
        one = {"target": STALE, "type": "A", "state": "fresh"}
        for value in ([], [1, None, "x", []], [{}],
                      [{**one, "state": "\x1b"}], [{**one, "state": 1}],
                      [{**one, "target": "x..y"}], [{**one, "target": 1}], [{**one, "type": 5}],
                      [{**one, "type": "A" * 9999}], [{**one, "target": "a." * 9999}],
                      [{**one, "type": "AAAA"}], [{**one, "target": HELD + "x"}]):
            peer = Peer(self.place(), answers(value))
            self.assertEqual(self.steer.run("target", "list").err, "")
            row = self.listed()[STALE, "A"]
            self.assertEqual((row[0], row[6:]), (before[0], before[6:]), value)
            peer.stop()
        peer = Peer(self.place(), says(b"HTTP/1.1 200 OK\r\n\r\n{}"))
        self.assertEqual(self.steer.run("target", "list").err,
                         f"warning: steerd gives no good answer; {UNKNOWN}")
        peer.stop()
        peer = Peer(self.place(), answers([{
            **one, "age": 1 << 62, "removed_in": -5, "tried": 1 << 62, "next": 1 << 62,
            "failures": 1e300, "refreshes": 1 << 62, "failed": "many",
            "error": "\x1b[2J" + 10000 * "a"}]))
        for words in ["list"], ["show", STALE]:
            out = self.steer.ok("target", *words)
            self.assertNotIn("\x1b", out)
            self.assertLess(len(out), 5000)
        self.told(STALE)
        peer.stop()
