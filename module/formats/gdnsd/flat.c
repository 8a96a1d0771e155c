/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Resources that have addresses or names themselves: multifo, simplefo, static, null.
 */
#include <arpa/inet.h>
#include <string.h>

#include "formats/gdnsd/flat.h"

/* Items. */

steer_gdnsd_member_t *steer_gdnsd_add_item(steer_gdnsd_config_t *config,
                                           steer_gdnsd_resource_t *resource, const char *label,
                                           const steer_vscf_t *value,
                                           const steer_gdnsd_scope_t *scope,
                                           const steer_gdnsd_allowed_t *allowed,
                                           steer_gdnsd_group_t *group)
{
	steer_gdnsd_type_t type;
	steer_gdnsd_member_t item = { 0 };
	const char *text = steer_gdnsd_text(config->reading, value);
	if (text == NULL) {
		return NULL;
	}
	const bool good = steer_gdnsd_set_value(&item, text, &type);
	if (!good || !(allowed->types & 1 << type)) {
		steer_gdnsd_wrong(config->reading, &value->place, "'%.200s'; allowed: %s", text,
		                  allowed->what);
		return NULL;
	}
	if (group == NULL) {
		resource->names_alone = resource->names_alone || type == STEER_GDNSD_CNAME;
		group = steer_gdnsd_group_of(config, resource, type);
	}
	steer_gdnsd_member_t *member = group != NULL
	                               ? steer_gdnsd_add(config, group, label, &value->place) : NULL;
	if (member == NULL) {
		return NULL;
	}
	memcpy(member->rdata, item.rdata, item.rdata_len);
	member->rdata_len = item.rdata_len;
	if (scope != NULL) {
		char name[INET6_ADDRSTRLEN];
		const bool address = type != STEER_GDNSD_CNAME;
		const char *shown = !address ? text
		                    : inet_ntop(type == STEER_GDNSD_A ? AF_INET : AF_INET6, item.rdata,
		                                name,
		                                sizeof(name));
		const steer_gdnsd_state_t state = steer_gdnsd_state(config, shown, address, scope,
		                                                    &value->place);
		member->check = state.check;
		member->stable = state.stable;
	}
	return member;
}

/*! The parts of a resource that has one for each family. */
static const struct {
	const char *key;
	steer_gdnsd_allowed_t allowed;
} families[] = {
	{ "addrs_v4", { 1 << STEER_GDNSD_A, "an IPv4 address" } },
	{ "addrs_v6", { 1 << STEER_GDNSD_AAAA, "an IPv6 address" } },
};
#define FAMILIES (sizeof(families) / sizeof(*families))

void steer_gdnsd_each_stanza(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                             const steer_gdnsd_located_t *located,
                             const steer_gdnsd_allowed_t *whole, steer_gdnsd_stanza_f take)
{
	const steer_vscf_t *value = located->value;
	bool any = false;
	for (size_t i = 0; i < FAMILIES; i++) {
		const steer_vscf_t *part = steer_vscf_get(value, families[i].key);
		if (part == NULL) {
			continue;
		}
		const steer_gdnsd_scope_t scope = { part, located->scope };
		take(config, resource, part, &scope, &families[i].allowed);
		any = true;
	}
	if (!any) {
		take(config, resource, value, located->scope, whole);
		return;
	}
	for (const steer_vscf_t *entry = value->first; entry != NULL; entry = entry->next) {
		if (!steer_gdnsd_among(entry->key, steer_gdnsd_parameters) &&
		    strcmp(entry->key, families[0].key) != 0 && strcmp(entry->key, families[1].key) != 0) {
			steer_gdnsd_wrong(config->reading, &entry->key_at, "%.200s beside addrs_v4 or "
			                  "addrs_v6; allowed: parameters", entry->key);
		}
	}
}

void steer_gdnsd_even(steer_gdnsd_resource_t *resource)
{
	uint32_t stable = STEER_GDNSD_STABLE;
	for (unsigned type = 0; type < STEER_GDNSD_TYPES; type++) {
		const steer_gdnsd_group_t *group = resource->groups[type];
		const uint32_t of = group != NULL ? steer_gdnsd_stable(group) : stable;
		stable = of < stable ? of : stable;
	}
	for (unsigned type = 0; type < STEER_GDNSD_TYPES; type++) {
		if (resource->groups[type] != NULL) {
			steer_gdnsd_limit(resource->groups[type], stable);
		}
	}
}

/* multifo */

double steer_gdnsd_threshold(steer_gdnsd_config_t *config, const steer_gdnsd_scope_t *scope)
{
	double share = 0.5;
	steer_gdnsd_share(config->reading, steer_gdnsd_find(scope, "up_thresh"), &share);
	return share;
}

const char *steer_gdnsd_program(steer_gdnsd_config_t *config, int percent, const char *rest)
{
	return percent > 0 ? steer_gdnsd_print(config->reading, "up min-healthy=%d%%, %s", percent,
	                                       rest)
	                   : steer_gdnsd_print(config->reading, "up, %s", rest);
}

/*! What share of a group must be healthy, as a percentage; a warning if none means the same. */
static int share_of_group(steer_gdnsd_config_t *config, const steer_gdnsd_group_t *group,
                          double share)
{
	const unsigned needed = steer_gdnsd_share_of(group->count, share);
	const int percent = steer_gdnsd_percent(needed, group->count, share);
	if (percent < 0) {
		steer_gdnsd_warn(config->reading, &group->place, "up_thresh: %u of %zu; no whole "
		                 "percentage means the same, so it is %u%%", needed, group->count,
		                 (unsigned)(share * 100));
		return share * 100;
	}
	return percent;
}

void steer_gdnsd_end_multi(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                           steer_gdnsd_group_t *group, const steer_gdnsd_scope_t *scope)
{
	bool all = false;
	const double share = steer_gdnsd_threshold(config, scope);
	steer_gdnsd_bool(config->reading, steer_gdnsd_find(scope, "ignore_health"), &all);
	if (!steer_gdnsd_has_checks(group) || group->count == 1) {
		return; // All of its records answer in any case.
	}
	resource->fills = resource->fills || all;
	group->program = all ? "shuffle"
	                 : steer_gdnsd_program(config, share_of_group(config, group, share), "shuffle");
}

static void take_addresses(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                           const steer_vscf_t *value, const steer_gdnsd_scope_t *scope,
                           const steer_gdnsd_allowed_t *allowed)
{
	unsigned number = 0;
	const bool hash = value->kind == STEER_VSCF_HASH;
	for (const steer_vscf_t *item = hash ? value->first : steer_vscf_next(value, NULL);
	     item != NULL && config->reading->ret == STEER_OK;
	     item = hash ? item->next : steer_vscf_next(value, item)) {
		if (hash && steer_gdnsd_among(item->key, steer_gdnsd_parameters)) {
			continue;
		}
		const char *label = hash ? item->key : steer_gdnsd_print(config->reading, "%u", ++number);
		(void)steer_gdnsd_add_item(config, resource, label, item, scope, allowed, NULL);
	}
	for (steer_gdnsd_type_t type = STEER_GDNSD_A; type <= STEER_GDNSD_AAAA; type++) {
		if (resource->groups[type] != NULL && allowed->types & 1 << type) {
			steer_gdnsd_end_multi(config, resource, resource->groups[type], scope);
		}
	}
}

#define ADDRESSES (1 << STEER_GDNSD_A | 1 << STEER_GDNSD_AAAA)

void steer_gdnsd_make_multifo(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                              const steer_gdnsd_located_t *located)
{
	static const steer_gdnsd_allowed_t allowed = { ADDRESSES, "an address" };
	steer_gdnsd_each_stanza(config, resource, located, &allowed, take_addresses);
	steer_gdnsd_even(resource);
}

/* simplefo */

static void take_pair(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                      const steer_vscf_t *value, const steer_gdnsd_scope_t *scope,
                      const steer_gdnsd_allowed_t *allowed)
{
	static const char *const keys[] = {
		"primary", "secondary", "service_types", "up_thresh", "ignore_health", "multi", "plugin",
		NULL
	};
	if (!steer_gdnsd_is_hash(config->reading, value)) {
		return;
	}
	steer_gdnsd_only(config->reading, value, keys);
	steer_gdnsd_group_t *group = NULL;
	for (unsigned tier = 0; tier < 2; tier++) {
		const steer_vscf_t *item = steer_vscf_get(value, keys[tier]);
		if (item == NULL) {
			steer_gdnsd_wrong(config->reading, &value->place,
			                  "no %s; allowed: primary and secondary",
			                  keys[tier]);
			return;
		}
		// Both are of the family that the first one has.
		static const steer_gdnsd_allowed_t same[] = {
			{ 1 << STEER_GDNSD_A, "an IPv4 address, as primary is one" },
			{ 1 << STEER_GDNSD_AAAA, "an IPv6 address, as primary is one" },
		};
		const bool six = group != NULL && group == resource->groups[STEER_GDNSD_AAAA];
		steer_gdnsd_member_t *member = steer_gdnsd_add_item(
			config, resource, keys[tier], item, scope, group == NULL ? allowed : &same[six], group);
		if (member == NULL) {
			return;
		}
		member->tier = tier;
		for (unsigned type = STEER_GDNSD_A; group == NULL && type <= STEER_GDNSD_AAAA; type++) {
			steer_gdnsd_group_t *of = resource->groups[type];
			group = of != NULL && of->members[of->count - 1] == member ? of : NULL;
		}
	}
	// Without a check the preset is refused, since then the secondary never answers.
	group->program = group->members[0]->check != NULL ? "failover" : "up, tier";
}

void steer_gdnsd_make_simplefo(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                               const steer_gdnsd_located_t *located)
{
	static const steer_gdnsd_allowed_t allowed = { ADDRESSES, "an address" };
	steer_gdnsd_each_stanza(config, resource, located, &allowed, take_pair);
	const steer_gdnsd_group_t *four = resource->groups[STEER_GDNSD_A];
	const steer_gdnsd_group_t *six = resource->groups[STEER_GDNSD_AAAA];
	for (unsigned i = 0; four != NULL && six != NULL && i < four->count && i < six->count; i++) {
		const uint32_t one = four->members[i]->stable, two = six->members[i]->stable;
		four->members[i]->stable = six->members[i]->stable = one < two ? one : two;
	}
}

/* static and null */

void steer_gdnsd_make_static(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                             const steer_gdnsd_located_t *located)
{
	static const steer_gdnsd_allowed_t allowed = {
		ADDRESSES | 1 << STEER_GDNSD_CNAME, "an address, or a name with a final dot"
	};
	if (steer_gdnsd_add_item(config, resource, "1", located->value, NULL, &allowed, NULL) == NULL) {
		return;
	}
	resource->names = resource->names_alone;
	if (resource->names_alone) {
		steer_gdnsd_add_aliases(config, resource);
	}
}

void steer_gdnsd_make_null(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                           const steer_gdnsd_located_t *located)
{
	(void)located;
	for (steer_gdnsd_type_t type = STEER_GDNSD_A; type <= STEER_GDNSD_AAAA; type++) {
		steer_gdnsd_group_t *group = steer_gdnsd_group_of(config, resource, type);
		steer_gdnsd_member_t *member = group != NULL
		                               ? steer_gdnsd_add(config, group, "1",
		                                                 &resource->place) : NULL;
		if (member != NULL) {
			member->rdata_len = type == STEER_GDNSD_A ? 4 : 16;
		}
	}
}
