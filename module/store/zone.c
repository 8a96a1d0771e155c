/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/node.h"
#include "store/store.h"

int steer_zone_decode(steer_zone_t *zone, const void *value, size_t len)
{
	const uint8_t *at = value;
	if (len < STEER_ZONE_SIZE || get_zone_sum(at) != steer_value_sum(at, len) ||
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
