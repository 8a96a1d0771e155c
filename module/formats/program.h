/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Programs of policies as text.
 *
 * A program is a preset's name ("weighted"), or steps separated by commas or blanks, each a name
 * and its options: "up all-down=none min-healthy=50%, weighted sticky=client, take 2".
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 * Rules:    steer-policies(7), S1 to S16.
 */
#pragma once

#include "core/program.h"
#include "steer/fault.h"

/*! Room for a program's text: each of its steps takes fewer than 40 bytes. */
#define STEER_PROGRAM_TEXT (STEER_PROGRAM_MAX / STEER_STEP_HEAD * 40)

/*!
 * Parses a program. "simple" is a program of no bytes.
 *
 * \param[out] program  At least STEER_PROGRAM_MAX bytes.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL  fault says which word is wrong and what is allowed.
 */
int steer_program_parse(const char *text, uint8_t *program, size_t *len, steer_fault_t *fault);
/*! Prints a program: the preset's name if it is one, else its steps with ", " between them. */
void steer_program_print(const uint8_t *program, size_t len, char text[STEER_PROGRAM_TEXT]);
/*! Prints one step, as in steer_program_print(). */
void steer_step_print(const steer_step_t *step, char *text, size_t size);
