/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/network_text.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "formats/decimal.h"

/*! Parses a length without leading zeros. */
static bool parse_length(const char *text, size_t len, unsigned max, uint8_t *length)
{
	uint32_t number;
	if ((len > 1 && text[0] == '0') || !steer_number_parse(text, len, max, &number)) {
		return false;
	}
	*length = number;
	return true;
}

int steer_network_parse(const char *text, size_t len, steer_network_t *network)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = memchr(text, '/', len);
	size_t address_len = slash != NULL ? (size_t)(slash - text) : len;
	if (address_len >= sizeof(address)) {
		return STEER_EINVAL;
	}
	memcpy(address, text, address_len);
	address[address_len] = '\0';
	steer_network_t made = { .family = strchr(address, ':') != NULL ? 6 : 4 };
	made.length = steer_network_bits(&made);
	if (inet_pton(made.family == 4 ? AF_INET : AF_INET6, address, made.address) != 1 ||
	    (slash != NULL && !parse_length(slash + 1, len - address_len - 1,
	                                    steer_network_bits(&made), &made.length))) {
		return STEER_EINVAL;
	}
	bool rest = steer_network_clear_rest(&made);
	*network = made;
	return rest ? STEER_EREFUSED : STEER_OK;
}

const char *steer_network_print(const steer_network_t *network, char text[STEER_NETWORK_TEXT])
{
	char address[INET6_ADDRSTRLEN];
	inet_ntop(network->family == 4 ? AF_INET : AF_INET6, network->address, address,
	          sizeof(address));
	snprintf(text, STEER_NETWORK_TEXT, "%s/%u", address, network->length);
	return text;
}
