/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "unit/dns_checks.h"
#include "unit/seeds.h"
#include "unit/test.h"

/* Parts of messages. */

#define HEAD(flags, questions, answers, additional) \
	"AB" flags "\0" questions "\0" answers "\0\0\0" additional
#define OK       "\x81\x80"
#define TC       "\x83\x80"
#define NXDOMAIN "\x81\x83"
#define NAME     "\3www\7example\3net\0" // At 0x0c; example.net at 0x10.
#define A        "\0\1\0\1"
#define MX       "\0\x0f\0\1"
#define TXT      "\0\x10\0\1"
#define TTL      "\0\0\1\x2c"
#define OWNER    "\xc0\x0c"
#define A_7      OWNER A TTL "\0\4\xc0\0\2\7"
#define A_8      OWNER A TTL "\0\4\xc0\0\2\x8"
#define CNAME    OWNER "\0\5\0\1" TTL "\0\4\1a\xc0\x10"
#define OPT      "\0\0\x29\4\xd0\0\0\0\0\0\0"
#define BADVERS  "\0\0\x29\4\xd0\1\0\0\0\0\0"

/*! A message and its length. */
#define MESSAGE(text) text, sizeof(text) - 1

static const struct {
	const char *name; /*!< Of the seed; NULL: it is none. */
	dns_check_t check;
	bool over_tcp;
	const char *message;
	size_t len;
	dns_verdict_t verdict;
	const char *is, *lack;
} cases[] = {
	{ "a", DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\2", "\1") NAME A A_8 A_7 OPT),
	  DNS_GOOD, "NOERROR", "" },
	{ "chain", DNS_CHECK_A, false,
	  MESSAGE(HEAD(OK, "\1", "\3", "\0") NAME A CNAME
	          "\1A\xc0\x10" A TTL "\0\4\xc0\0\2\7" "\1a\xc0\x10" A TTL "\0\4\xc0\0\2\x8"),
	  DNS_GOOD, "NOERROR", "" },
	{ "few", DNS_CHECK_A, true, MESSAGE(HEAD(OK, "\1", "\1", "\0") NAME A A_7),
	  DNS_BAD, "NOERROR", " with 1 record, at least 2 expected" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\0", "\2") NAME A A_7 A_8),
	  DNS_BAD, "NOERROR", " with 0 records, at least 2 expected" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\2", "\0") NAME A A_7 A_7),
	  DNS_BAD, "NOERROR", " without 192.0.2.8" },
	{ "class", DNS_CHECK_A, false,
	  MESSAGE(HEAD(OK, "\1", "\3", "\0") NAME A A_8 A_8 OWNER "\0\1\0\3" TTL "\0\4\xc0\0\2\7"),
	  DNS_BAD, "NOERROR", " without 192.0.2.7" },
	{ "truncated", DNS_CHECK_A, false, MESSAGE(HEAD(TC, "\1", "\2", "\0") NAME A A_7 A_8),
	  DNS_TRUNCATED, "", "" },
	{ NULL, DNS_CHECK_A, true, MESSAGE(HEAD(TC, "\1", "\2", "\0") NAME A A_7 A_8),
	  DNS_GOOD, "NOERROR", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(TC, "\1", "\2", "\0") NAME A A_7 "\xc0"),
	  DNS_TRUNCATED, "", "" },
	{ "mx", DNS_CHECK_MX, false,
	  MESSAGE(HEAD(OK, "\1", "\1", "\0") NAME MX OWNER MX TTL "\0\x9\0\xa\4MAIL\xc0\x10"),
	  DNS_GOOD, "NOERROR", "" },
	{ NULL, DNS_CHECK_MX, false,
	  MESSAGE(HEAD(OK, "\1", "\1", "\0") NAME MX OWNER MX TTL "\0\x9\0\xb\4MAIL\xc0\x10"),
	  DNS_BAD, "NOERROR", " without 10 Mail.example.net" },
	{ "nxdomain", DNS_CHECK_NXDOMAIN, false, MESSAGE(HEAD(NXDOMAIN, "\1", "\0", "\0") NAME A),
	  DNS_GOOD, "NXDOMAIN", "" },
	{ NULL, DNS_CHECK_NXDOMAIN, false, MESSAGE(HEAD(OK, "\1", "\0", "\0") NAME A),
	  DNS_BAD, "NOERROR", "" },
	{ "error", DNS_CHECK_NXDOMAIN, false, MESSAGE(HEAD("\x81\x81", "\0", "\0", "\0")),
	  DNS_BAD, "FORMERR", "" },
	{ "extended", DNS_CHECK_TXT, false, MESSAGE(HEAD(OK, "\1", "\0", "\1") NAME TXT BADVERS),
	  DNS_BAD, "BADVERS", "" },
	{ "txt", DNS_CHECK_TXT, false,
	  MESSAGE(HEAD(OK, "\1", "\1", "\1") NAME TXT OWNER TXT TTL "\0\3\2ab" OPT),
	  DNS_GOOD, "NOERROR", "" },
	{ "malformed", DNS_CHECK_MX, false,
	  MESSAGE(HEAD(OK, "\1", "\1", "\0") NAME MX OWNER MX TTL "\0\4\0\xa\2a"),
	  DNS_BAD, "malformed answer", "" },
	{ "loop", DNS_CHECK_A, false,
	  MESSAGE(HEAD(OK, "\1", "\1", "\0") NAME A "\xc0\x21" A TTL "\0\4\xc0\0\2\7"),
	  DNS_BAD, "malformed answer", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\0", "\0") NAME A "\0"),
	  DNS_BAD, "malformed answer", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\1", "\0") NAME A),
	  DNS_BAD, "malformed answer", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\0", "\0") "\3WWW\7example\3NET\0" A),
	  DNS_BAD, "NOERROR", " with 0 records, at least 2 expected" },
	/* What does not answer the query. */
	{ NULL, DNS_CHECK_A, false, MESSAGE(""), DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE("AB" OK), DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\0", "\0")), DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\0", "\0", "\0")), DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(NXDOMAIN, "\0", "\0", "\0")), DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\2", "\0", "\0") NAME A NAME A),
	  DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD("\1\0", "\1", "\0", "\0") NAME A),
	  DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD("\xa9\0", "\1", "\0", "\0") NAME A),
	  DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\0", "\0") NAME MX),
	  DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\0", "\0") NAME "\0\1\0\3"),
	  DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE(HEAD(OK, "\1", "\0", "\0") "\3wwx\7example\3net\0" A),
	  DNS_NO_ANSWER, "", "" },
	{ NULL, DNS_CHECK_A, false, MESSAGE("AC" OK "\0\1\0\0\0\0\0\0" NAME A),
	  DNS_NO_ANSWER, "", "" },
};

static void writes_queries(void **state)
{
	(void)state;
	static const char want[] = "AB\1\0\0\1\0\0\0\0\0\1" NAME MX OPT;
	uint8_t query[DNS_QUERY_MAX];
	size_t len;
	definition_t *definition = dns_check_new(DNS_CHECK_MX, query, &len);
	assert_non_null(definition);
	assert_int_equal(len, sizeof(want) - 1);
	assert_memory_equal(query, want, len);
	definition_free(definition);
}

static void knows_good_definitions(void **state)
{
	(void)state;
	static const struct {
		const char *name, *type;
		bool without_value, good;
	} stored[] = {
		{ "www.example.net.", "MX", false, true },
		{ "a..b", "MX", false, false },
		{ "", "MX", false, false },
		{ "www.example.net.", "NOTYPE", false, false },
		{ "www.example.net.", "OPT", false, false },
		{ "www.example.net.", "MX", true, false },
		{ NULL, "MX", false, false },
	};
	for (size_t i = 0; i < COUNT(stored); i++) {
		uint8_t query[DNS_QUERY_MAX];
		size_t len;
		definition_t *definition = dns_check_new(DNS_CHECK_MX, query, &len);
		assert_non_null(definition);
		definition->query_name = stored[i].name;
		definition->query_type = stored[i].type;
		if (stored[i].without_value) {
			free(definition->rdata[0]);
			definition->rdata[0] = NULL;
		}
		assert_int_equal(dns_definition_is_good(definition), stored[i].good);
		definition_free(definition);
	}
}

static void reads_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t query[DNS_QUERY_MAX];
		size_t query_len;
		dns_answer_t answer;
		definition_t *definition = dns_check_new(cases[i].check, query, &query_len);
		// The exact size, so that a sanitizer sees the first byte read past it.
		uint8_t *message = malloc(cases[i].len > 0 ? cases[i].len : 1);
		assert_true(definition != NULL && message != NULL);
		memcpy(message, cases[i].message, cases[i].len);
		if (cases[i].name != NULL) {
			seeds_write("dns_message", cases[i].name, cases[i].check, 0, message, cases[i].len);
		}
		dns_answer_read(&answer, definition, query, message, cases[i].len, cases[i].over_tcp);
		assert_int_equal(answer.verdict, cases[i].verdict);
		assert_string_equal(answer.is, cases[i].is);
		assert_string_equal(answer.lack, cases[i].lack);
		free(message);
		definition_free(definition);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_queries),
		cmocka_unit_test(knows_good_definitions),
		cmocka_unit_test(reads_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
