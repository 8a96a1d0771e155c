/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/host_address.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

static bool is_of_a_host(int family, const uint8_t *address)
{
	static const uint8_t unspecified[16], broadcast[4] = { 255, 255, 255, 255 };
	if (family == AF_INET6) {
		return address[0] != 0xff && memcmp(address, unspecified, 16) != 0;
	}
	return memcmp(address, unspecified, 4) != 0 && (address[0] & 0xf0) != 224 &&
	       memcmp(address, broadcast, 4) != 0;
}

int steer_host_address_parse(const char *text, uint8_t address[16])
{
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	return inet_pton(family, text, address) == 1 && is_of_a_host(family, address) ? family : 0;
}
