/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/health.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/health_check.h"
#include "formats/octodns/ids.h"

#define PORT_MAX 65535

/* Options. */

static const struct {
	const char *name;
	uint8_t type;
} protocols[] = {
	{ "HTTPS", STEER_CHECK_HTTPS },
	{ "HTTP", STEER_CHECK_HTTP },
	{ "TCP", STEER_CHECK_TCP },
	{ "ICMP", STEER_CHECK_ICMP },
	{ "UDP", STEER_CHECK_MANUAL },
};

static void take_protocol(steer_octodns_reading_t *reading, const steer_yaml_value_t *options,
                          bool dynamic, steer_octodns_probe_t *probe)
{
	const steer_yaml_value_t *at;
	const char *text = steer_octodns_text(reading, options, "protocol", &at);
	for (size_t i = 0; text != NULL && i < sizeof(protocols) / sizeof(*protocols); i++) {
		if (strcmp(text, protocols[i].name) == 0) {
			probe->type = protocols[i].type;
			if (dynamic && probe->type == STEER_CHECK_MANUAL) {
				steer_octodns_warn(reading, at, "protocol: %s is not probed here, so the health "
				                   "checks become manual; steerctl health report tells their "
				                   "states", text);
			}
			return;
		}
	}
	if (text != NULL) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(reading, at, "protocol: '%s'; allowed: HTTPS, HTTP, TCP, ICMP, UDP",
		                    steer_shown(shown, text, strlen(text)));
	}
}

/*! Reads what the provider of Route 53 adds to the options. */
static void take_timing(steer_octodns_reading_t *reading, const steer_yaml_value_t *options,
                        steer_octodns_probe_t *probe)
{
	steer_octodns_number(reading, options, "request_interval", 1, STEER_OCTODNS_INTERVAL_MAX,
	                     &probe->interval);
	steer_octodns_number(reading, options, "failure_threshold", 1, STEER_OCTODNS_THRESHOLD_MAX,
	                     &probe->threshold);
}

static void take_healthcheck(steer_octodns_reading_t *reading, const steer_yaml_value_t *options,
                             bool dynamic, steer_octodns_probe_t *probe)
{
	static const char *const keys[] = {
		"host", "path", "port", "protocol", "request_interval", "failure_threshold",
		"measure_latency", NULL
	};
	const steer_yaml_value_t *at;
	probe->at = options;
	steer_octodns_only(reading, options, keys);
	take_protocol(reading, options, dynamic, probe);
	take_timing(reading, options, probe);
	steer_octodns_number(reading, options, "port", 1, PORT_MAX, &probe->port);
	const char *path = steer_octodns_text(reading, options, "path", &at);
	probe->path = path != NULL ? path : probe->path;
	const char *host = steer_octodns_text(reading, options, "host", &at);
	probe->host = host != NULL ? host : probe->host;
}

static void take_route53(steer_octodns_reading_t *reading, const steer_yaml_value_t *options,
                         steer_octodns_probe_t *probe)
{
	static const char *const keys[] = { "healthcheck", NULL };
	static const char *const health_keys[] = {
		"request_interval", "failure_threshold", "measure_latency", NULL
	};
	steer_octodns_only(reading, options, keys);
	const steer_yaml_value_t *health = steer_octodns_get(reading, options, keys[0],
	                                                     STEER_YAML_MAPPING);
	if (health != NULL) {
		steer_octodns_only(reading, health, health_keys);
		take_timing(reading, health, probe);
	}
}

static void warn_selected(steer_octodns_reading_t *reading, const steer_yaml_value_t *options,
                          const char *key)
{
	const steer_yaml_value_t *at = steer_yaml_tree_get(reading->tree, options, key);
	if (at != NULL) {
		steer_octodns_warn(reading, at, "%s: names providers of octoDNS, none of which this is, so "
		                   "the record is taken", key);
	}
}

void steer_octodns_take_probe(steer_octodns_reading_t *reading, const steer_yaml_value_t *record,
                              bool dynamic, steer_octodns_probe_t *probe)
{
	static const char *const keys[] = {
		"healthcheck", "route53", "included", "excluded", "lenient", "ignored",
		"auto_arpa_priority", NULL
	};
	*probe = (steer_octodns_probe_t) {
		.at = record, .type = STEER_CHECK_HTTPS, .path = STEER_OCTODNS_PATH,
		.port = STEER_OCTODNS_PORT,
	};
	const steer_yaml_value_t *options = steer_octodns_get(reading, record, "octodns",
	                                                      STEER_YAML_MAPPING);
	if (options == NULL) {
		return;
	}
	steer_octodns_only(reading, options, keys);
	warn_selected(reading, options, "included");
	warn_selected(reading, options, "excluded");
	const steer_yaml_value_t *health = steer_octodns_get(reading, options, "healthcheck",
	                                                     STEER_YAML_MAPPING);
	if (health != NULL) {
		take_healthcheck(reading, health, dynamic, probe);
	}
	const steer_yaml_value_t *route53 = steer_octodns_get(reading, options, "route53",
	                                                      STEER_YAML_MAPPING);
	if (route53 != NULL) {
		take_route53(reading, route53, probe);
	}
}

/* Checks. */

/*! A check that is being made. */
typedef struct {
	steer_octodns_reading_t *reading;
	const steer_octodns_probe_t *probe;
	bool wrong;
	steer_health_check_t check;
} made_t;

static void set_option(made_t *made, const char *key, const char *value)
{
	steer_fault_t why;
	if (!made->wrong && steer_health_check_set(&made->check, key, value, &why) != STEER_OK) {
		steer_octodns_wrong(made->reading, made->probe->at, "healthcheck: %s", why.text);
		made->wrong = true;
	}
}

static void set_number(made_t *made, const char *key, uint32_t number, const char *unit)
{
	char text[16];
	if (number > 0) {
		snprintf(text, sizeof(text), "%u%s", number, unit);
		set_option(made, key, text);
	}
}

/*! Sets the host to ask for, unless it is not the name of one, such as a wildcard. */
static void set_owner(made_t *made, const steer_yaml_value_t *at, const uint8_t *owner)
{
	char name[STEER_NAME_TEXT];
	steer_fault_t why;
	steer_name_print(owner, name);
	name[strlen(name) - 1] = '\0';
	if (steer_health_check_set(&made->check, "host", name, &why) != STEER_OK) {
		steer_octodns_warn(made->reading, at, "healthcheck.host: missing, and %.255s is no name of "
		                   "a host, so the address is asked for", name);
	}
}

/*! Sets whom to probe, and whom to ask for. */
static void set_target(made_t *made, const steer_yaml_value_t *at, const uint8_t *owner,
                       uint16_t number, const char *value)
{
	const steer_octodns_probe_t *probe = made->probe;
	const bool web = made->check.type == STEER_CHECK_HTTP || made->check.type == STEER_CHECK_HTTPS;
	if (number == TYPE_CNAME) {
		char name[STEER_NAME_TEXT];
		snprintf(name, sizeof(name), "%s", value);
		name[strlen(name) - 1] = '\0';
		set_option(made, "host", name);
		return;
	}
	set_option(made, "address", value);
	if (web && probe->host == NULL) {
		set_owner(made, at, owner);
	} else if (web && probe->host[0] != '\0') {
		set_option(made, "host", probe->host);
	}
}

static void set_path(made_t *made)
{
	const char *path = made->probe->path;
	char text[1024];
	snprintf(text, sizeof(text), "%s%s", path[0] != '/' ? "/" : "", path);
	set_option(made, "path", strlen(path) < sizeof(text) - 1 ? text : path);
}

static void set_options(made_t *made, const steer_yaml_value_t *at, const uint8_t *owner,
                        uint16_t number, const char *value)
{
	const steer_octodns_probe_t *probe = made->probe;
	if (made->check.type == STEER_CHECK_MANUAL) {
		return;
	}
	set_target(made, at, owner, number, value);
	if (made->check.type == STEER_CHECK_HTTP || made->check.type == STEER_CHECK_HTTPS) {
		set_path(made);
	}
	if (made->check.type != STEER_CHECK_ICMP) {
		set_number(made, "port", probe->port, "");
	}
	set_number(made, "interval", probe->interval, "s");
	set_number(made, "rise", probe->threshold, "");
	set_number(made, "fall", probe->threshold, "");
}

void steer_octodns_pass_check(steer_octodns_reading_t *reading, const steer_octodns_probe_t *probe,
                              const steer_yaml_value_t *at, const uint8_t *owner, uint16_t number,
                              const char *value, bool down)
{
	char id[STEER_CHECK_ID_MAX + 1];
	made_t made = { .reading = reading, .probe = probe, .check = { .type = probe->type } };
	const steer_place_t place = steer_yaml_tree_place(reading->tree, at);
	steer_fault_t why;
	set_options(&made, at, owner, number, value);
	if (down) {
		set_option(&made, "inverted", "yes");
		set_option(&made, "disabled", "yes");
	}
	if (made.wrong || reading->ret != STEER_OK) {
		return;
	}
	steer_octodns_check_id(id, owner, value, down);
	int ret = steer_health_check_complete(&made.check, &why);
	if (ret == STEER_ENOMEM) {
		steer_octodns_no_memory(reading);
	} else if (ret != STEER_OK) {
		steer_octodns_wrong(reading, probe->at, "healthcheck: %s", why.text);
	} else {
		reading->ret = reading->sink->check(reading->sink->ctx, id, &made.check, &place,
		                                    reading->report.fault);
	}
}
