/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/resolve.h"

#include <errno.h>
#include <libknot/libknot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <unistd.h>

#include "steerd/resolve/unbound_context.h"

/*! Queries at the same time, or a quarter of the descriptors if that is less; others wait. */
#define QUERIES UNBOUND_SOCKETS
/*! Queries that are sent before the loop turns to something else. */
#define SEND_TOGETHER 32
/*! Seconds for which libunbound is not made anew again. */
#define REST 1.0

enum { IPV4, IPV6, FAMILIES };

/*! What became of a query. */
typedef struct {
	bool asked;
	struct query *query; /*!< NULL: it is answered. */
	unsigned count;
	address_t addresses[RESOLVER_ADDRESSES];
	char fault[64]; /*!< Empty: none, though there may be no addresses. */
	bool impossible;
} part_t;

/*! The query for one family of addresses. It may outlive its lookup, until libunbound ends it. */
typedef struct query {
	TAILQ_ENTRY(query) entry;
	resolver_t *resolver;
	lookup_t *lookup; /*!< NULL: it was cancelled. */
	part_t *part;     /*!< Of the lookup. */
	uint16_t type;
	bool sent;        /*!< Given to libunbound. */
	char name[KNOT_DNAME_TXT_MAXLEN + 1];
} query_t;

typedef TAILQ_HEAD(query_list, query) query_list_t;

struct lookup {
	part_t parts[FAMILIES];
	resolver_done_f done;
	void *ctx;
};

struct resolver {
	struct ev_loop *loop;
	const char *const *servers;
	struct ub_ctx *ub; /*!< NULL: nothing was asked since it was opened or reloaded. */
	unbound_loop_t unbound;
	ev_timer send;     /*!< Runs when there are queries to send. */
	ev_timer rest;     /*!< While libunbound is not made anew again. */
	bool warned;       /*!< Of files that cannot be used. */
	query_list_t waiting, sent;
	unsigned sent_count, max;
	query_t *sending;  /*!< The one that libunbound is being given. */
	bool refused;      /*!< It was: libunbound takes all servers to be out of reach. */
};

/* Answers. */

/*! Sends what waits, soon, if there is room. */
static void wake(resolver_t *resolver)
{
	if (!TAILQ_EMPTY(&resolver->waiting) && resolver->sent_count < resolver->max &&
	    !ev_is_active(&resolver->send)) {
		ev_timer_set(&resolver->send, 0, 0);
		ev_timer_start(resolver->loop, &resolver->send);
	}
}

static void finish(lookup_t *lookup)
{
	const part_t *ipv4 = &lookup->parts[IPV4], *ipv6 = &lookup->parts[IPV6];
	resolver_answer_t answer = { .count = 0 };
	for (const part_t *part = ipv4; part <= ipv6; part++) {
		for (unsigned i = 0; i < part->count && answer.count < RESOLVER_ADDRESSES; i++) {
			answer.addresses[answer.count++] = part->addresses[i];
		}
	}
	if (answer.count == 0) {
		answer.impossible = ipv4->impossible || ipv6->impossible;
		const char *fault = ipv4->fault[0] != '\0' ? ipv4->fault
		                    : ipv6->fault[0] != '\0' ? ipv6->fault
		                    : !ipv6->asked ? "no A records"
		                    : !ipv4->asked ? "no AAAA records" : "no A or AAAA records";
		snprintf(answer.fault, sizeof(answer.fault), "%s", fault);
	}
	resolver_done_f done = lookup->done;
	void *ctx = lookup->ctx;
	free(lookup);
	done(ctx, &answer);
}

/*! What a query lacks on this host; 0: nothing. libunbound does not tell. */
static int find_lack(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return errno;
	}
	close(fd);
	return 0;
}

static void take_lack(part_t *part, int err)
{
	part->impossible = true;
	snprintf(part->fault, sizeof(part->fault), "%s", strerror(err));
}

/*! Takes a response that has no addresses of the family. */
static void take_rcode(part_t *part, int rcode)
{
	int lack;
	switch (rcode) {
	case KNOT_RCODE_NOERROR:
		break;
	case KNOT_RCODE_SERVFAIL: // libunbound's own, if nothing usable came.
		lack = find_lack();
		if (lack != 0) {
			take_lack(part, lack);
			break;
		}
		snprintf(part->fault, sizeof(part->fault), "SERVFAIL, or no answer from the resolver");
		break;
	case KNOT_RCODE_NXDOMAIN:
		snprintf(part->fault, sizeof(part->fault), "NXDOMAIN");
		break;
	default:
		snprintf(part->fault, sizeof(part->fault), "RCODE %d", rcode);
	}
}

/*! Takes the addresses of a response, with those behind CNAME records. */
static void take_records(part_t *part, uint16_t type, const knot_pktsection_t *section)
{
	int family = type == KNOT_RRTYPE_A ? AF_INET : AF_INET6;
	for (uint16_t i = 0; i < section->count; i++) {
		const knot_rrset_t *rrset = knot_pkt_rr(section, i);
		knot_rdata_t *rdata = rrset->rrs.rdata;
		for (uint16_t j = 0; rrset->type == type && j < rrset->rrs.count &&
		                     part->count < RESOLVER_ADDRESSES; j++) {
			part->count += address_from_bytes(&part->addresses[part->count], family,
			                                  rdata->data, rdata->len);
			rdata = knot_rdataset_next(rdata);
		}
	}
}

static void take_response(part_t *part, uint16_t type, void *wire, size_t size)
{
	knot_pkt_t *response = knot_pkt_new(wire, size, NULL);
	if (response == NULL || knot_pkt_parse(response, 0) != KNOT_EOK) {
		snprintf(part->fault, sizeof(part->fault), "a response that cannot be read");
	} else {
		take_records(part, type, knot_pkt_section(response, KNOT_ANSWER));
		if (part->count == 0) {
			take_rcode(part, knot_wire_get_rcode(wire));
		}
	}
	knot_pkt_free(response);
}

/*! Ends a query that was answered, and its lookup if it was the last one of it. */
static void end_query(query_t *query)
{
	lookup_t *lookup = query->lookup;
	TAILQ_REMOVE(query->sent ? &query->resolver->sent : &query->resolver->waiting, query, entry);
	query->resolver->sent_count -= query->sent;
	if (lookup != NULL) {
		query->part->query = NULL;
		if (lookup->parts[IPV4].query == NULL && lookup->parts[IPV6].query == NULL) {
			finish(lookup);
		}
	}
	free(query);
}

/*! Takes a response. libunbound must not be called before this has returned. */
static void on_response(void *data, int rcode, void *wire, int size, int secure, char *why,
                        int limited)
{
	(void)secure;
	(void)why;
	(void)limited;
	query_t *query = data;
	resolver_t *resolver = query->resolver;
	if (resolver->ub == NULL) {
		return; // The context is being deleted, and the query will be sent by another one.
	}
	if (query == resolver->sending && rcode == KNOT_RCODE_SERVFAIL) {
		resolver->refused = true;
		return;
	}
	if (query->lookup != NULL && rcode == KNOT_RCODE_NOERROR) {
		take_response(query->part, query->type, wire, size);
	} else if (query->lookup != NULL) {
		take_rcode(query->part, rcode);
	}
	end_query(query);
	wake(resolver);
}

/* The context of libunbound. */

/*! Number of queries at the same time, each of which may have a socket. */
static unsigned queries_max(void)
{
	struct rlimit limit;
	rlim_t share = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur / 4 : QUERIES;
	return share < QUERIES ? share : QUERIES;
}

static int open_context(resolver_t *resolver)
{
	int err = unbound_context_open(&resolver->ub, &resolver->unbound, resolver->servers,
	                               resolver->warned);
	if (err == UB_NOERROR) {
		resolver->warned = true;
		resolver->max = queries_max();
	}
	return err;
}

static void close_context(resolver_t *resolver)
{
	struct ub_ctx *ub = resolver->ub;
	resolver->ub = NULL;
	ub_ctx_delete(ub); // NULL is fine.
}

/* Sending. */

/*! Frees a query, or lets libunbound end it, which cannot be stopped. */
static void abandon(query_t *query)
{
	query->lookup = NULL;
	if (!query->sent) {
		TAILQ_REMOVE(&query->resolver->waiting, query, entry);
		free(query);
	}
}

static void move_to_sent(query_t *query)
{
	resolver_t *resolver = query->resolver;
	TAILQ_REMOVE(&resolver->waiting, query, entry);
	TAILQ_INSERT_TAIL(&resolver->sent, query, entry);
	query->sent = true;
	resolver->sent_count++;
}

static void move_to_waiting(query_t *query)
{
	resolver_t *resolver = query->resolver;
	TAILQ_REMOVE(&resolver->sent, query, entry);
	TAILQ_INSERT_HEAD(&resolver->waiting, query, entry);
	query->sent = false;
	resolver->sent_count--;
}

/*! libunbound would keep a query for any other text until its context is deleted. */
static bool is_name(const char *text)
{
	knot_dname_storage_t name;
	return knot_dname_from_str(name, text, sizeof(name)) != NULL;
}

static int prepare(resolver_t *resolver, const query_t *query)
{
	if (!is_name(query->name)) {
		return UB_SYNTAX;
	}
	return resolver->ub != NULL ? UB_NOERROR : open_context(resolver);
}

/*! Takes an error of libunbound. */
static void take_error(part_t *part, int err)
{
	part->impossible = err != UB_SYNTAX;
	snprintf(part->fault, sizeof(part->fault), "%s",
	         err == UB_SYNTAX ? "not a domain name" : ub_strerror(err));
}

/*! Takes that libunbound has sent nothing. \return false: no server can be asked now */
static bool take_refusal(query_t *query)
{
	int lack = find_lack();
	if (lack != 0) {
		take_lack(query->part, lack);
		end_query(query);
		return true;
	}
	move_to_waiting(query);
	return false;
}

/*! Sends a query, whose response may come at once. \return false: no server can be asked now */
static bool send_query(resolver_t *resolver, query_t *query)
{
	int err = prepare(resolver, query);
	move_to_sent(query);
	resolver->sending = query;
	resolver->refused = false;
	if (err == UB_NOERROR) {
		err = ub_resolve_event(resolver->ub, query->name, query->type, KNOT_CLASS_IN, query,
		                       on_response, NULL);
	}
	resolver->sending = NULL;
	if (err != UB_NOERROR) {
		take_error(query->part, err);
		end_query(query);
		return true;
	}
	return resolver->refused ? take_refusal(query) : true;
}

/*! Asks all over again in a new context. */
static void renew_context(resolver_t *resolver)
{
	query_t *query;
	close_context(resolver);
	while ((query = TAILQ_FIRST(&resolver->sent)) != NULL) {
		move_to_waiting(query);
		if (query->lookup == NULL) {
			abandon(query);
		}
	}
	wake(resolver);
}

static void on_send(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)events;
	resolver_t *resolver = timer->data;
	bool good = true;
	for (unsigned i = 0; good && i < SEND_TOGETHER && !TAILQ_EMPTY(&resolver->waiting) &&
	                     resolver->sent_count < resolver->max; i++) {
		good = send_query(resolver, TAILQ_FIRST(&resolver->waiting));
	}
	if (good) {
		wake(resolver);
	} else if (!ev_is_active(&resolver->rest)) {
		ev_now_update(loop);
		ev_timer_set(&resolver->rest, REST, 0);
		ev_timer_start(loop, &resolver->rest);
		renew_context(resolver);
	}
}

static void on_rested(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	wake(timer->data);
}

/*! Adds a query for a family. \return false: out of memory */
static bool add_query(resolver_t *resolver, lookup_t *lookup, unsigned family, const char *host)
{
	query_t *query = calloc(1, sizeof(*query));
	if (query == NULL) {
		return false;
	}
	query->resolver = resolver;
	query->lookup = lookup;
	query->part = &lookup->parts[family];
	query->type = family == IPV4 ? KNOT_RRTYPE_A : KNOT_RRTYPE_AAAA;
	snprintf(query->name, sizeof(query->name), "%s", host);
	TAILQ_INSERT_TAIL(&resolver->waiting, query, entry);
	query->part->asked = true;
	query->part->query = query;
	return true;
}

lookup_t *resolver_ask(resolver_t *resolver, const char *host, bool ipv4, bool ipv6,
                       resolver_done_f done, void *ctx)
{
	lookup_t *lookup = calloc(1, sizeof(*lookup));
	if (lookup == NULL) {
		return NULL;
	}
	lookup->done = done;
	lookup->ctx = ctx;
	if ((ipv4 && !add_query(resolver, lookup, IPV4, host)) ||
	    (ipv6 && !add_query(resolver, lookup, IPV6, host))) {
		resolver_cancel(lookup);
		return NULL;
	}
	wake(resolver);
	return lookup;
}

void resolver_cancel(lookup_t *lookup)
{
	for (unsigned i = 0; i < FAMILIES; i++) {
		if (lookup->parts[i].query != NULL) {
			abandon(lookup->parts[i].query);
		}
	}
	free(lookup);
}

void resolver_reload(resolver_t *resolver)
{
	resolver->warned = false;
	renew_context(resolver);
}

int resolver_open(resolver_t **resolver, struct ev_loop *loop, const char *const *servers,
                  steer_fault_t *fault)
{
	resolver_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	new->loop = loop;
	new->servers = servers;
	new->max = QUERIES;
	unbound_loop_init(&new->unbound, loop);
	TAILQ_INIT(&new->waiting);
	TAILQ_INIT(&new->sent);
	ev_timer_init(&new->send, on_send, 0, 0);
	ev_timer_init(&new->rest, on_rested, 0, 0);
	new->send.data = new->rest.data = new;
	*resolver = new;
	return STEER_OK;
}

void resolver_close(resolver_t *resolver)
{
	if (resolver != NULL) {
		resolver_reload(resolver); // Nobody waits for what was cancelled.
		ev_timer_stop(resolver->loop, &resolver->send);
		ev_timer_stop(resolver->loop, &resolver->rest);
		free(resolver);
	}
}
