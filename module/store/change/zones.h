/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Zone values.
 */
#pragma once

#include "core/name.h"
#include "store/change/write.h"

/*! Writes a zone value. */
int steer_zone_put(steer_write_t *write, const uint8_t *key, size_t len, const steer_zone_t *zone);
/*! Reads a zone value; borrowed until the next put. \retval STEER_ENOENT  There is no such zone. */
int steer_zone_get(steer_write_t *write, const uint8_t *key, size_t len, steer_zone_t *zone);

/*! Fills a fault "zone NAME: text". */
int steer_zone_fault(const steer_write_t *write, int code, const steer_key_t *apex,
                     const char *text);
