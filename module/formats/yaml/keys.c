/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/health_check.h"
#include "formats/text.h"
#include "formats/time.h"

/*! Longest word that a key is suggested for. */
#define WORD_MAX 24
/*! Room for all keys of a table. */
#define LIST_SIZE 512

/* The table. */

static int find(const steer_yaml_key_t *keys, const char *text, size_t len)
{
	for (int i = 0; keys[i].name != NULL; i++) {
		if (strlen(keys[i].name) == len && memcmp(keys[i].name, text, len) == 0) {
			return i;
		}
	}
	return -1;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;
	return least < c ? least : c;
}

/*! Number of characters to change, add or drop between two words (Levenshtein). */
static unsigned distance(const char *a, size_t a_len, const char *b)
{
	unsigned row[WORD_MAX + 1];
	size_t b_len = strlen(b);
	for (size_t j = 0; j <= b_len; j++) {
		row[j] = j;
	}
	for (size_t i = 1; i <= a_len; i++) {
		unsigned corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned above = row[j];
			bool same = tolower((unsigned char)a[i - 1]) == b[j - 1];
			row[j] = min3(above + 1, row[j - 1] + 1, corner + !same);
			corner = above;
		}
	}
	return row[b_len];
}

/*! The key that a word was probably meant to be, at least half of it; NULL: none is close. */
static const char *meant(const steer_yaml_key_t *keys, const char *text, size_t len)
{
	const char *best = NULL;
	unsigned least = 3;
	for (; len <= WORD_MAX && keys->name != NULL; keys++) {
		unsigned far = strlen(keys->name) <= WORD_MAX ? distance(text, len, keys->name) : least;
		if (far < least && 2 * far <= len && far < strlen(keys->name)) {
			best = keys->name;
			least = far;
		}
	}
	return best;
}

static void list_allowed(const steer_yaml_key_t *keys, char *list, size_t size)
{
	size_t len = 0;
	list[0] = '\0';
	for (; keys->name != NULL; keys++) {
		if (len < size) {
			len += snprintf(list + len, size - len, "%s%s", len > 0 ? ", " : "",
			                keys->name);
		}
	}
}

int steer_yaml_report_unknown(steer_events_t *events, const steer_place_t *place, const char *text,
                            size_t len, const steer_yaml_key_t *keys)
{
	char shown[STEER_SHOWN], list[LIST_SIZE];
	list_allowed(keys, list, sizeof(list));
	steer_shown(shown, text, len);
	if (strcmp(shown, "<<") == 0) {
		return steer_events_wrong_at(events, place, "<<: merge keys are not supported; allowed: %s",
		                             list);
	}
	const char *key = shown[0] != '\0' ? shown : "''", *best = meant(keys, text, len);
	if (best != NULL) {
		return steer_events_wrong_at(events, place, "%s: no such key, did you mean %s; allowed: %s",
		                             key, best, list);
	}
	return steer_events_wrong_at(events, place, "%s: no such key; allowed: %s", key, list);
}

static int take_unknown(steer_events_t *events, const steer_yaml_key_t *keys, void *ctx)
{
	const steer_yaml_key_t *end = keys;
	while (end->name != NULL) {
		end++;
	}
	return end->take != NULL ? end->take(events, NULL, ctx)
	       : steer_yaml_report_unknown(events, &events->place, events->text, events->len, keys);
}

/*! Looks up a key. \param[out] key  Its index; -1: its value is not to be read. */
static int check_key(steer_events_t *events, const steer_yaml_key_t *keys, void *ctx,
                     uint32_t *lines, int *key)
{
	*key = -1;
	if (events->kind != NODE_TEXT) {
		return steer_events_refuse(events, "a key is text, not a list or mapping");
	}
	int found = find(keys, events->text, events->len);
	if (found < 0) {
		return take_unknown(events, keys, ctx);
	}
	uint32_t before = lines[found];
	if (before != 0) {
		return steer_events_wrong(events, "%s: already in line %u; allowed: once",
		                          keys[found].name, before);
	}
	lines[found] = events->place.line;
	*key = found;
	return STEER_OK;
}

int steer_yaml_mapping(steer_events_t *events, const steer_yaml_key_t *keys, void *ctx,
                       uint64_t *given)
{
	uint32_t lines[STEER_YAML_KEYS] = { 0 };
	int ret = STEER_OK;
	while (steer_events_item(events, &ret)) {
		int key;
		ret = check_key(events, keys, ctx, lines, &key);
		if (steer_events_value(events, key >= 0, &ret)) {
			ret = keys[key].take(events, keys[key].name, ctx);
		}
	}
	*given = 0;
	for (unsigned i = 0; i < STEER_YAML_KEYS; i++) {
		*given |= (uint64_t)(lines[i] != 0) << i;
	}
	return ret;
}

int steer_yaml_too_many(steer_events_t *events, const char *key, unsigned count, unsigned max)
{
	int ret = STEER_OK;
	if (count == max) {
		ret = steer_events_wrong(events, "%s: more than %u of them; allowed: up to %u", key, max,
		                         max);
	}
	return ret == STEER_OK ? steer_events_skip(events) : ret;
}

/* Values. */

int steer_yaml_take_text(steer_events_t *events, const char *key, const char **text)
{
	if (events->kind == NODE_LIST || events->kind == NODE_MAPPING) {
		return steer_events_refuse(events, "%s: a %s; allowed: one value", key,
		                           events->kind == NODE_LIST ? "list" : "mapping");
	}
	if (events->kind == NODE_WRONG) {
		return STEER_OK;
	}
	if (memchr(events->text, '\0', events->len) != NULL) {
		return steer_events_wrong(events, "%s: a zero byte; allowed: text", key);
	}
	*text = events->text;
	return STEER_OK;
}

static bool parse_number(const char *text, uint32_t max, uint32_t *number)
{
	uint64_t value = 0;
	const char *at = text;
	for (; isdigit((unsigned char)*at) && value <= max; at++) {
		value = value * 10 + (*at - '0');
	}
	if (at == text || *at != '\0' || value > max) {
		return false;
	}
	*number = value;
	return true;
}

static int take_bounded(steer_events_t *events, const char *key, bool time, uint32_t max,
                        uint32_t *number, bool *good)
{
	const char *text = NULL;
	*good = false;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	*good = time ? steer_time_parse_seconds(text, max, number) : parse_number(text, max, number);
	if (*good) {
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	steer_shown(shown, text, strlen(text));
	if (time) {
		return steer_events_wrong(events, "%s: '%s' is not a time; allowed: seconds, or numbers "
		                          "with s, m, h, d, w, up to %u s", key, shown, max);
	}
	return steer_events_wrong(events, "%s: '%s' is not a number; allowed: 0 to %u", key, shown,
	                          max);
}

int steer_yaml_take_number(steer_events_t *events, const char *key, bool time, uint32_t *number,
                           bool *good)
{
	return take_bounded(events, key, time, UINT32_MAX, number, good);
}

int steer_yaml_take_ttl(steer_events_t *events, const char *key, uint32_t *ttl, bool *good)
{
	return take_bounded(events, key, true, STEER_TTL_MAX, ttl, good);
}

int steer_yaml_take_byte(steer_events_t *events, const char *key, uint8_t *number, bool *good)
{
	uint32_t value = *number;
	int ret = take_bounded(events, key, false, UINT8_MAX, &value, good);
	*number = value;
	return ret;
}

int steer_yaml_take_name(steer_events_t *events, const char *key, const uint8_t *origin,
                         uint8_t *name, bool *good)
{
	const char *text = NULL;
	*good = false;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	*good = steer_name_parse_in(text, origin, name) == STEER_OK;
	if (*good) {
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	return steer_events_wrong(events, "%s: '%s' is not a domain name; allowed: labels of letters, "
	                          "digits, - _ / * and \\DDD, of 1 to 63 bytes, 255 in all; "
	                          "international names as xn--", key,
	                          steer_shown(shown, text, strlen(text)));
}

int steer_yaml_take_bool(steer_events_t *events, const char *key, bool *value, bool *good)
{
	const char *text = NULL;
	*good = false;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	bool yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
	*good = yes || strcmp(text, "no") == 0 || strcmp(text, "false") == 0;
	if (*good) {
		*value = yes;
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	return steer_events_wrong(events, "%s: '%s' is not a boolean; allowed: yes, no, true, false",
	                          key, steer_shown(shown, text, strlen(text)));
}

int steer_yaml_take_check_id(steer_events_t *events, const char *key, const char **id)
{
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	if (steer_health_check_id_is_good(text)) {
		*id = text;
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	return steer_events_wrong(events, "%s: '%s' is not an identifier of a health check; allowed: 1 "
	                          "to %d letters, digits and - _ . : / @", key,
	                          steer_shown(shown, text, strlen(text)), STEER_CHECK_ID_MAX);
}
