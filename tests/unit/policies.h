/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Groups with policies as text, and what a run of one looks up.
 *
 * A set is a word: its weight; "@" and a tier; "!" if its check is down; "a" if it is an alias
 * whose target is healthy, "A" if the target is not, "n" if it is not and is not evaluated either.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/policy.h"

typedef struct {
	steer_policy_t policy;
	steer_group_t group;
	steer_health_table_t health_table;
	steer_health_slot_t slots[STEER_SETS_MAX];
	bool target_up[STEER_SETS_MAX];
	unsigned asked[STEER_SETS_MAX]; /*!< How often the target was looked up. */
	unsigned hashed;                /*!< How often the client was asked for. */
	unsigned work;                  /*!< Cost of all runs. */
	uint64_t hash;
	uint8_t *node;
	uint8_t table[STEER_TABLE_OVER * STEER_TABLE_ENTRY];
} group_t;

/*! Sets on their way to a node. */
typedef struct {
	unsigned count;
	steer_set_t sets[STEER_SETS_MAX];
	char ids[STEER_SETS_MAX][8];
	uint8_t rrs[STEER_SETS_MAX][16]; /*!< An A record of each. */
	bool down[STEER_SETS_MAX], target_up[STEER_SETS_MAX];
} sets_t;

/*! A wire-ready A record, which the sets have. */
extern const uint8_t one_rr[16];

/*! Adds a set with values; its identifier is its position. */
steer_set_t *sets_add(sets_t *sets, uint32_t weight, uint8_t tier, bool down);

/*! Makes the set added last an alias. */
void sets_make_alias(sets_t *sets, bool evaluate, bool target_up);

void sets_read(sets_t *sets, const char *text);

bool group_target_up(void *ctx, const steer_group_t *of, unsigned set);

/*! Makes a group of sets and a program, without a locator; its node is to be freed. */
void group_make_program(group_t *group, const sets_t *sets, const uint8_t *program, size_t len,
                        uint32_t collection);

/*! Likewise, of a program as text. */
void group_make(group_t *group, const sets_t *sets, const char *text, bool with_table);

void group_free(group_t *group);

/*! Runs the program. \return positions of the sets that answer, as text; "servfail" */
const char *group_run(group_t *group, bool strict, unsigned most);

/*!
 * Runs it as a preset, with the policy's chance and locator.
 *
 * \param[in] any  By steer_presets_run_any(), else by steer_presets_run().
 *
 * \return as group_run(); NULL: it is none
 */
const char *group_run_few(group_t *group, bool any, bool strict, unsigned most);

/*! Numbers independent of the generator under test. */
uint64_t next_number(uint64_t *seed);

/*! Makes a group of which a third is down, with weights of all sizes. */
void group_make_large(group_t *group, sets_t *sets, unsigned count, const char *program);
