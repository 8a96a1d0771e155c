/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/record.h"

#include <stdio.h>

int steer_report(steer_report_t *report, const steer_place_t *place, const char *text)
{
	report->errors++;
	if (report->error == NULL && place->line == 0) {
		return steer_fault(report->fault, STEER_EREFUSED, "%s: %s", place->file, text);
	}
	if (report->error == NULL) {
		return steer_fault(report->fault, STEER_EREFUSED, "%s:%u:%u: %s", place->file,
		                   place->line, place->column, text);
	}
	report->error(report->ctx, place, text);
	if (report->errors == STEER_ERRORS_MAX) {
		return steer_fault(report->fault, STEER_EREFUSED, "%s: %u errors, more not shown",
		                   report->name, report->errors);
	}
	return STEER_OK;
}

int steer_report_v(steer_report_t *report, const steer_place_t *place, const char *format,
                   va_list args)
{
	char text[STEER_MESSAGE_MAX];
	vsnprintf(text, sizeof(text), format, args);
	return steer_report(report, place, text);
}

void steer_warn_v(steer_error_f warn, void *ctx, const steer_place_t *place, const char *format,
                  va_list args)
{
	char text[STEER_MESSAGE_MAX];
	if (warn != NULL) {
		vsnprintf(text, sizeof(text), format, args);
		warn(ctx, place, text);
	}
}

int steer_report_end(const steer_report_t *report)
{
	if (report->errors == 0) {
		return STEER_OK;
	}
	return steer_fault(report->fault, STEER_EREFUSED, "%s: %u error%s", report->name,
	                   report->errors, report->errors == 1 ? "" : "s");
}
