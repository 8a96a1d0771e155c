# SPDX-License-Identifier: GPL-3.0-or-later
"""What BIND's configuration says of who may ask, how often and of the form of replies holds for
hosted zones, too: each story asks for a name of BIND's own zone and for one of the store."""

import contextlib
import itertools
import os
import struct

from steer.case import zone_text
from steer.client import Udp, ask
from steer.named import NamedCase
from steer.store import Store
from steer.wire import (BADCOOKIE, EDNS_1232, NOERROR, NXDOMAIN, PLAIN, REFUSED, TYPES, Answer,
                        labels, opt, question)

A, MX, NS = (TYPES[t] for t in ("A", "MX", "NS"))
COOKIE = 10       # EDNS option.
PROHIBITED = 18   # Extended DNS error.
NAMES = "own.test", "hosted.test"


def cookie(data=b"12345678"):
    """EDNS with a cookie."""
    return (1, opt(1232, options=struct.pack("!HH", COOKIE, len(data)) + data))


class BindAccess(NamedCase):

    def serve(self, options, **more):
        lines = ("www A 192.0.2.1", "mail MX 10 www", "sub NS ns.sub", "ns.sub A 192.0.2.2",
                 *(f"many A 192.0.2.{n}" for n in range(1, 9)),
                 *(f"last{n} A 192.0.2.3" for n in range(20)))
        self.bursts = itertools.count()
        name = f"store-{len(os.listdir(self.dir))}"
        store = self.hosted(("hosted.test.", zone_text("hosted.test.", *lines)), name=name)
        own = self.file("own.zone", zone_text("own.test.", *lines))
        server = self.named(store=store.directory, zones={"own.test": own},
                            options=f"recursion no; {options}", **more)
        return self.loaded(server.start())

    def test_allow_query(self):
        for options, source, word in (
                ("allow-query { 127.0.0.2; };", "127.0.0.2", "query"),
                ("allow-query-on { 127.0.0.3; };", None, "query-on")):
            with self.subTest(options):
                server = self.serve(options)
                for zone in NAMES:
                    answer = ask(server, labels(f"www.{zone}"), A, EDNS_1232)
                    self.assertEqual((answer.rcode, answer.extended_error(), answer.answer),
                                     (REFUSED, PROHIBITED, []), zone)
                    self.assertEqual(ask(server, labels(f"x.{zone}"), A).rcode, REFUSED)
                    if source is not None:
                        with contextlib.closing(Udp(server.address, source=source)) as client:
                            client.send([question(labels(f"www.{zone}"), A)])
                            self.assertEqual(Answer(client.receive(1)[0]).rcode, NOERROR, zone)
                self.assertEqual(ask(server, labels("www.nobody.test"), A).rcode, REFUSED)
                server.log.wait(f"security: info: .*{word} 'www.hosted.test/A/IN' denied")
                server.stop()

    def test_allow_query_of_a_zone(self):
        """It holds for an overlay on that zone, and comes before the view's."""
        server = self.serve("allow-query { none; };")
        for zone in NAMES:
            self.assertEqual(ask(server, labels(f"www.{zone}"), A).rcode, REFUSED)
        store = Store(server.store)
        store.ok("zone", "create", "own.test", "--overlay")
        store.ok("set", "held.own.test", "A", "192.0.2.9")
        for who, rcode in (("127.0.0.1", NOERROR), ("127.0.0.2", REFUSED)):
            server.zone = {"own.test": f"type primary; allow-query {{ {who}; }};"}
            server.reload()
            self.served(server, "held.own.test", A, rcode=rcode)
            self.assertEqual(ask(server, labels("www.own.test"), A).rcode, rcode)
            self.assertEqual(ask(server, labels("www.hosted.test"), A).rcode, REFUSED)

    def test_required_cookies(self):
        server = self.serve("require-server-cookie yes;")
        for zone in NAMES:
            name = labels(f"www.{zone}")
            answer = ask(server, name, A, cookie())
            rcode = answer.rcode | answer.additional[0][3] >> 24 << 4
            self.assertEqual((rcode, answer.answer), (BADCOOKIE, []), zone)
            full = ask(server, name, A, cookie(answer.options()[COOKIE]))
            self.assertEqual((full.rcode, len(full.answer)), (NOERROR, 1), zone)
            self.assertEqual(ask(server, name, A, cookie(), tcp=True).rcode, NOERROR)
            self.assertEqual(ask(server, name, A).rcode, NOERROR)

    def burst(self, server, questions):
        """The replies to a burst of queries, some of which may be dropped. The one worker takes
        them in order, so they have come when that to the last one has, which is asked for once."""
        last = question(labels(f"last{next(self.bursts)}.own.test"), A)
        with contextlib.closing(Udp(server.address)) as client:
            number = client.next + len(questions)
            client.send([*questions, last])
            replies = []
            while not replies or replies[-1].id != number:
                replies.append(Answer(client.socket.recv(65535)))
        return replies[:-1]

    def test_response_rate_limiting(self):
        """Some are dropped, of the rest some are answered, some truncated."""
        for slip in 0, 2:
            server = self.serve(f"rate-limit {{ responses-per-second 5; window 1; slip {slip}; }};",
                                name=f"slip-{slip}")
            for what, edns in (("www", PLAIN), ("x", PLAIN), ("a.sub", PLAIN), ("many", EDNS_1232)):
                for zone in NAMES:
                    replies = self.burst(server, [question(labels(f"{what}.{zone}"), A, edns)] * 60)
                    whole = [reply for reply in replies if reply.answer or reply.authority]
                    truncated = sum(reply.tc for reply in replies)
                    self.assertLessEqual(len(whole), 15, (what, zone))
                    self.assertEqual(len(whole) + truncated, len(replies), (what, zone))
                    if slip == 0:
                        self.assertEqual(truncated, 0, (what, zone))
                    else:
                        self.assertGreater(truncated, 10, (what, zone))
                        self.assertLess(truncated, 40, (what, zone))
                    rcode = NXDOMAIN if what == "x" else NOERROR
                    self.assertEqual({answer.rcode for answer in replies}, {rcode}, (what, zone))
            server.stop()

    def test_rate_limiting_of_names_that_do_not_exist(self):
        """They are counted by zone, not by name."""
        server = self.serve("rate-limit { responses-per-second 5; window 1; slip 0; };")
        for zone in NAMES:
            replies = self.burst(server, [question(labels(f"x{n}.{zone}"), A) for n in range(60)])
            self.assertLessEqual(len(replies), 15, zone)

    def test_minimal_responses(self):
        """Addresses are left out, the glue of a referral is not."""
        for minimal, addresses in (("no", 1), ("yes", 0)):
            server = self.serve(f"minimal-responses {minimal};", name=f"minimal-{minimal}")
            for zone in NAMES:
                mail = ask(server, labels(f"mail.{zone}"), MX)
                self.assertEqual(len([rr for rr in mail.additional
                                      if rr[0] == labels(f"www.{zone}")]), addresses, zone)
                referral = ask(server, labels(f"a.sub.{zone}"), A)
                self.assertEqual(([rr[1] for rr in referral.authority],
                                  [rr[1] for rr in referral.additional]), ([NS], [A]), zone)
            server.stop()

    def test_rrset_order(self):
        for order, at_least, at_most in (("none", 1, 1), ("cyclic", 8, 8), ("random", 20, 64)):
            server = self.serve(f"rrset-order {{ order {order}; }};", name=f"order-{order}")
            for zone in NAMES:
                with contextlib.closing(Udp(server.address)) as client:
                    client.send([question(labels(f"many.{zone}"), A)] * 64)
                    seen = {tuple(rr[4] for rr in Answer(message).answer)
                            for message in client.receive(64)}
                self.assertEqual({len(set(each)) for each in seen}, {8})
                self.assertGreaterEqual(len(seen), at_least, (zone, order))
                self.assertLessEqual(len(seen), at_most, (zone, order))
            server.stop()
