/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The store: its directory, its environments, and reading them.
 *
 * LMDB's rules apply: a process opens an environment only once; nothing else in the process opens
 * its lock.mdb; MDB_WRITEMAP is never used; a map is never resized while it is open.
 *
 * Threads:  a store may be shared; a reader and its cursors belong to one thread at a time and may
 *           move between threads (MDB_NOTLS).
 * Memory:   values are borrowed from the map until the reader is renewed, reset or closed.
 * Errors:   a fault has the message for a person.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "schema/layout.h"
#include "steer/error.h"
#include "steer/fault.h"

#define STEER_MAP_SIZE_DEFAULT ((uint64_t)1 << 40)
#define STEER_MAP_SIZE_MIN     ((uint64_t)1 << 20)
#define STEER_READERS          4096

typedef struct steer_store steer_store_t;

typedef struct {
	const uint8_t *servers; /*!< Delegation set: wire names, one after the other; may be empty. */
	size_t servers_len;
	const char *group;      /*!< Group of the files; NULL: "knot" if it exists. */
	uint64_t map_size;      /*!< Bytes; 0: STEER_MAP_SIZE_DEFAULT. */
	uint8_t id[STEER_STORE_ID_SIZE]; /*!< Random, so that no other store has it. */
} steer_store_options_t;

/*!
 * Creates a store: directory 2770, files 0660 whatever the umask, which other threads must not
 * rely on meanwhile.
 *
 * \param[out] created  False: there was a store already, which is left as it is.
 */
int steer_store_init(const char *dir, const steer_store_options_t *options, bool *created,
                     steer_fault_t *fault);

typedef enum {
	STEER_STORE_READ,
	STEER_STORE_WRITE,
} steer_store_mode_t;

/*!
 * Opens a store. Stale readers are cleared; a writer completes a commit whose id was not published
 * by a writer that was killed.
 *
 * A reader needs a writable lock.mdb: on a read-only file system, LMDB would silently work without
 * locks.
 */
int steer_store_open(steer_store_t **store, const char *dir, steer_store_mode_t mode,
                     steer_fault_t *fault);
/*! Closes a store, after its readers were closed; may be NULL. */
void steer_store_close(steer_store_t *store);

/*!
 * Makes this process the only steerd of the store, until the store is closed or the process ends.
 *
 * \retval STEER_OK, STEER_EBUSY, STEER_EIO
 */
int steer_store_claim(steer_store_t *store, steer_fault_t *fault);

/*!
 * Whether there is enough address space for a store that has outgrown its maps.
 *
 * A map cannot be enlarged while it has readers: the store must be closed and opened again.
 */
bool steer_store_has_room(const steer_store_t *store);
/*! Takes a message, and ends the program. */
typedef void (*steer_fatal_f)(const steer_fault_t *fault);
/*!
 * Sets the function to call when LMDB finds a page damaged and would abort the program, for stores
 * opened from then on. Not while other threads open stores.
 */
void steer_store_on_fatal(steer_fatal_f call);

/*! Called when a wait for a store's write lock begins, and when it has ended. */
typedef void (*steer_waiting_f)(bool begins);
/*! Sets the function to call around each wait from then on. Not while other threads write. */
void steer_store_on_waiting(steer_waiting_f call);
/*!
 * The process that holds the write lock which is waited for; 0: unknown. Safe in a signal handler.
 *
 * Known are programs that write through this library, in the same or an inner PID namespace.
 */
pid_t steer_store_writer(void);

/*! As steer_engine_check(), see there: looks at files only. */
int steer_store_precheck(const char *dir, steer_fault_t *fault);
/*! Whether a directory exists and is empty, so that a store can be made there. */
bool steer_store_is_empty(const char *dir);

/*!
 * Identity of the records' data file, by which a replaced store is recognized.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EACCES
 * \retval STEER_EIO  What is there cannot be told, for example without free descriptors.
 */
int steer_store_identity(const char *dir, dev_t *device, ino_t *inode);
/*!
 * Whether the environments that a store has open are those in its directory; else it must be closed
 * and opened again.
 */
bool steer_store_is_current(const steer_store_t *store);

/*! A read transaction over one environment. */
typedef struct steer_reader steer_reader_t;

/*!
 * Takes a reader slot and a transaction, reset.
 *
 * \retval STEER_ENOENT  The store was opened without this environment: it has no maps.
 */
int steer_reader_open(steer_reader_t **reader, steer_store_t *store, enum steer_env env,
                      steer_fault_t *fault);
/*!
 * Moves to the newest commit and primes the databases.
 *
 * \param[out] id  Its transaction id.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ESPACE  The data has outgrown the map, which had been halved: see
 *                       steer_store_has_room().
 */
int steer_reader_renew(steer_reader_t *reader, uint64_t *id);
/*! Reads the newest commit's transaction id, which costs less than renewing; resets the reader. */
int steer_reader_peek(steer_reader_t *reader, uint64_t *id);
/*! Checks that this program knows the version of the store, as a reader of the records sees it. */
int steer_reader_check(const steer_reader_t *reader, steer_fault_t *fault);
/*! Releases the pages. Renew the reader before the next get. */
void steer_reader_reset(steer_reader_t *reader);
void steer_reader_close(steer_reader_t *reader);

/*! Gets the value of a key. \retval STEER_OK, STEER_ENOENT, STEER_EIO */
int steer_reader_get(const steer_reader_t *reader, enum steer_db db, const void *key, size_t len,
                     const void **value, size_t *value_len);

/*! Number of entries of a database; 0 also if that cannot be read. */
uint64_t steer_reader_entries(const steer_reader_t *reader, enum steer_db db);

/*! A number in META; 0: there is none. */
uint64_t steer_reader_number(const steer_reader_t *reader, const char *entry);

typedef struct {
	const uint8_t *key;
	size_t key_len;
	const uint8_t *value;
	size_t value_len;
} steer_pair_t;

/*!
 * Finds a node of the records environment, with its key in the map. Names near the last one found
 * are found faster.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EIO
 */
int steer_reader_find(steer_reader_t *reader, const void *key, size_t len, steer_pair_t *pair);

/*! A walk over a database in key order. */
typedef struct steer_cursor steer_cursor_t;

int steer_cursor_open(steer_cursor_t **cursor, const steer_reader_t *reader, enum steer_db db);
/*!
 * Makes a cursor, which may then only seek and go forwards, return STEER_EIO for a damaged page or
 * for keys out of order, instead of the fatal function being called. After that, close the cursor
 * and renew its reader. For one thread.
 */
void steer_cursor_survive(steer_cursor_t *cursor);
/*! First pair at or after a key, which may be empty. \retval STEER_ENOENT  At the end. */
int steer_cursor_seek(steer_cursor_t *cursor, const void *key, size_t len, steer_pair_t *pair);
int steer_cursor_next(steer_cursor_t *cursor, steer_pair_t *pair);
int steer_cursor_last(steer_cursor_t *cursor, steer_pair_t *pair);
int steer_cursor_previous(steer_cursor_t *cursor, steer_pair_t *pair);
void steer_cursor_close(steer_cursor_t *cursor);

typedef struct {
	uint64_t sequence; /*!< Change sets committed so far. */
	uint64_t txn_id;   /*!< LMDB's id of the last one. */
	uint64_t map_size;
	uint64_t used;     /*!< Bytes of the data file in use. */
	uint32_t version;
	unsigned readers, readers_max;
	struct {
		const char *name;
		uint64_t entries, bytes;
	} db[STEER_DBS];   /*!< Those of environments that are there; the name of others is NULL. */
} steer_store_stats_t;

int steer_store_stats(steer_store_t *store, steer_store_stats_t *stats, steer_fault_t *fault);

/*!
 * Copies a store, consistent and compact, while it is in use: into a new directory, which must not
 * be inside the store and is renamed at the end.
 *
 * What a killed backup of this store, or of another store to the same place, has left is removed.
 */
int steer_store_backup(steer_store_t *store, const char *dir, steer_fault_t *fault);
/*! Whether a killed backup of the store has left something. \param[out] path  Not trusted. */
bool steer_store_backup_left(const steer_store_t *store, char path[PATH_MAX]);

/*! Decoded zone value. */
typedef struct {
	uint8_t mode;      /*!< STEER_ZONE_AUTHORITATIVE, ... */
	uint8_t labels;
	uint8_t enclosing; /*!< Label count of the enclosing hosted zone, or STEER_ZONE_TOP. */
	uint64_t created;
	const uint8_t *servers;
	uint16_t servers_len;
	const char *comment;
	uint16_t comment_len;
} steer_zone_t;

/*! Checks and decodes a value of STEER_DB_ZONES. */
int steer_zone_decode(steer_zone_t *zone, const void *value, size_t len);
