/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A configuration of gdnsd that is being read.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/gdnsd/fields.h"

/*! The options that change what zones answer. */
typedef struct {
	uint32_t default_ttl, min_ttl, max_ttl, max_ncache_ttl;
	bool split_text; /*!< Strings of more than 255 bytes are split. */
} steer_gdnsd_options_t;

typedef struct {
	steer_gdnsd_reading_t *reading;
	steer_gdnsd_options_t options;
	const steer_vscf_t *service_types, *plugins; /*!< NULL: none. */
	/* Trees, whose nodes are in the reading's memory. */
	void *services;  /*!< Service types that were used, by name. */
	void *checks;    /*!< Checks that were passed on, by identifier. */
	void *resources; /*!< Resources that were made, by their value. */
	void *used;      /*!< Values of resources that were found by name. */
	void *maps;      /*!< Maps of the plugin geoip that were used, by name. */
	struct steer_gdnsd_group *groups; /*!< The last one that was made. */
	uint32_t sets;   /*!< Number of record sets that were made of resources. */
	const char *folder; /*!< Of the configuration, "" or with a final slash; NULL: none. */
	bool anywhere;   /*!< Files that it names may be elsewhere than in this folder. */
	steer_vscf_document_t *document; /*!< Receives files of networks. */
	unsigned depth;  /*!< Of resources inside each other. */
} steer_gdnsd_config_t;

/*! Frees nothing: a node of a tree whose memory is that of the reading. */
static inline void steer_gdnsd_keep(void *node)
{
	(void)node;
}

/*! TTL of what never changes. */
#define STEER_GDNSD_STABLE UINT32_MAX
