/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief set: parsing its options.
 */
#include <stdio.h>
#include <string.h>

#include "core/dictionary.h"
#include "core/health_check.h"
#include "ctl/options.h"
#include "ctl/set.h"
#include "formats/place_text.h"
#include "formats/program.h"
#include "formats/time.h"
#include "formats/yaml/scalar.h"

/*! TTL if neither the option nor the group gives one. */
#define TTL_DEFAULT 300

/*! The given option for an attribute that policies use; NULL: none is given. */
static const char *attribute_of(const set_options_t *options)
{
	const struct {
		const char *option, *value;
	} attributes[] = {
		{ "--weight", options->weight }, { "--failover", options->failover },
		{ "--tier", options->tier }, { "--region", options->region }, { "--geo", options->geo },
		{ "--coordinates", options->coordinates }, { "--bias", options->bias },
		{ "--cidr", options->cidr }, { "--asn", options->asn },
	};
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		if (attributes[i].value != NULL) {
			return attributes[i].option;
		}
	}
	return options->multivalue ? "--multivalue" : NULL;
}

/*! Checks which options are given together. */
static int check_together(setter_t *setter)
{
	const set_options_t *options = &setter->options;
	const run_t *run = setter->run;
	const char *attribute = attribute_of(options);
	if (options->alias != NULL && setter->count > 0) {
		return options_wrong(run, "--alias with values; allowed: one of them");
	}
	if (options->alias != NULL && options->ttl != NULL) {
		return options_wrong(run, "--alias with --ttl: an alias has the TTL of its target");
	}
	if (setter->count > 0 && options->evaluate != NULL) {
		return options_wrong(run, "--evaluate-target-health with values: only aliases have it");
	}
	if (options->failover != NULL && options->tier != NULL) {
		return options_wrong(run, "--failover with --tier; allowed: one of them; primary is "
		                     "tier 0, secondary is tier 1");
	}
	if (options->id == NULL && attribute != NULL) {
		return options_wrong(run, "%s requires --id", attribute);
	}
	if (options->id == NULL && options->policy != NULL && !set_is_of_group(setter)) {
		return options_wrong(run, "--policy with a record set requires --id");
	}
	bool changes = attribute != NULL || options->ttl != NULL || options->alias != NULL ||
	               options->evaluate != NULL || options->health != NULL || options->policy != NULL;
	if (setter->count == 0 && !changes) {
		return options_wrong(run, "no values; allowed: VALUE..., --alias TARGET, or options for "
		                     "what should change");
	}
	return GO_ON;
}

static int parse_number(const run_t *run, const char *option, const char *text, uint64_t max,
                        uint64_t *number)
{
	if (!option_number(text, max, number)) {
		return options_wrong(run, "%s: '%s'; allowed: 0 to %llu, default", option, text,
		                     (unsigned long long)max);
	}
	return GO_ON;
}

/*! Whether an option is given with a value other than the word that restores the default. */
static bool gives(const char *word, const char *nothing)
{
	return word != NULL && strcmp(word, nothing) != 0;
}

static int parse_failover(setter_t *setter)
{
	const char *word = setter->options.failover;
	bool primary = strcmp(word, "primary") == 0;
	if (!primary && strcmp(word, "secondary") != 0) {
		return options_wrong(setter->run, "--failover: '%s'; allowed: primary, secondary", word);
	}
	setter->set.has_tier = true;
	setter->set.tier = primary ? 0 : 1;
	return GO_ON;
}

static int parse_attributes(setter_t *setter)
{
	const set_options_t *options = &setter->options;
	uint64_t number;
	if (gives(options->weight, "default")) {
		if (parse_number(setter->run, "--weight", options->weight, UINT32_MAX, &number) != GO_ON) {
			return EXIT_USAGE;
		}
		setter->set.has_weight = true;
		setter->set.weight = number;
	}
	if (gives(options->tier, "default")) {
		if (parse_number(setter->run, "--tier", options->tier, UINT8_MAX, &number) != GO_ON) {
			return EXIT_USAGE;
		}
		setter->set.has_tier = true;
		setter->set.tier = number;
	}
	return options->failover != NULL ? parse_failover(setter) : GO_ON;
}

/* Where the record set is. */

/*! Whether a text can be the name of a region or a location. */
static bool is_name(uint8_t kind, const char *text)
{
	const size_t len = strlen(text);
	const steer_dictionary_name_t name = { .kind = kind, .len = len, .text = text };
	return len <= STEER_DICTIONARY_NAME_MAX && steer_dictionary_name_is_good(&name);
}

static int parse_region(setter_t *setter)
{
	const char *word = setter->options.region;
	if (!gives(word, "none")) {
		return GO_ON;
	}
	if (!is_name(STEER_DICTIONARY_REGION, word)) {
		return options_wrong(setter->run, "--region: '%s'; allowed: none, or the name of a region: "
		                     "1 to %d letters, digits, - and _", word, STEER_REGION_NAME_MAX);
	}
	setter->set.has_region = true;
	setter->set.region = word;
	return GO_ON;
}

static int parse_coordinates(setter_t *setter)
{
	const char *word = setter->options.coordinates;
	if (!gives(word, "none")) {
		return GO_ON;
	}
	if (!steer_coordinates_parse(word, &setter->set.point)) {
		return options_wrong(setter->run, "--coordinates: '%s'; allowed: none, or "
		                     STEER_COORDINATES_ALLOWED, word);
	}
	setter->set.has_point = true;
	return GO_ON;
}

static int parse_bias(setter_t *setter)
{
	const char *word = setter->options.bias;
	if (!gives(word, "default")) {
		return GO_ON;
	}
	if (!steer_bias_parse(word, &setter->set.bias)) {
		return options_wrong(setter->run, "--bias: '%s'; allowed: -%d to %d, default", word,
		                     STEER_BIAS_MAX, STEER_BIAS_MAX);
	}
	setter->set.has_bias = true;
	return GO_ON;
}

/* Where its clients are: "default" is one of the places, all that are no other's. */

static int parse_geo(setter_t *setter)
{
	const char *word = setter->options.geo;
	if (word != NULL && !steer_geo_parse(word, &setter->set.geo)) {
		return options_wrong(setter->run, "--geo: '%s'; allowed: " STEER_GEO_ALLOWED, word);
	}
	setter->set.has_geo = word != NULL;
	return GO_ON;
}

static int parse_cidr(setter_t *setter)
{
	const char *word = setter->options.cidr;
	setter->set.has_location = word != NULL;
	if (!gives(word, "default")) {
		return GO_ON;
	}
	if (!is_name(STEER_DICTIONARY_LOCATION, word)) {
		return options_wrong(setter->run, "--cidr: '%s'; allowed: default, or COLLECTION/LOCATION, "
		                     "each of 1 to %d letters, digits, - and _", word,
		                     STEER_REGION_NAME_MAX);
	}
	setter->set.location = word;
	return GO_ON;
}

/*! Adds a number that is not among them. \return false: it is there, none, or one too many. */
static bool add_asn(setter_t *setter, const char *text, size_t len)
{
	uint32_t asn = 0;
	const unsigned count = setter->set.asns_count;
	if (count == STEER_ASNS_MAX || !steer_asn_parse(text, len, &asn) || asn == 0) {
		return false;
	}
	for (unsigned i = 0; i < count; i++) {
		if (setter->asns[i] == asn) {
			return false;
		}
	}
	setter->asns[count] = asn;
	setter->set.asns_count++;
	return true;
}

static int parse_asn(setter_t *setter)
{
	const char *word = setter->options.asn;
	setter->set.has_asns = word != NULL;
	setter->set.asns = setter->asns;
	if (!gives(word, "default")) {
		return GO_ON;
	}
	for (const char *at = word, *end; at != NULL; at = *end != '\0' ? end + 1 : NULL) {
		end = strchrnul(at, ',');
		if (!add_asn(setter, at, end - at)) {
			return options_wrong(setter->run, "--asn: '%s'; allowed: default, or up to %d numbers "
			                     "of autonomous systems, none twice, with commas between: 1 to "
			                     "4294967295, also as AS64500", word, STEER_ASNS_MAX);
		}
	}
	return GO_ON;
}

/* The rest of it. */

static int parse_alias(setter_t *setter)
{
	const char *evaluate = setter->options.evaluate;
	setter->set.evaluate = evaluate == NULL || strcmp(evaluate, "yes") == 0;
	if (!setter->set.evaluate && strcmp(evaluate, "no") != 0) {
		return options_wrong(setter->run, "--evaluate-target-health: '%s'; allowed: yes, no",
		                     evaluate);
	}
	if (setter->options.alias == NULL) {
		return GO_ON;
	}
	setter->set.alias = setter->alias;
	return option_name(setter->run, setter->options.alias, setter->alias);
}

static int parse_ids(setter_t *setter)
{
	const set_options_t *options = &setter->options;
	if (options->id != NULL &&
	    (options->id[0] == '\0' || strlen(options->id) > STEER_SET_ID_MAX ||
	     !steer_yaml_is_line(options->id))) {
		return options_wrong(setter->run, "--id: allowed: 1 to %d bytes of UTF-8 without control "
		                     "characters", STEER_SET_ID_MAX);
	}
	if (options->health != NULL && !steer_health_check_id_is_good(options->health)) {
		return options_wrong(setter->run, "--health: '%s' is not an id of a health check; allowed: "
		                     "none, or 1 to %d letters, digits and - _ . : / @", options->health,
		                     STEER_CHECK_ID_MAX);
	}
	setter->set.id = options->id != NULL ? options->id : "";
	setter->set.health = gives(options->health, "none") ? options->health : NULL;
	return GO_ON;
}

static int parse_policy(setter_t *setter)
{
	steer_fault_t fault;
	if (setter->options.policy == NULL) {
		return GO_ON;
	}
	if (steer_program_parse(setter->options.policy, setter->program, &setter->program_len,
	                        &fault) != STEER_OK) {
		return options_wrong(setter->run, "--policy: %s", fault.text);
	}
	if (setter->program_len == 0) {
		return options_wrong(setter->run, "--policy simple: a group without a policy is one record "
		                     "set; allowed: NAME TYPE VALUE... without --id and --policy");
	}
	return GO_ON;
}

static int parse_ttl(setter_t *setter)
{
	const char *word = setter->options.ttl;
	setter->ttl = TTL_DEFAULT;
	if (word != NULL && !steer_time_parse_seconds(word, STEER_TTL_MAX, &setter->ttl)) {
		return options_wrong(setter->run, "'%s' is not a TTL; allowed: seconds, or numbers with s, "
		                     "m, h, d, w as in 1h30m, up to %u s", word, STEER_TTL_MAX);
	}
	return GO_ON;
}

/*!
 * What the record set keeps. Without an identifier, and with values or a target, it is replaced,
 * except for its TTL.
 */
static uint16_t choose_kept(const setter_t *setter)
{
	const set_options_t *options = &setter->options;
	bool content = setter->count > 0 || options->alias != NULL;
	uint16_t kept = content ? 0 : STEER_KEEP_CONTENT;
	kept |= options->ttl == NULL ? STEER_KEEP_TTL : 0;
	if (options->id != NULL || !content) {
		kept |= options->weight == NULL ? STEER_KEEP_WEIGHT : 0;
		kept |= options->tier == NULL && options->failover == NULL ? STEER_KEEP_TIER : 0;
		kept |= options->health == NULL ? STEER_KEEP_HEALTH : 0;
		kept |= options->evaluate == NULL ? STEER_KEEP_EVALUATE : 0;
		kept |= options->region == NULL ? STEER_KEEP_REGION : 0;
		kept |= options->geo == NULL ? STEER_KEEP_GEO : 0;
		kept |= options->cidr == NULL ? STEER_KEEP_LOCATION : 0;
		kept |= options->coordinates == NULL ? STEER_KEEP_POINT : 0;
		kept |= options->bias == NULL ? STEER_KEEP_BIAS : 0;
		kept |= options->asn == NULL ? STEER_KEEP_ASNS : 0;
	}
	return kept;
}

int set_parse(setter_t *setter)
{
	int (*const parts[])(setter_t *) = {
		check_together, parse_ttl, parse_attributes, parse_region, parse_geo, parse_coordinates,
		parse_bias, parse_cidr, parse_asn, parse_alias, parse_ids, parse_policy,
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		int ret = parts[i](setter);
		if (ret != GO_ON) {
			return ret;
		}
	}
	setter->set.keep = choose_kept(setter);
	setter->set.ttl = setter->ttl;
	return GO_ON;
}
