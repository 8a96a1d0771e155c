# SPDX-License-Identifier: GPL-3.0-or-later
"""schema/steer-yaml.schema.json accepts and refuses the documents that steerctl import does.

The same documents go through both. What the schema cannot know, such as the forms of values, is
marked: it accepts those documents, and the import refuses them.
"""

import datetime
import glob
import json
import os
import re

from steer.case import Case
from steer.yamlform import needs_yaml, texts, typed, validator

SOURCE = os.environ.get("srcdir", os.path.join(os.path.dirname(__file__), "..", ".."))
SCHEMA = os.path.join(SOURCE, "schema", "steer-yaml.schema.json")

HEAD = "zone: a.test\nsoa: {mname: ns, rname: hm}\n"
APEX = "records:\n  \"@\": {type: NS, values: [ns]}\n"
WHERE = HEAD + APEX + "  www:\n    type: A\n    policy: latency\n    sets:\n      x: "

# Name, document.
GOOD = (
    ("everything", "zone: a.test.\nmode: authoritative\ncomment: text\nttl: 60\n"
                   "soa: {mname: ns, rname: hm, serial: 1, refresh: 2, retry: 3, expire: 4,"
                   " minimum: 5, ttl: 6}\n"
                   "records:\n  \"@\":\n    - {type: NS, ttl: 7, values: [ns, ns.example.net.]}\n"),
    ("short forms", HEAD + APEX + "  www: {type: A, values: 192.0.2.1}\n"),
    ("numbers in quotes", HEAD + "ttl: \"60\"\n" + APEX),
    ("the largest numbers", HEAD.replace("hm}", "hm, serial: 4294967295}") + "ttl: 2147483647\n"
     + APEX),
    ("text that is another type elsewhere",
     HEAD + "comment: null\n" + APEX + "  on: {type: TXT, values: [on, 1.5, null, 2001-12-14]}\n"),
    ("odd names", HEAD + APEX + "  'a\\.b\\000': {type: A, values: [192.0.2.1]}\n"
     "  \"*\": {type: A, values: [192.0.2.1]}\n  x.a.test.: {type: A, values: [192.0.2.1]}\n"),
    ("an overlay", "zone: a.test\nmode: overlay\n"
     "records:\n  www: {type: A, values: [192.0.2.1]}\n"),
    ("times with units", HEAD.replace("hm}", "hm, refresh: 2H, ttl: 1h30m}") + "ttl: 1d\n" + APEX
     + "  www: {type: A, ttl: 5M, values: [192.0.2.1]}\n"),
    ("no SOA and no NS", "zone: a.test\n"),
    ("a part of the SOA", "zone: a.test\nsoa: {minimum: 60}\n"),
    ("a SOA among the records", "zone: a.test\nrecords:\n  \"@\":\n"
     "    - {type: SOA, values: [ns hm 1 2 3 4 5]}\n    - {type: NS, values: [ns]}\n"),
    ("the longest comment", HEAD + f"comment: {'x' * 256}\n" + APEX),
    ("an alias", HEAD + APEX + "  www: {type: A, alias: \"@\"}\n"
     "  api: {type: AAAA, alias: lb.example.net., evaluate-target-health: no, health: up}\n"),
    ("values with a check", HEAD + APEX
     + "  www: {type: A, ttl: 5, values: [192.0.2.1], health: \"web:1/a@b\"}\n"),
    ("weights", HEAD + APEX + "  www:\n    - type: A\n      ttl: 60\n      policy: weighted\n"
     "      sets:\n        blue: {weight: 90, values: [192.0.2.1, 192.0.2.2], health: web}\n"
     "        1.5: {weight: \"4294967295\", ttl: 60, values: 192.0.2.3}\n"
     "        c: {alias: green, evaluate-target-health: false}\n"),
    ("tiers", HEAD + APEX + "  www:\n    type: A\n    policy: failover\n    sets:\n"
     "      a: {failover: primary, values: [192.0.2.1], health: web}\n"
     "      b: {failover: secondary, values: [192.0.2.2]}\n"
     "      c: {tier: 255, values: [192.0.2.3]}\n"),
    ("steps", HEAD + APEX + "  a:\n    type: A\n"
     "    policy: [up min-healthy=50%, weighted sticky=client, take 2]\n"
     "    sets: {x: {values: [192.0.2.1]}}\n"
     "  b: {type: A, policy: \"up, shuffle\", sets: {x: {values: [192.0.2.1]}}}\n"),
    ("regions", HEAD + APEX + "  www:\n    type: A\n    policy: latency\n    sets:\n"
     "      fra: {region: eu-central-1, values: [192.0.2.1]}\n"
     "      own: {region: My_own-1, alias: b}\n"),
    ("points", HEAD + APEX + "  www:\n    type: A\n    policy: geoproximity\n    sets:\n"
     "      fra: {region: eu-central-1, bias: +99, values: [192.0.2.1]}\n"
     "      syd: {coordinates: [-33.868, \"151.2\"], bias: \"-10\", alias: b}\n"
     "      pole: {coordinates: [90, 0], alias: b}\n"),
    ("places", HEAD + APEX + "  www:\n    type: A\n    policy: geolocation\n    sets:\n"
     "      any: {geo: default, values: [192.0.2.1]}\n"
     "      na: {geo: {continent: NA}, alias: b}\n"
     "      \"no\": {geo: {country: NO}, alias: b}\n"
     "      ny: {geo: {country: us, subdivision: NY}, alias: b}\n"
     "      other: {geo: {country: AT, subdivision: 9}, alias: b}\n"),
    ("locations", HEAD + APEX + "  www:\n    type: A\n    policy: ip\n    sets:\n"
     "      any: {cidr: default, values: [192.0.2.1]}\n"
     "      oslo: {cidr: {collection: offices, location: oslo}, alias: b}\n"
     "      yes: {cidr: {location: 1, collection: offices}, alias: b}\n"),
    ("systems", HEAD + APEX + "  www:\n    type: A\n    policy: [asn, up, take 1]\n    sets:\n"
     "      any: {asn: default, values: [192.0.2.1]}\n      one: {asn: 64500, alias: b}\n"
     "      two: {asn: [\"64501\", AS64502], alias: b}\n"),
    ("simple", HEAD + APEX + "  www: {type: A, policy: simple, values: [192.0.2.1]}\n"),
    ("health checks", "health:\n"
     "  web: {type: https, host: www.example.com, address: 192.0.2.1, port: 8443, path: /healthz,\n"
     "    method: HEAD, headers: [\"X-A: b\"], codes: \"200\", sni: no, verify: true,\n"
     "    interval: 10s, timeout: 2500ms, connect-timeout: 2, rise: 1, fall: \"2\",\n"
     "    up-delay: 1m}\n"
     "  new: {type: https, host: b.example.com, resolve: both, server-name: www.example.com,\n"
     "    http2: yes, redirects: follow, search: up, response-timeout: 1, body-timeout: 500ms}\n"
     "  ns: {type: dns, address: 192.0.2.53, query-name: example.com, query-type: NS,\n"
     "    values: [ns1.example.com., ns2.example.com.], min-records: \"2\", timeout: 1}\n"
     "  gone: {type: dns, host: ns, port: 5353, query-name: x.test, rcode: NXDOMAIN}\n"
     "  ping: {type: icmp, host: ns.example.com, resolve: aaaa}\n"
     "  api: {type: tcp, address: \"2001:db8::1\", port: 53, inverted: yes, disabled: no}\n"
     "  tls: {type: tls, host: a.example.com, port: 853}\n"
     "  run: {type: command, command: [/usr/bin/check, -v, \"\"]}\n"
     "  all: {type: calculated, children: [web, api], threshold: 1}\n"
     "  one: {type: calculated, children: web, threshold: 0}\n"
     "  hand: {type: manual}\n"),
    ("health checks beside a zone", HEAD + APEX + "health: {hand: {type: manual}}\n"),
    ("no health checks", "health: {}\n"),
    ("JSON", '{"zone": "a.test", "soa": {"mname": "ns", "rname": "hm"}, "records": {"@": '
             '[{"type": "NS", "values": ["ns"]}]}}\n'),
)

# Name, document, words of the message: refused by both.
WRONG = (
    ("no zone", "ttl: 60\n" + APEX, "zone"),
    ("a list", "- zone: a.test\n", "mapping|zone"),
    ("an unknown key", HEAD + "zones: 1\n" + APEX, "zones"),
    ("an unknown mode", HEAD + "mode: secondary\n" + APEX, "secondary.*authoritative.*overlay"),
    ("a bad zone", HEAD.replace("a.test", "a b") + APEX, "a b"),
    ("a zone that is a list", HEAD.replace("a.test", "[a.test]") + APEX, "zone"),
    ("a long comment", HEAD + f"comment: {'x' * 257}\n" + APEX, "256"),
    ("a comment of two lines", HEAD + "comment: \"a\\nb\"\n" + APEX, "one line"),
    ("a comment that is a mapping", HEAD + "comment: {a: b}\n" + APEX, "comment"),
    ("a bad TTL", HEAD + "ttl: 1x\n" + APEX, "1x"),
    ("a unit without a number", HEAD + "ttl: 1h30\n" + APEX, "1h30"),
    ("a negative TTL", HEAD + "ttl: -1\n" + APEX, "-1"),
    ("a TTL that is a list", HEAD + "ttl: [1]\n" + APEX, "ttl"),
    ("records that are a list", HEAD + "records: [a]\n", "records"),
    ("a name that is a list", HEAD + APEX + "  www: [[a]]\n", "www|mapping|record set"),
    ("a name with a space", HEAD + APEX + "  a b: {type: A, values: [192.0.2.1]}\n", "a b"),
    ("a record set that is text", HEAD + APEX + "  www: 192.0.2.1\n", "mapping|record set"),
    ("a record set without a type", HEAD + APEX + "  www: {values: [192.0.2.1]}\n", "type"),
    ("a record set without values", HEAD + APEX + "  www: {type: A}\n", "values"),
    ("no values", HEAD + APEX + "  www: {type: A, values: []}\n", "values"),
    ("values in a list of lists", HEAD + APEX + "  www: {type: A, values: [[192.0.2.1]]}\n",
     "value"),
    ("an unknown key of a record set", HEAD + APEX + "  www: {type: A, value: 192.0.2.1}\n",
     "value"),
    ("a type that is a list", HEAD + APEX + "  www: {type: [A], values: [192.0.2.1]}\n", "type"),
    ("a bad TTL of a record set", HEAD + APEX + "  www: {type: A, ttl: x, values: [192.0.2.1]}\n",
     "ttl|TTL"),
    ("a SOA that is text", "zone: a.test\nsoa: ns hm\n" + APEX, "soa|mapping"),
    ("an unknown key of the SOA", HEAD.replace("hm}", "hm, seriall: 1}") + APEX, "seriall"),
    ("a serial with a unit", HEAD.replace("hm}", "hm, serial: 1h}") + APEX, "1h"),
    ("a bad serial", HEAD.replace("hm}", "hm, serial: 1.5}") + APEX, "1.5"),
    ("an overlay with a SOA", HEAD + "mode: overlay\n", "overlay|SOA|soa"),
    ("an alias with a TTL", HEAD + APEX + "  www: {type: A, ttl: 5, alias: b}\n", "ttl"),
    ("an alias with values", HEAD + APEX + "  www: {type: A, alias: b, values: [192.0.2.1]}\n",
     "alias"),
    ("a bad target", HEAD + APEX + "  www: {type: A, alias: a b}\n", "a b"),
    ("neither yes nor no", HEAD + APEX
     + "  www: {type: A, alias: b, evaluate-target-health: maybe}\n", "maybe"),
    ("the health of no target", HEAD + APEX
     + "  www: {type: A, values: [192.0.2.1], evaluate-target-health: yes}\n", "without an alias"),
    ("no identifier of a check", HEAD + APEX
     + "  www: {type: A, values: [192.0.2.1], health: a b}\n", "a b"),
    ("values beside sets", HEAD + APEX + "  www: {type: A, policy: weighted, values: [192.0.2.1],"
     " sets: {x: {alias: b}}}\n", "values"),
    ("a policy with values", HEAD + APEX
     + "  www: {type: A, policy: weighted, values: [192.0.2.1]}\n", "values"),
    ("simple with sets", HEAD + APEX
     + "  www: {type: A, policy: simple, sets: {x: {alias: b}}}\n", "simple"),
    ("a policy of no steps", HEAD + APEX
     + "  www: {type: A, policy: [], sets: {x: {alias: b}}}\n", "policy"),
    ("no sets", HEAD + APEX + "  www: {type: A, policy: weighted, sets: {}}\n", "sets"),
    ("a list of sets", HEAD + APEX + "  www: {type: A, policy: weighted, sets: [{alias: b}]}\n",
     "sets"),
    ("an empty identifier", HEAD + APEX
     + "  www: {type: A, policy: weighted, sets: {\"\": {alias: b}}}\n", "identifier"),
    ("a long identifier", HEAD + APEX
     + f"  www: {{type: A, policy: weighted, sets: {{{'x' * 129}: {{alias: b}}}}}}\n", "129"),
    ("a set of nothing", HEAD + APEX + "  www: {type: A, policy: weighted, sets: {x: {}}}\n",
     "values"),
    ("a set with a type", HEAD + APEX
     + "  www: {type: A, policy: weighted, sets: {x: {type: A, alias: b}}}\n", "type"),
    ("a negative weight", HEAD + APEX
     + "  www: {type: A, policy: weighted, sets: {x: {weight: -1, alias: b}}}\n", "-1"),
    ("a large tier", HEAD + APEX
     + "  www: {type: A, policy: failover, sets: {x: {tier: 256, alias: b}}}\n", "256"),
    ("neither primary nor secondary", HEAD + APEX
     + "  www: {type: A, policy: failover, sets: {x: {failover: first, alias: b}}}\n", "first"),
    ("tier and failover", HEAD + APEX + "  www: {type: A, policy: failover,"
     " sets: {x: {tier: 0, failover: primary, alias: b}}}\n", "tier"),
    ("no region", WHERE + "{region: a b, alias: b}\n", "a b"),
    ("coordinates that are text", WHERE + "{coordinates: '1,2', alias: b}\n", "1,2|not a list"),
    ("one coordinate", WHERE + "{coordinates: [1], alias: b}\n", "list of 1"),
    ("three coordinates", WHERE + "{coordinates: [1, 2, 3], alias: b}\n", "list of 3"),
    ("coordinates of letters", WHERE + "{coordinates: [1N, 2E], alias: b}\n", "1N"),
    ("a large bias", WHERE + "{bias: 100, alias: b}\n", "100"),
    ("a broken bias", WHERE + "{bias: 1.5, alias: b}\n", "1.5"),
    ("a place that is text", WHERE + "{geo: EU, alias: b}\n", "not a place"),
    ("no place", WHERE + "{geo: {}, alias: b}\n", "no place"),
    ("no continent", WHERE + "{geo: {continent: XX}, alias: b}\n", "XX"),
    ("no country", WHERE + "{geo: {country: USA}, alias: b}\n", "USA"),
    ("a long subdivision", WHERE + "{geo: {country: US, subdivision: US-NY}, alias: b}\n",
     "US-NY"),
    ("a subdivision of a continent", WHERE
     + "{geo: {continent: NA, subdivision: NY}, alias: b}\n", "without a country"),
    ("a country and its continent", WHERE + "{geo: {continent: NA, country: US}, alias: b}\n",
     "one of the two"),
    ("a location that is text", WHERE + "{cidr: a/b, alias: b}\n", "not a location"),
    ("a location of no collection", WHERE + "{cidr: {location: a}, alias: b}\n", "collection"),
    ("a collection", WHERE + "{cidr: {collection: a}, alias: b}\n", "without a location"),
    ("a location with a bad name", WHERE + "{cidr: {collection: a, location: '*'}, alias: b}\n",
     "\\*"),
    ("system 0", WHERE + "{asn: 0, alias: b}\n", "'0'"),
    ("no systems", WHERE + "{asn: [], alias: b}\n", "none"),
    ("a system twice", WHERE + "{asn: [1, 1], alias: b}\n", "twice"),
    ("many systems", WHERE + f"{{asn: {list(range(1, 65))}, alias: b}}\n", "63"),
    ("a check without a type", "health: {a: {host: b}}\n", "type"),
    ("an unknown type of check", "health: {a: {type: ping}}\n", "ping"),
    ("a check's bad identifier", "health: {a b: {type: manual}}\n", "a b"),
    ("an unknown key of a check", "health: {a: {type: manual, hots: b}}\n", "hots"),
    ("a key of another type of check", "health: {a: {type: manual, port: 53}}\n", "port"),
    ("a check of nothing", "health: {a: {type: https}}\n", "host"),
    ("a check without a port", "health: {a: {type: tcp, host: b}}\n", "port"),
    ("a bad port", "health: {a: {type: tcp, host: b, port: x}}\n", "port"),
    ("a list of ports", "health: {a: {type: tcp, host: b, port: [53]}}\n", "port"),
    ("a DNS check without a name", "health: {a: {type: dns, host: b}}\n", "query-name"),
    ("a host with an address", "health: {a: {type: icmp, host: b, address: \"::1\"}}\n", "address"),
    ("a ping of a port", "health: {a: {type: icmp, host: b, port: 7}}\n", "port"),
    ("no response code", "health: {a: {type: dns, host: b, query-name: c, rcode: OK}}\n", "rcode"),
    ("HTTP/2 without TLS", "health: {a: {type: http, host: b, http2: yes}}\n", "http2"),
    ("a tunnel", "health: {a: {type: http, host: b, method: CONNECT}}\n", "CONNECT"),
    ("values of a page", "health: {a: {type: http, host: b, values: [c]}}\n", "values"),
    ("no way to resolve", "health: {a: {type: tcp, host: b, port: 1, resolve: x}}\n", "resolve"),
    ("no way with redirects", "health: {a: {type: http, host: b, redirects: no}}\n", "redirects"),
    ("a name of no TLS server", "health: {a: {type: tcp, host: b, port: 1, server-name: c}}\n",
     "server-name"),
    ("a bad interval", "health: {a: {type: https, host: b, interval: 1y}}\n", "1y"),
    ("a check that is inverted by half", "health: {a: {type: manual, inverted: half}}\n", "half"),
    ("no children", "health: {a: {type: calculated, children: [], threshold: 1}}\n", "children"),
    ("a command of no type", "health: {a: {type: http, host: b, command: [/bin/a]}}\n",
     "command"),
    ("health checks with a TTL", "health: {}\nttl: 5\n", "zone"),
    ("a collection of locations", "cidr:\n  a: {b: [192.0.2.0/24]}\n", "map import"),
)

# Name, document, words of the message: accepted by the schema alone.
WRONG_TO_IMPORT = (
    ("a key twice", HEAD + APEX + "ttl: 1\nttl: 1\n", "ttl"),
    ("a name twice", HEAD + APEX + "  a: {type: A, values: [192.0.2.1]}\n"
     "  a: {type: AAAA, values: [\"::1\"]}\n", "already"),
    ("a large number", HEAD + "ttl: \"4294967296\"\n" + APEX, "4294967296"),
    ("a type twice", HEAD + APEX + "  a:\n    - {type: A, values: [192.0.2.1]}\n"
     "    - {type: A, values: [192.0.2.2]}\n", "already"),
    ("a second SOA", HEAD + APEX.replace("{type: NS", "{type: SOA, values: [a b 1 2 3 4 5]}\n"
                                         "  b: {type: NS"), "SOA"),
    ("text without quotes of its own", HEAD + APEX + "  a: {type: TXT, values: [a b]}\n", "quotes"),
    ("a zero byte", HEAD + APEX + "  a: {type: TXT, values: [\"\\0\"]}\n", "zero byte"),
    ("an unknown type", HEAD + APEX + "  a: {type: NOPE, values: [x]}\n", "NOPE"),
    ("a bad value", HEAD + APEX + "  a: {type: A, values: [192.0.2.256]}\n", "192.0.2.256"),
    ("a name elsewhere", HEAD + APEX + "  a.example.: {type: A, values: [192.0.2.1]}\n",
     "a.example"),
    ("a long label", HEAD + APEX + f"  {'x' * 64}: {{type: A, values: [192.0.2.1]}}\n", "."),
    ("data beside a CNAME", HEAD + APEX + "  a:\n    - {type: CNAME, values: [b]}\n"
     "    - {type: A, values: [192.0.2.1]}\n", "CNAME"),
    ("an unknown step", HEAD + APEX + "  a: {type: A, policy: fastest, sets: {x: {alias: b}}}\n",
     "fastest"),
    ("an identifier twice", HEAD + APEX + "  a:\n    type: A\n    policy: weighted\n    sets:\n"
     "      x: {alias: b}\n      x: {alias: c}\n", "already"),
    ("a weight that nothing reads", HEAD + APEX
     + "  a: {type: A, policy: multivalue, sets: {x: {weight: 1, values: [192.0.2.1]}}}\n",
     "weight"),
    ("sets without a policy", HEAD + APEX
     + "  a: {type: A, sets: {x: {values: [192.0.2.1]}}}\n", "policy"),
    ("a policy without sets", HEAD + APEX + "  a: {type: A, policy: weighted}\n", "set"),
    ("a large latitude", WHERE + "{coordinates: ['91', 0], alias: b}\n", "91"),
    ("a system twice, written in two ways", WHERE + "{asn: [AS1, 1], alias: b}\n", "twice"),
    ("a region that nothing reads", HEAD + APEX
     + "  a: {type: A, policy: weighted, sets: {x: {region: a, values: [192.0.2.1]}}}\n", "region"),
    ("locations of two collections", HEAD + APEX + "  a:\n    type: A\n    policy: ip\n    sets:\n"
     "      x: {cidr: {collection: a, location: b}, values: [192.0.2.1]}\n"
     "      y: {cidr: {collection: b, location: b}, values: [192.0.2.1]}\n", "collection"),
    ("a large port", "health: {a: {type: tcp, host: b, port: \"65536\"}}\n", "65536"),
    ("a short interval", "health: {a: {type: tcp, host: b, port: 53, interval: 1ms}}\n", "1ms"),
    ("a long timeout", "health: {a: {type: icmp, host: b, interval: 1s, timeout: 2s}}\n", "2s"),
    ("a value of another type",
     "health: {a: {type: dns, host: b, query-name: c, values: [\"::1\"]}}\n", "::1"),
    ("a check twice", "health:\n  a: {type: manual}\n  a: {type: manual}\n", "already"),
    ("a relative command", "health: {a: {type: command, command: [check]}}\n", "check"),
    ("a wildcard of an overlay", "zone: a.test\nmode: overlay\n"
     "records:\n  \"*\": {type: A, values: [192.0.2.1]}\n", "wildcard|\\*"),
)


# Tables of keys in the source of the reader, and where the schema has the same keys.
TABLES = {"document_keys": (), "soa_keys": ("$defs", "soa"), "set_keys": ("$defs", "set"),
          "member_keys": ("$defs", "member"), "geo_keys": ("$defs", "place"),
          "cidr_keys": ("$defs", "location")}


def tables_of_keys():
    """The reader's tables: name -> keys."""
    tables = {}
    for path in glob.glob(os.path.join(SOURCE, "module", "formats", "yaml", "*.c")):
        with open(path, encoding="utf-8") as source:
            text = source.read()
        for name, body in re.findall(r"steer_yaml_key_t (\w+)\[\] = {(.*?)^};", text, re.S | re.M):
            tables[name] = set(re.findall(r'{ "([a-z-]+)", \w+ }', body))
    return tables


def keys_of_checks():
    """The keys of health checks, which are in a table of core."""
    with open(os.path.join(SOURCE, "module", "core", "health_check.c"), encoding="utf-8") as source:
        return set(re.findall(r'^\tX\([A-Z0-9_]+, +\d+, "([a-z0-9-]+)"', source.read(), re.M))


def as_json(value):
    """A document as JSON would hold it: its keys are text, and dates too."""
    if isinstance(value, dict):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return str(value) if isinstance(value, datetime.date) else value


@needs_yaml
class YamlSchema(Case):

    def setUp(self):
        super().setUp()
        with open(SCHEMA, encoding="utf-8") as file:
            self.schema = json.load(file)
        self.validator = validator(self.schema)

    def valid(self, text):
        """The schema's verdict, for readers that see only text and for those that see types."""
        verdicts = {all(self.validator.is_valid(document) for document in documents)
                    for documents in (texts(text), [as_json(one) for one in typed(text)])}
        self.assertEqual(len(verdicts), 1, text)
        return verdicts.pop()

    def imported(self, store, text):
        return store.run("import", "--dry-run", self.file("document.yaml", text))

    def test_the_schema_and_the_import_agree(self):
        store = self.store("--map-size", "64M", "--ns", "ns.example.net")
        for name, text in GOOD:
            with self.subTest(name):
                self.assertTrue(self.valid(text))
                self.assert_status(self.imported(store, text), 0)
        for name, text, words in WRONG:
            with self.subTest(name):
                self.assertFalse(self.valid(text))
                self.assert_status(self.imported(store, text), 1,
                                   rf"document\.yaml:\d+:\d+: (?s:.*)({words})")
        for name, text, words in WRONG_TO_IMPORT:
            with self.subTest(name):
                self.assertTrue(self.valid(text))
                self.assert_status(self.imported(store, text), 1,
                                   rf"document\.yaml:\d+:\d+: (?s:.*)({words})")

    def test_the_schema_has_the_keys_of_the_reader(self):
        tables = tables_of_keys()
        self.assertEqual(set(tables), set(TABLES))
        for table, keys in tables.items():
            with self.subTest(table):
                part = self.schema
                for key in TABLES[table]:
                    part = part[key]
                self.assertEqual(set(part["properties"]), keys)
        check = self.schema["$defs"]["check"]["properties"]
        self.assertEqual(set(check), keys_of_checks() | {"type"})

    def test_what_is_exported_is_right_to_the_schema(self):
        store = self.store("--map-size", "64M")
        for name in ("corner", "rfc4592", "zero"):
            store.ok("import", os.path.join(SOURCE, "tests", "system", "zones", f"{name}.zone"))
        store.ok("zone", "create", "overlay.test", "--overlay")
        store.ok("set", "on.overlay.test", "TXT", "no")
        self.assertTrue(self.valid(store.ok("export", "--format", "yaml")))
