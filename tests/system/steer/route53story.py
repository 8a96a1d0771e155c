# SPDX-License-Identifier: GPL-3.0-or-later
"""Base of stories that import files of Route 53 into a store with name servers of its own."""

from steer.policystory import PolicyStory


class Route53Story(PolicyStory):

    def setUp(self):
        super().setUp()
        self.steer = self.store("--map-size", "64M", "--ns", "ns1.set.test.", "--ns",
                                "ns2.set.test.")

    def give(self, *texts, options=(), status=0, words=()):
        """Imports these files; returns what steerctl printed, without the directory."""
        files = [self.file(f"part{number}.json", one) for number, one in enumerate(texts)]
        result = self.steer.run("import", *options, *files)
        self.assert_status(result, status, *words)
        return (result.out + result.err).replace(self.dir + "/", "")

    def refused(self, *texts, options=()):
        before = self.steer.ok("stats"), self.steer.ok("list")
        said = self.give(*texts, options=options, status=1)
        self.assertEqual((self.steer.ok("stats"), self.steer.ok("list")), before)
        return said

    def served(self, *texts, **options):  # pylint: disable=arguments-differ
        self.give(*texts)
        return self.host(store=self.steer.directory, **options).start()
