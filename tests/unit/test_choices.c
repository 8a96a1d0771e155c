/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices of policies that are remembered: which are, and how long they hold. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/client.h"
#include "engine/choices.h"
#include "unit/answers.h"
#include "unit/networks.h"
#include "unit/records.h"
#include "unit/test.h"

/* What is remembered. */

/*! A memory of one choice. */
typedef struct {
	world_t world;
	bool has;
	steer_choice_key_t key;
	steer_choice_t choice;
	unsigned hits;
} memory_t;

static const steer_choice_t *memory_find(void *ctx, const steer_choice_key_t *key)
{
	memory_t *memory = ctx;
	const bool same = memory->has && memory->key.group == key->group &&
	                  memory->key.client == key->client && memory->key.strict == key->strict;
	memory->hits += same;
	return same ? &memory->choice : NULL;
}

static void memory_keep(void *ctx, const steer_choice_key_t *key, const steer_choice_t *choice)
{
	memory_t *memory = ctx;
	memory->has = true;
	memory->key = *key;
	memory->choice = *choice;
}

/*! Who asks. */
typedef struct {
	steer_client_t subnet, source;
} asking_t;

static void tell_client(void *host, bool subnet, steer_client_t *client)
{
	*client = subnet ? ((asking_t *)host)->subnet : ((asking_t *)host)->source;
}

/*! Makes a map by which some networks are in the United States. */
static void map_make(steer_map_t *map)
{
	static uint8_t value[16384];
	steer_classed_network_t networks[] = {
		network_parse("198.51.100.0/24", 1), network_parse("203.0.0.0/16", 1),
		network_parse("192.0.2.1/32", 1),
	};
	uint8_t class[STEER_PLACE_SIZE];
	steer_map_place_t place = { 0 };
	assert_true(steer_geo_country_parse("US", 2, &place.geo));
	steer_map_place_write(class, &place);
	const steer_network_map_model_t model = {
		.networks = networks, .networks_count = COUNT(networks), .type = STEER_MAP_GEO,
		.classes_count = 1, .class_size = sizeof(class), .classes = class,
	};
	size_t size = sizeof(value);
	uint32_t at;
	assert_int_equal(steer_network_map_build(value, &size, &model, &at), STEER_OK);
	assert_int_equal(steer_network_map_open(&map->networks, value, size), STEER_OK);
}

static const steer_map_t *no_collection(void *ctx, uint32_t collection)
{
	(void)ctx;
	(void)collection;
	return NULL;
}

static bool no_region(void *ctx, uint32_t region, steer_coordinates_t *point)
{
	(void)ctx;
	(void)region;
	(void)point;
	return false;
}

/*! Picks the records of the group at "a.example.", and tells all that came of it. */
static const char *pick(const steer_lookup_t *lookup, const asking_t *asking)
{
	static char told[512];
	steer_question_t question = question_of("a.example.", 1);
	question.client = tell_client;
	question.host = (void *)asking;
	steer_finder_t finder;
	steer_reached_t reached;
	steer_picker_t picker;
	steer_picked_t picked;
	const steer_sink_t sink = { .room = 1000 };
	steer_outcome_t outcome = { .error = -1 };
	steer_finder_begin(&finder, lookup, question.name);
	assert_int_equal(steer_finder_reach(&finder, 1, &reached), STEER_OK);
	steer_picker_begin(&picker, lookup, &question, &sink, &outcome);
	int ret = steer_pick(&picker, &reached.group, 0, false, &picked);
	int len = sprintf(told, "returns %d, error %d, scope %u, work %u, TTL %u:", ret, outcome.error,
	                  outcome.scope, picker.work, picked.ttl);
	for (unsigned i = 0; i < picked.records.count; i++) {
		const steer_rrs_t *part = &picked.records.parts[i];
		len += sprintf(told + len, " %u", part->rrs[part->len - 1]);
	}
	return told;
}

#define SOA    "example.\n@ SOA . . 1 2 3 4 5\n"
#define SETS   "a A +a weight=1 192.0.2.1\na A +b weight=2 192.0.2.2\na A +c weight=3 192.0.2.3\n"
#define WHERE "a A +a geo=country:US 192.0.2.1\na A +b geo=default 192.0.2.2\n"
#define NINE   SETS "a A +d 192.0.2.4\na A +e 192.0.2.5\na A +f 192.0.2.6\na A +g 192.0.2.7\n" \
	"a A +h 192.0.2.8\na A +i 192.0.2.9\n"

static void what_follows_from_the_client_is_remembered(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone, *subnet, *source;
		bool remembered;
		unsigned bits;
	} cases[] = {
		{ "sticky", "a A =weighted-client,take1\n" SETS, "198.51.100.0/24", NULL, true, 24 },
		{ "sticky, of an address", "a A =weighted-client,take1\n" SETS, NULL, "198.51.100.7/32",
		  true, 24 },
		{ "sticky, of IPv6", "a A =weighted-client,take1\n" SETS, "2001:db8:1::/56", NULL, true,
		  56 },
		{ "of a private subnet", "a A =weighted-client,take1\n" SETS, "10.1.2.0/24",
		  "198.51.100.7/32", true, 24 },
		{ "the first two", "a A =up,weighted-client,take2\n" SETS, "198.51.100.0/24", NULL, true,
		  24 },
		{ "records in two sets", "a A =weighted-client,take2\n" SETS "a A +d 192.0.2.2\n",
		  "198.51.100.0/24", NULL, true, 24 },
		{ "none is left", "a A =up-none,weighted-client\na A +a health=down 192.0.2.1\n",
		  "198.51.100.0/24", NULL, true, 24 },
		{ "a place", "a A =geo,nearest,take1\n" WHERE, "198.51.100.0/24", NULL, true, 24 },
		{ "a place of a wide network", "a A =geo,nearest,take1\n" WHERE, "203.0.113.0/24", NULL, true,
		  16 },
		{ "a place and the client", "a A =geo,weighted-client,take1\n" WHERE, "203.0.113.0/24",
		  NULL, true, 24 },
		{ "behind an alias", "a A + alias=b\nb A =weighted-client,take1\nb A +a 192.0.2.1\n"
		  "b A +b 192.0.2.2\n", "198.51.100.0/24", NULL, true, 24 },
		{ "a place behind an alias", "a A + alias=b\nb A =geo,nearest,take1\n"
		  "b A +a geo=country:US 192.0.2.1\nb A +b geo=default 192.0.2.2\n", "198.51.100.0/24",
		  NULL, true, 24 },
		{ "after a choice that depends on more", "a A =up\na A +1 alias=b\na A +2 alias=c\n"
		  "b A =weighted-client,take1\nb A +a alias=d\nc A =geo,nearest,take1\n"
		  "c A +a geo=country:US 192.0.2.1\nd A 192.0.2.2\n", "203.0.113.0/24", NULL, true, 16 },
		{ "a network of one address", "a A =geo,nearest,take1\n" WHERE, "192.0.2.0/24", NULL, false, 0 },
		{ "a place alone", "a A =geo,up,take1\n" WHERE, "198.51.100.0/24", NULL, false, 0 },
		{ "a map alone", "a A =asn,take1\n" SETS, "198.51.100.0/24", NULL, false, 0 },
		{ "a client of no family", "a A =weighted-client,take1\n" SETS, NULL, NULL, false, 0 },
		{ "more sets than are kept", "a A =weighted-client\n" NINE, "198.51.100.0/24", NULL, false,
		  0 },
		{ "a draw", "a A =weighted,take1\n" NINE, "198.51.100.0/24", NULL, false, 0 },
		{ "a draw in a place", "a A =geo,weighted,take1\n" WHERE, "198.51.100.0/24", NULL, false,
		  0 },
		{ "a shuffle of it", "a A =geo,shuffle,take1\n" WHERE, "198.51.100.0/24", NULL, false,
		  0 },
		{ "an alias among the sets", "a A =weighted-client,take1\na A +a alias=b\nb A 192.0.2.1\n",
		  "198.51.100.0/24", NULL, false, 0 },
		{ "a failure", "a A =weighted-client,up-servfail\na A +a health=down 192.0.2.1\n",
		  "198.51.100.0/24", NULL, false, 0 },
		{ "not of the client", "a A =up,tier\n" SETS, "198.51.100.0/24", NULL, false, 0 },
	};
	static const model_check_t checks[] = { { "down", 0, 7 }, { 0 } };
	static const steer_health_slot_t slots[] = { { 7, 1 } };
	static const steer_health_table_t health_table = { slots, COUNT(slots) };
	steer_map_t geo;
	map_make(&geo);
	const steer_maps_t maps = { .geo = &geo, .collection = no_collection, .region = no_region };
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char zone[1024], alone[512];
		const char *const zones[] = { zone, NULL };
		snprintf(zone, sizeof(zone), SOA "%s", cases[i].zone);
		model_t model;
		model_make_with(&model, zones, checks);
		steer_chance_t chance;
		steer_chance_seed(&chance, 1);
		const steer_chance_t seeded = chance;
		memory_t memory = { .world = { .model = &model, .health_table = &health_table,
		                               .chance = &chance } };
		steer_lookup_t lookup = world_lookup(&memory.world, world_maybe_apex);
		lookup.maps = &maps;
		asking_t asking = { 0 };
		if (cases[i].subnet != NULL) {
			asking.subnet = client_parse(cases[i].subnet);
		}
		if (cases[i].source != NULL) {
			asking.source = client_parse(cases[i].source);
		}
		strcpy(alone, pick(&lookup, &asking));
		lookup.choice = memory_find;
		lookup.remember = memory_keep;
		for (unsigned time = 0; time < 3; time++) {
			chance = seeded;
			assert_string_equal(pick(&lookup, &asking), alone);
			assert_int_equal(memory.hits, cases[i].remembered ? time : 0);
		}
		assert_int_equal(memory.has, cases[i].remembered);
		assert_int_equal(memory.choice.bits, cases[i].bits);
		model_free(&model);
	}
}

static int put_nothing(void *ctx, steer_section_t section, const steer_rrset_t *rrset,
                       bool optional)
{
	(void)ctx;
	(void)section;
	(void)rrset;
	(void)optional;
	return STEER_OK;
}

/*! Who finds a group tells at once whether it pays; so that no run has to look. */
static void whether_it_pays_is_found_out_once(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		bool pays;
	} cases[] = {
		{ "a A =weighted-client,take1\n" SETS, true }, { "a A =geo,nearest,take1\n" WHERE, true },
		{ "a A =geo,weighted,take1\n" WHERE, false }, { "a A =up,tier\n" SETS, false },
		{ "a A =weighted-client\na A +a alias=b\nb A 192.0.2.1\n", false },
		{ "a A 192.0.2.1\n", false },
	};
	static const steer_health_table_t no_checks;
	steer_map_t geo;
	map_make(&geo);
	const steer_maps_t maps = { .geo = &geo, .collection = no_collection, .region = no_region };
	const steer_sink_t sink = { .put = put_nothing, .room = 1000 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s", cases[i].zone);
		char zone[512];
		const char *const zones[] = { zone, NULL };
		snprintf(zone, sizeof(zone), SOA "%s", cases[i].zone);
		model_t model;
		model_make(&model, zones);
		steer_chance_t chance;
		steer_chance_seed(&chance, 1);
		memory_t memory = { .world = { .model = &model, .health_table = &no_checks,
		                               .chance = &chance } };
		steer_lookup_t lookup = world_lookup(&memory.world, world_maybe_apex);
		lookup.maps = &maps;
		asking_t asking = { .subnet = client_parse("198.51.100.0/24") };
		steer_question_t question = question_of("a.example.", 1);
		question.client = tell_client;
		question.host = &asking;
		steer_found_t found;
		steer_lead_t lead;
		steer_outcome_t outcome;
		assert_int_equal(steer_answer(&lookup, &question, STEER_NO_ZONE, &sink, &outcome, &found),
		                 STEER_OK);
		assert_int_equal(steer_finder_lead(&lookup, question.name, 1, &lead), STEER_OK);
		const unsigned want = cases[i].pays ? STEER_MEMORABLE_YES : STEER_MEMORABLE_NO;
		assert_int_equal(found.memorable, want);
		assert_int_equal(lead.memorable, want);
		lookup.choice = memory_find;
		lookup.remember = memory_keep;
		for (unsigned k = 0; k < 2 && found.node != NULL; k++) { // It is not found out again.
			memory.has = false;
			found.memorable = k == 0 ? STEER_MEMORABLE_NO : want;
			assert_int_equal(steer_answer_group(&found, &lookup, &question, &sink, &outcome),
			                 STEER_OK);
			assert_int_equal(memory.has, k > 0 && cases[i].pays);
		}
		model_free(&model);
	}
}

/*! Answers by the preset found. \return the record, the scope and where it was copied, as text */
static const char *answer_by_client(const steer_found_t *found, const steer_lookup_t *lookup,
                                    const asking_t *asking)
{
	static char told[64];
	uint8_t raw[512] = { 0 };
	steer_question_t question = question_of("a.example.", 1);
	question.client = tell_client;
	question.host = (void *)asking;
	const steer_sink_t sink = { .put = put_nothing, .room = sizeof(raw), .raw = raw };
	steer_outcome_t outcome;
	int ret;
	assert_true(steer_answer_by_client(found, lookup, &question, &sink, &outcome, &ret));
	assert_int_equal(ret, STEER_OK);
	snprintf(told, sizeof(told), "%u, scope %u, %u bytes", raw[15], outcome.scope,
	         outcome.raw_len);
	return told;
}

/*! A preset that is run without its steps remembers its choice as these do. */
static void the_nearest_is_remembered(void **state)
{
	(void)state;
	static const struct {
		const char *program, *client, *want;
		unsigned hits;
	} cases[] = {
		{ "up,nearest,take1", "198.51.100.0/24", "2, scope 24, 16 bytes", 2 },
		{ "up,nearest,take1", "203.0.113.0/24", "2, scope 16, 16 bytes", 2 },
		{ "up,nearest,take1", "192.0.2.0/24", "1, scope 32, 16 bytes", 0 },
		{ "geo,up,take1", "198.51.100.0/24", "1, scope 24, 16 bytes", 0 },
	};
	static const steer_health_table_t no_checks;
	steer_map_t geo;
	map_make(&geo);
	const steer_maps_t maps = { .geo = &geo, .collection = no_collection, .region = no_region };
	for (size_t i = 0; i < COUNT(cases); i++) {
		char zone[512];
		const char *const zones[] = { zone, NULL };
		print_message("  %s, %s\n", cases[i].program, cases[i].client);
		snprintf(zone, sizeof(zone), SOA "a A =%s\na A +a at=5000,1000 geo=country:US 192.0.2.1\n"
		         "a A +b at=4000,-9000 geo=default 192.0.2.2\n", cases[i].program);
		model_t model;
		model_make(&model, zones);
		memory_t memory = { .world = { .model = &model, .health_table = &no_checks } };
		steer_lookup_t lookup = world_lookup(&memory.world, world_maybe_apex);
		lookup.maps = &maps;
		lookup.choice = memory_find;
		lookup.remember = memory_keep;
		const asking_t asking = { .subnet = client_parse(cases[i].client) };
		steer_question_t question = question_of("a.example.", 1);
		const steer_sink_t sink = { .put = put_nothing, .room = 1000 };
		steer_found_t found;
		steer_outcome_t outcome;
		assert_int_equal(steer_answer(&lookup, &question, STEER_NO_ZONE, &sink, &outcome, &found),
		                 STEER_OK);
		for (unsigned time = 0; time < 3; time++) {
			assert_string_equal(answer_by_client(&found, &lookup, &asking), cases[i].want);
		}
		assert_int_equal(memory.hits, cases[i].hits);
		model_free(&model);
	}
}

static void a_choice_serves_whoever_wants_as_many(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		unsigned count, most, wanted;
		bool serves;
	} cases[] = {
		{ "as many were wanted", 2, 2, 2, true },
		{ "there are no more", 2, 8, 9, true },
		{ "there may be more", 2, 2, 3, false },
		{ "all that there are", 2, 8, 2, true },
		{ "fewer", 2, 8, 1, false },
		{ "there is none", 0, 8, 1, true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_choice_t choice = { .count = cases[i].count, .most = cases[i].most };
		assert_int_equal(steer_choice_serves(&choice, cases[i].wanted), cases[i].serves);
	}
}

/* How long it holds. */

static uint8_t pages[2][4096];

static steer_choices_t choices;

static void a_choice_holds_until_something_changes(void **state)
{
	(void)state;
	static steer_marks_t marks = { .pages = { pages[0], 12 } };
	static const struct {
		const char *what;
		uint64_t serial, since, policy_serial, left;
		unsigned page;
		uint64_t client;
		bool strict, holds;
	} cases[] = {
		{ "nothing",                      5, 1, 4, 0, 0, 9, false, true },
		{ "records of another page",      7, 1, 4, 0, 0, 9, false, true },
		{ "the page of the group",        7, 1, 4, 7, 0, 9, false, false },
		{ "the hosted zones",             7, 7, 4, 0, 0, 9, false, false },
		{ "the health table, or a map",   5, 1, 6, 0, 0, 9, false, false },
		{ "another group",                5, 1, 4, 0, 1, 9, false, false },
		{ "another client",               5, 1, 4, 0, 0, 8, false, false },
		{ "its health is asked for",      5, 1, 4, 0, 0, 9, true, false },
	};
	const steer_choice_key_t key = { pages[0] + 100, 9, false };
	const steer_choice_t choice = { .count = 1, .chosen = { 3 } };
	const steer_snapshot_t before = {
		.serial = 5, .since = 1, .policy_serial = 4, .marks = &marks,
	};
	memset(&choices, 0, sizeof(choices));
	steer_choices_remember(&choices, &before, &key, &choice);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_snapshot_t snapshot = {
			.serial = cases[i].serial, .since = cases[i].since,
			.policy_serial = cases[i].policy_serial, .marks = &marks,
		};
		const steer_choice_key_t asked = {
			pages[cases[i].page] + 100, cases[i].client, cases[i].strict,
		};
		atomic_store(&marks.left[0], cases[i].left);
		const steer_choice_t *found = steer_choices_find(&choices, &snapshot, &asked);
		assert_int_equal(found != NULL, cases[i].holds);
		assert_true(found == NULL || found->chosen[0] == 3);
	}
}

/*! Number of some clients whose choice is remembered. */
static unsigned remembered(const steer_snapshot_t *snapshot, unsigned clients)
{
	unsigned found = 0;
	for (unsigned i = 1; i <= clients; i++) {
		const steer_choice_key_t key = { pages[0], (uint64_t)i << 40 | 25, false };
		found += steer_choices_find(&choices, snapshot, &key) != NULL;
	}
	return found;
}

static void a_flood_of_clients_takes_no_more_room(void **state)
{
	(void)state;
	static const steer_marks_t marks = { .pages = { pages[0], 12 } };
	static const steer_snapshot_t snapshot = { .serial = 5, .policy_serial = 4, .marks = &marks };
	static const steer_choice_t choice = { .count = 1 };
	memset(&choices, 0, sizeof(choices));
	for (unsigned i = 1; i <= 10 * STEER_CHOICES; i++) {
		const steer_choice_key_t key = { pages[0], (uint64_t)i << 40 | 25, false };
		steer_choices_remember(&choices, &snapshot, &key, &choice);
		assert_non_null(steer_choices_find(&choices, &snapshot, &key));
		if (i == STEER_CHOICES / 16) {
			assert_int_equal(remembered(&snapshot, i), i);
		}
	}
	assert_in_range(remembered(&snapshot, 10 * STEER_CHOICES), STEER_CHOICES * 9 / 10,
	                STEER_CHOICES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_follows_from_the_client_is_remembered),
		cmocka_unit_test(whether_it_pays_is_found_out_once),
		cmocka_unit_test(the_nearest_is_remembered),
		cmocka_unit_test(a_choice_serves_whoever_wants_as_many),
		cmocka_unit_test(a_choice_holds_until_something_changes),
		cmocka_unit_test(a_flood_of_clients_takes_no_more_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
