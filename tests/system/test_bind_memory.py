# SPDX-License-Identifier: GPL-3.0-or-later
"""named under memcheck, to its end: what the plugin takes, it gives back, and what it reads, it has
written, over reconfigurations that keep it, give it another store, drop it, fail, and add and drop
views.

STEER_BIND_RECONFIGURATIONS  how many
"""

import itertools
import shutil
import socket
import unittest

from steer import env
from steer.case import zone_text
from steer.client import ask
from steer.named import NamedCase
from steer.wire import NOERROR, NXDOMAIN, SERVFAIL, TYPES, labels

A, TXT = TYPES["A"], TYPES["TXT"]
RD = 0x100
RECONFIGURATIONS = env.number("STEER_BIND_RECONFIGURATIONS", 120, 12)
LINES = ("www A 192.0.2.1", "sub NS ns.sub", "ns.sub A 127.0.0.9", "alias CNAME www",
         "out CNAME www.own.test.")
LEAKS = "definite,indirect,possible"
# What BIND does by itself, and the functions from which it has malloc.
SUPPRESSED = """{
    an address of which the kernel writes the rest
    Memcheck:Param
    socketcall.bind(my_addr.nl_pid)
    fun:bind
    fun:isc_nm_routeconnect
}
"""
ALLOCATOR = "--soname-synonyms=somalloc=*jemalloc*"


@unittest.skipIf(env.SANITIZED, "valgrind runs no program with sanitizers")
@unittest.skipIf(shutil.which("valgrind") is None, "valgrind is missing")
class BindMemory(NamedCase):

    def serve(self):
        self.stores = [
            self.hosted(("example.com.", zone_text("example.com.", *LINES)), name=name).directory
            for name in ("one", "other")]
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
        server = self.named(
            store=self.stores[0], zones={"own.test": own}, threads=2,
            options="recursion yes; servfail-ttl 0;",
            views={"all": f'zone "." {{ type hint; file "{self.file("hints", ". 9 NS ns.")}"; }};'})
        server.wrapper = [
            "valgrind", "--tool=memcheck", "--leak-check=full", f"--show-leak-kinds={LEAKS}",
            f"--errors-for-leak-kinds={LEAKS}", "--error-exitcode=9", "--num-callers=30", ALLOCATOR,
            f"--suppressions={self.file('suppressed', SUPPRESSED)}"]
        return self.loaded(server.start())

    def ask_all(self, server):
        for name, rrtype, flags, rcode in () if server.store is None else (
                ("www.example.com", A, 0, NOERROR), ("x.example.com", A, 0, NXDOMAIN),
                ("www.example.com", TXT, 0, NOERROR), ("a.sub.example.com", A, 0, NOERROR),
                ("out.example.com", A, RD, NOERROR), ("alias.example.com", A, RD, NOERROR),
                ("a.sub.example.com", A, RD, SERVFAIL)):
            self.assertEqual(ask(server, labels(name), rrtype, flags=flags).rcode, rcode, name)
        self.assertEqual(ask(server, labels("www.own.test"), A, flags=RD).values(A),
                         {socket.inet_aton("192.0.2.9")})

    def is_refused(self, server):
        """A configuration that is not taken over."""
        server.write_config(server.config().replace("threads 2;", "threads 0;"))
        with self.assertRaisesRegex(AssertionError, "reconfig"):
            server.control("reconfig")

    def test_nothing_is_lost(self):
        server = self.serve()
        every = dict(server.views)
        self.ask_all(server)
        steps = itertools.cycle((
            (self.stores[0], every), (self.stores[1], every), None, (None, every),
            (self.stores[0], every), (self.stores[0], {"no": "match-clients { none; };", **every})))
        for step in itertools.islice(steps, RECONFIGURATIONS):
            if step is None:
                self.is_refused(server)
                continue
            server.store, server.views = step
            server.reload()
            if server.store is not None:
                self.served(server, "www.example.com", A)
            self.ask_all(server)
        server.stop()
        self.assertEqual(len(server.log.lines("ERROR SUMMARY: 0 errors")), 1)
