/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "formats/text.h"
#include "formats/yaml_scalar.h"
#include "formats/yaml_write.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

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
	paper->writer = steer_yaml_writer_new(paper->text, paper->out);
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

/* Values are separated by '|'. */
static void put_set(const paper_t *paper, const char *type_text, uint32_t ttl, const char *values)
{
	static const uint8_t root[] = { 0 };
	static uint8_t rrs[65536];
	char *copy = strdup(values), *rest = copy, *value;
	uint8_t *at = rrs;
	uint16_t type;
	assert_int_equal(steer_type_parse(type_text, &type), STEER_OK);
	while ((value = strsep(&rest, "|")) != NULL) {
		const uint8_t *rdata;
		uint16_t len;
		steer_fault_t fault;
		assert_int_equal(steer_rdata_parse(paper->text, root, type, value, &rdata, &len, &fault),
		                 STEER_OK);
		at += steer_rr_write(at, type, ttl, rdata, len);
	}
	steer_yaml_write_set(paper->writer, type, ttl, rrs, at - rrs);
	free(copy);
}

static void put_zone(const paper_t *paper, const char *zone_text, steer_yaml_zone_t zone)
{
	uint8_t name[255];
	name_of(name, zone_text);
	zone.name = name;
	steer_yaml_write_zone(paper->writer, &zone);
}

static void check_paper(paper_t *paper, const char *expected)
{
	fclose(paper->out);
	assert_string_equal(paper->written, expected);
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
	            "ttl: 3600\n");
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
	            "    - {type: HTTPS, values: [\"1 . alpn=h2,h3\"]}\n");
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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
