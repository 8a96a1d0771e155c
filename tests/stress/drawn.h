/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Random zones and changes, as the text of unit/records.h.
 *
 * All zones have the same few labels, so that a name often comes and goes, and is often in two
 * zones. Values are of all sizes: some nodes share a page of the store, others have pages of their
 * own, and a commit frees some pages and not others.
 */
#pragma once

#include "core/chance.h"
#include "unit/stores.h"

#define DRAWN_TEXT   8192 /*!< Of a group. */
#define DRAWN_TTL    60
#define DRAWN_CHECKS 6

enum {
	DRAWN_ZONES = 5, DRAWN_NAMES = 24, DRAWN_TYPES = 7, DRAWN_TARGETS = 2,
	DRAWN_OFTEN = 5,     /*!< The first names: a wildcard, and what takes its place. */
	DRAWN_PLAIN = 4,     /*!< The first types may stand beside others, ... */
	DRAWN_NS = 4, DRAWN_CNAME = 5, DRAWN_DNAME = 6, /*!< ... and these have rules of their own. */
};

extern const char *const drawn_zones[DRAWN_ZONES];
extern const char *const drawn_names[DRAWN_NAMES];
extern const char *const drawn_types[DRAWN_TYPES];
/*! Targets that steerd would resolve. */
extern const char *const drawn_targets[DRAWN_TARGETS];

typedef struct {
	bool there, overlay;
	char groups[DRAWN_NAMES][DRAWN_TYPES][DRAWN_TEXT]; /*!< Lines; empty: there is no such group. */
} drawn_zone_t;

unsigned drawn_below(steer_chance_t *chance, unsigned bound);

/*! True in a percentage of cases. */
bool drawn_percent(steer_chance_t *chance, unsigned percent);

/*! One of the names. */
unsigned drawn_label(steer_chance_t *chance);

/*! Writes the absolute name of a label in a zone. */
void drawn_name(char *to, unsigned zone, unsigned name);

/*! Redraws what a name has, or one of its types. */
void drawn_rename(steer_chance_t *chance, drawn_zone_t *zone, unsigned name);

/*! The zone as text; the caller frees it. */
char *drawn_text(const drawn_zone_t *zone, unsigned number);

/*! What a store has by the changes that were drawn. */
typedef struct {
	drawn_zone_t zones[DRAWN_ZONES];
	drawn_zone_t before[DRAWN_ZONES]; /*!< Without the last one. */
} drawn_store_t;

/*! Draws a change of a zone or two, and of the health checks. \return error */
int drawn_change(steer_chance_t *chance, drawn_store_t *store, steer_change_t *change);
/*! Undoes the last change: it was refused. */
void drawn_take_back(drawn_store_t *store);
