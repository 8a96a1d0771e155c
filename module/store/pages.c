/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/handles.h"
#include "store/pages.h"

#define DB_FREE 0 /*!< LMDB's own database of free pages: transaction -> list of pages. */

/*! Whether the LMDB in use is one whose layout of pages and of the free list is known here. */
static bool is_known(void)
{
	int major, minor;
	(void)mdb_version(&major, &minor, NULL);
	return major == 0 && minor == 9;
}

static uint64_t number_at(const uint8_t *at)
{
	size_t number; // As LMDB stores it: native, of the size of a pointer.
	memcpy(&number, at, sizeof(number));
	return number;
}

/*!
 * Whether a page in the map is the one of this number in the file: a damaged number would put
 * page 0 anywhere.
 */
static bool is_page(MDB_env *env, uint64_t number, const uint8_t *page, size_t size)
{
	int fd = -1;
	MDB_envinfo info;
	if (mdb_env_info(env, &info) != MDB_SUCCESS || number > info.me_last_pgno ||
	    mdb_env_get_fd(env, &fd) != MDB_SUCCESS) {
		return false;
	}
	uint8_t *copy = malloc(size);
	bool same = copy != NULL && pread(fd, copy, size, number * size) == (ssize_t)size &&
	            memcmp(copy, page, size) == 0;
	free(copy);
	return same;
}

int steer_pages_open(steer_pages_t *pages, const steer_reader_t *reader)
{
	MDB_stat st;
	MDB_env *env = mdb_txn_env(reader->txn);
	const void *value;
	size_t len;
	int ret = steer_reader_get(reader, STEER_DB_META, STEER_META_SEQUENCE,
	                           strlen(STEER_META_SEQUENCE), &value, &len);
	if (ret != STEER_OK || !is_known() || mdb_env_stat(env, &st) != MDB_SUCCESS) {
		return STEER_EIO;
	}
	// A small value is in a page that starts with its number, from which follows where page 0 is.
	const uint8_t *page = (const uint8_t *)((uintptr_t)value & ~((uintptr_t)st.ms_psize - 1));
	uint64_t number = number_at(page);
	if (!is_page(env, number, page, st.ms_psize)) {
		return STEER_EIO;
	}
	*pages = (steer_pages_t) {
		.map = page - number * st.ms_psize, .shift = __builtin_ctz(st.ms_psize),
	};
	return STEER_OK;
}

static void report_list(const MDB_val *list, void (*freed)(void *ctx, uint64_t page), void *ctx)
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
		report_list(&list, freed, ctx);
		err = mdb_cursor_get(cursor, &key, &list, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return err == MDB_NOTFOUND ? STEER_OK : STEER_EIO;
}
