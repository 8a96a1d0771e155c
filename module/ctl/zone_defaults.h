/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a new zone gets: SOA and name servers.
 */
#pragma once

#include "ctl/view.h"
#include "formats/soa.h"
#include "store/change/change.h"

/*! Name servers. */
typedef struct {
	uint8_t names[STEER_SERVERS_MAX]; /*!< Wire names, one after the other. */
	size_t len; /*!< 0: none. */
} servers_t;

/*! Gets the delegation set of the store; empty if it has none. */
void zone_defaults_servers(const view_t *view, servers_t *servers);

/*! Fills in the fields that an SOA lacks. \param[in] server  Wire name of the first name server. */
void zone_defaults_soa(steer_soa_t *soa, const uint8_t *zone, const uint8_t *server);

/*! Adds an SOA record, whose fields are all given. \retval STEER_OK, STEER_ENOMEM */
int zone_defaults_add_soa(steer_change_t *change, unsigned number, const uint8_t *zone,
                          const steer_soa_t *soa, const steer_source_location_t *location);
/*! Adds the NS records. \retval STEER_OK, STEER_ENOMEM */
int zone_defaults_add_servers(steer_change_t *change, unsigned number, const uint8_t *zone,
                              const servers_t *servers);
