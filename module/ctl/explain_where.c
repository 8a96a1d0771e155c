/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief explain: where the client is, and the candidates, as text.
 */
#include <string.h>

#include "ctl/explain.h"
#include "ctl/map_match.h"
#include "ctl/output.h"

/* The client. */

/*! Prints "EU, NO (Norway), 03" after what is before it. \return false: there are no codes */
static bool print_codes(FILE *out, const json_t *place, const char *before)
{
	static const char *const parts[] = { "continent", "country", "subdivision" };
	const char *country = json_text(place, "country_name");
	bool printed = false;
	for (unsigned i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const char *code = json_text(place, parts[i]);
		if (code[0] == '\0') {
			continue;
		}
		fprintf(out, "%s%s", printed ? ", " : before, code);
		printed = true;
		if (strcmp(parts[i], "country") == 0) {
			fprintf(out, " (%s)", country[0] != '\0' ? country : "an unknown country");
		}
	}
	return printed;
}

/*! Prints ", at 59.91, 10.75". \return false: that is not known */
static bool print_point(FILE *out, const json_t *place)
{
	const json_t *point = json_object_get(place, "coordinates");
	char text[MAP_POINT_TEXT];
	if (json_is_array(point)) {
		fprintf(out, ", at %s", map_point_print(point, text));
	}
	if (strcmp(json_text(place, "coordinates_of"), "country") == 0) {
		fputs(" (the middle of the country)", out);
	}
	return json_is_array(point);
}

static void print_what_if(FILE *out, const json_t *what_if)
{
	const json_t *place = json_object_get(what_if, "place");
	const char *region = json_text(what_if, "region_of");
	fputs("  as if the client were in ", out);
	const bool codes = print_codes(out, place, "");
	if (region[0] != '\0') {
		fprintf(out, "%sthe region %s", codes ? ", in " : "", region);
	}
	(void)print_point(out, place);
	fputc('\n', out);
}

static void print_asn(FILE *out, const json_t *asn)
{
	if (json_is_integer(asn)) {
		fprintf(out, ", AS%" JSON_INTEGER_FORMAT, json_integer_value(asn));
	} else {
		fputs(", no autonomous system", out);
	}
}

static void print_blocks(FILE *out, const json_t *blocks)
{
	size_t i;
	json_t *block;
	json_array_foreach(blocks, i, block) {
		fprintf(out, ", %s (%s)", json_text(block, "location"), json_text(block, "network"));
	}
	if (json_array_size(blocks) == 0) {
		fputs(", no location", out);
	}
}

/*! Prints what a map says of the client. */
static void print_match(FILE *out, const json_t *lookup)
{
	const json_t *place = json_object_get(lookup, "place"), *asn = json_object_get(lookup, "asn");
	const json_t *blocks = json_object_get(lookup, "blocks");
	const json_t *regions = json_object_get(lookup, "regions");
	const size_t count = json_array_size(regions);
	const bool codes = print_codes(out, place, ", ");
	const bool point = print_point(out, place);
	if (place != NULL && !codes && !point) {
		fputs(", nowhere", out);
	}
	if (json_is_true(json_object_get(place, "anycast"))) {
		fputs(", anycast", out);
	}
	if (asn != NULL) {
		print_asn(out, asn);
	}
	if (blocks != NULL) {
		print_blocks(out, blocks);
	}
	if (regions != NULL) {
		fprintf(out, ", latencies of %zu region%s", count, plural(count));
	}
}

static void print_lookup(FILE *out, const json_t *lookup)
{
	const char *network = json_text(lookup, "network");
	fprintf(out, "  map %s: ", json_text(lookup, "map"));
	if (json_object_get(lookup, "missing") != NULL) {
		fputs("there is none\n", out);
		return;
	}
	if (json_object_get(lookup, "damaged") != NULL) {
		fputs("it is damaged, and counts for nothing\n", out);
		return;
	}
	if (network[0] != '\0') {
		fputs(network, out);
		print_match(out, lookup);
	} else {
		fputs("no client to look up", out);
	}
	fprintf(out, "; imported %s from %s (%s)\n", json_text(lookup, "imported"),
	        json_text(lookup, "file"), json_text(lookup, "format"));
}

void explain_print_where(FILE *out, const json_t *said)
{
	const json_t *what_if = json_object_get(said, "what_if");
	const json_t *lookups = json_object_get(said, "lookups");
	const json_t *client = json_object_get(said, "client");
	size_t i;
	json_t *lookup;
	if (what_if != NULL) {
		print_what_if(out, what_if);
	} else if (json_array_size(lookups) > 0 && json_text(client, "prefix")[0] == '\0') {
		fputs("  it depends on the client: --from or --ecs tell who it is, --at or --region-of "
		      "where\n", out);
	}
	json_array_foreach(lookups, i, lookup) {
		print_lookup(out, lookup);
	}
}

/* Candidates. */

static void print_asns(FILE *out, const json_t *asns)
{
	size_t i;
	json_t *asn;
	json_array_foreach(asns, i, asn) {
		fprintf(out, ", AS%" JSON_INTEGER_FORMAT, json_integer_value(asn));
	}
}

/*! Prints the place or the location of a candidate that has one. */
static void print_named(FILE *out, const json_t *candidate)
{
	static const char *const keys[] = { "geo", "cidr" };
	for (unsigned i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *text = json_text(candidate, keys[i]);
		if (text[0] != '\0' && strcmp(text, "default") != 0) {
			fprintf(out, ", %s", text);
		}
	}
	print_asns(out, json_object_get(candidate, "asn"));
}

static void print_measure(FILE *out, const json_t *candidate)
{
	const json_t *distance = json_object_get(candidate, "distance_km");
	const json_t *biased = json_object_get(candidate, "biased_km");
	char text[MAP_LATENCY_TEXT];
	if (json_object_get(candidate, "source") != NULL) {
		fprintf(out, ", %s", map_latency_print(candidate, text));
	} else if (json_object_get(candidate, "rtt_ms") != NULL) {
		fprintf(out, ", %.10g ms", json_number_value(json_object_get(candidate, "rtt_ms")));
	}
	if (distance != NULL) {
		fprintf(out, ", %.1f km", json_number_value(distance));
	}
	if (biased != NULL) {
		fprintf(out, ", with the bias %.1f km", json_number_value(biased));
	}
}

void explain_print_candidate_where(FILE *out, const json_t *candidate)
{
	const json_t *point = json_object_get(candidate, "coordinates");
	const char *region = json_text(candidate, "region");
	char text[MAP_POINT_TEXT];
	print_named(out, candidate);
	if (region[0] != '\0') {
		fprintf(out, ", region %s", region);
	}
	if (point != NULL) {
		fprintf(out, ", at %s", map_point_print(point, text));
	}
	if (json_object_get(candidate, "bias") != NULL) {
		fprintf(out, ", bias %" JSON_INTEGER_FORMAT, json_number(candidate, "bias"));
	}
	print_measure(out, candidate);
}
