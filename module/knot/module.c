/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mod-steer: answers hosted zones, between Knot and the engine. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <knot/module.h>

#include "knot/packet.h"
#include "steer/engine.h"

#define MOD_STORAGE       "\x07""storage"
#define C_SERVER          "\x06""server"
#define C_ANSWER_ROTATION "\x0F""answer-rotation"

static const yp_item_t steer_conf[] = {
	{ MOD_STORAGE, YP_TSTR, YP_VNONE },
	{ 0 }
};

/*! What passes here loads; files are looked at, never opened as a store: it may be in use. */
static int steer_conf_check(knotd_conf_check_args_t *args)
{
	static _Thread_local char reason[1100]; // Knot reads it after the return.
	knotd_conf_t storage = knotd_conf_check_item(args, MOD_STORAGE);
	if (storage.count == 0) {
		args->err_str = "no storage specified";
		return KNOT_EINVAL;
	}
	if (storage.single.string[0] != '/') {
		args->err_str = "storage must be an absolute path";
		return KNOT_EINVAL;
	}
	if (steer_engine_check(storage.single.string, reason, sizeof(reason)) != STEER_OK) {
		args->err_str = reason;
		return KNOT_EINVAL;
	}
	return KNOT_EOK;
}

enum { CTR_ANSWER, CTR_ERROR };

typedef struct {
	steer_engine_t *engine;
	bool rotate;         /*!< server.answer-rotation. */
	bool host_only;      /*!< At zone scope: answer for that zone alone. */
	unsigned threads;
	uint8_t *scratch[];  /*!< By thread. */
} steer_ctx_t;

static char *kind_to_str(uint32_t idx, uint32_t count)
{
	static const char *const names[STEER_KINDS] = {
		[STEER_KIND_POSITIVE] = "positive",
		[STEER_KIND_NODATA] = "nodata",
		[STEER_KIND_NXDOMAIN] = "nxdomain",
		[STEER_KIND_REFERRAL] = "referral",
	};
	assert(idx < count && count == STEER_KINDS);
	(void)count;
	return strdup(names[idx]);
}

static void log_line(void *ctx, int priority, const char *text)
{
	knotd_mod_log(ctx, priority, "%s", text);
}

/*! Whether another module has dealt with the query already. */
static bool is_settled(knotd_state_t state)
{
	return state == KNOTD_STATE_NOOP || state == KNOTD_STATE_DONE ||
	       state == KNOTD_STATE_FAIL || state == KNOTD_STATE_FINAL;
}

static bool is_plain_query(const knotd_qdata_t *qdata)
{
	return qdata->type == KNOTD_QUERY_TYPE_NORMAL &&
	       knot_pkt_qclass(qdata->query) == KNOT_CLASS_IN && !knot_pkt_has_tsig(qdata->query);
}

static steer_question_t question_of(knotd_qdata_t *qdata, const steer_ctx_t *ctx)
{
	const knot_dname_t *zone = knotd_qdata_zone_name(qdata);
	return (steer_question_t) {
		.name = knot_pkt_qname(qdata->query),
		.type = knot_pkt_qtype(qdata->query),
		.name_len = qdata->query->qname_size,
		.host_labels = zone == NULL ? STEER_NO_ZONE : (int)knot_dname_labels(zone, NULL),
		.host_only = ctx->host_only,
	};
}

static knotd_state_t fail(knotd_qdata_t *qdata, knotd_mod_t *mod)
{
	knotd_mod_stats_incr(mod, qdata->params->thread_id, CTR_ERROR, 0, 1);
	qdata->rcode = KNOT_RCODE_SERVFAIL; // Costs this name only.
	return KNOTD_STATE_FAIL;
}

static inline knotd_state_t finish(knot_pkt_t *pkt, knotd_qdata_t *qdata, knotd_mod_t *mod,
                                   const steer_outcome_t *outcome)
{
	knotd_mod_stats_incr(mod, qdata->params->thread_id, CTR_ANSWER, outcome->kind, 1);
	if (outcome->authoritative) {
		knot_wire_set_aa(pkt->wire);
	}
	qdata->rcode = outcome->rcode;
	return KNOTD_STATE_DONE;
}

static knotd_state_t steer_begin(knotd_state_t state, knot_pkt_t *pkt, knotd_qdata_t *qdata,
                                 knotd_mod_t *mod)
{
	assert(pkt && qdata && mod);

	const steer_ctx_t *ctx = knotd_mod_ctx(mod);
	if (ctx == NULL || is_settled(state) || !is_plain_query(qdata)) {
		return state; // All BEGIN hooks run; a dropped query stays dropped.
	}
	unsigned thread = qdata->params->thread_id;
	if (thread >= ctx->threads) {
		return state;
	}

	const steer_question_t question = question_of(qdata, ctx);
	steer_packet_t packet = {
		.pkt = pkt, .scratch = ctx->scratch[thread],
		.rotate = ctx->rotate ? knot_wire_get_id(qdata->query->wire) : 0,
	};
	const steer_sink_t sink = { .put = steer_packet_put, .ctx = &packet };
	steer_outcome_t outcome;
	switch (steer_engine_answer(ctx->engine, thread, &question, &sink, &outcome)) {
	case STEER_OK:
		return finish(pkt, qdata, mod, &outcome);
	case STEER_ESPACE:
		// Truncation sends the client to TCP; there is nowhere to go from there.
		return qdata->params->proto == KNOTD_QUERY_PROTO_UDP
		       ? finish(pkt, qdata, mod, &outcome) : fail(qdata, mod);
	case STEER_ENOENT:
		return state; // Not our name: Knot answers.
	default:
		return fail(qdata, mod);
	}
}

static void ctx_free(steer_ctx_t *ctx, knotd_mod_t *mod)
{
	if (ctx == NULL) {
		return;
	}
	steer_engine_close(ctx->engine, mod);
	for (unsigned i = 0; i < ctx->threads; i++) {
		free(ctx->scratch[i]);
	}
	free(ctx);
}

static steer_ctx_t *ctx_new(knotd_mod_t *mod)
{
	unsigned threads = knotd_mod_threads(mod);
	steer_ctx_t *ctx = calloc(1, sizeof(*ctx) + threads * sizeof(*ctx->scratch));
	if (ctx == NULL) {
		return NULL;
	}
	ctx->threads = threads;
	for (unsigned i = 0; i < threads; i++) {
		ctx->scratch[i] = malloc(STEER_SCRATCH_SIZE);
		if (ctx->scratch[i] == NULL) {
			ctx_free(ctx, mod);
			return NULL;
		}
	}
	ctx->host_only = knotd_mod_zone(mod) != NULL;
	ctx->rotate = knotd_conf(mod, C_SERVER, C_ANSWER_ROTATION, NULL).single.boolean;
	return ctx;
}

static int add_hooks(knotd_mod_t *mod)
{
	int ret = knotd_mod_stats_add(mod, "answer", STEER_KINDS, kind_to_str);
	if (ret == KNOT_EOK) {
		ret = knotd_mod_stats_add(mod, "error", 1, NULL);
	}
	if (ret == KNOT_EOK) {
		ret = knotd_mod_hook(mod, KNOTD_STAGE_BEGIN, steer_begin);
	}
	return ret;
}

static int steer_load(knotd_mod_t *mod)
{
	steer_ctx_t *ctx = ctx_new(mod);
	if (ctx == NULL) {
		return KNOT_ENOMEM;
	}
	knotd_conf_t storage = knotd_conf_mod(mod, MOD_STORAGE);
	int ret = steer_engine_open(&ctx->engine, storage.single.string, ctx->threads, log_line, mod)
	          == STEER_OK ? add_hooks(mod) : KNOT_ENOMEM;
	if (ret != KNOT_EOK) {
		ctx_free(ctx, mod);
		return ret;
	}
	// Last: after a failed load knotd before 3.5.4 does not unload; later ones do if this is set.
	knotd_mod_ctx_set(mod, ctx);
	return KNOT_EOK;
}

static void steer_unload(knotd_mod_t *mod)
{
	ctx_free(knotd_mod_ctx(mod), mod);
	knotd_mod_ctx_set(mod, NULL); // A reload that fails must not unload twice.
}

KNOTD_MOD_API(steer, KNOTD_MOD_FLAG_SCOPE_ANY, steer_load, steer_unload, steer_conf,
              steer_conf_check);
