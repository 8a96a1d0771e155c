# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import of Steer YAML leaves to the store, and how it combines with other files."""

from steer.case import Case, zone_text

BASIC = "zone: a.test\nrecords:\n  www: {type: A, values: [192.0.2.1]}\n"
NUMBERS = "7200 900 1209600 86400"


class YamlImport(Case):

    def setUp(self):
        super().setUp()
        self.steer = self.store("--map-size", "64M", "--ns", "ns1.set.test", "--ns",
                                "ns2.set.test")

    def give(self, text, *options, name="file.yaml", status=0, words=()):
        result = self.steer.run("import", *options, self.file(name, text))
        self.assert_status(result, status, *words)
        return result

    def refused(self, text, *options, name="file.yaml"):
        """The messages, without the directory; nothing has changed."""
        before = self.steer.ok("stats"), self.steer.ok("list")
        result = self.give(text, *options, name=name, status=1)
        self.assertEqual((self.steer.ok("stats"), self.steer.ok("list")), before)
        return result.err.replace(self.dir + "/", "")

    def apex(self, rrtype, zone="a.test"):
        """TTL and values of a record set at the apex."""
        lines = [line.split(maxsplit=3) for line in
                 self.steer.ok("get", zone, rrtype).splitlines()]
        return sorted(f"{ttl} {value}" for _, ttl, _, value in lines)

    def shown(self, zone="a.test"):
        return self.steer.ok("zone", "show", zone)

    # What is left out.

    def test_a_new_zone_begins_as_zone_create_makes_it(self):
        self.give(BASIC)
        self.steer.ok("zone", "create", "b.test")
        for rrtype in ("SOA", "NS"):
            self.assertEqual(self.apex(rrtype), [
                value.replace("b.test", "a.test") for value in self.apex(rrtype, "b.test")])

    def test_a_zone_keeps_its_soa_and_name_servers(self):
        self.steer.ok("zone", "create", "a.test", "--ns", "ns.other.test")
        self.steer.ok("set", "a.test", "SOA", "--ttl", "5", "m. r. 2000000000 1 2 3 4")
        self.steer.ok("set", "a.test", "TXT", "goes")
        self.give(BASIC)
        self.assertEqual(self.apex("SOA"), ["5 m. r. 2000000002 1 2 3 4"])
        self.assertEqual(self.apex("NS"), ["172800 ns.other.test."])
        self.assert_status(self.steer.run("get", "a.test", "TXT"), 1)
        before = self.steer.ok("stats")
        self.give(BASIC)
        self.assertEqual(self.steer.ok("stats"), before)

    def test_a_zone_without_name_servers_keeps_none(self):
        self.give("@ SOA m. r. 1 2 3 4 5\nwww A 192.0.2.7\n", name="a.test.zone")
        self.give(BASIC)
        self.assertEqual(self.steer.run("get", "a.test", "NS").status, 1)

    def test_a_soa_needs_a_name_server_or_the_name_of_one(self):
        self.steer = self.store(name="bare")
        self.give("@ SOA m. r. 1 2 3 4 5\n", name="a.test.zone")
        self.refused("zone: a.test\nsoa: {serial: 7}\n")
        self.give("zone: a.test\nsoa: {serial: 7, mname: ns}\n")
        self.assertEqual(self.apex("SOA"), [f"900 ns.a.test. hostmaster.a.test. 7 {NUMBERS}"])

    def test_a_soa_gets_what_it_does_not_say(self):
        self.give(f"{BASIC}soa: {{refresh: 1h, serial: 4000000000}}\n")
        self.assertEqual(self.apex("SOA"), ["900 ns1.set.test. hostmaster.a.test. 4000000000 3600 "
                                            "900 1209600 86400"])
        self.give(f"{BASIC}ttl: 60\nsoa: {{rname: me, serial: 4000000005}}\n")
        self.assertEqual(self.apex("SOA"), [f"60 ns1.set.test. me.a.test. 4000000005 {NUMBERS}"])
        self.give(f"{BASIC}soa: {{ttl: 5}}\n")  # Its serial stays, and rises.
        self.assertEqual(self.apex("SOA"), ["5 ns1.set.test. hostmaster.a.test. 4000000006 "
                                            f"{NUMBERS}"])
        self.give("zone: a.test\nsoa: {mname: ns}\n", "--merge")
        self.assertEqual(self.apex("SOA"), ["5 ns.a.test. hostmaster.a.test. 4000000007 "
                                            f"{NUMBERS}"])
        self.assertIn("192.0.2.1", self.steer.ok("get", "www.a.test"))

    def test_the_first_name_server_of_a_file_is_that_of_its_soa(self):
        self.give(f"{BASIC}  '@': {{type: NS, values: [ns9, ns1]}}\n")
        self.assertEqual(self.apex("SOA"), [f"900 ns9.a.test. hostmaster.a.test. 1 {NUMBERS}"])
        self.assertEqual(self.apex("NS"), ["3600 ns1.a.test.", "3600 ns9.a.test."])

    def test_without_name_servers_at_all(self):
        self.steer = self.store("--map-size", "64M", name="bare")
        self.assertEqual(self.refused(BASIC), "file.yaml:1:7: zone: no name servers, and the store "
                         "has no delegation set (steerctl config name-servers); allowed: NS "
                         "records at \"@\"\n")
        self.give(f"{BASIC}  '@': {{type: NS, values: ns}}\n")
        self.give(f"{BASIC.replace('a.test', 'b.test')}mode: overlay\n")

    def test_a_comment_goes_with_its_line(self):
        self.give(f"{BASIC}comment: \"of two: words\"\n")
        self.assertRegex(self.shown(), "(?m)^comment: +of two: words$")
        self.give(BASIC, "--merge")
        self.assertIn("of two: words", self.shown())
        self.give(f"{BASIC}comment: other\n", "--merge")
        self.assertRegex(self.shown(), "(?m)^comment: +other$")
        self.give(zone_text("a.test.", "www 3600 A 192.0.2.1"), name="a.test.zone")
        self.assertRegex(self.shown(), "(?m)^comment: +other$")
        self.assertEqual(self.give(BASIC, "--dry-run").out, "; zone a.test. changed\n")
        self.assertEqual(self.give(f"{BASIC}comment: third\n", "--dry-run").out,
                         "; zone a.test. changed, comment: third\n")
        self.assertIn("comment", self.shown())
        self.give(BASIC)
        self.assertNotIn("comment", self.shown())

    # Modes.

    def test_an_overlay_is_replaced_by_a_file_that_says_the_mode(self):
        over = f"{BASIC}mode: overlay\n"
        self.give(over)
        self.assertEqual(self.refused(BASIC), "file.yaml:1:7: mode: missing, and the zone in the "
                         "store is an overlay; allowed: mode: overlay, or mode: authoritative to "
                         "change it\n")
        self.give(f"{BASIC}  b: {{type: A, values: [192.0.2.2]}}\n", "--merge")
        self.assertRegex(self.shown(), "(?m)^mode: +overlay$")
        self.refused(f"{BASIC}mode: authoritative\n", "--merge")
        self.give(f"{BASIC}mode: authoritative\n")
        self.assertRegex(self.shown(), "(?m)^mode: +authoritative$")
        self.assertEqual(self.apex("NS"), ["172800 ns1.set.test.", "172800 ns2.set.test."])
        self.give(over)
        self.assertRegex(self.shown(), "(?m)^mode: +overlay$")
        self.assertEqual(self.steer.ok("list"), "www.a.test.\tA\t3600\t192.0.2.1\n")

    def test_a_merge_completes_no_zone_that_is_not_there(self):
        """What is wrong is that it is not hosted, not that the store has no name servers for it."""
        self.steer = self.store(name="no-servers")
        self.assertEqual(self.refused("zone: a.test\nsoa: {ttl: 5}\n", "--merge"),
                         "zone a.test.: not hosted\n")

    def test_an_overlay_takes_no_soa(self):
        self.assertEqual(self.refused(f"{BASIC}mode: overlay\nsoa: {{}}\n"),
                         "file.yaml:5:6: soa: an overlay has none; allowed: leave it to the zone "
                         "below the overlay\n")
        self.assertRegex(self.refused(f"{BASIC}  '@': {{type: SOA, values: a b 1 2 3 4 5}}\n"
                                      "mode: overlay\n"), r"^file\.yaml:4:28: a\.test\.: .*SOA")
        self.give(f"{BASIC}mode: overlay\n")
        self.assertRegex(self.refused("zone: a.test\nsoa: {ttl: 5}\n", "--merge"),
                         r"^file\.yaml:2:6: soa: an overlay has none")
        self.assertRegex(self.refused(zone_text("a.test."), name="a.test.zone"),
                         r"^a\.test\.zone:4:1: a\.test\.: .*SOA")
        self.give("www A 192.0.2.9\n", name="a.test.zone")
        self.assertEqual(self.steer.ok("list"), "www.a.test.\tA\t3600\t192.0.2.9\n")

    # Places.

    def test_what_the_store_refuses_is_told_with_the_place_of_the_value(self):
        text = f"{BASIC}  b:\n  - type: CNAME\n    values:\n    - www\n" \
               "  - {type: TXT, values: b}\n"
        self.assertRegex(self.refused(text), r"^file\.yaml:7:7: b\.a\.test\.: CNAME")

    def test_a_zone_stands_once(self):
        twice = "zone: {} stands in {} already; allowed: one document or file\n"
        other = BASIC.replace("a.test", "A.test.")
        self.assertEqual(self.refused(f"{BASIC}---\n{other}"),
                         "file.yaml:5:7: " + twice.format("a.test.", "file.yaml:1:7"))
        zone = self.file("a.test.zone", zone_text("a.test."))
        one, two = (self.file(name, BASIC) for name in ("one.yaml", "two.yaml"))
        for files, first, second in (((one, two), "one.yaml:1:7", "two.yaml:1:7"),
                                     ((one, one), "one.yaml:1:7", "one.yaml:1:7"),
                                     ((zone, one), "a.test.zone:1:1", "one.yaml:1:7"),
                                     ((one, zone), "one.yaml:1:7", "a.test.zone:1:1")):
            result = self.steer.run("import", *files)
            self.assertEqual((result.status, result.err.replace(self.dir + "/", "")),
                             (1, f"{second}: " + twice.format("a.test.", first)))
        self.assertEqual(self.steer.ok("zone", "list"), "")

    # Formats.

    def test_files_of_both_formats_are_one_change_set(self):
        yaml = self.file("a.yml", BASIC)
        zone = self.file("b.test", zone_text("b.test."))
        self.steer.ok("import", yaml, zone)
        self.assertEqual(self.steer.ok("zone", "list").split(), ["a.test.", "b.test."])
        self.assertRegex(self.steer.ok("stats"), r"(?m)^(change sets|sequence):\s+1$")

    def test_the_first_line_tells_the_format_where_the_name_does_not(self):
        for text in (f"# c\n\n{BASIC}", f"--- # c\n{BASIC}", f"\ufeff{BASIC}",
                     '{"zone": "a.test", "records": {}}'):
            result = self.steer.run("import", "--dry-run", "-", text=text)
            self.assert_status(result, 0)
            self.assertIn("+a.test.\t900\tSOA", result.out)
        result = self.steer.run("import", "--dry-run", "-", text=zone_text("a.test."))
        self.assert_status(result, 0)
        self.assertIn("+a.test.\t300\tSOA", result.out)

    def test_a_format_that_is_said(self):
        self.give(BASIC, "--format", "yaml", name="a.zone")
        self.give(zone_text("b.test."), "--format", "zone", name="b.yaml")
        self.assertEqual(self.steer.ok("zone", "list").split(), ["a.test.", "b.test."])
        self.give(BASIC, "--format", "zone", status=1, words=[r"file\.yaml:1:1: "])
        self.give(BASIC, "--format", "yml", status=2, words=["auto, zone, yaml"])

    def test_yaml_names_its_zones_itself(self):
        wrong = "file.yaml: Steer YAML names its zones itself; allowed: no --zone\n"
        self.assertEqual(self.refused(BASIC, "--zone", "b.test", "--format", "yaml"), wrong)
        self.assertEqual(self.refused(BASIC, "--zone", "b.test"), "file.yaml:1:1: warning: read as "
                         "--format yaml; allowed: zone, yaml, route53, octodns, geoip, gdnsd\n"
                         + wrong)

    def test_what_is_no_zone_may_be_of_another_format(self):
        """Said if nobody named the format, and only as long as no zone was found."""
        read_as = "warning: read as --format yaml; allowed: zone"
        other = "www:\n  type: A\n  value: 192.0.2.1\n"
        self.assertIn(read_as, self.refused(other))
        self.assertNotIn(read_as, self.refused(other, "--format", "yaml"))
        self.assertNotIn(read_as, self.refused(BASIC + "foo: bar\n"))

    def test_many_mistakes_are_told_at_once(self):
        said = self.refused(f"{BASIC}  b: {{type: A, values: [1, 2]}}\n  c: d\nttl: x\nfoo: bar\n")
        self.assertEqual([line.split(": ")[:2] for line in said.splitlines()], [
            ["file.yaml:6:6", "ttl"], ["file.yaml:7:1", "foo"], ["file.yaml:4:25", "values"],
            ["file.yaml:4:28", "values"], ["file.yaml:5:6", "records"], ["file.yaml", "5 errors"]])
