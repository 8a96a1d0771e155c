/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geo.h"

#include <string.h>

#define CONTINENT_SHIFT 26
#define COUNTRY_SHIFT   16
#define COUNTRY_BITS    UINT32_C(0x3ff)
#define SUBDIVISION     UINT32_C(0xffff)

#define LETTERS 26
/*! Characters of a subdivision: none, digits, letters. */
#define DIGITS  37
#define SUBDIVISION_MAX 3

static const char continents[][3] = { "AF", "AN", "AS", "EU", "NA", "OC", "SA" };
#define CONTINENTS (sizeof(continents) / sizeof(*continents))

static const steer_country_t countries[] = {
#define ROW(code, name, continent, lat, lon) { code, continent, { lat, lon }, name },
#include "module/core/countries.inc"
#undef ROW
};
#define COUNTRIES (sizeof(countries) / sizeof(*countries))

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/*! Number of a character of a subdivision's code, from 1; 0: it is none. */
static unsigned digit(char c)
{
	c = upper(c);
	return c >= '0' && c <= '9' ? 1 + c - '0' : c >= 'A' && c <= 'Z' ? 11 + c - 'A' : 0;
}

static char *print_letters(unsigned number, char *text)
{
	text[0] = 'A' + number / LETTERS;
	text[1] = 'A' + number % LETTERS;
	text[2] = '\0';
	return text;
}

const steer_country_t *steer_country_at(size_t number)
{
	return number < COUNTRIES ? &countries[number] : NULL;
}

/*! Finds a country by its code in upper case. */
static const steer_country_t *find(const char *code)
{
	size_t begin = 0, end = COUNTRIES;
	while (begin < end) {
		size_t middle = (begin + end) / 2;
		int order = strcmp(code, countries[middle].code);
		if (order == 0) {
			return &countries[middle];
		}
		if (order < 0) {
			end = middle;
		} else {
			begin = middle + 1;
		}
	}
	return NULL;
}

const steer_country_t *steer_country_of(steer_geo_t place)
{
	char code[STEER_GEO_CODE_TEXT];
	return find(steer_geo_country_print(place, code));
}

bool steer_geo_continent_parse(const char *text, size_t len, steer_geo_t *place)
{
	for (steer_geo_t i = 0; len == 2 && i < CONTINENTS; i++) {
		if (upper(text[0]) == continents[i][0] && upper(text[1]) == continents[i][1]) {
			*place = (i + 1) << CONTINENT_SHIFT;
			return true;
		}
	}
	return false;
}

bool steer_geo_country_parse(const char *text, size_t len, steer_geo_t *place)
{
	if (len != 2) {
		return false;
	}
	const char code[] = { upper(text[0]), upper(text[1]), '\0' };
	if (code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z') {
		return false;
	}
	steer_geo_t made = STEER_GEO_UNKNOWN;
	const steer_country_t *country = find(code);
	if (country != NULL) {
		(void)steer_geo_continent_parse(country->continent, 2, &made);
	}
	steer_geo_t number = 1 + (code[0] - 'A') * LETTERS + (code[1] - 'A');
	*place = made | number << COUNTRY_SHIFT;
	return true;
}

bool steer_geo_subdivision_parse(const char *text, size_t len, steer_geo_t *place)
{
	steer_geo_t number = 0;
	if (len == 0 || len > SUBDIVISION_MAX) {
		return false;
	}
	for (size_t i = 0; i < SUBDIVISION_MAX; i++) {
		unsigned next = i < len ? digit(text[i]) : 0;
		if (i < len && next == 0) {
			return false;
		}
		number = number * DIGITS + next;
	}
	*place = (*place & STEER_GEO_COUNTRY) | number;
	return true;
}

const char *steer_geo_continent_print(steer_geo_t place, char text[STEER_GEO_CODE_TEXT])
{
	unsigned number = (place & STEER_GEO_CONTINENT) >> CONTINENT_SHIFT;
	return strcpy(text, number > 0 ? continents[number - 1] : "");
}

const char *steer_geo_country_print(steer_geo_t place, char text[STEER_GEO_CODE_TEXT])
{
	unsigned number = place >> COUNTRY_SHIFT & COUNTRY_BITS;
	return number > 0 ? print_letters(number - 1, text) : strcpy(text, "");
}

const char *steer_geo_subdivision_print(steer_geo_t place, char text[STEER_GEO_CODE_TEXT])
{
	static const char digits[] = "\0" "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	unsigned number = place & SUBDIVISION;
	text[0] = digits[number / (DIGITS * DIGITS) % DIGITS];
	text[1] = digits[number / DIGITS % DIGITS];
	text[2] = digits[number % DIGITS];
	text[3] = '\0';
	return text;
}
