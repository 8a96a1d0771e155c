# SPDX-License-Identifier: GPL-3.0-or-later
"""An allocation that fails: steerctl says so, or does all it was told; it never leaves out a part.

STEER_ALLOCATIONS  most allocations of a command that fail, in a run each (50, long: 300)
"""

import os
import signal
import subprocess
import unittest

from steer import env
from steer.case import Case, zone_text

FAILURES = 1, 3  # Of steerctl.
ALLOCATIONS = env.number("STEER_ALLOCATIONS", 300, 50)
RECORDS = """
    zone: example.com
    records:
      "@":
        - {type: NS, values: [ns.example.net.]}
        - {type: A, alias: www.example.com.}
        - {type: AAAA, alias: www.example.com.}
      www: {type: A, ttl: 60, values: [192.0.2.1]}
      text: {type: TXT, ttl: 60, values: ['"a text of some length"', '"and another"']}
      alias: {type: A, alias: www.example.com.}
      w: {type: A, ttl: 60, policy: weighted, sets: {
        a: {weight: 1, values: [192.0.2.1]}, b: {weight: 2, values: [192.0.2.2]}}}
"""
DIALECTS = zone_text("dialects.test.", *(
    "pick LUA A \"pickrandom({'192.0.2.1', '192.0.2.2'})\"",
    "port LUA A \"ifportup(443, {'192.0.2.1', '192.0.2.2'})\"",
    "near LUA A \"country('DE') and '192.0.2.1' or '192.0.2.2'\"",
    *(f"w 60 A 192.0.2.{n} ; AWS routing=\"WEIGHTED\" weight={n} identifier=\"{n}\""
      for n in (1, 2))))
GDNSD = """
    service_types => { web => { plugin => http_status, port => 80 } }
    plugins => {
      multifo => { service_types => web, two => [ 192.0.2.1, 192.0.2.2 ] }
      weighted => { service_types => web, one => { a => [ 192.0.2.1, 2 ], b => [ 192.0.2.2, 3 ] } }
    }
"""
DYNAMIC = "www 60 DYNA multifo!two", "w ( 60/30", " DYNA weighted!one )"


@unittest.skipIf(env.SANITIZED, "the sanitizer has an allocator of its own")
class ScarceMemory(Case):

    def setUp(self):
        super().setUp()
        self.preloaded, self.count = self.library("scarce.c"), self.path("count")

    def scarce(self, store, words, at):
        """Runs a command of which one allocation fails."""
        return subprocess.run(store.command(*words), text=True, capture_output=True, check=False,
                              timeout=env.PATIENCE, env=env.environment(
                                  LD_PRELOAD=self.preloaded, SCARCE_AT=str(at),
                                  SCARCE_FILE=self.count))

    def check(self, store, *words, crashes=()):
        """Any allocation fails: the command fails, too, or prints what it always does."""
        whole = self.scarce(store, words, 0)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertNotEqual(whole.stdout, "")
        with open(self.count, encoding="ascii") as file:
            count = int(file.read())
        failed = 0
        for at in range(1, count + 1, max(1, count // ALLOCATIONS)):
            with self.subTest(words, at=at):
                done = self.scarce(store, words, at)
                if done.returncode == 0:
                    self.assertEqual(done.stdout, whole.stdout)
                else:
                    self.assertIn(done.returncode, (*FAILURES, *crashes), done.stderr)
                failed += done.returncode != 0
        self.assertGreater(failed, 0)

    def test_exports(self):
        store = self.hosted()
        store.ok("import", self.file("records.yaml", RECORDS))
        for name in ("zone", "yaml", "octodns"):  # Not route53: libyajl crashes.
            self.check(store, "export", "--format", name, "--lossy", "example.com")
        self.check(store, "--json", "list", "example.com")

    def test_imports(self):
        """Whose user it is, glibc asks its name services, which crash."""
        store = self.hosted()
        os.mkdir(self.path("zones"))
        self.file("zones/gdnsd.test", zone_text("gdnsd.test.", *DYNAMIC))
        for words in ([self.file("records.yaml", RECORDS)],
                      [self.file("dialects.test.zone", DIALECTS)],
                      ["--format", "gdnsd", self.file("config", GDNSD)]):
            self.check(store, "import", "--dry-run", *words,
                       crashes=(-signal.SIGABRT, -signal.SIGSEGV))
