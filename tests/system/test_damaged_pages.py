# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged page of LMDB ends a command with a message and exit 3, not with a signal."""

import os
import shutil

from steer.case import Case, zone_text
from steer.store import Store

PAGE = 4096
FLAGS_AT = 10  # In a page's header; LMDB asserts what they say of a page that a walk comes to.
LEAF = 2
DAMAGES = {
    "all zeros": lambda page: bytes(PAGE),
    "no flags": lambda page: page[:FLAGS_AT] + b"\0\0" + page[FLAGS_AT + 2:],
    "a branch for a leaf": lambda page: page[:FLAGS_AT] + b"\1\0" + page[FLAGS_AT + 2:],
}


class DamagedPages(Case):

    def test_a_walk_that_comes_to_one(self):
        names = [f"www{number:04} A 192.0.2.{number % 250}" for number in range(3000)]
        whole = self.hosted(("example.com.", zone_text("example.com.", *names)))
        whole.ok("config", "log-keep", "0")  # So that names lie in nodes alone.
        whole.ok("set", "www0000.example.com", "A", "192.0.2.1")
        with open(whole.path("records", "data.mdb"), "rb") as file:
            data = file.read()
        pages = [at for at in range(2 * PAGE, len(data), PAGE)
                 if b"www1500" in data[at:at + PAGE] and data[at + FLAGS_AT] == LEAF]
        said = {}
        for what, damage in DAMAGES.items():
            for at in pages:
                directory = self.path("damaged")
                shutil.copytree(whole.directory, directory)
                with open(os.path.join(directory, "records", "data.mdb"), "r+b") as file:
                    file.seek(at)
                    file.write(damage(data[at:at + PAGE]))
                for verb in (["check"], ["list"], ["export"],
                             ["zone", "delete", "--force", "example.com"]):
                    with self.subTest(f"{what}: {verb[0]}"):
                        result = Store(directory).run(*verb)  # Which fails if a signal ended it.
                        if result.status == 3:
                            self.assertRegex(result.err, "page.*damaged: restore a backup")
                            said[what, verb[0]] = True
                shutil.rmtree(directory)
        # A page that is no longer used may have the name as well; not all have told nothing.
        self.assertEqual(len(said), len(DAMAGES) * 4, said)
