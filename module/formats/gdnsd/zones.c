/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/zones.h"

#include <stdio.h>
#include <string.h>

#include "core/types.h"
#include "formats/gdnsd/emit.h"
#include "formats/gdnsd/lines.h"
#include "formats/name_set.h"
#include "formats/name_text.h"
#include "formats/time.h"
#include "formats/zonefile.h"

/*! A zone file that is being read. */
typedef struct {
	steer_gdnsd_config_t *config;
	steer_gdnsd_zone_t zone;
	steer_gdnsd_lines_t lines;
	steer_name_set_t names; /*!< Those of addresses, each with what gives them in place of a line. */
	char text[STEER_NAME_TEXT]; /*!< The name of the zone. */
} reading_t;

/*! The name of a zone by that of its file. \return false: it is none */
static bool name_zone(const char *path, uint8_t *name)
{
	char text[STEER_NAME_TEXT];
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	if (strcmp(base, "ROOT_ZONE") == 0) {
		base = ".";
	}
	const size_t len = strlen(base);
	if (len == 0 || len >= sizeof(text)) {
		return false;
	}
	for (size_t i = 0; i <= len; i++) {
		text[i] = base[i] == '@' ? '/' : base[i]; // RFC 2317
	}
	return steer_name_parse(text, name) == STEER_OK;
}

static uint32_t within(uint32_t ttl, uint32_t min, uint32_t max)
{
	return ttl < min ? min : ttl > max ? max : ttl;
}

/*! The TTL of an SOA, which is also that of negative answers. */
static uint32_t soa_ttl(const steer_gdnsd_options_t *options, const steer_text_record_t *record)
{
	const uint8_t *at = record->rdata + record->rdata_len - 4;
	const uint32_t minimum = (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
	return within(minimum < record->ttl ? minimum : record->ttl, options->min_ttl,
	              options->max_ncache_ttl);
}

/*! What gives addresses at a name. */
enum { STATIC = 1, DYNAMIC };

/*! Whether nothing else gives addresses at a record's name; what does is reported. */
static bool is_alone(reading_t *reading, const steer_text_record_t *record, uint32_t what)
{
	steer_gdnsd_reading_t *all = reading->config->reading;
	uint32_t before;
	if (steer_name_set_add(&reading->names, record->owner, what, &before) != STEER_OK) {
		steer_gdnsd_no_memory(all);
		return false;
	}
	if (before == 0 || (before == STATIC && what == STATIC)) {
		return true;
	}
	steer_gdnsd_wrong(all, &record->place, "a DYNA or DYNC record and another one for addresses at "
	                  "a name; allowed: one, or A and AAAA");
	return false;
}

static void take_dynamic(reading_t *reading, const steer_gdnsd_line_t *line,
                         const steer_text_record_t *record)
{
	const steer_gdnsd_options_t *options = &reading->config->options;
	steer_gdnsd_dynamic_t dynamic = {
		.owner = record->owner, .path = line->path, .names = line->names,
		.max = record->ttl, .min = record->ttl / 2, .place = record->place,
	};
	if (line->min != NULL &&
	    (!steer_time_parse_seconds(line->min, STEER_TTL_MAX, &dynamic.min) ||
	     dynamic.min > dynamic.max)) {
		steer_gdnsd_wrong(reading->config->reading, &record->place, "the TTL after the slash: "
		                  "'%.40s'; allowed: 0 to %u, what is before it", line->min, dynamic.max);
		return;
	}
	dynamic.max = within(dynamic.max, options->min_ttl, options->max_ttl);
	dynamic.min = within(dynamic.min, options->min_ttl, dynamic.max);
	steer_gdnsd_emit(&reading->zone, &dynamic);
}

static int take_record(void *ctx, const steer_text_record_t *given, steer_fault_t *fault)
{
	reading_t *reading = ctx;
	steer_gdnsd_reading_t *all = reading->config->reading;
	const steer_gdnsd_options_t *options = &reading->config->options;
	steer_text_record_t record = *given;
	const steer_gdnsd_line_t *line = steer_gdnsd_line(&reading->lines, &given->place);
	record.ttl = record.no_ttl ? options->default_ttl : record.ttl;
	record.no_ttl = false;
	if (all->ret != STEER_OK) {
		return all->ret;
	}
	const bool addresses = record.type == TYPE_A || record.type == TYPE_AAAA;
	if ((line != NULL || addresses) &&
	    !is_alone(reading, &record, line != NULL ? DYNAMIC : STATIC)) {
		return all->ret;
	}
	if (line != NULL) {
		take_dynamic(reading, line, &record);
		return all->ret;
	}
	record.ttl = record.type == TYPE_SOA ? soa_ttl(options, &record)
	             : within(record.ttl, options->min_ttl, options->max_ttl);
	all->ret = all->sink->record(all->sink->ctx, &record, fault);
	return all->ret;
}

static int take_set(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	const reading_t *reading = ctx;
	(void)fault;
	if (set->type == TYPE_A) { // It comes for each family.
		steer_gdnsd_wrong(reading->config->reading, &set->place, "ALIAS; allowed: types that gdnsd "
		                  "has");
	}
	return reading->config->reading->ret;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	const reading_t *reading = ctx;
	steer_gdnsd_wrong(reading->config->reading, place, "%s", text);
}

static int prepare(void *ctx, steer_input_t *input, const char *origin)
{
	reading_t *reading = ctx;
	return steer_gdnsd_rewrite(reading->config, &reading->lines, input, reading->text, origin);
}

static void read_zone(reading_t *reading, steer_input_t *input, steer_zonefile_t **file)
{
	steer_gdnsd_reading_t *all = reading->config->reading;
	const steer_zonefile_sink_t sink = {
		.record = take_record, .set = take_set, .error = take_error, .ctx = reading,
	};
	steer_zone_head_t head = { .zone_at = { input->name, 1, 1 } };
	memcpy(head.zone, reading->zone.name, steer_name_len(reading->zone.name));
	all->ret = all->sink->zone(all->sink->ctx, &head, all->report.fault);
	if (all->ret != STEER_OK) {
		return;
	}
	steer_zonefile_prepare(*file, prepare, reading);
	if (reading->config->anywhere) {
		steer_zonefile_include_anywhere(*file);
	}
	const int ret = steer_zonefile_read(*file, reading->zone.name, &sink, all->report.fault);
	if (ret != STEER_OK && ret != STEER_EREFUSED && all->ret == STEER_OK) {
		all->ret = ret;
	}
}

void steer_gdnsd_pass_zone(steer_gdnsd_config_t *config, steer_input_t *input,
                           steer_zonefile_t **file)
{
	steer_gdnsd_reading_t *all = config->reading;
	reading_t reading = { .config = config, .zone = { .config = config } };
	const steer_place_t place = { input->name, 1, 1 };
	*file = NULL;
	if (!name_zone(input->name, reading.zone.name)) {
		steer_gdnsd_wrong(all, &place, "the name of the file is none of a zone; allowed: such as "
		                  "example.com");
	} else {
		steer_name_print(reading.zone.name, reading.text);
		(void)prepare(&reading, input, reading.text);
	}
	// It owns the input also if there was an error, since that was reported with its name.
	if (steer_zonefile_take(file, input) != STEER_OK) {
		*file = NULL;
		steer_gdnsd_no_memory(all);
		steer_input_free(input);
	} else if (reading.text[0] != '\0' && all->ret == STEER_OK) {
		read_zone(&reading, input, file);
	}
	if (*file != NULL) {
		steer_zonefile_release(*file);
	}
	steer_name_set_free(&reading.names);
	steer_gdnsd_lines_free(&reading.lines);
	steer_gdnsd_zone_free(&reading.zone);
}
