/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The candidates of a running policy, as its steps have left them so far.
 *
 * They are either a list of sets, or a range of the group's sets as stored. After a step "up" only
 * the healthy sets of a range count, and the health of a set is looked up when its turn comes.
 * After a step that orders, the order is pending until candidates are drawn (core/random_order.h).
 * Dropping candidates from a pending order is the same as ordering without them, so the steps in
 * between need not know about it.
 *
 * Threads:  they belong to one run.
 * Memory:   the run's stack.
 * Trust:    the group is of an open node.
 */
#pragma once

#include "core/match.h"
#include "core/policy_run.h"

/*! An order that is pending. */
typedef enum {
	STEER_ORDER_KEPT,     /*!< As they stand. */
	STEER_ORDER_WEIGHTED,
	STEER_ORDER_STICKY,
	STEER_ORDER_SHUFFLED,
} steer_order_t;

/*! A bit for each set. */
#define STEER_SETS_WORDS ((STEER_SETS_MAX + 63) / 64)

/*! The candidates; see above. */
typedef struct {
	const steer_policy_t *policy;
	const uint8_t *sets; /*!< The first set's entry; NULL: the group is a values block. */
	uint16_t begin, end; /*!< Range of positions in the group, or in the list, from 0. */
	uint8_t order;       /*!< STEER_ORDER_*. */
	uint16_t most;       /*!< Candidates wanted from the current step, if it draws them. */
	bool strict;         /*!< Every "up" acts with all-down=none. */
	bool listed;         /*!< The candidates are those in list, not sets of the group. */
	bool checked;        /*!< An "up" has run: only healthy sets count. The first one is healthy. */
	bool remembers;      /*!< known and up are in use. */
	uint8_t measured;    /*!< STEER_MEASURE_*. */
	uint8_t levels;      /*!< Levels among which the next step, an "up", chooses; 0: not. */
	uint16_t level_end[STEER_MATCH_LEVELS]; /*!< In the list; they are in order. */
	unsigned work;       /*!< What the steps have cost: STEER_COST_*. */
	unsigned work_most;  /*!< What they may cost. */
	uint64_t hash;       /*!< STEER_ORDER_STICKY: the client's. */
	uint64_t known[STEER_SETS_WORDS]; /*!< The health of this set's target is known ... */
	uint64_t up[STEER_SETS_WORDS];    /*!< ... and it is healthy. */
	uint16_t list[STEER_SETS_MAX];
	uint32_t measure[STEER_SETS_MAX]; /*!< By set, if they are measured; UINT32_MAX: unknown. */
} steer_candidates_t;

/*! The set at a position of the candidates. */
static inline unsigned steer_candidates_at(const steer_candidates_t *candidates, unsigned position)
{
	return candidates->listed ? candidates->list[position] : position;
}

/*! Entry of a set; only in a group with a policy. */
static inline const uint8_t *steer_candidates_entry(const steer_candidates_t *candidates,
                                                    unsigned set)
{
	return candidates->sets + set * STEER_SET_SIZE;
}

static inline uint32_t steer_candidates_weight(const steer_candidates_t *candidates, unsigned set)
{
	return get_set_weight(steer_candidates_entry(candidates, set));
}

static inline uint8_t steer_candidates_tier(const steer_candidates_t *candidates, unsigned set)
{
	return get_set_tier(steer_candidates_entry(candidates, set));
}

/*! Whether a set's health check is up. */
static inline bool steer_candidates_check_up(const steer_candidates_t *candidates, unsigned set)
{
	return candidates->sets == NULL ||
	       steer_policy_check_up(candidates->policy, steer_candidates_entry(candidates, set));
}

/*! Whether the health of a set depends on a target's, too. */
static inline bool steer_candidates_has_target(const steer_candidates_t *candidates, unsigned set)
{
	return candidates->sets == NULL
	       ? candidates->policy->follows
	       : steer_policy_has_target(candidates->policy, steer_candidates_entry(candidates, set));
}

/*! Whether the target of a set is healthy; found out once for each run. */
bool steer_candidates_target_up(steer_candidates_t *candidates, unsigned set);

/*! Whether a set is healthy. */
static inline bool steer_candidates_up(steer_candidates_t *candidates, unsigned set)
{
	return steer_candidates_check_up(candidates, set) &&
	       (!steer_candidates_has_target(candidates, set) ||
	        steer_candidates_target_up(candidates, set));
}

/*! Whether a set in the range or list still is a candidate. */
static inline bool steer_candidates_counts(steer_candidates_t *candidates, unsigned set)
{
	return !candidates->checked || candidates->listed || steer_candidates_up(candidates, set);
}

/*! Makes the candidates a list. */
void steer_candidates_list(steer_candidates_t *candidates);

/* Reports to explain, only in a run that is traced. */

static inline bool steer_candidates_is_traced(const steer_candidates_t *candidates)
{
	return candidates->policy->trace != NULL;
}

static inline void steer_candidates_report(const steer_candidates_t *candidates,
                                           const steer_verdict_t *verdict)
{
	candidates->policy->trace->verdict(candidates->policy->trace->ctx, verdict);
}

/*! Reports a step with the options that it acts by. */
void steer_candidates_report_step(const steer_candidates_t *candidates, const uint8_t *step);
/*! What became of a candidate, with its measure if there is one. */
steer_verdict_t steer_candidates_verdict(const steer_candidates_t *candidates, unsigned set,
                                         bool kept, steer_why_t why);
/*! Reports it. */
void steer_candidates_report_why(const steer_candidates_t *candidates, unsigned set, bool kept,
                                 steer_why_t why);
