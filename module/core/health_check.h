/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks: types, options and their values in the store.
 *
 * An option is text in one canonical form, which formats/health_check.h makes, so that equal checks
 * have equal values. Defaults are not stored.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's; views borrow.
 * Rules:    steer-policies(7), H7 and H9; names and defaults as Route 53's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"

/*! Bytes of a check's value, at most. */
#define STEER_CHECK_MAX 16384

typedef enum {
	STEER_OPTION_TEXT,   /*!< Any text of one line. */
	STEER_OPTION_NUMBER, /*!< Digits, from min to max. */
	STEER_OPTION_TIME,   /*!< Seconds, or with ms, s, m, h, d, w; min and max are milliseconds. */
	STEER_OPTION_BOOL,   /*!< yes or no. Two are flags of the check: steer_health_check_flag(). */
	STEER_OPTION_ADDRESS, /*!< IPv4 or IPv6. */
	STEER_OPTION_LIST,   /*!< Texts, given one by one. */
} steer_health_option_kind_t;

/*! What text must look like: that of STEER_OPTION_TEXT, and each one of STEER_OPTION_LIST. */
typedef enum {
	STEER_FORM_LINE,     /*!< UTF-8 without control characters, like all of them. */
	STEER_FORM_HOST,     /*!< Name of a host. */
	STEER_FORM_PATH,     /*!< With its query, of a URL. */
	STEER_FORM_METHOD,   /*!< A-Z. */
	STEER_FORM_HEADER,   /*!< Name: value. */
	STEER_FORM_CODES,    /*!< Codes of HTTP and ranges of them. */
	STEER_FORM_ARGUMENT, /*!< The first is an absolute path. */
	STEER_FORM_ID,       /*!< Id of another check. */
} steer_form_t;

/*! Bytes of a number, a time, a bool or an address, at most. */
#define STEER_OPTION_SHORT 64

/*! A key of checks. */
typedef struct {
	uint8_t number;  /*!< In the store. */
	const char *name;
	steer_health_option_kind_t kind;
	steer_form_t form;
	uint64_t min, max; /*!< Of a number, of a time, of the bytes of a text. */
	uint16_t items;  /*!< Texts of a list, at most; else 1. */
	uint32_t types;  /*!< Bit for each type that may have it. */
	uint32_t needed; /*!< Bit for each type that must. */
	const char *default_value; /*!< See steer_health_check_default(). */
} steer_health_option_t;

/*! All keys, by number, ended by one without a name. "inverted" and "disabled" are the last. */
extern const steer_health_option_t steer_health_check_options[];
/*! Key of a name, or of a number; NULL: none. */
const steer_health_option_t *steer_health_check_option(const char *name);
const steer_health_option_t *steer_health_check_option_number(uint8_t number);
/*! Default of a key for a type, in canonical form; NULL: none. */
const char *steer_health_check_default(const steer_health_option_t *option, uint8_t type);
/*! STEER_CHECK_INVERTED, STEER_CHECK_DISABLED; 0: the key is stored as text. */
uint8_t steer_health_check_flag(const steer_health_option_t *option);
/*! Name of a type; NULL: none of that number. */
const char *steer_health_check_type_name(uint8_t type);
/*! Whether the state of a check of a type is found by probing. */
static inline bool steer_health_check_type_is_probed(uint8_t type)
{
	return type != STEER_CHECK_NONE && type != STEER_CHECK_MANUAL &&
	       type != STEER_CHECK_CALCULATED;
}
/*! Type of a name, not STEER_CHECK_NONE; false: none. */
bool steer_health_check_type_parse(const char *name, uint8_t *type);
/*! Whether text can be a check's id: 1 to STEER_CHECK_ID_MAX bytes of A-Z a-z 0-9 - _ . : / @. */
bool steer_health_check_id_is_good(const char *id);

/*! A check that is being made, or a stored one that was opened. */
typedef struct {
	uint8_t type;
	uint8_t flags; /*!< STEER_CHECK_INVERTED, STEER_CHECK_DISABLED. */
	uint32_t slot, generation;
	uint64_t given; /*!< Bit for each number of a key that steer_health_check_set() was given. */
	size_t options_len;
	uint8_t options[STEER_CHECK_MAX - STEER_CHECK_SIZE]; /*!< As in the store. */
} steer_health_check_t;

/*! Whether a key was given, by its number. */
static inline bool steer_health_check_is_given(const steer_health_check_t *check, uint8_t number)
{
	return check->given >> number & 1;
}

static inline void steer_health_check_mark_given(steer_health_check_t *check, uint8_t number)
{
	check->given |= UINT64_C(1) << number;
}

/*!
 * Adds an option's canonical text, behind those of lower keys and of its own. No flags.
 *
 * \retval STEER_OK, STEER_ESPACE
 */
int steer_health_check_add(steer_health_check_t *check, uint8_t number, const char *text,
                           size_t len);
/*!
 * Text of an option that has not its default, of a list its item of that position.
 *
 * \return Not ended by 0; NULL: it has its default, or there is no such item.
 */
const char *steer_health_check_get(const steer_health_check_t *check, const char *key,
                                   unsigned item, size_t *len);
/*!
 * Walks over the options that have not their defaults, the texts of a list one by one, in order;
 * flags come last, as "yes". Start with 0.
 *
 * \param[out] text  Not ended by 0.
 *
 * \return false: there are no more.
 */
bool steer_health_check_next(const steer_health_check_t *check, size_t *at,
                             const steer_health_option_t **option, const char **text, size_t *len);

/*! Writes the value; buf has STEER_CHECK_MAX bytes. \return its size */
size_t steer_health_check_write(uint8_t *buf, const steer_health_check_t *check);
/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_health_check_open(steer_health_check_t *check, const void *value, size_t size);
