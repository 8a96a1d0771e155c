/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Stores in temporary directories, changed by zones as text (see records.h), for tests.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "store/change/change.h"
#include "store/store.h"
#include "unit/records.h"

#define TEST_MAP_SIZE ((uint64_t)256 << 20)

/*! A new empty directory; the caller frees its name. */
char *temp_new(void);

/*! Removes a directory made by temp_new() with everything in it. */
void temp_free(char *dir);

/*! Path inside a directory, in one of a few buffers used in turn. */
const char *path_in(const char *dir, const char *name);

void must(int ret, const steer_fault_t *fault);

void store_init(const char *dir);

steer_store_t *store_open(const char *dir, steer_store_mode_t mode);

/*! A store of its own, in a temporary directory. */
typedef struct {
	char *dir;
	steer_store_t *store;
} place_t;

place_t place_new(void);

void place_free(place_t *place);

/*! Adds a zone's text to a change set; its records come from the lines of "file", column 1. */
int change_add_text(steer_change_t *change, steer_zone_action_t action, const char *zone);

/*! Applies one zone's text. */
int store_change(steer_store_t *store, steer_zone_action_t action, const char *zone,
                 const steer_apply_t *options, steer_summary_t *summary, steer_fault_t *fault);

/*! The same, which must succeed. */
steer_summary_t store_must(steer_store_t *store, steer_zone_action_t action, const char *zone);

/*! Changes a setting that is a number. */
void store_set_number(steer_store_t *store, unsigned setting, uint32_t number);

/*! Writes the values of a difference, one per line: sign, name, TTL, type, rdata. */
void group_write(FILE *out, char sign, const uint8_t *name, const steer_group_t *group);

/*! Databases of the records environment as text; the caller frees it. */
char *store_dump(steer_store_t *store);

/*! Puts a value without the library. */
void raw_put(steer_store_t *store, enum steer_db db, const void *key, size_t key_len,
             const void *value, size_t len);

void copy_file(const char *from, const char *to);
