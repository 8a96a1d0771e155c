/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief set: the policy of the group.
 *
 * The policy that is named; else that of the group; else, of a new group, the preset that reads the
 * record set's attribute. What comes of it is checked here and by the store, which cannot say which
 * option helps.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl/options.h"
#include "ctl/set.h"
#include "formats/program.h"

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

/* The preset that an attribute means where there is no group yet. */
static int imply(setter_t *setter)
{
	const set_options_t *words = &setter->words;
	bool tiers = setter->set.has_tier;
	if (setter->set.has_weight + tiers + words->multivalue != 1) {
		return refuse(setter, "new, and its policy is not said; allowed: one of --weight, "
		              "--failover and --multivalue, or --policy POLICY");
	}
	setter->preset = setter->set.has_weight ? STEER_PRESET_WEIGHTED
	                 : tiers ? STEER_PRESET_FAILOVER : STEER_PRESET_MULTIVALUE;
	return GO_ON;
}

/* The store refuses what is not read, too (rule G4). */
static int check_read(const setter_t *setter, const uint8_t *program, size_t len)
{
	char text[STEER_PROGRAM_TEXT];
	const char *unread = NULL;
	if (setter->set.has_weight && !steer_program_has(program, len, STEER_STEP_WEIGHTED)) {
		unread = "--weight";
	} else if (setter->set.has_tier && !steer_program_has(program, len, STEER_STEP_TIER)) {
		unread = setter->words.tier != NULL ? "--tier" : "--failover";
	} else if (setter->words.multivalue &&
	           steer_program_preset(program, len) != STEER_PRESET_MULTIVALUE) {
		unread = "--multivalue";
	}
	if (unread == NULL) {
		return GO_ON;
	}
	steer_program_print(program, len, text);
	return refuse(setter, "its policy is %s, to which %s says nothing; allowed: another one by "
	              "--policy POLICY", text, unread);
}

/* What is changed of a group as a whole must be there. */
static int check_group(const setter_t *setter)
{
	if (setter->stored.count == 0) {
		return refuse(setter, "no such record set; allowed: with values or --alias");
	}
	return setter->stored.program_len > 0 || setter->words.policy == NULL ? GO_ON
	       : refuse(setter, "a simple record set; allowed: --policy POLICY with --id and values or "
	                "--alias, which ends it");
}

/* Record sets that are drawn by weight have one TTL, so no single one can be given another. */
static int check_ttl(const setter_t *setter, const uint8_t *program, size_t len)
{
	if (setter->words.ttl == NULL || !steer_program_has(program, len, STEER_STEP_WEIGHTED)) {
		return GO_ON;
	}
	for (unsigned i = 0; i < setter->stored.count; i++) {
		steer_set_t set;
		steer_group_set(&setter->stored, i, &set);
		bool other = set.id_len != strlen(setter->set.id) ||
		             memcmp(set.id, setter->set.id, set.id_len) != 0;
		if (other && !set.alias && set.ttl != setter->ttl) {
			return refuse(setter, "--ttl %u, and record set '%.*s' has %u: a group that is drawn "
			              "by weight has one TTL; allowed: --ttl without --id and values, for all "
			              "of it", setter->ttl, set.id_len, (const char *)set.id, set.ttl);
		}
	}
	return GO_ON;
}

int set_choose_policy(setter_t *setter)
{
	const steer_group_t *stored = &setter->stored;
	bool named = setter->words.policy != NULL;
	if (set_is_of_group(setter)) {
		return check_group(setter);
	}
	if (setter->words.id == NULL) {
		return GO_ON;
	}
	if (stored->count == 0 && !named) {
		return imply(setter);
	}
	if (stored->program_len == 0 && !named) {
		return refuse(setter, "a simple record set; allowed: --policy POLICY, which ends it");
	}
	const uint8_t *program = named ? setter->program : stored->program;
	size_t len = named ? setter->program_len : stored->program_len;
	int ret = check_read(setter, program, len);
	return ret == GO_ON ? check_ttl(setter, program, len) : ret;
}
