# SPDX-License-Identifier: GPL-3.0-or-later
"""What named-checkconf refuses."""

from steer import env
from steer.named import NamedCase


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
                (f'{{ storage "{store.directory}";\nthreads 0; }}', r":3: threads must be from 1 to"),
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
