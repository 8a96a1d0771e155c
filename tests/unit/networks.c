/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/networks.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "unit/test.h"

uint32_t networks_draw(uint32_t bound)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15); // Of xorshift.
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 32) % bound;
}

const place_t places[PLACES] = {
	{ 4, 0 }, { 4, 7 }, { 4, 12 }, { 4, 16 }, { 4, 24 },
	{ 6, 0 }, { 6, 13 }, { 6, 44 }, { 6, 55 }, { 6, 56 }, { 6, 60 }, { 6, 64 }, { 6, 101 },
	{ 6, 120 },
};

/*! Puts bits of a number into an address, which has zeros there. */
static void bits_put(uint8_t *address, unsigned at, unsigned bits, unsigned number)
{
	for (unsigned i = 0; i < bits; i++) {
		const unsigned bit = at + i;
		address[bit / 8] |= (number >> (bits - 1 - i) & 1) << (7 - bit % 8);
	}
}

void place_address(uint8_t address[16], const place_t *place, unsigned value)
{
	static const uint8_t path[16] = { 0x2a, 0x5c, 0x93, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1 };
	memcpy(address, path, 16);
	for (unsigned bit = place->begin; bit < 128; bit++) {
		address[bit / 8] &= ~(0x80 >> bit % 8);
	}
	bits_put(address, place->begin, 8, value);
}

steer_classed_network_t place_network(const place_t *place, unsigned value, unsigned bits,
                                      uint32_t class)
{
	steer_classed_network_t network = { { place->family, place->begin + bits, { 0 } }, class, 0 };
	place_address(network.network.address, place, value & 0xff00 >> bits);
	return network;
}

/*! Whether the last of some networks is among those before it. */
static bool is_there(const steer_classed_network_t *networks, uint32_t last)
{
	uint32_t i = 0;
	while (memcmp(&networks[i].network, &networks[last].network, sizeof(steer_network_t)) != 0) {
		i++;
	}
	return i < last;
}

uint32_t world_draw(steer_classed_network_t networks[WORLD_MAX], const place_t *place,
                    uint32_t classes, uint32_t *around)
{
	uint32_t count = 0;
	*around = 0;
	if (place->begin > 0 && networks_draw(2) == 0) {
		*around = networks_draw(classes + 1);
		networks[count++] = (steer_classed_network_t) {
			{ place->family, 0, { 0 } }, *around, 0
		};
	}
	for (uint32_t tries = networks_draw(WORLD_MAX); tries > 0; tries--) {
		networks[count] = place_network(place, networks_draw(256), networks_draw(9),
		                                networks_draw(classes + 1));
		count += !is_there(networks, count);
	}
	return count;
}

steer_client_t client_parse(const char *text)
{
	char address[64];
	const char *slash = strchr(text, '/');
	steer_client_t client = { .family = strchr(text, ':') != NULL ? 6 : 4 };
	memcpy(address, text, slash - text);
	address[slash - text] = '\0';
	const int family = client.family == 6 ? AF_INET6 : AF_INET;
	assert_int_equal(inet_pton(family, address, client.address), 1);
	client.length = atoi(slash + 1);
	return client;
}

steer_classed_network_t network_parse(const char *text, uint32_t class)
{
	return (steer_classed_network_t) { client_parse(text), class, 0 };
}
