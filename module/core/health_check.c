/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/health_check.h"

#include <string.h>

#include "core/node.h"

/* Types that an option is for. */
#define BIT(type) (1u << STEER_CHECK_##type)
#define WEB       (BIT(HTTP) | BIT(HTTPS))
#define SECURE    (BIT(HTTPS) | BIT(TLS))
#define PORTED    (WEB | BIT(TCP) | BIT(TLS) | BIT(DNS))
#define NETWORK   (PORTED | BIT(ICMP))
#define PROBED    (NETWORK | BIT(COMMAND))
#define ALL       (PROBED | BIT(CALCULATED) | BIT(MANUAL))

/* Times in milliseconds. */
#define SECOND 1000
#define MINUTE (60 * SECOND)
#define DAY    (24 * 60 * MINUTE)

/*! X(symbol, number, name, kind, form, min, max, items, types, needed, default). */
#define OPTIONS(X) \
	X(HOST,      1, "host",      TEXT,    HOST,     1, 253, 1, NETWORK, 0, NULL) \
	X(ADDRESS,   2, "address",   ADDRESS, LINE,     2, 45, 1, NETWORK, 0, NULL) \
	X(RESOLVE,   3, "resolve",   TEXT,    RESOLVE,  1, 4, 1, NETWORK, 0, "a") \
	X(PORT,      4, "port",      NUMBER,  LINE,     1, 65535, 1, PORTED, BIT(TCP) | BIT(TLS), \
	  NULL) \
	X(PATH,      5, "path",      TEXT,    PATH,     1, 255, 1, WEB, 0, "/") \
	X(METHOD,    6, "method",    TEXT,    METHOD,   1, 16, 1, WEB, 0, "GET") \
	X(HEADERS,   7, "headers",   LIST,    HEADER,   3, 1024, 32, WEB, 0, NULL) \
	X(CODES,     8, "codes",     TEXT,    CODES,    3, 255, 1, WEB, 0, "200-399") \
	X(SEARCH,    9, "search",    TEXT,    LINE,     1, 255, 1, WEB, 0, NULL) \
	X(REDIRECTS, 10, "redirects", TEXT,   REDIRECTS, 6, 6, 1, WEB, 0, "answer") \
	X(HTTP2,    11, "http2",     BOOL,    LINE,     2, 3, 1, BIT(HTTPS), 0, "no") \
	X(SNI,      12, "sni",       BOOL,    LINE,     2, 3, 1, SECURE, 0, "yes") \
	X(SERVER_NAME, 13, "server-name", TEXT, HOST,   1, 253, 1, SECURE, 0, NULL) \
	X(VERIFY,   14, "verify",    BOOL,    LINE,     2, 3, 1, SECURE, 0, "no") \
	X(QUERY_NAME, 15, "query-name", TEXT, NAME,     1, 1004, 1, BIT(DNS), BIT(DNS), NULL) \
	X(QUERY_TYPE, 16, "query-type", TEXT, TYPE,     1, 15, 1, BIT(DNS), 0, "A") \
	X(RCODE,    17, "rcode",     TEXT,    RCODE,    6, 8, 1, BIT(DNS), 0, "NOERROR") \
	X(VALUES,   18, "values",    LIST,    LINE,     1, 1024, 32, BIT(DNS), 0, NULL) \
	X(MIN_RECORDS, 19, "min-records", NUMBER, LINE, 0, 1000, 1, BIT(DNS), 0, "0") \
	X(COMMAND,  20, "command",   LIST,    ARGUMENT, 0, 4096, 64, BIT(COMMAND), BIT(COMMAND), NULL) \
	X(CHILDREN, 21, "children",  LIST,    ID,       1, STEER_CHECK_ID_MAX, 255, BIT(CALCULATED), \
	  BIT(CALCULATED), NULL) \
	X(THRESHOLD, 22, "threshold", NUMBER, LINE,     0, 255, 1, BIT(CALCULATED), BIT(CALCULATED), \
	  NULL) \
	X(INTERVAL, 23, "interval",  TIME,    LINE,     SECOND, DAY, 1, PROBED, 0, "30s") \
	X(CONNECT_TIMEOUT, 24, "connect-timeout", TIME, LINE, SECOND / 10, MINUTE, 1, WEB, 0, "4s") \
	X(RESPONSE_TIMEOUT, 25, "response-timeout", TIME, LINE, SECOND / 10, MINUTE, 1, WEB, 0, "2s") \
	X(BODY_TIMEOUT, 26, "body-timeout", TIME, LINE, SECOND / 10, MINUTE, 1, WEB, 0, "2s") \
	X(TIMEOUT,  27, "timeout",   TIME,    LINE,     SECOND / 10, MINUTE, 1, PROBED, 0, "10s") \
	X(RISE,     28, "rise",      NUMBER,  LINE,     1, 10, 1, PROBED, 0, "3") \
	X(FALL,     29, "fall",      NUMBER,  LINE,     1, 10, 1, PROBED, 0, "3") \
	X(UP_DELAY, 30, "up-delay",  TIME,    LINE,     0, DAY, 1, PROBED, 0, "0s") \
	X(INVERTED, 31, "inverted",  BOOL,    LINE,     2, 3, 1, ALL, 0, "no") \
	X(DISABLED, 32, "disabled",  BOOL,    LINE,     2, 3, 1, ALL, 0, "no")

const steer_health_option_t steer_health_check_options[] = {
#define X(symbol, number, name, kind, form, min, max, items, types, needed, default_value) \
	{ (number), (name), STEER_OPTION_##kind, STEER_FORM_##form, (min), (max), (items), (types), \
	  (needed), (default_value) },
	OPTIONS(X)
#undef X
	{ .name = NULL },
};

enum {
#define X(symbol, number, name, kind, form, min, max, items, types, needed, default_value) \
	OPTION_##symbol = (number),
	OPTIONS(X)
#undef X
};
#define X(symbol, number, ...) \
	_Static_assert((number) >= 1 && (number) <= STEER_OPTIONS_MAX, "no bit for " #symbol);
OPTIONS(X)
#undef X

/*! Defaults that hold for some types only. */
static const struct {
	uint8_t number;
	uint32_t types;
	const char *text;
} type_defaults[] = {
	{ OPTION_PORT,    BIT(HTTP),  "80" },
	{ OPTION_PORT,    BIT(HTTPS), "443" },
	{ OPTION_PORT,    BIT(DNS),   "53" },
	{ OPTION_TIMEOUT, BIT(DNS) | BIT(ICMP), "5s" },
};

/*! Options that are flags, in order. */
static const struct {
	uint8_t number, flag;
} flags[] = {
	{ OPTION_INVERTED, STEER_CHECK_INVERTED },
	{ OPTION_DISABLED, STEER_CHECK_DISABLED },
};
#define FLAGS (sizeof(flags) / sizeof(*flags))

static const char *const type_names[] = {
#define X(symbol, number, name) [number] = (name),
	STEER_CHECK_TYPES(X)
#undef X
};
#define TYPES (sizeof(type_names) / sizeof(*type_names))

const steer_health_option_t *steer_health_check_option(const char *name)
{
	const steer_health_option_t *option = steer_health_check_options;
	while (option->name != NULL && strcmp(option->name, name) != 0) {
		option++;
	}
	return option->name != NULL ? option : NULL;
}

const steer_health_option_t *steer_health_check_option_number(uint8_t number)
{
	const steer_health_option_t *option = steer_health_check_options;
	while (option->name != NULL && option->number != number) {
		option++;
	}
	return option->name != NULL ? option : NULL;
}

const char *steer_health_check_default(const steer_health_option_t *option, uint8_t type)
{
	for (size_t i = 0; i < sizeof(type_defaults) / sizeof(*type_defaults); i++) {
		if (type_defaults[i].number == option->number &&
		    (type_defaults[i].types >> type & 1) != 0) {
			return type_defaults[i].text;
		}
	}
	return option->default_value;
}

uint8_t steer_health_check_flag(const steer_health_option_t *option)
{
	for (size_t i = 0; i < FLAGS; i++) {
		if (flags[i].number == option->number) {
			return flags[i].flag;
		}
	}
	return 0;
}

const char *steer_health_check_type_name(uint8_t type)
{
	return type < TYPES ? type_names[type] : NULL;
}

bool steer_health_check_type_parse(const char *name, uint8_t *type)
{
	for (uint8_t i = STEER_CHECK_NONE + 1; i < TYPES; i++) {
		if (strcmp(type_names[i], name) == 0) {
			*type = i;
			return true;
		}
	}
	return false;
}

bool steer_health_check_id_is_good(const char *id)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/@";
	size_t len = strspn(id, allowed);
	return len >= 1 && len <= STEER_CHECK_ID_MAX && id[len] == '\0';
}

/* Options. */

int steer_health_check_add(steer_health_check_t *check, uint8_t number, const char *text,
                           size_t len)
{
	size_t size = STEER_OPTION_SIZE + len, at = 0;
	if (len > UINT16_MAX || size > sizeof(check->options) - check->options_len) {
		return STEER_ESPACE;
	}
	while (at < check->options_len && get_option_key(check->options + at) <= number) {
		at += STEER_OPTION_SIZE + get_option_length(check->options + at);
	}
	uint8_t *option = check->options + at;
	memmove(option + size, option, check->options_len - at);
	put_option_key(option, number);
	put_option_reserved(option, 0);
	put_option_length(option, len);
	memcpy(option + STEER_OPTION_SIZE, text, len);
	check->options_len += size;
	return STEER_OK;
}

bool steer_health_check_next(const steer_health_check_t *check, size_t *at,
                             const steer_health_option_t **option, const char **text, size_t *len)
{
	if (*at < check->options_len) {
		const uint8_t *from = check->options + *at;
		*option = &steer_health_check_options[get_option_key(from) - 1]; // Known to exist.
		*text = (const char *)from + STEER_OPTION_SIZE;
		*len = get_option_length(from);
		*at += STEER_OPTION_SIZE + *len;
		return true;
	}
	while (*at < check->options_len + FLAGS) { // Each flag has a position after the options.
		size_t flag = (*at)++ - check->options_len;
		if ((check->flags & flags[flag].flag) != 0) {
			*option = &steer_health_check_options[flags[flag].number - 1];
			*text = "yes";
			*len = strlen(*text);
			return true;
		}
	}
	return false;
}

const char *steer_health_check_get(const steer_health_check_t *check, const char *key,
                                   unsigned item, size_t *len)
{
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, text_len;
	while (steer_health_check_next(check, &at, &option, &text, &text_len)) {
		if (strcmp(option->name, key) == 0 && item-- == 0) {
			*len = text_len;
			return text;
		}
	}
	return NULL;
}

unsigned steer_health_check_number(const steer_health_check_t *check, const char *key)
{
	size_t len;
	const char *text = steer_health_check_get(check, key, 0, &len);
	if (text == NULL) {
		text = steer_health_check_default(steer_health_check_option(key), check->type);
		len = text != NULL ? strlen(text) : 0;
	}
	unsigned number = 0;
	for (size_t i = 0; i < len && text[i] >= '0' && text[i] <= '9' && number < UINT16_MAX; i++) {
		number = 10 * number + (text[i] - '0');
	}
	return number;
}

bool steer_health_check_next_child(const steer_health_check_t *check, size_t *at, const char **id,
                                   size_t *len)
{
	const steer_health_option_t *option;
	while (steer_health_check_next(check, at, &option, id, len)) {
		if (option->number == OPTION_CHILDREN) {
			return true;
		}
	}
	return false;
}

/* The value. */

size_t steer_health_check_write(uint8_t *buf, const steer_health_check_t *check)
{
	size_t size = STEER_CHECK_SIZE + check->options_len;
	put_check_format(buf, STEER_CHECK_FORMAT);
	put_check_type(buf, check->type);
	put_check_flags(buf, check->flags);
	put_check_reserved(buf, 0);
	put_check_slot(buf, check->slot);
	put_check_generation(buf, check->generation);
	put_check_options_len(buf, check->options_len);
	put_check_created(buf, check->created);
	memcpy(buf + STEER_CHECK_SIZE, check->options, check->options_len);
	put_check_sum(buf, steer_value_sum(buf, size));
	return size;
}

/*! Whether an option's text has a valid length. */
static bool length_is_good(const steer_health_option_t *option, size_t len)
{
	return option->kind == STEER_OPTION_TEXT || option->kind == STEER_OPTION_LIST
	       ? len >= option->min && len <= option->max
	       : len >= 1 && len <= STEER_OPTION_SHORT;
}

/*! Whether options are whole, in order, for the type, and none has too many values. */
static bool options_are_good(const uint8_t *at, const uint8_t *end, uint8_t type)
{
	unsigned before = 0, items = 0;
	while (at < end) {
		if (end - at < STEER_OPTION_SIZE) {
			return false;
		}
		const steer_health_option_t *option = steer_health_check_option_number(get_option_key(at));
		size_t len = get_option_length(at);
		if (option == NULL || get_option_reserved(at) != 0 || option->number < before ||
		    (option->types >> type & 1) == 0 || steer_health_check_flag(option) != 0 ||
		    len > (size_t)(end - at) - STEER_OPTION_SIZE || !length_is_good(option, len)) {
			return false;
		}
		items = option->number == before ? items + 1 : 1;
		if (items > option->items) {
			return false;
		}
		before = option->number;
		at += STEER_OPTION_SIZE + len;
	}
	return true;
}

int steer_health_check_open(steer_health_check_t *check, const void *value, size_t size)
{
	const uint8_t *at = value;
	if (size < STEER_CHECK_SIZE || size > STEER_CHECK_MAX ||
	    get_check_format(at) != STEER_CHECK_FORMAT ||
	    get_check_sum(at) != steer_value_sum(at, size)) {
		return STEER_EDAMAGED;
	}
	uint8_t type = get_check_type(at), known = STEER_CHECK_INVERTED | STEER_CHECK_DISABLED;
	if (type >= TYPES || (get_check_flags(at) & ~(type != STEER_CHECK_NONE ? known : 0)) != 0 ||
	    get_check_reserved(at) != 0 || get_check_slot(at) >= STEER_CHECKS_MAX ||
	    get_check_options_len(at) != size - STEER_CHECK_SIZE ||
	    !options_are_good(at + STEER_CHECK_SIZE, at + size, type)) {
		return STEER_EDAMAGED;
	}
	check->type = type;
	check->flags = get_check_flags(at);
	check->slot = get_check_slot(at);
	check->generation = get_check_generation(at);
	check->created = get_check_created(at);
	check->given = 0;
	check->options_len = size - STEER_CHECK_SIZE;
	memcpy(check->options, at + STEER_CHECK_SIZE, check->options_len);
	return STEER_OK;
}
