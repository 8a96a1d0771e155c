/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dns/acl.h>
#include <dns/log.h>
#include <dns/rcode.h>
#include <dns/rrl.h>
#include <dns/view.h>
#include <dns/zone.h>
#include <ns/log.h>
#include <ns/stats.h>

#include "bind/access.h"
#include "bind/versions.h"

/*! Extended DNS error of a refusal by an access control list (RFC 8914, section 4.19). */
#define EDE_PROHIBITED 18

static bool is_tcp(const ns_client_t *client)
{
	return (client->attributes & NS_CLIENTATTR_TCP) != 0;
}

bool steer_access_needs_cookie(const ns_client_t *client)
{
	return !is_tcp(client) &&
	       (bind_is_bad_cookie(client) ||
	        (client->view->requireservercookie &&
	         (client->attributes & NS_CLIENTATTR_WANTCOOKIE) != 0 &&
	         (client->attributes & NS_CLIENTATTR_HAVECOOKIE) == 0));
}

/*! Checks one list; its decision is logged as BIND does it. \param[in] from  NULL: the client. */
static bool check_list(ns_client_t *client, isc_netaddr_t *from, dns_acl_t *list, const char *word)
{
	if (list == NULL) {
		return true;
	}
	bool allowed = dns_acl_isany(list) ||
	               ns_client_checkaclsilent(client, from, list, true) == ISC_R_SUCCESS;
	int level = allowed ? ISC_LOG_DEBUG(3) : ISC_LOG_INFO;
	if (isc_log_wouldlog(ns_lctx, level)) { // Writing the name costs more than the answer.
		char what[NS_CLIENT_ACLMSGSIZE("query-on")];
		ns_client_aclmsg(word, client->query.qname, client->query.qtype, client->view->rdclass,
		                 what, sizeof(what));
		ns_client_log(client, DNS_LOGCATEGORY_SECURITY, NS_LOGMODULE_CLIENT, level, "%s %s", what,
		              allowed ? "approved" : "denied");
	}
	return allowed;
}

bool steer_access_is_allowed(ns_client_t *client, dns_zone_t *zone)
{
	dns_acl_t *query = zone != NULL ? dns_zone_getqueryacl(zone) : NULL;
	dns_acl_t *query_on = zone != NULL ? dns_zone_getqueryonacl(zone) : NULL;
	query = query != NULL ? query : client->view->queryacl;
	query_on = query_on != NULL ? query_on : client->view->queryonacl;
	bool allowed = check_list(client, NULL, query, "query") &&
	               check_list(client, &client->destaddr, query_on, "query-on");
	if (!allowed) {
		bind_extended_error(client, EDE_PROHIBITED);
	}
	return allowed;
}

/*! As what BIND counts an answer. */
static isc_result_t result_of(steer_kind_t kind)
{
	switch (kind) {
	case STEER_KIND_NODATA:
		return DNS_R_NXRRSET;
	case STEER_KIND_NXDOMAIN:
		return DNS_R_NXDOMAIN;
	case STEER_KIND_REFERRAL:
		return DNS_R_DELEGATION;
	default:
		return ISC_R_SUCCESS;
	}
}

static void count(const ns_client_t *client, isc_statscounter_t counter)
{
	ns_stats_increment(bind_server(client)->nsstats, counter);
}

/*! Makes a reply that sends the client to TCP, or for a cookie. */
static void slip(steer_message_t *message, isc_result_t result)
{
	ns_client_t *client = message->client;
	count(client, ns_statscounter_rateslipped);
	steer_message_clear(message, DNS_SECTION_ANSWER);
	if ((client->attributes & NS_CLIENTATTR_WANTCOOKIE) != 0) {
		client->message->flags &= ~(DNS_MESSAGEFLAG_AA | DNS_MESSAGEFLAG_AD);
		client->message->rcode = dns_rcode_badcookie;
	} else {
		client->message->flags |= DNS_MESSAGEFLAG_TC;
		client->message->rcode = result == DNS_R_NXDOMAIN ? dns_rcode_nxdomain : dns_rcode_noerror;
	}
}

steer_rate_t steer_access_rate(query_ctx_t *qctx, steer_message_t *message, steer_kind_t kind)
{
	ns_client_t *client = qctx->client;
	if (qctx->view->rrl == NULL || (client->attributes & NS_CLIENTATTR_HAVECOOKIE) != 0 ||
	    (client->query.attributes & NS_QUERYATTR_RRL_CHECKED) != 0) {
		return STEER_RATE_OK;
	}
	client->query.attributes |= NS_QUERYATTR_RRL_CHECKED;
	isc_result_t result = result_of(kind);
	// All names that do not exist are counted together.
	const dns_name_t *name = kind == STEER_KIND_NXDOMAIN && message->zone != NULL
	                         ? message->zone : client->query.qname;
	bool log = isc_log_wouldlog(ns_lctx, DNS_RRL_LOG_DROP);
	char text[DNS_RRL_LOG_BUF_LEN];
	dns_rrl_result_t rate = dns_rrl(qctx->view, NULL, &client->peeraddr, is_tcp(client),
	                                client->message->rdclass, qctx->qtype, name, result,
	                                client->now, log, text, sizeof(text));
	if (rate == DNS_RRL_RESULT_OK) {
		return STEER_RATE_OK;
	}
	if (log) {
		ns_client_log(client, DNS_LOGCATEGORY_RRL, NS_LOGMODULE_QUERY, DNS_RRL_LOG_DROP, "%s",
		              text);
	}
	if (qctx->view->rrl->log_only) {
		return STEER_RATE_OK;
	}
	if (rate == DNS_RRL_RESULT_DROP) {
		count(client, ns_statscounter_ratedropped);
		return STEER_RATE_DROP;
	}
	slip(message, result);
	return STEER_RATE_SLIP;
}
