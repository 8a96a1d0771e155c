/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/server.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DNS_PORT 53

/*! Reads what follows the address. \return 0: it is no port */
static uint16_t parse_port(const char *text)
{
	if (text[0] == '\0') {
		return DNS_PORT;
	}
	size_t digits = strspn(text + 1, "0123456789");
	long number = strtol(text + 1, NULL, 10);
	bool good = text[0] == '@' && digits > 0 && digits <= 5 && text[1 + digits] == '\0';
	return good && number <= UINT16_MAX ? number : 0;
}

int server_parse(server_t *server, const char *text, steer_fault_t *fault)
{
	server_t parsed;
	char host[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "@");
	uint16_t port = parse_port(text + len);
	snprintf(host, sizeof(host), "%.*s", (int)len, text);
	if (len >= sizeof(host) || port == 0 || !address_parse(&parsed.address, host, port)) {
		return steer_fault(fault, STEER_EINVAL, "'%s' is not an address; allowed: an IPv4 or IPv6 "
		                   "address, and a port of 1 to 65535 after '@'", text);
	}
	snprintf(parsed.text, sizeof(parsed.text), "%s", text);
	*server = parsed;
	return STEER_OK;
}
