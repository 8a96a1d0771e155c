/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/handles.h"
#include "store/maps.h"
#include "unit/maps.h"
#include "unit/stored_maps.h"
#include "unit/stores.h"
#include "unit/test.h"

#define ASN(number) "prefix,asn\n10.0.0.0/8," number "\n"

static int put_csv(steer_store_t *store, const char *name, steer_map_type_t type, const char *csv,
                   steer_fault_t *fault)
{
	return stored_map_put(store, name, type, csv, 1, fault);
}

static void put(steer_store_t *store, const char *name, const char *csv)
{
	steer_fault_t fault = { .text = "" };
	int ret = put_csv(store, name, STEER_MAP_ASN, csv, &fault);
	assert_string_equal(fault.text, "");
	assert_int_equal(ret, STEER_OK);
}

static steer_reader_t *reader_of(steer_store_t *store)
{
	steer_reader_t *reader;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, store, STEER_ENV_MAPS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	return reader;
}

/*! What a map says of 10.0.0.1, as a reader sees it. */
static const char *says(const steer_reader_t *reader, const char *name)
{
	steer_map_t map;
	int ret = steer_maps_find(reader, name, &map);
	return ret == STEER_OK ? map_says(&map, "10.0.0.1/32") : steer_strerror(ret);
}

static void assert_says(steer_store_t *store, const char *name, const char *want)
{
	steer_reader_t *reader = reader_of(store);
	assert_string_equal(says(reader, name), want);
	steer_reader_close(reader);
}

static bool write_map(void *ctx, const steer_stored_map_t *stored)
{
	if (stored->map == NULL) {
		fprintf(ctx, "%s damaged\n", stored->name);
	} else {
		fprintf(ctx, "%s %s %u networks, %u classes, of %.*s (%.*s)\n", stored->name,
		        steer_map_type_name(stored->map->networks.type), stored->map->networks.networks,
		        stored->map->networks.classes_count, (int)stored->map->origin.file_len,
		        stored->map->origin.file, (int)stored->map->origin.format_len,
		        stored->map->origin.format);
	}
	return true;
}

static void assert_maps(steer_store_t *store, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	steer_reader_t *reader = reader_of(store);
	assert_int_equal(steer_maps_walk(reader, write_map, out), STEER_OK);
	steer_reader_close(reader);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void maps_come_and_go(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_fault_t fault;
	put(place.store, "asn", ASN("64500"));
	put(place.store, "other", ASN("64501"));
	assert_says(place.store, "asn", "AS64500");
	assert_says(place.store, "other", "AS64501");
	put(place.store, "asn", ASN("64502"));
	assert_says(place.store, "asn", "AS64502");
	assert_int_equal(put_csv(place.store, "offices", STEER_MAP_CIDR, "prefix,location\n"
	                         "10.0.0.0/8,oslo\n11.0.0.0/8,rome\n", &fault), STEER_OK);
	assert_int_equal(put_csv(place.store, "regions", STEER_MAP_REGIONS, "region,lat,lon\na,1,2\n",
	                         &fault), STEER_OK);
	assert_maps(place.store, "asn asn 1 networks, 1 classes, of dir/file.csv (CSV)\n"
	            "offices cidr 2 networks, 2 classes, of dir/file.csv (CSV)\n"
	            "other asn 1 networks, 1 classes, of dir/file.csv (CSV)\n"
	            "regions regions 0 networks, 1 classes, of dir/file.csv (CSV)\n");
	must(steer_maps_delete(place.store, "other", &fault), &fault);
	assert_int_equal(steer_maps_delete(place.store, "other", &fault), STEER_ENOENT);
	assert_string_equal(fault.text, "other: no such map; steerctl map list shows them");
	assert_int_equal(steer_maps_delete(place.store, "no name", &fault), STEER_ENOENT);
	assert_says(place.store, "other", "not found");
	assert_says(place.store, "no name", "not found");
	assert_maps(place.store, "asn asn 1 networks, 1 classes, of dir/file.csv (CSV)\n"
	            "offices cidr 2 networks, 2 classes, of dir/file.csv (CSV)\n"
	            "regions regions 0 networks, 1 classes, of dir/file.csv (CSV)\n");
	place_free(&place);
}

static void what_cannot_be_a_map_is_refused(void **state)
{
	(void)state;
	static const char *const names[] = {
		"", "no name", "a.b", "a/b", "\xc3\xa5",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	place_t place = place_new();
	steer_fault_t fault;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(put_csv(place.store, names[i], STEER_MAP_ASN, ASN("1"), &fault),
		                 STEER_EINVAL);
		assert_non_null(strstr(fault.text, "' cannot be the name of a map; allowed: 1 to 64 letters, "
		                       "digits, '-' and '_'"));
	}
	size_t size;
	uint8_t *value = map_make(STEER_MAP_ASN, ASN("1"), 1, &size);
	assert_int_equal(steer_maps_put(place.store, "asn", value, size - 1, &fault), STEER_EINVAL);
	free(value);
	assert_int_equal(access(path_in(place.dir, "maps"), F_OK), -1);

	put(place.store, "asn", ASN("1"));
	assert_int_equal(put_csv(place.store, "asn", STEER_MAP_GEO, "prefix,country\n10.0.0.0/8,NO\n",
	                         &fault), STEER_EREFUSED);
	assert_string_equal(fault.text, "map 'asn' is of the type asn; allowed: one of that type, or "
	                    "delete it first");
	assert_says(place.store, "asn", "AS1");
	place_free(&place);
}

static void there_are_at_most_so_many_maps(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_fault_t fault;
	for (int env = 0; env < STEER_ENVS; env++) {
		if (place.store->env[env] != NULL) {
			assert_int_equal(mdb_env_set_flags(place.store->env[env], MDB_NOSYNC, 1), 0);
		}
	}
	for (unsigned i = 0; i < STEER_MAPS_MAX; i++) {
		char name[8];
		sprintf(name, "%u", i);
		put(place.store, name, ASN("1"));
	}
	assert_int_equal(put_csv(place.store, "more", STEER_MAP_ASN, ASN("1"), &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, ": there are 256 maps; allowed: 256"));
	put(place.store, "7", ASN("2")); // One that is there can be replaced.
	must(steer_maps_delete(place.store, "8", &fault), &fault);
	put(place.store, "more", ASN("1"));
	place_free(&place);
}

static void a_reader_keeps_the_map_that_it_sees(void **state)
{
	(void)state;
	place_t place = place_new();
	put(place.store, "asn", ASN("1"));
	steer_reader_t *reader = reader_of(place.store);
	steer_map_t map;
	steer_fault_t fault;
	uint64_t id;
	assert_int_equal(steer_maps_find(reader, "asn", &map), STEER_OK);
	for (unsigned i = 0; i < 20; i++) {
		put(place.store, "asn", ASN("2"));
		assert_string_equal(map_says(&map, "10.0.0.1/32"), "AS1");
		assert_string_equal(says(reader, "asn"), "AS1");
	}
	must(steer_maps_delete(place.store, "asn", &fault), &fault);
	assert_string_equal(says(reader, "asn"), "AS1");
	must(steer_reader_renew(reader, &id), &fault);
	assert_string_equal(says(reader, "asn"), "not found");
	steer_reader_close(reader);
	place_free(&place);
}

static void a_change_set_need_not_wait_for_a_map(void **state)
{
	(void)state;
	place_t place = place_new();
	MDB_txn *txn;
	put(place.store, "asn", ASN("1"));
	assert_int_equal(mdb_txn_begin(place.store->env[STEER_ENV_MAPS], NULL, 0, &txn), 0);
	store_must(place.store, STEER_ZONE_CREATE, "e.\n@ SOA ns hm 1 2 3 4 300\n"); // It would hang.
	mdb_txn_abort(txn);
	place_free(&place);
}

static ino_t ring_of(const char *dir, struct timespec *time)
{
	struct stat st;
	assert_int_equal(stat(path_in(dir, "doorbell"), &st), 0);
	*time = st.st_mtim;
	return st.st_ino;
}

static void the_doorbell_rings(void **state)
{
	(void)state;
	place_t place = place_new();
	const struct timespec past[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	struct timespec time;
	steer_fault_t fault;
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(utimensat(AT_FDCWD, path_in(place.dir, "doorbell"), past, 0), 0);
		if (i == 0) {
			put(place.store, "asn", ASN("1"));
		} else {
			must(steer_maps_delete(place.store, "asn", &fault), &fault);
		}
		(void)ring_of(place.dir, &time);
		assert_true(time.tv_sec > 1);
	}
	place_free(&place);
}

static void without_maps_there_is_nothing_to_read(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_reader_t *reader;
	steer_fault_t fault;
	assert_int_equal(steer_reader_open(&reader, place.store, STEER_ENV_MAPS, &fault), STEER_ENOENT);
	assert_int_equal(steer_maps_look(place.store, &fault), STEER_ENOENT);
	assert_int_equal(steer_maps_delete(place.store, "asn", &fault), STEER_ENOENT);
	assert_int_equal(access(path_in(place.dir, "maps"), F_OK), -1); // Nothing has made it.
	place_free(&place);
}

static void check_mode(const char *path, mode_t mode)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static void the_environment_is_like_the_others(void **state)
{
	(void)state;
	place_t place = place_new();
	MDB_envinfo info;
	const mode_t mask = umask(0777);
	put(place.store, "asn", ASN("1"));
	assert_int_equal(umask(mask), 0777);
	check_mode(path_in(place.dir, "maps"), 02770);
	check_mode(path_in(place.dir, "maps/data.mdb"), 0660);
	check_mode(path_in(place.dir, "maps/lock.mdb"), 0660);
	assert_int_equal(access(path_in(place.dir, "maps.new"), F_OK), -1);
	assert_int_equal(mdb_env_info(place.store->env[STEER_ENV_MAPS], &info), 0);
	assert_int_equal(info.me_mapsize, TEST_MAP_SIZE); // As the store was made with.
	assert_int_equal(info.me_maxreaders, STEER_READERS);
	steer_store_stats_t stats;
	steer_fault_t fault;
	must(steer_store_stats(place.store, &stats, &fault), &fault);
	assert_string_equal(stats.db[STEER_DB_MAPS].name, "maps");
	assert_int_equal(stats.db[STEER_DB_MAPS].entries, 1);
	must(steer_store_precheck(place.dir, &fault), &fault);
	place_free(&place);
}

/*! A server that runs as root without capabilities has no rights by the store's group. */
static void what_root_makes_belongs_to_root(void **state)
{
	(void)state;
	static const char *const names[] = { "maps", "maps/data.mdb", "maps/lock.mdb" };
	const steer_store_options_t options = { .group = "daemon", .map_size = TEST_MAP_SIZE };
	if (geteuid() != 0) {
		skip();
	}
	place_t place = { .dir = temp_new() };
	steer_fault_t fault;
	struct stat records, made;
	bool created;
	must(steer_store_init(place.dir, &options, &created, &fault), &fault);
	place.store = store_open(place.dir, STEER_STORE_WRITE);
	put(place.store, "asn", ASN("1"));
	assert_int_equal(stat(path_in(place.dir, "records"), &records), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(stat(path_in(place.dir, names[i]), &made), 0);
		assert_int_equal(made.st_uid, 0);
		assert_int_equal(made.st_gid, records.st_gid);
	}
	check_mode(path_in(place.dir, "maps"), 02770);
	check_mode(path_in(place.dir, "maps/data.mdb"), 0660);
	place_free(&place);
}

static void a_store_that_is_open_finds_the_first_map(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_fault_t fault;
	pid_t child = fork(); // In a process of its own, since one opens an environment only once.
	if (child == 0) {
		steer_store_t *store = store_open(place.dir, STEER_STORE_WRITE);
		put(store, "asn", ASN("7"));
		steer_store_close(store);
		_exit(0);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	must(steer_maps_look(place.store, &fault), &fault);
	must(steer_maps_look(place.store, &fault), &fault);
	assert_says(place.store, "asn", "AS7");
	place_free(&place);
}

/* What a killed writer, or someone else, has left where the environment is made. */

static void leave_nothing(const char *dir)
{
	(void)dir;
}

static void leave_directory(const char *dir)
{
	const mode_t mask = umask(0);
	assert_int_equal(mkdir(path_in(dir, "maps.new"), 02770), 0);
	(void)umask(mask);
}

static void write_bytes(const char *path, size_t size)
{
	FILE *file = fopen(path, "w");
	for (size_t i = 0; i < size; i++) {
		fputc('x', file);
	}
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0660), 0);
}

static void leave_half(const char *dir)
{
	leave_directory(dir);
	write_bytes(path_in(dir, "maps.new/lock.mdb"), 100);
	write_bytes(path_in(dir, "maps.new/data.mdb"), 100);
}

static void leave_link(const char *dir)
{
	assert_int_equal(symlink("records", path_in(dir, "maps.new")), 0);
}

static void leave_file(const char *dir)
{
	write_bytes(path_in(dir, "maps.new"), 1);
}

static void leave_linked_data(const char *dir)
{
	leave_half(dir);
	assert_int_equal(link(path_in(dir, "maps.new/data.mdb"), path_in(dir, "maps.new/twin")), 0);
}

static void what_is_left_is_completed_or_told(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		void (*leave)(const char *dir);
		int code;
		const char *text;
	} cases[] = {
		{ "nothing",          leave_nothing,     STEER_OK, "" },
		{ "a directory",      leave_directory,   STEER_OK, "" },
		{ "half of it",       leave_half,        STEER_OK, "" },
		{ "a symbolic link",  leave_link,        STEER_EACCES, "maps.new: a symbolic link" },
		{ "a file",           leave_file,        STEER_EACCES, "maps.new: not what it should be" },
		{ "a linked file",    leave_linked_data, STEER_EACCES, "maps.new/data.mdb: a file with" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		steer_fault_t fault = { .text = "" };
		cases[i].leave(place.dir);
		assert_int_equal(put_csv(place.store, "asn", STEER_MAP_ASN, ASN("1"), &fault),
		                 cases[i].code);
		assert_non_null(strstr(fault.text, cases[i].text));
		assert_int_equal(access(path_in(place.dir, "maps"), F_OK),
		                 cases[i].code == STEER_OK ? 0 : -1);
		steer_store_close(place.store); // The store is good in any case.
		place.store = store_open(place.dir, STEER_STORE_WRITE);
		if (cases[i].code == STEER_OK) {
			assert_says(place.store, "asn", "AS1");
		}
		place_free(&place);
	}
}

static void writers_make_the_environment_together(void **state)
{
	(void)state;
	enum { WRITERS = 8 };
	pid_t children[WRITERS];
	place_t place = place_new();
	steer_fault_t fault;
	int gate[2];
	char byte;
	assert_int_equal(pipe(gate), 0);
	for (unsigned i = 0; i < WRITERS; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			char name[] = "a";
			name[0] += i;
			steer_store_t *store = store_open(place.dir, STEER_STORE_WRITE);
			close(gate[1]);
			(void)!read(gate[0], &byte, 1); // Until all have begun.
			int ret = put_csv(store, name, STEER_MAP_ASN, ASN("1"), &fault);
			steer_store_close(store);
			_exit(ret == STEER_OK ? 0 : 1);
		}
	}
	close(gate[1]);
	close(gate[0]);
	for (unsigned i = 0; i < WRITERS; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	must(steer_maps_look(place.store, &fault), &fault);
	for (unsigned i = 0; i < WRITERS; i++) {
		char name[] = "a";
		name[0] += i;
		assert_says(place.store, name, "AS1");
	}
	check_mode(path_in(place.dir, "maps"), 02770);
	assert_int_equal(access(path_in(place.dir, "maps.new"), F_OK), -1);
	place_free(&place);
}

/*! Networks of their own autonomous systems, as many as given. */
static char *many(unsigned count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("prefix,asn\n", out);
	for (unsigned i = 0; i < count; i++) {
		fprintf(out, "%u.%u.%u.0/24,%u\n", 10 + (i >> 16), i >> 8 & 0xff, i & 0xff, i + 1);
	}
	fclose(out);
	return text;
}

static void large_maps_are_kept_and_replaced(void **state)
{
	(void)state;
	place_t place = place_new();
	char *csv = many(200000);
	size_t size;
	uint8_t *value = map_make(STEER_MAP_ASN, csv, 1, &size);
	steer_fault_t fault;
	struct stat st;
	assert_true(size > 4 << 20);
	for (unsigned i = 0; i < 30; i++) {
		must(steer_maps_put(place.store, "asn", value, size, &fault), &fault);
	}
	assert_says(place.store, "asn", "AS1");
	// The room of those that were replaced is used again.
	assert_int_equal(stat(path_in(place.dir, "maps/data.mdb"), &st), 0);
	assert_true((uint64_t)st.st_size < 4 * size);
	free(value);
	free(csv);
	place_free(&place);
}

static void a_full_environment_keeps_what_it_has(void **state)
{
	(void)state;
	char *dir = temp_new();
	const steer_store_options_t options = { .map_size = 4 << 20 };
	bool created;
	steer_fault_t fault;
	must(steer_store_init(dir, &options, &created, &fault), &fault);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	char *csv = many(70000);
	put(store, "small", ASN("1"));
	put(store, "large", csv);
	assert_int_equal(put_csv(store, "more", STEER_MAP_ASN, csv, &fault), STEER_OK);
	assert_int_equal(put_csv(store, "yetmore", STEER_MAP_ASN, csv, &fault), STEER_EFULL);
	assert_non_null(strstr(fault.text, ": no room for the map 'yetmore': delete another one, or make "
	                       "a store with a larger --map-size and import an export"));
	assert_says(store, "small", "AS1");
	assert_says(store, "large", "AS1");
	assert_says(store, "yetmore", "not found");
	must(steer_maps_delete(store, "large", &fault), &fault);
	put(store, "small", ASN("2"));
	free(csv);
	csv = many(60000); // Some pages of what was deleted have other uses now.
	put(store, "yetmore", csv);
	assert_says(store, "small", "AS2");
	free(csv);
	steer_store_close(store);
	temp_free(dir);
}

static void damage_is_told_and_can_be_replaced(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_fault_t fault;
	put(place.store, "asn", ASN("1"));
	put(place.store, "other", ASN("1"));
	raw_put(place.store, STEER_DB_MAPS, "asn", 3, "broken", 6);
	assert_says(place.store, "asn", "damaged data");
	assert_maps(place.store, "asn damaged\nother asn 1 networks, 1 classes, of dir/file.csv (CSV)\n");
	assert_int_equal(put_csv(place.store, "asn", STEER_MAP_GEO, "prefix,country\n10.0.0.0/8,NO\n",
	                         &fault), STEER_OK);
	assert_says(place.store, "asn", "EU/NO/");
	place_free(&place);
}

static void a_backup_has_the_maps(void **state)
{
	(void)state;
	char *temp = temp_new();
	char *copy = strdup(path_in(temp, "copy"));
	place_t place = place_new();
	steer_fault_t fault;
	put(place.store, "asn", ASN("7"));
	must(steer_store_backup(place.store, copy, &fault), &fault);
	put(place.store, "asn", ASN("8"));
	steer_store_t *store = store_open(copy, STEER_STORE_WRITE);
	assert_says(store, "asn", "AS7");
	put(store, "asn", ASN("9"));
	assert_says(store, "asn", "AS9");
	steer_store_close(store);
	place_free(&place);
	free(copy);
	temp_free(temp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_come_and_go),
		cmocka_unit_test(what_cannot_be_a_map_is_refused),
		cmocka_unit_test(there_are_at_most_so_many_maps),
		cmocka_unit_test(a_reader_keeps_the_map_that_it_sees),
		cmocka_unit_test(a_change_set_need_not_wait_for_a_map),
		cmocka_unit_test(the_doorbell_rings),
		cmocka_unit_test(without_maps_there_is_nothing_to_read),
		cmocka_unit_test(the_environment_is_like_the_others),
		cmocka_unit_test(what_root_makes_belongs_to_root),
		cmocka_unit_test(a_store_that_is_open_finds_the_first_map),
		cmocka_unit_test(what_is_left_is_completed_or_told),
		cmocka_unit_test(writers_make_the_environment_together),
		cmocka_unit_test(large_maps_are_kept_and_replaced),
		cmocka_unit_test(a_full_environment_keeps_what_it_has),
		cmocka_unit_test(damage_is_told_and_can_be_replaced),
		cmocka_unit_test(a_backup_has_the_maps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
