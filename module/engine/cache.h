/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A worker's cache of what it found lately: hot names need no walk down the tree.
 *
 * Threads:  a cache belongs to one worker.
 * Memory:   entries point into the map and are valid as long as the snapshot has what they point
 *           to (steer_snapshot_has()); keys of nodes are compared in place.
 */
#pragma once

#include <stddef.h>
#include <string.h>

#include "core/answer.h"
#include "core/bytes.h"
#include "engine/choices.h"
#include "engine/snapshot.h"

/*! Number of cached nodes: above all apexes, which negative answers need. */
#define STEER_CACHE_NODES     4096
/*! Number of cached questions, in pairs. */
#define STEER_CACHE_QUESTIONS 16384
/*! Number of those, in pairs, that records of the name asked for do not answer. */
#define STEER_CACHE_OTHERS    8192
/*! Number of cached enclosers of names that are not there, in pairs. */
#define STEER_CACHE_ENCLOSERS 512
/*! Number of cached keys without a node: names of other zones that records lead to, above all. */
#define STEER_CACHE_MISSING   4096
/*! Number of cached answers of external targets. */
#define STEER_CACHE_TARGETS   4096
/*! Number of cached leads, in pairs; and its logarithm. */
#define STEER_CACHE_LEADS     8192
#define STEER_CACHE_LEADS_LOG 13
/*! Longest name of a cached question; longest key that is cached as missing, or of a target. */
#define STEER_CACHE_NAME      64

/*! A cached node. */
typedef struct {
	uint64_t hash;
	uint64_t serial;    /*!< Of the snapshot in which it was found. */
	const uint8_t *key; /*!< NULL: empty. */
	size_t key_len;
	steer_entry_t entry;
} steer_cached_node_t;

/*! A cached question. */
typedef struct {
	uint64_t hash;
	uint64_t serial;     /*!< Of the snapshot in which it was found. */
	steer_found_t found; /*!< Its at is NULL: empty. */
	int16_t host_zone;   /*!< As in the context. */
	uint16_t type;       /*!< In the order of steer_question_t. */
	uint8_t name_len;    /*!< 0: empty. */
	bool host_only;
	uint8_t name[STEER_CACHE_NAME];
} steer_cached_question_t;

/*! A key that has no node. */
typedef struct {
	uint64_t serial; /*!< Of the only snapshot for which that is known; 0: empty. */
	uint8_t key_len;
	uint8_t key[STEER_CACHE_NAME];
} steer_cached_missing_t;

/*! A cached answer of an external target. */
typedef struct {
	uint64_t serial;     /*!< Of the status in which it was found; 0: empty. */
	steer_external_answer_t answer;
	uint16_t type;
	uint8_t key_len;
	uint8_t key[STEER_CACHE_NAME];
} steer_cached_target_t;

/*! A cached lead: where a name leads that is in the store itself, as the target of an alias. */
typedef struct {
	const uint8_t *name; /*!< NULL: empty. */
	uint64_t serial;     /*!< Of the snapshot in which it was found. */
	steer_lead_t lead;
	uint16_t type;
} steer_cached_lead_t;

/*! What a worker found lately. */
typedef struct {
	steer_cached_question_t questions[STEER_CACHE_QUESTIONS];
	/*! A table of their own, so that a flood of made-up names evicts no questions for others. */
	steer_cached_question_t others[STEER_CACHE_OTHERS];
	/*! Each stands for the questions about all names below its own (encloser_len). */
	steer_cached_question_t enclosers[STEER_CACHE_ENCLOSERS];
	uint64_t enclosers_serial; /*!< Of the last snapshot in which one was cached. */
	steer_cached_node_t nodes[STEER_CACHE_NODES];
	steer_cached_missing_t missing[STEER_CACHE_MISSING];
	steer_cached_target_t targets[STEER_CACHE_TARGETS];
	steer_cached_lead_t leads[STEER_CACHE_LEADS];
	steer_choices_t choices;
} steer_cache_t;

/*! Everything that belongs to one worker. */
typedef struct {
	steer_cache_t cache;
	steer_chance_t chance;
	steer_workspace_t workspace;
} steer_worker_t;

/*! State of one query: its worker, the snapshot it reads, what the host has answered so far. */
typedef struct {
	steer_worker_t *worker;
	unsigned thread;        /*!< The worker's number. */
	int host_zone;          /*!< As in the question, until steer_query_context_zone() asks. */
	const steer_snapshot_t *snapshot;
} steer_query_context_t;

/*! As steer_question_zone(); the host is asked at most once per query. */
static inline int steer_query_context_zone(steer_query_context_t *context,
                                           const steer_question_t *question)
{
	if (context->host_zone == STEER_ZONE_UNSOUGHT) {
		context->host_zone = steer_question_zone(question);
	}
	return context->host_zone;
}

/*!
 * Finds a node in the cache, or else in the store; a node found there is opened and cached, and so
 * is that there is none, until the next commit of records.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
 */
int steer_cache_get(const steer_query_context_t *context, const uint8_t *key, size_t len,
                    uint64_t hash, steer_entry_t **entry);

/*!
 * Finds the answer of an external target in the cache, or else in the status. It is cached for as
 * long as nothing is committed to the status.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
 */
int steer_cache_target(const steer_query_context_t *context, uint16_t type, const steer_key_t *name,
                       steer_external_answer_t *answer);

/*!
 * Returns where a name in the store leads, or NULL if that is not cached. The name is known by its
 * address.
 */
const steer_cached_lead_t *steer_cache_find_lead(const steer_query_context_t *context,
                                                 const uint8_t *name, uint16_t type);

/*! Caches where a name in the store leads. \return what is cached */
const steer_cached_lead_t *steer_cache_remember_lead(const steer_query_context_t *context,
                                                     const uint8_t *name, uint16_t type,
                                                     const steer_lead_t *lead);

/*!
 * First slot of a question's pair. What is cached is put there, and what was there moves to the slot
 * next to it: were that the first one of others, three of them could evict each other for ever.
 * Types of a name have other pairs.
 */
static inline size_t steer_cache_slot(const steer_question_t *question, uint64_t hash, size_t count)
{
	return (hash + question->type * 2) % count & ~(size_t)1;
}

_Static_assert(offsetof(steer_question_t, name_len) == offsetof(steer_question_t, type) + 2 &&
               offsetof(steer_question_t, host_only) == offsetof(steer_question_t, type) + 3 &&
               offsetof(steer_cached_question_t, name_len) ==
               offsetof(steer_cached_question_t, type) + 2 &&
               offsetof(steer_cached_question_t, host_only) ==
               offsetof(steer_cached_question_t, type) + 3,
               "type, name_len and host_only are compared at once");

/*! Type, name_len and host_only, of which type is at this offset, as one number. */
static inline uint32_t steer_cache_kind(const void *question, size_t at)
{
	uint32_t kind;
	memcpy(&kind, (const uint8_t *)question + at, sizeof(kind));
	return kind;
}

/*! Whether a slot, whose hash matches, is for this question, whatever the host's zone. */
static inline bool steer_cache_is_same(const steer_cached_question_t *slot,
                                       const steer_question_t *question)
{
	return steer_cache_kind(slot, offsetof(steer_cached_question_t, type)) ==
	       steer_cache_kind(question, offsetof(steer_question_t, type)) &&
	       steer_bytes_equal(slot->name, question->name, question->name_len);
}

/*!
 * Whether what was found still holds in the snapshot. The answer for a name without a node does not
 * outlive its snapshot: the name may have come, or a wildcard for it.
 */
static inline bool steer_cache_is_current(const steer_query_context_t *context,
                                          const steer_cached_question_t *slot)
{
	const steer_snapshot_t *snapshot = context->snapshot;
	const steer_found_t *found = &slot->found;
	return slot->serial == snapshot->serial ||
	       (found->own != NULL && steer_snapshot_has(snapshot, found->own, slot->serial) &&
	        (found->kind == STEER_KIND_POSITIVE || // Then the place is in the name's node.
	         steer_snapshot_has(snapshot, found->at, slot->serial)));
}

/*!
 * Returns what was found for a question, or NULL; hash is steer_name_hash() of its name.
 *
 * The host is asked for its zone only if the question is cached with some zone. Names that are
 * not ours come here too, so a miss must be cheap.
 */
static inline const steer_found_t *steer_cache_find(steer_query_context_t *context,
                                                    const steer_question_t *question,
                                                    uint64_t hash)
{
	const steer_cache_t *cache = &context->worker->cache;
	size_t at = steer_cache_slot(question, hash, STEER_CACHE_QUESTIONS);
	const steer_cached_question_t *slot = &cache->questions[at];
	for (unsigned i = 0; i < 4; i++) { // A pair in each table.
		if (slot->hash == hash && steer_cache_is_same(slot, question) &&
		    steer_cache_is_current(context, slot)) {
			return slot->host_zone == steer_query_context_zone(context, question)
			       ? &slot->found : NULL;
		}
		slot = i == 1 ? &cache->others[at % STEER_CACHE_OTHERS] : slot + 1;
	}
	return NULL;
}

/*!
 * Returns what was found for a question about another name below the same encloser, or NULL; it is
 * cached for this one as well.
 *
 * The host must have been asked for its zone.
 */
__attribute__((noinline)) // At link time neither: it would take registers from the common path.
const steer_found_t *steer_cache_find_below(const steer_query_context_t *context,
                                            const steer_question_t *question, uint64_t hash);

/*! Caches what was found for a question. The host must have been asked for its zone. */
void steer_cache_remember(const steer_query_context_t *context, const steer_question_t *question,
                          uint64_t hash, const steer_found_t *found);
