# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps are imported from files of each type and format, told, exported, and deleted."""

import bisect
import ipaddress
import json
import os
import random
import select
import shutil
import signal
import threading
import unittest

from steer import env
from steer.case import Case
from steer.mmdb import mmdb
from steer.schema import value_of
from steer.store import Store

TOR = "/usr/share/tor/geoip", "/usr/share/tor/geoip6"
CLIENTS = 1000 if env.LONG else 200

GEO = """\
prefix,continent,country,subdivision,lat,lon,anycast
10.0.0.0/8,EU,NO,03,59.91,10.75,
192.0.2.0/24,,,,,,1
198.51.100.0/24,SA,,,-0.05,-70,
2001:db8::/32,NA,US,NY,,,1
"""
LATENCY = """\
prefix,region,rtt_ms,time
192.0.2.0/24,us-east-1,90,
192.0.2.0/24,eu-central-1,12.345,1700000000
2001:db8::/32,us-east-1,0.001,
"""
CIDR = """\
prefix,location
10.0.0.0/8,oslo
10.1.0.0/16,bergen
10.1.0.0/17,oslo
10.1.128.0/17,hub_1
2001:db8::/48,bergen
"""
REGIONS = """\
region,lat,lon
eu-central-1,50.1,8.68
moon,-0.67,-23.47
"""
ASN = """\
prefix,asn
192.0.2.0/24,64500
2001:db8::/32,4294967295
"""
MAPS = {"geo": GEO, "latency": LATENCY, "cidr": CIDR, "regions": REGIONS, "asn": ASN}


PING = {"type": "ping", "af": 4, "from": "198.51.100.7", "dst_addr": "192.0.2.1", "msm_id": 1,
        "timestamp": 1700000000, "min": 7.5}


class Maps(Case):

    def setUp(self):
        super().setUp()
        self.one = self.store()

    def imported(self, kind, text, *options, name=None):
        """Imports a file of that text; returns the whole value."""
        file = self.file(name or f"{kind}.csv", text)
        out = self.one.ok("--json", "map", "import", "--type", kind, *options, file)
        return value_of(out, "map import")

    def lookup(self, name, what):
        return value_of(self.one.ok("--json", "map", "lookup", name, what), "map lookup")

    def refused(self, status, *words):
        """A command that changes nothing; returns its messages."""
        before = self.one.ok("map", "list"), self.one.ok("log")
        done = self.one.run("map", *words)
        self.assertEqual((done.status, done.out), (status, ""), done.err)
        self.assertEqual((self.one.ok("map", "list"), self.one.ok("log")), before)
        return done.err

    def test_each_type(self):
        """An export of what was imported is the same text, and is no change."""
        for kind, text in MAPS.items():
            with self.subTest(kind):
                done = self.imported(kind, text)
                self.assertEqual((done["map"], done["type"], done["result"]),
                                 (kind, kind, "created"))
                self.assertEqual(done["rows"], text.count("\n") - 1)
                self.assertEqual(done["files"][0]["format"], "CSV")
                self.assertEqual(self.one.ok("map", "export", kind), text)
                value = value_of(self.one.ok("--json", "map", "export", kind), "map export")
                self.assertEqual(value, {"map": kind, "type": kind, "text": text})
                again = self.imported(kind, self.one.ok("map", "export", kind))
                self.assertEqual(again["result"], "unchanged")
        listed = value_of(self.one.ok("--json", "map", "list"), "map list")
        self.assertEqual([(entry["map"], entry["entries"]) for entry in listed],
                         [("asn", 2), ("cidr", 5), ("geo", 4), ("latency", 2), ("regions", 2)])
        lines = [line.split("\t") for line in self.one.ok("map", "list").splitlines()]
        self.assertEqual([line[:2] for line in lines], [[kind, kind] for kind in sorted(MAPS)])
        self.assertEqual([line[5:] for line in lines],
                         [["CSV", self.path(f"{kind}.csv")] for kind in sorted(MAPS)])
        self.assertEqual(self.one.run("check").out, "")

    def test_what_maps_say(self):
        for kind, text in MAPS.items():
            self.imported(kind, text)
        told = {
            ("geo", "10.1.2.3"): ("10.0.0.0/8", "place", {
                "continent": "EU", "country": "NO", "country_name": "Norway",
                "subdivision": "03", "coordinates": [59.91, 10.75],
                "coordinates_of": "network", "anycast": False}),
            ("geo", "2001:db8::/48"): ("2001:db8::/32", "place", {
                "continent": "NA", "country": "US", "country_name": "United States",
                "subdivision": "NY", "coordinates": [39.5, -98.5],
                "coordinates_of": "country", "anycast": True}),
            ("geo", "192.0.2.77/24"): ("192.0.2.0/24", "place", {
                "continent": None, "country": None, "country_name": None,
                "subdivision": None, "coordinates": None, "coordinates_of": None, "anycast": True}),
            ("geo", "11.0.0.0"): ("11.0.0.0/8", "place", None),
            ("geo", "2001:db9::"): ("2001:db9::/32", "place", None),
            ("asn", "192.0.2.1"): ("192.0.2.0/24", "asn", 64500),
            ("asn", "2001:db8::1"): ("2001:db8::/32", "asn", 4294967295),
            ("asn", "255.255.255.255"): ("224.0.0.0/3", "asn", None),
            ("cidr", "10.1.2.3"): ("10.1.0.0/17", "blocks", [
                {"network": "10.1.0.0/17", "location": "oslo"},
                {"network": "10.1.0.0/16", "location": "bergen"},
                {"network": "10.0.0.0/8", "location": "oslo"}]),
            ("cidr", "10.1.0.0/16"): ("10.1.0.0/17", "blocks", [
                {"network": "10.1.0.0/16", "location": "bergen"},
                {"network": "10.0.0.0/8", "location": "oslo"}]),
            ("cidr", "10.0.0.0/7"): ("10.0.0.0/16", "blocks", []),
        }
        for (name, client), (network, key, want) in told.items():
            with self.subTest(name, client=client):
                value = self.lookup(name, client)
                self.assertEqual((value["network"], value[key]), (network, want))
                self.assertEqual(value["scope"], int(network.split("/")[1]))
        near, far = self.lookup("latency", "192.0.2.1")["regions"]
        self.assertGreater(near.pop("age"), 86400 * 365)
        self.assertRegex(near.pop("measured"), "^2023-11-1[45]T")
        self.assertEqual(near, {"region": "eu-central-1", "rtt_ms": 12.345, "source": "import"})
        self.assertEqual(far, {"region": "us-east-1", "rtt_ms": 90, "source": "import",
                               "measured": None, "age": None})
        self.assertEqual(self.lookup("latency", "192.0.3.1")["regions"], [])
        self.assertEqual(self.lookup("regions", "moon")["coordinates"], [-0.67, -23.47])

    def test_what_maps_say_as_text(self):
        for kind, text in MAPS.items():
            self.imported(kind, text)
        for name, what, *lines in (
                ("geo", "10.1.2.3", "map: +geo", "client: +10.1.2.3/32", "network: +10.0.0.0/8",
                 "scope: +8", "continent: +EU", r"country: +NO \(Norway\)", "subdivision: +03",
                 "coordinates: +59.91, 10.75", "imported: +20.* from .*geo.csv"),
                ("geo", "2001:db8::", r"coordinates: +39.5, -98.5 \(the middle of the country\)",
                 r"anycast: +yes \(.*"),
                ("geo", "11.0.0.0", "place: +none"), ("asn", "192.0.2.1", "asn: +64500"),
                ("asn", "10.0.0.0", "asn: +none"), ("cidr", "11.0.0.0", "location: +none"),
                ("cidr", "10.1.2.3", r"location: +bergen \(10.1.0.0/16\)"),
                ("latency", "192.0.2.1", "region: +eu-central-1 12.345 ms "
                 r"\(import, measured 2023-.*, [0-9]+[smhdw] ago\)",
                 r"region: +us-east-1 90 ms \(import\)"),
                ("latency", "192.0.3.1", "region: +none"),
                ("regions", "moon", "region: +moon", "coordinates: +-0.67, -23.47")):
            out = self.one.ok("map", "lookup", name, what)
            for line in lines:
                with self.subTest(name, what=what):
                    self.assertRegex(out, f"(?m)^{line}$")

    def test_each_format(self):
        """What the first line or the last bytes of a file show decides how it is read."""
        ranges = "16777216,16777471,AU\n2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,NO\n"
        libloc = "# Location Database\n\nnet:     10.0.0.0/8\ncountry: NO\naut-num: 64500\n"
        blocks = "network,geoname_id,latitude,longitude\n10.0.0.0/8,3144096,59.91,10.75\n"
        places = ("geoname_id,locale_code,continent_code,continent_name,country_iso_code,"
                  "country_name\n3144096,en,EU,Europe,NO,Norway\n")
        folder = self.path("folder")
        os.mkdir(folder)
        self.file("folder/X-Blocks-IPv4.csv", blocks)
        self.file("folder/X-Locations-en.csv", places)
        self.file("elsewhere.csv", places.replace("NO,Norway", "SE,Sweden"))
        targets = self.file("targets.csv", "target,region\n192.0.2.1,moon\n")
        ping = json.dumps(PING)
        norway = ",EU,NO,,,,\n"
        for kind, what, options, source, want in (
                ("geo", "ranges", (), ranges, "1.0.0.0/24,OC,AU,,,,\n2001:db8::/48" + norway),
                ("geo", "libloc dump", (), libloc, "10.0.0.0/8" + norway),
                ("asn", "libloc dump", (), libloc, "10.0.0.0/8,64500\n"),
                ("geo", "MaxMind DB", (), mmdb({"10.0.0.0/8": {"country": {"iso_code": "NO"}}}),
                 "10.0.0.0/8" + norway),
                ("asn", "MaxMind DB", (), mmdb({"10.0.0.0/8": {"autonomous_system_number": 64500}}),
                 "10.0.0.0/8,64500\n"),
                ("geo", "MaxMind CSV", (), None, "10.0.0.0/8,EU,NO,,59.91,10.75,\n"),
                ("geo", "MaxMind CSV", ("--locations", self.path("elsewhere.csv")), blocks,
                 "10.0.0.0/8,EU,SE,,59.91,10.75,\n"),
                ("cidr", "list", (), "10.0.0.0/8 oslo\n", "10.0.0.0/8,oslo\n"),
                ("latency", "RIPE Atlas", ("--region", "moon"), f"[{ping}]",
                 "198.51.100.0/24,moon,7.5,1700000000\n"),
                ("latency", "RIPE Atlas", ("--targets", targets), ping + "\n" + ping,
                 "198.51.100.0/24,moon,7.5,1700000000\n")):
            with self.subTest(kind, what=what):
                path = self.file("source", source) if source is not None else folder
                done = value_of(self.one.ok("--json", "map", "import", "--type", kind, *options,
                                            path), "map import")
                self.assertEqual(done["files"][0]["format"], what)
                head, text = self.one.ok("map", "export", kind).split("\n", 1)
                self.assertEqual(text, want)
                self.assertIn(f"\t{what}\t{path}\n", self.one.ok("map", "list"))
                self.one.ok("map", "delete", kind)
                self.assertTrue(head)

    def test_pings_without_a_result_are_counted(self):
        text = json.dumps(PING) + "\n" + json.dumps(dict(PING, min=-1))
        done = self.imported("latency", text, "--region", "moon")
        self.assertEqual((done["rows"], done["files"][0]["unmeasured"]), (1, 1))
        said = self.one.ok("map", "import", "--type", "latency", "--region", "moon",
                           self.path("latency.csv"))
        self.assertEqual(said, "latency: unchanged, 1 row, 1 ping without a result or a known "
                               "target\n")

    def test_several_files_and_standard_input(self):
        """They are one map, whatever the format of each."""
        first = self.file("first", "prefix,location\n10.0.0.0/8,oslo\n")
        third = self.file("third", "12.0.0.0/8 oslo\n")
        done = self.one.run("map", "import", "--type", "cidr", first, "-", third,
                            text="11.0.0.0/8 bergen\n")
        self.assertEqual((done.status, done.out), (0, "cidr: created, 3 rows\n"), done.err)
        self.assertEqual(self.one.ok("map", "export", "cidr"), "prefix,location\n"
                         "10.0.0.0/8,oslo\n11.0.0.0/8,bergen\n12.0.0.0/8,oslo\n")
        self.assertIn(f"\tCSV, list\t{first}, /dev/stdin, {third}\n", self.one.ok("map", "list"))

    def test_bad_lines(self):
        """Each is told with its place, and nothing changes; or they are counted."""
        self.imported("geo", GEO)
        file = self.file("bad.csv", "prefix,country\n10.0.0.0/8,NO\n10.0.0.1/8,NO\n11.0.0.0/8,NOR\n")
        lines = self.refused(1, "import", "--type", "geo", file).splitlines()
        self.assertEqual(lines[:2], [
            f"{file}:3:1: '10.0.0.1/8' has bits after its length; allowed: 10.0.0.0/8",
            f"{file}:4:12: 'NOR' is not a country; allowed: a code of ISO 3166-1, such as NO"])
        self.assertEqual(lines[2:], [f"{file}: 2 errors"])
        self.assertEqual(self.one.ok("map", "export", "geo"), GEO)
        done = self.one.run("map", "import", "--type", "geo", "--skip-bad", file)
        self.assertEqual((done.status, done.out), (0, "geo: replaced, 1 row\n"))
        self.assertEqual(done.err, f"{file}: warning: 2 bad lines skipped, the first: {lines[0]}\n")
        self.assertEqual(self.one.ok("map", "export", "geo").splitlines()[1:],
                         ["10.0.0.0/8,EU,NO,,,,"])
        json_value = value_of(self.one.ok("--json", "map", "import", "--type", "geo", "--skip-bad",
                                          file), "map import")
        self.assertEqual((json_value["files"][0]["bad"], json_value["result"]), (2, "unchanged"))

    def test_bad_files(self):
        self.imported("cidr", CIDR)
        for text, *options, said in (
                ("10.0.0.0/8 a\n11.0.0.0/8 a\n10.0.0.0/8 b\n", "--type", "cidr",
                 ":3:1: 10.0.0.0/8 is there twice, first in line 1; allowed: once"),
                ("prefix,asn\n", "--type", "asn", "no rows in what was read"),
                ("10.0.0.0/8\n", "--type", "cidr", "--skip-bad", "no rows in what was read"),
                ("", "--type", "geo", ":1:1: no line; allowed"),
                (b"\x1f\x8b\0", "--type", "geo", "compressed by gzip"),
                (json.dumps(PING), "--type", "latency", "to which region are these results"),
                (GEO, "--type", "geo", "--name", "cidr", "cidr: a map of the type cidr; allowed")):
            with self.subTest(said):
                file = self.file("bad", text)
                self.assertIn(said, self.refused(1, "import", *options, file))
        self.assertIn("missing: ", self.refused(1, "import", "--type", "geo", self.path("missing")))
        self.assertEqual(self.one.ok("map", "export", "cidr"), CIDR)

    def test_wrong_arguments(self):
        self.imported("geo", GEO)
        self.imported("regions", REGIONS)
        file = self.file("source", ASN)
        for status, *words, said in (
                (2, "too few arguments"), (2, "put", "no action 'put'; allowed: list, import, export"),
                (2, "import", file, "no --type; allowed: geo, latency, cidr, regions, asn"),
                (2, "import", "--type", "asn", "too few arguments"),
                (2, "import", "--type", "as", file, "'as' is not a type; allowed: geo"),
                (2, "import", "--type", "asn", "--name", "a.b", file, "cannot be the name of a map"),
                (2, "import", "--type", "asn", "--name", "a" * 65, file, "allowed: 1 to 64"),
                (2, "import", "--type", "asn", "--region", "r", file, "are for --type latency"),
                (2, "import", "--type", "asn", "--locations", "f", file, "is for --type geo"),
                (2, "import", "--type", "latency", "--region", "r", "--targets", "f", file,
                 "allowed: one of them"),
                (2, "list", "geo", "too many arguments"), (2, "delete", "too few arguments"),
                (2, "export", "too few arguments"), (2, "lookup", "geo", "too few arguments"),
                (2, "lookup", "geo", "x", "'x' is not an address; allowed"),
                (2, "lookup", "geo", "10.0.0.0/33", "'10.0.0.0/33' is not an address"),
                (1, "lookup", "regions", "sun", "sun: no such region in the map regions"),
                (1, "lookup", "missing", "10.0.0.0", "missing: no such map"),
                (1, "export", "missing", "missing: no such map"),
                (1, "delete", "missing", "missing: no such map; steerctl map list shows them"),
                (1, "export", "a\x1b/" * 40, "no such map")):
            with self.subTest(words):
                self.assertIn(said, self.refused(status, *words))

    def test_replaced_dry_and_deleted(self):
        self.assertEqual(self.one.ok("map", "list"), "")
        self.assertEqual(value_of(self.one.ok("--json", "map", "list"), "map list"), [])
        file = self.file("source", CIDR)
        longer = CIDR.replace("2001:", "12.0.0.0/8,trondheim\n2001:")
        more = self.file("more", longer)
        dry = ("map", "import", "--type", "cidr", "--dry-run")
        self.assertEqual(self.one.ok(*dry, file), "cidr: created, 5 rows, dry run\n")
        self.assertEqual((self.one.ok("map", "list"), self.one.ok("log")), ("", ""))
        self.one.ok("map", "import", "--type", "cidr", file)
        before = self.one.ok("log", "-p"), self.one.ok("map", "list")
        self.assertEqual(self.one.ok(*dry, file), "cidr: unchanged, 5 rows, dry run\n")
        self.assertEqual(self.one.ok(*dry, more), "cidr: replaced, 6 rows, dry run\n")
        self.assertEqual((self.one.ok("log", "-p"), self.one.ok("map", "list")), before)
        self.assertEqual(self.one.ok("map", "export", "cidr"), CIDR)
        self.assertEqual(self.one.ok("map", "import", "--type", "cidr", more),
                         "cidr: replaced, 6 rows\n")
        self.assertEqual(self.one.ok("map", "export", "cidr"), longer)
        deleted = self.one.ok("--json", "map", "delete", "cidr")
        self.assertEqual(value_of(deleted, "map delete"), {"deleted": "cidr"})
        self.assertEqual(self.one.ok("map", "list"), "")
        self.assertEqual(self.one.ok("map", "import", "--type", "cidr", more),
                         "cidr: created, 6 rows\n")

    def test_numbers_are_logged_and_kept(self):
        """Names get them in one change set, in the order of the files, and keep them."""
        self.imported("cidr", CIDR, "--name", "offices")
        self.imported("geo", GEO)
        numbers = [line for line in self.one.ok("log", "-p").splitlines() if line[0] == "+"]
        self.assertEqual(numbers, [
            "+collection offices number 1", "+location offices/oslo number 2",
            "+location offices/bergen number 3", "+location offices/hub_1 number 4"])
        self.assertRegex(self.one.ok("log"), r"^1\t.*\tmap import --type cidr --name offices .*\n$")
        self.imported("cidr", "10.0.0.0/8 hub_1\n11.0.0.0/8 oslo\n", "--name", "offices")
        self.assertEqual(self.one.ok("log").count("\n"), 1)
        self.imported("cidr", CIDR, "--name", "clouds")
        self.assertIn("+location clouds/oslo number 6\n", self.one.ok("log", "2"))
        self.assertEqual(self.one.ok("map", "export", "clouds"), CIDR)
        self.assertEqual(self.one.ok("map", "export", "offices"),
                         "prefix,location\n10.0.0.0/8,hub_1\n11.0.0.0/8,oslo\n")
        self.assertEqual(self.one.run("check").out, "")

    def test_a_backup_has_the_maps(self):
        for kind, text in MAPS.items():
            self.imported(kind, text)
        self.one.ok("backup", self.path("copy"))
        copy = Store(self.path("copy"))
        self.assertEqual(copy.ok("map", "list"), self.one.ok("map", "list"))
        for kind, text in MAPS.items():
            self.assertEqual(copy.ok("map", "export", kind), text)

    def test_a_damaged_map_is_told_and_gives_way(self):
        self.imported("geo", GEO)
        self.imported("asn", ASN)
        with open(self.one.path("maps", "data.mdb"), "r+b") as file:
            place = file.read().rfind(b"geo.csv")
            self.assertGreater(place, 0)
            file.seek(place)
            file.write(b"G")
        for words in (("list",), ("export", "geo"), ("lookup", "geo", "10.0.0.0")):
            with self.subTest(words):
                done = self.one.run("map", *words)
                self.assertEqual(done.status, 3)
                self.assertIn("geo: ", done.err)
                self.assertIn("damaged", done.err)
        self.assertRegex(self.one.run("map", "list").out, "^asn\tasn\t2\t[^\n]*\n$")
        self.imported("geo", GEO)
        self.assertEqual(self.one.ok("map", "export", "geo"), GEO)

    @unittest.skipIf(shutil.which("strace") is None, "strace is missing")
    def test_behind_a_stopped_writer(self):
        """An import waits for a change of the records, says so, and loses nothing."""
        self.one.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        file = self.file("source", CIDR)
        tracer, pid = self.one.stopped(self.path("trace"), "set", "example.com", "A", "192.0.2.1")
        try:
            waits = self.one.start("map", "import", "--type", "cidr", file)
            self.assertTrue(select.select([waits.stderr], [], [], env.PATIENCE)[0])
            self.assertIn(f"waiting for process {pid} ", waits.stderr.readline())
            self.assertIsNone(waits.poll())
        finally:
            os.kill(pid, signal.SIGCONT)
        out, err = waits.communicate(timeout=env.PATIENCE)
        self.assertEqual((waits.returncode, out, err), (0, "cidr: created, 5 rows\n", ""))
        self.assertEqual(tracer.wait(env.PATIENCE), 0)
        self.assertEqual(self.one.ok("map", "export", "cidr"), CIDR)
        self.assertIn("192.0.2.1", self.one.ok("list", "example.com"))

    @unittest.skipIf(shutil.which("strace") is None, "strace is missing")
    def test_changes_of_records_do_not_wait(self):
        """While a map is being committed, records are changed, and readers have the old map."""
        self.one.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        self.imported("geo", GEO)
        less = GEO[:GEO.index("192")]
        file = self.file("less.csv", less)
        tracer, pid = self.one.stopped(self.path("trace"), "map", "import", "--type", "geo", file)
        try:
            self.one.ok("set", "example.com", "A", "192.0.2.1")
            self.assertEqual(self.one.ok("map", "export", "geo"), GEO)
        finally:
            os.kill(pid, signal.SIGCONT)
        self.assertEqual(tracer.wait(env.PATIENCE), 0)
        self.assertEqual(self.one.ok("map", "export", "geo"), less)

    def test_beside_busy_writers(self):
        self.one.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        done, refused = threading.Event(), []

        def write():
            number = 0
            while not done.is_set():
                number += 1
                result = self.one.run("set", "example.com", "TXT", f"n{number}")
                if result.status != 0:
                    refused.append(result.err)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(20):
                text = f"10.0.0.0/8 a{number}\n11.{number}.0.0/16 b\n"
                self.assertEqual(self.imported("cidr", text)["rows"], 2)
                self.assertEqual(self.lookup("cidr", "10.0.0.0")["blocks"][0]["location"],
                                 f"a{number}")
        finally:
            done.set()
            writer.join()
        self.assertEqual(refused, [])
        self.assertEqual(self.one.run("check").out, "")


class Scan:
    """Ranges of addresses and countries, as the files of tor-geoipdb have them."""

    def __init__(self, *paths):
        self.ranges = {4: [], 6: []}
        for path in paths:
            with open(path, encoding="ascii") as file:
                for line in file:
                    if not line.startswith("#"):
                        self.add(*line.rstrip("\n").split(","))
        for version, ranges in self.ranges.items():
            ranges.sort()
            self.ranges[version] = self.whole(ranges, 32 if version == 4 else 128)

    def add(self, first, last, country):
        country = None if country == "??" else country
        if ":" in first:
            self.ranges[6].append((int(ipaddress.IPv6Address(first)),
                                   int(ipaddress.IPv6Address(last)), country))
        else:
            self.ranges[4].append((int(first), int(last), country))

    @staticmethod
    def whole(ranges, bits):
        """Ranges with the gaps between them, merged: starts, and what is said from there on."""
        starts, told = [], []
        for first, country in [(0, None)] + [pair for low, high, country in ranges
                                             for pair in ((low, country), (high + 1, None))]:
            if starts and starts[-1] == first:
                starts.pop()
                told.pop()
            if first < 1 << bits and (not told or told[-1] != country):
                starts.append(first)
                told.append(country)
        return starts, told

    def find(self, address):
        """The country of an address, and the length of the largest network that has it whole."""
        starts, told = self.ranges[address.version]
        at = bisect.bisect_right(starts, int(address)) - 1
        bits = address.max_prefixlen
        low = starts[at]
        high = (starts[at + 1] if at + 1 < len(starts) else 1 << bits) - 1
        for length in range(bits + 1):
            base = int(address) >> (bits - length) << (bits - length)
            if base >= low and base + (1 << (bits - length)) - 1 <= high:
                return told[at], length
        raise AssertionError(f"{address} is in no range")


@unittest.skipUnless(all(map(os.path.exists, TOR)), "the package tor-geoipdb is missing")
class MapOfTor(Case):
    """All of tor-geoipdb."""

    def test_lookup_and_export(self):
        store, scan = self.store(), Scan(*TOR)
        store.ok("map", "import", "--type", "geo", *TOR)
        chance = random.Random(4)
        edges = [ipaddress.ip_address(number) for number in (0, (1 << 32) - 1, (1 << 128) - 1)]
        edges += [ipaddress.IPv6Address(0)]
        for number in range(CLIENTS):
            address = edges[number] if number < len(edges) else self.some(scan, chance)
            value = value_of(store.ok("--json", "map", "lookup", "geo", str(address)), "map lookup")
            country, scope = scan.find(address)
            with self.subTest(str(address)):
                place = value["place"]
                self.assertEqual(place["country"] if place else None, country)
                self.assertEqual(value["scope"], scope)
        self.again(store)

    @staticmethod
    def some(scan, chance):
        """An address of either version, at one of the edges of its range or anywhere."""
        version = chance.choice((4, 6))
        starts = scan.ranges[version][0]
        bits = 32 if version == 4 else 128
        number = chance.choice((chance.getrandbits(bits), chance.choice(starts),
                                chance.choice(starts[1:]) - 1))
        return (ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address)(number)

    def again(self, store):
        """What is exported is imported as a map of which the export is the same."""
        text = store.ok("map", "export", "geo")
        file = self.file("export.csv", text)
        store.ok("map", "import", "--type", "geo", "--name", "again", file)
        self.assertTrue(store.ok("map", "export", "again") == text)
