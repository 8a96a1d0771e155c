/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/guess.h"

#include <string.h>

#include "formats/map/lines.h"
#include "formats/map/mmdb.h"

static bool begins(const steer_lines_t *line, const char *text)
{
	size_t len = strlen(text);
	return line->len >= len && memcmp(line->text, text, len) == 0;
}

/*! Whether a line begins with an address, not with a name. \param[out] length  It has a length. */
static bool begins_with_address(const steer_lines_t *line, bool *length)
{
	size_t at = line->len > 0 && line->text[0] == '"';
	bool colon = false;
	char first = at < line->len ? line->text[at] : '\0';
	*length = false;
	for (; at < line->len && strchr(", \t\"", line->text[at]) == NULL; at++) {
		colon |= line->text[at] == ':';
		*length |= line->text[at] == '/';
	}
	return colon || (first >= '0' && first <= '9');
}

char steer_map_guess_json(const steer_input_t *input)
{
	const steer_lines_t lines = steer_lines_of(input);
	const char *at = lines.at;
	while (at < lines.end && strchr(" \t\r\n", *at) != NULL) {
		at++;
	}
	return at < lines.end && (*at == '{' || *at == '[') ? *at : 0;
}

steer_map_format_t steer_map_guess(steer_map_type_t type, const steer_input_t *input)
{
	bool data = type == STEER_MAP_GEO || type == STEER_MAP_ASN;
	if (data && steer_mmdb_is(input->text, input->len)) {
		return STEER_MAP_FORMAT_MMDB;
	}
	if (type == STEER_MAP_LATENCY && steer_map_guess_json(input) != 0) {
		return STEER_MAP_FORMAT_ATLAS;
	}
	steer_lines_t line = steer_lines_of(input);
	bool length;
	while (steer_lines_next(&line) && steer_lines_is_blank(&line)) {
	}
	if (data && (begins(&line, "net:") || begins(&line, "aut-num:"))) {
		return STEER_MAP_FORMAT_LIBLOC;
	}
	if (data && (begins(&line, "network,") || begins(&line, "\"network\","))) {
		return STEER_MAP_FORMAT_MAXMIND_CSV;
	}
	bool address = begins_with_address(&line, &length);
	if (type == STEER_MAP_GEO && address && !length) {
		return STEER_MAP_FORMAT_RANGES;
	}
	return type == STEER_MAP_CIDR && address ? STEER_MAP_FORMAT_LIST : STEER_MAP_FORMAT_CSV;
}
