/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "core/network_map.h"
#include "core/node.h"

/*! An address in 128 bits; one of IPv4 is in the topmost 32. */
typedef struct {
	uint64_t high, low;
} address_t;

static int compare(const void *a, const void *b)
{
	const steer_classed_network_t *x = a, *y = b;
	return steer_network_compare(&x->network, &y->network);
}

/*! Whether it can be a network: with a family, and no bits after its length. */
static bool is_sound(const steer_network_t *network)
{
	uint8_t after = 0;
	for (unsigned i = 0; i < sizeof(network->address); i++) {
		const unsigned known = network->length > 8 * i ? network->length - 8 * i : 0;
		after |= known < 8 ? network->address[i] & 0xff >> known : 0;
	}
	return (network->family == 4 || network->family == 6) &&
	       network->length <= steer_network_bits(network) && after == 0;
}

int steer_networks_sort(steer_classed_network_t *networks, uint32_t count, uint32_t classes,
                        uint32_t *at)
{
	if (count > 0) {
		qsort(networks, count, sizeof(*networks), compare);
	}
	for (uint32_t i = 0; i < count; i++) {
		const bool sound = is_sound(&networks[i].network) && networks[i].class <= classes;
		if (!sound || (i > 0 && compare(&networks[i - 1], &networks[i]) == 0)) {
			*at = i;
			return sound ? STEER_EEXIST : STEER_EINVAL;
		}
	}
	return STEER_OK;
}

/* Writing ranges, as they come in order. Without a buffer they are only counted. */

typedef struct {
	bool wide;
	uint8_t *ranges, *groups, *lows;   /*!< NULL: only count. */
	uint32_t count, groups_count, lows_count;
	bool divided;    /*!< The last range is a high half that is divided. */
	uint64_t last;   /*!< Start of the last range. */
	address_t start; /*!< Of the range that is put next, unless another begins there too. */
	uint32_t class;  /*!< Its class. */
	uint32_t before; /*!< That of the range before. */
} writer_t;

static void range_write(writer_t *writer, uint64_t start, uint32_t class)
{
	if (writer->ranges != NULL) {
		uint8_t *at = writer->ranges + writer->count * steer_range_size(writer->wide);
		if (writer->wide) {
			put_half_start(at, start);
			put_half_class(at, class);
		} else {
			put_range_start(at, start >> 32);
			put_range_class(at, class);
		}
	}
	writer->count++;
	writer->last = start;
	writer->divided = false;
}

static void low_write(writer_t *writer, uint64_t start, uint32_t class)
{
	if (writer->lows != NULL) {
		uint8_t *at = writer->lows + (size_t)writer->lows_count * STEER_HALF_SIZE;
		put_half_start(at, start);
		put_half_class(at, class);
	}
	writer->lows_count++;
}

static void number_write(uint8_t *numbers, uint64_t i, uint32_t number)
{
	if (numbers != NULL) {
		number = steer_le_u32(number);
		memcpy(numbers + i * sizeof(number), &number, sizeof(number));
	}
}

/*! Writes a range that begins at a high half, after the rest of one that was divided. */
static void high_write(writer_t *writer, uint64_t high, uint32_t class)
{
	if (writer->divided && writer->last + 1 != high) {
		range_write(writer, writer->last + 1, writer->before);
	}
	range_write(writer, high, class);
}

/*! Divides a high half: up to here it has the class of the range before. */
static void group_begin(writer_t *writer, uint64_t high)
{
	if (writer->last == high) {
		writer->count--; // The range that begins there has that class.
	}
	number_write(writer->groups, writer->groups_count, writer->lows_count);
	high_write(writer, high, STEER_MAP_DIVIDED | writer->groups_count++);
	writer->divided = true;
	low_write(writer, 0, writer->before);
}

/*! Writes the range that was put last, unless it continues the one before. */
static void flush(writer_t *writer)
{
	if (writer->count > 0 && writer->class == writer->before) {
		return;
	}
	if (writer->start.low == 0) {
		high_write(writer, writer->start.high, writer->class);
	} else {
		if (!writer->divided || writer->last != writer->start.high) {
			group_begin(writer, writer->start.high);
		}
		low_write(writer, writer->start.low, writer->class);
	}
	writer->before = writer->class;
}

static void put(writer_t *writer, address_t start, uint32_t class)
{
	if (start.high != writer->start.high || start.low != writer->start.low) {
		flush(writer);
		writer->start = start;
	}
	writer->class = class;
}

static void finish(writer_t *writer)
{
	flush(writer);
	if (writer->divided && writer->last != UINT64_MAX) {
		range_write(writer, writer->last + 1, writer->before);
	}
	number_write(writer->groups, writer->groups_count, writer->lows_count);
}

/* Networks to ranges. */

/*! A network that contains the current address. */
typedef struct {
	address_t next; /*!< The first address after it. */
	bool endless;   /*!< There is none. */
	uint32_t class;
} enclosing_t;

static address_t address_of(const steer_network_t *network)
{
	address_t address = { 0 };
	for (unsigned i = 0; i < 8; i++) {
		address.high = address.high << 8 | network->address[i];
		address.low = address.low << 8 | network->address[8 + i];
	}
	return address;
}

static enclosing_t enclosing_of(const steer_classed_network_t *classed)
{
	address_t next = address_of(&classed->network);
	const unsigned length = classed->network.length;
	if (length > 64) {
		next.low += UINT64_C(1) << (128 - length);
		next.high += next.low == 0;
	} else if (length > 0) {
		next.high += UINT64_C(1) << (64 - length);
	}
	return (enclosing_t) {
		next, length == 0 || (next.high == 0 && next.low == 0), classed->class
	};
}

static bool is_inside(const address_t *address, const enclosing_t *enclosing)
{
	const address_t *next = &enclosing->next;
	return enclosing->endless || address->high < next->high ||
	       (address->high == next->high && address->low < next->low);
}

/*! Leaves the networks that an address is not inside; NULL: all. \return number of those left */
static unsigned leave(writer_t *writer, const enclosing_t *enclosing, unsigned depth,
                      const address_t *address)
{
	while (depth > 0 && (address == NULL || !is_inside(address, &enclosing[depth - 1]))) {
		const enclosing_t *left = &enclosing[--depth];
		if (!left->endless) {
			put(writer, left->next, depth > 0 ? enclosing[depth - 1].class : 0);
		}
	}
	return depth;
}

/*! Writes the ranges of sorted networks of one family. */
static void ranges_write(writer_t *writer, const steer_classed_network_t *networks, uint32_t count)
{
	enclosing_t enclosing[129];
	unsigned depth = 0;
	for (uint32_t i = 0; i < count; i++) {
		const address_t address = address_of(&networks[i].network);
		depth = leave(writer, enclosing, depth, &address);
		put(writer, address, networks[i].class);
		enclosing[depth++] = enclosing_of(&networks[i]);
	}
	(void)leave(writer, enclosing, depth, NULL);
	finish(writer);
}

/* The index: tops and slots. */

/*! Start of a range, in the topmost bits; after the last one there is no other. */
static uint64_t key_at(const uint8_t *ranges, uint32_t i, bool wide)
{
	const uint64_t start = steer_range_start(ranges + i * steer_range_size(wide), wide);
	return wide ? start : start << 32;
}

static void index_write(uint8_t *tops, uint8_t *slots, const steer_network_ranges_t *view,
                        bool wide)
{
	const uint64_t count = UINT64_C(1) << view->bits;
	uint32_t begun = 0, range = 0, slot = 0;
	for (uint64_t top = 0; top < count; top++) {
		const uint64_t first = top << (64 - view->bits);
		const uint64_t last = first | UINT64_MAX >> view->bits;
		uint64_t share = 1;
		for (; begun < view->count && key_at(view->ranges, begun, wide) <= last; begun++) {
			share += STEER_MAP_DENSITY;
		}
		number_write(tops, top, slot);
		for (uint64_t i = 0; i < share; i++) {
			// The first place that selects the slot: the quotient is rounded up.
			const uint64_t key = first | ((i << 32) + share - 1) / share << 32 >> view->bits;
			while (range + 1 < view->count && key_at(view->ranges, range + 1, wide) <= key) {
				range++;
			}
			number_write(slots, slot++, range);
		}
	}
	number_write(tops, count, slot);
	number_write(slots, slot, view->count - 1);
}

/* The map. */

static uint8_t bits_for(uint32_t ranges)
{
	const unsigned bits = 31 - __builtin_clz(ranges | 2);
	return bits < STEER_MAP_BITS ? bits : STEER_MAP_BITS;
}

/*! Writes what is known before the sum. */
static void header_write(uint8_t *at, const steer_network_map_model_t *model, const writer_t *v4,
                         const writer_t *v6)
{
	put_map_format(at, STEER_MAP_FORMAT);
	put_map_type(at, model->type);
	put_map_bits4(at, bits_for(v4->count));
	put_map_bits6(at, bits_for(v6->count));
	put_map_ranges4(at, v4->count);
	put_map_ranges6(at, v6->count);
	put_map_groups(at, v6->groups_count);
	put_map_lows(at, v6->lows_count);
	put_map_classes(at, model->classes_count);
	put_map_class_size(at, model->class_size);
	put_map_networks(at, model->networks_count);
	put_map_reserved(at, 0);
}

/*! A part of the buffer that a map is written to, as its view has it. */
static uint8_t *part_of(uint8_t *buf, const uint8_t *part)
{
	return buf + (part - buf);
}

static void family_write(uint8_t *buf, const steer_network_ranges_t *view, writer_t *writer,
                         const steer_classed_network_t *networks, uint32_t count)
{
	const size_t size = steer_range_size(writer->wide);
	writer->ranges = part_of(buf, view->ranges);
	ranges_write(writer, networks, count);
	for (unsigned i = 1; i <= STEER_MAP_PADDING; i++) {
		memcpy(part_of(buf, view->last) + i * size, view->last, size);
	}
	index_write(part_of(buf, view->tops), part_of(buf, view->slots), view, writer->wide);
}

int steer_network_map_build(uint8_t *buf, size_t *size, const steer_network_map_model_t *model,
                            uint32_t *at)
{
	if (model->networks_count > STEER_NETWORKS_MAX || model->classes_count >= STEER_MAP_DIVIDED) {
		return STEER_ESPACE;
	}
	int ret = steer_networks_sort(model->networks, model->networks_count, model->classes_count, at);
	if (ret != STEER_OK) {
		return ret;
	}
	const steer_classed_network_t *networks = model->networks;
	uint32_t split = 0;
	while (split < model->networks_count && networks[split].network.family == 4) {
		split++;
	}
	const uint32_t rest = model->networks_count - split;
	const steer_classed_network_t *others = rest > 0 ? networks + split : networks;
	writer_t v4 = { .wide = false }, v6 = { .wide = true };
	ranges_write(&v4, networks, split);
	ranges_write(&v6, others, rest);
	uint8_t header[STEER_MAP_HEADER];
	header_write(header, model, &v4, &v6);
	steer_network_map_t view;
	const uint64_t needed = steer_network_map_view(&view, header);
	if (needed > UINT32_MAX || (buf != NULL && needed > *size)) {
		return STEER_ESPACE;
	}
	*size = needed;
	if (buf == NULL) {
		return STEER_OK;
	}
	memcpy(buf, header, sizeof(header));
	put_map_size(buf, needed);
	(void)steer_network_map_view(&view, buf);
	v4 = (writer_t) { .wide = false };
	v6 = (writer_t) {
		.wide = true, .groups = part_of(buf, view.groups), .lows = part_of(buf, view.lows)
	};
	family_write(buf, &view.v4, &v4, networks, split);
	family_write(buf, &view.v6, &v6, others, rest);
	if (model->classes_count > 0) {
		memcpy(part_of(buf, view.classes), model->classes,
		       (size_t)model->classes_count * model->class_size);
	}
	put_map_sum(buf, steer_value_sum(buf, needed));
	return STEER_OK;
}
