# SPDX-License-Identifier: GPL-3.0-or-later
"""What named-checkconf refuses, and what named does about it."""

import os
import re
import shutil
import socket
import subprocess
import unittest

from steer import env
from steer.case import zone_text
from steer.client import ask
from steer.named import NAMED, NamedCase
from steer.wire import REFUSED, TYPES, labels

A = TYPES["A"]
WWW = "www.example.com"


class BindConfiguration(NamedCase):

    def configured(self, parameters):
        return f'options {{ recursion no; }};\nplugin query "{env.BIND_PLUGIN}" {parameters};\n'

    def test_wrong_parameters(self):
        store = self.store()
        missing = self.path("missing")
        unreadable = self.file("file", "no directory")
        server = self.named()
        for parameters, said in (
                ("", r":2: no storage specified"),
                ("{ }", r":2: no storage specified"),
                ("{ threads 2; }", r":2: no storage specified"),
                ('{\n\nstorage "store"; }', r":4: storage must be an absolute path"),
                (f'{{ storage "/{"x" * 4096}"; }}', r":2: .* at most 4095 bytes"),
                (f'{{ storage "{missing}"; }}', f":2: {missing}"),
                (f'{{ storage "{unreadable}"; }}', f":2: {unreadable}"),
                (f'{{ storage "{store.directory}";\nthreads 0; }}', r":3: threads must be from"),
                (f'{{ storage "{store.directory}"; threads 513; }}', r":2: threads must be from 1"),
                (f'{{ storage "{store.directory}"; threads many; }}', r"many"),
                (f'{{ storage "{store.directory}"; ecs perhaps; }}', r"boolean"),
                (f'{{ storage "{store.directory}"; storage "/x"; }}', r"'storage' redefined"),
                (f'{{ storage "{store.directory}"; rotate yes; }}', r"unknown option 'rotate'")):
            with self.subTest(parameters[:80]):
                status, text = server.check(self.configured(parameters))
                self.assertEqual(status, 1, text)
                self.assertRegex(text, r"named\.conf(?=:).*" + said)

    def test_right_parameters(self):
        store = self.store()
        server = self.named()
        for more in ("", "threads 1;", "threads 512; ecs no;", "ecs yes;"):
            status, text = server.check(self.configured(
                f'{{ storage "{store.directory}"; {more} }}'))
            self.assertEqual((status, text), (0, ""), more)

    def test_a_foreign_version(self):
        store = self.store()
        with open(store.path("records", "data.mdb"), "r+b") as file:
            file.write(b"x" * 4096)
        status, text = self.named(store=store.directory).check()
        self.assertEqual(status, 1, text)
        self.assertIn(store.directory, text)

    @unittest.skipIf(env.SANITIZED, "their runtimes have symbols of their own")
    def test_what_the_plugin_shows_and_needs(self):
        """Four functions; the libraries of this very BIND; to stay in memory."""
        def said(*words):
            return subprocess.run([*words, env.BIND_PLUGIN], capture_output=True, text=True,
                                  check=True).stdout
        self.assertEqual(re.findall(r" T (\w+)$", said("nm", "-D", "--defined-only"), re.M),
                         ["plugin_check", "plugin_destroy", "plugin_register", "plugin_version"])
        version = re.search(r"BIND (\S+)", subprocess.run(
            [NAMED, "-V"], capture_output=True, text=True, check=True).stdout)[1]
        dynamic = said("readelf", "-d")
        for name in ("ns", "dns", "isc", "isccfg"):
            self.assertIn(f"[lib{name}-{version}.so]", dynamic)
        self.assertIn("NODELETE", dynamic)

    def test_named_starts_without_a_store(self):
        """Its own zones are served; the store's are as soon as it is there."""
        directory = self.path("store")
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
        server = self.named(store=directory, zones={"own.test": own}).start()
        server.log.wait("warning: steer: " + directory)
        self.assertEqual(ask(server, labels("www.own.test"), A).values(A),
                         {socket.inet_aton("192.0.2.9")})
        self.assertEqual(ask(server, labels(WWW), A).rcode, REFUSED)
        made = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")),
                           name="elsewhere")
        shutil.move(made.directory, directory)
        self.served(server, WWW, A, value=socket.inet_aton("192.0.2.1"))
        self.assertTrue(os.path.isdir(directory))
