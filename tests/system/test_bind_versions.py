# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin that was built for another BIND is refused by its name, before any of it runs, and so is
another BIND for which it would be built."""

import os
import re
import shutil
import subprocess
import unittest

from steer import env
from steer.case import write, zone_text
from steer.client import ask
from steer.named import NamedCase
from steer.wire import NOERROR, TYPES, labels

A = TYPES["A"]
SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CC = shutil.which("cc")


class BindVersions(NamedCase):

    def of_another_release(self):
        """The plugin as if built for a release before or after; the library it needs of that."""
        with open(env.BIND_PLUGIN, "rb") as file:
            content = file.read()
        needed = re.search(rb"libns-[\d.]+(\d)[^\0]*\.so", content)
        other = b"%d" % ((int(needed[1]) + 1) % 10)
        at = needed.start(1)
        path = write(self.path("steer.so"), content[:at] + other + content[at + 1:])
        name = content[needed.start():at] + other + content[at + 1:needed.end()]
        return path, re.escape(name.decode())

    def serve(self):
        store = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        return self.named(store=store.directory)

    def test_it_is_not_loaded(self):
        server = self.serve()
        server.MODULE, library = self.of_another_release()
        status, text = server.check()
        self.assertEqual(status, 1, text)
        self.assertRegex(text, r"steer\.so: plugin check failed")
        server.spawn()
        server.log.wait(rf"{library}: cannot open shared object file")
        server.log.wait(r"exiting \(due to fatal error\)")
        self.assertEqual(server.process.wait(env.PATIENCE), 1)
        server.stop(good=False)

    def test_what_runs_goes_on(self):
        """BIND and the plugin are updated, or one of them; named is not started again."""
        server = self.loaded(self.serve().start())
        built = server.MODULE
        server.MODULE, library = self.of_another_release()
        with self.assertRaisesRegex(AssertionError, "reconfig"):
            server.reload()
        server.log.wait(rf"{library}: cannot open shared object file")
        self.assertEqual(ask(server, labels("www.example.com"), A).rcode, NOERROR)
        server.MODULE = built
        server.reload()
        self.served(server, "www.example.com", A)

    @unittest.skipIf(CC is None, "there is no compiler")
    def test_it_is_not_built(self):
        """Neither for another release nor for another API of plugins."""
        compiler = write(self.path("cc"), f"""#!/bin/sh
case $* in
*-print-file-name=libns.so) echo {self.path("libns-9.16.50-Debian.so")} ;;
*) exec {CC} "$@" ;;
esac
""")
        os.chmod(compiler, 0o755)
        done = subprocess.run(
            [os.path.join(SOURCES, "configure"), "-q", f"CC={compiler}", "--with-bind=yes"],
            cwd=self.dir, text=True, capture_output=True, check=False, timeout=env.PATIENCE * 5)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("the plugin of BIND cannot be built: BIND 9.16.50; allowed: 9.18, 9.20",
                      done.stderr)
        for version in 0, 3:
            done = subprocess.run(
                [CC, "-E", f"-DNS_PLUGIN_VERSION={version}", "-D_GNU_SOURCE",
                 "-DHAVE_STDATOMIC_H=1", "-DRCU_MEMBARRIER",
                 os.path.join(SOURCES, "module", "bind", "versions.h")],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("BIND's plugin API must be 1 (BIND 9.18) or 2 (BIND 9.20)", done.stderr)
