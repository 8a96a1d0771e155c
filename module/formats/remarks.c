/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/remarks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "formats/program.h"

static const char *const texts[] = {
	[STEER_REMARK_TTL] = "records without a TTL and without a $TTL before them: %" PRIu64 "; they "
	                     "get 3600, in a merge what the store has",
	[STEER_REMARK_STEER] = "policies in comments, as steerctl get prints them: %" PRIu64 "; they are "
	                       "lost, and the records become plain values; steer-policies(7) shows how "
	                       "to write policies",
};

void steer_remark(steer_remarks_t *remarks, steer_remark_t remark, const steer_place_t *place)
{
	if (remarks->of[remark].count++ == 0) {
		remarks->of[remark].first = *place;
	}
}

/*! Start of the comment that contains a place in a line; NULL: none does. */
static const char *comment_of(const char *line, const char *at)
{
	const char *mark = memchr(line, ';', at - line);
	for (const char *next = mark; next != NULL; next = memchr(mark, ';', at - mark)) {
		mark = next + 1; // A semicolon before it may be in quotes.
	}
	while (mark != NULL && mark < at && (*mark == ' ' || *mark == '\t')) {
		mark++;
	}
	return mark;
}

/*! Whether it is one of steerctl get: "weighted, set blue, weight 90", "[up, take 2], set a". */
static bool is_steer(const char *comment, const char *at)
{
	char text[STEER_PROGRAM_TEXT];
	uint8_t program[STEER_PROGRAM_MAX];
	size_t len = at - comment, program_len;
	steer_fault_t fault;
	if (len == 0 || len >= sizeof(text)) {
		return false;
	}
	memcpy(text, comment, len);
	text[len] = '\0';
	return steer_program_parse(text, program, &program_len, &fault) == STEER_OK && program_len > 0;
}

void steer_remark_comments(steer_remarks_t *remarks, const steer_input_t *input)
{
	static const char words[] = ", set ";
	const char *end = input->text + input->len, *line = input->text, *at = line;
	steer_place_t place = { .file = input->name, .line = 1 };
	while (at < end && (at = memmem(at, end - at, words, strlen(words))) != NULL) {
		for (const char *next; (next = memchr(line, '\n', at - line)) != NULL; line = next + 1) {
			place.line++;
		}
		const char *comment = comment_of(line, at);
		if (comment != NULL && is_steer(comment, at)) {
			place.column = comment - line + 1;
			steer_remark(remarks, STEER_REMARK_STEER, &place);
		}
		at += strlen(words);
	}
}

void steer_remarks_report(const steer_remarks_t *remarks, steer_error_f report, void *ctx)
{
	for (size_t i = 0; i < STEER_REMARKS; i++) {
		char text[256];
		if (remarks->of[i].count > 0) {
			snprintf(text, sizeof(text), texts[i], remarks->of[i].count);
			report(ctx, &remarks->of[i].first, text);
		}
	}
}
