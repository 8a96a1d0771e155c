/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/program.h"
#include "store/change/contents.h"

/*! Apex of a zone that was named, in a tree. */
typedef struct {
	uint16_t len;
	uint8_t bytes[];
} apex_t;

static int compare_apexes(const void *a, const void *b)
{
	const apex_t *one = a, *other = b;
	return steer_key_cmp(one->bytes, one->len, other->bytes, other->len);
}

static void leave(void *bytes)
{
	(void)bytes; // They are in the arena.
}

steer_change_t *steer_change_new(void)
{
	return calloc(1, sizeof(steer_change_t));
}

void steer_change_free(steer_change_t *change)
{
	if (change == NULL) {
		return;
	}
	for (size_t i = 0; i < change->count; i++) {
		free(change->zones[i].records);
		free(change->zones[i].comment);
	}
	free(change->zones);
	free(change->checks);
	tdestroy(change->apexes, leave);
	tdestroy(change->check_ids, leave);
	steer_arena_free(&change->arena);
	steer_arena_free(&change->fresh);
	free(change);
}

/*! Remembers that a zone was named. \retval STEER_OK, STEER_ENOMEM, STEER_EEXIST */
static int name_apex(steer_change_t *change, const steer_key_t *key)
{
	apex_t *apex = steer_arena_alloc(&change->arena, sizeof(*apex) + key->len);
	if (apex == NULL) {
		return STEER_ENOMEM;
	}
	apex->len = key->len;
	memcpy(apex->bytes, key->bytes, key->len);
	apex_t **found = tsearch(apex, &change->apexes, compare_apexes);
	if (found == NULL) {
		return STEER_ENOMEM;
	}
	return *found == apex ? STEER_OK : STEER_EEXIST;
}

int steer_change_zone(steer_change_t *change, const uint8_t *apex, steer_zone_action_t action,
                      unsigned *zone)
{
	steer_key_t key;
	steer_key_from_name(&key, apex);
	if (change->count == change->room) {
		size_t room = change->room == 0 ? 1 : 2 * change->room;
		steer_change_zone_t *zones = realloc(change->zones, room * sizeof(*zones));
		if (zones == NULL) {
			return STEER_ENOMEM;
		}
		change->zones = zones;
		change->room = room;
	}
	int ret = name_apex(change, &key);
	if (ret != STEER_OK) {
		return ret;
	}
	*zone = change->count;
	change->zones[change->count++] = (steer_change_zone_t) {
		.apex = key, .action = action, .mode = STEER_MODE_LEFT, .sorted = true,
	};
	return STEER_OK;
}

void steer_change_mode(steer_change_t *change, unsigned zone, uint8_t mode)
{
	change->zones[zone].mode = mode;
}

void steer_change_keep(steer_change_t *change, unsigned zone, bool soa, bool servers)
{
	change->zones[zone].keep_soa = soa;
	change->zones[zone].keep_servers = servers;
}

int steer_change_comment(steer_change_t *change, unsigned zone, const char *comment)
{
	if (strlen(comment) > STEER_COMMENT_MAX) {
		return STEER_EINVAL;
	}
	char *copy = strdup(comment);
	if (copy == NULL) {
		return STEER_ENOMEM;
	}
	free(change->zones[zone].comment);
	change->zones[zone].comment = copy;
	return STEER_OK;
}

/*! The first 8 bytes of a key after the apex: most comparisons need not follow the pointer then. */
static uint64_t order_of(const uint8_t *key, size_t len, size_t apex_len)
{
	uint64_t order = 0;
	for (size_t i = apex_len; i < apex_len + 8; i++) {
		order = order << 8 | (i < len ? key[i] : 0);
	}
	return order;
}

/*!
 * Makes room for a record, and gives it its owner's key, which it shares with the record before if
 * that has the same owner.
 */
static int append(steer_change_t *change, steer_change_zone_t *zone, const uint8_t *owner,
                  steer_change_record_t **record)
{
	if (zone->count == zone->room) {
		size_t room = zone->room == 0 ? 16 : 2 * zone->room;
		steer_change_record_t *records = realloc(zone->records, room * sizeof(*records));
		if (records == NULL) {
			return STEER_ENOMEM;
		}
		zone->records = records;
		zone->room = room;
	}
	if (zone->count > 0 && zone->count % STEER_CHANGE_RUN == 0) {
		steer_change_end_run(change, zone);
		zone->last_owner_len = 0; // The last record may be of another owner now.
	}
	steer_change_record_t *new = &zone->records[zone->count];
	*new = (steer_change_record_t) { .seq = zone->count };
	const size_t number = zone - change->zones;
	change->fresh_mixed = change->fresh_count > 0 &&
	                      (change->fresh_mixed || change->fresh_zone != number);
	change->fresh_zone = number;
	change->fresh_count++;

	size_t len = steer_name_len(owner);
	if (len == zone->last_owner_len && memcmp(owner, zone->last_owner, len) == 0) {
		new->key = new[-1].key;
		new->key_len = new[-1].key_len;
		new->order = new[-1].order;
		*record = new;
		return STEER_OK;
	}

	steer_key_t key;
	steer_key_from_name(&key, owner);
	if (key.len < zone->apex.len || memcmp(key.bytes, zone->apex.bytes, zone->apex.len) != 0) {
		return STEER_EINVAL;
	}
	const uint8_t *bytes = steer_arena_keep(&change->fresh, key.bytes, key.len);
	if (bytes == NULL) {
		return STEER_ENOMEM;
	}
	new->key = bytes;
	new->key_len = key.len;
	new->order = order_of(bytes, key.len, zone->apex.len);
	zone->sorted = zone->sorted && (zone->count == 0 || steer_change_order(new - 1, new) < 0);
	memcpy(zone->last_owner, owner, len);
	zone->last_owner_len = len;
	*record = new;
	return STEER_OK;
}

static void set_origin(steer_change_record_t *record, const steer_source_location_t *location)
{
	record->file = location->file;
	record->line = location->line;
	record->column = location->column > UINT16_MAX ? 0 : location->column;
}

int steer_change_add(steer_change_t *change, unsigned zone, const steer_record_t *record)
{
	if (record->ttl > STEER_TTL_MAX) {
		return STEER_EINVAL;
	}
	steer_change_record_t *new;
	int ret = append(change, &change->zones[zone], record->owner, &new);
	if (ret != STEER_OK) {
		return ret;
	}
	uint8_t *rr = steer_arena_alloc(&change->fresh, STEER_RR_HEAD + (size_t)record->rdata_len);
	if (rr == NULL) {
		return STEER_ENOMEM;
	}
	new->rr_len = steer_rr_write(rr, record->type, record->ttl, record->rdata, record->rdata_len);
	new->rr = rr;
	new->type = record->type;
	new->keep_ttl = record->keep_ttl;
	new->set = record->set;
	set_origin(new, &record->location);
	change->zones[zone].count++;
	return STEER_OK;
}

static const void *keep(steer_change_t *change, const void *bytes, size_t len)
{
	return steer_arena_keep(&change->arena, bytes, len);
}

/*! The attributes that a record set is given, of those that steps read. */
static uint16_t given(const steer_record_set_t *set)
{
	return (set->has_weight ? STEER_KEEP_WEIGHT : 0) | (set->has_tier ? STEER_KEEP_TIER : 0) |
	       (set->has_region ? STEER_KEEP_REGION : 0) | (set->has_geo ? STEER_KEEP_GEO : 0) |
	       (set->has_location ? STEER_KEEP_LOCATION : 0) |
	       (set->has_point ? STEER_KEEP_POINT : 0) | (set->has_bias ? STEER_KEEP_BIAS : 0) |
	       (set->has_asns ? STEER_KEEP_ASNS : 0);
}

/*! Order of numbers as they are stored. */
static int by_asn(const void *a, const void *b)
{
	uint32_t x, y;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	x = steer_le_u32(x);
	y = steer_le_u32(y);
	return (x > y) - (x < y);
}

/*! Writes numbers of autonomous systems as in a node. */
static void write_asns(uint8_t *to, const uint32_t *asns, unsigned count)
{
	to[0] = STEER_ATTR_ASNS;
	to[1] = count * sizeof(*asns); // If that is too much, what follows is no attribute.
	for (unsigned i = 0; i < count; i++) {
		const uint32_t asn = steer_le_u32(asns[i]);
		memcpy(to + STEER_ATTR_HEAD + i * sizeof(asn), &asn, sizeof(asn));
	}
	qsort(to + STEER_ATTR_HEAD, count, sizeof(*asns), by_asn);
}

/*! Copies what most record sets do not have. */
static bool keep_attributes(steer_change_t *change, const steer_record_set_t *from,
                            steer_change_set_t *set)
{
	size_t health_len = from->health != NULL ? strlen(from->health) : 0;
	const unsigned asns = from->has_asns ? from->asns_count : 0;
	set->attrs_len = (from->health != NULL ? STEER_ATTR_HEAD + health_len : 0) +
	                 (asns > 0 ? STEER_ATTR_HEAD + asns * sizeof(*from->asns) : 0);
	if (set->attrs_len == 0) {
		return true;
	}
	uint8_t *attrs = steer_arena_alloc(&change->arena, set->attrs_len);
	if (attrs == NULL) {
		return false;
	}
	set->attrs = attrs;
	if (from->health != NULL) {
		set->health = keep(change, from->health, health_len + 1);
		if (set->health == NULL) {
			return false;
		}
		attrs[0] = STEER_ATTR_HEALTH;
		attrs[1] = health_len; // One that is too long is refused when the change set is applied.
		memcpy(attrs + STEER_ATTR_HEAD, from->health, health_len);
		attrs += STEER_ATTR_HEAD + health_len;
	}
	if (asns > 0) {
		write_asns(attrs, from->asns, asns);
	}
	return true;
}

/*! Copies the names of a record set's places. */
static bool keep_names(steer_change_t *change, const steer_record_set_t *from,
                       steer_change_set_t *set)
{
	if (from->has_region && from->region != NULL) {
		set->region_name = keep(change, from->region, strlen(from->region) + 1);
		if (set->region_name == NULL) {
			return false;
		}
	}
	if (from->has_location && from->location != NULL) {
		set->location_name = keep(change, from->location, strlen(from->location) + 1);
		return set->location_name != NULL;
	}
	return true;
}

/*! Copies a record set. \return NULL: out of memory. */
static steer_change_set_t *keep_set(steer_change_t *change, const steer_record_set_t *from)
{
	steer_change_set_t *set = steer_arena_alloc(&change->arena, sizeof(*set));
	if (set == NULL) {
		return NULL;
	}
	*set = (steer_change_set_t) {
		.id_len = strlen(from->id), .slot = STEER_SLOT_NONE,
		.given = given(from), .weight = from->has_weight ? from->weight : 1,
		.tier = from->has_tier ? from->tier : 0,
		.geo = from->has_geo ? from->geo : STEER_GEO_UNKNOWN,
		.bias = from->has_bias ? from->bias : 0,
		.evaluate = from->evaluate, .keep = from->keep, .ttl = from->ttl,
	};
	if (from->has_point) {
		set->point = from->point;
	}
	set->id = keep(change, from->id, set->id_len + 1);
	if (set->id == NULL) {
		return NULL;
	}
	if (from->alias != NULL) {
		set->alias_len = steer_name_len(from->alias);
		set->alias = keep(change, from->alias, set->alias_len);
		if (set->alias == NULL) {
			return NULL;
		}
	}
	return keep_names(change, from, set) && keep_attributes(change, from, set) ? set : NULL;
}

int steer_change_set(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                     const steer_record_set_t *set, const steer_source_location_t *location,
                     const steer_change_set_t **made)
{
	steer_change_set_t *kept = keep_set(change, set);
	if (kept == NULL) {
		return STEER_ENOMEM;
	}
	steer_change_record_t *new;
	int ret = append(change, &change->zones[zone], owner, &new);
	if (ret != STEER_OK) {
		return ret;
	}
	kept->key = keep(change, new->key, new->key_len); // That of the record may be moved.
	if (kept->key == NULL) {
		return STEER_ENOMEM;
	}
	new->kind = STEER_CHANGE_SET;
	new->type = type;
	new->set = kept;
	set_origin(new, location);
	change->zones[zone].count++;
	kept->key_len = new->key_len;
	kept->type = type;
	kept->source = *location;
	*(change->sets == NULL ? &change->sets : &change->last_set->next) = kept;
	change->last_set = kept;
	if (made != NULL) {
		*made = kept;
	}
	return STEER_OK;
}

static int add_policy(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                      const steer_change_policy_t *policy, const steer_source_location_t *location)
{
	steer_change_record_t *new;
	int ret = append(change, &change->zones[zone], owner, &new);
	if (ret != STEER_OK) {
		return ret;
	}
	new->kind = STEER_CHANGE_POLICY;
	new->type = type;
	new->policy = policy;
	set_origin(new, location);
	change->zones[zone].count++;
	return STEER_OK;
}

/*! Copies a program. \return NULL: out of memory. */
static steer_change_policy_t *keep_policy(steer_change_t *change, const uint8_t *program,
                                          size_t len)
{
	steer_change_policy_t *policy = steer_arena_alloc(&change->arena, sizeof(*policy) + len);
	if (policy != NULL) {
		policy->len = len;
		policy->implied = false;
		if (len > 0) {
			memcpy(policy->steps, program, len);
		}
	}
	return policy;
}

int steer_change_policy(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                        const uint8_t *program, size_t len, const steer_source_location_t *location)
{
	if (len > STEER_PROGRAM_MAX || !steer_program_is_whole(program, len)) {
		return STEER_EINVAL;
	}
	const steer_change_policy_t *policy = keep_policy(change, program, len);
	return policy == NULL ? STEER_ENOMEM : add_policy(change, zone, owner, type, policy, location);
}

int steer_change_preset(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                        steer_preset_t preset, const steer_source_location_t *location)
{
	size_t len;
	const uint8_t *program = steer_preset_program(preset, &len);
	steer_change_policy_t *policy = keep_policy(change, program, len);
	if (policy == NULL) {
		return STEER_ENOMEM;
	}
	policy->implied = true;
	return add_policy(change, zone, owner, type, policy, location);
}

int steer_change_ttl(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                     uint32_t ttl)
{
	const uint32_t *kept = keep(change, &ttl, sizeof(ttl));
	if (kept == NULL) {
		return STEER_ENOMEM;
	}
	steer_change_record_t *new;
	int ret = append(change, &change->zones[zone], owner, &new);
	if (ret != STEER_OK) {
		return ret;
	}
	new->kind = STEER_CHANGE_TTL;
	new->type = type;
	new->ttl = kept;
	change->zones[zone].count++;
	return STEER_OK;
}

int steer_change_remove(steer_change_t *change, unsigned zone, const uint8_t *name, uint16_t type,
                        const char *id)
{
	if (id != NULL && type == 0) {
		return STEER_EINVAL;
	}
	const char *kept = id != NULL ? keep(change, id, strlen(id) + 1) : NULL;
	if (id != NULL && kept == NULL) {
		return STEER_ENOMEM;
	}
	steer_change_record_t *new;
	int ret = append(change, &change->zones[zone], name, &new);
	if (ret != STEER_OK) {
		return ret;
	}
	new->kind = STEER_CHANGE_REMOVAL;
	new->type = type;
	new->id = kept;
	change->zones[zone].count++;
	return STEER_OK;
}

int steer_change_group(steer_change_t *change, unsigned zone, const uint8_t *owner,
                       const void *group, size_t len)
{
	steer_group_t *kept = steer_arena_alloc(&change->arena, sizeof(*kept));
	const void *bytes = keep(change, group, len);
	if (kept == NULL || bytes == NULL) {
		return STEER_ENOMEM;
	}
	int ret = steer_group_open(kept, bytes, len);
	steer_change_record_t *new;
	if (ret == STEER_OK) {
		ret = append(change, &change->zones[zone], owner, &new);
	}
	if (ret == STEER_OK) {
		new->kind = STEER_CHANGE_GROUP;
		new->type = kept->type;
		new->group = kept;
		change->zones[zone].count++;
	}
	return ret;
}
