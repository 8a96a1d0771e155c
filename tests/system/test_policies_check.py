# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl check finds likely mistakes in policies and aliases."""

import os
import pathlib

from steer.policystory import PolicyStory
from steer.schema import value_of


class CheckFindsWhatIsHardlyMeant(PolicyStory):

    def findings(self, text):
        """Pairs of name and finding, of a store with these documents."""
        result = self.policies(text).run("check", "--json")
        found = value_of(result.out, "check")
        self.assertEqual(result.status, 1 if found else 0)
        return {(one["name"], one["finding"]) for one in found if "name" in one}

    def test_a_wrong_number_of_aliases(self):
        steer = self.policies("""
            zone: example.com
            records:
              a: {type: A, alias: x}
              b: {type: A, alias: x}
              x: {type: A, values: [192.0.2.1]}
            """)
        self.assertNotIn("damaged", steer.run("check").out)
        records = pathlib.Path(steer.directory, "records", "data.mdb")
        stored = records.read_bytes()
        x, y, broken = (b"t\0\1\0com\0example\0" + end for end in (b"x\0", b"y\0", b"xx"))
        two, five = (number.to_bytes(8, "little") for number in (2, 5))
        self.assertIn(x + two, stored)

        def finding(name, counted, there):
            return (name, f"damaged: {counted} record sets of type A that are aliases of it are "
                          f"counted, {there} are there")

        missing = finding("x.example.com.", 0, 2)
        for wrong, found in (
                (x + five, {finding("x.example.com.", 5, 2)}),
                (y + two, {finding("y.example.com.", 2, 0), missing}),
                (broken + two, {(".", "damaged: the number of aliases of something that is no name"),
                                missing})):
            records.write_bytes(stored.replace(x + two, wrong))
            value = value_of(steer.run("check", "--json").out, "check")
            self.assertEqual({(line["name"], line["finding"]) for line in value
                              if line["finding"].startswith("damaged")}, found)

    def test_targets_checks_and_sets(self):
        self.assertEqual(self.findings("""
            zone: example.com
            records:
              dangling: {type: A, alias: nothing}
              other: {type: AAAA, alias: plain}
              far: {type: A, alias: lb.elsewhere.invalid.}
              plain: {type: A, health: never, values: [192.0.2.1]}
              turn:
                type: A
                policy: failover
                sets:
                  first: {failover: primary, health: up, values: [192.0.2.1]}
                  second: {tier: 1, values: [192.0.2.2]}
                  third: {tier: 2, values: [192.0.2.3]}
              share:
                type: A
                policy: weighted
                sets:
                  always: {weight: 1, values: [192.0.2.1]}
                  evaluated: {weight: 1, alias: plain}
                  without: {weight: 0, health: gone, values: [192.0.2.2]}
            ---
            health: {up: {type: manual}}
        """), {
            ("dangling.example.com.",
             "A: its alias target nothing.example.com. has no A records"),
            ("far.example.com.",
             "A: its alias target lb.elsewhere.invalid. is in no hosted zone, and nothing resolves "
             "it: steerd has never been at work on this store"),
            ("other.example.com.",
             "AAAA: its alias target plain.example.com. has no AAAA records"),
            ("plain.example.com.",
             "A: its health check never is not defined, so it counts as healthy"),
            ("turn.example.com.",
             "A set third: is never chosen: tier 1 always has a healthy record set"),
            ("share.example.com.",
             "A set without: its health check gone is not defined, so it counts as healthy"),
            ("share.example.com.",
             "A set without: is never chosen: its weight is 0, and others with weight are always "
             "healthy"),
        })

    def test_external_targets(self):
        store = self.policies("""
            zone: example.com
            records:
              far: {type: A, alias: lb.elsewhere.invalid.}
            """)
        target = "lb.elsewhere.invalid."
        here = f"A: its alias target {target} "
        address, empty = (target, 60, "203.0.113.1"), (target, 60)
        error = "a\nb".encode().hex()
        at = r"20\d\d-\S+"
        never = "steerd has never been at work on this store"
        silent = f"steerd has been silent since {at}"
        unknown = here + "is in no hosted zone, and nothing resolves it: "
        again = here + "is in no hosted zone, and nothing resolves it again: "
        for beat, known, tries, *found in (
                (None, (target, None), {}, unknown + never),
                (None, address, {}, again + never),
                (29000, (target, None), {}, here + "is in no hosted zone, and not resolved yet"),
                (0, address, {}),
                (0, empty, {}, here + "has no A records"),
                (0, empty, {"nxdomain": 1}, here + "does not exist"),
                (0, address, {"age": 90, "failures": 1, "error": error},
                 here + rf"was last resolved on {at}; 1 try has failed since, the last one with: "
                 r"a\\x0ab"),
                (0, address, {"failures": 7},
                 here + f"was last resolved on {at}; 7 tries have failed since, the last one with: "),
                (0, address, {"held": 1}, here + "says that it has no A records; those of before "
                 "stay until it says so again"),
                (0, address, {"held": 1, "failures": 2}, here + "was last .*: ",
                 here + "says that .* again"),
                (30000, (target, None), {}, unknown + silent),
                (30000, address, {}),
                (600000, (target, None), {}, unknown + silent),
                (600000, address, {"failures": 2}, again + silent)):
            with self.subTest(f"{beat} {known} {tries}"):
                if beat is not None:
                    self.publish(store, f"heartbeat {beat}")
                self.know(store, known, **tries)
                result = store.run("check", "--json")
                self.assertEqual(result.status, 1 if found else 0)
                is_found = value_of(result.out, "check")
                self.assertEqual(len(is_found), len(found), result.out)
                for one, pattern in zip(is_found, found):
                    self.assertEqual(one["name"], "far.example.com.")
                    self.assertRegex(one["finding"], f"^{pattern}$")

    def test_external_names_that_targets_lead_to(self):
        store = self.policies("""
            zone: example.com
            records:
              cname: {type: CNAME, values: [lb.elsewhere.invalid.]}
              near: {type: A, alias: cname}
            """)
        for address, said in ((None, "in no hosted zone, and nothing resolves it: "),
                              ("203.0.113.1", "in no hosted zone, and nothing resolves it again: ")):
            self.know(store, ("lb.elsewhere.invalid.", 60, address) if address else
                      ("lb.elsewhere.invalid.", None))
            self.assertEqual(store.run("check").out,
                             "near.example.com.: A: its alias target cname.example.com. leads to "
                             f"lb.elsewhere.invalid., which is {said}steerd has never been at work "
                             "on this store\n")

    def test_external_targets_of_both_types(self):
        store = self.policies("""
            zone: example.com
            records:
              far:
                - {type: A, alias: lb.elsewhere.invalid.}
                - {type: AAAA, alias: lb.elsewhere.invalid.}
            """)
        self.publish(store, "heartbeat 0")
        for tries, *ends in (({},), ({"nxdomain": 1}, "does not exist")):
            self.know(store, ("lb.elsewhere.invalid.", 60), **tries)
            lines = [line for line in store.run("check").out.splitlines() if ": A: " in line]
            self.assertEqual([line.partition(" lb.elsewhere.invalid. ")[2] for line in lines], ends)

    def test_sets_whose_turn_may_come(self):
        self.assertEqual(self.findings("""
            zone: example.com
            records:
              turn:
                type: A
                policy: failover
                sets:
                  first: {failover: primary, health: up, values: [192.0.2.1]}
                  second: {failover: secondary, health: up, values: [192.0.2.2]}
                  third: {tier: 2, values: [192.0.2.3]}
              checked:
                type: A
                policy: weighted
                sets:
                  a: {weight: 1, health: up, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              zero:
                type: A
                policy: weighted
                sets:
                  a: {weight: 0, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              two:
                type: A
                policy: [up, weighted, take 2]
                sets:
                  a: {weight: 1, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              late:
                type: A
                policy: [shuffle, take 2, weighted, take 1]
                sets:
                  a: {weight: 1, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
                  c: {weight: 0, values: [192.0.2.3]}
              mixed:
                type: A
                policy: [weighted, shuffle, take 1]
                sets:
                  a: {weight: 1, values: [192.0.2.1]}
                  b: {weight: 0, values: [192.0.2.2]}
              behind:
                type: A
                policy: [shuffle, take 1, tier]
                sets:
                  a: {tier: 0, values: [192.0.2.1]}
                  b: {tier: 1, values: [192.0.2.2]}
            ---
            health: {up: {type: manual}}
        """), set())

    def test_names_that_a_new_zone_hides(self):
        store = self.policies("""
            zone: example.com
            records:
              sub: {type: NS, values: [ns.sub]}
              ns.sub: {type: A, values: [192.0.2.53]}
              inner: {type: A, values: [192.0.2.1]}
              a.inner: {type: A, values: [192.0.2.1]}
              b.c.inner: {type: TXT, values: [x]}
              d.inner: {type: A, values: [192.0.2.1]}
        """)
        for name in ("sub", "d.inner", "inner"):
            store.ok("zone", "create", f"{name}.example.com", "--ns", "ns.example.net")
        found = store.run("check")
        self.assert_status(found, 1)
        self.assertEqual(found.out.splitlines(), [
            f"{name}.example.com.: the hosted zone that begins here hides {names} of the zone "
            "above, with records that are never served"
            for name, names in (("inner", "4 names"),)])
        store.ok("set", "a.sub.example.com", "A", "192.0.2.1")
        store.ok("zone", "delete", "inner.example.com")
        self.assertEqual([line.split(" of ")[0] for line in store.run("check").out.splitlines()], [
            "d.inner.example.com.: the hosted zone that begins here hides 1 name"])

    def test_an_alias_of_both_address_types(self):
        """One of them may lead to nothing: few targets have both."""
        self.assertEqual(self.findings("""
            zone: example.com
            records:
              four: {type: A, values: [192.0.2.1]}
              six: {type: AAAA, values: ["2001:db8::1"]}
              neither: {type: TXT, values: [x]}
              a: [{type: A, alias: four}, {type: AAAA, alias: four}]
              b: [{type: A, alias: six}, {type: AAAA, alias: six}]
              c: [{type: A, alias: neither}, {type: AAAA, alias: neither}]
              d: [{type: A, alias: four}, {type: AAAA, alias: neither}]
        """), {(f"{name}.example.com.",
                f"{rrtype}: its alias target neither.example.com. has no {rrtype} records")
               for name, rrtype in (("c", "A"), ("c", "AAAA"), ("d", "AAAA"))})

    def test_ways_that_grew(self):
        """No alias of them was changed since they did."""
        chain = "\n".join(f"              n{number}: {{type: CNAME, values: [n{number + 1}]}}"
                          for number in range(14))
        group = "{type: A, policy: weighted, sets: {%s}}" % ", ".join(
            f"s{number}: {{alias: NEXT{number}}}" for number in range(130))
        leaves = "\n".join(f"              {kind}{number}: {{type: A, values: [192.0.2.1]}}"
                           for kind in ("leaf", "more") for number in range(130))
        store = self.policies(f"""
            zone: example.com
            records:
              long: {{type: A, alias: n0}}
{chain}
              n14: {{type: A, values: [192.0.2.1]}}
              top: {group.replace("NEXT", "leaf")}
{leaves}
        """)
        self.assertEqual(store.ok("check"), "")
        for name in ("n14", "leaf0"):
            store.ok("del", f"{name}.example.com", "A")
        store.ok("set", "n14.example.com", "CNAME", "n0.example.com")
        store.ok("import", "--merge", self.file("wide.yaml", f"""
            zone: example.com
            records:
              leaf0: {group.replace("NEXT", "more")}
        """))
        found = store.run("check")
        self.assert_status(found, 1)
        self.assertEqual(found.out.splitlines(), [
            "long.example.com.: A: its alias chains are longer than 16 links: what is deeper "
            "counts as down, and is SERVFAIL if it is chosen (rule A7)",
            "top.example.com.: A: its aliases lead to more than 256 names: SERVFAIL if an answer "
            "needs them (rule A8)"])

    def test_health_checks_that_nothing_probes(self):
        checks = "".join(f"  {name}: {{type: {kind}, address: 192.0.2.1, port: 80{more}}}\n"
                         for name, kind, more in (("a", "tcp", ""), ("c", "tcp", ", disabled: yes"),
                                                  ("e", "https", ""), ("unused", "tcp", "")))
        store = self.policies("zone: example.com\nrecords:\n"
                              "  \"@\": {type: NS, values: [ns.example.net.]}\n"
                              "  www:\n    type: A\n    policy: multivalue\n    sets:\n" + "".join(
            f"      {name}: {{values: [192.0.2.{number}], health: {name}}}\n"
            for number, name in enumerate("abce")) + "health:\n  b: {type: manual}\n" + checks)
        found = store.run("check")
        self.assert_status(found, 1)
        self.assertEqual(found.out.splitlines(), [
            f"health check {name}: nothing probes it: steerd has never been at work on this store"
            for name in "ae"])
        self.assertEqual(value_of(store.run("check", "--json").out, "check")[0]["health_check"],
                         "a")

    def test_the_sample_is_well(self):
        """Except for checks that nothing probes."""
        sample = os.path.join(os.path.dirname(__file__), "..", "..", "contrib", "example.com.yaml")
        with open(sample, encoding="utf-8") as file:
            self.assertEqual(self.findings(file.read()), set(), "nothing but of health checks")
