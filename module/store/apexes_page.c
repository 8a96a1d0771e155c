/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/node.h"
#include "store/apexes_page.h"

void steer_apexes_key(uint8_t key[STEER_APEXES_KEY], uint32_t number)
{
	for (int i = 0; i < STEER_APEXES_KEY; i++) {
		key[i] = number >> 8 * (STEER_APEXES_KEY - 1 - i);
	}
}

uint32_t steer_apexes_sum(const uint8_t page[STEER_APEXES_PAGE])
{
	return steer_sum(page + STEER_APEXES_SIZE, STEER_APEXES_COUNTERS);
}

bool steer_apexes_is_sound(const void *value, size_t len)
{
	return len == STEER_APEXES_PAGE && get_apexes_sum(value) == steer_apexes_sum(value);
}

unsigned steer_apexes_bits(MDB_txn *txn, MDB_dbi dbi)
{
	MDB_stat st;
	if (mdb_stat(txn, dbi, &st) != MDB_SUCCESS) {
		return 0;
	}
	for (unsigned bits = STEER_APEXES_BITS_MIN; bits <= STEER_APEXES_BITS_MAX; bits++) {
		if (st.ms_entries == (size_t)1 << bits) {
			return bits;
		}
	}
	return 0;
}

int steer_apexes_init(MDB_txn *txn, MDB_dbi dbi)
{
	uint8_t name[STEER_APEXES_KEY], page[STEER_APEXES_PAGE] = { 0 };
	MDB_val key = { sizeof(name), name }, value = { sizeof(page), page };
	int err = MDB_SUCCESS;
	put_apexes_sum(page, steer_apexes_sum(page));
	for (uint32_t i = 0; i < 1 << STEER_APEXES_BITS_MIN && err == MDB_SUCCESS; i++) {
		steer_apexes_key(name, i);
		err = mdb_put(txn, dbi, &key, &value, MDB_NOOVERWRITE);
		err = err == MDB_KEYEXIST ? MDB_SUCCESS : err;
	}
	return err;
}
