/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names that have numbers in a store: regions, collections of locations, locations.
 *
 * Threads:  pure functions; any thread.
 * Memory:   names borrow their text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"

/*! Longest name: of a location with its collection. */
#define STEER_DICTIONARY_NAME_MAX (STEER_DICTIONARY_KEY_MAX - 1)
/*! Bytes of the key of a number. */
#define STEER_DICTIONARY_NUMBER_KEY (1 + sizeof(uint32_t))

typedef struct {
	uint8_t kind;     /*!< STEER_DICTIONARY_REGION, ... */
	uint8_t len;
	const char *text; /*!< Not NUL-terminated; of a location "collection/location". */
} steer_dictionary_name_t;

/*! Names of numbers: those of a store. */
typedef struct {
	/*! Finds the name of a number. \return false: none has it, or it is damaged */
	bool (*find)(void *ctx, uint32_t number, steer_dictionary_name_t *name);
	void *ctx;
} steer_names_t;

/*! Such as "region". */
const char *steer_dictionary_kind_name(uint8_t kind);
/*! Whether the kind is one, and the text what such a name can be. */
bool steer_dictionary_name_is_good(const steer_dictionary_name_t *name);
bool steer_dictionary_name_equal(const steer_dictionary_name_t *a,
                                 const steer_dictionary_name_t *b);

/*! Writes the key of a name, which is good. \return Its length. */
size_t steer_dictionary_key(uint8_t key[STEER_DICTIONARY_KEY_MAX],
                            const steer_dictionary_name_t *name);
/*! Reads it. \retval STEER_OK, STEER_EDAMAGED */
int steer_dictionary_key_open(steer_dictionary_name_t *name, const void *key, size_t len);
/*! Writes the key of a number. */
void steer_dictionary_number_key(uint8_t key[STEER_DICTIONARY_NUMBER_KEY], uint32_t number);
/*! Reads it. \retval STEER_OK, STEER_EDAMAGED */
int steer_dictionary_number_key_open(uint32_t *number, const void *key, size_t len);
/*! Reads a number that is stored as the value of a name. \retval STEER_OK, STEER_EDAMAGED */
int steer_dictionary_number_open(uint32_t *number, const void *value, size_t len);
