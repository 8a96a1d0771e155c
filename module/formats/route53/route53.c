/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/route53.h"

#include <stdlib.h>

#include "formats/array.h"
#include "formats/route53/blocks.h"
#include "formats/route53/changes.h"
#include "formats/route53/health.h"
#include "formats/route53/lists.h"
#include "formats/route53/traffic.h"
#include "formats/route53/zones.h"

typedef struct {
	steer_input_t *input; /*!< Its name is in the places. */
	steer_json_t json;
} file_t;

struct steer_route53 {
	file_t *files;
	size_t count, room;
	steer_route53_lists_t lists;
	steer_route53_collections_t collections;
	steer_route53_blocks_t blocks;
	steer_route53_batches_t batches;
	steer_traffic_t traffic;
	bool any; /*!< There was an answer. */
};

steer_route53_t *steer_route53_new(void)
{
	return calloc(1, sizeof(steer_route53_t));
}

void steer_route53_free(steer_route53_t *files)
{
	if (files == NULL) {
		return;
	}
	for (size_t i = 0; i < files->count; i++) {
		steer_json_free(&files->files[i].json);
		steer_input_free(files->files[i].input);
	}
	steer_route53_lists_free(&files->lists);
	steer_route53_collections_free(&files->collections);
	steer_route53_blocks_free(&files->blocks);
	steer_route53_batches_free(&files->batches);
	steer_traffic_free(&files->traffic);
	free(files->files);
	free(files);
}

int steer_route53_add(steer_route53_t *files, steer_input_t *input, steer_error_f error, void *ctx,
                      steer_fault_t *fault)
{
	steer_report_t report = { error, ctx, input->name, fault, 0 };
	file_t *more = steer_array_grown(files->files, &files->room, files->count + 1, sizeof(*more));
	if (more == NULL) {
		int ret = steer_fault(fault, STEER_ENOMEM, "%s: out of memory", input->name);
		steer_input_free(input);
		return ret;
	}
	files->files = more;
	file_t *file = &more[files->count++];
	*file = (file_t) { .input = input };
	int ret = steer_json_read(&file->json, input, &report);
	if (ret == STEER_OK) {
		ret = steer_traffic_read_documents(&file->json, input, &report);
	}
	steer_input_release(input);
	return ret;
}

/* What a file has. */

static void add_hosted_zone(steer_route53_t *files, steer_route53_reading_t *reading,
                            const steer_field_at_t *item)
{
	steer_route53_add_hosted_zone(&files->lists, reading, item);
}

static void add_collection(steer_route53_t *files, steer_route53_reading_t *reading,
                           const steer_field_at_t *item)
{
	steer_route53_add_collection(&files->collections, reading, item);
}

static void add_blocks(steer_route53_t *files, steer_route53_reading_t *reading,
                       const steer_field_at_t *answer)
{
	steer_route53_add_blocks(&files->blocks, reading, answer);
}

static void add_traffic_policy(steer_route53_t *files, steer_route53_reading_t *reading,
                               const steer_field_at_t *item)
{
	steer_traffic_add_policy(&files->traffic, reading, item);
}

static void add_instance(steer_route53_t *files, steer_route53_reading_t *reading,
                         const steer_field_at_t *item)
{
	steer_traffic_add_instance(&files->traffic, reading, item);
}

static void pass_check(steer_route53_t *files, steer_route53_reading_t *reading,
                       const steer_field_at_t *item)
{
	(void)files;
	steer_route53_pass_check(reading, item);
}

/*! What an answer can have, apart from record sets, by its key. */
static const struct {
	const char *key;
	enum { PART_ONE, PART_LIST, PART_ANSWER } kind; /*!< One, each one of a list, or the answer. */
	void (*add)(steer_route53_t *files, steer_route53_reading_t *reading,
	            const steer_field_at_t *item);
} parts[] = {
	{ "HostedZone", PART_ONE, add_hosted_zone },
	{ "HostedZones", PART_LIST, add_hosted_zone },
	{ "HealthCheck", PART_ONE, pass_check },
	{ "HealthChecks", PART_LIST, pass_check },
	{ "CidrCollections", PART_LIST, add_collection },
	{ "CidrBlocks", PART_ANSWER, add_blocks },
	{ "TrafficPolicy", PART_ONE, add_traffic_policy },
	{ "TrafficPolicies", PART_LIST, add_traffic_policy },
	{ "TrafficPolicyInstance", PART_ONE, add_instance },
	{ "TrafficPolicyInstances", PART_LIST, add_instance },
};

#define ANSWERS "what aws route53 prints for list-resource-record-sets, get-hosted-zone, " \
                "list-health-checks, list-cidr-collections, list-cidr-blocks, " \
                "get-traffic-policy, list-traffic-policy-instances, and what it takes for " \
                "change-resource-record-sets"

static void take_part(steer_route53_t *files, steer_route53_reading_t *reading,
                      const steer_field_at_t *answer, size_t i)
{
	if (parts[i].kind == PART_ANSWER) {
		parts[i].add(files, reading, answer);
		return;
	}
	const steer_field_at_t part = steer_field_get(
		reading, answer, parts[i].key,
		parts[i].kind == PART_ONE ? STEER_JSON_OBJECT : STEER_JSON_LIST);
	steer_field_at_t item = { answer->json, NULL };
	if (part.value == NULL) {
		return;
	}
	if (parts[i].kind == PART_ONE) {
		parts[i].add(files, reading, &part);
		return;
	}
	while (steer_field_next(reading, &part, &item)) {
		parts[i].add(files, reading, &item);
	}
}

static void take_answer(steer_route53_t *files, steer_route53_reading_t *reading,
                        const steer_field_at_t *answer)
{
	bool known = false;
	if (steer_json_get(answer->json, answer->value, "ResourceRecordSets") != NULL) {
		steer_route53_add_list(&files->lists, reading, answer);
		known = true;
	}
	if (steer_json_get(answer->json, answer->value, "Changes") != NULL ||
	    steer_json_get(answer->json, answer->value, "ChangeBatch") != NULL) {
		steer_route53_add_batch(&files->batches, &files->lists, reading, answer);
		known = true;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (steer_json_get(answer->json, answer->value, parts[i].key) != NULL) {
			take_part(files, reading, answer, i);
			known = true;
		}
	}
	files->any = true;
	if (!known) {
		steer_field_wrong(reading, answer, "nothing that is known; allowed: " ANSWERS);
	}
}

static void take_file(steer_route53_t *files, steer_route53_reading_t *reading,
                      const steer_json_t *json)
{
	steer_field_at_t item, at = { json, NULL };
	while (reading->ret == STEER_OK &&
	       (at.value = steer_json_next(json, NULL, at.value)) != NULL) {
		if (at.value->kind == STEER_JSON_OBJECT) {
			take_answer(files, reading, &at);
			continue;
		}
		if (at.value->kind != STEER_JSON_LIST) {
			steer_field_wrong(reading, &at, "no answer of Route 53; allowed: " ANSWERS);
			continue;
		}
		item = (steer_field_at_t) { json, NULL };
		while (steer_field_next(reading, &at, &item)) {
			take_answer(files, reading, &item);
		}
	}
}

static void read_files(steer_route53_t *files, steer_route53_reading_t *reading,
                       const uint8_t *zone)
{
	for (size_t i = 0; i < files->count; i++) {
		take_file(files, reading, &files->files[i].json);
	}
	if (!files->any && reading->ret == STEER_OK && reading->report.errors == 0) {
		const steer_place_t place = { files->files[0].input->name, 1, 1 };
		reading->ret = steer_report(&reading->report, &place, "no answer; allowed: " ANSWERS);
	}
	const unsigned errors = reading->report.errors;
	if (reading->ret == STEER_OK) {
		steer_route53_find_zones(&files->lists, reading, zone);
	}
	steer_traffic_sort(&files->traffic, reading);
	if (reading->ret == STEER_OK && reading->report.errors == errors) {
		steer_route53_pass_zones(&files->lists, &files->collections, &files->traffic, reading);
		steer_route53_pass_blocks(&files->blocks, &files->collections, reading);
	}
}

/*! Begins a reading. \return Whether there is memory */
static bool begin_reading(const steer_route53_t *files, steer_route53_reading_t *reading,
                          const steer_reading_t *sink, steer_fault_t *fault)
{
	*reading = (steer_route53_reading_t) {
		.sink = sink, .text = steer_text_new(), .scratch = malloc(STEER_JSON_TEXT_MAX + 1),
		.report = {
			sink->error, sink->ctx,
			files->count == 1 ? files->files[0].input->name : "the files of Route 53", fault, 0,
		},
	};
	if (reading->text == NULL || reading->scratch == NULL) {
		steer_field_no_memory(reading);
	}
	return reading->ret == STEER_OK;
}

static int end_reading(const steer_route53_reading_t *reading)
{
	steer_text_free(reading->text);
	free(reading->scratch);
	return reading->ret == STEER_OK ? steer_report_end(&reading->report) : reading->ret;
}

int steer_route53_read(steer_route53_t *files, const uint8_t *zone, const steer_reading_t *sink,
                       steer_fault_t *fault)
{
	steer_route53_reading_t reading;
	if (begin_reading(files, &reading, sink, fault)) {
		read_files(files, &reading, zone);
	}
	return end_reading(&reading);
}

int steer_route53_read_changes(steer_route53_t *files, const uint8_t *zone,
                               const steer_route53_changes_t *changes, steer_fault_t *fault)
{
	const steer_reading_t sink = {
		.error = changes->error, .warn = changes->warn, .ctx = changes->ctx,
	};
	steer_route53_reading_t reading;
	if (begin_reading(files, &reading, &sink, fault)) {
		steer_route53_pass_changes(&files->batches, &files->lists, &files->collections, zone,
		                           changes, &reading);
	}
	return end_reading(&reading);
}
