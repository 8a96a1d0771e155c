/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How the names of the SOA of a negative answer are compressed.
 *
 * Threads:  pure functions; any thread.
 * Trust:    rdata may come from a damaged store and is checked here.
 * Sources:  RFC 1035, section 4.1.4; which of several pointers is chosen, libknot.
 */
#pragma once

#include <stddef.h>

#include "steer/reply.h"

/*!
 * Compresses the names of an SOA that is the first RR after the question. If one is malformed, or
 * the owner is the root, mname_len is 0.
 *
 * \param[in]  qname     In lower case.
 * \param[in]  len       Its length.
 * \param[in]  apex_len  Length of the SOA's owner, in which it ends.
 * \param[in]  rdata     Of the SOA, in lower case.
 */
void steer_soa_names(const uint8_t *qname, size_t len, size_t apex_len, const uint8_t *rdata,
                     size_t rdata_len, steer_soa_names_t *names);
