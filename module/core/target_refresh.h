/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief When an external alias target is resolved again, and what the results make of its answer.
 *
 * An answer lives for its TTL, which is clamped; then its target is resolved again. While that
 * fails, the answer is stale and stays (RFC 8767) until "stale-max" after its TTL has passed. A
 * target that says that it has no data where it had records is held: the records stay until it says
 * so again, at least "target-empty-hold" later. A failure in between neither ends that time nor
 * begins it anew; records do end it. What has no data may change its reason at once.
 *
 * Threads:  pure functions; any thread. The caller passes the time and the chance.
 * Units:    seconds for settings and TTLs, milliseconds for what is left; times as in core/now.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/external_answer.h"
#include "core/now.h"

/*! Seconds between tries while they fail: doubled from the first to the most (RFC 8767: 30). */
#define STEER_REFRESH_AGAIN     1
#define STEER_REFRESH_AGAIN_MAX 30
/*! A refresh is late by up to one of so many parts of its interval, so that refreshes spread. */
#define STEER_REFRESH_LATE      10

/*! The settings. */
typedef struct {
	uint32_t ttl_min, ttl_max; /*!< The smaller one wins where they cross. */
	uint32_t stale_max;
	uint32_t empty_hold;
} steer_refresh_rule_t;

/*! What a target was resolved to. */
typedef enum {
	STEER_RESOLVED_FAILURE, /*!< Nothing; of an answer: there is none. */
	STEER_RESOLVED_RECORDS,
	STEER_RESOLVED_NODATA,
	STEER_RESOLVED_NXDOMAIN,
	STEER_RESOLVED_KINDS,
} steer_resolved_t;

/*! What is known about a target; zeroed memory is one that was never resolved. */
typedef struct {
	steer_resolved_t answer;
	bool held;
	bool restored;        /*!< By a restart, since which it was not tried. */
	uint32_t ttl;         /*!< Of the answer, as it was received; see steer_refresh_ttl(). */
	uint32_t failures;    /*!< Tries that have failed since the last response; then it is stale. */
	steer_now_t resolved; /*!< When the answer was last received. */
	steer_now_t tried;    /*!< When the last try ended. */
	steer_now_t held_since;
} steer_refresh_t;

/*! What a result does. */
typedef enum {
	STEER_REFRESH_TAKEN, /*!< It is the answer now. */
	STEER_REFRESH_HELD,  /*!< The records of before stay. */
	STEER_REFRESH_STALE, /*!< It failed: the answer of before stays, if there was one. */
	STEER_REFRESH_GONE,  /*!< Likewise, but it was stale for too long. */
} steer_refresh_effect_t;

/*! Goes on after a restart. */
void steer_refresh_restore(steer_refresh_t *refresh, const steer_external_answer_t *stored);

/*! Takes what a target was resolved to. \param[in] ttl  Of the answer, as it was received. */
steer_refresh_effect_t steer_refresh_result(steer_refresh_t *refresh,
                                            const steer_refresh_rule_t *rule,
                                            steer_resolved_t resolved, uint32_t ttl,
                                            const steer_now_t *now);

/*! The TTL to answer with. */
uint32_t steer_refresh_ttl(const steer_refresh_t *refresh, const steer_refresh_rule_t *rule);

/*!
 * How long it is until the next try. What is overdue, by a restart or a changed setting, is spread
 * over an interval; a target that was never tried is not.
 *
 * \param[in] chance  Uniformly distributed bits.
 */
uint64_t steer_refresh_wait(const steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                            const steer_now_t *now, uint32_t chance);

/*!
 * How long the answer stays if nothing else comes, at most STEER_LEFT_MAX, which also stands for one
 * that is not stale: a restart ends no answer before a try has failed.
 */
uint64_t steer_refresh_left(const steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                            const steer_now_t *now);
/*! Ends an answer that was stale for too long. \return false: there is none such */
bool steer_refresh_expire(steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                          const steer_now_t *now);
