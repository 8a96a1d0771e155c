/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What resources that have addresses or names themselves share.
 */
#pragma once

#include "formats/gdnsd/resource.h"

/*! Which types of items are allowed. */
typedef struct {
	unsigned types;   /*!< A bit for each steer_gdnsd_type_t. */
	const char *what; /*!< In words. */
} steer_gdnsd_allowed_t;

/*! Takes the items of a part of a resource. */
typedef void (*steer_gdnsd_stanza_f)(steer_gdnsd_config_t *config,
                                     steer_gdnsd_resource_t *resource, const steer_vscf_t *value,
                                     const steer_gdnsd_scope_t *scope,
                                     const steer_gdnsd_allowed_t *allowed);
/*! Calls for addrs_v4 and addrs_v6, or for the resource as a whole. */
void steer_gdnsd_each_stanza(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                             const steer_gdnsd_located_t *located,
                             const steer_gdnsd_allowed_t *whole, steer_gdnsd_stanza_f take);

/*!
 * Adds an address or a name to the group of its type, or to one that is given.
 *
 * \param[in] scope  Has service_types; NULL: it is always up.
 *
 * \return NULL: an error, which was reported
 */
steer_gdnsd_member_t *steer_gdnsd_add_item(steer_gdnsd_config_t *config,
                                           steer_gdnsd_resource_t *resource, const char *label,
                                           const steer_vscf_t *value,
                                           const steer_gdnsd_scope_t *scope,
                                           const steer_gdnsd_allowed_t *allowed,
                                           steer_gdnsd_group_t *group);

/*! Gives all values of both families the time of the one that can change first. */
void steer_gdnsd_even(steer_gdnsd_resource_t *resource);
/*! The parameter up_thresh. */
double steer_gdnsd_threshold(steer_gdnsd_config_t *config, const steer_gdnsd_scope_t *scope);
/*! A program that begins with up. \param[in] percent  0: one that is healthy is enough. */
const char *steer_gdnsd_program(steer_gdnsd_config_t *config, int percent, const char *rest);
/*! Ends a group of which all that are healthy answer. */
void steer_gdnsd_end_multi(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                           steer_gdnsd_group_t *group, const steer_gdnsd_scope_t *scope);
