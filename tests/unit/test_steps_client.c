/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/geo.h"
#include "core/presets_run.h"
#include "unit/map_world.h"
#include "unit/networks.h"
#include "unit/policies.h"
#include "unit/test.h"

/* The world, and who asks. */

typedef struct {
	map_world_t maps;
	steer_maps_t used;
	const char *client; /*!< ADDRESS/LENGTH. */
	bool subnet;        /*!< It is sent as one. */
	uint8_t scope;
	steer_locator_t locator;
	steer_question_t question;
} world_t;

static void world_client(void *host, bool subnet, steer_client_t *client)
{
	const world_t *world = host;
	if (subnet == world->subnet) {
		*client = client_parse(world->client);
	}
}

static uint64_t world_hash(void *ctx)
{
	return steer_locator_hash(((group_t *)ctx)->policy.locator);
}

static int world_make(void **state)
{
	static world_t world;
	map_world_make(&world.maps);
	*state = &world;
	return 0;
}

static int world_free(void **state)
{
	map_world_free(&((world_t *)*state)->maps);
	return 0;
}

/*! Begins an answer. \param[in] client  With a '!' in front: it is the source address. */
static void world_begin(world_t *world, const char *client, const char *maps)
{
	world->subnet = *client != '!';
	world->client = client + !world->subnet;
	world->scope = 0;
	world->question = (steer_question_t) { .client = world_client, .host = world };
	world->used = map_world_used(&world->maps, maps);
	steer_locator_begin(&world->locator, *maps != '\0' ? &world->used : NULL, &world->question,
	                    &world->scope);
}

/* Programs and sets as text. */

/*! Writes a program of words: "up none" is "up all-down=none", "within 20" is "within 20%". */
static size_t program_read(uint8_t *program, const char *text)
{
	static const struct {
		const char *name;
		uint8_t number;
	} steps[] = {
#define X(symbol, number, name, arguments) { name, number },
		STEER_STEPS(X)
#undef X
	};
	char copy[128], *rest;
	steer_step_t step = { 0 };
	size_t len = 0;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, " ", &rest); ; word = strtok_r(NULL, " ", &rest)) {
		size_t i = 0;
		while (word != NULL && i < COUNT(steps) && strcmp(word, steps[i].name) != 0) {
			i++;
		}
		if (word != NULL && i == COUNT(steps)) {
			step.all_down = strcmp(word, "none") == 0 ? STEER_ALL_DOWN_NONE : step.all_down;
			step.all_down = strcmp(word, "servfail") == 0 ? STEER_ALL_DOWN_SERVFAIL : step.all_down;
			step.sticky = strcmp(word, "sticky") == 0;
			step.min_healthy = strchr(word, '%') != NULL ? atoi(word) : 0;
			step.within = step.number == STEER_STEP_WITHIN ? atoi(word) : 0;
			step.take = step.number == STEER_STEP_TAKE ? atoi(word) : 0;
			continue;
		}
		len += step.number != 0 ? steer_step_write(program + len, &step) : 0;
		if (word == NULL) {
			return len;
		}
		step = (steer_step_t) { .number = steps[i].number };
	}
}

static steer_geo_t geo_read(const char *text)
{
	steer_geo_t place;
	if (steer_geo_continent_parse(text, strcspn(text, " /!,"), &place)) {
		return place;
	}
	assert_true(steer_geo_country_parse(text, 2, &place));
	if (text[2] == '/') {
		assert_true(steer_geo_subdivision_parse(text + 3, strcspn(text + 3, " !,"), &place));
	}
	return place;
}

/*!
 * Reads sets: words of options with commas between them: gPLACE, rREGION, lLOCATION, aASN,
 * pLATITUDE/LONGITUDE, bBIAS, wWEIGHT, @TIER; "!": it is down; "-": none.
 */
static void places_read(sets_t *sets, const char *text)
{
	static uint8_t attrs[STEER_SETS_MAX][6];
	sets->count = 0;
	while (*(text += strspn(text, " ")) != '\0') {
		const unsigned i = sets->count;
		steer_set_t *set = sets_add(sets, 1, 0, false);
		for (; *text != ' ' && *text != '\0'; text += strcspn(text, "!, ")) {
			text += *text == ',';
			char *end;
			uint32_t number = strtoul(text + 1, &end, 10);
			switch (*text) {
			case '!': sets->down[i] = true; text++; continue;
			case 'g': set->geo = geo_read(text + 1); break;
			case 'r': set->region = number; break;
			case 'l': set->location = MAP_COLLECTION + number; break;
			case 'w': set->weight = number; break;
			case 'b': set->bias = atoi(text + 1); break;
			case 'p':
				set->has_point = true;
				set->point = (steer_coordinates_t) { atoi(text + 1), atoi(strchr(text, '/') + 1) };
				break;
			case 'a':
				attrs[i][0] = STEER_ATTR_ASNS;
				attrs[i][1] = sizeof(number);
				number = steer_le_u32(number);
				memcpy(attrs[i] + 2, &number, sizeof(number));
				set->attrs = attrs[i];
				set->attrs_len = sizeof(attrs[i]);
				break;
			default: assert_int_equal(*text, '-'); break;
			}
		}
	}
}

typedef struct {
	const char *what, *program, *sets, *client, *maps, *want;
	unsigned scope;
} case_t;

static void check(world_t *world, const case_t *cases, size_t count)
{
	static sets_t sets;
	static group_t group;
	for (size_t i = 0; i < count; i++) {
		const case_t *test = &cases[i];
		uint8_t program[STEER_PROGRAM_MAX];
		print_message("  %s\n", test->what);
		places_read(&sets, test->sets);
		group_make_program(&group, &sets, program, program_read(program, test->program),
		                   MAP_COLLECTION);
		world_begin(world, test->client, test->maps);
		group.policy.locator = &world->locator;
		group.policy.client_hash = world_hash;
		assert_string_equal(group_run(&group, false, STEER_SETS_MAX), test->want);
		assert_int_equal(world->scope, test->scope);
		group_free(&group);
	}
}

#define WORK_MAX 24000 /*!< STEER_WORK_MAX. */

static void the_most_specific_place_answers(void **state)
{
	static const case_t cases[] = {
		{ "GL1: the subdivision", "geo take 1", "- gNA gUS gUS/CA", CALIFORNIA, "g", "3", 25 },
		{ "GL1: the country", "geo take 1", "- gNA gUS gUS/NY", CALIFORNIA, "g", "2", 25 },
		{ "GL1: the continent", "geo take 1", "- gNA gEU gDE", CALIFORNIA, "g", "1", 25 },
		{ "GL1: the default", "geo take 1", "gEU - gDE", CALIFORNIA, "g", "1", 25 },
		{ "GL2: a client whose subdivision is unknown", "geo take 1", "gUS/CA gUS -", AMERICA, "g",
		  "1", 26 },
		{ "GL2: a client that is nowhere", "geo take 1", "gNA gUS -", NOWHERE, "g", "2", 26 },
		{ "C4: no map: the default", "geo take 1", "gNA gUS -", CALIFORNIA, "", "2", 0 },
		{ "GL3: no default", "geo take 1", "gEU gUS/NY", CALIFORNIA, "g", "", 25 },
		{ "GL3: health does not matter", "geo up take 1", "gEU! gUS/NY!", CALIFORNIA, "g", "", 25 },
		{ "GL3: nor does it before", "up geo take 1", "gEU! gUS/NY!", CALIFORNIA, "g", "", 25 },
		{ "GL4: it is down, the country answers", "geo up take 1", "- gNA gUS gUS/CA!", CALIFORNIA,
		  "g", "2", 25 },
		{ "GL4: both are", "geo up take 1", "- gNA gUS! gUS/CA!", CALIFORNIA, "g", "1", 25 },
		{ "GL4: up to the default", "geo up take 1", "- gNA! gUS! gUS/CA!", CALIFORNIA, "g", "0",
		  25 },
		{ "GL4: all are down, the most specific answers", "geo up take 1",
		  "-! gNA! gUS! gUS/CA!", CALIFORNIA, "g", "3", 25 },
		{ "S13: none, if so wanted", "geo up none take 1", "-! gNA! gUS! gUS/CA!", CALIFORNIA, "g",
		  "", 25 },
		{ "S13: or a failure", "geo up servfail take 1", "-! gUS/CA!", CALIFORNIA, "g", "servfail",
		  25 },
		{ "S13: levels that nobody has are passed over", "geo up take 1", "-! gEU!", CALIFORNIA,
		  "g", "0", 25 },
		{ "S13: nor if none has entered", "geo up servfail take 1", "gEU", CALIFORNIA, "g",
		  "servfail", 25 },
		{ "GL5: what is down is not left", "geo take 1 up none", "- gUS gUS/CA!", CALIFORNIA,
		  "g", "", 25 },
		{ "GL5: it answers nevertheless", "geo shuffle up take 1", "- gUS gUS/CA!", CALIFORNIA,
		  "g", "2", 25 },
		{ "GL5: or it is a failure", "geo shuffle up servfail take 1", "- gUS gUS/CA!", CALIFORNIA,
		  "g", "servfail", 25 },
		{ "S13: health first climbs, too", "up geo take 1", "- gUS gUS/CA!", CALIFORNIA, "g", "1", 25 },
		{ "S13: several of one place", "geo", "gUS - gUS gNA", CALIFORNIA, "g", "0 2", 25 },
		{ "S13: those of it that are healthy", "geo up", "gUS! - gUS gNA", CALIFORNIA, "g", "2", 25 },
		{ "S13: not enough of it are", "geo up 60%", "gUS! - gUS gNA", CALIFORNIA, "g", "3", 25 },
		{ "S13: the order before stays", "nearest geo", "gUS,r2 gUS,r1 -", CALIFORNIA, "g", "1 0", 25 },
		{ "GL6: a country that only the map places on a continent", "geo take 1", "- gAF gEH", SAHARA,
		  "g", "2", 24 },
		{ "GL6: its continent", "geo take 1", "- gAF gEU", SAHARA, "g", "1", 24 },
		{ "C6: an anycast network is where the map says", "geo take 1", "- gNO", ANYCAST, "g", "1",
		  24 },
		{ "GL6: another country, and continent", "geo take 1", "gNO gEU -", SAHARA, "g", "2", 24 },
		{ "C2: a source address has no scope", "geo take 1", "gUS -", "!" CALIFORNIA, "g", "0", 0 },
		{ "IPv6", "geo take 1", "gUS/CA gUS/NY -", "2001:db8::/32", "g", "1", 32 },
		{ "an IPv6 client that is nowhere", "geo take 1", "gUS -", "2001:db9::/32", "g", "1", 32 },
	};
	check(*state, cases, COUNT(cases));
}

static void the_longest_block_answers(void **state)
{
	static const case_t cases[] = {
		{ "IP1: inside the block", "cidr take 1", "l1 -", CALIFORNIA, "g", "0", 28 },
		{ "IP1: the longest one", "cidr take 1", "l1 l2 l3 -", CALIFORNIA, "g", "2", 28 },
		{ "IP1: of those that the group uses", "cidr take 1", "l1 l2 -", CALIFORNIA, "g", "1", 28 },
		{ "IP1: outside the longest", "cidr take 1", "l1 l2 l3 -", "192.0.2.40/32", "g", "1", 27 },
		{ "IP2: a client prefix shorter than the block", "cidr take 1", "l1 l2 l3 -",
		  "192.0.2.0/26", "g", "1", 28 },
		{ "IP2: shorter than all", "cidr take 1", "l1 l2 l3 -", "192.0.0.0/16", "g", "3", 23 },
		{ "IP2: IPv6, shorter than the block", "cidr take 1", "l1 -", "2001:db8::/32", "g", "1",
		  48 },
		{ "IP5: IPv6, as long as the block", "cidr take 1", "l1 -", "2001:db8::/48", "g", "0", 48 },
		{ "IP3: no block and no default", "cidr take 1", "l1 l2", NORWAY, "g", "", 6 },
		{ "S15: it is down, the default answers", "cidr up take 1", "l1! -", CALIFORNIA, "g", "1", 28 },
		{ "IP4: all are down, the block answers", "cidr up take 1", "-! l1!", CALIFORNIA, "g", "1", 28 },
		{ "IP4: health first, the next longest block", "up cidr take 1", "l1 l3! -", CALIFORNIA, "g",
		  "0", 28 },
		{ "C4: no maps: the default", "cidr take 1", "l1 -", CALIFORNIA, "", "1", 0 },
	};
	check(*state, cases, COUNT(cases));
}

static void the_autonomous_system_answers(void **state)
{
	static const case_t cases[] = {
		{ "AS1: its own", "asn take 1", "a64501 - a64500", CALIFORNIA, "a", "2", 24 },
		{ "AS2: the default", "asn take 1", "a64501 - a64502", CALIFORNIA, "a", "1", 24 },
		{ "AS2: no default", "asn take 1", "a64501 a64502", CALIFORNIA, "a", "", 24 },
		{ "AS2: none is known", "asn take 1", "a64501 -", GERMANY, "a", "1", 5 },
		{ "S16: it is down, the default", "asn up take 1", "a64500! -", CALIFORNIA, "a", "1", 24 },
		{ "C4: no map: the default", "asn take 1", "a64500 -", CALIFORNIA, "", "1", 0 },
	};
	check(*state, cases, COUNT(cases));
}

static void the_lowest_latency_comes_first(void **state)
{
	static const case_t cases[] = {
		{ "L2: by the table", "latency", "r2 r3 r1", CALIFORNIA, "gl", "2 1 0", 24 },
		{ "L1: the next one if it is down", "up latency take 1", "r2 r3 r1!", CALIFORNIA, "gl",
		  "1", 24 },
		{ "L1: all are down", "up latency take 1", "r2! r3! r1!", CALIFORNIA, "gl", "2", 24 },
		{ "L3: the table does not cover all: by distance", "latency", "r3 r1 r2", GERMANY, "gl",
		  "2 1 0", 25 },
		{ "L2: it covers those that are left", "up latency", "r3! r2 r1", GERMANY, "gl", "1 2", 25 },
		{ "S11: equal ones are in order", "latency", "r2 r1", GERMANY, "gl", "0 1", 25 },
		{ "L3: no table: by distance", "latency", "r3 r2 r1", NORWAY, "g", "1 2 0", 24 },
		{ "L3: a region is nowhere: in order", "latency", "r4 r3 r1", NORWAY, "g", "0 1 2", 24 },
		{ "L3: the client is nowhere: in order", "latency", "r3 r1 r2", "224.0.0.1/32", "gl", "0 1 2",
		  3 },
		{ "L3: no region: in order", "latency", "- r1", CALIFORNIA, "gl", "0 1", 25 },
		{ "C4: no maps: in order", "latency", "r3 r2 r1", CALIFORNIA, "", "0 1 2", 0 },
		{ "S11: what stood before does not count", "nearest latency", "r2 r1", GERMANY, "gl", "0 1", 25 },
		{ "S12: a fifth: at its end", "latency within 20", "r4 r3 r1 r2", CALIFORNIA, "l", "2 1",
		  24 },
		{ "S12: less", "latency within 19", "r4 r3 r1 r2", CALIFORNIA, "l", "2", 24 },
		{ "S12: none: the equal ones", "latency within 0", "r2 r1", GERMANY, "gl", "0 1", 25 },
		{ "S12: a multiple", "latency within 400", "r4 r3 r1 r2", CALIFORNIA, "l", "2 1 0 3",
		  24 },
		{ "S12: of those that are left", "latency up within 20", "r4 r3 r1! r2", CALIFORNIA, "l",
		  "1", 24 },
		{ "S12: what is not known keeps all", "latency within 0", "r1 r2", CALIFORNIA, "", "0 1",
		  0 },
		{ "S12: alone it keeps all", "within 0", "r1 r2", CALIFORNIA, "gl", "0 1", 0 },
		{ "then by weight", "latency within 20 weighted take 1", "r4 r3,w0 r1 r2", CALIFORNIA, "l",
		  "2", 24 },
	};
	check(*state, cases, COUNT(cases));
}

static void the_nearest_comes_first(void **state)
{
	static const case_t cases[] = {
		{ "GP1: without bias", "nearest take 1", "p0/150 p0/100", "203.0.113.1/32", "g", "0", 24 },
		{ "GP1: it is down", "up nearest take 1", "p0/150! p0/100", "203.0.113.1/32", "g", "1", 24 },
		{ "GP1: all are down", "up nearest take 1", "p0/100! p0/150!", "203.0.113.1/32", "g", "1", 24 },
		{ "GP2: regions and coordinates", "nearest", "r2 p5250/1340 r1", GERMANY, "g", "1 0 2", 24 },
		{ "GP2: coordinates before those of the region", "nearest", "r2 r3,p5250/1340", GERMANY, "g",
		  "1 0", 24 },
		{ "GP3: by the middle of the country", "nearest", "r1 r2", NORWAY, "g", "1 0", 24 },
		{ "GP2: a set that is nowhere is last", "nearest", "r4 r3 r2", GERMANY, "g", "2 1 0", 24 },
		{ "GP3: the client is nowhere: in order", "nearest", "r3 r2", "224.0.0.1/32", "g", "0 1", 3 },
		{ "C4: no map: in order", "nearest", "r3 r2", GERMANY, "", "0 1", 0 },
		{ "GP5: 400 km, half of it, is nearer than 300", "nearest", "p5250/1780 p5250/1930,b50",
		  GERMANY, "g", "1 0", 24 },
		{ "GP5: but not than 150", "nearest", "p5250/1550 p5250/1930,b50", GERMANY, "g", "0 1", 24 },
		{ "GP5: a bias below 0 makes it farther", "nearest", "p5250/1550,b-50 p5250/1700", GERMANY,
		  "g", "1 0", 24 },
		{ "GP5: as much as that", "nearest", "p5250/1550,b-50 p5250/1770", GERMANY, "g", "0 1", 24 },
		{ "GP5: half a metre is rounded up", "nearest", "p5244/1340 p5238/1340,b50", GERMANY, "g",
		  "0 1", 24 },
		{ "GP5: also below 0", "nearest", "p5210/1340 p5218/1340,b-20", GERMANY, "g", "0 1", 24 },
		{ "GP5: the largest bias", "nearest", "p5250/1341 p-5250/-16660,b99 r3,b-99", GERMANY, "g",
		  "0 1 2", 24 },
		{ "S14: equal ones are in order", "nearest", "p100/100 p100/100 p100/100", GERMANY, "g",
		  "0 1 2", 24 },
		{ "L3: latency has no bias", "latency", "r2 r1,b99", GERMANY, "g", "0 1", 24 },
		{ "S12: within has one", "nearest within 0", "p5250/1440 p5250/1440,b1", GERMANY, "g", "1", 24 },
		{ "S12: what is nowhere is never near", "nearest within 10000", "r4 r2", GERMANY, "g", "1", 24 },
		{ "S12: unless all are", "nearest within 0", "r4 -", GERMANY, "g", "0 1", 24 },
	};
	check(*state, cases, COUNT(cases));
}

/*! Whether a group is healthy, and what it answers when it is run strictly (rule H3). */
static void health_is_that_of_a_client(void **state)
{
	static const struct {
		const char *what, *program, *sets, *want;
		bool up;
	} cases[] = {
		{ "H3: a healthy set of a less specific level", "geo up take 1", "- gUS gUS/CA!", "1", true },
		{ "H3: none that matches", "geo up take 1", "gEU gUS!", "", false },
		{ "H3: none at all", "geo up take 1", "gEU gDE", "", false },
		{ "GL5: strictly, a fence is open", "geo shuffle up servfail take 1", "- gUS/CA!", "0",
		  true },
		{ "H3: by location", "cidr up take 1", "l1! l2", "1", true },
		{ "H3: by location, none", "cidr up take 1", "l1! l3!", "", false },
		{ "H3: by autonomous system", "asn up take 1", "a64500! a64501", "", false },
		{ "H3: steps that order keep one", "up latency within 0 take 1", "r3! r2", "1", true },
		{ "H3: what keeps the first is passed over", "up nearest take 1 geo", "r1,gEU r2,gUS", "",
		  true },
	};
	static sets_t sets;
	static group_t group;
	world_t *world = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t program[STEER_PROGRAM_MAX];
		print_message("  %s\n", cases[i].what);
		places_read(&sets, cases[i].sets);
		group_make_program(&group, &sets, program, program_read(program, cases[i].program),
		                   MAP_COLLECTION);
		world_begin(world, CALIFORNIA, "gla");
		group.policy.locator = &world->locator;
		assert_string_equal(group_run(&group, true, STEER_SETS_MAX), cases[i].want);
		assert_int_equal(steer_policy_up(&group.policy), cases[i].up);
		group_free(&group);
	}
}

static void the_scope_is_the_longest_of_all_lookups(void **state)
{
	static const case_t cases[] = {
		{ "C2: sticky alone", "weighted sticky take 1", "-", NOWHERE, "gl", "0", 24 },
		{ "C2: a longer one before", "geo weighted sticky take 1", "-", NOWHERE, "gl", "0", 26 },
		{ "C2: a longer one after", "weighted sticky geo take 1", "-", NOWHERE, "gl", "0", 26 },
		{ "C2: a shorter one", "geo weighted sticky take 1", "-", NORWAY, "gl", "0", 24 },
		{ "C2: a map that did not help", "latency", "r1 -", "203.0.113.200/32", "gl", "0 1", 25 },
		{ "C2: the same map twice", "geo nearest geo", "- gUS", CALIFORNIA, "gl", "1", 25 },
		{ "C2: all of them", "geo asn cidr latency", "- -", CALIFORNIA, "gla", "0 1", 28 },
		{ "C5: a prefix shorter than the networks: its first address", "geo take 1", "- gUS/CA gUS",
		  "192.0.2.0/24", "g", "1", 25 },
		{ "C5: in none of them, by its first address", "geo take 1", "- gUS", "192.0.0.0/16", "g",
		  "0", 23 },
		{ "C2: a private subnet, and no address", "geo take 1", "- gUS", "10.1.2.3/32", "g", "0", 8 },
		{ "C2: a source without bits, and no address", "geo take 1", "- gUS", "0.0.0.0/0", "g", "0", 0 },
	};
	check(*state, cases, COUNT(cases));
}

/*!
 * A resolver keeps an answer for all clients in the first scope bits of the one that it asked for,
 * and gives it to none for which another one is right (RFC 7871, section 7.3.1).
 */
static void no_client_gets_what_another_was_answered(void **state)
{
	static const char sets_text[] = "gUS/CA,r1,l1,a64500 gUS,r2,l2 gNA,r3,l3,! -,r4,a64501";
	static const char *const programs[] = {
		"geo", "geo up take 1", "cidr", "up cidr take 1", "asn", "latency", "nearest",
		"asn up latency within 20", "geo up cidr", "latency take 2 cidr up asn",
	};
	world_t *world = *state;
	static sets_t sets;
	static group_t group;
	places_read(&sets, sets_text);
	for (size_t i = 0; i < COUNT(programs); i++) {
		uint8_t program[STEER_PROGRAM_MAX];
		size_t len = program_read(program, programs[i]);
		print_message("  %s\n", programs[i]);
		group_make_program(&group, &sets, program, len, MAP_COLLECTION);
		group.policy.locator = &world->locator;
		for (unsigned length = 20; length <= 32; length++) {
			const unsigned step = length < 32 ? 1U << (32 - length) : 1, clients = 4096 / step;
			static char answers[4096][16];
			static uint8_t scopes[4096];
			for (unsigned k = 0; k < clients; k++) { // From 192.0.0.0 to 192.0.15.255.
				char client[32];
				snprintf(client, sizeof(client), "192.0.%u.%u/%u", k * step / 256, k * step % 256,
				         length);
				world_begin(world, client, "gla");
				snprintf(answers[k], sizeof(answers[k]), "%s",
				         group_run(&group, false, STEER_SETS_MAX));
				scopes[k] = world->scope;
			}
			for (unsigned k = 0; k < clients; k++) {
				const unsigned kept = scopes[k] < length ? scopes[k] : length;
				const unsigned same = kept < 20 ? clients : (4096U >> (kept - 20)) / step;
				for (unsigned other = k / same * same; other < k / same * same + same; other++) {
					assert_string_equal(answers[other], answers[k]);
				}
			}
		}
		group_free(&group);
	}
}

/* Presets, without their steps. */

/*! Sets of all kinds, some of which may have the same place. */
static void random_places(sets_t *sets, bool aliases, uint64_t *seed)
{
	static const char *const names[] = { "US/CA", "US/NY", "US", "NO", "DE", "EH", "NA", "EU", "AF" };
	static const steer_coordinates_t points[] = { { 5250, 1340 }, { 0, 15000 }, { 0, -15000 } };
	const unsigned count = 1 + next_number(seed) % (aliases ? 9 : 12), down = next_number(seed) % 4;
	sets->count = 0;
	while (sets->count < count) {
		steer_set_t *set = sets_add(sets, 1, 0, next_number(seed) % 3 < down);
		const unsigned place = next_number(seed) % (COUNT(names) + 2);
		const unsigned location = next_number(seed) % 8;
		set->geo = place < COUNT(names) ? geo_read(names[place]) : STEER_GEO_UNKNOWN;
		set->location = location > 0 && location < 5 ? MAP_COLLECTION + location : 0;
		set->region = next_number(seed) % (count < 4 ? 4 : 6);
		set->has_point = next_number(seed) % 4 == 0;
		set->point = set->has_point ? points[next_number(seed) % COUNT(points)]
		                            : (steer_coordinates_t) { 0, 0 };
		set->bias = next_number(seed) % 2 ? (int)(next_number(seed) % 199) - 99 : 0;
		if (aliases && next_number(seed) % 2) {
			sets_make_alias(sets, next_number(seed) % 4 > 0, next_number(seed) % 3 >= down);
		}
	}
}

/*! Whether two sets have the same place, or the same location. */
static bool repeats(const sets_t *sets, bool locations)
{
	for (unsigned i = 0; i < sets->count; i++) {
		for (unsigned k = 0; k < i; k++) {
			const steer_set_t *a = &sets->sets[i], *b = &sets->sets[k];
			if (locations ? a->location == b->location : a->geo == b->geo) {
				return true;
			}
		}
	}
	return false;
}

static void presets_choose_as_their_steps_do(void **state)
{
	static const char *const programs[] = {
		"geo up take 1", "cidr up take 1", "up latency take 1", "up nearest take 1",
	};
	static const char *const clients[] = {
		CALIFORNIA, AMERICA, NORWAY, GERMANY, NOWHERE, ANYCAST, SAHARA, ("!" CALIFORNIA),
		"192.0.2.0/26", "192.0.2.40/32", "2001:db8::/48", "10.1.2.3/32", "!10.1.2.3/32", "0.0.0.0/0",
	};
	static const char *const maps[] = { "gl", "gl", "g", "l", "" };
	world_t *world = *state;
	static sets_t sets;
	static group_t group;
	char answer[64];
	unsigned asked[STEER_SETS_MAX], runs[COUNT(programs)] = { 0 }, left = 0;
	uint64_t seed = 9;
	for (unsigned i = 0; i < 100000; i++) {
		const unsigned which = i % COUNT(programs);
		const bool aliases = next_number(&seed) % 2, strict = next_number(&seed) % 2;
		const char *client = clients[next_number(&seed) % COUNT(clients)];
		const char *used = maps[next_number(&seed) % COUNT(maps)];
		const unsigned most = next_number(&seed) % 2 ? 1 : STEER_SETS_MAX;
		uint8_t program[STEER_PROGRAM_MAX];
		random_places(&sets, aliases, &seed);
		group_make_program(&group, &sets, program, program_read(program, programs[which]),
		                   MAP_COLLECTION);
		group.policy.locator = &world->locator;
		world_begin(world, client, used);
		strcpy(answer, group_run(&group, strict, most));
		memcpy(asked, group.asked, sizeof(asked));
		const unsigned work = group.work, scope = world->scope;
		world_begin(world, client, used);
		const char *few = group_run_few(&group, aliases, strict, most);
		if (few != NULL) {
			assert_string_equal(few, answer);
			assert_int_equal(group.work, 2 * work);
			assert_int_equal(world->scope, scope);
			assert_memory_equal(group.asked, asked, sizeof(asked));
			runs[which]++;
		} else {
			assert_true((aliases && sets.count > STEER_FEW_SETS) ||
			            (which < 2 && ((aliases && strict) || repeats(&sets, which == 1))));
			left++;
		}
		group_free(&group);
	}
	for (unsigned i = 0; i < COUNT(programs); i++) {
		print_message("  %u of %s\n", runs[i], programs[i]);
		assert_true(runs[i] > 5000);
	}
	print_message("  %u left to their steps\n", left);
}

/*! One step of each kind is allowed for the largest group, but not many (rule A8). */
static void work_is_bounded(void **state)
{
	static const struct {
		const char *client, *step;
		unsigned steps;
		bool fails;
	} cases[] = {
		{ GERMANY, "nearest", 1, false }, { GERMANY, "nearest", 2, true },
		{ GERMANY, "latency", 1, false }, { GERMANY, "latency", 2, true },
		{ CALIFORNIA, "latency", 2, false }, { CALIFORNIA, "latency", 4, true },
		{ CALIFORNIA, "latency within 20", 1, false }, { GERMANY, "within 20", 1000, false },
		{ CALIFORNIA, "geo", 10, false }, { CALIFORNIA, "geo", 1000, true },
		{ CALIFORNIA, "cidr", 10, false }, { CALIFORNIA, "cidr", 1000, true },
		{ CALIFORNIA, "asn", 10, false }, { CALIFORNIA, "asn", 1000, true },
	};
	world_t *world = *state;
	static sets_t sets;
	static group_t group;
	sets.count = 0;
	for (unsigned i = 0; i < STEER_SETS_MAX; i++) {
		steer_set_t *set = sets_add(&sets, 1, 0, false);
		set->region = 1 + i % 3;
		set->geo = i % 2 == 0 ? STEER_GEO_UNKNOWN : geo_read("US");
		set->location = MAP_COLLECTION + i % 3;
	}
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t program[2 * STEER_PROGRAM_MAX];
		size_t len = 0;
		print_message("  %s, %u times\n", cases[i].step, cases[i].steps);
		for (unsigned k = 0; k < cases[i].steps && len < STEER_PROGRAM_MAX - 8; k++) {
			len += program_read(program + len, cases[i].step);
		}
		group_make_program(&group, &sets, program, len, MAP_COLLECTION);
		world_begin(world, cases[i].client, "gla");
		group.policy.locator = &world->locator;
		group.policy.work_most = WORK_MAX;
		const char *got = group_run(&group, false, STEER_SETS_MAX);
		assert_int_equal(strcmp(got, "servfail") == 0, cases[i].fails);
		group_free(&group);
	}
}

/* Explaining. */

static char told[1024];

__attribute__((format(printf, 1, 2)))
static void tell(const char *format, ...)
{
	const size_t len = strlen(told);
	va_list args;
	va_start(args, format);
	vsnprintf(told + len, sizeof(told) - len, format, args);
	va_end(args);
}

static void tell_lookup(void *ctx, steer_map_type_t type, const steer_map_t *map,
                        const steer_network_match_t *match)
{
	(void)ctx;
	tell("[%s ", steer_map_type_name(type));
	if (map == NULL) {
		assert_int_equal(match->class + match->scope, 0);
		tell("missing]");
	} else {
		assert_int_equal(map->networks.type, type);
		tell("%s/%u]", match->class != 0 ? "" : "none", match->scope);
	}
}

static void tell_step(void *ctx, const steer_step_t *step)
{
	(void)ctx;
	(void)step;
	tell(":");
}

/*! Tells what is kept and its measure; a distance after that without the bias. */
static void tell_verdict(void *ctx, const steer_verdict_t *verdict)
{
	(void)ctx;
	tell(" %s%u", verdict->kept ? "" : "-", verdict->set);
	if (verdict->measured == STEER_MEASURE_DISTANCE) {
		tell(" %u>%um", verdict->distance, verdict->measure);
	} else if (verdict->measured == STEER_MEASURE_LATENCY) {
		tell(" %uus", verdict->measure);
	}
}

static void what_was_looked_up_and_measured_is_told(void **state)
{
	static const steer_policy_trace_t trace = { .step = tell_step, .verdict = tell_verdict };
	static const steer_map_place_t new_york = { .has_point = true, .point = { 4070, -7400 } };
	static const struct {
		const char *program, *sets, *client, *maps;
		bool elsewhere;
		const char *want;
		unsigned scope;
	} cases[] = {
		{ "geo", "gUS -", CALIFORNIA, "g", false, "[geo /25]: 0 -1", 25 },
		{ "geo", "gUS -", CALIFORNIA, "a", false, "[geo missing]: -0 1", 0 },
		{ "geo nearest geo", "gUS -", NOWHERE, "g", false, "[geo none/26]: -0 1: 1: 1", 26 },
		{ "cidr asn", "l1 -", CALIFORNIA, "a", false, "[cidr /28]: 0 -1[asn /24]: 0", 28 },
		{ "nearest within 50", "r2 r3,b20 r4", GERMANY, "g", false,
		  "[geo /24]: 0 422092>422092m 1 10251037>8200830m 2: 0 422092>422092m "
		  "-1 10251037>8200830m -2", 24 },
		{ "latency within 20", "r2 r1 r3", CALIFORNIA, "gl", false,
		  "[latency /24]: 1 20000us 2 24000us 0 100000us: 1 20000us 2 24000us -0 100000us", 24 },
		{ "latency", "r2 r3", NORWAY, "gl", false,
		  "[latency none/6][geo /24]: 0 1620084>1620084m 1 11038400>11038400m", 24 },
		{ "nearest", "r2 r3", CALIFORNIA, "g", true,
		  "[geo /25]: 0 6203111>6203111m 1 7684212>7684212m", 25 },
		{ "nearest", "r2 r3", CALIFORNIA, "l", true,
		  "[geo missing]: 0 6203111>6203111m 1 7684212>7684212m", 0 },
		{ "geo", "gUS -", CALIFORNIA, "g", true, "[geo /25]: -0 1", 25 },
	};
	world_t *world = *state;
	static sets_t sets;
	static group_t group;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t program[STEER_PROGRAM_MAX];
		places_read(&sets, cases[i].sets);
		group_make_program(&group, &sets, program, program_read(program, cases[i].program),
		                   MAP_COLLECTION);
		world_begin(world, cases[i].client, cases[i].maps);
		world->used.looked_up = tell_lookup;
		world->used.place = cases[i].elsewhere ? &new_york : NULL;
		group.policy.locator = &world->locator;
		group.policy.trace = &trace;
		told[0] = '\0';
		group_run(&group, false, STEER_SETS_MAX);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(world->scope, cases[i].scope);
		group_free(&group);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_specific_place_answers),
		cmocka_unit_test(the_longest_block_answers),
		cmocka_unit_test(the_autonomous_system_answers),
		cmocka_unit_test(the_lowest_latency_comes_first),
		cmocka_unit_test(the_nearest_comes_first),
		cmocka_unit_test(health_is_that_of_a_client),
		cmocka_unit_test(the_scope_is_the_longest_of_all_lookups),
		cmocka_unit_test(no_client_gets_what_another_was_answered),
		cmocka_unit_test(presets_choose_as_their_steps_do),
		cmocka_unit_test(work_is_bounded),
		cmocka_unit_test(what_was_looked_up_and_measured_is_told),
	};
	return cmocka_run_group_tests(tests, world_make, world_free);
}
