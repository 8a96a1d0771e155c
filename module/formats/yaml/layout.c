/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/layout.h"

#include <inttypes.h>
#include <string.h>

#define STEP 2 /*!< Blanks by which each level is indented. */

static void put_blanks(steer_yaml_sink_t *sink, unsigned count)
{
	for (; count > 0; count--) {
		steer_yaml_put(sink, " ", 1);
	}
}

static void end_line(steer_yaml_sink_t *sink)
{
	steer_yaml_put(sink, "\n", 1);
}

/*! Puts a finished line. \return false: it is too long, and nothing was put. */
static bool put_line(steer_yaml_sink_t *sink, const steer_yaml_sink_t *line)
{
	if (steer_yaml_is_full(line)) {
		return false;
	}
	steer_yaml_put(sink, line->line, line->len);
	end_line(sink);
	return true;
}

/* Mappings. */

static void put_lead(steer_yaml_sink_t *sink, unsigned indent, const char *key)
{
	put_blanks(sink, indent);
	if (key == NULL) {
		steer_yaml_puts(sink, "-");
		return;
	}
	steer_yaml_scalar(sink, key, false);
	steer_yaml_puts(sink, ":");
}

void steer_yaml_put_mapping(steer_yaml_sink_t *sink, unsigned indent, const char *key,
                            steer_yaml_body_f body, const void *ctx)
{
	char text[STEER_YAML_WIDTH];
	steer_yaml_sink_t line = { .line = text, .room = sizeof(text) };
	steer_yaml_map_t flow = { .sink = &line, .flow = true };
	put_lead(&line, indent, key);
	steer_yaml_puts(&line, " {");
	body(&flow, ctx);
	steer_yaml_puts(&line, "}");
	if (put_line(sink, &line)) {
		return;
	}
	steer_yaml_map_t block = { .sink = sink, .after_dash = key == NULL, .indent = indent + STEP };
	put_lead(sink, indent, key);
	steer_yaml_puts(sink, block.after_dash ? " " : "\n");
	body(&block, ctx);
}

/*! Puts what comes before a key. */
static void next_key(steer_yaml_map_t *map)
{
	if (map->flow) {
		steer_yaml_puts(map->sink, map->begun ? ", " : "");
	} else if (map->begun || !map->after_dash) {
		put_blanks(map->sink, map->indent);
	}
	map->begun = true;
}

static void put_key(steer_yaml_map_t *map, const char *key)
{
	next_key(map);
	steer_yaml_puts(map->sink, key);
	steer_yaml_puts(map->sink, ":");
}

static void end_value(steer_yaml_map_t *map)
{
	if (!map->flow) {
		end_line(map->sink);
	}
}

void steer_yaml_map_text(steer_yaml_map_t *map, const char *key, const char *text)
{
	put_key(map, key);
	steer_yaml_puts(map->sink, " ");
	steer_yaml_scalar(map->sink, text, map->flow);
	end_value(map);
}

void steer_yaml_map_plain(steer_yaml_map_t *map, const char *key, const char *text)
{
	put_key(map, key);
	steer_yaml_puts(map->sink, " ");
	steer_yaml_puts(map->sink, text);
	end_value(map);
}

void steer_yaml_map_number(steer_yaml_map_t *map, const char *key, uint32_t number)
{
	char digits[16];
	snprintf(digits, sizeof(digits), "%" PRIu32, number);
	steer_yaml_map_plain(map, key, digits);
}

steer_yaml_map_t steer_yaml_map_open(steer_yaml_map_t *map, const char *key)
{
	put_key(map, key);
	steer_yaml_puts(map->sink, map->flow ? " {" : "\n");
	return (steer_yaml_map_t) {
		.sink = map->sink, .flow = map->flow, .indent = map->indent + STEP,
	};
}

void steer_yaml_map_entry(steer_yaml_map_t *inner, const char *key, steer_yaml_body_f body,
                          const void *ctx)
{
	if (!inner->flow) {
		steer_yaml_put_mapping(inner->sink, inner->indent, key, body, ctx);
		return;
	}
	steer_yaml_map_t entry = { .sink = inner->sink, .flow = true };
	next_key(inner);
	steer_yaml_scalar(inner->sink, key, true);
	steer_yaml_puts(inner->sink, ": {");
	body(&entry, ctx);
	steer_yaml_puts(inner->sink, "}");
}

void steer_yaml_map_close(steer_yaml_map_t *inner)
{
	steer_yaml_puts(inner->sink, inner->flow ? "}" : "");
}

/* Lists. */

/*! Puts the list between brackets. */
static void put_items(steer_yaml_map_t *map, const char *key, steer_yaml_items_f items,
                      const void *ctx)
{
	steer_yaml_list_t list = { .sink = map->sink, .flow = true };
	put_key(map, key);
	steer_yaml_puts(map->sink, " [");
	items(&list, ctx);
	steer_yaml_puts(map->sink, "]");
}

/*! Puts the list as a line of a mapping without braces. \return false: it is too long. */
static bool put_items_line(steer_yaml_map_t *map, const char *key, steer_yaml_items_f items,
                           const void *ctx)
{
	char text[STEER_YAML_WIDTH];
	steer_yaml_sink_t line = { .line = text, .room = sizeof(text) };
	steer_yaml_map_t again = *map;
	again.sink = &line;
	put_items(&again, key, items, ctx);
	bool done = put_line(map->sink, &line);
	map->begun = map->begun || done;
	return done;
}

void steer_yaml_map_list(steer_yaml_map_t *map, const char *key, bool lines,
                         steer_yaml_items_f items, const void *ctx)
{
	if (map->flow) {
		put_items(map, key, items, ctx);
	} else if (lines || !put_items_line(map, key, items, ctx)) {
		steer_yaml_list_t list = { .sink = map->sink, .indent = map->indent + STEP };
		put_key(map, key);
		end_line(map->sink);
		items(&list, ctx);
	}
}

static void next_item(steer_yaml_list_t *list)
{
	if (list->flow) {
		steer_yaml_puts(list->sink, list->begun ? ", " : "");
	} else {
		put_blanks(list->sink, list->indent);
		steer_yaml_puts(list->sink, "- ");
	}
	list->begun = true;
}

static void end_item(steer_yaml_list_t *list)
{
	if (!list->flow) {
		end_line(list->sink);
	}
}

void steer_yaml_list_item(steer_yaml_list_t *list, const char *text)
{
	next_item(list);
	steer_yaml_scalar(list->sink, text, list->flow);
	end_item(list);
}

void steer_yaml_list_plain(steer_yaml_list_t *list, const char *text)
{
	next_item(list);
	steer_yaml_puts(list->sink, text);
	end_item(list);
}
