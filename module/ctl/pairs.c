/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "store/change/change.h"

static void keep(pairs_t *pairs, const uint8_t *name, const steer_group_t *group)
{
	size_t size = 0;
	int ret = steer_group_build(NULL, &size, group);
	if (ret == STEER_OK && size > pairs->room) {
		free(pairs->kept);
		pairs->room = 2 * size;
		pairs->kept = malloc(pairs->room);
		pairs->room = pairs->kept != NULL ? pairs->room : 0;
	}
	size = pairs->room;
	if (ret != STEER_OK || pairs->kept == NULL ||
	    steer_group_build(pairs->kept, &size, group) != STEER_OK ||
	    steer_group_open(&pairs->was, pairs->kept, size) != STEER_OK) {
		pairs->no_memory = true;
		return;
	}
	memcpy(pairs->name, name, steer_name_len(name));
	pairs->waiting = true;
}

void pairs_add(pairs_t *pairs, char sign, const uint8_t *name, const steer_group_t *group)
{
	if (sign == STEER_LOG_WAS) {
		pairs_flush(pairs);
		keep(pairs, name, group);
		return;
	}
	bool both = pairs->waiting && pairs->was.type == group->type &&
	            steer_name_equal(pairs->name, name);
	if (!both) {
		pairs_flush(pairs);
	}
	pairs->waiting = false;
	pairs->take(pairs->ctx, name, both ? &pairs->was : NULL, group);
}

void pairs_flush(pairs_t *pairs)
{
	if (pairs->waiting) {
		pairs->waiting = false;
		pairs->take(pairs->ctx, pairs->name, &pairs->was, NULL);
	}
}

void pairs_end(pairs_t *pairs)
{
	pairs_flush(pairs);
	free(pairs->kept);
	pairs->kept = NULL;
	pairs->room = 0;
}
