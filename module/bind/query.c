/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <dns/ecs.h>
#include <dns/message.h>
#include <dns/name.h>
#include <dns/rcode.h>
#include <isc/netaddr.h>
#include <ns/query.h>

#include "bind/access.h"
#include "bind/delegation.h"
#include "bind/message.h"
#include "bind/query.h"
#include "bind/versions.h"
#include "bind/zones.h"

/*! A query, and what the engine wants to know about it. */
typedef struct {
	query_ctx_t *qctx;
	const steer_instance_t *instance;
	steer_host_zone_t zone;         /*!< BIND's own zone, once it has been asked for. */
	bool zone_known;                /*!< Whether it has. */
	bool chain;                     /*!< Whether BIND's own answer has led to the name. */
	uint8_t name[DNS_NAME_MAXWIRE]; /*!< The name in lower case. */
} asked_t;

static bool recurses(const ns_client_t *client)
{
	return (client->query.attributes & NS_QUERYATTR_RECURSIONOK) != 0;
}

/*! Bytes of the name of BIND's zone; without recursion, a chain stays in the zone where it began. */
static int zone_of(void *host)
{
	asked_t *asked = host;
	ns_client_t *client = asked->qctx->client;
	int len = steer_host_zone_find(client->view, client->query.qname, asked->qctx->qtype,
	                               &asked->zone);
	asked->zone_known = true;
	bool left = asked->chain && !recurses(client) && asked->zone.zone != client->query.authzone;
	return left ? STEER_NO_ZONE : len;
}

static steer_bar_t bar_of(void *host)
{
	asked_t *asked = host;
	return steer_host_zone_bar(&asked->zone);
}

static void set_address(const isc_netaddr_t *address, uint8_t length, steer_client_t *client)
{
	if (address->family == AF_INET) {
		client->family = 4;
		memcpy(client->address, &address->type.in, sizeof(address->type.in));
	} else if (address->family == AF_INET6) {
		client->family = 6;
		memcpy(client->address, &address->type.in6, sizeof(address->type.in6));
	} else {
		return;
	}
	client->length = length;
}

static bool has_subnet(const asked_t *asked)
{
	return asked->instance->ecs && (asked->qctx->client->attributes & NS_CLIENTATTR_HAVEECS) != 0;
}

static void client_of(void *host, bool subnet, steer_client_t *who)
{
	const asked_t *asked = host;
	const ns_client_t *client = asked->qctx->client;
	if (!subnet) {
		isc_netaddr_t source;
		isc_netaddr_fromsockaddr(&source, &client->peeraddr);
		set_address(&source, source.family == AF_INET ? 32 : 128, who);
	} else if (has_subnet(asked)) {
		set_address(&client->ecs.addr, client->ecs.source, who); // The rest is 0.
	}
}

static asked_t asked_of(query_ctx_t *qctx, const steer_instance_t *instance)
{
	asked_t asked;
	asked.qctx = qctx;
	asked.instance = instance;
	asked.zone = (steer_host_zone_t) { NULL, NULL };
	asked.zone_known = false;
	asked.chain = qctx->client->query.restarts > 0;
	const dns_name_t *name = qctx->client->query.qname;
	for (unsigned i = 0; i < name->length; i++) { // The length of a label is below any letter.
		uint8_t byte = name->ndata[i];
		asked.name[i] = byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
	}
	return asked;
}

static steer_question_t question_of(asked_t *asked)
{
	return (steer_question_t) {
		.name = asked->name,
		.type = asked->qctx->qtype,
		.name_len = asked->qctx->client->query.qname->length,
		.overlay_only = asked->chain && !recurses(asked->qctx->client),
		.zone = zone_of,
		.bar = bar_of,
		.client = client_of,
		.host = asked,
	};
}

/*! Gives the answer the scope that belongs to its client subnet, if the query has one. */
static void set_scope(const asked_t *asked, const steer_outcome_t *outcome)
{
	uint8_t *scope = &asked->qctx->client->ecs.scope;
	if (has_subnet(asked) && (!asked->chain || outcome->scope > *scope)) {
		*scope = outcome->scope; // A chain has that of the CNAME with the longest one.
	}
}

/*! Ends a query without an answer; what has been put into the message is dropped. */
static void end(query_ctx_t *qctx, isc_result_t result)
{
	qctx->client->query.attributes &= ~NS_QUERYATTR_PARTIALANSWER;
	qctx->result = result;
	qctx->line = __LINE__;
}

/*! Ends a query with SERVFAIL, which BIND must not remember: it may be right in a moment. */
static void fail(query_ctx_t *qctx, int error)
{
	qctx->client->attributes |= NS_CLIENTATTR_NOSETFC;
	if (error >= 0) {
		bind_extended_error(qctx->client, error);
	}
	end(qctx, DNS_R_SERVFAIL);
}

/*! Has BIND go on at the end of a chain of CNAMEs, as it does after one of its own. */
static void go_on(query_ctx_t *qctx, const steer_message_t *message)
{
	dns_name_t *target = NULL;
	(void)dns_message_gettempname(qctx->client->message, &target);
	dns_name_fromregion(target, &message->target);
	qctx->client->query.attributes |= NS_QUERYATTR_PARTIALANSWER;
	ns_client_qnamereplace(qctx->client, target);
	qctx->want_restart = true;
}

/*! Finishes the reply that is in the message. */
static void finish(asked_t *asked, steer_message_t *message, const steer_outcome_t *outcome)
{
	query_ctx_t *qctx = asked->qctx;
	ns_client_t *client = qctx->client;
	set_scope(asked, outcome);
	qctx->authoritative = outcome->authoritative;
	client->message->flags &= ~DNS_MESSAGEFLAG_AD;
	client->message->rcode = outcome->rcode;
	client->query.isreferral = outcome->kind == STEER_KIND_REFERRAL;
	if (outcome->host_soa && asked->zone.db != NULL) {
		steer_message_put_soa(message, asked->zone.db);
	}
	switch (steer_access_rate(qctx, message, outcome->kind)) {
	case STEER_RATE_DROP:
		end(qctx, DNS_R_DROP);
		return;
	case STEER_RATE_SLIP:
		return;
	case STEER_RATE_OK:
		break;
	}
	if (outcome->leads_out && message->target.length > 0 && recurses(client)) {
		go_on(qctx, message);
	}
}

/*!
 * Has BIND resolve what a hosted zone delegates: the name itself, or that to which CNAMEs led.
 *
 * \return false: BIND has to answer.
 */
static bool follow_referral(asked_t *asked, steer_message_t *message,
                            const steer_outcome_t *outcome)
{
	bool chain = message->target.length > 0;
	steer_message_clear(message, chain ? DNS_SECTION_AUTHORITY : DNS_SECTION_ANSWER);
	if (chain) {
		set_scope(asked, outcome);
		asked->qctx->authoritative = outcome->authoritative;
		go_on(asked->qctx, message);
	}
	return chain;
}

/*! Does with the reply what the engine says of it; false: BIND has to answer. */
static bool conclude(asked_t *asked, steer_message_t *message, int ret,
                     const steer_outcome_t *outcome)
{
	query_ctx_t *qctx = asked->qctx;
	ns_client_t *client = qctx->client;
	if (ret == STEER_ENOENT) {
		return false;
	}
	if (!asked->zone_known) {
		(void)zone_of(asked);
	}
	if (!steer_access_is_allowed(client, asked->zone.zone)) {
		end(qctx, DNS_R_REFUSED);
		return true;
	}
	if ((ret == STEER_OK || ret == STEER_ESPACE) && outcome->kind == STEER_KIND_REFERRAL &&
	    recurses(client)) {
		return follow_referral(asked, message, outcome);
	}
	switch (ret) {
	case STEER_OK:
		finish(asked, message, outcome);
		return true;
	case STEER_ESPACE:
		set_scope(asked, outcome);
		if ((client->attributes & NS_CLIENTATTR_TCP) != 0) {
			fail(qctx, -1); // Truncation sends the client to TCP; from there, it has nowhere to go.
		} else {
			client->message->flags |= DNS_MESSAGEFLAG_TC;
			finish(asked, message, outcome);
		}
		return true;
	case STEER_EBUSY:
		end(qctx, DNS_R_DROP);
		return true;
	case STEER_EWORKER:
		fail(qctx, -1);
		return true;
	default:
		set_scope(asked, outcome);
		fail(qctx, outcome->error);
		return true;
	}
}

/*! Asks the engine; what it answers is put into the message, up to a number of bytes. */
static int ask(asked_t *asked, steer_message_t *message, size_t room, steer_outcome_t *outcome)
{
	ns_client_t *client = asked->qctx->client;
	*message = (steer_message_t) { .client = client, .asked = asked->name };
	const steer_question_t question = question_of(asked);
	const steer_sink_t sink = {
		.put = steer_message_put, .ctx = message, .room = room,
	};
	return steer_engine_answer(asked->instance->engine, bind_worker(client), &question, &sink,
	                           outcome);
}

static ns_hookresult_t answer(query_ctx_t *qctx, const steer_instance_t *instance,
                              isc_result_t *result)
{
	ns_client_t *client = qctx->client;
	if (client->message->rdclass != dns_rdataclass_in || steer_access_needs_cookie(client)) {
		return NS_HOOK_CONTINUE;
	}
	asked_t asked = asked_of(qctx, instance);
	steer_message_t message;
	steer_outcome_t outcome;
	int ret = ask(&asked, &message, steer_message_room(client), &outcome);
	bool answered = conclude(&asked, &message, ret, &outcome);
	steer_host_zone_release(&asked.zone);
	if (!answered) {
		return NS_HOOK_CONTINUE;
	}
	*result = ns_query_done(qctx);
	return NS_HOOK_RETURN;
}

/*! A query, before BIND looks for a zone of its own. */
static ns_hookresult_t at_setup(void *qctx, void *instance, isc_result_t *result)
{
	return answer(qctx, instance, result);
}

/*! Each name that a CNAME leads to: in BIND's own answer, after recursion, in ours. */
static ns_hookresult_t at_start(void *arg, void *instance, isc_result_t *result)
{
	query_ctx_t *qctx = arg;
	return qctx->client->query.restarts > 0 ? answer(qctx, instance, result) : NS_HOOK_CONTINUE;
}

/*! Does something with the referral of a hosted zone, if the name is below one. */
static void with_referral(query_ctx_t *qctx, const steer_instance_t *instance,
                          void (*act)(query_ctx_t *, const steer_message_t *))
{
	if (qctx->client->message->rdclass != dns_rdataclass_in) {
		return;
	}
	asked_t asked = asked_of(qctx, instance);
	steer_message_t message;
	steer_outcome_t outcome = { 0 };
	int ret = ask(&asked, &message, UINT16_MAX, &outcome);
	if (ret == STEER_OK && outcome.kind == STEER_KIND_REFERRAL && message.target.length == 0) {
		act(qctx, &message);
	}
	steer_message_clear(&message, DNS_SECTION_ANSWER);
	steer_host_zone_release(&asked.zone);
}

/*! A zone of BIND's that is about to be searched: it may enclose a hosted one. */
static ns_hookresult_t at_lookup(void *arg, void *instance, isc_result_t *result)
{
	(void)result;
	query_ctx_t *qctx = arg;
	if (qctx->is_zone && recurses(qctx->client)) {
		with_referral(qctx, instance, steer_delegation_use_cache);
	}
	return NS_HOOK_CONTINUE;
}

/*! A name that BIND is about to resolve: a hosted zone may delegate it. */
static ns_hookresult_t at_recursion(void *arg, void *instance, isc_result_t *result)
{
	(void)result;
	with_referral(arg, instance, steer_delegation_follow);
	return NS_HOOK_CONTINUE;
}

/*! A reply of BIND's: what it lacks may exist by an overlay. */
static ns_hookresult_t at_send(void *arg, void *instance, isc_result_t *result)
{
	(void)result;
	query_ctx_t *qctx = arg;
	ns_client_t *client = qctx->client;
	if (client->message->rcode != dns_rcode_nxdomain ||
	    client->message->rdclass != dns_rdataclass_in ||
	    (client->query.authzone == NULL && client->query.restarts == 0)) {
		return NS_HOOK_CONTINUE;
	}
	asked_t asked = asked_of(qctx, instance);
	const steer_question_t question = question_of(&asked);
	if (steer_engine_exists(asked.instance->engine, bind_worker(client), &question) == STEER_OK) {
		client->message->rcode = dns_rcode_noerror;
	}
	steer_host_zone_release(&asked.zone);
	return NS_HOOK_CONTINUE;
}

void steer_query_add_hooks(ns_hooktable_t *table, isc_mem_t *mctx, steer_instance_t *instance)
{
	static const struct {
		ns_hookpoint_t point;
		ns_hook_action_t action;
	} hooks[] = {
		{ NS_QUERY_SETUP, at_setup },
		{ NS_QUERY_START_BEGIN, at_start },
		{ NS_QUERY_LOOKUP_BEGIN, at_lookup },
		{ NS_QUERY_DELEGATION_RECURSE_BEGIN, at_recursion },
		{ NS_QUERY_DONE_SEND, at_send },
	};
	for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++) {
		const ns_hook_t hook = { .action = hooks[i].action, .action_data = instance };
		ns_hook_add(table, mctx, hooks[i].point, &hook);
	}
}
