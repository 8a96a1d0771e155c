/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "formats/health_check.h"
#include "formats/program.h"
#include "formats/yaml/scalar.h"
#include "formats/yaml/write.h"
#include "unit/test.h"
#include "unit/yaml_story.h"

static void text_stays_text_for_every_reader(void **state)
{
	(void)state;
	static const struct {
		const char *text, *block, *flow;
	} cases[] = {
		// What needs nothing.
		{ "www", "www", "www" },
		{ "_sip._tcp", "_sip._tcp", "_sip._tcp" },
		{ "192.0.2.1", "192.0.2.1", "192.0.2.1" },
		{ "2001:db8::1", "2001:db8::1", "2001:db8::1" },
		{ "1::8", "1::8", "1::8" },
		{ "10 mail.example.com.", "10 mail.example.com.", "10 mail.example.com." },
		{ "a\\000b", "a\\000b", "a\\000b" },
		{ "\\# 4 DEADBEEF", "\\# 4 DEADBEEF", "\\# 4 DEADBEEF" },
		{ "a#b", "a#b", "a#b" },
		{ "a-b", "a-b", "a-b" },
		{ "caf\xc3\xa9", "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		// Marks, some of them between braces alone.
		{ "", "\"\"", "\"\"" },
		{ "@", "\"@\"", "\"@\"" },
		{ "*.wild", "\"*.wild\"", "\"*.wild\"" },
		{ ".", "\".\"", "\".\"" },
		{ "-", "\"-\"", "\"-\"" },
		{ "::1", "\"::1\"", "\"::1\"" },
		{ "2001:db8::", "\"2001:db8::\"", "\"2001:db8::\"" },
		{ "a: b", "\"a: b\"", "\"a: b\"" },
		{ "a #b", "\"a #b\"", "\"a #b\"" },
		{ "a ", "\"a \"", "\"a \"" },
		{ " a", "\" a\"", "\" a\"" },
		{ "&a", "\"&a\"", "\"&a\"" },
		{ "%a", "\"%a\"", "\"%a\"" },
		{ "~", "\"~\"", "\"~\"" },
		{ "=", "\"=\"", "\"=\"" },
		{ "<<", "\"<<\"", "\"<<\"" },
		{ "1 . alpn=h2,h3", "1 . alpn=h2,h3", "\"1 . alpn=h2,h3\"" },
		{ "a[b]{c}?", "a[b]{c}?", "\"a[b]{c}?\"" },
		{ "a?", "a?", "\"a?\"" },
		// What a zone file escapes stands as there.
		{ "\"a\"", "'\"a\"'", "'\"a\"'" },
		{ "\"a\\\"b\\\\ \\255\"", "'\"a\\\"b\\\\ \\255\"'", "'\"a\\\"b\\\\ \\255\"'" },
		{ "\"it's\"", "'\"it''s\"'", "'\"it''s\"'" },
		{ "\\'", "'\\'''", "'\\'''" },
		{ "it's", "\"it's\"", "\"it's\"" },
		{ "*\\000", "'*\\000'", "'*\\000'" },
		// Other types of YAML 1.1 and 1.2.
		{ "on", "\"on\"", "\"on\"" },
		{ "NO", "\"NO\"", "\"NO\"" },
		{ "y", "\"y\"", "\"y\"" },
		{ "True", "\"True\"", "\"True\"" },
		{ "null", "\"null\"", "\"null\"" },
		{ "only", "only", "only" },
		{ "10", "\"10\"", "\"10\"" },
		{ "-1", "\"-1\"", "\"-1\"" },
		{ "+1", "\"+1\"", "\"+1\"" },
		{ "010", "\"010\"", "\"010\"" },
		{ "0o17", "\"0o17\"", "\"0o17\"" },
		{ "0x1F", "\"0x1F\"", "\"0x1F\"" },
		{ "0b11", "\"0b11\"", "\"0b11\"" },
		{ "0xmas", "0xmas", "0xmas" },
		{ "1_000", "\"1_000\"", "\"1_000\"" },
		{ "1.5", "\"1.5\"", "\"1.5\"" },
		{ "1.", "\"1.\"", "\"1.\"" },
		{ ".5", "\".5\"", "\".5\"" },
		{ "1e3", "\"1e3\"", "\"1e3\"" },
		{ "1.5E+3", "\"1.5E+3\"", "\"1.5E+3\"" },
		{ "1.2.3", "1.2.3", "1.2.3" },
		{ ".inf", "\".inf\"", "\".inf\"" },
		{ "12:30", "\"12:30\"", "\"12:30\"" },
		{ "12:30:45.5", "\"12:30:45.5\"", "\"12:30:45.5\"" },
		{ "1:2:3:4:5:6:7:8", "\"1:2:3:4:5:6:7:8\"", "\"1:2:3:4:5:6:7:8\"" },
		{ "2001-12-14", "\"2001-12-14\"", "\"2001-12-14\"" },
		{ "2001-12-14t21:59:43.10-05:00", "\"2001-12-14t21:59:43.10-05:00\"",
		  "\"2001-12-14t21:59:43.10-05:00\"" },
		{ "2001-12-14 21:59:43", "\"2001-12-14 21:59:43\"", "\"2001-12-14 21:59:43\"" },
		{ "2001-12-145", "2001-12-145", "2001-12-145" },
		{ "2001-123-1", "2001-123-1", "2001-123-1" },
		// What cannot be printed.
		{ "a\nb\tc", "\"a\\nb\\tc\"", "\"a\\nb\\tc\"" },
		{ "\"\\\x01", "\"\\\"\\\\\\u0001\"", "\"\\\"\\\\\\u0001\"" },
		{ "\x7f", "\"\\u007F\"", "\"\\u007F\"" },
		{ "\xc2\x85", "\"\\u0085\"", "\"\\u0085\"" },
		{ "\xe2\x80\xa8", "\"\\u2028\"", "\"\\u2028\"" },
		{ "\xef\xbb\xbf", "\"\\uFEFF\"", "\"\\uFEFF\"" },
		{ "\xf0\x9f\xbf\xbf", "\"\\U0001FFFF\"", "\"\\U0001FFFF\"" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (int flow = 0; flow <= 1; flow++) {
			char line[128];
			steer_yaml_sink_t sink = { .line = line, .room = sizeof(line) - 1 };
			steer_yaml_scalar(&sink, cases[i].text, flow);
			line[sink.len] = '\0';
			assert_string_equal(line, flow ? cases[i].flow : cases[i].block);
		}
	}
}

static void what_is_not_utf8_is_seen(void **state)
{
	(void)state;
	static const struct {
		const char *text, *written;
	} cases[] = {
		{ "\xff", "\"\\uFFFD\"" },
		{ "a\xc3", "\"a\\uFFFD\"" },
		{ "\xc3(", "\"\\uFFFD(\"" },
		{ "\x80", "\"\\uFFFD\"" },
		{ "\xc0\x80", "\"\\uFFFD\\uFFFD\"" },                          // Longer than needed.
		{ "\xed\xa0\x80", "\"\\uFFFD\\uFFFD\\uFFFD\"" },               // Half of a pair.
		{ "\xf4\x90\x80\x80", "\"\\uFFFD\\uFFFD\\uFFFD\\uFFFD\"" },    // Behind the last one.
		{ "\xf8\x88\x80\x80\x80", "\"\\uFFFD\\uFFFD\\uFFFD\\uFFFD\\uFFFD\"" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char line[128];
		steer_yaml_sink_t sink = { .line = line, .room = sizeof(line) - 1 };
		assert_false(steer_yaml_is_line(cases[i].text));
		steer_yaml_scalar(&sink, cases[i].text, false);
		line[sink.len] = '\0';
		assert_string_equal(line, cases[i].written);
	}
}

static void a_line_of_text_has_no_control_characters(void **state)
{
	(void)state;
	static const char *const lines[] = { "", "a b", "caf\xc3\xa9", "\xc2\xa0", "\xe2\x80\xa8" };
	static const char *const others[] = { "a\n", "\t", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f" };
	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_true(steer_yaml_is_line(lines[i]));
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_false(steer_yaml_is_line(others[i]));
	}
}

static void a_line_without_room_is_counted_on(void **state)
{
	(void)state;
	char line[4] = "----";
	steer_yaml_sink_t sink = { .line = line, .room = 3 };
	steer_yaml_puts(&sink, "ab");
	steer_yaml_puts(&sink, "cd");
	assert_int_equal(sink.len, 4);
	assert_memory_equal(line, "ab--", 4);
}

/* Documents. */

typedef struct {
	steer_text_t *text;
	steer_yaml_writer_t *writer;
	FILE *out;
	char *written;
	size_t size;
} paper_t;

static paper_t begin(void)
{
	paper_t paper = { .text = steer_text_new() };
	assert_non_null(paper.text);
	return paper;
}

static void open_paper(paper_t *paper)
{
	paper->out = open_memstream(&paper->written, &paper->size);
	paper->writer = steer_yaml_writer_new(paper->text, (steer_names_t) { 0 }, paper->out);
	assert_non_null(paper->writer);
}

static void name_of(uint8_t *name, const char *text)
{
	assert_int_equal(steer_name_parse(text, name), STEER_OK);
}

static void put_name(const paper_t *paper, const char *text, unsigned count)
{
	uint8_t name[255];
	name_of(name, text);
	steer_yaml_write_name(paper->writer, name, count);
}

/* Wire-ready RRs of values that are separated by '|'. \return their bytes */
static size_t make_rrs(const paper_t *paper, uint8_t *rrs, uint16_t type, uint32_t ttl,
                       const char *values)
{
	static const uint8_t root[] = { 0 };
	char *copy = strdup(values), *rest = copy, *value;
	uint8_t *at = rrs;
	while ((value = strsep(&rest, "|")) != NULL) {
		const uint8_t *rdata;
		uint16_t len;
		steer_fault_t fault;
		assert_int_equal(steer_rdata_parse(paper->text, root, type, value, &rdata, &len, &fault),
		                 STEER_OK);
		at += steer_rr_write(at, type, ttl, rdata, len);
	}
	free(copy);
	return at - rrs;
}

/*! A record set to write: values, or an alias. */
typedef struct {
	const char *id, *values, *alias, *health;
	uint32_t ttl, weight;
	uint8_t tier;
	bool stay; /*!< The target's health does not count. */
} member_t;

static void make_set(const paper_t *paper, steer_set_t *set, uint16_t type, const member_t *member,
                     uint8_t *room)
{
	*set = (steer_set_t) {
		.alias = member->alias != NULL, .evaluate = member->alias != NULL && !member->stay,
		.id = (const uint8_t *)member->id, .id_len = strlen(member->id),
		.weight = member->weight, .tier = member->tier, .ttl = member->ttl,
		.slot = STEER_SLOT_NONE, .body = room,
	};
	if (set->alias) {
		name_of(room, member->alias);
		set->body_len = steer_name_len(room);
	} else {
		set->body_len = make_rrs(paper, room, type, member->ttl, member->values);
	}
	if (member->health != NULL) {
		uint8_t *attrs = room + set->body_len;
		attrs[0] = STEER_ATTR_HEALTH;
		attrs[1] = strlen(member->health);
		memcpy(attrs + 2, member->health, attrs[1]);
		set->attrs = attrs;
		set->attrs_len = 2 + attrs[1];
	}
}

static void put_group(const paper_t *paper, const char *type_text, const char *policy,
                      const member_t *members, unsigned count)
{
	enum { ROOM = 1024 };
	steer_set_t sets[8];
	uint8_t *room = malloc(count * ROOM), program[STEER_PROGRAM_MAX];
	steer_group_t group = { .count = count, .sets = sets, .program = program };
	size_t len = 0;
	steer_fault_t fault;
	assert_true(count <= COUNT(sets));
	assert_int_equal(steer_program_parse(policy, program, &len, &fault), STEER_OK);
	group.program_len = len;
	assert_int_equal(steer_type_parse(type_text, &group.type), STEER_OK);
	for (unsigned i = 0; i < count; i++) {
		make_set(paper, &sets[i], group.type, &members[i], room + i * ROOM);
	}
	steer_yaml_write_group(paper->writer, &group);
	free(room);
}

static void put_set(const paper_t *paper, const char *type, uint32_t ttl, const char *values)
{
	put_group(paper, type, "simple", &(member_t) { .id = "", .ttl = ttl, .values = values }, 1);
}

static void put_zone(const paper_t *paper, const char *zone_text, steer_yaml_zone_t zone)
{
	uint8_t name[255];
	name_of(name, zone_text);
	zone.name = name;
	steer_yaml_write_zone(paper->writer, &zone);
}

/* \param story  What it is read as; NULL: it is not read. */
static void check_paper(paper_t *paper, const char *expected, const char *story)
{
	fclose(paper->out);
	assert_string_equal(paper->written, expected);
	if (story != NULL) {
		int ret;
		steer_fault_t fault;
		char *told = tell_yaml(paper->written, paper->size, &ret, &fault);
		assert_string_equal(told, story);
		assert_int_equal(ret, STEER_OK);
		free(told);
	}
	free(paper->written);
	steer_yaml_writer_free(paper->writer);
	steer_text_free(paper->text);
}

#define SOA "\2ns\0\2hm\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\377\377\377\377"

static void a_zone_is_a_document(void **state)
{
	(void)state;
	paper_t paper = begin();
	open_paper(&paper);
	const uint8_t *soa = (const uint8_t *)SOA;
	put_zone(&paper, "example.com", (steer_yaml_zone_t) {
	         .comment = "ours: all", .ttl = 300, .soa_ttl = 60, .soa = soa });
	put_name(&paper, "example.com", 2);
	put_set(&paper, "NS", 300, "ns.example.net.|ns.www.example.com.");
	put_set(&paper, "TXT", 60, "\"a, b\"|\"it's\"|plain");
	put_name(&paper, "*.example.com", 1);
	put_set(&paper, "A", 300, "192.0.2.1");
	put_name(&paper, "a\\.b.c\\000.example.com", 1);
	put_set(&paper, "TYPE65280", 0, "\\# 0");
	steer_yaml_write_mark(paper.writer);
	put_zone(&paper, ".", (steer_yaml_zone_t) { .ttl = 60, .soa_ttl = 60, .soa = soa });
	put_name(&paper, ".", 1);
	put_set(&paper, "NS", 60, "a.root.");
	put_name(&paper, "10", 1);
	put_set(&paper, "MX", 60, "0 .");
	steer_yaml_write_mark(paper.writer);
	put_zone(&paper, "10", (steer_yaml_zone_t) { .overlay = true, .ttl = 3600 });
	check_paper(&paper,
	            "zone: example.com\n"
	            "comment: \"ours: all\"\n"
	            "ttl: 300\n"
	            "soa:\n"
	            "  mname: ns.\n"
	            "  rname: hm.\n"
	            "  serial: 1\n"
	            "  refresh: 2\n"
	            "  retry: 3\n"
	            "  expire: 4\n"
	            "  minimum: 4294967295\n"
	            "  ttl: 60\n"
	            "records:\n"
	            "  \"@\":\n"
	            "    - {type: NS, values: [ns.example.net., ns.www.example.com.]}\n"
	            "    - {type: TXT, ttl: 60, values: ['\"a, b\"', '\"it''s\"', '\"plain\"']}\n"
	            "  \"*\": {type: A, values: [192.0.2.1]}\n"
	            "  a\\.b.c\\000: {type: TYPE65280, ttl: 0, values: [\\# 0]}\n"
	            "---\n"
	            "zone: \".\"\n"
	            "ttl: 60\n"
	            "soa:\n"
	            "  mname: ns.\n"
	            "  rname: hm.\n"
	            "  serial: 1\n"
	            "  refresh: 2\n"
	            "  retry: 3\n"
	            "  expire: 4\n"
	            "  minimum: 4294967295\n"
	            "  ttl: 60\n"
	            "records:\n"
	            "  \"@\": {type: NS, values: [a.root.]}\n"
	            "  \"10\": {type: MX, values: [0 .]}\n"
	            "---\n"
	            "zone: \"10\"\n"
	            "mode: overlay\n"
	            "ttl: 3600\n", NULL);
}

#define NEARLY "0123456789abcdefghijklmnopqrstuvwxyz0123456789012345678901234567"
#define FIFTY "0123456789abcdefghijklmnopqrstuvwxyz01234567890123"

static void what_is_longer_than_a_line_is_broken(void **state)
{
	(void)state;
	paper_t paper = begin();
	open_paper(&paper);
	put_zone(&paper, "a", (steer_yaml_zone_t) { .overlay = true, .ttl = 60 });
	put_name(&paper, "full.a", 1); // 100 columns.
	put_set(&paper, "TXT", 60, "\"" NEARLY "8\"");
	put_name(&paper, "over.a", 1); // 101.
	put_set(&paper, "TXT", 60, "\"" NEARLY "89\"");
	put_name(&paper, "two.a", 2);
	put_set(&paper, "TXT", 1, "\"" FIFTY "\"|\"" FIFTY ", x\"");
	put_set(&paper, "HTTPS", 60, "1 . alpn=\"h2,h3\"");
	check_paper(&paper,
	            "zone: a\n"
	            "mode: overlay\n"
	            "ttl: 60\n"
	            "records:\n"
	            "  full: {type: TXT, values: "
	            "['\"" NEARLY "8\"']}\n"
	            "  over:\n"
	            "    type: TXT\n"
	            "    values:\n"
	            "      - '\"" NEARLY "89\"'\n"
	            "  two:\n"
	            "    - type: TXT\n"
	            "      ttl: 1\n"
	            "      values:\n"
	            "        - '\"" FIFTY "\"'\n"
	            "        - '\"" FIFTY ", x\"'\n"
	            "    - {type: HTTPS, values: [\"1 . alpn=h2,h3\"]}\n", NULL);
}

/* Policies. */

static void a_group_is_written_with_its_policy(void **state)
{
	(void)state;
	static const member_t weighted[] = {
		{ "blue", "192.0.2.1|192.0.2.2", .ttl = 60, .weight = 90, .health = "web-blue" },
		{ "green", .alias = "green.example.com", .weight = 10 },
		{ "red", .alias = "red.example.org", .weight = 0, .stay = true },
	};
	static const member_t failover[] = {
		{ "a", "192.0.2.1", .ttl = 300, .health = "a" },
		{ "b", "192.0.2.2", .ttl = 5, .tier = 1 },
		{ "1.5", "192.0.2.3", .ttl = 5, .tier = 2 },
	};
	static const member_t steps[] = {
		{ "on: x", "192.0.2.1", .ttl = 300, .weight = 1 },
		{ "y, z", "192.0.2.2", .ttl = 60, .weight = 4294967295, .tier = 7 },
	};
	paper_t paper = begin();
	open_paper(&paper);
	put_zone(&paper, "example.com", (steer_yaml_zone_t) { .ttl = 300, .overlay = true });
	put_name(&paper, "example.com", 2);
	put_group(&paper, "A", "simple", &(member_t) { "", .alias = "LB.example.org" }, 1);
	put_group(&paper, "AAAA", "simple",
	          &(member_t) { "", .alias = "example.com", .stay = true, .health = "h" }, 1);
	put_name(&paper, "api.example.com", 1);
	put_group(&paper, "A", "up min-healthy=50%, tier, weighted, take 2", steps, 2);
	put_name(&paper, "multi.example.com", 1);
	put_group(&paper, "A", "multivalue", &(member_t) { "a", "192.0.2.1", .ttl = 300 }, 1);
	put_name(&paper, "one.example.com", 1);
	put_group(&paper, "A", "simple",
	          &(member_t) { "", "192.0.2.1", .ttl = 60, .health = "on" }, 1);
	put_name(&paper, "www.example.com", 2);
	put_group(&paper, "A", "weighted", weighted, COUNT(weighted));
	put_group(&paper, "AAAA", "failover", &(member_t) { "a", .alias = "b.www.example.com" }, 1);
	put_name(&paper, "x.example.com", 1);
	put_group(&paper, "A", "failover", failover, COUNT(failover));
	put_name(&paper, "y.example.com", 1);
	put_group(&paper, "A", "weighted sticky=none", &(member_t) { "a", .alias = "x" }, 1);
	check_paper(&paper,
	            "zone: example.com\n"
	            "mode: overlay\n"
	            "ttl: 300\n"
	            "records:\n"
	            "  \"@\":\n"
	            "    - {type: A, alias: lb.example.org.}\n"
	            "    - {type: AAAA, alias: \"@\", evaluate-target-health: no, health: h}\n"
	            "  api:\n"
	            "    type: A\n"
	            "    ttl: 60\n"
	            "    policy: [up min-healthy=50%, tier, weighted, take 2]\n"
	            "    sets:\n"
	            "      \"on: x\": {weight: 1, tier: 0, ttl: 300, values: [192.0.2.1]}\n"
	            "      y, z: {weight: 4294967295, tier: 7, values: [192.0.2.2]}\n"
	            "  multi: {type: A, policy: multivalue, sets: {a: {values: [192.0.2.1]}}}\n"
	            "  one: {type: A, ttl: 60, values: [192.0.2.1], health: \"on\"}\n"
	            "  www:\n"
	            "    - type: A\n"
	            "      ttl: 60\n"
	            "      policy: weighted\n"
	            "      sets:\n"
	            "        blue: {weight: 90, values: [192.0.2.1, 192.0.2.2], health: web-blue}\n"
	            "        green: {weight: 10, alias: green}\n"
	            "        red: {weight: 0, alias: red.example.org., evaluate-target-health: no}\n"
	            "    - {type: AAAA, policy: failover, sets: {a: {failover: primary, alias: "
	            "b.www}}}\n"
	            "  x:\n"
	            "    type: A\n"
	            "    ttl: 5\n"
	            "    policy: failover\n"
	            "    sets:\n"
	            "      a: {failover: primary, ttl: 300, values: [192.0.2.1], health: a}\n"
	            "      b: {failover: secondary, values: [192.0.2.2]}\n"
	            "      \"1.5\": {tier: 2, values: [192.0.2.3]}\n"
	            "  \"y\": {type: A, policy: weighted sticky=none, "
	            "sets: {a: {weight: 0, alias: x.}}}\n",
	            "=1:7 example.com. overlay ttl=300\n"
	            "+6:7 example.com. A '' alias=lb.example.org. evaluate\n"
	            "+7:7 example.com. AAAA '' alias=example.com. health=h\n"
	            "~11:13 api.example.com. A up min-healthy=50%, tier, weighted, take 2\n"
	            "+13:7 api.example.com. A 'on: x' weight=1 tier=0\n"
	            "  13:56 api.example.com. 300 A 192.0.2.1\n"
	            "+14:7 api.example.com. A 'y, z' weight=4294967295 tier=7\n"
	            "  14:52 api.example.com. 60 A 192.0.2.2\n"
	            "~15:28 multi.example.com. A multivalue\n"
	            "+15:47 multi.example.com. A 'a'\n  15:60 multi.example.com. 300 A 192.0.2.1\n"
	            "+16:8 one.example.com. A '' health=on\n  16:36 one.example.com. 60 A 192.0.2.1\n"
	            "~20:15 www.example.com. A weighted\n"
	            "+22:9 www.example.com. A 'blue' weight=90 health=web-blue\n"
	            "  22:37 www.example.com. 60 A 192.0.2.1\n"
	            "  22:48 www.example.com. 60 A 192.0.2.2\n"
	            "+23:9 www.example.com. A 'green' weight=10 alias=green.example.com. evaluate\n"
	            "+24:9 www.example.com. A 'red' weight=0 alias=red.example.org.\n"
	            "~25:28 www.example.com. AAAA failover\n"
	            "+25:45 www.example.com. AAAA 'a' tier=0 alias=b.www.example.com. evaluate\n"
	            "~29:13 x.example.com. A failover\n"
	            "+31:7 x.example.com. A 'a' tier=0 health=a\n"
	            "  31:49 x.example.com. 300 A 192.0.2.1\n"
	            "+32:7 x.example.com. A 'b' tier=1\n  32:41 x.example.com. 5 A 192.0.2.2\n"
	            "+33:7 x.example.com. A '1.5' tier=2\n  33:33 x.example.com. 5 A 192.0.2.3\n"
	            "~34:26 y.example.com. A weighted sticky=none\n"
	            "+34:55 y.example.com. A 'a' weight=0 alias=x. evaluate\n");
}

#define TEXT35 "0123456789abcdefghijklmnopqrstuvwxy"

static void sets_and_steps_longer_than_a_line_are_broken(void **state)
{
	(void)state;
	static const member_t sets[] = {
		{ "full", "\"" TEXT35 "\"", .ttl = 60, .weight = 1, .health = "abcdefg" },
		{ "over", "\"" TEXT35 "\"", .ttl = 60, .weight = 2, .health = "abcdefgh" },
	};
	paper_t paper = begin();
	open_paper(&paper);
	put_zone(&paper, "a", (steer_yaml_zone_t) { .overlay = true, .ttl = 60 });
	put_name(&paper, "www.a", 1);
	put_group(&paper, "TXT", "up, tier, weighted sticky=client, take 1000, up all-down=servfail "
	          "min-healthy=100%, take 1", sets, 2);
	check_paper(&paper,
	            "zone: a\n"
	            "mode: overlay\n"
	            "ttl: 60\n"
	            "records:\n"
	            "  www:\n"
	            "    type: TXT\n"
	            "    policy:\n"
	            "      - up\n"
	            "      - tier\n"
	            "      - weighted sticky=client\n"
	            "      - take 1000\n"
	            "      - up all-down=servfail min-healthy=100%\n"
	            "      - take 1\n"
	            "    sets:\n"
	            "      full: {weight: 1, tier: 0, values: ['\"" TEXT35 "\"'], health: abcdefg}\n"
	            "      over:\n"
	            "        weight: 2\n"
	            "        tier: 0\n"
	            "        values:\n"
	            "          - '\"" TEXT35 "\"'\n"
	            "        health: abcdefgh\n",
	            "=1:7 a. overlay ttl=60\n"
	            "~8:7 www.a. TXT up, tier, weighted sticky=client, take 1000, up all-down=servfail "
	            "min-healthy=100%, take 1\n"
	            "+15:7 www.a. TXT 'full' weight=1 tier=0 health=abcdefg\n"
	            "  15:43 www.a. 60 TXT \"" TEXT35 "\"\n"
	            "+16:7 www.a. TXT 'over' weight=2 tier=0 health=abcdefgh\n"
	            "  20:13 www.a. 60 TXT \"" TEXT35 "\"\n");
}

static void a_group_has_the_ttl_of_most_of_its_sets(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t ttls[5]; /*!< 0: an alias, or none. */
		uint32_t want;    /*!< 0: none. */
	} cases[] = {
		{ "one", { 5 }, 5 },
		{ "the most frequent", { 9, 300, 5, 300 }, 300 },
		{ "of several the smallest", { 9, 5, 9, 5, 1 }, 5 },
		{ "aliases have none", { 0, 7, 0 }, 7 },
		{ "nothing but aliases", { 0, 0 }, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		steer_set_t sets[5] = { 0 };
		const steer_group_t group = { .count = 5, .sets = sets };
		for (size_t j = 0; j < 5; j++) {
			sets[j].alias = cases[i].ttls[j] == 0;
			sets[j].ttl = cases[i].ttls[j];
		}
		uint32_t ttl = 0;
		assert_int_equal(steer_yaml_group_ttl(&group, &ttl), cases[i].want != 0);
		assert_int_equal(ttl, cases[i].want);
	}
}

/* Health checks. */

/* Options are "KEY=VALUE", ended by NULL. */
static void put_check(const paper_t *paper, const char *id, const char *type,
                      const char *const *options)
{
	static steer_health_check_t check;
	check = (steer_health_check_t) { .type = STEER_CHECK_NONE };
	assert_true(steer_health_check_type_parse(type, &check.type));
	for (; *options != NULL; options++) {
		char key[32] = "";
		const char *value = strchr(*options, '=') + 1;
		steer_fault_t fault;
		memcpy(key, *options, value - 1 - *options);
		assert_int_equal(steer_health_check_set(&check, key, value, &fault), STEER_OK);
	}
	steer_yaml_write_check(paper->writer, id, &check);
}

#define OPTIONS(...) (const char *const[]) { __VA_ARGS__, NULL }

static void health_checks_are_a_document(void **state)
{
	(void)state;
	paper_t paper = begin();
	open_paper(&paper);
	steer_yaml_write_health(paper.writer);
	put_check(&paper, "10", "manual", OPTIONS("disabled=yes", "inverted=yes"));
	put_check(&paper, "all", "calculated", OPTIONS("threshold=1", "children=web", "children=10"));
	put_check(&paper, "api", "tcp", OPTIONS("address=2001:db8::", "port=443", "timeout=1500ms"));
	put_check(&paper, "ns", "dns", OPTIONS("host=ns", "query-name=*.a", "query-type=TXT", "values=\"b c\"",
	          "values=x", "min-records=3"));
	put_check(&paper, "run", "command", OPTIONS("command=/usr/bin/check", "command=-v",
	          "command=a: b", "command=" FIFTY));
	put_check(&paper, "web:a", "https", OPTIONS("host=www.example.com", "path=/a?b={c}",
	          "interval=10s", "verify=yes"));
	check_paper(&paper,
	            "health:\n"
	            "  \"10\": {type: manual, inverted: yes, disabled: yes}\n"
	            "  all: {type: calculated, children: [web, \"10\"], threshold: 1}\n"
	            "  api: {type: tcp, address: \"2001:db8::\", port: 443, timeout: 1500ms}\n"
	            "  ns:\n"
	            "    type: dns\n"
	            "    host: ns\n"
	            "    query-name: \"*.a.\"\n"
	            "    query-type: TXT\n"
	            "    values: ['\"b c\"', x]\n"
	            "    min-records: 3\n"
	            "  run:\n"
	            "    type: command\n"
	            "    command: [/usr/bin/check, \"-v\", \"a: b\", " FIFTY "]\n"
	            "  web:a: {type: https, host: www.example.com, path: \"/a?b={c}\", verify: yes, "
	            "interval: 10s}\n",
	            "?2:3 10 manual inverted=yes disabled=yes\n"
	            "?3:3 all calculated children=web children=10 threshold=1\n"
	            "?4:3 api tcp address=2001:db8:: port=443 timeout=1500ms\n"
	            "?5:3 ns dns host=ns query-name=*.a. query-type=TXT values=\"b c\" "
	            "values=x min-records=3\n"
	            "?12:3 run command command=/usr/bin/check command=-v command=a: b "
	            "command=" FIFTY "\n"
	            "?15:3 web:a https host=www.example.com path=/a?b={c} verify=yes interval=10s\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stays_text_for_every_reader),
		cmocka_unit_test(what_is_not_utf8_is_seen),
		cmocka_unit_test(a_line_of_text_has_no_control_characters),
		cmocka_unit_test(a_line_without_room_is_counted_on),
		cmocka_unit_test(a_zone_is_a_document),
		cmocka_unit_test(what_is_longer_than_a_line_is_broken),
		cmocka_unit_test(a_group_is_written_with_its_policy),
		cmocka_unit_test(sets_and_steps_longer_than_a_line_are_broken),
		cmocka_unit_test(a_group_has_the_ttl_of_most_of_its_sets),
		cmocka_unit_test(health_checks_are_a_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
