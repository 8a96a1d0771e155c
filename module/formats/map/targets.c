/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/targets.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "formats/map/table.h"

/*! Longest name of a target. */
#define TARGET_MAX 255

/*! Writes the one form that a target has. \return false: it is too long. */
static bool make_canonical(const char *text, size_t len, char target[TARGET_MAX + 1])
{
	uint8_t address[16];
	if (len == 0 || len > TARGET_MAX) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		target[i] = tolower((unsigned char)text[i]);
	}
	target[len] = '\0';
	if (inet_pton(AF_INET6, target, address) == 1) {
		inet_ntop(AF_INET6, address, target, TARGET_MAX + 1);
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const steer_target_region_t *first = a, *second = b;
	return strcmp(first->target, second->target);
}

static int keep(steer_map_reading_t *reading, steer_values_t *values, void *ctx)
{
	steer_target_regions_t *targets = ctx;
	char target[TARGET_MAX + 1];
	if (!make_canonical(values->target.text, values->target.len, target)) {
		return steer_map_bad(reading, values->target.at, "a target of %zu bytes; allowed: up to %d",
		                     values->target.len, TARGET_MAX);
	}
	if (targets->count == STEER_TARGETS_MAX) {
		return steer_fault(reading->report.fault, STEER_EREFUSED, "%s: more than %d targets; "
		                   "allowed: as many", reading->input->name, STEER_TARGETS_MAX);
	}
	steer_target_region_t *made = &targets->of[targets->count];
	made->target = strdup(target);
	if (made->target == NULL) {
		return steer_fault(reading->report.fault, STEER_ENOMEM, "%s: out of memory",
		                   reading->input->name);
	}
	strcpy(made->region, values->row.name);
	targets->count++;
	return STEER_OK;
}

/*! A target in two regions is a mistake, whichever of them is meant. */
static int refuse_duplicates(const steer_map_reading_t *reading,
                             const steer_target_regions_t *targets)
{
	for (size_t i = 1; i < targets->count; i++) {
		if (compare(&targets->of[i - 1], &targets->of[i]) == 0) {
			return steer_fault(reading->report.fault, STEER_EREFUSED, "%s: the target %s twice; "
			                   "allowed: once", reading->input->name, targets->of[i].target);
		}
	}
	return STEER_OK;
}

int steer_targets_read(steer_map_reading_t *reading, const char *path,
                       steer_target_regions_t *targets)
{
	static const steer_column_t columns[] = {
		{ "target", steer_value_target, STEER_COLUMN_FILLED },
		{ "region", steer_value_region, STEER_COLUMN_FILLED },
	};
	const steer_table_t table = { columns, 2, false, keep, targets };
	steer_input_t *input = NULL;
	int ret = steer_input_open(&input, path, reading->report.fault);
	if (ret != STEER_OK) {
		return ret;
	}
	targets->of = malloc(STEER_TARGETS_MAX * sizeof(*targets->of));
	if (targets->of == NULL) {
		ret = steer_fault(reading->report.fault, STEER_ENOMEM, "%s: out of memory", path);
	} else {
		steer_map_reading_t inner = *reading;
		inner.input = input;
		inner.lines = steer_lines_of(input);
		ret = steer_table_read(&inner, &table);
		reading->report.errors = inner.report.errors;
		qsort(targets->of, targets->count, sizeof(*targets->of), compare);
		ret = ret == STEER_OK ? refuse_duplicates(&inner, targets) : ret;
	}
	steer_input_free(input);
	return ret;
}

const char *steer_targets_find(const steer_target_regions_t *targets, const char *target)
{
	char canonical[TARGET_MAX + 1];
	if (targets->count == 0 || !make_canonical(target, strlen(target), canonical)) {
		return NULL;
	}
	const steer_target_region_t key = { .target = canonical };
	const steer_target_region_t *found = bsearch(&key, targets->of, targets->count, sizeof(key),
	                                             compare);
	return found != NULL ? found->region : NULL;
}

void steer_targets_free(steer_target_regions_t *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		free(targets->of[i].target);
	}
	free(targets->of);
}
