/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer by HTTP or HTTPS: healthy when its code is expected and, if a text is searched, this is
 * at the beginning of its body. Redirects are followed here, each by a new transfer, since libcurl
 * would resolve names by itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "steerd/probe/transfer.h"
#include "steerd/probe/web_url.h"

/*! Bytes of a header, with those of interim responses and trailers. */
#define HEADER_MAX 16384
/*! Bytes of a body, decompressed, that are searched. */
#define SEARCHED_MAX 5120
#define REDIRECTS_MAX 10

typedef struct {
	transfer_t transfer;
	web_url_t url;
	struct curl_slist *headers;
	bool foreign;          /*!< A redirect has led to another server than the definition's. */
	bool as_get;           /*!< A redirect has changed the method. */
	unsigned redirects;
	web_url_t next;        /*!< Where the next redirect leads. */

	size_t header_len;
	long code;             /*!< 0: there is no answer yet. */
	size_t body_len;
	char body[];           /*!< SEARCHED_MAX bytes, if it is searched. */
} http_t;

static const definition_t *definition_of(const http_t *http)
{
	return http->transfer.probe->definition;
}

/* The request. */

/*! Whether a header has a name, which ends with a colon. */
static bool is_header(const char *header, const char *name)
{
	return strncasecmp(header, name, strlen(name)) == 0;
}

static bool has_header(const definition_t *definition, const char *name)
{
	const char *const *header = definition->headers;
	while (*header != NULL && !is_header(*header, name)) {
		header++;
	}
	return *header != NULL;
}

static bool add_header(http_t *http, const char *header)
{
	struct curl_slist *headers = curl_slist_append(http->headers, header);
	if (headers == NULL) {
		return false;
	}
	http->headers = headers;
	return true;
}

/*! Adds the definition's headers, without those that are no business of another server. */
static bool add_given(http_t *http)
{
	bool ok = true;
	for (const char *const *header = definition_of(http)->headers; *header != NULL; header++) {
		if (!http->foreign || (!is_header(*header, "Host:") && !is_header(*header, "Cookie:") &&
		                       !is_header(*header, "Authorization:"))) {
			ok = ok && add_header(http, *header);
		}
	}
	return ok;
}

static const char *method_of(const http_t *http)
{
	return http->as_get ? "GET" : definition_of(http)->method;
}

static bool make_headers(http_t *http)
{
	const char *method = method_of(http);
	bool has_body = strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
	                strcmp(method, "PATCH") == 0;
	curl_slist_free_all(http->headers);
	http->headers = NULL;
	return add_given(http) && (!has_body || add_header(http, "Content-Length: 0")) &&
	       (has_header(definition_of(http), "Connection:") || add_header(http, "Connection: close"));
}

static bool set_method(CURL *easy, const char *method)
{
	if (strcmp(method, "HEAD") == 0) {
		return curl_set(easy, CURLOPT_NOBODY, 1L);
	}
	return strcmp(method, "GET") == 0 || curl_set(easy, CURLOPT_CUSTOMREQUEST, method);
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx);
static size_t on_body(char *data, size_t size, size_t count, void *ctx);

static bool prepare(transfer_t *transfer, CURL *easy)
{
	http_t *http = transfer->probe->state;
	const definition_t *definition = transfer->probe->definition;
	return curl_set(easy, CURLOPT_HTTPHEADER, http->headers) &&
	       curl_set(easy, CURLOPT_USERAGENT, "steerd/" PACKAGE_VERSION) &&
	       curl_set(easy, CURLOPT_HTTP_VERSION, definition->http2 ? (long)CURL_HTTP_VERSION_2TLS
	                                                              : (long)CURL_HTTP_VERSION_1_1) &&
	       set_method(easy, method_of(http)) &&
	       curl_set(easy, CURLOPT_HEADERFUNCTION, on_header) &&
	       curl_set(easy, CURLOPT_HEADERDATA, http) &&
	       curl_set(easy, CURLOPT_WRITEFUNCTION, on_body) &&
	       curl_set(easy, CURLOPT_WRITEDATA, http) &&
	       (definition->search == NULL ||
	        curl_set(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate"));
}

static void on_connected(transfer_t *transfer)
{
	transfer_limit(transfer, transfer->probe->definition->response_timeout, "response from");
}

/*! Whether the URL is of the host, or the address, of the definition. */
static bool is_own_host(const http_t *http)
{
	const definition_t *definition = definition_of(http);
	const char *host = http->url.host;
	return (definition->host != NULL && strcasecmp(host, definition->host) == 0) ||
	       (definition->address != NULL && strcmp(host, definition->address) == 0);
}

/*! Goes to the URL, now that its host has addresses. */
static void go_to(probe_t *probe, const address_t *addresses, unsigned count)
{
	http_t *http = probe->state;
	transfer_t *transfer = &http->transfer;
	for (unsigned i = 0; i < count; i++) {
		transfer->addresses[i] = addresses[i];
		address_set_port(&transfer->addresses[i], http->url.port);
	}
	transfer->addresses_count = count;
	transfer_start(transfer);
}

/*! The name that the certificate of the URL's host has. \return NULL: it is for the address */
static const char *certified_name(const http_t *http)
{
	const definition_t *definition = definition_of(http);
	address_t address;
	if (is_own_host(http) && definition->server_name != NULL) {
		return definition->server_name;
	}
	return address_parse(&address, http->url.host, 0) ? NULL : http->url.host;
}

/*! Goes to the URL, whose host may have to be resolved before. */
static void go(http_t *http)
{
	transfer_t *transfer = &http->transfer;
	probe_t *probe = transfer->probe;
	address_t address;
	http->header_len = 0;
	transfer->url = http->url.text;
	transfer->secure = http->url.secure;
	transfer->name = certified_name(http);
	transfer->connect_timeout = definition_of(http)->connect_timeout;
	if (!make_headers(http)) {
		probe_end_errno(probe, "", ENOMEM);
	} else if (address_parse(&address, http->url.host, 0)) {
		go_to(probe, &address, 1);
	} else if (is_own_host(http)) {
		go_to(probe, probe->addresses, probe->addresses_count);
	} else {
		probe_look_up(probe, http->url.host, go_to);
	}
}

/* The answer. Returning another number than that of the bytes ends the transfer. */

#define STOP 0

/*! Where an answer redirects to; NULL: it does not. */
static const char *redirect_of(const http_t *http, long code)
{
	struct curl_header *location;
	bool redirects = code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
	return redirects && definition_of(http)->follow_redirects &&
	       curl_easy_header(http->transfer.job.easy, "Location", 0, CURLH_HEADER, -1,
	                        &location) == CURLHE_OK ? location->value : NULL;
}

/*! Takes where a redirect leads; the transfer ends, and goes on from there. */
static void redirect(http_t *http, long code, const char *location)
{
	probe_t *probe = http->transfer.probe;
	const char *peer = http->transfer.peer, *method = method_of(http);
	if (http->redirects++ == REDIRECTS_MAX) {
		probe_end(probe, false, "HTTP %ld from %s: more than %d redirects", code, peer,
		          REDIRECTS_MAX);
		return;
	}
	int ret = web_url_follow(&http->next, &http->url, location);
	if (ret == STEER_ENOMEM) {
		probe_end_errno(probe, "", ENOMEM);
	} else if (ret != STEER_OK) {
		probe_end(probe, false, "HTTP %ld from %s: redirect to '%s', which is no URL of HTTP or "
		          "HTTPS", code, peer, location);
	}
	http->as_get = http->as_get || (code == 303 && strcmp(method, "HEAD") != 0) ||
	               (code <= 302 && strcmp(method, "POST") == 0);
}

static size_t on_end_of_header(http_t *http, size_t len)
{
	probe_t *probe = http->transfer.probe;
	const definition_t *definition = probe->definition;
	const char *peer = http->transfer.peer, *location;
	long code = 0;
	curl_easy_getinfo(http->transfer.job.easy, CURLINFO_RESPONSE_CODE, &code);
	if (code < 200 && code != 101) { // Another one follows.
		return len;
	}
	location = redirect_of(http, code);
	if (location != NULL) {
		redirect(http, code, location);
		return STOP;
	}
	bool expected = definition_expects(definition, code);
	if (!expected || definition->search == NULL) {
		probe_end(probe, expected, "HTTP %ld from %s", code, peer);
		return STOP;
	}
	http->code = code;
	transfer_limit(&http->transfer, definition->body_timeout, "body from");
	return len;
}

static void end_long_header(http_t *http)
{
	probe_end(http->transfer.probe, false, "the header from %s is longer than %d bytes",
	          http->transfer.peer, HEADER_MAX);
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
	http_t *http = ctx;
	probe_t *probe = http->transfer.probe;
	size_t len = size * count;
	if (probe->result.times.first_byte == 0) {
		probe->result.times.first_byte = probe_took(probe);
	}
	http->header_len += len;
	if (http->header_len > HEADER_MAX) {
		end_long_header(http);
		return STOP;
	}
	bool end = len > 0 && (data[0] == '\r' || data[0] == '\n');
	return end && http->code == 0 ? on_end_of_header(http, len) : len;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
	http_t *http = ctx;
	probe_t *probe = http->transfer.probe;
	const char *text = definition_of(http)->search;
	size_t len = size * count, text_len = strlen(text), room = SEARCHED_MAX - http->body_len;
	size_t from = http->body_len < text_len ? 0 : http->body_len - text_len + 1;
	memcpy(http->body + http->body_len, data, len < room ? len : room);
	http->body_len += len < room ? len : room;
	if (memmem(http->body + from, http->body_len - from, text, text_len) != NULL) {
		probe_end(probe, true, "HTTP %ld from %s", http->code, http->transfer.peer);
		return STOP;
	}
	if (http->body_len == SEARCHED_MAX) {
		probe_end(probe, false, "HTTP %ld from %s without the searched text in the first %d bytes",
		          http->code, http->transfer.peer, SEARCHED_MAX);
		return STOP;
	}
	return len;
}

static void follow(http_t *http)
{
	http->foreign = http->foreign || !web_url_is_same_server(&http->next, &http->url);
	web_url_free(&http->url);
	http->url = http->next;
	http->next = (web_url_t) { .text = NULL };
	go(http);
}

/*! Whether libcurl has stopped at a line of the header, which may have 100 KB. */
static bool is_long_line(CURLcode result)
{
	const CURLcode too_large = 100; // CURLE_TOO_LARGE, which is said since 8.6.
	return result == CURLE_OUT_OF_MEMORY || result == too_large;
}

static void on_done(transfer_t *transfer, CURLcode result)
{
	http_t *http = transfer->probe->state;
	const char *peer = transfer->peer;
	if (http->next.text != NULL) {
		follow(http);
	} else if (http->code == 0 && is_long_line(result)) {
		end_long_header(http);
	} else if (http->code == 0 && result == CURLE_OK) {
		probe_end(transfer->probe, false, "%s: the connection was closed in the header", peer);
	} else if (http->code == 0) {
		probe_end(transfer->probe, false, "%s: %s", peer, transfer_error(transfer, result));
	} else if (result == CURLE_OK) {
		probe_end(transfer->probe, false, "HTTP %ld from %s without the searched text", http->code,
		          peer);
	} else {
		probe_end(transfer->probe, false, "HTTP %ld from %s without the searched text: %s",
		          http->code, peer, transfer_error(transfer, result));
	}
}

static const transfer_kind_t request = {
	.prepare = prepare, .connected = on_connected, .done = on_done
};

/* The probe. */

static void start(probe_t *probe)
{
	const definition_t *definition = probe->definition;
	http_t *http = calloc(1, sizeof(*http) + (definition->search != NULL ? SEARCHED_MAX : 0));
	const char *host = definition->host != NULL ? definition->host : definition->address;
	if (http == NULL) {
		probe_end_errno(probe, "", ENOMEM);
		return;
	}
	probe->state = http;
	http->transfer.probe = probe;
	http->transfer.kind = &request;
	if (web_url_make(&http->url, definition->type == STEER_CHECK_HTTPS, host, definition->port,
	                 definition->path) != STEER_OK) {
		probe_end_errno(probe, "", ENOMEM);
		return;
	}
	go(http);
}

static void late(probe_t *probe)
{
	http_t *http = probe->state;
	transfer_late(&http->transfer);
}

static void stop(probe_t *probe)
{
	http_t *http = probe->state;
	if (http != NULL) {
		transfer_stop(&http->transfer);
		curl_slist_free_all(http->headers);
		web_url_free(&http->url);
		web_url_free(&http->next);
		free(http);
	}
}

const probe_kind_t probe_http = { .start = start, .late = late, .stop = stop };
