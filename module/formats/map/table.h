/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief CSV files whose first line, after comments, names the columns.
 */
#pragma once

#include "formats/map/reading.h"
#include "formats/map/values.h"

typedef struct {
	const char *name;
	steer_value_f value;
	enum {
		STEER_COLUMN_OPTIONAL, /*!< It may be left out. */
		STEER_COLUMN_NEEDED,   /*!< The header has it; values may be empty. */
		STEER_COLUMN_FILLED,   /*!< Likewise, and no value is empty. */
	} need;
} steer_column_t;

/*! Most columns of a table. */
#define STEER_COLUMNS_MAX 8

typedef struct {
	const steer_column_t *columns; /*!< Values are read in this order. */
	unsigned count;                /*!< At most STEER_COLUMNS_MAX. */
	bool has_others;               /*!< Other columns are ignored; else they are errors. */
	/*! Receives the values of a line; an error stops the reader. */
	int (*line)(steer_map_reading_t *reading, steer_values_t *values, void *ctx);
	void *ctx;
} steer_table_t;

/*! Reads the reading's input, from its current line on, as a table. */
int steer_table_read(steer_map_reading_t *reading, const steer_table_t *table);
