/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief YAML as a sequence of nodes, for the part of YAML that Steer accepts.
 *
 * libyaml parses; anchors, aliases and tags are refused here, and its errors become messages with a
 * place.
 *
 * Threads:  belongs to one thread.
 * Memory:   one node at a time; its text is borrowed until the next one.
 * Units:    lines and columns count from 1, columns in characters.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "core/utf8.h"
#include "formats/input.h"
#include "formats/record.h"

/*! Deepest nesting of lists and mappings. */
#define STEER_YAML_DEPTH 16

typedef enum {
	NODE_DOCUMENT, /*!< A document begins; NODE_CLOSE ends it. */
	NODE_TEXT,
	NODE_LIST,     /*!< A list begins; NODE_CLOSE ends it. */
	NODE_MAPPING,  /*!< Likewise; keys and values alternate in it. */
	NODE_CLOSE,
	NODE_WRONG,    /*!< In place of a value; an error was reported. */
	NODE_END,      /*!< The end of the file. */
} steer_node_kind_t;

typedef struct {
	yaml_parser_t parser;
	yaml_event_t event;
	const steer_input_t *input;
	steer_report_t *report;
	bool mute;      /*!< No errors about nodes are reported, only those of syntax. */
	const char *about; /*!< Prefix of all errors about nodes; NULL: none. */
	unsigned depth;
	/* The node. */
	steer_node_kind_t kind;
	steer_place_t place;
	const char *text; /*!< Of NODE_TEXT; NUL-terminated, and may have other NULs. */
	size_t len;
	bool plain;       /*!< Without quotes. */
} steer_events_t;

/*!
 * An input without its byte order mark, to be opened: libyaml would count the mark as a column, so
 * the first line would be indented.
 */
steer_input_t steer_events_without_mark(const steer_input_t *input);
/*! Reads an input from its start; report may be shared. \retval STEER_OK, STEER_ENOMEM */
int steer_events_open(steer_events_t *events, const steer_input_t *input, steer_report_t *report);
void steer_events_close(steer_events_t *events);

/*!
 * Moves to the next node.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED, STEER_ENOMEM  It is not YAML, or no more errors are reported.
 */
int steer_events_next(steer_events_t *events);
/*! Moves to the last node of the value that this node begins. \return As steer_events_next(). */
int steer_events_skip(steer_events_t *events);
/*! As steer_events_skip(), and reports no errors about nodes. */
int steer_events_pass(steer_events_t *events);

/*!
 * Walks the items of a list, or the keys of a mapping, which is the current node; called again at
 * the last node of an item, or of a key's value, it moves to the next one.
 *
 * \param[in,out] ret  In: STEER_OK, or what reading the previous item returned. Out: the result.
 *
 * \return false: there are no more items, or *ret is an error.
 */
bool steer_events_item(steer_events_t *events, int *ret);
/*!
 * Moves from the last node of a key to its value, or to the end of a value that is not wanted.
 *
 * \param[in,out] ret  As for steer_events_item(), of reading the key.
 *
 * \return false: there is nothing to read, or *ret is an error.
 */
bool steer_events_value(steer_events_t *events, bool wanted, int *ret);

/*! Whether this node is a value that is not written: a key with nothing after its colon. */
static inline bool steer_events_is_empty(const steer_events_t *events)
{
	return events->kind == NODE_TEXT && events->plain && events->len == 0;
}

/*! Reports an error at this node. \return STEER_OK if the reader goes on. */
__attribute__((format(printf, 2, 3)))
int steer_events_wrong(steer_events_t *events, const char *format, ...);
/*!
 * Reports that this node is not allowed here, unless an error about it was reported already, and
 * moves to its last node.
 */
__attribute__((format(printf, 2, 3)))
int steer_events_refuse(steer_events_t *events, const char *format, ...);
/*! Reports an error at another place. */
__attribute__((format(printf, 3, 4)))
int steer_events_wrong_at(steer_events_t *events, const steer_place_t *place, const char *format,
                          ...);

/*! Reports that memory is short. \return STEER_ENOMEM */
int steer_events_no_memory(const steer_events_t *events);
