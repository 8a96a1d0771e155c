/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Resources of metafo and geoip: the first datacenter that is up answers, in the order of a
 *        list, or of the list of the client's place.
 */
#include <string.h>

#include "formats/gdnsd/geomap.h"
#include "formats/gdnsd/resource.h"

/*! What fences the clients of a place: without a step between, up looks at less specific ones. */
#define FENCED "shuffle, up, tier"

/*! A resource that is being made. */
typedef struct {
	steer_gdnsd_config_t *config;
	steer_gdnsd_resource_t *resource;
	const steer_gdnsd_located_t *located;
	const char *datacenters[STEER_GDNSD_DATACENTERS];
	const steer_gdnsd_resource_t *made[STEER_GDNSD_DATACENTERS]; /*!< NULL: it has no such. */
	unsigned count;
	bool skip_first;
} meta_t;

/* Datacenters. */

static const steer_gdnsd_resource_t *make_datacenter(meta_t *meta, const char *name,
                                                     const steer_place_t *place)
{
	steer_gdnsd_located_t located;
	if (!steer_gdnsd_locate_datacenter(meta->config, meta->located, name, place, &located)) {
		return NULL;
	}
	const steer_gdnsd_resource_t *made = steer_gdnsd_make(meta->config, &located, place);
	if (made != NULL && made->lost != NULL) {
		meta->resource->lost = made->lost;
	}
	return made;
}

/*! Whether there is only one record, which so can stand in place of its group. */
static bool is_single(const steer_gdnsd_group_t *group)
{
	return group->count == 1 && group->program[0] == '\0' &&
	       group->members[0]->kind != STEER_GDNSD_GROUP;
}

/*! The group that a datacenter has for addresses of the other family. */
static const steer_gdnsd_group_t *other_family(const steer_gdnsd_resource_t *made,
                                               steer_gdnsd_type_t type)
{
	return type == STEER_GDNSD_CNAME ? NULL
	       : made->groups[type == STEER_GDNSD_A ? STEER_GDNSD_AAAA : STEER_GDNSD_A];
}

/*!
 * Whether a datacenter that lacks a family can answer for it, with nothing: if what it has of the
 * other one is never down, or has a single health check.
 */
static bool can_lack(const steer_gdnsd_group_t *other)
{
	return other != NULL && other->count > 0 && (!other->checked || is_single(other));
}

/*! Sets a record set to what a datacenter has. */
static void set_datacenter(steer_gdnsd_member_t *member, steer_gdnsd_group_t *of,
                           const steer_gdnsd_group_t *other)
{
	const char *id = member->id;
	if (of == NULL) {
		member->kind = STEER_GDNSD_NOTHING;
		member->check = other->checked ? other->members[0]->check : NULL;
	} else if (is_single(of)) {
		*member = *of->members[0];
		member->id = id;
	} else {
		member->kind = STEER_GDNSD_GROUP;
		member->group = of;
		member->evaluate = true;
	}
}

/*! Adds a datacenter. \return NULL: it is left out, or an error was reported */
static steer_gdnsd_member_t *add_datacenter(const meta_t *meta, steer_gdnsd_group_t *group,
                                            steer_gdnsd_type_t type, unsigned number,
                                            const char *id, const steer_place_t *place)
{
	const steer_gdnsd_resource_t *made = meta->made[number];
	steer_gdnsd_group_t *of = made != NULL ? made->groups[type] : NULL;
	const steer_gdnsd_group_t *other = made != NULL ? other_family(made, type) : NULL;
	of = of != NULL && of->count > 0 ? of : NULL;
	steer_gdnsd_member_t *member = of != NULL || can_lack(other)
	                               ? steer_gdnsd_add(meta->config, group, id, place) : NULL;
	if (member != NULL) {
		set_datacenter(member, of, other);
		member->place = *place;
	}
	return member;
}

/*! Whether names alone answer, whichever datacenter it is. */
static bool all_are_names(const meta_t *meta)
{
	bool any = false;
	for (unsigned i = 0; i < meta->count; i++) {
		if (meta->made[i] != NULL) {
			any = true;
			if (!meta->made[i]->names_alone) {
				return false;
			}
		}
	}
	return any;
}

/*! Warns where datacenters are chosen otherwise than there. */
static void warn_of_differences(const meta_t *meta)
{
	steer_gdnsd_reading_t *reading = meta->config->reading;
	const steer_place_t *place = &meta->resource->place;
	bool lacks = false, both = false, by_client = false, fills = false;
	for (unsigned i = 0; i < meta->count; i++) {
		const steer_gdnsd_resource_t *made = meta->made[i];
		if (made == NULL || made->names_alone) {
			continue;
		}
		const steer_gdnsd_group_t *four = made->groups[STEER_GDNSD_A];
		const steer_gdnsd_group_t *six = made->groups[STEER_GDNSD_AAAA];
		for (steer_gdnsd_type_t type = STEER_GDNSD_A; type <= STEER_GDNSD_AAAA; type++) {
			lacks = lacks || (made->groups[type] == NULL && meta->resource->groups[type] != NULL &&
			                  !can_lack(other_family(made, type)));
		}
		both = both || (four != NULL && six != NULL && (four->checked || six->checked));
		by_client = by_client || made->by_client;
		fills = fills || made->fills;
	}
	if (lacks) {
		steer_gdnsd_warn(reading, place, "%.200s: a datacenter has addresses of one family, of "
		                 "which several are checked; there a client of it gets none of the other, "
		                 "here those of the next", meta->located->path);
	}
	if (both) {
		steer_gdnsd_warn(reading, place, "%.200s: a datacenter with both families is down there if "
		                 "one of them is; here each family fails over by itself",
		                 meta->located->path);
	}
	if (by_client) {
		steer_gdnsd_warn(reading, place, "%.200s: a datacenter that depends on the client is down "
		                 "there if all of the client's place are; here those of less specific "
		                 "places, or that are farther, take over first", meta->located->path);
	}
	if (fills) {
		steer_gdnsd_warn(reading, place, "%.200s: a datacenter with ignore_health answers here "
		                 "with what is up in it, while any is, and is down when all are",
		                 meta->located->path);
	}
}

/*! Makes the group of each type by a function. */
static void make_groups(meta_t *meta, void (*make)(meta_t *meta, steer_gdnsd_group_t *group,
                                                   steer_gdnsd_type_t type, void *ctx), void *ctx)
{
	meta->resource->names_alone = all_are_names(meta);
	for (unsigned i = 0; i < meta->count; i++) {
		meta->resource->names = meta->resource->names ||
		                        (meta->made[i] != NULL && meta->made[i]->names);
		meta->resource->by_client = meta->resource->by_client ||
		                            (meta->made[i] != NULL && meta->made[i]->by_client);
	}
	for (steer_gdnsd_type_t type = STEER_GDNSD_A; type < STEER_GDNSD_TYPES; type++) {
		bool any = false;
		for (unsigned i = 0; i < meta->count; i++) {
			any = any || (meta->made[i] != NULL && meta->made[i]->groups[type] != NULL);
		}
		if (!any || (type == STEER_GDNSD_CNAME && !meta->resource->names_alone)) {
			continue;
		}
		steer_gdnsd_group_t *group = steer_gdnsd_group_of(meta->config, meta->resource, type);
		if (group != NULL) {
			make(meta, group, type, ctx);
		}
	}
	warn_of_differences(meta);
}

static void take_skip_first(meta_t *meta)
{
	steer_gdnsd_bool(meta->config->reading, steer_gdnsd_find(meta->located->scope, "skip_first"),
	                 &meta->skip_first);
}

/*! Whether the preset failover allows a group: that tier 0 can be down. */
static bool can_fail(const steer_gdnsd_group_t *group)
{
	for (size_t i = 0; i < group->count; i++) {
		const steer_gdnsd_member_t *member = group->members[i];
		if (member->tier == 0 && member->check == NULL &&
		    (member->kind != STEER_GDNSD_GROUP || !member->evaluate)) {
			return false;
		}
	}
	return true;
}

static void end_failover(steer_gdnsd_group_t *group)
{
	if (group->count > 1) {
		group->program = can_fail(group) ? "failover" : "up, tier";
	}
}

/* metafo */

static void make_failover(meta_t *meta, steer_gdnsd_group_t *group, steer_gdnsd_type_t type,
                          void *ctx)
{
	(void)ctx;
	unsigned tier = 0;
	for (unsigned i = meta->skip_first && meta->count > 1; i < meta->count; i++) {
		const steer_place_t *place = meta->made[i] != NULL ? &meta->made[i]->place
		                                                   : &meta->resource->place;
		steer_gdnsd_member_t *member = add_datacenter(meta, group, type, i, meta->datacenters[i],
		                                              place);
		if (member != NULL) {
			member->tier = tier++;
		}
	}
	end_failover(group);
}

void steer_gdnsd_make_metafo(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                             const steer_gdnsd_located_t *located)
{
	meta_t meta = { .config = config, .resource = resource, .located = located };
	const steer_vscf_t *list = steer_vscf_get(located->value, "datacenters");
	if (list == NULL || steer_vscf_next(list, NULL) == NULL) {
		steer_gdnsd_wrong(config->reading, &resource->place, "%.200s: no datacenters; allowed: a "
		                  "list of those in dcmap", located->path);
		return;
	}
	for (const steer_vscf_t *item = NULL; (item = steer_vscf_next(list, item)) != NULL;) {
		const char *name = steer_gdnsd_text(config->reading, item);
		if (name == NULL || meta.count == STEER_GDNSD_DATACENTERS) {
			steer_gdnsd_wrong(config->reading, &item->place, "no name, or more than %d "
			                  "datacenters; allowed: fewer", STEER_GDNSD_DATACENTERS);
			return;
		}
		meta.datacenters[meta.count] = name;
		meta.made[meta.count] = make_datacenter(&meta, name, &item->place);
		if (meta.made[meta.count++] == NULL) {
			return;
		}
	}
	take_skip_first(&meta);
	make_groups(&meta, make_failover, NULL);
}

/* geoip */

static const char *id_of(const meta_t *meta, const steer_gdnsd_area_t *area, const char *datacenter)
{
	return steer_gdnsd_print(meta->config->reading, "%s %s", area->text, datacenter);
}

/*! Adds the nearest datacenters, in the order of the map where nothing is known of a client. */
static void add_nearest(const meta_t *meta, const steer_gdnsd_map_t *map,
                        steer_gdnsd_group_t *group, steer_gdnsd_type_t type)
{
	const bool all = map->limit == 0 || map->limit >= map->count;
	for (unsigned i = 0; i < map->count; i++) {
		if (!map->has_point[i]) {
			continue;
		}
		const char *id = steer_gdnsd_print(meta->config->reading, "%03u %s", i + 1,
		                                   map->datacenters[i]);
		steer_gdnsd_member_t *member = add_datacenter(meta, group, type, i, id, &map->at);
		if (member != NULL) {
			member->has_point = true;
			member->point = map->points[i];
		}
	}
	group->program = all ? "nearest, up, take 1"
	                 : steer_gdnsd_print(meta->config->reading, "nearest, take %u, up, take 1",
	                                     map->limit < 1000 ? map->limit : 1000);
}

static void set_area(steer_gdnsd_member_t *member, const steer_gdnsd_area_t *area, unsigned tier)
{
	if (member != NULL) {
		member->geo = area->place;
		member->location = area->location;
		member->tier = tier;
		member->place = area->at;
	}
}

/*! Adds a record set that yields no records, for clients that get none. */
static void add_nothing(const meta_t *meta, steer_gdnsd_group_t *group,
                        const steer_gdnsd_area_t *area)
{
	steer_gdnsd_member_t *member = steer_gdnsd_add(meta->config, group, id_of(meta, area, "none"),
	                                               &area->at);
	if (member != NULL) {
		member->kind = STEER_GDNSD_NOTHING;
		set_area(member, area, 0);
	}
}

/*! Adds the datacenters of an area. */
static void add_area(const meta_t *meta, const steer_gdnsd_map_t *map, steer_gdnsd_group_t *group,
                     steer_gdnsd_type_t type, const steer_gdnsd_area_t *area)
{
	const steer_gdnsd_list_t *list = area->list;
	unsigned tier = 0, defined = 0;
	for (unsigned i = 0; i < list->count; i++) {
		defined += meta->made[list->numbers[i]] != NULL;
	}
	bool skip = meta->skip_first && defined > 1;
	for (unsigned i = 0; i < list->count; i++) {
		const unsigned number = list->numbers[i];
		if (meta->made[number] == NULL) {
			continue;
		}
		if (!skip) {
			steer_gdnsd_member_t *member = add_datacenter(
				meta, group, type, number, id_of(meta, area, map->datacenters[number]), &area->at);
			set_area(member, area, tier);
			tier += member != NULL;
		}
		skip = false;
	}
	if (tier == 0) {
		add_nothing(meta, group, area);
	}
}

/*! Adds an alias to the nearest datacenters, for an area whose clients have them. */
static void add_auto(const meta_t *meta, const steer_gdnsd_map_t *map, steer_gdnsd_group_t *group,
                     steer_gdnsd_group_t **nearest, steer_gdnsd_type_t type,
                     const steer_gdnsd_area_t *area)
{
	if (*nearest == NULL) {
		*nearest = steer_gdnsd_group_new(
			meta->config, meta->resource->names_alone && type != STEER_GDNSD_CNAME
			              ? "nearest-addresses" : "nearest", meta->located->path, &map->at);
		if (*nearest != NULL) {
			add_nearest(meta, map, *nearest, type);
			steer_gdnsd_note_checks(*nearest);
		}
	}
	steer_gdnsd_member_t *member = *nearest != NULL && (*nearest)->count > 0
	                               ? steer_gdnsd_add(meta->config, group,
	                                                 id_of(meta, area, "nearest"),
	                                                 &area->at) : NULL;
	if (member != NULL) { // It is alone in its area, so what it leads to is run as it is.
		member->kind = STEER_GDNSD_GROUP;
		member->group = *nearest;
		set_area(member, area, 0);
	}
}

static void make_located(meta_t *meta, steer_gdnsd_group_t *group, steer_gdnsd_type_t type,
                         void *ctx)
{
	const steer_gdnsd_map_t *map = ctx;
	steer_gdnsd_group_t *nearest = NULL;
	if (map->areas->next == NULL && map->areas->list->nearest) {
		add_nearest(meta, map, group, type);
		return;
	}
	for (const steer_gdnsd_area_t *area = map->areas;
	     area != NULL && meta->config->reading->ret == STEER_OK; area = area->next) {
		if (area->list->nearest) {
			add_auto(meta, map, group, &nearest, type, area);
		} else {
			add_area(meta, map, group, type, area);
		}
	}
	if (!map->places && !map->networks) {
		end_failover(group);
		return;
	}
	group->program = !map->places ? "cidr, " FENCED
	                 : map->networks ? "cidr, geo, " FENCED : "geo, " FENCED;
}

/*! Makes the datacenters of the map. \return false: an error, which was reported */
static bool make_datacenters(meta_t *meta, const steer_gdnsd_map_t *map)
{
	steer_gdnsd_config_t *config = meta->config;
	const steer_vscf_t *dcmap = steer_vscf_get(meta->located->value, "dcmap");
	bool some = false;
	steer_gdnsd_bool(config->reading,
	                 steer_vscf_get(steer_vscf_get(config->plugins, "geoip"),
	                                "undefined_datacenters_ok"), &some);
	if (dcmap == NULL || !steer_gdnsd_is_hash(config->reading, dcmap)) {
		steer_gdnsd_wrong(config->reading, &meta->resource->place, "%.200s: no dcmap; allowed: one "
		                  "with the datacenters of the map", meta->located->path);
		return false;
	}
	for (unsigned i = 0; i < map->count; i++) {
		meta->datacenters[i] = map->datacenters[i];
		meta->count++;
		if (some && steer_vscf_get(dcmap, map->datacenters[i]) == NULL) {
			continue;
		}
		meta->made[i] = make_datacenter(meta, map->datacenters[i], &dcmap->key_at);
		if (meta->made[i] == NULL) {
			return false;
		}
	}
	return true;
}

/*! Whether an area has the nearest datacenters. */
static bool has_nearest(const steer_gdnsd_map_t *map)
{
	bool has = false;
	for (const steer_gdnsd_area_t *area = map->areas; area != NULL; area = area->next) {
		has = has || area->list->nearest;
	}
	return has;
}

void steer_gdnsd_make_geoip(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                            const steer_gdnsd_located_t *located)
{
	meta_t meta = { .config = config, .resource = resource, .located = located };
	const steer_vscf_t *used = steer_gdnsd_find(located->scope, "map");
	if (used == NULL) {
		steer_gdnsd_wrong(config->reading, &resource->place, "%.200s: no map; allowed: one of maps",
		                  located->path);
		return;
	}
	const steer_gdnsd_map_t *map = steer_gdnsd_map(config, used);
	if (map == NULL || !make_datacenters(&meta, map)) {
		return;
	}
	take_skip_first(&meta);
	if (meta.skip_first && has_nearest(map)) {
		resource->lost = "nothing here leaves out the nearest datacenter (skip_first)";
		return;
	}
	resource->by_client = map->areas->next != NULL ||
	                      (has_nearest(map) && map->limit > 0 && map->limit < map->count);
	make_groups(&meta, make_located, (void *)map);
}
