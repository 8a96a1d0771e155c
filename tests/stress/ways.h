/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief All ways that chance may take, one after the other, and what each led to.
 *
 * The numbers drawn are counted up as the wheels of a clock, the last one first.
 */
#pragma once

#include <inttypes.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/chance.h"

#define WAYS_DRAWS_MAX 4096 /*!< Numbers drawn on one way. */

typedef struct {
	steer_chance_t chance; /*!< First: the hook is given this. */
	unsigned at, count;
	struct {
		uint64_t bound, value;
	} drawn[WAYS_DRAWS_MAX];
} ways_t;

static inline void ways_fail(const char *what)
{
	fprintf(stderr, "odds: %s\n", what);
	exit(1);
}

static inline uint64_t ways_below(steer_chance_t *chance, uint64_t bound)
{
	ways_t *ways = (ways_t *)chance;
	if (ways->at == WAYS_DRAWS_MAX) {
		ways_fail("an answer draws too many numbers");
	}
	if (ways->at == ways->count) {
		ways->drawn[ways->count].bound = bound;
		ways->drawn[ways->count++].value = 0;
	} else if (ways->drawn[ways->at].bound != bound) {
		ways_fail("the same numbers drawn led to another way");
	}
	return ways->drawn[ways->at++].value;
}

/*! Begins with the first way. */
static inline void ways_begin(ways_t *ways)
{
	ways->chance.below = ways_below;
	ways->at = ways->count = 0;
}

/*! Goes on to the next way; false: there is none. */
static inline bool ways_next(ways_t *ways)
{
	ways->at = 0;
	while (ways->count > 0) {
		if (++ways->drawn[ways->count - 1].value < ways->drawn[ways->count - 1].bound) {
			return true;
		}
		ways->count--;
	}
	return false;
}

/*! Of how many equal ways the one taken is one; 0: of more than can be counted. */
static inline uint64_t ways_of(const ways_t *ways)
{
	uint64_t product = 1;
	for (unsigned i = 0; i < ways->at; i++) {
		if (__builtin_mul_overflow(product, ways->drawn[i].bound, &product)) {
			return 0;
		}
	}
	return product;
}

/* Outcomes, a tree by their text. */

typedef struct {
	char *text;
	unsigned count;
	struct {
		uint64_t count, ways; /*!< So many, each one of so many ways. */
	} *parts;
} outcome_t;

static inline int outcome_compare(const void *a, const void *b)
{
	return strcmp(((const outcome_t *)a)->text, ((const outcome_t *)b)->text);
}

static inline void outcome_free(void *node)
{
	outcome_t *outcome = node;
	free(outcome->text);
	free(outcome->parts);
	free(outcome);
}

/*! Finds the outcome of a text, or makes it; takes the text. */
static inline outcome_t *outcome_of(void **root, char *text)
{
	outcome_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		ways_fail("out of memory");
	}
	new->text = text;
	outcome_t **found = tsearch(new, root, outcome_compare);
	if (found == NULL) {
		ways_fail("out of memory");
	}
	if (*found != new) {
		outcome_free(new);
	}
	return *found;
}

/*! Adds one of so many ways to an outcome; takes the text. */
static inline void outcome_add(void **root, char *text, uint64_t ways)
{
	outcome_t *outcome = outcome_of(root, text);
	unsigned i = 0;
	while (i < outcome->count && outcome->parts[i].ways != ways) {
		i++;
	}
	if (i == outcome->count) {
		outcome->parts = realloc(outcome->parts, (i + 1) * sizeof(*outcome->parts));
		if (outcome->parts == NULL) {
			ways_fail("out of memory");
		}
		outcome->parts[outcome->count].ways = ways;
		outcome->parts[outcome->count++].count = 0;
	}
	outcome->parts[i].count++;
}

/*! Prints an outcome, its odds behind it; for twalk(). */
static inline void outcome_print(const void *node, VISIT visit, int depth)
{
	(void)depth;
	if (visit != postorder && visit != leaf) {
		return;
	}
	const outcome_t *outcome = *(const outcome_t *const *)node;
	printf("%s\t", outcome->text);
	for (unsigned i = 0; i < outcome->count; i++) {
		printf("%s%" PRIu64 "/%" PRIu64, i > 0 ? " " : "", outcome->parts[i].count,
		       outcome->parts[i].ways);
	}
	putchar('\n');
}
