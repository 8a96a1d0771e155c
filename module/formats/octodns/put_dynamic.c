/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Dynamic records, made again of the record sets that they became.
 *
 * What identifiers and tiers say is taken as it is: whether all of it fits together is found out by
 * reading it back.
 */
#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "formats/array.h"
#include "formats/octodns/geo_code.h"
#include "formats/octodns/health.h"
#include "formats/octodns/ids.h"
#include "formats/octodns/natural.h"
#include "formats/octodns/put.h"
#include "formats/health_check.h"
#include "formats/network_text.h"

/*! A record set, and what its identifier says. */
typedef struct {
	steer_set_t set;
	char id[STEER_SET_ID_MAX + 1]; /*!< Cut into its parts. */
	const char *place, *pool;      /*!< The pool is NULL: the record's own values. */
	unsigned number, in;           /*!< Number in the pool; number of the pool. */
} member_t;

typedef struct {
	const member_t *first; /*!< One of its members, in the place that it is read from. */
	const char *name, *fallback;
	bool geos, nets;
	unsigned before;       /*!< How many rules have to come before its own. */
	bool put;
} pool_t;

/*! A network, and the pool of its rule. */
typedef struct {
	steer_network_t network;
	unsigned pool;
} net_t;

typedef struct {
	steer_octodns_put_t *put;
	member_t *members;
	pool_t *pools;
	bool *before;          /*!< Of each pool and each other: its rule has to come before. */
	unsigned count, pools_count;
	const member_t *all;   /*!< The first one for all clients; NULL: there is none. */
	net_t *nets;
	size_t nets_count, nets_room;
} dynamic_t;

static void puts_text(const dynamic_t *dynamic, const char *text)
{
	steer_yaml_puts(&dynamic->put->sink, text);
}

static void put_scalar(const dynamic_t *dynamic, const char *text)
{
	steer_yaml_scalar(&dynamic->put->sink, text, true);
}

/* Members and pools. */

/*! Reads an identifier. \return false: it is none that octoDNS's rules make */
static bool take_id(member_t *member)
{
	memcpy(member->id, member->set.id, member->set.id_len);
	char *first = strchr(member->id, ' '), *last = strrchr(member->id, ' ');
	if (first == NULL) {
		return false;
	}
	*first = '\0';
	member->place = member->id;
	if (first == last) {
		return strcmp(first + 1, STEER_OCTODNS_VALUES) == 0;
	}
	*last = '\0';
	member->pool = first + 1;
	member->number = strtoul(last + 1, NULL, 10);
	return true;
}

static unsigned find_pool(const dynamic_t *dynamic, const char *name)
{
	unsigned i = 0;
	while (i < dynamic->pools_count && strcmp(dynamic->pools[i].name, name) != 0) {
		i++;
	}
	return i;
}

static bool take_members(dynamic_t *dynamic)
{
	for (unsigned i = 0; i < dynamic->count; i++) {
		member_t *member = &dynamic->members[i];
		steer_group_set(dynamic->put->group, i, &member->set);
		if (member->set.alias || !take_id(member)) {
			return false;
		}
		if (member->pool == NULL) {
			continue;
		}
		member->in = find_pool(dynamic, member->pool);
		pool_t *pool = &dynamic->pools[member->in];
		if (member->in == dynamic->pools_count) {
			*pool = (pool_t) { .first = member, .name = member->pool };
			dynamic->pools_count++;
		}
		if (member->set.tier == 0 && strcmp(member->place, STEER_OCTODNS_DEFAULT) == 0) {
			dynamic->all = member;
		} else if (member->set.tier == 0) {
			pool->geos |= member->set.geo != STEER_GEO_UNKNOWN;
			pool->nets |= member->set.location != 0;
		}
	}
	return true;
}

/*! Finds the pool that each one falls back to: that of the next tier, where it is read from. */
static void find_fallbacks(const dynamic_t *dynamic)
{
	for (unsigned i = 0; i < dynamic->count; i++) {
		const member_t *member = &dynamic->members[i];
		for (unsigned j = 0; member->pool != NULL && j < dynamic->pools_count; j++) {
			pool_t *pool = &dynamic->pools[j];
			const member_t *first = pool->first;
			if (member->set.tier == first->set.tier + 1 &&
			    member->set.geo == first->set.geo && member->set.location == first->set.location) {
				pool->fallback = member->pool;
			}
		}
	}
}

static const member_t *find_member(const dynamic_t *dynamic, const pool_t *pool, unsigned number)
{
	for (unsigned i = 0; i < dynamic->count; i++) {
		const member_t *member = &dynamic->members[i];
		if (member->pool != NULL && member->number == number &&
		    &dynamic->pools[member->in] == pool && member->set.tier == pool->first->set.tier &&
		    strcmp(member->place, pool->first->place) == 0) {
			return member;
		}
	}
	return NULL;
}

static void put_member(const dynamic_t *dynamic, const member_t *member)
{
	static const char end[] = "/down";
	char id[STEER_CHECK_ID_MAX + 1], weight[32] = "";
	const uint8_t *at = member->set.body;
	uint16_t len = 0;
	const uint8_t *rdata = steer_rr_next(&at, at + member->set.body_len, &len);
	const bool checked = steer_set_health(&member->set, id);
	const size_t id_len = checked ? strlen(id) : 0;
	puts_text(dynamic, "        - {");
	if (!checked) {
		puts_text(dynamic, "status: up, ");
	} else if (id_len > strlen(end) && strcmp(id + id_len - strlen(end), end) == 0) {
		puts_text(dynamic, "status: down, ");
	}
	puts_text(dynamic, "value: ");
	steer_octodns_put_value(dynamic->put, rdata, len);
	if (member->set.weight != 1) {
		snprintf(weight, sizeof(weight), ", weight: %u", member->set.weight);
	}
	puts_text(dynamic, weight);
	puts_text(dynamic, "}\n");
}

static int by_name(const void *a, const void *b, void *ctx)
{
	const dynamic_t *dynamic = ctx;
	return steer_octodns_natural_cmp(dynamic->pools[*(const unsigned *)a].name,
	                                 dynamic->pools[*(const unsigned *)b].name);
}

static void put_pool(const dynamic_t *dynamic, const pool_t *pool)
{
	const member_t *member;
	puts_text(dynamic, "      ");
	put_scalar(dynamic, pool->name);
	puts_text(dynamic, ":\n");
	if (pool->fallback != NULL) {
		puts_text(dynamic, "        fallback: ");
		put_scalar(dynamic, pool->fallback);
		puts_text(dynamic, "\n");
	}
	puts_text(dynamic, "        values:\n");
	for (unsigned i = 1; (member = find_member(dynamic, pool, i)) != NULL; i++) {
		put_member(dynamic, member);
	}
}

static void put_pools(dynamic_t *dynamic)
{
	unsigned *order = calloc(dynamic->pools_count + 1, sizeof(*order));
	if (order == NULL) {
		dynamic->put->no_memory = true;
		return;
	}
	for (unsigned i = 0; i < dynamic->pools_count; i++) {
		order[i] = i;
	}
	qsort_r(order, dynamic->pools_count, sizeof(*order), by_name, dynamic);
	puts_text(dynamic, dynamic->pools_count > 0 ? "    pools:\n" : "    pools: {}\n");
	for (unsigned i = 0; i < dynamic->pools_count; i++) {
		put_pool(dynamic, &dynamic->pools[order[i]]);
	}
	free(order);
}

/* Networks. */

static bool take_block(void *ctx, const steer_network_t *network, const char *location)
{
	dynamic_t *dynamic = ctx;
	net_t *more = steer_array_grown(dynamic->nets, &dynamic->nets_room, dynamic->nets_count + 1,
	                                sizeof(*more));
	if (more == NULL) {
		dynamic->put->no_memory = true;
		return false;
	}
	dynamic->nets = more;
	for (unsigned i = 0; i < dynamic->pools_count; i++) {
		char name[STEER_REGION_NAME_MAX + 1];
		steer_octodns_location(name, dynamic->pools[i].name);
		if (dynamic->pools[i].nets && strcmp(name, location) == 0) {
			more[dynamic->nets_count++] = (net_t) { *network, i };
			break;
		}
	}
	return true;
}

static void take_networks(dynamic_t *dynamic)
{
	const steer_octodns_store_t *store = dynamic->put->store;
	const steer_group_t *group = dynamic->put->group;
	steer_dictionary_name_t name;
	char collection[STEER_REGION_NAME_MAX + 1];
	if (group->collection != 0 &&
	    store->names.find(store->names.ctx, group->collection, &name) &&
	    name.len < sizeof(collection)) {
		snprintf(collection, sizeof(collection), "%.*s", (int)name.len, name.text);
		store->blocks(store->ctx, collection, take_block, dynamic);
	}
}

/* Rules. */

/*! Notes that the rule of one pool has to come before that of another. */
static void note_before(dynamic_t *dynamic, unsigned one, unsigned other)
{
	bool *before = &dynamic->before[one * dynamic->count + other];
	if (one != other && !*before) {
		*before = true;
		dynamic->pools[other].before++;
	}
}

static bool is_geo(const member_t *member)
{
	return member->pool != NULL && member->set.tier == 0 && member->number == 1 &&
	       member->set.geo != STEER_GEO_UNKNOWN;
}

/*! The narrower place comes first. */
static void order_geos(dynamic_t *dynamic)
{
	for (unsigned i = 0; i < dynamic->count; i++) {
		const member_t *one = &dynamic->members[i];
		for (unsigned j = 0; is_geo(one) && j < dynamic->count; j++) {
			const member_t *other = &dynamic->members[j];
			if (i != j && is_geo(other) && steer_octodns_geo_in(one->place, other->place)) {
				note_before(dynamic, one->in, other->in);
			}
		}
	}
}

/*! So does the narrower network: blocks come before those inside them. */
static void order_nets(dynamic_t *dynamic)
{
	const net_t *around[129];
	unsigned depth = 0;
	for (size_t i = 0; i < dynamic->nets_count; i++) {
		const net_t *net = &dynamic->nets[i];
		while (depth > 0 && !(around[depth - 1]->network.family == net->network.family &&
		                      steer_bits_equal(around[depth - 1]->network.address,
		                                       net->network.address,
		                                       around[depth - 1]->network.length))) {
			depth--;
		}
		for (unsigned j = 0; j < depth; j++) {
			note_before(dynamic, net->pool, around[j]->pool);
		}
		around[depth++] = net;
	}
}

static void put_geos(const dynamic_t *dynamic, unsigned pool)
{
	const char *before = "geos: [";
	for (unsigned i = 0; i < dynamic->count; i++) {
		const member_t *member = &dynamic->members[i];
		if (is_geo(member) && member->in == pool) {
			puts_text(dynamic, before);
			put_scalar(dynamic, member->place);
			before = ", ";
		}
	}
	puts_text(dynamic, "], ");
}

static void put_nets(const dynamic_t *dynamic, unsigned pool)
{
	const char *before = ", subnets: [";
	for (size_t i = 0; i < dynamic->nets_count; i++) {
		char text[STEER_NETWORK_TEXT];
		if (dynamic->nets[i].pool == pool) {
			puts_text(dynamic, before);
			put_scalar(dynamic, steer_network_print(&dynamic->nets[i].network, text));
			before = ", ";
		}
	}
	puts_text(dynamic, "]");
}

static void put_rule(dynamic_t *dynamic, unsigned number)
{
	pool_t *pool = &dynamic->pools[number];
	pool->put = true;
	for (unsigned i = 0; i < dynamic->pools_count; i++) {
		dynamic->pools[i].before -= dynamic->before[number * dynamic->count + i];
	}
	puts_text(dynamic, "    - {");
	if (pool->geos) {
		put_geos(dynamic, number);
	}
	puts_text(dynamic, "pool: ");
	put_scalar(dynamic, pool->name);
	if (pool->nets) {
		put_nets(dynamic, number);
	}
	puts_text(dynamic, "}\n");
}

/*! octoDNS wants rules with subnets first, then with both, then with geos. */
static bool is_of(const pool_t *pool, unsigned kind)
{
	static const struct {
		bool nets, geos;
	} kinds[] = { { true, false }, { true, true }, { false, true } };
	return pool->nets == kinds[kind].nets && pool->geos == kinds[kind].geos;
}

/*! The next rule: one that no other has to come before. \return pools_count: there is none */
static unsigned next_rule(const dynamic_t *dynamic)
{
	for (unsigned kind = 0; kind < 3; kind++) {
		for (unsigned i = 0; i < dynamic->pools_count; i++) {
			const pool_t *pool = &dynamic->pools[i];
			if (!pool->put && pool->before == 0 && is_of(pool, kind)) {
				return i;
			}
		}
	}
	return dynamic->pools_count;
}

static void put_rules(dynamic_t *dynamic)
{
	take_networks(dynamic);
	order_geos(dynamic);
	order_nets(dynamic);
	puts_text(dynamic, "    rules:\n");
	for (unsigned i; (i = next_rule(dynamic)) < dynamic->pools_count;) {
		put_rule(dynamic, i);
	}
	if (dynamic->all != NULL) {
		puts_text(dynamic, "    - {pool: ");
		put_scalar(dynamic, dynamic->all->pool);
		puts_text(dynamic, "}\n");
	}
}

/* Options. */

/*! Puts an option of a check under a key. */
static void put_option(const dynamic_t *dynamic, const steer_health_check_t *check,
                       const char *option, const char *key, const char **before)
{
	size_t len;
	const char *value = steer_health_check_get(check, option, 0, &len);
	char text[512];
	if (value == NULL) {
		return;
	}
	snprintf(text, sizeof(text), "%.*s", (int)len, value);
	puts_text(dynamic, *before);
	puts_text(dynamic, key);
	puts_text(dynamic, ": ");
	if (text[strspn(text, "0123456789")] == '\0') {
		puts_text(dynamic, text);
	} else {
		put_scalar(dynamic, text);
	}
	*before = ", ";
}

static const char *protocol_of(uint8_t type)
{
	switch (type) {
	case STEER_CHECK_HTTP: return "HTTP";
	case STEER_CHECK_TCP: return "TCP";
	case STEER_CHECK_ICMP: return "ICMP";
	case STEER_CHECK_MANUAL: return "UDP";
	default: return "HTTPS";
	}
}

/*! Puts the host that is asked for, if it is not that which octoDNS takes. */
static void put_host(const dynamic_t *dynamic, const steer_health_check_t *check,
                     const char **before)
{
	char owner[STEER_NAME_TEXT];
	size_t len;
	const char *host = steer_health_check_get(check, "host", 0, &len);
	steer_name_print(dynamic->put->name, owner);
	if (dynamic->put->group->type == TYPE_CNAME ||
	    (host != NULL && len + 1 == strlen(owner) && memcmp(host, owner, len) == 0)) {
		return;
	}
	if (host != NULL) {
		put_option(dynamic, check, "host", "host", before);
	} else {
		puts_text(dynamic, *before);
		puts_text(dynamic, "host: ''");
		*before = ", ";
	}
}

static void put_web(const dynamic_t *dynamic, const steer_health_check_t *check,
                    const char **before)
{
	size_t len;
	const char *path = steer_health_check_get(check, "path", 0, &len);
	put_host(dynamic, check, before);
	if (path == NULL) {
		puts_text(dynamic, *before);
		puts_text(dynamic, "path: /");
		*before = ", ";
	} else if (len != strlen(STEER_OCTODNS_PATH) || memcmp(path, STEER_OCTODNS_PATH, len) != 0) {
		put_option(dynamic, check, "path", "path", before);
	}
}

/*! Puts what octoDNS itself has of a check, as far as it differs from what octoDNS takes. */
static void put_healthcheck(const dynamic_t *dynamic, const steer_health_check_t *check,
                            const char **before)
{
	char begin[64];
	const char *inner = begin;
	const unsigned port = steer_health_check_number(check, "port");
	snprintf(begin, sizeof(begin), "%shealthcheck: {", *before);
	if (check->type == STEER_CHECK_HTTP || check->type == STEER_CHECK_HTTPS) {
		put_web(dynamic, check, &inner);
	}
	if (port != 0 && port != STEER_OCTODNS_PORT) {
		char text[32];
		snprintf(text, sizeof(text), "port: %u", port);
		puts_text(dynamic, inner);
		puts_text(dynamic, text);
		inner = ", ";
	}
	if (check->type != STEER_CHECK_HTTPS) {
		puts_text(dynamic, inner);
		puts_text(dynamic, "protocol: ");
		puts_text(dynamic, protocol_of(check->type));
		inner = ", ";
	}
	if (inner != begin) {
		puts_text(dynamic, "}");
		*before = ", ";
	}
}

/*! Puts what its provider of Route 53 adds. */
static void put_timing(const dynamic_t *dynamic, const steer_health_check_t *check,
                       const char **before)
{
	size_t len;
	const char *inner = "route53: {healthcheck: {";
	const bool interval = steer_health_check_get(check, "interval", 0, &len) != NULL;
	if (!interval && steer_health_check_get(check, "fall", 0, &len) == NULL) {
		return;
	}
	puts_text(dynamic, *before);
	put_option(dynamic, check, "fall", "failure_threshold", &inner);
	if (interval) {
		char text[48];
		snprintf(text, sizeof(text), "request_interval: %u",
		         (unsigned)(steer_health_check_time(check, "interval") / 1000));
		puts_text(dynamic, inner);
		puts_text(dynamic, text);
	}
	puts_text(dynamic, "}}");
	*before = ", ";
}

/*! Puts the options of the first health check, since all have the same. */
static void put_options(const dynamic_t *dynamic)
{
	static const char begin[] = "  octodns: {";
	const steer_octodns_store_t *store = dynamic->put->store;
	const char *before = begin;
	steer_health_check_t check;
	char id[STEER_CHECK_ID_MAX + 1];
	unsigned i = 0;
	while (i < dynamic->count && !steer_set_health(&dynamic->members[i].set, id)) {
		i++;
	}
	if (i == dynamic->count || !store->check(store->ctx, id, &check)) {
		return;
	}
	put_healthcheck(dynamic, &check, &before);
	put_timing(dynamic, &check, &before);
	puts_text(dynamic, before != begin ? "}\n" : "");
}

/* The record. */

static const member_t *find_values(const dynamic_t *dynamic)
{
	unsigned i = 0;
	while (i < dynamic->count && dynamic->members[i].pool != NULL) {
		i++;
	}
	return i < dynamic->count ? &dynamic->members[i] : NULL;
}

/*! Begins a record. \return false: there is no memory */
static bool begin(dynamic_t *dynamic)
{
	dynamic->count = dynamic->put->group->count;
	dynamic->members = calloc(dynamic->count, sizeof(*dynamic->members));
	dynamic->pools = calloc(dynamic->count, sizeof(*dynamic->pools));
	dynamic->before = calloc((size_t)dynamic->count * dynamic->count, sizeof(*dynamic->before));
	dynamic->put->no_memory |= dynamic->members == NULL || dynamic->pools == NULL ||
	                           dynamic->before == NULL;
	return !dynamic->put->no_memory;
}

bool steer_octodns_put_dynamic(steer_octodns_put_t *put)
{
	dynamic_t dynamic = { .put = put };
	bool made = false;
	if (begin(&dynamic) && take_members(&dynamic)) {
		const member_t *values = find_values(&dynamic);
		made = values != NULL;
		if (made) {
			find_fallbacks(&dynamic);
			puts_text(&dynamic, "  dynamic:\n");
			put_pools(&dynamic);
			put_rules(&dynamic);
			put_options(&dynamic);
			steer_octodns_put_head(put, values->set.ttl, put->type->name);
			steer_octodns_put_values(put, &values->set);
		}
	}
	free(dynamic.members);
	free(dynamic.pools);
	free(dynamic.before);
	free(dynamic.nets);
	return made;
}

/* The older form. */

static void put_code(steer_octodns_put_t *put, const steer_set_t *set)
{
	const uint8_t *at = set->body, *rdata;
	const char *before = ": [";
	char code[STEER_SET_ID_MAX + 1] = "";
	uint16_t len;
	memcpy(code, set->id, set->id_len);
	steer_yaml_puts(&put->sink, "    ");
	steer_yaml_scalar(&put->sink, code, true);
	while ((rdata = steer_rr_next(&at, set->body + set->body_len, &len)) != NULL) {
		steer_yaml_puts(&put->sink, before);
		steer_octodns_put_value(put, rdata, len);
		before = ", ";
	}
	steer_yaml_puts(&put->sink, "]\n");
}

bool steer_octodns_put_geo(steer_octodns_put_t *put)
{
	dynamic_t dynamic = { .put = put };
	const member_t *values = NULL;
	if (begin(&dynamic)) {
		steer_yaml_puts(&put->sink, "  geo:\n");
	}
	for (unsigned i = 0; !put->no_memory && i < dynamic.count; i++) {
		member_t *member = &dynamic.members[i];
		steer_group_set(put->group, i, &member->set);
		if (member->set.geo == STEER_GEO_UNKNOWN) {
			values = member;
		} else if (!member->set.alias) {
			put_code(put, &member->set);
		}
	}
	if (values != NULL && !values->set.alias) {
		put_options(&dynamic);
		steer_octodns_put_head(put, values->set.ttl, put->type->name);
		steer_octodns_put_values(put, &values->set);
	}
	free(dynamic.members);
	free(dynamic.pools);
	free(dynamic.before);
	return values != NULL;
}
