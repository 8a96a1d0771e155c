/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MaxMind DB files: those of MaxMind for cities, countries and autonomous systems, and of others
 * that have the same keys, or have codes at the top.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/map/mmdb.h"
#include "formats/map/reading.h"
#include "formats/map/values.h"
#include "formats/network_text.h"

/*! Records of the tree whose rows are remembered: many networks have the same one. */
#define REMEMBERED 16384
/*! Length of the prefix of the IPv4 networks in a tree of IPv6, which is all zeros. */
#define V4_LENGTH 96

typedef struct {
	uint32_t record; /*!< 0: none. */
	steer_map_row_t row;
} remembered_t;

typedef struct {
	steer_map_reading_t *reading;
	steer_mmdb_t mmdb;
	uint32_t v4_node;    /*!< Where the IPv4 networks of a tree of IPv6 begin; nodes: nowhere. */
	uint32_t visited;    /*!< Number of nodes. */
	uint64_t told;       /*!< Rows that say something. */
	uint8_t address[16]; /*!< Of the current node. */
	remembered_t *remembered;
} reader_t;

/*! A damaged file has no good part, so this is never skipped. */
static int refuse(const reader_t *reader, const char *wrong)
{
	return steer_fault(reader->reading->report.fault, STEER_EREFUSED, "%s: %s; allowed: a whole "
	                   "MaxMind DB of cities, countries or autonomous systems",
	                   reader->reading->input->name, wrong);
}

/* Values. */

static bool take_text(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                      steer_value_f value, steer_values_t *values, char wrong[STEER_WRONG])
{
	const char *text = (const char *)data->bytes + found->at;
	const steer_field_t field = { text, found->size, text };
	strcpy(wrong, "a code that is not text; allowed: text");
	return found->type == STEER_MMDB_TEXT && (found->size == 0 || value(values, &field, wrong));
}

static bool take_continent(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                           steer_values_t *values, char wrong[STEER_WRONG])
{
	return take_text(data, found, steer_value_continent, values, wrong);
}

static bool take_country(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                         steer_values_t *values, char wrong[STEER_WRONG])
{
	return take_text(data, found, steer_value_country, values, wrong);
}

static bool take_subdivision(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                             steer_values_t *values, char wrong[STEER_WRONG])
{
	return take_text(data, found, steer_value_subdivision, values, wrong);
}

static bool take_degrees(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found, int max,
                         int16_t *degrees, char wrong[STEER_WRONG])
{
	double number;
	strcpy(wrong, "coordinates that are not on earth; allowed: degrees, -90 to 90 and -180 to 180");
	if (!steer_mmdb_double(data, found, &number) ||
	    !(number * 100 >= -max && number * 100 <= max)) { // It may not be a number.
		return false;
	}
	*degrees = number * 100 + (number < 0 ? -0.5 : 0.5);
	return true;
}

static bool take_lat(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                     steer_values_t *values, char wrong[STEER_WRONG])
{
	values->has_lat = true;
	return take_degrees(data, found, STEER_LATITUDE_MAX, &values->row.place.lat, wrong);
}

static bool take_lon(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                     steer_values_t *values, char wrong[STEER_WRONG])
{
	values->has_lon = true;
	return take_degrees(data, found, STEER_LONGITUDE_MAX, &values->row.place.lon, wrong);
}

static bool take_anycast(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                         steer_values_t *values, char wrong[STEER_WRONG])
{
	(void)data;
	(void)wrong;
	values->row.anycast = found->type == STEER_MMDB_BOOL && found->size != 0;
	return true;
}

static bool take_asn(const steer_mmdb_section_t *data, const steer_mmdb_value_t *found,
                     steer_values_t *values, char wrong[STEER_WRONG])
{
	uint64_t number;
	if (!steer_mmdb_uint(data, found, &number)) {
		return take_text(data, found, steer_value_asn, values, wrong);
	}
	strcpy(wrong, "the number of an autonomous system is too large; allowed: 0 to 4294967295");
	values->row.asn = number;
	return number <= UINT32_MAX;
}

#define FOR(type) (1u << STEER_MAP_##type)

/*! What rows are made of, and of which maps, in the order in which it is read. */
static const struct {
	const char *path[2]; /*!< A key of the record, and perhaps one of its value. */
	bool (*take)(const steer_mmdb_section_t *, const steer_mmdb_value_t *, steer_values_t *,
	             char wrong[STEER_WRONG]);
	unsigned types;
} items[] = {
	{ { "continent_code" },           take_continent,   FOR(GEO) },
	{ { "continent", "code" },        take_continent,   FOR(GEO) },
	{ { "country_code" },             take_country,     FOR(GEO) },
	{ { "country", "iso_code" },      take_country,     FOR(GEO) },
	{ { "subdivisions", "iso_code" }, take_subdivision, FOR(GEO) },
	{ { "location", "latitude" },     take_lat,         FOR(GEO) },
	{ { "location", "longitude" },    take_lon,         FOR(GEO) },
	{ { "traits", "is_anycast" },     take_anycast,     FOR(GEO) },
	{ { "autonomous_system_number" }, take_asn,         FOR(ASN) },
	{ { "asn" },                      take_asn,         FOR(ASN) },
};
#define ITEMS (sizeof(items) / sizeof(*items))

/*! Reads a value of the data. \param[out] wrong  Empty if it is good. */
static steer_mmdb_result_t read_values(reader_t *reader, size_t offset, steer_values_t *values,
                                       char wrong[STEER_WRONG])
{
	steer_mmdb_section_t *data = &reader->mmdb.data;
	size_t offsets[ITEMS];
	const char *keys[ITEMS];
	for (size_t i = 0; i < ITEMS; i++) {
		keys[i] = items[i].path[0];
	}
	*wrong = '\0';
	steer_mmdb_result_t result = steer_mmdb_members(data, offset, keys, ITEMS, offsets);
	for (size_t i = 0; i < ITEMS && result != STEER_MMDB_DAMAGED; i++) {
		steer_mmdb_value_t found;
		if (offsets[i] == STEER_MMDB_NOWHERE ||
		    (items[i].types & 1u << reader->reading->source->type) == 0) {
			continue;
		}
		const char *const path[] = { items[i].path[1], NULL };
		result = steer_mmdb_find(data, offsets[i], path, &found);
		if (result == STEER_MMDB_FOUND && !items[i].take(data, &found, values, wrong)) {
			return STEER_MMDB_FOUND;
		}
	}
	*wrong = '\0';
	(void)steer_values_complete(values, wrong);
	return result;
}

/* Rows. */

/*! Whether the current address begins with zeros. */
static bool is_zero(const reader_t *reader, unsigned bits)
{
	static const uint8_t zero[16];
	unsigned bytes = bits / 8;
	return memcmp(reader->address, zero, bytes) == 0 &&
	       (bits % 8 == 0 || reader->address[bytes] >> (8 - bits % 8) == 0);
}

/*! The network of the current address, as it is outside this tree. */
static steer_network_t network_of(const reader_t *reader, unsigned length)
{
	steer_network_t network = { reader->mmdb.family, length, { 0 } };
	bool v4 = network.family == 6 && length >= V4_LENGTH && is_zero(reader, V4_LENGTH);
	if (v4) {
		network = (steer_network_t) { 4, length - V4_LENGTH, { 0 } };
	}
	memcpy(network.address, reader->address + (v4 ? V4_LENGTH / 8 : 0),
	       steer_network_bits(&network) / 8);
	return network;
}

/*! Gives a row for the current address, and for all of IPv4 if its networks are in that. */
static int give(reader_t *reader, const steer_map_row_t *values, unsigned length)
{
	steer_map_row_t row = *values;
	row.network = network_of(reader, length);
	int ret = steer_map_give(reader->reading, &row);
	if (ret == STEER_OK && row.network.family == 6 && length < V4_LENGTH &&
	    is_zero(reader, length)) {
		row.network = (steer_network_t) { .family = 4 };
		ret = steer_map_give(reader->reading, &row);
	}
	reader->told += row.geo != STEER_GEO_UNKNOWN || row.has_place || row.asn != 0;
	return ret;
}

/*! Reads a record of the tree that is a value in the data. */
static int read_data(reader_t *reader, uint32_t record, unsigned length)
{
	remembered_t *remembered = &reader->remembered[record % REMEMBERED];
	if (remembered->record == record) {
		return give(reader, &remembered->row, length);
	}
	steer_values_t values = { 0 };
	char wrong[STEER_WRONG], text[STEER_NETWORK_TEXT];
	size_t offset = (size_t)record - reader->mmdb.nodes - STEER_MMDB_SEPARATOR;
	if (record < reader->mmdb.nodes + (uint64_t)STEER_MMDB_SEPARATOR ||
	    read_values(reader, offset, &values, wrong) == STEER_MMDB_DAMAGED) {
		return refuse(reader, "damaged data");
	}
	if (*wrong != '\0') {
		const steer_network_t network = network_of(reader, length);
		return steer_map_bad(reader->reading, NULL, "%s: %s", steer_network_print(&network, text),
		                     wrong);
	}
	*remembered = (remembered_t) { record, values.row };
	return give(reader, &values.row, length);
}

/* The tree. */

static int read_node(reader_t *reader, uint32_t node, unsigned length);

/*! Reads a record, which is at the current address. */
static int read_record(reader_t *reader, uint32_t record, unsigned length)
{
	const steer_mmdb_t *mmdb = &reader->mmdb;
	if (record == mmdb->nodes) {
		return STEER_OK;
	}
	if (record > mmdb->nodes) {
		return read_data(reader, record, length);
	}
	// IPv4 networks are found below their addresses in transition mechanisms, too: 2002::/16.
	if (record == reader->v4_node && !(length == V4_LENGTH && is_zero(reader, V4_LENGTH))) {
		return STEER_OK;
	}
	return read_node(reader, record, length);
}

/*! Reads a node. Each is in one place, so a tree with more nodes than it says is none. */
static int read_node(reader_t *reader, uint32_t node, unsigned length)
{
	const steer_mmdb_t *mmdb = &reader->mmdb;
	if (length == (mmdb->family == 4 ? 32 : 128) || ++reader->visited > mmdb->nodes) {
		return refuse(reader, "a tree with loops");
	}
	uint8_t mask = 0x80 >> length % 8;
	int ret = read_record(reader, steer_mmdb_record(mmdb, node, 0), length + 1);
	if (ret == STEER_OK) {
		reader->address[length / 8] |= mask;
		ret = read_record(reader, steer_mmdb_record(mmdb, node, 1), length + 1);
		reader->address[length / 8] &= ~mask;
	}
	return ret;
}

static uint32_t find_v4_node(const steer_mmdb_t *mmdb)
{
	uint32_t node = 0;
	for (unsigned i = 0; i < V4_LENGTH && node < mmdb->nodes; i++) {
		node = steer_mmdb_record(mmdb, node, 0);
	}
	return mmdb->family == 6 && node < mmdb->nodes ? node : mmdb->nodes;
}

int steer_map_read_mmdb(steer_map_reading_t *reading)
{
	reader_t reader = { .reading = reading };
	const char *wrong = steer_mmdb_open(&reader.mmdb, reading->input->text, reading->input->len);
	if (wrong != NULL) {
		return refuse(&reader, wrong);
	}
	reader.v4_node = find_v4_node(&reader.mmdb);
	reader.remembered = calloc(REMEMBERED, sizeof(*reader.remembered));
	if (reader.remembered == NULL) {
		return steer_fault(reading->report.fault, STEER_ENOMEM, "%s: out of memory",
		                   reading->input->name);
	}
	int ret = read_node(&reader, 0, 0);
	free(reader.remembered);
	if (ret == STEER_OK && reading->summary->rows > 0 && reader.told == 0) {
		ret = refuse(&reader, "no network has what this map needs");
	}
	return ret;
}
