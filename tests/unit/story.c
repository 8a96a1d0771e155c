/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/story.h"

#include <stdlib.h>
#include <string.h>

#include "formats/network_text.h"
#include "formats/place_text.h"
#include "formats/program.h"
#include "unit/test.h"

static void tell_place(const story_t *story, const char *mark, const steer_place_t *place)
{
	const char *slash = strrchr(place->file, '/');
	if (story->files) {
		fprintf(story->out, "%s ", slash != NULL ? slash + 1 : place->file);
	} else {
		assert_string_equal(place->file, "f");
	}
	fprintf(story->out, "%s%u:%u ", mark, place->line, place->column);
}

static void tell_soa(const story_t *story, const steer_soa_t *soa)
{
	static const char *const numbers[] = { "serial", "refresh", "retry", "expire", "minimum" };
	char name[STEER_NAME_TEXT];
	fprintf(story->out, " soa");
	if (soa->given & 1u << STEER_SOA_MNAME) {
		steer_name_print(soa->mname, name);
		fprintf(story->out, " mname=%s", name);
	}
	if (soa->given & 1u << STEER_SOA_RNAME) {
		steer_name_print(soa->rname, name);
		fprintf(story->out, " rname=%s", name);
	}
	for (unsigned i = 0; i < STEER_SOA_NUMBERS; i++) {
		if (soa->given & 1u << i) {
			fprintf(story->out, " %s=%u", numbers[i], soa->numbers[i]);
		}
	}
	if (soa->given & 1u << STEER_SOA_TTL) {
		fprintf(story->out, " ttl=%u", soa->ttl);
	}
}

static int tell_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	char zone[STEER_NAME_TEXT];
	steer_name_print(head->zone, zone);
	tell_place(story, "=", &head->zone_at);
	fprintf(story->out, "%s", zone);
	if (head->mode_at.line != 0) {
		fprintf(story->out, " %s", head->overlay ? "overlay" : "authoritative");
	}
	if (head->comment_at.line != 0) {
		fprintf(story->out, " comment='%s'", head->comment);
	}
	if (head->ttl_at.line != 0) {
		fprintf(story->out, " ttl=%u", head->ttl);
	}
	if (head->soa_at.line != 0) {
		tell_soa(story, &head->soa);
	}
	fputc('\n', story->out);
	return STEER_OK;
}

static int tell_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	char owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	steer_name_print(record->owner, owner);
	steer_type_text(record->type, type);
	tell_place(story, record->in_set ? "  " : "", &record->place);
	fprintf(story->out, "%s %u %s %s\n", owner, record->ttl, type,
	        steer_rdata_print(story->text, record->type, record->rdata, record->rdata_len));
	return story->stop;
}

static int tell_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	char owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT], program[STEER_PROGRAM_TEXT];
	steer_name_print(policy->owner, owner);
	steer_type_text(policy->type, type);
	steer_program_print(policy->program, policy->len, program);
	tell_place(story, "~", &policy->place);
	fprintf(story->out, "%s %s %s\n", owner, type, program);
	return story->stop;
}

static void tell_where(const story_t *story, const steer_record_set_t *set)
{
	char text[STEER_COORDINATES_TEXT];
	if (set->has_region) {
		fprintf(story->out, " region=%s", set->region);
	}
	if (set->has_point) {
		fprintf(story->out, " coordinates=%s", steer_coordinates_print(set->point, text));
	}
	if (set->has_bias) {
		fprintf(story->out, " bias=%d", set->bias);
	}
	if (set->has_geo) {
		fprintf(story->out, " geo=%s", steer_geo_print(set->geo, text));
	}
	if (set->has_location) {
		fprintf(story->out, " cidr=%s", set->location != NULL ? set->location : "default");
	}
	if (set->has_asns) {
		fprintf(story->out, " asn=%s", set->asns_count == 0 ? "default" : "");
		for (unsigned i = 0; i < set->asns_count; i++) {
			fprintf(story->out, "%s%u", i > 0 ? "," : "", set->asns[i]);
		}
	}
}

static int tell_set(void *ctx, const steer_text_set_t *given, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	const steer_record_set_t *set = &given->set;
	char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	steer_name_print(given->owner, name);
	steer_type_text(given->type, type);
	tell_place(story, "+", &given->place);
	fprintf(story->out, "%s %s '%s'", name, type, set->id);
	if (set->has_weight) {
		fprintf(story->out, " weight=%u", set->weight);
	}
	if (set->has_tier) {
		fprintf(story->out, " tier=%u", set->tier);
	}
	tell_where(story, set);
	if (set->alias != NULL) {
		steer_name_print(set->alias, name);
		fprintf(story->out, " alias=%s%s", name, set->evaluate ? " evaluate" : "");
	}
	if (set->health != NULL) {
		fprintf(story->out, " health=%s", set->health);
	}
	fputc('\n', story->out);
	return story->stop;
}

static int tell_check(void *ctx, const char *id, const steer_health_check_t *check,
                      const steer_place_t *place, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, len;
	tell_place(story, "?", place);
	fprintf(story->out, "%s %s", id, steer_health_check_type_name(check->type));
	while (steer_health_check_next(check, &at, &option, &text, &len)) {
		fprintf(story->out, " %s=%.*s", option->name, (int)len, text);
	}
	fputc('\n', story->out);
	return story->stop;
}

static int tell_network(void *ctx, const steer_text_network_t *network, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	char text[STEER_NETWORK_TEXT];
	tell_place(story, "#", &network->place);
	fprintf(story->out, "%s %s/%s\n", steer_network_print(&network->network, text),
	        network->collection, network->location);
	return story->stop;
}

static void tell_error(void *ctx, const steer_place_t *place, const char *text)
{
	const story_t *story = ctx;
	tell_place(story, "!", place);
	fprintf(story->out, "%s\n", text);
}

static void tell_warning(void *ctx, const steer_place_t *place, const char *text)
{
	const story_t *story = ctx;
	tell_place(story, "%", place);
	fprintf(story->out, "%s\n", text);
}

void story_begin(story_t *story)
{
	story->text = steer_text_new();
	story->out = open_memstream(&story->told, &story->size);
	story->reading = (steer_reading_t) {
		tell_zone, tell_record, tell_policy, tell_set, tell_check, tell_network, tell_error,
		tell_warning, story,
	};
}

char *story_end(story_t *story)
{
	fclose(story->out);
	steer_text_free(story->text);
	return story->told;
}

int story_zonefile(story_t *story, const steer_dialects_t *dialects, const char *text, size_t len)
{
	const steer_zonefile_sink_t sink = {
		.record = tell_record, .set = tell_set, .error = tell_error, .warn = tell_warning,
		.ctx = story, .dialects = dialects,
	};
	steer_fault_t fault = { 0 };
	steer_zonefile_t *file;
	assert_int_equal(steer_zonefile_text(&file, "f", text, len), STEER_OK);
	const int ret = steer_zonefile_read(file, (const uint8_t *)"\1a\4test", &sink, &fault);
	steer_zonefile_close(file);
	return ret;
}

void check_told(tell_f *tell, const case_t *cases, size_t count, int want)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *told = tell(cases[i].text, strlen(cases[i].text), &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, want);
		free(told);
	}
}
