/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/cli53.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/route53/cli53_comment.h"
#include "formats/route53/escapes.h"
#include "formats/route53/lists.h"
#include "formats/route53/zones.h"

/*! Most bytes of all texts, whose offsets have 32 bits. */
#define TEXTS_MAX INT32_MAX

/*! A line. Texts are offsets; 0: none. */
typedef struct {
	steer_place_t place;
	uint32_t number;       /*!< In the order of the lines. */
	uint32_t run;          /*!< Number of the run of lines in a file. */
	uint32_t owner, type, ttl;
	uint32_t value;        /*!< As text; of an alias the name of its target. */
	uint32_t zone_id;      /*!< Of an alias. */
	bool alias, evaluate;
	uint32_t fields[STEER_CLI53_KEYS];
	uint32_t field_line, columns[STEER_CLI53_KEYS];
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

/* Lines. */

/*! Takes the comment of a line. \return STEER_OK, also after an error that was told */
static int take_comment(steer_cli53_t *cli53, const steer_cli53_line_t *from, line_t *line,
                        steer_report_t *report, bool *good)
{
	steer_cli53_comment_t comment;
	char *text = malloc(from->comment_len + 1);
	int ret = text != NULL ? steer_cli53_comment_read(from, text, &comment, report, good)
	                       : no_memory(report);
	line->field_line = from->comment_line;
	for (steer_cli53_key_t key = 0; key < STEER_CLI53_KEYS && ret == STEER_OK && *good; key++) {
		const char *value = comment.values[key];
		line->columns[key] = comment.columns[key];
		line->fields[key] = value != NULL ? keep(cli53, value, strlen(value)) : 0;
		ret = value == NULL || line->fields[key] != 0 ? STEER_OK : no_memory(report);
	}
	free(text);
	return ret;
}

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
	return order != 0 ? order : strcmp(text_at(cli53, x->fields[STEER_CLI53_ID]),
	                                   text_at(cli53, y->fields[STEER_CLI53_ID]));
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
	for (steer_cli53_key_t key = 0; key < STEER_CLI53_KEYS; key++) {
		const steer_cli53_field_t *is = &steer_cli53_keys[key];
		if (line->fields[key] == 0 || is->field == NULL || (which & 1u << key) == 0) {
			continue;
		}
		const char *text = text_at(maker->cli53, line->fields[key]);
		add(maker, STEER_JSON_TEXT, line->field_line, line->columns[key], is->field);
		if (key == STEER_CLI53_MULTIVALUE) {
			add(maker, STEER_JSON_BOOL, line->field_line, line->columns[key], "true");
		} else {
			add(maker, is->number ? STEER_JSON_NUMBER : STEER_JSON_TEXT, line->field_line,
			    line->columns[key], text);
		}
	}
}

static bool is_geolocation(const steer_cli53_t *cli53, const line_t *line)
{
	return strcmp(text_at(cli53, line->fields[STEER_CLI53_ROUTING]), "GEOLOCATION") == 0;
}

static void add_routing(maker_t *maker, const line_t *line)
{
	add_keys(maker, line, ~STEER_CLI53_PLACE);
	if (is_geolocation(maker->cli53, line)) {
		const uint32_t place = add_field(maker, line, "GeoLocation", STEER_JSON_OBJECT, "");
		add_keys(maker, line, STEER_CLI53_PLACE);
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
	for (steer_cli53_key_t key = 0; key < STEER_CLI53_KEYS; key++) {
		if (strcmp(text_at(cli53, line->fields[key]), text_at(cli53, first->fields[key])) != 0) {
			return steer_cli53_keys[key].name;
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
			char message[512], shown[STEER_SHOWN];
			const char *id = text_at(cli53, lines->fields[STEER_CLI53_ID]);
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
