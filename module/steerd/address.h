/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Addresses to probe.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t len;
} address_t;

/*! Size of a printed address with port, and of the terminating NUL. */
#define ADDRESS_TEXT (INET6_ADDRSTRLEN + 8)

/*! Reads an IPv4 or IPv6 address, which gets the port. \return false: it is neither */
bool address_parse(address_t *address, const char *text, uint16_t port);
/*! Reads what is printed as 192.0.2.1:443 or [2001:db8::1]:443. \return false: it is neither */
bool address_parse_port(address_t *address, const char *text);
/*! Makes one of the bytes of an A or AAAA record, without a port. \return false: wrong length */
bool address_from_bytes(address_t *address, int family, const void *bytes, size_t len);
void address_set_port(address_t *address, uint16_t port);
/*! Prints an address, as 192.0.2.1:443 and [2001:db8::1]:443, or without a port if that is 0. */
const char *address_print(char text[ADDRESS_TEXT], const address_t *address);
