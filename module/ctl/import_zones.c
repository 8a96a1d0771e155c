/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: zones, and what their files leave to the store.
 *
 * SOA, apex NS and mode that a document leaves out stay as they are in the store, and a new zone
 * gets the same as from zone create; comment and records are exactly those of the document. Formats
 * without comments leave that of the store. A zone file is complete except for mode and comment,
 * which it cannot express.
 */
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/import.h"
#include "ctl/options.h"
#include "ctl/record_set.h"
#include "ctl/types.h"

/* Finding. */

static int by_name(const void *a, const void *b)
{
	const import_zone_t *x = a, *y = b;
	if (x->name_len != y->name_len) {
		return x->name_len > y->name_len ? 1 : -1;
	}
	return memcmp(x->name, y->name, x->name_len);
}

static int twice(const import_zone_t *zone, const steer_place_t *place, steer_fault_t *fault)
{
	char name[STEER_NAME_TEXT];
	steer_name_print(zone->name, name);
	return steer_fault(fault, STEER_EREFUSED, "%s:%u:%u: zone: %.128s stands in %s:%u:%u already; "
	                   "allowed: one document or file", place->file, place->line,
	                   place->column, name, zone->place.file, zone->place.line,
	                   zone->place.column);
}

const import_zone_t *import_find(const import_t *import, const uint8_t *name)
{
	import_zone_t wanted = { .name_len = steer_name_len(name) };
	memcpy(wanted.name, name, wanted.name_len);
	import_zone_t *const *found = tfind(&wanted, &import->zones, by_name);
	return found != NULL ? *found : NULL;
}

int import_zone(import_t *import, const uint8_t *name, const steer_place_t *place,
                const import_format_t *format, const char *named_by, steer_fault_t *fault)
{
	import_zone_t *zone = calloc(1, sizeof(*zone));
	if (zone == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	zone->name_len = steer_name_len(name);
	memcpy(zone->name, name, zone->name_len);
	zone->place = *place;
	zone->format = format;
	zone->named_by = named_by;
	import_zone_t **found = tsearch(zone, &import->zones, by_name);
	if (found == NULL) {
		free(zone);
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	import->zone = *found;
	import->taken = true;
	if (*found != zone) {
		free(zone);
		return format->document || (*found)->format->document
		       ? twice(*found, place, fault) : STEER_OK;
	}
	int ret = steer_change_zone(import->change, name, import->action, &zone->number);
	return ret == STEER_OK ? ret : steer_fault(fault, ret, "%s", steer_strerror(ret));
}

/* Completing. */

/*! A zone as the store has it. */
typedef struct {
	import_t *import;
	steer_key_t apex;
	bool exists, overlay, commented;
	bool has_soa, has_servers;
	steer_set_t soa, servers; /*!< If has_soa, has_servers. */
} stored_t;

static int refuse(const steer_place_t *place, const char *text)
{
	print_at(place->file, place->line, place->column, text);
	return EXIT_REFUSED;
}

static bool find_set(const steer_face_t *face, uint16_t type, steer_set_t *set)
{
	steer_group_t group;
	return steer_face_group(face, type, &group) && plain_set(&group, set);
}

static int look_up(import_t *import, const import_zone_t *zone, stored_t *stored)
{
	const view_t *view = &import->view;
	steer_zone_t value;
	steer_face_t face;
	*stored = (stored_t) { .import = import };
	steer_key_from_name(&stored->apex, zone->name);
	int ret = view_zone(view, &stored->apex, &value);
	if (ret == STEER_ENOENT) {
		return GO_ON;
	}
	if (ret != STEER_OK) {
		return view_damaged(stored->apex.bytes, stored->apex.len);
	}
	stored->exists = true;
	stored->overlay = value.mode == STEER_ZONE_OVERLAY;
	stored->commented = value.comment_len > 0;
	ret = view_face(view, &stored->apex, zone->name, &face);
	if (ret == STEER_ENOENT) {
		return GO_ON;
	}
	if (ret != STEER_OK) {
		return view_damaged(stored->apex.bytes, stored->apex.len);
	}
	stored->has_soa = find_set(&face, TYPE_SOA, &stored->soa) &&
	                  stored->soa.body_len >= STEER_SOA_TAIL;
	stored->has_servers = find_set(&face, TYPE_NS, &stored->servers);
	return GO_ON;
}

static void first_server(const stored_t *stored, uint8_t *server)
{
	const uint8_t *at = stored->servers.body;
	uint16_t len;
	const uint8_t *rdata = steer_rr_next(&at, at + stored->servers.body_len, &len);
	if (rdata != NULL && len <= STEER_NAME_MAX) {
		memcpy(server, rdata, len);
	}
}

/*! Whether the zone's SOA is made here, with the first name server as its MNAME. */
static bool needs_server(const stored_t *stored, const import_zone_t *zone)
{
	bool said = zone->soa_at.line != 0;
	return !zone->soa_read && (said || !stored->has_soa) &&
	       (zone->soa.given & 1u << STEER_SOA_MNAME) == 0;
}

/*! Finds the name of the first name server for the SOA, and adds NS records that the zone lacks. */
static int complete_servers(const stored_t *stored, import_zone_t *zone)
{
	if (zone->ns_read) {
		return GO_ON;
	}
	if (stored->has_servers) {
		first_server(stored, zone->server);
		return GO_ON; // Those of the store are kept.
	}
	bool kept = stored->exists && !stored->overlay; // A zone without NS records stays without.
	servers_t servers;
	zone_defaults_servers(&stored->import->view, &servers);
	if (servers.len > 0) {
		memcpy(zone->server, servers.names, steer_name_len(servers.names));
	} else if (needs_server(stored, zone) || !kept) {
		return refuse(&zone->place, zone->format->no_servers);
	}
	if (kept) {
		return GO_ON;
	}
	int ret = zone_defaults_add_servers(stored->import->change, zone->number, zone->name, &servers);
	return ret == STEER_OK ? GO_ON : print_no_memory();
}

static int complete_soa(const stored_t *stored, import_zone_t *zone)
{
	bool said = zone->soa_at.line != 0;
	if (zone->soa_read) {
		return GO_ON;
	}
	if (!said && stored->has_soa) {
		return GO_ON; // That of the store is kept.
	}
	steer_soa_t *soa = &zone->soa;
	if (stored->has_soa && (soa->given & 1u << STEER_SOA_SERIAL) == 0) {
		soa->numbers[STEER_SOA_SERIAL] = steer_soa_serial(stored->soa.body, stored->soa.body_len);
		soa->given |= 1u << STEER_SOA_SERIAL;
	}
	if (said && zone->ttl_at.line != 0 && (soa->given & 1u << STEER_SOA_TTL) == 0) {
		soa->ttl = zone->ttl;
		soa->given |= 1u << STEER_SOA_TTL;
	}
	bool merge = stored->import->action == STEER_ZONE_MERGE;
	if (merge && stored->has_soa && (soa->given & 1u << STEER_SOA_TTL) == 0) {
		soa->ttl = stored->soa.ttl;
		soa->given |= 1u << STEER_SOA_TTL;
	}
	zone_defaults_soa(soa, zone->name, zone->server);
	const steer_source_location_t location = { zone->soa_at.file, zone->soa_at.line,
	                                           zone->soa_at.column };
	int ret = zone_defaults_add_soa(stored->import->change, zone->number, zone->name, soa,
	                                &location);
	return ret == STEER_OK ? GO_ON : print_no_memory();
}

/*! Refuses what is of another zone as a whole, which would make an empty one. */
static int refuse_other(const import_zone_t *zone)
{
	char name[STEER_NAME_TEXT], line[STEER_NAME_TEXT + 128];
	steer_name_print(zone->name, name);
	snprintf(line, sizeof(line), "all records are outside the zone %s; allowed: those of this zone, "
	         "or --zone with the name of theirs", name);
	return refuse(&zone->place, line);
}

static int complete_document(const stored_t *stored, import_zone_t *zone)
{
	import_t *import = stored->import;
	bool whole = import->action == STEER_ZONE_REPLACE, said = zone->mode_at.line != 0;
	if (zone->ignored > 0 && !zone->inside) {
		return refuse_other(zone);
	}
	if (whole && !said && stored->overlay) {
		return refuse(&zone->place, zone->format->no_mode);
	}
	if (said) {
		steer_change_mode(import->change, zone->number,
		                  zone->overlay ? STEER_ZONE_OVERLAY : STEER_ZONE_AUTHORITATIVE);
	}
	if (whole && stored->commented && zone->comment_told && zone->comment_at.line == 0 &&
	    steer_change_comment(import->change, zone->number, "") != STEER_OK) {
		return print_no_memory();
	}
	bool overlay = said ? zone->overlay : stored->overlay;
	if (overlay && zone->soa_at.line != 0) {
		return refuse(&zone->soa_at, "soa: an overlay has none; allowed: leave it to the zone "
		              "below the overlay");
	}
	if (overlay) {
		return GO_ON;
	}
	if (!whole && (zone->soa_at.line == 0 || !stored->exists)) {
		return GO_ON; // Nothing is missing, or the store will refuse it.
	}
	if (whole && zone->format->no_soa != NULL && !(zone->soa_read && zone->ns_read)) {
		return refuse(&zone->place, zone->soa_read ? zone->format->no_servers
		                                           : zone->format->no_soa);
	}
	steer_change_keep(import->change, zone->number, true, true);
	if (whole || needs_server(stored, zone)) {
		int ret = complete_servers(stored, zone);
		if (ret != GO_ON) {
			return ret;
		}
	}
	return complete_soa(stored, zone);
}

/*! Refuses a zone file without SOA, as the store would, which could not say what to do. */
static int check_zone_file(const stored_t *stored, const import_zone_t *zone)
{
	if (stored->import->action != STEER_ZONE_REPLACE || zone->soa_read || stored->overlay) {
		return GO_ON;
	}
	char name[STEER_NAME_TEXT], line[STEER_NAME_TEXT + 128];
	steer_name_print(zone->name, name);
	snprintf(line, sizeof(line), "no SOA record at the apex of the zone %s; --merge changes only "
	         "the record sets of a file", name);
	return refuse(&zone->place, line);
}

/*! State of the walk over the zones. */
typedef struct {
	import_t *import;
	int ret;
} walk_t;

static void complete_zone(const void *node, VISIT visit, void *ctx)
{
	walk_t *walk = ctx;
	import_zone_t *zone = *(import_zone_t *const *)node;
	if ((visit != postorder && visit != leaf) || walk->ret != GO_ON) {
		return;
	}
	stored_t stored;
	walk->ret = look_up(walk->import, zone, &stored);
	if (walk->ret == GO_ON) {
		walk->ret = zone->format->document
		            ? complete_document(&stored, zone) : check_zone_file(&stored, zone);
	}
}

int import_complete(import_t *import)
{
	walk_t walk = { import, GO_ON };
	twalk_r(import->zones, complete_zone, &walk);
	return walk.ret;
}

/* Warnings. */

static void warn_left_out(const void *node, VISIT visit, int depth)
{
	(void)depth;
	const import_zone_t *zone = *(import_zone_t *const *)node;
	if ((visit != postorder && visit != leaf) || zone->left_out == 0) {
		return;
	}
	char name[STEER_NAME_TEXT];
	steer_name_print(zone->name, name);
	fprintf(stderr,
	        "zone %s: warning: left out %" PRIu64 " record%s of a signed zone (RRSIG, NSEC, "
	        "DNSKEY and such): a hosted zone is not signed, so remove its DS at the parent first\n",
	        name, zone->left_out, plural(zone->left_out));
}

void import_warn(const import_t *import)
{
	twalk(import->zones, warn_left_out);
}
