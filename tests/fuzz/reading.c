/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/reading.h"

#include <string.h>

#include "core/dictionary.h"
#include "core/program.h"
#include "core/regions.h"
#include "formats/text.h"
#include "formats/yaml/scalar.h"
#include "tests/fuzz/target.h"

void fuzz_check_place(const steer_place_t *place)
{
	require(place->file != NULL && place->line > 0 && place->column > 0);
}

static int take_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	(void)fault;
	fuzz_story_t *story = ctx;
	story->zones++;
	story->in_zone = true;
	fuzz_check_place(&head->zone_at);
	require(strlen(head->comment) <= STEER_COMMENT_MAX && steer_yaml_is_line(head->comment));
	require(steer_name_is_whole(head->zone, steer_name_len(head->zone)));
	return STEER_OK;
}

static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	fuzz_story_t *story = ctx;
	story->records++;
	fuzz_check_place(&record->place);
	require(story->in_zone && record->ttl <= STEER_TTL_MAX);
	require(steer_name_is_whole(record->owner, steer_name_len(record->owner)));
	require(steer_rdata_check(record->type, record->rdata, record->rdata_len));
	require(!record->in_set || (!story->alias && story->type == record->type &&
	                            steer_name_equal(story->owner, record->owner)));
	touch(record->rdata, record->rdata_len);
	return STEER_OK;
}

static int take_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	(void)fault;
	fuzz_story_t *story = ctx;
	story->policies++;
	fuzz_check_place(&policy->place);
	require(story->in_zone && policy->len > 0 &&
	        steer_program_is_whole(policy->program, policy->len));
	return STEER_OK;
}

static bool is_name(uint8_t kind, const char *text)
{
	const steer_dictionary_name_t name = { kind, strlen(text), text };
	return steer_dictionary_name_is_good(&name);
}

static int take_set(void *ctx, const steer_text_set_t *given, steer_fault_t *fault)
{
	(void)fault;
	fuzz_story_t *story = ctx;
	const steer_record_set_t *set = &given->set;
	story->sets++;
	story->type = given->type;
	story->alias = set->alias != NULL;
	memcpy(story->owner, given->owner, steer_name_len(given->owner));
	fuzz_check_place(&given->place);
	require(strlen(set->id) <= STEER_SET_ID_MAX && steer_yaml_is_line(set->id));
	require(set->alias == NULL || steer_name_is_whole(set->alias, steer_name_len(set->alias)));
	require(set->health == NULL || steer_health_check_id_is_good(set->health));
	require(!set->has_region || is_name(STEER_DICTIONARY_REGION, set->region));
	require(set->location == NULL || is_name(STEER_DICTIONARY_LOCATION, set->location));
	require((set->geo & ~STEER_GEO_KNOWN) == 0 && steer_coordinates_are_good(set->point));
	return STEER_OK;
}

static int take_check(void *ctx, const char *id, const steer_health_check_t *check,
                      const steer_place_t *place, steer_fault_t *fault)
{
	(void)fault;
	((fuzz_story_t *)ctx)->checks++;
	fuzz_check_place(place);
	require(steer_health_check_id_is_good(id) && check->type != STEER_CHECK_NONE);
	return STEER_OK;
}

static int take_network(void *ctx, const steer_text_network_t *network, steer_fault_t *fault)
{
	(void)fault;
	((fuzz_story_t *)ctx)->networks++;
	fuzz_check_place(&network->place);
	require(steer_region_name_is_good(network->collection, strlen(network->collection)) &&
	        steer_region_name_is_good(network->location, strlen(network->location)));
	return STEER_OK;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	((fuzz_story_t *)ctx)->errors++;
	fuzz_check_place(place);
	require(text[0] != '\0');
}

static void take_warning(void *ctx, const steer_place_t *place, const char *text)
{
	((fuzz_story_t *)ctx)->warnings++;
	fuzz_check_place(place);
	require(text[0] != '\0');
}

steer_reading_t fuzz_reading(fuzz_story_t *story)
{
	return (steer_reading_t) {
		.zone = take_zone, .record = take_record, .policy = take_policy, .set = take_set,
		.check = take_check, .network = take_network, .error = take_error, .warn = take_warning,
		.ctx = story,
	};
}

bool fuzz_story_equal(const fuzz_story_t *a, const fuzz_story_t *b)
{
	return a->zones == b->zones && a->records == b->records && a->policies == b->policies &&
	       a->sets == b->sets && a->checks == b->checks && a->networks == b->networks &&
	       a->errors == b->errors && a->warnings == b->warnings;
}
