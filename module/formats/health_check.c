/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/health_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/health_check_forms.h"

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

/*! A calculated check would be down forever if its threshold exceeded its children. */
static int check_threshold(const steer_health_check_t *check, steer_fault_t *fault)
{
	size_t len;
	char number[STEER_FORM_TEXT];
	const char *text = steer_health_check_get(check, "threshold", 0, &len);
	if (text == NULL || len >= sizeof(number)) {
		return STEER_OK;
	}
	memcpy(number, text, len);
	number[len] = '\0';
	unsigned children = count_items(check, steer_health_check_option("children"));
	if (strtoul(number, NULL, 10) <= children) {
		return STEER_OK;
	}
	return steer_fault(fault, STEER_EINVAL, "threshold: %s, but it has %u child%s; allowed: 0 to "
	                   "%u", number, children, children == 1 ? "" : "ren", children);
}

int steer_health_check_complete(const steer_health_check_t *check, steer_fault_t *fault)
{
	const char *type = steer_health_check_type_name(check->type);
	size_t len;
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		if ((option->needed >> check->type & 1) != 0 &&
		    steer_health_check_get(check, option->name, 0, &len) == NULL) {
			return steer_fault(fault, STEER_EINVAL, "%s: needs %s", type, option->name);
		}
	}
	if (is_for(steer_health_check_option("host"), check->type) &&
	    steer_health_check_get(check, "host", 0, &len) == NULL &&
	    steer_health_check_get(check, "address", 0, &len) == NULL) {
		return steer_fault(fault, STEER_EINVAL, "%s: needs host, or address", type);
	}
	const char *method = steer_health_check_get(check, "method", 0, &len);
	if (method != NULL && len == 4 && memcmp(method, "HEAD", len) == 0 &&
	    steer_health_check_get(check, "search", 0, &len) != NULL) {
		return steer_fault(fault, STEER_EINVAL, "%s: search with method HEAD, which is answered "
		                   "without text; allowed: another method", type);
	}
	return check_threshold(check, fault);
}
