/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any text as Steer YAML: it is read or refused, in the same way each time; what was read is
 *        in its zone, and as a document of its own it is read back as the same record, or the same
 *        health check.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dictionary.h"
#include "core/name.h"
#include "formats/guess.h"
#include "formats/program.h"
#include "formats/text.h"
#include "formats/yaml/scalar.h"
#include "formats/yaml/write.h"
#include "formats/yaml/yaml.h"
#include "tests/fuzz/target.h"

/*! Records, and checks, that are written and read back, so that an input takes a bounded time. */
#define BACK_MAX 64

typedef struct {
	steer_text_t *text;
	steer_zone_head_t head;
	const steer_text_record_t *want;        /*!< Reading back: the record to come. */
	const steer_health_check_t *want_check; /*!< Likewise. */
	steer_text_set_t set;                   /*!< The set given last. */
	uint8_t owner[STEER_NAME_MAX];          /*!< Owner of set. */
	unsigned records, sets, checks, errors;
} story_t;

static int read_text(const char *text, size_t len, story_t *story);

static int take_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	(void)fault;
	story_t *story = ctx;
	if (head->zone_at.line == 0 || head->zone_at.column == 0 ||
	    strlen(head->comment) > STEER_COMMENT_MAX) {
		abort();
	}
	story->head = *head;
	return STEER_OK;
}

/* A document of one record, written as export does. */
static void read_back(const story_t *story, const steer_text_record_t *record)
{
	char *made = NULL, name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	size_t len;
	steer_yaml_sink_t sink = { .out = open_memstream(&made, &len) };
	steer_name_print(story->head.zone, name);
	steer_yaml_puts(&sink, "zone: ");
	steer_yaml_scalar(&sink, name, false);
	steer_name_print(record->owner, name);
	steer_yaml_puts(&sink, "\nrecords:\n  ? ");
	steer_yaml_scalar(&sink, name, false);
	steer_type_text(record->type, type);
	fprintf(sink.out, "\n  : {type: %s, ttl: %u, values: ", type, record->ttl);
	steer_yaml_scalar(&sink, steer_rdata_print(story->text, record->type, record->rdata,
	                                           record->rdata_len), true);
	steer_yaml_puts(&sink, "}\n");
	fclose(sink.out);
	story_t back = { .text = story->text, .want = record };
	if (read_text(made, len, &back) != STEER_OK || back.records != 1) {
		abort();
	}
	free(made);
}

static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	story_t *story = ctx;
	story->records++;
	if (!steer_name_in(record->owner, story->head.zone) || record->place.line == 0 ||
	    record->place.column == 0) {
		abort();
	}
	if (record->in_set && (story->sets == 0 || story->set.set.alias != NULL ||
	                       story->set.type != record->type ||
	                       !steer_name_equal(story->owner, record->owner))) {
		abort();
	}
	const steer_text_record_t *want = story->want;
	if (want == NULL) {
		if (story->records <= BACK_MAX) {
			read_back(story, record);
		}
	} else if (steer_name_len(record->owner) != steer_name_len(want->owner) ||
	           memcmp(record->owner, want->owner, steer_name_len(want->owner)) != 0 ||
	           record->type != want->type || record->ttl != want->ttl ||
	           record->rdata_len != want->rdata_len ||
	           memcmp(record->rdata, want->rdata, want->rdata_len) != 0) {
		abort();
	}
	return STEER_OK;
}

static int take_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	const story_t *story = ctx;
	char text[STEER_PROGRAM_TEXT];
	uint8_t program[STEER_PROGRAM_MAX];
	size_t len = 0;
	if (policy->len == 0 || !steer_program_is_whole(policy->program, policy->len) ||
	    !steer_name_in(policy->owner, story->head.zone) || policy->place.line == 0) {
		abort();
	}
	steer_program_print(policy->program, policy->len, text);
	if (steer_program_parse(text, program, &len, fault) != STEER_OK || len != policy->len ||
	    memcmp(program, policy->program, len) != 0) {
		abort();
	}
	return STEER_OK;
}

static bool is_name(uint8_t kind, const char *text)
{
	const steer_dictionary_name_t name = { kind, strlen(text), text };
	return steer_dictionary_name_is_good(&name);
}

/*! What the reader promises of where a set and its clients are. */
static void check_where(const steer_record_set_t *set)
{
	if ((set->has_region && !is_name(STEER_DICTIONARY_REGION, set->region)) ||
	    (set->location != NULL && !is_name(STEER_DICTIONARY_LOCATION, set->location)) ||
	    (set->geo & ~STEER_GEO_KNOWN) != 0 || !steer_coordinates_are_good(set->point) ||
	    abs(set->bias) > STEER_BIAS_MAX || set->asns_count > STEER_ASNS_MAX) {
		abort();
	}
	for (unsigned i = 0; i < set->asns_count; i++) {
		for (unsigned j = 0; j <= i; j++) {
			if (set->asns[i] == (i == j ? 0 : set->asns[j])) {
				abort();
			}
		}
	}
}

static int take_set(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	(void)fault;
	story_t *story = ctx;
	const uint8_t *alias = set->set.alias;
	story->sets++;
	story->set = *set;
	memcpy(story->owner, set->owner, steer_name_len(set->owner));
	if (!steer_name_in(set->owner, story->head.zone) || set->place.line == 0 ||
	    strlen(set->set.id) > STEER_SET_ID_MAX || !steer_yaml_is_line(set->set.id) ||
	    (alias == NULL && set->set.evaluate) ||
	    (alias != NULL && !steer_name_is_whole(alias, steer_name_len(alias))) ||
	    (set->set.health != NULL && !steer_health_check_id_is_good(set->set.health))) {
		abort();
	}
	check_where(&set->set);
	return STEER_OK;
}

/* A document of one check, written as export does. */
static void read_check_back(const story_t *story, const char *id, const steer_health_check_t *check)
{
	char *made = NULL;
	size_t len;
	FILE *out = open_memstream(&made, &len);
	steer_yaml_writer_t *writer = steer_yaml_writer_new(story->text, (steer_names_t) { 0 }, out);
	steer_yaml_write_health(writer);
	steer_yaml_write_check(writer, id, check);
	steer_yaml_writer_free(writer);
	fclose(out);
	story_t back = { .text = story->text, .want_check = check };
	if (read_text(made, len, &back) != STEER_OK || back.checks != 1) {
		abort();
	}
	free(made);
}

static int take_check(void *ctx, const char *id, const steer_health_check_t *check,
                      const steer_place_t *place, steer_fault_t *fault)
{
	(void)fault;
	story_t *story = ctx;
	const steer_health_check_t *want = story->want_check;
	story->checks++;
	if (!steer_health_check_id_is_good(id) || place->line == 0 || check->type == STEER_CHECK_NONE) {
		abort();
	}
	if (want == NULL) {
		if (story->checks <= BACK_MAX) {
			read_check_back(story, id, check);
		}
	} else if (check->type != want->type || check->flags != want->flags ||
	           check->options_len != want->options_len ||
	           memcmp(check->options, want->options, want->options_len) != 0) {
		abort();
	}
	return STEER_OK;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	((story_t *)ctx)->errors++;
	if (place->file == NULL || place->line == 0 || place->column == 0 || text[0] == '\0') {
		abort();
	}
}

static int read_text(const char *text, size_t len, story_t *story)
{
	steer_yaml_t *file = NULL;
	steer_fault_t fault;
	const steer_reading_t reading = {
		take_zone, take_record, take_policy, take_set, take_check, NULL, take_error, NULL, story,
	};
	if (steer_yaml_text(&file, "text", text, len) != STEER_OK) {
		return STEER_ENOMEM;
	}
	int ret = steer_yaml_read(file, &reading, &fault);
	if ((ret == STEER_EREFUSED) != (story->errors > 0)) {
		abort();
	}
	steer_yaml_close(file);
	return ret;
}

static void guess(const char *text, size_t len)
{
	steer_input_t *input = NULL;
	if (steer_input_text(&input, "text", text, len) == STEER_OK) {
		(void)steer_input_format(input);
		steer_input_free(input);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	story_t first = { .text = steer_text_new() }, second = { .text = first.text };
	if (first.text == NULL) {
		return 0;
	}
	guess(text, size);
	int ret = read_text(text, size, &first);
	if (read_text(text, size, &second) != ret || first.records != second.records ||
	    first.sets != second.sets || first.checks != second.checks ||
	    first.errors != second.errors) {
		abort();
	}
	steer_text_free(first.text);
	return 0;
}
