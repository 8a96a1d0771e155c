/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief JSON with places: what is read, and that all else is refused in bounded memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/route53/json.h"
#include "unit/test.h"

/*! Prints values, one a line: "line:column kind", indented by their depth. */
static void print_values(const steer_json_t *json, const steer_json_value_t *parent,
                         unsigned depth, FILE *out);

static void print_value(const steer_json_t *json, const steer_json_value_t *value, unsigned depth,
                        FILE *out)
{
	const steer_place_t place = steer_json_place(json, value);
	assert_string_equal(place.file, "f");
	fprintf(out, "%*s%u:%u ", 2 * depth, "", place.line, place.column);
	switch (value->kind) {
	case STEER_JSON_NULL:
		fprintf(out, "null\n");
		break;
	case STEER_JSON_BOOL:
		fprintf(out, "%s\n", value->truth ? "true" : "false");
		break;
	case STEER_JSON_NUMBER:
		fprintf(out, "#%s\n", steer_json_text(json, value));
		break;
	case STEER_JSON_TEXT:
		fprintf(out, "'%s'\n", steer_json_text(json, value));
		break;
	default:
		fprintf(out, "%s\n", value->kind == STEER_JSON_LIST ? "[]" : "{}");
		print_values(json, value, depth + 1, out);
	}
}

static void print_values(const steer_json_t *json, const steer_json_value_t *parent,
                         unsigned depth, FILE *out)
{
	const steer_json_value_t *at = NULL;
	if (parent != NULL && parent->kind == STEER_JSON_OBJECT) {
		while ((at = steer_json_next_key(json, parent, at)) != NULL) {
			print_value(json, at, depth, out);
			print_value(json, &at[1], depth + 1, out);
			if (at[1].kind != STEER_JSON_NULL) {
				assert_ptr_equal(steer_json_get(json, parent, steer_json_text(json, at)), &at[1]);
			}
		}
		return;
	}
	while ((at = steer_json_next(json, parent, at)) != NULL) {
		print_value(json, at, depth, out);
	}
}

/*! Reads the texts of a list as JSON, too. */
static int read_inner(steer_json_t *json, const steer_input_t *input, steer_report_t *report)
{
	const steer_json_value_t *list = steer_json_next(json, NULL, NULL), *at = NULL;
	int ret = STEER_OK;
	while (ret == STEER_OK && (at = steer_json_next(json, list, at)) != NULL) {
		if (at->kind == STEER_JSON_TEXT) {
			ret = steer_json_read_inner(json, at, input, report);
		}
	}
	return ret;
}

static void print_inner(const steer_json_t *json, FILE *out)
{
	const steer_json_value_t *list = steer_json_next(json, NULL, NULL), *at = NULL;
	while ((at = steer_json_next(json, list, at)) != NULL) {
		const steer_json_t *inner = steer_json_inner(json, at);
		assert_int_equal(inner != NULL, at->kind == STEER_JSON_TEXT);
		if (inner != NULL) {
			print_values(inner, NULL, 0, out);
		}
	}
}

/*! Reads a text, or the texts in its list. \return What it has, or the error. */
static char *tell(const char *text, size_t len, bool inner)
{
	char *told = NULL, *copy = malloc(len > 0 ? len : 1);
	size_t size;
	steer_json_t json = { .values = NULL };
	steer_input_t *input = NULL;
	steer_fault_t fault = { 0 };
	steer_report_t report = { .name = "f", .fault = &fault };
	memcpy(copy, text, len);
	assert_int_equal(steer_input_text(&input, "f", copy, len), STEER_OK);
	int ret = steer_json_read(&json, input, &report);
	if (inner && ret == STEER_OK) {
		ret = read_inner(&json, input, &report);
	}
	free(copy); // The values do not need it.
	FILE *out = open_memstream(&told, &size);
	if (ret == STEER_OK && inner) {
		print_inner(&json, out);
	} else if (ret == STEER_OK) {
		print_values(&json, NULL, 0, out);
	} else {
		assert_int_equal(ret, STEER_EREFUSED);
		fprintf(out, "%s", fault.text);
	}
	fclose(out);
	steer_json_free(&json);
	steer_input_free(input);
	return told;
}

typedef struct {
	const char *name, *text, *want;
} case_t;

static void check_cases(const case_t *cases, size_t count, bool inner)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		char *told = tell(cases[i].text, strlen(cases[i].text), inner);
		assert_string_equal(told, cases[i].want);
		free(told);
	}
}

static void values_have_their_places(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "an object", "{\"a\": 1}", "1:1 {}\n  1:2 'a'\n    1:7 #1\n" },
		{ "all kinds", "[null,true , false,\n\t-1.5e+3,\"\", [ ], {}]",
		  "1:1 []\n  1:2 null\n  1:7 true\n  1:14 false\n  2:2 #-1.5e+3\n  2:10 ''\n  2:14 []\n"
		  "  2:19 {}\n" },
		{ "nested", "{\"a\" : {\"b\":[{\"c\":null}]},\r\n \"d\":2}",
		  "1:1 {}\n  1:2 'a'\n    1:8 {}\n      1:9 'b'\n        1:13 []\n          1:14 {}\n"
		  "            1:15 'c'\n              1:19 null\n  2:2 'd'\n    2:6 #2\n" },
		{ "escapes", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\\\\ud83d\", 1]",
		  "1:1 []\n  1:2 '\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80\\ud83d'\n  1:47 #1\n" },
		{ "columns are characters", "[\"\xc3\xa9\", 1]", "1:1 []\n  1:2 '\xc3\xa9'\n  1:7 #1\n" },
		{ "a byte order mark", "\xef\xbb\xbf[1]", "1:1 []\n  1:2 #1\n" },
		{ "several values", "{}\n[1]\n2\n", "1:1 {}\n2:1 []\n  2:2 #1\n3:1 #2\n" },
		{ "numbers as they are written", "[1E400, 0.10, -0]",
		  "1:1 []\n  1:2 #1E400\n  1:9 #0.10\n  1:15 #-0\n" },
		{ "keys that differ in case", "{\"a\":1,\"A\":2}",
		  "1:1 {}\n  1:2 'a'\n    1:6 #1\n  1:8 'A'\n    1:12 #2\n" },
	};
	check_cases(cases, COUNT(cases), false);
}

#define VALUE "an object, a list, text in quotes, a number, true, false, null"

static void what_is_no_json_is_refused(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "nothing", "", "f:1:1: not JSON: the text ends here; allowed: the rest of its objects "
		  "and lists" },
		{ "blanks", " \n ", "f:2:2: not JSON: the text ends here; allowed: the rest of its objects "
		  "and lists" },
		{ "an open list", "[1, 2\n", "f:2:1: not JSON: the text ends here; allowed: the rest of "
		  "its objects and lists" },
		{ "an open list after a number", "[1, 23", "f:1:7: not JSON: the text ends here; allowed: "
		  "the rest of its objects and lists" },
		{ "an open list after a comma", "[1,", "f:1:4: not JSON: the text ends here; allowed: the "
		  "rest of its objects and lists" },
		{ "an open text", "[\n \"abc", "f:2:2: not JSON: the text ends here; allowed: the rest of "
		  "its objects and lists" },
		{ "no comma", "[1 2]", "f:1:4: not JSON: neither a comma nor ']' after an item of a list" },
		{ "no comma in an object", "{\"a\":1\n\"b\":2}", "f:2:1: not JSON: neither a comma nor '}' "
		  "after a value of an object" },
		{ "a comma too many", "[1,\n]", "f:2:1: not JSON: no value; allowed: " VALUE },
		{ "a comma first", "[,1]", "f:1:2: not JSON: no value; allowed: " VALUE },
		{ "no value", "{\"a\": }", "f:1:7: not JSON: no value; allowed: " VALUE },
		{ "no colon", "{\"a\" 1}", "f:1:6: not JSON: no colon after a key; allowed: \"key\": "
		  "value" },
		{ "a key without quotes", "{a: 1}", "f:1:2: not JSON: not a value; allowed: " VALUE },
		{ "a key that is no text", "{1: 1}", "f:1:2: not JSON: not a key; allowed: text in double "
		  "quotes" },
		{ "a closing bracket", "]", "f:1:1: not JSON: no value; allowed: " VALUE },
		{ "the wrong bracket", "{\"a\": [1}", "f:1:9: not JSON: neither a comma nor ']' after an "
		  "item of a list" },
		{ "a leading zero", "[01]", "f:1:3: not JSON: neither a comma nor ']' after an item of a "
		  "list" },
		{ "a number without digits", "[-]", "f:1:2: not JSON: a number without digits where there "
		  "have to be; allowed: such as -1.5e3" },
		{ "a comment", "[/* */]", "f:1:2: not JSON: a comment, which JSON does not have" },
		{ "a bad word", "[tru]", "f:1:2: not JSON: not a value; allowed: " VALUE },
		{ "a bad escape", "[\"a\\qb\"]", "f:1:2: not JSON: text with a backslash that escapes "
		  "nothing; allowed: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX" },
		{ "a short number", "[\"\\u12G4\"]", "f:1:2: not JSON: text with \\u and no number; "
		  "allowed: four hexadecimal digits" },
		{ "a line in a text", "[\"a\nb\"]", "f:1:2: not JSON: text with a control character; "
		  "allowed: escaped, such as \\n" },
		{ "not UTF-8", "[\"a\xff\"]", "f:1:2: not JSON: text with bytes that are not UTF-8; "
		  "allowed: UTF-8" },
		{ "a key twice", "{\"b\":1,\n\"a\":2, \"b\":3}", "f:2:8: b: the key is already in line 1; "
		  "allowed: once" },
		{ "a key twice, escaped", "{\"b\":{\"c\":1, \"\\u0063\":2}}", "f:1:14: c: the key is "
		  "already in line 1; allowed: once" },
		{ "a zero byte", "[\"a\\u0000b\"]", "f:1:2: \\u0000 in a text; allowed: other characters" },
		{ "half a pair", "[\"\\ud83d\"]", "f:1:2: half of a surrogate pair; allowed: both halves, "
		  "such as \\ud83d\\ude00" },
		{ "the other half", "[\"\\\\\\uDE00x\"]", "f:1:2: half of a surrogate pair; allowed: both "
		  "halves, such as \\ud83d\\ude00" },
		{ "half a pair and another character", "[1, \"\\uD83D\\u0041\"]", "f:1:5: half of a "
		  "surrogate pair; allowed: both halves, such as \\ud83d\\ude00" },
		{ "half a pair in a key", "{\"\\ud83dA\": 1}", "f:1:2: half of a surrogate pair; allowed: "
		  "both halves, such as \\ud83d\\ude00" },
	};
	check_cases(cases, COUNT(cases), false);
}

/*! A text of parts: before, a part so many times, after. */
static void check_repeated(const char *before, const char *part, size_t times, const char *after,
                           bool inner, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	fputs(before, out);
	for (size_t i = 0; i < times; i++) {
		fputs(part, out);
	}
	fputs(after, out);
	fclose(out);
	char *told = tell(text, len, inner);
	if (want != NULL) {
		assert_string_equal(told, want);
	} else {
		assert_string_not_equal(told, "");
		assert_int_not_equal(told[0], 'f');
	}
	free(told);
	free(text);
}

static void everything_has_a_bound(void **state)
{
	(void)state;
	check_repeated("", "[", STEER_JSON_DEPTH + 1, "", false, "f:1:33: more than 32 nested lists "
	               "and objects");
	check_repeated("", "{\"a\":", 1 << 20, "", false, "f:1:161: more than 32 nested lists and "
	               "objects");
	check_repeated("[\"", "a", STEER_JSON_TEXT_MAX, "\"]", false, NULL);
	check_repeated("[\"", "a", STEER_JSON_TEXT_MAX + 1, "\"]", false, "f:1:2: a text of 131073 "
	               "bytes; allowed: 131072");
	check_repeated("[1, \"", "\\u00e9", 2 << 20, "\"]", false, "f:1:5: a text of 4194304 bytes; "
	               "allowed: 131072");
	check_repeated("[", "1", STEER_JSON_NUMBER_MAX, "]", false, NULL);
	check_repeated("[", "1", 10 << 20, "]", false, "f:1:2: a number of 10485760 characters; "
	               "allowed: 64");
	check_repeated("[0", ",0", STEER_JSON_VALUES_MAX, "]", false, "f:1:16777216: more values than "
	               "fit; allowed: 8388608 in a file; several files can be imported together");
	check_repeated("[\"[", "[", STEER_JSON_DEPTH, "\"]", true, "f:1:35: more than 32 nested lists "
	               "and objects");
	check_repeated("[0", ",\"1 1 1 1 1 1 1\"", STEER_JSON_VALUES_MAX / 8, "]", true,
	               "f:1:16777215: more values than fit; allowed: 8388608 in a file; several files "
	               "can be imported together");
}

static void texts_are_json_too(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "places are those in the file", "[0, \"{\\\"a\\\": [1,\\n 2]}\",\n \"true\"]",
		  "1:6 {}\n  1:7 'a'\n    1:14 []\n      1:15 #1\n      1:20 #2\n2:3 true\n" },
		{ "escapes are as long as they are written",
		  "[\"[\\\"\\u00e9\\\\\\\\\\ud83d\\ude00\xc3\xa9\\\", 1,\\u00202]\"]",
		  "1:3 []\n  1:4 '\xc3\xa9\\\xf0\x9f\x98\x80\xc3\xa9'\n  1:33 #1\n  1:41 #2\n" },
		{ "after a byte order mark", "\xef\xbb\xbf[\"[7]\"]", "1:3 []\n  1:4 #7\n" },
		{ "what is wrong", "[\n\"[1,\\n]\"]", "f:2:7: not JSON: no value; allowed: " VALUE },
		{ "what is missing", "[\"[1\\n\"]", "f:1:7: not JSON: the text ends here; allowed: the "
		  "rest of its objects and lists" },
		{ "nothing", "[\"\"]", "f:1:3: not JSON: the text ends here; allowed: the rest of its "
		  "objects and lists" },
	};
	check_cases(cases, COUNT(cases), true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_have_their_places),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(texts_are_json_too),
		cmocka_unit_test(everything_has_a_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
