/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(response_reader_t *reader, const char *fault)
{
	reader->response = (response_t) { .kind = RESPONSE_FAILURE, .fault = fault };
}

static void fail_without_memory(response_reader_t *reader)
{
	fail(reader, "Cannot allocate memory");
	reader->response.impossible = true;
}

static void lower_ttl(response_reader_t *reader, uint32_t ttl)
{
	if (ttl < reader->response.ttl) {
		reader->response.ttl = ttl;
	}
}

static const knot_pktsection_t *answer_of(const response_reader_t *reader)
{
	return knot_pkt_section(reader->message, KNOT_ANSWER);
}

/*! Whether it is a record of the type with data; each is an RRset of its own in a message. */
static bool is_record(const knot_rrset_t *rr, uint16_t type)
{
	return rr->type == type && rr->rclass == KNOT_CLASS_IN && rr->rrs.count == 1;
}

/* The chain. */

static const knot_rrset_t *find(const response_reader_t *reader, uint16_t type)
{
	const knot_pktsection_t *answer = answer_of(reader);
	for (uint16_t i = 0; i < answer->count; i++) {
		const knot_rrset_t *rr = knot_pkt_rr(answer, i);
		if (is_record(rr, type) && knot_dname_is_case_equal(rr->owner, reader->owner)) {
			return rr;
		}
	}
	return NULL;
}

/*! Finds a DNAME record above the name. */
static const knot_rrset_t *find_dname(const response_reader_t *reader)
{
	const knot_pktsection_t *answer = answer_of(reader);
	for (uint16_t i = 0; i < answer->count; i++) {
		const knot_rrset_t *rr = knot_pkt_rr(answer, i);
		if (is_record(rr, KNOT_RRTYPE_DNAME) &&
		    knot_dname_in_bailiwick(reader->owner, rr->owner) > 0) {
			return rr;
		}
	}
	return NULL;
}

/*! Replaces the end of the name as a DNAME record says. \return false: it would be too long */
static bool substitute(response_reader_t *reader, const knot_rrset_t *dname)
{
	const knot_dname_t *target = knot_dname_target(dname->rrs.rdata);
	size_t kept = knot_dname_size(reader->owner) - knot_dname_size(dname->owner);
	size_t size = knot_dname_size(target);
	if (kept + size > KNOT_DNAME_MAXLEN) {
		return false;
	}
	memcpy(reader->owner + kept, target, size);
	return true;
}

/*! Takes a step by a CNAME or DNAME record. \return false: the name would be too long */
static bool take_step(response_reader_t *reader, const knot_rrset_t *rr)
{
	const knot_dname_t *target = knot_dname_target(rr->rrs.rdata);
	lower_ttl(reader, rr->ttl);
	if (rr->type == KNOT_RRTYPE_DNAME) {
		return substitute(reader, rr);
	}
	memcpy(reader->owner, target, knot_dname_size(target));
	return true;
}

/*!
 * Follows the chain from the question to records of the type: by a DNAME record before the CNAME
 * record that servers make of it, often with a TTL of 0.
 *
 * \return NULL, or what is wrong
 */
static const char *follow(response_reader_t *reader)
{
	unsigned steps = answer_of(reader)->count;
	memcpy(reader->owner, knot_pkt_qname(reader->message),
	       knot_dname_size(knot_pkt_qname(reader->message)));
	while (find(reader, knot_pkt_qtype(reader->message)) == NULL) {
		const knot_rrset_t *dname = find_dname(reader);
		const knot_rrset_t *rr = dname != NULL ? dname : find(reader, KNOT_RRTYPE_CNAME);
		if (rr == NULL) {
			break;
		}
		if (steps-- == 0) {
			return "a chain of CNAME records without an end";
		}
		if (!take_step(reader, rr)) {
			return "a DNAME record that makes too long a name";
		}
	}
	return NULL;
}

/* Its end. */

/*! Collects the data of the records. \return false: out of memory */
static bool collect(response_reader_t *reader)
{
	const knot_pktsection_t *answer = answer_of(reader);
	size_t count = 0, most = answer->count > 0 ? answer->count : 1;
	reader->received = calloc(most, sizeof(*reader->received));
	if (reader->received == NULL) {
		return false;
	}
	for (uint16_t i = 0; i < answer->count; i++) {
		const knot_rrset_t *rr = knot_pkt_rr(answer, i);
		if (is_record(rr, knot_pkt_qtype(reader->message)) &&
		    knot_dname_is_case_equal(rr->owner, reader->owner)) {
			reader->received[count++] = rr->rrs.rdata;
			lower_ttl(reader, rr->ttl);
		}
	}
	reader->response.received = reader->received;
	reader->response.received_count = count;
	return true;
}

static int compare(const void *a, const void *b)
{
	return knot_rdata_cmp(*(const knot_rdata_t *const *)a, *(const knot_rdata_t *const *)b);
}

/*! Makes an RRset of what was collected. Adding one after the other would take quadratic time. */
static bool make_rrset(response_reader_t *reader)
{
	size_t count = reader->response.received_count, size = 0;
	knot_rrset_t *rrset = &reader->rrset;
	reader->sorted = calloc(count, sizeof(*reader->sorted));
	if (reader->sorted == NULL) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		reader->sorted[i] = reader->received[i];
		size += knot_rdata_size(reader->received[i]->len);
	}
	qsort(reader->sorted, count, sizeof(*reader->sorted), compare);
	knot_rrset_init(rrset, reader->owner, knot_pkt_qtype(reader->message), KNOT_CLASS_IN,
	                reader->response.ttl);
	rrset->rrs.rdata = malloc(size);
	if (rrset->rrs.rdata == NULL) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const knot_rdata_t *rdata = reader->sorted[i];
		if (i == 0 || knot_rdata_cmp(reader->sorted[i - 1], rdata) != 0) {
			knot_rdata_t *at = (knot_rdata_t *)((uint8_t *)rrset->rrs.rdata + rrset->rrs.size);
			knot_rdata_init(at, rdata->len, rdata->data);
			rrset->rrs.size += knot_rdata_size(rdata->len);
			rrset->rrs.count++;
		}
	}
	reader->response.rrset = rrset;
	return true;
}

/*! Lowers the TTL as the SOA says that denies the records (RFC 2308). */
static void take_soa(response_reader_t *reader)
{
	const knot_pktsection_t *authority = knot_pkt_section(reader->message, KNOT_AUTHORITY);
	for (uint16_t i = 0; i < authority->count; i++) {
		const knot_rrset_t *rr = knot_pkt_rr(authority, i);
		if (is_record(rr, KNOT_RRTYPE_SOA) &&
		    knot_dname_in_bailiwick(reader->owner, rr->owner) >= 0) {
			lower_ttl(reader, rr->ttl);
			lower_ttl(reader, knot_soa_minimum(rr->rrs.rdata));
			return;
		}
	}
	lower_ttl(reader, 0);
}

/*! Whether there are records of the type, though of names that the chain does not end at. */
static bool has_strangers(const response_reader_t *reader)
{
	const knot_pktsection_t *answer = answer_of(reader);
	for (uint16_t i = 0; i < answer->count; i++) {
		if (is_record(knot_pkt_rr(answer, i), knot_pkt_qtype(reader->message))) {
			return true;
		}
	}
	return false;
}

static void take_rcode(response_reader_t *reader, unsigned rcode)
{
	if (rcode == KNOT_RCODE_SERVFAIL) {
		fail(reader, RESPONSE_SERVFAIL);
	} else {
		snprintf(reader->fault, sizeof(reader->fault), "RCODE %u", rcode);
		fail(reader, reader->fault);
	}
}

/*! Takes what the message says, by RCODE if there are no records. */
static void take_message(response_reader_t *reader)
{
	uint8_t rcode = knot_wire_get_rcode(reader->message->wire);
	reader->response = (response_t) { .kind = RESPONSE_RECORDS, .ttl = UINT32_MAX };
	const char *wrong = follow(reader);
	if (rcode != KNOT_RCODE_NOERROR && rcode != KNOT_RCODE_NXDOMAIN) {
		take_rcode(reader, rcode);
	} else if (wrong != NULL) {
		fail(reader, wrong);
	} else if (!collect(reader)) {
		fail_without_memory(reader);
	} else if (reader->response.received_count > 0) {
		if (!make_rrset(reader)) {
			fail_without_memory(reader);
		}
	} else if (has_strangers(reader)) {
		fail(reader, "a response with records of other names alone");
	} else {
		reader->response.kind = rcode == KNOT_RCODE_NOERROR ? RESPONSE_NODATA : RESPONSE_NXDOMAIN;
		take_soa(reader);
	}
}

void response_read(response_reader_t *reader, void *wire, size_t size)
{
	memset(reader, 0, sizeof(*reader));
	reader->message = size <= KNOT_WIRE_MAX_PKTSIZE ? knot_pkt_new(wire, size, NULL) : NULL;
	int ret = reader->message != NULL ? knot_pkt_parse(reader->message, 0) : KNOT_ENOMEM;
	if (ret == KNOT_ENOMEM) {
		fail_without_memory(reader);
	} else if (ret != KNOT_EOK || knot_pkt_qname(reader->message) == NULL) {
		fail(reader, "a response that cannot be read");
	} else if (knot_wire_get_tc(wire) != 0) {
		fail(reader, "a response that is too large");
	} else {
		take_message(reader);
	}
}

void response_read_rcode(response_reader_t *reader, unsigned rcode)
{
	memset(reader, 0, sizeof(*reader));
	if (rcode == KNOT_RCODE_NXDOMAIN) {
		reader->response.kind = RESPONSE_NXDOMAIN;
	} else {
		take_rcode(reader, rcode);
	}
}

void response_close(response_reader_t *reader)
{
	free(reader->received);
	free(reader->sorted);
	knot_rdataset_clear(&reader->rrset.rrs, NULL);
	knot_pkt_free(reader->message);
}
