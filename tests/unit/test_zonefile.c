/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libknot/codes.h>
#include <libknot/descriptor.h>
#include <libknot/version.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/name.h"
#include "core/node.h"
#include "formats/text.h"
#include "formats/zonefile.h"
#include "unit/test.h"

/*! What a reading gave, a line each: "line:column owner TTL type rdata", "!line:column error". */
typedef struct {
	steer_text_t *text;
	FILE *out;
	bool files; /*!< With the files' names. */
} story_t;

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

static void tell_place(const story_t *story, const char *mark, const steer_place_t *place)
{
	fprintf(story->out, "%s%s%s%u:%u ", mark, story->files ? base(place->file) : "",
	        story->files ? ":" : "", place->line, place->column);
}

static int tell_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	char owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	steer_name_print(record->owner, owner);
	steer_type_text(record->type, type);
	tell_place(story, "", &record->place);
	fprintf(story->out, "%s %u %s %s\n", owner, record->ttl, type,
	        steer_rdata_print(story->text, record->type, record->rdata, record->rdata_len));
	return STEER_OK;
}

static int tell_set(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	char owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT], target[STEER_NAME_TEXT];
	assert_string_equal(set->set.id, "");
	assert_true(set->set.evaluate);
	assert_false(set->set.has_weight || set->set.has_tier);
	assert_null(set->set.health);
	steer_name_print(set->owner, owner);
	steer_type_text(set->type, type);
	steer_name_print(set->set.alias, target);
	tell_place(story, "", &set->place);
	fprintf(story->out, "%s alias %s %s\n", owner, type, target);
	return STEER_OK;
}

static void tell_error(void *ctx, const steer_place_t *place, const char *text)
{
	const story_t *story = ctx;
	tell_place(story, "!", place);
	// What is allowed is help, not behaviour.
	const char *help = strstr(text, "; allowed: ");
	fprintf(story->out, "%.*s\n", (int)(help != NULL ? help - text : (long)strlen(text)), text);
}

static char *tell(steer_zonefile_t *file, const char *zone, bool files, int *ret)
{
	char *told = NULL;
	size_t size = 0;
	story_t story = { steer_text_new(), open_memstream(&told, &size), files };
	uint8_t name[255];
	assert_int_equal(steer_name_parse(zone, name), STEER_OK);
	steer_zonefile_sink_t sink = {
		.record = tell_record, .set = tell_set, .error = tell_error, .ctx = &story,
	};
	steer_fault_t fault;
	*ret = steer_zonefile_read(file, name, &sink, &fault);
	fclose(story.out);
	steer_text_free(story.text);
	return told;
}

typedef struct {
	const char *name, *text, *want;
	int ret;
} text_case_t;

static void check_texts(const text_case_t *cases, size_t count)
{
	for (const text_case_t *test = cases; test < cases + count; test++) {
		print_message("  %s\n", test->name);
		steer_zonefile_t *file = NULL;
		int ret;
		assert_int_equal(steer_zonefile_text(&file, "text", test->text, strlen(test->text)),
		                 STEER_OK);
		char *told = tell(file, "example.", false, &ret);
		assert_string_equal(told, test->want);
		assert_int_equal(ret, test->ret);
		free(told);
		steer_zonefile_close(file);
	}
}

#define SOA "@ SOA ns hm 1 2 3 4 5\n"

static void text_becomes_records_with_their_places(void **state)
{
	(void)state;
	static const text_case_t cases[] = {
		{ "nothing", "", "", STEER_OK },
		{ "only a comment, no newline", "; c", "", STEER_OK },
		{ "default TTL and origin", "a A 192.0.2.1\n", "1:1 a.example. 3600 A 192.0.2.1\n",
		  STEER_OK },
		{ "no newline at the end", "a A 192.0.2.1\n\n b A 192.0.2.2",
		  "1:1 a.example. 3600 A 192.0.2.1\n!3:2 invalid number, near 'b'\n",
		  STEER_EREFUSED },
		{ "last record without newline", "\na A 192.0.2.1",
		  "2:1 a.example. 3600 A 192.0.2.1\n", STEER_OK },
		{ "an owner repeated by a blank", "a 60 A 192.0.2.1\n  \t5 IN A 192.0.2.2\n",
		  "1:1 a.example. 60 A 192.0.2.1\n2:4 a.example. 5 A 192.0.2.2\n", STEER_OK },
		{ "directives and comments between",
		  "$TTL 1h30m ; one\n\n; two\n$ORIGIN b.example.\n\n@ NS ns ; three\n  ; four\n \n"
		  "\t; five\n A 192.0.2.1\n",
		  "6:1 b.example. 5400 NS ns.b.example.\n10:2 b.example. 5400 A 192.0.2.1\n",
		  STEER_OK },
		{ "directives of several lines, which need an owner before them, as in Knot",
		  "a A 192.0.2.1\n$TTL ( ; )\n 60\n)\n\n A 192.0.2.2\n$ORIGIN b. ( ; a\n;)\n)\n"
		  "@ A 192.0.2.3\n",
		  "1:1 a.example. 3600 A 192.0.2.1\n6:2 a.example. 60 A 192.0.2.2\n"
		  "10:1 b. 60 A 192.0.2.3\n", STEER_OK },
		{ "a blank line with blanks before any owner, as Knot", " \na A 192.0.2.1\n",
		  "!1:1 previous owner is invalid\n2:1 a.example. 3600 A 192.0.2.1\n",
		  STEER_EREFUSED },
		{ "a record of many lines begins where its owner is",
		  "\n@ SOA ns hm (\n 1 ; serial\n 2 3\n 4 5 )\na A 192.0.2.1\n",
		  "2:1 example. 3600 SOA ns.example. hm.example. 1 2 3 4 5\n"
		  "6:1 a.example. 3600 A 192.0.2.1\n", STEER_OK },
		{ "a parenthesis that is closed in a line of its own",
		  "@ SOA ns hm ( 1 2 3 4\n5 ; minimum\n)\na A 192.0.2.1\nb A ( 192.0.2.2\n ; )\n"
		  "\n) ; c\n\n A 192.0.2.3\nc A ( 192.0.2.4\n)d A 192.0.2.5\ne A 192.0.2.6\n",
		  "1:1 example. 3600 SOA ns.example. hm.example. 1 2 3 4 5\n"
		  "4:1 a.example. 3600 A 192.0.2.1\n5:1 b.example. 3600 A 192.0.2.2\n"
		  "10:2 b.example. 3600 A 192.0.2.3\n11:1 c.example. 3600 A 192.0.2.4\n"
		  "!12:1 unsupported record type, near ')d'\n13:1 e.example. 3600 A 192.0.2.6\n",
		  STEER_EREFUSED },
		{ "names are lowered where Knot lowers them",
		  "WWW.Example. MX 1 MaiL\nW HTTPS 0 Web.Example.\n",
		  "1:1 www.example. 3600 MX 1 mail.example.\n"
		  "2:1 w.example. 3600 HTTPS 0 Web.Example.\n", STEER_OK },
		{ "quotes, escapes and semicolons",
		  "a TXT \"x; y\" z\\;\\\"\\009 \"\"\n\\000\\.a A 192.0.2.1\n",
		  "1:1 a.example. 3600 TXT \"x; y\" \"z;\\\"\\009\" \"\"\n"
		  "2:1 \\000\\.a.example. 3600 A 192.0.2.1\n", STEER_OK },
		{ "generic forms", "a TYPE65280 \\# 2 ab 01\nb TYPE65280 \\# 0\nc A \\# 4 c0000201\n"
		  "d TYPE1 192.0.2.2\ne TYPE10 \\# 1 00\n",
		  "1:1 a.example. 3600 TYPE65280 \\# 2 AB01\n2:1 b.example. 3600 TYPE65280 \\# 0\n"
		  "3:1 c.example. 3600 A 192.0.2.1\n4:1 d.example. 3600 A 192.0.2.2\n"
		  "5:1 e.example. 3600 TYPE10 \\# 1 00\n", STEER_OK },
		{ "generic forms that are none of the type",
		  "a A \\# 3 c00002\nb NS \\# 3 026162\nc MX \\# 2 0001\nd CNAME \\# 2 c00c\n"
		  "e NAPTR \\# 4 00010002\nf A \\# 4 c000\n",
		  "!1:1 the bytes after \\# do not have the form of the type\n"
		  "!2:1 the bytes after \\# do not have the form of the type\n"
		  "!3:1 the bytes after \\# do not have the form of the type\n"
		  "!4:1 the bytes after \\# do not have the form of the type\n"
		  "!5:1 the bytes after \\# do not have the form of the type\n"
		  "!6:10 the rdata length statement is incorrect, near 'c000'\n", STEER_EREFUSED },
		{ "generic forms whose parts are longer than they",
		  "a NSEC3 \\# 6 010000007f00\nb NSEC3PARAM \\# 5 0100000001\nc HTTPS \\# 4 00010161\n"
		  "d IPSECKEY \\# 5 0a03000161\ne IPSECKEY \\# 4 0a0100c0\n",
		  "!1:1 the bytes after \\# do not have the form of the type\n"
		  "!2:1 the bytes after \\# do not have the form of the type\n"
		  "!3:1 the bytes after \\# do not have the form of the type\n"
		  "!4:1 the bytes after \\# do not have the form of the type\n"
		  "!5:1 the bytes after \\# do not have the form of the type\n",
		  STEER_EREFUSED },
		{ "types that are no data", "a TYPE0 \\# 0\nb TYPE255 \\# 1 00\nc TYPE41 \\# 0\n",
		  "!1:1 a type for questions and messages, not for records of a zone\n"
		  "!2:1 a type for questions and messages, not for records of a zone\n"
		  "!3:1 a type for questions and messages, not for records of a zone\n",
		  STEER_EREFUSED },
		{ "reading goes on after an error, and points at the word",
		  "a A 192.0.2\nb A 192.0.2.1 x\nc FOO x\nd A 192.0.2.3\n e\xc3 A 192.0.2.3\n",
		  "!1:5 invalid IPv4 address, near '192.0.2'\n!2:15 unexpected data, near 'x'\n"
		  "!3:3 invalid number, near 'FOO'\n4:1 d.example. 3600 A 192.0.2.3\n"
		  "!5:2 unsupported record type, near 'e?'\n", STEER_EREFUSED },
		{ "an error inside a record of many lines",
		  "@ SOA ns hm (\n 1\n 2 x\n 4 5 )\na A 192.0.2.1\nb A 192.0.2.1\n",
		  "!3:4 invalid number, near 'x'\n5:1 a.example. 3600 A 192.0.2.1\n"
		  "6:1 b.example. 3600 A 192.0.2.1\n", STEER_EREFUSED },
		{ "no data at the end of a line", "a A\nb MX 1\n",
		  "!1:3 invalid address character, near 'A'\n!2:6 invalid number, near '1'\n",
		  STEER_EREFUSED },
		{ "an open parenthesis at the end", "a A 192.0.2.1\n@ SOA ns hm (\n 1 2\n\n",
		  "1:1 a.example. 3600 A 192.0.2.1\n!2:1 unclosed parenthesis\n", STEER_EREFUSED },
		{ "an open parenthesis at the end, after an error inside it",
		  "a 60 CNAME y.(@Z\nb A 192.0.2.1\n",
		  "!1:12 unexpected data, near 'y.(@Z'\n!3:1 unclosed parenthesis\n", STEER_EREFUSED },
		{ "another class", "a CH TXT x\n", "!1:3 unsupported record type, near 'CH'\n",
		  STEER_EREFUSED },
		{ "a wrong directive ends the reading", "$FOO 1\na A 192.0.2.1\n",
		  "!1:1 invalid directive, near '$FOO'\n", STEER_EREFUSED },
		{ "line ends of another system end the reading", "a A 192.0.2.1\r\nb A 192.0.2.1\r\n",
		  "!1:5 unsupported CRLF newline, remove CR bytes, near '192.0.2.1?'\n",
		  STEER_EREFUSED },
		{ "text has no includes", "$INCLUDE x\na A 192.0.2.1\n",
		  "!1:1 $INCLUDE has no folder to look in\n2:1 a.example. 3600 A 192.0.2.1\n",
		  STEER_EREFUSED },
	};
	check_texts(cases, COUNT(cases));
}

/*! Both sets of an alias. */
#define ALIAS(place, owner, target) \
	place " " owner " alias A " target "\n" place " " owner " alias AAAA " target "\n"

static void alias_lines_become_aliases(void **state)
{
	(void)state;
	static const text_case_t cases[] = {
		{ "at the apex", "@ ALIAS lb.Example.NET.\n", ALIAS("1:1", "example.", "lb.example.net."),
		  STEER_OK },
		{ "in any case, with a relative target", "\nwww alias Web\n\tAliAs @",
		  ALIAS("2:1", "www.example.", "web.example.")
		  "!3:2 a second ALIAS at this name\n", STEER_EREFUSED },
		{ "after TTL and class in any order, whose TTL says nothing",
		  "a 60 ALIAS x.\nb IN ALIAS x.\nc IN 1h30m ALIAS x.\nd 60 in ALIAS x.\n",
		  ALIAS("1:1", "a.example.", "x.") ALIAS("2:1", "b.example.", "x.")
		  ALIAS("3:1", "c.example.", "x.") ALIAS("4:1", "d.example.", "x."), STEER_OK },
		{ "with the owner above", "a A 192.0.2.1\n  ALIAS x.\n",
		  "1:1 a.example. 3600 A 192.0.2.1\n" ALIAS("2:3", "a.example.", "x."), STEER_OK },
		{ "relative to the origin in force", "$ORIGIN b.example.\n@ ALIAS x\n",
		  ALIAS("2:1", "b.example.", "x.b.example."), STEER_OK },
		{ "names that are called so", "alias ALIAS alias\n$ORIGIN alias.\n"
		  "alias CNAME ALIAS.alias.\n",
		  ALIAS("1:1", "alias.example.", "alias.example.")
		  "3:1 alias.alias. 3600 CNAME alias.alias.\n", STEER_OK },
		{ "in parentheses", "a (\n60 ; ALIAS )\n ALIAS ) ( x. ) ; c\nb(ALIAS)x.\n",
		  ALIAS("1:1", "a.example.", "x.") ALIAS("4:1", "b.example.", "x."), STEER_OK },
		{ "after a parenthesis in a line of its own", "a A ( 192.0.2.1\n)\nb ALIAS x.\n",
		  "1:1 a.example. 3600 A 192.0.2.1\n" ALIAS("3:1", "b.example.", "x."), STEER_OK },
		{ "the word elsewhere", "a TXT ( ALIAS\n ALIAS \" ;\nb ALIAS x.\" )\n; ALIAS\n",
		  "1:1 a.example. 3600 TXT \"ALIAS\" \"ALIAS\" \" ;\\010b ALIAS x.\"\n", STEER_OK },
		{ "after errors",
		  "@ SOA ns hm (\n 1\n\tALIAS \n 3 4 5 )\nb TXT \"\\\"\nc ALIAS x.\n\"\nd ALIAS x.\n",
		  "!3:2 invalid number, near 'ALIAS'\n!5:7 invalid text character, near '\"\\\"'\n"
		  ALIAS("6:1", "c.example.", "x.") "!7:1 owner is invalid, near '\"'\n"
		  ALIAS("8:1", "d.example.", "x."), STEER_EREFUSED },
		{ "owners with escaped quotes, blanks and parentheses",
		  "a\\ ALIAS\\ b A 192.0.2.1\n\\\"a ALIAS x.\nb\\;\\( ALIAS x.\n",
		  "1:1 a\\032alias\\032b.example. 3600 A 192.0.2.1\n"
		  ALIAS("2:1", "\\\"a.example.", "x.") ALIAS("3:1", "b\\;\\(.example.", "x."), STEER_OK },
		{ "other words", "a ALIASES x.\nb XALIAS x.\nc ALIAS2 x.\n",
		  "!1:3 unsupported record type, near 'ALIASES'\n!2:3 invalid number, near 'XALIAS'\n"
		  "!3:3 unsupported record type, near 'ALIAS2'\n", STEER_EREFUSED },
		{ "no target, one too many, and a bad one, told as they were written",
		  "a ALIAS\nb ALIAS x. y.\nc ALIAS ..\nALIAS ALIAS\n",
		  "!1:3 invalid record data, near 'ALIAS'\n!2:12 unexpected data, near 'y.'\n"
		  "!3:9 invalid domain name character, near '..'\n!4:7 invalid record data, near 'ALIAS'\n",
		  STEER_EREFUSED },
		{ "by its number", "a TYPE65401 \\# 11 0141076578616D706c6500\n"
		  "b 60 IN type65401 \\# 1 00\n",
		  ALIAS("1:1", "a.example.", "a.example.") ALIAS("2:1", "b.example.", "."), STEER_OK },
		{ "by its number, and no name",
		  "a TYPE65401 \\# 0\nb TYPE65401 \\# 2 0161\nc TYPE65401 \\# 2 C00C\n"
		  "d TYPE65401 \\# 2 0000\ne TYPE65401 x.\n",
		  "!1:1 the bytes after \\# do not have the form of the type\n"
		  "!2:1 the bytes after \\# do not have the form of the type\n"
		  "!3:1 the bytes after \\# do not have the form of the type\n"
		  "!4:1 the bytes after \\# do not have the form of the type\n"
		  "!5:13 unable to process text form for this type, near 'x.'\n", STEER_EREFUSED },
		{ "several at a name, by either word",
		  "a ALIAS x.\nb TYPE65401 \\# 1 00\nA TYPE65401 \\# 1 00\nb ALIAS x.\n",
		  ALIAS("1:1", "a.example.", "x.") ALIAS("2:1", "b.example.", ".")
		  "!3:1 a second ALIAS at this name\n"
		  "!4:1 a second ALIAS at this name\n", STEER_EREFUSED },
	};
	check_texts(cases, COUNT(cases));
}

static void the_first_error_ends_a_reading_without_error_sink(void **state)
{
	(void)state;
	static const char text[] = "a A 1.2.3.4\nb A x\nc A y\n";
	steer_zonefile_t *file = NULL;
	assert_int_equal(steer_zonefile_text(&file, "f", text, strlen(text)), STEER_OK);
	story_t story = { steer_text_new(), fopen("/dev/null", "w"), false };
	steer_zonefile_sink_t sink = { .record = tell_record, .ctx = &story };
	steer_fault_t fault = { 0 };
	int ret = steer_zonefile_read(file, (const uint8_t *)"", &sink, &fault);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_string_equal(fault.text, "f:2:5: invalid address character, near 'x'; allowed: an "
	                                "address such as 192.0.2.1, of AAAA such as 2001:db8::1");
	fclose(story.out);
	steer_text_free(story.text);
	steer_zonefile_close(file);
}

static void a_directive_without_its_value_is_none(void **state)
{
	(void)state;
	steer_zonefile_t *file = NULL;
	assert_int_equal(steer_zonefile_text(&file, "f", "$INCLUDE\n", 9), STEER_OK);
	steer_zonefile_sink_t sink = { .record = tell_record };
	steer_fault_t fault = { 0 };
	assert_int_equal(steer_zonefile_read(file, (const uint8_t *)"", &sink, &fault), STEER_EREFUSED);
	assert_string_equal(fault.text, "f:1:1: not a line of a zone file; allowed: NAME [TTL] TYPE and "
	                                "data; $ORIGIN NAME, $TTL TIME, $INCLUDE FILE");
	steer_zonefile_close(file);
}

static void many_errors_are_not_all_told(void **state)
{
	(void)state;
	char text[4 * 1000 + 1] = "";
	for (int i = 0; i < 1000; i++) {
		memcpy(text + 4 * i, "a A\n", 5);
	}
	steer_zonefile_t *file = NULL;
	assert_int_equal(steer_zonefile_text(&file, "f", text, strlen(text)), STEER_OK);
	int ret;
	char *told = tell(file, "example.", false, &ret);
	assert_int_equal(ret, STEER_EREFUSED);
	int lines = 0;
	for (const char *c = told; *c != '\0'; c++) {
		lines += *c == '\n';
	}
	assert_int_equal(lines, STEER_ERRORS_MAX);
	free(told);
	steer_zonefile_close(file);
}

/* Files in a folder of their own. */

static char dir[] = "/tmp/test_zonefile.XXXXXX";

static char *path_of(const char *name)
{
	char *path = NULL;
	assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
	return path;
}

static void put_file(const char *name, const char *text)
{
	char *path = path_of(name);
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	free(path);
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	char command[sizeof(dir) + 16];
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) == 0 ? 0 : -1;
}

static char *tell_file(const char *name, int *ret)
{
	char *path = path_of(name);
	steer_zonefile_t *file = NULL;
	steer_fault_t fault;
	assert_int_equal(steer_zonefile_open(&file, path, &fault), STEER_OK);
	char *told = tell(file, "example.", true, ret);
	steer_zonefile_close(file);
	free(path);
	return told;
}

static void tell_remark(void *ctx, const steer_place_t *place, const char *text)
{
	const story_t *story = ctx;
	const char *count = strchr(text, ':');
	assert_non_null(count);
	fprintf(story->out, "%s:%u:%u %.4s%.*s\n", base(place->file), place->line, place->column, text,
	        (int)strcspn(count, ";"), count);
}

static int take_any(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)ctx;
	(void)record;
	(void)fault;
	return STEER_OK;
}

static int take_alias(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	(void)ctx;
	(void)set;
	(void)fault;
	return STEER_OK;
}

static void what_is_read_otherwise_than_meant_is_told_once(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
		{ "nothing", "$TTL 5\na A 192.0.2.1 ; AWS\nb 5 A 192.0.2.1 ; a, set b\n", "" },
		{ "no $TTL", "\n;\na A 192.0.2.1\nb A 192.0.2.2\nc 5 A 192.0.2.1\n$TTL 5\nd A 192.0.2.1\n",
		  "f:3:1 reco: 2\n" },
		{ "an alias has no TTL", "a ALIAS b\n", "" },
		{ "cli53 and LUA, which nobody takes here", "$TTL 5\na A 192.0.2.1 ; AWS routing=\"x\"\n"
		  "b TYPE65402 \\# 1 00\n", "" },
		{ "steerctl get", "$TTL 5\na A 192.0.2.1 ; weighted, set a, weight 3\n"
		                  "b A 192.0.2.1 ; up min-healthy=50%, take 2, set b\n"
		                  "c A 192.0.2.1 ; the others, set in 2020\n", "f:2:17 poli: 2\n" },
		{ "several", "a A 192.0.2.1 ; weighted, set a\n", "f:1:1 reco: 1\nf:1:17 poli: 1\n" },
		{ "in a file of its own", "$TTL 5\n$INCLUDE other\n", "other:2:17 poli: 1\n" },
	};

	put_file("other", "\na A 192.0.2.1 ; weighted, set a\n");
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		put_file("f", cases[i].text);
		char *path = path_of("f"), *told = NULL;
		size_t size = 0;
		story_t story = { .out = open_memstream(&told, &size) };
		const steer_zonefile_sink_t sink = {
			.record = take_any, .set = take_alias, .warn = tell_remark, .ctx = &story,
		};
		steer_zonefile_t *file = NULL;
		steer_fault_t fault = { 0 };
		assert_int_equal(steer_zonefile_open(&file, path, &fault), STEER_OK);
		int ret = steer_zonefile_read(file, (const uint8_t *)"\7example", &sink, &fault);
		assert_string_equal(fault.text, "");
		assert_int_equal(ret, STEER_OK);
		fclose(story.out);
		assert_string_equal(told, cases[i].want);
		free(told);
		free(path);
		steer_zonefile_close(file);
	}
}

static void an_included_file_has_its_own_name_and_lines(void **state)
{
	(void)state;
	char path[sizeof(dir) + 8];
	snprintf(path, sizeof(path), "%s/sub", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	put_file("main", "$TTL 60\na A 192.0.2.1\n$INCLUDE sub/one one.example. ; c\n A 192.0.2.9\n"
	         "$INCLUDE sub/one\nb A 192.0.2.1\n");
	put_file("sub/one", "\nc A 192.0.2.2\n$TTL 5\n$ORIGIN other.\n$INCLUDE two\nd A x\n");
	put_file("sub/two", "e A 192.0.2.3\n\nf A 192.0.2.4");
	int ret;
	char *told = tell_file("main", &ret);
	assert_string_equal(told,
		"main:2:1 a.example. 60 A 192.0.2.1\n"
		"one:2:1 c.one.example. 60 A 192.0.2.2\n"
		"two:1:1 e.other. 5 A 192.0.2.3\n"
		"two:3:1 f.other. 5 A 192.0.2.4\n"
		"!one:6:5 invalid address character, near 'x'\n"
		"main:4:2 a.example. 60 A 192.0.2.9\n"
		"one:2:1 c.example. 60 A 192.0.2.2\n"
		"two:1:1 e.other. 5 A 192.0.2.3\n"
		"two:3:1 f.other. 5 A 192.0.2.4\n"
		"!one:6:5 invalid address character, near 'x'\n"
		"main:6:1 b.example. 60 A 192.0.2.1\n");
	assert_int_equal(ret, STEER_EREFUSED);
	free(told);
}

static void an_included_file_has_alias_lines(void **state)
{
	(void)state;
	put_file("aliases", "a ALIAS x\n$INCLUDE more more.example.\nb ALIAS x\n");
	put_file("more", "a ALIAS x\n$ORIGIN example.\na ALIAS x\n");
	int ret;
	char *told = tell_file("aliases", &ret);
	assert_string_equal(told,
		ALIAS("aliases:1:1", "a.example.", "x.example.")
		ALIAS("more:1:1", "a.more.example.", "x.more.example.")
		"!more:3:1 a second ALIAS at this name\n"
		ALIAS("aliases:3:1", "b.example.", "x.example."));
	assert_int_equal(ret, STEER_EREFUSED);
	free(told);
}

static void other_lines_are_errors_where_nobody_takes_them(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} texts[] = {
		{ "\na ALIAS x.\n", "f:2:1: aliases are not supported here" },
		{ "\na TYPE65401 \\# 1 00\n", "f:2:1: aliases are not supported here" },
		{ "\na LUA A \"x()\"\n", "f:2:1: LUA records are not supported here" },
		{ "\na AWS ALIAS A x $self true\n", "f:2:1: aliases are not supported here" },
	};
	for (size_t i = 0; i < COUNT(texts); i++) {
		steer_zonefile_t *file = NULL;
		assert_int_equal(steer_zonefile_text(&file, "f", texts[i].text, strlen(texts[i].text)),
		                 STEER_OK);
		steer_zonefile_sink_t sink = { .record = tell_record };
		steer_fault_t fault = { 0 };
		int ret = steer_zonefile_read(file, (const uint8_t *)"", &sink, &fault);
		assert_int_equal(ret, STEER_EREFUSED);
		assert_string_equal(fault.text, texts[i].want);
		steer_zonefile_close(file);
	}
}

static void an_include_is_looked_for_beside_the_real_file(void **state)
{
	(void)state;
	char *from = path_of("link"), *to = path_of("sub/one");
	assert_int_equal(symlink(to, from), 0);
	free(from);
	free(to);
	int ret;
	char *told = tell_file("link", &ret);
	assert_non_null(strstr(told, "two:1:1 e.other. 5 A 192.0.2.3\n"));
	free(told);
}

static void many_includes_in_one_file_are_fine(void **state)
{
	(void)state;
	char text[100 * 14 + 32] = "";
	for (int i = 0; i < 100; i++) {
		strcat(text, "$INCLUDE leaf\n");
	}
	strcat(text, "z A\n");
	put_file("leaf", "a A 192.0.2.1\n");
	put_file("many", text);
	int ret;
	char *told = tell_file("many", &ret);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_non_null(strstr(told, "!many:101:3 invalid address character, near 'A'\n"));
	size_t records = 0;
	for (const char *at = told; (at = strstr(at, "leaf:1:1 a.example.")) != NULL; at++) {
		records++;
	}
	assert_int_equal(records, 100);
	free(told);
}

static void a_file_that_includes_itself_ends(void **state)
{
	(void)state;
	put_file("self", "a A 192.0.2.1\n$INCLUDE self\n");
	int ret;
	char *told = tell_file("self", &ret);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_non_null(strstr(told, "!self:2:1 more than 32 files"));
	free(told);
}

static void a_file_that_cannot_be_included_is_told_with_its_place(void **state)
{
	(void)state;
	put_file("lost", "a A 192.0.2.1\n\n$INCLUDE nowhere\nb A 192.0.2.1\n");
	int ret;
	char *told = tell_file("lost", &ret);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_non_null(strstr(told, "!lost:3:1 "));
	assert_non_null(strstr(told, "/nowhere: No such file or directory\n"));
	assert_non_null(strstr(told, "lost:4:1 b.example."));
	free(told);
}

static void a_folder_has_the_name_by_which_it_was_reached(void **state)
{
	(void)state;
	char *from = path_of("way");
	assert_int_equal(symlink("sub", from), 0);
	put_file("sub/astray", "$INCLUDE nowhere\n");
	int ret;
	char *told = tell_file("way/astray", &ret);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_non_null(strstr(told, "/way/nowhere: No such file or directory\n"));
	free(told);
	free(from);
}

/* A zone file may come from somebody who must not see what the one who imports it can. */
static void a_file_outside_the_folder_is_not_included(void **state)
{
	(void)state;
	char *inner = path_of("inner"), *out = path_of("inner/out"), *in = path_of("inner/in");
	char *leaf = path_of("leaf"), *fifo = path_of("inner/fifo"), *abs = NULL;
	assert_int_equal(mkdir(inner, 0700), 0);
	assert_int_equal(symlink(leaf, out), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	put_file("inner/deep", "d A 192.0.2.2\n");
	assert_int_equal(symlink("../inner/deep", in), 0);
	assert_true(asprintf(&abs, "$INCLUDE %s\n", leaf) > 0);
	const struct {
		const char *text;
		bool taken;
	} cases[] = {
		{ "$INCLUDE deep\n", true },
		{ "$INCLUDE in\n", true },
		{ "$INCLUDE ../inner/deep\n", true },
		{ "$INCLUDE ../leaf\n", false },
		{ "$INCLUDE out\n", false },
		{ "$INCLUDE fifo\n", false },
		{ "$INCLUDE /dev/null\n", false },
		{ abs, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s", cases[i].text);
		put_file("inner/main", cases[i].text);
		int ret;
		char *told = tell_file("inner/main", &ret);
		assert_int_equal(ret, cases[i].taken ? STEER_OK : STEER_EREFUSED);
		assert_non_null(strstr(told, cases[i].taken ? "192.0.2.2" : "$INCLUDE of"));
		assert_null(strstr(told, "192.0.2.1"));
		free(told);
	}
	free(inner);
	free(out);
	free(in);
	free(leaf);
	free(fifo);
	free(abs);
}

static void what_cannot_be_opened_says_why(void **state)
{
	(void)state;
	steer_zonefile_t *file = NULL;
	steer_fault_t fault;
	char *path = path_of("missing");
	assert_int_equal(steer_zonefile_open(&file, path, &fault), STEER_ENOENT);
	free(path);
	assert_int_equal(steer_zonefile_open(&file, dir, &fault), STEER_EIO);
	assert_non_null(strstr(fault.text, "Is a directory"));
	assert_null(file);
}

static void a_file_tells_its_zone(void **state)
{
	(void)state;
	static const struct {
		const char *name, *file, *text;
		const char *want; /* Zone, what it is named by, and the origin if it is another. */
	} cases[] = {
		{ "the file's name", "Example.com.zone", SOA, "example.com. file" },
		{ "the file's name without SOA", "example.net.zone", "www A 192.0.2.1\n",
		  "example.net. file" },
		{ "another name", "example.net", "www A 192.0.2.1\n", NULL },
		{ "db.NAME", "db.example.net", SOA, NULL },
		{ "NAME.db", "example.net.db", SOA, NULL },
		{ "NAME.txt", "example.net.txt", SOA, NULL },
		{ "NAME.dns", "example.net.dns", SOA, NULL },
		{ "NAME.hosts", "example.net.hosts", SOA, NULL },
		{ "db.NAME, an absolute owner", "db.example.net", "example.net. SOA ns. hm. 1 2 3 4 5\n",
		  "example.net. soa" },
		{ "db.NAME, a relative owner", "db.example.net", "example.net SOA ns. hm. 1 2 3 4 5\n",
		  NULL },
		{ "$ORIGIN", "x.zone", "; c\n$TTL 5\n$ORIGIN Example.org.\n" SOA, "example.org. origin" },
		{ "$ORIGIN before an ALIAS line", "x.zone", "$ORIGIN example.org.\n@ ALIAS lb.\n",
		  "example.org. origin" },
		{ "$ORIGIN without SOA", "x.zone", "$ORIGIN example.org.\nwww A 192.0.2.1\n",
		  "example.org. origin" },
		{ "the owner of the SOA", "x.zone", "example.org. SOA ns. hm. 1 2 3 4 5\n",
		  "example.org. soa" },
		{ "the owner of the SOA below $ORIGIN", "db.local",
		  "$ORIGIN .\n$TTL 5\nexample.org SOA ns. hm. 1 2 3 4 5\n", "example.org. soa" },
		{ "a relative owner below the file's name", "example.org.zone",
		  "sub SOA ns. hm. 1 2 3 4 5\n", "sub.example.org. soa example.org." },
		{ "the root by @", "db.local", "$ORIGIN .\n" SOA, NULL },
		{ "the root by a blank", "db.local", "$ORIGIN .\n@ NS ns.\n  SOA ns. hm. 1 2 3 4 5\n",
		  NULL },
		{ "the root by a $ORIGIN", "db.local", "$ORIGIN .\nns A 192.0.2.1\n", NULL },
		{ "the root by the file's name", "..zone", SOA, NULL },
		{ "the root", "db.local", ". SOA ns. hm. 1 2 3 4 5\n", ". soa" },
		{ "the root as a zone of its own", "db.local", "$ORIGIN .\n. SOA ns. hm. 1 2 3 4 5\n",
		  ". soa" },
		{ "$ORIGIN alone", "x.zone", "$ORIGIN example.org.\n", "example.org. origin" },
		{ "a name that is none", "a..b.zone", SOA, NULL },
		{ "a name that is none, $ORIGIN", "a b.zone", "$ORIGIN example.org.\n" SOA,
		  "example.org. origin" },
		{ "an empty file", "empty.org.zone", "", "empty.org. file" },
		{ "an error first", "x.zone", "$ORIGIN x\n" SOA, NULL },
		{ "an included SOA", "main.zone", "$INCLUDE soa.inc\n", "example.org. soa" },
		{ "a final dot is missing", "example.org.zone", "example.org SOA ns. hm. 1 2 3 4 5\n",
		  NULL },
		{ "a final dot is missing below $ORIGIN", "x.zone",
		  "$ORIGIN org.\nexample.ORG SOA ns. hm. 1 2 3 4 5\n", NULL },
		{ "escapes in an owner", "x.zone", "a\\b\\;c.org. SOA ns. hm. 1 2 3 4 5\n",
		  "ab\\;c.org. soa" },
		{ "no final dot is missing", "example.org.zone",
		  "example.org.example.org. SOA ns. hm. 1 2 3 4 5\n", "example.org.example.org. soa" },
	};
	static const char *const by[] = {
		[STEER_NAMED_BY_SOA] = "soa", [STEER_NAMED_BY_ORIGIN] = "origin",
		[STEER_NAMED_BY_FILE] = "file",
	};

	put_file("soa.inc", "\nexample.org. SOA ns. hm. 1 2 3 4 5\n");
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		put_file(cases[i].file, cases[i].text);
		char *path = path_of(cases[i].file);
		steer_zonefile_t *file = NULL;
		steer_fault_t fault;
		assert_int_equal(steer_zonefile_open(&file, path, &fault), STEER_OK);
		steer_zonefile_name_t name;
		int ret = steer_zonefile_zone(file, &name, &fault);
		if (cases[i].want == NULL) {
			assert_int_equal(ret, STEER_EREFUSED);
		} else {
			char zone[STEER_NAME_TEXT], origin[STEER_NAME_TEXT], got[2 * STEER_NAME_TEXT + 16];
			assert_int_equal(ret, STEER_OK);
			steer_name_print(name.zone, zone);
			steer_name_print(name.origin, origin);
			bool same = strcmp(zone, origin) == 0;
			snprintf(got, sizeof(got), "%s %s%s%s", zone, by[name.by], same ? "" : " ",
			         same ? "" : origin);
			assert_string_equal(got, cases[i].want);
		}
		steer_zonefile_close(file);
		free(path);
	}
}

/* Text. */

static void names_are_those_of_zone_files(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "Example.COM", "example.com." },
		{ "example.com.", "example.com." },
		{ ".", "." },
		{ "a\\.b.\\000c", "a\\.b.\\000c." },
		{ "*._tcp.0/25.x", "*._tcp.0/25.x." },
		{ "", NULL },
		{ "..", NULL },
		{ ".a", NULL },
		{ "a..b", NULL },
		{ "@", NULL },
		{ "a b", NULL },
		{ "m\xc3\xbc.de", NULL },
		{ "a\\", NULL },
		{ "a\\256", NULL },
		{ "a2345678901234567890123456789012345678901234567890123456789012.b",
		  "a2345678901234567890123456789012345678901234567890123456789012.b." },
		{ "a234567890123456789012345678901234567890123456789012345678901234.b", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  '%s'\n", cases[i].text);
		uint8_t name[255];
		int ret = steer_name_parse(cases[i].text, name);
		assert_int_equal(ret, cases[i].want != NULL ? STEER_OK : STEER_EINVAL);
		if (ret == STEER_OK) {
			char text[STEER_NAME_TEXT];
			steer_name_print(name, text);
			assert_string_equal(text, cases[i].want);
		}
	}
}

static void the_longest_names_fit(void **state)
{
	(void)state;
	uint8_t name[255] = { 0 }, back[255];
	for (int at = 0; at < 254; at += name[at] + 1) {
		name[at] = at < 192 ? 63 : 61;
		memset(name + at + 1, 0, name[at]);
	}
	char text[STEER_NAME_TEXT];
	steer_name_print(name, text);
	assert_int_equal(strlen(text), STEER_NAME_TEXT - 1);
	assert_int_equal(steer_name_parse(text, back), STEER_OK);
	assert_memory_equal(name, back, sizeof(name));
}

static void every_byte_of_a_name_reads_back(void **state)
{
	(void)state;
	steer_text_t *text = steer_text_new();
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t name[] = { 3, 'a', byte, 'b', 0 }, back[255];
		if (byte >= 'A' && byte <= 'Z') {
			continue;
		}
		char shown[STEER_NAME_TEXT];
		steer_name_print(name, shown);
		assert_int_equal(steer_name_parse(shown, back), STEER_OK);
		assert_memory_equal(name, back, sizeof(name));
		const uint8_t *rdata;
		uint16_t len;
		assert_int_equal(steer_rdata_parse(text, (const uint8_t *)"\1x", 2, shown, &rdata,
		                                   &len, NULL), STEER_OK);
		assert_int_equal(len, sizeof(name));
		assert_memory_equal(name, rdata, len);
	}
	steer_text_free(text);
}

/*! The name by which libknot's scanner knows a type too; NULL: none. */
static const char *knot_name(uint16_t type, char *name, size_t size)
{
	bool named = knot_rrtype_to_string(type, name, size) > 0 && !knot_rrtype_is_metatype(type) &&
	             type != KNOT_RRTYPE_NULL && strncmp(name, "TYPE", 4) != 0;
	return named ? name : NULL;
}

static void types_have_the_names_that_libknot_gives_them(void **state)
{
	(void)state;
	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		char ours[STEER_TYPE_TEXT], theirs[32], generic[32];
		const char *name = knot_name(type, theirs, sizeof(theirs));
		snprintf(generic, sizeof(generic), "TYPE%u", type);
		assert_ptr_equal(steer_type_text(type, ours), ours);
		// A later libknot may know more of them.
		if (strcmp(ours, generic) != 0 || KNOT_VERSION_HEX < 0x030300) {
			assert_string_equal(ours, name != NULL ? name : generic);
		}
	}
}

static void every_type_has_a_name_that_reads_back(void **state)
{
	(void)state;
	steer_text_t *text = steer_text_new();
	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		char name[STEER_TYPE_TEXT];
		uint16_t back;
		steer_type_text(type, name);
		int ret = steer_type_parse(name, &back);
		assert_int_equal(ret, steer_type_is_data(type) ? STEER_OK : STEER_EINVAL);
		if (ret != STEER_OK) {
			continue;
		}
		assert_int_equal(back, type);
		// The scanner knows the name too: it gets as far as the data.
		steer_fault_t fault = { 0 };
		const uint8_t *rdata;
		uint16_t len;
		if (type < 1000 &&
		    steer_rdata_parse(text, (const uint8_t *)"", type, "\\# 1 00", &rdata, &len,
		                      &fault) != STEER_OK) {
			assert_non_null(strstr(fault.text, "not the form of"));
		}
	}
	steer_text_free(text);
	static const char *const wrong[] = { "", "FOO", "TYPE", "TYPE-1", "TYPE 1", "TYPE+1",
	                                     "TYPE65536", "TYPE0", "ANY", "AXFR", "OPT", "A " };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		uint16_t type;
		assert_int_equal(steer_type_parse(wrong[i], &type), STEER_EINVAL);
	}
}

static void rdata_of_every_type_reads_back(void **state)
{
	(void)state;
	static const struct {
		const char *type, *value, *want; /* want NULL: as value. */
	} cases[] = {
		{ "A", "192.0.2.1", NULL },
		{ "NS", "ns1", "ns1.example." },
		{ "CNAME", "WWW.Example.", "www.example." },
		{ "SOA", "ns hm 1 1h 1m 1w 1d", "ns.example. hm.example. 1 3600 60 604800 86400" },
		{ "PTR", "@", "example." },
		{ "HINFO", "\"a b\" c", "\"a b\" \"c\"" },
		{ "MINFO", "a.example. b.example.", NULL },
		{ "MX", "65535 .", NULL },
		{ "TXT", "\"\" \"a;\\\"\\\\b\" \"\\009\\255\"", NULL },
		{ "RP", "a.example. b.example.", NULL },
		{ "AFSDB", "1 a.example.", NULL },
		{ "RT", "1 a.example.", NULL },
		{ "KEY", "256 3 8 AQAB", NULL },
		{ "AAAA", "2001:db8::1", NULL },
		{ "LOC", "42 21 54 N 71 06 18 W -24m 30m",
		  "42 21 54 N  71 6 18 W  -24m  30m 10000m 10m" },
		{ "SRV", "1 2 3 a.example.", NULL },
		{ "NAPTR", "100 10 \"S\" \"SIP+D2U\" \"!^.*$!sip:a@b\\\\!\" .", NULL },
		{ "KX", "1 a.example.", NULL },
		{ "CERT", "PKIX 65535 8 AQAB", "1 65535 8 AQAB" },
		{ "DNAME", "a.example.", NULL },
		{ "APL", "1:192.0.2.0/24 !2:2001:db8::/32", NULL },
		{ "DS", "12345 8 2 0123456789ABCDEF", NULL },
		{ "SSHFP", "4 2 0123", NULL },
		{ "IPSECKEY", "10 0 2 . AQAB", NULL },
		{ "IPSECKEY", "10 1 2 192.0.2.1 AQAB", NULL },
		{ "IPSECKEY", "10 2 2 2001:db8::1 AQAB", NULL },
		{ "IPSECKEY", "10 3 2 a.example. AQAB", NULL },
		{ "DNSKEY", "257 3 13 AQAB", NULL },
		{ "DHCID", "AQAB", NULL },
		{ "TLSA", "3 1 1 0123", NULL },
		{ "SMIMEA", "3 1 1 0123", NULL },
		{ "CDS", "0 0 0 00", NULL },
		{ "CDNSKEY", "0 3 0 AA==", NULL },
		{ "OPENPGPKEY", "AQAB", NULL },
		{ "CSYNC", "1 3 A NS AAAA", NULL },
		{ "SVCB", "1 foo.example. alpn=h2,h3 port=8443 ipv4hint=192.0.2.1 key65333=\"x;y\"",
		  "1 foo.example. alpn=h2,h3 port=8443 ipv4hint=192.0.2.1 key65333=\"x;y\"" },
		{ "HTTPS", "0 a.example.", NULL },
		{ "HTTPS", "1 . mandatory=alpn alpn=h2 no-default-alpn", NULL },
		{ "HTTPS", "1 . mandatory=alpn,ipv6hint alpn=h2,h3 ipv6hint=2001:db8::1,::",
		  "1 . mandatory=alpn,ipv6hint alpn=h2,h3 ipv6hint=2001:db8::1,::" },
		{ "HTTPS", "1 . alpn=\"h2,h3\" port=\"1\" key7=/dns{?dns}",
		  "1 . alpn=h2,h3 port=1 key7=\"/dns{?dns}\"" },
		{ "HTTPS", "1 . alpn=a\\\\,b,c\\\\\\\\d,x\\200,e\\032f,y\\034\\;",
		  "1 . alpn=a\\\\,b,c\\\\\\\\d,x\\200,e\\032f,y\\034\\059" },
		{ "HTTPS", "1 . alpn=\"h 2\"", "1 . alpn=h\\0322" },
		{ "SVCB", "1 . ech=AQ==", NULL },
		{ "SVCB", "1 . ech=AQI=", NULL },
		{ "SVCB", "1 . ech=AQID key8 key9=\"\" key65400=\"a\\\"b\\\\c,\\009\"",
		  "1 . ech=AQID key8 key9 key65400=\"a\\\"b\\\\c,\\009\"" },
		{ "SVCB", "\\# 8 00010000010002 FF", "\\# 8 00010000010002FF" },
		{ "SVCB", "\\# 9 000100000300020001", "1 . port=1" },
		{ "SVCB", "\\# 8 0001000003000100", "\\# 8 0001000003000100" },
		{ "SPF", "\"v=spf1 -all\"", NULL },
		{ "NID", "1 0014:4FFF:FF20:EE64", NULL },
		{ "L32", "1 192.0.2.1", NULL },
		{ "L64", "1 2001:0DB8:1140:1000", NULL },
		{ "LP", "1 a.example.", NULL },
		{ "EUI48", "00-00-5E-00-53-2A", NULL },
		{ "EUI64", "00-00-5E-EF-10-00-00-2A", NULL },
		{ "URI", "1 2 \"ftp://a/?x=\\\"\"", NULL },
		{ "CAA", "0 issue \"ca.example; a=b\"", NULL },
		{ "TYPE65280", "\\# 3 0a0B0C", "\\# 3 0A0B0C" },
		{ "TYPE65280", "\\# 0", NULL },
	};
	steer_text_t *text = steer_text_new();
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s %s\n", cases[i].type, cases[i].value);
		uint16_t type, len, back_len;
		const uint8_t *rdata;
		steer_fault_t fault = { 0 };
		assert_int_equal(steer_type_parse(cases[i].type, &type), STEER_OK);
		int ret = steer_rdata_parse(text, (const uint8_t *)"\7example", type,
		                            cases[i].value, &rdata, &len, &fault);
		assert_string_equal(fault.text, "");
		assert_int_equal(ret, STEER_OK);
		uint8_t copy[256];
		memcpy(copy, rdata, len);
		const char *shown = steer_rdata_print(text, type, copy, len);
		assert_string_equal(shown, cases[i].want != NULL ? cases[i].want : cases[i].value);
		char *kept = strdup(shown);
		assert_int_equal(steer_rdata_parse(text, (const uint8_t *)"", type, kept, &rdata,
		                                   &back_len, &fault), STEER_OK);
		assert_int_equal(back_len, len);
		assert_memory_equal(rdata, copy, len);
		free(kept);
	}
	steer_text_free(text);
}

static void any_bytes_of_any_type_read_back(void **state)
{
	(void)state;
	steer_text_t *text = steer_text_new();
	uint64_t seed = 42;
	unsigned checked = 0;
	for (unsigned round = 0; round < 100000; round++) {
		uint8_t *bytes = NULL;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		uint16_t type = seed >> 33 & 1 ? 1 + (seed >> 34) % 110 : 256 + (seed >> 34) % 4;
		uint16_t len = (seed >> 48) % 40;
		bytes = malloc(len > 0 ? len : 1); // The very size, for the sanitizer's sake.
		for (unsigned i = 0; i < len; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			bytes[i] = seed >> 35 & 3 ? (seed >> 40) % 8 : seed >> 40;
		}
		if ((len > 0 || type > 110) && steer_type_is_data(type) &&
		    steer_rdata_check(type, bytes, len)) {
			steer_rdata_canonical(type, bytes, len);
			char *shown = strdup(steer_rdata_print(text, type, bytes, len));
			const uint8_t *rdata;
			uint16_t back_len;
			steer_fault_t fault = { 0 };
			int ret = steer_rdata_parse(text, (const uint8_t *)"", type, shown, &rdata,
			                            &back_len, &fault);
			if (len > 0 && (ret != STEER_OK || back_len != len ||
			    memcmp(rdata, bytes, len) != 0)) {
				fail_msg("type %u: '%s' %s", type, shown, fault.text);
			}
			free(shown);
			checked++;
		}
		free(bytes);
	}
	assert_true(checked > 10000);
	steer_text_free(text);
}

static void the_longest_rdata_reads_back(void **state)
{
	(void)state;
	static const uint16_t types[] = { 16, 65280, 257, 256, 52, 61 };
	steer_text_t *text = steer_text_new();
	uint8_t *bytes = malloc(UINT16_MAX);
	for (size_t i = 0; i < COUNT(types); i++) {
		memset(bytes, 0xff, UINT16_MAX);
		const char *shown = steer_rdata_print(text, types[i], bytes, UINT16_MAX);
		char *kept = strdup(shown);
		const uint8_t *rdata;
		uint16_t len;
		steer_fault_t fault = { 0 };
		int ret = steer_rdata_parse(text, (const uint8_t *)"", types[i], kept, &rdata, &len,
		                            &fault);
		assert_string_equal(fault.text, "");
		assert_int_equal(ret, STEER_OK);
		assert_int_equal(len, UINT16_MAX);
		assert_memory_equal(rdata, bytes, len);
		free(kept);
	}
	free(bytes);
	steer_text_free(text);
}

static void wrong_values_say_what_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *type, *value, *want;
	} cases[] = {
		{ "A", "", "invalid address character; allowed: an address such as 192.0.2.1" },
		{ "A", "192.0.2", "invalid IPv4 address, near '192.0.2'; allowed: " },
		{ "A", "192.0.2.1 x", "unexpected data, near 'x'; allowed: one record on a line" },
		{ "A", "192.0.2.1\nb A 192.0.2.2", "a value is one line" },
		{ "TXT", "v=DKIM1; k=rsa", "';' begins a comment; text that has one is put in \"\"" },
		{ "TXT", "\"x", "; allowed: printable ASCII, quotes in pairs" },
		{ "TXT", "", "invalid record data; allowed: all data of the type" },
		{ "SOA", "a b ( 1", "unclosed parenthesis" },
		{ "MX", "mail", "invalid number, near 'mail'; allowed: digits; " },
		{ "MX", "x a.example.", "invalid number, near 'x'; allowed: digits; " },
		{ "MX", "65536 a.example.", ", near '65536'; allowed: at most 65535" },
		{ "CAA", "256 issue x", ", near '256'; allowed: at most 255" },
		{ "SOA", "a. b. 4294967296 1 1 1 1", "; allowed: at most 4294967295" },
		{ "HTTPS", "1 . web=1", ", near 'web=1'; allowed: mandatory=, alpn=," },
		{ "HTTPS", "1 . port=1 port=2", ", near 'port=2'; allowed: each parameter once" },
		{ "HTTPS", "1 . mandatory=port", "; allowed: what mandatory= lists is given, too" },
		{ "HTTPS", "1 . alpn=h2,,h3", "; allowed: one comma between two items" },
		{ "LOC", "1 2 3", "; allowed: data such as 51 30 12 N 0 7 39 W 10m" },
		{ "DS", "1 RSA 2 00", ", near 'RSA'; allowed: a number up to 255, or a name" },
		{ "NS", "\\# 2 c00c", "not the form of NS" },
		{ "TYPE65280", "x", "; allowed: data of a type without a name is written \\#" },
	};
	steer_text_t *text = steer_text_new();
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s %s\n", cases[i].type, cases[i].value);
		uint16_t type, len;
		const uint8_t *rdata;
		steer_fault_t fault = { 0 };
		assert_int_equal(steer_type_parse(cases[i].type, &type), STEER_OK);
		assert_int_equal(steer_rdata_parse(text, (const uint8_t *)"", type, cases[i].value,
		                                   &rdata, &len, &fault), STEER_EINVAL);
		if (strstr(fault.text, cases[i].want) == NULL) {
			fail_msg("'%s'", fault.text);
		}
		// An error leaves nothing behind.
		assert_int_equal(steer_rdata_parse(text, (const uint8_t *)"", 1, "192.0.2.1", &rdata,
		                                   &len, &fault), STEER_OK);
	}
	steer_text_free(text);
}

static void records_are_written_as_lines(void **state)
{
	(void)state;
	uint8_t rrs[64];
	size_t len = steer_rr_write(rrs, 1, 60, (const uint8_t *)"\xc0\x00\x02\x01", 4);
	len += steer_rr_write(rrs + len, 1, 60, (const uint8_t *)"\xc0\x00\x02\x02", 4);
	char *written = NULL;
	size_t size;
	FILE *out = open_memstream(&written, &size);
	steer_text_t *text = steer_text_new();
	steer_records_write(text, out, "-", " ; c", (const uint8_t *)"\1a", 1, 60, rrs, len);
	fclose(out);
	assert_string_equal(written, "-a.\t60\tA\t192.0.2.1 ; c\n-a.\t60\tA\t192.0.2.2 ; c\n");
	free(written);
	steer_text_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_records_with_their_places),
		cmocka_unit_test(alias_lines_become_aliases),
		cmocka_unit_test(what_is_read_otherwise_than_meant_is_told_once),
		cmocka_unit_test(the_first_error_ends_a_reading_without_error_sink),
		cmocka_unit_test(a_directive_without_its_value_is_none),
		cmocka_unit_test(many_errors_are_not_all_told),
		cmocka_unit_test(an_included_file_has_its_own_name_and_lines),
		cmocka_unit_test(an_included_file_has_alias_lines),
		cmocka_unit_test(other_lines_are_errors_where_nobody_takes_them),
		cmocka_unit_test(an_include_is_looked_for_beside_the_real_file),
		cmocka_unit_test(many_includes_in_one_file_are_fine),
		cmocka_unit_test(a_file_that_includes_itself_ends),
		cmocka_unit_test(a_file_that_cannot_be_included_is_told_with_its_place),
		cmocka_unit_test(a_folder_has_the_name_by_which_it_was_reached),
		cmocka_unit_test(a_file_outside_the_folder_is_not_included),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(a_file_tells_its_zone),
		cmocka_unit_test(names_are_those_of_zone_files),
		cmocka_unit_test(the_longest_names_fit),
		cmocka_unit_test(every_byte_of_a_name_reads_back),
		cmocka_unit_test(types_have_the_names_that_libknot_gives_them),
		cmocka_unit_test(every_type_has_a_name_that_reads_back),
		cmocka_unit_test(rdata_of_every_type_reads_back),
		cmocka_unit_test(any_bytes_of_any_type_read_back),
		cmocka_unit_test(the_longest_rdata_reads_back),
		cmocka_unit_test(wrong_values_say_what_is_wrong),
		cmocka_unit_test(records_are_written_as_lines),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
