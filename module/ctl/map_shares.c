/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/map_shares.h"

#include <stdlib.h>

/*! Blocks inside others at which all counts of a map look, a second's work. */
#define NESTED_MAX 20000000

/*! What a map says, or one of the blocks of a location that are inside others. */
typedef struct {
	uint32_t number;
	uint32_t class;  /*!< Of a block that is inside another; 0: all others of the number. */
	steer_geo_t geo; /*!< Of a place: it, on its continent. */
	map_addresses_t addresses;
} item_t;

struct map_shares {
	const steer_map_t *map;
	map_addresses_t known;
	item_t *items; /*!< By number, then by class. */
	size_t count, room;
	uint64_t nested; /*!< Blocks inside others that were looked at. */
};

static void add(map_addresses_t *to, map_addresses_t more)
{
	const unsigned __int128 left = ~to->v6;
	to->v4 += more.v4;
	to->v6 += more.v6 < left ? more.v6 : left;
}

static map_addresses_t size_of(const steer_network_t *network)
{
	const unsigned bits = steer_network_bits(network) - network->length;
	if (network->family == 4) {
		return (map_addresses_t) { .v4 = UINT64_C(1) << bits };
	}
	const unsigned __int128 one = 1;
	return (map_addresses_t) { .v6 = bits < 128 ? one << bits : ~(one - one) };
}

/* Counting. */

/*! Adds the networks of a family to their classes, from 0. */
static void count_family(const steer_network_map_t *map, uint8_t family, map_addresses_t *classes)
{
	steer_network_walk_t walk = { .network.family = family };
	while (steer_network_map_next(map, &walk)) {
		add(&classes[walk.class], size_of(&walk.network));
	}
}

/*! The number of a place: a country is known by its code, whether its continent is known or not. */
static uint32_t place_number(steer_geo_t place)
{
	return (place & ~STEER_GEO_CONTINENT) != 0 ? place & ~STEER_GEO_CONTINENT : place;
}

static int compare(const void *a, const void *b)
{
	const item_t *x = a, *y = b;
	return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
	                              : (x->class > y->class) - (x->class < y->class);
}

/*! Sorts the items, and makes equal ones one. */
static void merge(map_shares_t *shares)
{
	item_t *items = shares->items;
	size_t kept = 0;
	if (shares->count > 0) {
		qsort(items, shares->count, sizeof(*items), compare);
	}
	for (size_t i = 0; i < shares->count; i++) {
		if (kept > 0 && compare(&items[kept - 1], &items[i]) == 0) {
			add(&items[kept - 1].addresses, items[i].addresses);
		} else {
			items[kept++] = items[i];
		}
	}
	shares->count = kept;
}

/*! Puts an item. Most are equal to others, so they are merged before they get more room. */
static bool put(map_shares_t *shares, const item_t *item)
{
	const bool full = shares->count == shares->room;
	if (full) {
		merge(shares);
	}
	if (full && shares->count >= shares->room / 2) {
		const size_t room = 2 * shares->room + 1024;
		item_t *items = realloc(shares->items, room * sizeof(*items));
		if (items == NULL) {
			return false;
		}
		shares->items = items;
		shares->room = room;
	}
	shares->items[shares->count++] = *item;
	return true;
}

/*! Puts a place and those around it. */
static bool put_place(map_shares_t *shares, steer_geo_t place, map_addresses_t addresses)
{
	static const steer_geo_t levels[] = {
		STEER_GEO_CONTINENT, STEER_GEO_COUNTRY, STEER_GEO_KNOWN,
	};
	steer_geo_t before = STEER_GEO_UNKNOWN;
	bool done = true;
	for (unsigned i = 0; i < sizeof(levels) / sizeof(*levels) && done; i++) {
		const item_t item = {
			.number = place_number(place & levels[i]), .geo = place & levels[i],
			.addresses = addresses,
		};
		done = item.geo == before || put(shares, &item);
		before = item.geo;
	}
	return done;
}

/*! Puts a block with all that is inside it; blocks come after the ones around them. */
static bool put_block(map_shares_t *shares, uint32_t class, map_addresses_t *classes)
{
	const uint8_t *block = steer_network_map_class(&shares->map->networks, class);
	const uint32_t around = get_block_parent(block);
	const item_t item = {
		.number = get_block_location(block), .class = around != 0 ? class : 0,
		.addresses = classes[class],
	};
	add(around != 0 ? &classes[around] : &shares->known, classes[class]);
	return put(shares, &item);
}

static bool put_class(map_shares_t *shares, uint32_t class, map_addresses_t *classes)
{
	const steer_map_t *map = shares->map;
	item_t item = { .addresses = classes[class] };
	switch (map->networks.type) {
	case STEER_MAP_CIDR:
		return put_block(shares, class, classes);
	case STEER_MAP_GEO:
		item.geo = steer_map_place(map, class).geo;
		if (item.geo != STEER_GEO_UNKNOWN) {
			add(&shares->known, classes[class]);
		}
		return put_place(shares, item.geo, classes[class]);
	case STEER_MAP_LATENCY:
		item.number = steer_map_entry_number(map, class - 1);
		break;
	default:
		item.number = steer_map_asn(map, class);
		break;
	}
	add(&shares->known, classes[class]);
	return put(shares, &item);
}

map_shares_t *map_shares_new(const steer_map_t *map)
{
	const uint32_t count = map->networks.classes_count;
	map_shares_t *shares = calloc(1, sizeof(*shares));
	map_addresses_t *classes = calloc((size_t)count + 1, sizeof(*classes));
	bool done = shares != NULL && classes != NULL;
	if (done) {
		shares->map = map;
		count_family(&map->networks, 4, classes);
		count_family(&map->networks, 6, classes);
	}
	for (uint32_t class = count; class > 0 && done; class--) {
		done = put_class(shares, class, classes);
	}
	free(classes);
	if (!done) {
		map_shares_free(shares);
		return NULL;
	}
	merge(shares);
	return shares;
}

void map_shares_free(map_shares_t *shares)
{
	if (shares != NULL) {
		free(shares->items);
		free(shares);
	}
}

/* Asking. */

map_addresses_t map_shares_known(const map_shares_t *shares)
{
	return shares->known;
}

/*! The number by which items are found. */
static uint32_t number_of(const map_shares_t *shares, uint32_t number)
{
	return shares->map->networks.type == STEER_MAP_GEO ? place_number(number) : number;
}

/*! Position of the first item of a number, or of one after it. */
static size_t find(const map_shares_t *shares, uint32_t number)
{
	size_t begin = 0, end = shares->count;
	while (begin < end) {
		const size_t middle = (begin + end) / 2;
		const bool before = shares->items[middle].number < number;
		begin = before ? middle + 1 : begin;
		end = before ? end : middle;
	}
	return begin;
}

bool map_shares_have(const map_shares_t *shares, uint32_t number)
{
	const uint32_t wanted = number_of(shares, number);
	const size_t at = find(shares, wanted);
	if (at == shares->count || shares->items[at].number != wanted) {
		return false;
	}
	const map_addresses_t *addresses = &shares->items[at].addresses;
	return shares->map->networks.type == STEER_MAP_LATENCY ||
	       addresses->v4 > 0 || addresses->v6 > 0;
}

/*! Numbers of which addresses are counted. */
typedef struct {
	const uint32_t *at;
	size_t count;
} numbers_t;

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static bool is_among(const numbers_t *numbers, uint32_t number)
{
	return bsearch(&number, numbers->at, numbers->count, sizeof(number), compare_numbers) != NULL;
}

/*! Whether a place is inside another one that is counted. */
static bool is_inside_place(const numbers_t *numbers, steer_geo_t place)
{
	const steer_geo_t continent = place & STEER_GEO_CONTINENT, country = place & STEER_GEO_COUNTRY;
	return (place != continent && continent != STEER_GEO_UNKNOWN && is_among(numbers, continent)) ||
	       (place != country && (is_among(numbers, country) ||
	                             is_among(numbers, place_number(country))));
}

/*! Whether a block is inside one of a location that is counted. */
static bool is_inside_block(map_shares_t *shares, const numbers_t *numbers, uint32_t class)
{
	const steer_network_map_t *map = &shares->map->networks;
	const uint8_t *block = steer_network_map_class(map, class);
	bool inside = false;
	for (class = get_block_parent(block); class != 0 && !inside; class = get_block_parent(block)) {
		block = steer_network_map_class(map, class);
		inside = is_among(numbers, get_block_location(block));
		shares->nested++;
	}
	return inside;
}

/*! Adds the addresses of a number that no other one contains. \return false: it takes too long */
static bool add_number(map_shares_t *shares, const numbers_t *numbers, uint32_t number,
                       map_addresses_t *sum)
{
	for (size_t at = find(shares, number);
	     at < shares->count && shares->items[at].number == number; at++) {
		const item_t *item = &shares->items[at];
		const bool inside = item->class != 0 ? is_inside_block(shares, numbers, item->class)
		                                     : is_inside_place(numbers, item->geo);
		if (!inside) {
			add(sum, item->addresses);
		}
		if (shares->nested > NESTED_MAX) {
			return false;
		}
	}
	return true;
}

bool map_shares_of(map_shares_t *shares, const uint32_t *numbers, size_t count,
                   map_addresses_t *addresses)
{
	const numbers_t among = { numbers, count };
	map_addresses_t sum = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (!add_number(shares, &among, number_of(shares, numbers[i]), &sum)) {
			return false;
		}
	}
	*addresses = sum;
	return true;
}
