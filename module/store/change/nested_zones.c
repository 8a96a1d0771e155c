/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosted zones inside others: which zone encloses which, and what the nodes say about that. */
#include <stdlib.h>
#include <string.h>

#include "store/change/apply_zone.h"
#include "store/change/nested_zones.h"
#include "store/change/zones.h"

/*! Zones inside another one. */
typedef struct {
	steer_hosted_t *zones;
	size_t count, room;
} hosted_list_t;

int steer_nested_zones_find(steer_write_t *write, const steer_key_t *apex, uint8_t *enclosing)
{
	for (int labels = apex->labels - 1; labels >= 0; labels--) {
		steer_zone_t zone;
		int ret = steer_zone_get(write, apex->bytes, apex->end[labels], &zone);
		if (ret != STEER_ENOENT) {
			*enclosing = labels;
			return ret;
		}
	}
	*enclosing = STEER_ZONE_TOP;
	return STEER_OK;
}

static int list_add(steer_write_t *write, hosted_list_t *list, const steer_key_t *apex)
{
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 8 : 2 * list->room;
		steer_hosted_t *zones = realloc(list->zones, room * sizeof(*zones));
		if (zones == NULL) {
			return steer_no_memory(write->fault);
		}
		list->zones = zones;
		list->room = room;
	}
	list->zones[list->count++].apex = *apex;
	return STEER_OK;
}

/*! Lists the hosted zones below an apex that a zone of so many labels encloses, in key order. */
static int list_enclosed(steer_write_t *write, const steer_key_t *apex, uint8_t enclosing,
                         hosted_list_t *list)
{
	MDB_cursor *cursor = NULL;
	MDB_val key = { apex->len, (void *)apex->bytes }, value;
	MDB_txn *txn = write->txn;
	const steer_store_t *store = write->store;
	int ret = STEER_OK;
	int err = mdb_cursor_open(txn, store->dbi[STEER_DB_ZONES], &cursor);
	for (MDB_cursor_op op = MDB_SET_RANGE; err == MDB_SUCCESS && ret == STEER_OK; op = MDB_NEXT) {
		err = steer_pair_get(cursor, &key, &value, op);
		if (err != MDB_SUCCESS || key.mv_size < apex->len ||
		    memcmp(key.mv_data, apex->bytes, apex->len) != 0) {
			break;
		}
		steer_zone_t zone;
		steer_key_t child;
		if (steer_zone_decode(&zone, value.mv_data, value.mv_size) != STEER_OK ||
		    steer_key_from_bytes(&child, key.mv_data, key.mv_size) != STEER_OK) {
			ret = steer_zone_fault(write, STEER_EDAMAGED, apex, "a zone below is damaged");
		} else if (child.len > apex->len && zone.enclosing == enclosing) {
			ret = list_add(write, list, &child);
		}
	}
	mdb_cursor_close(cursor);
	if (ret == STEER_OK && err != MDB_SUCCESS && err != MDB_NOTFOUND) {
		ret = steer_store_fault(store, "zones", err, write->fault);
	}
	return ret;
}

static int set_enclosing(steer_write_t *write, const hosted_list_t *list, uint8_t enclosing)
{
	for (size_t i = 0; i < list->count; i++) {
		const steer_key_t *apex = &list->zones[i].apex;
		steer_zone_t zone;
		int ret = steer_zone_get(write, apex->bytes, apex->len, &zone);
		if (ret != STEER_OK) {
			return ret;
		}
		zone.enclosing = enclosing;
		ret = steer_zone_put(write, apex->bytes, apex->len, &zone);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

/*! Applies to the zone of so many labels above an apex that zones begin or end inside it. */
static int apply_hosted(const steer_zone_job_t *like, const steer_key_t *below, unsigned labels,
                        const hosted_list_t *list)
{
	if (list->count == 0) {
		return STEER_OK;
	}
	steer_key_t apex = *below;
	apex.labels = labels;
	apex.len = apex.end[labels];
	steer_zone_job_t job = *like;
	job.apex = &apex;
	job.hosted = list->zones;
	job.hosted_count = list->count;
	return steer_zone_apply(&job);
}

static void mark(hosted_list_t *list, bool begins)
{
	for (size_t i = 0; i < list->count; i++) {
		list->zones[i].begins = begins;
	}
}

int steer_nested_zones_move(const steer_zone_job_t *like, const steer_key_t *apex,
                            uint8_t enclosing, bool begins)
{
	steer_write_t *write = like->write;
	hosted_list_t list = { 0 };
	int ret = list_enclosed(write, apex, begins ? enclosing : apex->labels, &list);
	if (ret != STEER_OK) {
		goto done;
	}
	ret = set_enclosing(write, &list, begins ? apex->labels : enclosing);
	if (ret != STEER_OK) {
		goto done;
	}
	if (begins || like->replayed) { // Else all nodes of the zone go.
		mark(&list, begins);
		ret = apply_hosted(like, apex, apex->labels, &list);
		if (ret != STEER_OK) {
			goto done;
		}
	}
	if (enclosing == STEER_ZONE_TOP) {
		goto done;
	}
	// For the enclosing zone it is the reverse. The apex comes first in key order.
	mark(&list, !begins);
	ret = list_add(write, &list, apex);
	if (ret != STEER_OK) {
		goto done;
	}
	memmove(&list.zones[1], &list.zones[0], (list.count - 1) * sizeof(*list.zones));
	list.zones[0] = (steer_hosted_t) { .apex = *apex, .begins = begins };
	ret = apply_hosted(like, apex, enclosing, &list);
done:
	free(list.zones);
	return ret;
}
