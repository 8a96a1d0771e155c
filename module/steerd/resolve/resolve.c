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

/*! Queries of a context at the same time; others wait. */
#define QUERIES 2048
/*! Queries that are sent before the loop turns to something else. */
#define SEND_TOGETHER 32
/*! Seconds for which libunbound is not made anew again. */
#define REST 1.0

/*! It may outlive its caller's interest, until libunbound ends it. */
struct query {
	TAILQ_ENTRY(query) entry;
	struct context *context;
	resolver_done_f done; /*!< NULL: it was cancelled. */
	void *ctx;
	uint16_t type;
	bool sent; /*!< Given to libunbound. */
	char name[KNOT_DNAME_TXT_MAXLEN + 1];
};

typedef TAILQ_HEAD(query_list, query) query_list_t;

/*! A context of libunbound, and the queries for it. */
typedef struct context {
	resolver_t *resolver;
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
	unbound_options_t options;
	bool warned; /*!< Of files that cannot be used. */
	context_t contexts[CONTEXTS];
};

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

static void deliver(query_t *query, int rcode, void *wire, size_t size)
{
	response_reader_t reader;
	int lack = rcode == KNOT_RCODE_SERVFAIL ? find_lack() : 0;
	if (query->done == NULL) {
		end_query(query, NULL);
	} else if (lack != 0) {
		fail_query(query, true, strerror(lack));
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
	(void)secure;
	(void)why;
	(void)limited;
	query_t *query = data;
	context_t *context = query->context;
	if (context->ub == NULL) {
		return; // The context is being deleted, and the query will be sent by another one.
	}
	if (query == context->sending && rcode == KNOT_RCODE_SERVFAIL &&
	    !context->resolver->options.recursion) {
		context->refused = true;
		return;
	}
	context->sending = query == context->sending ? NULL : context->sending;
	deliver(query, rcode, wire, size);
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

static int open_unbound(context_t *context)
{
	resolver_t *resolver = context->resolver;
	context->max = queries_max();
	int err = unbound_context_open(&context->ub, &resolver->unbound, &resolver->options,
	                               context->max, resolver->warned);
	if (err == UB_NOERROR) {
		resolver->warned = true;
	}
	return err;
}

static void close_unbound(context_t *context)
{
	struct ub_ctx *ub = context->ub;
	context->ub = NULL;
	ub_ctx_delete(ub); // NULL is fine.
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

static void move_to_sent(query_t *query)
{
	context_t *context = query->context;
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
	move_to_waiting(query);
	return false;
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
		bool wrong = err == UB_SYNTAX;
		fail_query(query, !wrong, wrong ? "not a domain name" : ub_strerror(err));
		return true;
	}
	return context->refused ? take_refusal(query) : true;
}

/*! Asks all over again in a new context. */
static void renew_context(context_t *context)
{
	query_t *query;
	close_unbound(context);
	while ((query = TAILQ_FIRST(&context->sent)) != NULL) {
		move_to_waiting(query);
		if (query->done == NULL) {
			abandon(query);
		}
	}
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
		renew_context(context);
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
	context_t *context = &resolver->contexts[anew && resolver->options.recursion ? ANEW : FIRST];
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

void resolver_query_cancel(query_t *query)
{
	abandon(query);
}

void resolver_reload(resolver_t *resolver)
{
	resolver->warned = false;
	for (unsigned i = 0; i < CONTEXTS; i++) {
		renew_context(&resolver->contexts[i]);
	}
}

int resolver_configure(resolver_t *resolver, const char *const *servers, bool recursion,
                       steer_fault_t *fault)
{
	unbound_options_t options = resolver->options;
	options.recursion = recursion;
	options.servers_count = 0;
	for (unsigned i = 0; servers != NULL && servers[i] != NULL; i++) {
		if (i == UNBOUND_SERVERS) {
			return steer_fault(fault, STEER_EINVAL, "more than %d name servers", UNBOUND_SERVERS);
		}
		int ret = server_parse(&options.servers[i], servers[i], fault);
		if (ret != STEER_OK) {
			return ret;
		}
		options.servers_count++;
	}
	resolver->options = options;
	resolver_reload(resolver);
	return STEER_OK;
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
	new->options.hosts_file = options->hosts_file;
	unbound_loop_init(&new->unbound, loop);
	for (unsigned i = 0; i < CONTEXTS; i++) {
		init_context(&new->contexts[i], new);
	}
	int ret = resolver_configure(new, options->servers, options->recursion, fault);
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
		resolver_reload(resolver); // Nobody waits for what was cancelled.
		for (unsigned i = 0; i < CONTEXTS; i++) {
			ev_timer_stop(resolver->loop, &resolver->contexts[i].send);
			ev_timer_stop(resolver->loop, &resolver->contexts[i].rest);
		}
		free(resolver);
	}
}
