/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief As memcpy() and memcmp(), but without a call for 16 to 32 bytes, as most answers need.
 *
 * RRs of type A have 16 bytes, names of some three labels as many or more. These are two blocks,
 * which overlap unless there are 32 bytes.
 *
 * Threads:  pure; any thread.
 * Memory:   the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define STEER_BLOCK 16

static inline bool steer_is_two_blocks(size_t len)
{
	return len - STEER_BLOCK <= STEER_BLOCK; // Less than one wraps around.
}

static inline void steer_bytes_copy(uint8_t *to, const uint8_t *from, size_t len)
{
	if (steer_is_two_blocks(len)) {
		memcpy(to, from, STEER_BLOCK);
		memcpy(to + len - STEER_BLOCK, from + len - STEER_BLOCK, STEER_BLOCK);
	} else {
		memcpy(to, from, len);
	}
}

static inline bool steer_bytes_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	return steer_is_two_blocks(len)
	       ? memcmp(a, b, STEER_BLOCK) == 0 &&
	         memcmp(a + len - STEER_BLOCK, b + len - STEER_BLOCK, STEER_BLOCK) == 0
	       : memcmp(a, b, len) == 0;
}
