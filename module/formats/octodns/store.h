/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What an export to octoDNS needs of the store around a record set.
 */
#pragma once

#include <stdbool.h>

#include "core/dictionary.h"
#include "core/health_check.h"
#include "core/network.h"
#include "formats/text.h"

/*! Takes a network of a collection. \return false: no more are wanted */
typedef bool (*steer_octodns_block_f)(void *ctx, const steer_network_t *network,
                                      const char *location);

/*! What an export needs of the store. */
typedef struct {
	steer_text_t *text;
	steer_names_t names; /*!< Of numbers in record sets. */
	/*! Finds a health check. \return false: there is none of that identifier */
	bool (*check)(void *ctx, const char *id, steer_health_check_t *check);
	/*! Walks over the networks of a collection. */
	void (*blocks)(void *ctx, const char *collection, steer_octodns_block_f take, void *take_ctx);
	void *ctx;
} steer_octodns_store_t;
