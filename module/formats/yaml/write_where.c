/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where record sets and their clients are: what formats/yaml/where.c reads.
 */
#include <string.h>

#include "core/attributes.h"
#include "core/program.h"
#include "core/recordset.h"
#include "formats/place_text.h"
#include "formats/yaml/write.h"
#include "formats/yaml/writer.h"

#define ANY "default"

/*! A record set, and the names of its numbers. */
typedef struct {
	const steer_names_t *names;
	const steer_set_t *set;
} where_t;

static void put_place(steer_yaml_map_t *map, const void *ctx)
{
	const steer_geo_t geo = ((const where_t *)ctx)->set->geo;
	char code[STEER_GEO_CODE_TEXT];
	if (steer_geo_country_print(geo, code)[0] == '\0') {
		steer_yaml_map_text(map, "continent", steer_geo_continent_print(geo, code));
		return;
	}
	steer_yaml_map_text(map, "country", code);
	if (steer_geo_subdivision_print(geo, code)[0] != '\0') {
		steer_yaml_map_text(map, "subdivision", code);
	}
}

static void put_point(steer_yaml_list_t *list, const void *ctx)
{
	const steer_coordinates_t point = ((const where_t *)ctx)->set->point;
	char degrees[STEER_DECIMAL_TEXT];
	steer_yaml_list_plain(list, steer_decimal_print(point.lat, 2, degrees));
	steer_yaml_list_plain(list, steer_decimal_print(point.lon, 2, degrees));
}

static void put_location(steer_yaml_map_t *map, const void *ctx)
{
	const where_t *where = ctx;
	char name[STEER_DICTIONARY_NAME_MAX + 1];
	char *location = name, *slash;
	steer_names_print(where->names, where->set->location, name);
	slash = strchr(name, '/');
	if (slash != NULL) { // Else it has no name in the store, as both will show.
		*slash = '\0';
		location = slash + 1;
	}
	steer_yaml_map_text(map, "collection", name);
	steer_yaml_map_text(map, "location", location);
}

static void put_asns(steer_yaml_list_t *list, const void *ctx)
{
	const steer_set_t *set = ((const where_t *)ctx)->set;
	uint8_t len = 0;
	const uint8_t *asns = steer_attribute_find(set->attrs, set->attrs_len, STEER_ATTR_ASNS, &len);
	for (unsigned i = 0; i < len / sizeof(uint32_t) && !steer_yaml_is_full(list->sink); i++) {
		char number[16];
		snprintf(number, sizeof(number), "%u", steer_attribute_asn(asns, i));
		steer_yaml_list_plain(list, number);
	}
}

static void put_bias(steer_yaml_map_t *map, int8_t bias)
{
	char percent[8];
	snprintf(percent, sizeof(percent), "%d", bias);
	steer_yaml_map_plain(map, "bias", percent);
}

/*! Puts a mapping that says where clients are, or that they are anywhere. */
static void put_clients(steer_yaml_map_t *map, const char *key, bool any, steer_yaml_body_f body,
                        const where_t *where)
{
	if (any) {
		steer_yaml_map_text(map, key, ANY);
	} else {
		steer_yaml_map_entry(map, key, body, where);
	}
}

void steer_yaml_put_where(steer_yaml_map_t *map, const steer_names_t *names, const steer_set_t *set,
                          uint16_t reads)
{
	const where_t where = { names, set };
	char region[STEER_DICTIONARY_NAME_MAX + 1];
	uint8_t len;
	if (set->region != 0) {
		steer_yaml_map_text(map, "region", steer_names_print(where.names, set->region, region));
	}
	if (reads & STEER_KEEP_GEO) {
		put_clients(map, "geo", set->geo == STEER_GEO_UNKNOWN, put_place, &where);
	}
	if (set->has_point) {
		steer_yaml_map_list(map, "coordinates", false, put_point, &where);
	}
	if (set->bias != 0) {
		put_bias(map, set->bias);
	}
	if (reads & STEER_KEEP_LOCATION) {
		put_clients(map, "cidr", set->location == 0, put_location, &where);
	}
	if (reads & STEER_KEEP_ASNS) {
		if (steer_attribute_find(set->attrs, set->attrs_len, STEER_ATTR_ASNS, &len) == NULL) {
			steer_yaml_map_text(map, "asn", ANY);
		} else {
			steer_yaml_map_list(map, "asn", false, put_asns, &where);
		}
	}
}

void steer_yaml_write_where(steer_yaml_sink_t *sink, const steer_names_t *names,
                            const steer_group_t *group, const steer_set_t *set)
{
	steer_yaml_map_t map = { .sink = sink, .flow = true, .begun = true };
	steer_yaml_put_where(&map, names, set, steer_program_reads(group->program, group->program_len));
}
