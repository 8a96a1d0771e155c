# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server remembers of names and records that are not there is what a new one finds."""

import contextlib
import os

from steer.case import Case, zone_text
from steer.client import Udp
from steer.wait import until
from steer.wire import TYPES, labels, question

APEX, INNER = "neg.test.", "sub.neg.test."
LINES = ("www TXT here", "a.sub TXT here", "*.wild TXT here", "*.sole A 192.0.2.1",
         "*.other A 192.0.2.2", "x.other TXT here", "leaf TXT here")
NAMES = ("@", "www", "a.www", "new", "a.new", "sub", "a.sub", "b.sub", "x.wild", "y.x.wild", "x.sole",
         "y.sole", "y.x.sole", "*.sole", "y.*.sole", "x.other", "y.other", "x.leaf", "y.leaf")
ASKED = [question(labels(APEX if name == "@" else f"{name}.{APEX}"), TYPES[rrtype])
         for name in NAMES for rrtype in ("A", "AAAA", "TXT", "DS")]
FLOOD, WINDOW = 40000, 100

CHANGES = (
    ("a name", ("set", f"new.{APEX}", "TXT", "here")),
    ("a type at a name", ("set", f"www.{APEX}", "A", "192.0.2.3")),
    ("a type less", ("del", f"www.{APEX}", "A")),
    ("a type at a wildcard", ("set", f"*.wild.{APEX}", "A", "192.0.2.4")),
    ("a name that hides a wildcard", ("set", f"x.sole.{APEX}", "TXT", "here")),
    ("a name below a leaf", ("set", f"x.leaf.{APEX}", "AAAA", "2001:db8::1")),
    ("a wildcard above", ("set", f"*.{APEX}", "A", "192.0.2.5")),
    ("no wildcard above", ("del", f"*.{APEX}", "A")),
    ("the SOA", ("set", APEX, "SOA", f"ns.{APEX} h.{APEX} 1 3600 600 86400 77")),
    ("a zone between", ("zone", "create", INNER, "--ns", "ns.example.net.")),
    ("no zone between", ("zone", "delete", INNER)),
    ("no zone", ("zone", "delete", "--force", APEX)),
    ("an overlay instead", ("zone", "create", APEX, "--overlay"),
     ("set", f"www.{APEX}", "A", "192.0.2.6")),
)


class NegativeAnswers(Case):

    def serve(self, store, name="knot"):
        """A server that has the zone itself, too."""
        own = self.file("own.zone", zone_text(APEX, "www TXT host", "new TXT host"))
        return self.host(name, store=store.directory, zones={APEX: own}).start()

    def answers(self, server):
        with contextlib.closing(Udp(server.address)) as client:
            return [message[2:] for message in client.receive(client.send(ASKED))]

    def assert_as_new(self, server, store, what):
        """The server answers as one that has just begun, once it has seen the change and again."""
        new = self.serve(store, "new")
        want = self.answers(new)
        new.stop()
        until(what, lambda: self.answers(server) == want)
        self.assertEqual(self.answers(server), want)
        return want

    def test_each_change_is_seen(self):
        store = self.hosted((APEX, zone_text(APEX, *LINES)))
        server = self.serve(store)
        before = self.assert_as_new(server, store, "at first")
        for what, *commands in CHANGES:
            with self.subTest(what):
                for words in commands:
                    store.ok(*words)
                after = self.assert_as_new(server, store, what)
                self.assertNotEqual(after, before)
                before = after

    def test_another_store_in_its_place(self):
        store = self.hosted((APEX, zone_text(APEX, *LINES)))
        other = self.hosted((APEX, zone_text(APEX, "new A 192.0.2.9", "*.wild A 192.0.2.9")),
                            name="other")
        server = self.serve(store)
        self.assert_as_new(server, store, "at first")
        os.rename(store.directory, self.path("old"))
        os.rename(other.directory, store.directory)
        self.assert_as_new(server, store, "another store")

    def test_a_flood_of_names(self):
        """More than any table holds, below the apex and below a wildcard; then as before."""
        store = self.hosted((APEX, zone_text(APEX, *LINES)))
        server = self.serve(store)
        self.assert_as_new(server, store, "at first")
        with contextlib.closing(Udp(server.address)) as client:
            for begin in range(0, FLOOD, WINDOW):
                client.send([question(labels(f"f{begin + i}.{'sole.' * (i % 2)}{APEX}"), TYPES["A"])
                             for i in range(WINDOW)])
                for i, message in enumerate(client.receive(WINDOW)):
                    self.assertEqual(message[3] & 15, 0 if i % 2 else 3)
        self.assert_as_new(server, store, "after the flood")
