# SPDX-License-Identifier: GPL-3.0-or-later
"""schema/steer-yaml.schema.json says of documents what steerctl import says.

The same documents go through both. What the schema cannot know, such as the forms of values, is
marked: those documents are right to it and refused by the import.
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
    ("a policy", HEAD + APEX + "  www:\n    - type: A\n      policy: weighted\n"
     "      sets:\n        a: {weight: 1, values: [192.0.2.1]}\n", "not yet"),
    ("an alias", HEAD + APEX + "  www: {type: A, alias: b}\n", "not yet"),
    ("health checks", "health:\n  a: {type: tcp, address: 192.0.2.1}\n", "not yet"),
    ("CIDR collections", "cidr:\n  a: {b: [192.0.2.0/24]}\n", "not yet"),
)

# Name, document, words of the message: right to the schema alone.
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
    ("a wildcard of an overlay", "zone: a.test\nmode: overlay\n"
     "records:\n  \"*\": {type: A, values: [192.0.2.1]}\n", "wildcard|\\*"),
)


# Tables of keys in the source of the reader, and where the schema has the same keys.
TABLES = {"document_keys": (), "soa_keys": ("$defs", "soa"), "set_keys": ("$defs", "set")}


def tables_of_keys():
    """The reader's tables: name -> keys that it takes, keys that it knows and does not take yet."""
    tables = {}
    for path in glob.glob(os.path.join(SOURCE, "module", "formats", "yaml*.c")):
        with open(path, encoding="utf-8") as source:
            text = source.read()
        for name, body in re.findall(r"steer_yaml_key_t (\w+)\[\] = {(.*?)^};", text, re.S | re.M):
            found = re.findall(r'{ "([a-z-]+)", (\w+) }', body)
            tables[name] = ({key for key, take in found if take != "NULL"},
                            {key for key, take in found if take == "NULL"})
    return tables


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
        """What the schema says, for readers that see text alone and for those that see types."""
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
        for table, (taken, later) in tables.items():
            with self.subTest(table):
                part = self.schema
                for key in TABLES[table]:
                    part = part[key]
                self.assertEqual(set(part["properties"]), taken)
                self.assertFalse(taken & later)

    def test_what_is_exported_is_right_to_the_schema(self):
        store = self.store("--map-size", "64M")
        for name in ("corner", "rfc4592", "zero"):
            store.ok("import", os.path.join(SOURCE, "tests", "system", "zones", f"{name}.zone"))
        store.ok("zone", "create", "overlay.test", "--overlay")
        store.ok("set", "on.overlay.test", "TXT", "no")
        self.assertTrue(self.valid(store.ok("export", "--format", "yaml")))
