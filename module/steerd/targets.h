/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The external alias targets: when they are resolved, with what results, and what these make
 *        of their answers.
 *
 * A target is a name with a type, however many aliases lead to it. See core/target_refresh.h for
 * when it is resolved again.
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
#include "store/status.h"

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

	struct query *query;      /*!< NULL: none is on its way. */
	ev_timer next;            /*!< The next try; not active while there is a query. */
	ev_timer end;             /*!< When the answer goes; active while it is stale. */
	steer_refresh_t refresh;
	uint8_t *rrs;             /*!< The records: wire-ready, owner C0 0C, with the clamped TTL. */
	uint32_t rrs_len;
	uint16_t count;
	char *error;              /*!< Why the last try failed; NULL: it did not. */
	uint64_t refreshes;       /*!< Tries that gave a response. */
	uint64_t failures;        /*!< Tries that failed. */

	bool stored;              /*!< The store may have its key. */
	steer_now_t published;    /*!< When what is stored was handed over. */
	bool publishing;          /*!< It is being written. */
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
/*! The rule. */
const steer_refresh_rule_t *targets_rule(const targets_t *targets);
/*! Resolves all targets anew, soon. */
void targets_reload(targets_t *targets);
/*! Forgets all targets: the store is another one. Nothing is being published. */
void targets_clear(targets_t *targets);

/*!
 * Takes what the store has of a target, unless that is known. If no update names it, its key is
 * removed.
 *
 * \param[in] name    Wire name in lower case.
 * \param[in] stored  NULL: the value is damaged.
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

bool targets_have_unpublished(const targets_t *targets);
/*! Takes the target that has been unpublished for the longest time; NULL: there is none. */
target_t *targets_take_unpublished(targets_t *targets);
/*! Puts one back. */
void targets_unpublish(target_t *target);
/*!
 * Notes that what was published of a target is stored, or its removal, by which it is freed unless
 * it is in use.
 */
void targets_published(target_t *target, bool removed);
