/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Targets of steerd: what is resolved, what comes of it, and what is to be published. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "store/status.h"
#include "unit/probes.h"
#include "unit/queries.h"
#include "unit/records.h"
#include "unit/test.h"

static const steer_refresh_rule_t rule = {
	.ttl_min = 5, .ttl_max = 3600, .stale_max = 86400, .empty_hold = 60,
};

static struct ev_loop *loop;
static metrics_t metrics;
static targets_t *targets;
static unsigned changes; /*!< How often it was told that something is to be published. */

static void on_changed(void *ctx)
{
	(void)ctx;
	changes++;
}

static int set_up(void **state)
{
	(void)state;
	loop = ev_loop_new(EVFLAG_NOENV);
	metrics_init(&metrics);
	targets = targets_new(loop, NULL, &metrics, on_changed, NULL);
	assert_non_null(targets);
	targets_configure(targets, &rule);
	changes = log_lines = queries_begun = 0;
	queries_fail = false;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	targets_free(targets);
	assert_int_equal(queries_running, 0);
	metrics_free(&metrics);
	ev_loop_destroy(loop);
	return 0;
}

/*! The target of a name, of type A. */
static target_t *find(const char *name)
{
	target_t *found = NULL;
	for (uint32_t i = 0; i < targets_slots(targets); i++) {
		target_t *target = targets_get(targets, i);
		if (target != NULL && strcmp(target->text, name) == 0) {
			assert_null(found);
			found = target;
		}
	}
	return found;
}

/*! Has these names in use, in one update; NULL ends them. */
static void use(const char *const *names)
{
	targets_update_begin(targets);
	for (; *names != NULL; names++) {
		assert_int_equal(targets_update(targets, T_A, name_of(*names)), STEER_OK);
	}
	targets_update_end(targets);
}

static target_t *use_one(const char *name)
{
	use((const char *const[]) { name, NULL });
	return find(name);
}

static void use_none(void)
{
	use((const char *const[]) { NULL });
}

/*! The time for the next try has come. */
static void ask(target_t *target)
{
	assert_true(target->used && target->query == NULL && ev_is_active(&target->next));
	ev_timer_stop(loop, &target->next);
	ev_invoke(loop, &target->next, EV_TIMER);
	assert_true(target->query != NULL || queries_fail);
}

/*! Hands all over and settles it; returns how it looks: see each case. */
static char *publish(bool done)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	target_t *target, *taken[16];
	unsigned count = 0;
	while ((target = targets_hand_over(targets)) != NULL) {
		assert_true(target->publishing && !target->unpublished);
		fprintf(out, "%s%s", count > 0 ? " " : "", target->text);
		if (target->removing) {
			fputs("-", out);
		} else {
			fprintf(out, "=%u/%u%s%s", target->count, target->ttl,
			        target->refresh.held ? "h" : "", target->refresh.failures > 0 ? "s" : "");
		}
		taken[count++] = target;
	}
	for (unsigned i = 0; i < count; i++) {
		targets_settle(taken[i], done);
	}
	fclose(out);
	return text;
}

static void assert_published(const char *want)
{
	char *text = publish(true);
	assert_string_equal(text, want);
	free(text);
}

static void a_target_is_resolved_at_once(void **state)
{
	(void)state;
	target_t *target = use_one("x.far.");
	assert_true(ev_timer_remaining(loop, &target->next) < 0.01);
	assert_published("");
	ask(target);
	assert_false(ev_is_active(&target->next));
	use_one("x.far."); // Named again.
	assert_int_equal(queries_begun, 1);
	queries_end_records(target, 300, "192.0.2.2 192.0.2.1");
	assert_int_equal(changes, 1);
	static const uint8_t rrs[] = {
		0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1,
		0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 2,
	};
	assert_int_equal(target->rrs_len, sizeof(rrs));
	assert_memory_equal(target->rrs, rrs, sizeof(rrs));
	assert_published("x.far.=2/300");
	assert_in_range(ev_timer_remaining(loop, &target->next), 299, 331);
	assert_false(ev_is_active(&target->end));
	assert_true(target->refreshes == 1 && target->failures == 0);
	assert_int_equal(metrics.refreshes[STEER_RESOLVED_RECORDS], 1);
}

/*! What the query of a target, which has the answer of before, ends with. */
typedef enum { RECORDS, OTHERS, SHORTER, NODATA, NXDOMAIN, FAILURE } end_t;

static void end_query(target_t *target, end_t end)
{
	switch (end) {
	case RECORDS:
		queries_end_records(target, 300, "192.0.2.1 192.0.2.2");
		break;
	case OTHERS:
		queries_end_records(target, 300, "192.0.2.1 192.0.2.3");
		break;
	case SHORTER:
		queries_end_records(target, 30, "192.0.2.1 192.0.2.2");
		break;
	case NODATA:
		queries_end_empty(target, RESPONSE_NODATA, 60);
		break;
	case NXDOMAIN:
		queries_end_empty(target, RESPONSE_NXDOMAIN, 60);
		break;
	case FAILURE:
		queries_end_failure(target, "SERVFAIL");
		break;
	}
}

static void only_changes_are_published_and_told(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		end_t ends[4];
		unsigned count;
		const char *published; /*!< After the last one. */
		unsigned changes;      /*!< Of answers, counted for the last one. */
		const char *log;       /*!< Of the last one; NULL: none. */
	} cases[] = {
		{ "the same", { RECORDS, RECORDS }, 2, "", 0, NULL },
		{ "other records", { RECORDS, OTHERS }, 2, "x.far.=2/300", 1, NULL },
		{ "another TTL", { RECORDS, SHORTER }, 2, "x.far.=2/30", 1, NULL },
		{ "stale", { RECORDS, FAILURE }, 2, "x.far.=2/300s", 0,
		  "alias target x.far. A: not resolved, its last answer is given: SERVFAIL" },
		{ "still stale", { RECORDS, FAILURE, FAILURE }, 3, "", 0, NULL },
		{ "no longer stale", { RECORDS, FAILURE, RECORDS }, 3, "x.far.=2/300", 0,
		  "alias target x.far. A: resolved again" },
		{ "held", { RECORDS, NODATA }, 2, "x.far.=2/300h", 0,
		  "alias target x.far. A: no such records, its records are held" },
		{ "still held", { RECORDS, NODATA, NXDOMAIN }, 3, "", 0, NULL },
		{ "no longer held", { RECORDS, NXDOMAIN, OTHERS }, 3, "x.far.=2/300", 1,
		  "alias target x.far. A: records again, its records are no longer held" },
		{ "held and stale", { RECORDS, NXDOMAIN, FAILURE }, 3, "x.far.=2/300hs", 0,
		  "alias target x.far. A: not resolved, its last answer is given: SERVFAIL" },
		{ "never resolved", { FAILURE }, 1, "", 0,
		  "alias target x.far. A: not resolved: SERVFAIL" },
		{ "likewise again", { FAILURE, FAILURE }, 2, "", 0, NULL },
		{ "resolved at last", { FAILURE, RECORDS }, 2, "x.far.=2/300", 1,
		  "alias target x.far. A: resolved again" },
		{ "no data", { NODATA }, 1, "x.far.=0/60", 1, NULL },
		{ "no name", { NODATA, NXDOMAIN }, 2, "x.far.=0/60", 1, NULL },
		{ "no name, again", { NODATA, NXDOMAIN, NXDOMAIN }, 3, "", 0, NULL },
		{ "records where there were none", { NXDOMAIN, RECORDS }, 2, "x.far.=2/300", 1, NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		target_t *target = use_one("x.far.");
		for (unsigned k = 0; k < cases[i].count; k++) {
			free(publish(true));
			ask(target);
			log_lines = 0;
			metrics.changes = 0;
			end_query(target, cases[i].ends[k]);
		}
		assert_int_equal(metrics.changes, cases[i].changes);
		assert_int_equal(log_lines, cases[i].log != NULL);
		if (cases[i].log != NULL) {
			assert_string_equal(log_last, cases[i].log);
		}
		assert_published(cases[i].published);
		targets_clear(targets);
	}
}

static void an_answer_that_is_stale_for_too_long_is_removed(void **state)
{
	(void)state;
	static const steer_now_t long_ago = { .wall = 1 };
	target_t *target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	assert_published("x.far.=2/300");
	target->refresh.resolved = long_ago;
	ask(target);
	end_query(target, FAILURE); // The next try.
	assert_int_equal(metrics.removed, 1);
	assert_published("x.far.-");

	ask(target);
	end_query(target, RECORDS);
	ask(target);
	end_query(target, FAILURE);
	assert_published("x.far.=2/300s");
	target->refresh.resolved = long_ago;
	ev_timer_stop(loop, &target->end);
	ev_invoke(loop, &target->end, EV_TIMER); // Between two tries.
	assert_int_equal(metrics.removed, 2);
	assert_published("x.far.-");
	assert_string_equal(log_last, "alias target x.far. A: stale for too long, no longer given: "
	                    "SERVFAIL");
}

static void what_could_not_be_written_stays_unpublished(void **state)
{
	(void)state;
	target_t *target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	free(publish(false));
	assert_published("x.far.=2/300");
	use_none();
	free(publish(false));
	assert_published("x.far.-");
	assert_null(find("x.far."));
}

static void a_key_goes_with_the_last_alias(void **state)
{
	(void)state;
	target_t *target = use_one("x.far.");
	ask(target);
	use_none(); // It was never resolved: there is no key.
	assert_null(find("x.far."));
	assert_int_equal(queries_running, 0);
	assert_published("");

	target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	use_none(); // What is written meanwhile is not known.
	use_none();
	assert_published("");

	target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	assert_ptr_equal(targets_hand_over(targets), target);
	use_none();
	assert_false(ev_is_active(&target->next));
	use_none();
	targets_settle(target, true);
	assert_published("x.far.-");
	assert_null(find("x.far."));
}

static void a_target_that_is_used_again_keeps_its_answer(void **state)
{
	(void)state;
	target_t *target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	assert_published("x.far.=2/300");
	use_none();
	assert_ptr_equal(use_one("x.far."), target); // Before its key is removed.
	assert_true(ev_is_active(&target->next));
	assert_published("x.far.=2/300");
	use_none();
	assert_ptr_equal(targets_hand_over(targets), target);
	assert_true(target->removing);
	use_one("x.far."); // While it is.
	targets_settle(target, true);
	assert_published("x.far.=2/300");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_target_is_resolved_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_changes_are_published_and_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_answer_that_is_stale_for_too_long_is_removed, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(what_could_not_be_written_stays_unpublished, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_key_goes_with_the_last_alias, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_target_that_is_used_again_keeps_its_answer, set_up,
		                                tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
