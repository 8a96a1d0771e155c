/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief explain: a question, its answer explained to a person, and the answers of many draws.
 */
#pragma once

#include "ctl/trace.h"
#include "ctl/verbs.h"
#include "ctl/what_if.h"

/*! The question as given, and who asks it. */
typedef struct {
	const char *from, *ecs;        /*!< NULL: not given. */
	steer_client_t source, subnet; /*!< Family 0: not given. */
	what_if_t what_if;
	uint64_t seed, samples;        /*!< samples is 0 for one answer, explained. */
	uint8_t name[STEER_NAME_MAX];
	uint16_t type;
	steer_question_t question;
} explain_t;

/*! Asks the question with a seed. \return As steer_answer(). */
int explain_ask(const steer_lookup_t *lookup, const explain_t *explain, uint64_t seed,
                const steer_sink_t *sink, steer_outcome_t *outcome);
/*!
 * Prints an error message if no hosted zone answers.
 *
 * \param[in] ret  What explain_ask() returned.
 *
 * \return GO_ON or EXIT_REFUSED
 */
int explain_is_ours(const explain_t *explain, int ret);
/*! The outcome as an object: name, type, rcode, result. \return NULL: out of memory */
json_t *explain_result(const explain_t *explain, int ret, const steer_outcome_t *outcome);

/*! Asks many times and prints how often each answer came. \return The exit status */
int explain_sample(const run_t *run, const store_lookup_t *opened, const explain_t *explain);

/*! Prints an explained answer (see trace.h) as lines. */
void explain_print(FILE *out, const json_t *said);
/*! Prints where the client is, or would be, and what was looked up in maps. */
void explain_print_where(FILE *out, const json_t *said);
/*! Prints where a candidate is and how far, each with a comma in front. */
void explain_print_candidate_where(FILE *out, const json_t *candidate);
