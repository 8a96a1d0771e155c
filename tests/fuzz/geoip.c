/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any texts, with zero bytes between them, as a configuration of Knot and the files that it
 *        names: they are read or refused, in the same way each time, and what is passed on keeps
 *        the promises of the interface.
 */
#include <string.h>

#include "formats/geoip/geoip.h"
#include "tests/fuzz/reading.h"
#include "tests/fuzz/target.h"

typedef struct {
	const char *text, *end;
} files_t;

/*! The text with a number, from 0. \return false: there is none */
static bool find(const files_t *files, unsigned number, const char **text, size_t *len)
{
	const char *at = files->text;
	for (; number > 0 && at != NULL; number--) {
		at = memchr(at, '\0', files->end - at);
		at = at != NULL ? at + 1 : NULL;
	}
	if (at == NULL) {
		return false;
	}
	const char *end = memchr(at, '\0', files->end - at);
	*text = at;
	*len = (end != NULL ? end : files->end) - at;
	return true;
}

/*! The file whose number is the last character of its path. */
static int open_text(void *ctx, steer_input_t **input, const char *path, steer_fault_t *fault)
{
	const char last = path[0] != '\0' ? path[strlen(path) - 1] : '\0', *text;
	size_t len;
	if (last < '1' || last > '9' || !find(ctx, last - '0', &text, &len)) {
		return steer_fault(fault, STEER_ENOENT, "no such file");
	}
	return steer_input_text(input, "text", text, len);
}

static int match(void *ctx, const char *pattern, int (*found)(void *to, const char *path), void *to)
{
	(void)ctx;
	int ret = STEER_OK;
	if (pattern[strlen(pattern) - 1] != '*') {
		return found(to, pattern);
	}
	for (char path[] = "1"; path[0] <= '3' && ret == STEER_OK; path[0]++) {
		ret = found(to, path);
	}
	return ret;
}

static int read_files(const uint8_t *data, size_t size, fuzz_story_t *story)
{
	files_t files = { (const char *)data, (const char *)data + size };
	const steer_knot_files_t opened = { open_text, match, &files };
	const steer_reading_t reading = fuzz_reading(story);
	const char *text;
	size_t len;
	steer_input_t *input;
	steer_fault_t fault;
	if (!find(&files, 0, &text, &len) || steer_input_text(&input, "text", text, len) != STEER_OK) {
		return STEER_ENOMEM;
	}
	steer_geoip_t *geoip = steer_geoip_new(input);
	int ret = geoip == NULL ? STEER_ENOMEM
	                        : steer_geoip_read(geoip, NULL, &opened, &reading, &fault);
	steer_geoip_free(geoip);
	require((ret == STEER_EREFUSED) == (story->errors > 0));
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_story_t first = { .zones = 0 }, second = { .zones = 0 };
	const int ret = read_files(data, size, &first);
	require(read_files(data, size, &second) == ret && fuzz_story_equal(&first, &second));
	return 0;
}
