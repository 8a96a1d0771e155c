/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Answers of external alias targets, as the status environment keeps them.
 *
 * Threads:  pure functions; any thread.
 * Memory:   views borrow.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/name.h"
#include "core/now.h"
#include "schema/layout.h"
#include "steer/error.h"

/*! Maximum length of their keys in STATUS. */
#define STEER_EXTERNAL_KEY_MAX STEER_KEY_MAX
/*! Size of the largest value. */
#define STEER_EXTERNAL_ANSWER_MAX (STEER_TARGET_SIZE + STEER_RRS_MAX + STEER_LOG_TEXT_MAX)

/*! The answer that a target has, and how the last tries to resolve it again have gone. */
typedef struct {
	uint32_t ttl;        /*!< To answer with. */
	uint32_t rrs_len;
	uint16_t count;      /*!< 0: the target has no data of the type. */
	bool nxdomain;       /*!< It has none since its name does not exist. */
	bool held;           /*!< It says that it has no data, but not for long enough (rule A4). */
	steer_now_t resolved; /*!< When this answer was last received. */
	uint64_t tried;      /*!< When it was last tried to resolve it, in seconds of the Unix epoch. */
	uint32_t failures;   /*!< Tries that have failed since then; if any, the answer is stale. */
	uint16_t error_len;
	const uint8_t *rrs;  /*!< Wire-ready, owner C0 0C. */
	const char *error;   /*!< What the last try lacked; not NUL-terminated, not trusted. */
} steer_external_answer_t;

/*! X(symbol, name): how targets are. */
#define STEER_EXTERNAL_STATES(X) \
	X(PENDING, "pending") /* It was not tried so far. */ \
	X(FAILED,  "failed")  /* There is no answer, and tries fail. */ \
	X(FRESH,   "fresh") \
	X(STALE,   "stale")   /* There is an answer, and tries fail. */ \
	X(HELD,    "held")    /* The target denies the records that are its answer. */

typedef enum {
#define X(symbol, name) STEER_EXTERNAL_##symbol,
	STEER_EXTERNAL_STATES(X)
#undef X
	STEER_EXTERNAL_STATE_COUNT
} steer_external_state_t;

/*! How a target is. \param[in] failures  Tries in a row that have failed. */
steer_external_state_t steer_external_state(bool answered, bool held, uint64_t failures);
/*! The word for it. */
const char *steer_external_state_name(steer_external_state_t state);

/*! Makes the key in STATUS of a target's type and name, in the public view. \return length */
size_t steer_external_answer_key(uint8_t key[STEER_EXTERNAL_KEY_MAX], uint16_t type,
                                 const steer_key_t *name);
/*! Reads such a key. \retval STEER_OK, STEER_EDAMAGED */
int steer_external_answer_key_open(uint16_t *type, steer_key_t *name, const uint8_t *key,
                                   size_t len);
/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_external_answer_open(steer_external_answer_t *target, uint16_t type, const void *value,
                               size_t size);
/*! Writes one: STEER_TARGET_SIZE bytes, the records and the error. \return size */
size_t steer_external_answer_write(uint8_t *buf, const steer_external_answer_t *target);
