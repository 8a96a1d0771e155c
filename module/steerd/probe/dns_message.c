/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/dns_message.h"

#include <libknot/libknot.h>
#include <stdio.h>
#include <string.h>

#include "formats/text.h"

/*! Answers over UDP up to this size are not fragmented (DNS Flag Day 2020). */
#define UDP_PAYLOAD 1232

/*! OPT of EDNS version 0: root, type, payload, extended response code and flags, no options. */
static const uint8_t opt[] = {
	0, 0, KNOT_RRTYPE_OPT, UDP_PAYLOAD >> 8, UDP_PAYLOAD & 0xff, 0, 0, 0, 0, 0, 0,
};

bool dns_definition_is_good(const definition_t *definition)
{
	uint8_t name[STEER_NAME_MAX];
	uint16_t type;
	unsigned values = 0;
	while (definition->values[values] != NULL && definition->rdata[values] != NULL) {
		values++;
	}
	return definition->values[values] == NULL && definition->query_name != NULL &&
	       steer_name_parse(definition->query_name, name) == STEER_OK &&
	       steer_type_parse(definition->query_type, &type) == STEER_OK;
}

size_t dns_query_write(uint8_t query[DNS_QUERY_MAX], const definition_t *definition, uint16_t id)
{
	uint8_t *at = query + KNOT_WIRE_HEADER_SIZE;
	uint16_t type = 0;
	memset(query, 0, KNOT_WIRE_HEADER_SIZE);
	knot_wire_set_id(query, id);
	knot_wire_set_rd(query); // It may be a resolver.
	knot_wire_set_qdcount(query, 1);
	knot_wire_set_arcount(query, 1);
	(void)steer_name_parse(definition->query_name, at); // Both are good.
	(void)steer_type_parse(definition->query_type, &type);
	at += knot_dname_size(at);
	knot_wire_write_u16(at, type);
	knot_wire_write_u16(at + 2, KNOT_CLASS_IN);
	memcpy(at + 4, opt, sizeof(opt));
	return at + 4 + sizeof(opt) - query;
}

/*! Whether a message asks what the query asks. An error may come without a question. */
static bool question_matches(const knot_pkt_t *message, const uint8_t *query)
{
	const uint8_t *name = query + KNOT_WIRE_HEADER_SIZE;
	const uint8_t *type = name + knot_dname_size(name);
	if (knot_wire_get_qdcount(message->wire) == 0) {
		uint8_t rcode = knot_wire_get_rcode(message->wire);
		return rcode != KNOT_RCODE_NOERROR && rcode != KNOT_RCODE_NXDOMAIN;
	}
	return knot_dname_is_case_equal(knot_pkt_qname(message), name) &&
	       knot_pkt_qtype(message) == knot_wire_read_u16(type) &&
	       knot_pkt_qclass(message) == KNOT_CLASS_IN;
}

static bool is_answer(const knot_pkt_t *message, const uint8_t *query)
{
	const uint8_t *wire = message->wire;
	return knot_wire_get_id(wire) == knot_wire_get_id(query) && knot_wire_get_qr(wire) != 0 &&
	       knot_wire_get_opcode(wire) == KNOT_OPCODE_QUERY && question_matches(message, query);
}

/*! Prints a response code as health checks name it. */
static void print_rcode(char text[DNS_IS_SIZE], uint16_t rcode)
{
	const knot_lookup_t *known = knot_lookup_by_id(knot_rcode_names, rcode);
	if (rcode == KNOT_RCODE_NOTIMPL) {
		snprintf(text, DNS_IS_SIZE, "NOTIMP");
	} else if (known != NULL) {
		snprintf(text, DNS_IS_SIZE, "%s", known->name);
	} else {
		snprintf(text, DNS_IS_SIZE, "RCODE%u", rcode);
	}
}

/*! Looks at records of the type, whatever their owner: it may be the end of a chain of CNAMEs. */
static unsigned count_records(const knot_pkt_t *message, const rdata_t *only)
{
	const knot_pktsection_t *section = knot_pkt_section(message, KNOT_ANSWER);
	unsigned count = 0;
	for (uint16_t i = 0; i < section->count; i++) {
		const knot_rrset_t *rr = knot_pkt_rr(section, i);
		const knot_rdata_t *rdata = rr->rrs.rdata;
		if (rr->rrs.count > 0 && rr->type == knot_pkt_qtype(message) &&
		    rr->rclass == KNOT_CLASS_IN) {
			count += only == NULL || (rdata->len == only->len &&
			                          memcmp(rdata->data, only->bytes, only->len) == 0);
		}
	}
	return count;
}

static bool has_records(dns_answer_t *answer, const definition_t *definition,
                        const knot_pkt_t *message)
{
	unsigned count = count_records(message, NULL);
	if (count < definition->min_records) {
		snprintf(answer->lack, DNS_LACK_SIZE, " with %u record%s, at least %u expected", count,
		         count == 1 ? "" : "s", definition->min_records);
		return false;
	}
	for (unsigned i = 0; definition->values[i] != NULL; i++) {
		if (count_records(message, definition->rdata[i]) == 0) {
			snprintf(answer->lack, DNS_LACK_SIZE, " without %s", definition->values[i]);
			return false;
		}
	}
	return true;
}

static dns_verdict_t judge(dns_answer_t *answer, const definition_t *definition,
                           knot_pkt_t *message)
{
	int ret = knot_pkt_parse(message, 0);
	if (ret != KNOT_EOK) {
		snprintf(answer->is, DNS_IS_SIZE, "malformed answer");
		return ret == KNOT_ENOMEM ? DNS_NO_MEMORY : DNS_BAD;
	}
	print_rcode(answer->is, knot_pkt_ext_rcode(message));
	return strcmp(answer->is, definition->rcode) == 0 && has_records(answer, definition, message)
	       ? DNS_GOOD : DNS_BAD;
}

void dns_answer_read(dns_answer_t *answer, const definition_t *definition, const uint8_t *query,
                     uint8_t *message, size_t len, bool over_tcp)
{
	*answer = (dns_answer_t) { .verdict = DNS_NO_ANSWER };
	knot_pkt_t *packet = len <= DNS_MESSAGE_MAX ? knot_pkt_new(message, len, NULL) : NULL;
	if (packet == NULL) {
		answer->verdict = DNS_NO_MEMORY;
		return;
	}
	if (knot_pkt_parse_question(packet) == KNOT_EOK && is_answer(packet, query)) {
		answer->verdict = !over_tcp && knot_wire_get_tc(message) != 0
		                  ? DNS_TRUNCATED : judge(answer, definition, packet);
	}
	knot_pkt_free(packet);
}
