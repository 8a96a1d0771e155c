/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/client.h"
#include "core/pick.h"
#include "core/types.h"

/*! A group on the way from a question to its records. */
typedef struct {
	steer_asker_t *asker;
	const uint8_t *name; /*!< Asked for there; NULL: the question's own. */
	uint16_t type;       /*!< Of the records wanted. */
	uint8_t labels;      /*!< Of the group's owner. */
	bool link;           /*!< A CNAME is wanted, and the records of its target. */
	bool follows;        /*!< Its sets are links of an evaluated way: their targets count (A3). */
	unsigned depth;      /*!< Links passed. */
	steer_way_t way;
	steer_group_t group; /*!< Unless way says that there is none. */
	steer_target_t external; /*!< STEER_WAY_EXTERNAL. */
	bool resolved;       /*!< There is one. */
} level_t;

static bool spend(steer_asker_t *asker, unsigned work)
{
	asker->work += work;
	return asker->work <= STEER_WORK_MAX;
}

/* Looking at a name of the way. */

static void find_external(level_t *level, const steer_finder_t *finder)
{
	const steer_lookup_t *lookup = level->asker->lookup;
	level->resolved = lookup->target != NULL &&
	                  lookup->target(lookup->ctx, level->type, &finder->key,
	                                 &level->external) == STEER_OK;
}

/*!
 * Looks at a name so many links away (rules A3, A4, A7).
 *
 * \param[in] link  A CNAME is wanted there, and its target is to have the records of the type.
 */
static void reach(level_t *level, steer_asker_t *asker, const uint8_t *name, uint16_t type,
                  bool link, unsigned depth)
{
	level->asker = asker;
	level->name = name;
	level->type = link ? TYPE_CNAME : type;
	level->depth = depth;
	level->link = link;
	level->resolved = false;
	if (depth > STEER_ALIAS_DEPTH || !spend(asker, 1)) {
		level->way = STEER_WAY_TOO_DEEP;
		return;
	}
	steer_finder_t finder;
	steer_finder_begin(&finder, asker->lookup, name);
	steer_reached_t reached;
	if (steer_finder_reach(&finder, level->type, &reached) != STEER_OK) {
		level->way = STEER_WAY_DAMAGED;
		return;
	}
	level->way = link && reached.way == STEER_WAY_GROUP ? STEER_WAY_CNAME : reached.way;
	if (level->way == STEER_WAY_EXTERNAL) {
		find_external(level, &finder);
	} else if (level->way != STEER_WAY_NODATA) {
		level->labels = reached.place.labels;
		level->group = reached.group;
	}
	level->type = type;
}

/* Targets of sets. */

/*! Name that a CNAME or DNAME leads to; room is where one is put together. */
static const uint8_t *next_name(const level_t *level, const uint8_t *rr,
                                uint8_t room[STEER_NAME_MAX])
{
	const uint8_t *target = rr + STEER_RR_HEAD;
	if (level->way != STEER_WAY_DNAME) {
		return target;
	}
	return steer_name_substitute(room, level->name, level->labels, target) ? room : NULL;
}

/* Health. */

static bool target_up(void *ctx, const steer_group_t *group, unsigned i);

static uint64_t client_hash(void *ctx)
{
	steer_asker_t *asker = ((level_t *)ctx)->asker;
	if (!asker->hashed) {
		bool subnet;
		uint8_t bits, block;
		const steer_client_t client = steer_client_of(asker->question, &subnet, &block);
		asker->hash = steer_client_hash(&client, &bits);
		asker->hashed = true;
		asker->outcome->scope = subnet ? bits : block; // Rule C2.
	}
	return asker->hash;
}

/*! What runs a level's policy. */
static steer_policy_t policy_of(level_t *level, bool evaluated)
{
	const steer_lookup_t *lookup = level->asker->lookup;
	level->follows = evaluated && level->way != STEER_WAY_GROUP;
	return (steer_policy_t) {
		.group = &level->group, .states = lookup->states, .chance = lookup->chance,
		.follows = level->follows,
		.target_up = target_up, .client_hash = client_hash, .ctx = level,
	};
}

/*! Whether a name has healthy records of a type for this client (rule H3); link: as in reach(). */
static bool name_up(steer_asker_t *asker, const uint8_t *name, uint16_t type, bool link,
                    unsigned depth)
{
	level_t level;
	reach(&level, asker, name, type, link, depth);
	switch (level.way) {
	case STEER_WAY_EXTERNAL:
		return level.resolved && level.external.count > 0;
	case STEER_WAY_GROUP:
	case STEER_WAY_CNAME:
	case STEER_WAY_DNAME:
		if (spend(asker, level.group.count / 64)) {
			const steer_policy_t policy = policy_of(&level, true);
			return steer_policy_up(&policy);
		}
		return false;
	default:
		return false;
	}
}

static bool target_up(void *ctx, const steer_group_t *group, unsigned i)
{
	const level_t *level = ctx;
	uint8_t room[STEER_NAME_MAX];
	steer_set_t set;
	steer_group_set(group, i, &set);
	unsigned depth = level->depth + 1;
	if (set.alias) {
		uint16_t type = level->follows ? level->type : group->type;
		return name_up(level->asker, set.body, type, level->follows, depth);
	}
	const uint8_t *name = next_name(level, set.body, room);
	bool link = level->link && level->way == STEER_WAY_DNAME;
	return name != NULL && name_up(level->asker, name, level->type, link, depth);
}

/* Picking. */

static bool has_rdata(const steer_picked_t *picked, const uint8_t *rdata, uint16_t len)
{
	for (unsigned i = 0; i < picked->count; i++) {
		const uint8_t *at = picked->parts[i].rrs, *end = at + picked->parts[i].len, *other;
		uint16_t other_len;
		while ((other = steer_rr_next(&at, end, &other_len)) != NULL) {
			if (other_len == len && memcmp(other, rdata, len) == 0) {
				return true;
			}
		}
	}
	return false;
}

static void add_part(steer_picked_t *picked, const steer_rrs_t *part)
{
	if (picked->count < picked->room && part->count > 0) {
		picked->parts[picked->count++] = *part;
	}
}

/*! Adds the RRs that are not there yet (rule G10), in as many parts as they stand in. */
static void add_new(steer_picked_t *picked, const steer_rrs_t *rrs)
{
	const uint8_t *at = rrs->rrs, *end = at + rrs->len, *rdata;
	steer_rrs_t run = { .rrs = at, .ttl = rrs->ttl };
	uint16_t len;
	while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
		if (has_rdata(picked, rdata, len)) {
			add_part(picked, &run);
			run = (steer_rrs_t) { .rrs = at, .ttl = rrs->ttl };
		} else {
			run.count++;
			run.len = at - run.rrs;
		}
	}
	add_part(picked, &run);
}

static void lower_ttl(steer_picked_t *picked, uint32_t ttl)
{
	picked->ttl = ttl < picked->ttl ? ttl : picked->ttl;
}

/*! Adds a set's records. \param[in] run  Number of the run, or of a result, that gave it. */
static void add(steer_picked_t *picked, unsigned run, bool twins, const steer_rrs_t *rrs)
{
	lower_ttl(picked, rrs->ttl);
	if (picked->count == 0) {
		picked->first = run;
	}
	picked->mixed = picked->mixed || twins || picked->first != run;
	if (picked->mixed && picked->count > 0) {
		add_new(picked, rrs);
	} else {
		add_part(picked, rrs);
	}
}

static void fail(steer_asker_t *asker, steer_picked_t *picked, int error)
{
	picked->failed = true;
	if (asker->outcome->error < 0) {
		asker->outcome->error = error;
	}
}

static void pick_sets(level_t *level, bool strict, steer_picked_t *picked);

/*! Goes on from a CNAME or DNAME that the way leads through: to its target's records. */
static void pass(level_t *level, bool strict, steer_picked_t *picked);

static void pick_external(const level_t *level, steer_picked_t *picked)
{
	const steer_target_t *external = &level->external;
	if (!level->resolved) {
		fail(level->asker, picked, STEER_EDE_NOT_READY);
	} else if (external->count > 0) {
		const steer_rrs_t rrs = { external->rrs, external->rrs_len, external->ttl,
		                          external->count };
		add(picked, ++picked->runs, false, &rrs);
	}
}

/*! Picks what was found at a name. */
static void pick_found(level_t *level, bool strict, steer_picked_t *picked)
{
	switch (level->way) {
	case STEER_WAY_GROUP:
		pick_sets(level, strict, picked);
		break;
	case STEER_WAY_CNAME:
		if (level->link) {
			pick_sets(level, strict, picked);
		} else {
			pass(level, strict, picked);
		}
		break;
	case STEER_WAY_DNAME:
		pass(level, strict, picked);
		break;
	case STEER_WAY_EXTERNAL:
		pick_external(level, picked);
		break;
	case STEER_WAY_NODATA:
		break;
	default:
		fail(level->asker, picked, STEER_EDE_OTHER);
		break;
	}
}

/*!
 * Picks the records that a name has, as a question for it would get them, or its link.
 *
 * \param[in] evaluated  Rules H5 and H6: if they are healthy, what is down does not answer.
 */
static void follow(steer_asker_t *asker, const uint8_t *name, uint16_t type, bool link,
                   bool evaluated, unsigned depth, steer_picked_t *picked)
{
	level_t level;
	bool strict = evaluated && name_up(asker, name, type, link, depth);
	reach(&level, asker, name, type, link, depth);
	const steer_trace_t *trace = asker->lookup->trace;
	if (trace != NULL) {
		trace->name(trace->ctx, depth, name, link ? TYPE_CNAME : type, level.way,
		            level.resolved ? &level.external : NULL);
	}
	pick_found(&level, strict, picked);
}

static void pass(level_t *level, bool strict, steer_picked_t *picked)
{
	steer_rrs_t one;
	steer_picked_t link = { .parts = &one, .room = 1, .ttl = picked->ttl };
	uint8_t room[STEER_NAME_MAX];
	pick_sets(level, strict, &link);
	picked->failed = picked->failed || link.failed;
	if (link.count == 0) {
		return;
	}
	lower_ttl(picked, link.ttl);
	const uint8_t *name = next_name(level, one.rrs, room);
	bool again = level->link && level->way == STEER_WAY_DNAME;
	if (name == NULL) {
		fail(level->asker, picked, STEER_EDE_OTHER);
	} else {
		follow(level->asker, name, level->type, again, strict, level->depth + 1, picked);
	}
}

static void pick_alias(level_t *level, const steer_set_t *set, steer_picked_t *picked)
{
	uint16_t type = level->follows ? level->type : level->group.type;
	follow(level->asker, set->body, type, level->follows, set->evaluate, level->depth + 1, picked);
}

/*! Runs a group's program and picks the records of the sets that it keeps. */
static void pick_sets(level_t *level, bool strict, steer_picked_t *picked)
{
	const steer_group_t *group = &level->group;
	steer_asker_t *asker = level->asker;
	const steer_trace_t *trace = asker->lookup->trace;
	bool twins = steer_group_flags(group) & STEER_POLICY_TWINS;
	steer_policy_t policy = policy_of(level, strict);
	uint16_t chosen[STEER_SETS_MAX];
	unsigned run = ++picked->runs, count = 0;
	unsigned most = picked->room < STEER_SETS_MAX ? picked->room : STEER_SETS_MAX;
	if (trace != NULL) {
		trace->group(trace->ctx, level->depth, group, strict);
		policy.trace = &trace->policy;
	}
	if (!spend(asker, group->count / 64) ||
	    steer_policy_run(&policy, strict, most, chosen, &count) != STEER_OK) {
		fail(asker, picked, STEER_EDE_OTHER);
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		steer_set_t set;
		steer_group_set(group, chosen[i], &set);
		if (trace != NULL) {
			trace->chosen(trace->ctx, level->depth, group, chosen[i]);
		}
		if (set.alias) {
			pick_alias(level, &set, picked);
		} else {
			const steer_rrs_t rrs = { set.body, set.body_len, set.ttl, set.count };
			add(picked, run, twins, &rrs);
		}
	}
}

int steer_pick(steer_asker_t *asker, const steer_group_t *group, steer_picked_t *picked)
{
	picked->count = 0;
	picked->ttl = UINT32_MAX;
	picked->failed = picked->mixed = false;
	picked->runs = 0;
	level_t level = {
		.asker = asker, .type = group->type, .way = STEER_WAY_GROUP, .group = *group,
	};
	pick_sets(&level, false, picked);
	if (asker->work > STEER_WORK_MAX) {
		asker->outcome->error = STEER_EDE_OTHER; // What was picked may have seen half of it.
		return STEER_ESERVFAIL;
	}
	return picked->failed && picked->count == 0 ? STEER_ESERVFAIL : STEER_OK;
}

steer_way_t steer_pick_way(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                           bool *resolved)
{
	steer_asker_t asker;
	level_t level;
	steer_asker_begin(&asker, lookup, NULL, NULL);
	reach(&level, &asker, name, type, false, 1);
	*resolved = level.resolved;
	return level.way;
}
