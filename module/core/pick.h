/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief From a group to the records that answer: its policy is run, its aliases are followed.
 *
 * Threads:  pure; what the lookup gives must stay valid for the call.
 * Memory:   nothing is allocated; about 3 KiB of stack for each link of the longest way, and 8 KiB.
 * Bounds:   STEER_ALIAS_DEPTH links of a way; STEER_WORK_MAX names and groups in all.
 * Rules:    steer-policies(7), A1 to A8, H2 to H6, G8 to G10.
 */
#pragma once

#include "core/find.h"
#include "core/policy.h"
#include "steer/reply.h"

/*! Work for one answer: names looked at, and 64 sets of a group count as one (rule A8). */
#define STEER_WORK_MAX 16384
/*! Parts of an RRset, more than fit a message with a policy's sets. */
#define STEER_PARTS_MAX 1024

/*! Told what happens, for explain; what is asked for health alone is not told. */
typedef struct steer_trace {
	/*! A name on the way, so many links from the question. \param[in] external  NULL: no result. */
	void (*name)(void *ctx, unsigned depth, const uint8_t *name, uint16_t type, steer_way_t way,
	             const steer_target_t *external);
	/*! A group whose program is about to run. */
	void (*group)(void *ctx, unsigned depth, const steer_group_t *group, bool strict);
	/*! A set of it answers. */
	void (*chosen)(void *ctx, unsigned depth, const steer_group_t *group, unsigned set);
	steer_policy_trace_t policy;
	void *ctx;
} steer_trace_t;

/*! Who asks, and what an answer has cost so far. */
typedef struct {
	const steer_lookup_t *lookup;
	const steer_question_t *question;
	steer_outcome_t *outcome; /*!< Gets scope and error. */
	unsigned work;
	bool hashed;              /*!< The client's hash is known. */
	uint64_t hash;
} steer_asker_t;

static inline void steer_asker_begin(steer_asker_t *asker, const steer_lookup_t *lookup,
                                     const steer_question_t *question, steer_outcome_t *outcome)
{
	asker->lookup = lookup;
	asker->question = question;
	asker->outcome = outcome;
	asker->work = 0;
	asker->hashed = false;
}

/*! Records picked. */
typedef struct {
	steer_rrs_t *parts; /*!< Room, the caller's. */
	unsigned room;      /*!< At least 1; with 1 only one record set answers. */
	unsigned count;     /*!< Of parts; 0: there is no data. */
	uint32_t ttl;       /*!< The smallest of the sets and of the way to them (rule G8). */
	bool failed;        /*!< A set that was chosen could not tell its records. */
	bool mixed;         /*!< A record may be in several of the sets. */
	unsigned runs;      /*!< Of programs so far; one that is run twice gives its records twice. */
	unsigned first;     /*!< Number of the one that gave the first part. */
} steer_picked_t;

/*!
 * Picks the records of a group.
 *
 * \param[in,out] picked  With parts and room; the rest is filled in.
 *
 * \retval STEER_OK
 * \retval STEER_ESERVFAIL  No set that was chosen could tell, or all-down=servfail, or too much work.
 */
int steer_pick(steer_asker_t *asker, const steer_group_t *group, steer_picked_t *picked);

/*! How an alias target is found, without running a policy. \param[out] resolved  External: it is. */
steer_way_t steer_pick_way(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                           bool *resolved);
