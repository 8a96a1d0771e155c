/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Of a trace: what was looked up in maps, and where candidates are.
 *
 * Memory:  a trace of maps owns its lookups, and does not move while a lookup has its maps.
 */
#pragma once

#include <jansson.h>

#include "ctl/store_lookup.h"

typedef struct {
	const store_lookup_t *opened;
	steer_client_t client;
	steer_maps_t maps;    /*!< To be given to a lookup. */
	/*!
	 * Each once, what map_origin_json() and map_match_add() say. Of a map that is not there or is
	 * damaged {map, type} with missing or damaged: true.
	 */
	json_t *lookups;
	steer_map_latencies_t latencies; /*!< The client's. */
	uint32_t collection;  /*!< About to be looked up; 0: none. */
	int status;           /*!< GO_ON, or the exit status after an error message. */
} trace_maps_t;

/*! Begins to record lookups of a question's client. \retval STEER_OK, STEER_ENOMEM */
int trace_maps_begin(trace_maps_t *trace, const store_lookup_t *opened,
                     const steer_question_t *question);
void trace_maps_end(trace_maps_t *trace);

/*!
 * Adds to a candidate of a step that looks at the client what the step reads of it, and what it was
 * measured by: rtt_ms, source, measured and age, of its region; distance_km, and with a bias
 * biased_km.
 */
void trace_maps_candidate(const trace_maps_t *trace, const steer_step_t *step,
                          const steer_verdict_t *verdict, const steer_set_t *set,
                          json_t *candidate);
