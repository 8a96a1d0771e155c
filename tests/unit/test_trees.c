/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees of aliases of any shape: shortcuts lead to the same answers as the long way. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "unit/answers.h"
#include "unit/long_way.h"
#include "unit/map_world.h"
#include "unit/networks.h"
#include "unit/policies.h"
#include "unit/test.h"

#define NAMES 14
#define TREES 4000

/* Zones: names with groups that lead to each other. */

static const model_check_t checks[] = {
	{ "c0", 0, 7 }, { "c1", 1, 7 }, { "c2", 2, 7 }, { "c3", 3, 7 }, { 0 }
};

static unsigned below(uint64_t *seed, unsigned bound)
{
	return next_number(seed) % bound;
}

static bool percent(uint64_t *seed, unsigned chance)
{
	return below(seed, 100) < chance;
}

/*! Names of all kinds that are no group of the zone; x.far. has an address, none.far. has none. */
static const char *other_name(uint64_t *seed)
{
	static const char *const names[] = {
		"x.far.", "none.far.", "unknown.far.", "missing", "a.wild", "b.wild", "n1.dname", "x.cut",
		"n2.dname",
	};
	return names[below(seed, COUNT(names))];
}

static void write_target(FILE *out, uint64_t *seed)
{
	if (percent(seed, 12)) {
		fputs(other_name(seed), out);
	} else {
		fprintf(out, "n%u", below(seed, NAMES));
	}
}

static void write_health(FILE *out, uint64_t *seed)
{
	if (percent(seed, 50)) {
		fprintf(out, " health=c%u", below(seed, COUNT(checks) - 1));
	}
}

/*! What a record set has: an address of few, or an alias. */
static void write_body(FILE *out, uint64_t *seed, unsigned aliases)
{
	write_health(out, seed);
	if (percent(seed, aliases)) {
		fputs(" alias=", out);
		write_target(out, seed);
		fputs(percent(seed, 70) ? "\n" : " evaluate=no\n", out);
	} else {
		fprintf(out, " 192.0.2.%u\n", below(seed, 40));
	}
}

static const char *const geo_places[] = {
	"country:US", "default", "continent:EU", "country:US/CA", "country:NO", "continent:NA", "country:DE",
};

/*! Where a record set and its clients are. */
static void write_place(FILE *out, uint64_t *seed, unsigned number)
{
	fprintf(out, " geo=%s", geo_places[number % COUNT(geo_places)]);
	if (number % 4 > 0) {
		fprintf(out, " cidr=c/%c", "xyz"[number % 4 - 1]);
	}
	if (percent(seed, 80)) {
		fprintf(out, " region=r%u bias=%d", 1 + below(seed, 4), (int)below(seed, 199) - 99);
	}
}

static void write_group(FILE *out, uint64_t *seed, unsigned name)
{
	static const char *const programs[] = {
		"weighted", "failover", "multivalue", "weighted", "failover", "multivalue", "up",
		"up,take2", "up-none,take1", "up-servfail,tier", "up,tier,weighted", "shuffle,take2",
		"tier,up,take1", "up,weighted-client,take1", "take1", "latency", "geo", "geo,up,take1",
		"geo,up,take1", "up,latency,take1", "up,nearest,take1", "cidr,up,take1",
	};
	unsigned sets = percent(seed, 85) ? 1 + below(seed, 3) : 1 + below(seed, 11);
	unsigned aliases = 25 * below(seed, 5), shift = below(seed, COUNT(geo_places));
	const char *program = programs[below(seed, COUNT(programs))];
	fprintf(out, "n%u A =%s\n", name, program);
	for (unsigned i = 0; i < sets; i++) {
		fprintf(out, "n%u %u A +s%02u tier=%u weight=%u", name, 60 + below(seed, 3), i,
		        below(seed, 3), below(seed, 3));
		write_place(out, seed, i + shift);
		write_body(out, seed, aliases);
	}
}

static void write_cname(FILE *out, uint64_t *seed, unsigned name)
{
	fprintf(out, "n%u CNAME =%s\n", name, percent(seed, 50) ? "up,take1" : "weighted");
	for (unsigned i = 0; i <= below(seed, 2); i++) {
		fprintf(out, "n%u CNAME +s%u", name, i);
		write_health(out, seed);
		fputs(percent(seed, 50) ? " " : " alias=", out);
		write_target(out, seed);
		fputs("\n", out);
	}
}

static void write_name(FILE *out, uint64_t *seed, unsigned name)
{
	switch (below(seed, 10)) {
	case 0:
		fprintf(out, "n%u A 192.0.2.%u\n", name, below(seed, 40));
		break;
	case 1:
	case 2:
	case 3:
		fprintf(out, "n%u A +", name);
		write_body(out, seed, 75);
		break;
	case 4:
		write_cname(out, seed, name);
		break;
	default:
		write_group(out, seed, name);
		break;
	}
}

static char *random_zone(uint64_t *seed)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n@ SOA . . 1 2 3 4 5\ncut NS ns\ndname DNAME example.\n", out);
	fputs("*.wild A + alias=n3\n", out);
	for (unsigned i = 0; i < NAMES; i++) {
		write_name(out, seed, i);
	}
	fclose(out);
	return zone;
}

static int far_target(void *ctx, uint16_t type, const steer_key_t *name,
                      steer_external_answer_t *target)
{
	(void)ctx;
	steer_key_t x, none;
	steer_key_from_name(&x, (const uint8_t *)"\1x\3far");
	steer_key_from_name(&none, (const uint8_t *)"\4none\3far");
	bool known = steer_key_cmp(name->bytes, name->len, x.bytes, x.len) == 0;
	if (type != 1 || (!known && steer_key_cmp(name->bytes, name->len, none.bytes, none.len) != 0)) {
		return STEER_ENOENT;
	}
	*target = (steer_external_answer_t) {
		.ttl = 9, .rrs = one_rr, .rrs_len = known ? sizeof(one_rr) : 0, .count = known,
		.failures = !known,
	};
	return STEER_OK;
}

/* Maps and clients. */

static uint32_t number_of(void *ctx, uint8_t kind, const char *text, size_t len)
{
	(void)ctx;
	const unsigned last = text[len - 1] - (kind == STEER_DICTIONARY_REGION ? '0' : 'x' - 1);
	return kind == STEER_DICTIONARY_REGION ? last
	       : kind == STEER_DICTIONARY_LOCATION ? MAP_COLLECTION + last : MAP_COLLECTION;
}

static void tell_client(void *host, bool subnet, steer_client_t *client)
{
	if (subnet) {
		*client = client_parse(host);
	}
}

static int make_maps(void **state)
{
	static map_world_t maps;
	map_world_make(&maps);
	*state = &maps;
	return 0;
}

static int free_maps(void **state)
{
	map_world_free(*state);
	return 0;
}

/* Both ways. */

/*! A way: what it is given, and what it has come to. */
typedef struct {
	int (*pick)(steer_picker_t *picker, const steer_group_t *group, unsigned taken, bool single,
	            steer_picked_t *picked);
	steer_workspace_t workspace;
	steer_lookup_t lookup;
	steer_chance_t chance;
	steer_outcome_t outcome;
	steer_picker_t picker;
} way_t;

static way_t ways[2] = { { .pick = steer_pick }, { .pick = long_pick } };

static unsigned met_records, met_none, met_errors, met_full, met_levels, met_drawn,
	met_scopes, met_again[2];

static void begin(way_t *way, const steer_lookup_t *lookup, const steer_question_t *question,
                  const steer_sink_t *sink, uint64_t seed)
{
	way->lookup = *lookup;
	way->lookup.workspace = &way->workspace;
	way->lookup.chance = &way->chance;
	steer_chance_seed(&way->chance, seed);
	way->outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	steer_picker_begin(&way->picker, &way->lookup, question, sink, &way->outcome);
}

static void compare_records(const steer_records_t *a, const steer_records_t *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->gathered, b->gathered);
	assert_int_equal(a->least, b->least);
	for (unsigned i = 0; i < a->count; i++) {
		assert_ptr_equal(a->parts[i].rrs, b->parts[i].rrs);
		assert_int_equal(a->parts[i].len, b->parts[i].len);
		assert_int_equal(a->parts[i].count, b->parts[i].count);
	}
}

/*! Picks a group both ways. \return number of parts picked */
static unsigned pick_both(const steer_group_t *group, unsigned taken)
{
	steer_picked_t picked[2];
	const way_t *a = &ways[0], *b = &ways[1];
	const steer_chance_t before = a->chance;
	bool single = group->type == 5;
	int ret = ways[0].pick(&ways[0].picker, group, taken, single, &picked[0]);
	assert_int_equal(ways[1].pick(&ways[1].picker, group, taken, single, &picked[1]), ret);
	assert_int_equal(a->picker.work > STEER_WORK_MAX, b->picker.work > STEER_WORK_MAX);
	assert_int_equal(a->outcome.error, b->outcome.error);
	if (a->picker.work > STEER_WORK_MAX) {
		met_errors++;
		return 0; // The answer ends here.
	}
	assert_int_equal(a->picker.work, b->picker.work);
	assert_int_equal(a->picker.levels, b->picker.levels);
	assert_int_equal(a->outcome.stale, b->outcome.stale);
	assert_int_equal(a->outcome.scope, b->outcome.scope);
	assert_memory_equal(&a->chance, &b->chance, sizeof(a->chance));
	assert_int_equal(picked[0].ttl, picked[1].ttl);
	compare_records(&picked[0].records, &picked[1].records);
	met_errors += ret == STEER_ESERVFAIL;
	met_full += ret == STEER_ESPACE;
	met_none += ret == STEER_OK && picked[0].records.count == 0;
	met_records += ret == STEER_OK && picked[0].records.count > 0;
	met_levels += a->picker.levels > 8;
	met_scopes += a->outcome.scope > 0;
	met_drawn += memcmp(&before, &a->chance, sizeof(before)) != 0;
	return picked[0].records.count;
}

/*! The group of a name and type, as a question would find it. */
static bool group_of(const steer_lookup_t *lookup, const char *text, steer_group_t *group)
{
	steer_lead_t lead;
	assert_int_equal(steer_finder_lead(lookup, name_of(text), 1, &lead), STEER_OK);
	if (lead.kind != STEER_REACHED_GROUP && lead.kind != STEER_REACHED_CNAME) {
		return false;
	}
	steer_group_view(group, lead.node, lead.at);
	return true;
}

/*! Asks for two names in one answer. */
static void ask_both(const steer_lookup_t *lookup, uint64_t *seed)
{
	static const unsigned rooms[] = { STEER_WIRE_MAX, 512, 40 };
	static const char *const clients[] = {
		CALIFORNIA, AMERICA, NORWAY, GERMANY, NOWHERE, "203.0.113.200/32", "10.0.0.0/8",
	};
	steer_question_t question = question_of("n0.example.", 1);
	question.client = tell_client;
	question.host = (void *)clients[below(seed, COUNT(clients))];
	const steer_sink_t sink = { .room = rooms[below(seed, COUNT(rooms))] };
	char name[32];
	unsigned taken = 0;
	uint64_t same = next_number(seed);
	begin(&ways[0], lookup, &question, &sink, same);
	begin(&ways[1], lookup, &question, &sink, same);
	for (unsigned i = 0; i < 2 && ways[0].picker.work <= STEER_WORK_MAX; i++) {
		steer_group_t group;
		snprintf(name, sizeof(name), "n%u.example.", below(seed, NAMES));
		if (group_of(lookup, name, &group)) {
			taken += pick_both(&group, taken);
		}
	}
}

static int no_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	(void)ctx;
	(void)section;
	(void)rrset;
	(void)optional;
	return STEER_OK;
}

/*! Asks for a name whose answer is copied, and again by what was found, if aliases lead on. */
static void ask_again_by_alias(const steer_lookup_t *lookup, uint64_t *seed)
{
	static uint8_t raw[2][STEER_WIRE_MAX];
	char name[32];
	snprintf(name, sizeof(name), "n%u.example.", below(seed, NAMES));
	const steer_question_t question = question_of(name, 1);
	steer_sink_t sink = { .put = no_put, .room = STEER_WIRE_MAX, .raw = raw[0] };
	const uint64_t same = next_number(seed);
	steer_found_t found;
	way_t *a = &ways[0], *b = &ways[1];
	int again;
	begin(a, lookup, &question, &sink, same);
	begin(b, lookup, &question, &sink, same);
	const steer_chance_t before = b->chance;
	int ret = steer_answer(&a->lookup, &question, STEER_NO_ZONE, &sink, &a->outcome, &found);
	if (ret != STEER_OK || found.at == NULL || found.node == NULL) {
		return;
	}
	sink.raw = raw[1];
	if (!steer_answer_alias(&found, &b->lookup, &sink, &b->outcome, &again)) {
		assert_memory_equal(&b->chance, &before, sizeof(before));
		return;
	}
	assert_int_equal(again, STEER_OK);
	assert_int_equal(a->outcome.kind, b->outcome.kind);
	assert_int_equal(a->outcome.authoritative, b->outcome.authoritative);
	assert_int_equal(a->outcome.stale, b->outcome.stale);
	assert_int_equal(a->outcome.scope, b->outcome.scope);
	assert_int_equal(a->outcome.raw_count, b->outcome.raw_count);
	assert_int_equal(a->outcome.raw_len, b->outcome.raw_len);
	assert_memory_equal(raw[0], raw[1], a->outcome.raw_len);
	assert_memory_equal(&a->chance, &b->chance, sizeof(a->chance));
	steer_group_t group;
	steer_group_view(&group, found.node, found.at);
	met_again[group.program_len > 0]++;
}

static void shortcuts_lead_to_the_same_answers(void **state)
{
	const steer_maps_t all = map_world_used(*state, "gla");
	uint64_t seed = 7;
	for (unsigned i = 0; i < TREES; i++) {
		model_t model;
		char *zone = random_zone(&seed);
		const char *const zones[] = { zone, NULL };
		model_make_from(&model, zones, checks, number_of, NULL);
		world_t world = { .model = &model, .target = far_target };
		steer_lookup_t lookup = world_lookup(&world, world_maybe_apex);
		lookup.maps = percent(&seed, 90) ? &all : NULL;
		for (unsigned k = 0; k < 16; k++) {
			steer_health_slot_t slots[COUNT(checks) - 1];
			const steer_health_table_t health_table = { slots, COUNT(slots) };
			for (unsigned c = 0; c < COUNT(slots); c++) {
				slots[c] = (steer_health_slot_t) { 7, percent(&seed, 40) };
			}
			lookup.health_table = &health_table;
			ask_both(&lookup, &seed);
			for (unsigned n = 0; n < NAMES / 2; n++) {
				ask_again_by_alias(&lookup, &seed);
			}
		}
		model_free(&model);
		free(zone);
	}
	print_message("  %u with records, %u without, %u errors, %u full, %u of many names, %u drawn, "
	              "%u for some clients, %u again by an alias, %u by a policy over some\n",
	              met_records, met_none, met_errors, met_full, met_levels, met_drawn, met_scopes,
	              met_again[false], met_again[true]);
	assert_true(met_records > 10000 && met_none > 1000 && met_errors > 1000 && met_full > 1000);
	assert_true(met_levels > 1000 && met_drawn > 5000 && met_scopes > 10000);
	assert_true(met_again[false] > 1000 && met_again[true] > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shortcuts_lead_to_the_same_answers),
	};
	return cmocka_run_group_tests(tests, make_maps, free_maps);
}
