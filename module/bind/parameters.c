/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <isc/buffer.h>
#include <isccfg/cfg.h>
#include <isccfg/grammar.h>
#include <isccfg/log.h>

#include "bind/parameters.h"
#include "bind/versions.h"
#include "steer/engine.h"

static cfg_clausedef_t clauses[] = {
	{ "ecs", &cfg_type_boolean, 0 },
	{ "storage", &cfg_type_qstring, 0 },
	{ "threads", &cfg_type_uint32, 0 },
	{ NULL, NULL, 0 },
};

static cfg_clausedef_t *clause_sets[] = { clauses, NULL };

static cfg_type_t parameters_type = {
	"steer-parameters", cfg_parse_mapbody, cfg_print_mapbody, cfg_doc_mapbody, &cfg_rep_map,
	clause_sets,
};

/*! Logs what is wrong. \param[in] object  Where it is, if anywhere; it does not know its file. */
__attribute__((format(printf, 3, 4)))
static isc_result_t refuse(const steer_parameter_text_t *text, const cfg_obj_t *object,
                           const char *format, ...)
{
	char what[1200];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	isc_log_write(text->log, CFG_LOGCATEGORY_CONFIG, CFG_LOGMODULE_PARSER, ISC_LOG_ERROR,
	              "%s:%u: %s", text->file,
	              object != NULL ? cfg_obj_line(object) : (unsigned)text->line, what);
	return ISC_R_FAILURE;
}

static isc_result_t read_storage(const steer_parameter_text_t *text, const cfg_obj_t *map,
                                 bool store, steer_parameters_t *parameters)
{
	const cfg_obj_t *object = NULL;
	if (cfg_map_get(map, "storage", &object) != ISC_R_SUCCESS) {
		return refuse(text, NULL, "no storage specified");
	}
	const char *path = cfg_obj_asstring(object);
	if (path[0] != '/' || strlen(path) >= sizeof(parameters->storage)) {
		return refuse(text, object, "storage must be an absolute path of at most %zu bytes",
		              sizeof(parameters->storage) - 1);
	}
	char reason[1100];
	if (store && steer_engine_check(path, reason, sizeof(reason)) != STEER_OK) {
		return refuse(text, object, "%s", reason);
	}
	strcpy(parameters->storage, path);
	return ISC_R_SUCCESS;
}

static isc_result_t read_threads(const steer_parameter_text_t *text, const cfg_obj_t *map,
                                 steer_parameters_t *parameters)
{
	const cfg_obj_t *object = NULL;
	if (cfg_map_get(map, "threads", &object) != ISC_R_SUCCESS) {
		parameters->threads = bind_workers();
		return ISC_R_SUCCESS;
	}
	uint32_t threads = cfg_obj_asuint32(object);
	if (threads < 1 || threads > STEER_THREADS_MAX) {
		return refuse(text, object, "threads must be from 1 to %u", STEER_THREADS_MAX);
	}
	parameters->threads = threads;
	return ISC_R_SUCCESS;
}

static isc_result_t read_map(const steer_parameter_text_t *text, const cfg_obj_t *map, bool store,
                             steer_parameters_t *parameters)
{
	isc_result_t result = read_storage(text, map, store, parameters);
	if (result != ISC_R_SUCCESS) {
		return result;
	}
	const cfg_obj_t *ecs = NULL;
	parameters->ecs = cfg_map_get(map, "ecs", &ecs) == ISC_R_SUCCESS && cfg_obj_asboolean(ecs);
	return read_threads(text, map, parameters);
}

/*! The line on which the parameters begin: BIND tells the one on which they end. */
static unsigned long first_line(const steer_parameter_text_t *text, const char *chars)
{
	unsigned long line = text->line;
	for (; *chars != '\0'; chars++) {
		line -= *chars == '\n';
	}
	return line;
}

isc_result_t steer_parameters_read(const steer_parameter_text_t *text, bool store,
                                   steer_parameters_t *parameters)
{
	const char *chars = text->text != NULL ? text->text : "";
	isc_buffer_t buffer;
	isc_buffer_constinit(&buffer, chars, strlen(chars));
	isc_buffer_add(&buffer, strlen(chars));
	cfg_parser_t *parser = NULL;
	isc_result_t result = cfg_parser_create(text->mctx, text->log, &parser);
	if (result != ISC_R_SUCCESS) {
		return result;
	}
	cfg_obj_t *map = NULL;
	result = cfg_parse_buffer(parser, &buffer, text->file, first_line(text, chars),
	                          &parameters_type, 0, &map);
	if (result == ISC_R_SUCCESS) {
		steer_parameters_t read = { 0 };
		result = read_map(text, map, store, &read);
		if (result == ISC_R_SUCCESS) {
			*parameters = read;
		}
		cfg_obj_destroy(parser, &map);
	}
	cfg_parser_destroy(&parser);
	return result;
}
