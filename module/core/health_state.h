/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The effective state of a health check, and when it changes by itself.
 *
 * Threads:  pure functions; any thread. The caller passes the time.
 * Memory:   the caller's; views borrow.
 * Units:    as in core/now.h.
 * Rules:    steer-policies(7), H1, H7 to H11 and H13.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/heartbeat.h"
#include "schema/layout.h"
#include "steer/error.h"

/*! A stored state of a check: a force, a report or a probed state. */
typedef struct {
	bool up;
	bool cleared; /*!< In a log: it ended, since then and by whom; it is neither up nor down. */
	uint32_t created;               /*!< Of the check. */
	uint64_t since, until;          /*!< Wall times; until 0: it does not end by itself. */
	uint64_t since_boot, until_boot;
	uint64_t boot[2];
	const char *who, *reason;       /*!< Not NUL-terminated. */
	uint16_t who_len, reason_len;
} steer_health_state_t;

/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_health_state_open(steer_health_state_t *state, const void *value, size_t size);
/*! Writes one: STEER_STATUS_SIZE bytes and the texts. \return size */
size_t steer_health_state_write(uint8_t *buf, const steer_health_state_t *state);
/*! Size of the largest one; each text has at most STEER_LOG_TEXT_MAX bytes. */
#define STEER_HEALTH_STATE_MAX (STEER_STATUS_SIZE + 2 * STEER_LOG_TEXT_MAX)

/*!
 * Milliseconds until a state ends, at most STEER_LEFT_MAX.
 *
 * \return 0 if it has ended; UINT64_MAX if it does not end by itself.
 */
uint64_t steer_health_state_left(const steer_health_state_t *state, const steer_now_t *now);

/*! The children of a calculated check. */
typedef struct {
	unsigned count, up; /*!< How many there are, and how many of them are up. */
	unsigned threshold; /*!< How many must be up. */
	uint64_t left_ms;   /*!< Until one of them must be decided again; UINT64_MAX if never. */
} steer_health_children_t;

/*! Where the state of a check comes from. */
typedef enum {
	STEER_BY_DISABLED,
	STEER_BY_FORCE,
	STEER_BY_REPORT,
	STEER_BY_PROBE,
	STEER_BY_CHILDREN,
	STEER_BY_STALE, /*!< It was probed, but steerd is silent. */
	STEER_BY_NOTHING, /*!< New, unknown. */
	STEER_BY_UNDEFINED, /*!< Record sets name it, but it is not defined. */
} steer_state_by_t;

/*! The state by which a check counts. */
typedef struct {
	bool up;
	steer_state_by_t by;
	const steer_health_state_t *state; /*!< The force, report or probed state; else NULL. */
	/*! Until it must be decided again, at most STEER_LEFT_MAX; UINT64_MAX if never. */
	uint64_t left_ms;
} steer_effective_health_t;

/*! What the effective state of a check is decided by. */
typedef struct {
	/*! Stored states, or NULL; ignored if of a check created before or after. */
	const steer_health_state_t *force, *report, *probed;
	const steer_health_children_t *children; /*!< Of a calculated check; else NULL. */
	const steer_silence_t *silence;
} steer_health_known_t;

/*!
 * Decides the effective state.
 *
 * A check that is not defined is up (H10). Otherwise a force decides, even on a check that is
 * disabled or inverted: it is an operator's word. Without one, a disabled check is up, a manual
 * check is as reported, a calculated one is up if enough of its children are, and any other is as
 * probed; an unknown state is up; "inverted" turns these into the opposite (H1, H7, H9, H11). But
 * all others are up when steerd is silent and that is what shall become of them (H13). A state that
 * has ended no longer counts (H8).
 *
 * \param[in] type, flags  Of the check; STEER_CHECK_NONE if it is not defined.
 */
steer_effective_health_t steer_health_decide(uint8_t type, uint8_t flags, uint32_t created,
                                             const steer_health_known_t *known,
                                             const steer_now_t *now);

/*! Counts a child, which has its effective state for so long. */
static inline void steer_health_children_add(steer_health_children_t *children, bool up,
                                             uint64_t left_ms)
{
	children->count++;
	children->up += up;
	children->left_ms = left_ms < children->left_ms ? left_ms : children->left_ms;
}
