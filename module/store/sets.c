/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups of record sets: what a change set says of them, merged with what is stored.
 *
 * A set with an identifier replaces the one of that identifier, and the others stay under the
 * group's policy; a set without one is the whole group.
 */
#include <stdlib.h>
#include <string.h>

#include "core/program.h"
#include "core/utf8.h"
#include "store/groups.h"

/*! A group under construction. */
typedef struct {
	steer_groups_t *groups;
	const steer_groups_from_t *from;
	const steer_apply_t *options;
	steer_fault_t *fault;
	uint16_t type;
	/* Records about it, sorted: these, then record sets, each with its values. */
	const steer_change_record_t **policies, **ttls, **removals, **sets;
	size_t policies_count, ttls_count, removals_count, sets_count;
	steer_group_t old;
	bool had;                /*!< There was an old one, ... */
	bool stays;              /*!< ... which stays where nothing takes its place. */
	bool simple;             /*!< A set without identifier is given. */
	bool named;              /*!< One with an identifier is. */
	bool weighted, tiered;   /*!< The program reads weights, tiers. */
	bool was_weighted;       /*!< That of the old group did. */
	unsigned weights, tiers; /*!< So many sets stay and lose theirs. */
	const uint8_t *program;
	size_t program_len;
	steer_set_t *made;
	unsigned count;
} making_t;

static const char *id_of(const steer_change_record_t *record, size_t *len)
{
	if (record->kind == STEER_CHANGE_REMOVAL) {
		*len = strlen(record->id);
		return record->id;
	}
	// A plain value is of the set without an identifier.
	*len = record->set != NULL ? record->set->id_len : 0;
	return record->set != NULL ? record->set->id : "";
}

static int compare_ids(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return steer_key_cmp(a, a_len, b, b_len);
}

/*! Order of the kinds, see making_t. Removals and sets have identifiers. */
enum { RANK_POLICY, RANK_TTL, RANK_REMOVAL, RANK_SET };

static unsigned rank(const steer_change_record_t *record)
{
	return record->kind == STEER_CHANGE_POLICY ? RANK_POLICY
	       : record->kind == STEER_CHANGE_TTL ? RANK_TTL
	       : record->kind == STEER_CHANGE_REMOVAL ? RANK_REMOVAL : RANK_SET;
}

/*! Order of a group's records, see making_t; a set comes before its values. */
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

/*! Passes over the records of a rank. \return their number */
static size_t take_rank(const steer_change_record_t ***at, const steer_change_record_t **end,
                        unsigned of)
{
	const steer_change_record_t **begin = *at;
	while (*at < end && rank(**at) == of) {
		(*at)++;
	}
	return *at - begin;
}

static void sort_records(making_t *making, const steer_change_record_t **records, size_t count)
{
	qsort(records, count, sizeof(*records), by_set);
	const steer_change_record_t **at = records, **end = records + count;
	making->policies = at;
	making->policies_count = take_rank(&at, end, RANK_POLICY);
	making->ttls = at;
	making->ttls_count = take_rank(&at, end, RANK_TTL);
	making->removals = at;
	making->removals_count = take_rank(&at, end, RANK_REMOVAL);
	making->sets = at;
	making->sets_count = end - at;
	size_t first_len = 0, last_len = 0;
	if (making->sets_count > 0) {
		(void)id_of(making->sets[0], &first_len);
		(void)id_of(records[count - 1], &last_len);
		making->simple = first_len == 0; // By the order of identifiers it comes first.
		making->named = last_len > 0;
	}
}

/*! Refuses "TYPE 'identifier': text" at a record. */
static int refuse(const making_t *making, const steer_change_record_t *record, const char *text)
{
	char set[STEER_SET_TEXT], line[STEER_SET_TEXT + STEER_MESSAGE_MAX];
	size_t len = 0;
	const char *id = rank(record) >= RANK_REMOVAL ? id_of(record, &len) : "";
	steer_set_text(set, making->type, id, len);
	snprintf(line, sizeof(line), "%s: %s", set, text);
	return steer_record_fault(record, STEER_EREFUSED, line, making->fault);
}

/* The policy. */

static bool has_step(const making_t *making, uint8_t number)
{
	return steer_program_has(making->program, making->program_len, number);
}

/*! Decides the program: the given one, else the old one if sets of it may stay (rules G1, G2). */
static int decide_program(making_t *making)
{
	for (size_t i = 1; i < making->policies_count; i++) {
		const steer_change_policy_t *one = making->policies[0]->policy;
		const steer_change_policy_t *other = making->policies[i]->policy;
		if (one->len != other->len || memcmp(one->steps, other->steps, one->len) != 0) {
			return refuse(making, making->policies[i], "two policies: a group has one");
		}
	}
	if (making->simple && making->named) {
		return refuse(making, making->sets[making->sets_count - 1],
		              "record sets with and without an identifier: a group with a policy has them "
		              "with, one without a policy has one without");
	}
	bool implied = making->policies_count > 0 && making->policies[0]->policy->implied;
	if (implied && making->stays && making->old.program_len == 0) {
		return refuse(making, making->policies[0], "a simple record set; allowed: a policy that is "
		              "named, which ends it");
	}
	if (making->policies_count > 0 && !(implied && making->stays)) {
		making->program = making->policies[0]->policy->steps;
		making->program_len = making->policies[0]->policy->len;
	} else if (making->stays && !making->simple) {
		making->program = making->old.program;
		making->program_len = making->old.program_len;
	}
	if (making->simple && making->program_len > 0) {
		return refuse(making, making->sets[0],
		              "a record set of a group with a policy needs an identifier");
	}
	if (making->named && making->program_len == 0) {
		return refuse(making, making->sets[0],
		              "an identifier, and the group has no policy; allowed: a policy that comes "
		              "with it");
	}
	making->weighted = has_step(making, STEER_STEP_WEIGHTED);
	making->tiered = has_step(making, STEER_STEP_TIER);
	making->was_weighted = making->had && steer_program_has(making->old.program,
	                                                        making->old.program_len,
	                                                        STEER_STEP_WEIGHTED);
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

/*! Whether old sets whose place nothing takes stay: from simple to a policy and back, none does. */
static bool keeps_policy(const making_t *making)
{
	return making->stays && (making->old.program_len > 0) == (making->program_len > 0);
}

/*! Whether a record set leaves something (STEER_KEEP_*) as the stored one has it. */
static bool keeps(const steer_change_set_t *set, const steer_set_t *past, uint8_t what)
{
	return past != NULL && (set->keep & what);
}

/*! What is wrong with a record set by itself; NULL: nothing. \param[in] past  NULL: it is new. */
static const char *fault_of(const making_t *making, const steer_change_set_t *set,
                            const steer_set_t *past, size_t values)
{
	if (set == NULL) {
		return NULL;
	}
	bool kept = keeps(set, past, STEER_KEEP_CONTENT);
	return !id_is_good(set) ? "a bad identifier; allowed: 1 to 128 bytes of UTF-8 without control "
	                          "characters"
	       : set->alias == NULL && values == 0 && !kept ? "no values; allowed: values or an alias"
	       : set->alias != NULL && values > 0 ? "values and an alias; allowed: one of them"
	       : kept && past->alias && !(set->keep & STEER_KEEP_TTL)
	       ? "an alias has no TTL of its own; allowed: values with one"
	       : kept && !past->alias && !(set->keep & STEER_KEEP_EVALUATE)
	       ? "values have no target whose health could be evaluated; allowed: an alias"
	       : set->has_weight && !making->weighted
	       ? "a weight that no step reads; allowed: in a policy with the step 'weighted'"
	       : set->has_tier && !making->tiered
	       ? "a tier that no step reads; allowed: in a policy with the step 'tier'"
	       : NULL;
}

/*! The stored set whose place one of an identifier takes, unless nothing of it can stay. */
static bool find_past(const making_t *making, const steer_change_set_t *set, steer_set_t *past)
{
	if (set == NULL || !keeps_policy(making)) {
		return false;
	}
	for (unsigned i = 0; i < making->old.count; i++) {
		steer_group_set(&making->old, i, past);
		if (compare_ids(past->id, past->id_len, set->id, set->id_len) == 0) {
			return true;
		}
	}
	return false;
}

/*! Gives a stored set another TTL, in a copy of its values. */
static void give_ttl(making_t *making, steer_set_t *set, uint32_t ttl)
{
	steer_groups_t *groups = making->groups;
	uint8_t *copy = memcpy(groups->rrs + groups->rrs_len, set->body, set->body_len);
	steer_rrs_set_ttl(copy, set->body_len, ttl);
	groups->rrs_len += set->body_len;
	set->body = copy;
	set->ttl = ttl;
}

/*! Fills in values that were there, or an alias. */
static void fill_content(making_t *making, const steer_change_set_t *from, const steer_set_t *past,
                         steer_set_t *set)
{
	if (keeps(from, past, STEER_KEEP_CONTENT)) {
		*set = *past;
		if (!(from->keep & STEER_KEEP_TTL)) {
			give_ttl(making, set, from->ttl);
		}
	} else if (from->alias != NULL) {
		set->alias = true;
		set->body = from->alias;
		set->body_len = from->alias_len;
	}
	if (set->alias) {
		bool kept = keeps(from, past, STEER_KEEP_EVALUATE) && past->alias;
		set->evaluate = kept ? past->evaluate : from->evaluate;
	}
}

/*! Gives a set the weight and the tier of a stored one, as far as the program reads them (G4). */
static void carry(making_t *making, const steer_set_t *past, bool weight, bool tier,
                  steer_set_t *set)
{
	if (weight) {
		making->weights += making->was_weighted && !making->weighted && past->weight != 1;
		set->weight = !making->weighted ? 0 : making->was_weighted ? past->weight : 1;
	}
	if (tier) {
		making->tiers += !making->tiered && past->tier != 0;
		set->tier = making->tiered ? past->tier : 0;
	}
}

/*! Fills in a set's attributes. */
static void fill_attributes(making_t *making, const steer_change_set_t *from,
                            const steer_set_t *past, steer_set_t *set)
{
	bool health = keeps(from, past, STEER_KEEP_HEALTH);
	set->id = (const uint8_t *)from->id;
	set->id_len = from->id_len;
	set->attrs = health ? past->attrs : from->attrs;
	set->attrs_len = health ? past->attrs_len : from->attrs_len;
	set->slot = health ? past->slot : from->slot;
	set->generation = health ? past->generation : from->generation;
	set->tier = from->has_tier ? from->tier : 0;
	set->weight = !making->weighted ? 0 : from->has_weight ? from->weight : 1;
	if (past != NULL) {
		carry(making, past, from->keep & STEER_KEEP_WEIGHT, from->keep & STEER_KEEP_TIER, set);
	}
}

/*! Makes the record set of so many records: those of one identifier. */
static int make_set(making_t *making, const steer_change_record_t **records, size_t count)
{
	const steer_change_set_t *from = records[0]->set;
	size_t before = records[0]->kind == STEER_CHANGE_SET ? 1 : 0;
	for (size_t i = 1; i < count; i++) {
		if (records[i]->kind == STEER_CHANGE_SET || records[i]->set != from) {
			return refuse(making, records[i], "the record set is given twice");
		}
	}
	steer_set_t found, set = { .slot = STEER_SLOT_NONE };
	const steer_set_t *past = find_past(making, from, &found) ? &found : NULL;
	const char *wrong = fault_of(making, from, past, count - before);
	if (wrong != NULL) {
		return refuse(making, records[0], wrong);
	}
	if (count > before) {
		int ret = steer_groups_values(making->groups, records + before, count - before,
		                              making->stays ? &making->old : NULL, making->options,
		                              making->fault, &set);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	if (from != NULL) {
		fill_content(making, from, past, &set);
		fill_attributes(making, from, past, &set);
	} else {
		set.weight = making->weighted;
	}
	making->made[making->count++] = set;
	return STEER_OK;
}

static int make_sets(making_t *making)
{
	int ret = STEER_OK;
	for (size_t i = 0, end; i < making->sets_count && ret == STEER_OK; i = end) {
		size_t len, other_len;
		const char *id = id_of(making->sets[i], &len);
		for (end = i + 1; end < making->sets_count; end++) {
			const char *other = id_of(making->sets[end], &other_len);
			if (compare_ids(id, len, other, other_len) != 0) {
				break;
			}
		}
		ret = make_set(making, making->sets + i, end - i);
	}
	return ret;
}

/* Record sets that were there. */

/*! Whether one of sorted records has an identifier. */
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

static int check_removals(const making_t *making)
{
	for (size_t i = 0; i < making->removals_count; i++) {
		const steer_change_record_t *record = making->removals[i];
		if (!making->had || !has_set(&making->old, record->id)) {
			char set[STEER_SET_TEXT], line[STEER_SET_TEXT + STEER_MESSAGE_MAX];
			size_t len = strlen(record->id);
			steer_set_text(set, making->type, record->id, len);
			snprintf(line, sizeof(line), "%s: no such record set", set);
			return steer_record_fault(record, STEER_ENOENT, line, making->fault);
		}
	}
	return STEER_OK;
}

/*! Checks a TTL for the sets that stay: some of them must have one. */
static int check_ttls(const making_t *making)
{
	if (making->ttls_count == 0) {
		return STEER_OK;
	}
	for (unsigned i = 0; making->stays && i < making->old.count; i++) {
		steer_set_t set;
		steer_group_set(&making->old, i, &set);
		if (!set.alias) {
			return STEER_OK;
		}
	}
	char line[STEER_MESSAGE_MAX], type[16];
	snprintf(line, sizeof(line), "%s: %s", steer_type_text(making->type, type),
	         !making->stays ? "no such record set" : "an alias has no TTL of its own");
	return steer_record_fault(making->ttls[0], making->stays ? STEER_EREFUSED : STEER_ENOENT, line,
	                          making->fault);
}

static void warn_of_dropped(const making_t *making, const char *what, unsigned sets)
{
	char line[STEER_MESSAGE_MAX], type[16];
	if (sets > 0) {
		snprintf(line, sizeof(line), "%s: the new policy reads no %ss: %s of %u record set%s gone",
		         steer_type_text(making->type, type), what, sets == 1 ? "that" : "those", sets,
		         sets == 1 ? " is" : "s are");
		steer_record_warn(making->policies[0], line, making->options);
	}
}

/*! Keeps the old sets whose place nothing takes; what no step reads any more goes (rule G4). */
static void keep_sets(making_t *making)
{
	const steer_group_t *old = &making->old;
	for (unsigned i = 0; keeps_policy(making) && i < old->count; i++) {
		steer_set_t *set = &making->made[making->count];
		steer_group_set(old, i, set);
		if (is_among(making->removals, making->removals_count, set) ||
		    is_among(making->sets, making->sets_count, set)) {
			continue;
		}
		const steer_set_t past = *set;
		carry(making, &past, true, true, set);
		if (making->ttls_count > 0 && !set->alias) {
			give_ttl(making, set, *making->ttls[0]->ttl);
		}
		making->count++;
	}
	warn_of_dropped(making, "weight", making->weights);
	warn_of_dropped(making, "tier", making->tiers);
}

/* All of it. */

/*! Order of record sets in a group (rule G6). */
static int by_order(const void *a, const void *b)
{
	return steer_set_order(a, b);
}

static int add_group(making_t *making)
{
	if (making->count == 0 && making->policies_count == 0) {
		return STEER_OK;
	}
	if (making->count == 0) {
		return refuse(making, making->policies[0], making->program_len == 0 && making->had
		              ? "the policy is simple, and the record sets have identifiers; allowed: one "
		                "record set without"
		              : "a policy without record sets; allowed: record sets with identifiers");
	}
	if (making->count > STEER_SETS_MAX) {
		char line[STEER_MESSAGE_MAX];
		snprintf(line, sizeof(line), "%u record sets; allowed: up to %d", making->count,
		         STEER_SETS_MAX);
		return refuse(making, making->sets[making->sets_count - 1], line);
	}
	qsort(making->made, making->count, sizeof(*making->made), by_order);
	steer_groups_t *groups = making->groups;
	groups->sets_count += making->count;
	groups->policies = true;
	groups->groups[groups->count++] = (steer_group_t) {
		.type = making->type, .count = making->count, .sets = making->made,
		.program = making->program, .program_len = making->program_len,
	};
	return STEER_OK;
}

int steer_sets_make(steer_groups_t *groups, const steer_groups_from_t *from,
                    const steer_change_record_t **records, size_t count,
                    const steer_apply_t *options, steer_fault_t *fault)
{
	making_t making = {
		.groups = groups, .from = from, .options = options, .fault = fault,
		.type = records[0]->type, .made = &groups->sets[groups->sets_count],
	};
	sort_records(&making, records, count);
	making.had = from->old != NULL && steer_face_group(from->old, making.type, &making.old);
	making.stays = making.had && from->keep && !steer_groups_removed(from, making.type);
	int ret = check_removals(&making);
	if (ret == STEER_OK) {
		ret = check_ttls(&making);
	}
	if (ret == STEER_OK) {
		ret = decide_program(&making);
	}
	if (ret == STEER_OK) {
		ret = make_sets(&making);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	keep_sets(&making);
	return add_group(&making);
}
