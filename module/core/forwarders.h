/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The setting "forwarders": whom steerd asks for the answers of alias targets.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's; nothing is borrowed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"

#define STEER_PORT_DNS 53
#define STEER_PORT_DOT 853 /*!< DNS over TLS, RFC 7858. */

typedef struct {
	uint16_t port;
	uint8_t version;     /*!< STEER_FORWARDER_IPV4 or _IPV6. */
	uint8_t address[16]; /*!< IPv4: the first four. */
	uint8_t name[STEER_NAME_MAX]; /*!< Wire name that TLS verifies; the root: plain DNS. */
} steer_forwarder_t;

/*! What is not used is zero, and there is no padding, so that memcmp() compares. */
typedef struct {
	uint32_t word;  /*!< STEER_FORWARD_SYSTEM or _RECURSION, if there are no servers. */
	uint32_t count; /*!< Servers. */
	steer_forwarder_t servers[STEER_FORWARDERS_MAX];
} steer_forwarders_t;

/*! Longest stored value. */
#define STEER_FORWARDERS_SIZE (STEER_FORWARDERS_MAX * (STEER_FORWARDER_SIZE + 16 + STEER_NAME_MAX))

/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_forwarders_open(steer_forwarders_t *forwarders, const void *value, size_t size);
/*! Writes valid forwarders. \return Their size */
size_t steer_forwarders_write(uint8_t buf[STEER_FORWARDERS_SIZE],
                              const steer_forwarders_t *forwarders);

/*! Whether a server is asked over TLS. */
static inline bool steer_forwarder_is_tls(const steer_forwarder_t *server)
{
	return server->name[0] != 0;
}
/*! Whether two have the same address and port. */
bool steer_forwarder_equal(const steer_forwarder_t *a, const steer_forwarder_t *b);
/*! Whether a wire name in lower case can be a host's: letters, digits, - and _, and no address. */
bool steer_forwarder_can_be_named(const uint8_t *name);
