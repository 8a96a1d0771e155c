/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results of ping measurements of RIPE Atlas, as its API gives them: a JSON object on each line, or
 * all in one array. The network is that of the probe's address, in the sizes that resolvers send;
 * the time is the shortest of a result's packets, which queues and busy hosts have delayed least.
 */
#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/map/guess.h"
#include "formats/map/reading.h"
#include "formats/map/targets.h"
#include "formats/network_text.h"

/*! Longest result. */
#define RESULT_MAX 65536

/* Prefix lengths of clients that RFC 7871, section 11.1, and Google's resolvers have. */
#define NETWORK_4 24
#define NETWORK_6 48

typedef struct {
	steer_map_reading_t *reading;
	steer_target_regions_t targets;
} reader_t;

/*! The shortest round-trip time of a result in milliseconds. \return Negative: none. */
static double shortest(const json_t *result)
{
	json_t *least = json_object_get(result, "min"), *packets = json_object_get(result, "result");
	json_t *packet;
	size_t i;
	double rtt = -1;
	if (json_is_number(least)) {
		return json_number_value(least);
	}
	json_array_foreach(packets, i, packet) {
		json_t *one = json_object_get(packet, "rtt");
		if (json_is_number(one) && (rtt < 0 || json_number_value(one) < rtt)) {
			rtt = json_number_value(one);
		}
	}
	return rtt;
}

/*! The region to which a result is. \return NULL: unknown. */
static const char *region_of(const reader_t *reader, const json_t *result)
{
	static const char *const keys[] = { "dst_addr", "dst_name", "addr", "name" };
	char number[24];
	if (reader->reading->source->region != NULL) {
		return reader->reading->source->region;
	}
	const char *region = NULL;
	json_t *id = json_object_get(result, "msm_id");
	if (json_is_integer(id)) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(id));
		region = steer_targets_find(&reader->targets, number);
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys) && region == NULL; i++) {
		const char *target = json_string_value(json_object_get(result, keys[i]));
		region = target != NULL ? steer_targets_find(&reader->targets, target) : NULL;
	}
	return region;
}

/*! The network of a probe. */
static bool network_of(const char *address, steer_network_t *network)
{
	char text[INET6_ADDRSTRLEN + 4];
	if (strlen(address) >= INET6_ADDRSTRLEN || strchr(address, '/') != NULL) {
		return false;
	}
	snprintf(text, sizeof(text), "%s/%d", address, strchr(address, ':') != NULL ? NETWORK_6
	                                                                            : NETWORK_4);
	return steer_network_parse(text, strlen(text), network) != STEER_EINVAL;
}

/*! Reads a result. \param[in] at  Where it begins. */
static int read_result(reader_t *reader, const json_t *result, const char *at)
{
	steer_map_reading_t *reading = reader->reading;
	steer_map_row_t row = { .name = region_of(reader, result) };
	const char *type = json_string_value(json_object_get(result, "type"));
	const char *from = json_string_value(json_object_get(result, "from"));
	json_int_t time = json_integer_value(json_object_get(result, "timestamp"));
	char shown[STEER_SHOWN];
	double rtt = shortest(result);
	if (type == NULL || strcmp(type, "ping") != 0) {
		return steer_map_bad(reading, at, "a result of the type '%s'; allowed: ping",
		                     type != NULL ? steer_shown(shown, type, strlen(type)) : "");
	}
	if (row.name == NULL || from == NULL || *from == '\0' || !(rtt >= 0)) {
		reading->summary->unmeasured++;
		return STEER_OK;
	}
	if (!network_of(from, &row.network)) {
		return steer_map_bad(reading, at, "'%s' is not an address; allowed: that of a probe",
		                     steer_shown(shown, from, strlen(from)));
	}
	if (rtt * 1000 > STEER_RTT_MAX) {
		return steer_map_bad(reading, at, "%g ms is not a round-trip time; allowed: up to %d", rtt,
		                     STEER_RTT_MAX / 1000);
	}
	row.rtt_us = rtt * 1000 + 0.5;
	row.time = time > 0 ? time : 0;
	return steer_map_give(reading, &row);
}

/* The file. */

static int bad_json(steer_map_reading_t *reading, const char *text, const json_error_t *error)
{
	char masked[STEER_MASKED(sizeof(error->text))];
	return steer_map_bad(reading, text + (error->position > 0 ? error->position - 1 : 0),
	                     "%s; allowed: a result of RIPE Atlas, of up to %d bytes",
	                     steer_utf8_mask(masked, sizeof(masked), error->text, strlen(error->text)),
	                     RESULT_MAX);
}

/*! Parses a result at the start of a text. \return Its length; 0: it is none. */
static size_t parse(const char *text, size_t len, json_t **result, json_error_t *error)
{
	*result = json_loadb(text, len < RESULT_MAX ? len : RESULT_MAX, JSON_DISABLE_EOF_CHECK, error);
	return *result != NULL ? (size_t)error->position : 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*! Reads the current line, which is a result. */
static int read_line(reader_t *reader)
{
	const steer_lines_t *lines = &reader->reading->lines;
	json_t *result;
	json_error_t error;
	if (steer_lines_is_blank(lines)) {
		return STEER_OK;
	}
	size_t at = parse(lines->text, lines->len, &result, &error);
	if (at == 0) {
		return bad_json(reader->reading, lines->text, &error);
	}
	while (at < lines->len && is_space(lines->text[at])) {
		at++;
	}
	int ret = at < lines->len ? steer_map_bad(reader->reading, lines->text + at,
	                                          "text after a result; allowed: one on each line")
	                          : read_result(reader, result, lines->text);
	json_decref(result);
	return ret;
}

static int read_lines(reader_t *reader)
{
	int ret = STEER_OK;
	while (ret == STEER_OK && steer_lines_next(&reader->reading->lines)) {
		ret = read_line(reader);
	}
	return ret;
}

/*! Moves on in an array, and counts lines. */
static void advance(steer_lines_t *lines, const char *to)
{
	const char *newline;
	while ((newline = memchr(lines->at, '\n', to - lines->at)) != NULL) {
		lines->at = lines->text = newline + 1;
		lines->number++;
	}
	lines->at = to;
}

/*! Damage in an array has no end that could be found, so it is never skipped. */
static int refuse(steer_map_reading_t *reading, const char *text)
{
	const steer_lines_t *lines = &reading->lines;
	const steer_place_t place = { reading->input->name, lines->number,
	                              1 + (lines->at - lines->text) };
	int ret = steer_report(&reading->report, &place, text);
	return ret == STEER_OK ? steer_report_end(&reading->report) : ret;
}

/*! Goes to the next result of an array. \param[out] more  Whether there is one. */
static int next_result(steer_map_reading_t *reading, bool *more)
{
	steer_lines_t *lines = &reading->lines;
	const char *at = lines->at;
	while (at < lines->end && (is_space(*at) || *at == ',')) {
		at++;
	}
	advance(lines, at);
	if (at == lines->end) {
		return refuse(reading, "the end of the file in an array; allowed: a whole array");
	}
	*more = *at != ']';
	return STEER_OK;
}

static int read_array(reader_t *reader)
{
	steer_lines_t *lines = &reader->reading->lines;
	json_t *result;
	json_error_t error;
	bool more;
	lines->text = lines->at;
	lines->number = 1;
	advance(lines, (char *)memchr(lines->at, '[', lines->end - lines->at) + 1);
	int ret = next_result(reader->reading, &more);
	while (ret == STEER_OK && more) {
		size_t len = parse(lines->at, lines->end - lines->at, &result, &error);
		if (len == 0) {
			return refuse(reader->reading, "no result; allowed: results of RIPE Atlas, each of up "
			              "to 65536 bytes");
		}
		ret = read_result(reader, result, lines->at);
		json_decref(result);
		advance(lines, lines->at + len);
		ret = ret == STEER_OK ? next_result(reader->reading, &more) : ret;
	}
	return ret;
}

int steer_map_read_atlas(steer_map_reading_t *reading)
{
	const steer_map_source_t *source = reading->source;
	reader_t reader = { .reading = reading };
	int ret = STEER_OK;
	if ((source->region == NULL) == (source->targets == NULL)) {
		return steer_fault(reading->report.fault, STEER_EREFUSED, "%s: to which region are these "
		                   "results? allowed: the name of one, or a file with lines target,region",
		                   reading->input->name);
	}
	if (source->region != NULL &&
	    !steer_region_name_is_good(source->region, strlen(source->region))) {
		return steer_fault(reading->report.fault, STEER_EREFUSED, "'%s' is not a region's name; "
		                   "allowed: 1 to 64 letters, digits, '-' and '_'", source->region);
	}
	if (source->targets != NULL) {
		ret = steer_targets_read(reading, source->targets, &reader.targets);
	}
	if (ret == STEER_OK) {
		bool array = steer_map_guess_json(reading->input) == '[';
		ret = array ? read_array(&reader) : read_lines(&reader);
	}
	steer_targets_free(&reader.targets);
	return ret;
}
