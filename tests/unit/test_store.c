/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/name.h"
#include "core/node.h"
#include "store/change/transaction.h"
#include "store/change/zones.h"
#include "store/pages.h"
#include "unit/records.h"
#include "unit/stores.h"
#include "unit/test.h"

#define SOA "@ SOA ns hm 1 2 3 4 5\n"

/*! Set to regenerate the golden file after an intended change of the layout. */
#define WRITE_GOLDEN "STEER_WRITE_GOLDEN"

static int init(const char *dir, const steer_store_options_t *options, bool *created)
{
	steer_fault_t fault;
	int ret = steer_store_init(dir, options, created, &fault);
	if (ret != STEER_OK) {
		print_message("  %s\n", fault.text);
	}
	return ret;
}

/* Creating a store. */

static void check_mode(const char *path, mode_t want)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, want);
}

static void a_store_has_its_modes_whatever_the_umask(void **state)
{
	(void)state;
	static const mode_t masks[] = { 0, 022, 077, 0777 };
	static const char *const dirs[] = { "", "records", "status" };
	static const char *const files[] = {
		"version", "doorbell", "records/data.mdb", "records/lock.mdb", "status/data.mdb",
		"status/lock.mdb",
	};
	for (size_t i = 0; i < COUNT(masks); i++) {
		// With umask 0777 only root could enter the directories before they have their mode.
		if (masks[i] == 0777 && geteuid() != 0) {
			continue;
		}
		char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
		const steer_store_options_t options = { .map_size = TEST_MAP_SIZE };
		bool created = false;
		mode_t mask = umask(masks[i]);
		int ret = init(dir, &options, &created);
		umask(mask);
		assert_int_equal(ret, STEER_OK);
		assert_true(created);
		for (size_t k = 0; k < COUNT(dirs); k++) {
			check_mode(path_in(dir, dirs[k]), 02770);
		}
		for (size_t k = 0; k < COUNT(files); k++) {
			check_mode(path_in(dir, files[k]), 0660);
		}
		assert_int_equal(access(path_in(dir, "maps"), F_OK), -1); // They come with the first map.
		free(dir);
		temp_free(temp);
	}
}

static void check_lock(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_in_range(st.st_size, STEER_READERS * 64, 2 * STEER_READERS * 64);
	assert_true((off_t)st.st_blocks * 512 >= st.st_size);
}

static void a_doorbell_made_anew_has_its_mode_whatever_the_umask(void **state)
{
	(void)state;
	place_t place = place_new();
	assert_int_equal(unlink(path_in(place.dir, STEER_DOORBELL_FILE)), 0);
	mode_t mask = umask(077);
	store_must(place.store, STEER_ZONE_CREATE, "example.\n" SOA);
	umask(mask);
	// Otherwise other members of the group could not ring.
	check_mode(path_in(place.dir, STEER_DOORBELL_FILE), 0660);
	place_free(&place);
}

static void a_lock_file_has_all_its_blocks(void **state)
{
	(void)state;
	// LMDB writes to it through a map: a block missing on a full disk would crash the program.
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char *copy = strdup(path_in(temp, "copy"));
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_fault_t fault;
	must(steer_store_backup(store, copy, &fault), &fault);
	steer_store_close(store);
	static const char *const locks[] = { "records/lock.mdb", "status/lock.mdb" };
	for (size_t i = 0; i < COUNT(locks); i++) {
		check_lock(path_in(dir, locks[i]));
		check_lock(path_in(copy, locks[i]));
	}
	store = store_open(copy, STEER_STORE_READ);
	steer_store_stats_t stats;
	must(steer_store_stats(store, &stats, &fault), &fault);
	assert_int_equal(stats.readers_max, STEER_READERS);
	steer_store_close(store);
	free(dir);
	free(copy);
	temp_free(temp);
}

static void a_store_belongs_to_its_group(void **state)
{
	(void)state;
	const struct group *group = getgrnam("daemon");
	if (geteuid() != 0 || group == NULL) {
		skip();
	}
	gid_t gid = group->gr_gid;
	char *dir = temp_new();
	steer_store_options_t options = { .map_size = TEST_MAP_SIZE, .group = "daemon" };
	bool created;
	assert_int_equal(init(dir, &options, &created), STEER_OK);
	static const char *const paths[] = {
		"", "version", "doorbell", "records", "records/data.mdb", "records/lock.mdb", "status",
		"status/data.mdb",
	};
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct stat st;
		assert_int_equal(stat(path_in(dir, paths[i]), &st), 0);
		assert_int_equal(st.st_gid, gid);
	}
	temp_free(dir);

	dir = temp_new();
	options.group = "no-such-group-here";
	assert_int_equal(init(dir, &options, &created), STEER_EINVAL);
	assert_int_equal(access(path_in(dir, "records"), F_OK), -1);
	temp_free(dir);
}

static void a_store_that_exists_is_left_as_it_is(void **state)
{
	(void)state;
	char *dir = temp_new();
	static const uint8_t servers[] = "\x02ns\x00\x03ns2";
	steer_store_options_t options = {
		.map_size = TEST_MAP_SIZE, .servers = servers, .servers_len = sizeof(servers),
	};
	bool created;
	assert_int_equal(init(dir, &options, &created), STEER_OK);
	assert_true(created);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	store_must(store, STEER_ZONE_CREATE, "example.\n" SOA);
	char *before = store_dump(store);
	assert_non_null(strstr(before, "meta 73657276657273 026e7300036e733200\n"));
	steer_store_close(store);

	options = (steer_store_options_t) { .map_size = 2 * TEST_MAP_SIZE };
	assert_int_equal(init(dir, &options, &created), STEER_OK);
	assert_false(created);
	store = store_open(dir, STEER_STORE_READ);
	char *after = store_dump(store);
	assert_true(strcmp(before, after) == 0);
	steer_store_stats_t stats;
	steer_fault_t fault;
	must(steer_store_stats(store, &stats, &fault), &fault);
	assert_int_equal(stats.map_size, TEST_MAP_SIZE);
	steer_store_close(store);
	free(before);
	free(after);
	temp_free(dir);
}

static void write_text(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void a_directory_with_other_files_is_left_alone(void **state)
{
	(void)state;
	char *temp = temp_new();
	const steer_store_options_t options = { .map_size = TEST_MAP_SIZE };
	bool created;
	assert_int_equal(mkdir(path_in(temp, "full"), 0755), 0);
	write_text(path_in(temp, "full/letter"), "dear\n");
	write_text(path_in(temp, "file"), "dear\n");
	assert_int_equal(chmod(path_in(temp, "file"), 0644), 0);
	assert_int_equal(init(path_in(temp, "full"), &options, &created), STEER_EREFUSED);
	assert_int_equal(init(path_in(temp, "file"), &options, &created), STEER_EREFUSED);
	check_mode(path_in(temp, "full"), 0755);
	check_mode(path_in(temp, "file"), 0644);
	assert_int_equal(access(path_in(temp, "full/records"), F_OK), -1);
	assert_int_equal(init(path_in(temp, "no/such/place"), &options, &created), STEER_EINVAL);

	assert_int_equal(mkdir(path_in(temp, "empty"), 0755), 0);
	assert_int_equal(init(path_in(temp, "empty"), &options, &created), STEER_OK);
	assert_true(created);
	temp_free(temp);
}

static void an_init_that_was_killed_is_finished_by_the_next_and_loses_nothing(void **state)
{
	(void)state;
	char *dir = temp_new();
	const steer_store_options_t options = { .map_size = TEST_MAP_SIZE };
	bool created;
	assert_int_equal(init(dir, &options, &created), STEER_OK);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	store_must(store, STEER_ZONE_CREATE, "example.\n" SOA);
	char *before = store_dump(store);
	steer_store_close(store);

	// The version file comes last, but it may also be lost otherwise.
	assert_int_equal(unlink(path_in(dir, "version")), 0);
	steer_fault_t fault;
	assert_int_equal(steer_store_open(&store, dir, STEER_STORE_READ, &fault), STEER_ENOENT);
	assert_int_equal(init(dir, &options, &created), STEER_OK);
	store = store_open(dir, STEER_STORE_READ);
	char *after = store_dump(store);
	assert_true(strcmp(after, before) == 0);
	steer_store_close(store);
	free(before);
	free(after);
	temp_free(dir);
}

/* Opening what is not a store, or a damaged one. */

static void break_nothing(const char *dir)
{
	(void)dir;
}

static void remove_version(const char *dir)
{
	unlink(path_in(dir, "version"));
}

static void make_newer(const char *dir)
{
	char text[32];
	sprintf(text, "%d\n", STEER_STORE_VERSION + 1);
	write_text(path_in(dir, "version"), text);
}

static void make_version_0(const char *dir)
{
	write_text(path_in(dir, "version"), "0\n");
}

static void make_version_text(const char *dir)
{
	write_text(path_in(dir, "version"), "one\n");
}

static void make_version_empty(const char *dir)
{
	write_text(path_in(dir, "version"), "");
}

static void make_version_long(const char *dir)
{
	write_text(path_in(dir, "version"), "1 and more than a version that is read at once\n");
}

static void remove_data(const char *dir)
{
	unlink(path_in(dir, "records/data.mdb"));
}

static void remove_lock(const char *dir)
{
	unlink(path_in(dir, "records/lock.mdb"));
}

static void remove_status(const char *dir)
{
	unlink(path_in(dir, "status/data.mdb"));
}

static void make_data_foreign(const char *dir)
{
	char text[9000];
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	write_text(path_in(dir, "records/data.mdb"), text);
}

static void make_data_empty(const char *dir)
{
	write_text(path_in(dir, "status/data.mdb"), "");
}

/*! Creates the environment of maps, with a map in a named database. */
static void make_maps(const char *dir, const char *name)
{
	MDB_env *env = NULL;
	MDB_txn *txn = NULL;
	MDB_dbi dbi;
	MDB_val key = { 3, "geo" }, value = { 4, "\1\2\3\4" };
	const char *maps = path_in(dir, "maps");
	mode_t mask = umask(0);
	assert_int_equal(mkdir(maps, 0770), 0);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 1), 0);
	assert_int_equal(mdb_env_set_maxreaders(env, STEER_READERS), 0);
	assert_int_equal(mdb_env_set_mapsize(env, TEST_MAP_SIZE), 0);
	assert_int_equal(mdb_env_open(env, maps, 0, 0660), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, name, MDB_CREATE, &dbi), 0);
	assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
	umask(mask);
}

static void make_maps_strange(const char *dir)
{
	write_text(path_in(dir, "maps"), "text\n");
}

static void make_maps_hollow(const char *dir)
{
	assert_int_equal(mkdir(path_in(dir, "maps"), 0770), 0);
}

static void truncate_to_meta(const char *dir)
{
	assert_int_equal(truncate(path_in(dir, "records/data.mdb"), 8192), 0);
}

static void truncate_into_the_second_meta(const char *dir)
{
	assert_int_equal(truncate(path_in(dir, "records/data.mdb"), 4096 + 100), 0);
}

static void what_is_no_sound_store_is_refused_with_a_reason(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		void (*damage)(const char *dir);
		int want;
		const char *text; /*!< Part of the message. */
	} cases[] = {
		{ "a sound one",          break_nothing,     STEER_OK,       NULL },
		{ "no version file",      remove_version,    STEER_ENOENT,   "steerctl init" },
		{ "a newer version",      make_newer,        STEER_EVERSION, "this program knows 1 to" },
		{ "version 0",            make_version_0,    STEER_EVERSION, "version '0'" },
		{ "a version in letters", make_version_text, STEER_EVERSION, "version 'one'" },
		{ "an empty version",     make_version_empty, STEER_EVERSION, "version ''" },
		{ "a long version",       make_version_long, STEER_EVERSION, "version '1 and" },
		{ "no data file",         remove_data,       STEER_ENOENT,   "records" },
		{ "no lock file",         remove_lock,       STEER_ENOENT,   "records" },
		{ "no status",            remove_status,     STEER_ENOENT,   "status" },
		{ "another program's data", make_data_foreign, STEER_EVERSION, "not an LMDB file" },
		{ "an empty data file",   make_data_empty,   STEER_EVERSION, "not an LMDB file" },
		{ "a file for maps",      make_maps_strange, STEER_EACCES,   "maps" },
		{ "maps without data",    make_maps_hollow,  STEER_ENOENT,   "maps/data.mdb" },
		{ "all pages cut off",    truncate_to_meta,  STEER_EDAMAGED, "restore a backup" },
		{ "even meta pages cut off", truncate_into_the_second_meta, STEER_EVERSION,
		  "not an LMDB file" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char *dir = temp_new();
		store_init(dir);
		cases[i].damage(dir);
		steer_fault_t fault = { 0 };
		assert_int_equal(steer_store_precheck(dir, &fault), cases[i].want);
		for (unsigned mode = STEER_STORE_READ; mode <= STEER_STORE_WRITE; mode++) {
			steer_store_t *store = NULL;
			assert_int_equal(steer_store_open(&store, dir, mode, &fault), cases[i].want);
			if (cases[i].want == STEER_OK) {
				steer_store_close(store);
			} else {
				assert_null(store);
				assert_non_null(strstr(fault.text, dir));
				if (strstr(fault.text, cases[i].text) == NULL) {
					fail_msg("said: %s", fault.text);
				}
			}
		}
		temp_free(dir);
	}
}

static void maps_without_their_database_are_refused(void **state)
{
	(void)state;
	char *dir = temp_new();
	store_init(dir);
	make_maps(dir, "others");
	steer_store_t *store = NULL;
	steer_fault_t fault;
	must(steer_store_precheck(dir, &fault), &fault); // Which looks at files alone.
	assert_int_equal(steer_store_open(&store, dir, STEER_STORE_READ, &fault), STEER_EVERSION);
	assert_non_null(strstr(fault.text, "maps lacks the databases"));
	temp_free(dir);
}

static void other_paths_are_refused(void **state)
{
	(void)state;
	char *dir = temp_new();
	write_text(path_in(dir, "file"), "text\n");
	mkdir(path_in(dir, "empty"), 0700);
	static const struct {
		const char *path, *text;
	} cases[] = {
		{ "missing",      "steerctl init" },
		{ "missing/deep", "steerctl init" },
		{ "file",         "not a directory" },
		{ "empty",        "steerctl init" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].path);
		steer_store_t *store = NULL;
		steer_fault_t fault;
		assert_int_equal(steer_store_open(&store, path_in(dir, cases[i].path), STEER_STORE_READ,
		                                  &fault), STEER_ENOENT);
		assert_non_null(strstr(fault.text, cases[i].text));
	}
	temp_free(dir);
}

static void an_empty_directory_is_told_from_others(void **state)
{
	(void)state;
	char *dir = temp_new();
	assert_true(steer_store_is_empty(dir));
	assert_false(steer_store_is_empty(path_in(dir, "missing")));
	write_text(path_in(dir, ".hidden"), "");
	assert_false(steer_store_is_empty(dir));
	assert_false(steer_store_is_empty(path_in(dir, ".hidden")));
	temp_free(dir);
	dir = temp_new();
	store_init(dir);
	assert_false(steer_store_is_empty(dir));
	temp_free(dir);
}

static void a_newer_version_inside_is_refused_too(void **state)
{
	(void)state;
	char *dir = temp_new();
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, store, &fault), &fault);
	uint32_t version = steer_le_u32(STEER_STORE_VERSION + 1);
	must(steer_write_put(&write, STEER_DB_META, STEER_META_VERSION, strlen(STEER_META_VERSION),
	                     &version, sizeof(version)), &fault);
	must(steer_write_commit(&write), &fault);
	steer_store_close(store);
	store = NULL;
	assert_int_equal(steer_store_open(&store, dir, STEER_STORE_READ, &fault), STEER_EVERSION);
	assert_null(store);
	temp_free(dir);
}

/*! Runs a function as user nobody, in a process of its own; returns its result. */
static int as_nobody(int (*run)(const char *dir), const char *dir)
{
	const struct passwd *nobody = getpwnam("nobody");
	assert_non_null(nobody);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setgroups(0, NULL) != 0 || setgid(nobody->pw_gid) != 0 || setuid(nobody->pw_uid) != 0) {
			_exit(99);
		}
		_exit(-run(dir));
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static int open_to_read(const char *dir)
{
	steer_store_t *store;
	steer_fault_t fault;
	int ret = steer_store_open(&store, dir, STEER_STORE_READ, &fault);
	return ret == STEER_OK || strstr(fault.text, "ermission") != NULL ? ret : 98;
}

/*! Opens a store and closes it, again and again. \return The number of times that failed */
static int come_and_go(const char *dir, steer_store_mode_t mode)
{
	int failed = 0;
	for (int i = 0; i < 200; i++) {
		steer_store_t *store;
		steer_fault_t fault;
		if (steer_store_open(&store, dir, mode, &fault) == STEER_OK) {
			steer_store_close(store);
		} else {
			print_message("%s\n", fault.text);
			failed++;
		}
	}
	return failed;
}

/*! The last user of an environment may close it while another opens it. */
static void processes_come_and_go_together(void **state)
{
	(void)state;
	pid_t children[4];
	place_t place = place_new();
	steer_store_close(place.store); // Which would be the last user.
	place.store = NULL;
	for (size_t i = 0; i < COUNT(children); i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			_exit(come_and_go(place.dir, i % 2 == 0 ? STEER_STORE_READ : STEER_STORE_WRITE));
		}
	}
	for (size_t i = 0; i < COUNT(children); i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	place_free(&place);
}

static int check_only(const char *dir)
{
	steer_fault_t fault;
	int ret = steer_store_precheck(dir, &fault);
	return ret == STEER_OK || strstr(fault.text, "ermission") != NULL ? ret : 98;
}

static void a_user_without_permission_is_told_so(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		skip();
	}
	static const struct {
		const char *what, *path;
		mode_t mode;
		int want;
	} cases[] = {
		{ "the directory is closed",      "",                 02700, STEER_EACCES },
		{ "the version cannot be read",   "version",          0600,  STEER_EACCES },
		{ "an environment is closed",     "records",          02700, STEER_EACCES },
		{ "data cannot be read",          "records/data.mdb", 0600,  STEER_EACCES },
		{ "locks cannot be written",      "records/lock.mdb", 0664,  STEER_EACCES },
		{ "data need only be read",       "records/data.mdb", 0664,  STEER_OK },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char *dir = temp_new();
		store_init(dir);
		static const char *const opened[] = { "", "records", "status" };
		for (size_t k = 0; k < COUNT(opened); k++) {
			assert_int_equal(chmod(path_in(dir, opened[k]), 0777), 0);
			if (k > 0) {
				char name[32];
				sprintf(name, "%s/data.mdb", opened[k]);
				assert_int_equal(chmod(path_in(dir, name), 0666), 0);
				sprintf(name, "%s/lock.mdb", opened[k]);
				assert_int_equal(chmod(path_in(dir, name), 0666), 0);
			}
		}
		assert_int_equal(chmod(path_in(dir, "version"), 0666), 0);
		assert_int_equal(as_nobody(check_only, dir), STEER_OK);
		assert_int_equal(as_nobody(open_to_read, dir), STEER_OK);
		assert_int_equal(chmod(path_in(dir, cases[i].path), cases[i].mode), 0);
		assert_int_equal(as_nobody(check_only, dir), cases[i].want);
		assert_int_equal(as_nobody(open_to_read, dir), cases[i].want);
		temp_free(dir);
	}
}

static int init_own(const char *dir)
{
	steer_fault_t fault;
	bool created;
	const steer_store_options_t options = { .map_size = TEST_MAP_SIZE };
	return steer_store_init(dir, &options, &created, &fault);
}

static void a_user_who_is_not_of_the_group_has_a_store_of_their_own(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		skip();
	}
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	assert_int_equal(as_nobody(init_own, dir), STEER_EACCES);
	assert_int_equal(chmod(temp, 0777), 0);
	assert_int_equal(as_nobody(init_own, dir), STEER_OK);
	check_mode(dir, 02770);
	check_mode(path_in(dir, "records/data.mdb"), 0660);
	assert_int_equal(as_nobody(open_to_read, dir), STEER_OK);
	free(dir);
	temp_free(temp);
}

/* Reading. */

static void a_reader_stays_at_its_commit_until_it_is_renewed(void **state)
{
	(void)state;
	char *dir = temp_new();
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_reader_t *old = NULL, *new = NULL;
	steer_fault_t fault;
	uint64_t first, id;
	must(steer_reader_open(&old, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_open(&new, store, STEER_ENV_RECORDS, &fault), &fault);
	assert_int_equal(steer_reader_renew(old, &first), STEER_OK);
	assert_int_equal(steer_reader_renew(old, &id), STEER_OK);
	assert_int_equal(id, first);

	store_must(store, STEER_ZONE_CREATE, "example.\n" SOA "a A 192.0.2.1\n");
	steer_key_t key;
	steer_key_from_name(&key, name_of("a.example."));
	const void *value;
	size_t len;
	steer_pair_t pair;
	assert_int_equal(steer_reader_get(old, STEER_DB_NODES, key.bytes, key.len, &value, &len),
	                 STEER_ENOENT);
	assert_int_equal(steer_reader_find(old, key.bytes, key.len, &pair), STEER_ENOENT);
	assert_int_equal(steer_reader_renew(new, &id), STEER_OK);
	assert_int_equal(id, first + 1);
	assert_int_equal(steer_reader_get(new, STEER_DB_NODES, key.bytes, key.len, &value, &len),
	                 STEER_OK);
	assert_int_equal(steer_reader_find(new, key.bytes, key.len, &pair), STEER_OK);
	assert_ptr_equal(pair.value, value);
	assert_int_equal(pair.value_len, len);
	assert_int_equal(pair.key_len, key.len);
	assert_memory_equal(pair.key, key.bytes, key.len);
	assert_true(pair.key < (const uint8_t *)value);

	steer_reader_reset(old);
	assert_int_equal(steer_reader_renew(old, &id), STEER_OK);
	assert_int_equal(id, first + 1);
	assert_int_equal(steer_reader_find(old, key.bytes, key.len, &pair), STEER_OK);
	steer_reader_close(old);
	steer_reader_close(new);
	steer_reader_close(NULL);
	steer_store_close(store);
	steer_store_close(NULL);
	temp_free(dir);
}

static void the_status_of_a_new_store_is_empty(void **state)
{
	(void)state;
	char *dir = temp_new();
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_READ);
	steer_reader_t *reader = NULL;
	steer_cursor_t *cursor = NULL;
	steer_fault_t fault;
	steer_pair_t pair;
	uint64_t id;
	must(steer_reader_open(&reader, store, STEER_ENV_STATUS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_cursor_open(&cursor, reader, STEER_DB_STATUS), STEER_OK);
	assert_int_equal(steer_cursor_seek(cursor, NULL, 0, &pair), STEER_ENOENT);
	steer_cursor_close(cursor);
	steer_reader_close(reader);
	steer_store_close(store);
	temp_free(dir);
}

/* Maps. */

static void check_map(steer_store_t *store)
{
	steer_reader_t *reader = NULL;
	steer_fault_t fault;
	const void *value;
	size_t len;
	uint64_t id;
	must(steer_reader_open(&reader, store, STEER_ENV_MAPS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_reader_get(reader, STEER_DB_MAPS, "geo", 3, &value, &len), STEER_OK);
	assert_int_equal(len, 4);
	assert_memory_equal(value, "\1\2\3\4", 4);
	steer_reader_close(reader);
}

static void a_store_has_maps_from_the_first_one_on(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char *copies[2] = { strdup(path_in(temp, "without")), strdup(path_in(temp, "with")) };
	store_init(dir);
	for (unsigned with = 0; with < 2; with++) {
		print_message("  %s\n", with ? "with a map" : "without maps");
		if (with) {
			make_maps(dir, "maps");
		}
		steer_fault_t fault;
		must(steer_store_precheck(dir, &fault), &fault);
		steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
		steer_store_stats_t stats;
		must(steer_store_stats(store, &stats, &fault), &fault);
		assert_true(steer_store_has_room(store));
		must(steer_store_backup(store, copies[with], &fault), &fault);
		steer_store_close(store);

		const char *const dirs[] = { dir, copies[with] };
		for (size_t i = 0; i < COUNT(dirs); i++) {
			store = store_open(dirs[i], STEER_STORE_READ);
			if (with) {
				check_map(store);
			} else {
				steer_reader_t *reader = NULL;
				assert_int_equal(access(path_in(dirs[i], "maps"), F_OK), -1);
				assert_int_equal(steer_reader_open(&reader, store, STEER_ENV_MAPS, &fault),
				                 STEER_ENOENT);
				assert_non_null(strstr(fault.text, "has no maps"));
			}
			steer_store_close(store);
		}
	}
	check_mode(path_in(copies[1], "maps"), 02770);
	check_mode(path_in(copies[1], "maps/data.mdb"), 0660);
	check_lock(path_in(copies[1], "maps/lock.mdb"));

	print_message("  finished by another init\n");
	assert_int_equal(unlink(path_in(dir, "version")), 0);
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_READ);
	check_map(store);
	steer_store_close(store);
	free(copies[0]);
	free(copies[1]);
	free(dir);
	temp_free(temp);
}

static void a_cursor_walks_in_key_order(void **state)
{
	(void)state;
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, "e.\n" SOA
	           "b TXT x\na TXT x\na.b TXT x\n\\000 TXT x\n");
	static const char *const order[] = { "e.", "\\000.e.", "a.e.", "b.e.", "a.b.e." };
	steer_reader_t *reader = NULL;
	steer_cursor_t *cursor = NULL;
	steer_fault_t fault;
	steer_pair_t pair;
	uint64_t id;
	must(steer_reader_open(&reader, place.store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_cursor_open(&cursor, reader, STEER_DB_NODES), STEER_OK);
	int ret = steer_cursor_seek(cursor, NULL, 0, &pair);
	for (size_t i = 0; i < COUNT(order); i++) {
		steer_key_t key;
		steer_key_from_name(&key, name_of(order[i]));
		assert_int_equal(ret, STEER_OK);
		assert_int_equal(pair.key_len, key.len);
		assert_memory_equal(pair.key, key.bytes, key.len);
		ret = steer_cursor_next(cursor, &pair);
	}
	assert_int_equal(ret, STEER_ENOENT);

	static const struct {
		const char *from, *to;
	} seeks[] = { { "b.e.", "b.e." }, { "aa.e.", "b.e." }, { "b.b.e.", NULL }, { ".", "e." } };
	for (size_t i = 0; i < COUNT(seeks); i++) {
		steer_key_t from, to;
		steer_key_from_name(&from, name_of(seeks[i].from));
		ret = steer_cursor_seek(cursor, from.bytes, from.len, &pair);
		assert_int_equal(ret, seeks[i].to != NULL ? STEER_OK : STEER_ENOENT);
		if (seeks[i].to != NULL) {
			steer_key_from_name(&to, name_of(seeks[i].to));
			assert_int_equal(pair.key_len, to.len);
			assert_memory_equal(pair.key, to.bytes, to.len);
		}
	}
	steer_cursor_close(cursor);
	steer_cursor_close(NULL);
	steer_reader_close(reader);
	place_free(&place);
}

static void statistics_count_what_is_there(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_store_stats_t empty, full;
	steer_fault_t fault;
	must(steer_store_stats(place.store, &empty, &fault), &fault);
	assert_int_equal(empty.sequence, 0);
	assert_int_equal(empty.db[STEER_DB_NODES].entries, 0);
	assert_int_equal(empty.version, STEER_STORE_VERSION);
	assert_int_equal(empty.map_size, TEST_MAP_SIZE);
	assert_int_equal(empty.readers_max, STEER_READERS);
	store_must(place.store, STEER_ZONE_CREATE, "example.\n" SOA "a A 192.0.2.1\n");
	store_must(place.store, STEER_ZONE_MERGE, "example.\nb.c A 192.0.2.1\n");
	must(steer_store_stats(place.store, &full, &fault), &fault);
	assert_int_equal(full.sequence, 2);
	assert_int_equal(full.txn_id, empty.txn_id + 2);
	assert_int_equal(full.db[STEER_DB_ZONES].entries, 1);
	assert_int_equal(full.db[STEER_DB_NODES].entries, 4);
	assert_int_equal(full.db[STEER_DB_META].entries, 5);
	assert_string_equal(full.db[STEER_DB_NODES].name, "nodes");
	assert_null(full.db[STEER_DB_MAPS].name);
	assert_true(full.db[STEER_DB_NODES].bytes >= 4096);
	assert_true(full.used > empty.used && full.used < 1 << 20);
	place_free(&place);
}

/* Backup. */

static void a_backup_is_a_store_of_its_own(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char *copy = strdup(path_in(temp, "copy"));
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	store_must(store, STEER_ZONE_CREATE, "example.\n" SOA "a A 192.0.2.1\n");
	char *before = store_dump(store);
	steer_fault_t fault;
	must(steer_store_backup(store, copy, &fault), &fault);
	store_must(store, STEER_ZONE_MERGE, "example.\na A 192.0.2.2\n");
	assert_int_equal(steer_store_backup(store, copy, &fault), STEER_EEXIST);
	char *later = store_dump(store);
	steer_store_close(store);
	check_mode(copy, 02770);
	check_mode(path_in(copy, "records/data.mdb"), 0660);
	check_mode(path_in(copy, "records/lock.mdb"), 0660);
	check_mode(path_in(copy, "version"), 0660);

	store = store_open(copy, STEER_STORE_WRITE);
	char *copied = store_dump(store);
	assert_true(strcmp(copied, before) == 0);
	steer_store_stats_t stats;
	must(steer_store_stats(store, &stats, &fault), &fault);
	assert_int_equal(stats.map_size, TEST_MAP_SIZE);
	const steer_summary_t summary = store_must(store, STEER_ZONE_MERGE, "example.\n"
	                                           "a A 192.0.2.2\n");
	assert_int_equal(summary.sequence, 2);
	char *same = store_dump(store);
	assert_true(strcmp(same, later) == 0);
	steer_store_close(store);
	free(before);
	free(later);
	free(copied);
	free(same);
	free(dir);
	free(copy);
	temp_free(temp);
}

static void a_backup_that_fails_leaves_nothing(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_fault_t fault;
	write_text(path_in(temp, "file"), "x");
	assert_int_equal(steer_store_backup(store, path_in(temp, "no/such/place"), &fault),
	                 STEER_EINVAL);
	assert_int_equal(steer_store_backup(store, path_in(temp, "file"), &fault), STEER_EEXIST);
	assert_int_equal(steer_store_backup(store, path_in(dir, "copy"), &fault), STEER_EINVAL);
	assert_int_equal(symlink("nowhere", path_in(temp, "link")), 0);
	assert_int_equal(steer_store_backup(store, path_in(temp, "link"), &fault), STEER_EEXIST);
	struct rlimit whole, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
	small = (struct rlimit) { 10000, whole.rlim_max }; // Within the first file.
	sig_t before = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int ret = steer_store_backup(store, path_in(temp, "copy"), &fault);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
	signal(SIGXFSZ, before);
	assert_true(ret != STEER_OK);
	assert_int_equal(unlink(path_in(temp, "file")), 0);
	assert_int_equal(unlink(path_in(temp, "link")), 0);
	steer_store_close(store);
	char *rest = temp;
	temp = strdup(dir);
	temp_free(temp);
	assert_int_equal(rmdir(rest), 0); // Only the store was left in it.
	free(rest);
	free(dir);
}

/* Zone values. */

static void zone_values_are_checked(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, place.store, &fault), &fault);
	static const uint8_t servers[] = "\x02ns";
	steer_zone_t zone = {
		.mode = STEER_ZONE_OVERLAY, .labels = 1, .enclosing = STEER_ZONE_TOP, .created = 7,
		.servers = servers, .servers_len = sizeof(servers), .comment = "hello", .comment_len = 5,
	}, got;
	must(steer_zone_put(&write, (const uint8_t *)"\0e", 3, &zone), &fault);
	MDB_val value;
	must(steer_write_get(&write, STEER_DB_ZONES, "\0e", 3, &value), &fault);
	uint8_t bytes[64];
	size_t len = value.mv_size;
	assert_in_range(len, STEER_ZONE_SIZE, sizeof(bytes));
	memcpy(bytes, value.mv_data, len);
	assert_int_equal(steer_zone_decode(&got, bytes, len), STEER_OK);
	assert_int_equal(got.mode, zone.mode);
	assert_int_equal(got.labels, zone.labels);
	assert_int_equal(got.enclosing, zone.enclosing);
	assert_int_equal(got.created, zone.created);
	assert_int_equal(got.servers_len, zone.servers_len);
	assert_memory_equal(got.servers, servers, sizeof(servers));
	assert_int_equal(got.comment_len, 5);
	assert_memory_equal(got.comment, "hello", 5);

	for (size_t bit = 0; bit < 8 * len; bit++) {
		bytes[bit / 8] ^= 1 << bit % 8;
		assert_int_equal(steer_zone_decode(&got, bytes, len), STEER_EDAMAGED);
		bytes[bit / 8] ^= 1 << bit % 8;
	}
	for (size_t size = 0; size < len; size++) {
		uint8_t *exact = malloc(size + (size == 0));
		memcpy(exact, bytes, size);
		assert_int_equal(steer_zone_decode(&got, exact, size), STEER_EDAMAGED);
		free(exact);
	}
	static const struct {
		size_t at;
		uint8_t value;
	} patches[] = { // Format, mode, labels, lengths, reserved: with a right sum.
		{ 4, 2 }, { 5, 2 }, { 6, 128 }, { 16, 5 }, { 17, 255 }, { 18, 6 }, { 19, 2 }, { 20, 1 },
		{ 23, 1 },
	};
	for (size_t i = 0; i < COUNT(patches); i++) {
		uint8_t patched[sizeof(bytes)];
		memcpy(patched, bytes, len);
		patched[patches[i].at] = patches[i].value;
		put_zone_sum(patched, steer_value_sum(patched, len));
		assert_int_equal(steer_zone_decode(&got, patched, len), STEER_EDAMAGED);
	}
	steer_write_abort(&write);
	place_free(&place);
}

/* The golden store: fixed change sets, and what they leave. */

static char *read_all(const char *path)
{
	FILE *in = fopen(path, "r");
	if (in == NULL) {
		fail_msg("%s: missing; with " WRITE_GOLDEN " set it is written", path);
	}
	char *text = NULL;
	size_t size = 0;
	ssize_t len = getdelim(&text, &size, '\0', in);
	assert_true(len > 0);
	fclose(in);
	return text;
}

/*! The databases with a meaning here, pages of the filter told by the counters that are not 0. */
static char *golden_dump(steer_store_t *store)
{
	enum { KEY_END = 7 + 2 * STEER_APEXES_KEY + 1, SUM = 2 * STEER_APEXES_SIZE };
	char *dump = store_dump(store), *text = NULL, *rest = dump, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("# SPDX-License-Identifier: GPL-3.0-or-later\n"
	      "# database key value, in hexadecimal digits; of a page of the filter of apexes its sum,\n"
	      "# then each counter that is not 0 as index:value\n", out);
	while ((line = strtok_r(NULL, "\n", &rest)) != NULL) {
		if (strncmp(line, "apexes ", 7) != 0) {
			fprintf(out, "%s\n", line);
			continue;
		}
		fprintf(out, "%.*s", KEY_END + SUM, line);
		const char *counters = line + KEY_END + SUM;
		for (size_t i = 0; counters[2 * i] != '\0'; i++) {
			if (memcmp(counters + 2 * i, "00", 2) != 0) {
				fprintf(out, " %zu:%.2s", i, counters + 2 * i);
			}
		}
		fputs("\n", out);
	}
	fclose(out);
	free(dump);
	return text;
}

static void the_golden_store_is_made_by_its_change_sets(void **state)
{
	(void)state;
	char *dir = temp_new();
	static const uint8_t servers[] = "\x02ns\x07""example\x00\x03ns2\x07""example";
	const steer_store_options_t options = {
		.map_size = TEST_MAP_SIZE, .servers = servers, .servers_len = sizeof(servers),
	};
	bool created;
	assert_int_equal(init(dir, &options, &created), STEER_OK);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	static const struct {
		steer_zone_action_t action;
		const char *zone;
	} changes[] = {
		{ STEER_ZONE_CREATE, "example.\n@ 3600 SOA ns hm 1 7200 3600 86400 300\n@ NS ns\n@ NS ns2\n"
		  "ns A 192.0.2.53\nns2 AAAA 2001:db8::53\nwww A 192.0.2.2\nwww A 192.0.2.1\n"
		  "www 60 TXT hello\n"
		  "*.w CNAME www\nd DNAME other.\nsub NS ns.sub\nns.sub A 192.0.2.54\n"
		  "host.sub A 192.0.2.9\n"
		  "a.empty.tree MX 10 www\n" },
		{ STEER_ZONE_CREATE, "sub.example.\n@ SOA . . 7 1 1 1 1\nhost TYPE65400 c0ffee\n"
		  "\\000\\001 TXT x\n" },
		{ STEER_ZONE_MERGE, "example.\n-www TXT\nnew.tree A 192.0.2.10\n*.w CNAME ns\n" },
		{ STEER_ZONE_CREATE, "other.\n@ SOA . . 4294967295 1 1 1 1\n" },
		{ STEER_ZONE_MERGE, "other.\n* A 192.0.2.11\n" },
		{ STEER_ZONE_MERGE, "other.\n@ A + alias=by\nby A =weighted\n"
		  "by 60 A +a weight=1 192.0.2.1\n"
		  "by 60 A +b weight=0 192.0.2.2\nby 60 A +c 192.0.2.3\nby 60 A +d 192.0.2.4\n"
		  "by 60 A +e weight=4294967295 192.0.2.5\nby 60 A +f health=web 192.0.2.1\n"
		  "by A +g alias=www.example. evaluate=no\nby A +h alias=www.example. health=far\n"
		  "by 60 A +i 192.0.2.9\nby AAAA =failover\nby AAAA +main health=web 2001:db8::1\n"
		  "by AAAA +spare tier=1 2001:db8::2\n" },
		{ STEER_ZONE_MERGE, "other.\n-by A c\nby 60 A +d weight=7 192.0.2.4\n"
		  "by 60 A +j 192.0.2.10\n" },
	};
	for (size_t i = 0; i < COUNT(changes); i++) {
		store_must(store, changes[i].action, changes[i].zone);
	}
	char *dump = golden_dump(store);
	if (getenv(WRITE_GOLDEN) != NULL) {
		write_text(GOLDEN_DIR "/store.dump", dump);
	}
	char *want = read_all(GOLDEN_DIR "/store.dump");
	assert_string_equal(dump, want);
	free(want);
	free(dump);
	steer_store_close(store);
	temp_free(dir);
}

/* Sizes of the data file. */

/*! A change set by which two zones, one in the other, have a record of some length at one name. */
static void apply_lengths(steer_store_t *store, size_t inner, size_t outer)
{
	static uint8_t rdata[60000];
	static const uint8_t owner[] = "\x01" "a\x01" "b\x01" "e";
	const size_t lengths[] = { inner, outer };
	static const char *const zones[] = { "b.e.\n" SOA, "e.\n" SOA };
	steer_change_t *change = steer_change_new();
	for (unsigned i = 0; i < COUNT(zones); i++) {
		assert_int_equal(change_add_text(change, STEER_ZONE_REPLACE, zones[i]), STEER_OK);
		const steer_record_t record = {
			.owner = owner, .rdata = rdata, .rdata_len = lengths[i], .type = 65400, .ttl = 300,
		};
		if (lengths[i] > 0) {
			assert_int_equal(steer_change_add(change, i, &record), STEER_OK);
		}
	}
	const steer_apply_t options = { 0 };
	steer_summary_t summary;
	steer_fault_t fault = { 0 };
	must(steer_store_apply(store, change, &options, &summary, &fault), &fault);
	steer_change_free(change);
}

static void a_sound_store_passes_the_check_after_any_commit(void **state)
{
	(void)state;
	// A commit that writes a large node and then deletes it allots pages and gives them back: LMDB
	// counts them, but at the end of the file it does not write them, which is no damage.
	static const struct {
		size_t inner, outer;
	} steps[] = { { 0, 0 }, { 1000, 0 }, { 1000, 60000 }, { 0, 0 }, { 1000, 60000 }, { 0, 0 } };
	place_t place = place_new();
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 0); // The log would take the pages.
	bool shorter = false;
	for (size_t i = 0; i < COUNT(steps); i++) {
		apply_lengths(place.store, steps[i].inner, steps[i].outer);
		struct stat st;
		steer_store_stats_t stats;
		steer_fault_t fault = { 0 };
		assert_int_equal(stat(path_in(place.dir, "records/data.mdb"), &st), 0);
		must(steer_store_stats(place.store, &stats, &fault), &fault);
		shorter = shorter || (uint64_t)st.st_size < stats.used;
		if (steer_store_precheck(place.dir, &fault) != STEER_OK) {
			fail_msg("step %zu: %s", i, fault.text);
		}
	}
	assert_true(shorter); // Else the steps do not test what they should.
	place_free(&place);
}

/* The list of free pages. */

/*! Adds a zone whose names take some 5,000 pages. */
static void add_large_zone(steer_store_t *store)
{
	static uint8_t rdata[60000];
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, STEER_ZONE_CREATE, "large.\n" SOA), STEER_OK);
	for (unsigned i = 0; i < 340; i++) {
		char name[32];
		snprintf(name, sizeof(name), "a%u.large.", i);
		const steer_record_t record = {
			.owner = name_of(name), .rdata = rdata, .rdata_len = sizeof(rdata), .type = 65400,
			.ttl = 300,
		};
		assert_int_equal(steer_change_add(change, 0, &record), STEER_OK);
	}
	const steer_apply_t options = { 0 };
	steer_summary_t summary;
	steer_fault_t fault = { 0 };
	must(steer_store_apply(store, change, &options, &summary, &fault), &fault);
	steer_change_free(change);
}

/*! How many pages are free. \param[out] largest  Bytes of the largest record of their list. */
static size_t free_pages(steer_store_t *store, size_t *largest)
{
	MDB_txn *txn = NULL;
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	size_t bytes = 0;
	*largest = 0;
	assert_int_equal(mdb_txn_begin(store->env[STEER_ENV_RECORDS], NULL, MDB_RDONLY, &txn), 0);
	assert_int_equal(mdb_cursor_open(txn, 0, &cursor), 0); // LMDB's own database comes first.
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) {
		bytes += value.mv_size;
		*largest = value.mv_size > *largest ? value.mv_size : *largest;
	}
	mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
	return bytes / sizeof(size_t);
}

static void small_changes_after_a_large_deletion_rewrite_little(void **state)
{
	(void)state;
	place_t place = place_new();
	char *temp = temp_new(), *copy = strdup(path_in(temp, "copy"));
	steer_fault_t fault;
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 0); // The log would take pages.
	store_must(place.store, STEER_ZONE_CREATE, "small.\n" SOA);
	add_large_zone(place.store);
	must(steer_store_backup(place.store, copy, &fault), &fault);
	steer_store_t *copied = store_open(copy, STEER_STORE_WRITE);
	steer_store_t *const stores[] = { place.store, copied };
	for (size_t i = 0; i < COUNT(stores); i++) {
		size_t largest;
		store_must(stores[i], STEER_ZONE_DELETE, "large.\n");
		assert_in_range(free_pages(stores[i], &largest), 5000, 10000);
		assert_in_range(largest, 5000 * sizeof(size_t), SIZE_MAX); // As the deletion leaves it.
		for (int turn = 0; turn < 3; turn++) {
			store_must(stores[i], STEER_ZONE_MERGE,
			           turn % 2 == 0 ? "small.\na A 192.0.2.1\n" : "small.\na A 192.0.2.2\n");
		}
		assert_in_range(free_pages(stores[i], &largest), 5000, 10000);
		assert_in_range(largest, 1, getpagesize());
	}
	steer_store_close(copied);
	place_free(&place);
	free(copy);
	temp_free(temp);
}

/* Pages of the map. */

static int minor_version = 9;

/*! Takes the place of LMDB's, to be that of another one. */
char *mdb_version(int *major, int *minor, int *patch)
{
	*major = 0;
	*minor = minor_version;
	assert_null(patch);
	return "LMDB";
}

/*! Opens the pages of a store; also tells the page of the value that they are found by. */
static int pages_open(const char *dir, uint64_t *number)
{
	enum { FLAGS_AT = 10, META = 0x08 }; // In a page's header (LMDB 0.9, MDB_page).
	steer_store_t *store = store_open(dir, STEER_STORE_READ);
	steer_reader_t *reader = NULL;
	steer_fault_t fault;
	steer_pages_t pages;
	const void *value;
	uint64_t id;
	size_t len;
	must(steer_reader_open(&reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	must(steer_reader_get(reader, STEER_DB_META, STEER_META_SEQUENCE, strlen(STEER_META_SEQUENCE),
	                      &value, &len), &fault);
	int ret = steer_pages_open(&pages, reader);
	if (ret == STEER_OK) {
		*number = steer_pages_number(&pages, value);
		assert_int_equal(pages.map[FLAGS_AT] & META, META);
	}
	steer_reader_close(reader);
	steer_store_close(store);
	return ret;
}

static void pages_are_found_if_they_are_as_known(void **state)
{
	(void)state;
	static const int versions[] = { 8, 10, 90 };
	char *dir = temp_new();
	uint64_t number = 0, none;
	store_init(dir);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	store_must(store, STEER_ZONE_CREATE, "example.\n" SOA "a A 192.0.2.1\n");
	steer_store_close(store);
	assert_int_equal(pages_open(dir, &number), STEER_OK);
	assert_in_range(number, 2, 100);
	for (size_t i = 0; i < COUNT(versions); i++) {
		minor_version = versions[i];
		assert_int_equal(pages_open(dir, &none), STEER_EIO);
	}
	minor_version = 9;

	const uint64_t numbers[] = {
		number + 1, number - 1, 0, number + (1 << 20), (uint64_t)1 << 40, UINT64_MAX,
	};
	int fd = open(path_in(dir, "records/data.mdb"), O_WRONLY);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		print_message("  %lu for %lu\n", numbers[i], number);
		assert_int_equal(pwrite(fd, &numbers[i], sizeof(numbers[i]), number * getpagesize()),
		                 sizeof(numbers[i]));
		assert_int_equal(pages_open(dir, &none), STEER_EIO);
	}
	close(fd);
	temp_free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_has_its_modes_whatever_the_umask),
		cmocka_unit_test(a_doorbell_made_anew_has_its_mode_whatever_the_umask),
		cmocka_unit_test(a_lock_file_has_all_its_blocks),
		cmocka_unit_test(a_store_belongs_to_its_group),
		cmocka_unit_test(a_store_that_exists_is_left_as_it_is),
		cmocka_unit_test(a_directory_with_other_files_is_left_alone),
		cmocka_unit_test(an_init_that_was_killed_is_finished_by_the_next_and_loses_nothing),
		cmocka_unit_test(what_is_no_sound_store_is_refused_with_a_reason),
		cmocka_unit_test(maps_without_their_database_are_refused),
		cmocka_unit_test(other_paths_are_refused),
		cmocka_unit_test(an_empty_directory_is_told_from_others),
		cmocka_unit_test(a_newer_version_inside_is_refused_too),
		cmocka_unit_test(a_user_without_permission_is_told_so),
		cmocka_unit_test(a_user_who_is_not_of_the_group_has_a_store_of_their_own),
		cmocka_unit_test(a_reader_stays_at_its_commit_until_it_is_renewed),
		cmocka_unit_test(the_status_of_a_new_store_is_empty),
		cmocka_unit_test(a_store_has_maps_from_the_first_one_on),
		cmocka_unit_test(a_cursor_walks_in_key_order),
		cmocka_unit_test(statistics_count_what_is_there),
		cmocka_unit_test(a_backup_is_a_store_of_its_own),
		cmocka_unit_test(a_backup_that_fails_leaves_nothing),
		cmocka_unit_test(pages_are_found_if_they_are_as_known),
		cmocka_unit_test(zone_values_are_checked),
		cmocka_unit_test(processes_come_and_go_together),
		cmocka_unit_test(the_golden_store_is_made_by_its_change_sets),
		cmocka_unit_test(a_sound_store_passes_the_check_after_any_commit),
		cmocka_unit_test(small_changes_after_a_large_deletion_rewrite_little),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
