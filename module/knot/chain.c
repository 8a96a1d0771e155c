/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knot/chain.h"
#include "steer/error.h"

/*! RRsets of a chain: Knot follows five steps, each at most a DNAME and its CNAME. */
#define CHAIN_RRSETS 10

static bool is_link(const knot_rrset_t *rr)
{
	return rr->type == KNOT_RRTYPE_CNAME || rr->type == KNOT_RRTYPE_DNAME;
}

const knot_dname_t *steer_chain_next(const knot_pkt_t *pkt, knotd_qdata_t *qdata, int *links)
{
	const knot_dname_t *zone = knotd_qdata_zone_name(qdata);
	const knot_pktsection_t *answer = knot_pkt_section(pkt, KNOT_ANSWER);
	if (zone == NULL || knot_wire_get_tc(pkt->wire)) {
		return NULL;
	}
	while (*links < answer->count && *links < CHAIN_RRSETS) {
		const knot_rrset_t *rr = knot_pkt_rr(answer, *links);
		if (!is_link(rr)) {
			break;
		}
		(*links)++;
		const knot_dname_t *target = knot_cname_name(rr->rrs.rdata);
		if (rr->type == KNOT_RRTYPE_CNAME && knot_dname_in_bailiwick(target, zone) >= 0) {
			return target;
		}
	}
	return NULL;
}

/*! Copies the RRsets that lead to our name: starting over discards Knot's. */
static int copy_links(const steer_chain_t *chain, knot_rrset_t *links)
{
	knot_pkt_t *pkt = chain->packet->pkt;
	for (int i = 0; i < chain->links; i++) {
		knot_rrset_t *copy = knot_rrset_copy(knot_pkt_rr(knot_pkt_section(pkt, KNOT_ANSWER), i),
		                                     &pkt->mm);
		if (copy == NULL) {
			return STEER_ENOMEM;
		}
		links[i] = *copy;
	}
	return STEER_OK;
}

int steer_chain_start(steer_chain_t *chain)
{
	knot_pkt_t *pkt = chain->packet->pkt;
	knot_rrset_t links[CHAIN_RRSETS];
	if (copy_links(chain, links) != STEER_OK ||
	    knot_pkt_init_response(pkt, chain->qdata->query) != KNOT_EOK) {
		return STEER_ENOMEM;
	}
	chain->started = true;
	knot_wire_set_aa(pkt->wire);
	knot_wire_clear_cd(pkt->wire);
	if (!knot_rrset_empty(&chain->qdata->opt_rr)) {
		(void)knot_pkt_reserve(pkt, knot_edns_wire_size(&chain->qdata->opt_rr));
	}
	for (int i = 0; i < chain->links; i++) {
		if (knot_pkt_put(pkt, KNOT_COMPR_HINT_NONE, &links[i], KNOT_PF_NULL) != KNOT_EOK) {
			return STEER_ESPACE;
		}
	}
	return STEER_OK;
}

int steer_chain_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	steer_chain_t *chain = ctx;
	if (!chain->started) {
		int ret = steer_chain_start(chain);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return steer_packet_put(chain->packet, section, rrset, optional);
}

/*! Writes the scope of the answer into OPT, which Knot had made before that was known. */
static void set_scope(knotd_qdata_t *qdata)
{
	uint8_t *option =
		knot_edns_get_option(&qdata->opt_rr, KNOT_EDNS_OPTION_CLIENT_SUBNET, NULL);
	if (qdata->ecs != NULL && option != NULL) {
		(void)knot_edns_client_subnet_write(knot_edns_opt_get_data(option),
		                                    knot_edns_opt_get_length(option), qdata->ecs);
	}
}

void steer_chain_end(steer_chain_t *chain)
{
	knot_pkt_t *pkt = chain->packet->pkt;
	knot_rrset_t *opt = &chain->qdata->opt_rr;
	if (!knot_rrset_empty(opt)) {
		set_scope(chain->qdata);
		(void)knot_pkt_begin(pkt, KNOT_ADDITIONAL);
		(void)knot_pkt_reclaim(pkt, knot_edns_wire_size(opt));
		(void)knot_pkt_put(pkt, KNOT_COMPR_HINT_NONE, opt, KNOT_PF_NOTRUNC);
	}
}
