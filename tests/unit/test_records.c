/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of an RRset: each once, and no more than fit in a message. */
#include <stdlib.h>

#include "core/name.h"
#include "core/node.h"
#include "core/records.h"
#include "unit/records.h"
#include "unit/test.h"

#define ADDRESS_SIZE (STEER_RR_HEAD + 4)
#define ADDRESS_LEAST (STEER_RR_LEAST + 4)

static steer_rrs_t parts[STEER_PARTS_MAX];
static const uint8_t *seen[STEER_SEEN_MAX];

/*! Addresses first, first + step, ...; to be freed. */
static steer_rrs_t addresses(uint32_t first, uint32_t step, unsigned count)
{
	uint8_t *rrs = malloc(count * ADDRESS_SIZE + 1), *at = rrs;
	assert_non_null(rrs);
	for (unsigned i = 0; i < count; i++) {
		uint32_t number = first + i * step;
		const uint8_t rdata[] = { number >> 24, number >> 16, number >> 8, number };
		at += steer_rr_write(at, TYPE_A, 60, rdata, sizeof(rdata));
	}
	return (steer_rrs_t) { .rrs = rrs, .len = at - rrs, .ttl = 60, .count = count };
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

/*! Counts the records in the parts, none of which is there twice. */
static unsigned count_of(const steer_records_t *records)
{
	static uint32_t numbers[STEER_PARTS_MAX];
	unsigned count = 0;
	for (unsigned i = 0; i < records->count; i++) {
		const uint8_t *at = records->parts[i].rrs, *end = at + records->parts[i].len, *rdata;
		unsigned before = count;
		uint16_t len;
		while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
			numbers[count++] = steer_wire_u32(rdata);
		}
		assert_int_equal(count - before, records->parts[i].count);
	}
	qsort(numbers, count, sizeof(*numbers), compare_numbers);
	for (unsigned i = 1; i < count; i++) {
		assert_int_not_equal(numbers[i - 1], numbers[i]);
	}
	return count;
}

static void a_record_of_several_sets_is_given_once(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		struct { uint32_t first, step; unsigned count; } sets[4];
		unsigned want, parts;
	} cases[] = {
		{ "nothing in common", { { 1, 1, 3 }, { 11, 1, 2 } }, 5, 2 },
		{ "the same twice", { { 1, 1, 3 }, { 1, 1, 3 } }, 3, 1 },
		{ "one at the begin", { { 1, 1, 3 }, { 3, 1, 3 } }, 5, 2 },
		{ "one at the end", { { 5, 1, 3 }, { 2, 1, 4 } }, 6, 2 },
		{ "one in the middle", { { 5, 1, 1 }, { 4, 1, 3 } }, 3, 3 },
		{ "one in three", { { 1, 1, 1 }, { 1, 1, 2 }, { 1, 1, 3 } }, 3, 3 },
		{ "parts beyond a thousand", { { 0, 2, 1500 }, { 0, 1, 3000 } }, 3000, 1501 },
		{ "the table grows", { { 1, 1, 4 }, { 5, 1, 40 }, { 1, 1, 400 }, { 1, 1, 4000 } }, 4000,
		  4 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_rrs_t sets[4];
		unsigned count = 0;
		steer_records_t records;
		steer_records_begin(&records, TYPE_A, parts, seen, STEER_WIRE_MAX, i);
		for (; count < 4 && cases[i].sets[count].count > 0; count++) {
			typeof(cases[i].sets[0]) *set = &cases[i].sets[count];
			sets[count] = addresses(set->first, set->step, set->count);
			if (count == 0) {
				steer_records_add(&records, &sets[count]);
			} else {
				steer_records_add_new(&records, &sets[count]);
			}
		}
		assert_false(steer_records_full(&records));
		assert_int_equal(count_of(&records), cases[i].want);
		assert_int_equal(records.count, cases[i].parts);
		while (count > 0) {
			free((void *)sets[--count].rrs);
		}
	}
}

static void gathering_ends_where_the_message_does(void **state)
{
	(void)state;
	static const struct {
		unsigned first, second; // Records, of which the second ones are compared.
		uint32_t room;
		bool full;
	} cases[] = {
		{ 10, 0, 10 * ADDRESS_LEAST, false },
		{ 10, 0, 10 * ADDRESS_LEAST - 1, true },
		{ 10, 5, 15 * ADDRESS_LEAST, false },
		{ 10, 5, 15 * ADDRESS_LEAST - 1, true },
		{ 1, 4368, STEER_WIRE_MAX, false },
		{ 1, 4369, STEER_WIRE_MAX, true },
		{ 1, 4000, 450, true }, // More than the table has slots.
		{ 1, 60000, STEER_WIRE_MAX, true },
		{ 1, 0, 0, true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_rrs_t first = addresses(1, 1, cases[i].first);
		steer_rrs_t second = addresses(100, 1, cases[i].second);
		steer_records_t records;
		steer_records_begin(&records, TYPE_A, parts, seen, cases[i].room, 0);
		steer_records_add(&records, &first);
		steer_records_add_new(&records, &second);
		assert_int_equal(steer_records_full(&records), cases[i].full);
		unsigned gathered = count_of(&records), most = cases[i].room / ADDRESS_LEAST + 10;
		assert_in_range(gathered, 1, most);
		steer_records_add_new(&records, &first);
		assert_int_equal(count_of(&records), gathered);
		free((void *)first.rrs);
		free((void *)second.rrs);
	}
}

static void comparisons_are_bounded(void **state)
{
	(void)state;
	static const uint32_t rooms[] = { 512, 1232, STEER_WIRE_MAX };
	for (size_t i = 0; i < COUNT(rooms); i++) {
		steer_rrs_t same = addresses(1, 1, 8); // Repeated, and always fit.
		steer_records_t records;
		unsigned compared = 0;
		steer_records_begin(&records, TYPE_A, parts, seen, rooms[i], 0);
		steer_records_add(&records, &same);
		for (; !steer_records_full(&records); compared += same.count) {
			assert_int_equal(count_of(&records), 8);
			steer_records_add_new(&records, &same);
		}
		assert_in_range(compared, STEER_COMPARED_MAX(rooms[i]), STEER_COMPARED_MAX(rooms[i]) + 8);
		free((void *)same.rrs);
	}
}

static void names_may_compress(void **state)
{
	(void)state;
	static const struct {
		uint16_t type;
		unsigned rdata, least; // What it takes in a message at least, with the root as owner.
	} cases[] = {
		{ TYPE_A, 4, 15 }, { TYPE_AAAA, 16, 27 }, { TYPE_TXT, 200, 211 }, { TYPE_SRV, 200, 211 },
		{ TYPE_NS, 200, 12 }, { TYPE_CNAME, 1, 12 }, { TYPE_PTR, 200, 12 }, { TYPE_MX, 202, 14 },
		{ TYPE_SOA, 220, 33 }, { TYPE_MINFO, 200, 13 }, { TYPE_SVCB, 3, 14 }, { 65280, 0, 11 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		static const uint8_t rdata[256];
		uint8_t rrs[3 * (STEER_RR_HEAD + sizeof(rdata))];
		size_t len = 0;
		for (unsigned k = 0; k < 3; k++) {
			len += steer_rr_write(rrs + len, cases[i].type, 60, rdata, cases[i].rdata);
		}
		const steer_rrs_t three = { rrs, len, 60, 3 };
		assert_int_equal(steer_rrs_least(steer_rr_compressed(cases[i].type), &three),
		                 3 * cases[i].least);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_of_several_sets_is_given_once),
		cmocka_unit_test(gathering_ends_where_the_message_does),
		cmocka_unit_test(comparisons_are_bounded),
		cmocka_unit_test(names_may_compress),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
