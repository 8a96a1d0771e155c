/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A worker's memory of what it found lately: hot names cost no walk down the tree.
 *
 * Threads:  a cache belongs to one worker.
 * Memory:   entries point into the map, and are good as long as the snapshot has what they point
 *           to (steer_snapshot_has()); keys of nodes are compared where they lie there.
 */
#pragma once

#include "core/answer.h"
#include "engine/snapshot.h"

/*! Nodes remembered: apexes, above all, which negative answers need. */
#define STEER_CACHE_NODES     4096
/*! Questions remembered, in pairs. */
#define STEER_CACHE_QUESTIONS 16384
/*! Longest name of a question to remember. */
#define STEER_CACHE_NAME      64

typedef struct {
	uint64_t hash;
	uint64_t serial;    /*!< Snapshot that it was found in. */
	const uint8_t *key; /*!< NULL: empty. */
	size_t key_len;
	steer_entry_t entry;
} steer_cached_node_t;

typedef struct {
	uint64_t hash;
	uint64_t serial;     /*!< Snapshot that it was found in. */
	steer_found_t found; /*!< At nothing: empty. */
	int16_t host_labels;
	uint16_t type;
	bool host_only;
	uint8_t name_len;
	uint8_t name[STEER_CACHE_NAME];
} steer_cached_question_t;

typedef struct {
	steer_cached_question_t questions[STEER_CACHE_QUESTIONS];
	steer_cached_node_t nodes[STEER_CACHE_NODES];
} steer_cache_t;

/*! What a worker has of its own. */
typedef struct {
	steer_cache_t cache;
	steer_chance_t chance;
	steer_workspace_t workspace;
} steer_worker_t;

/*! The host has not been asked for its zone. */
#define STEER_ZONE_NOT_ASKED (-2)

/*! A worker's own, where it looks, and what the host has said. */
typedef struct {
	steer_worker_t *worker;
	const steer_snapshot_t *snapshot;
	steer_reader_t *reader; /*!< The worker's, of the snapshot's records. */
	steer_reader_t *status; /*!< Likewise, of its status. */
	int host_labels;        /*!< See steer_query_context_zone(); first STEER_ZONE_NOT_ASKED. */
} steer_query_context_t;

/*! Label count of the host's zone for the question of a context; the host is asked once. */
static inline int steer_query_context_zone(steer_query_context_t *context,
                                           const steer_question_t *question)
{
	if (context->host_labels == STEER_ZONE_NOT_ASKED) {
		context->host_labels = steer_question_zone(question);
	}
	return context->host_labels;
}

/*!
 * Finds a node in the cache, else by the reader, whose nodes are opened and remembered.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
 */
int steer_cache_get(const steer_query_context_t *context, const uint8_t *key, size_t len,
                    uint64_t hash, steer_entry_t **entry);

/*! First slot of a question's pair, the other is beside it; types of a name lie apart. */
static inline size_t steer_cache_slot(const steer_question_t *question, uint64_t hash)
{
	return (hash + question->type * 2) % STEER_CACHE_QUESTIONS;
}

/*! As steer_cache_find(), in a slot that has the hash. */
const steer_found_t *steer_cache_look(steer_query_context_t *context,
                                      const steer_question_t *question,
                                      const steer_cached_question_t *slot);
/*!
 * What was found for a question, or NULL; hash is steer_name_hash() of its name.
 *
 * The host is asked for its zone if something was found for the question with any. Names that are
 * not ours come here, too, so that is cheap.
 */
static inline const steer_found_t *steer_cache_find(steer_query_context_t *context,
                                                    const steer_question_t *question,
                                                    uint64_t hash)
{
	const steer_cached_question_t *slots = context->worker->cache.questions;
	const steer_found_t *found = NULL;
	size_t at = steer_cache_slot(question, hash);
	if (slots[at].hash == hash) {
		found = steer_cache_look(context, question, &slots[at]);
	}
	if (found == NULL && slots[at ^ 1].hash == hash) {
		found = steer_cache_look(context, question, &slots[at ^ 1]);
	}
	return found;
}

/*! Remembers what was found for a question; the host was asked. */
void steer_cache_remember(const steer_query_context_t *context, const steer_question_t *question,
                          uint64_t hash, const steer_found_t *found);
