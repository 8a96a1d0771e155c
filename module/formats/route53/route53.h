/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What Route 53 says of itself, as JSON: the answers of its API to requests for a list, and
 *        the batches of changes that it takes.
 *
 * The files of an import belong together: which file has what, and in which order, does not matter,
 * except that of batches. So all of them are read first, then passed on.
 *
 * Threads:  belongs to one thread.
 * Memory:   json.h, lists.h; the text of a file is freed when it was read.
 * Trust:    files can be anything: time is bounded by their size, times its logarithm.
 */
#pragma once

#include "formats/input.h"
#include "formats/reading.h"
#include "formats/route53/change.h"

/*! The files. */
typedef struct steer_route53 steer_route53_t;

/*! NULL: out of memory. */
steer_route53_t *steer_route53_new(void);
/*! NULL is fine. */
void steer_route53_free(steer_route53_t *files);

/*!
 * Reads a file as JSON.
 *
 * \param[in] input  Owned from here on, also after errors.
 * \param[in] error  NULL: fault has the error.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  It is not JSON, or more than is allowed.
 */
int steer_route53_add(steer_route53_t *files, steer_input_t *input, steer_error_f error, void *ctx,
                      steer_fault_t *fault);
/*!
 * Passes on what the files say, once, except changes.
 *
 * \param[in] zone  The zone of all record sets; NULL: the files tell.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Errors; fault has the first, or with reading.error their number.
 * \retval STEER_ENOMEM
 * \retval others          As a callback returned.
 */
int steer_route53_read(steer_route53_t *files, const uint8_t *zone, const steer_reading_t *reading,
                       steer_fault_t *fault);
/*! Passes on the changes, after steer_route53_read(), which succeeded. \return As that does */
int steer_route53_read_changes(steer_route53_t *files, const uint8_t *zone,
                               const steer_route53_changes_t *changes, steer_fault_t *fault);
