/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/choices.h"

/*! First place of a key's pair. */
static inline size_t place_of(const steer_choice_key_t *key)
{
	const uint64_t mixed =
		(key->client ^ (uintptr_t)key->group ^ key->strict) * UINT64_C(0x9e3779b97f4a7c15);
	return mixed / (UINT64_MAX / (STEER_CHOICES / 2) + 1) * 2; // Its upper bits depend on all.
}

static inline bool is_same(const steer_choice_key_t *a, const steer_choice_key_t *b)
{
	return a->client == b->client && a->group == b->group && a->strict == b->strict;
}

const steer_choice_t *steer_choices_find(const steer_choices_t *choices,
                                         const steer_snapshot_t *snapshot,
                                         const steer_choice_key_t *key)
{
	const steer_made_choice_t *made = &choices->made[place_of(key)];
	for (unsigned i = 0; i < 2; i++, made++) {
		if (is_same(&made->key, key) && made->policy_serial == snapshot->policy_serial &&
		    steer_snapshot_has(snapshot, key->group, made->serial)) {
			return &made->choice;
		}
	}
	return NULL;
}

void steer_choices_remember(steer_choices_t *choices, const steer_snapshot_t *snapshot,
                            const steer_choice_key_t *key, const steer_choice_t *choice)
{
	steer_made_choice_t *made = &choices->made[place_of(key)];
	if (!is_same(&made->key, key)) {
		made[1] = made[0];
	}
	made[0] = (steer_made_choice_t) {
		*key, snapshot->serial, snapshot->policy_serial, *choice,
	};
}
