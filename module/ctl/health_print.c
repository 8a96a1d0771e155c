/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/health_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "ctl/author.h"
#include "ctl/output.h"
#include "formats/health_check.h"
#include "formats/time.h"

/* Definitions. */

/*! Room for a word of a command when each of its bytes is quoted. */
#define WORD_TEXT (4 * (STEER_CHECK_MAX + 32))

static void print_option(FILE *out, const char *name, const char *text, size_t len)
{
	char word[STEER_CHECK_MAX + 32], quoted[WORD_TEXT];
	snprintf(word, sizeof(word), "%s=%.*s", name, (int)len, text);
	author_word(quoted, sizeof(quoted), word);
	fprintf(out, " %s", quoted);
}

void health_print_definition(FILE *out, const char *id, const steer_health_check_t *check)
{
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, len;
	fprintf(out, "health set %s %s", id, steer_health_check_type_name(check->type));
	while (steer_health_check_next(check, &at, &option, &text, &len)) {
		print_option(out, option->name, text, len);
	}
}

static json_t *options_json(const steer_health_check_t *check)
{
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, len;
	json_t *options = json_object();
	while (steer_health_check_next(check, &at, &option, &text, &len)) {
		json_t *value = json_stringn(text, len), *list = json_object_get(options, option->name);
		if (option->kind != STEER_OPTION_LIST) {
			json_object_set_new(options, option->name, value);
		} else if (list != NULL) {
			json_array_append_new(list, value);
		} else {
			json_object_set_new(options, option->name, json_pack("[o]", value));
		}
	}
	return options;
}

json_t *health_definition_json(const char *id, const steer_health_check_t *check)
{
	return json_pack("{s:s, s:s, s:o}", "health_check", id,
	                 "type", steer_health_check_type_name(check->type),
	                 "options", options_json(check));
}

/* States. */

void health_id(char id[CHECK_ID_TEXT], const steer_health_status_t *checked)
{
	size_t len = checked->id_len < CHECK_ID_TEXT ? checked->id_len : 0;
	steer_utf8_mask(id, CHECK_ID_TEXT, (const char *)checked->id, len); // No valid id changes.
}

/*! A state as text; what is missing is empty. */
typedef struct {
	char since[TIME_TEXT], until[TIME_TEXT];
	char who[AUTHOR_SHOWN], reason[AUTHOR_SHOWN];
} state_text_t;

static void print_state_text(state_text_t *text, const steer_health_state_t *state)
{
	text->since[0] = text->until[0] = text->who[0] = text->reason[0] = '\0';
	if (state == NULL) {
		return;
	}
	time_print(text->since, state->since);
	if (state->until > 0) {
		time_print(text->until, state->until);
	}
	author_show(text->who, state->who, state->who_len);
	author_show(text->reason, state->reason, state->reason_len);
}

static const char *by_name(steer_state_by_t by)
{
	static const char *const names[] = {
		[STEER_BY_DISABLED] = "disabled", [STEER_BY_FORCE] = "force",
		[STEER_BY_REPORT] = "report", [STEER_BY_PROBE] = "probe",
		[STEER_BY_CHILDREN] = "calculated", [STEER_BY_NOTHING] = "unknown",
		[STEER_BY_UNDEFINED] = "undefined", [STEER_BY_STALE] = "stale",
	};
	return names[by];
}

static const char *up_name(bool up)
{
	return up ? "up" : "down";
}

static const char *state_name(const steer_health_state_t *state)
{
	return state->cleared ? "cleared" : up_name(state->up);
}

static bool is_defined(const steer_health_status_t *checked)
{
	return checked->check.type != STEER_CHECK_NONE;
}

static bool is_calculated(const steer_health_status_t *checked)
{
	return checked->check.type == STEER_CHECK_CALCULATED;
}

/*! Room for what print_children() writes. */
#define CHILDREN_TEXT 64

static void print_children(char text[CHILDREN_TEXT], const steer_health_children_t *children)
{
	snprintf(text, CHILDREN_TEXT, "%u of %u child%s up, needs %u", children->up, children->count,
	         children->count == 1 ? "" : "ren", children->threshold);
}

/*! Prints the state that counts; the reason of a calculated one is how its children are. */
static void print_effective(state_text_t *text, const steer_health_status_t *checked)
{
	print_state_text(text, checked->effective.state);
	if (checked->effective.by == STEER_BY_CHILDREN) {
		print_children(text->reason, &checked->children);
	}
}

/*! Room for what print_source() writes. */
#define SOURCE_TEXT (CHILDREN_TEXT + 16)

/*! Prints where the state that counts comes from, such as "calculated: 2 of 3 children up, ...". */
static void print_source(char text[SOURCE_TEXT], const steer_health_status_t *checked)
{
	char children[CHILDREN_TEXT];
	const char *name = by_name(checked->effective.by);
	if (checked->effective.by == STEER_BY_CHILDREN) {
		print_children(children, &checked->children);
		snprintf(text, SOURCE_TEXT, "%s: %s", name, children);
	} else {
		snprintf(text, SOURCE_TEXT, "%s", name);
	}
}

/*! Whether the state that counts is the opposite of what was found. */
static bool is_inverted(const steer_health_status_t *checked)
{
	steer_state_by_t by = checked->effective.by;
	return (checked->check.flags & STEER_CHECK_INVERTED) != 0 && by != STEER_BY_FORCE &&
	       by != STEER_BY_STALE;
}

/*! A state that a check may have from one of several sources. */
typedef struct {
	const char *name;
	const steer_health_state_t *state; /*!< NULL: none. */
} side_t;

#define SIDES 3

static void list_sides(side_t sides[SIDES], const steer_health_status_t *checked)
{
	sides[0] = (side_t) { "force", checked->has_force ? &checked->force : NULL };
	sides[1] = (side_t) { "report", checked->has_report ? &checked->report : NULL };
	sides[2] = (side_t) { "probe", checked->has_probed ? &checked->probed : NULL };
}

/* As text. */

static const char *or_none(const char *text)
{
	return text[0] != '\0' ? text : "-";
}

/*! Room for milliseconds. */
#define MS_TEXT 24

static const char *print_ms(char text[MS_TEXT], double ms)
{
	snprintf(text, MS_TEXT, "%.3f", ms);
	return text;
}

void health_print_row(const steer_health_status_t *checked, uint64_t uses,
                      const last_result_t *last)
{
	char id[CHECK_ID_TEXT], source[SOURCE_TEXT], took[MS_TEXT];
	state_text_t text;
	health_id(id, checked);
	print_state_text(&text, checked->effective.state);
	print_source(source, checked);
	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%s\t%s\n", id,
	       is_defined(checked) ? steer_health_check_type_name(checked->check.type) : "-",
	       up_name(checked->effective.up), source, or_none(text.since), or_none(text.until),
	       or_none(text.who), or_none(text.reason), uses,
	       last != NULL && last->result != NULL ? last->result : "-",
	       last != NULL && last->result != NULL && last->total >= 0
	       ? print_ms(took, last->total) : "-");
}

/*!
 * The value by which an option counts that is not given: its default, but of a time not more than
 * it is part of. \return NULL: none
 */
static const char *preset_of(const steer_health_check_t *check, const steer_health_option_t *option,
                             char time[STEER_TIME_TEXT])
{
	const char *preset = steer_health_check_default(option, check->type);
	if (preset == NULL || (option->types >> check->type & 1) == 0 ||
	    !steer_health_check_counts(check, option->name)) {
		return NULL;
	}
	if (option->kind == STEER_OPTION_TIME) {
		steer_time_print(steer_health_check_time(check, option->name), time);
		return time;
	}
	return preset;
}

static void print_options(const steer_health_check_t *check)
{
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		char copy[STEER_CHECK_MAX], time[STEER_TIME_TEXT];
		const char *preset = preset_of(check, option, time), *text;
		const steer_health_option_t *given;
		size_t at = 0, len;
		bool found = false;
		while (steer_health_check_next(check, &at, &given, &text, &len)) {
			if (given->number == option->number) {
				snprintf(copy, sizeof(copy), "%.*s", (int)len, text);
				print_field(option->name, copy, "");
				found = true;
			}
		}
		if (!found && preset != NULL) {
			print_field(option->name, preset, " (default)");
		}
	}
}

static void print_side(const side_t *side, const steer_now_t *now)
{
	state_text_t text;
	print_state_text(&text, side->state);
	printf("%s:%*s%s since %s", side->name, FIELD_WIDTH - (int)strlen(side->name), "",
	       state_name(side->state), text.since);
	if (text.until[0] != '\0') {
		printf(", %s %s", steer_health_state_left(side->state, now) > 0 ? "until" : "ended",
		       text.until);
	}
	if (text.who[0] != '\0') {
		printf(", by %s", text.who);
	}
	if (text.reason[0] != '\0') {
		printf(": %s", text.reason);
	}
	putchar('\n');
}

/*! Prints the steps that a probe got to, as "connected 0.119 ms, total 0.120 ms". */
static void print_steps(const last_result_t *last)
{
	const struct {
		const char *name;
		double ms;
	} steps[] = {
		{ "connected", last->connected }, { "secured", last->secured },
		{ "first byte", last->first_byte }, { "total", last->total },
	};
	char text[sizeof(steps) / sizeof(*steps) * (MS_TEXT + 16)] = "", ms[MS_TEXT];
	for (size_t i = 0, at = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (steps[i].ms >= 0) {
			at += sprintf(text + at, "%s%s %s ms", at > 0 ? ", " : "", steps[i].name,
			              print_ms(ms, steps[i].ms));
		}
	}
	print_field("took", or_none(text), "");
}

static void print_result(const last_result_t *last)
{
	char time[TIME_TEXT], reason[AUTHOR_SHOWN], text[TIME_TEXT + AUTHOR_SHOWN + 32];
	time_print(time, last->time);
	author_show(reason, last->reason, strnlen(last->reason, STEER_LOG_TEXT_MAX));
	snprintf(text, sizeof(text), "%s at %s: %s", last->result, time, reason);
	print_field("last probe", text, "");
	print_steps(last);
	snprintf(text, sizeof(text), "%" PRIu64, last->in_a_row);
	print_field("in a row", text, "");
	snprintf(text, sizeof(text), "%" PRIu64 ", %" PRIu64 " failed, %" PRIu64 " inconclusive",
	         last->probes, last->failures, last->inconclusive);
	print_field("probes", text, "");
}

static void print_last(const last_result_t *last)
{
	char next[TIME_TEXT] = "none";
	if (last->result != NULL) {
		print_result(last);
	}
	if (last->next > 0) {
		time_print(next, last->next);
	}
	print_field("next probe", next, "");
}

void health_print_full(const steer_health_status_t *checked, uint64_t uses,
                       const last_result_t *last, const steer_now_t *now)
{
	char id[CHECK_ID_TEXT], source[SOURCE_TEXT], by[SOURCE_TEXT + 16], children[CHILDREN_TEXT];
	char used[24];
	side_t sides[SIDES];
	health_id(id, checked);
	list_sides(sides, checked);
	print_source(source, checked);
	snprintf(by, sizeof(by), " (%s%s)", source, is_inverted(checked) ? ", inverted" : "");
	print_field("health check", id, "");
	if (is_defined(checked)) {
		print_field("type", steer_health_check_type_name(checked->check.type), "");
	}
	print_field("state", up_name(checked->effective.up), by);
	snprintf(used, sizeof(used), "%" PRIu64, uses);
	print_field("used by", used, uses == 1 ? " record set" : " record sets");
	for (unsigned i = 0; i < SIDES; i++) {
		if (sides[i].state != NULL) {
			print_side(&sides[i], now);
		}
	}
	if (is_calculated(checked) && checked->effective.by != STEER_BY_CHILDREN) {
		print_children(children, &checked->children);
		print_field("calculated", children, "");
	}
	if (last != NULL) {
		print_last(last);
	}
	if (is_defined(checked)) {
		print_options(&checked->check);
	}
}

static const char *kind_name(uint8_t kind)
{
	switch (kind) {
	case STEER_STATUS_FORCE:
		return by_name(STEER_BY_FORCE);
	case STEER_STATUS_REPORT:
		return by_name(STEER_BY_REPORT);
	default:
		return by_name(STEER_BY_PROBE);
	}
}

void health_print_state(FILE *out, uint8_t kind, const char *id, const steer_health_state_t *state)
{
	state_text_t text;
	print_state_text(&text, state);
	fprintf(out, "health %s %s %s", kind_name(kind), id, state_name(state));
	if (text.until[0] != '\0') {
		fprintf(out, " until %s", text.until);
	}
	if (text.reason[0] != '\0') {
		fprintf(out, ": %s", text.reason);
	}
}

void health_print_transition(uint8_t kind, const char *id, const steer_health_state_t *state)
{
	state_text_t text;
	print_state_text(&text, state);
	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", text.since, id, state_name(state), kind_name(kind),
	       or_none(text.until), or_none(text.who), or_none(text.reason));
}

/* As JSON. */

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

json_t *health_json(const steer_health_status_t *checked)
{
	char id[CHECK_ID_TEXT];
	state_text_t text;
	health_id(id, checked);
	print_effective(&text, checked);
	return json_pack("{s:s, s:s?, s:s, s:s, s:s?, s:s?, s:s?, s:s?}", "health_check", id,
	        "type", is_defined(checked) ? steer_health_check_type_name(checked->check.type) : NULL,
	        "state", up_name(checked->effective.up), "by", by_name(checked->effective.by),
	        "since", or_null(text.since), "until", or_null(text.until),
	        "who", or_null(text.who), "reason", or_null(text.reason));
}

static json_t *ms_json(double ms)
{
	return ms >= 0 ? json_real(ms) : json_null();
}

json_t *health_last_json(const last_result_t *last)
{
	char when[TIME_TEXT], next[TIME_TEXT], reason[AUTHOR_SHOWN];
	if (last == NULL || last->result == NULL) {
		return json_null();
	}
	time_print(when, last->time);
	time_print(next, last->next);
	author_show(reason, last->reason, strnlen(last->reason, STEER_LOG_TEXT_MAX));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s}",
	        "result", last->result, "time", when, "reason", reason,
	        "connected", ms_json(last->connected), "secured", ms_json(last->secured),
	        "first_byte", ms_json(last->first_byte), "total", ms_json(last->total),
	        "in_a_row", (json_int_t)last->in_a_row, "probes", (json_int_t)last->probes,
	        "failures", (json_int_t)last->failures, "inconclusive", (json_int_t)last->inconclusive,
	        "next", next);
}

static json_t *side_json(const side_t *side)
{
	state_text_t text;
	if (side->state == NULL) {
		return json_null();
	}
	print_state_text(&text, side->state);
	return json_pack("{s:s, s:s, s:s?, s:s?, s:s?}", "state", state_name(side->state),
	        "since", text.since, "until", or_null(text.until), "who", or_null(text.who),
	        "reason", or_null(text.reason));
}

json_t *health_state_json(uint8_t kind, const char *id, const steer_health_state_t *state)
{
	const side_t side = { .state = state };
	json_t *value = side_json(&side);
	if (value != NULL) {
		json_object_set_new(value, "health_check", json_string(id));
		json_object_set_new(value, "by", json_string(kind_name(kind)));
	}
	return value;
}

/*! The options that a check has by default, as they count. */
static json_t *defaults_json(const steer_health_check_t *check, const json_t *given)
{
	json_t *defaults = json_object();
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		char time[STEER_TIME_TEXT];
		const char *preset = preset_of(check, option, time);
		if (preset != NULL && json_object_get(given, option->name) == NULL) {
			json_object_set_new(defaults, option->name, json_string(preset));
		}
	}
	return defaults;
}

static json_t *children_json(const steer_health_status_t *checked)
{
	if (!is_calculated(checked)) {
		return json_null();
	}
	const steer_health_children_t *children = &checked->children;
	return json_pack("{s:i, s:i, s:i}", "count", (int)children->count, "up", (int)children->up,
	                 "threshold", (int)children->threshold);
}

json_t *health_full_json(const steer_health_status_t *checked)
{
	json_t *object = health_json(checked);
	side_t sides[SIDES];
	if (object == NULL) {
		return NULL;
	}
	list_sides(sides, checked);
	for (unsigned i = 0; i < SIDES; i++) {
		json_object_set_new(object, sides[i].name, side_json(&sides[i]));
	}
	json_object_set_new(object, "children", children_json(checked));
	json_t *options = options_json(&checked->check);
	json_object_set_new(object, "defaults", defaults_json(&checked->check, options));
	json_object_set_new(object, "options", options);
	return object;
}
