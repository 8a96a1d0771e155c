/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/difference.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/name.h"
#include "ctl/author.h"
#include "ctl/health_print.h"
#include "ctl/record_set.h"
#include "formats/forwarders.h"
#include "formats/time.h"

/*! Adds an object and its sign. */
static void add_json(difference_t *difference, char sign, json_t *value)
{
	const char text[] = { sign, '\0' };
	if (value != NULL) {
		json_object_set_new(value, "sign", json_string(text));
	}
	difference->no_memory |= json_list_add(difference->list, value) != STEER_OK;
}

/* Record sets. */

static void print_set(difference_t *difference, char sign, const uint8_t *name,
                      const steer_group_t *group, const steer_set_t *set)
{
	const char prefix[] = { sign, '\0' };
	if (difference->list != NULL) {
		add_json(difference, sign,
		         record_set_json(difference->text, &difference->names, name, group, set));
	} else {
		record_set_lines(difference->text, &difference->names, difference->out, prefix, name,
		                 group, set);
	}
}

/*! Prints the sets of a group that are missing or different in the other one, which may be NULL. */
static void print_others(difference_t *difference, char sign, const uint8_t *name,
                         const steer_group_t *group, const steer_group_t *other)
{
	bool same = other != NULL && steer_key_cmp(group->program, group->program_len, other->program,
	                                           other->program_len) == 0;
	unsigned next = 0;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set, found;
		steer_group_set(group, i, &set);
		int order = 1;
		while (order > 0 && same && next < other->count) {
			steer_group_set(other, next, &found);
			order = steer_set_order(&set, &found);
			next += order > 0;
		}
		if (order != 0 || !steer_set_equal(&set, &found)) {
			print_set(difference, sign, name, group, &set);
		}
	}
}

static void print_group(void *ctx, const uint8_t *name, const steer_group_t *was,
                        const steer_group_t *is)
{
	difference_t *difference = ctx;
	if (was != NULL) {
		print_others(difference, STEER_LOG_WAS, name, was, is);
	}
	if (is != NULL) {
		print_others(difference, STEER_LOG_IS, name, is, was);
	}
}

void difference_begin(difference_t *difference, steer_text_t *text, steer_names_t names, FILE *out,
                      json_list_t *list)
{
	*difference = (difference_t) {
		.text = text, .names = names, .out = out, .list = list,
		.pairs = { .take = print_group, .ctx = difference },
	};
}

void difference_group(difference_t *difference, char sign, const uint8_t *name,
                      const steer_group_t *group)
{
	pairs_add(&difference->pairs, sign, name, group);
}

void difference_end(difference_t *difference)
{
	pairs_end(&difference->pairs);
	difference->no_memory |= difference->pairs.no_memory;
}

/* Zones. */

static const char *action(char sign)
{
	switch (sign) {
	case STEER_LOG_IS:
		return "created";
	case STEER_LOG_WAS:
		return "deleted";
	default:
		return "changed";
	}
}

void zone_line_print(FILE *out, const char *prefix, const zone_line_t *line)
{
	char name[STEER_NAME_TEXT], comment[AUTHOR_SHOWN];
	steer_name_print(line->name, name);
	fprintf(out, "%szone %s %s", prefix, name, action(line->sign));
	if (line->named_by != NULL) {
		fprintf(out, ", named by %s", line->named_by);
	}
	if (line->mode == STEER_ZONE_OVERLAY) {
		fputs(", overlay", out);
	}
	if (line->comment_len > 0) {
		author_show(comment, line->comment, line->comment_len);
		fprintf(out, ", comment: %s", comment);
	}
	fputc('\n', out);
}

static json_t *zone_line_json(const zone_line_t *line)
{
	char comment[AUTHOR_SHOWN];
	author_show(comment, line->comment, line->comment_len);
	return json_pack("{s:o, s:s, s:s, s:s}", "zone", json_name(line->name),
	                 "action", action(line->sign),
	                 "mode", line->mode == STEER_ZONE_OVERLAY ? "overlay" : "authoritative",
	                 "comment", comment);
}

void difference_zone(difference_t *difference, const zone_line_t *line)
{
	pairs_flush(&difference->pairs);
	if (difference->list == NULL) {
		zone_line_print(difference->out, "; ", line);
	} else {
		difference->no_memory |=
			json_list_add(difference->list, zone_line_json(line)) != STEER_OK;
	}
}

/* Settings. */

void setting_text(char text[SETTING_TEXT], const steer_setting_t *setting, uint32_t number)
{
	if (setting->kind == STEER_SETTING_TIME) {
		steer_time_print(UINT64_C(1000) * number, text);
	} else if (setting->kind == STEER_SETTING_WORD) {
		snprintf(text, SETTING_TEXT, "%s", steer_setting_word(setting, number));
	} else {
		snprintf(text, SETTING_TEXT, "%" PRIu32, number);
	}
}

static void print_names(FILE *out, const uint8_t *names, size_t len)
{
	for (size_t at = 0; at < len; at += steer_name_len(names + at)) {
		char name[STEER_NAME_TEXT];
		steer_name_print(names + at, name);
		fprintf(out, "%s%s", at > 0 ? " " : "", name);
	}
}

static void print_servers(FILE *out, const steer_setting_t *setting, const uint8_t *value,
                          size_t len)
{
	steer_forwarders_t forwarders = { 0 };
	(void)steer_forwarders_open(&forwarders, value, len);
	if (forwarders.count == 0) {
		fputs(steer_setting_word(setting, forwarders.word), out);
	}
	for (unsigned i = 0; i < forwarders.count; i++) {
		char server[STEER_FORWARDER_TEXT];
		steer_forwarder_print(&forwarders.servers[i], server);
		fprintf(out, "%s%s", i > 0 ? " " : "", server);
	}
}

void setting_print(FILE *out, const steer_setting_t *setting, const uint8_t *value, size_t len)
{
	char text[SETTING_TEXT];
	switch (setting->kind) {
	case STEER_SETTING_NAMES:
		print_names(out, value, len);
		break;
	case STEER_SETTING_SERVERS:
		print_servers(out, setting, value, len);
		break;
	default:
		setting_text(text, setting, steer_setting_number(value));
		fputs(text, out);
		break;
	}
}

static json_t *names_json(const uint8_t *names, size_t len)
{
	json_t *list = json_array();
	for (size_t at = 0; at < len; at += steer_name_len(names + at)) {
		json_array_append_new(list, json_name(names + at));
	}
	return list;
}

static json_t *servers_json(const steer_setting_t *setting, const uint8_t *value, size_t len)
{
	steer_forwarders_t forwarders = { 0 };
	(void)steer_forwarders_open(&forwarders, value, len);
	if (forwarders.count == 0) {
		return json_string(steer_setting_word(setting, forwarders.word));
	}
	json_t *list = json_array();
	for (unsigned i = 0; i < forwarders.count; i++) {
		char server[STEER_FORWARDER_TEXT];
		steer_forwarder_print(&forwarders.servers[i], server);
		json_array_append_new(list, json_string(server));
	}
	return list;
}

json_t *setting_json(const steer_setting_t *setting, const uint8_t *value, size_t len)
{
	char text[SETTING_TEXT];
	switch (setting->kind) {
	case STEER_SETTING_NAMES:
		return names_json(value, len);
	case STEER_SETTING_SERVERS:
		return servers_json(setting, value, len);
	case STEER_SETTING_NUMBER:
		return json_integer(steer_setting_number(value));
	default:
		setting_text(text, setting, steer_setting_number(value));
		return json_string(text);
	}
}

void difference_setting(difference_t *difference, char sign, const steer_setting_t *setting,
                        const uint8_t *value, size_t len)
{
	pairs_flush(&difference->pairs);
	if (difference->list != NULL) {
		add_json(difference, sign, json_pack("{s:s, s:o}", "setting", setting->name, "value",
		                                     setting_json(setting, value, len)));
		return;
	}
	fprintf(difference->out, "%cconfig %s ", sign, setting->name);
	setting_print(difference->out, setting, value, len);
	fputc('\n', difference->out);
}

/* Health checks. */

void difference_check(difference_t *difference, char sign, const char *id,
                      const steer_health_check_t *check)
{
	pairs_flush(&difference->pairs);
	if (difference->list != NULL) {
		add_json(difference, sign, health_definition_json(id, check));
		return;
	}
	fputc(sign, difference->out);
	health_print_definition(difference->out, id, check);
	fputc('\n', difference->out);
}

void difference_state(difference_t *difference, char sign, uint8_t kind, const char *id,
                      const steer_health_state_t *state)
{
	pairs_flush(&difference->pairs);
	if (difference->list != NULL) {
		add_json(difference, sign, health_state_json(kind, id, state));
		return;
	}
	fputc(sign, difference->out);
	health_print_state(difference->out, kind, id, state);
	fputc('\n', difference->out);
}

/* Names. */

void difference_name(difference_t *difference, char sign, const steer_dictionary_name_t *name,
                     uint32_t number)
{
	const char *kind = steer_dictionary_kind_name(name->kind);
	pairs_flush(&difference->pairs);
	if (difference->list != NULL) {
		add_json(difference, sign, json_pack("{s:s, s:s%, s:I}", "kind", kind, "name", name->text,
		                                     (size_t)name->len, "number", (json_int_t)number));
		return;
	}
	fprintf(difference->out, "%c%s %.*s number %" PRIu32 "\n", sign, kind, (int)name->len,
	        name->text, number);
}
