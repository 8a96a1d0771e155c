/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a reading of Steer YAML, or of another format with the same sink, gave, as text that
 *        tests compare.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "formats/text.h"
#include "formats/yaml/yaml.h"

/*!
 * What a reading gave, a line each: "=line:column zone key=value...", "line:column owner TTL type
 * rdata", "~line:column owner type policy", "+line:column owner type 'set' key=value..." with its
 * records below, indented, "?line:column check type key=value...", "#line:column network
 * collection/location", "!line:column error",
 * "%line:column warning".
 */
typedef struct {
	steer_text_t *text;
	FILE *out;
	int stop; /*!< What the record callback returns. */
} story_t;

int tell_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault);

int tell_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault);

int tell_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault);

int tell_set(void *ctx, const steer_text_set_t *given, steer_fault_t *fault);

int tell_check(void *ctx, const char *id, const steer_health_check_t *check,
               const steer_place_t *place, steer_fault_t *fault);

int tell_network(void *ctx, const steer_text_network_t *network, steer_fault_t *fault);

void tell_error(void *ctx, const steer_place_t *place, const char *text);

void tell_warning(void *ctx, const steer_place_t *place, const char *text);

/* As much memory as text, for the sanitizer's sake. */
char *tell_yaml(const char *text, size_t len, int *ret, steer_fault_t *fault);

typedef struct {
	const char *name, *text, *want;
} case_t;

void check_stories(const case_t *cases, size_t count, int want);

#define Z "zone: example.\n"
#define ZONE "=1:7 example.\n"
#define R Z "records:\n"
