/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/map.h"

#include "core/node.h"

static const char *const type_names[] = {
#define X(symbol, number, name) [number] = name,
	STEER_MAP_TYPES(X)
#undef X
};

const char *steer_map_type_name(steer_map_type_t type)
{
	return type_names[type];
}

bool steer_map_type_parse(const char *text, steer_map_type_t *type)
{
	for (unsigned i = 0; i < STEER_MAP_TYPES_COUNT; i++) {
		if (strcmp(text, type_names[i]) == 0) {
			*type = i;
			return true;
		}
	}
	return false;
}

/* The origin. */

size_t steer_map_origin_size(const steer_map_origin_t *origin)
{
	const size_t size = STEER_ORIGIN_SIZE + (size_t)origin->file_len + origin->format_len;
	return (size + STEER_ORIGIN_ALIGN - 1) / STEER_ORIGIN_ALIGN * STEER_ORIGIN_ALIGN;
}

static void copy(uint8_t *to, const char *from, size_t len)
{
	if (len > 0) {
		memcpy(to, from, len);
	}
}

void steer_map_origin_write(uint8_t *at, const steer_map_origin_t *origin)
{
	const size_t size = steer_map_origin_size(origin);
	memset(at, 0, size);
	put_origin_format(at, STEER_ORIGIN_FORMAT);
	put_origin_size(at, size);
	put_origin_imported(at, origin->imported);
	put_origin_file_len(at, origin->file_len);
	put_origin_format_len(at, origin->format_len);
	copy(at + STEER_ORIGIN_SIZE, origin->file, origin->file_len);
	copy(at + STEER_ORIGIN_SIZE + origin->file_len, origin->format, origin->format_len);
	put_origin_sum(at, steer_value_sum(at, size));
}

/*! Whether what follows the texts is zero. */
static bool is_padded(const uint8_t *at, size_t from, size_t size)
{
	while (from < size && at[from] == 0) {
		from++;
	}
	return from == size;
}

static int origin_open(steer_map_origin_t *origin, const uint8_t *at, size_t size)
{
	if (size < STEER_ORIGIN_SIZE || get_origin_format(at) != STEER_ORIGIN_FORMAT ||
	    get_origin_reserved(at) != 0 || get_origin_reserved2(at) != 0 ||
	    get_origin_reserved3(at) != 0 || get_origin_file_len(at) > STEER_LOG_TEXT_MAX ||
	    get_origin_format_len(at) > STEER_LOG_TEXT_MAX) {
		return STEER_EDAMAGED;
	}
	const steer_map_origin_t read = {
		.imported = get_origin_imported(at), .file_len = get_origin_file_len(at),
		.format_len = get_origin_format_len(at), .file = (const char *)at + STEER_ORIGIN_SIZE,
		.format = (const char *)at + STEER_ORIGIN_SIZE + get_origin_file_len(at),
	};
	const size_t whole = steer_map_origin_size(&read);
	if (whole > size || whole != get_origin_size(at) ||
	    get_origin_sum(at) != steer_value_sum(at, whole) ||
	    !is_padded(at, STEER_ORIGIN_SIZE + (size_t)read.file_len + read.format_len, whole)) {
		return STEER_EDAMAGED;
	}
	*origin = read;
	return STEER_OK;
}

/* The tables of classes. */

static const uint8_t *entry_at(const steer_network_map_t *map, uint32_t entry)
{
	return map->classes + (size_t)entry * map->class_size;
}

static int16_t hundredths(uint16_t stored)
{
	return (int16_t)stored;
}

static bool point_is_sound(uint16_t lat, uint16_t lon)
{
	return hundredths(lat) >= -STEER_LATITUDE_MAX && hundredths(lat) <= STEER_LATITUDE_MAX &&
	       hundredths(lon) >= -STEER_LONGITUDE_MAX && hundredths(lon) <= STEER_LONGITUDE_MAX;
}

static bool is_number(uint32_t number)
{
	return number >= 1 && number <= STEER_DICTIONARY_MAX;
}

static bool place_is_sound(const uint8_t *at, const uint8_t *before)
{
	(void)before;
	const uint8_t flags = get_place_flags(at);
	return (get_place_geo(at) & ~STEER_GEO_KNOWN) == 0 && get_place_reserved(at) == 0 &&
	       get_place_reserved2(at) == 0 &&
	       (flags & ~(STEER_PLACE_POINT | STEER_PLACE_ANYCAST)) == 0 &&
	       ((flags & STEER_PLACE_POINT) != 0
	        ? point_is_sound(get_place_lat(at), get_place_lon(at))
	        : get_place_lat(at) == 0 && get_place_lon(at) == 0) &&
	       (get_place_geo(at) != STEER_GEO_UNKNOWN || flags != 0);
}

static bool asn_is_sound(const uint8_t *at, const uint8_t *before)
{
	(void)before;
	return get_asn_number(at) != 0;
}

/*! A row ends its class, or is followed by another of it; so it is checked with the one before. */
static bool latency_is_sound(const uint8_t *at, const uint8_t *before)
{
	const bool follows = before != NULL && get_latency_rows(before) > 1;
	return is_number(get_latency_region(at)) && get_latency_rtt(at) <= STEER_RTT_MAX &&
	       get_latency_rows(at) >= 1 && get_latency_rows(at) <= STEER_LATENCY_ROWS_MAX &&
	       (get_latency_source(at) == STEER_LATENCY_IMPORT ||
	        get_latency_source(at) == STEER_LATENCY_LEARNT) && get_latency_reserved(at) == 0 &&
	       (!follows || (get_latency_rows(at) == get_latency_rows(before) - 1 &&
	                     get_latency_region(at) > get_latency_region(before)));
}

static bool site_is_sound(const uint8_t *at, const uint8_t *before)
{
	return is_number(get_site_region(at)) && point_is_sound(get_site_lat(at), get_site_lon(at)) &&
	       (before == NULL || get_site_region(at) > get_site_region(before));
}

static const struct {
	size_t size;
	/*! Checks an entry, after the one before it, which may be NULL; NULL: elsewhere. */
	bool (*is_sound)(const uint8_t *at, const uint8_t *before);
} tables[STEER_MAP_TYPES_COUNT] = {
	[STEER_MAP_GEO] = { STEER_PLACE_SIZE, place_is_sound },
	[STEER_MAP_LATENCY] = { STEER_LATENCY_SIZE, latency_is_sound },
	[STEER_MAP_CIDR] = { STEER_BLOCK_SIZE, NULL },
	[STEER_MAP_REGIONS] = { STEER_SITE_SIZE, site_is_sound },
	[STEER_MAP_ASN] = { STEER_ASN_SIZE, asn_is_sound },
};

size_t steer_map_entry_size(steer_map_type_t type)
{
	return tables[type].size;
}

static bool entries_are_sound(const steer_network_map_t *map)
{
	const uint8_t *before = NULL;
	for (uint32_t i = 0; i < map->classes_count; i++) {
		const uint8_t *at = entry_at(map, i);
		if (!tables[map->type].is_sound(at, before)) {
			return false;
		}
		before = at;
	}
	return map->type != STEER_MAP_LATENCY || before == NULL || get_latency_rows(before) == 1;
}

static bool table_is_sound(const steer_network_map_t *map)
{
	if (map->type >= STEER_MAP_TYPES_COUNT || map->class_size != tables[map->type].size ||
	    (map->type == STEER_MAP_REGIONS && map->networks > 0)) {
		return false;
	}
	return map->type == STEER_MAP_CIDR ? steer_network_blocks_open(map) == STEER_OK
	                                   : entries_are_sound(map);
}

int steer_map_open(steer_map_t *map, const void *value, size_t size)
{
	const uint8_t *at = value;
	steer_map_t read;
	int ret = origin_open(&read.origin, at, size);
	if (ret == STEER_OK) {
		const size_t before = steer_map_origin_size(&read.origin);
		ret = steer_network_map_open(&read.networks, at + before, size - before);
	}
	if (ret == STEER_OK && !table_is_sound(&read.networks)) {
		ret = STEER_EDAMAGED;
	}
	if (ret == STEER_OK) {
		*map = read;
	}
	return ret;
}

/* Reading classes. */

steer_map_place_t steer_map_place(const steer_map_t *map, uint32_t class)
{
	const uint8_t *at = steer_network_map_class(&map->networks, class);
	if (at == NULL) {
		return (steer_map_place_t) { .geo = STEER_GEO_UNKNOWN };
	}
	return (steer_map_place_t) {
		.geo = get_place_geo(at), .has_point = get_place_flags(at) & STEER_PLACE_POINT,
		.anycast = get_place_flags(at) & STEER_PLACE_ANYCAST,
		.point = { hundredths(get_place_lat(at)), hundredths(get_place_lon(at)) },
	};
}

uint32_t steer_map_asn(const steer_map_t *map, uint32_t class)
{
	const uint8_t *at = steer_network_map_class(&map->networks, class);
	return at == NULL ? 0 : get_asn_number(at);
}

steer_map_latencies_t steer_map_latencies(const steer_map_t *map, uint32_t class)
{
	const uint8_t *at = steer_network_map_class(&map->networks, class);
	return (steer_map_latencies_t) { at, at == NULL ? 0 : get_latency_rows(at) };
}

steer_map_latency_t steer_map_latency_at(const steer_map_latencies_t *latencies, uint32_t row)
{
	const uint8_t *at = latencies->rows + (size_t)row * STEER_LATENCY_SIZE;
	return (steer_map_latency_t) {
		.region = get_latency_region(at), .rtt_us = get_latency_rtt(at),
		.time = get_latency_time(at), .source = get_latency_source(at),
	};
}

/*! Finds an entry by the number at its begin, by which entries are sorted; NULL: there is none. */
static const uint8_t *find(const uint8_t *entries, uint32_t count, size_t size, uint32_t number)
{
	while (count > 0) {
		const uint32_t half = count / 2;
		const uint8_t *middle = entries + half * size;
		const uint32_t found = steer_number_at(middle, 0);
		if (found == number) {
			return middle;
		}
		entries = found < number ? middle + size : entries;
		count = found < number ? count - half - 1 : half;
	}
	return NULL;
}

bool steer_map_latency_find(const steer_map_latencies_t *latencies, uint32_t region,
                            steer_map_latency_t *latency)
{
	const uint8_t *at = find(latencies->rows, latencies->count, STEER_LATENCY_SIZE, region);
	if (at != NULL) {
		const steer_map_latencies_t row = { at, 1 };
		*latency = steer_map_latency_at(&row, 0);
	}
	return at != NULL;
}

static steer_map_site_t site_read(const uint8_t *at)
{
	return (steer_map_site_t) {
		get_site_region(at), { hundredths(get_site_lat(at)), hundredths(get_site_lon(at)) },
	};
}

uint32_t steer_map_sites(const steer_map_t *map)
{
	return map->networks.classes_count;
}

steer_map_site_t steer_map_site_at(const steer_map_t *map, uint32_t entry)
{
	return site_read(entry_at(&map->networks, entry));
}

bool steer_map_site_find(const steer_map_t *map, uint32_t region, steer_map_site_t *site)
{
	const uint8_t *at = find(map->networks.classes, map->networks.classes_count, STEER_SITE_SIZE,
	                         region);
	if (at != NULL) {
		*site = site_read(at);
	}
	return at != NULL;
}

uint32_t steer_map_entry_number(const steer_map_t *map, uint32_t entry)
{
	const uint8_t *at = entry_at(&map->networks, entry);
	switch (map->networks.type) {
	case STEER_MAP_CIDR:
		return get_block_location(at);
	case STEER_MAP_LATENCY:
		return get_latency_region(at);
	case STEER_MAP_REGIONS:
		return get_site_region(at);
	default:
		return 0;
	}
}

/* Writing classes. */

void steer_map_place_write(uint8_t at[STEER_PLACE_SIZE], const steer_map_place_t *place)
{
	put_place_geo(at, place->geo);
	put_place_lat(at, place->has_point ? place->point.lat : 0);
	put_place_lon(at, place->has_point ? place->point.lon : 0);
	put_place_flags(at, (place->has_point ? STEER_PLACE_POINT : 0) |
	                    (place->anycast ? STEER_PLACE_ANYCAST : 0));
	put_place_reserved(at, 0);
	put_place_reserved2(at, 0);
}

void steer_map_asn_write(uint8_t at[STEER_ASN_SIZE], uint32_t asn)
{
	put_asn_number(at, asn);
}

void steer_map_latency_write(uint8_t at[STEER_LATENCY_SIZE], const steer_map_latency_t *latency,
                             uint16_t rows)
{
	put_latency_region(at, latency->region);
	put_latency_rtt(at, latency->rtt_us);
	put_latency_time(at, latency->time);
	put_latency_rows(at, rows);
	put_latency_source(at, latency->source);
	put_latency_reserved(at, 0);
}

void steer_map_site_write(uint8_t at[STEER_SITE_SIZE], const steer_map_site_t *site)
{
	put_site_region(at, site->region);
	put_site_lat(at, site->point.lat);
	put_site_lon(at, site->point.lon);
}
