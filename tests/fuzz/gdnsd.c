/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any texts, with zero bytes between them, as a configuration of gdnsd and zone files: they
 *        are read or refused, in the same way each time, and what is passed on keeps the promises
 *        of the interface.
 */
#include <string.h>

#include "formats/gdnsd/gdnsd.h"
#include "tests/fuzz/reading.h"
#include "tests/fuzz/target.h"

/*! Zones of gdnsd have a TTL for each record, given or not. */
static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	require(!record->no_ttl);
	return fuzz_reading(ctx).record(ctx, record, fault);
}

/*! Adds a text: the first one is the configuration, the others are zones. */
static int add(steer_gdnsd_t *files, const char *text, size_t len, unsigned number)
{
	static const char *const names[] = { "config", "zones/a.test", "zones/b.test" };
	steer_input_t *input = NULL;
	steer_fault_t fault;
	if (steer_input_text(&input, names[number < 3 ? number : 2], text, len) != STEER_OK) {
		return STEER_ENOMEM;
	}
	return number == 0 ? steer_gdnsd_add_config(files, input, &fault)
	                   : steer_gdnsd_add_zone(files, input);
}

static int read_files(const char *text, size_t len, fuzz_story_t *story)
{
	steer_reading_t reading = fuzz_reading(story);
	reading.record = take_record;
	steer_gdnsd_t *files = steer_gdnsd_new(false);
	steer_fault_t fault;
	unsigned number = 0;
	int ret = files != NULL ? STEER_OK : STEER_ENOMEM;
	for (const char *end = text + len, *next; ret == STEER_OK && text <= end; text = next + 1) {
		next = text < end ? memchr(text, '\0', end - text) : NULL;
		next = next != NULL ? next : end;
		ret = add(files, text, next - text, number++);
	}
	if (ret == STEER_OK) {
		ret = steer_gdnsd_read(files, &reading, &fault);
	}
	require((ret == STEER_EREFUSED) == (story->errors > 0));
	steer_gdnsd_free(files);
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_story_t first = { .zones = 0 }, second = { .zones = 0 };
	int ret = read_files((const char *)data, size, &first);
	require(read_files((const char *)data, size, &second) == ret);
	require(fuzz_story_equal(&first, &second));
	return 0;
}
