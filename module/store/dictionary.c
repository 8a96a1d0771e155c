/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/dictionary.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/utf8.h"

int steer_dictionary_find(const steer_reader_t *records, const steer_dictionary_name_t *name,
                          uint32_t *number)
{
	uint8_t key[STEER_DICTIONARY_KEY_MAX];
	const void *value;
	size_t len;
	if (!steer_dictionary_name_is_good(name)) {
		return STEER_ENOENT;
	}
	int ret = steer_reader_get(records, STEER_DB_DICTIONARY, key, steer_dictionary_key(key, name),
	                           &value, &len);
	return ret == STEER_OK ? steer_dictionary_number_open(number, value, len) : ret;
}

/*! Reads the name that a number has, unless that name has another number. */
static int open_name(const steer_reader_t *records, uint32_t number, const void *value, size_t len,
                     steer_dictionary_name_t *name)
{
	steer_dictionary_name_t read;
	uint32_t has = 0;
	int ret = steer_dictionary_key_open(&read, value, len);
	if (ret == STEER_OK) {
		ret = steer_dictionary_find(records, &read, &has);
	}
	if (ret == STEER_ENOENT || (ret == STEER_OK && has != number)) {
		return STEER_EDAMAGED;
	}
	if (ret == STEER_OK) {
		*name = read;
	}
	return ret;
}

int steer_dictionary_name(const steer_reader_t *records, uint32_t number,
                          steer_dictionary_name_t *name)
{
	uint8_t key[STEER_DICTIONARY_NUMBER_KEY];
	const void *value;
	size_t len;
	steer_dictionary_number_key(key, number);
	int ret = steer_reader_get(records, STEER_DB_DICTIONARY, key, sizeof(key), &value, &len);
	return ret == STEER_OK ? open_name(records, number, value, len, name) : ret;
}

static bool find_name(void *ctx, uint32_t number, steer_dictionary_name_t *name)
{
	return steer_dictionary_name(ctx, number, name) == STEER_OK;
}

steer_names_t steer_dictionary_names(const steer_reader_t *records)
{
	return (steer_names_t) { find_name, (void *)records };
}

/*! Takes an entry of the dictionary. \return false ends the walk */
typedef bool (*entry_f)(void *ctx, const steer_pair_t *pair);

static int each_entry(const steer_reader_t *records, entry_f take, void *ctx)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, records, STEER_DB_DICTIONARY);
	if (ret != STEER_OK) {
		return ret;
	}
	bool on = true;
	for (ret = steer_cursor_seek(cursor, NULL, 0, &pair); on && ret == STEER_OK;
	     ret = on ? steer_cursor_next(cursor, &pair) : STEER_OK) {
		on = take(ctx, &pair);
	}
	steer_cursor_close(cursor);
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

static bool is_of_number(const steer_pair_t *pair)
{
	return pair->key[0] == STEER_DICTIONARY_NUMBER;
}

/* Walking. */

typedef struct {
	const steer_reader_t *records;
	steer_dictionary_f take;
	void *ctx;
	bool damaged;
} walk_t;

static bool walk_entry(void *ctx, const steer_pair_t *pair)
{
	walk_t *walk = ctx;
	uint32_t number;
	steer_dictionary_name_t name;
	if (!is_of_number(pair)) {
		return true;
	}
	if (steer_dictionary_number_key_open(&number, pair->key, pair->key_len) != STEER_OK ||
	    open_name(walk->records, number, pair->value, pair->value_len, &name) != STEER_OK) {
		walk->damaged = true;
		return true;
	}
	return walk->take(walk->ctx, number, &name);
}

int steer_dictionary_walk(const steer_reader_t *records, steer_dictionary_f take, void *ctx)
{
	walk_t walk = { .records = records, .take = take, .ctx = ctx };
	int ret = each_entry(records, walk_entry, &walk);
	return ret == STEER_OK && walk.damaged ? STEER_EDAMAGED : ret;
}

/* Checking. */

typedef struct {
	const steer_reader_t *records;
	steer_dictionary_fault_f take;
	void *ctx;
	uint32_t last; /*!< The last number. */
} check_t;

/*! A fault with a key or a name, of which nothing is known. */
static bool tell_strange(const check_t *check, const char *what, const void *bytes, size_t len)
{
	char shown[STEER_SHOWN], text[STEER_SHOWN + 64];
	snprintf(text, sizeof(text), "%s '%s'", what, steer_shown(shown, bytes, len));
	return check->take(check->ctx, text);
}

static bool tell_number(const check_t *check, uint32_t number, const char *what)
{
	char text[64];
	snprintf(text, sizeof(text), "number %" PRIu32 " %s", number, what);
	return check->take(check->ctx, text);
}

static bool check_number(check_t *check, const steer_pair_t *pair)
{
	uint32_t number;
	steer_dictionary_name_t name;
	if (steer_dictionary_number_key_open(&number, pair->key, pair->key_len) != STEER_OK) {
		return tell_strange(check, "neither a name nor a number:", pair->key, pair->key_len);
	}
	bool on = number == check->last + 1 || tell_number(check, check->last + 1, "is missing");
	check->last = number;
	return on && (open_name(check->records, number, pair->value, pair->value_len, &name) == STEER_OK
	              || tell_number(check, number, "has a name that has not this number"));
}

static bool check_name(check_t *check, const steer_pair_t *pair)
{
	steer_dictionary_name_t name, has;
	uint32_t number;
	char shown[STEER_SHOWN], text[STEER_SHOWN + 64];
	if (steer_dictionary_key_open(&name, pair->key, pair->key_len) != STEER_OK) {
		return tell_strange(check, "neither a name nor a number:", pair->key, pair->key_len);
	}
	if (steer_dictionary_number_open(&number, pair->value, pair->value_len) == STEER_OK &&
	    steer_dictionary_name(check->records, number, &has) == STEER_OK &&
	    steer_dictionary_name_equal(&name, &has)) {
		return true;
	}
	snprintf(text, sizeof(text), "the %s '%s' has a number that has not this name",
	         steer_dictionary_kind_name(name.kind), steer_shown(shown, name.text, name.len));
	return check->take(check->ctx, text);
}

static bool check_entry(void *ctx, const steer_pair_t *pair)
{
	return is_of_number(pair) ? check_number(ctx, pair) : check_name(ctx, pair);
}

int steer_dictionary_check(const steer_reader_t *records, steer_dictionary_fault_f take, void *ctx)
{
	check_t check = { .records = records, .take = take, .ctx = ctx };
	return each_entry(records, check_entry, &check);
}
