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
	bool geo;      /*!< It keeps the record sets of one place, or ... */
	bool cidr;     /*!< ... of one location. */
	bool client;   /*!< What it drops depends on where the client is. */
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
		limits.geo = limits.geo || step.number == STEER_STEP_GEO;
		limits.cidr = limits.cidr || step.number == STEER_STEP_CIDR;
		limits.client = limits.client || step.number == STEER_STEP_ASN ||
		                step.number == STEER_STEP_WITHIN;
	}
	limits.client = limits.client || limits.geo || limits.cidr;
	return limits;
}

/*! A record set, by what can be chosen together. */
typedef struct {
	uint8_t tier;      /*!< 0 where that does not matter. */
	uint32_t geo, location; /*!< Likewise. */
	uint32_t bytes;
} member_t;

/*! Place by which a set is matched: of a country, the continent does not matter (rule GL6). */
static uint32_t place_of(const steer_set_t *set)
{
	const uint32_t country = set->geo & ~STEER_GEO_CONTINENT;
	return country != 0 ? country : set->geo;
}

static int compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/*! Order of record sets that are not chosen together; 0: they are. */
static int by_class(const member_t *a, const member_t *b)
{
	const int tiers = compare(a->tier, b->tier), places = compare(a->geo, b->geo);
	return tiers != 0 ? tiers : places != 0 ? places : compare(a->location, b->location);
}

static int by_bytes(const void *a, const void *b)
{
	const member_t *x = a, *y = b;
	const int classes = by_class(x, y);
	return classes != 0 ? classes : compare(x->bytes, y->bytes);
}

/*! Adds up the smallest, and the largest, of sorted record sets; as many as are taken. */
static steer_message_sums_t sum_of(const member_t *members, unsigned count, unsigned take)
{
	steer_message_sums_t sums = { 0 };
	for (unsigned i = 0; i < count && i < take; i++) {
		sums.least += members[i].bytes;
		sums.most += members[count - 1 - i].bytes;
	}
	return sums;
}

steer_message_sums_t steer_message_sum(const steer_group_t *group, const uint32_t *bytes)
{
	const limits_t limits = limits_of(group);
	member_t members[STEER_SETS_MAX];
	steer_message_sums_t sums = { 0 };
	bool certain = limits.first && !limits.client;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		members[i] = (member_t) {
			.tier = limits.tier ? set.tier : 0, .geo = limits.geo ? place_of(&set) : 0,
			.location = limits.cidr ? set.location : 0, .bytes = bytes[i],
		};
		const bool lowest = members[i].tier == members[0].tier;
		certain = certain && !(lowest && limits.up && (set.slot != STEER_SLOT_NONE || set.alias));
	}
	qsort(members, group->count, sizeof(*members), by_bytes);
	for (unsigned i = 0, end; i < group->count; i = end) {
		for (end = i + 1; end < group->count && by_class(&members[i], &members[end]) == 0; end++) {
		}
		const steer_message_sums_t class = sum_of(members + i, end - i, limits.take);
		if (i == 0) {
			sums = class;
		} else if (!certain && class.most > sums.most) {
			sums.most = class.most;
		}
	}
	sums.least = certain ? sums.least : 0;
	return sums;
}
