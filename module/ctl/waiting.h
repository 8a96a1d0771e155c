/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A message about the process that a command is waiting for.
 */
#pragma once

/*! Prints a message when a wait for another writer takes longer than a second; uses SIGALRM. */
void waiting_tell(void);
