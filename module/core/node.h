/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The node: everything the store holds for one name, compiled; its reader and its writer.
 *
 * A node has a face for each zone that has the name, a face a group for each type of records, and a
 * group one or more record sets. Each of them is either a view, which reads a node in place, or a
 * model, which its maker fills in to have a node written.
 *
 * A node is used in place, in the memory map. steer_node_open() checks its sum and every offset and
 * length once; views of an open node need no further checks.
 *
 * Threads:  pure functions; any thread.
 * Memory:   views and models borrow; steer_node_build() fills the caller's buffer.
 * Units:    TTLs in seconds; weights are bare counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/coordinates.h"
#include "core/geo.h"
#include "schema/layout.h"
#include "steer/error.h"
#include "steer/reply.h"

/*! An open node; the bytes are borrowed. */
typedef struct {
	const uint8_t *at;
	uint32_t size;
} steer_node_t;

/*! A record set: values with a TTL, or an alias. */
typedef struct {
	bool alias;             /*!< body is the target of an alias, else RRs. */
	bool evaluate;          /*!< Alias: evaluate-target-health. */
	uint8_t id_len;
	uint8_t tier;
	uint16_t count;         /*!< Number of RRs. */
	uint16_t attrs_len;
	uint32_t weight;
	uint32_t slot;          /*!< Of the health check, or STEER_SLOT_NONE. */
	uint32_t generation;
	uint32_t ttl;
	uint32_t body_len;
	uint32_t sigs_len;
	const uint8_t *id;      /*!< Set identifier; empty for a simple record set. */
	const uint8_t *body;    /*!< Wire-ready RRs (owner C0 0C) in canonical order, or the wire name
	                             of the target. */
	const uint8_t *sigs;    /*!< RRSIG RRs; only in a group without a policy. */
	const uint8_t *attrs;   /*!< As in core/attributes.h. */
	uint32_t region;        /*!< Its number in the dictionary; 0: none. */
	steer_geo_t geo;        /*!< Of its clients; STEER_GEO_UNKNOWN: any. */
	uint32_t location;      /*!< Of its clients: its number in the dictionary; 0: any. */
	bool has_point;
	steer_coordinates_t point;
	int8_t bias;            /*!< Percent, at most STEER_BIAS_MAX on either side of 0. */
} steer_set_t;

/*! A group: all record sets of a name and type, with the policy that chooses among them. */
typedef struct {
	uint16_t type;
	uint16_t count;           /*!< Number of sets, at least 1. */
	uint32_t program_len;
	uint32_t table_len;       /*!< In a view. */
	uint32_t collection;      /*!< Of all locations: its number in the dictionary; 0: none. */
	uint8_t memorable;        /*!< In a view: STEER_MEMORABLE_*, by who found it (core/choice.h). */
	const uint8_t *program;   /*!< Steps; empty for a group without a policy. */
	const uint8_t *table;     /*!< In a view: the draw table, see core/policy_table.h. */
	const steer_set_t *sets;  /*!< In a model: the sets. In a view: NULL, see steer_group_set(). */
	const uint8_t *at;        /*!< In a view: the group's entry. */
	const uint8_t *node;      /*!< In a view: the node. */
} steer_group_t;

/*!
 * A face: the view of a name in one zone.
 *
 * A name can be in several hosted zones at once, say at the apex of one and at the cut of its
 * parent, and has other records and flags in each.
 */
typedef struct {
	uint8_t apex;                /*!< Label count of the zone's apex. */
	uint8_t flags;               /*!< STEER_FACE_*. */
	uint8_t cut;                 /*!< Labels of the topmost delegation at or above it; 0: none. */
	uint16_t count;              /*!< Number of groups. */
	uint32_t children;
	const steer_group_t *groups; /*!< In a model: the groups, by type. In a view: NULL. */
	const uint8_t *at;           /*!< In a view: the first group's entry. */
	const uint8_t *node;         /*!< In a view: the node. */
} steer_face_t;

/*!
 * Opens a stored value as a node.
 *
 * \retval STEER_OK
 * \retval STEER_EDAMAGED  Wrong checksum, size, format, order, bound, or a reserved field in use.
 */
int steer_node_open(steer_node_t *node, const void *value, size_t size);

/*! Number of faces. */
unsigned steer_node_faces(const steer_node_t *node);
/*! A face by position. */
void steer_node_face_at(const steer_node_t *node, unsigned i, steer_face_t *face);
/*! The face of the zone whose apex has this many labels. \return false if there is none */
bool steer_node_face(const steer_node_t *node, unsigned apex, steer_face_t *face);

/*! A group of a face by position; works on views and models. */
void steer_face_group_at(const steer_face_t *face, unsigned i, steer_group_t *group);
/*! The group of a type in a view. \return false if there is none */
bool steer_face_group(const steer_face_t *face, uint16_t type, steer_group_t *group);
/*! The values block of a group in a view; NULL if the group has a policy. */
static inline const uint8_t *steer_group_values(const steer_group_t *group)
{
	return get_group_kind(group->at) == STEER_GROUP_PLAIN
	       ? group->node + get_group_block(group->at) : NULL;
}
/*! Views the group with this entry in an open node. */
void steer_group_view(steer_group_t *group, const uint8_t *node, const uint8_t *at);
/*! STEER_POLICY_* of a group in a view. */
static inline uint16_t steer_group_flags(const steer_group_t *group)
{
	return get_group_kind(group->at) == STEER_GROUP_POLICY
	       ? get_policy_flags(group->node + get_group_block(group->at)) : 0;
}
/*! A record set of a group by position; works on views and models. */
void steer_group_set(const steer_group_t *group, unsigned i, steer_set_t *set);
/*! The RRs of a values block. */
static inline steer_rrs_t steer_values_rrs(const uint8_t *values)
{
	return (steer_rrs_t) {
		.rrs = values + STEER_VALUES_SIZE, .len = get_values_rrs(values),
		.ttl = get_values_ttl(values), .count = get_values_count(values),
	};
}

/*! Entry of a record set by position, in the block of a group with a policy. */
static inline const uint8_t *steer_set_at(const uint8_t *node, const uint8_t *group, unsigned i)
{
	return node + get_group_block(group) + STEER_POLICY_SIZE + i * STEER_SET_SIZE;
}

/*! The RRs of such a set, which is no alias. */
static inline steer_rrs_t steer_set_rrs(const uint8_t *node, const uint8_t *group, unsigned i)
{
	const uint8_t *set = steer_set_at(node, group, i);
	return (steer_rrs_t) {
		.rrs = node + get_set_body(set), .len = get_set_body_len(set), .ttl = get_set_ttl(set),
		.count = get_set_count(set),
	};
}

/*! The RRs of a record set by position, in a view. \return false if it is an alias */
static inline bool steer_group_rrs(const steer_group_t *group, unsigned i, steer_rrs_t *rrs)
{
	const uint8_t *values = steer_group_values(group);
	if (values != NULL) {
		*rrs = steer_values_rrs(values);
		return true;
	}
	if (get_set_kind(steer_set_at(group->node, group->at, i)) == STEER_SET_ALIAS) {
		return false;
	}
	*rrs = steer_set_rrs(group->node, group->at, i);
	return true;
}

/*! The target of an alias. */
typedef struct {
	const uint8_t *name; /*!< NULL: the record set is not an alias. */
	uint32_t len;
	bool evaluate;
} steer_alias_t;

/*! The target of a record set by position, in a view. */
static inline steer_alias_t steer_group_alias(const steer_group_t *group, unsigned i)
{
	const uint8_t *set = steer_set_at(group->node, group->at, i);
	if (get_group_kind(group->at) == STEER_GROUP_PLAIN || get_set_kind(set) != STEER_SET_ALIAS) {
		return (steer_alias_t) { .name = NULL };
	}
	return (steer_alias_t) {
		group->node + get_set_body(set), get_set_body_len(set),
		get_set_flags(set) & STEER_SET_EVALUATE,
	};
}

/* Fields of a stored record set that have a sign. */

static inline steer_coordinates_t steer_set_point(const uint8_t *set)
{
	return (steer_coordinates_t) { (int16_t)get_set_lat(set), (int16_t)get_set_lon(set) };
}

static inline int8_t steer_set_bias(const uint8_t *set)
{
	return (int8_t)get_set_bias(set);
}

/*! Id of a record set's health check, NUL-terminated. \return false if it has none */
bool steer_set_health(const steer_set_t *set, char id[STEER_CHECK_ID_MAX + 1]);

/*!
 * Writes a node.
 *
 * \param[out]    buf    Buffer, or NULL to learn the size.
 * \param[in,out] size   Size of buf; then the bytes written or needed.
 * \param[in]     faces  Faces, models or views, in ascending order of their apexes.
 * \param[in]     count  Number of faces, at least 1.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  buf is too small, or the node would exceed STEER_NODE_MAX.
 * \retval STEER_EINVAL  A count, a length or an order is out of bounds.
 */
int steer_node_build(uint8_t *buf, size_t *size, const steer_face_t *faces, unsigned count);

/*!
 * Writes a group outside a node: its entry and its block, with offsets that count from the entry.
 *
 * \param[out]    buf    Buffer, or NULL to learn the size.
 * \param[in,out] size   Size of buf; then the bytes written or needed.
 * \param[in]     group  Model or view.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  buf is too small, or the bytes would exceed STEER_NODE_MAX.
 * \retval STEER_EINVAL  A group with a policy has signatures.
 */
int steer_group_build(uint8_t *buf, size_t *size, const steer_group_t *group);
/*! Opens a group that was written outside a node. \retval STEER_OK, STEER_EDAMAGED */
int steer_group_open(steer_group_t *group, const void *bytes, size_t size);

/*! Whether a group has one record set that fits a values block; works on views and models. */
bool steer_group_is_plain(const steer_group_t *group);
/*! Order of record sets in a group: by tier, then by identifier; negative, 0 or positive. */
int steer_set_order(const steer_set_t *a, const steer_set_t *b);
/*! Whether two record sets are equal. */
bool steer_set_equal(const steer_set_t *a, const steer_set_t *b);
/*! Whether two groups are equal. */
bool steer_group_equal(const steer_group_t *a, const steer_group_t *b);

/*! Reads a number of four bytes in network byte order. */
static inline uint32_t steer_wire_u32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/*! Likewise, of eight bytes. */
static inline uint64_t steer_wire_u64(const uint8_t *at)
{
	return (uint64_t)steer_wire_u32(at) << 32 | steer_wire_u32(at + 4);
}

/*! Size of the numbers at the end of an SOA: serial, refresh, retry, expire, minimum. */
#define STEER_SOA_TAIL 20
/*! Serial of an SOA; len is at least STEER_SOA_TAIL. */
static inline uint32_t steer_soa_serial(const uint8_t *soa, size_t len)
{
	return steer_wire_u32(soa + len - STEER_SOA_TAIL);
}

/*! Checksum of stored values: low half of XXH3-64. */
uint32_t steer_sum(const void *bytes, size_t len);
/*! The checksum of a value that begins with it: of everything after it. */
uint32_t steer_value_sum(const uint8_t *value, size_t size);
/*! XXH3-64 of a wire name in lower case, for the apex filter and for caches. */
uint64_t steer_name_hash(const uint8_t *name, size_t len);

/*! XXH3-64 of a set identifier, as stored in a node. */
uint64_t steer_id_hash(const uint8_t *id, size_t len);

/*!
 * Writes a wire-ready RR: owner C0 0C, class IN.
 *
 * \param[out] at  STEER_RR_HEAD + rdata_len bytes.
 * \return Bytes written.
 */
size_t steer_rr_write(uint8_t *at, uint16_t type, uint32_t ttl, const uint8_t *rdata,
                      uint16_t rdata_len);

/*! Walks wire-ready RRs: rdata of the RR at *at, which is moved past it; NULL at the end. */
static inline const uint8_t *steer_rr_next(const uint8_t **at, const uint8_t *end,
                                           uint16_t *rdata_len)
{
	if (*at == end) {
		return NULL;
	}
	const uint8_t *rdata = *at + STEER_RR_HEAD;
	*rdata_len = rdata[-2] << 8 | rdata[-1];
	*at = rdata + *rdata_len;
	return rdata;
}

/*! Whether bytes are exactly count whole wire-ready RRs of a type. */
bool steer_rrs_are_whole(const uint8_t *at, uint64_t len, uint16_t type, uint16_t count);
