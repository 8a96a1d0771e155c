/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Saying for whom a command waits that has to wait for another one's change.
 */
#pragma once

/*! Has a line said of each wait that takes longer than a second; takes SIGALRM for it. */
void waiting_tell(void);
