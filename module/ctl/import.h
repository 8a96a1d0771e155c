/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: what its files share. One command's files become one change set.
 */
#pragma once

#include "ctl/losses.h"
#include "ctl/output.h"
#include "ctl/zone_defaults.h"
#include "formats/guess.h"
#include "formats/route53/route53.h"
#include "formats/yaml/yaml.h"
#include "formats/zonefile.h"

/*! A zone of the import. */
typedef struct {
	uint8_t name[STEER_NAME_MAX];
	size_t name_len;
	unsigned number; /*!< Number in the change set. */
	steer_place_t place;
	steer_format_t format; /*!< Of what it comes from. */
	const char *named_by; /*!< What gave it its name. */
	bool soa_read;   /*!< There was a record set at the apex. */
	bool ns_read;
	uint8_t server[STEER_NAME_MAX]; /*!< Name of the first NS record at the apex. */
	uint64_t left_out;
	uint64_t ignored; /*!< Number of ignored records and SOAs of other zones. */
	/* What a document says about the zone. A place with line 0: nothing. */
	steer_place_t mode_at, comment_at, ttl_at, soa_at;
	bool overlay;
	uint32_t ttl;
	steer_soa_t soa;
} import_zone_t;

/*! A file; one of the two is set, or, for a file of Route 53, none. */
typedef struct {
	steer_zonefile_t *zone;
	steer_yaml_t *yaml;
} import_file_t;

/*! A map of the import. */
typedef struct import_map import_map_t;

typedef struct {
	const run_t *run;
	const char *format;
	const uint8_t *named; /*!< The zone of all zone files and lists; NULL: each has its own. */
	steer_zone_action_t action;
	bool dry_run;
	bool include_anywhere; /*!< Zone files may include files from outside their directory. */
	view_t view;
	steer_change_t *change;
	import_file_t *files;
	int count;
	steer_route53_t *route53; /*!< The files of Route 53; NULL: there are none. */
	import_map_t *maps;   /*!< The last one first. */
	void *zones;          /*!< Tree of import_zone_t, by name. */
	import_zone_t *zone;  /*!< The zone of the records being read. */
	const steer_change_set_t *set; /*!< The current record set, if it has more than values. */
	progress_t progress;
	losses_t losses;
} import_t;

/*! Reads the files into the change set. \return GO_ON, or the exit status after an error message */
int import_files(import_t *import, char **paths, int count);

/*!
 * Sets import->zone to a new zone, or to that of an earlier zone file of the same name.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  Besides a document another file or document has the same zone.
 */
int import_zone(import_t *import, const uint8_t *name, const steer_place_t *place,
                steer_format_t format, const char *named_by, steer_fault_t *fault);
/*! Finds a zone of the import. \return NULL: not found */
const import_zone_t *import_find(const import_t *import, const uint8_t *name);

/*!
 * Completes the zones with what their files leave to the store, and refuses what the store could
 * only refuse without naming a place.
 *
 * \return GO_ON, or the exit status after an error message
 */
int import_complete(import_t *import);

/*! Takes a network of a location; a steer_text_network_f. */
int import_network(void *import, const steer_text_network_t *network, steer_fault_t *fault);
/*!
 * Checks the maps as a whole, before anything is changed.
 *
 * \return GO_ON, or the exit status after an error message
 */
int import_maps_check(import_t *import);
/*! Puts the maps, and prints those that differ. \return The exit status */
int import_maps_put(import_t *import);
void import_maps_free(import_t *import);

/*! Warns about records that were left out. */
void import_warn(const import_t *import);
