/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The states of health checks by id, for the calculated ones whose children they are, and
 *        which these are.
 *
 * Threads:  belong to their user.
 * Memory:   their own; ids are borrowed from the map.
 */
#pragma once

#include "core/hash_table.h"
#include "core/health_check.h"
#include "core/health_state.h"

typedef struct {
	const char *id;
	uint64_t left_ms;
	uint32_t parents; /*!< Number of the first; 0: none. */
	uint16_t id_len;
	bool up;
} steer_child_state_t;

/*! A calculated check, as the parent of one of its children. */
typedef struct {
	const char *id;
	uint32_t next; /*!< Number of the child's next parent; 0: none. */
	uint16_t id_len;
} steer_child_parent_t;

/*! Zeroed memory has no states. */
typedef struct {
	steer_child_state_t *states;
	uint32_t count, room;
	steer_hash_slot_t *slots;
	size_t slots_room;
	steer_child_parent_t *parents;
	uint32_t parents_count, parents_room;
} steer_child_states_t;

/*! Adds the state of a check whose id is not there yet. \retval STEER_OK, STEER_ENOMEM */
int steer_child_states_add(steer_child_states_t *states, const char *id, size_t len,
                           const steer_effective_health_t *effective);
/*! Counts the children of a calculated check; one whose state is not there is unknown, so up. */
void steer_child_states_count(const steer_child_states_t *states,
                              const steer_health_check_t *check,
                              steer_health_children_t *children);
/*!
 * Makes a calculated check the parent of its children, as far as they are there.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_child_states_adopt(steer_child_states_t *states, const char *id, size_t len,
                             const steer_health_check_t *check);
/*! Changes the state of a check. \return the first of its parents; NULL if it has none */
const steer_child_parent_t *steer_child_states_set(steer_child_states_t *states, const char *id,
                                                   size_t len,
                                                   const steer_effective_health_t *effective);
/*! The next parent of the same child; NULL: there are no more. */
static inline const steer_child_parent_t *
steer_child_states_next(const steer_child_states_t *states, const steer_child_parent_t *parent)
{
	return parent->next > 0 ? &states->parents[parent->next - 1] : NULL;
}
void steer_child_states_free(steer_child_states_t *states);
