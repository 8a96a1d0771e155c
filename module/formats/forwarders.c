/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/forwarders.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/host_address.h"
#include "formats/name_text.h"

static bool parse_address(const char *text, size_t len, steer_forwarder_t *server)
{
	char address[INET6_ADDRSTRLEN];
	if (len >= sizeof(address)) {
		return false;
	}
	memcpy(address, text, len);
	address[len] = '\0';
	int family = steer_host_address_parse(address, server->address);
	server->version = family == AF_INET ? STEER_FORWARDER_IPV4 : STEER_FORWARDER_IPV6;
	return family != 0;
}

static bool parse_port(const char *text, size_t len, steer_forwarder_t *server)
{
	unsigned long port = strtoul(text, NULL, 10);
	server->port = port;
	return len > 0 && len <= 5 && strspn(text, "0123456789") == len && port >= 1 &&
	       port <= UINT16_MAX;
}

static bool parse_name(const char *text, steer_forwarder_t *server)
{
	return steer_name_parse(text, server->name) == STEER_OK &&
	       steer_forwarder_can_be_named(server->name);
}

static int parse_server(const char *word, steer_forwarder_t *server, steer_fault_t *fault)
{
	const char *name = strchrnul(word, '#'), *port = memchr(word, '@', name - word);
	size_t address = (port != NULL ? port : name) - word;
	if (!parse_address(word, address, server)) {
		return steer_fault(fault, STEER_EINVAL, "'%.*s' is not the address of a name server; "
		                   "allowed: system, recursion, or 1 to %d servers, each "
		                   "ADDRESS[@PORT][#NAME]", (int)address, word, STEER_FORWARDERS_MAX);
	}
	server->port = *name == '#' ? STEER_PORT_DOT : STEER_PORT_DNS;
	if (port != NULL && !parse_port(port + 1, name - port - 1, server)) {
		return steer_fault(fault, STEER_EINVAL, "'%s': '%.*s' is not a port; allowed: 1 to 65535",
		                   word, (int)(name - port - 1), port + 1);
	}
	if (*name == '#' && !parse_name(name + 1, server)) {
		return steer_fault(fault, STEER_EINVAL, "'%s': '%s' is not the name of a host; allowed: a "
		                   "name of letters, digits, - and _, with dots, and no address", word,
		                   name + 1);
	}
	return STEER_OK;
}

/*! Refuses a server that is one of those before, or is not named as they are. */
static int compare(const char *const *words, const steer_forwarder_t *servers, unsigned last,
                   steer_fault_t *fault)
{
	for (unsigned i = 0; i < last; i++) {
		if (steer_forwarder_equal(&servers[i], &servers[last])) {
			return steer_fault(fault, STEER_EINVAL, "'%s' is the same server as '%s'; allowed: each "
			                   "address and port once", words[last], words[i]);
		}
		if (steer_forwarder_is_tls(&servers[i]) != steer_forwarder_is_tls(&servers[last])) {
			return steer_fault(fault, STEER_EINVAL, "'%s' beside '%s'; allowed: #NAME after each "
			                   "server, which means TLS, or after none", words[last], words[i]);
		}
	}
	return STEER_OK;
}

int steer_forwarders_parse(const char *const *words, unsigned count,
                           steer_forwarders_t *forwarders, steer_fault_t *fault)
{
	steer_forwarders_t parsed = { .count = count };
	if (count > STEER_FORWARDERS_MAX) {
		return steer_fault(fault, STEER_EINVAL, "%u servers; allowed: 1 to %d", count,
		                   STEER_FORWARDERS_MAX);
	}
	for (unsigned i = 0; i < count; i++) {
		int ret = parse_server(words[i], &parsed.servers[i], fault);
		if (ret == STEER_OK) {
			ret = compare(words, parsed.servers, i, fault);
		}
		if (ret != STEER_OK) {
			return ret;
		}
	}
	*forwarders = parsed;
	return STEER_OK;
}

void steer_forwarder_print(const steer_forwarder_t *server, char text[STEER_FORWARDER_TEXT])
{
	char address[INET6_ADDRSTRLEN] = "", name[STEER_NAME_TEXT];
	int family = server->version == STEER_FORWARDER_IPV4 ? AF_INET : AF_INET6;
	(void)inet_ntop(family, server->address, address, sizeof(address));
	int len = snprintf(text, STEER_FORWARDER_TEXT, "%s@%u", address, server->port);
	if (steer_forwarder_is_tls(server)) {
		steer_name_print(server->name, name);
		name[strlen(name) - 1] = '\0';
		// A host's name, which has no escapes.
		snprintf(text + len, STEER_FORWARDER_TEXT - len, "#%.*s", STEER_NAME_MAX - 2, name);
	}
}
