/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a probe begins, by what its definition names as the target. */
#include <stdlib.h>
#include <string.h>

#include "steerd/probe/probe.h"
#include "unit/test.h"

/* Kinds that succeed at once. */

static void succeed(probe_t *probe)
{
	probe_end(probe, true, "begun");
}

static void do_nothing(probe_t *probe)
{
	(void)probe;
}

#define KIND { .start = succeed, .stop = do_nothing }

const probe_kind_t probe_command = KIND, probe_dns = KIND, probe_http = KIND, probe_icmp = KIND;
const probe_kind_t probe_tcp = KIND, probe_tls = KIND;

/* A resolver without memory. */

lookup_t *addresses_look_up(resolver_t *resolver, const char *host, bool ipv4, bool ipv6,
                            addresses_done_f done, void *ctx)
{
	(void)resolver;
	(void)host;
	(void)ipv4;
	(void)ipv6;
	(void)done;
	(void)ctx;
	return NULL;
}

void addresses_cancel(lookup_t *lookup)
{
	(void)lookup;
}

/* Probes. */

static void take(void *ctx, const probe_result_t *result)
{
	*(probe_result_t *)ctx = *result;
}

static void a_probe_needs_a_target(void **state)
{
	(void)state;
	static const char *const none[] = { NULL }, *const some[] = { "/bin/true", NULL };
	static const struct {
		const char *address, *host;
		const char *const *command;
		bool ok;
		const char *reason;
	} cases[] = {
		{ "192.0.2.1", NULL, none, true, "begun after" },
		{ "192.0.2.1", "www.example.com", none, true, "begun after" },
		{ NULL, NULL, some, true, "begun after" },
		{ NULL, "www.example.com", none, false, "Cannot allocate memory" },
		{ NULL, NULL, none, false, "the store holds no valid target" },
		{ "localhost", NULL, none, false, "the store holds no valid target" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const definition_t definition = {
			.type = STEER_CHECK_TCP, .timeout = 60000, .address = cases[i].address,
			.host = cases[i].host, .command = cases[i].command,
		};
		probe_result_t result = { .reason = "" };
		probers_t probers = { .loop = ev_loop_new(EVFLAG_NOENV) };
		assert_non_null(probe_start(&probers, &definition, take, &result));
		ev_run(probers.loop, EVRUN_NOWAIT);
		assert_memory_equal(result.reason, cases[i].reason, strlen(cases[i].reason));
		assert_int_equal(result.ok, cases[i].ok);
		assert_int_equal(result.inconclusive, !cases[i].ok);
		ev_loop_destroy(probers.loop);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_probe_needs_a_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
