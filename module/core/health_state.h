/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The effective state of a health check, and when that changes by itself.
 *
 * Threads:  pure functions; any thread. The caller says what time it is.
 * Memory:   the caller's; views borrow.
 * Units:    wall times in seconds of the Unix epoch, boot times in milliseconds.
 * Rules:    steer-policies(7), H1, H7 to H10.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"

/*! A time by both clocks. Within one boot only the boot clock counts, which does not jump. */
typedef struct {
	uint64_t wall;
	uint64_t boot_ms;
	uint64_t boot[2]; /*!< Id of the boot. */
} steer_now_t;

/*! What the status says of a check: a force, a report or a probed state. */
typedef struct {
	bool up;
	uint32_t generation;
	uint64_t since, until;          /*!< Wall; until 0: it does not end by itself. */
	uint64_t since_boot, until_boot;
	uint64_t boot[2];
	const char *who, *reason;       /*!< Not ended by 0. */
	uint16_t who_len, reason_len;
} steer_health_state_t;

/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_health_state_open(steer_health_state_t *state, const void *value, size_t size);
/*! Writes one: STEER_STATUS_SIZE and the texts, at most STEER_LOG_TEXT_MAX each. \return size */
size_t steer_health_state_write(uint8_t *buf, const steer_health_state_t *state);
/*! Bytes of the largest one. */
#define STEER_HEALTH_STATE_MAX (STEER_STATUS_SIZE + 2 * STEER_LOG_TEXT_MAX)

/*! Milliseconds that are never exceeded: they can be added to a time. */
#define STEER_LEFT_MAX (UINT64_C(1) << 60)
/*!
 * Milliseconds until a state ends, at most STEER_LEFT_MAX.
 *
 * Within the boot that it was written in, the boot clock decides; else the wall clock.
 *
 * \return 0: it has ended; UINT64_MAX: it does not by itself.
 */
uint64_t steer_health_state_left(const steer_health_state_t *state, const steer_now_t *now);

/*! By what a check has its state. */
typedef enum {
	STEER_BY_DISABLED,
	STEER_BY_FORCE,
	STEER_BY_REPORT,
	STEER_BY_PROBE,
	STEER_BY_NOTHING, /*!< New, unknown. */
	STEER_BY_UNDEFINED, /*!< Record sets name it, and it is not defined. */
} steer_state_by_t;

typedef struct {
	bool up;
	steer_state_by_t by;
	const steer_health_state_t *state; /*!< Of a force, report or probe; else NULL. */
	/*! Until it is to be decided again, at most STEER_LEFT_MAX; UINT64_MAX: no such time. */
	uint64_t left_ms;
} steer_effective_health_t;

/*!
 * Decides the effective state.
 *
 * A check that is not defined is up (H10). Else a force decides, also on one that is disabled or
 * inverted: it is an operator's word. Without one a disabled check is up; a manual one is as
 * reported and any other as probed; what is not known is up. Of these "inverted" makes the
 * opposite (H1, H7, H9). A state that has ended counts no more (H8).
 *
 * \param[in] type, flags  Of the check; STEER_CHECK_NONE: it is not defined.
 * \param[in] force, report, probed  What the status has, or NULL; others' generations are passed
 *                                   over.
 */
steer_effective_health_t steer_health_decide(uint8_t type, uint8_t flags, uint32_t generation,
                                             const steer_health_state_t *force,
                                             const steer_health_state_t *report,
                                             const steer_health_state_t *probed,
                                             const steer_now_t *now);
