/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A transfer of a probe by libcurl, to the first of its addresses that accepts it.
 *
 * Nothing is resolved or kept by libcurl: addresses are given, each transfer has a new connection,
 * and this one is reset at its end, so that no port of this side is kept in TIME-WAIT for it.
 *
 * Threads:  the loop's.
 */
#pragma once

#include "steerd/probe/curl_loop.h"
#include "steerd/probe/probe.h"

typedef struct transfer transfer_t;

/*! What a kind of probes does with a transfer; probe_end() ends it in any of them. */
typedef struct {
	/*! Sets further options, for each attempt. \return false: out of memory */
	bool (*prepare)(transfer_t *transfer, CURL *easy);
	/*! A connection is there, with TLS if it is secure. Called from inside libcurl. NULL: nothing. */
	void (*connected)(transfer_t *transfer);
	/*! What follows the connection is over. */
	void (*done)(transfer_t *transfer, CURLcode result);
} transfer_kind_t;

struct transfer {
	probe_t *probe;
	const transfer_kind_t *kind;

	/* Set before it starts. */
	const char *url;
	bool secure;
	const char *name;     /*!< Of the certificate and for SNI; NULL: the URL has an address. */
	address_t addresses[PROBE_ADDRESSES];
	unsigned addresses_count;
	uint32_t connect_timeout;

	/* The attempt. */
	curl_job_t job;
	struct curl_slist *connect_to;
	unsigned next;        /*!< The address to try next. */
	bool nameless;        /*!< Another attempt with the same address, without SNI. */
	bool connected;
	uint32_t began;       /*!< When the first attempt was, as probe_took(). */
	char peer[ADDRESS_TEXT];
	char step[sizeof("connection to ") + ADDRESS_TEXT];
	int err;              /*!< Why it has no socket; 0: it has. */
	char error[CURL_ERROR_SIZE];
};

/*! Starts, or starts again with another URL and addresses. */
void transfer_start(transfer_t *transfer);
/*! Its limit has been reached. */
void transfer_late(transfer_t *transfer);
/*! Stops and frees what it has. */
void transfer_stop(transfer_t *transfer);

/*! Sets the limit of a step such as "response from", which the peer's address follows. */
void transfer_limit(transfer_t *transfer, uint32_t ms, const char *step);
/*! Why an attempt has failed, in words; borrowed. */
const char *transfer_error(transfer_t *transfer, CURLcode result);
