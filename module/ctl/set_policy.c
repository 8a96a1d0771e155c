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
	target_print(target, &setter->target);
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
	const set_words_t *words = &setter->words;
	bool tiers = setter->set.has_tier;
	if (setter->set.has_weight + tiers + words->multivalue != 1) {
		return refuse(setter, "new, and its policy is not said; allowed: one of --weight, "
		              "--failover and --multivalue, or --policy POLICY");
	}
	steer_preset_t preset = setter->set.has_weight ? STEER_PRESET_WEIGHTED
	                        : tiers ? STEER_PRESET_FAILOVER : STEER_PRESET_MULTIVALUE;
	const uint8_t *program = steer_preset_program(preset, &setter->program_len);
	memcpy(setter->program, program, setter->program_len);
	setter->has_policy = true;
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

static int check_policy_alone(const setter_t *setter)
{
	if (setter->past.count == 0) {
		return refuse(setter, "no such record set; allowed: --policy with --id and values or "
		              "--alias");
	}
	return setter->past.program_len > 0 ? GO_ON
	       : refuse(setter, "a simple record set; allowed: --policy POLICY with --id and values or "
	                "--alias, which ends it");
}

int set_choose_policy(setter_t *setter)
{
	const steer_group_t *past = &setter->past;
	if (set_is_policy_alone(setter)) {
		return check_policy_alone(setter);
	}
	if (setter->words.id == NULL) {
		return GO_ON;
	}
	int ret = GO_ON;
	if (!setter->has_policy && past->count == 0) {
		ret = imply(setter);
	} else if (!setter->has_policy && past->program_len == 0) {
		ret = refuse(setter, "a simple record set; allowed: --policy POLICY, which ends it");
	}
	return ret != GO_ON ? ret
	       : setter->has_policy ? check_read(setter, setter->program, setter->program_len)
	                            : check_read(setter, past->program, past->program_len);
}
