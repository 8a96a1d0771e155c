/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is written to the store's status with one commit: states of health checks, answers of
 *        alias targets, and a heartbeat.
 *
 * States and answers are copies, since those that they are of go on while they are written.
 *
 * Threads:  filled and taken back by the loop's; written by another one, which has it meanwhile.
 * Memory:   its own.
 */
#pragma once

#include "steerd/checks.h"
#include "steerd/targets.h"
#include "store/store.h"

/*! States, and answers, in one commit. */
#define BATCH_MAX   16384
/*! Bytes of answers, after which there are no more of them. */
#define BATCH_BYTES (16 << 20)

/*! A state. */
typedef struct {
	uint32_t slot, created;
	char id[STEER_CHECK_ID_MAX + 1];
	char reason[REASON_SIZE];
	steer_health_state_t state;
} batch_state_t;

/*! An answer, or its removal. */
typedef struct {
	target_t *target; /*!< Its name and type do not change, and it stays. */
	bool removes;
	steer_external_answer_t answer;
	uint8_t *bytes;   /*!< Of the answer. */
} batch_answer_t;

/*! Zeroed memory is an empty one. */
typedef struct {
	batch_state_t *states;
	batch_answer_t *answers;
	size_t states_count, answers_count;
	bool beats;         /*!< A heartbeat is written with them. */
	steer_now_t beat;
	int ret;            /*!< What came of it. */
	steer_fault_t fault;
} batch_t;

/*! Moves what is unpublished into an empty batch, as far as there is room and memory. */
void batch_fill(batch_t *batch, checks_t *checks, targets_t *targets, bool beats);
bool batch_is_empty(const batch_t *batch);
/*! Writes it. */
void batch_write(batch_t *batch, steer_store_t *store);
/*! Empties it: what could not be written is unpublished again. */
void batch_take_back(batch_t *batch, const checks_t *checks);
