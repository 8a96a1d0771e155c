/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/probes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/health_check.h"
#include "steerd/log.h"
#include "unit/test.h"

unsigned probes_running, log_lines;
char log_last[512];

void log_line(int priority, const char *format, ...)
{
	(void)priority;
	va_list args;
	va_start(args, format);
	vsnprintf(log_last, sizeof(log_last), format, args);
	va_end(args);
	log_lines++;
}

const probe_kind_t *probe_kind(uint8_t type)
{
	static const probe_kind_t sockets = { .processes = false }, processes = { .processes = true };
	return !steer_health_check_type_is_probed(type) ? NULL
	       : type == STEER_CHECK_COMMAND ? &processes : &sockets;
}

probe_t *probe_start(probers_t *probers, const definition_t *definition, probe_done_f done,
                     void *ctx)
{
	probe_t *probe = calloc(1, sizeof(*probe));
	assert_non_null(probe);
	probe->probers = probers;
	probe->definition = definition;
	probe->done = done;
	probe->ctx = ctx;
	probes_running++;
	return probe;
}

void probe_cancel(probe_t *probe)
{
	free(probe);
	probes_running--;
}

static void end(check_t *check, const probe_result_t *result)
{
	assert_non_null(check->probe);
	probe_t probe = *check->probe;
	probe_cancel(check->probe);
	probe.done(probe.ctx, result);
}

void probes_end(check_t *check, bool ok)
{
	probe_result_t result = { .ok = ok, .times = { .total = 1000 } };
	snprintf(result.reason, sizeof(result.reason), "%s is %s", check->id, ok ? "good" : "bad");
	end(check, &result);
}

void probes_end_inconclusive(check_t *check)
{
	const probe_result_t result = { .inconclusive = true, .reason = "no room" };
	end(check, &result);
}

steer_health_status_t checked_of(const char *id, uint32_t slot, uint32_t created, const char *text,
                                 char state)
{
	steer_health_status_t checked = {
		.id = id, .id_len = strlen(id), .has_probed = state != '?', .probed.up = state == 'U',
	};
	char copy[256], *rest = copy, *option;
	steer_fault_t fault;
	snprintf(copy, sizeof(copy), "%s", text);
	assert_true(steer_health_check_type_parse(strsep(&rest, " "), &checked.check.type));
	while ((option = strsep(&rest, " ")) != NULL) {
		char *value = strchr(option, '=');
		*value++ = '\0';
		assert_int_equal(steer_health_check_set(&checked.check, option, value, &fault), STEER_OK);
	}
	checked.check.slot = slot;
	checked.check.created = created;
	return checked;
}
