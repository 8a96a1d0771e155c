/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Programs of policies as the store has them. Their text is formats/program.h.
 *
 * A program that says what a preset says is that preset.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 * Rules:    steer-policies(7), S1 to S10.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"

/*! One step, decoded. */
typedef struct {
	uint8_t number;     /*!< STEER_STEP_*. */
	uint8_t all_down;   /*!< STEER_STEP_UP: STEER_ALL_DOWN_*. */
	uint8_t min_healthy; /*!< STEER_STEP_UP: percent, 0 to 100. */
	uint8_t sticky;     /*!< STEER_STEP_WEIGHTED: STEER_STICKY_*. */
	uint16_t take;      /*!< STEER_STEP_TAKE. */
} steer_step_t;

/* Arguments of a whole step at its place in a program, for the run. */

static inline uint8_t steer_up_all_down(const uint8_t *step)
{
	return step[STEER_STEP_HEAD];
}

static inline uint8_t steer_up_min_healthy(const uint8_t *step)
{
	return step[STEER_STEP_HEAD + 1];
}

static inline uint8_t steer_weighted_sticky(const uint8_t *step)
{
	return step[STEER_STEP_HEAD];
}

static inline uint16_t steer_take_number(const uint8_t *step)
{
	return step[STEER_STEP_HEAD] | step[STEER_STEP_HEAD + 1] << 8;
}

/*! Bytes of a whole step. */
static inline size_t steer_step_size(const uint8_t *step)
{
	return STEER_STEP_HEAD + step[1];
}

/*! Whether bytes are a program that this version knows: whole steps with allowed arguments. */
bool steer_program_is_whole(const uint8_t *program, size_t len);
/*! Takes the next step of a whole program; false: there is none. */
bool steer_program_next(const uint8_t **at, const uint8_t *end, steer_step_t *step);
/*! Whether a whole program has a step of that number. */
bool steer_program_has(const uint8_t *program, size_t len, uint8_t number);

/*! Bytes of the draw table of a group of so many sets under a whole program; 0: it has none. */
size_t steer_program_table_size(const uint8_t *program, size_t len, unsigned sets);

/*! Writes a step; at has STEER_STEP_HEAD + 2 bytes. \return bytes written */
size_t steer_step_write(uint8_t *at, const steer_step_t *step);

/*! Presets, steer-policies(7), S10; "simple" is no program at all. */
typedef enum {
	STEER_PRESET_WEIGHTED,
	STEER_PRESET_FAILOVER,
	STEER_PRESET_MULTIVALUE,
	STEER_PRESETS,
	STEER_PRESET_NONE = STEER_PRESETS, /*!< A program of its own. */
} steer_preset_t;

/*! Preset that a program is. */
steer_preset_t steer_program_preset(const uint8_t *program, size_t len);
/*! Name of a preset, and its program. \param[out] len  Bytes of it. */
const char *steer_preset_name(steer_preset_t preset);
const uint8_t *steer_preset_program(steer_preset_t preset, size_t *len);
