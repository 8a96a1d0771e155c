/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/changes.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/name_text.h"
#include "formats/route53/record_set.h"
#include "formats/route53/servers.h"

void steer_route53_batches_free(steer_route53_batches_t *batches)
{
	free(batches->of);
	free(batches->changes);
	*batches = (steer_route53_batches_t) { .of = NULL };
}

/* Adding. */

static bool take_action(steer_route53_reading_t *reading, const steer_field_at_t *item,
                        steer_route53_action_t *action)
{
	static const char *const actions[] = {
		[STEER_ROUTE53_CREATE] = "CREATE",
		[STEER_ROUTE53_UPSERT] = "UPSERT",
		[STEER_ROUTE53_DELETE] = "DELETE",
	};
	static const char key[] = "Action", allowed[] = "CREATE, DELETE, UPSERT";
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_need(reading, item, key, allowed)
	                   ? steer_field_text(reading, item, key, &field) : NULL;
	for (unsigned i = 0; text != NULL && i < sizeof(actions) / sizeof(*actions); i++) {
		if (strcmp(text, actions[i]) == 0) {
			*action = i;
			return true;
		}
	}
	if (text != NULL) {
		steer_field_wrong(reading, &field, "%s: '%s'; allowed: %s", key,
		                  steer_shown(shown, text, strlen(text)), allowed);
	}
	return false;
}

static void add_change(steer_route53_batches_t *batches, steer_route53_lists_t *lists,
                       steer_route53_reading_t *reading, const steer_field_at_t *item)
{
	static const char *const keys[] = { "Action", "ResourceRecordSet", NULL };
	steer_route53_batched_t change = { .at = *item };
	steer_field_only(reading, item, keys);
	if (!take_action(reading, item, &change.action) ||
	    !steer_field_need(reading, item, keys[1], "the record set")) {
		return;
	}
	const steer_field_at_t set = steer_field_get(reading, item, keys[1], STEER_JSON_OBJECT);
	if (set.value == NULL || !steer_route53_take_entry(lists, reading, &set, &change.entry)) {
		return;
	}
	steer_route53_batched_t *changes = steer_array_grown(
		batches->changes, &batches->changes_room, batches->changes_count + 1, sizeof(*changes));
	if (changes == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	batches->changes = changes;
	changes[batches->changes_count++] = change;
}

/*! Adds the changes of a batch. \param[in] inner  The object that has them. */
static void add_changes(steer_route53_batches_t *batches, steer_route53_lists_t *lists,
                        steer_route53_reading_t *reading, const steer_field_at_t *inner,
                        const char *id)
{
	static const char key[] = "Changes";
	steer_route53_batch_t batch = { .id = id, .first = batches->changes_count };
	if (!steer_field_need(reading, inner, key, "a list of changes")) {
		return;
	}
	batch.at = steer_field_get(reading, inner, key, STEER_JSON_LIST);
	steer_field_at_t item = { inner->json, NULL };
	if (batch.at.value == NULL) {
		return;
	}
	if (steer_json_next(batch.at.json, batch.at.value, NULL) == NULL) {
		steer_field_wrong(reading, &batch.at, "%s: none; allowed: one or more", key);
		return;
	}
	while (steer_field_next(reading, &batch.at, &item)) {
		add_change(batches, lists, reading, &item);
	}
	batch.end = batches->changes_count;
	steer_route53_batch_t *of = steer_array_grown(batches->of, &batches->room, batches->count + 1,
	                                              sizeof(*of));
	if (of == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	batches->of = of;
	of[batches->count++] = batch;
}

void steer_route53_add_batch(steer_route53_batches_t *batches, steer_route53_lists_t *lists,
                             steer_route53_reading_t *reading, const steer_field_at_t *answer)
{
	static const char *const request[] = { "HostedZoneId", "ChangeBatch", NULL };
	static const char *const batch[] = { "Changes", "Comment", NULL };
	steer_field_at_t field;
	if (steer_json_get(answer->json, answer->value, request[1]) == NULL) {
		steer_field_only(reading, answer, batch);
		add_changes(batches, lists, reading, answer, NULL);
		return;
	}
	steer_field_only(reading, answer, request);
	const char *id = steer_field_text(reading, answer, request[0], &field);
	const steer_field_at_t inner = steer_field_get(reading, answer, request[1], STEER_JSON_OBJECT);
	if (inner.value != NULL) {
		steer_field_only(reading, &inner, batch);
		add_changes(batches, lists, reading, &inner, id);
	}
}

/* Passing on. */

/*! What passing on the changes of a batch needs. */
typedef struct {
	const steer_route53_batches_t *batches;
	const steer_route53_changes_t *changes;
	steer_route53_sets_t *sets;
	steer_route53_zone_t zone;
} pass_t;

/*! Ends a callback: reports what it refuses. \return Whether it took what it was given */
static bool is_taken(const pass_t *pass, int ret, const steer_field_at_t *at)
{
	steer_route53_reading_t *reading = pass->sets->reading;
	if (ret == STEER_EINVAL) {
		char text[sizeof(reading->report.fault->text)];
		strcpy(text, reading->report.fault->text); // Reporting writes there.
		steer_field_wrong(reading, at, "%s", text);
	} else {
		reading->ret = ret;
	}
	return ret == STEER_OK;
}

/*! The longest name that encloses those of a batch. */
static const uint8_t *encloser_of(const pass_t *pass, const steer_route53_batch_t *batch)
{
	const steer_route53_batched_t *changes = pass->batches->changes;
	const steer_route53_lists_t *lists = pass->sets->lists;
	const uint8_t *name = steer_route53_name(lists, &changes[batch->first].entry);
	for (size_t i = batch->first + 1; i < batch->end; i++) {
		name = steer_route53_encloser(name, steer_route53_name(lists, &changes[i].entry));
	}
	return name;
}

/*! Begins a batch. \return Whether its zone was found */
static bool begin_batch(pass_t *pass, const steer_route53_batch_t *batch, const uint8_t *named)
{
	const steer_route53_lists_t *lists = pass->sets->lists;
	const uint8_t *name = named;
	uint32_t zone;
	if (name == NULL && batch->id != NULL) {
		name = steer_route53_name_of_id(lists, batch->id);
	}
	bool known = name != NULL;
	if (!known) {
		name = encloser_of(pass, batch);
		known = steer_route53_zones_of(lists, name, &zone) == 1;
		name = known ? lists->zones[zone].name : name;
	}
	pass->zone = (steer_route53_zone_t) { .hosted = false };
	int ret = pass->changes->batch(pass->changes->ctx, name, known, pass->zone.name,
	                               pass->sets->reading->report.fault);
	if (!is_taken(pass, ret, &batch->at)) {
		return false;
	}
	pass->zone.name_len = steer_name_len(pass->zone.name);
	const steer_route53_zone_t *found = steer_route53_zone(lists, pass->zone.name);
	pass->zone.hosted = found != NULL && found->hosted;
	return true;
}

/*! Whether a change is of the name servers of Route 53, which another server has not; warned of. */
static bool is_left_out(const pass_t *pass, const steer_route53_batched_t *change)
{
	if (change->action == STEER_ROUTE53_DELETE ||
	    !steer_route53_is_replaced(pass->sets->lists, &change->entry, &pass->zone)) {
		return false;
	}
	steer_field_warn(pass->sets->reading, &change->at, "ResourceRecordSet: the name servers of "
	                 "Route 53, so this change is left out");
	return true;
}

static void pass_batch(pass_t *pass, const steer_route53_batch_t *batch)
{
	steer_route53_reading_t *reading = pass->sets->reading;
	for (size_t i = batch->first; i < batch->end && reading->ret == STEER_OK; i++) {
		const steer_route53_batched_t *item = &pass->batches->changes[i];
		steer_route53_change_t change = { .action = item->action };
		if (!is_left_out(pass, item) &&
		    steer_route53_take_change(pass->sets, &item->entry, &change)) {
			(void)is_taken(pass, pass->changes->change(pass->changes->ctx, &change,
			                                           reading->report.fault), &item->at);
		}
	}
}

void steer_route53_pass_changes(const steer_route53_batches_t *batches,
                                const steer_route53_lists_t *lists,
                                steer_route53_collections_t *collections, const uint8_t *named,
                                const steer_route53_changes_t *changes,
                                steer_route53_reading_t *reading)
{
	steer_route53_sets_t sets = {
		.reading = reading, .lists = lists, .collections = collections,
	};
	pass_t pass = { .batches = batches, .changes = changes, .sets = &sets };
	sets.zone = &pass.zone;
	for (size_t i = 0; i < batches->count && reading->ret == STEER_OK; i++) {
		const steer_route53_batch_t *batch = &batches->of[i];
		if (batch->first < batch->end && begin_batch(&pass, batch, named)) {
			pass_batch(&pass, batch);
		}
	}
	steer_route53_sets_free(&sets);
}
