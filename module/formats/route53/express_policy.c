/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Policies that Route 53 does not have, and what its own cannot say. What the presets refuse
 *        as well (steer-policies(7), rules F2, L4, GL7, GP6, IP6, M3, W5) need not be looked for.
 */
#include <string.h>

#include "core/regions.h"
#include "formats/place_text.h"
#include "formats/program.h"
#include "formats/route53/express.h"
#include "formats/route53/losses.h"
#include "formats/route53/value.h"

#define TIERS     2
#define SETS_MAX  100
#define SETS_NEAR 30 /*!< Of geoproximity. */

/*! The subdivisions that clients can be in: those of the US, and no other country's. */
static const char states[] =
	" AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH "
	"NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY ";

/* Record sets. */

static void look_at_weight(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	if (member->set.weight > STEER_ROUTE53_WEIGHT_MAX) {
		steer_route53_lose(look, member->id, "the weight %u", member->set.weight);
	}
}

static void look_at_tier(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	if (member->set.tier >= TIERS) {
		steer_route53_lose(look, member->id, "the tier %u", member->set.tier);
	}
}

/*! Looks at a region. \param[in] local  It may be a Local Zone group. */
static void look_at_name(steer_route53_look_t *look, const steer_route53_member_t *member,
                         bool local)
{
	char name[STEER_DICTIONARY_NAME_MAX + 1];
	steer_names_print(&look->store->names, member->set.region, name);
	if (steer_region_find(name, strlen(name)) == NULL ||
	    (!local && steer_route53_is_local_zone(name))) {
		steer_route53_lose(look, member->id, "the region %s", name);
	}
}

static void look_at_region(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	if (member->set.has_point) {
		steer_route53_lose(look, member->id, "coordinates beside a region");
	}
	look_at_name(look, member, false);
}

static void look_at_proximity(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	if (!member->set.has_point) {
		look_at_name(look, member, true);
	}
}

/*! Whether clients of a country are told apart by that subdivision. */
static bool has_subdivision(const char *country, const char *subdivision)
{
	const char *found = strstr(states, subdivision);
	return strcmp(country, "US") == 0 && strlen(subdivision) == 2 && found != NULL &&
	       found[-1] == ' ' && found[2] == ' ';
}

static void look_at_geo(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	const steer_geo_t geo = member->set.geo;
	char country[STEER_GEO_CODE_TEXT], subdivision[STEER_GEO_CODE_TEXT], text[STEER_GEO_TEXT];
	steer_geo_country_print(geo, country);
	steer_geo_subdivision_print(geo, subdivision);
	if ((country[0] != '\0' && steer_country_of(geo) == NULL) ||
	    (subdivision[0] != '\0' && !has_subdivision(country, subdivision))) {
		steer_route53_lose(look, member->id, "the place %s", steer_geo_print(geo, text));
	}
}

static void look_at_location(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	char name[STEER_DICTIONARY_NAME_MAX + 1];
	const char *slash = member->set.location == 0 ? NULL : strchr(
		steer_names_print(&look->store->names, member->set.location, name), '/');
	if (slash != NULL && strlen(slash + 1) > STEER_ROUTE53_LOCATION_MAX) {
		steer_route53_lose(look, member->id, "the location %s, whose name has more than %d "
		                   "characters", slash + 1, STEER_ROUTE53_LOCATION_MAX);
	}
}

static void (*const looks[STEER_PRESETS])(steer_route53_look_t *look,
                                          const steer_route53_member_t *member) = {
	[STEER_PRESET_WEIGHTED] = look_at_weight,
	[STEER_PRESET_FAILOVER] = look_at_tier,
	[STEER_PRESET_LATENCY] = look_at_region,
	[STEER_PRESET_GEOLOCATION] = look_at_geo,
	[STEER_PRESET_GEOPROXIMITY] = look_at_proximity,
	[STEER_PRESET_IP] = look_at_location,
};

/* The group. */

/*! Looks for a tier of several record sets. */
static void look_at_tiers(steer_route53_look_t *look)
{
	unsigned count[TIERS] = { 0 };
	for (unsigned i = 0; i < look->group->count; i++) {
		steer_set_t set;
		steer_group_set(look->group, i, &set);
		if (set.tier < TIERS && ++count[set.tier] == 2) {
			steer_route53_lose(look, NULL, "several %s", set.tier == 0 ? "primaries"
			                                                           : "secondaries");
		}
	}
}

static void look_at_group(steer_route53_look_t *look)
{
	const unsigned count = look->group->count;
	const unsigned most = look->preset == STEER_PRESET_GEOPROXIMITY ? SETS_NEAR : SETS_MAX;
	if (look->group->type == TYPE_NS) {
		steer_route53_lose(look, NULL, "a policy for name servers");
	}
	if (look->preset == STEER_PRESET_FAILOVER) {
		look_at_tiers(look);
	} else if (count > most) {
		steer_route53_lose(look, NULL, "%u record sets instead of up to %u", count, most);
	}
	if (look->preset == STEER_PRESET_IP && look->group->collection == 0) {
		steer_route53_lose(look, NULL, "no location, and so no collection");
	}
}

void steer_route53_look_at_policy(steer_route53_look_t *look)
{
	char text[STEER_PROGRAM_TEXT];
	if (look->preset == STEER_PRESET_NONE) {
		steer_program_print(look->group->program, look->group->program_len, text);
		steer_route53_lose(look, NULL, "the policy %s", text);
		return;
	}
	look_at_group(look);
	for (unsigned i = 0; i < look->group->count && looks[look->preset] != NULL; i++) {
		steer_route53_member_t member;
		steer_route53_member(look->group, i, &member);
		looks[look->preset](look, &member);
	}
}
