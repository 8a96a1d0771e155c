/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/map_builder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/map/distinct.h"
#include "formats/network_text.h"

/*! Bytes of a name, with zeros at its end. */
#define NAME_UNIT (STEER_DICTIONARY_NAME_MAX + 1)

/*! A row of latencies, or of regions. */
typedef struct {
	steer_classed_network_t at; /*!< Class: the number of its name here, then in the store. */
	uint32_t rtt_us, time;
	steer_coordinates_t point;
} row_t;

/*! A file, for messages. Lines are numbered through all files: its own follow this number. */
typedef struct {
	char *name;
	uint32_t before;
} file_t;

struct steer_map_builder {
	steer_map_type_t type;
	uint32_t limit, added;             /*!< Of rows. */
	file_t *files;                     /*!< In order. */
	uint32_t files_count, files_room, lines;
	steer_classed_network_t *networks; /*!< Of latencies, they are made at the end. */
	uint32_t networks_count, networks_room;
	row_t *rows;                       /*!< Of latencies and regions. */
	uint32_t rows_count, rows_room;
	steer_distinct_t classes;          /*!< Entries of the table, but for blocks and regions. */
	steer_distinct_t names;
	steer_dictionary_name_t *list;     /*!< These names; made at the end. */
	char prefix[STEER_REGION_NAME_MAX + 2]; /*!< Of locations: the collection and a slash. */
};

static int no_memory(steer_fault_t *fault)
{
	return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
}

static uint8_t name_kind(const steer_map_builder_t *builder)
{
	return builder->type == STEER_MAP_CIDR ? STEER_DICTIONARY_LOCATION : STEER_DICTIONARY_REGION;
}

/*! Finds the number of a name here, which is added if it is new. */
static int add_name(steer_map_builder_t *builder, const char *name, uint32_t *number)
{
	char unit[NAME_UNIT] = "";
	snprintf(unit, sizeof(unit), "%s%s", builder->prefix, name);
	return steer_distinct_add(&builder->names, unit, 1, number);
}

steer_map_builder_t *steer_map_builder_new(steer_map_type_t type, const char *collection)
{
	steer_map_builder_t *builder = calloc(1, sizeof(*builder));
	if (builder == NULL) {
		return NULL;
	}
	builder->type = type;
	builder->limit = STEER_NETWORKS_MAX;
	builder->classes.unit = steer_map_entry_size(type);
	builder->names.unit = NAME_UNIT;
	if (type == STEER_MAP_CIDR) {
		uint32_t number;
		if (add_name(builder, collection, &number) != STEER_OK) { // The first of them.
			steer_map_builder_free(builder);
			return NULL;
		}
		snprintf(builder->prefix, sizeof(builder->prefix), "%s/", collection);
	}
	return builder;
}

void steer_map_builder_free(steer_map_builder_t *builder)
{
	if (builder != NULL) {
		steer_distinct_free(&builder->classes);
		steer_distinct_free(&builder->names);
		free(builder->list);
		free(builder->rows);
		free(builder->networks);
		for (uint32_t i = 0; i < builder->files_count; i++) {
			free(builder->files[i].name);
		}
		free(builder->files);
		free(builder);
	}
}

void steer_map_builder_limit(steer_map_builder_t *builder, uint32_t rows)
{
	builder->limit = rows;
}

/* Adding. */

/*! Makes room for one more in an array, which may move. \return NULL: out of memory */
static void *one_more(void *array, uint32_t count, uint32_t *room, size_t size)
{
	if (count < *room) {
		return array;
	}
	const size_t more = *room + *room / 2 + 64;
	void *grown = realloc(array, more * size);
	if (grown != NULL) {
		*room = more;
	}
	return grown;
}

static int add_network(steer_map_builder_t *builder, const steer_map_row_t *row, uint32_t class)
{
	steer_classed_network_t *networks = one_more(builder->networks, builder->networks_count,
	                                             &builder->networks_room, sizeof(*networks));
	if (networks == NULL) {
		return STEER_ENOMEM;
	}
	builder->networks = networks;
	networks[builder->networks_count++] = (steer_classed_network_t) {
		row->network, class, row->at.line,
	};
	return STEER_OK;
}

static int add_row(steer_map_builder_t *builder, const steer_map_row_t *row, uint32_t name)
{
	row_t *rows = one_more(builder->rows, builder->rows_count, &builder->rows_room, sizeof(*rows));
	if (rows == NULL) {
		return STEER_ENOMEM;
	}
	builder->rows = rows;
	rows[builder->rows_count++] = (row_t) {
		.at = { row->network, name, row->at.line },
		.rtt_us = row->rtt_us, .time = row->time <= UINT32_MAX ? row->time : 0,
		.point = row->place,
	};
	return STEER_OK;
}

static int add_place(steer_map_builder_t *builder, const steer_map_row_t *row)
{
	const steer_map_place_t place = {
		.geo = row->geo, .has_point = row->has_place, .anycast = row->anycast, .point = row->place,
	};
	uint8_t entry[STEER_PLACE_SIZE];
	uint32_t class = 0;
	int ret = STEER_OK;
	if (place.geo != STEER_GEO_UNKNOWN || place.has_point || place.anycast) {
		steer_map_place_write(entry, &place);
		ret = steer_distinct_add(&builder->classes, entry, 1, &class);
	}
	return ret == STEER_OK ? add_network(builder, row, class) : ret;
}

static int add_asn(steer_map_builder_t *builder, const steer_map_row_t *row)
{
	uint8_t entry[STEER_ASN_SIZE];
	uint32_t class = 0;
	int ret = STEER_OK;
	if (row->asn != 0) {
		steer_map_asn_write(entry, row->asn);
		ret = steer_distinct_add(&builder->classes, entry, 1, &class);
	}
	return ret == STEER_OK ? add_network(builder, row, class) : ret;
}

static int add_named(steer_map_builder_t *builder, const steer_map_row_t *row)
{
	uint32_t name;
	int ret = add_name(builder, row->name, &name);
	if (ret != STEER_OK) {
		return ret;
	}
	return builder->type == STEER_MAP_CIDR ? add_network(builder, row, name)
	                                       : add_row(builder, row, name);
}

/*! Numbers the line of a row. \return false: out of memory */
static bool number_line(steer_map_builder_t *builder, steer_map_row_t *row)
{
	const uint32_t count = builder->files_count;
	if (count == 0 || strcmp(builder->files[count - 1].name, row->at.file) != 0) {
		file_t *files = one_more(builder->files, count, &builder->files_room, sizeof(*files));
		char *name = strdup(row->at.file);
		builder->files = files != NULL ? files : builder->files;
		if (files == NULL || name == NULL) {
			free(name);
			return false;
		}
		files[builder->files_count++] = (file_t) { name, builder->lines };
	}
	row->at.line += builder->files[builder->files_count - 1].before;
	builder->lines = row->at.line >= builder->lines ? row->at.line + 1 : builder->lines;
	return true;
}

/*! The file of a line, of which there is at least one. */
static const file_t *file_of(const steer_map_builder_t *builder, uint32_t line)
{
	uint32_t i = builder->files_count - 1;
	while (i > 0 && builder->files[i].before > line) {
		i--;
	}
	return &builder->files[i];
}

/*! Room for place_text(). */
#define PLACE_TEXT 512

/*! Place of a row for a message: a file that is no text has no lines. */
static const char *place_text(char text[PLACE_TEXT], const char *file, uint32_t line)
{
	if (line > 0) {
		snprintf(text, PLACE_TEXT, "%s:%" PRIu32 ":1", file, line);
	} else {
		snprintf(text, PLACE_TEXT, "%s", file);
	}
	return text;
}

/*! Place of a line of all files. */
static const char *line_text(const steer_map_builder_t *builder, char text[PLACE_TEXT],
                             uint32_t line)
{
	const file_t *file = file_of(builder, line);
	return place_text(text, file->name, line - file->before);
}

/*! Refuses a row after which there are too many of something. */
static int refuse_more(const steer_map_row_t *row, const char *what, uint32_t allowed,
                       steer_fault_t *fault)
{
	char place[PLACE_TEXT];
	return steer_fault(fault, STEER_EREFUSED, "%s: too many %s; allowed: %" PRIu32,
	                   place_text(place, row->at.file, row->at.line), what, allowed);
}

int steer_map_builder_add(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	steer_map_builder_t *builder = ctx;
	if (builder->added++ == builder->limit) {
		return refuse_more(row, "rows", builder->limit, fault);
	}
	steer_map_row_t added = *row;
	int ret = !number_line(builder, &added) ? STEER_ENOMEM
	          : builder->type == STEER_MAP_GEO ? add_place(builder, &added)
	          : builder->type == STEER_MAP_ASN ? add_asn(builder, &added)
	          : add_named(builder, &added);
	if (ret != STEER_OK) {
		return no_memory(fault);
	}
	return builder->names.items <= STEER_MAP_NAMES_MAX ? STEER_OK
	       : refuse_more(row, "names", STEER_MAP_NAMES_MAX, fault);
}

/* Checking. */

/*! Refuses what two lines say, of which the second is at fault. */
static int refuse_twice(steer_map_builder_t *builder, const steer_classed_network_t *a,
                        const steer_classed_network_t *b, const char *allowed,
                        steer_fault_t *fault)
{
	const bool turned = a->line > b->line;
	const steer_classed_network_t *first = turned ? b : a, *second = turned ? a : b;
	const file_t *file = file_of(builder, first->line);
	const uint32_t line = first->line - file->before;
	char place[PLACE_TEXT], other[PLACE_TEXT], before[PLACE_TEXT + 16] = "";
	char network[STEER_NETWORK_TEXT] = "";
	const char *name = "";
	line_text(builder, place, second->line);
	if (builder->type != STEER_MAP_REGIONS) {
		steer_network_print(&second->network, network);
	}
	if (builder->type == STEER_MAP_REGIONS || builder->type == STEER_MAP_LATENCY) {
		name = (const char *)steer_distinct_at(&builder->names, second->class);
	}
	if (file != file_of(builder, second->line)) {
		snprintf(before, sizeof(before), ", first in %s", place_text(other, file->name, line));
	} else if (line > 0) {
		snprintf(before, sizeof(before), ", first in line %" PRIu32, line);
	}
	return steer_fault(fault, STEER_EREFUSED, "%s: %s%s%s is there twice%s; allowed: %s", place,
	                   network, network[0] != '\0' && name[0] != '\0' ? " to " : "", name, before,
	                   allowed);
}

static int end_networks(steer_map_builder_t *builder, steer_fault_t *fault)
{
	uint32_t at;
	int ret = steer_networks_sort(builder->networks, builder->networks_count, UINT32_MAX, &at);
	if (ret == STEER_EEXIST) {
		return refuse_twice(builder, &builder->networks[at - 1], &builder->networks[at], "once",
		                    fault);
	}
	return ret == STEER_OK ? STEER_OK
	       : steer_fault(fault, STEER_EREFUSED, "%s: a network that cannot be",
	                     builder->files[0].name);
}

/*! Orders rows by network, then by name, the shortest time first, of equal ones the newest. */
static int compare_rows(const void *a, const void *b)
{
	const row_t *x = a, *y = b;
	int order = steer_network_compare(&x->at.network, &y->at.network);
	if (order == 0) {
		order = (x->at.class > y->at.class) - (x->at.class < y->at.class);
	}
	if (order == 0) {
		order = (x->rtt_us > y->rtt_us) - (x->rtt_us < y->rtt_us);
	}
	return order != 0 ? order : (x->time < y->time) - (x->time > y->time);
}

static bool same_network(const row_t *a, const row_t *b)
{
	return steer_network_compare(&a->at.network, &b->at.network) == 0;
}

/*! Whether rows are several measurements of the same. */
static bool are_measured(const row_t *a, const row_t *b)
{
	return a->time != 0 && b->time != 0;
}

/*! Of several measurements keeps the shortest: queues and busy hosts have delayed it least. */
static int end_rows(steer_map_builder_t *builder, steer_fault_t *fault)
{
	row_t *rows = builder->rows;
	uint32_t kept = 0, begin = 0; // Rows that are kept, and the first one of the network.
	if (builder->rows_count > 0) {
		qsort(rows, builder->rows_count, sizeof(*rows), compare_rows);
	}
	for (uint32_t i = 0; i < builder->rows_count; i++) {
		const row_t row = rows[i];
		const row_t *last = kept > 0 ? &rows[kept - 1] : NULL;
		if (last == NULL || !same_network(last, &row)) {
			begin = kept;
		} else if (last->at.class == row.at.class) {
			if (!are_measured(last, &row)) {
				return refuse_twice(builder, &last->at, &row.at,
				                    builder->type == STEER_MAP_LATENCY
				                    ? "once, or each with its time" : "once", fault);
			}
			continue;
		} else if (builder->type == STEER_MAP_LATENCY && kept - begin == STEER_LATENCY_ROWS_MAX) {
			char place[PLACE_TEXT], network[STEER_NETWORK_TEXT];
			steer_network_print(&row.at.network, network);
			line_text(builder, place, row.at.line);
			return steer_fault(fault, STEER_EREFUSED, "%s: too many regions of %s; allowed: %d",
			                   place, network, STEER_LATENCY_ROWS_MAX);
		}
		rows[kept++] = row;
	}
	builder->rows_count = kept;
	return STEER_OK;
}

/*! Makes the list of names. \return false: out of memory */
static bool list_names(steer_map_builder_t *builder)
{
	builder->list = malloc((builder->names.items + (size_t)1) * sizeof(*builder->list));
	for (uint32_t i = 0; builder->list != NULL && i < builder->names.items; i++) {
		const char *text = (const char *)steer_distinct_at(&builder->names, i + 1);
		builder->list[i] = (steer_dictionary_name_t) { name_kind(builder), strlen(text), text };
	}
	if (builder->list != NULL && builder->type == STEER_MAP_CIDR) {
		builder->list[0].kind = STEER_DICTIONARY_COLLECTION;
	}
	return builder->list != NULL;
}

int steer_map_builder_end(steer_map_builder_t *builder, steer_fault_t *fault)
{
	int ret = end_networks(builder, fault);
	if (ret == STEER_OK) {
		ret = end_rows(builder, fault);
	}
	return ret == STEER_OK && !list_names(builder) ? no_memory(fault) : ret;
}

size_t steer_map_builder_names(const steer_map_builder_t *builder,
                               const steer_dictionary_name_t **names)
{
	*names = builder->list;
	return builder->names.items;
}

/* Writing. */

/*! Gives the names in rows and networks their numbers. */
static void number_names(steer_map_builder_t *builder, const uint32_t *numbers)
{
	for (uint32_t i = 0; i < builder->rows_count; i++) {
		builder->rows[i].at.class = numbers[builder->rows[i].at.class - 1];
	}
	for (uint32_t i = 0; i < builder->networks_count && builder->type == STEER_MAP_CIDR; i++) {
		builder->networks[i].class = numbers[builder->networks[i].class - 1];
	}
}

/*! Makes a class of the rows of one network. */
static int make_class(steer_map_builder_t *builder, row_t *rows, uint32_t count)
{
	uint8_t entries[STEER_LATENCY_ROWS_MAX * STEER_LATENCY_SIZE];
	qsort(rows, count, sizeof(*rows), compare_rows); // By their numbers in the store.
	for (uint32_t i = 0; i < count; i++) {
		const steer_map_latency_t latency = {
			.region = rows[i].at.class, .rtt_us = rows[i].rtt_us, .time = rows[i].time,
			.source = STEER_LATENCY_IMPORT,
		};
		steer_map_latency_write(entries + i * STEER_LATENCY_SIZE, &latency, count - i);
	}
	uint32_t class;
	int ret = steer_distinct_add(&builder->classes, entries, count, &class);
	if (ret != STEER_OK) {
		return ret;
	}
	const steer_map_row_t row = { .network = rows->at.network, .at.line = rows->at.line };
	return add_network(builder, &row, class);
}

static int make_latencies(steer_map_builder_t *builder)
{
	int ret = STEER_OK;
	for (uint32_t i = 0, next; i < builder->rows_count && ret == STEER_OK; i = next) {
		for (next = i + 1; next < builder->rows_count &&
		     same_network(&builder->rows[i], &builder->rows[next]); next++) {
		}
		ret = make_class(builder, &builder->rows[i], next - i);
	}
	return ret;
}

static int make_sites(steer_map_builder_t *builder)
{
	int ret = STEER_OK;
	if (builder->rows_count > 0) {
		qsort(builder->rows, builder->rows_count, sizeof(*builder->rows), compare_rows);
	}
	for (uint32_t i = 0; i < builder->rows_count && ret == STEER_OK; i++) {
		const row_t *row = &builder->rows[i];
		const steer_map_site_t site = { row->at.class, row->point };
		uint8_t entry[STEER_SITE_SIZE];
		uint32_t number;
		steer_map_site_write(entry, &site);
		ret = steer_distinct_add(&builder->classes, entry, 1, &number);
	}
	return ret;
}

/*! Makes the blocks of a map of locations. */
static int make_blocks(steer_map_builder_t *builder)
{
	steer_distinct_t *table = &builder->classes;
	uint32_t at;
	table->bytes = malloc((builder->networks_count + (size_t)1) * STEER_BLOCK_SIZE);
	return table->bytes == NULL ? STEER_ENOMEM
	       : steer_network_blocks_make(builder->networks, builder->networks_count, table->bytes,
	                                   &table->units, &at);
}

static int make_classes(steer_map_builder_t *builder)
{
	switch (builder->type) {
	case STEER_MAP_LATENCY:
		return make_latencies(builder);
	case STEER_MAP_REGIONS:
		return make_sites(builder);
	case STEER_MAP_CIDR:
		return make_blocks(builder);
	default:
		return STEER_OK; // They have been made row by row.
	}
}

/*! Writes origin and map of networks into one value. */
static int write_value(steer_map_builder_t *builder, const steer_map_origin_t *origin,
                       uint8_t **value, size_t *size)
{
	const steer_network_map_model_t model = {
		.networks = builder->networks, .networks_count = builder->networks_count,
		.type = builder->type, .classes = builder->classes.bytes,
		.classes_count = builder->classes.units, .class_size = builder->classes.unit,
	};
	const size_t before = steer_map_origin_size(origin);
	size_t map = 0;
	uint32_t at;
	int ret = steer_network_map_build(NULL, &map, &model, &at);
	if (ret != STEER_OK) {
		return ret;
	}
	uint8_t *made = malloc(before + map);
	if (made == NULL) {
		return STEER_ENOMEM;
	}
	steer_map_origin_write(made, origin);
	ret = steer_network_map_build(made + before, &map, &model, &at);
	if (ret != STEER_OK) {
		free(made);
		return ret;
	}
	*value = made;
	*size = before + map;
	return STEER_OK;
}

int steer_map_builder_write(steer_map_builder_t *builder, const uint32_t *numbers,
                            const steer_map_origin_t *origin, uint8_t **value, size_t *size,
                            steer_fault_t *fault)
{
	number_names(builder, numbers);
	int ret = make_classes(builder);
	if (ret == STEER_OK) {
		ret = write_value(builder, origin, value, size);
	}
	switch (ret) {
	case STEER_OK:
		return STEER_OK;
	case STEER_ENOMEM:
		return no_memory(fault);
	default:
		return steer_fault(fault, STEER_EREFUSED, "the map would have more than 4 GiB");
	}
}
