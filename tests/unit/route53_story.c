/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/route53_story.h"

#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

/*! A copy with quotes for apostrophes, of just its length. */
static char *quoted(const char *text)
{
	const size_t len = strlen(text);
	char *copy = malloc(len > 0 ? len : 1);
	memcpy(copy, text, len);
	for (size_t i = 0; i < len; i++) {
		copy[i] = copy[i] == '\'' ? '"' : copy[i];
	}
	return copy;
}

char *tell_route53(const char *const files[STORY_FILES], const uint8_t *zone, int *ret)
{
	char *told = NULL, *copies[STORY_FILES] = { NULL };
	size_t size;
	steer_fault_t fault = { 0 };
	steer_route53_t *route53 = steer_route53_new();
	story_t story = { steer_text_new(), open_memstream(&told, &size), STEER_OK };
	const steer_reading_t reading = {
		tell_zone, tell_record, tell_policy, tell_set, tell_check, tell_network, tell_error,
		tell_warning, &story,
	};
	*ret = STEER_OK;
	for (unsigned i = 0; i < STORY_FILES && files[i] != NULL && *ret == STEER_OK; i++) {
		steer_input_t *input = NULL;
		copies[i] = quoted(files[i]);
		assert_int_equal(steer_input_text(&input, "f", copies[i], strlen(files[i])), STEER_OK);
		*ret = steer_route53_add(route53, input, tell_error, &story, &fault);
		free(copies[i]); // What was read is kept.
	}
	if (*ret == STEER_OK) {
		*ret = steer_route53_read(route53, zone, &reading, &fault);
	}
	fclose(story.out);
	steer_text_free(story.text);
	steer_route53_free(route53);
	return told;
}

void check_route53(const route53_case_t *cases, size_t count, int want)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *told = tell_route53(cases[i].files, NULL, &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, want);
		free(told);
	}
}
