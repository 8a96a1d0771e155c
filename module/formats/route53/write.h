/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Zones, health checks and CIDR collections written as answers of Route 53's API, which
 *        route53.h reads.
 *
 * An answer is an object; several of them follow each other. The same calls write the same bytes.
 * Only what can be expressed (express.h) may be written.
 *
 * Threads:  a writer belongs to one thread.
 * Memory:   bounded; arguments are not kept.
 * Errors:   those of the stream, which keeps them.
 */
#pragma once

#include <stdio.h>

#include "core/health_check.h"
#include "core/network.h"
#include "core/node.h"
#include "formats/route53/store.h"

typedef struct steer_route53_writer steer_route53_writer_t;

/*!
 * Makes a writer.
 *
 * \param[in] store  Its text is for the writer's use alone until it is freed.
 *
 * \return NULL: out of memory
 */
steer_route53_writer_t *steer_route53_writer_new(const steer_route53_store_t *store, FILE *out);
/*! NULL is fine. */
void steer_route53_writer_free(steer_route53_writer_t *writer);

/*! Begins an answer: a hosted zone, and its record sets. \param[in] comment  "": none. */
void steer_route53_write_zone(steer_route53_writer_t *writer, const uint8_t *zone,
                              const char *comment);
/*! Writes the record sets of a group, names in their order (order.h), types in theirs. */
void steer_route53_write_group(steer_route53_writer_t *writer, const uint8_t *name,
                               const steer_group_t *group);

/*! Begins an answer: health checks. */
void steer_route53_write_checks(steer_route53_writer_t *writer);
void steer_route53_write_check(steer_route53_writer_t *writer, const char *id,
                               const steer_health_check_t *check);

/*! Begins an answer: CIDR collections. */
void steer_route53_write_collections(steer_route53_writer_t *writer);
void steer_route53_write_collection(steer_route53_writer_t *writer, const char *name);
/*! Begins an answer: the blocks of a collection. */
void steer_route53_write_blocks(steer_route53_writer_t *writer, const char *collection);
void steer_route53_write_block(steer_route53_writer_t *writer, const steer_network_t *block,
                               const char *location);

/*! Ends the last answer. */
void steer_route53_write_end(steer_route53_writer_t *writer);

/*! Order of two types in a name. */
int steer_route53_type_cmp(uint16_t a, uint16_t b);
