/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is lost where a change set replaces more than values: policies, record sets of them,
 *        aliases, health checks. Whoever gave values may have meant to keep those.
 *
 * Of a zone up to LOSSES_TOLD groups are told one by one, otherwise one line counts them.
 */
#pragma once

#include "ctl/pairs.h"

#define LOSSES_TOLD 5

/*! Those of a zone. */
typedef struct losses_zone {
	struct losses_zone *next;
	uint8_t name[STEER_NAME_MAX];
	uint64_t groups;   /*!< That lose something. */
	uint64_t policies, sets, aliases, checks;
	char *lines[LOSSES_TOLD]; /*!< Of the first groups. */
} losses_zone_t;

typedef struct {
	pairs_t pairs; /*!< Is given the groups. */
	/*! The apex of the zone that a name is of. */
	const uint8_t *(*zone_of)(void *ctx, const uint8_t *name);
	void *ctx;
	losses_zone_t *first, *last;
	bool no_memory;
} losses_t;

/*! The losses stay where they are. */
void losses_begin(losses_t *losses, const uint8_t *(*zone_of)(void *ctx, const uint8_t *name),
                  void *ctx);
/*! Prints notes on standard error. */
void losses_print(losses_t *losses);
void losses_end(losses_t *losses);
