/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <syslog.h>
#include <unistd.h>

#define _LGPL_SOURCE // Read locks inline; our licence allows it.
#include <urcu-bp.h>

#include "core/types.h"
#include "engine/internal.h"

void steer_engine_log(steer_engine_t *engine, int priority, const char *format, ...)
{
	char text[1200];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pthread_mutex_lock(&engine->listeners_mutex);
	if (engine->listeners != NULL) {
		const steer_listener_t *newest = &engine->listeners->listener;
		newest->log(newest->ctx, priority, text);
	}
	pthread_mutex_unlock(&engine->listeners_mutex);
}

void steer_engine_gauge(steer_engine_t *engine, steer_gauge_t gauge, uint64_t value)
{
	pthread_mutex_lock(&engine->listeners_mutex);
	if (engine->gauges[gauge] != value) {
		engine->gauges[gauge] = value;
		for (steer_listener_entry_t *at = engine->listeners; at != NULL; at = at->next) {
			at->listener.gauge(at->listener.ctx, gauge, value);
		}
	}
	pthread_mutex_unlock(&engine->listeners_mutex);
}

static int add_listener(steer_engine_t *engine, const steer_listener_t *listener)
{
	steer_listener_entry_t *entry = malloc(sizeof(*entry));
	if (entry == NULL) {
		return STEER_ENOMEM;
	}
	pthread_mutex_lock(&engine->listeners_mutex);
	*entry = (steer_listener_entry_t) { engine->listeners, *listener };
	engine->listeners = entry;
	for (int gauge = 0; gauge < STEER_GAUGES; gauge++) {
		listener->gauge(listener->ctx, gauge, engine->gauges[gauge]);
	}
	pthread_mutex_unlock(&engine->listeners_mutex);
	return STEER_OK;
}

static void remove_listener(steer_engine_t *engine, const void *ctx)
{
	pthread_mutex_lock(&engine->listeners_mutex);
	steer_listener_entry_t **at = &engine->listeners;
	while (*at != NULL && (*at)->listener.ctx != ctx) {
		at = &(*at)->next;
	}
	steer_listener_entry_t *entry = *at;
	if (entry != NULL) {
		*at = entry->next;
	}
	pthread_mutex_unlock(&engine->listeners_mutex);
	free(entry);
}

static void engine_free(steer_engine_t *engine)
{
	for (unsigned i = 0; engine->workers != NULL && i < engine->threads; i++) {
		free(engine->workers[i]);
	}
	free(engine->workers);
	free(engine->storage);
	if (engine->bell_fd >= 0) {
		close(engine->bell_fd);
	}
	pthread_mutex_destroy(&engine->listeners_mutex);
	free(engine);
}

/*! Seeds a worker's generator from the kernel; false: the kernel gives no number. */
static bool seed(steer_chance_t *chance)
{
	uint64_t number;
	if (getrandom(&number, sizeof(number), 0) != sizeof(number)) {
		return false;
	}
	steer_chance_seed(chance, number);
	return true;
}

static steer_engine_t *engine_new(const char *storage, unsigned threads)
{
	steer_engine_t *engine = calloc(1, sizeof(*engine));
	if (engine == NULL) {
		return NULL;
	}
	pthread_mutex_init(&engine->listeners_mutex, NULL);
	engine->stop_fd = -1;
	engine->bell_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	engine->bell_watch = -1;
	engine->threads = threads;
	engine->storage = strdup(storage);
	engine->workers = calloc(threads, sizeof(*engine->workers));
	if (engine->storage == NULL || engine->workers == NULL) {
		goto fail;
	}
	for (unsigned i = 0; i < threads; i++) {
		engine->workers[i] = calloc(1, sizeof(*engine->workers[i]));
		if (engine->workers[i] == NULL || !seed(&engine->workers[i]->chance)) {
			goto fail;
		}
	}
	return engine;
fail:
	engine_free(engine);
	return NULL;
}

int steer_engine_open(steer_engine_t **engine, const char *storage, unsigned threads,
                      const steer_listener_t *listener)
{
	steer_engine_t *open = steer_registry_find(storage);
	bool found = open != NULL;
	if (!found) {
		open = engine_new(storage, threads);
		if (open == NULL) {
			return STEER_ENOMEM;
		}
		steer_registry_add(open);
	}
	int ret = add_listener(open, listener);
	if (ret == STEER_OK && !found) {
		steer_engine_refresh(open); // Now, so that even the first query finds the store open.
		ret = steer_refresher_start(open);
	}
	if (ret != STEER_OK) {
		steer_engine_close(open, listener->ctx);
		return ret;
	}
	*engine = open;
	return STEER_OK;
}

void steer_engine_close(steer_engine_t *engine, void *ctx)
{
	if (engine == NULL) {
		return;
	}
	remove_listener(engine, ctx);
	if (steer_registry_remove(engine)) {
		steer_refresher_stop(engine);
		engine_free(engine);
	}
}

int steer_engine_check(const char *storage, char *reason, size_t size)
{
	steer_fault_t fault;
	int ret = steer_store_precheck(storage, &fault);
	if (ret == STEER_ENOENT && steer_store_is_empty(storage)) {
		return STEER_OK;
	}
	if (ret != STEER_OK) {
		snprintf(reason, size, "%s", fault.text);
	}
	return ret;
}

/* The query path. */

/*! Whether presets are answered without their steps. */
#ifdef STEER_WITHOUT_PRESETS
#define WITH_PRESETS false
#else
#define WITH_PRESETS true
#endif

static int lookup_get(void *ctx, const uint8_t *key, size_t len, uint64_t hash,
                      steer_entry_t **entry, steer_entry_t *scratch)
{
	(void)scratch; // The cache owns the entry.
	return steer_cache_get(ctx, key, len, hash, entry);
}

static bool lookup_maybe_apex(void *ctx, uint64_t hash)
{
	const steer_query_context_t *context = ctx;
	return steer_apexes_maybe(&context->snapshot->apexes, hash);
}

/*!
 * Whether the host has found its zone, and no hosted zone is at or below that, so that the question
 * is passed on. DS of the zone's own name excepted: it may belong to a hosted zone above.
 */
static inline bool host_is_alone(const steer_query_context_t *context,
                                 const steer_question_t *question)
{
	int len = context->host_zone;
#ifdef STEER_WITHOUT_WITHIN
	return false;
#endif
	if (len <= 0 || len > STEER_APEXES_ANCESTOR || question->type == TYPE_DS) {
		return false;
	}
	const uint8_t *zone = question->name + question->name_len - len;
	return !steer_apexes_maybe_within(&context->snapshot->apexes, steer_name_hash(zone, len));
}

/*!
 * Whether a hosted zone may enclose the QNAME, and at least as closely as the host's own zone.
 *
 * Must be cheap, as every name that is not ours comes here: it hashes suffixes and builds no key.
 */
static bool may_be_ours(steer_query_context_t *context, const steer_question_t *question,
                        uint64_t hash)
{
	const uint8_t *name = question->name, *end = name + question->name_len;
	while (*name != 0 && !steer_apexes_maybe(&context->snapshot->apexes, hash)) {
		name += 1 + *name;
		hash = *name != 0 ? steer_name_hash(name, end - name) : 0;
	}
	if (*name == 0 && !context->snapshot->root) {
		return false;
	}
	int host = steer_query_context_zone(context, question);
	// The host's zone at the name itself may be the child side of a cut: steer_answer() decides.
	return host <= end - name || host == question->name_len;
}

/*! Logs once that a worker's number is out of range. */
__attribute__((cold, noinline))
static int no_such_worker(steer_engine_t *engine, unsigned thread)
{
	if (!atomic_exchange(&engine->worker_logged, true)) {
		steer_engine_log(engine, LOG_ERR, "worker %u cannot answer: %s was opened for %u workers, "
		                 "numbered from 0", thread, engine->storage, engine->threads);
	}
	return STEER_EWORKER;
}

/*!
 * Enters the live snapshot; on success the caller leaves it by rcu_read_unlock().
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EBUSY, STEER_EWORKER
 */
static inline int context_begin(steer_query_context_t *context, steer_engine_t *engine,
                                unsigned thread, const steer_question_t *question)
{
	if (thread >= engine->threads) {
		return no_such_worker(engine, thread);
	}
	rcu_read_lock();
	const steer_snapshot_t *snapshot = rcu_dereference(engine->live);
	if (snapshot == NULL || snapshot->readers == NULL) {
		rcu_read_unlock();
		return snapshot == NULL ? STEER_ENOENT : STEER_EBUSY;
	}
	*context = (steer_query_context_t) {
		engine->workers[thread], thread, question->host_zone, snapshot,
	};
	return STEER_OK;
}

static int lookup_target(void *ctx, uint16_t type, const steer_key_t *name,
                         steer_external_answer_t *target)
{
	return steer_cache_target(ctx, type, name, target);
}

static const steer_lead_t *lookup_lead(void *ctx, const uint8_t *name, uint16_t type);

static const steer_choice_t *lookup_choice(void *ctx, const steer_choice_key_t *key)
{
	const steer_query_context_t *context = ctx;
#ifdef STEER_WITHOUT_CHOICES
	return NULL;
#endif
	return steer_choices_find(&context->worker->cache.choices, context->snapshot, key);
}

static void lookup_remember(void *ctx, const steer_choice_key_t *key, const steer_choice_t *choice)
{
	const steer_query_context_t *context = ctx;
	steer_choices_remember(&context->worker->cache.choices, context->snapshot, key, choice);
}

static inline steer_lookup_t lookup_of(const steer_query_context_t *context)
{
	return (steer_lookup_t) {
		.get = lookup_get, .maybe_apex = lookup_maybe_apex, .target = lookup_target,
		.lead = lookup_lead, .choice = lookup_choice, .remember = lookup_remember,
		.health_table = context->snapshot->health_table, .chance = &context->worker->chance,
		.maps = &context->snapshot->maps->maps, .workspace = &context->worker->workspace,
		.ctx = (void *)context,
	};
}

/*! Finds in the store where a name leads, and caches it; off the fast path. */
static __attribute__((noinline)) const steer_lead_t *walk_lead(const steer_query_context_t *context,
                                                               const uint8_t *name, uint16_t type)
{
	const steer_lookup_t lookup = lookup_of(context);
	steer_lead_t lead;
	return steer_finder_lead(&lookup, name, type, &lead) == STEER_OK
	       ? &steer_cache_remember_lead(context, name, type, &lead)->lead : NULL;
}

static const steer_lead_t *lookup_lead(void *ctx, const uint8_t *name, uint16_t type)
{
	const steer_cached_lead_t *known = steer_cache_find_lead(ctx, name, type);
#ifdef STEER_WITHOUT_LEADS
	known = NULL;
#endif
	return known != NULL ? &known->lead : walk_lead(ctx, name, type);
}

/*! Answers by walking the store, and caches what is found if remember; off the fast path. */
__attribute__((noinline)) static int walk(const steer_query_context_t *context,
                                          const steer_question_t *question, uint64_t hash,
                                          bool remember, const steer_sink_t *sink,
                                          steer_outcome_t *outcome)
{
	const steer_lookup_t lookup = lookup_of(context);
	steer_found_t found;
	int ret = steer_answer(&lookup, question, context->host_zone, sink, outcome, &found);
	if (remember && ret == STEER_OK && found.at != NULL) {
		steer_cache_remember(context, question, hash, &found);
	}
	return ret;
}

/*! Answers by the policy, or the alias, of a cached group. */
__attribute__((noinline))
static int answer_group(const steer_query_context_t *context, const steer_found_t *known,
                        const steer_question_t *question, const steer_sink_t *sink,
                        steer_outcome_t *outcome)
{
	const bool by_client = steer_preset_is_by_client(known->preset);
	int ret;
	if (WITH_PRESETS && !by_client &&
	    steer_answer_few(known, context->snapshot->health_table, &context->worker->chance, sink,
	                     outcome, &ret)) {
		return ret;
	}
	const steer_lookup_t lookup = lookup_of(context);
	if (WITH_PRESETS && steer_answer_alias(known, &lookup, sink, outcome, &ret)) {
		return ret;
	}
	if (WITH_PRESETS && by_client &&
	    steer_answer_by_client(known, &lookup, question, sink, outcome, &ret)) {
		return ret;
	}
	return steer_answer_group(known, &lookup, question, sink, outcome);
}

/*! Answers by what is cached. */
static inline int answer_known(const steer_query_context_t *context, const steer_found_t *known,
                               const steer_question_t *question, const steer_sink_t *sink,
                               steer_outcome_t *outcome)
{
	return known->node == NULL ? steer_answer_values(known, question, sink, outcome)
	                           : answer_group(context, known, question, sink, outcome);
}

/*! Whether a cached answer may be wrong for the host's zone in its present state. */
static bool is_special(const steer_question_t *question)
{
	return question->overlay_only ||
	       (question->bar != NULL && question->bar(question->host) != STEER_BAR_NONE);
}

static inline int answer(steer_query_context_t *context, const steer_question_t *question,
                         const steer_sink_t *sink, steer_outcome_t *outcome)
{
	if (host_is_alone(context, question)) {
		return STEER_ENOENT;
	}
	uint64_t hash = steer_name_hash(question->name, question->name_len);
	const steer_found_t *known = steer_cache_find(context, question, hash);
#ifdef STEER_WITHOUT_QUESTIONS
	known = NULL;
#endif
#ifdef STEER_WITHOUT_NEGATIVES
	known = known != NULL && known->kind == STEER_KIND_POSITIVE ? known : NULL;
#endif
	if (known == NULL && !may_be_ours(context, question, hash)) {
		return STEER_ENOENT;
	}
	bool remember = context->host_zone == STEER_NO_ZONE || !is_special(question);
#ifndef STEER_WITHOUT_ENCLOSERS
	if (known == NULL && remember) {
		known = steer_cache_find_below(context, question, hash);
	}
#endif
	if (known != NULL && remember) {
		return answer_known(context, known, question, sink, outcome);
	}
	return walk(context, question, hash, remember, sink, outcome);
}

/*! Whether a message about a name is to be logged: the first of its kind. */
static bool is_first_notice(steer_engine_t *engine, steer_notice_t kind, const uint8_t *name)
{
	uint64_t hash = (steer_name_hash(name, steer_name_len(name)) ^ kind) | 1; // 0 is a free place.
	for (size_t i = 0; i < STEER_NOTICE_MAX; i++) {
		uint64_t seen = 0;
		if (atomic_compare_exchange_strong(&engine->notices[i], &seen, hash)) {
			return true;
		}
		if (seen == hash) {
			break;
		}
	}
	return false;
}

__attribute__((noinline))
static void log_damaged(steer_engine_t *engine, const uint8_t *name)
{
	if (is_first_notice(engine, STEER_NOTICE_DAMAGED, name)) {
		char text[STEER_NAME_TEXT_MAX];
		steer_name_to_text(text, name);
		steer_engine_log(engine, LOG_ERR, "damaged node, asked for %s: run 'steerctl check'", text);
	}
}

/*! Logs that the host's zone, whose name has len bytes, is signed. */
__attribute__((noinline))
static void log_signed(steer_engine_t *engine, const steer_question_t *question, int len)
{
	const uint8_t *zone = question->name + question->name_len - len;
	if (is_first_notice(engine, STEER_NOTICE_SIGNED, zone)) {
		char text[STEER_NAME_TEXT_MAX];
		steer_name_to_text(text, zone);
		steer_engine_log(engine, LOG_WARNING,
		                 "zone %s is signed, so overlays on it are passed over", text);
	}
}

int steer_engine_answer(steer_engine_t *engine, unsigned thread, const steer_question_t *question,
                        const steer_sink_t *sink, steer_outcome_t *outcome)
{
	steer_query_context_t context;
	int ret = context_begin(&context, engine, thread, question);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = answer(&context, question, sink, outcome);
	rcu_read_unlock();
	if (ret == STEER_OK) {
		return ret;
	}
	if (ret == STEER_EDAMAGED) {
		log_damaged(engine, question->name);
	} else if (ret == STEER_EREFUSED) {
		log_signed(engine, question, context.host_zone);
		ret = STEER_ENOENT;
	}
	return ret;
}

int steer_engine_exists(steer_engine_t *engine, unsigned thread, const steer_question_t *question)
{
	steer_query_context_t context;
	int ret = context_begin(&context, engine, thread, question);
	if (ret != STEER_OK) {
		return ret;
	}
	uint64_t hash = steer_name_hash(question->name, question->name_len);
	ret = STEER_ENOENT;
	if (!host_is_alone(&context, question) && may_be_ours(&context, question, hash)) {
		const steer_lookup_t lookup = lookup_of(&context);
		ret = steer_answer_exists(&lookup, question, context.host_zone);
	}
	rcu_read_unlock();
	return ret;
}
