/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Attributes of record sets: what most sets do not have. Tag u8, length u8, value, each.
 *
 * Threads:  pure functions; any thread.
 * Memory:   borrowed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"

/*! Whether bytes are attributes with values that are allowed, in their order. */
bool steer_attributes_are_whole(const uint8_t *attrs, size_t size);
/*!
 * Finds the value of an attribute.
 *
 * \param[in]  attrs  May be NULL if there are none.
 * \param[out] len    Its bytes.
 *
 * \return NULL: there is none.
 */
const uint8_t *steer_attribute_find(const uint8_t *attrs, size_t size, uint8_t tag, uint8_t *len);
/*! One of the numbers in the value of STEER_ATTR_ASNS, of which it has a quarter of its bytes. */
uint32_t steer_attribute_asn(const uint8_t *value, unsigned i);
/*! Whether attributes, which are whole, name an autonomous system. */
bool steer_attributes_have_asn(const uint8_t *attrs, size_t size, uint32_t asn);
