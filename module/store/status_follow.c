/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forces and reports are logged in the records and kept in the status, another environment. They
 * are committed to the records first, then to the status. Both have the number of the last change
 * set with states. Where the numbers differ, a writer was killed between its commits, and the next
 * one puts into the status what the log has. If the log keeps nothing, what that writer had not yet
 * acknowledged is lost.
 */
#include <errno.h>
#include <string.h>

#include "store/log.h"
#include "store/status_note.h"
#include "store/status_write.h"

int steer_status_put(steer_health_logger_t *logger, const steer_log_entry_t *entry)
{
	const MDB_val key = { entry->name_len, (void *)entry->name };
	const MDB_val state = { entry->value_len, (void *)entry->value };
	return entry->sign == STEER_LOG_IS ? steer_status_put_state(logger, &key, &state)
	                                   : MDB_SUCCESS; // What comes next takes its place.
}

/*! Puts the states of the change sets after one up to another, as far as they can be read. */
static int put_states(steer_store_t *store, MDB_txn *status, steer_log_t *log, uint64_t from,
                      uint64_t to)
{
	steer_health_logger_t logger = { .store = store, .status = status };
	steer_log_change_t change = { .sequence = from };
	steer_log_entry_t entry;
	int err = MDB_SUCCESS;
	while (err == MDB_SUCCESS && change.sequence < to) {
		int ret = steer_log_find(log, change.sequence + 1, &change);
		if ((ret != STEER_OK && ret != STEER_EDAMAGED) || change.sequence > to) {
			break;
		}
		while (err == MDB_SUCCESS && ret == STEER_OK) {
			ret = steer_log_next(log, &entry);
			if (ret == STEER_OK && entry.kind != STEER_LOG_STATE) {
				break; // It has no states.
			} else if (ret == STEER_OK) {
				err = steer_status_put(&logger, &entry);
			}
		}
	}
	return err == MDB_SUCCESS ? steer_status_note(store, status, STEER_STATUS_STATED, to) : err;
}

/*! Completes the status from the log that a reader sees. */
static int follow(steer_store_t *store, MDB_txn *status, const steer_reader_t *records,
                  bool *changed, steer_fault_t *fault)
{
	const void *stated;
	size_t len;
	uint64_t from;
	steer_log_t *log = NULL;
	int ret = steer_reader_get(records, STEER_DB_META, STEER_META_STATED,
	                           strlen(STEER_META_STATED), &stated, &len);
	if (ret != STEER_OK) { // STEER_ENOENT: no state was ever logged.
		return ret == STEER_ENOENT ? STEER_OK : steer_store_fault(store, "meta", EIO, fault);
	}
	uint64_t to = steer_status_note_open(stated, len);
	int err = steer_status_noted(store, status, STEER_STATUS_STATED, &from);
	if (err != MDB_SUCCESS || from >= to) {
		return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, "status", err, fault);
	}
	ret = steer_log_open(&log, records);
	if (ret != STEER_OK) {
		return ret == STEER_ENOMEM ? steer_no_memory(fault)
		       : steer_store_fault(store, "log", EIO, fault);
	}
	err = put_states(store, status, log, from, to);
	steer_log_close(log);
	*changed = err == MDB_SUCCESS;
	return *changed ? STEER_OK : steer_store_fault(store, "status", err, fault);
}

int steer_status_follow(steer_store_t *store, MDB_txn *status, bool *changed, steer_fault_t *fault)
{
	steer_reader_t *records;
	uint64_t id;
	*changed = false;
	// Begun while the lock of the status is held: nobody is between the two commits now.
	int ret = steer_reader_open(&records, store, STEER_ENV_RECORDS, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_reader_renew(records, &id) == STEER_OK
	      ? follow(store, status, records, changed, fault)
	      : steer_store_fault(store, "reader", EIO, fault);
	steer_reader_close(records);
	return ret;
}
