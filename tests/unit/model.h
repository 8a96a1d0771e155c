/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a store of some zones must hold, derived from their text in the simplest way.
 *
 * It is independent of module/store on purpose: the walk is tested over it without a store, and
 * the store is tested against it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/name.h"
#include "unit/records.h"

typedef struct {
	uint8_t apex[STEER_NAME_MAX];
	bool overlay;
	record_t *records;
	size_t count;
} model_zone_t;

/*! A name in one zone. */
typedef struct {
	const model_zone_t *zone;
	steer_key_t key;
	bool hosted; /*!< A zone inside this one starts here. */
} model_name_t;

typedef struct {
	steer_key_t key;
	uint8_t *bytes;
	size_t size;
} model_node_t;

/*! A health check that record sets name. */
typedef struct {
	const char *id;
	uint32_t slot, generation;
} model_check_t;

/*! Finds the number of a name of a record set. */
typedef uint32_t (*model_number_f)(void *ctx, uint8_t kind, const char *text, size_t len);

typedef struct {
	const model_check_t *checks; /*!< Ended by one without an id; NULL: none. */
	model_number_f number;       /*!< NULL: no record set has a name. */
	void *ctx;
	model_zone_t *zones;
	size_t zone_count;
	model_name_t *names; /*!< By key, then by apex. */
	size_t name_count;
	model_node_t *nodes; /*!< By key. */
	size_t node_count;
} model_t;

/*! Makes room for one more, zeroed. */
void *model_grow(void *array, size_t count, size_t size);

void model_add_record(void *ctx, const record_t *record);

/*! Closest zone above another one, or NULL. */
const model_zone_t *model_enclosing(const model_t *model, const model_zone_t *zone);

bool model_has(const model_zone_t *zone, const steer_key_t *key, unsigned labels, uint16_t type);

void model_compile(model_t *model);

/*! Makes the nodes of zones; NULL ends them. For checks, number and ctx see model_t. */
void model_make_from(model_t *model, const char *const *zones, const model_check_t *checks,
                     model_number_f number, void *ctx);
/*! The same, of zones without names of regions and locations. */
void model_make_with(model_t *model, const char *const *zones, const model_check_t *checks);

void model_make(model_t *model, const char *const *zones);

void model_free(model_t *model);

model_node_t *model_find(const model_t *model, const uint8_t *key, size_t len);
