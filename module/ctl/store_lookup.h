/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The server's answer without a server: core's code on readers of a store.
 *
 * Memory:  what is borrowed from the store is valid until the lookup is closed.
 */
#pragma once

#include <jansson.h>

#include "core/answer.h"
#include "ctl/health.h"
#include "store/health_table_build.h"
#include "store/map_set.h"
#include "store/records_lookup.h"

typedef struct {
	health_view_t health;
	json_t *checks; /*!< By id, as from health_json(). */
	bool no_memory;
	steer_health_table_build_t health_table;
	steer_reader_t *maps; /*!< NULL: the store has never had one. */
	steer_map_set_t *map_set;
	steer_chance_t chance;
	steer_workspace_t *workspace;
	steer_records_lookup_t readers;
	steer_lookup_t lookup;  /*!< Without a trace; the caller may add one to a copy. */
} store_lookup_t;

/*! Opens the store as it is now. \return GO_ON, or the exit status after an error message */
int store_lookup_open(store_lookup_t *opened, const run_t *run);
void store_lookup_close(store_lookup_t *opened);

/*! The check that a record set refers to, if its slot has it. \return NULL: there is none */
json_t *store_lookup_check(const store_lookup_t *opened, const steer_set_t *set);
