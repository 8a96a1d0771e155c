/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/heap.h"
#include "core/name.h"
#include "core/policy_table.h"

/*! A set's RRs from the next one on. */
typedef struct {
	const uint8_t *at, *end; /*!< Those behind it. */
	const uint8_t *rdata;    /*!< Its own. */
	uint16_t len;
} run_t;

static int compare(const run_t *a, const run_t *b)
{
	return steer_key_cmp(a->rdata, a->len, b->rdata, b->len);
}

static inline bool is_lower(const run_t *a, const run_t *b)
{
	return compare(a, b) < 0;
}

STEER_HEAP(runs, run_t, is_lower)

static bool advance(run_t *run)
{
	run->rdata = steer_rr_next(&run->at, run->end, &run->len);
	return run->rdata != NULL;
}

/*! Whether two sets have a record in common: then it comes twice when all are merged. */
static bool have_twins(const steer_group_t *group)
{
	run_t runs[STEER_SETS_MAX]; // A heap: the lowest of the next records in front.
	unsigned count = 0;
	for (unsigned i = 0; i < group->count && i < STEER_SETS_MAX; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		run_t run = { .at = set.body, .end = set.body + set.body_len };
		if (!set.alias && advance(&run)) {
			runs[count++] = run;
		}
	}
	runs_make(runs, count);
	while (count > 1) {
		run_t before = runs[0];
		if (!advance(&runs[0])) {
			runs[0] = runs[--count];
		}
		runs_sift(runs, count, 0);
		if (compare(&before, &runs[0]) == 0) {
			return true;
		}
	}
	return false;
}

uint16_t steer_policy_flags(const steer_group_t *group)
{
	uint16_t flags = 0;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		flags |= set.alias ? STEER_POLICY_ALIASES : 0;
	}
	return flags | (group->count > 1 && have_twins(group) ? STEER_POLICY_DUPLICATES : 0);
}

void steer_policy_table_write(uint8_t *at, const steer_group_t *group)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < group->count; i++, at += STEER_TABLE_ENTRY) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		sum += set.weight;
		const uint64_t entry = steer_le_u64(sum);
		memcpy(at, &entry, sizeof(entry));
	}
}
