/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a store. The version file comes last: it is what makes a directory a store, so an init
 * that was killed is finished by the next one. Each directory is closed to all but its owner until
 * all in it is made, and what is there before must be the owner's own: so nobody can have put
 * anything in the way. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/apexes_page.h"
#include "store/handles.h"

/*! Group of the server that serves the store, if it exists. */
#define SERVER_GROUP "knot"

/*! Size of LMDB's lock file for that many readers, which fill a cache line each. */
#define LOCK_SIZE ((STEER_READERS + 2) * 64)

/*! Looks for the end of another init, 10 ms apart. */
#define LOCK_TRIES 3000

int steer_lock_fill(int fd)
{
	// LMDB maps this file and writes to it: on a full disk that would end the program.
	return posix_fallocate(fd, 0, LOCK_SIZE);
}

static int put_meta(MDB_txn *txn, MDB_dbi dbi, const char *name, const void *bytes, size_t len)
{
	MDB_val key = { strlen(name), (void *)name }, value = { len, (void *)bytes };
	int err = mdb_put(txn, dbi, &key, &value, MDB_NOOVERWRITE);
	return err == MDB_KEYEXIST ? MDB_SUCCESS : err; // An init that was killed got so far.
}

static int fill_records(steer_store_t *store, MDB_txn *txn, const steer_store_options_t *options)
{
	uint32_t version = steer_le_u32(STEER_STORE_VERSION);
	uint64_t sequence = 0;
	MDB_dbi meta = store->dbi[STEER_DB_META];
	int err = put_meta(txn, meta, STEER_META_VERSION, &version, sizeof(version));
	if (err == MDB_SUCCESS) {
		err = put_meta(txn, meta, STEER_META_SEQUENCE, &sequence, sizeof(sequence));
	}
	if (err == MDB_SUCCESS) {
		err = put_meta(txn, meta, STEER_META_STORE_ID, options->id, sizeof(options->id));
	}
	if (err == MDB_SUCCESS) { // The chain before the first change set.
		err = put_meta(txn, meta, STEER_META_CHAIN, options->id, sizeof(options->id));
	}
	if (err == MDB_SUCCESS) {
		err = steer_apexes_init(txn, store->dbi[STEER_DB_APEXES]);
	}
	if (err == MDB_SUCCESS && options->servers_len > 0) {
		err = put_meta(txn, meta, STEER_META_SERVERS, options->servers, options->servers_len);
	}
	return err;
}

static int make_databases(steer_store_t *store, enum steer_env env,
                          const steer_store_options_t *options)
{
	MDB_txn *txn = NULL;
	int err = steer_txn_begin(store->env[env], &txn);
	if (err == MDB_SUCCESS) {
		err = steer_store_databases(store, txn, env, MDB_CREATE);
	}
	if (err == MDB_SUCCESS && env == STEER_ENV_RECORDS) {
		err = fill_records(store, txn, options);
	}
	if (err == MDB_SUCCESS) {
		return steer_txn_commit(txn);
	}
	steer_txn_abort(txn);
	return err;
}

/*! Gives a file blocks, or whatever it needs. \return 0 or errno */
typedef int (*prepare_f)(int fd);

/*! A short file holds nothing, since records come behind it: an init was killed as it wrote. */
static int prepare_data(int fd)
{
	struct stat st;
	return fstat(fd, &st) != 0 ||
	       (st.st_size < 2 * sysconf(_SC_PAGESIZE) && ftruncate(fd, 0) != 0) ? errno : 0;
}

static int prepare_doorbell(int fd)
{
	return ftruncate(fd, 0) == 0 ? 0 : errno;
}

static int make_file(const steer_folder_t *folder, const char *name, prepare_f prepare, gid_t group)
{
	int fd, err = steer_file_make(folder, name, &fd);
	if (err != 0) {
		return err;
	}
	err = prepare(fd);
	if (err == 0) {
		err = steer_file_give(fd, group, STEER_FILE_MODE);
	}
	close(fd);
	return err;
}

/*! Ends the making of a directory: all that is in it is durable, and others may enter it. */
static int finish_folder(const steer_folder_t *folder, gid_t group)
{
	return fsync(folder->fd) == 0 ? steer_file_give(folder->fd, group, STEER_DIR_MODE) : errno;
}

/*! Room for what is being made, as "records/lock.mdb". */
#define STEP_SIZE 64

/*! Makes a file of an environment. \param[out] step  It, for a message. */
static int make_env_file(const steer_folder_t *folder, enum steer_env env, const char *name,
                         prepare_f prepare, gid_t group, char step[STEP_SIZE])
{
	snprintf(step, STEP_SIZE, "%s/%s", steer_env_name[env], name);
	return make_file(folder, name, prepare, group);
}

static int make_env(steer_store_t *store, enum steer_env env, const steer_store_options_t *options,
                    gid_t group, char step[STEP_SIZE])
{
	uint64_t map_size = options->map_size != 0 ? options->map_size : STEER_MAP_SIZE_DEFAULT;
	steer_folder_t folder;
	snprintf(step, STEP_SIZE, "%s", steer_env_name[env]);
	int err = steer_folder_make(&folder, &store->folder, steer_env_name[env]);
	if (err != 0) {
		return err;
	}
	err = make_env_file(&folder, env, "lock.mdb", steer_lock_fill, group, step);
	if (err == 0) {
		err = make_env_file(&folder, env, "data.mdb", prepare_data, group, step);
	}
	if (err == 0) {
		err = steer_env_map(&store->env[env], &folder, MDB_NOTLS, map_size);
	}
	if (err == 0) {
		err = make_databases(store, env, options);
	}
	if (err == 0) {
		err = finish_folder(&folder, group);
	}
	steer_folder_close(&folder);
	return err;
}

/*! Makes what is missing of a store in its directory. */
static int make_inside(steer_store_t *store, const steer_store_options_t *options, gid_t group,
                       steer_fault_t *fault)
{
	char text[16], step[STEP_SIZE] = "directory";
	int err = fchmod(store->folder.fd, STEER_DIR_MODE & 0700) == 0 ? 0 : errno;
	for (int env = 0; env < STEER_ENVS && err == 0; env++) {
		if (steer_env_is_there(store, env)) {
			err = make_env(store, env, options, group, step);
		}
	}
	if (err == 0) {
		strcpy(step, STEER_DOORBELL_FILE);
		err = make_file(&store->folder, STEER_DOORBELL_FILE, prepare_doorbell, group);
	}
	if (err == 0) {
		strcpy(step, "directory");
		err = finish_folder(&store->folder, group);
	}
	if (err == 0) {
		snprintf(text, sizeof(text), "%d\n", STEER_STORE_VERSION);
		strcpy(step, STEER_VERSION_FILE);
		err = steer_file_write(&store->folder, STEER_VERSION_FILE, text, group);
	}
	return err == 0 ? STEER_OK : steer_store_fault(store, step, err, fault);
}

/*! Makes the directory's own entry durable, if its place can be read. */
static int sync_entry(const steer_folder_t *folder)
{
	int fd = openat(folder->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = fd >= 0 && fsync(fd) != 0 ? errno : 0;
	if (fd >= 0) {
		close(fd);
	}
	return err;
}

static int make_store(steer_store_t *store, const steer_store_options_t *options, gid_t group,
                      steer_fault_t *fault)
{
	steer_folder_t *folder = &store->folder;
	folder->own = true;
	int err = sync_entry(folder);
	if (err == 0 && geteuid() == 0 && folder->store.st_uid != 0 && group != (gid_t)-1 &&
	    (fchown(folder->fd, -1, group) != 0 || fstat(folder->fd, &folder->store) != 0)) {
		err = errno; // Its owner may then give the group to what is inside.
	}
	if (err != 0) {
		return steer_store_fault(store, "directory", err, fault);
	}
	steer_rights_t before = { .taken = false };
	if (folder->store.st_uid != 0 && steer_rights_take(&before, &folder->store) != 0) {
		return steer_no_memory(fault);
	}
	int ret = make_inside(store, options, group, fault);
	steer_rights_restore(&before);
	return ret;
}

/*! Whether an unfinished init may have made an entry of a directory. */
static bool is_ours(const char *name)
{
	static const char *const names[] = {
		".", "..", "lost+found", STEER_DOORBELL_FILE, STEER_BACKUP_NOTE,
		STEER_VERSION_FILE STEER_FILE_NEW,
	};
	bool ours = false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ours = ours || strcmp(name, names[i]) == 0;
	}
	for (int env = 0; env < STEER_ENVS; env++) {
		ours = ours || strcmp(name, steer_env_name[env]) == 0;
	}
	return ours;
}

/*! Whether a directory has nothing but what a store is made of. */
static bool is_ours_to_take(const steer_folder_t *folder)
{
	int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
	if (stream == NULL) {
		close(fd);
		return false;
	}
	bool ours = true;
	for (const struct dirent *entry; ours && (entry = readdir(stream)) != NULL; ) {
		ours = is_ours(entry->d_name);
	}
	closedir(stream);
	return ours;
}

/*! Whether this user, who is not root, may give files to a group. */
static bool is_member(gid_t group)
{
	gid_t groups[256];
	int count = getgroups(256, groups);
	bool member = getegid() == group;
	for (int i = 0; i < count; i++) {
		member = member || groups[i] == group;
	}
	return member;
}

/*! \param[out] group  -1: the user's own. */
static int find_group(const char *name, gid_t *group, steer_fault_t *fault)
{
	const struct group *entry = getgrnam(name != NULL ? name : SERVER_GROUP);
	if (entry == NULL && name != NULL) {
		return steer_fault(fault, STEER_EINVAL, "no such group: %s", name);
	}
	// One that was not asked for may not be this user's to give.
	bool given = entry != NULL && (name != NULL || geteuid() == 0 || is_member(entry->gr_gid));
	*group = given ? entry->gr_gid : (gid_t)-1;
	return STEER_OK;
}

/*! Whether the address space that was asked for can be had, by all environments at once. */
static bool can_reserve(uint64_t size)
{
	void *maps[STEER_ENVS];
	int count = 0;
	while (count < STEER_ENVS && (size_t)size == size) {
		maps[count] = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		                   -1, 0);
		if (maps[count] == MAP_FAILED) {
			break;
		}
		count++;
	}
	for (int i = 0; i < count; i++) {
		munmap(maps[i], size);
	}
	return count == STEER_ENVS;
}

/*! Opens the directory of a store to be; it is made if it is missing. */
static int open_directory(steer_store_t **store, const char *dir, steer_fault_t *fault)
{
	if (mkdir(dir, STEER_DIR_MODE & 0700) != 0) {
		struct stat st;
		if (errno == ENOENT) {
			return steer_fault(fault, STEER_EINVAL, "%s: no directory to make it in", dir);
		}
		if (errno != EEXIST) {
			return steer_fault(fault, errno == EACCES ? STEER_EACCES : errno == ENOSPC ? STEER_EFULL
			                   : STEER_EIO, "%s: %s", dir, strerror(errno));
		}
		if (stat(dir, &st) == 0 && !S_ISDIR(st.st_mode)) {
			return steer_fault(fault, STEER_EREFUSED, "%s: is a file", dir);
		}
	}
	return steer_store_enter(store, dir, STEER_STORE_WRITE, fault);
}

/*! Waits until no other init makes the store; not for ever, since others may hold the lock, too. */
static int lock_directory(const steer_store_t *store, steer_fault_t *fault)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	for (int tries = 0; flock(store->folder.fd, LOCK_EX | LOCK_NB) != 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			return steer_store_fault(store, "directory", errno, fault);
		}
		if (tries == LOCK_TRIES) {
			return steer_fault(fault, STEER_EBUSY, "%s: another init is at work", store->dir);
		}
		nanosleep(&pause, NULL);
	}
	return STEER_OK;
}

static int make_new(steer_store_t *store, const steer_store_options_t *options, gid_t group,
                    steer_fault_t *fault)
{
	return is_ours_to_take(&store->folder) ? make_store(store, options, group, fault)
	       : steer_fault(fault, STEER_EREFUSED,
	                     "%s: has other files: name a new or an empty directory", store->dir);
}

static int init(const char *dir, const steer_store_options_t *options, bool *created,
                steer_fault_t *fault)
{
	gid_t group = (gid_t)-1;
	int ret = find_group(options->group, &group, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	if (!can_reserve(options->map_size != 0 ? options->map_size : 1)) {
		return steer_fault(fault, STEER_EINVAL, "%" PRIu64 " bytes of address space cannot be had "
		                   "for each of %d maps; allowed: less", options->map_size, STEER_ENVS);
	}
	steer_store_t *store = NULL;
	ret = open_directory(&store, dir, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	struct stat st;
	bool exists = fstatat(store->folder.fd, STEER_VERSION_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!exists) {
		ret = lock_directory(store, fault);
		exists = fstatat(store->folder.fd, STEER_VERSION_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0;
	}
	if (ret == STEER_OK) {
		ret = exists ? steer_store_precheck(dir, fault) : make_new(store, options, group, fault);
	}
	steer_store_close(store);
	if (ret == STEER_OK) {
		*created = !exists;
	}
	return ret;
}

int steer_store_init(const char *dir, const steer_store_options_t *options, bool *created,
                     steer_fault_t *fault)
{
	mode_t mask = umask(0); // With some masks not even who made a directory could open it.
	int ret = init(dir, options, created, fault);
	(void)umask(mask);
	return ret;
}
