/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/network_map.h"

#include "core/node.h"

/*! Parts of a map, one after the other. Sizes have 64 bits, so that no sum wraps around. */
typedef struct {
	const uint8_t *map;
	uint64_t used;
} parts_t;

static const uint8_t *part(parts_t *parts, uint64_t size)
{
	// Until the sum is known to be the size, it may be outside the map.
	const uint8_t *begin = (const uint8_t *)((uintptr_t)parts->map + parts->used);
	parts->used += size;
	return begin;
}

static steer_network_ranges_t family_part(parts_t *parts, uint8_t bits, uint32_t count, bool wide)
{
	const uint64_t tops = UINT64_C(1) << bits;
	steer_network_ranges_t ranges = { .count = count, .bits = bits };
	ranges.tops = part(parts, 4 * (tops + 1));
	ranges.slots = part(parts, 4 * (steer_ranges_slots(bits, count) + 1));
	ranges.ranges = part(parts, count * (uint64_t)steer_range_size(wide));
	ranges.last = part(parts, STEER_MAP_PADDING * steer_range_size(wide)) - steer_range_size(wide);
	return ranges;
}

uint64_t steer_network_map_view(steer_network_map_t *map, const uint8_t *at)
{
	parts_t parts = { at, STEER_MAP_HEADER };
	map->v4 = family_part(&parts, get_map_bits4(at), get_map_ranges4(at), false);
	map->v6 = family_part(&parts, get_map_bits6(at), get_map_ranges6(at), true);
	map->groups = part(&parts, 4 * (get_map_groups(at) + UINT64_C(1)));
	map->lows = part(&parts, (uint64_t)get_map_lows(at) * STEER_HALF_SIZE);
	map->classes_count = get_map_classes(at);
	map->class_size = get_map_class_size(at);
	map->classes = part(&parts, (uint64_t)map->classes_count * map->class_size);
	map->networks = get_map_networks(at);
	map->type = get_map_type(at);
	return parts.used;
}

/* Opening. */

/*! Whether numbers rise from first to last, each more than the one before by least. */
static bool numbers_are_sound(const uint8_t *numbers, uint64_t count, uint32_t first, uint32_t last,
                              uint32_t least)
{
	uint64_t before = steer_number_at(numbers, 0);
	bool sound = before == first;
	for (uint64_t i = 1; i < count; i++) {
		uint64_t number = steer_number_at(numbers, i);
		sound &= number >= before + least;
		before = number;
	}
	return sound && before == last;
}

/*! Whether ranges begin at 0, each after the one before, and have classes below the bound. */
static bool ranges_are_sound(const uint8_t *range, uint32_t count, uint64_t bound, bool wide)
{
	uint64_t before = steer_range_start(range, wide);
	bool sound = before == 0 && steer_range_class(range, wide) < bound;
	for (uint32_t i = 1; i < count; i++) {
		range += steer_range_size(wide);
		uint64_t start = steer_range_start(range, wide);
		sound &= start > before && steer_range_class(range, wide) < bound;
		before = start;
	}
	return sound;
}

/*! Whether the ranges after the last one are the same as it. */
static bool padding_is_sound(const uint8_t *last, size_t size)
{
	bool sound = true;
	for (unsigned i = 1; i <= STEER_MAP_PADDING; i++) {
		sound &= memcmp(last + i * size, last, size) == 0;
	}
	return sound;
}

static bool family_is_sound(const steer_network_ranges_t *ranges, bool wide)
{
	return numbers_are_sound(ranges->tops, (UINT64_C(1) << ranges->bits) + 1, 0,
	                         steer_ranges_slots(ranges->bits, ranges->count), 1) &&
	       numbers_are_sound(ranges->slots, steer_ranges_slots(ranges->bits, ranges->count) + 1, 0,
	                         ranges->count - 1, 0) &&
	       padding_is_sound(ranges->last, steer_range_size(wide));
}

/*! Whether the high halves that are divided name all groups, in order, and the others classes. */
static bool groups_are_named(const steer_network_map_t *map, uint32_t groups)
{
	uint32_t next = 0;
	bool sound = true;
	for (uint32_t i = 0; i < map->v6.count; i++) {
		uint32_t class = get_half_class(map->v6.ranges + (size_t)i * STEER_HALF_SIZE);
		bool divided = class & STEER_MAP_DIVIDED;
		sound &= divided ? class == (STEER_MAP_DIVIDED | next) : class <= map->classes_count;
		next += divided;
	}
	return sound && next == groups;
}

static bool groups_are_sound(const steer_network_map_t *map, uint32_t groups, uint32_t lows)
{
	if (!numbers_are_sound(map->groups, groups + UINT64_C(1), 0, lows, 2) ||
	    !groups_are_named(map, groups)) {
		return false;
	}
	for (uint32_t i = 0; i < groups; i++) {
		uint32_t first = steer_number_at(map->groups, i);
		if (!ranges_are_sound(map->lows + (size_t)first * STEER_HALF_SIZE,
		                      steer_number_at(map->groups, i + 1) - first,
		                      map->classes_count + UINT64_C(1), true)) {
			return false;
		}
	}
	return true;
}

static bool bits_are_sound(uint8_t bits)
{
	return bits > 0 && bits <= STEER_MAP_BITS;
}

static bool header_is_sound(const uint8_t *at, size_t size)
{
	return size >= STEER_MAP_HEADER && get_map_size(at) == size &&
	       get_map_format(at) == STEER_MAP_FORMAT && get_map_reserved(at) == 0 &&
	       bits_are_sound(get_map_bits4(at)) && bits_are_sound(get_map_bits6(at)) &&
	       get_map_ranges4(at) > 0 && get_map_ranges6(at) > 0 &&
	       get_map_ranges4(at) <= STEER_RANGES_MAX && get_map_ranges6(at) <= STEER_RANGES_MAX &&
	       get_map_classes(at) < STEER_MAP_DIVIDED && get_map_networks(at) <= STEER_NETWORKS_MAX;
}

int steer_network_map_open(steer_network_map_t *map, const void *value, size_t size)
{
	const uint8_t *at = value;
	steer_network_map_t view;
	if (!header_is_sound(at, size) || steer_network_map_view(&view, at) != size ||
	    get_map_sum(at) != steer_value_sum(at, size)) {
		return STEER_EDAMAGED;
	}
	if (!family_is_sound(&view.v4, false) || !family_is_sound(&view.v6, true) ||
	    !ranges_are_sound(view.v4.ranges, view.v4.count, view.classes_count + UINT64_C(1), false) ||
	    !ranges_are_sound(view.v6.ranges, view.v6.count, UINT64_C(1) << 32, true) ||
	    !groups_are_sound(&view, get_map_groups(at), get_map_lows(at))) {
		return STEER_EDAMAGED;
	}
	*map = view;
	return STEER_OK;
}

/* Finding. */

/*!
 * Finds the range of a start among count ranges, of which the first starts at or before it.
 *
 * They are halved without a branch that depends on the start. The last few of them, a power of two,
 * are all compared, for which few - 1 more ranges must follow; those start after it or are the same
 * as the last one.
 */
static inline __attribute__((always_inline))
const uint8_t *search(const uint8_t *range, uint64_t count, uint64_t start, bool wide, unsigned few)
{
	const size_t size = steer_range_size(wide);
	if (count > few) {
		const uint64_t half = UINT64_C(1) << (63 - __builtin_clzll(count));
		const uint8_t *middle = range + (count - half) * size;
		range = steer_range_start(middle, wide) <= start ? middle : range;
		for (size_t step = half / 2 * size; step >= few * size; step /= 2) {
			middle = range + step;
			range = steer_range_start(middle, wide) <= start ? middle : range;
		}
	}
	size_t after = 0;
	for (unsigned i = 1; i < few; i++) {
		after += steer_range_start(range + i * size, wide) <= start;
	}
	return range + after * size;
}

/*! Finds the range of a start in a family; key has it in the topmost bits. */
static inline __attribute__((always_inline))
const uint8_t *find_range(const steer_network_ranges_t *ranges, uint64_t key, bool wide)
{
	const uint8_t *top = ranges->tops + 4 * (key >> (64 - ranges->bits));
	const uint64_t slots = steer_number_at(top, 0), count = steer_number_at(top, 1) - slots;
	const uint64_t share = ((key << ranges->bits >> 32) * count) >> 32;
	const uint8_t *slot = ranges->slots + 4 * (slots + share);
	const uint64_t low = steer_number_at(slot, 0), high = steer_number_at(slot, 1);
	return search(ranges->ranges + low * steer_range_size(wide), high - low + 1,
	              wide ? key : key >> 32, wide, STEER_MAP_PADDING + 1);
}

/*!
 * Bits that a start has in common with the addresses next to its range, and one more: no shorter
 * prefix is inside the range. 0 if there is no other range.
 *
 * At an end of the space there is no address next to the range, but the one at the other end can be
 * taken, since it never has more bits in common than the one next to the range's other side.
 */
static inline __attribute__((always_inline))
uint8_t range_scope(const uint8_t *range, const uint8_t *begin, const uint8_t *last, uint64_t start,
                    bool wide)
{
	const uint64_t below = start ^ (steer_range_start(range, wide) - 1);
	const uint64_t above =
		start ^ (range < last ? steer_range_start(range + steer_range_size(wide), wide) : 0);
	if (begin == last) {
		return 0;
	}
	// It is zero only in a forged map, whose slots lead elsewhere.
	return __builtin_clzll((below < above ? below : above) | 1) + 1 - (wide ? 0 : 32);
}

static steer_network_match_t find_low(const steer_network_map_t *map, uint32_t group, uint64_t low)
{
	const uint32_t first = steer_number_at(map->groups, group);
	const uint32_t count = steer_number_at(map->groups, group + UINT64_C(1)) - first;
	const uint8_t *begin = map->lows + (size_t)first * STEER_HALF_SIZE;
	const uint8_t *last = begin + (size_t)(count - 1) * STEER_HALF_SIZE;
	const uint8_t *range = search(begin, count, low, true, 1);
	return (steer_network_match_t) {
		get_half_class(range), 64 + range_scope(range, begin, last, low, true)
	};
}

steer_network_match_t steer_network_map_find(const steer_network_map_t *map,
                                             const steer_client_t *client)
{
	const uint8_t *range;
	switch (client->family) {
	case 4: {
		const uint64_t address = steer_wire_u32(client->address);
		range = find_range(&map->v4, address << 32, false);
		return (steer_network_match_t) {
			get_range_class(range),
			range_scope(range, map->v4.ranges, map->v4.last, address, false)
		};
	}
	case 6: {
		const uint64_t high = steer_wire_u64(client->address);
		range = find_range(&map->v6, high, true);
		const uint32_t class = get_half_class(range);
		return (class & STEER_MAP_DIVIDED) != 0
		       ? find_low(map, class & ~STEER_MAP_DIVIDED, steer_wire_u64(client->address + 8))
		       : (steer_network_match_t) {
			class, range_scope(range, map->v6.ranges, map->v6.last, high, true)
		};
	}
	default:
		return (steer_network_match_t) { 0 };
	}
}

/* Walking. */

/*! Goes to the address after a network. \return false: it is the last one */
static bool next_address(steer_network_t *network)
{
	if (network->length == 0) {
		return false;
	}
	unsigned at = (network->length - 1) / 8;
	unsigned sum = network->address[at] + (0x80u >> (network->length - 1) % 8);
	network->address[at] = sum;
	while (sum > UINT8_MAX && at > 0) {
		sum = network->address[--at] + 1u;
		network->address[at] = sum;
	}
	return sum <= UINT8_MAX;
}

bool steer_network_map_next(const steer_network_map_t *map, steer_network_walk_t *walk)
{
	if (walk->begun && !next_address(&walk->network)) {
		return false;
	}
	walk->begun = true;
	walk->network.length = steer_network_bits(&walk->network);
	const steer_network_match_t match = steer_network_map_find(map, &walk->network);
	walk->network.length = match.scope;
	walk->class = match.class;
	return true;
}
