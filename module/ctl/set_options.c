/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief set: its options.
 */
#include <stdio.h>
#include <string.h>

#include "core/health_check.h"
#include "ctl/options.h"
#include "ctl/set.h"
#include "formats/program.h"
#include "formats/time.h"
#include "formats/yaml/scalar.h"

/* Of values that have none, where none of the group has one either. */
#define TTL_DEFAULT 300

/* Which options go together. */
static int check_together(const setter_t *setter)
{
	const set_options_t *words = &setter->words;
	const run_t *run = setter->run;
	const char *attribute = words->weight != NULL ? "--weight"
	                        : words->failover != NULL ? "--failover"
	                        : words->tier != NULL ? "--tier"
	                        : words->multivalue ? "--multivalue" : NULL;
	if (words->alias != NULL && setter->count > 0) {
		return options_wrong(run, "--alias and values: allowed is one of them");
	}
	if (words->alias != NULL && words->ttl != NULL) {
		return options_wrong(run, "--alias and --ttl: an alias has the TTL of its target");
	}
	if (setter->count > 0 && words->evaluate != NULL) {
		return options_wrong(run, "--evaluate-target-health and values: it is of an alias");
	}
	if (words->failover != NULL && words->tier != NULL) {
		return options_wrong(run, "--failover and --tier: allowed is one of them; primary is "
		                     "tier 0, secondary is tier 1");
	}
	if (words->id == NULL && attribute != NULL) {
		return options_wrong(run, "%s takes --id", attribute);
	}
	if (words->id == NULL && words->policy != NULL && !set_is_of_group(setter)) {
		return options_wrong(run, "--policy and a record set take --id");
	}
	bool changes = attribute != NULL || words->ttl != NULL || words->alias != NULL ||
	               words->evaluate != NULL || words->health != NULL || words->policy != NULL;
	return setter->count > 0 || changes ? GO_ON
	       : options_wrong(run, "no values; allowed: VALUE..., --alias TARGET, or what else is to "
	                       "change");
}

static int parse_number(const run_t *run, const char *option, const char *text, uint64_t max,
                        uint64_t *number)
{
	return option_number(text, max, number) ? GO_ON
	       : options_wrong(run, "%s: '%s'; allowed: 0 to %llu, default", option, text,
	                       (unsigned long long)max);
}

/* Whether an option is given, and says more than that the default is wanted again. */
static bool gives(const char *word, const char *nothing)
{
	return word != NULL && strcmp(word, nothing) != 0;
}

static int parse_failover(setter_t *setter)
{
	const char *word = setter->words.failover;
	bool primary = strcmp(word, "primary") == 0;
	setter->set.has_tier = true;
	setter->set.tier = primary ? 0 : 1;
	return primary || strcmp(word, "secondary") == 0 ? GO_ON
	       : options_wrong(setter->run, "--failover: '%s'; allowed: primary, secondary", word);
}

static int parse_attributes(setter_t *setter)
{
	const set_options_t *words = &setter->words;
	uint64_t number = 0;
	int ret = GO_ON;
	if (gives(words->weight, "default")) {
		ret = parse_number(setter->run, "--weight", words->weight, UINT32_MAX, &number);
		setter->set.has_weight = true;
		setter->set.weight = number;
	}
	if (ret == GO_ON && gives(words->tier, "default")) {
		ret = parse_number(setter->run, "--tier", words->tier, UINT8_MAX, &number);
		setter->set.has_tier = true;
		setter->set.tier = number;
	}
	return ret == GO_ON && words->failover != NULL ? parse_failover(setter) : ret;
}

static int parse_alias(setter_t *setter)
{
	const char *evaluate = setter->words.evaluate;
	setter->set.evaluate = evaluate == NULL || strcmp(evaluate, "yes") == 0;
	if (!setter->set.evaluate && strcmp(evaluate, "no") != 0) {
		return options_wrong(setter->run, "--evaluate-target-health: '%s'; allowed: yes, no",
		                     evaluate);
	}
	if (setter->words.alias == NULL) {
		return GO_ON;
	}
	setter->set.alias = setter->alias;
	return option_name(setter->run, setter->words.alias, setter->alias);
}

static int parse_ids(setter_t *setter)
{
	const set_options_t *words = &setter->words;
	if (words->id != NULL && (words->id[0] == '\0' || strlen(words->id) > STEER_SET_ID_MAX ||
	                          !steer_yaml_is_line(words->id))) {
		return options_wrong(setter->run, "--id: allowed: 1 to %d bytes of UTF-8 without control "
		                     "characters", STEER_SET_ID_MAX);
	}
	if (words->health != NULL && !steer_health_check_id_is_good(words->health)) {
		return options_wrong(setter->run, "--health: '%s' is no id of a health check; allowed: "
		                     "none, or 1 to %d letters, digits and - _ . : / @", words->health,
		                     STEER_CHECK_ID_MAX);
	}
	setter->set.id = words->id != NULL ? words->id : "";
	setter->set.health = gives(words->health, "none") ? words->health : NULL;
	return GO_ON;
}

static int parse_policy(setter_t *setter)
{
	steer_fault_t fault;
	if (setter->words.policy == NULL) {
		return GO_ON;
	}
	if (steer_program_parse(setter->words.policy, setter->program, &setter->program_len,
	                        &fault) != STEER_OK) {
		return options_wrong(setter->run, "--policy: %s", fault.text);
	}
	return setter->program_len > 0 ? GO_ON
	       : options_wrong(setter->run, "--policy simple: a group without a policy is one record "
	                       "set; allowed: NAME TYPE VALUE... without --id and --policy");
}

static int parse_ttl(setter_t *setter)
{
	const char *word = setter->words.ttl;
	setter->ttl = TTL_DEFAULT;
	return word == NULL || steer_time_parse_seconds(word, STEER_TTL_MAX, &setter->ttl) ? GO_ON
	       : options_wrong(setter->run, "'%s' is no TTL; allowed: seconds, or numbers with s, m, "
	                       "h, d, w as in 1h30m, up to %u s", word, STEER_TTL_MAX);
}

/*
 * What the record set keeps of itself. Without an identifier it is replaced, but for its TTL,
 * unless its values are left out.
 */
static uint8_t choose_kept(const setter_t *setter)
{
	const set_options_t *words = &setter->words;
	bool content = setter->count > 0 || words->alias != NULL;
	uint8_t kept = content ? 0 : STEER_KEEP_CONTENT;
	kept |= words->ttl == NULL ? STEER_KEEP_TTL : 0;
	if (words->id != NULL || !content) {
		kept |= words->weight == NULL ? STEER_KEEP_WEIGHT : 0;
		kept |= words->tier == NULL && words->failover == NULL ? STEER_KEEP_TIER : 0;
		kept |= words->health == NULL ? STEER_KEEP_HEALTH : 0;
		kept |= words->evaluate == NULL ? STEER_KEEP_EVALUATE : 0;
	}
	return kept;
}

int set_parse(setter_t *setter)
{
	int ret = check_together(setter);
	if (ret == GO_ON) {
		ret = parse_ttl(setter);
	}
	if (ret == GO_ON) {
		ret = parse_attributes(setter);
	}
	if (ret == GO_ON) {
		ret = parse_alias(setter);
	}
	if (ret == GO_ON) {
		ret = parse_ids(setter);
	}
	setter->set.keep = choose_kept(setter);
	setter->set.ttl = setter->ttl;
	return ret == GO_ON ? parse_policy(setter) : ret;
}
