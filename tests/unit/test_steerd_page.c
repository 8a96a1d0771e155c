/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "steerd/endpoint/page.h"
#include "unit/test.h"

static bool put_nothing(page_t *page)
{
	(void)page;
	return false;
}

static void texts_are_quoted_for_json_and_for_labels(void **state)
{
	(void)state;
	static const struct { const char *text, *want; } cases[] = {
		{ "web-a", "\"web-a\"" },
		{ "", "\"\"" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "a\nb\x1b[0m", "\"a\\\\x0ab\\\\x1b[0m\"" },
		{ "Zürich", "\"Zürich\"" },
		{ "\xff", "\"\\\\xff\"" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		page_t *page = page_new(sizeof(*page), "", put_nothing);
		assert_non_null(page);
		page_put_quoted(page, cases[i].text);
		assert_string_equal(page->piece, cases[i].want);
		page_free(page);
	}
}

static void what_does_not_fit_into_a_piece_is_cut_off(void **state)
{
	(void)state;
	char text[REASON_SIZE + 100];
	memset(text, '"', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	page_t *page = page_new(sizeof(*page), "", put_nothing);
	assert_non_null(page);
	page_put_quoted(page, text);
	assert_int_equal(page->len, 2 * REASON_SIZE + 2);
	for (unsigned i = 0; i < 100; i++) {
		page_put(page, "%s", text);
	}
	assert_int_equal(page->len, PAGE_PIECE - 1);
	page_free(page);
}

/*! A page of numbers. */
typedef struct {
	page_t page;
	unsigned number;
} numbers_t;

static bool put_number(page_t *page)
{
	numbers_t *numbers = (numbers_t *)page;
	if (numbers->number < 100) {
		page_put(page, "%u,", numbers->number++);
		return true;
	}
	return false;
}

static void a_page_is_the_same_whatever_the_size_of_what_is_read(void **state)
{
	(void)state;
	char want[512] = "";
	for (unsigned i = 0; i < 100; i++) {
		snprintf(want + strlen(want), sizeof(want) - strlen(want), "%u,", i);
	}
	static const size_t sizes[] = { 1, 2, 3, 100, 290, 511 };
	for (size_t i = 0; i < COUNT(sizes); i++) {
		page_t *page = page_new(sizeof(numbers_t), "", put_number);
		assert_non_null(page);
		char got[512] = "";
		size_t len = 0, more;
		do {
			size_t room = sizeof(got) - len;
			more = page_read(page, got + len, sizes[i] < room ? sizes[i] : room);
			len += more;
		} while (more > 0);
		assert_string_equal(got, want);
		assert_int_equal(page_read(page, got, 1), 0);
		page_free(page);
	}
}

/*! A page that is a list of so many numbers. */
typedef struct {
	page_list_t list;
	unsigned number, count;
} list_of_numbers_t;

static bool put_value(page_list_t *list)
{
	list_of_numbers_t *numbers = (list_of_numbers_t *)list;
	if (numbers->number == numbers->count) {
		return false;
	}
	page_put(&list->page, "%u", numbers->number++);
	return true;
}

static void a_list_has_a_comma_between_values(void **state)
{
	(void)state;
	static const char *const wants[] = { "[]\n", "[0]\n", "[0,\n1]\n", "[0,\n1,\n2]\n" };
	for (size_t i = 0; i < COUNT(wants); i++) {
		list_of_numbers_t *numbers = page_list_new(sizeof(*numbers), put_value);
		char got[64] = "";
		assert_non_null(numbers);
		numbers->count = i;
		assert_int_equal(page_read(&numbers->list.page, got, sizeof(got)), strlen(wants[i]));
		assert_string_equal(got, wants[i]);
		assert_int_equal(page_read(&numbers->list.page, got, sizeof(got)), 0);
		page_free(&numbers->list.page);
	}
}

static void a_text_is_one_line(void **state)
{
	(void)state;
	page_t *page = page_text(503, "a\nb");
	char got[64] = "";
	assert_non_null(page);
	assert_int_equal(page->status, 503);
	assert_int_equal(page_read(page, got, sizeof(got)), 7);
	assert_string_equal(got, "a\\x0ab\n");
	page_free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_quoted_for_json_and_for_labels),
		cmocka_unit_test(what_does_not_fit_into_a_piece_is_cut_off),
		cmocka_unit_test(a_page_is_the_same_whatever_the_size_of_what_is_read),
		cmocka_unit_test(a_list_has_a_comma_between_values),
		cmocka_unit_test(a_text_is_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
