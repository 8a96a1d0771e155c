/* SPDX-License-Identifier: GPL-3.0-or-later */
#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "core/mix.h"
#include "core/records.h"

/* The table. */

/*! Length of the rdata of a wire-ready RR, which precedes it. */
static inline uint16_t rdata_len(const uint8_t *rdata)
{
	return rdata[-2] << 8 | rdata[-1];
}

/* Most rdata are addresses: with a constant length, no function is called. */

static inline uint64_t hash_of(const uint8_t *rdata, uint16_t len, uint64_t seed)
{
	uint64_t words[2] = { 0, 0 };
	switch (len) {
	case 4:
		memcpy(words, rdata, 4);
		return steer_mix(words[0] ^ seed);
	case 16:
		memcpy(words, rdata, 16);
		return steer_mix(steer_mix(words[0] ^ seed) ^ words[1]);
	default:
		return XXH3_64bits_withSeed(rdata, len, seed);
	}
}

static inline bool is_same(const uint8_t *a, const uint8_t *b, uint16_t len)
{
	return rdata_len(a) == len && (len == 4 ? memcmp(a, b, 4) : memcmp(a, b, len)) == 0;
}

/*! Adds rdata to the table. \return false if it is there already */
static inline bool note(steer_records_t *records, const uint8_t *rdata, uint16_t len)
{
	const uint8_t **seen = records->seen;
	size_t mask = records->places - 1, at = hash_of(rdata, len, records->seed) & mask;
	for (; seen[at] != NULL; at = (at + 1) & mask) {
		if (is_same(seen[at], rdata, len)) {
			return false;
		}
	}
	seen[at] = rdata;
	return true;
}

/*! Enters the records of parts that were added as a whole into the table. */
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

/*! Makes the table large enough for twice the given number of records. */
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

/*! Adds a run of records that the table has already. */
static void add_run(steer_records_t *records, const steer_rrs_t *run)
{
	if (run->count > 0) {
		steer_records_add(records, run);
		records->indexed = records->count;
	}
}

/*! Prepares the table for the records so far and more of them, as far as they can fit. */
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
	const uint32_t most = STEER_COMPARED_MAX(records->room);
	steer_rrs_t run = { .rrs = at, .ttl = rrs->ttl };
	uint32_t left = records->room - records->least, least = 0; // least: of the run.
	uint16_t len;
	while (least <= left && (rdata = steer_rr_next(&at, end, &len)) != NULL) {
		if (++records->compared > most) {
			records->least = UINT32_MAX;
			return;
		}
		if (note(records, rdata, len)) {
			run.count++;
			run.len = at - run.rrs;
			least += records->compressed > 0 ? records->compressed : STEER_RR_LEAST + len;
		} else {
			add_run(records, &run);
			run = (steer_rrs_t) { .rrs = at, .ttl = rrs->ttl };
			left = records->room - records->least;
			least = 0;
		}
	}
	add_run(records, &run);
}
