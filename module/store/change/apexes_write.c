/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter of hosted apexes in a write transaction: pages are copied when they are first used and
 * written back at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "store/apexes.h"
#include "store/apexes_page.h"
#include "store/change/apexes_write.h"

#define STUCK UINT8_MAX /*!< A counter that has reached this stays there. */

struct steer_apexes_page {
	bool changed;
	uint8_t bytes[STEER_APEXES_PAGE];
};

static size_t count_of(const steer_apexes_change_t *filter)
{
	return filter->bits > 0 ? (size_t)1 << filter->bits : 0;
}

void steer_apexes_free(steer_apexes_change_t *filter)
{
	for (size_t i = 0; i < count_of(filter); i++) {
		free(filter->pages[i]);
	}
	free(filter->pages);
	*filter = (steer_apexes_change_t) { 0 };
}

/*! Starts with a filter of 2^bits pages, none of which has been read. */
static int begin(steer_write_t *write, unsigned bits)
{
	steer_apexes_free(&write->apexes);
	write->apexes.pages = calloc((size_t)1 << bits, sizeof(*write->apexes.pages));
	if (write->apexes.pages == NULL) {
		return steer_no_memory(write->fault);
	}
	write->apexes.bits = bits;
	return STEER_OK;
}

static int add_page(steer_write_t *write, uint32_t number)
{
	write->apexes.pages[number] = calloc(1, sizeof(**write->apexes.pages));
	return write->apexes.pages[number] != NULL ? STEER_OK : steer_no_memory(write->fault);
}

/*! Copies a stored page. \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED */
static int copy_page(steer_write_t *write, uint32_t number)
{
	uint8_t key[STEER_APEXES_KEY];
	MDB_val value;
	steer_apexes_key(key, number);
	int ret = steer_write_get(write, STEER_DB_APEXES, key, sizeof(key), &value);
	if (ret != STEER_OK || !steer_apexes_is_sound(value.mv_data, value.mv_size)) {
		return STEER_EDAMAGED;
	}
	ret = add_page(write, number);
	if (ret == STEER_OK) {
		memcpy(write->apexes.pages[number]->bytes, value.mv_data, value.mv_size);
	}
	return ret;
}

/*! Page of a hash, as the change set has it. \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED */
static int look_at(steer_write_t *write, uint64_t hash, steer_apexes_page_t **page)
{
	const steer_apexes_change_t *filter = &write->apexes;
	int ret = STEER_OK;
	if (filter->bits == 0) {
		unsigned bits = steer_apexes_bits(write->txn, write->store->dbi[STEER_DB_APEXES]);
		ret = bits > 0 ? begin(write, bits) : STEER_EDAMAGED;
		if (ret != STEER_OK) {
			return ret;
		}
	}
	uint32_t number = hash >> (64 - filter->bits);
	if (filter->pages[number] == NULL) {
		ret = copy_page(write, number);
	}
	if (ret == STEER_OK) {
		*page = filter->pages[number];
	}
	return ret;
}

static void count(steer_apexes_page_t *page, uint64_t hash, int difference)
{
	uint8_t *counter = page->bytes + STEER_APEXES_SIZE + steer_apexes_counter(hash);
	if (*counter != STUCK) {
		*counter += difference;
		page->changed = true;
	}
}

/*! Hashes that the apex of a key is counted by; 0: that is not a key, and its zone is never found. */
static unsigned hashes_of(const uint8_t *bytes, size_t len, uint64_t hashes[STEER_APEXES_HASHES])
{
	steer_key_t key;
	uint8_t name[STEER_NAME_MAX];
	if (steer_key_from_bytes(&key, bytes, len) != STEER_OK) {
		return 0;
	}
	return steer_apexes_hashes(name, steer_key_to_name(name, &key, key.labels), hashes);
}

/*! Counts an apex in a filter that has all its pages. */
static void count_apex(const steer_apexes_change_t *filter, const MDB_val *key)
{
	uint64_t hashes[STEER_APEXES_HASHES];
	unsigned total = hashes_of(key->mv_data, key->mv_size, hashes);
	for (unsigned i = 0; i < total; i++) {
		count(filter->pages[hashes[i] >> (64 - filter->bits)], hashes[i], 1);
	}
}

/*! Counts all zones of the store in a filter that has all its pages. */
static int count_all(steer_write_t *write)
{
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_ZONES], &cursor);
	for (MDB_cursor_op op = MDB_FIRST; err == MDB_SUCCESS; op = MDB_NEXT) {
		err = steer_pair_get(cursor, &key, &value, op);
		if (err == MDB_SUCCESS) {
			count_apex(&write->apexes, &key);
		}
	}
	mdb_cursor_close(cursor);
	return err == MDB_NOTFOUND ? STEER_OK
	       : steer_store_fault(write->store, "zones", err, write->fault);
}

/*! Makes the filter anew from the zones. */
static int make_anew(steer_write_t *write, unsigned bits)
{
	int ret = begin(write, bits);
	for (uint32_t i = 0; ret == STEER_OK && i < count_of(&write->apexes); i++) {
		ret = add_page(write, i);
		if (ret == STEER_OK) {
			write->apexes.pages[i]->changed = true;
		}
	}
	if (ret != STEER_OK) {
		return ret;
	}
	write->apexes.anew = write->apexes.changed = true;
	return count_all(write);
}

/*! Bits of a filter for the zones of the store, not fewer than it has. */
static unsigned bits_for(const steer_write_t *write)
{
	MDB_stat st = { 0 };
	// The database is open, so this cannot fail.
	(void)mdb_stat(write->txn, write->store->dbi[STEER_DB_ZONES], &st);
	unsigned bits = write->apexes.bits > 0 ? write->apexes.bits : STEER_APEXES_BITS_MIN;
	while (bits < STEER_APEXES_BITS_MAX && st.ms_entries * (uint64_t)STEER_APEXES_LOAD >
	       (uint64_t)STEER_APEXES_COUNTERS << bits) {
		bits += 2; // By a factor of four, so that it is rarely made anew.
	}
	return bits;
}

int steer_apexes_update(steer_write_t *write, const uint8_t *key, size_t len, int difference)
{
	uint64_t hashes[STEER_APEXES_HASHES];
	unsigned total = hashes_of(key, len, hashes);
	for (unsigned i = 0; i < total; i++) {
		steer_apexes_page_t *page;
		int ret = look_at(write, hashes[i], &page);
		if (ret == STEER_ENOMEM) {
			return ret;
		}
		unsigned bits = bits_for(write);
		if (ret == STEER_EDAMAGED || bits > write->apexes.bits) {
			return make_anew(write, bits); // Counts the zone as it is now: it was put or deleted.
		}
		count(page, hashes[i], difference);
		write->apexes.changed = true;
	}
	return STEER_OK;
}

bool steer_apexes_may_have(steer_write_t *write, uint64_t hash)
{
	steer_apexes_page_t *page;
	return look_at(write, hash, &page) != STEER_OK ||
	       page->bytes[STEER_APEXES_SIZE + steer_apexes_counter(hash)] != 0;
}

static int put_page(steer_write_t *write, uint32_t number, steer_apexes_page_t *page)
{
	uint8_t key[STEER_APEXES_KEY];
	steer_apexes_key(key, number);
	put_apexes_sum(page->bytes, steer_apexes_sum(page->bytes));
	return steer_write_put(write, STEER_DB_APEXES, key, sizeof(key), page->bytes,
	                       sizeof(page->bytes));
}

int steer_apexes_put(steer_write_t *write)
{
	const steer_apexes_change_t *filter = &write->apexes;
	if (filter->anew) {
		int err = mdb_drop(write->txn, write->store->dbi[STEER_DB_APEXES], 0);
		if (err != MDB_SUCCESS) {
			return steer_store_fault(write->store, "apexes", err, write->fault);
		}
	}
	for (size_t i = 0; i < count_of(filter); i++) {
		if (filter->pages[i] != NULL && filter->pages[i]->changed) {
			int ret = put_page(write, i, filter->pages[i]);
			if (ret != STEER_OK) {
				return ret;
			}
		}
	}
	const uint64_t sequence = steer_le_u64(write->sequence);
	return !filter->changed ? STEER_OK
	       : steer_write_put(write, STEER_DB_META, STEER_META_APEXES, strlen(STEER_META_APEXES),
	                         &sequence, sizeof(sequence));
}
