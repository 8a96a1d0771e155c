/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "knot/soa.h"
#include "steer/reply.h"

/*! Serial and timers, which follow the names. */
#define NUMBERS_LEN (5 * sizeof(uint32_t))

/*! A name in the message, of which the end may be at another place. */
typedef struct {
	const uint8_t *name; /*!< All of it. */
	unsigned len;
	unsigned labels;
	unsigned at;         /*!< Where it begins. */
	unsigned own;        /*!< Bytes that are there; a pointer follows unless these are all. */
	unsigned rest;       /*!< Where the others are. */
} written_t;

/*! Finds the end of a name; false: it is malformed. */
static bool read_name(const uint8_t *name, const uint8_t *end, written_t *read)
{
	const uint8_t *at = name;
	unsigned labels = 0;
	while (at < end && *at != 0 && *at <= KNOT_DNAME_MAXLABELLEN) {
		at += *at + 1;
		labels++;
	}
	if (at >= end || *at != 0 || at - name >= KNOT_DNAME_MAXLEN) {
		return false;
	}
	*read = (written_t) { .name = name, .len = at - name + 1, .labels = labels };
	return true;
}

/*! Length of the longest name that both end in; 1: it is the root. */
static unsigned common_end(const uint8_t *one, unsigned one_len, const uint8_t *other,
                           unsigned other_len)
{
	while (one_len > 1 && (one_len != other_len || memcmp(one, other, one_len) != 0)) {
		if (one_len >= other_len) {
			one_len -= *one + 1;
			one += *one + 1;
		} else {
			other_len -= *other + 1;
			other += *other + 1;
		}
	}
	return one_len;
}

/*!
 * Puts a name by libknot's rules: as much of its end as the one before has becomes a pointer, and
 * names after it are compared with it unless it took no label.
 *
 * \return where it ends.
 */
static unsigned put_name(uint8_t *wire, unsigned at, written_t *name, const written_t **before)
{
	const written_t *other = *before;
	unsigned common = common_end(name->name, name->len, other->name, other->len);
	name->at = at;
	name->own = common > 1 ? name->len - common : name->len; // The root is shorter than a pointer.
	memcpy(wire + at, name->name, name->own);
	at += name->own;
	if (common > 1) {
		unsigned gone = other->len - common;
		name->rest = gone < other->own ? other->at + gone : other->rest + gone - other->own;
		knot_wire_write_u16(wire + at, KNOT_WIRE_PTR_BASE | name->rest);
		at += sizeof(uint16_t);
	}
	if (name->own > 1) {
		*before = name;
	}
	return at;
}

/*! Whether there is but the QNAME to compare names with, and all fits even if none is compressed. */
static bool is_usual(const knot_pkt_t *pkt, const knot_rrset_t *soa)
{
	return pkt->current == KNOT_AUTHORITY && pkt->compr.suffix.pos == 0 &&
	       pkt->size == (size_t)KNOT_WIRE_HEADER_SIZE + knot_pkt_question_size(pkt) &&
	       soa->rrs.count == 1 &&
	       pkt->size + STEER_RR_HEAD + soa->rrs.rdata->len + pkt->reserved <= pkt->max_size;
}

/*! Finds the names in the rdata; false: it is malformed. */
static bool read_names(const knot_rdata_t *rdata, written_t *mname, written_t *rname)
{
	const uint8_t *end = rdata->data + rdata->len;
	return read_name(rdata->data, end, mname) &&
	       read_name(mname->name + mname->len, end, rname) &&
	       end - rname->name == (ptrdiff_t)(rname->len + NUMBERS_LEN);
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

bool steer_soa_put(knot_pkt_t *pkt, const knot_rrset_t *soa, uint16_t flags)
{
	uintptr_t above = (uintptr_t)soa->owner - (uintptr_t)pkt->lower_qname;
	written_t mname, rname;
	if (above + 1 >= pkt->qname_size || !is_usual(pkt, soa) ||
	    !read_names(soa->rrs.rdata, &mname, &rname)) {
		return false;
	}
	const written_t qname = {
		.name = pkt->lower_qname, .len = pkt->qname_size,
		.at = KNOT_WIRE_HEADER_SIZE, .own = pkt->qname_size,
	}, *before = &qname;
	unsigned owner = KNOT_WIRE_HEADER_SIZE + above, rdata = pkt->size + STEER_RR_HEAD;
	unsigned end = put_name(pkt->wire, rdata, &mname, &before);
	end = put_name(pkt->wire, end, &rname, &before);
	memcpy(pkt->wire + end, rname.name + rname.len, NUMBERS_LEN);
	end += NUMBERS_LEN;
	put_head(pkt->wire + pkt->size, owner, soa, end - rdata);
	if (before != &qname) {
		pkt->compr.suffix.pos = before->at;
		pkt->compr.suffix.labels = before->labels;
	}
	if (!describe(pkt, soa, flags)) {
		pkt->compr.suffix.pos = 0; // What was written is past the end of the message.
		return false;
	}
	uint16_t *hints = pkt->rr_info[pkt->rrset_count].compress_ptr;
	hints[KNOT_COMPR_HINT_OWNER] = owner;
	hints[KNOT_COMPR_HINT_RDATA] = mname.own > 0 ? mname.at : mname.rest;
	add(pkt, &soa->rrs, end);
	return true;
}
