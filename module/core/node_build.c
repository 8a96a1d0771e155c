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

bool steer_set_equal(const steer_set_t *a, const steer_set_t *b)
{
	return a->alias == b->alias && a->evaluate == b->evaluate && a->tier == b->tier &&
	       a->count == b->count && a->weight == b->weight && a->slot == b->slot &&
	       a->generation == b->generation && a->ttl == b->ttl &&
	       bytes_equal(a->id, a->id_len, b->id, b->id_len) &&
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
	if (a->type != b->type || a->count != b->count ||
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
	return group->count == 1 && group->program_len == 0 && !set->alias && set->id_len == 0 &&
	       set->attrs_len == 0 && set->tier == 0 && set->weight == 0 &&
	       set->slot == STEER_SLOT_NONE && set->generation == 0;
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
	bool refused;  /*!< No block can say what the model does. */
} maker_t;

/*! Takes bytes for a structure, zeroed; NULL if there is no room (counted all the same). */
static uint8_t *take(maker_t *maker, uint64_t len, uint32_t *offset)
{
	*offset = maker->used;
	maker->used += len;
	if (maker->used > maker->room) {
		return NULL;
	}
	return memset(maker->buf + *offset, 0, len);
}

static uint32_t copy(maker_t *maker, const void *bytes, uint64_t len)
{
	uint32_t offset;
	uint8_t *to = take(maker, len, &offset);
	if (to != NULL && len > 0) {
		memcpy(to, bytes, len);
	}
	return offset;
}

static void make_values(maker_t *maker, const steer_set_t *set)
{
	uint32_t offset;
	uint8_t *at = take(maker, STEER_VALUES_SIZE, &offset);
	if (at != NULL) {
		put_values_ttl(at, set->ttl);
		put_values_count(at, set->count);
		put_values_rrs(at, set->body_len);
		put_values_sigs(at, set->sigs_len);
	}
	copy(maker, set->body, set->body_len);
	copy(maker, set->sigs, set->sigs_len);
}

static void make_set(maker_t *maker, uint8_t *at, const steer_set_t *set)
{
	uint32_t id = copy(maker, set->id, set->id_len);
	uint32_t body = copy(maker, set->body, set->body_len);
	uint32_t attrs = copy(maker, set->attrs, set->attrs_len);
	if (at == NULL) {
		return;
	}
	put_set_kind(at, set->alias ? STEER_SET_ALIAS : STEER_SET_VALUES);
	put_set_flags(at, set->evaluate ? STEER_SET_EVALUATE : 0);
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
}

/*! A group that is no plain one. Flags and draw table follow from its sets and its program. */
static void make_policy(maker_t *maker, const steer_group_t *group)
{
	uint32_t offset, sets, table;
	uint8_t *at = take(maker, STEER_POLICY_SIZE, &offset);
	uint8_t *set_at = take(maker, (uint64_t)group->count * STEER_SET_SIZE, &sets);
	uint32_t program = copy(maker, group->program, group->program_len);
	bool whole = steer_program_is_whole(group->program, group->program_len); // Else it is refused.
	size_t table_size = !whole ? 0 : steer_program_table_size(group->program, group->program_len,
	                                                          group->count);
	uint8_t *table_at = take(maker, table_size, &table);
	if (table_at != NULL && table_size > 0) {
		steer_policy_table_write(table_at, group);
	}
	if (at != NULL) {
		put_policy_sets(at, group->count);
		put_policy_program(at, program);
		put_policy_program_len(at, group->program_len);
		put_policy_table(at, table);
		put_policy_table_len(at, table_size);
	}
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		make_set(maker, set_at == NULL ? NULL : set_at + i * STEER_SET_SIZE, &set);
		maker->refused |= set.sigs_len > 0; // Only a values block has a place for them.
	}
	if (maker->used <= maker->room) { // It takes a while, and what does not fit is made again.
		put_policy_flags(at, steer_policy_flags(group));
	}
}

static void make_group(maker_t *maker, uint8_t *at, const steer_group_t *group)
{
	steer_set_t first;
	steer_group_set(group, 0, &first);
	bool plain = is_plain(group, &first);
	uint64_t block = maker->used;
	if (plain) {
		make_values(maker, &first);
	} else {
		make_policy(maker, group);
	}
	if (at != NULL) {
		put_group_type(at, group->type);
		put_group_kind(at, plain ? STEER_GROUP_PLAIN : STEER_GROUP_POLICY);
		put_group_block(at, block);
		put_group_length(at, maker->used - block);
	}
}

int steer_group_build(uint8_t *buf, size_t *size, const steer_group_t *group)
{
	maker_t maker = { .buf = buf, .room = buf != NULL ? *size : 0 };
	uint32_t offset;
	uint8_t *at = take(&maker, STEER_GROUP_SIZE, &offset);
	make_group(&maker, at, group);
	*size = maker.used;
	if (maker.used > STEER_NODE_MAX || (buf != NULL && maker.used > maker.room)) {
		return STEER_ESPACE;
	}
	return maker.refused ? STEER_EINVAL : STEER_OK;
}

static void make_face(maker_t *maker, uint8_t *at, const steer_face_t *face)
{
	uint32_t groups;
	uint8_t *group_at = take(maker, (uint64_t)face->count * STEER_GROUP_SIZE, &groups);
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		make_group(maker, group_at == NULL ? NULL : group_at + i * STEER_GROUP_SIZE, &group);
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

	maker_t maker = { .buf = buf, .room = buf != NULL ? *size : 0 };
	uint32_t offset;
	uint8_t *head = take(&maker, STEER_NODE_HEADER, &offset);
	uint8_t *face_at = take(&maker, (uint64_t)count * STEER_FACE_SIZE, &offset);
	for (unsigned i = 0; i < count; i++) {
		make_face(&maker, face_at == NULL ? NULL : face_at + i * STEER_FACE_SIZE, &faces[i]);
	}
	*size = maker.used;
	if (maker.used > STEER_NODE_MAX) {
		return STEER_ESPACE;
	}
	if (maker.used > maker.room) {
		return buf == NULL ? STEER_OK : STEER_ESPACE;
	}

	put_node_size(head, maker.used);
	put_node_format(head, STEER_NODE_FORMAT);
	put_node_faces(head, count);
	put_node_sum(head, steer_value_sum(buf, maker.used));

	steer_node_t check; // A model out of bounds must not reach the store: it could not be read.
	return !maker.refused && steer_node_open(&check, buf, maker.used) == STEER_OK
	       ? STEER_OK : STEER_EINVAL;
}
