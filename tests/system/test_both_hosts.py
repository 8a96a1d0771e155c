# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stories run on both hosts, and that none can leave BIND out unnoticed."""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import unittest
from unittest import mock

from steer import one_host
from steer.both import OnBind, on_bind, on_both
from steer.case import Case

HERE = os.path.dirname(os.path.abspath(__file__))


def runner():
    """The program that runs the stories, as a module."""
    loader = importlib.machinery.SourceFileLoader("runner", os.path.join(HERE, "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("runner", loader))
    loader.exec_module(module)
    return module


def stories():
    """Stories of which some start a host; made by a function, so that no other finds them."""

    class Stories(Case):

        def make(self):
            return self.host()

        def test_good(self):
            self.make()

        def test_bad(self):
            self.make()
            self.fail("of BIND alone" if isinstance(self, OnBind) else "of both")

        def test_knot(self):
            self.knot(store=self.dir)

        def test_configured(self):
            self.host(knot={"server": ""})

        def test_hidden(self):
            getattr(self, "ho" + "st")()

        def test_nothing(self):
            """It mentions host() but does not come to it."""
            if not self.dir:
                self.host()

    Stories.__qualname__ = "Stories"  # As of a class of a file.
    return Stories


class BothHosts(Case):

    def setUp(self):
        super().setUp()
        self.stories = stories()
        self.run_ = runner()

    def outcome(self, test):
        """Whether a story is good, and what is said of it."""
        result = self.run_.Result(False)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            unittest.TestSuite([test]).run(result)
        self.assertEqual(result.passed + len(result.failed), 1)
        return bool(result.passed), said.getvalue()

    def listed(self, *names, other=()):
        """The lists, with these stories on them."""
        prefix = f"{__name__.removeprefix('test_')}.Stories"
        return mock.patch.multiple(
            one_host, EXCEPTIONS={f"{prefix}.{name}": "a reason" for name in names},
            OTHER={f"{prefix}.{name}": "a reason" for name in other})

    def test_each_that_starts_a_host_runs_on_both(self):
        with self.listed("test_bad", other=["test_configured"]), \
                mock.patch("steer.both.BIND_IS_HERE", True):
            loaded = unittest.defaultTestLoader.loadTestsFromTestCase(self.stories)
            names = [test.id().rsplit(".", 2)[1:] for test in on_both(loaded)]
        self.assertEqual([name for cls, name in names if cls == "Stories"],
                         ["test_bad", "test_configured", "test_good", "test_hidden", "test_knot",
                          "test_nothing"])
        self.assertEqual([name for cls, name in names if cls == "StoriesOnBind"],
                         ["test_bad", "test_good", "test_nothing"])

    def test_a_story_of_knot_has_to_be_listed(self):
        for name, said in (("test_knot", "one_host.py"), ("test_hidden", "no method")):
            good, text = self.outcome(self.stories(name))
            self.assertFalse(good)
            self.assertIn(said, text)
        for lists in self.listed("test_knot"), self.listed(other=["test_knot"]):
            with lists:
                self.assertTrue(self.outcome(self.stories("test_knot"))[0])

    def test_an_exception_must_fail(self):
        cls = on_bind(self.stories)
        for name, alone, listed in (("test_good", True, False), ("test_bad", False, True),
                                    ("test_configured", False, True), ("test_knot", False, True),
                                    ("test_nothing", False, True)):
            with self.subTest(name):
                self.assertEqual(self.outcome(cls(name))[0], alone)
                with self.listed(name):
                    good, text = self.outcome(cls(name))
                    self.assertEqual(good, listed, text)
                    self.assertIn("one_host.py" if name == "test_good" else "a reason", text)

    def test_what_is_listed_is_there(self):
        found = {test.id() for test in self.run_.tests_of(
            unittest.TestLoader().discover(HERE, "test_*.py", HERE))}
        for reasons in one_host.OTHER, one_host.EXCEPTIONS:
            for key in reasons:
                self.assertTrue(any(one_host.listed({key: key}, test) for test in found), key)

    def test_patterns(self):
        for patterns, chosen in (([], "abc"), (["a"], "a"), (["a", "b"], "ab"), (["!a"], "bc"),
                                 (["a", "b", "!b"], "a")):
            self.assertEqual("".join(name for name in "abc"
                                     if self.run_.is_chosen(name, patterns)), chosen, patterns)
