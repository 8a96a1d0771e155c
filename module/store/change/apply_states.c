/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forces and reports as change sets of their own. */
#include <string.h>

#include "store/change/log_write.h"
#include "store/change/transaction.h"
#include "store/status_write.h"

static bool equals(const MDB_val *a, const MDB_val *b)
{
	return a->mv_size == b->mv_size && memcmp(a->mv_data, b->mv_data, a->mv_size) == 0;
}

/*! Logs and puts a state that differs. */
static int apply_one(steer_write_t *write, steer_health_logger_t *logger,
                     const steer_status_entry_t *state, bool *changed)
{
	uint8_t bytes[STEER_EXTERNAL_KEY_MAX], buf[STEER_STATUS_VALUE_MAX];
	MDB_val key, is, was;
	int ret = steer_status_encode(write->store, state, bytes, buf, &key, &is, write->fault);
	if (ret != STEER_OK) {
		return ret;
	}
	int err = mdb_get(write->status, write->store->dbi[STEER_DB_STATUS], &key, &was);
	bool had = err == MDB_SUCCESS;
	if (!had && err != MDB_NOTFOUND) {
		return steer_store_fault(write->store, "status", err, write->fault);
	}
	if (had ? equals(&was, &is) : state->state->cleared) {
		return STEER_OK;
	}
	if (had) {
		steer_log_value(write, STEER_LOG_STATE, STEER_LOG_WAS, key.mv_data, key.mv_size,
		                was.mv_data, was.mv_size);
	}
	steer_log_value(write, STEER_LOG_STATE, STEER_LOG_IS, key.mv_data, key.mv_size, is.mv_data,
	                is.mv_size);
	*changed = true;
	err = steer_status_put_state(logger, &key, &is);
	return err == MDB_SUCCESS ? steer_log_settle(write)
	       : steer_store_fault(write->store, "status", err, write->fault);
}

static int apply_all(steer_write_t *write, const steer_status_entry_t *states, size_t count,
                     const steer_apply_t *options, bool *changed)
{
	static const steer_summary_t nothing_else;
	write->stated = true;
	int ret = steer_write_status(write);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_log_begin(write, NULL, options);
	steer_health_logger_t logger = { .store = write->store, .status = write->status };
	for (size_t i = 0; i < count && ret == STEER_OK; i++) {
		ret = apply_one(write, &logger, &states[i], changed);
	}
	return ret == STEER_OK && *changed ? steer_log_finish(write, &nothing_else) : ret;
}

int steer_store_apply_states(steer_store_t *store, const steer_status_entry_t *states, size_t count,
                             const steer_apply_t *options, steer_fault_t *fault)
{
	steer_write_t write;
	bool changed = false;
	int ret = steer_write_begin(&write, store, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = apply_all(&write, states, count, options, &changed);
	if (ret != STEER_OK || !changed) {
		steer_write_abort(&write);
		return ret;
	}
	return steer_write_commit(&write);
}
