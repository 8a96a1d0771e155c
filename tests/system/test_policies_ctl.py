# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl sets, shows, exports and deletes aliases and the record sets of policies."""

import os
import re

from steer.case import zone_text
from steer.schema import value_of
from steer.setstory import SetStory, lines

ZONES = (("example.com.", zone_text("example.com.", "plain 60 A 192.0.2.80")),
         ("example.net.", zone_text("example.net.", "ns A 198.51.100.53", "lb A 198.51.100.1",
                                    "lb AAAA 2001:db8::1")))
WWW = ("www.example.com", "A")


class PoliciesCtl(SetStory):

    def setUp(self):
        super().setUp()
        self.steer = self.hosted(*ZONES)

    def weighted(self):
        self.set(*WWW, "--id", "blue", "--weight", "90", "--ttl", "60", "192.0.2.1", "192.0.2.2")
        self.set(*WWW, "--id", "green", "--weight", "10", "192.0.2.3")

    def test_a_group_grows_and_shrinks_set_by_set(self):
        self.weighted()
        self.assertEqual(self.get(*WWW), [
            "www.example.com.\t60\tA\t192.0.2.1 ; weighted, set blue, weight 90",
            "www.example.com.\t60\tA\t192.0.2.2 ; weighted, set blue, weight 90",
            "www.example.com.\t60\tA\t192.0.2.3 ; weighted, set green, weight 10"])
        self.assertEqual(
            [line for line in self.steer.ok("list", "example.com").splitlines() if "www" in line],
            ["www.example.com.\tA\t60\t192.0.2.1\t192.0.2.2\t"
             "{policy: weighted, id: blue, weight: 90}",
             "www.example.com.\tA\t60\t192.0.2.3\t{policy: weighted, id: green, weight: 10}"])
        self.assertEqual(value_of(self.steer.ok("get", *WWW, "--json"), "get")[1], {
            "zone": "example.com.", "name": "www.example.com.", "type": "A", "ttl": 60,
            "values": ["192.0.2.3"], "policy": "weighted", "id": "green", "weight": 10})
        self.steer.ok("del", *WWW, "blue")
        self.assertEqual(len(self.get(*WWW)), 1)
        self.refuse(("del", *WWW, "blue"), 1, "www.example.com")
        self.steer.ok("del", *WWW, "green")
        self.refuse(("get", *WWW), 1, "no such record set")
        self.weighted()
        self.steer.ok("del", *WWW)
        self.refuse(("get", *WWW), 1, "no such record set")

    def test_an_identifier_of_any_length(self):
        longest = "x" * 128
        self.set(*WWW, "--id", longest, "--weight", "1", "192.0.2.1")
        self.refuse(("set", *WWW, "--id", longest + "x", "--weight", "1", "192.0.2.1"), 2)
        self.assertEqual(self.get(*WWW), [
            f"www.example.com.\t300\tA\t192.0.2.1 ; weighted, set {longest}, weight 1"])
        shown, = value_of(self.steer.ok("get", *WWW, "--json"), "get")
        self.assertEqual(shown["id"], longest)

    def test_the_longest_names_of_a_new_zone(self):
        """Whose SOA has two of them, that of the server and that of the hostmaster."""
        tail = ".".join(letter * 63 for letter in "abc")
        server, zone = f"{'s' * 61}.{tail}.", f"{'z' * 50}.{tail}."
        self.steer.ok("zone", "create", zone, "--ns", server)
        self.assertEqual(self.get(zone, "SOA")[0].split("\t")[3].split(" ")[:2],
                         [server, f"hostmaster.{zone}"])

    def test_the_attribute_says_the_policy_of_a_new_group(self):
        self.steer.ok("health", "set", "web", "manual")
        for words, said in (
                (["--weight", "0"], "weighted, set a, weight 0"),
                (["--failover", "primary", "--health", "web"],
                 "failover, set a, primary, health web"),
                (["--failover", "secondary"], "failover, set a, secondary"),
                (["--tier", "7"], "failover, set a, tier 7"),
                (["--multivalue"], "multivalue, set a"),
                (["--policy", "up,tier take 2", "--tier", "1"],
                 "[up, tier, take 2], set a, tier 1"),
                (["--policy", "up all-down=none, weighted sticky=client, take 1"],
                 "[up all-down=none, weighted sticky=client, take 1], set a, weight 1"),
                (["--policy", "up, tier, shuffle, take 1"], "failover, set a, primary")):
            with self.subTest(said):
                if "primary" in said and "--health" not in words:
                    words += ["--health", "web"]
                    said += ", health web"
                self.set(*WWW, "--id", "a", *words, "192.0.2.1")
                self.assertEqual(self.get(*WWW),
                                 [f"www.example.com.\t300\tA\t192.0.2.1 ; {said}"])
                self.steer.ok("del", *WWW)
        for words, said in (
                ([], "no policy is given; allowed: one of --weight, --failover, --multivalue, "),
                (["--weight", "1", "--tier", "1"], "no preset uses --weight and --tier; allowed: "),
                (["--multivalue", "--weight", "1"], "no preset uses --weight and --multivalue; ")):
            self.refuse(("set", *WWW, "--id", "a", *words, "192.0.2.1"), 1,
                        f"www.example.com. A: new, and {said}.*--policy POLICY")

    def test_a_group_keeps_its_policy_until_another_is_named(self):
        self.weighted()
        self.set(*WWW, "--id", "red", "192.0.2.4")
        self.assertEqual(self.get(*WWW)[-1],
                         "www.example.com.\t60\tA\t192.0.2.4 ; weighted, set red, weight 1")
        for words, option in ((["--tier", "1"], "--tier"),
                              (["--failover", "secondary"], "--failover"),
                              (["--multivalue"], "--multivalue")):
            self.refuse(("set", *WWW, "--id", "red", *words, "192.0.2.4"), 1,
                        f"its policy is weighted, .*{option}.*--policy")
        self.refuse(("set", *WWW, "--policy", "multivalue", "--id", "a", "--weight", "1", "::"), 1,
                    "multivalue.*--weight")
        self.set(*WWW, "--policy", "up, weighted, take 2")
        self.assertEqual(
            [re.sub(".* ; ", "", line) for line in self.get(*WWW)][1:],
            [f"[up, weighted, take 2], set {one}, weight {weight}"
             for one, weight in (("blue", 90), ("green", 10), ("red", 1))])
        self.assertEqual(value_of(self.steer.ok("get", *WWW, "--json"), "get")[0]["policy"],
                         "up, weighted, take 2")

    def test_from_simple_to_a_policy_and_back(self):
        plain = ("plain.example.com", "A")
        self.refuse(("set", *plain, "--id", "a", "--weight", "1", "192.0.2.1"), 1,
                    "plain.example.com. A: a simple record set; allowed: --policy POLICY, which "
                    "replaces it")
        self.refuse(("set", *plain, "--policy", "weighted"), 1, "a simple record set")
        self.refuse(("set", *WWW, "--policy", "weighted"), 1, "no such record set")
        self.set(*plain, "--id", "a", "--policy", "weighted", "192.0.2.1")
        self.assertEqual(self.get(*plain),
                         ["plain.example.com.\t60\tA\t192.0.2.1 ; weighted, set a, weight 1"])
        self.set(*plain, "--id", "b", "192.0.2.2")
        for words in (["--dry-run"], []):
            result = self.steer.run("set", *plain, *words, "192.0.2.3")
            self.assert_status(result, 0)
            self.assertEqual(result.err,
                             "plain.example.com. A: note: was weighted with 2 record sets\n")
        self.assertEqual(self.get(*plain), ["plain.example.com.\t60\tA\t192.0.2.3"])

    def test_ttls(self):
        self.set(*WWW, "--id", "a", "--multivalue", "192.0.2.1")
        self.set(*WWW, "--id", "b", "--ttl", "20", "192.0.2.2")
        self.set(*WWW, "--id", "b", "192.0.2.3")
        self.set(*WWW, "--id", "c", "192.0.2.4")
        self.assertEqual([line.split("\t")[1] for line in self.get(*WWW)], ["300", "20", "300"])
        self.steer.ok("set", *WWW, "192.0.2.5")
        self.assertEqual(self.get(*WWW)[0].split("\t")[1], "300")
        name = ("w.example.com", "A", "--weight", "1")
        self.set(*name, "--id", "a", "--ttl", "30", "192.0.2.1")
        self.refuse(("set", *name, "--id", "b", "--ttl", "31", "192.0.2.2"), 1, "30", "31")

    def test_what_is_not_given_stays(self):
        self.steer.ok("health", "set", "web", "manual")
        self.weighted()
        self.set(*WWW, "--id", "far", "--alias", "lb.example.net", "--evaluate-target-health", "no")
        sets = self.sets(*WWW)
        for words, name, changed in (
                (["--weight", "20"], "green", {"weight": 20}),
                (["--health", "web"], "green", {"health": "web"}),
                (["192.0.2.7"], "green", {"values": ["192.0.2.7"]}),
                (["--weight", "default"], "green", {"weight": 1}),
                (["--health", "none"], "green", {"health": None}),
                (["--weight", "7", "--health", "web"], "far", {"weight": 7, "health": "web"}),
                (["--alias", "ns.example.net"], "far", {"alias": "ns.example.net."}),
                (["--evaluate-target-health", "yes"], "far", {"evaluate_target_health": True}),
                (["192.0.2.8"], "far", {"values": ["192.0.2.8"], "ttl": 60, "alias": None,
                                        "evaluate_target_health": None}),
                (["--alias", "lb.example.net"], "blue",
                 {"alias": "lb.example.net.", "ttl": None, "values": None,
                  "evaluate_target_health": True})):
            with self.subTest(words):
                self.set(*WWW, "--id", name, *words)
                sets[name].update(changed)
                sets[name] = {key: value for key, value in sets[name].items()
                              if value is not None or key == "ttl"}
                self.assertEqual(self.sets(*WWW), sets)
        self.refuse(("set", *WWW, "--id", "new", "--weight", "2"), 1, "A 'new': no values")
        self.refuse(("set", *WWW, "--id", "blue", "--ttl", "5"), 1, "TTL")
        self.set("plain.example.com", "A", "--health", "web")
        self.assertEqual(self.sets("plain.example.com", "A"),
                         {"": {"ttl": 60, "values": ["192.0.2.80"], "health": "web"}})
        self.set("plain.example.com", "A", "--health", "none")
        self.assertEqual(self.get("plain.example.com"),
                         ["plain.example.com.\t60\tA\t192.0.2.80"])
        self.set("tier.example.com", "A", "--id", "a", "--tier", "3", "192.0.2.1")
        self.set("tier.example.com", "A", "--id", "a", "192.0.2.2")
        self.assertIn("tier 3", self.get("tier.example.com")[0])
        self.set("tier.example.com", "A", "--id", "a", "--health", "web")
        self.set("tier.example.com", "A", "--id", "a", "--tier", "default")
        self.assertIn("primary, health web", self.get("tier.example.com")[0])

    def test_the_ttl_of_a_whole_group(self):
        self.weighted()
        self.set(*WWW, "--id", "far", "--alias", "lb.example.net")
        self.refuse(("set", *WWW, "--id", "blue", "--ttl", "1h"), 1,
                    "'green' has 60.*--ttl without --id")
        self.set(*WWW, "--ttl", "1h")
        self.assertEqual([one["ttl"] for one in self.sets(*WWW).values()], [3600, None, 3600])
        self.set(*WWW, "--ttl", "2h5s", "--policy", "up, weighted, take 2")
        self.assertEqual([one["ttl"] for one in self.sets(*WWW).values()], [7205, None, 7205])
        for name in ("plain.example.com A", "example.com NS", "example.com SOA"):
            self.set(*name.split(), "--ttl", "77")
            self.assertEqual(self.get(*name.split())[0].split("\t")[1], "77")
        self.refuse(("set", "gone.example.com", "A", "--ttl", "7"), 1, "no such record set")
        self.set("example.com", "A", "--alias", "lb.example.net")
        self.refuse(("set", "example.com", "A", "--ttl", "7"), 1, "an alias has no TTL of its own")

    def test_what_a_policy_drops_is_told_when_it_goes(self):
        self.weighted()
        result = self.steer.run("set", *WWW, "--policy", "failover")
        self.assert_status(result, 1, "a primary without a health check")
        self.assertNotIn("warning", result.err)
        result = self.steer.run("set", *WWW, "--policy", "multivalue")
        self.assert_status(result, 0)
        self.assertEqual(result.err,
                         "warning: www.example.com.: A: the new policy reads no weights: "
                         "those of 2 record sets are gone\n")
        self.set(*WWW, "--policy", "weighted")

    def test_aliases(self):
        apex = ("example.com", "A")
        self.set(*apex, "--alias", "lb.example.net")
        self.assertEqual(self.get(*apex), ["example.com.\tALIAS\tlb.example.net. ; type A"])
        self.set(*apex, "--alias", "LB.example.net.", "--evaluate-target-health", "no")
        self.assertEqual(
            self.get(*apex),
            ["example.com.\tALIAS\tlb.example.net. ; type A, evaluate-target-health no"])
        self.assertIn("example.com.\tA\t-\talias lb.example.net.\t{evaluate-target-health: no}\n",
                      self.steer.ok("list"))
        self.set(*apex, "--alias", "lb.example.net", "--evaluate-target-health", "yes")
        self.assertIn("example.com.\tA\t-\talias lb.example.net.\n", self.steer.ok("list"))
        self.assertEqual(value_of(self.steer.ok("get", *apex, "--json"), "get"), [{
            "zone": "example.com.", "name": "example.com.", "type": "A", "ttl": None,
            "alias": "lb.example.net.", "evaluate_target_health": True}])
        self.set(*WWW, "--id", "a", "--weight", "3", "--alias", "lb.example.net")
        self.assertEqual(
            self.get(*WWW),
            ["www.example.com.\tALIAS\tlb.example.net. ; type A, weighted, set a, weight 3"])
        self.set(*apex, "192.0.2.1")
        self.assertEqual(self.get(*apex), ["example.com.\t300\tA\t192.0.2.1"])

    def test_alias_targets(self):
        result = self.steer.run("set", *WWW, "--alias", "none.example.net")
        self.assert_status(result, 0, "warning: .*none.example.net.* A ")
        result = self.steer.run("set", *WWW, "--alias", "elsewhere.example.org")
        self.assert_status(result, 0)
        self.assertEqual(result.err, "warning: www.example.com.: A: alias target "
                         "elsewhere.example.org. is external, no A records of it are known, and "
                         "no steerd is at work to resolve it: SERVFAIL until one has (rule A4)\n")
        self.steer.ok("set", "a.example.com", "A", "--alias", "b.example.com")
        self.refuse(("set", "b.example.com", "A", "--alias", "a.example.com"), 1,
                    "a.example.com", "b.example.com", "loop")
        for rrtype in ("NS", "SOA", "DNAME"):
            self.refuse(("set", "sub.example.com", rrtype, "--alias", "lb.example.net"), 1, rrtype)

    def test_health_checks_of_record_sets(self):
        result = self.steer.run("set", *WWW, "--health", "web", "192.0.2.1")
        self.assert_status(result, 0, "warning: .*web")
        self.assertEqual(self.get(*WWW), ["www.example.com.\t300\tA\t192.0.2.1 ; health web"])
        self.assertIn("www.example.com.\tA\t300\t192.0.2.1\t{health: web}\n", self.steer.ok("list"))
        self.assertEqual(value_of(self.steer.ok("get", *WWW, "--json"), "get")[0]["health"], "web")
        self.assertEqual(self.steer.ok("health", "list"),
                         "web\t-\tup\tundefined\t-\t-\t-\t-\t1\t-\t-\n")
        self.steer.ok("health", "set", "web", "manual")
        self.set(*WWW, "--health", "web", "192.0.2.2")
        self.set(*WWW, "192.0.2.2")
        self.assertEqual(self.get(*WWW), ["www.example.com.\t300\tA\t192.0.2.2"])

    def test_odd_identifiers_are_quoted(self):
        odd = "a, b; \"c\" \u00e4"
        self.set(*WWW, "--id", odd, "--weight", "1", "192.0.2.1")
        self.set(*WWW, "--id", "7", "192.0.2.2")
        self.assertEqual(value_of(self.steer.ok("get", *WWW, "--json"), "get")[1]["id"], odd)
        self.assertEqual(self.get(*WWW)[1],
                         f"www.example.com.\t300\tA\t192.0.2.1 ; weighted, set '{odd}', weight 1")
        self.assertIn("{policy: weighted, id: \"7\", weight: 1}", self.steer.ok("list"))
        self.steer.ok("del", *WWW, odd)
        self.assertEqual(len(self.get(*WWW)), 1)

    def test_what_does_not_go_together_is_told(self):
        for words, *said in (
                ([], "no values; allowed: VALUE..., --alias TARGET, or options"),
                (["--id", "a"], "no values; allowed: VALUE..., --alias TARGET, or options"),
                (["--alias", "a.", "192.0.2.1"], "--alias with values"),
                (["--alias", "a.", "--ttl", "5"], "--alias with --ttl"),
                (["--alias", "a..b"], "'a..b' is not a domain name"),
                (["--evaluate-target-health", "no", "192.0.2.1"], "only aliases have it"),
                (["--alias", "a.", "--evaluate-target-health", "maybe"],
                 "'maybe'; allowed: yes, no"),
                (["--weight", "1", "192.0.2.1"], "--weight requires --id"),
                (["--failover", "primary", "192.0.2.1"], "--failover requires --id"),
                (["--tier", "0", "192.0.2.1"], "--tier requires --id"),
                (["--multivalue", "192.0.2.1"], "--multivalue requires --id"),
                (["--policy", "weighted", "192.0.2.1"], "--policy with a record set requires --id"),
                (["--policy", "weighted", "--health", "a"],
                 "--policy with a record set requires --id"),
                (["--ttl", "1500ms"], "'1500ms' is not a TTL; allowed: seconds, or numbers with"),
                (["--ttl", "2147483648"], "'2147483648' is not a TTL; .*up to 2147483647 s"),
                (["--ttl", "69y", "192.0.2.1"], "'69y' is not a TTL"),
                (["--id", "a", "--weight", "x", "192.0.2.1"], "--weight: 'x'.*0 to 4294967295"),
                (["--id", "a", "--weight", "4294967296", "192.0.2.1"],
                 "--weight: '4294967296'; allowed: 0 to 4294967295, default"),
                (["--id", "a", "--tier", "256", "192.0.2.1"], "--tier: '256'.*0 to 255"),
                (["--id", "a", "--failover", "first", "192.0.2.1"],
                 "'first'; allowed: primary, secondary"),
                (["--id", "a", "--failover", "primary", "--tier", "0", "192.0.2.1"],
                 "--failover with --tier"),
                (["--id", "", "--weight", "1", "192.0.2.1"], "--id: allowed: 1 to 128 bytes"),
                (["--id", "x" * 129, "--weight", "1", "192.0.2.1"], "--id: allowed: 1 to 128"),
                (["--id", "a\tb", "--weight", "1", "192.0.2.1"], "--id: allowed"),
                (["--health", "a b", "192.0.2.1"], "--health: 'a b' is not an id"),
                (["--id", "a", "--policy", "closest", "192.0.2.1"], "--policy: .*closest"),
                (["--id", "a", "--policy", "up min-healthy=101%", "192.0.2.1"], "--policy: "),
                (["--id", "a", "--policy", "simple", "192.0.2.1"], "--policy simple"),
                (["--policy", "simple"], "--policy simple")):
            with self.subTest(words):
                self.refuse(("set", *WWW, *words), 2, *said, "usage: steerctl set")
        self.refuse(("del", *WWW, "a", "b"), 2, "too many arguments")

    def test_rules_of_the_store_are_told(self):
        self.refuse(("set", *WWW, "--id", "a", "--failover", "primary", "192.0.2.1"), 1,
                    "health")
        self.refuse(("set", *WWW, "--id", "a", "--multivalue", "--alias", "lb.example.net"), 1,
                    "multivalue|alias")
        self.refuse(("set", "example.com", "NS", "--id", "a", "--weight", "1", "ns.example.net."),
                    1, "NS")
        self.refuse(("set", "example.com", "CNAME", "--alias", "lb.example.net"), 1, "CNAME")

    def test_a_dry_run_tells_what_the_log_tells(self):
        self.steer.ok("health", "set", "web", "manual")
        self.weighted()
        for words, told in (
                (["set", *WWW, "--id", "green", "--weight", "20", "--health", "web", "192.0.2.3"],
                 ["-www.example.com.\t60\tA\t192.0.2.3 ; weighted, set green, weight 10",
                  "+www.example.com.\t60\tA\t192.0.2.3 ; "
                  "weighted, set green, weight 20, health web"]),
                (["set", *WWW, "--id", "cyan", "--alias", "lb.example.net"],
                 ["+www.example.com.\tALIAS\tlb.example.net. ; "
                  "type A, weighted, set cyan, weight 1"]),
                (["del", *WWW, "green"],
                 ["-www.example.com.\t60\tA\t192.0.2.3 ; "
                  "weighted, set green, weight 20, health web"]),
                (["set", *WWW, "--policy", "weighted"], []),
                (["set", *WWW, "--policy", "up, weighted, take 2"],
                 [f"{sign}www.example.com.\t{record} ; {policy}, set {one}" for sign, policy in
                  (("-", "weighted"), ("+", "[up, weighted, take 2]")) for record, one in
                  (("60\tA\t192.0.2.1", "blue, weight 90"), ("60\tA\t192.0.2.2", "blue, weight 90"),
                   ("ALIAS\tlb.example.net.", "cyan, weight 1"))]),
                (["health", "set", "web", "tcp", "address=192.0.2.1", "port=80", "inverted=yes"],
                 ["-health set web manual",
                  "+health set web tcp address=192.0.2.1 port=80 inverted=yes"]),
                (["health", "set", "page", "http", "address=192.0.2.1", "search=it's up"],
                 ["+health set page http address=192.0.2.1 'search=it'\\''s up'"]),
                (["health", "del", "page"],
                 ["-health set page http address=192.0.2.1 'search=it'\\''s up'"])):
            with self.subTest(words):
                told = [line.replace("ALIAS\tlb.example.net. ;", "ALIAS\tlb.example.net. ; type A,")
                        if "type A" not in line else line for line in told]
                self.assertEqual(self.told(*words), told)

    def test_zone_files_cannot_say_them(self):
        self.weighted()
        self.steer.ok("set", "example.com", "A", "--alias", "lb.example.net")
        self.steer.ok("health", "set", "web", "manual")
        self.steer.ok("set", "plain.example.com", "A", "--health", "web", "192.0.2.80")
        result = self.steer.run("export", "example.com")
        self.assert_status(
            result, 1, "example.com. A: an alias, which a zone file cannot express",
            "plain.example.com. A: a health check, which", "www.example.com. A: a policy, which",
            "nothing printed")
        self.assertEqual(result.out, "")
        lossy = self.steer.run("export", "example.com", "--lossy")
        self.assertEqual([line.split("\t")[0] for line in lines(lossy.out) if "\tA\t" in line],
                         ["plain.example.com."])
        self.assertNotIn(";", lossy.out)
        self.assert_status(self.steer.run("export"), 1, "1 health check, which a zone file")
        self.assertEqual(self.steer.run("export", "example.net").status, 0)

    def everything(self):
        """Zones with record sets of every kind."""
        self.weighted()
        for words in (["health", "set", "web", "manual"],
                      ["health", "set", "tcp", "tcp", "address=192.0.2.1", "port=80", "fall=5"],
                      ["health", "set", "both", "calculated", "children=web", "children=tcp",
                       "threshold=1"],
                      ["health", "set", "unused", "manual", "disabled=yes"],
                      ["set", "example.com", "A", "--alias", "lb.example.net"],
                      ["set", "plain.example.com", "A", "--health", "both", "192.0.2.80"],
                      ["set", "fail.example.com", "A", "--id", "one", "--failover", "primary",
                       "--alias", "lb.example.net"],
                      ["set", "fail.example.com", "A", "--id", "two", "--failover", "secondary",
                       "192.0.2.9"],
                      ["set", "many.example.com", "TXT", "--id", "a", "--multivalue", "\"a b\""],
                      ["set", "many.example.com", "A", "--id", "a", "--policy",
                       "up all-down=servfail min-healthy=50%, tier, weighted sticky=client, take 3",
                       "--weight", "4", "--tier", "2", "--evaluate-target-health", "no",
                       "--alias", "lb.example.net"]):
            self.steer.ok(*words)

    def test_yaml_says_everything(self):
        self.everything()
        text = self.steer.ok("export", "--format", "yaml")
        other = self.store(name="other")
        other.ok("import", self.file("all.yaml", text))
        self.assertEqual(other.ok("export", "--format", "yaml"), text)
        self.assertEqual(other.ok("list"), self.steer.ok("list"))
        for check in ("web", "tcp", "both", "unused"):
            self.assertEqual(other.ok("health", "show", check),
                             self.steer.ok("health", "show", check))
        other.ok("import", self.path("all.yaml"))
        self.assertEqual(len(other.ok("log").splitlines()), 1)
        self.assertEqual(value_of(other.ok("export", "--format", "yaml", "--json"),
                                  "export")["text"], text)

    def test_an_export_of_some_zones_has_their_checks(self):
        self.everything()
        self.assertRegex(self.steer.ok("export", "--format", "yaml", "example.com"),
                         r"(?s)health:\n +both: .* +tcp: .* +web: ")
        self.assertNotIn("unused", self.steer.ok("export", "--format", "yaml", "example.com"))
        self.assertNotIn("health:", self.steer.ok("export", "--format", "yaml", "example.net"))
        self.assertIn("unused", self.steer.ok("export", "--format", "yaml"))

    def test_files_of_health_checks_alone(self):
        file = self.file("health.yaml",
                         "health:\n  web: {type: tcp, address: 192.0.2.1, port: 80}\n")
        change = value_of(self.steer.ok("import", "--json", file), "import")
        self.assertEqual((change["health_checks"], change["zones"]["changed"]), (1, 0))
        self.assertEqual(self.steer.ok("import", "--dry-run", file), "")
        self.assertIn("web\ttcp\tup\tunknown", self.steer.ok("health", "list"))

    def test_a_merge_replaces_the_sets_that_are_named(self):
        self.weighted()
        file = self.file("merge.yaml", "zone: example.com\nrecords:\n  www:\n    type: A\n"
                         "    policy: weighted\n    ttl: 60\n    sets:\n"
                         "      green: {weight: 30, values: [192.0.2.7]}\n"
                         "      red: {weight: 5, values: [192.0.2.8]}\n")
        self.steer.ok("import", "--merge", file)
        self.assertEqual([line.split("\t")[3] for line in self.get(*WWW)], [
            "192.0.2.1 ; weighted, set blue, weight 90",
            "192.0.2.2 ; weighted, set blue, weight 90",
            "192.0.2.7 ; weighted, set green, weight 30",
            "192.0.2.8 ; weighted, set red, weight 5"])

    def test_alias_lines_of_zone_files(self):
        file = self.file("alias.zone", zone_text("example.com.", "@ ALIAS lb.example.net."))
        self.steer.ok("import", "--zone", "example.com", file)
        self.assertEqual([line for line in self.get("example.com") if "ALIAS" in line],
                         [f"example.com.\tALIAS\tlb.example.net. ; type {rrtype}"
                          for rrtype in ("A", "AAAA")])
        self.assert_status(self.steer.run("import", "--zone", "example.com", file), 0)
        self.assertEqual(self.steer.ok("import", "--zone", "example.com", "--dry-run", file), "")

    def test_an_alias_line_is_told_once(self):
        text = zone_text("example.com.", "a ALIAS lb.example.org.", "b ALIAS none.example.com.")
        file = self.file("alias.zone", text)
        result = self.steer.run("import", "--zone", "example.com", file)
        self.assert_status(result, 0)
        warnings = [line for line in result.err.splitlines() if ": alias target " in line]
        self.assertEqual(len(warnings), 2, result.err)
        for line, said in zip(warnings, (
                "a.example.com.: A: alias target lb.example.org. is external, no A or AAAA records "
                "of it are known, and no steerd is at work to resolve it: SERVFAIL until one has "
                "(rule A4)",
                "b.example.com.: A: alias target none.example.com. has no A or AAAA records yet "
                "(rule A5)")):
            self.assertTrue(line.endswith(said), line)

    def test_zones_with_policies(self):
        self.everything()
        shown = self.steer.ok("zone", "show", "example.com")
        self.assertRegex(shown, r"(?m)^record sets: +10$")
        self.assertRegex(shown, r"(?m)^records: +8$")
        self.steer.ok("zone", "create", "example.org", "--ns", "ns.example.net")
        self.steer.ok("set", "www.example.org", "A", "--id", "a", "--weight", "1", "192.0.2.1")
        self.refuse(("zone", "delete", "example.org"), 1, "www.example.org")
        self.steer.ok("zone", "delete", "example.org", "--force")
        self.assertEqual(self.steer.ok("check"), "")

    def test_stats_count_health(self):
        self.everything()
        self.steer.ok("health", "force", "web", "down")
        databases = value_of(self.steer.ok("stats", "--json"), "stats")["databases"]
        # In the status: the force, and the number of its change set.
        self.assertEqual((databases["checks"]["entries"], databases["status"]["entries"]), (4, 2))
        self.assertTrue(os.path.exists(self.steer.path("status", "data.mdb")))
