/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Bytes as hexadecimal digits.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*! Reads digits; returns the number of bytes, 0 if there are other characters or too many. */
size_t hex_read(const char *text, uint8_t *bytes, size_t room);

/*! Prints digits and a final 0. */
void hex_print(char *to, const uint8_t *bytes, size_t len);

/*! Writes digits to a stream. */
void hex_write(FILE *out, const uint8_t *bytes, size_t len);
