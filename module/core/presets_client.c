/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/presets_client.h"

#include "core/match.h"
#include "core/measure.h"

/*! Most blocks of a map around a client: one for each length. */
#define BLOCKS_MAX 129

/*! The run of a preset. */
typedef struct {
	const uint8_t *sets; /*!< The first one's entry. */
	unsigned begin, end; /*!< Those that are candidates. */
	bool checked;        /*!< Of these only the healthy ones count, such as the first. */
	unsigned work;
	const steer_few_health_t *health;
	steer_locator_t *locator;
	const steer_map_latencies_t *latencies; /*!< Of the client, ... */
	steer_coordinates_t client;             /*!< ... or where it is, once they are looked up. */
} run_t;

/*! The sets that match the client, of which each has a level of its own. */
typedef struct {
	uint16_t at[STEER_MATCH_LEVELS]; /*!< Position of the level's set ... */
	unsigned levels;                 /*!< ... if it has this bit. */
} matches_t;

static inline const uint8_t *entry(const run_t *run, unsigned set)
{
	return run->sets + set * STEER_SET_SIZE;
}

static inline bool is_up(const run_t *run, unsigned set)
{
	const steer_few_health_t *health = run->health;
	const uint8_t *at = entry(run, set);
	return steer_health_table_up(health->health_table, get_set_slot(at),
	                             get_set_generation(at)) &&
	       (!steer_few_evaluates(at) || health->target_up(health->ctx, set));
}

/*! Whether a set still is a candidate. */
static inline bool counts(const run_t *run, unsigned set)
{
	return !run->checked || set == run->begin || is_up(run, set);
}

/*! Keeps the sets from the first healthy one on, or else all, or strictly none. */
static inline void keep_up(run_t *run, bool strict)
{
	unsigned first = run->begin;
	while (first < run->end && !is_up(run, first)) {
		first++;
	}
	run->work += first * STEER_COST_SET;
	run->checked = first < run->end;
	run->begin = run->checked || strict ? first : run->begin;
}

static inline void choose(steer_few_t *few, unsigned set)
{
	few->chosen[0] = set;
	few->count = 1;
}

/* The most specific one that matches. */

/*! Adds a set to those that match. \return false: its level has another one. */
static inline bool add_match(const run_t *run, unsigned set, steer_match_t level,
                             matches_t *matches)
{
	if (matches->levels & 1u << level) {
		return false;
	}
	if (counts(run, set)) {
		matches->at[level] = set;
		matches->levels |= 1u << level;
	}
	return true;
}

static inline bool match_places(run_t *run, matches_t *matches)
{
	const steer_geo_t client = steer_locator_place(run->locator)->geo;
	const uint8_t *at = entry(run, run->begin);
	for (unsigned i = run->begin; i < run->end; i++, at += STEER_SET_SIZE) {
		const steer_match_t level = steer_match_geo(at, client);
		if (level != STEER_MATCH_NONE && !add_match(run, i, level, matches)) {
			return false;
		}
	}
	return true;
}

/*! Locations of the blocks around the client, the longest first. \return their number */
static inline unsigned find_blocks(const run_t *run, uint32_t collection, uint32_t *locations)
{
	unsigned count = 0;
	steer_network_block_t block;
	steer_blocks_walk_t walk = steer_locator_blocks(run->locator, collection);
	while (steer_locator_next_block(run->locator, &walk, &block)) {
		locations[count++] = block.location;
	}
	return count;
}

static inline bool match_locations(run_t *run, uint32_t collection, matches_t *matches)
{
	uint32_t locations[BLOCKS_MAX];
	const unsigned count = find_blocks(run, collection, locations), none = run->end;
	const uint8_t *at = entry(run, run->begin);
	unsigned best = count, other = none;
	run->work += (run->end - run->begin) * count / 8 + count * STEER_COST_BLOCK;
	for (unsigned i = run->begin; i < run->end; i++, at += STEER_SET_SIZE) {
		const uint32_t location = get_set_location(at);
		const unsigned found = steer_match_block(locations, best, location);
		if (location == 0) {
			if (other != none) {
				return false;
			}
			other = i;
		} else if (found < best && counts(run, i)) { // Its block is longer than all before.
			best = found;
			matches->at[STEER_MATCH_EXACT] = i;
			matches->levels = 1u << STEER_MATCH_EXACT;
		} else if (found == best && best < count && location == locations[best]) {
			return false;
		}
	}
	return other == none || add_match(run, other, STEER_MATCH_DEFAULT, matches);
}

/*! Chooses the first level whose set is healthy; if none is, the first. */
static inline void climb(run_t *run, const matches_t *matches, steer_few_t *few)
{
	if (matches->levels == 0) {
		return;
	}
	const unsigned most = matches->at[__builtin_ctz(matches->levels)];
	choose(few, most);
	if (run->checked) {
		return;
	}
	unsigned tried = 0;
	for (unsigned left = matches->levels; left != 0; left &= left - 1, tried++) {
		const unsigned set = matches->at[__builtin_ctz(left)];
		if (is_up(run, set)) {
			choose(few, set);
			break;
		}
	}
	if (tried > 0 || steer_few_evaluates(entry(run, most))) {
		run->work += (tried + 1) * STEER_COST_SET;
	}
}

/*! Runs "geolocation" or "ip". */
static inline __attribute__((always_inline))
bool run_matching(run_t *run, steer_preset_t preset, uint32_t collection, bool strict,
                  steer_few_t *few)
{
	matches_t matches = { .levels = 0 };
	if (strict && run->health->target_up != NULL) {
		return false; // Targets must not be looked at in vain.
	}
	if (strict) {
		keep_up(run, true);
	}
	const bool single = preset == STEER_PRESET_IP ? match_locations(run, collection, &matches)
	                                              : match_places(run, &matches);
	if (!single) {
		return false;
	}
	run->work += 2 * STEER_COST_STEP + (run->end - run->begin) * STEER_COST_SET;
	climb(run, &matches, few);
	few->up_work = run->work;
	few->work = run->work + STEER_COST_STEP;
	return true;
}

/* The one with the least measure. */

/*! Measures a set, given by its entry. \return false: it cannot be measured. */
typedef bool measure_of_t(const run_t *run, const uint8_t *set, uint32_t *measure);

/*! What came of measuring. */
typedef struct {
	unsigned set;   /*!< The first of those with the least measure; of all if none has any. */
	unsigned count; /*!< Number of candidates. */
	bool all;       /*!< All have one. */
} least_t;

static bool latency_of(const run_t *run, const uint8_t *set, uint32_t *measure)
{
	steer_map_latency_t latency;
	const bool known = steer_map_latency_find(run->latencies, get_set_region(set), &latency);
	*measure = known ? latency.rtt_us : UINT32_MAX;
	return known;
}

static bool distance_of(const run_t *run, const uint8_t *set, uint32_t *measure)
{
	return steer_measure_distance(run->locator, run->client, set, measure);
}

static bool biased_of(const run_t *run, const uint8_t *set, uint32_t *measure)
{
	uint32_t distance;
	const bool known = distance_of(run, set, &distance);
	*measure = known ? steer_measure_biased(distance, steer_set_bias(set)) : UINT32_MAX;
	return known;
}

static bool unknown_of(const run_t *run, const uint8_t *set, uint32_t *measure)
{
	(void)run;
	(void)set;
	(void)measure;
	return false;
}

/*! Measures the candidates; it is compiled for each measure. */
static inline __attribute__((always_inline))
least_t least_of(const run_t *run, measure_of_t *measure_of)
{
	least_t found = { .set = run->begin, .all = true };
	uint32_t least = UINT32_MAX, measure;
	for (unsigned i = run->begin; i < run->end; i++) {
		if (!counts(run, i)) {
			continue;
		}
		const bool known = measure_of(run, entry(run, i), &measure);
		found.count++;
		found.all = found.all && known;
		if (known && measure < least) {
			least = measure;
			found.set = i;
		}
	}
	return found;
}

/*! By latency, if the map covers all; else by distance, if that is known of all. */
static inline least_t least_latency(run_t *run)
{
	run->latencies = steer_locator_latencies(run->locator);
	least_t least = least_of(run, latency_of);
	run->work += least.count * STEER_COST_SET;
	if (!least.all && steer_locator_point(run->locator, &run->client)) {
		least = least_of(run, distance_of);
		run->work += least.count * STEER_COST_FAR;
	}
	least.set = least.all ? least.set : run->begin;
	return least;
}

static inline least_t least_distance(run_t *run)
{
	if (!steer_locator_point(run->locator, &run->client)) {
		return least_of(run, unknown_of);
	}
	const least_t least = least_of(run, biased_of);
	run->work += least.count * STEER_COST_FAR;
	return least;
}

/*! Runs "latency" or "geoproximity". */
static inline __attribute__((always_inline))
void run_measuring(run_t *run, steer_preset_t preset, bool strict, steer_few_t *few)
{
	keep_up(run, strict);
	few->up_work = run->work + STEER_COST_STEP;
	const least_t least =
		preset == STEER_PRESET_LATENCY ? least_latency(run) : least_distance(run);
	few->chosen[0] = least.set;
	few->count = least.count > 0;
	few->work = run->work + 3 * STEER_COST_STEP + (run->end - run->begin) * STEER_COST_SET +
	            least.count * STEER_COST_SORTED;
}

bool steer_presets_run_by_client(steer_preset_t preset, const uint8_t *node, const uint8_t *at,
                                 const steer_few_health_t *health, steer_locator_t *locator,
                                 bool strict, steer_few_t *few)
{
	const uint8_t *policy = node + get_group_block(at);
	run_t run = {
		.sets = steer_set_at(node, at, 0), .end = get_policy_sets(policy), .health = health,
		.locator = locator,
	};
	few->count = 0;
	switch (preset) {
	case STEER_PRESET_GEOLOCATION:
		return run_matching(&run, STEER_PRESET_GEOLOCATION, 0, strict, few);
	case STEER_PRESET_IP:
		return run_matching(&run, STEER_PRESET_IP, get_policy_collection(policy), strict, few);
	case STEER_PRESET_LATENCY:
		run_measuring(&run, STEER_PRESET_LATENCY, strict, few);
		return true;
	default:
		run_measuring(&run, STEER_PRESET_GEOPROXIMITY, strict, few);
		return true;
	}
}
