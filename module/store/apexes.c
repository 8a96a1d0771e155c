/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "store/apexes.h"
#include "store/change/internal.h"

#define SUM_SIZE 4 /*!< The sum covers what is behind it. */

#define STUCK UINT8_MAX /*!< A counter that reached it counts no more. */

int steer_apexes_open(steer_apexes_t *apexes, const void *value, size_t len)
{
	const uint8_t *at = value;
	if (len < STEER_APEXES_SIZE || get_apexes_bits(at) < STEER_APEXES_BITS_MIN ||
	    get_apexes_bits(at) > STEER_APEXES_BITS_MAX ||
	    len != STEER_APEXES_SIZE + ((size_t)1 << get_apexes_bits(at))) {
		return STEER_EDAMAGED;
	}
	apexes->counters = at + STEER_APEXES_SIZE;
	apexes->shift = 64 - get_apexes_bits(at);
	return STEER_OK;
}

int steer_apexes_check(const void *value, size_t len)
{
	steer_apexes_t apexes;
	return steer_apexes_open(&apexes, value, len) == STEER_OK &&
	       get_apexes_sum(value) == steer_sum((const uint8_t *)value + SUM_SIZE, len - SUM_SIZE)
	       ? STEER_OK : STEER_EDAMAGED;
}

void steer_apexes_sum(uint8_t *value, size_t len)
{
	put_apexes_sum(value, steer_sum(value + SUM_SIZE, len - SUM_SIZE));
}

/*! Counts the apex of a key; one that is no key counts nowhere: its zone is not found either. */
static void count(uint8_t *filter, const uint8_t *bytes, size_t len, int difference)
{
	steer_key_t key;
	uint8_t name[STEER_NAME_MAX];
	if (steer_key_from_bytes(&key, bytes, len) != STEER_OK) {
		return;
	}
	uint64_t hash = steer_name_hash(name, steer_key_to_name(name, &key, key.labels));
	uint8_t *counter = filter + STEER_APEXES_SIZE + (hash >> (64 - get_apexes_bits(filter)));
	if (*counter != STUCK) {
		*counter += difference;
	}
	put_apexes_zones(filter, get_apexes_zones(filter) + difference);
}

/*! Counts all zones of the store into an empty filter. */
static int count_all(steer_write_t *write, uint8_t *filter)
{
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_ZONES], &cursor);
	for (MDB_cursor_op op = MDB_FIRST; err == MDB_SUCCESS; op = MDB_NEXT) {
		err = steer_pair_get(cursor, &key, &value, op);
		if (err == MDB_SUCCESS) {
			count(filter, key.mv_data, key.mv_size, 1);
		}
	}
	mdb_cursor_close(cursor);
	return err == MDB_NOTFOUND ? STEER_OK
	       : steer_store_fault(write->store, "zones", err, write->fault);
}

static unsigned bits_for(uint64_t zones, unsigned bits)
{
	while (bits < STEER_APEXES_BITS_MAX && zones * STEER_APEXES_LOAD > (uint64_t)1 << bits) {
		bits += 2; // Grown fourfold, so that it is rebuilt rarely.
	}
	return bits;
}

/*! Takes the stored filter for changing. */
static int load(steer_write_t *write)
{
	MDB_val value;
	int ret = steer_write_get(write, STEER_DB_META, STEER_META_APEXES,
	                          strlen(STEER_META_APEXES), &value);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	if (ret == STEER_ENOENT ||
	    steer_apexes_check(value.mv_data, value.mv_size) != STEER_OK) {
		return steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged entry '%s'",
		                   write->store->dir, STEER_META_APEXES);
	}
	write->apexes = malloc(value.mv_size);
	if (write->apexes == NULL) {
		return steer_no_memory(write->fault);
	}
	memcpy(write->apexes, value.mv_data, value.mv_size);
	return STEER_OK;
}

static size_t size_of(unsigned bits)
{
	return STEER_APEXES_SIZE + ((size_t)1 << bits);
}

/*! Makes the filter anew with more counters. */
static int grow(steer_write_t *write, unsigned bits)
{
	free(write->apexes);
	write->apexes = calloc(1, size_of(bits));
	if (write->apexes == NULL) {
		return steer_no_memory(write->fault);
	}
	put_apexes_bits(write->apexes, bits);
	return count_all(write, write->apexes);
}

int steer_apexes_update(steer_write_t *write, const uint8_t *key, size_t len, int difference)
{
	int ret = write->apexes == NULL ? load(write) : STEER_OK;
	if (ret != STEER_OK) {
		return ret;
	}
	unsigned bits = get_apexes_bits(write->apexes);
	unsigned needed = bits_for(get_apexes_zones(write->apexes) + difference, bits);
	if (needed > bits) {
		return grow(write, needed); // Counts the zone too: it has been put.
	}
	count(write->apexes, key, len, difference);
	return STEER_OK;
}

int steer_apexes_current(steer_write_t *write, steer_apexes_t *apexes)
{
	MDB_val value;
	int ret = STEER_OK;
	if (write->apexes != NULL) {
		value = (MDB_val) { size_of(get_apexes_bits(write->apexes)), write->apexes };
	} else {
		ret = steer_write_get(write, STEER_DB_META, STEER_META_APEXES, strlen(STEER_META_APEXES),
		                      &value);
	}
	if (ret == STEER_ENOENT ||
	    (ret == STEER_OK && steer_apexes_open(apexes, value.mv_data, value.mv_size) != STEER_OK)) {
		return steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged entry '%s'",
		                   write->store->dir, STEER_META_APEXES);
	}
	return ret;
}

int steer_apexes_put(steer_write_t *write)
{
	if (write->apexes == NULL) {
		return STEER_OK;
	}
	size_t size = size_of(get_apexes_bits(write->apexes));
	steer_apexes_sum(write->apexes, size);
	return steer_write_put(write, STEER_DB_META, STEER_META_APEXES, strlen(STEER_META_APEXES),
	                       write->apexes, size, false);
}
