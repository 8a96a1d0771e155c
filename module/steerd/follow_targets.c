/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/follow_targets.h"

#include <string.h>

#include "store/settings.h"
#include "store/status.h"
#include "store/uses.h"

/* Settings. One that is damaged has its default. */

static int read_number(const steer_reader_t *records, unsigned setting, uint32_t *number)
{
	int ret = steer_setting_read(records, &steer_settings[setting], number);
	return ret == STEER_EDAMAGED ? STEER_OK : ret;
}

static int take_rule(targets_t *targets, const steer_reader_t *records)
{
	steer_refresh_rule_t rule;
	int ret = read_number(records, STEER_SETTING_TARGET_TTL_MIN, &rule.ttl_min);
	if (ret == STEER_OK) {
		ret = read_number(records, STEER_SETTING_TARGET_TTL_MAX, &rule.ttl_max);
	}
	if (ret == STEER_OK) {
		ret = read_number(records, STEER_SETTING_STALE_MAX, &rule.stale_max);
	}
	if (ret == STEER_OK) {
		ret = read_number(records, STEER_SETTING_TARGET_EMPTY_HOLD, &rule.empty_hold);
	}
	if (ret == STEER_OK) {
		targets_configure(targets, &rule);
	}
	return ret;
}

static int take_forwarders(target_follower_t *follower, const steer_reader_t *records)
{
	steer_forwarders_t forwarders;
	int ret = steer_setting_forwarders(records, &forwarders);
	if (ret != STEER_OK && ret != STEER_EDAMAGED) {
		return ret;
	}
	if (follower->configured &&
	    memcmp(&follower->forwarders, &forwarders, sizeof(forwarders)) == 0) {
		return STEER_OK;
	}
	bool system = forwarders.count == 0 && forwarders.word == STEER_FORWARD_SYSTEM;
	resolver_configure(follower->resolver, system ? follower->system : &forwarders);
	if (follower->configured) {
		targets_reload(follower->targets);
	}
	follower->forwarders = forwarders;
	follower->configured = true;
	return STEER_OK;
}

/* Targets. */

typedef struct {
	targets_t *targets;
	int ret;
} taker_t;

static bool take_stored(void *ctx, uint16_t type, const uint8_t *name,
                        const steer_external_answer_t *stored)
{
	taker_t *taker = ctx;
	taker->ret = targets_restore(taker->targets, type, name, stored);
	return taker->ret == STEER_OK;
}

static bool take_used(void *ctx, uint16_t type, const uint8_t *name)
{
	taker_t *taker = ctx;
	taker->ret = targets_update(taker->targets, type, name);
	return taker->ret == STEER_OK;
}

/*! The result of a walk and of what it has called: after damage, all others were received. */
static int result_of(int walked, const taker_t *taker)
{
	return walked != STEER_OK && walked != STEER_EDAMAGED ? walked : taker->ret;
}

static int restore_targets(targets_t *targets, const steer_reader_t *status)
{
	taker_t taker = { .targets = targets, .ret = STEER_OK };
	int walked = steer_status_external_answers_walk(status, take_stored, &taker);
	return result_of(walked, &taker);
}

static int update_targets(targets_t *targets, const steer_reader_t *records)
{
	taker_t taker = { .targets = targets, .ret = STEER_OK };
	targets_update_begin(targets);
	int walked = steer_uses_externals_walk(records, take_used, &taker);
	int ret = result_of(walked, &taker);
	if (ret == STEER_OK) { // After an error, which targets are used is not known.
		targets_update_end(targets);
	}
	return ret;
}

int follow_targets(target_follower_t *follower, const steer_reader_t *records,
                   const steer_reader_t *status, bool restore)
{
	int ret = take_rule(follower->targets, records);
	if (ret == STEER_OK) {
		ret = take_forwarders(follower, records);
	}
	if (ret == STEER_OK && restore) {
		ret = restore_targets(follower->targets, status);
	}
	return ret == STEER_OK ? update_targets(follower->targets, records) : ret;
}
