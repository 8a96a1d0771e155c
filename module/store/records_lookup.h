/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief core's lookup on readers of a store, which keeps no nodes and asks no filter of apexes.
 *
 * Threads:  as the readers.
 */
#pragma once

#include "core/find.h"
#include "store/store.h"

/*! What it reads: renewed readers. */
typedef struct {
	const steer_reader_t *records;
	const steer_reader_t *status; /*!< NULL: names are only found, not answered. */
} steer_records_lookup_t;

/*! A lookup without health, chance and workspace; it borrows the readers. */
steer_lookup_t steer_records_lookup(steer_records_lookup_t *readers);
