/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Questions asked of a model, and answers as text, for tests.
 *
 * An answer is a line "POSITIVE 0 AA" (kind, rcode, AA), or "error N" for a negative code, "host"
 * if the SOA is to be the host's, "out" if a chain leads out, "stale" if a target did not resolve
 * again, then a line for each RR: section, '?' if it may be left out, owner ('=': the QNAME), TTL,
 * type, rdata, and in the additional section '<' and the number of the RR that named it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/answer.h"
#include "unit/model.h"

/* The lookup: a model's nodes, some of which may be damaged. */

typedef struct {
	const model_t *model;
	const uint8_t *damaged; /*!< Name whose node does not open, or NULL. */
	unsigned gets;
	steer_entry_t kept[640]; /*!< As a cache would: by position of the node. */
	uint64_t hashes[640];    /*!< A node must always be looked up by the same one. */
	bool keep;
	const steer_health_table_t *health_table;
	steer_chance_t *chance;
	int (*target)(void *ctx, uint16_t type, const steer_key_t *name,
	              steer_external_answer_t *target);
} world_t;

/*! What the walk is given. */
steer_lookup_t world_lookup(world_t *world, bool (*maybe_apex)(void *, uint64_t));

/*! As exact as a filter can be: a false positive would only cost a lookup. */
bool world_maybe_apex(void *ctx, uint64_t hash);

bool always_maybe_apex(void *ctx, uint64_t hash);

/*! A question without a host; its name is one of name_of(). */
steer_question_t question_of(const char *name, uint16_t type);

/*! The host of a question: what it answers, and how often it was asked. */
typedef struct {
	const uint8_t *name; /*!< Of the question. */
	int labels;          /*!< Of its zone, or STEER_NO_ZONE. */
	steer_bar_t bar;
	unsigned zones_asked, bars_asked;
} host_t;

/*! Bytes of the name of the host's zone, or STEER_NO_ZONE. */
int zone_len(const host_t *host);
/*! For a question whose host is a host_t. */
int host_zone(void *ctx);
steer_bar_t host_bar(void *ctx);

/* The sink: writes what it gets as text. */

typedef struct {
	FILE *out;
	unsigned puts;
	unsigned room; /*!< RRsets that fit. */
} paper_t;

int paper_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);

#define ROOMY 1000

/*! An answer as text; takes the body. */
char *answer_text(int ret, const steer_outcome_t *outcome, char *body);

/*! Asks, and returns the answer as text: "POSITIVE 0 AA", then a line for each RR put. */
char *ask(world_t *world, const steer_question_t *question, unsigned room,
          bool (*maybe_apex)(void *, uint64_t));

/*! Asks, which must succeed. \return whether what was found answers the same question again */
steer_found_t found_for(world_t *world, const steer_question_t *question);
