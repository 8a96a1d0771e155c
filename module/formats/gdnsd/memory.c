/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/memory.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/*! Bytes that a block has at least. */
#define BLOCK 65536

struct steer_memory_block {
	struct steer_memory_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

void *steer_memory_get(steer_memory_t *memory, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct steer_memory_block *block = memory->blocks;
	size = (size + align - 1) / align * align;
	if (block == NULL || block->size - block->used < size) {
		const size_t room = size > BLOCK ? size : BLOCK;
		block = calloc(1, sizeof(*block) + room);
		if (block == NULL) {
			return NULL;
		}
		block->size = room;
		block->next = memory->blocks;
		memory->blocks = block;
	}
	block->used += size;
	return block->bytes + block->used - size;
}

char *steer_memory_copy(steer_memory_t *memory, const char *text, size_t len)
{
	char *copy = steer_memory_get(memory, len + 1);
	if (copy != NULL) {
		memcpy(copy, text, len);
	}
	return copy;
}

void steer_memory_free(steer_memory_t *memory)
{
	for (struct steer_memory_block *block = memory->blocks, *next; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	memory->blocks = NULL;
}
