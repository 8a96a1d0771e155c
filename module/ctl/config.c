/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief config: settings kept in the store.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/commit.h"
#include "ctl/difference.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/view.h"
#include "formats/forwarders.h"
#include "formats/text.h"
#include "formats/time.h"

typedef struct {
	uint8_t bytes[STEER_SETTING_SIZE]; /*!< As stored. */
	size_t len;                        /*!< 0: none. */
} value_t;

/* Showing. */

static void put_number(value_t *value, uint32_t number)
{
	number = steer_le_u32(number);
	memcpy(value->bytes, &number, sizeof(number));
	value->len = sizeof(number);
}

static void put_forwarders(value_t *value, const steer_forwarders_t *forwarders)
{
	value->len = steer_forwarders_write(value->bytes, forwarders);
}

static void default_value(const steer_setting_t *setting, value_t *value)
{
	switch (setting->kind) {
	case STEER_SETTING_NAMES:
		value->len = 0;
		break;
	case STEER_SETTING_SERVERS:
		put_forwarders(value, &(steer_forwarders_t) { .word = setting->default_value });
		break;
	default:
		put_number(value, setting->default_value);
		break;
	}
}

/*! \return GO_ON or EXIT_STORE */
static int read_value(const view_t *view, const steer_setting_t *setting, value_t *value)
{
	const void *stored;
	size_t len;
	int ret = steer_reader_get(view->reader, STEER_DB_META, setting->entry, strlen(setting->entry),
	                           &stored, &len);
	if (ret == STEER_ENOENT) {
		default_value(setting, value);
		return GO_ON;
	}
	if (ret != STEER_OK || !steer_setting_allows(setting, stored, len)) {
		fprintf(stderr, "steerctl: the setting %s: %s\n", setting->name,
		        steer_strerror(ret != STEER_OK ? ret : STEER_EDAMAGED));
		return EXIT_STORE;
	}
	memcpy(value->bytes, stored, len);
	value->len = len;
	return GO_ON;
}

static void print_value(const steer_setting_t *setting, const value_t *value)
{
	if (value->len > 0) {
		setting_print(stdout, setting, value->bytes, value->len);
	} else {
		putchar('-');
	}
}

static void print_line(const steer_setting_t *setting, const value_t *value)
{
	value_t preset;
	default_value(setting, &preset);
	printf("%s\t", setting->name);
	print_value(setting, value);
	putchar('\t');
	print_value(setting, &preset);
	putchar('\n');
}

static json_t *json_line(const steer_setting_t *setting, const value_t *value)
{
	value_t preset;
	default_value(setting, &preset);
	return json_pack("{s:s, s:o, s:o}", "setting", setting->name,
	                 "value", setting_json(setting, value->bytes, value->len),
	                 "default", setting_json(setting, preset.bytes, preset.len));
}

static int show_all(const run_t *run, const view_t *view)
{
	json_t *all = json_array();
	for (size_t i = 0; i < STEER_SETTINGS; i++) {
		value_t value;
		int ret = read_value(view, &steer_settings[i], &value);
		if (ret != GO_ON) {
			json_decref(all);
			return ret;
		}
		if (run->json) {
			json_array_append_new(all, json_line(&steer_settings[i], &value));
		} else {
			print_line(&steer_settings[i], &value);
		}
	}
	if (run->json) {
		return print_json(all);
	}
	json_decref(all);
	return EXIT_DONE;
}

static int show_one(const run_t *run, const view_t *view, const steer_setting_t *setting)
{
	value_t value;
	int ret = read_value(view, setting, &value);
	if (ret != GO_ON) {
		return ret;
	}
	if (run->json) {
		return print_json(json_line(setting, &value));
	}
	if (value.len > 0) {
		setting_print(stdout, setting, value.bytes, value.len);
		putchar('\n');
	}
	return EXIT_DONE;
}

/* Changing. */

static int find_setting(const run_t *run, const char *name, const steer_setting_t **setting)
{
	*setting = steer_setting_find(name);
	if (*setting != NULL) {
		return GO_ON;
	}
	char allowed[256] = "";
	for (size_t i = 0; i < STEER_SETTINGS; i++) {
		option_list(allowed, sizeof(allowed), steer_settings[i].name);
	}
	return options_wrong(run, "no setting '%s'; allowed: %s", name, allowed);
}

static bool find_word(const steer_setting_t *setting, const char *text, uint32_t *number)
{
	const char *word;
	for (uint32_t i = 0; (word = steer_setting_word(setting, i)) != NULL; i++) {
		if (strcmp(text, word) == 0) {
			*number = i;
			return true;
		}
	}
	return false;
}

/*! Parses the text of a number, a time or a word. \return false: it is not one */
static bool parse_number(const steer_setting_t *setting, const char *text, uint32_t *number)
{
	uint64_t read;
	if (setting->kind == STEER_SETTING_TIME) {
		return steer_time_parse_seconds(text, setting->max, number);
	} else if (setting->kind == STEER_SETTING_WORD) {
		return find_word(setting, text, number);
	}
	bool is_one = option_number(text, setting->max, &read);
	*number = is_one ? read : 0;
	return is_one;
}

static int refuse_number(const run_t *run, const steer_setting_t *setting, const char *text)
{
	char allowed[128] = "", min[SETTING_TEXT], max[SETTING_TEXT];
	setting_text(min, setting, setting->min);
	setting_text(max, setting, setting->max);
	if (setting->kind != STEER_SETTING_WORD) {
		snprintf(allowed, sizeof(allowed), "a %s from %s to %s",
		         setting->kind == STEER_SETTING_TIME ? "time" : "number", min, max);
	}
	for (uint32_t i = setting->min; setting->kind == STEER_SETTING_WORD && i <= setting->max;
	     i++) {
		option_list(allowed, sizeof(allowed), steer_setting_word(setting, i));
	}
	return options_wrong(run, "'%s' is not a value of %s; allowed: %s", text, setting->name,
	                     allowed);
}

static int parse_names(const run_t *run, const steer_setting_t *setting, char **words, int count,
                       value_t *value)
{
	words_t names = { .count = count };
	if (count < (int)setting->min || count > (int)setting->max || count > WORDS_MAX) {
		return options_wrong(run, "%d values of %s; allowed: %u to %u names", count,
		                     setting->name, setting->min, setting->max);
	}
	memcpy(names.items, words, count * sizeof(*words));
	return option_names(run, &names, value->bytes, &value->len);
}

static int parse_servers(const run_t *run, const steer_setting_t *setting, char **words, int count,
                         value_t *value)
{
	steer_forwarders_t forwarders = { 0 };
	steer_fault_t fault;
	if (!(count == 1 && find_word(setting, words[0], &forwarders.word)) &&
	    steer_forwarders_parse((const char *const *)words, count, &forwarders, &fault) != STEER_OK) {
		return options_wrong(run, "%s: %s", setting->name, fault.text);
	}
	put_forwarders(value, &forwarders);
	return GO_ON;
}

static int parse_value(const run_t *run, const steer_setting_t *setting, char **words, int count,
                       value_t *value)
{
	uint32_t number;
	if (setting->kind == STEER_SETTING_NAMES) {
		return parse_names(run, setting, words, count, value);
	} else if (setting->kind == STEER_SETTING_SERVERS) {
		return parse_servers(run, setting, words, count, value);
	}
	if (count > 1 || !parse_number(setting, words[0], &number) || number < setting->min) {
		return refuse_number(run, setting, words[count - 1]);
	}
	put_number(value, number);
	return GO_ON;
}

static int change(const run_t *run, const steer_setting_t *setting, const value_t *value,
                  bool dry_run)
{
	view_t view;
	int ret = view_open(&view, run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	const uint8_t *bytes = value != NULL ? value->bytes : NULL;
	size_t len = value != NULL ? value->len : 0;
	steer_change_t *made = steer_change_new();
	if (made == NULL || steer_change_setting(made, setting, bytes, len) != STEER_OK) {
		ret = print_no_memory();
		goto done;
	}
	ret = commit(run, &view, made, dry_run, NULL);
done:
	steer_change_free(made);
	view_close(&view);
	return ret;
}

static int show(const run_t *run, const steer_setting_t *setting)
{
	view_t view;
	int ret = view_open(&view, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	ret = setting != NULL ? show_one(run, &view, setting) : show_all(run, &view);
	view_close(&view);
	return ret;
}

int verb_config(run_t *run, int argc, char **argv)
{
	bool dry_run = false, preset = false;
	const option_t options[] = {
		{ "default", OPTION_FLAG, &preset },
		{ "dry-run", OPTION_FLAG, &dry_run },
		{ 0 },
	};
	const steer_setting_t *setting = NULL;
	value_t value;
	int ret = options_parse(run, &argc, &argv, options, 0, INT32_MAX);
	if (ret != GO_ON) {
		return ret;
	}
	if (argc > 0) {
		ret = find_setting(run, argv[0], &setting);
		if (ret != GO_ON) {
			return ret;
		}
	}
	if (argc > 1) {
		ret = parse_value(run, setting, argv + 1, argc - 1, &value);
		if (ret != GO_ON) {
			return ret;
		}
	}
	if (preset && argc != 1) {
		return options_wrong(run, "--default takes a setting and no value");
	}
	if (preset) {
		return change(run, setting, NULL, dry_run);
	}
	if (argc > 1) {
		return change(run, setting, &value, dry_run);
	}
	if (dry_run) {
		return options_wrong(run, "--dry-run takes a setting and a value");
	}
	return show(run, setting);
}
