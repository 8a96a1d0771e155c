/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/map_match.h"

#include <stdio.h>
#include <stdlib.h>

#include "ctl/author.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/network_text.h"
#include "formats/time.h"

json_t *map_origin_json(const char *name, const steer_map_t *map)
{
	const steer_map_origin_t *origin = &map->origin;
	char imported[TIME_TEXT], file[AUTHOR_SHOWN], format[AUTHOR_SHOWN];
	time_print(imported, origin->imported);
	author_show(file, origin->file, origin->file_len);
	author_show(format, origin->format, origin->format_len);
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "map", name,
	                 "type", steer_map_type_name(map->networks.type), "imported", imported,
	                 "file", file, "format", format);
}

/*! The network of so many bits around the client; null: there is no client. */
static json_t *around(const map_match_t *match, uint8_t length)
{
	char text[STEER_NETWORK_TEXT];
	steer_network_t network = *match->client;
	if (network.family == 0) {
		return json_null();
	}
	network.length = length;
	steer_network_clear_rest(&network);
	return json_string(steer_network_print(&network, text));
}

/* Places. */

const char *map_point_print(const json_t *point, char text[MAP_POINT_TEXT])
{
	snprintf(text, MAP_POINT_TEXT, "%.10g, %.10g", json_number_value(json_array_get(point, 0)),
	         json_number_value(json_array_get(point, 1)));
	return text;
}

/*! A value in JSON, or null. */
static json_t *text_or_null(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

json_t *map_place_json(const steer_map_place_t *place)
{
	char continent[STEER_GEO_CODE_TEXT], code[STEER_GEO_CODE_TEXT];
	char subdivision[STEER_GEO_CODE_TEXT];
	const steer_country_t *country = steer_country_of(place->geo);
	const steer_coordinates_t *point = place->has_point ? &place->point
	                                   : country != NULL ? &country->middle : NULL;
	return json_pack("{s:o, s:o, s:s?, s:o, s:o, s:s?, s:b}",
	                 "continent", text_or_null(steer_geo_continent_print(place->geo, continent)),
	                 "country", text_or_null(steer_geo_country_print(place->geo, code)),
	                 "country_name", country != NULL ? country->name : NULL,
	                 "subdivision",
	                 text_or_null(steer_geo_subdivision_print(place->geo, subdivision)),
	                 "coordinates", point != NULL ? json_coordinates(point) : json_null(),
	                 "coordinates_of", place->has_point ? "network"
	                                   : point != NULL ? "country" : NULL,
	                 "anycast", (int)place->anycast);
}

static int add_place(json_t *json, const map_match_t *match)
{
	const steer_map_place_t place = steer_map_place(match->map, match->match.class);
	json_object_set_new(json, "place", match->match.class != 0 ? map_place_json(&place)
	                                                           : json_null());
	return GO_ON;
}

/* Autonomous systems. */

static int add_asn(json_t *json, const map_match_t *match)
{
	const uint32_t asn = steer_map_asn(match->map, match->match.class);
	json_object_set_new(json, "asn", asn != 0 ? json_integer(asn) : json_null());
	return GO_ON;
}

/* Blocks. */

static int add_blocks(json_t *json, const map_match_t *match)
{
	const steer_network_map_t *networks = &match->map->networks;
	uint32_t class = match->match.class;
	steer_network_block_t block;
	json_t *blocks = json_array();
	int ret = GO_ON;
	while (ret == GO_ON && steer_network_blocks_next(networks, &class, match->client, &block)) {
		char location[MAP_NAME_TEXT];
		ret = map_view_name(match->view, STEER_DICTIONARY_LOCATION, block.location, location);
		if (ret == GO_ON) {
			json_array_append_new(blocks, json_pack("{s:o, s:s}", "network",
			                                        around(match, block.length),
			                                        "location", location));
		}
	}
	json_object_set_new(json, "blocks", blocks);
	return ret;
}

/* Latencies. */

static int compare_latencies(const void *a, const void *b)
{
	const steer_map_latency_t *x = a, *y = b;
	return (x->rtt_us > y->rtt_us) - (x->rtt_us < y->rtt_us);
}

static const char *source_of(const steer_map_latency_t *latency)
{
	switch (latency->source) {
#define X(symbol, number, name) \
	case number: \
		return name;
	STEER_LATENCY_SOURCES(X)
#undef X
	default:
		return "unknown";
	}
}

json_t *map_latency_json(const steer_map_latency_t *latency, uint64_t now)
{
	char since[TIME_TEXT];
	const bool known = latency->time > 0;
	const uint64_t age = now > latency->time ? now - latency->time : 0;
	time_print(since, latency->time);
	return json_pack("{s:f, s:s, s:s?, s:o}", "rtt_ms", latency->rtt_us / 1000.0,
	                 "source", source_of(latency), "measured", known ? since : NULL,
	                 "age", known ? json_integer(age) : json_null());
}

const char *map_latency_print(const json_t *latency, char text[MAP_LATENCY_TEXT])
{
	const char *since = json_text(latency, "measured");
	char age[STEER_TIME_TEXT];
	int len = snprintf(text, MAP_LATENCY_TEXT, "%.10g ms (%s",
	                   json_number_value(json_object_get(latency, "rtt_ms")),
	                   json_text(latency, "source"));
	if (since[0] != '\0') {
		steer_time_print(1000 * json_number(latency, "age"), age);
		len += snprintf(text + len, MAP_LATENCY_TEXT - len, ", measured %s, %s ago", since, age);
	}
	snprintf(text + len, MAP_LATENCY_TEXT - len, ")");
	return text;
}

static int add_latencies(json_t *json, const map_match_t *match)
{
	const steer_map_latencies_t found = steer_map_latencies(match->map, match->match.class);
	steer_map_latency_t sorted[STEER_LATENCY_ROWS_MAX];
	json_t *regions = json_array();
	int ret = GO_ON;
	for (uint32_t i = 0; i < found.count; i++) {
		sorted[i] = steer_map_latency_at(&found, i);
	}
	qsort(sorted, found.count, sizeof(*sorted), compare_latencies);
	for (uint32_t i = 0; i < found.count && ret == GO_ON; i++) {
		char region[MAP_NAME_TEXT];
		ret = map_view_name(match->view, STEER_DICTIONARY_REGION, sorted[i].region, region);
		if (ret == GO_ON) {
			json_t *row = map_latency_json(&sorted[i], match->now);
			json_object_set_new(row, "region", json_string(region));
			json_array_append_new(regions, row);
		}
	}
	json_object_set_new(json, "regions", regions);
	return ret;
}

int map_match_add(json_t *json, const map_match_t *match)
{
	static int (*const add[STEER_MAP_TYPES_COUNT])(json_t *json, const map_match_t *match) = {
		[STEER_MAP_GEO] = add_place,
		[STEER_MAP_LATENCY] = add_latencies,
		[STEER_MAP_CIDR] = add_blocks,
		[STEER_MAP_ASN] = add_asn,
	};
	json_object_set_new(json, "network", around(match, match->match.scope));
	json_object_set_new(json, "scope", json_integer(match->match.scope));
	return add[match->map->networks.type](json, match);
}
