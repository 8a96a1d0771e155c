/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/pass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dictionary.h"
#include "formats/health_check.h"
#include "formats/network_text.h"
#include "formats/place_text.h"
#include "formats/program.h"

/*! The check of record sets that stand for no records. */
#define NO_RECORDS "geoip-no-records"
/*! Most records that are passed on in place of those that views lack: each view has them all. */
#define COPIES_MAX (1 << 20)

void steer_pass_check(steer_geoip_reading_t *reading, const steer_place_t *at)
{
	steer_health_check_t check = { .type = STEER_CHECK_MANUAL };
	steer_fault_t why;
	if (steer_health_check_set(&check, "inverted", "yes", &why) != STEER_OK) {
		steer_geoip_wrong(reading, at, "%s", why.text);
		return;
	}
	reading->ret = reading->sink->check(reading->sink->ctx, NO_RECORDS, &check, at,
	                                    reading->report.fault);
}

/* A group. */

typedef struct {
	steer_geoip_reading_t *reading;
	const steer_plan_t *plan;
	const struct steer_planned *planned;
	const steer_locations_t *locations;
	uint16_t type;
	const uint8_t *owner;
	const bool *first; /*!< Views that are the first of their location. */
	const steer_own_record_t *own; /*!< What the zone itself has. */
	size_t own_count;
	bool open;       /*!< Some clients have no view, or one that lacks the type and has no set. */
	bool no_records; /*!< Some clients are to have no records. */
	/* Records in place of those that a view lacks. */
	const steer_geoip_record_t *instead;
	size_t instead_count;
} group_t;

/*!
 * The program of a mode. Where some clients are to have no records, a record set that is down is
 * theirs, and the step up does not stand next to geo or cidr, or it would look for another one.
 */
static const char *program_of(const group_t *group)
{
	static const char *const programs[][2] = {
		[STEER_GEOIP_SUBNET] = { "ip", "cidr, take 1, up all-down=none" },
		[STEER_GEOIP_GEODB] = { "geolocation", "geo, take 1, up all-down=none" },
		[STEER_GEOIP_WEIGHTED] = { "weighted", "weighted, take 1, up all-down=none" },
	};
	return programs[group->planned->views->mode][group->no_records];
}

static void pass_policy(const group_t *group)
{
	steer_geoip_reading_t *reading = group->reading;
	uint8_t program[STEER_PROGRAM_MAX];
	steer_text_policy_t policy = {
		.owner = group->owner, .type = group->type, .program = program,
		.place = group->planned->name->at,
	};
	reading->ret = steer_program_parse(program_of(group), program, &policy.len,
	                                   reading->report.fault);
	if (steer_geoip_goes_on(reading)) {
		reading->ret = reading->sink->policy(reading->sink->ctx, &policy, reading->report.fault);
	}
}

static void pass_set(const group_t *group, const steer_record_set_t *set, const steer_place_t *at)
{
	const steer_text_set_t given = {
		.owner = group->owner, .type = group->type, .set = *set, .place = *at,
	};
	group->reading->ret = group->reading->sink->set(group->reading->sink->ctx, &given,
	                                                group->reading->report.fault);
}

static void pass_record(const group_t *group, const uint8_t *rdata, uint16_t len, uint32_t ttl,
                        const steer_place_t *at)
{
	const steer_text_record_t record = {
		.owner = group->owner, .type = group->type, .rdata = rdata, .rdata_len = len, .ttl = ttl,
		.in_set = true, .place = *at,
	};
	if (steer_geoip_goes_on(group->reading)) {
		group->reading->ret = group->reading->sink->record(group->reading->sink->ctx, &record,
		                                                   group->reading->report.fault);
	}
}

/*! The clients of a view, and its identifier. */
typedef struct {
	char id[STEER_NETWORK_TEXT];
	char location[STEER_DICTIONARY_NAME_MAX + 1];
} clients_t;

static void set_clients(const group_t *group, const steer_geoip_view_t *view, size_t number,
                        clients_t *clients, steer_record_set_t *set)
{
	char name[STEER_LOCATION_TEXT];
	set->id = clients->id;
	switch (group->planned->views->mode) {
	case STEER_GEOIP_SUBNET:
		steer_network_print(&group->locations->networks[view->location].view->network, clients->id);
		snprintf(clients->location, sizeof(clients->location), "%s/%s",
		         group->locations->collection,
		         steer_location_name(group->locations, view->location, name));
		set->has_location = true;
		set->location = clients->location;
		break;
	case STEER_GEOIP_GEODB:
		steer_geo_print(view->place, clients->id);
		set->has_geo = true;
		set->geo = view->place;
		break;
	case STEER_GEOIP_WEIGHTED:
		snprintf(clients->id, sizeof(clients->id), "%zu", number);
		set->has_weight = true;
		set->weight = view->weight;
		break;
	}
}

/*! Passes on records of the zone itself, of the group's type. */
static void pass_own(const group_t *group, uint32_t ttl)
{
	for (size_t i = 0; i < group->own_count; i++) {
		const steer_own_record_t *own = &group->own[i];
		pass_record(group, group->plan->own.bytes + own->rdata, own->len, ttl, &own->at);
	}
}

/*! Counts records in place of those that a view lacks. \return false: too many, which is told */
static bool count_copies(const group_t *group, size_t count, const steer_place_t *at)
{
	steer_geoip_reading_t *reading = group->reading;
	reading->copies += count;
	if (reading->copies > COPIES_MAX) {
		steer_geoip_too_many(reading, at, "records in place of those that views lack", COPIES_MAX);
	}
	return steer_geoip_goes_on(reading);
}

/*! Passes on a view, if it has records of the type, or else if it needs a record set. */
static void pass_view(const group_t *group, const steer_geoip_view_t *view, size_t number)
{
	const steer_geoip_views_t *views = group->planned->views;
	const steer_geoip_record_t *records;
	clients_t clients;
	steer_record_set_t set = { .id = "" };
	size_t count = steer_geoip_view_find(views, view, group->type, &records);
	const bool own = count == 0 && group->own_count > 0;
	if (count == 0 && (!steer_plan_needs_set(group->planned, view) ||
	                   !count_copies(group, own ? group->own_count : group->instead_count,
	                                 &view->at))) {
		return;
	}
	if (count == 0 && !own) {
		records = group->instead;
		count = group->instead_count;
		set.health = NO_RECORDS;
	}
	set_clients(group, view, number, &clients, &set);
	pass_set(group, &set, &view->at);
	for (size_t i = 0; i < count; i++) {
		pass_record(group, views->bytes + records[i].rdata, records[i].len, views->ttl,
		            &records[i].at);
	}
	if (own) { // All that are drawn by weight have the same TTL.
		pass_own(group, views->mode == STEER_GEOIP_WEIGHTED ? views->ttl : group->own[0].ttl);
	}
}

/*! Passes on what the zone itself has, for clients for whom no view has records. */
static void pass_default(const group_t *group)
{
	const steer_record_set_t set = {
		.id = "default", .has_geo = group->planned->views->mode == STEER_GEOIP_GEODB,
		.has_location = group->planned->views->mode == STEER_GEOIP_SUBNET,
	};
	pass_set(group, &set, &group->own[0].at);
	pass_own(group, group->own[0].ttl);
}

/*! Finds what clients of views get that lack the type. */
static void find_lacking(group_t *group)
{
	const struct steer_planned *planned = group->planned;
	group->instead_count = 0;
	group->no_records = false;
	group->open = planned->name->open;
	group->own_count = !planned->name->by_zone
	                   ? 0 : steer_plan_own(group->plan, group->owner, group->type, &group->own);
	for (size_t i = 0; i < planned->name->count; i++) {
		const steer_geoip_record_t *records;
		const steer_geoip_view_t *view = &planned->views->views[planned->name->first + i];
		const size_t count = steer_geoip_view_find(planned->views, view, group->type, &records);
		if (view->left_out) {
			continue;
		}
		if (count > 0 && group->instead_count == 0) {
			group->instead = records;
			group->instead_count = count;
		} else if (count == 0 && steer_plan_needs_set(planned, view)) {
			group->no_records = group->own_count == 0;
		} else if (count == 0) {
			group->open = true;
		}
	}
}

static void pass_group(group_t *group)
{
	const struct steer_planned *planned = group->planned;
	find_lacking(group);
	pass_policy(group);
	for (size_t i = 0; i < planned->name->count && steer_geoip_goes_on(group->reading); i++) {
		if (group->first[i]) {
			pass_view(group, &planned->views->views[planned->name->first + i], i + 1);
		}
	}
	if (group->own_count > 0 && group->open && steer_geoip_goes_on(group->reading)) {
		pass_default(group);
	}
}

/* A name. */

static int by_location(const void *a, const void *b)
{
	const steer_geoip_view_t *x = *(const steer_geoip_view_t *const *)a;
	const steer_geoip_view_t *y = *(const steer_geoip_view_t *const *)b;
	return x->location != y->location ? (x->location > y->location) - (x->location < y->location)
	                                  : (x->number > y->number) - (x->number < y->number);
}

/*!
 * Finds which views become a record set: the first one of each location, which is enclosed if any
 * of that is.
 */
static bool find_first(const struct steer_planned *planned, bool *first)
{
	const steer_geoip_name_t *name = planned->name;
	steer_geoip_view_t *views = planned->views->views + name->first;
	steer_geoip_view_t **sorted = malloc(name->count * sizeof(*sorted)), *before = NULL;
	if (sorted == NULL) {
		return false;
	}
	for (size_t i = 0; i < name->count; i++) {
		sorted[i] = &views[i];
	}
	if (planned->views->mode == STEER_GEOIP_SUBNET) {
		qsort(sorted, name->count, sizeof(*sorted), by_location);
	}
	for (size_t i = 0; i < name->count; i++) {
		if (sorted[i]->left_out) {
			continue;
		}
		if (planned->views->mode == STEER_GEOIP_SUBNET && before != NULL &&
		    before->location == sorted[i]->location) {
			before->enclosed = before->enclosed || sorted[i]->enclosed;
			continue;
		}
		before = sorted[i];
		first[before - views] = true;
	}
	free(sorted);
	return true;
}

static void warn_weights(const steer_geoip_reading_t *reading, const struct steer_planned *planned)
{
	const steer_geoip_view_t *views = planned->views->views + planned->name->first;
	for (size_t i = 0; i < planned->name->count; i++) {
		if (views[i].weight != 0) {
			return;
		}
	}
	steer_geoip_warn(reading, &planned->name->at, "weight: all are 0, so each view is as likely as "
	                 "any other; mod-geoip ends knotd when it is asked");
}

void steer_pass_name(steer_geoip_reading_t *reading, const steer_plan_t *plan,
                     const struct steer_planned *planned, const steer_locations_t *locations)
{
	bool *first = calloc(planned->name->count, sizeof(*first));
	group_t group = {
		.reading = reading, .plan = plan, .planned = planned, .locations = locations,
		.owner = steer_geoip_owner(planned->views, planned->name), .first = first,
	};
	if (first == NULL || !find_first(planned, first)) {
		steer_geoip_no_memory(reading);
	}
	if (planned->views->mode == STEER_GEOIP_WEIGHTED) {
		warn_weights(reading, planned);
	}
	for (size_t i = 0; i < planned->types_count && steer_geoip_goes_on(reading); i++) {
		group.type = planned->types[i];
		pass_group(&group);
	}
	free(first);
}
