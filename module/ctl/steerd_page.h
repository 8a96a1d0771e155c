/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The pages of the steerd of a store. What they tell is not trusted.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "store/store.h"

/*!
 * Asks for a page that is an array.
 *
 * \param[in] page  Path and query as they are sent.
 *
 * \retval STEER_OK
 * \return An error of steer_store_connect() or http_get(): steerd gives no good answer.
 */
int steerd_page(const steer_store_t *store, const char *page, json_t **array,
                steer_fault_t *fault);

/*! A number of what a page tells; 0 if it is none, or below 0. */
uint64_t steerd_page_number(const json_t *object, const char *key);
