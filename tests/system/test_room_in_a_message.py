# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not fit in a message is refused, whichever way it is written."""

from steer.case import Case, zone_text

# 65535 bytes minus header, the question for www.example.com. and OPT, in records of 16.
FULL = (65535 - 12 - (17 + 4) - 11) // 16
APEX, NAME = "example.com", "www.example.com"


def addresses(count, base=0):
    return [f"10.{base}.{number >> 8}.{number & 255}" for number in range(count)]


class RoomInAMessage(Case):

    def doors(self, values):
        """Commands that give the name these addresses."""
        yield "set", NAME, "A", *values
        yield "import", "--zone", APEX, self.file(
            "www.zone", zone_text(APEX + ".", *(f"www A {value}" for value in values)))
        yield "import", self.file(
            "www.yaml", f"zone: {APEX}\nrecords:\n  www:\n"
            f"    - {{type: A, values: [{', '.join(values)}]}}\n")
        yield "import", self.file(
            "sets.yaml", f"zone: {APEX}\nrecords:\n  www:\n    - type: A\n"
            f"      policy: [shuffle]\n      sets:\n        a: {{values: [{values[0]}]}}\n"
            f"        b: {{values: [{', '.join(values[1:])}]}}\n")

    def test_one_record_too_many_is_refused(self):
        store = self.store("--ns", "ns.example.net")
        store.ok("zone", "create", APEX)
        before = store.ok("list")
        for command in self.doors(addresses(FULL + 1)):
            self.assert_status(store.run(*command), 1, rf"have {16 * (FULL + 1)} bytes",
                               r"allowed: up to 65491")
            self.assertEqual(store.ok("list"), before)
        for command in self.doors(addresses(FULL)):
            store.ok(*command)
            self.assertEqual(store.ok("get", NAME).count("10.0."), FULL)

    def test_a_warning_where_it_depends(self):
        store = self.store("--ns", "ns.example.net")
        store.ok("zone", "create", APEX)
        store.ok("set", NAME, "A", *addresses(FULL))
        store.ok("set", f"more.{APEX}", "A", "192.0.2.1")
        store.ok("set", f"both.{APEX}", "A", "--id", "a", "--policy", "shuffle", "--alias", NAME)
        added = store.run("set", f"both.{APEX}", "A", "--id", "b", "--alias", f"more.{APEX}")
        self.assert_status(added, 0, "warning: ", "a message has room for 65490")

    def test_what_a_name_holds_is_bounded(self):
        """A node is checked when it is first looked at, so its size is the server's time."""
        store = self.store("--ns", "ns.example.net")
        store.ok("zone", "create", APEX)
        for count, status in ((32, 0), (34, 1)):
            before = store.ok("list")
            sets = ", ".join(f"s{n}: {{values: [{', '.join(addresses(4000, n))}]}}"
                             for n in range(count))
            file = self.file("large.yaml", f"zone: {APEX}\nrecords:\n  www:\n    type: A\n"
                             f"    policy: [shuffle, take 1]\n    sets: {{{sets}}}\n")
            self.assert_status(store.run("import", "--merge", file), status,
                               *[rf"{NAME}\.: .*allowed: up to 2097152"] * status)
            self.assertEqual(store.ok("list") == before, status == 1)
            store.run("del", NAME, "A")
