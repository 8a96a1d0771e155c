# SPDX-License-Identifier: GPL-3.0-or-later
"""A store is made, a host loads the module, hosted zones are answered and counted."""

import os
import socket
import subprocess

from steer import env
from steer.case import Case, zone_text
from steer.client import ask
from steer.wait import until
from steer.wire import EDNS_1232, NOERROR, NXDOMAIN, REFUSED, TYPES, labels, name_of

A, NS, SOA, TXT, MX, OPT = (TYPES[t] for t in ("A", "NS", "SOA", "TXT", "MX", "OPT"))


def address(text):
    return socket.inet_aton(text)


def types(section):
    return [rr[1] for rr in section]


class LoadAndAnswer(Case):

    def test_zone_file_to_answer(self):
        store = self.hosted(("example.com.", zone_text(
            "example.com.", "www A 192.0.2.1", "www A 192.0.2.2", "* TXT \"any\"",
            "sub NS ns.sub", "ns.sub A 192.0.2.3", "alias CNAME www", "bare TYPE65280 \\# 0",
            "@ MX 10 www")))
        host = self.host(store=store.directory).start()

        answer = ask(host, labels("WwW.example.com"), A)
        self.assertEqual((answer.rcode, answer.aa), (NOERROR, True))
        self.assertEqual(answer.values(A), {address("192.0.2.1"), address("192.0.2.2")})
        self.assertEqual(answer.names(), [labels("WwW.example.com")] * 2)
        self.assertEqual(ask(host, labels("x.example.com"), TXT).values(TXT), {b"\x03any"})
        self.assertEqual(ask(host, labels("bare.example.com"), 65280).values(65280), {b""})
        missing = ask(host, labels("x.www.example.com"), A)
        self.assertEqual((missing.rcode, types(missing.authority)), (NXDOMAIN, [SOA]))
        nodata = ask(host, labels("www.example.com"), TXT)
        self.assertEqual((nodata.rcode, types(nodata.authority)), (NOERROR, [SOA]))
        referral = ask(host, labels("a.sub.example.com"), A)
        self.assertEqual((referral.aa, types(referral.authority)), (False, [NS]))
        self.assertEqual([rr[4] for rr in referral.additional], [address("192.0.2.3")])
        chain = ask(host, labels("alias.example.com"), A)
        self.assertEqual(chain.names(),
                         [labels("alias.example.com"), *[labels("www.example.com")] * 2])
        mail = ask(host, labels("example.com"), MX, EDNS_1232)
        self.assertEqual(types(mail.additional), [A, A, OPT])
        self.assertEqual(ask(host, labels("www.example.com"), A, tcp=True).values(A),
                         answer.values(A))

    def test_answers_are_counted(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1",
                                                       "sub NS ns.example.net.")))
        knot = self.knot(store=store.directory).start()
        for name, rrtype in (("www", A), ("www", TXT), ("x", A), ("x.sub", A), ("www", A)):
            ask(knot, labels(f"{name}.example.com"), rrtype)
        ask(knot, labels("example.net"), A)
        self.assertEqual(knot.stats("mod-steer."), {
            "mod-steer.answer[positive]": 2, "mod-steer.answer[nodata]": 1,
            "mod-steer.answer[nxdomain]": 1, "mod-steer.answer[referral]": 1,
            "mod-steer.change-set": 1})

    def test_names_of_no_zone_are_left_to_the_host(self):
        store = self.hosted(("example.com.", zone_text("example.com.")))
        host = self.host(store=store.directory).start()
        for name in ("example.net", "com", "xexample.com", ""):
            self.assertEqual(ask(host, labels(name), A).rcode, REFUSED, name)

    def test_an_empty_store_is_served(self):
        host = self.host(store=self.store().directory).start()
        self.assertEqual(ask(host, labels("example.com"), A).rcode, REFUSED)

    def test_records_by_command(self):
        store = self.store("--ns", "ns1.example.net", "--ns", "ns2.example.net")
        store.ok("zone", "create", "example.org")
        store.ok("set", "www.example.org", "A", "192.0.2.7")
        store.ok("set", "example.org", "MX", "--ttl", "60", "10 mail.example.org.")
        host = self.host(store=store.directory).start()
        self.assertEqual(ask(host, labels("www.example.org"), A).values(A), {address("192.0.2.7")})
        self.assertEqual([rr[3] for rr in ask(host, labels("example.org"), MX).answer], [60])
        servers = {name_of(value) for value in ask(host, labels("example.org"), NS).values(NS)}
        self.assertEqual(servers, {labels("ns1.example.net"), labels("ns2.example.net")})
        self.assertEqual(len(ask(host, labels("example.org"), SOA).answer), 1)

    def test_a_daemon(self):
        """knotd -d detaches from its parent before it opens the store."""
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        knot = self.knot(store=store.directory)
        knot.write_config(knot.config().replace("target: stderr", f"target: {self.path('log')}"))
        done = subprocess.run([env.KNOTD, "-d", "-c", self.path("knot", "knot.conf")],
                              env=env.environment(host=True), check=False, timeout=env.PATIENCE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0)
        until("commands being taken", knot.takes_commands)
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
