/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/node.h"
#include "store/internal.h"

#define SUM_SIZE 4

int steer_zone_decode(steer_zone_t *zone, const void *value, size_t len)
{
	const uint8_t *at = value;
	if (len < STEER_ZONE_SIZE || get_zone_sum(at) != steer_sum(at + SUM_SIZE, len - SUM_SIZE) ||
	    get_zone_format(at) != STEER_ZONE_FORMAT || get_zone_mode(at) > STEER_ZONE_OVERLAY ||
	    get_zone_labels(at) > STEER_LABELS_MAX || get_zone_reserved(at) != 0 ||
	    get_zone_servers_len(at) > STEER_SERVERS_MAX ||
	    get_zone_comment_len(at) > STEER_COMMENT_MAX ||
	    STEER_ZONE_SIZE + (size_t)get_zone_servers_len(at) + get_zone_comment_len(at) != len) {
		return STEER_EDAMAGED;
	}
	*zone = (steer_zone_t) {
		.mode = get_zone_mode(at),
		.labels = get_zone_labels(at),
		.enclosing = get_zone_enclosing(at),
		.created = get_zone_created(at),
		.servers = at + STEER_ZONE_SIZE,
		.servers_len = get_zone_servers_len(at),
		.comment = (const char *)at + STEER_ZONE_SIZE + get_zone_servers_len(at),
		.comment_len = get_zone_comment_len(at),
	};
	return STEER_OK;
}

int steer_zone_put(steer_write_t *write, const uint8_t *key, size_t len, const steer_zone_t *zone)
{
	uint8_t at[STEER_ZONE_SIZE + STEER_SERVERS_MAX + STEER_COMMENT_MAX] = { 0 };
	size_t size = STEER_ZONE_SIZE + zone->servers_len + zone->comment_len;
	if (zone->servers_len > STEER_SERVERS_MAX || zone->comment_len > STEER_COMMENT_MAX) {
		return steer_fault(write->fault, STEER_EINVAL, "zone: name servers or comment too long");
	}
	put_zone_format(at, STEER_ZONE_FORMAT);
	put_zone_mode(at, zone->mode);
	put_zone_labels(at, zone->labels);
	put_zone_enclosing(at, zone->enclosing);
	put_zone_created(at, zone->created);
	put_zone_servers_len(at, zone->servers_len);
	put_zone_comment_len(at, zone->comment_len);
	if (zone->servers_len > 0) {
		memcpy(at + STEER_ZONE_SIZE, zone->servers, zone->servers_len);
	}
	if (zone->comment_len > 0) {
		memcpy(at + STEER_ZONE_SIZE + zone->servers_len, zone->comment, zone->comment_len);
	}
	put_zone_sum(at, steer_sum(at + SUM_SIZE, size - SUM_SIZE));
	return steer_write_put(write, STEER_DB_ZONES, key, len, at, size, false);
}

int steer_zone_get(steer_write_t *write, const uint8_t *key, size_t len, steer_zone_t *zone)
{
	MDB_val value;
	int ret = steer_write_get(write, STEER_DB_ZONES, key, len, &value);
	if (ret == STEER_OK && steer_zone_decode(zone, value.mv_data, value.mv_size) != STEER_OK) {
		ret = steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged zone: restore a backup",
		                  write->store->dir);
	}
	return ret;
}
