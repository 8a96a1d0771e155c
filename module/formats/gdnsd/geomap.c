/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/geomap.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/regions.h"
#include "formats/decimal.h"
#include "formats/network_text.h"
#include "formats/place_text.h"

/*! What a list of datacenters can be. */
#define LISTS "a datacenter, or a list of them"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lists of datacenters. */

static int number_of(const steer_gdnsd_map_t *map, const char *datacenter)
{
	for (unsigned i = 0; i < map->count; i++) {
		if (strcmp(map->datacenters[i], datacenter) == 0) {
			return i;
		}
	}
	return -1;
}

/*! The name of a location: the datacenters in their order. */
static void name_list(const steer_gdnsd_map_t *map, const uint8_t *numbers, unsigned count,
                      char name[STEER_REGION_NAME_MAX + 1])
{
	size_t len = 0;
	for (unsigned i = 0; i < count; i++) {
		const char *text = map->datacenters[numbers[i]];
		for (; *text != '\0' && len < STEER_REGION_NAME_MAX; text++) {
			name[len++] = steer_region_name_is_good(text, 1) ? *text : '_';
		}
		if (i + 1 < count && len < STEER_REGION_NAME_MAX) {
			name[len++] = '-';
		}
	}
	name[len] = '\0';
	if (len == 0) {
		strcpy(name, "none");
	}
}

/*! The nearest datacenters, whichever these are. */
static steer_gdnsd_list_t nearest = { .name = "auto", .nearest = true };

static int by_numbers(const void *a, const void *b)
{
	const steer_gdnsd_list_t *x = a, *y = b;
	return x->count != y->count ? (x->count > y->count ? 1 : -1)
	                            : memcmp(x->numbers, y->numbers, x->count);
}

/*! Names a list; where names are alike, those after the first get a number. */
static void name_apart(const steer_gdnsd_map_t *map, const uint8_t *numbers, unsigned count,
                       char name[STEER_REGION_NAME_MAX + 1])
{
	char base[STEER_REGION_NAME_MAX + 1];
	const char *key = name;
	name_list(map, numbers, count, base);
	strcpy(name, base);
	for (unsigned number = 2; tfind(&key, &map->lists, by_name) != NULL; number++) {
		snprintf(name, STEER_REGION_NAME_MAX + 1, "%.*s-%u", STEER_REGION_NAME_MAX - 11, base,
		         number);
	}
}

static steer_gdnsd_list_t *find_list(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                                     const uint8_t *numbers, unsigned count)
{
	char name[STEER_REGION_NAME_MAX + 1];
	const steer_gdnsd_list_t sought = { .numbers = numbers, .count = count };
	steer_gdnsd_list_t *const *found = tfind(&sought, &map->lists_by_numbers, by_numbers);
	if (found != NULL) {
		return *found;
	}
	if (map->lists_count++ == STEER_GDNSD_LISTS) {
		steer_gdnsd_wrong(config->reading, &map->at, "%.100s: more than %d different lists of "
		                  "datacenters; allowed: fewer", map->name, STEER_GDNSD_LISTS);
		return NULL;
	}
	name_apart(map, numbers, count, name);
	steer_gdnsd_list_t *list = steer_gdnsd_get(config->reading, sizeof(*list) + count);
	char *copy = steer_gdnsd_print(config->reading, "%s", name);
	if (list == NULL || copy == NULL) {
		return NULL;
	}
	memcpy(list + 1, numbers, count);
	*list = (steer_gdnsd_list_t) {
		.name = copy, .numbers = (const uint8_t *)(list + 1), .count = count,
	};
	if (tsearch(list, &map->lists, by_name) == NULL ||
	    tsearch(list, &map->lists_by_numbers, by_numbers) == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return NULL;
	}
	return list;
}

/*! Reads a list of datacenters. \return NULL: an error, which was reported */
static steer_gdnsd_list_t *take_list(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                                     const steer_vscf_t *value)
{
	uint8_t numbers[STEER_GDNSD_DATACENTERS];
	unsigned count = 0;
	bool known = false;
	for (unsigned i = 0; i < map->count; i++) {
		known = known || map->has_point[i];
	}
	if (known && value->kind == STEER_VSCF_TEXT && strcmp(value->text, "auto") == 0) {
		return &nearest;
	}
	if (value->kind == STEER_VSCF_HASH) {
		steer_gdnsd_wrong(config->reading, &value->place, "a hash; allowed: " LISTS);
		return NULL;
	}
	for (const steer_vscf_t *item = NULL; (item = steer_vscf_next(value, item)) != NULL;) {
		const char *text = steer_gdnsd_text(config->reading, item);
		const int number = text != NULL ? number_of(map, text) : -1;
		if (number < 0 || memchr(numbers, number, count) != NULL) {
			steer_gdnsd_wrong(config->reading, &item->place, "%.100s: no datacenter of the map, or "
			                  "twice; allowed: each of its datacenters, once",
			                  text != NULL ? text : "this");
			return NULL;
		}
		numbers[count++] = number;
	}
	return find_list(config, map, numbers, count);
}

/* Areas. */

static void add_area(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                     steer_gdnsd_area_t **last, const steer_gdnsd_area_t *area)
{
	steer_gdnsd_area_t *copy = steer_gdnsd_get(config->reading, sizeof(*copy));
	if (copy == NULL || area->text == NULL || area->list == NULL) {
		return;
	}
	*copy = *area;
	copy->next = NULL;
	*(*last != NULL ? &(*last)->next : &map->areas) = copy;
	*last = copy;
}

/*! A level of places: the one in which others are. */
typedef struct {
	steer_geo_t place;
	const char *text;
	enum { IN_WORLD, IN_CONTINENT, IN_COUNTRY, IN_SUBDIVISION } level;
} level_t;

/*! Reads a key of a level. \return false: it is no place that a map here tells */
static bool take_place(const level_t *level, const char *key, steer_geo_t *place)
{
	const size_t len = strlen(key);
	char text[STEER_GEO_CODE_TEXT];
	*place = level->place;
	switch (level->level) {
	case IN_WORLD:
		return steer_geo_continent_parse(key, len, place);
	case IN_CONTINENT:
		return steer_geo_country_parse(key, len, place);
	case IN_COUNTRY: // Codes are in upper case, names of cities are not.
		return steer_geo_subdivision_parse(key, len, place) &&
		       strcmp(steer_geo_subdivision_print(*place, text), key) == 0;
	default:
		return false;
	}
}

static void take_level(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                       steer_gdnsd_area_t **last, const steer_vscf_t *hash, const level_t *level);

static void take_area(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                      steer_gdnsd_area_t **last, const steer_vscf_t *entry, const level_t *level)
{
	steer_gdnsd_reading_t *reading = config->reading;
	level_t inner = { level->place, level->text, level->level + 1 };
	if (strcmp(entry->key, "default") == 0) {
		inner.level = level->level;
	} else if (!take_place(level, entry->key, &inner.place)) {
		if (level->level < IN_COUNTRY) {
			steer_gdnsd_wrong(reading, &entry->key_at, "%.100s: not known; allowed: default, or "
			                  "the code of a %s", entry->key,
			                  level->level == IN_WORLD ? "continent" : "country");
			return;
		}
		steer_gdnsd_warn(reading, &entry->key_at, "%.100s: left out, since maps here tell no "
		                 "cities and no parts of subdivisions; its clients are answered as those around "
		                 "it",
		                 entry->key);
		return;
	} else if (level->level == IN_CONTINENT &&
	           (inner.place & STEER_GEO_CONTINENT) != level->place) {
		steer_gdnsd_warn(reading, &entry->key_at, "%.100s is on another continent here, so all its "
		                 "clients have this list", entry->key);
	}
	inner.text = strcmp(entry->key, "default") == 0
	             ? level->text
	             : steer_gdnsd_print(reading, "%s%s%s", level->text,
	                                 level->text[0] != '\0' ? "/" : "", entry->key);
	if (inner.text == NULL) {
		return;
	}
	if (entry->kind == STEER_VSCF_HASH) {
		take_level(config, map, last, entry, &inner);
		return;
	}
	const steer_gdnsd_area_t area = {
		.text = inner.text[0] != '\0' ? inner.text : "default", .place = inner.place,
		.list = take_list(config, map, entry), .at = entry->key_at,
	};
	if (inner.place == STEER_GEO_UNKNOWN) {
		map->areas->list = area.list != NULL ? area.list : map->areas->list;
		map->areas->at = area.at;
	} else {
		map->places = true;
		add_area(config, map, last, &area);
	}
}

static void take_level(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                       steer_gdnsd_area_t **last, const steer_vscf_t *hash, const level_t *level)
{
	for (const steer_vscf_t *entry = hash->first;
	     entry != NULL && config->reading->ret == STEER_OK; entry = entry->next) {
		take_area(config, map, last, entry, level);
	}
}

/* Networks. */

/*! The file that nets names. \return NULL: an error, which was reported */
static const steer_vscf_t *open_nets(steer_gdnsd_config_t *config, const steer_vscf_t *nets)
{
	steer_gdnsd_reading_t *reading = config->reading;
	steer_input_t *input = NULL;
	steer_fault_t why;
	const steer_vscf_t *root = NULL;
	const bool relative = nets->text[0] != '/';
	if (config->folder == NULL) {
		steer_gdnsd_wrong(reading, &nets->place, "nets has no folder to look in; allowed: in a "
		                  "regular file");
		return NULL;
	}
	char *path = steer_gdnsd_print(reading, "%s%s%s", relative ? config->folder : "",
	                               relative ? "geoip/" : "", nets->text);
	if (path == NULL) {
		return NULL;
	}
	char *base = realpath(config->folder[0] != '\0' ? config->folder : ".", NULL);
	int ret = config->anywhere ? steer_input_open(&input, path, &why)
	                           : steer_input_open_below(&input, path, base, &why);
	free(base);
	if (ret != STEER_OK) {
		steer_gdnsd_wrong(reading, &nets->place, "nets: %.500s", why.text);
		return NULL;
	}
	ret = steer_vscf_read(config->document, input, config->anywhere, &reading->report, &root);
	if (ret == STEER_ENOMEM) {
		reading->ret = ret;
	}
	return ret == STEER_OK && steer_gdnsd_is_hash(reading, root) ? root : NULL;
}

/*! Reads a network; one in ::/96 is one of IPv4. */
static bool take_network(steer_gdnsd_config_t *config, const steer_vscf_t *entry,
                         steer_network_t *network)
{
	static const uint8_t zero[12];
	const int ret = steer_network_parse(entry->key, strlen(entry->key), network);
	if (ret != STEER_OK || strchr(entry->key, '/') == NULL) {
		steer_gdnsd_wrong(config->reading, &entry->key_at, "%.100s: %s; allowed: such as "
		                  "192.0.2.0/24, 2001:db8::/32", entry->key,
		                  ret == STEER_EREFUSED ? "bits after its length" : "no network");
		return false;
	}
	if (network->family == 6 && network->length >= 96 &&
	    memcmp(network->address, zero, sizeof(zero)) == 0) {
		memmove(network->address, network->address + 12, 4);
		memset(network->address + 4, 0, 12);
		network->family = 4;
		network->length -= 96;
	}
	return true;
}

/*! Adds an area for each list that networks have. */
static void take_nets(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                      steer_gdnsd_area_t **last)
{
	for (const steer_vscf_t *entry = map->nets->first;
	     entry != NULL && config->reading->ret == STEER_OK; entry = entry->next) {
		steer_network_t network;
		steer_gdnsd_list_t *list = take_list(config, map, entry);
		if (list == NULL || !take_network(config, entry, &network)) {
			continue;
		}
		if (list->nearest) {
			steer_gdnsd_wrong(config->reading, &entry->place, "auto; allowed: " LISTS);
		} else if (!list->located) {
			list->located = true;
			const steer_gdnsd_area_t area = {
				.text = steer_gdnsd_print(config->reading, "net %s", list->name), .list = list,
				.location = steer_gdnsd_print(config->reading, "%s/%s", map->name, list->name),
				.at = entry->key_at,
			};
			add_area(config, map, last, &area);
		}
	}
	map->networks = map->nets->count > 0;
}

static void pass_map(const void *node, VISIT visit, void *ctx)
{
	steer_gdnsd_config_t *config = ctx;
	steer_gdnsd_reading_t *reading = config->reading;
	steer_gdnsd_map_t *map = *(steer_gdnsd_map_t *const *)node;
	if ((visit != postorder && visit != leaf) || !map->networks || !map->good) {
		return;
	}
	for (const steer_vscf_t *entry = map->nets->first; entry != NULL && reading->ret == STEER_OK;
	     entry = entry->next) {
		steer_text_network_t network = { .collection = map->name, .place = entry->key_at };
		const steer_gdnsd_list_t *list = take_list(config, map, entry);
		if (list == NULL || !take_network(config, entry, &network.network)) {
			return;
		}
		network.location = list->name;
		reading->ret = reading->sink->network(reading->sink->ctx, &network, reading->report.fault);
	}
}

void steer_gdnsd_pass_networks(steer_gdnsd_config_t *config)
{
	if (config->reading->sink->network != NULL) {
		twalk_r(config->maps, pass_map, config);
	}
}

/* Maps. */

static void take_datacenters(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                             const steer_vscf_t *list)
{
	for (const steer_vscf_t *item = NULL; (item = steer_vscf_next(list, item)) != NULL;) {
		const char *name = steer_gdnsd_text(config->reading, item);
		if (name == NULL) {
			return;
		}
		if (map->count == STEER_GDNSD_DATACENTERS || number_of(map, name) >= 0) {
			steer_gdnsd_wrong(config->reading, &item->place, "%.100s: twice, or more than %d "
			                  "datacenters; allowed: each once", name, STEER_GDNSD_DATACENTERS);
			return;
		}
		map->datacenters[map->count++] = name;
	}
}

static bool take_degrees(const steer_vscf_t *value, int64_t max, int64_t *hundredths)
{
	return value != NULL && value->kind == STEER_VSCF_TEXT &&
	       steer_decimal_parse(value->text, strlen(value->text), 2, max, hundredths);
}

static void take_points(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                        const steer_vscf_t *points)
{
	steer_gdnsd_reading_t *reading = config->reading;
	if (!steer_gdnsd_is_hash(reading, points)) {
		return;
	}
	for (const steer_vscf_t *entry = points->first; entry != NULL; entry = entry->next) {
		int64_t latitude, longitude;
		const int number = number_of(map, entry->key);
		const steer_vscf_t *first = entry->kind == STEER_VSCF_ARRAY ? entry->first : NULL;
		if (number < 0) {
			steer_gdnsd_wrong(reading, &entry->key_at, "%.100s: no datacenter of the map; allowed: "
			                  "those of datacenters", entry->key);
			return;
		}
		if (first == NULL || entry->count != 2 || !take_degrees(first, 90, &latitude) ||
		    !take_degrees(first->next, 180, &longitude)) {
			steer_gdnsd_wrong(reading, &entry->place, "%.100s: no coordinates; allowed: [ -90 to "
			                  "90, -180 to 180 ]", entry->key);
			return;
		}
		map->has_point[number] = true;
		map->points[number] = (steer_coordinates_t) { latitude, longitude };
	}
}

/*! Takes what clients have that are in no other area. */
static void take_default(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                         steer_gdnsd_area_t **last, const steer_vscf_t *points)
{
	uint8_t numbers[STEER_GDNSD_DATACENTERS];
	for (unsigned i = 0; i < map->count; i++) {
		numbers[i] = i;
	}
	const steer_gdnsd_area_t area = {
		.text = "default", .at = map->at,
		.list = points != NULL ? &nearest : find_list(config, map, numbers, map->count),
	};
	add_area(config, map, last, &area);
}

/*! Says what is to be done so that places are known. */
static void warn_of_database(steer_gdnsd_config_t *config, const steer_vscf_t *database)
{
	const char *file = steer_gdnsd_text(config->reading, database);
	if (file != NULL) {
		steer_gdnsd_warn(config->reading, &database->place, "geoip2_db: %.200s is not read; "
		                 "steerctl map import --type geo tells where clients are, for all maps",
		                 file);
	}
}

static void read_map(steer_gdnsd_config_t *config, steer_gdnsd_map_t *map,
                     const steer_vscf_t *value)
{
	static const char *const keys[] = {
		"geoip2_db", "datacenters", "ignore_ecs", "nets", "map", "auto_dc_coords", "auto_dc_limit",
		NULL
	};
	static const level_t world = { STEER_GEO_UNKNOWN, "", IN_WORLD };
	steer_gdnsd_reading_t *reading = config->reading;
	const steer_vscf_t *datacenters = steer_vscf_get(value, "datacenters");
	const steer_vscf_t *points = steer_vscf_get(value, "auto_dc_coords");
	const steer_vscf_t *places = steer_vscf_get(value, "map");
	const steer_vscf_t *database = steer_vscf_get(value, "geoip2_db");
	const steer_vscf_t *nets = steer_vscf_get(value, "nets");
	steer_gdnsd_area_t *last = NULL;
	bool source = false;
	steer_gdnsd_only(reading, value, keys);
	if (datacenters != NULL) {
		take_datacenters(config, map, datacenters);
	}
	if (map->count == 0) {
		steer_gdnsd_wrong(reading, &map->at, "%.100s: no datacenters; allowed: 1 to %d", map->name,
		                  STEER_GDNSD_DATACENTERS);
		return;
	}
	steer_gdnsd_number(reading, steer_vscf_get(value, "auto_dc_limit"), 0, UINT32_MAX, &map->limit);
	steer_gdnsd_bool(reading, steer_vscf_get(value, "ignore_ecs"), &source);
	if (points != NULL) {
		take_points(config, map, points);
	}
	take_default(config, map, &last, points);
	if (last == NULL) {
		return;
	}
	if (places != NULL && steer_gdnsd_is_hash(reading, places)) {
		take_level(config, map, &last, places, &world);
	}
	if (nets != NULL) {
		map->nets = nets->kind == STEER_VSCF_TEXT ? open_nets(config, nets) : nets;
		if (map->nets != NULL && steer_gdnsd_is_hash(reading, map->nets)) {
			take_nets(config, map, &last);
		}
	}
	if (database != NULL) {
		warn_of_database(config, database);
	}
	if (source) {
		steer_gdnsd_warn(reading, &map->at, "%.100s: ignore_ecs: the client subnet of a query "
		                 "counts here if the server uses it", map->name);
	}
}

/*! Whether a collection can have the name of a map; one that cannot is reported. */
static bool is_collection(steer_gdnsd_config_t *config, const steer_gdnsd_map_t *map)
{
	if (!steer_region_name_is_good(map->name, strlen(map->name))) {
		steer_gdnsd_wrong(config->reading, &map->at, "%.100s: no name of a collection; allowed: 1 "
		                  "to %d of A-Z a-z 0-9 - _", map->name, STEER_REGION_NAME_MAX);
		return false;
	}
	return true;
}

const steer_gdnsd_map_t *steer_gdnsd_map(steer_gdnsd_config_t *config, const steer_vscf_t *used)
{
	steer_gdnsd_reading_t *reading = config->reading;
	const char *name = steer_gdnsd_text(reading, used);
	if (name == NULL) {
		return NULL;
	}
	const steer_gdnsd_map_t **found = tfind(&name, &config->maps, by_name);
	if (found != NULL) {
		return (*found)->good ? *found : NULL;
	}
	const steer_vscf_t *value = steer_vscf_get(
		steer_vscf_get(steer_vscf_get(config->plugins, "geoip"), "maps"), name);
	if (value == NULL) {
		steer_gdnsd_wrong(reading, &used->place,
		                  "map: %.100s is not defined; allowed: a key of maps",
		                  name);
		return NULL;
	}
	steer_gdnsd_map_t *map = steer_gdnsd_get(reading, sizeof(*map));
	if (map == NULL) {
		return NULL;
	}
	*map = (steer_gdnsd_map_t) { .name = name, .limit = 3, .at = value->key_at };
	if (tsearch(map, &config->maps, by_name) == NULL) {
		steer_gdnsd_no_memory(reading);
		return NULL;
	}
	const unsigned errors = reading->report.errors;
	if (is_collection(config, map) && steer_gdnsd_is_hash(reading, value)) {
		read_map(config, map, value);
	}
	map->good = reading->ret == STEER_OK && reading->report.errors == errors;
	return map->good ? map : NULL;
}

static void free_lists(void *node)
{
	steer_gdnsd_map_t *map = node;
	tdestroy(map->lists, steer_gdnsd_keep);
	tdestroy(map->lists_by_numbers, steer_gdnsd_keep);
}

void steer_gdnsd_maps_free(steer_gdnsd_config_t *config)
{
	tdestroy(config->maps, free_lists);
}
