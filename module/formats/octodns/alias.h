/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Records that are none of DNS but aliases: ALIAS, and that of the provider of Route 53.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/octodns/group.h"

/*! For addresses of both families, and for the type that each value names. */
#define STEER_OCTODNS_ALIAS         "ALIAS"
#define STEER_OCTODNS_ROUTE53_ALIAS "Route53Provider/ALIAS"

bool steer_octodns_is_alias(const char *type);
/*! Passes on a record of such a type. */
void steer_octodns_pass_alias(const steer_octodns_group_t *group, const char *type);
