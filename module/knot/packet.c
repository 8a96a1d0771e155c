/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "knot/packet.h"
#include "steer/error.h"

/*! Whether RRs can be copied as they are: no names in them to compress, none to add addresses for. */
static bool is_opaque(uint16_t type)
{
	return type == KNOT_RRTYPE_A || type == KNOT_RRTYPE_AAAA || type == KNOT_RRTYPE_TXT;
}

/*! Copies the RRs of the asked name. */
static int put_raw(knot_pkt_t *pkt, const steer_rrset_t *rrset)
{
	if (pkt->size + rrset->rrs_len + pkt->reserved > pkt->max_size) {
		knot_wire_set_tc(pkt->wire);
		return STEER_ESPACE;
	}
	memcpy(pkt->wire + pkt->size, rrset->rrs, rrset->rrs_len);
	pkt->size += rrset->rrs_len;
	knot_wire_add_ancount(pkt->wire, rrset->count);
	return STEER_OK;
}

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

/*! Makes Knot's form of the RRs; false: they are more than any message holds. */
static bool make_rdataset(steer_packet_t *packet, const steer_rrset_t *rrset,
                          knot_rdataset_t *rdataset)
{
	const uint8_t *at = rrset->rrs;
	*rdataset = (knot_rdataset_t) { .count = rrset->count };
	for (unsigned i = 0; i < rrset->count; i++) {
		uint16_t len = knot_wire_read_u16(at + STEER_RR_HEAD - sizeof(len));
		size_t size = knot_rdata_size(len);
		knot_rdata_t *rdata = take(packet, size);
		if (rdata == NULL) {
			return false;
		}
		knot_rdata_init(rdata, len, at + STEER_RR_HEAD);
		if (i == 0) {
			rdataset->rdata = rdata;
		}
		rdataset->size += size;
		at += STEER_RR_HEAD + len;
	}
	return true;
}

static knot_dname_t *copy_owner(steer_packet_t *packet, const uint8_t *owner)
{
	size_t len = knot_dname_size(owner);
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

static int put_rrset(steer_packet_t *packet, const steer_rrset_t *rrset, bool rotate, bool optional)
{
	knot_pkt_t *pkt = packet->pkt;
	const uint8_t *name = rrset->owner != NULL ? rrset->owner : packet->asked;
	knot_dname_t *owner = name == NULL ? pkt->lower_qname : copy_owner(packet, name);
	knot_rrset_t rr;
	if (owner == NULL) {
		return STEER_ESPACE;
	}
	knot_rrset_init(&rr, owner, rrset->type, KNOT_CLASS_IN, rrset->ttl);
	if (!make_rdataset(packet, rrset, &rr.rrs)) {
		return STEER_ESPACE;
	}
	int ret = knot_pkt_put_rotate(pkt, owner_hint(packet, rrset), &rr, rotate ? packet->rotate : 0,
	                              optional ? KNOT_PF_NOTRUNC : KNOT_PF_NULL);
	return ret == KNOT_EOK ? STEER_OK : ret == KNOT_ESPACE ? STEER_ESPACE : STEER_ENOMEM;
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
	bool root = pkt->qname_size == 1; // Its name is shorter than a pointer to it.
	if (section == STEER_ANSWER && rrset->owner == NULL && packet->asked == NULL &&
	    packet->rotate == 0 && !root && is_opaque(rrset->type)) {
		return put_raw(pkt, rrset);
	}
	if (pkt->current != sections[section]) {
		(void)knot_pkt_begin(pkt, sections[section]);
	}
	int ret = put_rrset(packet, rrset, section != STEER_ADDITIONAL, optional);
	if (ret == STEER_OK && section != STEER_ADDITIONAL) {
		packet->last = &pkt->rr_info[pkt->rrset_count - 1];
	}
	return ret;
}
