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
/*! Copies bytes. \return NULL: out of memory. */
void *steer_arena_keep(steer_arena_t *arena, const void *bytes, size_t len);
/*! Moves all that is in one arena to another, at the same addresses. */
void steer_arena_move(steer_arena_t *to, steer_arena_t *from);
