# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones printed as the JSON of Route 53: an import of it gives the same store, and what is lost is
told."""

import csv
import json
import os
import random
import re

from steer import mapcases
from steer.case import Case
from steer.odds_program import PRESETS
from steer.policycases import CHECKS, OVERLAY, Case as PolicyCase, overlay
from steer.policyyaml import health_document, zone_document

SOURCE = os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "..", ".."))
SEED = 5
CASES = 40

HEAD = """\
zone: a.test
ttl: 60
soa: {mname: ns, rname: hm, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5, ttl: 60}
records:
  "@": {type: NS, values: [ns]}
"""
ALL = HEAD.replace("ttl: 60\n", 'ttl: 60\ncomment: "caf\\u00e9: \\"ours\\""\n', 1) + r"""
  www:
    type: A
    policy: weighted
    sets:
      b: {weight: 255, values: [192.0.2.1, 192.0.2.4], health: web}
      a: {weight: 0, alias: near, evaluate-target-health: no}
      c: {weight: 1, alias: fast, health: all}
  fast:
    type: A
    policy: latency
    sets:
      fra: {region: eu-central-1, ttl: 5, values: [192.0.2.1]}
      iad: {region: us-east-1, values: [192.0.2.2]}
  over:
    type: A
    policy: failover
    sets:
      z: {failover: primary, values: [192.0.2.1], health: all}
      a: {failover: secondary, values: [192.0.2.2]}
  many:
    type: AAAA
    policy: multivalue
    sets:
      "1": {values: ["2001:db8::1"]}
      "2": {values: ["2001:db8::2"], health: nowhere}
  place:
    type: A
    policy: geolocation
    sets:
      any: {geo: default, values: [192.0.2.1]}
      eu: {geo: {continent: EU}, values: [192.0.2.3]}
      "no": {geo: {country: "NO"}, alias: lb-7.eu-west-1.elb.amazonaws.com.}
      ny: {geo: {country: US, subdivision: NY}, values: [192.0.2.5]}
  near:
    type: A
    policy: geoproximity
    sets:
      fra: {region: eu-central-1, bias: 99, values: [192.0.2.1]}
      den: {region: us-west-2-den-1, values: [192.0.2.1]}
      syd: {coordinates: [-33.87, 151.2], bias: -10, alias: d111111abcdef8.cloudfront.net.}
  nets:
    type: A
    policy: ip
    sets:
      any: {cidr: default, values: [192.0.2.1]}
      oslo: {cidr: {collection: offices, location: oslo}, values: [192.0.2.2]}
  shop:
    type: A
    policy: ip
    sets:
      rome: {cidr: {collection: shops, location: rome}, values: [192.0.2.2]}
  alias: {type: A, alias: over, evaluate-target-health: no}
  "*.x": {type: A, values: [192.0.2.1]}
  'a\.b\000\255c\\': {type: A, values: [192.0.2.1]}
  text: {type: TXT, values: ['"\000\009\255 \" \\ \\065;"', '"a" "b"']}
  more:
    - {type: CAA, values: ['0 issue "ca.example.net; a=b"', '128 tbs "x"']}
    - {type: DS, values: ['1 8 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF']}
    - {type: NS, values: [ns.example.net.]}
  types:
    - {type: HTTPS, values: ['1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.1']}
    - {type: MX, values: [10 mail, '20 a\.b\001.example.net.']}
    - {type: NAPTR, values: ['100 50 "s" "z3950+I2L" "" _z3950._tcp']}
    - {type: PTR, values: [ptr]}
    - {type: SPF, values: ['"v=spf1 -all"']}
    - {type: SRV, values: [0 5 5060 sip]}
    - {type: SSHFP, values: [1 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef]}
    - {type: TLSA, values: [3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef]}
  name: {type: CNAME, values: [www]}
---
zone: sub.a.test
soa: {mname: ns, rname: hm, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5, ttl: 60}
records:
  "@": {type: NS, values: [ns.a.test.]}
---
health:
  web: {type: https, host: www.a.test, address: 192.0.2.1, port: 8443, path: "/a?b", interval: 10s,
        fall: 2, rise: 2, search: "a \"b\"", sni: no, inverted: yes}
  plain: {type: http, host: www.a.test}
  tcp: {type: tcp, address: "2001:db8::1", port: 443, disabled: yes}
  all: {type: calculated, children: [web, tcp, nowhere], threshold: 2}
"""
BLOCKS = {"offices": "198.51.100.0/24,oslo\n198.51.100.0/23,rome\n2001:db8::/32,oslo\n",
          "shops": "198.51.100.0/24,rome\n"}

# Record sets of ALL as Route 53 has them: the fields besides Name, Type and SetIdentifier.
VALUE = [{"Value": "192.0.2.1"}]
FIELDS = {
    "www a": {"Weight": 0, "AliasTarget": {"HostedZoneId": "OWN", "DNSName": "near.a.test.",
                                           "EvaluateTargetHealth": False}},
    "www b": {"Weight": 255, "TTL": 60, "HealthCheckId": "web",
              "ResourceRecords": [{"Value": "192.0.2.1"}, {"Value": "192.0.2.4"}]},
    "fast fra": {"Region": "eu-central-1", "TTL": 5, "ResourceRecords": VALUE},
    "over z": {"Failover": "PRIMARY", "TTL": 60, "ResourceRecords": VALUE, "HealthCheckId": "all"},
    "over a": {"Failover": "SECONDARY", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.2"}]},
    "many 1": {"MultiValueAnswer": True, "TTL": 60, "ResourceRecords": [{"Value": "2001:db8::1"}]},
    "place any": {"GeoLocation": {"CountryCode": "*"}, "TTL": 60, "ResourceRecords": VALUE},
    "place eu": {"GeoLocation": {"ContinentCode": "EU"}, "TTL": 60,
                 "ResourceRecords": [{"Value": "192.0.2.3"}]},
    "place no": {"GeoLocation": {"CountryCode": "NO"}, "AliasTarget": {
        "HostedZoneId": "ZUNKNOWN", "DNSName": "lb-7.eu-west-1.elb.amazonaws.com.",
        "EvaluateTargetHealth": True}},
    "place ny": {"GeoLocation": {"CountryCode": "US", "SubdivisionCode": "NY"}, "TTL": 60,
                 "ResourceRecords": [{"Value": "192.0.2.5"}]},
    "near fra": {"GeoProximityLocation": {"AWSRegion": "eu-central-1", "Bias": 99}, "TTL": 60,
                 "ResourceRecords": VALUE},
    "near den": {"GeoProximityLocation": {"LocalZoneGroup": "us-west-2-den-1"}, "TTL": 60,
                 "ResourceRecords": VALUE},
    "near syd": {"GeoProximityLocation": {"Coordinates": {
        "Latitude": "-33.87", "Longitude": "151.2"}, "Bias": -10}, "AliasTarget": {
            "HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d111111abcdef8.cloudfront.net.",
            "EvaluateTargetHealth": True}},
    "nets any": {"CidrRoutingConfig": {"CollectionId": "offices", "LocationName": "*"}, "TTL": 60,
                 "ResourceRecords": VALUE},
    "nets oslo": {"CidrRoutingConfig": {"CollectionId": "offices", "LocationName": "oslo"},
                  "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.2"}]},
    r"\052.x": {"TTL": 60, "ResourceRecords": VALUE},
    r"a\056b\000\377c\134": {"TTL": 60, "ResourceRecords": VALUE},
    "text": {"TTL": 60, "ResourceRecords": [
        {"Value": '"a" "b"'}, {"Value": r'"\000\011\377 \" \\ \\065;"'}]},
}
CONFIGS = {
    "web": {"IPAddress": "192.0.2.1", "Port": 8443, "Type": "HTTPS_STR_MATCH",
            "ResourcePath": "/a?b", "FullyQualifiedDomainName": "www.a.test",
            "SearchString": 'a "b"', "RequestInterval": 10, "FailureThreshold": 2,
            "EnableSNI": False, "Inverted": True, "Disabled": False},
    "plain": {"Port": 80, "Type": "HTTP", "FullyQualifiedDomainName": "www.a.test",
              "RequestInterval": 30, "FailureThreshold": 3, "Inverted": False, "Disabled": False},
    "tcp": {"IPAddress": "2001:db8::1", "Port": 443, "Type": "TCP", "RequestInterval": 30,
            "FailureThreshold": 3, "Inverted": False, "Disabled": True},
    "all": {"Type": "CALCULATED", "HealthThreshold": 2,
            "ChildHealthChecks": ["web", "tcp", "nowhere"], "Inverted": False, "Disabled": False},
}

# A record set under a name n, or a document, and what is told of it.
SHA = "0123456789abcdef" * 4
LOSSES = (
    ("type: RP, values: [a. b.]", "RP: the type"),
    ("type: TYPE65280, values: ['\\# 1 00']", "TYPE65280: the type"),
    ("type: A, policy: [weighted, take 1], sets: {a: {weight: 1, values: [192.0.2.1]}}",
     "A: the policy weighted, take 1"),
    ("type: A, policy: [up all-down=none, weighted, take 1], sets: {a: {weight: 1, values: "
     "[192.0.2.1]}}", "A: the policy up all-down=none, weighted, take 1"),
    ("type: A, policy: [weighted sticky=client], sets: {a: {weight: 1, values: [192.0.2.1]}}",
     "A: the policy weighted sticky=client"),
    ("type: A, policy: [asn], sets: {a: {asn: 5, values: [192.0.2.1]}}", "A: the policy asn"),
    ("type: A, policy: weighted, sets: {a: {weight: 256, values: [192.0.2.1]}}",
     "A set a: the weight 256"),
    ("type: A, policy: weighted, sets: {" + ", ".join(
        f"s{n}: {{weight: 1, values: [192.0.2.{n % 250}]}}" for n in range(101)) + "}",
     "A: 101 record sets instead of up to 100"),
    ("type: A, policy: geoproximity, sets: {" + ", ".join(
        f"s{n}: {{coordinates: [{n}, 0], values: [192.0.2.1]}}" for n in range(31)) + "}",
     "A: 31 record sets instead of up to 30"),
    ("type: A, policy: failover, sets: {a: {failover: primary, values: [192.0.2.1], health: c}, "
     "b: {failover: secondary, values: [192.0.2.1]}, c: {failover: secondary, values: "
     "[192.0.2.2]}}", "A: several secondaries"),
    ("type: A, policy: failover, sets: {a: {failover: primary, values: [192.0.2.1], health: c}, "
     "b: {failover: primary, values: [192.0.2.1], health: c}}", "A: several primaries"),
    ("type: A, policy: failover, sets: {a: {tier: 2, values: [192.0.2.1]}}",
     "A set a: the tier 2"),
    ("type: A, policy: latency, sets: {a: {region: rack-1, values: [192.0.2.1]}}",
     "A set a: the region rack-1"),
    ("type: A, policy: latency, sets: {a: {region: us-west-2-den-1, values: [192.0.2.1]}}",
     "A set a: the region us-west-2-den-1"),
    ("type: A, policy: latency, sets: {a: {region: us-east-1, coordinates: [1, 2], values: "
     "[192.0.2.1]}}", "A set a: coordinates beside a region"),
    ("type: A, policy: geoproximity, sets: {a: {region: rack-1, values: [192.0.2.1]}}",
     "A set a: the region rack-1"),
    ("type: A, policy: geolocation, sets: {a: {geo: {country: BV}, values: [192.0.2.1]}}",
     "A set a: the place country:BV"),
    ("type: A, policy: geolocation, sets: {a: {geo: {country: 'NO', subdivision: '03'}, values: "
     "[192.0.2.1]}}", "A set a: the place country:NO/03"),
    ("type: A, policy: geolocation, sets: {a: {geo: {country: US, subdivision: XX}, values: "
     "[192.0.2.1]}}", "A set a: the place country:US/XX"),
    ("type: A, policy: ip, sets: {a: {cidr: default, values: [192.0.2.1]}}",
     "A: no location, and so no collection"),
    ("type: A, policy: ip, sets: {a: {cidr: {collection: c, location: seventeen-letters}, values: "
     "[192.0.2.1]}}", "A set a: the location seventeen-letters, whose name has more than 16 "
     "characters"),
    ("type: NS, policy: weighted, sets: {a: {weight: 1, values: [ns.example.net.]}}",
     "NS: a policy for name servers"),
    ("type: A, values: [192.0.2.1], health: c", "A: a health check without a policy"),
    ("type: A, policy: multivalue, sets: {a: {values: [192.0.2.1], health: " + 65 * "c" + "}}",
     "A set a: a health check whose name has more than 64 characters"),
    ("type: A, alias: www.example.net.",
     "A: an alias of www.example.net., which no service of AWS has"),
    ("type: A, alias: www.other.test.", "A: an alias of www.other.test., which is in another zone"),
    ("type: A, alias: none", "A: an alias of none.a.test., which has no such records"),
    ("type: AAAA, alias: ok", "AAAA: an alias of ok.a.test., which has no such records"),
    ("type: A, values: [" + ", ".join(f"10.0.{n // 256}.{n % 256}" for n in range(401)) + "]",
     "A: 401 values"),
    ("type: TXT, values: ['" + 17 * ('"' + 250 * "x" + '" ') + "']",
     "TXT: a value of more than 4000 characters"),
    ("type: HTTPS, values: [32768 .]", "HTTPS: the priority 32768"),
    ("type: SVCB, values: ['1 . key7=\"/q{?dns}\"']", "SVCB: the parameter key7"),
    ("type: SVCB, values: ['1 . key65280=\"x\"']", "SVCB: the parameter key65280"),
    ("type: SSHFP, values: [1 3 0123]", "SSHFP: the fingerprint type 3"),
    (f"type: TLSA, values: [4 1 1 {SHA}]", "TLSA: the TLSA parameters 4 1 1"),
    ("type: CAA, values: ['\\# 4 00003132']", "CAA: a value without a text of its own"),
    ("type: CAA, values: ['0 contactemail \"x\"']", "CAA: the tag contactemail"),
)
CHECK_LOSSES = (
    ("{type: dns, host: ns.example.net, query-name: a.test.}", "the type dns"),
    ("{type: manual}", "the type manual"),
    ("{type: tls, host: a.test, port: 443}", "the type tls"),
    ("{type: http, host: a.test, interval: 15s}", "the interval 15s"),
    ("{type: http, host: a.test, rise: 2}", "different numbers for rise and fall"),
    ("{type: http, host: a.test, headers: ['A: b', 'C: d']}", "the option headers"),
    ("{type: http, host: a.test, method: HEAD}", "the option method"),
    ("{type: http, host: a.test, timeout: 5s}", "the option timeout"),
    ("{type: https, host: a.test, verify: yes}", "the option verify"),
    ("{type: http, host: a.test, resolve: both}", "the option resolve"),
    ("{type: tcp, address: 10.1.2.3, port: 80}", "the private address 10.1.2.3"),
    ("{type: http, address: 'fd00::1'}", "the private address fd00::1"),
    (f"{{type: calculated, children: [{65 * 'c'}], threshold: 1}}",
     "a child whose name has more than 64 characters"),
)


def answers(text):
    """The objects that follow each other in a text."""
    decoder, found = json.JSONDecoder(), []
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        found.append(value)
        text = text.lstrip()[end:]
    return found


def record_sets(text):
    return [one for answer in answers(text) for one in answer.get("ResourceRecordSets", [])]


def listed(name):
    """A name by which Route 53 sorts."""
    return ".".join(reversed(name.rstrip(".").split("."))) + "."


class Route53Export(Case):

    def setUp(self):
        super().setUp()
        self.steer = self.store("--map-size", "64M", "--ns", "ns.set.test.")

    def give(self, text, *options):
        self.steer.ok("import", *options, self.file("given.yaml", text))

    def exported(self, *words):
        return self.steer.ok("export", "--format", "route53", *words)

    def told(self, *words):
        """What is lost, and what a lossy export prints."""
        result = self.steer.run("export", "--format", "route53", *words)
        lossy = self.steer.run("export", "--format", "route53", "--lossy", *words)
        self.assertEqual((result.status, result.out, lossy.status), (1, "", 0), result.err)
        lines = lossy.err.splitlines()
        self.assertEqual(result.err.splitlines(), [
            *lines, "steerctl export: nothing printed; --lossy leaves out what Route 53 cannot "
            "express"])
        for line in lines:
            self.assertRegex(line, ", which Route 53 cannot express$")
        return [line.rsplit(", ", 1)[0] for line in lines], lossy.out

    def again(self, text):
        """Another store, into which an export was imported."""
        other = self.store("--map-size", "64M", "--ns", "ns.set.test.", name="other")
        other.ok("import", self.file("exported.json", text))
        return other

    # What is expressed.

    def test_an_import_of_an_export_is_the_identity(self):
        self.give(ALL)
        for name, rows in BLOCKS.items():
            self.steer.ok("map", "import", "--type", "cidr", "--name", name,
                          self.file("map.csv", f"prefix,location\n{rows}"))
        text = self.exported()
        other = self.again(text)
        self.assertEqual(other.ok("export", "--format", "route53"), text)
        self.assertEqual(other.ok("export", "--format", "yaml"),
                         self.steer.ok("export", "--format", "yaml"))
        for name in BLOCKS:
            self.assertEqual(other.ok("map", "export", name), self.steer.ok("map", "export", name))

    def test_what_is_at_a_bound_is_expressed(self):
        name = 64 * "c"
        values = ", ".join(f"10.0.{n // 256}.{n % 256}" for n in range(400))
        text = " ".join(15 * [f'"{255 * "x"}"'] + [f'"{128 * "y"}"'])
        zone = HEAD + "".join(f"  n{number}: {{{line}}}\n" for number, line in enumerate((
            f"type: A, values: [{values}]",
            f"type: TXT, values: ['{text}']",
            "type: HTTPS, values: ['32767 . ipv6hint=2001:db8::1']",
            f"type: TLSA, values: [3 1 2 {SHA}{SHA}]",
            "type: A, policy: weighted, sets: {" + ", ".join(
                f"s{n}: {{weight: 255, values: [192.0.2.{n}], health: {name}}}"
                for n in range(100)) + "}",
            "type: A, policy: geoproximity, sets: {" + ", ".join(
                f"s{n}: {{coordinates: [{n}, 0], values: [192.0.2.1]}}" for n in range(30)) + "}",
            "type: A, policy: ip, sets: {a: {cidr: {collection: offices, location: "
            "sixteen--letters}, values: [192.0.2.1]}}")))
        self.give(f"{zone}---\nhealth:\n  {name}: {{type: http, host: a.test}}\n"
                  f"  sum: {{type: calculated, children: [{name}], threshold: 1}}\n")
        self.steer.ok("map", "import", "--type", "cidr", "--name", "offices", self.file(
            "map.csv", "prefix,location\n198.51.100.0/24,sixteen--letters\n128.0.0.0/1,a\n"))
        other = self.again(self.exported())
        self.assertEqual(other.ok("export", "--format", "yaml"),
                         self.steer.ok("export", "--format", "yaml"))
        self.assertEqual(other.ok("map", "export", "offices"),
                         self.steer.ok("map", "export", "offices"))

    def test_row_76_every_field_of_the_json(self):
        self.give(ALL)
        text = self.exported()
        found = {}
        own = answers(text)[0]["HostedZone"]
        self.assertEqual(own["Config"], {"Comment": "caf\u00e9: \"ours\"", "PrivateZone": False})
        self.assertRegex(own["Id"], "^/hostedzone/Z[0-9A-Z]{13}$")
        for one in record_sets(text.replace(own["Id"].rpartition("/")[2], "OWN")):
            key = " ".join([one.pop("Name").removesuffix(".a.test."),
                            *([one.pop("SetIdentifier")] if "SetIdentifier" in one else [])])
            del one["Type"]
            found[key] = one
        for key, fields in FIELDS.items():
            self.assertEqual(found[key], fields, key)
        checks = next(one["HealthChecks"] for one in answers(text) if "HealthChecks" in one)
        self.assertEqual({one["Id"]: one["HealthCheckConfig"] for one in checks}, CONFIGS)

    def test_row_74_the_order_of_names(self):
        """More names than are sorted at once, of characters on either side of a dot."""
        rng = random.Random(SEED)
        names = {".".join("".join(rng.choices("a-0_*z", k=rng.randrange(1, 5)))
                          for _ in range(rng.randrange(1, 5))) for _ in range(30000)}
        names = sorted(name for name in names if not name.startswith("*."))[:9000] + ["x" * 60] + \
            [f"{'y' * 60}.{'x' * 60}.n{number}" for number in range(5000)]
        self.give(HEAD + "".join(f"  '{name}': {{type: A, values: [192.0.2.1]}}\n"
                                 for name in names))
        found = [one["Name"] for one in record_sets(self.exported()) if one["Type"] != "SOA"]
        self.assertEqual(len(found), 1 + len(names))  # With the NS records of the apex.
        self.assertEqual(found, sorted(found, key=listed))

    def test_row_74_types_and_identifiers(self):
        self.give(ALL)
        keys = [(listed(one["Name"]), one["Type"], one.get("SetIdentifier", ""))
                for one in record_sets(self.exported("a.test"))]
        self.assertEqual(keys, sorted(keys))

    def test_zones_by_name_and_all_of_them(self):
        self.give(ALL)
        sub = answers(self.exported("sub.a.test"))
        self.assertEqual([one["HostedZone"]["Name"] for one in sub], ["sub.a.test."])
        both = answers(self.exported())
        self.assertEqual([list(one)[-1] for one in both], [
            "ResourceRecordSets", "ResourceRecordSets", "HealthChecks", "CidrCollections"])
        named = answers(self.exported("a.test"))
        self.assertEqual([one["Id"] for one in named[1]["HealthChecks"]], ["all", "tcp", "web"])
        shown = json.loads(self.steer.ok("--json", "export", "--format", "route53"))
        self.assertEqual(shown, {"format": "route53", "text": self.exported()})

    # What cannot be expressed.

    def test_what_is_lost_is_told(self):
        """With what is lost its name and type are left out, and nothing else."""
        other = HEAD.replace("a.test", "other.test") + "  www: {type: A, values: [192.0.2.1]}\n"
        zone = HEAD + "  ok: {type: A, values: [192.0.2.2]}\n" + \
            "  '*.sub': {type: NS, values: [ns.example.net.]}\n" \
            "  '*x.sub': {type: NS, values: [ns-1.awsdns-2.com.]}\n" + "".join(
                f"  n{number}: {{{text}}}\n" for number, (text, _) in enumerate(LOSSES))
        self.give(f"{zone}---\n{other}")
        told, text = self.told()
        self.assertEqual(sorted(told), sorted([
            "*.sub.a.test. NS: NS records of a wildcard",
            *(f"n{number}.a.test. {what}" for number, (_, what) in enumerate(LOSSES))]))
        self.assertEqual(sorted({one["Name"] for one in record_sets(text)}), [
            r"\052x.sub.a.test.", "a.test.", "ok.a.test.", "other.test.", "www.other.test."])

    def test_what_is_lost_of_health_checks_is_told(self):
        self.give("health:\n  sum: {type: calculated, children: [web], threshold: 1}\n"
                  "  web: {type: http, host: a.test}\n" + "".join(
                      f"  c{number}: {text}\n" for number, (text, _) in enumerate(CHECK_LOSSES)) +
                  f"  {65 * 'c'}: {{type: http, host: a.test}}\n")
        told, text = self.told()
        self.assertEqual(sorted(told), sorted([
            f"health check {65 * 'c'}: a name of more than 64 characters",
            *(f"health check c{number}: {what}" for number, (_, what) in enumerate(CHECK_LOSSES))]))
        self.assertEqual([one["Id"] for one in answers(text)[0]["HealthChecks"]], ["sum", "web"])

    def test_what_is_lost_of_zones_is_told(self):
        own = HEAD.replace("[ns]", "[ns-1.awsdns-2.com.]").replace("a.test", "own.test").replace(
            "mname: ns,", "mname: ns-1.awsdns-2.com.,")
        over = "zone: over.test\nmode: overlay\nrecords:\n  a: {type: A, values: [192.0.2.1]}\n"
        self.give("---\n".join([HEAD.replace("a.test", "top"), over, own]))
        self.steer.ok("import", self.file("bare.test.zone", "@ 300 SOA a. b. 1 2 3 4 5\n"))
        told, text = self.told()
        servers = "servers of Route 53 at the apex"
        self.assertEqual(told, [
            "bare.test.: a zone without NS records", "over.test.: the mode overlay",
            f"own.test. NS: {servers}", f"own.test. SOA: {servers}",
            "top.: a zone of fewer than two labels"])
        self.assertEqual([one["Name"] for one in record_sets(text)],
                         ["bare.test.", "a.over.test.", "top.", "top."])

    def test_blocks_that_are_lost_are_counted(self):
        self.give(ALL)
        self.steer.ok("map", "import", "--type", "cidr", "--name", "offices", self.file(
            "map.csv", "prefix,location\n0.0.0.0/0,a\n192.0.2.0/25,a\n192.0.2.0/24,b\n"
            "2001:db8::/48,a\n2001:db8:1::/49,a\n198.51.100.0/24,seventeen-letters\n"))
        told, text = self.told()
        self.assertEqual(told, [
            "collection offices: 3 blocks shorter than /1 or longer than /24, for IPv6 /48",
            "collection offices: 1 block of locations whose names have more than 16 characters"])
        self.assertEqual(answers(text)[-1], {"CollectionId": "offices", "CidrBlocks": [
            {"CidrBlock": "192.0.2.0/24", "LocationName": "b"},
            {"CidrBlock": "2001:db8::/48", "LocationName": "a"}]})

    # All of it at random.

    def test_random_stores(self):
        """Lost is what the model says, and nothing else is."""
        cases = [PolicyCase(random.Random(f"{SEED} {number}"), number) for number in range(CASES)]
        zones = [overlay()] + [zone for case in cases for zone in case.zones]
        self.give("---\n".join([health_document({name: one[0] for name, one in CHECKS.items()}),
                                *map(zone_document, zones)]), "--format", "yaml")
        told, text = self.told()
        lost = {tuple(re.sub(" set .*", "", line.split(": ")[0]).split(" ")) for line in told}
        with open(os.path.join(SOURCE, "schema", "regions.csv"), encoding="ascii") as file:
            regions = {row[0] for row in csv.reader(file)}
        wanted = {(name, group.type) for zone in zones for name, groups in zone.names.items()
                  for group in groups.values() if is_lost(zones, zone, group, regions)}
        checks = {(f"health", "check", name) for name, (document, *_) in CHECKS.items()
                  if document is not None and "manual" in document}
        self.assertEqual(lost, wanted | checks | {(OVERLAY,)})
        presets = {group.program for zone in zones for name, groups in zone.names.items()
                   for group in groups.values() if (name, group.type) not in lost}
        self.assertEqual(presets, {(), *PRESETS.values()})
        other = self.again(text)
        kept = [one for one in json.loads(self.steer.ok("--json", "list"))
                if (one["name"], one["type"]) not in lost and one["zone"] != OVERLAY]
        self.assertEqual([one for one in json.loads(other.ok("--json", "list"))
                          if one["zone"] != OVERLAY], kept)
        documents = [[line for line in store.ok("export", "--format", "yaml").splitlines()
                      if re.match(r"  (up|down)-\S+: \{type: (?!manual)", line)]
                     for store in (self.steer, other)]
        self.assertEqual(*documents)
        self.assertTrue(documents[0])


def is_lost(zones, zone, group, regions):
    """Whether Route 53 cannot have a group of the model."""
    names = [name for name, program in PRESETS.items() if program == group.program]
    if group.type == "DNAME" or (group.program and not names):
        return True
    if any(one.alias is not None and not is_found(zones, zone, one.alias, group.type)
           for one in group.sets):
        return True
    if not names:
        return group.sets[0].check is not None
    tiers = [one.tier for one in group.sets]
    return {
        "weighted": any(one.weight > 255 for one in group.sets),
        "failover": max(tiers) > 1 or len(set(tiers)) < len(tiers),
        "latency": any(one.region not in regions or one.point is not None for one in group.sets),
        "geolocation": any(one.geo is not None and one.geo.subdivision is not None and
                           one.geo.country != "US" for one in group.sets),
        "geoproximity": any(one.point is None and one.region not in regions for one in group.sets),
        "ip": group.collection is None,
        "multivalue": False,
    }[names[0]]


def is_found(zones, zone, target, rrtype):
    """Whether the zone itself has such records at a name, and no zone in it has the name."""
    around = [one for one in zones if f".{target}".endswith(f".{one.apex}")]
    return around != [] and max(around, key=lambda one: len(one.apex)) is zone and \
        rrtype in zone.names.get(target, {})
