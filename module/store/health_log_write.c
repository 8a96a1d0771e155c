/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/health_log_write.h"

#include "store/health_log.h"
#include "store/settings.h"
#include "store/status_note.h"

/*! How many old transitions a new one removes, at most. */
#define PRUNE_MAX 16

/*! What part of the map the log may fill, whatever it should keep: states need the rest. */
#define MAP_SHARE 4

/*!
 * Reads how many transitions to keep. If that fails it is the default: that a check goes down must be
 * published all the same.
 */
static uint32_t read_keep(steer_store_t *store)
{
	const steer_setting_t *setting = &steer_settings[STEER_SETTING_HEALTH_LOG_KEEP];
	uint32_t keep = setting->default_value;
	steer_reader_t *records;
	steer_fault_t fault;
	uint64_t id;
	if (steer_reader_open(&records, store, STEER_ENV_RECORDS, &fault) != STEER_OK) {
		return keep;
	}
	if (steer_reader_renew(records, &id) == STEER_OK) {
		(void)steer_setting_read(records, setting, &keep);
	}
	steer_reader_close(records);
	return keep;
}

/*! Learns what is there, and how much may be. */
static int begin(steer_health_logger_t *logger, MDB_cursor *cursor)
{
	MDB_val key, value;
	MDB_envinfo info;
	MDB_stat st;
	uint64_t last = 0;
	MDB_env *env = mdb_txn_env(logger->status);
	if (mdb_env_info(env, &info) == MDB_SUCCESS && mdb_env_stat(env, &st) == MDB_SUCCESS) {
		logger->pages = info.me_mapsize / st.ms_psize / MAP_SHARE;
	}
	int err = steer_pair_get(cursor, &key, &value, MDB_LAST);
	while (err == MDB_SUCCESS && !steer_health_log_key_read(key.mv_data, key.mv_size, &last)) {
		err = steer_pair_get(cursor, &key, &value, MDB_PREV);
	}
	if (err == MDB_SUCCESS || err == MDB_NOTFOUND) {
		logger->keep = read_keep(logger->store);
		logger->next = last + 1;
		err = MDB_SUCCESS;
	}
	return err;
}

/*! Whether the log fills its part of the map. */
static bool is_full(const steer_health_logger_t *logger)
{
	MDB_stat st;
	int err = mdb_stat(logger->status, logger->store->dbi[STEER_DB_HEALTH_LOG], &st);
	return err == MDB_SUCCESS && st.ms_leaf_pages >= logger->pages;
}

/*! Removes the oldest ones that are surplus when the next one is there. */
static int prune(const steer_health_logger_t *logger, MDB_cursor *cursor)
{
	MDB_val key, value;
	int err = MDB_SUCCESS;
	for (unsigned budget = PRUNE_MAX; err == MDB_SUCCESS && budget > 0; budget--) {
		uint64_t number = 0; // What is not a key is removed in its turn.
		err = steer_pair_get(cursor, &key, &value, MDB_FIRST);
		if (err == MDB_SUCCESS) {
			(void)steer_health_log_key_read(key.mv_data, key.mv_size, &number);
			if (logger->next - number < logger->keep && !is_full(logger)) {
				break;
			}
			err = mdb_cursor_del(cursor, 0);
		}
	}
	return err == MDB_NOTFOUND ? MDB_SUCCESS : err;
}

static int put(steer_health_logger_t *logger, const MDB_val *key, const MDB_val *state)
{
	const uint8_t *at = key->mv_data;
	uint8_t number[STEER_HEALTH_LOG_KEY], transition[STEER_TRANSITION_MAX];
	steer_health_log_key(number, logger->next++);
	MDB_val k = { sizeof(number), number }, value = { 0, transition };
	value.mv_size = steer_health_transition_write(transition, at[0], at + 1, key->mv_size - 1,
	                                              state->mv_data, state->mv_size);
	MDB_dbi dbi = logger->store->dbi[STEER_DB_HEALTH_LOG];
	int err = mdb_put(logger->status, dbi, &k, &value, MDB_APPEND);
	// After it there may be what is not a key.
	return err == MDB_KEYEXIST ? mdb_put(logger->status, dbi, &k, &value, 0) : err;
}

int steer_health_log_omit(const steer_health_logger_t *logger)
{
	uint64_t unlogged;
	int err = steer_status_noted(logger->store, logger->status, STEER_STATUS_UNLOGGED, &unlogged);
	return err != MDB_SUCCESS ? err
	       : steer_status_note(logger->store, logger->status, STEER_STATUS_UNLOGGED, unlogged + 1);
}

int steer_health_log_add(steer_health_logger_t *logger, const MDB_val *key, const MDB_val *state)
{
	MDB_cursor *cursor = NULL;
	int err = mdb_cursor_open(logger->status, logger->store->dbi[STEER_DB_HEALTH_LOG], &cursor);
	if (err != MDB_SUCCESS) {
		return err;
	}
	if (logger->next == 0) {
		err = begin(logger, cursor);
	}
	if (err == MDB_SUCCESS) {
		err = prune(logger, cursor);
	}
	mdb_cursor_close(cursor);
	if (err != MDB_SUCCESS) {
		return err;
	}
	return logger->keep > 0 ? put(logger, key, state) : steer_health_log_omit(logger);
}
