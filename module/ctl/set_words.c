/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief set: its options.
 */
#include <stdio.h>
#include <string.h>

#include "core/check.h"
#include "ctl/options.h"
#include "ctl/set.h"
#include "formats/program.h"
#include "formats/yaml_scalar.h"

/* Which options go together. */
static int check_together(const setter_t *setter)
{
	const set_words_t *words = &setter->words;
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
	if (words->alias == NULL && words->evaluate != NULL) {
		return options_wrong(run, "--evaluate-target-health takes --alias");
	}
	if (words->failover != NULL && words->tier != NULL) {
		return options_wrong(run, "--failover and --tier: allowed is one of them; primary is "
		                     "tier 0, secondary is tier 1");
	}
	if (words->id == NULL && attribute != NULL) {
		return options_wrong(run, "%s takes --id", attribute);
	}
	if (words->id == NULL && words->policy != NULL && !set_is_policy_alone(setter)) {
		return options_wrong(run, "--policy and a record set take --id");
	}
	if (set_is_policy_alone(setter) && (words->ttl != NULL || words->health != NULL)) {
		return options_wrong(run, "--policy without --id takes no other option");
	}
	if (setter->count == 0 && words->alias == NULL && !set_is_policy_alone(setter)) {
		return options_wrong(run, "no values; allowed: VALUE..., or --alias TARGET");
	}
	return GO_ON;
}

static int parse_number(const run_t *run, const char *option, const char *text, uint64_t max,
                        uint64_t *number)
{
	return option_number(text, max, number) ? GO_ON
	       : options_wrong(run, "%s: '%s' is no number; allowed: 0 to %llu", option, text,
	                       (unsigned long long)max);
}

static int parse_attributes(setter_t *setter)
{
	const set_words_t *words = &setter->words;
	uint64_t number = 0;
	int ret = GO_ON;
	if (words->weight != NULL) {
		ret = parse_number(setter->run, "--weight", words->weight, UINT32_MAX, &number);
		setter->set.has_weight = true;
		setter->set.weight = number;
	}
	if (ret == GO_ON && words->tier != NULL) {
		ret = parse_number(setter->run, "--tier", words->tier, UINT8_MAX, &number);
		setter->set.has_tier = true;
		setter->set.tier = number;
	}
	if (ret == GO_ON && words->failover != NULL) {
		bool primary = strcmp(words->failover, "primary") == 0;
		setter->set.has_tier = true;
		setter->set.tier = primary ? 0 : 1;
		if (!primary && strcmp(words->failover, "secondary") != 0) {
			ret = options_wrong(setter->run, "--failover: '%s'; allowed: primary, secondary",
			                    words->failover);
		}
	}
	return ret;
}

static int parse_alias(setter_t *setter)
{
	const char *evaluate = setter->words.evaluate;
	if (setter->words.alias == NULL) {
		return GO_ON;
	}
	setter->set.alias = setter->alias;
	setter->set.evaluate = evaluate == NULL || strcmp(evaluate, "yes") == 0;
	if (!setter->set.evaluate && strcmp(evaluate, "no") != 0) {
		return options_wrong(setter->run, "--evaluate-target-health: '%s'; allowed: yes, no",
		                     evaluate);
	}
	return option_name(setter->run, setter->words.alias, setter->alias);
}

static int parse_ids(setter_t *setter)
{
	const set_words_t *words = &setter->words;
	if (words->id != NULL && (words->id[0] == '\0' || strlen(words->id) > STEER_SET_ID_MAX ||
	                          !steer_yaml_is_line(words->id))) {
		return options_wrong(setter->run, "--id: allowed: 1 to %d bytes of UTF-8 without control "
		                     "characters", STEER_SET_ID_MAX);
	}
	if (words->health != NULL && !steer_check_id_is_good(words->health)) {
		return options_wrong(setter->run, "--health: '%s' is no id of a health check; allowed: 1 "
		                     "to %d letters, digits and - _ . : / @", words->health,
		                     STEER_CHECK_ID_MAX);
	}
	setter->set.id = words->id != NULL ? words->id : "";
	setter->set.health = words->health;
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
	setter->has_policy = true;
	return setter->program_len > 0 ? GO_ON
	       : options_wrong(setter->run, "--policy simple: a group without a policy is one record "
	                       "set; allowed: NAME TYPE VALUE... without --id and --policy");
}

int set_parse(setter_t *setter)
{
	uint64_t ttl;
	int ret = check_together(setter);
	if (ret == GO_ON && setter->words.ttl != NULL) {
		if (option_number(setter->words.ttl, STEER_TTL_MAX, &ttl)) {
			setter->ttl = ttl;
		} else {
			ret = options_wrong(setter->run, "'%s' is no TTL; allowed: seconds from 0 to %d",
			                    setter->words.ttl, STEER_TTL_MAX);
		}
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
	return ret == GO_ON ? parse_policy(setter) : ret;
}
