/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/options.h"

#include <string.h>

#include "core/utf8.h"
#include "formats/decimal.h"
#include "formats/network_text.h"
#include "formats/time.h"

#define TTL_DEFAULT 60
#define WEIGHT_MAX 255

static const char *const modes[] = {
	[STEER_GEOIP_SUBNET] = "subnet",
	[STEER_GEOIP_GEODB] = "geodb",
	[STEER_GEOIP_WEIGHTED] = "weighted",
};
#define MODES (sizeof(modes) / sizeof(*modes))

const char *steer_geoip_view_key(steer_geoip_mode_t mode)
{
	static const char *const keys[] = { "net", "geo", "weight" };
	return keys[mode];
}

/* The section. */

static bool take_mode(steer_geoip_reading_t *reading, const steer_knot_text_t *mode,
                      steer_geoip_views_t *views)
{
	char shown[STEER_SHOWN];
	for (unsigned i = 0; mode->text != NULL && i < MODES; i++) {
		if (strcmp(mode->text, modes[i]) == 0) {
			views->mode = i;
			return true;
		}
	}
	if (mode->text != NULL) {
		steer_geoip_wrong(reading, &mode->at, "mode: '%s' is not a mode; allowed: subnet, geodb, "
		                  "weighted", steer_shown(shown, mode->text, strlen(mode->text)));
	}
	return mode->text == NULL;
}

static void take_ttl(steer_geoip_reading_t *reading, const steer_knot_text_t *ttl,
                     steer_geoip_views_t *views)
{
	char shown[STEER_SHOWN];
	if (ttl->text != NULL && !steer_time_parse_seconds(ttl->text, STEER_TTL_MAX, &views->ttl)) {
		steer_geoip_wrong(reading, &ttl->at, "ttl: '%s' is no time; allowed: seconds to %d, or "
		                  "with s, m, h, d", steer_shown(shown, ttl->text, strlen(ttl->text)),
		                  STEER_TTL_MAX);
	}
}

static void check_database(steer_geoip_reading_t *reading, const steer_geoip_section_t *section)
{
	if (section->database.text == NULL) {
		steer_geoip_wrong(reading, &section->id.at, "geodb-file: missing; allowed: the database "
		                  "of the mode geodb");
	} else {
		steer_geoip_warn(reading, &section->database.at, "geodb-file: where clients are is what "
		                 "the map geo of the store says, for all zones; this database becomes "
		                 "it by steerctl map import --type geo %s", section->database.text);
	}
	if (section->keys.count > STEER_GEOIP_KEYS_MAX) {
		steer_geoip_wrong(reading, &section->keys.of[STEER_GEOIP_KEYS_MAX].at, "geodb-key: one too "
		                  "many; allowed: %d", STEER_GEOIP_KEYS_MAX);
	}
}

bool steer_geoip_options(steer_geoip_reading_t *reading, const steer_geoip_section_t *section,
                         steer_geoip_views_t *views)
{
	views->ttl = TTL_DEFAULT;
	const bool has_mode = take_mode(reading, &section->mode, views);
	take_ttl(reading, &section->ttl, views);
	if (views->mode == STEER_GEOIP_GEODB) {
		check_database(reading, section);
	}
	return has_mode;
}

/* Networks and weights. */

static void take_network(steer_geoip_reading_t *reading, const char *text,
                         steer_geoip_view_t *view)
{
	char shown[STEER_SHOWN], network[STEER_NETWORK_TEXT];
	const char *slash = strchr(text, '/');
	const size_t len = strlen(text), address = slash != NULL ? (size_t)(slash - text) : len;
	uint32_t length;
	int ret = steer_network_parse(text, slash == text + len - 1 ? address : len, &view->network);
	if (ret == STEER_EINVAL && slash != NULL &&
	    steer_number_parse(slash + 1, len - address - 1, UINT8_MAX, &length) &&
	    steer_network_parse(text, address, &view->network) == STEER_OK) {
		steer_geoip_warn(reading, &view->at, "net: the length %u is too large; it counts as %u, "
		                 "as with mod-geoip", length, view->network.length);
		return;
	}
	if (ret == STEER_EREFUSED) {
		steer_geoip_warn(reading, &view->at, "net: %s has bits after its length, so mod-geoip "
		                 "misses clients before that address; here it counts as %s",
		                 steer_shown(shown, text, len),
		                 steer_network_print(&view->network, network));
	} else if (ret != STEER_OK) {
		steer_geoip_wrong(reading, &view->at, "net: '%s' is not a network; allowed: such as "
		                  "192.0.2.0/24, 2001:db8::/32", steer_shown(shown, text, len));
	}
}

static void take_weight(steer_geoip_reading_t *reading, const char *text, steer_geoip_view_t *view)
{
	char shown[STEER_SHOWN];
	if (!steer_number_parse(text, strlen(text), WEIGHT_MAX, &view->weight)) {
		steer_geoip_wrong(reading, &view->at, "weight: '%s' is not a weight; allowed: 0 to %d",
		                  steer_shown(shown, text, strlen(text)), WEIGHT_MAX);
	}
}

/* Places. */

typedef bool (*take_code_f)(const char *text, size_t len, steer_geo_t *place);

/*! What the keys of databases tell of a place, in the order in which it is made. */
static const struct {
	const char *key;
	take_code_f take;
	const char *(*print)(steer_geo_t place, char text[STEER_GEO_CODE_TEXT]);
} parts[] = {
	{ "continent/code", steer_geo_continent_parse, steer_geo_continent_print },
	{ "country/iso_code", steer_geo_country_parse, steer_geo_country_print },
	{ "subdivisions/0/iso_code", steer_geo_subdivision_parse, steer_geo_subdivision_print },
};
#define PARTS (sizeof(parts) / sizeof(*parts))

/*! The values of a view, each of one key; empty: any. */
typedef struct {
	const char *text[STEER_GEOIP_KEYS_MAX];
	size_t len[STEER_GEOIP_KEYS_MAX];
} values_t;

static const char *key_of(const steer_geoip_section_t *section, size_t i)
{
	return section->keys.count == 0 ? "country/iso_code" : section->keys.of[i].text;
}

static size_t keys_of(const steer_geoip_section_t *section)
{
	return section->keys.count == 0 ? 1 : section->keys.count;
}

static void split(const steer_geoip_section_t *section, const char *text, values_t *values,
                  unsigned *given)
{
	*values = (values_t) { .len = { 0 } };
	for (size_t i = 0; i < keys_of(section) && i < STEER_GEOIP_KEYS_MAX; i++) {
		const size_t len = strcspn(text, ";");
		if (len > 0 && !(len == 1 && text[0] == '*')) {
			values->text[i] = text;
			values->len[i] = len;
			*given |= 1u << i;
		}
		if (text[len] == '\0') {
			return;
		}
		text += len + 1;
	}
}

static void leave_out(const steer_geoip_reading_t *reading, steer_geoip_view_t *view,
                      const char *text, const char *why, const char *about)
{
	char shown[STEER_SHOWN], key[STEER_SHOWN];
	steer_geoip_warn(reading, &view->at, "geo: '%s' is left out, and its clients get what the other "
	                 "views have: %s%s", steer_shown(shown, text, strlen(text)), why,
	                 steer_shown(key, about, strlen(about)));
	view->left_out = true;
}

/*! Adds a part to the place. \return false: the value is not one that a database has */
static bool add_part(size_t part, const char *text, size_t len, steer_geo_t *place)
{
	char code[STEER_GEO_CODE_TEXT];
	steer_geo_t made = *place;
	if (!parts[part].take(text, len, &made)) {
		return false;
	}
	parts[part].print(made, code);
	*place = made;
	return strlen(code) == len && memcmp(code, text, len) == 0; // Databases have upper case.
}

/*! Makes the parts of a place that a key tells, after those of less specific ones. */
static void add_parts(steer_geoip_reading_t *reading, const steer_geoip_section_t *section,
                      const values_t *values, const char *text, steer_geoip_view_t *view)
{
	for (size_t part = 0; part < PARTS; part++) {
		for (size_t i = 0; i < keys_of(section) && i < STEER_GEOIP_KEYS_MAX; i++) {
			if (values->len[i] == 0 || strcmp(key_of(section, i), parts[part].key) != 0) {
				continue;
			}
			const steer_geo_t before = view->place;
			if (part == 2 && (before & STEER_GEO_COUNTRY & ~STEER_GEO_CONTINENT) == 0) {
				leave_out(reading, view, text, "a subdivision is one of a country", "");
			} else if (!add_part(part, values->text[i], values->len[i], &view->place)) {
				leave_out(reading, view, text, "it has a code that databases do not have for ",
				          parts[part].key);
			} else if (part == 1 && before != 0 &&
			           (before ^ view->place) & STEER_GEO_CONTINENT) {
				steer_geoip_warn(reading, &view->at, "geo: the country counts, not the continent "
				                 "beside it, on which it is not here");
			}
			if (view->left_out) {
				return;
			}
		}
	}
}

static void take_geo(steer_geoip_reading_t *reading, const steer_geoip_section_t *section,
                     const char *text, steer_geoip_view_t *view)
{
	values_t values;
	split(section, text, &values, &view->given);
	for (size_t i = 0; i < keys_of(section) && i < STEER_GEOIP_KEYS_MAX; i++) {
		size_t part = 0;
		while (part < PARTS && strcmp(key_of(section, i), parts[part].key) != 0) {
			part++;
		}
		if (part == PARTS && values.len[i] > 0) {
			leave_out(reading, view, text, "places here have a continent, a country and a "
			          "subdivision, and no ", key_of(section, i));
			return;
		}
	}
	add_parts(reading, section, &values, text, view);
	if (view->given == 0) {
		steer_geoip_warn(reading, &view->at, "geo: '%s' is for all clients, also those that are not "
		                 "in the database, which mod-geoip leaves to the zone", text);
	}
}

void steer_geoip_view_value(steer_geoip_reading_t *reading, const steer_geoip_views_t *views,
                            const char *text, steer_geoip_view_t *view)
{
	switch (views->mode) {
	case STEER_GEOIP_SUBNET:
		take_network(reading, text, view);
		break;
	case STEER_GEOIP_GEODB:
		take_geo(reading, views->section, text, view);
		break;
	case STEER_GEOIP_WEIGHTED:
		take_weight(reading, text, view);
		break;
	}
}
