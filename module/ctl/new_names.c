/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/new_names.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	uint32_t number;
	steer_dictionary_name_t name;
	char text[STEER_DICTIONARY_NAME_MAX];
} new_name_t;

static int by_number(const void *a, const void *b)
{
	const new_name_t *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

int new_names_add(new_names_t *names, uint32_t number, const steer_dictionary_name_t *name)
{
	new_name_t *added = malloc(sizeof(*added));
	if (added == NULL) {
		return STEER_ENOMEM;
	}
	added->number = number;
	added->name = *name;
	added->name.text = memcpy(added->text, name->text, name->len);
	new_name_t **found = tsearch(added, &names->root, by_number);
	if (found == NULL || *found != added) { // A number has one name.
		free(added);
	}
	return found != NULL ? STEER_OK : STEER_ENOMEM;
}

bool new_names_find(const new_names_t *names, uint32_t number, steer_dictionary_name_t *name)
{
	const new_name_t wanted = { .number = number };
	new_name_t *const *found = tfind(&wanted, &names->root, by_number);
	if (found == NULL) {
		return false;
	}
	*name = (*found)->name;
	return true;
}

void new_names_end(new_names_t *names)
{
	tdestroy(names->root, free);
	names->root = NULL;
}
