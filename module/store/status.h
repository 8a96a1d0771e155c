/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks and the status environment: what is forced, reported, probed and resolved.
 *
 * A change of the status is a transaction of its own. When the call returns, it is committed, and
 * the doorbell was rung.
 *
 * Threads:  as the store and its readers.
 * Memory:   what a walk gives is borrowed from the map.
 * Writers:  one for each key: steerctl forces and reports, steerd probes, resolves and says that it
 *           is at work.
 */
#pragma once

#include "core/external_answer.h"
#include "core/health_check.h"
#include "core/health_state.h"
#include "store/child_states.h"
#include "store/store.h"

/*! Reads the time from both clocks. The boot's id is read once in a process. */
void steer_now(steer_now_t *now);

/*! A health check with what is known about it. */
typedef struct {
	const char *id;     /*!< Without terminating NUL. */
	size_t id_len;
	steer_health_check_t check;
	bool has_force, has_report, has_probed;
	steer_health_state_t force, report, probed; /*!< Of this definition; may have expired. */
	steer_health_children_t children; /*!< Of a calculated check. */
	steer_effective_health_t effective;
} steer_health_status_t;

/*! Whether a check of a type can have a state of a kind (rule H7). */
static inline bool steer_status_is_of(uint8_t kind, uint8_t type)
{
	return kind == STEER_STATUS_FORCE ||
	       (kind == STEER_STATUS_REPORT ? type == STEER_CHECK_MANUAL
	                                    : steer_health_check_type_is_probed(type));
}

/*! What is the same for all checks that are decided at a time. */
typedef struct {
	const steer_reader_t *records, *status; /*!< Renewed readers of the two environments. */
	const steer_now_t *now;
	steer_silence_t silence;
} steer_health_basis_t;

/*! Receives a check. \return false ends the walk. */
typedef bool (*steer_health_status_f)(void *ctx, const steer_health_status_t *checked);

/*!
 * Walks over all checks in order of their ids, including those that are named but not defined.
 *
 * \param[in] records, status  Renewed readers of the two environments.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 * \retval STEER_EDAMAGED  Some value is damaged; all others were received.
 */
int steer_health_checks_walk(const steer_reader_t *records, const steer_reader_t *status,
                             const steer_now_t *now, steer_health_status_f take, void *ctx);
/*! Finds one check. \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED, STEER_EIO, STEER_ENOMEM */
int steer_health_check_find(const steer_reader_t *records, const steer_reader_t *status,
                            const char *id, const steer_now_t *now, steer_health_status_t *checked);

/*!
 * As steer_health_checks_walk(), and keeps what is needed to decide single checks anew.
 *
 * \param[in,out] children  Empty; if there are calculated checks, gets the states of all others. The
 *                          caller frees it. Its ids are borrowed from the records' checks, which
 *                          stay where they are until one is changed.
 */
int steer_health_checks_walk_and_keep(const steer_health_basis_t *basis,
                                      steer_child_states_t *children, steer_health_status_f take,
                                      void *ctx);
/*!
 * As steer_health_check_find(), with the states of children as they are kept.
 *
 * \retval STEER_EDAMAGED  So is the check or one of its states; it was not decided.
 */
int steer_health_check_find_with(const steer_health_basis_t *basis,
                                 const steer_child_states_t *children, const char *id,
                                 size_t id_len, steer_health_status_t *checked);

/*! One thing to write: a state of a check, a target's answer, or the heartbeat of steerd. */
typedef struct {
	uint8_t kind;      /*!< STEER_STATUS_FORCE, ..., which says what of the following counts. */
	const char *id;    /*!< Check, ... */
	/*! ... and state. One that is cleared removes what is there, which the health log tells; NULL
	 * does so silently. */
	const steer_health_state_t *state;
	const uint8_t *name; /*!< Target: wire name, ... */
	uint16_t type;       /*!< ... type, ... */
	const steer_external_answer_t *target; /*!< ... and answer; NULL: remove it. */
	const steer_now_t *heartbeat; /*!< The time; NULL: remove it. */
} steer_status_entry_t;

/*!
 * Writes some, all or nothing. States of checks are added to the health log, except one found by
 * steerd in which the check was already.
 *
 * \retval STEER_OK, STEER_EFULL, STEER_EACCES, STEER_EIO, STEER_ENOMEM
 * \retval STEER_EINVAL  An id cannot be one, a text is too long, or records are not whole.
 */
int steer_status_write(steer_store_t *store, const steer_status_entry_t *status, size_t count,
                       steer_fault_t *fault);

/*!
 * Reads the answer of a target.
 *
 * \param[in] status  Renewed reader.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED, STEER_EIO
 */
int steer_status_external_answer(const steer_reader_t *status, uint16_t type,
                                 const steer_key_t *name, steer_external_answer_t *target);

/*! Receives a target with its answer; NULL: what is stored is damaged. \return false ends the walk */
typedef bool (*steer_external_answer_f)(void *ctx, uint16_t type, const uint8_t *name,
                                        const steer_external_answer_t *target);
/*!
 * Walks over all targets that have a value, by type, then by name, whether they are used or not.
 *
 * \param[in] status  Renewed reader.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 * \retval STEER_EDAMAGED  A key is no target's; all others were received.
 */
int steer_status_external_answers_walk(const steer_reader_t *status, steer_external_answer_f take,
                                       void *ctx);

/*! Writes the key in STATUS of a check's force, report or state. \return Its length. */
size_t steer_status_key(uint8_t key[1 + STEER_CHECK_ID_MAX], uint8_t kind, const char *id,
                        size_t len);
