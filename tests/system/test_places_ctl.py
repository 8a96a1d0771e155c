# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl sets and shows where record sets and their clients are."""

from steer.case import zone_text
from steer.schema import value_of
from steer.setstory import SetStory

WWW = ("www.example.com", "A")
# A policy that reads everything.
ALL = "cidr, asn, geo, latency, nearest, weighted, take 2"

# Options, and how they are shown: in comments, in rows, in JSON.
FORMS = (
    (["--policy", "up, latency, take 2", "--region", "eu-central-1"], "region eu-central-1",
     "region: eu-central-1", {"region": "eu-central-1"}),
    (["--policy", "up, latency, take 2", "--region", "no"], "region no", 'region: "no"',
     {"region": "no"}),
    (["--policy", "nearest, take 2", "--coordinates", "-33.868,151.2"],
     "coordinates -33.87,151.2", "coordinates: [-33.87, 151.2]", {"coordinates": [-33.87, 151.2]}),
    (["--policy", "nearest, take 2", "--coordinates", "0,0"], "coordinates 0,0",
     "coordinates: [0, 0]", {"coordinates": [0, 0]}),
    (["--policy", "nearest, take 2", "--bias", "-99"], "bias -99", "bias: -99", {"bias": -99}),
    (["--policy", "nearest, take 2", "--bias", "+7"], "bias 7", "bias: 7", {"bias": 7}),
    (["--policy", "nearest, take 2", "--bias", "0"], "", "", {}),
    (["--geo", "continent:eu"], "geo continent:EU", "geo: {continent: EU}",
     {"geo": "continent:EU"}),
    (["--geo", "country:NO"], "geo country:NO", 'geo: {country: "NO"}', {"geo": "country:NO"}),
    (["--geo", "country:US/NY"], "geo country:US/NY", "geo: {country: US, subdivision: NY}",
     {"geo": "country:US/NY"}),
    (["--geo", "default"], "geo default", "geo: default", {"geo": "default"}),
    (["--cidr", "offices/oslo_1"], "cidr offices/oslo_1",
     "cidr: {collection: offices, location: oslo_1}", {"cidr": "offices/oslo_1"}),
    (["--cidr", "default"], "cidr default", "cidr: default", {"cidr": "default"}),
    (["--policy", "asn, take 2", "--asn", "64501,AS64500"], "asn 64500,64501",
     "asn: [64500, 64501]", {"asn": [64500, 64501]}),
    (["--policy", "asn, take 2", "--asn", "4294967295"], "asn 4294967295", "asn: [4294967295]",
     {"asn": [4294967295]}),
    (["--policy", "asn, take 2", "--asn", "default"], "asn default", "asn: default", {"asn": []}),
)


class PlacesCtl(SetStory):

    def setUp(self):
        super().setUp()
        self.steer = self.hosted(("example.com.", zone_text("example.com.")))

    def test_what_is_set_is_shown(self):
        for words, comment, row, in_json in FORMS:
            with self.subTest(words):
                self.set(*WWW, "--id", "a", *words, "192.0.2.1")
                shown, = self.get(*WWW)
                policy, details = shown.split(" ; ")[1].split(", set a")
                self.assertEqual(details, f", {comment}" if comment else "")
                listed, = [line for line in self.steer.ok("list").splitlines() if "www" in line]
                self.assertEqual(listed.split("\t")[4],
                                 f"{{policy: {policy}, id: a{', ' if row else ''}{row}}}")
                self.assertEqual(self.sets(*WWW),
                                 {"a": {"ttl": 300, "values": ["192.0.2.1"], **in_json}})
                self.steer.ok("del", *WWW)

    def test_the_attribute_says_the_policy_of_a_new_group(self):
        for words, policy in (
                (["--region", "eu-west-1"], "latency"),
                (["--geo", "country:DE"], "geolocation"),
                (["--geo", "default"], "geolocation"),
                (["--coordinates", "1,2"], "geoproximity"),
                (["--coordinates", "1,2", "--bias", "3"], "geoproximity"),
                (["--region", "eu-west-1", "--bias", "3"], "geoproximity"),
                (["--cidr", "a/b"], "ip"),
                (["--cidr", "default"], "ip")):
            with self.subTest(words):
                self.set(*WWW, "--id", "a", *words, "192.0.2.1")
                self.assertIn(f" ; {policy}, set a, ", self.get(*WWW)[0])
                self.steer.ok("del", *WWW)
        for words, said in (
                (["--region", "none"], "no policy is given; allowed: one of --weight, --failover, "
                 "--multivalue, --region, --geo, --coordinates, --bias and --cidr, or --policy"),
                (["--asn", "64500"], "no preset uses --asn; allowed: with --policy POLICY"),
                (["--geo", "default", "--asn", "64500"], "no preset uses --asn; "),
                (["--geo", "country:DE", "--cidr", "a/b"], "no preset uses --geo and --cidr; "
                 "allowed: one of them, or both with --policy POLICY"),
                (["--region", "eu-west-1", "--weight", "1"],
                 "no preset uses --weight and --region"),
                (["--region", "eu-west-1", "--bias", "1", "--tier", "1"],
                 "no preset uses --tier and --region"),
                (["--coordinates", "1,2", "--multivalue"],
                 "no preset uses --multivalue and --coordinates")):
            self.refuse(("set", *WWW, "--id", "a", *words, "192.0.2.1"), 1,
                        f"www.example.com. A: new, and {said}")

    def test_an_attribute_that_the_policy_does_not_use(self):
        self.set(*WWW, "--id", "a", "--weight", "1", "192.0.2.1")
        for words in (["--region", "eu-west-1"], ["--geo", "continent:EU"], ["--geo", "default"],
                      ["--coordinates", "1,2"], ["--bias", "1"], ["--cidr", "a/b"],
                      ["--asn", "1"]):
            with self.subTest(words):
                self.refuse(("set", *WWW, "--id", "a", *words), 1,
                            f"its policy is weighted, which does not use {words[0]}; allowed: "
                            "another one by --policy POLICY")
                self.refuse(("set", "new.example.com", "A", "--id", "a", "--policy", "failover",
                             *words, "192.0.2.1"), 1,
                            f"its policy is failover, which does not use {words[0]}")
        self.set("near.example.com", "A", "--id", "a", "--region", "eu-west-1", "192.0.2.1")
        self.refuse(("set", "near.example.com", "A", "--id", "a", "--bias", "1"), 1,
                    "its policy is latency, which does not use --bias")

    def test_what_is_not_given_stays(self):
        self.steer.ok("health", "set", "web", "manual")
        self.set(*WWW, "--id", "a", "--policy", ALL, "--region", "eu-west-1", "--geo", "country:FR",
                 "--coordinates", "48.86,2.35", "--bias", "5", "--cidr", "offices/paris",
                 "--asn", "64500,64501", "--health", "web", "192.0.2.1")
        self.set(*WWW, "--id", "b", "192.0.2.2")
        sets = self.sets(*WWW)
        self.assertEqual(sets, {
            "a": {"ttl": 300, "values": ["192.0.2.1"], "weight": 1, "region": "eu-west-1",
                  "geo": "country:FR", "coordinates": [48.86, 2.35], "bias": 5,
                  "cidr": "offices/paris", "asn": [64500, 64501], "health": "web"},
            "b": {"ttl": 300, "values": ["192.0.2.2"], "weight": 1, "geo": "default",
                  "cidr": "default", "asn": []}})
        for words, changed in (
                (["--weight", "20"], {"weight": 20}),
                (["192.0.2.7"], {"values": ["192.0.2.7"]}),
                (["--region", "eu-central-1"], {"region": "eu-central-1"}),
                (["--geo", "continent:EU"], {"geo": "continent:EU"}),
                (["--coordinates", "50.11,8.68"], {"coordinates": [50.11, 8.68]}),
                (["--bias", "-5"], {"bias": -5}),
                (["--cidr", "offices/oslo"], {"cidr": "offices/oslo"}),
                (["--asn", "1"], {"asn": [1]}),
                (["--health", "none"], {"health": None}),
                (["--asn", "2,3"], {"asn": [2, 3]}),
                (["--region", "none"], {"region": None}),
                (["--geo", "default"], {"geo": "default"}),
                (["--coordinates", "none"], {"coordinates": None}),
                (["--bias", "default"], {"bias": None}),
                (["--cidr", "default"], {"cidr": "default"}),
                (["--asn", "default"], {"asn": []}),
                (["--health", "web"], {"health": "web"}),
                (["--region", "eu-west-1", "--geo", "country:FR", "--asn", "64500"],
                 {"region": "eu-west-1", "geo": "country:FR", "asn": [64500]})):
            with self.subTest(words):
                self.set(*WWW, "--id", "a", *words)
                sets["a"].update(changed)
                sets["a"] = {key: value for key, value in sets["a"].items() if value is not None}
                self.assertEqual(self.sets(*WWW), sets)

    def test_a_set_gets_coordinates_in_place_of_its_region(self):
        """Rule GP6: it has one of them, so one goes when the other one comes."""
        self.set(*WWW, "--id", "a", "--bias", "1", "--region", "eu-west-1", "192.0.2.1")
        self.refuse(("set", *WWW, "--id", "a", "--coordinates", "1,2"), 1,
                    "A 'a': a region and coordinates; .*one of them")
        self.refuse(("set", *WWW, "--id", "a", "--region", "none"), 1,
                    "A 'a': neither a region nor coordinates; .*one of them")
        self.set(*WWW, "--id", "a", "--region", "none", "--coordinates", "1,2")
        self.assertEqual(self.sets(*WWW)["a"],
                         {"ttl": 300, "values": ["192.0.2.1"], "coordinates": [1, 2], "bias": 1})

    def test_a_merge_replaces_where_the_named_sets_are(self):
        self.set(*WWW, "--id", "a", "--policy", ALL, "--region", "eu-west-1", "--geo", "country:FR",
                 "--coordinates", "48.86,2.35", "--bias", "5", "--cidr", "offices/paris",
                 "--asn", "64500", "192.0.2.1")
        self.set(*WWW, "--id", "b", "--region", "moon", "--asn", "5", "192.0.2.2")
        before = self.sets(*WWW)
        file = self.file("merge.yaml", "zone: example.com\nrecords:\n  www:\n    type: A\n"
                         f"    policy: [{ALL}]\n    sets:\n"
                         "      a: {geo: {continent: EU}, values: [192.0.2.7]}\n")
        self.steer.ok("import", "--merge", file)
        self.assertEqual(self.sets(*WWW), {
            "a": {"ttl": 300, "values": ["192.0.2.7"], "weight": 1, "geo": "continent:EU",
                  "cidr": "default", "asn": []},
            "b": before["b"]})

    def test_a_dry_run_tells_what_the_log_tells(self):
        """New names have their numbers there, and known ones their names."""
        near = ("near.example.com", "A")
        self.assertEqual(self.told("set", *near, "--id", "a", "--policy", "latency, take 2",
                                   "--region", "eu-west-1", "192.0.2.1"),
                         ["+region eu-west-1 number 1",
                          "+near.example.com.\t300\tA\t192.0.2.1 ; [latency, take 2], set a, "
                          "region eu-west-1"])
        self.assertEqual(self.told("set", *near, "--id", "a", "--region", "moon"),
                         ["+region moon number 2",
                          "-near.example.com.\t300\tA\t192.0.2.1 ; [latency, take 2], set a, "
                          "region eu-west-1",
                          "+near.example.com.\t300\tA\t192.0.2.1 ; [latency, take 2], set a, "
                          "region moon"])
        told = self.told("set", *near, "--id", "b", "--policy", ALL, "--region", "eu-west-1",
                         "--cidr", "offices/oslo", "192.0.2.2")
        self.assertEqual(sorted(told[:2]), ["+collection offices number 4",
                                            "+location offices/oslo number 3"])
        tail = "geo default, cidr default, asn default"
        self.assertEqual(told[2:], [
            "-near.example.com.\t300\tA\t192.0.2.1 ; [latency, take 2], set a, region moon",
            f"+near.example.com.\t300\tA\t192.0.2.1 ; [{ALL}], set a, weight 1, region moon, "
            + tail,
            f"+near.example.com.\t300\tA\t192.0.2.2 ; [{ALL}], set b, weight 1, region eu-west-1, "
            "geo default, cidr offices/oslo, asn default"])
        self.assertEqual(self.told("del", *near, "b"), [
            f"-near.example.com.\t300\tA\t192.0.2.2 ; [{ALL}], set b, weight 1, region eu-west-1, "
            "geo default, cidr offices/oslo, asn default"])

    def test_the_log_names_what_is_gone(self):
        self.set(*WWW, "--id", "a", "--cidr", "offices/oslo", "192.0.2.1")
        self.steer.ok("del", *WWW)
        self.steer.ok("zone", "delete", "example.com")
        told = [line for line in self.steer.ok("log", "-p").splitlines() if "www" in line]
        self.assertEqual([line[0] for line in told if "; ip, set a, cidr offices/oslo" in line],
                         ["+", "-"])

    def test_an_import_has_many_new_names(self):
        sets = "".join(f"  h{one}:\n    type: A\n    ttl: 60\n    policy: latency\n    sets:\n"
                       f"      a: {{region: r{one}, values: [192.0.2.1]}}\n"
                       f"      b: {{region: r{one + 1}, values: [192.0.2.2]}}\n"
                       for one in range(30))
        file = self.file("many.yaml", f"zone: example.com\nrecords:\n{sets}")
        told = self.told("import", "--merge", file)
        wanted = {f"+region r{one} number {one + 1}" for one in range(31)}
        wanted |= {f"+h{one}.example.com.\t60\tA\t192.0.2.{last} ; latency, set {name}, "
                   f"region r{one + last - 1}"
                   for one in range(30) for last, name in ((1, "a"), (2, "b"))}
        self.assertEqual(len(told), len(wanted))
        self.assertEqual(set(told) ^ wanted, set())

    def test_what_a_policy_drops_is_told_when_it_goes(self):
        self.set(*WWW, "--id", "a", "--geo", "country:FR", "192.0.2.1")
        result = self.steer.run("set", *WWW, "--policy", "multivalue")
        self.assert_status(result, 0, "warning: www.example.com.: A: the new policy reads no ")
        self.assertEqual(self.get(*WWW),
                         ["www.example.com.\t300\tA\t192.0.2.1 ; multivalue, set a"])

    def test_wrong_options_are_told(self):
        for words, said in (
                (["--region", "a b"], "--region: 'a b'; allowed: none, or the name of a region: "
                 "1 to 64 letters, digits, - and _"),
                (["--region", ""], "--region: ''; allowed"),
                (["--region", "x" * 65], "--region: 'x{65}'; allowed"),
                (["--region", "x" * 300], "--region: 'x{300}'; allowed"),
                (["--geo", "EU"], "--geo: 'EU'; allowed: default, continent:EU, country:US, "
                 "country:US/NY"),
                (["--geo", "continent:XX"], "--geo: 'continent:XX'; allowed"),
                (["--geo", "country:US/"], "--geo: 'country:US/'; allowed"),
                (["--geo", ""], "--geo: ''; allowed"),
                (["--coordinates", "1"], "--coordinates: '1'; allowed: none, or degrees north, a "
                 "comma, degrees east: -90 to 90,-180 to 180"),
                (["--coordinates", "91,0"], "--coordinates: '91,0'; allowed"),
                (["--coordinates", "0,181"], "--coordinates: '0,181'; allowed"),
                (["--bias", "100"], "--bias: '100'; allowed: -99 to 99, default"),
                (["--bias", "1.5"], "--bias: '1.5'; allowed"),
                (["--cidr", "oslo"], "--cidr: 'oslo'; allowed: default, or COLLECTION/LOCATION, "
                 "each of 1 to 64 letters, digits, - and _"),
                (["--cidr", "a/b/c"], "--cidr: 'a/b/c'; allowed"),
                (["--cidr", "a/" + "x" * 400], "--cidr: 'a/x{400}'; allowed"),
                (["--asn", "0"], "--asn: '0'; allowed: default, or up to 63 numbers of autonomous "
                 "systems, none twice, with commas between: 1 to 4294967295, also as AS64500"),
                (["--asn", "4294967296"], "--asn: '4294967296'; allowed"),
                (["--asn", "1,2,1"], "--asn: '1,2,1'; allowed"),
                (["--asn", "1,"], "--asn: '1,'; allowed"),
                (["--asn", ""], "--asn: ''; allowed"),
                (["--asn", ",".join(map(str, range(1, 65)))], "--asn: '1,2,.*,64'; allowed")):
            with self.subTest(words):
                self.refuse(("set", *WWW, "--id", "a", *words, "192.0.2.1"), 2, said,
                            "usage: steerctl set")
                self.refuse(("set", *WWW, words[0], "default", "192.0.2.1"), 2,
                            "--region: |" f"{words[0]}(: 'default'; | requires --id)")
        self.set(*WWW, "--id", "a", "--policy", "asn, take 2", "--asn",
                 ",".join(map(str, range(63, 0, -1))), "192.0.2.1")
        self.assertEqual(self.sets(*WWW)["a"]["asn"], list(range(1, 64)))

    def test_names_are_longest(self):
        longest = "x" * 64
        self.set(*WWW, "--id", "a", "--cidr", f"{longest}/{longest}", "192.0.2.1")
        self.set("near.example.com", "A", "--id", "a", "--region", longest, "192.0.2.1")
        self.assertEqual(self.sets(*WWW)["a"]["cidr"], f"{longest}/{longest}")
        self.assertEqual(value_of(self.steer.ok("list", "--json"), "list")[-2]["region"], longest)
