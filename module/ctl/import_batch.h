/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: batches of changes, which go into the change set.
 *
 * A batch changes the store as it is. Its changes take place one after the other, each on what the
 * others before have left, and each must be allowed then: that of a batch alone is checked here,
 * what holds for every change set by the store.
 */
#pragma once

#include "ctl/batch_sets.h"
#include "ctl/import.h"
#include "formats/route53/route53.h"

/*! Batches that are being read. */
typedef struct {
	import_t *import;
	batch_sets_t sets;
	void *zones;              /*!< Tree of batch_zone_t, by name. */
	const batch_zone_t *zone; /*!< Of the changes being read. */
} import_batch_t;

/*! Begins; the view of the import sees what is changed. \return What receives the changes */
steer_route53_changes_t import_batch_begin(import_batch_t *batch, import_t *import);
void import_batch_end(import_batch_t *batch);
