# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones as Steer YAML: read, answered, written, and the same again."""

import json
import os
import random
import re
import shutil
import subprocess
import unittest

from steer import env
from steer.case import Case, zone_text
from steer.client import ask_wire
from steer.generate import nested, small
from steer.wire import PLAIN, TYPES, labels, question, wire_length
from steer.yamlform import listed, needs_yaml, plain_sets, same_for_all, texts
from steer.zonemodel import Zone

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("srcdir", os.path.join(HERE, "..", ".."))
KDIG = shutil.which("kdig")

PAIR_YAML = """\
# What a person writes: short where it can be.
zone: pair.test
comment: "first zone: ours"
ttl: 600
soa: {mname: ns1, rname: hostmaster, serial: 7, refresh: 7200, retry: 900, expire: 1209600,
      minimum: 300, ttl: 900}
records:
  "@":
    - {type: NS, values: [ns1, ns2.example.net.]}
    - type: MX
      ttl: 60
      values:
        - 10 mail
        - 20 mail.example.net.
  ns1: {type: A, values: 192.0.2.53}
  mail.pair.test.: {type: A, values: [192.0.2.25]}
  "*.wild": {type: TXT, values: '"any; name" "it''s"'}
  www:
    - {type: A, ttl: 30, values: [192.0.2.80, 192.0.2.81]}
    - {type: AAAA, values: ["2001:db8::"]}
  NO: {type: A, values: [192.0.2.99]}
  docs: {type: CNAME, values: [www]}
  text: {type: TXT, values: [on, NO, 1.5, null, 2001-12-14, ~]}
  generic: {type: TYPE65280, values: ['\\# 2 ABCD']}
"""
PAIR_ZONE = """\
$ORIGIN pair.test.
$TTL 600
@ 900 SOA ns1 hostmaster 7 7200 900 1209600 300
@ NS ns1
@ NS ns2.example.net.
@ 60 MX 10 mail
@ 60 MX 20 mail.example.net.
ns1 A 192.0.2.53
mail A 192.0.2.25
*.wild TXT "any; name" "it's"
www 30 A 192.0.2.80
www 30 A 192.0.2.81
www AAAA 2001:db8::
no A 192.0.2.99
docs CNAME www
text TXT on
text TXT NO
text TXT 1.5
text TXT null
text TXT 2001-12-14
text TXT ~
generic TYPE65280 \\# 2 abcd
"""
PAIR_NAMES = ("", "ns1", "mail", "www", "x.wild", "no", "docs", "text", "generic", "missing")
PAIR_TYPES = ("A", "NS", "SOA", "MX", "TXT", "AAAA", "CNAME", "TYPE65280", "ANY")

OVERLAY = """\
zone: pair.test
mode: overlay
comment: asked for by the web team
records:
  www: {type: A, ttl: 60, values: [192.0.2.7]}
"""

# A last line for PAIR_YAML, and the error for it: column and sentence.
MISTAKES = (
    ("  @: {type: A, values: [192.0.2.1]}", '3: @: text that begins with @ needs quotes: "@"'),
    ("  *.a: {type: A, values: [192.0.2.1]}",
     '3: *.a: text that begins with * needs quotes: "*.a"'),
    ("  a: {type: AAAA, values: [::1]}", '28: ::1: text that begins with : needs quotes: "::1"'),
    ("\ta: {type: A, values: [192.0.2.1]}", "1: a tab; allowed for indentation: blanks"),
    ("  a: {type: A, value: 192.0.2.1}",
     "16: value: no such key, did you mean values; allowed: type, ttl, values, alias, "
     "evaluate-target-health, health, policy, sets"),
    ("  a: {type: A, alias: www, ttl: 5}", "33: ttl: an alias has none of its own, its target's "
     "holds; allowed: with values"),
    ("  a: {type: A, values: [192.0.2.256]}",
     "25: values: invalid IPv4 address, near '192.0.2.256'; allowed: four numbers from 0 to 255"),
    ("  a: {type: A, ttl: 1x, values: [192.0.2.1]}",
     "21: ttl: '1x' is not a time; allowed: seconds, or numbers with s, m, h, d, w, up to "
     "2147483647 s"),
    ("  www: {type: A, values: [192.0.2.1]}",
     "3: www: the name is already in line 18; allowed: once, with a list of all its record "
     "sets"),
    ("  a.other.test.: {type: A, values: [192.0.2.1]}",
     "3: a.other.test.: outside of the zone pair.test.; allowed: names in it; without a final dot "
     "they are relative to it"),
    ("  docs.ns1: {type: A, values: [192.0.2.1]}\nmode: primary",
     "7: mode: 'primary' is not a mode; allowed: authoritative, overlay"),
)

# A record of every type that zone files have, and of some that they do not.
EVERY_TYPE = (
    "A 192.0.2.1", "NS ns.example.net.", "PTR ptr.example.net.", 'HINFO "on" "off"',
    "MINFO a.example.net. b.example.net.", "MX 10 mx.example.net.",
    'TXT "it\'s \\"on\\"; # \\\\ \\000\\255" ": {a}" "[b], c" ""', "RP a.example.net. .",
    "AFSDB 1 afs.example.net.", "RT 2 rt.example.net.", "KEY 256 3 5 AQAB",
    "AAAA 1:2:3:4:5:6:7:8", "AAAA ::", "AAAA ::1", "AAAA 2001:db8::", "AAAA 1::2",
    "LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
    "SRV 0 5 5060 .", 'NAPTR 100 50 "s" "z3950+I2L+I2C" "" naptr.example.net.',
    "KX 10 kx.example.net.", "CERT 1 0 0 AQAB", "APL 1:192.0.2.0/24 !2:2001:db8::/32",
    "DS 1 8 2 " + "0123456789ABCDEF" * 4,
    "SSHFP 1 1 0123456789abcdef0123456789abcdef01234567",
    "IPSECKEY 10 1 2 192.0.2.38 AQAB", "DNSKEY 257 3 8 AwEAAQ==", "DHCID AQAB",
    "TLSA 3 1 1 " + "0123456789abcdef" * 4, "SMIMEA 3 1 1 " + "0123456789abcdef" * 4,
    "OPENPGPKEY AQAB", "CSYNC 66 3 A NS AAAA",
    'SVCB 1 svc.example.net. alpn="h2,h3" port=8443 ipv4hint=192.0.2.1 ipv6hint=2001:db8::',
    'HTTPS 0 https.example.net.', 'HTTPS 1 . alpn="h2"',
    'SPF "v=spf1 -all"', "NID 10 0014:4fff:ff20:ee64", "L32 10 10.1.2.0",
    "L64 10 2001:0db8:1140:1000", "LP 10 l64.example.net.", "EUI48 00-00-5e-00-53-2a",
    "EUI64 00-00-5e-ef-10-00-00-2a", 'URI 10 1 "ftp://ftp.example.net/a?b"',
    'CAA 0 issue "ca.example.net; account=230123"',
    "TYPE3 \\# 4 02616200", "TYPE10 \\# 1 00", "TYPE19 \\# 3 023131", "TYPE65280 \\# 0",
    "TYPE65535 \\# 4 DEADBEEF",
)

# Labels that YAML or its readers could take for something else.
ODD_LABELS = (
    b"on", b"no", b"y", b"n", b"null", b"true", b"false", b"~", b"10", b"010", b"1_0", b"0x10",
    b"0o7", b"1e3", b"12:30", b"2001-12-14", b"-", b"--", b"---", b"...", b"-a", b"+1", b"@",
    b"*", b"**", b"*a", b"a*", b"a b", b"a: b", b"a:", b":a", b"a #b", b"#", b"a#b", b"'", b"\"",
    b"it's", b"\\", b"a\\", b"a.", b".a", b".", b"{a}", b"[a]", b"a,b", b"&a", b"!a", b"%a", b"|",
    b">", b"?", b"? a", b"<<", b"=", b"`", b"$", b"(", b";", b"/", b"_", b"\0", b"a\0", b"\0a",
    b"\1", b"\n", b"\t", b" ", b"a ", b" a", b"\x7f", b"\x80", b"\xff", b"caf\xc3\xa9",
    b"\xe2\x80\xa8", b"\0" * 63, b"'" * 63, b"x" * 63, bytes(range(63)), bytes(range(193, 256)),
)


def odd_zone(apex):
    """A zone with odd names: each label alone, below another, and names of full length."""
    zone = Zone(apex)
    zone.add(zone.apex, TYPES["SOA"], "ns.example.net. a\\.b.example.net. 4294967295 1 2 3 4", 5)
    zone.add(zone.apex, TYPES["NS"], "ns.example.net.")
    for number, label in enumerate(ODD_LABELS):
        zone.add((label,) + zone.apex, TYPES["A"], f"192.0.2.{number}", number % 5)
        below = (ODD_LABELS[number - 1], label) + zone.apex
        if wire_length(below) <= 255:
            zone.add(below, TYPES["TXT"], f"\"{number}\"")
    for label in (b"\0", b"'", b"a", b"\xff"):
        name = zone.apex
        while wire_length(name) < 255:
            name = (label * min(63, 254 - wire_length(name)),) + name
            if wire_length(name) == 254:
                break
        zone.add(name, TYPES["A"], "192.0.2.1")
    return zone


def every_type_zone(apex):
    """A zone with all types, a name each, and TTLs of their own."""
    lines = [f"t{number} {number * 1000003 % 2**31} {record}"
             for number, record in enumerate(EVERY_TYPE)]
    lines += [f"all {record}" for record in EVERY_TYPE
              if record.split()[0] not in ("NS", "HTTPS")]
    return zone_text(apex, *lines)


class Yaml(Case):

    def import_yaml(self, store, text, *options):
        """What steerctl makes of the text of a file."""
        return store.run("import", *options, self.file("file.yaml", text))

    def yaml_store(self, *texts_, name="store"):
        store = self.store("--map-size", "64M", name=name)
        for text in texts_:
            self.assert_status(self.import_yaml(store, text), 0)
        return store

    def kdig(self, server, name, rrtype):
        done = subprocess.run([KDIG, "@127.0.0.1", "-p", str(server.port), "+short", "+noidn",
                               name, rrtype], capture_output=True, text=True, check=True,
                              timeout=env.PATIENCE)
        return sorted(done.stdout.splitlines())

    def assert_same_answers(self, one, other, apex, names, types):
        for name in names:
            for rrtype in types:
                query = question(labels(f"{name}.{apex}" if name else apex), TYPES[rrtype], PLAIN)
                self.assertEqual(ask_wire(one.address, query, tcp=True),
                                 ask_wire(other.address, query, tcp=True), f"{name} {rrtype}")

    # Reading.

    @unittest.skipIf(KDIG is None, "kdig is not installed")
    def test_a_file_of_yaml_becomes_answers_of_a_running_server(self):
        store = self.store()
        host = self.host(store=store.directory).start()
        self.assert_status(self.import_yaml(store, PAIR_YAML), 0)
        self.served(host, "www.pair.test", TYPES["A"])
        for name, rrtype, expected in (
                ("www.pair.test", "A", ["192.0.2.80", "192.0.2.81"]),
                ("pair.test", "MX", ["10 mail.pair.test.", "20 mail.example.net."]),
                ("mail.pair.test", "A", ["192.0.2.25"]),
                ("x.wild.pair.test", "TXT", ['"any; name" "it\'s"']),
                ("www.pair.test", "AAAA", ["2001:db8::"]),
                ("docs.pair.test", "A", ["192.0.2.80", "192.0.2.81", "www.pair.test."]),
                ("no.pair.test", "A", ["192.0.2.99"]),
                ("text.pair.test", "TXT", ['"1.5"', '"2001-12-14"', '"NO"', '"null"', '"on"',
                                           '"~"']),
                ("pair.test", "SOA", ["ns1.pair.test. hostmaster.pair.test. 7 7200 900 1209600 "
                                      "300"]),
                ("missing.pair.test", "A", [])):
            self.assertEqual(self.kdig(host, name, rrtype), expected, f"{name} {rrtype}")

    def test_yaml_and_a_zone_file_of_the_same_data_are_the_same(self):
        yaml = self.yaml_store(PAIR_YAML.replace("comment:", "# comment:"))
        file = self.hosted(("pair.test", PAIR_ZONE), name="file")
        self.assertEqual(yaml.ok("list"), file.ok("list"))
        for form in ("zone", "yaml"):
            self.assertEqual(yaml.ok("export", "--format", form),
                             file.ok("export", "--format", form))
        one = self.host("one", store=yaml.directory).start()
        other = self.host("other", store=file.directory).start()
        self.assert_same_answers(one, other, "pair.test", PAIR_NAMES, PAIR_TYPES)

    def test_a_file_read_twice_changes_nothing(self):
        store = self.yaml_store(PAIR_YAML)
        before = store.ok("stats"), store.ok("export", "--format", "yaml")
        for options in ((), ("--replace",), ("--merge",), ("--dry-run",)):
            result = self.import_yaml(store, PAIR_YAML, *options)
            self.assert_status(result, 0)
            self.assertNotRegex(result.out, "^[-+]", options)
            self.assertEqual((store.ok("stats"), store.ok("export", "--format", "yaml")), before)

    def test_a_dry_run_prints_the_difference(self):
        store = self.yaml_store(PAIR_YAML)
        before = store.ok("stats")
        edited = PAIR_YAML.replace("ttl: 30, values: [192.0.2.80, 192.0.2.81]",
                                   "values: [192.0.2.80]").replace("  docs:", "  doc:")
        result = self.import_yaml(store, edited, "--dry-run")
        self.assert_status(result, 0)
        numbers = "7200 900 1209600 300"
        self.assertEqual(result.out.splitlines(), [
            "+doc.pair.test.\t600\tCNAME\twww.pair.test.",
            "-docs.pair.test.\t600\tCNAME\twww.pair.test.",
            "-www.pair.test.\t30\tA\t192.0.2.80",
            "-www.pair.test.\t30\tA\t192.0.2.81",
            "+www.pair.test.\t600\tA\t192.0.2.80",
            f"-pair.test.\t900\tSOA\tns1.pair.test. hostmaster.pair.test. 7 {numbers}",
            f"+pair.test.\t900\tSOA\tns1.pair.test. hostmaster.pair.test. 8 {numbers}"])
        self.assertEqual(store.ok("stats"), before)

    def test_replace_and_merge(self):
        part = "zone: pair.test\nrecords:\n  www: {type: A, ttl: 5, values: [192.0.2.1]}\n"
        store = self.yaml_store(PAIR_YAML)
        self.assert_status(self.import_yaml(store, part, "--merge"), 0)
        self.assertEqual(store.ok("get", "www.pair.test").split(),
                         "www.pair.test. 5 A 192.0.2.1".split() +
                         "www.pair.test. 600 AAAA 2001:db8::".split())
        self.assertIn("192.0.2.53", store.ok("get", "ns1.pair.test"))
        self.assertIn("first zone: ours", store.ok("zone", "show", "pair.test"))
        self.assert_status(self.import_yaml(store, PAIR_YAML), 0)
        self.assertEqual(store.ok("get", "www.pair.test", "A").split()[1], "30")
        short = PAIR_YAML[:PAIR_YAML.index('  "*.wild"')]
        self.assert_status(self.import_yaml(store, short), 0)
        self.assertEqual(sorted({line.split()[0] for line in store.ok("list").splitlines()}),
                         ["mail.pair.test.", "ns1.pair.test.", "pair.test."])

    def test_a_mistake_is_told_with_its_place_and_changes_nothing(self):
        store = self.yaml_store(PAIR_YAML)
        before = store.ok("stats"), store.ok("list")
        file = self.path("file.yaml")
        for line, sentence in MISTAKES:
            text = f"{PAIR_YAML}{line}\n"
            place = f"{file}:{text.count(chr(10))}:"
            for options in ((), ("--merge",), ("--dry-run",)):
                result = self.import_yaml(store, text, *options)
                self.assertEqual((result.status, result.out, result.err.splitlines()[0]),
                                 (1, "", place + sentence))
                self.assertEqual((store.ok("stats"), store.ok("list")), before)

    def test_several_documents_and_files_are_one_change_set(self):
        store = self.store("--map-size", "64M")
        other = PAIR_YAML.replace("pair.test", "other.test")
        third = self.file("third.yaml", PAIR_YAML.replace("pair.test", "third.test"))
        both = self.file("both.yaml", f"{PAIR_YAML}---\n{other}")
        store.ok("import", both, third)
        self.assertEqual(store.ok("zone", "list").split(),
                         ["other.test.", "pair.test.", "third.test."])
        self.assertRegex(store.ok("stats"), r"(?m)^(change sets|sequence):\s+1$")
        bad = self.file("bad.yaml", f"{PAIR_YAML.replace('192.0.2.53', '192.0.2.54')}---\n"
                                    f"{other}  www: {{type: A, values: [192.0.2.1]}}\n")
        self.assert_status(store.run("import", bad), 1, r"bad\.yaml:\d+:\d+: ")
        self.assertIn("192.0.2.53", store.ok("get", "ns1.pair.test"))

    def test_the_samples_are_the_same_but_for_what_a_zone_file_cannot_say(self):
        heads, sets = [], []
        for form in ("zone", "yaml"):
            store = self.store("--map-size", "64M", name=form)
            store.ok("import", os.path.join(SOURCE, "contrib", f"example.com.{form}"))
            exported = store.ok("export", "--format", "yaml", "example.com")
            heads.append({key: part for key, part in texts(exported)[0].items()
                          if key not in ("records", "health")})
            sets.append(plain_sets(exported))
        self.assertEqual(*heads)
        self.assertEqual(sets[1] - sets[0], set())
        self.assertEqual({one[:2] for one in sets[0] - sets[1]},
                         {("@", "A"), ("@", "AAAA"), ("www", "A")})

    def test_an_overlay(self):
        store = self.yaml_store(OVERLAY)
        self.assertEqual(store.ok("zone", "list"), "pair.test.\toverlay\n")
        self.assertEqual(store.ok("export", "--format", "yaml"), OVERLAY.replace(
            "records:", "ttl: 60\nrecords:").replace("ttl: 60, ", ""))

    # Writing.

    def assert_round_trip(self, store, what):
        """Export, import into an empty store, export: the same text, the same records."""
        exported = store.ok("export", "--format", "yaml")
        self.assertEqual(listed(exported), sorted(store.ok("list").splitlines()), what)
        self.assertTrue(same_for_all(exported), what)
        again = self.store("--map-size", "64M", name=f"again-{what}")
        file = self.file("exported.yaml", exported)
        self.assert_status(again.run("import", file), 0)
        self.assertEqual(again.ok("export", "--format", "yaml"), exported, what)
        self.assertEqual(again.ok("list"), store.ok("list"), what)
        before = again.ok("stats")
        again.ok("import", file)
        store.ok("import", file)
        self.assertEqual(again.ok("stats"), before, what)
        self.assertEqual(store.ok("export", "--format", "yaml"), exported, what)

    @needs_yaml
    def test_what_is_exported_and_imported_is_the_same_again(self):
        for name in ("corner", "rfc4592", "zero"):
            with self.subTest(name):
                store = self.store("--map-size", "64M", name=name)
                file = os.path.join(HERE, "zones", f"{name}.zone")
                store.ok("import", file)
                self.assert_round_trip(store, name)

    @needs_yaml
    def test_odd_names_and_every_type(self):
        store = self.store("--map-size", "64M")
        store.ok("import", "--zone", "odd.test", odd_zone("odd.test").write(self.path("odd")))
        store.ok("import", self.file("types.test.zone", every_type_zone("types.test.")))
        store.ok("import", self.file("on.zone", zone_text("on.", "off A 192.0.2.1")))
        store.ok("import", self.file("10.zone", zone_text("10.", "1.5 A 192.0.2.1")))
        store.ok("import", "--zone", ".", self.file("root", zone_text(
            ".", "test NS ns.test.", "ns.test A 192.0.2.1", "* TXT \"none\"")))
        self.assert_round_trip(store, "odd")

    @needs_yaml
    def test_generated_zones(self):
        rng = random.Random(3)
        store = self.store("--map-size", "256M")
        zones = [small(rng, f"z{number}.plain") for number in range(40)] + nested(rng, 30)
        store.ok("import", *(zone.write(self.path(f"{number}")) for number, zone in
                             enumerate(zones)))
        self.assert_round_trip(store, "generated")

    @needs_yaml
    def test_the_ttl_of_a_document_is_the_most_frequent_one(self):
        for what, ttls, expected in (("most", (5, 7, 7, 5, 5), "5"), ("a tie", (9, 8, 8, 9), "8"),
                                     ("one", (0,), "0"),
                                     ("many", (2, 3, 3, *range(10, 2000)), "3")):
            lines = [f"n{number} {ttl} A 192.0.2.1" for number, ttl in enumerate(ttls)]
            text = "\n".join(["@ 4 SOA a. b. 1 2 3 4 5", "@ 6 NS a.", *lines]) + "\n"
            store = self.hosted(("ttl.test", text), name=what)
            document, = texts(store.ok("export", "--format", "yaml"))
            self.assertEqual((document["ttl"], document["soa"]["ttl"]), (expected, "4"), what)
            self.assertEqual(sum("ttl" not in one for one in document["records"].values()),
                             sum(str(ttl) == expected for ttl in ttls), what)

    def test_zones_by_name_and_all_of_them(self):
        store = self.hosted(("b.test", zone_text("b.test.")), ("a.test", zone_text("a.test.")))
        a, b = (store.ok("export", "--format", "yaml", zone) for zone in ("a.test", "b.test"))
        self.assertEqual(store.ok("export", "--format", "yaml"), f"{a}---\n{b}")
        self.assertEqual(store.ok("export", "--format", "yaml", "b.test", "a.test"),
                         f"{b}---\n{a}")
        self.assert_status(store.run("export", "--format", "yaml", "c.test"), 1, "c.test")
        self.assert_status(store.run("export", "--format", "yml"), 2, "zone, yaml")

    def test_as_json(self):
        store = self.hosted(("pair.test", PAIR_ZONE))
        shown = json.loads(store.ok("--json", "export", "--format", "yaml"))
        self.assertEqual(shown, {"format": "yaml", "text": store.ok("export", "--format", "yaml")})

    # What a format cannot express.

    def test_a_zone_file_cannot_say_all(self):
        store = self.yaml_store(PAIR_YAML, OVERLAY.replace("pair.test", "over.test"))
        result = store.run("export")
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertEqual(result.err.splitlines(), [
            "over.test.: the mode overlay, which a zone file cannot express",
            "over.test.: a comment, which a zone file cannot express",
            "pair.test.: a comment, which a zone file cannot express",
            "steerctl export: nothing printed; --lossy leaves out what a zone file cannot express"])
        result = store.run("export", "--lossy")
        self.assert_status(result, 0, "over.test.: the mode overlay")
        self.assertEqual(len(result.err.splitlines()), 3)
        self.assertIn("www.over.test.\t60\tA\t192.0.2.7", result.out)
        self.assertIn("www.pair.test.\t30\tA\t192.0.2.80", result.out)
        self.assertEqual(list(json.loads(store.run("--json", "export").out)), ["error"])
        result = store.run("export", "--format", "yaml")
        self.assertEqual((result.status, result.err), (0, ""))

    def test_yaml_cannot_say_that_there_are_no_name_servers(self):
        """An import would give the zone those of the delegation set."""
        store = self.hosted(("bare.test", "@ 300 SOA a. b. 1 2 3 4 5\nwww 300 A 192.0.2.1\n"))
        store.ok("zone", "create", "over.test", "--overlay")
        result = store.run("export", "--format", "yaml")
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertEqual(result.err.splitlines(), [
            "bare.test.: a zone without NS records, which Steer YAML cannot express",
            "steerctl export: nothing printed; --lossy leaves out what Steer YAML cannot express"])
        result = store.run("export", "--lossy", "--format", "yaml")
        self.assert_status(result, 0, "  www: {type: A, values: \\[192.0.2.1\\]}")
        self.assertIn("www", store.ok("export", "bare.test"))

    def test_a_plain_zone_loses_nothing(self):
        store = self.hosted(("pair.test", PAIR_ZONE))
        result = store.run("export")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(store.run("export", "--lossy").out, result.out)

    def flip(self, store, needle):
        """Flips a bit of all copies of some bytes in the store."""
        path = store.path("records", "data.mdb")
        with open(path, "rb") as file:
            data = file.read()
        self.assertIn(needle, data)
        with open(path, "wb") as file:
            file.write(data.replace(needle, bytes((needle[0] ^ 1,)) + needle[1:]))

    def test_what_is_damaged_is_told_once_and_left_out(self):
        store = self.yaml_store(PAIR_YAML)
        self.flip(store, b"any; name")
        for form in ("zone", "yaml", "route53"):
            result = store.run("export", "--lossy", "--format", form)
            self.assert_status(result, 3)
            self.assertEqual(result.err.count("*.wild.pair.test.: damaged"), 1, result.err)
            self.assertIn("192.0.2.53", result.out)
            self.assertNotIn("wild", result.out)
        self.flip(store, b"first zone: ours")
        result = store.run("export", "--format", "yaml")
        self.assert_status(result, 3)
        self.assertEqual(len(re.findall("(?m)^pair.test.: damaged", result.err)), 1, result.err)
        self.assertIn("192.0.2.53", result.out)

    @needs_yaml
    def test_comments_of_all_kinds(self):
        for number, comment in enumerate(("plain", "on", "a: b # c", "\"quoted\" it's", " ",
                                          "caf\u00e9 \u2028 \U0001f600", "\ufeff", "\\n", "'",
                                          "x" * 256)):
            escaped = "".join(f"\\U{ord(char):08X}" for char in comment)
            text = PAIR_YAML.replace('"first zone: ours"', f'"{escaped}"')
            store = self.yaml_store(text, name=f"store{number}")
            exported = store.ok("export", "--format", "yaml")
            self.assertEqual(texts(exported)[0]["comment"], comment)
            self.assertTrue(same_for_all(exported))
            self.assertTrue(re.fullmatch(r"comment: .*", exported.split("\n")[1]))
            self.assert_round_trip(store, f"comment{number}")
