/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/name.h"
#include "store/settings.h"

const steer_setting_t steer_settings[STEER_SETTINGS] = {
#define X(symbol, name, entry, kind, min, max, default_value) \
	[STEER_SETTING_##symbol] = { \
		(name), (entry), STEER_SETTING_##kind, (min), (max), (default_value) \
	},
	STEER_SETTING_TABLE(X)
#undef X
};

_Static_assert(STEER_SETTING_SIZE >= STEER_FORWARDERS_SIZE, "a longer value");

#define WORDS_MAX 2
/*! The words of the settings that have some, by number. */
static const char *const words[STEER_SETTINGS][WORDS_MAX] = {
	[STEER_SETTING_FORWARDERS] = {
		[STEER_FORWARD_SYSTEM] = "system", [STEER_FORWARD_RECURSION] = "recursion",
	},
	[STEER_SETTING_STALE] = { [STEER_STALE_KEEP] = "keep", [STEER_STALE_UP] = "up" },
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

const steer_setting_t *steer_setting_of_entry(const void *entry, size_t len)
{
	for (size_t i = 0; i < STEER_SETTINGS; i++) {
		if (strlen(steer_settings[i].entry) == len &&
		    memcmp(steer_settings[i].entry, entry, len) == 0) {
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

const char *steer_setting_word(const steer_setting_t *setting, uint32_t number)
{
	return number < WORDS_MAX ? words[setting - steer_settings][number] : NULL;
}

bool steer_setting_allows(const steer_setting_t *setting, const void *value, size_t len)
{
	steer_forwarders_t forwarders;
	int count;
	switch (setting->kind) {
	case STEER_SETTING_NAMES:
		count = len <= STEER_SERVERS_MAX ? steer_names_count(value, len) : -1;
		return count >= (int)setting->min && count <= (int)setting->max;
	case STEER_SETTING_SERVERS:
		return steer_forwarders_open(&forwarders, value, len) == STEER_OK;
	default:
		return len == sizeof(uint32_t) && steer_setting_number(value) >= setting->min &&
		       steer_setting_number(value) <= setting->max;
	}
}

/*! Gets a value, if the setting allows it. */
static int get_value(const steer_reader_t *records, const steer_setting_t *setting,
                     const void **value, size_t *len)
{
	int ret = steer_reader_get(records, STEER_DB_META, setting->entry, strlen(setting->entry),
	                           value, len);
	return ret == STEER_OK && !steer_setting_allows(setting, *value, *len) ? STEER_EDAMAGED : ret;
}

int steer_setting_read(const steer_reader_t *records, const steer_setting_t *setting,
                       uint32_t *number)
{
	const void *value;
	size_t len;
	int ret = get_value(records, setting, &value, &len);
	if (ret == STEER_EIO) {
		return ret;
	}
	*number = ret == STEER_OK ? steer_setting_number(value) : setting->default_value;
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

int steer_setting_forwarders(const steer_reader_t *records, steer_forwarders_t *forwarders)
{
	const steer_setting_t *setting = &steer_settings[STEER_SETTING_FORWARDERS];
	const void *value;
	size_t len;
	int ret = get_value(records, setting, &value, &len);
	if (ret == STEER_EIO) {
		return ret;
	}
	if (ret != STEER_OK || steer_forwarders_open(forwarders, value, len) != STEER_OK) {
		*forwarders = (steer_forwarders_t) { .word = setting->default_value };
	}
	return ret == STEER_ENOENT ? STEER_OK : ret;
}
