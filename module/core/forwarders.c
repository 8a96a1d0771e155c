/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/forwarders.h"

#include <string.h>

#include "core/name.h"
#include "core/node.h"

static size_t address_len(uint8_t version)
{
	return version == STEER_FORWARDER_IPV4 ? 4 : 16;
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

bool steer_forwarder_can_be_named(const uint8_t *name)
{
	bool digits = true; // The last label has no others, as of an address.
	for (const uint8_t *label = name; *label != 0; label += 1 + *label) {
		digits = true;
		for (unsigned i = 1; i <= *label; i++) {
			bool letter = label[i] >= 'a' && label[i] <= 'z';
			if (!letter && !is_digit(label[i]) && label[i] != '-' && label[i] != '_') {
				return false;
			}
			digits = digits && is_digit(label[i]);
		}
	}
	return !digits;
}

bool steer_forwarder_equal(const steer_forwarder_t *a, const steer_forwarder_t *b)
{
	return a->version == b->version && a->port == b->port &&
	       memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

/*! Opens the server that bytes begin with. \return Its size; 0: it is damaged */
static size_t open_server(steer_forwarder_t *server, const uint8_t *at, size_t size)
{
	if (size < STEER_FORWARDER_SIZE || get_forwarder_reserved(at) != 0 ||
	    (get_forwarder_version(at) != STEER_FORWARDER_IPV4 &&
	     get_forwarder_version(at) != STEER_FORWARDER_IPV6)) {
		return 0;
	}
	size_t head = STEER_FORWARDER_SIZE + address_len(get_forwarder_version(at));
	size_t name = size > head ? steer_name_len_in(at + head, size - head) : 0;
	if (name == 0 || get_forwarder_port(at) == 0 ||
	    (name > 1 && !steer_forwarder_can_be_named(at + head))) {
		return 0;
	}
	server->version = get_forwarder_version(at);
	server->port = get_forwarder_port(at);
	memcpy(server->address, at + STEER_FORWARDER_SIZE, head - STEER_FORWARDER_SIZE);
	memcpy(server->name, at + head, name);
	return head + name;
}

/*! Whether the last server is named as the others are, and is none of them. */
static bool fits(const steer_forwarders_t *forwarders)
{
	const steer_forwarder_t *last = &forwarders->servers[forwarders->count - 1];
	for (const steer_forwarder_t *other = forwarders->servers; other < last; other++) {
		if (steer_forwarder_is_tls(other) != steer_forwarder_is_tls(last) ||
		    steer_forwarder_equal(other, last)) {
			return false;
		}
	}
	return true;
}

int steer_forwarders_open(steer_forwarders_t *forwarders, const void *value, size_t size)
{
	const uint8_t *at = value;
	steer_forwarders_t opened = { 0 };
	if (size == 1 && *at <= STEER_FORWARD_RECURSION) {
		opened.word = *at;
		size = 0;
	} else if (size == 0) {
		return STEER_EDAMAGED;
	}
	while (size > 0) {
		size_t len = opened.count < STEER_FORWARDERS_MAX
		             ? open_server(&opened.servers[opened.count++], at, size) : 0;
		if (len == 0 || !fits(&opened)) {
			return STEER_EDAMAGED;
		}
		at += len;
		size -= len;
	}
	*forwarders = opened;
	return STEER_OK;
}

size_t steer_forwarders_write(uint8_t buf[STEER_FORWARDERS_SIZE],
                              const steer_forwarders_t *forwarders)
{
	uint8_t *at = buf;
	if (forwarders->count == 0) {
		*at++ = forwarders->word;
	}
	for (unsigned i = 0; i < forwarders->count; i++) {
		const steer_forwarder_t *server = &forwarders->servers[i];
		put_forwarder_version(at, server->version);
		put_forwarder_reserved(at, 0);
		put_forwarder_port(at, server->port);
		at += STEER_FORWARDER_SIZE;
		memcpy(at, server->address, address_len(server->version));
		at += address_len(server->version);
		memcpy(at, server->name, steer_name_len(server->name));
		at += steer_name_len(server->name);
	}
	return at - buf;
}
