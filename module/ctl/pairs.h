/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Groups of record sets as they were and as they are, side by side.
 *
 * A change set and the log report a changed group twice, first as it was and then as it is; so the
 * old one is kept until the next call.
 *
 * Memory:  arguments are borrowed during the call; what is needed longer is copied.
 */
#pragma once

#include "core/node.h"

typedef struct {
	/*! Takes a group; was or is may be NULL, but not both. */
	void (*take)(void *ctx, const uint8_t *name, const steer_group_t *was,
	             const steer_group_t *is);
	void *ctx;
	bool no_memory;    /*!< Out of memory: something is missing. */
	uint8_t *kept;     /*!< Memory of was. */
	size_t room;
	bool waiting;      /*!< The group was has yet to be passed on. */
	uint8_t name[STEER_NAME_MAX];
	steer_group_t was;
} pairs_t;

/*! \param[in] sign  STEER_LOG_WAS or STEER_LOG_IS */
void pairs_add(pairs_t *pairs, char sign, const uint8_t *name, const steer_group_t *group);
/*! Passes on what is kept. */
void pairs_flush(pairs_t *pairs);
/*! The same, and frees the memory. */
void pairs_end(pairs_t *pairs);
