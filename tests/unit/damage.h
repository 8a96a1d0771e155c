/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Damage to stored values that start with their sum, which their openers must notice.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*! Opens a value as the kind that the test is about. */
typedef int (*open_f)(const void *value, size_t size);

/*! A byte of which another value is wrong even if the sum is right. */
typedef struct {
	const char *what;
	size_t at;
	uint8_t value;
} damage_t;

void sum_up(uint8_t *value, size_t size);

void assert_bits_matter(uint8_t *value, size_t size, open_f open);

/*! Whether a value cut short is damaged, and one with a byte too many, even if the sum is right. */
void assert_length_matters(const uint8_t *value, size_t size, open_f open);

void assert_damage_is_seen(uint8_t *value, size_t size, open_f open, const damage_t *cases,
                           size_t count);
