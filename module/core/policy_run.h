/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a run of a policy needs, and what it reports about its candidates.
 *
 * Threads:  belongs to its run.
 * Trust:    the group is of an open node.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/chance.h"
#include "core/health_table.h"
#include "core/locate.h"
#include "core/node.h"
#include "core/program.h"

/*! Why a candidate went on or did not. */
typedef enum {
	STEER_WHY_UP,          /*!< Kept: healthy. */
	STEER_WHY_CHECK_DOWN,  /*!< Dropped: its health check is down. */
	STEER_WHY_TARGET_DOWN, /*!< Dropped: its alias target is down or has no data. */
	STEER_WHY_RESTORED,    /*!< Kept though down: all-down=all. */
	STEER_WHY_ALL_DOWN,    /*!< Dropped with all others: all-down=none or servfail. */
	STEER_WHY_TIER,        /*!< Kept: of the best tier. */
	STEER_WHY_OTHER_TIER,  /*!< Dropped: of another tier. */
	STEER_WHY_DRAWN,       /*!< Kept: drawn; draw, bound and weight say how. */
	STEER_WHY_DRAWN_PAST,  /*!< Drawn, but it is down or was drawn before: another draw follows. */
	STEER_WHY_TAKEN,       /*!< Kept: among the first, which "take" keeps. */
	STEER_WHY_NOT_TAKEN,   /*!< Dropped: after them. */
	STEER_WHY_MATCHES,     /*!< Kept: the client is of its place, location, autonomous system. */
	STEER_WHY_DEFAULT,     /*!< Kept: it names none, so it is for all clients. */
	STEER_WHY_ELSEWHERE,   /*!< Dropped: the client is not of the one that it names. */
	STEER_WHY_LESS_SPECIFIC, /*!< Dropped: others match the client more specifically. */
	STEER_WHY_LATENCY,     /*!< Kept, and ordered by latency: measure. */
	STEER_WHY_DISTANCE,    /*!< Kept, and ordered by distance: measure. */
	STEER_WHY_UNKNOWN,     /*!< Kept, and last: its distance is not known. */
	STEER_WHY_IN_ORDER,    /*!< Kept in its place: nothing is known of all to order them by. */
	STEER_WHY_WITHIN,      /*!< Kept: measure is not much more than that of the first. */
	STEER_WHY_BEYOND,      /*!< Dropped: it is. */
} steer_why_t;

/*! What candidates are measured by. */
typedef enum {
	STEER_MEASURE_NONE,
	STEER_MEASURE_LATENCY,  /*!< Round-trip times in microseconds. */
	STEER_MEASURE_DISTANCE, /*!< Metres, with the bias. */
} steer_measure_t;

/*! What a step did with a candidate. */
typedef struct {
	unsigned set;      /*!< Position in the group. */
	bool kept;
	steer_why_t why;
	uint64_t draw;     /*!< STEER_WHY_DRAWN: the number drawn, ... */
	uint64_t bound;    /*!< ... below this one; 0: no number was drawn (sticky). */
	uint64_t weight;   /*!< The weight it was drawn by. */
	uint8_t measured;  /*!< STEER_MEASURE_*: what measure is. */
	uint32_t measure;
	uint32_t distance; /*!< Metres without the bias; told by latency, nearest and within. */
} steer_verdict_t;

/*!
 * Receives what happens, for explain: each step, followed by what it did with the candidates that
 * entered it. Draws are reported when they are made: by a "take", before that step itself is, or at
 * the end. A traced run may look up more health than it needs, to report why; what it draws is the
 * same.
 */
typedef struct {
	void (*step)(void *ctx, const steer_step_t *step);
	void (*verdict)(void *ctx, const steer_verdict_t *verdict);
	void *ctx;
} steer_policy_trace_t;

/*! Work, in units of some 30 instructions (rule A8). */
#define STEER_COST_STEP    4 /*!< A step that is run. */
#define STEER_COST_SET     1 /*!< A record set that a step looks at. */
#define STEER_COST_DRAWN  10 /*!< One that is drawn. */
#define STEER_COST_RANKED 16 /*!< One that "sticky" ranks. */
#define STEER_COST_SORTED  5 /*!< One that is sorted by a measure. */
#define STEER_COST_FAR    16 /*!< One whose distance is measured. */
#define STEER_COST_BLOCK   1 /*!< A block that contains the client. */

/*! What a run of a policy needs. */
typedef struct {
	const steer_group_t *group;
	const steer_health_table_t *health_table;
	steer_chance_t *chance;
	bool follows;  /*!< Values are CNAMEs in an alias chain: their targets count too (A3). */
	/*! Whether the target of an alias that evaluates it is healthy for this client (rule H3). */
	bool (*target_up)(void *ctx, const steer_group_t *group, unsigned set);
	/*!
	 * Hash of the client for "sticky" (rule C3); records that the answer depends on the client.
	 */
	uint64_t (*client_hash)(void *ctx);
	void *ctx;
	steer_locator_t *locator;
	unsigned *work;     /*!< Work so far, to which the run adds its own. */
	unsigned work_most; /*!< The run ends when this is exceeded. */
	const steer_policy_trace_t *trace; /*!< NULL: none. */
} steer_policy_t;

/*! Whether the health check of a set, given by its entry, is up. */
static inline bool steer_policy_check_up(const steer_policy_t *policy, const uint8_t *set)
{
	return steer_health_table_up(policy->health_table, get_set_slot(set), get_set_generation(set));
}

/*! Whether the health of a set, given by its entry, depends on a target's, too. */
static inline bool steer_policy_has_target(const steer_policy_t *policy, const uint8_t *set)
{
	return get_set_kind(set) == STEER_SET_ALIAS ? get_set_flags(set) & STEER_SET_EVALUATE
	                                            : policy->follows;
}
