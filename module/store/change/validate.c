/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules for groups that are not plain: which types may have aliases and policies, and what the
 * presets and the step "weighted" require of their record sets.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy_table.h"
#include "core/program.h"
#include "store/change/message_room.h"
#include "store/change/validate.h"

/*! The group being checked. */
typedef struct {
	const steer_group_t *group;
	const steer_name_records_t *name;
	bool apex;
	const steer_apply_t *options;
	steer_fault_t *fault;
} checked_t;

/*! Refuses with "TYPE 'identifier': text". \param[in] set  NULL: not about one record set. */
static int refuse(const checked_t *checked, const steer_set_t *set, const char *text)
{
	char about[STEER_SET_TEXT], line[STEER_SET_TEXT + STEER_MESSAGE_MAX];
	uint16_t type = checked->group->type;
	const uint8_t *id = set != NULL ? set->id : NULL;
	size_t id_len = set != NULL ? set->id_len : 0;
	const steer_change_record_t at =
		steer_name_records_find(checked->name, type, id, id_len);
	steer_set_text(about, type, id, id_len);
	snprintf(line, sizeof(line), "%s: %s", about, text);
	return steer_record_fault(&at, STEER_EREFUSED, line, checked->fault);
}

/*! Refuses types that have neither policies nor aliases (rules G3, A2, A9). */
static int check_type(const checked_t *checked)
{
	if (checked->group->type == TYPE_SOA) {
		return refuse(checked, NULL, "an SOA has no policy, no alias, no identifier and no health "
		              "check: a zone has one");
	}
	if (checked->group->type == TYPE_NS && checked->apex) {
		return refuse(checked, NULL, "the name servers of the zone's apex have no policy, no "
		              "alias, no identifier and no health check");
	}
	return STEER_OK;
}

/*! What is wrong with an alias of a type (rule A2); NULL: nothing. */
static const char *fault_of_alias(uint16_t type)
{
	switch (type) {
	case TYPE_NS:
		return "an alias is not allowed: resolvers keep the name servers of a delegation, and "
		       "follow no alias of the store";
	case TYPE_DNAME:
		return "an alias is not allowed: a DNAME names its target itself";
	default:
		return NULL;
	}
}

/*! What is wrong with a record set under the preset failover (rule F2); NULL: nothing. */
static const char *fault_of_primary(const steer_set_t *set)
{
	if (set->tier > 0 || set->slot != STEER_SLOT_NONE) {
		return NULL;
	}
	if (!set->alias) {
		return "a primary without a health check never fails over; allowed: with one";
	}
	return set->evaluate ? NULL
	       : "a primary alias that has no health check and does not evaluate its target's health "
	         "never fails over; allowed: with one of them";
}

/*! What is wrong with a record set under the preset multivalue (rule M3); NULL: nothing. */
static const char *fault_of_multivalue(uint16_t type, const steer_set_t *set)
{
	switch (type) {
	case TYPE_CNAME:
	case TYPE_DNAME:
	case TYPE_DS:
	case TYPE_NS:
		return "the policy multivalue is not allowed: the records of this type belong together";
	default:
		return set->alias ? "an alias in the policy multivalue; allowed: values" : NULL;
	}
}

/*! What is wrong with where a record set is, under a preset (rules L4, GP6); NULL: nothing. */
static const char *fault_of_place(const steer_set_t *set, steer_preset_t preset)
{
	const bool region = set->region != 0;
	if (preset == STEER_PRESET_LATENCY) {
		return region ? NULL : "no region; allowed in the policy latency: one";
	}
	return region == !set->has_point ? NULL
	       : region ? "a region and coordinates; allowed in the policy geoproximity: one of them"
	       : "neither a region nor coordinates; allowed in the policy geoproximity: one of them";
}

/*! Whether one record of a group is the answer (rule G9). */
static bool is_single(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_DNAME;
}

/*! What is wrong with a record set; NULL: nothing. */
static const char *fault_of_set(uint16_t type, const steer_set_t *set, steer_preset_t preset)
{
	const char *wrong = set->alias ? fault_of_alias(type) : NULL;
	if (wrong != NULL) {
		return wrong;
	}
	if (is_single(type) && set->count > 1) {
		return "several records; allowed: one in a record set";
	}
	switch (preset) {
	case STEER_PRESET_FAILOVER:
		return fault_of_primary(set);
	case STEER_PRESET_MULTIVALUE:
		return fault_of_multivalue(type, set);
	case STEER_PRESET_LATENCY:
	case STEER_PRESET_GEOPROXIMITY:
		return fault_of_place(set, preset);
	default:
		return NULL;
	}
}

/*! Sets that are drawn by weight have one TTL, or caches would shift their shares (rule W5). */
static int check_ttl(const checked_t *checked, const steer_set_t *first, const steer_set_t *set)
{
	if (first->ttl == set->ttl) {
		return STEER_OK;
	}
	char text[STEER_MESSAGE_MAX];
	snprintf(text, sizeof(text), "the TTL %u, and that of '%.*s' is %u; allowed: one TTL in a "
	         "group that is drawn by weight", set->ttl, first->id_len, (const char *)first->id,
	         first->ttl);
	return refuse(checked, set, text);
}

/*! Whether a preset chooses by where the client is. */
static bool is_for_clients(steer_preset_t preset)
{
	return preset == STEER_PRESET_LATENCY || preset == STEER_PRESET_GEOLOCATION ||
	       preset == STEER_PRESET_GEOPROXIMITY || preset == STEER_PRESET_IP;
}

/*! What a preset tells a record set from others by; 0: nothing. */
static uint64_t spot_of(const steer_set_t *set, steer_preset_t preset)
{
	switch (preset) {
	case STEER_PRESET_LATENCY:
		return set->region;
	case STEER_PRESET_GEOLOCATION:
		return set->geo;
	case STEER_PRESET_IP:
		return set->location;
	default:
		return !set->has_point ? set->region
		       : UINT64_C(1) << 32 | (uint32_t)(uint16_t)set->point.lat << 16 |
		         (uint16_t)set->point.lon;
	}
}

/*! Refuses a record set that a preset cannot tell from another one. */
static int refuse_same(const checked_t *checked, const steer_set_t *set, const steer_set_t *other,
                       steer_preset_t preset)
{
	char text[STEER_MESSAGE_MAX];
	const char *policy = steer_preset_name(preset);
	const char *same = preset == STEER_PRESET_GEOLOCATION ? "place"
	                   : preset == STEER_PRESET_IP ? "location"
	                   : set->region != 0 ? "region" : "coordinates";
	if (spot_of(set, preset) == 0) {
		snprintf(text, sizeof(text), "no %s, as '%.*s'; allowed in the policy %s: one default",
		         same, other->id_len, (const char *)other->id, policy);
	} else {
		snprintf(text, sizeof(text), "the same %s as '%.*s'; allowed in the policy %s: each once",
		         same, other->id_len, (const char *)other->id, policy);
	}
	return refuse(checked, set, text);
}

typedef struct {
	uint64_t at;  /*!< See spot_of(). */
	unsigned set; /*!< By position. */
} spot_t;

static int by_spot(const void *a, const void *b)
{
	const spot_t *x = a, *y = b;
	return x->at != y->at ? (x->at > y->at) - (x->at < y->at)
	       : (x->set > y->set) - (x->set < y->set);
}

/*! Whether the change set gives a record set. */
static bool is_given(const checked_t *checked, const steer_set_t *set)
{
	const steer_change_record_t found =
		steer_name_records_find(checked->name, checked->group->type, set->id, set->id_len);
	return found.kind == STEER_CHANGE_SET && found.set->id_len == set->id_len &&
	       memcmp(found.set->id, set->id, set->id_len) == 0;
}

/*! The presets for clients have one record set for each of theirs (rules L4, GL7, GP6, IP6). */
static int check_spots(const checked_t *checked, steer_preset_t preset)
{
	const steer_group_t *group = checked->group;
	spot_t spots[STEER_SETS_MAX];
	steer_set_t one, other;
	for (unsigned i = 0; i < group->count; i++) {
		steer_group_set(group, i, &one);
		spots[i] = (spot_t) { spot_of(&one, preset), i };
	}
	qsort(spots, group->count, sizeof(*spots), by_spot);
	for (unsigned i = 1; i < group->count; i++) {
		if (spots[i].at == spots[i - 1].at) {
			steer_group_set(group, spots[i].set, &one);
			steer_group_set(group, spots[i - 1].set, &other);
			return is_given(checked, &one) || !is_given(checked, &other)
			       ? refuse_same(checked, &one, &other, preset)
			       : refuse_same(checked, &other, &one, preset);
		}
	}
	return STEER_OK;
}

/*! Whether the change set says something about the group. */
static bool is_named(const checked_t *checked)
{
	for (size_t i = 0; i < checked->name->count; i++) {
		if (checked->name->records[i].type == checked->group->type) {
			return true;
		}
	}
	return false;
}

/*! Warns of record sets that may be chosen together, and then do not fit in a message. */
static void warn_of_sum(const checked_t *checked, uint64_t bytes, size_t room)
{
	const steer_group_t *group = checked->group;
	char type[STEER_TYPE_TEXT], text[STEER_MESSAGE_MAX];
	const steer_change_record_t at =
		steer_name_records_find(checked->name, group->type, NULL, 0);
	snprintf(text, sizeof(text), "%s: record sets that can be chosen together have %" PRIu64
	         " bytes; a message has room for %zu: such an answer fails (rule G12)",
	         steer_type_text(group->type, type), bytes, room);
	steer_record_warn(&at, text, checked->options);
}

/*! Record sets that are chosen together must fit in a message (rule G12). */
static int check_sum(const checked_t *checked)
{
	const steer_group_t *group = checked->group;
	uint32_t bytes[STEER_SETS_MAX];
	steer_message_set_bytes(group, bytes);
	const steer_message_sums_t sums = steer_message_sum(group, bytes);
	if (sums.most <= STEER_MESSAGE_ROOM_LEAST || !is_named(checked)) {
		return STEER_OK;
	}
	size_t room =
		steer_message_room_of_key(checked->name->key, checked->name->key_len);
	if (sums.least > room && !(steer_policy_flags(group) & STEER_POLICY_DUPLICATES)) {
		char text[STEER_MESSAGE_MAX];
		snprintf(text, sizeof(text), "the record sets of every answer have %" PRIu64 " bytes or "
		         "more; allowed: up to %zu, for which a message has room beside question and OPT",
		         sums.least, room);
		return refuse(checked, NULL, text);
	}
	// With aliases, this is known after everything is written.
	if (sums.most > room && !(steer_policy_flags(group) & STEER_POLICY_ALIASES)) {
		warn_of_sum(checked, sums.most, room);
	}
	return STEER_OK;
}

static int check_group(const checked_t *checked)
{
	const steer_group_t *group = checked->group;
	steer_preset_t preset = steer_program_preset(group->program, group->program_len);
	bool weighted = steer_program_has(group->program, group->program_len, STEER_STEP_WEIGHTED);
	steer_set_t first = { .alias = true };
	int ret = check_type(checked);
	for (unsigned i = 0; i < group->count && ret == STEER_OK; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		const char *wrong = fault_of_set(group->type, &set, preset);
		if (wrong != NULL) {
			return refuse(checked, &set, wrong);
		}
		if (weighted && !first.alias && !set.alias) {
			ret = check_ttl(checked, &first, &set);
		}
		first = first.alias ? set : first; // The first that has values.
	}
	if (ret == STEER_OK && is_for_clients(preset)) {
		ret = check_spots(checked, preset);
	}
	return ret == STEER_OK && !is_single(group->type) ? check_sum(checked) : ret;
}

/*! The bytes that a group's record sets take in a node; its program and its table are few more. */
static uint64_t bytes_of(const steer_group_t *group)
{
	uint64_t bytes = 0;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		bytes += STEER_SET_SIZE + set.body_len + set.id_len + set.attrs_len;
	}
	return bytes;
}

/*! A node is checked as a whole when it is first used, so its size is bounded (rule A8). */
static int check_bytes(const steer_groups_t *groups, const steer_name_records_t *name,
                       steer_fault_t *fault)
{
	uint64_t bytes = 0;
	for (unsigned i = 0; i < groups->count; i++) {
		bytes += bytes_of(&groups->groups[i]);
	}
	if (bytes <= STEER_NODE_MAX || name->count == 0) {
		return STEER_OK;
	}
	char text[STEER_MESSAGE_MAX];
	snprintf(text, sizeof(text), "all records of the name have %" PRIu64 " bytes; allowed: up to "
	         "%u", bytes, STEER_NODE_MAX);
	return steer_record_fault(&name->records[0], STEER_EREFUSED, text, fault);
}

int steer_validate_groups(const steer_groups_t *groups, const steer_name_records_t *name, bool apex,
                          const steer_apply_t *options, steer_fault_t *fault)
{
	int ret = check_bytes(groups, name, fault);
	for (unsigned i = 0; i < groups->count && ret == STEER_OK; i++) {
		const steer_group_t *group = &groups->groups[i];
		const checked_t checked = { group, name, apex, options, fault };
		if (!steer_group_is_plain(group)) {
			ret = check_group(&checked);
		}
	}
	return ret;
}
