# SPDX-License-Identifier: GPL-3.0-or-later
"""An overlay beside other query modules and options of Knot."""

import contextlib

from steer.beside import Beside, zone_lines
from steer.client import Udp, ask
from steer.differ import ALL_TRANSPORTS
from steer.layers import Layers, Overlay
from steer.wire import NOERROR, PLAIN, TYPES, Answer, labels, opt, question

A, TXT, MX = (TYPES[t] for t in ("A", "TXT", "MX"))
APEX = "ex.test."
LINES = ("@ MX 10 mail", "mail A 192.0.2.1", "www CNAME @", "ftp CNAME www", "app A 192.0.2.2",
         "app A 192.0.2.3")
HELD = ("@ 60 A 198.51.100.1", "@ 60 A 198.51.100.2", "@ 60 A 198.51.100.3",
        "x.new 60 A 198.51.100.4")
NAMES = tuple(labels(f"{word}.{APEX}") for word in
              ("www", "ftp", "mail", "app", "new", "x.new", "missing")) + (labels(APEX),)
COOKIE = b"\0\x0a\0\x08" + b"clientid"


class OtherModules(Beside):

    def serve(self, **more):
        self.overlay = Overlay(APEX, *HELD)
        self.chain((APEX, zone_lines(APEX, *LINES)), store=self.overlay.put(self.store()), **more)

    def compare(self, transports=ALL_TRANSPORTS):
        layers = Layers(self.plain, self.steer, self.overlay)
        layers.compare(NAMES, transports=transports).check()
        self.assertGreater(layers.own, 0)

    def counted(self, *asked, prefix="mod-stats."):
        """What a server with the overlay counts for these questions."""
        before = self.steer.stats(prefix)
        for name, rrtype in asked:
            ask(self.steer, labels(name), rrtype)
        after = self.steer.stats(prefix)
        return {key.removeprefix(prefix): after[key] - before.get(key, 0) for key in after
                if after[key] != before.get(key, 0)}

    def test_stats(self):
        """mod-stats comes before mod-steer, so at END it counts what Knot found."""
        self.serve()
        whole = self.counted((APEX, A), (f"x.new.{APEX}", A))
        self.assertEqual(whole["response-code[NOERROR]"], 2)
        self.assertNotIn("reply-nodata[other]", whole)
        self.assertEqual(self.counted((f"x.new.{APEX}", TXT))["response-code[NXDOMAIN]"], 1)
        self.assertEqual(self.counted((f"www.{APEX}", A))["response-code[NOERROR]"], 1)

    def test_own_counters(self):
        """What the overlay gave is counted as positive, what it left to Knot not at all."""
        self.serve()
        positive = {"answer[positive]": 1}
        counters = (((APEX, A), positive), ((f"www.{APEX}", A), positive),
                    ((f"app.{APEX}", A), {}), ((f"missing.{APEX}", A), {}), ((APEX, MX), {}))
        for asked, wanted in counters:
            self.assertEqual(self.counted(asked, prefix="mod-steer."), wanted, asked)

    def test_cookies(self):
        """A server cookie is in each answer, even where an overlay ends Knot's chain."""
        self.serve(knot={"modules": ("mod-cookies", "mod-stats/default")}, bind={})
        asked = (1, opt(1232, options=COOKIE))
        for name in (APEX, f"www.{APEX}", f"ftp.{APEX}", f"new.{APEX}", f"mail.{APEX}"):
            for tcp in (False, True):
                below, above = (ask(server, labels(name), A, asked, tcp)
                                for server in (self.plain, self.steer))
                options = [answer.additional[-1][4] for answer in (below, above)]
                self.assertEqual(len(options[0]), len(options[1]), name)
                self.assertEqual(options[1][:12], b"\0\x0a\0\x18" + COOKIE[4:])

    def test_answer_rotation(self):
        """Sets of the overlay are rotated as the host's are."""
        self.serve(rotation=True)
        self.compare()
        for name in (APEX, f"www.{APEX}"):
            with contextlib.closing(Udp(self.steer.address)) as client:
                client.send([question(labels(name), A)] * 6)  # IDs that follow each other.
                orders = {tuple(rr[4] for rr in Answer(message).answer if rr[1] == A)
                          for message in client.receive(6)}
            self.assertEqual(len(orders), 3, name)

    def test_rate_limits(self):
        """A reply that mod-rrl has cut is left as it is."""
        limit = "\nmod-rrl:\n  - id: default\n    rate-limit: 5\n    slip: 1\n"
        self.serve(knot={"modules": ("mod-rrl/default", "mod-stats/default"), "extra": limit})
        for name, rrtype in ((APEX, A), (f"www.{APEX}", A), (f"new.{APEX}", TXT)):
            cut = []
            for _ in range(200):
                answer = ask(self.steer, labels(name), rrtype, PLAIN)
                if answer.tc:
                    cut.append(answer)
            self.assertGreater(len(cut), 50, name)
            self.assertEqual({(len(answer.answer), len(answer.authority)) for answer in cut},
                             {(0, 0)}, name)
            self.assertEqual(ask(self.steer, labels(name), rrtype, tcp=True).rcode, NOERROR)
