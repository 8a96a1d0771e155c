/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/yaml_story.h"

#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

char *tell_yaml(const char *text, size_t len, int *ret, steer_fault_t *fault)
{
	char *copy = malloc(len > 0 ? len : 1);
	steer_yaml_t *file = NULL;
	story_t story = { 0 };
	story_begin(&story);
	memcpy(copy, text, len);
	assert_int_equal(steer_yaml_text(&file, "f", copy, len), STEER_OK);
	*ret = steer_yaml_read(file, &story.reading, fault);
	steer_yaml_close(file);
	free(copy);
	return story_end(&story);
}

static char *tell(const char *text, size_t len, int *ret)
{
	steer_fault_t fault = { 0 };
	return tell_yaml(text, len, ret, &fault);
}

void check_yaml(const case_t *cases, size_t count, int want)
{
	check_told(tell, cases, count, want);
}
