/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What differs at a name, before and after. */
#include <string.h>

#include "store/change/log_write.h"
#include "store/change/touched_names.h"
#include "store/change/uses_write.h"

steer_name_records_t steer_touched_name_records(const work_t *work, const touched_name_t *name)
{
	const steer_change_zone_t *change = work->job->change;
	return (steer_name_records_t) {
		.key = name->key, .key_len = name->key_len,
		.records = name->records > 0 ? change->records + name->record : NULL,
		.count = name->records,
	};
}

void steer_touched_name_report(work_t *work, char sign, const touched_name_t *name,
                             const steer_group_t *group)
{
	const steer_apply_t *options = work->job->options;
	steer_write_t *write = work->job->write;
	if (options->diff == NULL && !write->log.on) {
		return;
	}
	steer_key_t key;
	uint8_t owner[STEER_NAME_MAX];
	if (steer_key_from_bytes(&key, name->key, name->key_len) != STEER_OK) {
		return;
	}
	steer_key_to_name(owner, &key, key.labels);
	steer_log_set(write, sign, owner, group);
	if (options->diff != NULL) {
		options->diff(options->ctx, sign, owner, group);
	}
}

static bool has_id(const steer_group_t *group, const steer_set_t *set)
{
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t other;
		steer_group_set(group, i, &other);
		if (steer_key_cmp(set->id, set->id_len, other.id, other.id_len) == 0) {
			return true;
		}
	}
	return false;
}

/*!
 * Counts the record sets that differ between two groups, by their identifiers. Under another policy
 * all of them differ. One whose tier has changed is at another place, and is searched for.
 */
static void count_sets(steer_summary_t *summary, const steer_group_t *was, const steer_group_t *is)
{
	bool same_policy = was->program_len == is->program_len &&
	                   (is->program_len == 0 ||
	                    memcmp(was->program, is->program, is->program_len) == 0);
	unsigned i = 0, k = 0;
	while (i < was->count || k < is->count) {
		steer_set_t before = { 0 }, after = { 0 };
		int order = i < was->count ? -1 : 1;
		if (i < was->count) {
			steer_group_set(was, i, &before);
		}
		if (k < is->count) {
			steer_group_set(is, k, &after);
		}
		if (i < was->count && k < is->count) {
			order = steer_set_order(&before, &after);
		}
		i += order <= 0;
		k += order >= 0;
		if (order == 0) {
			summary->sets_changed += !same_policy || !steer_set_equal(&before, &after);
		} else if (order < 0) {
			bool moved = has_id(is, &before);
			summary->sets_changed += moved;
			summary->sets_removed += !moved;
		} else {
			summary->sets_added += !has_id(was, &after);
		}
	}
}

/*! Notes a group for the search for alias loops. Most groups cannot make one. */
static void note(work_t *work, const touched_name_t *name, const steer_group_t *group)
{
	if (work->job->alias_check != NULL && steer_alias_check_concerns(group)) {
		const steer_name_records_t records = steer_touched_name_records(work, name);
		steer_alias_check_add_group(work->job->alias_check, &records, group,
		                            work->range_empty);
	}
}

/*! Counts, logs, reports and notes a group that differs. Either may be NULL: there is none. */
static void differs(work_t *work, touched_name_t *name, const steer_group_t *was,
                    const steer_group_t *is)
{
	steer_summary_t *summary = work->job->summary;
	steer_uses_change_t *uses = &work->job->write->uses;
	work->job->changed = name->differs = true;
	if (was != NULL && is != NULL) {
		count_sets(summary, was, is);
	} else if (was != NULL) {
		summary->sets_removed += was->count;
	} else if (is != NULL) {
		summary->sets_added += is->count;
	}
	if (was != NULL) {
		steer_uses_count(uses, was, -1);
		steer_touched_name_report(work, '-', name, was);
	}
	if (is != NULL) {
		steer_uses_count(uses, is, 1);
		steer_touched_name_report(work, '+', name, is);
		note(work, name, is);
	}
}

void steer_touched_name_compare(work_t *work, touched_name_t *name, const steer_face_t *old,
                                bool skip_soa)
{
	unsigned i = 0, k = 0, old_count = old != NULL ? old->count : 0;
	while (i < old_count || k < work->groups.count) {
		steer_group_t was = { 0 };
		const steer_group_t *is = k < work->groups.count ? &work->groups.groups[k] : NULL;
		if (i < old_count) {
			steer_face_group_at(old, i, &was);
		}
		bool take_old = i < old_count && (is == NULL || was.type <= is->type);
		bool take_new = is != NULL && (i >= old_count || is->type <= was.type);
		i += take_old;
		k += take_new;
		uint16_t type = take_old ? was.type : is->type;
		if ((!skip_soa || type != TYPE_SOA) &&
		    (!take_old || !take_new || !steer_group_equal(&was, is))) {
			differs(work, name, take_old ? &was : NULL, take_new ? is : NULL);
		}
	}
}

void steer_touched_name_uncovered(work_t *work, const touched_name_t *name)
{
	for (unsigned i = 0; i < work->groups.count; i++) {
		note(work, name, &work->groups.groups[i]);
	}
}
