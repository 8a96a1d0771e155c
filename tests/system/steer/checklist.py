# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the checklist's rows share: short zones, accepted, refused or served."""

import os
import textwrap

from steer.policystory import PolicyStory
from steer.wait import until

SAMPLE = 3000
WWW = "www.example.com."
ONE, TWO, THREE, NINE = (f"192.0.2.{n}" for n in (1, 2, 3, 9))
CHECKS = ("---\nhealth:\n  a: {type: manual}\n  b: {type: manual}\n  c: {type: manual}\n"
          "  d: {type: manual}\n")


def zone(records):
    """A document of a zone with these records, and the health checks a to d."""
    return ("zone: example.com\nttl: 300\nrecords:\n" +
            textwrap.indent(textwrap.dedent(records).strip("\n"), "  ") + "\n" + CHECKS)


def weighted(name="www", **weights):
    """A weighted group: identifier, check and address of a set are the same letter."""
    lines = [f"{name}:", "  type: A", "  policy: weighted", "  sets:"]
    lines += [f"    {one}: {{weight: {weight}, health: {one}, values: [192.0.2.{number}]}}"
              for number, (one, weight) in enumerate(weights.items(), 1)]
    return "\n".join(lines) + "\n"


class ChecklistCase(PolicyStory):

    def serve(self, records, **options):
        return self.served_policies(zone(records), **options)

    def take(self, records):
        """A store that has accepted these records."""
        return self.policies(zone(records))

    def refuse(self, records, *words):
        """The records are refused in these words, and nothing has changed."""
        store = self.store("--ns", "ns.example.net.", name=f"refusing{len(os.listdir(self.dir))}")
        result = store.run("import", self.file("refused.yaml", zone(records)))
        self.assert_status(result, 1, r"refused\.yaml:\d+:\d+: ", *words)
        self.assertEqual(store.ok("zone", "list"), "")

    def down(self, store, *checks):
        for check in checks:
            store.ok("health", "report", check, "down")

    def shares(self, host, weights, name=WWW):
        self.assert_shares(self.counted(host, name, SAMPLE), weights)

    def until_only(self, host, allowed, name=WWW):
        """Waits until only these answers come."""
        until(f"{name} answering {allowed} alone",
              lambda: set(self.counted(host, name, 128)) <= set(allowed))
