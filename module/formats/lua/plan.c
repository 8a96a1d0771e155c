/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/lua/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/utf8.h"
#include "formats/decimal.h"
#include "formats/network_text.h"
#include "formats/place_text.h"

typedef steer_lua_plan_t plan_t;
typedef steer_lua_node_t node_t;

/* Errors, and parts of the tree. */

__attribute__((format(printf, 2, 3)))
static int refuse(plan_t *plan, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(plan->why, sizeof(plan->why), format, args);
	va_end(args);
	return STEER_EINVAL;
}

static const char *text_of(const plan_t *plan, const node_t *node)
{
	return steer_lua_text(&plan->tree, node);
}

static const node_t *next(const plan_t *plan, const node_t *node, const node_t *part)
{
	return steer_lua_next(&plan->tree, node, part);
}

static bool is_kind(const node_t *node, steer_lua_kind_t kind)
{
	return node != NULL && node->kind == kind;
}

/*! Whether a node is a text, or a number, which PowerDNS takes for one. */
static bool is_scalar(const node_t *node)
{
	return is_kind(node, STEER_LUA_TEXT) || is_kind(node, STEER_LUA_NUMBER);
}

static bool is_truth(const plan_t *plan, const node_t *node)
{
	return is_kind(node, STEER_LUA_NAME) && (strcmp(text_of(plan, node), "true") == 0 ||
	                                         strcmp(text_of(plan, node), "false") == 0);
}

/*! Whether the first part of a table is a table. */
static bool is_nested(const plan_t *plan, const node_t *table)
{
	return is_kind(next(plan, table, NULL), STEER_LUA_TABLE);
}

static int refuse_argument(plan_t *plan, const node_t *call, const char *allowed)
{
	return refuse(plan, "an argument of %s that is not known: it is read with %s",
	              text_of(plan, call), allowed);
}

/* Values. */

/*! What a branch does with its values. */
typedef struct {
	uint32_t branch;
	steer_lua_order_t order;
	uint32_t take;
	bool checked, tiers, none_if_down;
	size_t first; /*!< Member. */
} pick_t;

static int add_member(plan_t *plan, const pick_t *pick, const node_t *value, uint32_t weight,
                      uint8_t tier)
{
	if (plan->members_count == STEER_LUA_MEMBERS_MAX) {
		return refuse(plan, "more than %d values", STEER_LUA_MEMBERS_MAX);
	}
	plan->members[plan->members_count++] = (steer_lua_member_t) {
		.value = value->text, .branch = pick->branch, .weight = weight,
		.check = STEER_LUA_UNCHECKED, .tier = tier,
	};
	return STEER_OK;
}

/*! Takes a table of texts. */
static int take_list(plan_t *plan, const pick_t *pick, const node_t *call, const node_t *list,
                     uint8_t tier)
{
	const node_t *value = NULL;
	int ret = STEER_OK;
	if (!is_kind(list, STEER_LUA_TABLE) || next(plan, list, NULL) == NULL) {
		return refuse_argument(plan, call, "a list of texts");
	}
	while (ret == STEER_OK && (value = next(plan, list, value)) != NULL) {
		ret = is_scalar(value) ? add_member(plan, pick, value, 1, tier)
		                       : refuse_argument(plan, call, "a list of texts");
	}
	return ret;
}

/*! Takes a table of weights and texts. */
static int take_weighted(plan_t *plan, const pick_t *pick, const node_t *call, const node_t *list)
{
	static const char allowed[] = "a list such as {{15, 'a'}, {100, 'b'}}";
	const node_t *pair = NULL;
	uint64_t sum = 0;
	if (!is_kind(list, STEER_LUA_TABLE)) {
		return refuse_argument(plan, call, allowed);
	}
	while ((pair = next(plan, list, pair)) != NULL) {
		const node_t *weight = is_kind(pair, STEER_LUA_TABLE) ? next(plan, pair, NULL) : NULL;
		const node_t *value = weight != NULL ? next(plan, pair, weight) : NULL;
		uint32_t number;
		if (!is_scalar(weight) || !is_scalar(value) || next(plan, pair, value) != NULL ||
		    !steer_number_parse(text_of(plan, weight), strlen(text_of(plan, weight)), INT32_MAX,
		                        &number)) {
			return refuse_argument(plan, call, allowed);
		}
		const int ret = add_member(plan, pick, value, number, 0);
		if (ret != STEER_OK) {
			return ret;
		}
		sum += number;
	}
	return sum > 0 ? STEER_OK : refuse(plan, "%s with weights whose sum is 0", text_of(plan, call));
}

/* Functions that look at health. */

typedef struct {
	const char *selector, *backup, *source, *limit, *incomplete;
	steer_lua_probe_t probe;
} options_t;

/*! The options, and where their text is put. */
static const struct {
	const char *name;
	size_t at;
} option_names[] = {
	{ "selector", offsetof(options_t, selector) },
	{ "backupSelector", offsetof(options_t, backup) },
	{ "source", offsetof(options_t, source) },
	{ "byteslimit", offsetof(options_t, limit) },
	{ "failOnIncompleteCheck", offsetof(options_t, incomplete) },
	{ "timeout", offsetof(options_t, probe.timeout) },
	{ "interval", offsetof(options_t, probe.interval) },
	{ "minimumFailures", offsetof(options_t, probe.failures) },
	{ "stringmatch", offsetof(options_t, probe.match) },
	{ "useragent", offsetof(options_t, probe.agent) },
	{ "httpcode", offsetof(options_t, probe.code) },
};
#define OPTIONS (sizeof(option_names) / sizeof(*option_names))

static int take_options(plan_t *plan, const node_t *call, const node_t *table, options_t *options)
{
	const node_t *field = NULL;
	if (table == NULL) {
		return STEER_OK;
	}
	if (!is_kind(table, STEER_LUA_TABLE)) {
		return refuse_argument(plan, call, "options such as {timeout='3'}");
	}
	while ((field = next(plan, table, field)) != NULL) {
		const node_t *value = is_kind(field, STEER_LUA_FIELD) ? next(plan, field, NULL) : NULL;
		const char *name = text_of(plan, field);
		size_t i = 0;
		char shown[STEER_SHOWN];
		if (!is_scalar(value) && !is_truth(plan, value)) {
			return refuse_argument(plan, call, "options such as {timeout='3'}");
		}
		while (i < OPTIONS && strcmp(option_names[i].name, name) != 0) {
			i++;
		}
		if (i == OPTIONS) {
			return refuse(plan, "the option %s of %s, which is not known",
			              steer_shown(shown, name, strlen(name)), text_of(plan, call));
		}
		*(const char **)((char *)options + option_names[i].at) = text_of(plan, value);
	}
	return STEER_OK;
}

/*! Decides what a selector does with what is up. */
static int take_selector(plan_t *plan, const options_t *options, pick_t *pick)
{
	const char *selector = options->selector != NULL ? options->selector : "random";
	const char *backup = options->backup != NULL ? options->backup : "random";
	char shown[STEER_SHOWN];
	if (strcmp(selector, "pickclosest") == 0) {
		pick->order = STEER_LUA_CLOSEST;
	} else if (strcmp(selector, "all") == 0) {
		pick->order = STEER_LUA_ALL;
	} else if (strcmp(selector, "hashed") == 0) {
		pick->order = STEER_LUA_HASHED;
	} else if (strcmp(selector, "random") == 0) {
		pick->order = STEER_LUA_RANDOM;
		pick->take = 1;
	} else {
		return refuse(plan, "the selector '%s', which is not known",
		              steer_shown(shown, selector, strlen(selector)));
	}
	pick->checked = true;
	pick->none_if_down = strcmp(backup, "empty") == 0;
	if (!pick->none_if_down && strcmp(backup, selector) != 0) {
		snprintf(plan->note, sizeof(plan->note), "backupSelector='%s' is not kept: if all are down, "
		         "they answer as if all were up", steer_shown(shown, backup, strlen(backup)));
	} else if (options->source != NULL) {
		snprintf(plan->note, sizeof(plan->note), "source='%s' is not kept: the system chooses the "
		         "address that probes", steer_shown(shown, options->source,
		                                           strlen(options->source)));
	}
	return STEER_OK;
}

/*! Gives a member the check of a probe. */
static int add_check(plan_t *plan, const node_t *call, const steer_lua_probe_t *probe,
                     steer_lua_member_t *member)
{
	steer_fault_t fault;
	int ret = steer_lua_check_add(&plan->checks, probe, &member->check, &fault);
	return ret == STEER_EINVAL ? refuse(plan, "a check of %s that cannot be: %s",
	                                    text_of(plan, call), fault.text) : ret;
}

/*! Takes lists of addresses: each one is used if all before it are down. */
static int take_lists(plan_t *plan, const node_t *call, const node_t *lists, pick_t *pick)
{
	const node_t *list = NULL;
	unsigned tier = 0;
	if (!is_kind(lists, STEER_LUA_TABLE) || !is_nested(plan, lists)) {
		return take_list(plan, pick, call, lists, 0);
	}
	int ret = STEER_OK;
	for (; ret == STEER_OK && (list = next(plan, lists, list)) != NULL; tier++) {
		ret = tier > UINT8_MAX ? refuse(plan, "more than %d lists", UINT8_MAX + 1)
		                       : take_list(plan, pick, call, list, tier);
	}
	pick->tiers = tier > 1;
	return ret;
}

/*! ifportup(port, addresses, options), ifurlup(url, addresses, options) */
static int take_up(plan_t *plan, const node_t *call, pick_t *pick)
{
	const bool url = strcmp(text_of(plan, call), "ifurlup") == 0;
	const node_t *what = next(plan, call, NULL);
	const node_t *lists = what != NULL ? next(plan, call, what) : NULL;
	const node_t *table = lists != NULL ? next(plan, call, lists) : NULL;
	options_t options = { 0 };
	if (!is_scalar(what) || lists == NULL || (table != NULL && next(plan, call, table) != NULL)) {
		return refuse_argument(plan, call, url ? "a URL, addresses, and maybe options"
		                                       : "a port, addresses, and maybe options");
	}
	int ret = take_options(plan, call, table, &options);
	ret = ret == STEER_OK ? take_selector(plan, &options, pick) : ret;
	ret = ret == STEER_OK ? take_lists(plan, call, lists, pick) : ret;
	options.probe.url = url ? text_of(plan, what) : NULL;
	options.probe.port = url ? NULL : text_of(plan, what);
	for (size_t i = pick->first; i < plan->members_count && ret == STEER_OK; i++) {
		options.probe.address = plan->tree.texts + plan->members[i].value;
		ret = add_check(plan, call, &options.probe, &plan->members[i]);
	}
	return ret;
}

/*! Takes a list such as {['192.0.2.1']='https://example.com/'}. */
static int take_pairs(plan_t *plan, const node_t *call, const node_t *list, uint8_t tier,
                      options_t *options, const pick_t *pick)
{
	const node_t *field = NULL;
	int ret = STEER_OK;
	while (ret == STEER_OK && (field = next(plan, list, field)) != NULL) {
		const node_t *url = is_kind(field, STEER_LUA_FIELD) ? next(plan, field, NULL) : NULL;
		if (!is_kind(url, STEER_LUA_TEXT)) {
			return refuse_argument(plan, call, "lists such as {{['192.0.2.1']='http://a/'}}");
		}
		options->probe.url = text_of(plan, url);
		ret = add_member(plan, pick, field, 1, tier);
		ret = ret == STEER_OK ? add_check(plan, call, &options->probe,
		                                  &plan->members[plan->members_count - 1]) : ret;
	}
	return ret;
}

/*! ifurlextup(lists, options) */
static int take_external(plan_t *plan, const node_t *call, pick_t *pick)
{
	const node_t *lists = next(plan, call, NULL), *list = NULL;
	const node_t *table = lists != NULL ? next(plan, call, lists) : NULL;
	options_t options = { 0 };
	unsigned tier = 0;
	if (!is_kind(lists, STEER_LUA_TABLE) || !is_nested(plan, lists)) {
		return refuse_argument(plan, call, "lists such as {{['192.0.2.1']='http://a/'}}");
	}
	int ret = take_options(plan, call, table, &options);
	ret = ret == STEER_OK ? take_selector(plan, &options, pick) : ret;
	for (; ret == STEER_OK && (list = next(plan, lists, list)) != NULL; tier++) {
		if (!is_kind(list, STEER_LUA_TABLE) || next(plan, list, NULL) == NULL ||
		    tier > UINT8_MAX) {
			return refuse_argument(plan, call, "up to 256 lists of addresses and URLs");
		}
		ret = take_pairs(plan, call, list, tier, &options, pick);
	}
	pick->tiers = tier > 1;
	return ret;
}

/* Other functions. */

static const node_t *only_argument(const plan_t *plan, const node_t *call)
{
	const node_t *first = next(plan, call, NULL);
	return first != NULL && next(plan, call, first) == NULL ? first : NULL;
}

static int take_all(plan_t *plan, const node_t *call, pick_t *pick)
{
	pick->order = STEER_LUA_ALL;
	return take_list(plan, pick, call, only_argument(plan, call), 0);
}

static int take_random(plan_t *plan, const node_t *call, pick_t *pick)
{
	pick->order = STEER_LUA_RANDOM;
	pick->take = 1;
	return take_list(plan, pick, call, only_argument(plan, call), 0);
}

static int take_sample(plan_t *plan, const node_t *call, pick_t *pick)
{
	const node_t *number = next(plan, call, NULL);
	const node_t *list = number != NULL ? next(plan, call, number) : NULL;
	pick->order = STEER_LUA_RANDOM;
	if (!is_scalar(number) || list == NULL || next(plan, call, list) != NULL ||
	    !steer_number_parse(text_of(plan, number), strlen(text_of(plan, number)), STEER_SETS_MAX,
	                        &pick->take) || pick->take == 0) {
		return refuse_argument(plan, call, "a number from 1 to 1000 and a list of texts");
	}
	return take_list(plan, pick, call, list, 0);
}

static int take_hashed(plan_t *plan, const node_t *call, pick_t *pick)
{
	pick->order = STEER_LUA_HASHED;
	return take_list(plan, pick, call, only_argument(plan, call), 0);
}

static int take_weighted_random(plan_t *plan, const node_t *call, pick_t *pick)
{
	pick->order = STEER_LUA_WEIGHTED;
	return take_weighted(plan, pick, call, only_argument(plan, call));
}

static int take_weighted_hashed(plan_t *plan, const node_t *call, pick_t *pick)
{
	pick->order = STEER_LUA_WEIGHTED_HASHED;
	return take_weighted(plan, pick, call, only_argument(plan, call));
}

static int take_closest(plan_t *plan, const node_t *call, pick_t *pick)
{
	pick->order = STEER_LUA_CLOSEST;
	return take_list(plan, pick, call, only_argument(plan, call), 0);
}

static const struct {
	const char *name;
	int (*take)(plan_t *plan, const node_t *call, pick_t *pick);
} functions[] = {
	{ "all", take_all },
	{ "pickrandom", take_random },
	{ "pickrandomsample", take_sample },
	{ "pickhashed", take_hashed },
	{ "pickwrandom", take_weighted_random },
	{ "pickwhashed", take_weighted_hashed },
	{ "pickchashed", take_weighted_hashed },
	{ "pickclosest", take_closest },
	{ "ifportup", take_up },
	{ "ifurlup", take_up },
	{ "ifurlextup", take_external },
};
#define FUNCTIONS (sizeof(functions) / sizeof(*functions))

static int take_call(plan_t *plan, const node_t *call, pick_t *pick)
{
	const char *name = text_of(plan, call);
	char shown[STEER_SHOWN];
	for (size_t i = 0; i < FUNCTIONS; i++) {
		if (strcmp(functions[i].name, name) == 0) {
			return functions[i].take(plan, call, pick);
		}
	}
	return refuse(plan, "the function %s has no policy that is like it",
	              steer_shown(shown, name, strlen(name)));
}

/*! Makes what the branches do the same; one with a single value does as any other one. */
static int merge(plan_t *plan, const pick_t *pick)
{
	const bool single = plan->members_count - pick->first == 1 && !pick->checked;
	if (single) {
		plan->members[pick->first].weight = 1;
		return STEER_OK;
	}
	if (plan->order == STEER_LUA_ONE) {
		plan->order = pick->order;
		plan->take = pick->take;
		plan->checked = pick->checked;
		plan->none_if_down = pick->none_if_down;
	}
	plan->tiers = plan->tiers || pick->tiers;
	if (plan->order != pick->order || plan->take != pick->take ||
	    plan->checked != pick->checked || plan->none_if_down != pick->none_if_down) {
		return refuse(plan, "branches that choose in different ways: a policy has one way for all");
	}
	return STEER_OK;
}

/*! Takes what a branch returns: a text, a list of texts, or a call. */
static int take_value(plan_t *plan, const node_t *value, uint32_t branch)
{
	pick_t pick = { .branch = branch, .order = STEER_LUA_ALL, .first = plan->members_count };
	int ret;
	if (is_kind(value, STEER_LUA_CALL)) {
		ret = take_call(plan, value, &pick);
	} else if (is_kind(value, STEER_LUA_TABLE)) {
		const node_t *part = NULL;
		ret = next(plan, value, NULL) != NULL ? STEER_OK : refuse(plan, "an empty list");
		while (ret == STEER_OK && (part = next(plan, value, part)) != NULL) {
			ret = is_scalar(part) ? add_member(plan, &pick, part, 1, 0)
			                      : refuse(plan, "a list of other things than texts");
		}
	} else {
		ret = is_scalar(value) ? add_member(plan, &pick, value, 1, 0)
		                       : refuse(plan, "neither a text nor a list nor a call");
	}
	return ret == STEER_OK ? merge(plan, &pick) : ret;
}

/* Clients. */

static bool is_inside(const plan_t *plan, const steer_lua_clients_t *inner,
                      const steer_lua_clients_t *outer)
{
	const steer_geo_t place = inner->place, around = outer->place;
	switch (plan->where) {
	case STEER_LUA_PLACES:
		return place == around || (place & STEER_GEO_COUNTRY) == around ||
		       (place & STEER_GEO_CONTINENT) == around;
	case STEER_LUA_NETWORKS:
		return inner->network.family == outer->network.family &&
		       inner->network.length >= outer->network.length &&
		       steer_bits_equal(inner->network.address, outer->network.address,
		                        outer->network.length);
	case STEER_LUA_ASNS:
		return inner->asn == outer->asn;
	default:
		return false;
	}
}

static int refuse_clients(plan_t *plan)
{
	return refuse(plan, "more than %d places, networks or systems", STEER_LUA_CLIENTS_MAX);
}

/*! Adds clients to a branch, unless one before has them. */
static int add_clients(plan_t *plan, steer_lua_where_t where, const steer_lua_clients_t *clients)
{
	if (plan->where == STEER_LUA_NOWHERE) {
		plan->where = where;
	}
	if (plan->where != where) {
		return refuse(plan, "conditions of different kinds: a policy looks at places, at networks "
		              "or at autonomous systems");
	}
	for (size_t i = 0; i < plan->clients_count; i++) {
		if (is_inside(plan, clients, &plan->clients[i])) {
			return STEER_OK;
		}
	}
	if (plan->clients_count == STEER_LUA_CLIENTS_MAX) {
		return refuse_clients(plan);
	}
	plan->clients[plan->clients_count++] = *clients;
	return STEER_OK;
}

/*! What a condition compares with; it begins with zeros. */
typedef struct {
	uint32_t branch;
	const node_t *country, *region; /*!< Of "country(...) and region(...)". */
} condition_t;

/*! Walks over the texts of an argument, which is one or a list. */
static const node_t *next_text(const plan_t *plan, const node_t *argument, const node_t *text)
{
	if (is_kind(argument, STEER_LUA_TABLE)) {
		return next(plan, argument, text);
	}
	return text == NULL ? argument : NULL;
}

static int refuse_code(plan_t *plan, const char *what, const node_t *node)
{
	char shown[STEER_SHOWN];
	const char *text = is_scalar(node) ? text_of(plan, node) : "";
	return refuse(plan, "'%s', which is no %s", steer_shown(shown, text, strlen(text)), what);
}

static int add_network(plan_t *plan, uint32_t branch, const node_t *node)
{
	steer_lua_clients_t clients = { .branch = branch };
	const char *text = is_scalar(node) ? text_of(plan, node) : "";
	if (steer_network_parse(text, strlen(text), &clients.network) == STEER_EINVAL) {
		return refuse_code(plan, "network", node);
	}
	if ((plan->covered & 1u << clients.network.family) != 0) {
		return STEER_OK; // A branch before has them.
	}
	if (clients.network.length > 0) {
		return add_clients(plan, STEER_LUA_NETWORKS, &clients);
	}
	if (plan->otherwise != STEER_LUA_NO_BRANCH && plan->otherwise != branch) {
		return refuse(plan, "all networks of IPv4 and all of IPv6 in branches of their own");
	}
	plan->covered |= 1u << clients.network.family;
	plan->where = plan->where == STEER_LUA_NOWHERE ? STEER_LUA_NETWORKS : plan->where;
	plan->otherwise = branch;
	return STEER_OK;
}

static int add_asn(plan_t *plan, uint32_t branch, const node_t *node)
{
	steer_lua_clients_t clients = { .branch = branch };
	const char *text = is_scalar(node) ? text_of(plan, node) : "";
	if (!steer_asn_parse(text, strlen(text), &clients.asn) || clients.asn == 0) {
		return refuse_code(plan, "autonomous system", node);
	}
	return add_clients(plan, STEER_LUA_ASNS, &clients);
}

static int add_continent(plan_t *plan, uint32_t branch, const node_t *node)
{
	steer_lua_clients_t clients = { .branch = branch };
	const char *text = is_scalar(node) ? text_of(plan, node) : "";
	if (!steer_geo_continent_parse(text, strlen(text), &clients.place)) {
		return refuse_code(plan, "continent", node);
	}
	return add_clients(plan, STEER_LUA_PLACES, &clients);
}

/*! Adds a country, or what the regions of a condition are in it. */
static int add_country(plan_t *plan, const condition_t *condition, const node_t *node)
{
	const char *text = is_scalar(node) ? text_of(plan, node) : "";
	steer_lua_clients_t clients = { .branch = condition->branch };
	const node_t *region = NULL;
	int ret = STEER_OK;
	if (!steer_geo_country_parse(text, strlen(text), &clients.place)) {
		return refuse_code(plan, "country", node);
	}
	if (condition->region == NULL) {
		return add_clients(plan, STEER_LUA_PLACES, &clients);
	}
	while (ret == STEER_OK &&
	       (region = next_text(plan, condition->region, region)) != NULL) {
		steer_lua_clients_t within = clients;
		const char *code = is_scalar(region) ? text_of(plan, region) : "";
		if (plan->regions_count++ == STEER_LUA_CLIENTS_MAX) {
			return refuse_clients(plan); // Also of the same, since two lists can be long.
		}
		ret = steer_geo_subdivision_parse(code, strlen(code), &within.place)
		      ? add_clients(plan, STEER_LUA_PLACES, &within)
		      : refuse_code(plan, "region", region);
	}
	return ret;
}

static const struct {
	const char *name, *code; /*!< continent('EU') is continentCode() == 'EU'. */
	int (*add)(plan_t *plan, uint32_t branch, const node_t *node);
} conditions[] = {
	{ "continent", "continentCode", add_continent },
	{ "asnum", NULL, add_asn },
	{ "netmask", NULL, add_network },
};
#define CONDITIONS (sizeof(conditions) / sizeof(*conditions))

static bool is_named(const plan_t *plan, const node_t *call, bool code, const char *name,
                     const char *code_name)
{
	const char *wanted = code ? code_name : name;
	return wanted != NULL && strcmp(text_of(plan, call), wanted) == 0;
}

/*! Takes a call, or an equation of one without arguments, of a condition. */
static int take_test(plan_t *plan, const node_t *test, condition_t *condition, bool alone)
{
	const node_t *call = next(plan, test, NULL), *value = NULL, *text = NULL;
	const bool code = call != NULL && next(plan, test, call) != NULL;
	if (code) {
		value = next(plan, test, call);
		if (is_kind(value, STEER_LUA_CALL)) { // 'US' == countryCode()
			const node_t *other = call;
			call = value;
			value = other;
		}
	}
	if (!is_kind(call, STEER_LUA_CALL) || (code && next(plan, call, NULL) != NULL)) {
		return refuse(plan, "a condition that is neither continent, country, region, asnum nor "
		              "netmask");
	}
	value = code ? value : only_argument(plan, call);
	if (is_named(plan, call, code, "country", "countryCode") && condition->country == NULL) {
		condition->country = value;
		return value != NULL ? STEER_OK : refuse_argument(plan, call, "a code or a list of codes");
	}
	if (is_named(plan, call, code, "region", "regionCode") && condition->region == NULL) {
		condition->region = value;
		return value != NULL ? STEER_OK : refuse_argument(plan, call, "a code or a list of codes");
	}
	for (size_t i = 0; i < CONDITIONS && alone; i++) {
		if (is_named(plan, call, code, conditions[i].name, conditions[i].code)) {
			int ret = value != NULL ? STEER_OK : refuse_argument(plan, call, "a text or a list");
			while (ret == STEER_OK && (text = next_text(plan, value, text)) != NULL) {
				ret = conditions[i].add(plan, condition->branch, text);
			}
			return ret;
		}
	}
	return refuse(plan, "a condition that is neither continent, country, region, asnum nor "
	              "netmask, or several at once other than country and region");
}

static int take_condition(plan_t *plan, const node_t *any, uint32_t branch);

/*! Takes tests that hold together: one, or those of a country and its regions. */
static int take_together(plan_t *plan, const node_t *all, uint32_t branch)
{
	const node_t *test = next(plan, all, NULL), *country = NULL;
	const bool alone = next(plan, all, test) == NULL;
	condition_t condition = { .branch = branch };
	if (alone && is_kind(test, STEER_LUA_OR)) {
		return take_condition(plan, test, branch);
	}
	int ret = STEER_OK;
	for (; test != NULL && ret == STEER_OK; test = next(plan, all, test)) {
		ret = is_kind(test, STEER_LUA_EQUAL)
		      ? take_test(plan, test, &condition, alone)
		      : refuse(plan, "a condition in parentheses beside another one");
	}
	if (ret == STEER_OK && condition.region != NULL && condition.country == NULL) {
		return refuse(plan, "region without country: it would be that region of any country");
	}
	while (ret == STEER_OK && condition.country != NULL &&
	       (country = next_text(plan, condition.country, country)) != NULL) {
		ret = add_country(plan, &condition, country);
	}
	return ret;
}

/*! Takes a condition: any of its parts. */
static int take_condition(plan_t *plan, const node_t *any, uint32_t branch)
{
	const node_t *all = NULL;
	int ret = STEER_OK;
	while (ret == STEER_OK && (all = next(plan, any, all)) != NULL) {
		ret = take_together(plan, all, branch);
	}
	return ret;
}

/* Branches. */

static int take_branches(plan_t *plan, const node_t *branches)
{
	const node_t *part = next(plan, branches, NULL);
	int ret = STEER_OK;
	for (; part != NULL && ret == STEER_OK; part = next(plan, branches, part)) {
		const uint32_t branch = plan->branches++;
		if (is_kind(part, STEER_LUA_OR)) {
			ret = take_condition(plan, part, branch);
			part = next(plan, branches, part);
		} else if (plan->otherwise == STEER_LUA_NO_BRANCH) {
			plan->otherwise = branch;
		} else {
			return refuse(plan, "all networks of IPv4 or of IPv6, and others behind them");
		}
		ret = ret == STEER_OK ? take_value(plan, part, branch) : ret;
	}
	return ret;
}

/*! view({{{networks}, {values}}, ...}): one of the values of the first one with the network. */
static int take_view(plan_t *plan, const node_t *call)
{
	static const char allowed[] = "a list such as {{{'192.0.2.0/24'}, {'a'}}, ...}";
	const node_t *rules = only_argument(plan, call), *rule = NULL;
	int ret = is_kind(rules, STEER_LUA_TABLE) ? STEER_OK : refuse_argument(plan, call, allowed);
	while (ret == STEER_OK && (rule = next(plan, rules, rule)) != NULL) {
		const node_t *networks = is_kind(rule, STEER_LUA_TABLE) ? next(plan, rule, NULL) : NULL;
		const node_t *values = networks != NULL ? next(plan, rule, networks) : NULL;
		const node_t *network = NULL;
		pick_t pick = {
			.branch = plan->branches++, .order = STEER_LUA_RANDOM, .take = 1,
			.first = plan->members_count,
		};
		if (!is_kind(networks, STEER_LUA_TABLE) || values == NULL ||
		    next(plan, rule, values) != NULL) {
			return refuse_argument(plan, call, allowed);
		}
		while (ret == STEER_OK && (network = next(plan, networks, network)) != NULL) {
			ret = add_network(plan, pick.branch, network);
		}
		ret = ret == STEER_OK ? take_list(plan, &pick, call, values, 0) : ret;
		ret = ret == STEER_OK ? merge(plan, &pick) : ret;
	}
	return ret;
}

/*! Order of members: those of a branch with equal values together. */
static int by_value(const void *a, const void *b, void *ctx)
{
	const plan_t *plan = ctx;
	const steer_lua_member_t *x = &plan->members[*(const uint16_t *)a];
	const steer_lua_member_t *y = &plan->members[*(const uint16_t *)b];
	if (x->branch != y->branch) {
		return x->branch > y->branch ? 1 : -1;
	}
	const int order = strcmp(plan->tree.texts + x->value, plan->tree.texts + y->value);
	return order != 0 ? order : (x > y) - (x < y);
}

/*! Numbers the members that have equal values. */
static void count_alike(plan_t *plan)
{
	uint16_t sorted[STEER_LUA_MEMBERS_MAX];
	for (size_t i = 0; i < plan->members_count; i++) {
		sorted[i] = i;
	}
	qsort_r(sorted, plan->members_count, sizeof(*sorted), by_value, plan);
	for (size_t i = 1; i < plan->members_count; i++) {
		const steer_lua_member_t *last = &plan->members[sorted[i - 1]];
		steer_lua_member_t *member = &plan->members[sorted[i]];
		if (last->branch == member->branch && strcmp(plan->tree.texts + last->value,
		                                             plan->tree.texts + member->value) == 0) {
			member->alike = last->alike + 1;
		}
	}
}

static int take_root(plan_t *plan, const node_t *root)
{
	if (is_kind(root, STEER_LUA_IF)) {
		return take_branches(plan, root);
	}
	if (is_kind(root, STEER_LUA_CALL) && strcmp(text_of(plan, root), "view") == 0) {
		return take_view(plan, root);
	}
	plan->otherwise = plan->branches++;
	return take_value(plan, root, plan->otherwise);
}

int steer_lua_plan_make(steer_lua_plan_t *plan, const char *code, size_t len)
{
	plan->where = STEER_LUA_NOWHERE;
	plan->order = STEER_LUA_ONE;
	plan->take = 0;
	plan->checked = plan->tiers = plan->none_if_down = false;
	plan->branches = 0;
	plan->otherwise = STEER_LUA_NO_BRANCH;
	plan->covered = 0;
	plan->members_count = plan->clients_count = plan->regions_count = 0;
	plan->note[0] = '\0';
	int ret = steer_lua_parse(&plan->tree, code, len, plan->why);
	ret = ret == STEER_OK ? take_root(plan, plan->tree.nodes) : ret;
	if (ret == STEER_OK && plan->clients_count == 0 && plan->otherwise == STEER_LUA_NO_BRANCH) {
		return refuse(plan, "no client that gets a value");
	}
	if (ret == STEER_OK && plan->where == STEER_LUA_NOWHERE && plan->branches > 1) {
		return refuse(plan, "a condition that no client meets");
	}
	if (ret == STEER_OK) {
		count_alike(plan);
	}
	return ret;
}

void steer_lua_plan_free(steer_lua_plan_t *plan)
{
	steer_lua_tree_free(&plan->tree);
	steer_lua_checks_free(&plan->checks);
}
