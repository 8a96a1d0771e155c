/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/health_line.h"

#include "ctl/author.h"

/*! Room for a word of a command, each of its bytes as long as quoting makes it. */
#define WORD_TEXT (4 * (STEER_CHECK_MAX + 32))

static void print_option(FILE *out, const char *name, const char *text, size_t len)
{
	char word[STEER_CHECK_MAX + 32], quoted[WORD_TEXT];
	snprintf(word, sizeof(word), "%s=%.*s", name, (int)len, text);
	author_word(quoted, sizeof(quoted), word);
	fprintf(out, " %s", quoted);
}

void health_line_print(FILE *out, const char *id, const steer_health_check_t *check)
{
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, len;
	fprintf(out, "health set %s %s", id, steer_health_check_type_name(check->type));
	while (steer_health_check_next(check, &at, &option, &text, &len)) {
		print_option(out, option->name, text, len);
	}
}

json_t *health_options_json(const steer_health_check_t *check)
{
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, len;
	json_t *options = json_object();
	while (steer_health_check_next(check, &at, &option, &text, &len)) {
		json_t *value = json_stringn(text, len), *list = json_object_get(options, option->name);
		if (option->kind != STEER_OPTION_LIST) {
			json_object_set_new(options, option->name, value);
		} else if (list != NULL) {
			json_array_append_new(list, value);
		} else {
			json_object_set_new(options, option->name, json_pack("[o]", value));
		}
	}
	return options;
}

json_t *health_line_json(const char *id, const steer_health_check_t *check)
{
	return json_pack("{s:s, s:s, s:o}", "health_check", id,
	                 "type", steer_health_check_type_name(check->type),
	                 "options", health_options_json(check));
}
