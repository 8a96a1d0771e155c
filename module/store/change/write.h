/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A write transaction over the records: reading and writing its databases.
 */
#pragma once

#include "core/log_part.h"
#include "store/change/change.h"
#include "store/handles.h"

/*! The change log of a write transaction, see log_write.h. */
typedef struct {
	bool on;              /*!< Not in a dry run. */
	bool no_memory;       /*!< An entry could not be added, so nothing may be committed. */
	uint32_t keep;        /*!< Change sets to keep; 0: none is stored, but the chain continues. */
	uint32_t parts;       /*!< Parts taken off bytes so far. */
	uint8_t *bytes;       /*!< Room for a part's header, then the entries that wait. */
	size_t len, room;
	size_t before;        /*!< Bytes before the first entry there. */
	uint8_t *first;       /*!< Part 0, after it was taken off. */
	size_t first_len;
	unsigned first_entries;
	size_t zone_len;      /*!< Of the entry below; 0: it has been written. */
	steer_log_head_t head;
	uint8_t zone[STEER_LOG_ENTRY_SIZE + STEER_NAME_MAX +
	             2 * (STEER_LOG_STATE_SIZE + STEER_SERVERS_MAX + STEER_COMMENT_MAX)];
} steer_logger_t;

/*! The health slots of a write transaction, see health_slots.h. */
typedef struct {
	bool known;    /*!< Whether next is known; it is found when a slot is first needed. */
	uint32_t next; /*!< The next free slot. */
} steer_health_slots_t;

typedef struct steer_apexes_page steer_apexes_page_t;
/*! The filter of apexes in a write transaction, see apexes_write.h. */
typedef struct {
	unsigned bits;               /*!< There are 2^bits pages; 0: none has been read. */
	bool changed;                /*!< Apexes were added or removed, even if no counter tells. */
	bool anew;                   /*!< All pages replace those of the store. */
	steer_apexes_page_t **pages; /*!< NULL: not read. */
} steer_apexes_change_t;

typedef struct steer_use steer_use_t;
/*! By how much uses differ in a write transaction, see uses_write.h. */
typedef struct {
	void *tree;         /*!< By key, see tsearch(3). */
	steer_use_t *first; /*!< All of them, in a list. */
	bool no_memory;     /*!< A difference could not be added, so nothing may be committed. */
	bool anew;          /*!< They are not known: all nodes are counted at commit. */
} steer_uses_change_t;

/*! A write transaction; begun and ended by transaction.h. */
typedef struct {
	steer_store_t *store;
	MDB_txn *txn;
	MDB_txn *status;         /*!< Committed after the records; NULL: not begun. */
	steer_fault_t *fault;
	uint64_t sequence;       /*!< Of this change set. */
	steer_log_chain_t chain; /*!< Of the change set before; at the end, of this one. */
	steer_apexes_change_t apexes; /*!< Written at commit. */
	steer_uses_change_t uses;     /*!< Likewise. */
	bool checked;            /*!< CHECKS has changed. */
	bool stated;             /*!< The change set has forces or reports, ... */
	bool ahead;              /*!< ... which a backup's status, newer than its records, has. */
	steer_health_slots_t slots;
	steer_logger_t log;
} steer_write_t;

/*! Gets the value of a key, valid until the next put. \retval STEER_OK, STEER_ENOENT, a fault. */
int steer_write_get(steer_write_t *write, enum steer_db db, const void *key, size_t len,
                    MDB_val *value);
int steer_write_put(steer_write_t *write, enum steer_db db, const void *key, size_t len,
                    const void *value, size_t value_len);
/*!
 * Appends a value whose key is the last one: pages are filled instead of split.
 *
 * \param[in] end  At the end of its database. Nothing else may be put there while it is in use.
 */
int steer_write_append(steer_write_t *write, MDB_cursor *end, const void *key, size_t len,
                       const void *value, size_t value_len);
int steer_write_del(steer_write_t *write, enum steer_db db, const void *key, size_t len);
