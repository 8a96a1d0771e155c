/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The maps of snapshots. LMDB lets a process open an environment once, so stores are changed by
 * children here.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/snapshot.h"
#include "store/change/change.h"
#include "store/handles.h"
#include "unit/maps.h"
#include "unit/stored_maps.h"
#include "unit/stores.h"
#include "unit/test.h"

#define WWW(last) "example.\n@ SOA ns hm 1 2 3 4 5\nwww A 192.0.2." last "\n"

typedef void (*change_f)(steer_store_t *store, const char *text);

static void replace_zone(steer_store_t *store, const char *text)
{
	store_must(store, STEER_ZONE_REPLACE, text);
}

static void delete_map(steer_store_t *store, const char *name)
{
	steer_fault_t fault;
	must(steer_maps_delete(store, name, &fault), &fault);
}

static void damage_map(steer_store_t *store, const char *name)
{
	raw_put(store, STEER_DB_MAPS, name, strlen(name), "spoilt", 6);
}

/*! Gives a region a number. */
static void number_region(steer_store_t *store, const char *region)
{
	static const steer_apply_t options;
	const steer_dictionary_name_t name = { STEER_DICTIONARY_REGION, strlen(region), region };
	uint32_t number;
	steer_fault_t fault;
	must(steer_store_apply_names(store, &name, 1, &options, &number, &fault), &fault);
}

/*! Changes a store in a child. \param[in] change  NULL: text is for stored_map_asn(). */
static void change_in_child(const char *dir, change_f change, const char *text)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		if (change == NULL) {
			stored_map_asn(dir, text);
		} else {
			steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
			change(store, text);
			steer_store_close(store);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/*! What the maps of a snapshot say of 10.0.0.1. */
static const char *maps_say(const steer_snapshot_t *snapshot)
{
	const steer_map_t *asn = snapshot->maps->maps.asn;
	return asn != NULL ? map_says(asn, "10.0.0.1/32") : "";
}

static void maps_are_taken_anew_only_when_they_have_changed(void **state)
{
	(void)state;
	static const struct {
		change_f change;
		const char *text, *want;
		bool anew, records;
	} rows[] = {
		{ NULL, "asn 1 1", "AS1", true, false }, // The store's first one.
		{ NULL, "asn 2 1", "AS2", true, false },
		{ replace_zone, WWW("2"), "AS2", false, true },
		{ number_region, "eu-west-1", "AS2", true, true },
		{ number_region, "eu-west-1", "AS2", false, false },
		{ NULL, "other 3 1", "AS2", true, false },
		{ delete_map, "asn", "", true, false },
		{ replace_zone, WWW("3"), "", false, true },
		{ NULL, "asn 4 1", "AS4", true, false },
		{ damage_map, "asn", "", true, false },
		{ NULL, "asn 5 1000", "AS5", true, false },
		{ NULL, "asn 6 1000", "AS6", true, false },
	};
	char *dir = temp_new();
	store_init(dir);
	change_in_child(dir, replace_zone, WWW("1"));
	steer_source_t *source = NULL;
	steer_fault_t fault;
	must(steer_source_open(&source, dir, 2, &fault), &fault);
	assert_string_equal(maps_say(&source->bank[source->live]), "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  row %zu\n", i);
		const steer_snapshot_t before = source->bank[source->live];
		char said[16];
		bool taken;
		strcpy(said, maps_say(&before));
		change_in_child(dir, rows[i].change, rows[i].text);
		must(steer_source_refresh(source, &taken, &fault), &fault);
		assert_int_equal(taken, rows[i].anew || rows[i].records);
		const steer_snapshot_t *live = &source->bank[source->live];
		assert_string_equal(maps_say(live), rows[i].want);
		assert_int_equal(live->maps != before.maps, rows[i].anew);
		assert_int_equal(live->policy_serial != before.policy_serial, rows[i].anew);
		assert_string_equal(maps_say(&before), said); // Workers may still be in it.
		assert_int_equal(live->serial != before.serial, rows[i].records);
		assert_true(live->since == before.since);
		if (taken) {
			steer_source_release(source);
		}
	}
	steer_source_close(source);
	must(steer_source_open(&source, dir, 2, &fault), &fault);
	assert_string_equal(maps_say(&source->bank[source->live]), "AS6");
	steer_source_close(source);
	temp_free(dir);
}

/*! Counts the readers of mdb_reader_list() that have a transaction; others have '-'. */
static int count_reader(const char *line, void *ctx)
{
	unsigned *count = ctx;
	*count += strstr(line, "txnid") == NULL && strchr(line, '-') == NULL;
	return 0;
}

/*! A bank that kept an old version of the maps would keep the pages of all that come after. */
static void the_idle_bank_keeps_no_maps(void **state)
{
	(void)state;
	char *dir = temp_new(), text[32];
	steer_source_t *source = NULL;
	steer_fault_t fault;
	store_init(dir);
	must(steer_source_open(&source, dir, 3, &fault), &fault);
	for (unsigned i = 1; i <= 4; i++) {
		bool taken;
		unsigned readers = 0;
		sprintf(text, "asn %u 1", i);
		change_in_child(dir, NULL, text);
		must(steer_source_refresh(source, &taken, &fault), &fault);
		assert_true(taken);
		steer_source_release(source);
		assert_true(mdb_reader_list(source->store->env[STEER_ENV_MAPS], count_reader, &readers) >= 0);
		assert_int_equal(readers, 1);
	}
	steer_source_close(source);
	temp_free(dir);
}

/*!
 * Puts a map with the number of the change set that follows, again and again: until the end of what
 * is read of a pipe, to which a byte comes for each snapshot. It waits for one when it is far ahead,
 * since the pages of a snapshot are not free and the map would become full.
 */
static void alternate(steer_store_t *store, int snapshots)
{
	enum { AHEAD = 50 };
	for (int env = 0; env < STEER_ENVS; env++) {
		if (store->env[env] != NULL) { // As fast as possible.
			assert_int_equal(mdb_env_set_flags(store->env[env], MDB_NOSYNC, 1), 0);
		}
	}
	for (unsigned i = 1, ahead = 1;; i++, ahead++) {
		char text[64];
		struct pollfd wait = { .fd = snapshots, .events = POLLIN };
		if (poll(&wait, 1, ahead < AHEAD ? 0 : -1) > 0) {
			if (read(snapshots, text, sizeof(text)) <= 0) {
				return;
			}
			ahead = 0;
		}
		sprintf(text, "prefix,asn\n10.0.0.0/8,%u\n", i);
		stored_map_must(store, "asn", STEER_MAP_ASN, text);
		sprintf(text, "example.\n@ SOA ns hm 1 2 3 4 5\nwww A 192.0.2.%u\n", i % 250);
		replace_zone(store, text);
	}
}

static void a_snapshot_has_maps_and_records_of_one_time(void **state)
{
	(void)state;
	enum { READERS = 1000, SNAPSHOTS = 200 }; // Many, so that commits fall in between.
	char *dir = temp_new();
	steer_source_t *source = NULL;
	steer_fault_t fault;
	int status, pipe_fd[2];
	bool taken;
	store_init(dir);
	change_in_child(dir, NULL, "asn 1 1");
	assert_int_equal(pipe(pipe_fd), 0);
	pid_t child = fork();
	if (child == 0) {
		close(pipe_fd[1]);
		steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
		alternate(store, pipe_fd[0]);
		steer_store_close(store);
		_exit(0);
	}
	close(pipe_fd[0]);
	must(steer_source_open(&source, dir, READERS, &fault), &fault);
	assert_int_equal(write(pipe_fd[1], "", 1), 1);
	for (unsigned snapshots = 0; snapshots < SNAPSHOTS; snapshots += taken) {
		assert_int_equal(waitpid(child, &status, WNOHANG), 0);
		must(steer_source_refresh(source, &taken, &fault), &fault);
		const steer_snapshot_t *live = &source->bank[source->live];
		const unsigned number = atoi(maps_say(live) + strlen("AS"));
		assert_in_range(live->sequence, number - 1, number);
		if (taken) {
			steer_source_release(source);
			assert_int_equal(write(pipe_fd[1], "", 1), 1);
		}
	}
	close(pipe_fd[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	steer_source_close(source);
	temp_free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_are_taken_anew_only_when_they_have_changed),
		cmocka_unit_test(the_idle_bank_keeps_no_maps),
		cmocka_unit_test(a_snapshot_has_maps_and_records_of_one_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
