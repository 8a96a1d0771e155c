/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A zone written as YAML of octoDNS, which octodns.h reads.
 *
 * What is written was read back before, and is what the store has. So whatever cannot be expressed
 * is told, whichever reason there is; of policies these are all but those that rules make.
 *
 * octoDNS wants keys in natural order, so a zone is kept until its end.
 *
 * Threads:  a writer belongs to one thread.
 * Memory:   the text of a zone.
 */
#pragma once

#include <stdio.h>

#include "core/node.h"
#include "formats/octodns/store.h"

/*! Takes what cannot be expressed, and is left out. \param[in] what  Such as "a policy". */
typedef void (*steer_octodns_lose_f)(void *ctx, uint16_t type, const char *what);

typedef struct steer_octodns_writer steer_octodns_writer_t;

/*! NULL: out of memory. */
steer_octodns_writer_t *steer_octodns_writer_new(const steer_octodns_store_t *store);
/*! NULL is fine. */
void steer_octodns_writer_free(steer_octodns_writer_t *writer);

/*!
 * Adds the records of a name, without the SOA of the zone, which octoDNS does not have.
 *
 * \param[in] keep  Else only losses are wanted.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_octodns_write_name(steer_octodns_writer_t *writer, const uint8_t *zone,
                             const uint8_t *name, const steer_face_t *face, bool keep,
                             steer_octodns_lose_f lose, void *ctx);
/*! Writes the names that were kept, and forgets them. */
void steer_octodns_write_zone(steer_octodns_writer_t *writer, FILE *out);
