/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/health_check_forms.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "formats/host_address.h"
#include "formats/text.h"
#include "formats/time.h"
#include "formats/yaml/scalar.h"

#define TEXT_MAX STEER_FORM_TEXT

/* HTTP status codes. */
#define CODE_MIN 100
#define CODE_MAX 599

/*! The characters of a token (RFC 9110, section 5.6.2) besides letters and digits. */
#define TOKEN_MARKS "!#$%&'*+-.^_`|~"

/*! The words of a form that allows a few; none of any other form. */
static const char *const words[][7] = {
	[STEER_FORM_RESOLVE] = { "a", "aaaa", "both" },
	[STEER_FORM_REDIRECTS] = { "answer", "follow" },
	[STEER_FORM_RCODE] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED" },
};

/* Each writes the canonical text, in TEXT_MAX bytes, or returns false if the value is invalid. */

static bool form_number(const steer_health_option_t *option, const char *value, char *text)
{
	size_t len = strlen(value);
	uint64_t number = 0;
	if (len == 0 || len > 19 || value[strspn(value, "0123456789")] != '\0') {
		return false;
	}
	for (; *value != '\0'; value++) {
		number = number * 10 + (*value - '0');
	}
	snprintf(text, TEXT_MAX, "%" PRIu64, number);
	return number >= option->min && number <= option->max;
}

static bool form_time(const steer_health_option_t *option, const char *value, char *text)
{
	uint64_t ms;
	if (!steer_time_parse(value, &ms) || ms < option->min || ms > option->max) {
		return false;
	}
	steer_time_print(ms, text);
	return true;
}

static bool form_address(const char *value, char *text)
{
	uint8_t address[16];
	int family = steer_host_address_parse(value, address);
	return family != 0 && inet_ntop(family, address, text, TEXT_MAX) != NULL;
}

static bool form_line(const steer_health_option_t *option, const char *value, char *text)
{
	size_t len = strlen(value);
	if (len < option->min || len > option->max || !steer_yaml_is_line(value)) {
		return false;
	}
	memcpy(text, value, len + 1);
	return true;
}

/*! In lower case, without a final dot. */
static bool form_host(const steer_health_option_t *option, const char *value, char *text)
{
	size_t len = strlen(value), label = 0;
	uint8_t address[4];
	len -= len > 1 && value[len - 1] == '.';
	if (len < option->min || len > option->max) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char c = value[i];
		label = c == '.' ? 0 : label + 1;
		bool dot = c == '.' && (i == 0 || value[i - 1] == '.' || i + 1 == len);
		if ((!isalnum(c) && strchr("-_.", c) == NULL) || dot || label > 63) {
			return false;
		}
		text[i] = tolower(c);
	}
	text[len] = '\0';
	return inet_pton(AF_INET, text, address) != 1;
}

/*! In lower case, with the final dot. */
static bool form_name(const char *value, char *text)
{
	uint8_t name[STEER_NAME_MAX];
	if (steer_name_parse(value, name) != STEER_OK) {
		return false;
	}
	steer_name_print(name, text);
	return true;
}

static bool form_type(const char *value, char *text)
{
	uint16_t type;
	if (steer_type_parse(value, &type) != STEER_OK) {
		return false;
	}
	steer_type_text(type, text);
	return true;
}

static bool form_word(const steer_health_option_t *option, const char *value, char *text)
{
	const char *const *word = words[option->form];
	while (*word != NULL && strcmp(*word, value) != 0) {
		word++;
	}
	if (*word == NULL) {
		return false;
	}
	strcpy(text, *word);
	return true;
}

/*! With a leading slash. */
static bool form_path(const steer_health_option_t *option, const char *value, char *text)
{
	size_t len = snprintf(text, TEXT_MAX, "%s%s", value[0] != '/' ? "/" : "", value);
	for (size_t i = 0; i < len && len <= option->max; i++) {
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '#') {
			return false;
		}
	}
	return len <= option->max && value[0] != '\0';
}

static bool form_method(const steer_health_option_t *option, const char *value, char *text)
{
	return form_line(option, value, text) &&
	       value[strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0' &&
	       strcmp(value, "CONNECT") != 0; // It asks for a tunnel.
}

/*! With one space after the colon, and none at the end. */
static bool form_header(const steer_health_option_t *option, const char *value, char *text)
{
	size_t name = 0, len = strlen(value);
	while (isalnum((unsigned char)value[name]) ||
	       (value[name] != '\0' && strchr(TOKEN_MARKS, value[name]) != NULL)) {
		name++;
	}
	if (name == 0 || value[name] != ':' || len > option->max || !steer_yaml_is_line(value)) {
		return false;
	}
	const char *rest = value + name + 1;
	rest += strspn(rest, " ");
	for (len = strlen(rest); len > 0 && rest[len - 1] == ' '; len--) {
	}
	int size = snprintf(text, TEXT_MAX, "%.*s: %.*s", (int)name, value, (int)len, rest);
	return len > 0 && (uint64_t)size <= option->max;
}

/*! Reads a code at *at, which moves past it. \return 0: none. */
static unsigned read_code(const char **at)
{
	size_t len = strspn(*at, "0123456789");
	unsigned code = len == 3 ? (*at)[0] * 100 + (*at)[1] * 10 + (*at)[2] - '0' * 111 : 0;
	*at += len;
	return code >= CODE_MIN && code <= CODE_MAX ? code : 0;
}

/*! Marks the codes of a text like "200-299, 301". */
static bool read_codes(const char *at, bool codes[CODE_MAX + 2])
{
	for (bool more = true; more; at++) {
		at += strspn(at, " ");
		unsigned first = read_code(&at), last = first;
		if (*at == '-') {
			at++;
			last = read_code(&at);
		}
		if (first == 0 || last < first) {
			return false;
		}
		memset(codes + first, true, last - first + 1);
		at += strspn(at, " ");
		more = *at == ',';
		if (!more && *at != '\0') {
			return false;
		}
	}
	return true;
}

/*! Ascending, joined into ranges, with commas and no spaces. */
static bool form_codes(const steer_health_option_t *option, const char *value, char *text)
{
	bool codes[CODE_MAX + 2] = { false };
	size_t len = 0;
	if (!read_codes(value, codes)) {
		return false;
	}
	for (unsigned first = CODE_MIN; first <= CODE_MAX && len <= option->max; first++) {
		unsigned last = first;
		while (codes[last + 1]) {
			last++;
		}
		if (!codes[first]) {
			continue;
		}
		len += snprintf(text + len, TEXT_MAX - len, "%s%u", len > 0 ? "," : "", first);
		if (last > first) {
			len += snprintf(text + len, TEXT_MAX - len, "-%u", last);
		}
		first = last;
	}
	return len <= option->max;
}

static bool form_text(const steer_health_option_t *option, unsigned item, const char *value,
                      char *text)
{
	switch (option->form) {
	case STEER_FORM_HOST:
		return form_host(option, value, text);
	case STEER_FORM_NAME:
		return form_name(value, text);
	case STEER_FORM_TYPE:
		return form_type(value, text);
	case STEER_FORM_PATH:
		return form_path(option, value, text);
	case STEER_FORM_METHOD:
		return form_method(option, value, text);
	case STEER_FORM_HEADER:
		return form_header(option, value, text);
	case STEER_FORM_CODES:
		return form_codes(option, value, text);
	case STEER_FORM_ARGUMENT:
		return form_line(option, value, text) && (item > 0 || value[0] == '/');
	case STEER_FORM_ID:
		return form_line(option, value, text) && steer_health_check_id_is_good(value);
	case STEER_FORM_RESOLVE:
	case STEER_FORM_REDIRECTS:
	case STEER_FORM_RCODE:
		return form_word(option, value, text);
	default:
		return form_line(option, value, text);
	}
}

bool steer_form_make(const steer_health_option_t *option, unsigned item, const char *value,
                     char text[STEER_FORM_TEXT])
{
	switch (option->kind) {
	case STEER_OPTION_NUMBER:
		return form_number(option, value, text);
	case STEER_OPTION_TIME:
		return form_time(option, value, text);
	case STEER_OPTION_ADDRESS:
		return form_address(value, text);
	case STEER_OPTION_BOOL:
		return form_line(option, value, text) &&
		       (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0);
	default:
		return form_text(option, item, value, text);
	}
}

/* What is allowed. */

static void allowed_words(const char *const *word, char *text, size_t size)
{
	size_t len = 0;
	for (; *word != NULL && len < size; word++) {
		len += snprintf(text + len, size - len, "%s%s", len > 0 ? ", " : "", *word);
	}
}

static void allowed_text(const steer_health_option_t *option, unsigned item, char *text,
                         size_t size)
{
	static const char *const forms[] = {
		[STEER_FORM_LINE] = "text without control characters",
		[STEER_FORM_HOST] = "a name of letters, digits, - and _, with dots, and no address",
		[STEER_FORM_NAME] = "a domain name",
		[STEER_FORM_PATH] = "a path like /healthz?full=1, without spaces or '#'; others as %XX",
		[STEER_FORM_METHOD] = "a method of A-Z other than CONNECT",
		[STEER_FORM_HEADER] = "'NAME: VALUE'",
		[STEER_FORM_CODES] = "codes from 100 to 599, like 200-299,301",
		[STEER_FORM_ARGUMENT] = "text without control characters",
		[STEER_FORM_ID] = "a check's id: letters, digits and - _ . : / @",
	};
	if (option->form == STEER_FORM_TYPE) {
		snprintf(text, size, "a type of records such as A, SOA or TYPE65280");
		return;
	}
	if (words[option->form][0] != NULL) {
		allowed_words(words[option->form], text, size);
		return;
	}
	const char *what = option->form == STEER_FORM_ARGUMENT && item == 0
	                   ? "the absolute path of a program" : forms[option->form];
	snprintf(text, size, "%s, up to %" PRIu64 " bytes", what, option->max);
}

void steer_form_allowed(const steer_health_option_t *option, unsigned item, char *text, size_t size)
{
	char min[STEER_TIME_TEXT], max[STEER_TIME_TEXT];
	switch (option->kind) {
	case STEER_OPTION_NUMBER:
		snprintf(text, size, "%" PRIu64 " to %" PRIu64, option->min, option->max);
		break;
	case STEER_OPTION_TIME:
		steer_time_print(option->min, min);
		steer_time_print(option->max, max);
		snprintf(text, size, "%s to %s, in seconds or with ms, s, m, h, d", min, max);
		break;
	case STEER_OPTION_ADDRESS:
		snprintf(text, size, "the IPv4 or IPv6 address of a host");
		break;
	case STEER_OPTION_BOOL:
		snprintf(text, size, "yes, no");
		break;
	default:
		allowed_text(option, item, text, size);
		break;
	}
}
