/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/reading.h"

#include <stdarg.h>

void steer_geoip_wrong(steer_geoip_reading_t *reading, const steer_place_t *at, const char *format,
                       ...)
{
	va_list args;
	if (!steer_geoip_goes_on(reading)) {
		return;
	}
	va_start(args, format);
	reading->ret = steer_report_v(&reading->report, at, format, args);
	va_end(args);
}

void steer_geoip_too_many(steer_geoip_reading_t *reading, const steer_place_t *at, const char *what,
                          int allowed)
{
	steer_geoip_wrong(reading, at, "too many %s; allowed: %d", what, allowed);
	reading->ret = steer_report_end(&reading->report);
}

void steer_geoip_warn(const steer_geoip_reading_t *reading, const steer_place_t *at,
                      const char *format, ...)
{
	va_list args;
	va_start(args, format);
	steer_warn_v(reading->sink->warn, reading->sink->ctx, at, format, args);
	va_end(args);
}

void steer_geoip_no_memory(steer_geoip_reading_t *reading)
{
	reading->ret = steer_fault(reading->report.fault, STEER_ENOMEM, "out of memory");
}

steer_input_t *steer_geoip_open(steer_geoip_reading_t *reading, const steer_place_t *at,
                                const char *what, const char *path)
{
	steer_input_t *input;
	steer_fault_t why;
	if (reading->inputs_count == STEER_KNOT_FILES_MAX) {
		steer_geoip_wrong(reading, at, "%s: one file too many; allowed: %d", what,
		                  STEER_KNOT_FILES_MAX);
		return NULL;
	}
	int ret = reading->files->open(reading->files->ctx, &input, path, &why);
	if (ret == STEER_ENOMEM) {
		steer_geoip_no_memory(reading);
	} else if (ret != STEER_OK) {
		steer_geoip_wrong(reading, at, "%s: %s", what, why.text);
	}
	if (ret != STEER_OK) {
		return NULL;
	}
	reading->inputs_count++;
	input->next = reading->inputs;
	reading->inputs = input;
	return input;
}

bool steer_geoip_next(steer_geoip_reading_t *reading, steer_knot_items_t *items)
{
	if (!steer_geoip_goes_on(reading)) {
		return false;
	}
	int ret = steer_knot_items_next(items);
	if (ret == STEER_EREFUSED) {
		steer_geoip_wrong(reading, &items->at, "%s", items->wrong);
	}
	return ret == STEER_OK;
}
