/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/checks.h"

#include <stdlib.h>
#include <string.h>

#include "steerd/log.h"

/*! Probes of one kind of resource. */
typedef struct {
	unsigned running, max;
	check_list_t waiting;
	bool logged; /*!< That one had to wait. */
} pool_t;

enum { POOL_SOCKETS, POOL_PROCESSES, POOLS };

struct checks {
	probers_t *probers;
	metrics_t *metrics;
	checks_decided_f decided;
	void *ctx;
	check_t **by_slot;
	uint32_t slots;
	unsigned round;
	pool_t pools[POOLS];
	check_list_t unpublished;
};

checks_t *checks_new(probers_t *probers, metrics_t *metrics, unsigned sockets,
                     checks_decided_f decided, void *ctx)
{
	checks_t *checks = calloc(1, sizeof(*checks));
	if (checks != NULL) {
		checks->probers = probers;
		checks->metrics = metrics;
		checks->decided = decided;
		checks->ctx = ctx;
		checks->pools[POOL_SOCKETS].max = sockets;
		checks->pools[POOL_PROCESSES].max = CHECKS_PROCESSES;
		for (unsigned i = 0; i < POOLS; i++) {
			TAILQ_INIT(&checks->pools[i].waiting);
		}
		TAILQ_INIT(&checks->unpublished);
	}
	return checks;
}

/* Probing. */

static pool_t *pool_of(const check_t *check)
{
	bool processes = probe_kind(check->definition->type)->processes;
	return &check->checks->pools[processes ? POOL_PROCESSES : POOL_SOCKETS];
}

static void set_timer(check_t *check)
{
	struct ev_loop *loop = check->checks->probers->loop;
	steer_now_t now;
	steer_now(&now);
	uint64_t wait = steer_probe_wait(check->id, check->definition->interval, now.boot_ms);
	ev_timer_stop(loop, &check->timer);
	ev_now_update(loop);
	ev_timer_set(&check->timer, wait / 1000.0, 0);
	ev_timer_start(loop, &check->timer);
}

static void run(check_t *check);

/*! Starts probes that have waited, while there is room. */
static void run_waiting(pool_t *pool)
{
	check_t *check;
	while (pool->running < pool->max && (check = TAILQ_FIRST(&pool->waiting)) != NULL) {
		TAILQ_REMOVE(&pool->waiting, check, wait);
		check->waiting = false;
		run(check);
	}
}

static void replace_text(char **text, const char *new)
{
	free(*text);
	*text = strdup(new); // Without memory there is a state without its reason.
}

/*! Takes what a result has changed. */
static void take_state(check_t *check, const probe_result_t *result)
{
	if (!steer_probe_result(&check->state, &check->definition->rule, result->ok,
	                        check->last.boot_ms)) {
		return;
	}
	check->decided = check->last;
	metrics_transition(check->checks->metrics, check->definition->type, result->ok);
	replace_text(&check->reason, result->reason);
	log_line(LOG_NOTICE, "health check '%s' is %s: %s", check->id, result->ok ? "up" : "down",
	         result->reason);
	checks_unpublish(check);
	check->checks->decided(check->checks->ctx);
}

/*! Says so when a check begins to be without results. */
static void tell_inconclusive(const check_t *check, const probe_result_t *result)
{
	if (!check->last_inconclusive) {
		log_line(LOG_WARNING, "health check '%s' cannot be probed and keeps its state: %s",
		         check->id, result->reason);
	}
}

static void keep_last(check_t *check, const probe_result_t *result)
{
	check->has_last = true;
	check->last_ok = result->ok;
	check->last_inconclusive = result->inconclusive;
	check->last_times = result->times;
	check->probes++;
	check->failures += !result->ok && !result->inconclusive;
	check->inconclusive += result->inconclusive;
	metrics_probe(check->checks->metrics, check->definition->type,
	              metrics_result(result->ok, result->inconclusive), result->times.total);
	steer_now(&check->last);
	replace_text(&check->last_reason, result->reason);
}

static void on_result(void *ctx, const probe_result_t *result)
{
	check_t *check = ctx;
	pool_t *pool = pool_of(check);
	check->probe = NULL;
	pool->running--;
	if (result->inconclusive) {
		tell_inconclusive(check, result);
	}
	keep_last(check, result);
	if (!result->inconclusive) {
		take_state(check, result);
	}
	run_waiting(pool);
}

static void run(check_t *check)
{
	checks_t *checks = check->checks;
	check->probe = probe_start(checks->probers, check->definition, on_result, check);
	pool_of(check)->running += check->probe != NULL;
}

/*! Starts a probe, or lets it wait for its turn. */
static void run_or_wait(check_t *check)
{
	pool_t *pool = pool_of(check);
	if (pool->running < pool->max) {
		run(check);
		return;
	}
	if (!pool->logged) {
		log_line(LOG_WARNING, "%u probes run at the same time, which is the limit: others wait",
		         pool->max);
		pool->logged = true;
	}
	check->waiting = true;
	TAILQ_INSERT_TAIL(&pool->waiting, check, wait);
}

static void on_time(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	check_t *check = timer->data;
	if (check->probe == NULL && !check->waiting) {
		run_or_wait(check);
	}
	set_timer(check);
}

/*! Stops whatever the check is about to do. */
static void halt(check_t *check)
{
	pool_t *pool = pool_of(check);
	ev_timer_stop(check->checks->probers->loop, &check->timer);
	if (check->waiting) {
		TAILQ_REMOVE(&pool->waiting, check, wait);
		check->waiting = false;
	}
	if (check->probe != NULL) {
		probe_cancel(check->probe);
		check->probe = NULL;
		pool->running--;
		run_waiting(pool);
	}
}

/* Which checks there are. */

static void drop(check_t *check)
{
	checks_t *checks = check->checks;
	halt(check);
	if (check->unpublished) {
		TAILQ_REMOVE(&checks->unpublished, check, unpublished_entry);
	}
	checks->by_slot[check->slot] = NULL;
	definition_free(check->definition);
	free(check->reason);
	free(check->last_reason);
	free(check);
}

void checks_free(checks_t *checks)
{
	if (checks != NULL) {
		for (uint32_t i = 0; i < checks->slots; i++) {
			if (checks->by_slot[i] != NULL) {
				drop(checks->by_slot[i]);
			}
		}
		free(checks->by_slot);
		free(checks);
	}
}

static int reserve(checks_t *checks, uint32_t slots)
{
	if (slots <= checks->slots) {
		return STEER_OK;
	}
	uint32_t room = slots < 64 ? 64 : 2 * slots;
	check_t **by_slot = realloc(checks->by_slot, room * sizeof(check_t *));
	if (by_slot == NULL) {
		return STEER_ENOMEM;
	}
	memset(by_slot + checks->slots, 0, (room - checks->slots) * sizeof(check_t *));
	checks->by_slot = by_slot;
	checks->slots = room;
	return STEER_OK;
}

static steer_probed_t stored_state(const steer_health_status_t *checked)
{
	return !checked->has_probed ? STEER_PROBED_UNKNOWN
	       : checked->probed.up ? STEER_PROBED_UP : STEER_PROBED_DOWN;
}

/*! Begins with the state that the store has of it. */
static int add(checks_t *checks, const steer_health_status_t *checked)
{
	uint32_t slot = checked->check.slot;
	if (reserve(checks, slot + 1) != STEER_OK) {
		return STEER_ENOMEM;
	}
	check_t *check = calloc(1, sizeof(*check));
	if (check == NULL) {
		return STEER_ENOMEM;
	}
	check->definition = definition_new(&checked->check);
	if (check->definition == NULL) {
		free(check);
		return STEER_ENOMEM;
	}
	check->checks = checks;
	memcpy(check->id, checked->id, checked->id_len);
	check->slot = slot;
	check->created = checked->check.created;
	check->round = checks->round;
	check->state.probed = stored_state(checked);
	ev_timer_init(&check->timer, on_time, 0, 0);
	check->timer.data = check;
	checks->by_slot[slot] = check;
	set_timer(check);
	return STEER_OK;
}

/*! Begins anew if the store has another state: that went while the check had another type. */
static void follow_stored(check_t *check, const steer_health_status_t *checked)
{
	steer_probed_t stored = stored_state(checked);
	if (!check->unpublished && !check->publishing && check->state.probed != stored) {
		check->state = (steer_probe_state_t) { .probed = stored };
	}
}

/*! Goes on with another definition: results of the old one count no more, its state does. */
static int redefine(check_t *check, const steer_health_check_t *new)
{
	definition_t *definition = definition_new(new);
	if (definition == NULL) {
		return STEER_ENOMEM;
	}
	halt(check);
	definition_free(check->definition);
	check->definition = definition;
	check->state.in_a_row = 0;
	set_timer(check);
	return STEER_OK;
}

void checks_update_begin(checks_t *checks)
{
	checks->round++;
}

int checks_update(checks_t *checks, const steer_health_status_t *checked)
{
	const steer_health_check_t *is = &checked->check;
	check_t *check = checks_get(checks, is->slot);
	if (probe_kind(is->type) == NULL || (is->flags & STEER_CHECK_DISABLED) != 0) {
		return STEER_OK;
	}
	if (check != NULL && check->created != is->created) {
		drop(check); // Deleted and created again.
		check = NULL;
	}
	if (check == NULL) {
		return add(checks, checked);
	}
	check->round = checks->round;
	follow_stored(check, checked);
	return definition_is_of(check->definition, is) ? STEER_OK : redefine(check, is);
}

void checks_update_end(checks_t *checks)
{
	for (uint32_t i = 0; i < checks->slots; i++) {
		check_t *check = checks->by_slot[i];
		if (check != NULL && check->round != checks->round) {
			drop(check);
		}
	}
}

check_t *checks_get(const checks_t *checks, uint32_t slot)
{
	return slot < checks->slots ? checks->by_slot[slot] : NULL;
}

uint32_t checks_slots(const checks_t *checks)
{
	return checks->slots;
}

/* What is to be published. */

bool checks_have_unpublished(const checks_t *checks)
{
	return !TAILQ_EMPTY(&checks->unpublished);
}

check_t *checks_take_unpublished(checks_t *checks)
{
	check_t *check = TAILQ_FIRST(&checks->unpublished);
	if (check != NULL) {
		TAILQ_REMOVE(&checks->unpublished, check, unpublished_entry);
		check->unpublished = false;
	}
	return check;
}

void checks_unpublish(check_t *check)
{
	if (!check->unpublished) {
		TAILQ_INSERT_TAIL(&check->checks->unpublished, check, unpublished_entry);
		check->unpublished = true;
	}
}
