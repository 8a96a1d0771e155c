/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any text as a zone file: it is read or refused, and what was read is written and read
 *        back as the same record. What libzscanner accepts unchanged has no lines of other
 *        programs; those become record sets that keep the promises of the interface.
 */
#include <libzscanner/scanner.h>
#include <stdlib.h>
#include <string.h>

#include "core/health_check.h"
#include "core/name.h"
#include "core/program.h"
#include "core/regions.h"
#include "formats/dialect_lines.h"
#include "formats/lua/lua.h"
#include "formats/route53/cli53.h"
#include "formats/text.h"
#include "formats/zonefile.h"
#include "tests/fuzz/target.h"

typedef struct {
	steer_text_t *text;
	steer_cli53_t *cli53;
	steer_lua_t *lua;
} story_t;

static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	steer_text_t *text = story->text;
	char owner[STEER_NAME_TEXT];
	uint8_t name[255];
	steer_name_print(record->owner, owner);
	if (steer_name_parse(owner, name) != STEER_OK ||
	    strlen((const char *)name) != strlen((const char *)record->owner)) {
		abort();
	}
	char *shown = strdup(steer_rdata_print(text, record->type, record->rdata,
	                                       record->rdata_len));
	const uint8_t *rdata;
	uint16_t rdata_len;
	if (shown == NULL ||
	    steer_rdata_parse(text, (const uint8_t *)"", record->type, shown, &rdata, &rdata_len,
	                      NULL) != STEER_OK ||
	    rdata_len != record->rdata_len || memcmp(rdata, record->rdata, rdata_len) != 0) {
		abort();
	}
	free(shown);
	return STEER_OK;
}

static int take_set(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	(void)ctx;
	(void)fault;
	char target[STEER_NAME_TEXT];
	uint8_t name[255];
	require(set->place.file != NULL && set->place.line > 0);
	require(strlen(set->set.id) <= STEER_SET_ID_MAX);
	if (set->set.alias == NULL) {
		return STEER_OK;
	}
	steer_name_print(set->set.alias, target);
	if (steer_name_parse(target, name) != STEER_OK ||
	    steer_name_len(name) != steer_name_len(set->set.alias) ||
	    memcmp(name, set->set.alias, steer_name_len(name)) != 0) {
		abort();
	}
	return STEER_OK;
}

static int take_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	(void)ctx;
	(void)fault;
	require(policy->place.line > 0 && policy->len > 0 && policy->len <= STEER_PROGRAM_MAX);
	touch(policy->program, policy->len);
	return STEER_OK;
}

static int take_cli53(void *ctx, const steer_cli53_line_t *line, steer_report_t *report)
{
	const story_t *story = ctx;
	return steer_cli53_take(story->cli53, line, report);
}

static int end_zone(void *ctx, steer_report_t *report)
{
	const story_t *story = ctx;
	return steer_cli53_pass(story->cli53, (const uint8_t *)"", report);
}

static int take_lua(void *ctx, const steer_lua_line_t *line, steer_report_t *report)
{
	const story_t *story = ctx;
	touch(line->code, line->len);
	return steer_lua_take(story->lua, line, report);
}

static bool locate(void *ctx, const steer_network_t *host, steer_coordinates_t *point)
{
	(void)ctx;
	*point = (steer_coordinates_t) { host->address[0], host->address[1] };
	return host->address[2] != 9;
}

static int take_check(void *ctx, const char *id, const steer_health_check_t *check,
                      const steer_place_t *place, steer_fault_t *fault)
{
	(void)ctx;
	(void)fault;
	require(steer_health_check_id_is_good(id) && place->line > 0);
	touch(check->options, check->options_len);
	return STEER_OK;
}

static int take_network(void *ctx, const steer_text_network_t *network, steer_fault_t *fault)
{
	(void)ctx;
	(void)fault;
	require(steer_region_name_is_good(network->collection, strlen(network->collection)));
	require(steer_region_name_is_good(network->location, strlen(network->location)));
	return STEER_OK;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	(void)ctx;
	require(place->file != NULL && place->line > 0 && place->column > 0 && text[0] != '\0');
}

static bool scanner_takes(const char *text, size_t size)
{
	zs_scanner_t *scanner = malloc(sizeof(*scanner));
	bool takes = scanner != NULL && zs_init(scanner, ".", 1, 60) == 0 &&
	             zs_set_input_string(scanner, text, size) == 0;
	while (takes && zs_parse_record(scanner) == 0 && scanner->state != ZS_STATE_EOF) {
		takes = scanner->state == ZS_STATE_DATA;
	}
	zs_deinit(scanner);
	free(scanner);
	return takes;
}

static void look_for_dialect_lines(const char *text, size_t size)
{
	steer_input_t *input = NULL;
	if (steer_input_text(&input, "text", text, size) == STEER_OK &&
	    steer_dialect_lines_copy(input) == STEER_OK && input->copy != NULL &&
	    scanner_takes(text, size)) {
		abort();
	}
	steer_input_free(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	look_for_dialect_lines((const char *)data, size);
	story_t story = { .text = steer_text_new() };
	const steer_reading_t reading = {
		.record = take_record, .policy = take_policy, .set = take_set, .check = take_check,
		.network = take_network, .error = take_error, .warn = take_error, .ctx = &story,
	};
	story.cli53 = steer_cli53_new(&reading);
	story.lua = steer_lua_new(&reading, locate, NULL);
	const steer_dialects_t dialects = { take_lua, take_cli53, end_zone, &story };
	const steer_zonefile_sink_t sink = {
		.record = take_record, .set = take_set, .error = take_error, .warn = take_error,
		.ctx = &story, .dialects = &dialects,
	};
	steer_zonefile_t *file = NULL;
	if (story.text != NULL && story.cli53 != NULL && story.lua != NULL &&
	    steer_zonefile_text(&file, "text", (const char *)data, size) == STEER_OK) {
		steer_zonefile_name_t name = { 0 };
		steer_fault_t fault;
		(void)steer_zonefile_zone(file, &name, &fault);
		(void)steer_zonefile_read(file, name.origin, &sink, &fault);
	}
	steer_zonefile_close(file);
	steer_cli53_free(story.cli53);
	steer_lua_free(story.lua);
	steer_text_free(story.text);
	return 0;
}
