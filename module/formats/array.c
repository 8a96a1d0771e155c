/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/array.h"

#include <stdlib.h>

void *steer_array_grown(void *items, size_t *room, size_t count, size_t size)
{
	if (items != NULL && count <= *room) {
		return items;
	}
	size_t more = *room > 0 ? *room : 16;
	while (more < count) {
		more *= 2;
	}
	void *made = realloc(items, more * size);
	if (made != NULL) {
		*room = more;
	}
	return made;
}
