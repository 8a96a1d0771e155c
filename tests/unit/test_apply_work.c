/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cost of a change set under the store's lock grows with what it touches and no faster. Nothing
 * is timed: the linker's --wrap counts calls of functions that are called for each name looked at.
 */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/name.h"
#include "core/node.h"
#include "store/change/source_location.h"
#include "unit/stores.h"
#include "unit/test.h"

static uint64_t work;

#define COUNTED(type, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		work++; \
		return __real_##name arguments; \
	}

COUNTED(bool, steer_name_in, (const uint8_t *name, const uint8_t *zone), (name, zone))
COUNTED(bool, steer_name_equal, (const uint8_t *a, const uint8_t *b), (a, b))
COUNTED(size_t, steer_name_len, (const uint8_t *name), (name))
COUNTED(int, steer_key_cmp, (const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len),
        (a, a_len, b, b_len))
COUNTED(void, steer_group_set, (const steer_group_t *group, unsigned i, steer_set_t *set),
        (group, i, set))
COUNTED(int, mdb_get, (MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *data),
        (txn, dbi, key, data))
COUNTED(int, mdb_put, (MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *data, unsigned flags),
        (txn, dbi, key, data, flags))
COUNTED(int, mdb_cursor_put, (MDB_cursor *cursor, MDB_val *key, MDB_val *data, unsigned flags),
        (cursor, key, data, flags))
COUNTED(int, mdb_cursor_get, (MDB_cursor *cursor, MDB_val *key, MDB_val *data, MDB_cursor_op op),
        (cursor, key, data, op))

int __real_steer_node_open(steer_node_t *node, const void *value, size_t size);
int __wrap_steer_node_open(steer_node_t *node, const void *value, size_t size);
int __wrap_steer_node_open(steer_node_t *node, const void *value, size_t size)
{
	work += 1 + size / 64; // All of it is summed and looked at.
	return __real_steer_node_open(node, value, size);
}

steer_change_record_t __real_steer_name_records_find(const steer_name_records_t *name,
                                                     uint16_t type, const uint8_t *id,
                                                     size_t id_len);
steer_change_record_t __wrap_steer_name_records_find(const steer_name_records_t *name,
                                                     uint16_t type, const uint8_t *id,
                                                     size_t id_len);
steer_change_record_t __wrap_steer_name_records_find(const steer_name_records_t *name,
                                                     uint16_t type, const uint8_t *id,
                                                     size_t id_len)
{
	work += 1 + name->count; // As many records are looked at.
	return __real_steer_name_records_find(name, type, id, id_len);
}

/* Two sizes, one four times the other: n log n gives 5, n squared 16. */
#define FEW       250
#define MANY      (4 * FEW)
#define GROWS_MAX 6

/*! A zone: each line of the pattern, repeated; %1$u is the number of the turn, %2$u the next. */
static char *zone_text(const char *apex, const char *once, const char *each, unsigned count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "%s\n@ SOA ns hm 1 2 3 4 300\n@ NS ns.x.\n%s", apex, once);
	for (unsigned i = 0; i < count; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		fprintf(out, each, i, i + 1);
#pragma GCC diagnostic pop
	}
	fclose(out);
	return text;
}

/*! Applies a change set and measures its work. */
static uint64_t apply(steer_store_t *store, steer_change_t *change)
{
	static const steer_apply_t plain;
	steer_summary_t summary;
	steer_fault_t fault;
	work = 0;
	must(steer_store_apply(store, change, &plain, &summary, &fault), &fault);
	steer_change_free(change);
	return work;
}

/* Changes to a zone of many lines, in a store that has another one. */

typedef struct {
	const char *what, *once, *each;
} case_t;

static uint64_t importing(steer_store_t *store, const char *zone)
{
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, STEER_ZONE_CREATE, zone), STEER_OK);
	return apply(store, change);
}

static uint64_t deleting(steer_store_t *store, const char *zone)
{
	(void)importing(store, zone);
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, STEER_ZONE_DELETE, "n.\n"), STEER_OK);
	return apply(store, change);
}

static uint64_t emptying(steer_store_t *store, const char *zone)
{
	(void)importing(store, zone);
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, STEER_ZONE_REPLACE,
	                                 "n.\n@ SOA ns hm 1 2 3 4 300\n@ NS ns.x.\n"), STEER_OK);
	return apply(store, change);
}

static uint64_t work_of(const case_t *of, uint64_t (*doing)(steer_store_t *, const char *),
                        unsigned count)
{
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, "other.\n@ SOA ns hm 1 2 3 4 300\n");
	char *zone = zone_text("n.", of->once, of->each, count);
	uint64_t done = doing(place.store, zone);
	free(zone);
	place_free(&place);
	return done;
}

static void work_grows_with_what_a_zone_has(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "names", "", "a%1$u A 192.0.2.1\n" },
		{ "DNAMEs to names outside", "", "d%1$u DNAME t%1$u.x.\n" },
		{ "DNAMEs to names inside, with names below", "", "d%1$u DNAME t%1$u\n"
		  "a.t%1$u A 192.0.2.1\n" },
		{ "DNAMEs to one name", "", "d%1$u DNAME t\na%1$u.t CNAME a\n" },
		{ "DNAMEs to names below each other's target", "b.a.t A 192.0.2.1\n",
		  "d%1$u DNAME t%1$u.a.t\ne%1$u DNAME a.t\nf%1$u DNAME t\n" },
		{ "DNAMEs, each to the next", "", "d%1$u DNAME d%2$u\n" },
		{ "CNAMEs, each to the next", "", "c%1$u CNAME c%2$u\n" },
		{ "CNAMEs to one name below a DNAME", "d DNAME t\n", "c%1$u CNAME x.d\n" },
		{ "wildcards, each to a name of the next", "", "*.w%1$u CNAME a.w%2$u\n" },
		{ "delegations with glue", "", "c%1$u NS ns.c%1$u\nns.c%1$u A 192.0.2.1\n" },
		{ "aliases, each to a name of its own", "", "a%1$u A + alias=b%1$u\nb%1$u A 192.0.2.1\n" },
		{ "aliases without target", "", "a%1$u A + alias=t%1$u\n" },
		{ "aliases to one name", "t A 192.0.2.1\n", "a%1$u A + alias=t\n" },
		{ "aliases of one name", "t A 192.0.2.1\n", "a TYPE1%1$04u + alias=t\n" },
		{ "aliases of one name, without target", "", "a TYPE1%1$04u + alias=t\n" },
		{ "aliases to a large name", "", "a%1$u A + alias=t\nt TXT \"t%1$u\"\n" },
		{ "types of one name", "", "a TYPE1%1$04u 00\n" },
		{ "records of one type", "", "a TXT \"t%1$u\"\n" },
		{ "names deep below each other", "", "a%1$u.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p A 192.0.2.1\n" },
	};
	static const struct {
		const char *what;
		uint64_t (*doing)(steer_store_t *store, const char *zone);
	} doings[] = {
		{ "imported", importing }, { "deleted", deleting }, { "emptied", emptying },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t k = 0; k < COUNT(doings); k++) {
			uint64_t few = work_of(&cases[i], doings[k].doing, FEW);
			uint64_t many = work_of(&cases[i], doings[k].doing, MANY);
			print_message("  %s, %s: %lu, %lu\n", cases[i].what, doings[k].what, few, many);
			assert_true(few >= FEW || k > 0);
			assert_in_range(many, 1, GROWS_MAX * few);
		}
	}
}

/* A group of many record sets, one of which gets as many values, with the TTL that it has. */

static uint64_t work_of_values(unsigned count)
{
	place_t place = place_new();
	char *zone = zone_text("n.", "a TXT =weighted\n", "a 60 TXT +%1$u x\n", count);
	store_must(place.store, STEER_ZONE_CREATE, zone);
	free(zone);
	zone = zone_text("n.", "", "a TXT +0 keep=lwe \"t%1$u\"\n", count);
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, STEER_ZONE_MERGE, zone), STEER_OK);
	free(zone);
	uint64_t done = apply(place.store, change);
	place_free(&place);
	return done;
}

static void work_grows_with_values_and_record_sets(void **state)
{
	(void)state;
	uint64_t few = work_of_values(FEW), many = work_of_values(MANY);
	print_message("  %lu, %lu\n", few, many);
	assert_in_range(few, FEW, many);
	assert_in_range(many, 1, GROWS_MAX * few);
}

/* Many zones in one change set. */

static uint64_t work_of_zones(const char *apex, unsigned count, steer_zone_action_t action)
{
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, "n.\n@ SOA ns hm 1 2 3 4 300\n");
	uint64_t done = 0;
	for (unsigned turn = 0; turn <= (action == STEER_ZONE_DELETE); turn++) {
		steer_change_t *change = steer_change_new();
		for (unsigned i = 0; i < count; i++) {
			char text[128], name[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(name, sizeof(name), apex, i);
#pragma GCC diagnostic pop
			snprintf(text, sizeof(text), "%s\n%s", name,
			         turn == 0 ? "@ SOA ns hm 1 2 3 4 300\n" : "");
			assert_int_equal(change_add_text(change, turn == 0 ? STEER_ZONE_CREATE : action, text),
			                 STEER_OK);
		}
		done = apply(place.store, change);
	}
	place_free(&place);
	return done;
}

static void work_grows_with_the_zones(void **state)
{
	(void)state;
	static const char *const apexes[] = { "z%u.", "z%u.n.", "z%u.a.b.c.d.n." };
	static const steer_zone_action_t actions[] = { STEER_ZONE_CREATE, STEER_ZONE_DELETE };
	for (size_t i = 0; i < COUNT(apexes); i++) {
		for (size_t k = 0; k < COUNT(actions); k++) {
			uint64_t few = work_of_zones(apexes[i], FEW, actions[k]);
			uint64_t many = work_of_zones(apexes[i], MANY, actions[k]);
			print_message("  %s %s: %lu, %lu\n", apexes[i], k == 0 ? "created" : "deleted", few,
			              many);
			assert_in_range(few, FEW, many);
			assert_in_range(many, 1, GROWS_MAX * few);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work_grows_with_what_a_zone_has),
		cmocka_unit_test(work_grows_with_values_and_record_sets),
		cmocka_unit_test(work_grows_with_the_zones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
