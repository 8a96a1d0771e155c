/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "steerd/endpoint/page.h"

typedef struct {
	page_list_t list;
	const page_source_t *source;
	char id[STEER_CHECK_ID_MAX + 1]; /*!< Only that one, if it is not empty. */
	uint32_t slot;                   /*!< The next one. */
} checks_page_t;

/*! Puts a step of a probe in milliseconds, or null if it did not get there. */
static void put_time(page_t *page, const char *name, uint32_t us)
{
	if (us == 0) {
		page_put(page, ", \"%s\": null", name);
	} else {
		page_put(page, ", \"%s\": %u.%03u", name, us / 1000, us % 1000);
	}
}

static void put_last(page_t *page, const check_t *check)
{
	if (!check->has_last) {
		page_put(page, "null");
		return;
	}
	page_put(page, "{\"result\": \"%s\", \"time\": %" PRIu64 ", \"reason\": ",
	         metrics_result_name(metrics_result(check->last_ok, check->last_inconclusive)),
	         check->last.wall);
	page_put_quoted(page, check->last_reason != NULL ? check->last_reason : "");
	put_time(page, "connected", check->last_times.connected);
	put_time(page, "secured", check->last_times.secured);
	put_time(page, "first_byte", check->last_times.first_byte);
	put_time(page, "total", check->last_times.total);
	page_put(page, "}");
}

/*! When the next probe is due, by the wall clock. */
static uint64_t next_probe(const checks_page_t *self, check_t *check)
{
	steer_now_t now;
	steer_now(&now);
	double left = ev_timer_remaining(self->source->loop, &check->timer);
	return now.wall + (uint64_t)(left > 0 ? left + 0.5 : 0);
}

static void put_check(checks_page_t *self, check_t *check)
{
	page_t *page = &self->list.page;
	page_put(page, "{\"health_check\": ");
	page_put_quoted(page, check->id);
	page_put(page, ", \"type\": \"%s\", \"state\": \"%s\", \"in_a_row\": %u, "
	         "\"probes\": %" PRIu64 ", \"failures\": %" PRIu64 ", \"inconclusive\": %" PRIu64 ", "
	         "\"next\": %" PRIu64 ", \"last\": ",
	         steer_health_check_type_name(check->definition->type),
	         page_state_name(check->state.probed), check->state.in_a_row, check->probes,
	         check->failures, check->inconclusive, next_probe(self, check));
	put_last(page, check);
	page_put(page, "}");
}

/*! Takes the next check to tell of; NULL: there is none. */
static check_t *take(checks_page_t *self)
{
	const checks_t *checks = self->source->checks;
	while (self->slot < checks_slots(checks)) {
		check_t *check = checks_get(checks, self->slot++);
		if (check != NULL && (self->id[0] == '\0' || strcmp(check->id, self->id) == 0)) {
			return check;
		}
	}
	return NULL;
}

static bool put_next(page_list_t *list)
{
	checks_page_t *self = (checks_page_t *)list;
	check_t *check = take(self);
	if (check != NULL) {
		put_check(self, check);
	}
	return check != NULL;
}

page_t *page_checks(const page_source_t *source, const char *id)
{
	checks_page_t *self = page_list_new(sizeof(*self), put_next);
	if (self == NULL) {
		return NULL;
	}
	self->source = source;
	if (id != NULL) { // What is too long or empty is the id of none.
		bool none = id[0] == '\0' || strlen(id) > STEER_CHECK_ID_MAX;
		self->slot = none ? UINT32_MAX : 0;
		snprintf(self->id, sizeof(self->id), "%s", id);
	}
	return &self->list.page;
}
