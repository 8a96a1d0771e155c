/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/pools.h"

#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/octodns/ids.h"
#include "formats/yaml/scalar.h"

#define WEIGHT_MAX 100

void steer_octodns_pools_free(steer_octodns_pools_t *pools)
{
	free(pools->pools);
	free(pools->members);
}

uint32_t steer_octodns_find_pool(const steer_octodns_pools_t *pools, const char *name)
{
	for (size_t i = 0; i < pools->count; i++) {
		if (strcmp(pools->pools[i].name, name) == 0) {
			return i;
		}
	}
	return STEER_OCTODNS_NONE;
}

/* Values. */

static void take_status(steer_octodns_reading_t *reading, const steer_yaml_value_t *at,
                        steer_octodns_member_t *member)
{
	static const char *const words[] = {
		[STEER_OCTODNS_OBEY] = "obey", [STEER_OCTODNS_UP] = "up", [STEER_OCTODNS_DOWN] = "down",
	};
	const steer_yaml_value_t *place;
	const char *text = steer_octodns_text(reading, at, "status", &place);
	for (unsigned i = 0; text != NULL && i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(text, words[i]) == 0) {
			member->status = i;
			return;
		}
	}
	if (text != NULL) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(reading, place, "status: '%s'; allowed: obey, up, down",
		                    steer_shown(shown, text, strlen(text)));
	}
}

static void take_member(steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                        const steer_yaml_value_t *at)
{
	static const char *const keys[] = { "value", "weight", "status", NULL };
	if (!steer_octodns_is_mapping(reading, at, "values")) {
		return;
	}
	steer_octodns_only(reading, at, keys);
	if (!steer_octodns_need(reading, at, keys[0], "a value of the record's type")) {
		return;
	}
	steer_octodns_member_t *members = steer_array_grown(
		pools->members, &pools->members_room, pools->members_count + 1, sizeof(*members));
	if (members == NULL) {
		steer_octodns_no_memory(reading);
		return;
	}
	pools->members = members;
	steer_octodns_member_t *member = &members[pools->members_count++];
	*member = (steer_octodns_member_t) {
		.value = steer_yaml_tree_get(reading->tree, at, keys[0]), .weight = 1,
	};
	steer_octodns_number(reading, at, keys[1], 1, WEIGHT_MAX, &member->weight);
	take_status(reading, at, member);
}

/*! A weight without others means nothing. */
static void check_weight(steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                         const steer_octodns_pool_t *pool)
{
	steer_octodns_member_t *member = &pools->members[pool->first];
	if (pool->count == 1 && member->weight != 1) {
		steer_octodns_warn(reading, member->value, "weight: %u, but it is the only value of the "
		                   "pool, so it is 1", member->weight);
		member->weight = 1;
	}
}

static void take_members(steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                         steer_octodns_pool_t *pool)
{
	const steer_yaml_value_t *item = NULL;
	if (!steer_octodns_need(reading, pool->at, "values", "a list of values")) {
		return;
	}
	const steer_yaml_value_t *list = steer_octodns_get(reading, pool->at, "values",
	                                                   STEER_YAML_LIST);
	pool->first = pools->members_count;
	while (list != NULL && steer_octodns_next(reading, list, &item)) {
		take_member(pools, reading, item);
	}
	pool->count = pools->members_count - pool->first;
	if (list != NULL && list->next == (uint32_t)(list - reading->tree->values) + 1) {
		steer_octodns_wrong(reading, list, "values: none; allowed: one or more");
	} else if (pool->count > 0) {
		check_weight(pools, reading, pool);
	}
}

/* Pools. */

static bool is_name(steer_octodns_reading_t *reading, const steer_yaml_value_t *key,
                    const char *name)
{
	if (strlen(name) <= STEER_OCTODNS_POOL_MAX && name[0] != '\0' && steer_yaml_is_line(name)) {
		return true;
	}
	char shown[STEER_SHOWN];
	steer_octodns_wrong(reading, key, "'%s': not the name of a pool; allowed: 1 to %d bytes without "
	                    "control characters", steer_shown(shown, name, strlen(name)),
	                    STEER_OCTODNS_POOL_MAX);
	return false;
}

static void take_pool(steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                      const steer_yaml_value_t *key)
{
	static const char *const keys[] = { "values", "fallback", NULL };
	const char *name = steer_yaml_tree_text(reading->tree, key);
	if (!is_name(reading, key, name) || !steer_octodns_is_mapping(reading, &key[1], name)) {
		return;
	}
	steer_octodns_only(reading, &key[1], keys);
	steer_octodns_pool_t *more = steer_array_grown(pools->pools, &pools->room, pools->count + 1,
	                                               sizeof(*more));
	if (more == NULL) {
		steer_octodns_no_memory(reading);
		return;
	}
	pools->pools = more;
	steer_octodns_pool_t *pool = &more[pools->count++];
	*pool = (steer_octodns_pool_t) { .at = &key[1], .name = name, .fallback = STEER_OCTODNS_NONE };
	take_members(pools, reading, pool);
}

/*! Finds the pool to fall back to. The name default stands for the record's own values. */
static void take_fallback(steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                          steer_octodns_pool_t *pool)
{
	const steer_yaml_value_t *at;
	const char *name = steer_octodns_text(reading, pool->at, "fallback", &at);
	if (name == NULL || strcmp(name, STEER_OCTODNS_DEFAULT) == 0) {
		return;
	}
	pool->fallback = steer_octodns_find_pool(pools, name);
	if (pool->fallback == STEER_OCTODNS_NONE) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(reading, at, "fallback: no pool is called '%s'; allowed: one of this "
		                    "record's pools", steer_shown(shown, name, strlen(name)));
	}
}

static void check_chain(const steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                        const steer_octodns_pool_t *pool)
{
	const steer_octodns_pool_t *at = pool;
	for (unsigned count = 1; at->fallback != STEER_OCTODNS_NONE; count++) {
		at = &pools->pools[at->fallback];
		if (at == pool || count == STEER_OCTODNS_CHAIN_MAX) {
			steer_octodns_wrong(reading, pool->at, "fallback: %s; allowed: up to %d pools, one "
			                    "after the other", at == pool ? "leads back to this pool" :
			                    "leads through too many pools, or in a circle",
			                    STEER_OCTODNS_CHAIN_MAX);
			return;
		}
	}
}

void steer_octodns_take_pools(steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                              const steer_yaml_value_t *at)
{
	const steer_yaml_tree_t *tree = reading->tree;
	pools->count = 0;
	pools->members_count = 0;
	for (const steer_yaml_value_t *key = steer_yaml_tree_next_key(tree, at, NULL);
	     key != NULL && reading->ret == STEER_OK; key = steer_yaml_tree_next_key(tree, at, key)) {
		if (pools->count == STEER_OCTODNS_POOLS_MAX) {
			steer_octodns_wrong(reading, key, "more pools than fit; allowed: %d",
			                    STEER_OCTODNS_POOLS_MAX);
			return;
		}
		take_pool(pools, reading, key);
	}
	for (size_t i = 0; i < pools->count; i++) {
		take_fallback(pools, reading, &pools->pools[i]);
	}
	for (size_t i = 0; i < pools->count; i++) {
		check_chain(pools, reading, &pools->pools[i]);
	}
}

void steer_octodns_use_pool(steer_octodns_pools_t *pools, uint32_t number)
{
	while (number != STEER_OCTODNS_NONE && !pools->pools[number].used) {
		pools->pools[number].used = true;
		number = pools->pools[number].fallback;
	}
}

void steer_octodns_warn_unused(const steer_octodns_pools_t *pools,
                               steer_octodns_reading_t *reading)
{
	for (size_t i = 0; i < pools->count; i++) {
		if (!pools->pools[i].used) {
			steer_octodns_warn(reading, pools->pools[i].at, "%s: no rule leads to this pool, so it "
			                   "is left out", pools->pools[i].name);
		}
	}
}
