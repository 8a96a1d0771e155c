/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "formats/octodns/put.h"

/*! A field of a value, and its text. */
typedef struct {
	const steer_octodns_field_t *field;
	char *text;
} field_t;

/*! Puts a text of a mapping; one that octoDNS writes as a number stays one. */
static void put_text(steer_octodns_put_t *put, const char *text)
{
	const size_t digits = strspn(text, "0123456789");
	const bool number = digits > 0 && digits < 10 && (text[0] != '0' || digits == 1) &&
	                    (text[digits] == '\0' ||
	                     (text[digits] == '.' && text[digits + 1] != '\0' &&
	                      text[digits + 1 + strspn(text + digits + 1, "0123456789")] == '\0'));
	if (number) {
		steer_yaml_puts(&put->sink, text);
	} else {
		steer_yaml_scalar(&put->sink, text, true);
	}
}

/*! Parts the next field off a record's text; quotes are taken off. \return NULL: there is none */
static char *next_field(char **at)
{
	char *begin = *at + strspn(*at, " "), *end;
	if (*begin == '\0') {
		return NULL;
	}
	if (*begin == '"') {
		for (end = ++begin; *end != '"' && *end != '\0'; end++) {
			end += end[0] == '\\' && end[1] != '\0';
		}
	} else {
		end = begin + strcspn(begin, " ");
	}
	*at = end + (*end != '\0');
	*end = '\0';
	return begin;
}

static void put_key(steer_octodns_put_t *put, const char *key, const char *before)
{
	steer_yaml_puts(&put->sink, before);
	steer_yaml_scalar(&put->sink, key, true);
	steer_yaml_puts(&put->sink, ": ");
}

/* Parameters. */

static bool is_list(const char *key)
{
	return strcmp(key, "alpn") == 0 || strcmp(key, "mandatory") == 0 ||
	       strcmp(key, "ipv4hint") == 0 || strcmp(key, "ipv6hint") == 0;
}

static void put_list(steer_octodns_put_t *put, char *items)
{
	char *rest = NULL;
	const char *before = "[";
	for (char *item = strtok_r(items, ",", &rest); item != NULL;
	     item = strtok_r(NULL, ",", &rest)) {
		steer_yaml_puts(&put->sink, before);
		steer_yaml_scalar(&put->sink, item, true);
		before = ", ";
	}
	steer_yaml_puts(&put->sink, "]");
}

/*! Takes the quotes off a value. */
static char *unquoted(char *value)
{
	const size_t len = strlen(value);
	if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
		value[len - 1] = '\0';
		return value + 1;
	}
	return value;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*! Puts parameters, which stand apart by blanks, as a mapping in the order of its keys. */
static void put_params(steer_octodns_put_t *put, char *text)
{
	char *params[64], *rest = NULL;
	unsigned count = 0;
	for (char *param = strtok_r(text, " ", &rest); param != NULL && count < 64;
	     param = strtok_r(NULL, " ", &rest)) {
		params[count++] = param;
	}
	qsort(params, count, sizeof(*params), by_key);
	for (unsigned i = 0; i < count; i++) {
		char *value = strchr(params[i], '=');
		if (value != NULL) {
			*value++ = '\0';
		}
		put_key(put, params[i], i > 0 ? ", " : "{");
		if (value == NULL) {
			steer_yaml_puts(&put->sink, "null");
		} else if (is_list(params[i])) {
			put_list(put, value);
		} else {
			put_text(put, unquoted(value));
		}
	}
	steer_yaml_puts(&put->sink, count > 0 ? "}" : "{}");
}

/* Values. */

static int by_field(const void *a, const void *b)
{
	const field_t *x = a, *y = b;
	return strcmp(x->field->key, y->field->key);
}

static void put_fields(steer_octodns_put_t *put, char *text)
{
	field_t fields[STEER_OCTODNS_FIELDS];
	unsigned count = 0;
	for (; count < STEER_OCTODNS_FIELDS && put->type->fields[count].key != NULL; count++) {
		const steer_octodns_field_t *field = &put->type->fields[count];
		char *part = field->form == STEER_OCTODNS_PARAMS ? text : next_field(&text);
		fields[count] = (field_t) { field, part != NULL ? part : text };
		if (field->form == STEER_OCTODNS_METRES && part != NULL && part[0] != '\0') {
			part[strlen(part) - 1] = '\0';
		}
	}
	qsort(fields, count, sizeof(*fields), by_field);
	for (unsigned i = 0; i < count; i++) {
		put_key(put, fields[i].field->key, i > 0 ? ", " : "{");
		if (fields[i].field->form == STEER_OCTODNS_PARAMS) {
			put_params(put, fields[i].text);
		} else {
			put_text(put, fields[i].text);
		}
	}
	steer_yaml_puts(&put->sink, "}");
}

/*! Joins the strings of a record; semicolons are escaped. */
static void put_strings(steer_octodns_put_t *put, const uint8_t *rdata, uint16_t rdata_len)
{
	char *text = malloc(2 * (size_t)rdata_len + 1);
	size_t len = 0;
	if (text == NULL) {
		put->no_memory = true;
		return;
	}
	for (size_t at = 0; at < rdata_len; at += 1 + rdata[at]) {
		for (size_t i = at + 1; i <= at + rdata[at] && i < rdata_len; i++) {
			if (rdata[i] == ';') {
				text[len++] = '\\';
			}
			text[len++] = rdata[i];
		}
	}
	text[len] = '\0';
	steer_yaml_scalar(&put->sink, text, true);
	free(text);
}

void steer_octodns_put_value(steer_octodns_put_t *put, const uint8_t *rdata, uint16_t rdata_len)
{
	if (put->type->fields[0].key == NULL && put->type->form == STEER_OCTODNS_STRING) {
		put_strings(put, rdata, rdata_len);
		return;
	}
	const char *printed = steer_rdata_print(put->store->text, put->type->type, rdata, rdata_len);
	if (put->type->fields[0].key == NULL) {
		steer_yaml_scalar(&put->sink, printed, true);
		return;
	}
	char *text = strdup(printed);
	if (text == NULL) {
		put->no_memory = true;
		return;
	}
	put_fields(put, text);
	free(text);
}

void steer_octodns_put_values(steer_octodns_put_t *put, const steer_set_t *set)
{
	const uint8_t *at = set->body, *rdata;
	uint16_t len;
	const bool one = set->count == 1;
	steer_yaml_puts(&put->sink, one ? "  value: " : "  values:\n");
	while ((rdata = steer_rr_next(&at, set->body + set->body_len, &len)) != NULL) {
		steer_yaml_puts(&put->sink, one ? "" : "  - ");
		steer_octodns_put_value(put, rdata, len);
		steer_yaml_puts(&put->sink, "\n");
	}
}

void steer_octodns_put_head(steer_octodns_put_t *put, uint32_t ttl, const char *type)
{
	char text[64];
	snprintf(text, sizeof(text), "  ttl: %u\n  type: %s\n", ttl, type);
	steer_yaml_puts(&put->sink, text);
}
