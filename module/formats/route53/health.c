/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/health.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/health_check.h"

#define INTERVAL_MIN  10
#define INTERVAL_MAX  30
#define THRESHOLD_MAX 10
#define CHILDREN_MAX  256
#define PORT_MAX      65535

/*! Fields of a configuration. Where checkers are, and what they measure, has no meaning here. */
static const char *const fields[] = {
	"IPAddress", "Port", "Type", "ResourcePath", "FullyQualifiedDomainName", "SearchString",
	"RequestInterval", "FailureThreshold", "MeasureLatency", "Inverted", "Disabled",
	"HealthThreshold", "ChildHealthChecks", "EnableSNI", "Regions", "AlarmIdentifier",
	"InsufficientDataHealthStatus", "RoutingControlArn", NULL
};

static const struct {
	const char *name;
	uint8_t type;
	bool search;
} types[] = {
	{ "HTTP", STEER_CHECK_HTTP, false },
	{ "HTTPS", STEER_CHECK_HTTPS, false },
	{ "HTTP_STR_MATCH", STEER_CHECK_HTTP, true },
	{ "HTTPS_STR_MATCH", STEER_CHECK_HTTPS, true },
	{ "TCP", STEER_CHECK_TCP, false },
	{ "CALCULATED", STEER_CHECK_CALCULATED, false },
	{ "CLOUDWATCH_METRIC", STEER_CHECK_MANUAL, false },
	{ "RECOVERY_CONTROL", STEER_CHECK_MANUAL, false },
};
#define TYPES (sizeof(types) / sizeof(*types))

/*! A check that is being made. */
typedef struct {
	steer_route53_reading_t *reading;
	steer_field_at_t config;
	bool search;   /*!< It looks for text in what a server answers. */
	bool inverted;
	steer_health_check_t check;
} made_t;

/* Options. */

/*! Sets an option. \param[in] at, key  The field that it comes from. */
static void set_option(made_t *made, const steer_field_at_t *at, const char *key,
                       const char *option, const char *value)
{
	steer_fault_t why;
	if (steer_health_check_set(&made->check, option, value, &why) != STEER_OK) {
		steer_field_wrong(made->reading, at, "%s: %s", key, why.text);
	}
}

/*! Sets an option to the text of a field; empty text counts as not given. */
static void take_text(made_t *made, const char *key, const char *option)
{
	steer_field_at_t field;
	const char *text = steer_field_text(made->reading, &made->config, key, &field);
	if (text != NULL && text[0] != '\0') {
		set_option(made, &field, key, option, text);
	}
}

/*! Sets an option, and perhaps another, to the number of a field, with a unit. */
static void take_number(made_t *made, const char *key, uint32_t min, uint32_t max,
                        const char *option, const char *other, const char *unit)
{
	char text[16];
	uint32_t number;
	if (!steer_field_number(made->reading, &made->config, key, min, max, &number)) {
		return;
	}
	snprintf(text, sizeof(text), "%u%s", number, unit);
	set_option(made, &made->config, key, option, text);
	if (other != NULL) {
		set_option(made, &made->config, key, other, text);
	}
}

static bool has_text(const made_t *made, const char *key)
{
	const steer_json_value_t *value = steer_json_get(made->config.json, made->config.value, key);
	return value != NULL && value->kind == STEER_JSON_TEXT &&
	       steer_json_text(made->config.json, value)[0] != '\0';
}

static void take_probe(made_t *made)
{
	const uint8_t type = made->check.type;
	take_text(made, "IPAddress", "address");
	if (type != STEER_CHECK_TCP || !has_text(made, "IPAddress")) { // Else it is not looked at.
		take_text(made, "FullyQualifiedDomainName", "host");
	}
	take_number(made, "Port", 1, PORT_MAX, "port", NULL, "");
	if (type != STEER_CHECK_TCP) {
		take_text(made, "ResourcePath", "path");
	}
	if (made->search &&
	    steer_field_need(made->reading, &made->config, "SearchString", "text to look for")) {
		take_text(made, "SearchString", "search");
	}
	if (type == STEER_CHECK_HTTPS &&
	    !steer_field_bool(made->reading, &made->config, "EnableSNI", true)) {
		set_option(made, &made->config, "EnableSNI", "sni", "no");
	}
	take_number(made, "RequestInterval", INTERVAL_MIN, INTERVAL_MAX, "interval", NULL, "s");
	take_number(made, "FailureThreshold", 1, THRESHOLD_MAX, "rise", "fall", "");
}

/*! Sets the children. \return How many there are */
static unsigned take_children(made_t *made)
{
	static const char key[] = "ChildHealthChecks";
	const steer_field_at_t list = steer_field_get(made->reading, &made->config, key,
	                                              STEER_JSON_LIST);
	steer_field_at_t item = { list.json, NULL };
	unsigned count = 0;
	while (list.value != NULL && made->reading->ret == STEER_OK &&
	       (item.value = steer_json_next(list.json, list.value, item.value)) != NULL) {
		count++;
		if (item.value->kind != STEER_JSON_TEXT) {
			steer_field_wrong(made->reading, &item, "%s: no text; allowed: identifiers of health "
			                  "checks in quotes", key);
			continue;
		}
		set_option(made, &item, key, "children", steer_json_text(item.json, item.value));
	}
	return count;
}

/*! What no child can change becomes a manual check, that is as it always would be. */
static void make_constant(made_t *made, uint32_t threshold, unsigned children)
{
	const bool down = threshold > 0;
	steer_field_warn(made->reading, &made->config, "HealthThreshold: %u of %u children, so it is "
	                 "always %s and becomes a manual check", threshold, children,
	                 down ? "unhealthy" : "healthy");
	made->check = (steer_health_check_t) { .type = STEER_CHECK_MANUAL };
	made->inverted = made->inverted != down;
}

static void take_calculated(made_t *made)
{
	uint32_t threshold = 0;
	if (!steer_field_need(made->reading, &made->config, "HealthThreshold", "how many children") ||
	    !steer_field_number(made->reading, &made->config, "HealthThreshold", 0, CHILDREN_MAX,
	                        &threshold)) {
		return;
	}
	const unsigned errors = made->reading->report.errors, children = take_children(made);
	if (made->reading->report.errors == errors && (children == 0 || threshold > children)) {
		make_constant(made, threshold, children);
	} else {
		take_number(made, "HealthThreshold", 0, CHILDREN_MAX, "threshold", NULL, "");
	}
}

/* Types. */

static bool take_type(made_t *made)
{
	steer_field_at_t field;
	char allowed[160] = "", shown[STEER_SHOWN];
	const char *text = steer_field_need(made->reading, &made->config, "Type", "such as HTTPS")
	                   ? steer_field_text(made->reading, &made->config, "Type", &field) : NULL;
	if (text == NULL) {
		return false;
	}
	for (size_t i = 0, len = 0; i < TYPES; i++) {
		if (strcmp(types[i].name, text) == 0) {
			made->check.type = types[i].type;
			made->search = types[i].search;
			return true;
		}
		len += snprintf(allowed + len, sizeof(allowed) - len, "%s%s", i > 0 ? ", " : "",
		                types[i].name);
	}
	steer_field_wrong(made->reading, &field, "Type: '%s'; allowed: %s",
	                  steer_shown(shown, text, strlen(text)), allowed);
	return false;
}

static void warn_manual(const made_t *made, const char *id)
{
	const steer_field_at_t type = {
		made->config.json, steer_json_get(made->config.json, made->config.value, "Type")
	};
	steer_field_warn(made->reading, &type, "Type: what a %s watches is not seen here, so it "
	                 "becomes a manual check; steerctl health report %s up|down tells its state",
	                 steer_json_text(type.json, type.value), id);
}

static void take_config(made_t *made, const char *id)
{
	made->inverted = steer_field_bool(made->reading, &made->config, "Inverted", false);
	switch (made->check.type) {
	case STEER_CHECK_MANUAL:
		warn_manual(made, id);
		break;
	case STEER_CHECK_CALCULATED:
		take_calculated(made);
		break;
	default:
		take_probe(made);
		break;
	}
	if (made->inverted) {
		set_option(made, &made->config, "Inverted", "inverted", "yes");
	}
	if (steer_field_bool(made->reading, &made->config, "Disabled", false)) {
		set_option(made, &made->config, "Disabled", "disabled", "yes");
	}
}

/* The check. */

/*! Gets its identifier. \return NULL: it is missing or wrong */
static const char *take_id(steer_route53_reading_t *reading, const steer_field_at_t *item,
                           steer_field_at_t *field)
{
	char shown[STEER_SHOWN];
	const char *id = steer_field_need(reading, item, "Id", "the identifier of the health check")
	                 ? steer_field_text(reading, item, "Id", field) : NULL;
	if (id == NULL || steer_health_check_id_is_good(id)) {
		return id;
	}
	steer_field_wrong(reading, field, "Id: '%s' is not an identifier; allowed: 1 to %d letters, "
	                  "digits and - _ . : / @", steer_shown(shown, id, strlen(id)),
	                  STEER_CHECK_ID_MAX);
	return NULL;
}

static void pass_check(made_t *made, const char *id, const steer_field_at_t *at)
{
	steer_route53_reading_t *reading = made->reading;
	const steer_place_t place = steer_field_place(at);
	steer_fault_t why;
	int ret = steer_health_check_complete(&made->check, &why);
	if (ret == STEER_ENOMEM) {
		steer_field_no_memory(reading);
	} else if (ret != STEER_OK) {
		steer_field_wrong(reading, &made->config, "HealthCheckConfig: %s", why.text);
	} else {
		reading->ret = reading->sink->check(reading->sink->ctx, id, &made->check, &place,
		                                    reading->report.fault);
	}
}

void steer_route53_pass_check(steer_route53_reading_t *reading, const steer_field_at_t *item)
{
	steer_field_at_t field;
	const unsigned errors = reading->report.errors;
	const char *id = take_id(reading, item, &field);
	made_t made = { .reading = reading };
	if (id == NULL || !steer_field_need(reading, item, "HealthCheckConfig", "what is checked")) {
		return;
	}
	made.config = steer_field_get(reading, item, "HealthCheckConfig", STEER_JSON_OBJECT);
	if (made.config.value == NULL) {
		return;
	}
	steer_field_only(reading, &made.config, fields);
	if (take_type(&made)) {
		take_config(&made, id);
	}
	if (reading->report.errors == errors && reading->ret == STEER_OK) {
		pass_check(&made, id, &field);
	}
}

const char *steer_route53_check_type(const steer_health_check_t *check)
{
	size_t i = 0, len;
	const bool search = steer_health_check_get(check, "search", 0, &len) != NULL;
	while (i < TYPES && (types[i].type != check->type || types[i].search != search)) {
		i++;
	}
	return i < TYPES && check->type != STEER_CHECK_MANUAL ? types[i].name : NULL;
}
