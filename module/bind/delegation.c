/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dns/db.h>
#include <dns/message.h>
#include <dns/name.h>
#include <dns/rdataset.h>
#include <dns/view.h>
#include <dns/zone.h>

#include "bind/delegation.h"

void steer_delegation_use_cache(query_ctx_t *qctx, const steer_message_t *referral)
{
	(void)referral;
	dns_db_detach(&qctx->db);
	if (qctx->zone != NULL) {
		dns_zone_detach(&qctx->zone);
	}
	qctx->version = NULL;
	dns_db_attach(qctx->view->cachedb, &qctx->db);
	qctx->is_zone = false;
	qctx->is_staticstub_zone = false;
	qctx->authoritative = false;
}

/*!
 * Adds an RRset to the cache; what came from closer to its origin stays.
 *
 * \param[out] known  What the cache now has; NULL: is not needed.
 */
static void learn(query_ctx_t *qctx, const dns_name_t *name, dns_rdataset_t *rrset,
                  dns_rdataset_t *known)
{
	dns_db_t *cache = qctx->view->cachedb;
	dns_dbnode_t *node = NULL;
	if (dns_db_findnode(cache, name, true, &node) != ISC_R_SUCCESS) {
		return;
	}
	rrset->trust = dns_trust_glue;
	if (rrset->ttl > qctx->view->maxcachettl) {
		rrset->ttl = qctx->view->maxcachettl;
	}
	(void)dns_db_addrdataset(cache, node, NULL, qctx->client->now, rrset, 0, known);
	dns_db_detachnode(cache, &node);
}

/*! Replaces the name servers that BIND would ask. */
static void set_servers(query_ctx_t *qctx, const dns_name_t *cut, dns_rdataset_t *servers)
{
	ns_client_t *client = qctx->client;
	ns_client_releasename(client, &qctx->fname);
	(void)dns_message_gettempname(client->message, &qctx->fname);
	dns_name_copy(cut, qctx->fname);
	dns_rdataset_disassociate(qctx->rdataset);
	dns_rdataset_clone(servers, qctx->rdataset);
}

void steer_delegation_follow(query_ctx_t *qctx, const steer_message_t *referral)
{
	const dns_namelist_t *sections = qctx->client->message->sections;
	const dns_name_t *cut = ISC_LIST_TAIL(sections[DNS_SECTION_AUTHORITY]);
	if (!dns_name_issubdomain(cut, qctx->fname)) {
		return;
	}
	dns_name_t *glue = ISC_LIST_TAIL(sections[DNS_SECTION_ADDITIONAL]);
	for (unsigned left = referral->put[DNS_SECTION_ADDITIONAL]; left > 0; left--) {
		learn(qctx, glue, ISC_LIST_HEAD(glue->list), NULL);
		glue = ISC_LIST_PREV(glue, link);
	}
	dns_rdataset_t servers;
	dns_rdataset_init(&servers);
	learn(qctx, cut, ISC_LIST_HEAD(cut->list), &servers);
	if (!dns_rdataset_isassociated(&servers)) {
		return;
	}
	if (servers.type == dns_rdatatype_ns) { // Not what the cache knows to be missing.
		set_servers(qctx, cut, &servers);
	}
	dns_rdataset_disassociate(&servers);
}
