/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What "location dump" of libloc prints: a block of lines "key: value" for each autonomous system
 * and then for each network, with a blank line between them.
 */
#include <string.h>

#include "formats/map/reading.h"
#include "formats/map/values.h"

/*! A block that is being read. */
typedef struct {
	enum { BETWEEN, SYSTEM, NETWORK, BAD } kind;
	steer_values_t values; /*!< Of a network. */
	uint32_t line;         /*!< Where it begins. */
} block_t;

static bool take_anycast(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG])
{
	(void)wrong;
	values->row.anycast = steer_field_is(field, "yes");
	return true;
}

#define FOR(type) (1u << STEER_MAP_##type)

/*! Keys of networks that rows are made of, and of which maps; others are left out. */
static const struct {
	const char *name;
	steer_value_f value;
	unsigned types;
} keys[] = {
	{ "net",        steer_value_network, FOR(GEO) | FOR(ASN) },
	{ "country",    steer_value_country, FOR(GEO) },
	{ "is-anycast", take_anycast,        FOR(GEO) },
	{ "aut-num",    steer_value_asn,     FOR(ASN) },
};

static bool read_value(block_t *block, steer_map_type_t type, const steer_field_t *key,
                       const steer_field_t *value, char wrong[STEER_WRONG])
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if ((keys[i].types & 1u << type) != 0 && steer_field_is(key, keys[i].name)) {
			return keys[i].value(&block->values, value, wrong);
		}
	}
	return true;
}

static bool split(const steer_lines_t *lines, steer_field_t *key, steer_field_t *value)
{
	const char *colon = memchr(lines->text, ':', lines->len), *end = lines->text + lines->len;
	if (colon == NULL) {
		return false;
	}
	*key = (steer_field_t) { lines->text, colon - lines->text, lines->text };
	const char *at = colon + 1;
	while (at < end && (*at == ' ' || *at == '\t')) {
		at++;
	}
	*value = (steer_field_t) { at, end - at, at };
	return true;
}

/*! Begins a block with the first key of it. */
static bool begin(block_t *block, const steer_field_t *key, uint32_t line)
{
	block->kind = steer_field_is(key, "net") ? NETWORK
	              : steer_field_is(key, "aut-num") ? SYSTEM : BAD;
	block->values = (steer_values_t) { 0 };
	block->line = line;
	return block->kind != BAD;
}

static int end(steer_map_reading_t *reading, block_t *block)
{
	bool is_network = block->kind == NETWORK;
	block->kind = BETWEEN;
	return is_network ? steer_map_give(reading, &block->values.row) : STEER_OK;
}

static int read_line(steer_map_reading_t *reading, block_t *block)
{
	steer_field_t key, value;
	char wrong[STEER_WRONG];
	if (block->kind == BAD) {
		return STEER_OK;
	}
	if (!split(&reading->lines, &key, &value)) {
		block->kind = BAD;
		return steer_map_bad(reading, NULL, "a line without a colon; allowed: key: value");
	}
	if (block->kind == BETWEEN && !begin(block, &key, reading->lines.number)) {
		return steer_map_bad(reading, NULL, "a block that begins otherwise; allowed: net, aut-num");
	}
	if (block->kind == NETWORK &&
	    !read_value(block, reading->source->type, &key, &value, wrong)) {
		block->kind = BAD;
		return steer_map_bad(reading, value.at, "%s", wrong);
	}
	return STEER_OK;
}

int steer_map_read_libloc(steer_map_reading_t *reading)
{
	block_t block = { .kind = BETWEEN };
	int ret = STEER_OK;
	while (ret == STEER_OK && steer_lines_next(&reading->lines)) {
		if (steer_lines_is_blank(&reading->lines)) {
			ret = end(reading, &block);
		} else if (reading->lines.len > STEER_MAP_LINE_MAX) {
			block.kind = BAD;
			ret = steer_map_bad(reading, NULL, "a line of %zu bytes; allowed: up to %d",
			                    reading->lines.len, STEER_MAP_LINE_MAX);
		} else {
			ret = read_line(reading, &block);
		}
	}
	return ret == STEER_OK ? end(reading, &block) : ret;
}
