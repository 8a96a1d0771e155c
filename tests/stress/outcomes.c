/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stress/outcomes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void no_memory(void)
{
	fputs("odds: out of memory\n", stderr);
	exit(1);
}

static int outcome_compare(const void *a, const void *b)
{
	return strcmp(((const outcome_t *)a)->text, ((const outcome_t *)b)->text);
}

void outcome_free(void *node)
{
	outcome_t *outcome = node;
	free(outcome->text);
	free(outcome->parts);
	free(outcome);
}

/*! Finds the outcome of a text, or makes it; takes the text. */
static outcome_t *outcome_of(void **root, char *text)
{
	outcome_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		no_memory();
	}
	new->text = text;
	outcome_t **found = tsearch(new, root, outcome_compare);
	if (found == NULL) {
		no_memory();
	}
	if (*found != new) {
		outcome_free(new);
	}
	return *found;
}

void outcome_add(void **root, char *text, uint64_t runs)
{
	outcome_t *outcome = outcome_of(root, text);
	unsigned i = 0;
	while (i < outcome->count && outcome->parts[i].runs != runs) {
		i++;
	}
	if (i == outcome->count) {
		outcome->parts = realloc(outcome->parts, (i + 1) * sizeof(*outcome->parts));
		if (outcome->parts == NULL) {
			no_memory();
		}
		outcome->parts[outcome->count].runs = runs;
		outcome->parts[outcome->count++].count = 0;
	}
	outcome->parts[i].count++;
}

void outcome_print(const void *node, VISIT visit, int depth)
{
	(void)depth;
	if (visit != postorder && visit != leaf) {
		return;
	}
	const outcome_t *outcome = *(const outcome_t *const *)node;
	printf("%s\t", outcome->text);
	for (unsigned i = 0; i < outcome->count; i++) {
		printf("%s%" PRIu64 "/%" PRIu64, i > 0 ? " " : "", outcome->parts[i].count,
		       outcome->parts[i].runs);
	}
	putchar('\n');
}
