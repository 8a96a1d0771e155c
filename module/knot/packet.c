/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "knot/packet.h"
#include "knot/soa.h"
#include "steer/error.h"

/*! RRs that libknot is given at once: before 3.4 it walks from the first RR to each one. */
#define PIECE_MAX 32

/*! Allocates scratch memory; NULL: it is used up. */
static void *take(steer_packet_t *packet, size_t len)
{
	len = (len + 1) & ~(size_t)1;
	if (len > STEER_SCRATCH_SIZE - packet->used) {
		return NULL;
	}
	void *at = packet->scratch + packet->used;
	packet->used += len;
	return at;
}

/*! Adds RRs in Knot's form; false: together they are more than any message holds. */
static bool add_rdata(steer_packet_t *packet, const steer_rrs_t *part, knot_rdataset_t *rdataset)
{
	const uint8_t *at = part->rrs;
	for (unsigned i = 0; i < part->count; i++) {
		uint16_t len = knot_wire_read_u16(at + STEER_RR_HEAD - sizeof(len));
		size_t size = knot_rdata_size(len);
		knot_rdata_t *rdata = take(packet, size);
		if (rdata == NULL) {
			return false;
		}
		knot_rdata_init(rdata, len, at + STEER_RR_HEAD);
		if (rdataset->count == 0) {
			rdataset->rdata = rdata;
		}
		rdataset->count++;
		rdataset->size += size;
		at += STEER_RR_HEAD + len;
	}
	return true;
}

static bool make_rdataset(steer_packet_t *packet, const steer_rrset_t *rrset,
                          knot_rdataset_t *rdataset)
{
	*rdataset = (knot_rdataset_t) { 0 };
	for (unsigned i = 0; i < rrset->parts_count; i++) {
		if (!add_rdata(packet, &rrset->parts[i], rdataset)) {
			return false;
		}
	}
	return true;
}

/*! How the names of an SOA are written, if that is known. */
static const steer_soa_names_t *soa_names(const steer_packet_t *packet, const steer_rrset_t *rrset)
{
#ifdef STEER_WITHOUT_SOA
	return NULL;
#endif
	return packet->asked == NULL ? rrset->soa : NULL; // With the QNAME, and no other name.
}

/*! An owner for as long as the packet: in its QNAME, if that ends in it, or copied. */
static knot_dname_t *keep_owner(steer_packet_t *packet, const uint8_t *owner)
{
	knot_pkt_t *pkt = packet->pkt;
	size_t len = knot_dname_size(owner);
	if (len <= pkt->qname_size) {
		knot_dname_t *end = pkt->lower_qname + pkt->qname_size - len;
		if (memcmp(end, owner, len) == 0) {
			return end;
		}
	}
	knot_dname_t *copy = take(packet, len);
	return copy == NULL ? NULL : memcpy(copy, owner, len);
}

static uint16_t owner_hint(const steer_packet_t *packet, const steer_rrset_t *rrset)
{
	if (rrset->owner == NULL) {
		return packet->asked == NULL ? KNOT_COMPR_HINT_QNAME : KNOT_COMPR_HINT_NONE;
	}
	if (rrset->named_by >= 0 && packet->last != NULL) {
		return knot_compr_hint(packet->last, KNOT_COMPR_HINT_RDATA + rrset->named_by);
	}
	return KNOT_COMPR_HINT_NONE;
}

/*! Takes the first RRs off a set: as many as wanted, or all there are. */
static knot_rdataset_t take_first(knot_rdataset_t *rest, unsigned wanted)
{
	knot_rdataset_t piece = { .rdata = rest->rdata };
	piece.count = rest->count < wanted ? rest->count : wanted;
	for (unsigned i = 0; i < piece.count; i++) {
		rest->rdata = knot_rdataset_next(rest->rdata);
	}
	piece.size = (uint8_t *)rest->rdata - (uint8_t *)piece.rdata;
	rest->count -= piece.count;
	rest->size -= piece.size;
	return piece;
}

/*! Puts a large RRset, rotated: all of it, or the packet is left as it was. */
static int put_in_pieces(knot_pkt_t *pkt, uint16_t hint, knot_rrset_t *rr, uint16_t rotate,
                         uint16_t flags)
{
	const knot_pkt_t before = *pkt;
	uint8_t header[KNOT_WIRE_HEADER_SIZE];
	memcpy(header, pkt->wire, sizeof(header));
	knot_rdataset_t rest = rr->rrs, first = take_first(&rest, rotate % rest.count);
	int ret = KNOT_EOK;
	while (rest.count + first.count > 0 && ret == KNOT_EOK) {
		rr->rrs = take_first(rest.count > 0 ? &rest : &first, PIECE_MAX);
		ret = knot_pkt_put(pkt, hint, rr, flags);
	}
	if (ret != KNOT_EOK) {
		pkt->size = before.size;
		pkt->rrset_count = before.rrset_count;
		pkt->sections[pkt->current] = before.sections[pkt->current];
		pkt->compr.suffix = before.compr.suffix;
		memcpy(pkt->wire, header, sizeof(header));
	}
	return ret;
}

static int put_by_libknot(knot_pkt_t *pkt, uint16_t hint, knot_rrset_t *rr, uint16_t rotate,
                          uint16_t flags)
{
	return rr->rrs.count > PIECE_MAX ? put_in_pieces(pkt, hint, rr, rotate, flags)
	                                 : knot_pkt_put_rotate(pkt, hint, rr, rotate, flags);
}

static int put_rrset(steer_packet_t *packet, const steer_rrset_t *rrset, bool rotate, bool optional)
{
	knot_pkt_t *pkt = packet->pkt;
	const steer_soa_names_t *names = soa_names(packet, rrset);
	const uint8_t *name = rrset->owner != NULL ? rrset->owner : packet->asked;
	knot_dname_t *owner = name == NULL ? pkt->lower_qname
	                      : names != NULL ? pkt->lower_qname + pkt->qname_size - names->apex_len
	                      : keep_owner(packet, name);
	knot_rrset_t rr;
	if (owner == NULL) {
		return STEER_ESPACE;
	}
	knot_rrset_init(&rr, owner, rrset->type, KNOT_CLASS_IN, rrset->ttl);
	if (!make_rdataset(packet, rrset, &rr.rrs)) {
		return STEER_ESPACE;
	}
	uint16_t hint = owner_hint(packet, rrset), first = rotate ? packet->rotate : 0;
	uint16_t flags = optional ? KNOT_PF_NOTRUNC : KNOT_PF_NULL;
	if (names != NULL && steer_soa_put(pkt, names, &rr, flags)) {
		return STEER_OK;
	}
	switch (put_by_libknot(pkt, hint, &rr, first, flags)) {
	case KNOT_EOK:
		return STEER_OK;
	case KNOT_ESPACE:
		return STEER_ESPACE;
	default:
		return STEER_ENOMEM;
	}
}

int steer_packet_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	static const knot_section_t sections[] = {
		[STEER_ANSWER] = KNOT_ANSWER,
		[STEER_AUTHORITY] = KNOT_AUTHORITY,
		[STEER_ADDITIONAL] = KNOT_ADDITIONAL,
	};
	steer_packet_t *packet = ctx;
	knot_pkt_t *pkt = packet->pkt;
	if (pkt->current != sections[section]) {
		(void)knot_pkt_begin(pkt, sections[section]);
	}
	size_t used = packet->used;
	unsigned first = pkt->rrset_count;
	int ret = put_rrset(packet, rrset, section != STEER_ADDITIONAL, optional);
	if (ret != STEER_OK) {
		packet->used = used;
	} else if (section != STEER_ADDITIONAL) {
		packet->last = &pkt->rr_info[first];
	}
	return ret;
}
