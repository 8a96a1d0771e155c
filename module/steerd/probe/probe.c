/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/probe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/utf8.h"

/*! Room for " after N ms". */
#define AFTER_SIZE 24

static const probe_kind_t *const kinds[] = {
	[STEER_CHECK_HTTP] = &probe_http,
	[STEER_CHECK_HTTPS] = &probe_http,
	[STEER_CHECK_TCP] = &probe_tcp,
	[STEER_CHECK_TLS] = &probe_tls,
	[STEER_CHECK_DNS] = &probe_dns,
	[STEER_CHECK_ICMP] = &probe_icmp,
	[STEER_CHECK_COMMAND] = &probe_command,
};

const probe_kind_t *probe_kind(uint8_t type)
{
	return type < sizeof(kinds) / sizeof(*kinds) ? kinds[type] : NULL;
}

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return UINT64_C(1000000) * now.tv_sec + now.tv_nsec / 1000;
}

uint32_t probe_took(const probe_t *probe)
{
	uint64_t took = now_us() - probe->start;
	return took < UINT32_MAX ? took : UINT32_MAX;
}

uint32_t probe_left(const probe_t *probe)
{
	uint32_t took = probe_took(probe) / 1000, whole = probe->definition->timeout;
	return whole > took ? whole - took : 0;
}

const address_t *probe_next_address(probe_t *probe)
{
	unsigned left = probe->addresses_count - probe->addresses_tried;
	if (left == 0) {
		return NULL;
	}
	probe->address_until = probe_took(probe) / 1000 + probe_left(probe) / left;
	return &probe->addresses[probe->addresses_tried++];
}

uint32_t probe_address_left(const probe_t *probe)
{
	uint32_t took = probe_took(probe) / 1000;
	return probe->address_until > took ? probe->address_until - took : 0;
}

static void stop(probe_t *probe)
{
	if (probe->lookup != NULL) {
		addresses_cancel(probe->lookup);
	}
	if (probe->begun) {
		probe->kind->stop(probe);
	}
	ev_timer_stop(probe->probers->loop, &probe->limit); // And a delivery that is pending.
}

static void deliver(probe_t *probe)
{
	probe_done_f done = probe->done;
	void *ctx = probe->ctx;
	const probe_result_t result = probe->result;
	stop(probe);
	free(probe);
	done(ctx, &result);
}

static void begin_kind(probe_t *probe)
{
	probe->begun = true;
	probe->kind->start(probe);
	if (!probe->ended && !ev_is_active(&probe->limit)) {
		probe_limit(probe, probe->definition->timeout, "the probe");
	}
}

static void on_looked_up(void *ctx, const addresses_t *addresses)
{
	probe_t *probe = ctx;
	probe->lookup = NULL;
	ev_timer_stop(probe->probers->loop, &probe->limit);
	if (addresses->impossible) {
		probe_end_inconclusive(probe, "DNS resolution of %s: %s", probe->looked_up, addresses->fault);
	} else if (addresses->count == 0) {
		probe_end(probe, false, "DNS resolution of %s: %s", probe->looked_up, addresses->fault);
	} else {
		probe->found(probe, addresses->addresses, addresses->count);
	}
}

void probe_look_up(probe_t *probe, const char *host, probe_found_f found)
{
	const definition_t *definition = probe->definition;
	probe->looked_up = host;
	probe->found = found;
	probe->lookup = addresses_look_up(probe->probers->resolver, host, definition->ipv4,
	                                  definition->ipv6, on_looked_up, probe);
	if (probe->lookup == NULL) {
		probe_end_errno(probe, "", ENOMEM);
	} else {
		probe_limit(probe, definition->timeout, "the address");
	}
}

static void on_addresses(probe_t *probe, const address_t *addresses, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		probe->addresses[i] = addresses[i];
		address_set_port(&probe->addresses[i], probe->definition->port);
	}
	probe->addresses_count = count;
	begin_kind(probe);
}

/*! Begins, now that the caller knows the probe: with the addresses if there are none yet. */
static void begin(probe_t *probe)
{
	const definition_t *definition = probe->definition;
	if (probe->addresses_count > 0 || definition->command[0] != NULL) {
		begin_kind(probe);
	} else if (definition->host != NULL) {
		probe_look_up(probe, definition->host, on_addresses);
	} else { // A store may hold anything.
		probe_end_inconclusive(probe, "the store holds no valid target");
	}
}

static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	probe_t *probe = timer->data;
	if (probe->ended) {
		deliver(probe);
	} else if (probe->lookup != NULL) {
		probe_end(probe, false, "the address of %s takes too long", probe->looked_up);
	} else if (!probe->begun) {
		begin(probe);
	} else if (probe->kind->late != NULL && probe_left(probe) > 0) {
		probe->kind->late(probe);
	} else {
		probe_end(probe, false, "%s takes too long", probe->step);
	}
}

probe_t *probe_start(probers_t *probers, const definition_t *definition, probe_done_f done,
                     void *ctx)
{
	probe_t *probe = calloc(1, sizeof(*probe));
	if (probe == NULL) {
		return NULL;
	}
	probe->probers = probers;
	probe->definition = definition;
	probe->kind = probe_kind(definition->type);
	probe->done = done;
	probe->ctx = ctx;
	probe->start = now_us();
	if (definition->address != NULL &&
	    address_parse(&probe->addresses[0], definition->address, definition->port)) {
		probe->addresses_count = 1;
	}
	ev_timer_init(&probe->limit, on_limit, 0, 0);
	// An answer that is there already counts, so what reads it comes before the limit.
	ev_set_priority(&probe->limit, EV_MINPRI);
	probe->limit.data = probe;
	ev_feed_event(probers->loop, &probe->limit, EV_TIMER);
	return probe;
}

void probe_cancel(probe_t *probe)
{
	stop(probe);
	free(probe);
}

void probe_limit(probe_t *probe, uint32_t ms, const char *step)
{
	struct ev_loop *loop = probe->probers->loop;
	uint32_t left = probe_left(probe);
	probe->step = step;
	ev_timer_stop(loop, &probe->limit);
	ev_now_update(loop);
	ev_timer_set(&probe->limit, (ms < left ? ms : left) / 1000.0, 0);
	ev_timer_start(loop, &probe->limit);
}

/*! Ends a probe. \param[in] after  What is added to the reason, whole. */
__attribute__((format(printf, 3, 0)))
static void end(probe_t *probe, const char *after, const char *format, va_list args)
{
	probe_result_t *result = &probe->result;
	char text[REASON_SIZE];
	vsnprintf(text, sizeof(text), format, args);
	steer_utf8_mask(result->reason, sizeof(result->reason) - strlen(after), text, strlen(text));
	strcat(result->reason, after);
	probe->ended = true;
	ev_timer_stop(probe->probers->loop, &probe->limit);
	ev_feed_event(probe->probers->loop, &probe->limit, EV_TIMER);
}

void probe_end(probe_t *probe, bool ok, const char *format, ...)
{
	if (probe->ended) {
		return;
	}
	char after[AFTER_SIZE];
	va_list args;
	probe->result.ok = ok;
	probe->result.times.total = probe_took(probe);
	snprintf(after, sizeof(after), " after %u ms", probe->result.times.total / 1000);
	va_start(args, format);
	end(probe, after, format, args);
	va_end(args);
}

void probe_end_inconclusive(probe_t *probe, const char *format, ...)
{
	if (probe->ended) {
		return;
	}
	va_list args;
	probe->result.inconclusive = true;
	va_start(args, format);
	end(probe, "", format, args);
	va_end(args);
}

void probe_end_errno(probe_t *probe, const char *target, int err)
{
	switch (err) {
	case EAGAIN:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ENOBUFS:
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
		probe_end_inconclusive(probe, "%s", strerror(err));
		break;
	default:
		probe_end(probe, false, "%s: %s", target, strerror(err));
		break;
	}
}
