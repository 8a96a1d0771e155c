# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of the networks of the whole Internet say of clients what a search for prefixes says.

STEER_CLIENTS   how many of each version of IP (30,000; 5,000)
"""

import os
import shutil
import subprocess
import unittest

from steer import env
from steer.case import Case

TOR = "/usr/share/tor/geoip", "/usr/share/tor/geoip6"
CLIENTS = env.number("STEER_CLIENTS", 30000, 5000)


class MapLookup(Case):

    def compare(self, kind, *paths):
        """Class and scope of so many clients of IPv4, and as many of IPv6."""
        done = subprocess.run([env.stress("lookup"), "-c", str(CLIENTS), kind, *paths],
                              capture_output=True, text=True, timeout=3600, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines.count(f"compared {CLIENTS}"), 2, done.stdout)
        for line in lines[:-1]:
            print(f"     {kind}: {line}")

    @unittest.skipIf(shutil.which("location") is None, "the package location is missing")
    def test_libloc(self):
        """Autonomous systems of libloc-database: 1.29 million networks."""
        dump = self.path("dump")
        done = subprocess.run(["location", "dump", dump], capture_output=True, text=True,
                              timeout=300, check=False)
        if done.returncode != 0:
            self.skipTest(f"no database: {done.stderr.strip()}")
        self.compare("asn", dump)

    @unittest.skipUnless(all(map(os.path.exists, TOR)), "the package tor-geoipdb is missing")
    def test_tor(self):
        """Countries of tor-geoipdb, whose networks of IPv6 are as long as 128 bits."""
        self.compare("geo", *TOR)
