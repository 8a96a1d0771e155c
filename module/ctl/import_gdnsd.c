/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: the configuration of gdnsd, and its zone files.
 */
#include "ctl/import.h"
#include "formats/gdnsd/gdnsd.h"

static int take_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	return import_head(ctx, head, &import_gdnsd, "the file's name", fault);
}

/*! Takes a folder, or the configuration in one. */
static int take_path(import_t *import, const char *path, void **reader, steer_fault_t *fault)
{
	if (import->named != NULL) {
		return steer_fault(fault, STEER_EREFUSED, "%s: gdnsd names its zones by their files; "
		                   "allowed: no --zone", path);
	}
	if (*reader == NULL) {
		*reader = steer_gdnsd_new(import->include_anywhere);
	}
	return *reader != NULL ? steer_gdnsd_open(*reader, path, fault)
	                       : steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
}

static int finish(import_t *import, void *reader, steer_fault_t *fault)
{
	const steer_reading_t reading = import_reading(import, take_zone);
	return steer_gdnsd_read(reader, &reading, fault);
}

static void free_files(void *reader)
{
	steer_gdnsd_free(reader);
}

const import_format_t import_gdnsd = {
	.name = "gdnsd", .title = "gdnsd", .document = true,
	.no_servers = "no NS records at the apex; allowed: one or more, as gdnsd demands",
	.no_soa = "no SOA record at the apex; allowed: one, as gdnsd demands",
	.no_mode = "the zone in the store is an overlay; allowed: --merge, or zone delete first",
	.take_path = take_path, .finish = finish, .free = free_files,
};
