/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/order.h"

#include "formats/route53/escapes.h"
#include "schema/layout.h"

/*! What a byte of a key is written as, or begins with. */
static char written(unsigned byte)
{
	if (byte == STEER_KEY_END) {
		return '.';
	}
	return steer_octal_is_plain(byte) ? byte : '\\';
}

void steer_route53_order(uint8_t order[256])
{
	unsigned count = 0;
	for (unsigned c = 0; c < 128; c++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			if ((unsigned)written(byte) == c) {
				order[count++] = byte; // Escapes are in the order of their bytes.
			}
		}
	}
}
