/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any text as a zone file: it is read or refused, and what was read is written and read
 *        back as the same record. What libzscanner accepts unchanged has no ALIAS lines.
 */
#include <libzscanner/scanner.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/dialect_lines.h"
#include "formats/text.h"
#include "formats/zonefile.h"
#include "tests/fuzz/target.h"

static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	steer_text_t *text = ctx;
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
	steer_name_print(set->set.alias, target);
	if (steer_name_parse(target, name) != STEER_OK ||
	    steer_name_len(name) != steer_name_len(set->set.alias) ||
	    memcmp(name, set->set.alias, steer_name_len(name)) != 0) {
		abort();
	}
	return STEER_OK;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	(void)ctx;
	if (place->file == NULL || place->line == 0 || text[0] == '\0') {
		abort();
	}
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
	steer_text_t *text = steer_text_new();
	steer_zonefile_t *file = NULL;
	if (text != NULL &&
	    steer_zonefile_text(&file, "text", (const char *)data, size) == STEER_OK) {
		steer_zonefile_name_t name = { 0 };
		steer_fault_t fault;
		const steer_zonefile_sink_t sink = {
			.record = take_record, .set = take_set, .error = take_error, .warn = take_error,
			.ctx = text,
		};
		(void)steer_zonefile_zone(file, &name, &fault);
		(void)steer_zonefile_read(file, name.origin, &sink, &fault);
	}
	steer_zonefile_close(file);
	steer_text_free(text);
	return 0;
}
