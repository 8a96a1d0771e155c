/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/types.h"

#include <string.h>

const char *steer_type_text(uint16_t type, char text[STEER_TYPE_TEXT])
{
	static const char *const names[] = {
#define X(symbol, number) [number] = #symbol,
		STEER_TYPES(X)
#undef X
	};
	if (type < sizeof(names) / sizeof(*names) && names[type] != NULL) {
		return strcpy(text, names[type]);
	}
	char *at = text + strlen(strcpy(text, "TYPE"));
	for (unsigned unit = 10000; unit > 0; unit /= 10) {
		if (type >= unit || unit == 1) {
			*at++ = '0' + type / unit % 10;
		}
	}
	*at = '\0';
	return text;
}
