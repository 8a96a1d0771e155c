/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The health checks that are probed: when, with what results, and what state these make.
 *
 * A check is probed at its place in each interval, see steer_probe_wait(). A probe that waits for a
 * free socket or process is started late; one that is late by an interval is left out.
 *
 * Threads:  the loop's.
 * Memory:   its own.
 * Units:    milliseconds; times by the boot clock, unless they are steer_now_t.
 */
#pragma once

#include <sys/queue.h>

#include "core/health_probe.h"
#include "core/health_state.h"
#include "steerd/metrics.h"
#include "steerd/probe/probe.h"
#include "store/status.h"

/*! Probes at the same time that run processes. */
#define CHECKS_PROCESSES 64

typedef struct checks checks_t;

/*! A check. */
typedef struct check {
	checks_t *checks;
	char id[STEER_CHECK_ID_MAX + 1];
	uint32_t slot, created;
	unsigned round;          /*!< Of the last update that named it. */
	definition_t *definition;
	ev_timer timer;
	probe_t *probe;          /*!< NULL: none is running. */
	bool waiting;            /*!< For a free socket or process. */
	TAILQ_ENTRY(check) wait;

	steer_probe_state_t state;
	steer_now_t decided;     /*!< When the state was. */
	char *reason;            /*!< Of the state, as it is published. */
	bool publishing;         /*!< The state before, or this one, is being written. */
	bool unpublished;
	TAILQ_ENTRY(check) unpublished_entry;

	bool has_last;
	bool last_ok, last_inconclusive;
	probe_times_t last_times;
	steer_now_t last;        /*!< When its last probe ended. */
	char *last_reason;
	uint64_t probes, failures, inconclusive;
} check_t;

typedef TAILQ_HEAD(check_list, check) check_list_t;

/*! Called when a check has become unpublished. */
typedef void (*checks_decided_f)(void *ctx);

/*! \return NULL: out of memory */
checks_t *checks_new(probers_t *probers, metrics_t *metrics, unsigned sockets,
                     checks_decided_f decided, void *ctx);
void checks_free(checks_t *checks);

/* An update: begin, name each check that is to be probed, end, which drops all others. */

void checks_update_begin(checks_t *checks);
/*! Names a check, which may be named again. \retval STEER_OK, STEER_ENOMEM */
int checks_update(checks_t *checks, const steer_health_status_t *checked);
void checks_update_end(checks_t *checks);

/*! Gets the check in a slot; NULL: none is probed. */
check_t *checks_get(const checks_t *checks, uint32_t slot);
/*! Number of slots, each of which may have a check. */
uint32_t checks_slots(const checks_t *checks);

bool checks_have_unpublished(const checks_t *checks);
/*! Takes the check that has been unpublished for the longest time; NULL: there is none. */
check_t *checks_take_unpublished(checks_t *checks);
/*! Puts one back. */
void checks_unpublish(check_t *check);
