# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosted names over TLS and QUIC, where Knot and its kdig can do that."""

import re
import shutil
import subprocess
import unittest

from steer import env
from steer.case import Case, zone_text
from steer.server import Port

KDIG = shutil.which("kdig")
MANY = 400  # Records that do not fit a datagram.


@unittest.skipIf(KDIG is None, "kdig is missing")
@unittest.skipIf(env.KNOT_VERSION < (3, 4), "TLS came with Knot 3.4")
class Encrypted(Case):

    def setUp(self):
        super().setUp()
        store = self.hosted(("host.test.", zone_text(
            "host.test.", "www A 192.0.2.1", "alias CNAME www", "sub NS ns.sub",
            "ns.sub A 192.0.2.3", *(f"many TXT \"{n:060}\"" for n in range(MANY)))))
        store.ok("set", "drawn.host.test", "A", "--id", "one", "--policy", "weighted",
                 "--weight", "1", "192.0.2.7")
        self.ports = {"+tls": Port(), "+quic": Port()}
        listen = [f"    listen-{way[1:]}: 127.0.0.1@{port.number}\n"
                  for way, port in self.ports.items()]
        self.server = self.knot(store=store.directory, server="".join(listen)).start()

    def ask(self, way, *words):
        """Output of kdig: status and flags, and the lines of the answer and authority sections."""
        port = self.ports[way].number if way in self.ports else self.server.port
        said = subprocess.run(
            [KDIG, way, "-p", str(port), "@127.0.0.1",
             "+noidn", "+nocrypto", *words], capture_output=True, text=True, check=False,
            timeout=env.PATIENCE, env=env.environment(host=True))
        self.assertEqual(said.returncode, 0, said.stderr + said.stdout)
        head = re.search(r"status: (\w+);.*\n;; Flags: ([\w ]*);", said.stdout)
        self.assertIsNotNone(head, said.stdout)
        return head.groups(), sorted(line for line in said.stdout.splitlines()
                                     if line and not line.startswith(";"))

    def test_answers_are_those_of_tcp(self):
        for words in (("www.host.test", "A"), ("alias.host.test", "A"), ("x.sub.host.test", "A"),
                      ("missing.host.test", "A"), ("www.host.test", "TXT"), ("host.test", "SOA"),
                      ("drawn.host.test", "A"), ("many.host.test", "TXT"), ("other.test", "A")):
            expected = self.ask("+tcp", *words)
            self.assertEqual(expected[0][0] == "REFUSED", words[0] == "other.test", expected)
            for way in self.ports:
                with self.subTest(way=way, words=words):
                    self.assertEqual(self.ask(way, *words), expected)

    def test_large_answers_are_whole(self):
        for way in self.ports:
            with self.subTest(way=way):
                self.assertEqual(len(self.ask(way, "many.host.test", "TXT")[1]), MANY)
