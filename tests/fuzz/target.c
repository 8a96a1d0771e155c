/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/target.h"

#include <stdlib.h>

void require(bool condition)
{
	if (!condition) {
		abort();
	}
}

void touch(const void *bytes, size_t len)
{
	static volatile uint8_t sum;
	uint8_t all = 0;
	for (size_t i = 0; i < len; i++) {
		all ^= ((const uint8_t *)bytes)[i];
	}
	sum = all;
	(void)sum;
}
