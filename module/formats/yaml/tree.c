/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/tree.h"

#include <stdlib.h>
#include <string.h>

#include "formats/array.h"
#include "formats/yaml/events.h"

/*! What reading a file needs. */
typedef struct {
	steer_yaml_tree_t *tree;
	steer_events_t events;
	struct {
		uint32_t number; /*!< Of the list or mapping. */
		bool mapping;
		bool key;        /*!< The last value was a key. */
	} open[STEER_YAML_DEPTH];
	unsigned depth;
	uint32_t *keys;      /*!< Scratch: the keys of a mapping. */
	size_t keys_room;
} parse_t;

/*! Ends reading: what follows could not be held. */
static int refuse_more(parse_t *parse, const char *what, unsigned max)
{
	int ret = steer_events_wrong(&parse->events, "more %s than fit; allowed: %u", what, max);
	return ret == STEER_OK ? steer_report_end(parse->events.report) : ret;
}

/* Values. */

static bool is_empty(const steer_events_t *events)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };
	bool found = false;
	for (size_t i = 0; events->plain && i < sizeof(words) / sizeof(*words); i++) {
		found = found || strcmp(events->text, words[i]) == 0;
	}
	return found;
}

static int keep_text(parse_t *parse, steer_yaml_value_t *value)
{
	steer_yaml_tree_t *tree = parse->tree;
	const steer_events_t *events = &parse->events;
	value->kind = is_empty(events) ? STEER_YAML_EMPTY : STEER_YAML_TEXT;
	value->text = tree->texts_len;
	if (memchr(events->text, '\0', events->len) != NULL) {
		return steer_events_wrong(&parse->events, "a zero byte; allowed: text");
	}
	if (events->len > STEER_YAML_TEXT_MAX) {
		return refuse_more(parse, "bytes of a text", STEER_YAML_TEXT_MAX);
	}
	if (tree->texts_len + events->len >= UINT32_MAX) {
		return refuse_more(parse, "bytes of text", UINT32_MAX);
	}
	char *texts = steer_array_grown(tree->texts, &tree->texts_room,
	                                tree->texts_len + events->len + 1, 1);
	if (texts == NULL) {
		return steer_events_no_memory(events);
	}
	tree->texts = texts;
	memcpy(texts + tree->texts_len, events->text, events->len);
	texts[tree->texts_len + events->len] = '\0';
	tree->texts_len += events->len + 1;
	return STEER_OK;
}

/*! Notes that a value comes next in what is open. */
static int note_value(parse_t *parse)
{
	if (parse->depth == 0 || !parse->open[parse->depth - 1].mapping) {
		return STEER_OK;
	}
	const bool key = !parse->open[parse->depth - 1].key;
	parse->open[parse->depth - 1].key = key;
	return key && (parse->events.kind == NODE_LIST || parse->events.kind == NODE_MAPPING)
	       ? steer_events_wrong(&parse->events, "a key is text, not a list or mapping") : STEER_OK;
}

/*! Adds the current node. One that is wrong is empty: nothing is read after errors. */
static int add_value(parse_t *parse)
{
	steer_yaml_tree_t *tree = parse->tree;
	const steer_events_t *events = &parse->events;
	int ret = note_value(parse);
	if (ret != STEER_OK) {
		return ret;
	}
	if (tree->count == STEER_YAML_VALUES_MAX) {
		return refuse_more(parse, "values", STEER_YAML_VALUES_MAX);
	}
	steer_yaml_value_t *values = steer_array_grown(tree->values, &tree->room, tree->count + 1,
	                                               sizeof(*values));
	if (values == NULL) {
		return steer_events_no_memory(events);
	}
	tree->values = values;
	steer_yaml_value_t *value = &values[tree->count++];
	*value = (steer_yaml_value_t) {
		.line = events->place.line, .column = events->place.column, .next = tree->count,
	};
	if (events->kind == NODE_TEXT) {
		return keep_text(parse, value);
	}
	if (events->kind == NODE_LIST || events->kind == NODE_MAPPING) {
		value->kind = events->kind == NODE_LIST ? STEER_YAML_LIST : STEER_YAML_MAPPING;
		parse->open[parse->depth].number = tree->count - 1;
		parse->open[parse->depth].mapping = events->kind == NODE_MAPPING;
		parse->open[parse->depth++].key = false;
	}
	return STEER_OK;
}

/* Keys. */

static int by_text(const void *a, const void *b, void *ctx)
{
	const steer_yaml_tree_t *tree = ctx;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const int order = strcmp(steer_yaml_tree_text(tree, &tree->values[x]),
	                         steer_yaml_tree_text(tree, &tree->values[y]));
	return order != 0 ? order : (x > y) - (x < y);
}

static int refuse_twice(parse_t *parse, uint32_t first, uint32_t second)
{
	const steer_yaml_tree_t *tree = parse->tree;
	const steer_place_t place = steer_yaml_tree_place(tree, &tree->values[second]);
	const char *key = steer_yaml_tree_text(tree, &tree->values[first]);
	char shown[STEER_SHOWN];
	return steer_events_wrong_at(&parse->events, &place, "%s: already in line %u; allowed: once",
	                             key[0] != '\0' ? steer_shown(shown, key, strlen(key)) : "''",
	                             tree->values[first].line);
}

/*! Collects the keys of a mapping that are text, in the order of their text. */
static int sort_keys(parse_t *parse, const steer_yaml_value_t *mapping, size_t *count)
{
	steer_yaml_tree_t *tree = parse->tree;
	*count = 0;
	for (const steer_yaml_value_t *key = steer_yaml_tree_next_key(tree, mapping, NULL); key != NULL;
	     key = steer_yaml_tree_next_key(tree, mapping, key)) {
		uint32_t *keys = steer_array_grown(parse->keys, &parse->keys_room, *count + 1,
		                                   sizeof(*keys));
		if (keys == NULL) {
			return steer_events_no_memory(&parse->events);
		}
		parse->keys = keys;
		if (key->kind <= STEER_YAML_TEXT) {
			keys[(*count)++] = key - tree->values;
		}
	}
	if (*count > 1) {
		qsort_r(parse->keys, *count, sizeof(*parse->keys), by_text, tree);
	}
	return STEER_OK;
}

static int close_value(parse_t *parse)
{
	steer_yaml_tree_t *tree = parse->tree;
	steer_yaml_value_t *value = &tree->values[parse->open[--parse->depth].number];
	size_t count = 0;
	value->next = tree->count;
	// With errors there may be no text of keys.
	int ret = value->kind == STEER_YAML_MAPPING && parse->events.report->errors == 0
	          ? sort_keys(parse, value, &count) : STEER_OK;
	for (size_t i = 1; i < count && ret == STEER_OK; i++) {
		const uint32_t first = parse->keys[i - 1], second = parse->keys[i];
		if (strcmp(steer_yaml_tree_text(tree, &tree->values[first]),
		           steer_yaml_tree_text(tree, &tree->values[second])) == 0) {
			ret = refuse_twice(parse, first, second);
		}
	}
	return ret;
}

/* The document. */

static int take_node(parse_t *parse)
{
	switch (parse->events.kind) {
	case NODE_DOCUMENT:
		return parse->tree->count == 0 ? STEER_OK
		       : steer_events_wrong(&parse->events, "a second document; allowed: one in a file");
	case NODE_CLOSE:
		return parse->depth > 0 ? close_value(parse) : STEER_OK;
	default:
		return add_value(parse);
	}
}

int steer_yaml_tree_read(steer_yaml_tree_t *tree, const steer_input_t *input,
                         steer_report_t *report)
{
	parse_t parse = { .tree = tree };
	const steer_input_t text = steer_events_without_mark(input);
	tree->file = input->name;
	int ret = steer_events_open(&parse.events, &text, report);
	if (ret != STEER_OK) {
		return ret;
	}
	while ((ret = steer_events_next(&parse.events)) == STEER_OK && parse.events.kind != NODE_END) {
		ret = take_node(&parse);
		if (ret != STEER_OK) {
			break;
		}
	}
	steer_events_close(&parse.events);
	free(parse.keys);
	return ret == STEER_OK ? steer_report_end(report) : ret;
}

void steer_yaml_tree_free(steer_yaml_tree_t *tree)
{
	free(tree->values);
	free(tree->texts);
	*tree = (steer_yaml_tree_t) { .file = tree->file };
}

/* Walking. */

static const steer_yaml_value_t *value_before(const steer_yaml_tree_t *tree, uint32_t number,
                                              uint32_t end)
{
	return number < end ? &tree->values[number] : NULL;
}

const steer_yaml_value_t *steer_yaml_tree_next(const steer_yaml_tree_t *tree,
                                               const steer_yaml_value_t *list,
                                               const steer_yaml_value_t *value)
{
	return value_before(tree, value != NULL ? value->next : list - tree->values + 1, list->next);
}

const steer_yaml_value_t *steer_yaml_tree_next_key(const steer_yaml_tree_t *tree,
                                                   const steer_yaml_value_t *mapping,
                                                   const steer_yaml_value_t *key)
{
	const uint32_t number = key == NULL ? mapping - tree->values + 1
	                                    : tree->values[key->next].next;
	return value_before(tree, number, mapping->next);
}

const steer_yaml_value_t *steer_yaml_tree_get(const steer_yaml_tree_t *tree,
                                              const steer_yaml_value_t *mapping, const char *key)
{
	for (const steer_yaml_value_t *at = steer_yaml_tree_next_key(tree, mapping, NULL); at != NULL;
	     at = steer_yaml_tree_next_key(tree, mapping, at)) {
		if (strcmp(steer_yaml_tree_text(tree, at), key) == 0) {
			return at[1].kind != STEER_YAML_EMPTY ? &at[1] : NULL;
		}
	}
	return NULL;
}
