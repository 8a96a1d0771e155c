/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/attributes.h"

uint32_t steer_attribute_asn(const uint8_t *value, unsigned i)
{
	uint32_t asn;
	memcpy(&asn, value + i * sizeof(asn), sizeof(asn));
	return steer_le_u32(asn);
}

static bool asns_are_sound(const uint8_t *value, uint8_t len)
{
	uint32_t before = 0;
	for (unsigned i = 0; i < len / sizeof(before); i++) {
		uint32_t asn = steer_attribute_asn(value, i);
		if (asn <= before) {
			return false;
		}
		before = asn;
	}
	return len > 0 && len % sizeof(before) == 0;
}

static bool is_sound(const uint8_t *attr)
{
	switch (attr[0]) {
	case STEER_ATTR_HEALTH:
		return attr[1] > 0 && attr[1] <= STEER_CHECK_ID_MAX;
	case STEER_ATTR_ASNS:
		return asns_are_sound(attr + STEER_ATTR_HEAD, attr[1]);
	default:
		return false;
	}
}

bool steer_attributes_are_whole(const uint8_t *attrs, size_t size)
{
	int before = 0;
	while (size > 0) {
		if (size < STEER_ATTR_HEAD || size < STEER_ATTR_HEAD + (size_t)attrs[1] ||
		    attrs[0] <= before || !is_sound(attrs)) {
			return false;
		}
		before = attrs[0];
		size -= STEER_ATTR_HEAD + attrs[1];
		attrs += STEER_ATTR_HEAD + attrs[1];
	}
	return true;
}

const uint8_t *steer_attribute_find(const uint8_t *attrs, size_t size, uint8_t tag, uint8_t *len)
{
	while (size >= STEER_ATTR_HEAD && size >= STEER_ATTR_HEAD + (size_t)attrs[1]) {
		if (attrs[0] == tag) {
			*len = attrs[1];
			return attrs + STEER_ATTR_HEAD;
		}
		size -= STEER_ATTR_HEAD + attrs[1];
		attrs += STEER_ATTR_HEAD + attrs[1];
	}
	return NULL;
}

bool steer_attributes_have_asn(const uint8_t *attrs, size_t size, uint32_t asn)
{
	uint8_t len = 0;
	const uint8_t *value = steer_attribute_find(attrs, size, STEER_ATTR_ASNS, &len);
	unsigned count = len / sizeof(asn), i = 0;
	while (i < count && steer_attribute_asn(value, i) < asn) {
		i++;
	}
	return i < count && steer_attribute_asn(value, i) == asn;
}
