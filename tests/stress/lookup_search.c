/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stress/lookup_search.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	uint8_t bytes[16];
} border_t;

struct search {
	const steer_classed_network_t *networks;
	uint32_t count;
	bool lengths[129]; /*!< Those that there are. */
	border_t *borders; /*!< First addresses of networks, and those after their last ones. */
	uint32_t borders_count;
};

static int compare_borders(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(border_t));
}

static int compare_networks(const void *a, const void *b)
{
	const steer_network_t *x = &((const steer_classed_network_t *)a)->network;
	const steer_network_t *y = &((const steer_classed_network_t *)b)->network;
	const int order = memcmp(x->address, y->address, sizeof(x->address));
	return order != 0 ? order : x->length - y->length;
}

/*! Clears the bits of an address after a length, or sets them up to the end of its family's. */
static void fill(uint8_t address[16], unsigned length, unsigned end, bool ones)
{
	for (unsigned bit = length; bit < end; bit++) {
		const uint8_t mask = 0x80 >> bit % 8;
		address[bit / 8] = ones ? address[bit / 8] | mask : address[bit / 8] & ~mask;
	}
}

/*! The address after the last one of a network. \return false if there is none */
static bool next_address(border_t *border, const steer_network_t *network)
{
	const unsigned bytes = steer_network_bits(network) / 8;
	memcpy(border->bytes, network->address, sizeof(border->bytes));
	fill(border->bytes, network->length, 8 * bytes, true);
	unsigned i = bytes;
	while (i > 0 && ++border->bytes[i - 1] == 0) {
		i--;
	}
	return i > 0;
}

search_t *search_make(const steer_classed_network_t *networks, uint32_t count)
{
	search_t *search = calloc(1, sizeof(*search));
	border_t *borders = calloc(count, 2 * sizeof(*borders));
	if (search == NULL || borders == NULL) {
		abort();
	}
	*search = (search_t) { .networks = networks, .count = count, .borders = borders };
	for (uint32_t i = 0; i < count; i++) {
		search->lengths[networks[i].network.length] = true;
		memcpy(borders[search->borders_count++].bytes, networks[i].network.address, 16);
		search->borders_count += next_address(&borders[search->borders_count],
		                                      &networks[i].network);
	}
	qsort(borders, search->borders_count, sizeof(*borders), compare_borders);
	return search;
}

void search_free(search_t *search)
{
	free(search->borders);
	free(search);
}

uint32_t search_class(const search_t *search, const uint8_t address[16])
{
	const steer_network_t *any = &search->networks[0].network;
	for (int length = steer_network_bits(any); length >= 0; length--) {
		if (!search->lengths[length]) {
			continue;
		}
		steer_classed_network_t key = { { any->family, length, { 0 } }, 0, 0 };
		memcpy(key.network.address, address, sizeof(key.network.address));
		fill(key.network.address, length, 128, false);
		const steer_classed_network_t *found =
			bsearch(&key, search->networks, search->count, sizeof(key), compare_networks);
		if (found != NULL) {
			return found->class;
		}
	}
	return 0;
}

/*! Whether the prefix of a length around an address has one class. */
static bool is_constant(const search_t *search, const uint8_t address[16], unsigned length)
{
	border_t first;
	uint32_t low = 0, high = search->borders_count;
	memcpy(first.bytes, address, sizeof(first.bytes));
	fill(first.bytes, length, 128, false);
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		if (compare_borders(&search->borders[middle], &first) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	const uint32_t class = search_class(search, first.bytes);
	while (low < search->borders_count &&
	       steer_bits_equal(search->borders[low].bytes, first.bytes, length) &&
	       search_class(search, search->borders[low].bytes) == class) {
		low++;
	}
	return low == search->borders_count ||
	       !steer_bits_equal(search->borders[low].bytes, first.bytes, length);
}

bool search_is_scope(const search_t *search, const uint8_t address[16], unsigned scope)
{
	return is_constant(search, address, scope) &&
	       (scope == 0 || !is_constant(search, address, scope - 1));
}
