/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/attributes.h"
#include "core/match.h"
#include "core/steps_client.h"

/*! What a client is of, by which sets are matched. */
typedef struct {
	const uint8_t *node;
	uint32_t value;
} match_t;

/*! Tells the level at which a set, whose entry is given, matches. */
typedef steer_match_t level_of_t(const match_t *match, const uint8_t *set);

/* What follows is compiled for each function of this type, which is called for all sets. */
#define FOR_EACH_MATCH static inline __attribute__((always_inline))

/*! Whether the step after this one is "up". */
static bool precedes_up(const steer_candidates_t *candidates, const uint8_t *step)
{
	const steer_group_t *group = candidates->policy->group;
	const uint8_t *next = step + steer_step_size(step);
	return next < group->program + group->program_len && *next == STEER_STEP_UP;
}

/*! Lists the candidates that match. \param[out] level_of  Their levels, which are counted, too. */
FOR_EACH_MATCH unsigned find_matches(steer_candidates_t *candidates, const match_t *match,
                                     level_of_t *find_level, uint16_t *matching, uint8_t *level_of,
                                     unsigned *counts)
{
	const bool traced = steer_candidates_is_traced(candidates);
	const unsigned begin = candidates->begin, end = candidates->end;
	unsigned matches = 0;
	candidates->work += (end - begin) * STEER_COST_SET;
	for (unsigned i = begin; i < end; i++) {
		const unsigned set = steer_candidates_at(candidates, i);
		const steer_match_t level = find_level(match, steer_candidates_entry(candidates, set));
		if (level == STEER_MATCH_NONE) {
			if (traced) {
				steer_candidates_report_why(candidates, set, false, STEER_WHY_ELSEWHERE);
			}
		} else if (steer_candidates_counts(candidates, set)) {
			matching[matches] = set;
			level_of[matches++] = level;
			counts[level]++;
		}
	}
	return matches;
}

/*! Sorts the candidates by level, and drops those that do not match. */
FOR_EACH_MATCH void sort_by_level(steer_candidates_t *candidates, const match_t *match,
                                  level_of_t *find_level)
{
	uint16_t matching[STEER_SETS_MAX];
	uint8_t level_of[STEER_SETS_MAX];
	unsigned counts[STEER_MATCH_LEVELS] = { 0 }, next[STEER_MATCH_LEVELS], end = 0;
	const unsigned matches =
		find_matches(candidates, match, find_level, matching, level_of, counts);
	candidates->levels = 0;
	for (unsigned level = 0; level < STEER_MATCH_LEVELS; level++) {
		next[level] = end;
		end += counts[level];
		if (counts[level] > 0) {
			candidates->level_end[candidates->levels++] = end;
		}
	}
	for (unsigned i = 0; i < matches; i++) {
		candidates->list[next[level_of[i]]++] = matching[i];
	}
	candidates->begin = 0;
	candidates->end = end;
	candidates->listed = true;
}

static void report_matches(steer_candidates_t *candidates, const match_t *match,
                           level_of_t *find_level, unsigned matches)
{
	for (unsigned i = 0; i < matches; i++) {
		const unsigned set = candidates->list[i];
		const bool kept = i < candidates->end;
		const steer_match_t level = find_level(match, steer_candidates_entry(candidates, set));
		steer_candidates_report_why(candidates, set, kept,
		                            !kept ? STEER_WHY_LESS_SPECIFIC
		                            : level != STEER_MATCH_DEFAULT ? STEER_WHY_MATCHES
		                            : STEER_WHY_DEFAULT);
	}
}

FOR_EACH_MATCH void keep_matches(steer_candidates_t *candidates, const uint8_t *step,
                                 const match_t *match, level_of_t *find_level)
{
	if (steer_candidates_is_traced(candidates)) {
		steer_candidates_report_step(candidates, step);
	}
	sort_by_level(candidates, match, find_level);
	const unsigned matches = candidates->end;
	if (!precedes_up(candidates, step)) {
		candidates->end = matches > 0 ? candidates->level_end[0] : 0;
		candidates->levels = 0;
	}
	if (steer_candidates_is_traced(candidates)) {
		report_matches(candidates, match, find_level, matches);
	}
}

FOR_EACH_MATCH steer_match_t geo_level(const match_t *match, const uint8_t *set)
{
	return steer_match_geo(set, match->value);
}

int steer_step_geo(steer_candidates_t *candidates, const uint8_t *step)
{
	const steer_map_place_t *place = steer_locator_place(candidates->policy->locator);
	const match_t match = { NULL, place->geo };
	keep_matches(candidates, step, &match, geo_level);
	return STEER_OK;
}

FOR_EACH_MATCH steer_match_t location_level(const match_t *match, const uint8_t *set)
{
	return steer_match_location(set, match->value);
}

/*! Location of the longest block that has one which a candidate names; 0: there is none. */
static uint32_t location_of(steer_candidates_t *candidates)
{
	steer_locator_t *locator = candidates->policy->locator;
	uint32_t locations[129]; // A block for each length.
	unsigned count = 0, best;
	steer_network_block_t block;
	steer_blocks_walk_t walk =
		steer_locator_blocks(locator, candidates->policy->group->collection);
	while (steer_locator_next_block(locator, &walk, &block)) {
		locations[count++] = block.location;
	}
	candidates->work += (candidates->end - candidates->begin) * count / 8 + count * STEER_COST_BLOCK;
	best = count;
	for (unsigned i = candidates->begin; i < candidates->end && best > 0; i++) {
		const unsigned set = steer_candidates_at(candidates, i);
		const uint32_t location = get_set_location(steer_candidates_entry(candidates, set));
		const unsigned found = steer_match_block(locations, best, location);
		if (found < best && steer_candidates_counts(candidates, set)) {
			best = found;
		}
	}
	return best < count ? locations[best] : 0;
}

int steer_step_cidr(steer_candidates_t *candidates, const uint8_t *step)
{
	const match_t match = { NULL, location_of(candidates) };
	keep_matches(candidates, step, &match, location_level);
	return STEER_OK;
}

FOR_EACH_MATCH steer_match_t asn_level(const match_t *match, const uint8_t *set)
{
	uint8_t len;
	const uint8_t *attrs = match->node + get_set_attrs(set);
	const size_t size = get_set_attrs_len(set);
	return steer_attributes_have_asn(attrs, size, match->value) ? STEER_MATCH_EXACT
	       : steer_attribute_find(attrs, size, STEER_ATTR_ASNS, &len) == NULL ? STEER_MATCH_DEFAULT
	       : STEER_MATCH_NONE;
}

int steer_step_asn(steer_candidates_t *candidates, const uint8_t *step)
{
	const match_t match = {
		candidates->policy->group->node, steer_locator_asn(candidates->policy->locator),
	};
	keep_matches(candidates, step, &match, asn_level);
	return STEER_OK;
}
