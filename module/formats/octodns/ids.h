/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Identifiers of what octoDNS has no names for: health checks, record sets, collections.
 *
 * They depend on nothing but what they are for, so an import that is repeated finds its own.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"

/*! Longest name of a pool, in bytes. */
#define STEER_OCTODNS_POOL_MAX 50

/*! In identifiers: the place of all clients, and what stands before a location of subnets. */
#define STEER_OCTODNS_DEFAULT "default"
#define STEER_OCTODNS_SUBNETS "subnets:"
/*! Room for a place. */
#define STEER_OCTODNS_PLACE   (sizeof(STEER_OCTODNS_SUBNETS) + STEER_REGION_NAME_MAX)
/*! In place of pool and number: the record's own values. */
#define STEER_OCTODNS_VALUES  "values"

/*! Identifier of the record set of a value: place, pool, number from 1. */
void steer_octodns_set_id(char id[STEER_SET_ID_MAX + 1], const char *place, const char *pool,
                          unsigned number);
/*! That of the record's own values. */
void steer_octodns_values_id(char id[STEER_SET_ID_MAX + 1], const char *place);

/*!
 * Identifier of the health check of a value of a name: www.example.com/192.0.2.1.
 *
 * \param[in] value  As in a zone file.
 * \param[in] down   Of one that is never up: another check.
 */
void steer_octodns_check_id(char id[STEER_CHECK_ID_MAX + 1], const uint8_t *owner,
                            const char *value, bool down);

/*! Name of a collection by a digest of what is in it. */
void steer_octodns_collection(char name[STEER_REGION_NAME_MAX + 1], uint64_t digest);
/*! Name of a location: that of its pool, if it is good for that. */
void steer_octodns_location(char name[STEER_REGION_NAME_MAX + 1], const char *pool);
/*! A digest of bytes after those of an earlier digest. */
uint64_t steer_octodns_digest(uint64_t before, const void *bytes, size_t len);
