/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A worker's memory of the names it found lately: hot names cost no walk down the tree.
 *
 * Threads:  a cache belongs to one worker.
 * Memory:   entries point into the map, so they are valid for one snapshot; keys are compared where
 *           they lie there.
 */
#pragma once

#include "core/answer.h"
#include "store/store.h"

#define STEER_CACHE_BITS 12

typedef struct {
	uint64_t hash;
	const uint8_t *key; /*!< NULL: empty. */
	size_t key_len;
	steer_entry_t entry;
} steer_cache_slot_t;

typedef struct {
	steer_cache_slot_t slots[1 << STEER_CACHE_BITS];
} steer_cache_t;

/*! Empties a cache. */
void steer_cache_clear(steer_cache_t *cache);

/*!
 * Finds a node in the cache, else in the reader, whose nodes are opened and remembered.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
 */
int steer_cache_get(steer_cache_t *cache, steer_reader_t *reader, const uint8_t *key, size_t len,
                    uint64_t hash, steer_entry_t **entry);
