/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The node: everything the store holds for one name, compiled; its reader and its writer.
 *
 * A node is run where it lies in the map. steer_node_open() checks the sum and every offset and
 * length once; the views taken from an open node need no check.
 *
 * Threads:  pure functions; any thread.
 * Memory:   views and models borrow; steer_node_build() fills the caller's buffer.
 * Units:    TTLs in seconds; weights are bare counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"
#include "steer/reply.h"

/*! An open node; borrowed bytes. */
typedef struct {
	const uint8_t *at;
	uint32_t size;
} steer_node_t;

/*! A record set. As a view it borrows from a node, as a model from its maker. */
typedef struct {
	bool alias;             /*!< body is an alias target, else RRs. */
	bool evaluate;          /*!< Alias: evaluate-target-health. */
	uint8_t id_len;
	uint8_t tier;
	uint16_t count;         /*!< Number of RRs. */
	uint16_t attrs_len;
	uint32_t weight;
	uint32_t slot;          /*!< Health slot or STEER_SLOT_NONE. */
	uint32_t generation;
	uint32_t ttl;
	uint32_t body_len;
	uint32_t sigs_len;
	const uint8_t *id;      /*!< Set identifier; empty for a simple record set. */
	const uint8_t *body;    /*!< Wire-ready RRs (owner C0 0C) in canonical order, or the target's
	                             wire name. */
	const uint8_t *sigs;    /*!< RRSIG RRs; of a plain set alone. */
	const uint8_t *attrs;
} steer_set_t;

/*! All record sets of a name and type. */
typedef struct {
	uint16_t type;
	uint16_t count;           /*!< Number of sets, at least 1. */
	uint32_t program_len;
	uint32_t table_len;       /*!< In a view. */
	const uint8_t *program;   /*!< Steps; empty for the only set of a group. */
	const uint8_t *table;     /*!< In a view: draw table of the steps, see core/policy_table.h. */
	const steer_set_t *sets;  /*!< In a model: the sets. In a view: NULL, see steer_group_set(). */
	const uint8_t *at;        /*!< In a view: the group's entry. */
	const uint8_t *node;      /*!< In a view: the node. */
} steer_group_t;

/*! The name in one zone. */
typedef struct {
	uint8_t apex;                /*!< Label count of the zone's apex. */
	uint8_t flags;               /*!< STEER_FACE_*. */
	uint8_t cut;                 /*!< Label count of the topmost delegation at or above; 0: none. */
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
 * \retval STEER_EDAMAGED  Wrong sum, size, format, order, bound or a reserved field in use.
 */
int steer_node_open(steer_node_t *node, const void *value, size_t size);

/*! Number of faces. */
unsigned steer_node_faces(const steer_node_t *node);
/*! Face by position. */
void steer_node_face_at(const steer_node_t *node, unsigned i, steer_face_t *face);
/*! Face of the zone whose apex has so many labels; false: none. */
bool steer_node_face(const steer_node_t *node, unsigned apex, steer_face_t *face);

/*! Group of a face by position; works on views and models. */
void steer_face_group_at(const steer_face_t *face, unsigned i, steer_group_t *group);
/*! Group of a type in a view; false: none. */
bool steer_face_group(const steer_face_t *face, uint16_t type, steer_group_t *group);
/*! Values block of a group in a view; NULL: it has a policy. */
static inline const uint8_t *steer_group_values(const steer_group_t *group)
{
	return get_group_kind(group->at) == STEER_GROUP_PLAIN
	       ? group->node + get_group_block(group->at) : NULL;
}
/*! View of the group at an entry of an open node. */
void steer_group_view(steer_group_t *group, const uint8_t *node, const uint8_t *at);
/*! STEER_POLICY_* of a group in a view. */
static inline uint16_t steer_group_flags(const steer_group_t *group)
{
	return get_group_kind(group->at) == STEER_GROUP_POLICY
	       ? get_policy_flags(group->node + get_group_block(group->at)) : 0;
}
/*! Record set of a group by position; works on views and models. */
void steer_group_set(const steer_group_t *group, unsigned i, steer_set_t *set);
/*! RRs of a values block. */
static inline steer_rrs_t steer_values_rrs(const uint8_t *values)
{
	return (steer_rrs_t) {
		.rrs = values + STEER_VALUES_SIZE, .len = get_values_rrs(values),
		.ttl = get_values_ttl(values), .count = get_values_count(values),
	};
}

/*! Values of a record set by position, in a view; false: it is an alias. */
static inline bool steer_group_rrs(const steer_group_t *group, unsigned i, steer_rrs_t *rrs)
{
	const uint8_t *block = group->node + get_group_block(group->at);
	if (get_group_kind(group->at) == STEER_GROUP_PLAIN) {
		*rrs = steer_values_rrs(block);
		return true;
	}
	const uint8_t *set = block + STEER_POLICY_SIZE + i * STEER_SET_SIZE;
	if (get_set_kind(set) == STEER_SET_ALIAS) {
		return false;
	}
	*rrs = (steer_rrs_t) {
		group->node + get_set_body(set), get_set_body_len(set), get_set_ttl(set),
		get_set_count(set),
	};
	return true;
}

/*! Id of a record set's health check, ended by 0; false: it has none. */
bool steer_set_health(const steer_set_t *set, char id[STEER_CHECK_ID_MAX + 1]);

/*!
 * Writes a node.
 *
 * \param[out]    buf    Where, or NULL to learn the size.
 * \param[in,out] size   Room in buf; then bytes written or needed.
 * \param[in]     faces  Faces, models or views, by rising apex.
 * \param[in]     count  Number of faces, at least 1.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  buf is too small, or the node would exceed STEER_NODE_MAX.
 * \retval STEER_EINVAL  A count, a length or an order is out of bounds.
 */
int steer_node_build(uint8_t *buf, size_t *size, const steer_face_t *faces, unsigned count);

/*!
 * Writes a group that stands alone: its entry and its block, offsets counting from the entry.
 *
 * \param[out]    buf    Where, or NULL to learn the size.
 * \param[in,out] size   Room in buf; then bytes written or needed.
 * \param[in]     group  Model or view.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  buf is too small, or the bytes would exceed STEER_NODE_MAX.
 * \retval STEER_EINVAL  A group with a policy has signatures.
 */
int steer_group_build(uint8_t *buf, size_t *size, const steer_group_t *group);
/*! Opens a group that stands alone as a view. \retval STEER_OK, STEER_EDAMAGED */
int steer_group_open(steer_group_t *group, const void *bytes, size_t size);

/*! Whether a group is one record set that a values block can say; works on views and models. */
bool steer_group_is_plain(const steer_group_t *group);
/*! Order of the record sets in a group: by tier, then by identifier; negative, 0 or positive. */
int steer_set_order(const steer_set_t *a, const steer_set_t *b);
/*! Whether two record sets say the same. */
bool steer_set_equal(const steer_set_t *a, const steer_set_t *b);
/*! Whether two groups say the same. */
bool steer_group_equal(const steer_group_t *a, const steer_group_t *b);

/*! A number of four bytes as messages have it, big-endian. */
static inline uint32_t steer_wire_u32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/*! Bytes at the end of an SOA: serial, refresh, retry, expire, minimum. */
#define STEER_SOA_TAIL 20
/*! Serial of an SOA, of at least so many bytes. */
static inline uint32_t steer_soa_serial(const uint8_t *soa, size_t len)
{
	return steer_wire_u32(soa + len - STEER_SOA_TAIL);
}

/*! Checksum of stored values: low half of XXH3-64. */
uint32_t steer_sum(const void *bytes, size_t len);
/*! That of a value whose first field it is: of all behind it. */
uint32_t steer_value_sum(const uint8_t *value, size_t size);
/*! XXH3-64 of a wire name in lower case, for the filter of apexes and for caches. */
uint64_t steer_name_hash(const uint8_t *name, size_t len);

/*! XXH3-64 of a set identifier, as a node has it. */
uint64_t steer_id_hash(const uint8_t *id, size_t len);

/*!
 * Writes a wire-ready RR: owner C0 0C, class IN.
 *
 * \param[out] at  STEER_RR_HEAD + rdata_len bytes.
 * \return Bytes written.
 */
size_t steer_rr_write(uint8_t *at, uint16_t type, uint32_t ttl, const uint8_t *rdata,
                      uint16_t rdata_len);

/*! Walks wire-ready RRs: rdata of the RR at *at, which moves behind it; NULL at the end. */
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

/*! Whether bytes are so many whole wire-ready RRs of a type and nothing else. */
bool steer_rrs_are_whole(const uint8_t *at, uint64_t len, uint16_t type, uint16_t count);
