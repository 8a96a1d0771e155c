/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "steerd/endpoint/page.h"
#include "unit/test.h"

/* The clock and the targets are those of the tests. */

static const steer_now_t now = { .wall = 1000000, .boot_ms = 500000, .boot = { 1, 2 } };

void steer_now(steer_now_t *time)
{
	*time = now;
}

struct targets {
	target_t *items[8];
	uint32_t count;
	steer_refresh_rule_t rule;
};

target_t *targets_get(const targets_t *targets, uint32_t slot)
{
	return targets->items[slot];
}

uint32_t targets_slots(const targets_t *targets)
{
	return targets->count;
}

const steer_refresh_rule_t *targets_rule(const targets_t *targets)
{
	return &targets->rule;
}

struct query {
	bool waits;
};

bool resolver_query_waits(const query_t *query)
{
	return query->waits;
}

/*! There are no checks. */
uint32_t checks_slots(const checks_t *checks)
{
	(void)checks;
	return 0;
}

check_t *checks_get(const checks_t *checks, uint32_t slot)
{
	(void)checks;
	(void)slot;
	return NULL;
}

const probe_kind_t *probe_kind(uint8_t type)
{
	(void)type;
	return NULL;
}

/* Pages. */

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

/*! A time so many seconds ago; 0: never. */
static steer_now_t ago(unsigned seconds)
{
	return seconds == 0 ? (steer_now_t) { .wall = 0 }
	       : (steer_now_t) { now.wall - seconds, now.boot_ms - 1000 * seconds,
	                         { now.boot[0], now.boot[1] } };
}

static void each_state_of_a_target_is_told(void **state)
{
	(void)state;
	static const struct {
		steer_refresh_t refresh;
		unsigned resolved, tried; /*!< Seconds ago. */
		uint16_t count;
		char *error;
		const char *want;
	} cases[] = {
		{ .want = "\"state\": \"pending\", \"records\": null, \"nxdomain\": false, \"ttl\": null, "
		  "\"age\": null, \"removed_in\": null, \"tried\": null, \"next\": null, "
		  "\"failures\": 0, \"error\": null" },
		{ .refresh = { .failures = 3 }, .tried = 7, .error = "no \"answer\"\x1b",
		  .want = "\"state\": \"failed\", \"records\": null, \"nxdomain\": false, \"ttl\": null, "
		  "\"age\": null, \"removed_in\": null, \"tried\": 999993, \"next\": null, "
		  "\"failures\": 3, \"error\": \"no \\\"answer\\\"\\\\x1b\"" },
		{ .refresh = { .answer = STEER_RESOLVED_RECORDS, .ttl = 1 }, .resolved = 10, .tried = 10,
		  .count = 2,
		  .want = "\"state\": \"fresh\", \"records\": 2, \"nxdomain\": false, \"ttl\": 20, "
		  "\"age\": 10, \"removed_in\": 110, \"tried\": 999990, \"next\": null, "
		  "\"failures\": 0, \"error\": null" },
		{ .refresh = { .answer = STEER_RESOLVED_NODATA, .ttl = 30 }, .resolved = 1, .tried = 1,
		  .want = "\"state\": \"fresh\", \"records\": 0, \"nxdomain\": false, \"ttl\": 30, "
		  "\"age\": 1, \"removed_in\": 129, \"tried\": 999999, \"next\": null, "
		  "\"failures\": 0, \"error\": null" },
		{ .refresh = { .answer = STEER_RESOLVED_NXDOMAIN, .ttl = 30 }, .resolved = 1, .tried = 1,
		  .want = "\"state\": \"fresh\", \"records\": 0, \"nxdomain\": true, \"ttl\": 30, "
		  "\"age\": 1, \"removed_in\": 129, \"tried\": 999999, \"next\": null, "
		  "\"failures\": 0, \"error\": null" },
		{ .refresh = { .answer = STEER_RESOLVED_RECORDS, .ttl = 30, .failures = 1, .held = true },
		  .resolved = 135, .tried = 2, .count = 1, .error = "",
		  .want = "\"state\": \"stale\", \"records\": 1, \"nxdomain\": false, \"ttl\": 30, "
		  "\"age\": 135, \"removed_in\": 0, \"tried\": 999998, \"next\": null, "
		  "\"failures\": 1, \"error\": \"\"" },
		{ .refresh = { .answer = STEER_RESOLVED_RECORDS, .ttl = 30, .held = true },
		  .resolved = 40, .tried = 2, .count = 1,
		  .want = "\"state\": \"held\", \"records\": 1, \"nxdomain\": false, \"ttl\": 30, "
		  "\"age\": 40, \"removed_in\": 90, \"tried\": 999998, \"next\": null, "
		  "\"failures\": 0, \"error\": null" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		target_t target = {
			.type = 1, .text = "x\\046y.test.", .used = true, .refresh = cases[i].refresh,
			.count = cases[i].count, .error = cases[i].error, .refreshes = 5, .failures = 4,
		};
		target.refresh.resolved = ago(cases[i].resolved);
		target.refresh.tried = ago(cases[i].tried);
		const targets_t targets = {
			.items = { &target }, .count = 1,
			.rule = { .ttl_min = 20, .ttl_max = 60, .stale_max = 100 },
		};
		const page_source_t source = { .targets = &targets };
		char want[1024], got[1024] = "";
		snprintf(want, sizeof(want), "[{\"target\": \"x\\\\046y.test.\", \"type\": \"A\", %s, "
		         "\"refreshes\": 5, \"failed\": 4}]\n", cases[i].want);
		page_t *page = page_targets(&source, NULL);
		assert_non_null(page);
		page_read(page, got, sizeof(got) - 1);
		assert_string_equal(got, want);
		page_free(page);
	}
}

static void ignore(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)timer;
	(void)events;
}

static void the_next_try_is_told(void **state)
{
	(void)state;
	struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
	target_t target = { .type = 1, .text = "a.test.", .used = true };
	const targets_t targets = { .items = { &target }, .count = 1 };
	const page_source_t source = { .loop = loop, .targets = &targets };
	char got[1024] = "";
	assert_non_null(loop);
	ev_timer_init(&target.next, ignore, 29.6, 0);
	ev_timer_start(loop, &target.next);
	page_t *page = page_targets(&source, NULL);
	assert_non_null(page);
	page_read(page, got, sizeof(got) - 1);
	assert_non_null(strstr(got, "\"next\": 1000030,"));
	page_free(page);
	ev_timer_stop(loop, &target.next);
	ev_loop_destroy(loop);
}

static void targets_of_a_name_are_told(void **state)
{
	(void)state;
	static const struct { const char *name; unsigned want; } cases[] = {
		{ NULL, 5 }, { ".", 1 }, { "a.test.", 2 }, { "A.Test", 2 }, { "\\097.test", 2 },
		{ "b.test.", 1 },
		{ "test.", 0 }, { "unused.test.", 0 }, { "", 0 }, { "a..test.", 0 }, { "\xff", 0 },
	};
	target_t a = { .type = 1, .name = (const uint8_t *)"\1a\4test", .text = "a.test.",
	               .used = true };
	target_t b = { .type = 1, .name = (const uint8_t *)"\1b\4test", .text = "b.test.",
	               .used = true };
	target_t c = { .type = 1, .name = (const uint8_t *)"\1c\4test", .text = "c.test.",
	               .used = true };
	target_t root = { .type = 1, .name = (const uint8_t *)"", .text = ".", .used = true };
	target_t unused = { .name = (const uint8_t *)"\6unused\4test", .text = "unused.test." };
	target_t a28 = a;
	a28.type = 28;
	const targets_t targets = {
		.items = { &a, NULL, &unused, &b, NULL, &a28, &c, &root }, .count = 8,
	};
	const page_source_t source = { .targets = &targets };
	for (size_t i = 0; i < COUNT(cases); i++) {
		char got[4096] = "";
		unsigned count = 0;
		page_t *page = page_targets(&source, cases[i].name);
		assert_non_null(page);
		assert_string_equal(page->type, "application/json");
		page_read(page, got, sizeof(got) - 1);
		for (const char *at = got; (at = strchr(at, '{')) != NULL; at++) {
			count++;
		}
		assert_int_equal(count, cases[i].want);
		page_free(page);
	}
}

static void a_target_of_any_length_fits(void **state)
{
	(void)state;
	char text[STEER_NAME_TEXT_MAX], error[REASON_SIZE + 1], got[PAGE_PIECE + 1] = "";
	for (size_t i = 0; i + 4 < sizeof(text); i += 4) {
		memcpy(text + i, "\\001", 5);
	}
	memset(error, '\x1b', sizeof(error) - 1);
	error[sizeof(error) - 1] = '\0';
	target_t target = {
		.type = 65535, .text = text, .used = true, .error = error, .count = UINT16_MAX,
		.refreshes = UINT64_MAX, .failures = UINT64_MAX,
		.refresh = { .answer = STEER_RESOLVED_RECORDS, .ttl = UINT32_MAX, .failures = UINT32_MAX,
		             .resolved = { .wall = 1 }, .tried = { .wall = UINT64_MAX } },
	};
	const targets_t targets = {
		.items = { &target }, .count = 1,
		.rule = { .ttl_max = UINT32_MAX, .stale_max = UINT32_MAX },
	};
	const page_source_t source = { .targets = &targets };
	page_t *page = page_targets(&source, NULL);
	assert_non_null(page);
	size_t len = page_read(page, got, sizeof(got) - 1);
	assert_string_equal(got + len - strlen("\"failed\": 18446744073709551615}]\n"),
	                    "\"failed\": 18446744073709551615}]\n");
	page_free(page);
}

static void targets_are_counted(void **state)
{
	(void)state;
	static const steer_refresh_t good = { .answer = STEER_RESOLVED_NODATA };
	static const steer_refresh_t bad = { .failures = 1 };
	query_t running = { .waits = false }, waiting = { .waits = true };
	target_t counted[] = {
		{ .used = true, .refresh = good }, { .used = true, .refresh = good, .unpublished = true },
		{ .used = true, .refresh = bad, .query = &waiting }, { .used = true, .query = &running },
		{ .used = true, .query = &running },
		{ .refresh = good, .unpublished = true },
	};
	const targets_t targets = {
		.items = { &counted[0], NULL, &counted[1], &counted[2], &counted[3],
		           &counted[4], &counted[5] },
		.count = 7,
	};
	const metrics_t metrics = {
		.refreshes = { [STEER_RESOLVED_FAILURE] = 11, [STEER_RESOLVED_RECORDS] = 12,
		               [STEER_RESOLVED_NODATA] = 13, [STEER_RESOLVED_NXDOMAIN] = 14 },
		.changes = 15, .removed = 16, .answers = 17,
	};
	static const char *const wants[] = {
		"steerd_targets{state=\"pending\"} 2", "steerd_targets{state=\"failed\"} 1",
		"steerd_targets{state=\"fresh\"} 2", "steerd_targets{state=\"stale\"} 0",
		"steerd_targets{state=\"held\"} 0", "steerd_target_queries_running 2",
		"steerd_target_queries_waiting 1",
		"steerd_target_refreshes_total{result=\"failure\"} 11",
		"steerd_target_refreshes_total{result=\"records\"} 12",
		"steerd_target_refreshes_total{result=\"nodata\"} 13",
		"steerd_target_refreshes_total{result=\"nxdomain\"} 14",
		"steerd_target_changes_total 15", "steerd_target_answers_removed_total 16",
		"steerd_published_answers_total 17", "steerd_unpublished_answers 2",
	};
	const page_source_t source = { .targets = &targets, .metrics = &metrics };
	char got[16384] = "";
	page_t *page = page_metrics(&source);
	assert_non_null(page);
	page_read(page, got, sizeof(got) - 1);
	for (size_t i = 0; i < COUNT(wants); i++) {
		char line[128];
		snprintf(line, sizeof(line), "\n%s\n", wants[i]);
		if (strstr(got, line) == NULL) {
			fail_msg("there is no %s in %s", wants[i], got);
		}
	}
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
		cmocka_unit_test(each_state_of_a_target_is_told),
		cmocka_unit_test(the_next_try_is_told),
		cmocka_unit_test(targets_of_a_name_are_told),
		cmocka_unit_test(a_target_of_any_length_fits),
		cmocka_unit_test(targets_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
