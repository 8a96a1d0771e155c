# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl import accepts and refuses the zone files that knotd accepts and refuses."""

import re

from steer import env
from steer.case import Case
from steer.client import ask
from steer.differ import Comparison, UDP, questions_of
from steer.wire import REFUSED, TYPES, labels
from steer.zonemodel import Zone

SOA = TYPES["SOA"]
HEAD = "$TTL 300\n@ NS ns.example.net.\n@ SOA ns.example.net. admin.example.net. 1 2 3 4 5\n"

# Name, text after HEAD, words of the message.
REFUSED_BY_BOTH = (
    ("cname-and-a", "x CNAME y\nx A 192.0.2.1\n", "CNAME"),
    ("a-and-cname", "x A 192.0.2.1\nx CNAME y\n", "CNAME"),
    ("cname-and-unknown", "x CNAME y\nx TYPE65280 \\# 0\n", "CNAME"),
    ("cnames", "x CNAME y\nx CNAME z\n", "CNAME"),
    ("wildcard-cnames", "* CNAME y\n* CNAME z\n", "CNAME"),
    ("cname-and-ns", "x CNAME y\nx NS ns.example.net.\n", "CNAME"),
    ("below-dname", "x DNAME y\na.x A 192.0.2.1\n", "DNAME"),
    ("far-below-dname", "x DNAME y\na.b.c.x A 192.0.2.1\n", "DNAME"),
    ("dnames", "x DNAME y\nx DNAME z\n", "DNAME"),
    ("dname-and-cname", "x DNAME y\nx CNAME z\n", "CNAME|DNAME"),
    ("below-apex-dname", "@ DNAME example.net.\na A 192.0.2.1\n", "DNAME"),
    ("below-occluded-dname", "cut NS ns.example.net.\nx.cut DNAME y\na.x.cut A 192.0.2.1\n",
     "DNAME"),
    ("origin-without-dot", "$ORIGIN sub\nx A 192.0.2.1\n", "ORIGIN|origin"),
    ("bad-address", "x A 192.0.2.256\n", "address|IPv4|syntax|[Ii]nvalid"),
    ("bad-type", "x NOSUCHTYPE 1\n", "type|syntax"),
    ("bad-ttl", "x 99999999999 A 192.0.2.1\n", "TTL|number|type|overflow"),
    ("long-label", "x" * 64 + " A 192.0.2.1\n", "label"),
    ("open-quote", "x TXT \"open\n", "."),
    ("open-bracket", "x TXT ( \"open\"\n", "."),
    ("short-rdata", "x MX 10\n", "."),
    ("rdata-length", "x TYPE65280 \\# 3 00\n", "."),
    ("no-include", "$INCLUDE missing.file\n", "missing.file|include|file"),
    ("more-rdata", "x A 192.0.2.1 192.0.2.2\n", "."),
)
WHOLE_REFUSED_BY_BOTH = (
    ("no-soa", "$TTL 300\n@ NS ns.example.net.\nx A 192.0.2.1\n", "SOA"),
    ("empty", "", "SOA|empty|no record"),
    ("soa-elsewhere", "$TTL 300\nx SOA ns.example.net. a.example.net. 1 2 3 4 5\n", "SOA"),
)
# Name, text after HEAD, words of the warning ("" for none, None for any or none).
ACCEPTED_BY_BOTH = (
    ("plain", "x A 192.0.2.1\n", ""),
    ("ttls", "x 300 A 192.0.2.1\nx 60 A 192.0.2.2\n", "TTL"),
    ("ttls-down", "x 60 A 192.0.2.1\nx 300 A 192.0.2.2\n", "TTL"),
    ("outside", "x A 192.0.2.1\nother.invalid. A 192.0.2.2\n", "outside|out of"),
    ("duplicates", "x A 192.0.2.1\nx A 192.0.2.1\n", ""),
    ("case", "x A 192.0.2.1\nX A 192.0.2.2\n", ""),
    ("dname-and-data", "x A 192.0.2.1\nx TXT \"a\"\nx DNAME y\n", ""),
    ("cname-below-cut", "cut NS ns.example.net.\nx.cut CNAME y\n", ""),
    ("occluded", "cut NS ns.example.net.\ncut TXT \"a\"\na.cut A 192.0.2.1\n", ""),
    ("no-glue", "cut NS ns.cut\n", None),
    ("ds-without-ns", "x DS 1 8 2 " + "0123456789ABCDEF" * 4 + "\n", ""),
    ("unknown-type", "x TYPE65280 \\# 4 DEADBEEF\nx TYPE1 \\# 4 C0000201\n", ""),
    ("wildcard-ns", "* NS ns.example.net.\n", ""),
    ("no-final-newline", "x A 192.0.2.1", ""),
    ("brackets", "x TXT ( \"a\"\n \"b\" ) ; comment\n", ""),
    ("escape-above-255", "x\\999 A 192.0.2.1\n", None),
    ("origin", "$ORIGIN sub.origin.test.\nx A 192.0.2.1\n$ORIGIN other.test.\nx A 192.0.2.1\n",
     "outside|out of"),
    ("ttl-units", "x 1h30m A 192.0.2.1\n", ""),
    ("class", "x IN 60 A 192.0.2.1\nx 60 IN A 192.0.2.2\n", ""),
    ("bytes", "\\000\\001\\255 A 192.0.2.1\na\\.b A 192.0.2.2\n", ""),
    ("zero-ttl", "x 0 A 192.0.2.1\n", ""),
    ("big-ttl", "x 2147483647 A 192.0.2.1\n", ""),
)
if env.KNOT_VERSION < (3, 4):  # Which refuses it.
    ACCEPTED_BY_BOTH += (("soas", "@ SOA ns.example.net. admin.example.net. 2 2 3 4 5\n", None),)
WHOLE_ACCEPTED_BY_BOTH = (
    ("no-ns", "$TTL 300\n@ SOA ns.example.net. admin.example.net. 1 2 3 4 5\n", None),
    ("soa-last", "$TTL 300\nx A 192.0.2.1\n@ NS ns.example.net.\n"
                 "@ SOA ns.example.net. admin.example.net. 1 2 3 4 5\n", ""),
)


class ImportLikeKnot(Case):

    def verdicts(self, texts):
        """Zone name -> whether knotd loads it."""
        files = {f"{name}.test.": self.file(f"{name}.test.zone", text)
                 for name, text in texts.items()}
        knot = self.knot(zones=files)
        knot.start(wait=False)
        for zone in files:
            knot.log.wait(rf"\[{re.escape(zone)}\] (loaded, serial|zone event 'load' failed)")
        refused = {zone for zone in files
                   if knot.log.lines(rf"\[{re.escape(zone)}\] zone event 'load' failed")}
        return knot, files, refused

    def test_refused_by_both(self):
        texts = {name: HEAD + text for name, text, _ in REFUSED_BY_BOTH}
        texts.update({name: text for name, text, _ in WHOLE_REFUSED_BY_BOTH})
        knot, files, refused = self.verdicts(texts)
        store = self.store()
        words = {name: said for name, _, said in REFUSED_BY_BOTH + WHOLE_REFUSED_BY_BOTH}
        for zone, file in files.items():
            with self.subTest(zone):
                self.assertIn(zone, refused, knot.log.lines(re.escape(zone)))
                result = store.run("import", "--zone", zone, file)
                self.assert_status(result, 1, words[zone.removesuffix(".test.")])
                self.assertRegex(result.err, r"\.zone:\d+:\d+: ")
                self.assertEqual(store.ok("zone", "list"), "")

    def test_accepted_by_both(self):
        texts = {name: HEAD + text for name, text, _ in ACCEPTED_BY_BOTH}
        texts.update({name: text for name, text, _ in WHOLE_ACCEPTED_BY_BOTH})
        knot, files, refused = self.verdicts(texts)
        store = self.store()
        words = {name: said for name, _, said in ACCEPTED_BY_BOTH + WHOLE_ACCEPTED_BY_BOTH}
        for zone, file in files.items():
            with self.subTest(zone):
                self.assertNotIn(zone, refused, knot.log.lines(re.escape(zone)))
                result = store.run("import", "--zone", zone, file)
                self.assert_status(result, 0)
                said = words[zone.removesuffix(".test.")]
                if said == "":
                    self.assertEqual(result.err, "")
                elif said is not None:
                    self.assertRegex(result.err, said)
        steer = self.knot("steer", store=store.directory).start()
        zones = []
        for zone in files:
            model = Zone(zone)
            for name in ("", "x", "a.x", "y", "cut", "a.cut", "x.cut", "a.x.cut", "x.sub",
                         "missing", "\\000\\001\\255"):
                model.records[self.name(name) + model.apex] = {}
            zones.append(model)
        comparison = Comparison(knot, steer, zones)
        comparison.run(questions_of(zones, [list(zone.records) for zone in zones]), UDP)
        comparison.check()

    def test_ttls_above_31_bits_are_refused(self):
        """Knot accepts them; RFC 2181 does not allow them, nor does Steer, however they are
        given."""
        store = self.hosted(("a.test.", HEAD))
        yaml = "zone: a.test\n%s\nrecords: {x: {type: A, %s values: 192.0.2.1}}\n"
        for most in (2147483647, 2147483648, 4294967295):
            for name, text in (
                    ("ttl.zone", f"x {most} A 192.0.2.1\n"),
                    ("ttl.zone", f"x {most} CAA 0 issue ca.test\n"),
                    ("default.zone", f"$TTL {most}\nx A 192.0.2.1\n"),
                    ("soa.zone", f"@ {most} SOA ns admin 1 2 3 4 5\n"),
                    ("ttl.yaml", yaml % ("", f"ttl: {most},")),
                    ("default.yaml", yaml % (f"ttl: {most}", "")),
                    ("soa.yaml", yaml % (f"soa: {{ttl: {most}}}", ""))):
                with self.subTest(f"{name} {most}"):
                    words = ("--zone", "a.test") if name.endswith(".zone") else ()
                    result = store.run("import", "--merge", *words, self.file(name, text))
                    self.assertEqual(result.status, most > 2147483647, result.err)
                    if most > 2147483647:
                        self.assertRegex(result.err, rf"{name}:\d:\d+: .*(TTL|ttl).*allowed: "
                                         r".*2147483647")
            result = store.run("set", "x.a.test", "A", "--ttl", str(most), "192.0.2.1")
            self.assertEqual(result.status, 2 if most > 2147483647 else 0, result.err)
        for form in ("zone", "yaml"):
            self.assertIn("2147483647", store.ok("export", "--format", form))

    def test_a_soa_below_the_apex_is_not_stored(self):
        store = self.hosted(("a.test.", HEAD))
        file = self.file("soa.zone", "x SOA ns.example.net. admin.example.net. 1 2 3 4 5\n")
        self.assert_status(store.run("import", "--merge", "--zone", "a.test", file), 1,
                           r"soa\.zone:1:1: SOA at x\.a\.test\.; allowed: one, at the apex")

    def test_records_of_another_zone_are_not_all_told(self):
        store = self.store()
        file = self.file("b.zone", HEAD + "x.b.test. 60 A 192.0.2.1\n" * 300)
        said = store.run("import", "--zone", "a.test", file)
        self.assert_status(said, 0)
        lines = said.err.splitlines()
        self.assertEqual(len(lines), 101)
        self.assertIn("this and more: x.b.test. A outside the zone a.test.", lines[-1])

    @staticmethod
    def name(text):
        return (b"\0\1\xff",) if text.startswith("\\") else labels(text)

    def test_a_refused_file_leaves_the_zone_untouched(self):
        store = self.store()
        good = self.file("zone.test.zone", HEAD + "x A 192.0.2.1\n")
        store.ok("import", good)
        before = store.ok("export")
        for name, text, _ in REFUSED_BY_BOTH:
            bad = self.file("bad.zone", HEAD + "y A 192.0.2.2\n" + text)
            for mode in ("--replace", "--merge"):
                with self.subTest(name + mode):
                    self.assertEqual(store.run("import", "--zone", "zone.test", mode,
                                               bad).status, 1)
                    self.assertEqual(store.ok("export"), before)

    def test_one_bad_file_of_two(self):
        """All files of a command are one change set."""
        store = self.store()
        good = self.file("good.test.zone", HEAD + "x A 192.0.2.1\n")
        bad = self.file("bad.test.zone", HEAD + "x CNAME y\nx A 192.0.2.1\n")
        self.assertEqual(store.run("import", good, bad).status, 1)
        self.assertEqual(store.ok("zone", "list"), "")

    def test_the_place_is_named(self):
        """File and line, also after $INCLUDE."""
        store = self.store()
        inner = self.file("inner", "; comment\nx CNAME y\nx A 192.0.2.1\n")
        outer = self.file("outer.test.zone", HEAD + f"$INCLUDE {inner}\n")
        result = store.run("import", outer)
        self.assert_status(result, 1, r"inner:[23](:\d+)?: .*CNAME")
        syntax = self.file("syntax.test.zone", HEAD + "x A 192.0.2.1\ny A nonsense\n")
        self.assert_status(store.run("import", syntax), 1, r"syntax\.test\.zone:5(:\d+)?: ")

    def test_a_cname_at_the_apex_is_refused(self):
        """Knot accepts none beside SOA either; Steer says so of the apex."""
        store = self.store()
        file = self.file("apex.test.zone", HEAD + "@ CNAME example.net.\n")
        self.assert_status(store.run("import", file), 1, "CNAME")

    def test_a_set_that_fits_no_message(self):
        """Knot loads it and cannot answer it; import says so."""
        store = self.store()
        lines = "".join(f"x TXT \"{number:03d}{'z' * 200}\"\n" for number in range(400))
        self.assert_status(store.run("import", self.file("large.test.zone", HEAD + lines)), 1,
                           r"large\.test\.zone:\d+.*(64 KiB|65\d\d\d|too large|message)")

    def test_records_of_signatures_are_left_out(self):
        """One warning that counts them, and says what to do with the parent's DS."""
        store = self.store()
        file = self.file("signed.test.zone", HEAD + (
            "@ DNSKEY 257 3 8 AwEAAQ==\n@ NSEC x NS SOA RRSIG NSEC DNSKEY\n"
            "@ RRSIG SOA 8 2 300 20300101000000 20200101000000 1 @ AAAA\n"
            "@ CDS 0 0 0 00\n@ CDNSKEY 0 3 0 AA==\n@ NSEC3PARAM 1 0 0 -\n"
            "x A 192.0.2.1\nx RRSIG A 8 3 300 20300101000000 20200101000000 1 @ AAAA\n"
            "x DNSKEY 257 3 8 AwEAAQ==\n"))
        result = store.run("import", file)
        self.assert_status(result, 0, "DS")
        self.assertEqual(len(result.err.strip().splitlines()), 1, result.err)
        self.assertRegex(result.err, r"\b7\b")
        exported = store.ok("export", "signed.test")
        for kind in ("NSEC", "RRSIG", "CDS", "CDNSKEY", "NSEC3PARAM"):
            self.assertNotRegex(exported, rf"\s{kind}\s")
        self.assertEqual(len(re.findall(r"\sDNSKEY\s", exported)), 1)

    def test_an_unchanged_file_changes_nothing(self):
        store = self.store()
        file = self.file("zone.test.zone", HEAD + "x A 192.0.2.1\n")
        store.ok("import", file)
        knot = self.knot(store=store.directory).start()
        before = store.ok("stats"), store.ok("export")
        store.ok("import", file)
        self.assertEqual((store.ok("stats"), store.ok("export")), before)
        self.assertEqual(ask(knot, labels("zone.test"), SOA).answer[0][4][-20:-16], b"\0\0\0\1")
        self.assertEqual(ask(knot, labels("test"), SOA).rcode, REFUSED)

    def test_export_and_import_agree(self):
        """What export prints is what import and knotd read."""
        store = self.store()
        for name, text, _ in ACCEPTED_BY_BOTH:
            store.ok("import", "--zone", f"{name}.test", self.file("zone", HEAD + text))
        for name, _, _ in ACCEPTED_BY_BOTH:
            exported = self.file(f"{name}.test.exported", store.ok("export", f"{name}.test"))
            other = type(store)(self.path(f"other-{name}")).init("--map-size", "16M")
            other.ok("import", "--zone", f"{name}.test", exported)
            self.assertEqual(other.ok("export", f"{name}.test"),
                             store.ok("export", f"{name}.test"), name)
