/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Service types of gdnsd become health checks: one for each type and address.
 *
 * A check is named as gdnsd names its state in admin_state: 192.0.2.1/web. An address with several
 * service types has a calculated check beside them, which needs all.
 *
 * Memory:   that of the reading.
 * Sources:  gdnsd.config(5), "Service Types", and the manuals of the monitoring plugins.
 */
#pragma once

#include "formats/gdnsd/config.h"

/*! What decides the state of an address or a name. */
typedef struct {
	const char *check; /*!< Identifier of the health check; NULL: it is always up. */
	uint32_t stable;   /*!< Seconds in which the state of what is well cannot change. */
} steer_gdnsd_state_t;

/*!
 * Finds out what decides the state of an item, and passes its health checks on.
 *
 * \param[in] item     An address, or a name with a final dot.
 * \param[in] address  Which of them.
 * \param[in] scope    Has service_types.
 * \param[in] place    Of the item.
 */
steer_gdnsd_state_t steer_gdnsd_state(steer_gdnsd_config_t *config, const char *item, bool address,
                                      const steer_gdnsd_scope_t *scope,
                                      const steer_place_t *place);
