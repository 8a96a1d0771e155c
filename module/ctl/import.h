/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief An import: the files of one command on their way into one change set.
 */
#pragma once

#include "ctl/losses.h"
#include "ctl/output.h"
#include "ctl/zone_defaults.h"
#include "formats/yaml/yaml.h"
#include "formats/zonefile.h"

/*! A zone of the import. */
typedef struct {
	uint8_t name[STEER_NAME_MAX];
	size_t name_len;
	unsigned number; /*!< In the change set. */
	steer_place_t place;
	bool yaml;       /*!< Of one document, else of zone files. */
	const char *named_by; /*!< From where it has its name. */
	bool soa_read;   /*!< As a record set at the apex. */
	bool ns_read;
	uint8_t server[STEER_NAME_MAX]; /*!< Name of the first NS record at the apex. */
	uint64_t left_out;
	uint64_t ignored; /*!< Records of other zones, and their SOAs. */
	/* What a document says of the zone. A place in line 0: nothing. */
	steer_place_t mode_at, comment_at, ttl_at, soa_at;
	bool overlay;
	uint32_t ttl;
	steer_soa_t soa;
} import_zone_t;

/*! A file: one of the two. */
typedef struct {
	steer_zonefile_t *zone;
	steer_yaml_t *yaml;
} import_file_t;

typedef struct {
	const run_t *run;
	const char *format;
	const uint8_t *named; /*!< The zone of all zone files, or NULL: each tells its own. */
	steer_zone_action_t action;
	bool dry_run;
	bool include_anywhere; /*!< Zone files may include what is not below their folder. */
	view_t view;
	steer_change_t *change;
	import_file_t *files;
	int count;
	void *zones;          /*!< Tree of import_zone_t, by name. */
	import_zone_t *zone;  /*!< Of the records being read. */
	const steer_change_set_t *set; /*!< The last record set that is more than values. */
	progress_t progress;
	losses_t losses;
} import_t;

/*! Reads the files into the change set. \return GO_ON, or the exit status: it has been said. */
int import_files(import_t *import, char **paths, int count);

/*!
 * Makes the zone of that name, or finds the one that an earlier zone file is of, as import->zone.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  A document and another file or document are of one zone.
 */
int import_zone(import_t *import, const uint8_t *name, const steer_place_t *place, bool yaml,
                const char *named_by, steer_fault_t *fault);
/*! A zone of the import; NULL: it is not. */
const import_zone_t *import_find(const import_t *import, const uint8_t *name);

/*!
 * Gives the zones what their files leave to the store, and refuses what the store could not say
 * with a place.
 *
 * \return GO_ON, or the exit status: it has been said.
 */
int import_complete(import_t *import);

/*! Warns of records that were left out. */
void import_warn(const import_t *import);
