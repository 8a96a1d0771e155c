/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any bytes, but the first, as a response: its records are those received, sorted, each once.
 */
#include <stdlib.h>
#include <string.h>

#include "steerd/resolve/response.h"
#include "tests/fuzz/target.h"

static void look_at_records(const response_t *response)
{
	const knot_rdataset_t *rrs = &response->rrset->rrs;
	const knot_rdata_t *last = NULL;
	knot_rdata_t *rdata = rrs->rdata;
	require(rrs->count > 0 && rrs->count <= response->received_count);
	for (uint16_t i = 0; i < rrs->count; i++) {
		require(last == NULL || knot_rdata_cmp(last, rdata) < 0);
		last = rdata;
		rdata = knot_rdataset_next(rdata);
	}
	require((uint8_t *)rdata == (uint8_t *)rrs->rdata + rrs->size);
	for (size_t i = 0; i < response->received_count; i++) {
		require(knot_rdataset_member(rrs, response->received[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	response_reader_t reader;
	uint8_t *message = malloc(size > 0 ? size : 1);
	if (message == NULL || size == 0 || size > KNOT_WIRE_MAX_PKTSIZE) {
		free(message);
		return 0;
	}
	memcpy(message, data + 1, size - 1);
	response_read(&reader, message, size - 1);
	const response_t *response = &reader.response;
	require((response->kind == RESPONSE_FAILURE) == (response->fault != NULL));
	require((response->kind == RESPONSE_RECORDS) == (response->rrset != NULL));
	if (response->rrset != NULL) {
		look_at_records(response);
	}
	response_close(&reader);
	free(message);
	return 0;
}
