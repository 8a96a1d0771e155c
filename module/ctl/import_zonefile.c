/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: zone files.
 */
#include "ctl/import.h"
#include "formats/route53/cli53.h"
#include "formats/zonefile.h"

static const char *const named_by[] = {
	[STEER_NAMED_BY_SOA] = import_by_soa,
	[STEER_NAMED_BY_ORIGIN] = "$ORIGIN",
	[STEER_NAMED_BY_FILE] = "the file's name",
};

/*! What reads the lines of other programs. */
typedef struct {
	import_t *import;
	steer_cli53_t *cli53;
} dialects_t;

static int take_cli53(void *ctx, const steer_cli53_line_t *line, steer_report_t *report)
{
	const dialects_t *dialects = ctx;
	return steer_cli53_take(dialects->cli53, line, report);
}

static int end_zone(void *ctx, steer_report_t *report)
{
	const dialects_t *dialects = ctx;
	return steer_cli53_pass(dialects->cli53, dialects->import->zone->name, report);
}

/*! Reads the records of a file into the zones of the import. */
static int read_records(import_t *import, steer_zonefile_t *file, const uint8_t *origin,
                        steer_fault_t *fault)
{
	const steer_reading_t reading = import_reading(import, NULL);
	dialects_t dialects = { import, steer_cli53_new(&reading) };
	const steer_dialects_t others = {
		.cli53 = take_cli53, .end = end_zone, .ctx = &dialects,
	};
	const steer_zonefile_sink_t sink = {
		.record = reading.record, .set = reading.set, .error = reading.error, .warn = reading.warn,
		.ctx = import, .dialects = &others,
	};
	int ret = dialects.cli53 != NULL
	          ? steer_zonefile_read(file, origin, &sink, fault)
	          : steer_fault(fault, STEER_ENOMEM, "out of memory");
	steer_cli53_free(dialects.cli53);
	return ret;
}

static int read_zone(import_t *import, steer_zonefile_t *file, const char *path,
                     steer_fault_t *fault)
{
	const steer_place_t place = { path, 1, 1 }; // A zone begins where its file does.
	const uint8_t *zone = import->named, *origin = import->named;
	const char *by = import_by_option;
	steer_zonefile_name_t name;
	int ret = STEER_OK;
	if (import->named == NULL) {
		ret = steer_zonefile_zone(file, &name, fault);
		if (ret != STEER_OK) {
			return ret;
		}
		zone = name.zone;
		origin = name.origin;
		by = named_by[name.by];
	}
	ret = import_zone(import, zone, &place, &import_zonefile, by, fault);
	return ret == STEER_OK ? read_records(import, file, origin, fault) : ret;
}

static int take(import_t *import, steer_input_t *input, void **reader, steer_fault_t *fault)
{
	steer_zonefile_t *file;
	const char *path = input->name;
	int ret = steer_zonefile_take(&file, input);
	if (ret != STEER_OK) {
		ret = steer_fault(fault, ret, "%s: out of memory", path);
		steer_input_free(input);
		return ret;
	}
	*reader = file;
	if (import->include_anywhere) {
		steer_zonefile_include_anywhere(file);
	}
	ret = read_zone(import, file, path, fault);
	steer_zonefile_release(file);
	return ret;
}

static void close_file(void *reader)
{
	steer_zonefile_close(reader);
}

const import_format_t import_zonefile = { .name = "zone", .take = take, .free = close_file };
