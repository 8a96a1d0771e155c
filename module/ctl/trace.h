/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What happens on the way to an answer, as JSON values in order.
 *
 * Events, told apart by their first member:
 *   {group, depth, policy, strict, record_sets, steps: [{step, candidates: [...]}], chosen: [...],
 *    name}                             name: asked for there; absent if that is not known
 *   {name, depth, type, found, target, untold}  a name that an alias leads to; of an external one,
 *                                      what is known of it, and why steerd tells nothing of it
 *   {put, name, type, ttl, values}     an RRset of the answer
 *
 * Memory:  a trace owns its values.
 */
#pragma once

#include <jansson.h>

#include "ctl/store_lookup.h"
#include "ctl/targets.h"
#include "ctl/trace_maps.h"
#include "formats/text.h"

/*! Aliases, CNAMEs and DNAMEs in a row, and the question's own name. */
#define TRACE_DEPTHS (STEER_ALIAS_DEPTH + 2)

typedef struct {
	const store_lookup_t *opened;
	targets_t *targets;
	steer_text_t *text;
	json_t *events;
	json_t *groups[TRACE_DEPTHS]; /*!< The last group at each depth; in events. */
	const steer_group_t *group;   /*!< The group whose program runs; points to view. */
	steer_group_t view;
	json_t *candidates;           /*!< Of the current step; in events. */
	json_t *drawn;                /*!< Of the step that orders at random; in events. */
	unsigned depth;
	const uint8_t *name;          /*!< The last name of an alias chain. */
	json_t *unsure;               /*!< A group whose owner is uncertain; in events, or NULL. */
	uint16_t unsure_type;
	uint8_t here[STEER_NAME_MAX]; /*!< The name that the answer has come to. */
	bool ended;                   /*!< What was asked for is put; the rest is additional. */
	bool weighted;                /*!< That step draws by weight. */
	steer_step_t step;            /*!< The current one. */
	trace_maps_t maps;
	steer_trace_t trace;          /*!< To be given to a lookup. */
	steer_sink_t sink;            /*!< To be given to steer_answer(). */
	const uint8_t *asked;         /*!< The question's name. */
} trace_t;

/*! Begins a trace, which borrows all that it is given. \retval STEER_OK, STEER_ENOMEM */
int trace_begin(trace_t *trace, const store_lookup_t *opened, targets_t *targets,
                const steer_question_t *question);
void trace_end(trace_t *trace);
