/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any bytes as the answer to a dns check: a verdict, with its reason and within the message.
 *
 * The first byte says which check of tests/unit/dns_checks.h it is, with 128 whether over TCP.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/target.h"
#include "unit/dns_checks.h"

#define HEADER 12

/*! Whether the bytes of a value are somewhere in the message: that of A is never compressed. */
static bool has(const uint8_t *message, size_t len, const rdata_t *rdata)
{
	return memmem(message, len, rdata->bytes, rdata->len) != NULL;
}

static void read_one(const definition_t *definition, const uint8_t *query, const uint8_t *data,
                     size_t len, bool over_tcp)
{
	dns_answer_t answer;
	uint8_t *message = malloc(len > 0 ? len : 1);
	if (message == NULL) {
		return;
	}
	memcpy(message, data, len);
	dns_answer_read(&answer, definition, query, message, len, over_tcp);
	free(message);
	bool judged = answer.verdict == DNS_GOOD || answer.verdict == DNS_BAD;
	require(memchr(answer.is, '\0', sizeof(answer.is)) != NULL);
	require(memchr(answer.lack, '\0', sizeof(answer.lack)) != NULL);
	require(judged == (answer.is[0] != '\0'));
	require(answer.verdict == DNS_BAD || answer.lack[0] == '\0');
	require(answer.verdict != DNS_TRUNCATED || !over_tcp);
	require(answer.verdict == DNS_NO_ANSWER || (len >= HEADER && memcmp(data, query, 2) == 0));
	if (answer.verdict == DNS_GOOD) {
		require(strcmp(answer.is, definition->rcode) == 0);
		for (rdata_t **value = definition->rdata;
		     strcmp(definition->query_type, "A") == 0 && value != NULL && *value != NULL; value++) {
			require(has(data, len, *value));
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static definition_t *definitions[DNS_CHECKS];
	static uint8_t queries[DNS_CHECKS][DNS_QUERY_MAX];
	if (size == 0 || size > DNS_MESSAGE_MAX) {
		return 0;
	}
	unsigned which = data[0] % 128 % DNS_CHECKS;
	size_t len;
	if (definitions[which] == NULL) {
		definitions[which] = dns_check_new(which, queries[which], &len);
		require(definitions[which] != NULL);
	}
	read_one(definitions[which], queries[which], data + 1, size - 1, data[0] >= 128);
	return 0;
}
