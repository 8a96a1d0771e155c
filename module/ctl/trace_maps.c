/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/trace_maps.h"

#include <string.h>

#include "core/client.h"
#include "ctl/map_match.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "formats/place_text.h"
#include "store/dictionary.h"

static const steer_reader_t *records_of(const trace_maps_t *trace)
{
	return trace->opened->health.view.reader;
}

/* Lookups. */

/*! The maps as the lookup of the store has them, perhaps with a client that is elsewhere. */
static const steer_maps_t *maps_of(const trace_maps_t *trace)
{
	return trace->opened->lookup.maps;
}

static const steer_map_t *take_collection(void *ctx, uint32_t collection)
{
	trace_maps_t *trace = ctx;
	trace->collection = collection;
	return maps_of(trace)->collection(maps_of(trace)->ctx, collection);
}

static bool find_region(void *ctx, uint32_t region, steer_coordinates_t *point)
{
	const steer_maps_t *maps = maps_of(ctx);
	return maps->region(maps->ctx, region, point);
}

/*! Whether there is a map of this name that is damaged. */
static bool is_damaged(const trace_maps_t *trace, const char *name)
{
	const steer_open_map_t *map = steer_map_set_find(trace->opened->map_set, name);
	return map != NULL && map->damaged;
}

static bool is_known(const trace_maps_t *trace, const char *name, const char *type)
{
	size_t i;
	json_t *lookup;
	json_array_foreach(trace->lookups, i, lookup) {
		if (strcmp(json_text(lookup, "map"), name) == 0 &&
		    strcmp(json_text(lookup, "type"), type) == 0) {
			return true;
		}
	}
	return false;
}

static json_t *lookup_json(trace_maps_t *trace, const char *name, steer_map_type_t type,
                           const steer_map_t *map, const steer_network_match_t *found)
{
	if (map == NULL) {
		return json_pack("{s:s, s:s, s:b}", "map", name, "type", steer_map_type_name(type),
		                 is_damaged(trace, name) ? "damaged" : "missing", true);
	}
	const map_match_t match = {
		.view = &trace->opened->health.view, .map = map, .client = &trace->client,
		.match = *found, .now = trace->opened->health.now.wall,
	};
	json_t *lookup = map_origin_json(name, map);
	trace->status = map_match_add(lookup, &match);
	if (type == STEER_MAP_GEO && maps_of(trace)->place != NULL) {
		json_object_del(lookup, "place"); // Only its network counts.
	}
	return lookup;
}

/*! Whether a lookup counts for nothing: there is no question, or the client is elsewhere. */
static bool is_idle(const trace_maps_t *trace, steer_map_type_t type, const steer_map_t *map)
{
	switch (type) {
	case STEER_MAP_CIDR:
		return trace->collection == 0;
	case STEER_MAP_GEO:
		return maps_of(trace)->place != NULL && (map == NULL || trace->client.family == 0);
	case STEER_MAP_LATENCY:
		return map == NULL && trace->opened->map_set->maps.latency != NULL;
	default:
		return false;
	}
}

static void take_lookup(void *ctx, steer_map_type_t type, const steer_map_t *map,
                        const steer_network_match_t *match)
{
	trace_maps_t *trace = ctx;
	char text[STEER_DICTIONARY_NAME_MAX + 1];
	const steer_names_t names = steer_dictionary_names(records_of(trace));
	const char *type_name = steer_map_type_name(type);
	const char *name = type == STEER_MAP_CIDR ? steer_names_print(&names, trace->collection, text)
	                                          : type_name;
	if (type == STEER_MAP_LATENCY && map != NULL) {
		trace->latencies = steer_map_latencies(map, match->class);
	}
	if (trace->status == GO_ON && !is_idle(trace, type, map) && !is_known(trace, name, type_name)) {
		json_array_append_new(trace->lookups, lookup_json(trace, name, type, map, match));
	}
	trace->collection = 0;
}

int trace_maps_begin(trace_maps_t *trace, const store_lookup_t *opened,
                     const steer_question_t *question)
{
	bool subnet;
	uint8_t block;
	*trace = (trace_maps_t) {
		.opened = opened, .client = steer_client_of(question, &subnet, &block),
		.maps = *opened->lookup.maps, .lookups = json_array(), .status = GO_ON,
	};
	trace->maps.collection = take_collection;
	trace->maps.region = find_region;
	trace->maps.looked_up = take_lookup;
	trace->maps.ctx = trace;
	return trace->lookups != NULL ? STEER_OK : STEER_ENOMEM;
}

void trace_maps_end(trace_maps_t *trace)
{
	json_decref(trace->lookups);
}

/* Candidates. */

static void add_latency(const trace_maps_t *trace, const steer_set_t *set, json_t *candidate)
{
	steer_map_latency_t latency;
	if (steer_map_latency_find(&trace->latencies, set->region, &latency)) {
		json_t *row = map_latency_json(&latency, trace->opened->health.now.wall);
		json_object_update(candidate, row);
		json_decref(row);
	}
}

static void add_measure(const steer_verdict_t *verdict, json_t *candidate)
{
	if (verdict->measured == STEER_MEASURE_LATENCY) {
		json_object_set_new(candidate, "rtt_ms", json_real(verdict->measure / 1000.0));
	} else if (verdict->measured == STEER_MEASURE_DISTANCE) {
		json_object_set_new(candidate, "distance_km", json_real(verdict->distance / 1000.0));
		if (verdict->measure != verdict->distance) {
			json_object_set_new(candidate, "biased_km", json_real(verdict->measure / 1000.0));
		}
	}
}

void trace_maps_candidate(const trace_maps_t *trace, const steer_step_t *step,
                          const steer_verdict_t *verdict, const steer_set_t *set,
                          json_t *candidate)
{
	uint8_t program[STEER_STEP_HEAD + 2];
	const steer_names_t names = steer_dictionary_names(records_of(trace));
	const uint16_t attributes = steer_program_reads(program, steer_step_write(program, step));
	record_set_where_json(candidate, &names, attributes, set);
	switch (step->number) {
	case STEER_STEP_LATENCY:
		add_latency(trace, set, candidate);
		add_measure(verdict, candidate);
		break;
	case STEER_STEP_NEAREST:
	case STEER_STEP_WITHIN:
		add_measure(verdict, candidate);
		break;
	default:
		break;
	}
}
