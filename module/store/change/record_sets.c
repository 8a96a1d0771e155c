/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups of record sets: what a change set says about them, merged with what is stored.
 *
 * A set with an identifier replaces the stored one of that identifier; the others stay, under the
 * group's policy. A set without an identifier replaces the whole group.
 */
#include <stdlib.h>
#include <string.h>

#include "core/attributes.h"
#include "core/program.h"
#include "core/utf8.h"
#include "store/change/set_attributes.h"
#include "store/change/source_location.h"

/*! A group under construction. */
typedef struct {
	steer_groups_t *groups;
	const steer_groups_from_t *from;
	const steer_apply_t *options;
	steer_fault_t *fault;
	uint16_t type;
	/* Its records, sorted: these kinds, then record sets, each followed by its values. */
	const steer_change_record_t **policies, **ttls, **removals, **sets;
	size_t policies_count, ttls_count, removals_count, sets_count;
	steer_group_t old;
	bool had;                /*!< There was an old group, ... */
	bool stays;              /*!< ... which stays where nothing replaces it. */
	bool simple;             /*!< A set without an identifier is given. */
	bool named;              /*!< A set with an identifier is given. */
	uint16_t reads;          /*!< What the program reads: STEER_KEEP_*. */
	uint16_t still_reads;    /*!< What the program of the old group read, too. */
	uint16_t no_longer_reads; /*!< What that read alone. */
	unsigned dropped[STEER_SET_ATTRIBUTES]; /*!< Number of sets that stay and lose theirs. */
	uint32_t collection;     /*!< Of all locations; 0: there are none. */
	const steer_set_t *located; /*!< The first set that has one, ... */
	const steer_change_record_t *located_at; /*!< ... if it is given. */
	const uint8_t *program;
	size_t program_len;
	steer_set_t *made;
	unsigned count;
} builder_t;

static const char *id_of(const steer_change_record_t *record, size_t *len)
{
	if (record->kind == STEER_CHANGE_REMOVAL) {
		*len = strlen(record->id);
		return record->id;
	}
	// A plain value belongs to the set without an identifier.
	*len = record->set != NULL ? record->set->id_len : 0;
	return record->set != NULL ? record->set->id : "";
}

static int compare_ids(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return steer_key_cmp(a, a_len, b, b_len);
}

/*! Order of the kinds, see builder_t. Removals and sets have identifiers. */
enum { RANK_POLICY, RANK_TTL, RANK_REMOVAL, RANK_SET };

static unsigned rank(const steer_change_record_t *record)
{
	switch (record->kind) {
	case STEER_CHANGE_POLICY:
		return RANK_POLICY;
	case STEER_CHANGE_TTL:
		return RANK_TTL;
	case STEER_CHANGE_REMOVAL:
		return RANK_REMOVAL;
	default:
		return RANK_SET;
	}
}

/*! Order of a group's records, see builder_t; a set comes before its values. */
static int by_set(const void *a, const void *b)
{
	const steer_change_record_t *x = *(const steer_change_record_t *const *)a;
	const steer_change_record_t *y = *(const steer_change_record_t *const *)b;
	if (rank(x) != rank(y)) {
		return (int)rank(x) - (int)rank(y);
	}
	int diff = 0;
	if (rank(x) >= RANK_REMOVAL) {
		size_t x_len, y_len;
		const char *x_id = id_of(x, &x_len), *y_id = id_of(y, &y_len);
		diff = compare_ids(x_id, x_len, y_id, y_len);
	}
	if (diff == 0) {
		diff = (y->kind == STEER_CHANGE_SET) - (x->kind == STEER_CHANGE_SET);
	}
	return diff != 0 ? diff : (x->seq > y->seq) - (x->seq < y->seq);
}

/*! Skips the records of a rank. \return Their number. */
static size_t take_rank(const steer_change_record_t ***at, const steer_change_record_t **end,
                        unsigned of)
{
	const steer_change_record_t **first = *at;
	while (*at < end && rank(**at) == of) {
		(*at)++;
	}
	return *at - first;
}

static void sort_records(builder_t *builder, const steer_change_record_t **records, size_t count)
{
	qsort(records, count, sizeof(*records), by_set);
	const steer_change_record_t **at = records, **end = records + count;
	builder->policies = at;
	builder->policies_count = take_rank(&at, end, RANK_POLICY);
	builder->ttls = at;
	builder->ttls_count = take_rank(&at, end, RANK_TTL);
	builder->removals = at;
	builder->removals_count = take_rank(&at, end, RANK_REMOVAL);
	builder->sets = at;
	builder->sets_count = end - at;
	size_t first_len = 0, last_len = 0;
	if (builder->sets_count > 0) {
		(void)id_of(builder->sets[0], &first_len);
		(void)id_of(records[count - 1], &last_len);
		builder->simple = first_len == 0; // The empty identifier comes first.
		builder->named = last_len > 0;
	}
}

/*! Refuses "TYPE 'identifier': text" at a record. */
static int refuse(const builder_t *builder, const steer_change_record_t *record, const char *text)
{
	char set[STEER_SET_TEXT], line[STEER_SET_TEXT + STEER_MESSAGE_MAX];
	size_t len = 0;
	const char *id = rank(record) >= RANK_REMOVAL ? id_of(record, &len) : "";
	steer_set_text(set, builder->type, id, len);
	snprintf(line, sizeof(line), "%s: %s", set, text);
	return steer_record_fault(record, STEER_EREFUSED, line, builder->fault);
}

/* The policy. */

/*! Decides the program: the given one, or the old one if old sets may stay (rules G1, G2). */
static int decide_program(builder_t *builder)
{
	for (size_t i = 1; i < builder->policies_count; i++) {
		const steer_change_policy_t *one = builder->policies[0]->policy;
		const steer_change_policy_t *other = builder->policies[i]->policy;
		if (one->len != other->len || memcmp(one->steps, other->steps, one->len) != 0) {
			return refuse(builder, builder->policies[i], "two policies: a group has one");
		}
	}
	if (builder->simple && builder->named) {
		return refuse(builder, builder->sets[builder->sets_count - 1],
		              "record sets with and without an identifier: a group with a policy has them "
		              "with, one without a policy has one without");
	}
	bool implied = builder->policies_count > 0 && builder->policies[0]->policy->implied;
	if (implied && builder->stays && builder->old.program_len == 0) {
		return refuse(builder, builder->policies[0],
		              "a simple record set; allowed: a policy that is named, which ends it");
	}
	if (builder->policies_count > 0 && !(implied && builder->stays)) {
		builder->program = builder->policies[0]->policy->steps;
		builder->program_len = builder->policies[0]->policy->len;
	} else if (builder->stays && !builder->simple) {
		builder->program = builder->old.program;
		builder->program_len = builder->old.program_len;
	}
	if (builder->simple && builder->program_len > 0) {
		return refuse(builder, builder->sets[0],
		              "a record set of a group with a policy needs an identifier");
	}
	if (builder->named && builder->program_len == 0) {
		return refuse(builder, builder->sets[0],
		              "an identifier, and the group has no policy; allowed: a policy that comes "
		              "with it");
	}
	const steer_group_t *old = &builder->old;
	const uint16_t was = builder->had ? steer_program_reads(old->program, old->program_len) : 0;
	builder->reads = steer_program_reads(builder->program, builder->program_len);
	builder->still_reads = builder->reads & was;
	builder->no_longer_reads = was & ~builder->reads;
	return STEER_OK;
}

/* Record sets that are given. */

/*! Whether an identifier is short enough and can be printed. */
static bool id_is_good(const steer_change_set_t *set)
{
	uint32_t code;
	unsigned bytes;
	for (size_t at = 0; at < set->id_len; at += bytes) {
		bytes = steer_utf8_read(set->id + at, set->id_len - at, &code);
		if (bytes == 0 || steer_utf8_is_control(code)) {
			return false;
		}
	}
	return set->id_len <= STEER_SET_ID_MAX;
}

/*! Whether old sets stay if nothing replaces them: none does from simple to a policy, or back. */
static bool keeps_policy(const builder_t *builder)
{
	return builder->stays && (builder->old.program_len > 0) == (builder->program_len > 0);
}

/*! Whether a record set leaves something (STEER_KEEP_*) as the stored one has it. */
static bool keeps(const steer_change_set_t *set, const steer_set_t *stored, uint16_t what)
{
	return stored != NULL && (set->keep & what);
}

/*! What is wrong with where a record set or its clients are; NULL: nothing. */
static const char *fault_of_place(const steer_change_set_t *set)
{
	if ((set->geo & ~STEER_GEO_KNOWN) != 0) {
		return "a bad place; allowed: a continent, a country or a subdivision";
	}
	if (!steer_coordinates_are_good(set->point)) {
		return "bad coordinates; allowed: -90 to 90 degrees north, -180 to 180 degrees east";
	}
	if (set->bias < -STEER_BIAS_MAX || set->bias > STEER_BIAS_MAX) {
		return "a bad bias; allowed: -99 to 99";
	}
	if (!steer_attributes_are_whole(set->attrs, set->attrs_len)) {
		return "bad numbers of autonomous systems; allowed: 1 to 63 of them, from 1, none twice";
	}
	return NULL;
}

/*! What is wrong with a record set by itself; NULL: nothing. \param[in] stored  NULL: it is new. */
static const char *fault_of(const steer_change_set_t *set, const steer_set_t *stored, size_t values)
{
	if (set == NULL) {
		return NULL;
	}
	bool kept = keeps(set, stored, STEER_KEEP_CONTENT);
	if (!id_is_good(set)) {
		return "a bad identifier; allowed: 1 to 128 bytes of UTF-8 without control characters";
	}
	if (set->alias == NULL && values == 0 && !kept) {
		return "no values; allowed: values or an alias";
	}
	if (set->alias != NULL && values > 0) {
		return "values and an alias; allowed: one of them";
	}
	if (kept && stored->alias && !(set->keep & STEER_KEEP_TTL)) {
		return "an alias has no TTL of its own; allowed: values with one";
	}
	if (kept && !stored->alias && !(set->keep & STEER_KEEP_EVALUATE)) {
		return "values have no target whose health could be evaluated; allowed: an alias";
	}
	return fault_of_place(set);
}

/*! Refuses an attribute that no step reads (rule G4). */
static int check_read(const builder_t *builder, const steer_change_record_t *record)
{
	for (unsigned i = 0; record->set != NULL && i < STEER_SET_ATTRIBUTES; i++) {
		const steer_set_attribute_t *attribute = &steer_set_attributes[i];
		if (record->set->given & attribute->bit & ~builder->reads) {
			char text[STEER_MESSAGE_MAX];
			snprintf(text, sizeof(text), "%s that no step reads; allowed: in a policy with the "
			         "step %s", attribute->one, attribute->steps);
			return refuse(builder, record, text);
		}
	}
	return STEER_OK;
}

/*! Finds the stored set that a given one replaces, if something of it can stay. */
static bool find_stored(const builder_t *builder, const steer_change_set_t *set,
                        steer_set_t *stored)
{
	if (set == NULL || !keeps_policy(builder)) {
		return false;
	}
	for (unsigned i = 0; i < builder->old.count; i++) {
		steer_group_set(&builder->old, i, stored);
		if (compare_ids(stored->id, stored->id_len, set->id, set->id_len) == 0) {
			return true;
		}
	}
	return false;
}

/*! Gives a stored set another TTL, by a copy of its values. */
static void give_ttl(builder_t *builder, steer_set_t *set, uint32_t ttl)
{
	steer_groups_t *groups = builder->groups;
	uint8_t *copy = memcpy(groups->rrs + groups->rrs_len, set->body, set->body_len);
	steer_rrs_set_ttl(copy, set->body_len, ttl);
	groups->rrs_len += set->body_len;
	set->body = copy;
	set->ttl = ttl;
}

/*! Fills in kept values, or an alias. */
static void fill_content(builder_t *builder, const steer_change_set_t *from,
                         const steer_set_t *stored, steer_set_t *set)
{
	if (keeps(from, stored, STEER_KEEP_CONTENT)) {
		*set = *stored;
		if (!(from->keep & STEER_KEEP_TTL)) {
			give_ttl(builder, set, from->ttl);
		}
	} else if (from->alias != NULL) {
		set->alias = true;
		set->body = from->alias;
		set->body_len = from->alias_len;
	}
	if (set->alias) {
		bool kept = keeps(from, stored, STEER_KEEP_EVALUATE) && stored->alias;
		set->evaluate = kept ? stored->evaluate : from->evaluate;
	}
}

/*! Gives a set some attributes of a stored one, as far as the program reads them (rule G4). */
static void carry(builder_t *builder, const steer_set_t *stored, uint16_t which, steer_set_t *set)
{
	static const steer_set_t defaults = { .weight = 1 };
	const uint16_t dropped = which & builder->no_longer_reads & steer_set_attributes_of(stored);
	for (unsigned i = 0; i < STEER_SET_ATTRIBUTES; i++) {
		builder->dropped[i] += (dropped & steer_set_attributes[i].bit) != 0;
	}
	steer_set_attributes_copy(&defaults, which & ~builder->still_reads, set);
	steer_set_attributes_copy(stored, which & builder->still_reads, set);
}

/*! Ends the attributes of a set: takes the lists from one set or two, by what the program reads. */
static void end_attributes(builder_t *builder, const steer_set_t *health, const steer_set_t *asns,
                           steer_set_t *set)
{
	const bool reads_asns = builder->reads & STEER_KEEP_ASNS;
	steer_set_attributes_join(builder->groups, health, reads_asns ? asns : NULL, set);
	set->weight = builder->reads & STEER_KEEP_WEIGHT ? set->weight : 0;
}

/*! Fills in a set's attributes. */
static void fill_attributes(builder_t *builder, const steer_change_set_t *from,
                            const steer_set_t *stored, steer_set_t *set)
{
	const steer_set_t given = {
		.attrs = from->attrs, .attrs_len = from->attrs_len, .slot = from->slot,
		.generation = from->generation, .weight = from->weight, .tier = from->tier,
		.region = from->region, .geo = from->geo, .location = from->location,
		.has_point = from->given & STEER_KEEP_POINT, .point = from->point, .bias = from->bias,
	};
	const uint16_t keep = stored != NULL ? from->keep : 0;
	const steer_set_t *health = keep & STEER_KEEP_HEALTH ? stored : &given;
	set->id = (const uint8_t *)from->id;
	set->id_len = from->id_len;
	set->slot = health->slot;
	set->generation = health->generation;
	steer_set_attributes_copy(&given, ~keep, set);
	if (stored != NULL) {
		carry(builder, stored, keep, set);
	}
	end_attributes(builder, health, keep & STEER_KEEP_ASNS ? stored : &given, set);
}

/*! Refuses a location outside the collection of the others. \param[in] at  NULL: the set stays. */
static int join_collection(builder_t *builder, const steer_set_t *set, uint32_t collection,
                           const steer_change_record_t *at)
{
	if (set->location == 0 || collection == builder->collection) {
		return STEER_OK;
	}
	const steer_set_t *other = builder->located;
	if (other == NULL) {
		builder->collection = collection;
		builder->located = set;
		builder->located_at = at;
		return STEER_OK;
	}
	if (at == NULL) { // What is given is at fault.
		at = builder->located_at;
		other = set;
	}
	char line[STEER_MESSAGE_MAX];
	snprintf(line, sizeof(line), "a location in another collection than that of '%.*s'; allowed: "
	         "one collection in a group", other->id_len, (const char *)other->id);
	return refuse(builder, at, line);
}

/*! Makes a record set from the records of one identifier. */
static int make_set(builder_t *builder, const steer_change_record_t **records, size_t count)
{
	const steer_change_set_t *from = records[0]->set;
	size_t before = records[0]->kind == STEER_CHANGE_SET ? 1 : 0;
	for (size_t i = 1; i < count; i++) {
		if (records[i]->kind == STEER_CHANGE_SET || records[i]->set != from) {
			return refuse(builder, records[i], "the record set is given twice");
		}
	}
	steer_set_t found, set = { .slot = STEER_SLOT_NONE };
	const steer_set_t *stored = find_stored(builder, from, &found) ? &found : NULL;
	const char *wrong = fault_of(from, stored, count - before);
	if (wrong != NULL) {
		return refuse(builder, records[0], wrong);
	}
	int ret = check_read(builder, records[0]);
	if (ret == STEER_OK && count > before) {
		ret = steer_groups_values(builder->groups, records + before, count - before,
		                              builder->stays ? &builder->old : NULL, builder->options,
		                              builder->fault, &set);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	builder->made[builder->count] = set;
	steer_set_t *made = &builder->made[builder->count++];
	if (from == NULL) {
		made->weight = builder->reads & STEER_KEEP_WEIGHT ? 1 : 0;
		return STEER_OK;
	}
	fill_content(builder, from, stored, made);
	fill_attributes(builder, from, stored, made);
	bool kept = keeps(from, stored, STEER_KEEP_LOCATION);
	return join_collection(builder, made, kept ? builder->old.collection : from->collection,
	                       records[0]);
}

static int make_sets(builder_t *builder)
{
	int ret = STEER_OK;
	for (size_t i = 0, end; i < builder->sets_count && ret == STEER_OK; i = end) {
		size_t len, other_len;
		const char *id = id_of(builder->sets[i], &len);
		for (end = i + 1; end < builder->sets_count; end++) {
			const char *other = id_of(builder->sets[end], &other_len);
			if (compare_ids(id, len, other, other_len) != 0) {
				break;
			}
		}
		ret = make_set(builder, builder->sets + i, end - i);
	}
	return ret;
}

/* Record sets that are stored. */

/*! Whether one of some sorted records has the identifier of a set. */
static bool is_among(const steer_change_record_t **records, size_t count, const steer_set_t *set)
{
	size_t low = 0;
	while (low < count) {
		size_t middle = low + (count - low) / 2, len;
		const char *id = id_of(records[middle], &len);
		int diff = compare_ids(set->id, set->id_len, id, len);
		if (diff == 0) {
			return true;
		}
		if (diff < 0) {
			count = middle;
		} else {
			low = middle + 1;
		}
	}
	return false;
}

static bool has_set(const steer_group_t *group, const char *id)
{
	size_t len = strlen(id);
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		if (compare_ids(set.id, set.id_len, id, len) == 0) {
			return true;
		}
	}
	return false;
}

static int check_removals(const builder_t *builder)
{
	for (size_t i = 0; i < builder->removals_count; i++) {
		const steer_change_record_t *record = builder->removals[i];
		if (!builder->had || !has_set(&builder->old, record->id)) {
			char set[STEER_SET_TEXT], line[STEER_SET_TEXT + STEER_MESSAGE_MAX];
			size_t len = strlen(record->id);
			steer_set_text(set, builder->type, record->id, len);
			snprintf(line, sizeof(line), "%s: no such record set", set);
			return steer_record_fault(record, STEER_ENOENT, line, builder->fault);
		}
	}
	return STEER_OK;
}

/*! Checks a TTL for the sets that stay, some of which must have values. */
static int check_ttls(const builder_t *builder)
{
	if (builder->ttls_count == 0) {
		return STEER_OK;
	}
	for (unsigned i = 0; builder->stays && i < builder->old.count; i++) {
		steer_set_t set;
		steer_group_set(&builder->old, i, &set);
		if (!set.alias) {
			return STEER_OK;
		}
	}
	char line[STEER_MESSAGE_MAX], type[STEER_TYPE_TEXT];
	snprintf(line, sizeof(line), "%s: %s", steer_type_text(builder->type, type),
	         !builder->stays ? "no such record set" : "an alias has no TTL of its own");
	return steer_record_fault(builder->ttls[0], builder->stays ? STEER_EREFUSED : STEER_ENOENT,
	                          line, builder->fault);
}

static void warn_of_dropped(const builder_t *builder)
{
	char line[STEER_MESSAGE_MAX], type[STEER_TYPE_TEXT];
	for (unsigned i = 0; i < STEER_SET_ATTRIBUTES; i++) {
		const unsigned sets = builder->dropped[i];
		if (sets > 0) {
			snprintf(line, sizeof(line), "%s: the new policy reads no %s: those of %u record set%s "
			         "are gone", steer_type_text(builder->type, type),
			         steer_set_attributes[i].several, sets, sets == 1 ? "" : "s");
			steer_record_warn(builder->policies[0], line, builder->options);
		}
	}
}

/*! Keeps the old sets that nothing replaces, without what no step reads any more (rule G4). */
static int keep_sets(builder_t *builder)
{
	const steer_group_t *old = &builder->old;
	int ret = STEER_OK;
	for (unsigned i = 0; keeps_policy(builder) && i < old->count && ret == STEER_OK; i++) {
		steer_set_t *set = &builder->made[builder->count];
		steer_group_set(old, i, set);
		if (is_among(builder->removals, builder->removals_count, set) ||
		    is_among(builder->sets, builder->sets_count, set)) {
			continue;
		}
		const steer_set_t stored = *set;
		carry(builder, &stored, UINT16_MAX, set);
		end_attributes(builder, &stored, &stored, set);
		if (builder->ttls_count > 0 && !set->alias) {
			give_ttl(builder, set, *builder->ttls[0]->ttl);
		}
		builder->count++;
		ret = join_collection(builder, set, old->collection, NULL);
	}
	if (ret == STEER_OK) {
		warn_of_dropped(builder);
	}
	return ret;
}

/* The group. */

/*! Order of record sets in a group (rule G6). */
static int by_order(const void *a, const void *b)
{
	return steer_set_order(a, b);
}

static int add_group(builder_t *builder)
{
	if (builder->count == 0 && builder->policies_count == 0) {
		return STEER_OK;
	}
	if (builder->count == 0) {
		return refuse(builder, builder->policies[0], builder->program_len == 0 && builder->had
		              ? "the policy is simple, and the record sets have identifiers; allowed: one "
		                "record set without"
		              : "a policy without record sets; allowed: record sets with identifiers");
	}
	if (builder->count > STEER_SETS_MAX) {
		char line[STEER_MESSAGE_MAX];
		snprintf(line, sizeof(line), "%u record sets; allowed: up to %d", builder->count,
		         STEER_SETS_MAX);
		return refuse(builder, builder->sets[builder->sets_count - 1], line);
	}
	qsort(builder->made, builder->count, sizeof(*builder->made), by_order);
	steer_groups_t *groups = builder->groups;
	groups->sets_count += builder->count;
	groups->policies = true;
	groups->groups[groups->count++] = (steer_group_t) {
		.type = builder->type, .count = builder->count, .sets = builder->made,
		.program = builder->program, .program_len = builder->program_len,
		.collection = builder->collection,
	};
	return STEER_OK;
}

int steer_sets_make(steer_groups_t *groups, const steer_groups_from_t *from,
                    const steer_change_record_t **records, size_t count,
                    const steer_apply_t *options, steer_fault_t *fault)
{
	builder_t builder = {
		.groups = groups, .from = from, .options = options, .fault = fault,
		.type = records[0]->type, .made = &groups->sets[groups->sets_count],
	};
	sort_records(&builder, records, count);
	builder.had = from->old != NULL && steer_face_group(from->old, builder.type, &builder.old);
	builder.stays = builder.had && from->keep && !steer_groups_removed(from, builder.type);
	int ret = check_removals(&builder);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = check_ttls(&builder);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = decide_program(&builder);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = make_sets(&builder);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = keep_sets(&builder);
	return ret == STEER_OK ? add_group(&builder) : ret;
}
