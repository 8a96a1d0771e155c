/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/losses.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*! Room for what a loss is. */
#define LINE_TEXT 512

void steer_route53_lose(steer_route53_look_t *look, const char *id, const char *format, ...)
{
	char line[LINE_TEXT];
	va_list args;
	look->lost = true;
	if (look->lose == NULL) {
		return;
	}
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	look->lose(look->ctx, id != NULL && id[0] != '\0' ? id : NULL, line);
}

void steer_route53_member(const steer_group_t *group, unsigned i, steer_route53_member_t *member)
{
	steer_group_set(group, i, &member->set);
	if (member->set.id_len > 0) { // The identifier may be NULL if it has no bytes.
		memcpy(member->id, member->set.id, member->set.id_len);
	}
	member->id[member->set.id_len] = '\0';
}
