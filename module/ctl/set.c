/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief set: creates or changes a record set, or the policy or TTL of a whole group.
 */
#include "ctl/set.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "ctl/commit.h"
#include "ctl/options.h"
#include "ctl/types.h"
#include "formats/program.h"

/*! Refuses types that zone files may have, and a record set of a hosted zone may not. */
static int check_type(const setter_t *setter)
{
	const rrset_arg_t *target = &setter->target;
	steer_key_t key;
	steer_key_from_name(&key, target->name);
	bool apex = key.labels == target->apex.labels;
	if (type_is_signing(target->type, apex)) {
		fprintf(stderr, "%s: %s: a record of a signed zone; hosted zones are not signed\n",
		        setter->run->program, target->text);
		return EXIT_REFUSED;
	}
	if (target->type == TYPE_SOA && (setter->count > 1 || !apex)) {
		fprintf(stderr, "%s: %s: a zone has one SOA record, at its apex\n", setter->run->program,
		        target->text);
		return EXIT_REFUSED;
	}
	return GO_ON;
}

/*
 * The policy of the group.
 *
 * It is the given policy; else that of the group; else, for a new group, the preset that uses the
 * record set's attribute. The store checks the result as well, but cannot name the option that
 * helps.
 */

__attribute__((format(printf, 2, 3)))
static int refuse(const setter_t *setter, const char *format, ...)
{
	char target[TARGET_TEXT];
	va_list args;
	rrset_arg_print(target, &setter->target);
	fprintf(stderr, "%s: %s: ", setter->run->program, target);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_REFUSED;
}

/*! An attribute that is given. */
typedef struct {
	bool given;
	const char *option;
	uint16_t attribute;    /*!< STEER_KEEP_*; 0: none that the record set keeps. */
	steer_preset_t preset; /*!< That it implies for a new group. */
} given_t;

#define ATTRIBUTES 9

static void list_given(const setter_t *setter, given_t given[ATTRIBUTES])
{
	const steer_record_set_t *set = &setter->set;
	const bool near = set->has_point || set->has_bias;
	const given_t all[ATTRIBUTES] = {
		{ set->has_weight, "--weight", STEER_KEEP_WEIGHT, STEER_PRESET_WEIGHTED },
		{ set->has_tier, setter->options.tier != NULL ? "--tier" : "--failover", STEER_KEEP_TIER,
		  STEER_PRESET_FAILOVER },
		{ setter->options.multivalue, "--multivalue", 0, STEER_PRESET_MULTIVALUE },
		{ set->has_region, "--region", STEER_KEEP_REGION,
		  near ? STEER_PRESET_GEOPROXIMITY : STEER_PRESET_LATENCY },
		{ set->has_geo, "--geo", STEER_KEEP_GEO, STEER_PRESET_GEOLOCATION },
		{ set->has_point, "--coordinates", STEER_KEEP_POINT, STEER_PRESET_GEOPROXIMITY },
		{ set->has_bias, "--bias", STEER_KEEP_BIAS, STEER_PRESET_GEOPROXIMITY },
		{ set->has_location, "--cidr", STEER_KEEP_LOCATION, STEER_PRESET_IP },
		{ set->has_asns, "--asn", STEER_KEEP_ASNS, STEER_PRESET_NONE },
	};
	memcpy(given, all, sizeof(all));
}

/*! Chooses the preset that the attributes imply for a new group. */
static int imply_preset(setter_t *setter)
{
	given_t given[ATTRIBUTES];
	const given_t *first = NULL;
	list_given(setter, given);
	for (unsigned i = 0; i < ATTRIBUTES; i++) {
		if (!given[i].given) {
			continue;
		}
		if (given[i].preset == STEER_PRESET_NONE) {
			return refuse(setter, "new, and no preset uses %s; allowed: with --policy POLICY",
			              given[i].option);
		}
		first = first != NULL ? first : &given[i];
		if (given[i].preset != first->preset) {
			return refuse(setter, "new, and no preset uses %s and %s; allowed: one of them, or "
			              "both with --policy POLICY", first->option, given[i].option);
		}
	}
	if (first == NULL) {
		return refuse(setter, "new, and no policy is given; allowed: one of --weight, --failover, "
		              "--multivalue, --region, --geo, --coordinates, --bias and --cidr, or "
		              "--policy POLICY");
	}
	setter->preset = first->preset;
	return GO_ON;
}

/*! Refuses attributes that the policy ignores, as the store does (rule G4). */
static int check_used(const setter_t *setter, const uint8_t *program, size_t len)
{
	const uint16_t reads = steer_program_reads(program, len);
	const bool multivalue = steer_program_preset(program, len) == STEER_PRESET_MULTIVALUE;
	char text[STEER_PROGRAM_TEXT];
	given_t given[ATTRIBUTES];
	list_given(setter, given);
	for (unsigned i = 0; i < ATTRIBUTES; i++) {
		const bool used = given[i].attribute == 0 ? multivalue : (reads & given[i].attribute) != 0;
		if (given[i].given && !used) {
			steer_program_print(program, len, text);
			return refuse(setter, "its policy is %s, which does not use %s; allowed: another one "
			              "by --policy POLICY", text, given[i].option);
		}
	}
	return GO_ON;
}

/*! Checks that a group to be changed as a whole exists, and has a policy to be changed. */
static int check_group(const setter_t *setter)
{
	if (setter->stored.count == 0) {
		return refuse(setter, "no such record set; allowed: with values or --alias");
	}
	if (setter->stored.program_len == 0 && setter->options.policy != NULL) {
		return refuse(setter, "a simple record set; allowed: --policy POLICY with --id and values "
		              "or --alias, which replace it");
	}
	return GO_ON;
}

/*! Record sets that are drawn by weight share one TTL, so a single one cannot get another. */
static int check_ttl(const setter_t *setter, const uint8_t *program, size_t len)
{
	if (setter->options.ttl == NULL || !steer_program_has(program, len, STEER_STEP_WEIGHTED)) {
		return GO_ON;
	}
	for (unsigned i = 0; i < setter->stored.count; i++) {
		steer_set_t set;
		steer_group_set(&setter->stored, i, &set);
		bool other = set.id_len != strlen(setter->set.id) ||
		             memcmp(set.id, setter->set.id, set.id_len) != 0;
		if (other && !set.alias && set.ttl != setter->ttl) {
			return refuse(setter, "--ttl %u, and record set '%.*s' has %u: a group that is drawn "
			              "by weight has one TTL; allowed: --ttl without --id and values, for the "
			              "whole group", setter->ttl, set.id_len, (const char *)set.id, set.ttl);
		}
	}
	return GO_ON;
}

/*! Decides on the policy of the group, and checks that it uses the record set's attributes. */
static int choose_policy(setter_t *setter)
{
	const steer_group_t *stored = &setter->stored;
	const uint8_t *program = stored->program;
	size_t len = stored->program_len;
	if (set_is_of_group(setter)) {
		return check_group(setter);
	}
	if (setter->options.id == NULL) {
		return GO_ON;
	}
	if (setter->options.policy != NULL) {
		program = setter->program;
		len = setter->program_len;
	} else if (stored->count == 0) {
		return imply_preset(setter);
	} else if (len == 0) {
		return refuse(setter, "a simple record set; allowed: --policy POLICY, which replaces it");
	}
	int ret = check_used(setter, program, len);
	return ret == GO_ON ? check_ttl(setter, program, len) : ret;
}

/* The change set. */

static int add_values(setter_t *setter, unsigned zone, const steer_change_set_t *set)
{
	static const uint8_t root[] = { 0 };
	const rrset_arg_t *target = &setter->target;
	int status = GO_ON;
	steer_text_t *text = steer_text_new();
	if (text == NULL) {
		return print_no_memory();
	}
	for (int i = 0; i < setter->count && status == GO_ON; i++) {
		steer_fault_t fault;
		steer_record_t record = {
			.owner = target->name, .type = target->type, .ttl = setter->ttl, .set = set,
		};
		int ret = steer_rdata_parse(text, root, target->type, setter->values[i], &record.rdata,
		                            &record.rdata_len, &fault);
		if (ret != STEER_OK) {
			fprintf(stderr, "%s: '%s': %s\n", setter->run->program, setter->values[i],
			        fault.text);
			status = ret == STEER_EINVAL ? EXIT_REFUSED : EXIT_STORE;
		} else if (steer_change_add(setter->change, zone, &record) != STEER_OK) {
			status = print_no_memory();
		}
	}
	steer_text_free(text);
	return status;
}

/*! Sets the policy of the group, and the TTL if it is for the whole group. */
static int fill_group(setter_t *setter, unsigned zone)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	const rrset_arg_t *target = &setter->target;
	int ret = STEER_OK;
	if (setter->options.policy != NULL) {
		ret = steer_change_policy(setter->change, zone, target->name, target->type,
		                          setter->program, setter->program_len, &nowhere);
	} else if (setter->preset != STEER_PRESET_NONE) {
		ret = steer_change_preset(setter->change, zone, target->name, target->type,
		                          setter->preset, &nowhere);
	}
	if (ret != STEER_OK || !set_is_of_group(setter) || setter->options.ttl == NULL) {
		return ret;
	}
	return steer_change_ttl(setter->change, zone, target->name, target->type, setter->ttl);
}

static int fill(setter_t *setter)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	const rrset_arg_t *target = &setter->target;
	const steer_change_set_t *set = NULL;
	unsigned zone;
	if (rrset_arg_edit(setter->change, target, &zone) != STEER_OK ||
	    fill_group(setter, zone) != STEER_OK) {
		return print_no_memory();
	}
	if (!set_is_of_group(setter) &&
	    steer_change_set(setter->change, zone, target->name, target->type, &setter->set, &nowhere,
	                     &set) != STEER_OK) {
		return print_no_memory();
	}
	return add_values(setter, zone, set);
}

static int apply(setter_t *setter)
{
	const steer_group_t *stored = &setter->stored;
	// The policy ends, which may not have been intended.
	bool ends = stored->program_len > 0 && setter->options.id == NULL && !set_is_of_group(setter);
	char policy[STEER_PROGRAM_TEXT], target[TARGET_TEXT];
	if (ends) { // While it can still be read.
		steer_program_print(stored->program, stored->program_len, policy);
	}
	int ret = commit(setter->run, &setter->view, setter->change, setter->options.dry_run, NULL);
	if (ret == EXIT_DONE && ends) {
		rrset_arg_print(target, &setter->target);
		fprintf(stderr, "%s: note: was %s with %u record set%s\n", target, policy,
		        stored->count, plural(stored->count));
	}
	return ret;
}

static int run_set(setter_t *setter)
{
	rrset_arg_t *target = &setter->target;
	int ret = view_open(&setter->view, setter->run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_need_zone(&setter->view, target->text, target->name, target->type, &target->apex);
	if (ret != GO_ON) {
		goto done;
	}
	ret = check_type(setter);
	if (ret != GO_ON) {
		goto done;
	}
	ret = rrset_arg_group(&setter->view, target, &setter->stored);
	if (ret != GO_ON) {
		goto done;
	}
	ret = choose_policy(setter);
	if (ret != GO_ON) {
		goto done;
	}
	setter->change = steer_change_new();
	if (setter->change == NULL) {
		ret = print_no_memory();
		goto done;
	}
	ret = fill(setter);
	if (ret == GO_ON) {
		ret = apply(setter);
	}
done:
	steer_change_free(setter->change);
	view_close(&setter->view);
	return ret;
}

int verb_set(run_t *run, int argc, char **argv)
{
	setter_t setter = { .run = run, .preset = STEER_PRESET_NONE };
	const option_t options[] = {
		{ "ttl", OPTION_WORD, &setter.options.ttl },
		{ "alias", OPTION_WORD, &setter.options.alias },
		{ "evaluate-target-health", OPTION_WORD, &setter.options.evaluate },
		{ "id", OPTION_WORD, &setter.options.id },
		{ "weight", OPTION_WORD, &setter.options.weight },
		{ "failover", OPTION_WORD, &setter.options.failover },
		{ "tier", OPTION_WORD, &setter.options.tier },
		{ "multivalue", OPTION_FLAG, &setter.options.multivalue },
		{ "region", OPTION_WORD, &setter.options.region },
		{ "geo", OPTION_WORD, &setter.options.geo },
		{ "coordinates", OPTION_WORD, &setter.options.coordinates },
		{ "bias", OPTION_WORD, &setter.options.bias },
		{ "cidr", OPTION_WORD, &setter.options.cidr },
		{ "asn", OPTION_WORD, &setter.options.asn },
		{ "health", OPTION_WORD, &setter.options.health },
		{ "policy", OPTION_WORD, &setter.options.policy },
		{ "dry-run", OPTION_FLAG, &setter.options.dry_run },
		{ 0 },
	};
	int ret = options_parse(run, &argc, &argv, options, 2, INT32_MAX);
	if (ret != GO_ON) {
		return ret;
	}
	ret = rrset_arg_parse(run, 2, argv, &setter.target);
	if (ret != GO_ON) {
		return ret;
	}
	setter.values = argv + 2;
	setter.count = argc - 2;
	ret = set_parse(&setter);
	if (ret != GO_ON) {
		return ret;
	}
	return run_set(&setter);
}
