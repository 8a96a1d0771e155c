/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names as keys: wire form to the store's order and back.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 * Trust:    wire names come from libknot or libzscanner, checked and in lower case; keys may come
 *           from a damaged store and are checked here.
 * Sources:  RFC 1035, section 3.1 (wire form); RFC 4034, section 6.1 (order); schema/layout.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"
#include "steer/error.h"

/*! A name's key with the ends of its ancestors' keys, which are its prefixes. */
typedef struct {
	uint16_t len;                       /*!< Bytes of the key. */
	uint8_t labels;                     /*!< Labels of the name, without the root. */
	uint16_t end[STEER_LABELS_MAX + 1]; /*!< Bytes of the key of the i labels next to the root. */
	uint8_t bytes[STEER_KEY_MAX];
} steer_key_t;

/*! Makes the key, in the public view, of an uncompressed wire name in lower case. */
void steer_key_from_name(steer_key_t *key, const uint8_t *name);

/*!
 * Fills a key from the stored bytes of one.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_key_from_bytes(steer_key_t *key, const uint8_t *bytes, size_t len);

/*!
 * Writes the name of the i labels next to the root, in wire form.
 *
 * \param[out] name    At least STEER_NAME_MAX bytes.
 * \param[in]  key     Key.
 * \param[in]  labels  Number of labels, at most key->labels.
 *
 * \return Bytes of the name.
 */
size_t steer_key_to_name(uint8_t *name, const steer_key_t *key, unsigned labels);

/*! Whether the label that ends the ancestor of so many labels is "*". */
bool steer_key_is_wildcard(const steer_key_t *key, unsigned labels);

/*! Canonical order: negative, 0 or positive. */
int steer_key_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

/*! Room for a name's text: each byte as \\DDD, dots, the end. */
#define STEER_NAME_TEXT_MAX 1016
/*! Writes the presentation form of a wire name, with the final dot (RFC 1035, section 5.1). */
void steer_name_to_text(char text[STEER_NAME_TEXT_MAX], const uint8_t *name);

/*! Whether bytes are one uncompressed wire name and nothing else. */
bool steer_name_is_whole(const uint8_t *name, size_t len);
/*! Number of uncompressed wire names that bytes are, one after the other; -1: they are not. */
int steer_names_count(const uint8_t *names, size_t len);

/*! Bytes of an uncompressed wire name, with the root label. */
size_t steer_name_len(const uint8_t *name);
/*! Labels of an uncompressed wire name, without the root. */
unsigned steer_name_labels(const uint8_t *name);
/*! The ancestor that a wire name is without so many of its first labels. */
static inline const uint8_t *steer_name_skip(const uint8_t *name, unsigned labels)
{
	for (; labels > 0; labels--) {
		name += 1 + *name;
	}
	return name;
}
/*! Whether two wire names are equal; both lower case. */
bool steer_name_equal(const uint8_t *a, const uint8_t *b);
/*! Whether a wire name is equal to or below another; both lower case. */
bool steer_name_in(const uint8_t *name, const uint8_t *zone);
/*!
 * Replaces the last labels of a wire name, as a DNAME whose owner these are (RFC 6672, section
 * 2.2).
 *
 * \param[out] to      At least STEER_NAME_MAX bytes; not those of name.
 * \param[in]  labels  Of the owner.
 *
 * \return false: the result is too long.
 */
bool steer_name_substitute(uint8_t *to, const uint8_t *name, unsigned labels,
                           const uint8_t *target);
