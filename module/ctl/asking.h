/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The server's answer, asked of a store without a server: core's code over two readers.
 *
 * Memory:  what is borrowed from the store is valid until the asking is closed.
 */
#pragma once

#include "core/answer.h"
#include "ctl/health.h"

typedef struct {
	health_view_t health;
	steer_state_t *slots;
	json_t **checks; /*!< By slot, as health_json() has them; NULL: none. As many as states has. */
	size_t room;
	bool no_memory;
	steer_states_t states;
	steer_chance_t chance;
	steer_workspace_t *workspace;
	steer_lookup_t lookup;  /*!< To be given a trace. */
} asking_t;

/*! Opens the store as it is now. \return GO_ON, or the exit status: it has been said why not. */
int asking_open(asking_t *asking, const run_t *run);
void asking_close(asking_t *asking);

/*!
 * The check that a record set names, and that its slot is of; NULL: it names none that is there.
 */
json_t *asking_check(const asking_t *asking, const steer_set_t *set);
