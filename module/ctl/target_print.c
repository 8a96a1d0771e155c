/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/target_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "formats/time.h"

/*! Room for a number as text. */
#define NUMBER_TEXT 24

static bool has_answer(const target_t *target)
{
	return target->found == STEER_OK;
}

/*! What its answer has instead of records. \return NULL: there are some, or there is no answer */
static const char *lack_of(const target_t *target)
{
	if (!has_answer(target) || target->answer.count > 0) {
		return NULL;
	}
	return target->answer.nxdomain ? "NXDOMAIN" : "NODATA";
}

static void show_error(char shown[AUTHOR_SHOWN], const target_tries_t *tries)
{
	size_t len = tries->error_len < STEER_LOG_TEXT_MAX ? tries->error_len : STEER_LOG_TEXT_MAX;
	author_show(shown, tries->error, len);
}

/*! Prints a time so many seconds from now; empty if they are below 0. */
static void print_in(char text[TIME_TEXT], const steer_now_t *now, int64_t seconds)
{
	text[0] = '\0';
	if (seconds >= 0) {
		time_print(text, now->wall + seconds);
	}
}

/*! Prints when the answer was received; empty if there is none. */
static void print_resolved(char text[TIME_TEXT], const target_t *target, const steer_now_t *now)
{
	text[0] = '\0';
	if (target->tries.age >= 0) {
		time_print(text, now->wall - target->tries.age);
	}
}

/* As text. */

static const char *print_number(char text[NUMBER_TEXT], bool known, uint64_t number)
{
	snprintf(text, NUMBER_TEXT, known ? "%" PRIu64 : "-", number);
	return text;
}

static const char *print_seconds(char text[STEER_TIME_TEXT], int64_t seconds)
{
	snprintf(text, STEER_TIME_TEXT, "-");
	if (seconds >= 0) {
		steer_time_print(1000 * (uint64_t)seconds, text);
	}
	return text;
}

/*! Seconds until the next try; below 0 if that is not known. */
static int64_t next_in(const target_t *target, const steer_now_t *now)
{
	if (target->next == 0) {
		return -1;
	}
	uint64_t left = target->next > now->wall ? target->next - now->wall : 0;
	return left < UINT32_MAX ? left : UINT32_MAX;
}

void target_print_row(const target_t *target, const steer_now_t *now)
{
	char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT], records[NUMBER_TEXT], ttl[NUMBER_TEXT];
	char age[STEER_TIME_TEXT], next[STEER_TIME_TEXT], left[STEER_TIME_TEXT];
	char error[AUTHOR_SHOWN];
	const char *lack = lack_of(target);
	steer_name_print(target->name, name);
	show_error(error, &target->tries);
	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%s\n", name,
	       steer_type_text(target->type, type), steer_external_state_name(target->tries.state),
	       lack != NULL ? lack : print_number(records, has_answer(target), target->answer.count),
	       print_number(ttl, has_answer(target), target->answer.ttl),
	       print_seconds(age, target->tries.age), print_seconds(next, next_in(target, now)),
	       print_seconds(left, target->tries.left), target->tries.failures,
	       error[0] != '\0' ? error : "-");
}

static void print_number_field(const char *name, uint64_t number, const char *behind)
{
	char text[NUMBER_TEXT];
	print_field(name, print_number(text, true, number), behind);
}

static void print_records(const target_t *target, steer_text_t *text)
{
	const char *lack = lack_of(target);
	const uint8_t *at = target->answer.rrs, *rdata;
	uint16_t len;
	if (!has_answer(target) || lack != NULL) {
		print_field("answer", lack != NULL ? lack : "none", "");
		return;
	}
	const uint8_t *end = at + target->answer.rrs_len;
	while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
		print_field("record", steer_rdata_print(text, target->type, rdata, len), "");
	}
}

/*! Why a target is in its state. */
static const char *reason_of(const target_t *target)
{
	switch (target->tries.state) {
	case STEER_EXTERNAL_PENDING:
		return " (it has not been resolved yet)";
	case STEER_EXTERNAL_FAILED:
		return " (it has no answer, and does not resolve)";
	case STEER_EXTERNAL_STALE:
		return target->tries.failures > 0 ? " (it does not resolve again)"
		                                  : " (steerd does not resolve it again)";
	case STEER_EXTERNAL_HELD:
		return " (it says that it has no records; they stay until it says so again)";
	default:
		return "";
	}
}

static void print_tries(const target_t *target, const steer_now_t *now)
{
	const target_tries_t *tries = &target->tries;
	char time[TIME_TEXT], error[AUTHOR_SHOWN], behind[AUTHOR_SHOWN + 2];
	show_error(error, tries);
	print_resolved(time, target, now);
	if (time[0] != '\0') {
		print_field("resolved", time, "");
	}
	if (tries->tried > 0) {
		time_print(time, tries->tried);
		snprintf(behind, sizeof(behind), "%s%s", error[0] != '\0' ? ": " : "", error);
		print_field("last try", time, behind);
	}
	if (target->next > 0) {
		time_print(time, target->next);
		print_field("next try", time, "");
	}
	print_in(time, now, tries->left);
	if (time[0] != '\0') {
		print_field("stays until", time, " unless it resolves before");
	}
	if (tries->failures > 0) {
		print_number_field("failures", tries->failures, " in a row");
	}
	if (target->told) {
		char failed[NUMBER_TEXT + 16];
		snprintf(failed, sizeof(failed), ", %" PRIu64 " failed", target->failed);
		print_number_field("tries", target->refreshes + target->failed, failed);
	}
}

void target_print_full(const target_t *target, uint64_t uses, steer_text_t *text,
                       const steer_now_t *now)
{
	char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	steer_name_print(target->name, name);
	print_field("target", name, "");
	print_field("type", steer_type_text(target->type, type), "");
	print_field("state", steer_external_state_name(target->tries.state), reason_of(target));
	print_number_field("used by", uses, uses == 1 ? " alias" : " aliases");
	print_records(target, text);
	if (has_answer(target)) {
		print_number_field("ttl", target->answer.ttl, "");
	}
	print_tries(target, now);
}

/* As JSON. */

static json_t *number_or_null(bool known, uint64_t number)
{
	return known ? json_integer(number) : json_null();
}

static json_t *time_or_null(uint64_t seconds)
{
	char text[TIME_TEXT];
	time_print(text, seconds);
	return seconds > 0 ? json_string(text) : json_null();
}

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

json_t *target_json(const target_t *target, const steer_now_t *now)
{
	char type[STEER_TYPE_TEXT], resolved[TIME_TEXT], until[TIME_TEXT], error[AUTHOR_SHOWN];
	const target_tries_t *tries = &target->tries;
	bool known = has_answer(target);
	print_resolved(resolved, target, now);
	print_in(until, now, tries->left);
	show_error(error, tries);
	return json_pack("{s:o, s:s, s:s, s:o, s:b, s:o, s:o, s:s?, s:s?, s:o, s:o, s:I, s:s?, "
	        "s:o, s:o}", "target", json_name(target->name),
	        "type", steer_type_text(target->type, type),
	        "state", steer_external_state_name(tries->state),
	        "records", number_or_null(known, target->answer.count),
	        "nxdomain", (int)(known && target->answer.nxdomain),
	        "ttl", number_or_null(known, target->answer.ttl),
	        "age", number_or_null(tries->age >= 0, tries->age),
	        "resolved", or_null(resolved), "until", or_null(until),
	        "tried", time_or_null(tries->tried), "next", time_or_null(target->next),
	        "failures", (json_int_t)tries->failures, "error", or_null(error),
	        "refreshes", number_or_null(target->told, target->refreshes),
	        "failed", number_or_null(target->told, target->failed));
}

json_t *target_values_json(const target_t *target, steer_text_t *text)
{
	json_t *values = json_array();
	if (has_answer(target) && target->answer.count > 0) {
		record_values_json(values, text, target->type, target->answer.rrs,
		                   target->answer.rrs_len);
	}
	return values;
}
