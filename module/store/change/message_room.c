/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What fits in a message: a lower and an upper bound of the bytes of the record sets that a program
 * keeps.
 */
#include <stdlib.h>

#include "core/name.h"
#include "core/program.h"
#include "core/records.h"
#include "store/change/message_room.h"

size_t steer_message_room_of_key(const uint8_t *key, size_t len)
{
	steer_key_t parsed;
	uint8_t name[STEER_NAME_MAX];
	if (steer_key_from_bytes(&parsed, key, len) != STEER_OK) {
		return STEER_MESSAGE_ROOM_LEAST;
	}
	steer_key_to_name(name, &parsed, parsed.labels);
	return steer_message_room(steer_name_len(name));
}

size_t steer_message_bytes(uint16_t type, size_t bytes, unsigned count)
{
	size_t each = steer_rr_compressed(type);
	return each == 0 ? bytes : (each + STEER_RR_HEAD - STEER_RR_LEAST) * count;
}

void steer_message_set_bytes(const steer_group_t *group, uint32_t *bytes)
{
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		bytes[i] = set.alias ? 0 : steer_message_bytes(group->type, set.body_len, set.count);
	}
}

/*! How a program can reduce its candidates. */
typedef struct {
	unsigned take; /*!< The smallest number that a step takes. */
	bool tier;     /*!< It keeps the record sets of one tier, ... */
	bool first;    /*!< ... the lowest, unless some are down. */
	bool up;       /*!< It drops what is down. */
} limits_t;

static limits_t limits_of(const steer_group_t *group)
{
	limits_t limits = { .take = group->count, .first = true };
	const uint8_t *at = group->program;
	const uint8_t *end = group->program_len > 0 ? at + group->program_len : at; // It may be NULL.
	steer_step_t step;
	while (steer_program_next(&at, end, &step)) {
		if (step.number == STEER_STEP_TAKE && step.take < limits.take) {
			limits.take = step.take;
		}
		// After a step that takes some, the lowest tier may no longer be among them.
		limits.first = limits.first &&
		               (step.number != STEER_STEP_TIER || limits.take == group->count);
		limits.tier = limits.tier || step.number == STEER_STEP_TIER;
		limits.up = limits.up || step.number == STEER_STEP_UP;
	}
	return limits;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/*! Adds up the smallest, and the largest, of sorted numbers; as many as are taken. */
static steer_message_sums_t sum_of(const uint32_t *numbers, unsigned count, unsigned take)
{
	steer_message_sums_t sums = { 0 };
	for (unsigned i = 0; i < count && i < take; i++) {
		sums.least += numbers[i];
		sums.most += numbers[count - 1 - i];
	}
	return sums;
}

steer_message_sums_t steer_message_sum(const steer_group_t *group, const uint32_t *bytes)
{
	const limits_t limits = limits_of(group);
	uint32_t sorted[STEER_SETS_MAX];
	steer_message_sums_t sums = { 0 };
	bool certain = limits.first;
	for (unsigned i = 0, end; i < group->count; i = end) {
		steer_set_t first, set;
		steer_group_set(group, i, &first);
		for (end = i; end < group->count; end++) {
			steer_group_set(group, end, &set);
			if (limits.tier && set.tier != first.tier) {
				break;
			}
			certain = certain && !(limits.up && (set.slot != STEER_SLOT_NONE || set.alias));
			sorted[end - i] = bytes[end];
		}
		qsort(sorted, end - i, sizeof(*sorted), by_number);
		const steer_message_sums_t tier = sum_of(sorted, end - i, limits.take);
		if (i == 0) {
			sums = tier;
		} else if (!certain && tier.most > sums.most) {
			sums.most = tier.most;
		}
	}
	sums.least = certain ? sums.least : 0;
	return sums;
}
