/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranges of addresses, each with a country and without a header: "16777216,16777471,AU", the files
 * of Debian's tor-geoipdb, in which IPv4 addresses are numbers and "??" is no country.
 */
#include <arpa/inet.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/decimal.h"
#include "formats/map/reading.h"
#include "formats/map/values.h"

typedef unsigned __int128 address_t;

static address_t load(const uint8_t *bytes, unsigned count)
{
	address_t address = 0;
	for (unsigned i = 0; i < count; i++) {
		address = address << 8 | bytes[i];
	}
	return address;
}

static void store(uint8_t *bytes, unsigned count, address_t address)
{
	for (unsigned i = count; i > 0; i--, address >>= 8) {
		bytes[i - 1] = address;
	}
}

/*! Parses an address. \return IP version; 0: it is none. */
static unsigned parse_address(const steer_field_t *field, address_t *address)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	uint32_t number;
	if (steer_number_parse(field->text, field->len, UINT32_MAX, &number)) {
		*address = number;
		return 4;
	}
	if (field->len >= sizeof(text)) {
		return 0;
	}
	memcpy(text, field->text, field->len);
	text[field->len] = '\0';
	unsigned family = strchr(text, ':') != NULL ? 6 : 4;
	if (inet_pton(family == 4 ? AF_INET : AF_INET6, text, bytes) != 1) {
		return 0;
	}
	*address = load(bytes, family == 4 ? 4 : 16);
	return family;
}

/*! Gives a row for each network of a range: the largest ones that are in it. */
static int give(steer_map_reading_t *reading, steer_map_row_t *row, address_t low, address_t high)
{
	unsigned bits = steer_network_bits(&row->network);
	for (;;) {
		address_t size = 1; // Wraps around to 0 for all addresses of IPv6.
		unsigned length = bits;
		while (length > 0 && (low & size) == 0 && high - low >= 2 * size - 1) {
			size *= 2;
			length--;
		}
		row->network.length = length;
		store(row->network.address, bits / 8, low);
		int ret = steer_map_give(reading, row);
		if (ret != STEER_OK || high - low == size - 1) {
			return ret;
		}
		low += size;
	}
}

/*! Reads the country, which may be one that nobody knows: "??", and "A1" of MaxMind's old files. */
static bool read_country(const steer_field_t *field, steer_geo_t *geo)
{
	bool unknown = field->len == 0 || steer_field_is(field, "??") ||
	               (field->len == 2 && field->text[1] >= '0' && field->text[1] <= '9');
	return unknown || steer_geo_country_parse(field->text, field->len, geo);
}

static int read_line(steer_map_reading_t *reading, void *ctx)
{
	(void)ctx;
	char buffer[STEER_MAP_LINE_MAX], shown[STEER_SHOWN];
	steer_field_t fields[STEER_MAP_FIELDS_MAX];
	steer_map_row_t row = { 0 };
	address_t ends[2];
	const char *at, *wrong;
	unsigned count = steer_fields_split(reading->lines.text, reading->lines.len, buffer, fields,
	                                    &at, &wrong);
	if (count == 0) {
		return steer_map_bad(reading, at, "%s", wrong);
	}
	if (count != 3) {
		return steer_map_bad(reading, NULL, "%u field%s; allowed: 3, as in 16777216,16777471,AU",
		                     count, count == 1 ? "" : "s");
	}
	for (unsigned i = 0; i < 2; i++) {
		unsigned family = parse_address(&fields[i], &ends[i]);
		if (family == 0 || (i == 1 && family != row.network.family)) {
			return steer_map_bad(reading, fields[i].at, "'%s' is not an address%s; allowed: two "
			                     "of IPv4, also as numbers, or two of IPv6",
			                     steer_shown(shown, fields[i].text, fields[i].len),
			                     family != 0 ? " like the first one" : "");
		}
		row.network.family = family;
	}
	if (ends[1] < ends[0]) {
		return steer_map_bad(reading, fields[1].at, "a range that ends before it begins; allowed: "
		                     "the first and the last address");
	}
	if (!read_country(&fields[2], &row.geo)) {
		return steer_map_bad(reading, fields[2].at, "'%s' is not a country; allowed: a code of "
		                     "ISO 3166-1, such as NO, or ??",
		                     steer_shown(shown, fields[2].text, fields[2].len));
	}
	return give(reading, &row, ends[0], ends[1]);
}

int steer_map_read_ranges(steer_map_reading_t *reading)
{
	return steer_map_lines(reading, read_line, NULL);
}
