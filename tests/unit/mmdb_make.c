/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/mmdb_make.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/network_text.h"
#include "unit/hex.h"
#include "unit/test.h"

#define NODES_MAX 4096

/* What a record is, in addition to the number of a node. */
#define NOTHING UINT64_MAX
#define DATA    (UINT64_C(1) << 32) /*!< With an offset in the data. */
#define RAW     (UINT64_C(1) << 33) /*!< With the number to be written. */

typedef struct {
	unsigned family, bits, nodes;
	uint64_t records[NODES_MAX][2];
	FILE *data;
} tree_t;

static void put_number(FILE *out, uint64_t number, unsigned bytes)
{
	while (bytes-- > 0) {
		fputc(number >> 8 * bytes & 0xff, out);
	}
}

static void put_head(FILE *out, unsigned type, size_t size)
{
	unsigned small = size < 29 ? size : size < 285 ? 29 : size < 65821 ? 30 : 31;
	fputc((type < 8 ? type << 5 : 0) | small, out);
	if (type >= 8) {
		fputc(type - 7, out);
	}
	if (small == 29) {
		put_number(out, size - 29, 1);
	} else if (small == 30) {
		put_number(out, size - 285, 2);
	} else if (small == 31) {
		put_number(out, size - 65821, 3);
	}
}

static void put_text(FILE *out, const char *text)
{
	put_head(out, 2, strlen(text));
	fputs(text, out);
}

static void put_uint(FILE *out, unsigned type, uint64_t number)
{
	unsigned bytes = 0;
	while (bytes < 8 && number >> 8 * bytes != 0) {
		bytes++;
	}
	put_head(out, type, bytes);
	put_number(out, number, bytes);
}

static void put_json(FILE *out, json_t *json)
{
	const char *key;
	json_t *item;
	size_t i;
	double real;
	uint64_t number;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		put_head(out, 7, json_object_size(json));
		json_object_foreach(json, key, item) {
			put_text(out, key);
			put_json(out, item);
		}
		break;
	case JSON_ARRAY:
		put_head(out, 11, json_array_size(json));
		json_array_foreach(json, i, item) {
			put_json(out, item);
		}
		break;
	case JSON_STRING:
		put_text(out, json_string_value(json));
		break;
	case JSON_REAL:
		real = json_real_value(json);
		memcpy(&number, &real, sizeof(number));
		put_head(out, 3, 8);
		put_number(out, number, 8);
		break;
	case JSON_INTEGER:
		number = json_integer_value(json);
		put_uint(out, number <= UINT32_MAX ? 6 : 9, number);
		break;
	default:
		put_head(out, 14, json_is_true(json));
	}
}

static void put_hex(FILE *out, const char *text)
{
	uint8_t bytes[512];
	size_t len = hex_read(text, bytes, sizeof(bytes));
	assert_int_not_equal(len, 0);
	fwrite(bytes, 1, len, out);
}

static void put_nested(FILE *out, unsigned depth)
{
	put_head(out, 7, 2);
	while (depth-- > 0) {
		put_text(out, "a");
		put_head(out, 7, depth > 0);
	}
	put_text(out, "country");
	put_head(out, 7, 1);
	put_text(out, "iso_code");
	put_text(out, "NO");
}

/* The tree. */

static unsigned add_node(tree_t *tree, uint64_t record)
{
	assert_in_range(tree->nodes, 0, NODES_MAX - 1);
	tree->records[tree->nodes][0] = tree->records[tree->nodes][1] = record;
	return tree->nodes++;
}

/*! The record of a network; what is above is split until it has one. */
static uint64_t *find(tree_t *tree, const char *text, size_t len)
{
	steer_network_t network;
	uint8_t address[16] = { 0 };
	assert_int_equal(steer_network_parse(text, len, &network), STEER_OK);
	unsigned shift = tree->family == 6 && network.family == 4 ? 96 : 0;
	memcpy(address + shift / 8, network.address, steer_network_bits(&network) / 8);
	unsigned length = network.length + shift, node = 0;
	for (unsigned i = 0; ; i++) {
		uint64_t *record = &tree->records[node][address[i / 8] >> (7 - i % 8) & 1];
		if (i + 1 == length) {
			return record;
		}
		if (*record >= tree->nodes) {
			*record = add_node(tree, *record);
		}
		node = *record;
	}
}

static void put_line(tree_t *tree, const char *line)
{
	size_t len = strcspn(line, " ");
	const char *rest = line + len + 1;
	uint64_t offset = DATA | ftell(tree->data);
	if (*rest == '{') {
		json_t *json = json_loads(rest, 0, NULL);
		assert_non_null(json);
		put_json(tree->data, json);
		json_decref(json);
	} else if (strncmp(rest, "hex ", 4) == 0) {
		put_hex(tree->data, rest + 4);
	} else if (strncmp(rest, "nested ", 7) == 0) {
		put_nested(tree->data, strtoul(rest + 7, NULL, 10));
	} else if (strncmp(rest, "at ", 3) == 0) {
		offset = DATA | strtoul(rest + 3, NULL, 10);
	} else if (*rest == '#') {
		offset = RAW | strtoul(rest + 2, NULL, 10);
	} else {
		offset = *find(tree, rest + 2, strlen(rest + 2));
	}
	*find(tree, line, len) = offset;
}

static void put_metadata(FILE *out, const tree_t *tree)
{
	static const char *const texts[] = { "binary_format_major_version", "ip_version", "record_size",
	                                     "binary_format_minor_version" };
	const unsigned numbers[] = { 2, tree->family, tree->bits, 0 };
	fwrite("\xab\xcd\xefMaxMind.com", 1, 14, out);
	put_head(out, 7, 9);
	put_text(out, "node_count");
	put_uint(out, 6, tree->nodes);
	for (unsigned i = 0; i < COUNT(texts); i++) {
		put_text(out, texts[i]);
		put_uint(out, 5, numbers[i]);
	}
	put_text(out, "database_type");
	put_text(out, "Test");
	put_text(out, "build_epoch");
	put_uint(out, 9, 1700000000);
	put_text(out, "languages");
	put_head(out, 11, 0);
	put_text(out, "description");
	put_head(out, 7, 0);
}

static uint64_t number_of(const tree_t *tree, uint64_t record)
{
	if (record == NOTHING) {
		return tree->nodes;
	}
	return (record & DATA) != 0 ? tree->nodes + 16 + (uint32_t)record : (uint32_t)record;
}

static void put_tree(FILE *out, const tree_t *tree)
{
	for (unsigned i = 0; i < tree->nodes; i++) {
		uint64_t left = number_of(tree, tree->records[i][0]);
		uint64_t right = number_of(tree, tree->records[i][1]);
		if (tree->bits == 28) {
			put_number(out, left & 0xffffff, 3);
			fputc((left >> 24 & 15) << 4 | (right >> 24 & 15), out);
			put_number(out, right & 0xffffff, 3);
		} else {
			put_number(out, left, tree->bits / 8);
			put_number(out, right, tree->bits / 8);
		}
	}
	put_number(out, 0, 8);
	put_number(out, 0, 8);
}

uint8_t *mmdb_make(unsigned family, unsigned bits, const char *lines, size_t *size)
{
	char *data = NULL, *file = NULL, *copy = strdup(lines), *rest = copy, *line;
	size_t data_size;
	tree_t *tree = calloc(1, sizeof(*tree));
	assert_non_null(tree);
	*tree = (tree_t) { .family = family, .bits = bits };
	tree->data = open_memstream(&data, &data_size);
	add_node(tree, NOTHING);
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line != '\0') {
			put_line(tree, line);
		}
	}
	fclose(tree->data);
	FILE *out = open_memstream(&file, size);
	put_tree(out, tree);
	fwrite(data, 1, data_size, out);
	put_metadata(out, tree);
	fclose(out);
	free(data);
	free(copy);
	free(tree);
	return (uint8_t *)file;
}
