/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Memory that is freed all at once.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include <stddef.h>

/*! Zeroed memory has none. */
typedef struct {
	struct steer_memory_block *blocks;
} steer_memory_t;

/*! Gets zeroed memory. \return NULL: there is no more */
void *steer_memory_get(steer_memory_t *memory, size_t size);
/*! Copies so many bytes of text, and ends it. \return NULL: out of memory */
char *steer_memory_copy(steer_memory_t *memory, const char *text, size_t len);
void steer_memory_free(steer_memory_t *memory);
