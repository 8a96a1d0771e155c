# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl asks steerd for last results, and shows states whatever it is told."""

import os
import threading

from steer.backend import until_closed
from steer.endpointstory import EndpointStory
from steer.peer import Peer, answers, says
from steer.schema import value_of
from steer.wait import until

UNKNOWN = "; the last results of probes are not known\n"


def without_end(one):
    while True:
        one.sendall(b"[" * (1 << 20))


def drips(one):
    """Sends a byte at a time, for longer than anybody waits."""
    wait = threading.Event()
    while True:
        one.sendall(b"H")
        wait.wait(0.1)


class LastResults(EndpointStory):

    def listed(self, store):
        """What health list tells of each check, without its warnings."""
        result = store.run("health", "list")
        self.assert_status(result, 0)
        return {row[0]: row for row in (line.split("\t") for line in result.out.splitlines())}

    def last(self, store, name):
        """What both commands tell of the last probe in JSON, which is the same."""
        shown = value_of(store.ok("health", "show", name, "--json"), "health show")
        listed = value_of(store.ok("health", "list", "--json"), "health list")
        last = next(one["last"] for one in listed if one["health_check"] == name)
        self.assertEqual(last is None, shown["last"] is None)
        return last

    def test_last_results_are_told(self):
        store, _, down = self.watched("web-up", "web-down")
        store.ok("health", "set", "hand", "manual")
        store.ok("health", "set", "unused", "tcp", "address=127.0.0.1", "port=1")
        down.stop()
        self.steerd(store).start()
        until("results", lambda: all(self.listed(store)[name][9] != "-"
                                     for name in ("web-up", "web-down")))
        self.assertEqual(store.run("health", "list").err, "")
        rows = self.listed(store)
        self.assertEqual([rows[name][9] for name in sorted(rows)], ["-", "-", "failure", "success"])
        self.assertEqual(rows["unused"][10], "-")
        for name in "web-up", "web-down":
            self.assertRegex(rows[name][10], r"^\d+\.\d{3}$")
        last = self.last(store, "web-up")
        self.assertEqual((last["result"], last["secured"], last["failures"]), ("success", None, 0))
        self.assertTrue(0 <= last["connected"] <= last["total"], last)
        self.assertEqual(last["in_a_row"], last["probes"])
        last = self.last(store, "web-down")
        self.assertEqual((last["result"], last["connected"]), ("failure", None))
        for name in "hand", "unused":
            self.assertIsNone(self.last(store, name))
        shown = store.ok("health", "show", "web-up")
        for line in (r"last probe: +success at \d{4}-\S+: connected to \S+ after \d+ ms",
                     r"took: +connected \d+\.\d{3} ms, total \d+\.\d{3} ms", r"in a row: +\d+",
                     r"probes: +\d+, 0 failed, 0 inconclusive", r"next probe: +\d{4}-\S+"):
            self.assertRegex(shown, rf"(?m)^{line}$")
        self.assertRegex(store.ok("health", "show", "web-down"),
                         r"(?m)^last probe: +failure at \S+: 127\.0\.0\.1:\d+: Connection refused")
        shown = store.ok("health", "show", "unused")
        self.assertRegex(shown, r"(?m)^next probe: +none$")
        self.assertNotIn("last probe", shown)

    def test_the_first_probe_is_told_before_it_is_made(self):
        store, web = self.watched("web")
        self.set_check(store, "web", web, interval="1d")
        self.steerd(store).start()
        shown = store.ok("health", "show", "web")
        self.assertRegex(shown, r"(?m)^next probe: +\d{4}-\S+$")
        self.assertNotIn("last probe", shown)
        self.assertIsNone(self.last(store, "web"))

    def test_without_steerd_states_are_told(self):
        store, _ = self.watched("web")
        store.ok("health", "force", "web", "down")
        daemon = self.steerd(store).start()
        daemon.kill()  # Its socket stays.
        for words in ["list"], ["show", "web"]:
            result = store.run("health", *words)
            self.assert_status(result, 0)
            self.assertEqual(result.err,
                             f"warning: {store.directory}: no steerd is running{UNKNOWN}")
            self.assertIn("down", result.out)
            self.assertEqual(store.run("health", *words, "--json").err, "")
        self.assertIsNone(self.last(store, "web"))
        self.assertEqual(self.listed(store)["web"][9:], ["-", "-"])

    def test_nobody_is_asked_about_checks_that_are_not_probed(self):
        store = self.store()
        store.ok("health", "set", "hand", "manual")
        store.ok("health", "set", "off", "tcp", "address=192.0.2.1", "port=80", "disabled=yes")
        for words in ["list"], ["show", "hand"], ["show", "off"]:
            self.assertEqual(store.run("health", *words).err, "")

    def test_states_are_told_whatever_answers(self):
        store, _ = self.watched("web")
        path = self.place(store)
        good = b"HTTP/1.1 200 OK\r\n\r\n"
        in_time, no_good = "steerd does not answer in time", "steerd gives no good answer"
        cases = ((until_closed, in_time), (drips, in_time),
                 (without_end, "the answer of steerd is longer than 64 MiB"),
                 (lambda one: None, "steerd "),
                 (says(b"garbage"), no_good), (says(b"\r\n\r\n"), no_good),
                 (says(b"HTTP/1.1 503 Busy\r\n\r\n[]"), no_good),
                 (says(b"HTTP/1.1 200 OK\r\n[]"), no_good), (says(good), no_good),
                 (says(good, b"["), no_good), (says(good, b"{}"), no_good),
                 (says(good, b"\0\xff"), no_good), (says(good, b"[" * 100000), no_good))
        for behave, reason in cases:
            peer = Peer(path, behave)
            result = store.run("health", "show", "web")
            self.assert_status(result, 0)
            self.assertTrue(result.err.startswith("warning: " + reason), result.err)
            self.assertTrue(result.err.endswith(UNKNOWN), result.err)
            self.assertRegex(result.out, r"(?m)^state: +up \(unknown\)$")
            peer.stop()

    def test_a_link_to_the_socket_of_others_is_not_followed(self):
        store, _ = self.watched("web")
        asked = []
        peer = Peer(self.path("victim.sock"), asked.append)
        for put, words in (os.symlink, "a symbolic link"), (os.link, "by a hard link"):
            put(self.path("victim.sock"), self.place(store))
            result = store.run("health", "list")
            self.assert_status(result, 0)
            self.assertRegex(result.err, rf"^warning: \S+: steerd\.sock: .*{words}.*{UNKNOWN}$")
            os.unlink(self.place(store))
        peer.stop()
        self.assertEqual(asked, [])

    def test_what_cannot_be_a_result_is_none(self):
        store, _ = self.watched("web")
        whole = {"health_check": "web", "last": {"result": "success", "reason": "well"}}
        for value in ([], [1, None, "web", []], [{}], [{"health_check": 1}],
                      [{"health_check": "web"}], [{**whole, "health_check": "other"}],
                      [{**whole, "last": [1]}],
                      [{**whole, "last": {"result": "success"}}],
                      [{**whole, "last": {"result": "\x1b[0m", "reason": "well"}}],
                      [{**whole, "last": {"result": "success", "reason": 1}}]):
            peer = Peer(self.place(store), answers(value))
            self.assertEqual(store.run("health", "list").err, "")
            self.assertIsNone(self.last(store, "web"), value)
            peer.stop()

    def test_nothing_reaches_the_terminal_unmasked(self):
        store, _ = self.watched("web")
        peer = Peer(self.place(store), answers([{
            "health_check": "web", "next": -1, "probes": 1e300, "in_a_row": "many",
            "last": {"result": "failure", "reason": "\x1b[2J\n" + 10000 * "a", "total": 1e300,
                     "connected": -1, "time": 1 << 62}}]))
        for words in ["list"], ["show", "web"]:
            out = store.ok("health", *words)
            self.assertNotIn("\x1b", out)
            self.assertLess(len(out), 5000)
        self.assertIn(r"failure at @4611686018427387904: \x1b[2J\x0aaaa", out)
        self.assertEqual(self.last(store, "web")["connected"], None)
        peer.stop()
