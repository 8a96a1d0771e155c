/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/service.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

#include "formats/health_check.h"

#define THRESH_MAX 65535
/*! Most results in a row that a health check counts. */
#define ROW_MAX 10
#define DAY 86400
#define PORT_MAX 65534
/*! What stands for the item in the words of a command. */
#define ITEM "%%ITEM%%"

/*! A service type. */
typedef struct {
	const char *name; /*!< First, since trees compare it. */
	enum { SERVICE_UP, SERVICE_DOWN, SERVICE_CHECK } kind;
	bool addresses;   /*!< It has no sense for names. */
	uint32_t stable;
	const steer_vscf_t *command; /*!< Of a command: its words. */
	steer_place_t place;
	steer_health_check_t check;  /*!< Without what it is of. */
} service_t;

/*! The parameters that every service type has. */
typedef struct {
	uint32_t up_thresh, ok_thresh, down_thresh, interval, timeout;
} times_t;

#define TIMES "plugin", "up_thresh", "ok_thresh", "down_thresh", "interval", "timeout"

static void take_http(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type);
static void take_tcp(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type);
static void take_command(steer_gdnsd_config_t *config, service_t *service,
                         const steer_vscf_t *type);
static void take_file(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type);
static void take_static(steer_gdnsd_config_t *config, service_t *service,
                        const steer_vscf_t *type);
static void take_null(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type);

/*! The monitoring plugins of gdnsd. */
static const struct {
	const char *name;
	uint8_t type;   /*!< Of the health check; STEER_CHECK_NONE: there is none. */
	bool addresses;
	void (*take)(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type);
	const char *keys[12];
} monitors[] = {
	{ "http_status", STEER_CHECK_HTTP, true, take_http,
	  { TIMES, "port", "url_path", "vhost", "ok_codes", NULL } },
	{ "tcp_connect", STEER_CHECK_TCP, true, take_tcp, { TIMES, "port", NULL } },
	{ "extmon", STEER_CHECK_COMMAND, false, take_command,
	  { TIMES, "cmd", "direct", "max_proc", NULL } },
	{ "extfile", STEER_CHECK_MANUAL, false, take_file,
	  { TIMES, "file", "direct", "def_ttl", "def_down", NULL } },
	{ "static", STEER_CHECK_NONE, false, take_static, { TIMES, "ttl", "state", NULL } },
	{ "null", STEER_CHECK_NONE, false, take_null, { TIMES, NULL } },
};
#define MONITORS (sizeof(monitors) / sizeof(*monitors))

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Options of a health check. */

/*! Sets an option. \param[in] at  The value that it comes from. */
static void set_option(steer_gdnsd_config_t *config, steer_health_check_t *check,
                       const steer_place_t *at, const char *key, const char *option,
                       const char *value)
{
	steer_fault_t why;
	if (config->reading->ret == STEER_OK &&
	    steer_health_check_set(check, option, value, &why) != STEER_OK) {
		steer_gdnsd_wrong(config->reading, at, "%s: %s", key, why.text);
	}
}

static void set_number(steer_gdnsd_config_t *config, service_t *service, const char *key,
                       const char *option, uint32_t number, const char *unit)
{
	char text[16];
	snprintf(text, sizeof(text), "%u%s", number, unit);
	set_option(config, &service->check, &service->place, key, option, text);
}

static void take_text(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type,
                      const char *key, const char *option)
{
	const steer_vscf_t *value = steer_vscf_get(type, key);
	const char *text = value != NULL ? steer_gdnsd_text(config->reading, value) : NULL;
	if (text != NULL) {
		set_option(config, &service->check, &value->place, key, option, text);
	}
}

static times_t take_times(steer_gdnsd_config_t *config, const steer_vscf_t *type)
{
	steer_gdnsd_reading_t *reading = config->reading;
	times_t times = { 20, 10, 10, 10, 0 };
	const steer_vscf_t *timeout = steer_vscf_get(type, "timeout");
	steer_gdnsd_number(reading, steer_vscf_get(type, "up_thresh"), 1, THRESH_MAX,
	                   &times.up_thresh);
	steer_gdnsd_number(reading, steer_vscf_get(type, "ok_thresh"), 1, THRESH_MAX,
	                   &times.ok_thresh);
	steer_gdnsd_number(reading, steer_vscf_get(type, "down_thresh"), 1, THRESH_MAX,
	                   &times.down_thresh);
	steer_gdnsd_number(reading, steer_vscf_get(type, "interval"), 1, 3600, &times.interval);
	times.timeout = times.interval / 2 > 0 ? times.interval / 2 : 1;
	steer_gdnsd_number(reading, timeout, 1, 300, &times.timeout);
	if (timeout != NULL && times.timeout >= times.interval && times.interval > 1) {
		steer_gdnsd_wrong(reading, &timeout->place, "timeout: %u, but interval is %u; allowed: "
		                  "less than interval", times.timeout, times.interval);
		times.timeout = 1;
	}
	return times;
}

/*! Sets when a check is up and down: by results in a row here, by counters of failures there. */
static void set_rows(steer_gdnsd_config_t *config, service_t *service, const times_t *times)
{
	const uint32_t up = times->up_thresh, down = times->down_thresh;
	set_number(config, service, "up_thresh", "rise", up < ROW_MAX ? up : ROW_MAX, "");
	set_number(config, service, "down_thresh", "fall", down < ROW_MAX ? down : ROW_MAX, "");
	if (up > ROW_MAX) { // As long as so many results take from the first to the last.
		const uint64_t delay = (uint64_t)(up - 1) * times->interval;
		set_number(config, service, "up_thresh", "up-delay", delay < DAY ? delay : DAY, "s");
		if (delay > DAY) {
			steer_gdnsd_warn(config->reading, &service->place, "%s: up_thresh: %u results take "
			                 "more than a day, so a day is enough to be up again", service->name,
			                 up);
		}
	}
	if (down > ROW_MAX) {
		steer_gdnsd_warn(config->reading, &service->place, "%s: down_thresh: %u failures, but %d "
		                 "in a row are down already", service->name, down, ROW_MAX);
	}
	if (down > 1 && times->ok_thresh > 1) {
		steer_gdnsd_warn(config->reading, &service->place, "%s: ok_thresh: a failure is forgotten "
		                 "after one good result, not after %u in a row", service->name,
		                 times->ok_thresh);
	}
}

/*! Sets what all probed checks have. */
static void set_times(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type)
{
	const times_t times = take_times(config, type);
	set_number(config, service, "interval", "interval", times.interval, "s");
	set_number(config, service, "timeout", "timeout",
	           times.timeout < 60 ? times.timeout : 60, "s");
	if (times.timeout > 60) {
		steer_gdnsd_warn(config->reading, &service->place, "%s: timeout: %u seconds, but a probe "
		                 "fails after a minute", service->name, times.timeout);
	}
	service->stable = times.interval * times.down_thresh;
	if (service->check.type != STEER_CHECK_COMMAND) {
		set_rows(config, service, &times);
		return;
	}
	bool direct = false;
	steer_gdnsd_bool(config->reading, steer_vscf_get(type, "direct"), &direct);
	if (direct) { // Each result decides.
		const times_t once = { 1, 1, 1, times.interval, times.timeout };
		set_rows(config, service, &once);
		service->stable = times.interval;
	} else {
		set_rows(config, service, &times);
	}
}

/* The monitoring plugins. */

static void take_port(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type,
                      uint32_t port)
{
	steer_gdnsd_number(config->reading, steer_vscf_get(type, "port"), 1, PORT_MAX, &port);
	set_number(config, service, "port", "port", port, "");
}

static void take_codes(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *codes)
{
	char text[256] = "";
	size_t len = 0;
	for (const steer_vscf_t *code = NULL; (code = steer_vscf_next(codes, code)) != NULL;) {
		uint32_t number = 0;
		steer_gdnsd_number(config->reading, code, 100, 999, &number);
		if (number == 0) {
			return;
		}
		if (len < sizeof(text)) {
			len += snprintf(text + len, sizeof(text) - len, "%s%u", len > 0 ? "," : "", number);
		}
	}
	if (len == 0 || len >= sizeof(text)) {
		steer_gdnsd_wrong(config->reading, &codes->place, "ok_codes: none, or too many; allowed: 1 "
		                  "to 63 codes from 100 to 999");
		return;
	}
	set_option(config, &service->check, &codes->place, "ok_codes", "codes", text);
}

static void take_http(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type)
{
	const steer_vscf_t *codes = steer_vscf_get(type, "ok_codes");
	size_t len;
	set_times(config, service, type);
	take_port(config, service, type, 80);
	take_text(config, service, type, "url_path", "path");
	take_text(config, service, type, "vhost", "host");
	if (codes != NULL) {
		take_codes(config, service, codes);
	} else {
		set_option(config, &service->check, &service->place, "ok_codes", "codes", "200");
	}
	// One limit for all, as it is there.
	char limit[STEER_OPTION_SHORT + 1];
	const char *timeout = steer_health_check_get(&service->check, "timeout", 0, &len);
	snprintf(limit, sizeof(limit), "%.*s", timeout != NULL ? (int)len : 3,
	         timeout != NULL ? timeout : "10s");
	set_option(config, &service->check, &service->place, "timeout", "connect-timeout", limit);
	set_option(config, &service->check, &service->place, "timeout", "response-timeout", limit);
}

static void take_tcp(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type)
{
	set_times(config, service, type);
	if (steer_vscf_get(type, "port") == NULL) {
		steer_gdnsd_wrong(config->reading, &service->place, "%s: no port; allowed: one",
		                  service->name);
		return;
	}
	take_port(config, service, type, 0);
}

static void take_command(steer_gdnsd_config_t *config, service_t *service,
                         const steer_vscf_t *type)
{
	uint32_t processes = 0;
	set_times(config, service, type);
	service->command = steer_vscf_get(type, "cmd");
	if (service->command == NULL) {
		steer_gdnsd_wrong(config->reading, &service->place, "%s: no cmd; allowed: a list of words",
		                  service->name);
	}
	steer_gdnsd_number(config->reading, steer_vscf_get(type, "max_proc"), 0, PORT_MAX, &processes);
	if (processes > 0) {
		steer_gdnsd_warn(config->reading, &service->place, "%s: max_proc is left out; steerd has a "
		                 "limit for all commands", service->name);
	}
}

static void take_file(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type)
{
	bool down = false, direct = false;
	const steer_vscf_t *file = steer_vscf_get(type, "file");
	const times_t times = take_times(config, type);
	steer_gdnsd_bool(config->reading, steer_vscf_get(type, "direct"), &direct);
	if (direct) {
		steer_gdnsd_number(config->reading, steer_vscf_get(type, "def_ttl"), 1, STEER_TTL_MAX,
		                   &service->stable);
	} else {
		service->stable = times.interval * times.down_thresh;
	}
	steer_gdnsd_bool(config->reading, steer_vscf_get(type, "def_down"), &down);
	steer_gdnsd_warn(config->reading, &service->place, "%s: %.200s is not read; steerctl health "
	                 "report has to tell the states, which begin as up", service->name,
	                 file != NULL && file->kind == STEER_VSCF_TEXT ? file->text : "the file");
	if (down) {
		steer_gdnsd_warn(config->reading, &service->place, "%s: def_down: what is not reported is "
		                 "up, not down", service->name);
	}
}

static void make_down(steer_gdnsd_config_t *config, service_t *service)
{
	service->kind = SERVICE_DOWN;
	service->check.type = STEER_CHECK_MANUAL;
	set_option(config, &service->check, &service->place, "state", "inverted", "yes");
	set_option(config, &service->check, &service->place, "state", "disabled", "yes");
}

static void take_static(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type)
{
	const steer_vscf_t *state = steer_vscf_get(type, "state");
	const char *text = state != NULL ? steer_gdnsd_text(config->reading, state) : NULL;
	steer_gdnsd_number(config->reading, steer_vscf_get(type, "ttl"), 1, STEER_TTL_MAX,
	                   &service->stable);
	service->kind = SERVICE_UP;
	if (text != NULL && strcasecmp(text, "DOWN") == 0) {
		make_down(config, service);
	} else if (text != NULL && strcasecmp(text, "UP") != 0) {
		steer_gdnsd_wrong(config->reading, &state->place, "state: '%.40s'; allowed: UP, DOWN",
		                  text);
	}
}

static void take_null(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type)
{
	(void)type;
	make_down(config, service);
}

/* Service types. */

static void take_type(steer_gdnsd_config_t *config, service_t *service, const steer_vscf_t *type)
{
	const steer_vscf_t *plugin = steer_vscf_get(type, "plugin");
	const char *name = plugin != NULL ? steer_gdnsd_text(config->reading, plugin) : NULL;
	if (plugin == NULL) {
		steer_gdnsd_wrong(config->reading, &service->place, "%s: no plugin; allowed: http_status, "
		                  "tcp_connect, extmon, extfile, static, null", service->name);
	}
	for (size_t i = 0; i < MONITORS && name != NULL; i++) {
		if (strcmp(monitors[i].name, name) == 0) {
			steer_gdnsd_only(config->reading, type, monitors[i].keys);
			service->check.type = monitors[i].type;
			service->addresses = monitors[i].addresses;
			monitors[i].take(config, service, type);
			return;
		}
	}
	service->check.type = STEER_CHECK_MANUAL;
	if (name != NULL) {
		steer_gdnsd_warn(config->reading, &plugin->place, "%s: the plugin %.100s is not known; "
		                 "steerctl health report has to tell the states", service->name, name);
	}
}

/*! Makes the service type of a name, which is not known yet. */
static service_t *make_service(steer_gdnsd_config_t *config, const char *name,
                               const steer_vscf_t *used)
{
	const steer_vscf_t *type = steer_vscf_get(config->service_types, name);
	service_t *service = steer_gdnsd_get(config->reading, sizeof(*service));
	if (service == NULL) {
		return NULL;
	}
	*service = (service_t) { .name = name, .kind = SERVICE_CHECK, .stable = STEER_GDNSD_STABLE,
	                         .place = type != NULL ? type->key_at : used->place };
	if (type != NULL && steer_gdnsd_is_hash(config->reading, type)) {
		take_type(config, service, type);
	} else if (type == NULL && strcmp(name, "up") == 0) {
		service->kind = SERVICE_UP;
	} else if (type == NULL && strcmp(name, "down") == 0) {
		make_down(config, service);
	} else if (type == NULL) {
		steer_gdnsd_wrong(config->reading, &used->place, "service_types: %.200s is not defined; "
		                  "allowed: up, down, or a key of service_types", name);
		service->kind = SERVICE_UP;
	}
	return service;
}

static service_t *find_service(steer_gdnsd_config_t *config, const steer_vscf_t *used)
{
	const char *name = steer_gdnsd_text(config->reading, used);
	if (name == NULL) {
		return NULL;
	}
	service_t **found = tfind(&name, &config->services, by_name);
	if (found != NULL) {
		return *found;
	}
	service_t *made = make_service(config, name, used);
	if (made != NULL && tsearch(made, &config->services, by_name) == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return NULL;
	}
	return made;
}

/* The checks of an item. */

/*! A check that was passed on. */
typedef struct {
	const char *id; /*!< First, since trees compare it. */
	const service_t *service;    /*!< NULL: of several. */
	const char *const *children; /*!< Then those. */
	unsigned count;
} passed_t;

static bool same_check(const passed_t *a, const passed_t *b)
{
	bool same = a->service == b->service && a->count == b->count;
	for (unsigned i = 0; same && i < a->count; i++) {
		same = strcmp(a->children[i], b->children[i]) == 0;
	}
	return same;
}

/*! Whether a check is the first of its identifier. That of another one is reported. */
static bool is_new(steer_gdnsd_config_t *config, const passed_t *check, const steer_place_t *place)
{
	passed_t *const *found = tfind(check, &config->checks, by_name);
	if (found != NULL && !same_check(*found, check)) {
		steer_gdnsd_wrong(config->reading, place, "%s is also the identifier of the check of other "
		                  "service types; allowed: service types without '/'", check->id);
	}
	if (found != NULL) {
		return false;
	}
	const size_t size = check->count * sizeof(*check->children);
	passed_t *kept = steer_gdnsd_get(config->reading, sizeof(*kept) + size);
	if (kept == NULL) {
		return false;
	}
	*kept = *check;
	if (size > 0) {
		kept->children = memcpy(kept + 1, check->children, size);
	}
	if (tsearch(kept, &config->checks, by_name) == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return false;
	}
	return true;
}

static void pass(steer_gdnsd_config_t *config, const char *id, const steer_health_check_t *check,
                 const steer_place_t *place)
{
	steer_gdnsd_reading_t *reading = config->reading;
	steer_fault_t why;
	if (reading->ret != STEER_OK || reading->report.errors > 0) {
		return;
	}
	const int ret = steer_health_check_complete(check, &why);
	if (ret == STEER_EINVAL) {
		steer_gdnsd_wrong(reading, place, "%s: %s", id, why.text);
	} else if (ret != STEER_OK) {
		steer_gdnsd_no_memory(reading);
	} else {
		reading->ret = reading->sink->check(reading->sink->ctx, id, check, place,
		                                    reading->report.fault);
	}
}

/*! Sets the words of a command, with the item in its places. */
static void set_command(steer_gdnsd_config_t *config, const service_t *service, const char *item,
                        steer_health_check_t *check)
{
	for (const steer_vscf_t *word = NULL;
	     (word = steer_vscf_next(service->command, word)) != NULL;) {
		const char *from = steer_gdnsd_text(config->reading, word);
		char text[4097 + 255];
		size_t len = 0;
		while (from != NULL && *from != '\0' && len < sizeof(text)) {
			const bool here = strncmp(from, ITEM, strlen(ITEM)) == 0;
			len += here ? snprintf(text + len, sizeof(text) - len, "%s", item)
			            : snprintf(text + len, sizeof(text) - len, "%c", *from);
			from += here ? strlen(ITEM) : 1;
		}
		if (from == NULL || len >= sizeof(text)) {
			steer_gdnsd_wrong(config->reading, &word->place, "cmd: no word, or too long; allowed: "
			                  "up to 4096 bytes");
			return;
		}
		text[len] = '\0';
		set_option(config, check, &word->place, "cmd", "command", text);
	}
}

/*! Passes on the check of a service type and an item. \return Its identifier; NULL: an error */
static const char *pass_check(steer_gdnsd_config_t *config, const service_t *service,
                              const char *item, bool address, const steer_place_t *place)
{
	char *id = steer_gdnsd_print(config->reading, "%s/%s", item, service->name);
	if (id == NULL) {
		return NULL;
	}
	if (!steer_health_check_id_is_good(id)) {
		steer_gdnsd_wrong(config->reading, &service->place, "%.200s: no part of the identifier of "
		                  "a health check; allowed: A-Z a-z 0-9 - _ . : / @, 128 with the address",
		                  service->name);
		return NULL;
	}
	if (service->addresses && !address) {
		steer_gdnsd_wrong(config->reading, place, "%.200s: %s probes addresses; allowed: extmon, "
		                  "extfile, static, null for names", item, service->name);
		return NULL;
	}
	if (!is_new(config, &(passed_t) { .id = id, .service = service }, place)) {
		return id;
	}
	steer_health_check_t check = service->check;
	if (service->command != NULL) {
		set_command(config, service, item, &check);
	} else if (service->addresses) {
		set_option(config, &check, place, "address", "address", item);
	}
	pass(config, id, &check, &service->place);
	return id;
}

/*! Passes on the check that needs all of some. \return Its identifier; NULL: an error */
static const char *pass_all(steer_gdnsd_config_t *config, const char *const *ids, unsigned count,
                            const char *item, const steer_place_t *place)
{
	char id[STEER_CHECK_ID_MAX + 2], threshold[16];
	size_t len = snprintf(id, sizeof(id), "%s", item);
	steer_health_check_t check = { .type = STEER_CHECK_CALCULATED };
	for (unsigned i = 0; i < count; i++) {
		set_option(config, &check, place, "service_types", "children", ids[i]);
		if (len < sizeof(id)) {
			len += snprintf(id + len, sizeof(id) - len, "%s", ids[i] + strlen(item));
		}
	}
	if (!steer_health_check_id_is_good(id)) {
		steer_gdnsd_wrong(config->reading, place, "service_types: their names and the address are "
		                  "together the identifier of a health check; allowed: %d bytes",
		                  STEER_CHECK_ID_MAX);
		return NULL;
	}
	snprintf(threshold, sizeof(threshold), "%u", count);
	set_option(config, &check, place, "service_types", "threshold", threshold);
	char *copy = steer_gdnsd_print(config->reading, "%s", id);
	if (copy != NULL &&
	    is_new(config, &(passed_t) { .id = copy, .children = ids, .count = count }, place)) {
		pass(config, copy, &check, place);
	}
	return copy;
}

static bool is_among(const char *id, const char *const *ids, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(ids[i], id) == 0) {
			return true;
		}
	}
	return false;
}

/*! Most service types of an item. */
#define TYPES_MAX 64

steer_gdnsd_state_t steer_gdnsd_state(steer_gdnsd_config_t *config, const char *item, bool address,
                                      const steer_gdnsd_scope_t *scope,
                                      const steer_place_t *place)
{
	const steer_vscf_t *types = steer_gdnsd_find(scope, "service_types");
	steer_gdnsd_state_t state = { NULL, STEER_GDNSD_STABLE };
	const char *ids[TYPES_MAX];
	unsigned count = 0;
	for (const steer_vscf_t *used = NULL;
	     types != NULL && (used = steer_vscf_next(types, used)) != NULL;) {
		const service_t *service = find_service(config, used);
		if (service == NULL || config->reading->ret != STEER_OK) {
			return state;
		}
		state.stable = service->stable < state.stable ? service->stable : state.stable;
		if (service->kind == SERVICE_UP) {
			continue;
		}
		if (count == TYPES_MAX) {
			steer_gdnsd_wrong(config->reading, &used->place, "more than %d service types; allowed: "
			                  "fewer", TYPES_MAX);
			return state;
		}
		const char *id = pass_check(config, service, item, address, place);
		if (id != NULL && !is_among(id, ids, count)) {
			ids[count++] = id;
		}
	}
	if (count > 0) {
		state.check = count == 1 ? ids[0] : pass_all(config, ids, count, item, place);
	}
	return state;
}
