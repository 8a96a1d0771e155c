/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of change sets come in order, whatever the order in which they were added. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/change/contents.h"
#include "unit/records.h"
#include "unit/test.h"

#define ZONES 2
#define MOST  (2 * STEER_CHANGE_RUN + 1000)

/*! The owner of a record by its number; two of them have one owner. */
static const uint8_t *owner_of(unsigned zone, uint32_t number)
{
	char text[64];
	snprintf(text, sizeof(text), "n%u.z%u.", number / 2, zone);
	return name_of(text);
}

static void add(steer_change_t *change, unsigned zone, uint32_t number)
{
	const steer_record_t record = {
		.owner = owner_of(zone, number), .rdata = (const uint8_t *)&number,
		.rdata_len = sizeof(number), .type = T_A, .ttl = DEFAULT_TTL,
	};
	assert_int_equal(steer_change_add(change, zone, &record), STEER_OK);
}

/*! Numbers from 0, in order, the other way round, or drawn. */
static uint32_t *numbers(uint32_t count, char order)
{
	uint32_t *list = malloc(count * sizeof(*list));
	uint64_t state = 1;
	for (uint32_t i = 0; i < count; i++) {
		list[i] = order == 'r' ? count - 1 - i : i;
	}
	for (uint32_t i = count; order == 'd' && i > 1; i--) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		const uint32_t other = (state >> 33) % i, last = list[i - 1];
		list[i - 1] = list[other];
		list[other] = last;
	}
	return list;
}

static bool is_key_of(const uint8_t *bytes, size_t len, unsigned zone, uint32_t number)
{
	steer_key_t key;
	steer_key_from_name(&key, owner_of(zone, number));
	return key.len == len && memcmp(key.bytes, bytes, len) == 0;
}

static void check(steer_change_t *change, unsigned number, uint32_t count)
{
	steer_change_zone_t *zone = &change->zones[number];
	steer_change_sort(zone);
	assert_int_equal(zone->count, count);
	for (uint32_t i = 0; i < count; i++) {
		const steer_change_record_t *record = &zone->records[i];
		uint32_t rdata;
		assert_true(i == 0 || steer_change_order(record - 1, record) < 0);
		assert_int_equal(record->rr_len, STEER_RR_HEAD + sizeof(rdata));
		memcpy(&rdata, record->rr + STEER_RR_HEAD, sizeof(rdata));
		assert_true(is_key_of(record->key, record->key_len, number, rdata));
	}
}

static void records_come_in_order(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		char order;
		uint32_t first[ZONES]; // As many of each zone ...
		uint32_t then[ZONES];  // ... and then as many in turn, until all are added.
		uint32_t counts[ZONES];
	} cases[] = {
		{ "in order", 'o', { 0 }, { 1000, 1 }, { MOST, 3 } },
		{ "the other way round", 'r', { 0 }, { 1000, 1 }, { MOST, 3 } },
		{ "drawn, a run", 'd', { 0 }, { 1000, 0 }, { STEER_CHANGE_RUN, 0 } },
		{ "drawn, a record more", 'd', { 0 }, { 1000, 0 }, { STEER_CHANGE_RUN + 1, 0 } },
		{ "drawn", 'd', { 0 }, { 1000, 0 }, { MOST, 0 } },
		{ "of two zones in turn", 'd', { 0 }, { 1, 1 }, { MOST, MOST } },
		{ "some of a zone, more than a run of the other, a run of the first", 'd',
		  { 10, STEER_CHANGE_RUN + 10 }, { STEER_CHANGE_RUN, 10 },
		  { MOST, STEER_CHANGE_RUN + 30 } },
		{ "a run of a zone, two of the other, more of the first", 'd',
		  { STEER_CHANGE_RUN, 2 * STEER_CHANGE_RUN }, { 1000, 0 },
		  { MOST, 2 * STEER_CHANGE_RUN } },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_change_t *change = steer_change_new();
		uint32_t *lists[ZONES], done[ZONES] = { 0 };
		for (unsigned z = 0; z < ZONES; z++) {
			unsigned zone;
			assert_int_equal(steer_change_zone(change, name_of(z == 0 ? "z0." : "z1."),
			                                   STEER_ZONE_CREATE, &zone), STEER_OK);
			lists[z] = numbers(cases[i].counts[z], cases[i].order);
		}
		const uint32_t *turn = cases[i].first;
		while (done[0] < cases[i].counts[0] || done[1] < cases[i].counts[1]) {
			for (unsigned z = 0; z < ZONES; z++) {
				for (uint32_t k = 0; k < turn[z] && done[z] < cases[i].counts[z]; k++) {
					add(change, z, lists[z][done[z]++]);
				}
			}
			turn = cases[i].then;
		}
		for (unsigned z = 0; z < ZONES; z++) {
			check(change, z, cases[i].counts[z]);
			free(lists[z]);
		}
		steer_change_free(change);
	}
}

static void a_record_set_knows_its_owner_after_a_run(void **state)
{
	(void)state;
	const steer_record_set_t set = { .id = "a", .has_weight = true, .weight = 1 };
	const steer_source_location_t location = { 0 };
	const steer_change_set_t *made = NULL;
	steer_change_t *change = steer_change_new();
	unsigned zone;
	assert_int_equal(steer_change_zone(change, name_of("z0."), STEER_ZONE_CREATE, &zone), STEER_OK);
	assert_int_equal(steer_change_set(change, zone, owner_of(0, 7), T_A, &set, &location, &made),
	                 STEER_OK);
	for (uint32_t i = MOST; i > 0; i--) {
		add(change, zone, i);
	}
	assert_true(is_key_of(made->key, made->key_len, 0, 7));
	steer_change_free(change);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_in_order),
		cmocka_unit_test(a_record_set_knows_its_owner_after_a_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
