/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/events.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formats/yaml/syntax.h"

/*! The byte order mark, which editors put before UTF-8. */
#define MARK     "\xef\xbb\xbf"
#define MARK_LEN 3

steer_input_t steer_events_without_mark(const steer_input_t *input)
{
	steer_input_t text = *input;
	if (text.len >= MARK_LEN && memcmp(text.text, MARK, MARK_LEN) == 0) {
		text.text += MARK_LEN;
		text.len -= MARK_LEN;
	}
	return text;
}

int steer_events_open(steer_events_t *events, const steer_input_t *input, steer_report_t *report)
{
	*events = (steer_events_t) { .input = input, .report = report };
	if (!yaml_parser_initialize(&events->parser)) {
		return steer_fault(report->fault, STEER_ENOMEM, "%s: out of memory", input->name);
	}
	yaml_parser_set_encoding(&events->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&events->parser, (const unsigned char *)input->text,
	                             input->len);
	return STEER_OK;
}

void steer_events_close(steer_events_t *events)
{
	yaml_event_delete(&events->event);
	yaml_parser_delete(&events->parser);
}

static int wrong(steer_events_t *events, const steer_place_t *place, const char *format,
                 va_list args)
{
	char text[768];
	if (events->mute) {
		return STEER_OK;
	}
	size_t len = 0;
	if (events->about != NULL) {
		len = snprintf(text, sizeof(text), "%s: ", events->about);
	}
	vsnprintf(text + len, sizeof(text) - len, format, args);
	return steer_report(events->report, place, text);
}

int steer_events_wrong(steer_events_t *events, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int ret = wrong(events, &events->place, format, args);
	va_end(args);
	return ret;
}

int steer_events_refuse(steer_events_t *events, const char *format, ...)
{
	int ret = STEER_OK;
	if (events->kind != NODE_WRONG) {
		va_list args;
		va_start(args, format);
		ret = wrong(events, &events->place, format, args);
		va_end(args);
	}
	return ret == STEER_OK ? steer_events_skip(events) : ret;
}

int steer_events_wrong_at(steer_events_t *events, const steer_place_t *place, const char *format,
                          ...)
{
	va_list args;
	va_start(args, format);
	int ret = wrong(events, place, format, args);
	va_end(args);
	return ret;
}

int steer_events_no_memory(const steer_events_t *events)
{
	return steer_fault(events->report->fault, STEER_ENOMEM, "%s: out of memory",
	                   events->input->name);
}

/*! Reports an error after which nothing can be read. */
static int end_at(steer_events_t *events, const steer_place_t *place, const char *text)
{
	int ret = steer_report(events->report, place, text);
	return ret != STEER_OK ? ret : steer_report_end(events->report);
}

static int syntax_error(steer_events_t *events)
{
	if (events->parser.error == YAML_MEMORY_ERROR) {
		return steer_events_no_memory(events);
	}
	char text[512];
	steer_place_t place = { .file = events->input->name };
	steer_yaml_syntax(&events->parser, events->input, &place, text, sizeof(text));
	return end_at(events, &place, text);
}

static int check_anchor(steer_events_t *events, const yaml_char_t *anchor)
{
	if (anchor == NULL) {
		return STEER_OK;
	}
	char name[STEER_SHOWN];
	steer_shown(name, (const char *)anchor, strlen((const char *)anchor));
	return steer_events_wrong(events, "&%s: YAML anchors are not supported; text that begins with "
	                          "& needs quotes", name);
}

static int check_tag(steer_events_t *events, const yaml_char_t *tag)
{
	if (tag == NULL) {
		return STEER_OK;
	}
	char name[STEER_SHOWN];
	steer_shown(name, (const char *)tag, strlen((const char *)tag));
	return steer_events_wrong(events, "%s: YAML tags are not supported: all is text here; text "
	                          "that begins with ! needs quotes", name);
}

static int take_text(steer_events_t *events)
{
	events->kind = NODE_TEXT;
	events->text = (const char *)events->event.data.scalar.value;
	events->len = events->event.data.scalar.length;
	events->plain = events->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	int ret = check_anchor(events, events->event.data.scalar.anchor);
	return ret == STEER_OK ? check_tag(events, events->event.data.scalar.tag) : ret;
}

static int take_alias(steer_events_t *events)
{
	const char *name = (const char *)events->event.data.alias.anchor;
	char shown[STEER_SHOWN];
	events->kind = NODE_WRONG;
	steer_shown(shown, name, strlen(name));
	return steer_events_wrong(events, "*%s: YAML aliases are not supported; a name or value that "
	                          "begins with * needs quotes: \"*%s\"", shown, shown);
}

/*! Reads the start of a list or mapping; libyaml has its fields in two different structures. */
static int take_begin(steer_events_t *events, steer_node_kind_t kind, const yaml_char_t *anchor,
                      const yaml_char_t *tag)
{
	events->kind = kind;
	if (++events->depth > STEER_YAML_DEPTH) {
		char text[64];
		snprintf(text, sizeof(text), "more than %u nested lists and mappings",
		         STEER_YAML_DEPTH);
		return end_at(events, &events->place, text);
	}
	int ret = check_anchor(events, anchor);
	return ret == STEER_OK ? check_tag(events, tag) : ret;
}

static int take_event(steer_events_t *events)
{
	const yaml_event_t *event = &events->event;
	switch (event->type) {
	case YAML_STREAM_START_EVENT:
		return steer_events_next(events);
	case YAML_DOCUMENT_START_EVENT:
		events->kind = NODE_DOCUMENT;
		return STEER_OK;
	case YAML_SCALAR_EVENT:
		return take_text(events);
	case YAML_ALIAS_EVENT:
		return take_alias(events);
	case YAML_SEQUENCE_START_EVENT:
		return take_begin(events, NODE_LIST, event->data.sequence_start.anchor,
		                  event->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return take_begin(events, NODE_MAPPING, event->data.mapping_start.anchor,
		                  event->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		events->depth--;
		events->kind = NODE_CLOSE;
		return STEER_OK;
	case YAML_DOCUMENT_END_EVENT:
		events->kind = NODE_CLOSE;
		return STEER_OK;
	default:
		events->kind = NODE_END;
		return STEER_OK;
	}
}

int steer_events_next(steer_events_t *events)
{
	yaml_event_delete(&events->event);
	if (!yaml_parser_parse(&events->parser, &events->event)) {
		return syntax_error(events);
	}
	const yaml_mark_t *mark = &events->event.start_mark;
	events->place = (steer_place_t) { events->input->name, mark->line + 1, mark->column + 1 };
	return take_event(events);
}

int steer_events_skip(steer_events_t *events)
{
	if (events->kind != NODE_LIST && events->kind != NODE_MAPPING) {
		return STEER_OK;
	}
	const unsigned depth = events->depth;
	while (events->depth >= depth) {
		int ret = steer_events_next(events);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

int steer_events_pass(steer_events_t *events)
{
	bool mute = events->mute;
	events->mute = true;
	int ret = steer_events_skip(events);
	events->mute = mute;
	return ret;
}

bool steer_events_item(steer_events_t *events, int *ret)
{
	if (*ret == STEER_OK) {
		*ret = steer_events_next(events);
	}
	return *ret == STEER_OK && events->kind != NODE_CLOSE;
}

bool steer_events_value(steer_events_t *events, bool wanted, int *ret)
{
	if (*ret == STEER_OK) {
		*ret = steer_events_next(events);
	}
	if (*ret == STEER_OK && !wanted) {
		*ret = steer_events_skip(events);
	}
	return *ret == STEER_OK && wanted;
}
