/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/rules.h"

#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/network_text.h"

/*! Most networks around each other. */
#define NESTED_MAX 129

/*! What reading the rules of a record needs. */
typedef struct {
	steer_octodns_rules_t *rules;
	steer_octodns_pools_t *pools;
	steer_octodns_reading_t *reading;
	const steer_yaml_value_t *rule, *all; /*!< The rule; that for all others. */
	const steer_yaml_value_t *last; /*!< The last rule in its place; NULL: there was none. */
	enum { ONLY_SUBNETS, SUBNETS_AND_GEOS, ONLY_GEOS } kind; /*!< Of that. */
	uint32_t number, pool;
	bool full; /*!< There were more places than fit. */
} taking_t;

void steer_octodns_rules_free(steer_octodns_rules_t *rules)
{
	free(rules->places);
	free(rules->subnets);
}

static void add_place(taking_t *taking, const steer_octodns_where_t *place)
{
	steer_octodns_rules_t *rules = taking->rules;
	if (rules->count == STEER_SETS_MAX) {
		if (!taking->full) {
			steer_octodns_wrong(taking->reading, place->at, "more geos and rules than fit; "
			                    "allowed: %d", STEER_SETS_MAX);
		}
		taking->full = true;
		return;
	}
	steer_octodns_where_t *more = steer_array_grown(rules->places, &rules->room, rules->count + 1,
	                                                sizeof(*more));
	if (more == NULL) {
		steer_octodns_no_memory(taking->reading);
		return;
	}
	rules->places = more;
	more[rules->count++] = *place;
	steer_octodns_use_pool(taking->pools, place->pool);
}

/* Places of the earth. */

/*!
 * The place before because of which another one is never reached: the same, or a wider one with
 * another pool.
 *
 * \return NULL: there is none
 */
static const steer_octodns_where_t *hiding(const steer_octodns_rules_t *rules,
                                           const steer_octodns_where_t *other)
{
	for (size_t i = 0; i < rules->count; i++) {
		const steer_octodns_where_t *place = &rules->places[i];
		if (steer_octodns_geo_in(other->code, place->code) &&
		    (place->pool != other->pool || strcmp(place->code, other->code) == 0)) {
			return place;
		}
	}
	return NULL;
}

static void take_geo(taking_t *taking, const steer_yaml_value_t *at)
{
	steer_octodns_where_t place = {
		.at = at, .kind = STEER_OCTODNS_IN_GEO, .pool = taking->pool,
		.code = steer_octodns_text_of(taking->reading, at),
	};
	if (!steer_octodns_geo_parse(place.code, &place.geo)) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(taking->reading, at, "geos: '%s' is no place; allowed: "
		                    STEER_OCTODNS_GEO_ALLOWED,
		                    steer_shown(shown, place.code, strlen(place.code)));
		return;
	}
	const steer_octodns_where_t *before = hiding(taking->rules, &place);
	if (before == NULL) {
		taking->rules->geos = true;
		add_place(taking, &place);
	} else {
		steer_octodns_warn(taking->reading, at, "geos: %s comes after %s in line %u and is never "
		                   "reached, so it is left out", place.code, before->code,
		                   before->at->line);
	}
}

/* Subnets. */

static void take_subnet(taking_t *taking, const steer_yaml_value_t *at)
{
	steer_octodns_rules_t *rules = taking->rules;
	const char *text = steer_octodns_text_of(taking->reading, at);
	steer_octodns_subnet_t subnet = { .at = at, .rule = taking->number, .pool = taking->pool };
	if (steer_network_parse(text, strlen(text), &subnet.network) != STEER_OK) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(taking->reading, at, "subnets: '%s' is no network; allowed: such as "
		                    "192.0.2.0/24 or 2001:db8::/32, without bits after its length",
		                    steer_shown(shown, text, strlen(text)));
		return;
	}
	steer_octodns_subnet_t *more = steer_array_grown(rules->subnets, &rules->subnets_room,
	                                                 rules->subnets_count + 1, sizeof(*more));
	if (more == NULL) {
		steer_octodns_no_memory(taking->reading);
		return;
	}
	rules->subnets = more;
	more[rules->subnets_count++] = subnet;
}

static int by_network(const void *a, const void *b)
{
	const steer_octodns_subnet_t *x = a, *y = b;
	const int order = steer_network_compare(&x->network, &y->network);
	return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

static bool contains(const steer_octodns_subnet_t *outer, const steer_octodns_subnet_t *inner)
{
	return outer->network.family == inner->network.family &&
	       outer->network.length <= inner->network.length &&
	       steer_bits_equal(outer->network.address, inner->network.address, outer->network.length);
}

static void leave_out(taking_t *taking, steer_octodns_subnet_t *subnet,
                      const steer_octodns_subnet_t *before)
{
	char inner[STEER_NETWORK_TEXT], outer[STEER_NETWORK_TEXT];
	subnet->left_out = true;
	steer_octodns_warn(taking->reading, subnet->at, "subnets: %s comes after %s in line %u and is "
	                   "never reached, so it is left out",
	                   steer_network_print(&subnet->network, inner),
	                   steer_network_print(&before->network, outer), before->at->line);
}

/*! Leaves out what is never reached: subnets that are in one of a rule before, or there twice. */
static void check_subnets(taking_t *taking)
{
	steer_octodns_rules_t *rules = taking->rules;
	steer_octodns_subnet_t *around[NESTED_MAX];
	unsigned depth = 0;
	if (rules->subnets_count > 0) {
		qsort(rules->subnets, rules->subnets_count, sizeof(*rules->subnets), by_network);
	}
	for (size_t i = 0; i < rules->subnets_count; i++) {
		steer_octodns_subnet_t *subnet = &rules->subnets[i];
		while (depth > 0 && !contains(around[depth - 1], subnet)) {
			depth--;
		}
		for (unsigned j = 0; j < depth && !subnet->left_out; j++) {
			const bool same = around[j]->network.length == subnet->network.length;
			if (same || (around[j]->rule < subnet->rule && around[j]->pool != subnet->pool)) {
				leave_out(taking, subnet, around[j]);
			}
		}
		if (!subnet->left_out && depth > 0 && around[depth - 1]->pool == subnet->pool) {
			subnet->left_out = true; // What is around it says the same.
		}
		if (!subnet->left_out) {
			around[depth++] = subnet;
		}
	}
}

/*! Adds a place for each pool that has subnets. */
static void add_subnets(taking_t *taking)
{
	steer_octodns_rules_t *rules = taking->rules;
	for (size_t i = 0; i < rules->subnets_count; i++) {
		steer_octodns_pool_t *pool = &taking->pools->pools[rules->subnets[i].pool];
		if (!rules->subnets[i].left_out && pool->subnets == NULL) {
			pool->subnets = rules->subnets[i].at;
		}
	}
	for (uint32_t i = 0; i < taking->pools->count; i++) {
		if (taking->pools->pools[i].subnets != NULL) {
			rules->nets = true;
			add_place(taking, &(steer_octodns_where_t) {
				.at = taking->pools->pools[i].subnets, .kind = STEER_OCTODNS_IN_SUBNETS, .pool = i,
			});
		}
	}
}

/* Rules. */

static bool take_pool(taking_t *taking)
{
	const steer_yaml_value_t *at;
	const char *name = steer_octodns_need(taking->reading, taking->rule, "pool",
	                                      "one of this record's pools")
	                   ? steer_octodns_text(taking->reading, taking->rule, "pool", &at) : NULL;
	taking->pool = name != NULL ? steer_octodns_find_pool(taking->pools, name) : STEER_OCTODNS_NONE;
	if (name != NULL && taking->pool == STEER_OCTODNS_NONE) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(taking->reading, at, "pool: no pool is called '%s'; allowed: one of "
		                    "this record's pools", steer_shown(shown, name, strlen(name)));
	}
	return taking->pool != STEER_OCTODNS_NONE;
}

static bool take_items(taking_t *taking, const char *key,
                       void (*take)(taking_t *taking, const steer_yaml_value_t *at))
{
	const steer_yaml_value_t *list = steer_octodns_get(taking->reading, taking->rule, key,
	                                                   STEER_YAML_LIST);
	const steer_yaml_value_t *item = NULL;
	bool any = false;
	while (list != NULL && steer_octodns_next(taking->reading, list, &item)) {
		take(taking, item);
		any = true;
	}
	return any;
}

/*! Reports subnets that come too late, as octoDNS does: the step cidr would take them first. */
static void check_order(taking_t *taking, bool geos, bool nets)
{
	const unsigned kind = !geos ? ONLY_SUBNETS : nets ? SUBNETS_AND_GEOS : ONLY_GEOS;
	if (taking->last != NULL && kind < taking->kind) {
		steer_octodns_wrong(taking->reading, taking->rule, "rules: subnets come before geos, so "
		                    "this belongs before the rule in line %u; allowed: rules with subnets "
		                    "alone, then with both, then with geos alone, then for all clients",
		                    taking->last->line);
		return;
	}
	taking->last = taking->rule;
	taking->kind = kind;
}

static void take_rule(taking_t *taking)
{
	static const char *const keys[] = { "pool", "geos", "subnets", NULL };
	if (!steer_octodns_is_mapping(taking->reading, taking->rule, "rules")) {
		return;
	}
	if (taking->all != NULL) {
		steer_octodns_warn(taking->reading, taking->rule, "rules: comes after the rule for all "
		                   "clients in line %u and is never reached, so it is left out",
		                   taking->all->line);
		return;
	}
	steer_octodns_only(taking->reading, taking->rule, keys);
	if (!take_pool(taking)) {
		return;
	}
	const bool geos = take_items(taking, "geos", take_geo);
	const bool nets = take_items(taking, "subnets", take_subnet);
	if (geos || nets) {
		check_order(taking, geos, nets);
	} else {
		taking->all = taking->rule;
	}
}

void steer_octodns_take_rules(steer_octodns_rules_t *rules, steer_octodns_pools_t *pools,
                              steer_octodns_reading_t *reading, const steer_yaml_value_t *at)
{
	taking_t taking = { .rules = rules, .pools = pools, .reading = reading };
	rules->count = 0;
	rules->subnets_count = 0;
	rules->geos = false;
	rules->nets = false;
	while (steer_octodns_next(reading, at, &taking.rule)) {
		if (taking.number++ == STEER_OCTODNS_POOLS_MAX) {
			steer_octodns_wrong(reading, taking.rule, "more rules than fit; allowed: %d",
			                    STEER_OCTODNS_POOLS_MAX);
			return;
		}
		take_rule(&taking);
	}
	if (taking.number == 0) {
		steer_octodns_wrong(reading, at, "rules: none; allowed: one or more");
		return;
	}
	check_subnets(&taking);
	add_subnets(&taking);
	if (taking.all == NULL) {
		steer_octodns_warn(reading, at, "rules: none for all clients, so those that no rule matches "
		                   "get the values of the record");
		taking.pool = STEER_OCTODNS_NONE;
	}
	add_place(&taking, &(steer_octodns_where_t) {
		.at = taking.all != NULL ? taking.all : at, .pool = taking.pool,
	});
}
