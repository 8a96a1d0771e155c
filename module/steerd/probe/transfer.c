/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/transfer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "steerd/tls.h"

#define MS 1000 // In microseconds.

/* Reasons. */

/*! Words of libcurl that come before a reason, and say less than ours. */
static const char *const prefixes[] = {
	"OpenSSL SSL_connect: ", "OpenSSL SSL_read: ", "OpenSSL SSL_write: ", "Recv failure: ",
	"Send failure: ",
};

/*! Words of ours for results that libcurl explains less well. */
static const struct {
	CURLcode result;
	const char *text;
} texts[] = {
	{ CURLE_GOT_NOTHING, "the connection was closed without a response" },
	{ CURLE_UNSUPPORTED_PROTOCOL, "not a response of HTTP" },
};

/*! Takes the reason out of what libcurl and OpenSSL say. */
static const char *reason_in(char *text)
{
	char *peer = strstr(text, " in connection to "), *reason = strstr(text, "routines::");
	if (peer != NULL) {
		*peer = '\0'; // It is said by us, and by its address.
	}
	if (reason != NULL) { // error:0A00010B:SSL routines::wrong version number
		text = reason + strlen("routines::");
	}
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0) {
			text += strlen(prefixes[i]);
		}
	}
	bool closed = strcmp(text, "SSL_ERROR_SYSCALL") == 0 ||
	              strcmp(text, "unexpected eof while reading") == 0;
	return closed ? "the connection was closed" : text;
}

const char *transfer_error(transfer_t *transfer, CURLcode result)
{
	long number = 0;
	if (result == CURLE_PEER_FAILED_VERIFICATION) {
		curl_easy_getinfo(transfer->job.easy, CURLINFO_SSL_VERIFYRESULT, &number);
		return X509_verify_cert_error_string(number);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i].result == result) {
			return texts[i].text;
		}
	}
	return transfer->error[0] != '\0' ? reason_in(transfer->error)
	                                  : curl_easy_strerror(result);
}

/*! The error of a system call that has kept it from being connected; 0: none. */
static int error_number(const transfer_t *transfer, CURLcode result)
{
	long number = transfer->err;
	if (result == CURLE_OUT_OF_MEMORY) {
		return ENOMEM;
	}
	if (result == CURLE_COULDNT_CONNECT && number == 0) {
		curl_easy_getinfo(transfer->job.easy, CURLINFO_OS_ERRNO, &number);
	}
	return number;
}

static void end_unconnected(transfer_t *transfer, CURLcode result)
{
	bool tls = result == CURLE_SSL_CONNECT_ERROR || result == CURLE_PEER_FAILED_VERIFICATION;
	int err = error_number(transfer, result);
	if (err != 0) {
		probe_end_errno(transfer->probe, transfer->peer, err);
	} else {
		probe_end(transfer->probe, false, "%s%s: %s", tls ? "TLS with " : "", transfer->peer,
		          transfer_error(transfer, result));
	}
}

/* An attempt. */

/*! Opens a socket that no process of a probe inherits, and whose connection ends by a reset. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	static const struct linger reset = { .l_onoff = 1 };
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd < 0) {
		transfer_t *transfer = ctx;
		transfer->err = errno;
		return CURL_SOCKET_BAD;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	return fd;
}

/*! TLS begins on a connection. */
static CURLcode on_context(CURL *easy, void *context, void *ctx)
{
	(void)easy;
	const transfer_t *transfer = ctx;
	probe_t *probe = transfer->probe;
	const definition_t *definition = probe->definition;
	const tls_peer_t peer = {
		.sni = definition->sni && !transfer->nameless ? transfer->name : NULL,
		.verify = definition->verify,
		.name = transfer->name,
		.address = &transfer->addresses[transfer->next - 1],
	};
	probe->result.times.connected = probe_took(probe);
	return tls_prepare(probe->probers->tls, context, &peer) ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

/*! A connection is there, with TLS if it is secure. */
static void note_connected(transfer_t *transfer)
{
	probe_times_t *times = &transfer->probe->result.times;
	*(transfer->secure ? &times->secured : &times->connected) = probe_took(transfer->probe);
	transfer->connected = true;
}

/*! libcurl is about to send the request. */
static int on_connected(void *ctx, char *peer, char *own, int peer_port, int own_port)
{
	(void)peer;
	(void)own;
	(void)peer_port;
	(void)own_port;
	transfer_t *transfer = ctx;
	note_connected(transfer);
	if (transfer->kind->connected != NULL) {
		transfer->kind->connected(transfer);
	}
	return CURL_PREREQFUNC_OK;
}

static bool set_tls(transfer_t *transfer, CURL *easy)
{
	// The name of a certificate is verified along with it, see tls.h. A cache of libcurl
	// would keep a store of ours for later connections, also after a reload.
	return curl_set(easy, CURLOPT_CAINFO, NULL) && curl_set(easy, CURLOPT_CAPATH, NULL) &&
	       curl_set(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L) &&
	       curl_set(easy, CURLOPT_SSL_VERIFYHOST, 0L) &&
	       curl_set(easy, CURLOPT_SSL_VERIFYPEER, (long)transfer->probe->definition->verify) &&
	       curl_set(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) &&
	       curl_set(easy, CURLOPT_SSL_CTX_FUNCTION, on_context) &&
	       curl_set(easy, CURLOPT_SSL_CTX_DATA, transfer);
}

static bool set_options(transfer_t *transfer, CURL *easy)
{
	char to[sizeof("::") + ADDRESS_TEXT];
	snprintf(to, sizeof(to), "::%s", transfer->peer);
	curl_slist_free_all(transfer->connect_to);
	transfer->connect_to = curl_slist_append(NULL, to);
	return transfer->connect_to != NULL &&
	       curl_set(easy, CURLOPT_CONNECT_TO, transfer->connect_to) &&
	       curl_set(easy, CURLOPT_URL, transfer->url) &&
	       curl_set(easy, CURLOPT_PATH_AS_IS, 1L) &&
	       curl_set(easy, CURLOPT_PROTOCOLS_STR, transfer->secure ? "https" : "http") &&
	       curl_set(easy, CURLOPT_PROXY, "") && // Not that of the environment.
	       curl_set(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L) && // Each probe would look through it.
	       curl_set(easy, CURLOPT_NOSIGNAL, 1L) &&
	       curl_set(easy, CURLOPT_FRESH_CONNECT, 1L) &&
	       curl_set(easy, CURLOPT_FORBID_REUSE, 1L) &&
	       curl_set(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
	       curl_set(easy, CURLOPT_OPENSOCKETDATA, transfer) &&
	       curl_set(easy, CURLOPT_PREREQFUNCTION, on_connected) &&
	       curl_set(easy, CURLOPT_PREREQDATA, transfer) &&
	       curl_set(easy, CURLOPT_ERRORBUFFER, transfer->error) &&
	       (!transfer->secure || set_tls(transfer, easy)) &&
	       transfer->kind->prepare(transfer, easy);
}

/*! Milliseconds for an attempt: each address that is left has its share of the time. */
static uint32_t share(const transfer_t *transfer)
{
	uint32_t took = (probe_took(transfer->probe) - transfer->began) / MS;
	uint32_t left = transfer->connect_timeout > took ? transfer->connect_timeout - took : 0;
	uint32_t all = probe_left(transfer->probe);
	return (left < all ? left : all) / (transfer->addresses_count - transfer->next + 1);
}

static void attempt(transfer_t *transfer)
{
	curl_loop_t *curl = transfer->probe->probers->curl;
	CURL *easy = curl_loop_renew(curl, &transfer->job);
	(void)address_print(transfer->peer, &transfer->addresses[transfer->next - 1]);
	transfer->connected = false;
	transfer->probe->result.times = (probe_times_t) { 0 };
	transfer->err = 0;
	transfer->error[0] = '\0';
	if (easy == NULL || !set_options(transfer, easy) || !curl_loop_start(curl, &transfer->job)) {
		probe_end_errno(transfer->probe, "", ENOMEM);
		return;
	}
	transfer_limit(transfer, share(transfer), "connection to");
}

static void attempt_next(transfer_t *transfer)
{
	transfer->next++;
	transfer->nameless = false;
	attempt(transfer);
}

/*! Whether a server may like it better if it is told no name. */
static bool may_retry(const transfer_t *transfer, CURLcode result)
{
	long reason = X509_V_OK;
	if (transfer->name == NULL || !transfer->probe->definition->sni || transfer->nameless) {
		return false;
	}
	curl_easy_getinfo(transfer->job.easy, CURLINFO_SSL_VERIFYRESULT, &reason);
	return result == CURLE_SSL_CONNECT_ERROR || (result == CURLE_PEER_FAILED_VERIFICATION &&
	                                             reason == X509_V_ERR_HOSTNAME_MISMATCH);
}

static void on_done(curl_job_t *job, CURLcode result)
{
	transfer_t *transfer = job->ctx;
	if (transfer->probe->ended) {
		return;
	}
	if (result == CURLE_ABORTED_BY_CALLBACK) { // See curl_loop.c: this host has no memory.
		probe_end_errno(transfer->probe, "", ENOMEM);
		return;
	}
	if (!transfer->connected && result == CURLE_OK) {
		note_connected(transfer);
	}
	if (transfer->connected) {
		transfer->kind->done(transfer, result);
	} else if (may_retry(transfer, result)) {
		transfer->nameless = true;
		attempt(transfer);
	} else if (transfer->next < transfer->addresses_count) {
		attempt_next(transfer);
	} else {
		end_unconnected(transfer, result);
	}
}

void transfer_start(transfer_t *transfer)
{
	transfer->job.done = on_done;
	transfer->job.ctx = transfer;
	transfer->next = 0;
	transfer->began = probe_took(transfer->probe);
	attempt_next(transfer);
}

void transfer_late(transfer_t *transfer)
{
	if (!transfer->connected && transfer->next < transfer->addresses_count) {
		attempt_next(transfer);
	} else {
		probe_end(transfer->probe, false, "%s takes too long", transfer->step);
	}
}

void transfer_stop(transfer_t *transfer)
{
	curl_loop_end(transfer->probe->probers->curl, &transfer->job);
	curl_slist_free_all(transfer->connect_to);
}

void transfer_limit(transfer_t *transfer, uint32_t ms, const char *step)
{
	snprintf(transfer->step, sizeof(transfer->step), "%s %s", step, transfer->peer);
	probe_limit(transfer->probe, ms, transfer->step);
}
