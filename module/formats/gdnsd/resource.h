/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Resources of gdnsd's plugins, each of which becomes a group for each type.
 *
 * Memory:   that of the reading.
 * Sources:  the manuals gdnsd-plugin-multifo(8), -simplefo, -weighted, -metafo, -geoip, -static,
 *           -null, -reflect.
 */
#pragma once

#include "formats/gdnsd/group.h"

/*! Most resources inside each other. */
#define STEER_GDNSD_DEPTH 14

/*! A resource. */
typedef struct {
	const steer_vscf_t *value; /*!< What it is made of; NULL: of nothing. */
	const char *path;  /*!< plugin!name, or plugin!name/datacenter. */
	const char *lost;  /*!< Why it is left out; NULL: it is not. */
	bool busy;         /*!< It is being made. */
	bool names;        /*!< It can answer with a CNAME. */
	bool names_alone;  /*!< It always does: it has all groups, those for addresses with aliases. */
	bool by_client;    /*!< Where the client is decides. */
	bool fills;        /*!< It answers with what is down, though others are healthy. */
	steer_gdnsd_group_t *groups[STEER_GDNSD_TYPES]; /*!< NULL: none. */
	steer_place_t place;
} steer_gdnsd_resource_t;

/*! Where a resource is in the configuration. */
typedef struct {
	const char *plugin;
	const steer_vscf_t *value;        /*!< NULL: a plugin that needs none. */
	const steer_gdnsd_scope_t *scope; /*!< Of its parameters; the value is the innermost hash. */
	const char *path;
} steer_gdnsd_located_t;

/*!
 * Finds a resource, and makes it if it is the first time.
 *
 * \param[in] path   plugin!name; of some plugins the plugin alone.
 * \param[in] place  Where it is used.
 *
 * \return NULL: an error, which was reported
 */
steer_gdnsd_resource_t *steer_gdnsd_resource(steer_gdnsd_config_t *config, const char *path,
                                             const steer_place_t *place);
/*! Whether a resource, or a datacenter of it, was used. \param[in] value  What it is made of. */
bool steer_gdnsd_is_used(const steer_gdnsd_config_t *config, const steer_vscf_t *value);
/*! Makes what was located, likewise. */
steer_gdnsd_resource_t *steer_gdnsd_make(steer_gdnsd_config_t *config,
                                         const steer_gdnsd_located_t *located,
                                         const steer_place_t *place);
/*!
 * Locates what a datacenter of a resource of metafo or geoip has.
 *
 * \return false: an error, which was reported
 */
bool steer_gdnsd_locate_datacenter(steer_gdnsd_config_t *config,
                                   const steer_gdnsd_located_t *resource, const char *datacenter,
                                   const steer_place_t *place, steer_gdnsd_located_t *located);

/* Makers of resources, by plugin. */

typedef void (*steer_gdnsd_maker_f)(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                                    const steer_gdnsd_located_t *located);
void steer_gdnsd_make_multifo(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                              const steer_gdnsd_located_t *located);
void steer_gdnsd_make_simplefo(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                               const steer_gdnsd_located_t *located);
void steer_gdnsd_make_weighted(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                               const steer_gdnsd_located_t *located);
void steer_gdnsd_make_static(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                             const steer_gdnsd_located_t *located);
void steer_gdnsd_make_null(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                           const steer_gdnsd_located_t *located);
void steer_gdnsd_make_metafo(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                             const steer_gdnsd_located_t *located);
void steer_gdnsd_make_geoip(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                            const steer_gdnsd_located_t *located);

/* What makers share. */

/*! Keys of parameters, which are no labels of addresses; ended by NULL. */
extern const char *const steer_gdnsd_parameters[];
/*! Adds the group of a type. \return NULL: an error, which was reported */
steer_gdnsd_group_t *steer_gdnsd_group_of(steer_gdnsd_config_t *config,
                                          steer_gdnsd_resource_t *resource,
                                          steer_gdnsd_type_t type);
/*! Sets a member to an address or a name. \return false: it is neither, and nothing is reported */
bool steer_gdnsd_set_value(steer_gdnsd_member_t *member, const char *text,
                           steer_gdnsd_type_t *type);
/*! Whether text is an address. \param[out] rdata  16 bytes. */
bool steer_gdnsd_is_address(const char *text, uint8_t *rdata, steer_gdnsd_type_t *type);
/*!
 * Adds the groups for addresses of a resource that answers with names alone: aliases to them, for
 * where its datacenter is beside others with addresses.
 */
void steer_gdnsd_add_aliases(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource);
