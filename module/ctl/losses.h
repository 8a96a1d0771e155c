/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is lost when an import replaces more than values: policies and their record sets,
 * aliases, health checks. Who imported values may have meant to keep those.
 *
 * Up to LOSSES_TOLD groups of a zone are listed; if there are more, one line gives their numbers.
 */
#pragma once

#include "ctl/pairs.h"

#define LOSSES_TOLD 5

/*! What one zone has lost. */
typedef struct losses_zone {
	struct losses_zone *next;
	uint8_t name[STEER_NAME_MAX];
	uint64_t groups;   /*!< Number of groups that lose something. */
	uint64_t policies, sets, aliases, checks;
	char *lines[LOSSES_TOLD]; /*!< Of the first groups. */
} losses_zone_t;

typedef struct {
	pairs_t pairs; /*!< Takes the groups. */
	/*! The apex of a name's zone. */
	const uint8_t *(*zone_of)(void *ctx, const uint8_t *name);
	void *ctx;
	losses_zone_t *first, *last;
	bool no_memory;
} losses_t;

/*! Begins to collect; losses must not be moved afterwards. */
void losses_begin(losses_t *losses, const uint8_t *(*zone_of)(void *ctx, const uint8_t *name),
                  void *ctx);
/*! Prints notes on standard error. */
void losses_print(losses_t *losses);
void losses_end(losses_t *losses);
