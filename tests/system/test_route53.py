# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones of Route 53, from the JSON that its API gives, imported and served."""

import re

from steer.route53 import (ELB, alias, apex, blocks, collections, health_check, health_checks,
                           hosted_zone, lists, records, text, values, weighted, zone)
from steer.route53story import Route53Story
from steer.schema import value_of
from steer.wire import TYPES, subnet

ONE, TWO, THREE, FOUR, FIVE = (f"192.0.2.{n}" for n in range(1, 6))
WWW = "www.example.com."
SPF = 99
BLUE = "0b8b2ec4-3e0f-4a54-9a14-1f2d3c4b5a69"


class Route53(Route53Story):

    # What an import makes of a zone.

    def test_row_76_every_field_of_the_json(self):
        """An export of real shape, and its answers: rows 74 and 76 of the checklist."""
        host = self.served(zone(
            alias("example.com.", WWW),
            values("example.com.", "MX", "10 mail.example.net", ttl=300),
            values("example.com.", "TXT", "\"v=spf1 -all\"", "\"a\\042\\303\\244\""),
            values("example.com.", "SPF", "\"v=spf1 -all\""),
            values("\\052.wild.example.com.", "A", FIVE),
            *weighted(WWW, [0, 0, 7]),
            values("two.example.com.", "A", ONE, TWO, SetIdentifier="all", Weight=1),
            values("many.example.com.", "A", ONE, SetIdentifier="1", MultiValueAnswer=True),
            values("many.example.com.", "A", TWO, SetIdentifier="2", MultiValueAnswer=True),
            values("over.example.com.", "A", ONE, SetIdentifier="first", Failover="PRIMARY",
                   HealthCheckId=BLUE),
            values("over.example.com.", "A", TWO, SetIdentifier="second", Failover="SECONDARY"),
            values("place.example.com.", "A", ONE, SetIdentifier="eu",
                   GeoLocation={"ContinentCode": "EU"}),
            values("place.example.com.", "A", TWO, SetIdentifier="ny",
                   GeoLocation={"CountryCode": "US", "SubdivisionCode": "NY"}),
            values("place.example.com.", "A", THREE, SetIdentifier="rest",
                   GeoLocation={"CountryCode": "*"}),
            values("fast.example.com.", "A", ONE, SetIdentifier="ie", Region="eu-west-1"),
            values("near.example.com.", "A", ONE, SetIdentifier="den", GeoProximityLocation={
                "LocalZoneGroup": "us-west-2-den-1", "Bias": -5}),
            values("near.example.com.", "A", TWO, SetIdentifier="syd", GeoProximityLocation={
                "Coordinates": {"Latitude": "-33.87", "Longitude": "151.21"}}),
            values("nets.example.com.", "A", FOUR, SetIdentifier="any", CidrRoutingConfig={
                "CollectionId": "c8c02a84-aaaa-bbbb-e0d2-d833a2f80106", "LocationName": "*"}),
            alias("tree.example.com.", "over.example.com.", evaluate=True, SetIdentifier="x",
                  Weight=1, HealthCheckId=BLUE),
            values("child.example.com.", "NS", "ns-7.awsdns-00.com."),
        ), text(hosted_zone(comment="moved")))
        for name, wanted in (
                ("example.com.", THREE), (WWW, THREE), ("two.example.com.", f"{ONE} {TWO}"),
                ("many.example.com.", f"{ONE} {TWO}"), ("over.example.com.", ONE),
                ("a.b.wild.example.com.", FIVE), ("place.example.com.", THREE),
                ("fast.example.com.", ONE), ("nets.example.com.", FOUR),
                ("tree.example.com.", ONE)):
            with self.subTest(name):
                self.until_answered(host, name, wanted)
        got = self.ask(host, "example.com.", TYPES["TXT"]).values(TYPES["TXT"])
        self.assertIn(b"\x04a\"\xc3\xa4", [bytes(rdata) for rdata in got])
        self.assertEqual(self.ask(host, "example.com.", SPF).values(SPF), {b"\x0bv=spf1 -all"})
        self.assertEqual([rr[3] for rr in self.ask(host, "example.com.", TYPES["MX"]).answer],
                         [300])
        self.assertIn("moved", self.steer.ok("zone", "show", "example.com"))
        referral = self.ask(host, "x.child.example.com.")
        self.assertEqual([rr[1] for rr in referral.authority], [TYPES["NS"]])

    def test_a_comment_is_that_of_the_last_hosted_zone(self):
        for answers, wanted in (([hosted_zone(comment="moved")], "comment:       moved\n"),
                                ([], "comment:       moved\n"), ([hosted_zone()], "")):
            self.give(zone(values(WWW, "A", ONE)), *map(text, answers))
            shown = self.steer.ok("zone", "show", "example.com")
            self.assertEqual("".join(re.findall("comment:.*\n", shown)), wanted)

    def test_shares_are_those_of_the_weights(self):
        host = self.served(zone(*weighted(WWW, [10, 20, 30])))
        self.assert_shares(self.counted(host, WWW), {ONE: 10, TWO: 20, THREE: 30})

    def test_row_76_name_servers_of_route_53_are_replaced(self):
        self.give(zone(values(WWW, "A", ONE)))
        self.steer.ok("zone", "create", "b.test")
        for rrtype in ("SOA", "NS"):
            self.assertEqual(
                [line.split(maxsplit=1)[1] for line in
                 self.steer.ok("get", "example.com", rrtype).splitlines()],
                [line.split(maxsplit=1)[1].replace("b.test", "example.com") for line in
                 self.steer.ok("get", "b.test", rrtype).splitlines()])

    def test_name_servers_of_ones_own_stay(self):
        soa = "ns.example.com. me.example.com. 7 1 2 3 4"
        self.give(text(lists(values("example.com.", "NS", "ns.example.com.", ttl=9),
                             values("example.com.", "SOA", soa, ttl=8),
                             values("ns.example.com.", "A", ONE))))
        self.assertRegex(self.steer.ok("get", "example.com", "SOA"), rf"\t8\tSOA\t{soa}")
        self.assertRegex(self.steer.ok("get", "example.com", "NS"), r"\t9\tNS\tns\.example\.com\.")

    def test_without_a_delegation_set(self):
        self.steer = self.store("--map-size", "64M", name="bare")
        self.assertEqual(
            self.refused(zone(values(WWW, "A", ONE))).splitlines()[0],
            "part0.json:22:9: no name servers but those of Route 53, and the store has no "
            "delegation set; allowed: steerctl config name-servers NAME..., and then import")

    # Files.

    def test_twice_in_a_row_changes_nothing(self):
        """Of the first import all is printed by a dry run, of the second nothing."""
        texts = zone(*weighted(WWW, [1, 2]), alias("example.com.", WWW)), text(hosted_zone())
        shown = self.give(*texts, options=["--dry-run"])
        self.assertIn("+www.example.com.", shown)
        self.assertEqual(self.steer.ok("zone", "list"), "")
        self.give(*texts)
        before = self.steer.ok("stats")
        self.assertEqual(self.give(*texts), "")
        self.assertEqual(self.give(*texts, options=["--dry-run"]), "")
        self.assertEqual(self.steer.ok("stats"), before)

    def test_row_74_pages_in_any_order_and_form(self):
        """However the pages come, the zone is the same."""
        sets = apex() + weighted(WWW, [1, 2, 3]) + [values("x-y.example.com.", "A", ONE)]
        pages = []
        for begin in range(0, len(sets), 2):
            rest = sets[begin + 2:]
            following = {} if not rest else {
                f"NextRecord{key}": rest[0][field] for key, field in (
                    ("Name", "Name"), ("Type", "Type"), ("Identifier", "SetIdentifier"))
                if field in rest[0]}
            pages.append(lists(*sets[begin:begin + 2], IsTruncated=bool(rest), MaxItems="2",
                               **following))
        forms = {
            "merged": [text(lists(*sets))],
            "pages": [text(page) for page in pages],
            "backwards": [text(page) for page in reversed(pages)],
            "a list": [text(*pages)],
            "appended": ["".join(text(page) for page in pages)],
        }
        exports = set()
        for name, texts in forms.items():
            with self.subTest(name):
                self.steer = self.store("--map-size", "64M", "--ns", "ns.set.test.",
                                        name=name.replace(" ", "-"))
                self.give(*texts)
                exports.add(self.steer.ok("export", "--format", "yaml"))
        self.assertEqual(len(exports), 1)
        self.assertEqual(exports.pop().count("weight:"), 3)

    def test_several_zones_are_one_change(self):
        self.give(text(lists(*apex("child.example.com."), values("a.child.example.com.", "A", ONE))),
                  zone(values("child.example.com.", "NS", "ns1.set.test."),
                       values(WWW, "A", TWO)))
        self.assertEqual(self.steer.ok("log").count("import"), 1)
        self.assertRegex(self.steer.ok("get", "a.child.example.com"), ONE)
        broken = lists(*apex("b.test."), values("x.b.test.", "A", "192.0.2.999"))
        self.refused(zone(values(WWW, "A", THREE)), text(broken))

    def test_a_page_alone_takes_its_zone_from_the_option(self):
        page = text(lists(values(WWW, "A", ONE)))
        self.assertRegex(self.refused(page), "part0.json:2:27: ResourceRecordSets: no SOA")
        self.give(page, options=["--zone", "example.com", "--replace"])
        self.give(text(lists(values("b.example.com.", "A", TWO))),
                  options=["--zone", "example.com", "--merge"])
        self.assertRegex(self.steer.ok("list"), f"(?s){TWO}.*{ONE}")

    def test_nothing_is_told(self):
        """Of files in which there is nothing to import; they are no error."""
        before = self.steer.ok("stats")
        self.assertEqual(self.give(text(lists())),
                         "part0.json:1:1: warning: there is nothing to import\n")
        self.assertEqual(self.give(text(lists()), text(collections(c="x")), text(hosted_zone())),
                         "warning: there is nothing to import\n")
        self.assertEqual(self.steer.ok("stats"), before)

    def test_beside_yaml(self):
        yaml = self.file("b.yaml", "zone: b.test\nrecords: {a: {type: A, values: [192.0.2.9]}}\n")
        self.steer.ok("import", yaml, self.file("a.json", zone(values(WWW, "A", ONE))))
        self.assertEqual(self.steer.ok("zone", "list").count("\n"), 2)

    # What is said.

    def test_aliases_of_aws_are_told_and_become_targets(self):
        said = self.give(zone(
            alias("example.com.", "dualstack.lb-1.eu-west-1.elb.amazonaws.com.", ELB, True),
            alias(WWW, "d111111abcdef8.cloudfront.net.", "Z2FDTNDATAQYW2")))
        self.assertIn("names that no zone here has, such as those of AWS services: 2;", said)
        self.assertIn("d111111abcdef8.cloudfront.net.", self.steer.ok("target", "list"))

    def test_what_has_no_data_is_left_out(self):
        said = self.give(zone(
            {"Name": WWW, "Type": "A", "TrafficPolicyInstanceId": "5d5b1f0a-0000"},
            {"Name": "old.example.com.", "Type": "A", "TTL": 1, "ResourceRecords": records(
                "This resource record set includes an attribute that is unsupported on this "
                "Route 53 API version. Please consider using a newer API version.")}))
        self.assertEqual(said.count("warning"), 2)
        self.assertRegex(said, r"part0\.json:\d+:9: warning: TrafficPolicyInstanceId: ")
        self.assertEqual(self.steer.run("get", WWW).status, 1)

    def test_row_76_a_health_check_that_is_not_there_counts_as_healthy(self):
        said = self.give(zone(*weighted(WWW, [1], HealthCheckId=BLUE)))
        self.assertIn(f"no health check '{BLUE}' yet: it counts as healthy", said)

    # Networks.

    def in_locations(self, name, collection, **addresses):
        """A group by locations: addresses of oslo, rome and the others."""
        return [values(name, "A", one, SetIdentifier=f"s-{location}", CidrRoutingConfig={
            "CollectionId": collection, "LocationName": "*" if location == "rest" else location})
                for location, one in addresses.items()]

    def test_cidr_blocks_become_a_map(self):
        texts = (text(blocks(oslo=["198.51.100.0/24", "2001:db8::/32"], rome=["203.0.113.0/24"])),
                 zone(*self.in_locations(WWW, "c-1", oslo=ONE, rome=TWO, rest=THREE)),
                 text(collections(**{"c-1": "offices"})))
        host = self.served(*texts, ecs=True)
        for network, wanted in (("198.51.100.0/24", ONE), ("203.0.113.0/24", TWO),
                                ("192.0.2.0/24", THREE)):
            self.until_answered(host, WWW, wanted, edns=subnet(network))
        self.assertRegex(self.steer.ok("map", "list"), r"offices\s+cidr\b.*Route 53")
        self.assertEqual(self.give(*texts), "")
        changed = (text(blocks(oslo=["203.0.113.0/24"])), *texts[1:])
        self.assertEqual(self.give(*changed, options=["--dry-run"]),
                         "map offices: replaced, 1 row, dry run\n")
        self.assertEqual(self.give(*changed), "map offices: replaced, 1 row\n")
        self.until_answered(host, WWW, ONE, edns=subnet("203.0.113.0/24"))

    def test_maps_as_json(self):
        names = [self.file("a.json", text(blocks(oslo=["198.51.100.0/24", "2001:db8::/32"]))),
                 self.file("b.json", zone(values(WWW, "A", ONE)))]
        for options, result in ((["--dry-run"], "created"), ([], "created"), ([], "unchanged")):
            value = value_of(self.steer.ok("--json", "import", *options, *names), "import")
            self.assertEqual(value["maps"], [{"map": "a", "result": result, "rows": 2}])
        self.assertEqual(value_of(self.steer.ok("--json", "import", names[1]), "import")["maps"],
                         [])

    def test_of_several_collections_files_tell_which_one(self):
        named = [self.file(f"{name}.json", text(blocks(here=[network])))
                 for name, network in (("offices", "198.51.100.0/24"), ("c-2", "203.0.113.0/24"))]
        both = self.file("both.json", text(collections(**{"c-1": "offices", "c-2": "shops"})))
        self.steer.ok("import", *named, both)
        for name, network in (("offices", "198.51.100.0/24"), ("shops", "203.0.113.0/24")):
            self.assertIn(network, self.steer.ok("map", "export", name))

    def test_a_refused_import_changes_no_map(self):
        given = text(blocks(oslo=["198.51.100.0/24"]))
        bad = zone(values(WWW, "A", "192.0.2.999"))
        self.refused(given, bad, text(collections(c="offices")))
        self.assertEqual(self.steer.ok("map", "list"), "")
        self.steer.ok("map", "import", "--type", "asn", "--name", "offices",
                      self.file("asn.csv", "network,autonomous_system_number\n192.0.2.0/24,1\n"))
        self.assertIn("offices: a map of the type asn", self.refused(
            zone(values(WWW, "A", ONE)), given, text(collections(c="offices"))))
        twice = text(blocks(oslo=["192.0.2.0/24"], rome=["192.0.2.0/24"]))
        self.assertRegex(self.refused(zone(values(WWW, "A", ONE)), twice,
                                      text(collections(c="shops"))), r"part1\.json:\d+:\d+: ")

    def test_more_maps_than_there_can_be_change_nothing(self):
        def many(first, last):
            return text(*({**blocks(here=["198.51.100.0/24"]), "CollectionId": f"c{n}"}
                          for n in range(first, last)))
        www = zone(values(WWW, "A", ONE))
        self.assertRegex(self.refused(www, many(0, 257)),
                         r"part1\.json:\d+:\d+: networks of more collections than there can be "
                         r"maps; allowed: 256")
        self.steer.ok("import", self.file("many.json", many(0, 255)))
        self.assertIn("there would be 257 maps; allowed: 256", self.refused(www, many(254, 257)))
        self.assertEqual(self.steer.ok("zone", "list"), "")
        self.steer.ok("import", self.file("more.json", many(0, 256)))

    # Health checks.

    def test_health_checks_decide(self):
        """Those of an export, of all types; a calculated one follows its child."""
        web = {"IPAddress": "192.0.2.1", "Port": 443, "FullyQualifiedDomainName": WWW.rstrip("."),
               "RequestInterval": 10, "FailureThreshold": 2, "MeasureLatency": False,
               "Inverted": False, "Disabled": False, "EnableSNI": True}
        host = self.served(
            text(health_checks(
                health_check(BLUE, Type="HTTPS_STR_MATCH", SearchString="OK", ResourcePath="/up",
                             Regions=["us-east-1", "eu-west-1", "sa-east-1"], **web),
                health_check("tcp", Type="TCP", **{**web, "Port": 25}),
                health_check("all", Type="CALCULATED", HealthThreshold=2,
                             ChildHealthChecks=[BLUE, "tcp"], Inverted=False, Disabled=False))),
            zone(values("over.example.com.", "A", ONE, SetIdentifier="first", Failover="PRIMARY",
                        HealthCheckId="all"),
                 values("over.example.com.", "A", TWO, SetIdentifier="second",
                        Failover="SECONDARY")))
        self.until_answered(host, "over.example.com.", ONE)
        self.steer.ok("health", "force", BLUE, "down")
        self.until_answered(host, "over.example.com.", TWO)
        self.steer.ok("health", "force", BLUE, "clear")
        self.until_answered(host, "over.example.com.", ONE)
        shown = self.steer.ok("health", "show", BLUE)
        for words in ("search", "/up", "10s", "443"):
            self.assertIn(words, shown)

    def test_row_76_what_watches_aws_becomes_a_manual_check(self):
        said = self.give(
            zone(*weighted(WWW, [1], HealthCheckId="alarm"),
                 *weighted("b.example.com.", [1], HealthCheckId="switch")),
            text(health_checks(
                health_check("alarm", Type="CLOUDWATCH_METRIC", AlarmIdentifier={
                    "Region": "eu-west-1", "Name": "cpu"}, InsufficientDataHealthStatus="Healthy"),
                health_check("switch", Type="RECOVERY_CONTROL", RoutingControlArn="arn:aws:x"))))
        self.assertEqual(said.count("warning"), 2)
        self.assertIn("steerctl health report alarm up|down tells its state", said)
        self.steer.ok("health", "report", "alarm", "down")
        self.assertRegex(self.steer.ok("health", "list"), r"alarm\s+manual\s+down")

    def test_a_health_check_in_two_files_is_refused(self):
        one = text(health_checks(health_check("c", Type="TCP", IPAddress="192.0.2.1", Port=1)))
        self.assertIn("part1.json:4:19: c: the health check is in the import already",
                      self.refused(one, one))

    def test_hostile_files(self):
        """A bounded error each, and nothing has changed."""
        self.give(zone(values(WWW, "A", ONE)))
        cases = {
            "deep": ("[" * 1000000, "1:33: more than 32 nested"),
            "long text": ('{"ResourceRecordSets": ["' + "a" * 10000000 + '"]}',
                          "1:25: a text of 10000000 bytes"),
            "long number": ("[" + "9" * 1000000 + "]", "1:2: a number of 1000000 characters"),
            "many": ("[" + "0," * 9000000 + "0]", "more values than fit"),
            "keys twice": ('{"HostedZone": {}, "HostedZone": {}}', "the key is already in line 1"),
            "half a character": ('["\\ud800"]', "half of a surrogate pair"),
            "cut off": (zone(values(WWW, "A", TWO))[:-20], "not JSON: the text ends here"),
            "huge TTL": (zone(values(WWW, "A", TWO, ttl=10 ** 30)), "TTL: 1000000000"),
            "errors": (zone(*[values(f"n{n}.example.com.", "A", "x") for n in range(500)]),
                       "100 errors, more not shown"),
            "binary": ("\0" * 100, "zero bytes"),
        }
        for name, (content, words) in cases.items():
            with self.subTest(name):
                options = ["--format", "route53"]
                self.assertIn(words, self.refused(content, options=options))

    def test_a_zone_that_none_of_it_is_in(self):
        said = self.refused(zone(values(WWW, "A", TWO)), options=["--zone", "other.com"])
        self.assertIn("all records are outside the zone other.com.; allowed: those of this zone",
                      said)

    def test_a_format_that_there_is_not(self):
        self.assertIn("allowed: auto, zone, yaml, route53",
                      self.give("", options=["--format", "aws"], status=2))
