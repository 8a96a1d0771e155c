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

#include "core/utf8.h"
#include "steerd/log.h"
#include "steerd/resolve/record_file.h"
#include "steerd/resolve/relay.h"
#include "steerd/resolve/unbound_context.h"
#include "store/status.h"

/*! Queries of a context at the same time; others wait. */
#define QUERIES 2048
/*! Queries that are sent before the loop turns to something else. */
#define SEND_TOGETHER 32
/*! What libunbound calls a response that its validator has refused. */
#define BOGUS 1
/*! Room for why. */
#define BOGUS_FAULT 256
/*! Seconds for which libunbound is not made anew again. */
#define REST 1.0
/*! Milliseconds after which a query is not sent again; libunbound gives up after about 7000. */
#define PATIENCE 5000

/*! It may outlive its caller's interest, until libunbound ends it. */
struct query {
	TAILQ_ENTRY(query) entry;
	struct context *context;
	resolver_done_f done; /*!< NULL: it was cancelled. */
	void *ctx;
	uint16_t type;
	bool sent; /*!< Given to libunbound. */
	steer_now_t since; /*!< When it first was; zeros: never. */
	char name[KNOT_DNAME_TXT_MAXLEN + 1];
};

typedef TAILQ_HEAD(query_list, query) query_list_t;

/*! A context of libunbound, and the queries for it. */
typedef struct context {
	resolver_t *resolver;
	relay_t *relay;    /*!< NULL: none is needed. */
	struct ub_ctx *ub; /*!< NULL: nothing was asked since it was opened or reloaded. */
	ev_timer send;     /*!< Runs when there are queries to send. */
	ev_timer rest;     /*!< While libunbound is not made anew again. */
	query_list_t waiting, sent;
	unsigned sent_count, max;
	query_t *sending;  /*!< The one that libunbound is being given. */
	bool refused;      /*!< It was: libunbound takes all servers to be out of reach. */
} context_t;

/*! Contexts by what their caches know: only recursion has both. */
enum { FIRST, ANEW, CONTEXTS };

struct resolver {
	struct ev_loop *loop;
	unbound_loop_t unbound;
	resolver_options_t files;
	char *anchors, *hints; /*!< What they hold. */
	unbound_options_t options;
	bool warned;           /*!< Of the system's files that cannot be used. */
	context_t contexts[CONTEXTS];
};

static bool is_recursion(const resolver_t *resolver)
{
	return unbound_context_is_recursion(&resolver->options);
}

/* Answers. */

/*! Sends what waits, soon, if there is room. */
static void wake(context_t *context)
{
	if (!TAILQ_EMPTY(&context->waiting) && context->sent_count < context->max &&
	    !ev_is_active(&context->send)) {
		ev_timer_set(&context->send, 0, 0);
		ev_timer_start(context->resolver->loop, &context->send);
	}
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

/*! Ends a query, and tells its caller. */
static void end_query(query_t *query, const response_t *response)
{
	resolver_done_f done = query->done;
	void *ctx = query->ctx;
	TAILQ_REMOVE(query->sent ? &query->context->sent : &query->context->waiting, query, entry);
	query->context->sent_count -= query->sent;
	free(query);
	if (done != NULL) {
		done(ctx, response);
	}
}

static void fail_query(query_t *query, bool impossible, const char *fault)
{
	end_query(query, &(response_t) {
		.kind = RESPONSE_FAILURE, .impossible = impossible, .fault = fault,
	});
}

/*! Ends a query that libunbound has no usable answer to. */
static void fail_servers(query_t *query)
{
	const relay_t *relay = query->context->relay;
	const char *why = relay != NULL ? relay_fault(relay) : NULL;
	char fault[RELAY_FAULT + sizeof(RESPONSE_SERVFAIL)];
	int lack = find_lack();
	if (lack != 0) {
		fail_query(query, true, strerror(lack));
	} else {
		snprintf(fault, sizeof(fault), "%s%s%s", RESPONSE_SERVFAIL, why != NULL ? ": " : "",
		         why != NULL ? why : "");
		fail_query(query, false, fault);
	}
}

/*! Ends a query whose answer is bogus. */
static void fail_bogus(query_t *query, const char *why)
{
	char masked[BOGUS_FAULT], fault[sizeof("bogus: ") + BOGUS_FAULT];
	steer_utf8_mask(masked, sizeof(masked), why, strlen(why));
	snprintf(fault, sizeof(fault), "bogus: %s", masked);
	fail_query(query, false, fault);
}

static void deliver(query_t *query, int rcode, void *wire, size_t size, const char *bogus)
{
	response_reader_t reader;
	if (query->done == NULL) {
		end_query(query, NULL);
	} else if (bogus != NULL) {
		fail_bogus(query, bogus);
	} else if (rcode == KNOT_RCODE_SERVFAIL) {
		fail_servers(query);
	} else {
		if (rcode == KNOT_RCODE_NOERROR) {
			response_read(&reader, wire, size);
		} else {
			response_read_rcode(&reader, rcode);
		}
		end_query(query, &reader.response);
		response_close(&reader);
	}
}

/*! Takes a response. libunbound must not be called before this has returned. */
static void on_response(void *data, int rcode, void *wire, int size, int secure, char *why,
                        int limited)
{
	(void)limited;
	query_t *query = data;
	context_t *context = query->context;
	if (context->ub == NULL) {
		return; // The context is being deleted, and the query will be sent by another one.
	}
	if (query == context->sending && rcode == KNOT_RCODE_SERVFAIL &&
	    !is_recursion(context->resolver)) {
		context->refused = true;
		return;
	}
	context->sending = query == context->sending ? NULL : context->sending;
	deliver(query, rcode, wire, size, secure == BOGUS ? why : NULL);
	wake(context);
}

/* The context of libunbound. */

/*! Number of queries at the same time, each of which may have a socket: with all contexts, less
 *  than half of the descriptors. */
static unsigned queries_max(void)
{
	struct rlimit limit;
	rlim_t share = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur / 8 : QUERIES;
	return share < QUERIES ? share : QUERIES;
}

/*! Opens what carries queries to servers over TLS, if there are any, and sets that it is asked. */
static bool open_relay(context_t *context, unbound_options_t *options)
{
	const resolver_t *resolver = context->resolver;
	const steer_forwarders_t *servers = &resolver->options.forwarders;
	if (servers->count == 0 || !steer_forwarder_is_tls(&servers->servers[0])) {
		return true;
	}
	if (relay_open(&context->relay, resolver->loop, resolver->files.tls, servers) != STEER_OK) {
		return false;
	}
	options->forwarders = *relay_forwarders(context->relay);
	options->tcp = true;
	return true;
}

static void close_unbound(context_t *context)
{
	struct ub_ctx *ub = context->ub;
	context->ub = NULL;
	ub_ctx_delete(ub); // NULL is fine.
}

static void close_relay(context_t *context)
{
	relay_close(context->relay);
	context->relay = NULL;
}

static int open_unbound(context_t *context)
{
	resolver_t *resolver = context->resolver;
	unbound_options_t options = resolver->options;
	context->max = queries_max();
	int err = open_relay(context, &options)
	          ? unbound_context_open(&context->ub, &resolver->unbound, &options, context->max,
	                                 resolver->warned)
	          : UB_NOMEM;
	if (err == UB_NOERROR) {
		resolver->warned = true;
	} else {
		close_unbound(context);
		close_relay(context);
	}
	return err;
}

/* Sending. */

/*! Frees a query, or lets libunbound end it, which cannot be stopped. */
static void abandon(query_t *query)
{
	query->done = NULL;
	if (!query->sent) {
		TAILQ_REMOVE(&query->context->waiting, query, entry);
		free(query);
	}
}

/*! Whether a query has waited for servers for long enough. */
static bool had_its_time(const query_t *query)
{
	steer_now_t now;
	steer_now(&now);
	return -steer_now_until(&now, &query->since) >= PATIENCE;
}

static void move_to_sent(query_t *query)
{
	context_t *context = query->context;
	if (query->since.wall == 0) {
		steer_now(&query->since);
	}
	TAILQ_REMOVE(&context->waiting, query, entry);
	TAILQ_INSERT_TAIL(&context->sent, query, entry);
	query->sent = true;
	context->sent_count++;
}

static void move_to_waiting(query_t *query)
{
	context_t *context = query->context;
	TAILQ_REMOVE(&context->sent, query, entry);
	TAILQ_INSERT_HEAD(&context->waiting, query, entry);
	query->sent = false;
	context->sent_count--;
}

/*! libunbound would keep a query for any other text until its context is deleted. */
static bool is_name(const char *text)
{
	knot_dname_storage_t name;
	return knot_dname_from_str(name, text, sizeof(name)) != NULL;
}

static int prepare(context_t *context, const query_t *query)
{
	if (!is_name(query->name)) {
		return UB_SYNTAX;
	}
	return context->ub != NULL ? UB_NOERROR : open_unbound(context);
}

/*! Takes that libunbound has sent nothing. \return false: no server can be asked now */
static bool take_refusal(query_t *query)
{
	int lack = find_lack();
	if (lack != 0) {
		fail_query(query, true, strerror(lack));
		return true;
	}
	if (had_its_time(query)) {
		fail_servers(query);
		return true;
	}
	move_to_waiting(query);
	return false;
}

/*! Ends a query that libunbound did not take. */
static void fail_unsent(query_t *query, int err)
{
	int lack = find_lack();
	if (err == UB_SYNTAX) {
		fail_query(query, false, "not a domain name");
	} else {
		fail_query(query, true, lack != 0 ? strerror(lack) : ub_strerror(err));
	}
}

/*! Sends a query, whose response may come at once. \return false: no server can be asked now */
static bool send_query(context_t *context, query_t *query)
{
	int err = prepare(context, query);
	move_to_sent(query);
	context->sending = query;
	context->refused = false;
	if (err == UB_NOERROR) {
		err = ub_resolve_event(context->ub, query->name, query->type, KNOT_CLASS_IN, query,
		                       on_response, NULL);
	}
	context->sending = NULL;
	if (err != UB_NOERROR) {
		fail_unsent(query, err);
		return true;
	}
	return context->refused ? take_refusal(query) : true;
}

/*!
 * Asks all over again in a new context.
 *
 * \param[in] refused  Since no server can be asked. Then what has had its time fails, which would
 *                     never end if others had the context renewed again and again.
 */
static void renew_context(context_t *context, bool refused)
{
	query_t *query;
	close_unbound(context);
	while ((query = TAILQ_FIRST(&context->sent)) != NULL) {
		if (refused && query->done != NULL && had_its_time(query)) {
			fail_servers(query);
			continue;
		}
		move_to_waiting(query);
		if (query->done == NULL) {
			abandon(query);
		}
	}
	close_relay(context); // Not before, since it knows why the servers are out of reach.
	wake(context);
}

static void on_send(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)events;
	context_t *context = timer->data;
	bool good = true;
	for (unsigned i = 0; good && i < SEND_TOGETHER && !TAILQ_EMPTY(&context->waiting) &&
	                     context->sent_count < context->max; i++) {
		good = send_query(context, TAILQ_FIRST(&context->waiting));
	}
	if (good) {
		wake(context);
	} else if (!ev_is_active(&context->rest)) {
		ev_now_update(loop);
		ev_timer_set(&context->rest, REST, 0);
		ev_timer_start(loop, &context->rest);
		renew_context(context, true);
	}
}

static void on_rested(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	wake(timer->data);
}

query_t *resolver_query(resolver_t *resolver, const char *name, uint16_t type, bool anew,
                        resolver_done_f done, void *ctx)
{
	context_t *context = &resolver->contexts[anew && is_recursion(resolver) ? ANEW : FIRST];
	query_t *query = calloc(1, sizeof(*query));
	if (query != NULL) {
		query->context = context;
		query->done = done;
		query->ctx = ctx;
		query->type = type;
		snprintf(query->name, sizeof(query->name), "%s", name);
		TAILQ_INSERT_TAIL(&context->waiting, query, entry);
		wake(context);
	}
	return query;
}

bool resolver_query_waits(const query_t *query)
{
	return !query->sent;
}

void resolver_query_cancel(query_t *query)
{
	abandon(query);
}

/*! Renews the contexts. */
static void renew(resolver_t *resolver)
{
	resolver->warned = false;
	for (unsigned i = 0; i < CONTEXTS; i++) {
		renew_context(&resolver->contexts[i], false);
	}
}

/*! Reads a file, if there is one, in place of what was read before. */
static int read_records(const char **option, char **text, const char *path,
                        int (*read)(char **, const char *, steer_fault_t *), steer_fault_t *fault)
{
	char *new = NULL;
	int ret = path != NULL ? read(&new, path, fault) : STEER_OK;
	if (ret == STEER_OK) {
		free(*text);
		*option = *text = new;
	}
	return ret;
}

static int read_anchors(resolver_t *resolver, steer_fault_t *fault)
{
	return read_records(&resolver->options.anchors, &resolver->anchors,
	                    resolver->files.trust_anchor, record_file_read_anchors, fault);
}

static int read_hints(resolver_t *resolver, steer_fault_t *fault)
{
	return read_records(&resolver->options.hints, &resolver->hints, resolver->files.root_hints,
	                    record_file_read_hints, fault);
}

void resolver_reload(resolver_t *resolver)
{
	steer_fault_t fault;
	if (read_anchors(resolver, &fault) != STEER_OK || read_hints(resolver, &fault) != STEER_OK) {
		log_line(LOG_ERR, "%s: what was read before stays", fault.text);
	}
	renew(resolver);
}

void resolver_configure(resolver_t *resolver, const steer_forwarders_t *forwarders)
{
	resolver->options.forwarders = *forwarders;
	renew(resolver);
}

static void init_context(context_t *context, resolver_t *resolver)
{
	context->resolver = resolver;
	context->max = QUERIES;
	TAILQ_INIT(&context->waiting);
	TAILQ_INIT(&context->sent);
	ev_timer_init(&context->send, on_send, 0, 0);
	ev_timer_init(&context->rest, on_rested, 0, 0);
	context->send.data = context->rest.data = context;
}

int resolver_open(resolver_t **resolver, struct ev_loop *loop, const resolver_options_t *options,
                  steer_fault_t *fault)
{
	resolver_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	new->loop = loop;
	new->files = *options;
	new->options.hosts_file = options->hosts_file;
	unbound_loop_init(&new->unbound, loop);
	for (unsigned i = 0; i < CONTEXTS; i++) {
		init_context(&new->contexts[i], new);
	}
	int ret = read_anchors(new, fault);
	if (ret == STEER_OK) {
		ret = read_hints(new, fault);
	}
	if (ret != STEER_OK) {
		resolver_close(new);
		return ret;
	}
	*resolver = new;
	return STEER_OK;
}

void resolver_close(resolver_t *resolver)
{
	if (resolver != NULL) {
		renew(resolver); // Nobody waits for what was cancelled.
		for (unsigned i = 0; i < CONTEXTS; i++) {
			ev_timer_stop(resolver->loop, &resolver->contexts[i].send);
			ev_timer_stop(resolver->loop, &resolver->contexts[i].rest);
		}
		free(resolver->anchors);
		free(resolver->hints);
		free(resolver);
	}
}
