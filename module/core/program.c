/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/program.h"
#include "core/recordset.h"

#define ARGUMENTS_MAX 2

/*! Size of a step's arguments; -1 if this version has no such step. */
static int arguments_of(uint8_t number)
{
	switch (number) {
#define X(symbol, step, name, arguments) case STEER_STEP_##symbol: return arguments;
	STEER_STEPS(X)
#undef X
	default:
		return -1;
	}
}

/*! Decodes a step whose length was checked. */
static void decode(steer_step_t *step, const uint8_t *at)
{
	*step = (steer_step_t) { .number = at[0] };
	switch (step->number) {
	case STEER_STEP_UP:
		step->all_down = steer_up_all_down(at);
		step->min_healthy = steer_up_min_healthy(at);
		break;
	case STEER_STEP_WEIGHTED:
		step->sticky = steer_weighted_sticky(at);
		break;
	case STEER_STEP_TAKE:
		step->take = steer_take_number(at);
		break;
	case STEER_STEP_WITHIN:
		step->within = steer_within_percent(at);
		break;
	}
}

static bool is_allowed(const steer_step_t *step)
{
	return step->all_down <= STEER_ALL_DOWN_SERVFAIL && step->min_healthy <= 100 &&
	       step->sticky <= STEER_STICKY_CLIENT && step->take <= STEER_SETS_MAX &&
	       (step->number != STEER_STEP_TAKE || step->take > 0) &&
	       step->within <= STEER_WITHIN_MAX;
}

bool steer_program_is_whole(const uint8_t *program, size_t len)
{
	if (len > STEER_PROGRAM_MAX) {
		return false;
	}
	for (size_t at = 0; at < len; at += steer_step_size(program + at)) {
		steer_step_t step;
		if (len - at < STEER_STEP_HEAD || arguments_of(program[at]) != program[at + 1] ||
		    len - at < steer_step_size(program + at)) {
			return false;
		}
		decode(&step, program + at);
		if (!is_allowed(&step)) {
			return false;
		}
	}
	return true;
}

bool steer_program_next(const uint8_t **at, const uint8_t *end, steer_step_t *step)
{
	if (*at == end) {
		return false;
	}
	decode(step, *at);
	*at += steer_step_size(*at);
	return true;
}

bool steer_program_is_memorable(const uint8_t *program, size_t len)
{
	bool pays = false;
	for (size_t at = 0; at < len; at += steer_step_size(program + at)) {
		switch (program[at]) {
		case STEER_STEP_SHUFFLE:
			return false;
		case STEER_STEP_WEIGHTED:
			if (steer_weighted_sticky(program + at) != STEER_STICKY_CLIENT) {
				return false;
			}
			pays = true;
			break;
		case STEER_STEP_NEAREST:
			pays = true;
			break;
		default:
			break;
		}
	}
	return pays;
}

bool steer_program_has(const uint8_t *program, size_t len, uint8_t number)
{
	for (size_t at = 0; at < len; at += steer_step_size(program + at)) {
		if (program[at] == number) {
			return true;
		}
	}
	return false;
}

uint16_t steer_program_reads(const uint8_t *program, size_t len)
{
	static const uint16_t reads[] = {
		[STEER_STEP_TIER] = STEER_KEEP_TIER,
		[STEER_STEP_WEIGHTED] = STEER_KEEP_WEIGHT,
		[STEER_STEP_LATENCY] = STEER_KEEP_REGION | STEER_KEEP_POINT,
		[STEER_STEP_GEO] = STEER_KEEP_GEO,
		[STEER_STEP_NEAREST] = STEER_KEEP_REGION | STEER_KEEP_POINT | STEER_KEEP_BIAS,
		[STEER_STEP_CIDR] = STEER_KEEP_LOCATION,
		[STEER_STEP_ASN] = STEER_KEEP_ASNS,
	};
	uint16_t attributes = 0;
	for (size_t at = 0; at < len; at += steer_step_size(program + at)) {
		attributes |= reads[program[at]];
	}
	return attributes;
}

size_t steer_program_table_size(const uint8_t *program, size_t len, unsigned sets)
{
	return sets > STEER_TABLE_OVER && steer_program_has(program, len, STEER_STEP_WEIGHTED)
	       ? (size_t)sets * STEER_TABLE_ENTRY : 0;
}

size_t steer_step_write(uint8_t *at, const steer_step_t *step)
{
	uint8_t arguments[ARGUMENTS_MAX] = { 0 };
	switch (step->number) {
	case STEER_STEP_UP:
		arguments[0] = step->all_down;
		arguments[1] = step->min_healthy;
		break;
	case STEER_STEP_WEIGHTED:
		arguments[0] = step->sticky;
		break;
	case STEER_STEP_TAKE:
		arguments[0] = step->take;
		arguments[1] = step->take >> 8;
		break;
	case STEER_STEP_WITHIN:
		arguments[0] = step->within;
		arguments[1] = step->within >> 8;
		break;
	}
	size_t len = arguments_of(step->number);
	at[0] = step->number;
	at[1] = len;
	memcpy(at + STEER_STEP_HEAD, arguments, len);
	return STEER_STEP_HEAD + len;
}

/* Presets. */

#define UP       STEER_STEP_UP, 2, STEER_ALL_DOWN_ALL, 0
#define TIER     STEER_STEP_TIER, 0
#define WEIGHTED STEER_STEP_WEIGHTED, 1, STEER_STICKY_NONE
#define SHUFFLE  STEER_STEP_SHUFFLE, 0
#define TAKE(n)  STEER_STEP_TAKE, 2, n, 0
#define LATENCY  STEER_STEP_LATENCY, 0
#define GEO      STEER_STEP_GEO, 0
#define NEAREST  STEER_STEP_NEAREST, 0
#define CIDR     STEER_STEP_CIDR, 0

static const uint8_t weighted[] = { UP, WEIGHTED, TAKE(1) };
static const uint8_t failover[] = { UP, TIER, SHUFFLE, TAKE(1) };
static const uint8_t multivalue[] = { UP, SHUFFLE, TAKE(8) };
static const uint8_t latency[] = { UP, LATENCY, TAKE(1) };
static const uint8_t geolocation[] = { GEO, UP, TAKE(1) };
static const uint8_t geoproximity[] = { UP, NEAREST, TAKE(1) };
static const uint8_t ip[] = { CIDR, UP, TAKE(1) };

/*! X(symbol, name) */
#define PRESETS(X) \
	X(WEIGHTED, weighted) \
	X(FAILOVER, failover) \
	X(MULTIVALUE, multivalue) \
	X(LATENCY, latency) \
	X(GEOLOCATION, geolocation) \
	X(GEOPROXIMITY, geoproximity) \
	X(IP, ip)

static const struct {
	const char *name;
	const uint8_t *program;
	size_t len;
} presets[] = {
#define X(symbol, name) [STEER_PRESET_##symbol] = { #name, name, sizeof(name) },
	PRESETS(X)
#undef X
};

steer_preset_t steer_program_preset(const uint8_t *program, size_t len)
{
	// Answers ask this: of a constant size, bytes are compared without a call.
#define X(symbol, name) \
	if (len == sizeof(name) && memcmp(program, name, sizeof(name)) == 0) { \
		return STEER_PRESET_##symbol; \
	}
	PRESETS(X)
#undef X
	return STEER_PRESET_NONE;
}

const char *steer_preset_name(steer_preset_t preset)
{
	return presets[preset].name;
}

const uint8_t *steer_preset_program(steer_preset_t preset, size_t *len)
{
	*len = presets[preset].len;
	return presets[preset].program;
}
