/* SPDX-License-Identifier: GPL-3.0-or-later */
#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "core/records.h"

/* The table. */

/*! Length of the rdata of a wire-ready RR, which stands before it. */
static inline uint16_t rdata_len(const uint8_t *rdata)
{
	return rdata[-2] << 8 | rdata[-1];
}

/*! Puts rdata into the table; false: the same is there. */
static inline bool note(steer_records_t *records, const uint8_t *rdata, uint16_t len)
{
	size_t mask = records->places - 1, at = XXH3_64bits_withSeed(rdata, len, records->seed) & mask;
	for (const uint8_t *other; (other = records->seen[at]) != NULL; at = (at + 1) & mask) {
		if (rdata_len(other) == len && memcmp(other, rdata, len) == 0) {
			return false;
		}
	}
	records->seen[at] = rdata;
	return true;
}

/*! Brings the table up to the parts that were added whole. */
static void index_parts(steer_records_t *records)
{
	for (; records->indexed < records->count; records->indexed++) {
		const steer_rrs_t *part = &records->parts[records->indexed];
		const uint8_t *at = part->rrs, *end = at + part->len, *rdata;
		uint16_t len;
		while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
			(void)note(records, rdata, len);
		}
	}
}

/*! Makes the table large enough for so many records and as many again. */
static void reserve(steer_records_t *records, unsigned count)
{
	uint32_t places = 32;
	while (places < 4 * count && places < STEER_SEEN_MAX) {
		places *= 2;
	}
	memset(records->seen, 0, places * sizeof(*records->seen));
	records->places = places;
	records->indexed = 0;
}

/*! Adds a run of records that are in the table. */
static void add_run(steer_records_t *records, const steer_rrs_t *run)
{
	if (run->count > 0) {
		steer_records_add(records, run);
		records->indexed = records->count;
	}
}

/*! Prepares the table for what is gathered and so many records more, of which all may fit. */
static void prepare(steer_records_t *records, unsigned more)
{
	unsigned most = records->room / STEER_RR_LEAST + 1, count = records->gathered + more;
	if (records->places == 0) {
		records->compared = 0;
	}
	count = count < most ? count : most;
	if (2 * count > records->places) {
		reserve(records, count);
	}
	index_parts(records);
}

void steer_records_add_new(steer_records_t *records, const steer_rrs_t *rrs)
{
	if (steer_records_full(records)) {
		return;
	}
	prepare(records, rrs->count);
	const uint8_t *at = rrs->rrs, *end = at + rrs->len, *rdata;
	steer_rrs_t run = { .rrs = at, .ttl = rrs->ttl };
	uint16_t len;
	while (records->least + steer_rrs_least(records->compressed, &run) <= records->room &&
	       (rdata = steer_rr_next(&at, end, &len)) != NULL) {
		if (++records->compared > STEER_COMPARED_MAX(records->room)) {
			records->least = UINT32_MAX;
		} else if (!note(records, rdata, len)) {
			add_run(records, &run);
			run = (steer_rrs_t) { .rrs = at, .ttl = rrs->ttl };
		} else {
			run.count++;
			run.len = at - run.rrs;
		}
	}
	add_run(records, &run);
}
