/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/client.h"
#include "core/network.h"
#include "core/node.h"

/*! Networks whose addresses mean nothing outside them (IANA, special-purpose registries). */
static const struct {
	uint8_t family, length;
	uint8_t begin[2];
} private_networks[] = {
	{ 4,  8, { 0 } },          /* This network, RFC 791. */
	{ 4,  8, { 10 } },         /* RFC 1918. */
	{ 4, 10, { 100, 64 } },    /* Shared, RFC 6598. */
	{ 4,  8, { 127 } },        /* Loopback, RFC 1122. */
	{ 4, 16, { 169, 254 } },   /* Link-local, RFC 3927. */
	{ 4, 12, { 172, 16 } },    /* RFC 1918. */
	{ 4, 16, { 192, 168 } },   /* RFC 1918. */
	{ 6,  8, { 0 } },          /* Unspecified, loopback, mapped, RFC 4291. */
	{ 6,  7, { 0xfc } },       /* Unique local, RFC 4193. */
	{ 6, 10, { 0xfe, 0x80 } }, /* Link-local, RFC 4291. */
};

/*! Prefix length of the private network that contains a client; 0 if there is none. */
static uint8_t private_block(const steer_client_t *client)
{
	for (size_t i = 0; i < sizeof(private_networks) / sizeof(*private_networks); i++) {
		if (private_networks[i].family == client->family &&
		    private_networks[i].length <= client->length &&
		    steer_bits_equal(private_networks[i].begin, client->address,
		                     private_networks[i].length)) {
			return private_networks[i].length;
		}
	}
	return 0;
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
	*block = private_block(&client);
	if (client.family != 0 && client.length > 0 && *block == 0) {
		*subnet = true;
		return client;
	}
	client = (steer_client_t) { 0 };
	question->client(question->host, false, &client);
	return client;
}

uint64_t steer_client_hash(const steer_client_t *client, uint8_t *bits)
{
	uint8_t prefix[1 + STEER_STICKY_BITS_6 / 8] = { client->family };
	*bits = client->family == 4 ? STEER_STICKY_BITS_4
	        : client->family == 6 ? STEER_STICKY_BITS_6 : 0;
	memcpy(prefix + 1, client->address, *bits / 8);
	return steer_name_hash(prefix, 1 + *bits / 8);
}
