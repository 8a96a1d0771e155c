/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "core/node.h"
#include "unit/records.h"
#include "unit/test.h"

#define WEIGHTED "\x01\x02\x00\x00\x03\x01\x00\x05\x02\x01\x00"
#define SHUFFLED "\x04\x00"
#define MANY 300

/*!
 * Sets of TXT records, one per line: its texts, each of one letter, or ">" for an alias.
 */
typedef struct {
	steer_set_t sets[MANY];
	uint8_t room[MANY][16 * (STEER_RR_HEAD + 2)];
	steer_group_t group;
} made_t;

static made_t *make(const char *lines)
{
	made_t *made = calloc(1, sizeof(*made));
	made->group = (steer_group_t) { .type = T_TXT, .sets = made->sets };
	for (const char *at = lines; *at != '\0'; at += *at == '\n') {
		steer_set_t *set = &made->sets[made->group.count];
		uint8_t *to = made->room[made->group.count++];
		*set = (steer_set_t) { .slot = STEER_SLOT_NONE, .ttl = 300, .body = to };
		if (*at == '>') {
			set->alias = true;
			set->body = (const uint8_t *)"";
			set->body_len = 1;
			at++;
			continue;
		}
		for (; *at != '\0' && *at != '\n'; at++, set->count++) {
			const uint8_t text[2] = { 1, *at };
			to += steer_rr_write(to, T_TXT, 300, text, sizeof(text));
		}
		set->body_len = to - set->body;
	}
	return made;
}

/*! Numbers that repeat themselves. */
static uint64_t mix(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return z ^ z >> 29;
}

/*! Builds the group alone and opens it; the view's bytes are the caller's to free. */
static uint8_t *build(const steer_group_t *group, steer_group_t *view)
{
	size_t size = 0;
	assert_int_equal(steer_group_build(NULL, &size, group), STEER_OK);
	uint8_t *bytes = malloc(size);
	assert_int_equal(steer_group_build(bytes, &size, group), STEER_OK);
	assert_int_equal(steer_group_open(view, bytes, size), STEER_OK);
	return bytes;
}

static void flags_tell_of_aliases_and_of_records_in_two_sets(void **state)
{
	(void)state;
	static const struct {
		const char *what, *sets;
		uint16_t flags;
	} cases[] = {
		{ "sets of one record each", "a\nb\nc", 0 },
		{ "the first and the last are the same", "a\nb\nc\na", STEER_POLICY_DUPLICATES },
		{ "the last record of one is the first of another", "ab\nbc", STEER_POLICY_DUPLICATES },
		{ "the last records of all", "az\nbz", STEER_POLICY_DUPLICATES },
		{ "the first records of all", "ay\naz", STEER_POLICY_DUPLICATES },
		{ "the last record of a long set", "abcdefgh\nh", STEER_POLICY_DUPLICATES },
		{ "sets that interlock without a record in common", "aceg\nbdfh\nixy\njkl", 0 },
		{ "one record in the middle of two that interlock", "acegi\nbdefh",
		  STEER_POLICY_DUPLICATES },
		{ "an alias", "a\n>\nb", STEER_POLICY_ALIASES },
		{ "two aliases of the same target are no records", ">\n>", STEER_POLICY_ALIASES },
		{ "both", ">\nab\nb", STEER_POLICY_ALIASES | STEER_POLICY_DUPLICATES },
		{ "the only set", "abc", 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		made_t *made = make(cases[i].sets);
		made->group.program = (const uint8_t *)SHUFFLED;
		made->group.program_len = sizeof(SHUFFLED) - 1;
		steer_group_t view, again;
		uint8_t *bytes = build(&made->group, &view);
		assert_int_equal(steer_group_flags(&view), cases[i].flags);
		uint8_t *copy = build(&view, &again); // Of a view they are the same.
		assert_int_equal(steer_group_flags(&again), cases[i].flags);
		free(copy);
		free(bytes);
		free(made);
	}
}

/*! Sets of a few letters each, sorted. \return whether a letter is in two of them */
static bool draw_sets(uint64_t *seed, unsigned count, char *lines)
{
	unsigned seen[128] = { 0 };
	bool duplicates = false;
	for (; count > 0; count--) {
		bool has[128] = { 0 };
		for (unsigned left = 1 + mix(seed) % 3; left > 0; left--) {
			has['?' + mix(seed) % 60] = true;
		}
		for (unsigned letter = 0; letter < COUNT(has); letter++) {
			if (has[letter]) {
				*lines++ = letter;
				duplicates = duplicates || seen[letter]++ > 0;
			}
		}
		*lines++ = '\n';
	}
	*lines = '\0';
	return duplicates;
}

static void records_in_two_of_many_sets_are_found(void **state)
{
	(void)state;
	uint64_t seed = 1;
	unsigned found = 0, tries = 3000;
	for (unsigned i = 0; i < tries; i++) {
		char lines[16 * 5];
		bool duplicates = draw_sets(&seed, 2 + i % 8, lines);
		made_t *made = make(lines);
		made->group.program = (const uint8_t *)SHUFFLED;
		made->group.program_len = sizeof(SHUFFLED) - 1;
		steer_group_t view;
		uint8_t *bytes = build(&made->group, &view);
		assert_int_equal(steer_group_flags(&view), duplicates ? STEER_POLICY_DUPLICATES : 0);
		found += duplicates;
		free(bytes);
		free(made);
	}
	assert_in_range(found, tries / 4, tries * 3 / 4);
}

static void a_table_sums_the_weights_of_more_than_a_few_sets(void **state)
{
	(void)state;
	static const struct {
		const char *what, *program;
		size_t len;
		unsigned sets;
		bool table;
	} cases[] = {
		{ "few sets", WEIGHTED, sizeof(WEIGHTED) - 1, STEER_TABLE_OVER, false },
		{ "one more", WEIGHTED, sizeof(WEIGHTED) - 1, STEER_TABLE_OVER + 1, true },
		{ "many", WEIGHTED, sizeof(WEIGHTED) - 1, MANY, true },
		{ "many that are not weighted", SHUFFLED, sizeof(SHUFFLED) - 1, MANY, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char lines[2 * MANY + 1] = "";
		for (unsigned k = 0; k < cases[i].sets; k++) {
			strcat(lines, ">\n");
		}
		made_t *made = make(lines);
		made->group.program = (const uint8_t *)cases[i].program;
		made->group.program_len = cases[i].len;
		uint64_t sum = 0, sums[MANY];
		for (unsigned k = 0; k < cases[i].sets; k++) {
			made->sets[k].weight = k == 1 ? 0 : UINT32_MAX - k;
			sums[k] = steer_le_u64(sum += made->sets[k].weight);
		}
		steer_group_t view;
		uint8_t *bytes = build(&made->group, &view);
		assert_int_equal(view.table_len, cases[i].table ? cases[i].sets * STEER_TABLE_ENTRY : 0);
		if (cases[i].table) {
			assert_memory_equal(view.table, sums, view.table_len);
		}
		free(bytes);
		free(made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_tell_of_aliases_and_of_records_in_two_sets),
		cmocka_unit_test(records_in_two_of_many_sets_are_found),
		cmocka_unit_test(a_table_sums_the_weights_of_more_than_a_few_sets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
