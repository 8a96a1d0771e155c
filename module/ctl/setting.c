/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/setting.h"

#include <inttypes.h>

#include "core/name.h"
#include "ctl/output.h"
#include "formats/text.h"

void setting_print(FILE *out, const steer_setting_t *setting, const uint8_t *value, size_t len)
{
	if (setting->kind == STEER_SETTING_NUMBER) {
		fprintf(out, "%" PRIu32, steer_setting_number(value));
		return;
	}
	for (size_t at = 0; at < len; at += steer_name_len(value + at)) {
		char name[STEER_NAME_TEXT];
		steer_name_print(value + at, name);
		fprintf(out, "%s%s", at > 0 ? " " : "", name);
	}
}

json_t *setting_json(const steer_setting_t *setting, const uint8_t *value, size_t len)
{
	if (setting->kind == STEER_SETTING_NUMBER) {
		return json_integer(steer_setting_number(value));
	}
	json_t *names = json_array();
	for (size_t at = 0; at < len; at += steer_name_len(value + at)) {
		json_array_append_new(names, json_name(value + at));
	}
	return names;
}
