/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The records of one RRset, gathered from record sets, each record once (rule G10).
 *
 * Threads:  pure; any thread.
 * Memory:   nothing is allocated; parts and hash table are the caller's, and need not be cleared.
 * Bounds:   gathering ends with the record that makes the RRset larger than the message, or after
 *           STEER_COMPARED_MAX() comparisons (rule A8). Its cost grows with the records looked at.
 * Sources:  RFC 1035, section 4.1.3 (a record's form); RFC 3597, section 4 (which names may be
 *           compressed).
 */
#pragma once

#include <stdbool.h>

#include "core/node.h"
#include "core/types.h"

/*! Maximum size of a message. */
#define STEER_WIRE_MAX 65535
/*! Smallest size of a record before its rdata: the root as owner, type, class, TTL, length. */
#define STEER_RR_LEAST 11
/*! Number of parts that a message can hold, plus one that does not fit any more. */
#define STEER_PARTS_MAX (STEER_WIRE_MAX / STEER_RR_LEAST + 2)
/*! Slots of the hash table: a power of two, more than twice the records of any message. */
#define STEER_SEEN_MAX 16384

/*! Number of records that may be compared for an RRset, by the room in the message. */
#define STEER_COMPARED_MAX(room) (512 + (room) / 16)

typedef struct {
	steer_rrs_t *parts;   /*!< Room for STEER_PARTS_MAX less what precedes them. */
	unsigned count;       /*!< Of parts. */
	uint32_t gathered;    /*!< Records in them. */
	uint32_t room;        /*!< Bytes left in the message for records. */
	uint32_t least;       /*!< Smallest size of those gathered; if more than room, it is full. */
	uint16_t type;
	uint8_t compressed;   /*!< steer_rr_compressed(). */
	const uint8_t **seen; /*!< Hash table of the rdata so far, with open addressing. */
	uint32_t places;      /*!< Its slots, a power of two, at most half in use; 0: not in use. */
	uint32_t compared;    /*!< Records compared with others. */
	unsigned indexed;     /*!< Parts whose records are in the table. */
	uint64_t seed;        /*!< Of its hash, so that stored records cannot be made to collide. */
} steer_records_t;

/*! Smallest size of a record of a type whose names may be compressed; 0 for other types. */
static inline uint8_t steer_rr_compressed(uint16_t type)
{
	switch (type) {
	case TYPE_NS: case TYPE_MD: case TYPE_MF: case TYPE_CNAME: case TYPE_MB: case TYPE_MG:
	case TYPE_MR: case TYPE_PTR:
		return STEER_RR_LEAST + 1;
	case TYPE_MINFO:
		return STEER_RR_LEAST + 2;
	case TYPE_MX:
		return STEER_RR_LEAST + 3;
	case TYPE_SOA:
		return STEER_RR_LEAST + 2 + STEER_SOA_TAIL;
	default:
		return 0;
	}
}

/*! Smallest size that RRs have in any message, however well their names compress. */
static inline uint64_t steer_rrs_least(uint8_t compressed, const steer_rrs_t *rrs)
{
	return compressed > 0 ? compressed * (uint64_t)rrs->count
	                      : rrs->len - (STEER_RR_HEAD - STEER_RR_LEAST) * (uint64_t)rrs->count;
}

/*! Begins an RRset; seen has STEER_SEEN_MAX slots. */
static inline void steer_records_begin(steer_records_t *records, uint16_t type, steer_rrs_t *parts,
                                       const uint8_t **seen, uint32_t room, uint64_t seed)
{
	records->parts = parts;
	records->count = records->gathered = 0;
	records->room = room;
	records->least = 0;
	records->type = type;
	records->compressed = steer_rr_compressed(type);
	records->seen = seen;
	records->places = 0;
	records->seed = seed;
}

/*! Whether the RRset is known not to fit: it is then incomplete, and nothing more is added. */
static inline bool steer_records_full(const steer_records_t *records)
{
	return records->least > records->room;
}

/*! Adds records, none of which is in the RRset yet. */
static inline void steer_records_add(steer_records_t *records, const steer_rrs_t *rrs)
{
	if (rrs->count > 0 && !steer_records_full(records)) {
		uint64_t least = records->least + steer_rrs_least(records->compressed, rrs);
		records->least = least < UINT32_MAX ? least : UINT32_MAX;
		records->gathered += rrs->count;
		records->parts[records->count++] = *rrs;
	}
}

/*! Adds those of the records that are not in the RRset yet, as one part for each run of them. */
void steer_records_add_new(steer_records_t *records, const steer_rrs_t *rrs);
