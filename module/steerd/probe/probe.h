/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A probe: one look at what a health check's definition names, and its result.
 *
 * A kind of probe begins in start(), goes on in callbacks of the loop and ends by probe_end(); when
 * the time for it is over it is ended from outside. It never blocks.
 *
 * Threads:  the loop's.
 * Memory:   a probe borrows the definition and what probes share.
 * Units:    milliseconds for limits, microseconds for what was measured.
 */
#pragma once

#include <ev.h>

#include "steerd/address.h"
#include "steerd/probe/definition.h"
#include "steerd/probe/probers.h"
#include "steerd/resolve/addresses.h"

/*! Size of a reason, such as "HTTP 503 from 192.0.2.1:443 after 12 ms"; a longer one is cut. */
#define REASON_SIZE 256
/*! Addresses of a name that are tried. */
#define PROBE_ADDRESSES ADDRESSES_MAX

/*! How long the steps of a probe took, from its beginning; 0: it did not get there. */
typedef struct {
	uint32_t connected, secured, first_byte, total;
} probe_times_t;

typedef struct {
	bool ok;
	bool inconclusive; /*!< It could not be made, for want of this host: the target may be well. */
	probe_times_t times;
	char reason[REASON_SIZE]; /*!< Printable. */
} probe_result_t;

typedef struct probe probe_t;

/*! Takes a result, after which the probe is gone. */
typedef void (*probe_done_f)(void *ctx, const probe_result_t *result);

/*! A kind of probes. */
typedef struct {
	bool processes; /*!< It runs a process; else it has sockets. */
	/*! Begins. It may end at once, and has set a limit otherwise. */
	void (*start)(probe_t *probe);
	/*! Goes on after a limit other than that of the whole probe. NULL: the probe ends. */
	void (*late)(probe_t *probe);
	/*! Frees what start() has made; called once, when the probe has ended or is cancelled. */
	void (*stop)(probe_t *probe);
} probe_kind_t;

/* For those who start probes. */

/*! The kind that probes a type; NULL: none does. */
const probe_kind_t *probe_kind(uint8_t type);
/*! Starts a probe, whose result comes by the loop. \return NULL: out of memory */
probe_t *probe_start(probers_t *probers, const definition_t *definition, probe_done_f done,
                     void *ctx);
/*! Stops a probe without a result. */
void probe_cancel(probe_t *probe);

/* For the kinds. */

/*! Takes the addresses of a name, one at least and without ports; borrowed. */
typedef void (*probe_found_f)(probe_t *probe, const address_t *addresses, unsigned count);

struct probe {
	probers_t *probers;
	const definition_t *definition;
	const probe_kind_t *kind;
	lookup_t *lookup; /*!< NULL: none is running. */
	const char *looked_up; /*!< The name. */
	probe_found_f found;
	bool begun;      /*!< Its kind has started it. */
	bool ended;      /*!< The result is there, and will be delivered. */
	void *state;     /*!< The kind's. */
	address_t addresses[PROBE_ADDRESSES]; /*!< Where to probe; none for a command. */
	unsigned addresses_count;
	unsigned addresses_tried;
	uint32_t address_until; /*!< When the time of the last one is over, in ms since the beginning. */

	probe_done_f done;
	void *ctx;
	uint64_t start;  /*!< By the monotonic clock. */
	ev_timer limit;
	const char *step; /*!< What the limit is for. */
	probe_result_t result;
};

/*!
 * Sets the limit of the next step, in place of the one before. It ends no later than the whole
 * probe.
 *
 * \param[in] step  For the reason if it is exceeded, such as "connection to 192.0.2.1:443";
 *                  borrowed until the next limit.
 */
void probe_limit(probe_t *probe, uint32_t ms, const char *step);
/*! Microseconds since it began. */
uint32_t probe_took(const probe_t *probe);
/*! Milliseconds left for the whole probe. */
uint32_t probe_left(const probe_t *probe);
/*!
 * Looks up the addresses of a name, as the definition says: IPv4, IPv6 or both. Without any the
 * probe ends.
 *
 * \param[in] host  Borrowed meanwhile.
 */
void probe_look_up(probe_t *probe, const char *host, probe_found_f found);
/*!
 * Turns to the next address, for which there is time as for each of those after it.
 *
 * \return NULL: all have been tried
 */
const address_t *probe_next_address(probe_t *probe);
/*! Milliseconds left for the address. */
uint32_t probe_address_left(const probe_t *probe);
/*!
 * Ends a probe. From here on the kind must do nothing but wait for stop(). Of several calls the
 * first counts.
 *
 * \param[in] format  The reason, to which " after N ms" is added. What does not fit is cut, and
 *                    what is not printable is masked.
 */
__attribute__((format(printf, 3, 4)))
void probe_end(probe_t *probe, bool ok, const char *format, ...);
/*!
 * Ends a probe that this host could not make, such as for want of memory, in the same manner. It
 * decides nothing.
 *
 * \param[in] format  The reason, to which nothing is added.
 */
__attribute__((format(printf, 2, 3)))
void probe_end_inconclusive(probe_t *probe, const char *format, ...);
/*!
 * Ends a probe by the error of a system call, which is that of the target, or of the way to it,
 * unless this host lacks memory, descriptors or the protocol.
 *
 * \param[in] target  As in the reason: an address.
 */
void probe_end_errno(probe_t *probe, const char *target, int err);

extern const probe_kind_t probe_command, probe_dns, probe_http, probe_icmp, probe_tcp, probe_tls;
