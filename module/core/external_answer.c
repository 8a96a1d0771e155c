/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/external_answer.h"

#include <string.h>

#include "core/node.h"

#define NAME_AT  3 /*!< Of the name's key, after the kind and the type. */
_Static_assert(NAME_AT + 1 + STEER_NAME_KEY_MAX <= STEER_EXTERNAL_KEY_MAX,
               "the key of any name fits");

size_t steer_external_answer_key(uint8_t key[STEER_EXTERNAL_KEY_MAX], uint16_t type,
                                 const steer_key_t *name)
{
	key[0] = STEER_STATUS_TARGET;
	key[1] = type >> 8;
	key[2] = type;
	memcpy(key + NAME_AT, name->bytes, name->len);
	return NAME_AT + name->len;
}

int steer_external_answer_key_open(uint16_t *type, steer_key_t *name, const uint8_t *key,
                                   size_t len)
{
	if (len <= NAME_AT || key[0] != STEER_STATUS_TARGET || key[NAME_AT] != STEER_VIEW_PUBLIC ||
	    steer_key_from_bytes(name, key + NAME_AT, len - NAME_AT) != STEER_OK) {
		return STEER_EDAMAGED;
	}
	*type = key[1] << 8 | key[2];
	return STEER_OK;
}

int steer_external_answer_open(steer_external_answer_t *target, uint16_t type, const void *value,
                               size_t size)
{
	const uint8_t *at = value;
	if (size < STEER_TARGET_SIZE || size > STEER_TARGET_SIZE + STEER_RRS_MAX ||
	    get_target_format(at) != STEER_TARGET_FORMAT || get_target_reserved(at) != 0 ||
	    get_target_rrs(at) != size - STEER_TARGET_SIZE ||
	    get_target_sum(at) != steer_value_sum(at, size) ||
	    !steer_rrs_are_whole(at + STEER_TARGET_SIZE, get_target_rrs(at), type,
	                         get_target_count(at))) {
		return STEER_EDAMAGED;
	}
	*target = (steer_external_answer_t) {
		.ttl = get_target_ttl(at), .rrs_len = get_target_rrs(at),
		.count = get_target_count(at), .time = get_target_time(at),
		.rrs = at + STEER_TARGET_SIZE,
	};
	return STEER_OK;
}

size_t steer_external_answer_write(uint8_t *buf, const steer_external_answer_t *target)
{
	size_t size = STEER_TARGET_SIZE + (size_t)target->rrs_len;
	put_target_format(buf, STEER_TARGET_FORMAT);
	put_target_reserved(buf, 0);
	put_target_count(buf, target->count);
	put_target_ttl(buf, target->ttl);
	put_target_rrs(buf, target->rrs_len);
	put_target_time(buf, target->time);
	if (target->rrs_len > 0) {
		memcpy(buf + STEER_TARGET_SIZE, target->rrs, target->rrs_len);
	}
	put_target_sum(buf, steer_value_sum(buf, size));
	return size;
}
