/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "store/change/apply_settings.h"
#include "store/change/contents.h"
#include "store/change/log_write.h"

int steer_change_setting(steer_change_t *change, const steer_setting_t *setting, const void *value,
                         size_t len)
{
	steer_change_setting_t *changed = &change->settings[setting - steer_settings];
	uint8_t *copy = NULL;
	if (value != NULL) {
		if (!steer_setting_allows(setting, value, len)) {
			return STEER_EINVAL;
		}
		copy = steer_arena_alloc(&change->arena, len);
		if (copy == NULL) {
			return STEER_ENOMEM;
		}
		memcpy(copy, value, len);
	}
	*changed = (steer_change_setting_t) { .value = copy, .len = len, .named = true };
	return STEER_OK;
}

/*! Logs and reports a setting. */
static void report(steer_write_t *write, const steer_apply_t *options, uint8_t sign,
                   const steer_setting_t *setting, const void *value, size_t len)
{
	steer_log_value(write, STEER_LOG_SETTING, sign, setting->entry,
	                strlen(setting->entry), value, len);
	if (options->setting != NULL && steer_setting_allows(setting, value, len)) {
		options->setting(options->ctx, sign, setting, value, len);
	}
}

static int apply(steer_write_t *write, const steer_setting_t *setting,
                 const steer_change_setting_t *is, const steer_apply_t *options,
                 steer_summary_t *summary)
{
	MDB_val was;
	size_t key_len = strlen(setting->entry);
	int ret = steer_write_get(write, STEER_DB_META, setting->entry, key_len, &was);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	bool had = ret == STEER_OK, has = is->value != NULL;
	if (had == has && (!has || (is->len == was.mv_size &&
	                            memcmp(is->value, was.mv_data, is->len) == 0))) {
		return STEER_OK;
	}
	summary->settings_changed++;
	if (had) {
		report(write, options, STEER_LOG_WAS, setting, was.mv_data, was.mv_size);
	}
	if (!has) {
		return steer_write_del(write, STEER_DB_META, setting->entry, key_len);
	}
	report(write, options, STEER_LOG_IS, setting, is->value, is->len);
	return steer_write_put(write, STEER_DB_META, setting->entry, key_len, is->value, is->len);
}

/*! Reads a number as the write transaction has it, or its default. */
static int read_number(steer_write_t *write, unsigned which, uint32_t *number)
{
	const steer_setting_t *setting = &steer_settings[which];
	MDB_val value;
	int ret = steer_write_get(write, STEER_DB_META, setting->entry, strlen(setting->entry), &value);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	bool valid = ret == STEER_OK && steer_setting_allows(setting, value.mv_data, value.mv_size);
	*number = valid ? steer_setting_number(value.mv_data) : setting->default_value;
	return STEER_OK;
}

/*! Refuses bounds of TTLs that cross. */
static int check_bounds(steer_write_t *write)
{
	uint32_t min, max;
	int ret = read_number(write, STEER_SETTING_TARGET_TTL_MIN, &min);
	if (ret == STEER_OK) {
		ret = read_number(write, STEER_SETTING_TARGET_TTL_MAX, &max);
	}
	return ret != STEER_OK || min <= max ? ret
	       : steer_fault(write->fault, STEER_EREFUSED, "a target-ttl-min of %" PRIu32
	                     "s is above a target-ttl-max of %" PRIu32 "s; allowed: up to that", min,
	                     max);
}

int steer_settings_apply(steer_write_t *write, const steer_change_t *change,
                         const steer_apply_t *options, steer_summary_t *summary)
{
	int ret = STEER_OK;
	for (size_t i = 0; i < STEER_SETTINGS && ret == STEER_OK; i++) {
		if (change->settings[i].named) {
			ret = apply(write, &steer_settings[i], &change->settings[i], options, summary);
		}
	}
	bool bounds = change->settings[STEER_SETTING_TARGET_TTL_MIN].named ||
	              change->settings[STEER_SETTING_TARGET_TTL_MAX].named;
	return ret == STEER_OK && bounds ? check_bounds(write) : ret;
}
