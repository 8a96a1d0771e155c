# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of regions, collections and locations, and their numbers, in the log and in checks."""

import json
import subprocess

from steer import env
from steer.case import Case


class Dictionary(Case):

    def setUp(self):
        super().setUp()
        self.steer = self.store()

    def numbers(self, kind, *names):
        done = subprocess.run([env.stress("maps"), self.steer.directory, "number", kind,
                               *names], text=True,
                              capture_output=True, env=env.environment(), check=True,
                              timeout=env.PATIENCE)
        return [int(number) for number in done.stdout.split()]

    def test_the_log_tells_which_numbers_were_given(self):
        self.assertEqual(self.numbers("region", "eu-central-1", "us-east-1"), [1, 2])
        self.assertEqual(self.numbers("region", "us-east-1", "moon"), [2, 3])
        self.assertEqual(self.numbers("location", "offices/oslo"), [4])
        self.assertEqual(self.numbers("location", "offices/oslo"), [4])
        changes = self.steer.ok("log", "-p")
        lines = [line for line in changes.splitlines() if line.startswith("+")]
        self.assertEqual(lines, ["+region eu-central-1 number 1", "+region us-east-1 number 2",
                                 "+region moon number 3", "+location offices/oslo number 4"])
        self.assertEqual(
            [change["changes"] for change in json.loads(self.steer.ok("--json", "log", "-p"))][1:],
            [[{"kind": "region", "name": "moon", "number": 3, "sign": "+"}],
             [{"kind": "location", "name": "offices/oslo", "number": 4, "sign": "+"}]])
        self.assertEqual(self.steer.run("check").out, "")

    def test_damage_is_found(self):
        self.numbers("region", "eu-central-1", "us-east-1")
        with open(self.steer.path("records", "data.mdb"), "r+b") as file:
            data = file.read()
            place = data.rfind(b"n\0\0\0\2rus-east-1")
            self.assertGreater(place, 0)
            file.seek(place + 14)
            file.write(b"2")
        found = self.steer.run("check")
        self.assertEqual(found.status, 1)
        self.assertEqual(found.out.splitlines(), [
            ".: damaged dictionary: number 2 has a name that has not this number",
            ".: damaged dictionary: the region 'us-east-1' has a number that has not this name"])
