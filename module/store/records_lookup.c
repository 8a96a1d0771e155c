/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/records_lookup.h"

#include "store/status.h"

static int get(void *ctx, const uint8_t *key, size_t len, uint64_t hash, steer_entry_t **entry,
               steer_entry_t *scratch)
{
	(void)hash;
	const steer_records_lookup_t *readers = ctx;
	const void *value;
	size_t size;
	int ret = steer_reader_get(readers->records, STEER_DB_NODES, key, len, &value, &size);
	if (ret == STEER_OK) {
		ret = steer_node_open(&scratch->node, value, size);
	}
	scratch->zone = STEER_ZONE_UNKNOWN;
	*entry = scratch;
	return ret == STEER_EIO ? STEER_EDAMAGED : ret;
}

/*! The filter only saves time, which does not matter here. */
static bool maybe_apex(void *ctx, uint64_t hash)
{
	(void)ctx;
	(void)hash;
	return true;
}

static int target(void *ctx, uint16_t type, const steer_key_t *name, steer_external_answer_t *found)
{
	const steer_records_lookup_t *readers = ctx;
	return steer_status_external_answer(readers->status, type, name, found);
}

steer_lookup_t steer_records_lookup(steer_records_lookup_t *readers)
{
	return (steer_lookup_t) {
		.get = get, .maybe_apex = maybe_apex, .target = readers->status != NULL ? target : NULL,
		.ctx = readers,
	};
}
