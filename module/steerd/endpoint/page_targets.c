/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "core/types.h"
#include "formats/name_text.h"
#include "steerd/endpoint/page.h"

typedef struct {
	page_list_t list;
	const page_source_t *source;
	bool by_name;                 /*!< Only targets of that name. */
	uint8_t name[STEER_NAME_MAX];
	uint32_t slot;                /*!< The next one. */
} targets_page_t;

/*! Puts a name, of which page_put_quoted() might cut off a part. */
static void put_name(page_t *page, const char *text)
{
	page_put(page, "\"");
	for (; *text != '\0'; text++) {
		page_put(page, "%s%c", *text == '\\' ? "\\" : "", *text);
	}
	page_put(page, "\"");
}

static void put_number(page_t *page, const char *name, bool known, uint64_t number)
{
	if (known) {
		page_put(page, ", \"%s\": %" PRIu64, name, number);
	} else {
		page_put(page, ", \"%s\": null", name);
	}
}

steer_external_state_t page_target_state(const target_t *target)
{
	const steer_refresh_t *refresh = &target->refresh;
	return steer_external_state(refresh->answer != STEER_RESOLVED_FAILURE, refresh->held,
	                            refresh->failures);
}

/*! Puts the answer, its age, and for how long it stays if it is not received again. */
static void put_answer(targets_page_t *self, const target_t *target, const steer_now_t *now)
{
	page_t *page = &self->list.page;
	const steer_refresh_t *refresh = &target->refresh;
	const steer_refresh_rule_t *rule = targets_rule(self->source->targets);
	bool answered = refresh->answer != STEER_RESOLVED_FAILURE;
	int64_t ms = -steer_now_until(now, &refresh->resolved);
	uint64_t age = ms > 0 ? ms / 1000 : 0, ttl = steer_refresh_ttl(refresh, rule);
	uint64_t stays = ttl + rule->stale_max;
	put_number(page, "records", answered, target->count);
	page_put(page, ", \"nxdomain\": %s",
	         refresh->answer == STEER_RESOLVED_NXDOMAIN ? "true" : "false");
	put_number(page, "ttl", answered, ttl);
	put_number(page, "age", answered, age);
	put_number(page, "removed_in", answered, stays > age ? stays - age : 0);
}

/*! Puts how the tries have gone, and when the next one is due unless one is under way. */
static void put_tries(targets_page_t *self, target_t *target, const steer_now_t *now)
{
	page_t *page = &self->list.page;
	const steer_refresh_t *refresh = &target->refresh;
	double left = ev_is_active(&target->next)
	              ? ev_timer_remaining(self->source->loop, &target->next) : 0;
	put_number(page, "tried", refresh->tried.wall > 0, refresh->tried.wall);
	put_number(page, "next", ev_is_active(&target->next),
	           now->wall + (uint64_t)(left > 0 ? left + 0.5 : 0));
	put_number(page, "failures", true, refresh->failures);
	page_put(page, ", \"error\": ");
	if (target->error != NULL) {
		page_put_quoted(page, target->error);
	} else {
		page_put(page, "null");
	}
	put_number(page, "refreshes", true, target->refreshes);
	put_number(page, "failed", true, target->failures);
}

static void put_target(targets_page_t *self, target_t *target)
{
	page_t *page = &self->list.page;
	char type[STEER_TYPE_TEXT];
	steer_now_t now;
	steer_now(&now);
	page_put(page, "{\"target\": ");
	put_name(page, target->text);
	page_put(page, ", \"type\": \"%s\", \"state\": \"%s\"", steer_type_text(target->type, type),
	         steer_external_state_name(page_target_state(target)));
	put_answer(self, target, &now);
	put_tries(self, target, &now);
	page_put(page, "}");
}

static bool put_next(page_list_t *list)
{
	targets_page_t *self = (targets_page_t *)list;
	const targets_t *targets = self->source->targets;
	while (self->slot < targets_slots(targets)) {
		target_t *target = targets_get(targets, self->slot++);
		if (target != NULL && target->used &&
		    (!self->by_name || steer_name_equal(target->name, self->name))) {
			put_target(self, target);
			return true;
		}
	}
	return false;
}

page_t *page_targets(const page_source_t *source, const char *name)
{
	targets_page_t *self = page_list_new(sizeof(*self), put_next);
	if (self == NULL) {
		return NULL;
	}
	self->source = source;
	self->by_name = name != NULL;
	if (name != NULL && steer_name_parse(name, self->name) != STEER_OK) {
		self->slot = UINT32_MAX; // What is no name is the name of none.
	}
	return &self->list.page;
}
