/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/node.h"
#include "store/change/zones.h"

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
	put_zone_sum(at, steer_value_sum(at, size));
	return steer_write_put(write, STEER_DB_ZONES, key, len, at, size);
}

int steer_zone_get(steer_write_t *write, const uint8_t *key, size_t len, steer_zone_t *zone)
{
	MDB_val value;
	int ret = steer_write_get(write, STEER_DB_ZONES, key, len, &value);
	if (ret != STEER_OK) {
		return ret;
	}
	return steer_zone_decode(zone, value.mv_data, value.mv_size) == STEER_OK ? STEER_OK
	       : steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged zone: restore a backup",
	                     write->store->dir);
}

int steer_zone_fault(const steer_write_t *write, int code, const steer_key_t *apex,
                     const char *text)
{
	uint8_t name[STEER_NAME_MAX];
	char owner[STEER_NAME_TEXT_MAX];
	steer_key_to_name(name, apex, apex->labels);
	steer_name_to_text(owner, name);
	return steer_fault(write->fault, code, "zone %s: %s", owner, text);
}
