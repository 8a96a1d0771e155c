/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/target_refresh.h"

#define SECOND UINT64_C(1000)

/*! Milliseconds since a time; 0 for one of the future, which a wall clock can have set. */
static uint64_t since(const steer_now_t *time, const steer_now_t *now)
{
	int64_t until = steer_now_until(now, time);
	return until < 0 ? -until : 0;
}

/*! Pulls a time out of the future, so that a wall clock that was set back keeps nothing forever. */
static void pull(steer_now_t *time, const steer_now_t *now)
{
	if (steer_now_until(now, time) > 0) {
		*time = *now;
	}
}

void steer_refresh_restore(steer_refresh_t *refresh, const steer_external_answer_t *stored)
{
	// Since when it is held is not stored; the last try, which was not before that, will do.
	const steer_now_t tried = { .wall = stored->tried };
	*refresh = (steer_refresh_t) {
		.answer = stored->count > 0 ? STEER_RESOLVED_RECORDS
		          : stored->nxdomain ? STEER_RESOLVED_NXDOMAIN : STEER_RESOLVED_NODATA,
		.held = stored->held, .restored = true, .ttl = stored->ttl, .failures = stored->failures,
		.resolved = stored->resolved, .tried = tried, .held_since = tried,
	};
}

/*! Takes a response. \return whether it is the answer now; else that of before is held */
static bool take(steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                 steer_resolved_t resolved, uint32_t ttl, const steer_now_t *now)
{
	bool emptied = refresh->answer == STEER_RESOLVED_RECORDS && resolved != STEER_RESOLVED_RECORDS;
	if (emptied && !refresh->held) {
		refresh->held_since = *now;
	}
	refresh->held = emptied &&
	                since(&refresh->held_since, now) < rule->empty_hold * SECOND;
	if (!refresh->held) {
		refresh->answer = resolved;
		refresh->ttl = ttl;
		refresh->resolved = *now;
	}
	return !refresh->held;
}

steer_refresh_effect_t steer_refresh_result(steer_refresh_t *refresh,
                                            const steer_refresh_rule_t *rule,
                                            steer_resolved_t resolved, uint32_t ttl,
                                            const steer_now_t *now)
{
	pull(&refresh->resolved, now);
	pull(&refresh->held_since, now);
	refresh->restored = false;
	refresh->tried = *now;
	if (resolved == STEER_RESOLVED_FAILURE) {
		refresh->failures += refresh->failures < UINT32_MAX;
		return steer_refresh_expire(refresh, rule, now) ? STEER_REFRESH_GONE : STEER_REFRESH_STALE;
	}
	refresh->failures = 0;
	return take(refresh, rule, resolved, ttl, now) ? STEER_REFRESH_TAKEN : STEER_REFRESH_HELD;
}

uint32_t steer_refresh_ttl(const steer_refresh_t *refresh, const steer_refresh_rule_t *rule)
{
	uint32_t ttl = refresh->ttl > rule->ttl_min ? refresh->ttl : rule->ttl_min;
	return ttl < rule->ttl_max ? ttl : rule->ttl_max;
}

/*! Milliseconds between failed tries. */
static uint64_t again(uint32_t failures)
{
	uint64_t seconds = STEER_REFRESH_AGAIN;
	while (--failures > 0 && seconds < STEER_REFRESH_AGAIN_MAX) {
		seconds *= 2;
	}
	return SECOND * (seconds < STEER_REFRESH_AGAIN_MAX ? seconds : STEER_REFRESH_AGAIN_MAX);
}

/*! Milliseconds from a time until the next try. \param[out] from  That time. */
static uint64_t interval(const steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                         const steer_now_t **from)
{
	if (refresh->failures > 0) {
		*from = &refresh->tried;
		return again(refresh->failures);
	}
	if (refresh->held) {
		*from = &refresh->held_since;
		return rule->empty_hold * SECOND;
	}
	*from = &refresh->resolved;
	return refresh->answer != STEER_RESOLVED_FAILURE ? steer_refresh_ttl(refresh, rule) * SECOND
	                                                 : 0;
}

uint64_t steer_refresh_wait(const steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                            const steer_now_t *now, uint32_t chance)
{
	const steer_now_t *from;
	uint64_t between = interval(refresh, rule, &from), gone = since(from, now);
	uint64_t part = between * chance >> 32; // No interval has more than 32 bits of milliseconds.
	return gone > between ? part : between - gone + part / STEER_REFRESH_LATE;
}

uint64_t steer_refresh_left(const steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                            const steer_now_t *now)
{
	if (refresh->answer == STEER_RESOLVED_FAILURE || refresh->failures == 0 || refresh->restored) {
		return STEER_LEFT_MAX;
	}
	uint64_t gone = since(&refresh->resolved, now);
	uint64_t stays = (steer_refresh_ttl(refresh, rule) + (uint64_t)rule->stale_max) * SECOND;
	return stays > gone ? stays - gone : 0;
}

bool steer_refresh_expire(steer_refresh_t *refresh, const steer_refresh_rule_t *rule,
                          const steer_now_t *now)
{
	if (steer_refresh_left(refresh, rule, now) > 0) {
		return false;
	}
	refresh->answer = STEER_RESOLVED_FAILURE;
	refresh->held = false;
	return true;
}
