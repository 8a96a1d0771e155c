/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/pick.h"
#include "core/presets.h"
#include "core/recall.h"
#include "core/types.h"

/*! Whether policies that allow it are run by core/presets.h, not by their steps. */
#ifdef STEER_WITHOUT_PRESETS
#define WITH_PRESETS false
#else
#define WITH_PRESETS true
#endif

static bool spend(steer_picker_t *picker, unsigned work)
{
	picker->work += work;
	return picker->work <= STEER_WORK_MAX;
}

/* Looking at names. */

/*! Looks up the result of an external name. */
static bool find_external(const steer_lookup_t *lookup, uint16_t type, const uint8_t *name,
                          steer_external_answer_t *external)
{
	steer_key_t key;
	if (lookup->target == NULL) {
		return false;
	}
	steer_key_from_name(&key, name);
	return lookup->target(lookup->ctx, type, &key, external) == STEER_OK;
}

/*! Looks at a level's name (rules A3, A4). \param[in] stored  It is in the store itself. */
static void look(steer_level_t *level, bool stored)
{
	const steer_lookup_t *lookup = level->picker->lookup;
	uint16_t type = level->link ? TYPE_CNAME : level->type;
	const steer_lead_t *lead;
	steer_lead_t found;
	if (stored) {
		lead = steer_lookup_lead(lookup, level->name, type, &found);
	} else {
		lead = steer_finder_lead(lookup, level->name, type, &found) == STEER_OK ? &found : NULL;
	}
	if (lead == NULL) {
		level->kind = STEER_REACHED_DAMAGED;
		return;
	}
	level->kind =
		level->link && lead->kind == STEER_REACHED_GROUP ? STEER_REACHED_CNAME : lead->kind;
	if (level->kind == STEER_REACHED_EXTERNAL) {
		level->resolved = find_external(lookup, level->type, level->name, &level->external);
	} else if (level->kind != STEER_REACHED_NODATA) {
		level->labels = lead->labels;
		steer_group_view(&level->group, lead->node, lead->at);
		level->group.memorable = lead->memorable;
	}
}

/*! Number of levels up to which they are looked at one by one. */
#ifdef STEER_WITHOUT_FEW_LEVELS
#define LEVELS_FEW 0
#else
#define LEVELS_FEW 8
#endif

/*! Where a link leads: the key of a level. */
typedef struct {
	const uint8_t *name;
	size_t len;
	uint16_t type;
	bool link;       /*!< A CNAME is wanted there, and its target is to have the records. */
	bool stored;     /*!< The name is in the store itself; no part of the key. */
	unsigned depth;
} goal_t;

static bool is_level(const steer_level_t *level, const goal_t *goal)
{
	return level->depth == goal->depth && level->type == goal->type && level->link == goal->link &&
	       level->name_len == goal->len &&
	       (level->name == goal->name || memcmp(level->name, goal->name, goal->len) == 0);
}

/*! The level in a slot of the hash table, or NULL. */
static steer_level_t *level_in(const steer_picker_t *picker, uint16_t place)
{
	steer_workspace_t *workspace = picker->lookup->workspace;
	unsigned at = workspace->places[place];
	return at < picker->indexed && workspace->levels[at].place == place ? &workspace->levels[at]
	                                                                    : NULL;
}

/*! Finds a level by its hash. \param[out] place  Slot in which it is, or belongs. */
static steer_level_t *find_indexed(const steer_picker_t *picker, const goal_t *goal,
                                   uint16_t *place)
{
	uint64_t hash = steer_name_hash(goal->name, goal->len) + goal->depth * 8 + goal->link;
	steer_level_t *level;
	*place = hash % STEER_LEVEL_PLACES;
	while ((level = level_in(picker, *place)) != NULL && !is_level(level, goal)) {
		*place = (*place + 1) % STEER_LEVEL_PLACES;
	}
	return level;
}

/*! Puts the levels that are not in the hash table there. */
static void index_levels(steer_picker_t *picker)
{
	steer_workspace_t *workspace = picker->lookup->workspace;
	while (picker->indexed < picker->levels) {
		steer_level_t *level = &workspace->levels[picker->indexed];
		const goal_t goal = { level->name, level->name_len, level->type, level->link, true,
		                      level->depth };
		(void)find_indexed(picker, &goal, &level->place);
		workspace->places[level->place] = picker->indexed++;
	}
}

/*! Finds a level, or NULL; only many of them are worth a hash. */
static steer_level_t *find_level(steer_picker_t *picker, const goal_t *goal)
{
	steer_level_t *levels = picker->lookup->workspace->levels;
	if (picker->levels > LEVELS_FEW) {
		uint16_t place;
		index_levels(picker);
		return find_indexed(picker, goal, &place);
	}
	for (unsigned i = picker->levels; i > 0; i--) {
		if (is_level(&levels[i - 1], goal)) {
			return &levels[i - 1];
		}
	}
	return NULL;
}

/*! Reaches a name: looks at it, unless that was done before (rules A7, A8). */
static steer_level_t *reach(steer_picker_t *picker, const goal_t *goal)
{
	steer_workspace_t *workspace = picker->lookup->workspace;
	steer_level_t *level = find_level(picker, goal);
	if (level != NULL) {
		(void)spend(picker, STEER_COST_TARGET);
		return level;
	}
	bool too_many = picker->levels == STEER_NAMES_MAX;
	bool too_deep = !spend(picker, too_many ? STEER_WORK_MAX + 1 : STEER_COST_NAME) ||
	                goal->depth > STEER_ALIAS_DEPTH;
	unsigned at = too_deep ? STEER_NAMES_MAX : picker->levels++;
	level = &workspace->levels[at];
	level->picker = picker;
	level->name = goal->name;
	level->name_len = goal->len;
	level->whole[false] = level->whole[true] = 0;
	level->type = goal->type;
	level->depth = goal->depth;
	level->link = goal->link;
	level->resolved = false;
	level->health = STEER_HEALTH_UNKNOWN;
	if (too_deep) {
		level->kind = STEER_REACHED_TOO_DEEP;
	} else {
		look(level, goal->stored);
	}
	return level;
}

/*!
 * Reaches what a CNAME or DNAME of a level leads to.
 *
 * \return NULL if the name that a DNAME makes is too long.
 */
static steer_level_t *reach_next(const steer_level_t *level, const uint8_t *rr)
{
	steer_picker_t *picker = level->picker;
	const uint8_t *name = rr + STEER_RR_HEAD;
	bool dname = level->kind == STEER_REACHED_DNAME;
	unsigned levels = picker->levels;
	if (dname) {
		uint8_t *made = picker->lookup->workspace->made[picker->made];
		if (!steer_name_substitute(made, level->name, level->labels, name)) {
			return NULL;
		}
		name = made;
	}
	const goal_t goal = { name, steer_name_len(name), level->type, level->link && dname, !dname,
	                      level->depth + 1 };
	steer_level_t *next = reach(picker, &goal);
	picker->made += dname && picker->levels > levels; // Otherwise another level has that name.
	return next;
}

/*! Reaches the target of an alias, of which a CNAME or DNAME on the way wants the link. */
static inline __attribute__((always_inline))
steer_level_t *reach_target(const steer_level_t *level, unsigned set)
{
	const steer_alias_t alias = steer_group_alias(&level->group, set);
	const goal_t goal = { alias.name, alias.len, level->type,
	                      level->kind != STEER_REACHED_GROUP, true, level->depth + 1 };
	return reach(level->picker, &goal);
}

/* Health. */

static bool alias_up(void *ctx, unsigned set);
static bool target_up(void *ctx, const steer_group_t *group, unsigned i);

static uint64_t client_hash(void *ctx)
{
	return steer_locator_hash(&((steer_level_t *)ctx)->picker->locator);
}

/*! What a run of a level's policy needs. */
static steer_policy_t policy_of(steer_level_t *level, bool evaluated)
{
	const steer_lookup_t *lookup = level->picker->lookup;
	return (steer_policy_t) {
		.group = &level->group, .health_table = lookup->health_table, .chance = lookup->chance,
		.follows = evaluated && level->kind != STEER_REACHED_GROUP,
		.target_up = target_up, .client_hash = client_hash, .ctx = level,
		.locator = &level->picker->locator,
		.work = &level->picker->work, .work_most = STEER_WORK_MAX,
	};
}

/*! Whether the group of an alias target is healthy. */
static bool group_up(steer_level_t *level)
{
	steer_picker_t *picker = level->picker;
	const steer_few_health_t health = { picker->lookup->health_table, alias_up, level };
	unsigned work;
	bool up;
	if (!spend(picker, 0)) {
		return false;
	}
	if (WITH_PRESETS && level->kind == STEER_REACHED_GROUP &&
	    steer_presets_up(&level->group, &health, &up, &work)) {
		return spend(picker, work) && up;
	}
	const steer_policy_t policy = policy_of(level, true);
	return steer_policy_up(&policy);
}

static bool find_health(steer_level_t *level)
{
	switch (level->kind) {
	case STEER_REACHED_EXTERNAL:
		return level->resolved && level->external.count > 0;
	case STEER_REACHED_GROUP:
	case STEER_REACHED_CNAME:
	case STEER_REACHED_DNAME:
		return group_up(level);
	default:
		return false;
	}
}

/*! Whether a name has healthy records for this client (rule H3). */
static bool is_up(steer_level_t *level)
{
	if (level->health == STEER_HEALTH_UNKNOWN) {
		level->health = find_health(level) ? STEER_HEALTH_UP : STEER_HEALTH_DOWN;
	}
	return level->health == STEER_HEALTH_UP;
}

/*! Whether the target of one of a group's aliases is healthy. */
static bool alias_up(void *ctx, unsigned set)
{
	return is_up(reach_target(ctx, set));
}

static bool target_up(void *ctx, const steer_group_t *group, unsigned i)
{
	const steer_level_t *level = ctx;
	steer_rrs_t link;
	steer_level_t *next = steer_group_rrs(group, i, &link) ? reach_next(level, link.rrs)
	                                                       : reach_target(level, i);
	return next != NULL && is_up(next);
}

/* Picking. */

static void lower_ttl(steer_picked_t *picked, uint32_t ttl)
{
	picked->ttl = ttl < picked->ttl ? ttl : picked->ttl;
}

/*! Adds records. \param[in] run  Number of the run, or of the external answer, they come from. */
static inline void add(steer_picked_t *picked, unsigned run, const steer_rrs_t *rrs)
{
	lower_ttl(picked, rrs->ttl);
	if (picked->records.count == 0) {
		picked->first = run;
	}
	picked->mixed = picked->mixed || picked->first != run;
	if (picked->mixed && picked->records.count > 0) {
		steer_records_add_new(&picked->records, rrs);
	} else {
		steer_records_add(&picked->records, rrs);
	}
}

static void fail(steer_picker_t *picker, steer_picked_t *picked, int error)
{
	picked->failed = true;
	if (picker->outcome->error < 0) {
		picker->outcome->error = error;
	}
}

static bool pick_few_target(steer_level_t *level, bool evaluated, steer_picked_t *picked);
static void pick_sets(steer_level_t *level, bool strict, steer_picked_t *picked);

/*! Follows the CNAME or DNAME of a level to the records of its target. */
static void pass(steer_level_t *level, bool strict, steer_picked_t *picked);

static void pick_external(const steer_level_t *level, steer_picked_t *picked)
{
	const steer_external_answer_t *external = &level->external;
	if (!level->resolved) {
		fail(level->picker, picked, STEER_EDE_NOT_READY);
		return;
	}
	level->picker->outcome->stale = level->picker->outcome->stale || external->failures > 0;
	if (external->count > 0) {
		const steer_rrs_t rrs = { external->rrs, external->rrs_len, external->ttl,
		                          external->count };
		add(picked, ++picked->runs, &rrs);
	}
}

/*! Picks what was found at a name. */
static void pick_found(steer_level_t *level, bool strict, steer_picked_t *picked)
{
	switch (level->kind) {
	case STEER_REACHED_GROUP:
		pick_sets(level, strict, picked);
		break;
	case STEER_REACHED_CNAME:
		if (level->link) {
			pick_sets(level, strict, picked);
		} else {
			pass(level, strict, picked);
		}
		break;
	case STEER_REACHED_DNAME:
		pass(level, strict, picked);
		break;
	case STEER_REACHED_EXTERNAL:
		if (level->link) {
			picked->end = level;
		} else {
			pick_external(level, picked);
		}
		break;
	case STEER_REACHED_NODATA:
		break;
	default:
		fail(level->picker, picked, STEER_EDE_OTHER);
		break;
	}
}

/*!
 * Picks the records that a question for the name would get, or its CNAME if that is wanted.
 *
 * \param[in] evaluated  By rules H5 and H6: if it is healthy, nothing that is down answers.
 */
static void follow(steer_level_t *level, bool evaluated, steer_picked_t *picked)
{
	const steer_trace_t *trace = level->picker->lookup->trace;
	if (pick_few_target(level, evaluated, picked)) {
		return;
	}
	bool strict = evaluated && is_up(level);
	if (trace != NULL) {
		bool cname = level->link && level->kind != STEER_REACHED_EXTERNAL;
		trace->name(trace->ctx, level->depth, level->name, cname ? TYPE_CNAME : level->type,
		            level->kind, level->resolved ? &level->external : NULL);
	}
	if (level->whole[strict] == picked->number) {
		return; // They are in the RRset already.
	}
	bool drawn = picked->drawn;
	picked->drawn = false;
	pick_found(level, strict, picked);
	level->whole[strict] = picked->drawn ? 0 : picked->number;
	picked->drawn = picked->drawn || drawn;
}

static void pass(steer_level_t *level, bool strict, steer_picked_t *picked)
{
	steer_rrs_t one;
	steer_picked_t link = { .single = true, .ttl = picked->ttl,
	                        .number = ++level->picker->gathered };
	steer_records_begin(&link.records, level->group.type, &one, NULL, STEER_WIRE_MAX, 0);
	pick_sets(level, strict, &link);
	picked->failed = picked->failed || link.failed;
	picked->drawn = picked->drawn || link.drawn;
	if (link.records.count == 0 && link.end == NULL) {
		return;
	}
	lower_ttl(picked, link.ttl);
	if (link.end != NULL) {
		pick_external(link.end, picked);
		return;
	}
	steer_level_t *next = reach_next(level, one.rrs);
	if (next == NULL) {
		fail(level->picker, picked, STEER_EDE_OTHER);
	} else {
		follow(next, strict, picked);
	}
}

/*!
 * Number of sets to order: all, unless each is known to give another record, so that fewer fill
 * the message.
 */
static unsigned sets_wanted(unsigned flags, const steer_picked_t *picked)
{
	const steer_records_t *records = &picked->records;
	if (picked->single) {
		return 1;
	}
	if (flags != 0 || picked->mixed || records->count > 0) {
		return STEER_SETS_MAX;
	}
	unsigned each = records->compressed > 0 ? records->compressed : STEER_RR_LEAST;
	unsigned fill = records->room / each + 1;
	return fill < STEER_SETS_MAX ? fill : STEER_SETS_MAX;
}

/*! Whether there is room and work left for the records of a set. */
static inline bool can_pick(steer_picker_t *picker, const steer_picked_t *picked)
{
	return !steer_records_full(&picked->records) && spend(picker, STEER_COST_CHOSEN);
}

/*! Picks the records of a chosen set. \param[in] target  Its own, if it was reached; or NULL. */
static inline __attribute__((always_inline))
void pick_set(steer_level_t *level, unsigned run, unsigned set, steer_level_t *target,
              steer_picked_t *picked)
{
	const steer_group_t *group = &level->group;
	steer_rrs_t rrs;
	if (steer_group_rrs(group, set, &rrs)) {
		add(picked, run, &rrs);
		return;
	}
	if (target != NULL) {
		(void)spend(level->picker, STEER_COST_TARGET);
	} else {
		target = reach_target(level, set);
	}
	follow(target, steer_group_alias(group, set).evaluate, picked);
}

/*! Whether the choice of a level's policy may be remembered; then it begins with that. */
static bool is_memorable(steer_level_t *level, bool strict, steer_recall_t *recall)
{
	const steer_lookup_t *lookup = level->picker->lookup;
	const steer_group_t *group = &level->group;
	const steer_memorable_t memorable = group->memorable != STEER_MEMORABLE_UNKNOWN
	                                    ? group->memorable : steer_choice_memorable(group);
	return memorable == STEER_MEMORABLE_YES && lookup->choice != NULL && lookup->trace == NULL &&
	       level->kind == STEER_REACHED_GROUP &&
	       steer_recall_begin(recall, &level->picker->locator, group->at, strict);
}

/*! Chooses by a level's policy, as steer_policy_run(), or as that did lately for such a client. */
static int choose(steer_level_t *level, bool strict, unsigned most, uint16_t *chosen,
                  unsigned *count)
{
	steer_picker_t *picker = level->picker;
	const steer_lookup_t *lookup = picker->lookup;
	steer_recall_t recall;
	const bool memorable = is_memorable(level, strict, &recall);
	const steer_choice_t *known =
		memorable ? steer_recall_find(&recall, lookup, &picker->locator, most) : NULL;
	if (known != NULL) {
		picker->work += known->work;
		*count = known->count;
		for (unsigned i = 0; i < known->count; i++) { // Usually one.
			chosen[i] = known->chosen[i];
		}
		return STEER_OK;
	}
	const unsigned before = picker->work;
	steer_policy_t policy = policy_of(level, strict);
	policy.trace = lookup->trace != NULL ? &lookup->trace->policy : NULL;
	int ret = steer_policy_run(&policy, strict, most, chosen, count);
	if (memorable && ret == STEER_OK) {
		steer_recall_keep(&recall, lookup, &picker->locator, most, picker->work - before, chosen,
		                  *count);
	}
	return ret;
}

/*! Runs the steps of a level's policy and picks the records of the sets that they keep. */
static __attribute__((noinline)) void pick_by_steps(steer_level_t *level, bool strict,
                                                    steer_picked_t *picked)
{
	const steer_group_t *group = &level->group;
	const steer_trace_t *trace = level->picker->lookup->trace;
	uint16_t chosen[STEER_SETS_MAX];
	unsigned number = ++picked->runs, flags = steer_group_flags(group), count = 0;
	if (trace != NULL) {
		trace->group(trace->ctx, level->depth, group, strict);
	}
	if (!spend(level->picker, STEER_COST_RUN) ||
	    choose(level, strict, sets_wanted(flags, picked), chosen, &count) != STEER_OK) {
		fail(level->picker, picked, STEER_EDE_OTHER);
		return;
	}
	picked->mixed = picked->mixed || (flags & STEER_POLICY_DUPLICATES);
	if (level->depth > 0) { // The question's own group is not reached again.
		picked->drawn = picked->drawn || (picked->single && group->count > 1) ||
		                steer_program_has(group->program, group->program_len, STEER_STEP_TAKE);
	}
	for (unsigned i = 0; i < count && can_pick(level->picker, picked); i++) {
		if (trace != NULL) {
			trace->chosen(trace->ctx, level->depth, group, chosen[i]);
		}
		pick_set(level, number, chosen[i], NULL, picked);
	}
}

/*! The targets of a level's few sets. */
typedef struct {
	steer_level_t *level;
	steer_level_t *of[STEER_FEW_SETS]; /*!< NULL: not reached. */
} targets_t;

static bool few_target_up(void *ctx, unsigned set)
{
	targets_t *targets = ctx;
	if (targets->of[set] == NULL) {
		targets->of[set] = reach_target(targets->level, set);
	}
	return is_up(targets->of[set]);
}

/*! Likewise, of a preset over few sets. \return false: the group is of another kind */
static bool pick_by_preset(steer_level_t *level, bool strict, steer_picked_t *picked)
{
	const steer_lookup_t *lookup = level->picker->lookup;
	const unsigned flags = steer_group_flags(&level->group);
	targets_t targets = { .level = level };
	const steer_few_health_t health = { lookup->health_table, few_target_up, &targets };
	steer_few_t few;
	if (!steer_presets_run_any(&level->group, &health, lookup->chance, &level->picker->locator,
	                           strict, sets_wanted(flags, picked), &few)) {
		return false;
	}
	unsigned run = ++picked->runs;
	(void)spend(level->picker, STEER_COST_RUN + few.work); // If it was too much, the answer fails.
	picked->mixed = picked->mixed || (flags & STEER_POLICY_DUPLICATES);
	picked->drawn = true;
	for (unsigned i = 0; i < few.count && can_pick(level->picker, picked); i++) {
		steer_level_t *target = targets.of[few.chosen[i]];
		if (target != NULL && target->kind == STEER_REACHED_TOO_DEEP) {
			target = NULL; // All such names have one level in turn.
		}
		pick_set(level, run, few.chosen[i], target, picked);
	}
	return true;
}

/*! Picks the record set of a group without a policy. \param[in] strict  If so, it is healthy. */
static void pick_only(steer_level_t *level, bool strict, steer_picked_t *picked)
{
	const bool again = strict && steer_group_alias(&level->group, 0).evaluate;
	unsigned run = ++picked->runs;
	(void)spend(level->picker, STEER_COST_RUN + STEER_COST_SET + again * STEER_COST_TARGET);
	if (can_pick(level->picker, picked)) {
		pick_set(level, run, 0, NULL, picked);
	}
}

/*! Whether a group is one that run_few() would have run, if it was a preset. */
static inline bool was_tried(const steer_group_t *group)
{
	return group->program_len > 0 && steer_group_flags(group) == 0;
}

/*! Picks the records of the sets that a level's group answers with. */
static void pick_sets(steer_level_t *level, bool strict, steer_picked_t *picked)
{
	bool by_steps = !WITH_PRESETS || level->picker->lookup->trace != NULL ||
	                level->kind != STEER_REACHED_GROUP || was_tried(&level->group);
	if (!by_steps && level->group.program_len == 0) {
		pick_only(level, strict, picked);
	} else if (by_steps || !pick_by_preset(level, strict, picked)) {
		pick_by_steps(level, strict, picked);
	}
}

/*!
 * Runs a preset over sets with values.
 *
 * \return false: the group is of another kind, or its choice may be remembered
 */
static inline __attribute__((always_inline))
bool run_few(steer_picker_t *picker, const steer_group_t *group, bool strict,
             const steer_picked_t *picked, steer_few_t *few)
{
	const steer_lookup_t *lookup = picker->lookup;
	return WITH_PRESETS && lookup->trace == NULL && steer_presets_may_run(group) &&
	       group->memorable != STEER_MEMORABLE_YES &&
	       steer_presets_run(group, lookup->health_table, lookup->chance, &picker->locator,
	                         strict, sets_wanted(0, picked), few);
}

/*! Picks what it has chosen. */
static inline __attribute__((always_inline))
void pick_few(steer_picker_t *picker, const steer_group_t *group, const steer_few_t *few,
              steer_picked_t *picked)
{
	unsigned run = ++picked->runs;
	(void)spend(picker, STEER_COST_RUN + few->work); // If it was too much, the answer fails.
	for (unsigned i = 0; i < few->count && can_pick(picker, picked); i++) {
		steer_rrs_t rrs;
		if (steer_group_rrs(group, few->chosen[i], &rrs)) {
			add(picked, run, &rrs);
		}
	}
}

/*!
 * Picks an alias target that is a preset over sets with values. A strict run tells its health,
 * too: if it keeps no set, it has drawn no number.
 *
 * \return false: it is something else
 */
static bool pick_few_target(steer_level_t *level, bool evaluated, steer_picked_t *picked)
{
	steer_picker_t *picker = level->picker;
	steer_few_t few;
	if (level->kind != STEER_REACHED_GROUP ||
	    !run_few(picker, &level->group, evaluated, picked, &few)) {
		return false;
	}
	if (evaluated && level->health == STEER_HEALTH_UNKNOWN) {
		(void)spend(picker, few.up_work);
		level->health = few.count > 0 ? STEER_HEALTH_UP : STEER_HEALTH_DOWN;
	}
	if (evaluated && few.count == 0 && !run_few(picker, &level->group, false, picked, &few)) {
		return false;
	}
	pick_few(picker, &level->group, &few, picked);
	picked->drawn = true;
	return true;
}

/*! Seed of the hash table of records, so that no one can predict its collisions; 0 in tests. */
static uint64_t seed_of(const steer_lookup_t *lookup)
{
	return lookup->chance != NULL ? lookup->chance->state[0] : 0;
}

/*! Picks as the level of depth 0. */
static __attribute__((noinline)) void pick_asked(steer_picker_t *picker, const steer_group_t *group,
                                                 steer_picked_t *picked)
{
	steer_level_t level;
	level.picker = picker;
	level.name = NULL;
	level.type = group->type;
	level.depth = 0;
	level.link = false;
	level.kind = STEER_REACHED_GROUP;
	level.group = *group;
	pick_sets(&level, false, picked);
}

int steer_pick(steer_picker_t *picker, const steer_group_t *group, unsigned taken, bool single,
               steer_picked_t *picked)
{
	steer_workspace_t *workspace = picker->lookup->workspace;
	const uint8_t *values = steer_group_values(group);
	if (values != NULL) {
		const steer_rrs_t rrs = steer_values_rrs(values);
		steer_pick_rrs(picker, group->type, &rrs, workspace->parts + taken, picked);
		return STEER_OK;
	}
	picked->ttl = UINT32_MAX;
	picked->failed = picked->mixed = picked->drawn = false;
	picked->number = ++picker->gathered;
	picked->runs = 0;
	picked->single = single;
	steer_records_begin(&picked->records, group->type, workspace->parts + taken, workspace->seen,
	                    picker->room, seed_of(picker->lookup));
	steer_few_t few;
	if (run_few(picker, group, false, picked, &few)) {
		pick_few(picker, group, &few, picked);
	} else {
		pick_asked(picker, group, picked);
	}
	if (picker->work > STEER_WORK_MAX) {
		picker->outcome->error = STEER_EDE_OTHER; // What was picked may be incomplete.
		return STEER_ESERVFAIL;
	}
	if (picked->failed && picked->records.count == 0) {
		return STEER_ESERVFAIL;
	}
	return steer_records_full(&picked->records) ? STEER_ESPACE : STEER_OK;
}

steer_reached_kind_t steer_pick_reached(const steer_lookup_t *lookup, const uint8_t *name,
                                        uint16_t type)
{
	static const steer_sink_t none;
	steer_picker_t picker;
	steer_outcome_t outcome;
	steer_picker_begin(&picker, lookup, NULL, &none, &outcome);
	const goal_t goal = { name, steer_name_len(name), type, false, false, 1 };
	return reach(&picker, &goal)->kind;
}
