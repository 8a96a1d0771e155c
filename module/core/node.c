/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/name.h"
#include "core/node.h"
#include "core/program.h"

#define SUM_SIZE 4
#define TYPE_AT  2 /*!< Of the type in a wire-ready RR, behind the owner. */
#define RDLEN_AT 10

static const uint8_t rr_owner[2] = { 0xC0, 0x0C };

uint32_t steer_sum(const void *bytes, size_t len)
{
	return (uint32_t)XXH3_64bits(bytes, len);
}

uint64_t steer_name_hash(const uint8_t *name, size_t len)
{
	return XXH3_64bits(name, len);
}

static inline uint16_t be16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

size_t steer_rr_write(uint8_t *at, uint16_t type, uint32_t ttl, const uint8_t *rdata,
                      uint16_t rdata_len)
{
	const uint8_t head[STEER_RR_HEAD] = {
		rr_owner[0], rr_owner[1], type >> 8, type, 0, 1,
		ttl >> 24, ttl >> 16, ttl >> 8, ttl, rdata_len >> 8, rdata_len
	};
	memcpy(at, head, sizeof(head));
	memcpy(at + sizeof(head), rdata, rdata_len);
	return sizeof(head) + rdata_len;
}

const uint8_t *steer_rr_next(const uint8_t **at, const uint8_t *end, uint16_t *rdata_len)
{
	if (*at == end) {
		return NULL;
	}
	const uint8_t *rdata = *at + STEER_RR_HEAD;
	*rdata_len = be16(*at + RDLEN_AT);
	*at = rdata + *rdata_len;
	return rdata;
}

/* Checks of a stored node. Lengths are 64 bits wide so that no sum of two fields wraps. */

/*! Whether len bytes at offset lie behind the header of a node. */
static bool inside(const steer_node_t *node, uint64_t offset, uint64_t len)
{
	return offset >= STEER_NODE_HEADER && offset + len <= node->size;
}

bool steer_rrs_are_whole(const uint8_t *at, uint64_t len, uint16_t type, uint16_t count)
{
	const uint8_t *end = at + len;
	for (; count > 0; count--) {
		if (end - at < STEER_RR_HEAD || memcmp(at, rr_owner, sizeof(rr_owner)) != 0 ||
		    be16(at + TYPE_AT) != type || end - at < STEER_RR_HEAD + be16(at + RDLEN_AT)) {
			return false;
		}
		at += STEER_RR_HEAD + be16(at + RDLEN_AT);
	}
	return at == end;
}

static bool values_are_sound(const steer_node_t *node, uint32_t offset, uint32_t length,
                             uint16_t type)
{
	if (length < STEER_VALUES_SIZE) {
		return false;
	}
	const uint8_t *at = node->at + offset;
	uint64_t rrs = get_values_rrs(at);
	return get_values_reserved(at) == 0 && get_values_count(at) > 0 &&
	       rrs <= STEER_RRS_MAX && STEER_VALUES_SIZE + rrs + get_values_sigs(at) == length &&
	       steer_rrs_are_whole(at + STEER_VALUES_SIZE, rrs, type, get_values_count(at));
}

static bool set_is_sound(const steer_node_t *node, const uint8_t *at, uint16_t type)
{
	if (get_set_reserved(at) != 0 || get_set_reserved2(at) != 0 ||
	    get_set_id_len(at) > STEER_SET_ID_MAX ||
	    !inside(node, get_set_id(at), get_set_id_len(at)) ||
	    !inside(node, get_set_body(at), get_set_body_len(at)) ||
	    !inside(node, get_set_sigs(at), get_set_sigs_len(at)) ||
	    !inside(node, get_set_attrs(at), get_set_attrs_len(at))) {
		return false;
	}
	const uint8_t *body = node->at + get_set_body(at);
	uint32_t body_len = get_set_body_len(at);
	switch (get_set_kind(at)) {
	case STEER_SET_VALUES:
		return get_set_flags(at) == 0 && get_set_count(at) > 0 && body_len <= STEER_RRS_MAX &&
		       steer_rrs_are_whole(body, body_len, type, get_set_count(at));
	case STEER_SET_ALIAS:
		return (get_set_flags(at) & ~STEER_SET_EVALUATE) == 0 && get_set_count(at) == 0 &&
		       steer_name_is_whole(body, body_len);
	default:
		return false;
	}
}

/*! Whether sets are sorted by tier, and a draw table has the sums of their weights. */
static bool draws_are_sound(const uint8_t *set, unsigned sets, const uint8_t *table)
{
	uint64_t sum = 0, entry;
	uint8_t tier = 0;
	for (; sets > 0; sets--, set += STEER_SET_SIZE) {
		sum += get_set_weight(set);
		if (get_set_tier(set) < tier) {
			return false;
		}
		tier = get_set_tier(set);
		if (table != NULL) {
			memcpy(&entry, table, sizeof(entry));
			table += STEER_TABLE_ENTRY;
			if (steer_le_u64(entry) != sum) {
				return false;
			}
		}
	}
	return true;
}

static bool policy_is_sound(const steer_node_t *node, uint32_t offset, uint32_t length,
                            uint16_t type)
{
	if (length < STEER_POLICY_SIZE) {
		return false;
	}
	const uint8_t *at = node->at + offset;
	unsigned sets = get_policy_sets(at);
	if ((get_policy_flags(at) & ~STEER_POLICY_KNOWN) != 0 || get_policy_reserved2(at) != 0 ||
	    sets < 1 || sets > STEER_SETS_MAX || get_policy_program_len(at) > STEER_PROGRAM_MAX ||
	    STEER_POLICY_SIZE + (uint64_t)sets * STEER_SET_SIZE > length ||
	    !inside(node, get_policy_program(at), get_policy_program_len(at)) ||
	    !inside(node, get_policy_table(at), get_policy_table_len(at))) {
		return false;
	}
	uint32_t table_len = get_policy_table_len(at);
	const uint8_t *table = table_len > 0 ? node->at + get_policy_table(at) : NULL;
	if ((table != NULL && table_len != sets * STEER_TABLE_ENTRY) ||
	    !steer_program_is_whole(node->at + get_policy_program(at), get_policy_program_len(at)) ||
	    !draws_are_sound(at + STEER_POLICY_SIZE, sets, table)) {
		return false;
	}
	at += STEER_POLICY_SIZE;
	for (unsigned i = 0; i < sets; i++, at += STEER_SET_SIZE) {
		if (!set_is_sound(node, at, type)) {
			return false;
		}
	}
	return true;
}

static bool group_is_sound(const steer_node_t *node, const uint8_t *at)
{
	uint32_t block = get_group_block(at), length = get_group_length(at);
	if (get_group_reserved(at) != 0 || get_group_reserved2(at) != 0 ||
	    !inside(node, block, length)) {
		return false;
	}
	switch (get_group_kind(at)) {
	case STEER_GROUP_PLAIN:
		return values_are_sound(node, block, length, get_group_type(at));
	case STEER_GROUP_POLICY:
		return policy_is_sound(node, block, length, get_group_type(at));
	default:
		return false;
	}
}

static bool face_is_sound(const steer_node_t *node, const uint8_t *at)
{
	uint64_t groups = get_face_groups(at);
	unsigned count = get_face_count(at);
	if ((get_face_flags(at) & ~STEER_FACE_KNOWN) != 0 || get_face_reserved(at) != 0 ||
	    get_face_reserved2(at) != 0 || get_face_apex(at) > STEER_LABELS_MAX ||
	    get_face_cut(at) > STEER_LABELS_MAX ||
	    !inside(node, groups, (uint64_t)count * STEER_GROUP_SIZE) ||
	    !inside(node, get_face_next(at), get_face_next_len(at))) {
		return false;
	}
	int before = -1;
	for (const uint8_t *group = node->at + groups; count > 0; count--) {
		int type = get_group_type(group);
		if (type <= before || !group_is_sound(node, group)) {
			return false;
		}
		before = type;
		group += STEER_GROUP_SIZE;
	}
	return true;
}

int steer_node_open(steer_node_t *node, const void *value, size_t size)
{
	const uint8_t *at = value;
	if (size < STEER_NODE_HEADER + STEER_FACE_SIZE || size > STEER_NODE_MAX ||
	    get_node_size(at) != size || get_node_format(at) != STEER_NODE_FORMAT ||
	    get_node_reserved(at) != 0 ||
	    get_node_sum(at) != steer_sum(at + SUM_SIZE, size - SUM_SIZE)) {
		return STEER_EDAMAGED;
	}

	steer_node_t open = { .at = at, .size = size };
	unsigned faces = get_node_faces(at);
	if (faces < 1 || faces > STEER_FACES_MAX ||
	    !inside(&open, STEER_NODE_HEADER, (uint64_t)faces * STEER_FACE_SIZE)) {
		return STEER_EDAMAGED;
	}
	int before = -1;
	for (const uint8_t *face = at + STEER_NODE_HEADER; faces > 0; faces--) {
		if (get_face_apex(face) <= before || !face_is_sound(&open, face)) {
			return STEER_EDAMAGED;
		}
		before = get_face_apex(face);
		face += STEER_FACE_SIZE;
	}
	*node = open;
	return STEER_OK;
}

/* Views. */

unsigned steer_node_faces(const steer_node_t *node)
{
	return get_node_faces(node->at);
}

static void face_view(steer_face_t *face, const uint8_t *node, const uint8_t *at)
{
	*face = (steer_face_t) {
		.apex = get_face_apex(at),
		.flags = get_face_flags(at),
		.cut = get_face_cut(at),
		.count = get_face_count(at),
		.next_len = get_face_next_len(at),
		.children = get_face_children(at),
		.next = node + get_face_next(at),
		.at = node + get_face_groups(at),
		.node = node,
	};
}

void steer_node_face_at(const steer_node_t *node, unsigned i, steer_face_t *face)
{
	face_view(face, node->at, node->at + STEER_NODE_HEADER + i * STEER_FACE_SIZE);
}

bool steer_node_face(const steer_node_t *node, unsigned apex, steer_face_t *face)
{
	const uint8_t *at = node->at + STEER_NODE_HEADER;
	for (unsigned left = get_node_faces(node->at); left > 0; left--, at += STEER_FACE_SIZE) {
		if (get_face_apex(at) == apex) {
			face_view(face, node->at, at);
			return true;
		}
	}
	return false;
}

void steer_group_view(steer_group_t *group, const uint8_t *node, const uint8_t *at)
{
	*group = (steer_group_t) {
		.type = get_group_type(at), .count = 1, .at = at, .node = node,
	};
	if (get_group_kind(at) == STEER_GROUP_POLICY) {
		const uint8_t *policy = node + get_group_block(at);
		group->count = get_policy_sets(policy);
		group->program = node + get_policy_program(policy);
		group->program_len = get_policy_program_len(policy);
		group->table = node + get_policy_table(policy);
		group->table_len = get_policy_table_len(policy);
	}
}

void steer_face_group_at(const steer_face_t *face, unsigned i, steer_group_t *group)
{
	if (face->groups != NULL) {
		*group = face->groups[i];
	} else {
		steer_group_view(group, face->node, face->at + i * STEER_GROUP_SIZE);
	}
}

bool steer_face_group(const steer_face_t *face, uint16_t type, steer_group_t *group)
{
	const uint8_t *at = face->at;
	for (unsigned left = face->count; left > 0; left--, at += STEER_GROUP_SIZE) {
		if (get_group_type(at) >= type) {
			if (get_group_type(at) != type) {
				return false;
			}
			steer_group_view(group, face->node, at);
			return true;
		}
	}
	return false;
}

int steer_group_open(steer_group_t *group, const void *bytes, size_t size)
{
	const steer_node_t alone = { .at = bytes, .size = size };
	if (size < STEER_GROUP_SIZE || size > STEER_NODE_MAX ||
	    get_group_block(alone.at) != STEER_GROUP_SIZE ||
	    get_group_length(alone.at) != size - STEER_GROUP_SIZE ||
	    !group_is_sound(&alone, alone.at)) {
		return STEER_EDAMAGED;
	}
	steer_group_view(group, alone.at, alone.at);
	return STEER_OK;
}

static void values_view(steer_set_t *set, const uint8_t *at)
{
	*set = (steer_set_t) {
		.slot = STEER_SLOT_NONE,
		.count = get_values_count(at),
		.ttl = get_values_ttl(at),
		.body = at + STEER_VALUES_SIZE,
		.body_len = get_values_rrs(at),
		.sigs = at + STEER_VALUES_SIZE + get_values_rrs(at),
		.sigs_len = get_values_sigs(at),
	};
}

static void set_view(steer_set_t *set, const uint8_t *node, const uint8_t *at)
{
	*set = (steer_set_t) {
		.alias = get_set_kind(at) == STEER_SET_ALIAS,
		.evaluate = get_set_flags(at) & STEER_SET_EVALUATE,
		.id_len = get_set_id_len(at),
		.tier = get_set_tier(at),
		.count = get_set_count(at),
		.attrs_len = get_set_attrs_len(at),
		.weight = get_set_weight(at),
		.slot = get_set_slot(at),
		.generation = get_set_generation(at),
		.ttl = get_set_ttl(at),
		.body_len = get_set_body_len(at),
		.sigs_len = get_set_sigs_len(at),
		.id = node + get_set_id(at),
		.body = node + get_set_body(at),
		.sigs = node + get_set_sigs(at),
		.attrs = node + get_set_attrs(at),
	};
}

const uint8_t *steer_group_values(const steer_group_t *group)
{
	return get_group_kind(group->at) != STEER_GROUP_PLAIN ? NULL
	       : group->node + get_group_block(group->at);
}

void steer_group_set(const steer_group_t *group, unsigned i, steer_set_t *set)
{
	if (group->sets != NULL) {
		*set = group->sets[i];
		return;
	}
	const uint8_t *block = group->node + get_group_block(group->at);
	if (get_group_kind(group->at) == STEER_GROUP_PLAIN) {
		values_view(set, block);
	} else {
		set_view(set, group->node, block + STEER_POLICY_SIZE + i * STEER_SET_SIZE);
	}
}

/* Comparison and building. */

static bool bytes_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

static bool set_equal(const steer_set_t *a, const steer_set_t *b)
{
	return a->alias == b->alias && a->evaluate == b->evaluate && a->tier == b->tier &&
	       a->count == b->count && a->weight == b->weight && a->slot == b->slot &&
	       a->generation == b->generation && a->ttl == b->ttl &&
	       bytes_equal(a->id, a->id_len, b->id, b->id_len) &&
	       bytes_equal(a->body, a->body_len, b->body, b->body_len) &&
	       bytes_equal(a->sigs, a->sigs_len, b->sigs, b->sigs_len) &&
	       bytes_equal(a->attrs, a->attrs_len, b->attrs, b->attrs_len);
}

bool steer_group_equal(const steer_group_t *a, const steer_group_t *b)
{
	if (a->type != b->type || a->count != b->count ||
	    !bytes_equal(a->program, a->program_len, b->program, b->program_len) ||
	    !bytes_equal(a->table, a->table_len, b->table, b->table_len)) {
		return false;
	}
	for (unsigned i = 0; i < a->count; i++) {
		steer_set_t x, y;
		steer_group_set(a, i, &x);
		steer_group_set(b, i, &y);
		if (!set_equal(&x, &y)) {
			return false;
		}
	}
	return true;
}

/*! A node under construction: counts the bytes it needs, and writes those for which it has room. */
typedef struct {
	uint8_t *buf;
	uint64_t room; /*!< 0: only count. */
	uint64_t used;
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

/*! A group that a plain values block can say. */
static bool is_plain(const steer_group_t *group, const steer_set_t *set)
{
	return group->count == 1 && group->program_len == 0 && group->table_len == 0 &&
	       !set->alias && set->id_len == 0 && set->attrs_len == 0 && set->tier == 0 &&
	       set->weight == 0 && set->slot == STEER_SLOT_NONE && set->generation == 0;
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
	uint32_t sigs = copy(maker, set->sigs, set->sigs_len);
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
	put_set_sigs(at, sigs);
	put_set_sigs_len(at, set->sigs_len);
	put_set_attrs(at, attrs);
}

static void make_policy(maker_t *maker, const steer_group_t *group)
{
	uint32_t offset, sets;
	uint8_t *at = take(maker, STEER_POLICY_SIZE, &offset);
	uint8_t *set_at = take(maker, (uint64_t)group->count * STEER_SET_SIZE, &sets);
	uint32_t program = copy(maker, group->program, group->program_len);
	uint32_t table = copy(maker, group->table, group->table_len);
	if (at != NULL) {
		put_policy_sets(at, group->count);
		put_policy_program(at, program);
		put_policy_program_len(at, group->program_len);
		put_policy_table(at, table);
		put_policy_table_len(at, group->table_len);
	}
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		make_set(maker, set_at == NULL ? NULL : set_at + i * STEER_SET_SIZE, &set);
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
	return maker.used > STEER_NODE_MAX || (buf != NULL && maker.used > maker.room)
	       ? STEER_ESPACE : STEER_OK;
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
	uint32_t next = copy(maker, face->next, face->next_len);
	if (at != NULL) {
		put_face_apex(at, face->apex);
		put_face_flags(at, face->flags);
		put_face_cut(at, face->cut);
		put_face_children(at, face->children);
		put_face_groups(at, groups);
		put_face_count(at, face->count);
		put_face_next(at, next);
		put_face_next_len(at, face->next_len);
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
	if (maker.used > STEER_NODE_MAX) {
		return STEER_ESPACE;
	}
	bool fits = maker.used <= maker.room;
	*size = maker.used;
	if (!fits) {
		return buf == NULL ? STEER_OK : STEER_ESPACE;
	}

	put_node_size(head, maker.used);
	put_node_format(head, STEER_NODE_FORMAT);
	put_node_faces(head, count);
	put_node_sum(head, steer_sum(buf + SUM_SIZE, maker.used - SUM_SIZE));

	steer_node_t check; // A model out of bounds must not reach the store: it could not be read.
	return steer_node_open(&check, buf, maker.used) == STEER_OK ? STEER_OK : STEER_EINVAL;
}
