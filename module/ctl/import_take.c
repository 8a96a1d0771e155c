/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: what the readers of all formats pass on goes into the change set.
 */
#include <string.h>

#include "ctl/import.h"
#include "ctl/types.h"

const char import_by_soa[] = "the owner of its SOA";
const char import_by_option[] = "--zone";

void import_warning(void *ctx, const steer_place_t *place, const char *text)
{
	const import_t *import = ctx;
	char line[2 * STEER_NAME_TEXT + 256];
	snprintf(line, sizeof(line), "warning: %s", text);
	progress_clear(&import->progress);
	print_at(place->file, place->line, place->column, line);
}

/*!
 * Warns about an ignored record; only so often, as a file of another zone would fill the terminal.
 */
static void warn_ignored(import_t *import, const steer_place_t *place, const char *what)
{
	char line[2 * STEER_NAME_TEXT + 128];
	bool more = import->zone->ignored == STEER_ERRORS_MAX;
	if (import->zone->ignored++ <= STEER_ERRORS_MAX) {
		snprintf(line, sizeof(line), "ignoring %s%s", more ? "this and more: " : "", what);
		import_warning(import, place, line);
	}
}

static void warn_outside(import_t *import, const uint8_t *name, uint16_t number,
                         const steer_place_t *place)
{
	char owner[STEER_NAME_TEXT], zone[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	char what[2 * STEER_NAME_TEXT + 64];
	steer_name_print(name, owner);
	steer_name_print(import->zone->name, zone);
	steer_type_text(number, type);
	snprintf(what, sizeof(what), "%s %s outside the zone %s", owner, type, zone);
	warn_ignored(import, place, what);
}

static steer_source_location_t location_of(const steer_place_t *place)
{
	return (steer_source_location_t) { place->file, place->line, place->column };
}

static int stored(int ret, steer_fault_t *fault)
{
	return ret == STEER_OK ? ret : steer_fault(fault, ret, "%s", steer_strerror(ret));
}

/*! Whether the zone can hold records of that owner and type. */
static bool is_stored(const import_zone_t *zone, const uint8_t *owner, uint16_t type)
{
	return steer_name_in(owner, zone->name) &&
	       !type_is_signing(type, steer_name_len(owner) == zone->name_len);
}

/*! As is_stored(), but counts and warns about what is not. */
static bool belongs(import_t *import, const uint8_t *owner, uint16_t type,
                    const steer_place_t *place)
{
	if (!steer_name_in(owner, import->zone->name)) {
		warn_outside(import, owner, type, place);
		return false;
	}
	import->zone->inside = true;
	bool stays = is_stored(import->zone, owner, type);
	import->zone->left_out += !stays;
	return stays;
}

/*! Notes which records of the apex are read. \return false: ignore this one */
static bool note_basics(import_zone_t *zone, const steer_text_record_t *record, bool apex)
{
	if (record->type == TYPE_SOA) {
		if (zone->soa_read) {
			return false; // As Knot does.
		}
		zone->soa_read = true;
	}
	if (record->type == TYPE_NS && apex && !zone->ns_read) {
		zone->ns_read = true;
		memcpy(zone->server, record->rdata, record->rdata_len);
	}
	return true;
}

/*!
 * Refuses an SOA elsewhere before that of the apex; after it such an SOA is ignored, as Knot does.
 */
static int refuse_soa(const steer_text_record_t *record, steer_fault_t *fault)
{
	const steer_place_t *place = &record->place;
	char owner[STEER_NAME_TEXT];
	steer_name_print(record->owner, owner);
	return steer_fault(fault, STEER_EREFUSED, "%s:%u:%u: SOA at %.512s; allowed: one, at the apex "
	                   "of the zone", place->file, place->line, place->column, owner);
}

/*! After a zone's own SOA, that of another zone begins the next zone, unless --zone is given. */
static int begin_next(import_t *import, const steer_text_record_t *record, steer_fault_t *fault)
{
	const import_zone_t *zone = import->zone;
	if (record->type != TYPE_SOA || zone->format->document || !zone->soa_read ||
	    steer_name_equal(record->owner, zone->name)) {
		return STEER_OK;
	}
	if (import->named == NULL) {
		return import_zone(import, record->owner, &record->place, zone->format, import_by_soa, fault);
	}
	if (steer_name_in(record->owner, zone->name)) {
		char owner[STEER_NAME_TEXT], what[STEER_NAME_TEXT + 64];
		steer_name_print(record->owner, owner);
		snprintf(what, sizeof(what), "the SOA of %s, where the next zone would begin without "
		         "--zone", owner);
		warn_ignored(import, &record->place, what);
	}
	return STEER_OK;
}

static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	import_t *import = ctx;
	progress_count(&import->progress);
	int ret = begin_next(import, record, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	import_zone_t *zone = import->zone;
	if (!belongs(import, record->owner, record->type, &record->place)) {
		return STEER_OK;
	}
	bool apex = steer_name_len(record->owner) == zone->name_len;
	if (record->type == TYPE_SOA && !apex && !zone->soa_read) {
		return refuse_soa(record, fault);
	}
	if (!note_basics(zone, record, apex)) {
		return STEER_OK;
	}
	const steer_record_t added = {
		.owner = record->owner, .type = record->type, .ttl = record->ttl,
		.keep_ttl = record->no_ttl,
		.rdata = record->rdata, .rdata_len = record->rdata_len,
		.set = record->in_set ? import->set : NULL, .location = location_of(&record->place),
	};
	return stored(steer_change_add(import->change, zone->number, &added), fault);
}

/*!
 * Takes a record set. If it is outside the zone, its values are warned about; for an alias, which
 * has none, the warning comes from here.
 */
static int take_set(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	import_t *import = ctx;
	import_zone_t *zone = import->zone;
	const steer_source_location_t location = location_of(&set->place);
	import->set = NULL;
	if (steer_name_equal(set->owner, zone->name)) { // The store reports what they are instead.
		zone->soa_read = zone->soa_read || set->type == TYPE_SOA;
		zone->ns_read = zone->ns_read || set->type == TYPE_NS;
	}
	if (set->set.alias != NULL) {
		progress_count(&import->progress);
		if (!belongs(import, set->owner, set->type, &set->place)) {
			return STEER_OK;
		}
	} else if (!is_stored(zone, set->owner, set->type)) {
		return STEER_OK;
	}
	return stored(steer_change_set(import->change, zone->number, set->owner, set->type, &set->set,
	                               &location, &import->set), fault);
}

static int take_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	const import_t *import = ctx;
	const steer_source_location_t location = location_of(&policy->place);
	if (!is_stored(import->zone, policy->owner, policy->type)) {
		return STEER_OK; // Its record sets are warned about.
	}
	return stored(steer_change_policy(import->change, import->zone->number, policy->owner,
	                                  policy->type, policy->program, policy->len, &location),
	              fault);
}

static int take_check(void *ctx, const char *id, const steer_health_check_t *check,
                      const steer_place_t *place, steer_fault_t *fault)
{
	import_t *import = ctx;
	const steer_source_location_t location = location_of(place);
	import->taken = true;
	int ret = steer_change_health_check(import->change, id, check, &location);
	if (ret == STEER_EEXIST) {
		return steer_fault(fault, ret, "%s:%u:%u: %s: the health check is in the import "
		                   "already; allowed: once", place->file, place->line, place->column, id);
	}
	return stored(ret, fault);
}

void import_error(void *ctx, const steer_place_t *place, const char *text)
{
	const import_t *import = ctx;
	progress_clear(&import->progress);
	print_at(place->file, place->line, place->column, text);
}

int import_head(import_t *import, const steer_zone_head_t *head, const import_format_t *format,
                const char *by, steer_fault_t *fault)
{
	int ret = import_zone(import, head->zone, &head->zone_at, format, by, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	import_zone_t *zone = import->zone;
	zone->mode_at = head->mode_at;
	zone->comment_at = head->comment_at;
	zone->comment_told = head->comment_told;
	zone->ttl_at = head->ttl_at;
	zone->soa_at = head->soa_at;
	zone->overlay = head->overlay;
	zone->ttl = head->ttl;
	zone->soa = head->soa;
	if (head->comment_at.line != 0) {
		ret = steer_change_comment(import->change, zone->number, head->comment);
	}
	return stored(ret, fault);
}

steer_reading_t import_reading(import_t *import, steer_zone_f zone)
{
	return (steer_reading_t) {
		.zone = zone, .record = take_record, .policy = take_policy, .set = take_set,
		.check = take_check, .network = import_network, .error = import_error, .warn = import_warning,
		.ctx = import,
	};
}
