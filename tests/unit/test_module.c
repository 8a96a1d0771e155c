/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What no real knotd can show about the module: this program is the host, and gives it workers that
 * did not exist when it was loaded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <knot/module.h>

#include "unit/test.h"

extern const knotd_mod_api_t knotd_mod_api;

/* Knot 3.4 takes more of its arguments as constants, and has one of its calls in the header. */
#if KNOTD_MOD_ABI_VERSION >= 600
#define KNOT_CONST const
#else
#define KNOT_CONST
#endif

enum { WORKERS = 2 };

/*! State of an unanswered query; it has no public name. */
#define PRODUCE ((knotd_state_t)3)

/* Knot's side: as much of it as loading and a query need. */

struct knotd_mod {
	void *ctx;
	knotd_mod_hook_f begin;
	unsigned counted;
	unsigned lines; /*!< Logged about a worker. */
};

void *knotd_mod_ctx(KNOT_CONST knotd_mod_t *mod)
{
	return mod->ctx;
}

void knotd_mod_ctx_set(knotd_mod_t *mod, void *ctx)
{
	mod->ctx = ctx;
}

const knot_dname_t *knotd_mod_zone(KNOT_CONST knotd_mod_t *mod)
{
	(void)mod;
	return NULL;
}

unsigned knotd_mod_threads(knotd_mod_t *mod)
{
	(void)mod;
	return WORKERS;
}

void knotd_mod_log(knotd_mod_t *mod, int priority, const char *format, ...)
{
	char text[1200];
	va_list args;
	(void)priority;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	mod->lines += strstr(text, "worker 2 cannot answer") != NULL;
}

int knotd_mod_hook(knotd_mod_t *mod, knotd_stage_t stage, knotd_mod_hook_f hook)
{
	mod->begin = stage == KNOTD_STAGE_BEGIN ? hook : mod->begin;
	return KNOT_EOK;
}

int knotd_mod_stats_add(knotd_mod_t *mod, const char *name, uint32_t count,
                        knotd_mod_idx_to_str_f name_of)
{
	(void)mod;
	(void)name;
	(void)count;
	(void)name_of;
	return KNOT_EOK;
}

void knotd_mod_stats_incr(knotd_mod_t *mod, unsigned worker, uint32_t counter, uint32_t index,
                          uint64_t value)
{
	(void)counter;
	(void)index;
	(void)value;
	assert_in_range(worker, 0, WORKERS - 1);
	mod->counted++;
}

void knotd_mod_stats_store(knotd_mod_t *mod, unsigned worker, uint32_t counter, uint32_t index,
                           uint64_t value)
{
	(void)mod;
	(void)worker;
	(void)counter;
	(void)index;
	(void)value;
}

knotd_conf_t knotd_conf(knotd_mod_t *mod, const yp_name_t *section, const yp_name_t *item,
                        const knotd_conf_t *id)
{
	(void)mod;
	(void)section;
	(void)item;
	(void)id;
	return (knotd_conf_t) { 0 };
}

knotd_conf_t knotd_conf_mod(knotd_mod_t *mod, const yp_name_t *item)
{
	(void)mod;
	(void)item;
	return (knotd_conf_t) { .single.string = "/nonexistent/steer", .count = 1 };
}

knotd_conf_t knotd_conf_check_item(knotd_conf_check_args_t *args, const yp_name_t *item)
{
	(void)args;
	(void)item;
	return (knotd_conf_t) { 0 };
}

const knot_dname_t *knotd_qdata_zone_name(KNOT_CONST knotd_qdata_t *qdata)
{
	(void)qdata;
	return NULL;
}

#if KNOTD_MOD_ABI_VERSION < 600
const struct sockaddr_storage *knotd_qdata_remote_addr(knotd_qdata_t *qdata)
{
	(void)qdata;
	return NULL;
}
#endif

knot_rrset_t knotd_qdata_zone_apex_rrset(KNOT_CONST knotd_qdata_t *qdata, uint16_t type)
{
	(void)qdata;
	(void)type;
	return (knot_rrset_t) { 0 };
}

/*! Gives a worker's query to the module. */
static knotd_state_t ask(knotd_mod_t *mod, unsigned worker, uint16_t *rcode)
{
	knot_pkt_t *query = knot_pkt_new(NULL, 512, NULL), *reply = knot_pkt_new(NULL, 512, NULL);
	assert_int_equal(knot_pkt_put_question(query, (const uint8_t *)"\3www\7example", KNOT_CLASS_IN,
	                                       KNOT_RRTYPE_A), KNOT_EOK);
	assert_int_equal(knot_pkt_init_response(reply, query), KNOT_EOK);
	knotd_qdata_params_t params = { .thread_id = worker };
	knotd_qdata_t qdata = { .query = query, .type = KNOTD_QUERY_TYPE_NORMAL, .params = &params };
	knotd_state_t state = mod->begin(PRODUCE, reply, &qdata, mod);
	*rcode = qdata.rcode;
	knot_pkt_free(reply);
	knot_pkt_free(query);
	return state;
}

static void a_worker_beyond_those_at_the_load_answers_servfail(void **state)
{
	(void)state;
	knotd_mod_t mod = { 0 };
	uint16_t rcode;
	assert_int_equal(knotd_mod_api.load(&mod), KNOT_EOK);
	assert_non_null(mod.begin);
	for (unsigned worker = 0; worker < WORKERS; worker++) {
		assert_int_equal(ask(&mod, worker, &rcode), PRODUCE); // It is passed on.
		assert_int_equal(rcode, KNOT_RCODE_NOERROR);
	}
	assert_int_equal(mod.lines, 0);
	for (unsigned again = 0; again < 3; again++) {
		assert_int_equal(ask(&mod, WORKERS, &rcode), KNOTD_STATE_FAIL);
		assert_int_equal(rcode, KNOT_RCODE_SERVFAIL);
		assert_int_equal(ask(&mod, WORKERS + 1000, &rcode), KNOTD_STATE_FAIL);
		assert_int_equal(rcode, KNOT_RCODE_SERVFAIL);
	}
	assert_int_equal(mod.lines, 1);
	assert_int_equal(mod.counted, 0);
	knotd_mod_api.unload(&mod);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_beyond_those_at_the_load_answers_servfail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
