/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/zones.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/route53/servers.h"
#include "formats/route53/traffic_tree.h"
#include "formats/yaml/scalar.h"

/*! Record sets of a name and type. */
typedef struct {
	uint32_t first, end; /*!< Positions among the sorted numbers. */
	uint32_t order;      /*!< Number of the first record set, by which groups are sorted. */
	uint32_t zone;
} range_t;

typedef struct {
	const steer_route53_lists_t *lists;
	uint32_t *sorted; /*!< Numbers of the record sets, those of a group together. */
	range_t *groups;
	uint32_t count;   /*!< Of groups. */
} sorted_t;

/* Groups. */

static uint32_t zone_of(const steer_route53_lists_t *lists, const steer_route53_entry_t *entry)
{
	return lists->zones[lists->lists[entry->list].zone].number;
}

/*! Order of groups, and of nothing inside. */
static int compare_groups(const steer_route53_lists_t *lists, const steer_route53_entry_t *a,
                          const steer_route53_entry_t *b)
{
	const uint32_t x = zone_of(lists, a), y = zone_of(lists, b);
	if (x != y) {
		return x > y ? 1 : -1;
	}
	if (a->name_len != b->name_len) {
		return a->name_len > b->name_len ? 1 : -1;
	}
	const int order = memcmp(steer_route53_name(lists, a), steer_route53_name(lists, b),
	                         a->name_len);
	return order != 0 ? order : (a->type > b->type) - (a->type < b->type);
}

static int by_group(const void *a, const void *b, void *ctx)
{
	const steer_route53_lists_t *lists = ctx;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = compare_groups(lists, &lists->entries[x], &lists->entries[y]);
	if (order == 0) {
		order = strcmp(lists->entries[x].id, lists->entries[y].id);
	}
	return order != 0 ? order : (x > y) - (x < y);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static int by_order(const void *a, const void *b)
{
	const range_t *x = a, *y = b;
	if (x->zone != y->zone) {
		return x->zone > y->zone ? 1 : -1;
	}
	return (x->order > y->order) - (x->order < y->order);
}

/*! Reports record sets that are there twice: neighbours, as long as a group is sorted so. */
static void check_twice(const sorted_t *sorted, steer_route53_reading_t *reading,
                        const range_t *group)
{
	const steer_route53_entry_t *entries = sorted->lists->entries;
	for (uint32_t i = group->first + 1; i < group->end; i++) {
		const steer_route53_entry_t *first = &entries[sorted->sorted[i - 1]];
		const steer_route53_entry_t *second = &entries[sorted->sorted[i]];
		if (strcmp(first->id, second->id) != 0) {
			continue;
		}
		char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
		const steer_place_t place = steer_field_place(&first->at);
		steer_name_print(steer_route53_name(sorted->lists, first), name);
		steer_type_text(first->type, type);
		steer_field_wrong(reading, &second->at, "%.255s %s%s%s is already in %s:%u:%u; allowed: "
		                  "once", name, type, first->id[0] != '\0' ? " " : "", first->id,
		                  place.file, place.line, place.column);
	}
}

/*! Puts the record sets of each group together, in their order. \return false: out of memory */
static bool sort_groups(sorted_t *sorted, steer_route53_reading_t *reading)
{
	const steer_route53_lists_t *lists = sorted->lists;
	const uint32_t count = lists->entries_count;
	sorted->sorted = calloc(count, sizeof(*sorted->sorted));
	sorted->groups = calloc(count, sizeof(*sorted->groups));
	if (sorted->sorted == NULL || sorted->groups == NULL) {
		steer_field_no_memory(reading);
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		sorted->sorted[i] = i;
	}
	qsort_r(sorted->sorted, count, sizeof(*sorted->sorted), by_group, (void *)lists);
	for (uint32_t i = 0, first = 0; i < count; i++) {
		const steer_route53_entry_t *entry = &lists->entries[sorted->sorted[i]];
		if (i + 1 < count &&
		    compare_groups(lists, entry, &lists->entries[sorted->sorted[i + 1]]) == 0) {
			continue;
		}
		range_t *group = &sorted->groups[sorted->count++];
		*group = (range_t) { .first = first, .end = i + 1, .zone = zone_of(lists, entry) };
		check_twice(sorted, reading, group);
		qsort(sorted->sorted + first, i + 1 - first, sizeof(*sorted->sorted), by_number);
		group->order = sorted->sorted[first];
		first = i + 1;
	}
	qsort(sorted->groups, sorted->count, sizeof(*sorted->groups), by_order);
	return true;
}

/* Zones. */

static void take_hosted(steer_route53_reading_t *reading, const steer_route53_zone_t *zone,
                        steer_zone_head_t *head)
{
	steer_field_at_t field;
	const steer_field_at_t config = steer_field_get(reading, &zone->at, "Config",
	                                                STEER_JSON_OBJECT);
	if (config.value == NULL) {
		return;
	}
	if (steer_field_bool(reading, &config, "PrivateZone", false)) {
		steer_field_warn(reading, &config, "PrivateZone: the networks that could see the zone are "
		                 "not kept: it answers everybody who may ask the server");
	}
	const char *comment = steer_field_text(reading, &config, "Comment", &field);
	if (comment == NULL || comment[0] == '\0') {
		return;
	}
	if (strlen(comment) > STEER_COMMENT_MAX || !steer_yaml_is_line(comment)) {
		steer_field_warn(reading, &field, "Comment: more than %d bytes or control characters, so "
		                 "it is left out", STEER_COMMENT_MAX);
		return;
	}
	head->comment_at = steer_field_place(&field);
	strcpy(head->comment, comment);
}

static void begin_zone(steer_route53_sets_t *sets, const steer_route53_zone_t *zone)
{
	steer_route53_reading_t *reading = sets->reading;
	steer_zone_head_t head = {
		.zone_at = steer_field_place(&zone->at), .comment_told = zone->hosted,
	};
	sets->zone = zone;
	memcpy(head.zone, zone->name, zone->name_len);
	if (zone->hosted) {
		take_hosted(reading, zone, &head);
	}
	if (reading->ret == STEER_OK) {
		reading->ret = reading->sink->zone(reading->sink->ctx, &head, reading->report.fault);
	}
}

static void pass_group(steer_route53_sets_t *sets, const sorted_t *sorted, const range_t *range)
{
	const steer_route53_entry_t *entries = sets->lists->entries;
	const steer_route53_entry_t *first = &entries[sorted->sorted[range->first]];
	steer_route53_group_t group = { 0 };
	if (steer_route53_is_replaced(sets->lists, first, sets->zone)) {
		return;
	}
	steer_route53_check_names(sets, first);
	for (uint32_t i = range->first; i < range->end && sets->reading->ret == STEER_OK; i++) {
		const steer_route53_entry_t *entry = &entries[sorted->sorted[i]];
		if (steer_route53_is_tree(entry)) {
			steer_route53_pass_tree(sets, &group, entry);
		} else {
			steer_route53_pass_set(sets, &group, entry);
		}
	}
}

static void pass_groups(steer_route53_sets_t *sets, const sorted_t *sorted)
{
	const steer_route53_lists_t *lists = sets->lists;
	for (uint32_t i = 0; i < sorted->count && sets->reading->ret == STEER_OK; i++) {
		const range_t *range = &sorted->groups[i];
		const steer_route53_entry_t *first = &lists->entries[sorted->sorted[range->first]];
		const steer_route53_zone_t *zone = &lists->zones[lists->lists[first->list].zone];
		if (zone != sets->zone) {
			begin_zone(sets, zone);
		}
		if (sets->reading->ret == STEER_OK) {
			pass_group(sets, sorted, range);
		}
	}
	if (sets->outside_count > 0) {
		steer_field_warn(sets->reading, &sets->outside, "AliasTarget: names that no zone here has, "
		                 "such as those of AWS services: %u; steerd resolves them (steerctl target "
		                 "list), and EvaluateTargetHealth sees only whether they have records",
		                 sets->outside_count);
	}
}

void steer_route53_pass_zones(const steer_route53_lists_t *lists,
                              steer_route53_collections_t *collections,
                              const steer_traffic_t *traffic, steer_route53_reading_t *reading)
{
	sorted_t sorted = { .lists = lists };
	steer_route53_sets_t sets = {
		.reading = reading, .lists = lists, .collections = collections,
		.traffic = traffic,
	};
	steer_route53_find_trees(&sets);
	if (lists->entries_count > 0 && sort_groups(&sorted, reading)) {
		pass_groups(&sets, &sorted);
	}
	steer_traffic_tell_unused(traffic, reading);
	free(sorted.sorted);
	free(sorted.groups);
}
