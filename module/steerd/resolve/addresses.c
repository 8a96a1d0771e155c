/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/addresses.h"

#include <stdio.h>
#include <stdlib.h>

enum { IPV4, IPV6, FAMILIES };

/*! What became of the query for a family. */
typedef struct {
	lookup_t *lookup;
	bool asked;
	query_t *query; /*!< NULL: it is answered. */
	unsigned count;
	address_t addresses[ADDRESSES_MAX];
	char fault[64]; /*!< Empty: none, though there may be no addresses. */
	bool impossible;
} part_t;

struct lookup {
	part_t parts[FAMILIES];
	addresses_done_f done;
	void *ctx;
};

static void finish(lookup_t *lookup)
{
	const part_t *ipv4 = &lookup->parts[IPV4], *ipv6 = &lookup->parts[IPV6];
	addresses_t found = { .count = 0 };
	for (const part_t *part = ipv4; part <= ipv6; part++) {
		for (unsigned i = 0; i < part->count && found.count < ADDRESSES_MAX; i++) {
			found.addresses[found.count++] = part->addresses[i];
		}
	}
	if (found.count == 0) {
		found.impossible = ipv4->impossible || ipv6->impossible;
		const char *fault = ipv4->fault[0] != '\0' ? ipv4->fault
		                    : ipv6->fault[0] != '\0' ? ipv6->fault
		                    : !ipv6->asked ? "no A records"
		                    : !ipv4->asked ? "no AAAA records" : "no A or AAAA records";
		snprintf(found.fault, sizeof(found.fault), "%s", fault);
	}
	addresses_done_f done = lookup->done;
	void *ctx = lookup->ctx;
	free(lookup);
	done(ctx, &found);
}

static void take_records(part_t *part, int family, const response_t *response)
{
	for (size_t i = 0; i < response->received_count && part->count < ADDRESSES_MAX; i++) {
		const knot_rdata_t *rdata = response->received[i];
		part->count += address_from_bytes(&part->addresses[part->count], family, rdata->data,
		                                  rdata->len);
	}
}

static void on_response(void *ctx, const response_t *response)
{
	part_t *part = ctx;
	lookup_t *lookup = part->lookup;
	part->query = NULL;
	part->impossible = response->impossible;
	if (response->kind == RESPONSE_NXDOMAIN) {
		snprintf(part->fault, sizeof(part->fault), "NXDOMAIN");
	} else if (response->kind == RESPONSE_FAILURE) {
		snprintf(part->fault, sizeof(part->fault), "%s", response->fault);
	} else {
		take_records(part, part == &lookup->parts[IPV4] ? AF_INET : AF_INET6, response);
	}
	if (lookup->parts[IPV4].query == NULL && lookup->parts[IPV6].query == NULL) {
		finish(lookup);
	}
}

/*! Asks for a family. \return false: out of memory */
static bool ask(resolver_t *resolver, lookup_t *lookup, unsigned family, const char *host)
{
	part_t *part = &lookup->parts[family];
	part->lookup = lookup;
	part->asked = true;
	part->query = resolver_query(resolver, host, family == IPV4 ? KNOT_RRTYPE_A : KNOT_RRTYPE_AAAA,
	                             false, on_response, part);
	return part->query != NULL;
}

lookup_t *addresses_look_up(resolver_t *resolver, const char *host, bool ipv4, bool ipv6,
                            addresses_done_f done, void *ctx)
{
	lookup_t *lookup = calloc(1, sizeof(*lookup));
	if (lookup == NULL) {
		return NULL;
	}
	lookup->done = done;
	lookup->ctx = ctx;
	if ((ipv4 && !ask(resolver, lookup, IPV4, host)) ||
	    (ipv6 && !ask(resolver, lookup, IPV6, host))) {
		addresses_cancel(lookup);
		return NULL;
	}
	return lookup;
}

void addresses_cancel(lookup_t *lookup)
{
	for (unsigned i = 0; i < FAMILIES; i++) {
		if (lookup->parts[i].query != NULL) {
			resolver_query_cancel(lookup->parts[i].query);
		}
	}
	free(lookup);
}
