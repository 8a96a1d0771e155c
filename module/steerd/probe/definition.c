/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/definition.h"

#include <stdlib.h>
#include <string.h>

#include "formats/health_check.h"
#include "formats/text.h"

/*! A definition in the making, and where its next texts and lists go. */
typedef struct {
	definition_t *definition;
	const steer_health_check_t *check;
	const char **items;
	char *texts;
} maker_t;

/*! Copies a text. Its place in the block is that of its header among the stored options. */
static const char *keep(maker_t *maker, const char *text, size_t len)
{
	char *copy = memcpy(maker->texts, text, len);
	copy[len] = '\0';
	maker->texts += len + 1;
	return copy;
}

/*! The text of an option, or its default; NULL: it has neither. */
static const char *text_of(maker_t *maker, const char *key)
{
	size_t len;
	const char *text = steer_health_check_get(maker->check, key, 0, &len);
	return text != NULL ? keep(maker, text, len)
	       : steer_health_check_default(steer_health_check_option(key), maker->check->type);
}

static const char *const *list_of(maker_t *maker, const char *key)
{
	const char **list = maker->items, *text;
	size_t len;
	for (unsigned i = 0; (text = steer_health_check_get(maker->check, key, i, &len)) != NULL;
	     i++) {
		*maker->items++ = keep(maker, text, len);
	}
	*maker->items++ = NULL;
	return list;
}

static bool is_set(maker_t *maker, const char *key)
{
	const char *text = text_of(maker, key);
	return text != NULL && strcmp(text, "yes") == 0;
}

/*! Reads a list like 200-299,301, which is in canonical form. */
static void read_codes(uint64_t codes[CODES_WORDS], const char *text)
{
	while (text != NULL && *text != '\0') {
		char *end;
		unsigned long first = strtoul(text, &end, 10), last = first;
		if (*end == '-') {
			last = strtoul(end + 1, &end, 10);
		}
		for (unsigned long code = first; code <= last && code < 64 * CODES_WORDS; code++) {
			codes[code / 64] |= UINT64_C(1) << code % 64;
		}
		text = end + (*end != '\0');
	}
}

static void read_target(maker_t *maker)
{
	definition_t *definition = maker->definition;
	const char *resolve = text_of(maker, "resolve");
	definition->address = text_of(maker, "address");
	definition->host = text_of(maker, "host");
	definition->ipv4 = resolve == NULL || strcmp(resolve, "aaaa") != 0;
	definition->ipv6 = resolve != NULL && strcmp(resolve, "a") != 0;
	definition->port = steer_health_check_number(maker->check, "port");
}

static void read_times(definition_t *definition, const steer_health_check_t *check)
{
	const uint64_t least = steer_health_check_option("interval")->min; // A store may hold less.
	definition->interval = steer_health_check_time(check, "interval");
	definition->interval = definition->interval > least ? definition->interval : least;
	definition->timeout = steer_health_check_time(check, "timeout");
	definition->connect_timeout = steer_health_check_time(check, "connect-timeout");
	definition->response_timeout = steer_health_check_time(check, "response-timeout");
	definition->body_timeout = steer_health_check_time(check, "body-timeout");
	definition->rule = (steer_probe_rule_t) {
		.rise = steer_health_check_number(check, "rise"),
		.fall = steer_health_check_number(check, "fall"),
		.up_delay = steer_health_check_time(check, "up-delay"),
	};
}

static void read_web(maker_t *maker)
{
	definition_t *definition = maker->definition;
	const char *redirects = text_of(maker, "redirects");
	definition->path = text_of(maker, "path");
	definition->method = text_of(maker, "method");
	definition->headers = list_of(maker, "headers");
	read_codes(definition->codes, text_of(maker, "codes"));
	definition->search = text_of(maker, "search");
	definition->follow_redirects = redirects != NULL && strcmp(redirects, "follow") == 0;
	definition->http2 = is_set(maker, "http2");
	definition->sni = is_set(maker, "sni");
	definition->verify = is_set(maker, "verify");
	definition->server_name = text_of(maker, "server-name");
}

static size_t count(const char *const *list)
{
	size_t items = 0;
	while (list[items] != NULL) {
		items++;
	}
	return items;
}

static rdata_t *rdata_new(const uint8_t *bytes, uint16_t len)
{
	rdata_t *rdata = malloc(sizeof(*rdata) + len);
	if (rdata != NULL) {
		rdata->len = len;
		memcpy(rdata->bytes, bytes, len);
	}
	return rdata;
}

/*! Reads the values of a dns check. \retval STEER_OK, STEER_ENOMEM */
static int read_values(definition_t *definition)
{
	static const uint8_t root[] = { 0 };
	const uint8_t *bytes;
	uint16_t type, len;
	steer_fault_t fault;
	definition->rdata = calloc(count(definition->values) + 1, sizeof(rdata_t *));
	steer_text_t *text = steer_text_new();
	int ret = definition->rdata != NULL && text != NULL ? STEER_OK : STEER_ENOMEM;
	if (ret == STEER_OK) {
		ret = steer_type_parse(definition->query_type, &type);
	}
	for (unsigned i = 0; ret == STEER_OK && definition->values[i] != NULL; i++) {
		ret = steer_rdata_parse(text, root, type, definition->values[i], &bytes, &len, &fault);
		if (ret == STEER_OK) {
			definition->rdata[i] = rdata_new(bytes, len);
			ret = definition->rdata[i] != NULL ? STEER_OK : STEER_ENOMEM;
		}
	}
	steer_text_free(text);
	return ret == STEER_ENOMEM ? ret : STEER_OK;
}

static void read_dns(maker_t *maker)
{
	definition_t *definition = maker->definition;
	definition->query_name = text_of(maker, "query-name");
	definition->query_type = text_of(maker, "query-type");
	definition->rcode = text_of(maker, "rcode");
	definition->values = list_of(maker, "values");
	definition->min_records = steer_health_check_number(maker->check, "min-records");
}

static void keep_stored(maker_t *maker)
{
	definition_t *definition = maker->definition;
	definition->flags = maker->check->flags;
	definition->stored_len = maker->check->options_len;
	definition->stored = memcpy(maker->texts, maker->check->options, definition->stored_len);
}

/*! Number of lists, each ended by NULL. */
#define LISTS 3 // headers, values, command

definition_t *definition_new(const steer_health_check_t *check)
{
	size_t options = check->options_len / STEER_OPTION_SIZE;
	definition_t *definition = calloc(1, sizeof(*definition) +
	                                     (options + LISTS) * sizeof(*definition->headers) +
	                                     2 * check->options_len);
	if (definition == NULL) {
		return NULL;
	}
	maker_t maker = { .definition = definition, .check = check };
	maker.items = (const char **)(definition + 1);
	maker.texts = (char *)(maker.items + options + LISTS);
	definition->type = check->type;
	read_target(&maker);
	read_times(definition, check);
	read_web(&maker);
	read_dns(&maker);
	definition->command = list_of(&maker, "command");
	keep_stored(&maker);
	if (definition->values[0] != NULL && read_values(definition) != STEER_OK) {
		definition_free(definition);
		return NULL;
	}
	return definition;
}

bool definition_is_of(const definition_t *definition, const steer_health_check_t *check)
{
	return definition->type == check->type && definition->flags == check->flags &&
	       definition->stored_len == check->options_len &&
	       memcmp(definition->stored, check->options, check->options_len) == 0;
}

void definition_free(definition_t *definition)
{
	for (rdata_t **rdata = definition->rdata; rdata != NULL && *rdata != NULL; rdata++) {
		free(*rdata);
	}
	free(definition->rdata);
	free(definition);
}
