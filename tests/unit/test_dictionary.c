/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dictionary.h"
#include "store/dictionary.h"
#include "store/handles.h"
#include "store/log.h"
#include "unit/compare.h"
#include "unit/stores.h"
#include "unit/test.h"

/*! Reads a name such as "region moon". */
static steer_dictionary_name_t name_read_kind(const char *text)
{
	const char *space = strchr(text, ' ');
	return (steer_dictionary_name_t) {
		.kind = text[0], .text = space + 1, .len = strlen(space + 1),
	};
}

/* The codec. */

static void names_and_numbers_have_keys(void **state)
{
	(void)state;
	static char longest[] = "l "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"
		"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
	static const char *const names[] = {
		"r moon", "r eu-central-1", "c offices", "l offices/oslo", "r 0", "r A_-", longest,
	};
	for (size_t i = 0; i < COUNT(names); i++) {
		uint8_t key[STEER_DICTIONARY_KEY_MAX];
		const steer_dictionary_name_t name = name_read_kind(names[i]);
		steer_dictionary_name_t read;
		assert_true(steer_dictionary_name_is_good(&name));
		const size_t len = steer_dictionary_key(key, &name);
		assert_int_equal(len, 1 + name.len);
		assert_int_equal(steer_dictionary_key_open(&read, key, len), STEER_OK);
		assert_true(steer_dictionary_name_equal(&read, &name));
	}
	static const uint32_t numbers[] = { 1, 2, 255, 256, 65536, STEER_DICTIONARY_MAX };
	uint8_t before[STEER_DICTIONARY_NUMBER_KEY] = { 0 };
	for (size_t i = 0; i < COUNT(numbers); i++) {
		uint8_t key[STEER_DICTIONARY_NUMBER_KEY];
		uint32_t read;
		steer_dictionary_number_key(key, numbers[i]);
		assert_true(memcmp(before, key, sizeof(key)) < 0); // They sort as numbers.
		memcpy(before, key, sizeof(key));
		assert_int_equal(steer_dictionary_number_key_open(&read, key, sizeof(key)), STEER_OK);
		assert_int_equal(read, numbers[i]);
		assert_int_equal(steer_dictionary_number_key_open(&read, key, sizeof(key) - 1),
		                 STEER_EDAMAGED);
	}
}

static void what_is_no_name_has_no_key(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint8_t kind;
		const char *text;
	} cases[] = {
		{ "nothing",                      'r', "" },
		{ "another kind",                 'n', "moon" },
		{ "a space",                      'r', "the moon" },
		{ "a slash in a region",          'r', "a/b" },
		{ "a location without collection", 'l', "oslo" },
		{ "a location of nothing",        'l', "/oslo" },
		{ "a collection alone",           'l', "offices/" },
		{ "two slashes",                  'l', "a/b/c" },
		{ "a byte above ASCII",           'c', "\xc3\xa5" },
		{ "65 letters", 'r', "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_dictionary_name_t name = {
			cases[i].kind, strlen(cases[i].text), cases[i].text,
		};
		steer_dictionary_name_t read;
		uint8_t key[STEER_DICTIONARY_KEY_MAX];
		assert_false(steer_dictionary_name_is_good(&name));
		assert_int_equal(steer_dictionary_key_open(&read, key, steer_dictionary_key(key, &name)),
		                 STEER_EDAMAGED);
	}
	static const uint8_t zero[4] = { 0 }, above[4] = { 1, 0, 0x10, 0 };
	uint32_t number;
	assert_int_equal(steer_dictionary_number_open(&number, zero, 4), STEER_EDAMAGED);
	assert_int_equal(steer_dictionary_number_open(&number, above, 4), STEER_EDAMAGED);
	assert_int_equal(steer_dictionary_number_open(&number, "\1\0\0\0", 3), STEER_EDAMAGED);
	assert_int_equal(steer_dictionary_number_open(&number, "\1\0\0\0", 4), STEER_OK);
}

/* In a store. */

static steer_reader_t *reader_of(steer_store_t *store)
{
	steer_reader_t *reader;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	return reader;
}

/*! Gives numbers to names that are separated by commas; their numbers, separated by spaces. */
static char *numbers_of(steer_store_t *store, const char *names, bool dry_run)
{
	steer_dictionary_name_t list[8];
	uint32_t numbers[8];
	char *copy = strdup(names), *rest = copy, *text = NULL;
	size_t count = 0, size;
	for (char *one; (one = strsep(&rest, ",")) != NULL; count++) {
		list[count] = name_read_kind(one);
	}
	const steer_apply_t options = { .dry_run = dry_run, .who = "me", .what = "map import" };
	steer_fault_t fault;
	must(steer_store_apply_names(store, list, count, &options, numbers, &fault), &fault);
	FILE *out = open_memstream(&text, &size);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s%u", i > 0 ? " " : "", numbers[i]);
	}
	fclose(out);
	free(copy);
	return text;
}

static void assert_numbers(steer_store_t *store, const char *names, bool dry_run, const char *want)
{
	char *numbers = numbers_of(store, names, dry_run);
	assert_string_equal(numbers, want);
	free(numbers);
}

static uint64_t last_of(steer_store_t *store)
{
	steer_store_stats_t stats;
	steer_fault_t fault;
	must(steer_store_stats(store, &stats, &fault), &fault);
	return stats.sequence;
}

static void names_get_numbers_for_ever(void **state)
{
	(void)state;
	static const struct {
		const char *names;
		bool dry_run;
		const char *numbers;
		uint64_t last; /*!< Change set. */
	} steps[] = {
		{ "r moon",                          false, "1",     1 },
		{ "r moon",                          false, "1",     1 }, // Nothing differs.
		{ "c moon,l moon/base,r mars",       true,  "2 3 4", 1 },
		{ "r mars,r moon,r mars,c moon",     false, "2 1 2 3", 2 },
		{ "l moon/base,l moon/b,l b/moon",   false, "4 5 6", 3 },
		{ "r Moon,r m",                      false, "7 8",   4 },
	};
	place_t place = place_new();
	check_dictionary(place.store, STEER_OK, "");
	for (size_t i = 0; i < COUNT(steps); i++) {
		assert_numbers(place.store, steps[i].names, steps[i].dry_run, steps[i].numbers);
		assert_int_equal(last_of(place.store), steps[i].last);
	}
	check_dictionary(place.store, STEER_OK, "1 r moon\n2 r mars\n3 c moon\n4 l moon/base\n"
	                  "5 l moon/b\n6 l b/moon\n7 r Moon\n8 r m\n");
	place_free(&place);
}

static void names_and_numbers_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int code;
		uint32_t number;
	} cases[] = {
		{ "r moon", STEER_OK, 1 },  { "l moon/base", STEER_OK, 2 }, { "c moon", STEER_ENOENT, 0 },
		{ "r mo", STEER_ENOENT, 0 }, { "r a b", STEER_ENOENT, 0 },   { "n moon", STEER_ENOENT, 0 },
	};
	place_t place = place_new();
	assert_numbers(place.store, "r moon,l moon/base", false, "1 2");
	steer_reader_t *reader = reader_of(place.store);
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_dictionary_name_t name = name_read_kind(cases[i].name), found;
		uint32_t number = 0;
		assert_int_equal(steer_dictionary_find(reader, &name, &number), cases[i].code);
		assert_int_equal(number, cases[i].number);
		if (cases[i].code == STEER_OK) {
			assert_int_equal(steer_dictionary_name(reader, number, &found), STEER_OK);
			assert_true(steer_dictionary_name_equal(&found, &name));
		}
	}
	steer_dictionary_name_t found;
	assert_int_equal(steer_dictionary_name(reader, 0, &found), STEER_ENOENT);
	assert_int_equal(steer_dictionary_name(reader, 3, &found), STEER_ENOENT);
	steer_reader_close(reader);
	place_free(&place);
}

static void what_is_no_name_gets_no_number(void **state)
{
	(void)state;
	place_t place = place_new();
	static const steer_apply_t plain;
	const steer_dictionary_name_t names[] = {
		{ STEER_DICTIONARY_REGION, 4, "moon" }, { STEER_DICTIONARY_REGION, 8, "the moon" },
	};
	uint32_t numbers[2];
	steer_fault_t fault;
	assert_int_equal(steer_store_apply_names(place.store, names, 2, &plain, numbers, &fault),
	                 STEER_EINVAL);
	assert_string_equal(fault.text, "'the moon' cannot be a name; allowed: 1 to 64 letters, digits, "
	                    "'-' and '_'; a location after its collection and '/'");
	check_dictionary(place.store, STEER_OK, "");
	assert_int_equal(last_of(place.store), 0);
	place_free(&place);
}

static void raw_delete(steer_store_t *store, const void *key, size_t len)
{
	MDB_txn *txn;
	MDB_val k = { len, (void *)key };
	assert_int_equal(mdb_txn_begin(store->env[STEER_ENV_RECORDS], NULL, 0, &txn), 0);
	assert_int_equal(mdb_del(txn, store->dbi[STEER_DB_DICTIONARY], &k, NULL), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void damage_is_told_and_no_number_is_given_twice(void **state)
{
	(void)state;
	static const struct {
		const char *what, *key;
		size_t len;
		const char *value; /*!< NULL: the entry is gone. */
		size_t value_len;
		int code;          /*!< Of giving a number to "earth"; "moon" keeps its own, ... */
		bool lost;         /*!< ... unless its own entry is damaged. */
		const char *want;
	} cases[] = {
		{ "a lost name", "rmoon", 5, NULL, 0, STEER_EDAMAGED, true,
		  "2 r mars\n! number 1 has a name that has not this number\n" },
		{ "a lost number", "n\0\0\0\1", 5, NULL, 0, STEER_EDAMAGED, false,
		  "2 r mars\n! number 1 is missing\n! the region 'moon' has a number that has not this "
		  "name\n" },
		{ "the last number lost", "n\0\0\0\2", 5, NULL, 0, STEER_EDAMAGED, false,
		  "1 r moon\n! the region 'mars' has a number that has not this name\n" },
		{ "another number", "rmoon", 5, "\2\0\0\0", 4, STEER_OK, true,
		  "2 r mars\n! number 1 has a name that has not this number\n"
		  "! the region 'moon' has a number that has not this name\n" },
		{ "no number", "rmoon", 5, "\0\0\0\0", 4, STEER_OK, true,
		  "2 r mars\n! number 1 has a name that has not this number\n"
		  "! the region 'moon' has a number that has not this name\n" },
		{ "another name", "n\0\0\0\1", 5, "rmars", 5, STEER_OK, false,
		  "2 r mars\n! number 1 has a name that has not this number\n"
		  "! the region 'moon' has a number that has not this name\n" },
		{ "no name", "n\0\0\0\1", 5, "r?", 2, STEER_OK, false,
		  "2 r mars\n! number 1 has a name that has not this number\n"
		  "! the region 'moon' has a number that has not this name\n" },
		{ "a strange key", "n\0\0\1", 4, "rmoon", 5, STEER_EDAMAGED, false,
		  "1 r moon\n2 r mars\n! neither a name nor a number: 'n?\?\?'\n" },
		{ "a strange name", "xmoon", 5, "\1\0\0\0", 4, STEER_EDAMAGED, false,
		  "1 r moon\n2 r mars\n! neither a name nor a number: 'xmoon'\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		assert_numbers(place.store, "r moon,r mars", false, "1 2");
		if (cases[i].value == NULL) {
			raw_delete(place.store, cases[i].key, cases[i].len);
		} else {
			raw_put(place.store, STEER_DB_DICTIONARY, cases[i].key, cases[i].len, cases[i].value,
			        cases[i].value_len);
		}
		steer_reader_t *reader = reader_of(place.store);
		steer_dictionary_name_t name;
		const bool seen = strstr(cases[i].want, "number 1 ") != NULL;
		assert_int_equal(steer_dictionary_name(reader, 1, &name) == STEER_OK, !seen);
		steer_reader_close(reader);
		const bool walked = strstr(cases[i].want, "! number 1 has") == NULL &&
		                    strstr(cases[i].want, "'n") == NULL;
		check_dictionary(place.store, walked ? STEER_OK : STEER_EDAMAGED, cases[i].want);
		static const steer_apply_t plain;
		const steer_dictionary_name_t names[] = {
			{ STEER_DICTIONARY_REGION, 4, "moon" }, { STEER_DICTIONARY_REGION, 5, "earth" },
		};
		uint32_t number = 0;
		steer_fault_t fault;
		int ret = steer_store_apply_names(place.store, &names[0], 1, &plain, &number, &fault);
		assert_int_equal(ret == STEER_OK && number == 1, !cases[i].lost);
		assert_int_equal(steer_store_apply_names(place.store, &names[1], 1, &plain, &number,
		                                         &fault), cases[i].code);
		if (cases[i].code == STEER_OK) {
			assert_int_equal(number, 3);
		} else {
			assert_non_null(strstr(fault.text, ": the dictionary is damaged: restore a backup"));
		}
		place_free(&place);
	}
}

/*! Fills the dictionary with "r" and seven digits each, but for some of the last ones. */
static void fill(steer_store_t *store, uint32_t count)
{
	MDB_txn *txn;
	MDB_dbi dbi = store->dbi[STEER_DB_DICTIONARY];
	assert_int_equal(mdb_txn_begin(store->env[STEER_ENV_RECORDS], NULL, 0, &txn), 0);
	for (int pass = 0; pass < 2; pass++) { // Numbers sort before regions.
		for (uint32_t number = 1; number <= count; number++) {
			char name[16];
			uint8_t key[STEER_DICTIONARY_NUMBER_KEY];
			const uint32_t little = steer_le_u32(number);
			steer_dictionary_number_key(key, number);
			MDB_val k = { sizeof(key), key }, v = { sprintf(name, "r%07u", number), name };
			MDB_val n = { sizeof(little), (void *)&little };
			assert_int_equal(pass == 0 ? mdb_put(txn, dbi, &k, &v, MDB_APPEND)
			                           : mdb_put(txn, dbi, &v, &n, MDB_APPEND), 0);
		}
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void there_is_a_last_number(void **state)
{
	(void)state;
	place_t place = place_new();
	static const steer_apply_t plain;
	const steer_dictionary_name_t names[] = {
		{ STEER_DICTIONARY_REGION, 4, "moon" }, { STEER_DICTIONARY_REGION, 4, "mars" },
	};
	uint32_t number = 0;
	steer_fault_t fault;
	fill(place.store, STEER_DICTIONARY_MAX - 1);
	must(steer_store_apply_names(place.store, &names[0], 1, &plain, &number, &fault), &fault);
	assert_int_equal(number, STEER_DICTIONARY_MAX);
	assert_int_equal(steer_store_apply_names(place.store, &names[1], 1, &plain, &number, &fault),
	                 STEER_EFULL);
	assert_non_null(strstr(fault.text, ": too many names of regions, collections and locations; "
	                       "allowed: 1048576"));
	must(steer_store_apply_names(place.store, &names[0], 1, &plain, &number, &fault), &fault);

	print_message("  record sets may have the names that are there\n");
	steer_summary_t summary;
	store_must(place.store, STEER_ZONE_CREATE, "e.\n@ SOA ns hm 1 2 3 4 300\nw A =latency\n"
	           "w A +a region=moon 192.0.2.1\n");
	assert_int_equal(store_change(place.store, STEER_ZONE_MERGE, "e.\n"
	                              "w A +b region=mars 192.0.2.2\n", NULL, &summary, &fault),
	                 STEER_EFULL);
	assert_non_null(strstr(fault.text, ": too many names of regions"));
	assert_int_equal(last_of(place.store), 2);
	place_free(&place);
}

static void the_log_says_which_numbers_were_given(void **state)
{
	(void)state;
	place_t place = place_new();
	assert_numbers(place.store, "r moon", false, "1");
	assert_numbers(place.store, "r moon,c moon,l moon/base", false, "1 2 3");
	steer_reader_t *reader = reader_of(place.store);
	steer_log_t *log;
	steer_log_change_t change;
	steer_log_entry_t entry;
	assert_int_equal(steer_log_open(&log, reader), STEER_OK);
	assert_int_equal(steer_log_find(log, 2, &change), STEER_OK);
	assert_int_equal(change.head.who_len, 2);
	static const char *const keys[] = { "cmoon", "lmoon/base" };
	for (uint8_t i = 0; i < COUNT(keys); i++) {
		const uint8_t number[4] = { 2 + i };
		assert_int_equal(steer_log_next(log, &entry), STEER_OK);
		assert_int_equal(entry.kind, STEER_LOG_NAME);
		assert_int_equal(entry.sign, '+');
		assert_int_equal(entry.name_len, strlen(keys[i]));
		assert_memory_equal(entry.name, keys[i], entry.name_len);
		assert_int_equal(entry.value_len, sizeof(number));
		assert_memory_equal(entry.value, number, sizeof(number));
	}
	assert_int_equal(steer_log_next(log, &entry), STEER_ENOENT);
	steer_log_close(log);
	steer_reader_close(reader);
	place_free(&place);
}

static void a_backup_has_the_dictionary(void **state)
{
	(void)state;
	char *temp = temp_new();
	char *copy = strdup(path_in(temp, "copy"));
	place_t place = place_new();
	steer_fault_t fault;
	assert_numbers(place.store, "r moon,l moon/base", false, "1 2");
	must(steer_store_backup(place.store, copy, &fault), &fault);
	steer_store_t *store = store_open(copy, STEER_STORE_WRITE);
	check_dictionary(store, STEER_OK, "1 r moon\n2 l moon/base\n");
	assert_numbers(store, "r mars", false, "3");
	steer_store_close(store);
	place_free(&place);
	free(copy);
	temp_free(temp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_have_keys),
		cmocka_unit_test(what_is_no_name_has_no_key),
		cmocka_unit_test(names_get_numbers_for_ever),
		cmocka_unit_test(names_and_numbers_are_found),
		cmocka_unit_test(what_is_no_name_gets_no_number),
		cmocka_unit_test(damage_is_told_and_no_number_is_given_twice),
		cmocka_unit_test(there_is_a_last_number),
		cmocka_unit_test(the_log_says_which_numbers_were_given),
		cmocka_unit_test(a_backup_has_the_dictionary),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
