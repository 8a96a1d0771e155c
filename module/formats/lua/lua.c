/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/lua/lua.h"

#include <ctype.h>
#include <libknot/descriptor.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dictionary.h"
#include "core/name.h"
#include "core/program.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/lua/plan.h"
#include "formats/name_set.h"
#include "formats/network_text.h"
#include "formats/place_text.h"
#include "formats/program.h"
#include "formats/text.h"
#include "formats/yaml/scalar.h"

/*! The type LUA of PowerDNS, also that of code which other records include. */
#define TYPE_LUA      65402
/*! Most values that all records have more than once, as a place has all of its branch. */
#define COPIES_MAX    (1 << 20)
/*! Longest value that is an identifier. */
#define VALUE_ID_MAX  64
/*! Room for a message. */
#define MESSAGE_MAX   640

/*! Clients that record sets are for. */
typedef struct {
	uint32_t branch;
	bool otherwise;       /*!< For all other clients. */
	steer_geo_t place;
	uint32_t first_asn, asns;
} unit_t;

struct steer_lua {
	steer_reading_t sink;
	steer_locate_f locate;
	void *locate_ctx;
	steer_text_t *text;
	steer_name_set_t names; /*!< Owners and types of records. */
	steer_name_set_t collections;
	char *value;            /*!< As text of a zone file. */
	size_t value_room;
	steer_lua_plan_t plan;
	unit_t units[STEER_LUA_CLIENTS_MAX + 1];
	size_t units_count;
	size_t copies;          /*!< Values of records before, besides one of each. */
	uint32_t asns[STEER_LUA_CLIENTS_MAX];
	steer_coordinates_t points[STEER_LUA_MEMBERS_MAX]; /*!< Of STEER_LUA_CLOSEST. */
	char collection[STEER_REGION_NAME_MAX + 1];
};

/*! A record that is being taken. */
typedef struct {
	steer_lua_t *lua;
	const steer_text_record_t *record;
	steer_report_t *report;
} take_t;

steer_lua_t *steer_lua_new(const steer_reading_t *sink, steer_locate_f locate, void *ctx)
{
	steer_lua_t *lua = calloc(1, sizeof(*lua));
	if (lua != NULL) {
		lua->sink = *sink;
		lua->locate = locate;
		lua->locate_ctx = ctx;
		lua->text = steer_text_new();
	}
	if (lua != NULL && lua->text == NULL) {
		free(lua);
		lua = NULL;
	}
	return lua;
}

void steer_lua_free(steer_lua_t *lua)
{
	if (lua != NULL) {
		steer_text_free(lua->text);
		steer_name_set_free(&lua->names);
		steer_name_set_free(&lua->collections);
		steer_lua_plan_free(&lua->plan);
		free(lua->value);
		free(lua);
	}
}

/* Messages. */

static void warn(const take_t *take, const char *what, const char *so)
{
	const steer_reading_t *sink = &take->lua->sink;
	char text[MESSAGE_MAX], type[STEER_TYPE_TEXT];
	steer_type_text(take->record->type, type);
	snprintf(text, sizeof(text), "LUA %s: %s%s", take->record->type == TYPE_LUA ? "LUA" : type,
	         what, so);
	if (sink->warn != NULL) {
		sink->warn(sink->ctx, &take->record->place, text);
	}
}

static int leave_out(const take_t *take, const char *why)
{
	warn(take, why, "; the record is left out, so what PowerDNS answers is missing");
	return STEER_OK;
}

static int no_memory(const take_t *take)
{
	return steer_fault(take->report->fault, STEER_ENOMEM, "out of memory");
}

/* Values. */

/*! Reads a value as data of the record's type; names are absolute. */
static int parse_value(const take_t *take, const char *value, const uint8_t **rdata, uint16_t *len,
                       steer_fault_t *fault)
{
	static const uint8_t root[] = { 0 };
	steer_lua_t *lua = take->lua;
	const size_t room = strlen(value) + 3;
	const bool quotes = take->record->type == KNOT_RRTYPE_TXT;
	char *text = steer_array_grown(lua->value, &lua->value_room, room, 1);
	if (text == NULL) {
		return STEER_ENOMEM;
	}
	lua->value = text;
	snprintf(text, room, "%s%s%s", quotes ? "\"" : "", value, quotes ? "\"" : "");
	return steer_rdata_parse(lua->text, root, take->record->type, text, rdata, len, fault);
}

static const char *value_of(const steer_lua_plan_t *plan, const steer_lua_member_t *member)
{
	return plan->tree.texts + member->value;
}

/*! Checks that all values are data of the type. */
static int check_values(const take_t *take)
{
	steer_lua_plan_t *plan = &take->lua->plan;
	for (size_t i = 0; i < plan->members_count; i++) {
		const uint8_t *rdata;
		uint16_t len;
		steer_fault_t fault;
		int ret = parse_value(take, value_of(plan, &plan->members[i]), &rdata, &len, &fault);
		if (ret == STEER_EINVAL) {
			snprintf(plan->why, sizeof(plan->why), "a value that is none of the type: "
			         "%.250s", fault.text);
		}
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

static int pass_value(const take_t *take, const steer_lua_member_t *member, bool in_set)
{
	const steer_reading_t *sink = &take->lua->sink;
	steer_text_record_t record = *take->record;
	steer_fault_t fault;
	int ret = parse_value(take, value_of(&take->lua->plan, member), &record.rdata,
	                      &record.rdata_len, &fault);
	record.in_set = in_set;
	return ret == STEER_OK ? sink->record(sink->ctx, &record, take->report->fault)
	                       : no_memory(take);
}

/*! Finds where the addresses are that are chosen by distance. */
static int find_points(steer_lua_t *lua)
{
	steer_lua_plan_t *plan = &lua->plan;
	for (size_t i = 0; i < plan->members_count && plan->order == STEER_LUA_CLOSEST; i++) {
		const char *value = value_of(plan, &plan->members[i]);
		char shown[STEER_SHOWN];
		steer_network_t host;
		if (steer_network_parse(value, strlen(value), &host) != STEER_OK ||
		    !lua->locate(lua->locate_ctx, &host, &lua->points[i])) {
			snprintf(plan->why, sizeof(plan->why), "the place of '%s' is not known, which "
			         "pickclosest needs; steerctl map import --type geo can tell it",
			         steer_shown(shown, value, strlen(value)));
			return STEER_EINVAL;
		}
	}
	return STEER_OK;
}

/* Clients. */

/*! Whether all values of a branch are one record set. */
static bool is_joined(const steer_lua_plan_t *plan)
{
	return plan->order == STEER_LUA_ONE || (plan->order == STEER_LUA_ALL && !plan->checked);
}

static size_t count_members(const steer_lua_plan_t *plan, uint32_t branch)
{
	size_t count = 0;
	for (size_t i = 0; i < plan->members_count; i++) {
		count += plan->members[i].branch == branch;
	}
	return count;
}

/*! Finds for which clients there are record sets. */
static void find_units(steer_lua_t *lua)
{
	const steer_lua_plan_t *plan = &lua->plan;
	lua->units_count = 0;
	for (size_t i = 0; i < plan->clients_count; i++) {
		const steer_lua_clients_t *clients = &plan->clients[i];
		const bool same = lua->units_count > 0 && plan->where != STEER_LUA_PLACES &&
		                  lua->units[lua->units_count - 1].branch == clients->branch;
		if (!same) {
			lua->units[lua->units_count++] = (unit_t) {
				.branch = clients->branch, .place = clients->place, .first_asn = i,
			};
		}
		lua->asns[i] = clients->asn;
		lua->units[lua->units_count - 1].asns++;
	}
	if (plan->otherwise != STEER_LUA_NO_BRANCH) {
		lua->units[lua->units_count++] = (unit_t) { .branch = plan->otherwise, .otherwise = true };
	}
}

/*! Checks that the record sets are not too many, nor say more than one can. */
static int check_units(steer_lua_t *lua)
{
	steer_lua_plan_t *plan = &lua->plan;
	size_t sets = 0, values = 0;
	for (size_t i = 0; i < lua->units_count; i++) {
		const unit_t *unit = &lua->units[i];
		const size_t members = count_members(plan, unit->branch);
		values += members;
		sets += is_joined(plan) ? 1 : members;
		if (plan->where == STEER_LUA_ASNS && unit->asns > STEER_ASNS_MAX) {
			snprintf(plan->why, sizeof(plan->why), "more than %d autonomous systems in a branch",
			         STEER_ASNS_MAX);
			return STEER_EINVAL;
		}
		if (sets > STEER_SETS_MAX) {
			snprintf(plan->why, sizeof(plan->why), "more than %d record sets", STEER_SETS_MAX);
			return STEER_EINVAL;
		}
	}
	const size_t copies = values > plan->members_count ? values - plan->members_count : 0;
	if (copies > COPIES_MAX - lua->copies) {
		snprintf(plan->why, sizeof(plan->why), "more values than fit: each place of a branch has "
		         "all of them, and with the records before this is more than %d times", COPIES_MAX);
		return STEER_EINVAL;
	}
	lua->copies += copies;
	return STEER_OK;
}

/*! Makes the name of the collection of a record's networks, of its name and type. */
static int name_collection(const take_t *take)
{
	steer_lua_t *lua = take->lua;
	char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	steer_name_print(take->record->owner, name);
	steer_type_text(take->record->type, type);
	const size_t len = strlen(name) + strlen(type); // The final dot stands before the type.
	if (len > STEER_REGION_NAME_MAX || lua->collections.count == STEER_MAPS_MAX) {
		snprintf(lua->plan.why, sizeof(lua->plan.why), len > STEER_REGION_NAME_MAX
		         ? "networks, whose map would have a name of more than %d characters"
		         : "networks, and more than %d such records",
		         len > STEER_REGION_NAME_MAX ? STEER_REGION_NAME_MAX : STEER_MAPS_MAX);
		return STEER_EINVAL;
	}
	snprintf(lua->collection, sizeof(lua->collection), "%.*s%s",
	         STEER_REGION_NAME_MAX - (int)strlen(type), name, type);
	for (char *at = lua->collection; *at != '\0'; at++) {
		*at = isalnum((unsigned char)*at) || *at == '-' ? *at : '_';
	}
	uint32_t before;
	const int ret = steer_name_set_add_text(&lua->collections, lua->collection,
	                                        strlen(lua->collection), take->record->place.line,
	                                        &before);
	if (ret == STEER_OK && before > 0) {
		snprintf(lua->plan.why, sizeof(lua->plan.why), "networks, whose map would have the name of "
		         "that of line %u", before);
		return STEER_EINVAL;
	}
	return ret;
}

static void name_location(uint32_t branch, char location[STEER_REGION_NAME_MAX + 1])
{
	snprintf(location, STEER_REGION_NAME_MAX + 1, "%u", branch + 1);
}

static int pass_networks(const take_t *take)
{
	const steer_reading_t *sink = &take->lua->sink;
	const steer_lua_plan_t *plan = &take->lua->plan;
	char location[STEER_REGION_NAME_MAX + 1];
	int ret = STEER_OK;
	for (size_t i = 0; i < plan->clients_count && ret == STEER_OK && sink->network != NULL; i++) {
		name_location(plan->clients[i].branch, location);
		const steer_text_network_t network = {
			.collection = take->lua->collection, .location = location,
			.network = plan->clients[i].network, .place = take->record->place,
		};
		ret = sink->network(sink->ctx, &network, take->report->fault);
	}
	return ret;
}

/* The policy. */

static const char *const wheres[] = {
	[STEER_LUA_NOWHERE] = NULL, [STEER_LUA_PLACES] = "geo", [STEER_LUA_NETWORKS] = "cidr",
	[STEER_LUA_ASNS] = "asn",
};

static const char *const orders[] = {
	[STEER_LUA_ONE] = NULL, [STEER_LUA_ALL] = NULL, [STEER_LUA_RANDOM] = "shuffle",
	[STEER_LUA_WEIGHTED] = "weighted", [STEER_LUA_HASHED] = "weighted sticky=client",
	[STEER_LUA_WEIGHTED_HASHED] = "weighted sticky=client",
	[STEER_LUA_CLOSEST] = "nearest, within 0%, shuffle",
};

static void add_step(char text[STEER_PROGRAM_TEXT], const char *step)
{
	const size_t len = strlen(text);
	if (step != NULL) {
		snprintf(text + len, STEER_PROGRAM_TEXT - len, "%s%s", len > 0 ? ", " : "", step);
	}
}

/*!
 * Writes the program. Clients of a place keep to the values of its branch, whatever is up
 * elsewhere: so a step stands between it and "up".
 */
static void write_program(const steer_lua_plan_t *plan, char text[STEER_PROGRAM_TEXT])
{
	const char *up = plan->none_if_down ? "up all-down=none" : "up";
	const bool fenced = plan->where != STEER_LUA_NOWHERE && plan->checked;
	const char *order = orders[plan->order];
	const bool first = fenced && order != NULL && plan->order != STEER_LUA_CLOSEST;
	char take[32];
	text[0] = '\0';
	add_step(text, wheres[plan->where]);
	add_step(text, !fenced ? NULL : first ? order : "shuffle");
	add_step(text, up);
	add_step(text, plan->tiers ? "tier" : NULL);
	add_step(text, first ? NULL : order);
	if (order != NULL || is_joined(plan)) {
		snprintf(take, sizeof(take), "take %u", plan->order == STEER_LUA_RANDOM ? plan->take : 1);
		add_step(text, take);
	}
}

static int pass_policy(const take_t *take)
{
	const steer_reading_t *sink = &take->lua->sink;
	char text[STEER_PROGRAM_TEXT];
	uint8_t program[STEER_PROGRAM_MAX];
	steer_text_policy_t policy = {
		.owner = take->record->owner, .type = take->record->type, .program = program,
		.place = take->record->place,
	};
	write_program(&take->lua->plan, text);
	int ret = steer_program_parse(text, program, &policy.len, take->report->fault);
	return ret == STEER_OK ? sink->policy(sink->ctx, &policy, take->report->fault) : ret;
}

/* Record sets. */

/*! Writes what tells the clients of a record set from others; "": nothing. */
static void write_label(const steer_lua_t *lua, const unit_t *unit, char label[STEER_GEO_TEXT])
{
	const char *colon;
	label[0] = '\0';
	if (unit->otherwise) {
		snprintf(label, STEER_GEO_TEXT, "%s",
		         lua->plan.where != STEER_LUA_NOWHERE ? "default" : "");
	} else if (lua->plan.where == STEER_LUA_PLACES) {
		char text[STEER_GEO_TEXT];
		colon = strchr(steer_geo_print(unit->place, text), ':');
		snprintf(label, STEER_GEO_TEXT, "%s", colon != NULL ? colon + 1 : text);
	} else if (lua->plan.where == STEER_LUA_ASNS) {
		snprintf(label, STEER_GEO_TEXT, "AS%u", lua->asns[unit->first_asn]);
	} else {
		snprintf(label, STEER_GEO_TEXT, "%u", unit->branch + 1);
	}
}

/*! Writes the identifier of a record set. \param[in] member  NULL: it has all of the branch. */
static void write_id(const steer_lua_t *lua, const unit_t *unit, const steer_lua_member_t *member,
                     char id[STEER_SET_ID_MAX + 1])
{
	const steer_lua_plan_t *plan = &lua->plan;
	char label[STEER_GEO_TEXT], number[16], alike[16] = "";
	write_label(lua, unit, label);
	if (member == NULL) {
		snprintf(id, STEER_SET_ID_MAX + 1, "%s", label);
		return;
	}
	const char *value = value_of(plan, member);
	if (strlen(value) > VALUE_ID_MAX || value[0] == '\0' || !steer_yaml_is_line(value)) {
		snprintf(number, sizeof(number), "%zu", (size_t)(member - plan->members) + 1);
		value = number;
	} else if (member->alike > 0) {
		snprintf(alike, sizeof(alike), " #%u", member->alike + 1u);
	}
	snprintf(id, STEER_SET_ID_MAX + 1, "%s%s%s%s", label, label[0] != '\0' ? " " : "", value,
	         alike);
}

/*! Passes on a record set without its values. */
static int pass_set(const take_t *take, const unit_t *unit, const steer_lua_member_t *member)
{
	steer_lua_t *lua = take->lua;
	const steer_lua_plan_t *plan = &lua->plan;
	char id[STEER_SET_ID_MAX + 1], location[STEER_DICTIONARY_NAME_MAX + 1];
	char name[STEER_REGION_NAME_MAX + 1];
	const bool weighted = plan->order == STEER_LUA_WEIGHTED ||
	                      plan->order == STEER_LUA_WEIGHTED_HASHED;
	steer_text_set_t set = {
		.owner = take->record->owner, .type = take->record->type, .place = take->record->place,
		.set = {
			.id = id, .has_weight = member != NULL && weighted,
			.weight = member != NULL ? member->weight : 0,
			.has_tier = member != NULL && plan->tiers, .tier = member != NULL ? member->tier : 0,
			.has_geo = plan->where == STEER_LUA_PLACES, .geo = unit->place,
			.has_location = plan->where == STEER_LUA_NETWORKS,
			.has_asns = plan->where == STEER_LUA_ASNS,
			.asns = lua->asns + unit->first_asn, .asns_count = unit->otherwise ? 0 : unit->asns,
		},
	};
	write_id(lua, unit, member, id);
	name_location(unit->branch, name);
	snprintf(location, sizeof(location), "%s/%s", lua->collection, name);
	set.set.location = unit->otherwise ? NULL : location;
	set.set.has_point = plan->order == STEER_LUA_CLOSEST;
	if (set.set.has_point) {
		set.set.point = lua->points[member - plan->members];
	}
	if (member != NULL && member->check != STEER_LUA_UNCHECKED) {
		set.set.health = steer_lua_check_id(&plan->checks, member->check);
	}
	return lua->sink.set(lua->sink.ctx, &set, take->report->fault);
}

/*! Passes on the record sets for clients. */
static int pass_unit(const take_t *take, const unit_t *unit)
{
	const steer_lua_plan_t *plan = &take->lua->plan;
	const bool joined = is_joined(plan);
	int ret = joined ? pass_set(take, unit, NULL) : STEER_OK;
	for (size_t i = 0; i < plan->members_count && ret == STEER_OK; i++) {
		const steer_lua_member_t *member = &plan->members[i];
		if (member->branch != unit->branch) {
			continue;
		}
		ret = joined ? STEER_OK : pass_set(take, unit, member);
		ret = ret == STEER_OK ? pass_value(take, member, true) : ret;
	}
	return ret;
}

static int pass_checks(const take_t *take)
{
	steer_lua_plan_t *plan = &take->lua->plan;
	int ret = STEER_OK;
	for (size_t i = 0; i < plan->members_count && ret == STEER_OK; i++) {
		if (plan->members[i].check != STEER_LUA_UNCHECKED) {
			ret = steer_lua_check_pass(&plan->checks, plan->members[i].check, &take->lua->sink,
			                           &take->record->place, take->report->fault);
		}
	}
	return ret;
}

/*! Passes on what a record becomes. */
static int pass(const take_t *take)
{
	steer_lua_t *lua = take->lua;
	const steer_lua_plan_t *plan = &lua->plan;
	if (plan->note[0] != '\0') {
		warn(take, plan->note, "");
	}
	if (plan->otherwise == STEER_LUA_NO_BRANCH) {
		warn(take, "no value for other clients, who get NODATA", "");
	}
	if (plan->where == STEER_LUA_NOWHERE && is_joined(plan)) {
		int ret = STEER_OK;
		for (size_t i = 0; i < plan->members_count && ret == STEER_OK; i++) {
			ret = pass_value(take, &plan->members[i], false);
		}
		return ret;
	}
	int ret = pass_checks(take);
	if (ret == STEER_OK && plan->where == STEER_LUA_NETWORKS) {
		ret = pass_networks(take);
	}
	ret = ret == STEER_OK ? pass_policy(take) : ret;
	for (size_t i = 0; i < lua->units_count && ret == STEER_OK; i++) {
		ret = pass_unit(take, &lua->units[i]);
	}
	return ret;
}

/*! Makes of a record what it becomes. \retval STEER_EINVAL  Nothing, and the plan tells why */
static int make(const take_t *take, const steer_lua_line_t *line)
{
	steer_lua_t *lua = take->lua;
	steer_lua_plan_t *plan = &lua->plan;
	const uint16_t type = take->record->type;
	int ret = steer_lua_plan_make(plan, line->code, line->len);
	ret = ret == STEER_OK ? check_values(take) : ret;
	ret = ret == STEER_OK ? find_points(lua) : ret;
	if (ret != STEER_OK) {
		return ret;
	}
	if ((type == KNOT_RRTYPE_CNAME || type == KNOT_RRTYPE_DNAME) &&
	    plan->order == STEER_LUA_ALL) {
		snprintf(plan->why, sizeof(plan->why), "several values at once, of which a name has one");
		return STEER_EINVAL;
	}
	find_units(lua);
	ret = check_units(lua);
	return ret == STEER_OK && plan->where == STEER_LUA_NETWORKS ? name_collection(take) : ret;
}

/*! Notes the name and type of a record. \return Whether it is the first one; else it is told */
static bool is_first(const take_t *take, int *ret)
{
	char text[STEER_TYPE_TEXT + 64];
	uint8_t key[STEER_TYPE_TEXT + STEER_NAME_MAX]; // The type is a label in front.
	uint32_t before;
	char name[STEER_TYPE_TEXT];
	steer_type_text(take->record->type, name);
	const size_t label = strlen(name);
	key[0] = label;
	memcpy(key + 1, name, label);
	memcpy(key + 1 + label, take->record->owner, steer_name_len(take->record->owner));
	*ret = steer_name_set_add(&take->lua->names, key, take->record->place.line, &before);
	if (*ret != STEER_OK) {
		*ret = no_memory(take);
	} else if (before > 0) {
		snprintf(text, sizeof(text), "a second LUA %s at this name; allowed: one", name);
		*ret = steer_report(take->report, &take->record->place, text);
	}
	return *ret == STEER_OK && before == 0;
}

int steer_lua_take(steer_lua_t *lua, const steer_lua_line_t *line, steer_report_t *report)
{
	const take_t take = { lua, &line->record, report };
	int ret;
	if (line->record.type == TYPE_LUA) {
		return leave_out(&take, "code that other records include");
	}
	if (!is_first(&take, &ret)) {
		return ret;
	}
	ret = make(&take, line);
	if (ret == STEER_EINVAL) {
		return leave_out(&take, lua->plan.why);
	}
	return ret == STEER_OK ? pass(&take) : no_memory(&take);
}
