/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/route53_story.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/program.h"
#include "unit/test.h"

/*! A copy with quotes for apostrophes, of just its length. */
static char *quoted(const char *text)
{
	const size_t len = strlen(text);
	char *copy = malloc(len > 0 ? len : 1);
	memcpy(copy, text, len);
	for (size_t i = 0; i < len; i++) {
		copy[i] = copy[i] == '\'' ? '"' : copy[i];
	}
	return copy;
}

/*! Tells the zone; one that is not known is the name itself, or refused if that is the root. */
static int tell_batch(void *ctx, const uint8_t *name, bool known, uint8_t *zone,
                      steer_fault_t *fault)
{
	const story_t *story = ctx;
	char text[STEER_NAME_TEXT];
	steer_name_print(name, text);
	fprintf(story->out, "%s %s\n", known ? "zone" : "names in", text);
	memcpy(zone, name, steer_name_len(name));
	return name[0] != 0 ? STEER_OK : steer_fault(fault, STEER_EINVAL, "no zone");
}

/*! Tells a change, and refuses one with an unlucky TTL. */
static int tell_change(void *ctx, const steer_route53_change_t *change, steer_fault_t *fault)
{
	static const char *const actions[] = { "CREATE", "UPSERT", "DELETE" };
	const story_t *story = ctx;
	const steer_text_set_t set = { change->owner, change->type, change->set, change->place };
	char program[STEER_PROGRAM_TEXT] = "";
	if (change->program_len > 0) {
		steer_program_print(change->program, change->program_len, program);
	}
	fprintf(story->out, "%s%s%s%s\n", actions[change->action], change->in_set ? " set" : "",
	        program[0] != '\0' ? " " : "", program);
	(void)story->reading.set(ctx, &set, fault);
	for (size_t i = 0; i < change->count; i++) {
		const steer_route53_value_t *value = &change->values[i];
		const steer_text_record_t record = {
			.owner = change->owner, .type = change->type, .ttl = change->ttl, .in_set = true,
			.rdata = value->rdata, .rdata_len = value->rdata_len, .place = value->place,
		};
		(void)story->reading.record(ctx, &record, fault);
	}
	return change->ttl != 13 ? STEER_OK : steer_fault(fault, STEER_EINVAL, "an unlucky TTL");
}

char *tell_route53(const char *const files[STORY_FILES], const uint8_t *zone, int *ret)
{
	char *copies[STORY_FILES] = { NULL };
	steer_fault_t fault = { 0 };
	steer_route53_t *route53 = steer_route53_new();
	story_t story = { 0 };
	story_begin(&story);
	const steer_route53_changes_t changes = {
		tell_batch, tell_change, story.reading.error, story.reading.warn, &story,
	};
	*ret = STEER_OK;
	for (unsigned i = 0; i < STORY_FILES && files[i] != NULL && *ret == STEER_OK; i++) {
		steer_input_t *input = NULL;
		copies[i] = quoted(files[i]);
		assert_int_equal(steer_input_text(&input, "f", copies[i], strlen(files[i])), STEER_OK);
		*ret = steer_route53_add(route53, input, story.reading.error, &story, &fault);
		free(copies[i]); // What was read is kept.
	}
	if (*ret == STEER_OK) {
		*ret = steer_route53_read(route53, zone, &story.reading, &fault);
	}
	if (*ret == STEER_OK) {
		*ret = steer_route53_read_changes(route53, zone, &changes, &fault);
	}
	steer_route53_free(route53);
	return story_end(&story);
}

void check_route53(const route53_case_t *cases, size_t count, int want)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *told = tell_route53(cases[i].files, NULL, &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, want);
		free(told);
	}
}
