/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What an export needs of the store around a record set, and of whom it tells losses.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/dictionary.h"
#include "formats/text.h"

typedef struct {
	steer_text_t *text;
	steer_names_t names; /*!< Of numbers in record sets. */
	/*! Finds the closest hosted zone that encloses a name. \return false: none does */
	bool (*zone)(void *ctx, const uint8_t *name, uint8_t zone[STEER_NAME_MAX]);
	/*! Whether a hosted zone has record sets of a name and type. */
	bool (*has)(void *ctx, const uint8_t *zone, const uint8_t *name, uint16_t type);
	void *ctx;
} steer_route53_store_t;

/*!
 * Takes what cannot be expressed.
 *
 * \param[in] id    Of the record set; NULL: it is of the whole group, or of the health check.
 * \param[in] what  Such as "the weight 300".
 */
typedef void (*steer_route53_lose_f)(void *ctx, const char *id, const char *what);
