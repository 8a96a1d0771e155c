/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/web_url.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "steer/fault.h"

int web_url_make(web_url_t *url, bool secure, const char *host, uint16_t port, const char *path)
{
	bool v6 = strchr(host, ':') != NULL;
	web_url_t made = { .host = strdup(host), .secure = secure, .port = port };
	if (made.host == NULL || asprintf(&made.text, v6 ? "%s://[%s]:%u%s" : "%s://%s:%u%s",
	                                  secure ? "https" : "http", host, port, path) < 0) {
		free(made.host);
		return STEER_ENOMEM;
	}
	*url = made;
	return STEER_OK;
}

/*! Takes a part of a URL, to be freed by curl_free(). \return NULL: there is none */
static char *part_of(CURLU *parsed, CURLUPart part)
{
	char *text = NULL;
	return curl_url_get(parsed, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK ? text : NULL;
}

/*! Makes a URL of one that was parsed. */
static int make_parsed(web_url_t *url, CURLU *parsed)
{
	char *scheme = part_of(parsed, CURLUPART_SCHEME), *host = part_of(parsed, CURLUPART_HOST);
	char *port = part_of(parsed, CURLUPART_PORT), *path = part_of(parsed, CURLUPART_PATH);
	char *query = part_of(parsed, CURLUPART_QUERY), *all = NULL;
	int ret = STEER_EINVAL;
	if (scheme != NULL && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
	    host != NULL && port != NULL && path != NULL) {
		size_t len = strlen(host);
		if (host[0] == '[') {
			memmove(host, host + 1, len - 2);
			host[len - 2] = '\0';
		}
		ret = asprintf(&all, "%s%s%s", path, query != NULL ? "?" : "",
		               query != NULL ? query : "") < 0
		      ? STEER_ENOMEM
		      : web_url_make(url, strcmp(scheme, "https") == 0, host, strtoul(port, NULL, 10), all);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(path);
	curl_free(query);
	free(all);
	return ret;
}

int web_url_follow(web_url_t *url, const web_url_t *from, const char *location)
{
	CURLU *parsed = curl_url();
	if (parsed == NULL) {
		return STEER_ENOMEM;
	}
	int ret = STEER_EINVAL;
	if (curl_url_set(parsed, CURLUPART_URL, from->text, 0) == CURLUE_OK &&
	    curl_url_set(parsed, CURLUPART_URL, location,
	                 CURLU_ALLOW_SPACE | CURLU_URLENCODE) == CURLUE_OK) {
		ret = make_parsed(url, parsed);
	}
	curl_url_cleanup(parsed);
	return ret;
}

bool web_url_is_same_server(const web_url_t *url, const web_url_t *other)
{
	return url->secure == other->secure && url->port == other->port &&
	       strcasecmp(url->host, other->host) == 0;
}

void web_url_free(web_url_t *url)
{
	free(url->text);
	free(url->host);
	*url = (web_url_t) { .text = NULL };
}
