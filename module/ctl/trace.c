/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/trace.h"

#include <string.h>

#include "core/types.h"
#include "core/utf8.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "ctl/target_print.h"
#include "formats/program.h"

static json_t *type_json(uint16_t type)
{
	char text[STEER_TYPE_TEXT];
	steer_type_text(type, text);
	return json_string(text);
}

static json_t *id_json(const steer_set_t *set)
{
	const char *id = set->id_len > 0 ? (const char *)set->id : ""; // Else perhaps NULL.
	return json_stringn(id, set->id_len);
}

/* Names. */

static const char *const ways[] = {
	[STEER_REACHED_GROUP] = "record sets",
	[STEER_REACHED_CNAME] = "CNAME",
	[STEER_REACHED_DNAME] = "DNAME",
	[STEER_REACHED_EXTERNAL] = "external",
	[STEER_REACHED_NODATA] = "no data",
	[STEER_REACHED_DAMAGED] = "damaged",
	[STEER_REACHED_TOO_DEEP] = "too deep",
};

/*! Adds what is known of an external target. */
static void add_target(trace_t *trace, json_t *event, const uint8_t *name, uint16_t type)
{
	targets_t *targets = trace->targets;
	steer_key_t key;
	target_t target;
	steer_key_from_name(&key, name);
	targets_ask(targets, name);
	targets_get(targets, type, &key, &target);
	json_object_set_new(event, "target", target_json(&target, &targets->health->now));
	if (!target.told) {
		char shown[STEER_MASKED(sizeof(targets->fault.text))];
		const char *why = targets->fault.code != STEER_OK ? targets->fault.text
		                                                  : "steerd does not know of it yet";
		json_object_set_new(event, "untold",
		                    json_string(steer_utf8_mask(shown, sizeof(shown), why, strlen(why))));
	}
}

static void take_name(void *ctx, unsigned depth, const uint8_t *name, uint16_t type,
                      steer_reached_kind_t kind, const steer_external_answer_t *external)
{
	trace_t *trace = ctx;
	json_t *event = json_pack("{s:o, s:i, s:o, s:s}", "name", json_name(name),
	                          "depth", (int)depth, "type", type_json(type), "found", ways[kind]);
	if (kind == STEER_REACHED_EXTERNAL) {
		json_object_set_new(event, "resolved", json_boolean(external != NULL));
		add_target(trace, event, name, type);
	}
	json_array_append_new(trace->events, event);
	trace->name = name;
}

/* Groups. */

static unsigned level_of(unsigned depth)
{
	return depth < TRACE_DEPTHS ? depth : TRACE_DEPTHS - 1;
}

/*! Names a group that no alias led to: its owner is certain once the group's RRset is put. */
static void name_group(trace_t *trace, const uint8_t *owner, uint16_t type)
{
	if (trace->unsure != NULL && trace->unsure_type == type) {
		json_object_set_new(trace->unsure, "name", json_name(owner));
	}
	trace->unsure = NULL;
}

/*! Continues at a CNAME's target. After any other RRset come additional records of names in it. */
static void go_on(trace_t *trace, const steer_rrset_t *rrset)
{
	if (rrset->type == TYPE_CNAME) {
		const uint8_t *target = rrset->parts->rrs + STEER_RR_HEAD;
		memcpy(trace->here, target, steer_name_len(target));
	} else if (rrset->type != TYPE_DNAME) {
		trace->ended = true;
	}
}

static void take_group(void *ctx, unsigned depth, const steer_group_t *group, bool strict)
{
	trace_t *trace = ctx;
	char policy[STEER_PROGRAM_TEXT];
	steer_program_print(group->program, group->program_len, policy);
	json_t *event = json_pack("{s:o, s:i, s:s, s:b, s:i, s:[], s:[]}",
	                          "group", type_json(group->type), "depth", (int)depth,
	                          "policy", policy, "strict", strict,
	                          "record_sets", (int)group->count, "steps", "chosen");
	json_array_append_new(trace->events, event);
	if (depth == 0) {
		trace->unsure = event;
		trace->unsure_type = group->type;
	}
	if (depth > 0 || !trace->ended) {
		const uint8_t *name = depth > 0 ? trace->name : trace->here;
		json_object_set_new(event, "name", json_name(name));
	}
	trace->view = *group;
	trace->group = &trace->view;
	trace->candidates = trace->drawn = NULL;
	trace->depth = level_of(depth);
	trace->groups[trace->depth] = event;
}

static void take_step(void *ctx, const steer_step_t *step)
{
	trace_t *trace = ctx;
	char text[64];
	steer_step_print(step, text, sizeof(text));
	json_t *event = json_pack("{s:s, s:[]}", "step", text, "candidates");
	json_array_append_new(json_object_get(trace->groups[trace->depth], "steps"), event);
	trace->candidates = json_object_get(event, "candidates");
	trace->step = *step;
	trace->weighted = step->number == STEER_STEP_WEIGHTED ||
	                  (trace->weighted && step->number != STEER_STEP_SHUFFLE);
	if (step->number == STEER_STEP_WEIGHTED || step->number == STEER_STEP_SHUFFLE) {
		trace->drawn = trace->candidates; // The draws are reported later, and belong to this step.
	}
}

static const char *const reasons[] = {
	[STEER_WHY_UP] = "healthy",
	[STEER_WHY_CHECK_DOWN] = "its health check is down",
	[STEER_WHY_TARGET_DOWN] = "its alias target is down or has no data",
	[STEER_WHY_RESTORED] = "down, but too many are: all go on",
	[STEER_WHY_ALL_DOWN] = "too many are down, so none goes on",
	[STEER_WHY_TIER] = "of the best tier",
	[STEER_WHY_OTHER_TIER] = "of another tier",
	[STEER_WHY_DRAWN] = "drawn",
	[STEER_WHY_DRAWN_PAST] = "drawn, but down or drawn before: drawn again",
	[STEER_WHY_TAKEN] = "among the first",
	[STEER_WHY_NOT_TAKEN] = "not among the first",
	[STEER_WHY_MATCHES] = "the client is there",
	[STEER_WHY_DEFAULT] = "for all clients",
	[STEER_WHY_ELSEWHERE] = "the client is elsewhere",
	[STEER_WHY_LESS_SPECIFIC] = "others match more specifically",
	[STEER_WHY_LATENCY] = "by latency",
	[STEER_WHY_DISTANCE] = "by distance",
	[STEER_WHY_UNKNOWN] = "last: its distance is not known",
	[STEER_WHY_IN_ORDER] = "in its place: latencies and distances of all are not known",
	[STEER_WHY_WITHIN] = "near the first",
	[STEER_WHY_BEYOND] = "too far from the first",
};

/*! The state of a set's check; NULL: it has none. */
static json_t *check_json(const trace_t *trace, const steer_set_t *set)
{
	char id[CHECK_ID_TEXT];
	json_t *check = store_lookup_check(trace->opened, set);
	if (check != NULL) {
		return json_incref(check);
	}
	if (!steer_set_health(set, id)) {
		return NULL;
	}
	return json_pack("{s:s, s:n, s:s, s:s, s:n, s:n, s:n, s:n}", "health_check", id, "type",
	                 "state", "up", "by", "undefined", "since", "until", "who", "reason");
}

static void take_verdict(void *ctx, const steer_verdict_t *verdict)
{
	trace_t *trace = ctx;
	steer_set_t set;
	steer_group_set(trace->group, verdict->set, &set);
	json_t *candidate = json_pack("{s:o, s:b, s:s}", "id", id_json(&set), "kept", verdict->kept,
	                              "why", reasons[verdict->why]);
	bool health = verdict->why <= STEER_WHY_ALL_DOWN;
	bool drawn = verdict->why == STEER_WHY_DRAWN || verdict->why == STEER_WHY_DRAWN_PAST;
	json_t *check = health ? check_json(trace, &set) : NULL;
	if (check != NULL) {
		json_object_set_new(candidate, "health", check);
	}
	if (health && set.alias) {
		json_object_set_new(candidate, "alias", json_name(set.body));
	}
	if (drawn && trace->weighted) {
		json_object_set_new(candidate, "weight", json_integer(set.weight));
	}
	if (drawn && verdict->bound > 0) {
		json_object_set_new(candidate, "draw", json_integer(verdict->draw));
		json_object_set_new(candidate, "of", json_integer(verdict->bound));
	}
	if (verdict->why == STEER_WHY_TIER || verdict->why == STEER_WHY_OTHER_TIER) {
		json_object_set_new(candidate, "tier", json_integer(set.tier));
	}
	if (!drawn) {
		trace_maps_candidate(&trace->maps, &trace->step, verdict, &set, candidate);
	}
	json_array_append_new(drawn ? trace->drawn : trace->candidates, candidate);
}

static void take_chosen(void *ctx, unsigned depth, const steer_group_t *group, unsigned i)
{
	trace_t *trace = ctx;
	steer_set_t set;
	steer_group_set(group, i, &set);
	json_t *event = trace->groups[level_of(depth)];
	json_array_append_new(json_object_get(event, "chosen"), id_json(&set));
}

/* The answer. */

static const char *const sections[] = {
	[STEER_ANSWER] = "answer", [STEER_AUTHORITY] = "authority",
	[STEER_ADDITIONAL] = "additional",
};

static int take_rrset(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	(void)optional;
	trace_t *trace = ctx;
	json_t *values = json_array();
	for (unsigned i = 0; i < rrset->parts_count; i++) {
		record_values_json(values, trace->text, rrset->type, rrset->parts[i].rrs,
		                   rrset->parts[i].len);
	}
	const uint8_t *owner = rrset->owner != NULL ? rrset->owner : trace->asked;
	name_group(trace, owner, rrset->type);
	go_on(trace, rrset);
	json_array_append_new(trace->events, json_pack(
		"{s:s, s:o, s:o, s:I, s:o}", "put", sections[section], "name", json_name(owner),
		"type", type_json(rrset->type), "ttl", (json_int_t)rrset->ttl, "values", values));
	return STEER_OK;
}

int trace_begin(trace_t *trace, const store_lookup_t *opened, targets_t *targets,
                const steer_question_t *question)
{
	*trace = (trace_t) {
		.opened = opened, .targets = targets, .text = steer_text_new(), .events = json_array(),
		.asked = question->name,
		.trace = {
			.name = take_name, .group = take_group, .chosen = take_chosen,
			.policy = { .step = take_step, .verdict = take_verdict, .ctx = trace },
			.ctx = trace,
		},
		.sink = { .put = take_rrset, .ctx = trace, .room = STEER_WIRE_MAX },
	};
	memcpy(trace->here, question->name, question->name_len);
	int ret = trace_maps_begin(&trace->maps, opened, question);
	if (ret == STEER_OK && trace->text != NULL && trace->events != NULL) {
		return STEER_OK;
	}
	trace_end(trace);
	return STEER_ENOMEM;
}

void trace_end(trace_t *trace)
{
	steer_text_free(trace->text);
	json_decref(trace->events);
	trace_maps_end(&trace->maps);
}
