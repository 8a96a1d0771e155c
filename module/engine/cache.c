/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "engine/cache.h"

/* Nodes. */

/*! Whether a slot holds a node of the snapshot; its key and value may be on different pages. */
static bool is_node(const steer_query_context_t *context, const steer_cached_node_t *slot)
{
	return slot->key != NULL && steer_snapshot_has(context->snapshot, slot->key, slot->serial) &&
	       steer_snapshot_has(context->snapshot, slot->entry.node.at, slot->serial);
}

/*! Finds a key in the store, by the way that costs less if the snapshot has it. */
static int look_up(const steer_query_context_t *context, const uint8_t *key, size_t len,
                   steer_pair_t *pair)
{
#ifndef STEER_WITHOUT_DESCENT
	if (context->snapshot->has_nodes) {
		return steer_btree_find(&context->snapshot->nodes, key, len, pair);
	}
#endif
	return steer_reader_find(context->snapshot->readers[context->thread], key, len, pair);
}

/*! Finds a node in the store and puts it into a slot. */
static int fill(const steer_query_context_t *context, steer_cached_node_t *slot, const uint8_t *key,
                size_t len, uint64_t hash)
{
	steer_pair_t pair;
	steer_node_t node;
	int ret = look_up(context, key, len, &pair);
	if (ret != STEER_OK) {
		return ret == STEER_EIO ? STEER_EDAMAGED : ret;
	}
	ret = steer_node_open(&node, pair.value, pair.value_len);
	if (ret != STEER_OK) {
		return ret;
	}
	*slot = (steer_cached_node_t) {
		.hash = hash, .serial = context->snapshot->serial, .key = pair.key,
		.key_len = pair.key_len, .entry = { .node = node, .zone = STEER_ZONE_UNKNOWN },
	};
	return STEER_OK;
}

/*! As fill(), unless it is known that there is none. */
static int find(const steer_query_context_t *context, steer_cached_node_t *slot, const uint8_t *key,
                size_t len, uint64_t hash)
{
	steer_cached_missing_t *missing = &context->worker->cache.missing[hash % STEER_CACHE_MISSING];
	if (missing->serial == context->snapshot->serial && missing->key_len == len &&
	    memcmp(missing->key, key, len) == 0) {
		return STEER_ENOENT;
	}
	int ret = fill(context, slot, key, len, hash);
	if (ret == STEER_ENOENT && len <= sizeof(missing->key)) {
		missing->serial = context->snapshot->serial;
		missing->key_len = len;
		memcpy(missing->key, key, len);
	}
	return ret;
}

int steer_cache_get(const steer_query_context_t *context, const uint8_t *key, size_t len,
                    uint64_t hash, steer_entry_t **entry)
{
	steer_cached_node_t *slot = &context->worker->cache.nodes[hash % STEER_CACHE_NODES];
#ifdef STEER_WITHOUT_NODES
	*entry = &slot->entry;
	return fill(context, slot, key, len, hash);
#endif
	if (slot->hash != hash || slot->key_len != len || !is_node(context, slot) ||
	    memcmp(slot->key, key, len) != 0) {
		int ret = find(context, slot, key, len, hash);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	*entry = &slot->entry;
	return STEER_OK;
}

/* External targets. */

static bool is_target(const steer_query_context_t *context, const steer_cached_target_t *slot,
                      uint16_t type, const steer_key_t *name)
{
	return slot->serial == context->snapshot->status_serial && slot->type == type &&
	       slot->key_len == name->len && memcmp(slot->key, name->bytes, name->len) == 0;
}

int steer_cache_target(const steer_query_context_t *context, uint16_t type, const steer_key_t *name,
                       steer_external_answer_t *answer)
{
	uint64_t hash = steer_name_hash(name->bytes, name->len) + type;
	steer_cached_target_t *slot = &context->worker->cache.targets[hash % STEER_CACHE_TARGETS];
	if (is_target(context, slot, type, name)) {
		*answer = slot->answer;
		return STEER_OK;
	}
	int ret = steer_status_external_answer(context->snapshot->status[context->thread], type, name,
	                                       answer);
	if (ret == STEER_OK && name->len <= STEER_CACHE_NAME) {
		slot->serial = context->snapshot->status_serial;
		slot->answer = *answer;
		slot->type = type;
		slot->key_len = name->len;
		memcpy(slot->key, name->bytes, name->len);
	}
	return ret;
}

/* Leads. */

/*! First slot of a name's pair, as steer_cache_slot(). */
static size_t lead_slot(const uint8_t *name, uint16_t type)
{
	uint64_t mixed = ((uintptr_t)name ^ (uint64_t)type << 48) * UINT64_C(0x9e3779b97f4a7c15);
	return mixed >> (64 - STEER_CACHE_LEADS_LOG) & ~(size_t)1;
}

/*!
 * Whether a slot is for a name at this address, and holds in the snapshot. What is not the name's
 * own does not outlive its snapshot: a new name may change where it leads.
 */
static inline bool is_lead(const steer_query_context_t *context, const steer_cached_lead_t *slot,
                           const uint8_t *name, uint16_t type)
{
	const steer_snapshot_t *snapshot = context->snapshot;
	return slot->name == name && slot->type == type &&
	       (slot->serial == snapshot->serial ||
	        (slot->lead.own != NULL && steer_snapshot_has(snapshot, name, slot->serial) &&
	         steer_snapshot_has(snapshot, slot->lead.own, slot->serial)));
}

const steer_cached_lead_t *steer_cache_find_lead(const steer_query_context_t *context,
                                                 const uint8_t *name, uint16_t type)
{
	size_t at = lead_slot(name, type);
	for (unsigned i = 0; i < 2; i++, at ^= 1) {
		const steer_cached_lead_t *slot = &context->worker->cache.leads[at];
		if (is_lead(context, slot, name, type)) {
			return slot;
		}
	}
	return NULL;
}

const steer_cached_lead_t *steer_cache_remember_lead(const steer_query_context_t *context,
                                                     const uint8_t *name, uint16_t type,
                                                     const steer_lead_t *lead)
{
	steer_cached_lead_t *leads = context->worker->cache.leads;
	size_t at = lead_slot(name, type);
	if (leads[at].name != name || leads[at].type != type) {
		leads[at ^ 1] = leads[at]; // The evicted one moves to the other slot of the pair.
	}
	leads[at] = (steer_cached_lead_t) {
		.name = name, .serial = context->snapshot->serial, .lead = *lead, .type = type,
	};
	return &leads[at];
}

/* Questions. */

/*! Puts what was found for a question into a table of count slots. \return it there, or NULL */
static const steer_found_t *put(const steer_query_context_t *context,
                                const steer_question_t *question, uint64_t hash,
                                const steer_found_t *found, steer_cached_question_t *slots,
                                size_t count)
{
	if (question->name_len > STEER_CACHE_NAME) {
		return NULL;
	}
	size_t at = steer_cache_slot(question, hash, count);
	steer_cached_question_t *slot = &slots[at];
	if (slot->found.at != NULL && (slot->hash != hash || !steer_cache_is_same(slot, question) ||
	                               slot->host_zone != context->host_zone)) {
		slots[at ^ 1] = *slot; // The evicted question moves to the other slot of the pair.
	}
	slot->hash = hash;
	slot->serial = context->snapshot->serial;
	slot->found = *found;
	slot->host_zone = context->host_zone;
	slot->type = question->type;
	slot->host_only = question->host_only;
	slot->name_len = question->name_len;
	memcpy(slot->name, question->name, question->name_len);
	return &slot->found;
}

/* Enclosers. */

/*! The question, with the last len bytes of its name in place of that. */
static steer_question_t question_above(const steer_question_t *question, size_t len)
{
	steer_question_t above = *question;
	above.name += question->name_len - len;
	above.name_len = len;
	return above;
}

static void remember_encloser(const steer_query_context_t *context,
                              const steer_question_t *question, const steer_found_t *found)
{
	steer_cache_t *cache = &context->worker->cache;
	const steer_question_t above = question_above(question, found->encloser_len);
	(void)put(context, &above, steer_name_hash(above.name, above.name_len), found,
	          cache->enclosers, STEER_CACHE_ENCLOSERS);
	cache->enclosers_serial = context->snapshot->serial;
}

/*! What answers for all names below that of the question, or NULL. */
static const steer_found_t *find_encloser(const steer_query_context_t *context,
                                          const steer_question_t *above, uint64_t hash)
{
	size_t at = steer_cache_slot(above, hash, STEER_CACHE_ENCLOSERS);
	for (unsigned i = 0; i < 2; i++, at ^= 1) {
		const steer_cached_question_t *slot = &context->worker->cache.enclosers[at];
		if (slot->hash == hash && slot->serial == context->snapshot->serial &&
		    slot->host_zone == context->host_zone && steer_cache_is_same(slot, above)) {
			return &slot->found;
		}
	}
	return NULL;
}

const steer_found_t *steer_cache_find_below(const steer_query_context_t *context,
                                            const steer_question_t *question, uint64_t hash)
{
	const steer_snapshot_t *snapshot = context->snapshot;
	steer_cache_t *cache = &context->worker->cache;
	const uint8_t *name = question->name, *end = name + question->name_len;
	if (cache->enclosers_serial != snapshot->serial) {
		return NULL;
	}
	uint64_t above_hash = hash;
	while (*name != 0 && !steer_apexes_maybe(&snapshot->apexes, above_hash)) {
		bool wildcard = name[0] == 1 && name[1] == '*';
		name += 1 + *name;
		above_hash = steer_name_hash(name, end - name);
		const steer_question_t above = question_above(question, end - name);
		const steer_found_t *found = find_encloser(context, &above, above_hash);
		if (found != NULL && !wildcard) {
			const steer_found_t below = steer_found_below(found, question);
			return put(context, question, hash, &below, cache->others, STEER_CACHE_OTHERS);
		}
	}
	return NULL;
}

/* Remembering. */

void steer_cache_remember(const steer_query_context_t *context, const steer_question_t *question,
                          uint64_t hash, const steer_found_t *found)
{
	steer_cache_t *cache = &context->worker->cache;
	if (found->own != NULL && found->kind == STEER_KIND_POSITIVE) {
		(void)put(context, question, hash, found, cache->questions, STEER_CACHE_QUESTIONS);
		return;
	}
	(void)put(context, question, hash, found, cache->others, STEER_CACHE_OTHERS);
	if (found->encloser_len > 0) {
		remember_encloser(context, question, found);
	}
}
