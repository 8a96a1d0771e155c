/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Memory that is freed all at once.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct steer_chunk steer_chunk_t;
typedef struct {
	steer_chunk_t *chunks;
} steer_arena_t;

/*! Allocates memory. \return NULL: out of memory. */
void *steer_arena_alloc(steer_arena_t *arena, size_t size);
void steer_arena_free(steer_arena_t *arena);
