/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/attributes.h"
#include "core/name.h"
#include "core/node.h"
#include "core/program.h"

#define TYPE_AT  2 /*!< Of the type in a wire-ready RR, after the owner. */
#define RDLEN_AT 10

static const uint8_t rr_owner[2] = { 0xC0, 0x0C };

uint32_t steer_sum(const void *bytes, size_t len)
{
	return (uint32_t)XXH3_64bits(bytes, len);
}

uint32_t steer_value_sum(const uint8_t *value, size_t size)
{
	return steer_sum(value + STEER_SUM_SIZE, size - STEER_SUM_SIZE);
}

uint64_t steer_name_hash(const uint8_t *name, size_t len)
{
	return XXH3_64bits(name, len);
}

uint64_t steer_id_hash(const uint8_t *id, size_t len)
{
	return XXH3_64bits(id, len);
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

/* Checks of a stored node. Lengths have 64 bits, so that no sum of two fields wraps around. */

/*! Whether len bytes at offset lie in a node, after its header. */
static bool inside(const steer_node_t *node, uint64_t offset, uint64_t len)
{
	return offset >= STEER_NODE_HEADER && offset + len <= node->size;
}

bool steer_rrs_are_whole(const uint8_t *at, uint64_t len, uint16_t type, uint16_t count)
{
	const uint8_t begin[] = { rr_owner[0], rr_owner[1], type >> 8, type };
	uint64_t used = 0;
	for (; count > 0; count--, at += STEER_RR_HEAD + be16(at + RDLEN_AT)) {
		used += STEER_RR_HEAD;
		if (used > len || memcmp(at, begin, sizeof(begin)) != 0) {
			return false;
		}
		used += be16(at + RDLEN_AT);
	}
	return used == len;
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

static bool is_number(uint32_t number)
{
	return number <= STEER_DICTIONARY_MAX;
}

/*! Whether a set says nothing of places, as most do. */
static inline bool is_anywhere(const uint8_t *at)
{
	return (get_set_region(at) | get_set_geo(at) | get_set_location(at) | get_set_lat(at) |
	        get_set_lon(at) | get_set_bias(at) | get_set_reserved(at) | get_set_reserved2(at)) == 0;
}

/*! Whether a set is somewhere, for the group's collection. */
static bool places_are_sound(const uint8_t *at, uint32_t collection)
{
	const steer_coordinates_t point = steer_set_point(at);
	const int8_t bias = steer_set_bias(at);
	return is_number(get_set_region(at)) && is_number(get_set_location(at)) &&
	       (get_set_location(at) == 0 || collection != 0) &&
	       (get_set_geo(at) & ~STEER_GEO_KNOWN) == 0 && steer_coordinates_are_good(point) &&
	       ((get_set_flags(at) & STEER_SET_POINT) || (point.lat == 0 && point.lon == 0)) &&
	       bias >= -STEER_BIAS_MAX && bias <= STEER_BIAS_MAX && get_set_reserved(at) == 0 &&
	       get_set_reserved2(at) == 0;
}

static bool set_is_sound(const steer_node_t *node, const uint8_t *at, uint16_t type)
{
	if (get_set_id_len(at) > STEER_SET_ID_MAX ||
	    !inside(node, get_set_id(at), get_set_id_len(at)) ||
	    !inside(node, get_set_body(at), get_set_body_len(at)) ||
	    !inside(node, get_set_attrs(at), get_set_attrs_len(at)) ||
	    !steer_attributes_are_whole(node->at + get_set_attrs(at), get_set_attrs_len(at))) {
		return false;
	}
	const uint8_t *body = node->at + get_set_body(at);
	uint32_t body_len = get_set_body_len(at);
	uint8_t flags = get_set_flags(at) & ~STEER_SET_POINT;
	switch (get_set_kind(at)) {
	case STEER_SET_VALUES:
		return flags == 0 && get_set_count(at) > 0 && body_len <= STEER_RRS_MAX &&
		       steer_rrs_are_whole(body, body_len, type, get_set_count(at));
	case STEER_SET_ALIAS:
		return (flags & ~STEER_SET_EVALUATE) == 0 && get_set_count(at) == 0 &&
		       steer_name_is_whole(body, body_len);
	default:
		return false;
	}
}

/*! Whether sets are sorted by tier, and the draw table, if any, has the sums of their weights. */
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

/*! Whether a policy's program can be run, and its draw table is the one that it needs. */
static bool program_is_sound(const steer_node_t *node, const uint8_t *at)
{
	unsigned sets = get_policy_sets(at), len = get_policy_program_len(at);
	const uint8_t *program = node->at + get_policy_program(at);
	uint32_t table_len = get_policy_table_len(at);
	return (len > 0 || sets == 1) && steer_program_is_whole(program, len) &&
	       table_len == steer_program_table_size(program, len, sets) &&
	       draws_are_sound(at + STEER_POLICY_SIZE, sets,
	                       table_len > 0 ? node->at + get_policy_table(at) : NULL);
}

static bool policy_is_sound(const steer_node_t *node, uint32_t offset, uint32_t length,
                            uint16_t type)
{
	if (length < STEER_POLICY_SIZE) {
		return false;
	}
	const uint8_t *at = node->at + offset;
	unsigned sets = get_policy_sets(at);
	const uint32_t collection = get_policy_collection(at);
	if ((get_policy_flags(at) & ~STEER_POLICY_KNOWN) != 0 || !is_number(collection) ||
	    sets < 1 || sets > STEER_SETS_MAX || get_policy_program_len(at) > STEER_PROGRAM_MAX ||
	    STEER_POLICY_SIZE + (uint64_t)sets * STEER_SET_SIZE > length ||
	    !inside(node, get_policy_program(at), get_policy_program_len(at)) ||
	    !inside(node, get_policy_table(at), get_policy_table_len(at)) ||
	    !program_is_sound(node, at)) {
		return false;
	}
	at += STEER_POLICY_SIZE;
	for (unsigned i = 0; i < sets; i++, at += STEER_SET_SIZE) {
		if (!set_is_sound(node, at, type) ||
		    (!is_anywhere(at) && !places_are_sound(at, collection))) {
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
	    !inside(node, groups, (uint64_t)count * STEER_GROUP_SIZE)) {
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
	    get_node_sum(at) != steer_value_sum(at, size)) {
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
		.children = get_face_children(at),
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
		group->collection = get_policy_collection(policy);
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
		.id = node + get_set_id(at),
		.body = node + get_set_body(at),
		.attrs = node + get_set_attrs(at),
		.region = get_set_region(at),
		.geo = get_set_geo(at),
		.location = get_set_location(at),
		.has_point = get_set_flags(at) & STEER_SET_POINT,
		.point = steer_set_point(at),
		.bias = steer_set_bias(at),
	};
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

bool steer_set_health(const steer_set_t *set, char id[STEER_CHECK_ID_MAX + 1])
{
	uint8_t len;
	const uint8_t *value = steer_attribute_find(set->attrs, set->attrs_len, STEER_ATTR_HEALTH, &len);
	if (value == NULL || len > STEER_CHECK_ID_MAX) {
		return false;
	}
	memcpy(id, value, len);
	id[len] = '\0';
	return true;
}
