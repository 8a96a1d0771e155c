/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What steerd counts about its work, and what keeps it from working.
 *
 * Threads:  the loop's.
 * Memory:   its own.
 * Units:    microseconds for durations.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/target_refresh.h"
#include "schema/layout.h"

/*! What comes of a probe. */
typedef enum {
	METRICS_FAILURE,
	METRICS_SUCCESS,
	METRICS_INCONCLUSIVE, /*!< It could not be made. */
	METRICS_RESULTS,
} metrics_result_t;

static inline metrics_result_t metrics_result(bool ok, bool inconclusive)
{
	return inconclusive ? METRICS_INCONCLUSIVE : ok ? METRICS_SUCCESS : METRICS_FAILURE;
}

/*! The word for it. */
const char *metrics_result_name(metrics_result_t result);

/*! How many types of health checks there are. */
enum {
	METRICS_TYPES = 0
#define X(symbol, number, name) + 1
	STEER_CHECK_TYPES(X)
#undef X
};

/*! Upper bounds of the durations in a histogram; the last bucket has none. */
#define METRICS_BOUNDS 13
extern const uint32_t metrics_bounds[METRICS_BOUNDS];

/*! About the probes of one type. */
typedef struct {
	uint64_t results[METRICS_RESULTS]; /*!< Probes by what came of them. */
	uint64_t transitions[2]; /*!< States decided: down, and up. */
	uint64_t durations[METRICS_BOUNDS + 1]; /*!< Probes that were made by bucket. */
	uint64_t duration;       /*!< Of all of them. */
} metrics_type_t;

typedef struct {
	steer_now_t started;
	metrics_type_t types[METRICS_TYPES];

	uint64_t refreshes[STEER_RESOLVED_KINDS]; /*!< Tries to resolve a target. */
	uint64_t changes;        /*!< Answers that were not those of before. */
	uint64_t removed;        /*!< Answers that were stale for too long. */

	uint64_t commits[2];     /*!< Commits that failed, and that were made. */
	uint64_t states;         /*!< Published. */
	uint64_t answers;        /*!< Of targets, written and removed. */
	steer_now_t committed;   /*!< When one was last made; zeros: never. */
	char *publish_fault;     /*!< Why nothing can be published; NULL: they can be. */

	steer_now_t looked;      /*!< When the definitions were last known to be those of the store. */
	uint64_t sequence;       /*!< Number of the change set that they are of. */
	char *store_fault;       /*!< Why the store cannot be followed; NULL: it can be. */
} metrics_t;

void metrics_init(metrics_t *metrics);
void metrics_probe(metrics_t *metrics, uint8_t type, metrics_result_t result, uint32_t duration);
void metrics_transition(metrics_t *metrics, uint8_t type, bool up);
void metrics_refresh(metrics_t *metrics, steer_resolved_t resolved);
/*! Counts a commit, or an attempt. \param[in] fault  Why it failed; NULL: it did not. */
void metrics_commit(metrics_t *metrics, size_t states, size_t answers, const char *fault);
/*! Notes that the definitions are those of a change set. */
void metrics_follow(metrics_t *metrics, uint64_t sequence);
/*! Notes why the store cannot be followed. */
void metrics_lose(metrics_t *metrics, const char *fault);
void metrics_free(metrics_t *metrics);
