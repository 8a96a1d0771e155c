# SPDX-License-Identifier: GPL-3.0-or-later
"""Record sets as steerctl sets and shows them."""

from steer.case import Case
from steer.schema import value_of

# What steerctl get tells of a record set besides what it is.
PLACE = ("id", "zone", "name", "type", "policy")


def lines(text):
    """Lines except those of the SOA, whose serial rises with each change."""
    return [line for line in text.splitlines() if "\tSOA\t" not in line]


class SetStory(Case):
    """A store is in self.steer."""

    def set(self, *words):
        """Sets it; nothing is printed."""
        result = self.steer.run("set", *words)
        self.assert_status(result, 0)
        self.assertEqual((result.out, result.err), ("", ""))

    def get(self, *words):
        return self.steer.ok("get", *words).splitlines()

    def sets(self, *name):
        """What each record set is, by its identifier."""
        return {one.get("id", ""): {key: value for key, value in one.items() if key not in PLACE}
                for one in value_of(self.steer.ok("get", *name, "--json"), "get")}

    def refuse(self, words, status, *said):
        """Refused with these words, and nothing has changed."""
        before = self.steer.ok("log")
        self.assert_status(self.steer.run(*words), status, *said)
        self.assertEqual(self.steer.ok("log"), before)

    def told(self, *words):
        """
        What a dry run tells of a command. The command, run then, has the log tell the same; in JSON
        too.
        """
        before = self.steer.ok("log")
        told = lines(self.steer.ok(*words, "--dry-run"))
        change = value_of(self.steer.ok(*words, "--dry-run", "--json"), "change")
        self.assertEqual(self.steer.ok("log"), before)
        self.steer.ok(*words)
        if not told:
            self.assertEqual(self.steer.ok("log"), before)
            return told
        logged = [line for line in lines(self.steer.ok("log", "-n", "1", "-p"))[1:]
                  if not line.startswith(";")]
        self.assertEqual(logged, told)
        in_json = value_of(self.steer.ok("log", "-n", "1", "-p", "--json"), "log")[0]
        self.assertEqual([entry for entry in in_json["changes"] if "zone" not in entry],
                         change["changes"])
        return told
