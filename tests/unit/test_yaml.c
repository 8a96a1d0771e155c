/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/guess.h"
#include "formats/name_set.h"
#include "unit/test.h"
#include "unit/yaml_story.h"

static void documents_become_zones_and_records(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "a zone alone", "zone: Example.COM", "=1:7 example.com.\n" },
		{ "the root", "zone: .\nrecords: {com: {type: NS, values: a.b}}",
		  "=1:7 .\n2:35 com. 3600 NS a.b.\n" },
		{ "all that can be said of a zone",
		  "zone: example.\nmode: overlay\ncomment: a b\nttl: 1h30m\nsoa: {}\n",
		  "=1:7 example. overlay comment='a b' ttl=5400 soa\n" },
		{ "nothing is something", Z "mode: authoritative\ncomment: ''\nttl: 0\n",
		  "=1:7 example. authoritative comment='' ttl=0\n" },
		{ "fields of the SOA",
		  Z "soa: {mname: ns, rname: 'h\\\\.', serial: 4294967295, refresh: 2H, retry: "
		  "1w1d1h1m1s,\n"
		  "  expire: 4294967295, minimum: 0, ttl: 3550w}\n",
		  "=1:7 example. soa mname=ns.example. rname=h\\\\. serial=4294967295 refresh=7200 "
		  "retry=694861 expire=4294967295 minimum=0 ttl=2147040000\n" },
		{ "one value, one set, no list", R "  a: {type: A, values: 192.0.2.1}\n",
		  ZONE "3:24 a.example. 3600 A 192.0.2.1\n" },
		{ "lists", R "  a:\n  - type: A\n    ttl: 5\n    values:\n    - 192.0.2.1\n"
		  "    - 192.0.2.2\n  - {type: aaaa, values: [2001:db8::1]}\n",
		  ZONE "7:7 a.example. 5 A 192.0.2.1\n8:7 a.example. 5 A 192.0.2.2\n"
		  "9:27 a.example. 3600 AAAA 2001:db8::1\n" },
		{ "any order of keys",
		  "ttl: 60\nrecords: {a: {values: [b, c], ttl: 5, type: NS}, d: {values: e, type: NS}}\n"
		  "zone: example.\n",
		  "=3:7 example. ttl=60\n2:24 a.example. 5 NS b.example.\n2:27 a.example. 5 NS c.example."
		  "\n2:62 d.example. 60 NS e.example.\n" },
		{ "the TTL behind the records", R "  a: {type: NS, values: b}\nttl: 60",
		  "=1:7 example. ttl=60\n3:25 a.example. 60 NS b.example.\n" },
		{ "names", R "  \"@\": {type: NS, values: [\"@\", a, a.b, c.]}\n"
		  "  A.B: {type: NS, values: C}\n  d.example.: {type: NS, values: D.}\n"
		  "  \"*\": {type: NS, values: a}\n  '*.e': {type: NS, values: a}\n"
		  "  a\\.: {type: NS, values: a\\.}\n  '\\\\.example.': {type: NS, values: a}\n",
		  ZONE "3:28 example. 3600 NS example.\n3:33 example. 3600 NS a.example.\n"
		  "3:36 example. 3600 NS a.b.example.\n3:41 example. 3600 NS c.\n"
		  "4:27 a.b.example. 3600 NS c.example.\n5:34 d.example. 3600 NS d.\n"
		  "6:27 *.example. 3600 NS a.example.\n7:29 *.e.example. 3600 NS a.example.\n"
		  "8:27 a\\..example. 3600 NS a\\..example.\n"
		  "9:37 \\\\.example. 3600 NS a.example.\n" },
		{ "text stays text", R "  no: {type: TXT, values: [no, on, 1.0, ~, null, 0x10, \"'\"]}\n"
		  "  1: {type: TYPE65280, values: '\\# 2 abcd'}\n  'yes': {type: TXT, values: \"\\x41\"}\n",
		  ZONE "3:28 no.example. 3600 TXT \"no\"\n3:32 no.example. 3600 TXT \"on\"\n"
		  "3:36 no.example. 3600 TXT \"1.0\"\n3:41 no.example. 3600 TXT \"~\"\n"
		  "3:44 no.example. 3600 TXT \"null\"\n3:50 no.example. 3600 TXT \"0x10\"\n"
		  "3:56 no.example. 3600 TXT \"'\"\n4:32 1.example. 3600 TYPE65280 \\# 2 ABCD\n"
		  "5:30 yes.example. 3600 TXT \"A\"\n" },
		{ "quotes of a zone file between those of YAML",
		  R "  a: {type: TXT, values: ['\"v=spf1 -all\"', '\"a;b\" \"c\"', '\\# 2 0161']}\n"
		  "  b: {type: CAA, values: 0 issue \"ca.example; a=b\"}\n",
		  ZONE "3:27 a.example. 3600 TXT \"v=spf1 -all\"\n3:44 a.example. 3600 TXT \"a;b\" \"c\"\n"
		  "3:57 a.example. 3600 TXT \"a\"\n"
		  "4:26 b.example. 3600 CAA 0 issue \"ca.example; a=b\"\n" },
		{ "colons where YAML takes them", R "  a: {type: AAAA, values: [1::8, \"::1\"]}\n"
		  "  b:\n    type: AAAA\n    values:\n      - ::1\n",
		  ZONE "3:28 a.example. 3600 AAAA 1::8\n3:34 a.example. 3600 AAAA ::1\n"
		  "7:9 b.example. 3600 AAAA ::1\n" },
		{ "text of many lines", Z "comment: >-\n  one\n  two\nrecords:\n  a:\n    type: MX\n"
		  "    values:\n      10\n      mail\n",
		  "=1:7 example. comment='one two'\n9:7 a.example. 3600 MX 10 mail.example.\n" },
		{ "no records", Z "records:\n", ZONE },
		{ "no record sets", R "  a: []\n", ZONE },
		{ "the SOA as a record set", R "  '@': {type: SOA, values: a b 1 2 3 4 5}\n",
		  ZONE "3:28 example. 3600 SOA a.example. b.example. 1 2 3 4 5\n" },
		{ "documents", "---\nzone: a\n---\n---\nrecords: {x: {type: NS, values: y}}\nzone: b\n"
		  "...\n---\nzone: c\nrecords: {x: {type: NS, values: y}}\n--- {zone: d}\n",
		  "=2:7 a.\n=6:7 b.\n5:33 x.b. 3600 NS y.b.\n=9:7 c.\n10:33 x.c. 3600 NS y.c.\n"
		  "=11:12 d.\n" },
		{ "directive, mark of the byte order, ends of lines of another system",
		  "\xef\xbb\xbf%YAML 1.1\r\n---\r\nzone: a\r\nrecords:\r\n  x: {type: NS, values: y}\r\n",
		  "=3:7 a.\n5:25 x.a. 3600 NS y.a.\n" },
		{ "the mark is no indentation", "\xef\xbb\xbfttl: 5\nzone: a\n", "=2:7 a. ttl=5\n" },
		{ "columns count characters", "{comment: \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80, zone: a}",
		  "=1:22 a. comment='\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80'\n" },
		{ "an explicit key", "? zone\n: a\n", "=2:3 a.\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_OK);
}

#define KEYS "; allowed: zone, mode, comment, ttl, soa, records, health\n"
#define SET_KEYS "; allowed: type, ttl, values, alias, evaluate-target-health, health, policy, " \
                 "sets\n"
#define NAME "allowed: labels of letters, digits, - _ / * and \\DDD, of 1 to 63 bytes, 255 in " \
             "all; international names as xn--\n"
#define ADDRESS "; allowed: an address such as 192.0.2.1, of AAAA such as 2001:db8::1"
#define UNITS "allowed: seconds, or numbers with s, m, h, d, w, up to "
#define TTL  UNITS "2147483647 s\n"
#define SET "allowed: a record set such as {type: A, values: [192.0.2.1]}"
#define FORMS SET ", with alias, or with policy and sets\n"
#define MISSING "zone: missing; allowed: the name of the zone, such as zone: example.com, or " \
                "health alone\n"

static void mistakes_of_a_zone_are_told_with_place_and_key(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "nothing", "", "!1:1 " MISSING },
		{ "a comment", "# x\n", "!1:1 " MISSING },
		{ "empty documents", "---\n---\n", "!1:1 " MISSING },
		{ "an empty mapping", Z "---\n{}\n", ZONE "!3:1 " MISSING },
		{ "no name", "ttl: 5\n", "!1:1 " MISSING },
		{ "no name in the second", Z "---\nttl: 5\n", ZONE "!3:1 " MISSING },
		{ "no mapping", "- a\n---\nb\n",
		  "!1:1 zone: not a mapping; allowed: a document such as zone: example.com\n"
		  "!3:1 zone: not a mapping; allowed: a document such as zone: example.com\n" },
		{ "no name of a zone", "zone: a..b\n---\nzone: [a]\n---\nzone:\n---\nzone: \"a\\0\"\n",
		  "!1:7 zone: 'a..b' is not a domain name; " NAME
		  "!3:7 zone: a list; allowed: one value\n"
		  "!5:6 zone: '' is not a domain name; " NAME
		  "!7:7 zone: a zero byte; allowed: text\n" },
		{ "what is not known", Z "Zone: b\nrecord: {a: [&x b]}\nxyzzy: 1\n\"a\\x07\": 1\n[b]: 1\n"
		  "foo: 1\n",
		  "!2:1 Zone: no such key, did you mean zone" KEYS
		  "!3:1 record: no such key, did you mean records" KEYS
		  "!3:14 &x: YAML anchors are not supported; text that begins with & needs quotes\n"
		  "!4:1 xyzzy: no such key" KEYS "!5:1 a?: no such key" KEYS
		  "!6:1 a key is text, not a list or mapping\n" "!7:1 foo: no such key" KEYS ZONE },
		{ "what stands twice", Z "zone: b\nrecords: {a: {type: NS, values: b}}\nrecords: {a: 1}\n",
		  "!2:1 zone: already in line 1; allowed: once\n"
		  "!4:1 records: already in line 3; allowed: once\n"
		  ZONE "3:33 a.example. 3600 NS b.example.\n" },
		{ "a collection of locations", "cidr: {}\n---\n" Z "cidr: {}\n",
		  "!1:1 cidr: a collection of locations is a map; allowed: steerctl map import --type "
		  "cidr\n!1:1 " MISSING
		  "!4:1 cidr: a collection of locations is a map; allowed: steerctl map import --type "
		  "cidr\n=3:7 example.\n" },
		{ "mode", Z "mode: Overlay\n---\n" Z "mode: {}\n",
		  "!2:7 mode: 'Overlay' is not a mode; allowed: authoritative, overlay\n"
		  "=1:7 example. authoritative\n"
		  "!5:7 mode: a mapping; allowed: one value\n=4:7 example.\n" },
		{ "comment", Z "comment: |\n  a\n---\n" Z "comment: \"a\\e[1m\"\n---\n"
		  Z "comment: \"\\u0085\"\n",
		  "!2:10 comment: line ends or other control characters; allowed: text of one line\n"
		  ZONE
		  "!6:10 comment: line ends or other control characters; allowed: text of one line\n"
		  "=5:7 example.\n"
		  "!9:10 comment: line ends or other control characters; allowed: text of one line\n"
		  "=8:7 example.\n" },
		{ "ttl", Z "ttl: 1y\n---\n" Z "ttl: 2147483648\n---\n" Z "ttl: 3551w\n---\n" Z "ttl: -1\n"
		  "---\n" Z "ttl: 1h2\n---\n" Z "ttl:\n---\n" Z "ttl: 99999999999999999999\n",
		  "!2:6 ttl: '1y' is not a time; " TTL "=1:7 example. ttl=3600\n"
		  "!5:6 ttl: '2147483648' is not a time; " TTL "=4:7 example. ttl=3600\n"
		  "!8:6 ttl: '3551w' is not a time; " TTL "=7:7 example. ttl=3600\n"
		  "!11:6 ttl: '-1' is not a time; " TTL "=10:7 example. ttl=3600\n"
		  "!14:6 ttl: '1h2' is not a time; " TTL "=13:7 example. ttl=3600\n"
		  "!17:5 ttl: '' is not a time; " TTL "=16:7 example. ttl=3600\n"
		  "!20:6 ttl: '99999999999999999999' is not a time; " TTL "=19:7 example. ttl=3600\n" },
		{ "soa", Z "soa: [a]\n---\n" Z "soa: {serial: 1h, mname: a b, mnam: c, refresh: {}, "
		  "rname: [d], serial: 1}\n",
		  "!2:6 soa: not a mapping; allowed: fields such as {rname: hostmaster, refresh: 2h}\n" ZONE
		  "!5:15 serial: '1h' is not a number; allowed: 0 to 4294967295\n"
		  "!5:31 mnam: no such key, did you mean mname; allowed: serial, refresh, retry, "
		  "expire, minimum, mname, rname, ttl\n"
		  "!5:49 refresh: a mapping; allowed: one value\n!5:60 rname: a list; allowed: one value\n"
		  "!5:65 serial: already in line 5; allowed: once\n"
		  "!5:26 mname: 'a b' is not a domain name; allowed: one such as ns1.example.net., or "
		  "relative to the zone\n"
		  "=4:7 example. soa mname=. rname=. serial=0 refresh=0\n" },
		{ "merge keys", "x: &x {ttl: 5}\n" "<<: *x\n" Z,
		  "!1:1 x: no such key" KEYS
		  "!1:4 &x: YAML anchors are not supported; text that begins with & needs quotes\n"
		  "!2:1 <<: merge keys are not supported" KEYS
		  "!2:5 *x: YAML aliases are not supported; a name or value that begins with * needs "
		  "quotes: \"*x\"\n=3:7 example.\n" },
		{ "aliases and tags", "zone: *z\nmode: !!str overlay\ncomment: !x y\n",
		  "!1:7 *z: YAML aliases are not supported; a name or value that begins with * needs "
		  "quotes: \"*z\"\n"
		  "!2:7 tag:yaml.org,2002:str: YAML tags are not supported: all is text here; text that "
		  "begins with ! needs quotes\n"
		  "!3:10 !x: YAML tags are not supported: all is text here; text that begins with ! needs "
		  "quotes\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_EREFUSED);
}

static void mistakes_of_records_are_told_with_place_and_key(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "records", Z "records: [a]\n---\n" Z "records: a\n",
		  ZONE "!2:10 records: not a mapping; allowed: names with their record sets, such as "
		  "www: {type: A, values: [192.0.2.1]}\n"
		  "=4:7 example.\n!5:10 records: not a mapping; allowed: names with their record sets, "
		  "such as www: {type: A, values: [192.0.2.1]}\n" },
		{ "names", R "  a..b: 1\n  c.: 1\n  d.example.com: {type: NS, values: a}\n"
		  "  [e]: 1\n  f g: 1\n  b\xc3\xbc: 1\n",
		  ZONE "!3:3 records: 'a..b' is not a domain name; " NAME
		  "!4:3 c.: outside of the zone example.; allowed: names in it; without a final dot "
		  "they are relative to it\n5:37 d.example.com.example. 3600 NS a.example.\n"
		  "!6:3 records: a name is text, not a list or mapping\n"
		  "!7:3 records: 'f g' is not a domain name; " NAME
		  "!8:3 records: 'b?\?' is not a domain name; " NAME },
		{ "a name twice", R "  a: {type: NS, values: b}\n  A: {type: TXT, values: b}\n"
		  "  a.example.: {type: TXT, values: b}\n---\nzone: b\nrecords: {a: []}\n",
		  ZONE "3:25 a.example. 3600 NS b.example.\n"
		  "!4:3 A: the name is already in line 3; allowed: once, with a list of all its "
		  "record sets\n"
		  "!5:3 a.example.: the name is already in line 3; allowed: once, with a list of all "
		  "its record sets\n=7:7 b.\n" },
		{ "record sets", R "  a: b\n  c: [d, [e], *f]\n",
		  ZONE "!3:6 records: not a record set; allowed: one such as {type: A, values: "
		  "[192.0.2.1]}, or a list of them\n"
		  "!4:7 records: not a record set; allowed: one such as {type: A, values: [192.0.2.1]}, "
		  "or a list of them\n"
		  "!4:10 records: not a record set; allowed: one such as {type: A, values: [192.0.2.1]}, "
		  "or a list of them\n"
		  "!4:15 *f: YAML aliases are not supported; a name or value that begins with * needs "
		  "quotes: \"*f\"\n" },
		{ "keys", R "  a: {values: b}\n  b: {type: NS}\n  c: {}\n  d: {type: NS, value: x, typ: y, "
		  "valuse: z, ttls: 1}\n",
		  ZONE "!3:6 type: missing; " SET "\n!4:6 values: missing; " FORMS "!5:6 type: "
		  "missing; " SET
		  "\n"
		  "!6:17 value: no such key, did you mean values" SET_KEYS
		  "!6:27 typ: no such key, did you mean type" SET_KEYS
		  "!6:35 valuse: no such key, did you mean values" SET_KEYS
		  "!6:46 ttls: no such key, did you mean ttl" SET_KEYS "!6:6 values: missing; " FORMS },
		{ "types", R "  a: {type: FOO, values: x}\n  b: {type: ANY, values: x}\n"
		  "  c: {type: [A], values: x}\n"
		  "  d: [{type: A, values: 192.0.2.1}, {values: x, type: a}]\n",
		  ZONE "!3:13 type: 'FOO' is not a record type; allowed: names like MX, or TYPE123\n"
		  "!4:13 type: 'ANY' is not a record type; allowed: names like MX, or TYPE123\n"
		  "!5:13 type: a list; allowed: one value\n6:25 d.example. 3600 A 192.0.2.1\n"
		  "!6:55 type: A is already in line 6; allowed: one record set of a type, with all "
		  "values, or with a policy and sets\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_EREFUSED);
}

static void mistakes_of_values_are_told_with_place_and_key(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "ttl", R "  a: {type: NS, values: b, ttl: x}\n",
		  ZONE "!3:33 ttl: 'x' is not a time; " TTL "3:25 a.example. 3600 NS b.example.\n" },
		{ "values", R "  a: {type: A, values: [192.0.2, 192.0.2.1, x, [y], {z: 1}, *w]}\n"
		  "  b: {type: A, values: []}\n  c: {type: A, values: }\n  d: {type: A, values: {a: b}}\n"
		  "  e: {type: A, values: \"192.0.2.1\\n\"}\n  f: {type: A, values: \"192.0.2.1\\0\"}\n"
		  "  g: {type: MX, values: mail}\n",
		  ZONE "!3:48 values: a list; allowed: one value\n!3:53 values: a mapping; allowed: one "
		  "value\n!3:61 *w: YAML aliases are not supported; a name or value that begins with * "
		  "needs quotes: \"*w\"\n"
		  "!3:25 values: invalid IPv4 address, near '192.0.2'; allowed: four numbers from 0 to "
		  "255\n3:34 a.example. 3600 A 192.0.2.1\n"
		  "!3:45 values: invalid address character, near 'x'" ADDRESS "\n"
		  "!4:24 values: none; allowed: at least one\n"
		  "!5:24 values: invalid address character" ADDRESS "\n"
		  "!6:24 values: a mapping; allowed: one value\n"
		  "!7:24 values: a value is one line; other bytes as \\DDD\n"
		  "!8:24 values: a zero byte; allowed: text\n"
		  "!9:25 values: invalid number, near 'mail'; allowed: digits; a record is NAME [TTL] TYPE "
		  "and all data of the type\n" },
		{ "text without quotes of its own",
		  R "  a: {type: TXT, values: [v=spf1 -all, \"a\\tb\", a;b]}\n"
		  "  b: {type: SPF, values: a b}\n",
		  ZONE "!3:27 values: text with blanks needs quotes of its own, inside those of YAML: "
		  "'\"v=spf1 -all\"'\n"
		  "!3:40 values: text with blanks needs quotes of its own, inside those of YAML: "
		  "'\"a?b\"'\n!3:48 values: ';' begins a comment; text that has one is put in \"\"\n"
		  "!4:26 values: text with blanks needs quotes of its own, inside those of YAML: "
		  "'\"a b\"'\n" },
		{ "the SOA", Z "soa: {}\nrecords:\n  '@': {type: SOA, values: a b 1 2 3 4 5}\n"
		  "  a: {type: SOA, values: a b 1 2 3 4 5}\n---\n" R
		  "  '@': {type: SOA, values: [a b 1 2 3 4 5, a b 1 2 3 4 6]}\n",
		  "=1:7 example. soa\n!4:15 type: SOA; already in line 2 as soa; allowed: one of "
		  "them\n!5:13 type: SOA; allowed: one record, at \"@\"\n=7:7 example.\n"
		  "!9:15 type: SOA; allowed: one record, at \"@\"\n" },
		{ "records of no zone are passed over", "zone: a..b\nrecords: {x: &y 1}\n",
		  "!1:7 zone: 'a..b' is not a domain name; " NAME },
		{ "one anchor is one mistake", R "  &x a: {type: A, values: &y 192.0.2.1}\n",
		  ZONE "!3:3 &x: YAML anchors are not supported; text that begins with & needs quotes\n"
		  "!3:27 &y: YAML anchors are not supported; text that begins with & needs quotes\n"
		  "3:27 a.example. 3600 A 192.0.2.1\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_EREFUSED);
}

static void what_is_no_yaml_says_what_to_do(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "the wildcard", R "  *: 1\n", "!3:3 *: text that begins with * needs quotes: \"*\"\n" },
		{ "a name below it", R "  *.dev: 1\n",
		  "!3:3 *.dev: text that begins with * needs quotes: \"*.dev\"\n" },
		{ "the wildcard between braces", Z "records: {*: 1}\n",
		  "!2:11 *: text that begins with * needs quotes: \"*\"\n" },
		{ "the wildcard as a value", R "  a: {type: NS, values: [b, *.c, d]}\n",
		  "!3:29 *.c: text that begins with * needs quotes: \"*.c\"\n" },
		{ "the apex", R "  @: 1\n", "!3:3 @: text that begins with @ needs quotes: \"@\"\n" },
		{ "a colon", R "  a: {type: AAAA, values: [2001:db8::1, ::1]}\n",
		  "!3:41 ::1: text that begins with : needs quotes: \"::1\"\n" },
		{ "a colon alone", R "  a: {type: AAAA, values: ::1}\n",
		  "!3:27 ::1: text that begins with : needs quotes: \"::1\"\n" },
		{ "a colon at the end", R "  a: {type: AAAA, values: [1::, 2::]}\n",
		  "!3:28 1::: text that ends with a colon needs quotes: \"1::\"\n" },
		{ "other marks", Z "comment: `x`\n",
		  "!2:10 `x`: text that begins with ` needs quotes: \"`x`\"\n" },
		{ "a mark of no anchor", Z "comment: &: x\n",
		  "!2:10 &: text that begins with & needs quotes: \"&\"\n" },
		{ "a percent sign", Z "comment: %x\n",
		  "!2:10 %x: text that begins with % needs quotes: \"%x\"\n" },
		{ "behind characters of many bytes", Z "records: [\xc3\xa4, *.\xc3\xa4]\n",
		  "!2:14 *.?\?: text that begins with * needs quotes: \"*.?\?\"\n" },
		{ "a tab", R "\ta: 1\n", "!3:1 a tab; allowed for indentation: blanks\n" },
		{ "a second colon", Z "comment: a: b\n",
		  "!2:11 a second ': ' in a line, or a line that is indented too far; text with ': ' in "
		  "it needs quotes\n" },
		{ "a list in a line", Z "records: - a\n",
		  "!2:10 a list that begins with '-' begins on a line of its own\n" },
		{ "indentation of a mapping", R "  a:\n    - 1\n b: 2\n",
		  "!5:2 wrong indentation: neither in nor after the mapping that begins in line 1\n" },
		{ "indentation of a list", R "  a:\n    - 1\n    b: 2\n",
		  "!5:5 wrong indentation: neither in nor after the list that begins in line 4\n" },
		{ "an open list", R "  a: {values: [b, c\n",
		  "!4:1 neither ',' nor the end ']' of the list that begins in line 3\n" },
		{ "an open mapping", R "  a: {type: A values: b}\n",
		  "!3:21 neither ',' nor the end '}' of the mapping\n" },
		{ "a mapping that ends as a list", Z "soa: {refresh: 1]\n",
		  "!2:17 neither ',' nor the end '}' of the mapping\n" },
		{ "no colon", Z "records\nttl: 5\n", "!3:1 no ':' after the key that begins in line 2\n" },
		{ "an open quote", Z "comment: \"a\n\nb\n",
		  "!5:1 no closing quote of the text that begins in line 2\n" },
		{ "a document in a quote", Z "comment: 'a\n---\nb'\n",
		  "!3:1 no closing quote of the text that begins in line 2\n" },
		{ "an escape", R "  a: {type: TXT, values: \"\\d\"}\n",
		  "!3:27 not a YAML escape; allowed: '\\\\' for a backslash between double quotes, or "
		  "single quotes around the text\n" },
		{ "two things in a document", "{zone: a}\nttl: 5\n",
		  "=1:8 a.\n!2:1 neither a key of the document nor '---' for the next one; the keys of a "
		  "document are below each other\n" },
		{ "another version", "%YAML 3.0\n---\n" Z,
		  "!1:1 not YAML: found incompatible YAML document\n" },
		{ "no UTF-8", Z "comment: \xc3\xa4\xff\n",
		  "!2:11 byte 0xff: not UTF-8; allowed: text in UTF-8\n" },
		{ "half a character", Z "comment: \xc3",
		  "!2:10 byte 0xc3: not UTF-8; allowed: text in UTF-8\n" },
		{ "another encoding", "\xff\xfez", "!1:1 byte 0xff: not UTF-8; allowed: text in UTF-8\n" },
		{ "a control character", Z "comment: a\x07\n",
		  "!2:11 byte 0x07: a control character; allowed: text in UTF-8, such as \"\\x07\"\n" },
		{ "depth", Z "xyzzy: [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]\n---\n"
		  "zone: a\nxyzzy: [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n",
		  "!2:1 xyzzy: no such key" KEYS ZONE "!5:1 xyzzy: no such key" KEYS
		  "!5:23 more than 16 nested lists and mappings\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_EREFUSED);
}

static void the_first_error_ends_a_reading_without_error_sink(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "a value", R "  a: {type: A, values: [x, y]}\n",
		  "f:3:25: values: invalid address character, near 'x'" ADDRESS },
		{ "no YAML", Z "ttl: *\nb: *\n", "f:2:6: *: text that begins with * needs quotes: \"*\"" },
		{ "a key", Z "a: 1\nb: 2\n",
		  "f:2:1: a: no such key; allowed: zone, mode, comment, ttl, soa, records, health" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		steer_yaml_t *file = NULL;
		story_t story = { 0 };
		story_begin(&story);
		story.reading.error = NULL;
		steer_fault_t fault;
		assert_int_equal(steer_yaml_text(&file, "f", cases[i].text, strlen(cases[i].text)),
		                 STEER_OK);
		assert_int_equal(steer_yaml_read(file, &story.reading, &fault), STEER_EREFUSED);
		assert_int_equal(fault.code, STEER_EREFUSED);
		assert_string_equal(fault.text, cases[i].want);
		steer_yaml_close(file);
		free(story_end(&story));
	}
}

static void an_error_of_a_callback_ends_the_reading(void **state)
{
	(void)state;
	static const char text[] = R "  a: {type: NS, values: [b, c]}\n";
	steer_yaml_t *file = NULL;
	story_t story = { .stop = STEER_EFULL };
	story_begin(&story);
	steer_fault_t fault;
	assert_int_equal(steer_yaml_text(&file, "f", text, strlen(text)), STEER_OK);
	assert_int_equal(steer_yaml_read(file, &story.reading, &fault), STEER_EFULL);
	steer_yaml_close(file);
	char *told = story_end(&story);
	assert_string_equal(told, ZONE "3:26 a.example. 3600 NS b.example.\n");
	free(told);
}

static void errors_are_counted_and_bounded(void **state)
{
	(void)state;
	char text[64 + 1000 * 8] = Z;
	int ret;
	steer_fault_t fault;
	strcat(text, "a: 1\nb: 2\n");
	free(tell_yaml(text, strlen(text), &ret, &fault));
	assert_string_equal(fault.text, "f: 2 errors");
	for (int i = 0; i < 1000; i++) {
		strcat(text, "c: 1\n");
	}
	char *told = tell_yaml(text, strlen(text), &ret, &fault);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_string_equal(fault.text, "f: 100 errors, more not shown");
	int lines = 0;
	for (const char *at = told; *at != '\0'; at++) {
		lines += *at == '\n';
	}
	assert_int_equal(lines, STEER_ERRORS_MAX);
	free(told);
}

/* Text around something repeated. */
static char *repeated(const char *before, const char *what, unsigned times, const char *after)
{
	size_t len = strlen(what);
	char *text = malloc(strlen(before) + times * len + strlen(after) + 1);
	char *at = stpcpy(text, before);
	for (unsigned i = 0; i < times; i++, at += len) {
		memcpy(at, what, len);
	}
	strcpy(at, after);
	return text;
}

static void limits_hold_where_they_are(void **state)
{
	(void)state;
	static const struct {
		const char *name, *before, *what, *after;
		unsigned fits;      /*!< So many of them are fine, and one more is not. */
		const char *error;  /*!< Begin of it. */
	} cases[] = {
		{ "bytes of a comment", Z "comment: ", "x", "\n", 256,
		  "!2:10 comment: 257 bytes; allowed: up to 256\n" },
		{ "bytes of a label", R "  ", "x", ": []\n", 63, "!3:3 records: 'xxx" },
		{ "bytes of a name", R "  ", "x.", "y: []\n", 122, "!3:3 records: 'x.x.x" },
		{ "values of a record set", R "  a: {type: TXT, values: [", "x,", "]}\n", 65536,
		  "!3:131099 values: more than 65536 of them; allowed: up to 65536\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		for (unsigned more = 0; more <= 1; more++) {
			char *text = repeated(cases[i].before, cases[i].what, cases[i].fits + more,
			                      cases[i].after);
			int ret;
			steer_fault_t fault;
			char *told = tell_yaml(text, strlen(text), &ret, &fault);
			assert_int_equal(ret, more ? STEER_EREFUSED : STEER_OK);
			assert_int_equal(strstr(told, cases[i].error) != NULL, more);
			free(told);
			free(text);
		}
	}
}

static void the_longest_name_is_a_key_in_single_quotes(void **state)
{
	(void)state;
	char text[2048] = "zone: .\nrecords:\n  '", *at = text + strlen(text);
	for (int i = 0; i < 250; i++) {
		at = stpcpy(at, i > 0 && i % 63 == 0 ? ".\\000" : "\\000");
	}
	strcpy(at, "': {type: NS, values: a}\n");
	int ret;
	steer_fault_t fault;
	char *told = tell_yaml(text, strlen(text), &ret, &fault);
	assert_int_equal(ret, STEER_OK);
	assert_non_null(strstr(told, "\\000. 3600 NS a.\n"));
	free(told);
}

static void long_text_is_told_short(void **state)
{
	(void)state;
	char *text = repeated(Z "mode: ", "\x7fx", 5000, "\n");
	*strchr(text, '\x7f') = 'y';
	for (char *at; (at = strchr(text, '\x7f')) != NULL;) {
		*at = '~';
	}
	int ret;
	steer_fault_t fault;
	char *told = tell_yaml(text, strlen(text), &ret, &fault);
	assert_string_equal(told, "!2:7 mode: 'yx~x~x~x~x~x~x~x~x~x~x~x~x~x~x~x~x~x~x~x...' is not a "
	                    "mode; allowed: authoritative, overlay\n=1:7 example. authoritative\n");
	free(told);
	free(text);
}

/* Many. */

static void every_name_is_seen_once(void **state)
{
	(void)state;
	steer_name_set_t seen = { 0 };
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 20000; i++) {
			uint8_t name[16];
			int len = snprintf((char *)name + 1, sizeof(name) - 1, "%u", i / 2);
			name[0] = len;
			uint32_t before = 1;
			assert_int_equal(steer_name_set_add(&seen, name, i + 1, &before), STEER_OK);
			assert_int_equal(before, i % 2 == 0 ? 0 : i);
		}
		steer_name_set_clear(&seen);
	}
	const uint8_t root[] = { 0 };
	uint32_t before;
	assert_int_equal(steer_name_set_add(&seen, root, 7, &before), STEER_OK);
	assert_int_equal(before, 0);
	steer_name_set_clear(&seen);
	assert_int_equal(steer_name_set_add(&seen, root, 8, &before), STEER_OK);
	assert_int_equal(before, 0);
	assert_int_equal(steer_name_set_add(&seen, root, 9, &before), STEER_OK);
	assert_int_equal(before, 8);
	steer_name_set_free(&seen);
}

static void a_name_far_behind_is_found_again(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(R, out);
	for (unsigned i = 0; i < 5000; i++) {
		fprintf(out, "  h%u: {type: NS, values: a}\n", i);
	}
	fputs("  H4321: []\n", out);
	fclose(out);
	int ret;
	steer_fault_t fault;
	char *told = tell_yaml(text, size, &ret, &fault);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_string_equal(strchr(told, '!'), "!5003:3 H4321: the name is already in line 4324; "
	                    "allowed: once, with a list of all its record sets\n");
	free(told);
	free(text);
}

/* Guessing. */

static void a_file_tells_its_format(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		steer_format_t format;
	} cases[] = {
		{ "a.yaml", "", STEER_FORMAT_YAML },
		{ "a.YML", "@ SOA a b 1 2 3 4 5", STEER_FORMAT_YAML },
		{ "a.zone", "zone: a", STEER_FORMAT_ZONE },
		{ "f", "", STEER_FORMAT_ZONE },
		{ "f", "zone: a", STEER_FORMAT_YAML },
		{ "f", "zone:", STEER_FORMAT_YAML },
		{ "f", "zone:\ta", STEER_FORMAT_YAML },
		{ "f", "\xef\xbb\xbf# c\n\n  \r\n; c\nzone : a", STEER_FORMAT_YAML },
		{ "f", "---", STEER_FORMAT_YAML },
		{ "f", "%YAML 1.1\n", STEER_FORMAT_YAML },
		{ "f", "{zone: a}", STEER_FORMAT_YAML },
		{ "f", "\"zone\": a", STEER_FORMAT_YAML },
		{ "f", "'zone': a", STEER_FORMAT_YAML },
		{ "f", "; c\n$ORIGIN a.\n", STEER_FORMAT_ZONE },
		{ "f", "@ SOA a b 1 2 3 4 5", STEER_FORMAT_ZONE },
		{ "f", "a:b A 192.0.2.1", STEER_FORMAT_ZONE },
		{ "f", "zone A 192.0.2.1 ; x: y", STEER_FORMAT_ZONE },
		{ "f", "--", STEER_FORMAT_ZONE },
		{ "f", "-", STEER_FORMAT_ZONE },
		{ "f", "a", STEER_FORMAT_ZONE },
		{ "f", "# only\n#comments", STEER_FORMAT_ZONE },
		{ ".zone", "zone: a", STEER_FORMAT_YAML },
		{ "f.json", "{\"zone\": \"a\"}", STEER_FORMAT_YAML },
		{ "f", "{}", STEER_FORMAT_YAML },
		{ "f", "{ \"", STEER_FORMAT_YAML },
		{ "f", "{\"HostedZone\": {}}", STEER_FORMAT_ROUTE53 },
		{ "f", "\xef\xbb\xbf\n{\r\n\t \"ResourceRecordSets\": []}", STEER_FORMAT_ROUTE53 },
		{ "f", "[", STEER_FORMAT_ROUTE53 },
		{ "a.yaml", "[{\"HostedZone\": {}}]", STEER_FORMAT_YAML },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s '%s'\n", cases[i].name, cases[i].text);
		size_t len = strlen(cases[i].text);
		char *text = malloc(len > 0 ? len : 1);
		memcpy(text, cases[i].text, len);
		steer_input_t *input = NULL;
		assert_int_equal(steer_input_text(&input, cases[i].name, text, len), STEER_OK);
		assert_int_equal(steer_input_format(input), cases[i].format);
		steer_input_free(input);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_become_zones_and_records),
		cmocka_unit_test(mistakes_of_a_zone_are_told_with_place_and_key),
		cmocka_unit_test(mistakes_of_records_are_told_with_place_and_key),
		cmocka_unit_test(mistakes_of_values_are_told_with_place_and_key),
		cmocka_unit_test(what_is_no_yaml_says_what_to_do),
		cmocka_unit_test(the_first_error_ends_a_reading_without_error_sink),
		cmocka_unit_test(an_error_of_a_callback_ends_the_reading),
		cmocka_unit_test(errors_are_counted_and_bounded),
		cmocka_unit_test(limits_hold_where_they_are),
		cmocka_unit_test(the_longest_name_is_a_key_in_single_quotes),
		cmocka_unit_test(long_text_is_told_short),
		cmocka_unit_test(every_name_is_seen_once),
		cmocka_unit_test(a_name_far_behind_is_found_again),
		cmocka_unit_test(a_file_tells_its_format),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
