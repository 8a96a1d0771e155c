/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Programs of policies in their stored form. For their text see formats/program.h.
 *
 * A program that equals that of a preset is that preset.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 * Rules:    steer-policies(7), S1 to S16.
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
	uint16_t within;    /*!< STEER_STEP_WITHIN: percent. */
} steer_step_t;

/* Arguments of a whole step in a program, without decoding it. */

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

static inline uint16_t steer_within_percent(const uint8_t *step)
{
	return step[STEER_STEP_HEAD] | step[STEER_STEP_HEAD + 1] << 8;
}

/*! Size of a whole step. */
static inline size_t steer_step_size(const uint8_t *step)
{
	return STEER_STEP_HEAD + step[1];
}

/*! Whether bytes are a program that this version can run: whole steps with valid arguments. */
bool steer_program_is_whole(const uint8_t *program, size_t len);
/*! Reads the next step of a whole program. \return false if there is none */
bool steer_program_next(const uint8_t **at, const uint8_t *end, steer_step_t *step);
/*! Whether a whole program has a step with this number. */
bool steer_program_has(const uint8_t *program, size_t len, uint8_t number);

/*!
 * Whether it pays to remember what a whole program chose for a client: it ranks sets for the client
 * or measures distances, which takes long, and it draws no random number. Looking into a map and
 * comparing does not take longer than to remember it.
 */
bool steer_program_is_memorable(const uint8_t *program, size_t len);

/*!
 * The attributes of record sets that a whole program reads: STEER_KEEP_WEIGHT and others of
 * core/recordset.h. Any others are refused (rule G4).
 */
uint16_t steer_program_reads(const uint8_t *program, size_t len);

/*! Size of the draw table of a group with a whole program; 0 if it has none. */
size_t steer_program_table_size(const uint8_t *program, size_t len, unsigned sets);

/*! Writes a step; at has STEER_STEP_HEAD + 2 bytes. \return bytes written */
size_t steer_step_write(uint8_t *at, const steer_step_t *step);

/*! Presets, steer-policies(7), S10; "simple" means a group without a program. */
typedef enum {
	STEER_PRESET_WEIGHTED,
	STEER_PRESET_FAILOVER,
	STEER_PRESET_MULTIVALUE,
	STEER_PRESET_LATENCY,
	STEER_PRESET_GEOLOCATION,
	STEER_PRESET_GEOPROXIMITY,
	STEER_PRESET_IP,
	STEER_PRESETS,
	STEER_PRESET_NONE = STEER_PRESETS, /*!< Not the program of a preset. */
} steer_preset_t;

/*! Whether a preset looks at the client. */
static inline bool steer_preset_is_by_client(steer_preset_t preset)
{
	return preset >= STEER_PRESET_LATENCY && preset < STEER_PRESET_NONE;
}

/*! The preset that has a program. */
steer_preset_t steer_program_preset(const uint8_t *program, size_t len);
/*! Name of a preset. */
const char *steer_preset_name(steer_preset_t preset);
/*! Program of a preset. \param[out] len  Its size. */
const uint8_t *steer_preset_program(steer_preset_t preset, size_t *len);
