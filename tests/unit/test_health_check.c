/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "formats/health_check.h"
#include "formats/name_text.h"
#include "formats/time.h"
#include "unit/damage.h"
#include "unit/seeds.h"
#include "unit/test.h"

/* Options as text: "key=value", separated by '|'. */

static int set_all(steer_health_check_t *check, const char *type, const char *options,
                   steer_fault_t *fault)
{
	char text[8192], *rest = text, *one;
	*check = (steer_health_check_t) { 0 };
	assert_true(steer_health_check_type_parse(type, &check->type));
	snprintf(text, sizeof(text), "%s", options);
	int ret = STEER_OK;
	while (ret == STEER_OK && (one = strsep(&rest, "|")) != NULL && *one != '\0') {
		char *value = strchr(one, '=');
		*value++ = '\0';
		ret = steer_health_check_set(check, one, value, fault);
	}
	return ret;
}

static const char *print_all(const steer_health_check_t *check)
{
	static char text[8192];
	const steer_health_option_t *option;
	const char *value;
	size_t at = 0, len, end = 0;
	text[0] = '\0';
	while (steer_health_check_next(check, &at, &option, &value, &len)) {
		end += snprintf(text + end, sizeof(text) - end, "%s%s=%.*s", end > 0 ? "|" : "",
		                option->name, (int)len, value);
	}
	return text;
}

static void values_have_one_form(void **state)
{
	(void)state;
	static const struct {
		const char *type, *options, *want;
	} cases[] = {
		{ "https",
		  "address=192.0.2.1|host=WWW.Example.com.|path=healthz|interval=10|timeout=1s|fall=2"
		  "|rise=1", "host=www.example.com|address=192.0.2.1|path=/healthz|interval=10s|timeout=1s"
		  "|rise=1|fall=2" },
		{ "http",
		  "path=/|method=GET|codes=200-399|interval=30s|connect-timeout=4s|timeout=10s"
		  "|response-timeout=2s|body-timeout=2s|redirects=answer|resolve=a|rise=3|fall=3|port=80"
		  "|inverted=no|disabled=no", "" },
		{ "https", "port=443|sni=yes|verify=no|http2=no", "" },
		{ "https", "port=80|sni=no|verify=yes|http2=yes",
		  "port=80|http2=yes|sni=no|verify=yes" },
		{ "tls", "verify=yes|server-name=WWW.Example.com.",
		  "server-name=www.example.com|verify=yes" },
		{ "http", "port=443|timeout=2s", "port=443|timeout=2s" },
		{ "http", "timeout=9s|connect-timeout=1|response-timeout=1500ms|body-timeout=100ms",
		  "connect-timeout=1s|response-timeout=1500ms|body-timeout=100ms|timeout=9s" },
		{ "http", "redirects=follow|resolve=both", "resolve=both|redirects=follow" },
		{ "icmp", "timeout=5000ms|resolve=aaaa|host=H", "host=h|resolve=aaaa" },
		{ "dns", "port=53|query-type=a|rcode=NOERROR|min-records=0|timeout=5|resolve=a", "" },
		{ "dns", "query-name=WWW.Example.com|query-type=aaaa|rcode=NXDOMAIN|min-records=02",
		  "query-name=www.example.com.|query-type=AAAA|rcode=NXDOMAIN|min-records=2" },
		{ "dns", "query-name=.|query-type=TYPE2|values=b.example.|values=a.example.|timeout=10s",
		  "query-name=.|query-type=NS|values=b.example.|values=a.example.|timeout=10s" },
		{ "dns", "query-type=type65280", "query-type=TYPE65280" },
		{ "tcp", "port=00443|timeout=10000ms|interval=1m30s", "port=443|interval=90s" },
		{ "tcp", "interval=3600|timeout=1500ms", "interval=1h|timeout=1500ms" },
		{ "tcp", "address=2001:DB8:0:0::1", "address=2001:db8::1" },
		{ "http", "codes=301, 200-299,300", "codes=200-301" },
		{ "http", "codes=599,100-199 , 200,404", "codes=100-200,404,599" },
		{ "http", "codes=200-299,300-399", "" },
		{ "http", "headers=Accept:text/html  |headers=X-A:  b: c", "headers=Accept: text/html"
		  "|headers=X-A: b: c" },
		{ "http", "search=all  is \xc3\xa4" "well", "search=all  is \xc3\xa4" "well" },
		{ "http", "search= x", "search= x" },
		{ "http", "path=?x=1", "path=/?x=1" },
		{ "command", "command=/bin/true|command=|command=a b|timeout=10s",
		  "command=/bin/true|command=|command=a b" },
		{ "tcp", "up-delay=0|interval=30", "" },
		{ "tcp", "up-delay=90|fall=1", "fall=1|up-delay=90s" },
		{ "calculated", "threshold=0|children=b|children=a|children=b",
		  "children=b|children=a|children=b|threshold=0" },
		{ "manual", "disabled=yes|inverted=yes", "inverted=yes|disabled=yes" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s: %s\n", cases[i].type, cases[i].options);
		steer_health_check_t check;
		steer_fault_t fault = { 0 };
		int ret = set_all(&check, cases[i].type, cases[i].options, &fault);
		assert_string_equal(fault.text, "");
		assert_int_equal(ret, STEER_OK);
		assert_string_equal(print_all(&check), cases[i].want);
	}
}

#define PLACE_KEYS "host, address, resolve, "
#define WEB_KEYS PLACE_KEYS "port, path, method, headers, codes, search, redirects, "
#define STATE_KEYS "timeout, rise, fall, up-delay, inverted, disabled"
#define TIME_KEYS "interval, connect-timeout, response-timeout, body-timeout, " STATE_KEYS

static void what_is_wrong_is_said_with_what_is_allowed(void **state)
{
	(void)state;
	static const struct {
		const char *type, *options, *want;
	} cases[] = {
		{ "http", "porte=1", "porte: no such key; allowed with http: " WEB_KEYS TIME_KEYS },
		{ "https", "children=a", "children: not a key of https; allowed: " WEB_KEYS "http2, sni, "
		  "server-name, verify, "
		  TIME_KEYS },
		{ "http", "sni=yes", "sni: not a key of http; allowed: " WEB_KEYS TIME_KEYS },
		{ "manual", "interval=1s", "interval: not a key of manual; allowed: inverted, disabled" },
		{ "command", "port=1", "port: not a key of command; allowed: command, interval, timeout, "
		  "rise, fall, up-delay, inverted, disabled" },
		{ "calculated", "fall=1", "fall: not a key of calculated; allowed: children, threshold, "
		  "inverted, disabled" },
		{ "tcp", "path=/", "path: not a key of tcp; allowed: " PLACE_KEYS "port, interval, "
		  STATE_KEYS },
		{ "icmp", "port=7", "port: not a key of icmp; allowed: " PLACE_KEYS "interval, "
		  STATE_KEYS },
		{ "dns", "sni=no", "sni: not a key of dns; allowed: " PLACE_KEYS "port, query-name, "
		  "query-type, rcode, values, min-records, interval, " STATE_KEYS },
		{ "http", "http2=yes", "http2: not a key of http; allowed: " WEB_KEYS TIME_KEYS },
		{ "https", "http2=1", "http2: not '1'; allowed: yes, no" },
		{ "http", "redirects=yes", "redirects: not 'yes'; allowed: answer, follow" },
		{ "icmp", "resolve=any", "resolve: not 'any'; allowed: a, aaaa, both" },
		{ "icmp", "resolve=", "resolve: not ''; allowed: a, aaaa, both" },
		{ "dns", "rcode=noerror", "rcode: not 'noerror'; allowed: NOERROR, FORMERR, SERVFAIL, "
		  "NXDOMAIN, NOTIMP, REFUSED" },
		{ "dns", "query-type=ANY", "query-type: not 'ANY'; allowed: a type of records such as A, "
		  "SOA or TYPE65280" },
		{ "dns", "query-type=TYPE65536", "query-type: not 'TYPE65536'; allowed: a type of records "
		  "such as A, SOA or TYPE65280" },
		{ "dns", "query-name=a..b", "query-name: not 'a..b'; allowed: a domain name, up to 1004 "
		  "bytes" },
		{ "dns", "query-name=", "query-name: not ''; allowed: a domain name, up to 1004 bytes" },
		{ "dns", "values=", "values: not ''; allowed: text without control characters, up to 1024 "
		  "bytes" },
		{ "dns", "min-records=1001", "min-records: not '1001'; allowed: 0 to 1000" },
		{ "dns", "port=0", "port: not '0'; allowed: 1 to 65535" },
		{ "tls", "server-name=::1", "server-name: not '::1'; allowed: a name of letters, digits, - "
		  "and _, with dots, and no address, up to 253 bytes" },
		{ "http", "response-timeout=99ms", "response-timeout: not '99ms'; allowed: 100ms to 1m, in "
		  "seconds or with ms, s, m, h, d" },
		{ "http", "body-timeout=61", "body-timeout: not '61'; allowed: 100ms to 1m, in seconds or "
		  "with ms, s, m, h, d" },
		{ "http", "method=CONNECT", "method: not 'CONNECT'; allowed: a method of A-Z other than "
		  "CONNECT, up to 16 bytes" },
		{ "tls", "host=192.0.2.1", "host: not '192.0.2.1'; allowed: a name of letters, digits, - "
		  "and _, with dots, and no address, up to 253 bytes" },
		{ "tcp", "address=0.0.0.0", "address: not '0.0.0.0'; allowed: the IPv4 or IPv6 address of "
		  "a host" },
		{ "tcp", "address=::", "address: not '::'; allowed: the IPv4 or IPv6 address of a host" },
		{ "tcp", "address=239.0.0.1", "address: not '239.0.0.1'; allowed: the IPv4 or IPv6 address "
		  "of a host" },
		{ "tcp", "address=ff02::1", "address: not 'ff02::1'; allowed: the IPv4 or IPv6 address of "
		  "a host" },
		{ "tcp", "address=255.255.255.255", "address: not '255.255.255.255'; allowed: the IPv4 or "
		  "IPv6 address of a host" },
		{ "tcp", "port=1|port=1", "port: given already; allowed: once" },
		{ "tcp", "rise=3|rise=2", "rise: given already; allowed: once" },
		{ "tcp", "inverted=no|inverted=yes", "inverted: given already; allowed: once" },
		{ "tcp", "port=0", "port: not '0'; allowed: 1 to 65535" },
		{ "tcp", "port=65536", "port: not '65536'; allowed: 1 to 65535" },
		{ "tcp", "port=+1", "port: not '+1'; allowed: 1 to 65535" },
		{ "tcp", "port=", "port: not ''; allowed: 1 to 65535" },
		{ "tcp", "port=18446744073709551617", "port: not '18446744073709551617'; allowed: 1 to "
		  "65535" },
		{ "tcp", "rise=11", "rise: not '11'; allowed: 1 to 10" },
		{ "tcp", "up-delay=25h",
		  "up-delay: not '25h'; allowed: 0s to 1d, in seconds or with ms, s, m, h, d" },
		{ "manual", "up-delay=1", "up-delay: not a key of manual; allowed: inverted, disabled" },
		{ "tcp", "interval=999ms",
		  "interval: not '999ms'; allowed: 1s to 1d, in seconds or with ms, s, m, h, d" },
		{ "tcp", "interval=2d",
		  "interval: not '2d'; allowed: 1s to 1d, in seconds or with ms, s, m, h, d" },
		{ "tcp", "timeout=soon",
		  "timeout: not 'soon'; allowed: 100ms to 1m, in seconds or with ms, s, m, h, d" },
		{ "tls", "sni=true", "sni: not 'true'; allowed: yes, no" },
		{ "tls", "address=192.0.2", "address: not '192.0.2'; allowed: the IPv4 or IPv6 address of "
		  "a host" },
		{ "tls", "address=fe80::1%lo",
		  "address: not 'fe80::1%lo'; allowed: the IPv4 or IPv6 address of "
		  "a host" },
		{ "tls", "host=a..b", "host: not 'a..b'; allowed: a name of letters, digits, - and _, with "
		  "dots, and no address, up to 253 bytes" },
		{ "tls", "host=.", "host: not '.'; allowed: a name of letters, digits, - and _, with dots, "
		  "and no address, up to 253 bytes" },
		{ "tls", "host=a b", "host: not 'a b'; allowed: a name of letters, digits, - and _, with "
		  "dots, and no address, up to 253 bytes" },
		{ "http", "path=/a b", "path: not '/a b'; allowed: a path like /healthz?full=1, without "
		  "spaces or '#'; others as %XX, up to 255 bytes" },
		{ "http", "path=", "path: not ''; allowed: a path like /healthz?full=1, without spaces or "
		  "'#'; others as %XX, up to 255 bytes" },
		{ "http", "method=get", "method: not 'get'; allowed: a method of A-Z other than CONNECT, up "
		  "to 16 bytes" },
		{ "http", "headers=Accept", "headers: not 'Accept'; allowed: 'NAME: VALUE', up to 1024 "
		  "bytes" },
		{ "http", "headers=Accept: ",
		  "headers: not 'Accept: '; allowed: 'NAME: VALUE', up to 1024 bytes" },
		{ "http", "headers=A B: c",
		  "headers: not 'A B: c'; allowed: 'NAME: VALUE', up to 1024 bytes" },
		{ "http", "headers=A: b\r\nC: d",
		  "headers: not 'A: b??C: d'; allowed: 'NAME: VALUE', up to 1024 bytes" },
		{ "http", "codes=99", "codes: not '99'; allowed: codes from 100 to 599, like 200-299,301, "
		  "up to 255 bytes" },
		{ "http", "codes=600", "codes: not '600'; allowed: codes from 100 to 599, like "
		  "200-299,301, up to 255 bytes" },
		{ "http", "codes=300-200", "codes: not '300-200'; allowed: codes from 100 to 599, like "
		  "200-299,301, up to 255 bytes" },
		{ "http", "codes=200,", "codes: not '200,'; allowed: codes from 100 to 599, like "
		  "200-299,301, up to 255 bytes" },
		{ "http", "codes=200 300", "codes: not '200 300'; allowed: codes from 100 to 599, like "
		  "200-299,301, up to 255 bytes" },
		{ "http", "search=a\tb", "search: not 'a?b'; allowed: text without control characters, up "
		  "to 255 bytes" },
		{ "http", "search=", "search: not ''; allowed: text without control characters, up to 255 "
		  "bytes" },
		{ "command", "command=true", "command: not 'true'; allowed: the absolute path of a "
		  "program, up to 4096 bytes" },
		{ "calculated", "children=a b", "children: not 'a b'; allowed: a check's id: letters, "
		  "digits and - _ . : / @, up to 128 bytes" },
		{ "calculated", "threshold=256", "threshold: not '256'; allowed: 0 to 255" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s: %s\n", cases[i].type, cases[i].options);
		steer_health_check_t check;
		steer_fault_t fault = { 0 };
		assert_int_equal(set_all(&check, cases[i].type, cases[i].options, &fault), STEER_EINVAL);
		assert_string_equal(fault.text, cases[i].want);
	}
}

static void a_check_needs_what_it_cannot_do_without(void **state)
{
	(void)state;
	static const struct {
		const char *type, *options, *want;
	} cases[] = {
		{ "http", "", "http: needs host, or address" },
		{ "http", "host=h", NULL },
		{ "https", "address=::1", NULL },
		{ "tcp", "host=h", "tcp: needs port" },
		{ "tcp", "port=1", "tcp: needs host, or address" },
		{ "tcp", "port=1|address=192.0.2.1|host=h", "tcp: host with address 192.0.2.1, which alone "
		  "would be probed; allowed: one of them" },
		{ "dns", "address=::1|host=h|query-name=.", "dns: host with address ::1, which alone would "
		  "be probed; allowed: one of them" },
		{ "icmp", "address=::1|host=h", "icmp: host with address ::1, which alone would be probed; "
		  "allowed: one of them" },
		{ "icmp", "", "icmp: needs host, or address" },
		{ "icmp", "address=::1", NULL },
		{ "icmp", "address=::1|resolve=a", NULL },
		{ "https", "address=::1|host=h|resolve=aaaa", "https: resolve with address ::1, so that no "
		  "name is resolved; allowed: one of them" },
		{ "https", "address=::1|host=h", NULL },
		{ "tls", "host=h|port=1|address=192.0.2.1", NULL },
		{ "dns", "host=h", "dns: needs query-name" },
		{ "dns", "query-name=.", "dns: needs host, or address" },
		{ "dns", "host=h|query-name=.", NULL },
		{ "dns", "host=h|query-name=.|values=192.0.2.1|min-records=2", NULL },
		{ "dns", "host=h|query-name=.|values=1 a.|values=2 b.|query-type=MX", NULL },
		{ "dns", "host=h|query-name=.|query-type=AAAA|values=::1|values=192.0.2.1",
		  "values: '192.0.2.1' is not one of AAAA: invalid IPv6 address, near '192.0.2.1'; "
		  "allowed: an address such as 2001:db8::1" },
		{ "dns", "host=h|query-name=.|query-type=MX|values=mail.example.",
		  "values: 'mail.example.' is not one of MX: invalid number, near 'mail.example.'; allowed: "
		  "digits; a record is NAME [TTL] TYPE and all data of the type" },
		{ "dns", "host=h|query-name=.|values=192.0.2.1|rcode=NXDOMAIN", "dns: values with rcode "
		  "NXDOMAIN, which comes without them; allowed: NOERROR" },
		{ "dns", "host=h|query-name=.|min-records=1|rcode=REFUSED", "dns: min-records with rcode "
		  "REFUSED, which comes without records; allowed: NOERROR" },
		{ "https", "host=h|sni=no|server-name=n", "https: server-name with sni no, which sends no "
		  "name; allowed: one of them" },
		{ "https", "address=::1|server-name=n|verify=yes", NULL },
		{ "http", "host=h|body-timeout=1s", "http: body-timeout without search, when no body is "
		  "read; allowed: both" },
		{ "http", "host=h|body-timeout=2s", NULL },
		{ "http", "host=h|body-timeout=1s|search=x", NULL },
		{ "http", "host=h|headers=host: a|headers=X: b|headers=Host: c",
		  "headers: 'Host' given twice; allowed: once" },
		{ "http", "host=h|headers=Host: a|headers=Hosts: c|headers=X: b|headers=X: c", NULL },
		{ "http", "host=h|headers=content-length: 5", "headers: 'content-length', but a probe sends "
		  "no body; allowed: other headers" },
		{ "http", "host=h|headers=A: b|headers=Transfer-Encoding: chunked",
		  "headers: 'Transfer-Encoding', but a probe sends no body; allowed: other headers" },
		{ "icmp", "host=h|interval=1s", NULL },
		{ "icmp", "host=h|interval=1s|timeout=1s", NULL },
		{ "icmp", "host=h|interval=1s|timeout=1001ms",
		  "timeout: 1001ms, but interval is 1s; allowed: up to 1s" },
		{ "icmp", "host=h|timeout=31", "timeout: 31s, but interval is 30s; allowed: up to 30s" },
		{ "command", "command=/x|interval=2m|timeout=1m", NULL },
		{ "http", "host=h|timeout=1s|connect-timeout=2s",
		  "connect-timeout: 2s, but timeout is 1s; allowed: up to 1s" },
		{ "http", "host=h|timeout=1s", NULL },
		{ "http", "host=h|response-timeout=11s",
		  "response-timeout: 11s, but timeout is 10s; allowed: up to 10s" },
		{ "http", "host=h|search=x|body-timeout=6s|interval=5s",
		  "body-timeout: 6s, but interval is 5s; allowed: up to 5s" },
		{ "tls", "host=h", "tls: needs port" },
		{ "command", "", "command: needs command" },
		{ "command", "command=/x", NULL },
		{ "calculated", "threshold=1", "calculated: needs children" },
		{ "calculated", "children=a", "calculated: needs threshold" },
		{ "calculated", "children=a|threshold=1", NULL },
		{ "calculated", "children=a|threshold=2", "threshold: 2, but it has 1 child; allowed: "
		  "0 to 1" },
		{ "calculated", "threshold=3|children=a|children=b", "threshold: 3, but it has 2 "
		  "children; allowed: 0 to 2" },
		{ "manual", "", NULL },
		{ "http", "host=h|method=HEAD|search=x", "http: search with method HEAD, which is answered "
		  "without text; allowed: another method" },
		{ "http", "host=h|method=POST|search=x", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s: %s\n", cases[i].type, cases[i].options);
		steer_health_check_t check;
		steer_fault_t fault = { 0 };
		assert_int_equal(set_all(&check, cases[i].type, cases[i].options, &fault), STEER_OK);
		assert_int_equal(steer_health_check_complete(&check, &fault),
		                 cases[i].want == NULL ? STEER_OK : STEER_EINVAL);
		assert_string_equal(fault.text, cases[i].want == NULL ? "" : cases[i].want);
	}
}

static void what_is_too_much_is_refused(void **state)
{
	(void)state;
	steer_health_check_t check = { .type = STEER_CHECK_CALCULATED };
	steer_fault_t fault = { 0 };
	for (unsigned i = 0; i < 255; i++) {
		assert_int_equal(steer_health_check_set(&check, "children", "c", &fault), STEER_OK);
	}
	assert_int_equal(steer_health_check_set(&check, "children", "c", &fault), STEER_EINVAL);
	assert_string_equal(fault.text, "children: too many; allowed: 255");

	char argument[4098];
	memset(argument, '/', sizeof(argument));
	argument[4097] = '\0';
	check = (steer_health_check_t) { .type = STEER_CHECK_COMMAND };
	assert_int_equal(steer_health_check_set(&check, "command", argument, &fault), STEER_EINVAL);
	argument[4096] = '\0';
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(steer_health_check_set(&check, "command", argument, &fault), STEER_OK);
	}
	assert_int_equal(steer_health_check_set(&check, "command", argument, &fault), STEER_EINVAL);
	assert_string_equal(fault.text, "command: the check becomes too large; allowed: 16360 bytes of "
	                    "values");

	check = (steer_health_check_t) { .type = STEER_CHECK_DNS };
	argument[1025] = '\0';
	assert_int_equal(steer_health_check_set(&check, "values", argument, &fault), STEER_EINVAL);
	argument[1024] = '\0';
	assert_int_equal(steer_health_check_set(&check, "values", argument, &fault), STEER_OK);
	for (unsigned i = 1; i < 32; i++) {
		assert_int_equal(steer_health_check_set(&check, "values", "a", &fault), STEER_OK);
	}
	assert_int_equal(steer_health_check_set(&check, "values", "a", &fault), STEER_EINVAL);
	assert_string_equal(fault.text, "values: too many; allowed: 32");
}

static void the_longest_name_can_be_asked_for(void **state)
{
	(void)state;
	char name[STEER_NAME_TEXT] = "";
	for (unsigned i = 1; i <= 250; i++) { // Labels of 63, 63, 63 and 61 bytes.
		strcat(name, i % 63 == 0 ? "\\001." : "\\001");
	}
	strcat(name, ".");
	steer_health_check_t was = { .type = STEER_CHECK_DNS }, is;
	steer_fault_t fault;
	uint8_t value[STEER_CHECK_MAX];
	size_t len;
	assert_int_equal(steer_health_check_set(&was, "query-name", name, &fault), STEER_OK);
	assert_int_equal(steer_health_check_open(&is, value, steer_health_check_write(value, &was)),
	                 STEER_OK);
	assert_memory_equal(steer_health_check_get(&is, "query-name", 0, &len), name, strlen(name));
	assert_int_equal(len, STEER_NAME_TEXT - 1);
}

static void the_table_says_what_it_does(void **state)
{
	(void)state;
	unsigned number = 0;
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		print_message("  %s\n", option->name);
		assert_int_equal(option->number, ++number);
		assert_ptr_equal(steer_health_check_option(option->name), option);
		assert_ptr_equal(steer_health_check_option_number(option->number), option);
		assert_int_equal(option->needed & ~option->types, 0);
		for (uint8_t type = 1; steer_health_check_type_name(type) != NULL; type++) {
			const char *default_value = steer_health_check_default(option, type);
			if ((option->types >> type & 1) == 0 || default_value == NULL) {
				continue;
			}
			assert_int_equal(option->needed >> type & 1, 0);
			steer_health_check_t check = { .type = type };
			steer_fault_t fault; // A default is in canonical form, or else it would be stored.
			assert_int_equal(steer_health_check_set(&check, option->name, default_value, &fault),
			                 STEER_OK);
			assert_string_equal(print_all(&check), "");
		}
	}
	assert_int_equal(number, 32);
	assert_null(steer_health_check_option("id"));
	assert_null(steer_health_check_option_number(0));
	assert_null(steer_health_check_option_number(33));
	assert_null(steer_health_check_type_name(10));
}

static void every_number_of_an_option_can_be_given(void **state)
{
	(void)state;
	steer_health_check_t check = { .type = STEER_CHECK_TCP };
	for (unsigned number = 1; number <= STEER_OPTIONS_MAX; number++) {
		for (unsigned other = 1; other <= STEER_OPTIONS_MAX; other++) {
			assert_int_equal(steer_health_check_is_given(&check, other), other < number);
		}
		steer_health_check_mark_given(&check, number);
	}
}

static void types_and_ids_are_known(void **state)
{
	(void)state;
	uint8_t type = 99;
	assert_true(steer_health_check_type_parse("manual", &type));
	assert_int_equal(type, STEER_CHECK_MANUAL);
	assert_false(steer_health_check_type_parse("none", &type));
	assert_false(steer_health_check_type_parse("ping", &type));
	assert_string_equal(steer_health_check_type_name(STEER_CHECK_TLS), "tls");

	char id[130];
	memset(id, 'a', 129);
	id[129] = '\0';
	assert_false(steer_health_check_id_is_good(id));
	id[128] = '\0';
	assert_true(steer_health_check_id_is_good(id));
	assert_true(steer_health_check_id_is_good("Web-1_a.b:c/d@e"));
	assert_false(steer_health_check_id_is_good(""));
	assert_false(steer_health_check_id_is_good("a b"));
	assert_false(steer_health_check_id_is_good("*"));
	assert_false(steer_health_check_id_is_good("\xc3\xa4"));
}

/* The value. */

static void a_check_says_what_was_written(void **state)
{
	(void)state;
	steer_health_check_t was, is;
	steer_fault_t fault;
	uint8_t value[STEER_CHECK_MAX];
	assert_int_equal(set_all(&was, "command", "command=/x|interval=1|command=-y|inverted=yes",
	                         &fault), STEER_OK);
	was.slot = STEER_CHECKS_MAX - 1;
	was.generation = UINT32_MAX;
	was.created = 5;
	size_t size = steer_health_check_write(value, &was), len;
	assert_int_equal(steer_health_check_open(&is, value, size), STEER_OK);
	seeds_write("health_check", "check", 0, 4, value, size);
	assert_int_equal(is.type, STEER_CHECK_COMMAND);
	assert_int_equal(is.flags, STEER_CHECK_INVERTED);
	assert_int_equal(is.slot, STEER_CHECKS_MAX - 1);
	assert_int_equal(is.generation, UINT32_MAX);
	assert_int_equal(is.created, 5);
	assert_string_equal(print_all(&is), "command=/x|command=-y|interval=1s|inverted=yes");
	assert_memory_equal(steer_health_check_get(&is, "command", 1, &len), "-y", 2);
	assert_int_equal(len, 2);
	assert_null(steer_health_check_get(&is, "command", 2, &len));
	assert_null(steer_health_check_get(&is, "timeout", 0, &len));
}

static int open_check(const void *value, size_t size)
{
	steer_health_check_t check;
	return steer_health_check_open(&check, value, size);
}

static void a_changed_bit_or_a_cut_damages_a_check(void **state)
{
	(void)state;
	steer_health_check_t check;
	steer_fault_t fault;
	uint8_t value[STEER_CHECK_MAX];
	assert_int_equal(set_all(&check, "tcp", "port=443|host=h", &fault), STEER_OK);
	size_t size = steer_health_check_write(value, &check);
	assert_bits_matter(value, size, open_check);
	for (size_t len = 0; len < size; len++) {
		uint8_t *exact = malloc(len + (len == 0));
		memcpy(exact, value, len);
		if (len >= STEER_CHECK_SIZE) {
			put_check_options_len(exact, len - STEER_CHECK_SIZE);
		}
		if (len >= STEER_SUM_SIZE) {
			sum_up(exact, len);
		}
		// Without its last option it is valid again, and without any.
		bool whole = len == STEER_CHECK_SIZE || len == STEER_CHECK_SIZE + STEER_OPTION_SIZE + 1;
		assert_int_equal(open_check(exact, len), whole ? STEER_OK : STEER_EDAMAGED);
		free(exact);
	}
}

static void fields_out_of_bounds_damage_a_check(void **state)
{
	(void)state;
	enum { HOST = STEER_CHECK_SIZE, PORT = HOST + STEER_OPTION_SIZE + 1 };
	static const damage_t cases[] = {
		{ "another format", 4, 2 },       { "an unknown type", 5, 10 },
		{ "no type, but options", 5, 0 }, { "a type without these options", 5, 9 },
		{ "an unknown flag", 6, 4 },      { "reserved", 7, 1 },
		{ "a slot too high", 11, 1 },     { "more options", 16, 200 },
		{ "an unknown key", HOST, 33 },
		{ "a key of none", HOST, 0 },     { "a key after the next one", HOST, 23 },
		{ "a key twice", HOST, 4 },       { "a key of another type", PORT, 5 },
		{ "a flag as text", PORT, 31 },   { "an option's reserved byte", PORT + 1, 1 },
		{ "no text", HOST + 2, 0 },       { "text past the end", PORT + 2, 4 },
		{ "text of no length", PORT + 3, 1 },
	};
	steer_health_check_t check;
	steer_fault_t fault;
	uint8_t value[STEER_CHECK_MAX];
	assert_int_equal(set_all(&check, "tcp", "port=443|host=h", &fault), STEER_OK);
	size_t size = steer_health_check_write(value, &check);
	assert_damage_is_seen(value, size, open_check, cases, COUNT(cases));
}

/* Times. */

static void spans_of_time_have_units(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t ms;
		const char *printed; /*!< NULL: it is not a time. */
	} cases[] = {
		{ "0", 0, "0s" }, { "30", 30000, "30s" }, { "60", 60000, "1m" },
		{ "1h30m", 5400000, "90m" },
		{ "1500MS", 1500, "1500ms" }, { "1m1ms", 60001, "60001ms" }, { "7d", 604800000, "1w" },
		{ "4294967295", STEER_TIME_MAX, "4294967295s" }, { "4294967296", 0, NULL },
		{ "4294967295s1ms", 0, NULL }, { "99999999999999999999999", 0, NULL }, { "", 0, NULL },
		{ "s", 0, NULL }, { "1x", 0, NULL }, { "1h30", 0, NULL }, { "-1", 0, NULL },
		{ "1.5s", 0, NULL },
		{ "1 s", 0, NULL }, { "3s ", 0, NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  '%s'\n", cases[i].text);
		uint64_t ms;
		char text[STEER_TIME_TEXT];
		assert_int_equal(steer_time_parse(cases[i].text, &ms), cases[i].printed != NULL);
		if (cases[i].printed != NULL) {
			assert_int_equal(ms, cases[i].ms);
			steer_time_print(ms, text);
			assert_string_equal(text, cases[i].printed);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_have_one_form),
		cmocka_unit_test(what_is_wrong_is_said_with_what_is_allowed),
		cmocka_unit_test(a_check_needs_what_it_cannot_do_without),
		cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(the_longest_name_can_be_asked_for),
		cmocka_unit_test(the_table_says_what_it_does),
		cmocka_unit_test(every_number_of_an_option_can_be_given),
		cmocka_unit_test(types_and_ids_are_known),
		cmocka_unit_test(a_check_says_what_was_written),
		cmocka_unit_test(a_changed_bit_or_a_cut_damages_a_check),
		cmocka_unit_test(fields_out_of_bounds_damage_a_check),
		cmocka_unit_test(spans_of_time_have_units),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
