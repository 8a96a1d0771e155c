/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/heartbeat.h"
#include "core/node.h"
#include "store/status_write.h"

/*! Writes the key of an entry. \return Its length; 0: it cannot have one. */
static size_t key_of(const steer_status_entry_t *status, uint8_t key[STEER_EXTERNAL_KEY_MAX])
{
	steer_key_t name;
	switch (status->kind) {
	case STEER_STATUS_HEARTBEAT:
		return steer_status_key(key, status->kind, "", 0);
	case STEER_STATUS_TARGET:
		steer_key_from_name(&name, status->name);
		return steer_external_answer_key(key, status->type, &name);
	default:
		return steer_health_check_id_is_good(status->id)
		       ? steer_status_key(key, status->kind, status->id, strlen(status->id)) : 0;
	}
}

/*! Writes a state. \return Its size; 0: it cannot be written. */
static size_t write_state(uint8_t *buf, const steer_health_state_t *state)
{
	return state->who_len <= STEER_LOG_TEXT_MAX && state->reason_len <= STEER_LOG_TEXT_MAX
	       ? steer_health_state_write(buf, state) : 0;
}

/*! Likewise, the answer of a target. */
static size_t write_target(uint8_t *buf, uint16_t type, const steer_external_answer_t *target)
{
	return target->rrs_len <= STEER_RRS_MAX && target->error_len <= STEER_LOG_TEXT_MAX &&
	       steer_rrs_are_whole(target->rrs, target->rrs_len, type, target->count)
	       ? steer_external_answer_write(buf, target) : 0;
}

/*! Writes the value of an entry; without data if it is to be removed. */
static int value_of(const steer_status_entry_t *status, uint8_t *buf, MDB_val *value)
{
	size_t size = 0;
	bool has;
	switch (status->kind) {
	case STEER_STATUS_HEARTBEAT:
		has = status->heartbeat != NULL;
		size = has ? steer_heartbeat_write(buf, status->heartbeat) : 0;
		break;
	case STEER_STATUS_TARGET:
		has = status->target != NULL;
		size = has ? write_target(buf, status->type, status->target) : 0;
		break;
	default:
		has = status->state != NULL;
		size = has ? write_state(buf, status->state) : 0;
	}
	*value = (MDB_val) { size, has ? buf : NULL };
	return has && size == 0 ? STEER_EINVAL : STEER_OK;
}

int steer_status_encode(const steer_store_t *store, const steer_status_entry_t *status,
                        uint8_t key[STEER_EXTERNAL_KEY_MAX], uint8_t buf[STEER_STATUS_VALUE_MAX],
                        MDB_val *k, MDB_val *value, steer_fault_t *fault)
{
	*k = (MDB_val) { key_of(status, key), key };
	if (k->mv_size == 0 || value_of(status, buf, value) != STEER_OK) {
		return steer_fault(fault, STEER_EINVAL, "%s: the status of '%s' cannot be written: its "
		                   "name or a text is too long, or records are not whole", store->dir,
		                   status->kind != STEER_STATUS_TARGET ? status->id : "an alias target");
	}
	return STEER_OK;
}

int steer_status_put_state(steer_health_logger_t *logger, const MDB_val *key,
                           const MDB_val *state)
{
	MDB_dbi dbi = logger->store->dbi[STEER_DB_STATUS];
	MDB_val k = *key, value = *state;
	bool cleared = get_status_up(value.mv_data) == STEER_STATE_CLEARED;
	int err = cleared ? mdb_del(logger->status, dbi, &k, NULL)
	                  : mdb_put(logger->status, dbi, &k, &value, 0);
	return err == MDB_SUCCESS || err == MDB_NOTFOUND ? steer_health_log_add(logger, key, state)
	       : err;
}

/*! Whether a state is that of before, of which steerd may give another reason. */
static bool is_same(const MDB_val *key, const MDB_val *was, const MDB_val *is)
{
	steer_health_state_t before, after;
	return *(const uint8_t *)key->mv_data == STEER_STATUS_STATE &&
	       steer_health_state_open(&before, was->mv_data, was->mv_size) == STEER_OK &&
	       steer_health_state_open(&after, is->mv_data, is->mv_size) == STEER_OK &&
	       !after.cleared && before.up == after.up && before.created == after.created &&
	       before.until == after.until && before.until_boot == after.until_boot;
}

/*! Writes a state; what a check is already is no transition. */
static int replace_state(steer_health_logger_t *logger, MDB_val *key, MDB_val *state)
{
	MDB_dbi dbi = logger->store->dbi[STEER_DB_STATUS];
	MDB_val was;
	int err = mdb_get(logger->status, dbi, key, &was);
	if (err == MDB_SUCCESS && is_same(key, &was, state)) {
		return mdb_put(logger->status, dbi, key, state, 0);
	}
	bool nothing = err == MDB_NOTFOUND && get_status_up(state->mv_data) == STEER_STATE_CLEARED;
	return nothing || (err != MDB_SUCCESS && err != MDB_NOTFOUND)
	       ? err : steer_status_put_state(logger, key, state);
}

static int write_one(steer_health_logger_t *logger, const steer_status_entry_t *status,
                     bool *changed, steer_fault_t *fault)
{
	uint8_t key[STEER_EXTERNAL_KEY_MAX], buf[STEER_STATUS_VALUE_MAX];
	MDB_val k, value;
	int ret = steer_status_encode(logger->store, status, key, buf, &k, &value, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	MDB_dbi dbi = logger->store->dbi[STEER_DB_STATUS];
	bool state = status->kind != STEER_STATUS_HEARTBEAT && status->kind != STEER_STATUS_TARGET;
	int err;
	if (value.mv_data == NULL) {
		err = mdb_del(logger->status, dbi, &k, NULL);
		err = err == MDB_SUCCESS && state ? steer_health_log_omit(logger) : err;
	} else if (state) {
		err = replace_state(logger, &k, &value);
	} else {
		err = mdb_put(logger->status, dbi, &k, &value, 0);
	}
	*changed = *changed || err == MDB_SUCCESS;
	return err == MDB_SUCCESS || err == MDB_NOTFOUND
	       ? STEER_OK : steer_store_fault(logger->store, "status", err, fault);
}

int steer_status_write_in(steer_store_t *store, MDB_txn *txn,
                          const steer_status_entry_t *status, size_t count, bool *changed,
                          steer_fault_t *fault)
{
	steer_health_logger_t logger = { .store = store, .status = txn };
	int ret = STEER_OK;
	*changed = false;
	for (size_t i = 0; i < count && ret == STEER_OK; i++) {
		ret = write_one(&logger, &status[i], changed, fault);
	}
	return ret;
}

int steer_status_write(steer_store_t *store, const steer_status_entry_t *status, size_t count,
                       steer_fault_t *fault)
{
	MDB_txn *txn = NULL;
	bool changed;
	int err = steer_txn_begin(store->env[STEER_ENV_STATUS], &txn);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(store, "status", err, fault);
	}
	int ret = steer_status_write_in(store, txn, status, count, &changed, fault);
	if (ret != STEER_OK || !changed) {
		steer_txn_abort(txn);
		return ret;
	}
	err = steer_txn_commit(txn);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(store, "status", err, fault);
	}
	steer_store_ring(store);
	return STEER_OK;
}
