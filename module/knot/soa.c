/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "knot/soa.h"

/*! Serial and timers, which follow the names. */
#define NUMBERS_LEN (5 * sizeof(uint32_t))

/*! Puts a name, the rest of which is at another place unless that is 0. \return its end */
static uint8_t *put_name(uint8_t *at, const uint8_t *name, unsigned own, unsigned rest)
{
	memcpy(at, name, own);
	at += own;
	if (rest == 0) {
		return at;
	}
	knot_wire_write_u16(at, KNOT_WIRE_PTR_BASE | rest);
	return at + sizeof(uint16_t);
}

/*! Whether there is but the QNAME to compare names with, and all fits even if none is compressed. */
static bool is_usual(const knot_pkt_t *pkt, const knot_rrset_t *soa)
{
	return pkt->current == KNOT_AUTHORITY && pkt->compr.suffix.pos == 0 &&
	       pkt->size == (size_t)KNOT_WIRE_HEADER_SIZE + knot_pkt_question_size(pkt) &&
	       soa->rrs.count == 1 &&
	       pkt->size + STEER_RR_HEAD + soa->rrs.rdata->len + pkt->reserved <= pkt->max_size;
}

/*! Puts what precedes the rdata. */
static void put_head(uint8_t *at, unsigned owner, const knot_rrset_t *rrset, unsigned rdata_len)
{
	knot_wire_write_u16(at, KNOT_WIRE_PTR_BASE | owner);
	knot_wire_write_u16(at + 2, rrset->type);
	knot_wire_write_u16(at + 4, rrset->rclass);
	knot_wire_write_u32(at + 6, rrset->ttl);
	knot_wire_write_u16(at + 10, rdata_len);
}

/*!
 * Has libknot describe an RRset: rr and rr_info, which it may have to allocate, are valid then. The
 * RRset is put without RRs, so it takes no bytes and is not yet counted.
 */
static bool describe(knot_pkt_t *pkt, const knot_rrset_t *rrset, uint16_t flags)
{
	knot_rrset_t none = *rrset;
	none.rrs = (knot_rdataset_t) { 0 };
	return knot_pkt_put(pkt, KNOT_COMPR_HINT_NONE, &none, flags) == KNOT_EOK;
}

/*! Counts what libknot has described. */
static void add(knot_pkt_t *pkt, const knot_rdataset_t *rrs, unsigned end)
{
	pkt->rr[pkt->rrset_count].rrs = *rrs;
	pkt->rrset_count++;
	pkt->sections[KNOT_AUTHORITY].count++;
	pkt->size = end;
	knot_wire_add_nscount(pkt->wire, 1);
}

bool steer_soa_put(knot_pkt_t *pkt, const steer_soa_names_t *names, const knot_rrset_t *soa,
                   uint16_t flags)
{
	if (!is_usual(pkt, soa)) {
		return false;
	}
	const uint8_t *rdata = soa->rrs.rdata->data, *rdata_end = rdata + soa->rrs.rdata->len;
	unsigned owner = KNOT_WIRE_HEADER_SIZE + pkt->qname_size - names->apex_len;
	uint8_t *head = pkt->wire + pkt->size, *mname = head + STEER_RR_HEAD;
	uint8_t *rname = put_name(mname, rdata, names->mname_own, names->mname_rest);
	uint8_t *end = put_name(rname, rdata + names->mname_len, names->rname_own, names->rname_rest);
	memcpy(end, rdata_end - NUMBERS_LEN, NUMBERS_LEN);
	end += NUMBERS_LEN;
	put_head(head, owner, soa, end - mname);
	if (names->labels > 0) {
		pkt->compr.suffix.pos = (names->rname_own > 1 ? rname : mname) - pkt->wire;
		pkt->compr.suffix.labels = names->labels;
	}
	if (!describe(pkt, soa, flags)) {
		pkt->compr.suffix.pos = 0; // What was written is past the end of the message.
		return false;
	}
	uint16_t *hints = pkt->rr_info[pkt->rrset_count].compress_ptr;
	hints[KNOT_COMPR_HINT_OWNER] = owner;
	hints[KNOT_COMPR_HINT_RDATA] = names->mname_own > 0 ? mname - pkt->wire : names->mname_rest;
	add(pkt, &soa->rrs, end - pkt->wire);
	return true;
}
