/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/targets.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "core/chance.h"
#include "core/name.h"
#include "core/node.h"
#include "core/types.h"
#include "steerd/log.h"
#include "store/status.h"

/*! Milliseconds for each target over which a reload spreads all. */
#define RELOAD_EACH 1

/*!
 * Milliseconds to a multiple of which refreshes are put off, so that some are sent and received
 * together: of those of 10,000 targets with a TTL of 30 s, about 16.
 */
#define TICK 50

/*! Bounds of the time between confirmations, which is a part of stale-max. In seconds. */
#define CONFIRM_PART 8
#define CONFIRM_MIN  10
#define CONFIRM_MAX  600

struct targets {
	struct ev_loop *loop;
	resolver_t *resolver;
	metrics_t *metrics;
	targets_changed_f changed;
	void *ctx;
	steer_refresh_rule_t rule;
	steer_chance_t chance;
	void *tree;         /*!< Of targets, by type and name. */
	target_t **by_slot;
	uint32_t slots;
	uint32_t free_slot; /*!< No slot before it is free. */
	uint32_t count;
	unsigned round;
	target_list_t unpublished;
};

targets_t *targets_new(struct ev_loop *loop, resolver_t *resolver, metrics_t *metrics,
                       targets_changed_f changed, void *ctx)
{
	targets_t *targets = calloc(1, sizeof(*targets));
	if (targets != NULL) {
		uint64_t seed = 0;
		(void)getentropy(&seed, sizeof(seed)); // Without it, others can know the lateness.
		steer_chance_seed(&targets->chance, seed);
		targets->loop = loop;
		targets->resolver = resolver;
		targets->metrics = metrics;
		targets->changed = changed;
		targets->ctx = ctx;
		TAILQ_INIT(&targets->unpublished);
	}
	return targets;
}

/* What is to be published. */

static void unpublish(target_t *target)
{
	targets_t *targets = target->targets;
	if (!target->unpublished) {
		TAILQ_INSERT_TAIL(&targets->unpublished, target, unpublished_entry);
		target->unpublished = true;
		targets->changed(targets->ctx);
	}
}

static bool has_answer(const target_t *target)
{
	return target->refresh.answer != STEER_RESOLVED_FAILURE;
}

/*! What others see of a target, besides its records. */
typedef struct {
	steer_resolved_t answer;
	bool held, stale;
} face_t;

static face_t face_of(const target_t *target)
{
	const steer_refresh_t *refresh = &target->refresh;
	return has_answer(target)
	       ? (face_t) { refresh->answer, refresh->held, refresh->failures > 0 }
	       : (face_t) { .answer = STEER_RESOLVED_FAILURE };
}

static bool same_face(const face_t *a, const face_t *b)
{
	return a->answer == b->answer && a->held == b->held && a->stale == b->stale;
}

/* Times. */

static void start_timer(const targets_t *targets, ev_timer *timer, uint64_t ms)
{
	ev_timer_stop(targets->loop, timer);
	ev_now_update(targets->loop);
	ev_timer_set(timer, ms / 1000.0, 0);
	ev_timer_start(targets->loop, timer);
}

static void set_next(target_t *target, const steer_now_t *now)
{
	targets_t *targets = target->targets;
	if (target->query == NULL) {
		uint32_t chance = steer_chance_bits(&targets->chance) >> 32;
		uint64_t wait = steer_refresh_wait(&target->refresh, &targets->rule, now, chance);
		if (wait > 0) {
			wait += TICK - (now->boot_ms + wait) % TICK;
		}
		start_timer(targets, &target->next, wait);
	}
}

static void set_end(target_t *target, const steer_now_t *now)
{
	targets_t *targets = target->targets;
	uint64_t left = steer_refresh_left(&target->refresh, &targets->rule, now);
	if (left < (uint64_t)STEER_LEFT_MAX) {
		start_timer(targets, &target->end, left);
	} else {
		ev_timer_stop(targets->loop, &target->end);
	}
}

/* Records. */

/*! Records that were received, in the store's form. */
typedef struct {
	uint8_t *rrs;
	uint32_t len;
	uint16_t count;
} records_t;

/*! Overwrites the TTL of wire-ready RRs. */
static void set_ttl(uint8_t *rr, uint16_t count, uint32_t ttl)
{
	enum { TTL_BEFORE_RDATA = 6 };
	const uint8_t bytes[] = { ttl >> 24, ttl >> 16, ttl >> 8, ttl };
	for (; count > 0; count--) {
		uint8_t *rdata = rr + STEER_RR_HEAD;
		memcpy(rdata - TTL_BEFORE_RDATA, bytes, sizeof(bytes));
		rr = rdata + (rdata[-2] << 8 | rdata[-1]);
	}
}

/*!
 * Writes records, without a TTL.
 *
 * \return NULL, or why they cannot be an answer
 */
static const char *write_records(records_t *records, const knot_rrset_t *rrset)
{
	size_t size = 0;
	const knot_rdata_t *rdata = rrset->rrs.rdata;
	for (uint16_t i = 0; i < rrset->rrs.count; i++, rdata = knot_rdataset_next((void *)rdata)) {
		size += STEER_RR_HEAD + rdata->len;
	}
	if (size > STEER_RRS_MAX) {
		return "more records than a message holds";
	}
	if (rrset->type == KNOT_RRTYPE_CNAME && rrset->rrs.count > 1) {
		return "several CNAME records";
	}
	uint8_t *at = records->rrs = malloc(size);
	if (at == NULL) {
		return steer_strerror(STEER_ENOMEM);
	}
	rdata = rrset->rrs.rdata;
	for (uint16_t i = 0; i < rrset->rrs.count; i++, rdata = knot_rdataset_next((void *)rdata)) {
		at += steer_rr_write(at, rrset->type, 0, rdata->data, rdata->len);
	}
	records->len = size;
	records->count = rrset->rrs.count;
	return NULL;
}

/*! Clamps the TTL anew. \return whether it is another one */
static bool clamp_ttl(target_t *target)
{
	uint32_t ttl = steer_refresh_ttl(&target->refresh, &target->targets->rule);
	bool same = ttl == target->ttl;
	if (!same) {
		target->ttl = ttl;
		set_ttl(target->rrs, target->count, ttl);
	}
	return !same;
}

/*! Takes records, and the TTL. \return whether they, or it, are others */
static bool take_records(target_t *target, records_t *records)
{
	set_ttl(records->rrs, records->count, target->ttl);
	bool same = target->count == records->count && target->rrs_len == records->len &&
	            (records->len == 0 || memcmp(target->rrs, records->rrs, records->len) == 0);
	free(target->rrs);
	target->rrs = records->rrs;
	target->rrs_len = records->len;
	target->count = records->count;
	*records = (records_t) { .rrs = NULL };
	return clamp_ttl(target) || !same;
}

/* Results. */

static void set_error(target_t *target, const char *error)
{
	char *copy = error != NULL ? strdup(error) : NULL; // Without memory there is no reason.
	free(target->error);
	target->error = copy;
}

/*! A target in messages. */
#define TARGET_TEXT (STEER_TYPE_TEXT + STEER_NAME_TEXT_MAX)

static const char *text_of(const target_t *target, char text[TARGET_TEXT])
{
	char type[STEER_TYPE_TEXT];
	snprintf(text, TARGET_TEXT, "%s %s", target->text, steer_type_text(target->type, type));
	return text;
}

static const char *answer_text(steer_resolved_t answer)
{
	return answer == STEER_RESOLVED_NXDOMAIN ? "NXDOMAIN" : "no such records";
}

static const char *error_of(const target_t *target)
{
	return target->error != NULL ? target->error : "";
}

/*! The first failure is told, not each. */
static void log_failure(const target_t *target)
{
	char text[TARGET_TEXT];
	if (target->refresh.failures == 1) {
		log_line(LOG_WARNING, "alias target %s: not resolved%s: %s", text_of(target, text),
		         has_answer(target) ? ", its last answer is given" : "", error_of(target));
	}
}

/*! Tells that the answer was stale for too long. */
static void tell_gone(const target_t *target)
{
	char text[TARGET_TEXT];
	target->targets->metrics->removed++;
	log_line(LOG_WARNING, "alias target %s: stale for too long, no longer given: %s",
	         text_of(target, text), error_of(target));
}

static void log_response(const target_t *target, const face_t *before, bool failed,
                         steer_resolved_t resolved)
{
	char text[TARGET_TEXT];
	const steer_refresh_t *refresh = &target->refresh;
	text_of(target, text);
	if (failed) {
		log_line(LOG_NOTICE, "alias target %s: resolved again", text);
	}
	if (refresh->held && !before->held) {
		log_line(LOG_WARNING, "alias target %s: %s, its records are held", text,
		         answer_text(resolved));
	} else if (before->held && !refresh->held) {
		log_line(LOG_NOTICE, "alias target %s: %s, its records are no longer held", text,
		         resolved == STEER_RESOLVED_RECORDS ? "records again" : answer_text(resolved));
	}
}

static void go_on(target_t *target, const face_t *before, bool changed, const steer_now_t *now)
{
	const face_t after = face_of(target);
	target->confirmed = false;
	if (changed || !same_face(before, &after)) {
		unpublish(target);
	}
	set_next(target, now);
	set_end(target, now);
}

static void take_failure(target_t *target, const char *error)
{
	targets_t *targets = target->targets;
	const face_t before = face_of(target);
	steer_now_t now;
	steer_now(&now);
	set_error(target, error);
	target->failures++;
	metrics_refresh(targets->metrics, STEER_RESOLVED_FAILURE);
	if (steer_refresh_result(&target->refresh, &targets->rule, STEER_RESOLVED_FAILURE, 0, &now) ==
	    STEER_REFRESH_GONE) {
		tell_gone(target);
	} else {
		log_failure(target);
	}
	go_on(target, &before, false, &now);
}

static void take_response(target_t *target, steer_resolved_t resolved, uint32_t ttl,
                          records_t *records)
{
	targets_t *targets = target->targets;
	const face_t before = face_of(target);
	bool failed = target->refresh.failures > 0, changed = false;
	steer_now_t now;
	steer_now(&now);
	set_error(target, NULL);
	target->refreshes++;
	metrics_refresh(targets->metrics, resolved);
	if (steer_refresh_result(&target->refresh, &targets->rule, resolved, ttl, &now) ==
	    STEER_REFRESH_TAKEN) {
		changed = take_records(target, records) || target->refresh.answer != before.answer;
		targets->metrics->changes += changed;
	}
	log_response(target, &before, failed, resolved);
	go_on(target, &before, changed, &now);
}

static void on_response(void *ctx, const response_t *response)
{
	static const steer_resolved_t kinds[] = {
		[RESPONSE_RECORDS] = STEER_RESOLVED_RECORDS, [RESPONSE_NODATA] = STEER_RESOLVED_NODATA,
		[RESPONSE_NXDOMAIN] = STEER_RESOLVED_NXDOMAIN,
		[RESPONSE_FAILURE] = STEER_RESOLVED_FAILURE,
	};
	target_t *target = ctx;
	records_t records = { .rrs = NULL };
	const char *error = response->fault;
	target->query = NULL;
	if (response->kind == RESPONSE_RECORDS) {
		error = write_records(&records, response->rrset);
	}
	if (error != NULL) {
		take_failure(target, error);
	} else {
		take_response(target, kinds[response->kind], response->ttl, &records);
	}
	free(records.rrs);
}

static void on_next(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	target_t *target = timer->data;
	// A cache of the resolver would say again that there are no records.
	bool anew = target->refresh.held;
	target->query = resolver_query(target->targets->resolver, target->text, target->type, anew,
	                               on_response, target);
	if (target->query == NULL) {
		take_failure(target, steer_strerror(STEER_ENOMEM));
	}
}

static void on_end(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	target_t *target = timer->data;
	steer_now_t now;
	steer_now(&now);
	if (steer_refresh_expire(&target->refresh, &target->targets->rule, &now)) {
		tell_gone(target);
		unpublish(target);
	} else {
		set_end(target, &now);
	}
}

/* Which targets there are. */

/*! Order in the tree: by type, then by name. */
static int compare(const void *a, const void *b)
{
	const target_t *x = a, *y = b;
	if (x->type != y->type) {
		return x->type < y->type ? -1 : 1;
	}
	size_t x_len = steer_name_len(x->name), y_len = steer_name_len(y->name);
	return x_len != y_len ? (x_len < y_len ? -1 : 1) : memcmp(x->name, y->name, x_len);
}

static target_t *find(const targets_t *targets, uint16_t type, const uint8_t *name)
{
	const target_t key = { .type = type, .name = name };
	void *node = tfind(&key, &targets->tree, compare);
	return node != NULL ? *(target_t **)node : NULL;
}

static int reserve_slot(targets_t *targets)
{
	while (targets->free_slot < targets->slots && targets->by_slot[targets->free_slot] != NULL) {
		targets->free_slot++;
	}
	if (targets->free_slot < targets->slots) {
		return STEER_OK;
	}
	uint32_t room = targets->slots < 64 ? 64 : 2 * targets->slots;
	target_t **by_slot = realloc(targets->by_slot, room * sizeof(target_t *));
	if (by_slot == NULL) {
		return STEER_ENOMEM;
	}
	memset(by_slot + targets->slots, 0, (room - targets->slots) * sizeof(target_t *));
	targets->by_slot = by_slot;
	targets->slots = room;
	return STEER_OK;
}

/*! Makes a target with its name behind it, in both forms. */
static target_t *new_target(targets_t *targets, uint16_t type, const uint8_t *name)
{
	char text[STEER_NAME_TEXT_MAX];
	steer_name_to_text(text, name);
	size_t len = steer_name_len(name), text_size = strlen(text) + 1;
	target_t *target = calloc(1, sizeof(*target) + len + text_size);
	if (target != NULL) {
		target->targets = targets;
		target->type = type;
		target->name = memcpy(target + 1, name, len);
		target->text = memcpy((char *)(target + 1) + len, text, text_size);
		ev_timer_init(&target->next, on_next, 0, 0);
		ev_timer_init(&target->end, on_end, 0, 0);
		target->next.data = target->end.data = target;
	}
	return target;
}

/*! Adds a target that is not in use. \return NULL: out of memory */
static target_t *add(targets_t *targets, uint16_t type, const uint8_t *name)
{
	target_t *target = reserve_slot(targets) == STEER_OK ? new_target(targets, type, name) : NULL;
	if (target == NULL || tsearch(target, &targets->tree, compare) == NULL) {
		free(target);
		return NULL;
	}
	target->slot = targets->free_slot;
	targets->by_slot[target->slot] = target;
	targets->count++;
	return target;
}

/*! Stops whatever the target is about to do. */
static void halt(target_t *target)
{
	targets_t *targets = target->targets;
	ev_timer_stop(targets->loop, &target->next);
	ev_timer_stop(targets->loop, &target->end);
	if (target->query != NULL) {
		resolver_query_cancel(target->query);
		target->query = NULL;
	}
}

static void forget(target_t *target)
{
	targets_t *targets = target->targets;
	halt(target);
	if (target->unpublished) {
		TAILQ_REMOVE(&targets->unpublished, target, unpublished_entry);
	}
	(void)tdelete(target, &targets->tree, compare);
	targets->by_slot[target->slot] = NULL;
	targets->count--;
	if (target->slot < targets->free_slot) {
		targets->free_slot = target->slot;
	}
	free(target->rrs);
	free(target->error);
	free(target);
}

void targets_clear(targets_t *targets)
{
	for (uint32_t i = 0; i < targets->slots; i++) {
		if (targets->by_slot[i] != NULL) {
			forget(targets->by_slot[i]);
		}
	}
}

void targets_free(targets_t *targets)
{
	if (targets != NULL) {
		targets_clear(targets);
		free(targets->by_slot);
		free(targets);
	}
}

/*! Begins with the answer that the store has. */
static int take_stored(target_t *target, const steer_external_answer_t *stored)
{
	if (stored->rrs_len > 0) {
		target->rrs = malloc(stored->rrs_len);
		if (target->rrs == NULL) {
			return STEER_ENOMEM;
		}
		memcpy(target->rrs, stored->rrs, stored->rrs_len);
	}
	target->rrs_len = stored->rrs_len;
	target->count = stored->count;
	target->ttl = stored->ttl;
	target->confirmed = true;
	target->handed_over = (steer_now_t) { .wall = stored->tried };
	target->error = stored->error_len > 0 ? strndup(stored->error, stored->error_len) : NULL;
	steer_refresh_restore(&target->refresh, stored);
	return STEER_OK;
}

int targets_restore(targets_t *targets, uint16_t type, const uint8_t *name,
                    const steer_external_answer_t *stored)
{
	target_t *target = find(targets, type, name);
	bool known = target != NULL;
	if (!known) {
		target = add(targets, type, name);
	}
	if (target == NULL) {
		return STEER_ENOMEM;
	}
	if (!known && stored != NULL && take_stored(target, stored) != STEER_OK) {
		forget(target); // It is taken another time.
		return STEER_ENOMEM;
	}
	target->stored = true;
	return STEER_OK;
}

/*! Holds an answer to the rule, as it is now. */
static void apply_rule(target_t *target, const steer_now_t *now)
{
	if (has_answer(target) && clamp_ttl(target)) {
		unpublish(target);
	}
	set_next(target, now);
	set_end(target, now);
}

/*! Begins to use a target: a new one, one of the store, or one whose key is about to go. */
static void begin(target_t *target)
{
	steer_now_t now;
	steer_now(&now);
	target->used = true;
	if (target->publishing) {
		unpublish(target);
	}
	apply_rule(target, &now);
}

void targets_update_begin(targets_t *targets)
{
	targets->round++;
}

int targets_update(targets_t *targets, uint16_t type, const uint8_t *name)
{
	target_t *target = find(targets, type, name);
	if (target == NULL) {
		target = add(targets, type, name);
	}
	if (target == NULL) {
		return STEER_ENOMEM;
	}
	target->round = targets->round;
	if (!target->used) {
		begin(target);
	}
	return STEER_OK;
}

/*! Whether the key of a target that is not in use is about to be removed. */
static bool is_leaving(const target_t *target)
{
	return !target->used && (target->unpublished || target->publishing);
}

static void drop(target_t *target)
{
	halt(target);
	target->used = false;
	if (target->stored || target->publishing) {
		unpublish(target); // It stays until its key is removed.
	} else {
		forget(target);
	}
}

void targets_update_end(targets_t *targets)
{
	for (uint32_t i = 0; i < targets->slots; i++) {
		target_t *target = targets->by_slot[i];
		if (target != NULL && target->round != targets->round && !is_leaving(target)) {
			drop(target);
		}
	}
}

target_t *targets_get(const targets_t *targets, uint32_t slot)
{
	return slot < targets->slots ? targets->by_slot[slot] : NULL;
}

uint32_t targets_slots(const targets_t *targets)
{
	return targets->slots;
}

/* Settings. */

const steer_refresh_rule_t *targets_rule(const targets_t *targets)
{
	return &targets->rule;
}

static bool same_rule(const steer_refresh_rule_t *a, const steer_refresh_rule_t *b)
{
	return a->ttl_min == b->ttl_min && a->ttl_max == b->ttl_max &&
	       a->stale_max == b->stale_max && a->empty_hold == b->empty_hold;
}

void targets_configure(targets_t *targets, const steer_refresh_rule_t *rule)
{
	if (same_rule(&targets->rule, rule)) {
		return;
	}
	steer_now_t now;
	steer_now(&now);
	targets->rule = *rule;
	for (uint32_t i = 0; i < targets->slots; i++) {
		target_t *target = targets->by_slot[i];
		if (target != NULL && target->used) {
			apply_rule(target, &now);
		}
	}
}

void targets_reload(targets_t *targets)
{
	uint64_t spread = (uint64_t)targets->count * RELOAD_EACH;
	for (uint32_t i = 0; i < targets->slots; i++) {
		target_t *target = targets->by_slot[i];
		if (target != NULL && target->used && target->query == NULL) {
			start_timer(targets, &target->next, steer_chance_below(&targets->chance, spread));
		}
	}
}

/* Handing over. */

bool targets_have_unpublished(const targets_t *targets)
{
	return !TAILQ_EMPTY(&targets->unpublished);
}

uint32_t targets_confirm_after(const targets_t *targets)
{
	uint32_t after = targets->rule.stale_max / CONFIRM_PART;
	return after < CONFIRM_MIN ? CONFIRM_MIN : after > CONFIRM_MAX ? CONFIRM_MAX : after;
}

void targets_confirm(targets_t *targets, uint32_t seconds)
{
	steer_now_t now;
	steer_now(&now);
	for (uint32_t i = 0; i < targets->slots; i++) {
		target_t *target = targets->by_slot[i];
		if (target != NULL && target->used && !target->confirmed && has_answer(target)) {
			int64_t until = steer_now_until(&now, &target->handed_over);
			if (until > 0 || -until >= INT64_C(1000) * seconds) {
				unpublish(target);
			}
		}
	}
}

target_t *targets_hand_over(targets_t *targets)
{
	target_t *target = TAILQ_FIRST(&targets->unpublished);
	if (target != NULL) {
		TAILQ_REMOVE(&targets->unpublished, target, unpublished_entry);
		target->unpublished = false;
		target->publishing = true;
		target->removing = !target->used || !has_answer(target);
		target->stored = target->stored || !target->removing;
		target->confirmed = true;
		steer_now(&target->handed_over);
	}
	return target;
}

void targets_settle(target_t *target, bool done)
{
	target->publishing = false;
	if (!done) {
		unpublish(target);
		return;
	}
	target->stored = target->stored && !target->removing;
	if (!target->used && !target->stored && !target->unpublished) {
		forget(target);
	}
}
