/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any bytes as a part of the change log: refused, or every entry is inside, and written
 *        again it is the same.
 *
 * The first byte is not part of it: with 1 in it the sum is corrected first, since otherwise almost
 * every change would end there; with 2 the part is the first one of its change set.
 */
#include <stdlib.h>
#include <string.h>

#include "core/log_part.h"
#include "tests/fuzz/target.h"

static void walk_entry(const steer_log_entry_t *entry)
{
	touch(entry->name, entry->name_len);
	touch(entry->zone.servers, entry->zone.servers_len);
	touch(entry->zone.comment, entry->zone.comment_len);
	touch(entry->was.servers, entry->was.servers_len);
	touch(entry->was.comment, entry->was.comment_len);
	touch(entry->value, entry->value_len);
	for (unsigned i = 0; entry->kind == STEER_LOG_SET && i < entry->group.count; i++) {
		steer_set_t set;
		steer_group_set(&entry->group, i, &set);
		touch(set.id, set.id_len);
		touch(set.body, set.body_len);
		touch(set.sigs, set.sigs_len);
		touch(set.attrs, set.attrs_len);
	}
}

static void compare_zones(const steer_log_zone_t *a, const steer_log_zone_t *b)
{
	require(a->mode == b->mode && a->servers_len == b->servers_len &&
	     a->comment_len == b->comment_len);
	require(a->servers_len == 0 || memcmp(a->servers, b->servers, a->servers_len) == 0);
	require(a->comment_len == 0 || memcmp(a->comment, b->comment, a->comment_len) == 0);
}

static void compare(const steer_log_entry_t *a, const steer_log_entry_t *b)
{
	require(a->kind == b->kind && a->sign == b->sign && a->name_len == b->name_len &&
	     memcmp(a->name, b->name, a->name_len) == 0);
	require(a->differs == b->differs);
	compare_zones(&a->zone, &b->zone);
	compare_zones(&a->was, &b->was);
	if (a->kind == STEER_LOG_SET) { // Of equal groups the bytes may differ.
		require(steer_group_equal(&a->group, &b->group));
	} else {
		require(a->value_len == b->value_len);
		require(a->value_len == 0 || memcmp(a->value, b->value, a->value_len) == 0);
	}
}

/*! Writes an entry as the only one of another part, and reads it back. */
static void rewrite(const steer_log_entry_t *entry)
{
	size_t size = 0;
	if (steer_log_entry_write(NULL, &size, entry) != STEER_OK) {
		return; // Sets may share bytes; copied apart they can be more than a node holds.
	}
	uint8_t *bytes = malloc(STEER_LOG_PART_SIZE + size);
	if (bytes == NULL) {
		return;
	}
	require(steer_log_entry_write(bytes + STEER_LOG_PART_SIZE, &size, entry) == STEER_OK);
	steer_log_part_seal(bytes, STEER_LOG_PART_SIZE + size, 1);
	steer_log_part_t part;
	steer_log_entry_t again;
	require(steer_log_part_open(&part, bytes, STEER_LOG_PART_SIZE + size, NULL) == STEER_OK);
	require(steer_log_part_next(&part, &again));
	compare(entry, &again);
	require(!steer_log_part_next(&part, &again));
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	bool mend = data[0] & 1, first = data[0] & 2;
	size--;
	uint8_t *exact = malloc(size);
	if (exact == NULL) {
		return 0;
	}
	memcpy(exact, data + 1, size);
	if (mend && size >= STEER_LOG_PART_SIZE) {
		put_part_sum(exact, steer_value_sum(exact, size));
	}
	steer_log_part_t part;
	steer_log_head_t head = { 0 };
	steer_log_entry_t entry;
	if (steer_log_part_open(&part, exact, size, first ? &head : NULL) == STEER_OK) {
		touch(head.who, head.who_len);
		touch(head.what, head.what_len);
		while (steer_log_part_next(&part, &entry)) {
			walk_entry(&entry);
			rewrite(&entry);
		}
	}
	free(exact);
	return 0;
}
