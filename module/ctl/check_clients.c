/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: policies that look at the client, and the maps by which they do: clients without an
 *        answer, places without clients, regions that are nowhere, maps that are not there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/attributes.h"
#include "core/mix.h"
#include "ctl/check.h"
#include "ctl/options.h"
#include "formats/place_text.h"
#include "store/dictionary.h"

/*! A group whose steps are being checked. */
typedef struct {
	const check_group_t *group;
	checker_t *checker;
	const steer_maps_t *maps;
	steer_names_t names;
	/*! By set: those that the steps before can leave together have the same number. */
	uint64_t together[STEER_SETS_MAX];
	uint16_t seen; /*!< A bit for each step that was checked. */
} look_t;

/*! Room for the name of a region, a collection or a location, or for what stands for it. */
#define NAME_TEXT (STEER_DICTIONARY_NAME_MAX + 1)

static void set_at(const look_t *look, unsigned i, steer_set_t *set)
{
	steer_group_set(look->group->group, i, set);
}

/* Maps. */

/*! Counts a group that needs a map which is not there. \param[in] name  That it would have. */
static void lack(const look_t *look, steer_map_type_t type, const char *name)
{
	char key[NAME_TEXT + 16];
	snprintf(key, sizeof(key), "%s %s", steer_map_type_name(type), name);
	const json_int_t count = json_integer_value(json_object_get(look->checker->lacking, key));
	json_object_set_new(look->checker->lacking, key, json_integer(count + 1));
}

int check_lacking_maps(checker_t *checker)
{
	const char *key;
	json_t *count;
	json_object_foreach(checker->lacking, key, count) {
		const size_t type = strcspn(key, " ");
		const json_int_t groups = json_integer_value(count);
		check_map_finding(checker, key + type + 1, "there is none of the type %.*s, but the policies "
		                  "of %" JSON_INTEGER_FORMAT " group%s need it", (int)type, key, groups,
		                  plural(groups));
	}
	return GO_ON;
}

/*! The shares of a map of the set. \return NULL: out of memory, which is noted */
static map_shares_t *shares_of(checker_t *checker, const steer_map_t *map)
{
	unsigned i = 0;
	while (&checker->opened.map_set->all[i].map != map) {
		i++;
	}
	if (checker->shares[i] == NULL) {
		checker->shares[i] = map_shares_new(map);
		checker->no_memory = checker->no_memory || checker->shares[i] == NULL;
	}
	return checker->shares[i];
}

/* Steps that keep the sets for a client. */

/*! Such a step. */
typedef struct {
	uint8_t number;
	steer_map_type_t type;
	const char *rule; /*!< What becomes of clients without a set. */
} match_t;

/*! What sets name of their clients, and the map that tells what clients are. */
typedef struct {
	const match_t *match;
	const steer_map_t *map; /*!< NULL: there is none. */
	map_shares_t *shares;   /*!< Of the map; NULL: there is none, or out of memory. */
	char map_name[NAME_TEXT];
	size_t count;
	uint32_t numbers[STEER_SETS_MAX * STEER_ASNS_MAX];
} named_t;

/*! Gives what a set names of its clients. \return How many numbers; 0: it is the default. */
static size_t numbers_of(const steer_set_t *set, steer_map_type_t type,
                         uint32_t numbers[STEER_ASNS_MAX])
{
	uint8_t len;
	const uint8_t *asns;
	switch (type) {
	case STEER_MAP_GEO:
		*numbers = set->geo;
		return set->geo != STEER_GEO_UNKNOWN;
	case STEER_MAP_CIDR:
		*numbers = set->location;
		return set->location != 0;
	default:
		asns = steer_attribute_find(set->attrs, set->attrs_len, STEER_ATTR_ASNS, &len);
		if (asns == NULL) {
			return 0;
		}
		memcpy(numbers, asns, len);
		for (unsigned i = 0; i < len / sizeof(*numbers); i++) {
			numbers[i] = steer_le_u32(numbers[i]);
		}
		return len / sizeof(*numbers);
	}
}

/*! Prints a number as people write it. */
static const char *number_text(const look_t *look, steer_map_type_t type, uint32_t number,
                               char text[NAME_TEXT])
{
	switch (type) {
	case STEER_MAP_GEO:
		return steer_geo_print(number, text);
	case STEER_MAP_CIDR:
		return steer_names_print(&look->names, number, text);
	default:
		snprintf(text, NAME_TEXT, "AS%" PRIu32, number);
		return text;
	}
}

/*! Finds the map of a step; one that should be there, but is not, is noted. */
static void find_map(const look_t *look, named_t *named)
{
	const uint32_t collection = look->group->group->collection;
	const steer_map_type_t type = named->match->type;
	strcpy(named->map_name, steer_map_type_name(type));
	if (type == STEER_MAP_CIDR) {
		if (collection == 0) {
			named->map = NULL; // No set has a location.
			return;
		}
		steer_names_print(&look->names, collection, named->map_name);
	}
	named->map = type == STEER_MAP_GEO ? look->maps->geo
	             : type == STEER_MAP_ASN ? look->maps->asn
	             : look->maps->collection(look->maps->ctx, collection);
	if (named->map == NULL) {
		lack(look, type, named->map_name);
	}
}

static int rising(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/*! Sorts numbers, and keeps each once. */
static void sort_numbers(named_t *named)
{
	size_t kept = 0;
	qsort(named->numbers, named->count, sizeof(*named->numbers), rising);
	for (size_t i = 0; i < named->count; i++) {
		if (kept == 0 || named->numbers[kept - 1] != named->numbers[i]) {
			named->numbers[kept++] = named->numbers[i];
		}
	}
	named->count = kept;
}

/*! Reports a set for clients that do not exist. */
static void look_at_numbers(const look_t *look, const named_t *named, const steer_set_t *set,
                            const uint32_t *numbers, size_t count)
{
	char text[NAME_TEXT];
	for (size_t i = 0; i < count && named->shares != NULL; i++) {
		if (!map_shares_have(named->shares, numbers[i])) {
			check_group_finding(look->group, set, "map %s knows no client of %s", named->map_name,
			                    number_text(look, named->match->type, numbers[i], text));
			return;
		}
	}
}

/*! Collects what the sets name. \return Whether one of them is the default. */
static bool collect(const look_t *look, named_t *named)
{
	bool has_default = false;
	named->count = 0;
	for (unsigned i = 0; i < look->group->group->count; i++) {
		steer_set_t set;
		uint32_t *numbers = named->numbers + named->count;
		set_at(look, i, &set);
		const size_t count = numbers_of(&set, named->match->type, numbers);
		look_at_numbers(look, named, &set, numbers, count);
		has_default = has_default || count == 0;
		named->count += count;
	}
	sort_numbers(named);
	return has_default;
}

/*! Room for share_text(). */
#define SHARE_TEXT 32

/*! A share in percent, which is never rounded to none or all. */
static const char *share_text(unsigned __int128 part, unsigned __int128 whole,
                              char text[SHARE_TEXT])
{
	const double percent = 100 * ((double)part / (double)whole);
	if (part == whole) {
		return strcpy(text, "all");
	}
	snprintf(text, SHARE_TEXT, percent < 0.1 ? "less than 0.1 %% of the"
	         : percent > 99.9 ? "more than 99.9 %% of the" : "%.3g %% of the", percent);
	return text;
}

/*! Adds the share of the addresses of an IP version that have no set. \return Length of the text */
static size_t add_share(char *text, size_t size, size_t len, unsigned __int128 known,
                        unsigned __int128 matched, const char *version)
{
	char share[SHARE_TEXT];
	if (matched < known) {
		len += snprintf(text + len, size - len, "%s%s %s addresses", len > 0 ? " and " : "",
		                share_text(known - matched, known, share), version);
	}
	return len;
}

/*! Reports that clients have no answer. */
static void report_unanswered(const look_t *look, const named_t *named)
{
	const match_t *match = named->match;
	const char *step = steer_map_type_name(match->type);
	char text[256] = "";
	size_t len = 0;
	map_addresses_t matched;
	if (named->map == NULL) {
		check_group_finding(look->group, NULL, "%s without a default, and without a map: no client "
		                    "has an answer (rule %s)", step, match->rule);
		return;
	}
	if (named->shares == NULL) {
		return;
	}
	if (map_shares_of(named->shares, named->numbers, named->count, &matched)) {
		const map_addresses_t known = map_shares_known(named->shares);
		len = add_share(text, sizeof(text), len, known.v4, matched.v4, "IPv4");
		len = add_share(text, sizeof(text), len, known.v6, matched.v6, "IPv6");
	} else {
		len = snprintf(text, sizeof(text), "an unknown share of the addresses");
	}
	check_group_finding(look->group, NULL, "%s without a default: clients that map %s does not know "
	                    "have no answer%s%s%s (rule %s)", step, named->map_name,
	                    len > 0 ? ", nor have " : "", text, len > 0 ? " that it knows" : "",
	                    match->rule);
}

/* What steps leave together. */

/*! Divides the sets that can be left together by what they have. */
static void divide(look_t *look, uint64_t (*by)(unsigned i, const steer_set_t *set))
{
	for (unsigned i = 0; i < look->group->group->count; i++) {
		steer_set_t set;
		set_at(look, i, &set);
		look->together[i] = steer_mix(look->together[i] ^ steer_mix(by(i, &set) + 1));
	}
}

static uint64_t position(unsigned i, const steer_set_t *set)
{
	(void)set;
	return i;
}

static uint64_t tier(unsigned i, const steer_set_t *set)
{
	(void)i;
	return set->tier;
}

static uint64_t place(unsigned i, const steer_set_t *set)
{
	(void)i;
	return set->geo;
}

static uint64_t location(unsigned i, const steer_set_t *set)
{
	(void)i;
	return set->location;
}

static uint64_t system_of(unsigned i, const steer_set_t *set)
{
	uint8_t len;
	(void)i;
	const uint8_t *asns =
		steer_attribute_find(set->attrs, set->attrs_len, STEER_ATTR_ASNS, &len);
	return asns != NULL ? steer_name_hash(asns, len) : 0;
}

/*! Sets that can be left together, and whether they have a default. */
typedef struct {
	uint64_t together;
	bool is_default;
} part_t;

static int compare_parts(const void *a, const void *b)
{
	const part_t *x = a, *y = b;
	return x->together != y->together ? (x->together > y->together) - (x->together < y->together)
	                                  : y->is_default - x->is_default;
}

/*! Whether a default is among all sets that the steps before can leave together. */
static bool always_default(const look_t *look, steer_map_type_t type)
{
	part_t parts[STEER_SETS_MAX];
	uint32_t numbers[STEER_ASNS_MAX];
	const unsigned count = look->group->group->count;
	for (unsigned i = 0; i < count; i++) {
		steer_set_t set;
		set_at(look, i, &set);
		parts[i] = (part_t) { look->together[i], numbers_of(&set, type, numbers) == 0 };
	}
	qsort(parts, count, sizeof(*parts), compare_parts);
	for (unsigned i = 0; i < count; i++) {
		if (!parts[i].is_default && (i == 0 || parts[i].together != parts[i - 1].together)) {
			return false;
		}
	}
	return true;
}

static void look_at_match(look_t *look, const match_t *match)
{
	static named_t named; // Some 250 KiB.
	named.match = match;
	find_map(look, &named);
	named.shares = named.map != NULL ? shares_of(look->checker, named.map) : NULL;
	const bool has_default = collect(look, &named);
	if (!has_default) {
		report_unanswered(look, &named);
	} else if (!always_default(look, match->type)) {
		check_group_finding(look->group, NULL, "%s can be left with record sets of which none is "
		                    "its default: then clients for which there is none have no answer "
		                    "(rule %s)", steer_map_type_name(match->type), match->rule);
	}
}

/* Steps that measure. */

/*! Whether it is known where a set is. */
static bool is_somewhere(const look_t *look, const steer_set_t *set)
{
	steer_coordinates_t point;
	return set->has_point ||
	       (set->region != 0 && look->maps->region(look->maps->ctx, set->region, &point));
}

/*! Reports a set that is nowhere. \param[in] then  What becomes of it. */
static void report_nowhere(const look_t *look, const steer_set_t *set, const char *then)
{
	char region[NAME_TEXT];
	if (set->region == 0) {
		check_group_finding(look->group, set, "has neither a region nor coordinates, so %s", then);
		return;
	}
	check_group_finding(look->group, set, "its region %s has no coordinates, so %s",
	                    steer_names_print(&look->names, set->region, region), then);
}

static void look_at_nearest(const look_t *look)
{
	if (look->maps->geo == NULL) {
		lack(look, STEER_MAP_GEO, steer_map_type_name(STEER_MAP_GEO));
	}
	for (unsigned i = 0; i < look->group->group->count; i++) {
		steer_set_t set;
		set_at(look, i, &set);
		if (!is_somewhere(look, &set)) {
			report_nowhere(look, &set, "nearest puts it last (rule GP2)");
		}
	}
}

/*! Reports a set to which no latency is known, so that none counts for the others, either. */
static void look_at_latency_of(const look_t *look, const map_shares_t *shares,
                               const steer_set_t *set)
{
	char region[NAME_TEXT];
	if (shares != NULL && set->region != 0 && !map_shares_have(shares, set->region)) {
		check_group_finding(look->group, set, "map latency has no latency of its region %s, so none "
		                    "counts beside it (rule L2)",
		                    steer_names_print(&look->names, set->region, region));
	} else if (shares != NULL && set->region == 0) {
		check_group_finding(look->group, set, "has no region, so no latency counts beside it (rule "
		                    "L2)");
	}
	if (look->maps->geo != NULL && !is_somewhere(look, set)) {
		report_nowhere(look, set, "no distance counts beside it (rule L3)");
	}
}

static void look_at_latency(const look_t *look)
{
	const steer_map_t *map = look->maps->latency;
	const map_shares_t *shares = map != NULL ? shares_of(look->checker, map) : NULL;
	if (map == NULL && look->maps->geo == NULL) {
		lack(look, STEER_MAP_LATENCY, steer_map_type_name(STEER_MAP_LATENCY));
	}
	for (unsigned i = 0; i < look->group->group->count; i++) {
		steer_set_t set;
		set_at(look, i, &set);
		look_at_latency_of(look, shares, &set);
	}
}

/*! Checks a step, the first time that it comes. */
static void look_at_step(look_t *look, uint8_t number)
{
	static const match_t matches[] = {
		{ STEER_STEP_GEO, STEER_MAP_GEO, "GL3" },
		{ STEER_STEP_CIDR, STEER_MAP_CIDR, "IP3" },
		{ STEER_STEP_ASN, STEER_MAP_ASN, "AS2" },
	};
	if ((look->seen & 1u << number) != 0) {
		return;
	}
	look->seen |= 1u << number;
	if (number == STEER_STEP_LATENCY) {
		look_at_latency(look);
	} else if (number == STEER_STEP_NEAREST) {
		look_at_nearest(look);
	}
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
		if (matches[i].number == number) {
			look_at_match(look, &matches[i]);
		}
	}
}

void check_clients(const check_group_t *group)
{
	static uint64_t (*const divided_by[])(unsigned, const steer_set_t *) = {
		[STEER_STEP_TIER] = tier, [STEER_STEP_TAKE] = position, [STEER_STEP_WITHIN] = position,
		[STEER_STEP_GEO] = place, [STEER_STEP_CIDR] = location, [STEER_STEP_ASN] = system_of,
	};
	look_t look = {
		.group = group, .checker = group->checker, .maps = &group->checker->opened.map_set->maps,
		.names = steer_dictionary_names(group->checker->view.reader),
	};
	steer_step_t step;
	const uint8_t *at = group->group->program, *end = at + group->group->program_len;
	while (steer_program_next(&at, end, &step)) {
		look_at_step(&look, step.number);
		if (divided_by[step.number] != NULL) {
			divide(&look, divided_by[step.number]);
		}
	}
}
