/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plugin of BIND: translates between BIND and the engine, which answers hosted zones. */
#include <syslog.h>

#include <ns/hooks.h>
#include <ns/log.h>

#include "bind/parameters.h"
#include "bind/query.h"
#include "bind/versions.h"
#include "steer/engine.h"

/*! What named finds by name; everything else is hidden from it. */
#define EXPORTED __attribute__((visibility("default")))

static void log_line(void *ctx, int priority, const char *text)
{
	static const int levels[] = {
		[LOG_EMERG] = ISC_LOG_CRITICAL, [LOG_ALERT] = ISC_LOG_CRITICAL,
		[LOG_CRIT] = ISC_LOG_CRITICAL, [LOG_ERR] = ISC_LOG_ERROR,
		[LOG_WARNING] = ISC_LOG_WARNING, [LOG_NOTICE] = ISC_LOG_NOTICE,
		[LOG_INFO] = ISC_LOG_INFO, [LOG_DEBUG] = ISC_LOG_DEBUG(1),
	};
	const steer_instance_t *instance = ctx;
	isc_log_write(instance->log, NS_LOGCATEGORY_GENERAL, NS_LOGMODULE_HOOKS, levels[priority & 7],
	              "steer: %s", text);
}

/*! The log tells what the gauges would: BIND has no metrics of plugins. */
static void ignore_gauge(void *ctx, steer_gauge_t gauge, uint64_t value)
{
	(void)ctx;
	(void)gauge;
	(void)value;
}

static void instance_free(steer_instance_t *instance)
{
	steer_engine_close(instance->engine, instance);
	isc_mem_putanddetach(&instance->mctx, instance, sizeof(*instance));
}

/*!
 * Opens the engine. If it cannot be opened, named goes on without it, since the failure of a plugin
 * ends a starting named with all its zones.
 */
static void open_engine(steer_instance_t *instance, const steer_parameters_t *parameters)
{
	const steer_listener_t listener = {
		.log = log_line, .gauge = ignore_gauge, .ctx = instance,
	};
	int ret = steer_engine_open(&instance->engine, parameters->storage, parameters->threads,
	                            &listener);
	if (ret != STEER_OK) {
		isc_log_write(instance->log, NS_LOGCATEGORY_GENERAL, NS_LOGMODULE_HOOKS, ISC_LOG_CRITICAL,
		              "steer: %s is not served: %s", parameters->storage, steer_strerror(ret));
	}
}

EXPORTED isc_result_t plugin_register(const char *text, const void *cfg, const char *file,
                                      unsigned long line, isc_mem_t *mctx, isc_log_t *log,
                                      void *actx, ns_hooktable_t *hooktable, void **instp)
{
	(void)cfg;
	(void)actx;
	const steer_parameter_text_t given = { text, file, line, mctx, log };
	steer_parameters_t parameters;
	isc_result_t result = steer_parameters_read(&given, false, &parameters);
	if (result != ISC_R_SUCCESS) {
		return result;
	}
	steer_instance_t *instance = isc_mem_get(mctx, sizeof(*instance));
	*instance = (steer_instance_t) { .ecs = parameters.ecs, .log = log };
	isc_mem_attach(mctx, &instance->mctx);
	open_engine(instance, &parameters);
	if (instance->engine != NULL) {
		steer_query_add_hooks(hooktable, mctx, instance);
	}
	*instp = instance;
	return ISC_R_SUCCESS;
}

EXPORTED isc_result_t plugin_check(const char *text, const void *cfg, const char *file,
                                   unsigned long line, isc_mem_t *mctx, isc_log_t *log, void *actx)
{
	(void)cfg;
	(void)actx;
	const steer_parameter_text_t given = { text, file, line, mctx, log };
	steer_parameters_t parameters;
	// named 9.20 checks its configuration by this, too; only it has a log for its queries.
	bool is_checkconf = ns_lctx == NULL;
	return steer_parameters_read(&given, is_checkconf, &parameters);
}

EXPORTED void plugin_destroy(void **instp)
{
	instance_free(*instp);
	*instp = NULL;
}

EXPORTED int plugin_version(void)
{
	return NS_PLUGIN_VERSION;
}
