# SPDX-License-Identifier: GPL-3.0-or-later
"""A store is made, knotd loads the module, hosted zones are answered and counted."""

import os
import socket
import subprocess

from steer import env
from steer.case import Case, zone_text
from steer.client import ask
from steer.wait import until
from steer.wire import NOERROR, NXDOMAIN, REFUSED, TYPES, labels, name_of

A, NS, SOA, TXT, MX = (TYPES[t] for t in ("A", "NS", "SOA", "TXT", "MX"))


def address(text):
    return socket.inet_aton(text)


class LoadAndAnswer(Case):

    def test_zone_file_to_answer(self):
        store = self.hosted(("example.com.", zone_text(
            "example.com.", "www A 192.0.2.1", "www A 192.0.2.2", "* TXT \"any\"",
            "sub NS ns.sub", "ns.sub A 192.0.2.3")))
        knot = self.knot(store=store.directory).start()

        answer = ask(knot, labels("www.example.com"), A)
        self.assertEqual((answer.rcode, answer.aa), (NOERROR, True))
        self.assertEqual(answer.values(A), {address("192.0.2.1"), address("192.0.2.2")})
        self.assertEqual(ask(knot, labels("x.example.com"), TXT).values(TXT), {b"\x03any"})
        self.assertEqual(ask(knot, labels("x.www.example.com"), A).rcode, NXDOMAIN)
        nodata = ask(knot, labels("www.example.com"), TXT)
        self.assertEqual([rr[1] for rr in nodata.authority], [SOA])
        referral = ask(knot, labels("a.sub.example.com"), A)
        self.assertEqual((referral.aa, [rr[1] for rr in referral.authority]), (False, [NS]))
        self.assertEqual([rr[4] for rr in referral.additional], [address("192.0.2.3")])
        self.assertEqual(ask(knot, labels("www.example.com"), A, tcp=True).values(A),
                         answer.values(A))

        self.assertEqual(knot.stats("mod-steer."), {
            "mod-steer.answer[positive]": 3, "mod-steer.answer[nodata]": 1,
            "mod-steer.answer[nxdomain]": 1, "mod-steer.answer[referral]": 1,
            "mod-steer.change-set": 1})

    def test_names_of_no_zone_are_left_to_knot(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        knot = self.knot(store=store.directory).start()
        for name in ("example.net", "com", "xexample.com", ""):
            self.assertEqual(ask(knot, labels(name), A).rcode, REFUSED, name)
        self.assertEqual(knot.stats("mod-steer."), {"mod-steer.change-set": 1})

    def test_an_empty_store_is_served(self):
        knot = self.knot(store=self.store().directory).start()
        self.assertEqual(ask(knot, labels("example.com"), A).rcode, REFUSED)

    def test_records_by_command(self):
        store = self.store("--ns", "ns1.example.net", "--ns", "ns2.example.net")
        store.ok("zone", "create", "example.org")
        store.ok("set", "www.example.org", "A", "192.0.2.7")
        store.ok("set", "example.org", "MX", "--ttl", "60", "10 mail.example.org.")
        knot = self.knot(store=store.directory).start()
        self.assertEqual(ask(knot, labels("www.example.org"), A).values(A), {address("192.0.2.7")})
        self.assertEqual([rr[3] for rr in ask(knot, labels("example.org"), MX).answer], [60])
        servers = {name_of(value) for value in ask(knot, labels("example.org"), NS).values(NS)}
        self.assertEqual(servers, {labels("ns1.example.net"), labels("ns2.example.net")})
        self.assertEqual(len(ask(knot, labels("example.org"), SOA).answer), 1)

    def test_a_daemon(self):
        """knotd -d detaches from its parent before it opens the store."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        knot = self.knot(store=store.directory)
        knot.write_config(knot.config().replace("target: stderr", f"target: {self.path('log')}"))
        done = subprocess.run([env.KNOTD, "-d", "-c", self.path("knot", "knot.conf")],
                              env=env.environment(host=True), check=False, timeout=env.PATIENCE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0)
        until("the control socket", lambda: os.path.exists(self.path("knot", "knot.sock")))
        try:
            knot.wrapper = ["-d"]  # The process id is in a file.
            knot.assert_built_module()
            self.served(knot, "www.example.com", A)
            store.ok("set", "www.example.com", "A", "192.0.2.2")
            self.served(knot, "www.example.com", A, value=address("192.0.2.2"))
        finally:
            pid = knot.pid()
            knot.control("stop")
            until("the end of knotd", lambda: not os.path.exists(f"/proc/{pid}"))

    def test_counters_are_there_before_the_first_question(self):
        """knotc stats names them, with force also when they are zero."""
        store = self.hosted(("example.com.", zone_text("example.com.")))
        knot = self.knot(store=store.directory).start()
        text = knot.control("-f", "stats", "mod-steer")
        for counter in ("answer[positive]", "answer[nodata]", "answer[nxdomain]",
                        "answer[referral]", "stale-answer", "error", "servfail[not-ready]",
                        "servfail[policy]", "servfail[too-large]", "stale-since",
                        "steerd-silent-since"):
            self.assertIn(f"mod-steer.{counter} = 0", text)
        self.assertIn("mod-steer.change-set = 1", text)
