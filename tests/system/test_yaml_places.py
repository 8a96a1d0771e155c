# SPDX-License-Identifier: GPL-3.0-or-later
"""Where record sets and their clients are, in Steer YAML: read, written, and the same again."""

import json
import os

from steer.case import Case
from steer.yamlform import needs_yaml, same_for_all, texts, validator

SOURCE = os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "..", ".."))
SCHEMA = os.path.join(SOURCE, "schema", "steer-yaml.schema.json")

HEAD = """\
zone: a.test
ttl: 60
soa: {mname: ns, rname: hm, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5, ttl: 60}
records:
"""

# As a person may write it.
WRITTEN = HEAD + """\
  "@": {type: NS, values: [ns]}
  all:
    type: A
    policy: [geo, cidr, asn, latency, within 20%, nearest, shuffle, take 1]
    sets:
      any: {values: 192.0.2.1}
      one:
        asn: 5
        bias: 3
        cidr: {location: oslo, collection: offices}
        coordinates:
          - 1.00
          - "-2"
        geo: {subdivision: "03", country: no}
        region: "on"
        values: [192.0.2.2]
  asn:
    type: A
    policy: [asn, up, take 1]
    sets:
      any: {asn: default, values: [192.0.2.1]}
      two: {asn: [64501, AS64500], alias: ns}
  geo:
    type: A
    policy: geolocation
    sets:
      any: {geo: default, values: [192.0.2.1]}
      eu: {geo: {continent: eu}, values: [192.0.2.3]}
      no: {geo: {country: NO}, alias: ns}
      ny: {geo: {country: us, subdivision: ny}, values: [192.0.2.5]}
  ip:
    type: A
    policy: ip
    sets:
      any: {cidr: default, values: [192.0.2.1]}
      oslo: {cidr: {collection: offices, location: oslo}, values: [192.0.2.2]}
      other: {cidr: {collection: offices, location: 1e3}, values: [192.0.2.3]}
  near:
    type: A
    policy: geoproximity
    sets:
      fra: {region: eu-central-1, bias: +99, values: [192.0.2.1]}
      iad: {region: us-east-1, bias: 0, values: [192.0.2.1]}
      syd: {coordinates: [-33.868, 151.2], bias: -10, alias: ns}
  ns: {type: A, values: [192.0.2.53]}
"""

EXPORTED = """\
zone: a.test
ttl: 60
soa:
  mname: ns.a.test.
  rname: hm.a.test.
  serial: 1
  refresh: 2
  retry: 3
  expire: 4
  minimum: 5
  ttl: 60
records:
  "@": {type: NS, values: [ns.a.test.]}
  all:
    type: A
    policy: [geo, cidr, asn, latency, within 20%, nearest, shuffle, take 1]
    sets:
      any: {geo: default, cidr: default, asn: default, values: [192.0.2.1]}
      one:
        region: "on"
        geo: {country: "NO", subdivision: "03"}
        coordinates: [1, -2]
        bias: 3
        cidr: {collection: offices, location: oslo}
        asn: [5]
        values:
          - 192.0.2.2
  asn:
    type: A
    policy: [asn, up, take 1]
    sets:
      any: {asn: default, values: [192.0.2.1]}
      two: {asn: [64500, 64501], alias: ns}
  geo:
    type: A
    policy: geolocation
    sets:
      any: {geo: default, values: [192.0.2.1]}
      eu: {geo: {continent: EU}, values: [192.0.2.3]}
      "no": {geo: {country: "NO"}, alias: ns}
      ny: {geo: {country: US, subdivision: NY}, values: [192.0.2.5]}
  ip:
    type: A
    policy: ip
    sets:
      any: {cidr: default, values: [192.0.2.1]}
      oslo: {cidr: {collection: offices, location: oslo}, values: [192.0.2.2]}
      other: {cidr: {collection: offices, location: "1e3"}, values: [192.0.2.3]}
  near:
    type: A
    policy: geoproximity
    sets:
      fra: {region: eu-central-1, bias: 99, values: [192.0.2.1]}
      iad: {region: us-east-1, values: [192.0.2.1]}
      syd: {coordinates: [-33.87, 151.2], bias: -10, alias: ns}
  ns: {type: A, values: [192.0.2.53]}
"""

GROUP = HEAD + "  geo:\n    type: A\n    policy: geolocation\n    sets:\n"

# A set of GROUP, in line 9: what is told of it.
MISTAKES = (
    ("{geo: EU, values: [192.0.2.1]}", "18: geo: not a place; allowed: default, "
     "{continent: EU}, {country: US} or {country: US, subdivision: NY}"),
    ("{geo: {country: USA}, values: [192.0.2.1]}", "28: country: 'USA' is not a country; allowed: "
     "a code of ISO 3166-1, such as NO"),
    ("{geo: {subdivision: NY}, values: [192.0.2.1]}",
     "32: subdivision: without a country; allowed: with country"),
    ("{geo: default, asn: 0, values: [192.0.2.1]}", "32: asn: '0' is not the number of an "
     "autonomous system; allowed: 1 to 4294967295, also as AS64500"),
    ("{geo: default, bias: 100, values: [192.0.2.1]}",
     "33: bias: '100' is not a percentage; allowed: -99 to 99"),
)


class YamlPlaces(Case):

    def setUp(self):
        super().setUp()
        self.steer = self.store("--map-size", "64M")

    def imported(self, text, *options):
        return self.steer.run("import", *options, self.file("file.yaml", text))

    @needs_yaml
    def test_what_is_exported_is_imported_again(self):
        self.assert_status(self.imported(WRITTEN), 0)
        exported = self.steer.ok("export", "--format", "yaml")
        self.assertEqual(exported, EXPORTED)
        self.assertTrue(same_for_all(exported))
        with open(SCHEMA, encoding="utf-8") as file:
            self.assertTrue(validator(json.load(file)).is_valid(texts(exported)[0]))
        again = self.store("--map-size", "64M", name="again")
        again.ok("import", self.file("other.yaml", WRITTEN.replace("a.test", "b.test").replace(
            "eu-central-1", "eu-west-3").replace("oslo", "bergen")))  # Names get other numbers.
        again.ok("import", self.file("exported.yaml", exported))
        self.assertEqual(again.ok("export", "--format", "yaml", "a.test"), exported)
        for store in (self.steer, again):
            before = store.ok("stats")
            store.ok("import", self.file("exported.yaml", exported))
            self.assertEqual(store.ok("stats"), before)

    def test_a_merge_replaces_the_sets_that_are_there(self):
        self.assert_status(self.imported(WRITTEN), 0)
        part = ("zone: a.test\nttl: 60\nrecords:\n  near: {type: A, sets: {fra: {region: eu-west-1,"
                " values: [192.0.2.1]}}}\n")
        self.assert_status(self.imported(part, "--merge"), 0)
        self.assertEqual(
            self.steer.ok("export", "--format", "yaml"), EXPORTED.replace(
                "{region: eu-central-1, bias: 99,", "{region: eu-west-1,").replace(
                    "serial: 1", "serial: 2"))

    def test_a_mistake_is_told_with_its_place_and_changes_nothing(self):
        self.assert_status(self.imported(WRITTEN), 0)
        before = self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")
        for record_set, sentence in MISTAKES:
            for options in ((), ("--merge",), ("--dry-run",)):
                result = self.imported(f"{GROUP}      any: {record_set}\n", *options)
                self.assertEqual((result.status, result.out, result.err.splitlines()[0]),
                                 (1, "", f"{self.path('file.yaml')}:9:{sentence}"))
        self.assertEqual((self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")),
                         before)

    def test_a_zone_file_cannot_say_where_clients_are(self):
        self.assert_status(self.imported(WRITTEN), 0)
        result = self.steer.run("export")
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertEqual(result.err.splitlines()[:-1], [
            f"{name}.a.test. A: a policy, which a zone file cannot express"
            for name in ("all", "asn", "geo", "ip", "near")])

    def test_a_name_that_is_damaged_is_told(self):
        self.assert_status(self.imported(WRITTEN), 0)
        with open(self.steer.path("records", "data.mdb"), "r+b") as file:
            data = file.read()
            name = b"reu-central-1"
            for place in (at for at in range(len(data)) if data.startswith(name, at)):
                file.seek(place)
                file.write(b"x")
        result = self.steer.run("export", "--format", "yaml")
        self.assert_status(result, 3, r"near\.a\.test\. A: the region #\d+ has no name")
        self.assertRegex(result.out, r'fra: {region: "#\d+", bias: 99,')
        self.assertEqual(result.out.count("#"), 1)
