/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names and their keys: from wire form to the store's order and back.
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

/*! A name's key, with the lengths of its ancestors' keys, which are prefixes of it. */
typedef struct {
	uint16_t len;                       /*!< Bytes of the key. */
	uint8_t labels;                     /*!< Labels of the name, without the root. */
	uint16_t end[STEER_LABELS_MAX + 1]; /*!< Length of the key of the last i labels. */
	uint8_t bytes[STEER_KEY_MAX];
} steer_key_t;

/*! Makes the key of an uncompressed wire name in lower case, in the public view. */
void steer_key_from_name(steer_key_t *key, const uint8_t *name);

/*!
 * Reads a stored key.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_key_from_bytes(steer_key_t *key, const uint8_t *bytes, size_t len);

/*!
 * Writes the name that consists of the last labels of a key, in wire form.
 *
 * \param[out] name    At least STEER_NAME_MAX bytes.
 * \param[in]  key     Key.
 * \param[in]  labels  Number of labels, at most key->labels.
 *
 * \return Length of the name.
 */
size_t steer_key_to_name(uint8_t *name, const steer_key_t *key, unsigned labels);

/*! Whether the first label of the ancestor with the given number of labels is "*". */
bool steer_key_is_wildcard(const steer_key_t *key, unsigned labels);

/*! Canonical order: negative, 0 or positive. */
int steer_key_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

/*! Room for a name's text: each byte as \\DDD, the dots, and the NUL. */
#define STEER_NAME_TEXT_MAX 1016
/*! Writes the presentation form of a wire name, with the final dot (RFC 1035, section 5.1). */
void steer_name_to_text(char text[STEER_NAME_TEXT_MAX], const uint8_t *name);

/*! Whether bytes are exactly one uncompressed wire name. */
bool steer_name_is_whole(const uint8_t *name, size_t len);
/*! Length of the uncompressed wire name that bytes begin with; 0: they begin with none. */
size_t steer_name_len_in(const uint8_t *bytes, size_t len);
/*! Number of uncompressed wire names that bytes consist of; -1 if they consist of anything else. */
int steer_names_count(const uint8_t *names, size_t len);

/*! Length of an uncompressed wire name, with the root label. */
size_t steer_name_len(const uint8_t *name);
/*! Number of labels of an uncompressed wire name, without the root. */
unsigned steer_name_labels(const uint8_t *name);
/*! A wire name without the given number of its first labels. */
static inline const uint8_t *steer_name_skip(const uint8_t *name, unsigned labels)
{
	for (; labels > 0; labels--) {
		name += 1 + *name;
	}
	return name;
}
/*! Whether two wire names are equal; both in lower case. */
bool steer_name_equal(const uint8_t *a, const uint8_t *b);
/*! Whether a wire name is equal to or below another; both in lower case. */
bool steer_name_in(const uint8_t *name, const uint8_t *zone);
/*!
 * Replaces the last labels of a wire name by a target, as a DNAME does (RFC 6672, section 2.2).
 *
 * \param[out] to      At least STEER_NAME_MAX bytes, which do not overlap name.
 * \param[in]  labels  Number of labels of the DNAME's owner.
 *
 * \return false if the result is too long.
 */
bool steer_name_substitute(uint8_t *to, const uint8_t *name, unsigned labels,
                           const uint8_t *target);
