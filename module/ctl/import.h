/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: what its files share. One command's files become one change set.
 */
#pragma once

#include "ctl/losses.h"
#include "ctl/output.h"
#include "ctl/zone_defaults.h"
#include "formats/input.h"
#include "formats/reading.h"

typedef struct import import_t;

/*! A format of files. */
typedef struct {
	const char *name;
	const char *title; /*!< What maps come from; NULL: it has no networks. */
	/*!
	 * Its files say more of a zone than its records, and leave out what the store can complete; a
	 * zone is in one of them only.
	 */
	bool document;
	/*! Of documents: refuses a zone without name servers, and one that is an overlay in the store. */
	const char *no_servers, *no_mode;
	/*! Refuses a zone without SOA; then it needs NS records, too. NULL: the store completes both. */
	const char *no_soa;
	/*!
	 * Takes a file, and passes on what it says, unless finish() does.
	 *
	 * \param[in] input   Owned from here on, also after errors.
	 * \param[out] reader  What reads it: as messages refer to names of files, it is kept until the
	 *                     import ends. With finish() there is one for all files; NULL at first.
	 */
	int (*take)(import_t *import, steer_input_t *input, void **reader, steer_fault_t *fault);
	/*! In place of take(): takes a file or a folder by its path, for a format of several files. */
	int (*take_path)(import_t *import, const char *path, void **reader, steer_fault_t *fault);
	/*! Passes on what all files say; NULL: each stands alone. */
	int (*finish)(import_t *import, void *reader, steer_fault_t *fault);
	/*!
	 * Passes on what changes the store as it is, when nobody else can change it any more; NULL:
	 * nothing does.
	 */
	int (*change)(import_t *import, void *reader, steer_fault_t *fault);
	void (*free)(void *reader);
} import_format_t;

extern const import_format_t import_zonefile, import_yaml, import_route53, import_octodns,
                             import_geoip, import_gdnsd;

/*! A zone of the import. */
typedef struct {
	uint8_t name[STEER_NAME_MAX];
	size_t name_len;
	unsigned number; /*!< Number in the change set. */
	steer_place_t place;
	const import_format_t *format; /*!< Of what it comes from. */
	const char *named_by; /*!< What gave it its name. */
	bool soa_read;   /*!< There was a record set at the apex. */
	bool ns_read;
	uint8_t server[STEER_NAME_MAX]; /*!< Name of the first NS record at the apex. */
	uint64_t left_out;
	bool inside;      /*!< A record or record set was inside the zone. */
	uint64_t ignored; /*!< Number of ignored records and SOAs of other zones. */
	/* What a document says about the zone. A place with line 0: nothing. */
	steer_place_t mode_at, comment_at, ttl_at, soa_at;
	bool comment_told; /*!< As in steer_zone_head_t. */
	bool overlay;
	uint32_t ttl;
	steer_soa_t soa;
} import_zone_t;

/*! What has read a file, or all files of a format. */
typedef struct {
	const import_format_t *format;
	void *reader; /*!< NULL: none. */
} import_reader_t;

/*! A map of the import. */
typedef struct import_map import_map_t;

struct import {
	const run_t *run;
	const import_format_t *format; /*!< Of all files; NULL: each tells. */
	const import_format_t *current; /*!< Of what is being read. */
	const uint8_t *named; /*!< The zone of all zone files and lists; NULL: each has its own. */
	steer_zone_action_t action;
	bool dry_run;
	bool taken;            /*!< There was something to import. */
	bool include_anywhere; /*!< Zone files may include files from outside their directory. */
	view_t view;
	steer_change_t *change;
	import_reader_t *readers;
	int count;
	import_map_t *maps;   /*!< The last one first. */
	unsigned maps_count;
	void *zones;          /*!< Tree of import_zone_t, by name. */
	import_zone_t *zone;  /*!< The zone of the records being read. */
	const steer_change_set_t *set; /*!< The current record set, if it has more than values. */
	progress_t progress;
	losses_t losses;
};

/*! A format by its name. \return NULL: there is none of that name */
const import_format_t *import_format(const char *name);
/*! Prints the names of all formats, with commas between them, into text. */
void import_format_names(char *text, size_t size);

/*! Reads the files into the change set. \return GO_ON, or the exit status after an error message */
int import_files(import_t *import, char **paths, int count);
void import_files_free(import_t *import);

/*! Passes on what changes the store as it is. \return As the readers do */
int import_changes(import_t *import, steer_fault_t *fault);

/*! What a zone was named by. */
extern const char import_by_soa[], import_by_option[];

/*! Receives what a reader passes on. \param[in] zone  Receives zones; it calls import_head(). */
steer_reading_t import_reading(import_t *import, steer_zone_f zone);
/*! Begins a zone, as import_zone(). What it leaves out is decided by import_complete(). */
int import_head(import_t *import, const steer_zone_head_t *head, const import_format_t *format,
                const char *by, steer_fault_t *fault);
/*! Prints an error, or a warning, of a file; steer_error_f. */
void import_error(void *import, const steer_place_t *place, const char *text);
void import_warning(void *import, const steer_place_t *place, const char *text);

/*!
 * Sets import->zone to a new zone, or to that of an earlier zone file of the same name.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  Besides a document another file or document has the same zone.
 */
int import_zone(import_t *import, const uint8_t *name, const steer_place_t *place,
                const import_format_t *format, const char *named_by, steer_fault_t *fault);
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
/*! Puts the maps, and prints those that differ; as JSON all. \return The exit status */
int import_maps_put(import_t *import);
void import_maps_free(import_t *import);

/*! Warns about records that were left out. */
void import_warn(const import_t *import);
