/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief map lookup: what a map says of a client, or of a region.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/map.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/decimal.h"
#include "formats/network_text.h"
#include "formats/time.h"
#include "store/dictionary.h"
#include "store/status.h"

typedef struct {
	const run_t *run;
	const map_view_t *view;
	const char *name;             /*!< Of the map. */
	steer_map_t map;
	steer_client_t client;
	steer_network_match_t match;
	uint64_t now;                 /*!< Unix time. */
	json_t *json;                 /*!< NULL: what is found is printed as text. */
} lookup_t;

/*! A value in JSON, or null. */
static json_t *text_or_null(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

/*! Prints the network of so many bits around the client, or at its begin. */
static const char *print_around(const lookup_t *lookup, uint8_t length,
                                char text[STEER_NETWORK_TEXT])
{
	steer_network_t network = lookup->client;
	network.length = length;
	steer_network_clear_rest(&network);
	return steer_network_print(&network, text);
}

static void print_number_field(const char *name, uint64_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, number);
	print_field(name, text, "");
}

/* Places. */

static void print_point(const steer_coordinates_t *point, const char *behind)
{
	char lat[STEER_DECIMAL_TEXT], lon[STEER_DECIMAL_TEXT], text[2 * STEER_DECIMAL_TEXT + 2];
	snprintf(text, sizeof(text), "%s, %s", steer_decimal_print(point->lat, 2, lat),
	         steer_decimal_print(point->lon, 2, lon));
	print_field("coordinates", text, behind);
}

static json_t *point_json(const steer_coordinates_t *point)
{
	return json_pack("[f, f]", point->lat / 100.0, point->lon / 100.0);
}

static void print_place(const steer_map_place_t *place, const steer_country_t *country)
{
	char continent[STEER_GEO_CODE_TEXT], code[STEER_GEO_CODE_TEXT];
	char subdivision[STEER_GEO_CODE_TEXT], name[64] = "";
	if (steer_geo_continent_print(place->geo, continent)[0] != '\0') {
		print_field("continent", continent, "");
	}
	if (country != NULL) {
		snprintf(name, sizeof(name), " (%s)", country->name);
	}
	if (steer_geo_country_print(place->geo, code)[0] != '\0') {
		print_field("country", code, name);
	}
	if (steer_geo_subdivision_print(place->geo, subdivision)[0] != '\0') {
		print_field("subdivision", subdivision, "");
	}
	if (place->has_point) {
		print_point(&place->point, "");
	} else if (country != NULL) {
		print_point(&country->middle, " (the middle of the country)");
	}
	if (place->anycast) {
		print_field("anycast", "yes", " (it is in many places)");
	}
}

static json_t *place_json(const steer_map_place_t *place, const steer_country_t *country)
{
	char continent[STEER_GEO_CODE_TEXT], code[STEER_GEO_CODE_TEXT];
	char subdivision[STEER_GEO_CODE_TEXT];
	const steer_coordinates_t *point = place->has_point ? &place->point
	                                   : country != NULL ? &country->middle : NULL;
	return json_pack("{s:o, s:o, s:o, s:o, s:s?, s:b}",
	                 "continent", text_or_null(steer_geo_continent_print(place->geo, continent)),
	                 "country", text_or_null(steer_geo_country_print(place->geo, code)),
	                 "subdivision",
	                 text_or_null(steer_geo_subdivision_print(place->geo, subdivision)),
	                 "coordinates", point != NULL ? point_json(point) : json_null(),
	                 "coordinates_of", place->has_point ? "network"
	                                   : point != NULL ? "country" : NULL,
	                 "anycast", (int)place->anycast);
}

static int tell_place(lookup_t *lookup)
{
	const steer_map_place_t place = steer_map_place(&lookup->map, lookup->match.class);
	const steer_country_t *country = steer_country_of(place.geo);
	if (lookup->json != NULL) {
		json_object_set_new(lookup->json, "place", lookup->match.class == 0
		                    ? json_null() : place_json(&place, country));
	} else if (lookup->match.class == 0) {
		print_field("place", "none", "");
	} else {
		print_place(&place, country);
	}
	return GO_ON;
}

/* Autonomous systems. */

static int tell_asn(lookup_t *lookup)
{
	const uint32_t asn = steer_map_asn(&lookup->map, lookup->match.class);
	if (lookup->json != NULL) {
		json_object_set_new(lookup->json, "asn", asn != 0 ? json_integer(asn) : json_null());
	} else if (asn == 0) {
		print_field("asn", "none", "");
	} else {
		print_number_field("asn", asn);
	}
	return GO_ON;
}

/* Blocks. */

static void tell_block(lookup_t *lookup, const char *location, uint8_t length)
{
	char text[STEER_NETWORK_TEXT], behind[STEER_NETWORK_TEXT + 8];
	print_around(lookup, length, text);
	if (lookup->json != NULL) {
		json_array_append_new(json_object_get(lookup->json, "blocks"),
		                      json_pack("{s:s, s:s}", "network", text, "location", location));
	} else {
		snprintf(behind, sizeof(behind), " (%s)", text);
		print_field("location", location, behind);
	}
}

static int tell_blocks(lookup_t *lookup)
{
	const steer_network_map_t *networks = &lookup->map.networks;
	uint32_t class = lookup->match.class;
	steer_network_block_t block;
	unsigned count = 0;
	int ret = GO_ON;
	if (lookup->json != NULL) {
		json_object_set_new(lookup->json, "blocks", json_array());
	}
	while (ret == GO_ON &&
	       steer_network_blocks_next(networks, &class, &lookup->client, &block)) {
		char location[MAP_NAME_TEXT];
		ret = map_view_name(lookup->view, STEER_DICTIONARY_LOCATION, block.location, location);
		if (ret == GO_ON) {
			tell_block(lookup, location, block.length);
			count++;
		}
	}
	if (lookup->json == NULL && ret == GO_ON && count == 0) {
		print_field("location", "none", "");
	}
	return ret;
}

/* Latencies. */

static int compare_latencies(const void *a, const void *b)
{
	const steer_map_latency_t *x = a, *y = b;
	return (x->rtt_us > y->rtt_us) - (x->rtt_us < y->rtt_us);
}

/*! Seconds since it was measured. */
static uint64_t age_of(const lookup_t *lookup, const steer_map_latency_t *latency)
{
	return lookup->now > latency->time ? lookup->now - latency->time : 0;
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

static void print_latency(const lookup_t *lookup, const char *region,
                          const steer_map_latency_t *latency)
{
	char rtt[STEER_DECIMAL_TEXT], since[TIME_TEXT], age[STEER_TIME_TEXT];
	char behind[STEER_DECIMAL_TEXT + TIME_TEXT + STEER_TIME_TEXT + 48];
	int len = snprintf(behind, sizeof(behind), " %s ms (%s",
	                   steer_decimal_print(latency->rtt_us, 3, rtt), source_of(latency));
	if (latency->time > 0) {
		time_print(since, latency->time);
		steer_time_print(1000 * age_of(lookup, latency), age);
		len += snprintf(behind + len, sizeof(behind) - len, ", measured %s, %s ago", since, age);
	}
	snprintf(behind + len, sizeof(behind) - len, ")");
	print_field("region", region, behind);
}

static json_t *latency_json(const lookup_t *lookup, const char *region,
                            const steer_map_latency_t *latency)
{
	char since[TIME_TEXT];
	const bool known = latency->time > 0;
	time_print(since, latency->time);
	return json_pack("{s:s, s:f, s:s, s:s?, s:o}", "region", region,
	                 "rtt_ms", latency->rtt_us / 1000.0, "source", source_of(latency),
	                 "measured", known ? since : NULL,
	                 "age", known ? json_integer(age_of(lookup, latency)) : json_null());
}

static int tell_latencies(lookup_t *lookup)
{
	const steer_map_latencies_t found = steer_map_latencies(&lookup->map, lookup->match.class);
	steer_map_latency_t sorted[STEER_LATENCY_ROWS_MAX];
	json_t *regions = json_array();
	int ret = GO_ON;
	for (uint32_t i = 0; i < found.count; i++) {
		sorted[i] = steer_map_latency_at(&found, i);
	}
	qsort(sorted, found.count, sizeof(*sorted), compare_latencies);
	for (uint32_t i = 0; i < found.count && ret == GO_ON; i++) {
		char region[MAP_NAME_TEXT];
		ret = map_view_name(lookup->view, STEER_DICTIONARY_REGION, sorted[i].region, region);
		if (ret == GO_ON && lookup->json != NULL) {
			json_array_append_new(regions, latency_json(lookup, region, &sorted[i]));
		} else if (ret == GO_ON) {
			print_latency(lookup, region, &sorted[i]);
		}
	}
	if (lookup->json != NULL) {
		json_object_set(lookup->json, "regions", regions);
	} else if (found.count == 0) {
		print_field("region", "none", "");
	}
	json_decref(regions);
	return ret;
}

/* The map and the client. */

static void tell_origin(lookup_t *lookup)
{
	char imported[TIME_TEXT], file[AUTHOR_SHOWN], behind[AUTHOR_SHOWN + 8];
	const steer_map_origin_t *origin = &lookup->map.origin;
	const char *type = steer_map_type_name(lookup->map.networks.type);
	time_print(imported, origin->imported);
	author_show(file, origin->file, origin->file_len);
	if (lookup->json != NULL) {
		json_object_set_new(lookup->json, "map", json_string(lookup->name));
		json_object_set_new(lookup->json, "type", json_string(type));
		json_object_set_new(lookup->json, "imported", json_string(imported));
		json_object_set_new(lookup->json, "file", json_string(file));
		return;
	}
	snprintf(behind, sizeof(behind), " from %s", file);
	print_field("map", lookup->name, "");
	print_field("type", type, "");
	print_field("imported", imported, behind);
}

/*! Tells the client, and the largest network around it on which the map says the same. */
static void tell_match(lookup_t *lookup)
{
	char asked[STEER_NETWORK_TEXT], same[STEER_NETWORK_TEXT];
	steer_network_print(&lookup->client, asked);
	print_around(lookup, lookup->match.scope, same);
	if (lookup->json != NULL) {
		json_object_set_new(lookup->json, "client", json_string(asked));
		json_object_set_new(lookup->json, "network", json_string(same));
		json_object_set_new(lookup->json, "scope", json_integer(lookup->match.scope));
		return;
	}
	print_field("client", asked, "");
	print_field("network", same, "");
	print_number_field("scope", lookup->match.scope);
}

static int look_up_client(lookup_t *lookup, const char *text)
{
	static int (*const tell[STEER_MAP_TYPES_COUNT])(lookup_t *) = {
		[STEER_MAP_GEO] = tell_place,
		[STEER_MAP_LATENCY] = tell_latencies,
		[STEER_MAP_CIDR] = tell_blocks,
		[STEER_MAP_ASN] = tell_asn,
	};
	if (steer_network_parse(text, strlen(text), &lookup->client) == STEER_EINVAL) {
		return options_wrong(lookup->run, "'%s' is not an address; allowed: one such as 192.0.2.1 "
		                     "or 2001:db8::1, also with /LENGTH", text);
	}
	lookup->match = steer_network_map_find(&lookup->map.networks, &lookup->client);
	tell_origin(lookup);
	tell_match(lookup);
	return tell[lookup->map.networks.type](lookup);
}

/*! Finds a region of a map by its name. \return Whether it is there */
static bool find_site(const lookup_t *lookup, const char *name, steer_map_site_t *site)
{
	const steer_dictionary_name_t region = {
		STEER_DICTIONARY_REGION, strnlen(name, STEER_DICTIONARY_NAME_MAX), name,
	};
	uint32_t number;
	return steer_dictionary_find(lookup->view->view.reader, &region, &number) == STEER_OK &&
	       steer_map_site_find(&lookup->map, number, site);
}

static int look_up_region(lookup_t *lookup, const char *name)
{
	steer_map_site_t site;
	const bool found = find_site(lookup, name, &site);
	char shown[STEER_SHOWN];
	if (!found) {
		fprintf(stderr, "%s: no such region in the map %s; steerctl map export shows them\n",
		        steer_shown(shown, name, strlen(name)), lookup->name);
		return EXIT_REFUSED;
	}
	tell_origin(lookup);
	if (lookup->json != NULL) {
		json_object_set_new(lookup->json, "region", json_string(name));
		json_object_set_new(lookup->json, "coordinates", point_json(&site.point));
	} else {
		print_field("region", name, "");
		print_point(&site.point, "");
	}
	return GO_ON;
}

static int look_up(lookup_t *lookup, const char *what)
{
	steer_now_t now;
	int ret = map_view_need(lookup->view, lookup->name, &lookup->map);
	if (ret != GO_ON) {
		return ret;
	}
	steer_now(&now);
	lookup->now = now.wall;
	lookup->json = lookup->run->json ? json_object() : NULL;
	if (lookup->run->json && lookup->json == NULL) {
		return print_no_memory();
	}
	ret = lookup->map.networks.type == STEER_MAP_REGIONS ? look_up_region(lookup, what)
	                                                     : look_up_client(lookup, what);
	if (ret == GO_ON && lookup->json != NULL) {
		return print_json(lookup->json);
	}
	json_decref(lookup->json);
	return ret == GO_ON ? EXIT_DONE : ret;
}

int map_lookup(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	map_view_t view;
	int ret = options_parse(run, &argc, &argv, options, 2, 2);
	if (ret == GO_ON) {
		ret = map_view_open(&view, run, STEER_STORE_READ);
	}
	if (ret != GO_ON) {
		return ret;
	}
	lookup_t lookup = { .run = run, .view = &view, .name = argv[0] };
	ret = look_up(&lookup, argv[1]);
	map_view_close(&view);
	return ret;
}
