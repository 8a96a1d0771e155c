/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief map lookup: what a map says of a client, or of a region.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/map_match.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/network_text.h"
#include "store/dictionary.h"
#include "store/status.h"

typedef struct {
	const run_t *run;
	const map_view_t *view;
	steer_map_t map;
	json_t *json; /*!< What is told. */
} lookup_t;

/* A client. */

static void print_code(const json_t *place, const char *key, const char *meaning)
{
	char behind[64] = "";
	if (meaning[0] != '\0') {
		snprintf(behind, sizeof(behind), " (%s)", meaning);
	}
	if (json_text(place, key)[0] != '\0') {
		print_field(key, json_text(place, key), behind);
	}
}

static void print_place(const json_t *place)
{
	char text[MAP_POINT_TEXT];
	const char *of = json_text(place, "coordinates_of");
	print_code(place, "continent", "");
	print_code(place, "country", json_text(place, "country_name"));
	print_code(place, "subdivision", "");
	if (of[0] != '\0') {
		print_field("coordinates", map_point_print(json_object_get(place, "coordinates"), text),
		            strcmp(of, "country") == 0 ? " (the middle of the country)" : "");
	}
	if (json_is_true(json_object_get(place, "anycast"))) {
		print_field("anycast", "yes", " (it is in many places)");
	}
}

static void print_number(const char *name, json_int_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, number);
	print_field(name, text, "");
}

static void print_blocks(const json_t *blocks)
{
	size_t i;
	json_t *block;
	json_array_foreach(blocks, i, block) {
		char behind[STEER_NETWORK_TEXT + 8];
		snprintf(behind, sizeof(behind), " (%s)", json_text(block, "network"));
		print_field("location", json_text(block, "location"), behind);
	}
}

static void print_latencies(const json_t *regions)
{
	size_t i;
	json_t *row;
	json_array_foreach(regions, i, row) {
		char latency[MAP_LATENCY_TEXT], behind[MAP_LATENCY_TEXT + 1];
		snprintf(behind, sizeof(behind), " %s", map_latency_print(row, latency));
		print_field("region", json_text(row, "region"), behind);
	}
}

/*! Prints what the map says, or that it says nothing. */
static void print_says(const json_t *json)
{
	const json_t *place = json_object_get(json, "place"), *asn = json_object_get(json, "asn");
	const json_t *blocks = json_object_get(json, "blocks");
	const json_t *regions = json_object_get(json, "regions");
	if (json_is_object(place)) {
		print_place(place);
	} else if (json_is_integer(asn)) {
		print_number("asn", json_integer_value(asn));
	} else if (json_array_size(blocks) > 0) {
		print_blocks(blocks);
	} else if (json_array_size(regions) > 0) {
		print_latencies(regions);
	} else {
		print_field(place != NULL ? "place" : asn != NULL ? "asn"
		            : blocks != NULL ? "location" : "region", "none", "");
	}
}

static int look_up_client(lookup_t *lookup, const char *text)
{
	steer_client_t client;
	steer_now_t now;
	if (steer_network_parse(text, strlen(text), &client) == STEER_EINVAL) {
		return options_wrong(lookup->run, "'%s' is not an address; allowed: one such as 192.0.2.1 "
		                     "or 2001:db8::1, also with /LENGTH", text);
	}
	char asked[STEER_NETWORK_TEXT];
	steer_now(&now);
	const map_match_t match = {
		.view = &lookup->view->view, .map = &lookup->map, .client = &client,
		.match = steer_network_map_find(&lookup->map.networks, &client), .now = now.wall,
	};
	json_object_set_new(lookup->json, "client", json_string(steer_network_print(&client, asked)));
	return map_match_add(lookup->json, &match);
}

/* A region. */

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
		        steer_shown(shown, name, strlen(name)), json_text(lookup->json, "map"));
		return EXIT_REFUSED;
	}
	json_object_set_new(lookup->json, "region", json_string(name));
	json_object_set_new(lookup->json, "coordinates", json_coordinates(&site.point));
	return GO_ON;
}

/* Both. */

static void print_text(const json_t *json)
{
	char behind[AUTHOR_SHOWN + 8], point[MAP_POINT_TEXT];
	snprintf(behind, sizeof(behind), " from %s", json_text(json, "file"));
	print_field("map", json_text(json, "map"), "");
	print_field("type", json_text(json, "type"), "");
	print_field("imported", json_text(json, "imported"), behind);
	if (json_object_get(json, "client") == NULL) {
		print_field("region", json_text(json, "region"), "");
		print_field("coordinates",
		            map_point_print(json_object_get(json, "coordinates"), point), "");
		return;
	}
	print_field("client", json_text(json, "client"), "");
	print_field("network", json_text(json, "network"), "");
	print_number("scope", json_number(json, "scope"));
	print_says(json);
}

static int look_up(lookup_t *lookup, const char *name, const char *what)
{
	int ret = map_view_need(lookup->view, name, &lookup->map);
	if (ret != GO_ON) {
		return ret;
	}
	lookup->json = map_origin_json(name, &lookup->map);
	if (lookup->json == NULL) {
		return print_no_memory();
	}
	ret = lookup->map.networks.type == STEER_MAP_REGIONS ? look_up_region(lookup, what)
	                                                     : look_up_client(lookup, what);
	if (ret == GO_ON && lookup->run->json) {
		return print_json(lookup->json);
	}
	if (ret == GO_ON) {
		print_text(lookup->json);
		ret = EXIT_DONE;
	}
	json_decref(lookup->json);
	return ret;
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
	lookup_t lookup = { .run = run, .view = &view };
	ret = look_up(&lookup, argv[0], argv[1]);
	map_view_close(&view);
	return ret;
}
