/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/zone_line.h"

#include "ctl/author.h"
#include "ctl/output.h"
#include "formats/text.h"
#include "schema/layout.h"

static const char *action(char sign)
{
	return sign == STEER_LOG_IS ? "created" : sign == STEER_LOG_WAS ? "deleted" : "changed";
}

void zone_line_print(FILE *out, const char *prefix, const zone_line_t *line)
{
	char name[STEER_NAME_TEXT], comment[AUTHOR_SHOWN];
	steer_name_print(line->name, name);
	author_show(comment, line->comment, line->comment_len);
	bool named = line->named_by != NULL;
	fprintf(out, "%szone %s %s%s%s%s%s%s\n", prefix, name, action(line->sign),
	        named ? ", named by " : "", named ? line->named_by : "",
	        line->mode == STEER_ZONE_OVERLAY ? ", overlay" : "",
	        line->comment_len > 0 ? ", comment: " : "", comment);
}

json_t *zone_line_json(const zone_line_t *line)
{
	char comment[AUTHOR_SHOWN];
	author_show(comment, line->comment, line->comment_len);
	return json_pack("{s:o, s:s, s:s, s:s}", "zone", json_name(line->name),
	                 "action", action(line->sign),
	                 "mode", line->mode == STEER_ZONE_OVERLAY ? "overlay" : "authoritative",
	                 "comment", comment);
}
