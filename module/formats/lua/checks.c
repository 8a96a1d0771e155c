/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/lua/checks.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/health_check.h"
#include "formats/host_address.h"
#include "formats/time.h"

/* What PowerDNS does without options. */
#define TIMEOUT  "2s"
#define INTERVAL "5s"
#define FAILURES "1"
#define CODE     "200"

/*! Longest header that a check can have. */
#define HEADER_MAX 1024
/*! Most checks of the same server or URL, which differ in their options. */
#define ALIKE_MAX 100
/*! Bytes of an identifier before its number. */
#define ID_MAX    (STEER_CHECK_ID_MAX - 4)

struct steer_lua_check {
	char id[STEER_CHECK_ID_MAX + 1];
	bool passed;
	uint8_t type;
	uint64_t given;
	size_t len;
	uint8_t *options;
};

/* URLs. */

typedef struct {
	bool secure;
	char host[254], port[6];
	const char *path;
	bool address; /*!< The host is one. */
} url_t;

/*! Reads a URL: scheme, host or address, and maybe a port and a path. */
static bool read_url(const char *text, url_t *url)
{
	uint8_t address[16];
	const bool plain = strncasecmp(text, "http://", 7) == 0;
	url->secure = strncasecmp(text, "https://", 8) == 0;
	if (!plain && !url->secure) {
		return false;
	}
	const char *host = text + (plain ? 7 : 8), *port;
	const char *end = host + strcspn(host, "/?");
	size_t len;
	if (*host == '[') {
		len = strcspn(++host, "]/");
		port = host + len + 1;
		if (host[len] != ']') {
			return false;
		}
	} else {
		len = strcspn(host, ":/?");
		port = host + len;
	}
	if (len == 0 || len >= sizeof(url->host) || memchr(host, '@', end - host) != NULL ||
	    (port < end && (*port != ':' || (size_t)(end - port) > sizeof(url->port)))) {
		return false;
	}
	snprintf(url->host, sizeof(url->host), "%.*s", (int)len, host);
	snprintf(url->port, sizeof(url->port), "%.*s", port < end ? (int)(end - port - 1) : 0,
	         port + (port < end));
	url->path = *end != '\0' ? end : "/";
	url->address = steer_host_address_parse(url->host, address) != 0;
	return true;
}

/* Options. */

/*! A check that is being made. */
typedef struct {
	steer_health_check_t check;
	steer_fault_t *fault;
	int ret;
} maker_t;

/*! Sets an option if it is given. */
static void set(maker_t *maker, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0' && maker->ret == STEER_OK) {
		maker->ret = steer_health_check_set(&maker->check, key, value, maker->fault);
	}
}

/*! PowerDNS waits for all probes before the next ones, so a timeout may exceed the interval. */
static const char *interval_of(const steer_lua_probe_t *probe)
{
	const char *interval = probe->interval != NULL ? probe->interval : INTERVAL;
	const char *timeout = probe->timeout != NULL ? probe->timeout : TIMEOUT;
	uint64_t every, limit;
	return steer_time_parse(timeout, &limit) && steer_time_parse(interval, &every) && limit > every
	       ? timeout : interval;
}

static void set_url(maker_t *maker, const steer_lua_probe_t *probe, const url_t *url)
{
	char agent[HEADER_MAX + 2]; // What does not fit is too long for a header, too.
	maker->check.type = url->secure ? STEER_CHECK_HTTPS : STEER_CHECK_HTTP;
	set(maker, "host", url->address ? NULL : url->host);
	set(maker, "address", probe->address != NULL ? probe->address
	                                             : url->address ? url->host : NULL);
	set(maker, "port", url->port);
	set(maker, "path", url->path);
	set(maker, "codes", probe->code != NULL ? probe->code : CODE);
	set(maker, "redirects", "follow");
	set(maker, "search", probe->match);
	if (probe->agent != NULL) {
		snprintf(agent, sizeof(agent), "User-Agent: %s", probe->agent);
		set(maker, "headers", agent);
	}
}

static int make(maker_t *maker, const steer_lua_probe_t *probe, const url_t *url)
{
	maker->ret = STEER_OK;
	if (probe->url != NULL) {
		set_url(maker, probe, url);
	} else {
		maker->check.type = STEER_CHECK_TCP;
		set(maker, "address", probe->address);
		set(maker, "port", probe->port);
	}
	set(maker, "interval", interval_of(probe));
	set(maker, "timeout", probe->timeout != NULL ? probe->timeout : TIMEOUT);
	set(maker, "rise", "1");
	set(maker, "fall", probe->failures != NULL ? probe->failures : FAILURES);
	return maker->ret == STEER_OK ? steer_health_check_complete(&maker->check, maker->fault)
	                              : maker->ret;
}

/* Identifiers. */

/*! Makes an identifier of what is probed, without characters that it cannot have. */
static void name_check(const steer_lua_probe_t *probe, char id[ID_MAX + 1])
{
	if (probe->url == NULL) {
		snprintf(id, ID_MAX + 1, "tcp:%s:%s", probe->address, probe->port);
	} else {
		const char *address = probe->address != NULL ? probe->address : "";
		snprintf(id, ID_MAX + 1, "%.*s%s%s", (int)(ID_MAX - strlen(address) - 1), probe->url,
		         probe->address != NULL ? "@" : "", address);
	}
	for (char *at = id; *at != '\0'; at++) {
		*at = isalnum((unsigned char)*at) || strchr("-_.:/@", *at) != NULL ? *at : '_';
	}
}

static bool is_equal(const struct steer_lua_check *one, const steer_health_check_t *check)
{
	return one->type == check->type && one->len == check->options_len &&
	       memcmp(one->options, check->options, one->len) == 0;
}

static int keep(steer_lua_checks_t *checks, const steer_health_check_t *check, const char *id,
                steer_fault_t *fault)
{
	struct steer_lua_check *of = steer_array_grown(checks->of, &checks->room, checks->count + 1,
	                                               sizeof(*of));
	checks->of = of != NULL ? of : checks->of;
	uint8_t *options = of != NULL ? malloc(check->options_len + 1) : NULL;
	if (options == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	struct steer_lua_check *one = &of[checks->count++];
	*one = (struct steer_lua_check) {
		.type = check->type, .given = check->given, .len = check->options_len,
		.options = options,
	};
	snprintf(one->id, sizeof(one->id), "%s", id);
	memcpy(options, check->options, check->options_len);
	return STEER_OK;
}

/*! Finds an equal check, or keeps this one by the first identifier that is free. */
static int find(steer_lua_checks_t *checks, const steer_health_check_t *check, const char *name,
                uint32_t *number, steer_fault_t *fault)
{
	char id[STEER_CHECK_ID_MAX + 1];
	for (uint8_t i = 1; i <= ALIKE_MAX; i++) {
		uint32_t before;
		char other[5] = "";
		if (i > 1) {
			snprintf(other, sizeof(other), "-%u", i);
		}
		snprintf(id, sizeof(id), "%s%s", name, other);
		int ret = steer_name_set_add_text(&checks->ids, id, strlen(id), checks->count + 1,
		                                  &before);
		if (ret != STEER_OK) {
			return steer_fault(fault, ret, "out of memory");
		}
		*number = before > 0 ? before - 1 : checks->count;
		if (before == 0) {
			return keep(checks, check, id, fault);
		}
		if (is_equal(&checks->of[*number], check)) {
			return STEER_OK;
		}
	}
	return steer_fault(fault, STEER_EINVAL, "more than %d checks of it with different options",
	                   ALIKE_MAX);
}

int steer_lua_check_add(steer_lua_checks_t *checks, const steer_lua_probe_t *probe,
                        uint32_t *number, steer_fault_t *fault)
{
	char id[ID_MAX + 1], shown[STEER_SHOWN];
	url_t url = { 0 };
	maker_t maker = { .fault = fault };
	if (probe->url != NULL && !read_url(probe->url, &url)) {
		return steer_fault(fault, STEER_EINVAL, "'%s' is not a URL of http or https that can be "
		                   "probed", steer_shown(shown, probe->url, strlen(probe->url)));
	}
	int ret = make(&maker, probe, &url);
	if (ret != STEER_OK) {
		return ret;
	}
	name_check(probe, id);
	return find(checks, &maker.check, id, number, fault);
}

const char *steer_lua_check_id(const steer_lua_checks_t *checks, uint32_t number)
{
	return checks->of[number].id;
}

int steer_lua_check_pass(steer_lua_checks_t *checks, uint32_t number, const steer_reading_t *sink,
                         const steer_place_t *place, steer_fault_t *fault)
{
	struct steer_lua_check *one = &checks->of[number];
	steer_health_check_t check = {
		.type = one->type, .given = one->given, .options_len = one->len,
	};
	if (one->passed) {
		return STEER_OK;
	}
	one->passed = true;
	memcpy(check.options, one->options, one->len);
	return sink->check(sink->ctx, one->id, &check, place, fault);
}

void steer_lua_checks_free(steer_lua_checks_t *checks)
{
	for (size_t i = 0; i < checks->count; i++) {
		free(checks->of[i].options);
	}
	free(checks->of);
	steer_name_set_free(&checks->ids);
	*checks = (steer_lua_checks_t) { .of = NULL };
}
