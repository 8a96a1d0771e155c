/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/queries.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

struct query {
	resolver_done_f done;
	void *ctx;
};

unsigned queries_running, queries_begun;
bool queries_fail;

query_t *resolver_query(resolver_t *resolver, const char *name, uint16_t type, bool anew,
                        resolver_done_f done, void *ctx)
{
	(void)resolver;
	assert_true(name[0] != '\0' && type != 0);
	assert_int_equal(anew, ((const target_t *)ctx)->refresh.held);
	if (queries_fail) {
		return NULL;
	}
	query_t *query = malloc(sizeof(*query));
	assert_non_null(query);
	*query = (query_t) { done, ctx };
	queries_running++;
	queries_begun++;
	return query;
}

void resolver_query_cancel(query_t *query)
{
	queries_running--;
	free(query);
}

static void end(target_t *target, const response_t *response)
{
	assert_non_null(target->query);
	const query_t query = *target->query;
	resolver_query_cancel(target->query);
	query.done(query.ctx, response);
}

static void end_rrset(target_t *target, uint32_t ttl, knot_rrset_t *rrset)
{
	const response_t response = { .kind = RESPONSE_RECORDS, .ttl = ttl, .rrset = rrset };
	end(target, &response);
	knot_rdataset_clear(&rrset->rrs, NULL);
}

void queries_end_records(target_t *target, uint32_t ttl, const char *addresses)
{
	knot_rrset_t rrset;
	char text[256], *rest = text, *word;
	uint8_t address[4];
	strcpy(text, addresses);
	knot_rrset_init(&rrset, (uint8_t *)"", KNOT_RRTYPE_A, KNOT_CLASS_IN, ttl);
	while ((word = strsep(&rest, " ")) != NULL) {
		assert_int_equal(inet_pton(AF_INET, word, address), 1);
		assert_int_equal(knot_rrset_add_rdata(&rrset, address, sizeof(address), NULL), 0);
	}
	end_rrset(target, ttl, &rrset);
}

void queries_end_empty(target_t *target, response_kind_t kind, uint32_t ttl)
{
	const response_t response = { .kind = kind, .ttl = ttl };
	end(target, &response);
}

void queries_end_failure(target_t *target, const char *fault)
{
	const response_t response = { .kind = RESPONSE_FAILURE, .fault = fault };
	end(target, &response);
}

void queries_end_bulk(target_t *target, unsigned count, unsigned size)
{
	knot_rrset_t rrset;
	uint8_t rdata[65535] = { 0 };
	knot_rrset_init(&rrset, (uint8_t *)"", target->type, KNOT_CLASS_IN, 9);
	for (unsigned i = 0; i < count; i++) {
		rdata[0] = i >> 8;
		rdata[1] = i;
		assert_int_equal(knot_rrset_add_rdata(&rrset, rdata, size, NULL), 0);
	}
	end_rrset(target, 9, &rrset);
}
