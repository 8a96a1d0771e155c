/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/presets.h"

#include "core/presets_client.h"
#include "core/program.h"
#include "core/random_order.h"

/*! The run of a preset. */
typedef struct {
	const uint8_t *sets; /*!< The first one's entry. */
	const steer_health_table_t *health_table;
	steer_chance_t *chance;
	const steer_few_health_t *health; /*!< NULL: no set is an alias. */
	unsigned candidates; /*!< A bit for each set that is one. */
	bool checked;        /*!< Of these only the healthy ones count, such as the first. */
	unsigned work;
} run_t;

static inline const uint8_t *entry(const run_t *run, unsigned set)
{
	return run->sets + set * STEER_SET_SIZE;
}

/*! The first of some sets. */
static inline unsigned first_of(unsigned sets)
{
	return __builtin_ctz(sets);
}

/*! The sets after the first. */
static inline unsigned rest_of(unsigned sets)
{
	return sets & (sets - 1);
}

static inline bool is_up(const run_t *run, unsigned set)
{
	const uint8_t *at = entry(run, set);
	return steer_health_table_up(run->health_table, get_set_slot(at), get_set_generation(at)) &&
	       (run->health == NULL || !steer_few_evaluates(at) ||
	        run->health->target_up(run->health->ctx, set));
}

/*! Position of the first healthy set; the number of sets if there is none. */
static inline unsigned first_up(const run_t *run, unsigned count)
{
	unsigned first = 0;
	while (first < count && !is_up(run, first)) {
		first++;
	}
	return first;
}

/*! Keeps the sets from the first healthy one on, or else all, or strictly none. */
static inline void keep_up(run_t *run, unsigned count, bool strict)
{
	unsigned all = (1u << count) - 1, first = first_up(run, count);
	run->work += first * STEER_COST_SET;
	run->checked = first < count;
	run->candidates = run->checked ? all >> first << first : strict ? 0 : all;
}

/*! The candidates that count. */
static inline unsigned healthy(run_t *run)
{
	unsigned sets = run->candidates, work = sets != 0 ? STEER_COST_SET : 0;
	for (unsigned left = rest_of(sets); left != 0; left = rest_of(left)) {
		unsigned set = first_of(left);
		bool down = run->checked && !is_up(run, set); // The first is not, if that counts.
		sets &= ~((unsigned)down << set);
		work += STEER_COST_SET;
	}
	run->work += work;
	return sets;
}

/*! Keeps the candidates of the first one's tier, which is the best. */
static inline void keep_tier(run_t *run)
{
	if (run->candidates == 0) {
		return;
	}
	unsigned tier = get_set_tier(entry(run, first_of(run->candidates))), kept = 0;
	for (unsigned left = run->candidates; left != 0; left = rest_of(left)) {
		unsigned set = first_of(left);
		kept |= (unsigned)(get_set_tier(entry(run, set)) == tier) << set;
	}
	run->candidates = kept;
}

static inline uint32_t share_of(const run_t *run, unsigned set, bool weighted)
{
	return weighted ? get_set_weight(entry(run, set)) : 1;
}

static inline uint64_t sum_of(const run_t *run, unsigned sets, bool weighted)
{
	uint64_t sum = 0;
	for (; sets != 0; sets = rest_of(sets)) {
		sum += share_of(run, first_of(sets), weighted);
	}
	return sum;
}

/*! Draws one of some sets; if there is no other, no number is drawn. */
static inline __attribute__((always_inline))
unsigned draw_of(const run_t *run, unsigned sets, bool weighted)
{
	if (rest_of(sets) == 0) {
		return first_of(sets);
	}
	uint64_t sum = sum_of(run, sets, weighted);
	if (sum == 0) { // Rule W3.
		weighted = false;
		sum = sum_of(run, sets, false);
	}
	uint64_t number = sum > 1 ? steer_chance_below(run->chance, sum) : 0;
	for (uint32_t share; number >= (share = share_of(run, first_of(sets), weighted));
	     sets = rest_of(sets)) {
		number -= share;
	}
	return first_of(sets);
}

/*! Draws one of those that count, after a candidate was drawn that is down. */
static __attribute__((noinline)) unsigned draw_again(run_t *run, bool weighted)
{
	for (unsigned tries = steer_draw_tries(__builtin_popcount(run->candidates)); --tries > 0;) {
		unsigned set = draw_of(run, run->candidates, weighted);
		if (is_up(run, set)) {
			return set;
		}
	}
	return draw_of(run, healthy(run), weighted);
}

/*! Draws one of those that count: any candidate, and again if that one is down. */
static inline __attribute__((always_inline))
void draw_one(run_t *run, bool weighted, steer_few_t *few)
{
	if (run->candidates == 0) {
		return;
	}
	unsigned set = draw_of(run, run->candidates, weighted);
	if (rest_of(run->candidates) == 0) {
		run->work += STEER_COST_SET; // It is the first, so it counts; as if it had been looked for.
	} else if (run->checked && !is_up(run, set)) {
		set = draw_again(run, weighted);
	}
	few->chosen[0] = set;
	few->count = 1;
}

/*! Draws all that count. */
static inline void draw_all(run_t *run, steer_few_t *few)
{
	unsigned count = 0;
	for (unsigned left = healthy(run); left != 0; left = rest_of(left)) {
		few->chosen[count++] = first_of(left);
	}
	for (unsigned i = 0; i + 1 < count; i++) {
		unsigned at = i + steer_chance_below(run->chance, count - i);
		uint16_t set = few->chosen[at];
		few->chosen[at] = few->chosen[i];
		few->chosen[i] = set;
	}
	few->count = count;
}

/*! Whether a preset that is not by client is run here. */
static inline bool is_run(steer_preset_t preset, unsigned count, unsigned most)
{
	return count <= STEER_FEW_SETS &&
	       (preset == STEER_PRESET_WEIGHTED || preset == STEER_PRESET_FAILOVER ||
	        (preset == STEER_PRESET_MULTIVALUE && most >= STEER_FEW_SETS));
}

/*! Runs a preset. */
static inline __attribute__((always_inline))
void run_preset(run_t *run, steer_preset_t preset, unsigned count, bool strict, steer_few_t *few)
{
	few->count = 0;
	keep_up(run, count, strict);
	few->up_work = run->work + (preset == STEER_PRESET_FAILOVER ? 2 : 1) * STEER_COST_STEP;
	run->work = few->up_work + 2 * STEER_COST_STEP;
	if (preset == STEER_PRESET_MULTIVALUE) {
		draw_all(run, few);
	} else if (preset == STEER_PRESET_WEIGHTED) {
		draw_one(run, true, few);
	} else {
		keep_tier(run);
		draw_one(run, false, few);
	}
	few->work = run->work + few->count * STEER_COST_DRAWN;
}

steer_preset_t steer_presets_of(const steer_group_t *group)
{
	if (!steer_presets_may_run(group)) {
		return STEER_PRESET_NONE;
	}
	const steer_preset_t preset = steer_program_preset(group->program, group->program_len);
	return steer_preset_is_by_client(preset) || is_run(preset, group->count, STEER_FEW_SETS)
	       ? preset : STEER_PRESET_NONE;
}

void steer_presets_draw(steer_preset_t preset, const uint8_t *node, const uint8_t *at,
                        const steer_health_table_t *health_table, steer_chance_t *chance,
                        steer_few_t *few)
{
	run_t run = {
		.sets = steer_set_at(node, at, 0), .health_table = health_table, .chance = chance,
	};
	run_preset(&run, preset, get_policy_sets(node + get_group_block(at)), false, few);
}

bool steer_presets_run(const steer_group_t *group, const steer_health_table_t *health_table,
                       steer_chance_t *chance, steer_locator_t *locator, bool strict,
                       unsigned most, steer_few_t *few)
{
	const steer_preset_t preset = steer_program_preset(group->program, group->program_len);
	if (steer_preset_is_by_client(preset)) {
		const steer_few_health_t health = { .health_table = health_table };
		return steer_presets_run_by_client(preset, group->node, group->at, &health, locator,
		                                   strict, few);
	}
	if (!is_run(preset, group->count, most)) {
		return false;
	}
	run_t run = {
		.sets = steer_set_at(group->node, group->at, 0),
		.health_table = health_table, .chance = chance,
	};
	run_preset(&run, preset, group->count, strict, few);
	return true;
}

bool steer_presets_run_any(const steer_group_t *group, const steer_few_health_t *health,
                           steer_chance_t *chance, steer_locator_t *locator, bool strict,
                           unsigned most, steer_few_t *few)
{
	const steer_preset_t preset = steer_program_preset(group->program, group->program_len);
	if (steer_preset_is_by_client(preset) && group->count <= STEER_FEW_SETS) {
		return steer_presets_run_by_client(preset, group->node, group->at, health, locator,
		                                   strict, few);
	}
	if (!is_run(preset, group->count, most)) {
		return false;
	}
	run_t run = {
		.sets = steer_set_at(group->node, group->at, 0),
		.health_table = health->health_table, .chance = chance, .health = health,
	};
	run_preset(&run, preset, group->count, strict, few);
	return true;
}

/*! Number of a preset's steps that look at the health of sets or drop some; 0: others. */
static inline unsigned steps_of(steer_preset_t preset)
{
	switch (preset) {
	case STEER_PRESET_WEIGHTED:
	case STEER_PRESET_MULTIVALUE:
	case STEER_PRESET_LATENCY:
	case STEER_PRESET_GEOPROXIMITY:
		return 1;
	case STEER_PRESET_FAILOVER:
		return 2;
	default:
		return 0;
	}
}

bool steer_presets_up(const steer_group_t *group, const steer_few_health_t *health, bool *up,
                      unsigned *work)
{
	if (steer_group_values(group) != NULL) {
		*up = true;
		*work = 0;
		return true;
	}
	unsigned steps = steps_of(steer_program_preset(group->program, group->program_len));
	if (steps == 0 && group->program_len > 0) {
		return false;
	}
	const run_t run = {
		.sets = steer_set_at(group->node, group->at, 0),
		.health_table = health->health_table, .health = health,
	};
	unsigned first = first_up(&run, group->count);
	*up = first < group->count;
	*work = steps * STEER_COST_STEP + first * STEER_COST_SET;
	return true;
}
