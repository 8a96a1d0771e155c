# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of what Debian packages as sources of maps is read, and counted in another way."""

import os
import re
import shutil
import subprocess
import unittest

from steer import env
from steer.case import Case

TOR = "/usr/share/tor/geoip", "/usr/share/tor/geoip6"


def rows(kind, path):
    """What tests/stress/map_rows counts: format, and numbers of rows and of nanoseconds."""
    done = subprocess.run([env.stress("map_rows"), kind, path], capture_output=True, text=True,
                          timeout=300, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    what, *numbers = done.stdout.rsplit(maxsplit=5)
    count, v4, told, anycast, took = map(int, numbers)
    print(f"     {os.path.basename(path)}, {kind}: {count} rows in {took / 1e6:.0f} ms")
    return {"format": what, "rows": count, "v4": v4, "told": told, "anycast": anycast}


class MapSources(Case):

    @unittest.skipIf(shutil.which("location") is None, "the package location is missing")
    def test_libloc(self):
        """What location dump prints of libloc-database."""
        dump = self.path("dump")
        done = subprocess.run(["location", "dump", dump], capture_output=True, text=True,
                              timeout=300, check=False)
        if done.returncode != 0:
            self.skipTest(f"no database: {done.stderr.strip()}")
        want = {"net": 0, "v4": 0, "country": 0, "anycast": 0, "asn": 0}
        pattern = re.compile(r"(net|country|is-anycast|aut-num): +(\S+)")
        with open(dump, encoding="utf-8") as file:
            for line in file:
                found = pattern.match(line)
                if found is None:
                    continue
                key, value = found.groups()
                want["net"] += key == "net"
                want["v4"] += key == "net" and ":" not in value
                want["country"] += key == "country"
                want["anycast"] += key == "is-anycast"
                want["asn"] += key == "aut-num" and value.isdigit()
        self.assertGreater(want["net"], 1000000)
        self.assertEqual(rows("geo", dump),
                         {"format": "libloc dump", "rows": want["net"], "v4": want["v4"],
                          "told": want["country"], "anycast": want["anycast"]})
        self.assertEqual(rows("asn", dump),
                         {"format": "libloc dump", "rows": want["net"], "v4": want["v4"],
                          "told": want["asn"], "anycast": 0})

    @unittest.skipUnless(all(map(os.path.exists, TOR)), "the package tor-geoipdb is missing")
    def test_tor(self):
        """The files of tor-geoipdb: each line is at least one network."""
        for path, v4 in zip(TOR, (True, False)):
            with open(path, encoding="utf-8") as file:
                lines = sum(not line.startswith("#") for line in file)
            got = rows("geo", path)
            self.assertEqual(got["format"], "ranges")
            self.assertEqual(got["v4"], got["rows"] if v4 else 0)
            self.assertGreater(got["rows"], lines)
            self.assertGreater(got["told"], 0.99 * got["rows"])
