/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Dynamic records of octoDNS: rules that choose a pool by where the client is, and pools of
 *        values, each with another one to fall back to.
 *
 * A record becomes one group. For each place that its rules name, and for all others, it has the
 * values of the place's pool in tier 0, those of the pool to fall back to in tier 1 and so on, and
 * the record's own values, which are never down, in the last tier. Then the steps cidr, geo, up,
 * tier, weighted, take 1 answer as the rules say.
 *
 * Threads:  belongs to one thread.
 * Memory:   grows with the largest record.
 * Sources:  octoDNS's documentation of dynamic records, and what it accepts.
 */
#pragma once

#include "formats/octodns/group.h"

/*! What reading dynamic records needs; made once for a file. */
typedef struct steer_octodns_dynamic steer_octodns_dynamic_t;

/*! NULL: out of memory. */
steer_octodns_dynamic_t *steer_octodns_dynamic_new(void);
/*! NULL is fine. */
void steer_octodns_dynamic_free(steer_octodns_dynamic_t *dynamic);

/*! Passes on a record. \param[in] at  The value of its key dynamic. */
void steer_octodns_pass_dynamic(steer_octodns_dynamic_t *dynamic,
                                const steer_octodns_group_t *group, const steer_yaml_value_t *at);
/*! Passes on a record with the older key geo. \param[in] at  The value of this key. */
void steer_octodns_pass_geo(steer_octodns_dynamic_t *dynamic, const steer_octodns_group_t *group,
                            const steer_yaml_value_t *at);
