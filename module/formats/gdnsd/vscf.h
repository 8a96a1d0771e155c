/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief vscf, the language of gdnsd's configuration: hashes, arrays and texts inside each other.
 *
 * A file is a hash without braces, or an array. $include{path} stands for what another file has, or
 * in a hash for the entries of all files that a pattern matches.
 *
 * Threads:  a document belongs to one thread.
 * Memory:   values live as long as their document; some 100 bytes each, and their text.
 * Trust:    files can be anything: depth, files and the length of a text are bounded, and time by
 *           their size, times its logarithm.
 * Sources:  gdnsd.config(5), "The Low-Level Syntax" and "Including Other Files".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/input.h"
#include "formats/record.h"

/*! Deepest nesting of hashes and arrays. */
#define STEER_VSCF_DEPTH 32
/*! Most files of a document; one that is included twice counts twice. */
#define STEER_VSCF_FILES 1000
/*! Most values of a document. */
#define STEER_VSCF_VALUES 4194304
/*! Longest text, in bytes. */
#define STEER_VSCF_TEXT_MAX 16384

typedef enum {
	STEER_VSCF_TEXT,
	STEER_VSCF_ARRAY,
	STEER_VSCF_HASH,
} steer_vscf_kind_t;

typedef struct steer_vscf steer_vscf_t;

/*! A value. */
struct steer_vscf {
	steer_vscf_kind_t kind;
	steer_place_t place;
	const char *text;  /*!< A text; it has no zero bytes. */
	const char *key;   /*!< An entry of a hash; else NULL. */
	steer_place_t key_at;
	steer_vscf_t *first, *next; /*!< The values in a hash or an array, and the next beside it. */
	uint32_t count;    /*!< Of the values in it. */
	steer_vscf_t **sorted; /*!< The entries of a hash, by key. */
};

/*! A file and what it includes. */
typedef struct steer_vscf_document steer_vscf_document_t;

/*! NULL: out of memory. */
steer_vscf_document_t *steer_vscf_new(void);
/*! NULL is fine. */
void steer_vscf_free(steer_vscf_document_t *document);

/*!
 * Reads a file into a document, which may have others already.
 *
 * \param[in]  input     Owned from here on, also after errors; its name is in the places.
 * \param[in]  anywhere  It may include what is not below its own folder.
 * \param[out] root      A hash or an array.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  A syntax error, which was reported.
 */
int steer_vscf_read(steer_vscf_document_t *document, steer_input_t *input, bool anywhere,
                    steer_report_t *report, const steer_vscf_t **root);

/*! Finds an entry of a hash. \return NULL: there is none, or it is no hash */
const steer_vscf_t *steer_vscf_get(const steer_vscf_t *hash, const char *key);
/*!
 * Walks over the values of an array; any other value is one of itself.
 *
 * \param[in] before  NULL: gives the first.
 *
 * \return NULL: there are no more.
 */
const steer_vscf_t *steer_vscf_next(const steer_vscf_t *array, const steer_vscf_t *before);
