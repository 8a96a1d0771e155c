/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"

/*! Longest string of a TXT record. */
#define STRING_MAX 255

/*! A value that is being made. */
typedef struct {
	steer_octodns_reading_t *reading;
	steer_octodns_line_t *line;
	const steer_octodns_type_t *type;
} made_t;

void steer_octodns_line_free(steer_octodns_line_t *line)
{
	free(line->text);
	*line = (steer_octodns_line_t) { .text = NULL };
}

static void put(made_t *made, const char *text, size_t len)
{
	steer_octodns_line_t *line = made->line;
	char *grown = made->reading->ret != STEER_OK ? NULL
	              : steer_array_grown(line->text, &line->room, line->len + len + 1, 1);
	if (grown == NULL) {
		if (made->reading->ret == STEER_OK) {
			steer_octodns_no_memory(made->reading);
		}
		return;
	}
	line->text = grown;
	memcpy(grown + line->len, text, len);
	line->len += len;
	grown[line->len] = '\0';
}

static void puts_text(made_t *made, const char *text)
{
	put(made, text, strlen(text));
}

/* Texts. */

/*! Puts a byte between quotes. */
static void put_byte(made_t *made, unsigned char byte)
{
	char text[8];
	const bool printed = byte >= ' ' && byte < 0x7f;
	snprintf(text, sizeof(text), printed ? byte == '"' || byte == '\\' ? "\\%c" : "%c" : "\\%03u",
	         byte);
	puts_text(made, text);
}

/*! Puts text that has the escapes of a zone file already; only quotes may lack theirs. */
static void put_quoted(made_t *made, const char *text)
{
	puts_text(made, "\"");
	for (; *text != '\0'; text++) {
		if (text[0] == '\\' && text[1] >= ' ' && text[1] < 0x7f) {
			put(made, text++, 2);
		} else {
			put_byte(made, *text);
		}
	}
	puts_text(made, "\"");
}

/*! Puts text of which octoDNS takes off the quotes that some files have around it. */
static void put_strings(made_t *made, const steer_yaml_value_t *at, const char *text)
{
	const char *end = text + strlen(text);
	size_t count = 0;
	if (strstr(text, "\\\\;") != NULL) {
		steer_octodns_wrong(made->reading, at, "a semicolon that is escaped twice; allowed: \\;");
		return;
	}
	if (text[0] == '"') {
		text++;
		end -= text < end;
	}
	puts_text(made, "\"");
	while (text < end) {
		if (end - text >= 3 && memcmp(text, "\" \"", 3) == 0) {
			text += 3;
			continue;
		}
		text += text[0] == '\\' && text[1] == ';';
		if (count++ == STRING_MAX) {
			puts_text(made, "\" \"");
			count = 1;
		}
		put_byte(made, *text++);
	}
	puts_text(made, "\"");
}

static bool is_word(const char *text)
{
	return text[0] != '\0' && text[strcspn(text, " \t\r\n\"();\\")] == '\0';
}

/*! What a message says of a text: its key, if it has one. */
static void wrong_text(made_t *made, const steer_yaml_value_t *at, const char *key,
                       const char *text, const char *allowed)
{
	char shown[STEER_SHOWN];
	steer_octodns_wrong(made->reading, at, "%s%s'%s'; allowed: %s", key, key[0] != '\0' ? ": " : "",
	                    steer_shown(shown, text, strlen(text)), allowed);
}

/*! Whether a text has a character that a name cannot have without a backslash. */
static bool has_loose(const char *text)
{
	while (*text != '\0' && strchr(" \t\r\n\"();", *text) == NULL) {
		text += text[0] == '\\' && text[1] > ' ' ? 2 : 1;
	}
	return *text != '\0';
}

static void put_name(made_t *made, const steer_yaml_value_t *at, const char *key, const char *text)
{
	const size_t len = strlen(text);
	if (has_loose(text) || !steer_name_is_absolute(text, len)) {
		wrong_text(made, at, key, text, "an absolute name, with its final dot");
		return;
	}
	put(made, text, len);
}

static void put_text(made_t *made, const steer_yaml_value_t *at, const char *key,
                     steer_octodns_form_t form, const char *text)
{
	switch (form) {
	case STEER_OCTODNS_NAME:
		put_name(made, at, key, text);
		return;
	case STEER_OCTODNS_QUOTED:
		put_quoted(made, text);
		return;
	case STEER_OCTODNS_STRING:
		put_strings(made, at, text);
		return;
	default:
		if (!is_word(text)) {
			wrong_text(made, at, key, text, "one word");
			return;
		}
		puts_text(made, text);
		puts_text(made, form == STEER_OCTODNS_METRES ? "m" : "");
		return;
	}
}

/* Mappings. */

static void put_param_value(made_t *made, const steer_yaml_value_t *value)
{
	const steer_yaml_value_t *item = NULL;
	const char *between = "=";
	while (value->kind != STEER_YAML_EMPTY &&
	       steer_octodns_next(made->reading, value, &item)) {
		const char *text = steer_octodns_text_of(made->reading, item);
		if (item->kind != STEER_YAML_TEXT || !is_word(text)) {
			wrong_text(made, item, "svcparams", text, "a word, or a list of words");
			return;
		}
		puts_text(made, between);
		puts_text(made, text);
		between = ",";
	}
}

static void put_params(made_t *made, const steer_yaml_value_t *params)
{
	const steer_yaml_tree_t *tree = made->reading->tree;
	if (!steer_octodns_is_mapping(made->reading, params, "svcparams")) {
		return;
	}
	for (const steer_yaml_value_t *key = steer_yaml_tree_next_key(tree, params, NULL); key != NULL;
	     key = steer_yaml_tree_next_key(tree, params, key)) {
		const char *text = steer_yaml_tree_text(tree, key);
		puts_text(made, " ");
		put_text(made, key, "svcparams", STEER_OCTODNS_WORD, text);
		put_param_value(made, &key[1]);
	}
}

static const steer_yaml_value_t *find_field(const made_t *made, const steer_yaml_value_t *mapping,
                                            const steer_octodns_field_t *field)
{
	const steer_yaml_tree_t *tree = made->reading->tree;
	const steer_yaml_value_t *value = steer_yaml_tree_get(tree, mapping, field->key);
	return value == NULL && field->older != NULL
	       ? steer_yaml_tree_get(tree, mapping, field->older) : value;
}

static void put_field(made_t *made, const steer_yaml_value_t *mapping,
                      const steer_octodns_field_t *field)
{
	const steer_yaml_value_t *value = find_field(made, mapping, field);
	if (value == NULL) {
		if (field->otherwise == NULL) {
			steer_octodns_wrong(made->reading, mapping, "%s: missing; allowed: a value of %s has "
			                    "it", field->key, made->type->name);
		} else if (field->form != STEER_OCTODNS_PARAMS) {
			put_text(made, mapping, field->key, field->form, field->otherwise);
		}
	} else if (field->form == STEER_OCTODNS_PARAMS) {
		put_params(made, value);
	} else if (value->kind != STEER_YAML_TEXT) {
		steer_octodns_wrong(made->reading, value, "%s: no text; allowed: one value", field->key);
	} else {
		put_text(made, value, field->key, field->form, steer_octodns_text_of(made->reading, value));
	}
}

/*! Fields of a DS record as octoDNS once called them. */
static const steer_octodns_field_t older_ds[STEER_OCTODNS_FIELDS] = {
	{ .key = "flags", .form = STEER_OCTODNS_WORD },
	{ .key = "protocol", .form = STEER_OCTODNS_WORD },
	{ .key = "algorithm", .form = STEER_OCTODNS_WORD },
	{ .key = "public_key", .form = STEER_OCTODNS_WORD },
};

static const steer_octodns_field_t *fields_of(const made_t *made, const steer_yaml_value_t *mapping)
{
	const bool older = made->type->type == TYPE_DS &&
	                   steer_yaml_tree_get(made->reading->tree, mapping, "public_key") != NULL;
	return older ? older_ds : made->type->fields;
}

static void check_keys(made_t *made, const steer_yaml_value_t *mapping,
                       const steer_octodns_field_t *fields)
{
	const char *keys[2 * STEER_OCTODNS_FIELDS + 1] = { NULL };
	for (unsigned i = 0, count = 0; i < STEER_OCTODNS_FIELDS && fields[i].key != NULL; i++) {
		keys[count++] = fields[i].key;
		if (fields[i].older != NULL) {
			keys[count++] = fields[i].older;
		}
	}
	steer_octodns_only(made->reading, mapping, keys);
}

static void put_mapping(made_t *made, const steer_yaml_value_t *mapping)
{
	const steer_octodns_field_t *fields = fields_of(made, mapping);
	if (!steer_octodns_is_mapping(made->reading, mapping, made->type->name)) {
		return;
	}
	check_keys(made, mapping, fields);
	for (unsigned i = 0; i < STEER_OCTODNS_FIELDS && fields[i].key != NULL; i++) {
		puts_text(made, i > 0 ? " " : "");
		put_field(made, mapping, &fields[i]);
	}
}

/* The value. */

static void put_value(made_t *made, const steer_yaml_value_t *value)
{
	if (made->type->fields[0].key != NULL) {
		put_mapping(made, value);
	} else if (value->kind != STEER_YAML_TEXT) {
		steer_octodns_wrong(made->reading, value, "a value of %s is text", made->type->name);
	} else {
		put_text(made, value, "", made->type->form, steer_octodns_text_of(made->reading, value));
	}
}

bool steer_octodns_value(steer_octodns_reading_t *reading, steer_octodns_line_t *line,
                         const steer_octodns_type_t *type, const steer_yaml_value_t *value,
                         const uint8_t **rdata, uint16_t *rdata_len)
{
	static const uint8_t root[] = { 0 };
	made_t made = { reading, line, type };
	const unsigned errors = reading->report.errors;
	steer_fault_t why;
	line->len = 0;
	puts_text(&made, "");
	put_value(&made, value);
	if (reading->ret != STEER_OK || reading->report.errors != errors) {
		return false;
	}
	int ret = steer_rdata_parse(reading->text, root, type->type, line->text, rdata, rdata_len,
	                            &why);
	if (ret == STEER_EINVAL) {
		steer_octodns_wrong(reading, value, "%s: %s", type->name, why.text);
	} else if (ret != STEER_OK) {
		steer_octodns_no_memory(reading);
	}
	return ret == STEER_OK;
}
