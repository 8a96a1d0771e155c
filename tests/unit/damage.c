/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/damage.h"

#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "unit/test.h"

void sum_up(uint8_t *value, size_t size)
{
	put_status_sum(value, steer_value_sum(value, size)); // All have it in the same place.
}

void assert_bits_matter(uint8_t *value, size_t size, open_f open)
{
	assert_int_equal(open(value, size), STEER_OK);
	for (size_t bit = 0; bit < 8 * size; bit++) {
		value[bit / 8] ^= 1 << bit % 8;
		assert_int_equal(open(value, size), STEER_EDAMAGED);
		value[bit / 8] ^= 1 << bit % 8;
	}
}

void assert_length_matters(const uint8_t *value, size_t size, open_f open)
{
	for (size_t len = 0; len <= size + 1; len++) {
		uint8_t *exact = calloc(1, len + (len == 0)); // So that sanitizers see what is read beyond.
		memcpy(exact, value, len < size ? len : size);
		if (len >= STEER_SUM_SIZE) {
			sum_up(exact, len);
		}
		assert_int_equal(open(exact, len), len == size ? STEER_OK : STEER_EDAMAGED);
		free(exact);
	}
}

void assert_damage_is_seen(uint8_t *value, size_t size, open_f open, const damage_t *cases,
                           size_t count)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].what);
		uint8_t was = value[cases[i].at];
		assert_int_not_equal(was, cases[i].value);
		value[cases[i].at] = cases[i].value;
		sum_up(value, size);
		assert_int_equal(open(value, size), STEER_EDAMAGED);
		value[cases[i].at] = was;
	}
	sum_up(value, size);
	assert_int_equal(open(value, size), STEER_OK);
}
