/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "unit/records.h"
#include "unit/test.h"

static int cmp_names(const char *a, const char *b)
{
	steer_key_t x, y;
	steer_key_from_name(&x, name_of(a));
	steer_key_from_name(&y, name_of(b));
	int diff = steer_key_cmp(x.bytes, x.len, y.bytes, y.len);
	return (diff > 0) - (diff < 0);
}

static void keys_sort_in_canonical_order(void **state)
{
	(void)state;
	static const char *const orders[][12] = {
		// RFC 4034, section 6.1, in lower case.
		{ "example.", "a.example.", "yljkjljk.a.example.", "z.a.example.", "zabc.a.example.",
		  "z.example.", "\\001.z.example.", "*.z.example.", "\\200.z.example." },
		{ ".", "\\000.", "a.\\000.", "\\000\\000.", "\\000\\001.", "\\001.", "\\001\\000.",
		  "\\002.",
		  "a.", "\\000b.a.", "b.a." },
		{ "b.a.", "x.b.a.", "b\\000.a.", "x.b\\000.a.", "b\\000\\000.a.", "b\\000\\001.a.",
		  "b\\001.a.", "b\\001\\000.a.", "b\\001\\255.a.", "b\\002.a.", "bb.a." },
	};
	for (size_t i = 0; i < COUNT(orders); i++) {
		for (size_t a = 0; a < COUNT(orders[i]) && orders[i][a] != NULL; a++) {
			for (size_t b = 0; b < COUNT(orders[i]) && orders[i][b] != NULL; b++) {
				if (cmp_names(orders[i][a], orders[i][b]) != (a > b) - (a < b)) {
					fail_msg("%s and %s", orders[i][a], orders[i][b]);
				}
			}
		}
	}
}

static void different_names_have_different_keys(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{ "a\\000b.com.", "b.a.com." },
		{ "a\\000.com.",  "a.com." },
		{ "\\001\\001.",  "\\000." },
		{ "\\001\\002.",  "\\001." },
		{ "\\001.",       "\\000." },
		{ "\\001\\000.",  "\\001." },
	};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		print_message("  %s and %s\n", pairs[i][0], pairs[i][1]);
		assert_int_not_equal(cmp_names(pairs[i][0], pairs[i][1]), 0);
	}
}

static void a_key_is_made_of_labels_from_the_root(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint8_t key[16];
		size_t len;
	} cases[] = {
		{ ".",              { 0 }, 1 },
		{ "a.",             { 0, 'a', 0 }, 3 },
		{ "ab.c.",          { 0, 'c', 0, 'a', 'b', 0 }, 6 },
		{ "\\000\\001\\002.", { 0, 1, 1, 1, 2, 2, 0 }, 7 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		steer_key_t key;
		steer_key_from_name(&key, name_of(cases[i].name));
		assert_int_equal(key.len, cases[i].len);
		assert_memory_equal(key.bytes, cases[i].key, cases[i].len);
	}
}

/*! A name whose labels all consist of the same byte, repeated; returns its length. */
static size_t fill_name(uint8_t *name, size_t labels, size_t label_len, uint8_t byte)
{
	uint8_t *to = name;
	for (; labels > 0; labels--) {
		*to++ = label_len;
		memset(to, byte, label_len);
		to += label_len;
	}
	*to++ = 0;
	return to - name;
}

static void check_round_trip(const uint8_t *name)
{
	steer_key_t key, same;
	uint8_t back[STEER_NAME_MAX];
	size_t len = steer_name_len(name);
	steer_key_from_name(&key, name);
	assert_int_equal(key.labels, steer_name_labels(name));
	assert_int_equal(key.len, key.end[key.labels]);
	assert_in_range(key.len, 1, 1 + STEER_NAME_KEY_MAX);

	assert_int_equal(steer_key_from_bytes(&same, key.bytes, key.len), STEER_OK);
	assert_int_equal(same.len, key.len);
	assert_int_equal(same.labels, key.labels);
	assert_memory_equal(same.bytes, key.bytes, key.len);
	assert_memory_equal(same.end, key.end, (key.labels + 1) * sizeof(*key.end));

	assert_int_equal(steer_key_to_name(back, &same, same.labels), len);
	assert_memory_equal(back, name, len);

	// Each ancestor's key is a prefix of it.
	const uint8_t *ancestor = name;
	for (unsigned labels = key.labels; labels > 0; labels--, ancestor += 1 + *ancestor) {
		steer_key_t shorter;
		steer_key_from_name(&shorter, ancestor);
		assert_int_equal(shorter.len, key.end[labels]);
		assert_memory_equal(shorter.bytes, key.bytes, shorter.len);
		assert_int_equal(steer_key_to_name(back, &key, labels), steer_name_len(ancestor));
		assert_memory_equal(back, ancestor, steer_name_len(ancestor));
	}
}

static void every_name_comes_back_from_its_key(void **state)
{
	(void)state;
	static const char *const names[] = {
		".", "a.", "www.example.", "*.example.", "a.*.b.", "\\000.", "\\001\\000\\255.x.",
	};
	for (size_t i = 0; i < COUNT(names); i++) {
		check_round_trip(name_of(names[i]));
	}
	uint8_t name[2 * STEER_NAME_MAX];
	for (unsigned byte = 0; byte < 256; byte++) {
		fill_name(name, 1, 1, byte);
		check_round_trip(name);
		fill_name(name, 2, 63, byte);
		check_round_trip(name);
	}
}

static void bytes_are_escaped_wherever_they_stand(void **state)
{
	(void)state;
	static const uint8_t others[] = { 2, 'a', 0x7f, 0x80, 0x81, 0xff };
	for (unsigned len = 1; len <= 63; len++) {
		for (unsigned at = 0; at <= len; at++) { // Past the end: nowhere.
			for (unsigned byte = 0; byte <= 2; byte++) {
				uint8_t name[65] = { len }, want[2 + 128] = { 0 }, *to = want + 1;
				memset(name + 1, others[(len + at) % sizeof(others)], len);
				if (at < len) {
					name[1 + at] = byte;
				}
				for (unsigned i = 1; i <= len; i++) {
					if (name[i] < 2) {
						*to++ = 1;
					}
					*to++ = name[i] < 2 ? name[i] + 1 : name[i];
				}
				*to++ = 0;
				steer_key_t key;
				steer_key_from_name(&key, name);
				assert_int_equal(key.len, to - want);
				assert_memory_equal(key.bytes, want, key.len);
			}
		}
	}
}

static void the_longest_names_have_keys(void **state)
{
	(void)state;
	uint8_t name[2 * STEER_NAME_MAX];
	static const struct {
		const char *what;
		size_t labels, label_len;
		uint8_t byte;
	} cases[] = {
		{ "the most labels",                    127, 1, 'a' },
		{ "the most labels, all bytes escaped", 127, 1, 0 },
		{ "long labels",                        3, 63, 'a' },
		{ "long labels, all bytes escaped",     3, 63, 1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		fill_name(name, cases[i].labels, cases[i].label_len, cases[i].byte);
		check_round_trip(name);
	}

	// The longest key of all: as few labels as possible, every byte escaped.
	size_t len = fill_name(name, 3, 63, 0) - 1;
	name[len] = 61;
	memset(name + len + 1, 0, 62);
	assert_int_equal(steer_name_len(name), STEER_NAME_MAX);
	check_round_trip(name);
	steer_key_t key;
	steer_key_from_name(&key, name);
	assert_int_equal(key.len - 1, STEER_NAME_KEY_MAX);
	assert_true(STEER_NAME_KEY_MAX + STEER_VIEW_MAX <= STEER_KEY_MAX);
}

static void damaged_keys_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint8_t key[12];
		size_t len;
		int want;
	} cases[] = {
		{ "nothing",                    { 0 }, 0, STEER_EDAMAGED },
		{ "a label without its end",    { 0, 'a' }, 2, STEER_EDAMAGED },
		{ "an empty label",             { 0, 0 }, 2, STEER_EDAMAGED },
		{ "an empty label after one",  { 0, 'a', 0, 0 }, 4, STEER_EDAMAGED },
		{ "an escape at the end",       { 0, 1 }, 2, STEER_EDAMAGED },
		{ "an escape of nothing",       { 0, 1, 0 }, 3, STEER_EDAMAGED },
		{ "an escape of another byte",  { 0, 1, 3, 0 }, 4, STEER_EDAMAGED },
		{ "a view without its bytes",   { 2, 'v' }, 2, STEER_EDAMAGED },
		{ "a view that is too long",    { 7, 1, 2, 3, 4, 5, 6, 7, 'a', 0 }, 10, STEER_EDAMAGED },
		{ "the longest view",           { 6, 1, 0, 3, 4, 5, 6, 'a', 0 }, 9, STEER_OK },
		{ "a view and the root",        { 2, 0, 1 }, 3, STEER_OK },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		uint8_t *exact = malloc(cases[i].len); // So that a sanitizer sees a read past its end.
		memcpy(exact, cases[i].key, cases[i].len);
		steer_key_t key;
		assert_int_equal(steer_key_from_bytes(&key, exact, cases[i].len), cases[i].want);
		free(exact);
	}
}

static void keys_of_names_that_are_too_long_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		size_t labels, label_len;
		int want;
	} cases[] = {
		{ "a label of 63 bytes",   1, 63, STEER_OK },
		{ "a label of 64 bytes",   1, 64, STEER_EDAMAGED },
		{ "127 labels",            127, 1, STEER_OK },
		{ "128 labels",            128, 1, STEER_EDAMAGED },
		{ "a name of 253 bytes",   4, 62, STEER_OK },
		{ "a name of 257 bytes",   4, 63, STEER_EDAMAGED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		uint8_t bytes[STEER_KEY_MAX] = { 0 };
		size_t len = 1;
		for (size_t k = 0; k < cases[i].labels; k++) {
			memset(bytes + len, 'a', cases[i].label_len);
			len += cases[i].label_len;
			bytes[len++] = 0;
		}
		steer_key_t key;
		assert_int_equal(steer_key_from_bytes(&key, bytes, len), cases[i].want);
	}
	static const uint8_t long_key[STEER_KEY_MAX + 1];
	steer_key_t key;
	assert_int_equal(steer_key_from_bytes(&key, long_key, sizeof(long_key)), STEER_EDAMAGED);
}

static void a_label_is_a_wildcard_if_it_is_one_star(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned labels;
		bool want;
	} cases[] = {
		{ "*.example.",     2, true },
		{ "*.example.",     1, false },
		{ "*.",             1, true },
		{ ".",              0, false },
		{ "a.*.example.",   3, false },
		{ "a.*.example.",   2, true },
		{ "**.example.",    2, false },
		{ "*a.example.",    2, false },
		{ "\\001*.example.", 2, false },
		{ "\\041.example.", 2, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s, %u labels\n", cases[i].name, cases[i].labels);
		steer_key_t key;
		steer_key_from_name(&key, name_of(cases[i].name));
		assert_int_equal(steer_key_is_wildcard(&key, cases[i].labels), cases[i].want);
	}
}

static void names_are_written_as_text(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ ".",              "." },
		{ "www.example.",   "www.example." },
		{ "*.a-b_c/d.",     "*.a-b_c/d." },
		{ "a\\046b.",       "a\\046b." },
		{ "\\000\\255\\032.", "\\000\\255\\032." },
		{ "\\092\\034\\059\\040\\064\\036.", "\\092\\034\\059\\040\\064\\036." },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[STEER_NAME_TEXT_MAX];
		steer_name_to_text(text, name_of(cases[i].name));
		assert_string_equal(text, cases[i].text);
	}
	uint8_t name[2 * STEER_NAME_MAX];
	char text[STEER_NAME_TEXT_MAX];
	size_t len = fill_name(name, 3, 63, 255) - 1;
	name[len] = 61;
	memset(name + len + 1, 255, 61);
	name[len + 62] = 0;
	steer_name_to_text(text, name);
	assert_int_equal(strlen(text), 4 * (3 * 63 + 61) + 4);
	assert_true(strlen(text) < STEER_NAME_TEXT_MAX);
}

static void names_are_below_their_zones(void **state)
{
	(void)state;
	static const struct {
		const char *name, *zone;
		bool want;
	} cases[] = {
		{ "www.example.", "example.", true },
		{ "example.",     "example.", true },
		{ "example.",     ".",        true },
		{ ".",            ".",        true },
		{ ".",            "example.", false },
		{ "example.",     "www.example.", false },
		{ "www.other.",   "example.", false },
		{ "anexample.",   "example.", false },
		{ "a.example.b.", "example.", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s in %s\n", cases[i].name, cases[i].zone);
		assert_int_equal(steer_name_in(name_of(cases[i].name), name_of(cases[i].zone)),
		                 cases[i].want);
	}
}

static void every_error_has_a_text(void **state)
{
	(void)state;
#define X(code, value, text) \
	assert_int_equal(STEER_##code, (value)); \
	assert_string_equal(steer_strerror(STEER_##code), (text));
	STEER_ERRORS(X)
#undef X
	assert_non_null(steer_strerror(1));
	assert_non_null(steer_strerror(-1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_sort_in_canonical_order),
		cmocka_unit_test(different_names_have_different_keys),
		cmocka_unit_test(a_key_is_made_of_labels_from_the_root),
		cmocka_unit_test(every_name_comes_back_from_its_key),
		cmocka_unit_test(bytes_are_escaped_wherever_they_stand),
		cmocka_unit_test(the_longest_names_have_keys),
		cmocka_unit_test(damaged_keys_are_refused),
		cmocka_unit_test(keys_of_names_that_are_too_long_are_refused),
		cmocka_unit_test(a_label_is_a_wildcard_if_it_is_one_star),
		cmocka_unit_test(names_are_written_as_text),
		cmocka_unit_test(names_are_below_their_zones),
		cmocka_unit_test(every_error_has_a_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
