/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The candidates of a policy that runs, as its steps have left them so far.
 *
 * The candidates are a list of sets, or in a range of the group's sets as they are stored. Of a
 * range only the healthy ones count behind a step "up", and that is asked of one when its turn
 * comes. Behind a step that orders, the order is pending until candidates are drawn (core/draw.h).
 * Dropping candidates from a pending order is the same as ordering without them, so steps between
 * need not know of it.
 *
 * Threads:  a view belongs to its run.
 * Memory:   the run's stack.
 * Trust:    the group is of an open node.
 */
#pragma once

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

typedef struct {
	const steer_policy_t *policy;
	const uint8_t *sets; /*!< The first set's entry; NULL: the group is a values block. */
	uint16_t begin, end; /*!< Candidates, by position in the group or the list, from 0. */
	uint8_t order;       /*!< STEER_ORDER_*. */
	uint16_t most;       /*!< Candidates wanted of the step that runs, if it draws them. */
	bool strict;         /*!< Every "up" acts with all-down=none. */
	bool listed;         /*!< They are the list. */
	bool checked;        /*!< They are healthy; of a range the first, and only healthy ones. */
	bool remembers;      /*!< known and up are in use. */
	unsigned work;       /*!< What the steps have cost: STEER_COST_*. */
	unsigned work_most;  /*!< What they may. */
	uint64_t hash;       /*!< STEER_ORDER_STICKY: the client's. */
	uint64_t known[STEER_SETS_WORDS]; /*!< Of this set's target is known ... */
	uint64_t up[STEER_SETS_WORDS];    /*!< ... whether it is healthy. */
	uint16_t list[STEER_SETS_MAX];
} steer_view_t;

/*! The set at a position of the view. */
static inline unsigned steer_view_at(const steer_view_t *view, unsigned position)
{
	return view->listed ? view->list[position] : position;
}

/*! Entry of a set of a group with a policy. */
static inline const uint8_t *steer_view_entry(const steer_view_t *view, unsigned set)
{
	return view->sets + set * STEER_SET_SIZE;
}

static inline uint32_t steer_view_weight(const steer_view_t *view, unsigned set)
{
	return get_set_weight(steer_view_entry(view, set));
}

static inline uint8_t steer_view_tier(const steer_view_t *view, unsigned set)
{
	return get_set_tier(steer_view_entry(view, set));
}

/*! Whether a set's health check is up. */
static inline bool steer_view_check_up(const steer_view_t *view, unsigned set)
{
	if (view->sets == NULL) {
		return true;
	}
	const uint8_t *at = steer_view_entry(view, set);
	return steer_states_up(view->policy->states, get_set_slot(at), get_set_generation(at));
}

/*! Whether the health of a set is also that of a target. */
static inline bool steer_view_has_target(const steer_view_t *view, unsigned set)
{
	if (view->sets != NULL) {
		const uint8_t *at = steer_view_entry(view, set);
		if (get_set_kind(at) == STEER_SET_ALIAS) {
			return get_set_flags(at) & STEER_SET_EVALUATE;
		}
	}
	return view->policy->follows;
}

/*! Whether the target of a set is healthy; it is asked once. */
bool steer_view_target_up(steer_view_t *view, unsigned set);

/*! Whether a set is healthy. */
static inline bool steer_view_up(steer_view_t *view, unsigned set)
{
	return steer_view_check_up(view, set) &&
	       (!steer_view_has_target(view, set) || steer_view_target_up(view, set));
}

/*! Whether a set of the view is a candidate. */
static inline bool steer_view_counts(steer_view_t *view, unsigned set)
{
	return !view->checked || view->listed || steer_view_up(view, set);
}

/* What explain is told. */

static inline bool steer_view_is_traced(const steer_view_t *view)
{
	return view->policy->trace != NULL;
}

static inline void steer_view_tell(const steer_view_t *view, const steer_verdict_t *verdict)
{
	view->policy->trace->verdict(view->policy->trace->ctx, verdict);
}
