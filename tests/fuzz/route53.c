/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any texts, with zero bytes between them, as files of Route 53: they are read or refused,
 *        in the same way each time, and what is passed on keeps the promises of the interface.
 */
#include <string.h>

#include "core/name.h"
#include "formats/guess.h"
#include "formats/route53/route53.h"
#include "formats/text.h"
#include "tests/fuzz/reading.h"
#include "tests/fuzz/target.h"

/*! Route 53 has a TTL in each record set. */
static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	require(!record->no_ttl);
	return fuzz_reading(ctx).record(ctx, record, fault);
}

static int take_batch(void *ctx, const uint8_t *name, bool known, uint8_t *zone,
                      steer_fault_t *fault)
{
	(void)known;
	(void)fault;
	fuzz_story_t *story = ctx;
	story->zones++;
	memcpy(zone, name, steer_name_len(name));
	return STEER_OK;
}

/*! Its values are in canonical order, none twice. */
static void check_values(const steer_route53_change_t *change)
{
	for (size_t i = 0; i < change->count; i++) {
		const steer_route53_value_t *value = &change->values[i];
		fuzz_check_place(&value->place);
		require(steer_rdata_check(change->type, value->rdata, value->rdata_len));
		touch(value->rdata, value->rdata_len);
		require(i == 0 || steer_key_cmp(value[-1].rdata, value[-1].rdata_len, value->rdata,
		                                value->rdata_len) < 0);
	}
}

static int take_change(void *ctx, const steer_route53_change_t *change, steer_fault_t *fault)
{
	const steer_text_set_t set = { change->owner, change->type, change->set, change->place };
	require(steer_name_is_whole(change->owner, steer_name_len(change->owner)));
	require(change->ttl <= STEER_TTL_MAX && (change->set.alias != NULL) == (change->count == 0));
	require((change->program_len > 0) == (change->set.id[0] != '\0'));
	check_values(change);
	return fuzz_reading(ctx).set(ctx, &set, fault);
}

static int add(steer_route53_t *files, const char *text, size_t len, fuzz_story_t *story)
{
	steer_input_t *input = NULL;
	steer_fault_t fault;
	if (steer_input_text(&input, "text", text, len) != STEER_OK) {
		return STEER_ENOMEM;
	}
	(void)steer_input_format(input);
	return steer_route53_add(files, input, fuzz_reading(story).error, story, &fault);
}

static int read_files(const char *text, size_t len, fuzz_story_t *story)
{
	steer_reading_t reading = fuzz_reading(story);
	const steer_route53_changes_t changes = {
		take_batch, take_change, reading.error, reading.warn, story,
	};
	steer_route53_t *files = steer_route53_new();
	steer_fault_t fault;
	reading.record = take_record;
	int ret = files != NULL ? STEER_OK : STEER_ENOMEM;
	for (const char *end = text + len, *next; ret == STEER_OK && text <= end; text = next + 1) {
		next = text < end ? memchr(text, '\0', end - text) : NULL;
		next = next != NULL ? next : end;
		ret = add(files, text, next - text, story);
	}
	if (ret == STEER_OK) {
		ret = steer_route53_read(files, NULL, &reading, &fault);
	}
	if (ret == STEER_OK) {
		ret = steer_route53_read_changes(files, NULL, &changes, &fault);
	}
	require((ret == STEER_EREFUSED) == (story->errors > 0));
	steer_route53_free(files);
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
