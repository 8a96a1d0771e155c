/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/zonefile_owner.h"

#include <libknot/dname.h>
#include <stdio.h>
#include <string.h>

#include "formats/text.h"

steer_owner_form_t steer_owner_form(const steer_input_t *input, const char *begin)
{
	if (begin == NULL || (begin > input->text && begin[-1] != '\n')) {
		return STEER_OWNER_REPEATED;
	}
	const char *end = begin, *limit = input->text + input->len;
	while (end < limit && strchr(" \t\r\n;()", *end) == NULL) {
		end += *end == '\\' && limit - end > 1 ? 2 : 1;
	}
	size_t len = end - begin;
	if (len == 1 && *begin == '@') {
		return STEER_OWNER_ORIGIN;
	}
	return steer_name_is_absolute(begin, len) ? STEER_OWNER_ABSOLUTE : STEER_OWNER_RELATIVE;
}

/*! Whether the labels before the origin end with all of the origin's. */
static bool is_doubled(const uint8_t *owner, const uint8_t *origin, uint8_t *written)
{
	size_t len = knot_dname_size(owner) - knot_dname_size(origin);
	memcpy(written, owner, len);
	written[len] = 0;
	return origin[0] != 0 && knot_dname_in_bailiwick(written, origin) >= 0;
}

bool steer_owner_is_mistaken(const uint8_t *owner, const uint8_t *origin, steer_owner_form_t form,
                             bool root, char *text, size_t size)
{
	if (owner[0] == 0 && form != STEER_OWNER_ABSOLUTE && !root) {
		snprintf(text, size, "this SOA would be that of the root; allowed: --zone NAME, or an "
		         "owner with a final dot");
		return true;
	}
	uint8_t written[KNOT_DNAME_MAXLEN];
	if (form != STEER_OWNER_RELATIVE || !is_doubled(owner, origin, written)) {
		return false;
	}
	char full[STEER_NAME_TEXT], dotted[STEER_NAME_TEXT];
	steer_name_print(owner, full);
	steer_name_print(written, dotted);
	snprintf(text, size, "an SOA owner without a final dot, which makes it %.160s; allowed: %.160s",
	         full, dotted);
	return true;
}
