/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "core/policy_table.h"
#include "core/program.h"

/* Comparison. */

static bool bytes_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

static bool places_equal(const steer_set_t *a, const steer_set_t *b)
{
	return a->region == b->region && a->geo == b->geo && a->location == b->location &&
	       a->has_point == b->has_point && a->point.lat == b->point.lat &&
	       a->point.lon == b->point.lon && a->bias == b->bias;
}

bool steer_set_equal(const steer_set_t *a, const steer_set_t *b)
{
	return a->alias == b->alias && a->evaluate == b->evaluate && a->tier == b->tier &&
	       a->count == b->count && a->weight == b->weight && a->slot == b->slot &&
	       a->generation == b->generation && a->ttl == b->ttl &&
	       places_equal(a, b) && bytes_equal(a->id, a->id_len, b->id, b->id_len) &&
	       bytes_equal(a->body, a->body_len, b->body, b->body_len) &&
	       bytes_equal(a->sigs, a->sigs_len, b->sigs, b->sigs_len) &&
	       bytes_equal(a->attrs, a->attrs_len, b->attrs, b->attrs_len);
}

int steer_set_order(const steer_set_t *a, const steer_set_t *b)
{
	return a->tier != b->tier ? (int)a->tier - (int)b->tier
	       : steer_key_cmp(a->id, a->id_len, b->id, b->id_len);
}

bool steer_group_equal(const steer_group_t *a, const steer_group_t *b)
{
	if (a->type != b->type || a->count != b->count || a->collection != b->collection ||
	    !bytes_equal(a->program, a->program_len, b->program, b->program_len)) {
		return false;
	}
	for (unsigned i = 0; i < a->count; i++) {
		steer_set_t x, y;
		steer_group_set(a, i, &x);
		steer_group_set(b, i, &y);
		if (!steer_set_equal(&x, &y)) {
			return false;
		}
	}
	return true;
}

static bool is_plain(const steer_group_t *group, const steer_set_t *set)
{
	static const steer_set_t nowhere;
	return group->count == 1 && group->program_len == 0 && group->collection == 0 && !set->alias &&
	       set->id_len == 0 && set->attrs_len == 0 && set->tier == 0 && set->weight == 0 &&
	       set->slot == STEER_SLOT_NONE && set->generation == 0 && places_equal(set, &nowhere);
}

bool steer_group_is_plain(const steer_group_t *group)
{
	steer_set_t set;
	steer_group_set(group, 0, &set);
	return is_plain(group, &set);
}

/* Building. */

/*! A node under construction: counts the bytes it needs, and writes those for which it has room. */
typedef struct {
	uint8_t *buf;
	uint64_t room; /*!< 0: only count. */
	uint64_t used;
	bool refused;  /*!< The model has what no block can hold. */
} builder_t;

/*! Takes zeroed bytes for a structure; NULL if there is no room (they are counted all the same). */
static uint8_t *take(builder_t *builder, uint64_t len, uint32_t *offset)
{
	*offset = builder->used;
	builder->used += len;
	if (builder->used > builder->room) {
		return NULL;
	}
	return memset(builder->buf + *offset, 0, len);
}

static uint32_t copy(builder_t *builder, const void *bytes, uint64_t len)
{
	uint32_t offset;
	uint8_t *to = take(builder, len, &offset);
	if (to != NULL && len > 0) {
		memcpy(to, bytes, len);
	}
	return offset;
}

static void make_values(builder_t *builder, const steer_set_t *set)
{
	uint32_t offset;
	uint8_t *at = take(builder, STEER_VALUES_SIZE, &offset);
	if (at != NULL) {
		put_values_ttl(at, set->ttl);
		put_values_count(at, set->count);
		put_values_rrs(at, set->body_len);
		put_values_sigs(at, set->sigs_len);
	}
	copy(builder, set->body, set->body_len);
	copy(builder, set->sigs, set->sigs_len);
}

static void make_set(builder_t *builder, uint8_t *at, const steer_set_t *set)
{
	uint32_t id = copy(builder, set->id, set->id_len);
	uint32_t body = copy(builder, set->body, set->body_len);
	uint32_t attrs = copy(builder, set->attrs, set->attrs_len);
	if (at == NULL) {
		return;
	}
	put_set_kind(at, set->alias ? STEER_SET_ALIAS : STEER_SET_VALUES);
	put_set_flags(at, (set->evaluate ? STEER_SET_EVALUATE : 0) |
	                  (set->has_point ? STEER_SET_POINT : 0));
	put_set_id_len(at, set->id_len);
	put_set_tier(at, set->tier);
	put_set_weight(at, set->weight);
	put_set_slot(at, set->slot);
	put_set_generation(at, set->generation);
	put_set_ttl(at, set->ttl);
	put_set_count(at, set->count);
	put_set_attrs_len(at, set->attrs_len);
	put_set_id(at, id);
	put_set_body(at, body);
	put_set_body_len(at, set->body_len);
	put_set_attrs(at, attrs);
	put_set_id_hash(at, steer_id_hash(set->id, set->id_len));
	put_set_region(at, set->region);
	put_set_geo(at, set->geo);
	put_set_location(at, set->location);
	put_set_lat(at, set->point.lat);
	put_set_lon(at, set->point.lon);
	put_set_bias(at, set->bias);
}

/*! A group that is not plain. Its flags and draw table are derived from its sets and program. */
static void make_policy(builder_t *builder, const steer_group_t *group)
{
	uint32_t offset, sets, table;
	uint8_t *at = take(builder, STEER_POLICY_SIZE, &offset);
	uint8_t *set_at = take(builder, (uint64_t)group->count * STEER_SET_SIZE, &sets);
	uint32_t program = copy(builder, group->program, group->program_len);
	bool whole = steer_program_is_whole(group->program, group->program_len); // Else refused below.
	size_t table_size = !whole ? 0 : steer_program_table_size(group->program, group->program_len,
	                                                          group->count);
	uint8_t *table_at = take(builder, table_size, &table);
	if (table_at != NULL && table_size > 0) {
		steer_policy_table_write(table_at, group);
	}
	if (at != NULL) {
		put_policy_sets(at, group->count);
		put_policy_program(at, program);
		put_policy_program_len(at, group->program_len);
		put_policy_table(at, table);
		put_policy_table_len(at, table_size);
		put_policy_collection(at, group->collection);
	}
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		make_set(builder, set_at == NULL ? NULL : set_at + i * STEER_SET_SIZE, &set);
		builder->refused |= set.sigs_len > 0; // Only a values block can hold them.
	}
	if (builder->used <= builder->room) { // Slow, and pointless for what is only counted.
		put_policy_flags(at, steer_policy_flags(group));
	}
}

static void make_group(builder_t *builder, uint8_t *at, const steer_group_t *group)
{
	steer_set_t first;
	steer_group_set(group, 0, &first);
	bool plain = is_plain(group, &first);
	uint64_t block = builder->used;
	if (plain) {
		make_values(builder, &first);
	} else {
		make_policy(builder, group);
	}
	if (at != NULL) {
		put_group_type(at, group->type);
		put_group_kind(at, plain ? STEER_GROUP_PLAIN : STEER_GROUP_POLICY);
		put_group_block(at, block);
		put_group_length(at, builder->used - block);
	}
}

int steer_group_build(uint8_t *buf, size_t *size, const steer_group_t *group)
{
	builder_t builder = { .buf = buf, .room = buf != NULL ? *size : 0 };
	uint32_t offset;
	uint8_t *at = take(&builder, STEER_GROUP_SIZE, &offset);
	make_group(&builder, at, group);
	*size = builder.used;
	if (builder.used > STEER_NODE_MAX || (buf != NULL && builder.used > builder.room)) {
		return STEER_ESPACE;
	}
	return builder.refused ? STEER_EINVAL : STEER_OK;
}

static void make_face(builder_t *builder, uint8_t *at, const steer_face_t *face)
{
	uint32_t groups;
	uint8_t *group_at = take(builder, (uint64_t)face->count * STEER_GROUP_SIZE, &groups);
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		make_group(builder, group_at == NULL ? NULL : group_at + i * STEER_GROUP_SIZE, &group);
	}
	if (at != NULL) {
		put_face_apex(at, face->apex);
		put_face_flags(at, face->flags);
		put_face_cut(at, face->cut);
		put_face_children(at, face->children);
		put_face_groups(at, groups);
		put_face_count(at, face->count);
	}
}

int steer_node_build(uint8_t *buf, size_t *size, const steer_face_t *faces, unsigned count)
{
	if (count < 1 || count > STEER_FACES_MAX) {
		return STEER_EINVAL;
	}

	builder_t builder = { .buf = buf, .room = buf != NULL ? *size : 0 };
	uint32_t offset;
	uint8_t *head = take(&builder, STEER_NODE_HEADER, &offset);
	uint8_t *face_at = take(&builder, (uint64_t)count * STEER_FACE_SIZE, &offset);
	for (unsigned i = 0; i < count; i++) {
		make_face(&builder, face_at == NULL ? NULL : face_at + i * STEER_FACE_SIZE, &faces[i]);
	}
	*size = builder.used;
	if (builder.used > STEER_NODE_MAX) {
		return STEER_ESPACE;
	}
	if (builder.used > builder.room) {
		return buf == NULL ? STEER_OK : STEER_ESPACE;
	}

	put_node_size(head, builder.used);
	put_node_format(head, STEER_NODE_FORMAT);
	put_node_faces(head, count);
	put_node_sum(head, steer_value_sum(buf, builder.used));

	steer_node_t check; // A model that is out of bounds must not be stored: it could not be read.
	return !builder.refused && steer_node_open(&check, buf, builder.used) == STEER_OK
	       ? STEER_OK : STEER_EINVAL;
}
