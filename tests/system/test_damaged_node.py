# SPDX-License-Identifier: GPL-3.0-or-later
"""A byte of a record flips on the disk: its name gets SERVFAIL, all others are answered."""

import os
import re
import shutil
import struct

from steer.case import Case, zone_text
from steer.client import ask
from steer.store import Store
from steer.wire import NOERROR, NXDOMAIN, SERVFAIL, TYPES, labels

A, TXT, MX, ANY = (TYPES[t] for t in ("A", "TXT", "MX", "ANY"))
NEEDLE = b"needle-in-the-store"


class DamagedNode(Case):

    LINES = ("www A 192.0.2.1", f"victim TXT \"{NEEDLE.decode()}\"", "victim A 192.0.2.2",
             "below.victim A 192.0.2.3", "to CNAME victim", "zz A 192.0.2.4")

    def damaged(self, needle=NEEDLE, name="store"):
        """A copy of a store where each copy of some bytes has one bit flipped."""
        store = self.hosted(("example.com.", zone_text("example.com.", *self.LINES)),
                            name=name + "-good")
        copy = self.path(name)
        shutil.copytree(store.directory, copy)
        path = os.path.join(copy, "records", "data.mdb")
        with open(path, "rb") as file:
            data = bytearray(file.read())
        places = [match.start() for match in re.finditer(re.escape(needle), data)]
        self.assertTrue(places)
        for at in places:
            data[at + 3] ^= 0x10
        with open(path, "wb") as file:
            file.write(data)
        return Store(copy)

    def test_one_name_fails(self):
        host = self.host(store=self.damaged().directory).start()
        for rrtype in (TXT, A, MX, ANY):
            answer = ask(host, labels("victim.example.com"), rrtype)
            self.assertEqual((answer.rcode, answer.answer, answer.authority), (SERVFAIL, [], []))
        self.assertEqual(ask(host, labels("victim.example.com"), A, tcp=True).rcode, SERVFAIL)
        # What needs the node fails with it.
        self.assertEqual(ask(host, labels("to.example.com"), A).rcode, SERVFAIL)
        for name, rcode in (("www", NOERROR), ("zz", NOERROR), ("below.victim", NOERROR),
                            ("missing", NXDOMAIN)):
            self.assertEqual(ask(host, labels(f"{name}.example.com"), A).rcode, rcode, name)
        damaged = "victim.*damaged|damaged.*victim"
        host.log.wait(damaged)
        self.assertEqual(len(host.log.lines(damaged)), 1, host.log.tail())
        self.assertTrue(host.alive())

    def test_it_is_counted(self):
        """Our SERVFAIL counts as one of Knot's."""
        host = self.host(store=self.damaged().directory).start()
        ask(host, labels("victim.example.com"), A)
        self.assertEqual(host.stats()["mod-stats.response-code[SERVFAIL]"], 1)
        self.assertEqual(host.stats("mod-steer.")["mod-steer.error"], 1)

    def test_steerctl_names_it(self):
        store = self.damaged()
        result = store.run("get", "victim.example.com")
        self.assertNotEqual(result.status, 0)
        self.assertRegex(result.err, "damaged")
        self.assertIn("192.0.2.1", store.ok("get", "www.example.com"))
        result = store.run("check")
        self.assert_status(result, 1, "victim.example.com.*damaged|damaged.*victim.example.com")
        self.assertNotEqual(store.run("export", "example.com").status, 0)

    def test_stats_says_what_it_misses(self):
        result = self.damaged(b"sequence").run("stats")
        self.assert_status(result, 3, "statistics: ")
        self.assertEqual(result.out, "")

    def test_the_number_of_the_last_change_set(self):
        """Without it nothing can be changed; check reports that before one tries."""
        store = self.damaged(b"sequence")
        self.assertEqual(store.run("check").out,
                         ".: damaged: the number of the last change set\n")
        self.assert_status(store.run("check"), 1)
        self.assert_status(store.run("set", "www.example.com", "A", "192.0.2.9"), 3,
                           "damaged entry 'sequence'")

    def unlogged(self, *zones, lines=LINES):
        """As damaged(), of a store whose log has no copy of the bytes; zones are hosted beside."""
        store = self.store(name="unlogged")
        store.ok("config", "log-keep", "0")
        for name in zones:
            store.ok("zone", "create", name, "--ns", "ns.example.net")
        store.ok("import", "--zone", "example.com.",
                 self.file("unlogged.zone", zone_text("example.com.", *lines)))
        path = store.path("records", "data.mdb")
        with open(path, "rb") as file:
            data = file.read()
        self.assertEqual(data.count(NEEDLE), 1)
        with open(path, "r+b") as file:
            file.write(data.replace(NEEDLE, NEEDLE.upper()))
        self.assert_status(store.run("check"), 1, "^victim.example.com.: damaged")
        return store

    def assert_whole(self, store, *lines):
        """The zone has these, and all is as if it had been made so."""
        self.assertEqual(store.ok("check"), "")
        other = self.hosted(("example.com.", zone_text("example.com.", *lines)), name="whole")
        texts = [[line for line in one.ok("export", "example.com").splitlines()
                  if "SOA" not in line] for one in (store, other)]
        self.assertEqual(*texts)

    def test_an_import_repairs_it(self):
        store = self.unlogged()
        host = self.host(store=store.directory).start()
        self.assertEqual(ask(host, labels("victim.example.com"), A).rcode, SERVFAIL)
        file = self.file("again.zone", zone_text("example.com.", *self.LINES))
        self.assert_status(store.run("import", "--merge", "--zone", "example.com", file), 3,
                           "victim.example.com.: the stored node is damaged")
        for dry_run in (["--dry-run"], []):
            self.assert_status(store.run("import", "--zone", "example.com", file, *dry_run), 0,
                               "warning: victim.example.com.: the stored node was damaged")
        self.served(host, "victim.example.com", A)
        self.assert_whole(store, *self.LINES)

    def test_its_name_can_be_deleted(self):
        """Those below stay, even where it may have been a delegation."""
        cut = ("victim NS ns.victim", f"victim TXT \"{NEEDLE.decode()}\"",
               "ns.victim A 192.0.2.1", "*.victim A 192.0.2.2", "www A 192.0.2.3")
        for lines in (self.LINES, cut):
            with self.subTest(lines=lines):
                store = self.unlogged(lines=lines)
                for words in (("set", "victim.example.com", "A", "192.0.2.9"),
                              ("del", "victim.example.com", "A"),
                              ("set", "new.victim.example.com", "A", "192.0.2.9")):
                    self.assert_status(store.run(*words), 3, "victim.example.com.: .*damaged")
                self.assert_status(store.run("del", "victim.example.com"), 0,
                                   "warning: victim.example.com.: the stored node was damaged")
                self.assert_whole(store, *(line for line in lines
                                           if not line.startswith("victim ")))
                shutil.rmtree(store.directory)
                shutil.rmtree(self.path("whole"))

    def test_its_zone_can_be_deleted(self):
        store = self.unlogged("other.test")
        self.assertNotEqual(store.run("zone", "delete", "example.com").status, 0)
        store.ok("zone", "delete", "example.com", "--force")
        self.assertEqual((store.ok("check"), store.ok("zone", "list")), ("", "other.test.\n"))

    def test_not_where_another_zone_has_a_part_in_it(self):
        """The enclosing zone has names there, which nobody could tell again."""
        store = self.unlogged("com")
        for words in (("zone", "delete", "example.com", "--force"),
                      ("del", "victim.example.com"), ("zone", "delete", "com", "--force")):
            self.assert_status(store.run(*words), 3, "victim.example.com.: the stored node is "
                               "damaged: restore a backup")
        self.assertEqual(store.ok("zone", "list"), "com.\nexample.com.\n")

    def test_every_part_of_a_node(self):
        """Flipping any byte of the node affects only its name, and never crashes knotd."""
        good = self.store(name="parts")
        good.ok("config", "log-keep", "0")  # The log would have the text as well.
        good.ok("import", "--zone", "example.com.",
                self.file("parts.zone", zone_text("example.com.", *self.LINES)))
        with open(good.path("records", "data.mdb"), "rb") as file:
            data = file.read()
        at = data.rindex(NEEDLE)
        for number, offset in enumerate(range(at - 36, at + len(NEEDLE), 6)):
            copy = self.path(f"part{number}")
            shutil.copytree(good.directory, copy)
            changed = bytearray(data)
            for found in re.finditer(re.escape(data[at - 40:at + len(NEEDLE)]), data):
                changed[found.start() + 40 - at + offset] ^= 0x40
            with open(os.path.join(copy, "records", "data.mdb"), "wb") as file:
                file.write(changed)
            host = self.host(name=f"knot{number}", store=copy).start()
            answer = ask(host, labels("victim.example.com"), TXT)
            self.assertEqual(answer.rcode, SERVFAIL, f"byte {offset - at} from the text")
            self.assertEqual(ask(host, labels("www.example.com"), A).rcode, NOERROR)
            host.stop()


class DamagedFilter(Case):
    """The pages of the filter of hosted zones, which then denies no name, and is rebuilt."""

    PAGE = 4 + 2022
    NODE = struct.pack("<IHH", PAGE, 0, 4)  # LMDB's, before the key.

    def pages(self, store):
        """Where copies of pages are in a store's file, and the first one."""
        with open(store.path("records", "data.mdb"), "rb") as file:
            data = file.read()
        places = [match.end() for match in
                  re.finditer(re.escape(self.NODE) + rb"\0\0\0[\0\1]", data)]
        self.assertTrue(places)
        return places, data[places[0]:places[0] + self.PAGE]

    def overwrite(self, store, page):
        with open(store.path("records", "data.mdb"), "r+b") as file:
            for at in self.pages(store)[0]:
                file.seek(at)
                file.write(page)

    def test_check_counts_the_zones(self):
        """Pages without a zone, but with correct sums."""
        empty = self.pages(self.store(name="empty"))[1]
        self.assertEqual(empty[4:], bytes(2022))
        store = self.hosted(("example.com.", zone_text("example.com.")))
        self.overwrite(store, empty)
        self.assert_status(store.run("check"), 1, "damaged: the filter of the 1 hosted zones")

    def test_nothing_is_lost(self):
        store = self.hosted(*((f"{apex}.", zone_text(f"{apex}.", "www A 192.0.2.1"))
                              for apex in ("example.com", "in.other.test")))
        self.overwrite(store, b"\xff" * 4 + bytes(2022))  # Empty except for their sums.
        self.assert_status(store.run("check"), 1, "damaged: the filter of the 2 hosted zones")
        own = self.file("other.zone", zone_text("other.test.", "www A 192.0.2.2"))
        host = self.host(store=store.directory, zones={"other.test.": own}).start()
        host.log.wait("damaged pages in the filter of hosted zones: 2")
        for name in ("www.example.com", "www.other.test", "www.in.other.test"):
            self.assertEqual(ask(host, labels(name), A).rcode, NOERROR, name)
        store.ok("zone", "create", "new.test", "--ns", "ns.example.net")
        self.served(host, "new.test", TYPES["SOA"])
        self.assertEqual(ask(host, labels("www.example.com"), A).rcode, NOERROR)
        self.assertEqual(store.ok("check"), "")
