/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/heap.h"
#include "core/name.h"
#include "core/policy_table.h"

/*! Cursor over the RRs of a set. */
typedef struct {
	const uint8_t *at, *end; /*!< The RRs after the current one. */
	const uint8_t *rdata;    /*!< Of the current one. */
	uint16_t len;
} cursor_t;

static int compare(const cursor_t *a, const cursor_t *b)
{
	return steer_key_cmp(a->rdata, a->len, b->rdata, b->len);
}

static inline bool is_lower(const cursor_t *a, const cursor_t *b)
{
	return compare(a, b) < 0;
}

STEER_HEAP(cursors, cursor_t, is_lower)

static bool advance(cursor_t *cursor)
{
	cursor->rdata = steer_rr_next(&cursor->at, cursor->end, &cursor->len);
	return cursor->rdata != NULL;
}

/*! Whether two sets have a record in common, which occurs twice when all are merged. */
static bool have_duplicates(const steer_group_t *group)
{
	cursor_t cursors[STEER_SETS_MAX]; // A heap: the lowest of the current RRs first.
	unsigned count = 0;
	for (unsigned i = 0; i < group->count && i < STEER_SETS_MAX; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		cursor_t cursor = { .at = set.body, .end = set.body + set.body_len };
		if (!set.alias && advance(&cursor)) {
			cursors[count++] = cursor;
		}
	}
	cursors_make(cursors, count);
	while (count > 1) {
		cursor_t before = cursors[0];
		if (!advance(&cursors[0])) {
			cursors[0] = cursors[--count];
		}
		cursors_sift(cursors, count, 0);
		if (compare(&before, &cursors[0]) == 0) {
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
	return flags | (group->count > 1 && have_duplicates(group) ? STEER_POLICY_DUPLICATES : 0);
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
