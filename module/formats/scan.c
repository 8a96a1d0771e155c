/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/scan.h"

#include <ctype.h>
#include <libzscanner/scanner.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/*! Longest word of a line that a message quotes. */
#define WORD_MAX 40

/*! What is allowed, where libzscanner's own words leave it open. */
static const struct {
	int code;
	const char *text;
} allowed[] = {
	{ ZS_UNSUPPORTED_TYPE, "the class is IN; a type without a name is written TYPE123" },
	{ ZS_CANNOT_TEXT_DATA, "data of a type without a name is written \\# LENGTH HEX" },
	{ ZS_BAD_PREVIOUS_OWNER, "a line that begins with a blank repeats the owner above it" },
	{ ZS_BAD_DNAME_CHAR, "letters, digits, - _ / * and \\DDD; international names as xn--" },
	{ ZS_BAD_OWNER, "letters, digits, - _ / * and \\DDD; international names as xn--" },
	{ ZS_LABEL_OVERFLOW, "at most 63 bytes" },
	{ ZS_DNAME_OVERFLOW, "at most 255 bytes" },
	{ ZS_BAD_ORIGIN, "an absolute name, with a final dot" },
	{ ZS_BAD_DIRECTIVE, "$ORIGIN, $TTL and $INCLUDE" },
	{ ZS_BAD_TTL, "seconds, or a number with s, m, h, d, w" },
	{ ZS_BAD_TIME_UNIT, "s, m, h, d, w" },
	{ ZS_NUMBER8_OVERFLOW, "at most 255" },
	{ ZS_NUMBER16_OVERFLOW, "at most 65535" },
	{ ZS_NUMBER32_OVERFLOW, "at most 4294967295" },
	{ ZS_BAD_NUMBER, "digits; a record is NAME [TTL] TYPE and all data of the type" },
	{ ZS_BAD_ADDRESS_CHAR, "an address such as 192.0.2.1, of AAAA such as 2001:db8::1" },
	{ ZS_BAD_IPV4, "four numbers from 0 to 255" },
	{ ZS_BAD_IPV6, "an address such as 2001:db8::1" },
	{ ZS_BAD_RDATA, "all data of the type" },
	{ ZS_BAD_REST, "one record on a line; text with blanks in quotes" },
	{ ZS_BAD_HEX_CHAR, "0 to 9 and A to F, in pairs" },
	{ ZS_BAD_TEXT_CHAR, "printable ASCII, quotes in pairs; other bytes as \\DDD" },
	{ ZS_BAD_HEX_RDATA, "\\# LENGTH HEX" },
	{ ZS_BAD_SVCB_PARAM, "mandatory=, alpn=, no-default-alpn, port=, ipv4hint=, ipv6hint=, ech= and "
	  "key123=" },
	{ ZS_DUPLICATE_SVCB_KEY, "each parameter once" },
	{ ZS_MISSING_SVCB_MANDATORY, "what mandatory= lists is given, too" },
	{ ZS_EMPTY_LIST_ITEM, "one comma between two items" },
	{ ZS_BAD_LOC_DATA, "data such as 51 30 12 N 0 7 39 W 10m" },
	{ ZS_BAD_ALGORITHM, "a number up to 255, or a name such as ECDSAP256SHA256" },
	{ ZS_UNCOVERED_STATE, "NAME [TTL] TYPE and data; $ORIGIN NAME, $TTL TIME, $INCLUDE FILE" },
	{ ZS_BAD_RDATA_LENGTH, "the number after \\# counts the bytes that follow" },
};

/*! Types and classes in which others express policies, where they are not read. */
static const struct {
	const char *word, *text;
} dialects[] = {
	{ "DYNA", "policies in Steer YAML, or by steerctl set; see steer-policies(7)" },
	{ "DYNC", "policies in Steer YAML, or by steerctl set; see steer-policies(7)" },
	{ "AWS", "NAME TTL AWS ALIAS type target zoneid evaluateTargetHealth" },
};

static const char *allowed_instead(int code, const char *word)
{
	for (size_t i = 0; code == ZS_UNSUPPORTED_TYPE && i < sizeof(dialects) / sizeof(*dialects);
	     i++) {
		if (strcasecmp(word, dialects[i].word) == 0) {
			return dialects[i].text;
		}
	}
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		if (allowed[i].code == code) {
			return allowed[i].text;
		}
	}
	return NULL;
}

/*! Start of the word that is wrong: the scanner gives up in it, or just after its end. */
static const char *word_begin(const char *begin, const char *at, const char *end)
{
	while (at > begin && (at == end || isblank((unsigned char)*at))
	       && isblank((unsigned char)at[-1])) {
		at--;
	}
	while (at > begin && !isblank((unsigned char)at[-1])) {
		at--;
	}
	return at;
}

static void copy_word(char word[WORD_MAX + 1], const char *at, const char *end)
{
	size_t len = 0;
	while (at + len < end && len < WORD_MAX && !isblank((unsigned char)at[len])) {
		word[len] = isprint((unsigned char)at[len]) ? at[len] : '?';
		len++;
	}
	word[len] = '\0';
}

uint32_t steer_scan_error(int code, const char *begin, const char *at, const char *end, char *text,
                          size_t size)
{
	char word[WORD_MAX + 1];
	const char *from = word_begin(begin, at, end);
	copy_word(word, from, end);
	char near[sizeof(word) + 10] = "";
	if (word[0] != '\0') {
		snprintf(near, sizeof(near), ", near '%s'", word);
	}
	const char *what = code == ZS_UNCOVERED_STATE ? "not a line of a zone file" : zs_strerror(code);
	const char *instead = allowed_instead(code, word);
	snprintf(text, size, "%s%s%s%s", what, near, instead != NULL ? "; allowed: " : "",
	         instead != NULL ? instead : "");
	return from - begin + 1;
}
