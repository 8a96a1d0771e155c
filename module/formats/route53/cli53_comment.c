/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/cli53_comment.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

/*! Room for a message. */
#define MESSAGE_MAX 512

#define KEY(name) (1u << STEER_CLI53_##name)
/*! What every routing has. */
#define KEYS_ALL (KEY(ROUTING) | KEY(ID) | KEY(HEALTH))

const steer_cli53_field_t steer_cli53_keys[STEER_CLI53_KEYS] = {
	[STEER_CLI53_ROUTING] = { "routing", NULL, false },
	[STEER_CLI53_ID] = { "identifier", "SetIdentifier", false },
	[STEER_CLI53_HEALTH] = { "healthCheckId", "HealthCheckId", false },
	[STEER_CLI53_WEIGHT] = { "weight", "Weight", true },
	[STEER_CLI53_REGION] = { "region", "Region", false },
	[STEER_CLI53_FAILOVER] = { "failover", "Failover", false },
	[STEER_CLI53_CONTINENT] = { "continentCode", "ContinentCode", false },
	[STEER_CLI53_COUNTRY] = { "countryCode", "CountryCode", false },
	[STEER_CLI53_SUBDIVISION] = { "subdivisionCode", "SubdivisionCode", false },
	[STEER_CLI53_MULTIVALUE] = { NULL, "MultiValueAnswer", false },
};

static const struct {
	const char *name;
	unsigned may, needs; /*!< Keys, besides those that all have. */
} routings[] = {
	{ "FAILOVER", KEY(FAILOVER), KEY(FAILOVER) },
	{ "GEOLOCATION", STEER_CLI53_PLACE, 0 },
	{ "LATENCY", KEY(REGION), KEY(REGION) },
	{ "MULTIVALUE", KEY(MULTIVALUE), 0 },
	{ "WEIGHTED", KEY(WEIGHT), KEY(WEIGHT) },
};
#define ROUTINGS (sizeof(routings) / sizeof(*routings))

/*! A comment that is being read. */
typedef struct {
	const char *text;
	size_t at, len;
	steer_cli53_comment_t *out;
	steer_place_t place;
	char message[MESSAGE_MAX]; /*!< What is wrong; "": nothing. */
} comment_t;

static size_t skip(const comment_t *comment, size_t at, int (*is_one)(int c))
{
	while (at < comment->len && is_one((unsigned char)comment->text[at])) {
		at++;
	}
	return at;
}

static bool is_key(steer_cli53_key_t key, const char *word, size_t len)
{
	static const char other[] = "subdivisonCode"; // What cli53 reads, other than it writes.
	const char *name = steer_cli53_keys[key].name;
	return name != NULL &&
	       ((strlen(name) == len && memcmp(name, word, len) == 0) ||
	        (key == STEER_CLI53_SUBDIVISION && strlen(other) == len &&
	         memcmp(other, word, len) == 0));
}

/*! Reads a key and its equals sign. \return STEER_CLI53_KEYS: what is there is none, and told */
static steer_cli53_key_t take_key(comment_t *comment)
{
	const char *word = comment->text + comment->at;
	const size_t end = skip(comment, comment->at, isalpha), len = end - comment->at;
	char shown[STEER_SHOWN];
	steer_cli53_key_t key = 0;
	if (len == 0 || end == comment->len || comment->text[end] != '=') {
		snprintf(comment->message, sizeof(comment->message), "no key of cli53; allowed: "
		         "key=\"text\" or key=number, with a blank between them");
		return STEER_CLI53_KEYS;
	}
	while (key < STEER_CLI53_KEYS && !is_key(key, word, len)) {
		key++;
	}
	if (key == STEER_CLI53_KEYS) {
		snprintf(comment->message, sizeof(comment->message), "%s: no key of cli53; allowed: "
		         "routing, identifier, healthCheckId, weight, region, failover, continentCode, "
		         "countryCode, subdivisionCode", steer_shown(shown, word, len));
	} else if (comment->out->values[key] != NULL) {
		snprintf(comment->message, sizeof(comment->message), "%s: given twice; allowed: once",
		         steer_cli53_keys[key].name);
		key = STEER_CLI53_KEYS;
	}
	comment->at = end + 1;
	return key;
}

/*! Reads a value in quotes into text. \return false: the quotes are not closed */
static bool take_quoted(comment_t *comment, char *text, size_t *len)
{
	for (comment->at++; comment->at < comment->len; comment->at++) {
		char c = comment->text[comment->at];
		if (c == '"') {
			comment->at++;
			return true;
		}
		if (c == '\\' && comment->at + 1 < comment->len) {
			c = comment->text[++comment->at];
		}
		text[(*len)++] = c;
	}
	return false;
}

/*! Reads the value of a key. \param[out] text  Room for the rest of the comment. */
static bool take_value(comment_t *comment, steer_cli53_key_t key, char *text, size_t *len)
{
	const bool quoted = comment->at < comment->len && comment->text[comment->at] == '"';
	const steer_cli53_field_t *is = &steer_cli53_keys[key];
	bool good = quoted != is->number;
	*len = 0;
	if (good && quoted) {
		good = take_quoted(comment, text, len);
	} else if (good) {
		const size_t end = skip(comment, comment->at, isdigit);
		*len = end - comment->at;
		memcpy(text, comment->text + comment->at, *len);
		comment->at = end;
		good = *len > 0;
	}
	if (!good) {
		snprintf(comment->message, sizeof(comment->message), "%s: no %s; allowed: %s=%s", is->name,
		         is->number ? "number" : "text in quotes", is->name,
		         is->number ? "0 to 255, without quotes" : "\"text\"");
	}
	return good;
}

/*! Checks that the keys are those of the routing. */
static void check_keys(comment_t *comment)
{
	const char **values = comment->out->values;
	const bool missing = values[STEER_CLI53_ROUTING] == NULL;
	const char *routing = missing ? "" : values[STEER_CLI53_ROUTING];
	size_t i = 0;
	while (i < ROUTINGS && strcmp(routings[i].name, routing) != 0) {
		i++;
	}
	if (i == ROUTINGS) {
		char shown[STEER_SHOWN];
		comment->place.column = missing ? comment->place.column
		                                : comment->out->columns[STEER_CLI53_ROUTING];
		snprintf(comment->message, sizeof(comment->message), "routing: %s%s; allowed: FAILOVER, "
		         "GEOLOCATION, LATENCY, MULTIVALUE, WEIGHTED", missing ? "missing" : "not ",
		         missing ? "" : steer_shown(shown, routing, strlen(routing)));
		return;
	}
	for (steer_cli53_key_t key = 0; key < STEER_CLI53_KEYS; key++) {
		const bool has = values[key] != NULL;
		if (has && ((routings[i].may | KEYS_ALL) & (1u << key)) == 0) {
			comment->place.column = comment->out->columns[key];
			snprintf(comment->message, sizeof(comment->message), "%s: no key of %s; allowed: with "
			         "the routing that it belongs to", steer_cli53_keys[key].name, routings[i].name);
			return;
		}
		if (!has && (routings[i].needs & (1u << key)) != 0) {
			snprintf(comment->message, sizeof(comment->message), "%s: missing; allowed: one for "
			         "each record of %s", steer_cli53_keys[key].name, routings[i].name);
			return;
		}
	}
	if ((routings[i].may & KEY(MULTIVALUE)) != 0) {
		values[STEER_CLI53_MULTIVALUE] = routing;
		comment->out->columns[STEER_CLI53_MULTIVALUE] = comment->out->columns[STEER_CLI53_ROUTING];
	}
}

/*! Reads the keys and values of a comment. */
static void take_fields(comment_t *comment, char *text)
{
	while (comment->at < comment->len) {
		const uint32_t column = comment->place.column + comment->at;
		const steer_cli53_key_t key = take_key(comment);
		size_t len;
		if (key == STEER_CLI53_KEYS || !take_value(comment, key, text, &len)) {
			comment->place.column = column;
			return;
		}
		text[len] = '\0'; // There is room: the value is shorter than it is with its key.
		comment->out->columns[key] = column;
		comment->out->values[key] = text;
		text += len + 1;
		const size_t next = skip(comment, comment->at, isblank);
		if (next == comment->at && next < comment->len) {
			comment->place.column += comment->at;
			snprintf(comment->message, sizeof(comment->message), "no blank after a value; allowed: "
			         "a blank between two keys");
			return;
		}
		comment->at = next;
	}
	check_keys(comment);
}

int steer_cli53_comment_read(const steer_cli53_line_t *line, char *text,
                             steer_cli53_comment_t *out, steer_report_t *report, bool *good)
{
	comment_t comment = {
		.text = line->comment, .len = line->comment_len, .out = out,
		.place = { line->record.place.file, line->comment_line, line->comment_column },
	};
	const size_t blanks = skip(&comment, 0, isblank);
	comment.text += blanks;
	comment.len -= blanks;
	comment.place.column += blanks;
	while (comment.len > 0 && isspace((unsigned char)comment.text[comment.len - 1])) {
		comment.len--;
	}
	*out = (steer_cli53_comment_t) { .values = { NULL } };
	take_fields(&comment, text);
	*good = comment.message[0] == '\0';
	return *good ? STEER_OK : steer_report(report, &comment.place, comment.message);
}
