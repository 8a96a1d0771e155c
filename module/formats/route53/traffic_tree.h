/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A record set of a traffic policy, passed on as a tree: a group for each rule of its
 *        document, which aliases join.
 *
 * The group of the first rule has the name of the record set. Those of the others, which Route 53
 * does not show, have names of their own in its zone, RULE-NUMBER._INSTANCE.ZONE, so that a
 * document gives the same names each time.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/route53/record_set.h"

/*! Whether a record set is that of a traffic policy instance, without data of its own. */
bool steer_route53_is_tree(const steer_route53_entry_t *entry);
/*! Notes which instances record sets have, before any is passed on. */
void steer_route53_find_trees(const steer_route53_sets_t *sets);
/*! Passes on the record set of an instance. */
void steer_route53_pass_tree(steer_route53_sets_t *sets, steer_route53_group_t *group,
                             const steer_route53_entry_t *entry);
/*! Reports a record set whose name is that of a tree. */
void steer_route53_check_names(const steer_route53_sets_t *sets,
                               const steer_route53_entry_t *entry);
