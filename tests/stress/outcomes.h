/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the runs of a question led to, and how often: a tree by its text.
 */
#pragma once

#include <search.h>
#include <stdint.h>

typedef struct {
	char *text;
	unsigned count;
	struct {
		uint64_t count, runs; /*!< So many, each one of so many runs. */
	} *parts;
} outcome_t;

void outcome_free(void *node);

/*! Adds one of so many runs to an outcome; takes the text. */
void outcome_add(void **root, char *text, uint64_t runs);

/*! Prints an outcome, its odds behind it; for twalk(). */
void outcome_print(const void *node, VISIT visit, int depth);
