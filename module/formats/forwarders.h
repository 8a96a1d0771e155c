/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Forwarders as people write them, and as libunbound takes them.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include "core/forwarders.h"
#include "steer/fault.h"

/*! Size of a printed server, including the terminating NUL: ADDRESS, @PORT, #NAME. */
#define STEER_FORWARDER_TEXT (45 + 6 + 1 + STEER_NAME_MAX)

/*!
 * Reads servers, each ADDRESS[@PORT][#NAME].
 *
 * \param[in] words  At least one.
 *
 * \retval STEER_OK, STEER_EINVAL
 */
int steer_forwarders_parse(const char *const *words, unsigned count,
                           steer_forwarders_t *forwarders, steer_fault_t *fault);
/*! Prints a server as ADDRESS@PORT[#NAME], the form of libunbound: NAME has no final dot. */
void steer_forwarder_print(const steer_forwarder_t *server, char text[STEER_FORWARDER_TEXT]);
