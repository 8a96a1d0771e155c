/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entries are never removed, so the numbers of a sound dictionary are those from 1 to the last, and
 * there are as many names.
 */
#include "store/change/dictionary_write.h"

#include <inttypes.h>

#include "core/utf8.h"
#include "store/change/log_write.h"
#include "store/change/source_location.h"

static int damaged(steer_write_t *write)
{
	return steer_fault(write->fault, STEER_EDAMAGED, "%s: the dictionary is damaged: restore a "
	                   "backup", write->store->dir);
}

/*! Finds the last number; 0: there is none. */
static int find_last(steer_write_t *write, uint32_t *last)
{
	static const uint8_t after[] = { STEER_DICTIONARY_NUMBER + 1 };
	MDB_cursor *cursor = NULL;
	MDB_val key = { sizeof(after), (void *)after }, value;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_DICTIONARY], &cursor);
	if (err == MDB_SUCCESS) {
		err = steer_pair_get(cursor, &key, &value, MDB_SET_RANGE);
		err = steer_pair_get(cursor, &key, &value, err == MDB_SUCCESS ? MDB_PREV : MDB_LAST);
	}
	uint32_t found = 0;
	if (err == MDB_SUCCESS) {
		(void)steer_dictionary_number_key_open(&found, key.mv_data, key.mv_size);
	}
	mdb_cursor_close(cursor);
	if (err != MDB_SUCCESS && err != MDB_NOTFOUND) {
		return steer_store_fault(write->store, "dictionary", err, write->fault);
	}
	*last = found;
	return STEER_OK;
}

/*! Finds the next number. */
static int find_next(steer_write_t *write, uint32_t *next)
{
	MDB_stat stat;
	uint32_t last = 0;
	int ret = find_last(write, &last);
	if (ret != STEER_OK) {
		return ret;
	}
	int err = mdb_stat(write->txn, write->store->dbi[STEER_DB_DICTIONARY], &stat);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(write->store, "dictionary", err, write->fault);
	}
	if (stat.ms_entries != UINT64_C(2) * last) {
		return damaged(write);
	}
	*next = last + 1;
	return last < STEER_DICTIONARY_MAX ? STEER_OK
	       : steer_fault(write->fault, STEER_EFULL, "%s: too many names of regions, collections "
	                     "and locations; allowed: %u", write->store->dir, STEER_DICTIONARY_MAX);
}

/*! Finds the number of a name. \retval STEER_OK, STEER_ENOENT, or a fault. */
static int find(steer_write_t *write, const uint8_t *key, size_t len, uint32_t *number)
{
	MDB_val value;
	int ret = steer_write_get(write, STEER_DB_DICTIONARY, key, len, &value);
	if (ret == STEER_OK &&
	    steer_dictionary_number_open(number, value.mv_data, value.mv_size) != STEER_OK) {
		return damaged(write);
	}
	return ret;
}

static int put(steer_write_t *write, const uint8_t *key, size_t len, uint32_t number)
{
	uint8_t number_key[STEER_DICTIONARY_NUMBER_KEY];
	const uint32_t value = steer_le_u32(number);
	steer_dictionary_number_key(number_key, number);
	int ret = steer_write_put(write, STEER_DB_DICTIONARY, key, len, &value, sizeof(value));
	return ret != STEER_OK ? ret
	       : steer_write_put(write, STEER_DB_DICTIONARY, number_key, sizeof(number_key), key, len);
}

/*! Gives a name the next number. */
static int give(steer_write_t *write, const uint8_t *key, size_t len,
                const steer_dictionary_name_t *name, const steer_apply_t *options, uint32_t *number)
{
	int ret = find_next(write, number);
	if (ret != STEER_OK) {
		return ret;
	}
	const uint32_t value = steer_le_u32(*number);
	steer_log_value(write, STEER_LOG_NAME, STEER_LOG_IS, key, len, &value, sizeof(value));
	ret = put(write, key, len, *number);
	if (ret == STEER_OK) {
		ret = steer_log_settle(write);
	}
	if (ret == STEER_OK && options->name != NULL) {
		options->name(options->ctx, *number, name);
	}
	return ret;
}

int steer_dictionary_intern(steer_write_t *write, const steer_dictionary_name_t *name,
                            const steer_apply_t *options, uint32_t *number, bool *given)
{
	uint8_t key[STEER_DICTIONARY_KEY_MAX];
	char shown[STEER_SHOWN];
	if (!steer_dictionary_name_is_good(name)) {
		return steer_fault(write->fault, STEER_EINVAL, "'%s' cannot be a name; allowed: 1 to %d "
		                   "letters, digits, '-' and '_'; a location after its collection and '/'",
		                   steer_shown(shown, name->text, name->len), STEER_REGION_NAME_MAX);
	}
	const size_t len = steer_dictionary_key(key, name);
	uint32_t found;
	int ret = find(write, key, len, &found);
	const bool new = ret == STEER_ENOENT;
	if (new) {
		ret = give(write, key, len, name, options, &found);
	}
	if (ret == STEER_OK) {
		*number = found;
		*given = new;
	}
	return ret;
}

int steer_dictionary_take(steer_write_t *write, const steer_dictionary_name_t *name,
                          uint32_t number)
{
	uint8_t key[STEER_DICTIONARY_KEY_MAX];
	const size_t len = steer_dictionary_key(key, name);
	uint32_t found, next;
	int ret = find(write, key, len, &found);
	if (ret != STEER_ENOENT) {
		return ret == STEER_OK ? STEER_EREFUSED : ret;
	}
	ret = find_next(write, &next);
	if (ret != STEER_OK) {
		return ret;
	}
	return next == number ? put(write, key, len, number) : STEER_EREFUSED;
}

/* Names of record sets. */

/*! Refuses what cannot be the name of a region or of a location. */
static int refuse_name(steer_write_t *write, const steer_change_set_t *set,
                       const steer_dictionary_name_t *name, const char *text)
{
	const steer_change_record_t at = steer_change_set_place(set);
	char about[STEER_SET_TEXT], line[STEER_SET_TEXT + STEER_MESSAGE_MAX], shown[STEER_SHOWN];
	steer_set_text(about, set->type, set->id, set->id_len);
	snprintf(line, sizeof(line), "%s: '%s' cannot be a %s; allowed: %s1 to %d letters, digits, "
	         "'-' and '_'", about, steer_shown(shown, text, strlen(text)),
	         steer_dictionary_kind_name(name->kind), name->kind == STEER_DICTIONARY_LOCATION
	         ? "a collection, '/' and a location, each " : "", STEER_REGION_NAME_MAX);
	return steer_record_fault(&at, STEER_EREFUSED, line, write->fault);
}

/*! Finds the number of a name that a record set has. \param[in] text  NULL: it has none. */
static int find_number(steer_write_t *write, const steer_change_set_t *set, uint8_t kind,
                       const char *text, const steer_apply_t *options, uint32_t *number)
{
	if (text == NULL) {
		return STEER_OK;
	}
	bool given;
	const size_t len = strlen(text);
	const steer_dictionary_name_t name = { kind, len, text };
	return len > STEER_DICTIONARY_NAME_MAX || !steer_dictionary_name_is_good(&name)
	       ? refuse_name(write, set, &name, text)
	       : steer_dictionary_intern(write, &name, options, number, &given);
}

/*! Finds the number of a location's collection. */
static int find_collection(steer_write_t *write, const char *location, const steer_apply_t *options,
                           uint32_t *number)
{
	bool given;
	const steer_dictionary_name_t name = {
		STEER_DICTIONARY_COLLECTION, strcspn(location, "/"), location,
	};
	return steer_dictionary_intern(write, &name, options, number, &given);
}

int steer_sets_find_numbers(steer_write_t *write, steer_change_t *change,
                            const steer_apply_t *options)
{
	int ret = STEER_OK;
	for (steer_change_set_t *set = change->sets; set != NULL && ret == STEER_OK; set = set->next) {
		ret = find_number(write, set, STEER_DICTIONARY_REGION, set->region_name, options,
		                  &set->region);
		if (ret == STEER_OK) {
			ret = find_number(write, set, STEER_DICTIONARY_LOCATION, set->location_name, options,
			                  &set->location);
		}
		if (ret == STEER_OK && set->location_name != NULL) {
			ret = find_collection(write, set->location_name, options, &set->collection);
		}
	}
	return ret;
}
