/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Resources of the plugin weighted.
 *
 * There thresholds count weights, and a part that is down weighs less; here record sets are counted
 * and weigh the same. Where this gives another answer, a warning says so.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/gdnsd/flat.h"

#define WEIGHT_MAX 1048575
/*! Most items of a resource, and of a group in it. Of so few a percentage says any number. */
#define ITEMS_MAX 64

/*! What holds for a part of a resource. */
typedef struct {
	steer_gdnsd_config_t *config;
	steer_gdnsd_resource_t *resource;
	const steer_gdnsd_scope_t *scope;
	const steer_gdnsd_allowed_t *allowed;
	bool multi;
	double share;
	const steer_place_t *place;
} part_t;

/*! Adds [ address, weight ]. */
static bool add_weighted(const part_t *part, const steer_vscf_t *entry, steer_gdnsd_group_t *group)
{
	const steer_vscf_t *item = entry->kind == STEER_VSCF_ARRAY ? entry->first : NULL;
	uint32_t weight = 0;
	if (item == NULL || entry->count != 2) {
		steer_gdnsd_wrong(part->config->reading, &entry->place, "%.200s: not two items; allowed: "
		                  "[ %s, weight ]", entry->key, part->allowed->what);
		return false;
	}
	steer_gdnsd_number(part->config->reading, item->next, 1, WEIGHT_MAX, &weight);
	steer_gdnsd_member_t *member = steer_gdnsd_add_item(
		part->config, part->resource, entry->key, item, part->scope, part->allowed, group);
	if (member == NULL || weight == 0) {
		return false;
	}
	member->weight = weight;
	return true;
}

static int by_weight(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/*!
 * How many record sets mean the same as a share of all weights.
 *
 * \return 0: no number does
 */
static unsigned number_for_weights(const steer_gdnsd_group_t *group, double share)
{
	uint32_t weights[ITEMS_MAX];
	uint64_t sum = 0, least = 0, most = 0;
	const unsigned count = group->count;
	for (unsigned i = 0; i < count; i++) {
		weights[i] = group->members[i]->weight;
		sum += weights[i];
	}
	qsort(weights, count, sizeof(*weights), by_weight);
	const uint64_t needed = steer_gdnsd_share_of(sum, share);
	for (unsigned number = 1; number <= count; number++) {
		least += weights[number - 1]; // Of any so many.
		if (least >= needed) {
			return most < needed ? number : 0;
		}
		most += weights[count - number]; // Of any so many, that is not enough either.
	}
	return 0;
}

/*! The percentage for up_thresh, with a warning if it can mean something else. */
static int percent_of(const part_t *part, const steer_gdnsd_group_t *group)
{
	unsigned number = number_for_weights(group, part->share);
	if (number == 0) {
		number = steer_gdnsd_share_of(group->count, part->share);
		steer_gdnsd_warn(part->config->reading, part->place, "up_thresh counts weights there; here "
		                 "%u of the %zu must be up, whatever they weigh", number, group->count);
	}
	return steer_gdnsd_percent(number, group->count, part->share);
}

static bool all_weigh_the_same(const steer_gdnsd_group_t *group)
{
	for (size_t i = 1; i < group->count; i++) {
		if (group->members[i]->weight != group->members[0]->weight) {
			return false;
		}
	}
	return true;
}

/*! Several of a group answer: of equal weights all, else by a draw for each. */
static const char *several(const part_t *part, const steer_gdnsd_group_t *group, int percent,
                           bool checks)
{
	if (!all_weigh_the_same(group)) {
		steer_gdnsd_warn(part->config->reading, part->place, "multi: each is drawn by itself "
		                 "there, as its weight is to the largest; here all that are up answer, "
		                 "whatever they weigh");
	}
	return checks ? steer_gdnsd_program(part->config, percent, "shuffle") : "shuffle";
}

/*! One of a group answers, by weight. */
static const char *one(const part_t *part, int percent)
{
	return percent > 0 ? steer_gdnsd_program(part->config, percent, "weighted, take 1")
	                   : "weighted";
}

/*! Ends a group of items. */
static void end_items(const part_t *part, steer_gdnsd_group_t *group, bool multi, int percent)
{
	const bool checks = steer_gdnsd_has_checks(group);
	if (group->count == 1 || (multi && !checks && all_weigh_the_same(group))) {
		return; // All of its records answer in any case.
	}
	group->program = multi ? several(part, group, percent, checks) : one(part, percent);
}

static void take_flat(const part_t *part, const steer_vscf_t *value)
{
	for (const steer_vscf_t *entry = value->first;
	     entry != NULL && part->config->reading->ret == STEER_OK; entry = entry->next) {
		if (!steer_gdnsd_among(entry->key, steer_gdnsd_parameters)) {
			(void)add_weighted(part, entry, NULL);
		}
	}
	for (steer_gdnsd_type_t type = STEER_GDNSD_A; type < STEER_GDNSD_TYPES; type++) {
		steer_gdnsd_group_t *group = part->resource->groups[type];
		if (group == NULL || !(part->allowed->types & 1 << type)) {
			continue;
		}
		if (group->count > ITEMS_MAX) {
			steer_gdnsd_wrong(part->config->reading, part->place,
			                  "more than %d items; allowed: fewer",
			                  ITEMS_MAX);
			return;
		}
		const int percent = steer_gdnsd_has_checks(group) ? percent_of(part, group) : 0;
		end_items(part, group, part->multi && type != STEER_GDNSD_CNAME, percent);
	}
}

/* Groups inside. */

/*! Makes the group of an entry. \return NULL: an error, which was reported */
static steer_gdnsd_group_t *make_inner(const part_t *part, const steer_vscf_t *entry,
                                       steer_gdnsd_type_t type)
{
	steer_gdnsd_group_t *inner = steer_gdnsd_group_new(
		part->config, entry->key, part->resource->path, &entry->key_at);
	for (const steer_vscf_t *item = inner != NULL ? entry->first : NULL; item != NULL;
	     item = item->next) {
		const steer_gdnsd_allowed_t same = {
			1 << type, type == STEER_GDNSD_A ? "an IPv4 address" : "an IPv6 address"
		};
		part_t of = *part;
		of.allowed = &same;
		if (!add_weighted(&of, item, inner)) {
			return NULL;
		}
	}
	if (inner != NULL && (inner->count == 0 || inner->count > ITEMS_MAX)) {
		steer_gdnsd_wrong(part->config->reading, &entry->key_at, "%.200s: none, or more than %d "
		                  "addresses; allowed: 1 to %d", entry->key, ITEMS_MAX, ITEMS_MAX);
		return NULL;
	}
	return inner;
}

/*! The family of the first address in an entry. */
static steer_gdnsd_type_t family_of(const part_t *part, const steer_vscf_t *entry)
{
	uint8_t address[16];
	steer_gdnsd_type_t type = STEER_GDNSD_A;
	const steer_vscf_t *item = entry->first != NULL ? entry->first->first : NULL;
	if (part->allowed->types == 1 << STEER_GDNSD_AAAA ||
	    (item != NULL && item->kind == STEER_VSCF_TEXT &&
	     steer_gdnsd_is_address(item->text, address, &type) && type == STEER_GDNSD_AAAA)) {
		return STEER_GDNSD_AAAA;
	}
	return STEER_GDNSD_A;
}

static uint32_t weight_of(const steer_gdnsd_group_t *group)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < group->count; i++) {
		sum += group->members[i]->weight;
	}
	return sum;
}

/*! Adds a group to the one of the resource; one of a single address is that address. */
static bool add_inner(const part_t *part, steer_gdnsd_group_t *outer, const steer_vscf_t *entry,
                      steer_gdnsd_group_t *inner)
{
	steer_gdnsd_member_t *member = steer_gdnsd_add(part->config, outer, entry->key,
	                                               &entry->key_at);
	if (member == NULL) {
		return false;
	}
	if (inner->count == 1) {
		const char *id = member->id;
		*member = *inner->members[0];
		member->id = id;
	} else {
		member->kind = STEER_GDNSD_GROUP;
		member->group = inner;
		member->evaluate = true;
	}
	member->weight = weight_of(inner);
	return true;
}

static void end_groups(const part_t *part, steer_gdnsd_group_t *outer,
                       steer_gdnsd_group_t *const *inner, unsigned count)
{
	bool checks = false, parts = false;
	for (unsigned i = 0; i < count; i++) {
		steer_gdnsd_note_checks(inner[i]);
		const bool has = inner[i]->checked;
		end_items(part, inner[i], !part->multi, 0);
		checks = checks || has;
		parts = parts || (has && inner[i]->count > 1);
	}
	int percent = 0;
	if (checks && !parts) {
		percent = percent_of(part, outer);
	} else if (checks) {
		const unsigned number = steer_gdnsd_share_of(count, part->share);
		percent = steer_gdnsd_percent(number, count, part->share);
		steer_gdnsd_warn(part->config->reading, part->place, "a group weighs less there while some "
		                 "of its addresses are down, and up_thresh counts weights; here it weighs "
		                 "the same until all are down, and %u of the %u groups must be up", number,
		                 count);
	}
	if (count > 1) {
		outer->program = part->multi ? several(part, outer, percent, checks) : one(part, percent);
	}
}

static void take_groups(const part_t *part, const steer_vscf_t *value)
{
	steer_gdnsd_group_t *inner[ITEMS_MAX], *outer = NULL;
	unsigned count = 0;
	steer_gdnsd_type_t type = STEER_GDNSD_A;
	for (const steer_vscf_t *entry = value->first; entry != NULL; entry = entry->next) {
		if (steer_gdnsd_among(entry->key, steer_gdnsd_parameters)) {
			continue;
		}
		if (entry->kind != STEER_VSCF_HASH || count == ITEMS_MAX) {
			steer_gdnsd_wrong(part->config->reading, &entry->key_at, "%.200s: not a hash, or more "
			                  "than %d; allowed: groups alone, or [ address, weight ] alone",
			                  entry->key,
			                  ITEMS_MAX);
			return;
		}
		if (outer == NULL) {
			type = family_of(part, entry);
			outer = steer_gdnsd_group_of(part->config, part->resource, type);
		}
		inner[count] = outer != NULL ? make_inner(part, entry, type) : NULL;
		if (inner[count] == NULL || !add_inner(part, outer, entry, inner[count])) {
			return;
		}
		count++;
	}
	if (count > 0 && part->config->reading->ret == STEER_OK) {
		end_groups(part, outer, inner, count);
	}
}

static void take_part(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                      const steer_vscf_t *value, const steer_gdnsd_scope_t *scope,
                      const steer_gdnsd_allowed_t *allowed)
{
	part_t part = {
		.config = config, .resource = resource, .scope = scope, .allowed = allowed,
		.place = &resource->place,
	};
	if (!steer_gdnsd_is_hash(config->reading, value)) {
		return;
	}
	part.share = steer_gdnsd_threshold(config, scope);
	steer_gdnsd_bool(config->reading, steer_gdnsd_find(scope, "multi"), &part.multi);
	const steer_vscf_t *first = value->first;
	while (first != NULL && steer_gdnsd_among(first->key, steer_gdnsd_parameters)) {
		first = first->next;
	}
	if (first != NULL && first->kind == STEER_VSCF_HASH) {
		take_groups(&part, value);
	} else {
		take_flat(&part, value);
	}
}

void steer_gdnsd_make_weighted(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                               const steer_gdnsd_located_t *located)
{
	static const steer_gdnsd_allowed_t allowed = {
		1 << STEER_GDNSD_A | 1 << STEER_GDNSD_AAAA | 1 << STEER_GDNSD_CNAME,
		"an address, or a name with a final dot"
	};
	steer_gdnsd_each_stanza(config, resource, located, &allowed, take_part);
	resource->names = resource->names_alone;
	if (resource->names_alone && (resource->groups[STEER_GDNSD_A] != NULL ||
	                              resource->groups[STEER_GDNSD_AAAA] != NULL)) {
		steer_gdnsd_wrong(config->reading, &resource->place, "%.200s: addresses and names; "
		                  "allowed: one of them", resource->path);
		return;
	}
	steer_gdnsd_even(resource);
	if (resource->names_alone) {
		steer_gdnsd_add_aliases(config, resource);
	}
}
