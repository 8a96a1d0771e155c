/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief explain: a question, its answer explained for a person, and the answers of many draws.
 */
#pragma once

#include "ctl/trace.h"
#include "ctl/verbs.h"

/*! The question as it was put, with who asks. */
typedef struct {
	const char *from, *ecs;        /*!< NULL: not given. */
	steer_client_t source, subnet; /*!< Of family 0: not given. */
	uint64_t seed, samples;        /*!< samples 0: one answer, explained. */
	uint8_t name[STEER_NAME_MAX];
	uint16_t type;
	steer_question_t question;
} explain_t;

/*!
 * Asks with a seed.
 *
 * \param[in] trace  Told what happens; NULL: nobody.
 *
 * \return As steer_answer().
 */
int explain_ask(const store_lookup_t *opened, const explain_t *explain, uint64_t seed,
                const steer_trace_t *trace, const steer_sink_t *sink, steer_outcome_t *outcome);
/*! Says so if nothing hosted answers; ret: of explain_ask(). \return GO_ON or EXIT_REFUSED */
int explain_is_ours(const explain_t *explain, int ret);
/*! What came of it, as an object: name, type, rcode, result. \return NULL: out of memory */
json_t *explain_result(const explain_t *explain, int ret, const steer_outcome_t *outcome);

/*! Asks many times and prints how often which answer came. \return Exit status. */
int explain_sample(const run_t *run, const store_lookup_t *opened, const explain_t *explain);

/*! Prints an explained answer, see trace.h, as lines. */
void explain_print(FILE *out, const json_t *said);
