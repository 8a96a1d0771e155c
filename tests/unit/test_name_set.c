/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "formats/name_set.h"
#include "unit/test.h"

/*! More than any table has slots before it has grown several times, and than a cleared one keeps. */
#define MANY 5000

static uint32_t add(steer_name_set_t *set, uint32_t number, uint32_t line)
{
	char text[16];
	uint32_t before;
	int len = snprintf(text, sizeof(text), "name-%u", number);
	assert_int_equal(steer_name_set_add_text(set, text, len, line, &before), STEER_OK);
	return before;
}

static void a_name_is_met_again_however_many_there_are(void **state)
{
	(void)state;
	steer_name_set_t set = { 0 };
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(add(&set, i, i + 1), 0);
		assert_int_equal(add(&set, 0, 1), 1);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(add(&set, i, MANY), i + 1);
	}
	steer_name_set_free(&set);
}

static void a_cleared_set_is_empty(void **state)
{
	(void)state;
	steer_name_set_t set = { 0 };
	static const uint32_t counts[] = { 1, 40, MANY, 3 };
	for (size_t k = 0; k < COUNT(counts); k++) {
		for (uint32_t i = 0; i < counts[k]; i++) {
			assert_int_equal(add(&set, i, i + 1), 0);
		}
		steer_name_set_clear(&set);
	}
	assert_int_equal(add(&set, 0, 1), 0);
	steer_name_set_free(&set);
}

static void texts_longer_than_a_label_are_told_apart(void **state)
{
	(void)state;
	steer_name_set_t set = { 0 };
	char text[STEER_NAME_SET_TEXT];
	uint32_t before;
	memset(text, 'a', sizeof(text));
	for (size_t len = 1; len <= sizeof(text); len++) {
		assert_int_equal(steer_name_set_add_text(&set, text, len, len, &before), STEER_OK);
		assert_int_equal(before, 0);
	}
	text[sizeof(text) - 1] = 'b';
	assert_int_equal(steer_name_set_add_text(&set, text, sizeof(text), 1, &before), STEER_OK);
	assert_int_equal(before, 0);
	steer_name_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_met_again_however_many_there_are),
		cmocka_unit_test(a_cleared_set_is_empty),
		cmocka_unit_test(texts_longer_than_a_label_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
