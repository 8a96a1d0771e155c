/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any text as a zone of octoDNS: it is read or refused, in the same way each time, and what is
 *        passed on keeps the promises of the interface.
 */
#include "formats/octodns/octodns.h"
#include "tests/fuzz/reading.h"
#include "tests/fuzz/target.h"

static int read_file(const char *text, size_t len, fuzz_story_t *story)
{
	static const uint8_t zone[] = "\x07""example\x03""com";
	const steer_reading_t reading = fuzz_reading(story);
	steer_input_t *input = NULL;
	steer_fault_t fault;
	if (steer_input_text(&input, "text", text, len) != STEER_OK) {
		return STEER_ENOMEM;
	}
	int ret = steer_octodns_read(input, zone, NULL, &reading, &fault);
	require((ret == STEER_EREFUSED) == (story->errors > 0));
	steer_input_free(input);
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_story_t first = { .zones = 0 }, second = { .zones = 0 };
	int ret = read_file((const char *)data, size, &first);
	require(read_file((const char *)data, size, &second) == ret);
	require(fuzz_story_equal(&first, &second));
	return 0;
}
