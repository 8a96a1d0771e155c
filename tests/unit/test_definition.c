/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "formats/health_check.h"
#include "steerd/probe/definition.h"
#include "unit/test.h"

/* A check as text: its type, then " key=value" for each option. */

static void read_check(steer_health_check_t *check, const char *text)
{
	char copy[1024], *rest = copy, *option;
	steer_fault_t fault = { 0 };
	assert_true(strlen(text) < sizeof(copy));
	strcpy(copy, text);
	*check = (steer_health_check_t) { 0 };
	assert_true(steer_health_check_type_parse(strsep(&rest, " "), &check->type));
	while ((option = strsep(&rest, " ")) != NULL) {
		char *value = strchr(option, '=');
		*value++ = '\0';
		int ret = steer_health_check_set(check, option, value, &fault);
		assert_string_equal(fault.text, "");
		assert_int_equal(ret, STEER_OK);
	}
}

static definition_t *define(const char *text)
{
	steer_health_check_t check;
	read_check(&check, text);
	definition_t *definition = definition_new(&check);
	assert_non_null(definition);
	return definition;
}

/* Values as text. */

static const char *text_or_none(const char *text)
{
	return text != NULL ? text : "none";
}

static const char *number_text(uint64_t number)
{
	static char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, number);
	return text;
}

static const char *bool_text(bool value)
{
	return value ? "yes" : "no";
}

static const char *list_text(const char *const *list)
{
	static char text[1024];
	text[0] = '\0';
	for (; *list != NULL; list++) {
		strcat(strcat(text, "|"), *list);
	}
	return text;
}

/*! Ranges of the codes that are expected. */
static const char *codes_text(const definition_t *definition)
{
	static char text[256];
	size_t end = 0;
	text[0] = '\0';
	for (long code = 0; code < 1000; code++) {
		if (definition_expects(definition, code) && !definition_expects(definition, code - 1)) {
			end += snprintf(text + end, sizeof(text) - end, "|%ld", code);
		}
		if (!definition_expects(definition, code) && definition_expects(definition, code - 1)) {
			end += snprintf(text + end, sizeof(text) - end, "-%ld", code - 1);
		}
	}
	return text;
}

static const char *families_text(const definition_t *definition)
{
	return definition->ipv4 ? definition->ipv6 ? "both" : "a" : definition->ipv6 ? "aaaa" : "none";
}

/*! What an option has become. */
static const char *value_of(const definition_t *is, const char *option)
{
	const struct {
		const char *option, *value;
	} texts[] = {
		{ "host", is->host }, { "address", is->address }, { "path", is->path },
		{ "method", is->method }, { "search", is->search }, { "server-name", is->server_name },
		{ "query-name", is->query_name }, { "query-type", is->query_type },
		{ "rcode", is->rcode }, { "resolve", families_text(is) },
		{ "redirects", is->follow_redirects ? "follow" : "answer" },
		{ "http2", bool_text(is->http2) }, { "sni", bool_text(is->sni) },
		{ "verify", bool_text(is->verify) },
	};
	const struct {
		const char *option;
		uint64_t value;
	} numbers[] = {
		{ "port", is->port }, { "interval", is->interval }, { "timeout", is->timeout },
		{ "connect-timeout", is->connect_timeout }, { "response-timeout", is->response_timeout },
		{ "body-timeout", is->body_timeout }, { "rise", is->rule.rise }, { "fall", is->rule.fall },
		{ "up-delay", is->rule.up_delay }, { "min-records", is->min_records },
	};
	const struct {
		const char *option;
		const char *const *value;
	} lists[] = {
		{ "headers", is->headers }, { "values", is->values }, { "command", is->command },
	};
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (strcmp(texts[i].option, option) == 0) {
			return text_or_none(texts[i].value);
		}
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (strcmp(numbers[i].option, option) == 0) {
			return number_text(numbers[i].value);
		}
	}
	for (size_t i = 0; i < COUNT(lists); i++) {
		if (strcmp(lists[i].option, option) == 0) {
			return list_text(lists[i].value);
		}
	}
	return strcmp(option, "codes") == 0 ? codes_text(is) : "unknown option";
}

/* Options. */

/*! An option, given with its values, and what it becomes in each type that may have it. */
static const struct {
	const char *option, *given, *want;
} options[] = {
	{ "host",        " host=www.example.com", "www.example.com" },
	{ "address",     " address=2001:db8::1", "2001:db8::1" },
	{ "resolve",     " resolve=aaaa", "aaaa" },
	{ "resolve",     " resolve=both", "both" },
	{ "port",        " port=65535", "65535" },
	{ "path",        " path=/a?b", "/a?b" },
	{ "method",      " method=HEAD", "HEAD" },
	{ "headers",     " headers=A:b headers=C:d", "|A: b|C: d" },
	{ "codes",       " codes=100,200-204,599", "|100-100|200-204|599-599" },
	{ "codes",       " codes=100-599", "|100-599" },
	{ "search",      " search=well", "well" },
	{ "redirects",   " redirects=follow", "follow" },
	{ "http2",       " http2=yes", "yes" },
	{ "sni",         " sni=no", "no" },
	{ "server-name", " server-name=a.example", "a.example" },
	{ "verify",      " verify=yes", "yes" },
	{ "query-name",  " query-name=a.example", "a.example." },
	{ "query-type",  " query-type=NS", "NS" },
	{ "rcode",       " rcode=NXDOMAIN", "NXDOMAIN" },
	{ "values",      " values=192.0.2.1 values=192.0.2.2", "|192.0.2.1|192.0.2.2" },
	{ "min-records", " min-records=1000", "1000" },
	{ "command",     " command=/bin/true command= command=b", "|/bin/true||b" },
	{ "interval",    " interval=1d", "86400000" },
	{ "connect-timeout", " connect-timeout=100ms", "100" },
	{ "response-timeout", " response-timeout=1500ms", "1500" },
	{ "body-timeout", " body-timeout=10s", "10000" },
	{ "timeout",     " timeout=20s", "20000" },
	{ "rise",        " rise=10", "10" },
	{ "fall",        " fall=1", "1" },
	{ "up-delay",    " up-delay=1d", "86400000" },
};

static bool is_read(const char *option)
{
	for (size_t i = 0; i < COUNT(options); i++) {
		if (strcmp(options[i].option, option) == 0) {
			return true;
		}
	}
	return false;
}

static void each_option_that_probes_need_is_read(void **state)
{
	(void)state;
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		bool probed = false;
		for (uint8_t type = 0; steer_health_check_type_name(type) != NULL; type++) {
			probed |= steer_health_check_type_is_probed(type) && (option->types >> type & 1) != 0;
		}
		if (probed && steer_health_check_flag(option) == 0) {
			print_message("  %s\n", option->name);
			assert_true(is_read(option->name));
		}
	}
}

static void an_option_has_its_value_in_every_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(options); i++) {
		uint32_t types = steer_health_check_option(options[i].option)->types;
		for (uint8_t type = 0; steer_health_check_type_name(type) != NULL; type++) {
			if (!steer_health_check_type_is_probed(type) || (types >> type & 1) == 0) {
				continue;
			}
			char text[256];
			snprintf(text, sizeof(text), "%s%s", steer_health_check_type_name(type),
			         options[i].given);
			print_message("  %s\n", text);
			definition_t *definition = define(text);
			assert_int_equal(definition->type, type);
			assert_string_equal(value_of(definition, options[i].option), options[i].want);
			definition_free(definition);
		}
	}
}

static void what_is_not_given_has_its_default(void **state)
{
	(void)state;
	static const struct {
		const char *check, *option, *want;
	} cases[] = {
		{ "http",    "port", "80" },       { "https",   "port", "443" },
		{ "dns",     "port", "53" },       { "http",    "path", "/" },
		{ "http",    "method", "GET" },    { "http",    "codes", "|200-399" },
		{ "http",    "redirects", "answer" }, { "http", "headers", "" },
		{ "http",    "search", "none" },   { "http",    "host", "none" },
		{ "http",    "address", "none" },  { "http",    "resolve", "a" },
		{ "https",   "http2", "no" },      { "https",   "sni", "yes" },
		{ "https",   "verify", "no" },     { "https",   "server-name", "none" },
		{ "dns",     "query-type", "A" },  { "dns",     "rcode", "NOERROR" },
		{ "dns",     "values", "" },       { "dns",     "min-records", "0" },
		{ "command", "command", "" },      { "tcp",     "interval", "30000" },
		{ "tcp",     "timeout", "10000" }, { "dns",     "timeout", "5000" },
		{ "icmp",    "timeout", "5000" },  { "http",    "connect-timeout", "4000" },
		{ "http",    "response-timeout", "2000" }, { "http", "body-timeout", "2000" },
		{ "tcp",     "rise", "3" },        { "tcp",     "fall", "3" },
		{ "tcp",     "up-delay", "0" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s: %s\n", cases[i].check, cases[i].option);
		definition_t *definition = define(cases[i].check);
		assert_string_equal(value_of(definition, cases[i].option), cases[i].want);
		definition_free(definition);
	}
}

static void a_limit_is_cut_to_what_encloses_it(void **state)
{
	(void)state;
	static const struct {
		const char *check;
		uint32_t timeout, connect, response, body;
	} cases[] = {
		{ "http",                         10000, 4000, 2000, 2000 },
		{ "http interval=1s",             1000, 1000, 1000, 1000 },
		{ "http interval=3s",             3000, 3000, 2000, 2000 },
		{ "http timeout=500ms",           500, 500, 500, 500 },
		{ "http timeout=2s interval=1s",  1000, 1000, 1000, 1000 },
		{ "http timeout=1m",              30000, 4000, 2000, 2000 },
		{ "http timeout=1m interval=1m",  60000, 4000, 2000, 2000 },
		{ "http connect-timeout=1m",      10000, 10000, 2000, 2000 },
		{ "http timeout=3s connect-timeout=4s response-timeout=1s body-timeout=5s",
		  3000, 3000, 1000, 3000 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].check);
		definition_t *definition = define(cases[i].check);
		assert_int_equal(definition->timeout, cases[i].timeout);
		assert_int_equal(definition->connect_timeout, cases[i].connect);
		assert_int_equal(definition->response_timeout, cases[i].response);
		assert_int_equal(definition->body_timeout, cases[i].body);
		definition_free(definition);
	}
}

static void codes_outside_of_http_are_not_expected(void **state)
{
	(void)state;
	static const long codes[] = { -1, 0, 99, 600, 639, 640, 1000000 };
	definition_t *definition = define("http codes=100-599");
	for (size_t i = 0; i < COUNT(codes); i++) {
		assert_false(definition_expects(definition, codes[i]));
	}
	definition_free(definition);
}

static void an_equal_check_has_the_same_definition(void **state)
{
	(void)state;
	static const struct {
		const char *one, *other;
		bool same;
	} cases[] = {
		{ "tcp port=1 rise=2",  "tcp rise=2 port=1",    true },
		{ "tcp port=1",         "tcp port=1 fall=3",    true },
		{ "tcp port=1",         "tcp port=2",           false },
		{ "tcp port=1",         "tcp port=1 fall=2",    false },
		{ "tcp port=1",         "tls port=1",           false },
		{ "tcp port=1",         "tcp port=1 inverted=yes", false },
		{ "http headers=a:b headers=c:d", "http headers=c:d headers=a:b", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s and %s\n", cases[i].one, cases[i].other);
		steer_health_check_t other;
		definition_t *one = define(cases[i].one);
		read_check(&other, cases[i].other);
		assert_int_equal(definition_is_of(one, &other), cases[i].same);
		definition_free(one);
	}
}

/*! What a damaged or hostile store may hold, though nobody can set it. */
static void an_interval_is_never_too_short(void **state)
{
	(void)state;
	static const char *const stored[] = { "0s", "0", "1ms" };
	for (size_t i = 0; i < COUNT(stored); i++) {
		steer_health_check_t check;
		read_check(&check, "tcp interval=5s");
		uint8_t *value = memmem(check.options, check.options_len, "5s", 2);
		size_t len = strlen(stored[i]);
		assert_non_null(value);
		put_option_length(value - STEER_OPTION_SIZE, len);
		memcpy(value, stored[i], len);
		check.options_len += len - 2;
		print_message("  %s\n", stored[i]);
		definition_t *definition = definition_new(&check);
		assert_int_equal(definition->interval, 1000);
		definition_free(definition);
	}
}

static void the_largest_check_is_read(void **state)
{
	(void)state;
	steer_health_check_t check = { .type = STEER_CHECK_COMMAND };
	steer_fault_t fault;
	char argument[256] = "/";
	unsigned given = 0;
	memset(argument + 1, 'x', sizeof(argument) - 2);
	while (given < 64 && steer_health_check_set(&check, "command", argument, &fault) == STEER_OK) {
		given++;
	}
	assert_true(check.options_len + sizeof(argument) + STEER_OPTION_SIZE > sizeof(check.options));
	definition_t *definition = definition_new(&check);
	for (unsigned i = 0; i < given; i++) {
		assert_string_equal(definition->command[i], argument);
	}
	assert_null(definition->command[given]);
	definition_free(definition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_that_probes_need_is_read),
		cmocka_unit_test(an_option_has_its_value_in_every_type),
		cmocka_unit_test(what_is_not_given_has_its_default),
		cmocka_unit_test(a_limit_is_cut_to_what_encloses_it),
		cmocka_unit_test(codes_outside_of_http_are_not_expected),
		cmocka_unit_test(an_equal_check_has_the_same_definition),
		cmocka_unit_test(an_interval_is_never_too_short),
		cmocka_unit_test(the_largest_check_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
