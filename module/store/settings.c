/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "store/internal.h"

const steer_setting_t steer_settings[STEER_SETTINGS] = {
#define X(symbol, name, entry, kind, min, max, default_value) \
	[STEER_SETTING_## \
		symbol] = { (name), (entry), STEER_SETTING_##kind, (min), (max), (default_value) },
	STEER_SETTING_TABLE(X)
#undef X
};

const steer_setting_t *steer_setting_find(const char *name)
{
	for (size_t i = 0; i < STEER_SETTINGS; i++) {
		if (strcmp(steer_settings[i].name, name) == 0) {
			return &steer_settings[i];
		}
	}
	return NULL;
}

uint32_t steer_setting_number(const void *value)
{
	uint32_t number;
	memcpy(&number, value, sizeof(number));
	return steer_le_u32(number);
}

bool steer_setting_allows(const steer_setting_t *setting, const void *value, size_t len)
{
	if (setting->kind == STEER_SETTING_NUMBER) {
		return len == sizeof(uint32_t) && steer_setting_number(value) >= setting->min &&
		       steer_setting_number(value) <= setting->max;
	}
	int count = len <= STEER_SERVERS_MAX ? steer_names_count(value, len) : -1;
	return count >= (int)setting->min && count <= (int)setting->max;
}

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

static void tell(steer_write_t *write, const steer_apply_t *options, uint8_t sign,
                 const steer_setting_t *setting, const void *value, size_t len)
{
	steer_log_value(write, STEER_LOG_SETTING, sign, setting->entry, value, len);
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
		tell(write, options, STEER_LOG_WAS, setting, was.mv_data, was.mv_size);
	}
	if (!has) {
		return steer_write_del(write, STEER_DB_META, setting->entry, key_len);
	}
	tell(write, options, STEER_LOG_IS, setting, is->value, is->len);
	return steer_write_put(write, STEER_DB_META, setting->entry, key_len, is->value, is->len,
	                       false);
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
	return ret;
}
