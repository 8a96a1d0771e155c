/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Answers of external alias targets, as the status environment keeps them.
 *
 * Threads:  pure functions; any thread.
 * Memory:   views borrow.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/name.h"
#include "schema/layout.h"
#include "steer/error.h"

/*! Maximum length of their keys in STATUS. */
#define STEER_EXTERNAL_KEY_MAX STEER_KEY_MAX

/*! The last result of resolving a target. */
typedef struct {
	uint32_t ttl;
	uint32_t rrs_len;
	uint16_t count;      /*!< 0: the target has no data of the type. */
	uint64_t time;       /*!< When it was resolved, in seconds of the Unix epoch. */
	const uint8_t *rrs;  /*!< Wire-ready, owner C0 0C. */
} steer_external_answer_t;

/*! Makes the key in STATUS of a target's type and name, in the public view. \return length */
size_t steer_external_answer_key(uint8_t key[STEER_EXTERNAL_KEY_MAX], uint16_t type,
                                 const steer_key_t *name);
/*! Reads such a key. \retval STEER_OK, STEER_EDAMAGED */
int steer_external_answer_key_open(uint16_t *type, steer_key_t *name, const uint8_t *key,
                                   size_t len);
/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_external_answer_open(steer_external_answer_t *target, uint16_t type, const void *value,
                               size_t size);
/*! Writes one: STEER_TARGET_SIZE + rrs_len bytes. \return size */
size_t steer_external_answer_write(uint8_t *buf, const steer_external_answer_t *target);
