/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/geoip.h"

#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/geoip/pass.h"
#include "formats/name_set.h"
#include "formats/name_text.h"

#define MODULE "mod-geoip/"

struct steer_geoip {
	steer_input_t *inputs; /*!< The configuration comes last. */
	steer_knot_conf_t conf;
	struct {
		steer_geoip_views_t views;
		steer_locations_t locations;
		bool used;
	} *sections;
	steer_plan_t *plans; /*!< For each zone. */
};

/*! The reading of one. */
typedef struct {
	steer_geoip_t *geoip;
	steer_geoip_reading_t reading;
	const uint8_t *only; /*!< The zone that is wanted; NULL: all. */
} run_t;

steer_geoip_t *steer_geoip_new(steer_input_t *input)
{
	steer_geoip_t *geoip = calloc(1, sizeof(*geoip));
	if (geoip == NULL) {
		steer_input_free(input);
		return NULL;
	}
	geoip->inputs = input;
	return geoip;
}

void steer_geoip_free(steer_geoip_t *geoip)
{
	if (geoip == NULL) {
		return;
	}
	for (size_t i = 0; geoip->sections != NULL && i < geoip->conf.sections_count; i++) {
		steer_geoip_views_free(&geoip->sections[i].views);
		steer_locations_free(&geoip->sections[i].locations);
	}
	for (size_t i = 0; geoip->plans != NULL && i < geoip->conf.zones.count; i++) {
		steer_plan_free(&geoip->plans[i]);
	}
	free(geoip->sections);
	free(geoip->plans);
	steer_knot_conf_free(&geoip->conf);
	steer_input_free(geoip->inputs);
	free(geoip);
}

/* Which zones use which sections. */

static bool is_wanted(const run_t *run, const steer_knot_zone_t *zone)
{
	return run->only == NULL || steer_name_equal(run->only, zone->name);
}

/*! The identifier in a reference to mod-geoip. \return NULL: it refers to another module */
static const char *section_id(const steer_knot_text_t *module)
{
	const size_t len = strlen(MODULE);
	return strncmp(module->text, MODULE, len) == 0 ? module->text + len : NULL;
}

/*! Which of the modules of a zone is a section, from 1. \return 0: none */
static size_t module_number(const run_t *run, const steer_knot_zone_t *zone, size_t section)
{
	const steer_knot_list_t *modules = steer_knot_modules(zone);
	for (size_t i = 0; i < modules->count; i++) {
		const char *id = section_id(&modules->of[i]);
		if (id != NULL && steer_knot_conf_section(&run->geoip->conf, id) == section) {
			return i + 1;
		}
	}
	return 0;
}

static void find_used(run_t *run)
{
	steer_geoip_t *geoip = run->geoip;
	const size_t sections = geoip->conf.sections_count;
	bool any = false;
	for (size_t i = 0; i < geoip->conf.zones.count; i++) {
		const steer_knot_zone_t *zone = &geoip->conf.zones.of[i];
		const steer_knot_list_t *modules = steer_knot_modules(zone);
		for (size_t j = 0; is_wanted(run, zone) && j < modules->count; j++) {
			const char *id = section_id(&modules->of[j]);
			const size_t section = id != NULL ? steer_knot_conf_section(&geoip->conf, id) : 0;
			if (id != NULL && section == sections) {
				char shown[STEER_SHOWN];
				steer_geoip_wrong(&run->reading, &modules->of[j].at, "module: there is no "
				                  "mod-geoip with the id '%s'; allowed: one of the configuration",
				                  steer_shown(shown, id, strlen(id)));
			} else if (id != NULL) {
				geoip->sections[section].used = any = true;
			}
		}
	}
	for (size_t i = 0; i < sections && run->only == NULL; i++) {
		if (!geoip->sections[i].used) {
			steer_geoip_warn(&run->reading, &geoip->conf.sections[i].id.at, "mod-geoip: no zone "
			                 "of the configuration uses it, so it is left out");
		}
	}
	if (!any && run->reading.report.errors == 0) {
		const steer_place_t place = { run->reading.report.name, 1, 1 };
		steer_geoip_wrong(&run->reading, &place, "%s; allowed: the configuration of knotd, with "
		                  "zones that have module: " MODULE "ID",
		                  run->only != NULL ? "that zone does not use mod-geoip"
		                                    : "no zone uses mod-geoip");
	}
}

/* What cannot be as it was. */

static bool is_on(const steer_knot_text_t *text)
{
	return text->text != NULL && (strcmp(text->text, "on") == 0 || strcmp(text->text, "true") == 0);
}

/*! Warns about a zone that is signed: the server does not let an overlay answer over it. */
static void warn_signed(const run_t *run, const steer_plan_t *plan)
{
	const steer_knot_list_t *modules = steer_knot_modules(plan->zone);
	const steer_knot_text_t *signing = STEER_KNOT_VALUE(plan->zone, signing);
	const steer_place_t *at = is_on(signing) ? &signing->at
	                          : plan->own.is_signed ? &plan->zone->id.at : NULL;
	for (size_t i = 0; i < modules->count; i++) {
		const char *id = section_id(&modules->of[i]);
		const steer_geoip_section_t *section = id == NULL ? NULL
			: &run->geoip->conf.sections[steer_knot_conf_section(&run->geoip->conf, id)];
		if (strncmp(modules->of[i].text, "mod-onlinesign", 14) == 0) {
			at = &modules->of[i].at;
		} else if (section != NULL && is_on(&section->dnssec)) {
			at = &section->dnssec.at;
		}
	}
	if (at != NULL) {
		steer_geoip_warn(&run->reading, at, "answers are not signed here, and while the zone is "
		                 "signed the overlay is passed over");
	}
}

/* Plans. */

/*! Adds a name to the plan of the closest zone, if that uses the section. */
static void plan_name(run_t *run, size_t section, steer_geoip_name_t *name)
{
	steer_geoip_t *geoip = run->geoip;
	steer_geoip_views_t *views = &geoip->sections[section].views;
	const uint8_t *owner = steer_geoip_owner(views, name);
	const steer_knot_zone_t *zone = steer_knot_conf_closest(&geoip->conf, owner);
	const size_t module = zone != NULL ? module_number(run, zone, section) : 0;
	if (module == 0) {
		steer_geoip_warn(&run->reading, &name->at, "left out: the zone of this name does not use "
		                 MODULE "%s", views->section->id.text);
	} else if (is_wanted(run, zone) && owner[0] == 1 && owner[1] == '*') {
		steer_geoip_warn(&run->reading, &name->at, "left out, so all clients get what the zone "
		                 "has: an overlay has no wildcards");
	} else if (is_wanted(run, zone)) {
		steer_plan_add(&run->reading, &geoip->plans[zone - geoip->conf.zones.of], views, name,
		               module);
	}
}

static int by_module(const void *a, const void *b)
{
	const struct steer_planned *x = a, *y = b;
	return x->module != y->module ? (x->module > y->module) - (x->module < y->module)
	                              : (x->name > y->name) - (x->name < y->name);
}

/*! Leaves out names that a module before has, as the first one of the zone answers. */
static void drop_twice(run_t *run, steer_plan_t *plan)
{
	steer_name_set_t names = { .names = NULL };
	size_t count = 0;
	qsort(plan->names, plan->count, sizeof(*plan->names), by_module);
	for (size_t i = 0; i < plan->count && steer_geoip_goes_on(&run->reading); i++) {
		struct steer_planned *planned = &plan->names[i];
		uint32_t before;
		if (steer_name_set_add(&names, steer_geoip_owner(planned->views, planned->name),
		                       planned->name->at.line, &before) != STEER_OK) {
			steer_geoip_no_memory(&run->reading);
		} else if (before != 0) {
			steer_geoip_warn(&run->reading, &planned->name->at, "left out: a mod-geoip before "
			                 "it in the zone has this name, too");
		} else {
			plan->names[count++] = *planned;
		}
	}
	plan->count = count;
	steer_name_set_free(&names);
}

static void plan_zones(run_t *run)
{
	steer_geoip_t *geoip = run->geoip;
	size_t lacking = 0;
	for (size_t i = 0; i < geoip->conf.sections_count; i++) {
		steer_geoip_views_t *views = &geoip->sections[i].views;
		for (size_t j = 0; j < views->names_count && steer_geoip_goes_on(&run->reading); j++) {
			if (views->names[j].count > 0) {
				plan_name(run, i, &views->names[j]);
			}
		}
	}
	for (size_t i = 0; i < geoip->conf.zones.count && steer_geoip_goes_on(&run->reading); i++) {
		if (geoip->plans[i].count > 0) {
			drop_twice(run, &geoip->plans[i]);
			steer_plan_decide(&run->reading, &geoip->plans[i], &lacking);
			warn_signed(run, &geoip->plans[i]);
		}
	}
}

/* Passing on. */

static void pass_checks(run_t *run)
{
	const steer_geoip_t *geoip = run->geoip;
	for (size_t i = 0; i < geoip->conf.zones.count; i++) {
		for (size_t j = 0; j < geoip->plans[i].count; j++) {
			if (geoip->plans[i].names[j].no_records) {
				steer_pass_check(&run->reading, &geoip->plans[i].names[j].name->at);
				return;
			}
		}
	}
}

static void pass_head(run_t *run, const steer_plan_t *plan)
{
	steer_zone_head_t head = {
		.zone_at = plan->zone->id.at, .mode_at = plan->zone->id.at, .overlay = true,
	};
	memcpy(head.zone, plan->zone->name, steer_name_len(plan->zone->name));
	run->reading.ret = run->reading.sink->zone(run->reading.sink->ctx, &head,
	                                           run->reading.report.fault);
}

static void pass_zone(run_t *run, const steer_plan_t *plan)
{
	bool begun = false;
	for (size_t i = 0; i < plan->count && steer_geoip_goes_on(&run->reading); i++) {
		const struct steer_planned *planned = &plan->names[i];
		if (planned->name->left_out) {
			continue;
		}
		if (!begun) {
			pass_head(run, plan);
			begun = true;
		}
		if (steer_geoip_goes_on(&run->reading)) {
			const size_t section = planned->views->section - run->geoip->conf.sections;
			steer_pass_name(&run->reading, plan, planned,
			                &run->geoip->sections[section].locations);
		}
	}
}

static void refuse_collection(run_t *run, const char *name, const steer_knot_text_t *id,
                              const steer_knot_text_t *other)
{
	char shown[STEER_SHOWN], other_shown[STEER_SHOWN];
	steer_geoip_wrong(&run->reading, &id->at, "id: the map of '%s' would be %s, as that of '%s' in "
	                  "%s:%u; allowed: ids that differ with - in place of all but letters, digits "
	                  "and _", steer_shown(shown, id->text, strlen(id->text)), name,
	                  steer_shown(other_shown, other->text, strlen(other->text)), other->at.file,
	                  other->at.line);
}

/*! Reports sections whose networks would be in the same collection. */
static void check_collections(run_t *run)
{
	const steer_geoip_t *geoip = run->geoip;
	steer_name_set_t names = { .names = NULL };
	for (size_t i = 0; i < geoip->conf.sections_count && steer_geoip_goes_on(&run->reading); i++) {
		const char *name = geoip->sections[i].locations.collection;
		uint32_t before = 0; // Number of the section, from 1.
		if (name[0] != '\0' && steer_name_set_add_text(&names, name, strlen(name), i + 1,
		                                               &before) != STEER_OK) {
			steer_geoip_no_memory(&run->reading);
		} else if (before != 0) {
			refuse_collection(run, name, &geoip->conf.sections[i].id,
			                  &geoip->conf.sections[before - 1].id);
		}
	}
	steer_name_set_free(&names);
}

static void pass(run_t *run)
{
	steer_geoip_t *geoip = run->geoip;
	for (size_t i = 0; i < geoip->conf.sections_count; i++) {
		steer_locations_make(&run->reading, &geoip->sections[i].views,
		                     &geoip->sections[i].locations);
	}
	check_collections(run);
	if (!steer_geoip_goes_on(&run->reading) || run->reading.report.errors > 0) {
		return;
	}
	pass_checks(run);
	for (size_t i = 0; i < geoip->conf.zones.count && steer_geoip_goes_on(&run->reading); i++) {
		pass_zone(run, &geoip->plans[i]);
	}
	for (size_t i = 0; i < geoip->conf.sections_count; i++) {
		steer_locations_pass(&run->reading, &geoip->sections[i].locations);
	}
}

/* Reading. */

static bool has_errors(const run_t *run)
{
	return !steer_geoip_goes_on(&run->reading) || run->reading.report.errors > 0;
}

static bool make_room(steer_geoip_t *geoip)
{
	geoip->sections = calloc(geoip->conf.sections_count + 1, sizeof(*geoip->sections));
	geoip->plans = calloc(geoip->conf.zones.count + 1, sizeof(*geoip->plans));
	for (size_t i = 0; geoip->plans != NULL && i < geoip->conf.zones.count; i++) {
		geoip->plans[i].zone = &geoip->conf.zones.of[i];
	}
	return geoip->sections != NULL && geoip->plans != NULL;
}

static void read_all(run_t *run)
{
	steer_geoip_t *geoip = run->geoip;
	steer_knot_conf_read(&run->reading, geoip->inputs, &geoip->conf);
	if (has_errors(run)) {
		return;
	}
	if (!make_room(geoip)) {
		steer_geoip_no_memory(&run->reading);
		return;
	}
	find_used(run);
	for (size_t i = 0; i < geoip->conf.sections_count && steer_geoip_goes_on(&run->reading); i++) {
		if (geoip->sections[i].used) {
			steer_geoip_views_read(&run->reading, &geoip->conf.sections[i],
			                       &geoip->sections[i].views);
		}
	}
	if (!has_errors(run)) {
		plan_zones(run);
	}
	if (!has_errors(run)) {
		pass(run);
	}
}

int steer_geoip_read(steer_geoip_t *geoip, const uint8_t *zone, const steer_knot_files_t *files,
                     const steer_reading_t *sink, steer_fault_t *fault)
{
	run_t run = {
		.geoip = geoip, .only = zone,
		.reading = {
			.sink = sink, .files = files, .text = steer_text_new(), .inputs = geoip->inputs,
			.report = { sink->error, sink->ctx, geoip->inputs->name, fault, 0 },
		},
	};
	if (run.reading.text == NULL) {
		steer_geoip_no_memory(&run.reading);
	} else {
		read_all(&run);
	}
	geoip->inputs = run.reading.inputs;
	steer_text_free(run.reading.text);
	return run.reading.ret == STEER_OK ? steer_report_end(&run.reading.report) : run.reading.ret;
}
