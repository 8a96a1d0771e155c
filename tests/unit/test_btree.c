/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of nodes: it has what LMDB finds in it, and a damaged page does no harm. */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/chance.h"
#include "store/btree.h"
#include "store/handles.h"
#include "unit/stores.h"
#include "unit/test.h"

#define BIG 10000 /* Bytes of a value that is on pages of its own. */

typedef struct {
	size_t len;
	uint8_t bytes[STEER_KEY_MAX];
} name_t;

/*! A reader of a store's records, and the tree that it sees. */
typedef struct {
	steer_reader_t *reader;
	steer_btree_t tree;
} view_t;

static view_t view_open(steer_store_t *store)
{
	view_t view;
	steer_fault_t fault;
	steer_pages_t pages;
	uint64_t id;
	must(steer_reader_open(&view.reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(view.reader, &id), &fault);
	assert_int_equal(steer_pages_open(&pages, view.reader), STEER_OK);
	assert_int_equal(steer_btree_open(&view.tree, &pages, view.reader), STEER_OK);
	return view;
}

/*! Draws a key that begins like another, of few different bytes, so that keys are prefixes too. */
static void name_draw(name_t *name, const name_t *other, size_t longest, steer_chance_t *chance)
{
	static const uint8_t bytes[] = { 0, 1, 'a', 0xff };
	name->len = 1 + steer_chance_below(chance, longest);
	for (size_t i = 0; i < name->len; i++) {
		name->bytes[i] = bytes[steer_chance_below(chance, COUNT(bytes))];
	}
	size_t same = steer_chance_below(chance, name->len + 1);
	memcpy(name->bytes, other->bytes, same < other->len ? same : other->len);
}

/*! Puts, or deletes, some of the keys in one transaction. */
static void change(steer_store_t *store, const name_t *names, size_t count, size_t largest,
                   unsigned deleted_percent, steer_chance_t *chance)
{
	static uint8_t bytes[BIG];
	const MDB_dbi dbi = store->dbi[STEER_DB_NODES];
	MDB_txn *txn;
	assert_int_equal(mdb_txn_begin(store->env[STEER_ENV_RECORDS], NULL, 0, &txn), MDB_SUCCESS);
	for (size_t i = 0; i < count; i++) {
		MDB_val key = { names[i].len, (void *)names[i].bytes };
		MDB_val value = { steer_chance_below(chance, largest + 1), bytes };
		if (steer_chance_below(chance, 100) < deleted_percent) {
			(void)mdb_del(txn, dbi, &key, NULL);
		} else {
			assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), MDB_SUCCESS);
		}
	}
	assert_int_equal(mdb_txn_commit(txn), MDB_SUCCESS);
}

/*! Looks for a key in both ways. \return whether it is there */
static bool assert_found_alike(const view_t *view, const uint8_t *key, size_t len)
{
	steer_pair_t want = { 0 }, found = { 0 };
	int ret = steer_reader_find(view->reader, key, len, &want);
	assert_int_equal(steer_btree_find(&view->tree, key, len, &found), ret);
	assert_ptr_equal(found.key, want.key);
	assert_int_equal(found.key_len, want.key_len);
	assert_ptr_equal(found.value, want.value);
	assert_int_equal(found.value_len, want.value_len);
	return ret == STEER_OK;
}

/*! Looks for each key, and for others before and after it. */
static size_t assert_all_alike(const view_t *view, const name_t *names, size_t count)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		uint8_t key[STEER_KEY_MAX + 1] = { 0 };
		const size_t len = names[i].len;
		memcpy(key, names[i].bytes, len);
		found += assert_found_alike(view, key, len);
		assert_found_alike(view, key, len < STEER_KEY_MAX ? len + 1 : len);
		for (size_t shorter = len > 9 ? len - 9 : 1; shorter < len; shorter++) {
			assert_found_alike(view, key, shorter);
		}
		for (int more = -1; more <= 1; more += 2) {
			key[len - 1] = names[i].bytes[len - 1] + more;
			assert_found_alike(view, key, len);
		}
	}
	return found;
}

static void it_has_what_lmdb_finds(void **state)
{
	(void)state;
	static const struct {
		size_t count, longest, largest;
		unsigned depth; /* At the end, at least. */
	} cases[] = {
		{ 0, 8, 100, 0 },
		{ 1, 8, 100, 1 },
		{ 20, 12, 100, 1 },
		{ 2000, 7, 100, 2 },
		{ 3000, 24, 600, 3 },
		{ 3000, STEER_KEY_MAX, 0, 4 },
		{ 500, STEER_KEY_MAX, BIG, 3 },
	};
	steer_chance_t chance;
	steer_chance_seed(&chance, 1);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const size_t count = cases[i].count;
		print_message("  %zu keys of up to %zu bytes\n", count, cases[i].longest);
		name_t *names = calloc(count + 1, sizeof(*names));
		for (size_t k = 0; k < count; k++) {
			name_draw(&names[k], &names[steer_chance_below(&chance, k + 1)], cases[i].longest,
			          &chance);
		}
		place_t place = place_new();
		view_t before = view_open(place.store);
		for (unsigned deleted = 0; deleted <= 80; deleted += 20) {
			change(place.store, names, count, cases[i].largest, deleted, &chance);
			view_t view = view_open(place.store);
			size_t found = assert_all_alike(&view, names, count);
			if (deleted == 0) {
				assert_true(view.tree.depth >= cases[i].depth && found == count);
			}
			(void)assert_all_alike(&before, names, count); // Which still sees what it saw.
			steer_reader_close(before.reader);
			before = view;
		}
		steer_reader_close(before.reader);
		place_free(&place);
		free(names);
	}
}

/* Damage. */

/*! A tree in a copy of the store's pages. */
typedef struct {
	uint8_t *pages;
	size_t size;
	steer_btree_t tree;
} copy_t;

static copy_t copy_new(const place_t *place)
{
	view_t view = view_open(place->store);
	copy_t copy = { .size = (view.tree.last + 1) << view.tree.pages.shift, .tree = view.tree };
	copy.pages = malloc(copy.size); // So that sanitizers see what is read beyond.
	memcpy(copy.pages, view.tree.pages.map, copy.size);
	copy.tree.pages.map = copy.pages;
	steer_reader_close(view.reader);
	return copy;
}

/*! Looks for a key; what is found is within the copy. */
static int find(const copy_t *copy, const name_t *name)
{
	steer_pair_t pair;
	int ret = steer_btree_find(&copy->tree, name->bytes, name->len, &pair);
	if (ret == STEER_OK) {
		assert_int_equal(pair.key_len, name->len);
		assert_memory_equal(pair.key, name->bytes, name->len);
		assert_true(pair.value >= copy->pages && pair.value_len <= copy->size &&
		            (size_t)(pair.value - copy->pages) <= copy->size - pair.value_len);
	}
	return ret;
}

/*! Kinds of trees of which the test has one each. */
enum { SMALL = 1, LARGE = 2, BRANCH = 4, ANY = SMALL | LARGE | BRANCH };

/*! Fills a store: a key with a small or a large value, or more keys than one page has. */
static void fill(const place_t *place, int kind, const name_t *name)
{
	static const uint8_t value[BIG];
	raw_put(place->store, STEER_DB_NODES, name->bytes, name->len, value, kind == SMALL ? 1 : BIG);
	for (unsigned i = 0; kind == BRANCH && i < 300; i++) {
		name_t more = *name;
		more.len += sprintf((char *)more.bytes + more.len, "%u", i);
		raw_put(place->store, STEER_DB_NODES, more.bytes, more.len, value, 1);
	}
}

static void what_is_not_within_its_page_is_refused(void **state)
{
	(void)state;
	enum { ROOT, NODE, VALUE };
	static const struct {
		const char *what;
		int in, of;
		unsigned at, size;
		uint64_t number;
	} cases[] = {
		{ "another page's number", ANY, ROOT, 0, 8, 1 },
		{ "no kind", ANY, ROOT, 10, 2, 0 },
		{ "a page of large values", ANY, ROOT, 10, 2, 4 },
		{ "two kinds", ANY, ROOT, 10, 2, 3 },
		{ "an end before the header's", ANY, ROOT, 12, 2, 15 },
		{ "an end behind the page's", ANY, ROOT, 12, 2, 4098 },
		{ "a branch without nodes", BRANCH, ROOT, 12, 2, 16 },
		{ "a node at the page's end", ANY, ROOT, 16, 2, 4096 - 7 },
		{ "a node far behind it", ANY, ROOT, 16, 2, 0xffff },
		{ "a key beyond the page", ANY, NODE, 6, 2, 4096 },
		{ "a value beyond the page", SMALL, NODE, 0, 4, 4096 },
		{ "a value of 4 GiB", ANY, NODE, 0, 4, UINT32_MAX },
		{ "a named database", ANY, NODE, 4, 2, 2 },
		{ "a value of many", ANY, NODE, 4, 2, 4 },
		{ "a number for a value of one byte", SMALL, NODE, 4, 2, 1 },
		{ "a page beyond the last", LARGE | BRANCH, NODE, 16, 8, UINT64_MAX },
		{ "a page of another kind", LARGE | BRANCH, NODE, 16, 8, 0 },
		{ "no kind for a value", LARGE | BRANCH, VALUE, 10, 2, 0 },
		{ "no pages", LARGE | BRANCH, VALUE, 12, 4, 0 },
		{ "fewer pages than the value has", LARGE | BRANCH, VALUE, 12, 4, 2 },
		{ "more pages than there are", LARGE | BRANCH, VALUE, 12, 4, UINT32_MAX },
	};
	const name_t name = { 8, "abcdefgh" };
	for (int kind = SMALL; kind <= BRANCH; kind *= 2) {
		place_t place = place_new();
		fill(&place, kind, &name);
		copy_t copy = copy_new(&place);
		assert_int_equal(copy.tree.depth, kind == BRANCH ? 2 : 1);
		steer_pair_t pair;
		assert_int_equal(steer_btree_find(&copy.tree, name.bytes, name.len, &pair), STEER_OK);
		uint8_t *const parts[] = {
			[ROOT] = copy.pages + (copy.tree.root << copy.tree.pages.shift),
			[NODE] = copy.pages + (pair.key - copy.pages) - 8,
			[VALUE] = copy.pages + (pair.value - copy.pages) - 16,
		};
		for (size_t i = 0; i < COUNT(cases); i++) {
			uint8_t was[8], *at = parts[cases[i].of] + cases[i].at;
			if (cases[i].in & kind) {
				print_message("  %s\n", cases[i].what);
				memcpy(was, at, sizeof(was));
				memcpy(at, &cases[i].number, cases[i].size);
				assert_int_equal(find(&copy, &name), STEER_EIO);
				memcpy(at, was, sizeof(was));
				assert_int_equal(find(&copy, &name), STEER_OK);
			}
		}
		free(copy.pages);
		place_free(&place);
	}
}

/*! Puts a large value until it is behind the page that the tree is opened by. \return its page */
static uint64_t put_behind(const place_t *place, const name_t *name)
{
	uint64_t value = 0, record = 0;
	for (unsigned tries = 0; value <= record; tries++) {
		assert_true(tries < 10);
		fill(place, LARGE, name);
		view_t view = view_open(place->store);
		MDB_val key = { strlen(steer_db_name[STEER_DB_NODES]),
		                (void *)steer_db_name[STEER_DB_NODES] }, got;
		steer_pair_t pair;
		assert_int_equal(mdb_get(view.reader->txn, 1, &key, &got), MDB_SUCCESS);
		assert_int_equal(steer_btree_find(&view.tree, name->bytes, name->len, &pair), STEER_OK);
		record = steer_pages_number(&view.tree.pages, got.mv_data);
		value = steer_pages_number(&view.tree.pages, pair.value);
		if (view.tree.root > record) {
			record = view.tree.root;
		}
		steer_reader_close(view.reader);
	}
	return value;
}

/*! LMDB's meta pages count more pages then, and reading one of them would end the process. */
static void what_is_not_in_the_file_is_refused(void **state)
{
	(void)state;
	const name_t name = { 8, "abcdefgh" };
	place_t place = place_new();
	const uint64_t page = put_behind(&place, &name);
	view_t view = view_open(place.store);
	const steer_pages_t pages = view.tree.pages;
	int fd;
	assert_int_equal(mdb_env_get_fd(place.store->env[STEER_ENV_RECORDS], &fd), MDB_SUCCESS);
	for (uint64_t left = 2; left > 0; left--) { // Without the end of the value, and all of it.
		steer_pair_t pair;
		assert_int_equal(ftruncate(fd, (page + left - 1) << pages.shift), 0);
		assert_int_equal(steer_btree_open(&view.tree, &pages, view.reader), STEER_OK);
		assert_int_equal(steer_btree_find(&view.tree, name.bytes, name.len, &pair), STEER_EIO);
	}
	steer_reader_close(view.reader);
	place_free(&place);
}

/*! Overwrites two bytes of a page, most often of its header, its places or the head of a node. */
static void damage(uint8_t *page, size_t size, steer_chance_t *chance)
{
	static const uint16_t values[] = { 0, 1, 2, 4, 16, 4088, 4095, 0x7fff, 0xffff };
	size_t at = steer_chance_below(chance, 2) ? steer_chance_below(chance, 64)
	                                          : steer_chance_below(chance, size - 1);
	uint16_t value = steer_chance_below(chance, 2) ? values[steer_chance_below(chance, COUNT(values))]
	                                               : steer_chance_bits(chance);
	memcpy(page + at, &value, sizeof(value));
}

static void damaged_pages_do_no_harm(void **state)
{
	(void)state;
	enum { NAMES = 400, TIMES = 100 };
	static name_t names[NAMES];
	steer_chance_t chance;
	steer_chance_seed(&chance, 2);
	for (size_t i = 0; i < NAMES; i++) {
		name_draw(&names[i], &names[steer_chance_below(&chance, i + 1)], STEER_KEY_MAX, &chance);
	}
	place_t place = place_new();
	change(place.store, names, NAMES, 3000, 0, &chance);
	copy_t copy = copy_new(&place);
	const size_t size = (size_t)1 << copy.tree.pages.shift;
	assert_true(copy.tree.depth >= 3);
	unsigned results[3] = { 0 }, lost = 0;
	for (size_t page = 0; page < TIMES * copy.size / size; page++) {
		uint8_t was[1 << 16], *at = copy.pages + page * size % copy.size;
		assert_true(size <= sizeof(was));
		memcpy(was, at, size);
		damage(at, size, &chance);
		for (unsigned i = 0; i < 50; i++) {
			int ret = find(&copy, &names[steer_chance_below(&chance, NAMES)]);
			assert_true(ret == STEER_OK || ret == STEER_ENOENT || ret == STEER_EIO);
			results[ret == STEER_OK ? 0 : ret == STEER_ENOENT ? 1 : 2]++;
		}
		memcpy(at, was, size);
	}
	print_message("  %u found, %u missing, %u refused\n", results[0], results[1], results[2]);
	assert_true(results[0] > 0 && results[1] > 0 && results[2] > 0);
	for (size_t i = 0; i < NAMES; i++) {
		lost += find(&copy, &names[i]) != STEER_OK;
	}
	assert_int_equal(lost, 0);
	free(copy.pages);
	place_free(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_what_lmdb_finds),
		cmocka_unit_test(what_is_not_within_its_page_is_refused),
		cmocka_unit_test(what_is_not_in_the_file_is_refused),
		cmocka_unit_test(damaged_pages_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
