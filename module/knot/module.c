/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mod-steer: translates between Knot and the engine, which answers hosted zones. */
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <knot/module.h>

#include "knot/chain.h"
#include "knot/packet.h"
#include "steer/engine.h"

#define MOD_STORAGE       "\x07""storage"
#define C_SERVER          "\x06""server"
#define C_ANSWER_ROTATION "\x0F""answer-rotation"

/*! Address families of EDNS Client Subnet (IANA, address family numbers). */
#define ECS_FAMILY_4 1
#define ECS_FAMILY_6 2

static const yp_item_t steer_conf[] = {
	{ MOD_STORAGE, YP_TSTR, YP_VNONE },
	{ 0 }
};

/*! What passes here loads. Never opens the store through LMDB, since it may be in use. */
static int steer_conf_check(knotd_conf_check_args_t *args)
{
	static _Thread_local char reason[1100]; // Knot reads it after this function has returned.
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

/*! Counters, in the order in which they are added. */
enum {
	CTR_ANSWER, CTR_STALE_ANSWER, CTR_ERROR, CTR_SERVFAIL, CTR_CHANGE_SET, CTR_STALE_SINCE,
	CTR_STEERD_SILENT_SINCE,
};

/*! Why a query gets SERVFAIL, except damaged data, which counts as an error. */
enum { FAIL_NOT_READY, FAIL_POLICY, FAIL_TOO_LARGE, FAILS };

/*! A module instance. */
typedef struct {
	steer_engine_t *engine;
	bool rotate;         /*!< server.answer-rotation. */
	bool host_only;      /*!< At zone scope: answers for that zone alone. */
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

static char *fail_to_str(uint32_t idx, uint32_t count)
{
	static const char *const names[FAILS] = {
		[FAIL_NOT_READY] = "not-ready",
		[FAIL_POLICY] = "policy",
		[FAIL_TOO_LARGE] = "too-large",
	};
	assert(idx < count && count == FAILS);
	(void)count;
	return strdup(names[idx]);
}

/*! Sets a gauge. Knot adds up the values of its threads, so thread 0 alone has it. */
static void set_gauge(void *ctx, steer_gauge_t gauge, uint64_t value)
{
	static const uint32_t counters[STEER_GAUGES] = {
		[STEER_GAUGE_CHANGE_SET] = CTR_CHANGE_SET,
		[STEER_GAUGE_STALE_SINCE] = CTR_STALE_SINCE,
		[STEER_GAUGE_STEERD_SILENT_SINCE] = CTR_STEERD_SILENT_SINCE,
	};
	knotd_mod_stats_store(ctx, 0, counters[gauge], 0, value);
}

static void log_line(void *ctx, int priority, const char *text)
{
	knotd_mod_log(ctx, priority, "%s", text);
}

/*! Whether another module has already dealt with the query. */
static bool is_settled(knotd_state_t state)
{
	return state == KNOTD_STATE_NOOP || state == KNOTD_STATE_DONE ||
	       state == KNOTD_STATE_FAIL || state == KNOTD_STATE_FINAL;
}

static inline bool is_plain_query(const knotd_qdata_t *qdata)
{
	return qdata->type == KNOTD_QUERY_TYPE_NORMAL &&
	       knot_pkt_qclass(qdata->query) == KNOT_CLASS_IN && !knot_pkt_has_tsig(qdata->query);
}

/*! Why no overlay may answer over the zone that Knot has found, if any. */
static steer_bar_t bar_of(void *host)
{
	knot_rrset_t rrset = knotd_qdata_zone_apex_rrset(host, KNOT_RRTYPE_DNSKEY);
	if (!knot_rrset_empty(&rrset)) {
		return STEER_BAR_SIGNED;
	}
	rrset = knotd_qdata_zone_apex_rrset(host, KNOT_RRTYPE_SOA);
	return knot_rrset_empty(&rrset) ? STEER_BAR_ABSENT : STEER_BAR_NONE;
}

/*! Length of an address of family 4 or 6. */
static size_t address_len(uint8_t family)
{
	return family == 4 ? 4 : 16;
}

/*! Sets the client from EDNS Client Subnet. */
static void subnet_of(const knotd_qdata_t *qdata, steer_client_t *client)
{
	const knot_edns_client_subnet_t *ecs = qdata->ecs;
	if (ecs != NULL && (ecs->family == ECS_FAMILY_4 || ecs->family == ECS_FAMILY_6)) {
		client->family = ecs->family == ECS_FAMILY_4 ? 4 : 6;
		client->length = ecs->source_len;
		memcpy(client->address, ecs->address, sizeof(client->address)); // The rest is 0.
	}
}

/*! Sets the client from the source address. */
static void source_of(knotd_qdata_t *qdata, steer_client_t *client)
{
	const struct sockaddr_storage *source = knotd_qdata_remote_addr(qdata);
	const void *address;
	if (source->ss_family == AF_INET) {
		client->family = 4;
		address = &((const struct sockaddr_in *)source)->sin_addr;
	} else if (source->ss_family == AF_INET6) {
		client->family = 6;
		address = &((const struct sockaddr_in6 *)source)->sin6_addr;
	} else {
		return;
	}
	client->length = 8 * address_len(client->family);
	memcpy(client->address, address, address_len(client->family));
}

static void client_of(void *host, bool subnet, steer_client_t *client)
{
	if (subnet) {
		subnet_of(host, client);
	} else {
		source_of(host, client);
	}
}

/*! Bytes of the name of the zone that Knot has found. */
static inline int zone_of(knotd_qdata_t *qdata)
{
	const knot_dname_t *zone = knotd_qdata_zone_name(qdata), *end = zone;
	if (zone == NULL) {
		return STEER_NO_ZONE;
	}
	while (*end != 0) { // As knot_dname_size(), which each query would have to call.
		end += 1 + *end;
	}
	return end + 1 - zone;
}

static inline steer_question_t question_of(knotd_qdata_t *qdata, const steer_ctx_t *ctx)
{
	const int zone = zone_of(qdata);
	return (steer_question_t) {
		.name = knot_pkt_qname(qdata->query),
		.type = knot_pkt_qtype(qdata->query),
		.name_len = qdata->query->qname_size,
		.host_only = ctx->host_only,
		.host_zone = zone,
		.bar = bar_of,
		.client = client_of,
		.host = qdata,
	};
}

static inline steer_packet_t packet_of(knot_pkt_t *pkt, knotd_qdata_t *qdata,
                                       const steer_ctx_t *ctx)
{
	unsigned thread = qdata->params->thread_id; // If out of range, the engine puts nothing.
	return (steer_packet_t) {
		.pkt = pkt, .scratch = thread < ctx->threads ? ctx->scratch[thread] : NULL,
		.rotate = ctx->rotate ? knot_wire_get_id(qdata->query->wire) : 0,
	};
}

/*! Ends a query with SERVFAIL; error is an extended DNS error, or -1. */
static knotd_state_t fail(knotd_qdata_t *qdata, knotd_mod_t *mod, uint32_t counter, uint32_t why,
                          int error)
{
	knotd_mod_stats_incr(mod, qdata->params->thread_id, counter, why, 1);
	qdata->rcode = KNOT_RCODE_SERVFAIL; // Only this name is affected.
	if (error >= 0) {
		qdata->rcode_ede = error;
	}
	return KNOTD_STATE_FAIL;
}

/*! Puts the SOA of Knot's zone into an overlay's negative answer (RFC 2308, section 3). */
static void put_host_soa(knot_pkt_t *pkt, knotd_qdata_t *qdata)
{
	knot_rrset_t soa = knotd_qdata_zone_apex_rrset(qdata, KNOT_RRTYPE_SOA);
	if (!knot_rrset_empty(&soa)) {
		uint32_t minimum = knot_soa_minimum(soa.rrs.rdata);
		soa.ttl = soa.ttl < minimum ? soa.ttl : minimum;
		(void)knot_pkt_begin(pkt, KNOT_AUTHORITY);
		(void)knot_pkt_put(pkt, KNOT_COMPR_HINT_NONE, &soa, KNOT_PF_NOTRUNC);
	}
}

/*! Gives the answer the scope that belongs to its client subnet, if the query has one. */
static inline void set_scope(knotd_qdata_t *qdata, const steer_outcome_t *outcome)
{
	if (qdata->ecs != NULL) {
		qdata->ecs->scope_len = outcome->scope;
	}
}

/*! Ends a query to which the engine has no answer. \param[in] ret  Why. */
static knotd_state_t fail_by(knotd_qdata_t *qdata, knotd_mod_t *mod, int ret,
                             const steer_outcome_t *outcome)
{
	set_scope(qdata, outcome);
	if (ret != STEER_ESERVFAIL) {
		return fail(qdata, mod, CTR_ERROR, 0, outcome->error);
	}
	return fail(qdata, mod, CTR_SERVFAIL, outcome->error == STEER_EDE_NOT_READY
	            ? FAIL_NOT_READY : FAIL_POLICY, outcome->error);
}

/*! Ends a query with an answer that is in the packet, AA included. */
static inline knotd_state_t end(knotd_qdata_t *qdata, knotd_mod_t *mod, steer_kind_t kind,
                                uint8_t rcode, const steer_outcome_t *outcome)
{
	knotd_mod_stats_incr(mod, qdata->params->thread_id, CTR_ANSWER, kind, 1);
	if (outcome->stale) {
		knotd_mod_stats_incr(mod, qdata->params->thread_id, CTR_STALE_ANSWER, 0, 1);
	}
	set_scope(qdata, outcome);
	qdata->rcode = rcode;
	return KNOTD_STATE_DONE;
}

/*! Likewise, with AA as the outcome says. */
static knotd_state_t finish(knot_pkt_t *pkt, knotd_qdata_t *qdata, knotd_mod_t *mod,
                            const steer_outcome_t *outcome)
{
	if (outcome->authoritative) {
		knot_wire_set_aa(pkt->wire);
	}
	return end(qdata, mod, outcome->kind, outcome->rcode, outcome);
}

/*! Ends a query that the engine has not answered in full. \param[in] ret  Why. */
__attribute__((noinline))
static knotd_state_t finish_by(knot_pkt_t *pkt, knotd_qdata_t *qdata, knotd_mod_t *mod, int ret,
                               const steer_outcome_t *outcome)
{
	switch (ret) {
	case STEER_ESPACE:
		// Truncation sends the client to TCP; from there, it has nowhere to go.
		if (qdata->params->proto != KNOTD_QUERY_PROTO_UDP) {
			set_scope(qdata, outcome);
			return fail(qdata, mod, CTR_SERVFAIL, FAIL_TOO_LARGE, -1);
		}
		knot_wire_set_tc(pkt->wire);
		return finish(pkt, qdata, mod, outcome);
	case STEER_EBUSY:
		return KNOTD_STATE_NOOP;
	case STEER_EWORKER:
		qdata->rcode = KNOT_RCODE_SERVFAIL; // Not counted: counters are per worker, too.
		return KNOTD_STATE_FAIL;
	default:
		return fail_by(qdata, mod, ret, outcome);
	}
}

static knotd_state_t steer_begin(knotd_state_t state, knot_pkt_t *pkt, knotd_qdata_t *qdata,
                                 knotd_mod_t *mod)
{
	const steer_ctx_t *ctx = knotd_mod_ctx(mod);
	if (ctx == NULL || is_settled(state) || !is_plain_query(qdata)) {
		return state; // All BEGIN hooks are run; a dropped query must stay dropped.
	}

	const steer_question_t question = question_of(qdata, ctx);
	steer_packet_t packet = packet_of(pkt, qdata, ctx);
	const steer_sink_t sink = steer_packet_sink(&packet);
	steer_outcome_t outcome;
	const int ret = steer_engine_answer(ctx->engine, qdata->params->thread_id, &question, &sink,
	                                    &outcome);
	if (ret != STEER_OK) {
		return ret == STEER_ENOENT ? state // Not our name: Knot answers.
		                           : finish_by(pkt, qdata, mod, ret, &outcome);
	}
	if (outcome.raw_count > 0) {
		steer_packet_add_raw(pkt, &outcome);
		return end(qdata, mod, STEER_KIND_POSITIVE, KNOT_RCODE_NOERROR, &outcome);
	}
	if (outcome.host_soa) {
		put_host_soa(pkt, qdata);
	}
	return finish(pkt, qdata, mod, &outcome);
}

/*! Makes SERVFAIL of Knot's chain, at the end of which an overlay has no answer to give. */
static bool fail_chain(steer_chain_t *chain, knotd_mod_t *mod, int ret,
                       const steer_outcome_t *outcome)
{
	knot_pkt_t *pkt = chain->packet->pkt;
	chain->links = 0;
	if (steer_chain_start(chain) != STEER_OK) {
		return false;
	}
	(void)fail_by(chain->qdata, mod, ret, outcome);
	knot_wire_clear_aa(pkt->wire);
	steer_chain_end(chain);
	knot_wire_set_rcode(pkt->wire, KNOT_RCODE_SERVFAIL);
	return true;
}

/*! Ends Knot's chain after its first links, if an overlay holds the name they lead to. */
static bool end_chain(knot_pkt_t *pkt, knotd_qdata_t *qdata, knotd_mod_t *mod,
                      const steer_question_t *question, int links)
{
	const steer_ctx_t *ctx = knotd_mod_ctx(mod);
	steer_packet_t packet = packet_of(pkt, qdata, ctx);
	packet.asked = question->name;
	steer_chain_t chain = { .packet = &packet, .qdata = qdata, .links = links };
	const steer_sink_t sink = {
		.put = steer_chain_put, .ctx = &chain, .room = pkt->max_size,
	};
	steer_outcome_t outcome;
	int ret = steer_engine_answer(ctx->engine, qdata->params->thread_id, question, &sink, &outcome);
	switch (ret) {
	case STEER_OK:
	case STEER_ESPACE:
		if (!chain.started && steer_chain_start(&chain) != STEER_OK) {
			return false;
		}
		break;
	case STEER_ENOENT:
	case STEER_EBUSY:
	case STEER_EWORKER:
		return false;
	default:
		return fail_chain(&chain, mod, ret, &outcome);
	}
	if (ret != STEER_OK) {
		knot_wire_set_tc(pkt->wire); // Over TCP, the client asks for the target itself.
	} else if (outcome.host_soa) {
		put_host_soa(pkt, qdata);
	}
	(void)finish(pkt, qdata, mod, &outcome);
	steer_chain_end(&chain);
	knot_wire_set_rcode(pkt->wire, outcome.rcode);
	return true;
}

/*! Whether Knot's answer has led from the QNAME to another name. */
static inline bool is_chain(const knotd_qdata_t *qdata)
{
	return qdata->name != knot_pkt_qname(qdata->query);
}

/*! Makes a question be about a name that Knot's answer led to. */
static void set_name(steer_question_t *question, knot_dname_storage_t room,
                     const knot_dname_t *name)
{
	question->name_len = knot_dname_store(room, name);
	knot_dname_to_lower(room);
	question->name = room;
}

/*! Ends the chain that is Knot's answer by an overlay; false: none holds a name in it. */
static bool amend_chain(knot_pkt_t *pkt, knotd_qdata_t *qdata, knotd_mod_t *mod,
                        steer_question_t *question)
{
	const knot_dname_t *target;
	for (int links = 0; (target = steer_chain_next(pkt, qdata, &links)) != NULL;) {
		knot_dname_storage_t name;
		set_name(question, name, target);
		if (end_chain(pkt, qdata, mod, question, links)) {
			return true;
		}
	}
	return false;
}

/*! Adds to Knot's answer what only an overlay has: the end of a chain, a name. */
__attribute__((noinline))
static void amend(knot_pkt_t *pkt, knotd_qdata_t *qdata, knotd_mod_t *mod)
{
	const steer_ctx_t *ctx = knotd_mod_ctx(mod);
	if (ctx == NULL || !is_plain_query(qdata)) {
		return;
	}
	steer_question_t question = question_of(qdata, ctx);
	question.overlay_only = true;
	if ((is_chain(qdata) && amend_chain(pkt, qdata, mod, &question)) ||
	    qdata->rcode != KNOT_RCODE_NXDOMAIN) {
		return;
	}
	knot_dname_storage_t name;
	set_name(&question, name, qdata->name);
	if (steer_engine_exists(ctx->engine, qdata->params->thread_id, &question) == STEER_OK) {
		qdata->rcode = KNOT_RCODE_NOERROR;
		knot_wire_set_rcode(pkt->wire, KNOT_RCODE_NOERROR);
	}
}

static knotd_state_t steer_end(knotd_state_t state, knot_pkt_t *pkt, knotd_qdata_t *qdata,
                               knotd_mod_t *mod)
{
	// Without a name the query did not reach Knot's zones; most were answered at BEGIN.
	if (qdata->name != NULL && state == KNOTD_STATE_DONE &&
	    (qdata->rcode == KNOT_RCODE_NXDOMAIN ||
	     (qdata->rcode == KNOT_RCODE_NOERROR && is_chain(qdata)))) {
		amend(pkt, qdata, mod);
	}
	return state;
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

static int add_counters(knotd_mod_t *mod)
{
	static const struct {
		const char *name;
		uint32_t count;
		knotd_mod_idx_to_str_f name_of;
	} counters[] = {
		[CTR_ANSWER] = { "answer", STEER_KINDS, kind_to_str },
		[CTR_STALE_ANSWER] = { "stale-answer", 1, NULL },
		[CTR_ERROR] = { "error", 1, NULL },
		[CTR_SERVFAIL] = { "servfail", FAILS, fail_to_str },
		[CTR_CHANGE_SET] = { "change-set", 1, NULL },
		[CTR_STALE_SINCE] = { "stale-since", 1, NULL },
		[CTR_STEERD_SILENT_SINCE] = { "steerd-silent-since", 1, NULL },
	};
	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++) {
		int ret = knotd_mod_stats_add(mod, counters[i].name, counters[i].count,
		                              counters[i].name_of);
		if (ret != KNOT_EOK) {
			return ret;
		}
	}
	return KNOT_EOK;
}

static int add_hooks(knotd_mod_t *mod)
{
	int ret = knotd_mod_hook(mod, KNOTD_STAGE_BEGIN, steer_begin);
	if (ret != KNOT_EOK) {
		return ret;
	}
	return knotd_mod_hook(mod, KNOTD_STAGE_END, steer_end);
}

static int open_engine(steer_ctx_t *ctx, knotd_mod_t *mod)
{
	const steer_listener_t listener = { .log = log_line, .gauge = set_gauge, .ctx = mod };
	knotd_conf_t storage = knotd_conf_mod(mod, MOD_STORAGE);
	switch (steer_engine_open(&ctx->engine, storage.single.string, ctx->threads, &listener)) {
	case STEER_OK:
		return KNOT_EOK;
	case STEER_ENOMEM:
		return KNOT_ENOMEM;
	default:
		return KNOT_ERROR;
	}
}

static int steer_load(knotd_mod_t *mod)
{
	steer_ctx_t *ctx = ctx_new(mod);
	if (ctx == NULL) {
		return KNOT_ENOMEM;
	}
	int ret = add_counters(mod); // Before the engine, which sets some of them.
	if (ret != KNOT_EOK) {
		goto fail;
	}
	ret = open_engine(ctx, mod);
	if (ret != KNOT_EOK) {
		goto fail;
	}
	ret = add_hooks(mod);
	if (ret != KNOT_EOK) {
		goto fail;
	}
	// Last: knotd before 3.5.4 never unloads after a failed load, later ones do if this is set.
	knotd_mod_ctx_set(mod, ctx);
	return KNOT_EOK;
fail:
	ctx_free(ctx, mod);
	return ret;
}

static void steer_unload(knotd_mod_t *mod)
{
	ctx_free(knotd_mod_ctx(mod), mod);
	knotd_mod_ctx_set(mod, NULL); // A reload that fails must not unload twice.
}

KNOTD_MOD_API(steer, KNOTD_MOD_FLAG_SCOPE_ANY, steer_load, steer_unload, steer_conf,
              steer_conf_check);
