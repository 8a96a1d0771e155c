/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: policies, aliases and the health checks that record sets name.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "core/alias.h"
#include "core/pick.h"
#include "core/utf8.h"
#include "ctl/check.h"
#include "ctl/health_print.h"
#include "ctl/options.h"
#include "ctl/record_set.h"
#include "formats/text.h"
#include "store/silence.h"
#include "store/uses.h"

/*! Whether neither a health check nor an alias target can make it unhealthy. */
static bool always_healthy(const steer_set_t *set)
{
	return set->slot == STEER_SLOT_NONE && !(set->alias && set->evaluate);
}

/* Aliases and checks. */

/*! Room for absence_text(). */
#define ABSENCE_TEXT (TIME_TEXT + 64)

/*! Why nothing is probed or resolved: as "steerd has been silent since ...". */
static const char *absence_text(const steer_silence_t *silence, char text[ABSENCE_TEXT])
{
	char since[TIME_TEXT];
	if (silence->since == 0) {
		return strcpy(text, "steerd has never been at work on this store");
	}
	time_print(since, silence->since);
	snprintf(text, ABSENCE_TEXT, "steerd has been silent since %s", since);
	return text;
}

/*! An alias target that is being checked, or an external name that its CNAMEs lead to. */
typedef struct {
	const check_group_t *look;
	const steer_set_t *set;
	const uint8_t *end; /*!< NULL: the target itself. */
} target_t;

__attribute__((format(printf, 2, 3)))
static void target_finding(const target_t *target, const char *format, ...)
{
	char name[STEER_NAME_TEXT], end[STEER_NAME_TEXT];
	char text[STEER_MASKED(STEER_LOG_TEXT_MAX) + 256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	steer_name_print(target->set->body, name);
	if (target->end == NULL) {
		check_group_finding(target->look, target->set, "its alias target %s %s", name, text);
		return;
	}
	steer_name_print(target->end, end);
	check_group_finding(target->look, target->set, "its alias target %s leads to %s, which %s",
	                    name, end, text);
}

/*! Unless the name is an alias of the other kind of address, too, and the target has those. */
static void look_at_nodata(const target_t *target)
{
	const check_group_t *look = target->look;
	if (!steer_alias_is_half(&look->checker->opened.lookup, look->name, look->group->type,
	                         target->set->body)) {
		target_finding(target, "has no %s records", look->type);
	}
}

/*! What an answer lacks, and what the last tries to resolve the target again lacked. */
static void look_at_answer(const target_t *target, const steer_external_answer_t *answer)
{
	char resolved[TIME_TEXT], error[STEER_MASKED(STEER_LOG_TEXT_MAX)];
	if (answer->failures > 0) {
		time_print(resolved, answer->resolved.wall);
		steer_utf8_mask(error, sizeof(error), answer->error, answer->error_len);
		target_finding(target, "was last resolved on %s; %" PRIu32 " %s since, the last one with: "
		               "%s", resolved, answer->failures,
		               answer->failures == 1 ? "try has failed" : "tries have failed", error);
	}
	if (answer->held) {
		target_finding(target, "says that it has no %s records; those of before stay until it says "
		               "so again", target->look->type);
	} else if (answer->nxdomain) {
		target_finding(target, "does not exist");
	} else if (answer->count == 0) {
		look_at_nodata(target);
	}
}

/*! Looks at an external name that is needed for the records of an alias. */
static void look_at_external(void *ctx, uint16_t type, const uint8_t *name)
{
	target_t target = *(const target_t *)ctx;
	const health_view_t *health = &target.look->checker->opened.health;
	steer_key_t key;
	steer_external_answer_t answer;
	char absence[ABSENCE_TEXT];
	steer_key_from_name(&key, name);
	target.end = steer_name_equal(name, target.set->body) ? NULL : name;
	bool known = steer_status_external_answer(health->status, type, &key, &answer) == STEER_OK;
	bool absent = known ? health->silence.since == 0 || health->silence.silent
	                    : !steer_steerd_is_at_work(health->status, &health->now);
	if (absent) {
		target_finding(&target, "is in no hosted zone, and nothing resolves it%s: %s",
		               known ? " again" : "", absence_text(&health->silence, absence));
	} else if (!known) {
		target_finding(&target, "is in no hosted zone, and not resolved yet");
	} else {
		look_at_answer(&target, &answer);
	}
}

static void look_at_target(const check_group_t *look, const steer_set_t *set)
{
	const steer_lookup_t *lookup = &look->checker->opened.lookup;
	target_t target = { .look = look, .set = set };
	switch (steer_pick_reached(lookup, set->body, look->group->type)) {
	case STEER_REACHED_NODATA:
		look_at_nodata(&target);
		break;
	case STEER_REACHED_EXTERNAL:
	case STEER_REACHED_CNAME:
	case STEER_REACHED_DNAME:
		(void)steer_alias_ends(lookup, look->group->type, set->body, look_at_external, &target);
		break;
	default:
		break;
	}
}

/*! Reports limits that an alias exceeds: changes elsewhere can lengthen its chains unrefused. */
static void look_at_extent(const check_group_t *look)
{
	switch (steer_alias_extent(&look->checker->opened.lookup, look->group)) {
	case STEER_EXTENT_DEEP:
		check_group_finding(look, NULL, "its alias chains are longer than %d links: what is deeper "
		                    "counts as down, and is SERVFAIL if it is chosen (rule A7)",
		                    STEER_ALIAS_DEPTH);
		break;
	case STEER_EXTENT_WIDE:
		check_group_finding(look, NULL, "its aliases lead to more than %d names: SERVFAIL if an "
		                    "answer needs them (rule A8)", STEER_NAMES_MAX);
		break;
	default:
		break;
	}
}

static void look_at_health(const check_group_t *look, const steer_set_t *set)
{
	char id[CHECK_ID_TEXT];
	if (!steer_set_health(set, id)) {
		return;
	}
	check_use_of_check(look->checker, id);
	const json_t *check = store_lookup_check(&look->checker->opened, set);
	const char *by = json_string_value(json_object_get(check, "by"));
	if (by == NULL || strcmp(by, "undefined") == 0) {
		check_group_finding(look, set, "its health check %s is not defined, so it counts as healthy",
		                    id);
	}
}

/* Sets that can never be chosen. */

/*!
 * What a program does up to its first take, or up to where the client decides: later steps see only
 * what these have kept.
 */
typedef struct {
	bool tier;     /*!< It keeps a single tier. */
	bool weighted; /*!< The order in which it takes is drawn by weight. */
	uint16_t take; /*!< How many it takes; 0: it never does. */
} reach_t;

static reach_t reach_of(const steer_group_t *group)
{
	reach_t reach = { 0 };
	steer_step_t step;
	const uint8_t *at = group->program, *end = at + group->program_len;
	while (reach.take == 0 && steer_program_next(&at, end, &step)) {
		switch (step.number) {
		case STEER_STEP_GEO:
		case STEER_STEP_CIDR:
		case STEER_STEP_ASN:
		case STEER_STEP_WITHIN:
			return reach;
		case STEER_STEP_TIER:
			reach.tier = true;
			break;
		case STEER_STEP_WEIGHTED:
			reach.weighted = true;
			break;
		case STEER_STEP_SHUFFLE:
		case STEER_STEP_LATENCY:
		case STEER_STEP_NEAREST:
			reach.weighted = false;
			break;
		case STEER_STEP_TAKE:
			reach.take = step.take;
			break;
		}
	}
	return reach;
}

/*! The best tier that always has a healthy set: those after it are never chosen (rule F1). */
static unsigned sure_tier(const steer_group_t *group)
{
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		if (always_healthy(&set)) {
			return set.tier;
		}
	}
	return UINT8_MAX;
}

/*! Counts the always healthy sets that have a weight, of one tier if there are tiers. */
static unsigned sure_weights(const steer_group_t *group, bool tiers, uint8_t tier)
{
	unsigned count = 0;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		count += always_healthy(&set) && set.weight > 0 && (!tiers || set.tier == tier);
	}
	return count;
}

static void look_at_reach(const check_group_t *look)
{
	const steer_group_t *group = look->group;
	const reach_t reach = reach_of(group);
	unsigned best = reach.tier ? sure_tier(group) : UINT8_MAX;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		if (set.tier > best) {
			check_group_finding(look, &set, "is never chosen: tier %u always has a healthy record "
			                    "set", best);
		} else if (reach.weighted && reach.take > 0 && set.weight == 0 &&
		           sure_weights(group, reach.tier, set.tier) >= reach.take) {
			check_group_finding(look, &set, "is never chosen: its weight is 0, and others with "
			                    "weight are always healthy");
		}
	}
}

/* Health checks. */

/*! Whether the states of used checks that are to be probed come from a steerd. */
static bool look_at_check(void *ctx, const steer_health_status_t *checked)
{
	checker_t *checker = ctx;
	const steer_silence_t *silence = &checker->opened.health.silence;
	char id[CHECK_ID_TEXT], absence[ABSENCE_TEXT];
	uint64_t uses;
	if (!steer_health_check_type_is_probed(checked->check.type) ||
	    (checked->check.flags & STEER_CHECK_DISABLED) != 0 ||
	    steer_uses_get(checker->view.reader, checked->id, checked->id_len, &uses) != STEER_OK ||
	    uses == 0) {
		return true;
	}
	health_id(id, checked);
	if (silence->since == 0 || silence->silent) {
		check_health_finding(checker, id, "nothing probes it: %s", absence_text(silence, absence));
	}
	return true;
}

int check_health(checker_t *checker)
{
	return health_each(&checker->opened.health, look_at_check, checker);
}

void check_policies(checker_t *checker, const steer_key_t *key, const steer_face_t *face)
{
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		if (steer_group_values(&group) != NULL) {
			continue;
		}
		check_group_t look = { .checker = checker, .key = key, .group = &group };
		steer_key_to_name(look.name, key, key->labels);
		steer_type_text(group.type, look.type);
		for (unsigned k = 0; k < group.count; k++) {
			steer_set_t set;
			steer_group_set(&group, k, &set);
			look_at_health(&look, &set);
			if (set.alias) {
				check_use_of_target(checker, group.type, set.body);
				look_at_target(&look, &set);
			}
		}
		look_at_extent(&look);
		look_at_reach(&look);
		check_clients(&look);
	}
}
