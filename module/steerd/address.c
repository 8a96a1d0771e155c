/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool address_parse(address_t *address, const char *text, uint16_t port)
{
	*address = (address_t) { .len = 0 };
	if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons(port);
		address->len = sizeof(address->v4);
	} else if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1) {
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(port);
		address->len = sizeof(address->v6);
	}
	return address->len > 0;
}

bool address_from_bytes(address_t *address, int family, const void *bytes, size_t len)
{
	*address = (address_t) { .len = 0 };
	if (family == AF_INET && len == sizeof(address->v4.sin_addr)) {
		memcpy(&address->v4.sin_addr, bytes, len);
		address->len = sizeof(address->v4);
	} else if (family == AF_INET6 && len == sizeof(address->v6.sin6_addr)) {
		memcpy(&address->v6.sin6_addr, bytes, len);
		address->len = sizeof(address->v6);
	}
	address->any.sa_family = family;
	return address->len > 0;
}

void address_set_port(address_t *address, uint16_t port)
{
	if (address->any.sa_family == AF_INET6) {
		address->v6.sin6_port = htons(port);
	} else {
		address->v4.sin_port = htons(port);
	}
}

bool address_parse_port(address_t *address, const char *text)
{
	char host[INET6_ADDRSTRLEN], *end;
	const char *colon = strrchr(text, ':');
	bool bracket = text[0] == '[';
	if (colon == NULL || (bracket && (colon == text || colon[-1] != ']'))) {
		return false;
	}
	size_t len = colon - text - 2 * bracket;
	unsigned long port = strtoul(colon + 1, &end, 10);
	if (len >= sizeof(host) || colon[1] < '0' || colon[1] > '9' || *end != '\0' || port == 0 ||
	    port > UINT16_MAX) {
		return false;
	}
	memcpy(host, text + bracket, len);
	host[len] = '\0';
	return address_parse(address, host, port) && bracket == (address->any.sa_family == AF_INET6);
}

const char *address_print(char text[ADDRESS_TEXT], const address_t *address)
{
	bool v6 = address->any.sa_family == AF_INET6;
	const void *bytes = v6 ? (const void *)&address->v6.sin6_addr : &address->v4.sin_addr;
	unsigned port = ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port);
	char host[INET6_ADDRSTRLEN] = "";
	(void)inet_ntop(address->any.sa_family, bytes, host, sizeof(host));
	if (port == 0) {
		snprintf(text, ADDRESS_TEXT, "%s", host);
	} else {
		snprintf(text, ADDRESS_TEXT, v6 ? "[%s]:%u" : "%s:%u", host, port);
	}
	return text;
}
