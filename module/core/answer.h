/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The answer: from a question and a lookup to the RRsets of a reply.
 *
 * The walk is RFC 1034, section 4.3.2, with RFC 4592 (wildcards), RFC 6672 (DNAME), RFC 2308
 * (negative answers) and RFC 8482 (ANY), in the variant that Knot DNS chose where they leave a
 * choice, since a hosted zone answers as the same zone would from a zone file.
 *
 * Threads:  pure; what the lookup gives must stay valid for the call.
 * Memory:   nothing is allocated; about 40 KiB of stack, and 3 KiB for each link of an alias' way.
 * Bounds:   STEER_CHAIN_MAX CNAME and DNAME steps, each at most 2 + log2(127) lookups and one for
 *           each name that the filter of apexes wrongly takes for one; as many again for each
 *           name in the last RRset whose addresses are added.
 */
#pragma once

#include "core/pick.h"

/*! CNAMEs and DNAMEs followed for one question; as Knot. */
#define STEER_CHAIN_MAX 5

/*!
 * What answers a question by itself, with nothing of other names: values, or a policy over values.
 *
 * What is found for a question stays found for the same question (all of its fields) and host's
 * zone as long as the lookup sees the same version of the store; if it is the name's own, as long
 * as its node and the set of hosted zones are the same.
 */
typedef struct {
	const uint8_t *at;   /*!< Values block, or a group's entry; NULL: the answer has more to it. */
	const uint8_t *node; /*!< Of the group; NULL: at is a values block. */
	uint16_t type;       /*!< Of the records. */
	bool own;            /*!< They are at the asked name, not at a wildcard. */
} steer_found_t;

/*! Asks for the label count of the host's zone that encloses the name. */
static inline int steer_question_zone(const steer_question_t *question)
{
	return question->zone != NULL ? question->zone(question->host) : STEER_NO_ZONE;
}

/*!
 * Answers a question.
 *
 * An overlay answers what it holds and leaves the rest to the host; a chain goes on into one only
 * where it began there, since the host's zone for the target is not known.
 *
 * \param[in]  host_labels  What steer_question_zone() gives.
 * \param[out] found        On STEER_OK: how to answer it again while nothing bars overlays. NULL:
 *                          not wanted.
 *
 * \retval STEER_OK, STEER_ESPACE, STEER_ENOENT, STEER_EDAMAGED  As steer_engine_answer().
 * \retval STEER_ESERVFAIL  A policy or an alias says so; outcome->error tells why.
 * \retval STEER_EREFUSED  As STEER_ENOENT: an overlay holds it, but the host's zone is signed.
 */
int steer_answer(const steer_lookup_t *lookup, const steer_question_t *question, int host_labels,
                 const steer_sink_t *sink, steer_outcome_t *outcome, steer_found_t *found);

/*! Whether an overlay has the asked name, or names below it. \retval As steer_engine_exists() */
int steer_answer_exists(const steer_lookup_t *lookup, const steer_question_t *question,
                        int host_labels);

/*! Answers a question again with the values found. \retval STEER_OK, STEER_ESPACE */
int steer_answer_values(const steer_found_t *found, const steer_sink_t *sink,
                        steer_outcome_t *outcome);
/*!
 * Answers a question again by the policy found.
 *
 * \retval STEER_OK, STEER_ESPACE
 * \retval STEER_ENOENT  The policy keeps no set: steer_answer() is to be asked.
 */
int steer_answer_group(const steer_found_t *found, const steer_lookup_t *lookup,
                       const steer_question_t *question, const steer_sink_t *sink,
                       steer_outcome_t *outcome);
