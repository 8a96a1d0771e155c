/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/dynamic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/name_set.h"
#include "formats/network_text.h"
#include "formats/octodns/ids.h"
#include "formats/octodns/rules.h"

/*! Most copies of the record's own values, of which each place has some; more do not fit a name. */
#define COPIES_MAX (1 << 17)
/*!
 * Most record sets that dynamic records of a file become, and most copies of their own values: a
 * small file could become very many.
 */
#define FILE_MAX   (1 << 20)

struct steer_octodns_dynamic {
	steer_octodns_pools_t pools;
	steer_octodns_rules_t rules;
	steer_name_set_t checks; /*!< Those of the record that were passed on. */
	uint64_t *collections;   /*!< Digests of those of the file that were passed on. */
	size_t collections_count, collections_room;
	size_t sets;             /*!< Record sets of the file. */
	size_t copies;           /*!< Of records' own values. */
};

/*! What passing on a record needs. */
typedef struct {
	steer_octodns_dynamic_t *dynamic;
	const steer_octodns_group_t *group;
	steer_octodns_reading_t *reading;
	char collection[STEER_REGION_NAME_MAX + 1]; /*!< "": no rule has subnets. */
} passing_t;

steer_octodns_dynamic_t *steer_octodns_dynamic_new(void)
{
	return calloc(1, sizeof(steer_octodns_dynamic_t));
}

void steer_octodns_dynamic_free(steer_octodns_dynamic_t *dynamic)
{
	if (dynamic == NULL) {
		return;
	}
	steer_octodns_pools_free(&dynamic->pools);
	steer_octodns_rules_free(&dynamic->rules);
	steer_name_set_free(&dynamic->checks);
	free(dynamic->collections);
	free(dynamic);
}

/* Health checks. */

/*! Passes on the check of a value, once for all pools that have it. */
static void pass_check(passing_t *passing, const steer_octodns_member_t *member)
{
	char id[STEER_CHECK_ID_MAX + 1];
	const bool down = member->status == STEER_OCTODNS_DOWN;
	uint32_t before = 0;
	steer_octodns_check_value(passing->group, member->value, down, false, id);
	if (id[0] == '\0' || member->status == STEER_OCTODNS_UP) {
		return;
	}
	if (steer_name_set_add_text(&passing->dynamic->checks, id, strlen(id), member->value->line,
	                            &before) != STEER_OK) {
		steer_octodns_no_memory(passing->reading);
	} else if (before == 0) {
		steer_octodns_check_value(passing->group, member->value, down, true, id);
	}
}

/*! Passes on the checks, and reports values that are wrong, which all places would do again. */
static void pass_checks(passing_t *passing)
{
	const steer_octodns_pools_t *pools = &passing->dynamic->pools;
	const steer_yaml_value_t *value = NULL;
	char id[STEER_CHECK_ID_MAX + 1];
	steer_name_set_clear(&passing->dynamic->checks);
	for (size_t i = 0; i < pools->count; i++) {
		const steer_octodns_pool_t *pool = &pools->pools[i];
		for (uint32_t j = 0; pool->used && j < pool->count; j++) {
			pass_check(passing, &pools->members[pool->first + j]);
		}
	}
	while (steer_octodns_next(passing->reading, passing->group->values, &value)) {
		steer_octodns_check_value(passing->group, value, false, false, id);
	}
}

/* Networks. */

/*! A digest of the zone and of all that clients are looked up by. */
static uint64_t digest_of(const passing_t *passing)
{
	const steer_octodns_dynamic_t *dynamic = passing->dynamic;
	const uint8_t *zone = passing->reading->zone;
	uint64_t digest = steer_octodns_digest(0, zone, steer_name_len(zone));
	for (size_t i = 0; i < dynamic->rules.subnets_count; i++) {
		const steer_octodns_subnet_t *subnet = &dynamic->rules.subnets[i];
		char text[STEER_NETWORK_TEXT];
		if (subnet->left_out) {
			continue;
		}
		const char *pool = dynamic->pools.pools[subnet->pool].name;
		steer_network_print(&subnet->network, text);
		digest = steer_octodns_digest(digest, text, strlen(text));
		digest = steer_octodns_digest(digest, pool, strlen(pool));
	}
	return digest;
}

/*! Notes a collection. \return false: it was passed on before, or there is no memory */
static bool note_collection(passing_t *passing, uint64_t digest)
{
	steer_octodns_dynamic_t *dynamic = passing->dynamic;
	for (size_t i = 0; i < dynamic->collections_count; i++) {
		if (dynamic->collections[i] == digest) {
			return false;
		}
	}
	if (dynamic->collections_count == STEER_MAPS_MAX) {
		steer_octodns_wrong(passing->reading, passing->group->at, "rules: more different lists of "
		                    "subnets than there can be maps; allowed: %d", STEER_MAPS_MAX);
		return false;
	}
	uint64_t *more = steer_array_grown(dynamic->collections, &dynamic->collections_room,
	                                   dynamic->collections_count + 1, sizeof(*more));
	if (more == NULL) {
		steer_octodns_no_memory(passing->reading);
		return false;
	}
	dynamic->collections = more;
	more[dynamic->collections_count++] = digest;
	return true;
}

/*! Passes on the networks of the rules, as a collection that records with the same ones share. */
static void pass_networks(passing_t *passing)
{
	const steer_octodns_dynamic_t *dynamic = passing->dynamic;
	steer_octodns_reading_t *reading = passing->reading;
	passing->collection[0] = '\0';
	if (!dynamic->rules.nets) {
		return;
	}
	const uint64_t digest = digest_of(passing);
	steer_octodns_collection(passing->collection, digest);
	if (reading->sink->network == NULL || !note_collection(passing, digest)) {
		return;
	}
	for (size_t i = 0; i < dynamic->rules.subnets_count && reading->ret == STEER_OK; i++) {
		const steer_octodns_subnet_t *subnet = &dynamic->rules.subnets[i];
		char location[STEER_REGION_NAME_MAX + 1];
		if (subnet->left_out) {
			continue;
		}
		steer_octodns_location(location, dynamic->pools.pools[subnet->pool].name);
		const steer_text_network_t network = {
			.collection = passing->collection, .location = location, .network = subnet->network,
			.place = steer_yaml_tree_place(reading->tree, subnet->at),
		};
		reading->ret = reading->sink->network(reading->sink->ctx, &network, reading->report.fault);
	}
}

/* Record sets. */

/*! A record set of a place, and room for what it has. */
typedef struct {
	steer_record_set_t set;
	char id[STEER_SET_ID_MAX + 1];
	char location[2 * STEER_REGION_NAME_MAX + 2];
	char health[STEER_CHECK_ID_MAX + 1];
} set_t;

/*! What identifiers call a place. */
static const char *name_of(const passing_t *passing, const steer_octodns_where_t *place,
                           char text[STEER_OCTODNS_PLACE])
{
	char location[STEER_REGION_NAME_MAX + 1];
	switch (place->kind) {
	case STEER_OCTODNS_IN_GEO:
		return place->code;
	case STEER_OCTODNS_IN_SUBNETS:
		steer_octodns_location(location, passing->dynamic->pools.pools[place->pool].name);
		snprintf(text, STEER_OCTODNS_PLACE, STEER_OCTODNS_SUBNETS "%s", location);
		return text;
	default:
		return STEER_OCTODNS_DEFAULT;
	}
}

static void begin_set(const passing_t *passing, const steer_octodns_where_t *place, unsigned tier,
                      set_t *made)
{
	const steer_octodns_dynamic_t *dynamic = passing->dynamic;
	*made = (set_t) { .set = {
		.id = made->id, .has_tier = true, .tier = tier, .has_geo = dynamic->rules.geos,
		.geo = place->geo, .has_location = dynamic->rules.nets,
	} };
	if (place->kind == STEER_OCTODNS_IN_SUBNETS) {
		char location[STEER_REGION_NAME_MAX + 1];
		steer_octodns_location(location, dynamic->pools.pools[place->pool].name);
		snprintf(made->location, sizeof(made->location), "%s/%s", passing->collection, location);
		made->set.location = made->location;
	}
}

static void pass_member(const passing_t *passing, const steer_octodns_where_t *place, unsigned tier,
                        const steer_octodns_pool_t *pool, unsigned number)
{
	const steer_octodns_member_t *member =
		&passing->dynamic->pools.members[pool->first + number - 1];
	set_t made;
	char name[STEER_OCTODNS_PLACE];
	begin_set(passing, place, tier, &made);
	steer_octodns_set_id(made.id, name_of(passing, place, name), pool->name, number);
	made.set.has_weight = true;
	made.set.weight = member->weight;
	if (member->status != STEER_OCTODNS_UP) {
		steer_octodns_check_value(passing->group, member->value,
		                          member->status == STEER_OCTODNS_DOWN, false, made.health);
		made.set.health = made.health;
	}
	steer_octodns_pass_set(passing->group, &made.set, member->value);
	steer_octodns_pass_values(passing->group, member->value, true);
}

/*! Passes on the record sets of a place: those of its pool and of the pools after it, then all. */
static void pass_place(const passing_t *passing, const steer_octodns_where_t *place)
{
	const steer_octodns_pools_t *pools = &passing->dynamic->pools;
	unsigned tier = 0;
	set_t made;
	char name[STEER_OCTODNS_PLACE];
	for (uint32_t number = place->pool; number != STEER_OCTODNS_NONE;
	     number = pools->pools[number].fallback, tier++) {
		for (uint32_t i = 1; i <= pools->pools[number].count; i++) {
			pass_member(passing, place, tier, &pools->pools[number], i);
		}
	}
	begin_set(passing, place, tier, &made);
	steer_octodns_values_id(made.id, name_of(passing, place, name));
	steer_octodns_pass_set(passing->group, &made.set, passing->group->values);
	steer_octodns_pass_values(passing->group, passing->group->values, true);
}

static unsigned sets_of(const steer_octodns_pools_t *pools, uint32_t pool)
{
	unsigned count = 1;
	for (; pool != STEER_OCTODNS_NONE && count <= STEER_SETS_MAX;
	     pool = pools->pools[pool].fallback) {
		count += pools->pools[pool].count;
	}
	return count;
}

/* The record. */

static unsigned count_values(const passing_t *passing)
{
	const steer_yaml_value_t *value = NULL;
	unsigned count = 0;
	while (count <= COPIES_MAX &&
	       steer_octodns_next(passing->reading, passing->group->values, &value)) {
		count++;
	}
	return count;
}

/*! Reports more than fits in a file, and ends its reading. */
static void end_file(steer_octodns_reading_t *reading, const steer_yaml_value_t *at,
                     const char *what, int allowed)
{
	steer_octodns_wrong(reading, at, "%s: more than fits in a file; allowed: %d", what, allowed);
	reading->ret = steer_report_end(&reading->report);
}

/*! Reports more copies of the record's own values than fit. */
static bool copies_fit(const passing_t *passing)
{
	steer_octodns_dynamic_t *dynamic = passing->dynamic;
	const steer_yaml_value_t *values = passing->group->values;
	const size_t copies = dynamic->rules.count * count_values(passing);
	if (copies > COPIES_MAX) {
		steer_octodns_wrong(passing->reading, values, "values: more than fit: each geo and each "
		                    "rule has them all; allowed: %d in all", COPIES_MAX);
		return false;
	}
	dynamic->copies += copies;
	if (dynamic->copies > FILE_MAX) {
		end_file(passing->reading, values, "values, of which each geo and each rule of a record "
		         "has all", FILE_MAX);
		return false;
	}
	return true;
}

/*! Reports more than a group can hold, before any of it is passed on. */
static bool fits(const passing_t *passing, const steer_yaml_value_t *at)
{
	steer_octodns_dynamic_t *dynamic = passing->dynamic;
	unsigned count = 0;
	for (size_t i = 0; i < dynamic->rules.count && count <= STEER_SETS_MAX; i++) {
		count += sets_of(&dynamic->pools, dynamic->rules.places[i].pool);
	}
	if (count > STEER_SETS_MAX) {
		steer_octodns_wrong(passing->reading, at, "dynamic: more than fits in a group: each geo, "
		                    "each rule with subnets and the rule for all others has a record set "
		                    "for each value of its pool and of the pools to fall back to, and one "
		                    "more; allowed: %d record sets", STEER_SETS_MAX);
		return false;
	}
	dynamic->sets += count;
	if (dynamic->sets > FILE_MAX) {
		end_file(passing->reading, at, "dynamic: record sets", FILE_MAX);
		return false;
	}
	return copies_fit(passing);
}

static const char *program_of(const steer_octodns_rules_t *rules)
{
	static const char *const programs[2][2] = {
		{ "up, tier, weighted, take 1", "geo, up, tier, weighted, take 1" },
		{ "cidr, up, tier, weighted, take 1", "cidr, geo, up, tier, weighted, take 1" },
	};
	return programs[rules->nets][rules->geos];
}

static void pass_group(passing_t *passing)
{
	const steer_octodns_rules_t *rules = &passing->dynamic->rules;
	const unsigned errors = passing->reading->report.errors;
	pass_networks(passing);
	pass_checks(passing);
	if (passing->reading->report.errors != errors) {
		return;
	}
	steer_octodns_pass_policy(passing->group, program_of(rules));
	for (size_t i = 0; i < rules->count && passing->reading->ret == STEER_OK; i++) {
		pass_place(passing, &rules->places[i]);
	}
}

void steer_octodns_pass_dynamic(steer_octodns_dynamic_t *dynamic,
                                const steer_octodns_group_t *group, const steer_yaml_value_t *at)
{
	static const char *const keys[] = { "pools", "rules", NULL };
	steer_octodns_reading_t *reading = group->reading;
	passing_t passing = { .dynamic = dynamic, .group = group, .reading = reading };
	const unsigned errors = reading->report.errors;
	steer_octodns_only(reading, at, keys);
	if (!steer_octodns_need(reading, at, keys[0], "pools of values by their names") ||
	    !steer_octodns_need(reading, at, keys[1], "a list of rules")) {
		return;
	}
	const steer_yaml_value_t *pools = steer_octodns_get(reading, at, keys[0], STEER_YAML_MAPPING);
	const steer_yaml_value_t *rules = steer_octodns_get(reading, at, keys[1], STEER_YAML_LIST);
	if (pools == NULL || rules == NULL) {
		return;
	}
	steer_octodns_take_pools(&dynamic->pools, reading, pools);
	if (reading->report.errors == errors && reading->ret == STEER_OK) {
		steer_octodns_take_rules(&dynamic->rules, &dynamic->pools, reading, rules);
	}
	if (reading->report.errors == errors && reading->ret == STEER_OK && fits(&passing, at)) {
		steer_octodns_warn_unused(&dynamic->pools, reading);
		pass_group(&passing);
	}
}

/* The older form. */

/*! Passes on the record set of a place: all its values, by the health of the first one. */
static void pass_code(const steer_octodns_group_t *group, const steer_yaml_value_t *key)
{
	steer_octodns_reading_t *reading = group->reading;
	const char *code = steer_yaml_tree_text(reading->tree, key);
	const steer_yaml_value_t *first = NULL;
	char id[STEER_CHECK_ID_MAX + 1];
	steer_record_set_t set = { .id = code, .has_geo = true, .health = id };
	if (!steer_octodns_geo_parse(code, &set.geo)) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(reading, key, "geo: '%s' is no place; allowed: "
		                    STEER_OCTODNS_GEO_ALLOWED, steer_shown(shown, code, strlen(code)));
		return;
	}
	if (!steer_octodns_next(reading, &key[1], &first)) {
		steer_octodns_wrong(reading, key, "geo: no values of %s; allowed: a list", code);
		return;
	}
	steer_octodns_check_value(group, first, false, false, id);
	if (id[0] != '\0') {
		steer_octodns_pass_set(group, &set, key);
		steer_octodns_pass_values(group, &key[1], true);
	}
}

/*! Passes on the checks of the places, once each. */
static void pass_geo_checks(steer_octodns_dynamic_t *dynamic, const steer_octodns_group_t *group,
                            const steer_yaml_value_t *at)
{
	passing_t passing = { .dynamic = dynamic, .group = group, .reading = group->reading };
	const steer_yaml_tree_t *tree = group->reading->tree;
	steer_name_set_clear(&dynamic->checks);
	for (const steer_yaml_value_t *key = steer_yaml_tree_next_key(tree, at, NULL); key != NULL;
	     key = steer_yaml_tree_next_key(tree, at, key)) {
		steer_octodns_member_t member = { .weight = 1 };
		if (steer_octodns_next(group->reading, &key[1], &member.value)) {
			pass_check(&passing, &member);
		}
	}
}

void steer_octodns_pass_geo(steer_octodns_dynamic_t *dynamic, const steer_octodns_group_t *group,
                            const steer_yaml_value_t *at)
{
	steer_octodns_reading_t *reading = group->reading;
	const steer_yaml_tree_t *tree = reading->tree;
	const steer_record_set_t others = { .id = STEER_OCTODNS_DEFAULT, .has_geo = true };
	const unsigned errors = reading->report.errors;
	if (!steer_octodns_is_mapping(reading, at, "geo")) {
		return;
	}
	pass_geo_checks(dynamic, group, at);
	if (reading->report.errors != errors) {
		return;
	}
	steer_octodns_pass_policy(group, "geolocation");
	for (const steer_yaml_value_t *key = steer_yaml_tree_next_key(tree, at, NULL); key != NULL;
	     key = steer_yaml_tree_next_key(tree, at, key)) {
		pass_code(group, key);
	}
	steer_octodns_pass_set(group, &others, group->values);
	steer_octodns_pass_values(group, group->values, true);
}
