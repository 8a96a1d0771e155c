/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The last results of probes, which only the steerd of a store knows.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

/*! What steerd tells of one check. The reason is not trusted; steps are in milliseconds. */
typedef struct {
	const char *result; /*!< success, failure or inconclusive; NULL: not probed so far. */
	const char *reason;
	uint64_t time, next;   /*!< In seconds of the Unix epoch; no next one: 0. */
	uint64_t in_a_row, probes, failures, inconclusive;
	/*! From the beginning of the probe; below 0: it did not get there. */
	double connected, secured, first_byte, total;
} last_result_t;

typedef struct {
	json_t *answer;      /*!< NULL: steerd does not answer. */
	json_t *by_id;
	steer_fault_t fault; /*!< Why it does not. */
} last_results_t;

/*! Asks the steerd of a store. \param[in] id  Only for that check; NULL: for all. */
void last_results_ask(last_results_t *results, const steer_store_t *store, const char *id);
/*!
 * Finds that of a check; of one that steerd does not probe it has neither result nor next probe.
 * Texts are borrowed. \return false: steerd does not answer
 */
bool last_results_find(const last_results_t *results, const char *id, last_result_t *last);
void last_results_free(last_results_t *results);
