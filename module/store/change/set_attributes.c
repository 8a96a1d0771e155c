/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/change/set_attributes.h"

#include <string.h>

#include "core/attributes.h"

const steer_set_attribute_t steer_set_attributes[STEER_SET_ATTRIBUTES] = {
	{ STEER_KEEP_WEIGHT,   "a weight", "weights", "'weighted'" },
	{ STEER_KEEP_TIER,     "a tier", "tiers", "'tier'" },
	{ STEER_KEEP_REGION,   "a region", "regions", "'latency' or 'nearest'" },
	{ STEER_KEEP_GEO,      "a place", "places", "'geo'" },
	{ STEER_KEEP_LOCATION, "a location", "locations", "'cidr'" },
	{ STEER_KEEP_POINT,    "coordinates", "coordinates", "'latency' or 'nearest'" },
	{ STEER_KEEP_BIAS,     "a bias", "biases", "'nearest'" },
	{ STEER_KEEP_ASNS,     "an autonomous system", "autonomous systems", "'asn'" },
};

/*! An attribute in a list, with its head; of no bytes: there is none. */
typedef struct {
	const uint8_t *at;
	size_t len;
} attribute_t;

static attribute_t find(const steer_set_t *set, uint8_t tag)
{
	uint8_t len;
	const uint8_t *value =
		set == NULL ? NULL : steer_attribute_find(set->attrs, set->attrs_len, tag, &len);
	return value == NULL ? (attribute_t) { NULL, 0 }
	       : (attribute_t) { value - STEER_ATTR_HEAD, STEER_ATTR_HEAD + (size_t)len };
}

uint16_t steer_set_attributes_of(const steer_set_t *set)
{
	return (set->weight != 1 ? STEER_KEEP_WEIGHT : 0) | (set->tier != 0 ? STEER_KEEP_TIER : 0) |
	       (set->region != 0 ? STEER_KEEP_REGION : 0) |
	       (set->geo != STEER_GEO_UNKNOWN ? STEER_KEEP_GEO : 0) |
	       (set->location != 0 ? STEER_KEEP_LOCATION : 0) |
	       (set->has_point ? STEER_KEEP_POINT : 0) | (set->bias != 0 ? STEER_KEEP_BIAS : 0) |
	       (find(set, STEER_ATTR_ASNS).len > 0 ? STEER_KEEP_ASNS : 0);
}

void steer_set_attributes_copy(const steer_set_t *from, uint16_t which, steer_set_t *set)
{
	set->weight = which & STEER_KEEP_WEIGHT ? from->weight : set->weight;
	set->tier = which & STEER_KEEP_TIER ? from->tier : set->tier;
	set->region = which & STEER_KEEP_REGION ? from->region : set->region;
	set->geo = which & STEER_KEEP_GEO ? from->geo : set->geo;
	set->location = which & STEER_KEEP_LOCATION ? from->location : set->location;
	set->has_point = which & STEER_KEEP_POINT ? from->has_point : set->has_point;
	set->point = which & STEER_KEEP_POINT ? from->point : set->point;
	set->bias = which & STEER_KEEP_BIAS ? from->bias : set->bias;
}

void steer_set_attributes_join(steer_groups_t *groups, const steer_set_t *health,
                               const steer_set_t *asns, steer_set_t *set)
{
	const attribute_t first = find(health, STEER_ATTR_HEALTH), second = find(asns, STEER_ATTR_ASNS);
	set->attrs_len = first.len + second.len;
	set->attrs = second.len == 0 ? first.at : second.at;
	if (first.len > 0 && second.len > 0) {
		uint8_t *to = groups->rrs + groups->rrs_len;
		memcpy(to, first.at, first.len);
		memcpy(to + first.len, second.at, second.len);
		groups->rrs_len += set->attrs_len;
		set->attrs = to;
	}
}
