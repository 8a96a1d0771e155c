/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief set: makes a record set be what it is given.
 */
#include "ctl/set.h"

#include <string.h>

#include "core/name.h"
#include "ctl/commit.h"
#include "ctl/options.h"
#include "ctl/types.h"
#include "formats/program.h"

/* What is right for zone files in general and not for a hosted zone's record set. */
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

static int add_values(setter_t *setter, unsigned zone, const steer_change_set_t *set)
{
	static const uint8_t root[] = { 0 };
	const rrset_arg_t *target = &setter->target;
	steer_text_t *text = steer_text_new();
	int ret = text != NULL ? STEER_OK : STEER_ENOMEM;
	for (int i = 0; i < setter->count && ret == STEER_OK; i++) {
		steer_fault_t fault;
		steer_record_t record = {
			.owner = target->name, .type = target->type, .ttl = setter->ttl, .set = set,
		};
		ret = steer_rdata_parse(text, root, target->type, setter->values[i], &record.rdata,
		                        &record.rdata_len, &fault);
		if (ret != STEER_OK) {
			fprintf(stderr, "%s: '%s': %s\n", setter->run->program, setter->values[i],
			        fault.text);
			steer_text_free(text);
			return ret == STEER_EINVAL ? EXIT_REFUSED : EXIT_STORE;
		}
		ret = steer_change_add(setter->change, zone, &record);
	}
	steer_text_free(text);
	return ret == STEER_OK ? GO_ON : print_no_memory();
}

/* The policy of the group, and its TTL if it has no other place. */
static int fill_group(setter_t *setter, unsigned zone)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	const rrset_arg_t *target = &setter->target;
	int ret = STEER_OK;
	if (setter->words.policy != NULL) {
		ret = steer_change_policy(setter->change, zone, target->name, target->type,
		                          setter->program, setter->program_len, &nowhere);
	} else if (setter->preset != STEER_PRESET_NONE) {
		ret = steer_change_preset(setter->change, zone, target->name, target->type,
		                          setter->preset, &nowhere);
	}
	if (ret == STEER_OK && set_is_of_group(setter) && setter->words.ttl != NULL) {
		ret = steer_change_ttl(setter->change, zone, target->name, target->type, setter->ttl);
	}
	return ret;
}

static int fill(setter_t *setter)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	const rrset_arg_t *target = &setter->target;
	const steer_change_set_t *set = NULL;
	unsigned zone;
	int ret = rrset_arg_edit(setter->change, target, &zone);
	if (ret == STEER_OK) {
		ret = fill_group(setter, zone);
	}
	if (ret == STEER_OK && !set_is_of_group(setter)) {
		ret = steer_change_set(setter->change, zone, target->name, target->type, &setter->set,
		                       &nowhere, &set);
	}
	return ret == STEER_OK ? add_values(setter, zone, set) : print_no_memory();
}

/* A group that has lost its policy may have been meant to keep it. */
static void tell_past(const setter_t *setter, const char *policy)
{
	char target[TARGET_TEXT];
	rrset_arg_print(target, &setter->target);
	fprintf(stderr, "%s: note: was %s with %u record set%s\n", target, policy, setter->stored.count,
	        setter->stored.count == 1 ? "" : "s");
}

static int apply(setter_t *setter)
{
	const steer_group_t *stored = &setter->stored;
	bool ends = stored->program_len > 0 && setter->words.id == NULL && !set_is_of_group(setter);
	char policy[STEER_PROGRAM_TEXT] = "";
	if (ends) {
		steer_program_print(stored->program, stored->program_len, policy);
	}
	steer_reader_reset(setter->view.reader);
	int ret = commit(setter->run, setter->view.store, setter->change, setter->words.dry_run, NULL);
	if (ret == EXIT_DONE && ends) {
		tell_past(setter, policy);
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
	setter->change = steer_change_new();
	ret = setter->change != NULL ? view_need_zone(&setter->view, target->text, target->name,
	                                              target->type, &target->apex)
	                             : print_no_memory();
	if (ret == GO_ON) {
		ret = check_type(setter);
	}
	if (ret == GO_ON) {
		ret = rrset_arg_group(&setter->view, target, &setter->stored);
	}
	if (ret == GO_ON) {
		ret = set_choose_policy(setter);
	}
	if (ret == GO_ON) {
		ret = fill(setter);
	}
	if (ret == GO_ON) {
		ret = apply(setter);
	}
	steer_change_free(setter->change);
	view_close(&setter->view);
	return ret;
}

int verb_set(run_t *run, int argc, char **argv)
{
	setter_t setter = { .run = run, .preset = STEER_PRESET_NONE };
	set_options_t *words = &setter.words;
	const option_t options[] = {
		{ "ttl", OPTION_WORD, &words->ttl },
		{ "alias", OPTION_WORD, &words->alias },
		{ "evaluate-target-health", OPTION_WORD, &words->evaluate },
		{ "id", OPTION_WORD, &words->id },
		{ "weight", OPTION_WORD, &words->weight },
		{ "failover", OPTION_WORD, &words->failover },
		{ "tier", OPTION_WORD, &words->tier },
		{ "multivalue", OPTION_FLAG, &words->multivalue },
		{ "health", OPTION_WORD, &words->health },
		{ "policy", OPTION_WORD, &words->policy },
		{ "dry-run", OPTION_FLAG, &words->dry_run },
		{ 0 },
	};
	int ret = options_parse(run, &argc, &argv, options, 2, INT32_MAX);
	if (ret == GO_ON) {
		ret = rrset_arg_parse(run, 2, argv, &setter.target);
	}
	if (ret == GO_ON) {
		setter.values = argv + 2;
		setter.count = argc - 2;
		ret = set_parse(&setter);
	}
	return ret == GO_ON ? run_set(&setter) : ret;
}
