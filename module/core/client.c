/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/client.h"
#include "core/node.h"

/*
 * Networks whose addresses mean nothing outside them (IANA, special-purpose registries): the length
 * of the one that contains an address; 0 if there is none.
 */

static uint8_t private_length4(const uint8_t *address)
{
	switch (address[0]) {
	case 0:   /* This network, RFC 791. */
	case 10:  /* RFC 1918. */
	case 127: /* Loopback, RFC 1122. */
		return 8;
	case 100: /* Shared, RFC 6598. */
		return address[1] >> 6 == 64 >> 6 ? 10 : 0;
	case 169: /* Link-local, RFC 3927. */
		return address[1] == 254 ? 16 : 0;
	case 172: /* RFC 1918. */
		return address[1] >> 4 == 16 >> 4 ? 12 : 0;
	case 192: /* RFC 1918. */
		return address[1] == 168 ? 16 : 0;
	default:
		return 0;
	}
}

static uint8_t private_length6(const uint8_t *address)
{
	switch (address[0]) {
	case 0: /* Unspecified, loopback, mapped, RFC 4291. */
		return 8;
	case 0xfc: /* Unique local, RFC 4193. */
	case 0xfd:
		return 7;
	case 0xfe: /* Link-local, RFC 4291. */
		return address[1] >> 6 == 0x80 >> 6 ? 10 : 0;
	default:
		return 0;
	}
}

uint8_t steer_client_private_block(const steer_client_t *client)
{
	const uint8_t length = client->family == 4 ? private_length4(client->address)
	                       : client->family == 6 ? private_length6(client->address) : 0;
	return length <= client->length ? length : 0;
}

steer_client_t steer_client_of(const steer_question_t *question, bool *subnet, uint8_t *block)
{
	steer_client_t client = { 0 };
	*subnet = false;
	*block = 0;
	if (question->client == NULL) {
		return client;
	}
	question->client(question->host, true, &client);
	*block = steer_client_private_block(&client);
	if (client.family != 0 && client.length > 0 && *block == 0) {
		*subnet = true;
		return client;
	}
	client = (steer_client_t) { 0 };
	question->client(question->host, false, &client);
	return client;
}

/*! Number of lengths that a prefix of IPv4 may have. */
#define LENGTHS_4 33

uint64_t steer_client_number(const steer_client_t *client, uint8_t *bits)
{
	const uint64_t address = steer_wire_u64(client->address);
	switch (client->family) {
	case 4:
		*bits = STEER_STICKY_BITS_4;
		return address >> 40 << 40 | (1 + client->length);
	case 6:
		*bits = STEER_STICKY_BITS_6;
		return address >> 8 << 8 | (1 + LENGTHS_4 + client->length);
	default:
		*bits = 0;
		return 0;
	}
}

uint64_t steer_client_hash(const steer_client_t *client, uint8_t *bits)
{
	uint8_t prefix[1 + STEER_STICKY_BITS_6 / 8] = { client->family };
	*bits = client->family == 4 ? STEER_STICKY_BITS_4
	        : client->family == 6 ? STEER_STICKY_BITS_6 : 0;
	memcpy(prefix + 1, client->address, *bits / 8);
	return steer_name_hash(prefix, 1 + *bits / 8);
}
