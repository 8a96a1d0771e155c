/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks: types, options and their values in the store.
 *
 * An option is text in a canonical form, made by formats/health_check.h, so that equal checks have
 * equal values; only the values that a dns check expects are as written. Defaults are not stored.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's; views borrow.
 * Rules:    steer-policies(7), H7 and H9; names and defaults are those of Route 53.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"

/*! Maximum size of a check's value. */
#define STEER_CHECK_MAX 16384

/*! What the value of an option is. */
typedef enum {
	STEER_OPTION_TEXT,   /*!< Any text of one line. */
	STEER_OPTION_NUMBER, /*!< Digits, from min to max. */
	STEER_OPTION_TIME,   /*!< Seconds, or with ms, s, m, h, d, w; min and max in milliseconds. */
	STEER_OPTION_BOOL,   /*!< yes or no. Two are flags: see steer_health_check_flag(). */
	STEER_OPTION_ADDRESS, /*!< IPv4 or IPv6. */
	STEER_OPTION_LIST,   /*!< Texts, given one by one. */
} steer_health_option_kind_t;

/*! The form of the text of STEER_OPTION_TEXT, and of each one of STEER_OPTION_LIST. */
typedef enum {
	STEER_FORM_LINE,     /*!< UTF-8 without control characters, which holds for all forms. */
	STEER_FORM_HOST,     /*!< Host name, not an address. */
	STEER_FORM_NAME,     /*!< Domain name, absolute. */
	STEER_FORM_TYPE,     /*!< Type of records. */
	STEER_FORM_PATH,     /*!< Path of a URL, with its query. */
	STEER_FORM_METHOD,   /*!< A-Z. */
	STEER_FORM_HEADER,   /*!< Name: value. */
	STEER_FORM_CODES,    /*!< HTTP status codes and ranges of them. */
	STEER_FORM_ARGUMENT, /*!< Argument of a command; the first one is an absolute path. */
	STEER_FORM_ID,       /*!< Id of another check. */
	/* One of a few words. */
	STEER_FORM_RESOLVE,   /*!< a, aaaa, both. */
	STEER_FORM_REDIRECTS, /*!< answer, follow. */
	STEER_FORM_RCODE,     /*!< NOERROR and the others that answer a query. */
} steer_form_t;

/*! Maximum length of a number, a time, a bool or an address. */
#define STEER_OPTION_SHORT 64

/*! An option of health checks. */
typedef struct {
	uint8_t number;  /*!< In the store. */
	const char *name;
	steer_health_option_kind_t kind;
	steer_form_t form;
	uint64_t min, max; /*!< Of a number, of a time, of the length of a text. */
	uint16_t items;  /*!< Maximum number of texts in a list; else 1. */
	uint32_t types;  /*!< Bit for each type that may have it. */
	uint32_t needed; /*!< Bit for each type that must have it. */
	const char *default_value; /*!< See steer_health_check_default(). */
} steer_health_option_t;

/*! All options, by number, then one without a name. "inverted" and "disabled" are the last. */
extern const steer_health_option_t steer_health_check_options[];
/*! The option with a name; NULL if there is none. */
const steer_health_option_t *steer_health_check_option(const char *name);
/*! The option with a number; NULL if there is none. */
const steer_health_option_t *steer_health_check_option_number(uint8_t number);
/*! Default of an option for a type, in canonical form; NULL if there is none. */
const char *steer_health_check_default(const steer_health_option_t *option, uint8_t type);
/*! STEER_CHECK_INVERTED or STEER_CHECK_DISABLED; 0 if the option is stored as text. */
uint8_t steer_health_check_flag(const steer_health_option_t *option);
/*! Name of a type; NULL if there is no such type. */
const char *steer_health_check_type_name(uint8_t type);
/*! Whether the state of a check of a type is found by probing. */
static inline bool steer_health_check_type_is_probed(uint8_t type)
{
	return type != STEER_CHECK_NONE && type != STEER_CHECK_MANUAL &&
	       type != STEER_CHECK_CALCULATED;
}
/*! The type with a name, not STEER_CHECK_NONE. \return false if there is none */
bool steer_health_check_type_parse(const char *name, uint8_t *type);
/*! Whether text is a valid id: 1 to STEER_CHECK_ID_MAX bytes of A-Z a-z 0-9 - _ . : / @. */
bool steer_health_check_id_is_good(const char *id);

/*! A health check that is being made, or a stored one that was opened. */
typedef struct {
	uint8_t type;
	uint8_t flags; /*!< STEER_CHECK_INVERTED, STEER_CHECK_DISABLED. */
	uint32_t slot, generation;
	uint32_t created; /*!< Low half of the number of the change set that created it. */
	uint64_t given; /*!< Bit for the number of each option that was set explicitly. */
	size_t options_len;
	uint8_t options[STEER_CHECK_MAX - STEER_CHECK_SIZE]; /*!< As in the store. */
} steer_health_check_t;

/*! Whether an option was set explicitly. */
static inline bool steer_health_check_is_given(const steer_health_check_t *check, uint8_t number)
{
	return check->given >> number & 1;
}

static inline void steer_health_check_mark_given(steer_health_check_t *check, uint8_t number)
{
	check->given |= UINT64_C(1) << number;
}

/*!
 * Adds an option's canonical text, after those of lower numbers and of its own. Not for flags.
 *
 * \retval STEER_OK, STEER_ESPACE
 */
int steer_health_check_add(steer_health_check_t *check, uint8_t number, const char *text,
                           size_t len);
/*!
 * Text of an option, or the item of a list with this position.
 *
 * \return Not NUL-terminated; NULL if the option has its default, or there is no such item.
 */
const char *steer_health_check_get(const steer_health_check_t *check, const char *key,
                                   unsigned item, size_t *len);
/*!
 * Walks over the options that differ from their defaults, in order, the texts of a list one by one;
 * flags come last, as "yes". *at starts with 0.
 *
 * \param[out] text  Not NUL-terminated.
 *
 * \return false if there are no more.
 */
bool steer_health_check_next(const steer_health_check_t *check, size_t *at,
                             const steer_health_option_t **option, const char **text, size_t *len);

/*! The value of a STEER_OPTION_NUMBER, or its default; 0: it has neither. */
unsigned steer_health_check_number(const steer_health_check_t *check, const char *key);
/*!
 * Walks over the children of a calculated check, in order. Start with 0.
 *
 * \param[out] id  Not ended by 0; at most STEER_CHECK_ID_MAX bytes.
 *
 * \return false: there are no more.
 */
bool steer_health_check_next_child(const steer_health_check_t *check, size_t *at, const char **id,
                                   size_t *len);

/*! Writes the value; buf has STEER_CHECK_MAX bytes. \return its size */
size_t steer_health_check_write(uint8_t *buf, const steer_health_check_t *check);
/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_health_check_open(steer_health_check_t *check, const void *value, size_t size);
