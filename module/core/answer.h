/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The answer: from a question and a lookup to the RRsets of a reply.
 *
 * The algorithm is that of RFC 1034, section 4.3.2, with RFC 4592 (wildcards), RFC 6672 (DNAME),
 * RFC 2308 (negative answers) and RFC 8482 (ANY). Where they leave a choice, it follows Knot DNS,
 * since a hosted zone answers like the same zone from a zone file.
 *
 * Threads:  pure; what the lookup returns must stay valid for the call.
 * Memory:   nothing is allocated; about 40 KiB of stack, and 3 KiB for each link of an alias chain.
 * Bounds:   STEER_CHAIN_MAX CNAMEs and DNAMEs, each with at most 2 + log2(127) lookups and one for
 *           each false positive of the apex filter; as many again for each name in the last RRset
 *           whose addresses are added.
 */
#pragma once

#include "core/pick.h"
#include "core/presets.h"

/*! CNAMEs and DNAMEs followed for one question; the same as in Knot. */
#define STEER_CHAIN_MAX 5

/*!
 * What answers a question: values, a policy or, if there are no such records, the zone's SOA; not
 * if there is more to the answer.
 *
 * It answers the same question (with equal fields) with the same host's zone again for as long as
 * the lookup sees the same version of the store or, if the name's own node decides, that node, what
 * is at the place, and the same set of hosted zones.
 */
typedef struct {
	const uint8_t *at;   /*!< Values block, or a group's entry; NULL if the answer takes more. */
	const uint8_t *node; /*!< Of the group; NULL if at is a values block. */
	const uint8_t *own;  /*!< The name's node, if that decides; NULL if the name has none. */
	uint16_t type;       /*!< Of the records. */
	steer_soa_names_t names; /*!< Of the SOA. */
	uint8_t kind;        /*!< STEER_KIND_*; a negative answer is the SOA alone. */
	/*!
	 * Length of the closest encloser if nothing but a wildcard is below it; else 0. In the same
	 * version of the store, the same answers then for all names below it except those below the
	 * wildcard, of the same zone.
	 */
	uint8_t encloser_len;
	uint8_t preset;      /*!< Of the group: steer_presets_of(). */
	uint8_t memorable : 2; /*!< Likewise, STEER_MEMORABLE_*. */
	bool raw : 1;          /*!< The records are copied, if the sink takes copies. */
	bool alias : 1;        /*!< It is one alias, or the preset takes one of few sets with aliases. */
} steer_found_t;

/*! Bytes of the name of the host's zone that encloses the name, or STEER_NO_ZONE; asks the host. */
static inline int steer_question_zone(const steer_question_t *question)
{
	if (question->host_zone != STEER_ZONE_UNSOUGHT) {
		return question->host_zone;
	}
	return question->zone != NULL ? question->zone(question->host) : STEER_NO_ZONE;
}

/*!
 * Answers a question.
 *
 * An overlay answers what it holds and leaves the rest to the host. A chain continues into an
 * overlay only if it began there, since the host's zone for the target is not known.
 *
 * \param[in]  host_zone  What steer_question_zone() returns.
 * \param[out] found      On STEER_OK: how to answer it again while nothing bars overlays; may be
 *                        NULL.
 *
 * \retval STEER_OK, STEER_ESPACE, STEER_ENOENT, STEER_EDAMAGED  As steer_engine_answer().
 * \retval STEER_ESERVFAIL  By a policy or an alias; outcome->error has the reason.
 * \retval STEER_EREFUSED   As STEER_ENOENT: an overlay holds it, but the host's zone is signed.
 */
int steer_answer(const steer_lookup_t *lookup, const steer_question_t *question, int host_zone,
                 const steer_sink_t *sink, steer_outcome_t *outcome, steer_found_t *found);

/*! Whether an overlay has the name asked for, or names below it. As steer_engine_exists(). */
int steer_answer_exists(const steer_lookup_t *lookup, const steer_question_t *question,
                        int host_zone);

/*! As steer_answer_values(), by puts into the sink. */
__attribute__((noinline))
int steer_answer_put_values(const steer_found_t *found, const steer_question_t *question,
                            const steer_sink_t *sink, steer_outcome_t *outcome);

/*! Answers a question again with the values found. \retval STEER_OK, STEER_ESPACE, STEER_ENOMEM */
static inline int steer_answer_values(const steer_found_t *found, const steer_question_t *question,
                                      const steer_sink_t *sink, steer_outcome_t *outcome)
{
	if (!found->raw || sink->raw == NULL) {
		return steer_answer_put_values(found, question, sink, outcome);
	}
	const steer_rrs_t rrs = steer_values_rrs(found->at);
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	return steer_raw_put(sink, &rrs, 1, rrs.ttl, outcome);
}

/*! What answers the question if found->encloser_len says that the same does for its name. */
steer_found_t steer_found_below(const steer_found_t *found, const steer_question_t *question);

/*!
 * Answers a question again by the preset found over few sets with values, if the sink takes copies.
 *
 * \param[in]  found  Its preset is not by client.
 * \param[out] ret    STEER_OK or STEER_ESPACE.
 *
 * \return false: nothing was done, since steer_answer_group() answers.
 */
bool steer_answer_few(const steer_found_t *found, const steer_health_table_t *health_table,
                      steer_chance_t *chance, const steer_sink_t *sink, steer_outcome_t *outcome,
                      int *ret);

/*! Likewise, by the preset found, which is by client, or as it did lately for such a client. */
bool steer_answer_by_client(const steer_found_t *found, const steer_lookup_t *lookup,
                            const steer_question_t *question, const steer_sink_t *sink,
                            steer_outcome_t *outcome, int *ret);

/*!
 * Answers a question again by the alias found, or by the preset found over few sets of which some
 * are aliases, if every target has values or such a preset over sets with values, and the sink
 * takes copies.
 *
 * \param[out] ret  STEER_OK or STEER_ESPACE.
 *
 * \return false: no number was drawn, and steer_answer_group() answers.
 */
bool steer_answer_alias(const steer_found_t *found, const steer_lookup_t *lookup,
                        const steer_sink_t *sink, steer_outcome_t *outcome, int *ret);

/*! Answers a question again by the policy found. As steer_answer(). */
int steer_answer_group(const steer_found_t *found, const steer_lookup_t *lookup,
                       const steer_question_t *question, const steer_sink_t *sink,
                       steer_outcome_t *outcome);
