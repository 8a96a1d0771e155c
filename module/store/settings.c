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

bool steer_setting_allows(const steer_setting_t *setting, const void *value, size_t len)
{
	if (setting->kind == STEER_SETTING_NUMBER) {
		return len == sizeof(uint32_t) && steer_setting_number(value) >= setting->min &&
		       steer_setting_number(value) <= setting->max;
	}
	int count = len <= STEER_SERVERS_MAX ? steer_names_count(value, len) : -1;
	return count >= (int)setting->min && count <= (int)setting->max;
}
