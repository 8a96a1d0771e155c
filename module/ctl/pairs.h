/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Groups of record sets as they were and as they are, side by side.
 *
 * A change set, or the log, gives a group that was and is twice, one after the other; so what was
 * is kept until it is known what is.
 *
 * Memory:  what is given is copied where it is kept.
 */
#pragma once

#include "core/node.h"

typedef struct {
	/*! Takes a group; was or is may be NULL, not both. */
	void (*take)(void *ctx, const uint8_t *name, const steer_group_t *was,
	             const steer_group_t *is);
	void *ctx;
	bool no_memory;    /*!< Something was not given. */
	uint8_t *kept;     /*!< A group that was ... */
	size_t room;
	bool waiting;      /*!< ... and is to be given. */
	uint8_t name[STEER_NAME_MAX];
	steer_group_t was;
} pairs_t;

/*! \param[in] sign  STEER_LOG_WAS or STEER_LOG_IS */
void pairs_add(pairs_t *pairs, char sign, const uint8_t *name, const steer_group_t *group);
/*! Gives what is kept. */
void pairs_flush(pairs_t *pairs);
/*! The same, and gives the memory back. */
void pairs_end(pairs_t *pairs);
