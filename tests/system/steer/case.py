# SPDX-License-Identifier: GPL-3.0-or-later
"""Base of all stories: each has a directory; servers and stores are cleaned up."""

import os
import shutil
import subprocess
import tempfile
import unittest

from steer import one_host
from steer.client import ask
from steer.knot import Knot
from steer.store import Store
from steer.wait import until
from steer.wire import NOERROR, labels

STORIES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOA = "ns.example.net. admin.example.net. 1 3600 600 86400 300"


def write(path, text):
    mode = "wb" if isinstance(text, bytes) else "w"
    with open(path, mode) as out:
        out.write(text)
    return path


def zone_text(apex, *lines, soa=SOA):
    """Zone file with SOA and an apex NS before the given lines."""
    head = [f"$ORIGIN {apex}", "$TTL 300", "@ NS ns.example.net.", f"@ SOA {soa}"]
    return "\n".join(head + list(lines)) + "\n"


class Case(unittest.TestCase):
    # Whether no other test may run at the same time, since this one takes measurements.
    alone = False
    longMessage = True
    maxDiff = 4000

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="steer-")
        os.chmod(self.dir, 0o755)
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def file(self, name, text):
        return write(self.path(name), text)

    def library(self, source):
        """Compiles a file that lies beside the stories, to be preloaded into a program."""
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            self.skipTest("no compiler")
        made = self.path(f"{source}.so")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made,
                        os.path.join(STORIES, source), "-ldl", "-lpthread"], check=True)
        return made

    def store(self, *options, name="store"):
        """A new store, initialised."""
        return Store(self.path(name)).init(*options)

    def host(self, name="host", *, knot=None, bind=None, **options):
        """The server under test, not yet started: knotd, or named where the story runs on BIND. It
        is stopped at the end, and a bad exit fails the test.

        knot, bind: options of each host's own."""
        del bind
        self.assertTrue(one_host.starts_host(type(self), self._testMethodName),
                        "host() is called by what is no method of the story")
        return self._knotd(name, {**options, **(knot or {})})

    def knot(self, name="knot", **options):
        """A knotd as such, be it beside the server under test."""
        if options.get("store") is not None:
            self.assertTrue(one_host.other(self.id()) or one_host.exception(self.id()) or
                            self.id().startswith("test_bind_"),
                            "it starts mod-steer, but not by host(), nor does one_host.py say why")
        return self._knotd(name, options)

    def _knotd(self, name, options):
        server = Knot(self.path(name), **options)
        self.addCleanup(server.stop)
        return server

    def hosted(self, *texts, name="store"):
        """A store with these zones: pairs of apex and zone file text."""
        store = self.store(name=name)
        for number, (apex, text) in enumerate(texts):
            file = self.file(f"{name}-{number}.zone", text)
            store.ok("import", "--zone", apex, file)
        return store

    def assert_status(self, result, status, *words):
        """steerctl had this exit status and printed all of these."""
        said = result.out + result.err
        self.assertEqual(result.status, status, f"steerctl said: {said[:2000]}")
        for word in words:
            self.assertRegex(said, word)

    def served(self, server, name, rrtype, rcode=NOERROR, value=None):
        """Waits until a server answers like this; returns the answer."""
        def answers():
            answer = ask(server, name if isinstance(name, tuple) else labels(name), rrtype)
            right = answer.rcode == rcode and (value is None or value in answer.values(rrtype))
            return answer if right else None
        return until(f"{name} type {rrtype} with rcode {rcode}", answers, pause=0.02)
