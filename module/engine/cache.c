/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "engine/cache.h"

void steer_cache_clear(steer_cache_t *cache)
{
	memset(cache, 0, sizeof(*cache));
}

/*! Finds a node in the store and puts it into a slot. */
static int fill(steer_cached_node_t *slot, steer_reader_t *reader, const uint8_t *key, size_t len,
                uint64_t hash)
{
	steer_pair_t pair;
	steer_node_t node;
	int ret = steer_reader_find(reader, key, len, &pair);
	if (ret == STEER_OK) {
		ret = steer_node_open(&node, pair.value, pair.value_len);
	}
	if (ret == STEER_OK) {
		*slot = (steer_cached_node_t) {
			.hash = hash, .key = pair.key, .key_len = pair.key_len,
			.entry = { .node = node, .zone = STEER_ZONE_UNKNOWN },
		};
	}
	return ret == STEER_EIO ? STEER_EDAMAGED : ret;
}

int steer_cache_get(steer_cache_t *cache, steer_reader_t *reader, const uint8_t *key, size_t len,
                    uint64_t hash, steer_entry_t **entry)
{
	steer_cached_node_t *slot = &cache->nodes[hash % STEER_CACHE_NODES];
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

static size_t slot_of(const steer_question_t *question, uint64_t hash)
{
	return (hash + question->type * 2) % STEER_CACHE_QUESTIONS; // Types of a name lie apart.
}

static bool is_same(const steer_cached_question_t *slot, const steer_question_t *question,
                    uint64_t hash)
{
	return slot->hash == hash && slot->found.values != NULL &&
	       slot->name_len == question->name_len && slot->type == question->type &&
	       slot->host_labels == question->host_labels &&
	       slot->host_only == question->host_only &&
	       memcmp(slot->name, question->name, question->name_len) == 0;
}

const steer_found_t *steer_cache_find(const steer_cache_t *cache, const steer_question_t *question,
                                      uint64_t hash)
{
	size_t at = slot_of(question, hash);
	const steer_cached_question_t *slot = &cache->questions[at];
	if (is_same(slot, question, hash)) {
		return &slot->found;
	}
	slot = &cache->questions[at ^ 1];
	return is_same(slot, question, hash) ? &slot->found : NULL;
}

void steer_cache_remember(steer_cache_t *cache, const steer_question_t *question, uint64_t hash,
                          const steer_found_t *found)
{
	if (question->name_len > STEER_CACHE_NAME) {
		return;
	}
	size_t at = slot_of(question, hash);
	steer_cached_question_t *slot = &cache->questions[at];
	if (slot->found.values != NULL) { // The one before keeps the other place of the pair.
		cache->questions[at ^ 1] = *slot;
	}
	slot->hash = hash;
	slot->found = *found;
	slot->host_labels = question->host_labels;
	slot->type = question->type;
	slot->host_only = question->host_only;
	slot->name_len = question->name_len;
	memcpy(slot->name, question->name, question->name_len);
}
