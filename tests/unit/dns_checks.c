/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/dns_checks.h"

#include "formats/health_check.h"

#define OPTIONS_MAX 5

static const struct {
	const char *key, *value;
} options[DNS_CHECKS][OPTIONS_MAX] = {
	[DNS_CHECK_A] = { { "query-name", "www.example.net" }, { "min-records", "2" },
	                  { "values", "192.0.2.7" }, { "values", "192.0.2.8" } },
	[DNS_CHECK_MX] = { { "query-name", "www.example.net" }, { "query-type", "MX" },
	                   { "values", "10 Mail.example.net" } },
	[DNS_CHECK_NXDOMAIN] = { { "query-name", "www.example.net" }, { "rcode", "NXDOMAIN" } },
	[DNS_CHECK_TXT] = { { "query-name", "www.example.net" }, { "query-type", "TXT" } },
};

definition_t *dns_check_new(dns_check_t check, uint8_t query[DNS_QUERY_MAX], size_t *query_len)
{
	steer_health_check_t made = { .type = STEER_CHECK_DNS };
	steer_fault_t fault;
	for (unsigned i = 0; i < OPTIONS_MAX && options[check][i].key != NULL; i++) {
		if (steer_health_check_set(&made, options[check][i].key, options[check][i].value,
		                           &fault) != STEER_OK) {
			return NULL;
		}
	}
	definition_t *definition = definition_new(&made);
	if (definition != NULL) {
		*query_len = dns_query_write(query, definition, DNS_CHECK_ID);
	}
	return definition;
}
