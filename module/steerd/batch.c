/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Filling. */

/*! Makes room for one more of an array, whose room doubles. \return NULL: out of memory */
static void *grow(void *array, size_t count, size_t size)
{
	bool full = count == 0 || (count >= 16 && (count & (count - 1)) == 0);
	return full ? realloc(array, (count == 0 ? 16 : 2 * count) * size) : array;
}

static void fill_state(batch_state_t *item, const check_t *check)
{
	item->slot = check->slot;
	item->created = check->created;
	memcpy(item->id, check->id, sizeof(item->id));
	snprintf(item->reason, sizeof(item->reason), "%s", check->reason != NULL ? check->reason : "");
	item->state = (steer_health_state_t) {
		.up = check->state.probed == STEER_PROBED_UP, .created = check->created,
		.since = check->decided.wall, .since_boot = check->decided.boot_ms,
		.boot = { check->decided.boot[0], check->decided.boot[1] },
		.who = "", .reason_len = strlen(item->reason),
	};
}

static void fill_states(batch_t *batch, checks_t *checks)
{
	check_t *check;
	while (batch->states_count < BATCH_MAX && (check = checks_take_unpublished(checks)) != NULL) {
		batch_state_t *states = grow(batch->states, batch->states_count, sizeof(*states));
		if (states == NULL) {
			checks_unpublish(check);
			break;
		}
		batch->states = states;
		fill_state(&states[batch->states_count++], check);
		check->publishing = true;
	}
	for (size_t i = 0; i < batch->states_count; i++) {
		batch->states[i].state.reason = batch->states[i].reason; // They have moved.
	}
}

/*! Copies an answer. \return false: out of memory */
static bool fill_answer(batch_answer_t *item, target_t *target)
{
	const steer_refresh_t *refresh = &target->refresh;
	size_t error_len = target->error != NULL ? strlen(target->error) : 0;
	if (error_len > STEER_LOG_TEXT_MAX) {
		error_len = STEER_LOG_TEXT_MAX;
	}
	*item = (batch_answer_t) { .target = target, .removes = target->removing };
	if (item->removes) {
		return true;
	}
	item->bytes = malloc(target->rrs_len + error_len + 1);
	if (item->bytes == NULL) {
		return false;
	}
	if (target->rrs_len > 0) {
		memcpy(item->bytes, target->rrs, target->rrs_len);
	}
	if (error_len > 0) {
		memcpy(item->bytes + target->rrs_len, target->error, error_len);
	}
	item->answer = (steer_external_answer_t) {
		.ttl = target->ttl, .rrs_len = target->rrs_len, .count = target->count,
		.nxdomain = refresh->answer == STEER_RESOLVED_NXDOMAIN, .held = refresh->held,
		.resolved = refresh->resolved, .tried = refresh->tried.wall,
		.failures = refresh->failures, .error_len = error_len, .rrs = item->bytes,
		.error = (const char *)item->bytes + target->rrs_len,
	};
	return true;
}

static void fill_answers(batch_t *batch, targets_t *targets)
{
	target_t *target;
	size_t bytes = 0;
	while (batch->answers_count < BATCH_MAX && bytes < BATCH_BYTES &&
	       (target = targets_hand_over(targets)) != NULL) {
		batch_answer_t *answers = grow(batch->answers, batch->answers_count, sizeof(*answers));
		if (answers != NULL) {
			batch->answers = answers;
		}
		if (answers == NULL || !fill_answer(&answers[batch->answers_count], target)) {
			targets_settle(target, false);
			break;
		}
		bytes += target->rrs_len;
		batch->answers_count++;
	}
}

void batch_fill(batch_t *batch, checks_t *checks, targets_t *targets, bool beats)
{
	fill_states(batch, checks);
	fill_answers(batch, targets);
	batch->beats = beats;
	steer_now(&batch->beat);
}

bool batch_is_empty(const batch_t *batch)
{
	return batch->states_count == 0 && batch->answers_count == 0 && !batch->beats;
}

/* Writing. */

void batch_write(batch_t *batch, steer_store_t *store)
{
	size_t count = 0;
	steer_status_entry_t *entries =
		calloc(batch->states_count + batch->answers_count + 1, sizeof(*entries));
	if (entries == NULL) {
		batch->ret = steer_fault(&batch->fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
		return;
	}
	for (size_t i = 0; i < batch->states_count; i++) {
		const batch_state_t *item = &batch->states[i];
		entries[count++] = (steer_status_entry_t) {
			.kind = STEER_STATUS_STATE, .id = item->id, .state = &item->state,
		};
	}
	for (size_t i = 0; i < batch->answers_count; i++) {
		const batch_answer_t *item = &batch->answers[i];
		entries[count++] = (steer_status_entry_t) {
			.kind = STEER_STATUS_TARGET, .name = item->target->name, .type = item->target->type,
			.target = item->removes ? NULL : &item->answer,
		};
	}
	if (batch->beats) {
		entries[count++] = (steer_status_entry_t) {
			.kind = STEER_STATUS_HEARTBEAT, .heartbeat = &batch->beat,
		};
	}
	batch->ret = steer_status_write(store, entries, count, &batch->fault);
	free(entries);
}

/* Taking back. */

/*!
 * Takes back a state: what could not be written is unpublished again. What was written also holds
 * for a check that was dropped and named again meanwhile, and has begun with an older state.
 */
static void take_state_back(const batch_state_t *item, const checks_t *checks, bool failed)
{
	check_t *check = checks_get(checks, item->slot);
	if (check == NULL || check->created != item->created) {
		return;
	}
	if (failed && check->publishing) {
		checks_unpublish(check);
	} else if (!failed && !check->unpublished) {
		check->state.probed = item->state.up ? STEER_PROBED_UP : STEER_PROBED_DOWN;
	}
	check->publishing = false;
}

void batch_take_back(batch_t *batch, const checks_t *checks)
{
	bool failed = batch->ret != STEER_OK;
	for (size_t i = 0; i < batch->states_count; i++) {
		take_state_back(&batch->states[i], checks, failed);
	}
	for (size_t i = 0; i < batch->answers_count; i++) {
		targets_settle(batch->answers[i].target, !failed);
		free(batch->answers[i].bytes);
	}
	free(batch->states);
	free(batch->answers);
	*batch = (batch_t) { .states = NULL };
}
