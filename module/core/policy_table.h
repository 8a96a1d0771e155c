/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is derived when a policy block is written: its flags and its draw table.
 *
 * Threads:  pure functions; any thread.
 * Memory:   nothing is allocated; 32 KiB of stack.
 */
#pragma once

#include "core/node.h"

/*! STEER_POLICY_* of a group. The RRs of each set must be in canonical order, each once. */
uint16_t steer_policy_flags(const steer_group_t *group);

/*! Writes the draw table of a group that has one. */
void steer_policy_table_write(uint8_t *at, const steer_group_t *group);
