/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "store/internal.h"
#include "store/pages.h"

#define MAGIC_AT     16 /*!< In page 0, behind the page's header (LMDB 0.9, MDB_meta). */
#define MAGIC        0xBEEFC0DEu
#define DB_FREE      0  /*!< LMDB's own database of free pages: transaction -> list of pages. */

static uint64_t number_at(const uint8_t *at)
{
	size_t number; // As LMDB has it: native, of the size of a pointer.
	memcpy(&number, at, sizeof(number));
	return number;
}

int steer_pages_open(steer_pages_t *pages, const steer_reader_t *reader)
{
	MDB_stat st;
	const void *value;
	size_t len;
	*pages = (steer_pages_t) { 0 };
	int ret = steer_reader_get(reader, STEER_DB_META, STEER_META_SEQUENCE,
	                           strlen(STEER_META_SEQUENCE), &value, &len);
	if (ret != STEER_OK || mdb_env_stat(mdb_txn_env(reader->txn), &st) != MDB_SUCCESS) {
		return STEER_EIO;
	}
	// A small value lies in a page that begins with its number, and so tells where page 0 is.
	const uint8_t *page = (const uint8_t *)((uintptr_t)value & ~((uintptr_t)st.ms_psize - 1));
	const uint8_t *map = page - number_at(page) * st.ms_psize;
	uint32_t magic;
	memcpy(&magic, map + MAGIC_AT, sizeof(magic));
	if (magic != MAGIC) {
		return STEER_EIO;
	}
	pages->map = map;
	pages->shift = __builtin_ctz(st.ms_psize);
	return STEER_OK;
}

static void tell_list(const MDB_val *list, void (*freed)(void *ctx, uint64_t page), void *ctx)
{
	const uint8_t *at = list->mv_data;
	size_t count = number_at(at);
	for (size_t i = 1; i <= count && (i + 1) * sizeof(size_t) <= list->mv_size; i++) {
		freed(ctx, number_at(at + i * sizeof(size_t)));
	}
}

int steer_pages_freed(const steer_reader_t *reader, uint64_t since,
                      void (*freed)(void *ctx, uint64_t page), void *ctx)
{
	MDB_cursor *cursor;
	if (mdb_cursor_open(reader->txn, DB_FREE, &cursor) != MDB_SUCCESS) {
		return STEER_EIO;
	}
	size_t first = since + 1;
	MDB_val key = { sizeof(first), &first }, list;
	int err = mdb_cursor_get(cursor, &key, &list, MDB_SET_RANGE);
	while (err == MDB_SUCCESS) {
		tell_list(&list, freed, ctx);
		err = mdb_cursor_get(cursor, &key, &list, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return err == MDB_NOTFOUND ? STEER_OK : STEER_EIO;
}
