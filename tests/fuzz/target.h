/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What fuzz targets are, and what they share.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! The target: libFuzzer calls it, or main.c. \return 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*! Aborts the program, which libFuzzer reports with its input, unless a condition holds. */
void require(bool condition);

/*! Reads every byte, so that a sanitizer sees one outside the value. */
void touch(const void *bytes, size_t len);
