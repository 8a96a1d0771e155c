/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The external alias targets: when they are resolved, with what results, and what these make
 *        of their answers.
 *
 * A target is a name with a type, however many aliases lead to it. See core/target_refresh.h for
 * when it is resolved again. What changes is published: an answer, that it is stale or held, and
 * that it has gone. The times and the number of tries alone are published late, by
 * targets_confirm().
 *
 * Threads:  the loop's.
 * Memory:   its own.
 */
#pragma once

#include <ev.h>
#include <sys/queue.h>

#include "core/target_refresh.h"
#include "steerd/metrics.h"
#include "steerd/resolve/resolve.h"

typedef struct targets targets_t;

/*! A target. */
typedef struct target {
	targets_t *targets;
	uint32_t slot;
	uint16_t type;
	const uint8_t *name;      /*!< In wire form, in lower case. */
	const char *text;         /*!< The name as text, with the final dot. */
	bool used;                /*!< An alias leads to it; else just its key is to be removed. */
	unsigned round;           /*!< Of the last update that named it. */

	query_t *query;           /*!< NULL: none is on its way. */
	ev_timer next;            /*!< The next try; not active while there is a query. */
	ev_timer end;             /*!< When the answer goes; active while it is stale. */
	steer_refresh_t refresh;
	uint8_t *rrs;             /*!< The records: wire-ready, owner C0 0C, with that TTL. */
	uint32_t rrs_len;
	uint16_t count;
	uint32_t ttl;             /*!< Of the answer, clamped. */
	char *error;              /*!< Why the last try failed; NULL: it did not. */
	uint64_t refreshes;       /*!< Tries that gave a response. */
	uint64_t failures;        /*!< Tries that failed. */

	bool stored;              /*!< The store may have its key. */
	bool confirmed;           /*!< It was not tried since it was last handed over. */
	steer_now_t handed_over;  /*!< When it last was. */
	bool publishing;          /*!< It is being written, ... */
	bool removing;            /*!< ... or rather its key is being removed. */
	bool unpublished;
	TAILQ_ENTRY(target) unpublished_entry;
} target_t;

typedef TAILQ_HEAD(target_list, target) target_list_t;

/*! Called when a target has become unpublished. */
typedef void (*targets_changed_f)(void *ctx);

/*! \return NULL: out of memory */
targets_t *targets_new(struct ev_loop *loop, resolver_t *resolver, metrics_t *metrics,
                       targets_changed_f changed, void *ctx);
void targets_free(targets_t *targets);

/*! Sets the rule, which also holds for the answers that there are. */
void targets_configure(targets_t *targets, const steer_refresh_rule_t *rule);
const steer_refresh_rule_t *targets_rule(const targets_t *targets);
/*! Resolves all targets anew, soon. */
void targets_reload(targets_t *targets);
/*! Forgets all targets: the store is another one. None is being published. */
void targets_clear(targets_t *targets);

/*!
 * Takes what the store has of a target, unless that is known. If no update names it, its key is
 * removed.
 *
 * \param[in] name    Wire name in lower case.
 * \param[in] stored  NULL: it is damaged.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int targets_restore(targets_t *targets, uint16_t type, const uint8_t *name,
                    const steer_external_answer_t *stored);

/* An update: begin, name each target that is in use, end, which drops all others. */

void targets_update_begin(targets_t *targets);
/*! Names a target, which may be named again. \retval STEER_OK, STEER_ENOMEM */
int targets_update(targets_t *targets, uint16_t type, const uint8_t *name);
void targets_update_end(targets_t *targets);

/*! Gets the target in a slot; NULL: there is none. It may be one that is not in use. */
target_t *targets_get(const targets_t *targets, uint32_t slot);
/*! Number of slots. */
uint32_t targets_slots(const targets_t *targets);

/* What is to be published. */

bool targets_have_unpublished(const targets_t *targets);
/*! Has all answers published whose times were published so many seconds ago, if they are others. */
void targets_confirm(targets_t *targets, uint32_t seconds);
/*! Seconds after which they should be. */
uint32_t targets_confirm_after(const targets_t *targets);
/*!
 * Hands over the target that has been unpublished for the longest time: its answer, or that its key
 * is to be removed. Until targets_settle() it stays. \return NULL: there is none
 */
target_t *targets_hand_over(targets_t *targets);
/*! Ends that. \param[in] done  It was written; else it is unpublished again. */
void targets_settle(target_t *target, bool done);
