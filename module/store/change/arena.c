/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "store/change/arena.h"

#define CHUNK_SIZE (1u << 20)

struct steer_chunk {
	steer_chunk_t *next;
	size_t used, size;
	uint8_t bytes[];
};

void *steer_arena_alloc(steer_arena_t *arena, size_t size)
{
	size = (size + 7) & ~(size_t)7;
	steer_chunk_t *chunk = arena->chunks;
	if (chunk == NULL || chunk->size - chunk->used < size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		chunk = malloc(sizeof(*chunk) + room);
		if (chunk == NULL) {
			return NULL;
		}
		*chunk = (steer_chunk_t) { .next = arena->chunks, .size = room };
		arena->chunks = chunk;
	}
	void *at = chunk->bytes + chunk->used;
	chunk->used += size;
	return at;
}

void steer_arena_free(steer_arena_t *arena)
{
	while (arena->chunks != NULL) {
		steer_chunk_t *next = arena->chunks->next;
		free(arena->chunks);
		arena->chunks = next;
	}
}

void *steer_arena_keep(steer_arena_t *arena, const void *bytes, size_t len)
{
	void *copy = steer_arena_alloc(arena, len);
	return copy == NULL ? NULL : memcpy(copy, bytes, len);
}

void steer_arena_move(steer_arena_t *to, steer_arena_t *from)
{
	steer_chunk_t **end = &from->chunks;
	while (*end != NULL) {
		end = &(*end)->next;
	}
	// What is left of the first chunk is used.
	steer_chunk_t **first = to->chunks != NULL ? &to->chunks->next : &to->chunks;
	*end = *first;
	*first = from->chunks;
	from->chunks = NULL;
}
