/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/what_if.h"

#include <stdio.h>
#include <string.h>

#include "core/regions.h"
#include "core/utf8.h"
#include "ctl/map_match.h"
#include "ctl/options.h"
#include "formats/place_text.h"
#include "store/dictionary.h"

int what_if_parse(what_if_t *what_if, const run_t *run)
{
	steer_geo_t *place = &what_if->place.geo;
	if (what_if->at != NULL && !steer_geo_within_country_parse(what_if->at, place) &&
	    (!steer_geo_parse(what_if->at, place) || *place == STEER_GEO_UNKNOWN)) {
		return options_wrong(run, "'%s' is not a place; allowed: COUNTRY[/SUBDIVISION] such as US "
		                     "or US/NY, continent:CODE such as continent:EU", what_if->at);
	}
	return GO_ON;
}

/*! Finds where a region is: as maps say, or schema/regions.csv. \return false: it is not known */
static bool find_region(const store_lookup_t *opened, const char *name, steer_coordinates_t *point)
{
	const size_t len = strnlen(name, STEER_DICTIONARY_NAME_MAX);
	const steer_dictionary_name_t text = { STEER_DICTIONARY_REGION, len, name };
	const steer_maps_t *maps = opened->lookup.maps;
	const steer_region_t *known = steer_region_find(name, strlen(name));
	uint32_t number;
	if (steer_dictionary_find(opened->health.view.reader, &text, &number) == STEER_OK &&
	    maps->region(maps->ctx, number, point)) {
		return true;
	}
	if (known != NULL) { // No record set has named it so far.
		*point = known->place;
	}
	return known != NULL;
}

int what_if_begin(what_if_t *what_if, store_lookup_t *opened)
{
	steer_map_place_t *place = &what_if->place;
	if (!what_if_is_given(what_if)) {
		return GO_ON;
	}
	what_if->maps = *opened->lookup.maps;
	what_if->maps.place = place;
	if (what_if->region_of != NULL) {
		char shown[STEER_SHOWN];
		if (!find_region(opened, what_if->region_of, &place->point)) {
			fprintf(stderr, "%s: nobody knows where this region is; allowed: those of the map "
			        "regions, and AWS's, such as eu-central-1\n",
			        steer_shown(shown, what_if->region_of, strlen(what_if->region_of)));
			return EXIT_REFUSED;
		}
		place->has_point = true;
		what_if->maps.latency = NULL; // It tells latencies from where the client really is.
	}
	opened->lookup.maps = &what_if->maps;
	return GO_ON;
}

json_t *what_if_json(const what_if_t *what_if)
{
	json_t *place = map_place_json(&what_if->place);
	if (what_if->region_of != NULL) {
		json_object_set_new(place, "coordinates_of", json_string("region"));
	}
	return json_pack("{s:s?, s:s?, s:o}", "at", what_if->at, "region_of", what_if->region_of,
	                 "place", place);
}
