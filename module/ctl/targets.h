/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is known of external alias targets: by the store their answers, by the steerd of the
 *        store how it goes on resolving them.
 *
 * Units:  seconds.
 */
#pragma once

#include <jansson.h>

#include "core/external_answer.h"
#include "ctl/health.h"

/*! How the tries to resolve a target have gone. */
typedef struct {
	steer_external_state_t state;
	int64_t age;        /*!< Since the answer was received; below 0: there is none. */
	int64_t left;       /*!< The answer stays for so long if it is not received again; likewise. */
	uint64_t tried;     /*!< When the last try ended, since the Unix epoch; 0: there was none. */
	uint64_t failures;  /*!< That were the last ones. */
	const char *error;  /*!< What the last try lacked; not NUL-terminated, not trusted. */
	size_t error_len;   /*!< 0: it lacked nothing. */
} target_tries_t;

typedef struct {
	uint8_t name[STEER_NAME_MAX];
	uint16_t type;
	int found;          /*!< What reading its answer returned. */
	steer_external_answer_t answer; /*!< If that is STEER_OK: as it is served. */
	target_tries_t tries;
	bool told;          /*!< By steerd, as all of the following. */
	uint64_t next;      /*!< When the next try is due; 0: it is under way. */
	uint64_t refreshes, failed; /*!< Tries that gave a response, and that gave none. */
} target_t;

/*! Who is asked. */
typedef struct {
	const health_view_t *health;
	uint32_t stale_max;
	json_t *told;        /*!< What steerd has told so far, by name and type. */
	steer_fault_t fault; /*!< Why steerd does not tell; its code is STEER_OK as long as it does. */
} targets_t;

/*! Begins to ask. \param[in] health  Borrowed. \retval STEER_OK, STEER_ENOMEM */
int targets_begin(targets_t *targets, const health_view_t *health);
/*!
 * Asks steerd, unless it has not answered before.
 *
 * \param[in] name  Only for targets of that name; NULL: for all.
 */
void targets_ask(targets_t *targets, const uint8_t *name);
/*! Gets what is known of a target, without asking for it. */
void targets_get(const targets_t *targets, uint16_t type, const steer_key_t *name,
                 target_t *target);
void targets_end(targets_t *targets);
