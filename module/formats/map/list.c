/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of networks and locations, without a header: "192.0.2.0/24 office". */
#include <string.h>

#include "formats/map/reading.h"
#include "formats/map/values.h"

#define SEPARATORS " \t,"

/*! Takes the next word of a line. */
static steer_field_t next_word(const char **at, const char *end)
{
	steer_field_t word = { 0 };
	while (*at < end && strchr(SEPARATORS, **at) != NULL) {
		(*at)++;
	}
	word.text = word.at = *at;
	while (*at < end && strchr(SEPARATORS, **at) == NULL) {
		(*at)++;
	}
	word.len = *at - word.text;
	return word;
}

static int read_line(steer_map_reading_t *reading, void *ctx)
{
	(void)ctx;
	steer_values_t values = { 0 };
	char wrong[STEER_WRONG];
	const char *at = reading->lines.text, *end = at + reading->lines.len;
	steer_field_t network = next_word(&at, end), location = next_word(&at, end),
	              comment = next_word(&at, end);
	if (!steer_value_network(&values, &network, wrong)) {
		return steer_map_bad(reading, network.at, "%s", wrong);
	}
	if (location.len == 0) {
		return steer_map_bad(reading, location.at, "no location; allowed: a network, a location");
	}
	if (!steer_value_location(&values, &location, wrong)) {
		return steer_map_bad(reading, location.at, "%s", wrong);
	}
	if (comment.len > 0 && comment.text[0] != '#') {
		return steer_map_bad(reading, comment.at,
		                     "text after the location; allowed: a network, a location");
	}
	return steer_map_give(reading, &values.row);
}

int steer_map_read_list(steer_map_reading_t *reading)
{
	return steer_map_lines(reading, read_line, NULL);
}
