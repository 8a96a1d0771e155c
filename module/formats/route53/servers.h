/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Name servers of Route 53, such as ns-2048.awsdns-64.com: another server has others.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include "formats/route53/lists.h"

/*! Whether a text is, or begins with, the name of one. */
bool steer_route53_is_server(const char *text);
/*! Whether a record set is the SOA or NS of a zone, all of whose records are, or begin with, such. */
bool steer_route53_is_replaced(const steer_route53_lists_t *lists,
                               const steer_route53_entry_t *entry,
                               const steer_route53_zone_t *zone);
