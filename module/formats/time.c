/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/time.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/*! The largest first, but "ms" before "m", with which it begins. */
static const struct {
	const char *name;
	uint64_t ms;
} units[] = {
	{ "w", 604800000 }, { "d", 86400000 }, { "h", 3600000 }, { "ms", 1 }, { "m", 60000 },
	{ "s", 1000 },
};
#define UNITS (sizeof(units) / sizeof(*units))

/*! Reads a unit at *at, which moves past it. \return 0: none. */
static uint64_t parse_unit(const char **at)
{
	for (size_t i = 0; i < UNITS; i++) {
		size_t len = strlen(units[i].name);
		if (strncasecmp(*at, units[i].name, len) == 0) {
			*at += len;
			return units[i].ms;
		}
	}
	return 0;
}

bool steer_time_parse(const char *text, uint64_t *ms)
{
	const char *at = text;
	bool bare = text[strspn(text, "0123456789")] == '\0';
	uint64_t sum = 0;
	do {
		uint64_t number = 0;
		if (!isdigit((unsigned char)*at)) {
			return false;
		}
		while (isdigit((unsigned char)*at) && number <= STEER_TIME_MAX) {
			number = number * 10 + (*at++ - '0');
		}
		uint64_t unit = bare ? 1000 : parse_unit(&at);
		if (unit == 0 || number > STEER_TIME_MAX / unit ||
		    number * unit > STEER_TIME_MAX - sum) {
			return false;
		}
		sum += number * unit;
	} while (*at != '\0');
	*ms = sum;
	return true;
}

bool steer_time_parse_seconds(const char *text, uint32_t max, uint32_t *seconds)
{
	uint64_t ms;
	if (!steer_time_parse(text, &ms) || ms % 1000 != 0 || ms / 1000 > max) {
		return false;
	}
	*seconds = ms / 1000;
	return true;
}

void steer_time_print(uint64_t ms, char text[STEER_TIME_TEXT])
{
	const char *name = "ms";
	uint64_t best = 1;
	for (size_t i = 0; i < UNITS; i++) {
		if (ms % units[i].ms == 0 && units[i].ms > best && ms > 0) {
			best = units[i].ms;
			name = units[i].name;
		}
	}
	snprintf(text, STEER_TIME_TEXT, "%" PRIu64 "%s", ms / best, ms > 0 ? name : "s");
}
