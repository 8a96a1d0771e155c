/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/plan.h"

#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "formats/array.h"
#include "formats/network_text.h"
#include "formats/place_text.h"

/*! Most views that lack a type, since each becomes a record set for each such type. */
#define LACKING_MAX 100000

void steer_plan_add(steer_geoip_reading_t *reading, steer_plan_t *plan, steer_geoip_views_t *views,
                    steer_geoip_name_t *name, size_t module)
{
	struct steer_planned *names = steer_array_grown(plan->names, &plan->room, plan->count + 1,
	                                                sizeof(*names));
	if (names == NULL) {
		steer_geoip_no_memory(reading);
		return;
	}
	plan->names = names;
	names[plan->count++] = (struct steer_planned) {
		.views = views, .name = name, .module = module,
	};
	plan->own.zone = plan->zone->name;
	steer_own_add(reading, &plan->own, steer_geoip_owner(views, name));
}

void steer_plan_free(steer_plan_t *plan)
{
	steer_own_free(&plan->own);
	for (size_t i = 0; i < plan->count; i++) {
		free(plan->names[i].types);
	}
	free(plan->names);
}

/* Types. */

size_t steer_geoip_view_find(const steer_geoip_views_t *views, const steer_geoip_view_t *view,
                             uint16_t type, const steer_geoip_record_t **found)
{
	const steer_geoip_record_t *records = views->records + view->first;
	size_t low = 0, high = view->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (records[middle].type < type) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	*found = records + low;
	for (high = low; high < view->count && records[high].type == type; high++) {
	}
	return high - low;
}

static int by_number(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

/*! Whether an overlay can have records of a type at a name. */
static bool can_have(const steer_plan_t *plan, const uint8_t *owner, uint16_t type)
{
	const bool apex = steer_name_equal(owner, plan->zone->name);
	return type != TYPE_SOA && type != TYPE_DNAME && (type != TYPE_NS || apex);
}

static bool is_apex_cname(const steer_plan_t *plan, const uint8_t *owner, uint16_t type)
{
	return type == TYPE_CNAME && steer_name_equal(owner, plan->zone->name);
}

/*! Collects the types of a name's views. */
static void collect_types(steer_geoip_reading_t *reading, const steer_plan_t *plan,
                          struct steer_planned *planned)
{
	const steer_geoip_views_t *views = planned->views;
	const uint8_t *owner = steer_geoip_owner(views, planned->name);
	size_t records = 0, count = 0;
	for (size_t i = 0; i < planned->name->count; i++) {
		records += views->views[planned->name->first + i].count;
	}
	uint16_t *types = malloc((records + 1) * sizeof(*types));
	if (types == NULL) {
		steer_geoip_no_memory(reading);
		return;
	}
	planned->types = types;
	for (size_t i = 0; i < planned->name->count; i++) {
		const steer_geoip_view_t *view = &views->views[planned->name->first + i];
		for (size_t j = 0; j < view->count && !view->left_out; j++) {
			const steer_geoip_record_t *record = &views->records[view->first + j];
			if (can_have(plan, owner, record->type)) {
				types[count++] = record->type;
				continue;
			}
			steer_geoip_warn(reading, &record->at, "left out: an overlay has no SOA, DNAME or "
			                 "delegation");
		}
	}
	qsort(types, count, sizeof(*types), by_number);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || types[i] != types[planned->types_count - 1]) {
			types[planned->types_count++] = types[i];
		}
	}
}

/*! Counts the types that a view lacks. */
static size_t count_lacking(const struct steer_planned *planned, const steer_geoip_view_t *view)
{
	const steer_geoip_record_t *records = planned->views->records + view->first;
	size_t has = 0;
	for (size_t i = 0; i < view->count; i++) {
		has += (i == 0 || records[i].type != records[i - 1].type) &&
		       bsearch(&records[i].type, planned->types, planned->types_count,
		               sizeof(*planned->types), by_number) != NULL;
	}
	return planned->types_count - has;
}

bool steer_plan_needs_set(const struct steer_planned *planned, const steer_geoip_view_t *view)
{
	return view->enclosed || planned->views->mode == STEER_GEOIP_WEIGHTED;
}

/*! Notes whether views lack types, and whether the zone has to tell what their clients get. */
static void note_lacking(steer_geoip_reading_t *reading, struct steer_planned *planned,
                         size_t *lacking)
{
	for (size_t i = 0; i < planned->name->count; i++) {
		const steer_geoip_view_t *view = &planned->views->views[planned->name->first + i];
		const size_t count = view->left_out ? 0 : count_lacking(planned, view);
		planned->name->by_zone = planned->name->by_zone || count > 0;
		*lacking += count;
	}
	if (*lacking > LACKING_MAX) {
		steer_geoip_too_many(reading, &planned->name->at, "views lack a type that others of their "
		                     "name have", LACKING_MAX);
	}
}

size_t steer_plan_own(const steer_plan_t *plan, const uint8_t *owner, uint16_t type,
                      const steer_own_record_t **records)
{
	size_t count, first = 0, end;
	if (plan->own.file == NULL || !steer_own_find(&plan->own, owner, records, &count)) {
		return 0;
	}
	while (first < count && (*records)[first].type != type) {
		first++;
	}
	for (end = first; end < count && (*records)[end].type == type; end++) {
	}
	*records = end > first ? *records + first : NULL;
	return end - first;
}

/*! Notes whether clients of a view have no records of a type while others of the name have. */
static void note_no_records(const steer_plan_t *plan, struct steer_planned *planned)
{
	const steer_geoip_views_t *views = planned->views;
	const uint8_t *owner = steer_geoip_owner(views, planned->name);
	for (size_t i = 0; i < planned->types_count && planned->name->by_zone; i++) {
		const uint16_t type = planned->types[i];
		const steer_own_record_t *own;
		if (steer_plan_own(plan, owner, type, &own) > 0) {
			continue;
		}
		for (size_t j = 0; j < planned->name->count && !planned->no_records; j++) {
			const steer_geoip_record_t *records;
			const steer_geoip_view_t *view = &views->views[planned->name->first + j];
			planned->no_records = !view->left_out && steer_plan_needs_set(planned, view) &&
			                      steer_geoip_view_find(views, view, type, &records) == 0;
		}
	}
}

/* Views of the same clients. */

static int by_clients(const void *a, const void *b, void *ctx)
{
	const steer_geoip_views_t *views = ctx;
	const steer_geoip_view_t *x = *(steer_geoip_view_t *const *)a;
	const steer_geoip_view_t *y = *(steer_geoip_view_t *const *)b;
	if (views->mode == STEER_GEOIP_SUBNET) {
		return steer_network_compare(&x->network, &y->network);
	}
	return (x->place > y->place) - (x->place < y->place);
}

/*! As by_clients(); of the same clients, the one that mod-geoip prefers comes last. */
static int by_preference(const void *a, const void *b, void *ctx)
{
	const steer_geoip_view_t *x = *(steer_geoip_view_t *const *)a;
	const steer_geoip_view_t *y = *(steer_geoip_view_t *const *)b;
	const int order = by_clients(a, b, ctx);
	const int more = __builtin_popcount(x->given) - __builtin_popcount(y->given);
	if (order != 0 || more != 0) {
		return order != 0 ? order : more;
	}
	return (x->number > y->number) - (x->number < y->number);
}

/*! Whether a network, or a place, contains another one. */
static bool encloses(const steer_geoip_views_t *views, const steer_geoip_view_t *view,
                     const steer_geoip_view_t *inside)
{
	const steer_geo_t masks[] = { 0, STEER_GEO_CONTINENT, STEER_GEO_COUNTRY };
	const steer_network_t *x = &view->network, *y = &inside->network;
	if (views->mode == STEER_GEOIP_SUBNET) {
		return x->family == y->family && x->length <= y->length &&
		       steer_bits_equal(x->address, y->address, x->length);
	}
	return view->place == (inside->place & masks[0]) || view->place == (inside->place & masks[1]) ||
	       view->place == (inside->place & masks[2]);
}

/*! Notes which views have others around them. \param[in] sorted  What is inside follows. */
static void note_enclosed(const steer_geoip_views_t *views, steer_geoip_view_t **sorted,
                          size_t count)
{
	const steer_geoip_view_t *outermost = NULL;
	for (size_t i = 0; i < count; i++) {
		if (sorted[i]->left_out) {
			continue;
		}
		sorted[i]->enclosed = outermost != NULL && encloses(views, outermost, sorted[i]);
		outermost = sorted[i]->enclosed ? outermost : sorted[i];
	}
}

/*! Leaves out views whose clients another view has, and notes which have others around them. */
static void compare_clients(steer_geoip_reading_t *reading, const struct steer_planned *planned)
{
	steer_geoip_views_t *views = planned->views;
	size_t count = 0;
	steer_geoip_view_t **sorted = malloc(planned->name->count * sizeof(*sorted));
	if (sorted == NULL) {
		steer_geoip_no_memory(reading);
		return;
	}
	for (size_t i = 0; i < planned->name->count; i++) {
		steer_geoip_view_t *view = &views->views[planned->name->first + i];
		if (!view->left_out) {
			sorted[count++] = view;
		}
	}
	qsort_r(sorted, count, sizeof(*sorted), by_preference, views);
	for (size_t i = 1; i < count; i++) {
		if (by_clients(&sorted[i - 1], &sorted[i], views) == 0) {
			sorted[i - 1]->left_out = true;
			steer_geoip_warn(reading, &sorted[i - 1]->at, "left out: line %u has the same clients, "
			                 "and mod-geoip never answers by this one", sorted[i]->at.line);
		}
	}
	note_enclosed(views, sorted, count);
	free(sorted);
}

/*! Warns about views that have no value before their last one: mod-geoip misses clients of them. */
static void warn_gaps(const steer_geoip_reading_t *reading, const struct steer_planned *planned)
{
	const steer_geoip_view_t *views = planned->views->views + planned->name->first;
	for (size_t i = 0; i < planned->name->count; i++) {
		if (!views[i].left_out && (views[i].given & (views[i].given + 1)) != 0) {
			steer_geoip_warn(reading, &views[i].at, "geo: all clients in this place get this, "
			                 "unless a view is more specific; mod-geoip misses some of them, as "
			                 "there is no value before the last one");
		}
	}
}

/* What the zone itself has. */

/*! Whether the views, and so no zone, have an answer for every client. */
static bool is_for_all(const struct steer_planned *planned)
{
	const steer_geoip_views_t *views = planned->views;
	bool any = views->mode == STEER_GEOIP_WEIGHTED, v4 = false, v6 = false;
	for (size_t i = 0; i < planned->name->count; i++) {
		const steer_geoip_view_t *view = &views->views[planned->name->first + i];
		const bool all = !view->left_out && view->network.length == 0;
		v4 = v4 || (all && view->network.family == 4);
		v6 = v6 || (all && view->network.family == 6);
		any = any || (views->mode == STEER_GEOIP_GEODB && !view->left_out &&
		              view->place == STEER_GEO_UNKNOWN);
	}
	return any || (views->mode == STEER_GEOIP_SUBNET && v4 && v6);
}

/*! Why a name cannot be in an overlay. \return NULL: it can */
static const char *why_not(const steer_plan_t *plan, const struct steer_planned *planned,
                           const steer_own_record_t *own, size_t count)
{
	const uint8_t *owner = steer_geoip_owner(planned->views, planned->name);
	const size_t types = planned->types_count;
	const bool cname = bsearch(&(uint16_t){ TYPE_CNAME }, planned->types, types, sizeof(uint16_t),
	                           by_number) != NULL;
	if (cname && types > 1) {
		return "some of its views have a CNAME and others do not";
	}
	if (is_apex_cname(plan, owner, TYPE_CNAME) && cname) {
		return "the apex of a zone has no CNAME";
	}
	for (size_t i = 0; planned->name->by_zone && i < count; i++) {
		if (cname != (own[i].type == TYPE_CNAME)) {
			return cname ? "its views have a CNAME, and the zone has other records for other clients"
			             : "the zone has a CNAME for other clients";
		}
	}
	return NULL;
}

/*! Decides for a name whose views and types are known. */
static void decide(steer_geoip_reading_t *reading, steer_plan_t *plan,
                   struct steer_planned *planned)
{
	const steer_own_record_t *own = NULL;
	size_t count = 0;
	const uint8_t *owner = steer_geoip_owner(planned->views, planned->name);
	bool here = true;
	if (plan->own.file != NULL) {
		here = steer_own_find(&plan->own, owner, &own, &count);
	}
	const char *why = here || !planned->name->by_zone
	                  ? why_not(plan, planned, own, count)
	                  : "the zone answers other clients by a delegation or a DNAME";
	if (why != NULL) {
		steer_geoip_warn(reading, &planned->name->at, "left out, so all clients get what the zone "
		                 "has: %s", why);
		return;
	}
	planned->name->left_out = false;
	note_no_records(plan, planned);
}

static void decide_views(steer_geoip_reading_t *reading, steer_plan_t *plan,
                         struct steer_planned *planned, size_t *lacking)
{
	if (planned->views->mode != STEER_GEOIP_WEIGHTED) {
		compare_clients(reading, planned);
	}
	if (planned->views->mode == STEER_GEOIP_GEODB) {
		warn_gaps(reading, planned);
	}
	if (steer_geoip_goes_on(reading)) {
		collect_types(reading, plan, planned);
	}
	if (steer_geoip_goes_on(reading) && planned->types_count > 0) {
		planned->name->open = planned->name->by_zone = !is_for_all(planned);
		note_lacking(reading, planned, lacking);
	}
	if (steer_geoip_goes_on(reading) && planned->types_count > 0) {
		decide(reading, plan, planned);
	}
}

/*! Warns that records of the zone are copied. */
static void warn_copied(const steer_geoip_reading_t *reading, const steer_plan_t *plan)
{
	const steer_own_record_t *own;
	for (size_t i = 0; i < plan->count; i++) {
		const struct steer_planned *planned = &plan->names[i];
		const uint8_t *owner = steer_geoip_owner(planned->views, planned->name);
		for (size_t j = 0; j < planned->types_count && !planned->name->left_out &&
		     planned->name->by_zone; j++) {
			if (steer_plan_own(plan, owner, planned->types[j], &own) > 0) {
				steer_geoip_warn(reading, &plan->zone->id.at, "clients for whom no view has an "
				                 "answer get what %s has now: it is copied, and does not change "
				                 "with that", own->at.file);
				return;
			}
		}
	}
}

/*! Refuses a zone that cannot be read, if a name needs what it has. */
static void need_zone(steer_geoip_reading_t *reading, const steer_plan_t *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->names[i].name->left_out && plan->names[i].name->by_zone) {
			steer_geoip_wrong(reading, &plan->zone->id.at, "what clients get for whom no view has "
			                  "an answer is not known: %s; allowed: a zone file, which knotc "
			                  "zone-flush writes",
			                  plan->own.why.text);
			return;
		}
	}
}

void steer_plan_decide(steer_geoip_reading_t *reading, steer_plan_t *plan, size_t *lacking)
{
	(void)steer_own_read(reading, &plan->own, plan->zone);
	for (size_t i = 0; i < plan->count && steer_geoip_goes_on(reading); i++) {
		decide_views(reading, plan, &plan->names[i], lacking);
	}
	if (plan->own.file == NULL && plan->own.why.text[0] != '\0' && steer_geoip_goes_on(reading)) {
		need_zone(reading, plan);
	}
	if (steer_geoip_goes_on(reading)) {
		warn_copied(reading, plan);
	}
}
