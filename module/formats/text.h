/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Types and records as the text of zone files, and back; names are in formats/name_text.h.
 *
 * Any reader of zone files reads the text made here back to the same bytes.
 *
 * Threads:  a steer_text_t belongs to one thread.
 * Memory:   what is returned from a steer_text_t is borrowed until its next use.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/types.h"
#include "formats/name_text.h"
#include "steer/error.h"
#include "steer/fault.h"

/*! Whether a zone can have records of a type: it is not 0, nor for questions and messages. */
bool steer_type_is_data(uint16_t type);
/*! Parses the name ("A", "TYPE65280") of a type that a zone can have. */
int steer_type_parse(const char *text, uint16_t *type);

/*! Whether rdata has the form of its type: names whole, fixed fields complete, nothing after. */
bool steer_rdata_check(uint16_t type, const uint8_t *rdata, uint16_t rdata_len);
/*!
 * Puts rdata that has the form of its type into canonical form: lowers the names that RFC 4034,
 * section 6.2, lists.
 */
void steer_rdata_canonical(uint16_t type, uint8_t *rdata, uint16_t rdata_len);

/*! A scanner and room for records as text: 900 KiB, to be made once and used often. */
typedef struct steer_text steer_text_t;

/*! NULL: out of memory. */
steer_text_t *steer_text_new(void);
/*! NULL is fine. */
void steer_text_free(steer_text_t *text);

/*!
 * Parses the rdata of one record, and puts it into canonical form.
 *
 * \param[in] origin  Wire name that names without a final dot are relative to.
 * \param[in] value   One line; a comment is refused, since it is more likely a forgotten quote.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  fault says what is wrong.
 */
int steer_rdata_parse(steer_text_t *text, const uint8_t *origin, uint16_t type, const char *value,
                      const uint8_t **rdata, uint16_t *rdata_len, steer_fault_t *fault);

/*! Prints rdata as one line; in the generic form of RFC 3597 if it has no text of its own. */
const char *steer_rdata_print(steer_text_t *text, uint16_t type, const uint8_t *rdata,
                              uint16_t rdata_len);

/*!
 * Writes wire-ready records of one record set as lines: absolute owner, TTL, type, rdata.
 *
 * \param[in] prefix   Text before each line; "" for a zone file.
 * \param[in] comment  Text after each line, from blank and semicolon on; "": none.
 */
void steer_records_write(steer_text_t *text, FILE *out, const char *prefix, const char *comment,
                         const uint8_t *owner, uint16_t type, uint32_t ttl, const uint8_t *rrs,
                         size_t rrs_len);
