/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/cli53.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/route53/escapes.h"
#include "formats/route53/lists.h"
#include "formats/route53/zones.h"

/*! Room for a message. */
#define MESSAGE_MAX 512
/*! Most bytes of all texts, whose offsets have 32 bits. */
#define TEXTS_MAX INT32_MAX

typedef enum {
	KEY_ROUTING, KEY_ID, KEY_HEALTH, KEY_WEIGHT, KEY_REGION, KEY_FAILOVER, KEY_CONTINENT,
	KEY_COUNTRY, KEY_SUBDIVISION, KEY_MULTIVALUE, KEYS
} word_t;

#define KEY(key) (1u << (key))
/*! What every routing has. */
#define KEYS_ALL (KEY(KEY_ROUTING) | KEY(KEY_ID) | KEY(KEY_HEALTH))

/*! The keys of a comment, and the fields of Route 53 that they are. */
static const struct {
	const char *name, *field;
	bool number;
} keys[KEYS] = {
	[KEY_ROUTING] = { "routing", NULL, false },
	[KEY_ID] = { "identifier", "SetIdentifier", false },
	[KEY_HEALTH] = { "healthCheckId", "HealthCheckId", false },
	[KEY_WEIGHT] = { "weight", "Weight", true },
	[KEY_REGION] = { "region", "Region", false },
	[KEY_FAILOVER] = { "failover", "Failover", false },
	[KEY_CONTINENT] = { "continentCode", "ContinentCode", false },
	[KEY_COUNTRY] = { "countryCode", "CountryCode", false },
	[KEY_SUBDIVISION] = { "subdivisionCode", "SubdivisionCode", false },
	[KEY_MULTIVALUE] = { NULL, "MultiValueAnswer", false },
};

#define KEYS_GEO (KEY(KEY_CONTINENT) | KEY(KEY_COUNTRY) | KEY(KEY_SUBDIVISION))

static const struct {
	const char *name;
	unsigned may, needs; /*!< Keys, besides those that all have. */
} routings[] = {
	{ "FAILOVER", KEY(KEY_FAILOVER), KEY(KEY_FAILOVER) },
	{ "GEOLOCATION", KEYS_GEO, 0 },
	{ "LATENCY", KEY(KEY_REGION), KEY(KEY_REGION) },
	{ "MULTIVALUE", KEY(KEY_MULTIVALUE), 0 },
	{ "WEIGHTED", KEY(KEY_WEIGHT), KEY(KEY_WEIGHT) },
};
#define ROUTINGS (sizeof(routings) / sizeof(*routings))

/*! A line. Texts are offsets; 0: none. */
typedef struct {
	steer_place_t place;
	uint32_t number;       /*!< In the order of the lines. */
	uint32_t run;          /*!< Number of the run of lines in a file. */
	uint32_t owner, type, ttl;
	uint32_t value;        /*!< As text; of an alias the name of its target. */
	uint32_t zone_id;      /*!< Of an alias. */
	bool alias, evaluate;
	uint32_t fields[KEYS];
	uint32_t field_line, columns[KEYS];
} line_t;

struct steer_cli53 {
	const steer_reading_t *sink;
	steer_text_t *text; /*!< NULL: there was no line yet, as in most zone files. */
	char *scratch;      /*!< Likewise. */
	line_t *lines;
	size_t count, room;
	char *texts;
	size_t texts_len, texts_room;
};

steer_cli53_t *steer_cli53_new(const steer_reading_t *sink)
{
	steer_cli53_t *cli53 = calloc(1, sizeof(*cli53));
	if (cli53 != NULL) {
		cli53->sink = sink;
	}
	return cli53;
}

void steer_cli53_free(steer_cli53_t *cli53)
{
	if (cli53 != NULL) {
		steer_text_free(cli53->text);
		free(cli53->scratch);
		free(cli53->lines);
		free(cli53->texts);
		free(cli53);
	}
}

static const char *text_at(const steer_cli53_t *cli53, uint32_t at)
{
	return cli53->texts + at;
}

/*! Keeps a text. \return Its offset; 0: out of memory */
static uint32_t keep(steer_cli53_t *cli53, const char *text, size_t len)
{
	const size_t begin = cli53->texts_len > 0 ? cli53->texts_len : 1;
	char *texts = begin + len < TEXTS_MAX ? steer_array_grown(cli53->texts, &cli53->texts_room,
	                                                          begin + len + 1, 1) : NULL;
	if (texts == NULL) {
		return 0;
	}
	cli53->texts = texts;
	texts[0] = '\0';
	memcpy(texts + begin, text, len);
	texts[begin + len] = '\0';
	cli53->texts_len = begin + len + 1;
	return begin;
}

static int no_memory(const steer_report_t *report)
{
	return steer_fault(report->fault, STEER_ENOMEM, "out of memory");
}

/* Comments. */

/*! A comment that is being read. */
typedef struct {
	const char *text;
	size_t at, len;
	line_t *line;
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

static bool is_key(word_t key, const char *word, size_t len)
{
	static const char other[] = "subdivisonCode"; // What cli53 reads, other than it writes.
	const char *name = keys[key].name;
	return name != NULL &&
	       ((strlen(name) == len && memcmp(name, word, len) == 0) ||
	        (key == KEY_SUBDIVISION && strlen(other) == len && memcmp(other, word, len) == 0));
}

/*! Reads a key and its equals sign. \return KEYS: what is there is none, and told */
static word_t take_key(comment_t *comment)
{
	const char *word = comment->text + comment->at;
	const size_t end = skip(comment, comment->at, isalpha), len = end - comment->at;
	char shown[STEER_SHOWN];
	word_t key = 0;
	if (len == 0 || end == comment->len || comment->text[end] != '=') {
		snprintf(comment->message, sizeof(comment->message), "no key of cli53; allowed: "
		         "key=\"text\" or key=number, with a blank between them");
		return KEYS;
	}
	while (key < KEYS && !is_key(key, word, len)) {
		key++;
	}
	if (key == KEYS) {
		snprintf(comment->message, sizeof(comment->message), "%s: no key of cli53; allowed: "
		         "routing, identifier, healthCheckId, weight, region, failover, continentCode, "
		         "countryCode, subdivisionCode", steer_shown(shown, word, len));
	} else if (comment->line->fields[key] != 0) {
		snprintf(comment->message, sizeof(comment->message), "%s: given twice; allowed: once",
		         keys[key].name);
		key = KEYS;
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
static bool take_value(comment_t *comment, word_t key, char *text, size_t *len)
{
	const bool quoted = comment->at < comment->len && comment->text[comment->at] == '"';
	bool good = quoted != keys[key].number;
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
		snprintf(comment->message, sizeof(comment->message), "%s: no %s; allowed: %s=%s",
		         keys[key].name, keys[key].number ? "number" : "text in quotes", keys[key].name,
		         keys[key].number ? "0 to 255, without quotes" : "\"text\"");
	}
	return good;
}

/*! Checks that the keys are those of the routing. */
static void check_keys(comment_t *comment, const char *routing, unsigned given)
{
	size_t i = 0;
	while (i < ROUTINGS && strcmp(routings[i].name, routing) != 0) {
		i++;
	}
	if (i == ROUTINGS) {
		char shown[STEER_SHOWN];
		const bool missing = (given & KEY(KEY_ROUTING)) == 0;
		comment->place.column = missing ? comment->place.column
		                                : comment->line->columns[KEY_ROUTING];
		snprintf(comment->message, sizeof(comment->message), "routing: %s%s; allowed: FAILOVER, "
		         "GEOLOCATION, LATENCY, MULTIVALUE, WEIGHTED", missing ? "missing" : "not ",
		         missing ? "" : steer_shown(shown, routing, strlen(routing)));
		return;
	}
	for (word_t key = 0; key < KEYS; key++) {
		const bool has = (given & KEY(key)) != 0;
		if (has && ((routings[i].may | KEYS_ALL) & KEY(key)) == 0) {
			comment->place.column = comment->line->columns[key];
			snprintf(comment->message, sizeof(comment->message), "%s: no key of %s; allowed: with "
			         "the routing that it belongs to", keys[key].name, routings[i].name);
		} else if (!has && (routings[i].needs & KEY(key)) != 0) {
			snprintf(comment->message, sizeof(comment->message), "%s: missing; allowed: one for "
			         "each record of %s", keys[key].name, routings[i].name);
		}
	}
	if ((routings[i].may & KEY(KEY_MULTIVALUE)) != 0) {
		comment->line->fields[KEY_MULTIVALUE] = comment->line->fields[KEY_ROUTING];
		comment->line->columns[KEY_MULTIVALUE] = comment->line->columns[KEY_ROUTING];
	}
}

/*! Reads the keys and values of a comment. \return false: out of memory */
static bool take_fields(steer_cli53_t *cli53, comment_t *comment, char *text)
{
	line_t *line = comment->line;
	unsigned given = 0;
	while (comment->at < comment->len && comment->message[0] == '\0') {
		const uint32_t column = comment->place.column + comment->at;
		const word_t key = take_key(comment);
		size_t len;
		if (key == KEYS || !take_value(comment, key, text, &len)) {
			comment->place.column = column;
			return true;
		}
		given |= KEY(key);
		line->columns[key] = column;
		line->fields[key] = keep(cli53, text, len);
		if (line->fields[key] == 0) {
			return false;
		}
		const size_t next = skip(comment, comment->at, isblank);
		if (next == comment->at && next < comment->len) {
			comment->place.column += comment->at;
			snprintf(comment->message, sizeof(comment->message), "no blank after a value; allowed: "
			         "a blank between two keys");
		}
		comment->at = next;
	}
	if (comment->message[0] == '\0') {
		check_keys(comment, text_at(cli53, line->fields[KEY_ROUTING]), given);
	}
	return true;
}

/*! Takes the comment of a line. \return STEER_OK, also after an error that was told */
static int take_comment(steer_cli53_t *cli53, const steer_cli53_line_t *from, line_t *line,
                        steer_report_t *report, bool *good)
{
	comment_t comment = {
		.text = from->comment, .len = from->comment_len, .line = line,
		.place = { line->place.file, from->comment_line, from->comment_column },
	};
	const size_t blanks = skip(&comment, 0, isblank);
	comment.text += blanks;
	comment.len -= blanks;
	comment.place.column += blanks;
	while (comment.len > 0 && isspace((unsigned char)comment.text[comment.len - 1])) {
		comment.len--;
	}
	line->field_line = from->comment_line;
	char *text = malloc(comment.len + 1);
	const bool kept = text != NULL && take_fields(cli53, &comment, text);
	free(text);
	if (!kept) {
		return no_memory(report);
	}
	*good = comment.message[0] == '\0';
	return *good ? STEER_OK : steer_report(report, &comment.place, comment.message);
}

/* Data. */

/*! Keeps a name as Route 53 writes it. */
static uint32_t keep_name(steer_cli53_t *cli53, const uint8_t *name)
{
	char text[STEER_NAME_TEXT];
	steer_name_print(name, text);
	steer_decimal_rewrite(text);
	return keep(cli53, text, strlen(text));
}

/*! Takes the data of a record, as text of Route 53. */
static int take_data(steer_cli53_t *cli53, const steer_text_record_t *record, line_t *line,
                     steer_report_t *report, bool *good)
{
	char type[STEER_TYPE_TEXT], message[128];
	const char *value = steer_rdata_print(cli53->text, record->type, record->rdata,
	                                      record->rdata_len);
	const size_t len = strlen(value);
	*good = len <= STEER_JSON_TEXT_MAX;
	if (!*good) {
		snprintf(message, sizeof(message), "data of %zu bytes as text; allowed: %d", len,
		         STEER_JSON_TEXT_MAX);
		return steer_report(report, &record->place, message);
	}
	steer_type_text(record->type, type);
	line->type = keep(cli53, type, strlen(type));
	line->value = keep(cli53, value, len);
	if (line->type == 0 || line->value == 0) {
		return no_memory(report);
	}
	steer_decimal_rewrite(cli53->texts + line->value);
	return STEER_OK;
}

/*! The words of an alias's data. */
enum { DATA_TYPE, DATA_TARGET, DATA_ZONE, DATA_EVALUATE, DATA };

/*!
 * Finds the target of an alias: a name is relative only in its own zone.
 *
 * \return false: it is no name
 */
static bool find_target(const steer_cli53_line_t *from, const char *text, const char *zone,
                        uint8_t *target)
{
	uint8_t origin[STEER_NAME_MAX];
	char names[STEER_NAME_TEXT];
	steer_name_print(from->origin, names); // In upper case, too.
	return steer_name_parse(names, origin) == STEER_OK &&
	       (strcmp(zone, "$self") == 0 ? steer_name_parse_in(text, origin, target)
	                                   : steer_name_parse(text, target)) == STEER_OK;
}

/*! Takes the four words of an alias. \return What is wrong; NULL: nothing. */
static const char *take_words(steer_cli53_t *cli53, const steer_cli53_line_t *from,
                              const char *const words[DATA], line_t *line)
{
	uint8_t target[STEER_NAME_MAX];
	line->evaluate = strcmp(words[DATA_EVALUATE], "true") == 0;
	if (!line->evaluate && strcmp(words[DATA_EVALUATE], "false") != 0) {
		return "evaluateTargetHealth is neither; allowed: true, false";
	}
	if (!find_target(from, words[DATA_TARGET], words[DATA_ZONE], target)) {
		return "the target of ALIAS is not a domain name; allowed: names like www.example.com.";
	}
	line->alias = true;
	line->type = keep(cli53, words[DATA_TYPE], strlen(words[DATA_TYPE]));
	line->value = keep_name(cli53, target);
	line->zone_id = keep(cli53, words[DATA_ZONE], strlen(words[DATA_ZONE]));
	return NULL;
}

static int take_alias(steer_cli53_t *cli53, const steer_cli53_line_t *from, line_t *line,
                      steer_report_t *report, bool *good)
{
	static const char *const allowed =
		"ALIAS without its data; allowed: type target zoneid evaluateTargetHealth";
	char words[DATA][STEER_NAME_TEXT];
	const char *const given[DATA] = { words[0], words[1], words[2], words[3] };
	steer_line_t entry = from->alias;
	const char *word, *wrong = NULL;
	size_t len, count = 0;
	for (; (word = steer_line_word(&entry, &len)) != NULL; count++) {
		if (count == DATA || len >= sizeof(*words)) {
			wrong = allowed;
			break;
		}
		words[count][steer_word_unquote(word, len, words[count])] = '\0';
	}
	wrong = count < DATA ? allowed : wrong;
	wrong = wrong == NULL ? take_words(cli53, from, given, line) : wrong;
	*good = wrong == NULL;
	if (!*good) {
		return steer_report(report, &line->place, wrong);
	}
	return line->type == 0 || line->value == 0 || line->zone_id == 0 ? no_memory(report)
	                                                                 : STEER_OK;
}

/*! Makes what lines need. \return false: out of memory */
static bool prepare(steer_cli53_t *cli53)
{
	if (cli53->text == NULL) {
		cli53->text = steer_text_new();
	}
	if (cli53->scratch == NULL) {
		cli53->scratch = malloc(STEER_JSON_TEXT_MAX + 1);
	}
	return cli53->text != NULL && cli53->scratch != NULL;
}

int steer_cli53_take(steer_cli53_t *cli53, const steer_cli53_line_t *from, steer_report_t *report)
{
	line_t *lines = steer_array_grown(cli53->lines, &cli53->room, cli53->count + 1,
	                                  sizeof(*lines));
	if (lines == NULL || !prepare(cli53)) {
		cli53->lines = lines != NULL ? lines : cli53->lines;
		return no_memory(report);
	}
	cli53->lines = lines;
	const line_t *last = cli53->count > 0 ? &lines[cli53->count - 1] : NULL;
	line_t line = {
		.place = from->record.place, .number = cli53->count, .ttl = from->record.ttl,
		.owner = keep_name(cli53, from->record.owner),
	};
	line.run = last == NULL ? 0 : last->run + (last->place.file != line.place.file);
	bool good = true, good_data = false;
	int ret = line.owner == 0 ? no_memory(report) : STEER_OK;
	if (ret == STEER_OK && from->comment != NULL) {
		ret = take_comment(cli53, from, &line, report, &good);
	}
	if (ret == STEER_OK) {
		ret = from->alias.at != NULL ? take_alias(cli53, from, &line, report, &good_data)
		                             : take_data(cli53, &from->record, &line, report, &good_data);
	}
	if (ret == STEER_OK && good && good_data) {
		lines[cli53->count++] = line;
	}
	return ret;
}

/* Record sets. */

static int compare_sets(const steer_cli53_t *cli53, const line_t *x, const line_t *y)
{
	int order = (x->run > y->run) - (x->run < y->run);
	order = order != 0 ? order : strcmp(text_at(cli53, x->owner), text_at(cli53, y->owner));
	order = order != 0 ? order : strcasecmp(text_at(cli53, x->type), text_at(cli53, y->type));
	return order != 0 ? order : strcmp(text_at(cli53, x->fields[KEY_ID]),
	                                   text_at(cli53, y->fields[KEY_ID]));
}

static int by_set(const void *a, const void *b, void *cli53)
{
	const line_t *x = a, *y = b;
	const int order = compare_sets(cli53, x, y);
	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/*! JSON that is being made. */
typedef struct {
	const steer_cli53_t *cli53;
	steer_json_t *json;
	bool short_of_memory;
} maker_t;

/*! Adds a value. \return Its number */
static uint32_t add(maker_t *maker, steer_json_kind_t kind, uint32_t line, uint32_t column,
                    const char *text)
{
	steer_json_t *json = maker->json;
	const size_t len = strlen(text);
	steer_json_value_t *values = steer_array_grown(json->values, &json->room, json->count + 1,
	                                               sizeof(*values));
	json->values = values != NULL ? values : json->values;
	char *texts = steer_array_grown(json->texts, &json->texts_room, json->texts_len + len + 1, 1);
	json->texts = texts != NULL ? texts : json->texts;
	if (values == NULL || texts == NULL || json->count == UINT32_MAX - 1 ||
	    json->texts_len + len >= UINT32_MAX) {
		maker->short_of_memory = true;
		return 0;
	}
	values[json->count] = (steer_json_value_t) {
		.kind = kind, .line = line, .column = column, .text = json->texts_len,
		.truth = strcmp(text, "true") == 0, .next = json->count + 1,
	};
	memcpy(texts + json->texts_len, text, len + 1);
	json->texts_len += len + 1;
	return json->count++;
}

/*! Ends a list or an object. */
static void end(maker_t *maker, uint32_t number)
{
	if (!maker->short_of_memory) {
		maker->json->values[number].next = maker->json->count;
	}
}

/*! Adds a key, and a value at the place of a line. \return Number of the value */
static uint32_t add_field(maker_t *maker, const line_t *line, const char *key,
                          steer_json_kind_t kind, const char *text)
{
	add(maker, STEER_JSON_TEXT, line->place.line, line->place.column, key);
	return add(maker, kind, line->place.line, line->place.column, text);
}

/*! Adds the fields of a comment that are given. */
static void add_keys(maker_t *maker, const line_t *line, unsigned which)
{
	for (word_t key = 0; key < KEYS; key++) {
		if (line->fields[key] == 0 || keys[key].field == NULL || (which & KEY(key)) == 0) {
			continue;
		}
		const char *text = text_at(maker->cli53, line->fields[key]);
		add(maker, STEER_JSON_TEXT, line->field_line, line->columns[key], keys[key].field);
		if (key == KEY_MULTIVALUE) {
			add(maker, STEER_JSON_BOOL, line->field_line, line->columns[key], "true");
		} else {
			add(maker, keys[key].number ? STEER_JSON_NUMBER : STEER_JSON_TEXT, line->field_line,
			    line->columns[key], text);
		}
	}
}

static bool is_geolocation(const steer_cli53_t *cli53, const line_t *line)
{
	return strcmp(text_at(cli53, line->fields[KEY_ROUTING]), "GEOLOCATION") == 0;
}

static void add_routing(maker_t *maker, const line_t *line)
{
	add_keys(maker, line, ~KEYS_GEO);
	if (is_geolocation(maker->cli53, line)) {
		const uint32_t place = add_field(maker, line, "GeoLocation", STEER_JSON_OBJECT, "");
		add_keys(maker, line, KEYS_GEO);
		end(maker, place);
	}
}

static void add_alias(maker_t *maker, const line_t *line)
{
	const char *zone = text_at(maker->cli53, line->zone_id);
	const uint32_t target = add_field(maker, line, "AliasTarget", STEER_JSON_OBJECT, "");
	if (strcmp(zone, "$self") != 0) {
		add_field(maker, line, "HostedZoneId", STEER_JSON_TEXT, zone);
	}
	add_field(maker, line, "DNSName", STEER_JSON_TEXT, text_at(maker->cli53, line->value));
	add_field(maker, line, "EvaluateTargetHealth", STEER_JSON_BOOL,
	          line->evaluate ? "true" : "false");
	end(maker, target);
}

static void add_values(maker_t *maker, const line_t *lines, size_t count)
{
	char ttl[16];
	snprintf(ttl, sizeof(ttl), "%u", lines->ttl);
	add_field(maker, lines, "TTL", STEER_JSON_NUMBER, ttl);
	const uint32_t records = add_field(maker, lines, "ResourceRecords", STEER_JSON_LIST, "");
	for (const line_t *line = lines; line < lines + count; line++) {
		const uint32_t record = add(maker, STEER_JSON_OBJECT, line->place.line,
		                            line->place.column, "");
		add_field(maker, line, "Value", STEER_JSON_TEXT, text_at(maker->cli53, line->value));
		end(maker, record);
	}
	end(maker, records);
}

/*! Adds a record set, given the lines of it. */
static void add_set(maker_t *maker, const line_t *lines, size_t count)
{
	const uint32_t set = add(maker, STEER_JSON_OBJECT, lines->place.line, lines->place.column, "");
	add_field(maker, lines, "Name", STEER_JSON_TEXT, text_at(maker->cli53, lines->owner));
	add_field(maker, lines, "Type", STEER_JSON_TEXT, text_at(maker->cli53, lines->type));
	add_routing(maker, lines);
	if (lines->alias) {
		add_alias(maker, lines);
	} else {
		add_values(maker, lines, count);
	}
	end(maker, set);
}

/*! What in a line differs from another one of its record set. \return NULL: nothing */
static const char *difference(const steer_cli53_t *cli53, const line_t *line, const line_t *first)
{
	if (line->alias || first->alias) {
		return "a second line of an alias";
	}
	for (word_t key = 0; key < KEYS; key++) {
		if (strcmp(text_at(cli53, line->fields[key]), text_at(cli53, first->fields[key])) != 0) {
			return keys[key].name;
		}
	}
	return line->ttl != first->ttl ? "TTL" : NULL;
}

/*! Checks that the lines of a record set say the same of it. */
static int check_set(const steer_cli53_t *cli53, const line_t *lines, size_t count,
                     steer_report_t *report)
{
	int ret = STEER_OK;
	for (size_t i = 1; i < count && ret == STEER_OK; i++) {
		const char *what = difference(cli53, &lines[i], lines);
		if (what != NULL) {
			char message[MESSAGE_MAX], shown[STEER_SHOWN];
			const char *id = text_at(cli53, lines->fields[KEY_ID]);
			snprintf(message, sizeof(message), "%s: not as in line %u, which has the same "
			         "identifier '%s'; allowed: the same, or another identifier", what,
			         lines->place.line, steer_shown(shown, id, strlen(id)));
			ret = steer_report(report, &lines[i].place, message);
		}
	}
	return ret;
}

/*! Makes the list of the record sets in a run of lines. */
static int make_list(steer_cli53_t *cli53, const line_t *lines, size_t count, steer_json_t *json,
                     steer_report_t *report)
{
	maker_t maker = { cli53, json, false };
	json->file = lines->place.file;
	const uint32_t page = add(&maker, STEER_JSON_OBJECT, lines->place.line, lines->place.column,
	                          "");
	const uint32_t list = add_field(&maker, lines, "ResourceRecordSets", STEER_JSON_LIST, "");
	int ret = STEER_OK;
	for (size_t i = 0, set; i < count && ret == STEER_OK; i += set) {
		for (set = 1; i + set < count && compare_sets(cli53, &lines[i], &lines[i + set]) == 0;
		     set++) {
		}
		add_set(&maker, &lines[i], set);
		ret = maker.short_of_memory ? no_memory(report)
		                            : check_set(cli53, &lines[i], set, report);
	}
	end(&maker, list);
	end(&maker, page);
	return ret;
}

/*! The zone has begun already. */
static int take_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	(void)ctx;
	(void)head;
	(void)fault;
	return STEER_OK;
}

/*! Passes on the record sets of lists. */
static int pass_lists(steer_cli53_t *cli53, const steer_json_t *lists_of, size_t count,
                      const uint8_t *zone, steer_report_t *report)
{
	steer_reading_t sink = *cli53->sink;
	sink.zone = take_zone;
	steer_route53_reading_t reading = {
		.sink = &sink, .report = *report, .text = cli53->text, .scratch = cli53->scratch,
	};
	steer_route53_lists_t lists = { 0 };
	steer_route53_collections_t collections = { 0 };
	const steer_traffic_t none = { .policies = NULL };
	for (size_t i = 0; i < count && reading.ret == STEER_OK; i++) {
		const steer_field_at_t page = { &lists_of[i], lists_of[i].values };
		steer_route53_add_list(&lists, &reading, &page);
	}
	if (reading.ret == STEER_OK) {
		steer_route53_find_zones(&lists, &reading, zone);
	}
	if (reading.ret == STEER_OK && reading.report.errors == report->errors) {
		steer_route53_pass_zones(&lists, &collections, &none, &reading);
	}
	steer_route53_collections_free(&collections);
	steer_route53_lists_free(&lists);
	report->errors = reading.report.errors;
	return reading.ret;
}

int steer_cli53_pass(steer_cli53_t *cli53, const uint8_t *zone, steer_report_t *report)
{
	const size_t count = cli53->count, runs = count > 0 ? cli53->lines[count - 1].run + 1 : 0;
	if (count == 0) {
		return STEER_OK;
	}
	steer_json_t *lists = calloc(runs, sizeof(*lists));
	int ret = lists != NULL ? STEER_OK : no_memory(report);
	if (lists != NULL) {
		qsort_r(cli53->lines, count, sizeof(*cli53->lines), by_set, cli53);
	}
	for (size_t i = 0, run, at = 0; i < runs && ret == STEER_OK; i++, at += run) {
		for (run = 1; at + run < count && cli53->lines[at + run].run == i; run++) {
		}
		ret = make_list(cli53, cli53->lines + at, run, &lists[i], report);
	}
	if (ret == STEER_OK) {
		ret = pass_lists(cli53, lists, runs, zone, report);
	}
	for (size_t i = 0; i < runs && lists != NULL; i++) {
		steer_json_free(&lists[i]);
	}
	free(lists);
	cli53->count = 0;
	cli53->texts_len = 0;
	return ret;
}
