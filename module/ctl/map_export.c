/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief map export: a map as CSV, of which an import makes the same map.
 *
 * A map keeps ranges of addresses, not the networks that it was made of; they are printed as the
 * fewest networks that are not nested. Only blocks, of a map of locations, are what they were.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/map.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/decimal.h"
#include "formats/memory_stream.h"
#include "formats/network_text.h"

typedef struct {
	const map_view_t *view;
	const steer_map_t *map;
	FILE *out;
} exporter_t;

/*! Prints a network and its class, not 0. \return GO_ON, or the exit status after a message */
typedef int (*print_class_f)(exporter_t *exporter, const steer_network_t *network, uint32_t class);

static void print_network(const exporter_t *exporter, const steer_network_t *network)
{
	char text[STEER_NETWORK_TEXT];
	fputs(steer_network_print(network, text), exporter->out);
}

static void print_point(const exporter_t *exporter, const steer_coordinates_t *point)
{
	char lat[STEER_DECIMAL_TEXT], lon[STEER_DECIMAL_TEXT];
	fprintf(exporter->out, ",%s,%s", steer_decimal_print(point->lat, 2, lat),
	        steer_decimal_print(point->lon, 2, lon));
}

static int print_place(exporter_t *exporter, const steer_network_t *network, uint32_t class)
{
	char continent[STEER_GEO_CODE_TEXT], country[STEER_GEO_CODE_TEXT];
	char subdivision[STEER_GEO_CODE_TEXT];
	const steer_map_place_t place = steer_map_place(exporter->map, class);
	print_network(exporter, network);
	fprintf(exporter->out, ",%s,%s,%s", steer_geo_continent_print(place.geo, continent),
	        steer_geo_country_print(place.geo, country),
	        steer_geo_subdivision_print(place.geo, subdivision));
	if (place.has_point) {
		print_point(exporter, &place.point);
	} else {
		fputs(",,", exporter->out);
	}
	fputs(place.anycast ? ",1\n" : ",\n", exporter->out);
	return GO_ON;
}

static int print_asn(exporter_t *exporter, const steer_network_t *network, uint32_t class)
{
	print_network(exporter, network);
	fprintf(exporter->out, ",%" PRIu32 "\n", steer_map_asn(exporter->map, class));
	return GO_ON;
}

static int print_latencies(exporter_t *exporter, const steer_network_t *network, uint32_t class)
{
	const steer_map_latencies_t latencies = steer_map_latencies(exporter->map, class);
	int ret = GO_ON;
	for (uint32_t i = 0; i < latencies.count && ret == GO_ON; i++) {
		const steer_map_latency_t latency = steer_map_latency_at(&latencies, i);
		char region[MAP_NAME_TEXT], rtt[STEER_DECIMAL_TEXT], time[16] = "";
		ret = map_view_name(&exporter->view->view, STEER_DICTIONARY_REGION, latency.region, region);
		if (ret == GO_ON) {
			if (latency.time > 0) {
				snprintf(time, sizeof(time), "%" PRIu32, latency.time);
			}
			print_network(exporter, network);
			fprintf(exporter->out, ",%s,%s,%s\n", region,
			        steer_decimal_print(latency.rtt_us, 3, rtt), time);
		}
	}
	return ret;
}

static int print_block(void *ctx, const steer_network_t *block, const char *location)
{
	const exporter_t *exporter = ctx;
	print_network(exporter, block);
	fprintf(exporter->out, ",%s\n", location);
	return GO_ON;
}

static const struct {
	const char *header;
	print_class_f print; /*!< NULL: the map has no classes of networks. */
} forms[STEER_MAP_TYPES_COUNT] = {
	[STEER_MAP_GEO] = { "prefix,continent,country,subdivision,lat,lon,anycast", print_place },
	[STEER_MAP_LATENCY] = { "prefix,region,rtt_ms,time", print_latencies },
	[STEER_MAP_CIDR] = { "prefix,location", NULL },
	[STEER_MAP_REGIONS] = { "region,lat,lon", NULL },
	[STEER_MAP_ASN] = { "prefix,asn", print_asn },
};

/*! Prints the networks of a family: each is the largest one on which the map says the same. */
static int print_family(exporter_t *exporter, uint8_t family)
{
	const steer_network_map_t *networks = &exporter->map->networks;
	steer_network_walk_t walk = { .network.family = family };
	int ret = GO_ON;
	while (ret == GO_ON && steer_network_map_next(networks, &walk)) {
		if (walk.class != 0) {
			ret = forms[networks->type].print(exporter, &walk.network, walk.class);
		}
	}
	return ret;
}

static int print_regions(exporter_t *exporter)
{
	int ret = GO_ON;
	for (uint32_t i = 0; i < steer_map_sites(exporter->map) && ret == GO_ON; i++) {
		const steer_map_site_t site = steer_map_site_at(exporter->map, i);
		char region[MAP_NAME_TEXT];
		ret = map_view_name(&exporter->view->view, STEER_DICTIONARY_REGION, site.region, region);
		if (ret == GO_ON) {
			fputs(region, exporter->out);
			print_point(exporter, &site.point);
			fputc('\n', exporter->out);
		}
	}
	return ret;
}

static int print_map(exporter_t *exporter)
{
	const steer_map_type_t type = exporter->map->networks.type;
	fprintf(exporter->out, "%s\n", forms[type].header);
	if (type == STEER_MAP_REGIONS) {
		return print_regions(exporter);
	}
	if (type == STEER_MAP_CIDR) {
		return map_each_block(&exporter->view->view, exporter->map, print_block, exporter);
	}
	int ret = print_family(exporter, 4);
	return ret == GO_ON ? print_family(exporter, 6) : ret;
}

/*! Prints a JSON object with the map's name and type, and the text. */
static int print_map_json(exporter_t *exporter, const char *name)
{
	char *text = NULL;
	size_t len;
	exporter->out = open_memstream(&text, &len);
	if (exporter->out == NULL) {
		return print_no_memory();
	}
	int ret = print_map(exporter);
	if (steer_memory_stream_close(exporter->out, &text) == NULL) {
		ret = print_no_memory();
	}
	if (ret == GO_ON) {
		ret = print_json(json_pack("{s:s, s:s, s:s%}", "map", name, "type",
		                           steer_map_type_name(exporter->map->networks.type), "text", text,
		                           len));
	}
	free(text);
	return ret;
}

int map_export(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	map_view_t view;
	steer_map_t map;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret == GO_ON) {
		ret = map_view_open(&view, run, STEER_STORE_READ);
	}
	if (ret != GO_ON) {
		return ret;
	}
	ret = map_view_need(&view, argv[0], &map);
	if (ret == GO_ON) {
		exporter_t exporter = { .view = &view, .map = &map, .out = stdout };
		ret = run->json ? print_map_json(&exporter, argv[0]) : print_map(&exporter);
	}
	map_view_close(&view);
	return ret == GO_ON ? EXIT_DONE : ret;
}
