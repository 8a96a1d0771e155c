/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a store. The version file comes last: it makes a directory a store, so the next init
 * completes what a killed one has left. Each directory is closed to all but its owner until
 * everything in it is made, and what is in it before must be the owner's, so that nobody can put
 * anything in the way.
 */
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

/*! Size of LMDB's lock file for that many readers, each of which takes a cache line. */
#define LOCK_SIZE ((STEER_READERS + 2) * 64)

/*! How often to look whether another init has ended, 10 ms apart. */
#define LOCK_TRIES 3000

int steer_lock_fill(int fd)
{
	// LMDB writes to this file through a map: on a full disk, that would kill the program.
	return posix_fallocate(fd, 0, LOCK_SIZE);
}

static int put_meta(MDB_txn *txn, MDB_dbi dbi, const char *name, const void *bytes, size_t len)
{
	MDB_val key = { strlen(name), (void *)name }, value = { len, (void *)bytes };
	int err = mdb_put(txn, dbi, &key, &value, MDB_NOOVERWRITE);
	return err == MDB_KEYEXIST ? MDB_SUCCESS : err; // A killed init got this far.
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
	if (err != MDB_SUCCESS) {
		return err;
	}
	err = steer_store_databases(store, txn, env, MDB_CREATE);
	if (err == MDB_SUCCESS && env == STEER_ENV_RECORDS) {
		err = fill_records(store, txn, options);
	}
	if (err != MDB_SUCCESS) {
		steer_txn_abort(txn);
		return err;
	}
	return steer_txn_commit(txn);
}

/*! Prepares a file: allocates its blocks, or whatever it needs. \return 0 or errno. */
typedef int (*prepare_f)(int fd);

/*! A short data file has no records yet: an init was killed while it wrote the first pages. */
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

/*! Finishes a directory: everything in it is durable, and others may enter it. */
static int finish_folder(const steer_folder_t *folder, gid_t group)
{
	return fsync(folder->fd) == 0 ? steer_file_give(folder->fd, group, STEER_DIR_MODE) : errno;
}

/*! Room for what is being made, such as "records/lock.mdb". */
#define STEP_SIZE 64

/*! Makes a file of an environment. \param[out] step  Its name, for a message. */
static int make_env_file(const steer_folder_t *folder, const char *env, const char *name,
                         prepare_f prepare, gid_t group, char step[STEP_SIZE])
{
	snprintf(step, STEP_SIZE, "%s/%s", env, name);
	return make_file(folder, name, prepare, group);
}

/*! Makes what an environment has in its directory. \param[in] name  Of that. */
static int fill_env(steer_store_t *store, enum steer_env env, const steer_folder_t *folder,
                    const char *name, const steer_store_options_t *options, gid_t group,
                    char step[STEP_SIZE])
{
	uint64_t map_size = options->map_size != 0 ? options->map_size : STEER_MAP_SIZE_DEFAULT;
	int err = make_env_file(folder, name, "lock.mdb", steer_lock_fill, group, step);
	if (err == 0) {
		err = make_env_file(folder, name, "data.mdb", prepare_data, group, step);
	}
	if (err == 0) { // All of it is made durable at once.
		err = steer_env_map(&store->env[env], folder, MDB_NOTLS | MDB_NOSYNC, map_size);
	}
	if (err == 0) {
		err = make_databases(store, env, options);
	}
	if (err == 0) {
		err = env == STEER_ENV_RECORDS ? steer_env_advance(store->env[env])
		      : mdb_env_sync(store->env[env], 1);
	}
	return err == 0 ? finish_folder(folder, group) : err;
}

static int make_env(steer_store_t *store, enum steer_env env, const steer_store_options_t *options,
                    gid_t group, char step[STEP_SIZE])
{
	steer_folder_t folder;
	snprintf(step, STEP_SIZE, "%s", steer_env_name[env]);
	int err = steer_folder_make(&folder, &store->folder, steer_env_name[env]);
	if (err == 0) {
		err = fill_env(store, env, &folder, steer_env_name[env], options, group, step);
		steer_folder_close(&folder);
	}
	return err;
}

/*! Makes what a store lacks in its directory. */
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

/*! Makes the directory's own entry durable, if the directory above can be read. */
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
		err = errno; // With the group, its owner may give that to what is inside.
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

/*! Whether an unfinished init may have made an entry of this name. */
static bool is_ours(const char *name)
{
	static const char *const names[] = {
		".", "..", "lost+found", STEER_DOORBELL_FILE, STEER_BACKUP_NOTE,
		STEER_VERSION_FILE STEER_FILE_NEW,
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(name, names[i]) == 0) {
			return true;
		}
	}
	for (int env = 0; env < STEER_ENVS; env++) {
		const size_t len = strlen(steer_env_name[env]);
		if (strncmp(name, steer_env_name[env], len) == 0 &&
		    (name[len] == '\0' || strcmp(name + len, STEER_FILE_NEW) == 0)) {
			return true;
		}
	}
	return false;
}

/*! Whether a directory has nothing but what belongs to a store. */
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

/*! Finds the group of the files. \param[out] group  -1: the user's own. */
static int find_group(const char *name, gid_t *group, steer_fault_t *fault)
{
	const struct group *entry = getgrnam(name != NULL ? name : SERVER_GROUP);
	if (entry == NULL && name != NULL) {
		return steer_fault(fault, STEER_EINVAL, "no such group: %s", name);
	}
	// The user may not be allowed to give the default group.
	bool given = entry != NULL && (name != NULL || geteuid() == 0 || is_member(entry->gr_gid));
	*group = given ? entry->gr_gid : (gid_t)-1;
	return STEER_OK;
}

/*! Whether the address space asked for is available to all environments at once. */
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

/*! Opens the directory for a store; makes it if it is missing. */
static int open_directory(steer_store_t **store, const char *dir, steer_fault_t *fault)
{
	if (mkdir(dir, STEER_DIR_MODE & 0700) != 0) {
		struct stat st;
		if (errno == ENOENT) {
			return steer_fault(fault, STEER_EINVAL, "%s: no directory to make it in", dir);
		}
		if (errno != EEXIST) {
			int code = errno == ENOSPC ? STEER_EFULL : STEER_EIO;
			return steer_fault(fault, errno == EACCES ? STEER_EACCES : code, "%s: %s", dir,
			                   strerror(errno));
		}
		if (stat(dir, &st) == 0 && !S_ISDIR(st.st_mode)) {
			return steer_fault(fault, STEER_EREFUSED, "%s: is a file", dir);
		}
	}
	return steer_store_enter(store, dir, STEER_STORE_WRITE, fault);
}

/*! Locks a directory; waits for others, not forever, since anyone may hold the lock. */
static int lock_folder(const steer_folder_t *folder)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	for (int tries = 0; flock(folder->fd, LOCK_EX | LOCK_NB) != 0; tries++) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || tries == LOCK_TRIES) {
			return errno;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}

/*! Waits until no other init makes the store. */
static int lock_directory(const steer_store_t *store, steer_fault_t *fault)
{
	int err = lock_folder(&store->folder);
	if (err == EWOULDBLOCK) {
		return steer_fault(fault, STEER_EBUSY, "%s: another init is at work", store->dir);
	}
	return err == 0 ? STEER_OK : steer_store_fault(store, "directory", err, fault);
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
	mode_t mask = umask(0); // Under some masks, a directory could not even be opened by its maker.
	int ret = init(dir, options, created, fault);
	(void)umask(mask);
	return ret;
}

/*
 * An environment that comes later. It is made under another name, so that it appears as a whole,
 * and any member of the group can complete what a killed writer has left.
 */

/*!
 * Gives something to the owner of the store, which takes the thread's own rights. Members of the
 * group could write to it before, and can then, as to everything that init makes.
 */
static int give_to_owner(const steer_store_t *store, int fd, steer_rights_t *rights)
{
	steer_rights_restore(rights);
	int err = fchown(fd, store->folder.store.st_uid, -1) == 0 || errno == EPERM ? 0 : errno;
	int back = steer_rights_take(rights, &store->folder.store);
	return err != 0 ? err : back;
}

/*!
 * Gives what root has made as nobody to root: a server that runs as root without capabilities has
 * no rights by the store's group.
 */
static int give_env(const steer_store_t *store, const steer_folder_t *folder,
                    steer_rights_t *rights)
{
	static const char *const names[] = { "lock.mdb", "data.mdb" };
	int err = 0;
	for (size_t i = 0; err == 0 && i < sizeof(names) / sizeof(*names); i++) {
		int fd;
		err = steer_file_open(folder, names[i], O_RDONLY, &fd);
		if (err == 0) {
			err = give_to_owner(store, fd, rights);
			close(fd);
		}
	}
	return err == 0 ? give_to_owner(store, folder->fd, rights) : err;
}

static int make_later(steer_store_t *store, enum steer_env env, const steer_folder_t *folder,
                      const char *name, uint64_t map_size, steer_rights_t *rights,
                      char step[STEP_SIZE])
{
	const steer_store_options_t options = { .map_size = map_size };
	int err = fill_env(store, env, folder, name, &options, store->folder.store.st_gid, step);
	if (store->env[env] != NULL) {
		mdb_env_close(store->env[env]);
		store->env[env] = NULL;
	}
	if (err == 0 && rights->taken && store->folder.store.st_uid == 0) {
		err = give_env(store, folder, rights);
	}
	return err == 0 && (renameat(store->folder.fd, name, store->folder.fd,
	                             steer_env_name[env]) != 0 || fsync(store->folder.fd) != 0)
	       ? errno : err;
}

/*! Makes an environment unless someone else has, or does. */
static int make_once(steer_store_t *store, enum steer_env env, uint64_t map_size,
                     steer_rights_t *rights, char step[STEP_SIZE])
{
	char name[STEP_SIZE / 2];
	steer_folder_t folder;
	snprintf(name, sizeof(name), "%s" STEER_FILE_NEW, steer_env_name[env]);
	strcpy(step, name);
	if (mkdirat(store->folder.fd, name, STEER_DIR_MODE) != 0 && errno != EEXIST) {
		return errno;
	}
	int err = steer_folder_enter(&folder, &store->folder, name);
	if (err != 0) { // The one who has made it may have given it its name by now.
		return err == ENOENT && steer_env_is_there(store, env) ? 0 : err;
	}
	err = lock_folder(&folder);
	if (err == 0 && !steer_env_is_there(store, env)) {
		err = make_later(store, env, &folder, name, map_size, rights, step);
	} else if (err == 0) { // This may be a new one, made too late.
		(void)unlinkat(store->folder.fd, name, AT_REMOVEDIR);
	}
	steer_folder_close(&folder);
	return err;
}

int steer_env_make(steer_store_t *store, enum steer_env env, uint64_t map_size,
                   steer_rights_t *rights, steer_fault_t *fault)
{
	char step[STEP_SIZE];
	mode_t mask = umask(0);
	int err = make_once(store, env, map_size, rights, step);
	(void)umask(mask);
	return err == 0 ? STEER_OK : steer_store_fault(store, step, err, fault);
}
