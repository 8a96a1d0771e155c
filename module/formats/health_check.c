/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/health_check.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/utf8.h"
#include "formats/health_check_forms.h"
#include "formats/text.h"
#include "formats/time.h"

/*! Size of a list of keys, including the terminating NUL. */
#define KEYS_MAX 1024

static bool is_for(const steer_health_option_t *option, uint8_t type)
{
	return (option->types >> type & 1) != 0;
}

/*! Keys that a type may have. */
static void allowed_keys(uint8_t type, char keys[KEYS_MAX])
{
	size_t len = 0;
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		if (is_for(option, type) && len < KEYS_MAX) {
			len += snprintf(keys + len, KEYS_MAX - len, "%s%s", len > 0 ? ", " : "",
			                option->name);
		}
	}
}

/* Setting. */

static int refuse_key(const steer_health_check_t *check, const char *key,
                      const steer_health_option_t *option, steer_fault_t *fault)
{
	char keys[KEYS_MAX], shown[STEER_SHOWN];
	const char *type = steer_health_check_type_name(check->type);
	steer_shown(shown, key, strlen(key));
	allowed_keys(check->type, keys);
	if (option == NULL) {
		return steer_fault(fault, STEER_EINVAL, "%s: no such key; allowed with %s: %s", shown,
		                   type, keys);
	}
	return steer_fault(fault, STEER_EINVAL, "%s: not a key of %s; allowed: %s", shown, type, keys);
}

/*! Number of values that an option has. */
static unsigned count_items(const steer_health_check_t *check, const steer_health_option_t *option)
{
	unsigned count = 0;
	size_t len;
	while (steer_health_check_get(check, option->name, count, &len) != NULL) {
		count++;
	}
	return count;
}

static int refuse_more(const steer_health_option_t *option, steer_fault_t *fault)
{
	if (option->kind == STEER_OPTION_LIST) {
		return steer_fault(fault, STEER_EINVAL, "%s: too many; allowed: %u", option->name,
		                   option->items);
	}
	return steer_fault(fault, STEER_EINVAL, "%s: given already; allowed: once", option->name);
}

static int add(steer_health_check_t *check, const steer_health_option_t *option, const char *text,
               steer_fault_t *fault)
{
	const char *default_value = steer_health_check_default(option, check->type);
	if (default_value == NULL || strcmp(default_value, text) != 0) {
		uint8_t flag = steer_health_check_flag(option);
		check->flags |= flag;
		if (flag == 0 &&
		    steer_health_check_add(check, option->number, text, strlen(text)) != STEER_OK) {
			return steer_fault(fault, STEER_EINVAL, "%s: the check becomes too large; allowed: "
			                   "%zu bytes of values", option->name, sizeof(check->options));
		}
	}
	steer_health_check_mark_given(check, option->number);
	return STEER_OK;
}

int steer_health_check_set(steer_health_check_t *check, const char *key, const char *value,
                           steer_fault_t *fault)
{
	const steer_health_option_t *option = steer_health_check_option(key);
	if (option == NULL || !is_for(option, check->type)) {
		return refuse_key(check, key, option, fault);
	}
	bool list = option->kind == STEER_OPTION_LIST;
	unsigned item = list ? count_items(check, option)
	                     : steer_health_check_is_given(check, option->number);
	if (item >= option->items) {
		return refuse_more(option, fault);
	}
	char text[STEER_FORM_TEXT], allowed[128], shown[STEER_SHOWN];
	if (!steer_form_make(option, item, value, text)) {
		steer_form_allowed(option, item, allowed, sizeof(allowed));
		return steer_fault(fault, STEER_EINVAL, "%s: not '%s'; allowed: %s", option->name,
		                   steer_shown(shown, value, strlen(value)), allowed);
	}
	return add(check, option, text, fault);
}

/* What fits together. */

/*! Copies the text of an option, or its default. \return false: it has neither */
static bool copy_text(const steer_health_check_t *check, const char *key, unsigned item,
                      char text[STEER_FORM_TEXT])
{
	size_t len;
	const char *from = steer_health_check_get(check, key, item, &len);
	if (from == NULL && item == 0) {
		from = steer_health_check_default(steer_health_check_option(key), check->type);
		len = from != NULL ? strlen(from) : 0;
	}
	if (from == NULL || len >= STEER_FORM_TEXT) {
		return false;
	}
	memcpy(text, from, len);
	text[len] = '\0';
	return true;
}

static bool is_stored(const steer_health_check_t *check, const char *key)
{
	size_t len;
	return steer_health_check_get(check, key, 0, &len) != NULL;
}

static int check_needed(const steer_health_check_t *check, steer_fault_t *fault)
{
	const char *type = steer_health_check_type_name(check->type);
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		if ((option->needed >> check->type & 1) != 0 && !is_stored(check, option->name)) {
			return steer_fault(fault, STEER_EINVAL, "%s: needs %s", type, option->name);
		}
	}
	if (is_for(steer_health_check_option("host"), check->type) && !is_stored(check, "host") &&
	    !is_stored(check, "address")) {
		return steer_fault(fault, STEER_EINVAL, "%s: needs host, or address", type);
	}
	if (is_stored(check, "body-timeout") && !steer_health_check_counts(check, "body-timeout")) {
		return steer_fault(fault, STEER_EINVAL, "%s: body-timeout without search, when no body is "
		                   "read; allowed: both", type);
	}
	return STEER_OK;
}

/*! Types whose probes do not send the name of the host. */
#define NAMELESS (1u << STEER_CHECK_TCP | 1u << STEER_CHECK_DNS | 1u << STEER_CHECK_ICMP)

/*! Pairs of options: with the other one the first would never be used. */
static const struct {
	const char *key, *other;
	const char *value; /*!< Of the other one; NULL: any that is not its default. */
	uint32_t types;
	const char *why;
} clashes[] = {
	{ "host", "address", NULL, NAMELESS, "which alone would be probed; allowed: one of them" },
	{ "resolve", "address", NULL, UINT32_MAX, "so that no name is resolved; allowed: one of them" },
	{ "search", "method", "HEAD", UINT32_MAX,
	  "which is answered without text; allowed: another method" },
	{ "server-name", "sni", "no", UINT32_MAX, "which sends no name; allowed: one of them" },
	{ "values", "rcode", NULL, UINT32_MAX, "which comes without them; allowed: NOERROR" },
	{ "min-records", "rcode", NULL, UINT32_MAX, "which comes without records; allowed: NOERROR" },
};

/*! Whether the other option of a pair is such that the first does not count. \param[out] text  It */
static bool is_clash(const steer_health_check_t *check, size_t i, char text[STEER_FORM_TEXT])
{
	return (clashes[i].types >> check->type & 1) != 0 && is_stored(check, clashes[i].other) &&
	       copy_text(check, clashes[i].other, 0, text) &&
	       (clashes[i].value == NULL || strcmp(clashes[i].value, text) == 0);
}

static int check_clashes(const steer_health_check_t *check, steer_fault_t *fault)
{
	for (size_t i = 0; i < sizeof(clashes) / sizeof(*clashes); i++) {
		char text[STEER_FORM_TEXT];
		if (is_stored(check, clashes[i].key) && is_clash(check, i, text)) {
			return steer_fault(fault, STEER_EINVAL, "%s: %s with %s %s, %s",
			                   steer_health_check_type_name(check->type), clashes[i].key,
			                   clashes[i].other, text, clashes[i].why);
		}
	}
	return STEER_OK;
}

bool steer_health_check_counts(const steer_health_check_t *check, const char *key)
{
	char text[STEER_FORM_TEXT];
	for (size_t i = 0; i < sizeof(clashes) / sizeof(*clashes); i++) {
		if (strcmp(clashes[i].key, key) == 0 && is_clash(check, i, text)) {
			return false;
		}
	}
	return strcmp(key, "body-timeout") != 0 || is_stored(check, "search");
}

/*! Whether a header has a name; it ends with a colon. */
static bool is_header(const char *header, const char *name)
{
	return strncasecmp(header, name, strlen(name)) == 0;
}

static int check_headers(const steer_health_check_t *check, steer_fault_t *fault)
{
	char header[STEER_FORM_TEXT];
	unsigned hosts = 0;
	for (unsigned i = 0; copy_text(check, "headers", i, header); i++) {
		hosts += is_header(header, "Host:");
		if (is_header(header, "Content-Length:") || is_header(header, "Transfer-Encoding:")) {
			return steer_fault(fault, STEER_EINVAL, "headers: '%.*s', but a probe sends no body; "
			                   "allowed: other headers", (int)strcspn(header, ":"), header);
		}
	}
	if (hosts > 1) {
		return steer_fault(fault, STEER_EINVAL, "headers: 'Host' given twice; allowed: once");
	}
	return STEER_OK;
}

/*! The values that are expected are records of the type. */
static int check_values(const steer_health_check_t *check, steer_fault_t *fault)
{
	static const uint8_t root[] = { 0 };
	char value[STEER_FORM_TEXT], type_name[STEER_FORM_TEXT], shown[STEER_SHOWN];
	const uint8_t *rdata;
	uint16_t type, len;
	steer_fault_t why;
	if (!is_stored(check, "values") || !copy_text(check, "query-type", 0, type_name) ||
	    steer_type_parse(type_name, &type) != STEER_OK) {
		return STEER_OK;
	}
	steer_text_t *text = steer_text_new();
	if (text == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	int ret = STEER_OK;
	for (unsigned i = 0; ret == STEER_OK && copy_text(check, "values", i, value); i++) {
		ret = steer_rdata_parse(text, root, type, value, &rdata, &len, &why);
		if (ret != STEER_OK) {
			steer_fault(fault, ret, "values: '%s' is not one of %s: %s",
			            steer_shown(shown, value, strlen(value)), type_name, why.text);
		}
	}
	steer_text_free(text);
	return ret;
}

/*! A time limit that is longer than that of the whole would never be reached. */
static int check_within(const steer_health_check_t *check, const char *key, const char *whole,
                        steer_fault_t *fault)
{
	char text[STEER_FORM_TEXT], whole_text[STEER_FORM_TEXT];
	uint64_t ms, whole_ms;
	if (is_stored(check, key) && copy_text(check, key, 0, text) &&
	    copy_text(check, whole, 0, whole_text) && steer_time_parse(text, &ms) &&
	    steer_time_parse(whole_text, &whole_ms) && ms > whole_ms) {
		return steer_fault(fault, STEER_EINVAL, "%s: %s, but %s is %s; allowed: up to %s", key,
		                   text, whole, whole_text, whole_text);
	}
	return STEER_OK;
}

/*! The times that are part of others. */
static const struct {
	const char *key, *whole;
} parts[] = {
	{ "timeout", "interval" }, { "connect-timeout", "timeout" },
	{ "response-timeout", "timeout" }, { "body-timeout", "timeout" },
};

static int check_times(const steer_health_check_t *check, steer_fault_t *fault)
{
	int ret = STEER_OK;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && ret == STEER_OK; i++) {
		ret = check_within(check, parts[i].key, "interval", fault);
		if (ret == STEER_OK) {
			ret = check_within(check, parts[i].key, parts[i].whole, fault);
		}
	}
	return ret;
}

uint64_t steer_health_check_time(const steer_health_check_t *check, const char *key)
{
	char text[STEER_FORM_TEXT];
	uint64_t ms, limit = UINT32_MAX;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (strcmp(parts[i].key, key) == 0) {
			limit = steer_health_check_time(check, parts[i].whole);
		}
	}
	return copy_text(check, key, 0, text) && steer_time_parse(text, &ms) && ms < limit ? ms : limit;
}

/*! A calculated check would be down forever if its threshold exceeded its children. */
static int check_threshold(const steer_health_check_t *check, steer_fault_t *fault)
{
	unsigned threshold = steer_health_check_number(check, "threshold");
	unsigned children = count_items(check, steer_health_check_option("children"));
	if (threshold <= children) {
		return STEER_OK;
	}
	return steer_fault(fault, STEER_EINVAL, "threshold: %u, but it has %u child%s; allowed: 0 to "
	                   "%u", threshold, children, children == 1 ? "" : "ren", children);
}

int steer_health_check_complete(const steer_health_check_t *check, steer_fault_t *fault)
{
	static int (*const checks[])(const steer_health_check_t *check, steer_fault_t *fault) = {
		check_needed, check_clashes, check_headers, check_values, check_times, check_threshold,
	};
	int ret = STEER_OK;
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks) && ret == STEER_OK; i++) {
		ret = checks[i](check, fault);
	}
	return ret;
}
