# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged page of LMDB ends a command with a message and exit 3, not with a signal, and costs a
server the names in it."""

import os
import random
import re
import shutil

from steer.case import Case, zone_text
from steer.client import ask
from steer.store import Store
from steer.wire import NOERROR, SERVFAIL, TYPES, labels

PAGE = 4096
FLAGS_AT = 10  # Fields of a page's header; LMDB asserts them on each page that a walk reaches.
LEAF = 2
DAMAGES = {
    "all zeros": lambda page: bytes(PAGE),
    "no flags": lambda page: page[:FLAGS_AT] + b"\0\0" + page[FLAGS_AT + 2:],
    "a branch for a leaf": lambda page: page[:FLAGS_AT] + b"\1\0" + page[FLAGS_AT + 2:],
    "all ones": lambda page: b"\xff" * PAGE,
}


class DamagedPages(Case):

    def damaged(self, whole):
        """(kind of damage, store) for each page that may be damaged so that a name is lost."""
        with open(whole.path("records", "data.mdb"), "rb") as file:
            data = file.read()
        pages = [at for at in range(2 * PAGE, len(data), PAGE)
                 if b"www1500" in data[at:at + PAGE] and data[at + FLAGS_AT] == LEAF]
        for what, damage in DAMAGES.items():
            for at in pages:
                directory = self.path("damaged")
                shutil.copytree(whole.directory, directory)
                with open(os.path.join(directory, "records", "data.mdb"), "r+b") as file:
                    file.seek(at)
                    file.write(damage(data[at:at + PAGE]))
                yield what, Store(directory)
                shutil.rmtree(directory)

    def made(self, *more):
        names = [f"www{number:04} A 192.0.2.{number % 250}" for number in range(3000)]
        whole = self.hosted(("example.com.", zone_text("example.com.", *names)), *more)
        whole.ok("config", "log-keep", "0")  # So that names are only in nodes.
        whole.ok("set", "www0000.example.com", "A", "192.0.2.1")
        return whole

    def test_a_walk_that_comes_to_one(self):
        said = {}
        for what, store in self.damaged(self.made()):
            for verb in (["check"], ["list"], ["export"],
                         ["zone", "delete", "--force", "example.com"]):
                with self.subTest(f"{what}: {verb[0]}"):
                    result = store.run(*verb)  # Which fails if a signal ended it.
                    if result.status == 3:
                        self.assertRegex(result.err,
                                         "page.* damaged: restore|a damaged page: restore a backup")
                        said[what, verb[0]] = True
        # A page that is no longer used may have the name as well; not all have told nothing.
        self.assertEqual(len(said), len(DAMAGES) * 4, said)

    def test_a_server_answers_for_the_names_in_others(self):
        hit = set()
        for what, store in self.damaged(self.made()):
            host = self.host(store=store.directory).start()
            with self.subTest(what):
                rcode = ask(host, labels("www1500.example.com"), TYPES["A"]).rcode
                if rcode == SERVFAIL:  # Not a page that is no longer used.
                    hit.add(what)
                    host.log.wait("damaged node, asked for www1500.example.com.")
                for name in ("www0000", "www2999"):
                    answer = ask(host, labels(name + ".example.com"), TYPES["A"])
                    self.assertEqual((answer.rcode, len(answer.answer)), (NOERROR, 1), name)
                self.assertTrue(host.alive())
            host.stop()
        self.assertEqual(hit, set(DAMAGES))

    def test_export_rescues_what_is_whole(self):
        """The names before the damage and the other zones are printed; what is missing is reported
        once."""
        names = [f"n{number:03} A 192.0.2.1" for number in range(200)]
        whole = self.made(("other.test.", zone_text("other.test.", *names)))
        for form in ([], ["--format", "yaml"]):
            exported = whole.ok("export", *form)
            other = whole.ok("export", *form, "other.test")
            hit = set()
            for what, store in self.damaged(whole):
                result = store.run("export", *form)
                if result.status == 0:
                    self.assertEqual(result.out, exported)
                    continue
                with self.subTest(f"{what} {form}"):
                    hit.add(what)
                    self.assert_status(result, 3)
                    last = re.fullmatch(
                        r"www(\d+)\.example\.com\.: the names of the zone after it cannot be read: "
                        r"a page of LMDB is damaged: restore a backup\n", result.err)
                    self.assertIsNotNone(last, result.err)
                    number = int(last.group(1))
                    self.assertGreater(number, 1000)
                    self.assertLess(number, 1500)
                    # Up to there exactly as in the complete export, and the other zone.
                    begin = exported[:re.search(rf"\bwww{number + 1}\b", exported).start()].rstrip()
                    self.assertTrue(result.out.startswith(begin))
                    self.assertNotIn(f"www{number + 1}", result.out)
                    self.assertTrue(result.out.endswith(other))
                    self.assert_status(store.run("export", *form, "example.com"), 3, "after it")
                    self.assertEqual(store.ok("export", *form, "other.test"), other)
            self.assertEqual(hit, set(DAMAGES))

    def test_an_end_whatever_page_stands_for_another(self):
        """Trees whose keys are out of order, including that of the zones."""
        store = self.store()
        zones = "".join(zone_text(f"z{number:03}.test.", "www A 192.0.2.1")
                        for number in range(600))
        store.ok("import", "--format", "zone", self.file("zones", zones))
        exported = store.ok("export")
        path = store.path("records", "data.mdb")
        with open(path, "rb") as file:
            pages = len(file.read()) // PAGE
        draw, statuses = random.Random(1), set()
        with open(path, "r+b", buffering=0) as file:
            for number in 3 * [*range(2, pages)]:
                file.seek(number * PAGE)
                page = file.read(PAGE)
                file.seek(draw.randrange(2, pages) * PAGE)
                other = file.read(PAGE)
                file.seek(number * PAGE)
                file.write(other)
                result = store.run("export")
                statuses.add(result.status)
                self.assertIn(result.status, (0, 3), result.err)
                file.seek(number * PAGE)
                file.write(page)
        self.assertEqual(statuses, {0, 3})
        self.assertEqual(store.ok("export"), exported)
