/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: zone files.
 */
#include <stdlib.h>

#include "ctl/import.h"
#include "ctl/options.h"
#include "formats/array.h"
#include "formats/lua/lua.h"
#include "formats/route53/cli53.h"
#include "formats/zonefile.h"
#include "store/maps.h"

static const char *const named_by[] = {
	[STEER_NAMED_BY_SOA] = import_by_soa,
	[STEER_NAMED_BY_ORIGIN] = "$ORIGIN",
	[STEER_NAMED_BY_FILE] = "the file's name",
};

/*! The zone files of an import, and what reads the lines of other programs in them. */
typedef struct {
	import_t *import;
	steer_reading_t reading;
	steer_zonefile_t **files;
	size_t count, room;
	steer_cli53_t *cli53;
	steer_lua_t *lua; /*!< Of all files, as they share health checks. */
	/* While a file is read that asks for places. */
	bool asked, known;    /*!< Whether the map was looked for, and is there. */
	steer_reader_t *maps; /*!< NULL: none are open. */
	steer_map_t geo;
} zonefiles_t;

/*! Opens the map that policies use, if there is one. */
static void open_places(zonefiles_t *files)
{
	import_t *import = files->import;
	const int ret = view_open_maps(&import->view, import->run, &files->maps);
	steer_reader_reset(import->view.reader); // As it was: reading takes long.
	files->asked = true;
	files->known = ret == GO_ON && files->maps != NULL &&
	               steer_maps_find(files->maps, "geo", &files->geo) == STEER_OK &&
	               files->geo.networks.type == STEER_MAP_GEO;
}

static void close_places(zonefiles_t *files)
{
	steer_reader_close(files->maps);
	files->maps = NULL;
	files->asked = false;
}

/*! Finds a place in the map that policies use, as rule GP3 does. */
static bool locate(void *ctx, const steer_network_t *host, steer_coordinates_t *point)
{
	zonefiles_t *files = ctx;
	if (!files->asked) {
		open_places(files);
	}
	if (!files->known) {
		return false;
	}
	const steer_network_match_t match = steer_network_map_find(&files->geo.networks, host);
	const steer_map_place_t place = steer_map_place(&files->geo, match.class);
	const steer_country_t *country = steer_country_of(place.geo);
	if (match.class == 0 || (!place.has_point && country == NULL)) {
		return false;
	}
	*point = place.has_point ? place.point : country->middle;
	return true;
}

static int take_lua(void *ctx, const steer_lua_line_t *line, steer_report_t *report)
{
	const zonefiles_t *files = ctx;
	return steer_lua_take(files->lua, line, report);
}

static int take_cli53(void *ctx, const steer_cli53_line_t *line, steer_report_t *report)
{
	const zonefiles_t *files = ctx;
	return steer_cli53_take(files->cli53, line, report);
}

static int end_zone(void *ctx, steer_report_t *report)
{
	const zonefiles_t *files = ctx;
	return steer_cli53_pass(files->cli53, files->import->zone->name, report);
}

/*! Reads the records of a file into the zones of the import. */
static int read_records(zonefiles_t *files, steer_zonefile_t *file, const uint8_t *origin,
                        steer_fault_t *fault)
{
	const steer_reading_t *reading = &files->reading;
	const steer_dialects_t dialects = {
		.lua = take_lua, .cli53 = take_cli53, .end = end_zone, .ctx = files,
	};
	const steer_zonefile_sink_t sink = {
		.record = reading->record, .set = reading->set, .error = reading->error,
		.warn = reading->warn, .ctx = reading->ctx, .dialects = &dialects,
	};
	return steer_zonefile_read(file, origin, &sink, fault);
}

static int read_zone(zonefiles_t *files, steer_zonefile_t *file, const char *path,
                     steer_fault_t *fault)
{
	import_t *import = files->import;
	const steer_place_t place = { path, 1, 1 }; // A zone begins where its file does.
	const uint8_t *zone = import->named, *origin = import->named;
	const char *by = import_by_option;
	steer_zonefile_name_t name;
	int ret = STEER_OK;
	if (import->named == NULL) {
		ret = steer_zonefile_zone(file, &name, fault);
		if (ret != STEER_OK) {
			return ret;
		}
		zone = name.zone;
		origin = name.origin;
		by = named_by[name.by];
	}
	ret = import_zone(import, zone, &place, &import_zonefile, by, fault);
	return ret == STEER_OK ? read_records(files, file, origin, fault) : ret;
}

static void close_files(void *reader)
{
	zonefiles_t *files = reader;
	for (size_t i = 0; i < files->count; i++) {
		steer_zonefile_close(files->files[i]);
	}
	steer_cli53_free(files->cli53);
	steer_lua_free(files->lua);
	free(files->files);
	free(files);
}

/*! Makes the reader of all zone files. \return NULL: out of memory */
static zonefiles_t *make_reader(import_t *import)
{
	zonefiles_t *files = calloc(1, sizeof(*files));
	if (files == NULL) {
		return NULL;
	}
	files->import = import;
	files->reading = import_reading(import, NULL);
	files->cli53 = steer_cli53_new(&files->reading);
	files->lua = steer_lua_new(&files->reading, locate, files);
	if (files->cli53 == NULL || files->lua == NULL) {
		close_files(files);
		return NULL;
	}
	return files;
}

/*! Keeps an input as one more file. \return NULL: out of memory */
static steer_zonefile_t *keep_file(zonefiles_t *files, steer_input_t *input)
{
	steer_zonefile_t **more = steer_array_grown(files->files, &files->room, files->count + 1,
	                                            sizeof(steer_zonefile_t *));
	if (more == NULL) {
		return NULL;
	}
	files->files = more;
	return steer_zonefile_take(&more[files->count], input) == STEER_OK ? more[files->count++]
	                                                                   : NULL;
}

static int take(import_t *import, steer_input_t *input, void **reader, steer_fault_t *fault)
{
	const char *path = input->name;
	zonefiles_t *files = *reader != NULL ? *reader : make_reader(import);
	*reader = files;
	steer_zonefile_t *file = files != NULL ? keep_file(files, input) : NULL;
	if (file == NULL) {
		int ret = steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
		steer_input_free(input);
		return ret;
	}
	if (import->include_anywhere) {
		steer_zonefile_include_anywhere(file);
	}
	int ret = read_zone(files, file, path, fault);
	close_places(files);
	steer_zonefile_release(file);
	return ret;
}

/*! Each file was passed on when it was taken. */
static int finish(import_t *import, void *reader, steer_fault_t *fault)
{
	(void)import;
	(void)reader;
	(void)fault;
	return STEER_OK;
}

const import_format_t import_zonefile = {
	.name = "zone", .title = "a zone file", .take = take, .finish = finish, .free = close_files,
};
