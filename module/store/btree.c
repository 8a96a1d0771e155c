/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <endian.h>
#include <string.h>
#include <sys/stat.h>

#include "store/btree.h"
#include "store/handles.h"

/* What LMDB 0.9 writes on machines with 64 bits and little-endian numbers. */

#define DB_MAIN 1 /*!< LMDB's own database of named databases. */

/* The record of a named database. */
#define RECORD_SIZE    48
#define RECORD_FLAGS   4
#define RECORD_DEPTH   6
#define RECORD_ENTRIES 32
#define RECORD_ROOT    40
#define DEPTH_MAX      32

/* A page: its header, the places of its nodes in order of their keys, a gap, the nodes. */
#define PAGE_NUMBER   0
#define PAGE_FLAGS    10
#define PAGE_LOWER    12 /*!< Where the gap begins. */
#define PAGE_PAGES    12 /*!< How many pages hold a large value of which this is the first. */
#define PAGE_HEADER   16
#define PAGE_KINDS    0x6f /*!< Flags that tell what a page is. */
#define PAGE_BRANCH   0x01
#define PAGE_LEAF     0x02
#define PAGE_OVERFLOW 0x04

/* A node: a key with the number of a page of greater keys or with a value. */
#define NODE_NUMBER   0
#define NUMBER_MASK   UINT64_C(0xffffffffffff)
#define NODE_SIZE     0 /*!< Of the value, 32 bits. */
#define NODE_FLAGS    4
#define NODE_KEY_LEN  6
#define NODE_KEY      8
#define NODE_BIG      1 /*!< Flag: the value is on pages of its own, whose number is here. */

#define LOAD(type, at) (__extension__({ type number_; memcpy(&number_, (at), sizeof(number_)); \
                                        number_; }))
#define WORD sizeof(uint64_t)

/*! How many pages can be read: LMDB counts those too that it never wrote, or that were cut off. */
static int count_pages(MDB_env *env, unsigned shift, uint64_t *count)
{
	int fd;
	struct stat file;
	MDB_envinfo info;
	if (mdb_env_info(env, &info) != MDB_SUCCESS || mdb_env_get_fd(env, &fd) != MDB_SUCCESS ||
	    fstat(fd, &file) != 0) {
		return STEER_EIO;
	}
	const uint64_t written = (uint64_t)file.st_size >> shift, mapped = info.me_mapsize >> shift;
	*count = written < mapped ? written : mapped;
	return *count > 0 ? STEER_OK : STEER_EIO;
}

int steer_btree_open(steer_btree_t *tree, const steer_pages_t *pages,
                     const steer_reader_t *reader)
{
	MDB_stat st;
	uint64_t count;
	const char *name = steer_db_name[STEER_DB_NODES];
	MDB_val key = { strlen(name), (void *)name }, record;
	if (sizeof(size_t) != WORD || BYTE_ORDER != LITTLE_ENDIAN ||
	    mdb_stat(reader->txn, reader->store->dbi[STEER_DB_NODES], &st) != MDB_SUCCESS ||
	    count_pages(mdb_txn_env(reader->txn), pages->shift, &count) != STEER_OK ||
	    mdb_get(reader->txn, DB_MAIN, &key, &record) != MDB_SUCCESS ||
	    record.mv_size != RECORD_SIZE) {
		return STEER_EIO;
	}
	const uint8_t *at = record.mv_data;
	unsigned depth = LOAD(uint16_t, at + RECORD_DEPTH);
	if (LOAD(uint16_t, at + RECORD_FLAGS) != 0 || depth != st.ms_depth || depth > DEPTH_MAX ||
	    LOAD(uint64_t, at + RECORD_ENTRIES) != st.ms_entries) {
		return STEER_EIO;
	}
	*tree = (steer_btree_t) {
		.pages = *pages, .last = count - 1, .root = LOAD(uint64_t, at + RECORD_ROOT),
		.depth = depth,
	};
	return STEER_OK;
}

/*! A page of a number and a kind; NULL: there is none. */
static inline const uint8_t *page_at(const steer_btree_t *tree, uint64_t number, unsigned kind)
{
	if (number > tree->last) {
		return NULL;
	}
	const uint8_t *page = tree->pages.map + (number << tree->pages.shift);
	return LOAD(uint64_t, page + PAGE_NUMBER) == number &&
	       (LOAD(uint16_t, page + PAGE_FLAGS) & PAGE_KINDS) == kind ? page : NULL;
}

/*! A node of a page, at least its key; NULL: it is not within the page. */
static inline const uint8_t *node_at(const uint8_t *page, size_t size, unsigned i)
{
	const size_t room = size - NODE_KEY;
	size_t at = LOAD(uint16_t, page + PAGE_HEADER + i * sizeof(uint16_t));
	return at <= room && at + LOAD(uint16_t, page + at + NODE_KEY_LEN) <= room ? page + at : NULL;
}

/*! A key that is looked for. */
typedef struct {
	const uint8_t *key;
	size_t len;
	size_t before, after; /*!< What it has in common with the closest keys before and after it. */
} search_t;

/*!
 * Where two keys first differ, or where the shorter one ends.
 *
 * \param[in] len  Length of the shorter one.
 * \param[in] at   Number of bytes known to be equal.
 */
static inline size_t difference(const uint8_t *a, const uint8_t *b, size_t len, size_t at)
{
	if (len >= WORD) {
		do {
			at = at <= len - WORD ? at : len - WORD; // The last word overlaps the one before.
			uint64_t differ = LOAD(uint64_t, a + at) ^ LOAD(uint64_t, b + at);
			if (differ != 0) {
				return at + (unsigned)__builtin_ctzll(differ) / 8;
			}
			at += WORD;
		} while (at < len);
	}
	while (at < len && a[at] == b[at]) {
		at++;
	}
	return at;
}

/*! Whether a node's key is not after the one that is looked for. */
static inline bool is_before(search_t *search, const uint8_t *node)
{
	const uint8_t *key = node + NODE_KEY;
	const size_t len = LOAD(uint16_t, node + NODE_KEY_LEN);
	const size_t both = len < search->len ? len : search->len;
	// All keys between two have in common what those two have.
	size_t known = search->before < search->after ? search->before : search->after;
	size_t at = difference(key, search->key, both, known);
	bool before = at < both ? key[at] < search->key[at] : len <= search->len;
	*(before ? &search->before : &search->after) = at;
	return before;
}

/*!
 * Finds the last node of a page whose key is not after the one that is looked for.
 *
 * \param[in]  first  First node to compare. That of a branch has no key and is before all others.
 * \param[out] found  NULL: there is none.
 *
 * \retval STEER_OK, STEER_EIO
 */
static inline int search_page(search_t *search, const uint8_t *page, size_t size, unsigned first,
                              const uint8_t **found)
{
	const size_t lower = LOAD(uint16_t, page + PAGE_LOWER);
	if (lower < PAGE_HEADER + first * sizeof(uint16_t) || lower > size) {
		return STEER_EIO;
	}
	unsigned low = first, high = (lower - PAGE_HEADER) / sizeof(uint16_t);
	while (low < high) {
		unsigned middle = (low + high) / 2;
		const uint8_t *node = node_at(page, size, middle);
		if (node == NULL) {
			return STEER_EIO;
		}
		if (is_before(search, node)) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	*found = low > 0 ? node_at(page, size, low - 1) : NULL;
	return low > 0 && *found == NULL ? STEER_EIO : STEER_OK;
}

/*! A value on pages of its own. */
static const uint8_t *big_value(const steer_btree_t *tree, uint64_t number, size_t len)
{
	const uint8_t *page = page_at(tree, number, PAGE_OVERFLOW);
	uint64_t pages = page != NULL ? LOAD(uint32_t, page + PAGE_PAGES) : 0;
	return pages <= tree->last - number + 1 && PAGE_HEADER + len <= pages << tree->pages.shift
	       ? page + PAGE_HEADER : NULL;
}

/*! Reads a node of a leaf. \retval STEER_OK, STEER_EIO */
static inline int read_node(const steer_btree_t *tree, const uint8_t *node, const uint8_t *end,
                            steer_pair_t *pair)
{
	const size_t len = LOAD(uint32_t, node + NODE_SIZE), room = end - node - NODE_KEY;
	const uint16_t key_len = LOAD(uint16_t, node + NODE_KEY_LEN);
	const uint16_t flags = LOAD(uint16_t, node + NODE_FLAGS);
	const uint8_t *value = node + NODE_KEY + key_len;
	if (flags == 0 && key_len + len > room) {
		return STEER_EIO;
	}
	if (flags != 0) {
		value = flags == NODE_BIG && key_len + sizeof(uint64_t) <= room
		        ? big_value(tree, LOAD(uint64_t, value), len) : NULL;
		if (value == NULL) {
			return STEER_EIO;
		}
	}
	*pair = (steer_pair_t) {
		.key = node + NODE_KEY, .key_len = key_len, .value = value, .value_len = len,
	};
	return STEER_OK;
}

int steer_btree_find(const steer_btree_t *tree, const uint8_t *key, size_t len,
                     steer_pair_t *pair)
{
	const size_t size = (size_t)1 << tree->pages.shift;
	search_t search = { .key = key, .len = len };
	uint64_t number = tree->root;
	for (unsigned left = tree->depth; left > 0; left--) {
		const bool branch = left > 1;
		const uint8_t *page = page_at(tree, number, branch ? PAGE_BRANCH : PAGE_LEAF), *node;
		if (page == NULL || search_page(&search, page, size, branch ? 1 : 0, &node) != STEER_OK) {
			return STEER_EIO;
		}
		if (branch) {
			number = LOAD(uint64_t, node + NODE_NUMBER) & NUMBER_MASK;
		} else if (node == NULL || LOAD(uint16_t, node + NODE_KEY_LEN) != len ||
		           memcmp(node + NODE_KEY, key, len) != 0) {
			return STEER_ENOENT;
		} else {
			return read_node(tree, node, page + size, pair);
		}
	}
	return STEER_ENOENT;
}
