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
	++*(unsigned *)ctx;
}

static int set_up(void **state)
{
	(void)state;
	loop = ev_loop_new(EVFLAG_NOENV);
	metrics_init(&metrics);
	targets = targets_new(loop, NULL, &metrics, on_changed, &changes);
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
	ev_timer_stop(loop, &target->end);
	ev_invoke(loop, &target->end, EV_TIMER); // Too early.
	assert_true(ev_is_active(&target->end));
	assert_published("");
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

static void a_target_stays_while_its_key_is_removed(void **state)
{
	(void)state;
	target_t *target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	free(publish(true));
	use_none();
	assert_ptr_equal(targets_hand_over(targets), target);
	use_none();
	assert_published("");
	targets_settle(target, true);
	assert_null(find("x.far."));

	steer_refresh_rule_t new = rule; // Gone before it was written.
	new.stale_max = 0;
	targets_configure(targets, &new);
	target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	target->refresh.resolved.boot_ms -= 300000;
	ask(target);
	end_query(target, FAILURE);
	assert_ptr_equal(targets_hand_over(targets), target);
	assert_true(target->removing && !target->stored);
	use_none();
	assert_ptr_equal(find("x.far."), target);
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

static void what_cannot_be_an_answer_is_a_failure(void **state)
{
	(void)state;
	enum { SIZE = 1000, RR = STEER_RR_HEAD + SIZE, FIT = STEER_RRS_MAX / RR };
	static const struct {
		uint16_t type;
		unsigned count, size;
		const char *error; /*!< NULL: it is one. */
	} cases[] = {
		{ T_TXT, FIT, SIZE, NULL },
		{ T_TXT, FIT + 1, SIZE, "more records than a message holds" },
		{ T_TXT, 1, STEER_RRS_MAX - STEER_RR_HEAD, NULL },
		{ T_TXT, 1, STEER_RRS_MAX - STEER_RR_HEAD + 1, "more records than a message holds" },
		{ T_CNAME, 1, 10, NULL },
		{ T_CNAME, 2, 10, "several CNAME records" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		targets_update_begin(targets);
		assert_int_equal(targets_update(targets, cases[i].type, name_of("x.far.")), STEER_OK);
		targets_update_end(targets);
		target_t *target = find("x.far.");
		ask(target);
		queries_end_bulk(target, cases[i].count, cases[i].size);
		if (cases[i].error == NULL) {
			assert_null(target->error);
			assert_int_equal(target->count, cases[i].count);
			assert_true(steer_rrs_are_whole(target->rrs, target->rrs_len, target->type,
			                                target->count));
		} else {
			assert_string_equal(target->error, cases[i].error);
			assert_true(target->failures == 1 && target->refreshes == 0 && target->count == 0);
		}
		targets_clear(targets);
	}
}

static void without_memory_for_a_query_it_is_tried_again(void **state)
{
	(void)state;
	target_t *target = use_one("x.far.");
	queries_fail = true;
	ask(target);
	assert_string_equal(target->error, "out of memory");
	assert_in_range(ev_timer_remaining(loop, &target->next) * 1000, 900, 1200);
	queries_fail = false;
	ask(target);
	end_query(target, RECORDS);
	assert_null(target->error);
}

/*! Has the names of every so many numbers in use, each with two types. \return how many */
static unsigned use_every(unsigned step)
{
	enum { NAMES = 200 };
	unsigned count = 0;
	targets_update_begin(targets);
	for (unsigned i = 0; i < NAMES; i += step) {
		char name[32];
		snprintf(name, sizeof(name), "n%u.far.", i);
		assert_int_equal(targets_update(targets, T_A, name_of(name)), STEER_OK);
		assert_int_equal(targets_update(targets, T_AAAA, name_of(name)), STEER_OK);
		count += 2;
	}
	targets_update_end(targets);
	return count;
}

static void many_targets_come_and_go(void **state)
{
	(void)state;
	static const unsigned steps[] = { 1, 2, 1, 3, 2, 200, 1 };
	uint32_t slots = 0;
	for (size_t i = 0; i < COUNT(steps); i++) {
		unsigned want = use_every(steps[i]), count = 0;
		for (uint32_t k = 0; k < targets_slots(targets); k++) {
			const target_t *target = targets_get(targets, k);
			assert_true(target == NULL || (target->slot == k && target->used));
			count += target != NULL;
		}
		assert_int_equal(count, want);
		slots = i == 0 ? targets_slots(targets) : slots;
		assert_int_equal(targets_slots(targets), slots); // Slots are used again.
	}
	assert_null(targets_get(targets, slots));
}

static void refreshes_spread(void **state)
{
	(void)state;
	ev_tstamp earliest = 3600, latest = 0;
	(void)use_every(1);
	for (uint32_t i = 0; i < targets_slots(targets); i++) {
		target_t *target = targets_get(targets, i);
		if (target != NULL) {
			ask(target);
			queries_end_empty(target, RESPONSE_NODATA, 1000);
			ev_tstamp left = ev_timer_remaining(loop, &target->next);
			earliest = left < earliest ? left : earliest;
			latest = left > latest ? left : latest;
		}
	}
	assert_true(earliest > 999 && earliest < 1020 && latest > 1080 && latest < 1101);
}

/*! What a store has of x.far. */
static steer_external_answer_t stored_answer(uint64_t ago)
{
	static const uint8_t rr[] = { 0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1 };
	steer_now_t now;
	steer_now(&now);
	return (steer_external_answer_t) {
		.ttl = 300, .count = 1, .rrs = rr, .rrs_len = sizeof(rr),
		.resolved = { .wall = now.wall - ago }, .tried = now.wall - ago,
	};
}

static void restore(const steer_external_answer_t *stored)
{
	assert_int_equal(targets_restore(targets, T_A, name_of("x.far."), stored), STEER_OK);
}

static void a_stored_answer_goes_on(void **state)
{
	(void)state;
	steer_external_answer_t stored = stored_answer(100);
	restore(&stored);
	target_t *target = use_one("x.far.");
	targets_confirm(targets, 0);
	assert_published("");
	assert_in_range(ev_timer_remaining(loop, &target->next), 198, 231);
	ask(target);
	queries_end_records(target, 300, "192.0.2.1");
	assert_published("");
	restore(&stored); // The store was opened again: what is known is newer.
	ask(target);
	end_query(target, OTHERS);
	restore(&stored);
	assert_published("x.far.=2/300");
	targets_clear(targets);

	stored = stored_answer(100);
	stored.failures = 3;
	stored.error = "SERVFAIL!";
	stored.error_len = 8;
	restore(&stored);
	target = use_one("x.far.");
	assert_string_equal(target->error, "SERVFAIL");
	assert_true(ev_timer_remaining(loop, &target->next) < 4.1);
	ask(target);
	end_query(target, FAILURE);
	assert_int_equal(log_lines, 0); // That was told before.
	assert_published("");
	ask(target);
	queries_end_records(target, 300, "192.0.2.1");
	assert_published("x.far.=1/300");
}

static void a_stored_answer_that_is_not_used_is_removed(void **state)
{
	(void)state;
	const steer_external_answer_t stored = stored_answer(100);
	restore(&stored);
	assert_published("");
	use_none();
	assert_published("x.far.-");
	assert_null(find("x.far."));

	restore(NULL); // Damaged.
	use_none();
	assert_published("x.far.-");
	restore(NULL);
	target_t *target = use_one("x.far.");
	assert_true(ev_timer_remaining(loop, &target->next) < 0.01);
	assert_published("");
	ask(target);
	end_query(target, FAILURE);
	assert_published("");
	use_none();
	assert_published("x.far.-");
}

static void settings_change_what_there_is(void **state)
{
	(void)state;
	steer_refresh_rule_t new = rule;
	target_t *target = use_one("x.far.");
	ask(target);
	end_query(target, RECORDS);
	assert_published("x.far.=2/300");
	targets_configure(targets, &new);
	assert_published("");
	new.ttl_max = 100;
	targets_configure(targets, &new);
	assert_int_equal(target->rrs[9], 100);
	assert_published("x.far.=2/100");
	assert_in_range(ev_timer_remaining(loop, &target->next), 99, 111);
	new.ttl_max = 3600;
	new.ttl_min = 1000;
	targets_configure(targets, &new);
	assert_published("x.far.=2/1000");
	assert_true(target->rrs[8] == 3 && target->rrs[9] == 0xe8);
	targets_configure(targets, &rule);
	assert_published("x.far.=2/300");

	ask(target);
	targets_configure(targets, &new); // It is being asked for: nothing else is planned.
	assert_false(ev_is_active(&target->next));
	targets_configure(targets, &rule);
	end_query(target, FAILURE);
	assert_in_range(ev_timer_remaining(loop, &target->end), 86400 + 299, 86400 + 301);
	new = rule;
	new.stale_max = 50;
	targets_configure(targets, &new);
	assert_in_range(ev_timer_remaining(loop, &target->end), 349, 351);

	use_none();
	free(publish(true));
	const steer_external_answer_t stored = stored_answer(0);
	new.ttl_max = 60;
	targets_configure(targets, &new);
	restore(&stored);
	use_one("x.far.");
	assert_published("x.far.=1/60");
}

static void a_reload_asks_for_all_soon(void **state)
{
	(void)state;
	use((const char *const[]) { "x.far.", "y.far.", NULL });
	target_t *x = find("x.far."), *y = find("y.far.");
	ask(x);
	end_query(x, RECORDS);
	ask(y);
	targets_reload(targets);
	assert_true(ev_timer_remaining(loop, &x->next) < 0.01);
	assert_false(ev_is_active(&y->next));
	free(publish(true));
	targets_clear(targets);
	targets_reload(targets);
}

static void times_are_confirmed_late(void **state)
{
	(void)state;
	use((const char *const[]) { "x.far.", "y.far.", "z.far.", NULL });
	target_t *x = find("x.far."), *y = find("y.far.");
	for (unsigned i = 0; i < 2; i++) {
		ask(x);
		end_query(x, RECORDS);
		ask(y);
		end_query(y, RECORDS);
		ask(find("z.far."));
		end_query(find("z.far."), FAILURE);
		free(publish(true));
	}
	targets_confirm(targets, 10);
	assert_published("");
	x->handed_over.boot_ms -= 10000;
	y->handed_over.boot_ms -= 9000;
	targets_confirm(targets, 10);
	assert_published("x.far.=2/300");
	targets_confirm(targets, 0);
	assert_published("y.far.=2/300");
	targets_confirm(targets, 0);
	assert_published("");
	ask(x);
	end_query(x, FAILURE);
	free(publish(true));
	ask(x);
	end_query(x, FAILURE);
	targets_confirm(targets, 0);
	assert_published("x.far.=2/300s");

	static const struct {
		uint32_t stale_max, after;
	} cases[] = {
		{ 0, 10 }, { 80, 10 }, { 800, 100 }, { 4800, 600 }, { 86400, 600 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_refresh_rule_t new = rule;
		new.stale_max = cases[i].stale_max;
		targets_configure(targets, &new);
		assert_int_equal(targets_confirm_after(targets), cases[i].after);
	}
}

static void a_restart_does_not_put_confirmations_off(void **state)
{
	(void)state;
	steer_external_answer_t stored = stored_answer(299);
	restore(&stored);
	target_t *target = use_one("x.far.");
	ask(target);
	queries_end_records(target, 300, "192.0.2.1");
	targets_confirm(targets, 1000);
	assert_published("");
	targets_confirm(targets, 200);
	assert_published("x.far.=1/300");
	targets_clear(targets);
	stored.tried += 1000000; // The clock was set back.
	restore(&stored);
	target = use_one("x.far.");
	ask(target);
	queries_end_records(target, 300, "192.0.2.1");
	targets_confirm(targets, 200);
	assert_published("x.far.=1/300");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_target_is_resolved_at_once),
		TEST(only_changes_are_published_and_told),
		TEST(an_answer_that_is_stale_for_too_long_is_removed),
		TEST(what_could_not_be_written_stays_unpublished),
		TEST(a_key_goes_with_the_last_alias),
		TEST(a_target_stays_while_its_key_is_removed),
		TEST(a_target_that_is_used_again_keeps_its_answer),
		TEST(what_cannot_be_an_answer_is_a_failure),
		TEST(without_memory_for_a_query_it_is_tried_again),
		TEST(many_targets_come_and_go),
		TEST(refreshes_spread),
		TEST(a_stored_answer_goes_on),
		TEST(a_stored_answer_that_is_not_used_is_removed),
		TEST(settings_change_what_there_is),
		TEST(a_reload_asks_for_all_soon),
		TEST(times_are_confirmed_late),
		TEST(a_restart_does_not_put_confirmations_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
