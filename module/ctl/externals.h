/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The external targets that answers need: each once, by name, then by type.
 *
 * Memory:  some 100 bytes for each way to one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/external_answer.h"
#include "store/store.h"

typedef struct external external_t;

typedef struct {
	external_t **items;
	size_t count, room;
	bool no_memory;
} externals_t;

/*!
 * Gathers them.
 *
 * \param[in] records  Renewed reader.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 * \retval STEER_EDAMAGED  Something is damaged; all others were gathered.
 */
int externals_gather(externals_t *externals, const steer_reader_t *records);
/*! Gets one of them. */
void externals_get(const externals_t *externals, size_t i, uint16_t *type, steer_key_t *name);
void externals_free(externals_t *externals);
