/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records are sorted in runs as they are added, and the runs are merged at last. A run's keys and
 * RRs are put in order too. So whoever reads records, the merge or who applies them, walks through
 * memory; sorted all at once, with keys and RRs left in the order of adding, they would make every
 * reader go to and fro in it.
 */
#include <stdlib.h>
#include <string.h>

#include "store/change/contents.h"

int steer_change_order(const steer_change_record_t *a, const steer_change_record_t *b)
{
	if (a->order != b->order) {
		return a->order < b->order ? -1 : 1;
	}
	int diff = a->key == b->key ? 0 : steer_key_cmp(a->key, a->key_len, b->key, b->key_len);
	return diff != 0 ? diff : (a->seq > b->seq) - (a->seq < b->seq);
}

static int compare(const void *a, const void *b)
{
	return steer_change_order(a, b);
}

/*! Sorts the last run of a zone. \return The first of its records. */
static size_t sort_run(steer_change_zone_t *zone)
{
	const size_t first = (zone->count - 1) / STEER_CHANGE_RUN * STEER_CHANGE_RUN;
	qsort(zone->records + first, zone->count - first, sizeof(*zone->records), compare);
	return first;
}

/*! Copies the keys and RRs of sorted records, in their order. */
static bool copy_in_order(steer_arena_t *arena, steer_change_record_t *records, size_t count)
{
	const uint8_t *last = NULL, *copy = NULL;
	for (size_t i = 0; i < count; i++) {
		steer_change_record_t *record = &records[i];
		if (record->key != last) {
			copy = steer_arena_keep(arena, record->key, record->key_len);
		}
		const uint8_t *rr = record->rr == NULL ? NULL
		                    : steer_arena_keep(arena, record->rr, record->rr_len);
		if (copy == NULL || (rr == NULL && record->rr != NULL)) {
			return false;
		}
		last = record->key;
		record->key = copy;
		record->rr = rr;
	}
	return true;
}

/*! Whether so many records, the last ones of a zone, are all that have their keys in fresh. */
static bool are_fresh(const steer_change_t *change, const steer_change_zone_t *zone, size_t count)
{
	return change->fresh_count == count && !change->fresh_mixed &&
	       change->fresh_zone == (size_t)(zone - change->zones);
}

void steer_change_end_run(steer_change_t *change, steer_change_zone_t *zone)
{
	bool copied = false;
	if (!zone->sorted) {
		const size_t first = sort_run(zone), count = zone->count - first;
		copied = are_fresh(change, zone, count) &&
		         copy_in_order(&change->arena, zone->records + first, count);
	}
	if (copied) {
		steer_arena_free(&change->fresh);
	} else if (change->fresh_count >= STEER_CHANGE_RUN) {
		steer_arena_move(&change->arena, &change->fresh);
	} else {
		return;
	}
	change->fresh_count = 0;
}

/*! What is left of a run. */
typedef struct {
	const steer_change_record_t *at, *end;
} run_t;

/*! Moves a run down to where it belongs in a heap, whose first run has the first record. */
static void sift(run_t *heap, size_t count, size_t i)
{
	const run_t run = heap[i];
	for (size_t child; (child = 2 * i + 1) < count; i = child) {
		if (child + 1 < count && steer_change_order(heap[child + 1].at, heap[child].at) < 0) {
			child++;
		}
		if (steer_change_order(run.at, heap[child].at) < 0) {
			break;
		}
		heap[i] = heap[child];
	}
	heap[i] = run;
}

static void merge(run_t *heap, size_t count, steer_change_record_t *to)
{
	for (size_t i = count / 2; i > 0; i--) {
		sift(heap, count, i - 1);
	}
	while (count > 0) {
		*to++ = *heap->at++;
		if (heap->at == heap->end) {
			*heap = heap[--count];
		}
		if (count > 0) {
			sift(heap, count, 0);
		}
	}
}

/*! Merges the runs of a zone. \return false: out of memory. */
static bool merge_runs(steer_change_zone_t *zone)
{
	const size_t count = (zone->count + STEER_CHANGE_RUN - 1) / STEER_CHANGE_RUN;
	run_t *heap = malloc(count * sizeof(*heap));
	steer_change_record_t *records = malloc(zone->count * sizeof(*records));
	if (heap == NULL || records == NULL) {
		free(heap);
		free(records);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const size_t end = (i + 1) * STEER_CHANGE_RUN;
		heap[i] = (run_t) { zone->records + i * STEER_CHANGE_RUN,
		                    zone->records + (end < zone->count ? end : zone->count) };
	}
	merge(heap, count, records);
	free(heap);
	free(zone->records);
	zone->records = records;
	zone->room = zone->count;
	return true;
}

void steer_change_sort(steer_change_zone_t *zone)
{
	if (zone->sorted) {
		return;
	}
	(void)sort_run(zone);
	if (zone->count > STEER_CHANGE_RUN && !merge_runs(zone)) {
		qsort(zone->records, zone->count, sizeof(*zone->records), compare);
	}
	zone->sorted = true;
}
