/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "engine/cache.h"

void steer_cache_clear(steer_cache_t *cache)
{
	memset(cache, 0, sizeof(*cache));
}

/*! Finds a node in the store and puts it into a slot. */
static int fill(steer_cache_slot_t *slot, steer_reader_t *reader, const uint8_t *key, size_t len,
                uint64_t hash)
{
	steer_pair_t pair;
	steer_node_t node;
	int ret = steer_reader_find(reader, key, len, &pair);
	if (ret == STEER_OK) {
		ret = steer_node_open(&node, pair.value, pair.value_len);
	}
	if (ret == STEER_OK) {
		*slot = (steer_cache_slot_t) {
			.hash = hash, .key = pair.key, .key_len = pair.key_len,
			.entry = { .node = node, .zone = STEER_ZONE_UNKNOWN },
		};
	}
	return ret == STEER_EIO ? STEER_EDAMAGED : ret;
}

int steer_cache_get(steer_cache_t *cache, steer_reader_t *reader, const uint8_t *key, size_t len,
                    uint64_t hash, steer_entry_t **entry)
{
	steer_cache_slot_t *slot = &cache->slots[hash & ((1 << STEER_CACHE_BITS) - 1)];
	if (slot->key == NULL || slot->hash != hash || slot->key_len != len ||
	    memcmp(slot->key, key, len) != 0) {
		int ret = fill(slot, reader, key, len, hash);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	*entry = &slot->entry;
	return STEER_OK;
}
