# SPDX-License-Identifier: GPL-3.0-or-later
"""A query for a hosted name causes no system call, lock or allocation of ours.

One knotd serves own.test from a file and host.test from the store. The same questions are asked
about both, one at a time; what the answering thread does is counted, and hosted names must not
take more of anything.
"""

import collections
import contextlib
import mmap
import os
import re
import shutil
import struct
import subprocess
import unittest

from steer import env
from steer.case import Case, zone_text
from steer.client import Udp
from steer.wait import until
from steer.wire import EDNS_1232, REFUSED, TYPES, labels, question

RECORDS = ("www A 192.0.2.1", "www A 192.0.2.2", "* TXT \"any\"", "alias CNAME www",
           "sub NS ns.sub", "ns.sub A 192.0.2.3", "away DNAME example.net.", "a.b.c A 192.0.2.4",
           "near A 192.0.2.5", "mail MX 10 www", "yx DNAME " + "x" * 63 + "." + "y" * 63 + "." + "z" * 63 + ".net.")
QUESTIONS = {
    "positive": ("www", "A"), "NODATA": ("www", "TXT"), "NXDOMAIN": ("missing.www", "A"),
    "wildcard": ("some.name", "TXT"), "CNAME": ("alias", "A"), "referral": ("x.sub", "A"),
    "DNAME": ("x.away", "A"), "empty non-terminal": ("b.c", "A"), "MX": ("mail", "MX"),
    "ANY": ("www", "ANY"), "DS": ("sub", "DS"), "SOA": ("", "SOA"),
    "YXDOMAIN": ("q" * 63 + ".yx", "A"), "policy by all maps": ("near", "A"),
}
NEAR = """\
zone: host.test
records:
  near:
    type: A
    policy: [geo, cidr, asn, latency, within 20%, nearest, take 1]
    ttl: 300
    sets:
      here: {geo: {country: DE}, cidr: {collection: c, location: l}, asn: 64500,
             region: harbour, values: [192.0.2.5]}
      there: {geo: {country: DE}, cidr: {collection: c, location: l}, asn: 64500,
              region: eu-central-1, values: [192.0.2.6, 192.0.2.7]}
      away: {geo: default, cidr: default, asn: default, region: us-east-1,
             values: [192.0.2.8, 192.0.2.9]}
"""
MAPS = {
    "geo": "prefix,country\n127.0.0.0/8,DE\n",
    "cidr": "127.0.0.0/8 l\n",
    "asn": "prefix,asn\n127.0.0.0/8,64500\n",
    "latency": "prefix,region,rtt_ms\n127.0.0.0/8,harbour,9\n127.0.0.0/8,eu-central-1,10\n",
    "regions": "region,lat,lon\nharbour,51,10\n",
}
COUNTERS = ("allocations", "frees", "locks", "queries")
ROUNDS = 100
HEADER = 12


class NoCostPerQuery(Case):

    def serve(self, **more):
        own = self.file("own.zone", zone_text("own.test.", *RECORDS))
        store = self.hosted(("host.test.", zone_text("host.test.", *RECORDS)))
        store.ok("import", "--merge", self.file("near.yaml", NEAR))
        for kind, rows in MAPS.items():
            name = "c" if kind == "cidr" else kind
            store.ok("map", "import", "--type", kind, "--name", name, self.file(kind, rows))
        return self.knot(zones={"own.test.": own}, store=store.directory, modules=(), **more)

    @staticmethod
    def ask(client, zone, name, kind, edns=(0, b"")):
        """ROUNDS questions, each after the answer to the one before: flags and counts of records,
        which must be the same in all answers."""
        full = f"{name}.{zone}" if name else zone
        query = [question(labels(full), TYPES[kind], edns)]
        heads = set()
        for _ in range(ROUNDS):
            client.send(query)
            heads.add(client.receive(1)[0][2:HEADER])
        head, = heads
        return head

    def assert_authoritative(self, heads, what):
        """Both zones were answered, and alike: what is passed on costs nothing."""
        self.assertEqual(heads["own.test"], heads["host.test"], what)
        self.assertNotEqual(heads["host.test"][1] & 15, REFUSED, what)

    def preload(self, knot):
        counters = self.file("counters", bytes(8 * len(COUNTERS)))
        knot.variables = {"LD_PRELOAD": self.library("count.c"), "COUNT_FILE": counters}
        file = open(counters, "r+b")  # pylint: disable=consider-using-with
        self.addCleanup(file.close)
        mapped = mmap.mmap(file.fileno(), 8 * len(COUNTERS))
        self.addCleanup(mapped.close)
        return lambda: struct.unpack(f"={len(COUNTERS)}Q", mapped[:8 * len(COUNTERS)])

    @unittest.skipIf(env.SANITIZED, "the sanitizer's allocator cannot be counted")
    def test_no_lock_and_no_allocation(self):
        knot = self.serve()
        read = self.preload(knot)
        knot.start()
        with contextlib.closing(Udp(knot.address)) as client:
            for what, (name, kind) in QUESTIONS.items():
                for edns in ((0, b""), EDNS_1232):
                    counted, heads = {}, {}
                    for zone in ("own.test", "host.test"):
                        # The first ones warm up.
                        heads[zone] = self.ask(client, zone, name, kind, edns)
                        before = read()
                        self.ask(client, zone, name, kind, edns)
                        counted[zone] = [b - a for a, b in zip(before, read())]
                    self.assert_authoritative(heads, what)
                    self.assertEqual(counted["host.test"][-1], ROUNDS, "queries were not counted")
                    for counter, own, host in zip(COUNTERS, counted["own.test"],
                                                  counted["host.test"]):
                        self.assertLessEqual(host, own, f"{what}: {counter} in {ROUNDS} queries")
                    self.assertEqual(counted["host.test"][2], counted["own.test"][2], what)

    def traced(self, knot, work):
        """System calls of the thread that answers, by name, during some work."""
        output = self.path("trace")
        with contextlib.suppress(FileNotFoundError):
            os.remove(output)
        with subprocess.Popen(["strace", "-f", "-q", "-p", str(knot.pid()), "-o", output],
                              stderr=subprocess.PIPE, text=True) as trace:
            try:
                with contextlib.closing(Udp(knot.address)) as client:
                    # Attached once the calls of a question show up.
                    def attached():
                        self.ask(client, "host.test", "www", "A")
                        return os.path.exists(output) and "recvmmsg" in self.read(output)
                    until("strace being attached", attached)
                    start = os.path.getsize(output)
                    work(client)
                    # What was traced last is the question that ends the work.
                    self.ask(client, "host.test", "www", "A")
            finally:
                trace.terminate()
                trace.communicate()
        lines = self.read(output)[start:].splitlines()
        threads = {match.group(1) for line in lines
                   if (match := re.match(r"(\d+) +recvmmsg\(", line))}
        calls = collections.Counter()
        for line in lines:
            match = re.match(r"(\d+) +(\w+)\(", line)
            if match and match.group(1) in threads:
                calls[match.group(2)] += 1
        return calls

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    @unittest.skipIf(env.SANITIZED, "the sanitizer makes system calls of its own")
    def test_no_system_call(self):
        if shutil.which("strace") is None:
            self.skipTest("strace is missing")
        knot = self.serve().start()

        heads = {what: {} for what in QUESTIONS}

        def work(zone):
            def do(client):
                for what, (name, kind) in QUESTIONS.items():
                    heads[what][zone] = self.ask(client, zone, name, kind)
            return do
        asked = ROUNDS * len(QUESTIONS)
        own = self.traced(knot, work("own.test"))
        host = self.traced(knot, work("host.test"))
        print(f"     system calls of {asked} questions: own {dict(own)}, hosted {dict(host)}")
        for what, head in heads.items():
            self.assert_authoritative(head, what)
        self.assertGreaterEqual(host["recvmmsg"], asked)
        self.assertLessEqual(set(host), set(own))
        for name in own:
            # A question takes the same calls; the batches at both ends differ by a few.
            self.assertLessEqual(abs(host[name] - own[name]), asked // 10, name)
