/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief YAML as a row of nodes, of the part of YAML that Steer takes.
 *
 * libyaml reads; anchors, aliases and tags are refused here, and its errors become sentences with
 * a place.
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

/*! Lists and mappings one in another. */
#define STEER_YAML_DEPTH 16

typedef enum {
	NODE_DOCUMENT, /*!< A document begins; NODE_CLOSE ends it. */
	NODE_TEXT,
	NODE_LIST,     /*!< Begins; NODE_CLOSE ends it. */
	NODE_MAPPING,  /*!< Likewise; in it keys and values take turns. */
	NODE_CLOSE,
	NODE_WRONG,    /*!< Stands for a value; has been told. */
	NODE_END,      /*!< Of the file. */
} steer_node_kind_t;

typedef struct {
	yaml_parser_t parser;
	yaml_event_t event;
	const steer_input_t *input;
	steer_report_t *report;
	bool mute;      /*!< What is wrong about nodes is not told; what is no YAML is. */
	const char *about; /*!< What stands in front of all that is wrong; NULL: nothing. */
	unsigned depth;
	/* The node. */
	steer_node_kind_t kind;
	steer_place_t place;
	const char *text; /*!< Of NODE_TEXT; ends with a zero byte, and may have others. */
	size_t len;
	bool plain;       /*!< Without quotes. */
} steer_events_t;

/*! \param[in] report  Where errors go; shared with others. \retval STEER_OK, STEER_ENOMEM */
int steer_events_open(steer_events_t *events, const steer_input_t *input, steer_report_t *report);
void steer_events_close(steer_events_t *events);

/*!
 * Moves to the next node.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED, STEER_ENOMEM  It is no YAML, or no more errors are told.
 */
int steer_events_next(steer_events_t *events);
/*! Moves to the last node of the value that this node begins. \return As steer_events_next(). */
int steer_events_skip(steer_events_t *events);
/*! As steer_events_skip(), and tells nothing. */
int steer_events_pass(steer_events_t *events);

/*!
 * Walks a list, or the keys of a mapping, which is the node that events are at; to be called once
 * more after the last node of each item, or of each key's value.
 *
 * \param[in,out] ret  What reading the item before returned, else STEER_OK; then the result.
 *
 * \return false: there are no more items, or *ret is an error.
 */
bool steer_events_item(steer_events_t *events, int *ret);
/*!
 * Moves from the last node of a key to its value, or past a value that is not wanted.
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

/*! Tells an error at this node. \return STEER_OK if the reading goes on. */
__attribute__((format(printf, 2, 3)))
int steer_events_wrong(steer_events_t *events, const char *format, ...);
/*!
 * Tells that this node is not of the kind that is allowed here, unless an error was told of it, and
 * moves to its last node.
 */
__attribute__((format(printf, 2, 3)))
int steer_events_refuse(steer_events_t *events, const char *format, ...);
/*! Tells an error at another place. */
__attribute__((format(printf, 3, 4)))
int steer_events_wrong_at(steer_events_t *events, const steer_place_t *place, const char *format,
                          ...);

/*! Tells that memory is short. \return STEER_ENOMEM */
int steer_events_no_memory(const steer_events_t *events);
