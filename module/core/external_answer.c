/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/external_answer.h"

#include <string.h>

#include "core/node.h"

#define NAME_AT  3 /*!< Of the name's key, after the kind and the type. */
_Static_assert(NAME_AT + 1 + STEER_NAME_KEY_MAX <= STEER_EXTERNAL_KEY_MAX,
               "the key of any name fits");

steer_external_state_t steer_external_state(bool answered, bool held, uint64_t failures)
{
	if (!answered) {
		return failures > 0 ? STEER_EXTERNAL_FAILED : STEER_EXTERNAL_PENDING;
	}
	return failures > 0 ? STEER_EXTERNAL_STALE : held ? STEER_EXTERNAL_HELD : STEER_EXTERNAL_FRESH;
}

const char *steer_external_state_name(steer_external_state_t state)
{
	static const char *const names[] = {
#define X(symbol, name) name,
		STEER_EXTERNAL_STATES(X)
#undef X
	};
	return names[state];
}

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

/*! Whether the header can be, and tells how long the value is. */
static bool is_sound(const uint8_t *at, size_t size)
{
	return size >= STEER_TARGET_SIZE && size <= STEER_EXTERNAL_ANSWER_MAX &&
	       get_target_format(at) == STEER_TARGET_FORMAT && get_target_reserved(at) == 0 &&
	       get_target_reserved2(at) == 0 &&
	       (get_target_flags(at) & ~(STEER_TARGET_NXDOMAIN | STEER_TARGET_HELD)) == 0 &&
	       get_target_rrs(at) <= STEER_RRS_MAX && get_target_error_len(at) <= STEER_LOG_TEXT_MAX &&
	       STEER_TARGET_SIZE + (size_t)get_target_rrs(at) + get_target_error_len(at) == size;
}

int steer_external_answer_open(steer_external_answer_t *target, uint16_t type, const void *value,
                               size_t size)
{
	const uint8_t *at = value;
	if (!is_sound(at, size) || get_target_sum(at) != steer_value_sum(at, size) ||
	    !steer_rrs_are_whole(at + STEER_TARGET_SIZE, get_target_rrs(at), type,
	                         get_target_count(at))) {
		return STEER_EDAMAGED;
	}
	*target = (steer_external_answer_t) {
		.ttl = get_target_ttl(at), .rrs_len = get_target_rrs(at), .count = get_target_count(at),
		.nxdomain = get_target_flags(at) & STEER_TARGET_NXDOMAIN,
		.held = get_target_flags(at) & STEER_TARGET_HELD,
		.resolved = {
			.wall = get_target_wall(at), .boot_ms = get_target_boot_ms(at),
			.boot = { get_target_boot_low(at), get_target_boot_high(at) },
		},
		.tried = get_target_tried(at), .failures = get_target_failures(at),
		.error_len = get_target_error_len(at), .rrs = at + STEER_TARGET_SIZE,
		.error = (const char *)at + STEER_TARGET_SIZE + get_target_rrs(at),
	};
	return STEER_OK;
}

static void copy(uint8_t *to, const void *from, size_t len)
{
	if (len > 0) {
		memcpy(to, from, len);
	}
}

size_t steer_external_answer_write(uint8_t *buf, const steer_external_answer_t *target)
{
	size_t size = STEER_TARGET_SIZE + (size_t)target->rrs_len + target->error_len;
	put_target_format(buf, STEER_TARGET_FORMAT);
	put_target_flags(buf, (target->nxdomain ? STEER_TARGET_NXDOMAIN : 0) |
	                      (target->held ? STEER_TARGET_HELD : 0));
	put_target_count(buf, target->count);
	put_target_ttl(buf, target->ttl);
	put_target_rrs(buf, target->rrs_len);
	put_target_wall(buf, target->resolved.wall);
	put_target_boot_ms(buf, target->resolved.boot_ms);
	put_target_boot_low(buf, target->resolved.boot[0]);
	put_target_boot_high(buf, target->resolved.boot[1]);
	put_target_tried(buf, target->tried);
	put_target_failures(buf, target->failures);
	put_target_error_len(buf, target->error_len);
	put_target_reserved(buf, 0);
	put_target_reserved2(buf, 0);
	copy(buf + STEER_TARGET_SIZE, target->rrs, target->rrs_len);
	copy(buf + STEER_TARGET_SIZE + target->rrs_len, target->error, target->error_len);
	put_target_sum(buf, steer_value_sum(buf, size));
	return size;
}
