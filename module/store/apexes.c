/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "store/apexes.h"
#include "store/apexes_page.h"
#include "store/handles.h"

/*! Takes the pages in order, and checks those that the filter before did not have. */
static int take_pages(steer_apexes_t *apexes, steer_cursor_t *cursor, const steer_apexes_t *before)
{
	static const uint8_t any[STEER_APEXES_COUNTERS] = { [0 ... STEER_APEXES_COUNTERS - 1] = 1 };
	size_t known = before != NULL ? steer_apexes_count(before) : 0;
	for (size_t i = 0; i < steer_apexes_count(apexes); i++) {
		steer_pair_t pair;
		uint8_t key[STEER_APEXES_KEY];
		steer_apexes_key(key, i);
		int ret = i == 0 ? steer_cursor_seek(cursor, NULL, 0, &pair)
		                 : steer_cursor_next(cursor, &pair);
		if (ret != STEER_OK || pair.key_len != sizeof(key) ||
		    memcmp(pair.key, key, sizeof(key)) != 0) {
			return STEER_EDAMAGED;
		}
		// What an earlier reader still sees is never written to: the same place has the same bytes.
		const uint8_t *counters = pair.value + STEER_APEXES_SIZE;
		bool same = i < known && before->pages[i] == counters;
		bool sound = same || steer_apexes_is_sound(pair.value, pair.value_len);
		apexes->pages[i] = sound ? counters : any;
		apexes->damaged += !sound;
	}
	return STEER_OK;
}

int steer_apexes_open(steer_apexes_t *apexes, const steer_reader_t *reader,
                      const steer_apexes_t *before)
{
	unsigned bits = steer_apexes_bits(reader->txn, reader->store->dbi[STEER_DB_APEXES]);
	if (bits == 0) {
		return STEER_EDAMAGED;
	}
	steer_apexes_t open = { .shift = 64 - bits };
	steer_cursor_t *cursor = NULL;
	open.pages = calloc(steer_apexes_count(&open), sizeof(*open.pages));
	int ret = open.pages == NULL ? STEER_ENOMEM
	          : steer_cursor_open(&cursor, reader, STEER_DB_APEXES);
	if (ret == STEER_OK) {
		ret = take_pages(&open, cursor, before);
	}
	steer_cursor_close(cursor);
	if (ret != STEER_OK) {
		free(open.pages);
		return ret;
	}
	*apexes = open;
	return STEER_OK;
}

void steer_apexes_close(steer_apexes_t *apexes)
{
	free(apexes->pages);
	*apexes = (steer_apexes_t) { 0 };
}

unsigned steer_apexes_hashes(const uint8_t *apex, size_t len, uint64_t hashes[STEER_APEXES_HASHES])
{
	unsigned count = 0;
	hashes[count++] = steer_name_hash(apex, len);
	for (const uint8_t *name = apex, *end = apex + len; *name != 0;) {
		name += 1 + *name;
		if (end - name <= STEER_APEXES_ANCESTOR) {
			hashes[count++] = ~steer_name_hash(name, end - name);
		}
	}
	return count;
}
