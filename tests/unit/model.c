/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/model.h"

#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "core/program.h"

void *model_grow(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) == 0) { // It is full: its room is a power of two.
		array = realloc(array, (count > 0 ? 2 * count : 1) * size);
	}
	if (array == NULL) {
		abort();
	}
	memset((char *)array + count * size, 0, size);
	return array;
}

void model_add_record(void *ctx, const record_t *record)
{
	model_zone_t *zone = ctx;
	zone->records = model_grow(zone->records, zone->count, sizeof(*zone->records));
	zone->records[zone->count++] = *record;
}

static model_name_t *model_find_name(const model_t *model, const model_zone_t *zone,
                                     const steer_key_t *key, unsigned labels)
{
	for (size_t i = 0; i < model->name_count; i++) {
		model_name_t *name = &model->names[i];
		if (name->zone == zone && name->key.len == key->end[labels] &&
		    memcmp(name->key.bytes, key->bytes, name->key.len) == 0) {
			return name;
		}
	}
	return NULL;
}

/*! Adds a name and its ancestors up to the apex to a zone. */
static model_name_t *model_add_name(model_t *model, const model_zone_t *zone, const uint8_t *wire)
{
	steer_key_t key;
	steer_key_from_name(&key, wire);
	for (unsigned labels = steer_name_labels(zone->apex); labels <= key.labels; labels++) {
		if (model_find_name(model, zone, &key, labels) == NULL) {
			model->names = model_grow(model->names, model->name_count, sizeof(*model->names));
			model_name_t *name = &model->names[model->name_count++];
			name->zone = zone;
			name->key = key;
			name->key.labels = labels;
			name->key.len = key.end[labels];
		}
	}
	return model_find_name(model, zone, &key, key.labels);
}

const model_zone_t *model_enclosing(const model_t *model, const model_zone_t *zone)
{
	const model_zone_t *closest = NULL;
	for (size_t i = 0; i < model->zone_count; i++) {
		const model_zone_t *other = &model->zones[i];
		if (other != zone && steer_name_in(zone->apex, other->apex) &&
		    (closest == NULL || steer_name_in(other->apex, closest->apex))) {
			closest = other;
		}
	}
	return closest;
}

static bool model_owns(const record_t *record, const steer_key_t *key, unsigned labels)
{
	steer_key_t owner;
	steer_key_from_name(&owner, record->owner);
	return owner.len == key->end[labels] && memcmp(owner.bytes, key->bytes, owner.len) == 0;
}

bool model_has(const model_zone_t *zone, const steer_key_t *key, unsigned labels, uint16_t type)
{
	for (size_t i = 0; i < zone->count; i++) {
		if (zone->records[i].type == type && model_owns(&zone->records[i], key, labels)) {
			return true;
		}
	}
	return false;
}

static int model_by_rdata(const void *a, const void *b)
{
	const record_t *const *x = a, *const *y = b;
	return steer_key_cmp((*x)->rdata, (*x)->rdata_len, (*y)->rdata, (*y)->rdata_len);
}

/*! Next higher type that a name has records of, or 0. */
static uint16_t model_next_type(const model_name_t *name, uint16_t type)
{
	uint16_t next = 0;
	for (size_t i = 0; i < name->zone->count; i++) {
		const record_t *record = &name->zone->records[i];
		if (record->type > type && (next == 0 || record->type < next) &&
		    model_owns(record, &name->key, name->key.labels)) {
			next = record->type;
		}
	}
	return next;
}

/*! Fills a record set with the values of its identifier. */
static void model_values(const model_name_t *name, uint16_t type, const char *id, steer_set_t *set)
{
	const record_t **found = calloc(name->zone->count, sizeof(*found));
	size_t count = 0;
	for (size_t i = 0; i < name->zone->count; i++) {
		const record_t *record = &name->zone->records[i];
		if (record->type == type && !record->bare && strcmp(record->id, id) == 0 &&
		    model_owns(record, &name->key, name->key.labels)) {
			found[count++] = record;
			set->ttl = record->ttl;
		}
	}
	qsort(found, count, sizeof(*found), model_by_rdata);
	uint8_t *rrs = malloc(count * (STEER_RR_HEAD + sizeof(found[0]->rdata)) + 1), *to = rrs;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || model_by_rdata(&found[i - 1], &found[i]) != 0) {
			to += steer_rr_write(to, type, set->ttl, found[i]->rdata, found[i]->rdata_len);
			set->count++;
		}
	}
	set->body = rrs;
	set->body_len = to - rrs;
	free(found);
}

static uint32_t model_number(const model_t *model, uint8_t kind, const char *text, size_t len)
{
	return len == 0 ? 0 : model->number(model->ctx, kind, text, len);
}

/*! Fills in where a record set and its clients are. */
static void model_places(const model_t *model, const record_t *from, steer_set_t *set)
{
	set->region = model_number(model, STEER_DICTIONARY_REGION, from->region, strlen(from->region));
	set->location =
		model_number(model, STEER_DICTIONARY_LOCATION, from->location, strlen(from->location));
	set->geo = from->geo;
	set->has_point = from->has_point;
	set->point = from->point;
	set->bias = from->bias;
}

/*! Writes numbers of autonomous systems: the smallest first. */
static void model_asns(uint8_t *to, const uint32_t *asns, unsigned count)
{
	*to++ = STEER_ATTR_ASNS;
	*to++ = count * sizeof(*asns);
	for (uint32_t last = 0; count > 0; count--) {
		uint32_t next = UINT32_MAX;
		for (unsigned i = 0; asns[i] != 0; i++) {
			next = asns[i] > last && asns[i] < next ? asns[i] : next;
		}
		last = next;
		for (unsigned byte = 0; byte < sizeof(next); byte++) {
			*to++ = next >> 8 * byte;
		}
	}
}

/*! Fills a record set except for its values. \param[in] from  Its first line. */
static void model_attributes(const model_t *model, const record_t *from, const record_t *policy,
                             steer_set_t *set)
{
	set->slot = STEER_SLOT_NONE;
	set->id = (const uint8_t *)from->id;
	set->id_len = strlen(from->id);
	if (policy != NULL &&
	    steer_program_has(policy->steps, policy->steps_len, STEER_STEP_WEIGHTED)) {
		set->weight = from->has_weight ? from->weight : 1;
	}
	set->tier = from->tier;
	if (from->has_alias) {
		free((void *)set->body);
		set->body_len = steer_name_len(from->alias);
		set->body = memcpy(malloc(set->body_len), from->alias, set->body_len);
		set->alias = true;
		set->evaluate = from->evaluate;
	}
	uint8_t *attrs = malloc(2 + sizeof(from->health) + 2 + sizeof(from->asns));
	set->attrs = attrs;
	if (from->has_health) {
		attrs[0] = STEER_ATTR_HEALTH;
		attrs[1] = strlen(from->health);
		memcpy(attrs + 2, from->health, attrs[1]);
		set->attrs_len = 2 + attrs[1];
		for (const model_check_t *check = model->checks; check != NULL &&
		     check->id != NULL; check++) {
			if (strcmp(check->id, from->health) == 0) {
				set->slot = check->slot;
				set->generation = check->generation;
			}
		}
	}
	if (from->asns_count > 0) {
		model_asns(attrs + set->attrs_len, from->asns, from->asns_count);
		set->attrs_len += 2 + from->asns_count * sizeof(from->asns[0]);
	}
}

static int model_by_tier(const void *a, const void *b)
{
	const steer_set_t *x = a, *y = b;
	return x->tier != y->tier ? (int)x->tier - (int)y->tier
	       : steer_key_cmp(x->id, x->id_len, y->id, y->id_len);
}

/*! Fills the group of a type that the name has. */
static void model_group(const model_t *model, const model_name_t *name, uint16_t type,
                        steer_group_t *group)
{
	const record_t *policy = NULL;
	steer_set_t *sets = NULL;
	*group = (steer_group_t) { .type = type };
	for (size_t i = 0; i < name->zone->count; i++) {
		const record_t *record = &name->zone->records[i];
		if (record->policy && record->type == type &&
		    model_owns(record, &name->key, name->key.labels)) {
			policy = record;
		}
	}
	for (size_t i = 0; i < name->zone->count; i++) {
		const record_t *record = &name->zone->records[i];
		bool known = false;
		for (unsigned k = 0; k < group->count; k++) {
			known = known || strcmp((const char *)sets[k].id, record->id) == 0;
		}
		if (record->type == type && !record->policy && !known &&
		    model_owns(record, &name->key, name->key.labels)) {
			sets = model_grow(sets, group->count, sizeof(*sets));
			steer_set_t *set = &sets[group->count++];
			model_values(name, type, record->id, set);
			model_attributes(model, record, policy, set);
			model_places(model, record, set);
			if (set->location != 0) {
				group->collection = model_number(model, STEER_DICTIONARY_COLLECTION,
				                                 record->location, strcspn(record->location, "/"));
			}
		}
	}
	qsort(sets, group->count, sizeof(*sets), model_by_tier);
	group->sets = sets;
	group->program = policy != NULL ? policy->steps : NULL;
	group->program_len = policy != NULL ? policy->steps_len : 0;
}

static void model_free_face(steer_face_t *face)
{
	for (unsigned i = 0; i < face->count; i++) {
		for (unsigned k = 0; k < face->groups[i].count; k++) {
			free((void *)face->groups[i].sets[k].body);
			free((void *)face->groups[i].sets[k].attrs);
		}
		free((void *)face->groups[i].sets);
	}
	free((void *)face->groups);
}

static void model_face(const model_t *model, const model_name_t *name, steer_face_t *face)
{
	unsigned apex = steer_name_labels(name->zone->apex);
	*face = (steer_face_t) { .apex = apex };
	face->flags = (name->key.labels == apex ? STEER_FACE_APEX : 0) |
	              (name->hosted ? STEER_FACE_HOSTED : 0) |
	              (name->zone->overlay ? STEER_FACE_OVERLAY : 0);
	for (unsigned labels = name->key.labels; labels > apex; labels--) {
		face->cut = model_has(name->zone, &name->key, labels, T_NS) ? labels : face->cut;
	}
	for (size_t i = 0; i < model->name_count; i++) {
		const model_name_t *child = &model->names[i];
		if (child->zone == name->zone && child->key.labels == name->key.labels + 1 &&
		    memcmp(child->key.bytes, name->key.bytes, name->key.len) == 0) {
			face->children++;
			face->flags |= steer_key_is_wildcard(&child->key, child->key.labels)
			               ? STEER_FACE_WILDCARD : 0;
		}
	}
	steer_group_t *groups = NULL;
	for (uint16_t type = 0; (type = model_next_type(name, type)) != 0;) {
		groups = model_grow(groups, face->count, sizeof(*groups));
		model_group(model, name, type, &groups[face->count++]);
	}
	face->groups = groups;
}

static void model_add_node(model_t *model, const model_name_t *names, unsigned count)
{
	steer_face_t faces[STEER_FACES_MAX];
	for (unsigned i = 0; i < count; i++) {
		model_face(model, &names[i], &faces[i]);
	}
	model_node_t node = { .key = names->key };
	if (steer_node_build(NULL, &node.size, faces, count) != STEER_OK) {
		abort();
	}
	node.bytes = malloc(node.size);
	if (node.bytes == NULL ||
	    steer_node_build(node.bytes, &node.size, faces, count) != STEER_OK) {
		abort();
	}
	model->nodes = model_grow(model->nodes, model->node_count, sizeof(*model->nodes));
	model->nodes[model->node_count++] = node;
	for (unsigned i = 0; i < count; i++) {
		model_free_face(&faces[i]);
	}
}

static int model_by_name(const void *a, const void *b)
{
	const model_name_t *x = a, *y = b;
	int diff = steer_key_cmp(x->key.bytes, x->key.len, y->key.bytes, y->key.len);
	return diff != 0 ? diff
	       : (int)steer_name_labels(x->zone->apex) - (int)steer_name_labels(y->zone->apex);
}

void model_compile(model_t *model)
{
	for (size_t i = 0; i < model->zone_count; i++) {
		const model_zone_t *zone = &model->zones[i], *enclosing = model_enclosing(model, zone);
		model_add_name(model, zone, zone->apex);
		for (size_t k = 0; k < zone->count; k++) {
			model_add_name(model, zone, zone->records[k].owner);
		}
		if (enclosing != NULL) {
			model_add_name(model, enclosing, zone->apex)->hosted = true;
		}
	}
	if (model->name_count > 0) {
		qsort(model->names, model->name_count, sizeof(*model->names), model_by_name);
	}
	for (size_t i = 0, end; i < model->name_count; i = end) {
		const steer_key_t *key = &model->names[i].key;
		for (end = i + 1; end < model->name_count && model->names[end].key.len == key->len &&
		     memcmp(model->names[end].key.bytes, key->bytes, key->len) == 0; end++) {
		}
		model_add_node(model, &model->names[i], end - i);
	}
}

/*! Whether a zone's first line is "APEX overlay". */
static bool model_is_overlay(const char *text)
{
	static const char mode[] = " overlay\n";
	return strncmp(text + strcspn(text, " \n"), mode, sizeof(mode) - 1) == 0;
}

void model_make_from(model_t *model, const char *const *zones, const model_check_t *checks,
                     model_number_f number, void *ctx)
{
	*model = (model_t) { .checks = checks, .number = number, .ctx = ctx };
	for (; zones[model->zone_count] != NULL; model->zone_count++) {
		model->zones = model_grow(model->zones, model->zone_count, sizeof(*model->zones));
		model_zone_t *zone = &model->zones[model->zone_count];
		zone->overlay = model_is_overlay(zones[model->zone_count]);
		zone_read(zones[model->zone_count], zone->apex, model_add_record, zone);
	}
	model_compile(model);
}

void model_make_with(model_t *model, const char *const *zones, const model_check_t *checks)
{
	model_make_from(model, zones, checks, NULL, NULL);
}

void model_make(model_t *model, const char *const *zones)
{
	model_make_with(model, zones, NULL);
}

void model_free(model_t *model)
{
	for (size_t i = 0; i < model->zone_count; i++) {
		free(model->zones[i].records);
	}
	for (size_t i = 0; i < model->node_count; i++) {
		free(model->nodes[i].bytes);
	}
	free(model->zones);
	free(model->names);
	free(model->nodes);
}

model_node_t *model_find(const model_t *model, const uint8_t *key, size_t len)
{
	for (size_t i = 0; i < model->node_count; i++) {
		model_node_t *node = &model->nodes[i];
		if (node->key.len == len && memcmp(node->key.bytes, key, len) == 0) {
			return node;
		}
	}
	return NULL;
}
