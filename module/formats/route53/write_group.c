/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/program.h"
#include "formats/place_text.h"
#include "formats/route53/escapes.h"
#include "formats/route53/losses.h"
#include "formats/route53/target_zone.h"
#include "formats/route53/value.h"
#include "formats/route53/value_text.h"
#include "formats/route53/write.h"
#include "formats/route53/writer.h"

/*! A record set that is being written. */
typedef struct {
	steer_route53_writer_t *writer;
	const steer_group_t *group;
	const steer_set_t *set;
} entry_t;

/* Policies. */

static void put_weight(const entry_t *entry)
{
	steer_route53_put_number(entry->writer, "Weight", entry->set->weight);
}

/*! Puts the name of a region, or of a location after that of its collection. */
static void put_name(const entry_t *entry, const char *key, uint32_t number)
{
	char name[STEER_DICTIONARY_NAME_MAX + 1];
	steer_names_print(&entry->writer->store.names, number, name);
	const char *slash = strchr(name, '/');
	steer_route53_put_text(entry->writer, key, slash != NULL ? slash + 1 : name);
}

static void put_region(const entry_t *entry)
{
	put_name(entry, "Region", entry->set->region);
}

static void put_failover(const entry_t *entry)
{
	steer_route53_put_text(entry->writer, "Failover",
	                       entry->set->tier == 0 ? "PRIMARY" : "SECONDARY");
}

static void put_geo(const entry_t *entry)
{
	const steer_geo_t geo = entry->set->geo;
	char code[STEER_GEO_CODE_TEXT];
	steer_route53_put_object(entry->writer, "GeoLocation");
	if (geo == STEER_GEO_UNKNOWN) {
		steer_route53_put_text(entry->writer, "CountryCode", "*");
	} else if (steer_geo_country_print(geo, code)[0] == '\0') {
		steer_route53_put_text(entry->writer, "ContinentCode",
		                       steer_geo_continent_print(geo, code));
	} else {
		steer_route53_put_text(entry->writer, "CountryCode", code);
		if (steer_geo_subdivision_print(geo, code)[0] != '\0') {
			steer_route53_put_text(entry->writer, "SubdivisionCode", code);
		}
	}
	yajl_gen_map_close(entry->writer->gen);
}

static void put_multivalue(const entry_t *entry)
{
	steer_route53_put_bool(entry->writer, "MultiValueAnswer", true);
}

/*! Puts coordinates, with the decimals that Route 53 keeps. */
static void put_point(const entry_t *entry)
{
	char degrees[STEER_DECIMAL_TEXT];
	steer_route53_put_object(entry->writer, "Coordinates");
	steer_route53_put_text(entry->writer, "Latitude",
	                       steer_decimal_print(entry->set->point.lat, 2, degrees));
	steer_route53_put_text(entry->writer, "Longitude",
	                       steer_decimal_print(entry->set->point.lon, 2, degrees));
	yajl_gen_map_close(entry->writer->gen);
}

static void put_proximity(const entry_t *entry)
{
	const steer_set_t *set = entry->set;
	char name[STEER_DICTIONARY_NAME_MAX + 1];
	steer_route53_put_object(entry->writer, "GeoProximityLocation");
	if (set->has_point) {
		put_point(entry);
	} else {
		steer_names_print(&entry->writer->store.names, set->region, name);
		put_name(entry, steer_route53_is_local_zone(name) ? "LocalZoneGroup" : "AWSRegion",
		         set->region);
	}
	if (set->bias != 0) {
		steer_route53_put_number(entry->writer, "Bias", set->bias);
	}
	yajl_gen_map_close(entry->writer->gen);
}

static void put_location(const entry_t *entry)
{
	steer_route53_put_object(entry->writer, "CidrRoutingConfig");
	put_name(entry, "CollectionId", entry->group->collection);
	if (entry->set->location == 0) {
		steer_route53_put_text(entry->writer, "LocationName", "*");
	} else {
		put_name(entry, "LocationName", entry->set->location);
	}
	yajl_gen_map_close(entry->writer->gen);
}

static void (*const policies[STEER_PRESETS])(const entry_t *entry) = {
	[STEER_PRESET_WEIGHTED] = put_weight,
	[STEER_PRESET_FAILOVER] = put_failover,
	[STEER_PRESET_MULTIVALUE] = put_multivalue,
	[STEER_PRESET_LATENCY] = put_region,
	[STEER_PRESET_GEOLOCATION] = put_geo,
	[STEER_PRESET_GEOPROXIMITY] = put_proximity,
	[STEER_PRESET_IP] = put_location,
};

/* Record sets. */

static void put_values(const entry_t *entry)
{
	const uint8_t *at = entry->set->body, *end = at + entry->set->body_len, *rdata;
	char value[STEER_ROUTE53_VALUE_MAX + 1];
	uint16_t len;
	steer_route53_put_number(entry->writer, "TTL", entry->set->ttl);
	steer_route53_put_list(entry->writer, "ResourceRecords");
	while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
		if (steer_route53_value_print(entry->writer->store.text, entry->group->type, rdata, len,
		                              value) == STEER_OK) {
			yajl_gen_map_open(entry->writer->gen);
			steer_route53_put_text(entry->writer, "Value", value);
			yajl_gen_map_close(entry->writer->gen);
		}
	}
	yajl_gen_array_close(entry->writer->gen);
}

static void put_alias(const entry_t *entry)
{
	const steer_route53_store_t *store = &entry->writer->store;
	const uint8_t *target = entry->set->body;
	uint8_t zone[STEER_NAME_MAX];
	char id[STEER_ROUTE53_ZONE_ID], name[STEER_NAME_TEXT_MAX];
	steer_route53_put_object(entry->writer, "AliasTarget");
	steer_route53_put_text(entry->writer, "HostedZoneId", store->zone(store->ctx, target, zone)
	                       ? steer_route53_zone_id(zone, id) : steer_route53_service_id(target));
	steer_route53_put_text(entry->writer, "DNSName", steer_octal_name(target, name));
	steer_route53_put_bool(entry->writer, "EvaluateTargetHealth", entry->set->evaluate);
	yajl_gen_map_close(entry->writer->gen);
}

static void put_set(steer_route53_writer_t *writer, const char *owner, const char *type,
                    steer_preset_t preset, const steer_group_t *group, unsigned i)
{
	steer_route53_member_t member;
	char health[STEER_CHECK_ID_MAX + 1];
	const entry_t entry = { writer, group, &member.set };
	steer_route53_member(group, i, &member);
	yajl_gen_map_open(writer->gen);
	steer_route53_put_text(writer, "Name", owner);
	steer_route53_put_text(writer, "Type", type);
	if (preset != STEER_PRESET_NONE) {
		steer_route53_put_text(writer, "SetIdentifier", member.id);
		policies[preset](&entry);
	}
	if (member.set.alias) {
		put_alias(&entry);
	} else {
		put_values(&entry);
	}
	if (steer_set_health(&member.set, health)) {
		steer_route53_put_text(writer, "HealthCheckId", health);
	}
	yajl_gen_map_close(writer->gen);
}

/*! By identifier, whatever their tiers. */
static int by_id(const void *a, const void *b, void *ctx)
{
	steer_set_t x, y;
	steer_group_set(ctx, *(const uint16_t *)a, &x);
	steer_group_set(ctx, *(const uint16_t *)b, &y);
	return steer_key_cmp(x.id, x.id_len, y.id, y.id_len);
}

void steer_route53_write_group(steer_route53_writer_t *writer, const uint8_t *name,
                               const steer_group_t *group)
{
	const steer_preset_t preset = steer_program_preset(group->program, group->program_len);
	char owner[STEER_NAME_TEXT_MAX], type[STEER_TYPE_TEXT];
	uint16_t order[STEER_SETS_MAX];
	steer_octal_name(name, owner);
	steer_type_text(group->type, type);
	for (unsigned i = 0; i < group->count; i++) {
		order[i] = i;
	}
	qsort_r(order, group->count, sizeof(*order), by_id, (void *)group);
	for (unsigned i = 0; i < group->count; i++) {
		put_set(writer, owner, type, preset, group, order[i]);
	}
}

int steer_route53_type_cmp(uint16_t a, uint16_t b)
{
	char x[STEER_TYPE_TEXT], y[STEER_TYPE_TEXT];
	return strcmp(steer_type_text(a, x), steer_type_text(b, y));
}
