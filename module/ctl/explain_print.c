/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/utf8.h"
#include "ctl/explain.h"
#include "ctl/output.h"

/*! Room for an identifier as shown. */
#define ID_SHOWN STEER_MASKED(STEER_SET_ID_MAX)

static const char *show_id(char shown[ID_SHOWN], const char *id)
{
	return steer_utf8_mask(shown, ID_SHOWN, id, strlen(id));
}

static void indent(FILE *out, json_int_t depth, unsigned more)
{
	fprintf(out, "%*s", (int)(2 * depth + more), "");
}

/*! Such as "web-blue up (report by root since 2026-11-25T12:00:00+00:00)". */
static void print_health(FILE *out, const json_t *health)
{
	const char *who = json_text(health, "who"), *since = json_text(health, "since");
	const char *reason = json_text(health, "reason");
	fprintf(out, ", %s %s (%s", json_text(health, "health_check"), json_text(health, "state"),
	        json_text(health, "by"));
	if (who[0] != '\0') {
		fprintf(out, " by %s", who);
	}
	if (since[0] != '\0') {
		fprintf(out, " since %s", since);
	}
	if (reason[0] != '\0') {
		fprintf(out, ": %s", reason);
	}
	fputc(')', out);
}

static void print_candidate(FILE *out, const json_t *candidate, json_int_t depth)
{
	char shown[ID_SHOWN];
	const char *id = show_id(shown, json_text(candidate, "id"));
	indent(out, depth, 6);
	bool kept = json_is_true(json_object_get(candidate, "kept"));
	fprintf(out, "%s %s: %s", kept ? "kept   " : "dropped",
	        id[0] != '\0' ? id : "the record set", json_text(candidate, "why"));
	if (json_object_get(candidate, "weight") != NULL) {
		fprintf(out, ", weight %" JSON_INTEGER_FORMAT, json_number(candidate, "weight"));
	}
	if (json_object_get(candidate, "of") != NULL) {
		fprintf(out, ", drew %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT,
		        json_number(candidate, "draw"), json_number(candidate, "of"));
	}
	if (json_object_get(candidate, "tier") != NULL) {
		fprintf(out, ", tier %" JSON_INTEGER_FORMAT, json_number(candidate, "tier"));
	}
	explain_print_candidate_where(out, candidate);
	if (json_object_get(candidate, "alias") != NULL) {
		fprintf(out, ", alias to %s", json_text(candidate, "alias"));
	}
	const json_t *health = json_object_get(candidate, "health");
	if (health != NULL) {
		print_health(out, health);
	}
	fputc('\n', out);
}

static void print_group(FILE *out, const json_t *event)
{
	size_t i, k;
	json_t *step, *candidate, *id;
	json_int_t depth = json_number(event, "depth"), sets = json_number(event, "record_sets");
	bool strict = json_is_true(json_object_get(event, "strict"));
	const char *name = json_text(event, "name");
	indent(out, depth, 2);
	if (name[0] != '\0') {
		fprintf(out, "%s ", name);
	}
	fprintf(out, "%s: %s, %" JSON_INTEGER_FORMAT " record set%s%s\n", json_text(event, "group"),
	        json_text(event, "policy"), sets, plural(sets), strict ? ", only what is healthy" : "");
	json_array_foreach(json_object_get(event, "steps"), i, step) {
		indent(out, depth, 4);
		fprintf(out, "%s\n", json_text(step, "step"));
		json_array_foreach(json_object_get(step, "candidates"), k, candidate) {
			print_candidate(out, candidate, depth);
		}
	}
	json_array_foreach(json_object_get(event, "chosen"), i, id) {
		char shown[ID_SHOWN];
		const char *text = show_id(shown, json_string_value(id));
		if (text[0] != '\0') {
			indent(out, depth, 4);
			fprintf(out, "chosen %s\n", text);
		}
	}
}

/*! The answer of an external target, such as ", 2 records, TTL 30, received 2026-...". */
static void print_answer(FILE *out, const json_t *target)
{
	json_int_t records = json_number(target, "records");
	if (records > 0) {
		fprintf(out, ", %" JSON_INTEGER_FORMAT " record%s", records, plural(records));
	} else {
		fputs(json_is_true(json_object_get(target, "nxdomain")) ? ", NXDOMAIN" : ", NODATA", out);
	}
	fprintf(out, ", TTL %" JSON_INTEGER_FORMAT ", received %s", json_number(target, "ttl"),
	        json_text(target, "resolved"));
}

/*! The state of an external target, and the reasons for it. */
static void print_external(FILE *out, const json_t *event)
{
	const json_t *target = json_object_get(event, "target");
	const char *state = json_text(target, "state"), *error = json_text(target, "error");
	const char *until = json_text(target, "until"), *untold = json_text(event, "untold");
	bool resolved = json_is_true(json_object_get(event, "resolved"));
	json_int_t failures = json_number(target, "failures");
	fprintf(out, ", %s", state);
	if (resolved) {
		print_answer(out, target);
	}
	if (until[0] != '\0' && strcmp(state, "fresh") != 0) {
		fprintf(out, ", stays until %s", until);
	}
	if (failures > 0) {
		fprintf(out, ", %" JSON_INTEGER_FORMAT " tr%s in a row failed", failures,
		        failures == 1 ? "y" : "ies");
	}
	if (error[0] != '\0') {
		fprintf(out, ": %s", error);
	} else if (!resolved && untold[0] != '\0') {
		fprintf(out, ": %s", untold);
	}
}

static void print_name(FILE *out, const json_t *event)
{
	indent(out, json_number(event, "depth"), 0);
	fprintf(out, "alias to %s %s: %s", json_text(event, "name"), json_text(event, "type"),
	        json_text(event, "found"));
	if (json_object_get(event, "target") != NULL) {
		print_external(out, event);
	}
	fputc('\n', out);
}

static void print_put(FILE *out, const json_t *event)
{
	size_t i;
	json_t *value;
	json_array_foreach(json_object_get(event, "values"), i, value) {
		fprintf(out, "%s%s\t%" JSON_INTEGER_FORMAT "\t%s\t%s\n",
		        strcmp(json_text(event, "put"), "answer") == 0 ? "" : "; ", json_text(event, "name"),
		        json_number(event, "ttl"), json_text(event, "type"), json_string_value(value));
	}
}

/*! "client subnet 198.51.100.0/24", or "client unknown". */
static void print_client(FILE *out, const json_t *client)
{
	const char *prefix = json_string_value(json_object_get(client, "prefix"));
	if (prefix != NULL) {
		fprintf(out, ", client %s %s", json_text(client, "by"), prefix);
	} else {
		fputs(", client unknown", out);
	}
}

void explain_print(FILE *out, const json_t *said)
{
	size_t i;
	json_t *event;
	fprintf(out, "%s %s", json_text(said, "name"), json_text(said, "type"));
	print_client(out, json_object_get(said, "client"));
	fprintf(out, ", seed %" JSON_INTEGER_FORMAT "\n", json_number(said, "seed"));
	explain_print_where(out, said);
	if (json_object_get(said, "unexplained") != NULL) {
		fputs("  explaining it takes more work than an answer may (rule A8)\n", out);
	}
	json_array_foreach(json_object_get(said, "events"), i, event) {
		if (json_object_get(event, "group") != NULL) {
			print_group(out, event);
		} else if (json_object_get(event, "put") != NULL) {
			print_put(out, event);
		} else {
			print_name(out, event);
		}
	}
	fprintf(out, "%s, %s, scope %" JSON_INTEGER_FORMAT, json_text(said, "rcode"),
	        json_text(said, "result"), json_number(said, "scope"));
	if (json_object_get(said, "extended_error") != NULL) {
		fprintf(out, ", extended error %" JSON_INTEGER_FORMAT,
		        json_number(said, "extended_error"));
	}
	fputc('\n', out);
}
