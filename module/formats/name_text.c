/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/name_text.h"

#include <ctype.h>
#include <libknot/dname.h>
#include <string.h>

#include "steer/error.h"

/*! Only the characters that a zone file accepts: what is typed here means the same there. */
static bool name_chars(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' && text[1] != '\0') {
			text++;
		} else if (!isalnum((unsigned char)*text) && strchr("*-_/.", *text) == NULL) {
			return false;
		}
	}
	return true;
}

int steer_name_parse(const char *text, uint8_t *name)
{
	uint8_t wire[KNOT_DNAME_MAXLEN];
	if (!name_chars(text) || knot_dname_from_str(wire, text, sizeof(wire)) == NULL) {
		return STEER_EINVAL;
	}
	knot_dname_copy_lower(name, wire);
	return STEER_OK;
}

/*! A dot after an unescaped backslash is part of the label. */
bool steer_name_is_absolute(const char *text, size_t len)
{
	size_t backslashes = 0;
	if (len == 0 || text[len - 1] != '.') {
		return false;
	}
	while (backslashes + 1 < len && text[len - 2 - backslashes] == '\\') {
		backslashes++;
	}
	return backslashes % 2 == 0;
}

int steer_name_parse_in(const char *text, const uint8_t *origin, uint8_t *name)
{
	uint8_t wire[KNOT_DNAME_MAXLEN];
	bool at = strcmp(text, "@") == 0;
	if (!at && steer_name_parse(text, wire) != STEER_OK) {
		return STEER_EINVAL;
	}
	if (!at && steer_name_is_absolute(text, strlen(text))) {
		memcpy(name, wire, knot_dname_size(wire));
		return STEER_OK;
	}
	size_t len = at ? 0 : knot_dname_size(wire) - 1, origin_len = knot_dname_size(origin);
	if (len + origin_len > KNOT_DNAME_MAXLEN) {
		return STEER_EINVAL;
	}
	memcpy(name, wire, len);
	memcpy(name + len, origin, origin_len);
	return STEER_OK;
}

void steer_name_print(const uint8_t *name, char *text)
{
	if (knot_dname_to_str(text, name, STEER_NAME_TEXT) == NULL) {
		text[0] = '\0';
	}
}
