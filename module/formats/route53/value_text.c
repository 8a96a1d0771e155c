/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/value_text.h"

#include <string.h>

#include "formats/route53/escapes.h"

int steer_route53_value_print(steer_text_t *text, uint16_t type, const uint8_t *rdata,
                              uint16_t len, char value[STEER_ROUTE53_VALUE_MAX + 1])
{
	const char *printed = steer_rdata_print(text, type, rdata, len);
	const size_t size = strlen(printed);
	if (strncmp(printed, "\\#", 2) == 0) {
		return STEER_EINVAL;
	}
	if (size > STEER_ROUTE53_VALUE_MAX) {
		return STEER_ESPACE;
	}
	memcpy(value, printed, size + 1);
	steer_decimal_rewrite(value);
	return STEER_OK;
}
