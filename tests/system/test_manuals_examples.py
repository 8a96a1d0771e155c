# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the manuals of policies and maps, and the samples, can be imported; those in that
of steerctl can be run, one after the other."""

import os
import re
import shlex
import shutil
import subprocess

from steer import env
from steer.case import Case

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
GEO = "prefix,country\n192.0.2.0/24,DE\n198.51.100.0/24,JP\n203.0.113.0/24,US\n"
TYPES = {  # By how a file begins.
    "prefix,country": "geo", "prefix,region": "latency", "region,lat": "regions",
    "16777216,": "geo", "192.0.2.0/24 ": "cidr",
}


def literals(manual, folder="schema", section=".Sh"):
    """The texts in a manual, from a section on, that are shown as they are."""
    with open(os.path.join(ROOT, folder, manual), encoding="utf-8") as file:
        text = file.read()
    return [text.replace("\\e", "\\") for text in re.findall(
        r"^\.Bd -literal.*\n((?:[^.].*\n)*)\.Ed", text[text.index(section):], re.M)]


class ExamplesOfManuals(Case):

    def test_policies(self):
        documents = [text for text in literals("steer-policies.7")
                     if text.startswith(("zone:", "health:"))]
        self.assertGreater(len(documents), 9)
        for number, text in enumerate(documents):
            with self.subTest(text):
                store = self.store("--ns", "ns.example.net.", name=str(number))
                store.ok("import", "--format", "yaml", self.file("example.yaml", text))

    def test_commands(self):
        """Those that need no more than the zones in the examples, in the order of the manual."""
        commands = [words for text in literals("steer-policies.7") if text.startswith("steerctl")
                    for words in map(shlex.split, text.replace("\\\n", " ").splitlines())
                    if words[:3] != ["steerctl", "map", "import"]]
        self.assertGreater(len(commands), 18)
        store = self.store("--ns", "ns.example.net.")
        store.ok("zone", "create", "example.com")
        for program, *words in commands:
            with self.subTest(words):
                self.assertEqual(program, "steerctl")
                store.ok(*words)

    def test_steerctl(self):
        """In their order, on a new store; other files stand in for those outside the directory."""
        commands = "".join(literals("steerctl.8", "module/ctl", ".Sh EXAMPLES"))
        self.assertGreater(commands.count("steerctl "), 18)
        shutil.copy(os.path.join(ROOT, "contrib", "example.com.zone"), self.dir)
        self.file("geo.csv", GEO)
        for path, own in (("/usr/share/tor/geoip6", ""), ("/usr/share/tor/geoip", "geo.csv"),
                          ("/srv/steer", "other")):
            self.assertIn(path, commands)
            commands = commands.replace(path, own)
        script = f'set -ex\nsteerctl() {{ {shlex.quote(env.STEERCTL)} "$@"; }}\n{commands}'
        done = subprocess.run(["sh", "-c", script], cwd=self.dir, check=False, capture_output=True,
                              env=env.environment(STEER_STORAGE=self.path("store")),
                              timeout=env.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def test_the_sample_of_clients_is_well(self):
        store = self.store()
        store.ok("import", os.path.join(ROOT, "contrib", "world.example.yaml"))
        store.ok("map", "import", "--type", "geo", self.file("geo.csv", GEO))
        for line in store.run("check").out.splitlines():
            self.assertRegex(line, "^health check .*: nothing probes it: ")

    def test_maps(self):
        files = [(text, of_type) for text in literals("steer-maps.5")
                 for begin, of_type in TYPES.items() if text.startswith(begin)]
        self.assertEqual(len(files), len(TYPES))
        store = self.store()
        for text, of_type in files:
            with self.subTest(text):
                store.ok("map", "import", "--type", of_type, self.file("example", text))
