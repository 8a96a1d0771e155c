/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Outcomes of the runs of a question, and how often each came: a tree by their text.
 */
#pragma once

#include <search.h>
#include <stdint.h>

typedef struct {
	char *text;
	unsigned count;
	struct {
		uint64_t count, runs; /*!< Number of outcomes, each one of that many runs. */
	} *parts;
} outcome_t;

void outcome_free(void *node);

/*! Adds one of a number of runs to an outcome; takes the text. */
void outcome_add(void **root, char *text, uint64_t runs);

/*! Prints an outcome followed by its odds; for twalk(). */
void outcome_print(const void *node, VISIT visit, int depth);
