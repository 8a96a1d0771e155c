/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/map_set.h"

#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "store/dictionary.h"

/* What policies ask, with a set as context. */

/*! Compares the numbers with which entries of the tables begin. */
static int by_number(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

static const steer_map_t *collection(void *ctx, uint32_t number)
{
	const steer_map_set_t *set = ctx;
	const steer_numbered_map_t *found =
		bsearch(&number, set->collections, set->collections_count, sizeof(*found), by_number);
	return found != NULL ? found->map : NULL;
}

static bool region(void *ctx, uint32_t number, steer_coordinates_t *point)
{
	const steer_map_set_t *set = ctx;
	steer_map_site_t site;
	if (set->regions != NULL && steer_map_site_find(set->regions, number, &site)) {
		*point = site.point;
		return true;
	}
	const steer_known_region_t *found =
		bsearch(&number, set->known, set->known_count, sizeof(*found), by_number);
	if (found != NULL) {
		*point = found->point;
	}
	return found != NULL;
}

/* Opening. */

/*! Finds the map that lies at an address; NULL: there is none. */
static const steer_open_map_t *find_value(const steer_map_set_t *set, const void *value, size_t size)
{
	for (unsigned i = 0; set != NULL && i < set->count; i++) {
		if (set->all[i].value == value && set->all[i].size == size) {
			return &set->all[i];
		}
	}
	return NULL;
}

/*!
 * Opens a map.
 *
 * LMDB writes to no page that a reader sees, so what lies where a map of the set before lies is the
 * same map.
 */
static void open_map(steer_open_map_t *entry, const steer_pair_t *pair,
                     const steer_map_set_t *before)
{
	const steer_open_map_t *same = find_value(before, pair->value, pair->value_len);
	if (same != NULL) {
		*entry = *same;
	} else {
		entry->value = pair->value;
		entry->size = pair->value_len;
		entry->damaged = steer_map_open(&entry->map, pair->value, pair->value_len) != STEER_OK;
	}
	steer_utf8_mask(entry->name, sizeof(entry->name), (const char *)pair->key, pair->key_len);
}

static int open_maps(steer_map_set_t *set, const steer_reader_t *maps,
                     const steer_map_set_t *before)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, maps, STEER_DB_MAPS);
	if (ret != STEER_OK) {
		return ret;
	}
	for (ret = steer_cursor_seek(cursor, NULL, 0, &pair);
	     ret == STEER_OK && set->count < STEER_MAPS_MAX; ret = steer_cursor_next(cursor, &pair)) {
		open_map(&set->all[set->count++], &pair, before);
	}
	steer_cursor_close(cursor);
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

/* What is used of the maps. */

const steer_open_map_t *steer_map_set_find(const steer_map_set_t *set, const char *name)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (strcmp(set->all[i].name, name) == 0) {
			return &set->all[i];
		}
	}
	return NULL;
}

/*! The map that is named like its type; NULL: there is none. */
static const steer_map_t *named_like_type(const steer_map_set_t *set, steer_map_type_t type)
{
	const steer_open_map_t *found = steer_map_set_find(set, steer_map_type_name(type));
	return found != NULL && !found->damaged && found->map.networks.type == type ? &found->map
	                                                                           : NULL;
}

/*! Finds the number of a name. \param[out] number  0: it has none. */
static int find_number(const steer_reader_t *records, uint8_t kind, const char *text,
                       uint32_t *number)
{
	const steer_dictionary_name_t name = { kind, strlen(text), text };
	*number = 0;
	int ret = steer_dictionary_find(records, &name, number);
	return ret == STEER_ENOENT || ret == STEER_EDAMAGED ? STEER_OK : ret;
}

static int number_collections(steer_map_set_t *set, const steer_reader_t *records)
{
	int ret = STEER_OK;
	for (unsigned i = 0; ret == STEER_OK && i < set->count; i++) {
		const steer_open_map_t *entry = &set->all[i];
		uint32_t number;
		if (entry->damaged || entry->map.networks.type != STEER_MAP_CIDR) {
			continue;
		}
		ret = find_number(records, STEER_DICTIONARY_COLLECTION, entry->name, &number);
		if (number != 0) {
			set->collections[set->collections_count++] =
				(steer_numbered_map_t) { number, &entry->map };
		}
	}
	qsort(set->collections, set->collections_count, sizeof(*set->collections), by_number);
	return ret;
}

static int number_known_regions(steer_map_set_t *set, const steer_reader_t *records)
{
	const steer_region_t *known;
	int ret = STEER_OK;
	for (size_t i = 0; ret == STEER_OK && (known = steer_region_at(i)) != NULL; i++) {
		uint32_t number;
		ret = find_number(records, STEER_DICTIONARY_REGION, known->name, &number);
		if (number != 0) {
			set->known[set->known_count++] = (steer_known_region_t) { number, known->place };
		}
	}
	qsort(set->known, set->known_count, sizeof(*set->known), by_number);
	return ret;
}

int steer_map_set_open(steer_map_set_t *set, const steer_reader_t *maps,
                       const steer_reader_t *records, const steer_map_set_t *before)
{
	set->count = set->collections_count = set->known_count = 0;
	set->names = steer_reader_entries(records, STEER_DB_DICTIONARY);
	int ret = maps != NULL ? open_maps(set, maps, before) : STEER_OK;
	if (ret == STEER_OK) {
		ret = number_collections(set, records);
	}
	if (ret == STEER_OK) {
		ret = number_known_regions(set, records);
	}
	set->regions = named_like_type(set, STEER_MAP_REGIONS);
	set->maps = (steer_maps_t) {
		.geo = named_like_type(set, STEER_MAP_GEO),
		.latency = named_like_type(set, STEER_MAP_LATENCY),
		.asn = named_like_type(set, STEER_MAP_ASN),
		.collection = collection, .region = region, .ctx = set,
	};
	return ret;
}

bool steer_map_set_is_numbered(const steer_map_set_t *set, const steer_reader_t *records)
{
	// Entries are never removed or changed.
	return set->names == steer_reader_entries(records, STEER_DB_DICTIONARY);
}
