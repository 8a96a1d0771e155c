/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The server's answer, asked of a store without a server: core's code over two readers.
 *
 * Memory:  what is borrowed from the store is valid until the lookup is closed.
 */
#pragma once

#include <jansson.h>

#include "core/answer.h"
#include "ctl/health.h"

typedef struct {
	health_view_t health;
	steer_health_slot_t *slots;
	json_t **checks; /*!< By slot, as health_json() has them; NULL: none. As many as states has. */
	size_t room;
	bool no_memory;
	steer_health_table_t health_table;
	steer_chance_t chance;
	steer_workspace_t *workspace;
	steer_lookup_t lookup;  /*!< To be given a trace. */
} store_lookup_t;

/*! Opens the store as it is now. \return GO_ON, or the exit status: it has been said why not. */
int store_lookup_open(store_lookup_t *opened, const run_t *run);
void store_lookup_close(store_lookup_t *opened);

/*!
 * The check that a record set names, and that its slot is of; NULL: it names none that is there.
 */
json_t *store_lookup_check(const store_lookup_t *opened, const steer_set_t *set);
