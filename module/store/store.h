/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The store: its directory, its environments, and reading them.
 *
 * LMDB's rules stand: one process opens one environment once; nothing else in the process opens
 * its lock.mdb; MDB_WRITEMAP is never used; a map is never resized while open.
 *
 * Threads:  a store may be shared; a reader and its cursors belong to one thread at a time and may
 *           move between threads (MDB_NOTLS).
 * Memory:   values are borrowed from the map until the reader is renewed, reset or closed.
 * Errors:   with a fault for the person.
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
	const uint8_t *servers; /*!< Delegation set: wire names one after the other; may be empty. */
	size_t servers_len;
	const char *group;      /*!< Group of the files; NULL: "knot" if it exists. */
	uint64_t map_size;      /*!< Bytes; 0: STEER_MAP_SIZE_DEFAULT. */
	uint8_t id[STEER_STORE_ID_SIZE]; /*!< Random, so that it is no other store's. */
} steer_store_options_t;

/*!
 * Creates a store: directory 2770, files 0660 whatever the umask, which other threads must not
 * rely on meanwhile.
 *
 * \param[out] created  False if there was a store already; it is left as it is.
 */
int steer_store_init(const char *dir, const steer_store_options_t *options, bool *created,
                     steer_fault_t *fault);

typedef enum {
	STEER_STORE_READ,
	STEER_STORE_WRITE,
} steer_store_mode_t;

/*!
 * Opens a store. Stale readers are cleared; a writer mends a commit whose id a killed one did not
 * publish.
 *
 * A reader needs a writable lock.mdb: LMDB would do without locks silently on a read-only file
 * system.
 */
int steer_store_open(steer_store_t **store, const char *dir, steer_store_mode_t mode,
                     steer_fault_t *fault);
/*! Closes a store whose readers are closed; NULL is fine. */
void steer_store_close(steer_store_t *store);

/*!
 * Whether there is address space for what a store has outgrown its maps by.
 *
 * A map cannot be enlarged under its readers: the store must be closed and opened anew.
 */
bool steer_store_has_room(const steer_store_t *store);
/*! Takes a message, and ends the program. */
typedef void (*steer_fatal_f)(const steer_fault_t *fault);
/*!
 * Has a function called, of stores that are opened from then on, where LMDB finds its pages damaged
 * and would abort the program. Not while other threads open any.
 */
void steer_store_on_fatal(steer_fatal_f words);

/*! Told when a wait for a store's write lock begins, and when it has ended. */
typedef void (*steer_waiting_f)(bool begins);
/*! Has a function called around each wait from then on. Not while other threads write. */
void steer_store_on_waiting(steer_waiting_f call);
/*!
 * The process that has the write lock waited for; 0: it is not known. Also for a signal handler.
 *
 * It is known of programs that write by this library, in the same or an inner PID namespace.
 */
pid_t steer_store_writer(void);

/*! As steer_engine_check(): files only, see there. */
int steer_store_precheck(const char *dir, steer_fault_t *fault);
/*! Whether a directory is there and has nothing in it: the place of a store to come. */
bool steer_store_is_empty(const char *dir);

/*! Identity of the store's directory entry for the records, to see that it was replaced. */
int steer_store_identity(const char *dir, dev_t *device, ino_t *inode);

/*! A read transaction over one environment. */
typedef struct steer_reader steer_reader_t;

/*!
 * Takes a reader slot and a transaction, reset.
 *
 * \retval STEER_ENOENT  The store was opened without that environment: it has no maps.
 */
int steer_reader_open(steer_reader_t **reader, steer_store_t *store, enum steer_env env,
                      steer_fault_t *fault);
/*!
 * Moves to the newest commit and primes the databases.
 *
 * \param[out] id  Its transaction id.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ESPACE  The data has outgrown the map, which was halved: see
 *                       steer_store_has_room().
 */
int steer_reader_renew(steer_reader_t *reader, uint64_t *id);
/*! Tells the newest commit's transaction id, for less than a renewal, and resets the reader. */
int steer_reader_peek(steer_reader_t *reader, uint64_t *id);
/*! Whether the version of what a reader of the records sees can be served. */
int steer_reader_check(const steer_reader_t *reader, steer_fault_t *fault);
/*! Lets the pages go; renew again before the next get. */
void steer_reader_reset(steer_reader_t *reader);
void steer_reader_close(steer_reader_t *reader);

/*! Value of a key: STEER_OK, STEER_ENOENT or STEER_EIO. */
int steer_reader_get(const steer_reader_t *reader, enum steer_db db, const void *key, size_t len,
                     const void **value, size_t *value_len);

typedef struct {
	const uint8_t *key;
	size_t key_len;
	const uint8_t *value;
	size_t value_len;
} steer_pair_t;

/*!
 * Finds a node of the records environment, with the key as it lies in the map.
 *
 * Names near the last one found are found faster. \retval STEER_OK, STEER_ENOENT, STEER_EIO
 */
int steer_reader_find(steer_reader_t *reader, const void *key, size_t len, steer_pair_t *pair);

/*! A walk over a database in key order. */
typedef struct steer_cursor steer_cursor_t;

int steer_cursor_open(steer_cursor_t **cursor, const steer_reader_t *reader, enum steer_db db);
/*!
 * Has a cursor that only seeks and goes forwards return STEER_EIO for a damaged page, and for keys
 * that do not rise, in place of last words. Then close it, and renew its reader. For one thread.
 */
void steer_cursor_survive(steer_cursor_t *cursor);
/*! First pair at or after a key (an empty one: the very first). STEER_ENOENT at the end. */
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
	} db[STEER_DBS];   /*!< Those of the records and of the status; others have no name. */
} steer_store_stats_t;

int steer_store_stats(steer_store_t *store, steer_store_stats_t *stats, steer_fault_t *fault);

/*!
 * Copies a store, consistent and compact, while it is in use: into a new directory, then renamed,
 * which must not lie inside the store.
 *
 * What a killed backup of this store, or of others beside this place, has left is removed.
 */
int steer_store_backup(steer_store_t *store, const char *dir, steer_fault_t *fault);
/*! Whether a killed backup of the store has left something. \param[out] path  It; not trusted. */
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
