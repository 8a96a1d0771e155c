/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/changes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "unit/compare.h"
#include "unit/test.h"

static place_t place_with(const char *zone)
{
	place_t place = place_new();
	if (zone != NULL) {
		store_must(place.store, CREATE, zone);
	}
	return place;
}

static void check_summary(const change_case_t *test, const steer_summary_t *summary)
{
	bool nothing = test->added + test->changed + test->removed == 0;
	assert_int_equal(summary->sets_added, test->added);
	assert_int_equal(summary->sets_changed, test->changed);
	assert_int_equal(summary->sets_removed, test->removed);
	if (test->nodes > 0 || nothing) {
		assert_int_equal(summary->nodes_written, test->nodes);
	}
	assert_int_equal(summary->zones_created, test->before == NULL);
	assert_int_equal(summary->zones_changed, test->before != NULL && !nothing);
	assert_int_equal(summary->sequence, test->before == NULL ? 1 : nothing ? 0 : 2);
}

static void check_again(place_t *place, const change_case_t *test)
{
	char *before = store_dump(place->store);
	const steer_summary_t again = store_must(place->store, test->action, test->change);
	assert_int_equal(again.sequence, 0);
	assert_int_equal(again.nodes_written, 0);
	assert_int_equal(again.sets_added + again.sets_changed + again.sets_removed, 0);
	assert_int_equal(again.zones_changed, 0);
	char *after = store_dump(place->store);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

void check_changes(const change_case_t *cases, size_t count, const model_check_t *checks)
{
	for (const change_case_t *test = cases; test < cases + count; test++) {
		print_message("  %s\n", test->what);
		place_t place = place_with(test->before);
		const steer_summary_t summary = store_must(place.store, test->action, test->change);
		const char *const zones[] = { test->after, NULL };
		check_store_with(&place, zones, checks);
		check_summary(test, &summary);
		if (strchr(test->change, '-') == NULL) { // Except for a removal: it is no difference.
			check_again(&place, test);
		}
		place_free(&place);
	}
}

void check_refusals(const refusal_t *cases, size_t count)
{
	for (const refusal_t *test = cases; test < cases + count; test++) {
		print_message("  %s\n", test->what);
		place_t place = place_with(test->before);
		char *before = store_dump(place.store);
		for (int dry_run = 1; dry_run >= 0; dry_run--) {
			const steer_apply_t options = { .dry_run = dry_run };
			steer_summary_t summary;
			steer_fault_t fault = { 0 };
			int ret = store_change(place.store, test->action, test->change, &options, &summary,
			                       &fault);
			if (ret != test->code || strstr(fault.text, test->text) == NULL) {
				fail_msg("%d: %s\nwant: %d: %s", ret, fault.text, test->code, test->text);
			}
		}
		char *after = store_dump(place.store);
		assert_string_equal(before, after);
		free(before);
		free(after);
		place_free(&place);
	}
}
